package webexcctest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
	"deskbridge/pkg/webexcc/webexcctest"
)

func TestInbound(t *testing.T) {
	w := newWorld(t)
	ann := w.connect("ann")
	id, err := w.Call(webexcctest.CallRequest{From: "+15550100", To: "+15559999", Queue: "billing", CAD: map[string]string{"accountTier": "gold"}, RonaTimeout: 7})
	require.NoError(t, err)
	require.Equal(t, "queued", w.Interactions()[0].State)

	require.NoError(t, ann.LogIn(t.Context(), webexcc.Login{DialNumber: "1001", TeamID: webexcctest.TeamID, DeviceType: webexcc.DeviceExtension}))
	login := until[webexcc.StationLogin](ann, nil)
	require.Equal(t, webexcc.Idle, login.Data.SubStatus)
	require.Equal(t, webexcc.DeviceExtension, string(login.Data.DeviceType))
	require.Contains(t, string(login.Data.ChannelsMap), "telephony")
	require.Equal(t, "1001", until[webexcc.DNRegistered](ann, nil).DN)
	ann.available()

	reserved := ann.task(webexcc.AgentContactReserved)
	require.Equal(t, id, reserved.InteractionID)
	require.Equal(t, webexcc.StateNew, reserved.Interaction.State)
	offer := ann.task(webexcc.AgentOfferContact)
	require.EqualValues(t, 7, offer.RonaTimeout)
	require.Equal(t, "Billing", string(offer.QueueName))
	require.Equal(t, "+15550100", offer.Interaction.CallProcessingDetails[webexcc.DetailANI])
	require.Equal(t, "+15559999", offer.Interaction.CallProcessingDetails[webexcc.DetailDNIS])
	require.Equal(t, "gold", string(offer.Interaction.CallAssociatedData["accountTier"].Value))
	require.False(t, offer.Interaction.Participants[ann.id].HasJoined.Is())

	require.ErrorIs(t, w.Answer(id, "bob"), webexcctest.ErrState)
	require.ErrorIs(t, w.Answer(id, "zoe"), webexcctest.ErrUnknown)
	require.NoError(t, w.Answer(id, "ann"))
	assigned := ann.task(webexcc.AgentContactAssigned)
	require.Equal(t, webexcc.StateConnected, assigned.Interaction.State)
	require.True(t, assigned.Interaction.Participants[ann.id].HasJoined.Is())
	media, ok := assigned.Interaction.MainMedia()
	require.True(t, ok)
	require.ElementsMatch(t, []string{"+15550100", ann.id}, media.Participants)
	require.Equal(t, id, string(assigned.MediaResourceID))
	require.Equal(t, []string{id}, w.Agents()[0].Interactions)
	require.Zero(t, w.clock.waiting(), "the RONA timer must be stopped")
}

func TestHoldRecordEndWrapUp(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	call := ann.call("+15550100")
	id, media := call.InteractionID, string(call.MediaResourceID)

	require.NoError(t, ann.Hold(t.Context(), id, media))
	held := ann.task(webexcc.AgentContactHeld)
	require.Equal(t, webexcc.StateHold, held.Interaction.State)
	require.True(t, held.Interaction.Media[media].IsHold.Is())

	require.NoError(t, ann.End(t.Context(), id), "taken, and then refused")
	failed := ann.task(webexcc.AgentContactEndFailed)
	require.NotEmpty(t, failed.Reason)
	require.NoError(t, ann.Hold(t.Context(), id, media))
	ann.task(webexcc.AgentContactHoldFailed)

	require.NoError(t, ann.Unhold(t.Context(), id, media))
	require.False(t, ann.task(webexcc.AgentContactUnheld).Interaction.Media[media].IsHold.Is())
	require.NoError(t, ann.Unhold(t.Context(), id, media))
	ann.task(webexcc.AgentContactUnHoldFailed)

	require.NoError(t, ann.PauseRecording(t.Context(), id))
	paused := ann.task(webexcc.ContactRecordingPaused).Interaction.CallProcessingDetails
	require.Equal(t, "true", paused[webexcc.DetailIsPaused])
	require.Equal(t, "false", paused[webexcc.DetailRecordInProgress])
	require.NoError(t, ann.ResumeRecording(t.Context(), id, false))
	require.Equal(t, "true", ann.task(webexcc.ContactRecordingResumed).Interaction.CallProcessingDetails[webexcc.DetailRecordInProgress])

	require.NoError(t, ann.SetState(t.Context(), webexcc.StateChange{State: webexcc.Idle, AuxCodeID: webexcctest.CodeLunch, AgentID: ann.id}))
	require.NoError(t, ann.End(t.Context(), id))
	wrapUp := ann.task(webexcc.AgentWrapup)
	require.Equal(t, webexcc.StateWrapUp, wrapUp.Interaction.State)
	require.True(t, wrapUp.Interaction.Participants[ann.id].IsWrapUp.Is())
	require.Equal(t, webexcc.Texts{ann.id}, ann.task(webexcc.ContactEnded).AgentsPendingWrapUp)
	require.Equal(t, webexcc.Available, w.Agents()[0].State, "the wish waits for the wrap-up")

	ann.wrapUp(id)
	idle := until[webexcc.AgentStateChange](ann, nil)
	require.Equal(t, webexcctest.CodeLunch, string(idle.Data.AuxCodeID))
	require.Empty(t, w.Interactions())
	var refused *webexcc.Error
	require.ErrorAs(t, ann.End(t.Context(), id), &refused)
	require.Equal(t, 404, refused.Status)
}

