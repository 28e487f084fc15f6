// Package engine drives the softphone: it owns the goroutine in which
// [softphone.Step] runs, feeds it what happens at Webex, HubSpot, the backend
// and under the agent's hand, and carries out what it orders.
//
// One goroutine steps. Every destination has a lane of its own in which
// commands run in order, each with a deadline, so that a slow lookup or save
// never delays an End. Records go through an outbox that survives reloads.
// Nothing here is specific to a browser: what is, comes in through [Config].
package engine

import (
	"context"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/callingext"
	"deskbridge/pkg/softphone"
)

// A Backend is our own server. *backend.Client implements it.
type Backend interface {
	SignOut(ctx context.Context) error
	Settings(ctx context.Context) (backend.Settings, error)
	SettingsFor(ctx context.Context, q backend.SettingsQuery) (backend.Settings, error)
	Config(ctx context.Context) (backend.Config, error)
	Put(ctx context.Context, r backend.Record) (backend.Receipt, error)
	Interactions(ctx context.Context) (backend.Interactions, error)
	Lookup(ctx context.Context, l backend.Lookup) (backend.Matches, error)
	CreateContact(ctx context.Context, c backend.NewContact) (backend.Match, error)
	Card(ctx context.Context, q backend.CardQuery) (backend.Card, error)
	Dial(ctx context.Context, d backend.Dial) error
	Search(ctx context.Context, s backend.Search) (backend.Page, error)
	Number(ctx context.Context, n backend.NumberQuery) (backend.Number, error)
}

var _ Backend = (*backend.Client)(nil)

// A Host is the HubSpot page around us. *callingext.Widget implements it.
type Host interface {
	Next(ctx context.Context) (callingext.HostMessage, error)
	Send(m callingext.WidgetMessage) error
}

// A Store keeps small texts beyond a reload. It may be memory only.
type Store interface {
	Get(key string) (string, bool)
	Set(key, value string) error
	Remove(key string)
	Keys() []string
}

// A SignIn signs the agent in at the backend. It may tell on the way: the code
// to show (SignInPending), or that the window is gone (SignInFailed) although a
// session may still come. An error that wraps a *SignInError names its problem.
type SignIn interface {
	SignIn(ctx context.Context, tell func(softphone.Event)) (backend.Session, error)
}

// A SignInError is a sign-in that ended without a session.
type SignInError struct{ Code softphone.ProblemCode }

func (e *SignInError) Error() string { return "engine: sign-in: " + string(e.Code) }

// A Leader elects one tab. Acquire waits until this tab leads; lost is closed
// when another one takes over. The lead is given back when ctx ends.
type Leader interface {
	Acquire(ctx context.Context, steal bool) (lost <-chan struct{}, err error)
}

// Config configures an Engine.
type Config struct {
	CC      ContactCenter // Required.
	Backend Backend       // Required.
	Session *Session      // Required.
	SignIn  SignIn        // Required.
	Store   Store         // Required.
	Host    Host          // Nil where no HubSpot page is around us.
	Leader  Leader        // Nil: this tab always leads.
	Tabs    Tabs          // Nil: other tabs do not learn what this one does.

	// OpenTab opens a page of HubSpot's in a new tab; an error means that the
	// browser did not. Nil where there is no browser.
	OpenTab func(url string) error

	Layout func() backend.Layout // What the Agent Desktop's layout sets. Nil where there is none.
	Portal func() string         // The portal that it names. Likewise; and empty where it names none.

	HostID softphone.HostID                                 // Names this tab; defaults to "tab".
	Now    func() time.Time                                 // Defaults to time.Now.
	Ticker func(d time.Duration) (<-chan time.Time, func()) // Defaults to time.NewTicker; a browser passes its Worker's.
	NewID  func() string                                    // Required. A fresh random id.
	Log    func(msg string, args ...any)                    // Defaults to silence. Gets no tokens, numbers or names.
}

// An Engine drives one softphone. Create it with [New], start it with Run.
type Engine struct {
	cfg   Config
	media Media // Nil: CC has none.

	mu    sync.Mutex
	queue []softphone.Event
	wake  chan struct{}
	state softphone.State
	view  softphone.View
	subs  map[int]func(softphone.View)
	subID int

	gate   gate
	lanes  lanes
	outbox *outbox
	link   *link
	polls  chan struct{} // Wakes the receipt poller.
	steal  chan struct{} // Takes the lead.
	shown  string        // What the other tabs were told last. Only the engine's goroutine touches it.
	begun  chan struct{} // Wakes the configurator: a session began.

	stopSignIn context.CancelFunc // Of the sign-in under way. Only the engine's goroutine touches it.
	entryPoint atomic.Value       // string: the profile's outdial entry point.
	profileID  atomic.Value       // string: the profile's id, which the buddy list asks for.
}

