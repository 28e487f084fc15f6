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
	cfg.Settings = func(context.Context, string, string) (ledger.Settings, error) {
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
