package softphone_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/softphone"
)

// matrix is webexcc-agent-api §6.2, word for word: the commands of a voice call
// and the states in which Webex takes them. A row's cells are in the order of
// states. "+" is offered, "-" is not; what stands behind it is the reason.
//
// Where the panel does more than Webex (one press for several commands) or
// another control does the same, the cell says so in a note below.
const matrix = `
command     | OFFERED | CONNECTED | HELD | ringing          | initiator        | consulted        | CONFERENCING | WRAPPING_UP
answer      | +       | -         | -    | -                | -                | -                | -            | -
decline     | +       | -         | -    | -                | -                | -                | -            | -
hold        | -       | +         | -    | -                | - swap           | -                | - not in UI  | -
resume      | -       | -         | +    | -                | - swap           | -                | - not held   | -
swap        | -       | -         | -    | - not-answered   | +                | - consulted      | -            | -
consult     | -       | +         | +    | - consult-open   | - consult-open   | - consulted      | +            | -
end-consult | -       | -         | -    | +                | +                | +                | -            | -
complete    | -       | -         | -    | - not-answered   | +                | - consulted      | - hand-over  | -
merge       | -       | -         | -    | - not-answered   | +                | - consulted      | -            | -
transfer    | -       | +         | +    | - consult-open   | - consult-open   | - consulted      | -            | -
leave       | -       | -         | -    | -                | -                | -                | +            | -
hand-over   | -       | -         | -    | -                | -                | -                | +            | -
pause       | -       | +         | +    | -                | -                | -                | +            | -
end         | -       | +         | + 1  | + 1              | + 1              | -                | +            | -
wrapup      | -       | -         | -    | -                | -                | -                | -            | +
`

// Notes: 1, Webex refuses End here; the panel's one press clears the way first.

// states reach each column of the matrix, on a phone in the browser.
var states = map[string]struct {
	script []string
	bob    bool // The call is looked at from his side.
}{
	"OFFERED":      {script: []string{"webex offered i1"}},
	"CONNECTED":    {script: []string{"webex offered i1", "webex assigned i1"}},
	"HELD":         {script: []string{"webex offered i1", "webex assigned i1", "webex held i1"}},
	"ringing":      {script: []string{"webex offered i1", "webex assigned i1", "webex consult-bob i1"}},
	"initiator":    {script: []string{"webex offered i1", "webex assigned i1", "webex consult-bob i1", "webex bob-answers i1"}},
	"consulted":    {script: []string{"webex offered i1", "webex assigned i1", "webex consult-bob i1", "webex bob-answers i1"}, bob: true},
	"CONFERENCING": {script: []string{"webex offered i1", "webex assigned i1", "webex consult-bob i1", "webex bob-answers i1", "webex merged i1"}},
	"WRAPPING_UP":  {script: []string{"webex offered i1", "webex assigned i1", "webex wrapup i1"}},
}

// reach plays a script on phones in the browser and returns the call.
func reach(t *testing.T, atBob bool, script ...string) (*world, softphone.CallView) {
	t.Helper()
	w := newWorld()
	for _, line := range append([]string{"start", "bob start", "media all", "bob media all"}, script...) {
		require.NoError(t, w.verb(fields(line)), line)
	}
	if atBob {
		w.phone = w.bob
	}
	v := w.s.View()
	require.NotNil(t, v.Call)
	return w, *v.Call
}

func TestControlsAreTheMatrixOfTheReference(t *testing.T) {
	t.Parallel()
	rows := strings.Split(strings.TrimSpace(matrix), "\n")
	columns := cells(rows[0])[1:]
	for _, row := range rows[1:] {
		command, want := cells(row)[0], cells(row)[1:]
		for n, state := range columns {
			_, call := reach(t, states[state].bob, states[state].script...)
			can, known := controls(call)[command]
			require.True(t, known, command)

			word, why, _ := strings.Cut(want[n], " ")

			require.Equal(t, word == "+", can.OK, "%s in %s", command, state)
			if slices.Contains([]string{"not-answered", "consult-open", "consulted"}, why) {
				require.Equal(t, softphone.Reason(why), can.Why, "%s in %s", command, state)
			} else if !can.OK {
				require.Equal(t, softphone.NotHere, can.Why, "%s in %s", command, state)
			}
		}
	}
}

func cells(row string) []string {
	var out []string
	for _, c := range strings.Split(row, "|") {
		out = append(out, strings.TrimSpace(c))
	}
	return out
}

