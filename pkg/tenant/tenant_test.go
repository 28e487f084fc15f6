package tenant_test

import (
	"crypto/rand"
	"database/sql"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"deskbridge/pkg/tenant"
)

func open(t *testing.T) *tenant.Store {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "tenant.db"))
	require.NoError(t, err)
	db.SetMaxOpenConns(1) // As the ledger opens it.
	t.Cleanup(func() { _ = db.Close() })
	store, err := tenant.Open(t.Context(), db)
	require.NoError(t, err)
	return store
}

func TestPortalSelectsAmongLinkedOnes(t *testing.T) {
	t.Parallel()
	store := open(t)
	require.NoError(t, store.Link(t.Context(), "org-1", tenant.Portal{ID: "111"}))
	require.NoError(t, store.Link(t.Context(), "org-1", tenant.Portal{ID: "222"}))
	require.NoError(t, store.Link(t.Context(), "org-2", tenant.Portal{ID: "333"}))

	tests := []struct {
		name, org, portal, want string
		err                     error
	}{
		{"the last linked one is the default", "org-1", "", "222", nil},
		{"by id", "org-1", "111", "111", nil},
		{"somebody else's", "org-1", "333", "", tenant.ErrNotLinked},
		{"unknown organisation", "org-9", "", "", tenant.ErrNotLinked},
		{"unknown organisation with a real portal", "org-9", "111", "", tenant.ErrNotLinked},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := store.Portal(t.Context(), tt.org, tt.portal)

			require.ErrorIs(t, err, tt.err)
			require.Equal(t, tt.want, got.ID)
		})
	}
}

func TestNotLinkedIsNotExist(t *testing.T) {
	t.Parallel()
	require.ErrorIs(t, tenant.ErrNotLinked, fs.ErrNotExist)
}

func TestLinkingAgainReplacesSettings(t *testing.T) {
	t.Parallel()
	store := open(t)
	require.NoError(t, store.Link(t.Context(), "org", tenant.Portal{ID: "1"}))
	got, err := store.Portal(t.Context(), "org", "")
	require.NoError(t, err)
	require.Equal(t, tenant.Settings{PopAt: "ring", MatchDeadline: 3 * time.Second, Region: "US"}.WithDefaults(), got.Settings)

	require.NoError(t, store.Link(t.Context(), "org", tenant.Portal{ID: "1", Name: "Acme",
		Settings: tenant.Settings{PopAt: "connect", PopIn: "new", Region: "DE", SkipMissed: true}}))

	got, err = store.Portal(t.Context(), "org", "1")
	require.NoError(t, err)
	require.Equal(t, tenant.Portal{ID: "1", Name: "Acme", Settings: tenant.Settings{
		PopAt: "connect", PopIn: "new", MatchDeadline: 3 * time.Second, Region: "DE", SkipMissed: true}.WithDefaults()}, got)
}

func TestUnlink(t *testing.T) {
	t.Parallel()
	store := open(t)
	require.NoError(t, store.Link(t.Context(), "org", tenant.Portal{ID: "1"}))

	require.NoError(t, store.Unlink(t.Context(), "org", "1"))

	_, err := store.Portal(t.Context(), "org", "1")
	require.ErrorIs(t, err, tenant.ErrNotLinked)
}

func TestLinkRefusesNonsense(t *testing.T) {
	t.Parallel()
	store := open(t)
	for name, p := range map[string]tenant.Portal{
		"no id":    {},
		"pop at":   {ID: "1", Settings: tenant.Settings{PopAt: "later"}},
		"pop in":   {ID: "1", Settings: tenant.Settings{PopIn: "sideways"}},
		"deadline": {ID: "1", Settings: tenant.Settings{MatchDeadline: time.Hour}},
		"region":   {ID: "1", Settings: tenant.Settings{Region: "usa"}},
	} {
		require.Error(t, store.Link(t.Context(), "org", p), name)
	}
	require.Error(t, store.Link(t.Context(), "", tenant.Portal{ID: "1"}))
}

