//go:build js && wasm

package browser

import (
	"context"
	"fmt"

	"github.com/hack-pad/safejs"
)

// maxPipeMessage is the longest text that is taken from a pipe, in UTF-16
// units: a snapshot of all of an agent's contacts fits.
const maxPipeMessage = 8 << 20

// A Pipe carries texts over a MessagePort, in order. It implements
// desktop.Pipe and callingext.TextPipe.
type Pipe struct {
	port   safejs.Value
	in     *queue[string]
	remove func()
}

func newPipe(port safejs.Value) (*Pipe, error) {
	p := &Pipe{port: port, in: newQueue[string]()}
	remove, err := listen(port, "message", func(event safejs.Value) {
		data := get(event, "data")
		if n, ok := textLength(data); !ok || n > maxPipeMessage {
			return
		}
		if s, ok := text(data); ok {
			p.in.push(s)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("browser: pipe: %w", err)
	}
	p.remove = remove
	if _, err := port.Call("start"); err != nil {
		return nil, fmt.Errorf("browser: pipe: %w", err)
	}
	return p, nil
}

// Send implements desktop.Pipe.
func (p *Pipe) Send(text string) error {
	if _, err := p.port.Call("postMessage", text); err != nil {
		return fmt.Errorf("browser: pipe: %w", err)
	}
	return nil
}

// Receive implements desktop.Pipe. After Close it returns [ErrClosed].
func (p *Pipe) Receive(ctx context.Context) (string, error) { return p.in.pop(ctx) }

// Close ends the pipe on this side; the other one is not told. It may be called
// more than once.
func (p *Pipe) Close() {
	p.remove()
	_, _ = p.port.Call("close")
	p.in.close()
}

// A greeting is what windows say to find each other: {"deskbridge": word}, and
// in an answer what they say about themselves, with a MessagePort.
func greeting(event safejs.Value, word string) bool {
	data := get(event, "data")
	said, ok := text(get(data, "deskbridge"))
	return ok && said == word
}

func say(window safejs.Value, origin string, words map[string]any, port ...safejs.Value) error {
	message, err := safejs.ValueOf(words)
	if err != nil {
		return fmt.Errorf("browser: greeting: %w", err)
	}
	if len(port) == 0 {
		_, err = window.Call("postMessage", message, origin)
	} else {
		list, errList := safejs.ValueOf([]any{safejs.Unsafe(port[0])})
		if errList != nil {
			return fmt.Errorf("browser: greeting: %w", errList)
		}
		_, err = window.Call("postMessage", message, origin, list)
	}
	if err != nil {
		return fmt.Errorf("browser: greeting: %w", err)
	}
	return nil
}

// answers returns the first pipe that a window sends with that word; ok says whether an
// answer may be taken.
func answers(word string, ok func(event safejs.Value, origin string) bool) (<-chan *Pipe, func(), error) {
	found := make(chan *Pipe, 1)
	remove, err := listen(safejs.Global(), "message", func(event safejs.Value) {
		origin, _ := text(get(event, "origin"))
		if !greeting(event, word) || !ok(event, origin) {
			return
		}
		port, err := get(event, "ports").Index(0)
		if err != nil || port.Type() != safejs.TypeObject {
			return
		}
		if p, err := newPipe(port); err == nil {
			select {
			case found <- p:
			default:
				p.Close()
			}
		}
	})
	if err != nil {
		return nil, nil, fmt.Errorf("browser: listen for an answer: %w", err)
	}
	return found, remove, nil
}

// ElementPipe is the pipe to the custom element that this page's frame belongs
// to; see pkg/desktop. It waits for the element's answer, which is taken from
// the parent alone and if its origin is allowed.
func ElementPipe(ctx context.Context, allowed func(origin string) bool) (*Pipe, error) {
	forgetKept()
	parent := global("parent")
	if parent.Equal(global("window")) {
		return nil, ErrNoPeer
	}
	found, remove, err := answers("port", func(event safejs.Value, origin string) bool {
		return get(event, "source").Equal(parent) && allowed(origin)
	})
	if err != nil {
		return nil, err
	}
	defer remove()
	// Nobody learns anything from the question, so it may go to any origin.
	if err := say(parent, "*", map[string]any{"deskbridge": "port?"}); err != nil {
		return nil, err
	}
	select {
	case p := <-found:
		return p, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// HostPipe is the pipe to a page of our own that frames the Agent Desktop that
// this frame is somewhere in. It asks every page above, each as ours, so that no
// other gets the question, and waits: there may be no such page. The answer
// says which origin surrounds that page.
func HostPipe(ctx context.Context) (p *Pipe, host string, err error) {
	found, remove, err := answers("host", func(event safejs.Value, origin string) bool {
		if origin != Origin() || !above(get(event, "source")) {
			return false
		}
		host, _ = text(get(get(event, "data"), "origin"))
		return host != ""
	})
	if err != nil {
		return nil, "", err
	}
	defer remove()
	for at := global("parent"); ; {
		_ = say(at, Origin(), map[string]any{"deskbridge": "host?"}) // The browser drops it where the origin is another.
		next := get(at, "parent")
		if next.Equal(at) || next.Type() != safejs.TypeObject {
			break
		}
		at = next
	}
	select {
	case p := <-found:
		return p, host, nil
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
}

// above says whether a window frames this one, at any distance.
func above(window safejs.Value) bool { return contains(window, global("window")) }

// contains says whether outer frames inner, at any distance.
func contains(outer, inner safejs.Value) bool {
	if outer.Type() != safejs.TypeObject {
		return false
	}
	for at := inner; ; {
		next := get(at, "parent")
		if next.Type() != safejs.TypeObject || next.Equal(at) {
			return false
		}
		if next.Equal(outer) {
			return true
		}
		at = next
	}
}

// WatchAskers calls asked for each page of our own that asks for a pipe from
// within the frame with that id; see HostPipe. answer gives it one and tells it
// what origin surrounds this page. An asker that was reloaded asks again.
func WatchAskers(frame string, asked func(answer func(host string) (*Pipe, error))) (remove func(), err error) {
	return listen(safejs.Global(), "message", func(event safejs.Value) {
		origin, _ := text(get(event, "origin"))
		if !greeting(event, "host?") || origin != Origin() {
			return
		}
		asker := get(event, "source")
		element, err := global("document").Call("getElementById", frame)
		if err != nil || !contains(get(element, "contentWindow"), asker) {
			return
		}
		asked(func(host string) (*Pipe, error) {
			channel, err := global("MessageChannel").New()
			if err != nil {
				return nil, fmt.Errorf("browser: pipe: %w", err)
			}
			p, err := newPipe(get(channel, "port1"))
			if err != nil {
				return nil, err
			}
			if err := say(asker, origin, map[string]any{"deskbridge": "host", "v": 1, "origin": host}, get(channel, "port2")); err != nil {
				p.Close()
				return nil, err
			}
			return p, nil
		})
	})
}

// forgetKept ends what the boot script keeps for [ParentPort]: nobody here will
// read it.
func forgetKept() {
	if b := boot(); present(b) {
		_, _ = b.Call("take")
	}
}
