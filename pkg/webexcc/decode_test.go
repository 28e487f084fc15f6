package webexcc_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
)

func golden(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return data
}

func decodeTask(t testing.TB, name string) webexcc.Task {
	t.Helper()
	n, ok := webexcc.Decode(golden(t, name)).(webexcc.Task)
	require.True(t, ok, "not a task")
	return n
}

const (
	customer    = "+15550100"
	consultID   = "c0de0000-0000-4000-8000-0000000000c1"
	colleagueID = "b0b00000-0000-4000-8000-00000000000b"
)

func TestDecodesAStateChange(t *testing.T) {
	t.Parallel()
	n, ok := webexcc.Decode(golden(t, "state-change.json")).(webexcc.AgentStateChange)

	require.True(t, ok)
	require.False(t, n.Failed())
	require.JSONEq(t, string(golden(t, "state-change.json")), string(n.Raw))
	require.Empty(t, cmp.Diff(webexcc.Session{
		EventType: webexcc.AgentDesktopMessage, Type: webexcc.AgentStateChangeSuccess, AgentID: agentID, AgentSessionID: "s-77",
		OrgID: orgID, TrackingID: "t-1", AuxCodeID: webexcc.AvailableCode, Status: webexcc.LoggedIn, SubStatus: webexcc.Available,
		LastStateChangeTimestamp: 1760000000000, LastIdleCodeChangeTimestamp: 1759999990000,
	}, n.Data))
}

func TestDecodesAConnectedCall(t *testing.T) {
	t.Parallel()
	n := decodeTask(t, "assigned.json")

	require.Equal(t, webexcc.AgentContactAssigned, n.Type)
	require.Equal(t, taskID, n.InteractionID())
	require.Equal(t, webexcc.NullText(taskID), n.Data.MediaResourceID)
	require.Empty(t, n.Data.ConsultMediaResourceID)
	require.Equal(t, webexcc.False, n.Data.IsConsulted)
	require.Nil(t, n.Data.AgentsPendingWrapUp, "the event does not say")
	require.Equal(t, time.UnixMilli(1760000012000), n.Data.EventTime.Time())

	i := n.Data.Interaction
	require.Equal(t, webexcc.StateConnected, i.State)
	require.Equal(t, webexcc.Inbound, i.ContactDirection.Type)
	require.Equal(t, webexcc.Millis(1760000001000), i.QueuedTimestamp)

	main, ok := i.MainMedia()
	require.True(t, ok)
	require.Equal(t, webexcc.Media{
		MediaResourceID: taskID, MediaType: "telephony", MediaMgr: "callmm", MType: webexcc.MainCall,
		Participants: webexcc.Texts{customer, agentID}, IsHold: webexcc.False,
	}, main)
	_, ok = i.ConsultMedia()
	require.False(t, ok)

	require.Equal(t, webexcc.Participant{
		ID: customer, PType: webexcc.PTypeCustomer, Type: "Customer", CallerID: customer,
		HasJoined: webexcc.True, HasLeft: webexcc.False, IsInPredial: webexcc.False,
	}, i.Participants[customer])
	self := i.Participants[agentID]
	require.Equal(t, webexcc.False, self.IsWrapUp)
	require.Equal(t, webexcc.Text(webexcc.DeviceExtension), self.DeviceType)
	require.Equal(t, time.UnixMilli(1760000012000), self.JoinTimestamp.Time())

	d := i.CallProcessingDetails
	require.Equal(t, "Billing", d[webexcc.DetailVirtualTeamName])
	require.Equal(t, webexcc.True, d.Bool(webexcc.DetailPauseResumeEnabled))
	require.Equal(t, webexcc.False, d.Bool(webexcc.DetailIsPaused))
	require.Equal(t, webexcc.Absent, d.Bool(webexcc.DetailHasCustomerLeft))
	require.EqualValues(t, 18, d.Int(webexcc.DetailRonaTimeout))

	require.Equal(t, webexcc.CADVariable{
		Name: "accountTier", DisplayName: "Account tier", Value: "gold", Type: "STRING", AgentEditable: webexcc.True,
		AgentViewable: webexcc.True, IsSecure: webexcc.False, Global: webexcc.False, Reportable: webexcc.True,
	}, i.CallAssociatedData["accountTier"])
	require.Equal(t, webexcc.TextMap{"accountTier": "gold"}, i.CallAssociatedDetails)
}

