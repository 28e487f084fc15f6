package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// strike presses a key as a keyboard does: the browser brings it to what has the
// focus, in whichever frame that is, and its character is dropped where the
// panel took the key. (Chromium drops none after chromedp's own kind of press.)
func (h *host) strike(key string, with ...chromedp.Modifier) {
	h.t.Helper()
	raw := func(p *input.DispatchKeyEventParams) {
		if p.Type == kb.KeyDown {
			p.Type = kb.KeyRawDown
		}
	}
	require.NoError(h.t, chromedp.Do(h.ctx, chromedp.KeyEvent(key, raw, chromedp.KeyModifiers(with...))))
}

// types writes a text where the focus is, key by key.
func (h *host) types(text string) {
	h.t.Helper()
	for _, r := range text {
		h.strike(string(r))
	}
}

// chord is one of the panel's own shortcuts.
func (h *host) chord(letter string) {
	h.t.Helper()
	h.strike(letter, chromedp.ModifierCtrl, chromedp.ModifierAlt)
}

// onID waits until the element with that id has the keyboard.
func (h *host) onID(id string) {
	h.t.Helper()
	h.panel.wait(fmt.Sprintf(`document.hasFocus() && document.activeElement?.id === %q`, id))
}

// kept says that the panel did not lose the keyboard to nowhere.
func (h *host) kept() {
	h.t.Helper()
	h.panel.wait(`document.hasFocus() && document.activeElement !== document.body`)
}

// tabTo presses Tab until the element with that id has the keyboard.
func (h *host) tabTo(id string) {
	h.t.Helper()
	for range 40 {
		at, err := inFrame[string](h.panel.frame, `document.activeElement?.id ?? ""`)
		require.NoError(h.t, err)
		if at == id {
			return
		}
		h.strike(kb.Tab)
	}
	require.Fail(h.t, "Tab does not lead to "+id)
}

// TestShiftByKeyboardAlone: from the station to the end of the day without a
// mouse. The frame gets the keyboard once, and once more after its reload.
func TestShiftByKeyboardAlone(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	bob := w.begin(t, "bob", "1002")
	h := w.host(chrome, "ann")
	enter := func() { eval[bool](h.tab, `document.querySelector("iframe").focus(), true`) }

	h.panel.screen("station")
	enter()
	h.tabTo("number")
	h.types("1001")
	h.strike(kb.Enter, chromedp.ModifierCtrl)
	h.panel.screen("idle")
	h.kept()
	h.chord("s")
	h.panel.wait(`document.activeElement?.id.startsWith("menu-")`) // At the present state.
	h.strike(kb.Home)
	h.onID("menu-0")
	h.strike(kb.Enter)
	h.panel.word("Available")
	h.kept()

	// A call comes while a number is being typed: not a key of it is lost, and
	// none of them does anything to the call.
	h.tabTo("dial")
	h.types("4155")
	id := w.call(fields{"from": "+14155550100", "queue": "Billing", "agent": "ann", "ronaTimeout": 120})
	h.panel.screen("incoming")
	h.panel.shows("Maria Silva")
	h.types(" 50")
	h.strike(kb.Enter)
	h.strike(kb.Escape)
	h.panel.screen("incoming")
	h.kept()
	w.pickUp(id, "ann")
	h.panel.screen("in-call")
	h.kept()

	h.chord("h")
	h.panel.screen("on-hold")
	h.kept()
	h.chord("h")
	h.panel.screen("in-call")
	h.kept()
	h.chord("n")
	h.onID("notes")
	h.types("Asked Bob? Yes.")
	h.panel.wait(`document.getElementById("notes").value === "Asked Bob? Yes."`)

	h.chord("t")
	h.onID("find")
	h.types("bob")
	h.panel.wait(`document.querySelectorAll(".target").length === 1`)
	h.strike(kb.Enter)
	h.panel.screen("consulting")
	h.kept()
	bob.panel.screen("incoming")
	w.pickUp(id, "bob")
	h.panel.talksTo("Bob Castle")
	h.kept()
	h.chord("x")
	h.panel.talksTo("Maria Silva")
	h.kept()
	h.chord("x")
	h.panel.talksTo("Bob Castle")
	h.kept()
	h.palette("start a conference")
	h.panel.onTheLine("3")
	h.kept()

	// The frame is loaded anew in the middle of it: one step back in.
	eval[bool](h.tab, `host.manager.iFrame.src = host.manager.iFrame.src, true`)
	h.panel.onTheLine("3")
	enter()
	h.strike(kb.Tab)
	h.kept()
	h.chord("n")
	h.onID("notes")
	h.panel.wait(`document.getElementById("notes").value === "Asked Bob? Yes."`)
	h.palette("end call")
	h.palette("end call")
	h.panel.screen("wrap-up")
	h.kept()

	h.chord("w")
	h.kept()
	h.strike(kb.ArrowDown)
	h.strike(kb.ArrowUp)
	h.strike(" ")
	h.strike(kb.Enter, chromedp.ModifierCtrl)
	h.panel.screen("idle")
	h.kept()

	// Help, settings, history, a call out and back, and home.
	h.strike(kb.F6)
	h.chord("s")
	h.panel.wait(`document.activeElement?.id.startsWith("menu-")`) // At the present state.
	h.strike(kb.Home)
	h.onID("menu-0")
	h.strike(kb.Escape)
	h.onID("states")
	h.strike("?")
	h.panel.shows("Keyboard shortcuts")
	h.strike(kb.Escape)
	h.kept()
	h.palette("settings")
	h.panel.shows("Appearance")
	h.strike(kb.Escape)
	h.kept()
	h.tabTo("tab-history")
	h.strike(kb.Enter)
	h.panel.shows("Maria Silva")
	h.tabTo("tab-call")
	h.strike(kb.Enter)
	h.tabTo("dial")
	h.types("+14155550151")
	h.strike(kb.Enter)
	h.panel.screen("dialing")
	h.kept()
	h.chord("d")
	h.panel.screen("idle")
	h.kept()
	h.palette("log out")
	h.panel.screen("sign-in")

	var all []engagement
	eventually(t, "the day's activities", func() bool {
		all = w.engagements()
		return len(all) == 3 && slices.ContainsFunc(all, func(e engagement) bool {
			return noted("Asked Bob? Yes.", "In conferences: ", "with Bob Castle")(e) && e.Properties["hubspot_owner_id"] == annOwner
		})
	})
}

// palette runs an action by its name.
func (h *host) palette(action string) {
	h.t.Helper()
	h.strike("k", chromedp.ModifierCtrl)
	h.onID("palette")
	h.types(action)
	h.panel.wait(fmt.Sprintf(`document.querySelector(".palette-row")?.innerText.toLowerCase().includes(%q)`, strings.ToLower(action)))
	h.strike(kb.Enter)
}
