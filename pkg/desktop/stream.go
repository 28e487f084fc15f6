package desktop

import (
	"context"
	"sync"
	"time"

	"deskbridge/pkg/webexcc"
)

// A Stream is the Desktop's notifications, as they would come from Webex's own
// socket: LinkUp when there is a Desktop with the SDK initialised, then a
// Relogin and a snapshot of each contact, then events; LinkLost when the
// element leaves the page. Close it.
//
// It ends with [ErrInitLate] when the SDK is not initialised within
// Config.InitTimeout, and with [ErrPipe] or [ErrVersion] for good.
type Stream struct {
	d    *Desktop
	late *time.Timer
	wake chan struct{}

	mu    sync.Mutex
	up    bool // There was a link.
	queue []webexcc.Notification
	err   error // What comes after the queue.
}

// Open begins a stream. Several may be open.
func (d *Desktop) Open() *Stream {
	s := &Stream{d: d, late: time.NewTimer(d.cfg.InitTimeout), wake: make(chan struct{}, 1)}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.streams[s] = struct{}{}
	switch {
	case d.ended != nil:
		s.end(d.ended)
	case d.inited:
		d.linkUp()
	}
	return s
}

// Next waits for the next notification. When ctx ends it returns ctx's error
// and nothing is lost. Only one goroutine may call Next.
func (s *Stream) Next(ctx context.Context) (webexcc.Notification, error) {
	for {
		s.mu.Lock()
		if len(s.queue) > 0 {
			n := s.queue[0]
			s.queue = s.queue[1:]
			s.mu.Unlock()
			return n, nil
		}
		up, err := s.up, s.err
		s.mu.Unlock()
		if err != nil {
			return nil, err
		}
		var late <-chan time.Time
		if !up {
			late = s.late.C
		}
		select {
		case <-s.wake:
		case <-late:
			s.end(ErrInitLate)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Close ends the stream. The agent stays logged in.
func (s *Stream) Close() error {
	s.d.mu.Lock()
	delete(s.d.streams, s)
	s.d.mu.Unlock()
	s.late.Stop()
	s.end(webexcc.ErrClosed)
	return nil
}

// push gives every stream a notification. The caller holds the lock.
func (d *Desktop) push(n webexcc.Notification) {
	for s := range d.streams {
		s.push(n)
	}
}

func (s *Stream) push(n webexcc.Notification) {
	s.mu.Lock()
	if s.err == nil {
		_, up := n.(webexcc.LinkUp)
		s.up = s.up || up
		s.queue = append(s.queue, n)
	}
	s.mu.Unlock()
	s.signal()
}

// end lets Next return err once the queue is empty. The first end counts.
func (s *Stream) end(err error) {
	s.mu.Lock()
	if s.err == nil {
		s.err = err
	}
	s.mu.Unlock()
	s.signal()
}

func (s *Stream) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
