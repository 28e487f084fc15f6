package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
)

// ask sends a request of an admin's page and decodes the answer into v.
func (h *house) ask(b *http.Client, method, path string, v any) int {
	h.t.Helper()
	req, err := http.NewRequest(method, h.url+path, nil)
	require.NoError(h.t, err)
	resp, err := b.Do(req)
	require.NoError(h.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(h.t, err)
	if v != nil {
		require.NoError(h.t, json.Unmarshal(body, v), string(body))
	}
	return resp.StatusCode
}

type sessionList struct{ Sessions []agentSession }

func TestAdminSeesAndRevokesSessions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, "111")
	one, two := h.signIn(), h.signIn()
	var list sessionList
	require.Equal(t, http.StatusOK, h.ask(b, "GET", adminSessionsPath, &list))
	require.Len(t, list.Sessions, 2)
	require.Equal(t, "person-of-"+orgID, list.Sessions[0].AgentID)
	require.Equal(t, h.clock.now().UnixMilli(), list.Sessions[0].UsedAt)
	require.Less(t, list.Sessions[0].UsedAt, list.Sessions[0].ExpiresAt)

	require.Equal(t, http.StatusNoContent, h.ask(b, "DELETE", adminSessionsPath+"/"+digest(one.Token), nil))

	_, err := h.client(one.Token).Who(t.Context())
	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSessionExpired)
	_, err = h.client(two.Token).WebexToken(t.Context())
	require.NoError(t, err, "the other one goes on")
	require.Equal(t, http.StatusNotFound, h.ask(b, "DELETE", adminSessionsPath+"/"+digest(one.Token), nil))

	require.Equal(t, http.StatusNoContent, h.ask(b, "DELETE", adminAgentsPath+"/"+list.Sessions[0].AgentID+"/sessions", nil))
	_, err = h.client(two.Token).Who(t.Context())
	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSessionExpired)
	_, err = h.deps.Tokens.Token(t.Context(), tokenID(two.Agent))
	require.Error(t, err, "with the last session go the Webex tokens")
	require.Equal(t, http.StatusOK, h.ask(b, "GET", adminSessionsPath, &list))
	require.Empty(t, list.Sessions)
}

func TestAdminSeesOwnOrganisationOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.linked(orgID, "111")
	h.admin(orgID)
	agent := h.signIn()
	second := h.linked(otherOrg, "333")

	var list sessionList
	require.Equal(t, http.StatusOK, h.ask(second, "GET", adminSessionsPath, &list))
	require.Empty(t, list.Sessions)
	require.Equal(t, http.StatusNotFound, h.ask(second, "DELETE", adminSessionsPath+"/"+digest(agent.Token), nil))
	require.Equal(t, http.StatusNoContent, h.ask(second, "DELETE", adminAgentsPath+"/"+agent.Agent.AgentID+"/sessions", nil))
	_, err := h.client(agent.Token).Who(t.Context())
	require.NoError(t, err)

	var portals struct{ Portals []adminPortal }
	require.Equal(t, http.StatusOK, h.ask(second, "GET", adminPortalsPath, &portals))
	require.Equal(t, []adminPortal{{ID: "333", Name: "northwind.example.test", Default: true, Connected: true}}, portals.Portals)
	var who admin
	require.Equal(t, http.StatusOK, h.ask(first, "GET", adminSessionPath, &who))
	require.Equal(t, orgID, who.OrgID)
}

