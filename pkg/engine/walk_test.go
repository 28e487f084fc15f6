package engine_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/callingext"
	"deskbridge/pkg/desktop"
	"deskbridge/pkg/desktop/desktoptest"
	"deskbridge/pkg/engine"
	"deskbridge/pkg/native"
	"deskbridge/pkg/softphone"
	"deskbridge/pkg/webexcc"
	"deskbridge/pkg/webexcc/webexcctest"
)

// A centre of the walks is a way to reach the emulated Webex.
const (
	overREST    = "rest"
	overDesktop = "desktop" // Inside the Agent Desktop.
)

// walk walks the same steps over each contact centre.
func walk(t *testing.T, steps func(t *testing.T, over string)) {
	t.Helper()
	for _, over := range []string{overREST, overDesktop} {
		t.Run(over, func(t *testing.T) {
			t.Parallel()
			steps(t, over)
		})
	}
}

// floor is a widget at the emulated Webex, over real sockets.
type floor struct {
	t      *testing.T
	name   string            // The agent's, as the emulator has it.
	desk   *desktoptest.Desk // Nil over REST.
	webex  *webexcctest.Server
	engine *engine.Engine
	server *server
	page   *page
	drawn  chan struct{} // There is a newer view.
}

func onTheFloor(t *testing.T, over string) *floor {
	t.Helper()
	return onOneFloor(t, over, "ann")[0]
}

// onOneFloor is several agents at one emulated Webex. Each has a browser, a
// HubSpot page and a session of our server of their own.
func onOneFloor(t *testing.T, over string, names ...string) []*floor {
	t.Helper()
	webex := webexcctest.New(webexcctest.Config{})
	gateway := httptest.NewServer(webex.Gateway())
	t.Cleanup(gateway.Close)
	var floors []*floor
	for _, name := range names {
		floors = append(floors, arrive(t, over, webex, gateway.URL, name))
	}
	return floors
}

func arrive(t *testing.T, over string, webex *webexcctest.Server, gateway, name string) *floor {
	t.Helper()
	f := &floor{t: t, name: name, webex: webex, server: newServer(), page: &page{}, drawn: make(chan struct{}, 1)}
	st := newStore()
	signedIn(st, f.info().AgentID)
	session := engine.NewSession(st)
	near, far := callingext.Pipe(widget, portal)
	f.page.host = callingext.NewHost(callingext.HostConfig{
		Port: far, WidgetOrigin: widget, Sync: callingext.SyncInfo{HostURL: portal, PortalID: "77", IframeLocation: callingext.InRemote},
	})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	cc := f.centre(ctx, &running, over, gateway)
	n := 0
	f.server.entryPoint, f.server.code, f.server.profile = webexcctest.EntryPointID, webexcctest.CodeResolved, webexcctest.ProfileID
	f.engine = engine.New(engine.Config{
		CC:      cc,
		Backend: f.server, Session: session, Store: st, SignIn: noSignIn{},
		Host: callingext.NewWidget(callingext.WidgetConfig{
			Port: near, Origin: widget, Hosts: []string{portal},
			Initialized: func(callingext.Synced) callingext.Initialized {
				return callingext.Initialized{IsLoggedIn: session.Restored()}
			},
		}),
		NewID: func() string { n++; return fmt.Sprint("id", n) },
	})
	remove := f.engine.Subscribe(func(softphone.View) {
		select {
		case f.drawn <- struct{}{}:
		default:
		}
	})
	running.Go(func() { _ = f.engine.Run(ctx) })
	running.Go(func() { _ = f.page.host.Run(ctx) })
	running.Go(func() { f.page.listen(ctx) })
	t.Cleanup(func() { cancel(); running.Wait(); remove() })
	return f
}

