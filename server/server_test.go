package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

// raw sends a request as it is and returns status, header and body.
func (w *world) raw(method, path, token, version, body string) (int, http.Header, string) {
	w.t.Helper()
	req, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
	require.NoError(w.t, err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if version != "" {
		req.Header.Set(backend.VersionHeader, version)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(w.t, err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(w.t, err)
	return resp.StatusCode, resp.Header, string(answer)
}

func TestEveryRefusalIsOneShape(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.signIn().Token
	huge := `{"key":"k","notes":"` + strings.Repeat("x", maxBody) + `"}`
	tests := []struct {
		name, method, path, token, version, body string
		status                                   int
		code                                     string
	}{
		{"no version", "GET", backend.SessionPath, token, "", "", 426, backend.CodeVersionMismatch},
		{"other version", "GET", backend.SessionPath, token, "2", "", 426, backend.CodeVersionMismatch},
		{"no token", "GET", backend.SettingsPath, "", backend.Version, "", 401, backend.CodeSessionExpired},
		{"wrong token", "GET", backend.SettingsPath, "guess", backend.Version, "", 401, backend.CodeSessionExpired},
		{"unknown address", "GET", "/api/nothing", token, backend.Version, "", 404, backend.CodeNotFound},
		{"wrong method", "PATCH", backend.SessionPath, token, backend.Version, "", 405, backend.CodeInvalid},
		{"no JSON", "POST", backend.LookupPath, token, backend.Version, "<xml/>", 400, backend.CodeInvalid},
		{"JSON of another kind", "POST", backend.LookupPath, token, backend.Version, `{"number":7}`, 400, backend.CodeInvalid},
		{"no number", "POST", backend.LookupPath, token, backend.Version, `{}`, 400, backend.CodeInvalid},
		{"huge number", "POST", backend.LookupPath, token, backend.Version, `{"number":"` + strings.Repeat("1", 65) + `"}`, 400, backend.CodeInvalid},
		{"portal of somebody else", "POST", backend.LookupPath, token, backend.Version, `{"number":"+1","portalId":"666"}`, 403, backend.CodeNotLinked},
		{"huge body", "PUT", backend.InteractionsPath + "/k", token, backend.Version, huge, 413, backend.CodeTooLarge},
		{"unknown record", "GET", backend.InteractionsPath + "/k", token, backend.Version, "", 404, backend.CodeNotFound},
		{"record under another key", "PUT", backend.InteractionsPath + "/k", token, backend.Version, `{"key":"j"}`, 400, backend.CodeInvalid},
		{"short verifier", "POST", backend.SessionPath, "", backend.Version, `{"verifier":"short"}`, 400, backend.CodeInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			status, header, body := w.raw(tt.method, tt.path, tt.token, tt.version, tt.body)

			require.Equal(t, tt.status, status, body)
			require.Contains(t, header.Get("Content-Type"), "application/json")
			var got backend.Error
			require.NoError(t, json.Unmarshal([]byte(body), &got), body)
			require.Equal(t, tt.code, got.Code)
			require.NotEmpty(t, got.Message)
		})
	}
}

// A body whose length is not announced is cut off while it is read.
func TestBodyLimitWithoutLength(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := io.MultiReader(strings.NewReader(`{"key":"k","notes":"`), io.LimitReader(endless{}, 2<<20))
	req, err := http.NewRequest(http.MethodPut, w.url+backend.InteractionsPath+"/k", body)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+w.signIn().Token)
	req.Header.Set(backend.VersionHeader, backend.Version)

	resp, err := http.DefaultClient.Do(req)

	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusRequestEntityTooLarge, resp.StatusCode)
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, bytes.Repeat([]byte{'x'}, len(p))), nil }

func TestHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.signIn().Token
	for _, path := range []string{"/widget", "/healthz", backend.SessionPath, "/nothing"} {
		_, header, _ := w.raw("GET", path, token, backend.Version, "")

		require.Empty(t, header.Get("X-Frame-Options"), path)
		require.Empty(t, header.Get("Access-Control-Allow-Origin"), path)
		require.Equal(t, "nosniff", header.Get("X-Content-Type-Options"), path)
		require.Equal(t, "no-referrer", header.Get("Referrer-Policy"), path)
		require.Contains(t, header.Get("Content-Security-Policy"), "frame-ancestors ", path)
		require.Contains(t, header.Get("Content-Security-Policy"), "default-src 'none'", path)
	}
	_, header, _ := w.raw("GET", backend.SessionPath, token, backend.Version, "")
	require.Equal(t, backend.Version, header.Get(backend.VersionHeader))
	require.Equal(t, "no-store", header.Get("Cache-Control"))
}

