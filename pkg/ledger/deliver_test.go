package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

// missed is an offer that Ann did not take.
func missed(key string) backend.Record {
	r := inbound(key)
	r.AnsweredAt, r.Outcome, r.HoldMs, r.Notes, r.CodeID, r.CodeName = 0, "MISSED", 0, "", "", ""
	return r
}

func TestUnansweredOfferIsOneMissedCall(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		option bool
		status string
	}{{"portal without the option", false, "NO_ANSWER"}, {"portal with the option", true, "missed"}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCRM()
			c.missed = tt.option
			l := start(t, config(sqlite(t), c))

			put(t, l, missed("i:ann:1"))
			await(t, l, "i:ann:1", "enriched")

			call := only(t, c)
			require.Equal(t, tt.status, call.Properties["hs_call_status"])
			require.Equal(t, "73a0d17f-1163-4015-bdd5-ec830791da20", call.Properties["hs_call_disposition"])
			require.Equal(t, "Missed call from Maria", call.Properties["hs_call_title"])
			require.Equal(t, "0", call.Properties["hs_call_duration"])
		})
	}
}

func TestMissedCallsAreSkippedWhereTheAdminSaysSo(t *testing.T) {
	t.Parallel()
	c := newCRM()
	cfg := config(sqlite(t), c)
	cfg.Settings = func(context.Context, string, string, backend.Layout) (ledger.Settings, error) {
		return ledger.Settings{SkipMissed: true}, nil
	}
	l := start(t, cfg)
	byHost := missed("host")
	byHost.HostCreates, byHost.EngagementID = true, c.hostMakes(map[string]string{"hs_timestamp": "1"})

	put(t, l, missed("plain"))
	put(t, l, byHost)
	put(t, l, inbound("taken"))
	plain := await(t, l, "plain", "saved")
	await(t, l, "host", "saved")
	await(t, l, "taken", "enriched")

	require.Empty(t, plain.Receipt.URL)
	require.NotEmpty(t, plain.Receipt.Detail)
	require.Equal(t, "taken", only(t, c).Properties["hs_call_external_id"])
}

func TestOtherChannelsStayInTheLedger(t *testing.T) {
	t.Parallel()
	c := newCRM()
	l := start(t, config(sqlite(t), c))
	chat := inbound("chat")
	chat.Channel = "chat"

	put(t, l, chat)
	await(t, l, "chat", "saved")

	require.Empty(t, c.live())
}

func TestHubSpotsOwnEngagementIsPatched(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		cfg := config(url, c)
		cfg.EngagementWait = time.Hour // The id comes, so nobody waits that long.
		l := start(t, cfg)
		r := inbound("i:ann:1")
		r.HostCreates = true
		put(t, l, r)
		id := c.hostMakes(map[string]string{"hs_timestamp": "1", "hs_call_title": "HubSpot's"})

		r.Revision, r.EngagementID = 2, id
		put(t, l, r)
		got := await(t, l, "i:ann:1", "enriched")

		call := only(t, c)
		require.Equal(t, id, call.ID)
		require.Equal(t, "Call from Maria", call.Properties["hs_call_title"])
		require.Equal(t, "i:ann:1", call.Properties["hs_call_external_id"])
		require.Contains(t, got.Receipt.URL, id)
		require.Zero(t, c.count("create")+c.count("upsert"))
	})
}

func TestEngagementIDDoesNotBecomeUnknown(t *testing.T) {
	t.Parallel()
	c := newCRM()
	l := start(t, config(sqlite(t), c))
	r := inbound("i:ann:1")
	r.HostCreates, r.EngagementID = true, c.hostMakes(map[string]string{})
	put(t, l, r)
	await(t, l, "i:ann:1", "enriched")

	r.Revision, r.EngagementID, r.Notes = 2, "", "a widget that forgot"
	put(t, l, r)
	await(t, l, "i:ann:1", "enriched")

	require.Contains(t, only(t, c).Properties["hs_call_body"], "a widget that forgot")
}

