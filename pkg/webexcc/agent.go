package webexcc

import (
	"context"

	"deskbridge/pkg/fetch"
)

// Subscribe asks for a notification socket. A [Stream] does this by itself.
func (c *Client) Subscribe(ctx context.Context, s SubscribeRequest) (*Subscription, error) {
	if s == (SubscribeRequest{}) {
		s = SubscribeRequest{Force: true, ClientType: "WebexCCSDK"}
	}
	out := new(Subscription)
	err := c.do(ctx, request{op: "subscribe", method: fetch.POST, path: "/v1/notification/subscribe", body: s, out: out})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// LogIn logs the agent in at a phone. [StationLogin] tells the outcome; a
// number that is in use already is a failure there, not an error here.
func (c *Client) LogIn(ctx context.Context, l Login) error {
	if l.DialNumber == "" || l.TeamID == "" || l.DeviceType == "" {
		return invalid("log in", "number, team and device type are required")
	}
	if l.DeviceID == "" {
		l.DeviceID = l.DialNumber
	}
	if l.Roles == nil {
		l.Roles = []string{"agent"}
	}
	l.IsExtension = l.DeviceType == DeviceExtension
	return c.command(ctx, "log in", fetch.POST, "/v1/agents/login", l)
}

// LogOut ends the agent's session; [Logout] tells the outcome. An empty reason
// is LogoutByUser.
func (c *Client) LogOut(ctx context.Context, reason string) error {
	if reason == "" {
		reason = LogoutByUser
	}
	return c.command(ctx, "log out", fetch.POST, "/v1/agents/logout", LogoutRequest{reason})
}

// Reload asks for the session and the tasks that Webex holds: a [Relogin], then
// a [Task] of type AgentContact for each.
func (c *Client) Reload(ctx context.Context) error {
	return c.command(ctx, "reload", fetch.POST, "/v1/agents/reload", empty{})
}

// SetState makes the agent available or idle; [AgentStateChange] tells the
// outcome.
func (c *Client) SetState(ctx context.Context, s StateChange) error {
	if s.State == "" || s.AuxCodeID == "" {
		return invalid("set state", "state and code are required")
	}
	return c.command(ctx, "set state", fetch.PUT, "/v1/agents/session/state", s)
}

// BuddyAgents asks for colleagues to consult or transfer to; the list arrives
// as [Buddies].
func (c *Client) BuddyAgents(ctx context.Context, b BuddyRequest) error {
	return c.command(ctx, "list buddies", fetch.POST, "/v1/agents/buddyList", b)
}

// empty is the body {}, which these commands must carry.
type empty struct{}

func (c *Client) command(ctx context.Context, op, method, path string, body any) error {
	return c.do(ctx, request{op: op, method: method, path: path, body: body})
}
