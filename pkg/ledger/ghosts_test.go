package ledger_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

// haunted is a configuration three hours after t0 that looks for ghosts all the
// time.
func haunted(url string, c *crm) ledger.Config {
	cfg := config(url, c)
	began := time.Now()
	cfg.Now = func() time.Time { return time.UnixMilli(t0).Add(3*time.Hour + time.Since(began)) }
	cfg.Places = func(context.Context) ([]ledger.Place, error) { return []ledger.Place{place}, nil }
	cfg.GhostEvery, cfg.FinalizeAfter = 50*time.Millisecond, 8*time.Second
	return cfg
}

// begun is a call that HubSpot's page has created for us, n seconds after t0.
func (c *crm) begun(status string, n int64, more map[string]string) string {
	props := map[string]string{
		"hs_timestamp": fmt.Sprint(t0 + n*1000), "hs_call_app_id": "99", "hs_call_source": "INTEGRATIONS_PLATFORM",
		"hs_call_from_number": "+14155550100", "hs_call_direction": "INBOUND",
	}
	if status != "" {
		props["hs_call_status"] = status
	}
	for name, value := range more {
		props[name] = value
	}
	return c.hostMakes(props)
}

// statusIs waits until a call has that status.
func (c *crm) statusIs(t waiter, id, want string) {
	t.Helper()
	eventually(t, func() (string, bool) {
		for _, call := range c.live() {
			if call.ID == id {
				return call.Properties["hs_call_status"], call.Properties["hs_call_status"] == want
			}
		}
		return "it is gone", want == "archived"
	})
}

// sweeps waits until the ghosts were looked for n times more.
func (c *crm) sweeps(t waiter, n int) {
	t.Helper()
	before := c.count("ghosts")
	eventually(t, func() (string, bool) { return "nobody looks for ghosts", c.count("ghosts") >= before+n })
}

func TestGhostsNobodyKnowsAreCanceled(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		ghosts := []string{
			c.begun("RINGING", 0, nil), c.begun("IN_PROGRESS", 10, map[string]string{"hs_call_body": "HubSpot's"}),
			c.begun("CALLING_CRM_USER", 20, nil), c.begun("", 30, nil),
		}
		touched := c.begun("QUEUED", 40, nil)
		c.edit(touched, "hs_call_body", "I called her.")
		young := c.begun("RINGING", 2*3600, nil)
		foreign := c.begun("RINGING", 0, map[string]string{"hs_call_app_id": "98"})
		meant := c.begun("", 0, nil)
		c.edit(meant, "hs_call_status", "IN_PROGRESS")
		over := c.begun("COMPLETED", 0, nil)

		start(t, haunted(url, c))
		for _, id := range append(ghosts, touched) {
			c.statusIs(t, id, "CANCELED")
		}
		c.sweeps(t, 3)

		for id, want := range map[string]string{young: "RINGING", foreign: "RINGING", meant: "IN_PROGRESS", over: "COMPLETED"} {
			c.statusIs(t, id, want)
		}
		bodies := map[string]string{}
		for _, call := range c.live() {
			bodies[call.ID] = call.Properties["hs_call_body"]
		}
		require.Len(t, bodies, 9, "nothing is deleted")
		require.Equal(t, "This call was begun in HubSpot and never completed. Deskbridge has no record of it.", bodies[ghosts[0]])
		require.True(t, strings.HasPrefix(bodies[ghosts[1]], "HubSpot's<br>This call"))
		require.Equal(t, "I called her.", bodies[touched])
	})
}

func TestGhostOfARecordIsBroughtUpToDate(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		l := start(t, haunted(url, c))
		r := inbound("call")
		r.HostCreates, r.EngagementID = true, c.begun("RINGING", 3*3600, nil)
		put(t, l, r)
		await(t, l, "call", "enriched")
		c.mu.Lock()
		found := c.calls[r.EngagementID]
		c.set(found, map[string]string{"hs_call_status": "IN_PROGRESS"}, "CALLING") // The page comes late.
		c.mu.Unlock()

		c.statusIs(t, r.EngagementID, "COMPLETED")
		await(t, l, "call", "enriched")
		require.Len(t, c.live(), 1)
	})
}

