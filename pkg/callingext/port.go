package callingext

import (
	"bytes"
	"context"
	"fmt"
)

// A Port carries messages to and from one other window. The browser's is
// postMessage; [Pipe] is one in memory.
type Port interface {
	// Post sends the JSON object message to the peer window if its origin is
	// targetOrigin; a peer of another origin gets nothing, which is not an
	// error. Post does not block and may be called from several goroutines.
	Post(targetOrigin string, message []byte) error
	// Receive returns the next message in order of arrival. It returns the
	// context's error when that ends.
	Receive(ctx context.Context) (Inbound, error)
}

// Inbound is a message event as the browser describes it.
type Inbound struct {
	Data     []byte // JSON text of event.data.
	Origin   string // event.origin: the browser's word, not the sender's.
	FromPeer bool   // event.source is the expected window (parent or iframe).
}

// Pipe joins two ports in memory: what one posts the other receives, in order
// and without limit. a and b are the origins of the two ends. As in a browser,
// a message whose targetOrigin is not the receiver's origin is not delivered;
// "*" is every origin.
func Pipe(a, b string) (Port, Port) {
	toA, toB := newQueue[Inbound](), newQueue[Inbound]()
	return &pipeEnd{own: a, peer: b, in: toA, out: toB}, &pipeEnd{own: b, peer: a, in: toB, out: toA}
}

type pipeEnd struct {
	own, peer string
	in, out   *queue[Inbound]
}

func (p *pipeEnd) Post(targetOrigin string, message []byte) error {
	if targetOrigin != "*" {
		if _, ok := parseOrigin(targetOrigin, false); !ok {
			return fmt.Errorf("callingext: post: invalid target origin %q", targetOrigin)
		}
		if !sameOrigin(targetOrigin, p.peer) {
			return nil
		}
	}
	p.out.push(Inbound{Data: bytes.Clone(message), Origin: p.own, FromPeer: true})
	return nil
}

func (p *pipeEnd) Receive(ctx context.Context) (Inbound, error) {
	if err := ctx.Err(); err != nil {
		return Inbound{}, err
	}
	return p.in.pop(ctx)
}
