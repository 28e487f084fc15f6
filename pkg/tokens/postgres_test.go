package tokens_test

import (
	"context"
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

// schemaURL is a schema of the test's own on the PostgreSQL server, if there is
// one.
func schemaURL(t *testing.T) string {
	t.Helper()
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
	db := postgres(t, u.String())
	_, err = db.ExecContext(t.Context(), "CREATE SCHEMA "+schema)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := db.Exec("DROP SCHEMA " + schema + " CASCADE")
		require.NoError(t, err)
	})
	return u.String()
}

func postgres(t *testing.T, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// Two replicas, twenty requests, one refresh; and everybody has its token.
func TestReplicasRefreshOnce(t *testing.T) {
	t.Parallel()
	address := schemaURL(t)
	c := newClock()
	v := &vendor{clock: c, hold: make(chan struct{}), began: make(chan struct{}, 20)}
	here := open(t, tokens.Config{DB: postgres(t, address), Now: c.now, Refresh: v.refresh})
	there := open(t, tokens.Config{DB: postgres(t, address), Now: c.now, Refresh: v.refresh})
	require.NoError(t, here.Put(t.Context(), id, token(c, "first")))
	c.advance(time.Hour)

	got := make(chan string, 20)
	for n := range 20 {
		s := here
		if n%2 == 1 {
			s = there
		}
		go func() { // Ends when the vendor has answered.
			token, err := s.Token(context.Background(), id)
			if err != nil {
				got <- err.Error()
				return
			}
			got <- token.AccessToken
		}()
	}
	<-v.began
	close(v.hold)
	for range 20 {
		require.Equal(t, "fresh-1", <-got)
	}
	require.EqualValues(t, 1, v.asked.Load())
}

// The statements are the same on PostgreSQL.
func TestPostgres(t *testing.T) {
	t.Parallel()
	db := postgres(t, schemaURL(t))
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