func TestEngagementThatNeverCameIsCreatedByUs(t *testing.T) {
	t.Parallel()
	for _, unique := range []bool{false, true} {
		t.Run(fmt.Sprint("unique ", unique), func(t *testing.T) {
			t.Parallel()
			c := newCRM()
			c.unique = unique
			l := start(t, config(sqlite(t), c))
			r := inbound("i:ann:1")
			r.HostCreates = true

			put(t, l, r)
			await(t, l, "i:ann:1", "enriched")

			require.Equal(t, "i:ann:1", only(t, c).Properties["hs_call_external_id"])
		})
	}
}

func TestEngagementWhoseIDWasLostIsFound(t *testing.T) {
	t.Parallel()
	c := newCRM()
	c.unique = true
	l := start(t, config(sqlite(t), c))
	id := c.hostMakes(map[string]string{
		"hs_timestamp": fmt.Sprint(t0 + 1500), "hs_call_from_number": "+14155550100",
	})
	c.hostMakes(map[string]string{ // An hour ago, the same customer.
		"hs_timestamp": fmt.Sprint(t0 - 3_600_000), "hs_call_from_number": "+14155550100", "hs_call_external_id": "another",
	})
	r := inbound("i:ann:1")
	r.HostCreates = true

	put(t, l, r)
	got := await(t, l, "i:ann:1", "enriched")

	require.Contains(t, got.Receipt.URL, id)
	require.Len(t, c.live(), 2)
}

func TestLateEngagementTakesTheCallOver(t *testing.T) {
	t.Parallel()
	c := newCRM()
	l := start(t, config(sqlite(t), c))
	r := inbound("i:ann:1")
	r.HostCreates = true
	put(t, l, r)
	await(t, l, "i:ann:1", "enriched") // Ours: the wait was over.

	r.Revision, r.EngagementID = 2, c.hostMakes(map[string]string{"hs_timestamp": "1"})
	put(t, l, r)
	await(t, l, "i:ann:1", "enriched")

	call := only(t, c)
	require.Equal(t, r.EngagementID, call.ID)
	require.Equal(t, "Call from Maria", call.Properties["hs_call_title"])
	require.True(t, call.Links["0-1/30000000001"])
}

// What a person wrote into our call does not go to the recycle bin with it.
func TestLateEngagementTakesOverWhatAPersonWrote(t *testing.T) {
	t.Parallel()
	c := newCRM()
	l := start(t, config(sqlite(t), c))
	r := inbound("i:ann:1")
	r.HostCreates = true
	put(t, l, r)
	await(t, l, "i:ann:1", "enriched")
	c.edit(only(t, c).ID, "hs_call_title", "A person's")

	r.Revision, r.EngagementID = 2, c.hostMakes(map[string]string{"hs_timestamp": "1"})
	put(t, l, r)
	await(t, l, "i:ann:1", "enriched")
	r.Revision, r.Notes, r.Record.Name = 3, "Later", "Anna"
	put(t, l, r)
	await(t, l, "i:ann:1", "enriched")

	call := only(t, c)
	require.Equal(t, r.EngagementID, call.ID)
	require.Equal(t, "A person's", call.Properties["hs_call_title"])
	require.Contains(t, call.Properties["hs_call_body"], "Later")
}

// Whatever happens to a request, before or after it took effect, there is one
// call in the end.
func TestAmbiguousFailures(t *testing.T) {
	t.Parallel()
	for _, unique := range []bool{false, true} {
		ops := []string{"properties", "owner", "find", "create", "call", "update", "link"}
		if unique {
			ops = []string{"upsert"} // The rest is the same.
		}
		for _, op := range ops {
			for _, after := range []bool{false, true} {
				for name, err := range map[string]error{
					"reset": errReset, "524": refusal(524), "429": refusal(429),
				} {
					var refused *ledger.Refusal
					if after && errors.As(err, &refused) && refused.Status < 500 {
						continue // A clear refusal has no effect.
					}
					t.Run(fmt.Sprint(op, " unique ", unique, " after ", after, " ", name), func(t *testing.T) {
						t.Parallel()
						c := newCRM()
						c.unique, c.lag = unique, 30*time.Millisecond
						c.fail(once(op, after, err))
						l := start(t, config(sqlite(t), c))
						r := inbound("i:ann:1")

						put(t, l, r)
						await(t, l, "i:ann:1", "enriched")
						r.Revision, r.Notes = 2, "second"
						put(t, l, r)
						await(t, l, "i:ann:1", "enriched")

						call := only(t, c)
						require.Contains(t, call.Properties["hs_call_body"], "second")
						require.Equal(t, "4242", call.Properties["hubspot_owner_id"])
						require.True(t, call.Links["0-1/30000000001"])
					})
				}
			}
		}
	}
}

