package webexcctest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
	"deskbridge/pkg/webexcc/webexcctest"
)

// The fixture is as an agent's tools want it, and a change of it reaches one
// agent only.
func TestChangeProfile(t *testing.T) {
	w := newWorld(t)
	read := func(name, id string) *webexcc.Configuration {
		t.Helper()
		c, err := w.client(webexcctest.Token(name)).Configuration(t.Context(), id)
		require.NoError(t, err)
		return c
	}
	usual := read("ann", webexcctest.AnnID)
	require.True(t, usual.TenantConfiguration.EndConsultEnabled.Is())
	require.True(t, usual.TenantConfiguration.PrivacyShieldVisible.Is())
	require.True(t, usual.AgentProfile.ConsultToQueue.Is())
	require.True(t, usual.AgentProfile.AllowAutoWrapUpExtension.Is())
	require.Equal(t, webexcctest.AddressBookID, string(usual.AgentProfile.AddressBookID))
	require.Zero(t, usual.Inactivity())
	require.Empty(t, usual.DialPlans)

	seconds, minutes, on, off := 20, 15, true, false
	require.NoError(t, w.ChangeProfile(webexcctest.ProfileChange{
		Agent: "ann", AutoWrapUpSeconds: &seconds, AutoWrapUpExtension: &off, InactivityMinutes: &minutes, MaskSensitiveData: &on,
		CallVariablesSuppressed: &on, PrivacyShieldVisible: &off, EndCallEnabled: &off, ConsultToQueue: &off, DialPlanEnabled: &on, AddressBook: &off,
	}))

	c := read("ann", webexcctest.AnnID)
	after, auto := c.AutoWrapUp()
	require.True(t, auto)
	require.Equal(t, 20*time.Second, after)
	require.Equal(t, 15*time.Minute, c.Inactivity())
	require.Equal(t, webexcc.False, c.AgentProfile.AllowAutoWrapUpExtension)
	require.True(t, c.OrganizationSetting.MaskSensitiveData.Is())
	require.True(t, c.TenantConfiguration.CallVariablesSuppressed.Is())
	require.Equal(t, webexcc.False, c.TenantConfiguration.PrivacyShieldVisible)
	require.Equal(t, webexcc.False, c.AgentProfile.ConsultToQueue)
	require.Len(t, c.DialPlans, 1)
	require.Empty(t, c.AgentProfile.AddressBookID)
	require.True(t, c.TenantConfiguration.EndConsultEnabled.Is(), "what is not named stays")
	login, err := w.client(webexcctest.Token("ann")).UserLogin(t.Context(), webexcctest.AnnID)
	require.NoError(t, err)
	require.True(t, login.AgentProfile.AutoWrapUp.Is(), "the newer generation says the same")
	org, err := w.client(webexcctest.Token("ann")).OrgLogin(t.Context())
	require.NoError(t, err)
	require.True(t, org.OrganizationSetting.MaskSensitiveData.Is())
	require.Equal(t, usual.AgentProfile, read("bob", webexcctest.BobID).AgentProfile)

	ann := w.work("ann", "1001")
	id := ann.call("+15550100").InteractionID
	require.NoError(t, ann.End(t.Context(), id))
	require.Equal(t, "NOT_ALLOWED", string(ann.task(webexcc.AgentContactEndFailed).Reason), "the platform obeys")

	none := 0
	require.NoError(t, w.ChangeProfile(webexcctest.ProfileChange{AutoWrapUpSeconds: &none, InactivityMinutes: &none, AddressBook: &on}))
	c = read("ann", webexcctest.AnnID)
	_, auto = c.AutoWrapUp()
	require.False(t, auto)
	require.Zero(t, c.Inactivity())
	require.Equal(t, webexcctest.AddressBookID, string(c.AgentProfile.AddressBookID))
	require.ErrorIs(t, w.ChangeProfile(webexcctest.ProfileChange{Agent: "zoe"}), webexcctest.ErrUnknown)
	negative := -1
	require.ErrorIs(t, w.ChangeProfile(webexcctest.ProfileChange{InactivityMinutes: &negative}), webexcctest.ErrInvalid)
	w.Reset()
	require.Equal(t, usual.TenantConfiguration, read("ann", webexcctest.AnnID).TenantConfiguration)
}

