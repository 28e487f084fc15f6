package ui_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/stories"
	"deskbridge/pkg/ui"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
	"github.com/stretchr/testify/require"
)

// A source is a view that tests set and the events that came.
type source struct {
	mu   sync.Mutex
	view softphone.View
	sent []softphone.Event
}

func (s *source) View() softphone.View                           { return s.view }
func (s *source) Subscribe(func(softphone.View)) (remove func()) { return func() {} }
func (s *source) Send(e softphone.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, e)
}

// take is what was sent since the last take.
func (s *source) take() []softphone.Event {
	out := s.sent
	s.sent = nil
	return out
}

type memory map[string]string

func (m memory) Load(key string) string { return m[key] }
func (m memory) Save(key, value string) { m[key] = value }

// A bench is a panel with its clock in the test's hand.
type bench struct {
	*ui.Panel
	src   *source
	clock time.Time
}

func newBench(v softphone.View) *bench {
	b := &bench{src: &source{view: v}, clock: now}
	keys := 0
	b.Panel = &ui.Panel{
		Source: b.src, Now: func() time.Time { return b.clock },
		NewKey: func() softphone.CallKey {
			keys++
			return softphone.CallKey("new:" + strconv.Itoa(keys))
		},
	}
	b.OnInit()
	return b
}

func (b *bench) pass(d time.Duration) {
	b.clock = b.clock.Add(d)
	ui.TickPanel(b.Panel)
}

func sent(events ...softphone.Event) []softphone.Event { return events }

func TestPanelDrawsItsSourceNatively(t *testing.T) {
	t.Parallel()
	e := app.NewTestEngine()

	err := e.Load(newBench(talking()).Panel)

	require.NoError(t, err)
	e.ConsumeAll()
	root := parse(t, newBench(talking()).Panel)
	require.Equal(t, "in-call", attr(root, "data-screen"))
}

func TestZeroPanelAndZeroViewDraw(t *testing.T) {
	t.Parallel()
	require.NotPanics(t, func() { app.HTMLString(&ui.Panel{}) })
	for _, s := range stories.All() {
		v := softphone.View{Screen: s.View.Screen}
		require.NotPanics(t, func() { app.HTMLString(ui.Screen(v, ui.Env{})) }, "%s without anything", s.View.Screen)
	}
}

func TestKeypadDialsWithTheChosenNumber(t *testing.T) {
	t.Parallel()
	b := newBench(idleView())
	for _, k := range []string{"1", "0", "0", "1", "#"} {
		ui.ApplyTo(b.Panel, ui.PressKey(k))
	}
	ui.ApplyTo(b.Panel, ui.Backspace())
	ui.Type(b.Panel, "ani", "+14155550199")

	ui.ApplyTo(b.Panel, ui.DialNow())

	require.Equal(t, sent(softphone.DialRequested{Key: "new:1", Number: "1001", ANI: "+14155550199"}), b.src.take())
	require.Equal(t, "1001", ui.Forced(b.Panel)["dial"], "the field shows what the keys typed")
}

func TestHoldingZeroMakesAPlus(t *testing.T) {
	t.Parallel()
	b := newBench(idleView())

	ui.ApplyTo(b.Panel, ui.KeyDown())
	b.clock = b.clock.Add(600 * time.Millisecond)
	ui.ApplyTo(b.Panel, ui.PressKey("0"))
	ui.ApplyTo(b.Panel, ui.PressKey("0"))

	require.Equal(t, "+0", ui.LocalOf(b.Panel).Number)
}

func TestPastedNumbersLoseTheirFormat(t *testing.T) {
	t.Parallel()
	b := newBench(idleView())

	ui.Type(b.Panel, "dial", "+1 (415) 555-0100")

	require.Equal(t, "+14155550100", ui.LocalOf(b.Panel).Number)
	require.Equal(t, "+14155550100", ui.Forced(b.Panel)["dial"])
	require.Empty(t, ui.LocalOf(b.Panel).Search)
}

func TestCallWithoutNumberGoesToTheField(t *testing.T) {
	t.Parallel()
	b := newBench(idleView())

	ui.ApplyTo(b.Panel, ui.DialNow())

	require.Empty(t, b.src.take())
	require.Equal(t, "dial", ui.TakeFocus(b.Panel))
	require.Equal(t, "Enter a number first.", ui.LocalOf(b.Panel).Hint)
}

