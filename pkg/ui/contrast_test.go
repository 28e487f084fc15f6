package ui_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A colour is red, green, blue and alpha from 0 to 1.
type colour [4]float64

func parseColour(t *testing.T, s string) colour {
	t.Helper()
	hex, found := strings.CutPrefix(strings.TrimSpace(s), "#")
	require.True(t, found && (len(hex) == 6 || len(hex) == 8), "colour %q", s)
	c := colour{3: 1}
	for i := 0; i < len(hex)/2; i++ {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		require.NoError(t, err)
		c[i] = float64(n) / 255
	}
	return c
}

// over is the colour as seen on an opaque ground.
func (c colour) over(ground colour) colour {
	for i := range 3 {
		c[i] = c[i]*c[3] + ground[i]*(1-c[3])
	}
	c[3] = 1
	return c
}

// luminance is WCAG 2.2's relative luminance.
func (c colour) luminance() float64 {
	lin := func(v float64) float64 {
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(c[0]) + 0.7152*lin(c[1]) + 0.0722*lin(c[2])
}

func contrast(a, b colour) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// blocks are the declarations of a style sheet by selector; rules around them,
// such as media queries, are left out.
func blocks(t *testing.T, file string) map[string]string {
	t.Helper()
	src := regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(read(t, file), "")
	out := map[string]string{}
	for _, m := range regexp.MustCompile(`([^{};]+)\{([^{}]*)\}`).FindAllStringSubmatch(src, -1) {
		out[strings.TrimSpace(m[1])] += m[2]
	}
	return out
}

// themes reads tokens.css: each token in each theme.
func themes(t *testing.T) map[string]map[string]colour {
	t.Helper()
	css := blocks(t, "tokens.css")
	out := map[string]map[string]colour{}
	for theme, cascade := range map[string][]string{
		"hubspot-light": {":root"}, "webex-dark": {":root"}, "webex-light": {":root", `[data-theme="webex-light"]`},
		"contrast, light": {":root", `[data-theme="contrast"]`}, "contrast, dark": {":root", `[data-theme="contrast"]`},
		"more contrast, light": {":root", `:root:not([data-theme])`}, "more contrast, dark": {":root", `:root:not([data-theme])`},
	} {
		out[theme] = map[string]colour{}
		for _, selector := range cascade {
			require.Contains(t, css, selector)
			for _, m := range declaration.FindAllStringSubmatch(css[selector], -1) {
				value := m[2] // One for both, or the light one.
				if m[3] != "" && strings.HasSuffix(theme, "dark") {
					value = m[3]
				}
				out[theme][m[1]] = parseColour(t, value)
			}
		}
	}
	return out
}

var declaration = regexp.MustCompile(`--([a-z0-9-]+): (?:light-dark\()?(#[0-9a-f]+)(?:, (#[0-9a-f]+)\))?;`)

// TestMoreContrastIsTheContrastTheme: asked of the system or of the panel, it
// is the same.
func TestMoreContrastIsTheContrastTheme(t *testing.T) {
	t.Parallel()
	all := themes(t)
	require.Equal(t, all["contrast, light"], all["more contrast, light"])
	require.Equal(t, all["contrast, dark"], all["more contrast, dark"])
	require.NotEqual(t, all["hubspot-light"], all["contrast, light"])
}

// The pairs that the style sheets use: foreground, ground, least contrast.
var pairs = []struct {
	on, ground string
	least      float64
}{
	{"text", "surface", 4.5}, {"text", "bg", 4.5}, {"text", "surface-2", 4.5},
	{"text-2", "surface", 4.5}, {"text-2", "bg", 4.5}, {"text-2", "surface-2", 4.5},
	{"text-3", "surface", 4.5}, {"text-3", "bg", 4.5}, // On surface-2 text-2 is used.
	{"accent", "surface", 4.5}, {"accent", "bg", 4.5}, {"on-accent", "accent", 4.5}, {"on-accent", "accent-hover", 4.5},
	{"on-fill", "answer", 4.5}, {"on-fill", "end", 4.5}, {"on-fill", "answer-hover", 4.5}, {"on-fill", "end-hover", 4.5},
	{"end-line", "surface", 4.5},
	{"ok-text", "ok-bg", 4.5}, {"warn-text", "warn-bg", 4.5}, {"error-text", "error-bg", 4.5},
	{"info-text", "info-bg", 4.5}, {"quiet-text", "quiet-bg", 4.5}, {"warn-bg", "warn-text", 4.5},
	{"text", "info-bg", 4.5}, // A chosen row.
	{"error-text", "surface", 4.5}, {"surface", "text", 4.5},
	{"border-control", "surface", 3}, {"border-control", "bg", 3}, {"dot-idle", "surface", 3}, {"dot-idle", "surface-2", 3},
	{"ok-text", "surface", 3}, {"warn-text", "surface", 3}, {"info-text", "surface", 3}, {"accent", "info-bg", 3},
	{"text", "key", 4.5}, {"text", "key-hover", 4.5}, {"text-2", "key", 4.5}, {"text-2", "key-hover", 4.5},
	{"focus", "surface", 3}, {"focus", "focus-gap", 3}, {"focus", "bg", 3},
}

func TestColoursHaveContrast(t *testing.T) {
	t.Parallel()
	for theme, tokens := range themes(t) {
		surface := tokens["surface"]
		for _, p := range pairs {
			on, found := tokens[p.on]
			require.True(t, found, "no token %s", p.on)
			ground, found := tokens[p.ground]
			require.True(t, found, "no token %s", p.ground)
			ground = ground.over(surface)

			least := p.least
			if strings.Contains(theme, "contrast") {
				least = map[float64]float64{4.5: 7, 3: 4.5}[p.least] // WCAG's enhanced contrast.
			}

			got := contrast(on.over(ground), ground)

			assert.GreaterOrEqual(t, got, least, "%s: %s on %s", theme, p.on, p.ground)
		}
	}
}

func TestContrastIsWCAGs(t *testing.T) {
	t.Parallel()
	black, white := parseColour(t, "#000000"), parseColour(t, "#ffffff")
	require.InDelta(t, 21, contrast(black, white), 0.01)
	require.InDelta(t, 9.58, contrast(parseColour(t, "#33475b"), white), 0.02, "the value of agent-panel-ui §2")
}

// TestTokensInUseExist: a misspelt custom property is silently nothing.
func TestTokensInUseExist(t *testing.T) {
	t.Parallel()
	tokens := read(t, "tokens.css")
	use := regexp.MustCompile(`var\(--([a-z0-9-]+)`)
	for _, name := range []string{"panel", "screens", "calls", "pages", "icons"} {
		for _, m := range use.FindAllStringSubmatch(read(t, name+".css"), -1) {
			assert.Contains(t, tokens, "--"+m[1]+":", "%s.css", name)
		}
	}
}
