package ledger_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

var (
	bob = ledger.Agent{OrgID: "org", AgentID: "bob", Email: "bob@example.com", Name: "Bob"}
	cho = ledger.Agent{OrgID: "org", AgentID: "cho", Email: "cho@example.com", Name: "Cho"}
)

const annsOwner, bobsOwner, chosOwner = "4242", "4243", "4244"

func following(url string, c *crm) ledger.Config {
	c.owners = map[string]string{"ann@example.com": annsOwner, "bob@example.com": bobsOwner, "cho@example.com": chosOwner}
	cfg := config(url, c)
	cfg.Settings = func(context.Context, string, string, backend.Layout) (ledger.Settings, error) {
		return ledger.Settings{OwnerFollowsTransfer: true}, nil
	}
	return cfg
}

// leg is an agent's part of the interaction, begun n seconds after the first.
func leg(a ledger.Agent, n int64) backend.Record {
	r := inbound("interaction-1:" + a.AgentID + ":1")
	r.StartedAt, r.AnsweredAt, r.EndedAt = t0+n*1000, t0+n*1000+500, t0+n*1000+900
	return r
}

func leave(r backend.Record, how, kind, id string) backend.Record {
	r.Left = &backend.Departure{How: how, Kind: kind, ID: id}
	return r
}

func by(t testing.TB, l *ledger.Ledger, a ledger.Agent, r backend.Record) {
	t.Helper()
	_, err := l.Put(t.Context(), a, r)
	require.NoError(t, err)
}

func written(t testing.TB, l *ledger.Ledger, a ledger.Agent, r backend.Record) {
	t.Helper()
	eventually(t, func() (string, bool) {
		got, err := l.Get(context.Background(), a, r.Key)
		return got.Receipt.State, err == nil && got.Receipt.State == "enriched"
	})
}

// ownerIs waits until the call of a record has that owner.
func ownerIs(t testing.TB, c *crm, r backend.Record, want string) {
	t.Helper()
	eventually(t, func() (string, bool) {
		for _, call := range c.live() {
			if call.Properties["hs_call_external_id"] == r.Key {
				return call.Properties["hubspot_owner_id"], call.Properties["hubspot_owner_id"] == want
			}
		}
		return "no call", false
	})
}

func TestOwnerFollowsTransfer(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		l := start(t, following(url, c))
		first, second, third := leave(leg(ann, 0), "blind", "agent", "bob"), leave(leg(bob, 10), "blind", "queue", "q"), leg(cho, 20)
		by(t, l, ann, first)
		written(t, l, ann, first)
		ownerIs(t, c, first, annsOwner)

		by(t, l, bob, second)
		ownerIs(t, c, second, bobsOwner)
		ownerIs(t, c, first, bobsOwner)

		by(t, l, cho, third)
		ownerIs(t, c, third, chosOwner)
		ownerIs(t, c, second, chosOwner)
		ownerIs(t, c, first, chosOwner)
		written(t, l, ann, first)
		written(t, l, bob, second)
		written(t, l, cho, third)
		updates := c.count("update")
		third.Revision = 2
		by(t, l, cho, third)
		written(t, l, cho, third)
		written(t, l, ann, first)
		require.Equal(t, updates, c.count("update"), "nobody is written in circles")
		require.Len(t, c.live(), 3)
	})
}

func TestOwnerIsTheNextAgentsAtOnceIfTheyAreKnown(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		l := start(t, following(url, c))
		live := leg(bob, 10)
		live.EndedAt, live.Final, live.Phase, live.Outcome = 0, false, "talking", ""
		by(t, l, bob, live)

		first := leave(leg(ann, 0), "consult", "agent", "bob")
		by(t, l, ann, first)
		written(t, l, ann, first)

		ownerIs(t, c, first, bobsOwner)
		require.Len(t, c.live(), 1, "the call goes on")
	})
}

func TestOwnerStays(t *testing.T) {
	t.Parallel()
	consulted := func(r backend.Record) backend.Record { r.Consulted = true; return r }
	stranger := ledger.Agent{OrgID: "org", AgentID: "eve", Email: "eve@elsewhere.example"}
	tests := []struct {
		name  string
		first backend.Record
		other ledger.Agent
		then  backend.Record
		want  string
	}{
		{"the call was not left", leg(ann, 0), bob, leg(bob, 10), annsOwner},
		{"left to a number", leave(leg(ann, 0), "blind", "dialNumber", "+14155550123"), bob, consulted(leg(bob, 10)), annsOwner},
		{"to somebody else than who was consulted", leave(leg(ann, 0), "blind", "queue", "q"), bob, consulted(leg(bob, 10)), annsOwner},
		{"to who was consulted", leave(leg(ann, 0), "consult", "agent", "bob"), bob, consulted(leg(bob, 10)), bobsOwner},
		{"to somebody who did not answer", leave(leg(ann, 0), "blind", "agent", "bob"), bob, missed("interaction-1:bob:1"), annsOwner},
		{"to somebody without an owner", leave(leg(ann, 0), "blind", "agent", "eve"), stranger, leg(stranger, 10), annsOwner},
		{"another interaction", leave(leg(ann, 0), "blind", "agent", "bob"), bob, func() backend.Record {
			r := leg(bob, 10)
			r.InteractionID = "interaction-2"
			return r
		}(), annsOwner},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCRM()
			l := start(t, following(sqlite(t), c))
			by(t, l, tt.other, tt.then)
			written(t, l, tt.other, tt.then)
			by(t, l, ann, tt.first)
			written(t, l, ann, tt.first)

			ownerIs(t, c, tt.first, tt.want)
		})
	}
}

