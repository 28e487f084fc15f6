package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
)

func TestBucket(t *testing.T) {
	t.Parallel()
	l, now := newLimiter(Limit{PerSecond: 2, Burst: 3}), time.Unix(1_790_000_000, 0)
	for range 3 {
		require.Zero(t, l.take("ann", now))
	}
	require.Equal(t, 500*time.Millisecond, l.take("ann", now))
	require.Zero(t, l.take("bob", now), "everybody has a bucket of their own")
	now = now.Add(200 * time.Millisecond)
	require.Equal(t, 300*time.Millisecond, l.take("ann", now), "who is refused does not wait longer for it")
	now = now.Add(300 * time.Millisecond)
	require.Zero(t, l.take("ann", now))
	require.Positive(t, l.take("ann", now))
	now = now.Add(time.Hour)
	for range 3 {
		require.Zero(t, l.take("ann", now), "it does not become fuller than full")
	}
	require.Positive(t, l.take("ann", now))
	require.Zero(t, l.take("ann", now.Add(-24*time.Hour)), "a clock that was set back locks nobody out")

	require.Nil(t, newLimiter(Limit{}))
	for range 1000 {
		require.Zero(t, newLimiter(Limit{}).take("ann", now))
	}
}

// However many clients come, a limiter stays small, and who floods it stays
// limited as long as there is room.
func TestLimiterForgets(t *testing.T) {
	t.Parallel()
	l, now := newLimiter(Limit{PerSecond: 1, Burst: 1}), time.Unix(1_790_000_000, 0)
	for n := range 2 * maxClients {
		l.take(strconv.Itoa(n), now)
	}
	require.LessOrEqual(t, len(l.full), maxClients)
	now = now.Add(time.Minute)
	require.Zero(t, l.take("ann", now))
	require.Less(t, len(l.full), maxClients, "who was quiet is forgotten")
	require.Positive(t, l.take("ann", now))
}

// limited is a world with small limits.
func limited(t *testing.T, l Limits, proxies ...string) *world {
	t.Helper()
	return newWorld(t, func(c *Config) {
		c.Limits = l
		e := &environment{getenv: func(string) string { return strings.Join(proxies, ",") }}
		e.networks("DESKBRIDGE_TRUSTED_PROXIES", &c.Proxies)
		require.Empty(t, e.problems)
	})
}

// A panel that asks too much is told when to ask again, and nothing of its
// records is lost.
func TestSessionsAreLimited(t *testing.T) {
	t.Parallel()
	w := limited(t, Limits{Session: Limit{1, 5}, Records: Limit{1, 8}})
	s := w.signIn()
	other := w.signIn()
	c := w.client(s.Token)
	for range 5 {
		_, err := c.Settings(t.Context())
		require.NoError(t, err)
	}
	_, err := c.Settings(t.Context())
	requireRefusal(t, err, http.StatusTooManyRequests, backend.CodeTooMany)
	var told *backend.Error
	require.ErrorAs(t, err, &told)
	require.EqualValues(t, 1000, told.RetryAfterMs)
	require.True(t, told.Retryable())
	_, err = w.client(other.Token).Settings(t.Context())
	require.NoError(t, err, "another session has a bucket of its own")

	stored, refused := 0, 0
	for n := 0; stored < 12; n++ {
		require.Less(t, n, 100)
		if _, err := c.Put(t.Context(), finished(s, stored)); err != nil {
			requireRefusal(t, err, http.StatusTooManyRequests, backend.CodeTooMany)
			refused++
			w.clock.pass(time.Second)
			continue
		}
		stored++
	}
	require.Positive(t, refused)
	require.Len(t, w.ledger.kept, 12)

	req, err := http.NewRequest("GET", w.url+backend.SettingsPath, nil)
	require.NoError(t, err)
	var resp *http.Response
	for range 7 {
		req.Header.Set("Authorization", "Bearer "+s.Token)
		req.Header.Set(backend.VersionHeader, backend.Version)
		resp, err = http.DefaultClient.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
	}
	require.Equal(t, http.StatusTooManyRequests, resp.StatusCode)
	require.Equal(t, "1", resp.Header.Get("Retry-After"))
}

