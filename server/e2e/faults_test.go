package e2e

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// talk brings an inbound call of Maria to In call.
func (h *host) talk(w *world) (id string) {
	h.t.Helper()
	id = w.call(fields{"from": "+14155550100", "agent": "ann"})
	h.panel.screen("incoming")
	w.pickUp(id, "ann")
	h.panel.screen("in-call")
	return id
}

func TestBackendRefusesRecords(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.begin(t, "ann", "1001")
	id := h.talk(w)

	w.fault(fields{"target": "backend", "match": "PUT /api/interactions", "status": 503, "times": 4})
	w.customer(id, "hangup")
	h.panel.shows("Deskbridge's server does not answer.")
	h.panel.wrapUp("Sale", "Queued, then saved.")

	got := w.activity("the call with its notes", noted("Queued, then saved."))
	requireCall(t, h, got, "INBOUND", "+14155550100", w.contact("Maria Silva"))
	h.panel.hides("Deskbridge's server does not answer.")
	h.panel.shows("Saved to HubSpot")
}

func TestBackendDownAtBoot(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.host(chrome, "ann")
	h.panel.screen("station")

	w.fault(fields{"target": "backend", "match": "* /api/", "status": 503, "times": 6})
	eval[bool](h.tab, `host.said.length = 0, host.manager.iFrame.src = host.manager.iFrame.src, true`)
	require.Equal(t, true, h.heard("INITIALIZED").Data["isLoggedIn"], "HubSpot does not wait for the backend")
	h.panel.shows("Deskbridge's server does not answer.")

	h.panel.startShift("1001")
	h.panel.hides("Deskbridge's server does not answer.")
}

func TestWebexRefusesCommands(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.begin(t, "ann", "1001")
	id := h.talk(w)

	w.fault(fields{"target": "webexcc", "match": "hold", "status": 500, "times": 1})
	h.panel.press("#hold")
	h.panel.shows("Webex refused hold")
	h.panel.screen("in-call")
	h.panel.press("#hold")
	h.panel.screen("on-hold")
	w.fault(fields{"target": "webexcc", "match": "unhold", "status": 202, "times": 1})
	h.panel.press("#resume")
	h.panel.shows("Webex refused taking off hold")
	h.panel.screen("on-hold")
	h.panel.press("#resume")
	h.panel.screen("in-call")
	w.fault(fields{"target": "webexcc", "match": "end", "status": 500, "times": 1})
	h.panel.press("#end")
	h.panel.shows("Webex refused ending the call")
	h.panel.screen("in-call")
	require.NotContains(t, h.order(), "CALL_ENDED")
	h.panel.press("#end")
	h.panel.screen("wrap-up")
	w.fault(fields{"target": "webexcc", "match": "wrapup", "status": 500, "times": 1})
	h.panel.reason("Sale")
	h.panel.press("#submit")
	h.panel.shows("Webex refused the wrap-up")
	h.panel.screen("wrap-up")
	h.panel.wrapUp("Sale", "In the end.")

	got := w.activity("the call with its notes", noted("In the end."))
	requireCall(t, h, got, "INBOUND", "+14155550100", w.contact("Maria Silva"))
	require.Equal(t, 1, count(h.order(), "CALL_ENDED"))
	require.Equal(t, 1, count(h.order(), "CALL_COMPLETED"))
	require.NotContains(t, w.agent("ann").Interactions, id)
}

func TestWebexRefusesTheStation(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.host(chrome, "ann")
	w.fault(fields{"target": "webexcc", "match": "login", "status": 202, "errorType": "DUPLICATE_LOCATION", "times": 1})

	h.panel.screen("station")
	h.panel.fill("#number", "1001")
	h.panel.press("#start")
	h.panel.shows("Another agent is using this number.")
	h.panel.press("#start")
	h.panel.screen("idle")
	h.panel.hides("Another agent is using this number.")

	w.fault(fields{"target": "webexcc", "match": "state", "status": 500, "times": 1})
	h.panel.press("#states")
	h.panel.press("#menu-0")
	h.panel.shows("Your state did not change.")
	h.panel.goAvailable()
}

