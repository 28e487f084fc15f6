package webexcctest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/native"
	"deskbridge/pkg/webexcc"
	"deskbridge/pkg/webexcc/webexcctest"
)

func TestLoginRefused(t *testing.T) {
	w := newWorld(t)
	ann := w.connect("ann")
	w.work("bob", "1001")
	login := func(number, device string) webexcc.StationLogin {
		t.Helper()
		require.NoError(t, ann.LogIn(t.Context(), webexcc.Login{DialNumber: number, TeamID: webexcctest.TeamID, DeviceType: device}))
		return until[webexcc.StationLogin](ann, nil)
	}
	require.Equal(t, webexcc.ReasonInvalidDialNumber, string(login("not-a-number", webexcc.DeviceAgentDN).Data.Reason))
	require.Equal(t, webexcc.ReasonInvalidDialNumber, string(login("not-a-number", webexcc.DeviceExtension).Data.Reason))
	require.Equal(t, webexcc.ReasonDuplicateLocation, string(login("1001", webexcc.DeviceExtension).Data.Reason))
	require.True(t, login("1003", webexcc.DeviceBrowser).Failed())
	require.Equal(t, webexcc.LoggedOut, w.Agents()[0].State)
	ok := login("+14085551212", webexcc.DeviceAgentDN)
	require.False(t, ok.Failed())
	require.Equal(t, "+14085551212", string(ok.Data.DN))

	require.NoError(t, ann.LogOut(t.Context(), ""))
	require.False(t, until[webexcc.Logout](ann, nil).Failed())
	require.Equal(t, webexcc.LoggedOut, w.Agents()[0].State)
	require.NoError(t, ann.SetState(t.Context(), webexcc.StateChange{State: webexcc.Available, AuxCodeID: "0"}))
	require.True(t, until[webexcc.AgentStateChange](ann, nil).Failed())
}

func TestReload(t *testing.T) {
	w := newWorld(t)
	ann := w.connect("ann")
	require.NoError(t, ann.Reload(t.Context()))
	require.Equal(t, webexcc.ReasonAgentNotFound, string(until[webexcc.Relogin](ann, nil).Data.Reason))

	require.NoError(t, w.SetAgentState("ann", "Available", ""))
	require.Equal(t, "1001", string(until[webexcc.StationLogin](ann, nil).Data.DN))
	changed := until[webexcc.AgentStateChange](ann, nil)
	require.Equal(t, "Sam Supervisor", string(changed.Data.ChangedByName))
	id := ann.call("+15550100").InteractionID

	for _, silent := range []bool{false, true} {
		require.NoError(t, w.DropSockets("ann", silent))
		if silent { // The stream would wait for 8 s: come back as another tab does.
			require.NoError(t, ann.stream.Close())
			ann.stream = webexcc.NewStream(webexcc.StreamConfig{Client: ann.Client, Dial: native.Dial})
			t.Cleanup(func() { _ = ann.stream.Close() })
		}
		relogin := until[webexcc.Relogin](ann, nil)
		require.False(t, relogin.Failed())
		require.Equal(t, webexcc.Texts{id}, relogin.Data.InteractionIDs)
		require.Equal(t, webexcc.Available, relogin.Data.SubStatus)
		require.Equal(t, webexcc.DeviceExtension, string(relogin.Data.DeviceType))
		require.Equal(t, webexcc.StateConnected, ann.task(webexcc.AgentContact).Interaction.State)
	}
	require.ErrorIs(t, w.DropSockets("zoe", false), webexcctest.ErrUnknown)
}

func TestMultiLogin(t *testing.T) {
	w := newWorld(t)
	first := w.connect("ann")
	both := webexcc.NewStream(webexcc.StreamConfig{Client: first.Client, Dial: native.Dial, Subscribe: webexcc.SubscribeRequest{Force: true, ClientType: "WebexCCSDK", AllowMultiLogin: true}})
	defer both.Close()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	n, err := both.Next(ctx)
	require.NoError(t, err)
	require.IsType(t, webexcc.LinkUp{}, n)
	require.NoError(t, w.SetAgentState("ann", "Idle", "Lunch"))
	require.Equal(t, "1001", string(until[webexcc.StationLogin](first, nil).Data.DN), "the first still hears")

	w.connect("ann")
	require.Equal(t, first.id, until[webexcc.MultiLogin](first, nil).AgentID)
	_, err = first.stream.Next(ctx)
	require.ErrorIs(t, err, webexcc.ErrTakenOver)
}

func TestTakenOver(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	require.NoError(t, w.MultiLogin("Ann"))
	require.Equal(t, ann.id, until[webexcc.MultiLogin](ann, nil).AgentID)
	require.Equal(t, webexcc.Available, w.Agents()[0].State, "the login session stays")
	require.ErrorIs(t, w.MultiLogin("zoe"), webexcctest.ErrUnknown)
}

func TestBuddies(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	w.work("bob", "1002")
	require.NoError(t, w.SetAgentState("cho", "Idle", "Meeting"))
	for state, names := range map[string][]string{"": {"Bob Castle", "Cho Park"}, webexcc.Available: {"Bob Castle"}, webexcc.Idle: {"Cho Park"}} {
		require.NoError(t, ann.BuddyAgents(t.Context(), webexcc.BuddyRequest{AgentProfileID: webexcctest.ProfileID, MediaType: "telephony", State: state}))
		var got []string
		for _, b := range until[webexcc.Buddies](ann, nil).Data.AgentList {
			got = append(got, string(b.AgentName))
		}
		require.Equal(t, names, got)
	}
}

