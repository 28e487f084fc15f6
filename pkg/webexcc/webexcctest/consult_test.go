package webexcctest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
	"deskbridge/pkg/webexcc/webexcctest"
)

// consulting brings ann, bob and a customer together, the customer on hold.
func consulting(w *world) (ann, bob *desk, id string) {
	w.t.Helper()
	ann = w.work("ann", "1001")
	id = ann.call("+15550100").InteractionID
	bob = w.work("bob", "1002")
	require.NoError(w.t, ann.Consult(w.t.Context(), id, webexcc.Consultation{Destination: to(bob), HoldParticipants: true}))
	created := ann.task(webexcc.AgentConsultCreated)
	require.Equal(w.t, webexcc.StateConsult, created.Interaction.State)
	require.True(w.t, created.Interaction.Media[id].IsHold.Is())
	require.Equal(w.t, webexcc.ConsultInitiated, string(created.Interaction.Participants[ann.id].ConsultState))
	bob.task(webexcc.AgentContactReserved)
	require.True(w.t, bob.task(webexcc.AgentOfferConsult).IsConsulted.Is())
	require.NoError(w.t, w.Answer(id, "bob"))
	for _, d := range []*desk{ann, bob} {
		now := d.task(webexcc.AgentConsulting)
		require.Equal(w.t, webexcc.StateConsulting, now.Interaction.State)
		leg, ok := now.Interaction.ConsultMedia()
		require.True(w.t, ok)
		require.Equal(w.t, webexcc.Texts{ann.id, bob.id}, leg.Participants)
		require.Equal(w.t, d == bob, now.IsConsulted.Is())
		require.Equal(w.t, leg.MediaResourceID, string(now.MediaResourceID))
	}
	return ann, bob, id
}

func to(d *desk) webexcc.Destination { return webexcc.Destination{To: d.id, Type: webexcc.ToAgent} }

func TestConsultAndBack(t *testing.T) {
	w := newWorld(t)
	ann, bob, id := consulting(w)
	require.NoError(t, ann.Unhold(t.Context(), id, id))
	now := ann.task(webexcc.AgentContactUnheld).Interaction
	consult, _ := now.ConsultMedia()
	require.False(t, now.Media[id].IsHold.Is())
	require.True(t, consult.IsHold.Is())
	require.NoError(t, ann.Hold(t.Context(), id, id))
	ann.task(webexcc.AgentContactHeld)

	require.NoError(t, ann.EndConsult(t.Context(), id, ""))
	back := ann.task(webexcc.AgentConsultEnded).Interaction
	require.Equal(t, webexcc.StateHold, back.State)
	require.NotContains(t, back.Participants, bob.id)
	_, ok := back.ConsultMedia()
	require.False(t, ok)
	until(bob, func(n webexcc.Task) bool { return n.Type == webexcc.AgentConsultEnded && n.Data.IsConsulted.Is() })
	require.Empty(t, w.Agents()[1].Interactions)
	require.NoError(t, ann.Unhold(t.Context(), id, id))
	require.Equal(t, webexcc.StateConnected, ann.task(webexcc.AgentContactUnheld).Interaction.State)
}

func TestConsultNotAnswered(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	id := ann.call("+15550100").InteractionID
	bob := w.connect("bob")
	require.NoError(t, ann.Consult(t.Context(), id, webexcc.Consultation{Destination: to(bob)}))
	require.Equal(t, "AGENT_UNAVAILABLE", string(ann.task(webexcc.AgentConsultFailed).Reason))
	require.NoError(t, w.SetAgentState("bob", "Available", ""))
	require.NoError(t, ann.Consult(t.Context(), id, webexcc.Consultation{Destination: to(bob), HoldParticipants: true}))
	ann.task(webexcc.AgentConsultCreated)
	w.clock.pass(18 * time.Second)
	ann.task(webexcc.AgentConsultFailed)
	require.True(t, ann.task(webexcc.AgentConsultEnded).Interaction.Media[id].IsHold.Is())
	bob.task(webexcc.AgentContactReserved)
	bob.task(webexcc.AgentOfferConsult)
	bob.task(webexcc.AgentOfferContactRona)
	until(bob, func(n webexcc.AgentStateChange) bool { return string(n.Data.AuxCodeID) == webexcctest.CodeRona })
	bob.task(webexcc.AgentConsultEnded)
}

