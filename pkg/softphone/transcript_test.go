package softphone_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/softphone"
)

var update = flag.Bool("update", false, "rewrite the golden transcripts")

// TestTranscripts plays every testdata/*.txt: lines flush left are what
// happens, indented lines are what the phone answers. Only commit a changed
// transcript if you understand what changed it.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile(file)
			require.NoError(t, err)

			got := play(t, string(want))

			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
				return
			}
			require.Equal(t, string(want), got)
		})
	}
}

// play runs the input lines of a transcript and returns it with the answers.
func play(t *testing.T, script string) string {
	t.Helper()
	var out bytes.Buffer
	w := newWorld()
	state, problems := map[string]string{ann: showState(w.ann.s), bob: showState(w.bob.s)}, map[string]string{}
	w.log = func(p *phone, commands []softphone.Command) {
		who := ""
		if p == w.bob {
			who = "bob "
		}
		if now := showState(p.s); now != state[p.id] {
			fmt.Fprintf(&out, "  %s-> %s\n", who, now)
			state[p.id] = now
		}
		for _, line := range w.say {
			fmt.Fprintf(&out, "  %s%s\n", who, line)
		}
		w.say = nil
		for _, c := range commands {
			fmt.Fprintf(&out, "  %sdo %s\n", who, show(c))
		}
		if now := showProblems(p.s); now != problems[p.id] {
			fmt.Fprintf(&out, "  %sproblem %s\n", who, orNone(now))
			problems[p.id] = now
		}
	}
	for line := range strings.Lines(script) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			fmt.Fprintln(&out, line)
		case strings.HasPrefix(line, "  "):
		default:
			fmt.Fprintln(&out, line)
			if err := w.verb(fields(line)); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
		}
	}
	return out.String()
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// verb carries out one input line.
func (w *world) verb(f []string) error {
	arg := func(n int) string {
		if n < len(f) {
			return f[n]
		}
		return ""
	}
	switch f[0] {
	case bob:
		return w.as(w.bob, func() error { return w.verb(f[1:]) })
	case "start":
		w.start()
	case "can": // can ID CONTROL…: what the view offers, or why not
		return w.can(arg(1), f[min(2, len(f)):])
	case "profile":
		return w.profile(arg(1), arg(2))
	case "wait":
		d, err := time.ParseDuration(arg(1))
		if err != nil {
			return err
		}
		w.now = w.now.Add(d)
		for _, p := range []*phone{w.ann, w.bob} {
			if p.on {
				_ = w.as(p, func() error { w.step(softphone.Tick{}); return nil })
			}
		}
	case "webex": // webex VERB ID [ARG]
		return w.webex(arg(1), arg(2), arg(3))
	case "stale": // stale NAME ID: an event ten seconds old
		t := *w.task(arg(2))
		w.step(softphone.Notified{Name: softphone.TaskEvent(arg(1)), Generation: w.gen, At: w.now.Add(-10 * time.Second), Interaction: t})
	case "bare": // bare NAME ID: an event that names the interaction and no more
		w.step(softphone.Notified{Name: softphone.TaskEvent(arg(1)), Generation: w.gen, At: w.now.Add(w.offers), Interaction: softphone.Interaction{ID: softphone.InteractionID(arg(2))}, Reason: "SERVICE_SAYS_NO"})
	case "again": // again N: the N-th newest notification comes once more
		if n := len(w.sent) - 1 - atoi(arg(1)); n >= 0 {
			d := w.sent[n]
			return w.as(d.to, func() error { w.step(d.e); return nil })
		}
	case "press":
		return w.press(arg(1), w.key(arg(2)), strings.Join(f[min(3, len(f)):], " "))
	case "dial": // dial NUMBER [from-hubspot STARTED]
		w.dials++
		e := softphone.DialRequested{Key: softphone.CallKey(fmt.Sprintf("dial-%d:%s:1", w.dials, w.id)), Number: arg(1)}
		if arg(2) == "from-hubspot" {
			e.Host, e.Started = "tab", int64(atoi(arg(3)))
			e.Callee = &softphone.RecordRef{ObjectTypeID: "0-1", ObjectID: "501"}
		}
		w.step(e)
	case "hubspot":
		return w.hubspot(f[1:])
	case "looked-up": // looked-up ID [MATCH…], see matches
		w.step(softphone.LookedUp{Key: w.key(arg(1)), Matches: matches(f[2:])})
	case "refused": // refused COMMAND ID CODE: the HTTP answer to the newest command
		return w.refused(arg(1), arg(2), softphone.ProblemCode(arg(3)))
	case "receipt": // receipt ID STATE [NEED]
		w.step(softphone.RecordAcknowledged{Receipt: softphone.Receipt{Key: w.key(arg(1)), Revision: 99, State: softphone.ReceiptState(arg(2)), Need: arg(3)}})
	case "link-lost":
		w.step(softphone.LinkLost{})
	case "synced":
		w.gen++
		w.synced(arg(1) != "logged-out", w.records()...)
	case "reload": // the frame is reloaded: all but the records is forgotten
		records := w.records()
		w.s = softphone.State{}
		w.gen = 1
		w.step(softphone.SessionRestored{Agent: w.identity()})
		w.step(softphone.Leading{Lead: true})
		w.step(softphone.Configured{Profile: annsProfile})
		w.step(softphone.HostSynced{Host: "tab", PortalID: "77", Location: "remote", LoggedIn: true})
		w.synced(true, records...)
	case "state": // state available|CODE [BY], as Webex tells it
		w.step(softphone.StateChanged{Available: arg(1) == "available", AuxCodeID: arg(1), Since: w.now, ChangedBy: strings.Join(f[min(2, len(f)):], " ")})
	case "buddies": // buddies ID[:available]…
		w.step(softphone.BuddiesListed{Agents: buddies(f[1:])})
	case "media": // media all|desktop|none: what the contact centre lets the panel do
		inDesktop := arg(1) == "desktop"
		all := arg(1) == "all" || inDesktop
		w.step(softphone.MediaOffered{Media: softphone.MediaAbilities{
			Answer: all, Decline: all, Mute: all, Digits: all, Variables: all, DigitsOnly: inDesktop, NoHandOver: inDesktop,
		}})
		if all {
			w.step(softphone.StationLoggedIn{Station: softphone.Station{Option: softphone.Browser, TeamID: "t1", Available: true, AuxCodeID: "0", Since: w.now}})
		}
	case "muted":
		w.step(softphone.MuteChanged{ID: softphone.InteractionID(arg(1)), On: arg(2) == "on"})
	case "logout-refused":
		w.step(softphone.StationLogoutFailed{Reason: "SERVICE_SAYS_NO"})
	case "taken-over":
		w.step(softphone.TakenOver{})
	case "logged-out":
		w.step(softphone.StationLoggedOut{By: arg(1)})
	case "session-ended":
		w.step(softphone.SessionMissing{Code: softphone.SessionExpired})
	case "session-begun": // session-begun AGENT
		w.step(softphone.SignedIn{Agent: softphone.Identity{AgentID: arg(1), OrgID: "o1"}})
	default:
		return w.customers(f, arg)
	}
	return nil
}