// TestControlsOfSpecialCases are the matrix's "only if", and the richer rules
// of §6.5 and §6.6.
func TestControlsOfSpecialCases(t *testing.T) {
	t.Parallel()
	up := []string{"webex offered i1", "webex assigned i1", "webex owned i1"}
	asked := append(slices.Clone(up), "webex consult-bob i1", "webex bob-answers i1")
	merged := append(slices.Clone(asked), "webex merged i1")
	tests := []struct {
		name   string
		bob    bool
		script []string
		want   string // control, or control(reason)
	}{
		{"an outdial offer may be cancelled", false, []string{"dial +15550123", "webex dialled o1"}, "end"},
		{"a held conference may be resumed", false, append(slices.Clone(merged), "webex held i1"), "resume end"},
		{"an entry point may be merged unanswered", false, append(slices.Clone(up), "webex consult-entry i1"), "merge complete swap(not-answered)"},
		{"a number may be transferred to unanswered", false, append(slices.Clone(up), "webex consult-number i1"), "complete merge(not-answered)"},
		{"merge from the customer's leg", false, append(slices.Clone(asked), "webex to-customer i1"), "merge complete swap end"},
		{"customer gone in a consult", false, append(slices.Clone(asked), "webex customer-leaves i1"), "merge(customer-gone) complete(customer-gone) swap(customer-gone) end-consult end"},
		{"customer gone in a conference", false, append(slices.Clone(merged), "webex customer-leaves i1"), "consult(customer-gone) leave end"},
		{"a guest owns nothing", true, merged, "end(not-owner) hand-over(not-owner) drop:ann(not-owner) leave consult"},
		{"the owner does", false, merged, "end hand-over drop:bob drop:ann(not-here) leave"},
		{"a guest while the owner asks", true, append(slices.Clone(merged), "webex consult-number i1", "webex tells i1 bob:ContactUpdated"), "leave(consult-open) consult(consult-open)"},
		{"consult from a conference", false, append(slices.Clone(merged), "webex consult-number i1"), "leave(consult-open) hand-over(consult-open) end-consult end"},
		{"something pending", false, append(slices.Clone(up), "press hold i1"), "hold(waiting) consult(waiting) transfer(waiting) pause(waiting) end"},
		{"an end pending", false, append(slices.Clone(up), "press end i1"), "end(waiting) hold(waiting)"},
		{"the socket is down", false, append(slices.Clone(up), "link-lost"), "consult(offline) transfer(offline) end hold"},
		{"the socket is down in a consult", false, append(slices.Clone(asked), "link-lost"), "merge(offline) complete(offline) swap(offline) end-consult end"},
		{"the profile forbids ending", false, append(slices.Clone(up), "profile no-end"), "end(not-allowed)"},
		{"the profile forbids pausing", false, append(slices.Clone(up), "profile no-privacy-shield"), "pause(not-allowed)"},
		{"paused before that", false, append(slices.Clone(up), "webex paused i1", "profile no-privacy-shield"), "pause(not-here) continue(not-allowed)"},
		{"the consulted agent may not end it", true, append(slices.Clone(asked), "bob profile no-end"), "end-consult(not-allowed) end(not-here)"},
		{"the initiator always may", false, append(slices.Clone(asked), "profile no-end"), "end-consult end(not-allowed)"},
		{"a desk phone", false, append(slices.Clone(up), "media none"), "mute(on-your-phone) digits(on-your-phone)"},
		{"a desk phone rings", false, []string{"media none", "webex offered i1"}, "answer(on-your-phone) decline(on-your-phone)"},
		{"no automatic wrap-up", false, append(slices.Clone(up), "webex wrapup i1"), "extend(not-here) wrapup"},
		{"automatic wrap-up", false, append(slices.Clone(up), "profile auto-wrap-up 30s", "webex wrapup i1"), "extend wrapup"},
		{"automatic wrap-up that stands", false, append(slices.Clone(up), "profile auto-wrap-up-fixed 30s", "webex wrapup i1"), "extend(not-allowed) wrapup"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, call := reach(t, tt.bob, tt.script...)
			var asked []string
			for _, word := range strings.Fields(tt.want) {
				name, _, _ := strings.Cut(word, "(")
				require.Contains(t, controls(call), name)
				asked = append(asked, name)
			}

			require.Equal(t, tt.want, showCan(call, asked))
		})
	}
}

