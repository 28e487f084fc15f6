package desktop

import (
	"context"
	"encoding/json"

	"deskbridge/pkg/webexcc"
)

// A Pipe carries messages to and from the bridge, in order.
type Pipe interface {
	// Send never waits for the other side.
	Send(text string) error
	// Receive waits for the next message. An error ends the pipe.
	Receive(ctx context.Context) (string, error)
}

// A hello is how the bridge introduces itself.
type hello struct {
	SDK    webexcc.Text `json:"sdk"`
	Inited webexcc.Bool `json:"inited"`
	Framed webexcc.Bool `json:"framed"`
	Mode   webexcc.Text `json:"mode"`
	Props  properties   `json:"props"`
}

// properties are the element's, by name.
type properties map[string]json.RawMessage

// UnmarshalJSON takes anything but an object for none.
func (p *properties) UnmarshalJSON(data []byte) error {
	var m map[string]json.RawMessage
	if json.Unmarshal(data, &m) != nil {
		m = nil
	}
	*p = m
	return nil
}

// text returns a property as a string, empty where there is none.
func (p properties) text(name string) string {
	var t webexcc.Text
	if raw, ok := p[name]; ok {
		_ = json.Unmarshal(raw, &t) // Takes any JSON.
	}
	return string(t)
}

func (p properties) bool(name string) webexcc.Bool {
	var b webexcc.Bool
	if raw, ok := p[name]; ok {
		_ = json.Unmarshal(raw, &b) // Takes any JSON.
	}
	return b
}

func (p properties) millis(name string) webexcc.Millis {
	var m webexcc.Millis
	if raw, ok := p[name]; ok {
		_ = json.Unmarshal(raw, &m) // Takes any JSON.
	}
	return m
}

// inbound is a message from the bridge. Its members are read one by one, so
// that a wrong one does not take the others along.
type inbound struct {
	V     webexcc.Number  `json:"v"`
	Hello json.RawMessage `json:"hello"`
	Props json.RawMessage `json:"props"`
	ID    webexcc.Number  `json:"id"`
	OK    json.RawMessage `json:"ok"`
	Error json.RawMessage `json:"error"`
	Event webexcc.Text    `json:"event"`
	Data  json.RawMessage `json:"data"`
	Bye   webexcc.Bool    `json:"bye"`
}

// outbound is a message to the bridge.
type outbound struct {
	ID     uint64   `json:"id,omitempty"`
	Call   string   `json:"call,omitempty"`
	Args   []any    `json:"args,omitempty"`
	Listen []string `json:"listen,omitempty"`
	Show   *bool    `json:"show,omitempty"`
}

func present(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }
