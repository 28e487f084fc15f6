package webexcctest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
)

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

// conferenced brings ann, bob and a customer into one call, which ann owns.
func conferenced(w *world) (ann, bob *desk, id string) {
	w.t.Helper()
	ann, bob, id = consulting(w)
	require.NoError(w.t, ann.Conference(w.t.Context(), id, webexcc.Merger{AgentID: ann.id, Destination: to(bob)}))
	ann.task(webexcc.AgentConsultConferenced)
	bob.task(webexcc.AgentConsultConferenced)
	return ann, bob, id
}

// thirdConsulted goes on to bob consulting cho, who has answered.
func thirdConsulted(w *world) (ann, bob, cho *desk, id string) {
	w.t.Helper()
	ann, bob, id = conferenced(w)
	cho = w.work("cho", "1003")
	bob.ask(id, webexcc.ToAgent, cho.id)
	created := bob.task(webexcc.AgentConsultCreated)
	require.Equal(w.t, webexcc.StateConsult, created.Interaction.State)
	require.True(w.t, created.Interaction.Media[id].IsHold.Is())
	seen := ann.task(webexcc.ContactUpdated)
	require.Equal(w.t, webexcc.StateConference, seen.Interaction.State, "for the others it is a conference still")
	require.Equal(w.t, webexcc.Conferencing, string(seen.Interaction.Participants[ann.id].ConsultState))
	_, ok := seen.Interaction.ConsultMedia()
	require.True(w.t, ok, "they see that somebody consults")
	cho.tasks(webexcc.AgentContactReserved, webexcc.AgentOfferConsult)
	require.NoError(w.t, w.Answer(id, "cho"))
	require.Equal(w.t, webexcc.StateConsulting, bob.task(webexcc.AgentConsulting).Interaction.State)
	require.Equal(w.t, webexcc.StateConsulting, cho.task(webexcc.AgentConsulting).Interaction.State)
	require.Equal(w.t, webexcc.StateConference, ann.task(webexcc.ContactUpdated).Interaction.State)
	return ann, bob, cho, id
}

// three makes a conference of ann, bob and cho.
func three(w *world) (ann, bob, cho *desk, id string) {
	w.t.Helper()
	ann, bob, cho, id = thirdConsulted(w)
	require.NoError(w.t, bob.Conference(w.t.Context(), id, webexcc.Merger{AgentID: bob.id, Destination: to(cho)}))
	require.Equal(w.t, cho.id, string(ann.task(webexcc.ParticipantJoinedConference).ParticipantID))
	for _, d := range []*desk{bob, cho} {
		now := d.task(webexcc.AgentConsultConferenced).Interaction
		require.Equal(w.t, webexcc.StateConference, now.State)
		require.ElementsMatch(w.t, []string{"+15550100", ann.id, bob.id, cho.id}, now.Media[id].Participants)
		require.False(w.t, now.Media[id].IsHold.Is())
		_, ok := now.ConsultMedia()
		require.False(w.t, ok)
	}
	return ann, bob, cho, id
}

// One after the other leaves: ownership moves on, and the last two talk in a
// plain call.
func TestThreeLeaveOneByOne(t *testing.T) {
	w := newWorld(t)
	ann, bob, cho, id := three(w)

	require.NoError(t, ann.ExitConference(t.Context(), id))
	require.Equal(t, ann.id, string(ann.task(webexcc.ParticipantLeftConference).ParticipantID))
	ann.task(webexcc.AgentWrapup)
	for _, d := range []*desk{bob, cho} {
		left := d.task(webexcc.ParticipantLeftConference)
		require.Equal(t, webexcc.StateConference, left.Interaction.State)
		require.Equal(t, bob.id, string(left.Owner))
		require.Equal(t, bob.id, string(d.task(webexcc.ContactOwnerChanged).Owner))
	}

	require.NoError(t, cho.ExitConference(t.Context(), id), "a guest leaves without a wrap-up")
	cho.task(webexcc.ParticipantLeftConference)
	require.Empty(t, cho.sdk.tasks)
	alone := bob.task(webexcc.ParticipantLeftConference).Interaction
	require.Equal(t, webexcc.StateConnected, alone.State)
	require.Equal(t, "false", alone.CallProcessingDetails[webexcc.DetailIsConferencing])
	require.Empty(t, alone.Participants[bob.id].ConsultState)
	require.NoError(t, bob.ExitConference(t.Context(), id), "there is none any more")
	bob.task(webexcc.ParticipantLeftConferenceFailed)
	require.NoError(t, bob.Hold(t.Context(), id, id))
	require.Equal(t, webexcc.StateHold, bob.task(webexcc.AgentContactHeld).Interaction.State)
	require.NoError(t, bob.Unhold(t.Context(), id, id))
	bob.task(webexcc.AgentContactUnheld)
	require.NoError(t, bob.End(t.Context(), id))
	bob.tasks(webexcc.AgentWrapup, webexcc.ContactEnded)
	ann.wrapUp(id)
	bob.wrapUp(id)
	require.Empty(t, w.Interactions())
}

