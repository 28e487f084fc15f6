package ui_test

import (
	"testing"
	"time"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

func TestConferenceIsEndedForAllByTwoPresses(t *testing.T) {
	t.Parallel()
	b := newBench(story(t, "conference"))
	end := softphone.EndRequested{Key: callKey}

	ui.ApplyTo(b.Panel, ui.EndForAll(callKey))
	require.Empty(t, b.src.take())
	require.Equal(t, "Press again to end", text(byID(parse(t, b.Render()), "end")))
	ui.ApplyTo(b.Panel, ui.EndForAll(callKey))
	require.Equal(t, sent(end), b.src.take())

	chord := ui.Key{Key: "d", Code: "KeyD", Ctrl: true, Alt: true}
	ui.Press(b.Panel, chord)
	require.Empty(t, b.src.take(), "the shortcut asks too")
	ui.Press(b.Panel, chord)
	require.Equal(t, sent(end), b.src.take())
}

func TestEscapeWithdrawsTheQuestionAndEndsNothing(t *testing.T) {
	t.Parallel()
	b := newBench(story(t, "conference"))
	ui.ApplyTo(b.Panel, ui.EndForAll(callKey))

	ui.Press(b.Panel, ui.Key{Key: "Escape", Target: "end"})
	ui.ApplyTo(b.Panel, ui.EndForAll(callKey))

	require.Empty(t, b.src.take())
}

func TestEachParticipantHasItsOwnDrop(t *testing.T) {
	t.Parallel()
	root := parse(t, newBench(story(t, "conference")).Render())

	rows := all(root, byClass("party"))

	require.Len(t, rows, 4)
	for n, name := range []string{"", "", "Drop Bob Meyer", "Drop +1 415 555 0177"} {
		drop := find(rows[n], func(x *html.Node) bool { return x.Data == "button" })
		require.Equal(t, name != "", shown(drop))
		if name != "" {
			require.Equal(t, name, nameOf(root, drop))
		}
	}
}

// TestConsultFromAConferenceShowsItsOwnControlsOnly: leaving and handing over
// wait until the consult is over, and another consult cannot begin.
func TestConsultFromAConferenceShowsItsOwnControlsOnly(t *testing.T) {
	t.Parallel()
	root := parse(t, newBench(story(t, "consulting-conference")).Render())

	for _, id := range []string{"transfer", "leave", "hand-over"} {
		require.False(t, shown(byID(root, id)), id)
	}
	for _, id := range []string{"swap", "merge", "complete", "end-consult", "end"} {
		require.True(t, shown(byID(root, id)), id)
	}
	require.Contains(t, text(all(root, byClass("leg"))[0]), "Conference (3) On hold")
}

func TestConsultShowsWhoIsHeard(t *testing.T) {
	t.Parallel()
	for name, heard := range map[string]string{"consulting": "Bob Meyer", "consulting-swapped": "Maria Silva", "consulted": "Bob Meyer"} {
		root := parse(t, newBench(story(t, name)).Render())

		active := all(root, byClass("leg-active"))

		require.Len(t, active, 1, name)
		require.Contains(t, text(active[0]), heard+" Talking", name)
	}
}

func TestRingingConsultCountsFromItsBeginning(t *testing.T) {
	t.Parallel()
	b := newBench(talking())
	ui.Show(b.Panel, story(t, "consulting-ringing"))
	b.pass(4 * time.Second)

	root := parse(t, b.Render())

	require.Contains(t, text(all(root, byClass("leg"))[1]), "Bob Meyer Calling… 00:04")
	require.Equal(t, "Cancel consult", text(byID(root, "end-consult")))
}

func TestSidesOfACallAreAnnounced(t *testing.T) {
	t.Parallel()
	ringing, talks, swapped := story(t, "consulting-ringing"), story(t, "consulting"), story(t, "consulting-swapped")
	conference := story(t, "conference")
	alone := conference
	c := *conference.Call
	c.Parties = c.Parties[:2]
	alone.Call = &c
	gone := talks
	g := *talks.Call
	g.Legs.Customer = false
	gone.Call = &g
	muted := talking(func(c *softphone.CallView) { c.Muted = true })
	offer := story(t, "incoming-consult")
	tests := []struct {
		name              string
		from, to          softphone.View
		polite, assertive string
	}{
		{"consult offered", idleView(), offer, "", "Bob Meyer asks you about Maria Silva. Answer with Ctrl Alt A. 12 s to answer."},
		{"consult begins", talking(), ringing, "Calling Bob Meyer. The customer is on hold.", ""},
		{"answered", ringing, talks, "Talking to Bob Meyer. The customer is on hold.", ""},
		{"swap", talks, swapped, "Talking to Maria Silva. Your colleague is on hold.", ""},
		{"merge", talks, conference, "Conference. You are all on the line.", ""},
		{"consult ends", talks, held(), "On hold. The consult is over.", ""},
		{"somebody joins", alone, conference, "Bob Meyer has joined. +1 415 555 0177 has joined.", ""},
		{"somebody leaves", conference, alone, "Bob Meyer has left. +1 415 555 0177 has left.", ""},
		{"customer leaves", talks, gone, "", "The customer has left the call."},
		{"mute", talking(), muted, "Muted.", ""},
		{"unmute", muted, talking(), "Not muted.", ""},
		{"state wanted", talking(), story(t, "state-wanted"), "Lunch after this call.", ""},
		{"do not call", idleView(), story(t, "dialing-no-calls"), "Calling Maria Silva.", "Careful: this person does not want to be called."},
	}
	for _, tt := range tests {
		b := newBench(tt.from)

		ui.Show(b.Panel, tt.to)

		require.Equal(t, tt.polite, ui.LocalOf(b.Panel).Polite, tt.name)
		require.Equal(t, tt.assertive, ui.LocalOf(b.Panel).Assertive, tt.name)
	}
}

func TestKeyboardSendsDigitsWhileTheKeypadIsOpen(t *testing.T) {
	t.Parallel()
	b := newBench(story(t, "in-call-browser"))
	ui.ApplyTo(b.Panel, ui.OpenDigits())
	require.Equal(t, "key-0", ui.TakeFocus(b.Panel))

	for _, k := range []string{"4", "#", "a"} {
		ui.Press(b.Panel, ui.Key{Key: k, Target: "sheet-close"})
	}

	require.Equal(t, sent(
		softphone.DigitsRequested{Key: callKey, Digits: "4"}, softphone.DigitsRequested{Key: callKey, Digits: "#"},
	), b.src.take())
	require.Equal(t, "4#", text(byID(parse(t, b.Render()), "digits-sent")))
	ui.Press(b.Panel, ui.Key{Key: "Escape", Target: "key-1"})
	require.Equal(t, "keypad", ui.TakeFocus(b.Panel))
}

func TestDigitsAreHiddenWhileTheRecordingIsPaused(t *testing.T) {
	t.Parallel()
	b := newBench(story(t, "in-call-digits-hidden"))
	ui.ApplyTo(b.Panel, ui.OpenDigits())

	ui.Press(b.Panel, ui.Key{Key: "4", Target: "key-0"})

	require.Equal(t, "•", text(byID(parse(t, b.Render()), "digits-sent")))
}

func TestVariablesAreChangedInPlace(t *testing.T) {
	t.Parallel()
	b := newBench(story(t, "in-call-browser"))

	ui.ApplyTo(b.Panel, ui.EditVariable("reason"))
	require.Equal(t, "variable", ui.TakeFocus(b.Panel))
	ui.Type(b.Panel, "variable", "Invoice 4712")
	ui.Press(b.Panel, ui.Key{Key: "Enter", Target: "variable", Typing: true})

	require.Equal(t, sent(softphone.VariableEdited{Key: callKey, Name: "reason", Value: "Invoice 4712"}), b.src.take())
	require.Equal(t, "variable-edit-1", ui.TakeFocus(b.Panel))

	ui.ApplyTo(b.Panel, ui.EditVariable("reason"))
	ui.Press(b.Panel, ui.Key{Key: "Escape", Target: "variable", Typing: true})
	require.Empty(t, b.src.take())
	require.Nil(t, byID(parse(t, b.Render()), "variable"))
}

func TestVariablesAreReadOnlyWhereTheContactCentreSaysSo(t *testing.T) {
	t.Parallel()
	root := parse(t, newBench(story(t, "in-call")).Render())

	require.Nil(t, byID(root, "variable-edit-0"))
	require.Contains(t, text(root), "••••99", "secure values are masked")
	require.NotContains(t, raw(root), "8812340099")
}

func TestActivityIsSaidAtMostEachFiveSeconds(t *testing.T) {
	t.Parallel()
	v := idleView()
	v.Profile.Inactivity = time.Hour
	b := newBench(v)

	for range 10 {
		b.clock = b.clock.Add(time.Second)
		ui.DoTo(b.Panel, ui.PressKey("1"))
	}

	require.Equal(t, sent(softphone.ActivitySeen{}, softphone.ActivitySeen{}), b.src.take())

	b = newBench(idleView())
	ui.DoTo(b.Panel, ui.PressKey("1"))
	require.Empty(t, b.src.take(), "nobody is logged out for it")
}

func TestStayIsInTheWarning(t *testing.T) {
	t.Parallel()
	root := parse(t, newBench(story(t, "idle-inactive")).Render())

	require.Equal(t, "Stay", text(byID(root, "inactive-do")))
	require.Contains(t, text(byID(root, "zone-notices")), "00:52")
	require.NotContains(t, text(byID(root, "inactive")), "00:52", "the countdown is not announced each second")
}
