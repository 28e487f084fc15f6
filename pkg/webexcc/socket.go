package webexcc

import "context"

// A Socket is an open WebSocket. Close is called once, from any goroutine, and
// ends a Read and a Write that are under way.
type Socket interface {
	Read(ctx context.Context) ([]byte, error)        // One whole message, the caller's to keep.
	Write(ctx context.Context, message []byte) error // One text frame.
	Close() error
}
