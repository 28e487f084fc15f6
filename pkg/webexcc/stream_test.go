package webexcc_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
)

func TestStreamComesUpAndReloads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := open(t, nil)

		require.Equal(t, up(1), next(t, s))
		synctest.Wait()
		require.Equal(t, []string{"0s subscribe", "0s reload"}, c.noted())

		c.last().in <- `{"type":"AgentReloginFailed","data":{"type":"AgentReloginFailed","reason":"AGENT_NOT_FOUND"}}`
		n, ok := next(t, s).(webexcc.Relogin)
		require.True(t, ok)
		require.True(t, n.Failed())
	})
}

func TestKeepaliveEveryFourSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := open(t, nil)
		require.Equal(t, up(1), next(t, s))

		time.Sleep(12*time.Second + 500*time.Millisecond)

		require.Equal(t, []time.Duration{0, 4 * time.Second, 8 * time.Second, 12 * time.Second}, c.last().pings())
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := s.Next(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded, "echoes are swallowed and a quiet link is a good one")
	})
}

func TestSilenceLosesTheLink(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := open(t, nil)
		require.Equal(t, up(1), next(t, s))
		time.Sleep(20*time.Second + 500*time.Millisecond)
		first := c.last()
		first.mute() // The last echo was at 20 s.
		began := time.Now()

		require.ErrorIs(t, lost(t, s), webexcc.ErrSilent)

		require.InDelta(t, 8, time.Since(began).Seconds(), 1)
		<-first.closed
		require.Equal(t, up(2), next(t, s))
		require.NotSame(t, first, c.last())
		synctest.Wait()
		require.Equal(t, []string{"0s subscribe", "0s reload", "29s subscribe", "29s reload"}, c.noted()[:4])
	})
}

// Any message keeps the link, not only an echo.
func TestMessagesBreakTheSilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := open(t, func(c *cloud, _ *webexcc.StreamConfig) { c.silent = true })
		require.Equal(t, up(1), next(t, s))
		for range 5 {
			time.Sleep(7 * time.Second)
			c.last().in <- `{"type":"Horoscope","data":{"type":"Sagittarius"}}`
			require.IsType(t, webexcc.Unknown{}, next(t, s))
		}
		require.Len(t, c.sockets, 1)
	})
}

func TestDroppedSocketComesBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := open(t, nil)
		for generation := uint64(1); generation <= 3; generation++ {
			require.Equal(t, up(generation), next(t, s))
			time.Sleep(time.Minute)
			require.NoError(t, c.last().Close())
			began := time.Now()

			require.ErrorIs(t, lost(t, s), errGone)

			require.Zero(t, time.Since(began))
		}
		require.Equal(t, up(4), next(t, s))
	})
}

func TestBackOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := open(t, func(c *cloud, _ *webexcc.StreamConfig) {
			c.subscribe = func(n int) *http.Response {
				if n <= 6 {
					return answer(503, "")
				}
				return answer(200, "")
			}
		})
		var waits []time.Duration
		last := time.Now()
		for range 6 {
			var refusal *webexcc.Error
			require.ErrorAs(t, lost(t, s), &refusal)
			require.Equal(t, 503, refusal.Status)
			waits = append(waits, time.Since(last))
			last = time.Now()
		}

		require.Zero(t, waits[0])
		for i, most := range []float64{1, 2, 5, 5, 5} {
			// Jitter takes up to a quarter off, and the clock ticks once a second.
			require.LessOrEqual(t, waits[i+1].Seconds(), most)
			require.GreaterOrEqual(t, waits[i+1].Seconds(), most*3/4)
		}
		require.Equal(t, up(1), next(t, s))
		require.Len(t, c.sockets, 1)
	})
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := open(t, func(c *cloud, _ *webexcc.StreamConfig) {
			c.subscribe = func(n int) *http.Response {
				return []*http.Response{answer(429, "", "Retry-After", "30"), answer(429, "", "Retry-After", "86400"), answer(200, "")}[n-1]
			}
		})
		require.Error(t, lost(t, s))
		require.Error(t, lost(t, s))
		require.Equal(t, up(1), next(t, s))

		synctest.Wait()
		require.Equal(t, []string{"0s subscribe", "30s subscribe", "2m30s subscribe", "2m30s reload"}, c.noted(), "a day is not believed")
	})
}

func TestWelcomeIsDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, _ := open(t, func(c *cloud, _ *webexcc.StreamConfig) { c.greet = false })
		began := time.Now()

		require.ErrorIs(t, lost(t, s), webexcc.ErrNoWelcome)

		require.Equal(t, 10*time.Second, time.Since(began))
	})
}

func TestSubscriptionThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := open(t, func(c *cloud, _ *webexcc.StreamConfig) {
			c.subscribe = func(n int) *http.Response {
				if n == 1 {
					return nil // Never.
				}
				return answer(200, "")
			}
		})
		began := time.Now()

		require.Error(t, lost(t, s))

		require.Equal(t, 15*time.Second, time.Since(began))
		require.Equal(t, up(1), next(t, s))
		synctest.Wait()
		require.Len(t, c.noted(), 3)
	})
}

func TestDialThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dials := 0
		s, c := open(t, func(c *cloud, _ *webexcc.StreamConfig) {
			c.dial = func(ctx context.Context) error {
				if dials++; dials > 1 {
					return nil
				}
				<-ctx.Done()
				return nil // Too late, and open all the same.
			}
		})

		require.Error(t, lost(t, s))
		require.Equal(t, up(1), next(t, s))

		require.Len(t, c.sockets, 2)
		<-c.sockets[0].closed
	})
}

func TestReloadIsTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := open(t, func(c *cloud, _ *webexcc.StreamConfig) {
			c.reload = func(n int) *http.Response {
				switch n {
				case 1:
					return answer(500, "<html>")
				case 2:
					return nil // Never.
				}
				return answer(202, "")
			}
		})
		require.Equal(t, up(1), next(t, s))

		time.Sleep(30 * time.Second)

		require.Equal(t, []string{"0s subscribe", "0s reload", "1s reload", "13s reload"}, c.noted())
		require.Len(t, c.sockets, 1)
	})
}

func TestReloadThatKeepsFailingCostsTheLink(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := open(t, func(c *cloud, _ *webexcc.StreamConfig) {
			c.reload = func(n int) *http.Response {
				if n <= 3 {
					return answer(500, "")
				}
				return answer(202, "")
			}
		})
		require.Equal(t, up(1), next(t, s))

		var refusal *webexcc.Error
		require.ErrorAs(t, lost(t, s), &refusal)

		require.Equal(t, 500, refusal.Status)
		require.Equal(t, up(2), next(t, s))
		require.Len(t, c.sockets, 2)
	})
}

func TestDeniedForGood(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name              string
		subscribe, reload int
		want              []string
	}{
		{"subscribe 401", 401, 202, []string{"0s subscribe", "1s subscribe"}},
		{"subscribe 403", 403, 202, []string{"0s subscribe", "1s subscribe"}},
		{"reload 403", 200, 403, []string{"0s subscribe", "0s reload", "1s subscribe", "1s reload"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, c := open(t, func(c *cloud, _ *webexcc.StreamConfig) {
					c.subscribe = func(int) *http.Response { return answer(tt.subscribe, "") }
					c.reload = func(int) *http.Response { return answer(tt.reload, "") }
				})
				var err error
				for err == nil {
					_, err = s.Next(t.Context())
				}

				var refusal *webexcc.Error
				require.ErrorAs(t, err, &refusal)
				require.True(t, refusal.Denied())
				require.Equal(t, tt.want, c.noted())
				_, again := s.Next(t.Context())
				require.Equal(t, err, again)
			})
		})
	}
}

// A token that ran out during the night costs one failed attempt at most.
func TestStreamRefreshesTheToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		current := "old"
		s, c := open(t, func(c *cloud, cfg *webexcc.StreamConfig) {
			cfg.Client.Token = func(context.Context) (string, error) { return current, nil }
			cfg.Client.Refresh = func(_ context.Context, stale string) (string, error) {
				current = "new after " + stale
				return current, nil
			}
			cfg.Client.Doer = doer(func(r *http.Request) (*http.Response, error) {
				if r.Header.Get("Authorization") == "Bearer old" {
					return answer(401, ""), nil
				}
				return c.do(r)
			})
		})

		require.Equal(t, up(1), next(t, s))
		synctest.Wait()
		require.Equal(t, []string{"0s subscribe", "0s reload"}, c.noted())
		require.Equal(t, "new after old", current)
	})
}

func TestTakenOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := open(t, nil)
		require.Equal(t, up(1), next(t, s))
		synctest.Wait()
		c.last().in <- `{"type":"AGENT_MULTI_LOGIN","data":{"type":"AgentMultiLoginCloseSession","agentId":"a","reason":"new"}}`
		c.last().in <- `{"type":"Horoscope","data":{"type":"Sagittarius"}}`

		require.IsType(t, webexcc.MultiLogin{}, next(t, s))

		for range 2 {
			_, err := s.Next(t.Context())
			require.ErrorIs(t, err, webexcc.ErrTakenOver)
		}
		<-c.last().closed
		time.Sleep(time.Minute)
		require.Len(t, c.noted(), 2, "no reconnect")
	})
}
