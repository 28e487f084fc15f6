package desktoptest_test

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/desktop"
	"deskbridge/pkg/desktop/desktoptest"
	"deskbridge/pkg/webexcc"
	"deskbridge/pkg/webexcc/webexcctest"
)

// seat is Ann at her Desktop, with our side of the pipe.
type seat struct {
	t      *testing.T
	webex  *webexcctest.Server
	desk   *desktoptest.Desk
	app    *desktop.Desktop
	stream *desktop.Stream
	ctx    context.Context
}

func sitDown(t *testing.T, change func(*desktoptest.Config)) *seat {
	t.Helper()
	webex := webexcctest.New(webexcctest.Config{})
	gateway := httptest.NewServer(webex.Gateway())
	t.Cleanup(gateway.Close)
	cfg := desktoptest.Config{
		BaseURL: gateway.URL, OrgID: webexcctest.OrgID, Token: webexcctest.Token("ann"), AgentID: webex.Agents()[0].AgentID,
		ProfileID: webexcctest.ProfileID,
	}
	if change != nil {
		change(&cfg)
	}
	s := &seat{t: t, webex: webex, desk: desktoptest.New(cfg)}
	s.app = desktop.New(desktop.Config{Pipe: s.desk.Pipe(), CallTimeout: time.Second})
	ctx, cancel := context.WithCancel(context.Background())
	s.ctx = ctx
	var running sync.WaitGroup
	running.Go(func() { _ = s.desk.Run(ctx) })
	running.Go(func() { _ = s.app.Run(ctx) })
	s.stream = s.app.Open()
	t.Cleanup(func() { cancel(); running.Wait(); require.NoError(t, s.stream.Close()) })
	return s
}

// next waits for a notification that is as wanted.
func next[N webexcc.Notification](s *seat, ok func(N) bool) N {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, 20*time.Second)
	defer cancel()
	for {
		n, err := s.stream.Next(ctx)
		require.NoError(s.t, err)
		if want, is := n.(N); is && ok(want) {
			return want
		}
	}
}

func (s *seat) task(typ string) webexcc.Task {
	s.t.Helper()
	return next(s, func(n webexcc.Task) bool { return n.Type == typ })
}

// atWork lets Ann be at her phone, available.
func (s *seat) atWork() {
	s.t.Helper()
	require.NoError(s.t, s.app.Ready(s.ctx))
	next(s, func(n webexcc.Relogin) bool { return n.Failed() })
	require.NoError(s.t, s.desk.LogIn(s.ctx, webexcc.Login{
		DeviceType: webexcc.DeviceExtension, DialNumber: "1001", TeamID: webexcctest.TeamID,
	}))
	in := next(s, func(n webexcc.Relogin) bool { return !n.Failed() })
	require.EqualValues(s.t, "1001", in.Data.DialNumber)
	require.EqualValues(s.t, webexcc.DeviceExtension, in.Data.DeviceType)
	require.NoError(s.t, s.app.SetState(s.ctx, webexcc.StateChange{State: webexcc.Available, AuxCodeID: webexcc.AvailableCode}))
	next(s, func(n webexcc.AgentStateChange) bool { return n.Data.SubStatus == webexcc.Available })
}

// talks lets Ann talk with a customer.
func (s *seat) talks() (id string) {
	s.t.Helper()
	s.atWork()
	id, err := s.webex.Call(webexcctest.CallRequest{From: "+14155550100", Queue: "Billing"})
	require.NoError(s.t, err)
	s.task(webexcc.AgentOfferContact)
	require.NoError(s.t, s.webex.Answer(id, "ann"))
	s.task(webexcc.AgentContactAssigned)
	return id
}

func TestEventsComeTwiceAndBeforeThePromise(t *testing.T) {
	t.Parallel()
	s := sitDown(t, nil)
	id := s.talks()

	require.NoError(t, s.app.Hold(s.ctx, id, id))

	// Settled means that both copies are there already.
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	held := 0
	for {
		n, err := s.stream.Next(ctx)
		if err != nil {
			break
		}
		if task, ok := n.(webexcc.Task); ok && task.Type == webexcc.AgentContactHeld {
			require.True(t, task.Data.Interaction.Media[id].IsHold.Is())
			held++
		}
	}
	require.Equal(t, 2, held)
}

