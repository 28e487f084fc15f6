package e2e

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// key presses a key in the frame, on what has the focus there.
func (f *frame) key(init string) {
	f.tab.t.Helper()
	_, err := inFrame[bool](f, fmt.Sprintf(`(() => {
		const init = Object.assign({ bubbles: true, cancelable: true }, %s);
		return (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", init));
	})()`, init))
	require.NoError(f.tab.t, err)
}

// TestSettingsHoldAtOnceAndAfterAReload: language and theme, without a flash of
// the old one.
func TestSettingsHoldAtOnceAndAfterAReload(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.begin(t, "ann", "1001")

	h.panel.press("#settings")
	h.panel.shows("Appearance")
	h.panel.press("#theme-contrast")
	h.panel.wait(`document.documentElement.dataset.theme === "contrast"`)
	h.panel.wait(`getComputedStyle(document.getElementById("panel")).color === "rgb(0, 0, 0)"`)
	h.panel.choose("#language", "Deutsch")
	h.panel.shows("Darstellung")
	h.panel.wait(`document.documentElement.lang === "de" && document.getElementById("panel").lang === "de"`)
	h.panel.key(`{ key: "Escape" }`)
	h.panel.word("Verfügbar")
	h.panel.wait(`document.activeElement.id === "settings"`)

	eval[bool](h.tab, `host.manager.iFrame.src = host.manager.iFrame.src, true`)
	h.panel.wait(`document.querySelector(".sk-frame, #panel") && document.documentElement.dataset.theme === "contrast"`)
	h.panel.word("Verfügbar")
	h.panel.wait(`document.documentElement.lang === "de"`)

	id := w.call(fields{"from": "+14155550100", "queue": "Billing"})
	h.panel.shows("Eingehender Anruf")
	w.pickUp(id, "ann")
	h.panel.shows("Halten")
}

// TestKeysAndPaletteInTheFrame: a call held by a key of the agent's own and
// ended from the palette.
func TestKeysAndPaletteInTheFrame(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.begin(t, "ann", "1001")
	h.panel.press("#settings")
	h.panel.press("#bind-hold")
	h.panel.shows("Press keys")
	h.panel.key(`{ key: "y", code: "KeyY", ctrlKey: true, altKey: true }`)
	h.panel.wait(`document.querySelector("#bind-hold").textContent === "Ctrl+Alt+Y"`)
	h.panel.press("#done")

	id := w.call(fields{"from": "+14155550100", "queue": "Billing"})
	h.panel.screen("incoming")
	w.pickUp(id, "ann")
	h.panel.screen("in-call")
	h.panel.key(`{ key: "y", code: "KeyY", ctrlKey: true, altKey: true }`)
	h.panel.screen("on-hold")
	h.panel.wait(`document.querySelector("#hold").getAttribute("aria-keyshortcuts") === "Control+Alt+Y"`)

	h.panel.key(`{ key: "k", code: "KeyK", ctrlKey: true }`)
	h.panel.wait(`document.activeElement.id === "palette"`)
	h.panel.fill("#palette", "end call")
	h.panel.wait(`document.querySelectorAll(".palette-row").length === 1`)
	h.panel.key(`{ key: "Enter" }`)
	h.panel.screen("wrap-up")
	h.panel.wait(`!document.querySelector("#palette")`)
}

// click presses an element without the browser taking it for a person's press.
func (f *frame) click(selector string) {
	f.tab.t.Helper()
	f.wait(fmt.Sprintf(`document.querySelector(%q)`, selector))
	_, err := inFrame[bool](f, fmt.Sprintf(`(document.querySelector(%q).click(), true)`, selector))
	require.NoError(f.tab.t, err)
}

// TestBlockedRingIsHeardAfterAPress: the first call of a frame in which nobody
// has pressed anything.
func TestBlockedRingIsHeardAfterAPress(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.host(chrome, "ann")
	h.panel.screen("station")
	h.panel.fill("#number", "1001")
	h.panel.click("#start")
	h.panel.screen("idle")
	h.panel.click("#states")
	h.panel.click("#menu-0")
	h.panel.word("Available")

	w.call(fields{"from": "+14155550100", "queue": "Billing"})
	h.panel.screen("incoming")
	h.panel.wait(`document.title.includes("Maria Silva")`)
	h.panel.shows("Sound is blocked.")
	h.panel.press("#sound-on")
	h.panel.hides("Sound is blocked.")
	h.panel.screen("incoming")
}
