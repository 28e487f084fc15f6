package e2e

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOutboundCallByClickToDial(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	walkOutbound(t, w, w.begin(t, "ann", "1001"))
}

// walkOutbound is one outdial from HubSpot with everything that HubSpot hears of it.
func walkOutbound(t *testing.T, w *world, h *host) {
	t.Helper()
	james := w.contact("James Okafor")

	h.dial("+14155550123", james)
	h.panel.screen("dialing")
	h.panel.shows("Pick up your phone first")
	id := w.interaction("ann")
	w.pickUp(id, "ann")
	w.customer(id, "answer")
	h.panel.screen("in-call")
	h.panel.press("#hold")
	h.panel.screen("on-hold")
	h.panel.press("#end") // One press ends a held call: unhold, then end.
	h.panel.wrapUp("Follow-up needed", "Calls back on Monday.")

	got := w.activity("the outbound call with its notes", noted("Calls back on Monday."))
	requireCall(t, h, got, "OUTBOUND", "+14155550123", james)
	h.heard("CALL_COMPLETED")
	require.Equal(t, []string{
		"host DIAL_NUMBER", "widget OUTGOING_CALL_STARTED",
		"host CREATE_ENGAGEMENT_SUCCEEDED", "host ENGAGEMENT_CREATED",
		"widget CALL_ANSWERED", "widget CALL_ENDED", "widget CALL_COMPLETED",
	}, trimUpdate(h.call()))
	started := h.heard("OUTGOING_CALL_STARTED")
	require.Equal(t, "+14155550123", started.Data["toNumber"])
	require.Equal(t, got.Properties["hs_call_from_number"], started.Data["fromNumber"])
	require.Equal(t, true, started.Data["createEngagement"])
	require.Equal(t, got.ID, number(h.heard("CALL_COMPLETED").Data["engagementId"]))
}

func TestOutboundCallFromTheKeypad(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.begin(t, "ann", "1001")

	h.panel.fill("#dial", "+1415555")
	for _, key := range []int{10, 0, 4, 0} { // 0 1 5 1: Amara Nwosu
		h.panel.press(fmt.Sprintf("#key-%d", key))
	}
	h.panel.wait(`document.getElementById("dial").value === "+14155550151"`)
	h.panel.press("#call")
	h.panel.screen("dialing")
	id := w.interaction("ann")
	w.pickUp(id, "ann")
	w.customer(id, "answer")
	h.panel.screen("in-call")
	h.panel.shows("Amara Nwosu")
	w.customer(id, "hangup")
	h.panel.wrapUp("Sale", "Ordered two more.")

	got := w.activity("the outbound call with its notes", noted("Ordered two more."))
	requireCall(t, h, got, "OUTBOUND", "+14155550151", w.contact("Amara Nwosu"))
	require.Equal(t, "widget OUTGOING_CALL_STARTED", h.call()[0])
}

func TestOutboundCallThatIsNotAnswered(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]string{"busy": "BUSY", "no-answer": "NO_ANSWER"} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			w := sandbox(t)
			h := w.begin(t, "ann", "1001")

			h.dial("+14155550100", w.contact("Maria Silva"))
			h.panel.screen("dialing")
			id := w.interaction("ann")
			w.pickUp(id, "ann")
			w.customer(id, action)
			require.Equal(t, want, h.heard("CALL_ENDED").Data["callEndStatus"])
			h.panel.wait(`["wrap-up", "idle"].includes(document.getElementById("panel").dataset.screen)`)
			if inWrapUp, _ := inFrame[bool](h.panel.frame, `!!document.getElementById("submit")`); inWrapUp {
				h.panel.wrapUp("Wrong number", "")
			}

			got := w.activity("the call that was not answered", func(e engagement) bool {
				return e.Properties["hs_call_status"] == want && len(e.Associations) > 0
			})
			require.Equal(t, "OUTBOUND", got.Properties["hs_call_direction"])
			require.NotContains(t, h.order(), "CALL_ANSWERED")
			completed := slices.Index(h.order(), "CALL_COMPLETED")
			require.Greater(t, completed, slices.Index(h.order(), "CALL_ENDED"))
		})
	}
}

func TestDialRequestThatCannotBe(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.begin(t, "ann", "1001")
	maria := w.contact("Maria Silva")

	h.dial("call me maybe", maria)
	require.NotEmpty(t, h.heard("ERROR").Data["message"])
	h.panel.wait(`document.querySelector("#zone-notices .banner strong")?.innerText`)
	h.panel.screen("idle")
	require.Equal(t, []string{"host DIAL_NUMBER", "widget ERROR"}, h.call())
	require.Empty(t, w.engagements())

	// And it hinders nothing: a number that only Webex refuses.
	h.dial("12", maria)
	h.panel.shows("The call could not be placed")
	require.Equal(t, "FAILED", h.heard("CALL_ENDED").Data["callEndStatus"])
	h.heard("CALL_COMPLETED")
	w.activity("the call that could not be", func(e engagement) bool { return e.Properties["hs_call_status"] == "FAILED" })

	h.dial("+14155550100", maria)
	h.panel.screen("dialing")
}