func TestWhoIsNoAdmin(t *testing.T) {
	t.Parallel()
	paths := []string{adminSessionPath, adminPortalsPath, adminSessionsPath}
	tests := []struct {
		name   string
		want   int
		before func(h *house) *http.Client
	}{
		{"nobody", 401, func(h *house) *http.Client { return browser(h.t) }},
		{"an agent's token", 401, func(h *house) *http.Client { h.linked(orgID, "111"); h.signIn(); return browser(h.t) }},
		{"the HubSpot side alone", 401, func(h *house) *http.Client {
			b := browser(h.t)
			h.connectHubSpot(b, "111")
			return b
		}},
		{"of an organisation that is not linked", 403, func(h *house) *http.Client {
			b := browser(h.t)
			h.connectWebex(b)
			return b
		}},
		{"an agent of a linked one", 403, func(h *house) *http.Client {
			h.linked(orgID, "111")
			h.admin(orgID)
			b := browser(h.t)
			h.connectWebex(b)
			return b
		}},
		{"yesterday's", 401, func(h *house) *http.Client {
			b := h.linked(orgID, "111")
			h.clock.pass(defaultAdminSession)
			return b
		}},
		{"unlinked since", 403, func(h *house) *http.Client {
			b := h.linked(orgID, "111")
			require.NoError(h.t, h.deps.Tenants.Unlink(h.t.Context(), orgID, "111"))
			return b
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			b := tt.before(h)
			for _, path := range paths {
				var refusal backend.Error
				require.Equal(t, tt.want, h.ask(b, "GET", path, &refusal), path)
				require.NotEmpty(t, refusal.Message)
			}
		})
	}
}

// An admin of the configured organisation needs no HubSpot side.
func TestAdminOfTheConfiguredOrganisation(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *Config) { c.OrgID, c.Portal, c.HubSpotToken = orgID, "4567", "pat" })
	b := browser(t)
	h.connectWebex(b)

	var portals struct{ Portals []adminPortal }
	require.Equal(t, http.StatusOK, h.ask(b, "GET", adminPortalsPath, &portals))
	require.Equal(t, []adminPortal{{ID: "4567", Default: true, Connected: true, Configured: true}}, portals.Portals)
}

func TestOtherSitesCannotRevoke(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, "111")
	agent := h.signIn()
	req, err := http.NewRequest(http.MethodDelete, h.url+adminSessionsPath+"/"+digest(agent.Token), strings.NewReader(""))
	require.NoError(t, err)
	req.Header.Set("Origin", "https://evil.example")

	resp, err := b.Do(req)

	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusForbidden, resp.StatusCode)
	_, err = h.client(agent.Token).Who(t.Context())
	require.NoError(t, err)
}

func TestJanitorDeletesWhatIsOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.linked(orgID, "111")
	h.signIn()
	h.put(orgID, call("old", "111", h.contact("Silva")))
	h.eventually(orgID, "old", "enriched")
	h.admin(otherOrg, fullAdmin) // Connects both sides and never links.
	b := browser(t)
	h.connectHubSpot(b, "999")
	h.connectWebex(b)
	waiting, err := h.deps.Installs.find(t.Context(), h.cookie(b))
	require.NoError(t, err)
	for _, id := range []string{waiting.Portal.Pending, webexAdminID(otherOrg)} {
		_, err = h.deps.Tokens.Token(t.Context(), id)
		require.NoError(t, err)
	}
	count := func(table string) (n int) {
		require.NoError(t, h.deps.Installs.db.QueryRow(`SELECT COUNT(*) FROM `+table).Scan(&n))
		return n
	}
	i := Install{KeepNotes: time.Since(time.UnixMilli(1_790_000_000_000)) + 48*time.Hour}.withDefaults()
	i.KeepRecords = i.KeepNotes + 365*24*time.Hour

	require.NoError(t, h.deps.sweep(t.Context(), i))
	require.Equal(t, 2, count("server_installs"))
	require.NotEmpty(t, h.record(orgID, "old").Record.Notes)

	h.clock.pass(72 * time.Hour)
	require.NoError(t, h.deps.sweep(t.Context(), i))
	for _, table := range []string{"server_installs", "server_install_flows", "server_sessions"} {
		require.Zero(t, count(table), table)
	}
	for _, id := range []string{waiting.Portal.Pending, webexAdminID(otherOrg)} {
		_, err = h.deps.Tokens.Token(t.Context(), id)
		require.Error(t, err, "tokens that nobody linked are gone")
	}
	require.Empty(t, h.record(orgID, "old").Record.Notes)
	h.clock.pass(366 * 24 * time.Hour)
	require.NoError(t, h.deps.sweep(t.Context(), i))
	_, err = recordBook{h.books, h.clock.now}.Get(t.Context(), backend.Agent{OrgID: orgID, AgentID: agentID}, "old")
	require.Error(t, err)
}
