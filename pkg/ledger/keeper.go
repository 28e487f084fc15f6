package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
)

const (
	reapEvery  = 5 * time.Second
	sweepEvery = time.Minute
	ageAtOnce  = 1000
)

// Start begins to write records and to look after those whose widget is gone.
// It ends with ctx or Close.
func (l *Ledger) Start(ctx context.Context) error {
	if l.stop != nil {
		return errors.New("ledger: started twice")
	}
	// Work in progress outlives ctx: Close drains it.
	if err := l.store.river.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("ledger: start: %w", err)
	}
	ctx, l.stop = context.WithCancel(ctx)
	l.wg.Go(func() { l.keep(ctx) }) // Ends with Close.
	return nil
}

// Close lets running work end and closes the database. When ctx ends first,
// the work is cancelled; it is done again at the next start.
func (l *Ledger) Close(ctx context.Context) error {
	var err error
	if l.stop != nil {
		l.stop()
		l.wg.Wait()
		if err = l.store.river.Stop(ctx); err != nil {
			hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
			defer cancel()
			err = l.store.river.StopAndCancel(hard)
		}
	}
	if err := errors.Join(err, l.store.finish()); err != nil {
		return fmt.Errorf("ledger: close: %w", err)
	}
	return nil
}

// keep finalises, sweeps and reaps until ctx ends.
func (l *Ledger) keep(ctx context.Context) {
	tick := time.NewTicker(min(max(l.c.FinalizeAfter/8, 20*time.Millisecond), 10*time.Second))
	defer tick.Stop()
	swept, reaped, aged := time.Now(), time.Now(), time.Time{}
	var haunted time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := l.finalise(ctx); err != nil && ctx.Err() == nil {
			l.log.Error("records not finalised", "error", err)
		}
		if time.Since(reaped) >= reapEvery {
			reaped = time.Now()
			if err := l.store.reap(ctx); err != nil && ctx.Err() == nil {
				l.log.Error("dead workers not looked for", "error", err)
			}
			if err := l.reclaim(ctx); err != nil && ctx.Err() == nil {
				l.log.Error("lost jobs not looked for", "error", err)
			}
		}
		if l.c.Places != nil && time.Since(haunted) >= l.c.GhostEvery {
			haunted = time.Now()
			if err := l.haunt(ctx); err != nil && ctx.Err() == nil {
				l.log.Error("ghosts not looked for", "error", err)
			}
		}
		if time.Since(aged) >= sweepEvery {
			aged = time.Now()
			if err := l.age(ctx); err != nil && ctx.Err() == nil {
				l.log.Error("old records not put behind fresh ones", "error", err)
			}
		}
		if time.Since(swept) >= sweepEvery {
			swept = time.Now()
			if err := l.sweep(ctx); err != nil && ctx.Err() == nil {
				l.log.Error("records not swept", "error", err)
			}
		}
	}
}

// finalise ends the records whose widget has given no sign of life for too
// long. A server that was away itself could not have heard one: it waits.
func (l *Ledger) finalise(ctx context.Context) error {
	now := l.c.Now()
	if now.Sub(l.started) < l.c.FinalizeAfter {
		return nil
	}
	silent := now.Add(-l.c.FinalizeAfter).UnixMilli()
	var keys []string
	err := l.store.inTx(ctx, func(tx tx) (err error) {
		keys, err = l.store.keys(ctx, tx,
			`WHERE final = 0 AND finalised_at = 0 AND seen_at < $1 ORDER BY seen_at LIMIT 200`, silent)
		return err
	})
	if err != nil {
		return err
	}
	for _, key := range keys {
		err := l.store.inTx(ctx, func(tx tx) error {
			r, err := l.store.get(ctx, tx, key)
			if errors.Is(err, ErrNotFound) {
				return nil // Reset meanwhile.
			}
			if err != nil {
				return err
			}
			if r.Record.Final || r.Finalised != 0 || r.SeenAt >= silent {
				return nil
			}
			r.Finalised = now.UnixMilli()
			if r.State == stateNeedsYou {
				return l.store.update(ctx, tx, r) // Nothing new that would help.
			}
			if r.DueAt == 0 {
				r.DueAt = now.UnixMilli()
			}
			return l.requeue(ctx, tx, &r, priorityFresh)
		})
		if err != nil {
			return fmt.Errorf("finalise %s: %w", key, err)
		}
		l.log.Info("record finalised by the server", "key", key)
	}
	return nil
}

