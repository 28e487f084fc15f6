package softphone_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"deskbridge/pkg/softphone"
)

// A bookkeeper sees every command and keeps what must hold over a whole life.
type bookkeeper struct {
	told      map[softphone.CallKey][]string
	revisions map[softphone.CallKey]int64
	final     map[softphone.CallKey]bool
	started   map[softphone.CallKey]bool
}

func newBookkeeper() *bookkeeper {
	return &bookkeeper{
		told: map[softphone.CallKey][]string{}, revisions: map[softphone.CallKey]int64{},
		final: map[softphone.CallKey]bool{}, started: map[softphone.CallKey]bool{},
	}
}

func (b *bookkeeper) see(commands []softphone.Command) error {
	for _, c := range commands {
		switch c := c.(type) {
		case softphone.TellIncoming:
			b.told[c.Key] = append(b.told[c.Key], "started")
		case softphone.TellOutgoing:
			b.told[c.Key] = append(b.told[c.Key], "started")
		case softphone.TellAnswered:
			b.told[c.Key] = append(b.told[c.Key], "answered")
		case softphone.TellEnded:
			b.told[c.Key] = append(b.told[c.Key], "ended")
		case softphone.TellCompleted:
			b.told[c.Key] = append(b.told[c.Key], "completed")
		case softphone.SaveRecord:
			r := c.Record
			if r.Revision <= b.revisions[r.Key] {
				return fmt.Errorf("%s: revision %d after %d", r.Key, r.Revision, b.revisions[r.Key])
			}
			b.revisions[r.Key] = r.Revision
			if b.final[r.Key] && !r.Final {
				b.final[r.Key] = false // Reopened: Webex still had it.
			}
			if r.Final {
				b.final[r.Key] = true
			}
		}
	}
	for key, told := range b.told {
		if err := inOrder(told); err != nil {
			return fmt.Errorf("%s: %w: %v", key, err, told)
		}
	}
	return nil
}

// inOrder is HubSpot's documented order with each message at most once.
func inOrder(told []string) error {
	rank := map[string]int{"started": 1, "answered": 2, "ended": 3, "completed": 4}
	last := 0
	for _, t := range told {
		if rank[t] <= last {
			return fmt.Errorf("%s out of order", t)
		}
		last = rank[t]
	}
	if last > 0 && told[0] != "started" {
		return fmt.Errorf("began with %s", told[0])
	}
	if last == 4 && told[len(told)-2] != "ended" {
		return fmt.Errorf("completed without ended")
	}
	return nil
}

// holds checks what must be true of every state.
func holds(s softphone.State) error {
	talking := 0
	for key, c := range s.Calls {
		switch c.Phase {
		case softphone.Talking, softphone.Conference:
			talking++
		case "", softphone.Done:
			return fmt.Errorf("%s is live and %q", key, c.Phase)
		}
		if key != c.Key {
			return fmt.Errorf("%s kept under %s", c.Key, key)
		}
	}
	if len(s.Order) != len(s.Calls) {
		return fmt.Errorf("%d calls in order, %d in all", len(s.Order), len(s.Calls))
	}
	for _, r := range s.History {
		if _, live := s.Calls[r.Key]; live {
			return fmt.Errorf("%s is live and history", r.Key)
		}
	}
	return nil
}

