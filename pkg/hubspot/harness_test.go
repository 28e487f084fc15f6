package hubspot_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
)

// clock is a time that only tests move.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)} }

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

// cloud is an emulator behind a socket.
type cloud struct {
	*hubspottest.Server
	url   string
	clock *clock
}

func newCloud(t testing.TB, cfg hubspottest.Config) cloud {
	t.Helper()
	now := newClock()
	cfg.Now = now.Now
	server := hubspottest.New(cfg)
	front := httptest.NewServer(server.Handler())
	t.Cleanup(front.Close)
	return cloud{server, front.URL, now}
}

func (c cloud) client() *hubspot.Client {
	return &hubspot.Client{BaseURL: c.url, Token: fixed(hubspottest.Token)}
}

func fixed(token string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return token, nil }
}

// refused is the refusal that err must be.
func refused(t testing.TB, err error) *hubspot.Error {
	t.Helper()
	var e *hubspot.Error
	require.ErrorAs(t, err, &e)
	return e
}

func notRefused(t testing.TB, err error) {
	t.Helper()
	require.Error(t, err)
	var e *hubspot.Error
	require.False(t, errors.As(err, &e), "%v is a refusal", err)
}

// answering is a client whose requests are answered by a function.
func answering(answer func(*http.Request) *http.Response) *hubspot.Client {
	return &hubspot.Client{Token: fixed("t"), HTTP: &http.Client{Transport: roundTrip(answer)}}
}

type roundTrip func(*http.Request) *http.Response

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return f(r), nil
}

func call(key string) hubspot.Properties {
	return hubspot.Properties{
		"hs_timestamp": "1795000000000", "hs_call_title": "Call from Maria", "hs_call_direction": hubspot.Inbound,
		"hs_call_status": hubspot.CallCompleted, "hs_call_external_id": key,
	}
}
