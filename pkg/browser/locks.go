//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"fmt"

	"github.com/hack-pad/safejs"
)

// ErrNoLocks is returned where the page has no Web Locks: it is not served
// securely, or its storage is blocked.
var ErrNoLocks = errors.New("browser: no web locks")

// Locks are the browser's Web Locks, shared by all pages of this origin under
// the same top-level site.
type Locks struct{}

// Request waits until the lock of that name is ours. Lost is closed when
// another page steals it. The browser frees it when the page goes; a frozen
// page keeps it, and then steal takes it away without waiting.
//
// Release gives the lock back and may be called more than once. The context
// only bounds the waiting.
func (Locks) Request(ctx context.Context, name string, steal bool) (lost <-chan struct{}, release func(), err error) {
	locks := get(global("navigator"), "locks")
	if locks.Type() != safejs.TypeObject {
		return nil, nil, ErrNoLocks
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	held, release, err := newPromise()
	if err != nil {
		return nil, nil, fmt.Errorf("browser: lock: %w", err)
	}
	granted := make(chan struct{}, 1)
	onGrant, err := safejs.FuncOf(func(safejs.Value, []safejs.Value) any {
		granted <- struct{}{}
		return held // The lock is ours until this settles.
	})
	if err != nil {
		return nil, nil, fmt.Errorf("browser: lock: %w", err)
	}
	options := map[string]any{"steal": steal}
	abort := func() {}
	if aborter, err := global("AbortController").New(); err == nil && !steal { // Not allowed together.
		options["signal"] = get(aborter, "signal")
		abort = func() { _, _ = aborter.Call("abort") }
	}
	request, err := locks.Call("request", name, options, onGrant)
	if err != nil {
		onGrant.Release()
		return nil, nil, fmt.Errorf("browser: lock: %w", err)
	}

	taken, refused := make(chan struct{}), make(chan error, 1)
	go func() { // Ends when the lock is given back, stolen or refused.
		defer onGrant.Release()
		if _, err := await(context.Background(), request); err != nil {
			refused <- err
			close(taken)
		}
	}()
	select {
	case <-granted:
		return taken, release, nil
	case err := <-refused:
		var thrown *jsError
		if errors.As(err, &thrown) && thrown.name == "SecurityError" {
			return nil, nil, ErrNoLocks
		}
		return nil, nil, fmt.Errorf("browser: lock: %w", err)
	case <-ctx.Done():
		abort()
		release() // It may have been granted meanwhile.
		return nil, nil, ctx.Err()
	}
}

// newPromise returns a promise and the function that fulfils it.
func newPromise() (promise safejs.Value, fulfil func(), err error) {
	resolve := safejs.Undefined()
	executor, err := callback(func(args []safejs.Value) { resolve = first(args) })
	if err != nil {
		return promise, nil, err
	}
	defer executor.Release()
	promise, err = global("Promise").New(executor)
	if err != nil {
		return promise, nil, err
	}
	return promise, func() { _, _ = resolve.Invoke() }, nil
}

// A Leader elects one page by a lock.
type Leader struct {
	Name string
	// Waits makes every page wait its turn, reloaded ones too: frames of one tab
	// could not tell whose mark it is that they led.
	Waits bool
}

// Acquire waits until this page leads; lost is closed when another page takes
// over. The lead is given back when ctx ends. Where there are no locks every
// page leads: it cannot see the others anyway.
//
// A page that led until it was reloaded takes the lead back: HubSpot reloads
// the frame with every navigation, and the tab in use must not hand the lead
// to one in the background.
func (l Leader) Acquire(ctx context.Context, steal bool) (lost <-chan struct{}, err error) {
	mark := "deskbridge.leads." + l.Name
	tab := global("sessionStorage")
	if led, err := tab.Call("getItem", mark); err == nil && led.Type() == safejs.TypeString && !l.Waits {
		steal = true
	}
	taken, release, err := Locks{}.Request(ctx, l.Name, steal)
	if errors.Is(err, ErrNoLocks) {
		return make(chan struct{}), nil
	}
	if err != nil {
		return nil, err
	}
	if !l.Waits {
		_, _ = tab.Call("setItem", mark, "1")
	}
	gone := make(chan struct{})
	go func() { // Ends with the lead.
		select {
		case <-taken:
			defer close(gone)
		case <-ctx.Done():
			defer release()
		}
		_, _ = tab.Call("removeItem", mark)
	}()
	return gone, nil
}