func TestWidgetPolicyNamesWhoMayFrameIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)

	_, header, _ := w.raw("GET", "/widget", "", "", "")

	policy := header.Get("Content-Security-Policy")
	require.Contains(t, policy, "frame-ancestors https://app.hubspot.com https://desktop.wxcc-us1.cisco.com")
	require.Contains(t, policy, "script-src 'self' 'wasm-unsafe-eval'")
	require.Contains(t, policy, "connect-src 'self' https://api.wxcc-us1.cisco.com wss://api.wxcc-us1.cisco.com wss://*.cisco.com")
	require.NotContains(t, policy, "unsafe-inline")
}

func TestOtherSitesPagesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	req, err := http.NewRequest(http.MethodPost, w.url+backend.LookupPath, strings.NewReader(`{"number":"+1"}`))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+w.signIn().Token)
	req.Header.Set(backend.VersionHeader, backend.Version)
	req.Header.Set("Origin", "https://evil.example")

	resp, err := http.DefaultClient.Do(req)

	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusForbidden, resp.StatusCode)
}

func TestLogIsMasked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := verifier(t)
	page := w.window(backend.Challenge(v), "ann@example.com")
	session, err := w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v, Code: page.code})
	require.NoError(t, err)
	c := w.client(session.Token)
	_, err = c.Lookup(t.Context(), backend.Lookup{Number: "+14085550100", Direction: "INBOUND"})
	require.NoError(t, err)
	_, err = c.Put(t.Context(), backend.Record{Key: "secret-key", Revision: 1, Channel: "telephony", Direction: "INBOUND", Phase: "ringing", Number: "+14085550100", Name: "Jane Doe"})
	require.NoError(t, err)
	w.webex.set(func() { w.webex.fail = http.StatusBadRequest })
	failed := w.window(backend.Challenge(verifier(t)), "")
	require.Equal(t, http.StatusForbidden, failed.status)
	w.crm.mu.Lock()
	w.crm.panics = true
	w.crm.mu.Unlock()
	_, err = c.Lookup(t.Context(), backend.Lookup{Number: "+14085550100", Direction: "INBOUND"})
	requireRefusal(t, err, http.StatusInternalServerError, backend.CodeBackendDown)
	require.NotContains(t, err.Error(), "fault of ours")

	log := w.log.String()

	require.Contains(t, log, `"route":"/api/interactions/:key"`)
	require.Contains(t, log, `"agent":"`+agentID+`"`)
	require.Contains(t, log, "handler panicked")
	for _, hidden := range []string{session.Token, page.code, page.confirm, v, "4085550100", "Jane", "Ann Agent",
		"ann@example.com", "secret-key", "access-1", "refresh-me", "hush", "challenge=", "state="} {
		require.NotContains(t, log, hidden)
	}
	for _, form := range w.webex.forms {
		if code := form.Get("code"); code != "" {
			require.NotContains(t, log, code)
		}
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *Config) { c.Settings.PopAt, c.Settings.Region, c.Settings.SkipMissed = "connect", "DE", true })

	got, err := w.client(w.signIn().Token).Settings(t.Context())

	require.NoError(t, err)
	require.Equal(t, backend.Settings{WebexBase: "https://api.wxcc-us1.cisco.com", PopAt: "connect", PopAtOutbound: "off", MatchDeadlineMs: 3000, Region: "DE",
		PortalID: "4567", AppURL: "https://app.hubspot.com"}, got)
}

func TestInteractions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client(w.signIn().Token)
	// A key with everything that a path may trip over.
	record := backend.Record{Key: "i/1:agent%2F:1?#ü", Revision: 3, Channel: "telephony", Direction: "INBOUND", Phase: "ringing", StartedAt: 5}

	receipt, err := c.Put(t.Context(), record)
	require.NoError(t, err)
	require.Equal(t, backend.Receipt{Key: record.Key, Revision: 3, State: "queued"}, receipt)
	require.Equal(t, agentID, w.ledger.last.AgentID)

	got, err := c.Interaction(t.Context(), record.Key)
	require.NoError(t, err)
	require.Equal(t, record.Key, got.Record.Key)

	list, err := c.Interactions(t.Context())
	require.NoError(t, err)
	require.Len(t, list.Interactions, 1)
}

