package ui_test

import (
	"regexp"
	"strings"
	"testing"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/stories"
	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

func TestChordsAreNamedAsAriaDoes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		key  ui.Key
		want string
	}{
		{"letter", ui.Key{Key: "a", Code: "KeyA", Ctrl: true, Alt: true}, "Control+Alt+A"},
		{"what Option makes of it on a Mac", ui.Key{Key: "å", Code: "KeyA", Ctrl: true, Alt: true}, "Control+Alt+A"},
		{"the printed letter on AZERTY", ui.Key{Key: "a", Code: "KeyQ", Ctrl: true, Alt: true}, "Control+Alt+A"},
		{"a Cyrillic layout", ui.Key{Key: "ф", Code: "KeyA", Ctrl: true, Alt: true}, "Control+Alt+A"},
		{"digits on Shift", ui.Key{Key: "&", Code: "Digit1", Ctrl: true, Alt: true}, "Control+Alt+1"},
		{"Shift", ui.Key{Key: "H", Code: "KeyH", Ctrl: true, Shift: true}, "Control+Shift+H"},
		{"a character that Shift makes", ui.Key{Key: "?", Code: "Minus", Shift: true}, "?"},
		{"one letter", ui.Key{Key: "m", Code: "KeyM"}, "M"},
		{"one capital", ui.Key{Key: "M", Code: "KeyM", Shift: true}, "Shift+M"},
		{"space", ui.Key{Key: " ", Ctrl: true}, "Control+Space"},
		{"function key", ui.Key{Key: "F7", Shift: true}, "Shift+F7"},
		{"Command", ui.Key{Key: "k", Code: "KeyK", Meta: true}, "Meta+K"},
		{"only a modifier", ui.Key{Key: "Control", Ctrl: true}, ""},
		{"a dead key", ui.Key{Key: "Dead", Code: "BracketLeft"}, ""},
	}
	for _, tt := range tests {
		assert.Equal(t, tt.want, ui.Chord(tt.key), tt.name)
	}
}

func TestDefaultKeysAreThoseOfTheReference(t *testing.T) {
	t.Parallel()
	got := ui.DefaultKeys()

	for action, chord := range map[ui.Action]string{
		"answer": "Control+Alt+A", "end": "Control+Alt+D", "mute": "Control+Alt+M", "hold": "Control+Alt+H",
		"keypad": "Control+Alt+K", "transfer": "Control+Alt+T", "record": "Control+Alt+R", "swap": "Control+Alt+X",
		"wrap-up": "Control+Alt+W", "submit": "Control+Enter", "notes": "Control+Alt+N", "states": "Control+Alt+S",
		"palette": "Control+K", "help": "?",
	} {
		assert.Equal(t, chord, got[action], action)
	}
	seen := map[string]ui.Action{}
	for action, chord := range got {
		if chord == "" {
			continue
		}
		assert.Empty(t, seen[chord], "%s and %s", action, seen[chord])
		seen[chord] = action
		refusal, taken := ui.Keymap(nil).Bindable(action, chord)
		assert.Empty(t, refusal, "%s cannot be bound back", action)
		assert.Empty(t, taken)
	}
}

func TestCtrlShiftStandsInWhereTheBrowserLeavesIt(t *testing.T) {
	t.Parallel()
	b := newBench(talking(func(c *softphone.CallView) { c.CanMute, c.CanSwap = ok(), ok() }))

	for letter, want := range map[string]softphone.Event{
		"M": softphone.MuteRequested{Key: callKey, On: true}, "X": softphone.SwapRequested{Key: callKey}, "H": softphone.HoldRequested{Key: callKey},
	} {
		require.True(t, ui.Press(b.Panel, ui.Key{Key: letter, Code: "Key" + letter, Ctrl: true, Shift: true}), letter)
		require.Equal(t, sent(want), b.src.take(), letter)
	}
	for _, letter := range []string{"N", "R", "T", "W"} {
		require.False(t, ui.Press(b.Panel, ui.Key{Key: letter, Code: "Key" + letter, Ctrl: true, Shift: true}), letter)
	}
	require.Empty(t, b.src.take())
}

