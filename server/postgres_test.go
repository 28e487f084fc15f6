package main

import (
	"crypto/rand"
	"database/sql"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
)

// A whole sign-in with everything stored in PostgreSQL.
func TestSignInOnPostgres(t *testing.T) {
	address := os.Getenv("DESKBRIDGE_TEST_POSTGRES")
	if address == "" {
		t.Skip("DESKBRIDGE_TEST_POSTGRES names no PostgreSQL server")
	}
	t.Parallel()
	w := newWorld(t)
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
	w.use(func(d *deps) { require.NoError(t, d.open(t.Context(), w.cfg, db)) })

	v := verifier(t)
	page := w.window(backend.Challenge(v), "")
	require.Equal(t, http.StatusOK, page.status, page.body)
	_, err = w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v, Code: "guess"})
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