// The widget died before it could tell the engagement's id, and ours was made:
// HubSpot's is the spare one. Where ours was not wanted, neither is it.
func TestSecondActivityOfARecordIsArchived(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		cfg := haunted(url, c)
		cfg.Places = nil // Not yet.
		l, err := ledger.Open(t.Context(), cfg)
		require.NoError(t, err)
		require.NoError(t, l.Start(t.Context()))
		byNumber, byKey, edited := inbound("number"), inbound("key"), inbound("edited")
		byNumber.HostCreates = true
		for i, r := range []backend.Record{byNumber, byKey, edited} {
			r.StartedAt += int64(i) * 20 * 60_000
			r.AnsweredAt, r.EndedAt = r.StartedAt+1, r.StartedAt+2
			put(t, l, r)
			await(t, l, r.Key, "enriched")
		}
		require.NoError(t, l.Close(t.Context()))
		require.Len(t, c.live(), 3)
		first := c.begun("RINGING", 5, nil)
		second := c.begun("RINGING", 1200, map[string]string{"hs_call_external_id": "key"})
		third := c.begun("RINGING", 2400, map[string]string{"hs_call_external_id": "edited"})
		c.edit(third, "hs_call_body", "A person's.")

		l = start(t, haunted(url, c))
		c.statusIs(t, first, "archived")
		c.statusIs(t, second, "archived")
		c.sweeps(t, 2)
		c.statusIs(t, third, "RINGING")

		require.Len(t, c.live(), 4)
		for _, key := range []string{"number", "key", "edited"} {
			got, err := l.Get(t.Context(), ann, key)
			require.NoError(t, err)
			require.Equal(t, "enriched", got.Receipt.State)
		}
	})
}

// A missed call that is kept here has no engagement either, though nobody told
// us its id.
func TestGhostOfAnUnwantedRecordIsArchived(t *testing.T) {
	t.Parallel()
	c := newCRM()
	l := start(t, with(haunted(sqlite(t), c), ledger.Settings{SkipMissed: true}))
	r := missed("call")
	r.HostCreates = true
	put(t, l, r)
	await(t, l, "call", "saved")

	id := c.begun("RINGING", 1, nil)

	c.statusIs(t, id, "archived")
	got := await(t, l, "call", "saved")
	require.Equal(t, "kept here: missed calls are not logged", got.Receipt.Detail)
	c.sweeps(t, 2)
	require.Empty(t, c.live())
}

// A call that goes on, or waits to be written, or for somebody, is no ghost.
func TestCallsUnderWayAreNoGhosts(t *testing.T) {
	t.Parallel()
	c := newCRM()
	cfg := haunted(sqlite(t), c)
	l := start(t, cfg)
	live := inbound("live")
	live.Phase, live.EndedAt, live.Outcome, live.Final = "talking", 0, "", false
	live.HostCreates, live.EngagementID = true, c.begun("IN_PROGRESS", 0, nil)
	put(t, l, live)
	refusedOne := inbound("refused")
	refusedOne.HostCreates, refusedOne.EngagementID = true, c.begun("IN_PROGRESS", 5, map[string]string{"hs_call_title": "x"})
	c.fail(func(op string, after bool) error {
		if op == "update" && !after {
			return refusal(400)
		}
		return nil
	})
	put(t, l, refusedOne)
	await(t, l, "refused", "needs-you")

	c.sweeps(t, 3)

	c.statusIs(t, live.EngagementID, "IN_PROGRESS")
	got, err := l.Get(t.Context(), ann, "refused")
	require.NoError(t, err)
	require.Equal(t, "needs-you", got.Receipt.State)
}

// Two processes sweep one portal in turn, not at once.
func TestOneReplicaSweepsAtATime(t *testing.T) {
	t.Parallel()
	url := postgres(t)
	c := newCRM()
	var at, most int
	c.fail(func(op string, after bool) error {
		if op != "ghosts" {
			return nil
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if after {
			at--
		} else {
			at++
			most = max(most, at)
		}
		return nil
	})
	start(t, haunted(url, c))
	start(t, haunted(url, c))

	c.sweeps(t, 10)

	c.mu.Lock()
	defer c.mu.Unlock()
	require.Equal(t, 1, most)
}

// A portal that cannot be asked is left until next time.
func TestGhostsOfAPortalThatRefusesStay(t *testing.T) {
	t.Parallel()
	c := newCRM()
	id := c.begun("RINGING", 0, nil)
	c.fail(once("ghosts", false, refusal(429)))
	start(t, haunted(sqlite(t), c))

	c.statusIs(t, id, "CANCELED")
	require.GreaterOrEqual(t, c.count("ghosts"), 2)
}
