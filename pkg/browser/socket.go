//go:build js && wasm

package browser

import (
	"context"
	"errors"

	"github.com/hack-pad/safejs"

	"deskbridge/pkg/webexcc"
)

// ErrSocketClosed is what a socket returns once it is closed, by whichever
// side. The browser tells no reason that is worth passing on.
var ErrSocketClosed = errors.New("browser: socket closed")

// Dial opens the browser's WebSocket for a [webexcc.Stream]. Its errors do not
// show the URL, which carries the credential.
func Dial(ctx context.Context, address string) (webexcc.Socket, error) {
	ws, err := global("WebSocket").New(address)
	if err != nil {
		return nil, errors.New("browser: open socket: refused")
	}
	s := &socket{ws: ws, in: newQueue[[]byte]()}
	opened, gone := make(chan struct{}, 1), make(chan struct{}, 1)
	for event, f := range map[string]func(safejs.Value){
		"open":    func(safejs.Value) { opened <- struct{}{} },
		"close":   func(safejs.Value) { s.in.close(); gone <- struct{}{} },
		"message": s.message,
	} {
		remove, err := listen(ws, event, f)
		if err != nil {
			_ = s.Close()
			return nil, err
		}
		s.remove = append(s.remove, remove)
	}
	select {
	case <-opened:
		return s, nil
	case <-gone:
		_ = s.Close()
		return nil, errors.New("browser: open socket: refused")
	case <-ctx.Done():
		_ = s.Close()
		return nil, ctx.Err()
	}
}

// socket is a WebSocket of the browser.
type socket struct {
	ws     safejs.Value
	in     *queue[[]byte]
	remove []func()
}

func (s *socket) message(event safejs.Value) {
	if m, ok := text(get(event, "data")); ok {
		s.in.push([]byte(m))
	}
}

// Read returns the next text message.
func (s *socket) Read(ctx context.Context) ([]byte, error) {
	m, err := s.in.pop(ctx)
	if errors.Is(err, ErrClosed) {
		return nil, ErrSocketClosed
	}
	return m, err
}

// Write sends a text frame; the browser queues it.
func (s *socket) Write(_ context.Context, message []byte) error {
	_, err := s.ws.Call("send", string(message))
	return err
}

// Close closes the socket without waiting for the other side, which may be
// long gone.
func (s *socket) Close() error {
	_, err := s.ws.Call("close")
	for _, remove := range s.remove {
		remove()
	}
	s.in.close()
	return err
}
