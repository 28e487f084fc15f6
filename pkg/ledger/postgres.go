package ledger

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

const (
	migrationLock = 0x6465736b // One process migrates at a time.
	heartbeat     = 2 * time.Second
	steady        = 5 * heartbeat // A heart must have beaten that long to judge others.
)

// openPostgres opens a database that several processes may share. Each holds
// an advisory lock that PostgreSQL lets go when its connection dies: whoever
// can take a worker's lock knows that the worker is dead.
func openPostgres(ctx context.Context, c Config, l *Ledger) (*store, error) {
	config, err := pgxpool.ParseConfig(c.DatabaseURL)
	if err != nil {
		return nil, errors.New("ledger: open: the database URL cannot be parsed") // The cause may show the password.
	}
	config.MaxConns = max(config.MaxConns, int32(min(c.Workers, 32))+6)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("ledger: open: %w", err)
	}
	s, err := postgresStore(ctx, l, pool)
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("ledger: open: %w", err)
	}
	return s, nil
}

func postgresStore(ctx context.Context, l *Ledger, pool *pgxpool.Pool) (*store, error) {
	driver := riverpgxv5.New(pool)
	id := newClientID()
	client, err := river.NewClient(driver, l.riverConfig(id))
	if err != nil {
		return nil, err
	}
	s := &store{db: stdlib.OpenDBFromPool(pool), river: client, lock: " FOR UPDATE"}
	s.begin = func(ctx context.Context) (transaction, error) {
		t, err := pool.Begin(ctx)
		if err != nil {
			return nil, err
		}
		return pgTx{t, client}, nil
	}
	err = pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, migrationLock); err != nil {
			return err
		}
		err := errors.Join(migrateRiver(ctx, driver, l), s.migrate(ctx))
		_, unlockErr := conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, migrationLock)
		return errors.Join(err, unlockErr)
	})
	if err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	h, err := startHeart(ctx, pool, id)
	if err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	s.jobTime = func(t time.Time) any { return t }
	s.ownJobs = `state = 'running' AND attempted_by[array_upper(attempted_by, 1)] = $1`
	s.reap = func(ctx context.Context) error {
		if !h.steady() {
			return nil // A database that was just restarted makes everybody look dead.
		}
		return s.reapDead(ctx, id)
	}
	s.finish = func() error {
		h.stop()
		err := s.db.Close()
		pool.Close()
		return err
	}
	if err := s.reapDead(ctx, id); err != nil {
		return nil, errors.Join(err, s.finish())
	}
	return s, nil
}

// reapDead releases what dead workers were working on.
func (s *store) reapDead(ctx context.Context, own string) error {
	return s.inTx(ctx, func(tx tx) error {
		var ids []string
		err := tx.query(ctx, func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			ids = append(ids, id)
			return err
		}, `SELECT DISTINCT attempted_by[array_upper(attempted_by, 1)] FROM river_job
				WHERE state = 'running' AND attempted_by IS NOT NULL
			UNION SELECT leader_id FROM river_leader`)
		if err != nil {
			return fmt.Errorf("reap: %w", err)
		}
		for _, id := range ids {
			number, ok := lockNumber(id)
			if !ok || id == own {
				continue
			}
			dead := false
			err := tx.query(ctx, func(scan func(...any) error) error { return scan(&dead) },
				`SELECT pg_try_advisory_xact_lock($1)`, number)
			if err != nil {
				return fmt.Errorf("reap: %w", err)
			}
			if !dead {
				continue
			}
			for _, q := range []string{
				// Who has a lease has a running job. Leases have no index, and need none.
				`UPDATE deskbridge_record SET lease = '', lease_until = 0 WHERE split_part(lease, '/', 1) = $1
					AND key IN (SELECT args->>'key' FROM river_job
						WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] = $1)`,
				`UPDATE river_job SET state = 'available', attempt = GREATEST(attempt - 1, 0)
					WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] = $1`,
				`DELETE FROM river_leader WHERE leader_id = $1`,
			} {
				if _, err := tx.exec(ctx, q, id); err != nil {
					return fmt.Errorf("reap: %w", err)
				}
			}
		}
		return nil
	})
}

// lockNumber is the advisory lock of a worker, from its id "deskbridge-<hex>".
func lockNumber(id string) (int64, bool) {
	text, ok := strings.CutPrefix(id, clientPrefix)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 16, 64)
	return n, err == nil
}

// heart holds a worker's advisory lock and takes it again when the connection
// was lost.
type heart struct {
	since  atomic.Int64 // Unix ns of holding the lock; 0 while lost.
	cancel context.CancelFunc
	done   chan struct{}
}

func startHeart(ctx context.Context, pool *pgxpool.Pool, id string) (*heart, error) {
	number, _ := lockNumber(id)
	hold := func(ctx context.Context) (*pgxpool.Conn, error) {
		conn, err := pool.Acquire(ctx)
		if err != nil {
			return nil, err
		}
		if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, number); err != nil {
			conn.Release()
			return nil, err
		}
		return conn, nil
	}
	conn, err := hold(ctx)
	if err != nil {
		return nil, err
	}
	beating, cancel := context.WithCancel(context.WithoutCancel(ctx))
	h := &heart{cancel: cancel, done: make(chan struct{})}
	h.since.Store(time.Now().UnixNano())
	go func() { // Ends with stop.
		defer close(h.done)
		tick := time.NewTicker(heartbeat)
		defer tick.Stop()
		for {
			select {
			case <-beating.Done():
				if conn != nil {
					letGo(conn)
				}
				return
			case <-tick.C:
			}
			if conn != nil && conn.Ping(beating) != nil {
				h.since.Store(0)
				letGo(conn)
				conn = nil
			}
			if conn == nil {
				if conn, err = hold(beating); err == nil {
					h.since.Store(time.Now().UnixNano())
				}
			}
		}
	}()
	return h, nil
}

// letGo closes the connection, and with it the lock: one that went back to the
// pool would keep it.
func letGo(conn *pgxpool.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), heartbeat)
	defer cancel()
	_ = conn.Hijack().Close(ctx)
}

func (h *heart) steady() bool {
	since := h.since.Load()
	return since != 0 && time.Since(time.Unix(0, since)) >= steady
}

func (h *heart) stop() {
	h.cancel()
	<-h.done
}

type pgTx struct {
	pgx.Tx
	client *river.Client[pgx.Tx]
}

func (t pgTx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	done, err := t.Exec(ctx, query, args...)
	return done.RowsAffected(), err
}

func (t pgTx) query(ctx context.Context, each func(func(...any) error) error, query string, args ...any) error {
	rows, err := t.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (t pgTx) enqueue(ctx context.Context, args river.JobArgs, opts *river.InsertOpts) error {
	_, err := t.client.InsertTx(ctx, t.Tx, args, opts)
	return err
}

func (t pgTx) commit(ctx context.Context) error   { return t.Commit(ctx) }
func (t pgTx) rollback(ctx context.Context) error { return t.Rollback(ctx) }
