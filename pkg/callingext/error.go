package callingext

import "errors"

var (
	// ErrSyncFailed is SYNC_ACK_FAILED: the widget did not acknowledge within
	// 30 s. HubSpot then shows "There was an issue connecting with …".
	ErrSyncFailed = errors.New("callingext: SYNC_ACK_FAILED: the widget did not acknowledge SYNC")
	// ErrNotReady is returned by [Host.Send] before the handshake; the
	// message is discarded, as HubSpot's SDK does.
	ErrNotReady = errors.New("callingext: the widget is not ready")
	// ErrQueueFull is returned by [Widget.Send] when no host has synced and
	// too many messages wait.
	ErrQueueFull = errors.New("callingext: no host, and the queue is full")
)

// An InvalidError says that a message was not sent because of one field.
type InvalidError struct {
	Type    MessageType
	Field   string // As on the wire, such as "externalCallId".
	Problem string // Such as "missing".
}

func (e *InvalidError) Error() string {
	return "callingext: " + string(e.Type) + ": " + e.Field + ": " + e.Problem
}

// A check collects the first problem of a message.
type check struct {
	typ MessageType
	err error
}

func (c *check) that(ok bool, field, problem string) {
	if !ok && c.err == nil {
		c.err = &InvalidError{Type: c.typ, Field: field, Problem: problem}
	}
}

func (c *check) required(value, field string) { c.that(value != "", field, "missing") }
