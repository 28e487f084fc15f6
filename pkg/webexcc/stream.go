package webexcc

import (
	"context"
	"errors"
	"sync"
	"time"
)

// The timing of a stream.
const (
	keepaliveEvery = 4 * time.Second
	silenceLimit   = 8 * time.Second  // Without any message: the link is lost.
	welcomeLimit   = 10 * time.Second // From opening the socket.
	connectLimit   = 15 * time.Second // Subscribing and opening the socket.
	reloadLimit    = 10 * time.Second // Until a reload is accepted.
	checkEvery     = time.Second      // How exact the limits above are.
	steadyAfter    = 10 * time.Second // A link that lived this long was a good one.
	maxRetryAfter  = 2 * time.Minute  // More than this is not believed.
)

// Why a stream or a link ends.
var (
	// ErrTakenOver ends a stream whose agent signed in elsewhere.
	ErrTakenOver = errors.New("webexcc: the agent signed in elsewhere")
	// ErrClosed ends a stream by Close.
	ErrClosed = errors.New("webexcc: stream closed")
	// ErrSilent loses a link that brought no message for 8 s.
	ErrSilent = errors.New("webexcc: no message for 8 s")
	// ErrNoWelcome loses a link that was not greeted in time.
	ErrNoWelcome = errors.New("webexcc: no welcome in time")

	errTimeout = errors.New("webexcc: no answer in time")
)

// StreamConfig configures a [Stream].
type StreamConfig struct {
	Client    *Client          // Required.
	Subscribe SubscribeRequest // Defaults to what Cisco's SDK sends.

	// Dial opens a socket: native.Dial, or the browser's. Required.
	Dial func(ctx context.Context, url string) (Socket, error)

	// Ticker starts a clock that ticks every d. Defaults to time.NewTicker. In a
	// browser pass one that runs in a Worker: hidden tabs starve timers. The
	// stream measures every limit by it, HTTP requests included.
	Ticker func(d time.Duration) (ticks <-chan time.Time, stop func())

	Now            func() time.Time              // Defaults to time.Now.
	WelcomeTimeout time.Duration                 // Defaults to 10 s.
	Log            func(msg string, args ...any) // Defaults to Client.Log.
}

// A Stream is the agent's notifications, over as many sockets as it takes.
//
// It subscribes, opens the socket, sends keepalives, and after each Welcome
// reports [LinkUp] and reloads, so that a [Relogin] and snapshots follow by
// themselves. A lost link is reported as [LinkLost] and tried again after 1, 2,
// 5, 5 … s, or after what Webex asked for. It ends with [ErrTakenOver] when the
// agent signed in elsewhere, with an [*Error] when Webex twice in a row did not
// let the agent in (401, 403), and by Close.
//
// One goroutine owns everything; it is started by the first Next and ended by
// Close or by one of the above.
type Stream struct {
	start  func() // Starts the goroutine, once.
	cancel context.CancelFunc
	out    chan Notification
	done   chan struct{} // Closed when the goroutine has ended; err is set then.
	err    error
}

// NewStream returns a stream that has not started. It must be closed.
func NewStream(cfg StreamConfig) *Stream {
	if cfg.Ticker == nil {
		cfg.Ticker = func(d time.Duration) (<-chan time.Time, func()) {
			t := time.NewTicker(d)
			return t.C, t.Stop
		}
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.WelcomeTimeout <= 0 {
		cfg.WelcomeTimeout = welcomeLimit
	}
	if cfg.Log == nil {
		cfg.Log = cfg.Client.log
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Stream{cancel: cancel, out: make(chan Notification), done: make(chan struct{})}
	s.start = sync.OnceFunc(func() {
		go func() {
			defer close(s.done)
			defer cancel()
			r := &runner{cfg: cfg, ctx: ctx, out: s.out}
			s.err = r.run()
		}()
	})
	return s
}

// Next waits for the next notification. When ctx ends it returns ctx's error
// and nothing is lost. After the stream has ended it returns why, each time.
// Only one goroutine may call Next.
func (s *Stream) Next(ctx context.Context) (Notification, error) {
	s.start()
	select {
	case n := <-s.out:
		return n, nil
	case <-s.done:
		return nil, s.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Close closes the socket and waits until everything has stopped. The agent
// stays logged in. Notifications that nobody has read are dropped.
func (s *Stream) Close() error {
	s.cancel()
	s.start()
	<-s.done
	return nil
}
