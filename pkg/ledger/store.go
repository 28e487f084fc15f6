package ledger

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/riverqueue/river"
)

//go:embed migration/*.sql
var migrations embed.FS

// tx is a transaction of either database. SQL is written with $1 placeholders,
// which both know.
type tx interface {
	exec(ctx context.Context, query string, args ...any) (int64, error)
	// query calls each with a scan function for every row.
	query(ctx context.Context, each func(scan func(...any) error) error, query string, args ...any) error
	enqueue(ctx context.Context, args river.JobArgs, opts *river.InsertOpts) error
}

// runner is the part of a River client that does not depend on the database.
type runner interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
	Stopped() <-chan struct{}
	ID() string
}

// store is the database. The two kinds differ in how a transaction begins, how
// a row is locked, and how the work of a dead process is found.
type store struct {
	db    *sql.DB
	river runner
	begin func(ctx context.Context) (transaction, error)
	lock  string // What a SELECT adds to lock its rows.
	reap  func(ctx context.Context) error
	// ownJobs is the condition for jobs that River believes to run here; $1 is
	// the client's id.
	ownJobs string
	finish  func() error

	jobTime func(time.Time) any // How River keeps times.
}

type transaction interface {
	tx
	commit(ctx context.Context) error
	rollback(ctx context.Context) error
}

func openStore(ctx context.Context, c Config, w *Ledger) (*store, error) {
	if strings.HasPrefix(c.DatabaseURL, "postgres://") || strings.HasPrefix(c.DatabaseURL, "postgresql://") {
		return openPostgres(ctx, c, w)
	}
	return openSQLite(ctx, c, w)
}

func (s *store) inTx(ctx context.Context, do func(tx) error) error {
	t, err := s.begin(ctx)
	if err != nil {
		return err
	}
	if err := do(t); err != nil {
		// The context may be the reason; the connection must come back anyway.
		clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = t.rollback(clean)
		return err
	}
	return t.commit(ctx)
}

// migrate brings our own tables up to date. River has its own migrations.
func (s *store) migrate(ctx context.Context) error {
	return s.inTx(ctx, func(tx tx) error {
		_, err := tx.exec(ctx, `CREATE TABLE IF NOT EXISTS deskbridge_migration (version BIGINT PRIMARY KEY)`)
		if err != nil {
			return err
		}
		var have int64
		err = tx.query(ctx, func(scan func(...any) error) error { return scan(&have) },
			`SELECT COALESCE(MAX(version), 0) FROM deskbridge_migration`)
		if err != nil {
			return err
		}
		files, err := fs.ReadDir(migrations, "migration")
		if err != nil {
			return err
		}
		for _, f := range files {
			number, _, _ := strings.Cut(f.Name(), "_")
			version, err := strconv.ParseInt(number, 10, 64)
			if err != nil {
				return fmt.Errorf("migration %s: %w", f.Name(), err)
			}
			if version <= have {
				continue
			}
			text, err := migrations.ReadFile("migration/" + f.Name())
			if err != nil {
				return err
			}
			// pgx runs one statement at a time.
			for statement := range strings.SplitSeq(string(text), ";\n") {
				if strings.TrimSpace(statement) == "" {
					continue
				}
				if _, err := tx.exec(ctx, statement); err != nil {
					return fmt.Errorf("migration %s: %w", f.Name(), err)
				}
			}
			if _, err := tx.exec(ctx, `INSERT INTO deskbridge_migration (version) VALUES ($1)`, version); err != nil {
				return err
			}
		}
		return nil
	})
}

const columns = `key, org_id, agent_id, email, name, record, seq, written_seq, started_at, seen_at,
	due_at, finalised_at, state, need, detail, url, object, task, ticket, updated_at`

// insert stores a new row and says whether there was none of that key.
func (s *store) insert(ctx context.Context, tx tx, r row) (bool, error) {
	record, object, task, ticket, err := r.encode()
	if err != nil {
		return false, err
	}
	n, err := tx.exec(ctx, `INSERT INTO deskbridge_record (`+columns+`, final, interaction_id, direction,
		number, portal_id, contact)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
		$22, $23, $24, $25, $26)
		ON CONFLICT (key) DO NOTHING`,
		r.Key, r.Agent.OrgID, r.Agent.AgentID, r.Agent.Email, r.Agent.Name, record, r.Seq, r.WrittenSeq,
		r.StartedAt, r.SeenAt, r.DueAt, r.Finalised, r.State, r.Need, r.Detail, r.URL, object, task, ticket, r.UpdateAt,
		flag(r.Record.Final), r.Record.InteractionID, r.Record.Direction, r.Record.Number, r.Record.PortalID,
		linkOf(r.Record))
	return n == 1, err
}