func TestConsultToQueueAndNumber(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	id := ann.call("+15550100").InteractionID
	queue := webexcc.Consultation{Destination: webexcc.Destination{To: webexcctest.QueueSales, Type: webexcc.ToQueue}}
	require.NoError(t, ann.Consult(t.Context(), id, queue))
	require.NoError(t, ann.EndConsult(t.Context(), id, webexcctest.QueueSales))
	ann.task(webexcc.AgentCtqCancelled)
	require.NoError(t, ann.Consult(t.Context(), id, queue))
	bob := w.work("bob", "1002")
	ann.task(webexcc.AgentConsultCreated)
	require.NoError(t, bob.AcceptConsult(t.Context(), id))
	ann.task(webexcc.AgentConsulting)
	require.NoError(t, ann.EndConsult(t.Context(), id, webexcctest.QueueSales))
	ann.task(webexcc.AgentConsultEnded)

	number := webexcc.Destination{To: "+15550199", Type: webexcc.ToDialNumber}
	require.NoError(t, ann.Consult(t.Context(), id, webexcc.Consultation{Destination: number}))
	require.Equal(t, webexcc.PTypeDN, ann.task(webexcc.AgentConsultCreated).Interaction.Participants[number.To].PType)
	require.NoError(t, w.Answer(id, number.To))
	ann.task(webexcc.AgentConsulting)
	require.NoError(t, ann.ConsultTransfer(t.Context(), id, number))
	ann.task(webexcc.AgentConsultTransferred)
	ann.task(webexcc.AgentWrapup)
	ann.wrapUp(id)
	require.NoError(t, w.Customer(id, "hangup", ""))
	require.Empty(t, w.Interactions())
}

// ask consults, with the customer on hold.
func (d *desk) ask(id, kind, whom string) {
	d.t.Helper()
	require.NoError(d.t, d.Consult(d.t.Context(), id, webexcc.Consultation{
		Destination: webexcc.Destination{To: whom, Type: kind}, HoldParticipants: true,
	}))
}

