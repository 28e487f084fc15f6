package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

var zoe = ledger.Agent{OrgID: "other", AgentID: "zoe", Email: "zoe@example.com"}

// floor is a ledger with a record in each condition, by its key, and one of
// another organisation's.
type floor struct {
	*ledger.Ledger
	crm   *crm
	ahead atomic.Int64 // By how much its clock is ahead.
	open  atomic.Bool  // The portal "dead" is connected.
}

func newFloor(t *testing.T, url string) *floor {
	t.Helper()
	f := &floor{crm: newCRM()}
	c := config(url, f.crm)
	c.FinalizeAfter = 1000 * time.Hour
	c.Now = func() time.Time { return time.Now().Add(time.Duration(f.ahead.Load())) }
	inner := c.Portal
	c.Portal = func(ctx context.Context, orgID, portalID string) (ledger.Portal, error) {
		if portalID == "dead" && !f.open.Load() {
			return ledger.Portal{}, ledger.ErrNoPortal
		}
		return inner(ctx, orgID, portalID)
	}
	c.Settings = func(context.Context, string, string, backend.Layout) (ledger.Settings, error) {
		return ledger.Settings{SkipMissed: true}, nil
	}
	f.Ledger = start(t, c)
	now := time.Now().UnixMilli()
	of := func(key string, started int64) backend.Record {
		r := inbound(key)
		r.StartedAt, r.AnsweredAt, r.EndedAt, r.InteractionID = started, started, started+5_000, "of-"+key
		return r
	}

	put(t, f.Ledger, of("logged", now))
	await(t, f.Ledger, "logged", "enriched")
	old := of("old", t0-30*24*3600_000)
	old.PortalID = ""
	put(t, f.Ledger, old)
	await(t, f.Ledger, "old", "enriched")
	missed := of("kept", now)
	missed.AnsweredAt, missed.Outcome = 0, "MISSED"
	put(t, f.Ledger, missed)
	await(t, f.Ledger, "kept", "saved")
	f.crm.fail(func(op string, _ bool) error {
		if op == "create" || op == "upsert" {
			return &ledger.Refusal{Status: 400, Message: "hs_call_title is required"}
		}
		return nil
	})
	for _, key := range []string{"refused-1", "refused-2"} {
		put(t, f.Ledger, of(key, now))
		await(t, f.Ledger, key, "needs-you")
	}
	_, err := f.Put(t.Context(), zoe, of("foreign", now))
	require.NoError(t, err)
	eventually(t, func() (string, bool) {
		got, err := f.Get(t.Context(), zoe, "foreign")
		return got.Receipt.State, err == nil && got.Receipt.State == "needs-you"
	})
	dead := of("unconnected", now)
	dead.PortalID, dead.Number = "dead", "1001"
	put(t, f.Ledger, dead)
	await(t, f.Ledger, "unconnected", "needs-you")
	f.crm.fail(func(string, bool) error { return errReset })
	put(t, f.Ledger, of("waiting", now))
	live := of("live", now)
	live.Phase, live.EndedAt, live.Outcome, live.Final = "talking", 0, "", false
	put(t, f.Ledger, live)
	return f
}

func keys(rows []ledger.Row) (all []string) {
	for _, r := range rows {
		all = append(all, r.Key)
	}
	return all
}

func TestOverviewCountsAnOrganisation(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		f := newFloor(t, url)

		got, err := f.Overview(t.Context(), ann.OrgID)
		require.NoError(t, err)
		require.Equal(t, []int{1, 1, 2, 1, 2, 1}, []int{got.Live, got.Waiting, got.Logged, got.Kept, got.NeedAgent, got.NeedAdmin})
		require.Equal(t, ledger.Age{UnderMs: 60_000, Waiting: 1, NeedsYou: 3}, got.Ages[0])
		require.NotZero(t, got.OldestAt)
		require.Len(t, got.Failures, 2)
		require.Equal(t, "agent", got.Failures[0].Need)
		require.Equal(t, 2, got.Failures[0].N)
		require.Contains(t, got.Failures[0].Detail, "hs_call_title")
		require.Equal(t, "admin", got.Failures[1].Need)
		require.Len(t, got.Hours, 24)
		var day ledger.Hour
		for _, h := range got.Hours {
			day.Logged, day.Waiting, day.NeedsYou = day.Logged+h.Logged, day.Waiting+h.Waiting, day.NeedsYou+h.NeedsYou
		}
		require.Equal(t, ledger.Hour{Logged: 2, Waiting: 1, NeedsYou: 3}, day, "the old one is not of this day")

		for i, ahead := range []time.Duration{0, 2 * time.Minute, 30 * time.Minute, 3 * time.Hour, 30 * time.Hour} {
			f.ahead.Store(int64(ahead))
			got, err = f.Overview(t.Context(), ann.OrgID)
			require.NoError(t, err)
			for j, age := range got.Ages {
				want := 0
				if i == j {
					want = 3
				}
				require.Equal(t, want, age.NeedsYou, "%s: %+v", ahead, got.Ages)
			}
		}

		got, err = f.Overview(t.Context(), zoe.OrgID)
		require.NoError(t, err)
		require.Equal(t, []int{0, 0, 0, 0, 1, 0}, []int{got.Live, got.Waiting, got.Logged, got.Kept, got.NeedAgent, got.NeedAdmin})
		got, err = f.Overview(t.Context(), "nobody")
		require.NoError(t, err)
		require.Zero(t, got.Live+got.Waiting+got.Logged+got.Kept+got.NeedAgent+got.NeedAdmin)
		require.Empty(t, got.Failures)
	})
}

