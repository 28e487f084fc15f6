//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"deskbridge/pkg/callingext"

	"github.com/hack-pad/safejs"
)

// ErrNoPeer is returned by Post when there is no other window: the page is not
// framed, or the frame is gone.
var ErrNoPeer = errors.New("browser: no window to talk to")

// A Port carries messages to and from one other window by postMessage. It
// implements [callingext.Port].
type Port struct {
	peer    func() safejs.Value // The other window, or undefined.
	in      *queue[callingext.Inbound]
	dropped atomic.Int64
	remove  func()
}

var _ callingext.Port = (*Port)(nil)

// ParentPort is the port to the window that frames this page. What arrived
// since the boot script started comes first, in order.
//
// In a page that nobody frames it receives nothing from its peer and Post
// returns [ErrNoPeer].
func ParentPort() (*Port, error) {
	return openPort(func() safejs.Value {
		parent := global("parent")
		if parent.Equal(global("window")) {
			return safejs.Undefined()
		}
		return parent
	})
}

// FramePort is the port to the iframe with that id, whichever it is at the
// moment.
func FramePort(id string) (*Port, error) {
	return openPort(func() safejs.Value {
		frame, err := global("document").Call("getElementById", id)
		if err != nil {
			return safejs.Undefined()
		}
		return get(frame, "contentWindow")
	})
}

// openPort starts to listen and then takes over what the boot script has
// kept. Nothing can arrive in between, which would be out of order: no event
// is dispatched before Go gives control back to the page.
func openPort(peer func() safejs.Value) (*Port, error) {
	p := &Port{peer: peer, in: newQueue[callingext.Inbound]()}
	remove, err := listen(safejs.Global(), "message", p.message)
	if err != nil {
		return nil, fmt.Errorf("browser: listen for messages: %w", err)
	}
	p.remove = remove
	if b := boot(); present(b) {
		p.takeOver(b)
	}
	return p, nil
}

// takeOver hands on what the boot script kept: texts and origins in turn, all
// from the parent.
func (p *Port) takeOver(b safejs.Value) {
	kept, err := b.Call("take")
	if err != nil {
		return
	}
	if n, ok := number(get(b, "dropped")); ok {
		p.dropped.Add(int64(n))
	}
	length, _ := number(get(kept, "length"))
	for i := 0; i+1 < length; i += 2 {
		data, errData := kept.Index(i)
		origin, errOrigin := kept.Index(i + 1)
		if errData != nil || errOrigin != nil {
			continue
		}
		body, okBody := text(data)
		from, okFrom := text(origin)
		if okBody && okFrom {
			p.in.push(callingext.Inbound{Data: []byte(body), Origin: from, FromPeer: true})
		}
	}
}

// message runs in the browser's event. Of other windows' messages only the
// origin is handed on: nobody reads the rest.
func (p *Port) message(event safejs.Value) {
	peer := p.peer()
	origin, _ := text(get(event, "origin"))
	in := callingext.Inbound{Origin: origin}
	in.FromPeer = peer.Type() == safejs.TypeObject && get(event, "source").Equal(peer)
	if in.FromPeer {
		body, ok := stringify(get(event, "data"))
		if !ok {
			p.dropped.Add(1)
			return
		}
		in.Data = []byte(body)
	}
	p.in.push(in)
}

// stringify is JSON.stringify. It refuses what is cyclic, throws, has no JSON
// or is longer than anybody would read, before copying it.
func stringify(v safejs.Value) (string, bool) {
	made, err := global("JSON").Call("stringify", v)
	if err != nil || made.Type() != safejs.TypeString {
		return "", false
	}
	if n, ok := textLength(made); !ok || n > callingext.MaxMessageSize {
		return "", false
	}
	return text(made)
}

// Dropped returns how many messages of the peer could not be read: cyclic, too
// large, not JSON.
func (p *Port) Dropped() int64 { return p.dropped.Load() }

// Post implements [callingext.Port].
func (p *Port) Post(targetOrigin string, message []byte) error {
	peer := p.peer()
	if peer.Type() != safejs.TypeObject {
		return ErrNoPeer
	}
	value, err := global("JSON").Call("parse", string(message))
	if err != nil {
		return fmt.Errorf("browser: post: %w", err)
	}
	if _, err := peer.Call("postMessage", value, targetOrigin); err != nil {
		return fmt.Errorf("browser: post: %w", err)
	}
	return nil
}

// Receive implements [callingext.Port]. After Close it returns [ErrClosed].
func (p *Port) Receive(ctx context.Context) (callingext.Inbound, error) { return p.in.pop(ctx) }

// Close stops listening. It may be called more than once.
func (p *Port) Close() {
	p.remove()
	p.in.close()
}
