package main

import (
	"crypto/rand"
	"database/sql"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
)

// postgresql is a schema of its own in the server that the environment names.
func postgresql(t *testing.T) *sql.DB {
	t.Helper()
	address := os.Getenv("DESKBRIDGE_TEST_POSTGRES")
	if address == "" {
		t.Skip("DESKBRIDGE_TEST_POSTGRES names no PostgreSQL server")
	}
	db, err := sql.Open("pgx", address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1) // The search path is the connection's.
	schema := "server_" + strings.ToLower(rand.Text())
	_, err = db.Exec(`CREATE SCHEMA ` + schema)
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = db.Exec(`DROP SCHEMA ` + schema + ` CASCADE`) })
	_, err = db.Exec(`SET search_path TO ` + schema)
	require.NoError(t, err)
	return db
}

// An admin's whole way with everything but the ledger stored in PostgreSQL.
func TestInstallOnPostgres(t *testing.T) {
	db := postgresql(t)
	t.Parallel()
	h := newHouse(t)
	h.use(func(d *deps) { require.NoError(t, d.open(t.Context(), h.cfg, db)) })
	h.accounts.deps = &h.deps
	b := h.linked(orgID, "111")
	session := h.signIn()
	var list sessionList
	require.Equal(t, http.StatusOK, h.ask(b, "GET", adminSessionsPath, &list))
	require.Len(t, list.Sessions, 1)
	require.Equal(t, http.StatusNoContent, h.ask(b, "DELETE", adminSessionsPath+"/"+digest(session.Token), nil))

	h.sent(`[{"eventId":1,"subscriptionType":"app.uninstall","portalId":111,"occurredAt":9999999999999}]`, nil)
	h.sent(`[{"eventId":1,"subscriptionType":"app.uninstall","portalId":111,"occurredAt":9999999999999}]`, nil)
	h.worked()
	require.Contains(t, h.open(b, h.url+installPath).body, "taken out of this account")
	h.connectHubSpot(b, "111")
	require.NotContains(t, h.open(b, h.url+installPath).body, "taken out of this account")
	page := h.post(b, h.url+unlinkPath, url.Values{"org": {orgID}, "portal": {"111"}})
	require.Contains(t, page.body, sentences["unlinked"])
	h.clock.pass(100 * time.Hour)
	require.NoError(t, h.deps.sweep(t.Context(), h.cfg.Install))
	var n int
	require.NoError(t, db.QueryRow(`SELECT (SELECT COUNT(*) FROM server_installs) + (SELECT COUNT(*) FROM server_hubspot_events)`).Scan(&n))
	require.Zero(t, n)
}

// A whole sign-in with everything stored in PostgreSQL.
func TestSignInOnPostgres(t *testing.T) {
	db := postgresql(t)
	t.Parallel()
	w := newWorld(t)
	w.use(func(d *deps) { require.NoError(t, d.open(t.Context(), w.cfg, db)) })

	v := verifier(t)
	page := w.window(backend.Challenge(v), "")
	require.Equal(t, http.StatusOK, page.status, page.body)
	_, err := w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v, Code: "guess"})
	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSignInRefused)
	session, err := w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v, Code: page.code})
	require.NoError(t, err)
	c := w.client(session.Token)
	w.clock.pass(time.Hour)
	_, err = c.Settings(t.Context())
	require.NoError(t, err)
	token, err := c.WebexToken(t.Context())
	require.NoError(t, err)
	require.Equal(t, "access-2", token.AccessToken)
	require.NoError(t, c.SignOut(t.Context()))
	_, err = c.Who(t.Context())
	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSessionExpired)

	w.webex.set(func() { w.webex.deny = true })
	other := verifier(t)
	require.Equal(t, http.StatusForbidden, w.window(backend.Challenge(other), "").status)
	_, err = w.client("").Exchange(t.Context(), backend.Exchange{Verifier: other})
	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSignInRefused)
}
