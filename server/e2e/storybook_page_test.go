package e2e

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// inStage is an expression in the document of the storybook's frame.
func inStage(expression string) string {
	return fmt.Sprintf(`((document) => (%s))(window.document.getElementById("stage-frame").contentDocument ?? document)`, expression)
}

func TestStorybookShowsStoriesWithTheirEvents(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	p := chrome.open(t, w.crm+"/storybook")
	p.wait(inStage(`document.getElementById("panel")?.dataset.screen === "boot"`))

	p.press("#filter")
	require.NoError(t, chromedp.Do(p.ctx, chromedp.KeyEvent("on-hold")))
	p.wait(`document.getElementById("story-on-hold") !== null && document.getElementById("story-idle") === null`)
	p.press("#story-on-hold")
	p.wait(inStage(`document.getElementById("panel")?.dataset.screen === "on-hold"`))
	require.Equal(t, "#on-hold", eval[string](p, `location.hash`))

	at := eval[[]float64](p, `(() => {
		const f = document.getElementById("stage-frame"), a = f.getBoundingClientRect();
		const b = f.contentDocument.getElementById("hold").getBoundingClientRect();
		return [a.x + b.x + b.width / 2, a.y + b.y + b.height / 2];
	})()`)
	p.pressAt(at[0], at[1])
	p.wait(`document.querySelector(".book-events li")?.textContent.startsWith("ResumeRequested")`)
	p.wait(inStage(`document.getElementById("panel")?.dataset.screen === "in-call"`))
}

func TestStorybookIsSetAndWalkedByKeyboard(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	p := chrome.open(t, w.crm+"/storybook#idle")
	p.wait(inStage(`document.getElementById("panel")?.dataset.screen === "idle"`))
	set := func(id, value string) {
		eval[bool](p, fmt.Sprintf(`(() => {
			const el = document.getElementById(%q);
			el.value = %q;
			return el.dispatchEvent(new Event("change", { bubbles: true }));
		})()`, id, value))
	}

	set("theme", "webex-dark")
	p.wait(inStage(`document.documentElement.dataset.theme === "webex-dark"`))
	set("language", "en-XA")
	p.wait(inStage(`document.getElementById("panel").lang === "en-XA"`))
	set("width", "640")
	p.wait(inStage(`document.defaultView.innerWidth === 640`))
	set("zoom", "2")
	p.wait(inStage(`document.defaultView.innerWidth === 320 && document.defaultView.innerHeight === 300`))

	eval[bool](p, `document.getElementById("story-idle").focus(), true`)
	require.NoError(t, chromedp.Do(p.ctx, chromedp.KeyEvent(kb.ArrowDown)))
	p.wait(`document.activeElement.id === "story-idle-number" && document.activeElement.ariaCurrent === "true"`)
	p.wait(inStage(`document.getElementById("dial")?.value === "+14155550123"`))

	axe, err := os.ReadFile("../../web/js/node_modules/axe-core/axe.min.js")
	require.NoError(t, err, "run make setup")
	eval[bool](p, string(axe)+`;true`)
	require.Empty(t, eval[[]string](p, `axe.run(document, { iframes: false }).then((r) => r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target)))`))
	p.shoot("storybook")
}
