package webexcctest_test

import (
	"slices"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
)

// sdk remembers what Cisco's SDK would know: webexcc-agent-api.md, 2.6 and 5.7.
// An event that makes the real one throw, or lose a task, fails the test.
type sdk struct {
	t     require.TestingT
	self  string
	tasks map[string]bool     // Known tasks, and whether the agent was consulted there.
	past  map[string][]string // What was heard about each, for the failure's message.
}

func newSDK(t require.TestingT, self string) *sdk {
	return &sdk{t, self, map[string]bool{}, map[string][]string{}}
}

// creates are the events that make a task; tolerated are those that may come
// without one. Failures other than throwing are tolerated too.
var (
	creates   = []string{webexcc.AgentContactReserved, webexcc.AgentContact, webexcc.AgentOfferCampaignReservation, webexcc.ContactMerged}
	tolerated = []string{
		webexcc.AgentOfferContact, webexcc.AgentContactAssigned, webexcc.ContactEnded, webexcc.AgentConsultFailed,
		webexcc.AgentOutboundFailed, webexcc.CampaignContactUpdated, webexcc.ContactUpdated, webexcc.ContactOwnerChanged,
		webexcc.AgentContactHoldFailed, webexcc.AgentContactUnHoldFailed, webexcc.AgentConsultEndFailed, webexcc.AgentCtqFailed,
		webexcc.AgentWrapupFailed, webexcc.AgentContactEndFailed, webexcc.AgentBlindTransferFailed, webexcc.AgentVteamTransferFailed,
		webexcc.AgentConsultTransferFailed, webexcc.AgentBlindTransferred, webexcc.AgentConsultTransferred,
	}
)

func (s *sdk) hear(n webexcc.Task) {
	d, id := n.Data, n.InteractionID()
	i := d.Interaction
	require.NotEmpty(s.t, id, n.Type)
	require.Equal(s.t, s.self, d.AgentID, "%s: the recipient", n.Type)
	require.NotEmpty(s.t, i.Participants, "%s carries the interaction", n.Type)
	require.NotEmpty(s.t, i.Media, "%s carries the interaction", n.Type)
	require.NotEmpty(s.t, i.State, n.Type)
	require.NotEmpty(s.t, i.MediaType, n.Type)
	wasConsulted, known := s.tasks[id]
	s.past[id] = append(s.past[id], n.Type+" "+i.State)
	if slices.Contains(creates, n.Type) {
		s.tasks[id] = wasConsulted && n.Type == webexcc.AgentContact
	} else if !slices.Contains(tolerated, n.Type) {
		require.True(s.t, known, "%s does not know the task: %s", s.self, s.past[id])
	}
	own, in := i.Participants[s.self]
	inMain := slices.Contains(i.Media[i.InteractionID].Participants, s.self)
	gone := false
	switch n.Type {
	case webexcc.AgentOfferConsult:
		s.tasks[id] = true
	case webexcc.AgentConsultCreated:
		s.tasks[id] = false
	case webexcc.ContactMerged:
		delete(s.tasks, string(d.ChildInteractionID))
	case webexcc.AgentConsultEnded:
		require.Equal(s.t, wasConsulted, d.IsConsulted.Or(wasConsulted), "who is consulted, and nobody else, loses the task")
		gone = wasConsulted
	case webexcc.AgentOfferContactRona, webexcc.AgentContactAssignFailed, webexcc.AgentInviteFailed:
		gone = i.State == webexcc.StateNew || i.Parent() != ""
	case webexcc.ContactEnded:
		mine := slices.Contains(d.AgentsPendingWrapUp, s.self)
		gone = i.State == webexcc.StateNew || i.Parent() != "" || i.OutboundType == webexcc.OutboundOutdial && !mine
		require.False(s.t, gone && mine, "the SDK forgets a task that has to be wrapped up")
	case webexcc.AgentWrappedUp:
		gone = true
	case webexcc.ParticipantLeftConference, webexcc.AgentConsultConferenceEnded:
		left := !in || own.HasLeft.Is() || n.Type == webexcc.AgentConsultConferenceEnded
		gone = left && string(i.Owner) != s.self && !inMain
	}
	if consult, ok := i.ConsultMedia(); ok {
		main, _ := i.MainMedia()
		require.False(s.t, consult.IsHold.Is() && main.IsHold.Is(), "%s: one of two legs talks", n.Type)
	}
	if gone {
		delete(s.tasks, id)
	}
}
