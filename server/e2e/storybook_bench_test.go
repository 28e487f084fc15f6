package e2e

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// A stroke is one thing that a person does, after which something else is on
// the screen.
type stroke struct {
	name  string
	press string // Selector of what is clicked, or
	keys  string // what is typed,
	with  []chromedp.Modifier
	in    string // where, if not where the focus is.
	echo  bool   // Only the character appears.
	until string // Selector of what is there afterwards; empty if it is only another look.
}

// BenchmarkInputToPaint measures each press in the state bench: a call with
// everything allowed, nine further interactions, 150 colleagues, an address
// book of 5,000 entries. The time is from the input event's own time stamp to
// the end of the first frame that shows what came of it. b.N is not used.
func BenchmarkInputToPaint(b *testing.B) {
	const rounds = 15
	p := openBook(b)
	p.size(400, 600, 1)
	times := map[string][]float64{}
	for range rounds {
		p.show("busy", "en")
		for _, s := range strokes {
			times[s.name] = append(times[s.name], p.measure(s))
		}
	}
	fmt.Printf("\nms from input to paint, %d rounds\n%-36s %8s %8s\n", rounds, "press", "median", "worst")
	var all []float64
	for _, s := range strokes {
		got := slices.Sorted(slices.Values(times[s.name]))
		all = append(all, got...)
		fmt.Printf("%-36s %8.1f %8.1f\n", s.name, got[len(got)/2], got[len(got)-1])
	}
	slices.Sort(all)
	fmt.Printf("%-36s %8.1f %8.1f (goal: under 50)\n\n", "all", all[len(all)/2], all[len(all)-1])
	b.ReportMetric(all[len(all)/2], "ms-median")
	b.ReportMetric(all[len(all)-1], "ms-worst")
}

// strokes are pressed one after the other.
var strokes = []stroke{
	{name: "open the state menu", press: "#states", until: "#menu-0"},
	{name: "close it by Escape", keys: kb.Escape, until: "#panel:not(:has(#menu-0))"},
	{name: "hold", press: "#hold", until: "#hold[aria-pressed=true]"},
	{name: "resume", press: "#hold", until: "#hold[aria-pressed=false]"},
	{name: "mute", press: "#mute", until: "#mute[aria-pressed=true]"},
	{name: "unmute", press: "#mute", until: "#mute[aria-pressed=false]"},
	{name: "pause the recording", press: "#record", until: "#record[aria-pressed=false]"},
	{name: "go on recording", press: "#record", until: "#record[aria-pressed=true]"},
	{name: "open the keypad", press: "#keypad", until: "#digits-sent"},
	{name: "a digit", press: "#key-4"},
	{name: "close the keypad", press: "#sheet-close", until: "#panel:not(:has(#digits-sent))"},
	{name: "open transfer", press: "#transfer", until: "#to-24"},
	{name: "type into the search", keys: "7"},
	{name: "type a second character", keys: "5"},
	{name: "delete it", keys: kb.Backspace},
	{name: "next row", keys: kb.ArrowDown},
	{name: "tab Numbers (5,000 entries)", press: "#pick-tab-2", until: "#pick-tab-2[aria-selected=true]"},
	{name: "tab Queues", press: "#pick-tab-1", until: "#pick-tab-1[aria-selected=true]"},
	{name: "tab Agents", press: "#pick-tab-0", until: "#pick-tab-0[aria-selected=true]"},
	{name: "close transfer", press: "#sheet-close", until: "#panel:not(:has(#targets))"},
	{name: "a letter in the notes", keys: "x", in: "notes", echo: true},
	{name: "open the history (48 calls)", press: "#tab-history", until: ".days"},
	{name: "back to the phone", press: "#tab-call", until: "#notes"},
	{name: "open the settings", press: "#settings", until: "#settings[aria-pressed=true]"},
	{name: "close the settings", press: "#settings", until: "#notes"},
	{name: "open the command palette", keys: "k", with: []chromedp.Modifier{chromedp.ModifierCtrl}, until: "#palette-list"},
	{name: "type into the palette", keys: "h"},
	{name: "close the palette", keys: kb.Escape, until: "#panel:not(:has(#palette-list))"},
}

// watch makes the page note the time of the next trusted input and of the end
// of the frame that shows the change: of the DOM, since go-app draws a moment
// later than the event, or of a field's value.
const watch = `((echo) => {
	const panel = document.getElementById("panel");
	let at = 0;
	window.painted = undefined;
	const kinds = ["click", "keydown"];
	const note = (e) => { if (e.isTrusted && !at) at = e.timeStamp; };
	kinds.forEach((k) => addEventListener(k, note, { capture: true }));
	const changed = () => {
		if (!at) return;
		seen.disconnect();
		panel.removeEventListener("input", changed);
		kinds.forEach((k) => removeEventListener(k, note, { capture: true }));
		requestAnimationFrame(() => {
			const after = new MessageChannel();
			after.port1.onmessage = () => { window.painted = performance.now() - at; };
			after.port2.postMessage(0);
		});
	};
	const seen = new MutationObserver(changed);
	if (echo) panel.addEventListener("input", changed);
	seen.observe(panel, { subtree: true, childList: true, attributes: true, characterData: true });
	return true;
})(%t)`

// measure does a stroke and returns its time in ms.
func (b *book) measure(s stroke) float64 {
	b.t.Helper()
	var x, y float64
	if s.press != "" {
		x, y = b.middle(s.press)
	}
	if s.in != "" {
		eval[bool](b.tab, fmt.Sprintf(`document.getElementById(%q).focus(), true`, s.in))
	}
	eval[bool](b.tab, fmt.Sprintf(watch, s.echo))
	if s.press != "" {
		b.pressAt(x, y)
	} else {
		require.NoError(b.t, chromedp.Do(b.ctx, chromedp.KeyEvent(s.keys, chromedp.KeyModifiers(s.with...))), s.name)
	}
	done := `window.painted !== undefined`
	if s.until != "" {
		done += fmt.Sprintf(` && document.querySelector(%q)`, s.until)
	}
	within(b.t, 5*time.Second, s.name+" changes something", func() bool {
		ok, err := evaluate[bool](b.ctx, "!!("+done+")")
		return err == nil && ok
	})
	return eval[float64](b.tab, `window.painted`)
}
