package ledger_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

// clock stands still until it is told to go on.
type clock struct{ ns atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ns.Store(time.UnixMilli(t0 + 10_000).UnixNano())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(0, c.ns.Load()) }
func (c *clock) advance(d time.Duration) { c.ns.Add(int64(d)) }

// talking is a call in its middle.
func talking(key string) backend.Record {
	r := inbound(key)
	r.Phase, r.Outcome, r.EndedAt, r.Final, r.CodeID, r.CodeName = "talking", "", 0, false, "", ""
	return r
}

func silent(databaseURL string, c *crm) (*clock, ledger.Config) {
	k := newClock()
	cfg := config(databaseURL, c)
	cfg.Now, cfg.FinalizeAfter = k.now, 100*time.Millisecond
	return k, cfg
}

func TestSilentRecordIsFinalisedByTheServer(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		k, cfg := silent(url, c)
		l := start(t, cfg)
		offer := talking("offer")
		offer.Phase, offer.AnsweredAt = "ringing", 0
		put(t, l, talking("call"))
		put(t, l, offer)
		seen := k.now()

		k.advance(time.Second)
		got := await(t, l, "call", "enriched")
		await(t, l, "offer", "enriched")

		require.Equal(t, "COMPLETED", got.Record.Outcome)
		require.Equal(t, seen.UnixMilli(), got.Record.EndedAt, "ended at the last sign of life")
		require.True(t, got.Record.Final)
		status := map[string]string{}
		for _, call := range c.live() {
			status[call.Properties["hs_call_external_id"]] = call.Properties["hs_call_status"] + " " + call.Properties["hs_call_duration"]
		}
		require.Equal(t, map[string]string{"call": "COMPLETED 5000", "offer": "NO_ANSWER 0"}, status)
	})
}

func TestWidgetThatComesBackUpdatesTheSameCall(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		k, cfg := silent(url, c)
		l := start(t, cfg)
		r := talking("call")
		put(t, l, r)
		k.advance(time.Second)
		await(t, l, "call", "enriched")
		id := only(t, c).ID

		put(t, l, r) // The same revision: alive after all, the call goes on.
		alive, err := l.Get(t.Context(), ann, "call")
		require.NoError(t, err)
		require.False(t, alive.Record.Final)
		require.Zero(t, alive.Record.EndedAt)

		r.Revision, r.EndedAt, r.Phase, r.Outcome, r.Final = 2, t0+125_000, "done", "COMPLETED", true
		put(t, l, r)
		await(t, l, "call", "enriched")

		call := only(t, c)
		require.Equal(t, id, call.ID)
		require.Equal(t, "120000", call.Properties["hs_call_duration"])
	})
}

// A server that was down itself has heard nobody. It does not end the calls
// that went on meanwhile before their widgets have had time to speak.
func TestRestartDoesNotEndCalls(t *testing.T) {
	t.Parallel()
	c := newCRM()
	url := sqlite(t)
	k, cfg := silent(url, c)
	before, err := ledger.Open(t.Context(), cfg)
	require.NoError(t, err)
	put(t, before, talking("call"))
	require.NoError(t, before.Close(t.Context()))
	k.advance(time.Hour)

	l := start(t, cfg)
	put(t, l, inbound("other"))
	await(t, l, "other", "enriched")
	got, err := l.Get(t.Context(), ann, "call")
	require.NoError(t, err)
	require.False(t, got.Record.Final)

	k.advance(time.Second)
	await(t, l, "call", "enriched")
	require.Len(t, c.live(), 2)
}

func TestStartTwiceIsRefused(t *testing.T) {
	t.Parallel()
	l := start(t, config(sqlite(t), newCRM()))

	require.Error(t, l.Start(t.Context()))
}

func TestDepth(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		c.fail(once("create", false, refusal(400)))
		l := start(t, config(url, c))
		put(t, l, inbound("refused"))
		await(t, l, "refused", "needs-you")
		put(t, l, inbound("fine"))
		await(t, l, "fine", "enriched")
		put(t, l, talking("live"))

		eventually(t, func() (string, bool) {
			got, err := l.Depth(t.Context())
			return fmt.Sprintf("%+v %v", got, err), err == nil && got == ledger.Stats{Live: 1, NeedsYou: 1, Done: 1}
		})
	})
}
