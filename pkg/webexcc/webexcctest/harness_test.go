package webexcctest_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/native"
	"deskbridge/pkg/webexcc"
	"deskbridge/pkg/webexcc/webexcctest"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// clock is a time that passes only when told to.
type clock struct {
	mu     sync.Mutex
	now    time.Time
	timers []*timer
}

type timer struct {
	at time.Time
	f  func()
}

func newClock() *clock { return &clock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) AfterFunc(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &timer{c.now.Add(d), f}
	c.timers = append(c.timers, t)
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		before := len(c.timers)
		c.timers = slices.DeleteFunc(c.timers, func(x *timer) bool { return x == t })
		return len(c.timers) < before
	}
}

// pass lets d go by and runs what is due.
func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(d)
	var due []*timer
	c.timers = slices.DeleteFunc(c.timers, func(t *timer) bool {
		if t.at.After(c.now) {
			return false
		}
		due = append(due, t)
		return true
	})
	c.mu.Unlock()
	for _, t := range due {
		t.f()
	}
}

// waiting returns how many timers run.
func (c *clock) waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.timers)
}

type world struct {
	*webexcctest.Server
	t     *testing.T
	clock *clock
	base  string
	http  *http.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	t.Parallel()
	return newWorldIn(t)
}

// newWorldIn makes one of several worlds of a test.
func newWorldIn(t *testing.T) *world {
	t.Helper()
	c := newClock()
	s := webexcctest.New(webexcctest.Config{
		Now: c.Now, AfterFunc: c.AfterFunc, GatewayPath: "/webexcc", AutoSignIn: true, TokenTTL: time.Hour, Agents: 5,
	})
	mux := http.NewServeMux()
	mux.Handle("/webexcc/", http.StripPrefix("/webexcc", s.Gateway()))
	mux.Handle("/webexapis/", http.StripPrefix("/webexapis", s.Identity()))
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		s.Reset()
		server.Close()
	})
	return &world{Server: s, t: t, clock: c, base: server.URL, http: server.Client()}
}

// desk is an agent at work: a client and what the stream brings.
type desk struct {
	*webexcc.Client
	w      *world
	t      *testing.T
	id     string
	stream *webexcc.Stream
	sdk    *sdk // What Cisco's would make of it all.
}

func (w *world) client(token string) *webexcc.Client {
	return &webexcc.Client{
		BaseURL: w.base + "/webexcc", OrgID: webexcctest.OrgID, Doer: native.Fetch{Client: w.http},
		Token: func(context.Context) (string, error) { return token, nil },
	}
}

// connect opens a stream and waits until the reload that follows has failed or
// succeeded.
func (w *world) connect(name string) *desk {
	w.t.Helper()
	d := &desk{Client: w.client(webexcctest.Token(name)), w: w, t: w.t}
	d.stream = webexcc.NewStream(webexcc.StreamConfig{Client: d.Client, Dial: native.Dial})
	w.t.Cleanup(func() { _ = d.stream.Close() })
	d.id = until[webexcc.LinkUp](d, nil).AgentID
	d.sdk = newSDK(w.t, d.id)
	until[webexcc.Relogin](d, nil)
	return d
}

// work connects, logs in and makes available.
func (w *world) work(name, extension string) *desk {
	w.t.Helper()
	d := w.connect(name)
	require.NoError(w.t, d.LogIn(w.t.Context(), webexcc.Login{DialNumber: extension, TeamID: webexcctest.TeamID, DeviceType: webexcc.DeviceExtension}))
	login := until[webexcc.StationLogin](d, nil)
	require.False(w.t, login.Failed(), "%+v", login.Data)
	d.available()
	return d
}

func (d *desk) available() {
	d.t.Helper()
	require.NoError(d.t, d.SetState(d.t.Context(), webexcc.StateChange{State: webexcc.Available, AuxCodeID: "0", AgentID: d.id}))
	require.Equal(d.t, webexcc.Available, until[webexcc.AgentStateChange](d, nil).Data.SubStatus)
}

// until reads notifications up to the first of a kind that fits.
func until[N webexcc.Notification](d *desk, fits func(N) bool) N {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	for {
		n, err := d.stream.Next(ctx)
		require.NoError(d.t, err)
		if task, ok := n.(webexcc.Task); ok {
			d.sdk.hear(task)
		}
		if found, ok := n.(N); ok && (fits == nil || fits(found)) {
			return found
		}
	}
}

// task reads the next task event, which must be of the type.
func (d *desk) task(typ string) webexcc.TaskData {
	d.t.Helper()
	n := until[webexcc.Task](d, nil)
	require.Equal(d.t, typ, n.Type)
	require.NotEmpty(d.t, n.Data.Interaction.Participants, "every event carries the interaction")
	return n.Data
}

// call lets a customer call this agent, who answers.
func (d *desk) call(from string) webexcc.TaskData {
	d.t.Helper()
	id, err := d.w.Call(webexcctest.CallRequest{From: from, Agent: d.id})
	require.NoError(d.t, err)
	d.task(webexcc.AgentContactReserved)
	d.task(webexcc.AgentOfferContact)
	require.NoError(d.t, d.w.Answer(id, d.id))
	return d.task(webexcc.AgentContactAssigned)
}

// tasks reads these task events, which must come in this order and nothing
// between them, and returns the last.
func (d *desk) tasks(types ...string) (last webexcc.TaskData) {
	d.t.Helper()
	for _, typ := range types {
		last = d.task(typ)
	}
	return last
}

// wrapUp closes a contact.
func (d *desk) wrapUp(id string) webexcc.TaskData {
	d.t.Helper()
	require.NoError(d.t, d.WrapUp(d.t.Context(), id, webexcc.WrapUp{AuxCodeID: webexcctest.CodeResolved, Reason: "Resolved"}))
	return d.task(webexcc.AgentWrappedUp)
}
