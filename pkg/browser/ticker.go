//go:build js && wasm

package browser

import (
	"sync"
	"time"

	"github.com/hack-pad/safejs"
)

// Ticker returns a function that starts tickers in a Worker, which run on in
// hidden tabs where the page's own timers may fire once a minute. Script is
// the URL of web/static/ticker.js at our own origin. Without Workers a ticker
// is one of package time.
//
// Like those, a ticker drops ticks for a slow reader; stop does not close its
// channel and may be called more than once.
func Ticker(script string) func(d time.Duration) (ticks <-chan time.Time, stop func()) {
	return func(d time.Duration) (<-chan time.Time, func()) {
		if d <= 0 {
			d = time.Second
		}
		t := &ticker{ticks: make(chan time.Time, 1)}
		if err := t.work(script, d); err != nil {
			t.fallBack(d)
		}
		return t.ticks, t.stop
	}
}

type ticker struct {
	ticks chan time.Time

	mu      sync.Mutex
	stopped bool
	cleanup []func()
}

func (t *ticker) tick(now time.Time) {
	select {
	case t.ticks <- now:
	default:
	}
}

// work starts a worker. A script that cannot be loaded is told by an event.
func (t *ticker) work(script string, d time.Duration) error {
	constructor := global("Worker")
	if constructor.Type() != safejs.TypeFunction {
		return errMissing
	}
	worker, err := constructor.New(script)
	if err != nil {
		return err
	}
	t.cleanup = append(t.cleanup, func() { _, _ = worker.Call("terminate") })
	removeTick, err := listen(worker, "message", func(safejs.Value) { t.tick(time.Now()) })
	if err != nil {
		return err
	}
	t.cleanup = append(t.cleanup, removeTick)
	removeError, err := listen(worker, "error", func(safejs.Value) { t.fallBack(d) })
	if err != nil {
		return err
	}
	t.cleanup = append(t.cleanup, removeError)
	_, err = worker.Call("postMessage", d.Milliseconds())
	return err
}

// fallBack ticks in the page instead.
func (t *ticker) fallBack(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopped {
		return
	}
	own := time.NewTicker(d)
	done := make(chan struct{})
	t.cleanup = append(t.cleanup, own.Stop, func() { close(done) })
	go func() { // Ends with stop.
		for {
			select {
			case <-done:
				return
			case now := <-own.C:
				t.tick(now)
			}
		}
	}()
}

func (t *ticker) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopped {
		return
	}
	t.stopped = true
	for _, f := range t.cleanup {
		f()
	}
}
