package softphone_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"deskbridge/pkg/softphone"
)

// Ann is the agent of every test, Bob her colleague, Cho one who only has a
// voice; their ids are short so that transcripts read.
const (
	ann = "ann"
	bob = "bob"
	cho = "cho"
)

var (
	names      = map[string]string{ann: "Ann Agent", bob: "Bob", cho: "Cho"}
	extensions = map[string]string{ann: "1001", bob: "1002"}
)

// epoch is when every transcript begins.
var epoch = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

var annsProfile = softphone.Profile{
	LoginOptions:   []softphone.LoginOption{softphone.Extension, softphone.AgentDN},
	Teams:          []softphone.Named{{ID: "t1", Name: "Tier 1"}},
	IdleCodes:      []softphone.Code{{ID: "lunch", Name: "Lunch"}, {ID: "rona", Name: "RONA", System: true}},
	WrapUpCodes:    []softphone.Code{{ID: "sale", Name: "Sale", Default: true}, {ID: "other", Name: "Other"}},
	OutdialEnabled: true,
	OutdialANIs:    []softphone.ANI{{Name: "Main", Number: "+15559999", Default: true}},
	EndCallEnabled: true, EndConsultEnabled: true, ConsultToQueue: true, PrivacyShield: true,
}

// A world drives Step by verbs and plays Webex: it keeps each interaction and
// changes it as the service does before an event goes out. Ann's phone is always
// there, Bob's when he has started, too; lines that begin with his name are his.
type world struct {
	*phone // Whose line it is.
	ann    *phone
	bob    *phone
	now    time.Time
	tasks  map[string]*softphone.Interaction
	log    func(*phone, []softphone.Command) // Sees every step.
	offers time.Duration                     // How many there were.
	say    []string                          // Said at the next look of the log.
	sent   []delivery                        // Every notification so far.
}

// A delivery is a notification that went to a phone.
type delivery struct {
	to *phone
	e  softphone.Notified
}

// A phone is one agent's.
type phone struct {
	id    string
	s     softphone.State
	on    bool // Started.
	gen   uint64
	dials int
	dial  softphone.CallKey
	saved map[softphone.CallKey]softphone.Record // Newest revision of each record: what outbox and backend have.
	last  []softphone.Command
}

func newWorld() *world {
	w := &world{now: epoch, tasks: map[string]*softphone.Interaction{}}
	w.ann = &phone{id: ann, gen: 1, saved: map[softphone.CallKey]softphone.Record{}}
	w.bob = &phone{id: bob, gen: 1, saved: map[softphone.CallKey]softphone.Record{}}
	w.phone = w.ann
	return w
}

// as does something at another phone.
func (w *world) as(p *phone, do func() error) error {
	was := w.phone
	w.phone = p
	defer func() { w.phone = was }()
	return do()
}

func (w *world) step(e softphone.Event) []softphone.Command {
	s, commands := softphone.Step(w.s, w.now, e)
	w.s, w.last = s, commands
	for _, c := range commands {
		if p, ok := c.(softphone.PlaceCall); ok {
			w.dial = p.Key
		}
		if r, ok := c.(softphone.SaveRecord); ok {
			w.saved[r.Record.Key] = r.Record
		}
	}
	if w.log != nil {
		w.log(w.phone, commands)
	}
	return commands
}

func (w *world) identity() softphone.Identity {
	return softphone.Identity{AgentID: w.id, OrgID: "o1", Name: names[w.id]}
}

func (w *world) start() {
	w.on = true
	w.step(softphone.SessionRestored{Agent: w.identity()})
	w.step(softphone.Leading{Lead: true})
	w.step(softphone.Configured{Profile: annsProfile})
	w.step(softphone.HostSynced{Host: "tab", PortalID: "77", Location: "remote", LoggedIn: true})
	w.synced(true)
}

func (w *world) synced(loggedIn bool, records ...softphone.Record) {
	e := softphone.Synced{Generation: w.gen, Records: records}
	if loggedIn {
		e.Station = &softphone.Station{Option: softphone.Extension, Number: extensions[w.id], TeamID: "t1", Available: true, AuxCodeID: "0", Since: w.now}
		for _, id := range slices.Sorted(maps.Keys(w.tasks)) {
			if _, part := w.tasks[id].Participants[w.id]; part {
				e.Tasks = append(e.Tasks, *w.tasks[id])
			}
		}
	}
	w.step(e)
}

// key is the key of the newest call of an interaction, live or past.
func (w *world) key(id string) softphone.CallKey {
	for _, k := range slices.Backward(w.s.Order) {
		if string(w.s.Calls[k].Interaction.ID) == id || string(k) == id {
			return k
		}
	}
	if id == "dial" {
		return w.dial
	}
	for _, r := range w.s.History {
		if string(r.InteractionID) == id {
			return r.Key
		}
	}
	return softphone.CallKey(id)
}

// task returns the interaction, made at first mention.
func (w *world) task(id string) *softphone.Interaction {
	if t, ok := w.tasks[id]; ok {
		return t
	}
	t := &softphone.Interaction{
		ID: softphone.InteractionID(id), MainID: softphone.InteractionID(id), Channel: softphone.Telephony, State: "new",
		QueueName: "Billing", ANI: "+15550100", DNIS: "+15559999", RonaTimeout: 18 * time.Second,
		Recording: softphone.Recording{Started: true, InProgress: true, MayPause: true},
		Participants: map[string]softphone.Participant{
			"+15550100": {ID: "+15550100", Kind: softphone.Customer, Joined: true},
			ann:         {ID: ann, Kind: softphone.AgentParty, Name: "Ann Agent"},
		},
		Media: map[string]softphone.Media{id: {ID: "m-" + id, Participants: []string{"+15550100", ann}}},
	}
	w.tasks[id] = t
	return t
}

