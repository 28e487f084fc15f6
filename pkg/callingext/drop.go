package callingext

import (
	"encoding/json"
	"maps"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A DropReason says why a received message was not delivered.
type DropReason string

// The reasons, in the order in which they are looked for.
const (
	DropForeignFrame  DropReason = "foreign-frame"  // event.source is not the peer window.
	DropForeignOrigin DropReason = "foreign-origin" // The origin is not allowed, or not the adopted one.
	DropTooLarge      DropReason = "too-large"      // More than MaxMessageSize.
	DropMalformed     DropReason = "malformed"      // Not an object with type and messageId.
	DropForgedHost    DropReason = "forged-host"    // A SYNC whose hostUrl is not its origin.
	DropNotReady      DropReason = "not-ready"      // Before the handshake.
	DropSecondSync    DropReason = "second-sync"    // A SYNC after the first, or a SYNC_ACK after the first.
	DropReply         DropReason = "reply"          // Answers a message of ours; nothing waits for it.
	DropUnexpected    DropReason = "unexpected"     // A handshake message that the peer must not send.
	DropPostFailed    DropReason = "post-failed"    // Ours: the port refused it after Send had taken it.
)

// MaxMessageSize is the largest message, in bytes of JSON, that is read.
const MaxMessageSize = 256 << 10

type drops struct {
	mu    sync.Mutex
	count map[DropReason]int
	debug func(what, detail string)
}

// drop counts and reports. The detail has no payload: it may be personal data.
func (d *drops) drop(reason DropReason, detail string) {
	d.mu.Lock()
	if d.count == nil {
		d.count = map[DropReason]int{}
	}
	d.count[reason]++
	d.mu.Unlock()
	d.note("drop "+string(reason), detail)
}

func (d *drops) note(what, detail string) {
	if d.debug != nil {
		d.debug(what, detail)
	}
}

func (d *drops) dropped() map[DropReason]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.count)
}

// shown makes a type from outside fit for a log.
func shown(t MessageType) string {
	if len(t) > 64 {
		t = t[:64] + "…"
	}
	return strconv.Quote(string(t))
}

// messageIDs mints "<instance>_<ms>". HubSpot's SDK gives two messages of one
// millisecond the same id; here the clock is pushed on, so ids are unique.
type messageIDs struct {
	instance string
	last     int64
}

func (m *messageIDs) next(now time.Time) string {
	m.last = max(m.last+1, now.UnixMilli())
	return m.instance + "_" + strconv.FormatInt(m.last, 10)
}

// own reports whether a message id is one of ours, so a reply.
func (m *messageIDs) own(id string) bool { return strings.HasPrefix(id, m.instance+"_") }

// avoid changes the instance so that neither side takes messages of the other
// for replies: HubSpot's SDK only compares the beginning of an id.
func (m *messageIDs) avoid(peerMessageID string) {
	peer, _, _ := strings.Cut(peerMessageID, "_")
	if peer == "" || !(strings.HasPrefix(peer, m.instance) || strings.HasPrefix(m.instance, peer)) {
		return
	}
	first := "1"
	if peer[0] == '1' {
		first = "2"
	}
	m.instance = first + m.instance
}

// withoutPrototype removes the key that means the prototype to a careless
// receiver in JavaScript.
func withoutPrototype(f fields) fields {
	f = maps.Clone(f)
	delete(f, "__proto__")
	return f
}

func quoted(s string) json.RawMessage {
	b, _ := json.Marshal(s) // A string always marshals.
	return b
}
