package backend_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/fetch"
	"deskbridge/pkg/native"
)

// recorded is what arrived at a server.
type recorded struct {
	method, path, token, version, contentType string
	body                                      string
}

// serve answers every request with status and body, and records the last one.
// The client is mounted below a base path, so that a path that does not use
// BaseURL fails.
func serve(t *testing.T, status int, body string) (*backend.Client, *recorded) {
	t.Helper()
	got := &recorded{}
	mux := http.NewServeMux()
	mux.HandleFunc("/base/", func(w http.ResponseWriter, r *http.Request) {
		sent, _ := io.ReadAll(r.Body)
		*got = recorded{r.Method, strings.TrimPrefix(r.URL.EscapedPath(), "/base"), r.Header.Get("Authorization"),
			r.Header.Get(backend.VersionHeader), r.Header.Get("Content-Type"), string(sent)}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return &backend.Client{BaseURL: srv.URL + "/base", Doer: native.Fetch{Client: srv.Client()}, Token: func() string { return "bearer-token" }}, got
}

func TestRequests(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	tests := []struct {
		name, method, path, answer, body string
		call                             func(*backend.Client) (any, error)
		want                             any
	}{
		{"exchange", "POST", "/api/session", `{"token":"t","expiresAt":7,"agent":{"agentId":"a"}}`, `{"verifier":"v","code":"c"}`,
			func(c *backend.Client) (any, error) {
				return c.Exchange(ctx, backend.Exchange{Verifier: "v", Code: "c"})
			},
			backend.Session{Token: "t", ExpiresAt: 7, Agent: backend.Agent{AgentID: "a"}}},
		{"who", "GET", "/api/session", `{"expiresAt":7}`, ``,
			func(c *backend.Client) (any, error) { return c.Who(ctx) }, backend.Session{ExpiresAt: 7}},
		{"sign out", "DELETE", "/api/session", ``, ``,
			func(c *backend.Client) (any, error) { return nil, c.SignOut(ctx) }, nil},
		{"webex token", "GET", "/api/token", `{"accessToken":"a","expiresAt":8}`, ``,
			func(c *backend.Client) (any, error) { return c.WebexToken(ctx) }, backend.Token{AccessToken: "a", ExpiresAt: 8}},
		{"refused token", "POST", "/api/token", `{"accessToken":"b"}`, `{"stale":"a"}`,
			func(c *backend.Client) (any, error) { return c.RefusedToken(ctx, "a") }, backend.Token{AccessToken: "b"}},
		{"settings", "GET", "/api/settings", `{"webexBase":"https://x","popAt":"ring","unknown":1}`, ``,
			func(c *backend.Client) (any, error) { return c.Settings(ctx) }, backend.Settings{WebexBase: "https://x", PopAt: "ring"}},
		{"config", "GET", "/api/config", `{"loginOptions":["EXTENSION"],"teams":[{"id":"1","name":"A"}]}`, ``,
			func(c *backend.Client) (any, error) { return c.Config(ctx) },
			backend.Config{LoginOptions: []string{"EXTENSION"}, Teams: []backend.Named{{ID: "1", Name: "A"}}}},
		{"put", "PUT", "/api/interactions/a%2Fb:1%3F%23%25", `{"key":"a/b:1?#%","revision":3,"state":"queued"}`,
			`{"key":"a/b:1?#%","revision":3,"channel":"telephony","direction":"INBOUND","number":"","phase":"ringing","startedAt":0}`,
			func(c *backend.Client) (any, error) {
				return c.Put(ctx, backend.Record{Key: "a/b:1?#%", Revision: 3, Channel: "telephony", Direction: "INBOUND", Phase: "ringing"})
			},
			backend.Receipt{Key: "a/b:1?#%", Revision: 3, State: "queued"}},
		{"interactions", "GET", "/api/interactions", `{"interactions":[{"record":{"key":"k"},"receipt":{"state":"saved"}}]}`, ``,
			func(c *backend.Client) (any, error) { return c.Interactions(ctx) },
			backend.Interactions{Interactions: []backend.Interaction{{Record: backend.Record{Key: "k"}, Receipt: backend.Receipt{State: "saved"}}}}},
		{"interaction", "GET", "/api/interactions/k", `{"record":{"key":"k"}}`, ``,
			func(c *backend.Client) (any, error) { return c.Interaction(ctx, "k") }, backend.Interaction{Record: backend.Record{Key: "k"}}},
		{"lookup", "POST", "/api/lookup", `{"matches":[]}`, `{"number":"+1","direction":"INBOUND"}`,
			func(c *backend.Client) (any, error) {
				return c.Lookup(ctx, backend.Lookup{Number: "+1", Direction: "INBOUND"})
			},
			backend.Matches{Matches: []backend.Match{}}},
		{"create contact", "POST", "/api/contacts", `{"record":{"objectTypeId":"0-1","objectId":"9007199254740993"}}`, `{"number":"+1","firstName":"Jo"}`,
			func(c *backend.Client) (any, error) {
				return c.CreateContact(ctx, backend.NewContact{Number: "+1", FirstName: "Jo"})
			},
			backend.Match{Record: backend.Ref{ObjectTypeID: "0-1", ObjectID: "9007199254740993"}}},
		{"search", "POST", "/api/directory", `{"entries":[{"id":"q","name":"Billing"}],"total":-1,"more":true}`, `{"kind":"queue","search":"bill","page":2}`,
			func(c *backend.Client) (any, error) {
				return c.Search(ctx, backend.Search{Kind: "queue", Search: "bill", Page: 2})
			},
			backend.Page{Entries: []backend.Entry{{ID: "q", Name: "Billing"}}, Total: -1, More: true}},
		{"number", "POST", "/api/number", `{"valid":true,"dial":"+1","display":"1","allowed":false,"matches":[{"record":{"objectTypeId":"0-1","objectId":"7"},"noCalls":true}]}`,
			`{"number":"(1)","portalId":"8"}`,
			func(c *backend.Client) (any, error) {
				return c.Number(ctx, backend.NumberQuery{Number: "(1)", PortalID: "8"})
			},
			backend.Number{Valid: true, Dial: "+1", Display: "1", Matches: []backend.Match{{Record: backend.Ref{ObjectTypeID: "0-1", ObjectID: "7"}, NoCalls: true}}}},
		{"card", "POST", "/api/card", `{"record":{"objectTypeId":"0-1","objectId":"7","name":"Jo"},"missing":["deals"]}`,
			`{"record":{"objectTypeId":"0-1","objectId":"7"},"portalId":"8"}`,
			func(c *backend.Client) (any, error) {
				return c.Card(ctx, backend.CardQuery{Record: backend.Ref{ObjectTypeID: "0-1", ObjectID: "7"}, PortalID: "8"})
			},
			backend.Card{Record: backend.Ref{ObjectTypeID: "0-1", ObjectID: "7", Name: "Jo"}, Missing: []string{"deals"}}},
		{"dial", "POST", "/api/dial", ``, `{"number":"+1","portalId":"8"}`,
			func(c *backend.Client) (any, error) {
				return nil, c.Dial(ctx, backend.Dial{Number: "+1", PortalID: "8"})
			}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			status := http.StatusOK
			if tt.answer == "" {
				status = http.StatusNoContent
			}
			client, sent := serve(t, status, tt.answer)

			got, err := tt.call(client)

			require.NoError(t, err)
			require.Equal(t, tt.want, got)
			require.Equal(t, tt.method, sent.method)
			require.Equal(t, tt.path, sent.path)
			require.Equal(t, "Bearer bearer-token", sent.token)
			require.Equal(t, backend.Version, sent.version)
			if tt.body == "" {
				require.Empty(t, sent.body)
				require.Empty(t, sent.contentType)
			} else {
				require.JSONEq(t, tt.body, sent.body)
				require.Equal(t, "application/json", sent.contentType)
			}
		})
	}
}

func TestDialLimitSaysWhenToTryAgain(t *testing.T) {
	t.Parallel()
	client, _ := serve(t, http.StatusTooManyRequests, `{"code":"dial-limit","message":"Later.","retryAfterMs":41000}`)

	err := client.Dial(t.Context(), backend.Dial{Number: "+1"})

	var refusal *backend.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, backend.CodeDialLimit, refusal.Code)
	require.Equal(t, int64(41_000), refusal.RetryAfterMs)
}

