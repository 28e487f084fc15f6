package ledger_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/ledger"
)

func TestHealth(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		l, err := ledger.Open(t.Context(), config(url, newCRM()))
		require.NoError(t, err)
		require.Equal(t, ledger.Health{Migrated: true}, l.Health(t.Context()))
		require.NoError(t, l.Start(t.Context()))
		require.Equal(t, ledger.Health{Migrated: true, Running: true}, l.Health(t.Context()))
		require.NoError(t, l.Close(t.Context()))
		h := l.Health(t.Context())
		require.False(t, h.Running)
		require.Error(t, h.Database)
	})
}

func TestDialsAreTheAgentsOwnNewestFirst(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		l := open(t, config(url, newCRM()))
		bob := ledger.Agent{OrgID: ann.OrgID, AgentID: "bob"}
		other := ledger.Agent{OrgID: "other", AgentID: ann.AgentID}
		for n, tt := range []struct {
			by        ledger.Agent
			direction string
			ago       time.Duration
		}{
			{ann, "OUTBOUND", time.Minute}, {ann, "INBOUND", time.Minute}, {bob, "OUTBOUND", time.Minute},
			{other, "OUTBOUND", time.Minute}, {ann, "OUTBOUND", 2 * time.Hour}, {ann, "OUTBOUND", time.Second},
		} {
			r := inbound(string(rune('a' + n)))
			r.Direction, r.StartedAt, r.Number = tt.direction, t0-tt.ago.Milliseconds(), "+1415555010"+string(rune('0'+n))
			_, err := l.Put(t.Context(), tt.by, r)
			require.NoError(t, err)
		}

		got, err := l.Dials(t.Context(), ann, time.UnixMilli(t0).Add(-time.Hour))

		require.NoError(t, err)
		require.Equal(t, []ledger.Dial{
			{At: time.UnixMilli(t0 - 1000), Number: "+14155550105"}, {At: time.UnixMilli(t0 - 60_000), Number: "+14155550100"},
		}, got)
	})
}

// Operators see how attempts ended, which portals are left alone, and what
// waits for an admin.
func TestOperatorsSeeAttempts(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	seen := map[string]int{}
	c := newCRM()
	cfg := config(sqlite(t), c)
	cfg.BreakAfter, cfg.BreakFor = 1, time.Hour
	cfg.Observe = func(result string) {
		mu.Lock()
		defer mu.Unlock()
		seen[result]++
	}
	count := func(result string) func() (string, bool) {
		return func() (string, bool) {
			mu.Lock()
			defer mu.Unlock()
			return result, seen[result] > 0
		}
	}
	l := start(t, cfg)
	require.Zero(t, l.Breakers())
	_, err := l.Put(t.Context(), ann, inbound("good"))
	require.NoError(t, err)
	eventually(t, count("written"))

	c.mu.Lock()
	c.fault = func(string, bool) error { return errors.New("no answer") }
	c.mu.Unlock()
	_, err = l.Put(t.Context(), ann, inbound("bad"))
	require.NoError(t, err)
	eventually(t, count("failed"))
	eventually(t, func() (string, bool) { return "the breaker opens", l.Breakers() == 1 })
	n, err := l.NeedsAdmin(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
}
