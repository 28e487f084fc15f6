package desktop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"deskbridge/pkg/webexcc"
)

// send hands a message to the pipe. A pipe that takes none ends for its reader
// too, so there is nobody to tell.
func (d *Desktop) send(m outbound) {
	text, err := json.Marshal(m)
	if err == nil {
		err = d.cfg.Pipe.Send(string(text))
	}
	if err != nil {
		d.report("pipe", "not sent")
	}
}

// ask begins a call. done is called once with the lock held: from the goroutine
// that reads, so that what it does keeps its place among the events, or when
// the time is up. The caller holds the lock.
func (d *Desktop) ask(call string, args []any, done func(json.RawMessage, error)) (id uint64) {
	if !d.inited {
		done(nil, ErrNotReady)
		return 0
	}
	d.lastID++
	id = d.lastID
	limit := time.AfterFunc(limitOf(call, d.cfg.CallTimeout), func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.settle(id, nil, fmt.Errorf("%w: %s", ErrTimeout, call))
	})
	d.pending[id] = &waiting{call: call, stop: limit.Stop, done: done}
	d.send(outbound{ID: id, Call: call, Args: args})
	return id
}

func (d *Desktop) settle(id uint64, ok json.RawMessage, err error) {
	w := d.pending[id]
	if w == nil {
		return // Too late, or twice.
	}
	delete(d.pending, id)
	w.stop()
	w.done(ok, err)
}

// answered takes the answer to a call. News in it are delivered like an event,
// unless an event has brought them already; a rejection that an event has told
// is none.
func (d *Desktop) answered(id uint64, m inbound) {
	w := d.pending[id]
	switch {
	case w == nil:
	case present(m.Error):
		err := rejected(w.call, m.Error)
		if d.heardOf(err.TrackingID) {
			d.settle(id, nil, nil)
			return
		}
		d.settle(id, nil, err)
	default:
		if bearsNews(w.call) && present(m.OK) {
			d.news(w.call, m.OK)
		}
		d.settle(id, m.OK, nil)
	}
}

// news delivers the message that a promise has settled with.
func (d *Desktop) news(call string, data json.RawMessage) {
	env, _, ok := envelope(data)
	if !ok || d.delivered(identity(env)) {
		return
	}
	switch n := webexcc.Decode(data).(type) {
	case webexcc.Task:
		d.task(call, env, n)
	case webexcc.Unknown:
		if n.Err != nil {
			d.report(call, "unreadable answer")
		}
	case webexcc.Relogin, webexcc.Welcome, webexcc.Keepalive, webexcc.DNRegistered:
	default:
		d.push(n)
	}
}

type outcome struct {
	ok  json.RawMessage
	err error
}

// call waits for the SDK's promise. Its errors are those of the package,
// [*webexcc.Error] for a rejection, and ctx's.
func (d *Desktop) call(ctx context.Context, call string, args ...any) (json.RawMessage, error) {
	id, settled := d.begin(call, args)
	select {
	case o := <-settled:
		return o.ok, o.err
	case <-ctx.Done():
		d.mu.Lock()
		defer d.mu.Unlock()
		if w := d.pending[id]; w != nil {
			w.stop()
			delete(d.pending, id)
		}
		return nil, fmt.Errorf("desktop: %s: %w", call, ctx.Err())
	}
}

func (d *Desktop) begin(call string, args []any) (uint64, <-chan outcome) {
	settled := make(chan outcome, 1)
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ask(call, args, func(ok json.RawMessage, err error) { settled <- outcome{ok, err} }), settled
}

// command is a call whose answer means nothing beyond that.
func (d *Desktop) command(ctx context.Context, call string, args ...any) error {
	_, err := d.call(ctx, call, args...)
	return err
}

// patient is a command that may settle long after it was taken: a consult when
// somebody in the queue answers, a change of state after the contact. If it has
// not settled after three seconds it counts as taken; refused is then called
// with a rejection that still comes, with the lock held.
func (d *Desktop) patient(ctx context.Context, refused func(*webexcc.Error), call string, args ...any) error {
	settled := make(chan outcome, 1)
	waits := true
	d.mu.Lock()
	id := d.ask(call, args, func(ok json.RawMessage, err error) {
		if waits {
			settled <- outcome{ok, err}
			return
		}
		if no := (*webexcc.Error)(nil); errors.As(err, &no) {
			refused(no)
		}
	})
	d.mu.Unlock()
	taken := time.NewTimer(takenAfter)
	defer taken.Stop()
	var err error
	select {
	case o := <-settled:
		return o.err
	case <-taken.C:
	case <-ctx.Done():
		err = fmt.Errorf("desktop: %s: %w", call, ctx.Err())
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	select {
	case o := <-settled:
		return o.err
	default:
	}
	waits = false
	if w := d.pending[id]; w != nil {
		w.stop() // It may take as long as it likes.
		if err != nil {
			delete(d.pending, id)
		}
	}
	return err
}

// cast calls without waiting for anything, not even for the call to be made.
func (d *Desktop) cast(call string, args ...any) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.inited {
		return ErrNotReady
	}
	d.send(outbound{Call: call, Args: args})
	return nil
}
