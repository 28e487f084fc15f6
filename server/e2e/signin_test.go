package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// popup waits for the window that a page of the tab has opened.
func (p *tab) popup() *tab {
	p.t.Helper()
	own := chromedp.FromContext(p.ctx)
	var ctx context.Context
	eventually(p.t, "a popup", func() bool {
		found, err := chromedp.CallBrowser(p.ctx, target.GetTargets, target.GetTargetsParams{})
		if err != nil {
			return false
		}
		for _, info := range found.TargetInfos {
			if info.Type != "page" || info.BrowserContextID != own.BrowserContextID || info.TargetID == own.Target.TargetID {
				continue
			}
			ctx, _ = chromedp.NewContext(p.ctx, chromedp.WithTargetID(info.TargetID), chromedp.WithDetachOnCancel())
			return chromedp.Do(ctx) == nil
		}
		return false
	})
	return &tab{t: p.t, ctx: ctx, console: p.console}
}

// windows is how many pages the tab's browser context has.
func (p *tab) windows() (n int) {
	p.t.Helper()
	own := chromedp.FromContext(p.ctx)
	found, err := chromedp.CallBrowser(p.ctx, target.GetTargets, target.GetTargetsParams{})
	require.NoError(p.t, err)
	for _, info := range found.TargetInfos {
		if info.Type == "page" && info.BrowserContextID == own.BrowserContextID {
			n++
		}
	}
	return n
}

// pressText is a person's click on the button with that text.
func (p *tab) pressText(text string) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`(() => {
		const el = [...document.querySelectorAll("button")].find((b) => b.textContent.trim() === %q);
		el?.setAttribute("data-picked", "");
		return el;
	})()`, text))
	p.press("[data-picked]")
}

func TestSignInByPopup(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.host(chrome, "")
	require.Equal(t, false, h.heard("INITIALIZED").Data["isLoggedIn"])

	h.panel.screen("sign-in")
	h.panel.press("#sign-in")
	window := h.popup()
	window.shoot("popup")
	window.pressText("Continue as Ann")

	h.panel.screen("station")
	h.panel.shows("Ann")
	h.heard("LOGGED_IN")
	eventually(t, "the popup is closed", func() bool { return h.windows() == 1 })
	require.NotContains(t, pretty(h.said()), "access", "no token in a message to HubSpot")
	h.panel.startShift("1001")
}

func TestSignInThatIsDeniedOrGivenUp(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.host(chrome, "")

	h.panel.screen("sign-in")
	h.panel.press("#sign-in")
	window := h.popup()
	window.pressText("Deny")
	window.wait(`document.querySelector("[role=alert]")`)
	require.NoError(t, chromedp.Do(window.ctx, chromedp.Legacy(closePage{})))
	h.panel.wait(`document.querySelector("#zone-notices .banner strong")?.innerText`)
	h.panel.screen("sign-in")

	// And again, as if nothing had been.
	h.panel.press("#sign-in")
	h.popup().pressText("Continue as Ann")
	h.panel.screen("station")
}

// closePage closes a window as its person does.
type closePage struct{}

func (closePage) Do(ctx context.Context) error {
	_, err := chromedp.CallBrowser(ctx, target.CloseTarget, target.CloseTargetParams{TargetID: chromedp.FromContext(ctx).Target.TargetID})
	return err
}

func TestSignInWindowBlocked(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.host(chrome, "")
	h.panel.screen("sign-in")

	// Not a press of a person: Chromium blocks what follows from it.
	_, err := inFrame[bool](h.panel.frame, `document.getElementById("sign-in").click(), true`)
	require.NoError(t, err)

	h.panel.shows("The browser blocked the sign-in window.")
	h.panel.shows("Allow pop-ups")
	require.Equal(t, 1, h.windows())
	h.panel.press("#sign-in")
	h.popup().pressText("Continue as Ann")
	h.panel.screen("station")
	h.panel.hides("The browser blocked the sign-in window.")
}

// The opener cut: Webex' pages may isolate themselves. The person compares two
// codes instead.
func TestSignInWithTheOpenerCut(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.host(chrome, "")
	h.panel.screen("sign-in")
	h.panel.press("#sign-in")
	window := h.popup()
	window.before(`Object.defineProperty(window, "opener", { value: null })`)
	window.pressText("Continue as Ann")

	window.wait(`document.querySelector("#compare .code")?.offsetParent`)
	code := strings.TrimSpace(eval[string](window, `document.querySelector(".code").innerText`))
	h.panel.shows(code)
	window.pressText("My panel shows this code")
	h.panel.screen("station")
}