// New makes an engine. It panics when a required field is missing.
func New(cfg Config) *Engine {
	if cfg.CC == nil || cfg.Backend == nil || cfg.Session == nil || cfg.SignIn == nil || cfg.Store == nil || cfg.NewID == nil {
		panic("engine: CC, Backend, Session, SignIn, Store and NewID are required")
	}
	if cfg.HostID == "" {
		cfg.HostID = "tab"
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Ticker == nil {
		cfg.Ticker = func(d time.Duration) (<-chan time.Time, func()) {
			t := time.NewTicker(d)
			return t.C, t.Stop
		}
	}
	if cfg.Log == nil {
		cfg.Log = func(string, ...any) {}
	}
	e := &Engine{
		cfg: cfg, wake: make(chan struct{}, 1), subs: map[int]func(softphone.View){},
		polls: make(chan struct{}, 1), steal: make(chan struct{}, 1), begun: make(chan struct{}, 1),
	}
	e.media, _ = cfg.CC.(Media)
	e.view = e.state.View()
	e.gate.send = e.Send
	e.outbox = newOutbox(e)
	e.link = &link{e: e}
	return e
}

// Send hands in an event. It never blocks and keeps the order of one sender.
func (e *Engine) Send(ev softphone.Event) {
	e.mu.Lock()
	e.queue = append(e.queue, ev)
	e.mu.Unlock()
	signal(e.wake)
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// View returns the newest view.
func (e *Engine) View() softphone.View {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.view
}

// Subscribe calls f with every new view, from the engine's goroutine; f must
// return quickly. The returned function ends it.
func (e *Engine) Subscribe(f func(softphone.View)) (remove func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.subID++
	id := e.subID
	e.subs[id] = f
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.subs, id)
	}
}

// NewKey makes the key of an outdial: a fresh id in the interaction's place.
func (e *Engine) NewKey() softphone.CallKey {
	e.mu.Lock()
	agent := e.state.Agent.AgentID
	e.mu.Unlock()
	return softphone.CallKey("dial-" + e.cfg.NewID() + ":" + agent + ":1")
}

// Run drives the phone until ctx ends. It may be called once.
func (e *Engine) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	for _, f := range []func(context.Context){
		e.watchHost, e.watchLead, e.watchTabs, e.configure, e.outbox.run, e.pollReceipts,
	} {
		running.Go(func() { f(ctx) })
	}
	defer e.lanes.wait()
	defer e.link.close()

	if e.media != nil {
		e.Send(softphone.MediaOffered{Media: e.media.Abilities()})
	}
	if agent, ok := e.cfg.Session.restored(); ok {
		e.Send(softphone.SessionRestored{Agent: agent})
	} else {
		e.Send(softphone.SessionMissing{})
	}
	if u, ok := e.cfg.Store.(interface{ Usable() bool }); ok && !u.Usable() {
		e.outbox.mu.Lock()
		e.outbox.complain()
		e.outbox.mu.Unlock()
	}
	ticks, stop := e.cfg.Ticker(time.Second)
	defer stop()
	for {
		for {
			ev, ok := e.pop()
			if !ok {
				break
			}
			e.step(ctx, ev)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-e.wake:
		case <-ticks:
			e.step(ctx, softphone.Tick{})
		}
	}
}

func (e *Engine) pop() (softphone.Event, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.queue) == 0 {
		return nil, false
	}
	ev := e.queue[0]
	e.queue = e.queue[1:]
	return ev, true
}

// step takes one event: state, view, commands, link, in this order. Records
// are written to the outbox before any later command of the same step runs.
func (e *Engine) step(ctx context.Context, ev softphone.Event) {
	before := e.state
	next, commands := softphone.Step(e.state, e.cfg.Now(), ev)
	view := next.View()
	_, tick := ev.(softphone.Tick)

	e.mu.Lock()
	changed := !tick || len(commands) > 0 || !reflect.DeepEqual(view, e.view)
	e.state, e.view = next, view
	subs := make([]func(softphone.View), 0, len(e.subs))
	for _, f := range e.subs {
		subs = append(subs, f)
	}
	e.mu.Unlock()

	e.sessionChanged(before, next)
	e.tellTabs(before, next, view)
	if _, ok := ev.(softphone.RecordAcknowledged); ok {
		signal(e.polls)
	}
	for _, c := range commands {
		e.dispatch(ctx, c)
	}
	e.link.want(ctx, next.WantsLink())
	if changed {
		for _, f := range subs {
			f(view)
		}
	}
}

// sessionChanged starts what a new session or the lead needs.
func (e *Engine) sessionChanged(before, next softphone.State) {
	if next.Session != softphone.SignedInState {
		return
	}
	begun := before.Session != next.Session || before.Agent.AgentID != next.Agent.AgentID
	if begun || before.Lead != next.Lead {
		e.outbox.bind(next.Agent.AgentID, next.Lead)
	}
	if begun {
		signal(e.begun)
	}
}

// dispatch gives a command to its lane. Two kinds are done at once: what must
// be on disk before the next command, and what only wakes somebody.
func (e *Engine) dispatch(ctx context.Context, c softphone.Command) {
	switch c := c.(type) {
	case softphone.SaveRecord:
		e.outbox.add(e.inLayout(toBackend(c.Record)))
		return
	case softphone.TakeLead:
		signal(e.steal)
		return
	case softphone.OpenSignIn:
		e.openSignIn(ctx)
		return
	}
	e.lanes.run(string(c.Lane()), func() {
		ctx, cancel := context.WithTimeout(ctx, deadline(c))
		defer cancel()
		if err := e.execute(ctx, c); err != nil && ctx.Err() != context.Canceled {
			e.cfg.Log("command failed", "lane", laneKind(c), "error", errorKind(err))
			e.expired(err)
			e.Send(failed(c, err))
		}
	})
}
