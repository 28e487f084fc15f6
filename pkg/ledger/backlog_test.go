package ledger_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/ledger"
)

// position is how many calls were written before that of key.
func position(t *testing.T, c *crm, key string) int {
	t.Helper()
	n := 0
	for _, call := range c.live() { // By id, and so by age.
		if call.Properties["hs_call_external_id"] == key {
			return n
		}
		n++
	}
	require.Fail(t, "not written", key)
	return 0
}

const backlog = 40

// oneByOne is a configuration with a single worker, so that there is an order.
func oneByOne(url string, c *crm) ledger.Config {
	c.unique = true
	cfg := config(url, c)
	cfg.Workers = 1
	return cfg
}

// What the widgets could not bring for a day comes after what has just ended.
func TestLateRecordsWaitForFreshOnes(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		l := open(t, oneByOne(url, c))
		for i := range backlog {
			put(t, l, inbound(fmt.Sprint("old-", i))) // From months ago.
		}
		fresh := inbound("fresh")
		fresh.EndedAt = time.Now().UnixMilli()
		put(t, l, fresh)

		require.NoError(t, l.Start(t.Context()))
		await(t, l, fmt.Sprint("old-", backlog-1), "enriched")

		require.Zero(t, position(t, c, "fresh"))
	})
}

// So does what HubSpot did not take for hours, whenever it was tried last.
func TestWhatHasWaitedForLongWaitsForFreshOnes(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		l := open(t, oneByOne(url, c))
		ended := time.Now().UnixMilli()
		record := func(key string) {
			r := inbound(key)
			r.EndedAt = ended
			put(t, l, r)
		}
		for i := range backlog {
			record(fmt.Sprint("old-", i))
		}
		longAgo := `datetime('now', '-1 hour')`
		if strings.HasPrefix(url, "postgres") {
			longAgo = `now() - interval '1 hour'`
		}
		_, err := l.DB().ExecContext(t.Context(), `UPDATE river_job SET created_at = `+longAgo)
		require.NoError(t, err)
		record("fresh")

		require.NoError(t, l.Age(t.Context()))
		require.NoError(t, l.Start(t.Context()))
		for i := range backlog {
			await(t, l, fmt.Sprint("old-", i), "enriched")
		}

		require.Zero(t, position(t, c, "fresh"))
	})
}