// centre is the agent's way to the emulated Webex.
func (f *floor) centre(ctx context.Context, running *sync.WaitGroup, over, gateway string) engine.ContactCenter {
	f.t.Helper()
	if over == overREST {
		return engine.Webex{
			Client: &webexcc.Client{
				BaseURL: gateway, OrgID: webexcctest.OrgID, Doer: native.Fetch{},
				Token: func(context.Context) (string, error) { return webexcctest.Token(f.name), nil },
			},
			Stream: webexcc.StreamConfig{Dial: native.Dial},
		}
	}
	f.desk = desktoptest.New(desktoptest.Config{
		BaseURL: gateway, OrgID: webexcctest.OrgID, Token: webexcctest.Token(f.name), AgentID: f.info().AgentID, ProfileID: webexcctest.ProfileID,
	})
	d := desktop.New(desktop.Config{Pipe: f.desk.Pipe()})
	running.Go(func() { _ = f.desk.Run(ctx) })
	running.Go(func() { _ = d.Run(ctx) })
	require.NoError(f.t, d.Ready(ctx))
	return engine.Desktop{Desktop: d}
}

// info is the agent as the emulator has it.
func (f *floor) info() webexcctest.AgentInfo {
	f.t.Helper()
	agents := f.webex.Agents()
	at := slices.IndexFunc(agents, func(a webexcctest.AgentInfo) bool { return a.Name == f.name })
	require.GreaterOrEqual(f.t, at, 0, "no agent %s", f.name)
	return agents[at]
}

// until waits for a view.
func (f *floor) until(what string, ok func(softphone.View) bool) softphone.View {
	f.t.Helper()
	if v := f.engine.View(); ok(v) {
		return v
	}
	deadline := time.After(30 * time.Second)
	for {
		select {
		case <-f.drawn:
			if v := f.engine.View(); ok(v) {
				return v
			}
		case <-deadline:
			require.FailNow(f.t, f.name+" is never "+what, "screen %s, problems %v", f.engine.View().Screen, f.engine.View().Problems)
		}
	}
}

func (f *floor) screen(want softphone.Screen) softphone.View {
	f.t.Helper()
	return f.until(string(want), func(v softphone.View) bool { return v.Screen == want })
}

// available signs the agent in with a desk phone.
func (f *floor) available() {
	f.t.Helper()
	f.until("ready to start", func(v softphone.View) bool { return v.CanStart.OK })
	if f.desk != nil { // The Desktop asks for the phone itself.
		require.NoError(f.t, f.desk.LogIn(f.t.Context(), webexcc.Login{
			DeviceType: webexcc.DeviceExtension, DialNumber: f.info().Extension, TeamID: webexcctest.TeamID,
		}))
	} else {
		f.engine.Send(softphone.StationRequested{Option: softphone.Extension, Number: f.info().Extension, TeamID: webexcctest.TeamID})
	}
	f.screen(softphone.ScreenIdle)
	f.engine.Send(softphone.StateRequested{})
	f.until("available", func(v softphone.View) bool { return v.Status.Word == softphone.WordAvailable })
}

func (f *floor) wrapUp(key softphone.CallKey) {
	f.t.Helper()
	f.screen(softphone.ScreenWrapUp)
	f.engine.Send(softphone.WrapUpSubmitted{Key: key})
	f.screen(softphone.ScreenIdle)
	require.Eventually(f.t, func() bool {
		return f.server.stored()[string(key)].Final && slices.Contains(f.page.types(), callingext.TypeCallCompleted)
	}, 10*time.Second, 10*time.Millisecond)
}

func TestWalkInbound(t *testing.T) {
	t.Parallel()
	walk(t, func(t *testing.T, over string) {
		f := onTheFloor(t, over)
		f.available()

		id, err := f.webex.Call(webexcctest.CallRequest{From: "+14155550100", Queue: "Billing"})
		require.NoError(t, err)
		key := f.screen(softphone.ScreenIncoming).Call.Key
		require.NoError(t, f.webex.Answer(id, "ann"))
		f.screen(softphone.ScreenInCall)
		f.engine.Send(softphone.HoldRequested{Key: key})
		f.screen(softphone.ScreenOnHold)
		f.engine.Send(softphone.ResumeRequested{Key: key})
		f.screen(softphone.ScreenInCall)
		f.engine.Send(softphone.RecordingPauseRequested{Key: key})
		f.until("paused", func(v softphone.View) bool { return v.Call != nil && v.Call.Recording.Paused })
		f.engine.Send(softphone.HoldRequested{Key: key})
		f.screen(softphone.ScreenOnHold)
		f.engine.Send(softphone.EndRequested{Key: key}) // One press on a held call.
		f.wrapUp(key)

		r := f.server.stored()[string(key)]
		require.Equal(t, "COMPLETED", r.Outcome)
		require.NotZero(t, r.WrappedAt)
		require.GreaterOrEqual(t, r.WrappedAt, r.EndedAt)
		require.Equal(t, []callingext.MessageType{
			callingext.TypeIncomingCall, callingext.TypeCallAnswered, callingext.TypeCallEnded, callingext.TypeCallCompleted,
		}, f.page.ofCalls())
	})
}

func TestWalkOutbound(t *testing.T) {
	t.Parallel()
	walk(t, func(t *testing.T, over string) {
		f := onTheFloor(t, over)
		f.available()

		require.Eventually(t, func() bool {
			return f.page.host.Send(callingext.DialNumber{PhoneNumber: "+14155550100", StartTimestamp: 1,
				CalleeInfo: &callingext.Callee{CalleeID: "501", CalleeObjectTypeID: callingext.Contact}}) == nil
		}, 10*time.Second, 10*time.Millisecond)
		key := f.screen(softphone.ScreenDialing).Call.Key
		require.Eventually(t, func() bool { return len(f.webex.Interactions()) == 1 }, 10*time.Second, 10*time.Millisecond)
		id := f.webex.Interactions()[0].ID
		f.until("bound", func(v softphone.View) bool { return v.Call != nil && v.Call.Pending == "" })
		require.NoError(t, f.webex.Answer(id, "ann"))
		f.until("ringing at the other side", func(v softphone.View) bool { return v.Call != nil && v.Call.Legs.Joined })
		require.Equal(t, softphone.ScreenDialing, f.engine.View().Screen)
		require.NoError(t, f.webex.Customer(id, "answer", ""))
		f.screen(softphone.ScreenInCall)
		require.NoError(t, f.webex.Customer(id, "hangup", ""))
		f.wrapUp(key)

		require.Contains(t, f.server.asked, "dial +14155550100 77")
		r := f.server.stored()[string(key)]
		require.Equal(t, "OUTBOUND", r.Direction)
		require.Equal(t, "501", r.Record.ObjectID)
		require.Equal(t, []callingext.MessageType{
			callingext.TypeOutgoingCall, callingext.TypeCallAnswered, callingext.TypeCallEnded, callingext.TypeCallCompleted,
		}, f.page.ofCalls())
	})
}

func TestWalkBusyAndSilentSocket(t *testing.T) {
	t.Parallel()
	walk(t, func(t *testing.T, over string) {
		f := onTheFloor(t, over)
		f.available()

		f.engine.Send(softphone.DialRequested{Key: f.engine.NewKey(), Number: "+14155550100"})
		f.screen(softphone.ScreenDialing)
		f.until("bound", func(v softphone.View) bool { return v.Call != nil && v.Call.Pending == "" })
		id := f.webex.Interactions()[0].ID
		require.NoError(t, f.webex.Customer(id, "busy", ""))
		v := f.screen(softphone.ScreenIdle)
		require.Equal(t, softphone.Busy, v.History[0].Outcome)

		back := func() {}
		if f.desk != nil {
			f.desk.Remove()
			back = f.desk.Attach
		} else {
			require.NoError(t, f.webex.DropSockets("ann", false))
		}
		f.until("offline", func(v softphone.View) bool { return v.Link == softphone.LinkDown })
		back()
		f.until("back", func(v softphone.View) bool { return v.Link == softphone.LinkUp })
	})
}

// ofCalls are the messages about calls, navigation aside.
func (p *page) ofCalls() []callingext.MessageType {
	var out []callingext.MessageType
	for _, m := range p.types() {
		switch m {
		case callingext.TypeIncomingCall, callingext.TypeOutgoingCall, callingext.TypeCallAnswered, callingext.TypeCallTransferred,
			callingext.TypeCallEnded, callingext.TypeCallCompleted:
			out = append(out, m)
		}
	}
	return out
}