func TestValidationErrorNeedsTheAgent(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		c.fail(once("create", false, &ledger.Refusal{Status: 400, Message: "Property values were not valid", Fields: []ledger.FieldError{
			{Field: "hs_call_disposition", Why: "was not one of the allowed options"},
		}}))
		l := start(t, config(url, c))
		r := inbound("i:ann:1")

		put(t, l, r)
		got := await(t, l, "i:ann:1", "needs-you")
		require.Equal(t, "Call outcome: was not one of the allowed options", got.Receipt.Detail)
		require.Empty(t, c.live())

		r.Revision = 2
		receipt := put(t, l, r)
		require.Equal(t, "queued", receipt.State)
		got = await(t, l, "i:ann:1", "enriched")
		require.Empty(t, got.Receipt.Detail)
		only(t, c)
	})
}

func TestRetry(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		c.fail(once("create", false, refusal(400)))
		l := start(t, config(url, c))
		put(t, l, inbound("i:ann:1"))
		await(t, l, "i:ann:1", "needs-you")

		_, err := l.Retry(t.Context(), ledger.Agent{OrgID: "org", AgentID: "bob"}, "i:ann:1")
		require.ErrorIs(t, err, ledger.ErrForeign)
		_, err = l.Retry(t.Context(), ann, "i:ann:1")
		require.NoError(t, err)

		await(t, l, "i:ann:1", "enriched")
		receipt, err := l.Retry(t.Context(), ann, "i:ann:1")
		require.NoError(t, err)
		require.Equal(t, "enriched", receipt.State)
		only(t, c)
	})
}

func TestRecordsWaitForAnAdmin(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"scope": 403, "token": 401} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCRM()
			c.fail(once("create", false, refusal(status)))
			l := start(t, config(sqlite(t), c))
			put(t, l, inbound("i:ann:1"))
			got := await(t, l, "i:ann:1", "needs-you")
			require.Contains(t, got.Receipt.Detail, "authorise")

			n, err := l.Resume(t.Context(), "org")

			require.NoError(t, err)
			require.Equal(t, 1, n)
			await(t, l, "i:ann:1", "enriched")
			only(t, c)
		})
	}
}

func TestNoPortal(t *testing.T) {
	t.Parallel()
	cfg := config(sqlite(t), nil)
	cfg.Portal = func(context.Context, string, string) (ledger.Portal, error) {
		return ledger.Portal{}, fmt.Errorf("tenant: %w", ledger.ErrNoPortal)
	}
	l := start(t, cfg)

	put(t, l, inbound("i:ann:1"))
	got := await(t, l, "i:ann:1", "needs-you")

	require.Contains(t, got.Receipt.Detail, "not connected")
}

func TestHumanEditsStay(t *testing.T) {
	t.Parallel()
	c := newCRM()
	l := start(t, config(sqlite(t), c))
	r := inbound("i:ann:1")
	put(t, l, r)
	await(t, l, "i:ann:1", "enriched")
	c.edit(only(t, c).ID, "hs_call_body", "what a person wrote")

	r.Revision, r.Notes, r.CodeName, r.Outcome = 2, "what the widget knows", "Refund", "CANCELED"
	put(t, l, r)
	await(t, l, "i:ann:1", "enriched")
	r.Revision, r.Notes = 3, "and again"
	put(t, l, r)
	await(t, l, "i:ann:1", "enriched")

	call := only(t, c)
	require.Equal(t, "what a person wrote", call.Properties["hs_call_body"])
	require.Equal(t, "CANCELED", call.Properties["hs_call_status"])
}