// offered is every event that the view offers a button for.
func offered(s softphone.State) map[string]softphone.Event {
	out := map[string]softphone.Event{}
	v := s.View()
	if v.CanDial.OK {
		out["dial"] = softphone.DialRequested{Key: "dial-offered:ann:1", Number: "+15550177"}
	}
	if v.CanStart.OK {
		out["start"] = softphone.StationRequested{Option: softphone.Extension, Number: "1001", TeamID: "t1"}
	}
	if v.CanSignOut.OK {
		out["sign-out"] = softphone.SignOutRequested{}
	}
	if v.CanGoAvailable.OK {
		out["available"] = softphone.StateRequested{}
	}
	for _, c := range v.Calls {
		for name, b := range map[string]struct {
			can softphone.Can
			e   softphone.Event
		}{
			"answer":   {c.CanAnswer, softphone.AnswerRequested{Key: c.Key}},
			"hold":     {c.CanHold, softphone.HoldRequested{Key: c.Key}},
			"resume":   {c.CanResume, softphone.ResumeRequested{Key: c.Key}},
			"end":      {c.CanEnd, softphone.EndRequested{Key: c.Key}},
			"pause":    {c.CanPause, softphone.RecordingPauseRequested{Key: c.Key}},
			"continue": {c.CanContinue, softphone.RecordingResumeRequested{Key: c.Key}},
			"wrap-up":  {c.CanWrapUp, softphone.WrapUpSubmitted{Key: c.Key}},
			"open":     {c.CanOpen, softphone.RecordOpened{Key: c.Key}},
		} {
			if b.can.OK {
				out[string(c.Key)+" "+name] = b.e
			}
		}
	}
	return out
}

// accepted says that a button does something: a command, or a wait.
func accepted(s softphone.State, now time.Time, e softphone.Event) error {
	next, commands := softphone.Step(s, now, e)
	if len(commands) > 0 {
		return nil
	}
	if end, ok := e.(softphone.EndRequested); ok && next.Calls[end.Key].Ending {
		return nil
	}
	return fmt.Errorf("%T did nothing", e)
}

// verbs are what random lives are made of.
var (
	webexVerbs = []string{
		"reserved", "offered", "assigned", "held", "unheld", "paused", "resumed", "wrapup", "ended", "wrappedup", "rona",
		"dialled", "customer-joined", "customer-left", "outbound-failed", "consult-created", "consulting", "consult-ended",
		"conferenced", "gone", "failed",
	}
	failures = []string{
		"AgentContactHoldFailed", "AgentContactUnHoldFailed", "AgentContactEndFailed", "AgentWrapupFailed",
		"ContactRecordingPauseFailed", "AgentContactAssignFailed", "AgentInviteFailed", "AgentSomethingNew",
	}
	presses  = []string{"answer", "hold", "resume", "end", "pause", "continue", "wrapup", "notes", "open", "retry", "available", "not-listed", "choose", "bring-here", "dismiss"}
	outside  = []string{"wait 1s", "wait 20s", "dial +15550123", "dial nonsense", "hubspot synced", "hubspot lost", "hubspot created 7", "hubspot not-created", "hubspot matched 0-1/501", "hubspot match-failed", "hubspot end-call", "link-lost", "synced", "synced logged-out", "reload", "state lunch", "state available", "taken-over", "press logout -", "session-ended", "session-begun ann", "looked-up i1 0-1/501", "stale AgentContactHeld i1", "refused hold i1 webex-down", "refused dial - command-refused", "refused end i2 command-refused"}
	contacts = []string{"i1", "i2", "o1"}
)

// live plays one life of steps chosen by pick and returns the first property
// that breaks.
func live(steps int, pick func(n int) int) error {
	w, b := newWorld(), newBookkeeper()
	var broken error
	w.log = func(p *phone, commands []softphone.Command) {
		if broken == nil {
			broken = b.see(commands)
		}
		if broken == nil {
			broken = holds(p.s)
		}
	}
	w.start()
	var script []string
	for range steps {
		line := ""
		switch k := pick(10); {
		case k < 5:
			verb := webexVerbs[pick(len(webexVerbs))]
			line = "webex " + verb + " " + contacts[pick(len(contacts))]
			if verb == "failed" {
				line += " " + failures[pick(len(failures))]
			}
		case k < 8:
			line = "press " + presses[pick(len(presses))] + " " + contacts[pick(len(contacts))] + " x"
		default:
			line = outside[pick(len(outside))]
		}
		script = append(script, line)
		before := w.s
		if err := w.verb(fields(line)); err != nil {
			return err
		}
		if broken == nil {
			for name, e := range offered(w.s) {
				if err := accepted(w.s, w.now, e); err != nil {
					broken = fmt.Errorf("%s: %w", name, err)
				}
			}
		}
		if broken != nil {
			return fmt.Errorf("%w\nbefore: %s\nafter: %q", broken, showState(before), script)
		}
	}
	return settled(w, b, script)
}

// settled ends a life: once Webex has nothing left, every call that HubSpot
// was told of was completed, and every record is final.
func settled(w *world, b *bookkeeper, script []string) error {
	w.tasks = map[string]*softphone.Interaction{}
	w.step(softphone.SignedIn{Agent: softphone.Identity{AgentID: ann, OrgID: "o1"}})
	w.now = w.now.Add(time.Minute)
	w.step(softphone.Tick{})
	w.gen++
	w.synced(true, w.records()...)
	for key, told := range b.told {
		if told[len(told)-1] != "completed" {
			return fmt.Errorf("%s: HubSpot waits for ever: %v\n%q", key, told, script)
		}
	}
	for key := range b.revisions {
		if !b.final[key] {
			return fmt.Errorf("%s: record never final\n%q", key, script)
		}
	}
	return nil
}

func TestLives(t *testing.T) {
	t.Parallel()
	lives := 5000
	if testing.Short() {
		lives = 200
	}
	for seed := range lives {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		if err := live(40, r.IntN); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// TestShrunkLives lets rapid look for a small life that breaks a property.
func TestShrunkLives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		err := live(30, func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "pick") })
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestStepIsPure steps one state twice with the same input.
func TestStepIsPure(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.start()
	require.NoError(t, w.webex("offered", "i1", ""))
	before := w.s.View()

	a, ca := softphone.Step(w.s, w.now, softphone.NotesEdited{Key: w.key("i1"), Text: "a"})
	b, cb := softphone.Step(w.s, w.now, softphone.NotesEdited{Key: w.key("i1"), Text: "a"})

	require.Empty(t, cmp.Diff(a.View(), b.View()))
	require.Empty(t, cmp.Diff(ca, cb))
	require.Empty(t, cmp.Diff(before, w.s.View()), "the given state was changed")
}

// TestSyncedForgetsWhatWebexOwns reaches the same truth from different pasts.
func TestSyncedForgetsWhatWebexOwns(t *testing.T) {
	t.Parallel()
	for _, past := range [][]string{nil, {"held"}, {"paused", "held"}, {"consult-created"}} {
		w, plain := newWorld(), newWorld()
		for _, x := range []*world{w, plain} {
			x.start()
			require.NoError(t, x.webex("offered", "i1", ""))
			require.NoError(t, x.webex("assigned", "i1", ""))
		}
		truth := *w.task("i1")
		for _, verb := range past {
			require.NoError(t, w.webex(verb, "i1", ""))
		}
		w.tasks["i1"], plain.tasks["i1"] = &truth, &truth

		w.gen, plain.gen = 2, 2
		w.synced(true)
		plain.synced(true)

		require.Empty(t, cmp.Diff(plain.s.View(), w.s.View(), cmpopts.EquateEmpty(),
			cmpopts.IgnoreFields(softphone.CallView{}, "HoldTotal")), "past %v", past)
	}
}

// FuzzLives takes its choices from bytes.
func FuzzLives(f *testing.F) {
	f.Add([]byte("an inbound call that is held and ended"))
	f.Add([]byte{0, 1, 0, 9, 9, 9, 4, 3, 2, 1, 0, 200, 100, 50, 7, 7, 7})
	f.Fuzz(func(t *testing.T, data []byte) {
		at := 0
		pick := func(n int) int {
			if at >= len(data) {
				return 0
			}
			at++
			return int(data[at-1]) % n
		}
		if err := live(min(len(data)/3, 200), pick); err != nil {
			t.Fatal(err)
		}
	})
}
