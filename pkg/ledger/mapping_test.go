package ledger_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

const (
	busy      = "9d9162e7-6cf3-4944-bf63-4dff82258764"
	connected = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
	noAnswer  = "73a0d17f-1163-4015-bdd5-ec830791da20"
)

func TestStatusAndDisposition(t *testing.T) {
	t.Parallel()
	tests := []struct {
		direction, outcome  string
		answered            bool
		status, disposition string
	}{
		{"INBOUND", "COMPLETED", true, "COMPLETED", connected},
		{"INBOUND", "", true, "COMPLETED", connected},
		{"INBOUND", "", false, "NO_ANSWER", noAnswer},
		{"INBOUND", "MISSED", false, "NO_ANSWER", noAnswer},
		{"INBOUND", "REJECTED", false, "NO_ANSWER", noAnswer},
		{"INBOUND", "CANCELED", false, "CANCELED", noAnswer},
		{"INBOUND", "FAILED", true, "FAILED", ""},
		{"OUTBOUND", "COMPLETED", true, "COMPLETED", connected},
		{"OUTBOUND", "BUSY", false, "BUSY", busy},
		{"OUTBOUND", "NO_ANSWER", false, "NO_ANSWER", noAnswer},
		{"OUTBOUND", "CANCELED", false, "CANCELED", noAnswer},
		{"OUTBOUND", "FAILED", false, "FAILED", ""},
		{"OUTBOUND", "", false, "NO_ANSWER", noAnswer},
	}
	for _, tt := range tests {
		r := backend.Record{Key: "k", Direction: tt.direction, Outcome: tt.outcome, StartedAt: t0}
		if tt.answered {
			r.AnsweredAt, r.EndedAt = t0+1000, t0+2000
		}

		got := ledger.MapProperties(r, ledger.Portal{ID: "1"}, "org", "", ledger.Settings{}, nil)

		assert.Equal(t, tt.status, got["hs_call_status"], "%+v", tt)
		assert.Equal(t, tt.disposition, got["hs_call_disposition"], "%+v", tt)
	}
}

func TestDispositionByWrapUpReason(t *testing.T) {
	t.Parallel()
	r := inbound("k")
	of := func(m map[string]string, options ...string) string {
		a := ledger.NewAbility(false, "", options)
		return ledger.MapProperties(r, ledger.Portal{}, "org", "", ledger.Settings{DispositionByCode: m}, a)["hs_call_disposition"]
	}

	require.Equal(t, "by-id", of(map[string]string{"code-1": "by-id", "Sale": "by-name"}))
	require.Equal(t, "by-name", of(map[string]string{"Sale": "by-name"}))
	require.Equal(t, connected, of(map[string]string{"other": "x"}))
	require.Empty(t, of(map[string]string{"Sale": "removed"}, "one", "two"), "an option that the portal does not have")
}

func TestOutboundNumbers(t *testing.T) {
	t.Parallel()
	r := inbound("k")
	r.Direction = "OUTBOUND"

	got := ledger.MapProperties(r, ledger.Portal{}, "org", "", ledger.Settings{}, nil)

	require.Equal(t, r.Ours, got["hs_call_from_number"])
	require.Equal(t, r.Number, got["hs_call_to_number"])
	require.Equal(t, "Call to Maria", got["hs_call_title"])
	require.Equal(t, "org", got["hs_call_external_account_id"])
}

func TestLongNotesLeaveNoRoom(t *testing.T) {
	t.Parallel()
	r := inbound("k")
	r.Notes = strings.Repeat("&", 65536)

	got := ledger.MapProperties(r, ledger.Portal{}, "org", "", ledger.Settings{}, nil)["hs_call_body"]

	require.LessOrEqual(t, utf8.RuneCountInString(got), 65536)
	require.True(t, strings.HasSuffix(got, "&amp;"))
}