func TestDecodesAConsult(t *testing.T) {
	t.Parallel()
	n := decodeTask(t, "consulting.json")

	require.Equal(t, webexcc.AgentConsulting, n.Type)
	require.Equal(t, webexcc.NullText(consultID), n.Data.ConsultMediaResourceID)
	require.Equal(t, webexcc.NullText("Agent"), n.Data.DestinationType)

	i := n.Data.Interaction
	main, _ := i.MainMedia()
	require.True(t, main.IsHold.Is())
	require.Equal(t, webexcc.Millis(1760000100000), main.HoldTimestamp)
	consult, ok := i.ConsultMedia()
	require.True(t, ok)
	require.Equal(t, consultID, consult.MediaResourceID)
	require.Equal(t, webexcc.Texts{agentID, colleagueID}, consult.Participants)
	require.Equal(t, webexcc.NullText(webexcc.Consulting), i.Participants[agentID].ConsultState)
	require.Equal(t, webexcc.True, i.Participants[colleagueID].IsConsulted)
}

// What this package writes, as the emulator does, is what it reads.
func TestEncodesWhatItDecodes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"assigned.json", "consulting.json"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := decodeTask(t, name)

			data, err := json.Marshal(want.Data)
			require.NoError(t, err)
			message, err := json.Marshal(webexcc.Envelope{Type: webexcc.OuterRoutingMessage, Data: data})
			require.NoError(t, err)

			got, ok := webexcc.Decode(message).(webexcc.Task)
			require.True(t, ok)
			require.Empty(t, cmp.Diff(want.Data, got.Data))
			// And nothing of the original is lost but what is null.
			var original, again map[string]any
			require.NoError(t, json.Unmarshal(want.Raw, &original))
			require.NoError(t, json.Unmarshal(message, &again))
			require.Empty(t, cmp.Diff(dense(original["data"]), dense(again["data"])))
		})
	}
}

// dense removes nulls.
func dense(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	out := map[string]any{}
	for name, value := range m {
		if value != nil {
			out[name] = dense(value)
		}
	}
	return out
}

