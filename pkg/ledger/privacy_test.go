package ledger_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

var place = ledger.Place{OrgID: ann.OrgID, PortalID: "4567", Default: true}

const maria = "30000000001"

// waiting is a configuration whose portal is not connected until open is
// closed.
func waiting(databaseURL string, c *crm) (cfg ledger.Config, connect func()) {
	cfg, open := config(databaseURL, c), make(chan struct{})
	inner := cfg.Portal
	cfg.Portal = func(ctx context.Context, orgID, portalID string) (ledger.Portal, error) {
		select {
		case <-open:
			return inner(ctx, orgID, portalID)
		default:
			return ledger.Portal{}, ledger.ErrNoPortal
		}
	}
	return cfg, func() { close(open) }
}

func TestErasedPersonIsGoneFromOurCopies(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		l := start(t, config(url, c))
		known, unknown, other := inbound("known"), inbound("unknown"), inbound("other")
		known.Name, known.Variables = "Maria Silva", []backend.Variable{{Name: "account", Value: "M-17"}}
		unknown.Record, unknown.PortalID = nil, ""
		other.Record = &backend.Ref{ObjectTypeID: "0-1", ObjectID: "300000000011"} // Begins alike, and shares the number.
		for _, r := range []backend.Record{known, unknown, other} {
			put(t, l, r)
			await(t, l, r.Key, "enriched")
		}

		n, err := l.Erase(t.Context(), place, "0-1", maria)

		require.NoError(t, err)
		require.Equal(t, 2, n)
		for _, key := range []string{"known", "unknown"} {
			got, err := l.Get(t.Context(), ann, key)
			require.NoError(t, err)
			require.Empty(t, got.Record.Number+got.Record.Name+got.Record.Notes)
			require.Nil(t, got.Record.Record)
			require.Empty(t, got.Record.Variables)
			require.Equal(t, t0, got.Record.StartedAt)
			require.Equal(t, "COMPLETED", got.Record.Outcome)
		}
		var stored string
		require.NoError(t, l.DB().QueryRow(`SELECT record || object || task FROM deskbridge_record WHERE key = 'known'`).Scan(&stored))
		for _, trace := range []string{"Maria", "4155550100", maria, "by card", "M-17"} {
			require.NotContains(t, stored, trace)
		}
		kept, err := l.Get(t.Context(), ann, "other")
		require.NoError(t, err)
		require.Equal(t, "+14155550100", kept.Record.Number, "somebody else's")

		n, err = l.Erase(t.Context(), place, "0-1", maria)
		require.NoError(t, err)
		require.Zero(t, n, "a replay changes nothing")
	})
}

// The widget of a call that goes on knows nothing of the erasure.
func TestErasedCallStaysErasedWhenItsWidgetSpeaks(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		l := start(t, config(url, c))
		put(t, l, talking("call"))
		_, err := l.Erase(t.Context(), place, "0-1", maria)
		require.NoError(t, err)
		last := inbound("call")
		last.Revision = 2

		put(t, l, last)
		got := await(t, l, "call", "enriched")

		require.Empty(t, got.Record.Number)
		require.Nil(t, got.Record.Record)
		made := only(t, c)
		require.Empty(t, made.Properties["hs_call_from_number"])
		require.NotContains(t, made.Properties["hs_call_body"], "by card")
		require.Empty(t, made.Links)
	})
}

func TestErasureStaysInItsPlace(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		l := start(t, config(url, newCRM()))
		put(t, l, inbound("call"))
		for _, foreign := range []ledger.Place{
			{OrgID: "another", PortalID: "4567", Default: true}, {OrgID: ann.OrgID, PortalID: "9", Default: true},
		} {
			n, err := l.Erase(t.Context(), foreign, "0-1", maria)
			require.NoError(t, err)
			require.Zero(t, n)
			n, err = l.Repoint(t.Context(), foreign, "0-1", maria, "7")
			require.NoError(t, err)
			require.Zero(t, n)
		}
		_, err := l.Erase(t.Context(), place, "0-1", "%")
		require.Error(t, err)
		_, err = l.Repoint(t.Context(), place, "0-1", maria, "7/8")
		require.Error(t, err)
	})
}