// A consult from a conference that ends leaves the conference as it was.
func TestConsultFromConferenceEnds(t *testing.T) {
	w := newWorld(t)
	ann, bob, cho, id := thirdConsulted(w)
	require.NoError(t, ann.Consult(t.Context(), id, webexcc.Consultation{Destination: to(cho)}), "one at a time")
	require.Equal(t, "INVALID_STATE", string(ann.task(webexcc.AgentConsultFailed).Reason))
	require.NoError(t, bob.ExitConference(t.Context(), id))
	bob.task(webexcc.ParticipantLeftConferenceFailed)
	require.NoError(t, ann.End(t.Context(), id))
	ann.task(webexcc.AgentContactEndFailed)

	require.NoError(t, bob.EndConsult(t.Context(), id, ""))
	back := bob.task(webexcc.AgentConsultEnded).Interaction
	require.Equal(t, webexcc.StateConference, back.State)
	require.Equal(t, webexcc.Conferencing, string(back.Participants[bob.id].ConsultState))
	require.True(t, back.Media[id].IsHold.Is(), "the others wait until they are taken back")
	cho.task(webexcc.AgentConsultEnded)
	require.Empty(t, cho.sdk.tasks)
	ann.task(webexcc.ContactUpdated)
	require.NoError(t, bob.Unhold(t.Context(), id, id))
	for _, d := range []*desk{ann, bob} {
		now := d.task(webexcc.AgentContactUnheld).Interaction
		require.Equal(t, webexcc.StateConference, now.State)
		require.False(t, now.Media[id].IsHold.Is())
	}
	require.NoError(t, ann.End(t.Context(), id))
	ann.tasks(webexcc.AgentWrapup, webexcc.ContactEnded)
	bob.tasks(webexcc.AgentConsultConferenceEnded, webexcc.ContactEnded)
}

// The others may go on talking while one of them consults.
func TestConsultFromConferenceLetsTheOthersTalk(t *testing.T) {
	w := newWorld(t)
	ann, bob, id := conferenced(w)
	cho := w.work("cho", "1003")
	require.NoError(t, ann.Consult(t.Context(), id, webexcc.Consultation{Destination: to(cho)}))
	require.False(t, ann.task(webexcc.AgentConsultCreated).Interaction.Media[id].IsHold.Is())
	require.False(t, bob.task(webexcc.ContactUpdated).Interaction.Media[id].IsHold.Is())
	require.NoError(t, w.Phone(id, "cho", "decline"))
	ann.tasks(webexcc.AgentConsultFailed)
	require.Equal(t, webexcc.StateConference, ann.task(webexcc.AgentConsultEnded).Interaction.State)
}

// Who consults from a conference may hand his or her place over.
func TestTransferConference(t *testing.T) {
	w := newWorld(t)
	ann, bob, id := conferenced(w)
	cho := w.work("cho", "1003")
	ann.ask(id, webexcc.ToAgent, cho.id)
	ann.task(webexcc.AgentConsultCreated)
	bob.task(webexcc.ContactUpdated)
	require.NoError(t, ann.TransferConference(t.Context(), id), "nobody has answered")
	ann.task(webexcc.AgentConferenceTransferFailed)
	require.NoError(t, w.Answer(id, "cho"))
	ann.task(webexcc.AgentConsulting)
	bob.task(webexcc.ContactUpdated)

	require.NoError(t, ann.TransferConference(t.Context(), id))

	require.Equal(t, ann.id, string(ann.task(webexcc.ParticipantLeftConference).ParticipantID))
	require.Equal(t, webexcc.StateWrapUp, ann.task(webexcc.AgentWrapup).Interaction.State)
	cho.tasks(webexcc.AgentContactReserved, webexcc.AgentOfferConsult, webexcc.AgentConsulting)
	for _, d := range []*desk{bob, cho} {
		require.Equal(t, cho.id, string(d.task(webexcc.ParticipantJoinedConference).ParticipantID))
		left := d.task(webexcc.ParticipantLeftConference)
		require.Equal(t, ann.id, string(left.ParticipantID))
		require.Equal(t, webexcc.StateConference, left.Interaction.State)
		require.ElementsMatch(t, []string{"+15550100", bob.id, cho.id}, left.Interaction.Media[id].Participants)
		require.Equal(t, cho.id, string(d.task(webexcc.ContactOwnerChanged).Owner), "who was consulted owns it now")
	}
	ann.wrapUp(id)
	require.NoError(t, bob.TransferConference(t.Context(), id), "without a consult it is an exit")
	bob.task(webexcc.ParticipantLeftConference)
	require.Equal(t, webexcc.StateConnected, cho.task(webexcc.ParticipantLeftConference).Interaction.State)
	require.NoError(t, cho.TransferConference(t.Context(), id))
	cho.task(webexcc.AgentConferenceTransferFailed)
}

