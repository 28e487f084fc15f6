package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// strike presses a key where the focus is.
func (b *book) strike(key string, with ...chromedp.Modifier) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, chromedp.KeyEvent(key, chromedp.KeyModifiers(with...))))
}

// focusIs waits until the element with that id has the keyboard.
func (b *book) focusIs(id string) {
	b.t.Helper()
	b.wait(fmt.Sprintf(`document.activeElement && document.activeElement.id === %q`, id))
}

// TestSheetsByKeyboard opens, uses and closes the sheets over a call without a
// mouse: the focus goes in, moves, and comes back to where it was.
func TestSheetsByKeyboard(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	b.size(400, 600, 1)
	atEnd := `(() => { const r = document.getElementById("end").getBoundingClientRect(); return r.height > 0 && r.bottom <= innerHeight; })()`

	b.show("busy", "en")
	eval[bool](b.tab, `document.getElementById("notes").focus(), true`)
	b.strike("t", chromedp.ModifierCtrl, chromedp.ModifierAlt)
	b.focusIs("find")
	b.wait(`document.getElementById("to-24")`)
	require.True(t, eval[bool](b.tab, atEnd), "End is in sight under the sheet")
	for range 20 {
		b.strike(kb.ArrowDown)
	}
	b.wait(`document.getElementById("find").getAttribute("aria-activedescendant") === "to-20"`)
	b.wait(`(() => { const r = document.getElementById("to-20").getBoundingClientRect(), l = document.getElementById("pick-panel").getBoundingClientRect();
		return r.top >= l.top - 1 && r.bottom <= l.bottom + 1; })()`)
	b.strike(kb.Enter, chromedp.ModifierShift)
	b.wait(`document.getElementById("transfer-20").textContent.includes("Transfer now")`)
	b.focusIs("find")
	b.strike(kb.Tab)
	b.focusIs("pick-tab-0")
	b.strike(kb.ArrowRight)
	b.focusIs("pick-tab-1")
	b.strike(kb.Enter)
	b.wait(`document.getElementById("pick-tab-1").getAttribute("aria-selected") === "true" && document.getElementById("to-0").textContent.includes("Billing")`)
	b.strike(kb.Tab)
	b.focusIs("consult-0")
	b.strike(kb.ArrowRight)
	b.focusIs("transfer-0")
	b.strike(kb.ArrowDown)
	b.focusIs("transfer-1")
	b.strike(kb.Escape)
	b.focusIs("notes") // Where the shortcut was pressed.

	b.press("#transfer")
	b.focusIs("find")
	b.press("#sheet-close")
	b.focusIs("transfer")

	b.strike("k", chromedp.ModifierCtrl, chromedp.ModifierAlt)
	b.focusIs("key-0")
	b.strike("5")
	b.strike(kb.ArrowDown)
	b.focusIs("key-3")
	b.wait(`document.getElementById("digits-sent").textContent === "5"`)
	b.strike(kb.Escape)
	b.focusIs("transfer")

	b.show("idle-recent", "en")
	eval[bool](b.tab, `document.getElementById("dial").focus(), true`)
	for _, letter := range "mar" {
		b.strike(string(letter))
	}
	b.wait(`document.querySelectorAll(".found-row").length > 1`)
	b.strike(kb.ArrowDown)
	b.wait(`document.getElementById("dial").getAttribute("aria-activedescendant") === "dial-row-1"`)
	b.focusIs("dial")
	require.Equal(t, "mar", eval[string](b.tab, `document.getElementById("dial").value`))
}