func TestOwnerDoesNotFollowUnlessWanted(t *testing.T) {
	t.Parallel()
	c := newCRM()
	cfg := following(sqlite(t), c)
	cfg.Settings = nil
	l := start(t, cfg)
	first, second := leave(leg(ann, 0), "blind", "agent", "bob"), leg(bob, 10)
	by(t, l, bob, second)
	written(t, l, bob, second)
	by(t, l, ann, first)
	written(t, l, ann, first)

	ownerIs(t, c, first, annsOwner)
}

func TestOwnerThatAPersonChoseStays(t *testing.T) {
	t.Parallel()
	c := newCRM()
	l := start(t, following(sqlite(t), c))
	first := leave(leg(ann, 0), "blind", "agent", "bob")
	by(t, l, ann, first)
	written(t, l, ann, first)
	c.edit(only(t, c).ID, "hubspot_owner_id", "7")
	reads := c.count("call")

	second := leg(bob, 10)
	by(t, l, bob, second)
	written(t, l, bob, second)
	eventually(t, func() (string, bool) { return "not read again", c.count("call") > reads })
	written(t, l, ann, first)

	ownerIs(t, c, first, "7")
}

// withOurs is a portal that has the properties that Deskbridge registers.
func withOurs() *crm {
	c := newCRM()
	c.extra = append(c.extra, ledger.CallProperties...)
	return c
}

// afterIs waits until the call of a record says for how long it went on, in ms;
// empty is not at all.
func afterIs(t testing.TB, c *crm, r backend.Record, want string) {
	t.Helper()
	eventually(t, func() (string, bool) {
		for _, call := range c.live() {
			if call.Properties["hs_call_external_id"] == r.Key {
				return call.Properties["deskbridge_transfer_ms"], call.Properties["deskbridge_transfer_ms"] == want
			}
		}
		return "no call", false
	})
}

// How long a call went on becomes known when the others' records come, however
// late, and in whichever order.
func TestTimeAfterATransferComesLater(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := withOurs()
		l := start(t, config(url, c))
		first, second, third := leave(leg(ann, 0), "blind", "agent", "bob"), leave(leg(bob, 10), "blind", "queue", "q"), leg(cho, 20)
		by(t, l, ann, first)
		written(t, l, ann, first)
		afterIs(t, c, first, "")

		by(t, l, bob, second)
		afterIs(t, c, first, "10000")
		by(t, l, cho, third)
		afterIs(t, c, first, "20000")
		afterIs(t, c, second, "10000")
		afterIs(t, c, third, "")
		written(t, l, ann, first)
		written(t, l, bob, second)
		written(t, l, cho, third)
		updates := c.count("update")
		third.Revision, third.EndedAt = 2, third.EndedAt+60_000
		by(t, l, cho, third)
		afterIs(t, c, first, "80000")
		afterIs(t, c, second, "70000")
		written(t, l, ann, first)
		written(t, l, bob, second)
		require.LessOrEqual(t, c.count("update")-updates, 4, "nobody is written in circles")
		require.Len(t, c.live(), 3)
		for _, call := range c.live() {
			if call.Properties["hs_call_external_id"] == first.Key {
				require.Contains(t, call.Properties["hs_call_body"], "Went on after that: 1:20")
				require.Equal(t, "1", call.Properties["deskbridge_transfers"])
			}
		}
	})
}

func TestTimeAfterATransferIsKnownAtOnce(t *testing.T) {
	t.Parallel()
	c := withOurs()
	l := start(t, config(sqlite(t), c))
	first, second := leave(leg(ann, 0), "blind", "agent", "bob"), leg(bob, 10)
	outside := leave(leg(ann, 0), "blind", "dialNumber", "+14155550123")
	outside.Key, outside.InteractionID = "outside", second.InteractionID
	by(t, l, bob, second)
	written(t, l, bob, second)
	by(t, l, ann, first)
	by(t, l, ann, outside)
	written(t, l, ann, first)
	written(t, l, ann, outside)

	afterIs(t, c, first, "10000")
	afterIs(t, c, outside, "")
}

// While HubSpot is away, records that concern each other do not breed jobs.
func TestTransferInAnOutageBreedsNoJobs(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := withOurs()
		down := true
		c.fail(func(op string, after bool) error {
			c.mu.Lock()
			defer c.mu.Unlock()
			if down && op == "upsert" && !after {
				return refusal(502)
			}
			return nil
		})
		cfg := following(url, c)
		cfg.BreakAfter = 1000
		l := start(t, cfg)
		first, second, third := leave(leg(ann, 0), "blind", "agent", "bob"), leave(leg(bob, 10), "blind", "agent", "cho"), leg(cho, 20)
		by(t, l, ann, first)
		by(t, l, bob, second)
		by(t, l, cho, third)
		eventually(t, func() (string, bool) { return "too few attempts", c.count("upsert") > 12 })

		var jobs int
		require.NoError(t, l.DB().QueryRowContext(t.Context(), `SELECT COUNT(*) FROM river_job WHERE kind = 'deskbridge_write'`).Scan(&jobs))
		require.LessOrEqual(t, jobs, 3)
		c.mu.Lock()
		down = false
		c.mu.Unlock()
		written(t, l, ann, first)
		written(t, l, bob, second)
		written(t, l, cho, third)

		afterIs(t, c, first, "20000")
		afterIs(t, c, second, "10000")
		ownerIs(t, c, first, chosOwner)
		require.Len(t, c.live(), 3)
	})
}