func TestLateSDK(t *testing.T) {
	t.Parallel()
	s := sitDown(t, func(c *desktoptest.Config) { c.Late = true })
	require.ErrorIs(t, s.app.Reload(s.ctx), desktop.ErrNotReady)
	s.desk.Init()
	s.atWork()
	token, err := s.app.Token(s.ctx)
	require.NoError(t, err)
	require.Equal(t, webexcctest.Token("ann"), token)
}

func TestRemovedInACallAndBack(t *testing.T) {
	t.Parallel()
	s := sitDown(t, nil)
	id := s.talks()

	s.desk.Remove()
	next(s, func(webexcc.LinkLost) bool { return true })
	require.NoError(t, s.webex.Customer(id, "hangup", "")) // Nobody hears of it.
	s.desk.Attach()

	next(s, func(n webexcc.LinkUp) bool { return n.Generation == 2 })
	back := next(s, func(n webexcc.Relogin) bool { return !n.Failed() })
	require.Equal(t, webexcc.Texts{id}, back.Data.InteractionIDs)
	require.Equal(t, webexcc.StateWrapUp, s.task(webexcc.AgentContact).Data.Interaction.State)
	require.NoError(t, s.app.WrapUp(s.ctx, id, webexcc.WrapUp{AuxCodeID: webexcctest.CodeResolved, Reason: "Resolved"}))
	s.task(webexcc.AgentWrappedUp)
}

func TestMisbehaviour(t *testing.T) {
	t.Parallel()
	s := sitDown(t, func(c *desktoptest.Config) { c.Framed = true })
	id := s.talks()
	require.Equal(t, 1, s.desk.Made("config.registerCrmConnector"))

	s.desk.Reject("agentContact.hold", "BUSY")
	var refusal *webexcc.Error
	require.ErrorAs(t, s.app.Hold(s.ctx, id, id), &refusal)
	require.Equal(t, "BUSY", refusal.Reason)
	s.desk.Hang("agentContact.hold")
	require.ErrorIs(t, s.app.Hold(s.ctx, id, id), desktop.ErrTimeout)
	require.ErrorAs(t, s.app.Unhold(s.ctx, id, id), &refusal, "it is not held")
	require.Equal(t, "INVALID_STATE", refusal.Reason)
	require.ErrorAs(t, s.app.LogOut(s.ctx, ""), &refusal, "there is a call")
	require.ErrorAs(t, s.app.End(s.ctx, "no-such-call"), &refusal)

	// An event without its contact is replaced by the truth.
	s.desk.Spoil("agentContact.eAgentContactHeld", func(data map[string]any) { delete(data, "interaction") })
	require.NoError(t, s.app.Hold(s.ctx, id, id))
	require.True(t, s.task(webexcc.AgentContact).Data.Interaction.Media[id].IsHold.Is())
	s.desk.SetProps(map[string]any{desktop.PropDarkMode: true})
	require.Eventually(t, func() bool { return s.app.Dark().Is() }, 10*time.Second, time.Millisecond)
	s.desk.Emit("agentContact.eAgentContactAniUpdated", map[string]any{"data": 7})
	next(s, func(webexcc.Relogin) bool { return true })
}

func TestOutdialAndLogout(t *testing.T) {
	t.Parallel()
	s := sitDown(t, nil)
	s.atWork()
	require.NoError(t, s.app.Outdial(s.ctx, webexcc.Outdial{
		Destination: "+14155550100", EntryPointID: webexcctest.EntryPointID, Attributes: map[string]string{"deskbridgeKey": "k1"},
	}))
	id := s.task(webexcc.AgentOfferContact).InteractionID()
	require.NoError(t, s.app.End(s.ctx, id))
	s.task(webexcc.ContactEnded)
	require.NoError(t, s.app.LogOut(s.ctx, ""))
	next(s, func(n webexcc.Logout) bool { return !n.Failed() })
}
