package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// backfill fills in what rows of an older program are found by: those from
// before the columns were added, and those that an older replica still writes
// while this one takes over. A few at a time: others have to write, too.
func (s *store) backfill(ctx context.Context) error {
	last := ""
	for {
		n := 0
		err := s.inTx(ctx, func(tx tx) error {
			rows, err := s.rows(ctx, tx, `WHERE direction = '' AND key > $1 ORDER BY key LIMIT `+fmt.Sprint(batch)+s.lock, last)
			if err != nil {
				return err
			}
			n = len(rows)
			for _, r := range rows {
				last = r.Key
				_, err := tx.exec(ctx, `UPDATE deskbridge_record SET direction = $2, number = $3, portal_id = $4, contact = $5,
					interaction_id = $6 WHERE key = $1`, r.Key, r.Record.Direction, r.Record.Number, r.Record.PortalID,
					linkOf(r.Record), r.Record.InteractionID)
				if err != nil {
					return err
				}
				if err := s.saveLinks(ctx, tx, r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("backfill: %w", err)
		}
		if n < batch {
			return nil
		}
	}
}

// saveLinks stores what a row's activities are associated with, so that the row
// is found by it.
func (s *store) saveLinks(ctx context.Context, tx tx, r row) error {
	if _, err := tx.exec(ctx, `DELETE FROM deskbridge_link WHERE key = $1`, r.Key); err != nil {
		return err
	}
	for _, ref := range r.links() {
		if _, err := tx.exec(ctx, `INSERT INTO deskbridge_link (key, ref) VALUES ($1, $2)`, r.Key, ref); err != nil {
			return err
		}
	}
	return nil
}

// links are the records that the row's activities are, or may be, associated
// with by us, each once, sorted.
func (r row) links() []string {
	all := slices.Concat(r.Object.Links, r.Object.Linking, r.Task.Links, r.Task.Linking, r.Ticket.Links, r.Ticket.Linking)
	all = slices.DeleteFunc(all, func(ref string) bool { return strings.HasPrefix(ref, callType+"/") }) // A ticket's are no records.
	slices.Sort(all)
	return slices.Compact(all)
}