// Who is not signed in is told apart by address; what the client says of its
// own address counts only through a proxy of ours.
func TestOpenRoutesAreLimitedByAddress(t *testing.T) {
	t.Parallel()
	ask := func(w *world, path, forwarded string) int {
		req, err := http.NewRequest("GET", w.url+path, nil)
		require.NoError(t, err)
		if forwarded != "" {
			req.Header.Set("X-Forwarded-For", forwarded)
			req.Header.Set("X-Real-IP", forwarded)
		}
		resp, err := http.DefaultTransport.RoundTrip(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		return resp.StatusCode
	}
	tight := Limits{Open: Limit{1, 2}, Address: Limit{1, 3}}
	t.Run("no proxy", func(t *testing.T) {
		t.Parallel()
		w := limited(t, tight)
		for n := range 5 {
			status := ask(w, "/auth/login?challenge=x", fmt.Sprintf("192.0.2.%d", n))
			require.Equal(t, n >= 2, status == http.StatusTooManyRequests, "%d: %d", n, status)
		}
		require.Equal(t, http.StatusTooManyRequests, ask(w, installPath, ""))
		for range 20 {
			require.Equal(t, http.StatusOK, ask(w, healthPath, ""))
			require.Equal(t, http.StatusOK, ask(w, "/widget", ""))
			require.NotEqual(t, http.StatusTooManyRequests, ask(w, webhookPath, ""))
		}
		for n := range 5 {
			status := ask(w, backend.SettingsPath, "")
			require.Equal(t, n >= 3, status == http.StatusTooManyRequests, "%d: %d", n, status)
		}
	})
	t.Run("behind a proxy", func(t *testing.T) {
		t.Parallel()
		w := limited(t, tight, "127.0.0.0/8", "10.0.0.1")
		for n := range 5 {
			require.NotEqual(t, http.StatusTooManyRequests, ask(w, "/auth/login", fmt.Sprintf("192.0.2.%d, 10.0.0.1", n)))
		}
		for n := range 5 { // What stands left of a stranger is made up.
			status := ask(w, "/auth/login", fmt.Sprintf("192.0.2.%d, 198.51.100.7, 10.0.0.1", 100+n))
			require.Equal(t, n >= 2, status == http.StatusTooManyRequests, "%d: %d", n, status)
		}
		for n := range 5 { // One network at somebody's home has many addresses.
			status := ask(w, "/auth/login", fmt.Sprintf("2001:db8:1:2::%d", n))
			require.Equal(t, n >= 2, status == http.StatusTooManyRequests, "%d: %d", n, status)
		}
	})
}

// Whatever another site's page asks beforehand, nothing is allowed to it.
func TestForeignOriginsGetNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.signIn()
	for _, method := range []string{"OPTIONS", "GET", "POST", "PUT", "DELETE"} {
		for _, path := range []string{backend.SessionPath, backend.InteractionsPath + "/x", backend.TokenPath, "/widget", "/auth/confirm", installPath, "/admin/settings"} {
			req, err := http.NewRequest(method, w.url+path, strings.NewReader("{}"))
			require.NoError(t, err)
			req.Header.Set("Origin", "https://evil.example")
			req.Header.Set("Access-Control-Request-Method", "PUT")
			req.Header.Set("Access-Control-Request-Headers", "authorization")
			req.Header.Set("Sec-Fetch-Site", "cross-site")
			req.Header.Set("Authorization", "Bearer "+s.Token)
			req.Header.Set(backend.VersionHeader, backend.Version)
			resp, err := http.DefaultTransport.RoundTrip(req)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			for name := range resp.Header {
				require.False(t, strings.HasPrefix(name, "Access-Control-"), "%s %s: %s", method, path, name)
			}
			if strings.HasPrefix(path, "/api/") && method != "GET" && method != "OPTIONS" {
				require.GreaterOrEqual(t, resp.StatusCode, 400, "%s %s", method, path)
			}
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		url  string
		want string
	}{{"https://desk.example", "max-age=31536000"}, {"https://localhost:8443", ""}, {"http://127.0.0.1:8080", ""}} {
		w := newWorld(t, func(c *Config) { c.PublicURL = tt.url })
		for _, path := range []string{"/widget", backend.SessionPath, "/nothing", "/auth/login", installPath, healthPath} {
			rec := httptest.NewRecorder()
			w.handler.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
			h := rec.Header()
			require.Equal(t, tt.want, h.Get("Strict-Transport-Security"), path)
			require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"), path)
			require.Contains(t, h.Get("Permissions-Policy"), "geolocation=()", path)
			require.Empty(t, h.Get("X-Frame-Options"), path)
			require.NotEmpty(t, h.Get("Content-Security-Policy"), path)
			want := ""
			if path == installPath {
				want = "same-origin"
			}
			require.Equal(t, want, strings.TrimPrefix(h.Get("Cross-Origin-Opener-Policy"), "unsafe-none"), path)
		}
	}
}

// Bodies and headers beyond what anybody needs are refused on every route.
func TestOversizedRequestsAreRefused(t *testing.T) {
	t.Parallel()
	p := startProcess(t, t.TempDir(), nil)
	s := p.signIn()
	ask := func(method, path string, body []byte, header string) int {
		req, err := http.NewRequest(method, p.url+path, bytes.NewReader(body))
		require.NoError(t, err)
		req.ContentLength = -1 // Nobody announces it.
		req.Header.Set("Authorization", "Bearer "+s.Token)
		req.Header.Set(backend.VersionHeader, backend.Version)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Long", header)
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		return resp.StatusCode
	}
	large := bytes.Repeat([]byte(" "), maxBody+1)
	for method, path := range map[string]string{"PUT": backend.InteractionsPath + "/x", "POST": backend.LookupPath} {
		require.Equal(t, http.StatusRequestEntityTooLarge, ask(method, path, large, ""), path)
	}
	require.GreaterOrEqual(t, ask("POST", webhookPath, large, ""), 400)
	require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, ask("GET", backend.SettingsPath, nil, strings.Repeat("x", 100<<10)))
}
