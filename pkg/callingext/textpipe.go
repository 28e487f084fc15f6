package callingext

import (
	"context"
	"sync"
)

// A TextPipe carries texts to and from one other place, in order.
type TextPipe interface {
	Send(text string) error
	Receive(ctx context.Context) (string, error)
}

// A PipePort is a [Port] over a pipe that may come later, or never. What is
// posted before is refused with [ErrNotReady]; a [Widget] keeps it.
type PipePort struct {
	mu     sync.Mutex
	pipe   TextPipe
	origin string
	come   chan struct{}
}

// NewPipePort returns a port without a pipe.
func NewPipePort() *PipePort { return &PipePort{come: make(chan struct{})} }

// Attach gives the port its pipe, once. The other end vouches that what it
// sends is from a page of that origin.
func (p *PipePort) Attach(pipe TextPipe, origin string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pipe == nil {
		p.pipe, p.origin = pipe, origin
		close(p.come)
	}
}

// Post implements [Port]. There is one peer, so the target is not looked at.
func (p *PipePort) Post(_ string, message []byte) error {
	p.mu.Lock()
	pipe := p.pipe
	p.mu.Unlock()
	if pipe == nil {
		return ErrNotReady
	}
	return pipe.Send(string(message))
}

// Receive implements [Port].
func (p *PipePort) Receive(ctx context.Context) (Inbound, error) {
	select {
	case <-p.come:
	case <-ctx.Done():
		return Inbound{}, ctx.Err()
	}
	text, err := p.pipe.Receive(ctx)
	if err != nil {
		return Inbound{}, err
	}
	return Inbound{Data: []byte(text), Origin: p.origin, FromPeer: true}, nil
}
