package tokens_test

import (
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // The driver "pgx".
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/tokens"
)

// The statements are the same on PostgreSQL.
func TestPostgres(t *testing.T) {
	t.Parallel()
	server := os.Getenv("DESKBRIDGE_TEST_POSTGRES")
	if server == "" {
		t.Skip("DESKBRIDGE_TEST_POSTGRES names no PostgreSQL server")
	}
	u, err := url.Parse(server)
	require.NoError(t, err)
	schema := "tokens_" + strings.ToLower(rand.Text()[:12])
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	db, err := sql.Open("pgx", u.String())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	_, err = db.ExecContext(t.Context(), "CREATE SCHEMA "+schema)
	require.NoError(t, err)
	defer func() {
		_, err := db.Exec("DROP SCHEMA " + schema + " CASCADE")
		require.NoError(t, err)
	}()

	c := newClock()
	v := &vendor{clock: c}
	s := open(t, tokens.Config{DB: db, Now: c.now, Refresh: v.refresh})
	require.NoError(t, s.Put(t.Context(), id, token(c, "first")))
	c.advance(time.Hour)
	got, err := s.Token(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "fresh-1", got.AccessToken)

	require.NoError(t, s.Invalidate(t.Context(), id, "fresh-1"))
	v.err = tokens.ErrRefused
	_, err = s.Token(t.Context(), id)
	require.ErrorIs(t, err, tokens.ErrRefused)
	require.NoError(t, s.Delete(t.Context(), id))
}
