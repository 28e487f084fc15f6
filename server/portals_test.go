package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
	"deskbridge/pkg/tenant"
)

// fakeHubSpot creates contacts and refreshes tokens; it takes one access token.
type fakeHubSpot struct {
	url string

	mu       sync.Mutex
	token    string // The access token that it takes.
	refresh  string // The refresh token that it takes.
	status   int
	body     string
	received []map[string]any
}

func newFakeHubSpot(t *testing.T) *fakeHubSpot {
	f := &fakeHubSpot{token: "pat-1", refresh: "refresh-1", status: http.StatusCreated, body: `{"id":"9007199254740993"}`}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /crm/objects/{version}/0-1", func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		if r.Header.Get("Authorization") != "Bearer "+f.token {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		body, _ := io.ReadAll(r.Body)
		var sent map[string]any
		_ = json.Unmarshal(body, &sent)
		f.received = append(f.received, sent)
		w.WriteHeader(f.status)
		_, _ = w.Write([]byte(f.body))
	})
	mux.HandleFunc("POST /oauth/{version}/token", func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		if r.FormValue("refresh_token") != f.refresh || r.FormValue("client_secret") != "hs-secret" {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"error":"invalid_grant","status":"BAD_REFRESH_TOKEN"}`))
			return
		}
		_, _ = w.Write([]byte(`{"access_token":"` + f.token + `","refresh_token":"` + f.refresh + `","expires_in":1800,"token_type":"bearer","hub_id":4567}`))
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	f.url = srv.URL
	return f
}

// withPortals is a world whose contacts are made in f.
func withPortals(t *testing.T, f *fakeHubSpot, change func(*Config)) (*world, *portals) {
	t.Helper()
	w := newWorld(t, func(c *Config) {
		c.HubSpotAPI, c.HubSpotToken = f.url, "pat-1"
		change(c)
	})
	accounts := newPortals(w.cfg, &w.deps)
	require.NoError(t, accounts.seed(t.Context()))
	w.use(func(d *deps) { d.Contacts = accounts })
	return w, accounts
}

func oauthPortal(c *Config) {
	c.HubSpotToken, c.HubSpotClientID, c.HubSpotClientSecret, c.HubSpotRefreshToken = "", "hs-id", "hs-secret", "refresh-1"
}

func TestContactIsCreatedInHubSpot(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Config){"private app": func(*Config) {}, "oauth": oauthPortal} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFakeHubSpot(t)
			w, _ := withPortals(t, f, change)

			got, err := w.client(w.signIn().Token).CreateContact(t.Context(), backend.NewContact{Number: "+14085550100", FirstName: "Jane", LastName: "Doe"})

			require.NoError(t, err)
			require.Equal(t, backend.Match{Record: backend.Ref{ObjectTypeID: "0-1", ObjectID: "9007199254740993", Name: "Jane Doe"}, Why: "phone", Via: "number"}, got)
			require.Equal(t, map[string]any{"phone": "+14085550100", "firstname": "Jane", "lastname": "Doe"}, f.received[0]["properties"])
		})
	}
}

func TestContactRefusalsAreSentences(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		body   string
		want   int
		code   string
		says   string
	}{
		{"property", 400, `{"category":"VALIDATION_ERROR","message":"+14085550100 is wrong","errors":[{"message":"x","in":"phone"}]}`, 422, backend.CodeContactRefused, "phone"},
		{"scope", 403, `{"category":"MISSING_SCOPES"}`, 422, backend.CodeContactRefused, "administrator"},
		{"down", 502, `<html>`, 502, backend.CodeHubSpotDown, "safe"},
		{"limit", 429, `{"policyName":"DAILY"}`, 502, backend.CodeHubSpotDown, "safe"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFakeHubSpot(t)
			f.status, f.body = tt.status, tt.body
			w, _ := withPortals(t, f, func(*Config) {})

			_, err := w.client(w.signIn().Token).CreateContact(t.Context(), backend.NewContact{Number: "+14085550100"})

			requireRefusal(t, err, tt.want, tt.code)
			require.ErrorContains(t, err, tt.says)
			require.NotContains(t, w.log.String(), "4085550100")
		})
	}
}

func TestDeadRefreshTokenNeedsAnAdmin(t *testing.T) {
	t.Parallel()
	f := newFakeHubSpot(t)
	w, accounts := withPortals(t, f, func(c *Config) { oauthPortal(c); c.HubSpotRefreshToken = "revoked" })

	_, err := accounts.client("4567").Token(t.Context())
	require.ErrorIs(t, err, ledger.ErrNoPortal)

	// A new one in the configuration replaces it.
	accounts.cfg.HubSpotRefreshToken = "refresh-1"
	require.NoError(t, accounts.seed(t.Context()))
	token, err := accounts.client("4567").Token(t.Context())
	require.NoError(t, err)
	require.Equal(t, "pat-1", token)

	// One that works is left alone.
	accounts.cfg.HubSpotRefreshToken = "revoked"
	require.NoError(t, accounts.seed(t.Context()))
	token, err = accounts.client("4567").Token(t.Context())
	require.NoError(t, err)
	require.Equal(t, "pat-1", token)
	require.NotContains(t, w.log.String(), "refresh-1")
}

func TestLedgerSeesLinkedPortalsOnly(t *testing.T) {
	t.Parallel()
	_, accounts := withPortals(t, newFakeHubSpot(t), func(c *Config) {
		c.HubSpotApp = "http://localhost:1"
		c.HubSpotAppID = "99"
		c.Settings.SkipMissed = true
	})

	got, err := accounts.portal(t.Context(), orgID, "")
	require.NoError(t, err)
	require.Equal(t, "4567", got.ID)
	require.Equal(t, "99", got.AppID)
	require.Equal(t, "http://localhost:1", got.URL)
	require.NotNil(t, got.CRM)

	_, err = accounts.portal(t.Context(), orgID, "666")
	require.ErrorIs(t, err, ledger.ErrNoPortal)

	settings, err := accounts.settings(t.Context(), orgID, "4567", nil)
	require.NoError(t, err)
	require.True(t, settings.SkipMissed)
	settings, err = accounts.settings(t.Context(), orgID, "666", nil)
	require.NoError(t, err)
	require.False(t, settings.SkipMissed)
}

// Whatever an admin decides about logging reaches the ledger.
func TestLedgerGetsEverySetting(t *testing.T) {
	t.Parallel()
	_, accounts := withPortals(t, newFakeHubSpot(t), func(c *Config) {
		c.Settings = tenant.Settings{
			SkipMissed: true, DispositionByCode: map[string]string{"Sale": "x"}, VariableProperties: map[string]string{"tier": "tier"},
			OwnerFollowsTransfer: true, TitleTemplate: "{name}", BodyTemplate: "{queue}", Deals: "all", Tickets: "off",
			ExcludedNumbers: []string{"1001"}, DropAnsweredElsewhere: true, Region: "DE",
			DateFormat: "dd.MM.yyyy", LogCalls: "inbound", TicketFor: "all", TicketSubject: "{queue}",
			TicketProperties: map[string]string{"hs_ticket_priority": "HIGH"}, UpdateTicket: true,
		}
	})

	got, err := accounts.settings(t.Context(), orgID, "4567", nil)

	require.NoError(t, err)
	require.Equal(t, ledger.Settings{
		SkipMissed: true, DispositionByCode: map[string]string{"Sale": "x"}, VariableProperties: map[string]string{"tier": "tier"},
		OwnerFollowsTransfer: true, TitleTemplate: "{name}", BodyTemplate: "{queue}", Companies: "primary", Deals: "all", Tickets: "off",
		ExcludedNumbers: []string{"1001"}, DropAnsweredElsewhere: true, Region: "DE",
		DateFormat: "dd.MM.yyyy", LogCalls: "inbound", TicketFor: "all", TicketSubject: "{queue}",
		TicketProperties: map[string]string{"hs_ticket_priority": "HIGH"}, UpdateTicket: true,
	}, got)
	fields := reflect.ValueOf(got)
	for i := range fields.NumField() {
		require.False(t, fields.Field(i).IsZero(), "%s is not passed on", fields.Type().Field(i).Name)
	}
	portal, err := accounts.portal(t.Context(), orgID, "4567")
	require.NoError(t, err)
	require.NotNil(t, portal.Records)
	require.NotNil(t, portal.Tickets)
}
