package ledger_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

func TestCallIsLoggedOnceWithEverything(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		c.unique = true
		l := start(t, config(url, c))

		receipt := put(t, l, inbound("i:ann:1"))
		got := await(t, l, "i:ann:1", "enriched")

		require.Equal(t, "queued", receipt.State)
		call := only(t, c)
		require.Equal(t, map[string]string{
			"hs_timestamp": "1790000000000", "hs_call_title": "Call from Maria",
			"hs_call_body":      "Paid &lt;today&gt;<br>by card<br>Queue: Billing<br>Rang: 0:05<br>Talked: 1:00<br>On hold: 0:10<br>Wrap-up reason: Sale",
			"hs_call_direction": "INBOUND", "hs_call_duration": "60000",
			"hs_call_from_number": "+14155550100", "hs_call_to_number": "+18005550199",
			"hs_call_status": "COMPLETED", "hs_call_disposition": "f240bbac-87c9-4f6e-bf70-924b57d47db7",
			"hs_call_source": "INTEGRATIONS_PLATFORM", "hs_call_app_id": "99", "hubspot_owner_id": "4242",
			"hs_call_external_id": "i:ann:1", "hs_call_external_account_id": "4567",
			"hs_call_callee_object_id": "30000000001", "hs_call_callee_object_type": "CONTACT",
			"deskbridge_key": "i:ann:1", "deskbridge_interaction_id": "interaction-1",
		}, call.Properties)
		require.Equal(t, map[string]bool{"0-1/30000000001": true}, call.Links)
		require.Equal(t, "https://app.hubspot.com/contacts/4567/record/0-48/"+call.ID, got.Receipt.URL)
		require.Equal(t, int64(1), got.Receipt.Revision)
	})
}

func TestNothingIsWrittenWhileTheCallIsLive(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		l := start(t, config(url, c))
		ringing := inbound("live")
		ringing.Phase, ringing.Outcome, ringing.Final, ringing.AnsweredAt, ringing.EndedAt = "ringing", "", false, 0, 0

		put(t, l, ringing)
		put(t, l, inbound("other"))
		await(t, l, "other", "enriched")

		require.Equal(t, "other", only(t, c).Properties["hs_call_external_id"])
		stats, err := l.Depth(t.Context())
		require.NoError(t, err)
		require.Equal(t, 1, stats.Live)
		require.Equal(t, 1, stats.Done)
	})
}

func TestRevisions(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		l := open(t, config(url, newCRM())) // Not started: only what is stored counts.
		first := inbound("i:ann:1")
		first.Revision, first.Notes = 5, "five"
		put(t, l, first)

		lower := first
		lower.Revision, lower.Notes = 4, "four"
		receipt := put(t, l, lower)
		require.Equal(t, int64(5), receipt.Revision)

		same := first
		same.Notes = "another five"
		put(t, l, same)
		got, err := l.Get(t.Context(), ann, "i:ann:1")
		require.NoError(t, err)
		require.Equal(t, "five", got.Record.Notes)

		higher := first
		higher.Revision, higher.Notes = 6, "six"
		put(t, l, higher)
		got, err = l.Get(t.Context(), ann, "i:ann:1")
		require.NoError(t, err)
		require.Equal(t, "six", got.Record.Notes)

		bob := ledger.Agent{OrgID: "org", AgentID: "bob"}
		_, err = l.Put(t.Context(), bob, higher)
		require.ErrorIs(t, err, ledger.ErrForeign)
		_, err = l.Get(t.Context(), ledger.Agent{OrgID: "other", AgentID: "ann"}, "i:ann:1")
		require.ErrorIs(t, err, ledger.ErrForeign)
		_, err = l.Get(t.Context(), ann, "nothing")
		require.ErrorIs(t, err, ledger.ErrNotFound)
	})
}

func TestListIsNewestFirstAndOnesOwn(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		l := open(t, config(url, newCRM()))
		for i := range 3 {
			r := inbound(fmt.Sprint("call-", i))
			r.StartedAt = t0 + int64(i)*1000
			put(t, l, r)
		}
		_, err := l.Put(t.Context(), ledger.Agent{OrgID: "org", AgentID: "bob"}, inbound("bobs"))
		require.NoError(t, err)

		got, err := l.List(t.Context(), ann, time.UnixMilli(t0+1000))

		require.NoError(t, err)
		require.Len(t, got, 2)
		require.Equal(t, "call-2", got[0].Record.Key)
		require.Equal(t, "call-1", got[1].Record.Key)
	})
}