func TestWhatHappenedReadsWell(t *testing.T) {
	t.Parallel()
	lines := func(change func(*backend.Record)) string {
		r := backend.Record{Key: "k", Direction: "INBOUND", StartedAt: t0, AnsweredAt: t0, EndedAt: t0 + 60_000}
		change(&r)
		body := ledger.MapProperties(r, ledger.Portal{}, "org", "", ledger.Settings{}, nil)["hs_call_body"]
		return strings.TrimPrefix(strings.TrimPrefix(body, "Talked: 1:00"), "<br>")
	}
	left := func(how, kind, id, name string) func(*backend.Record) {
		return func(r *backend.Record) { r.Left = &backend.Departure{How: how, Kind: kind, ID: id, Name: name} }
	}
	for _, tt := range []struct {
		change func(*backend.Record)
		want   string
	}{
		{func(r *backend.Record) { r.ConsultMs, r.Parties = 45_000, []string{"Bob Castle", " ", "Bob Castle"} }, "In consults: 0:45 with Bob Castle"},
		{func(r *backend.Record) { r.Consulted, r.Parties = true, []string{"Ann <Berger>"} }, "Consulted by Ann &lt;Berger&gt;<br>Talked: 1:00"},
		{func(r *backend.Record) { r.Consulted = true }, "Consulted by another agent<br>Talked: 1:00"},
		{func(r *backend.Record) { r.Conferred, r.ConsultMs, r.Parties = true, 1000, []string{"Bob", "Cho"} }, "In consults: 0:01<br>Conference with Bob, Cho"},
		{left("blind", "queue", "q-1", "Billing"), "Transferred to Billing (queue)"},
		{left("blind", "dialNumber", "+14155550123", ""), "Transferred to +14155550123 (number)"},
		{left("blind", "entryPoint", "e-1", ""), "Transferred to an entry point"},
		{left("consult", "agent", "b", "Bob Castle"), "Transferred to Bob Castle (agent) after a consult"},
		{left("consult", "agent", "b", ""), "Transferred to another agent after a consult"},
		{left("conference", "agent", "b", "Bob Castle"), "Left the conference to Bob Castle (agent)"},
		{left("conference", "", "", ""), "Left the conference"},
		{left("handover", "agent", "b", "Bob Castle"), "Handed over to Bob Castle (agent)"},
	} {
		require.Equal(t, tt.want, lines(tt.change))
	}
}

func TestVariablesFitTheirProperties(t *testing.T) {
	t.Parallel()
	able := ledger.NewAbility(false, "", nil, "plain").WithProperties(
		ledger.Property{Name: "tier", Type: "enumeration", Options: []string{"gold", "silver"}},
		ledger.Property{Name: "score", Type: "number"}, ledger.Property{Name: "vip", Type: "bool"},
		ledger.Property{Name: "since", Type: "date"}, ledger.Property{Name: "sealed", Type: "string", ReadOnly: true})
	for _, tt := range []struct{ property, value, want string }{
		{"plain", " Jane <b> ", "Jane <b>"}, {"plain", "", ""},
		{"tier", "GOLD", "gold"}, {"tier", "bronze", ""},
		{"score", "4.5", "4.5"}, {"score", "many", ""},
		{"vip", "Yes", "true"}, {"vip", "0", "false"}, {"vip", "perhaps", ""},
		{"since", "2026-01-31", "1769817600000"}, {"since", "1769817600000", "1769817600000"}, {"since", "January", ""},
		{"sealed", "x", ""}, {"missing", "x", ""},
	} {
		r := inbound("k")
		r.Variables = []backend.Variable{{Name: "CAD", Value: tt.value}, {Name: "other", Value: "y"}}
		s := ledger.Settings{VariableProperties: map[string]string{"CAD": tt.property}}

		got := ledger.MapProperties(r, ledger.Portal{}, "org", "", s, able)

		require.Equal(t, tt.want, got[tt.property], tt)
		if tt.want == "" {
			require.NotContains(t, got, tt.property)
		}
	}
}

func FuzzClip(f *testing.F) {
	f.Add("a&amp;b<br>ä", 4)
	f.Add("", 0)
	f.Add("&&&&<<<", 3)
	f.Fuzz(func(t *testing.T, s string, n int) {
		if n < 0 || n > 1000 || !utf8.ValidString(s) {
			t.Skip()
		}

		got := ledger.Clip(s, n)

		require.LessOrEqual(t, utf8.RuneCountInString(got), n)
		require.True(t, strings.HasPrefix(s, got))
	})
}

func TestTitleSaysWhatItWasToThisAgent(t *testing.T) {
	t.Parallel()
	const t0 = 1_760_000_000_000
	for want, r := range map[string]backend.Record{
		"Call from Maria":            {Direction: "INBOUND", AnsweredAt: t0},
		"Call to Maria":              {Direction: "OUTBOUND", AnsweredAt: t0},
		"Missed call from Maria":     {Direction: "INBOUND"},
		"Consult about Maria":        {Direction: "INBOUND", AnsweredAt: t0, Consulted: true},
		"Missed consult about Maria": {Direction: "INBOUND", Consulted: true},
	} {
		r.Key, r.StartedAt, r.Name = "k", t0, "Maria"
		require.Equal(t, want, ledger.MapProperties(r, ledger.Portal{}, "org", "", ledger.Settings{}, nil)["hs_call_title"])
	}
	joined := backend.Record{Key: "k", Direction: "INBOUND", StartedAt: t0, AnsweredAt: t0, Name: "Maria", Consulted: true, Conferred: true}
	require.Equal(t, "Call from Maria", ledger.MapProperties(joined, ledger.Portal{}, "org", "", ledger.Settings{}, nil)["hs_call_title"])
}
