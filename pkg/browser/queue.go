//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"sync"
)

// ErrClosed is returned by receivers that were closed.
var ErrClosed = errors.New("browser: closed")

// queue hands items from callbacks to one reader, in order, without ever
// making a callback wait.
type queue[T any] struct {
	mu     sync.Mutex
	items  []T
	closed bool
	wake   chan struct{}
}

func newQueue[T any]() *queue[T] { return &queue[T]{wake: make(chan struct{}, 1)} }

func (q *queue[T]) push(item T) {
	q.mu.Lock()
	q.items = append(q.items, item)
	q.mu.Unlock()
	q.signal()
}

// close lets pop return what is there and then ErrClosed.
func (q *queue[T]) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.signal()
}

func (q *queue[T]) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take returns the next item. More says that the wake signal is owed to
// another reader.
func (q *queue[T]) take() (item T, ok, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return item, false, q.closed
	}
	var none T
	item, q.items[0] = q.items[0], none
	q.items = q.items[1:]
	if len(q.items) > 0 || q.closed {
		q.signal()
	}
	return item, true, false
}

func (q *queue[T]) pop(ctx context.Context) (T, error) {
	for {
		if err := ctx.Err(); err != nil {
			var none T
			return none, err
		}
		item, ok, closed := q.take()
		switch {
		case ok:
			return item, nil
		case closed:
			q.signal()
			return item, ErrClosed
		}
		select {
		case <-ctx.Done():
			return item, ctx.Err()
		case <-q.wake:
		}
	}
}
