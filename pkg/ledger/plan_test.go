package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/ledger"
)

// What is asked with each write, or every minute, must not read all records.
func TestFrequentQueriesUseTheirIndex(t *testing.T) {
	t.Parallel()
	l := open(t, config(sqlite(t), newCRM()))
	const records = `SELECT key FROM deskbridge_record `
	for query, index := range map[string]string{
		records + ledger.OfInteraction: "INDEX deskbridge_record_interaction",
		records + ledger.Unwritten:     "INDEX deskbridge_record_open",
		ledger.Counting:                "COVERING INDEX deskbridge_record_depth",
	} {
		rows, err := l.DB().QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+query, "a", "b")
		require.NoError(t, err)
		plan := ""
		for rows.Next() {
			var id, parent, unused int
			var detail string
			require.NoError(t, rows.Scan(&id, &parent, &unused, &detail))
			plan += detail + "\n"
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
		require.Contains(t, plan, index)
	}
}
