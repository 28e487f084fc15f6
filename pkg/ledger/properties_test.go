package ledger_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

// ours is a portal that has all properties that Deskbridge registers.
func ours() *ledger.Ability {
	return ledger.NewAbility(true, "", nil).WithProperties(ledger.CallProperties...)
}

// whole is a call with every leg.
func whole() backend.Record {
	r := inbound("k")
	r.MenuMs, r.QueueMs, r.ConferenceMs, r.ConsultMs = 12_000, 95_000, 31_000, 45_000
	r.Conferred, r.WrappedAt, r.Parties = true, r.EndedAt+20_000, []string{"Bob Castle"}
	r.Left = &backend.Departure{How: "blind", Kind: "queue", ID: "q", Name: "Sales"}
	return r
}

func TestEveryLegIsALineAndANumber(t *testing.T) {
	t.Parallel()
	got := ledger.MapFor(ann, whole(), ledger.Settings{}, ours(), 130_000)

	require.Equal(t, strings.Join([]string{
		"Paid &lt;today&gt;", "by card", "In the menu: 0:12", "Queue: Billing, waited 1:35", "Rang: 0:05", "Talked: 1:00",
		"On hold: 0:10", "In consults: 0:45", "In conferences: 0:31 with Bob Castle", "Transferred to Sales (queue)",
		"Went on after that: 2:10", "Wrap-up reason: Sale", "Wrap-up: 0:20",
	}, "<br>"), got["hs_call_body"])
	want := map[string]string{
		"deskbridge_key": "k", "deskbridge_interaction_id": "interaction-1",
		"deskbridge_menu_ms": "12000", "deskbridge_queue_ms": "95000", "deskbridge_ring_ms": "5000",
		"deskbridge_talk_ms": "60000", "deskbridge_hold_ms": "10000", "deskbridge_consult_ms": "45000",
		"deskbridge_conference_ms": "31000", "deskbridge_transfer_ms": "130000", "deskbridge_wrapup_ms": "20000",
		"deskbridge_transfers": "1",
	}
	mine := maps.Clone(got)
	maps.DeleteFunc(mine, func(name, _ string) bool { return !strings.HasPrefix(name, "deskbridge_") })
	require.Equal(t, want, mine)
}

// Every property that is registered is written by some record, and the other
// way round, in the type in which it is registered.
func TestWhatIsRegisteredIsWritten(t *testing.T) {
	t.Parallel()
	got := ledger.MapFor(ann, whole(), ledger.Settings{}, ours(), 1)

	var registered []string
	for _, p := range ledger.CallProperties {
		registered = append(registered, p.Name)
		require.NotEmpty(t, p.Label)
		if p.Type == "number" {
			_, err := strconv.ParseInt(got[p.Name], 10, 64)
			require.NoError(t, err, p.Name)
		} else {
			require.Equal(t, "string", p.Type)
		}
	}
	var written []string
	for name := range got {
		if strings.HasPrefix(name, "deskbridge_") {
			written = append(written, name)
		}
	}
	slices.Sort(written)
	slices.Sort(registered)
	require.Equal(t, registered, written)

	bare := ledger.MapFor(ann, whole(), ledger.Settings{}, ledger.NewAbility(false, "", nil), 1)
	for _, name := range registered {
		require.NotContains(t, bare, name, "a portal without it")
	}
}

func TestUnknownLegsAreLeftOut(t *testing.T) {
	t.Parallel()
	offer := ledger.MapFor(ann, missed("k"), ledger.Settings{}, ours(), 0)
	require.Equal(t, "65000", offer["deskbridge_ring_ms"])
	for _, name := range []string{"talk", "hold", "menu", "queue", "consult", "conference", "transfer", "wrapup"} {
		require.NotContains(t, offer, "deskbridge_"+name+"_ms")
	}
	require.NotContains(t, offer, "deskbridge_transfers")

	simple := inbound("k")
	simple.HoldMs, simple.WrappedAt = 0, simple.EndedAt-5
	got := ledger.MapFor(ann, simple, ledger.Settings{}, ours(), 0)
	require.Equal(t, "0", got["deskbridge_hold_ms"], "an answered call that was not held")
	require.Equal(t, "0", got["deskbridge_transfers"])
	require.NotContains(t, got, "deskbridge_wrapup_ms", "a clock that went back")
	require.NotContains(t, got["hs_call_body"], "Wrap-up:")
}

func TestTemplatesFillTitleAndBody(t *testing.T) {
	t.Parallel()
	r := whole()
	r.Variables = []backend.Variable{{Name: "Order No", Value: "<A&17>"}}
	of := func(title, body string, r backend.Record) (string, string) {
		got := ledger.MapFor(ann, r, ledger.Settings{TitleTemplate: title, BodyTemplate: body}, nil, 0)
		return got["hs_call_title"], got["hs_call_body"]
	}

	title, body := of("{direction}: {name} <{cad.Order No}>", "Order {team}", r)
	require.Equal(t, "Inbound: Maria <<A&17>>", title)
	require.True(t, strings.HasPrefix(body, "Paid &lt;today&gt;<br>by card<br>In the menu"), "a template of an older program: %s", body)

	_, body = of("", "Order {cad.Order No} of {agent}\n\n{number}", r)
	require.True(t, strings.HasPrefix(body, "Paid &lt;today&gt;<br>by card<br>Order &lt;A&amp;17&gt; of Ann<br><br>+14155550100<br>In the menu"), body)

	r.Notes = ""
	_, body = of("", "Thanks", r)
	require.True(t, strings.HasPrefix(body, "Thanks<br>In the menu"), body)

	for text, want := range map[string]string{
		"{cad.missing}": "Call from Maria", "": "Call from Maria", "  ": "Call from Maria",
		"{date} {time}":                  "2026-09-21 14:13 UTC",
		"{duration} {hold} {outcome}":    "1:00 0:10 Completed",
		"{ours} {queue} {reason}":        "+18005550199 Billing Sale",
		"{interaction} {agent}":          "interaction-1 Ann",
		strings.Repeat("{name}{{ ", 100): "",
	} {
		title, _ := of(text, "", r)
		if want == "" {
			require.Len(t, []rune(title), 250)
			continue
		}
		require.Equal(t, want, title, text)
	}
	offer := missed("k")
	offer.Outcome = ""
	title, _ = of("{outcome}", "", offer)
	require.Equal(t, "Missed", title)
	offer.Outcome = "REJECTED"
	title, _ = of("{outcome}", "", offer)
	require.Equal(t, "Declined", title)
	offer.Outcome, offer.Direction = "NO_ANSWER", "OUTBOUND"
	title, _ = of("{direction} {outcome}", "", offer)
	require.Equal(t, "Outbound No answer", title)
}

// However long they are, notes come first and everything fits.
func TestLongTemplatesLeaveTheNotes(t *testing.T) {
	t.Parallel()
	r := whole()
	r.Notes = strings.Repeat("n", 65_000)
	got := ledger.MapFor(ann, r, ledger.Settings{BodyTemplate: strings.Repeat("<", 400)}, nil, 0)["hs_call_body"]

	require.LessOrEqual(t, len([]rune(got)), 65_536)
	require.True(t, strings.HasPrefix(got, r.Notes))
	require.NotContains(t, got, "&lt;")
}
