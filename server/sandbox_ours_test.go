package main

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"deskbridge/web"
)

// These tests run the real element, and the panel in it, in the sandbox's
// Desktop.

// Each of our layouts, in the whole sandbox: the element is the real one, and
// the panel in it starts.
func TestDesktopShowsOurLayouts(t *testing.T) {
	t.Parallel()
	url, ctx := newSandbox(t), openBrowser(t, "")
	play := player(t, url)
	for name, modes := range map[string][]string{
		"panel": {"panel", "headless"}, "page": {"page", "headless"}, "header": {"header", "headless"}, "headless": {"headless"},
		"everywhere": {"panel", "page", "header", "headless"},
	} {
		play("/reset", "{}")
		navigate(t, ctx, "about:blank") // Two Desktops of one agent at once are another test's.
		navigate(t, ctx, url+"/desktop?agent=ann&station=auto&layout="+name)
		eventually(t, ctx, `document.documentElement.dataset.state === "ready"`)
		for _, mode := range modes {
			switch mode {
			case "panel": // Is there with a contact, in a tab that somebody chooses.
				eventually(t, ctx, `AGENTX_SERVICE.isInited`)
				play("/agents/ann/state", `{"state":"Available"}`)
				play("/calls", `{"from":"+14155550100","agent":"ann"}`)
			case "page":
				eventually(t, ctx, `standin.find('[data-route="deskbridge"]')`)
				evaluate[bool](t, ctx, `standin.find('[data-route="deskbridge"]').click(), true`)
			}
			inWidget(t, ctx, mode, `performance.getEntriesByName("deskbridge:ready").length`)
			if mode != "headless" {
				inWidget(t, ctx, mode, `["idle", "incoming", "missed"].includes(document.getElementById("panel")?.dataset.screen)`)
			}
		}
		require.Equal(t, "[]", evaluate[string](t, ctx, `JSON.stringify(standin.problems)`), name)
	}
}

// inWidget waits for an expression in the frame of the element with this mode.
func inWidget(t *testing.T, ctx context.Context, mode, expression string) {
	t.Helper()
	seen := "no frame"
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(mode, "shows:", seen)
		}
	})
	require.Eventually(t, func() bool {
		found, err := chromedp.CallBrowser(ctx, target.GetTargets, target.GetTargetsParams{Filter: target.Filter{{Type: "iframe"}}})
		if err != nil {
			return false
		}
		for _, info := range found.TargetInfos {
			if !strings.Contains(info.URL, "/desk/widget?mode="+mode) {
				continue
			}
			inner, cancel := chromedp.NewContext(ctx, chromedp.WithTargetID(info.TargetID), chromedp.WithDetachOnCancel())
			ok, err := chromedp.Run(inner, chromedp.Evaluate[bool]("!!("+expression+")"))
			if err == nil && ok {
				cancel()
				return true
			}
			seen, _ = chromedp.Run(inner, chromedp.Evaluate[string]("document.body.innerText"))
			cancel()
		}
		return false
	}, soon, 100*time.Millisecond, mode+": "+expression)
}

