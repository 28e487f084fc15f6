package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/tenant"
)

// send sends JSON as an admin's page and decodes the answer into v.
func (h *house) send(b *http.Client, method, path string, body any, v any, header ...string) (int, http.Header) {
	h.t.Helper()
	text, ok := body.(string)
	if !ok {
		raw, err := json.Marshal(body)
		require.NoError(h.t, err)
		text = string(raw)
	}
	req, err := http.NewRequest(method, h.url+path, bytes.NewBufferString(text))
	require.NoError(h.t, err)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := b.Do(req)
	require.NoError(h.t, err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(h.t, err)
	if v != nil {
		require.NoError(h.t, json.Unmarshal(answer, v), string(answer))
	}
	return resp.StatusCode, resp.Header
}

const settingsOf111 = "/admin/api/portals/111/settings"

func TestAdminChangesSettings(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, "111")
	agent := h.signIn()
	var got settingsVersion
	require.Equal(t, http.StatusOK, h.ask(b, "GET", settingsOf111, &got))
	require.Zero(t, got.Version)
	require.Equal(t, "ring", got.Settings.PopAt)

	want := got.Settings
	want.PopAt, want.PopAtOutbound, want.SkipMissed, want.PreferRecent = "connect", "dial", true, true
	want.Locked, want.AllowedOrigins, want.MatchDeadline = []string{"theme"}, []string{"https://app.hubspot.com"}, 2*time.Second
	status, header := h.send(b, "PUT", settingsOf111, map[string]any{"version": 0, "settings": want}, &got)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, `"1"`, header.Get("ETag"))
	require.Equal(t, want, got.Settings)
	require.EqualValues(t, 1, got.Version)
	require.Equal(t, "Ada Admin (ada@"+orgID+".example)", got.ChangedBy)
	require.NotZero(t, got.ChangedAt)

	panel, err := h.client(agent.Token).Settings(t.Context())
	require.NoError(t, err)
	require.Equal(t, "connect", panel.PopAt)
	require.Equal(t, "dial", panel.PopAtOutbound)
	require.True(t, panel.PreferRecent)
	require.Equal(t, []string{"theme"}, panel.Locked)
	require.Equal(t, []string{"https://app.hubspot.com"}, panel.AllowedOrigins)
	require.False(t, panel.LogMissed)
	require.EqualValues(t, 2000, panel.MatchDeadlineMs)
	logging, err := h.accounts.settings(t.Context(), orgID, "111", nil)
	require.NoError(t, err)
	require.True(t, logging.SkipMissed, "the ledger follows at once")

	// Back to what it was, by the header this time.
	status, header = h.send(b, "POST", settingsOf111+"/restore", map[string]any{"restore": 0}, &got, "If-Match", `"1"`)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, `"2"`, header.Get("ETag"))
	require.Equal(t, "ring", got.Settings.PopAt)
	var history struct {
		Versions   []settingsVersion
		Configured settingsVersion
	}
	require.Equal(t, http.StatusOK, h.ask(b, "GET", settingsOf111+"/history", &history))
	require.Len(t, history.Versions, 2)
	require.Equal(t, "Server's configuration restored", history.Versions[0].Note)
	require.Equal(t, want, history.Versions[1].Settings)
	require.Equal(t, "ring", history.Configured.Settings.PopAt)
	require.NotContains(t, h.log.String(), "ada@")
}

func TestChangesOfSettingsAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, "111")
	_, _ = h.send(b, "PUT", settingsOf111, map[string]any{"version": 0, "settings": tenant.Settings{Region: "DE"}}, nil)
	for _, tt := range []struct {
		name, path string
		body       any
		want       int
	}{
		{"invalid", settingsOf111, map[string]any{"version": 1, "settings": tenant.Settings{Region: "Germany"}}, 422},
		{"a host that is not the server's", settingsOf111, map[string]any{"version": 1, "settings": tenant.Settings{AllowedOrigins: []string{"https://evil.example"}}}, 422},
		{"no version", settingsOf111, map[string]any{"settings": tenant.Settings{}}, 428},
		{"misspelt", settingsOf111, `{"version":1,"settings":{"regoin":"DE"}}`, 400},
		{"wrong type", settingsOf111, `{"version":1,"settings":{"region":7}}`, 400},
		{"no JSON", settingsOf111, `region=DE`, 400},
		{"too large", settingsOf111, `{"version":1,"settings":{"bodyTemplate":"` + string(bytes.Repeat([]byte("x"), maxBody)) + `"}}`, 413},
		{"somebody else's portal", "/admin/api/portals/333/settings", map[string]any{"version": 0, "settings": tenant.Settings{}}, 403},
		{"no portal", "/admin/api/portals/999/settings", map[string]any{"version": 0, "settings": tenant.Settings{}}, 403},
	} {
		var refusal backend.Error
		status, _ := h.send(b, "PUT", tt.path, tt.body, &refusal)
		require.Equal(t, tt.want, status, tt.name)
		require.NotEmpty(t, refusal.Message, tt.name)
	}
	var conflict struct {
		Code, Message string
		Newest        settingsVersion
	}
	status, _ := h.send(b, "PUT", settingsOf111, map[string]any{"version": 0, "settings": tenant.Settings{Region: "FR"}}, &conflict)
	require.Equal(t, http.StatusConflict, status)
	require.Equal(t, codeConflict, conflict.Code)
	require.EqualValues(t, 1, conflict.Newest.Version)
	require.Equal(t, "DE", conflict.Newest.Settings.Region)
	require.Contains(t, conflict.Newest.ChangedBy, "Ada Admin")
	require.NotZero(t, conflict.Newest.ChangedAt)
	status, _ = h.send(b, "POST", settingsOf111+"/restore", map[string]any{"restore": 0, "version": 0}, &conflict)
	require.Equal(t, http.StatusConflict, status)
	status, _ = h.send(b, "POST", settingsOf111+"/restore", map[string]any{"restore": 7, "version": 1}, nil)
	require.Equal(t, http.StatusNotFound, status)
	status, _ = h.send(b, "POST", settingsOf111+"/restore", map[string]any{"version": 1}, nil)
	require.Equal(t, http.StatusBadRequest, status)
	for _, method := range []string{"PUT", "POST"} {
		path := map[string]string{"PUT": settingsOf111, "POST": settingsOf111 + "/restore"}[method]
		status, _ = h.send(b, method, path, map[string]any{}, nil, "Origin", "https://evil.example")
		require.Equal(t, http.StatusForbidden, status)
	}
	portal, err := h.deps.Tenants.Portal(t.Context(), orgID, "111")
	require.NoError(t, err)
	require.EqualValues(t, 1, portal.Version)
}

// Two organisations that are linked to one portal do not see, nor change, each
// other's settings.
func TestSettingsAreTheOrganisationsOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.linked(orgID, "111")
	second := h.linked(otherOrg, "111")
	_, _ = h.send(first, "PUT", settingsOf111, map[string]any{"version": 0, "settings": tenant.Settings{Region: "DE"}}, nil)

	var got settingsVersion
	require.Equal(t, http.StatusOK, h.ask(second, "GET", settingsOf111, &got))
	require.Zero(t, got.Version)
	require.Equal(t, "US", got.Settings.Region)
	status, _ := h.send(second, "PUT", settingsOf111, map[string]any{"version": 0, "settings": tenant.Settings{Region: "FR"}}, &got)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, http.StatusOK, h.ask(first, "GET", settingsOf111, &got))
	require.Equal(t, "DE", got.Settings.Region)
	var history struct{ Versions []settingsVersion }
	require.Equal(t, http.StatusOK, h.ask(second, "GET", settingsOf111+"/history", &history))
	require.Len(t, history.Versions, 1)
}

// What another process has saved lets go of what this one found out before.
func TestOtherProcessesChangesAreFollowed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.linked(orgID, "111")
	lookUp := func() int {
		portal, err := h.deps.Tenants.Portal(t.Context(), orgID, "111")
		require.NoError(t, err)
		_, err = h.accounts.Match(t.Context(), orgID, portal, backend.Lookup{Number: "+14155550100", Direction: "INBOUND"})
		require.NoError(t, err)
		n := 0
		for _, r := range h.crm.Requests() {
			if below(r.Path, "/crm/objects/2026-09/0-1/search") {
				n++
			}
		}
		return n
	}
	asked := lookUp()
	require.NotZero(t, asked)
	require.Equal(t, asked, lookUp(), "from the cache")
	known, err := h.deps.followChanges(t.Context(), nil)
	require.NoError(t, err)

	// As another process does it.
	_, err = h.deps.Tenants.Change(t.Context(), orgID, "111", 0, tenant.Settings{PhoneProperties: []string{"hotline"}}, "Ada")
	require.NoError(t, err)
	require.Equal(t, asked, lookUp())
	_, err = h.deps.followChanges(t.Context(), known)
	require.NoError(t, err)

	require.Greater(t, lookUp(), asked)
}