func TestCustomerHangsUp(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	id, err := w.Call(webexcctest.CallRequest{From: "+15550100"})
	require.NoError(t, err)
	ann.task(webexcc.AgentContactReserved)
	ann.task(webexcc.AgentOfferContact)
	require.NoError(t, w.Customer(id, "hangup", ""))
	ended := ann.task(webexcc.ContactEnded)
	require.True(t, ended.Interaction.IsTerminated.Is())
	require.Empty(t, ended.AgentsPendingWrapUp)

	id = ann.call("+15550101").InteractionID
	require.NoError(t, w.Customer(id, "hangup", ""))
	require.Equal(t, webexcc.Texts{ann.id}, ann.task(webexcc.ContactEnded).AgentsPendingWrapUp)
	ann.task(webexcc.AgentWrapup)
	ann.wrapUp(id)
	require.Zero(t, w.clock.waiting())
}

func TestRonaOffersToTheNext(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	bob := w.work("bob", "1002")
	id, err := w.Call(webexcctest.CallRequest{From: "+15550100", RonaTimeout: 5})
	require.NoError(t, err)
	ann.task(webexcc.AgentContactReserved)
	ann.task(webexcc.AgentOfferContact)

	w.clock.pass(4 * time.Second)
	require.Equal(t, "ann", w.Interactions()[0].Agent)
	w.clock.pass(time.Second)
	rona := ann.task(webexcc.AgentOfferContactRona)
	require.Equal(t, webexcc.ReasonRonaExpired, string(rona.Reason))
	require.Equal(t, webexcc.StateNew, rona.Interaction.State)
	idle := until[webexcc.AgentStateChange](ann, nil)
	require.Equal(t, webexcctest.CodeRona, string(idle.Data.AuxCodeID))

	require.Equal(t, id, bob.task(webexcc.AgentContactReserved).InteractionID)
	offer := bob.task(webexcc.AgentOfferContact)
	require.EqualValues(t, 18, offer.RonaTimeout)
	require.NotContains(t, offer.Interaction.Participants, ann.id)
	require.NoError(t, w.Answer(id, bob.id))
	bob.task(webexcc.AgentContactAssigned)
}

func TestLongestAvailableIsNext(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	w.work("bob", "1002")
	id := ann.call("+15550100").InteractionID
	require.NoError(t, w.Customer(id, "hangup", ""))
	ann.task(webexcc.ContactEnded)
	ann.task(webexcc.AgentWrapup)
	ann.wrapUp(id)
	_, err := w.Call(webexcctest.CallRequest{From: "+15550101"})
	require.NoError(t, err)
	require.Equal(t, "bob", w.Interactions()[0].Agent)
	_, err = w.Call(webexcctest.CallRequest{From: "+15550102", Agent: "bob"})
	require.NoError(t, err)
	require.Equal(t, "queued", w.Interactions()[1].State, "it is for bob, who is busy")
}

