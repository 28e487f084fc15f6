package callingext_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/callingext"
)

const (
	hubspot = "https://app.hubspot.com"
	phone   = "https://phone.example"
)

// A scriptedPort delivers what was queued and then io.EOF; it keeps what was
// posted.
type scriptedPort struct {
	mu     sync.Mutex
	in     []callingext.Inbound
	posts  []post
	refuse error
}

type post struct {
	Target string
	Data   string
}

func (p *scriptedPort) Post(target string, message []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refuse != nil {
		return p.refuse
	}
	p.posts = append(p.posts, post{target, string(message)})
	return nil
}

func (p *scriptedPort) Receive(context.Context) (callingext.Inbound, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.in) == 0 {
		return callingext.Inbound{}, io.EOF
	}
	in := p.in[0]
	p.in = p.in[1:]
	return in, nil
}

// from queues a message of the parent window.
func (p *scriptedPort) from(origin, data string) {
	p.in = append(p.in, callingext.Inbound{Data: []byte(data), Origin: origin, FromPeer: true})
}

func (p *scriptedPort) types(t testing.TB) []string {
	t.Helper()
	var types []string
	for _, post := range p.posts {
		types = append(types, decode(t, post.Data)["type"].(string))
	}
	return types
}

const sync1 = `{"type":"SYNC","messageId":"1700000000000_1700000000001","hostUrl":"` + hubspot + `","portalId":42}`

func newWidget(port callingext.Port) *callingext.Widget {
	return callingext.NewWidget(callingext.WidgetConfig{
		Port: port, Origin: phone, Hosts: []string{hubspot, "https://*.hubspot.com"},
	})
}

// readyWidget returns a widget after its handshake, with no posts recorded.
func readyWidget(t testing.TB) (*callingext.Widget, *scriptedPort) {
	t.Helper()
	port := &scriptedPort{}
	w := newWidget(port)
	port.from(hubspot, sync1)
	m, err := w.Next(t.Context())
	require.NoError(t, err)
	require.IsType(t, callingext.Synced{}, m)
	port.posts = nil
	return w, port
}

// drain reads until the script is over.
func drain(t testing.TB, w *callingext.Widget) []callingext.HostMessage {
	t.Helper()
	var all []callingext.HostMessage
	for {
		m, err := w.Next(t.Context())
		if err != nil {
			require.ErrorIs(t, err, io.EOF)
			return all
		}
		all = append(all, m)
	}
}

// A liar lets a test say what the browser would: a message with a member
// "foreign" is from another window, one with "as" from that origin.
type liar struct{ callingext.Port }

func (l liar) Receive(ctx context.Context) (callingext.Inbound, error) {
	in, err := l.Port.Receive(ctx)
	var lie struct {
		Foreign bool
		As      string
	}
	if json.Unmarshal(in.Data, &lie) == nil {
		in.FromPeer = !lie.Foreign
		if lie.As != "" {
			in.Origin = lie.As
		}
	}
	return in, err
}

// runningHost starts a host; the returned port is the widget's end.
func runningHost(t testing.TB, cfg callingext.HostConfig) (*callingext.Host, callingext.Port) {
	t.Helper()
	mine, theirs := callingext.Pipe(hubspot, phone)
	cfg.Port, cfg.WidgetOrigin = liar{mine}, phone
	if cfg.Sync.HostURL == "" {
		cfg.Sync.HostURL = hubspot
	}
	// A host that is older than its widget, as in life: an id of the same
	// millisecond would look like a reply.
	cfg.Now = func() time.Time { return time.Now().Add(-time.Minute) }
	h := callingext.NewHost(cfg)
	run(t, h)
	return h, theirs
}

func run(t testing.TB, h *callingext.Host) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = h.Run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-done })
}

// acknowledge answers one SYNC as HubSpot's SDK does, and returns the answer.
func acknowledge(t testing.TB, h *callingext.Host, widget callingext.Port) string {
	t.Helper()
	in, err := widget.Receive(t.Context())
	require.NoError(t, err)
	ack := decode(t, string(in.Data))
	ack["type"], ack["version"], ack["iFrameUrl"], ack["debugMode"] = "SYNC_ACK", "0.9.7-beta.0", phone, false
	b, err := json.Marshal(ack)
	require.NoError(t, err)
	require.NoError(t, widget.Post(hubspot, b))
	m, err := h.Next(t.Context())
	require.NoError(t, err)
	require.IsType(t, callingext.SyncAck{}, m)
	return string(b)
}

func decode(t testing.TB, data string) map[string]any {
	t.Helper()
	var m map[string]any
	d := json.NewDecoder(bytes.NewReader([]byte(data)))
	d.UseNumber()
	require.NoError(t, d.Decode(&m), data)
	return m
}

// data returns the data member of a wire message, "" for none.
func data(t testing.TB, wire string) string {
	t.Helper()
	var m struct{ Data json.RawMessage }
	require.NoError(t, json.Unmarshal([]byte(wire), &m))
	return string(m.Data)
}

// withRaw returns m with its Raw as after a reception of raw.
func withRaw[M any](m M, raw string) M {
	v := reflect.New(reflect.TypeOf(m)).Elem()
	v.Set(reflect.ValueOf(m))
	if f := v.FieldByName("Raw"); f.IsValid() && raw != "" {
		f.SetBytes([]byte(raw))
	}
	return v.Interface().(M)
}

func unmarshal(t testing.TB, data []byte, v any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(data, v), string(data))
}
