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

func TestConsultTransfer(t *testing.T) {
	w := newWorld(t)
	ann, bob, id := consulting(w)
	require.NoError(t, ann.ConsultTransfer(t.Context(), id, to(bob)))
	ann.task(webexcc.AgentConsultTransferred)
	require.Equal(t, webexcc.StateWrapUp, ann.task(webexcc.AgentWrapup).Interaction.State)
	bob.task(webexcc.AgentConsultTransferred)
	mine := bob.task(webexcc.AgentContactAssigned)
	require.Equal(t, webexcc.StateConnected, mine.Interaction.State)
	require.Equal(t, bob.id, string(mine.Interaction.Owner))
	require.False(t, mine.Interaction.Media[id].IsHold.Is())
	ann.wrapUp(id)
	require.NoError(t, bob.End(t.Context(), id))
	bob.task(webexcc.AgentWrapup)
	require.Equal(t, webexcc.Texts{bob.id}, bob.task(webexcc.ContactEnded).AgentsPendingWrapUp)
	bob.wrapUp(id)
	require.Empty(t, w.Interactions())
}

func TestConference(t *testing.T) {
	w := newWorld(t)
	ann, bob, id := consulting(w)
	require.NoError(t, ann.Conference(t.Context(), id, webexcc.Merger{AgentID: ann.id, Destination: to(bob)}))
	three := ann.task(webexcc.AgentConsultConferenced).Interaction
	require.Equal(t, webexcc.StateConference, three.State)
	require.ElementsMatch(t, []string{"+15550100", ann.id, bob.id}, three.Media[id].Participants)
	bob.task(webexcc.AgentConsultConferenced)
	require.NoError(t, ann.ExitConference(t.Context(), id))
	left := ann.task(webexcc.ParticipantLeftConference)
	require.Equal(t, ann.id, string(left.ParticipantID))
	require.Contains(t, left.Interaction.Media[id].Participants, ann.id, "the leaver's copy is as it was")
	ann.task(webexcc.AgentWrapup)
	rest := bob.task(webexcc.ParticipantLeftConference).Interaction
	require.Equal(t, webexcc.StateConnected, rest.State)
	require.Equal(t, bob.id, string(rest.Owner))
	bob.task(webexcc.ContactOwnerChanged)
	require.NoError(t, w.Customer(id, "hangup", ""))
	bob.task(webexcc.ContactEnded)
	bob.task(webexcc.AgentWrapup)
	bob.wrapUp(id)
	ann.wrapUp(id)
	require.Empty(t, w.Interactions())
}

func TestDropFromConference(t *testing.T) {
	w := newWorld(t)
	ann, bob, id := consulting(w)
	require.NoError(t, ann.Conference(t.Context(), id, webexcc.Merger{AgentID: ann.id, Destination: to(bob)}))
	ann.task(webexcc.AgentConsultConferenced)
	bob.task(webexcc.AgentConsultConferenced)
	require.NoError(t, ann.DropParticipant(t.Context(), id, bob.id))
	require.Equal(t, webexcc.StateConnected, ann.task(webexcc.ParticipantLeftConference).Interaction.State)
	left := bob.task(webexcc.ParticipantLeftConference)
	require.NotContains(t, left.Interaction.Media[id].Participants, bob.id, "a guest has nothing to wrap up: the SDK forgets the task")
	require.True(t, left.Interaction.Participants[bob.id].HasLeft.Is())
	require.Empty(t, w.Agents()[1].Interactions)
}

func TestCustomerLeavesConference(t *testing.T) {
	w := newWorld(t)
	ann, bob, id := consulting(w)
	require.NoError(t, ann.Conference(t.Context(), id, webexcc.Merger{AgentID: ann.id, Destination: to(bob)}))
	ann.task(webexcc.AgentConsultConferenced)
	bob.task(webexcc.AgentConsultConferenced)
	require.NoError(t, w.Customer(id, "hangup", ""))
	require.Equal(t, webexcc.Texts{ann.id}, ann.task(webexcc.ContactEnded).AgentsPendingWrapUp)
	ann.task(webexcc.AgentWrapup)
	over := bob.task(webexcc.AgentConsultConferenceEnded)
	require.NotContains(t, over.Interaction.Media[id].Participants, bob.id)
	require.NotEqual(t, bob.id, string(over.Interaction.Owner))
	require.Equal(t, webexcc.Texts{ann.id}, bob.task(webexcc.ContactEnded).AgentsPendingWrapUp)
	require.Empty(t, w.Agents()[1].Interactions)
	ann.wrapUp(id)
	require.Empty(t, w.Interactions())
}

func TestBlindTransfer(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	id := ann.call("+15550100").InteractionID
	bob := w.work("bob", "1002")
	require.NoError(t, ann.Transfer(t.Context(), id, to(bob)))
	ann.task(webexcc.AgentBlindTransferred)
	ann.task(webexcc.AgentWrapup)
	bob.task(webexcc.AgentContactReserved)
	require.Equal(t, webexcc.StateNew, bob.task(webexcc.AgentOfferContact).Interaction.State)
	ann.wrapUp(id)
	require.NoError(t, w.Answer(id, "bob"))
	bob.task(webexcc.AgentContactAssigned)

	require.NoError(t, bob.Transfer(t.Context(), id, webexcc.Destination{To: webexcctest.QueueSales, Type: webexcc.ToQueue}))
	bob.task(webexcc.AgentVteamTransferred)
	bob.task(webexcc.AgentWrapup)
	require.Equal(t, "Sales", string(ann.task(webexcc.AgentContactReserved).QueueName))
	ann.task(webexcc.AgentOfferContact)
	require.NoError(t, w.Customer(id, "hangup", ""))
	ann.task(webexcc.ContactEnded)
	bob.wrapUp(id)
	require.Empty(t, w.Interactions())
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
