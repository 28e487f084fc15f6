package ui_test

import (
	"math"
	"os"
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

// themes reads tokens.css: each token in each theme.
func themes(t *testing.T) map[string]map[string]colour {
	t.Helper()
	src, err := os.ReadFile("../../web/static/tokens.css")
	require.NoError(t, err)
	root, rest, found := strings.Cut(string(src), "}")
	require.True(t, found)
	pair := regexp.MustCompile(`--([a-z0-9-]+): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\);`)
	one := regexp.MustCompile(`--([a-z0-9-]+): (#[0-9a-f]+);`)
	out := map[string]map[string]colour{"hubspot-light": {}, "webex-dark": {}, "webex-light": {}}
	for _, m := range pair.FindAllStringSubmatch(root, -1) {
		out["hubspot-light"][m[1]], out["webex-dark"][m[1]] = parseColour(t, m[2]), parseColour(t, m[3])
	}
	for _, m := range one.FindAllStringSubmatch(root, -1) {
		out["hubspot-light"][m[1]], out["webex-dark"][m[1]] = parseColour(t, m[2]), parseColour(t, m[2])
	}
	for name, c := range out["hubspot-light"] {
		out["webex-light"][name] = c
	}
	for _, m := range one.FindAllStringSubmatch(rest, -1) {
		out["webex-light"][m[1]] = parseColour(t, m[2])
	}
	return out
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

			got := contrast(on.over(ground), ground)

			assert.GreaterOrEqual(t, got, p.least, "%s: %s on %s", theme, p.on, p.ground)
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
	tokens, err := os.ReadFile("../../web/static/tokens.css")
	require.NoError(t, err)
	use := regexp.MustCompile(`var\(--([a-z0-9-]+)`)
	for _, name := range []string{"panel", "screens", "icons"} {
		css, err := os.ReadFile("../../web/static/" + name + ".css")
		require.NoError(t, err)
		for _, m := range use.FindAllStringSubmatch(string(css), -1) {
			assert.Contains(t, string(tokens), "--"+m[1]+":", "%s.css", name)
		}
	}
}
