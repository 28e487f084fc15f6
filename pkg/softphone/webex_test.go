package softphone_test

import (
	"maps"
	"slices"

	"deskbridge/pkg/softphone"
)

// Webex, as one agent meets it. What two meet is in together_test.go.

// notify sends a task event with a copy of the interaction as it stands.
func (w *world) notify(name softphone.TaskEvent, id, reason string) { w.tell(ann, name, id, reason) }

// tell sends a task event to one agent.
func (w *world) tell(who string, name softphone.TaskEvent, id, reason string, change ...func(*softphone.Notified)) {
	t := *w.task(id)
	t.Participants, t.Media = maps.Clone(t.Participants), maps.Clone(t.Media)
	p := w.ann
	if who == bob {
		p = w.bob
	}
	if name == softphone.ContactReserved {
		w.offers++ // What belongs to an offer may bear one time, the next offer bears a later one.
	}
	e := softphone.Notified{Name: name, Generation: p.gen, At: w.now.Add(w.offers), Interaction: t, Reason: reason}
	for _, f := range change {
		f(&e)
	}
	if who == ann || who == bob && p.on {
		w.sent = append(w.sent, delivery{p, e})
		_ = w.as(p, func() error { w.step(e); return nil })
	}
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
		w.own(id, func(p *softphone.Participant) {
			*p = softphone.Participant{ID: ann, Kind: softphone.AgentParty, Name: names[ann]}
		})
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
		if b, there := t.Participants[bob]; !there || b.Left || !w.bob.on || !b.Joined {
			delete(w.tasks, id)
		}
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
		return w.together(verb, id, arg)
	}
	return nil
}
