package webexcc_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
)

const welcome = `{"type":"Welcome","data":{"agentId":"` + agentID + `"}}`

// pipe is a socket in memory.
type pipe struct {
	in     chan string
	closed chan struct{}
	once   sync.Once

	mu   sync.Mutex
	sent []time.Duration // When each keepalive went out.
	at   time.Time       // When the socket was opened.
	echo bool
}

var errGone = errors.New("gone")

func (p *pipe) Read(ctx context.Context) ([]byte, error) {
	select {
	case m := <-p.in:
		return []byte(m), nil
	case <-p.closed:
		return nil, errGone
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipe) Write(_ context.Context, message []byte) error {
	if string(message) != webexcc.KeepaliveFrame {
		return fmt.Errorf("wrote %s", message)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, time.Since(p.at))
	if p.echo {
		select {
		case p.in <- webexcc.KeepaliveFrame:
		default:
		}
	}
	return nil
}

func (p *pipe) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipe) mute() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.echo = false
}

func (p *pipe) pings() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]time.Duration(nil), p.sent...)
}

// cloud is Webex as far as a stream sees it.
type cloud struct {
	mu      sync.Mutex
	log     []string // What was asked, and when.
	began   time.Time
	sockets []*pipe

	subscribe func(n int) *http.Response // Nil: 200.
	reload    func(n int) *http.Response // Nil: 202.
	dial      func(context.Context) error
	greet     bool
	silent    bool
	counts    map[string]int
}

// open makes a stream to a cloud that greets and echoes. It must run in a
// synctest bubble.
func open(t *testing.T, change func(*cloud, *webexcc.StreamConfig)) (*webexcc.Stream, *cloud) {
	t.Helper()
	c := &cloud{began: time.Now(), greet: true, counts: map[string]int{}}
	cfg := webexcc.StreamConfig{
		Client: &webexcc.Client{BaseURL: "http://webex.invalid", OrgID: orgID, Token: token("secret"), Doer: doer(c.do)},
		Dial:   c.connect,
	}
	if change != nil {
		change(c, &cfg)
	}
	s := webexcc.NewStream(cfg)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s, c
}

func (c *cloud) note(what string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.log = append(c.log, fmt.Sprintf("%v %s", time.Since(c.began).Truncate(time.Second), what))
	c.counts[what]++
	return c.counts[what]
}

func (c *cloud) noted() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.log...)
}

func (c *cloud) do(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	switch r.URL.Path {
	case "/v1/notification/subscribe":
		n := c.note("subscribe")
		if c.subscribe != nil {
			if res := c.subscribe(n); res == nil {
				<-r.Context().Done()
				return nil, r.Context().Err()
			} else if res.StatusCode != 200 {
				return res, nil
			}
		}
		return answer(200, `{"webSocketUrl":"wss://n.invalid/secret"}`), nil
	case "/v1/agents/reload":
		n := c.note("reload")
		if c.reload != nil {
			if res := c.reload(n); res != nil {
				return res, nil
			}
			<-r.Context().Done()
			return nil, r.Context().Err()
		}
		return answer(202, ""), nil
	}
	return answer(404, ""), nil
}

func (c *cloud) connect(ctx context.Context, url string) (webexcc.Socket, error) {
	if url != "wss://n.invalid/secret" {
		return nil, errors.New("wrong URL")
	}
	if c.dial != nil {
		if err := c.dial(ctx); err != nil {
			return nil, err
		}
	}
	p := &pipe{in: make(chan string, 4096), closed: make(chan struct{}), at: time.Now(), echo: !c.silent}
	if c.greet {
		p.in <- welcome
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sockets = append(c.sockets, p)
	return p, nil
}

// last returns the newest socket.
func (c *cloud) last() *pipe {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sockets[len(c.sockets)-1]
}

func next(t *testing.T, s *webexcc.Stream) webexcc.Notification {
	t.Helper()
	n, err := s.Next(t.Context())
	require.NoError(t, err)
	return n
}

// lost reads a LinkLost and returns its error.
func lost(t *testing.T, s *webexcc.Stream) error {
	t.Helper()
	n := next(t, s)
	l, ok := n.(webexcc.LinkLost)
	require.Truef(t, ok, "got %#v", n)
	return l.Err
}

func up(generation uint64) webexcc.LinkUp {
	return webexcc.LinkUp{Generation: generation, AgentID: agentID}
}

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
			next := cfg.Client.Doer
			cfg.Client.Doer = doer(func(r *http.Request) (*http.Response, error) {
				if r.Header.Get("Authorization") == "Bearer old" {
					return answer(401, ""), nil
				}
				return next.Do(r)
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
