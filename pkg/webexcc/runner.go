package webexcc

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

// maxQueue is how many notifications wait for Next before the socket is left
// unread.
const maxQueue = 1024

// backoff is how long to wait before the next attempt.
var backoff = [...]time.Duration{time.Second, 2 * time.Second, 5 * time.Second}

// runner is the state of a running stream. Only its goroutine touches it; what
// blocks (requests, reads, writes) runs in goroutines of the current link, each
// of which reports once into a channel of its own.
type runner struct {
	cfg   StreamConfig
	ctx   context.Context
	out   chan<- Notification
	queue []Notification
	final error // Why the stream ends once the queue is empty.

	link       *link // Nil while waiting for retryAt.
	retryAt    time.Time
	attempt    int    // Failures in a row.
	denied     int    // 401 and 403 in a row.
	generation uint64 // Of the last welcomed link.

	helpers sync.WaitGroup
}

// run is the event loop.
func (r *runner) run() error {
	if r.ctx.Err() != nil {
		return ErrClosed
	}
	ticks, stop := r.cfg.Ticker(checkEvery)
	defer stop()
	defer r.helpers.Wait()
	defer func() { r.hangUp() }()
	r.connect()
	for {
		var l link // With nil channels while there is none.
		if r.link != nil {
			l = *r.link
		}
		var out chan<- Notification
		var next Notification
		if len(r.queue) > 0 {
			out, next = r.out, r.queue[0]
		} else if r.final != nil {
			return r.final
		}
		if len(r.queue) >= maxQueue {
			l.frames = nil
		}
		select {
		case <-r.ctx.Done():
			return ErrClosed
		case out <- next:
			r.queue = r.queue[1:]
		case c := <-l.connected:
			r.opened(c)
		case f := <-l.frames:
			r.received(f)
		case <-l.pings:
			r.ping()
		case err := <-l.written:
			r.wrote(err)
		case err := <-l.reloaded:
			r.accepted(err)
		case <-ticks:
			r.check()
		}
	}
}

// received takes one message.
func (r *runner) received(f frame) {
	if f.err != nil {
		r.lose(f.err)
		return
	}
	r.link.heard = r.cfg.Now()
	switch n := Decode(f.data).(type) {
	case Keepalive:
	case Welcome:
		r.welcome(n)
	case MultiLogin:
		r.queue = append(r.queue, n)
		r.hangUp()
		r.final = ErrTakenOver
	case Unknown:
		r.cfg.Log("unknown webex notification", "outer", clip(n.Outer), "type", clip(n.Type), "unreadable", n.Err != nil)
		r.queue = append(r.queue, n)
	default:
		r.queue = append(r.queue, n)
	}
}

// welcome counts a new link, and asks for what happened before it.
func (r *runner) welcome(n Welcome) {
	if !r.link.welcomed.IsZero() {
		return
	}
	r.link.welcomed = r.cfg.Now()
	r.generation++
	r.queue = append(r.queue, LinkUp{Generation: r.generation, AgentID: n.AgentID})
	r.reload()
}

func (r *runner) reload() {
	l := r.link
	ctx, cancel := context.WithCancel(l.ctx)
	l.reloading, l.reloadSince, l.reloadAgain = cancel, r.cfg.Now(), time.Time{}
	reloaded := make(chan error, 1)
	l.reloaded = reloaded
	r.helpers.Go(func() { reloaded <- r.cfg.Client.Reload(ctx) })
}

// accepted is the HTTP answer to a reload; the result is a notification. A
// reload that keeps failing costs the link: without it nothing here is true.
func (r *runner) accepted(err error) {
	l := r.link
	l.reloading()
	l.reloading, l.reloaded = nil, nil
	if err == nil {
		r.denied = 0
		return
	}
	if l.reloadFailed++; l.reloadFailed >= len(backoff) || isDenied(err) {
		r.lose(err)
		return
	}
	l.reloadAgain = r.cfg.Now().Add(r.pause(l.reloadFailed-1, err))
}

// check enforces every limit. It is called about once a second.
func (r *runner) check() {
	now, l := r.cfg.Now(), r.link
	switch {
	case r.final != nil:
	case l == nil:
		if !now.Before(r.retryAt) {
			r.connect()
		}
	case l.socket == nil:
		if now.Sub(l.started) >= connectLimit {
			r.lose(errTimeout)
		}
	case now.Sub(l.heard) >= silenceLimit && len(r.queue) < maxQueue:
		// A frozen tab wakes up with its messages still unread.
		select {
		case f := <-l.frames:
			r.received(f)
		default:
			r.lose(ErrSilent)
		}
	case l.welcomed.IsZero():
		if now.Sub(l.opened) >= r.cfg.WelcomeTimeout {
			r.lose(ErrNoWelcome)
		}
	case l.reloading != nil && now.Sub(l.reloadSince) >= reloadLimit:
		l.reloading() // Ends the request, which reports.
	case !l.reloadAgain.IsZero() && !now.Before(l.reloadAgain):
		r.reload()
	}
}

// lose gives the link up, says so and plans the next attempt.
func (r *runner) lose(err error) {
	now := r.cfg.Now()
	if l := r.link; !l.welcomed.IsZero() && now.Sub(l.welcomed) >= steadyAfter {
		r.attempt = 0
	}
	r.hangUp()
	r.cfg.Log("webex link lost", "error", err.Error())
	r.queue = append(r.queue, LinkLost{Err: err})
	if !isDenied(err) {
		r.denied = 0
	} else if r.denied++; r.denied > 1 {
		r.final = err
		return
	}
	r.retryAt = now.Add(r.pause(r.attempt, err))
	r.attempt++
}

// pause is how long to wait after the nth failure in a row: between three
// quarters and the whole of the back-off, and no less than Webex asked for.
func (r *runner) pause(n int, err error) time.Duration {
	d := backoff[min(n, len(backoff)-1)]
	d -= rand.N(d / 4)
	if refusal := (*Error)(nil); errors.As(err, &refusal) {
		d = max(d, min(refusal.RetryAfter, maxRetryAfter))
	}
	return d
}

func isDenied(err error) bool {
	refusal := (*Error)(nil)
	return errors.As(err, &refusal) && refusal.Denied()
}