// consult/transfer does the same from a conference.
func TestConsultTransferFromConference(t *testing.T) {
	w := newWorld(t)
	ann, bob, cho, id := thirdConsulted(w)
	require.NoError(t, bob.ConsultTransfer(t.Context(), id, to(cho)))
	bob.task(webexcc.AgentConsultTransferred)
	bob.task(webexcc.ParticipantLeftConference)
	require.Empty(t, bob.sdk.tasks, "a guest does not wrap up")
	for _, d := range []*desk{ann, cho} {
		d.task(webexcc.ParticipantJoinedConference)
		require.Equal(t, ann.id, string(d.task(webexcc.ParticipantLeftConference).Owner))
	}
}

// Seven may talk with a customer, an eighth may not.
func TestConferenceIsFull(t *testing.T) {
	w := newWorld(t)
	ann, bob, id := conferenced(w)
	for n := range 5 {
		number := webexcc.Destination{To: fmt.Sprint("+1555019", n), Type: webexcc.ToDialNumber}
		ann.ask(id, number.Type, number.To)
		ann.task(webexcc.AgentConsultCreated)
		require.NoError(t, w.Phone(id, number.To, "answer"))
		ann.task(webexcc.AgentConsulting)
		ann.ask(id, webexcc.ToAgent, bob.id)
		require.Equal(t, "INVALID_STATE", string(ann.task(webexcc.AgentConsultFailed).Reason))
		require.NoError(t, ann.Conference(t.Context(), id, webexcc.Merger{AgentID: ann.id, Destination: number}))
		ann.task(webexcc.AgentConsultConferenced)
	}
	ann.ask(id, webexcc.ToDialNumber, "+15550180")
	require.Equal(t, "CONFERENCE_IS_FULL", string(ann.task(webexcc.AgentConsultFailed).Reason))
	require.NoError(t, ann.DropParticipant(t.Context(), id, "+15550192"))
	require.Len(t, ann.task(webexcc.ParticipantLeftConference).Interaction.Media[id].Participants, 7)
	require.NoError(t, w.Phone(id, "+15550191", "hangup"))
	require.Equal(t, "+15550191", string(ann.task(webexcc.ParticipantLeftConference).ParticipantID))
	ann.ask(id, webexcc.ToDialNumber, "+15550190")
	require.Equal(t, "AGENT_UNAVAILABLE", string(ann.task(webexcc.AgentConsultFailed).Reason), "it is here already")
	for _, party := range []string{"+15550192", "+15550100", ann.id, "nobody"} {
		require.NoError(t, ann.DropParticipant(t.Context(), id, party))
		ann.task(webexcc.ParticipantDropConferenceFailed)
	}
	until(bob, func(n webexcc.Task) bool {
		return n.Type == webexcc.ParticipantLeftConference && n.Data.ParticipantID == "+15550191"
	})
	require.NoError(t, bob.DropParticipant(t.Context(), id, "+15550190"), "only the owner may")
	bob.task(webexcc.ParticipantDropConferenceFailed)
}

