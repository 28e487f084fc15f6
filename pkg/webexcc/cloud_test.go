package webexcc_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
)

const welcome = `{"type":"Welcome","data":{"agentId":"` + agentID + `"}}`

// pipe is a socket in memory.
type pipe struct {
	in     chan string
	closed chan struct{}
	once   sync.Once

	mu   sync.Mutex
	sent []time.Duration // When each keepalive went out.
	at   time.Time       // When the socket was opened.
	echo bool
}

var errGone = errors.New("gone")

func (p *pipe) Read(ctx context.Context) ([]byte, error) {
	select {
	case m := <-p.in:
		return []byte(m), nil
	case <-p.closed:
		return nil, errGone
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipe) Write(_ context.Context, message []byte) error {
	if string(message) != webexcc.KeepaliveFrame {
		return fmt.Errorf("wrote %s", message)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, time.Since(p.at))
	if p.echo {
		select {
		case p.in <- webexcc.KeepaliveFrame:
		default:
		}
	}
	return nil
}

func (p *pipe) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipe) mute() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.echo = false
}

func (p *pipe) pings() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]time.Duration(nil), p.sent...)
}

// cloud is Webex as far as a stream sees it.
type cloud struct {
	mu      sync.Mutex
	log     []string // What was asked, and when.
	began   time.Time
	sockets []*pipe

	subscribe func(n int) *http.Response // Nil: 200.
	reload    func(n int) *http.Response // Nil: 202.
	dial      func(context.Context) error
	greet     bool
	silent    bool
	counts    map[string]int
}

// open makes a stream to a cloud that greets and echoes. It must run in a
// synctest bubble.
func open(t *testing.T, change func(*cloud, *webexcc.StreamConfig)) (*webexcc.Stream, *cloud) {
	t.Helper()
	c := &cloud{began: time.Now(), greet: true, counts: map[string]int{}}
	cfg := webexcc.StreamConfig{
		Client: &webexcc.Client{BaseURL: "http://webex.invalid", OrgID: orgID, Token: token("secret"), Doer: doer(c.do)},
		Dial:   c.connect,
	}
	if change != nil {
		change(c, &cfg)
	}
	s := webexcc.NewStream(cfg)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s, c
}

func (c *cloud) note(what string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.log = append(c.log, fmt.Sprintf("%v %s", time.Since(c.began).Truncate(time.Second), what))
	c.counts[what]++
	return c.counts[what]
}

func (c *cloud) noted() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.log...)
}

func (c *cloud) do(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	switch r.URL.Path {
	case "/v1/notification/subscribe":
		n := c.note("subscribe")
		if c.subscribe != nil {
			if res := c.subscribe(n); res == nil {
				<-r.Context().Done()
				return nil, r.Context().Err()
			} else if res.StatusCode != 200 {
				return res, nil
			}
		}
		return answer(200, `{"webSocketUrl":"wss://n.invalid/secret"}`), nil
	case "/v1/agents/reload":
		n := c.note("reload")
		if c.reload != nil {
			if res := c.reload(n); res != nil {
				return res, nil
			}
			<-r.Context().Done()
			return nil, r.Context().Err()
		}
		return answer(202, ""), nil
	}
	return answer(404, ""), nil
}

func (c *cloud) connect(ctx context.Context, url string) (webexcc.Socket, error) {
	if url != "wss://n.invalid/secret" {
		return nil, errors.New("wrong URL")
	}
	if c.dial != nil {
		if err := c.dial(ctx); err != nil {
			return nil, err
		}
	}
	p := &pipe{in: make(chan string, 4096), closed: make(chan struct{}), at: time.Now(), echo: !c.silent}
	if c.greet {
		p.in <- welcome
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sockets = append(c.sockets, p)
	return p, nil
}

// last returns the newest socket.
func (c *cloud) last() *pipe {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sockets[len(c.sockets)-1]
}

func next(t *testing.T, s *webexcc.Stream) webexcc.Notification {
	t.Helper()
	n, err := s.Next(t.Context())
	require.NoError(t, err)
	return n
}

// lost reads a LinkLost and returns its error.
func lost(t *testing.T, s *webexcc.Stream) error {
	t.Helper()
	n := next(t, s)
	l, ok := n.(webexcc.LinkLost)
	require.Truef(t, ok, "got %#v", n)
	return l.Err
}

func up(generation uint64) webexcc.LinkUp {
	return webexcc.LinkUp{Generation: generation, AgentID: agentID}
}