func TestSelectFilters(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		f := newFloor(t, url)
		for _, tt := range []struct {
			name   string
			filter ledger.Filter
			want   []string
		}{
			{"live", ledger.Filter{State: ledger.IsLive}, []string{"live"}},
			{"waiting", ledger.Filter{State: ledger.IsWaiting}, []string{"waiting"}},
			{"logged", ledger.Filter{State: ledger.IsLogged}, []string{"logged", "old"}},
			{"kept", ledger.Filter{State: ledger.IsKept}, []string{"kept"}},
			{"needs somebody", ledger.Filter{State: ledger.IsNeedsYou}, []string{"unconnected", "refused-2", "refused-1"}},
			{"needs an agent", ledger.Filter{Need: "agent"}, []string{"refused-2", "refused-1"}},
			{"needs an admin", ledger.Filter{State: ledger.IsNeedsYou, Need: "admin"}, []string{"unconnected"}},
			{"what HubSpot says", ledger.Filter{Detail: "hs_call_title is required"}, []string{"refused-2", "refused-1"}},
			{"agent", ledger.Filter{AgentID: "bob"}, nil},
			{"portal", ledger.Filter{PortalID: "dead"}, []string{"unconnected"}},
			{"default portal", ledger.Filter{PortalID: "4567", Default: true, To: time.UnixMilli(t0)}, []string{"old"}},
			{"portal that is not the default", ledger.Filter{PortalID: "4567", To: time.UnixMilli(t0)}, nil},
			{"from", ledger.Filter{State: ledger.IsLogged, From: time.UnixMilli(t0)}, []string{"logged"}},
			{"key", ledger.Filter{Text: " kept "}, []string{"kept"}},
			{"interaction", ledger.Filter{Text: "of-live"}, []string{"live"}},
			{"number", ledger.Filter{Text: "1001"}, []string{"unconnected"}},
			{"address", ledger.Filter{Text: "ANN@example.com", State: ledger.IsKept}, []string{"kept"}},
			{"another organisation's", ledger.Filter{Text: "foreign"}, nil},
			{"nothing that is SQL", ledger.Filter{Text: "' OR 1 = 1 --"}, nil},
		} {
			rows, next, err := f.Select(t.Context(), ann.OrgID, tt.filter)
			require.NoError(t, err, tt.name)
			require.Equal(t, tt.want, keys(rows), tt.name)
			require.Empty(t, next)
		}

		rows, _, err := f.Select(t.Context(), ann.OrgID, ledger.Filter{Text: "refused-1"})
		require.NoError(t, err)
		require.Equal(t, "•••0100", rows[0].Number)
		require.Empty(t, rows[0].Name+rows[0].Notes)
		require.Contains(t, rows[0].Detail, "hs_call_title")
		require.Equal(t, "Ann", rows[0].Agent)
		require.NotZero(t, rows[0].DueAt)
		rows, _, err = f.Select(t.Context(), ann.OrgID, ledger.Filter{Text: "unconnected"})
		require.NoError(t, err)
		require.Equal(t, "•••01", rows[0].Number, "of an extension even less")
		rows, _, err = f.Select(t.Context(), ann.OrgID, ledger.Filter{Text: "logged"})
		require.NoError(t, err)
		require.Contains(t, rows[0].URL, "4567")
		_, _, err = f.Select(t.Context(), ann.OrgID, ledger.Filter{After: "yesterday"})
		var invalid *ledger.InvalidError
		require.ErrorAs(t, err, &invalid)
	})
}

