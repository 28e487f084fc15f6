package hubspot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// A Client asks one portal's CRM. Its fields must not change while it is in
// use; it may be used from several goroutines.
//
// It never repeats a request, except once with a new token after a 401. When
// to try again says [Error.Wait].
type Client struct {
	BaseURL string // Defaults to [DefaultBaseURL].
	Version string // Defaults to [Version].

	// Token returns the access token. Required.
	Token func(ctx context.Context) (string, error)
	// Refresh returns another token because HubSpot answered 401 to stale.
	// Without it a 401 is final.
	Refresh func(ctx context.Context, stale string) (string, error)

	HTTP    *http.Client // Defaults to one that gives up after 30 s.
	Logger  *slog.Logger // Defaults to silence.
	Limiter *Limiter     // Defaults to no limit.
}

// maxAnswer bounds what is read of an answer: 200 objects of 64 KiB and more.
const maxAnswer = 32 << 20

// fallbackHTTP follows no redirect: an API has none, and a token must not
// travel.
var fallbackHTTP = &http.Client{
	Timeout:       30 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// call is one request.
type call struct {
	op     string // For errors and the log.
	method string
	path   string // Escaped, below the base URL.
	query  url.Values
	body   any        // JSON.
	build  func() any // Makes the body when the turn has come; nil where it is there.
	search bool
}

// do sends c, with a new token if the first one is refused, and decodes the
// answer into out unless that is nil.
func (c *Client) do(ctx context.Context, k call, out any) error {
	if c.Token == nil {
		return fmt.Errorf("hubspot: %s: the client has no token", k.op)
	}
	token, err := c.Token(ctx)
	if err != nil {
		return fmt.Errorf("hubspot: %s: token: %w", k.op, err)
	}
	t := transport{c.BaseURL, c.HTTP, c.Logger}
	send := func() error {
		if err := c.Limiter.wait(ctx, k.search); err != nil {
			return fmt.Errorf("hubspot: %s: %w", k.op, err)
		}
		if k.build != nil {
			k.body = k.build()
		}
		return t.send(ctx, k, "Bearer "+token, out)
	}
	err = send()
	var refused *Error
	if c.Refresh == nil || !errors.As(err, &refused) || refused.Status != http.StatusUnauthorized {
		return err
	}
	fresh, refreshErr := c.Refresh(ctx, token)
	if refreshErr != nil {
		return errors.Join(err, fmt.Errorf("hubspot: %s: refresh: %w", k.op, refreshErr))
	}
	token = fresh
	return send()
}

func (c *Client) version() string { return orVersion(c.Version) }

func orVersion(v string) string {
	if v == "" {
		return Version
	}
	return v
}

// objectPath is a path below an object type.
func (c *Client) objectPath(objectType string, parts ...string) string {
	return "/crm/objects/" + join(append([]string{c.version(), objectType}, parts...))
}

// join escapes each part.
func join(parts []string) string {
	escaped := make([]string, len(parts))
	for i, p := range parts {
		escaped[i] = url.PathEscape(p)
	}
	return strings.Join(escaped, "/")
}

// transport sends requests for [Client] and [Developer].
type transport struct {
	base   string
	http   *http.Client
	logger *slog.Logger
}

func (t transport) send(ctx context.Context, k call, authorization string, out any) error {
	var body io.Reader
	if k.body != nil {
		b, err := json.Marshal(k.body)
		if err != nil {
			return fmt.Errorf("hubspot: %s: %w", k.op, err)
		}
		body = bytes.NewReader(b)
	}
	header := http.Header{"Accept": {"application/json"}}
	if k.body != nil {
		header.Set("Content-Type", "application/json")
	}
	if authorization != "" {
		header.Set("Authorization", authorization)
	}
	return t.exchange(ctx, k, header, body, out)
}

// exchange sends a body of any kind.
func (t transport) exchange(ctx context.Context, k call, header http.Header, body io.Reader, out any) error {
	base := strings.TrimRight(t.base, "/")
	if base == "" {
		base = DefaultBaseURL
	}
	address := base + k.path
	if len(k.query) > 0 {
		address += "?" + k.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, k.method, address, body)
	if err != nil {
		return fmt.Errorf("hubspot: %s: %w", k.op, withoutURL(err))
	}
	req.Header = header
	client := t.http
	if client == nil {
		client = fallbackHTTP
	}
	log := t.logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	began := time.Now()
	resp, err := client.Do(req)
	if err != nil {
		err = withoutURL(err)
		log.Warn("hubspot did not answer", "op", k.op, "took", time.Since(began), "error", err)
		return fmt.Errorf("hubspot: %s: %w", k.op, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err == nil && len(answer) > maxAnswer {
		err = errors.New("the answer is too large")
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		refused := refusal(k.op, resp.StatusCode, resp.Header, answer)
		log.Warn("hubspot refused", "op", k.op, "took", time.Since(began), "error", refused)
		return refused
	}
	if err != nil {
		return fmt.Errorf("hubspot: %s: answer: %w", k.op, err)
	}
	log.Debug("hubspot answered", "op", k.op, "status", resp.StatusCode, "took", time.Since(began))
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("hubspot: %s: answer: %w", k.op, err)
	}
	return nil
}

// withoutURL keeps addresses out of errors and logs: their queries hold keys
// and e-mail addresses.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