// TestConferenceHasRoomForSeven adds voices until there is no room.
func TestConferenceHasRoomForSeven(t *testing.T) {
	t.Parallel()
	w, _ := reach(t, false, "webex offered i1", "webex assigned i1")
	for n, who := range []string{"a2", "a3", "a4", "a5", "a6", "a7"} {
		require.True(t, w.s.View().Call.CanConsult.OK, "with %d", n+1)
		require.NoError(t, w.webex("joins", "i1", who))
	}

	require.Equal(t, softphone.Can{Why: softphone.TooMany}, w.s.View().Call.CanConsult)

	require.NoError(t, w.webex("consult-bob", "i1", ""))
	require.NoError(t, w.webex("bob-answers", "i1", ""))
	require.Equal(t, softphone.TooMany, w.s.View().Call.CanMerge.Why)
}

// TestViewOfAConference is what the panel draws of it.
func TestViewOfAConference(t *testing.T) {
	t.Parallel()
	_, call := reach(t, false, "webex offered i1", "webex assigned i1", "webex owned i1", "press consult i1 agent:bob", "webex consult-bob i1")
	require.Equal(t, softphone.Target{Kind: softphone.ToAgent, ID: bob, Name: "Bob"}, call.Target)
	require.True(t, call.ConsultAt.IsZero())

	w, call := reach(t, false, "webex offered i1", "webex assigned i1", "webex owned i1", "wait 3s", "webex consult-bob i1",
		"webex bob-answers i1", "webex merged i1", "wait 1s", "webex joins i1 cho")

	require.Equal(t, softphone.ScreenConference, w.s.View().Screen)
	require.Equal(t, softphone.WordConference, w.s.View().Status.Word)
	require.Equal(t, 3, call.Legs.Agents)
	var order []string
	for _, p := range call.Parties {
		order = append(order, p.ID)
		require.True(t, p.Joined && p.Main, p.ID)
		require.Equal(t, p.ID == ann, p.Self)
		require.Equal(t, p.ID == ann, p.Owner)
	}
	require.Equal(t, []string{customer, ann, bob, cho}, order)
}

// TestSecretsStayHere looks at view and records for a secure variable's value.
func TestSecretsStayHere(t *testing.T) {
	t.Parallel()
	w, call := reach(t, false, "webex offered i1", "webex variables i1", "webex assigned i1", "press notes i1 x")

	require.Equal(t, []softphone.Variable{
		{Name: "tier", Label: "Tier", Value: "gold", Editable: true}, {Name: "pin", Label: "PIN", Value: "••••", Secure: true},
	}, call.Variables)
	require.Equal(t, []softphone.Variable{{Name: "tier", Label: "Tier", Value: "gold", Editable: true}}, w.saved[call.Key].Variables)

	require.NoError(t, w.verb(fields("profile hide-variables")))
	require.NoError(t, w.verb(fields("press notes i1 y")))

	require.Empty(t, w.s.View().Call.Variables)
	require.Empty(t, w.saved[call.Key].Variables)
}

// TestBuddiesAreSorted puts those who are free first and oneself nowhere.
func TestBuddiesAreSorted(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.start()

	require.NoError(t, w.verb(fields("buddies zoe:idle cho:available ann:available abe:idle bob:available")))

	var got []string
	for _, b := range w.s.View().Buddies {
		got = append(got, b.Name)
	}
	require.Equal(t, []string{"Bob", "Cho", "abe", "zoe"}, got)
}

// TestNoCalls says so for the record that the call belongs to, if there is but
// one or one was chosen.
func TestNoCalls(t *testing.T) {
	t.Parallel()
	calm := softphone.Match{Record: softphone.RecordRef{ObjectTypeID: "0-1", ObjectID: "501", Name: "A"}, NoCalls: true}
	other := softphone.Match{Record: softphone.RecordRef{ObjectTypeID: "0-1", ObjectID: "502", Name: "B"}}
	w, _ := reach(t, false, "webex offered i1", "hubspot match-failed")
	w.step(softphone.LookedUp{Key: w.key("i1"), Matches: []softphone.Match{calm, other}, Display: "(555) 010-0100"})
	require.False(t, w.s.View().Call.NoCalls)
	require.Equal(t, "(555) 010-0100", w.s.View().Call.Display)

	w.step(softphone.MatchChosen{Key: w.key("i1"), Record: &calm.Record})

	require.True(t, w.s.View().Call.NoCalls)
	w.step(softphone.MatchChosen{Key: w.key("i1"), Record: &other.Record})
	require.False(t, w.s.View().Call.NoCalls)
}
