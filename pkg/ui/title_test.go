package ui_test

import (
	"strings"
	"testing"
	"time"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/require"
)

// titled is a call with a title to write and a ticket to ask for.
func titled(c *softphone.CallView) { c.CanTitle, c.CanTicket = ok(), ok() }

// later is a view whose settings leave notes to the wrap-up.
func later(v softphone.View) softphone.View {
	v.Settings.NoLiveNotes = true
	return v
}

func TestTitleIsSentLikeNotes(t *testing.T) {
	t.Parallel()
	b := newBench(talking(titled))
	edited := func(s string) softphone.Event { return softphone.TitleEdited{Key: callKey, Text: s} }

	ui.Type(b.Panel, "title", "R")
	ui.Type(b.Panel, "title", "Refund")
	require.Equal(t, sent(edited("R")), b.src.take(), "the first at once, the second waits")
	b.pass(time.Second)
	require.Equal(t, sent(edited("Refund")), b.src.take())
	b.pass(time.Second)
	require.Empty(t, b.src.take(), "nothing new")
	ui.Type(b.Panel, "title", "Refund of")
	b.src.take()
	ui.Type(b.Panel, "title", "Refund of 4711")
	ui.ApplyTo(b.Panel, ui.LeaveNotes())
	require.Equal(t, sent(edited("Refund of 4711")), b.src.take())

	ui.Type(b.Panel, "title", "Refund of 4712")
	ui.Show(b.Panel, wrapping(titled, func(c *softphone.CallView) { c.Title, c.CodeID, c.CanWrapUp = "Refund of 4711", "w1", ok() }))
	require.Equal(t, "Refund of 4712", attr(byID(parse(t, b.Render()), "title"), "value"), "an older view takes nothing away")
	b.src.take()
	ui.Type(b.Panel, "title", "Refund of 4713")
	ui.ApplyTo(b.Panel, ui.Submit(callKey))
	require.Equal(t, sent(edited("Refund of 4713"), softphone.WrapUpSubmitted{Key: callKey}), b.src.take(), "it goes out before the wrap-up")
}

func TestTitleIsThereWhereItMayBeWritten(t *testing.T) {
	t.Parallel()
	field := byID(parse(t, newBench(talking(titled)).Render()), "title")
	require.Equal(t, "255", attr(field, "maxlength"))
	require.Contains(t, attr(field, "placeholder"), "template", "what an empty one means")
	require.Nil(t, byID(parse(t, newBench(talking()).Render()), "title"))
}

func TestNotesThatAreLeftToTheWrapUp(t *testing.T) {
	t.Parallel()
	b := newBench(later(talking()))
	require.Nil(t, byID(parse(t, b.Render()), "notes"))
	for _, k := range []ui.Key{{Key: "n", Code: "KeyN", Ctrl: true, Alt: true}} {
		require.Nil(t, ui.Route(later(talking()), ui.Local{}, k), "no key goes where nothing is")
		require.NotNil(t, ui.Route(talking(), ui.Local{}, k))
		require.NotNil(t, ui.Route(later(wrapping()), ui.Local{}, k))
	}

	ui.Show(b.Panel, later(wrapping()))

	require.NotNil(t, byID(parse(t, b.Render()), "notes"))
}

func TestTicketIsAskedForAndTakenBack(t *testing.T) {
	t.Parallel()
	b := newBench(talking(titled))
	require.Equal(t, "Create ticket", text(byID(parse(t, b.Render()), "ticket")))

	ui.ApplyTo(b.Panel, ui.AskTicket(callKey))
	require.Equal(t, sent(softphone.TicketRequested{Key: callKey}), b.src.take())
	require.Equal(t, "A ticket will be created.", ui.LocalOf(b.Panel).Polite)
	ui.Show(b.Panel, talking(titled, func(c *softphone.CallView) { c.Ticket = true }))

	root := parse(t, b.Render())
	require.True(t, shown(byID(root, "ticket-note")))
	require.Equal(t, "Undo: do not create a ticket", attr(byID(root, "ticket"), "aria-label"))
	ui.ApplyTo(b.Panel, ui.AskTicket(callKey))
	require.Equal(t, sent(softphone.TicketRequested{Key: callKey}), b.src.take())
	require.Nil(t, byID(parse(t, newBench(talking()).Render()), "ticket"))
}

func TestNumberOfTheSettingsIsPreselected(t *testing.T) {
	t.Parallel()
	v := idleView()
	v.Settings.OutdialANI = "+14155550155"
	b := newBench(v)
	dial := func() string {
		t.Helper()
		ui.Type(b.Panel, "dial", "1001")
		ui.ApplyTo(b.Panel, ui.DialNow())
		events := b.src.take()
		return events[len(events)-1].(softphone.DialRequested).ANI
	}
	root := parse(t, b.Render())
	require.Len(t, strings.Split(text(byID(root, "ani")), "555"), 4, "the profile's two and the settings'")
	require.Equal(t, "+14155550155", dial())
	ui.Type(b.Panel, "ani", "+14155550199")
	require.Equal(t, "+14155550199", dial(), "the agent's choice wins")
	ui.Type(b.Panel, "ani", "+14155550155")
	require.Equal(t, "+14155550155", dial(), "back again")

	v = idleView()
	v.Profile.OutdialANIs, v.Settings.OutdialANI = nil, "+14155550155"
	b = newBench(v)
	require.Nil(t, byID(parse(t, b.Render()), "ani"), "nothing to choose from")
	require.Equal(t, "+14155550155", dial())
}

func TestKeypadWithoutStarAndHash(t *testing.T) {
	t.Parallel()
	b := newBench(story(t, "in-call-digits-only"))
	ui.ApplyTo(b.Panel, ui.OpenDigits())
	root := parse(t, b.Render())
	require.Equal(t, "true", attr(byID(root, "key-9"), "aria-disabled"))
	require.Equal(t, "true", attr(byID(root, "key-11"), "aria-disabled"))
	require.Empty(t, attr(byID(root, "key-10"), "aria-disabled"))
	require.Contains(t, text(byID(root, "digits-note")), "digits only")

	for _, k := range []string{"*", "#", "5"} {
		require.True(t, ui.Press(b.Panel, ui.Key{Key: k}))
	}

	require.Equal(t, sent(softphone.DigitsRequested{Key: callKey, Digits: "5"}), b.src.take())
}

func TestPaletteHasTitleAndTicket(t *testing.T) {
	t.Parallel()
	labels := func(v softphone.View) []string {
		b := newBench(v)
		require.True(t, ui.Press(b.Panel, openPalette))
		var out []string
		for _, row := range rows(t, b) {
			if strings.Contains(strings.ToLower(row), "tit") || strings.Contains(row, "icket") {
				out = append(out, row)
			}
		}
		return out
	}
	require.Empty(t, labels(talking()))
	require.Equal(t, []string{"Go to the title", "Create ticket"}, labels(talking(titled)))
	require.Equal(t, []string{"Create ticket"}, labels(later(talking(func(c *softphone.CallView) { c.CanTicket = ok() }))))
	require.Equal(t, []string{"Go to the title", "Undo: do not create a ticket"}, labels(talking(titled, func(c *softphone.CallView) { c.Ticket = true })))
}
