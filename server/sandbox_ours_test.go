package main

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
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
	for name, modes := range map[string][]string{
		"panel": {"panel", "headless"}, "page": {"page", "headless"}, "header": {"header", "headless"}, "headless": {"headless"},
		"everywhere": {"panel", "page", "header", "headless"},
	} {
		do := caller(t, url)
		status, _ := do("POST", "/sandbox/reset", "{}")
		require.Equal(t, http.StatusNoContent, status)
		navigate(t, ctx, "about:blank") // Two Desktops of one agent at once are another test's.
		navigate(t, ctx, url+"/desktop?agent=ann&station=auto&layout="+name)
		eventually(t, ctx, `document.documentElement.dataset.state === "ready"`)
		for _, mode := range modes {
			switch mode {
			case "panel": // Is there with a contact, in a tab that somebody chooses.
				eventually(t, ctx, `AGENTX_SERVICE.isInited`)
				status, body := do("POST", "/sandbox/agents/ann/state", `{"state":"Available"}`)
				require.Equal(t, http.StatusNoContent, status, body)
				status, body = do("POST", "/sandbox/calls", `{"from":"+14155550100","agent":"ann"}`)
				require.Equal(t, http.StatusCreated, status, body)
			case "page":
				eventually(t, ctx, `standin.find('[data-route="deskbridge"]')`)
				evaluate[bool](t, ctx, `standin.find('[data-route="deskbridge"]').click(), true`)
			}
			inWidget(t, ctx, mode, `performance.getEntriesByName("deskbridge:ready").length`)
			if mode != "headless" {
				inWidget(t, ctx, mode, `["idle", "incoming"].includes(document.getElementById("panel")?.dataset.screen)`)
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