// A target that cannot be consulted: the failure says why, and the call is as
// it was.
func TestConsultTargets(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	id := ann.call("+15550100").InteractionID
	bob := w.work("bob", "1002")
	bob.call("+15550101")
	tests := []struct{ kind, to, reason string }{
		{webexcc.ToAgent, bob.id, "AGENT_UNAVAILABLE"},
		{webexcc.ToAgent, ann.id, "AGENT_UNAVAILABLE"},
		{webexcc.ToAgent, "nobody", "UNKNOWN_DESTINATION"},
		{webexcc.ToAgent, webexcctest.ChoID, "AGENT_UNAVAILABLE"}, // Logged out.
		{webexcc.ToDialNumber, "not a number", "UNKNOWN_DESTINATION"},
		{webexcc.ToDialNumber, "+15550100", "UNKNOWN_DESTINATION"}, // The customer.
		{webexcc.ToEntryPoint, "nowhere", "UNKNOWN_DESTINATION"},
		{webexcc.ToEntryPoint, webexcctest.EntryPointID, "UNKNOWN_DESTINATION"}, // It dials out only.
		{webexcc.ToEntryPointNumber, webexcctest.EntryMain, "NOT_SUPPORTED"},    // Of a transfer only.
		{webexcc.ToQueue, "nowhere", "UNKNOWN_DESTINATION"},
		{webexcc.ToQueue, webexcctest.QueueChat, "UNKNOWN_DESTINATION"},
	}
	for _, tt := range tests {
		ann.ask(id, tt.kind, tt.to)
		failure := webexcc.AgentConsultFailed
		if tt.kind == webexcc.ToQueue {
			failure = webexcc.AgentCtqFailed
		}
		failed := ann.task(failure)
		require.Equal(t, tt.reason, string(failed.Reason), "%s %s", tt.kind, tt.to)
		require.NotEmpty(t, failed.ReasonCode)
		require.Equal(t, webexcc.StateConnected, failed.Interaction.State)
		require.Len(t, failed.Interaction.Participants, 2)
	}
	for _, tt := range tests[:3] {
		require.NoError(t, ann.Transfer(t.Context(), id, webexcc.Destination{To: tt.to, Type: tt.kind}))
		require.Equal(t, tt.reason, string(ann.task(webexcc.AgentBlindTransferFailed).Reason))
	}
	require.NoError(t, ann.Transfer(t.Context(), id, webexcc.Destination{To: "nowhere", Type: webexcc.ToQueue}))
	require.Equal(t, "UNKNOWN_DESTINATION", string(ann.task(webexcc.AgentVteamTransferFailed).Reason))
	require.NoError(t, ann.Transfer(t.Context(), id, webexcc.Destination{To: "nowhere", Type: webexcc.ToEntryPoint}))
	require.Equal(t, "UNKNOWN_DESTINATION", string(ann.task(webexcc.AgentBlindTransferFailed).Reason))
	require.True(t, w.Agents()[0].State == webexcc.Available)
}

// However an agent does not take a consult, both sides hear the same, and the
// customer stays on hold.
func TestConsultDeclined(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]struct{ reason, code string }{
		"decline":   {"AGENT_DECLINED", webexcc.CodeAgentDeclined},
		"busy":      {"AGENT_BUSY", webexcc.CodeAgentBusy},
		"no-answer": {webexcc.ReasonRonaExpired, webexcc.CodeRona},
	} {
		t.Run(action, func(t *testing.T) {
			w := newWorld(t)
			ann := w.work("ann", "1001")
			id := ann.call("+15550100").InteractionID
			bob := w.work("bob", "1002")
			ann.ask(id, webexcc.ToAgent, bob.id)
			ann.task(webexcc.AgentConsultCreated)

			require.NoError(t, w.Phone(id, "bob", action))

			require.Equal(t, want.reason, string(ann.task(webexcc.AgentConsultFailed).Reason))
			back := ann.task(webexcc.AgentConsultEnded).Interaction
			require.Equal(t, webexcc.StateHold, back.State)
			require.NotContains(t, back.Participants, bob.id)
			bob.tasks(webexcc.AgentContactReserved, webexcc.AgentOfferConsult)
			require.Equal(t, want.reason, string(bob.task(webexcc.AgentOfferContactRona).Reason))
			require.Equal(t, want.code, string(until[webexcc.AgentStateChange](bob, nil).Data.LastStateChangeReason))
			require.True(t, bob.task(webexcc.AgentConsultEnded).IsConsulted.Is())
			require.Empty(t, bob.sdk.tasks)
			require.Zero(t, w.clock.waiting())
			require.ErrorIs(t, w.Phone(id, "bob", "hangup"), webexcctest.ErrState)
		})
	}
}