// records are what outbox and backend have of every call, newest first.
func (w *world) records() []softphone.Record {
	out := slices.Collect(maps.Values(w.saved))
	slices.SortFunc(out, func(a, b softphone.Record) int {
		return cmp.Or(b.StartedAt.Compare(a.StartedAt), cmp.Compare(a.Key, b.Key))
	})
	return out
}

func (w *world) press(what string, key softphone.CallKey, arg string) error {
	events := map[string]softphone.Event{
		"answer": softphone.AnswerRequested{Key: key}, "hold": softphone.HoldRequested{Key: key},
		"resume": softphone.ResumeRequested{Key: key}, "end": softphone.EndRequested{Key: key},
		"pause": softphone.RecordingPauseRequested{Key: key}, "continue": softphone.RecordingResumeRequested{Key: key},
		"wrapup": softphone.WrapUpSubmitted{Key: key, CodeID: arg}, "notes": softphone.NotesEdited{Key: key, Text: arg},
		"open": softphone.RecordOpened{Key: key}, "retry": softphone.ReceiptRetried{Key: key},
		"logout": softphone.SignOutRequested{}, "signin": softphone.SignInRequested{}, "bring-here": softphone.LeadRequested{},
		"available": softphone.StateRequested{}, "idle": softphone.StateRequested{AuxCodeID: arg},
		"station": softphone.StationRequested{Option: softphone.Extension, Number: arg, TeamID: "t1"},
		"create":  softphone.ContactCreateRequested{Key: key, LastName: arg}, "not-listed": softphone.MatchChosen{Key: key},
		"dismiss": softphone.MissedDismissed{}, "show": softphone.CallShown{Key: key},
		"choose": softphone.MatchChosen{Key: key, Record: &softphone.RecordRef{ObjectTypeID: "0-1", ObjectID: arg, Name: "N" + arg}},
	}
	e, ok := events[what]
	if !ok {
		e, ok = w.pressTogether(what, key, arg)
	}
	if !ok {
		e, ok = w.pressRecord(what, key, arg)
	}
	if !ok {
		return fmt.Errorf("unknown press %q", what)
	}
	w.step(e)
	return nil
}

