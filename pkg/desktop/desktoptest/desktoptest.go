// Package desktoptest stands in for the Agent Desktop with the bridge in it, for
// tests: it speaks the protocol of package desktop at one end of a pipe, and is
// an agent's client of Webex at the other, which may be package webexcctest's
// emulator. It turns calls of the SDK into REST commands and notifications into
// the SDK's events, in the Desktop's order: an event comes before the promise of
// the request that caused it settles. Every event comes twice, as some do there.
package desktoptest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"deskbridge/pkg/desktop"
	"deskbridge/pkg/native"
	"deskbridge/pkg/webexcc"
)

// Config configures a [Desk].
type Config struct {
	BaseURL, OrgID string // The gateway. Required.
	Token          string // The agent's. Required.
	AgentID        string // Required.
	ProfileID      string

	Late   bool           // The SDK is not initialised before Init.
	Framed bool           // The page is in a frame.
	Mode   string         // Defaults to panel.
	Props  map[string]any // Further properties of the element.
}

// A Desk is a Desktop with an agent at it. What people do are its methods; they
// may be called from any goroutine.
type Desk struct {
	cfg    Config
	client *webexcc.Client
	stream *webexcc.Stream
	out    *queue // To the app.

	mu       sync.Mutex
	ctx      context.Context // Run's; nil before.
	running  sync.WaitGroup
	present  bool // The element is in the page.
	inited   bool
	synced   bool // The client has heard of the session.
	props    map[string]any
	latest   map[string]any
	listened []string
	promises []*promise
	maps     []uint64 // Calls of getTaskMap that wait.
	wanted   []string // Ids whose snapshots are still to come for them.
	found    map[string]json.RawMessage
	made     []string // Calls, in order.
	hangs    []string
	rejects  map[string]string
	spoils   map[string]func(data map[string]any)
	logins   chan webexcc.StationLogin
}

// promise is a call that waits for a notification.
type promise struct {
	id   uint64
	call string
	test func(typ, interaction string, n webexcc.Notification) verdict
}

type verdict int

const (
	waits verdict = iota
	resolves
	refuses
)

// New returns a Desk that waits for Run.
func New(cfg Config) *Desk {
	d := &Desk{
		cfg: cfg, out: newQueue(), present: true, inited: !cfg.Late, latest: map[string]any{"status": webexcc.LoggedOut},
		rejects: map[string]string{}, spoils: map[string]func(map[string]any){}, logins: make(chan webexcc.StationLogin, 1),
		props: map[string]any{desktop.PropAgentID: cfg.AgentID, desktop.PropOrgID: cfg.OrgID, desktop.PropDarkMode: "false"},
	}
	for name, value := range cfg.Props {
		d.props[name] = value
	}
	if cfg.ProfileID != "" {
		d.latest["agentProfileID"] = cfg.ProfileID
	}
	d.client = &webexcc.Client{
		BaseURL: cfg.BaseURL, OrgID: cfg.OrgID, Doer: native.Fetch{},
		Token: func(context.Context) (string, error) { return cfg.Token, nil },
	}
	d.stream = webexcc.NewStream(webexcc.StreamConfig{Client: d.client, Dial: native.Dial})
	return d
}

// Pipe is the app's end.
func (d *Desk) Pipe() desktop.Pipe { return pipe{d} }

type pipe struct{ d *Desk }

func (p pipe) Send(text string) error { return p.d.take(text) }

func (p pipe) Receive(ctx context.Context) (string, error) { return p.d.out.next(ctx) }

// Run is the Desktop's life: it reads Webex's notifications until ctx ends.
func (d *Desk) Run(ctx context.Context) error {
	d.mu.Lock()
	d.ctx = ctx
	d.hello()
	d.mu.Unlock()
	defer d.running.Wait()
	defer d.stream.Close()
	for {
		n, err := d.stream.Next(ctx)
		if err != nil {
			return err
		}
		d.mu.Lock()
		d.notified(n)
		d.mu.Unlock()
	}
}

// LogIn is the agent choosing a phone in the Desktop's own dialog.
func (d *Desk) LogIn(ctx context.Context, l webexcc.Login) error {
	if err := d.client.LogIn(ctx, l); err != nil {
		return err
	}
	select {
	case n := <-d.logins:
		if n.Failed() {
			return errors.New("desktoptest: " + string(n.Data.Reason))
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Init lets the SDK be initialised that was Late.
func (d *Desk) Init() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.inited = true
	d.hello()
}

// Remove takes the element out of the page: what was listened to and asked is
// forgotten.
func (d *Desk) Remove() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.say(map[string]any{"bye": true})
	d.present, d.listened, d.promises, d.maps = false, nil, nil, nil
}

// Attach puts the element back.
func (d *Desk) Attach() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.present = true
	d.hello()
}

// SetProps changes properties of the element; nil removes one.
func (d *Desk) SetProps(p map[string]any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.setProps(p)
}

// Reject lets the next call of this name be rejected.
func (d *Desk) Reject(call, reason string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.rejects[call] = reason
}

// Hang lets the next call of this name never settle, nor take place.
func (d *Desk) Hang(call string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hangs = append(d.hangs, call)
}

// Spoil changes the data of the next event of this name, such as by taking
// members away; the second copy of it stays away.
func (d *Desk) Spoil(event string, change func(data map[string]any)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.spoils[event] = change
}

// Emit sends an event if it is listened to.
func (d *Desk) Emit(event string, data any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.emit(event, data)
}

// Calls returns the calls that were made, with and without an id.
func (d *Desk) Calls() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.made)
}

// Made counts the calls of a name.
func (d *Desk) Made(call string) int {
	n := 0
	for _, name := range d.Calls() {
		if name == call {
			n++
		}
	}
	return n
}

// hello introduces the bridge: at first without the SDK, as the real one does.
func (d *Desk) hello() {
	if !d.present || d.ctx == nil {
		return
	}
	d.say(map[string]any{"v": 1, "hello": map[string]any{
		"sdk": "2.0.15", "inited": d.inited && d.synced, "framed": d.cfg.Framed, "mode": cmp.Or(d.cfg.Mode, "panel"), "props": d.props,
	}})
}

func (d *Desk) say(message any) {
	if !d.present {
		return
	}
	text, err := json.Marshal(message)
	if err != nil {
		panic(err) // Of our own making.
	}
	d.out.put(string(text))
}

func (d *Desk) emit(event string, data any) {
	if slices.Contains(d.listened, event) {
		d.say(map[string]any{"event": event, "data": data})
	}
}

func (d *Desk) setProps(p map[string]any) {
	for name, value := range p {
		if value == nil {
			delete(d.props, name)
		} else {
			d.props[name] = value
		}
	}
	d.say(map[string]any{"props": p})
}

// queue is one direction of the pipe. It never fills.
type queue struct {
	mu    sync.Mutex
	texts []string
	wake  chan struct{}
}

func newQueue() *queue { return &queue{wake: make(chan struct{}, 1)} }

func (q *queue) put(text string) {
	q.mu.Lock()
	q.texts = append(q.texts, text)
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *queue) next(ctx context.Context) (string, error) {
	for {
		q.mu.Lock()
		if len(q.texts) > 0 {
			text := q.texts[0]
			q.texts = q.texts[1:]
			q.mu.Unlock()
			return text, nil
		}
		q.mu.Unlock()
		select {
		case <-q.wake:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}
