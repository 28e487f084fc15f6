package layout_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/layout"
)

func TestStandingsAreOursAndCiscos(t *testing.T) {
	t.Parallel()
	text := with(t, "zendesk", `{"outDialAni": "1"}`)
	theirs := layout.Standings(parse(t, text))
	require.NotEmpty(t, theirs)
	for _, s := range theirs {
		require.False(t, s.Ours)
		require.Equal(t, layout.Zendesk, s.Connector)
		require.Positive(t, s.Line)
		require.NotEmpty(t, s.Path)
	}

	d, _, err := layout.Convert(parse(t, text), options)
	require.NoError(t, err)

	ours := layout.Standings(d)
	require.Len(t, ours, len(theirs))
	for i, s := range ours {
		require.True(t, s.Ours)
		require.Equal(t, theirs[i].Role, s.Role)
		require.Equal(t, theirs[i].Place, s.Place)
	}
	require.Empty(t, layout.Standings(parse(t, `{"agent": 1}`)))
	require.Empty(t, layout.Standings(parse(t, `[]`)))
}
