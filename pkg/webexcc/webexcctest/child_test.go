package webexcctest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
	"deskbridge/pkg/webexcc/webexcctest"
)

// returns is the entry point that these tests consult.
var returns = webexcc.Destination{To: webexcctest.EntryReturns, Type: webexcc.ToEntryPoint}

const returnsNumber = "+14085550111"

// entryConsulted lets ann consult an entry point behind which bob rings.
func entryConsulted(w *world) (ann, bob *desk, id, child string) {
	w.t.Helper()
	ann = w.work("ann", "1001")
	call, err := w.Call(webexcctest.CallRequest{From: "+15550100", Agent: "ann", CAD: map[string]string{"tier": "gold"}})
	require.NoError(w.t, err)
	ann.tasks(webexcc.AgentContactReserved, webexcc.AgentOfferContact)
	require.NoError(w.t, w.Answer(call, "ann"))
	id = ann.task(webexcc.AgentContactAssigned).InteractionID
	bob = w.work("bob", "1002")
	ann.ask(id, returns.Type, returns.To)
	created := ann.task(webexcc.AgentConsultCreated)
	require.Equal(w.t, webexcc.StateConsult, created.Interaction.State)
	require.True(w.t, created.Interaction.Media[id].IsHold.Is())
	leg, ok := created.Interaction.ConsultMedia()
	require.True(w.t, ok)
	require.Equal(w.t, webexcc.Texts{ann.id, returnsNumber}, leg.Participants)
	entry := created.Interaction.Participants[returnsNumber]
	require.Equal(w.t, []string{webexcc.TypeEpDn, webexcc.PTypeEpDN, webexcctest.EntryReturns}, []string{entry.Type, entry.PType, string(entry.EpID)})
	require.True(w.t, entry.HasJoined.Is(), "an entry point counts as joined at once")
	require.Equal(w.t, webexcc.DestEPDN, string(created.DestinationType))

	reserved := bob.task(webexcc.AgentContactReserved)
	child = reserved.InteractionID
	require.NotEqual(w.t, id, child, "an interaction of its own")
	offer := bob.task(webexcc.AgentOfferContact)
	require.Equal(w.t, webexcc.StateNew, offer.Interaction.State)
	require.Equal(w.t, "Returns", string(offer.QueueName))
	require.Equal(w.t, id, offer.Interaction.Parent())
	require.Equal(w.t, id, string(offer.Interaction.ParentInteractionID))
	require.Equal(w.t, id, offer.Interaction.MainInteractionID)
	require.Contains(w.t, offer.Interaction.Media, child)
	d := offer.Interaction.CallProcessingDetails
	require.Equal(w.t, "1001", d[webexcc.DetailANI], "the colleague calls")
	require.Equal(w.t, "+15550100", d[webexcc.DetailParentANI], "about this customer")
	require.Equal(w.t, "Ann Berger", d[webexcc.DetailParentAgentName])
	require.Equal(w.t, "gold", offer.Interaction.CallAssociatedDetails["tier"])
	require.Equal(w.t, child, created.Interaction.CallProcessingDetails[webexcc.DetailChildInteractionID])
	return ann, bob, id, child
}

// entryAnswered goes on to bob answering.
func entryAnswered(w *world) (ann, bob *desk, id, child string) {
	w.t.Helper()
	ann, bob, id, child = entryConsulted(w)
	require.NoError(w.t, w.Answer(child, "bob"))
	assigned := bob.task(webexcc.AgentContactAssigned)
	require.Equal(w.t, child, assigned.InteractionID)
	require.Equal(w.t, webexcc.StateConnected, assigned.Interaction.State)
	require.Equal(w.t, webexcc.StateConsulting, ann.task(webexcc.AgentConsulting).Interaction.State)
	return ann, bob, id, child
}

func TestEntryPointTransferred(t *testing.T) {
	w := newWorld(t)
	ann, bob, id, child := entryAnswered(w)
	require.NoError(t, ann.ConsultTransfer(t.Context(), id, webexcc.Destination{To: bob.id, Type: webexcc.ToAgent}), "it is the entry point that is consulted")
	require.Equal(t, "UNKNOWN_DESTINATION", string(ann.task(webexcc.AgentConsultTransferFailed).Reason))

	require.NoError(t, ann.ConsultTransfer(t.Context(), id, returns))

	ann.task(webexcc.AgentConsultTransferred)
	require.NotContains(t, ann.task(webexcc.AgentWrapup).Interaction.Participants, returnsNumber)
	merged := bob.task(webexcc.ContactMerged)
	require.Equal(t, child, string(merged.ChildInteractionID))
	require.Equal(t, id, merged.InteractionID)
	mine := bob.task(webexcc.AgentContactAssigned)
	require.Equal(t, webexcc.StateConnected, mine.Interaction.State)
	require.Equal(t, bob.id, string(mine.Owner))
	require.ElementsMatch(t, []string{"+15550100", bob.id}, mine.Interaction.Media[id].Participants)
	require.False(t, mine.Interaction.Media[id].IsHold.Is())
	require.NotContains(t, mine.Interaction.CallProcessingDetails, webexcc.DetailChildInteractionID)
	require.Len(t, w.Interactions(), 1)
	ann.wrapUp(id)
	require.NoError(t, bob.End(t.Context(), id))
	bob.tasks(webexcc.AgentWrapup, webexcc.ContactEnded)
	bob.wrapUp(id)
	require.Empty(t, w.Interactions())
}

