package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/stories"
)

// TestStories looks at every story of the storybook in one page: whether all
// of it can be reached at any width and zoom, what a screen reader gets, what
// axe-core says in each theme. With DESKBRIDGE_PICTURES=folder it keeps a
// picture of each look. `go test -run TestStories/NAME` looks at some.
func TestStories(t *testing.T) {
	t.Parallel()
	axe, err := os.ReadFile("../../web/js/node_modules/axe-core/axe.min.js")
	require.NoError(t, err, "run make setup")
	b := openBook(t)
	eval[bool](b.tab, string(axe)+`;true`)
	for _, s := range stories.All() {
		t.Run(s.Name, func(t *testing.T) { b.on(t).look(s.Name) })
	}
	require.NoError(t, checkTrees())
}

// look looks at one story. It is put on stage twice only: drawing it takes
// longer than resizing the window or changing the theme.
func (b *book) look(story string) {
	b.show(story, "en-XA")
	b.fits(story, window{"300-pseudo", 300, 600, 1})
	b.show(story, "en")
	for _, w := range windows {
		b.fits(story, w)
	}
	b.size(400, 600, 1)
	b.treeIsAsBefore(story)
	for n, skin := range skins {
		b.wear(skin)
		rules := byColour
		if n == 0 {
			rules = everyRule
		} else if skin.forced {
			rules = noColour
		}
		b.keep(story, skin.name)
		b.axeFindsNothing(story, skin.name, rules)
	}
	b.wear(skins[0])
}

// book is the page of the storybook that shows one story alone, with its clock
// standing still. Loading the program takes most of a second, so one page
// shows all stories in turn.
type book struct{ *tab }

func openBook(t testing.TB) *book {
	t.Helper()
	w := sandbox(t)
	b := &book{chrome.open(t, w.crm+"/storybook?story=idle&clock=still")}
	b.wait(`window.show`)
	b.wear(skins[0])
	return b
}

// on is the same page for a subtest.
func (b *book) on(t *testing.T) *book {
	p := *b.tab
	p.t = t
	return &book{&p}
}

// wear chooses a theme and emulates what the person has set in the system.
// Motion is reduced always: nothing is judged while it moves.
func (b *book) wear(s skin) {
	b.t.Helper()
	colours := "none"
	if s.forced {
		colours = "active"
	}
	command(b.tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-reduced-motion", Value: "reduce"},
		{Name: "prefers-color-scheme", Value: s.scheme},
		{Name: "forced-colors", Value: colours},
	}})
	eval[bool](b.tab, fmt.Sprintf(`document.documentElement.dataset.theme = %q, true`, s.theme))
}

// size is the window: width and height in pixels of the screen at 100 %, and
// the browser's zoom, under which the page has fewer CSS pixels.
func (b *book) size(width, height, zoom int64) {
	b.t.Helper()
	command(b.tab, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width / zoom, Height: height / zoom, DeviceScaleFactor: float64(zoom),
	})
	b.wait(fmt.Sprintf(`innerWidth === %d && innerHeight === %d`, width/zoom, height/zoom))
}

// show puts a story on stage in a language and waits until it is painted.
func (b *book) show(story, lang string) {
	b.t.Helper()
	eval[bool](b.tab, fmt.Sprintf(`new Promise((done) => {
		const root = document.documentElement;
		delete root.dataset.shown;
		show(%[1]q, %[2]q, %[3]q, "still");
		const look = () => requestAnimationFrame(root.dataset.shown === %[4]q ? () => done(true) : look);
		look();
	})`, story, skins[0].theme, lang, strings.Join([]string{story, skins[0].theme, lang, "still"}, " ")))
}

// keep makes a picture of the story if pictures are wanted.
func (b *book) keep(story, look string) {
	b.t.Helper()
	if os.Getenv("DESKBRIDGE_PICTURES") == "" {
		return
	}
	shot, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	require.NoError(b.t, err)
	dir := filepath.Join(pictures, "stories", look)
	require.NoError(b.t, os.MkdirAll(dir, 0o755))
	require.NoError(b.t, os.WriteFile(filepath.Join(dir, story+".png"), shot, 0o600))
}

// A window is a size at which all of a story must be reachable.
type window struct {
	name                string
	width, height, zoom int64
}

var windows = []window{
	{"300", 300, 600, 1},
	{"400", 400, 600, 1},
	{"640", 640, 600, 1},
	{"400-zoom-2", 400, 600, 2},
}

