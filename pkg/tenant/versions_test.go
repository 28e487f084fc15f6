package tenant_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/tenant"
)

// onEach runs a test on SQLite and, where there is one, on PostgreSQL.
func onEach(t *testing.T, do func(t *testing.T, store *tenant.Store)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		do(t, open(t))
	})
	t.Run("postgres", func(t *testing.T) {
		store := onPostgres(t)
		t.Parallel()
		do(t, store)
	})
}

func link(t *testing.T, store *tenant.Store, org, portal string, s tenant.Settings) {
	t.Helper()
	require.NoError(t, store.Link(t.Context(), org, tenant.Portal{ID: portal, Settings: s}))
}

func current(t *testing.T, store *tenant.Store, org, portal string) tenant.Portal {
	t.Helper()
	p, err := store.Portal(t.Context(), org, portal)
	require.NoError(t, err)
	return p
}

func TestWhatAnAdminSavedOutlivesTheConfiguration(t *testing.T) {
	onEach(t, func(t *testing.T, store *tenant.Store) {
		link(t, store, "org", "1", tenant.Settings{Region: "DE"})
		require.Zero(t, current(t, store, "org", "1").Version)
		link(t, store, "org", "1", tenant.Settings{Region: "FR"})
		require.Equal(t, "FR", current(t, store, "org", "").Settings.Region, "nobody has saved")

		version, err := store.Change(t.Context(), "org", "1", 0, tenant.Settings{Region: "GB", PopAt: "connect"}, "Ada")
		require.NoError(t, err)
		require.EqualValues(t, 1, version)
		link(t, store, "org", "1", tenant.Settings{Region: "IT"}) // The next start.

		got := current(t, store, "org", "1")
		require.Equal(t, tenant.Settings{Region: "GB", PopAt: "connect"}.WithDefaults(), got.Settings)
		require.Equal(t, "Ada", got.ChangedBy)
		require.WithinDuration(t, time.Now(), got.ChangedAt, time.Minute)
		configured, err := store.Configured(t.Context(), "org", "1")
		require.NoError(t, err)
		require.Equal(t, "IT", configured.Settings.Region)

		require.NoError(t, store.Discard(t.Context(), "org", "1"))
		require.Equal(t, "IT", current(t, store, "org", "1").Settings.Region)
	})
}

func TestHistoryAndRestore(t *testing.T) {
	onEach(t, func(t *testing.T, store *tenant.Store) {
		link(t, store, "org", "1", tenant.Settings{Region: "DE"})
		for have, region := range []string{"AT", "CH"} {
			_, err := store.Change(t.Context(), "org", "1", int64(have), tenant.Settings{Region: region}, "Ada")
			require.NoError(t, err)
		}

		version, err := store.Restore(t.Context(), "org", "1", 2, 1, "Bob")
		require.NoError(t, err)
		require.EqualValues(t, 3, version)
		require.Equal(t, "AT", current(t, store, "org", "1").Settings.Region)
		_, err = store.Restore(t.Context(), "org", "1", 3, 0, "Bob")
		require.NoError(t, err)
		require.Equal(t, "DE", current(t, store, "org", "1").Settings.Region)

		all, err := store.History(t.Context(), "org", "1")
		require.NoError(t, err)
		require.Len(t, all, 4)
		for i, want := range []tenant.Version{
			{Number: 4, By: "Bob", Note: "Server's configuration restored"}, {Number: 3, By: "Bob", Note: "Version 1 restored"},
			{Number: 2, By: "Ada"}, {Number: 1, By: "Ada"},
		} {
			require.Equal(t, want.Number, all[i].Number)
			require.Equal(t, want.By, all[i].By)
			require.Equal(t, want.Note, all[i].Note)
			require.False(t, all[i].At.IsZero())
		}
		require.Equal(t, "CH", all[2].Settings.Region)

		_, err = store.Restore(t.Context(), "org", "1", 4, 9, "Bob")
		require.ErrorIs(t, err, tenant.ErrNoVersion)
		_, err = store.Restore(t.Context(), "org", "1", 3, 1, "Bob")
		var conflict *tenant.ConflictError
		require.ErrorAs(t, err, &conflict)
	})
}

func TestHistoryIsBounded(t *testing.T) {
	t.Parallel()
	store := open(t)
	link(t, store, "org", "1", tenant.Settings{})
	for have := range 52 {
		_, err := store.Change(t.Context(), "org", "1", int64(have), tenant.Settings{}, "Ada")
		require.NoError(t, err)
	}

	all, err := store.History(t.Context(), "org", "1")

	require.NoError(t, err)
	require.Len(t, all, 50)
	require.EqualValues(t, 52, all[0].Number)
}

