package ledger_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

// onEach runs a test on SQLite and, where there is one, on PostgreSQL. Each
// gets a database of its own.
func onEach(t *testing.T, do func(t *testing.T, databaseURL string)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		do(t, sqlite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		do(t, postgres(t))
	})
}

// template is a database with all its tables: making them takes most of the
// time of a short test.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "ledger-template-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "ledger.db")
	ctx := context.Background()
	l, err := ledger.Open(ctx, config("file:"+path+"?_pragma=synchronous(OFF)", newCRM()))
	if err != nil {
		return nil, err
	}
	if err := l.Close(ctx); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// sqlite is a file that does without waiting for the disk.
func sqlite(t testing.TB) string {
	t.Helper()
	content, err := template()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "ledger.db")
	require.NoError(t, os.WriteFile(path, content, 0o600))
	return "file:" + path + "?_pragma=synchronous(OFF)"
}

// postgres makes a schema of its own in the server that the environment names.
func postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv("DESKBRIDGE_TEST_POSTGRES")
	if server == "" {
		t.Skip("DESKBRIDGE_TEST_POSTGRES names no PostgreSQL server")
	}
	u, err := url.Parse(server)
	require.NoError(t, err)
	schema := "ledger_" + strings.ToLower(rand.Text()[:12])
	admin := func(sql string) {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		conn, err := pgx.Connect(ctx, server)
		require.NoError(t, err)
		defer func() { _ = conn.Close(ctx) }()
		_, err = conn.Exec(ctx, sql)
		require.NoError(t, err)
	}
	admin("CREATE SCHEMA " + schema)
	t.Cleanup(func() { admin("DROP SCHEMA " + schema + " CASCADE") })
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

var ann = ledger.Agent{OrgID: "org", AgentID: "ann", Email: "Ann@Example.com", Name: "Ann"}

// config is one that does not wait long.
func config(databaseURL string, c ledger.CRM) ledger.Config {
	return ledger.Config{
		DatabaseURL: databaseURL,
		Portal: func(context.Context, string, string) (ledger.Portal, error) {
			return ledger.Portal{ID: "4567", AppID: "99", CRM: c}, nil
		},
		EngagementWait: 50 * time.Millisecond, IndexWait: 50 * time.Millisecond,
		RetryDelay: 20 * time.Millisecond, BreakFor: 50 * time.Millisecond,
		Workers: 4,
	}
}

// withTasks is a configuration whose portal has tasks, too.
func withTasks(c ledger.Config, tasks ledger.CRM) ledger.Config {
	calls := c.Portal
	c.Portal = func(ctx context.Context, orgID, portalID string) (ledger.Portal, error) {
		p, err := calls(ctx, orgID, portalID)
		p.Tasks = tasks
		return p, err
	}
	return c
}

func open(t testing.TB, c ledger.Config) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		require.NoError(t, l.Close(ctx))
	})
	return l
}

func start(t testing.TB, c ledger.Config) *ledger.Ledger {
	t.Helper()
	l := open(t, c)
	require.NoError(t, l.Start(t.Context()))
	return l
}

const t0 = int64(1_790_000_000_000)

// inbound is a call that Ann has taken and wrapped up.
func inbound(key string) backend.Record {
	return backend.Record{
		Key: key, Revision: 1, InteractionID: "interaction-1", Channel: "telephony", Direction: "INBOUND",
		Number: "+14155550100", Ours: "+18005550199", Queue: "Billing", Phase: "done", Outcome: "COMPLETED",
		StartedAt: t0, AnsweredAt: t0 + 5_000, EndedAt: t0 + 65_000, HoldMs: 10_000, Notes: "Paid <today>\nby card",
		CodeID: "code-1", CodeName: "Sale", PortalID: "4567",
		Record: &backend.Ref{ObjectTypeID: "0-1", ObjectID: "30000000001", Name: "Maria"}, Final: true,
	}
}

func put(t testing.TB, l *ledger.Ledger, r backend.Record) backend.Receipt {
	t.Helper()
	receipt, err := l.Put(t.Context(), ann, r)
	require.NoError(t, err)
	return receipt
}

// waiter is a *testing.T or a *rapid.T.
type waiter interface {
	require.TestingT
	Helper()
}

// await waits until the record has a receipt of that state.
func await(t waiter, l *ledger.Ledger, key, state string) backend.Interaction {
	t.Helper()
	var got backend.Interaction
	eventually(t, func() (string, bool) {
		var err error
		got, err = l.Get(context.Background(), ann, key)
		return fmt.Sprintf("%+v %v", got.Receipt, err), err == nil && got.Receipt.State == state
	})
	return got
}

func eventually(t waiter, check func() (string, bool)) {
	t.Helper()
	deadline := time.After(90 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		what, ok := check()
		if ok {
			return
		}
		select {
		case <-deadline:
			require.Fail(t, "it did not come", what)
		case <-tick.C:
		}
	}
}

// only is the one call there is.
func only(t testing.TB, c *crm) call {
	t.Helper()
	calls := c.live()
	require.Len(t, calls, 1)
	return calls[0]
}