// The notification socket dies in each state that a call has, with and without
// a word; what happened meanwhile is seen afterwards.
func TestSocketDrops(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.begin(t, "ann", "1001")
	drop := func(silent bool) {
		t.Helper()
		w.ask("POST", "/sockets/drop", fields{"agent": "ann", "silent": silent}, nil)
	}

	drop(false)
	h.panel.word("Reconnecting…")
	h.panel.word("Available")

	id := w.call(fields{"from": "+14155550100", "ronaTimeout": 60})
	h.panel.screen("incoming")
	drop(false)
	w.pickUp(id, "ann") // Nobody tells the panel.
	h.panel.screen("in-call")
	h.panel.press("#hold")
	h.panel.screen("on-hold")

	began := time.Now()
	drop(true) // Eight seconds of silence are a loss.
	h.panel.shows("The connection to Webex is interrupted.")
	h.panel.shows("You can keep talking")
	h.panel.hides("The connection to Webex is interrupted.")
	t.Logf("recovered from silence after %s", time.Since(began).Round(100*time.Millisecond))
	require.Less(t, time.Since(began), 25*time.Second, "8 s of silence, then a reconnect: about 12 s on a machine that is not slow")
	h.panel.screen("on-hold")
	h.panel.press("#resume")
	h.panel.screen("in-call")

	drop(false)
	w.customer(id, "hangup")
	h.panel.screen("wrap-up")
	drop(false)
	h.panel.shows("The connection to Webex is interrupted.")
	h.panel.wrapUp("Sale", "Through five sockets.")

	got := w.activity("the call with its notes", noted("Through five sockets."))
	requireCall(t, h, got, "INBOUND", "+14155550100", w.contact("Maria Silva"))
	require.Equal(t, []string{
		"widget INCOMING_CALL",
		"host CREATE_ENGAGEMENT_SUCCEEDED", "host ENGAGEMENT_CREATED", "host CALLER_ID_MATCH_SUCCEEDED",
		"widget CALL_ANSWERED", "widget CALL_ENDED", "widget CALL_COMPLETED",
	}, trimUpdate(h.call()))
}

// HubSpot's API refuses while the ledger writes: each kind of refusal that
// passes, then the activity is there once.
func TestHubSpotRefusesForAWhile(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.begin(t, "ann", "1001")
	id := h.talk(w)

	for _, status := range []int{429, 500} {
		w.fault(fields{"target": "hubspot", "match": "/crm/objects/2026-09/0-48", "status": status, "times": 1})
	}
	w.customer(id, "hangup")
	h.panel.wrapUp("Sale", "After two refusals.")

	got := w.activity("the call with its notes", noted("After two refusals."))
	requireCall(t, h, got, "INBOUND", "+14155550100", w.contact("Maria Silva"))
	h.panel.shows("Saved to HubSpot")
	require.Len(t, w.engagements(), 1)
	met := slices.ContainsFunc(w.requests("hubspot"), func(r request) bool { return r.Status == 429 }) &&
		slices.ContainsFunc(w.requests("hubspot"), func(r request) bool { return r.Status == 500 })
	require.True(t, met, "the faults were not met")
}

// HubSpot's page cannot create the engagement: the backend does, once, though
// its answer is lost.
func TestHubSpotsPageCannotCreate(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.begin(t, "ann", "1001")

	w.fault(fields{"target": "hubspot", "match": "POST /sandbox/crm/engagements", "status": 500, "times": 1})
	w.fault(fields{"target": "hubspot", "match": "POST /crm/objects/2026-09/0-48", "drop": true, "times": 1})
	id := h.talk(w)
	w.customer(id, "hangup")
	h.panel.wrapUp("Sale", "Made by the backend.")

	require.Contains(t, h.call(), "host CREATE_ENGAGEMENT_FAILED")
	got := w.activity("the call with its notes", noted("Made by the backend."))
	requireCall(t, h, got, "INBOUND", "+14155550100", w.contact("Maria Silva"))
	h.panel.shows("Saved to HubSpot")
	require.Len(t, w.engagements(), 1)
}
