package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	_ "modernc.org/sqlite" // The driver "sqlite".
)

// openSQLite opens a file that belongs to this process alone: whatever it finds
// running there was left behind.
func openSQLite(ctx context.Context, c Config, l *Ledger) (*store, error) {
	path, query := strings.TrimPrefix(c.DatabaseURL, "sqlite:"), url.Values{}
	if rest, ok := strings.CutPrefix(path, "file:"); ok {
		text := ""
		path, text, _ = strings.Cut(rest, "?")
		var err error
		if query, err = url.ParseQuery(text); err != nil {
			return nil, fmt.Errorf("ledger: open %s: %w", path, err)
		}
	}
	cleanUp := func() error { return nil }
	if path == "" {
		dir, err := os.MkdirTemp("", "deskbridge-ledger-")
		if err != nil {
			return nil, fmt.Errorf("ledger: open: %w", err)
		}
		path = filepath.Join(dir, "ledger.db")
		query.Add("_pragma", "synchronous(OFF)") // It does not outlive us anyway.
		cleanUp = func() error { return os.RemoveAll(dir) }
	}
	s, err := sqliteStore(ctx, l, path, query)
	if err != nil {
		return nil, fmt.Errorf("ledger: open %s: %w", path, errors.Join(err, cleanUp()))
	}
	s.finish = func() error { return errors.Join(s.db.Close(), cleanUp()) }
	return s, nil
}

// sqliteStore opens the file. The query's own pragmas come after ours and win.
func sqliteStore(ctx context.Context, l *Ledger, path string, query url.Values) (*store, error) {
	query["_pragma"] = append([]string{
		// FULL: what was acknowledged survives a power cut, too.
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
	}, query["_pragma"]...)
	// A transaction that begins by reading must not fail when it writes.
	query.Set("_txlock", "immediate")
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+query.Encode())
	if err != nil {
		return nil, err
	}
	// One connection: SQLite has one writer, and waiting in Go is fairer than
	// its busy handler. It is never closed while idle.
	db.SetMaxOpenConns(1)
	db.SetConnMaxIdleTime(0)
	db.SetConnMaxLifetime(0)

	driver := riversqlite.New(db)
	if err := migrateRiver(ctx, driver, l); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	client, err := river.NewClient(driver, l.riverConfig(newClientID()))
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s := &store{db: db, river: client}
	s.begin = func(ctx context.Context) (transaction, error) {
		t, err := db.BeginTx(ctx, nil)
		if err != nil {
			return nil, err
		}
		return sqliteTx{t, client}, nil
	}
	s.jobTime = func(t time.Time) any { return t.UTC().Format("2006-01-02 15:04:05.000") }
	s.reap = func(context.Context) error { return nil } // Nobody else can have died.
	s.ownJobs = `state = 'running' AND $1 <> ''`        // Nobody else has any.
	if err := errors.Join(s.migrate(ctx), s.releaseAll(ctx)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// releaseAll takes everything back from the process that had the file before.
// Its leadership would otherwise hold up scheduled jobs for 15 s.
func (s *store) releaseAll(ctx context.Context) error {
	return s.inTx(ctx, func(tx tx) error {
		for _, q := range []string{
			`UPDATE river_job SET state = 'available', attempt = MAX(attempt - 1, 0) WHERE state = 'running'`,
			`UPDATE deskbridge_record SET lease = '', lease_until = 0 WHERE lease <> ''`,
			`DELETE FROM river_leader`,
		} {
			if _, err := tx.exec(ctx, q); err != nil {
				return fmt.Errorf("release: %w", err)
			}
		}
		return nil
	})
}

type sqliteTx struct {
	*sql.Tx
	client *river.Client[*sql.Tx]
}

func (t sqliteTx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	done, err := t.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

func (t sqliteTx) query(ctx context.Context, each func(func(...any) error) error, query string, args ...any) error {
	rows, err := t.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (t sqliteTx) enqueue(ctx context.Context, args river.JobArgs, opts *river.InsertOpts) error {
	_, err := t.client.InsertTx(ctx, t.Tx, args, opts)
	return err
}

func (t sqliteTx) commit(context.Context) error   { return t.Commit() }
func (t sqliteTx) rollback(context.Context) error { return t.Rollback() }

func migrateRiver[T any](ctx context.Context, driver riverdriver.Driver[T], l *Ledger) error {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: l.quiet()})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}