func TestWhatCannotBeBound(t *testing.T) {
	t.Parallel()
	var m ui.Keymap
	tests := []struct{ chord, refusal, taken string }{
		{"Control+Alt+H", "keys.taken", "hold"},
		{"Control+Shift+H", "keys.taken", "hold"}, // It stands in for Control+Alt+H.
		{"Meta+K", "keys.taken", "palette"},
		{"?", "keys.taken", "help"},
		{"Control+Alt+3", "keys.fixed", ""}, {"F6", "keys.fixed", ""}, {"Shift+F6", "keys.fixed", ""},
		{"Enter", "keys.fixed", ""}, {"Tab", "keys.fixed", ""}, {"Space", "keys.fixed", ""}, {"ArrowDown", "keys.fixed", ""}, {"7", "keys.fixed", ""}, {"#", "keys.fixed", ""},
		{"Control+C", "keys.browser", ""}, {"Meta+V", "keys.browser", ""}, {"Control+Shift+T", "keys.browser", ""}, {"Alt+F4", "keys.browser", ""},
		{"Control+Alt+Y", "", ""}, {"Control+Shift+Y", "", ""}, {"Alt+Z", "", ""}, {"F8", "", ""}, {"M", "", ""}, {"Control+Alt+M", "", ""},
	}
	for _, tt := range tests {
		refusal, taken := m.Bindable("mute", tt.chord)
		assert.Equal(t, tt.refusal, refusal, tt.chord)
		assert.Equal(t, ui.Action(tt.taken), taken, tt.chord)
	}
}

// TestRebinding walks through the settings page: a conflict says so, Escape
// keeps the old keys, Backspace takes them away, reset gives all back.
func TestRebinding(t *testing.T) {
	t.Parallel()
	b := newBench(talking())
	kept := memory{}
	b.Memory = kept
	chord := func() string { return attr(byID(parse(t, b.Render()), "hold"), "aria-keyshortcuts") }
	ui.ApplyTo(b.Panel, ui.OpenPage(ui.TabSettings))

	ui.ApplyTo(b.Panel, ui.AskKeys("hold"))
	require.Equal(t, "Press keys…", text(byID(parse(t, b.Render()), "bind-hold")))
	require.True(t, ui.Press(b.Panel, ui.Key{Key: "Control", Ctrl: true}), "a modifier goes nowhere else")
	require.True(t, ui.Press(b.Panel, ctrlAlt("D")))
	require.Empty(t, b.src.take(), "no call is ended by a key that is being bound")
	require.Contains(t, text(byID(parse(t, b.Render()), "bind-hold-note")), "Ctrl+Alt+D is already in use for “End call”")
	require.True(t, ui.Press(b.Panel, ctrlAlt("Y")))
	require.Equal(t, "Control+Alt+Y", chord())
	require.Empty(t, ui.LocalOf(b.Panel).Binding)
	require.Contains(t, kept["prefs"], "Control+Alt+Y")

	require.False(t, ui.Press(b.Panel, ctrlAlt("H")), "the old keys do nothing")
	require.True(t, ui.Press(b.Panel, ctrlAlt("Y")))
	require.Equal(t, sent(softphone.HoldRequested{Key: callKey}), b.src.take())

	ui.ApplyTo(b.Panel, ui.AskKeys("hold"))
	ui.Press(b.Panel, ui.Key{Key: "Escape"})
	require.Equal(t, "Control+Alt+Y", chord())
	require.Equal(t, ui.TabSettings, ui.LocalOf(b.Panel).Tab, "Escape gave up the keys, not the page")

	ui.ApplyTo(b.Panel, ui.AskKeys("hold"))
	ui.Press(b.Panel, ui.Key{Key: "Backspace"})
	require.Empty(t, chord())

	ui.ApplyTo(b.Panel, ui.ResetKeys())
	require.Equal(t, "Control+Alt+H", chord())
	require.NotContains(t, kept["prefs"], "keys")
	require.Nil(t, byID(parse(t, b.Render()), "keys-reset"), "nothing is left to reset")
}

func TestKeysOutliveAReload(t *testing.T) {
	t.Parallel()
	b := newBench(talking())
	b.Memory = memory{"prefs": `{"keys":{"hold":"F8"},"noLetters":true}`}
	b.OnInit()

	require.True(t, ui.Press(b.Panel, ui.Key{Key: "F8"}))

	require.Equal(t, sent(softphone.HoldRequested{Key: callKey}), b.src.take())
	require.False(t, ui.Press(b.Panel, ui.Key{Key: "?", Shift: true}))
}

