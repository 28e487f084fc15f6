package tenant_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/tenant"
)

func TestJoiningKeepsSettingsAndDefault(t *testing.T) {
	t.Parallel()
	store := open(t)
	require.NoError(t, store.Join(t.Context(), "org", "1", "first.example"))
	require.NoError(t, store.Join(t.Context(), "org", "2", "second.example"))
	require.NoError(t, store.Link(t.Context(), "other", tenant.Portal{ID: "2", Name: "second.example", Settings: tenant.Settings{Region: "DE"}}))
	require.NoError(t, store.Join(t.Context(), "org", "2", ""))

	first, err := store.Portal(t.Context(), "org", "")
	require.NoError(t, err)
	require.Equal(t, "1", first.ID, "the first one stays the default")
	second, err := store.Portal(t.Context(), "org", "2")
	require.NoError(t, err)
	require.Equal(t, "DE", second.Settings.Region)
	require.Equal(t, "second.example", second.Name)

	all, err := store.Connections(t.Context(), "")
	require.NoError(t, err)
	require.Equal(t, []tenant.Connection{{"org", "1", true}, {"org", "2", false}, {"other", "2", true}}, all)
	of, err := store.Connections(t.Context(), "2")
	require.NoError(t, err)
	require.Equal(t, all[1:], of)
	require.Error(t, store.Join(t.Context(), "", "1", ""))
}

// The statements must mean the same on PostgreSQL.
func TestJoiningOnPostgres(t *testing.T) {
	store := onPostgres(t)
	t.Parallel()
	require.NoError(t, store.Join(t.Context(), "org", "1", "first.example"))
	require.NoError(t, store.Join(t.Context(), "org", "2", "second.example"))
	require.NoError(t, store.Join(t.Context(), "org", "2", ""))

	all, err := store.Connections(t.Context(), "")

	require.NoError(t, err)
	require.Equal(t, []tenant.Connection{{"org", "1", true}, {"org", "2", false}}, all)
	second, err := store.Portal(t.Context(), "org", "2")
	require.NoError(t, err)
	require.Equal(t, "second.example", second.Name)
}