// There are three agents unless more are asked for, the first three always the
// same.
func TestAgents(t *testing.T) {
	t.Parallel()
	for asked, want := range map[int][]string{
		0: {"ann", "bob", "cho"}, 2: {"ann", "bob"}, 5: {"ann", "bob", "cho", "dee", "eve"},
		7: {"ann", "bob", "cho", "dee", "eve", "agent6", "agent7"},
	} {
		s := webexcctest.New(webexcctest.Config{Agents: asked})
		var got, extensions []string
		for _, a := range s.Agents() {
			got, extensions = append(got, a.Name), append(extensions, a.Extension)
			require.Equal(t, webexcctest.TeamID, a.TeamID)
		}
		require.Equal(t, want, got)
		require.Equal(t, []string{"1001", "1002", "1003", "1004", "1005", "1006", "1007"}[:len(want)], extensions)
	}
}

// What a supervisor does says so; during a call it waits for the wrap-up.
func TestSupervisor(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	id := ann.call("+15550100").InteractionID
	require.ErrorIs(t, w.SetAgentState("ann", webexcc.LoggedOut, ""), webexcctest.ErrState)
	require.NoError(t, ann.LogOut(t.Context(), ""))
	refused := until[webexcc.Logout](ann, nil)
	require.True(t, refused.Failed())
	require.Equal(t, "AGENT_HAS_ACTIVE_INTERACTION", string(refused.Data.Reason))
	require.NoError(t, w.SetAgentState("ann", webexcc.Idle, "Lunch"))
	require.NoError(t, w.Customer(id, "hangup", ""))
	ann.tasks(webexcc.ContactEnded, webexcc.AgentWrapup)
	require.Equal(t, webexcc.Available, w.Agents()[0].State)
	ann.wrapUp(id)
	change := until[webexcc.AgentStateChange](ann, nil).Data
	require.Equal(t, webexcctest.CodeLunch, string(change.AuxCodeID))
	require.Equal(t, []string{"Supervisor", webexcctest.SupervisorID, webexcctest.SupervisorName},
		[]string{string(change.ChangedBy), string(change.ChangedByID), string(change.ChangedByName)})
	require.NoError(t, w.SetAgentState("ann", webexcc.LoggedOut, ""))
	require.Equal(t, webexcctest.SupervisorName, string(until[webexcc.Logout](ann, nil).Data.LoggedOutBy))
}

func TestBuddyList(t *testing.T) {
	w := newWorld(t)
	ann := w.connect("ann")
	list := func(medium, state string) webexcc.Buddies {
		t.Helper()
		require.NoError(t, ann.BuddyAgents(t.Context(), webexcc.BuddyRequest{AgentProfileID: webexcctest.ProfileID, MediaType: medium, State: state}))
		return until[webexcc.Buddies](ann, nil)
	}
	failed := list("telephony", "")
	require.True(t, failed.Failed())
	require.Equal(t, webexcc.ReasonAgentNotFound, string(failed.Data.Reason))

	require.NoError(t, w.SetAgentState("ann", webexcc.Idle, ""))
	bob := w.work("bob", "1002")
	require.NoError(t, w.SetAgentState("cho", webexcc.Available, ""))
	require.NoError(t, w.SetAgentState("eve", webexcc.Idle, "Lunch"))
	bob.call("+15550100")
	states := map[string]string{}
	for _, b := range list("telephony", "").Data.AgentList {
		states[string(b.AgentName)] = string(b.State) + " " + string(b.DN)
	}
	require.Equal(t, map[string]string{"Bob Castle": "Available 1002", "Cho Park": "Available 1003", "Eve Lindqvist": "Idle 1005"}, states)
	free := list("telephony", webexcc.Available).Data.AgentList
	require.Len(t, free, 1, "bob talks")
	require.Equal(t, webexcctest.ChoID, free[0].AgentID)
	require.Len(t, list("chat", webexcc.Available).Data.AgentList, 2, "bob can take a chat")
	require.Empty(t, list("fax", "").Data.AgentList)
	require.Empty(t, list("telephony", "RONA").Data.AgentList)
	require.NoError(t, w.AddFault(webexcctest.Fault{Match: "buddyList", Status: 202, ErrorType: "TOO_MANY"}))
	failed = list("telephony", "")
	require.True(t, failed.Failed())
	require.Equal(t, "TOO_MANY", string(failed.Data.Reason))
}

