package webexcctest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
	"deskbridge/pkg/webexcc/webexcctest"
)

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

// An entry point is a way into its queue, under either name of the type.
func TestTransferToEntryPoint(t *testing.T) {
	t.Parallel()
	for _, target := range []webexcc.Destination{
		{To: webexcctest.EntryReturns, Type: webexcc.ToEntryPoint},
		{To: webexcctest.EntryReturns, Type: webexcc.ToEntryPointNumber},
		{To: "+14085550111", Type: webexcc.ToEntryPointNumber},
	} {
		t.Run(target.Type+" "+target.To, func(t *testing.T) {
			w := newWorld(t)
			ann := w.work("ann", "1001")
			id := ann.call("+15550100").InteractionID
			require.NoError(t, ann.Hold(t.Context(), id, id))
			ann.task(webexcc.AgentContactHeld)

			require.NoError(t, ann.Transfer(t.Context(), id, target))

			ann.task(webexcc.AgentBlindTransferred)
			require.Equal(t, webexcc.StateWrapUp, ann.task(webexcc.AgentWrapup).Interaction.State)
			require.Equal(t, "queued", w.Interactions()[0].State)
			bob := w.work("bob", "1002")
			require.Equal(t, "Returns", string(bob.task(webexcc.AgentContactReserved).QueueName))
			offer := bob.task(webexcc.AgentOfferContact).Interaction
			require.Equal(t, webexcctest.EntryReturns, offer.CallProcessingDetails[webexcc.DetailEntryPointID])
			require.False(t, offer.Media[id].IsHold.Is())
			require.Empty(t, offer.Parent(), "it is the contact itself, and not a child")
			ann.wrapUp(id)
		})
	}
}

// What a transfer may not be: 6.2.
func TestTransferRefused(t *testing.T) {
	w := newWorld(t)
	ann, bob, id := consulting(w)
	queue := webexcc.Destination{To: webexcctest.QueueSales, Type: webexcc.ToQueue}
	require.NoError(t, ann.Transfer(t.Context(), id, queue), "while consulting")
	require.Equal(t, "INVALID_STATE", string(ann.task(webexcc.AgentVteamTransferFailed).Reason))
	require.NoError(t, bob.ConsultTransfer(t.Context(), id, webexcc.Destination{To: ann.id, Type: webexcc.ToAgent}), "who is consulted")
	bob.task(webexcc.AgentConsultTransferFailed)
	require.NoError(t, ann.ConsultTransfer(t.Context(), id, webexcc.Destination{To: webexcctest.ChoID, Type: webexcc.ToAgent}), "another agent")
	require.Equal(t, "UNKNOWN_DESTINATION", string(ann.task(webexcc.AgentConsultTransferFailed).Reason))
	require.NoError(t, ann.Conference(t.Context(), id, webexcc.Merger{AgentID: ann.id, Destination: to(bob)}))
	ann.task(webexcc.AgentConsultConferenced)
	require.NoError(t, ann.Transfer(t.Context(), id, queue), "in a conference")
	ann.task(webexcc.AgentVteamTransferFailed)
	var refused *webexcc.Error
	require.ErrorAs(t, ann.ConsultTransfer(t.Context(), id, webexcc.Destination{To: bob.id, Type: "Agent"}), &refused)
	require.Equal(t, 400, refused.Status, "the spelling of notifications")
}

// The target of a blind transfer does not answer: the contact goes to the
// queue, as after any offer.
func TestBlindTransferNotTaken(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	id := ann.call("+15550100").InteractionID
	bob := w.work("bob", "1002")
	require.NoError(t, ann.Transfer(t.Context(), id, to(bob)))
	ann.tasks(webexcc.AgentBlindTransferred, webexcc.AgentWrapup)
	require.NoError(t, w.Phone(id, "bob", "no-answer"))
	bob.tasks(webexcc.AgentContactReserved, webexcc.AgentOfferContact, webexcc.AgentOfferContactRona)
	require.Empty(t, bob.sdk.tasks)
	require.Equal(t, "queued", w.Interactions()[0].State)
	require.NoError(t, w.Customer(id, "hangup", ""))
	ann.wrapUp(id)
	require.Empty(t, w.Interactions())
}

// A number may be given the call while it still rings.
func TestConsultTransferToRingingNumber(t *testing.T) {
	t.Parallel()
	for _, action := range []string{"answer", "busy", "no-answer"} {
		t.Run(action, func(t *testing.T) {
			w := newWorld(t)
			ann := w.work("ann", "1001")
			id := ann.call("+15550100").InteractionID
			number := webexcc.Destination{To: "+15550199", Type: webexcc.ToDialNumber}
			ann.ask(id, number.Type, number.To)
			ann.task(webexcc.AgentConsultCreated)
			require.NoError(t, ann.Conference(t.Context(), id, webexcc.Merger{AgentID: ann.id, Destination: number}), "but not joined")
			ann.task(webexcc.AgentConsultConferenceFailed)
			require.NoError(t, ann.ConsultTransfer(t.Context(), id, number))
			ann.tasks(webexcc.AgentConsultTransferred, webexcc.AgentWrapup)
			ann.wrapUp(id)
			require.NoError(t, w.Phone(id, number.To, action))
			if action == "answer" {
				require.Len(t, w.Interactions(), 1)
				require.NoError(t, w.Phone(id, number.To, "hangup"))
			}
			require.Empty(t, w.Interactions())
		})
	}
}
