package softphone_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strconv"
	"strings"
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
	popped    map[string]bool // Agent, interaction and record of every pop.
}

func newBookkeeper() *bookkeeper {
	return &bookkeeper{
		told: map[softphone.CallKey][]string{}, revisions: map[softphone.CallKey]int64{},
		final: map[softphone.CallKey]bool{}, started: map[softphone.CallKey]bool{},
		popped: map[string]bool{},
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
		case softphone.TellTransferred:
			b.told[c.Key] = append(b.told[c.Key], "transferred")
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

// customers checks the pops and cards of a step: no record of an interaction
// opens twice for an agent unless it is by the agent's hand, and a card is asked
// for once, of the record that is chosen.
func (b *bookkeeper) customers(p *phone, commands []softphone.Command, line string) error {
	for _, c := range commands {
		switch c := c.(type) {
		case softphone.Navigate:
			call := p.s.Calls[c.Key]
			what := fmt.Sprint(p.id, call.Interaction.ID, text(c.Record))
			if call.Interaction.ID == "" || strings.Contains(line, "press") || strings.HasPrefix(line, "created") {
				break
			}
			if b.popped[what] {
				return fmt.Errorf("%s opened again", what)
			}
			b.popped[what] = true
		case softphone.LoadCard:
			call := p.s.Calls[c.Key]
			if chosen := call.Matching.Chosen; chosen == nil || *chosen != c.Record || call.CardState != softphone.CardLoading {
				return fmt.Errorf("card of %s asked for, %v is chosen", text(c.Record), chosen)
			}
		case softphone.LookUp:
			for _, x := range c.Variables {
				if x.Secure {
					return fmt.Errorf("%s leaves the browser", x.Name)
				}
			}
		case softphone.TellAvailable, softphone.TellUnavailable:
			if p.s.Settings.NoStateSync {
				return fmt.Errorf("%T although HubSpot is not to know", c)
			}
		case softphone.PlaceCall:
			if _, ok := softphone.Dialable(c.Destination); !ok || !strings.HasSuffix(p.s.Calls[c.Key].Number, c.Destination) {
				return fmt.Errorf("%q dialled for %q", c.Destination, p.s.Calls[c.Key].Number)
			}
		case softphone.SaveRecord:
			if err := inTime(c.Record); err != nil {
				return err
			}
		}
	}
	return nil
}

// inTime says whether a record's times can be true together.
func inTime(r softphone.Record) error {
	for _, d := range []time.Duration{r.MenuTime, r.QueueTime, r.HoldTotal, r.Consulting, r.Conferring} {
		if d < 0 {
			return fmt.Errorf("%s: a time below zero: %s", r.Key, showRecord(r))
		}
	}
	if r.Final && !r.AnsweredAt.IsZero() && r.EndedAt.Sub(r.AnsweredAt) < r.Consulting+r.Conferring {
		return fmt.Errorf("%s: longer in consult and conference than in the call: %s", r.Key, showRecord(r))
	}
	if !r.WrappedAt.IsZero() && r.WrappedAt.Before(r.EndedAt) {
		return fmt.Errorf("%s: wrapped up before its end", r.Key)
	}
	return nil
}

// inOrder is HubSpot's documented order with each message at most once.
func inOrder(told []string) error {
	rank := map[string]int{"started": 1, "answered": 2, "transferred": 3, "ended": 4, "completed": 5}
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
	if last == rank["completed"] && told[len(told)-2] != "ended" {
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
	if talking > 1 {
		return fmt.Errorf("%d calls talking", talking)
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
	for _, r := range v.History {
		if r.MayRetry() {
			out[string(r.Key)+" retry"] = softphone.ReceiptRetried{Key: r.Key}
		}
		if r.MayMend() {
			out[string(r.Key)+" mend"] = softphone.RecordMended{Key: r.Key, Notes: "mended"}
		}
	}
	for _, c := range v.Calls {
		if c.CardState == softphone.CardFailed {
			out[string(c.Key)+" card"] = softphone.CardAsked{Key: c.Key}
		}
		to := softphone.Target{Kind: softphone.ToAgent, ID: cho, Name: "Cho"}
		for _, p := range c.Parties {
			if p.CanDrop.OK {
				out[string(c.Key)+" drop "+p.ID] = softphone.DropRequested{Key: c.Key, Party: p.ID}
			}
		}
		for name, b := range map[string]struct {
			can softphone.Can
			e   softphone.Event
		}{
			"decline":     {c.CanDecline, softphone.DeclineRequested{Key: c.Key}},
			"consult":     {c.CanConsult, softphone.ConsultRequested{Key: c.Key, To: to}},
			"transfer":    {c.CanTransfer, softphone.TransferRequested{Key: c.Key, To: to}},
			"end-consult": {c.CanEndConsult, softphone.ConsultEndRequested{Key: c.Key}},
			"swap":        {c.CanSwap, softphone.SwapRequested{Key: c.Key}},
			"merge":       {c.CanMerge, softphone.MergeRequested{Key: c.Key}},
			"complete":    {c.CanComplete, softphone.ConsultTransferRequested{Key: c.Key}},
			"leave":       {c.CanLeave, softphone.LeaveRequested{Key: c.Key}},
			"hand-over":   {c.CanHandOver, softphone.HandOverRequested{Key: c.Key}},
			"mute":        {c.CanMute, softphone.MuteRequested{Key: c.Key, On: true}},
			"digits":      {c.CanKeypad, softphone.DigitsRequested{Key: c.Key, Digits: "1"}},
			"extend":      {c.CanExtend, softphone.WrapUpExtended{Key: c.Key, By: time.Minute}},
			"answer":      {c.CanAnswer, softphone.AnswerRequested{Key: c.Key}},
			"hold":        {c.CanHold, softphone.HoldRequested{Key: c.Key}},
			"resume":      {c.CanResume, softphone.ResumeRequested{Key: c.Key}},
			"end":         {c.CanEnd, softphone.EndRequested{Key: c.Key}},
			"pause":       {c.CanPause, softphone.RecordingPauseRequested{Key: c.Key}},
			"continue":    {c.CanContinue, softphone.RecordingResumeRequested{Key: c.Key}},
			"wrap-up":     {c.CanWrapUp, softphone.WrapUpSubmitted{Key: c.Key}},
			"open":        {c.CanOpen, softphone.RecordOpened{Key: c.Key}},
			"title":       {c.CanTitle, softphone.TitleEdited{Key: c.Key, Text: c.Title[:min(len(c.Title), 20)] + "!"}},
			"ticket":      {c.CanTicket, softphone.TicketRequested{Key: c.Key}},
		} {
			if b.can.OK {
				out[string(c.Key)+" "+name] = b.e
			}
		}
	}
	return out
}

// accepted says that a button does something: a command, or a change to see.
func accepted(s softphone.State, now time.Time, e softphone.Event) error {
	next, commands := softphone.Step(s, now, e)
	if len(commands) > 0 {
		return nil
	}
	if !reflect.DeepEqual(s.View(), next.View()) {
		return nil
	}
	return fmt.Errorf("%T did nothing", e)
}

// asks counts the commands to Webex that something must confirm.
func asks(commands []softphone.Command) map[softphone.Lane]int {
	out := map[softphone.Lane]int{}
	for _, c := range commands {
		switch c.(type) {
		case softphone.MuteTask, softphone.SendDigits, softphone.UpdateVariable:
		default:
			if strings.HasPrefix(string(c.Lane()), "webex/task/") {
				out[c.Lane()]++
			}
		}
	}
	return out
}

// waiting checks that a call waits for one thing at a time: no step asks two
// things of one call, and none asks while an earlier one stands, but to end the
// call or to withdraw a consult from its queue.
func waiting(before softphone.State, commands []softphone.Command, line string) error {
	may := strings.Contains(line, "press end") || strings.Contains(line, "end-call") || !strings.Contains(line, "press")
	for lane, n := range asks(commands) {
		if n > 1 {
			return fmt.Errorf("%d commands to %s at once", n, lane)
		}
		for _, c := range before.Calls {
			if c.Pending != nil && "webex/task/"+string(c.Interaction.ID) == string(lane) && !may {
				return fmt.Errorf("%s asked while %s stands", lane, c.Pending.What)
			}
		}
	}
	return nil
}

// live plays one life of steps chosen by pick and returns the first property
// that breaks.
func live(steps int, pick func(n int) int) error {
	w, b := newWorld(), newBookkeeper()
	var broken error
	line := ""
	before := map[*phone]softphone.State{}
	w.log = func(p *phone, commands []softphone.Command) {
		for _, check := range []func() error{
			func() error { return b.see(commands) },
			func() error { return holds(p.s) },
			func() error { return waiting(before[p], commands, line) },
			func() error { return b.customers(p, commands, line) },
		} {
			if broken == nil {
				broken = check()
			}
		}
		before[p] = p.s
	}
	w.start()
	if err := w.verb([]string{bob, "start"}); err != nil {
		return err
	}
	var script []string
	for range steps {
		line = w.line(pick)
		if line == "" {
			continue
		}
		script = append(script, line)
		was := showState(w.ann.s) + ", " + showState(w.bob.s)
		seen := map[*phone]softphone.State{w.ann: w.ann.s, w.bob: w.bob.s}
		if err := w.verb(fields(line)); err != nil {
			return err
		}
		for _, p := range []*phone{w.ann, w.bob} {
			if broken != nil || reflect.DeepEqual(seen[p].Calls, p.s.Calls) {
				continue
			}
			for name, e := range offered(p.s) {
				if err := accepted(p.s, w.now, e); err != nil {
					broken = fmt.Errorf("%s: %w", name, err)
				}
			}
		}
		if broken != nil {
			return fmt.Errorf("%w\nbefore: %s\nafter: %q", broken, was, script)
		}
	}
	err := settled(w, b, script)
	if broken != nil {
		return fmt.Errorf("%w\nat the end of: %q", broken, script)
	}
	return err
}

// settled ends a life: once Webex has nothing left, every call that HubSpot
// was told of was completed, and every record is final.
func settled(w *world, b *bookkeeper, script []string) error {
	w.tasks = map[string]*softphone.Interaction{}
	w.now = w.now.Add(time.Minute)
	for _, p := range []*phone{w.ann, w.bob} {
		p.gen++
		_ = w.as(p, func() error {
			w.step(softphone.SignedIn{Agent: w.identity()})
			w.step(softphone.Tick{})
			w.synced(true, w.records()...)
			return nil
		})
		if p.s.Live() {
			return fmt.Errorf("%s still has a call\n%q", p.id, script)
		}
	}
	for key, told := range b.told {
		if told[len(told)-1] != "completed" {
			return fmt.Errorf("%s: HubSpot waits for ever: %v\n%q", key, told, script)
		}
		if b.revisions[key] == 0 {
			return fmt.Errorf("%s: no record\n%q", key, script)
		}
	}
	for key := range b.revisions {
		if !b.final[key] {
			return fmt.Errorf("%s: record never final\n%q", key, script)
		}
	}
	return nil
}

// TestLives plays many random lives of two agents: 5,000, or as many as
// DESKBRIDGE_LIVES says.
func TestLives(t *testing.T) {
	t.Parallel()
	lives := 5000
	if testing.Short() {
		lives = 200
	}
	if n, err := strconv.Atoi(os.Getenv("DESKBRIDGE_LIVES")); err == nil && n > 0 {
		lives = n
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