func TestRefusedDialSaysWhy(t *testing.T) {
	t.Parallel()
	v := idleView()
	v.CanDial = no(softphone.Offline)
	b := newBench(v)
	ui.Type(b.Panel, "dial", "1001")

	ui.ApplyTo(b.Panel, ui.DialNow())
	ui.ApplyTo(b.Panel, ui.Redial("1002"))

	require.Empty(t, b.src.take())
	require.Contains(t, ui.LocalOf(b.Panel).Hint, "connection to Webex is down")
}

func TestNotesAreSentOnceASecondAndOnLeaving(t *testing.T) {
	t.Parallel()
	b := newBench(talking())
	edited := func(s string) softphone.Event { return softphone.NotesEdited{Key: callKey, Text: s} }

	ui.Type(b.Panel, "notes", "a")
	ui.Type(b.Panel, "notes", "ab")
	require.Equal(t, sent(edited("a")), b.src.take(), "the first at once, the second waits")
	b.pass(time.Second)
	require.Equal(t, sent(edited("ab")), b.src.take())
	b.pass(time.Second)
	require.Empty(t, b.src.take(), "nothing new")
	ui.Type(b.Panel, "notes", "abc")
	b.src.take()
	ui.Type(b.Panel, "notes", "abcd")
	ui.ApplyTo(b.Panel, ui.LeaveNotes())
	require.Equal(t, sent(edited("abcd")), b.src.take())
}

func TestTypedNotesSurviveOlderViewsAndTheEndOfTheCall(t *testing.T) {
	t.Parallel()
	b := newBench(talking())
	ui.Type(b.Panel, "notes", "typed")

	ui.Show(b.Panel, wrapping(func(c *softphone.CallView) { c.Notes = "ty" }))

	require.Equal(t, "typed", raw(byID(parse(t, b.Render()), "notes")))
}

func TestNotesGoOutBeforeTheWrapUp(t *testing.T) {
	t.Parallel()
	b := newBench(wrapping(func(c *softphone.CallView) { c.CodeID, c.CanWrapUp = "w1", ok() }))
	ui.Type(b.Panel, "notes", "first")
	ui.Type(b.Panel, "notes", "last words")
	b.src.take()

	ui.ApplyTo(b.Panel, ui.Submit(callKey))

	require.Equal(t, sent(
		softphone.NotesEdited{Key: callKey, Text: "last words"}, softphone.WrapUpSubmitted{Key: callKey},
	), b.src.take())
}

func TestDismountSendsTheNotes(t *testing.T) {
	t.Parallel()
	b := newBench(talking())
	ui.Type(b.Panel, "notes", "a")
	ui.Type(b.Panel, "notes", "ab")
	b.src.take()

	b.OnDismount()

	require.Equal(t, sent(softphone.NotesEdited{Key: callKey, Text: "ab"}), b.src.take())
}

func TestNotesSayWhereTheyAre(t *testing.T) {
	t.Parallel()
	state := func(b *bench) string { return text(byID(parse(t, b.Render()), "notes-state")) }
	b := newBench(talking())
	require.Equal(t, "Saves by itself", state(b))

	ui.Type(b.Panel, "notes", "hello")
	require.Equal(t, "Saving…", state(b))

	b.clock = now.Add(3 * time.Minute)
	ui.Show(b.Panel, talking(func(c *softphone.CallView) { c.Notes, c.NotesSaved = "hello", true }))
	require.Equal(t, "Saved 10:45", state(b))

	down := talking(func(c *softphone.CallView) { c.Notes = "hello" })
	down.Backend.Down = true
	ui.Show(b.Panel, down)
	require.Equal(t, "Kept on this computer", state(b))
}

func TestSubmitWithoutReasonExplainsAndGoesThere(t *testing.T) {
	t.Parallel()
	b := newBench(wrapping())

	ui.ApplyTo(b.Panel, ui.Submit(callKey))

	require.Empty(t, b.src.take())
	require.Equal(t, "reason-0", ui.TakeFocus(b.Panel))
	root := parse(t, b.Render())
	require.Contains(t, text(byID(root, "reason-note")), "Choose a wrap-up reason first.")
	require.Contains(t, ui.LocalOf(b.Panel).Polite, "Choose a wrap-up reason first.")
}

