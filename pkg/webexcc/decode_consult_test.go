package webexcc_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
)

// Every failure of a task command tells why, whatever its reason code is, and
// with or without the interaction.
func TestFailuresTellWhy(t *testing.T) {
	t.Parallel()
	for _, typ := range []string{
		webexcc.AgentContactAssignFailed, webexcc.AgentInviteFailed, webexcc.AgentOutboundFailed,
		webexcc.AgentContactHoldFailed, webexcc.AgentContactUnHoldFailed,
		webexcc.ContactRecordingPauseFailed, webexcc.ContactRecordingResumeFailed,
		webexcc.AgentConsultFailed, webexcc.AgentConsultEndFailed, webexcc.AgentCtqFailed, webexcc.AgentCtqCancelFailed,
		webexcc.AgentConsultConferenceFailed, webexcc.AgentConsultConferenceEndFailed, webexcc.ParticipantLeftConferenceFailed,
		webexcc.ParticipantDropConferenceFailed, webexcc.AgentConferenceTransferFailed,
		webexcc.AgentBlindTransferFailed, webexcc.AgentVteamTransferFailed, webexcc.AgentConsultTransferFailed,
		webexcc.AgentWrapupFailed, webexcc.AgentContactEndFailed, webexcc.ContactUpdateFailed, webexcc.ContactCallbackFailed,
		webexcc.CampaignPreviewAcceptFailed, webexcc.CampaignPreviewSkipFailed, webexcc.CampaignPreviewRemoveFailed,
	} {
		for code, data := range map[webexcc.Code]string{
			"1001": `{"type":"` + typ + `","interactionId":"i","reason":"BECAUSE","reasonCode":1001}`,
			"E1":   `{"type":"` + typ + `","reason":"BECAUSE","reasonCode":"E1","interaction":{"interactionId":"i","state":"connected"}}`,
		} {
			n, ok := webexcc.Decode([]byte(`{"type":"RoutingMessage","data":` + data + `}`)).(webexcc.Task)

			require.True(t, ok, typ)
			require.Equal(t, typ, n.Type)
			require.Equal(t, "i", n.InteractionID(), typ)
			require.Equal(t, "BECAUSE", string(n.Data.Reason), typ)
			require.Equal(t, code, n.Data.ReasonCode, typ)
		}
	}
}

// The leg that an entry point's agent has, and how it becomes part of the call.
func TestDecodesAMergedChild(t *testing.T) {
	t.Parallel()
	child, ok := webexcc.Decode([]byte(`{"type":"RoutingMessage","data":{"type":"AgentContactAssigned","interactionId":"child","interaction":{
		"interactionId":"child","mainInteractionId":"main","parentInteractionId":"main","state":"connected",
		"media":{"child":{"mediaResourceId":"child","mType":"mainCall"}},
		"callProcessingDetails":{"relationshipType":"consult","parentInteractionId":"main","ctqInProgress":false}}}}`)).(webexcc.Task)

	require.True(t, ok)
	i := child.Data.Interaction
	require.Equal(t, "main", i.Parent())
	require.Equal(t, webexcc.False, i.CallProcessingDetails.Bool(webexcc.DetailCtqInProgress))
	media, ok := i.MainMedia()
	require.True(t, ok, "the child's own leg, not its parent's")
	require.Equal(t, "child", media.MediaResourceID)

	merged, ok := webexcc.Decode([]byte(`{"type":"RoutingMessage","data":{"type":"ContactMerged","interactionId":"main","childInteractionId":"child",
		"participantId":7,"destAgentId":null,"destinationType":"EP-DN","interaction":{"interactionId":"main","callProcessingDetails":{"relationshipType":null},
		"participants":{"+15550110":{"id":"+15550110","type":"EpDn","pType":"EP-DN","epId":"ep-1","hasJoined":"true"}}}}}`)).(webexcc.Task)

	require.True(t, ok)
	require.Equal(t, webexcc.Text("child"), merged.Data.ChildInteractionID)
	require.Equal(t, webexcc.Text("7"), merged.Data.ParticipantID)
	require.Empty(t, merged.Data.DestAgentID)
	require.Equal(t, webexcc.NullText(webexcc.DestEpDn), merged.Data.DestinationType)
	require.Empty(t, merged.Data.Interaction.Parent())
	entry := merged.Data.Interaction.Participants["+15550110"]
	require.Equal(t, webexcc.Text("ep-1"), entry.EpID)
	require.Equal(t, webexcc.PTypeEpDN, entry.PType)
	require.Equal(t, webexcc.TypeEpDn, entry.Type)
	require.True(t, entry.HasJoined.Is())
}

// A relation to itself is none.
func TestNobodyIsItsOwnParent(t *testing.T) {
	t.Parallel()
	own := webexcc.Interaction{InteractionID: "i", CallProcessingDetails: webexcc.CallProcessingDetails{
		webexcc.DetailRelationshipType: webexcc.RelationshipConsult, webexcc.DetailParentInteractionID: "i",
	}}

	require.Empty(t, own.Parent())
	require.Empty(t, webexcc.Interaction{}.Parent())
}