// newSandbox is the whole sandbox and its address.
func newSandbox(t *testing.T) (url string) {
	t.Helper()
	if _, err := web.Files.Open("static/build/standin.js"); err != nil {
		t.Skip("not built: make dev")
	}
	ctx, cancel := context.WithCancel(t.Context())
	out, ended := &safeBuffer{}, make(chan error, 1)
	port := func(name string) string { return map[string]string{"PORT": "0"}[name] }
	go func() { ended <- runSandbox(ctx, nil, port, out) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	require.Eventually(t, func() bool {
		url = regexp.MustCompile(`http://localhost:\d+`).FindString(out.String())
		return url != ""
	}, soon, 20*time.Millisecond)
	return url
}

// player asks the sandbox to do something and returns its answer.
func player(t *testing.T, url string) func(path, body string) string {
	do := caller(t, url)
	return func(path, body string) string {
		t.Helper()
		status, answer := do("POST", "/sandbox"+path, body)
		require.Less(t, status, 300, answer)
		return answer
	}
}

func interactionIn(answer string) string {
	return regexp.MustCompile(`[0-9a-f-]{36}`).FindString(answer)
}

// Whoever has chosen our tab at one contact has it at the next.
func TestDesktopRemembersTheTab(t *testing.T) {
	t.Parallel()
	url, ctx := newSandbox(t), openBrowser(t, "")
	play := player(t, url)
	const ours = `standin.all("md-tab").find((tab) => tab.textContent.includes("HubSpot"))`
	navigate(t, ctx, url+"/desktop?agent=ann&station=auto&layout=panel")
	eventually(t, ctx, `document.documentElement.dataset.state === "ready" && AGENTX_SERVICE.isInited`)
	for n := range 2 {
		play("/agents/ann/state", `{"state":"Available"}`)
		id := interactionIn(play("/calls", `{"from":"+14155550100","agent":"ann"}`))
		eventually(t, ctx, `standin.find("[data-contact]") && `+ours)
		require.Equal(t, []bool{false, true}[n], evaluate[bool](t, ctx, ours+`.ariaSelected === "true"`))
		evaluate[bool](t, ctx, ours+`.click(), true`)
		play("/interactions/"+id+"/answer", `{"agent":"ann"}`)
		inWidget(t, ctx, "panel", `document.getElementById("panel")?.dataset.screen === "in-call" && innerHeight > 300`)
		play("/interactions/"+id+"/customer", `{"action":"hangup"}`)
		eventually(t, ctx, `standin.find('[data-action="wrapup"]')`)
		evaluate[bool](t, ctx, `standin.find('[data-action="wrapup"]').click(), true`)
		eventually(t, ctx, `!standin.find("[data-contact]") && !`+ours)
	}
}

// In the header there is a button; the panel below it opens when a call rings.
func TestDesktopHeaderOpensThePanel(t *testing.T) {
	t.Parallel()
	url, ctx := newSandbox(t), openBrowser(t, "")
	play := player(t, url)
	press := func(key string) {
		t.Helper()
		_, err := chromedp.Run(ctx, chromedp.KeyEvent(key))
		require.NoError(t, err)
	}
	const at = `standin.find('[data-area="header"]').shadowRoot.querySelector("dynamic-area").shadowRoot.querySelector("deskbridge-widget").shadowRoot`
	const box, open = at + `.querySelector("div")`, at + `.querySelector("button").ariaExpanded === "true"`
	const seen, shut = open + ` && ` + box + `.checkVisibility({ visibilityProperty: true })`, `!(` + open + ` || ` + box + `.checkVisibility({ visibilityProperty: true }))`
	navigate(t, ctx, url+"/desktop?agent=ann&station=auto&layout=header")
	inWidget(t, ctx, "header", `document.getElementById("panel")?.dataset.screen === "idle" && (window.kept = true)`)
	eventually(t, ctx, shut)
	require.Equal(t, "HubSpot", evaluate[string](t, ctx, at+`.querySelector("button").innerText`))
	require.LessOrEqual(t, evaluate[float64](t, ctx, at+`.host.getBoundingClientRect().height`), 64.0)

	play("/agents/ann/state", `{"state":"Available"}`)
	id := interactionIn(play("/calls", `{"from":"+14155550100","agent":"ann"}`))
	eventually(t, ctx, seen)
	require.True(t, evaluate[bool](t, ctx, box+`.matches(":popover-open")`))
	require.True(t, evaluate[bool](t, ctx, `((r, b) => r.top >= b.bottom && r.left >= 0 && r.right <= innerWidth && r.bottom <= innerHeight && r.width === 400)(`+
		box+`.getBoundingClientRect(), `+at+`.querySelector("button").getBoundingClientRect())`))
	require.True(t, evaluate[bool](t, ctx, `document.activeElement === document.body`), "what the agent types stays where it was")
	press(kb.Escape)
	eventually(t, ctx, shut)

	// Put away it stays away for this call, and the panel goes on.
	play("/interactions/"+id+"/answer", `{"agent":"ann"}`)
	inWidget(t, ctx, "header", `document.getElementById("panel").dataset.screen === "in-call" && window.kept`)
	eventually(t, ctx, shut)
	evaluate[bool](t, ctx, at+`.querySelector("button").focus(), true`)
	press(kb.Enter)
	eventually(t, ctx, seen)
	eventually(t, ctx, at+`.activeElement?.localName === "iframe"`)
	press(kb.Escape) // In the panel, where nothing else is open.
	eventually(t, ctx, shut+` && `+at+`.activeElement?.localName === "button"`)

	// The next call is another one.
	play("/interactions/"+id+"/customer", `{"action":"hangup"}`)
	inWidget(t, ctx, "header", `document.getElementById("panel").dataset.screen === "wrap-up"`)
	evaluate[bool](t, ctx, `standin.find('[data-action="wrapup"]').click(), true`)
	inWidget(t, ctx, "header", `document.getElementById("panel").dataset.screen === "idle"`)
	play("/calls", `{"from":"+14155550101","agent":"ann"}`)
	eventually(t, ctx, seen)
	inWidget(t, ctx, "header", `window.kept`)
}