// Whoever leaves and however: phones, and the customer while somebody consults.
func TestPhonesLeaveConference(t *testing.T) {
	w := newWorld(t)
	ann, bob, cho, id := thirdConsulted(w)
	require.NoError(t, w.Phone(id, "ann", "hangup"), "the owner, whom nobody consults")
	ann.tasks(webexcc.ParticipantLeftConference, webexcc.AgentWrapup)
	now := bob.task(webexcc.ParticipantLeftConference).Interaction
	require.Equal(t, webexcc.StateConsulting, now.State, "bob goes on consulting, in a plain call of his own")
	require.Equal(t, bob.id, string(now.Owner))
	bob.task(webexcc.ContactOwnerChanged)
	cho.tasks(webexcc.ParticipantLeftConference, webexcc.ContactOwnerChanged)
	require.NoError(t, bob.EndConsult(t.Context(), id, ""))
	require.Equal(t, webexcc.StateHold, bob.task(webexcc.AgentConsultEnded).Interaction.State)
	cho.task(webexcc.AgentConsultEnded)
	bob.ask(id, webexcc.ToAgent, cho.id)
	bob.task(webexcc.AgentConsultCreated)
	require.NoError(t, w.Customer(id, "hangup", ""))
	bob.tasks(webexcc.ContactEnded, webexcc.AgentWrapup)
	ann.wrapUp(id)
	bob.wrapUp(id)
	require.Empty(t, w.Interactions())
	require.Zero(t, w.clock.waiting())
}

func TestInitiatorsPhoneLeavesConference(t *testing.T) {
	w := newWorld(t)
	ann, bob, cho, id := thirdConsulted(w)
	require.NoError(t, w.Phone(id, "bob", "hangup"))
	bob.tasks(webexcc.AgentConsultEnded, webexcc.ParticipantLeftConference)
	require.Empty(t, bob.sdk.tasks)
	cho.task(webexcc.AgentConsultEnded)
	ann.task(webexcc.ContactUpdated)
	require.Equal(t, webexcc.StateHold, ann.task(webexcc.ParticipantLeftConference).Interaction.State)
}

// The customer leaves a conference of three in which one consults a fourth.
func TestCustomerLeavesConsultingConference(t *testing.T) {
	w := newWorld(t)
	ann, bob, cho, id := three(w)
	dee := w.work("dee", "1004")
	cho.ask(id, webexcc.ToAgent, dee.id)
	cho.task(webexcc.AgentConsultCreated)
	dee.tasks(webexcc.AgentContactReserved, webexcc.AgentOfferConsult)
	require.NoError(t, w.Customer(id, "hangup", ""))
	require.Equal(t, webexcc.Texts{ann.id}, until(ann, func(n webexcc.Task) bool { return n.Type == webexcc.ContactEnded }).Data.AgentsPendingWrapUp)
	ann.task(webexcc.AgentWrapup)
	for _, d := range []*desk{bob, cho, dee} {
		until(d, func(n webexcc.Task) bool { return n.Type == webexcc.ContactEnded })
	}
	require.Empty(t, dee.sdk.tasks)
	ann.wrapUp(id)
	require.Empty(t, w.Interactions())
	for _, a := range w.Agents() {
		require.Empty(t, a.Interactions)
	}
}

// Recording, hold and end in a conference: the owner ends it for everybody.
func TestControlsOfConference(t *testing.T) {
	w := newWorld(t)
	ann, bob, id := conferenced(w)
	both := func(event string) webexcc.Interaction {
		t.Helper()
		ann.task(event)
		return bob.task(event).Interaction
	}
	require.NoError(t, bob.PauseRecording(t.Context(), id))
	require.Equal(t, "true", both(webexcc.ContactRecordingPaused).CallProcessingDetails[webexcc.DetailIsPaused])
	require.NoError(t, ann.ResumeRecording(t.Context(), id, false))
	both(webexcc.ContactRecordingResumed)
	require.NoError(t, ann.Hold(t.Context(), id, id))
	held := both(webexcc.AgentContactHeld)
	require.Equal(t, webexcc.StateConference, held.State)
	require.True(t, held.Media[id].IsHold.Is())
	require.NoError(t, ann.End(t.Context(), id))
	require.Equal(t, "CONTACT_ON_HOLD", string(ann.task(webexcc.AgentContactEndFailed).Reason))
	require.NoError(t, ann.Unhold(t.Context(), id, id))
	both(webexcc.AgentContactUnheld)
	require.NoError(t, bob.End(t.Context(), id), "a guest may only leave")
	bob.task(webexcc.AgentContactEndFailed)
	require.NoError(t, ann.End(t.Context(), id))
	ann.tasks(webexcc.AgentWrapup, webexcc.ContactEnded)
	bob.tasks(webexcc.AgentConsultConferenceEnded, webexcc.ContactEnded)
	require.Empty(t, bob.sdk.tasks)
}
