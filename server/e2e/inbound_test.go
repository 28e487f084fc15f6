package e2e

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// annOwner is Ann as an owner in the emulated HubSpot.
const annOwner = "118724001"

func TestHandshakeWithHubSpotsOwnHost(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.host(chrome, "ann")

	ack := h.heard("SYNC_ACK")
	first := h.heard("INITIALIZED")
	h.heard("LOGGED_IN")
	h.panel.screen("station")

	require.Equal(t, []string{"SYNC_ACK", "INITIALIZED", "LOGGED_IN"}, h.order())
	require.Equal(t, h.base, ack.Top["hostUrl"])
	require.Equal(t, w.widget, ack.Top["iFrameUrl"])
	require.NotEmpty(t, ack.Top["version"])
	require.NotEmpty(t, ack.Top["messageId"])
	require.Equal(t, false, first.Data["isLoggedIn"])
	require.Equal(t, w.widget, first.Origin)

	// The session is kept: a reload of the frame says so at once.
	eval[bool](h.tab, `host.said.length = 0, host.manager.iFrame.src = host.manager.iFrame.src, true`)
	again := h.heard("INITIALIZED")
	require.Equal(t, true, again.Data["isLoggedIn"])
}

func TestInboundCallOfOneContact(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	walkInbound(t, w, w.begin(t, "ann", "1001"))
}

// walkInbound is one inbound call with everything that HubSpot hears of it.
func walkInbound(t *testing.T, w *world, h *host) {
	t.Helper()
	id := w.call(fields{"from": "+14155550100", "queue": "Billing"})
	h.panel.screen("incoming")
	h.panel.shows("Maria Silva")
	h.panel.shows("Ringing on your phone")
	w.pickUp(id, "ann")
	h.panel.screen("in-call")
	h.panel.press("#hold")
	h.panel.screen("on-hold")
	h.panel.press("#resume")
	h.panel.screen("in-call")
	h.panel.press("#end")
	h.panel.wrapUp("Sale", "Wants a second conveyor.")

	got := w.activity("Maria's call with its notes", noted("Wants a second conveyor.", "Sale"))
	requireCall(t, h, got, "INBOUND", "+14155550100", w.contact("Maria Silva"))
	h.heard("CALL_COMPLETED")
	require.Equal(t, []string{
		"widget INCOMING_CALL",
		"host CREATE_ENGAGEMENT_SUCCEEDED", "host ENGAGEMENT_CREATED", "host CALLER_ID_MATCH_SUCCEEDED",
		"widget CALL_ANSWERED", "widget CALL_ENDED", "widget CALL_COMPLETED",
	}, trimUpdate(h.call()))
	incoming, ended, completed := h.heard("INCOMING_CALL"), h.heard("CALL_ENDED"), h.heard("CALL_COMPLETED")
	require.Equal(t, "+14155550100", incoming.Data["fromNumber"])
	require.Equal(t, true, incoming.Data["createEngagement"])
	require.NotEmpty(t, incoming.Data["toNumber"])
	for _, m := range []said{h.heard("CALL_ANSWERED"), ended, completed} {
		require.Equal(t, incoming.Data["externalCallId"], m.Data["externalCallId"], m.Type)
	}
	require.Equal(t, "COMPLETED", ended.Data["callEndStatus"])
	require.Equal(t, got.ID, number(ended.Data["engagementId"]))
	require.Equal(t, got.ID, number(completed.Data["engagementId"]))
	require.Equal(t, false, completed.Data["hideWidget"], "the receipt stays visible")
}

func TestInboundCallOfSeveralContacts(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.begin(t, "ann", "1001")

	id := w.call(fields{"from": "+14155550123"})
	h.panel.screen("incoming")
	h.panel.shows("Who is calling?")
	w.pickUp(id, "ann")
	h.panel.screen("in-call")
	h.panel.pick("Priya Raman")
	to := h.heard("NAVIGATE_TO_RECORD")
	w.customer(id, "hangup")
	h.panel.wrapUp("Follow-up needed", "Which of the two?")

	priya := w.contact("Priya Raman")
	require.Equal(t, priya, number(to.Data["objectCoordinates"].(map[string]any)["objectId"]))
	got := w.activity("Priya's call with its notes", noted("Which of the two?"))
	requireCall(t, h, got, "INBOUND", "+14155550123", priya)
}