func TestSelectPages(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		l := open(t, config(url, newCRM()))
		want := []string{}
		for n := range 23 {
			r := inbound(fmt.Sprintf("key.%02d", n))
			r.StartedAt = t0 + int64(n/3) // Several at the same time.
			put(t, l, r)
			want = append([]string{r.Key}, want...)
		}

		var got []string
		f := ledger.Filter{Limit: 5}
		pages := 0
		for {
			rows, next, err := l.Select(t.Context(), ann.OrgID, f)
			require.NoError(t, err)
			got = append(got, keys(rows)...)
			pages++
			if f.After = next; next == "" {
				break
			}
		}
		require.Equal(t, want, got)
		require.Equal(t, 5, pages)

		got = nil
		require.NoError(t, l.Export(t.Context(), ann.OrgID, ledger.Filter{}, func(r ledger.Row) error {
			got = append(got, r.Key)
			require.Equal(t, "+14155550100", r.Number)
			require.Equal(t, "Maria", r.Name)
			require.Contains(t, r.Notes, "Paid")
			// Whoever is slow keeps nobody waiting.
			_, err := l.Depth(t.Context())
			return err
		}))
		require.Equal(t, want, got)
		stop := errors.New("the browser has gone")
		n := 0
		require.ErrorIs(t, l.Export(t.Context(), ann.OrgID, ledger.Filter{}, func(ledger.Row) error { n++; return stop }), stop)
		require.Equal(t, 1, n)
		require.NoError(t, l.Export(t.Context(), zoe.OrgID, ledger.Filter{}, func(ledger.Row) error { return stop }))
	})
}

func TestOperatorRetries(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		f := newFloor(t, url)

		_, err := f.RetryFor(t.Context(), ann.OrgID, "foreign")
		require.ErrorIs(t, err, ledger.ErrNotFound)
		_, err = f.RetryFor(t.Context(), ann.OrgID, "nothing")
		require.ErrorIs(t, err, ledger.ErrNotFound)
		got, err := f.RetryFor(t.Context(), ann.OrgID, "logged")
		require.NoError(t, err)
		require.Equal(t, ledger.IsLogged, got.State, "nothing to do")

		f.crm.fail(nil)
		f.open.Store(true)
		got, err = f.RetryFor(t.Context(), ann.OrgID, "refused-1")
		require.NoError(t, err)
		require.Equal(t, ledger.IsWaiting, got.State)
		require.Empty(t, got.Need+got.Detail)
		await(t, f.Ledger, "refused-1", "enriched")

		n, err := f.RetryAll(t.Context(), ann.OrgID, ledger.Filter{State: ledger.IsLogged})
		require.NoError(t, err)
		require.Zero(t, n, "they need nobody")
		n, err = f.RetryAll(t.Context(), ann.OrgID, ledger.Filter{Need: "admin"})
		require.NoError(t, err)
		require.Equal(t, 1, n)
		await(t, f.Ledger, "unconnected", "enriched")
		n, err = f.RetryAll(t.Context(), ann.OrgID, ledger.Filter{})
		require.NoError(t, err)
		require.Equal(t, 1, n)
		await(t, f.Ledger, "refused-2", "enriched")
		await(t, f.Ledger, "waiting", "enriched")
		foreign, err := f.Get(t.Context(), zoe, "foreign")
		require.NoError(t, err)
		require.Equal(t, "needs-you", foreign.Receipt.State)
		require.Len(t, f.crm.live(), 6, "each is written once: two before, the waiting one, and three retried")
	})
}

// More than a transaction changes at a time.
func TestOperatorRetriesMany(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		c.fail(func(op string, _ bool) error {
			if op == "create" || op == "upsert" {
				return refusal(400)
			}
			return nil
		})
		l := start(t, config(url, c))
		const many = 130
		for n := range many {
			put(t, l, inbound("key-"+strings.Repeat("x", n)))
		}
		eventually(t, func() (string, bool) {
			o, err := l.Overview(t.Context(), ann.OrgID)
			return fmt.Sprint(o), err == nil && o.NeedAgent == many
		})

		c.fail(nil)
		n, err := l.RetryAll(t.Context(), ann.OrgID, ledger.Filter{})

		require.NoError(t, err)
		require.Equal(t, many, n)
		eventually(t, func() (string, bool) {
			o, err := l.Overview(t.Context(), ann.OrgID)
			return fmt.Sprint(o), err == nil && o.Logged == many
		})
		require.Len(t, c.live(), many)
	})
}
