package hubspot

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A Limiter keeps the clients of one portal below HubSpot's limits: 110
// requests in any ten seconds, searches apart with at most 4 in a second (5 are
// allowed). Share it between all clients of a portal.
//
// https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
type Limiter struct {
	general *rate.Limiter
	search  searches

	// Observe is told how long each turn was waited for. Optional; set it before
	// the limiter is used.
	Observe func(search bool, waited time.Duration)
}

// NewLimiter returns a limiter that has not been used, for all of a portal's
// limits.
func NewLimiter() *Limiter { return NewLimiterOf(1) }

// NewLimiterOf returns a limiter for a part of a portal's limits: 0.5 for each
// of two processes that share them. More than 1 is for emulators that allow
// more.
//
// The general bucket lets through its burst and then its rate: 20 at once and 9
// a second are at most 110 in ten seconds.
func NewLimiterOf(part float64) *Limiter {
	return &Limiter{
		general: rate.NewLimiter(rate.Limit(9*part), max(int(20*part), 1)),
		search:  searches{gate: make(chan struct{}, 1), window: time.Duration(float64(searchWindow) / part)},
	}
}

// wait takes a turn. It fails at once if the turn comes after ctx's deadline.
func (l *Limiter) wait(ctx context.Context, search bool) error {
	if l == nil {
		return nil
	}
	if l.Observe != nil {
		began := time.Now()
		defer func() { l.Observe(search, time.Since(began)) }()
	}
	var err error
	if search {
		err = l.search.wait(ctx)
	} else {
		err = l.general.Wait(ctx)
	}
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return fmt.Errorf("waiting for a turn: %w", err)
	}
	return nil
}

const (
	searchTurns  = 4
	searchWindow = 1100 * time.Millisecond // Some more than a second: requests do not all travel as fast.
)

// searches lets through searchTurns in any window, first come first
// served. Unlike a bucket it allows all of them at once: a lookup asks for
// contacts and companies at the same time.
type searches struct {
	gate   chan struct{} // Held by who waits for the next turn.
	window time.Duration

	mu      sync.Mutex
	taken   [searchTurns]time.Time // When the last turns were; a ring.
	next    int                    // The oldest of them.
	waiting int
}

func (s *searches) wait(ctx context.Context) error {
	s.mu.Lock()
	turn := s.turn(s.waiting)
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(turn) && turn.After(time.Now()) {
		s.mu.Unlock()
		return context.DeadlineExceeded
	}
	s.waiting++
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.waiting--
		s.mu.Unlock()
	}()
	select {
	case s.gate <- struct{}{}:
		defer func() { <-s.gate }()
	case <-ctx.Done():
		return ctx.Err()
	}
	s.mu.Lock()
	turn = s.turn(0)
	s.mu.Unlock()
	timer := time.NewTimer(time.Until(turn))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err() // The turn is the next one's.
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken[s.next] = time.Now()
	s.next = (s.next + 1) % searchTurns
	return nil
}

// turn is when the turn comes before which ahead others have theirs.
func (s *searches) turn(ahead int) time.Time {
	at, now := s.taken[(s.next+ahead)%searchTurns], time.Now()
	if earliest := now.Add(-s.window); at.Before(earliest) {
		at = earliest
	}
	return at.Add(time.Duration(1+ahead/searchTurns) * s.window)
}

// free is how many searches could be made without waiting.
func (s *searches) free() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := -s.waiting
	for _, at := range s.taken {
		if time.Since(at) >= s.window {
			n++
		}
	}
	return max(n, 0)
}

// FreeSearches is how many searches could be made now without waiting for a
// turn, as far as the client's limiter knows. Others may be faster.
func (c *Client) FreeSearches() int {
	if c.Limiter == nil {
		return searchTurns
	}
	return c.Limiter.search.free()
}