func TestCallMovesToAnotherContact(t *testing.T) {
	t.Parallel()
	c := newCRM()
	l := start(t, config(sqlite(t), c))
	r := inbound("i:ann:1")
	put(t, l, r)
	await(t, l, "i:ann:1", "enriched")

	r.Revision, r.Record = 2, &backend.Ref{ObjectTypeID: "0-2", ObjectID: "777"}
	put(t, l, r)
	await(t, l, "i:ann:1", "enriched")

	call := only(t, c)
	require.Equal(t, map[string]bool{"0-2/777": true}, call.Links)
	require.Equal(t, "COMPANY", call.Properties["hs_call_callee_object_type"])
}

func TestDeletedCalls(t *testing.T) {
	t.Parallel()
	t.Run("ours is written anew", func(t *testing.T) {
		t.Parallel()
		c := newCRM()
		l := start(t, config(sqlite(t), c))
		r := inbound("i:ann:1")
		put(t, l, r)
		await(t, l, "i:ann:1", "enriched")
		require.NoError(t, c.Archive(t.Context(), only(t, c).ID))

		r.Revision = 2
		put(t, l, r)
		await(t, l, "i:ann:1", "enriched")

		only(t, c)
	})
	t.Run("HubSpot's needs somebody", func(t *testing.T) {
		t.Parallel()
		c := newCRM()
		l := start(t, config(sqlite(t), c))
		r := inbound("i:ann:1")
		r.EngagementID = "12345"

		put(t, l, r)
		await(t, l, "i:ann:1", "needs-you")

		require.Empty(t, c.live())
	})
}

func TestOwnersThatMayNotBeReadDoNotStopACall(t *testing.T) {
	t.Parallel()
	c := newCRM()
	c.fail(func(op string, _ bool) error {
		if op == "owner" {
			return refusal(http.StatusForbidden)
		}
		return nil
	})
	l := start(t, config(sqlite(t), c))

	put(t, l, inbound("i:ann:1"))
	await(t, l, "i:ann:1", "enriched")

	require.NotContains(t, only(t, c).Properties, "hubspot_owner_id")
}

// While the portal is down, a handful of records is tried, not each of them
// again and again.
func TestBreakerLeavesAPortalAlone(t *testing.T) {
	t.Parallel()
	c := newCRM()
	c.fail(func(op string, _ bool) error {
		if op == "create" {
			return refusal(http.StatusServiceUnavailable)
		}
		return nil
	})
	cfg := config(sqlite(t), c)
	cfg.Workers, cfg.BreakAfter, cfg.BreakFor = 1, 3, time.Hour
	l := start(t, cfg)

	for i := range 12 {
		put(t, l, inbound(fmt.Sprint("call-", i)))
	}
	eventually(t, func() (string, bool) {
		var waiting int
		err := l.DB().QueryRowContext(t.Context(),
			`SELECT COUNT(*) FROM river_job WHERE state = 'scheduled'`).Scan(&waiting)
		return fmt.Sprint(waiting, err), err == nil && waiting == 12
	})

	require.Equal(t, 3, c.count("create"))
}

func TestBreakerClosesAgain(t *testing.T) {
	t.Parallel()
	c := newCRM()
	failures := 0
	c.fail(func(op string, after bool) error {
		if op != "create" || after {
			return nil
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if failures++; failures <= 5 {
			return refusal(http.StatusBadGateway)
		}
		return nil
	})
	cfg := config(sqlite(t), c)
	cfg.BreakAfter = 2
	l := start(t, cfg)

	for i := range 5 {
		put(t, l, inbound(fmt.Sprint("call-", i)))
	}
	for i := range 5 {
		await(t, l, fmt.Sprint("call-", i), "enriched")
	}

	require.Len(t, c.live(), 5)
}
