package desktop_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/desktop"
	"deskbridge/pkg/webexcc"
)

const (
	up       = `{"v":1,"hello":{"sdk":"2.0.15","inited":true,"framed":false,"mode":"panel","props":{"agentId":"a1","deviceType":"EXTENSION"}}}`
	upOnWeb  = `{"v":1,"hello":{"inited":"true","props":{"agentId":"a1","deviceType":"BROWSER"}}}`
	uninited = `{"v":1,"hello":{"inited":false,"props":{"agentId":"a1"}}}`
	atDesk   = `{"status":"LoggedIn","subStatus":"Idle","idleCode":{"id":"c1","name":"Lunch"},"dn":"1001","agentProfileID":"p1"}`
	contact  = `"interactionId":"i1","interaction":{"interactionId":"i1","mediaType":"telephony","state":"connected",` +
		`"participants":{"a1":{"id":"a1","pType":"Agent","hasJoined":"true"}},"media":{"i1":{"mediaResourceId":"i1","mType":"mainCall","isHold":"false"}}}`
)

// bridge is the other end of a scripted pipe.
type bridge struct {
	t    *testing.T
	in   chan string
	mu   sync.Mutex
	sent []said
	logs []string
	*desktop.Desktop
}

type said struct {
	ID     uint64            `json:"id"`
	Call   string            `json:"call"`
	Args   []json.RawMessage `json:"args"`
	Listen []string          `json:"listen"`
	Show   *bool             `json:"show"`
}

func (b *bridge) Send(text string) error {
	var m said
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = append(b.sent, m)
	return nil
}

func (b *bridge) Receive(ctx context.Context) (string, error) {
	select {
	case text, ok := <-b.in:
		if !ok {
			return "", io.EOF
		}
		return text, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// scripted is a Desktop whose bridge says what a test says. Call it inside
// synctest.Test.
func scripted(t *testing.T, cfg desktop.Config) *bridge {
	b := &bridge{t: t, in: make(chan string, 100)}
	cfg.Pipe = b
	cfg.Log = func(msg string, args ...any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.logs = append(b.logs, fmt.Sprint(append([]any{msg}, args...)...))
	}
	b.Desktop = desktop.New(cfg)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = b.Run(ctx) })
	t.Cleanup(func() { cancel(); running.Wait() })
	return b
}

// says lets the bridge say something.
func (b *bridge) says(texts ...string) {
	for _, text := range texts {
		b.in <- text
	}
	synctest.Wait()
}

func event(name, data string) string { return `{"event":"` + name + `","data":` + data + `}` }

func (b *bridge) messages() []said {
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.sent)
}

func (b *bridge) logged() []string {
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.logs)
}

// last is the newest call of a name.
func (b *bridge) last(call string) said {
	b.t.Helper()
	all := b.messages()
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Call == call {
			return all[i]
		}
	}
	require.FailNow(b.t, "not called: "+call)
	return said{}
}

func (b *bridge) count(call string) int {
	n := 0
	for _, m := range b.messages() {
		if m.Call == call {
			n++
		}
	}
	return n
}

// answers answers the newest call of a name.
func (b *bridge) answers(call, result string) {
	b.t.Helper()
	b.says(fmt.Sprintf(`{"id":%d,%s}`, b.last(call).ID, result))
}

// holds answers the questions of a hydration.
func (b *bridge) holds(latest, tasks string) {
	b.t.Helper()
	b.answers("agentStateInfo.latestData", `"ok":`+latest)
	b.answers("actions.getTaskMap", `"ok":`+tasks)
}

// news reads what a stream has.
func news(t *testing.T, s *desktop.Stream) []webexcc.Notification {
	t.Helper()
	synctest.Wait()
	var out []webexcc.Notification
	for {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		n, err := s.Next(ctx)
		if err != nil {
			require.ErrorIs(t, err, context.Canceled)
			return out
		}
		out = append(out, n)
	}
}

func types(list []webexcc.Notification) []string {
	var out []string
	for _, n := range list {
		switch n := n.(type) {
		case webexcc.Task:
			out = append(out, n.Type)
		case webexcc.Relogin:
			out = append(out, n.Type)
		case webexcc.AgentStateChange:
			out = append(out, n.Type)
		case webexcc.Logout:
			out = append(out, n.Type)
		case webexcc.Buddies:
			out = append(out, n.Type)
		default:
			out = append(out, strings.TrimPrefix(fmt.Sprintf("%T", n), "webexcc."))
		}
	}
	return out
}

// ready is a Desktop with an agent at the phone and a stream that has been read.
func ready(t *testing.T, hello string, cfg desktop.Config) (*bridge, *desktop.Stream) {
	t.Helper()
	b := scripted(t, cfg)
	b.says(hello)
	s := b.Open()
	t.Cleanup(func() { _ = s.Close() })
	b.holds(atDesk, "{}")
	require.Equal(t, []string{"LinkUp", webexcc.AgentReloginSuccess}, types(news(t, s)))
	return b, s
}
