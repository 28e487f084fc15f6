// Package tokens keeps OAuth tokens sealed in a database, refreshes them ahead
// of their expiry and never has two refreshes of one token in flight, neither
// in this process nor in another one on the same database.
//
// One refresh at a time is kept by a lease in the token's row. A process that
// dies between the vendor's answer and the row takes that answer with it. The
// next one asks with the old refresh token: HubSpot's lives until the app is
// uninstalled, Webex' is prolonged by being used. Of a vendor that makes it void
// at once, a person must authorise again ([ErrRefused]).
//
// What is stored is sealed with AES-256-GCM under a key that is not in the
// database, bound to the token's id: a row copied to another id does not open.
package tokens

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"
)

// ErrNone says that nothing is stored under the id.
var ErrNone = errors.New("tokens: none stored")

// ErrRefused says that the vendor will not refresh the token any more: revoked,
// expired or uninstalled. A person must authorise again; until [Store.Put]
// nobody is asked. Refresh functions wrap it; a refusal of golang.org/x/oauth2
// (400 or 401 with a body that the vendor meant) counts as one too.
var ErrRefused = errors.New("tokens: refresh refused")

// Config configures a Store.
type Config struct {
	DB   *sql.DB // Required. SQLite or PostgreSQL; stays the caller's to close.
	Keys []Key   // Required. The first seals, all open: put a new key in front to rotate.

	// Refresh gets a new token for a refresh token. It must return within
	// RefreshTimeout and wrap ErrRefused when asking again is useless. An
	// answer without a refresh token keeps the old one. Without Refresh,
	// tokens are handed out until they expire.
	Refresh func(ctx context.Context, id, refreshToken string) (*oauth2.Token, error)

	RefreshTimeout time.Duration    // Defaults to 20 s.
	RetryAfter     time.Duration    // Pause after a refresh that failed while the old token still works. Defaults to 15 s.
	Now            func() time.Time // Defaults to time.Now.
	Logger         *slog.Logger     // Defaults to silence. Never sees a token.
}

// A Store keeps tokens by id, such as "hubspot:4567" or "webex:<agent id>". It
// may be used from several goroutines and several processes.
type Store struct {
	db      *sql.DB
	ring    keyring
	refresh func(context.Context, string, string) (*oauth2.Token, error)
	timeout time.Duration
	pause   time.Duration
	now     func() time.Time
	log     *slog.Logger
	flight  singleflight.Group

	mu     sync.Mutex
	failed map[string]time.Time // When a refresh last failed.
	seen   map[string]sighting  // Leases of other processes.
}

// Open prepares the table in the database.
func Open(ctx context.Context, c Config) (*Store, error) {
	if c.DB == nil {
		return nil, errors.New("tokens: open: a database is required")
	}
	ring, err := newKeyring(c.Keys)
	if err != nil {
		return nil, err
	}
	s := &Store{
		db: c.DB, ring: ring, refresh: c.Refresh, timeout: c.RefreshTimeout,
		pause: c.RetryAfter, now: c.Now, log: c.Logger, failed: map[string]time.Time{}, seen: map[string]sighting{},
	}
	if s.timeout <= 0 {
		s.timeout = 20 * time.Second
	}
	if s.pause <= 0 {
		s.pause = 15 * time.Second
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if _, err := s.db.ExecContext(ctx, schema); err != nil {
		return nil, fmt.Errorf("tokens: open: %w", err)
	}
	return s, nil
}

// Put stores a token under id, replacing what was there.
func (s *Store) Put(ctx context.Context, id string, t oauth2.Token) error {
	if id == "" || t.AccessToken == "" {
		return errors.New("tokens: put: an id and an access token are required")
	}
	sealed, err := s.seal(id, t)
	if err != nil {
		return err
	}
	s.forgive(id)
	return s.insert(ctx, row{id: id, sealed: sealed, obtained: s.now(), expires: t.Expiry})
}

// Token returns the token of id, refreshed when it is about to expire. It asks
// the vendor when a fifth of the lifetime is left, or five minutes if that is
// sooner to come; while the old token works, a refresh that fails is not an
// error. Errors: ErrNone, ErrRefused, or the cause of a refresh that failed
// after the old token had expired.
func (s *Store) Token(ctx context.Context, id string) (oauth2.Token, error) {
	r, t, err := s.read(ctx, id)
	if err != nil {
		return oauth2.Token{}, err
	}
	now := s.now()
	if !s.due(r, now) {
		return t, nil
	}
	works := s.works(r, now)
	if works && (r.refused || s.refresh == nil || t.RefreshToken == "" || s.paused(id, now)) {
		return t, nil
	}
	fresh, err := s.renew(ctx, id)
	if err == nil {
		return fresh, nil
	}
	if works {
		s.log.Warn("token not refreshed, the old one still works", "token", id, "error", err)
		return t, nil
	}
	return oauth2.Token{}, err
}

// Invalidate says that the vendor refused the access token stale. If it is
// still the stored one, the next Token refreshes; if another refresh has
// replaced it, nothing happens.
func (s *Store) Invalidate(ctx context.Context, id, stale string) error {
	r, t, err := s.read(ctx, id)
	if err != nil {
		return err
	}
	if t.AccessToken != stale {
		return nil
	}
	s.forgive(id)
	return s.markStale(ctx, id, r.version)
}

// Delete forgets the token of id. Deleting what is not there is no error.
func (s *Store) Delete(ctx context.Context, id string) error {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM deskbridge_tokens WHERE id = $1`, id); err != nil {
		return fmt.Errorf("tokens: delete: %w", err)
	}
	s.forgive(id)
	return nil
}

// works says whether the vendor takes a token, as far as we know.
func (s *Store) works(r row, now time.Time) bool {
	return !r.stale && (r.expires.IsZero() || now.Before(r.expires))
}

// due says whether a token is to be refreshed. A very short life still gets
// half of it. One that was obtained in the future comes from before the clock
// was set back: nobody knows when it expires.
func (s *Store) due(r row, now time.Time) bool {
	if r.stale {
		return true
	}
	if r.expires.IsZero() {
		return false
	}
	if now.Add(time.Minute).Before(r.obtained) {
		return true
	}
	life := r.expires.Sub(r.obtained)
	margin := max(life/5, min(5*time.Minute, life/2))
	return !now.Before(r.expires.Add(-margin))
}

func (s *Store) paused(id string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.failed[id]
	return ok && now.Sub(at).Abs() < s.pause
}

func (s *Store) blame(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed[id] = s.now()
}

func (s *Store) forgive(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.failed, id)
}