// onPostgres is a store in a schema of its own.
func onPostgres(t *testing.T) *tenant.Store {
	t.Helper()
	server := os.Getenv("DESKBRIDGE_TEST_POSTGRES")
	if server == "" {
		t.Skip("DESKBRIDGE_TEST_POSTGRES names no PostgreSQL server")
	}
	admin, err := sql.Open("pgx", server)
	require.NoError(t, err)
	t.Cleanup(func() { _ = admin.Close() })
	schema := "tenant_" + strings.ToLower(rand.Text())
	_, err = admin.Exec(`CREATE SCHEMA ` + schema)
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = admin.Exec(`DROP SCHEMA ` + schema + ` CASCADE`) })
	u, err := url.Parse(server)
	require.NoError(t, err)
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	db, err := sql.Open("pgx", u.String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	store, err := tenant.Open(t.Context(), db)
	require.NoError(t, err)
	return store
}

// The statements must mean the same on PostgreSQL.
func TestOnPostgres(t *testing.T) {
	store := onPostgres(t)
	t.Parallel()

	require.NoError(t, store.Link(t.Context(), "org", tenant.Portal{ID: "1"}))
	require.NoError(t, store.Link(t.Context(), "org", tenant.Portal{ID: "2"}))
	require.NoError(t, store.Link(t.Context(), "org", tenant.Portal{ID: "1", Name: "again"}))
	got, err := store.Portal(t.Context(), "org", "")

	require.NoError(t, err)
	require.Equal(t, "again", got.Name)
	require.NoError(t, store.Unlink(t.Context(), "org", "1"))
	_, err = store.Portal(t.Context(), "org", "1")
	require.ErrorIs(t, err, tenant.ErrNotLinked)
}

func TestValidate(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 101)
	many := map[string]string{}
	for n := range 201 {
		many[strings.Repeat("x", n%50+1)+string(rune('a'+n/50))] = "y"
	}
	for name, s := range map[string]tenant.Settings{
		"language":              {Language: "German!"},
		"language's subtag":     {Language: "de-"},
		"theme":                 {Theme: "pink"},
		"no calls":              {NoCallsProperty: "Do not call"},
		"variable without":      {VariableProperties: map[string]string{"tier": ""}},
		"variable's property":   {VariableProperties: map[string]string{"tier": "Customer Tier"}},
		"long variable":         {VariableProperties: map[string]string{long: "tier"}},
		"our own":               {VariableProperties: map[string]string{"tier": "hs_call_body"}},
		"our key":               {VariableProperties: map[string]string{"tier": "deskbridge_key"}},
		"two for one":           {VariableProperties: map[string]string{"a": "tier", "b": "tier"}},
		"too many":              {DispositionByCode: many},
		"disposition":           {DispositionByCode: map[string]string{"Sale": ""}},
		"code":                  {DispositionByCode: map[string]string{"a\nb": "1"}},
		"phone property":        {PhoneProperties: []string{"Hotline"}},
		"many phone properties": {PhoneProperties: strings.Split("a b c d e f g h i j k", " ")},
	} {
		require.Error(t, s.Validate(), name)
	}
	for _, language := range []string{"", "de", "pt-BR", "zh-Hant-TW", "es-419"} {
		require.NoError(t, tenant.Settings{
			Language: language, Theme: "contrast", OwnerFollowsTransfer: true, NoCallsProperty: "no_calls",
			VariableProperties: map[string]string{"Customer tier": "customer_tier"}, PhoneProperties: []string{"hotline"},
			DispositionByCode: map[string]string{"Sale": "f240bbac-87c9-4f6e-bf70-924b57d47db7"},
		}.Validate())
	}
	require.Equal(t, []string{"no_calls"}, tenant.Settings{NoCallsProperty: "no_calls"}.NoCalls())
	require.Contains(t, tenant.Settings{}.NoCalls(), "do_not_call")
}