func TestChangeIsRefused(t *testing.T) {
	onEach(t, func(t *testing.T, store *tenant.Store) {
		link(t, store, "org", "1", tenant.Settings{})
		link(t, store, "other", "2", tenant.Settings{})
		_, err := store.Change(t.Context(), "org", "1", 0, tenant.Settings{Region: "DE"}, "Ada")
		require.NoError(t, err)

		for _, have := range []int64{0, 2, -1} {
			_, err = store.Change(t.Context(), "org", "1", have, tenant.Settings{Region: "FR"}, "Bob")
			var conflict *tenant.ConflictError
			require.ErrorAs(t, err, &conflict, have)
			require.Equal(t, have, conflict.Have)
			require.EqualValues(t, 1, conflict.Newest.Number)
			require.Equal(t, "Ada", conflict.Newest.By)
			require.Equal(t, "DE", conflict.Newest.Settings.Region)
		}
		_, err = store.Change(t.Context(), "org", "1", 1, tenant.Settings{Region: "usa"}, "Ada")
		require.Error(t, err)
		for _, portal := range []string{"2", "9", ""} {
			_, err = store.Change(t.Context(), "org", portal, 0, tenant.Settings{}, "Ada")
			require.ErrorIs(t, err, tenant.ErrNotLinked, portal)
		}
		_, err = store.Restore(t.Context(), "org", "2", 0, 0, "Ada")
		require.ErrorIs(t, err, tenant.ErrNotLinked)
		require.Equal(t, "DE", current(t, store, "org", "1").Settings.Region)
		require.EqualValues(t, 1, current(t, store, "org", "1").Version)
	})
}

// Organisations share nothing, not even where they are linked to one portal;
// portals of one organisation have their own settings.
func TestSettingsAreAnOrganisationsAndAPortals(t *testing.T) {
	onEach(t, func(t *testing.T, store *tenant.Store) {
		for _, l := range [][2]string{{"org", "1"}, {"org", "2"}, {"other", "2"}} {
			require.NoError(t, store.Join(t.Context(), l[0], l[1], ""))
		}
		_, err := store.Change(t.Context(), "org", "1", 0, tenant.Settings{Region: "DE"}, "Ada")
		require.NoError(t, err)
		_, err = store.Change(t.Context(), "org", "2", 0, tenant.Settings{Region: "FR"}, "Ada")
		require.NoError(t, err)
		_, err = store.Change(t.Context(), "other", "2", 0, tenant.Settings{Region: "GB"}, "Zoe")
		require.NoError(t, err, "another organisation's version is no conflict")

		require.Equal(t, "DE", current(t, store, "org", "1").Settings.Region)
		require.Equal(t, "FR", current(t, store, "org", "2").Settings.Region)
		require.Equal(t, "GB", current(t, store, "other", "2").Settings.Region)
		all, err := store.History(t.Context(), "other", "2")
		require.NoError(t, err)
		require.Len(t, all, 1)
		require.Equal(t, "Zoe", all[0].By)

		changes, err := store.Changes(t.Context())
		require.NoError(t, err)
		require.Equal(t, map[string]int{"1": 1, "2": 2}, changes)

		require.NoError(t, store.Unlink(t.Context(), "other", "2"))
		all, err = store.History(t.Context(), "other", "2")
		require.NoError(t, err)
		require.Empty(t, all)
		_, err = store.Configured(t.Context(), "other", "2")
		require.ErrorIs(t, err, tenant.ErrNotLinked)
	})
}

// Admins at several replicas save at the same time: one wins, the others are
// told what it saved.
func TestOneOfSeveralChangesWins(t *testing.T) {
	onEach(t, func(t *testing.T, store *tenant.Store) {
		link(t, store, "org", "1", tenant.Settings{})
		const admins = 8
		errs := make([]error, admins)
		var wg sync.WaitGroup
		for i := range admins {
			wg.Go(func() {
				_, errs[i] = store.Change(t.Context(), "org", "1", 0, tenant.Settings{DialsPerHour: i + 1}, "Ada")
			})
		}
		wg.Wait()

		won := current(t, store, "org", "1")
		require.EqualValues(t, 1, won.Version)
		for i, err := range errs {
			if i+1 == won.Settings.DialsPerHour {
				require.NoError(t, err)
				continue
			}
			var conflict *tenant.ConflictError
			require.True(t, errors.As(err, &conflict), "%v", err)
			require.Equal(t, won.Settings, conflict.Newest.Settings)
		}
	})
}

// A database from before there were versions.
func TestOldDatabaseKeepsItsSettings(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "tenant.db"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	for _, statement := range []string{
		`CREATE TABLE tenant_orgs (id TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '', created_at BIGINT NOT NULL)`,
		`CREATE TABLE tenant_portals (id TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '', settings TEXT NOT NULL DEFAULT '{}', created_at BIGINT NOT NULL)`,
		`CREATE TABLE tenant_links (org_id TEXT NOT NULL, portal_id TEXT NOT NULL, is_default BIGINT NOT NULL DEFAULT 0,
			created_at BIGINT NOT NULL, PRIMARY KEY (org_id, portal_id))`,
		`INSERT INTO tenant_orgs VALUES ('org', '', 1)`,
		`INSERT INTO tenant_portals VALUES ('1', 'Acme', '{"region":"DE","skipMissed":true}', 1)`,
		`INSERT INTO tenant_links VALUES ('org', '1', 1, 1)`,
	} {
		_, err := db.Exec(statement)
		require.NoError(t, err)
	}

	store, err := tenant.Open(t.Context(), db)
	require.NoError(t, err)
	require.Equal(t, tenant.Settings{Region: "DE", SkipMissed: true}.WithDefaults(), current(t, store, "org", "").Settings)
	_, err = store.Change(t.Context(), "org", "1", 0, tenant.Settings{Region: "AT"}, "Ada")
	require.NoError(t, err)
	require.Equal(t, "AT", current(t, store, "org", "1").Settings.Region)
}