func TestEntryPointConferenced(t *testing.T) {
	w := newWorld(t)
	ann, bob, id, child := entryAnswered(w)
	require.NoError(t, ann.Conference(t.Context(), id, webexcc.Merger{AgentID: ann.id, Destination: returns}))
	merged := bob.task(webexcc.ContactMerged)
	require.Equal(t, child, string(merged.ChildInteractionID))
	require.Equal(t, webexcc.StateConference, merged.Interaction.State)
	for _, d := range []*desk{ann, bob} {
		now := d.task(webexcc.AgentConsultConferenced).Interaction
		require.ElementsMatch(t, []string{"+15550100", ann.id, bob.id}, now.Media[id].Participants)
		require.Equal(t, webexcc.Conferencing, string(now.Participants[d.id].ConsultState))
	}
	require.NoError(t, ann.ExitConference(t.Context(), id))
	ann.tasks(webexcc.ParticipantLeftConference, webexcc.AgentWrapup)
	require.Equal(t, webexcc.StateConnected, bob.task(webexcc.ParticipantLeftConference).Interaction.State)
	bob.task(webexcc.ContactOwnerChanged)
	var refused *webexcc.Error
	require.ErrorAs(t, bob.EndConsult(t.Context(), child, ""), &refused)
	require.Equal(t, 404, refused.Status, "the child is no more")
}

// The entry point may be merged before anybody answers: whoever does joins then.
func TestEntryPointMergedBeforeItAnswers(t *testing.T) {
	w := newWorld(t)
	ann, bob, id, child := entryConsulted(w)
	require.NoError(t, ann.Hold(t.Context(), id, id))
	ann.task(webexcc.AgentContactHoldFailed)
	require.NoError(t, ann.Conference(t.Context(), id, webexcc.Merger{AgentID: ann.id, Destination: returns}))
	waiting := ann.task(webexcc.AgentConsultConferenced).Interaction
	require.Contains(t, waiting.Media[id].Participants, returnsNumber)
	require.NoError(t, w.Phone(child, "bob", "no-answer"))
	require.Equal(t, child, bob.task(webexcc.AgentOfferContactRona).InteractionID)
	require.Empty(t, bob.sdk.tasks)
	cho := w.work("cho", "1003")
	cho.tasks(webexcc.AgentContactReserved, webexcc.AgentOfferContact)
	require.NoError(t, w.Answer(child, "cho"))
	cho.task(webexcc.AgentContactAssigned)
	require.Equal(t, child, string(cho.task(webexcc.ContactMerged).ChildInteractionID))
	for _, d := range []*desk{ann, cho} {
		joined := d.task(webexcc.ParticipantJoinedConference)
		require.Equal(t, cho.id, string(joined.ParticipantID))
		require.ElementsMatch(t, []string{"+15550100", ann.id, cho.id}, joined.Interaction.Media[id].Participants)
	}
	require.Zero(t, w.clock.waiting())
}

func TestEntryPointTransferredBeforeItAnswers(t *testing.T) {
	w := newWorld(t)
	ann, bob, id, child := entryConsulted(w)
	require.NoError(t, ann.ConsultTransfer(t.Context(), id, returns))
	ann.tasks(webexcc.AgentConsultTransferred, webexcc.AgentWrapup)
	ann.wrapUp(id)
	require.NoError(t, w.Answer(child, "bob"))
	bob.tasks(webexcc.AgentContactAssigned, webexcc.ContactMerged)
	mine := bob.task(webexcc.AgentContactAssigned)
	require.Equal(t, id, mine.InteractionID)
	require.Equal(t, bob.id, string(mine.Owner))
	require.Equal(t, webexcc.StateConnected, mine.Interaction.State)
}

