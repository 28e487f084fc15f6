package webexcctest

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"deskbridge/pkg/webexcc"
)

const (
	ticketLife   = time.Minute
	writeTimeout = 10 * time.Second
)

// ticket lets one socket be opened.
type ticket struct {
	agent   *agent
	expires time.Time
}

// subscribe hands out the URL of a notification socket. Unless it allows
// several logins it closes the agent's older ones.
func (s *Server) subscribe(r *http.Request, a *agent, body []byte) (any, *refusal) {
	var req webexcc.SubscribeRequest
	if json.Unmarshal(body, &req) != nil {
		return nil, badRequest("the body is not a subscription")
	}
	if !req.AllowMultiLogin {
		for id, t := range s.tickets {
			if t.agent == a {
				delete(s.tickets, id)
			}
		}
		s.takeOver(a)
	}
	id := secret()
	s.tickets[id] = ticket{a, s.now().Add(ticketLife)}
	scheme := "ws"
	if r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") {
		scheme = "wss"
	}
	return webexcc.Subscription{
		WebSocketURL:   scheme + "://" + r.Host + s.cfg.GatewayPath + "/v1/notification/socket/" + id,
		SubscriptionID: webexcc.Text(newID()),
	}, nil
}

// takeOver closes an agent's sockets in favour of one that is yet to come.
func (s *Server) takeOver(a *agent) {
	for _, c := range a.sockets {
		c.send(s.envelope(webexcc.OuterMultiLogin, map[string]any{
			"eventType": webexcc.AgentDesktopMessage, "type": webexcc.AgentMultiLoginClose, "agentId": a.id, "agentSessionId": a.session,
			"orgId": s.cfg.OrgID, "reason": "Multiple logins are not allowed", "eventTime": s.millis(),
		}))
		c.end()
	}
	a.sockets = nil
}

// serveSocket opens a socket and echoes its keepalives until either side ends.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("ticket")
	s.mu.Lock()
	t, ok := s.tickets[id]
	delete(s.tickets, id)
	ok = ok && s.now().Before(t.expires)
	epoch := s.epoch
	s.mu.Unlock()
	if !ok {
		s.refuse(w, r, &refusal{http.StatusForbidden, "Forbidden", "the ticket is not valid"})
		return
	}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		s.log.Debug("socket not opened", "error", err)
		return
	}
	c := &socket{conn: conn, wake: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	var writer sync.WaitGroup
	writer.Go(func() { c.write(ctx) })

	s.mu.Lock()
	a := t.agent
	c.send(s.envelope(webexcc.OuterWelcome, map[string]any{"agentId": a.id, "orgId": s.cfg.OrgID}))
	a.sockets = append(a.sockets, c)
	if s.epoch != epoch { // Reset has cut every socket but this.
		c.cut()
	}
	s.mu.Unlock()

	for {
		_, message, err := conn.Read(ctx)
		if err != nil {
			break
		}
		var frame struct {
			Keepalive webexcc.Text `json:"keepalive"`
		}
		if json.Unmarshal(message, &frame) == nil && frame.Keepalive != "" {
			c.echo()
		}
	}
	s.mu.Lock()
	a.sockets = without(a.sockets, c)
	s.mu.Unlock()
	cancel()
	writer.Wait()
	_ = conn.CloseNow()
}

// envelope encodes a message. Its data always encodes.
func (s *Server) envelope(outer string, data any) []byte {
	inner, err := json.Marshal(data)
	if err != nil {
		s.log.Error("notification not encoded", "type", outer, "error", err)
		return nil
	}
	message, err := json.Marshal(webexcc.Envelope{Type: outer, OrgID: s.cfg.OrgID, TrackingID: "notifs_" + newID(), Data: inner})
	if err != nil {
		s.log.Error("notification not encoded", "type", outer, "error", err)
		return nil
	}
	// Envelope writes an absent keepalive as nothing; a null one would be read
	// as none too.
	return message
}

// socket is a connection with an unbounded queue, so that nobody waits for a
// slow reader. Its goroutine is the reader's, in serveSocket, plus one writer.
type socket struct {
	conn *websocket.Conn
	wake chan struct{}

	mu     sync.Mutex
	queue  [][]byte
	ending bool // Close when the queue is empty.
	silent bool // Nothing goes out any more.
}

func (c *socket) send(message []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if message == nil || c.silent || c.ending {
		return
	}
	c.queue = append(c.queue, message)
	c.poke()
}

func (c *socket) echo() { c.send([]byte(webexcc.KeepaliveFrame)) }

// end closes the connection after what is queued.
func (c *socket) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ending = true
	c.poke()
}

// mute leaves the connection open and says nothing more.
func (c *socket) mute() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.silent, c.queue = true, nil
}

// cut drops the connection without a close frame. It does not wait: the caller
// holds the server's lock.
func (c *socket) cut() {
	c.mute()
	go func() { _ = c.conn.CloseNow() }() // Ends as soon as the connection is closed.
}

func (c *socket) poke() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// write sends what is queued until ctx ends or a write fails.
func (c *socket) write(ctx context.Context) {
	for {
		c.mu.Lock()
		batch, ending := c.queue, c.ending
		c.queue = nil
		c.mu.Unlock()
		for _, message := range batch {
			limited, cancel := context.WithTimeout(ctx, writeTimeout)
			err := c.conn.Write(limited, websocket.MessageText, message)
			cancel()
			if err != nil {
				_ = c.conn.CloseNow()
				return
			}
		}
		if ending {
			_ = c.conn.Close(websocket.StatusNormalClosure, "")
			return
		}
		select {
		case <-c.wake:
		case <-ctx.Done():
			return
		}
	}
}