func (b *book) fits(story string, w window) {
	b.t.Helper()
	b.size(w.width, w.height, w.zoom)
	b.keep(story, w.name)
	for _, problem := range eval[[]string](b.tab, fmt.Sprintf(findCuts, w.zoom > 1)) {
		assert.Fail(b.t, problem, "%s, window %s", story, w.name)
	}
}

// findCuts lists what a person cannot reach or read: elements outside of the
// window, parts that scroll sideways, texts that are cut without a title. The
// stage and lists in it may scroll down; the whole page may where it is zoomed
// (%t), and so may, sideways, the strip of calls, rows of tabs and what is
// typed into a field. What lies under a sheet is covered on purpose.
const findCuts = `((pageScrolls) => {
	const found = [], reported = new Set();
	const root = document.documentElement;
	const name = (e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + [...e.classList].map((c) => "." + c).join("");
	const say = (e, what) => {
		reported.add(e);
		if (!reported.has(e.parentElement)) found.push(name(e) + " " + what + ": " + e.textContent.trim().slice(0, 60));
	};
	const scrolls = (e, axis) => {
		for (; e; e = e.parentElement) if (/auto|scroll/.test(getComputedStyle(e)["overflow" + axis])) return true;
		return false;
	};
	scrollTo(0, 0);
	const bottom = pageScrolls ? root.scrollHeight - scrollY : innerHeight;
	if (root.scrollWidth > innerWidth) found.push("the page is " + root.scrollWidth + " px wide in " + innerWidth);
	if (root.scrollHeight > innerHeight + 1 && !pageScrolls) found.push("the page is " + root.scrollHeight + " px high in " + innerHeight);
	for (const e of document.getElementById("panel").querySelectorAll("*")) {
		const s = getComputedStyle(e), r = e.getBoundingClientRect();
		if (r.width <= 1.5 || r.height <= 1.5 || s.visibility !== "visible") continue; // Nothing to see.
		if (e.closest(".scrim, .stage-covered") && !e.closest(".sheet")) continue;
		const sideways = e.closest(".strip, [role=tablist], input, textarea");
		if ((r.left < -0.5 || r.right > innerWidth + 0.5) && !sideways) say(e, "lies from " + Math.round(r.left) + " to " + Math.round(r.right) + " of " + innerWidth);
		else if ((r.top < -0.5 || r.bottom > bottom + 0.5) && !scrolls(e.parentElement, "Y")) say(e, "ends at " + Math.round(r.bottom) + " of " + bottom);
		if (s.display === "inline" || sideways) continue;
		const wide = e.scrollWidth > e.clientWidth + 1, high = e.scrollHeight > e.clientHeight + 1;
		if (wide && /auto|scroll/.test(s.overflowX)) say(e, "scrolls sideways");
		else if ((wide && /hidden|clip/.test(s.overflowX) || high && /hidden|clip/.test(s.overflowY)) && !e.closest("[title]")) say(e, "is cut");
	}
	return found;
})(%t)`

// A skin is how the panel can look.
type skin struct {
	name, theme, scheme string
	forced              bool
}

var skins = []skin{
	{"light", "hubspot-light", "light", false},
	{"webex-light", "webex-light", "light", false},
	{"dark", "webex-dark", "dark", false},
	{"contrast-light", "contrast", "light", false},
	{"contrast-dark", "contrast", "dark", false},
	{"forced", "webex-dark", "dark", true},
}

// The rules for each skin after the first: those whose answer depends on the
// colours. With forced colours these are the person's own, and axe would judge
// the panel's.
const (
	everyRule = `{ rules: { "target-size": { enabled: true } } }`
	byColour  = `{ runOnly: ["color-contrast", "link-in-text-block"] }`
	noColour  = `{ rules: { "color-contrast": { enabled: false } } }`
)

func (b *book) axeFindsNothing(story, skin, rules string) {
	b.t.Helper()
	found := eval[[]string](b.tab, fmt.Sprintf(`axe.run(document, Object.assign({ resultTypes: ["violations"] }, %s)).then((r) =>
		r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.target + " " + n.any.concat(n.all, n.none).map((c) => c.message).join("; "))))`, rules))
	for _, problem := range found {
		assert.Fail(b.t, problem, "%s, %s", story, skin)
	}
}
