//go:build js && wasm

package browser

import (
	"context"
	"fmt"

	"github.com/hack-pad/safejs"
)

// maxTabMessage is the longest message that is taken from another tab.
const maxTabMessage = 4 << 20

// A Channel carries texts between all pages of this origin under the same
// top-level site (a BroadcastChannel). A page does not hear itself.
type Channel struct {
	js     safejs.Value
	in     *queue[[]byte]
	remove func()
}

// OpenChannel joins the channel of that name. It fails where the browser has
// blocked storage.
func OpenChannel(name string) (*Channel, error) {
	constructor := global("BroadcastChannel")
	if constructor.Type() != safejs.TypeFunction {
		return nil, fmt.Errorf("browser: channel: %w", errMissing)
	}
	channel, err := constructor.New(name)
	if err != nil {
		return nil, fmt.Errorf("browser: channel: %w", err)
	}
	c := &Channel{js: channel, in: newQueue[[]byte]()}
	c.remove, err = listen(channel, "message", func(event safejs.Value) {
		data := get(event, "data")
		if n, ok := textLength(data); !ok || n > maxTabMessage {
			return
		}
		if s, ok := text(data); ok {
			c.in.push([]byte(s))
		}
	})
	if err != nil {
		return nil, fmt.Errorf("browser: channel: %w", err)
	}
	return c, nil
}

// Post sends a text to all others. Nobody may be listening.
func (c *Channel) Post(message []byte) error {
	if _, err := c.js.Call("postMessage", string(message)); err != nil {
		return fmt.Errorf("browser: channel: %w", err)
	}
	return nil
}

// Receive returns the next text in order of arrival. After Close it returns
// [ErrClosed].
func (c *Channel) Receive(ctx context.Context) ([]byte, error) { return c.in.pop(ctx) }

// Close leaves the channel. It may be called more than once.
func (c *Channel) Close() {
	c.remove()
	_, _ = c.js.Call("close")
	c.in.close()
}