// With the real ledger, which nobody has started: records are only kept.
func TestRecordsAreKept(t *testing.T) {
	t.Parallel()
	books, err := ledger.Open(t.Context(), ledger.Config{
		DatabaseURL: filepath.Join(t.TempDir(), "ledger.db"),
		Portal: func(context.Context, string, string) (ledger.Portal, error) {
			return ledger.Portal{}, ledger.ErrNoPortal
		},
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, books.Close(context.Background())) })
	w := newWorld(t)
	w.use(func(d *deps) { d.Ledger = recordBook{books, w.clock.now} })
	ann := w.client(w.signIn().Token)
	w.webex.set(func() { w.webex.people["id"] = "another-agent" })
	bob := w.client(w.signIn().Token)
	good := backend.Record{Key: "k", Revision: 2, Channel: "telephony", Direction: "INBOUND", Phase: "ringing", StartedAt: w.clock.now().UnixMilli()}

	receipt, err := ann.Put(t.Context(), good)
	require.NoError(t, err)
	require.Equal(t, backend.Receipt{Key: "k", Revision: 2, State: "queued"}, receipt)

	older := good
	older.Revision = 1
	receipt, err = ann.Put(t.Context(), older)
	require.NoError(t, err)
	require.EqualValues(t, 2, receipt.Revision, "the higher one wins")

	bad := good
	bad.Direction = "SIDEWAYS"
	_, err = ann.Put(t.Context(), bad)
	requireRefusal(t, err, http.StatusBadRequest, backend.CodeInvalid)
	require.ErrorContains(t, err, "direction")

	_, err = bob.Put(t.Context(), good)
	requireRefusal(t, err, http.StatusForbidden, backend.CodeForbidden)
	_, err = bob.Interaction(t.Context(), "k")
	requireRefusal(t, err, http.StatusForbidden, backend.CodeForbidden)
	_, err = ann.Interaction(t.Context(), "unknown")
	requireRefusal(t, err, http.StatusNotFound, backend.CodeNotFound)

	list, err := ann.Interactions(t.Context())
	require.NoError(t, err)
	require.Len(t, list.Interactions, 1)
	list, err = bob.Interactions(t.Context())
	require.NoError(t, err)
	require.Empty(t, list.Interactions)

	require.NoError(t, w.deps.reset(t.Context(), w.cfg))
	list, err = ann.Interactions(t.Context())
	require.NoError(t, err)
	require.Empty(t, list.Interactions)
}

func TestCreateContactLooksFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client(w.signIn().Token)

	first, err := c.CreateContact(t.Context(), backend.NewContact{Number: " +14085550100 ", FirstName: "Jane"})
	require.NoError(t, err)
	second, err := c.CreateContact(t.Context(), backend.NewContact{Number: "+14085550100", FirstName: "Jane"})

	require.NoError(t, err)
	require.Equal(t, first, second)
	require.Len(t, w.crm.made, 1)
	require.Equal(t, "+14085550100", w.crm.made[0].Number)
}

func TestConfigIsCached(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client(w.signIn().Token)
	get := func() string {
		got, err := c.Config(t.Context())
		require.NoError(t, err)
		return got.DefaultNumber
	}
	require.Equal(t, "1001", get())
	require.Equal(t, "1001", get(), "from memory")

	w.clock.pass(configFresh)
	require.Equal(t, "1002", get(), "asked again")

	w.config.mu.Lock()
	w.config.err = errors.New("webex is down")
	w.config.mu.Unlock()
	w.clock.pass(configFresh)
	require.Equal(t, "1002", get(), "stale")
	require.Equal(t, "1002", get(), "and left alone")
	require.EqualValues(t, 3, w.config.calls.Load())
}

func TestConfigIsAskedOnceForManyFrames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client(w.signIn().Token)
	w.config.wait = make(chan struct{})
	var frames sync.WaitGroup
	failures := make(chan error, 8)
	for range 8 {
		frames.Go(func() {
			_, err := c.Config(t.Context())
			failures <- err
		})
	}
	require.Eventually(t, func() bool { return w.config.calls.Load() > 0 }, 10*time.Second, time.Millisecond)
	close(w.config.wait)
	frames.Wait()

	for range 8 {
		require.NoError(t, <-failures)
	}
	require.EqualValues(t, 1, w.config.calls.Load())
}

func TestConfigFailureWithoutAnOldOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.config.err = webexDown()

	_, err := w.client(w.signIn().Token).Config(t.Context())

	requireRefusal(t, err, http.StatusBadGateway, backend.CodeWebexDown)
}
