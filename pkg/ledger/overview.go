package ledger

import (
	"context"
	"fmt"
	"time"
)

// An Overview says how an organisation's records are doing. Times are ms since
// 1970, 0 for none.
type Overview struct {
	At int64 `json:"at"` // When it was counted.

	Live      int `json:"live"`    // These are the conditions of Row.State.
	Waiting   int `json:"waiting"` //
	Logged    int `json:"logged"`
	Kept      int `json:"kept"`
	NeedAgent int `json:"needAgent"` // Needs-you, and it is the agent's turn.
	NeedAdmin int `json:"needAdmin"` // Needs-you, and it is the admin's.

	OldestAt int64     `json:"oldestAt"` // When the oldest of the waiting ended.
	Ages     []Age     `json:"ages"`     // Of what ended and is not in HubSpot, the youngest first.
	Failures []Failure `json:"failures"` // What HubSpot says of those that need somebody, the most frequent first, at most 20.
	Hours    []Hour    `json:"hours"`    // The last 24 hours by the calls' start, the oldest first.
}

// An Age counts records by how long ago there was first something to write.
type Age struct {
	UnderMs  int64 `json:"underMs"` // 0 for the last one: older than all before.
	Waiting  int   `json:"waiting"`
	NeedsYou int   `json:"needsYou"`
}

// A Failure is a reason for which records need somebody.
type Failure struct {
	Need   string `json:"need"` // agent or admin
	Detail string `json:"detail"`
	N      int    `json:"n"`
	Since  int64  `json:"since"` // When the oldest of these calls started.
}

// An Hour counts the calls that started in it.
type Hour struct {
	At       int64 `json:"at"`     // Its beginning.
	Logged   int   `json:"logged"` // Or kept by the admin's rules.
	Waiting  int   `json:"waiting"`
	NeedsYou int   `json:"needsYou"`
}

var ages = []time.Duration{time.Minute, 5 * time.Minute, time.Hour, 24 * time.Hour}

// Overview counts an organisation's records.
func (l *Ledger) Overview(ctx context.Context, orgID string) (Overview, error) {
	now := l.c.Now()
	o := Overview{At: now.UnixMilli(), Failures: []Failure{}}
	for _, under := range ages {
		o.Ages = append(o.Ages, Age{UnderMs: under.Milliseconds()})
	}
	o.Ages = append(o.Ages, Age{})
	first := now.Truncate(time.Hour).Add(-23 * time.Hour)
	for h := range 24 {
		o.Hours = append(o.Hours, Hour{At: first.Add(time.Duration(h) * time.Hour).UnixMilli()})
	}
	err := l.store.inTx(ctx, func(in tx) error {
		for _, count := range []func(context.Context, tx, string, *Overview) error{countStates, countOpen, countFailures, countHours} {
			if err := count(ctx, in, orgID, &o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Overview{}, fmt.Errorf("ledger: overview: %w", err)
	}
	return o, nil
}

// countStates counts by the stored state, which an index does alone. Of those
// that are queued or saved it is not yet known whether they wait.
func countStates(ctx context.Context, tx tx, orgID string, o *Overview) error {
	return tx.query(ctx, func(scan func(...any) error) error {
		var state string
		var n int
		err := scan(&state, &n)
		switch state {
		case stateEnriched:
			o.Logged += n
		case stateSaved:
			o.Kept += n
		}
		return err
	}, `SELECT state, COUNT(*) FROM deskbridge_record WHERE org_id = $1 GROUP BY state`, orgID)
}

// countOpen looks at what is not in HubSpot: few rows, usually.
func countOpen(ctx context.Context, tx tx, orgID string, o *Overview) error {
	bucket, args := "CASE WHEN due_at = 0 THEN -1", []any{orgID}
	for i, under := range ages {
		args = append(args, o.At-under.Milliseconds())
		bucket += fmt.Sprintf(" WHEN due_at > $%d THEN %d", len(args), i)
	}
	bucket += fmt.Sprintf(" ELSE %d END", len(ages))
	return tx.query(ctx, func(scan func(...any) error) error {
		var state, need string
		var age, n, saved int
		var oldest int64
		if err := scan(&state, &need, &age, &n, &saved, &oldest); err != nil {
			return err
		}
		switch {
		case state == IsNeedsYou && need == needAdmin:
			o.NeedAdmin += n
		case state == IsNeedsYou:
			o.NeedAgent += n
		case state == IsLive:
			o.Live += n
		default:
			o.Waiting += n
			if o.OldestAt == 0 || oldest < o.OldestAt {
				o.OldestAt = oldest
			}
		}
		o.Kept -= saved
		switch {
		case age < 0:
		case state == IsNeedsYou:
			o.Ages[age].NeedsYou += n
		default:
			o.Ages[age].Waiting += n
		}
		return nil
	}, `SELECT `+condition+`, need, `+bucket+`, COUNT(*), SUM(CASE WHEN state = 'saved' THEN 1 ELSE 0 END), MIN(due_at)
		FROM deskbridge_record WHERE org_id = $1 AND state IN ('queued', 'saved', 'needs-you')
			AND (state = 'needs-you' OR due_at = 0 OR written_seq < seq) GROUP BY 1, 2, 3`, args...)
}

func countFailures(ctx context.Context, tx tx, orgID string, o *Overview) error {
	return tx.query(ctx, func(scan func(...any) error) error {
		var f Failure
		err := scan(&f.Need, &f.Detail, &f.N, &f.Since)
		o.Failures = append(o.Failures, f)
		return err
	}, `SELECT need, detail, COUNT(*), MIN(started_at) FROM deskbridge_record WHERE org_id = $1 AND state = 'needs-you'
		GROUP BY need, detail ORDER BY 3 DESC, 4, 2 LIMIT 20`, orgID)
}

func countHours(ctx context.Context, tx tx, orgID string, o *Overview) error {
	const hour = int64(time.Hour / time.Millisecond)
	first := o.Hours[0].At
	return tx.query(ctx, func(scan func(...any) error) error {
		var h int64
		var state string
		var n int
		if err := scan(&h, &state, &n); err != nil {
			return err
		}
		if h < 0 || h >= int64(len(o.Hours)) {
			return nil // A clock that is ahead of ours.
		}
		switch state {
		case IsLogged, IsKept:
			o.Hours[h].Logged += n
		case IsWaiting:
			o.Hours[h].Waiting += n
		case IsNeedsYou:
			o.Hours[h].NeedsYou += n
		}
		return nil
	}, `SELECT (started_at - $2) / CAST($3 AS BIGINT), `+condition+`, COUNT(*) FROM deskbridge_record
		WHERE org_id = $1 AND started_at >= $2 GROUP BY 1, 2`, orgID, first, hour)
}