func (w *world) hubspot(f []string) error {
	switch f[0] {
	case "synced":
		w.step(softphone.HostSynced{Host: "tab", PortalID: "77", Location: "remote", LoggedIn: true})
	case "lost":
		w.step(softphone.HostLost{Host: "tab"})
	case "created":
		w.step(softphone.EngagementCreated{Host: "tab", EngagementID: f[1]})
	case "not-created":
		w.step(softphone.EngagementFailed{Host: "tab"})
	case "matched":
		w.step(softphone.CallerMatched{Host: "tab", Matches: matches(f[1:])})
	case "match-failed":
		w.step(softphone.CallerMatchFailed{Host: "tab"})
	case "end-call":
		w.step(softphone.HostEndRequested{Host: "tab"})
	case "not-navigated":
		w.step(softphone.NavigateFailed{Host: "tab"})
	default:
		return fmt.Errorf("unknown hubspot verb")
	}
	return nil
}

func (w *world) refused(what, id string, code softphone.ProblemCode) error {
	task := softphone.InteractionID(id)
	commands := map[string]softphone.Command{
		"hold": softphone.HoldTask{ID: task}, "resume": softphone.UnholdTask{ID: task}, "end": softphone.EndTask{ID: task},
		"wrapup": softphone.WrapUpTask{ID: task}, "pause": softphone.PauseRecording{ID: task}, "state": softphone.SetState{},
		"login": softphone.LogInStation{}, "logout": softphone.LogOutStation{}, "dial": softphone.PlaceCall{Key: w.dial},
		"lookup": softphone.LookUp{Key: w.key(id)}, "create": softphone.CreateContact{Key: w.key(id)},
	}
	c, ok := commands[what]
	if !ok {
		c, ok = refusable[what]
		if ok {
			c = onTask(c, task)
		}
	}
	if !ok {
		return fmt.Errorf("unknown command %q", what)
	}
	w.step(softphone.CommandFailed{Command: c, Code: code, Detail: "HTTP 500"})
	return nil
}