func TestConsultEndedWhileItRings(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	id := ann.call("+15550100").InteractionID
	bob := w.work("bob", "1002")
	ann.ask(id, webexcc.ToAgent, bob.id)
	ann.task(webexcc.AgentConsultCreated)
	for name, command := range map[string]func() error{
		webexcc.AgentContactHoldFailed:       func() error { return ann.Hold(t.Context(), id, id) },
		webexcc.AgentContactUnHoldFailed:     func() error { return ann.Unhold(t.Context(), id, id) },
		webexcc.AgentContactEndFailed:        func() error { return ann.End(t.Context(), id) },
		webexcc.AgentBlindTransferFailed:     func() error { return ann.Transfer(t.Context(), id, to(bob)) },
		webexcc.AgentConsultTransferFailed:   func() error { return ann.ConsultTransfer(t.Context(), id, to(bob)) },
		webexcc.AgentConsultFailed:           func() error { return ann.Consult(t.Context(), id, webexcc.Consultation{Destination: to(bob)}) },
		webexcc.ContactRecordingPauseFailed:  func() error { return ann.PauseRecording(t.Context(), id) },
		webexcc.AgentConsultConferenceFailed: func() error { return ann.Conference(t.Context(), id, webexcc.Merger{Destination: to(bob)}) },
		webexcc.AgentCtqCancelFailed:         func() error { return ann.CancelConsultToQueue(t.Context(), id, ann.id, webexcctest.QueueSales) },
	} {
		require.NoError(t, command())
		require.Equal(t, "INVALID_STATE", string(ann.task(name).Reason))
	}
	require.NoError(t, ann.EndConsult(t.Context(), id, ""))
	require.Equal(t, webexcc.StateHold, ann.task(webexcc.AgentConsultEnded).Interaction.State)
	bob.tasks(webexcc.AgentContactReserved, webexcc.AgentOfferConsult, webexcc.AgentConsultEnded)
	require.Zero(t, w.clock.waiting())
}

// Who consults may let the customer hear nothing instead of music.
func TestConsultWithoutHold(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	id := ann.call("+15550100").InteractionID
	bob := w.work("bob", "1002")
	require.NoError(t, ann.Consult(t.Context(), id, webexcc.Consultation{Destination: to(bob)}))
	created := ann.task(webexcc.AgentConsultCreated)
	require.False(t, created.Interaction.Media[id].IsHold.Is())
	require.Equal(t, created.ConsultMediaResourceID, created.MediaResourceID, "the active leg")
	require.NoError(t, w.Answer(id, "bob"))
	ann.task(webexcc.AgentConsulting)
	leg := string(created.ConsultMediaResourceID)

	// From here on exactly one leg talks, whichever id the widget names.
	for _, step := range []struct {
		what       string
		do         func() error
		event      string
		atCustomer bool
	}{
		{"unhold main", func() error { return ann.Unhold(t.Context(), id, id) }, webexcc.AgentContactUnheld, true},
		{"hold main", func() error { return ann.Hold(t.Context(), id, id) }, webexcc.AgentContactHeld, false},
		{"unhold consult, as 1.28 does", func() error { return ann.Unhold(t.Context(), id, leg) }, webexcc.AgentContactUnheld, true},
		{"unhold consult again", func() error { return ann.Unhold(t.Context(), id, leg) }, webexcc.AgentContactUnheld, false},
		{"hold consult", func() error { return ann.Hold(t.Context(), id, leg) }, webexcc.AgentContactHeld, true},
		{"hold main again", func() error { return ann.Hold(t.Context(), id, id) }, webexcc.AgentContactHeld, false},
	} {
		require.NoError(t, step.do())
		now := ann.task(step.event).Interaction
		require.Equal(t, webexcc.StateConsulting, now.State)
		require.Equal(t, !step.atCustomer, now.Media[id].IsHold.Is(), step.what)
		require.Equal(t, step.atCustomer, now.Media[leg].IsHold.Is(), step.what)
	}
	require.NoError(t, ann.Hold(t.Context(), id, "another leg"))
	ann.task(webexcc.AgentContactHoldFailed)
	require.NoError(t, bob.Hold(t.Context(), id, leg), "only who consults switches")
	until(bob, func(n webexcc.Task) bool { return n.Type == webexcc.AgentContactHoldFailed })
}

