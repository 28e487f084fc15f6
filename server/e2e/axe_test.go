package e2e

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAxeFindsNothing runs axe-core in the real panel, framed by HubSpot's own
// SDK, on the screens that a shift passes. TestStories looks at all the others,
// and at the themes.
func TestAxeFindsNothing(t *testing.T) {
	t.Parallel()
	axe, err := os.ReadFile("../../web/js/node_modules/axe-core/axe.min.js")
	require.NoError(t, err, "run make setup")
	w := sandbox(t)
	h := w.host(chrome, "")
	check := func(screen string) {
		t.Helper()
		h.panel.screen(screen)
		h.panel.wait(`document.getAnimations().every((a) => !(a instanceof CSSTransition))`)
		_, err := inFrame[int](h.panel.frame, string(axe)+`; window.found = undefined;
			axe.run(document, { resultTypes: ["violations"] }).then((r) => {
				window.found = r.violations.map((v) => v.id + " " + v.nodes.map((n) => n.target).join(", ")).join("; ");
			}); 0`)
		require.NoError(t, err)
		h.panel.wait(`window.found !== undefined`)
		found, err := inFrame[string](h.panel.frame, `window.found`)
		require.NoError(t, err)
		require.Empty(t, found, screen)
	}

	check("sign-in")
	h.panel.press("#sign-in")
	h.popup().pressText("Continue as Ann")
	check("station")
	h.panel.startShift("1001")
	check("idle")
	h.panel.goAvailable()
	several := w.call(fields{"from": "+14155550123", "queue": "Billing", "ronaTimeout": 120})
	h.panel.shows("Who is calling?")
	check("incoming")
	w.pickUp(several, "ann")
	check("in-call")
	h.panel.press("#hold")
	check("on-hold")
	h.panel.press("#end")
	check("wrap-up")
	h.panel.wrapUp("Sale", "Looked at by axe.")
	h.panel.press("#tab-history")
	check("idle") // With the history on stage.
	h.panel.press("#tab-call")
	missed := w.call(fields{"from": "+14155550199", "queue": "Billing", "ronaTimeout": 1})
	check("missed")
	w.customer(missed, "hangup")
	h.panel.press("#go-available")
	h.panel.screen("idle")
	h.panel.fill("#dial", "+14155550100")
	h.panel.press("#call")
	check("dialing")
}