// ---- printing

// show prints a command as {field value …} without zero fields and without
// what changes on every run.
func show(c softphone.Command) string {
	if save, ok := c.(softphone.SaveRecord); ok {
		return showRecord(save.Record)
	}
	v := reflect.ValueOf(c)
	parts := []string{v.Type().Name()}
	for i := range v.NumField() {
		f := v.Field(i)
		if f.IsZero() || v.Type().Field(i).Name == "Host" {
			continue
		}
		parts = append(parts, fmt.Sprintf("%s=%s", strings.ToLower(v.Type().Field(i).Name), text(f.Interface())))
	}
	return strings.Join(parts, " ")
}

func text(v any) string {
	switch v := v.(type) {
	case time.Time:
		return v.Sub(epoch).String()
	case softphone.RecordRef:
		return v.ObjectTypeID + "/" + v.ObjectID
	case softphone.Problem:
		return string(v.Code)
	case softphone.Target:
		return string(v.Kind) + ":" + v.ID
	case []softphone.Variable:
		var all []string
		for _, x := range v {
			all = append(all, x.Name+":"+x.Value)
		}
		return strings.Join(all, ",")
	case string:
		return v
	}
	return fmt.Sprint(v)
}

func showRecord(r softphone.Record) string {
	out := fmt.Sprintf("SaveRecord %s r%d %s", r.Key, r.Revision, r.Phase)
	add := func(name, v string) {
		if v != "" {
			out += " " + name + "=" + v
		}
	}
	add("outcome", string(r.Outcome))
	add("engagement", r.EngagementID)
	if r.Record != nil {
		add("of", text(*r.Record))
	}
	add("notes", r.Notes)
	add("title", r.Title)
	add("code", r.CodeName)
	if r.HoldTotal > 0 {
		add("held", r.HoldTotal.String())
	}
	if !r.AnsweredAt.IsZero() && !r.EndedAt.IsZero() {
		add("talked", r.EndedAt.Sub(r.AnsweredAt).String())
	}
	if r.Consulting > 0 {
		add("consulting", r.Consulting.String())
	}
	if r.Conferring > 0 {
		add("conferring", r.Conferring.String())
	}
	if r.MenuTime > 0 {
		add("menu", r.MenuTime.String())
	}
	if r.QueueTime > 0 {
		add("queued", r.QueueTime.Round(time.Millisecond).String())
	}
	if !r.WrappedAt.IsZero() && !r.EndedAt.IsZero() && r.WrappedAt.After(r.EndedAt) {
		add("wrapped", r.WrappedAt.Sub(r.EndedAt).String())
	}
	add("with", strings.Join(r.Parties, ","))
	add("left", string(r.Left.How))
	add("to", r.Left.To.ID)
	for _, x := range r.Variables {
		add(x.Name, x.Value)
	}
	if r.FollowUp != nil {
		add("follow-up", r.FollowUp.Subject)
	}
	if r.Consulted {
		out += " consulted"
	}
	if r.Conferred {
		out += " conferred"
	}
	if r.Ticket {
		out += " ticket"
	}
	if r.NotListed {
		out += " not-listed"
	}
	if r.Final {
		out += " final"
	}
	return out
}

func showState(s softphone.State) string {
	v := s.View()
	out := fmt.Sprintf("%s (%s", v.Screen, v.Status.Word)
	if v.Status.Idle != "" {
		out += " " + v.Status.Idle
	}
	out += ")"
	if v.Call != nil && v.Call.Pending != "" {
		out += " waiting for " + string(v.Call.Pending)
	}
	if v.Wanted != "" {
		out += " then " + v.Wanted
	}
	if !v.LogoutAt.IsZero() {
		out += " logout at " + text(v.LogoutAt)
	}
	return out
}

// controls are the controls of a call by the names that transcripts use.
func controls(v softphone.CallView) map[string]softphone.Can {
	out := map[string]softphone.Can{
		"answer": v.CanAnswer, "decline": v.CanDecline, "hold": v.CanHold, "resume": v.CanResume, "end": v.CanEnd,
		"pause": v.CanPause, "continue": v.CanContinue, "consult": v.CanConsult, "transfer": v.CanTransfer,
		"end-consult": v.CanEndConsult, "swap": v.CanSwap, "merge": v.CanMerge, "complete": v.CanComplete,
		"leave": v.CanLeave, "hand-over": v.CanHandOver, "wrapup": v.CanWrapUp, "extend": v.CanExtend,
		"mute": v.CanMute, "digits": v.CanKeypad, "variable": v.CanEditVariable, "open": v.CanOpen,
		"title": v.CanTitle, "ticket": v.CanTicket,
	}
	for _, p := range v.Parties {
		out["drop:"+p.ID] = p.CanDrop
	}
	return out
}

// showCan says what is offered: all that is not absent, or what was asked for.
func showCan(v softphone.CallView, asked []string) string {
	all := controls(v)
	if len(asked) == 0 {
		for name, can := range all {
			if can.Why != softphone.NotHere && name != "open" {
				asked = append(asked, name)
			}
		}
		slices.Sort(asked)
	}
	var out []string
	for _, name := range asked {
		word := name
		if can := all[name]; !can.OK {
			word += "(" + string(can.Why) + ")"
		}
		out = append(out, word)
	}
	return strings.Join(out, " ")
}

func showProblems(s softphone.State) string {
	var codes []string
	for _, p := range s.Problems {
		codes = append(codes, strings.TrimSpace(string(p.Code)+" "+strings.Join(p.Args, " ")))
	}
	return strings.Join(codes, ", ")
}

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }
