package callingext_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/callingext"
)

// texts is one end of a text pipe.
type texts struct {
	out, in chan string
}

func textPipe() (a, b texts) {
	x, y := make(chan string, 64), make(chan string, 64)
	return texts{x, y}, texts{y, x}
}

func (p texts) Send(text string) error { p.out <- text; return nil }

func (p texts) Receive(ctx context.Context) (string, error) {
	select {
	case s, ok := <-p.in:
		if !ok {
			return "", errors.New("closed")
		}
		return s, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// around is HubSpot's page with a relay in its frame.
type around struct {
	t     *testing.T
	ctx   context.Context
	host  *callingext.Host
	relay *callingext.Relay
}

func startRelay(t *testing.T) around {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(func() { cancel(); synctest.Wait() })
	theirs, ours := callingext.Pipe(hubspot, phone)
	a := around{
		t: t, ctx: ctx,
		host: callingext.NewHost(callingext.HostConfig{
			Port: theirs, WidgetOrigin: phone, Sync: callingext.SyncInfo{HostURL: hubspot, PortalID: "4567", EngagementID: "77"},
		}),
		relay: callingext.NewRelay(ours, phone, []string{hubspot}),
	}
	go func() { _ = a.relay.Run(ctx) }()
	go func() { _ = a.host.Run(ctx) }()
	require.IsType(t, callingext.SyncAck{}, a.hears())
	require.Equal(t, false, a.hears().(callingext.Initialized).IsLoggedIn, "HubSpot is answered before there is a widget")
	return a
}

func (a around) hears() callingext.WidgetMessage {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(a.ctx, time.Minute)
	defer cancel()
	m, err := a.host.Next(ctx)
	require.NoError(a.t, err)
	return m
}

// attach puts a widget somewhere into the frame.
func (a around) attach(in bool) (*callingext.Widget, callingext.Synced) {
	a.t.Helper()
	outer, inner := textPipe()
	go func() { _ = a.relay.Attach(a.ctx, outer) }()
	port := callingext.NewPipePort()
	w := callingext.NewWidget(callingext.WidgetConfig{
		Port: port, Origin: phone, Hosts: []string{hubspot},
		Initialized: func(callingext.Synced) callingext.Initialized { return callingext.Initialized{IsLoggedIn: in} },
	})
	host, err := a.relay.Host(a.ctx)
	require.NoError(a.t, err)
	port.Attach(inner, host)
	m, err := w.Next(a.ctx)
	require.NoError(a.t, err)
	return w, m.(callingext.Synced)
}

// A widget that comes late speaks with HubSpot as if it stood in its iframe.
func TestRelayHandsOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := startRelay(t)
		require.NoError(t, a.host.Send(callingext.DialNumber{PhoneNumber: "+14155550100"}))
		w, synced := a.attach(true)
		require.Equal(t, hubspot, synced.HostURL)
		require.EqualValues(t, "4567", synced.PortalID)
		require.EqualValues(t, "77", synced.EngagementID)

		require.IsType(t, callingext.LoggedIn{}, a.hears(), "what INITIALIZED could not say yet")
		m, err := w.Next(a.ctx)
		require.NoError(t, err)
		require.Equal(t, "+14155550100", m.(callingext.DialNumber).PhoneNumber, "it has waited")
		require.NoError(t, w.Send(callingext.IncomingCall{ExternalCallID: "k", FromNumber: "+1", ToNumber: "+2", CallStartTime: 1, CreateEngagement: true}))
		require.Equal(t, "k", a.hears().(callingext.IncomingCall).ExternalCallID)
		require.NoError(t, a.host.Send(callingext.CreateEngagementSucceeded{EngagementID: "9"}))
		m, err = w.Next(a.ctx)
		require.NoError(t, err)
		require.EqualValues(t, "9", m.(callingext.CreateEngagementSucceeded).EngagementID)
	})
}

// A widget that was reloaded takes the place of the one before; HubSpot is not
// told twice that somebody is logged in.
func TestRelayAfterReload(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := startRelay(t)
		old, _ := a.attach(true)
		require.IsType(t, callingext.LoggedIn{}, a.hears())
		w, _ := a.attach(false)
		require.NoError(t, w.Send(callingext.LoggedIn{}))
		_ = old.Send(callingext.Unavailable{})
		require.NoError(t, w.Send(callingext.Available{}))

		require.IsType(t, callingext.Available{}, a.hears())
		require.NoError(t, a.host.Send(callingext.EndCall{}))
		m, err := w.Next(a.ctx)
		require.NoError(t, err)
		require.IsType(t, callingext.EndCall{}, m)
	})
}

// HubSpot is not left waiting for a widget that does not come.
func TestRelayWithoutWidget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := startRelay(t)
		require.NoError(t, a.host.Send(callingext.DialNumber{PhoneNumber: "+14155550100"}))

		said := a.hears().(callingext.SendError)
		require.Equal(t, callingext.DeskNotReady, said.Code)
		raw, err := json.Marshal(said)
		require.NoError(t, err)
		require.NotContains(t, string(raw), "5550100")
		w, _ := a.attach(false)
		require.NoError(t, a.host.Send(callingext.EndCall{}))
		m, err := w.Next(a.ctx)
		require.NoError(t, err)
		require.IsType(t, callingext.EndCall{}, m, "the dial is not handed on any more")
	})
}
