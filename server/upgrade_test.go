package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/fetch"
	"deskbridge/pkg/native"
)

// release makes a panel one of another release: of another contract, sending
// fields that nobody knows, or both.
type release struct {
	contract string
	fields   string
}

// Do implements fetch.Doer.
func (o release) Do(ctx context.Context, r fetch.Request) (fetch.Response, error) {
	if o.contract != "" {
		r.Header[backend.VersionHeader] = o.contract
	}
	if o.fields != "" && r.Body != nil {
		r.Body = []byte(strings.Replace(string(r.Body), "{", "{"+o.fields+",", 1))
	}
	return native.Fetch{}.Do(ctx, r)
}

func (w *world) released(token string, o release) *backend.Client {
	return &backend.Client{BaseURL: w.url, Doer: o, Token: func() string { return token }}
}

// A panel of another contract is told so before anything of it is understood,
// keeps its record, and gets rid of it once it has been reloaded.
func TestPanelOfAnotherContractKeepsItsRecords(t *testing.T) {
	t.Parallel()
	w, crm := realWorld(t)
	s := w.signIn()
	for _, contract := range []string{"0", "2", "x"} {
		old := w.released(s.Token, release{contract: contract})
		_, err := old.Put(t.Context(), finished(s, 1))
		requireRefusal(t, err, http.StatusUpgradeRequired, backend.CodeVersionMismatch)
		var told *backend.Error
		require.ErrorAs(t, err, &told)
		require.False(t, told.Retryable(), "trying again changes nothing")
		require.Contains(t, told.Message, "Calls in progress go on")
		_, err = old.Who(t.Context())
		requireRefusal(t, err, http.StatusUpgradeRequired, backend.CodeVersionMismatch)
	}
	list, err := w.client(s.Token).Interactions(t.Context())
	require.NoError(t, err)
	require.Empty(t, list.Interactions)

	_, err = w.client(s.Token).Put(t.Context(), finished(s, 1))
	require.NoError(t, err, "the session is the same after the reload")
	require.Eventually(t, func() bool { return len(crm.Engagements()) == 1 }, soon, 20*time.Millisecond)
}

// A newer panel of the same contract says more than this server knows, and asks
// what it cannot answer.
func TestNewerPanelOfTheSameContract(t *testing.T) {
	t.Parallel()
	w, _ := realWorld(t)
	s := w.signIn()
	newer := w.released(s.Token, release{fields: `"mood":{"after":["good",1]},"futureAt":7`})

	_, err := newer.Put(t.Context(), finished(s, 1))
	require.NoError(t, err)
	_, err = newer.Lookup(t.Context(), backend.Lookup{Number: "+14155550100", Direction: "INBOUND"})
	require.NoError(t, err)
	require.NoError(t, newer.Dial(t.Context(), backend.Dial{Number: "+14155550100"}))
	got, err := newer.Interaction(t.Context(), finished(s, 1).Key)
	require.NoError(t, err)
	require.Equal(t, "A note.", got.Record.Notes)

	for _, method := range []string{"GET", "POST", "PUT"} {
		status, body := w.plain(method, "/api/future", s.Token)
		require.Equal(t, http.StatusNotFound, status)
		require.Contains(t, body, backend.CodeNotFound, "it is told by us, not by a proxy")
	}
	status, body := w.plain("PATCH", backend.SettingsPath, s.Token)
	require.Equal(t, http.StatusMethodNotAllowed, status)
	require.Contains(t, body, `"code"`)
}

// A panel that has been open since before the upgrade talks to a newer server
// of the same contract, which answers more than it knows.
func TestNewerServerOfTheSameContract(t *testing.T) {
	t.Parallel()
	w, _ := realWorld(t)
	s := w.signIn()
	server := w.handler
	w.handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		server.ServeHTTP(rec, r)
		body := strings.Replace(rec.Body.String(), "{", `{"future":[{"a":1}],`, 1)
		for name, values := range rec.Header() {
			rw.Header()[name] = values
		}
		rw.Header().Set("Deskbridge-Future", "1")
		rw.WriteHeader(rec.Code)
		_, _ = io.WriteString(rw, body)
	})
	c := w.client(s.Token)

	receipt, err := c.Put(t.Context(), finished(s, 1))
	require.NoError(t, err)
	require.Equal(t, finished(s, 1).Key, receipt.Key)
	_, err = c.Settings(t.Context())
	require.NoError(t, err)
	list, err := c.Interactions(t.Context())
	require.NoError(t, err)
	require.Len(t, list.Interactions, 1)
	_, err = c.Interaction(t.Context(), "none")
	requireRefusal(t, err, http.StatusNotFound, backend.CodeNotFound)
}

// In the middle of a roll-out one panel's requests go to an older server and to
// a newer one, which share the database. The older one lacks a route.
func TestOldAndNewReplicaSideBySide(t *testing.T) {
	t.Parallel()
	w, crm := realWorld(t)
	newer := newServer(w.cfg, w.deps)
	older := newServer(w.cfg, w.deps)
	var asked atomic.Int64
	w.handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if asked.Add(1)%2 == 0 {
			newer.ServeHTTP(rw, r)
			return
		}
		if r.URL.Path == backend.DialPath {
			r.URL.Path = "/api/unheard-of"
		}
		older.ServeHTTP(rw, r)
	})
	s := w.signIn()
	c := w.client(s.Token)
	record := finished(s, 1)
	for revision := int64(1); revision <= 9; revision++ {
		record.Revision, record.Final, record.Phase = revision, revision == 9, map[bool]string{true: "done", false: "in-call"}[revision == 9]
		receipt, err := c.Put(t.Context(), record)
		require.NoError(t, err)
		require.Equal(t, revision, receipt.Revision)
	}
	granted, unknown := 0, 0
	for range 6 {
		err := c.Dial(t.Context(), backend.Dial{Number: "+14155550100"})
		var told *backend.Error
		switch {
		case err == nil:
			granted++
		default:
			require.ErrorAs(t, err, &told)
			require.Equal(t, backend.CodeNotFound, told.Code)
			unknown++
		}
	}
	require.Equal(t, 3, granted)
	require.Equal(t, 3, unknown)
	require.Eventually(t, func() bool { return len(crm.Engagements()) == 1 }, soon, 20*time.Millisecond)
}

// plain asks what the client has no method for.
func (w *world) plain(method, path, token string) (int, string) {
	w.t.Helper()
	req, err := http.NewRequest(method, w.url+path, strings.NewReader(`{}`))
	require.NoError(w.t, err)
	req.Header.Set(echo.HeaderAuthorization, "Bearer "+token)
	req.Header.Set(backend.VersionHeader, backend.Version)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(w.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(w.t, err)
	require.True(w.t, json.Valid(body), string(body))
	return resp.StatusCode, string(body)
}
