package hubspot

import (
	"context"
	"fmt"

	"golang.org/x/time/rate"
)

// A Limiter keeps the clients of one portal below HubSpot's limits: 110
// requests in any ten seconds, searches apart with at most 4 in a second (5 are
// allowed). Share it between all clients of a portal.
//
// https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
type Limiter struct {
	general, search *rate.Limiter
}

// NewLimiter returns a limiter that has not been used.
//
// A bucket lets through its burst and then its rate: 20 at once and 9 a second
// are at most 110 in ten seconds; 2 at once and 3 a second at most 4 in one.
func NewLimiter() *Limiter {
	return &Limiter{general: rate.NewLimiter(9, 20), search: rate.NewLimiter(3, 2)}
}

// wait takes a turn. It fails at once if the turn comes after ctx's deadline.
func (l *Limiter) wait(ctx context.Context, search bool) error {
	if l == nil {
		return nil
	}
	bucket := l.general
	if search {
		bucket = l.search
	}
	if err := bucket.Wait(ctx); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return fmt.Errorf("waiting for a turn: %w", err)
	}
	return nil
}
