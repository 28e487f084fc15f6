package ledger_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/ledger"
)

// asSecond takes a database back to what the second migration left, with a
// record as the program of then has written it.
func asSecond(t *testing.T, l *ledger.Ledger, key string, links string) {
	t.Helper()
	r := inbound(key)
	record, err := json.Marshal(r)
	require.NoError(t, err)
	for _, q := range []string{
		`DROP TABLE deskbridge_link`, `DROP INDEX deskbridge_record_blank`, `DROP INDEX deskbridge_record_number`,
		`DROP INDEX deskbridge_record_contact`, `DROP INDEX deskbridge_record_org`, `DROP INDEX deskbridge_record_state`,
		`DROP INDEX deskbridge_record_depth`,
		`ALTER TABLE deskbridge_record DROP COLUMN direction`, `ALTER TABLE deskbridge_record DROP COLUMN number`,
		`ALTER TABLE deskbridge_record DROP COLUMN portal_id`, `ALTER TABLE deskbridge_record DROP COLUMN contact`,
		`DROP TABLE deskbridge_ticket`, `ALTER TABLE deskbridge_record DROP COLUMN ticket`,
		`DELETE FROM deskbridge_migration WHERE version > 2`,
	} {
		_, err := l.DB().ExecContext(t.Context(), q)
		require.NoError(t, err, q)
	}
	for i := range 230 { // More than one batch.
		_, err = l.DB().ExecContext(t.Context(), `INSERT INTO deskbridge_record (key, org_id, agent_id, email, name, record,
			seq, written_seq, started_at, seen_at, due_at, final, state, object, updated_at, interaction_id)
			VALUES ($1, 'org', 'ann', 'ann@example.com', 'Ann', $2, 1, 1, $3, $3, $3, 1, 'enriched', $4, $3, 'interaction-1')`,
			fmt.Sprintf("%s-%03d", key, i), strings.Replace(string(record), `"key":"`+key, fmt.Sprintf(`"key":"%s-%03d`, key, i), 1), t0, links)
		require.NoError(t, err)
	}
}

func TestRowsFromBeforeAreFilledIn(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		l, err := ledger.Open(t.Context(), config(url, newCRM()))
		require.NoError(t, err)
		asSecond(t, l, "old", `{"id":"7","portal":"4567","linked":"0-2/99"}`)
		require.NoError(t, l.Close(t.Context()))

		l = open(t, config(url, newCRM()))

		var n int
		require.NoError(t, l.DB().QueryRowContext(t.Context(), `SELECT COUNT(*) FROM deskbridge_record WHERE direction = 'INBOUND'
			AND number = '+14155550100' AND portal_id = '4567' AND contact = '0-1/30000000001'`).Scan(&n))
		require.Equal(t, 230, n)
		n, err = l.Repoint(t.Context(), place, "0-2", "99", "100")
		require.NoError(t, err)
		require.Equal(t, 230, n, "they are found by the link that an older program has noted")
		n, err = l.Erase(t.Context(), place, "0-1", maria)
		require.NoError(t, err)
		require.Equal(t, 230, n)
		require.NoError(t, l.DB().QueryRowContext(t.Context(), `SELECT (SELECT COUNT(*) FROM deskbridge_link)
			+ (SELECT COUNT(*) FROM deskbridge_record WHERE contact <> '' OR number <> '')`).Scan(&n))
		require.Zero(t, n, "what rows are found by goes, too")
	})
}

// What an older replica still writes while this one takes over is filled in at
// the next opening, and once.
func TestRowsOfAnOlderReplicaAreFilledIn(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		l, err := ledger.Open(t.Context(), config(url, newCRM()))
		require.NoError(t, err)
		put(t, l, inbound("call"))
		_, err = l.DB().ExecContext(t.Context(), `UPDATE deskbridge_record SET direction = '', number = '', contact = ''`)
		require.NoError(t, err)
		require.NoError(t, l.Close(t.Context()))

		l = open(t, config(url, newCRM()))

		var contact string
		require.NoError(t, l.DB().QueryRowContext(t.Context(), `SELECT contact FROM deskbridge_record`).Scan(&contact))
		require.Equal(t, "0-1/"+maria, contact)
	})
}

// Neither an erasure nor a merge reads the whole table.
func TestPrivacyUsesIndexes(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		l := open(t, config(url, newCRM()))
		for _, q := range ledger.PrivacyQueries {
			plan := explain(t, l, strings.HasPrefix(url, "postgres"), q)
			require.NotContains(t, plan, "SCAN deskbridge_record\n", q)
			require.NotContains(t, plan, "Seq Scan on deskbridge_record", q)
			require.Contains(t, plan, "deskbridge_record_", q)
		}
	})
}

// explain is how the database would find rows, the choice of a whole scan being
// taken from PostgreSQL: its tables are empty here.
func explain(t *testing.T, l *ledger.Ledger, postgres bool, query string) string {
	t.Helper()
	tx, err := l.DB().BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { _ = tx.Rollback() }()
	prefix := "EXPLAIN QUERY PLAN "
	if postgres {
		prefix = "EXPLAIN "
		_, err := tx.ExecContext(t.Context(), `SET LOCAL enable_seqscan = off`)
		require.NoError(t, err)
	}
	rows, err := tx.QueryContext(t.Context(), prefix+`SELECT key FROM deskbridge_record WHERE `+query+` AND key > $2 ORDER BY key LIMIT 100`,
		"org", "", "0-1/"+maria)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	require.NoError(t, err)
	var plan strings.Builder
	for rows.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(any)
		}
		require.NoError(t, rows.Scan(cells...))
		fmt.Fprintln(&plan, *cells[len(cells)-1].(*any))
	}
	require.NoError(t, rows.Err())
	return plan.String()
}
