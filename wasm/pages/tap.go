//go:build js && wasm

package main

import (
	"context"
	"encoding/json"
	"time"

	"deskbridge/pkg/callingext"
)

// A logEntry is a line of the protocol log.
type logEntry struct {
	At    time.Time       `json:"at"`
	Way   way             `json:"way"`
	Type  string          `json:"type"`
	Text  string          `json:"text,omitempty"` // A warning or a note.
	Body  json.RawMessage `json:"body,omitempty"` // The whole message.
	Times int             `json:"times"`          // Repeated SYNCs are one line.
}

// A way is who speaks to whom.
type way string

// The ways.
const (
	toWidget   way = "out"
	fromWidget way = "in"
	wrongOrder way = "warning"
	noteLine   way = "note"
)

// keptEntries is how many lines are kept.
const keptEntries = 300

// addEntry appends a line; a SYNC after a SYNC is counted instead.
func addEntry(all []logEntry, e logEntry) []logEntry {
	if n := len(all); n > 0 && e.Type == string(callingext.TypeSync) && all[n-1].Type == e.Type && e.Way == all[n-1].Way {
		all[n-1].Times++
		return all
	}
	e.Times = 1
	all = append(all, e)
	return all[max(0, len(all)-keptEntries):]
}

// A tap is a port that tells about everything which passes.
type tap struct {
	callingext.Port
	tell func(logEntry)
}

// Post tells and posts.
func (t tap) Post(targetOrigin string, message []byte) error {
	t.pass(toWidget, message)
	return t.Port.Post(targetOrigin, message)
}

// Receive receives and tells; what other windows say is not for the log.
func (t tap) Receive(ctx context.Context) (callingext.Inbound, error) {
	in, err := t.Port.Receive(ctx)
	if err == nil && in.FromPeer {
		t.pass(fromWidget, in.Data)
	}
	return in, err
}

func (t tap) pass(w way, message []byte) {
	var named struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(message, &named) != nil || named.Type == "" {
		named.Type = "(no message)"
	}
	body := json.RawMessage(message)
	if !json.Valid(message) || len(message) > 16<<10 {
		body = nil // Kept for every tab's life: nothing huge.
	}
	t.tell(logEntry{At: time.Now(), Way: w, Type: named.Type, Body: body})
}