func TestFaults(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	call := ann.call("+15550100")
	id, media := call.InteractionID, string(call.MediaResourceID)
	require.ErrorIs(t, w.AddFault(webexcctest.Fault{Match: "dance", Status: 500}), webexcctest.ErrInvalid)

	require.NoError(t, w.AddFault(webexcctest.Fault{Match: "hold", Status: 503, ErrorType: "Busy", Times: 2}))
	for range 2 {
		var refused *webexcc.Error
		require.ErrorAs(t, ann.Hold(t.Context(), id, media), &refused)
		require.Equal(t, 503, refused.Status)
		require.Equal(t, "Busy", refused.Type)
		require.True(t, strings.HasPrefix(refused.TrackingID, "deskbridge_"), "the tracking id is echoed")
	}
	require.NoError(t, w.AddFault(webexcctest.Fault{Match: "hold", Status: 202, ErrorType: "MEDIA_LOST"}))
	require.NoError(t, ann.Hold(t.Context(), id, media))
	failed := ann.task(webexcc.AgentContactHoldFailed)
	require.Equal(t, "MEDIA_LOST", string(failed.Reason))
	require.Equal(t, webexcc.StateConnected, failed.Interaction.State)

	require.NoError(t, w.AddFault(webexcctest.Fault{Match: "hold", Drop: true}))
	require.ErrorIs(t, ann.Hold(t.Context(), id, media), webexcc.ErrUnreachable)
	requests := w.Requests()
	require.Zero(t, requests[len(requests)-1].Status)

	require.NoError(t, w.AddFault(webexcctest.Fault{Match: "hold", DelayMs: 5000}))
	done := make(chan error, 1)
	go func() { done <- ann.Hold(context.WithoutCancel(t.Context()), id, media) }()
	require.Eventually(t, func() bool { return w.clock.waiting() == 1 }, patience, time.Millisecond)
	w.clock.pass(5 * time.Second)
	require.NoError(t, <-done)
	ann.task(webexcc.AgentContactHeld)

	require.NoError(t, w.AddFault(webexcctest.Fault{Match: "outdial", Status: 202}))
	require.NoError(t, ann.Outdial(t.Context(), webexcc.Outdial{Destination: "+15550123", EntryPointID: webexcctest.EntryPointID}))
	ann.task(webexcc.AgentOutboundFailed)
	require.NoError(t, w.AddFault(webexcctest.Fault{Match: "state", Status: 202, ErrorType: "NO"}))
	require.NoError(t, ann.SetState(t.Context(), webexcc.StateChange{State: webexcc.Idle, AuxCodeID: webexcctest.CodeLunch}))
	require.Equal(t, "NO", string(until[webexcc.AgentStateChange](ann, nil).Data.Reason))
	require.Len(t, w.Interactions(), 1)
}

func TestResetVoidsWhatWaits(t *testing.T) {
	w := newWorld(t)
	ann := w.connect("ann")
	require.NoError(t, w.AddFault(webexcctest.Fault{Match: "login", DelayMs: 5000}))
	done := make(chan error, 1)
	go func() {
		done <- ann.LogIn(context.WithoutCancel(t.Context()), webexcc.Login{DialNumber: "1001", TeamID: webexcctest.TeamID, DeviceType: webexcc.DeviceExtension})
	}()
	require.Eventually(t, func() bool { return w.clock.waiting() == 1 }, patience, time.Millisecond)

	w.Reset()
	w.clock.pass(5 * time.Second)

	var refused *webexcc.Error
	require.ErrorAs(t, <-done, &refused)
	require.Equal(t, 503, refused.Status)
	require.Equal(t, webexcc.LoggedOut, w.Agents()[0].State)
}

func TestReset(t *testing.T) {
	w := newWorld(t)
	ann := w.work("ann", "1001")
	call := ann.call("+15550100")
	_, err := w.Call(webexcctest.CallRequest{From: "+15550101"})
	require.NoError(t, err)
	require.NoError(t, w.AddFault(webexcctest.Fault{Match: "login", Status: 500}))
	require.NotEmpty(t, w.Requests())
	w.Reset()
	require.Empty(t, w.Interactions())
	require.Zero(t, w.clock.waiting())
	for _, a := range w.Agents() {
		require.Equal(t, webexcc.LoggedOut, a.State)
		require.Empty(t, a.Interactions)
	}
	require.ErrorIs(t, w.Answer(call.InteractionID, "ann"), webexcctest.ErrUnknown)
	require.Equal(t, webexcc.ReasonAgentNotFound, string(until[webexcc.Relogin](ann, nil).Data.Reason), "the socket was cut and came back")
	require.NoError(t, ann.LogIn(t.Context(), webexcc.Login{DialNumber: "1001", TeamID: webexcctest.TeamID, DeviceType: webexcc.DeviceExtension}))
	require.False(t, until[webexcc.StationLogin](ann, nil).Failed())
}
