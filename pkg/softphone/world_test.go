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

// Ann is the agent of every test; her id is short so that transcripts read.
const ann = "ann"

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
// changes it as the service does before an event goes out.
type world struct {
	s     softphone.State
	now   time.Time
	tasks map[string]*softphone.Interaction
	gen   uint64
	dials int
	dial  softphone.CallKey
	saved map[softphone.CallKey]softphone.Record     // Newest revision of each record: what outbox and backend have.
	log   func(softphone.State, []softphone.Command) // Sees every step.
}

func newWorld() *world {
	return &world{now: epoch, tasks: map[string]*softphone.Interaction{}, saved: map[softphone.CallKey]softphone.Record{}, gen: 1}
}

func (w *world) step(e softphone.Event) []softphone.Command {
	s, commands := softphone.Step(w.s, w.now, e)
	w.s = s
	for _, c := range commands {
		if p, ok := c.(softphone.PlaceCall); ok {
			w.dial = p.Key
		}
		if r, ok := c.(softphone.SaveRecord); ok {
			w.saved[r.Record.Key] = r.Record
		}
	}
	if w.log != nil {
		w.log(s, commands)
	}
	return commands
}

func (w *world) start() {
	w.step(softphone.SessionRestored{Agent: softphone.Identity{AgentID: ann, OrgID: "o1", Name: "Ann Agent"}})
	w.step(softphone.Leading{Lead: true})
	w.step(softphone.Configured{Profile: annsProfile})
	w.step(softphone.HostSynced{Host: "tab", PortalID: "77", Location: "remote", LoggedIn: true})
	w.synced(true)
}