func TestAnswerIsDeafRightAfterItGotTheFocus(t *testing.T) {
	t.Parallel()
	b := newBench(idleView())
	ui.Show(b.Panel, ringing(func(c *softphone.CallView) { c.CanAnswer = ok() }))
	require.Equal(t, "answer", ui.TakeFocus(b.Panel))
	ui.Guard(b.Panel, b.clock.Add(400*time.Millisecond))

	ui.ApplyTo(b.Panel, ui.Answer(callKey))
	require.Empty(t, b.src.take(), "the key was meant for something else")

	b.clock = b.clock.Add(400 * time.Millisecond)
	ui.ApplyTo(b.Panel, ui.Answer(callKey))
	require.Equal(t, sent(softphone.AnswerRequested{Key: callKey}), b.src.take())
}

func TestRingingOnThePhoneMovesNoFocus(t *testing.T) {
	t.Parallel()
	b := newBench(idleView())

	ui.Show(b.Panel, ringing())

	require.Empty(t, ui.TakeFocus(b.Panel))
}

func TestIncomingCallShowsItselfOverHistoryAndMenu(t *testing.T) {
	t.Parallel()
	b := newBench(idleView())
	ui.ApplyTo(b.Panel, ui.OpenTab(ui.TabHistory))
	ui.ApplyTo(b.Panel, ui.OpenMenu())

	ui.Show(b.Panel, ringing())

	require.Equal(t, ui.TabPhone, ui.LocalOf(b.Panel).Tab)
	require.False(t, ui.LocalOf(b.Panel).MenuOpen)
}

func TestChoosingARecordOrNone(t *testing.T) {
	t.Parallel()
	b := newBench(ringing())

	ui.ApplyTo(b.Panel, ui.Choose(callKey, *ref("102", "Mario")))
	ui.ApplyTo(b.Panel, ui.Choose(callKey, softphone.RecordRef{}))

	require.Equal(t, sent(
		softphone.MatchChosen{Key: callKey, Record: ref("102", "Mario")}, softphone.MatchChosen{Key: callKey},
	), b.src.take())
}

func TestCreatingAContactNeedsANameAndIsSentOnce(t *testing.T) {
	t.Parallel()
	b := newBench(talking())
	ui.ApplyTo(b.Panel, ui.OpenForm())
	require.Equal(t, "first-name", ui.TakeFocus(b.Panel))

	ui.ApplyTo(b.Panel, ui.Create(callKey))
	require.Empty(t, b.src.take())
	require.Equal(t, "Enter a first or last name.", ui.LocalOf(b.Panel).Hint)

	ui.Type(b.Panel, "last-name", "Silva")
	ui.ApplyTo(b.Panel, ui.Create(callKey))
	ui.ApplyTo(b.Panel, ui.Create(callKey))
	require.Equal(t, sent(softphone.ContactCreateRequested{Key: callKey, LastName: "Silva"}), b.src.take())
}

func TestBringHereAsksTwiceDuringACall(t *testing.T) {
	t.Parallel()
	v := talking()
	v.Screen = softphone.ScreenFollower
	b := newBench(v)

	ui.ApplyTo(b.Panel, ui.Bring())
	require.Empty(t, b.src.take())
	ui.ApplyTo(b.Panel, ui.Bring())
	require.Equal(t, sent(softphone.LeadRequested{}), b.src.take())

	v.Call, v.Calls = nil, nil
	b = newBench(v)
	ui.ApplyTo(b.Panel, ui.Bring())
	require.Equal(t, sent(softphone.LeadRequested{}), b.src.take())
}

func stationView() softphone.View {
	for _, s := range stories.All() {
		if s.Name == "station" {
			return s.View
		}
	}
	return softphone.View{}
}

