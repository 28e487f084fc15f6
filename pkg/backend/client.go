package backend

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"deskbridge/pkg/fetch"
)

// ErrUnreachable says that a request got no answer from the server: refused
// connection, no network, a deadline that passed, or an answer that somebody in
// between gave (a proxy's error page, a Wi-Fi's sign-in page). Whether the
// server carried the request out is unknown; every call of this contract may be
// repeated.
var ErrUnreachable = errors.New("backend: no answer from the server")

// ErrPending is the answer to an exchange without a code while the sign-in
// window has not been confirmed yet. Ask again in a second or two.
var ErrPending = errors.New("backend: sign-in not confirmed yet")

// A Client is the widget's side of the contract. Its zero value is of no use;
// fill in the fields and do not change them afterwards. It may be used from
// several goroutines if Doer and Token may.
//
// Every method returns an [*Error] when the server refused, an error wrapping
// [ErrUnreachable] when nobody answered, and retries nothing by itself.
type Client struct {
	BaseURL string        // Own origin, without trailing slash. Empty in a page of that origin if Doer resolves paths.
	Doer    fetch.Doer    // Required.
	Token   func() string // The session token; nil or "" while signed out.
}

// LoginURL is what the sign-in window opens. Hint is an agent's name or e-mail
// address that Webex may fill in, or empty.
func (c *Client) LoginURL(challenge, hint string) string {
	query := url.Values{"challenge": {challenge}}
	if hint != "" {
		query.Set("agent", hint)
	}
	return c.BaseURL + LoginPath + "?" + query.Encode()
}

// Exchange redeems a one-time code, or asks whether the sign-in window has
// been confirmed, and returns the new session with its token. It returns
// [ErrPending] while there is nothing to redeem yet.
func (c *Client) Exchange(ctx context.Context, e Exchange) (Session, error) {
	var s Session
	status, err := c.do(ctx, fetch.POST, SessionPath, e, &s)
	if err == nil && status == fetch.StatusAccepted {
		err = ErrPending
	}
	return s, err
}

// Who returns the session that Token belongs to, without the token.
func (c *Client) Who(ctx context.Context) (Session, error) {
	return get[Session](ctx, c, SessionPath)
}

// SignOut ends the session for every tab that shares it. Ending it twice is
// harmless.
func (c *Client) SignOut(ctx context.Context) error {
	_, err := c.do(ctx, fetch.DELETE, SessionPath, nil, nil)
	return err
}

// WebexToken returns an access token for Webex, fresh enough to be used at
// once. Keep it in memory only and ask again before ExpiresAt.
func (c *Client) WebexToken(ctx context.Context) (Token, error) {
	return get[Token](ctx, c, TokenPath)
}

// RefusedToken says that Webex answered 401 to the access token stale, and
// returns another one. While it is being asked for, others get the same answer.
func (c *Client) RefusedToken(ctx context.Context, stale string) (Token, error) {
	var t Token
	_, err := c.do(ctx, fetch.POST, TokenPath, RefusedToken{Stale: stale}, &t)
	return t, err
}

// Settings returns the tenant's settings.
func (c *Client) Settings(ctx context.Context) (Settings, error) {
	return get[Settings](ctx, c, SettingsPath)
}

// SettingsFor returns the settings as a layout changes them.
func (c *Client) SettingsFor(ctx context.Context, q SettingsQuery) (Settings, error) {
	var s Settings
	_, err := c.do(ctx, fetch.POST, SettingsPath, q, &s)
	return s, err
}

// Config returns the agent's Webex configuration, which may be some minutes
// old.
func (c *Client) Config(ctx context.Context) (Config, error) {
	return get[Config](ctx, c, ConfigPath)
}

// Put stores a revision of a record. The receipt tells which revision is
// stored, which is a higher one when another tab was faster.
func (c *Client) Put(ctx context.Context, r Record) (Receipt, error) {
	var receipt Receipt
	_, err := c.do(ctx, fetch.PUT, interactionPath(r.Key), r, &receipt)
	return receipt, err
}

