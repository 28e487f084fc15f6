package webexcc_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
)

// Close ends everything in whatever state; synctest fails the test if a
// goroutine is left.
func TestClose(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*cloud, *webexcc.StreamConfig)
		before func(*testing.T, *webexcc.Stream)
	}{
		{"before it began", nil, func(*testing.T, *webexcc.Stream) {}},
		{"while it subscribes", func(c *cloud, _ *webexcc.StreamConfig) {
			c.subscribe = func(int) *http.Response { return nil }
		}, begin},
		{"while it dials", func(c *cloud, _ *webexcc.StreamConfig) {
			c.dial = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
		}, begin},
		{"while it reloads", func(c *cloud, _ *webexcc.StreamConfig) {
			c.reload = func(int) *http.Response { return nil }
		}, begin},
		{"while it waits", func(c *cloud, _ *webexcc.StreamConfig) {
			c.subscribe = func(int) *http.Response { return answer(500, "") }
		}, begin},
		{"while it is up", nil, func(t *testing.T, s *webexcc.Stream) { require.Equal(t, up(1), next(t, s)) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, _ := open(t, tt.change)
				tt.before(t, s)

				require.NoError(t, s.Close())

				_, err := s.Next(t.Context())
				require.ErrorIs(t, err, webexcc.ErrClosed)
				require.NoError(t, s.Close(), "twice is harmless")
			})
		})
	}
}

// begin starts a stream without reading anything.
func begin(t *testing.T, s *webexcc.Stream) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _ = s.Next(ctx)
	synctest.Wait()
}

func TestCloseWakesNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, _ := open(t, nil)
		require.Equal(t, up(1), next(t, s))
		ended := make(chan error)
		go func() {
			_, err := s.Next(context.Background())
			ended <- err
		}()
		synctest.Wait()

		require.NoError(t, s.Close())

		require.ErrorIs(t, <-ended, webexcc.ErrClosed)
	})
}

// Somebody who does not read for an hour loses nothing, in order, and not the
// link either.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const events = 3000 // More than the stream queues.
		s, c := open(t, nil)
		require.Equal(t, up(1), next(t, s))
		for i := range events {
			c.last().in <- fmt.Sprintf(`{"type":"RoutingMessage","data":{"type":"AgentContact","interactionId":"i%d"}}`, i)
		}

		time.Sleep(time.Hour)

		for i := range events {
			n, ok := next(t, s).(webexcc.Task)
			require.True(t, ok)
			require.Equal(t, fmt.Sprintf("i%d", i), n.InteractionID())
		}
		require.Len(t, c.sockets, 1)
		require.Greater(t, len(c.last().pings()), 800)
	})
}

// A browser throttles timers of hidden tabs: every limit must hold when the
// given ticker is the only clock that moves.
func TestTheTickerIsTheOnlyClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		now := time.Unix(1760000000, 0)
		type clock struct {
			every, left time.Duration
			ticks       chan time.Time
		}
		clocks := map[*clock]bool{}
		advance := func(d time.Duration) {
			mu.Lock()
			now = now.Add(d)
			var due []*clock
			for c := range clocks {
				if c.left -= d; c.left <= 0 {
					c.left = c.every
					due = append(due, c)
				}
			}
			mu.Unlock()
			for _, c := range due {
				c.ticks <- time.Time{}
				synctest.Wait()
			}
		}
		began := time.Now()
		s, c := open(t, func(c *cloud, cfg *webexcc.StreamConfig) {
			cfg.Now = func() time.Time {
				mu.Lock()
				defer mu.Unlock()
				return now
			}
			cfg.Ticker = func(d time.Duration) (<-chan time.Time, func()) {
				mu.Lock()
				defer mu.Unlock()
				c := &clock{d, d, make(chan time.Time, 1)}
				clocks[c] = true
				return c.ticks, func() {
					mu.Lock()
					defer mu.Unlock()
					delete(clocks, c)
				}
			}
			c.silent = true
			c.subscribe = func(n int) *http.Response {
				if n == 2 {
					return nil
				}
				return answer(200, "")
			}
		})
		require.Equal(t, up(1), next(t, s))
		synctest.Wait()
		seconds := func(n int) {
			for range n {
				advance(time.Second)
			}
		}

		seconds(8) // Silence.
		require.GreaterOrEqual(t, len(c.last().pings()), 2, "at 0 and 4 s; at 8 s both clocks tick")
		require.ErrorIs(t, lost(t, s), webexcc.ErrSilent)
		seconds(1)  // Back-off.
		seconds(15) // A subscription without an answer.
		require.Error(t, lost(t, s))
		seconds(2) // Back-off.
		require.Equal(t, up(2), next(t, s))

		require.Equal(t, began, time.Now(), "no other timer was needed")
		require.NoError(t, s.Close())
		require.Empty(t, clocks, "tickers are stopped")
	})
}