func TestSignedOutClientSendsNoToken(t *testing.T) {
	t.Parallel()
	for _, token := range []func() string{nil, func() string { return "" }} {
		client, sent := serve(t, http.StatusOK, `{}`)
		client.Token = token

		_, err := client.Settings(t.Context())

		require.NoError(t, err)
		require.Empty(t, sent.token)
	}
}

func TestPendingExchange(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "{}"} {
		client, _ := serve(t, http.StatusAccepted, body)

		_, err := client.Exchange(t.Context(), backend.Exchange{Verifier: "v"})

		require.ErrorIs(t, err, backend.ErrPending)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		status    int
		body      string
		code      string
		retryable bool
	}{
		{"ours", 403, `{"code":"not-linked","message":"Ask."}`, backend.CodeNotLinked, false},
		{"session", 401, `{"code":"session-expired","message":"Sign in."}`, backend.CodeSessionExpired, false},
		{"down", 500, `{"code":"backend-down","message":"Wait."}`, backend.CodeBackendDown, true},
		{"too large, by anybody", 413, `<html>`, backend.CodeTooLarge, false},
		{"too many, by anybody", 429, ``, backend.CodeTooMany, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client, _ := serve(t, tt.status, tt.body)

			_, err := client.Settings(t.Context())

			var refusal *backend.Error
			require.ErrorAs(t, err, &refusal)
			require.NotErrorIs(t, err, backend.ErrUnreachable)
			require.Equal(t, tt.status, refusal.Status)
			require.Equal(t, tt.code, refusal.Code)
			require.NotEmpty(t, refusal.Message)
			require.Equal(t, tt.retryable, refusal.Retryable())
		})
	}
}

