package native

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/coder/websocket"

	"deskbridge/pkg/webexcc"
)

// maxMessage bounds one message, in bytes.
const maxMessage = 4 << 20

// Dial opens a WebSocket for a [webexcc.Stream]. Its errors do not show the
// URL, which carries the credential.
func Dial(ctx context.Context, address string) (webexcc.Socket, error) {
	conn, _, err := websocket.Dial(ctx, address, nil)
	if err != nil {
		if e := (*url.Error)(nil); errors.As(err, &e) {
			err = e.Err
		}
		return nil, fmt.Errorf("native: open socket: %w", err)
	}
	conn.SetReadLimit(maxMessage)
	return socket{conn}, nil
}

type socket struct{ conn *websocket.Conn }

func (s socket) Read(ctx context.Context) ([]byte, error) {
	_, message, err := s.conn.Read(ctx)
	return message, err
}

func (s socket) Write(ctx context.Context, message []byte) error {
	return s.conn.Write(ctx, websocket.MessageText, message)
}

func (s socket) Close() error { return s.conn.CloseNow() }
