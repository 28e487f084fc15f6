package webexcc

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"sync"

	"github.com/coder/websocket"
)

// maxMessage bounds one message, in bytes.
const maxMessage = 4 << 20

// A Socket is an open WebSocket. Close is called once, from any goroutine, and
// ends a Read and a Write that are under way.
type Socket interface {
	Read(ctx context.Context) ([]byte, error)        // One whole message, the caller's to keep.
	Write(ctx context.Context, message []byte) error // One text frame.
	Close() error
}

// errSocketClosed is what a Read returns after one's own Close.
var errSocketClosed = errors.New("webexcc: socket closed")

// dial opens a WebSocket natively or with the browser's. Its errors do not
// show the URL, which carries the credential.
func dial(ctx context.Context, address string) (Socket, error) {
	conn, err := open(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("webexcc: open socket: %w", hidden(err))
	}
	conn.SetReadLimit(maxMessage)
	s := &webSocket{conn: conn, messages: make(chan []byte), closed: make(chan struct{}), failed: make(chan struct{})}
	go s.pump()
	return s, nil
}

// open waits for ctx without handing it on in a browser, where the library
// cannot cancel: it closes with codes that browsers refuse to send.
func open(ctx context.Context, address string) (*websocket.Conn, error) {
	if runtime.GOOS != "js" {
		conn, _, err := websocket.Dial(ctx, address, nil)
		return conn, err
	}
	type result struct {
		conn *websocket.Conn
		err  error
	}
	opened := make(chan result, 1)
	go func() {
		conn, _, err := websocket.Dial(context.WithoutCancel(ctx), address, nil)
		opened <- result{conn, err}
	}()
	select {
	case r := <-opened:
		return r.conn, r.err
	case <-ctx.Done():
		go func() { // Ends when the browser gives up or gets through.
			if r := <-opened; r.err == nil {
				_ = r.conn.Close(websocket.StatusNormalClosure, "")
			}
		}()
		return nil, ctx.Err()
	}
}

// hidden removes the URL from an error. In a browser it is part of the text,
// and the cause is never more than "closed".
func hidden(err error) error {
	if e := (*url.Error)(nil); errors.As(err, &e) {
		return e.Err
	}
	if runtime.GOOS == "js" {
		return errors.New("refused")
	}
	return err
}

// webSocket is a [Socket] of the coder/websocket library. A goroutine of its
// own reads, so that neither Read nor Close waits for the browser, which may
// take long to give up a dead connection.
type webSocket struct {
	conn     *websocket.Conn
	messages chan []byte
	closing  sync.Once
	closed   chan struct{} // Closed by Close.
	failed   chan struct{} // Closed when err is set.
	err      error
}

// pump ends when the connection does.
func (s *webSocket) pump() {
	defer close(s.failed)
	for {
		_, message, err := s.conn.Read(context.Background())
		if err != nil {
			s.err = err
			return
		}
		select {
		case s.messages <- message:
		case <-s.closed:
			s.err = errSocketClosed
			return
		}
	}
}

func (s *webSocket) Read(ctx context.Context) ([]byte, error) {
	select {
	case message := <-s.messages:
		return message, nil
	case <-s.failed:
		return nil, s.err
	case <-s.closed:
		return nil, errSocketClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *webSocket) Write(ctx context.Context, message []byte) error {
	return s.conn.Write(ctx, websocket.MessageText, message)
}

func (s *webSocket) Close() error {
	var err error
	s.closing.Do(func() {
		close(s.closed)
		if runtime.GOOS == "js" {
			// CloseNow sends 1001, at which browsers throw.
			go func() { _ = s.conn.Close(websocket.StatusNormalClosure, "") }()
			return
		}
		err = s.conn.CloseNow()
		<-s.failed
	})
	return err
}