func TestInboundCallOfNobodyMakesAContact(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.begin(t, "ann", "1001")

	id := w.call(fields{"from": "+14155550199"})
	h.panel.screen("incoming")
	h.panel.shows("Not in HubSpot yet")
	w.pickUp(id, "ann")
	h.panel.screen("in-call")
	h.panel.press("#create")
	h.panel.fill("#first-name", "Zoe")
	h.panel.fill("#last-name", "Novak")
	h.panel.press("#contact-save")
	h.panel.shows("Zoe Novak")
	w.customer(id, "hangup")
	h.panel.wrapUp("Sale", "A new customer.")

	got := w.activity("Zoe's call with its notes", noted("A new customer."))
	requireCall(t, h, got, "INBOUND", "+14155550199", w.contact("Zoe Novak"))
}

func TestUnansweredOfferIsOneMissedCall(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.begin(t, "ann", "1001")

	id := w.call(fields{"from": "+14155550100", "agent": "ann", "ronaTimeout": 1})
	h.panel.screen("missed")
	h.panel.shows("Maria Silva")
	h.panel.shows("RONA – not available")
	w.customer(id, "hangup") // Else it would wait in the queue for ever.

	got := w.activity("the missed call", func(e engagement) bool {
		return e.Properties["hs_call_status"] != "" && len(e.Associations) > 0
	})
	require.Contains(t, []string{"MISSED", "NO_ANSWER"}, got.Properties["hs_call_status"], pretty(got))
	require.Equal(t, "INBOUND", got.Properties["hs_call_direction"])
	require.Equal(t, "+14155550100", got.Properties["hs_call_from_number"])
	require.Equal(t, annOwner, got.Properties["hubspot_owner_id"])
	require.Equal(t, h.heard("INCOMING_CALL").Data["externalCallId"], got.Properties["hs_call_external_id"])
	require.Contains(t, []string{"", "0"}, got.Properties["hs_call_duration"])
	require.Equal(t, w.contact("Maria Silva"), got.Associations[0].ID)
	require.Equal(t, []string{
		"widget INCOMING_CALL",
		"host CREATE_ENGAGEMENT_SUCCEEDED", "host ENGAGEMENT_CREATED", "host CALLER_ID_MATCH_SUCCEEDED",
		"widget CALL_ENDED", "widget CALL_COMPLETED",
	}, trimUpdate(h.call()))

	h.panel.press("#go-available")
	h.panel.word("Available")
	h.panel.screen("idle")
	require.Len(t, w.engagements(), 1)
}

// trimUpdate leaves out HubSpot's answer to properties in CALL_COMPLETED.
func trimUpdate(all []string) []string {
	var out []string
	for _, m := range all {
		if m != "host UPDATE_ENGAGEMENT_SUCCEEDED" {
			out = append(out, m)
		}
	}
	return out
}

// noted is an activity whose text has all that was written at wrap-up: its last
// revision.
func noted(texts ...string) func(engagement) bool {
	return func(e engagement) bool {
		for _, text := range texts {
			if !strings.Contains(e.Properties["hs_call_body"], text) {
				return false
			}
		}
		return true
	}
}

// linked is one with those notes whose record HubSpot has been told, too: that
// is a request of its own.
func linked(texts ...string) func(engagement) bool {
	with := noted(texts...)
	return func(e engagement) bool { return with(e) && len(e.Associations) > 0 }
}

// requireCall is what every handled call's activity must have. An empty
// contact means none.
func requireCall(t *testing.T, h *host, e engagement, direction, customer, contact string) {
	t.Helper()
	p := e.Properties
	from, to := p["hs_call_from_number"], p["hs_call_to_number"]
	start := "INCOMING_CALL"
	if direction == "OUTBOUND" {
		from, to, start = to, from, "OUTGOING_CALL_STARTED"
	}
	ms, err := strconv.Atoi(p["hs_call_duration"])
	require.NoError(t, err, pretty(e))
	assert.Equal(t, "calls", e.ObjectType)
	assert.Equal(t, direction, p["hs_call_direction"])
	assert.Equal(t, customer, from)
	assert.NotEmpty(t, to)
	assert.Positive(t, ms)
	assert.Less(t, ms, 120_000)
	assert.Equal(t, "COMPLETED", p["hs_call_status"])
	assert.NotEmpty(t, p["hs_call_disposition"])
	assert.Equal(t, annOwner, p["hubspot_owner_id"])
	assert.Equal(t, h.heard(start).Data["externalCallId"], p["hs_call_external_id"])
	var with []string
	for _, a := range e.Associations {
		if a.ObjectType == "contacts" {
			with = append(with, a.ID)
		}
	}
	var want []string
	if contact != "" {
		want = []string{contact}
	}
	require.Equal(t, want, with, pretty(e))
	require.False(t, t.Failed(), pretty(e))
}
