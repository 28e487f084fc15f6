package desktop

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"deskbridge/pkg/webexcc"
)

// Config configures a [Desktop]. The functions in it are called from Run's
// goroutine and must not wait.
type Config struct {
	Pipe Pipe // Required.

	Element     string        // The element's tag, which shortcuts are registered for. Defaults to deskbridge-widget.
	InitTimeout time.Duration // How long a stream waits for the SDK. Defaults to 30 s.
	CallTimeout time.Duration // How long a call may take; defaults to 20 s; campaign previews have 80 s.

	Changed  func()                           // Properties have changed. May be nil.
	Pressed  func(action string)              // One of our shortcuts. May be nil.
	Conflict func(action string, exists bool) // A shortcut is taken by another widget too, or is free again (then action may be empty). May be nil.

	Now func() time.Time              // Defaults to time.Now.
	Log func(msg string, args ...any) // Defaults to silence. Gets no tokens, numbers or names.
}

// A Desktop is the Agent Desktop that the element is part of. It is used
// through engine.Desktop. One goroutine, the one in Run, reads the pipe; the
// methods may be called from any.
type Desktop struct {
	cfg Config

	mu         sync.Mutex
	inited     bool // The bridge is there and the SDK initialised.
	framed     bool
	mode, sdk  string
	props      properties
	latest     properties // The SDK's latestData; nil before the first.
	generation uint64
	lastID     uint64
	pending    map[uint64]*waiting
	streams    map[*Stream]struct{}
	moved      chan struct{} // Closed when inited or ended changes, and made anew.
	ended      error         // Why Run ended.
	recent     []message     // What was last delivered.
	muted      map[string]bool
	shortcuts  []Shortcut
	told       map[string]bool // What was reported.
}

// waiting is a call under way. done is called once, with the lock held.
type waiting struct {
	call string
	stop func() bool
	done func(json.RawMessage, error)
}

// message is a notification's identity.
type message struct{ typ, tracking, inner string }

// New returns a Desktop that has not heard of its bridge yet: start Run.
func New(cfg Config) *Desktop {
	if cfg.Pipe == nil {
		panic("desktop: Pipe is required")
	}
	if cfg.Element == "" {
		cfg.Element = defaultElement
	}
	if cfg.InitTimeout <= 0 {
		cfg.InitTimeout = initLimit
	}
	if cfg.CallTimeout <= 0 {
		cfg.CallTimeout = usualLimit
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = func(string, ...any) {}
	}
	return &Desktop{
		cfg: cfg, pending: map[uint64]*waiting{}, streams: map[*Stream]struct{}{}, moved: make(chan struct{}),
		muted: map[string]bool{}, told: map[string]bool{},
	}
}

// Run reads the pipe until it ends, ctx ends, or the bridge turns out to speak
// another version. It returns why; so does every stream from then on.
func (d *Desktop) Run(ctx context.Context) error {
	for {
		text, err := d.cfg.Pipe.Receive(ctx)
		if err != nil {
			err = fmt.Errorf("%w: %w", ErrPipe, err)
		} else {
			err = d.take(text)
		}
		if err != nil {
			d.end(err)
			return err
		}
	}
}

// Ready waits until the SDK is initialised. It returns ErrInitLate when that
// takes longer than Config.InitTimeout.
func (d *Desktop) Ready(ctx context.Context) error {
	late := time.NewTimer(d.cfg.InitTimeout)
	defer late.Stop()
	for {
		d.mu.Lock()
		inited, ended, moved := d.inited, d.ended, d.moved
		d.mu.Unlock()
		switch {
		case ended != nil:
			return ended
		case inited:
			return nil
		}
		select {
		case <-moved:
		case <-late.C:
			return ErrInitLate
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// take handles one message. An error is final.
func (d *Desktop) take(text string) error {
	var calls []func()
	defer func() { // After the lock is given back.
		for _, call := range calls {
			call()
		}
	}()
	d.mu.Lock()
	defer d.mu.Unlock()
	var m inbound
	if json.Unmarshal([]byte(text), &m) != nil {
		d.report("message", "not an object")
		return nil
	}
	switch {
	case present(m.Hello):
		if m.V != protocolVersion {
			return ErrVersion
		}
		var h hello
		if json.Unmarshal(m.Hello, &h) != nil {
			d.report("hello", "not an object")
			return nil
		}
		d.arrived(h)
		calls = append(calls, d.changed()...)
	case present(m.Props):
		var p properties
		_ = json.Unmarshal(m.Props, &p) // Takes any JSON.
		d.changeProps(p)
		calls = append(calls, d.changed()...)
	case m.Bye.Is():
		d.left(ErrGone)
	case m.Event != "" && !d.inited:
		d.report("event", "before the SDK was initialised")
	case m.Event != "":
		calls = append(calls, d.event(string(m.Event), m.Data)...)
	case m.ID > 0:
		d.answered(uint64(m.ID), m)
	default:
		d.report("message", "unknown")
	}
	return nil
}

func (d *Desktop) changed() []func() {
	if d.cfg.Changed == nil {
		return nil
	}
	return []func(){d.cfg.Changed}
}

func (d *Desktop) merge(p properties) {
	if d.props == nil {
		d.props = properties{}
	}
	for name, value := range p {
		if present(value) {
			d.props[name] = value
		} else {
			delete(d.props, name)
		}
	}
}

// arrived begins anew with what the bridge says of itself.
func (d *Desktop) arrived(h hello) {
	d.left(ErrGone)
	d.props, d.latest = nil, nil
	d.merge(h.Props)
	d.framed, d.mode, d.sdk = h.Framed.Is(), string(h.Mode), string(h.SDK)
	if !h.Inited.Is() {
		return
	}
	d.inited = true
	d.move()
	d.send(outbound{Listen: Events()})
	if d.framed {
		d.send(outbound{Call: callRegisterCRM, Args: []any{struct {
			Platform string `json:"crmPlatform"`
			Provider string `json:"crmConnectorProvider"`
		}{crmPlatform, crmMaker}}})
	}
	d.register()
	if len(d.streams) > 0 {
		d.linkUp()
	}
}

// linkUp tells the streams that there is a Desktop, and then what it holds.
func (d *Desktop) linkUp() {
	d.generation++
	d.push(webexcc.LinkUp{Generation: d.generation, AgentID: d.props.text(PropAgentID)})
	d.hydrate(func(error) {})
}

// left ends what was under way with the bridge.
func (d *Desktop) left(err error) {
	for id, w := range d.pending {
		delete(d.pending, id)
		w.stop()
		w.done(nil, err)
	}
	clear(d.muted)
	if !d.inited {
		return
	}
	d.inited, d.latest = false, nil
	d.push(webexcc.LinkLost{Err: err})
	d.move()
}

func (d *Desktop) end(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = err
	d.left(err)
	for s := range d.streams {
		s.end(err)
	}
	d.move()
}

func (d *Desktop) move() {
	close(d.moved)
	d.moved = make(chan struct{})
}

// report logs what is wrong with what came, once per kind and without a word of
// it: it may hold numbers and names.
func (d *Desktop) report(what, problem string) {
	key := what + ": " + problem
	if d.told[key] || len(d.told) >= reportLimit {
		return
	}
	d.told[key] = true
	d.cfg.Log("desktop payload", "of", what, "problem", problem)
}