func TestStationFormChecksBeforeItAsks(t *testing.T) {
	t.Parallel()
	tests := []struct {
		option        softphone.LoginOption
		number, wrong string
	}{
		{softphone.Extension, "", "Enter your extension."},
		{softphone.Extension, "+1001", "An extension has up to 10 digits and no +."},
		{softphone.Extension, "not-a-number", "Use digits only, with + in front if needed."},
		{softphone.AgentDN, "+1408", "A phone number has 7 to 15 digits."},
		{softphone.Extension, "1001", ""},
		{softphone.AgentDN, "+14085551212", ""},
	}
	for _, tt := range tests {
		b := newBench(stationView())
		ui.ApplyTo(b.Panel, ui.Option(tt.option))
		ui.Type(b.Panel, "number", tt.number)
		ui.Type(b.Panel, "team", "t2")

		ui.ApplyTo(b.Panel, ui.Start())

		if tt.wrong == "" {
			require.Equal(t, sent(softphone.StationRequested{Option: tt.option, Number: tt.number, TeamID: "t2"}), b.src.take())
			continue
		}
		require.Empty(t, b.src.take(), tt.number)
		require.Equal(t, "number", ui.TakeFocus(b.Panel))
		root := parse(t, b.Render())
		require.Equal(t, "true", attr(byID(root, "number"), "aria-invalid"))
		require.Equal(t, tt.wrong, text(byID(root, "number-note")))
	}
}

func TestProvisionedNumberIsProposedAndMayBeForced(t *testing.T) {
	t.Parallel()
	b := newBench(stationView())
	ui.ApplyTo(b.Panel, ui.Option(softphone.AgentDN))
	require.Equal(t, "+14085551212", attr(byID(parse(t, b.Render()), "number"), "value"))

	v := stationView()
	v.Profile = profile()
	v.Profile.ForceDefault = true
	b = newBench(v)
	ui.ApplyTo(b.Panel, ui.Option(softphone.AgentDN))
	ui.Type(b.Panel, "number", "+15550000000")
	ui.ApplyTo(b.Panel, ui.Start())
	require.Equal(t, sent(softphone.StationRequested{Option: softphone.AgentDN, Number: "+14085551212", TeamID: "t1"}), b.src.take())
}

func TestStationIsRememberedOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	m := memory{}
	b := newBench(stationView())
	b.Memory = m
	ui.Type(b.Panel, "number", "1002")
	ui.ApplyTo(b.Panel, ui.Start())
	require.Empty(t, m["station"])

	ui.ApplyTo(b.Panel, ui.Remember())
	ui.ApplyTo(b.Panel, ui.Start())
	require.Equal(t, "EXTENSION|1002|t1", m["station"])

	again := newBench(softphone.View{Screen: softphone.ScreenBoot})
	again.Memory = m
	ui.Show(again.Panel, stationView())
	require.Equal(t, "1002", attr(byID(parse(t, again.Render()), "number"), "value"))
	require.True(t, ui.LocalOf(again.Panel).Station.Remember)
}

func TestLongBootListsItsSteps(t *testing.T) {
	t.Parallel()
	b := newBench(softphone.View{Screen: softphone.ScreenBoot})
	require.NotContains(t, text(parse(t, b.Render())), "Connecting to Webex…")

	b.pass(3 * time.Second)

	require.Contains(t, text(parse(t, b.Render())), "Connecting to Webex…")
}

// TestHandlersAreToldApart: go-app keeps the old handler when the scope is the
// same, and Hold would go on holding after it became Resume.
func TestHandlersAreToldApart(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	intents := []ui.Intent{
		ui.Sending(softphone.HoldRequested{Key: "k"}), ui.Sending(softphone.ResumeRequested{Key: "k"}),
		ui.Sending(softphone.EndRequested{Key: "k"}), ui.Sending(softphone.EndRequested{Key: "l"}),
		ui.Sending(softphone.RecordingPauseRequested{Key: "k"}), ui.Sending(softphone.RecordingResumeRequested{Key: "k"}),
		ui.Answer("k"), ui.Submit("k"), ui.State("k"), ui.PressKey("k"), ui.Redial("k"),
		ui.Explain(softphone.Waiting), ui.Explain(softphone.Offline),
	}
	for _, i := range intents {
		require.False(t, seen[ui.Scope(i)], "%#v", i)
		seen[ui.Scope(i)] = true
		require.Equal(t, ui.Scope(i), ui.Scope(i))
	}
}