// update writes everything but the lease.
func (s *store) update(ctx context.Context, tx tx, r row) error {
	record, object, task, ticket, err := r.encode()
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `UPDATE deskbridge_record SET email = $2, name = $3, record = $4, seq = $5,
		written_seq = $6, started_at = $7, seen_at = $8, due_at = $9, finalised_at = $10, state = $11,
		need = $12, detail = $13, url = $14, object = $15, updated_at = $16, final = $17, task = $18,
		interaction_id = $19, direction = $20, number = $21, portal_id = $22, contact = $23, ticket = $24 WHERE key = $1`,
		r.Key, r.Agent.Email, r.Agent.Name, record, r.Seq, r.WrittenSeq, r.StartedAt, r.SeenAt, r.DueAt,
		r.Finalised, r.State, r.Need, r.Detail, r.URL, object, r.UpdateAt, flag(r.Record.Final), task,
		r.Record.InteractionID, r.Record.Direction, r.Record.Number, r.Record.PortalID, linkOf(r.Record), ticket)
	return err
}

// get reads and locks a row.
func (s *store) get(ctx context.Context, tx tx, key string) (row, error) {
	rows, err := s.rows(ctx, tx, `WHERE key = $1`+s.lock, key)
	if err != nil {
		return row{}, err
	}
	if len(rows) == 0 {
		return row{}, ErrNotFound
	}
	return rows[0], nil
}

func (s *store) list(ctx context.Context, a Agent, since time.Time) ([]row, error) {
	from := int64(0)
	if !since.IsZero() {
		from = since.UnixMilli()
	}
	var out []row
	err := s.inTx(ctx, func(tx tx) error {
		var err error
		out, err = s.rows(ctx, tx, `WHERE org_id = $1 AND agent_id = $2 AND started_at >= $3
			ORDER BY started_at DESC, key DESC LIMIT 500`, a.OrgID, a.AgentID, from)
		return err
	})
	return out, err
}

func (s *store) rows(ctx context.Context, tx tx, where string, args ...any) ([]row, error) {
	var out []row
	err := tx.query(ctx, func(scan func(...any) error) error {
		var r row
		var record, object, task, ticket string
		if err := scan(&r.Key, &r.Agent.OrgID, &r.Agent.AgentID, &r.Agent.Email, &r.Agent.Name, &record,
			&r.Seq, &r.WrittenSeq, &r.StartedAt, &r.SeenAt, &r.DueAt, &r.Finalised, &r.State, &r.Need,
			&r.Detail, &r.URL, &object, &task, &ticket, &r.UpdateAt); err != nil {
			return err
		}
		if err := errors.Join(json.Unmarshal([]byte(record), &r.Record), json.Unmarshal([]byte(object), &r.Object),
			json.Unmarshal([]byte(task), &r.Task), json.Unmarshal([]byte(ticket), &r.Ticket)); err != nil {
			return fmt.Errorf("record %s: %w", r.Key, err)
		}
		out = append(out, r)
		return nil
	}, `SELECT `+columns+` FROM deskbridge_record `+where, args...)
	return out, err
}

// keys collects the keys that a condition selects.
func (s *store) keys(ctx context.Context, tx tx, where string, args ...any) ([]string, error) {
	var out []string
	err := tx.query(ctx, func(scan func(...any) error) error {
		var key string
		err := scan(&key)
		out = append(out, key)
		return err
	}, `SELECT key FROM deskbridge_record `+where, args...)
	return out, err
}

func (r row) encode() (record, object, task, ticket string, err error) {
	for _, part := range []struct {
		text *string
		of   any
	}{{&record, r.Record}, {&object, r.Object}, {&task, r.Task}, {&ticket, r.Ticket}} {
		text, err := json.Marshal(part.of)
		if err != nil {
			return "", "", "", "", err
		}
		*part.text = string(text)
	}
	return record, object, task, ticket, nil
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
