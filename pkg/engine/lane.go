package engine

import (
	"strings"
	"sync"
	"time"

	"deskbridge/pkg/softphone"
)

// lanes runs work in order per destination. A lane's goroutine lives while it
// has work.
type lanes struct {
	mu     sync.Mutex
	queues map[string][]func()
	live   sync.WaitGroup
}

// run appends work to a lane.
func (l *lanes) run(name string, work func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.queues == nil {
		l.queues = map[string][]func(){}
	}
	queue, busy := l.queues[name]
	l.queues[name] = append(queue, work)
	if !busy {
		l.live.Go(func() { l.drain(name) })
	}
}

func (l *lanes) drain(name string) {
	for {
		l.mu.Lock()
		queue := l.queues[name]
		if len(queue) == 0 {
			delete(l.queues, name)
			l.mu.Unlock()
			return
		}
		work := queue[0]
		l.queues[name] = queue[1:]
		l.mu.Unlock()
		work()
	}
}

// wait returns when every lane is empty.
func (l *lanes) wait() { l.live.Wait() }

// deadline is how long a command may take on the wire: shorter where a person
// waits for it and nothing is lost by trying again, longer where nobody would
// know whether it arrived.
func deadline(c softphone.Command) time.Duration {
	switch c.(type) {
	case softphone.MuteTask, softphone.SendDigits:
		return 3 * time.Second
	case softphone.LoadCard:
		return 4 * time.Second
	case softphone.LookUp, softphone.ForgetSession, softphone.ListBuddies, softphone.UpdateVariable:
		return 5 * time.Second
	default: // Call control and the agent's state.
		return 10 * time.Second
	}
}

// laneKind is the lane's name without the id in it.
func laneKind(c softphone.Command) string {
	kind, _, _ := strings.Cut(string(c.Lane()), "/")
	return kind
}
