package ledger

import (
	"context"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// Health says what a ledger can do at this moment.
type Health struct {
	Database error // Nil while it answers.
	Migrated bool  // Its tables are at least as new as this program.
	Running  bool  // Records are being written.
}

// Health asks the database, as long as ctx lets it, and looks whether records
// are being written.
func (l *Ledger) Health(ctx context.Context) Health {
	h := Health{Running: l.running()}
	var have int64
	h.Database = l.store.db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM deskbridge_migration`).Scan(&have)
	if h.Database != nil {
		h.Database = fmt.Errorf("ledger: health: %w", h.Database)
		return h
	}
	want, err := newestMigration()
	h.Migrated = err == nil && have >= want
	return h
}

func (l *Ledger) running() bool {
	if l.stop == nil {
		return false
	}
	select {
	case <-l.store.river.Stopped():
		return false
	default:
		return true
	}
}

// newestMigration is the version that this program brings its tables to.
func newestMigration() (int64, error) {
	files, err := fs.ReadDir(migrations, "migration")
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("ledger: migrations: %w", err)
	}
	number, _, _ := strings.Cut(files[len(files)-1].Name(), "_") // They are sorted.
	return strconv.ParseInt(number, 10, 64)
}

// Breakers is how many portals are left alone at this moment because they
// failed too often.
func (l *Ledger) Breakers() int {
	now := l.c.Now()
	l.portals.mu.Lock()
	defer l.portals.mu.Unlock()
	open := 0
	for _, p := range l.portals.m {
		p.mu.Lock()
		if p.trips > 0 || now.Before(p.until) {
			open++
		}
		p.mu.Unlock()
	}
	return open
}

// result is what Config.Observe is told of an attempt.
func (v verdict) result() string {
	switch {
	case v.state == stateNeedsYou:
		return "needs-" + v.need
	case v.state != "":
		return "written"
	case v.failed:
		return "failed"
	}
	return "waits"
}

// NeedsAdmin counts the records of all organisations that wait for an admin.
func (l *Ledger) NeedsAdmin(ctx context.Context) (int, error) {
	n := 0
	err := l.store.inTx(ctx, func(tx tx) error {
		return tx.query(ctx, func(scan func(...any) error) error { return scan(&n) },
			`SELECT COUNT(*) FROM deskbridge_record WHERE state = 'needs-you' AND need = 'admin' AND due_at > 0`)
	})
	if err != nil {
		return 0, fmt.Errorf("ledger: needs admin: %w", err)
	}
	return n, nil
}
