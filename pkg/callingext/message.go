package callingext

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// A Message is what either side says: a [WidgetMessage] or a [HostMessage].
type Message interface {
	// Kind is the message's type on the wire.
	Kind() MessageType
	// Validate says whether the message may be sent: nil or an
	// [*InvalidError] for the first required field that is missing or wrong.
	// Received messages need not be valid.
	Validate() error
	// payload is the data member: nil for none.
	payload() any
}

// A WidgetMessage goes from the calling app to HubSpot. The set is closed.
type WidgetMessage interface {
	Message
	widgetMessage()
}

// A HostMessage goes from HubSpot to the calling app. The set is closed.
type HostMessage interface {
	Message
	hostMessage()
}

// Unknown is a message of a type that this package does not know; both sides
// may receive and send one. A widget also receives ERROR and READY as Unknown.
type Unknown struct {
	Type MessageType
	Data json.RawMessage // The data member. Sent as it is; empty: none.
	Raw  json.RawMessage // The whole message as received; not sent.
}

// Kind returns the type.
func (m Unknown) Kind() MessageType { return m.Type }

// Validate wants a type that is not part of the handshake, and JSON.
func (m Unknown) Validate() error {
	c := check{typ: m.Type}
	c.required(string(m.Type), "type")
	c.that(m.Type != TypeSync && m.Type != TypeSyncAck, "type", "belongs to the handshake")
	c.that(len(m.Data) == 0 || json.Valid(m.Data), "data", "not JSON")
	return c.err
}

func (m Unknown) payload() any { return rawPayload(m.Data) }
func (Unknown) widgetMessage() {}
func (Unknown) hostMessage()   {}

func rawPayload(raw json.RawMessage) any {
	if len(raw) == 0 {
		return nil
	}
	return raw
}

// envelope is a message as sent.
type envelope struct {
	Type      MessageType `json:"type"`
	MessageID string      `json:"messageId"`
	Data      any         `json:"data,omitempty"`
}

func encode(m Message, messageID string) ([]byte, error) {
	b, err := json.Marshal(envelope{m.Kind(), messageID, m.payload()})
	if err != nil {
		return nil, fmt.Errorf("callingext: encode %s: %w", m.Kind(), err)
	}
	return b, nil
}

// A received message, its payload not yet read.
type received struct {
	typ       MessageType
	messageID string
	data      json.RawMessage
	all       fields          // Every member, for SYNC, SYNC_ACK and misplaced fields.
	raw       json.RawMessage // The whole message.
}

// parse reads the envelope; false means that it is no message at all. As for
// HubSpot's SDK, type and messageId are required, except the id of a SYNC.
func parse(data []byte) (received, bool) {
	if i := bytes.IndexFunc(data, func(r rune) bool { return r > ' ' }); i < 0 || data[i] != '{' {
		return received{}, false
	}
	all := parseFields(data)
	var typ string
	if all == nil || json.Unmarshal(all["type"], &typ) != nil || typ == "" {
		return received{}, false
	}
	r := received{typ: MessageType(typ), messageID: all.text("messageId"), data: all["data"], all: all, raw: data}
	return r, r.messageID != "" || r.typ == TypeSync
}