// However the consult ends, the child ends with it, without a wrap-up.
func TestEntryPointConsultEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]struct {
		do       func(w *world, ann, bob *desk, id, child string) error
		answered bool
		gone     bool // The customer too.
	}{
		"by who consults":       {func(_ *world, ann, _ *desk, id, _ string) error { return ann.EndConsult(ann.t.Context(), id, "") }, true, false},
		"by who is consulted":   {func(_ *world, _, bob *desk, _, child string) error { return bob.EndConsult(bob.t.Context(), child, "") }, true, false},
		"by the phone":          {func(w *world, _, _ *desk, _, child string) error { return w.Phone(child, "bob", "hangup") }, true, false},
		"while it rings":        {func(_ *world, ann, _ *desk, id, _ string) error { return ann.EndConsult(ann.t.Context(), id, "") }, false, false},
		"by the customer":       {func(w *world, _, _ *desk, id, _ string) error { return w.Customer(id, "hangup", "") }, true, true},
		"customer, as it rings": {func(w *world, _, _ *desk, id, _ string) error { return w.Customer(id, "hangup", "") }, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			begin := entryConsulted
			if end.answered {
				begin = entryAnswered
			}
			ann, bob, id, child := begin(w)
			require.ErrorIs(t, w.Customer(child, "hangup", ""), webexcctest.ErrState, "its caller is ann")

			require.NoError(t, end.do(w, ann, bob, id, child))

			over := bob.task(webexcc.ContactEnded)
			require.Equal(t, child, over.InteractionID)
			require.Empty(t, over.AgentsPendingWrapUp)
			require.True(t, over.Interaction.IsTerminated.Is())
			require.Empty(t, bob.sdk.tasks)
			if end.gone {
				ann.tasks(webexcc.ContactEnded, webexcc.AgentWrapup)
			} else {
				back := ann.task(webexcc.AgentConsultEnded).Interaction
				require.Equal(t, webexcc.StateHold, back.State)
				require.NotContains(t, back.Participants, returnsNumber)
				require.NotContains(t, back.CallProcessingDetails, webexcc.DetailChildInteractionID)
				require.NoError(t, w.Customer(id, "hangup", ""))
				ann.tasks(webexcc.ContactEnded, webexcc.AgentWrapup)
			}
			ann.wrapUp(id)
			require.Empty(t, w.Interactions())
			require.Zero(t, w.clock.waiting())
		})
	}
}

// The agent behind an entry point can leave, and nothing else: 6.2.
func TestChildIsOnlyConsulted(t *testing.T) {
	w := newWorld(t)
	_, bob, _, child := entryAnswered(w)
	for failure, command := range map[string]func() error{
		webexcc.AgentContactHoldFailed:      func() error { return bob.Hold(t.Context(), child, child) },
		webexcc.ContactRecordingPauseFailed: func() error { return bob.PauseRecording(t.Context(), child) },
		webexcc.AgentContactEndFailed:       func() error { return bob.End(t.Context(), child) },
		webexcc.AgentBlindTransferFailed:    func() error { return bob.Transfer(t.Context(), child, returns) },
		webexcc.AgentConsultFailed:          func() error { return bob.Consult(t.Context(), child, webexcc.Consultation{Destination: returns}) },
	} {
		require.NoError(t, command())
		require.Equal(t, "INVALID_STATE", string(bob.task(failure).Reason))
	}
	require.NoError(t, bob.Reload(t.Context()))
	again := bob.task(webexcc.AgentContact)
	require.Equal(t, child, again.InteractionID)
	require.NotEmpty(t, again.Interaction.Parent())
}

// Nobody answers: the child waits in its queue, and is offered on.
func TestEntryPointIsOfferedOn(t *testing.T) {
	w := newWorld(t)
	ann, bob, id, child := entryConsulted(w)
	w.clock.pass(18 * time.Second)
	require.Equal(t, webexcc.ReasonRonaExpired, string(bob.task(webexcc.AgentOfferContactRona).Reason))
	infos := w.Interactions()
	require.Equal(t, []string{"consult", "queued"}, []string{infos[0].State, infos[1].State})
	require.Equal(t, returnsNumber, infos[0].Consulted)
	require.Equal(t, id, infos[1].Parent)
	cho := w.work("cho", "1003")
	require.Equal(t, child, cho.task(webexcc.AgentContactReserved).InteractionID)
	cho.task(webexcc.AgentOfferContact)
	require.NoError(t, w.Answer(child, "cho"))
	cho.task(webexcc.AgentContactAssigned)
	ann.task(webexcc.AgentConsulting)
	require.NoError(t, ann.Unhold(t.Context(), id, id))
	swapped := ann.task(webexcc.AgentContactUnheld).Interaction
	leg, _ := swapped.ConsultMedia()
	require.True(t, leg.IsHold.Is())
	require.False(t, swapped.Media[id].IsHold.Is())
}