func TestNamesEachNotification(t *testing.T) {
	t.Parallel()
	message := func(outer, data string) string { return `{"type":"` + outer + `","data":` + data + `}` }
	tests := []struct {
		name, message string
		want          webexcc.Notification
		failed        bool
	}{
		{"keepalive", `{"keepalive":"true"}`, webexcc.Keepalive{}, false},
		{"welcome", message("Welcome", `{"agentId":"a"}`), webexcc.Welcome{AgentID: "a"}, false},
		{"welcome without data", `{"type":"Welcome"}`, webexcc.Welcome{}, false},
		{"login", message("StationLogin", `{"type":"AgentStationLoginSuccess","teamId":"t"}`),
			webexcc.StationLogin{Type: webexcc.AgentStationLoginSuccess, Data: webexcc.Session{Type: "AgentStationLoginSuccess", TeamID: "t"}}, false},
		{"login failed", message("StationLogin", `{"type":"AgentStationLoginFailed","reason":"DUPLICATE_LOCATION","reasonCode":12}`),
			webexcc.StationLogin{Type: webexcc.AgentStationLoginFailed,
				Data: webexcc.Session{Type: "AgentStationLoginFailed", Reason: webexcc.ReasonDuplicateLocation, ReasonCode: "12"}}, true},
		{"logout", message("Logout", `{"type":"AgentLogoutSuccess","status":"LoggedOut"}`),
			webexcc.Logout{Type: webexcc.AgentLogoutSuccess, Data: webexcc.Session{Type: "AgentLogoutSuccess", Status: webexcc.LoggedOut}}, false},
		{"logout failed", message("Logout", `{"type":"AgentLogoutFailed"}`),
			webexcc.Logout{Type: webexcc.AgentLogoutFailed, Data: webexcc.Session{Type: "AgentLogoutFailed"}}, true},
		{"state change failed", message("AgentStateChange", `{"type":"AgentStateChangeFailed","reasonCode":"E1"}`),
			webexcc.AgentStateChange{Type: webexcc.AgentStateChangeFailed, Data: webexcc.Session{Type: "AgentStateChangeFailed", ReasonCode: "E1"}}, true},
		{"relogin", message("AgentReloginSuccess", `{"type":"AgentReloginSuccess","interactionIds":["i"]}`),
			webexcc.Relogin{Type: webexcc.AgentReloginSuccess, Data: webexcc.Session{Type: "AgentReloginSuccess", InteractionIDs: webexcc.Texts{"i"}}}, false},
		{"relogin failed", message("AgentReloginFailed", `{"type":"AgentReloginFailed","reason":"AGENT_NOT_FOUND"}`),
			webexcc.Relogin{Type: webexcc.AgentReloginFailed, Data: webexcc.Session{Type: "AgentReloginFailed", Reason: webexcc.ReasonAgentNotFound}}, true},
		{"buddies", message("BuddyAgents", `{"type":"BuddyAgents","agentList":[{"agentId":"b","agentName":"Bob","dn":1002}]}`),
			webexcc.Buddies{Type: webexcc.BuddyAgentsListed, Data: webexcc.BuddyList{Type: "BuddyAgents",
				AgentList: []webexcc.Buddy{{AgentID: "b", AgentName: "Bob", DN: "1002"}}}}, false},
		{"buddies failed", message("BuddyAgents", `{"type":"BuddyAgentsRetrieveFailed","reason":"NO","reasonCode":7}`),
			webexcc.Buddies{Type: webexcc.BuddyAgentsRetrieveFailed,
				Data: webexcc.BuddyList{Type: "BuddyAgentsRetrieveFailed", Reason: "NO", ReasonCode: "7"}}, true},
		{"signed in elsewhere", message("AGENT_MULTI_LOGIN", `{"type":"AgentMultiLoginCloseSession","agentId":"a","reason":"new"}`),
			webexcc.MultiLogin{AgentID: "a", Reason: "new"}, false},
		{"phone ready", message("RoutingMessage", `{"type":"AgentDNRegistered","agentId":"a","dn":1001}`),
			webexcc.DNRegistered{AgentID: "a", DN: "1001"}, false},
		{"phone ready, other envelope", message("AgentDNRegistered", `{"type":"AgentDNRegistered","agentId":"a","dn":"1001"}`),
			webexcc.DNRegistered{AgentID: "a", DN: "1001"}, false},
		{"a task event of next year", message("RoutingMessage", `{"type":"AgentContactTeleported","interactionId":"i"}`),
			webexcc.Task{Type: "AgentContactTeleported", Data: webexcc.TaskData{Type: "AgentContactTeleported", InteractionID: "i"}}, false},
		{"a failure with a number for a reason", message("RoutingMessage", `{"type":"AgentContactHoldFailed","interactionId":"i","reason":7,"reasonCode":500}`),
			webexcc.Task{Type: webexcc.AgentContactHoldFailed,
				Data: webexcc.TaskData{Type: "AgentContactHoldFailed", InteractionID: "i", Reason: "7", ReasonCode: "500"}}, false},
		{"second generation", message("AgentChannelStateChanged", `{"type":"AgentChannelStateChanged"}`),
			webexcc.Unknown{Outer: "AgentChannelStateChanged", Type: webexcc.AgentChannelStateChanged}, false},
		{"unknown", message("Horoscope", `{"type":"Sagittarius"}`), webexcc.Unknown{Outer: "Horoscope", Type: "Sagittarius"}, false},
		{"no inner type", message("RoutingMessage", `{}`), webexcc.Unknown{Outer: "RoutingMessage"}, false},
	}
	ignoreRaw := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Raw" }, cmp.Ignore())
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := webexcc.Decode([]byte(tt.message))

			require.Empty(t, cmp.Diff(tt.want, got, ignoreRaw))
			if f, ok := got.(interface{ Failed() bool }); ok {
				require.Equal(t, tt.failed, f.Failed())
			}
		})
	}
}