// Interactions returns the agent's records of the last two days, newest first.
func (c *Client) Interactions(ctx context.Context) (Interactions, error) {
	return get[Interactions](ctx, c, InteractionsPath)
}

// Interaction returns one of the agent's records. A key that the server does
// not know is an [*Error] with status 404.
func (c *Client) Interaction(ctx context.Context, key string) (Interaction, error) {
	return get[Interaction](ctx, c, interactionPath(key))
}

// Lookup asks whose number it is. No match is an empty answer, not an error.
func (c *Client) Lookup(ctx context.Context, l Lookup) (Matches, error) {
	var m Matches
	_, err := c.do(ctx, fetch.POST, LookupPath, l, &m)
	return m, err
}

// CreateContact makes a contact with the number, or returns the one that has
// it already.
func (c *Client) CreateContact(ctx context.Context, n NewContact) (Match, error) {
	var m Match
	_, err := c.do(ctx, fetch.POST, ContactsPath, n, &m)
	return m, err
}

// Search returns a page of a list, filtered at its source.
func (c *Client) Search(ctx context.Context, s Search) (Page, error) {
	var p Page
	_, err := c.do(ctx, fetch.POST, DirectoryPath, s, &p)
	return p, err
}

// Number says what is known of a number as a person typed it. A number that
// cannot be dialled is an answer, not an error.
func (c *Client) Number(ctx context.Context, n NumberQuery) (Number, error) {
	var out Number
	_, err := c.do(ctx, fetch.POST, NumberPath, n, &out)
	return out, err
}

// Card returns what there is to know of a record. What the server could not
// have in time is named in the card's Missing.
func (c *Client) Card(ctx context.Context, q CardQuery) (Card, error) {
	var card Card
	_, err := c.do(ctx, fetch.POST, CardPath, q, &card)
	return card, err
}

// Dial asks whether this agent may dial out now. Nil is yes; no is an [*Error]
// with status 429 and code dial-limit.
func (c *Client) Dial(ctx context.Context, d Dial) error {
	_, err := c.do(ctx, fetch.POST, DialPath, d, nil)
	return err
}

func interactionPath(key string) string { return InteractionsPath + "/" + url.PathEscape(key) }

func get[T any](ctx context.Context, c *Client, path string) (T, error) {
	var out T
	_, err := c.do(ctx, fetch.GET, path, nil, &out)
	return out, err
}

// do sends body as JSON unless it is nil, and decodes the answer into out
// unless that is nil or the answer has no content.
func (c *Client) do(ctx context.Context, method, path string, body, out any) (int, error) {
	req := fetch.Request{
		Method: method, URL: c.BaseURL + path,
		Header: map[string]string{VersionHeader: Version, "Accept": "application/json"},
	}
	if body != nil {
		var err error
		if req.Body, err = json.Marshal(body); err != nil {
			return 0, fmt.Errorf("backend: %s %s: %w", method, path, err)
		}
		req.Header["Content-Type"] = "application/json"
	}
	if c.Token != nil {
		if token := c.Token(); token != "" {
			req.Header["Authorization"] = "Bearer " + token
		}
	}

	resp, err := c.Doer.Do(ctx, req)
	if err != nil {
		return 0, fmt.Errorf("%w: %s: %w", ErrUnreachable, method, err)
	}
	if resp.Status < 200 || resp.Status > 299 {
		return resp.Status, refusal(method, resp.Status, resp.Body)
	}
	if out == nil || resp.Status == fetch.StatusNoContent || resp.Status == fetch.StatusAccepted && len(resp.Body) == 0 {
		return resp.Status, nil
	}
	if err := json.Unmarshal(resp.Body, out); err != nil {
		return resp.Status, foreign(method, resp.Status)
	}
	return resp.Status, nil
}