func TestInvalidRecordsAreRefused(t *testing.T) {
	t.Parallel()
	l := open(t, config("", newCRM()))
	tests := []struct {
		field string
		spoil func(*backend.Record)
	}{
		{"key", func(r *backend.Record) { r.Key = "" }},
		{"key", func(r *backend.Record) { r.Key = strings.Repeat("k", 600) }},
		{"key", func(r *backend.Record) { r.Key = "a\x00b" }},
		{"revision", func(r *backend.Record) { r.Revision = 0 }},
		{"direction", func(r *backend.Record) { r.Direction = "SIDEWAYS" }},
		{"outcome", func(r *backend.Record) { r.Outcome = "LOST" }},
		{"notes", func(r *backend.Record) { r.Notes = strings.Repeat("ä", 65537) }},
		{"holdMs", func(r *backend.Record) { r.HoldMs = -1 }},
		{"consultMs", func(r *backend.Record) { r.ConsultMs = -1 }},
		{"menuMs", func(r *backend.Record) { r.MenuMs = -1 }},
		{"queueMs", func(r *backend.Record) { r.QueueMs = -1 }},
		{"conferenceMs", func(r *backend.Record) { r.ConferenceMs = -1 }},
		{"wrappedAt", func(r *backend.Record) { r.WrappedAt = -1 }},
		{"answeredAt", func(r *backend.Record) { r.AnsweredAt = -1 }},
		{"number", func(r *backend.Record) { r.Number = strings.Repeat("1", 2000) }},
		{"engagementId", func(r *backend.Record) { r.EngagementID = "../contacts/1" }},
		{"record.objectId", func(r *backend.Record) { r.Record = &backend.Ref{ObjectTypeID: "0-1", ObjectID: "1/2"} }},
		{"record.objectTypeId", func(r *backend.Record) { r.Record = &backend.Ref{ObjectTypeID: "contact", ObjectID: "1"} }},
	}
	for _, tt := range tests {
		r := inbound("i:ann:1")
		tt.spoil(&r)

		_, err := l.Put(t.Context(), ann, r)

		var invalid *ledger.InvalidError
		require.ErrorAs(t, err, &invalid)
		require.Equal(t, tt.field, invalid.Field)
		require.NotEmpty(t, invalid.Why)
	}
	fits := inbound("i:ann:1")
	fits.Notes = strings.Repeat("ä", 65536)
	put(t, l, fits)
}

func TestConcurrentRevisionsLeaveTheHighest(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		l := start(t, config(url, c))
		const n = 20

		var wg sync.WaitGroup
		for i := 1; i <= n; i++ {
			wg.Go(func() {
				r := inbound("i:ann:1")
				r.Revision, r.Queue = int64(i), fmt.Sprint("queue ", i)
				_, err := l.Put(context.WithoutCancel(t.Context()), ann, r)
				require.NoError(t, err)
			})
		}
		wg.Wait()
		await(t, l, "i:ann:1", "enriched")

		require.Contains(t, only(t, c).Properties["hs_call_body"], fmt.Sprint("queue ", n))
	})
}

func TestResetForgetsEverything(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		hold, held := make(chan struct{}), make(chan struct{})
		var once sync.Once
		c.fail(func(op string, _ bool) error {
			if op == "create" {
				once.Do(func() { close(held); <-hold })
			}
			return nil
		})
		l := start(t, config(url, c))
		put(t, l, inbound("i:ann:1"))
		<-held

		reset := make(chan error, 1)
		go func() { reset <- l.Reset(t.Context()) }()
		close(hold)

		require.NoError(t, <-reset)
		_, err := l.Get(t.Context(), ann, "i:ann:1")
		require.ErrorIs(t, err, ledger.ErrNotFound)
		stats, err := l.Depth(t.Context())
		require.NoError(t, err)
		require.Zero(t, stats.Waiting+stats.Live+stats.Done)
		put(t, l, inbound("i:ann:2"))
		await(t, l, "i:ann:2", "enriched")
	})
}