// The consulted agent may end it too, by command or by the phone.
func TestConsultedAgentLeaves(t *testing.T) {
	w := newWorld(t)
	ann, bob, id := consulting(w)
	require.NoError(t, bob.EndConsult(t.Context(), id, ""))
	ann.task(webexcc.AgentConsultEnded)
	bob.task(webexcc.AgentConsultEnded)
	for range 2 { // The second time for whom ann's phone was.
		ann.ask(id, webexcc.ToAgent, bob.id)
		ann.task(webexcc.AgentConsultCreated)
		bob.tasks(webexcc.AgentContactReserved, webexcc.AgentOfferConsult)
		require.NoError(t, w.Phone(id, "bob", "answer"))
		ann.task(webexcc.AgentConsulting)
		bob.task(webexcc.AgentConsulting)
		require.NoError(t, w.Phone(id, "bob", "hangup"))
		require.Equal(t, webexcc.StateHold, ann.task(webexcc.AgentConsultEnded).Interaction.State)
		bob.task(webexcc.AgentConsultEnded)
	}

	off := false
	require.NoError(t, w.ChangeProfile(webexcctest.ProfileChange{Agent: "bob", EndConsultEnabled: &off}))
	ann.ask(id, webexcc.ToAgent, bob.id)
	ann.task(webexcc.AgentConsultCreated)
	require.NoError(t, w.Answer(id, "bob"))
	ann.task(webexcc.AgentConsulting)
	require.NoError(t, bob.EndConsult(t.Context(), id, ""))
	bob.tasks(webexcc.AgentContactReserved, webexcc.AgentOfferConsult, webexcc.AgentConsulting)
	require.Equal(t, "NOT_ALLOWED", string(bob.task(webexcc.AgentConsultEndFailed).Reason))

	require.NoError(t, w.Phone(id, "ann", "hangup"), "the initiator's phone takes everything down")
	ann.tasks(webexcc.AgentConsultEnded, webexcc.AgentWrapup, webexcc.ContactEnded)
	bob.task(webexcc.AgentConsultEnded)
	ann.wrapUp(id)
	require.Empty(t, w.Interactions())
}

// The customer hangs up while a consult rings, and while it talks.
func TestCustomerLeavesConsult(t *testing.T) {
	t.Parallel()
	for _, answered := range []bool{false, true} {
		w := newWorldIn(t)
		ann := w.work("ann", "1001")
		id := ann.call("+15550100").InteractionID
		bob := w.work("bob", "1002")
		ann.ask(id, webexcc.ToAgent, bob.id)
		ann.task(webexcc.AgentConsultCreated)
		bob.tasks(webexcc.AgentContactReserved, webexcc.AgentOfferConsult)
		if answered {
			require.NoError(t, w.Answer(id, "bob"))
			ann.task(webexcc.AgentConsulting)
			bob.task(webexcc.AgentConsulting)
		}
		require.NoError(t, w.Customer(id, "hangup", ""))
		ended := ann.task(webexcc.ContactEnded)
		require.Equal(t, webexcc.Texts{ann.id}, ended.AgentsPendingWrapUp)
		require.Equal(t, "true", ended.Interaction.CallProcessingDetails[webexcc.DetailHasCustomerLeft])
		ann.task(webexcc.AgentWrapup)
		bob.tasks(webexcc.AgentConsultEnded, webexcc.ContactEnded)
		require.Empty(t, bob.sdk.tasks)
		ann.wrapUp(id)
		require.Empty(t, w.Interactions())
		require.Zero(t, w.clock.waiting())
	}
}

