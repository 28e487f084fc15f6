package tokens_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
	_ "modernc.org/sqlite"

	"deskbridge/pkg/tokens"
)

var (
	oldKey = tokens.Key{ID: "2025", Secret: bytes.Repeat([]byte{1}, 32)}
	newKey = tokens.Key{ID: "2026", Secret: bytes.Repeat([]byte{2}, 32)}
)

const id = "hubspot:4567"

// clock stands still until it is told to go on.
type clock struct{ ns atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ns.Store(time.Unix(1_790_000_000, 0).UnixNano())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(0, c.ns.Load()) }
func (c *clock) advance(d time.Duration) { c.ns.Add(int64(d)) }

func database(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "tokens.db")+"?_pragma=synchronous(OFF)")
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func open(t *testing.T, c tokens.Config) *tokens.Store {
	t.Helper()
	if c.DB == nil {
		c.DB = database(t)
	}
	if c.Keys == nil {
		c.Keys = []tokens.Key{oldKey}
	}
	s, err := tokens.Open(t.Context(), c)
	require.NoError(t, err)
	return s
}

// token lives for half an hour, as HubSpot's do.
func token(c *clock, access string) oauth2.Token {
	return oauth2.Token{AccessToken: access, RefreshToken: "refresh-" + access, TokenType: "Bearer", Expiry: c.now().Add(30 * time.Minute)}
}

// vendor refreshes tokens and counts.
type vendor struct {
	clock *clock
	asked atomic.Int32
	err   error
	hold  chan struct{} // Refreshing waits for it, if not nil.
	began chan struct{}
}

func (v *vendor) refresh(_ context.Context, _, refreshToken string) (*oauth2.Token, error) {
	n := v.asked.Add(1)
	if v.hold != nil {
		v.began <- struct{}{}
		<-v.hold
	}
	if v.err != nil {
		return nil, v.err
	}
	t := token(v.clock, fmt.Sprintf("fresh-%d", n))
	t.RefreshToken = "" // The old one stays.
	return &t, nil
}

func TestTokensComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := open(t, tokens.Config{Now: c.now})
	want := token(c, "secret-access")

	require.NoError(t, s.Put(t.Context(), id, want))
	got, err := s.Token(t.Context(), id)

	require.NoError(t, err)
	require.Equal(t, want, got)
	_, err = s.Token(t.Context(), "hubspot:other")
	require.ErrorIs(t, err, tokens.ErrNone)
	require.NoError(t, s.Delete(t.Context(), id))
	_, err = s.Token(t.Context(), id)
	require.ErrorIs(t, err, tokens.ErrNone)
	require.Error(t, s.Put(t.Context(), id, oauth2.Token{}))
}

func TestNothingReadableIsStored(t *testing.T) {
	t.Parallel()
	c, db := newClock(), database(t)
	s := open(t, tokens.Config{DB: db, Now: c.now})
	require.NoError(t, s.Put(t.Context(), id, token(c, "secret-access")))

	var sealed string
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT sealed FROM deskbridge_tokens`).Scan(&sealed))
	require.NotContains(t, sealed, "secret")
	require.True(t, strings.HasPrefix(sealed, "2025."))

	// A row under another id, and a row that was changed, do not open.
	_, err := db.ExecContext(t.Context(), `UPDATE deskbridge_tokens SET id = 'hubspot:9999'`)
	require.NoError(t, err)
	_, err = s.Token(t.Context(), "hubspot:9999")
	require.ErrorIs(t, err, tokens.ErrSealed)
	_, err = db.ExecContext(t.Context(), `UPDATE deskbridge_tokens SET sealed = $1`, sealed[:len(sealed)-4]+"AAAA")
	require.NoError(t, err)
	_, err = s.Token(t.Context(), "hubspot:9999")
	require.ErrorIs(t, err, tokens.ErrSealed)
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	c, db := newClock(), database(t)
	before := open(t, tokens.Config{DB: db, Now: c.now})
	require.NoError(t, before.Put(t.Context(), id, token(c, "a")))
	both := open(t, tokens.Config{DB: db, Now: c.now, Keys: []tokens.Key{newKey, oldKey}})
	only := open(t, tokens.Config{DB: db, Now: c.now, Keys: []tokens.Key{newKey}})

	got, err := both.Token(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "a", got.AccessToken)
	_, err = only.Token(t.Context(), id)
	require.ErrorIs(t, err, tokens.ErrSealed)

	n, err := both.Reseal(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n)
	got, err = only.Token(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "a", got.AccessToken)
	n, err = both.Reseal(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
}

func TestBadKeysAreRefused(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]tokens.Key{
		"none":     {},
		"short":    {{ID: "a", Secret: []byte("short")}},
		"unnamed":  {{Secret: oldKey.Secret}},
		"with dot": {{ID: "a.b", Secret: oldKey.Secret}},
		"twice":    {oldKey, oldKey},
	} {
		_, err := tokens.Open(t.Context(), tokens.Config{DB: database(t), Keys: keys})
		require.Error(t, err, name)
	}
}

func TestRefreshAheadOfExpiry(t *testing.T) {
	t.Parallel()
	c := newClock()
	v := &vendor{clock: c}
	s := open(t, tokens.Config{Now: c.now, Refresh: v.refresh})
	require.NoError(t, s.Put(t.Context(), id, token(c, "first")))

	c.advance(23 * time.Minute) // Of 30: four fifths are 24.
	early, err := s.Token(t.Context(), id)
	require.NoError(t, err)
	c.advance(time.Minute)
	due, err := s.Token(t.Context(), id)
	require.NoError(t, err)
	again, err := s.Token(t.Context(), id)
	require.NoError(t, err)

	require.Equal(t, "first", early.AccessToken)
	require.Equal(t, "fresh-1", due.AccessToken)
	require.Equal(t, "refresh-first", due.RefreshToken, "an answer without a refresh token keeps the old one")
	require.Equal(t, due.AccessToken, again.AccessToken)
	require.EqualValues(t, 1, v.asked.Load())
}

func TestFailedRefreshIsInvisibleWhileTheTokenWorks(t *testing.T) {
	t.Parallel()
	c := newClock()
	v := &vendor{clock: c, err: errors.New("bad gateway")}
	s := open(t, tokens.Config{Now: c.now, Refresh: v.refresh})
	require.NoError(t, s.Put(t.Context(), id, token(c, "first")))
	c.advance(25 * time.Minute)

	for range 3 {
		got, err := s.Token(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, "first", got.AccessToken)
	}
	require.EqualValues(t, 1, v.asked.Load(), "the vendor gets a pause")
	c.advance(20 * time.Second)
	_, err := s.Token(t.Context(), id)
	require.NoError(t, err)
	require.EqualValues(t, 2, v.asked.Load())

	c.advance(time.Hour)
	_, err = s.Token(t.Context(), id)
	require.ErrorContains(t, err, "bad gateway")
	v.err = nil
	got, err := s.Token(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "fresh-4", got.AccessToken)
}

func TestRefusalIsRemembered(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]error{
		"ours":   fmt.Errorf("hubspot: %w", tokens.ErrRefused),
		"oauth2": &oauth2.RetrieveError{Response: &http.Response{StatusCode: 400}, ErrorCode: "invalid_grant"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClock()
			v := &vendor{clock: c, err: refusal}
			s := open(t, tokens.Config{Now: c.now, Refresh: v.refresh})
			require.NoError(t, s.Put(t.Context(), id, token(c, "first")))
			c.advance(time.Hour)

			for range 3 {
				_, err := s.Token(t.Context(), id)
				require.ErrorIs(t, err, tokens.ErrRefused)
			}
			require.EqualValues(t, 1, v.asked.Load(), "nobody asks again")

			require.NoError(t, s.Put(t.Context(), id, token(c, "second")))
			got, err := s.Token(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, "second", got.AccessToken)
		})
	}
}

func TestInvalidate(t *testing.T) {
	t.Parallel()
	c := newClock()
	v := &vendor{clock: c}
	s := open(t, tokens.Config{Now: c.now, Refresh: v.refresh})
	require.NoError(t, s.Put(t.Context(), id, token(c, "first")))

	require.NoError(t, s.Invalidate(t.Context(), id, "first"))
	got, err := s.Token(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "fresh-1", got.AccessToken)

	// A second request that failed with the old token changes nothing.
	require.NoError(t, s.Invalidate(t.Context(), id, "first"))
	got, err = s.Token(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "fresh-1", got.AccessToken)
	require.EqualValues(t, 1, v.asked.Load())
	require.ErrorIs(t, s.Invalidate(t.Context(), "none", "x"), tokens.ErrNone)
}

// However many ask, in however many processes, one refresh is in flight.
func TestOneRefreshInFlight(t *testing.T) {
	t.Parallel()
	c, db := newClock(), database(t)
	v := &vendor{clock: c, hold: make(chan struct{}), began: make(chan struct{}, 100)}
	here := open(t, tokens.Config{DB: db, Now: c.now, Refresh: v.refresh})
	there := open(t, tokens.Config{DB: db, Now: c.now, Refresh: v.refresh}) // Another process.
	require.NoError(t, here.Put(t.Context(), id, token(c, "first")))
	c.advance(time.Hour)

	var wg sync.WaitGroup
	got := make(chan string, 20)
	ask := func(s *tokens.Store) {
		wg.Go(func() {
			token, err := s.Token(context.Background(), id)
			if err != nil {
				got <- err.Error()
				return
			}
			got <- token.AccessToken
		})
	}
	ask(here)
	<-v.began
	for range 9 {
		ask(here)
		ask(there)
	}
	close(v.hold)
	wg.Wait()
	close(got)

	n := 0
	for access := range got {
		n++
		require.Equal(t, "fresh-1", access)
	}
	require.Equal(t, 19, n)
	require.EqualValues(t, 1, v.asked.Load())
}

// The first who asked may go away: the refresh goes on for the others.
func TestRefreshSurvivesItsCaller(t *testing.T) {
	t.Parallel()
	c := newClock()
	v := &vendor{clock: c, hold: make(chan struct{}), began: make(chan struct{}, 1)}
	s := open(t, tokens.Config{Now: c.now, Refresh: v.refresh})
	require.NoError(t, s.Put(t.Context(), id, token(c, "first")))
	c.advance(time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() { _, err := s.Token(ctx, id); gone <- err }()
	<-v.began

	cancel()
	require.ErrorIs(t, <-gone, context.Canceled)
	close(v.hold)
	got, err := s.Token(t.Context(), id)

	require.NoError(t, err)
	require.Equal(t, "fresh-1", got.AccessToken)
	require.EqualValues(t, 1, v.asked.Load())
}

// A process that died while refreshing holds its lease only so long.
func TestLeaseOfTheDeadExpires(t *testing.T) {
	t.Parallel()
	c, db := newClock(), database(t)
	v := &vendor{clock: c}
	s := open(t, tokens.Config{DB: db, Now: c.now, Refresh: v.refresh})
	require.NoError(t, s.Put(t.Context(), id, token(c, "first")))
	c.advance(time.Hour)
	_, err := db.ExecContext(t.Context(), `UPDATE deskbridge_tokens SET lease = 'dead', lease_until = $1`,
		c.now().Add(20*time.Second).UnixMilli())
	require.NoError(t, err)

	done := make(chan error, 1)
	go func() { _, err := s.Token(context.Background(), id); done <- err }()
	c.advance(21 * time.Second)

	require.NoError(t, <-done)
	require.EqualValues(t, 1, v.asked.Load())
}

// A token put while another one is being refreshed stays.
func TestNewAuthorisationBeatsARefreshUnderWay(t *testing.T) {
	t.Parallel()
	c := newClock()
	v := &vendor{clock: c, hold: make(chan struct{}), began: make(chan struct{}, 1)}
	s := open(t, tokens.Config{Now: c.now, Refresh: v.refresh})
	require.NoError(t, s.Put(t.Context(), id, token(c, "first")))
	c.advance(time.Hour)
	done := make(chan oauth2.Token, 1)
	go func() { got, _ := s.Token(context.Background(), id); done <- got }()
	<-v.began

	require.NoError(t, s.Put(t.Context(), id, token(c, "authorised")))
	close(v.hold)

	require.Equal(t, "authorised", (<-done).AccessToken)
	got, err := s.Token(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "authorised", got.AccessToken)
}

func FuzzSealedText(f *testing.F) {
	f.Add("2025.")
	f.Add("")
	f.Add("2025.AAAA")
	f.Add("2025.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("other.AAAA")
	db, err := sql.Open("sqlite", "file:"+filepath.Join(f.TempDir(), "fuzz.db")+"?_pragma=synchronous(OFF)")
	require.NoError(f, err)
	db.SetMaxOpenConns(1)
	f.Cleanup(func() { _ = db.Close() })
	s, err := tokens.Open(f.Context(), tokens.Config{DB: db, Keys: []tokens.Key{oldKey}})
	require.NoError(f, err)
	require.NoError(f, s.Put(f.Context(), id, oauth2.Token{AccessToken: "a"}))
	f.Fuzz(func(t *testing.T, sealed string) {
		_, err := db.ExecContext(t.Context(), `UPDATE deskbridge_tokens SET sealed = $1`, sealed)
		require.NoError(t, err)

		_, err = s.Token(t.Context(), id)

		require.ErrorIs(t, err, tokens.ErrSealed)
	})
}
