package webexcc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"
	"time"

	"deskbridge/pkg/fetch"
)

// ErrUnreachable says that a request got no answer: no network, no token, a
// deadline that passed. Whether Webex carried it out is unknown.
var ErrUnreachable = errors.New("webexcc: no answer from Webex")

// ErrInvalid says that a request was not sent because Webex could only refuse
// it: a missing id, a number that is too long.
var ErrInvalid = errors.New("webexcc: invalid request")

const (
	maxAnswer  = 8 << 20  // Bytes taken of an answer.
	maxRefusal = 64 << 10 // Bytes taken of a refusal.

	requestTimeout = 30 * time.Second // For requests whose context has no deadline.
)

// A Client sends the requests of one agent. Fill in the fields and do not
// change them afterwards. It may be used from several goroutines if Doer,
// Token and Refresh may.
//
// Every method returns an [*Error] when Webex refused, an error wrapping
// [ErrUnreachable] when nobody answered, and one wrapping [ErrInvalid] when
// nothing was sent. Nothing is repeated except once after a 401, with a
// refreshed token. A context without a deadline gets one of 30 s.
type Client struct {
	BaseURL string                                // Required. The gateway, such as https://api.wxcc-us1.cisco.com.
	OrgID   string                                // Required for configuration.
	Doer    fetch.Doer                            // Required.
	Token   func(context.Context) (string, error) // Required. An access token, asked for each request.

	// Refresh, if any, is asked for a newer token when Webex answered 401 to
	// stale. Returning stale again, or "", gives up.
	Refresh func(ctx context.Context, stale string) (string, error)

	Log func(msg string, args ...any) // Defaults to silence. Gets alternating keys and values, as in log/slog.
}

// request is one call of the gateway.
type request struct {
	op     string // For errors: what is tried.
	method string
	path   string // Escaped, from the slash on, with the query.
	body   any    // Sent as JSON unless nil.
	out    any    // Filled from the answer unless nil.
}

// do sends a request and reads the answer.
func (c *Client) do(ctx context.Context, r request) error {
	var body []byte
	if r.body != nil {
		var err error
		if body, err = json.Marshal(r.body); err != nil {
			return fmt.Errorf("webexcc: %s: %w", r.op, err)
		}
	}
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, requestTimeout)
		defer cancel()
	}
	token, err := c.Token(ctx)
	if err != nil {
		return fmt.Errorf("%w: %s: token: %w", ErrUnreachable, r.op, err)
	}
	err = c.send(ctx, r, body, token)
	if refusal := (*Error)(nil); c.Refresh != nil && errors.As(err, &refusal) && refusal.Status == fetch.StatusUnauthorized {
		fresh, refreshErr := c.Refresh(ctx, token)
		switch {
		case refreshErr != nil:
			return fmt.Errorf("%w: %s: refresh token: %w", ErrUnreachable, r.op, refreshErr)
		case fresh != "" && fresh != token:
			err = c.send(ctx, r, body, fresh)
		}
	}
	c.logFailure(r.op, err)
	return err
}

// logFailure leaves out what Webex wrote: it may quote a phone number.
func (c *Client) logFailure(op string, err error) {
	if refusal := (*Error)(nil); errors.As(err, &refusal) {
		c.log("webex refused", "op", op, "status", refusal.Status, "type", clip(refusal.Type), "trackingid", refusal.TrackingID)
	} else if err != nil {
		c.log("webex did not answer", "op", op)
	}
}

func (c *Client) send(ctx context.Context, r request, body []byte, token string) error {
	tracking := trackingID()
	req := fetch.Request{
		Method: r.method, URL: strings.TrimSuffix(c.BaseURL, "/") + r.path, Body: body,
		Header: map[string]string{"Authorization": "Bearer " + token, "Accept": "application/json", "trackingid": tracking},
	}
	if body != nil {
		req.Header["Content-Type"] = "application/json"
	}
	res, err := c.Doer.Do(ctx, req)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrUnreachable, r.op, err)
	}
	if res.Status < 200 || res.Status > 299 {
		return refused(r.op, tracking, res)
	}
	if err := answered(r, res); err != nil {
		return errors.Join(err, ctx.Err()) // Whoever gave up need not know what an answer lacked.
	}
	return nil
}

// answered reads what Webex said. The body of a command's answer means nothing.
func answered(r request, res fetch.Response) error {
	if r.out == nil {
		return nil
	}
	if len(res.Body) > maxAnswer {
		return fmt.Errorf("webexcc: %s: answer is longer than %d bytes", r.op, maxAnswer)
	}
	if err := json.Unmarshal(res.Body, r.out); err != nil {
		return fmt.Errorf("webexcc: %s: answer: %w", r.op, err)
	}
	return nil
}

func (c *Client) log(msg string, args ...any) {
	if c.Log != nil {
		c.Log(msg, args...)
	}
}

// trackingID names a request towards Webex's support.
func trackingID() string {
	return "deskbridge_" + strconv.FormatUint(rand.Uint64(), 16) + strconv.FormatUint(rand.Uint64(), 16)
}

// joinPath builds an escaped path. A trailing "" ends it with a slash.
func joinPath(elems ...string) string {
	var b strings.Builder
	for _, e := range elems {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(e))
	}
	return b.String()
}

// checkIDs refuses ids that would name another resource: none, or a dot path,
// which servers clean away.
func checkIDs(op string, ids ...string) error {
	for _, id := range ids {
		if id == "" || id == "." || id == ".." {
			return invalid(op, "an id is missing")
		}
	}
	return nil
}

func invalid(op, why string) error { return fmt.Errorf("%w: %s: %s", ErrInvalid, op, why) }
