package ui_test

import (
	"testing"
	"time"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/stories"
	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

func ctrlAlt(letter string) ui.Key {
	return ui.Key{Key: letter, Code: "Key" + letter, Ctrl: true, Alt: true}
}

func TestShortcutsSendWhatTheirButtonsSend(t *testing.T) {
	t.Parallel()
	live := ringing(func(c *softphone.CallView) { c.CanAnswer, c.CanDecline = ok(), ok() })
	paused := talking(func(c *softphone.CallView) { c.CanPause, c.CanContinue = no(softphone.NotHere), ok() })
	ready := wrapping(func(c *softphone.CallView) { c.CanWrapUp = ok() })
	tests := []struct {
		name string
		view softphone.View
		key  ui.Key
		want softphone.Event
	}{
		{"answer", live, ctrlAlt("A"), softphone.AnswerRequested{Key: callKey}},
		{"answer, AltGr layouts", live, ui.Key{Code: "KeyA", Ctrl: true, Shift: true}, softphone.AnswerRequested{Key: callKey}},
		{"decline", live, ctrlAlt("D"), softphone.DeclineRequested{Key: callKey}},
		{"end", talking(), ctrlAlt("D"), softphone.EndRequested{Key: callKey}},
		{"hold", talking(), ctrlAlt("H"), softphone.HoldRequested{Key: callKey}},
		{"resume", held(), ctrlAlt("H"), softphone.ResumeRequested{Key: callKey}},
		{"pause recording", talking(), ctrlAlt("R"), softphone.RecordingPauseRequested{Key: callKey}},
		{"resume recording", paused, ctrlAlt("R"), softphone.RecordingResumeRequested{Key: callKey}},
		{"submit", ready, ui.Key{Key: "Enter", Ctrl: true, Typing: true}, softphone.WrapUpSubmitted{Key: callKey}},
	}
	for _, tt := range tests {
		b := newBench(tt.view)

		require.True(t, ui.Press(b.Panel, tt.key), tt.name)

		require.Equal(t, sent(tt.want), b.src.take(), tt.name)
	}
}

func TestKeysThatMeanNothingAreLeftToTheBrowser(t *testing.T) {
	t.Parallel()
	for _, k := range []ui.Key{
		{Key: "a"}, {Key: "Enter"}, {Key: " "}, {Key: "Tab"}, {Key: "F5"}, {Key: "Escape"},
		{Key: "a", Code: "KeyA", Ctrl: true}, {Key: "r", Code: "KeyR", Ctrl: true, Shift: true},
		ctrlAlt("A"), ctrlAlt("Q"), {Key: "d", Code: "KeyD", Meta: true, Ctrl: true, Alt: true},
		{Key: "h", Code: "KeyH", Ctrl: true, Alt: true, Repeat: true},
	} {
		b := newBench(talking())
		require.False(t, ui.Press(b.Panel, k), "%+v", k)
		require.Empty(t, b.src.take())
	}
}

func TestEscapeNeverEndsACall(t *testing.T) {
	t.Parallel()
	b := newBench(talking())
	ui.ApplyTo(b.Panel, ui.OpenMenu())

	for range 4 {
		ui.Press(b.Panel, ui.Key{Key: "Escape"})
	}

	require.False(t, ui.LocalOf(b.Panel).MenuOpen)
	require.Empty(t, b.src.take())
}

func TestRefusedShortcutSaysWhy(t *testing.T) {
	t.Parallel()
	b := newBench(ringing())

	require.True(t, ui.Press(b.Panel, ctrlAlt("A")))

	require.Empty(t, b.src.take())
	require.Equal(t, "Use your phone for this.", ui.LocalOf(b.Panel).Hint)
}

func TestEndingAFreshCallAsksOnce(t *testing.T) {
	t.Parallel()
	b := newBench(talking(func(c *softphone.CallView) { c.AnsweredAt = ago(time.Second) }))

	ui.Press(b.Panel, ctrlAlt("D"))
	require.Empty(t, b.src.take())
	require.Contains(t, text(byID(parse(t, b.Render()), "end")), "Press again to end")
	ui.Press(b.Panel, ctrlAlt("D"))
	require.Equal(t, sent(softphone.EndRequested{Key: callKey}), b.src.take())
}

func TestShortcutsThatMoveTheFocus(t *testing.T) {
	t.Parallel()
	b := newBench(wrapping())
	ui.Press(b.Panel, ctrlAlt("N"))
	require.Equal(t, "notes", ui.TakeFocus(b.Panel))
	ui.Press(b.Panel, ctrlAlt("W"))
	require.Equal(t, "reason-0", ui.TakeFocus(b.Panel))
	ui.Press(b.Panel, ctrlAlt("S"))
	require.Equal(t, "menu-0", ui.TakeFocus(b.Panel))
	require.True(t, ui.LocalOf(b.Panel).MenuOpen)
}

func TestF6GoesThroughTheZonesThatAreThere(t *testing.T) {
	t.Parallel()
	b := newBench(talking())
	here, got := "", []string{}
	for range 5 {
		ui.Press(b.Panel, ui.Key{Key: "F6", Zone: here})
		here = ui.TakeFocus(b.Panel)
		got = append(got, here)
	}
	require.Equal(t, []string{"zone-status", "stage", "zone-dock", "zone-tabs", "zone-status"}, got)

	ui.Press(b.Panel, ui.Key{Key: "F6", Shift: true, Zone: "stage"})
	require.Equal(t, "zone-status", ui.TakeFocus(b.Panel))
}

// TestZonesExist: F6 goes to elements that are drawn.
func TestZonesExist(t *testing.T) {
	eachStory(t, func(t *testing.T, s stories.Story, root *html.Node) {
		b := newBench(s.View)
		first, here := "", ""
		for range 7 {
			ui.Press(b.Panel, ui.Key{Key: "F6", Zone: here})
			here = ui.TakeFocus(b.Panel)
			if here == first {
				return
			}
			if first == "" {
				first = here
			}
			if s.Local.Tab == ui.TabPhone {
				require.True(t, shown(byID(root, here)), here)
				require.NotNil(t, byID(root, here), here)
			}
		}
		t.Fatal("F6 never came back to the first zone")
	})
}

func TestStateMenuByKeyboard(t *testing.T) {
	t.Parallel()
	b := newBench(idleView())
	require.True(t, ui.Press(b.Panel, ui.Key{Key: "ArrowDown", Target: "states"}))
	require.Equal(t, "menu-0", ui.TakeFocus(b.Panel), "the state that holds")

	steps := []struct{ key, want string }{
		{"ArrowDown", "menu-1"}, {"ArrowUp", "menu-0"}, {"ArrowUp", "menu-4"}, {"ArrowDown", "menu-0"},
		{"End", "menu-4"}, {"Home", "menu-0"}, {"m", "menu-2"}, {"T", "menu-3"}, {"l", "menu-4"}, {"l", "menu-1"},
	}
	for _, s := range steps {
		require.True(t, ui.Press(b.Panel, ui.Key{Key: s.key}), s.key)
		require.Equal(t, s.want, ui.TakeFocus(b.Panel), s.key)
	}

	ui.Press(b.Panel, ui.Key{Key: "Escape"})
	require.Equal(t, "states", ui.TakeFocus(b.Panel), "Escape gives the focus back")
	require.False(t, ui.LocalOf(b.Panel).MenuOpen)
	ui.ApplyTo(b.Panel, ui.OpenMenu())
	ui.TakeFocus(b.Panel)
	ui.Press(b.Panel, ui.Key{Key: "Tab"})
	require.False(t, ui.LocalOf(b.Panel).MenuOpen)
	require.Empty(t, ui.TakeFocus(b.Panel), "Tab goes on its way")
}

func TestChoosingAState(t *testing.T) {
	t.Parallel()
	b := newBench(idleView())

	ui.ApplyTo(b.Panel, ui.State("lunch"))
	ui.ApplyTo(b.Panel, ui.State(""))

	require.Equal(t, sent(softphone.StateRequested{AuxCodeID: "lunch"}), b.src.take(), "Available already holds")
}

func TestMenuMarksTheStateThatHolds(t *testing.T) {
	t.Parallel()
	v := idleView()
	v.Station.Available, v.Station.AuxCodeID, v.CanGoAvailable = false, "meeting", ok()

	root := parse(t, ui.Screen(v, ui.Env{Now: now, Local: ui.Local{MenuOpen: true}}))

	checked := all(root, func(n *html.Node) bool { return attr(n, "aria-checked") == "true" })
	require.Len(t, checked, 1)
	require.Equal(t, "Meeting", text(checked[0]))
	require.NotContains(t, text(root), "RONA", "system codes are not chosen by people")
}

func TestKeypadByKeyboard(t *testing.T) {
	t.Parallel()
	b := newBench(idleView())
	steps := []struct{ from, key, want string }{
		{"key-0", "ArrowRight", "key-1"}, {"key-1", "ArrowDown", "key-4"}, {"key-4", "ArrowUp", "key-1"},
		{"key-0", "ArrowLeft", "key-0"}, {"key-11", "ArrowDown", "key-11"}, {"key-11", "ArrowRight", "key-11"},
		{"key-5", "Home", "key-0"}, {"key-5", "End", "key-11"},
	}
	for _, s := range steps {
		require.True(t, ui.Press(b.Panel, ui.Key{Key: s.key, Target: s.from}))
		require.Equal(t, s.want, ui.TakeFocus(b.Panel), "%s on %s", s.key, s.from)
	}
	ui.Press(b.Panel, ui.Key{Key: "7", Target: "key-3"})
	ui.Press(b.Panel, ui.Key{Key: "#", Target: "key-3"})
	ui.Press(b.Panel, ui.Key{Key: "Backspace", Target: "key-3"})
	require.Equal(t, "7", ui.LocalOf(b.Panel).Number)
	require.False(t, ui.Press(b.Panel, ui.Key{Key: "x", Target: "key-3"}))
	require.True(t, ui.Press(b.Panel, ui.Key{Key: "Enter", Target: "dial", Typing: true}))
	require.Len(t, b.src.take(), 1)
}
