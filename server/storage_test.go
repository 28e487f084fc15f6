package main

import (
	"crypto/rand"
	"database/sql"
	"net/http"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

// A full disk: what does not fit is refused so that the panel keeps it, what
// was acknowledged stays, and with room everything goes on.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	w, _ := realWorld(t)
	s := w.signIn()
	c := w.client(s.Token)
	books, ok := w.deps.Books.(*ledger.Ledger)
	require.True(t, ok)
	_, err := c.Put(t.Context(), finished(s, 0))
	require.NoError(t, err)
	pragma := func(name string) {
		_, err := books.DB().Exec(`PRAGMA ` + name)
		require.NoError(t, err)
	}
	pragma("max_page_count = 1") // No more than there are now.

	acknowledged, refused := []string{finished(s, 0).Key}, backend.Record{}
	for n := 1; refused.Key == ""; n++ {
		require.Less(t, n, 5000)
		r := finished(s, n)
		r.Notes = string(make([]byte, 8000))
		if _, err := c.Put(t.Context(), r); err == nil {
			acknowledged = append(acknowledged, r.Key)
			continue
		}
		refused = r
	}
	_, err = c.Put(t.Context(), refused)
	requireRefusal(t, err, http.StatusServiceUnavailable, backend.CodeBackendDown)
	var told *backend.Error
	require.ErrorAs(t, err, &told)
	require.True(t, told.Retryable())
	require.Contains(t, told.Message, "Nothing is lost")
	require.Positive(t, told.RetryAfterMs)

	pragma("max_page_count = 1000000")
	_, err = c.Put(t.Context(), refused)
	require.NoError(t, err)
	for _, key := range append(acknowledged, refused.Key) {
		_, err := c.Interaction(t.Context(), key)
		require.NoError(t, err)
	}
}

// A database that another program has locked, or that cannot be written.
func TestLockedDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := startProcess(t, dir, nil)
	s := p.signIn()
	_, err := p.client(s.Token).Put(t.Context(), finished(s, 1))
	require.NoError(t, err)
	other, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "deskbridge.db")+"?_pragma=busy_timeout(20000)")
	require.NoError(t, err)
	defer other.Close()
	other.SetMaxOpenConns(1)
	_, err = other.Exec(`BEGIN EXCLUSIVE`)
	require.NoError(t, err)

	_, err = p.client(s.Token).Put(t.Context(), finished(s, 2))

	var told *backend.Error
	require.ErrorAs(t, err, &told)
	require.Contains(t, []int{http.StatusServiceUnavailable, http.StatusGatewayTimeout}, told.Status, "as long as somebody waits, or longer")
	require.True(t, told.Retryable())
	require.Equal(t, http.StatusOK, p.probe(healthPath))
	_, err = other.Exec(`ROLLBACK`)
	require.NoError(t, err)
	for n := 1; n <= 2; n++ {
		require.Eventually(t, func() bool {
			_, err := p.client(s.Token).Put(t.Context(), finished(s, n))
			return err == nil
		}, soon, 20*time.Millisecond, strconv.Itoa(n))
	}
}

func TestReadOnlyDatabase(t *testing.T) {
	t.Parallel()
	w, _ := realWorld(t)
	s := w.signIn()
	books, ok := w.deps.Books.(*ledger.Ledger)
	require.True(t, ok)
	_, err := books.DB().Exec(`PRAGMA query_only = 1`)
	require.NoError(t, err)

	_, err = w.client(s.Token).Put(t.Context(), finished(s, 1))
	requireRefusal(t, err, http.StatusServiceUnavailable, backend.CodeBackendDown)

	_, err = books.DB().Exec(`PRAGMA query_only = 0`)
	require.NoError(t, err)
	_, err = w.client(s.Token).Put(t.Context(), finished(s, 1))
	require.NoError(t, err)
}

// PostgreSQL ends every connection, as at a restart, while records come in.
func TestDatabaseConnectionsAreKilled(t *testing.T) {
	address, _ := schemaURL(t)
	t.Parallel()
	name := "deskbridge-" + rand.Text()
	p := startProcess(t, t.TempDir(), map[string]string{"DATABASE_URL": address + "&application_name=" + name})
	s := p.signIn()
	admin := postgresql(t)
	killed := 0
	for n := 1; n <= 60; n++ {
		if n%20 == 0 {
			var n int
			require.NoError(t, admin.QueryRow(`SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1`, name).Scan(&n))
			killed += n
		}
		r := finished(s, n)
		require.Eventually(t, func() bool {
			_, err := p.client(s.Token).Put(t.Context(), r)
			var told *backend.Error
			if err != nil {
				require.ErrorAs(t, err, &told)
				require.Equal(t, http.StatusServiceUnavailable, told.Status, "%s\n%s", err, p.log)
			}
			return err == nil
		}, soon, 20*time.Millisecond)
	}
	require.NotZero(t, killed)
	for n := 1; n <= 60; n++ {
		require.Eventually(t, func() bool {
			got, err := p.client(s.Token).Interaction(t.Context(), finished(s, n).Key)
			return err == nil && got.Receipt.State == "enriched"
		}, soon, 20*time.Millisecond)
	}
	require.Len(t, p.crm.Engagements(), 60)
}
