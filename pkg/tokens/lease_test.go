package tokens_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"deskbridge/pkg/tokens"
)

// While a token works nobody waits for another process that refreshes it.
func TestNobodyWaitsForATokenThatWorks(t *testing.T) {
	t.Parallel()
	c, db := newClock(), database(t)
	v := &vendor{clock: c}
	s := open(t, tokens.Config{DB: db, Now: c.now, Refresh: v.refresh})
	require.NoError(t, s.Put(t.Context(), id, token(c, "first")))
	c.advance(25 * time.Minute)
	_, err := db.ExecContext(t.Context(), `UPDATE deskbridge_tokens SET lease = 'other', lease_until = $1`,
		c.now().Add(time.Minute).UnixMilli())
	require.NoError(t, err)

	got, err := s.Token(t.Context(), id)

	require.NoError(t, err)
	require.Equal(t, "first", got.AccessToken)
	require.Zero(t, v.asked.Load())
}

// A lease that was taken while the clock was a day ahead ends all the same.
func TestLeaseFromAWrongClockEnds(t *testing.T) {
	t.Parallel()
	c, db := newClock(), database(t)
	v := &vendor{clock: c}
	s := open(t, tokens.Config{DB: db, Now: c.now, Refresh: v.refresh, RefreshTimeout: 200 * time.Millisecond})
	require.NoError(t, s.Put(t.Context(), id, token(c, "first")))
	c.advance(time.Hour)
	_, err := db.ExecContext(t.Context(), `UPDATE deskbridge_tokens SET lease = 'dead', lease_until = $1`,
		c.now().Add(24*time.Hour).UnixMilli())
	require.NoError(t, err)

	require.Eventually(t, func() bool {
		got, err := s.Token(t.Context(), id)
		return err == nil && got.AccessToken == "fresh-1"
	}, 30*time.Second, time.Millisecond)
	require.EqualValues(t, 1, v.asked.Load())
}

// Set back by a day, the clock says nothing about tokens from before; set
// forward, it only makes refreshes early.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	c := newClock()
	v := &vendor{clock: c}
	s := open(t, tokens.Config{Now: c.now, Refresh: v.refresh})
	require.NoError(t, s.Put(t.Context(), id, token(c, "first")))
	ask := func() string {
		got, err := s.Token(t.Context(), id)
		require.NoError(t, err)
		return got.AccessToken
	}

	c.advance(-24 * time.Hour)
	require.Equal(t, "fresh-1", ask())
	require.Equal(t, "fresh-1", ask())
	c.advance(48 * time.Hour)
	require.Equal(t, "fresh-2", ask())
	c.advance(-30 * time.Second) // As clocks of replicas differ.
	require.Equal(t, "fresh-2", ask())

	v.err = errors.New("bad gateway")
	c.advance(28 * time.Minute)
	require.Equal(t, "fresh-2", ask())
	c.advance(-2 * time.Minute) // The pause after a failure ends, too.
	v.err = nil
	require.NotEqual(t, "fresh-2", ask())
}

// The database is away just when the vendor has answered: the token is stored
// as soon as it is back, and the vendor is not asked twice.
func TestRefreshedTokenWaitsForTheDatabase(t *testing.T) {
	t.Parallel()
	c, db := newClock(), database(t)
	v := &vendor{clock: c}
	s := open(t, tokens.Config{DB: db, Now: c.now, Refresh: v.refresh})
	require.NoError(t, s.Put(t.Context(), id, token(c, "first")))
	c.advance(time.Hour)
	_, err := db.ExecContext(t.Context(), `CREATE TRIGGER away BEFORE UPDATE OF sealed ON deskbridge_tokens
		BEGIN SELECT RAISE(ABORT, 'away'); END`)
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { _, err := s.Token(context.Background(), id); done <- err }()
	require.Eventually(t, func() bool { return v.asked.Load() == 1 }, 30*time.Second, time.Millisecond)

	_, err = db.ExecContext(t.Context(), `DROP TRIGGER away`)
	require.NoError(t, err)
	require.NoError(t, <-done)
	got, err := s.Token(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "fresh-1", got.AccessToken)
	require.EqualValues(t, 1, v.asked.Load())
}

// What dies with the process before it is stored is asked for again with the
// old refresh token. A vendor that has made that void wants a person.
func TestCrashBetweenRefreshAndStore(t *testing.T) {
	t.Parallel()
	for name, void := range map[string]bool{"the old one stays good": false, "the old one is void": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, db := newClock(), database(t)
			v := &vendor{clock: c}
			used := map[string]bool{}
			refresh := func(ctx context.Context, id, refreshToken string) (*oauth2.Token, error) {
				if used[refreshToken] && void {
					return nil, tokens.ErrRefused
				}
				used[refreshToken] = true
				return v.refresh(ctx, id, refreshToken)
			}
			config := tokens.Config{DB: db, Now: c.now, Refresh: refresh, RefreshTimeout: 100 * time.Millisecond}
			s := open(t, config)
			require.NoError(t, s.Put(t.Context(), id, token(c, "first")))
			c.advance(time.Hour)
			_, err := db.ExecContext(t.Context(), `CREATE TRIGGER away BEFORE UPDATE OF sealed ON deskbridge_tokens
				BEGIN SELECT RAISE(ABORT, 'away'); END`)
			require.NoError(t, err)
			got, err := s.Token(t.Context(), id)
			require.NoError(t, err, "whoever asked has it")
			require.Equal(t, "fresh-1", got.AccessToken)
			_, err = db.ExecContext(t.Context(), `DROP TRIGGER away`)
			require.NoError(t, err)

			again := open(t, config) // The next process.
			c.advance(time.Minute)
			got, err = again.Token(t.Context(), id)

			if void {
				require.ErrorIs(t, err, tokens.ErrRefused)
				return
			}
			require.NoError(t, err)
			require.Equal(t, "fresh-2", got.AccessToken)
		})
	}
}
