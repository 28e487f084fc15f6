package e2e

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// TestCardShowsTheCallerAndOpensTheirRecords: what HubSpot knows of Maria Silva
// while she is on the line, and her ticket in a new tab of HubSpot's.
func TestCardShowsTheCallerAndOpensTheirRecords(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.begin(t, "ann", "1001")

	id := w.call(fields{"from": "+14155550100", "queue": "Billing"})
	h.panel.screen("incoming")
	h.panel.shows("Maria Silva")
	h.panel.shows("1 open deal · 1 open ticket")
	w.pickUp(id, "ann")
	h.panel.screen("in-call")
	h.panel.wait(`document.querySelector("#card-toggle")?.ariaExpanded === "true"`)
	for _, text := range []string{"Acme", "Acme: conveyor spare parts", "18,400 USD", "Invoice 20481 charged twice", "high priority"} {
		h.panel.wait(fmt.Sprintf(`document.querySelector("#card-body")?.innerText.includes(%q)`, text))
	}

	// HubSpot's frame goes to contacts and companies; a ticket is a page.
	h.panel.mark(".card-row", "Invoice 20481 charged twice")
	h.panel.press("[data-picked]")
	ticket := h.popup()
	ticket.wait(`document.querySelector("#main")?.innerText.includes("Invoice 20481 charged twice")`)
	require.NoError(t, chromedp.Do(ticket.ctx, chromedp.Legacy(closePage{})))
	h.panel.mark(".card-row", "acme.example")
	h.panel.press("[data-picked]")
	h.wait(`host.said.some((m) => m.from === "widget" && m.type === "NAVIGATE_TO_RECORD" && m.data.objectCoordinates.objectTypeId === "0-2")`)
	all := h.said()
	to := all[slices.IndexFunc(all, func(m said) bool {
		at, _ := m.Data["objectCoordinates"].(map[string]any)
		return m.Type == "NAVIGATE_TO_RECORD" && at["objectTypeId"] == "0-2"
	})]
	require.Equal(t, "NEW_TAB", to.Data["openIn"], "what the agent is typing on this page stays")

	// Folded away, it stays so for the next call.
	h.panel.press("#card-toggle")
	h.panel.wait(`document.querySelector("#card-toggle").ariaExpanded === "false"`)
	w.customer(id, "hangup")
	h.panel.wrapUp("Sale", "")
	next := w.call(fields{"from": "+14155550100", "queue": "Billing"})
	h.panel.screen("incoming")
	w.pickUp(next, "ann")
	h.panel.screen("in-call")
	h.panel.wait(`document.querySelector("#card-toggle")?.ariaExpanded === "false"`)
	w.customer(next, "hangup")
	h.panel.wrapUp("Sale", "")
}

// TestRefusedCallIsEditedAndSentAgain: HubSpot refuses the record of a call for
// good, the agent reads which field and why, changes it, and there is one
// activity with what was changed.
func TestRefusedCallIsEditedAndSentAgain(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.begin(t, "ann", "1001")
	id := h.talk(w)

	w.fault(fields{"target": "hubspot", "match": "PATCH /crm/objects/2026-09/0-48", "status": 400, "errorType": "INVALID_OPTION", "times": 6})
	w.customer(id, "hangup")
	h.panel.wrapUp("Sale", "Refused.")
	h.panel.press("#tab-history")
	h.panel.shows("Needs you")
	h.panel.shows("Nothing is lost: change it and send it again.")
	h.panel.wait(`document.querySelector(".receipt-detail")?.innerText.includes("hs_call_title")`)
	h.shoot("needs you")
	h.panel.mark(".receipt .link", "Edit and send again")
	h.panel.press("[data-picked]")
	h.panel.wait(`document.activeElement.id === "mend-notes" && document.activeElement.value === "Refused."`)
	h.panel.fill("#mend-notes", "Accepted at last.")
	h.panel.choose("#mend-reason", "Follow-up needed")
	h.shoot("mend")
	h.panel.press("#mend-send")

	// HubSpot goes on refusing for a while: then it is sent once more.
	eventually(t, "HubSpot takes the record", func() bool {
		saved, err := inFrame[bool](h.panel.frame, `(() => {
			const again = document.querySelector("#mend-send") ?? document.querySelector(".receipt .link[id]");
			again?.click();
			return !again && document.body.innerText.includes("Saved to HubSpot");
		})()`)
		return err == nil && saved
	})
	got := w.activity("the call as it was changed", noted("Accepted at last."))
	requireCall(t, h, got, "INBOUND", "+14155550100", w.contact("Maria Silva"))
	require.NotContains(t, got.Properties["hs_call_body"], "Refused.")
	require.Len(t, w.engagements(), 1)
	h.panel.hides("Needs you")
}