// What cannot be read is kept and says so.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	for name, message := range map[string]string{
		"empty":                   "",
		"not JSON":                "hello",
		"an array":                "[]",
		"cut":                     `{"type":"RoutingMessage","data":{"type":"AgentContact"`,
		"no data":                 `{"type":"RoutingMessage"}`,
		"data is null":            `{"type":"RoutingMessage","data":null}`,
		"data is text":            `{"type":"RoutingMessage","data":"x"}`,
		"participants are a list": `{"type":"RoutingMessage","data":{"type":"AgentContact","interaction":{"participants":["a"]}}}`,
		"interaction is text":     `{"type":"RoutingMessage","data":{"type":"AgentContact","interaction":"x"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := webexcc.Decode([]byte(message)).(webexcc.Unknown)

			require.True(t, ok)
			require.Error(t, got.Err)
			require.Equal(t, message, string(got.Raw))
		})
	}
}

// Booleans as words, numbers as words, nulls for objects, and a prototype for
// a participant: nothing of that is a reason to lose an event.
func TestTolerates(t *testing.T) {
	t.Parallel()
	n, ok := webexcc.Decode([]byte(`{"type":"RoutingMessage","data":{"type":"ContactEnded","interactionId":"i","eventTime":"1760000012000",
		"ronaTimeout":"18","isConsulted":"TRUE","isConferencing":{},"autoResumed":0,"agentsPendingWrapUp":[],"mediaResourceId":null,"fromOwner":true,
		"interaction":{"interactionId":"i","state":"wrapUp","mediaType":null,"isTerminated":"true","isFcManaged":"maybe","createdTimestamp":1.76e12,
		"participants":{"__proto__":{"id":"__proto__","hasJoined":"false","joinTimestamp":"","dn":1001,"teamId":null},"n":null},
		"media":{"i":{"mediaResourceId":"i","mType":"mainCall","isHold":"false","holdTimestamp":"x","participants":null}},
		"callProcessingDetails":{"BLIND_TRANSFER_IN_PROGRESS":true,"ronaTimeout":18,"gone":null,"nested":{"a":1}},
		"callAssociatedData":{"tier":"gold","age":{"name":"age","value":42,"secureKeyVersion":"3"},"none":null},
		"callAssociatedDetails":[],"previousVTeams":null,"unheardOf":{"kept":"in Raw"}}}}`)).(webexcc.Task)

	require.True(t, ok)
	require.EqualValues(t, 1760000012000, n.Data.EventTime)
	require.EqualValues(t, 18, n.Data.RonaTimeout)
	require.Equal(t, []webexcc.Bool{webexcc.True, webexcc.Absent, webexcc.False},
		[]webexcc.Bool{n.Data.IsConsulted, n.Data.IsConferencing, n.Data.AutoResumed})
	require.NotNil(t, n.Data.AgentsPendingWrapUp, "it said: nobody")
	require.Empty(t, n.Data.AgentsPendingWrapUp)
	require.Equal(t, webexcc.Text("true"), n.Data.FromOwner)

	i := n.Data.Interaction
	require.Equal(t, webexcc.True, i.IsTerminated)
	require.Equal(t, webexcc.Absent, i.IsFcManaged)
	require.EqualValues(t, 1760000000000, i.CreatedTimestamp)
	require.Equal(t, webexcc.Participant{ID: "__proto__", HasJoined: webexcc.False, DN: "1001"}, i.Participants["__proto__"])
	require.Equal(t, webexcc.False, i.Media["i"].IsHold)
	require.Zero(t, i.Media["i"].HoldTimestamp)
	require.Equal(t, webexcc.CallProcessingDetails{"BLIND_TRANSFER_IN_PROGRESS": "true", "ronaTimeout": "18", "nested": `{"a":1}`}, i.CallProcessingDetails)
	require.True(t, i.CallProcessingDetails.Bool(webexcc.DetailBlindTransfer).Is())
	require.Equal(t, webexcc.Text("gold"), i.CallAssociatedData["tier"].Value)
	require.Equal(t, webexcc.CADVariable{Name: "age", Value: "42", SecureKeyVersion: 3}, i.CallAssociatedData["age"])
	require.Contains(t, string(n.Raw), "kept")
}

func TestTranscriptBelongsToItsConversation(t *testing.T) {
	t.Parallel()
	n, ok := webexcc.Decode([]byte(`{"type":"REAL_TIME_TRANSCRIPTION","data":{"type":"REAL_TIME_TRANSCRIPTION","agentId":"a",
		"data":{"role":"CALLER","conversationId":"i","isFinal":"true","content":"Hello?","publishTimestamp":1760000012000}}}`)).(webexcc.Task)

	require.True(t, ok)
	require.Equal(t, "i", n.InteractionID())
	var said webexcc.Transcript
	require.NoError(t, json.Unmarshal(n.Data.Detail, &said))
	require.Equal(t, webexcc.Transcript{Role: "CALLER", ConversationID: "i", IsFinal: webexcc.True, Content: "Hello?", PublishTimestamp: 1760000012000}, said)
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"state-change.json", "assigned.json", "consulting.json"} {
		f.Add(golden(f, name))
	}
	f.Add([]byte(webexcc.KeepaliveFrame))
	f.Add([]byte(`{"type":"Welcome","data":{"agentId":"a"}}`))
	f.Add([]byte(`{"type":"AGENT_MULTI_LOGIN","data":{"type":"AgentMultiLoginCloseSession"}}`))
	f.Add([]byte(`{"type":"RoutingMessage","data":{"type":"AgentContact","interaction":{"media":{"a":null}}}}`))
	f.Fuzz(func(t *testing.T, message []byte) {
		n := webexcc.Decode(message)
		if n == nil {
			t.Fatal("nothing")
		}
		task, ok := n.(webexcc.Task)
		if !ok {
			return
		}
		// Whatever was understood can be written and understood again.
		data, err := json.Marshal(task.Data)
		if err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(webexcc.Envelope{Type: webexcc.OuterRoutingMessage, Data: data})
		if err != nil {
			t.Fatal(err)
		}
		back, ok := webexcc.Decode(again).(webexcc.Task)
		if !ok || back.InteractionID() != task.InteractionID() || back.Type != task.Type {
			t.Fatalf("got %#v from %s", back, again)
		}
	})
}
