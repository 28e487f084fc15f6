package callingext

import (
	"context"
	"sync"
)

// A queue hands items over in order without ever blocking the sender, which
// in a browser is the event loop.
type queue[T any] struct {
	mu    sync.Mutex
	items []T
	ended error         // Non-nil: pop returns it once the items are gone.
	wake  chan struct{} // One slot: something may be there.
}

func newQueue[T any]() *queue[T] { return &queue[T]{wake: make(chan struct{}, 1)} }

func (q *queue[T]) push(item T) {
	q.mu.Lock()
	q.items = append(q.items, item)
	q.mu.Unlock()
	q.signal()
}

// end makes pop fail with err after the last item; nil opens the queue again.
func (q *queue[T]) end(err error) {
	q.mu.Lock()
	q.ended = err
	q.mu.Unlock()
	q.signal()
}

func (q *queue[T]) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *queue[T]) pop(ctx context.Context) (T, error) {
	for {
		q.mu.Lock()
		n, ended := len(q.items), q.ended
		var item T
		if n > 0 {
			var none T
			item, q.items[0] = q.items[0], none
			q.items = q.items[1:]
		}
		q.mu.Unlock()
		if n > 1 || ended != nil {
			q.signal() // The slot woke one reader; there is more for others.
		}
		if n > 0 {
			return item, nil
		}
		if ended != nil {
			return item, ended
		}
		select {
		case <-ctx.Done():
			return item, ctx.Err()
		case <-q.wake:
		}
	}
}