// TestCardLeavesTheControlsInSight: in the smallest window that HubSpot makes.
func TestCardLeavesTheControlsInSight(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	b.size(300, 400, 1)
	for _, story := range []string{"card", "card-loading", "card-failed", "card-long", "card-on-hold", "card-consulting", "card-wrap-up", "card-incoming"} {
		b.show(story, "en")
		require.Empty(t, eval[[]string](b.tab, `[...document.querySelectorAll("#zone-dock button")].filter((e) => {
			const r = e.getBoundingClientRect();
			return r.width > 0 && (r.top < 0 || r.bottom > innerHeight || !e.contains(document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2)));
		}).map((e) => e.id)`), story)
		require.NotZero(t, eval[int](b.tab, `[...document.querySelectorAll("#zone-dock button")].filter((e) => e.getBoundingClientRect().width > 0).length`), story)
	}
}

// TestCardDoesNotMoveWhatIsBelow when it has been loaded.
func TestCardDoesNotMoveWhatIsBelow(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	b.size(400, 600, 1)
	at := func(story, id string) float64 {
		b.show(story, "en")
		return eval[float64](b.tab, fmt.Sprintf(`document.getElementById(%q).getBoundingClientRect().top`, id))
	}

	loading := at("card-loading", "notes")

	for _, story := range []string{"card", "card-partly", "card-failed", "card-long"} {
		require.InDelta(t, loading, at(story, "notes"), 0.5, story)
	}
}

// TestCardThatFailedIsAskedForAgain in the storybook, which lists what the
// panel sends.
func TestCardThatFailedIsAskedForAgain(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	p := chrome.open(t, w.crm+"/storybook#card-failed")
	p.wait(inStage(`document.getElementById("card-retry")`))

	eval[bool](p, inStage(`(document.getElementById("card-retry").click(), true)`))

	p.wait(`document.querySelector(".book-events li")?.textContent.startsWith("CardAsked")`)
}

// TestRefusedCallByKeyboard: the sheet takes the focus, keeps what is typed when
// it is put away, and gives the focus back.
func TestRefusedCallByKeyboard(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	b.size(400, 600, 1)
	b.show("history-needs-you", "en")
	value := func(id string) string {
		return eval[string](b.tab, fmt.Sprintf(`document.getElementById(%q).value`, id))
	}

	eval[bool](b.tab, `document.getElementById("mend-3").focus(), true`)
	b.strike(kb.Enter)
	b.focusIs("mend-notes")
	for _, letter := range "Hi" {
		b.strike(string(letter))
	}
	b.strike(kb.Escape)
	b.focusIs("mend-3")
	b.strike(kb.Enter)
	b.focusIs("mend-notes")
	require.Equal(t, "Hi", value("mend-notes"))

	b.strike(kb.Tab)
	b.focusIs("mend-reason")
	b.strike(kb.Tab)
	b.focusIs("mend-record")
	b.strike(kb.Enter)
	b.focusIs("find")
	for _, letter := range "mar" {
		b.strike(string(letter))
	}
	b.wait(`document.querySelectorAll(".record-row").length > 0`)
	b.strike(kb.Enter)
	b.focusIs("mend-record")
	b.wait(`document.getElementById("mend-to").textContent.includes("Maria Silva")`)
	b.strike(kb.Tab)
	b.focusIs("mend-follow-up")
	b.strike(" ")
	b.focusIs("mend-task")
	require.Equal(t, "Call Acme GmbH back", value("mend-task"))
	require.Equal(t, "Hi", value("mend-notes"))
	b.strike(kb.Enter, chromedp.ModifierCtrl)
	b.wait(`!document.getElementById("mend-notes")`)
	b.focusIs("mend-3") // The story answers nothing, so its record still needs somebody.
}
