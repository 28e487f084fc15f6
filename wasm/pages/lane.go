//go:build js && wasm

package main

import "sync"

// A lane does jobs one after another, off the page's goroutine: what HubSpot's
// server is asked about one call is asked in order, and a slow answer delays
// neither the page nor the panel.
type lane struct {
	mu   sync.Mutex
	jobs []func()
	wake chan struct{}
}

// newLane starts a lane; it ends with the page.
func newLane() *lane {
	l := &lane{wake: make(chan struct{}, 1)}
	go l.run()
	return l
}

func (l *lane) do(job func()) {
	l.mu.Lock()
	l.jobs = append(l.jobs, job)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *lane) run() {
	for range l.wake {
		for {
			l.mu.Lock()
			if len(l.jobs) == 0 {
				l.mu.Unlock()
				break
			}
			job := l.jobs[0]
			l.jobs = l.jobs[1:]
			l.mu.Unlock()
			job()
		}
	}
}