// TestTabLeavesTheKeysAndGoesOn: waiting for keys is no trap.
func TestTabLeavesTheKeysAndGoesOn(t *testing.T) {
	t.Parallel()
	b := newBench(idleView())
	ui.ApplyTo(b.Panel, ui.AskKeys("hold"))
	tab := ui.Key{Key: "Tab"}

	i := ui.Route(idleView(), ui.LocalOf(b.Panel), tab)

	require.True(t, ui.Passes(i, tab))
	require.True(t, ui.Press(b.Panel, tab))
	require.Empty(t, ui.LocalOf(b.Panel).Binding)
}

func TestSingleKeysTypeAndCanBeSwitchedOff(t *testing.T) {
	t.Parallel()
	question := ui.Key{Key: "?", Code: "Slash", Shift: true}
	b := newBench(talking())

	typed := question
	typed.Typing, typed.Target = true, "notes"
	require.False(t, ui.Press(b.Panel, typed), "it is a character of the notes")
	require.True(t, ui.Press(b.Panel, question))
	require.Equal(t, ui.TabHelp, ui.LocalOf(b.Panel).Tab)
	require.True(t, ui.Press(b.Panel, question), "again closes it")
	require.Equal(t, ui.TabPhone, ui.LocalOf(b.Panel).Tab)

	ui.ApplyTo(b.Panel, ui.SetLetters(false))
	require.False(t, ui.Press(b.Panel, question))
}

// TestAriaKeyshortcutsAreTrue: what a control promises works, in the form that
// ARIA prescribes, and follows the bindings.
func TestAriaKeyshortcutsAreTrue(t *testing.T) {
	form := regexp.MustCompile(`^((Control|Alt|Meta|Shift)\+)*([A-Z0-9]|[A-Z][a-z]+|F\d+|\?)$`)
	eachStory(t, func(t *testing.T, s stories.Story, root *html.Node) {
		for _, n := range all(root, func(n *html.Node) bool { return hasAttr(n, "aria-keyshortcuts") }) {
			assert.Regexp(t, form, attr(n, "aria-keyshortcuts"), attr(n, "id"))
			if shown(n) && attr(n, "aria-disabled") == "" && !strings.HasPrefix(attr(n, "id"), "palette") {
				open := ui.Local{Tab: s.Local.Tab, Sheet: s.Local.Sheet, Mending: s.Local.Mending}
				assert.NotNil(t, ui.Route(s.View, open, keyOf(attr(n, "aria-keyshortcuts"))), "%s of %s does nothing", attr(n, "aria-keyshortcuts"), attr(n, "id"))
			}
		}
	})
}

// keyOf presses a chord.
func keyOf(chord string) ui.Key {
	k := ui.Key{Ctrl: strings.Contains(chord, "Control+"), Alt: strings.Contains(chord, "Alt+"), Shift: strings.Contains(chord, "Shift+")}
	k.Key = chord[strings.LastIndexByte(chord, '+')+1:]
	if len(k.Key) == 1 && k.Key >= "A" && k.Key <= "Z" {
		k.Code = "Key" + k.Key
	}
	return k
}

func TestHelpListsTheKeysAsBound(t *testing.T) {
	t.Parallel()
	b := newBench(idleView())
	b.Memory = memory{"prefs": `{"keys":{"hold":"Control+Alt+Y","mute":""}}`}
	b.OnInit()
	ui.ApplyTo(b.Panel, ui.OpenPage(ui.TabHelp))

	got := text(byID(parse(t, b.Render()), "stage"))

	require.Contains(t, got, "Hold Ctrl+Alt+Y")
	require.NotContains(t, got, "Mute ")
	require.Contains(t, got, "F6, Shift+F6")
	require.Contains(t, got, "Ctrl+Alt+1 … 9")
}

// TestTypingDoesNothingToACall: on every story, each key that types goes into
// the field that has the focus and nowhere else.
func TestTypingDoesNothingToACall(t *testing.T) {
	eachStory(t, func(t *testing.T, s stories.Story, _ *html.Node) {
		b := newBench(s.View)
		for _, target := range []string{"notes", "first-name", "number", "find", "palette"} {
			for r := ' '; r <= '~'; r++ {
				ui.Press(b.Panel, ui.Key{Key: string(r), Target: target, Typing: true, Shift: r >= 'A' && r <= 'Z'})
			}
			ui.Press(b.Panel, ui.Key{Key: "Backspace", Target: target, Typing: true})
			ui.Press(b.Panel, ui.Key{Key: "€", Target: target, Typing: true})
		}
		require.Empty(t, b.src.take())
		require.Equal(t, ui.TabPhone, ui.LocalOf(b.Panel).Tab)
		require.False(t, ui.LocalOf(b.Panel).Palette.Open)
	})
}