// A consult to a queue says nothing until somebody is found there.
func TestConsultToQueue(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	id := ann.call("+15550100").InteractionID
	for _, cancel := range []func() error{
		func() error { return ann.EndConsult(t.Context(), id, webexcctest.QueueSales) },
		func() error { return ann.CancelConsultToQueue(t.Context(), id, ann.id, webexcctest.QueueSales) },
	} {
		ann.ask(id, webexcc.ToQueue, webexcctest.QueueSales)
		require.NoError(t, ann.Reload(t.Context()))
		searching := ann.task(webexcc.AgentContact).Interaction
		require.Equal(t, "true", searching.CallProcessingDetails[webexcc.DetailCtqInProgress])
		require.Equal(t, webexcc.StateConnected, searching.State)
		require.NoError(t, ann.EndConsult(t.Context(), id, webexcctest.QueueBilling), "another queue")
		ann.task(webexcc.AgentCtqCancelFailed)
		require.NoError(t, cancel())
		over := ann.task(webexcc.AgentCtqCancelled).Interaction
		require.Equal(t, "false", over.CallProcessingDetails[webexcc.DetailCtqInProgress])
	}

	ann.ask(id, webexcc.ToQueue, webexcctest.QueueSales)
	bob := w.work("bob", "1002")
	found := ann.task(webexcc.AgentConsultCreated)
	require.Equal(t, bob.id, string(found.DestAgentID))
	require.Equal(t, "false", found.Interaction.CallProcessingDetails[webexcc.DetailCtqInProgress])
	bob.tasks(webexcc.AgentContactReserved, webexcc.AgentOfferConsult)
	require.NoError(t, ann.EndConsult(t.Context(), id, webexcctest.QueueSales), "while it rings")
	ann.tasks(webexcc.AgentCtqCancelled, webexcc.AgentConsultEnded)
	bob.task(webexcc.AgentConsultEnded)
}

// A number that is consulted rings until it is told otherwise.
func TestConsultNumber(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	id := ann.call("+15550100").InteractionID
	const number = "+15550199"
	for action, reason := range map[string]string{"busy": "CUSTOMER_BUSY", "no-answer": "NO_ANSWER"} {
		ann.ask(id, webexcc.ToDialNumber, number)
		created := ann.task(webexcc.AgentConsultCreated)
		require.Equal(t, webexcc.DestDN, string(created.DestinationType))
		w.clock.pass(time.Hour)
		require.ErrorIs(t, w.Phone(id, number, "hangup"), webexcctest.ErrState)
		require.ErrorIs(t, w.Phone(id, number, "sing"), webexcctest.ErrInvalid)
		require.ErrorIs(t, w.Phone(id, "+15550198", action), webexcctest.ErrUnknown)
		require.NoError(t, w.Phone(id, number, action))
		require.Equal(t, reason, string(ann.task(webexcc.AgentConsultFailed).Reason))
		require.Equal(t, webexcc.StateHold, ann.task(webexcc.AgentConsultEnded).Interaction.State)
	}
	ann.ask(id, webexcc.ToDialNumber, number)
	ann.task(webexcc.AgentConsultCreated)
	require.NoError(t, w.Phone(id, number, "answer"))
	require.Equal(t, webexcc.StateConsulting, ann.task(webexcc.AgentConsulting).Interaction.State)
	require.ErrorIs(t, w.Phone(id, number, "busy"), webexcctest.ErrState)
	require.NoError(t, w.Phone(id, number, "hangup"))
	ann.task(webexcc.AgentConsultEnded)
}

// The call can be ended while its consult waits, and only then.
func TestEndWhileConsultWaits(t *testing.T) {
	w := newWorld(t)
	ann, bob, id := consulting(w)
	require.NoError(t, ann.End(t.Context(), id))
	require.Equal(t, "INVALID_STATE", string(ann.task(webexcc.AgentContactEndFailed).Reason))
	require.NoError(t, ann.Unhold(t.Context(), id, id))
	ann.task(webexcc.AgentContactUnheld)
	bob.task(webexcc.AgentContactUnheld)
	require.NoError(t, ann.End(t.Context(), id))
	ann.tasks(webexcc.AgentWrapup, webexcc.ContactEnded)
	bob.tasks(webexcc.AgentConsultEnded, webexcc.ContactEnded)
	require.Empty(t, bob.sdk.tasks)
	ann.wrapUp(id)
	require.Empty(t, w.Interactions())
}