func TestOutdial(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	order := webexcc.Outdial{Destination: "+15550123", Origin: webexcctest.OtherANI, EntryPointID: webexcctest.EntryPointID, Attributes: map[string]string{"dbKey": "k-1"}}
	require.NoError(t, ann.Outdial(t.Context(), order))
	id := ann.task(webexcc.AgentContactReserved).InteractionID
	offer := ann.task(webexcc.AgentOfferContact).Interaction
	require.Equal(t, webexcc.Outbound, offer.ContactDirection.Type)
	require.Equal(t, webexcc.OutboundOutdial, string(offer.OutboundType))
	require.Equal(t, ann.id, offer.CallProcessingDetails[webexcc.DetailOutdialAgentID])
	require.Equal(t, "k-1", offer.CallAssociatedDetails["dbKey"])
	require.Equal(t, "k-1", string(offer.CallAssociatedData["dbKey"].Value))
	require.Equal(t, webexcc.False, offer.Participants["+15550123"].HasJoined)

	require.ErrorIs(t, w.Customer(id, "answer", ""), webexcctest.ErrState, "the customer's phone does not ring yet")
	require.NoError(t, w.Answer(id, "ann"))
	require.Equal(t, webexcc.False, ann.task(webexcc.AgentContactAssigned).Interaction.Participants["+15550123"].HasJoined)
	require.NoError(t, ann.Hold(t.Context(), id, id))
	ann.task(webexcc.AgentContactHoldFailed)
	require.NoError(t, w.Customer(id, "answer", ""))
	require.True(t, ann.task(webexcc.ContactUpdated).Interaction.Participants["+15550123"].HasJoined.Is())
	require.NoError(t, ann.End(t.Context(), id))
	ann.task(webexcc.AgentWrapup)
	ann.task(webexcc.ContactEnded)
	ann.wrapUp(id)
}

func TestOutdialNotReached(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	dial := func() string {
		t.Helper()
		require.NoError(t, ann.Outdial(t.Context(), webexcc.Outdial{Destination: "+15550123", EntryPointID: webexcctest.EntryPointID}))
		id := ann.task(webexcc.AgentContactReserved).InteractionID
		ann.task(webexcc.AgentOfferContact)
		return id
	}
	id := dial()
	require.NoError(t, w.Answer(id, "ann"))
	ann.task(webexcc.AgentContactAssigned)
	require.NoError(t, w.Customer(id, "busy", ""))
	require.Equal(t, "CUSTOMER_BUSY", string(ann.task(webexcc.AgentOutboundFailed).Reason))
	ann.task(webexcc.AgentWrapup)
	require.Equal(t, webexcc.Texts{ann.id}, ann.task(webexcc.ContactEnded).AgentsPendingWrapUp)
	ann.wrapUp(id)

	id = dial()
	require.NoError(t, w.Customer(id, "no-answer", ""))
	require.Equal(t, "NO_ANSWER", string(ann.task(webexcc.AgentOutboundFailed).Reason))
	require.Empty(t, ann.task(webexcc.ContactEnded).AgentsPendingWrapUp)

	id = dial()
	require.NoError(t, ann.End(t.Context(), id))
	require.Empty(t, ann.task(webexcc.ContactEnded).AgentsPendingWrapUp)

	dial()
	w.clock.pass(18 * time.Second)
	require.Equal(t, webexcc.ReasonRonaExpired, string(ann.task(webexcc.AgentOutboundFailed).Reason))
	ann.task(webexcc.ContactEnded)
	require.Empty(t, w.Interactions())
	require.Zero(t, w.clock.waiting())

	for _, o := range []webexcc.Outdial{
		{Destination: "not-a-number", EntryPointID: webexcctest.EntryPointID},
		{Destination: "+15550123", EntryPointID: "other"},
		{Destination: "+15550123", EntryPointID: webexcctest.EntryPointID, Origin: "+1999"},
	} {
		var refused *webexcc.Error
		require.ErrorAs(t, ann.Outdial(t.Context(), o), &refused)
		require.Equal(t, 400, refused.Status)
	}
}

func TestDigital(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	voice := ann.call("+15550100").InteractionID
	id, err := w.Chat(webexcctest.CallRequest{From: "pat@example.test", Text: "Hello"})
	require.NoError(t, err)
	offer := ann.task(webexcc.AgentContactReserved)
	require.Equal(t, "chat", offer.Interaction.MediaType)
	ann.task(webexcc.AgentOfferContact)
	require.NoError(t, ann.Accept(t.Context(), id))
	ann.task(webexcc.AgentContactAssigned)
	require.NoError(t, ann.Accept(t.Context(), voice))
	ann.task(webexcc.AgentContactAssignFailed)
	require.NoError(t, w.Customer(id, "message", "Are you there?"))
	require.Equal(t, "Are you there?", ann.task(webexcc.ContactUpdated).Interaction.CallProcessingDetails["text"])
	require.NoError(t, ann.End(t.Context(), id))
	ann.task(webexcc.AgentWrapup)
	ann.task(webexcc.ContactEnded)
	ann.wrapUp(id)

	id, err = w.Email(webexcctest.CallRequest{From: "pat@example.test", Subject: "Bill", Text: "Why?"})
	require.NoError(t, err)
	ann.task(webexcc.AgentContactReserved)
	require.Equal(t, "Bill", ann.task(webexcc.AgentOfferContact).Interaction.CallProcessingDetails["subject"])
	require.NoError(t, w.Customer(id, "hangup", ""))
	ann.task(webexcc.ContactEnded)
}
