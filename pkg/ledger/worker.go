package ledger

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

const (
	clientPrefix = "deskbridge-"

	jobTimeout = time.Minute
	leaseFor   = 2 * jobTimeout // A fallback: leases of the dead are released by name.
	maxDelay   = 5 * time.Minute

	priorityFresh   = 1 // Somebody is waiting for the receipt.
	priorityBacklog = 3
	freshFor        = 5 * time.Minute // Then nobody is any more.
)

// writeArgs name a job. The sequence number is in them so that the job of a
// newer revision is never taken for the one that already runs.
type writeArgs struct {
	Key string `json:"key"`
	Seq int64  `json:"seq"`
}

// Kind is the job's name in the database.
func (writeArgs) Kind() string { return "deskbridge_write" }

// insertOpts let the same job be enqueued once: the sweeper may find a record
// whose job only waits. A completed job is no reason not to enqueue.
func insertOpts(priority int) *river.InsertOpts {
	return &river.InsertOpts{
		MaxAttempts: 1000, Priority: priority,
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
			rivertype.JobStateRunning, rivertype.JobStateScheduled,
		}},
	}
}

func newClientID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // Never fails.
	b[0] &= 0x7f           // It becomes a positive int64.
	return clientPrefix + hex.EncodeToString(b[:])
}

func (l *Ledger) riverConfig(id string) *river.Config {
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{l: l})
	river.AddWorker(workers, &ghostWorker{l: l})
	return &river.Config{
		ID:                          id,
		Logger:                      l.quiet(),
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: l.c.Workers}},
		Workers:                     workers,
		JobTimeout:                  jobTimeout,
		FetchCooldown:               20 * time.Millisecond,
		FetchPollInterval:           min(max(l.c.RetryDelay/4, 20*time.Millisecond), 500*time.Millisecond),
		CompletedJobRetentionPeriod: time.Hour,
		CancelledJobRetentionPeriod: time.Hour,
		RescueStuckJobsAfter:        10 * time.Minute,
	}
}

// worker adapts a ledger to River.
type worker struct {
	river.WorkerDefaults[writeArgs]
	l *Ledger
}

// Work writes the job's record.
func (w *worker) Work(ctx context.Context, job *river.Job[writeArgs]) error {
	w.l.gate.RLock()
	defer w.l.gate.RUnlock()
	defer w.l.atWork(job.ID)()
	return w.l.work(ctx, job.Args.Key, w.l.store.river.ID()+"/"+strconv.FormatInt(job.ID, 10))
}

// NextRetry spaces the attempts after an error of our own, such as a database
// that is away. What HubSpot says is answered by snoozing.
func (w *worker) NextRetry(job *river.Job[writeArgs]) time.Time {
	return time.Now().Add(backoff(time.Second, job.Attempt))
}

func backoff(first time.Duration, n int) time.Duration {
	return min(first<<min(max(n-1, 0), 12), maxDelay)
}

// verdict is how an attempt to write a row ended.
type verdict struct {
	state  string        // A receipt state; empty if the row is to be tried again.
	need   string        // For needs-you: who.
	detail string        // For needs-you: which field, why.
	again  time.Duration // When to try again.
	failed bool          // It is HubSpot's or the network's fault: counts for the back-off.
	why    error         // For the log.
}

// work writes the newest content of a row until what is written is what is
// stored. owner names this attempt: two jobs of one row exclude each other by a
// lease, as no transaction may stay open while HubSpot is asked.
func (l *Ledger) work(ctx context.Context, key, owner string) error {
	for range 10 {
		r, ok, err := l.claim(ctx, key, owner)
		if errors.Is(err, ErrNotFound) {
			return river.JobCancel(err)
		}
		if err != nil {
			return err
		}
		if !ok {
			return river.JobSnooze(l.c.RetryDelay)
		}
		if r.DueAt == 0 && !r.asksTicket() || r.WrittenSeq == r.Seq || r.State == stateNeedsYou {
			return l.release(ctx, key, owner)
		}
		w := &writing{l: l, row: r, owner: owner}
		v := w.deliver(ctx)
		newer, err := l.settle(ctx, w, v)
		if err != nil {
			return err
		}
		switch {
		case newer && v.state != "":
			continue
		case v.state == "":
			return river.JobSnooze(v.again)
		case v.state == stateNeedsYou:
			return river.JobCancel(errors.New("needs " + v.need))
		}
		return nil
	}
	return river.JobSnooze(0) // It changes faster than it can be written.
}

// claim takes the row's lease. ok is false if another job has it.
func (l *Ledger) claim(ctx context.Context, key, owner string) (r row, ok bool, err error) {
	err = l.store.inTx(ctx, func(tx tx) error {
		r, err = l.store.get(ctx, tx, key)
		if err != nil {
			return err
		}
		now := l.c.Now()
		n, err := tx.exec(ctx, `UPDATE deskbridge_record SET lease = $2, lease_until = $3
			WHERE key = $1 AND (lease = '' OR lease = $2 OR lease_until < $4)`,
			key, owner, now.Add(leaseFor).UnixMilli(), now.UnixMilli())
		ok = n == 1
		return err
	})
	return r, ok, err
}

func (l *Ledger) release(ctx context.Context, key, owner string) error {
	return l.store.inTx(ctx, func(tx tx) error { return releaseLease(ctx, tx, key, owner) })
}

func releaseLease(ctx context.Context, tx tx, key, owner string) error {
	_, err := tx.exec(ctx, `UPDATE deskbridge_record SET lease = '', lease_until = 0
		WHERE key = $1 AND lease = $2`, key, owner)
	return err
}

// errLeaseLost says that the row was taken from us: we were thought dead.
var errLeaseLost = errors.New("ledger: lease lost")

// settle stores how an attempt ended and says whether the row has changed
// since it was claimed.
func (l *Ledger) settle(ctx context.Context, w *writing, v verdict) (newer bool, err error) {
	// The job's own deadline may be what ended the attempt.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err = w.checkpoint(ctx, func(r *row) {
		newer = r.Seq != w.row.Seq
		if v.failed {
			r.Object.Fails++
		} else if v.state != "" {
			r.Object.Fails = 0
		}
		if newer || w.row.DueAt == 0 { // Of a live call nothing but its ticket is written.
			return
		}
		switch v.state {
		case "":
		case stateNeedsYou:
			r.State, r.Need, r.Detail = v.state, v.need, v.detail
		default:
			r.State, r.Need, r.Detail, r.WrittenSeq = v.state, "", v.detail, r.Seq
		}
	}, true)
	if err == nil {
		l.c.Observe(v.result())
	}
	switch {
	case err != nil:
		return false, err
	case v.why != nil:
		l.log.Warn("record not written", "key", w.row.Key, "state", v.state, "again", v.again, "error", v.why)
	case v.state != "" && !newer:
		l.log.Info("record written", "key", w.row.Key, "state", v.state, "call", w.row.Object.ID)
	}
	return newer, nil
}

// quiet keeps River's routine out of the log.
func (l *Ledger) quiet() *slog.Logger {
	return slog.New(atLeastWarn{l.log.Handler()}).With("component", "river")
}

type atLeastWarn struct{ slog.Handler }

func (h atLeastWarn) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

func (h atLeastWarn) WithAttrs(a []slog.Attr) slog.Handler {
	return atLeastWarn{h.Handler.WithAttrs(a)}
}
func (h atLeastWarn) WithGroup(name string) slog.Handler {
	return atLeastWarn{h.Handler.WithGroup(name)}
}
