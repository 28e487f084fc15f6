package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

// called is a call that an agent had on the day'th day before now.
func called(key string, day int, contact string) backend.Record {
	r := inbound(key)
	r.InteractionID = "i-" + key
	shift := int64(day) * 86_400_000
	r.StartedAt, r.AnsweredAt, r.EndedAt = t0-shift, t0-shift+5_000, t0-shift+65_000
	r.Record = nil
	if contact != "" {
		r.Record = &backend.Ref{ObjectTypeID: "0-1", ObjectID: contact, Name: "Contact " + contact}
	}
	return r
}

func remembering(t *testing.T, url string) *ledger.Ledger {
	t.Helper()
	cfg := config(url, newCRM())
	cfg.Now = func() time.Time { return time.UnixMilli(t0 + 3_600_000) }
	return open(t, cfg)
}

func TestNumberIsRememberedByWhomItWasLoggedTo(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		l := remembering(t, url)
		other := called("other", 1, "9")
		other.Number = "+14155550199"
		unportalled := called("default", 6, "6")
		unportalled.PortalID = ""
		elsewhere := called("elsewhere", 1, "8")
		elsewhere.PortalID = "999"
		raw := called("raw", 4, "4")
		raw.Number = "914155550100"
		for _, r := range []backend.Record{
			called("a", 3, "1"), called("b", 2, "2"), called("c", 1, "1"), called("d", 0, ""), called("e", 89, "3"),
			called("f", 91, "5"), other, unportalled, elsewhere, raw,
		} {
			put(t, l, r)
		}
		_, err := l.Put(t.Context(), ledger.Agent{OrgID: "another", AgentID: "x"}, called("foreign", 0, "7"))
		require.NoError(t, err)
		ids := func(at ledger.Place, numbers ...string) []string {
			found, err := l.Recent(t.Context(), at, numbers...)
			require.NoError(t, err)
			all := []string{}
			for _, f := range found {
				all = append(all, f.Record.ObjectID)
			}
			return all
		}

		require.Equal(t, []string{"1", "2", "6", "3"}, ids(place, "+14155550100"))
		require.Equal(t, []string{"1", "2", "4", "6", "3"}, ids(place, "914155550100", "+14155550100"))
		require.Equal(t, []string{"1", "2", "3"}, ids(ledger.Place{OrgID: ann.OrgID, PortalID: "4567"}, "+14155550100"))
		require.Empty(t, ids(place, ""))
		require.Empty(t, ids(place))
		found, err := l.Recent(t.Context(), place, "+14155550100")
		require.NoError(t, err)
		require.Equal(t, t0-86_400_000, found[0].At.UnixMilli())
		require.Equal(t, "Contact 1", found[0].Record.Name)

		_, err = l.Repoint(t.Context(), place, "0-1", "2", "22")
		require.NoError(t, err)
		_, err = l.Erase(t.Context(), place, "0-1", "1")
		require.NoError(t, err)
		require.Equal(t, []string{"22", "6", "3"}, ids(place, "+14155550100"))
	})
}

func TestInteractionsOfARecord(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		l := remembering(t, url)
		live := called("live", 0, "1")
		live.EndedAt, live.Phase, live.Outcome, live.Final = 0, "talking", "", false
		missed := called("missed", 1, "1")
		missed.AnsweredAt, missed.Outcome = 0, "MISSED"
		taken := called("taken", 1, "1")
		taken.InteractionID = missed.InteractionID
		missed.StartedAt += 10_000 // Offered again, after the one who took it had left.
		unanswered := called("unanswered", 3, "1")
		unanswered.AnsweredAt, unanswered.Outcome = 0, "MISSED"
		for _, r := range []backend.Record{live, missed, taken, called("mine", 2, "1"), unanswered, called("other", 0, "2")} {
			put(t, l, r)
		}
		bob := ledger.Agent{OrgID: ann.OrgID, AgentID: "bob", Name: "Bob"}
		_, err := l.Put(t.Context(), bob, called("bobs", 4, "1"))
		require.NoError(t, err)
		_, err = l.Put(t.Context(), ledger.Agent{OrgID: "another", AgentID: "x"}, called("foreign", 0, "1"))
		require.NoError(t, err)
		contact := backend.Ref{ObjectTypeID: "0-1", ObjectID: "1"}

		got, err := l.Interactions(t.Context(), place, contact, 10)

		require.NoError(t, err)
		day := int64(86_400_000)
		entry := func(at int64, agent, outcome string) backend.CardRecent {
			return backend.CardRecent{At: at, Channel: "telephony", Direction: "INBOUND", Agent: agent, Queue: "Billing", Outcome: outcome, Reason: "Sale"}
		}
		require.Equal(t, []backend.CardRecent{
			entry(t0-day, "Ann", "COMPLETED"), entry(t0-2*day, "Ann", "COMPLETED"), entry(t0-3*day, "Ann", "MISSED"),
			entry(t0-4*day, "Bob", "COMPLETED"),
		}, got)
		got, err = l.Interactions(t.Context(), place, contact, 2)
		require.NoError(t, err)
		require.Len(t, got, 2)
		got, err = l.Interactions(t.Context(), ledger.Place{OrgID: ann.OrgID, PortalID: "9"}, contact, 2)
		require.NoError(t, err)
		require.Empty(t, got)
		_, err = l.Erase(t.Context(), place, "0-1", "1")
		require.NoError(t, err)
		got, err = l.Interactions(t.Context(), place, contact, 5)
		require.NoError(t, err)
		require.Empty(t, got)
	})
}

// What is associated with a call by the admin's rules has it on its card, too.
func TestInteractionsOfWhatACallWasAssociatedWith(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		l := remembering(t, url)
		put(t, l, called("a", 1, "1"))
		_, err := l.DB().ExecContext(t.Context(), `INSERT INTO deskbridge_link (key, ref) VALUES ('a', '0-2/77')`)
		require.NoError(t, err)

		got, err := l.Interactions(t.Context(), place, backend.Ref{ObjectTypeID: "0-2", ObjectID: "77"}, 5)

		require.NoError(t, err)
		require.Len(t, got, 1, fmt.Sprint(got))
	})
}