// Each command of consult, transfer and conference can be refused, fail, or
// never be heard of again.
func TestFaultsOfConsult(t *testing.T) {
	w := newWorld(t)
	ann, bob, id := conferenced(w)
	commands := map[string]struct {
		do      func() error
		failure string
	}{
		"consult":                      {func() error { return ann.Consult(t.Context(), id, webexcc.Consultation{Destination: to(bob)}) }, webexcc.AgentConsultFailed},
		"consult/end":                  {func() error { return ann.EndConsult(t.Context(), id, "") }, webexcc.AgentConsultEndFailed},
		"cancelCtq":                    {func() error { return ann.CancelConsultToQueue(t.Context(), id, ann.id, "q") }, webexcc.AgentCtqCancelFailed},
		"consult/transfer":             {func() error { return ann.ConsultTransfer(t.Context(), id, to(bob)) }, webexcc.AgentConsultTransferFailed},
		"consult/conference":           {func() error { return ann.Conference(t.Context(), id, webexcc.Merger{Destination: to(bob)}) }, webexcc.AgentConsultConferenceFailed},
		"conference/exit":              {func() error { return ann.ExitConference(t.Context(), id) }, webexcc.ParticipantLeftConferenceFailed},
		"conference/transfer":          {func() error { return ann.TransferConference(t.Context(), id) }, webexcc.AgentConferenceTransferFailed},
		"conference/participants/drop": {func() error { return ann.DropParticipant(t.Context(), id, bob.id) }, webexcc.ParticipantDropConferenceFailed},
		"transfer":                     {func() error { return ann.Transfer(t.Context(), id, to(bob)) }, webexcc.AgentBlindTransferFailed},
		"reject":                       {func() error { return ann.Reject(t.Context(), id, id) }, webexcc.AgentContactAssignFailed},
		"assign":                       {func() error { return ann.Assign(t.Context(), id) }, webexcc.AgentContactAssignFailed},
	}
	for op, command := range commands {
		require.NoError(t, w.AddFault(webexcctest.Fault{Match: op, Status: 429}))
		var refused *webexcc.Error
		require.ErrorAs(t, command.do(), &refused, op)
		require.Equal(t, 429, refused.Status, op)
		require.Equal(t, time.Second, refused.RetryAfter, op)

		require.NoError(t, w.AddFault(webexcctest.Fault{Match: op, Status: 202, ErrorType: "NO_LUCK"}))
		require.NoError(t, command.do(), op)
		failed := ann.task(command.failure)
		require.Equal(t, "NO_LUCK", string(failed.Reason), op)
		require.Equal(t, webexcc.StateConference, failed.Interaction.State, op)

		require.NoError(t, w.AddFault(webexcctest.Fault{Match: op, Status: 202, Silent: true}))
		require.NoError(t, command.do(), op) // What comes next is the next command's.
	}
	require.NoError(t, ann.ExitConference(t.Context(), id))
	ann.task(webexcc.ParticipantLeftConference)
	require.ErrorIs(t, w.AddFault(webexcctest.Fault{Match: "hold", Silent: true}), webexcctest.ErrInvalid)
}