// Neither says anything about our session, our request or our record.
func TestStrangersAnswersAreNoRefusals(t *testing.T) {
	t.Parallel()
	for _, answer := range []canned{
		{502, `<html>Bad gateway</html>`}, {503, `{"error":"overloaded"}`}, {401, `<html>`}, {403, ``}, {599, ``}, {304, ``},
		{200, `<html>Sign in to the Wi-Fi</html>`}, {200, `[]`},
	} {
		client := &backend.Client{Doer: answer}

		_, err := client.Settings(t.Context())

		require.ErrorIs(t, err, backend.ErrUnreachable, "%v", answer)
		var refusal *backend.Error
		require.False(t, errors.As(err, &refusal), "%v", answer)
	}
}

type failing struct{ err error }

func (f failing) Do(context.Context, fetch.Request) (fetch.Response, error) {
	return fetch.Response{}, f.err
}

func TestNoAnswerIsNoRefusal(t *testing.T) {
	t.Parallel()
	cause := errors.New("TypeError: Failed to fetch")
	client := &backend.Client{Doer: failing{cause}}

	_, err := client.Settings(t.Context())

	require.ErrorIs(t, err, backend.ErrUnreachable)
	require.ErrorIs(t, err, cause)
	var refusal *backend.Error
	require.False(t, errors.As(err, &refusal))
}

func TestDeadlineIsVisible(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	client, _ := serve(t, 200, `{}`)

	_, err := client.Settings(ctx)

	require.ErrorIs(t, err, backend.ErrUnreachable)
	require.ErrorIs(t, err, context.Canceled)
}

func TestLoginURL(t *testing.T) {
	t.Parallel()
	client := &backend.Client{BaseURL: "https://desk.example"}

	got, err := url.Parse(client.LoginURL("a+b", "ann&bob@example.com"))

	require.NoError(t, err)
	require.Equal(t, backend.LoginPath, got.Path)
	require.Equal(t, url.Values{"challenge": {"a+b"}, "agent": {"ann&bob@example.com"}}, got.Query())
	require.NotContains(t, client.LoginURL("c", ""), "agent")
}

// The vector of RFC 7636, appendix B.
func TestChallenge(t *testing.T) {
	t.Parallel()
	require.Equal(t, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
		backend.Challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
}

func TestNewVerifier(t *testing.T) {
	t.Parallel()
	first, err := backend.NewVerifier(rand.Reader)
	require.NoError(t, err)
	second, err := backend.NewVerifier(rand.Reader)
	require.NoError(t, err)

	require.Len(t, first, 43)
	require.NotEqual(t, first, second)
	raw, err := base64.RawURLEncoding.DecodeString(first)
	require.NoError(t, err)
	require.Len(t, raw, 32)

	_, err = backend.NewVerifier(bytes.NewReader([]byte("short")))
	require.Error(t, err)
}

func TestShortCode(t *testing.T) {
	t.Parallel()
	code := backend.ShortCode("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")

	require.Regexp(t, `^[A-Z2-7]{4}$`, code)
	require.Equal(t, code, backend.ShortCode("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"))
	require.NotEqual(t, code, backend.ShortCode("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN"))
}

// FuzzAnswer feeds the client any answer: it may refuse, not fall over, and a
// refusal always has a code.
func FuzzAnswer(f *testing.F) {
	f.Add(200, `{"interactions":[]}`)
	f.Add(200, `{"interactions":{}}`)
	f.Add(403, `{"code":"not-linked","message":"x"}`)
	f.Add(500, `{"code":7}`)
	f.Add(502, `<html>`)
	f.Add(204, ``)
	f.Fuzz(func(t *testing.T, status int, body string) {
		client := &backend.Client{Doer: canned{status, body}}

		_, err := client.Interactions(t.Context())

		var refusal *backend.Error
		if errors.As(err, &refusal) && refusal.Code == "" {
			t.Fatalf("a refusal without a code: %d %q", status, body)
		}
		if _, err := json.Marshal(refusal); err != nil {
			t.Fatal(err)
		}
	})
}

type canned struct {
	status int
	body   string
}

func (c canned) Do(context.Context, fetch.Request) (fetch.Response, error) {
	return fetch.Response{Status: c.status, Body: []byte(c.body)}, nil
}
