package tokens

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// The statements run on SQLite and PostgreSQL alike. Times are ms since 1970.
const schema = `CREATE TABLE IF NOT EXISTS deskbridge_tokens (
	id TEXT PRIMARY KEY,
	sealed TEXT NOT NULL,
	obtained_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	version BIGINT NOT NULL,
	stale BIGINT NOT NULL DEFAULT 0,
	refused BIGINT NOT NULL DEFAULT 0,
	lease TEXT NOT NULL DEFAULT '',
	lease_until BIGINT NOT NULL DEFAULT 0)`

type row struct {
	id, sealed        string
	obtained, expires time.Time
	version           int64 // Rises with each token.
	stale, refused    bool
}

func (s *Store) insert(ctx context.Context, r row) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO deskbridge_tokens
		(id, sealed, obtained_at, expires_at, version) VALUES ($1, $2, $3, $4, 1)
		ON CONFLICT (id) DO UPDATE SET sealed = $2, obtained_at = $3, expires_at = $4,
			version = deskbridge_tokens.version + 1, stale = 0, refused = 0, lease = '', lease_until = 0`,
		r.id, r.sealed, r.obtained.UnixMilli(), milli(r.expires))
	if err != nil {
		return fmt.Errorf("tokens: put: %w", err)
	}
	return nil
}

func (s *Store) read(ctx context.Context, id string) (row, oauth2.Token, error) {
	r := row{id: id}
	var obtained, expires, stale, refused int64
	err := s.db.QueryRowContext(ctx, `SELECT sealed, obtained_at, expires_at, version, stale, refused
		FROM deskbridge_tokens WHERE id = $1`, id).
		Scan(&r.sealed, &obtained, &expires, &r.version, &stale, &refused)
	if errors.Is(err, sql.ErrNoRows) {
		return row{}, oauth2.Token{}, ErrNone
	}
	if err != nil {
		return row{}, oauth2.Token{}, fmt.Errorf("tokens: read: %w", err)
	}
	r.obtained, r.stale, r.refused = time.UnixMilli(obtained), stale != 0, refused != 0
	if expires != 0 {
		r.expires = time.UnixMilli(expires)
	}
	t, err := s.unseal(id, r.sealed)
	return r, t, err
}

func (s *Store) markStale(ctx context.Context, id string, version int64) error {
	_, err := s.db.ExecContext(ctx,
		`UPDATE deskbridge_tokens SET stale = 1 WHERE id = $1 AND version = $2`, id, version)
	if err != nil {
		return fmt.Errorf("tokens: invalidate: %w", err)
	}
	return nil
}

// A sighting is a lease of somebody else's and since when it has been seen, by
// this process' own clock, which nobody sets.
type sighting struct {
	lease string
	since time.Time
}

// leaseFor is longer than a refresh may take, by more than clocks of replicas
// differ.
func (s *Store) leaseFor() time.Duration { return s.timeout * 3 / 2 }

// lease tries to become the one who refreshes this version of the token. A
// lease ends by its time or, where a clock was wrong when it was taken, when it
// has been seen for longer than any may last.
func (s *Store) lease(ctx context.Context, id, owner string, version int64) (bool, error) {
	now := s.now()
	done, err := s.db.ExecContext(ctx, `UPDATE deskbridge_tokens SET lease = $1, lease_until = $2
		WHERE id = $3 AND version = $4 AND (lease_until <= $5 OR lease = $6 AND lease <> '')`,
		owner, now.Add(s.leaseFor()).UnixMilli(), id, version, now.UnixMilli(), s.overdue(id))
	mine, err := changed(done, err)
	if mine || err != nil {
		s.look(id, "")
		return mine, err
	}
	var theirs string
	err = s.db.QueryRowContext(ctx, `SELECT lease FROM deskbridge_tokens WHERE id = $1`, id).Scan(&theirs)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("tokens: read lease: %w", err)
	}
	s.look(id, theirs)
	return false, nil
}

// look notes whose lease of a token was seen; "" is nobody's.
func (s *Store) look(id, lease string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case lease == "":
		delete(s.seen, id)
	case s.seen[id].lease != lease:
		s.seen[id] = sighting{lease, time.Now()}
	}
}

// overdue is the lease of a token that has been seen for too long, or "".
func (s *Store) overdue(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen, ok := s.seen[id]
	if !ok || time.Since(seen.since) < s.leaseFor() {
		return ""
	}
	return seen.lease
}

func (s *Store) release(ctx context.Context, id, owner string, refused bool) error {
	flag := 0
	if refused {
		flag = 1
	}
	_, err := s.db.ExecContext(ctx, `UPDATE deskbridge_tokens SET lease = '', lease_until = 0,
		refused = CASE WHEN $1 = 1 THEN 1 ELSE refused END WHERE id = $2 AND lease = $3`, flag, id, owner)
	if err != nil {
		return fmt.Errorf("tokens: refresh: %w", err)
	}
	return nil
}

// replace stores a refreshed token, unless somebody has put or deleted one in
// the meantime: theirs is newer.
func (s *Store) replace(ctx context.Context, r row, owner string) (bool, error) {
	done, err := s.db.ExecContext(ctx, `UPDATE deskbridge_tokens SET sealed = $1, obtained_at = $2, expires_at = $3,
		version = version + 1, stale = 0, refused = 0, lease = '', lease_until = 0
		WHERE id = $4 AND version = $5 AND lease = $6`,
		r.sealed, r.obtained.UnixMilli(), milli(r.expires), r.id, r.version, owner)
	return changed(done, err)
}

// Reseal seals every token anew that is not sealed with the first key, so that
// an old key can be taken out of the configuration. It returns how many.
func (s *Store) Reseal(ctx context.Context) (int, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT id, sealed FROM deskbridge_tokens`)
	if err != nil {
		return 0, fmt.Errorf("tokens: reseal: %w", err)
	}
	old := map[string]string{}
	for rows.Next() {
		var id, sealed string
		if err := rows.Scan(&id, &sealed); err != nil {
			_ = rows.Close()
			return 0, fmt.Errorf("tokens: reseal: %w", err)
		}
		if !strings.HasPrefix(sealed, s.ring.first+".") {
			old[id] = sealed
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return 0, fmt.Errorf("tokens: reseal: %w", err)
	}
	n := 0
	for id, sealed := range old {
		t, err := s.unseal(id, sealed)
		if err != nil {
			return n, fmt.Errorf("tokens: reseal %s: %w", id, err)
		}
		fresh, err := s.seal(id, t)
		if err != nil {
			return n, err
		}
		// Only what has not changed since: a refresh seals with the first key anyway.
		done, err := s.db.ExecContext(ctx,
			`UPDATE deskbridge_tokens SET sealed = $1 WHERE id = $2 AND sealed = $3`, fresh, id, sealed)
		ok, err := changed(done, err)
		if err != nil {
			return n, err
		}
		if ok {
			n++
		}
	}
	return n, nil
}

func changed(r sql.Result, err error) (bool, error) {
	if err != nil {
		return false, fmt.Errorf("tokens: write: %w", err)
	}
	n, err := r.RowsAffected()
	if err != nil {
		return false, fmt.Errorf("tokens: write: %w", err)
	}
	return n > 0, nil
}

func milli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
