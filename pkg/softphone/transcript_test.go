package softphone_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
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
	state, problems := showState(w.s), ""
	w.log = func(s softphone.State, commands []softphone.Command) {
		if now := showState(s); now != state {
			fmt.Fprintf(&out, "  -> %s\n", now)
			state = now
		}
		for _, c := range commands {
			fmt.Fprintf(&out, "  do %s\n", show(c))
		}
		if now := showProblems(s); now != problems {
			fmt.Fprintf(&out, "  problem %s\n", orNone(now))
			problems = now
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
	case "start":
		w.start()
	case "wait":
		d, err := time.ParseDuration(arg(1))
		if err != nil {
			return err
		}
		w.now = w.now.Add(d)
		w.step(softphone.Tick{})
	case "webex": // webex VERB ID [ARG]
		return w.webex(arg(1), arg(2), arg(3))
	case "stale": // stale NAME ID: an event ten seconds old
		t := *w.task(arg(2))
		w.step(softphone.Notified{Name: softphone.TaskEvent(arg(1)), Generation: w.gen, At: w.now.Add(-10 * time.Second), Interaction: t})
	case "press":
		return w.press(arg(1), w.key(arg(2)), strings.Join(f[min(3, len(f)):], " "))
	case "dial": // dial NUMBER [from-hubspot STARTED]
		w.dials++
		e := softphone.DialRequested{Key: softphone.CallKey(fmt.Sprintf("dial-%d:ann:1", w.dials)), Number: arg(1)}
		if arg(2) == "from-hubspot" {
			e.Host, e.Started = "tab", int64(atoi(arg(3)))
			e.Callee = &softphone.RecordRef{ObjectTypeID: "0-1", ObjectID: "501"}
		}
		w.step(e)
	case "hubspot":
		return w.hubspot(f[1:])
	case "looked-up": // looked-up ID [CONTACT…]
		var found []softphone.Match
		for _, id := range f[2:] {
			typeID, id, _ := strings.Cut(id, "/")
			found = append(found, softphone.Match{Record: softphone.RecordRef{ObjectTypeID: typeID, ObjectID: id, Name: "N" + id}})
		}
		w.step(softphone.LookedUp{Key: w.key(arg(1)), Matches: found})
	case "refused": // refused COMMAND ID CODE: the HTTP answer to the newest command
		return w.refused(arg(1), arg(2), softphone.ProblemCode(arg(3)))
	case "receipt":
		w.step(softphone.RecordAcknowledged{Receipt: softphone.Receipt{Key: w.key(arg(1)), Revision: 99, State: softphone.ReceiptState(arg(2))}})
	case "link-lost":
		w.step(softphone.LinkLost{})
	case "synced":
		w.gen++
		w.synced(arg(1) != "logged-out", w.records()...)
	case "reload": // the frame is reloaded: all but the records is forgotten
		records := w.records()
		w.s = softphone.State{}
		w.gen = 1
		w.step(softphone.SessionRestored{Agent: softphone.Identity{AgentID: ann, OrgID: "o1"}})
		w.step(softphone.Leading{Lead: true})
		w.step(softphone.Configured{Profile: annsProfile})
		w.step(softphone.HostSynced{Host: "tab", PortalID: "77", Location: "remote", LoggedIn: true})
		w.synced(true, records...)
	case "settings":
		w.step(softphone.SettingsLoaded{Settings: softphone.Settings{PopAt: arg(1), PopIn: arg(2)}})
	case "state": // state available|CODE, as Webex tells it
		w.step(softphone.StateChanged{Available: arg(1) == "available", AuxCodeID: arg(1), Since: w.now})
	case "taken-over":
		w.step(softphone.TakenOver{})
	case "logged-out":
		w.step(softphone.StationLoggedOut{By: arg(1)})
	case "session-ended":
		w.step(softphone.SessionMissing{Code: softphone.SessionExpired})
	case "session-begun":
		w.step(softphone.SignedIn{Agent: softphone.Identity{AgentID: arg(1), OrgID: "o1"}})
	default:
		return fmt.Errorf("unknown line")
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
		"dismiss": softphone.MissedDismissed{},
		"choose":  softphone.MatchChosen{Key: key, Record: &softphone.RecordRef{ObjectTypeID: "0-1", ObjectID: arg, Name: "N" + arg}},
	}
	e, ok := events[what]
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
		var found []softphone.Match
		for _, id := range f[1:] {
			typeID, id, _ := strings.Cut(id, "/")
			found = append(found, softphone.Match{Record: softphone.RecordRef{ObjectTypeID: typeID, ObjectID: id, Name: "N" + id}})
		}
		w.step(softphone.CallerMatched{Host: "tab", Matches: found})
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
		return fmt.Errorf("unknown command %q", what)
	}
	w.step(softphone.CommandFailed{Command: c, Code: code, Detail: "HTTP 500"})
	return nil
}

func fields(line string) []string { return strings.Fields(line) }