// pressTogether are the presses that concern more than the agent and the
// customer. A target is written KIND:ID.
func (w *world) pressTogether(what string, key softphone.CallKey, arg string) (softphone.Event, bool) {
	kind, id, _ := strings.Cut(arg, ":")
	to := softphone.Target{Kind: softphone.TargetKind(kind), ID: id, Name: names[id]}
	events := map[string]softphone.Event{
		"consult": softphone.ConsultRequested{Key: key, To: to}, "transfer": softphone.TransferRequested{Key: key, To: to},
		"end-consult": softphone.ConsultEndRequested{Key: key}, "swap": softphone.SwapRequested{Key: key},
		"merge": softphone.MergeRequested{Key: key}, "complete": softphone.ConsultTransferRequested{Key: key},
		"leave": softphone.LeaveRequested{Key: key}, "hand-over": softphone.HandOverRequested{Key: key},
		"drop": softphone.DropRequested{Key: key, Party: arg}, "decline": softphone.DeclineRequested{Key: key},
		"mute": softphone.MuteRequested{Key: key, On: arg == "on"}, "digits": softphone.DigitsRequested{Key: key, Digits: arg},
		"variable": softphone.VariableEdited{Key: key, Name: kind, Value: id}, "buddies": softphone.BuddiesRequested{},
		"active": softphone.ActivitySeen{}, "follow-up": softphone.FollowUpChosen{Key: key, FollowUp: &softphone.FollowUp{Subject: arg, Due: epoch}},
		"code": softphone.WrapUpChosen{Key: key, CodeID: arg},
	}
	if what == "extend" {
		d, err := time.ParseDuration(arg)
		return softphone.WrapUpExtended{Key: key, By: d}, err == nil
	}
	e, ok := events[what]
	return e, ok
}

// refusable are the commands that HTTP may refuse, by their operation.
var refusable = map[string]softphone.Command{
	"consult": softphone.ConsultTask{}, "consult/end": softphone.EndConsultTask{}, "consult/conference": softphone.ConferenceTask{},
	"consult/transfer": softphone.ConsultTransferTask{}, "transfer": softphone.TransferTask{}, "conference/exit": softphone.ExitConference{},
	"conference/transfer": softphone.TransferConference{}, "conference/drop": softphone.DropParticipant{},
	"accept": softphone.AcceptTask{}, "decline": softphone.DeclineTask{}, "mute": softphone.MuteTask{}, "buddies": softphone.ListBuddies{},
}

// onTask gives a command its interaction.
func onTask(c softphone.Command, id softphone.InteractionID) softphone.Command {
	v := reflect.New(reflect.TypeOf(c)).Elem()
	v.Set(reflect.ValueOf(c))
	if f := v.FieldByName("ID"); f.IsValid() {
		f.Set(reflect.ValueOf(id))
	}
	return v.Interface().(softphone.Command)
}

func buddies(list []string) []softphone.Buddy {
	var out []softphone.Buddy
	for _, b := range list {
		id, state, _ := strings.Cut(b, ":")
		out = append(out, softphone.Buddy{ID: id, Name: cmpOr(names[id], id), State: state, Available: state == "available"})
	}
	return out
}

// can makes the log say what the view offers.
func (w *world) can(id string, controls []string) error {
	v := w.s.View()
	i := slices.IndexFunc(v.Calls, func(c softphone.CallView) bool { return c.Key == w.key(id) })
	if i < 0 {
		return fmt.Errorf("no such call")
	}
	w.say = append(w.say, "can "+showCan(v.Calls[i], controls))
	w.log(w.phone, nil)
	return nil
}

// profile changes one thing of the profile.
func (w *world) profile(what, value string) error {
	p := annsProfile
	if w.s.Profile != nil {
		p = *w.s.Profile
	}
	d, _ := time.ParseDuration(value)
	switch what {
	case "inactivity":
		p.Inactivity = d
	case "auto-wrap-up":
		p.AutoWrapUp, p.AutoWrapAfter, p.AutoWrapExtend = true, d, true
	case "auto-wrap-up-fixed":
		p.AutoWrapUp, p.AutoWrapAfter = true, d
	case "no-default-reason":
		p.WrapUpCodes = []softphone.Code{{ID: "other", Name: "Other"}, {ID: "sale", Name: "Sale"}}
	case "hide-variables":
		p.HideVariables = true
	case "mask":
		p.MaskSensitive = true
	case "no-privacy-shield":
		p.PrivacyShield = false
	case "no-end":
		p.EndCallEnabled, p.EndConsultEnabled = false, false
	case "no-consult-to-queue":
		p.ConsultToQueue = false
	default:
		return fmt.Errorf("unknown profile %q", what)
	}
	w.step(softphone.Configured{Profile: p})
	return nil
}

func fields(line string) []string { return strings.Fields(line) }
