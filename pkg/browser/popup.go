//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"time"

	"github.com/hack-pad/safejs"
)

// The ways in which a popup does not come to its end.
var (
	ErrPopupBlocked = errors.New("browser: popup blocked")
	ErrPopupClosed  = errors.New("browser: popup closed")
)

// closedPoll is how often a popup is asked whether it is still open: there is
// no event for it.
const closedPoll = 400 * time.Millisecond

// A Popup is a window that this page opened.
type Popup struct {
	window safejs.Value
	in     *queue[[]byte]
	remove func()
}

// OpenPopup opens url in a window of its own, such as with the features
// "popup,width=480,height=720". It must follow a press of the person within a
// few seconds, else browsers block it: then the error is [ErrPopupBlocked].
func OpenPopup(url, features string) (*Popup, error) {
	window, err := safejs.Global().Call("open", url, "_blank", features)
	if err != nil || window.Type() != safejs.TypeObject {
		return nil, ErrPopupBlocked
	}
	p := &Popup{window: window, in: newQueue[[]byte]()}
	own := Origin()
	p.remove, err = listen(safejs.Global(), "message", func(event safejs.Value) {
		origin, _ := text(get(event, "origin"))
		if origin != own || !get(event, "source").Equal(window) {
			return
		}
		if body, ok := stringify(get(event, "data")); ok {
			p.in.push([]byte(body))
		}
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// OpenTab opens url in a new tab that knows nothing of us, under the same
// condition as OpenPopup.
func OpenTab(url string) error {
	window, err := safejs.Global().Call("open", url, "_blank")
	if err != nil || window.Type() != safejs.TypeObject {
		return ErrPopupBlocked
	}
	_ = window.Set("opener", safejs.Null()) // Refused once the page is there, which is HubSpot's.
	return nil
}

// Receive returns the JSON text of the next message that the window posted to
// us from a page of our own origin, however many others it went through.
//
// It returns [ErrPopupClosed] once the window is closed. A page on the way
// that cuts itself off from its opener looks exactly the same while the window
// is still open, so a caller that has another way to learn the outcome should
// go on with that.
func (p *Popup) Receive(ctx context.Context) ([]byte, error) {
	for {
		closed := p.Closed() // Asked before: what it posted then is already here.
		waiting, cancel := context.WithTimeout(ctx, closedPoll)
		message, err := p.in.pop(waiting)
		cancel()
		switch {
		case err == nil:
			return message, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.Is(err, ErrClosed), closed:
			return nil, ErrPopupClosed
		}
	}
}

// Closed says whether the window is gone, or cut off from us.
func (p *Popup) Closed() bool { return truth(get(p.window, "closed")) }

// Focus brings the window to the front, where the browser allows it.
func (p *Popup) Focus() { _, _ = p.window.Call("focus") }

// Close closes the window and stops listening. It may be called more than
// once.
func (p *Popup) Close() {
	_, _ = p.window.Call("close")
	p.remove()
	p.in.close()
}
