package hubspottest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot/hubspottest"
)

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

type cloud struct {
	*hubspottest.Server
	url   string
	clock *clock
}

func newCloud(t testing.TB, cfg hubspottest.Config) cloud {
	t.Helper()
	now := &clock{t: time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)}
	cfg.Now = now.Now
	server := hubspottest.New(cfg)
	front := httptest.NewServer(server.Handler())
	t.Cleanup(front.Close)
	return cloud{server, front.URL, now}
}

type answer struct {
	status int
	header http.Header
	text   string
}

// data is the body as JSON.
func (a answer) data(t testing.TB) map[string]any {
	t.Helper()
	var m map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.text), &m), a.text)
	return m
}

// ask sends a request as curl would.
func (c cloud) ask(t testing.TB, method, path, body string) answer {
	t.Helper()
	return c.as(t, "Bearer "+hubspottest.Token, method, path, body)
}

func (c cloud) as(t testing.TB, authorization, method, path, body string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, c.url+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Authorization", authorization)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return answer{resp.StatusCode, resp.Header, string(text)}
}

// contact is the id of the fixture contact with that last name.
func (c cloud) contact(t testing.TB, last string) string {
	t.Helper()
	found := c.Objects("contacts", last)
	require.Len(t, found, 1)
	return found[0].ID
}
