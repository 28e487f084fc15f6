package ledger

import (
	"context"
	"fmt"
	"sync"
)

// jobs are those that this process is working on, and those that it only seems
// to be: the database counts them as running here, and nobody runs them.
//
// A connection that breaks at the wrong moment makes such a job: River took it
// and never heard that it had, or ended it and could not say so. Left to River,
// it would be rescued after ten minutes.
type jobs struct {
	mu      sync.Mutex
	working map[int64]bool
	lost    map[int64]int // By id the attempt, as seen the last time.
}

// atWork notes a job until the returned function is called.
func (l *Ledger) atWork(id int64) (done func()) {
	l.jobs.mu.Lock()
	defer l.jobs.mu.Unlock()
	if l.jobs.working == nil {
		l.jobs.working = map[int64]bool{}
	}
	l.jobs.working[id] = true
	return func() {
		l.jobs.mu.Lock()
		defer l.jobs.mu.Unlock()
		delete(l.jobs.working, id)
	}
}

// reclaim gives jobs back that looked lost the last time, too: one that has just
// been taken, or has just ended, is neither at work nor lost. A job that was
// written and is done once more finds nothing to write.
func (l *Ledger) reclaim(ctx context.Context) error {
	own := l.store.river.ID()
	running := map[int64]int{}
	err := l.store.inTx(ctx, func(tx tx) error {
		return tx.query(ctx, func(scan func(...any) error) error {
			var id int64
			var attempt int
			err := scan(&id, &attempt)
			running[id] = attempt
			return err
		}, `SELECT id, attempt FROM river_job WHERE `+l.store.ownJobs, own)
	})
	if err != nil {
		return fmt.Errorf("reclaim: %w", err)
	}
	for _, id := range l.jobs.gone(running) {
		err := l.store.inTx(ctx, func(tx tx) error {
			_, err := tx.exec(ctx, `UPDATE river_job SET state = 'available' WHERE `+l.store.ownJobs+` AND id = $2 AND attempt = $3`,
				own, id, running[id])
			return err
		})
		if err != nil {
			return fmt.Errorf("reclaim: %w", err)
		}
		l.log.Warn("job given back", "job", id)
	}
	return nil
}

// gone are the jobs among running that are nobody's for the second time.
func (j *jobs) gone(running map[int64]int) []int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	var gone []int64
	lost := map[int64]int{}
	for id, attempt := range running {
		if j.working[id] {
			continue
		}
		if before, ok := j.lost[id]; ok && before == attempt {
			gone = append(gone, id)
		} else {
			lost[id] = attempt
		}
	}
	j.lost = lost
	return gone
}