func TestMergedContactsCallsFollow(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		cfg, connect := waiting(url, c)
		l := start(t, cfg)
		put(t, l, inbound("call"))
		await(t, l, "call", "needs-you")

		n, err := l.Repoint(t.Context(), place, "0-1", maria, "77")
		require.NoError(t, err)
		require.Equal(t, 1, n)
		n, err = l.Repoint(t.Context(), place, "0-1", maria, "77")
		require.NoError(t, err)
		require.Zero(t, n, "a replay changes nothing")
		n, err = l.Repoint(t.Context(), place, "0-1", "77", "88")
		require.NoError(t, err)
		require.Equal(t, 1, n)
		connect()
		stale := inbound("call") // The widget still means the first one.
		stale.Revision = 2
		put(t, l, stale)
		_, err = l.Resume(t.Context(), ann.OrgID)
		require.NoError(t, err)
		got := await(t, l, "call", "enriched")

		require.Equal(t, "88", got.Record.Record.ObjectID)
		require.Equal(t, map[string]bool{"0-1/88": true}, only(t, c).Links)
	})
}

func TestOldRecordsExpire(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		cfg, connect := waiting(url, c)
		l := start(t, cfg)
		put(t, l, inbound("stuck"))
		await(t, l, "stuck", "needs-you")
		connect()
		young := inbound("young")
		young.StartedAt += time.Hour.Milliseconds()
		young.AnsweredAt, young.EndedAt = young.StartedAt, young.StartedAt
		for _, r := range []backend.Record{inbound("old"), young} {
			put(t, l, r)
			await(t, l, r.Key, "enriched")
		}
		after, long := time.UnixMilli(t0+1), time.UnixMilli(t0-1)

		blanked, forgotten, err := l.Expire(t.Context(), after, long)

		require.NoError(t, err)
		require.Equal(t, []int{1, 0}, []int{blanked, forgotten})
		old, err := l.Get(t.Context(), ann, "old")
		require.NoError(t, err)
		require.Empty(t, old.Record.Notes)
		require.Equal(t, "+14155550100", old.Record.Number)
		for _, key := range []string{"young", "stuck"} {
			kept, err := l.Get(t.Context(), ann, key)
			require.NoError(t, err)
			require.NotEmpty(t, kept.Record.Notes, key)
		}

		blanked, forgotten, err = l.Expire(t.Context(), after, after)
		require.NoError(t, err)
		require.Equal(t, []int{0, 1}, []int{blanked, forgotten})
		_, err = l.Get(t.Context(), ann, "old")
		require.ErrorIs(t, err, ledger.ErrNotFound)
		_, err = l.Get(t.Context(), ann, "stuck")
		require.NoError(t, err, "what waits is never forgotten")
	})
}

// A record that is being written when the customer wants to be forgotten is
// written again without them, and once.
func TestErasureWhileTheCallIsBeingWritten(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		c.unique = true
		writing, goOn := make(chan struct{}), make(chan struct{})
		var first sync.Once
		c.fail(func(op string, after bool) error {
			if op == "upsert" && !after {
				first.Do(func() { close(writing); <-goOn })
			}
			return nil
		})
		l := start(t, config(url, c))
		put(t, l, inbound("call"))
		select {
		case <-writing:
		case <-time.After(30 * time.Second):
			require.Fail(t, "nothing is written")
		}

		n, err := l.Erase(t.Context(), place, "0-1", maria)
		close(goOn)

		require.NoError(t, err)
		require.Equal(t, 1, n)
		got := await(t, l, "call", "enriched")
		require.Empty(t, got.Record.Number+got.Record.Notes)
		made := only(t, c)
		require.Empty(t, made.Links)
		require.NotContains(t, made.Properties["hs_call_body"], "by card")
		var stored string
		require.NoError(t, l.DB().QueryRow(`SELECT record || object || task FROM deskbridge_record`).Scan(&stored))
		require.NotContains(t, stored, "4155550100")
		require.NotContains(t, stored, "by card")
	})
}
