package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A job that the database counts as running here and that nobody runs, as a
// broken connection leaves behind, is done long before River would rescue it.
func TestLostJobIsDone(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		l := open(t, config(url, c))
		_, err := l.Put(t.Context(), ann, inbound("call-1"))
		require.NoError(t, err)
		lost, err := l.LoseJob(t.Context(), "call-1")
		require.NoError(t, err)
		require.EqualValues(t, 1, lost)
		require.NoError(t, l.Start(t.Context()))

		require.NoError(t, l.Reclaim(t.Context()))
		require.Empty(t, c.live(), "it may just have been taken")
		require.NoError(t, l.Reclaim(t.Context()))

		await(t, l, "call-1", "enriched")
		require.Len(t, c.live(), 1)
	})
}