// age puts what has waited for long behind what has just ended: after an outage
// the fresh ones must not wait until a day's backlog is written.
func (l *Ledger) age(ctx context.Context) error {
	before, lock := l.store.jobTime(time.Now().Add(-freshFor)), l.store.lock
	if lock != "" {
		lock += " SKIP LOCKED" // Those are being worked.
	}
	for n := int64(ageAtOnce); n == ageAtOnce; {
		err := l.store.inTx(ctx, func(tx tx) (err error) {
			n, err = tx.exec(ctx, `UPDATE river_job SET priority = $1 WHERE id IN (SELECT id FROM river_job
				WHERE state IN ('available', 'retryable', 'scheduled') AND queue = $5 AND priority = $2
				AND created_at < $3 LIMIT $4`+lock+`)`, priorityBacklog, priorityFresh, before, ageAtOnce, river.QueueDefault)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// unwritten is what should have been written before a time. It names the index
// that SQLite is to use; see ofInteraction.
const unwritten = `WHERE state <> 'enriched' AND state IN ('queued', 'saved') AND due_at > 0
	AND written_seq < seq AND updated_at < $1 AND lease = ''`

// sweep enqueues again what should have been written and has no job: after a
// job that was discarded or a table that was tampered with.
func (l *Ledger) sweep(ctx context.Context) error {
	if err := l.store.backfill(ctx); err != nil {
		return err
	}
	old := l.c.Now().Add(-2 * time.Minute).UnixMilli()
	return l.store.inTx(ctx, func(tx tx) error {
		rows, err := l.store.rows(ctx, tx, unwritten+` ORDER BY updated_at LIMIT 500`, old)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := l.enqueueDue(ctx, tx, r, priorityBacklog); err != nil {
				return err
			}
		}
		return nil
	})
}

// Resume writes again what waited for an admin: after a portal was linked or
// authorised again. It returns how many records that are.
func (l *Ledger) Resume(ctx context.Context, orgID string) (int, error) {
	n := 0
	err := l.store.inTx(ctx, func(tx tx) error {
		rows, err := l.store.rows(ctx, tx, `WHERE org_id = $1 AND state = 'needs-you' AND need = 'admin'`+l.store.lock, orgID)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := l.requeue(ctx, tx, &r, priorityBacklog); err != nil {
				return err
			}
		}
		n = len(rows)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("ledger: resume: %w", err)
	}
	l.portals.clear() // What was refused before may be allowed now.
	return n, nil
}

// Stats say how much there is to do.
type Stats struct {
	Live     int       `json:"live"`    // Calls that have not ended.
	Waiting  int       `json:"waiting"` // Ended, not completely written.
	NeedsYou int       `json:"needsYou"`
	Done     int       `json:"done"`
	Running  int       `json:"running"` // Jobs at work at this moment, in all processes.
	Oldest   time.Time `json:"oldest"`  // When the oldest of the waiting ended; zero if none waits.
}

// counting reads nothing but an index.
const counting = `SELECT COALESCE(SUM(CASE WHEN due_at = 0 THEN 1 ELSE 0 END), 0),
	COALESCE(SUM(CASE WHEN due_at > 0 AND state = 'needs-you' THEN 1 ELSE 0 END), 0),
	COALESCE(SUM(CASE WHEN due_at > 0 AND written_seq = seq THEN 1 ELSE 0 END), 0),
	COALESCE(SUM(CASE WHEN due_at > 0 AND written_seq < seq AND state <> 'needs-you' THEN 1 ELSE 0 END), 0),
	COALESCE(MIN(CASE WHEN due_at > 0 AND written_seq < seq AND state <> 'needs-you' THEN due_at END), 0)
	FROM deskbridge_record`

// Depth counts.
func (l *Ledger) Depth(ctx context.Context) (Stats, error) {
	var s Stats
	var oldest int64
	err := l.store.inTx(ctx, func(tx tx) error {
		err := tx.query(ctx, func(scan func(...any) error) error {
			return scan(&s.Live, &s.NeedsYou, &s.Done, &s.Waiting, &oldest)
		}, counting)
		if err != nil {
			return err
		}
		return tx.query(ctx, func(scan func(...any) error) error { return scan(&s.Running) },
			`SELECT COUNT(*) FROM river_job WHERE state = 'running'`)
	})
	if err != nil {
		return Stats{}, fmt.Errorf("ledger: depth: %w", err)
	}
	if oldest != 0 {
		s.Oldest = time.UnixMilli(oldest)
	}
	return s, nil
}

// Reset forgets all records and jobs. It waits for the work that is running in
// this process, so that nothing of it comes after Reset has returned. It is
// for the sandbox: nothing else may ever call it.
func (l *Ledger) Reset(ctx context.Context) error {
	l.gate.Lock()
	defer l.gate.Unlock()
	err := l.store.inTx(ctx, func(tx tx) error {
		for _, q := range []string{`DELETE FROM river_job`, `DELETE FROM deskbridge_ticket`, `DELETE FROM deskbridge_record`} {
			if _, err := tx.exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("ledger: reset: %w", err)
	}
	l.portals.clear()
	return nil
}
