package ledger_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/ledger"
)

// An old program goes on with a database that a new one has brought up to date:
// migrations add, and what they add to a table that is there has a default.
func TestMigrationsOnlyAdd(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("migration/*.sql")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	allowed := regexp.MustCompile(`(?s)^(CREATE TABLE .*|CREATE INDEX .*|ALTER TABLE \S+ ADD COLUMN .*)$`)
	comment := regexp.MustCompile(`(?m)^\s*--.*$`)
	for n, name := range files {
		require.True(t, strings.HasPrefix(filepath.Base(name), fmt.Sprintf("%03d_", n+1)), "%s: numbered without gaps", name)
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for statement := range strings.SplitSeq(comment.ReplaceAllString(string(text), ""), ";\n") {
			if statement = strings.TrimSuffix(strings.TrimSpace(statement), ";"); statement == "" {
				continue
			}
			require.Regexp(t, allowed, statement, name)
			if strings.Contains(statement, "ADD COLUMN") && strings.Contains(statement, "NOT NULL") {
				require.Contains(t, statement, "DEFAULT", "%s: rows that an old program inserts", name)
			}
		}
	}
}

// A row that a program of migration 001 inserts, updates and deletes beside
// ours is written like any other, and is found once it is known to us.
func TestAnOlderReplicaOnOurTables(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		l := start(t, config(url, c))
		r := inbound("older")
		r.Direction = "OUTBOUND"
		text, err := json.Marshal(r)
		require.NoError(t, err)
		now := time.Now().UnixMilli()
		_, err = l.DB().Exec(`INSERT INTO deskbridge_record (key, org_id, agent_id, email, name, record, seq, started_at,
			seen_at, due_at, final, state, updated_at) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, 1, 'queued', $10)`,
			r.Key, ann.OrgID, ann.AgentID, ann.Email, ann.Name, string(text), r.StartedAt, now, now, now)
		require.NoError(t, err)

		got, err := l.Get(t.Context(), ann, r.Key)
		require.NoError(t, err)
		require.Equal(t, r.Notes, got.Record.Notes)
		r.Revision, r.Notes = 2, "Sent to the new replica."
		_, err = l.Put(t.Context(), ann, r)
		require.NoError(t, err)
		await(t, l, r.Key, "enriched")
		dials, err := l.Dials(t.Context(), ann, time.UnixMilli(r.StartedAt))
		require.NoError(t, err)
		require.Equal(t, []ledger.Dial{{At: time.UnixMilli(r.StartedAt), Number: r.Number}}, dials)

		_, err = l.DB().Exec(`UPDATE deskbridge_record SET name = 'Ann of old', updated_at = $1 WHERE key = $2`, now, r.Key)
		require.NoError(t, err)
		_, err = l.DB().Exec(`DELETE FROM deskbridge_record WHERE key = $1`, r.Key)
		require.NoError(t, err, "retention by the older one")
		_, err = l.Get(t.Context(), ann, r.Key)
		require.ErrorIs(t, err, ledger.ErrNotFound)
		require.Len(t, c.live(), 1)
	})
}
