package ui_test

import (
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

func byClass(class string) func(*html.Node) bool {
	return func(n *html.Node) bool { return hasClass(n, class) }
}

// story is the view of a story.
func story(t *testing.T, name string) softphone.View {
	t.Helper()
	for _, s := range stories.All() {
		if s.Name == name {
			return s.View
		}
	}
	t.Fatalf("no story %s", name)
	return softphone.View{}
}

var (
	bob = softphone.Target{Kind: softphone.ToAgent, ID: "bob", Name: "Bob Meyer"}
	cho = softphone.Target{Kind: softphone.ToAgent, ID: "cho", Name: "Cho Tanaka"}
)

// picker is a bench with the sheet open over Maria's call.
func picker(t *testing.T) *bench {
	t.Helper()
	b := newBench(story(t, "targets"))
	ui.ApplyTo(b.Panel, ui.OpenTargets())
	return b
}

func inFind(k string) ui.Key { return ui.Key{Key: k, Target: "find", Typing: true} }

func TestSheetTakesTheFocusAndGivesItBack(t *testing.T) {
	t.Parallel()
	b := picker(t)
	require.Equal(t, "find", ui.TakeFocus(b.Panel))

	ui.Press(b.Panel, inFind("Escape"))

	require.Equal(t, ui.NoSheet, ui.LocalOf(b.Panel).Sheet)
	require.Equal(t, "transfer", ui.TakeFocus(b.Panel))
}

func TestAgentsAreAskedForOnOpeningAndEachFifteenSeconds(t *testing.T) {
	t.Parallel()
	b := picker(t)
	require.Equal(t, sent(softphone.BuddiesRequested{}), b.src.take())

	b.pass(14 * time.Second)
	require.Empty(t, b.src.take())
	b.pass(time.Second)
	require.Equal(t, sent(softphone.BuddiesRequested{}), b.src.take())

	ui.ApplyTo(b.Panel, ui.CloseSheet())
	b.pass(time.Minute)
	require.Empty(t, b.src.take(), "nobody looks")
}

func TestAgentsSayTheirStateAndAvailableOnesComeFirst(t *testing.T) {
	t.Parallel()
	b := picker(t)

	rows := all(parse(t, b.Render()), byClass("target"))

	require.Len(t, rows, 4)
	require.Contains(t, text(rows[0]), "Cho Tanaka Available")
	require.Contains(t, text(rows[2]), "Bob Meyer Not available")
	require.Contains(t, text(rows[3]), "Lunch")
	for _, r := range rows {
		for _, button := range all(r, func(n *html.Node) bool { return n.Data == "button" }) {
			require.Empty(t, attr(button, "aria-disabled"), "a busy agent can be chosen all the same")
		}
	}
}

func TestEnterConsultsTheChosenRow(t *testing.T) {
	t.Parallel()
	b := picker(t)
	b.src.take()

	ui.Press(b.Panel, inFind("ArrowDown"))
	ui.Press(b.Panel, inFind("ArrowDown"))
	ui.Press(b.Panel, inFind("Enter"))

	require.Equal(t, sent(softphone.ConsultRequested{Key: callKey, To: bob}), b.src.take())
	require.Equal(t, ui.NoSheet, ui.LocalOf(b.Panel).Sheet)
	require.Equal(t, "transfer", ui.TakeFocus(b.Panel))
	require.Equal(t, []softphone.Target{bob}, ui.LocalOf(b.Panel).Recent)
}

func TestBlindTransferIsPressedTwice(t *testing.T) {
	t.Parallel()
	b := picker(t)
	b.src.take()
	shiftEnter := inFind("Enter")
	shiftEnter.Shift = true

	ui.Press(b.Panel, shiftEnter)
	require.Empty(t, b.src.take())
	require.Contains(t, ui.LocalOf(b.Panel).Polite, "Press again to transfer to Cho Tanaka")
	require.Equal(t, "Transfer now", text(byID(parse(t, b.Render()), "transfer-0")))

	ui.Press(b.Panel, shiftEnter)
	require.Equal(t, sent(softphone.TransferRequested{Key: callKey, To: cho}), b.src.take())
}

func TestSecondPressOfAnotherRowAsksAgain(t *testing.T) {
	t.Parallel()
	b := picker(t)
	b.src.take()

	ui.ApplyTo(b.Panel, ui.TransferTo(callKey, cho))
	ui.ApplyTo(b.Panel, ui.TransferTo(callKey, bob))
	require.Empty(t, b.src.take())

	b.pass(5 * time.Second)
	ui.ApplyTo(b.Panel, ui.TransferTo(callKey, bob))
	require.Empty(t, b.src.take(), "the question is too old")
	ui.ApplyTo(b.Panel, ui.TransferTo(callKey, bob))
	require.Equal(t, sent(softphone.TransferRequested{Key: callKey, To: bob}), b.src.take())
}

func TestTypedNumberIsTheFirstRow(t *testing.T) {
	t.Parallel()
	b := picker(t)
	b.src.take()

	ui.Type(b.Panel, "find", "+1 (415) 555-0177")
	root := parse(t, b.Render())
	require.Equal(t, "Consult +1 415 555 0177", nameOf(root, byID(root, "consult-0")))
	require.Equal(t, "Transfer to +1 415 555 0177", nameOf(root, byID(root, "transfer-0")))
	ui.Press(b.Panel, inFind("Enter"))

	require.Equal(t, sent(softphone.ConsultRequested{Key: callKey, To: softphone.Target{Kind: softphone.ToNumber, ID: "+14155550177"}}), b.src.take())
}

func TestTabsAreActivatedByHand(t *testing.T) {
	t.Parallel()
	b, jobs := searching(story(t, "targets"), &directory{total: 1})
	ui.ApplyTo(b.Panel, ui.OpenTargets())

	ui.Press(b.Panel, ui.Key{Key: "ArrowRight", Target: "pick-tab-0"})
	require.Equal(t, "pick-tab-1", ui.TakeFocus(b.Panel))
	require.Equal(t, ui.TabAgents, ui.LocalOf(b.Panel).Picker.Tab)
	require.Empty(t, *jobs)
	ui.Press(b.Panel, ui.Key{Key: "End", Target: "pick-tab-1"})
	require.Equal(t, "pick-tab-4", ui.TakeFocus(b.Panel))

	ui.ApplyTo(b.Panel, ui.PickTab(1))
	finish(jobs)
	root := parse(t, b.Render())
	require.Equal(t, "true", attr(byID(root, "pick-tab-1"), "aria-selected"))
	require.Equal(t, "pick-tab-1", attr(byID(root, "pick-panel"), "aria-labelledby"))
}

func TestArrowsMoveBetweenTheButtonsOfTheRows(t *testing.T) {
	t.Parallel()
	b := picker(t)

	for _, tt := range []struct{ at, key, want string }{
		{"consult-0", "ArrowRight", "transfer-0"}, {"transfer-0", "ArrowDown", "transfer-1"},
		{"transfer-1", "ArrowLeft", "consult-1"}, {"consult-1", "ArrowUp", "consult-0"}, {"consult-0", "ArrowUp", "consult-0"},
	} {
		ui.TakeFocus(b.Panel)
		require.True(t, ui.Press(b.Panel, ui.Key{Key: tt.key, Target: tt.at}))
		require.Equal(t, tt.want, ui.TakeFocus(b.Panel), "%s at %s", tt.key, tt.at)
	}
	stops := all(parse(t, b.Render()), func(n *html.Node) bool {
		return strings.HasPrefix(attr(n, "id"), "consult-") && attr(n, "tabindex") == "0"
	})
	require.Len(t, stops, 1, "of all rows one is in the tab order")
}

func TestAgentsThatDoNotComeAreAnError(t *testing.T) {
	t.Parallel()
	v := story(t, "targets")
	v.Buddies, v.BuddiesAt = nil, time.Time{}
	b := newBench(v)
	ui.ApplyTo(b.Panel, ui.OpenTargets())
	require.Contains(t, text(byID(parse(t, b.Render()), "pick-panel")), "Searching…")

	b.pass(11 * time.Second)

	require.Contains(t, text(byID(parse(t, b.Render()), "pick-panel")), "The search did not work.")
}

func TestNumberOfAgentsIsSaidWhenTypingPauses(t *testing.T) {
	t.Parallel()
	b := picker(t)

	ui.Type(b.Panel, "find", "no")
	require.Empty(t, ui.LocalOf(b.Panel).Polite)
	b.pass(time.Second)

	require.Equal(t, "1 found", ui.LocalOf(b.Panel).Polite)
}

func TestSheetGoesWithTheCall(t *testing.T) {
	t.Parallel()
	b := picker(t)

	ui.Show(b.Panel, wrapping())

	require.Equal(t, ui.NoSheet, ui.LocalOf(b.Panel).Sheet)
	require.NotNil(t, byID(parse(t, b.Render()), "notes"))
}

func TestSheetOpensOverTheHistoryToo(t *testing.T) {
	t.Parallel()
	b := newBench(talking())
	ui.ApplyTo(b.Panel, ui.OpenTab(ui.TabHistory))

	ui.ApplyTo(b.Panel, ui.OpenTargets())

	require.NotNil(t, byID(parse(t, b.Render()), "find"))
}

func TestSettingsAreNotCoveredByASheet(t *testing.T) {
	t.Parallel()
	b := picker(t)

	ui.ApplyTo(b.Panel, ui.OpenPage(ui.TabSettings))
	ui.TakeFocus(b.Panel)
	require.Nil(t, byID(parse(t, b.Render()), "find"))
	ui.Show(b.Panel, talking())

	require.Equal(t, ui.NoSheet, ui.LocalOf(b.Panel).Sheet)
	require.Empty(t, ui.TakeFocus(b.Panel), "the settings keep the focus")
}

func TestNotesStayUnderASheet(t *testing.T) {
	t.Parallel()
	b := newBench(talking())
	ui.Type(b.Panel, "notes", "typed")

	ui.ApplyTo(b.Panel, ui.OpenTargets())

	notes := byID(parse(t, b.Render()), "notes")
	require.NotNil(t, notes, "the box stays in the document")
	require.False(t, shown(notes))
	require.Equal(t, "typed", raw(notes))
}

// TestEndIsOnePressAway: in every state of a call that can be ended, whatever
// covers the stage, the button is in the dock, which never scrolls.
func TestEndIsOnePressAway(t *testing.T) {
	eachStory(t, func(t *testing.T, s stories.Story, root *html.Node) {
		c := s.View.Call
		if c == nil || c.CanEnd.Why == softphone.NotHere || s.View.Screen == softphone.ScreenFollower {
			return
		}
		end := byID(root, "end")
		require.NotNil(t, end)
		assert.True(t, shown(end))
		for up := end.Parent; ; up = up.Parent {
			require.NotNil(t, up, "not in the dock")
			if attr(up, "id") == "zone-dock" {
				break
			}
		}
	})
}

// TestHiddenNumbersAreNowhere: with maskSensitiveData no customer's number is
// in the document, tooltips included.
func TestHiddenNumbersAreNowhere(t *testing.T) {
	t.Parallel()
	for _, s := range stories.All() {
		if s.View.Profile == nil || s.Local.Number != "" || s.Local.Picker.Text != "" {
			continue // What the agent typed is theirs to see.
		}
		v := s.View
		p := *v.Profile
		p.MaskSensitive = true
		v.Profile = &p

		page := pretty(parse(t, ui.Screen(v, draw(s))))

		for _, number := range []string{"4155550123", "415 555 0123", "4155550177", "415 555 0177", "225550199", "8005550142"} {
			assert.NotContains(t, page, number, s.Name)
		}
	}
}
