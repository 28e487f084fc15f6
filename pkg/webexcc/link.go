package webexcc

import (
	"context"
	"errors"
	"time"
)

// link is one attempt at a socket, from subscribing to its loss.
type link struct {
	ctx    context.Context
	cancel context.CancelFunc

	started   time.Time       // Of the attempt.
	connected chan connection // Nil once it has reported.
	socket    Socket          // Nil until connected.

	opened  time.Time
	heard   time.Time // Of the last message.
	frames  chan frame
	pings   <-chan time.Time
	stop    func() // Stops pings.
	written chan error
	writing bool

	welcomed     time.Time // Zero before the Welcome.
	reloading    context.CancelFunc
	reloadSince  time.Time
	reloadAgain  time.Time // Zero when nothing is to be tried again.
	reloadFailed int
	reloaded     chan error
}

type connection struct {
	socket Socket
	err    error
}

type frame struct {
	data []byte
	err  error
}

// connect begins an attempt.
func (r *runner) connect() {
	ctx, cancel := context.WithCancel(r.ctx)
	connected := make(chan connection, 1)
	r.link = &link{ctx: ctx, cancel: cancel, started: r.cfg.Now(), connected: connected}
	r.helpers.Go(func() {
		s, err := r.cfg.Client.Subscribe(ctx, r.cfg.Subscribe)
		if err == nil && s.WebSocketURL == "" {
			err = errors.New("webexcc: subscription without a socket")
		}
		var socket Socket
		if err == nil {
			socket, err = r.cfg.Dial(ctx, s.WebSocketURL)
		}
		if err == nil && ctx.Err() != nil {
			_ = socket.Close() // Nobody waits for it any more.
			socket, err = nil, ctx.Err()
		}
		connected <- connection{socket, err}
	})
}

// opened begins to read and to send keepalives.
func (r *runner) opened(c connection) {
	r.link.connected = nil
	if c.err != nil {
		r.lose(c.err)
		return
	}
	l := r.link
	l.socket = c.socket
	l.opened = r.cfg.Now()
	l.heard = l.opened
	l.frames = make(chan frame)
	l.written = make(chan error, 1)
	l.pings, l.stop = r.cfg.Ticker(keepaliveEvery)
	r.helpers.Go(func() {
		for {
			data, err := l.socket.Read(l.ctx)
			select {
			case l.frames <- frame{data, err}:
			case <-l.ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	})
	r.ping()
}

// ping sends a keepalive unless the last one is still being written.
func (r *runner) ping() {
	l := r.link
	if l.writing {
		return
	}
	l.writing = true
	r.helpers.Go(func() { l.written <- l.socket.Write(l.ctx, []byte(KeepaliveFrame)) })
}

func (r *runner) wrote(err error) {
	r.link.writing = false
	if err != nil {
		r.lose(err)
	}
}

// hangUp ends the link's goroutines. What they still report is not read.
func (r *runner) hangUp() {
	l := r.link
	if l == nil {
		return
	}
	r.link = nil
	l.cancel()
	switch {
	case l.socket != nil:
		l.stop()
		_ = l.socket.Close()
	case l.connected != nil: // It may have succeeded in this very moment.
		r.helpers.Go(func() {
			if c := <-l.connected; c.socket != nil {
				_ = c.socket.Close()
			}
		})
	}
}
