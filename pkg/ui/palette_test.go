package ui_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/stories"
	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

var openPalette = ui.Key{Key: "k", Code: "KeyK", Ctrl: true, Target: "hold"}

// rows are the names in the palette, the chosen one with a star.
func rows(t *testing.T, b *bench) []string {
	t.Helper()
	root := parse(t, b.Render())
	var out []string
	for _, n := range all(root, func(n *html.Node) bool { return attr(n, "role") == "option" && hasClass(n, "palette-row") }) {
		name := text(find(n, func(m *html.Node) bool { return m.Data == "span" && !hasClass(m, "palette-text") }))
		if attr(n, "aria-selected") == "true" {
			name += "*"
			require.Equal(t, attr(n, "id"), attr(byID(root, "palette"), "aria-activedescendant"))
		}
		out = append(out, name)
	}
	return out
}

func TestPaletteFindsAndRuns(t *testing.T) {
	t.Parallel()
	b := newBench(talking())
	require.True(t, ui.Press(b.Panel, openPalette))
	require.Equal(t, "palette", ui.TakeFocus(b.Panel))
	require.Equal(t, "End call*", rows(t, b)[0])

	ui.Type(b.Panel, "palette", "hol")
	require.Equal(t, "Hold*", rows(t, b)[0])
	require.True(t, ui.Press(b.Panel, ui.Key{Key: "Enter", Target: "palette", Typing: true}))

	require.Equal(t, sent(softphone.HoldRequested{Key: callKey}), b.src.take())
	require.False(t, ui.LocalOf(b.Panel).Palette.Open)
	require.Equal(t, "hold", ui.TakeFocus(b.Panel), "the focus goes back")
}

// TestPaletteEndsAFreshCallAtOnce: unlike a shortcut, it cannot be a slip of
// the hand.
func TestPaletteEndsAFreshCallAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(talking(func(c *softphone.CallView) { c.AnsweredAt = ago(time.Second) }))
	ui.Press(b.Panel, openPalette)

	ui.Press(b.Panel, ui.Key{Key: "Enter", Target: "palette", Typing: true})

	require.Equal(t, sent(softphone.EndRequested{Key: callKey}), b.src.take())
}

func TestPaletteByArrows(t *testing.T) {
	t.Parallel()
	b := newBench(idleView())
	ui.Press(b.Panel, openPalette)
	all := rows(t, b)
	down, up := ui.Key{Key: "ArrowDown", Target: "palette", Typing: true}, ui.Key{Key: "ArrowUp", Target: "palette", Typing: true}

	ui.Press(b.Panel, down)
	require.Equal(t, 1, slices.IndexFunc(rows(t, b), func(s string) bool { return strings.HasSuffix(s, "*") }))
	ui.Press(b.Panel, up)
	ui.Press(b.Panel, up)
	require.True(t, strings.HasSuffix(rows(t, b)[len(all)-1], "*"), "from the first to the last")
	ui.Type(b.Panel, "palette", "shortcuts")
	require.Equal(t, []string{"Keyboard shortcuts*"}, rows(t, b), "typing chooses the first")
	ui.Type(b.Panel, "palette", "no such thing")
	require.Empty(t, rows(t, b))
	ui.Press(b.Panel, down)
	ui.Press(b.Panel, ui.Key{Key: "Enter", Target: "palette", Typing: true})
	require.True(t, ui.LocalOf(b.Panel).Palette.Open)
	ui.Press(b.Panel, ui.Key{Key: "Escape", Target: "palette", Typing: true})
	require.False(t, ui.LocalOf(b.Panel).Palette.Open)
	require.Empty(t, b.src.take())
}

func TestRefusedCommandSaysWhyAndStays(t *testing.T) {
	t.Parallel()
	b := newBench(talking(func(c *softphone.CallView) { c.CanHold = no(softphone.Offline) }))
	ui.Press(b.Panel, openPalette)
	ui.Type(b.Panel, "palette", "hold")
	root := parse(t, b.Render())
	require.Equal(t, "true", attr(byID(root, "palette-0"), "aria-disabled"))
	require.Contains(t, text(byID(root, "palette-0")), "connection to Webex is down")

	ui.Press(b.Panel, ui.Key{Key: "Enter", Target: "palette", Typing: true})

	require.Empty(t, b.src.take())
	require.True(t, ui.LocalOf(b.Panel).Palette.Open)
	require.Contains(t, ui.LocalOf(b.Panel).Hint, "Webex")
}

func TestShortcutsWorkWhileThePaletteIsOpen(t *testing.T) {
	t.Parallel()
	b := newBench(talking())
	ui.Press(b.Panel, openPalette)

	require.True(t, ui.Press(b.Panel, ctrlAlt("D")))

	require.Equal(t, sent(softphone.EndRequested{Key: callKey}), b.src.take(), "the end of a call is one press away")
	require.False(t, ui.LocalOf(b.Panel).Palette.Open)
}

// TestRingingClosesWhatIsInTheWay: the call is seen at once, and what is being
// typed does not answer it.
func TestRingingClosesWhatIsInTheWay(t *testing.T) {
	t.Parallel()
	b := newBench(idleView())
	ui.ApplyTo(b.Panel, ui.OpenPage(ui.TabSettings))
	ui.Press(b.Panel, openPalette)

	ui.Show(b.Panel, ringing(func(c *softphone.CallView) { c.CanAnswer = ok() }))

	l := ui.LocalOf(b.Panel)
	require.False(t, l.Palette.Open)
	require.Equal(t, ui.TabPhone, l.Tab)
	ui.Press(b.Panel, ui.Key{Key: "Enter", Target: "stage"})
	require.Empty(t, b.src.take())
}

// TestPaletteOffersOnlyWhatRuns: each line that is not refused does something
// the phone takes, on every story.
func TestPaletteOffersOnlyWhatRuns(t *testing.T) {
	eachStory(t, func(t *testing.T, s stories.Story, _ *html.Node) {
		b := newBench(s.View)
		ui.Press(b.Panel, openPalette)
		seen := map[string]bool{}
		for _, name := range rows(t, b) {
			name = strings.TrimSuffix(name, "*")
			assert.NotEmpty(t, name)
			assert.False(t, seen[name], "%q twice", name)
			seen[name] = true
		}
		root := parse(t, b.Render())
		field := byID(root, "palette")
		require.Equal(t, "combobox", attr(field, "role"))
		require.NotNil(t, byID(root, attr(field, "aria-controls")))
	})
}

func TestGoingToTheNthCall(t *testing.T) {
	t.Parallel()
	v := talking()
	other := *v.Call
	other.Key, other.Name, other.Phase = "other", "Bernd", softphone.WrapUp
	v.Calls = []softphone.CallView{other, *v.Call}
	b := newBench(v)
	digit := func(n string) ui.Key { return ui.Key{Key: n, Code: "Digit" + n, Ctrl: true, Alt: true} }
	ui.ApplyTo(b.Panel, ui.OpenTab(ui.TabHistory))

	require.True(t, ui.Press(b.Panel, digit("2")))
	require.Equal(t, "stage", ui.TakeFocus(b.Panel))
	require.Equal(t, ui.TabPhone, ui.LocalOf(b.Panel).Tab)
	b.src.take()
	require.True(t, ui.Press(b.Panel, digit("1")))
	require.Equal(t, []softphone.Event{softphone.CallShown{Key: "other"}}, b.src.take(), "it is put on stage")
	require.False(t, ui.Press(b.Panel, digit("3")), "there is no third")
}
