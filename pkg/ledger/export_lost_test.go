package ledger

import "context"

// Reclaim gives lost jobs back.
func (l *Ledger) Reclaim(ctx context.Context) error { return l.reclaim(ctx) }

// LoseJob makes the record's job look as though this process had taken it and
// never heard that it had.
func (l *Ledger) LoseJob(ctx context.Context, key string) (lost int64, err error) {
	mine := `'["' || $1 || '"]'`
	if l.store.lock != "" { // PostgreSQL.
		mine = `ARRAY[$1]::text[]`
	}
	err = l.store.inTx(ctx, func(tx tx) error {
		lost, err = tx.exec(ctx, `UPDATE river_job SET state = 'running', attempted_by = `+mine+`
			WHERE args->>'key' = $2 AND state <> 'completed'`, l.store.river.ID(), key)
		return err
	})
	return lost, err
}
