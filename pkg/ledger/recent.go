package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"deskbridge/pkg/backend"
)

const (
	recentFor  = 90 * 24 * time.Hour // How far back a number is remembered.
	recentMost = 5                   // Records of a number.
	recentScan = 50                  // Rows that are looked at for either.
)

// A Contacted is a CRM record that an interaction was logged to.
type Contacted struct {
	Record backend.Ref
	At     time.Time // The interaction began.
}

// Recent returns the CRM records that interactions with one of the numbers were
// logged to in the last 90 days, by any agent of the organisation: each once,
// those of the newest first, at most five. Numbers are compared as they were
// logged. Whether the records still exist is the CRM's to say.
func (l *Ledger) Recent(ctx context.Context, at Place, numbers ...string) ([]Contacted, error) {
	rows, err := l.inPlace(ctx, at, numbers, func(n int) string {
		return `org_id = $1 AND number IN (` + places(2, n) + `) AND number <> '' AND contact <> ''
			AND started_at >= ` + fmt.Sprint(l.c.Now().Add(-recentFor).UnixMilli())
	})
	if err != nil {
		return nil, fmt.Errorf("ledger: recent: %w", err)
	}
	var found []Contacted
	for _, r := range rows {
		ref := r.effective().Record
		if ref == nil || slices.ContainsFunc(found, func(c Contacted) bool { return same(c.Record, *ref) }) {
			continue
		}
		if found = append(found, Contacted{*ref, time.UnixMilli(r.StartedAt)}); len(found) == recentMost {
			break
		}
	}
	return found, nil
}

func same(a, b backend.Ref) bool { return a.ObjectTypeID == b.ObjectTypeID && a.ObjectID == b.ObjectID }

// Interactions returns the last n interactions, at most 50, of a CRM record: all
// that are over and were logged to it or associated with it, of any agent of
// the organisation, newest first. One that several agents had a part in is
// listed once, with the agent who answered it last.
func (l *Ledger) Interactions(ctx context.Context, at Place, record backend.Ref, n int) ([]backend.CardRecent, error) {
	rows, err := l.inPlace(ctx, at, []string{record.ObjectTypeID + "/" + record.ObjectID}, func(int) string {
		return `key IN (SELECT key FROM deskbridge_record WHERE contact = $2 AND contact <> ''
			UNION SELECT key FROM deskbridge_link WHERE ref = $2) AND org_id = $1 AND due_at > 0`
	})
	if err != nil {
		return nil, fmt.Errorf("ledger: interactions: %w", err)
	}
	answered := map[string]bool{} // Interactions that somebody took.
	for _, r := range rows {
		answered[r.Record.InteractionID] = answered[r.Record.InteractionID] || r.Record.AnsweredAt != 0
	}
	seen := map[string]bool{}
	found := []backend.CardRecent{}
	for _, r := range rows {
		rec, id := r.effective(), r.Record.InteractionID
		if id != "" && (seen[id] || answered[id] && rec.AnsweredAt == 0) {
			continue
		}
		seen[id] = true
		found = append(found, backend.CardRecent{
			At: rec.StartedAt, Channel: rec.Channel, Direction: rec.Direction, Agent: r.Agent.Name, Queue: rec.Queue,
			Outcome: rec.Outcome, Reason: rec.CodeName, URL: r.URL,
		})
		if len(found) == n {
			break
		}
	}
	return found, nil
}

// inPlace reads the newest rows of a place that a condition selects; $1 is the
// organisation, the values follow.
func (l *Ledger) inPlace(ctx context.Context, at Place, values []string, where func(n int) string) ([]row, error) {
	if len(values) == 0 {
		return nil, nil
	}
	args := []any{at.OrgID}
	for _, v := range values {
		args = append(args, v)
	}
	var rows []row
	err := l.store.inTx(ctx, func(tx tx) (err error) {
		rows, err = l.store.rows(ctx, tx, `WHERE `+where(len(values))+` ORDER BY started_at DESC, key DESC LIMIT `+fmt.Sprint(recentScan), args...)
		return err
	})
	return slices.DeleteFunc(rows, func(r row) bool { return !at.holds(r) }), err
}

// places are n placeholders from $first on.
func places(first, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint("$", first+i)
	}
	return strings.Join(all, ", ")
}
