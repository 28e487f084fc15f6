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
	h := w.begin(t, "ann", "1001")

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
	h.panel.wait(`document.getElementById("panel").dataset.screen === "wrap-up" || document.getElementById("end")?.textContent.includes("Press again")`)
	if again, _ := inFrame[bool](h.panel.frame, `!!document.getElementById("end")`); again {
		h.panel.press("#end")
	}
	h.panel.wrapUp("Sale", "Wants a second conveyor.")

	got := w.activity("Maria's call", func(e engagement) bool {
		return e.Properties["hs_call_body"] != "" && len(e.Associations) > 0 && e.Properties["hs_call_external_id"] != ""
	})
	requireCall(t, h, got, "INBOUND", "+14155550100", "1")
	assert.Contains(t, got.Properties["hs_call_body"], "Wants a second conveyor.")
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
	h.panel.shows("Saved to HubSpot")
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

// requireCall is what every handled call's activity must have.
func requireCall(t *testing.T, h *host, e engagement, direction, customer, contact string) {
	t.Helper()
	p := e.Properties
	t.Logf("activity: %s", pretty(e))
	assert.Equal(t, direction, p["hs_call_direction"])
	own, other := p["hs_call_to_number"], p["hs_call_from_number"]
	if direction == "OUTBOUND" {
		own, other = other, own
	}
	assert.Equal(t, customer, other)
	assert.NotEmpty(t, own)
	ms, err := strconv.Atoi(p["hs_call_duration"])
	assert.NoError(t, err, "duration %q", p["hs_call_duration"])
	assert.Positive(t, ms)
	assert.Less(t, ms, 120_000)
	assert.Equal(t, "COMPLETED", p["hs_call_status"])
	assert.NotEmpty(t, p["hs_call_disposition"])
	assert.Equal(t, annOwner, p["hubspot_owner_id"])
	start := h.heard(map[string]string{"INBOUND": "INCOMING_CALL", "OUTBOUND": "OUTGOING_CALL_STARTED"}[direction])
	assert.Equal(t, start.Data["externalCallId"], p["hs_call_external_id"])
	if contact == "" {
		return
	}
	var with []string
	for _, a := range e.Associations {
		with = append(with, strings.ToLower(a.ToObjectType)+a.ObjectType+" "+a.ID)
	}
	assert.NotEmpty(t, with)
	t.Logf("associations: %v", with)
	assert.False(t, t.Failed())
}