func (w *world) synced(loggedIn bool, records ...softphone.Record) {
	e := softphone.Synced{Generation: w.gen, Records: records}
	if loggedIn {
		e.Station = &softphone.Station{Option: softphone.Extension, Number: "1001", TeamID: "t1", Available: true, AuxCodeID: "0", Since: w.now}
		for _, id := range slices.Sorted(maps.Keys(w.tasks)) {
			e.Tasks = append(e.Tasks, *w.tasks[id])
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

// notify sends a task event with a copy of the interaction as it stands.
func (w *world) notify(name softphone.TaskEvent, id, reason string) {
	t := *w.task(id)
	t.Participants, t.Media = maps.Clone(t.Participants), maps.Clone(t.Media)
	w.step(softphone.Notified{Name: name, Generation: w.gen, At: w.now, Interaction: t, Reason: reason})
}

func (w *world) own(id string, f func(*softphone.Participant)) {
	t := w.task(id)
	t.Participants = maps.Clone(t.Participants)
	p := t.Participants[ann]
	f(&p)
	t.Participants[ann] = p
}

func (w *world) hold(id string, held bool) {
	t := w.task(id)
	t.Media = maps.Clone(t.Media)
	m := t.Media[id]
	m.Held = held
	t.Media[id] = m
	t.State = map[bool]string{true: "hold", false: "connected"}[held]
}

func (w *world) consult(id string, joined bool) {
	t := w.task(id)
	t.Media, t.Participants = maps.Clone(t.Media), maps.Clone(t.Participants)
	t.Media["c-"+id] = softphone.Media{ID: "c-" + id, Consult: true, Participants: []string{ann, "bob"}}
	t.Participants["bob"] = softphone.Participant{ID: "bob", Kind: softphone.AgentParty, Name: "Bob", Joined: joined, Consulted: true}
	t.State = map[bool]string{true: "consulting", false: "consult"}[joined]
	w.own(id, func(p *softphone.Participant) {
		p.ConsultState = map[bool]string{true: "consulting", false: "consultInitiated"}[joined]
	})
}

// webex makes what the service does for one verb, and sends it.
func (w *world) webex(verb, id, arg string) error {
	t := w.task(id)
	switch verb {
	case "reserved":
		t.State, t.Terminated = "new", false
		w.own(id, func(p *softphone.Participant) { *p = softphone.Participant{ID: ann, Kind: softphone.AgentParty} })
		w.notify(softphone.ContactReserved, id, "")
	case "offered":
		w.webex("reserved", id, "")
		w.notify(softphone.OfferContact, id, "")
	case "assigned":
		t.State = "connected"
		w.own(id, func(p *softphone.Participant) { p.Joined = true })
		w.notify(softphone.ContactAssigned, id, "")
	case "customer-joined", "customer-left":
		for k, p := range t.Participants {
			if p.Kind == softphone.Customer {
				p.Joined, p.Left = verb == "customer-joined", verb == "customer-left"
				t.Participants = maps.Clone(t.Participants)
				t.Participants[k] = p
			}
		}
		w.notify(softphone.ContactUpdated, id, "")
	case "held":
		w.hold(id, true)
		w.notify(softphone.ContactHeld, id, "")
	case "unheld":
		w.hold(id, false)
		w.notify(softphone.ContactUnheld, id, "")
	case "paused", "resumed":
		t.Recording.Paused, t.Recording.InProgress = verb == "paused", verb == "resumed"
		w.notify(map[string]softphone.TaskEvent{"paused": softphone.RecordingPaused, "resumed": softphone.RecordingResumed}[verb], id, "")
	case "consult-created":
		w.hold(id, true)
		w.consult(id, false)
		w.notify(softphone.ConsultCreated, id, "")
	case "consulting":
		w.consult(id, true)
		w.notify(softphone.Consulting, id, "")
	case "consult-ended":
		t.Media = maps.Clone(t.Media)
		delete(t.Media, "c-"+id)
		w.own(id, func(p *softphone.Participant) { p.ConsultState = "" })
		t.State = "hold"
		w.notify(softphone.ConsultEnded, id, "")
	case "conferenced":
		w.hold(id, false)
		t.Media = maps.Clone(t.Media)
		delete(t.Media, "c-"+id)
		m := t.Media[id]
		m.Participants = append(slices.Clone(m.Participants), "bob")
		t.Media[id], t.State = m, "conference"
		w.own(id, func(p *softphone.Participant) { p.ConsultState = "conferencing" })
		w.notify(softphone.ConsultConferenced, id, "")
	case "wrapup":
		t.State = "wrapUp"
		w.own(id, func(p *softphone.Participant) { p.WrapUp = true })
		w.notify(softphone.WrapUpStarted, id, "")
	case "ended":
		t.Terminated, t.PendingWrapUp = true, nil
		if w.task(id).Participants[ann].Joined {
			t.PendingWrapUp = []string{ann}
		}
		w.notify(softphone.ContactEnded, id, arg)
	case "wrappedup":
		w.own(id, func(p *softphone.Participant) { p.WrapUp, p.WrappedUp = false, true })
		t.PendingWrapUp = nil
		w.notify(softphone.WrappedUp, id, "")
		delete(w.tasks, id)
	case "rona":
		w.notify(softphone.OfferRona, id, arg)
	case "outbound-failed":
		w.notify(softphone.OutboundFailed, id, arg)
	case "dialled": // Webex makes the interaction of our newest outdial.
		t.Outbound, t.OutdialAgent, t.CallID = true, ann, w.dial
		t.ANI, t.QueueName = "+15550123", ""
		if arg == "plain" {
			t.CallID = ""
		}
		t.Participants = map[string]softphone.Participant{
			"+15550123": {ID: "+15550123", Kind: softphone.Customer},
			ann:         {ID: ann, Kind: softphone.AgentParty},
		}
		t.Media = map[string]softphone.Media{id: {ID: "m-" + id, Participants: []string{"+15550123", ann}}}
		w.notify(softphone.ContactReserved, id, "")
		w.notify(softphone.OfferContact, id, "")
	case "failed":
		w.notify(softphone.TaskEvent(arg), id, "SERVICE_SAYS_NO")
	case "gone":
		delete(w.tasks, id)
	default:
		return fmt.Errorf("unknown verb %q", verb)
	}
	return nil
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
	add("code", r.CodeName)
	if r.HoldTotal > 0 {
		add("held", r.HoldTotal.String())
	}
	if !r.AnsweredAt.IsZero() && !r.EndedAt.IsZero() {
		add("talked", r.EndedAt.Sub(r.AnsweredAt).String())
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
	return out
}

func showProblems(s softphone.State) string {
	var codes []string
	for _, p := range s.Problems {
		codes = append(codes, strings.TrimSpace(string(p.Code)+" "+strings.Join(p.Args, " ")))
	}
	return strings.Join(codes, ", ")
}

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }
