package softphone_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"deskbridge/pkg/softphone"
)

// Webex, as two agents meet it: what the service does for one thing that
// happens, and what each of them is told (webexcc-agent-api §5.12).

const customer = "+15550100"

// with changes a participant, who is made at first mention.
func (w *world) with(id, who string, f func(*softphone.Participant)) {
	t := w.task(id)
	t.Participants = maps.Clone(t.Participants)
	p, ok := t.Participants[who]
	if !ok {
		p = softphone.Participant{ID: who, Kind: softphone.AgentParty, Name: names[who]}
	}
	f(&p)
	t.Participants[who] = p
}

func (w *world) strike(id, who string) {
	t := w.task(id)
	t.Participants, t.Media = maps.Clone(t.Participants), maps.Clone(t.Media)
	delete(t.Participants, who)
	for key, m := range t.Media {
		m.Participants = slices.DeleteFunc(slices.Clone(m.Participants), func(p string) bool { return p == who })
		t.Media[key] = m
	}
}

// enlist puts somebody on the main leg.
func (w *world) enlist(id, who string) {
	t := w.task(id)
	t.Media = maps.Clone(t.Media)
	m := t.Media[id]
	if !slices.Contains(m.Participants, who) {
		m.Participants = append(slices.Clone(m.Participants), who)
	}
	t.Media[id] = m
}

func (w *world) onLeg(id, key string, f func(*softphone.Media)) {
	t := w.task(id)
	m, ok := t.Media[key]
	if !ok {
		return
	}
	f(&m)
	t.Media = maps.Clone(t.Media)
	t.Media[key] = m
}

// consultLeg opens the second leg towards a party.
func (w *world) consultLeg(id, party string) {
	t := w.task(id)
	w.hold(id, true)
	t.State, t.ConsultQueued = "consult", false
	t.Media["c-"+id] = softphone.Media{ID: "c-" + id, Consult: true, Participants: []string{ann, party}}
	w.with(id, ann, func(p *softphone.Participant) { p.ConsultState, p.Consulted = "consultInitiated", false })
}

func (w *world) consultUp(id string, parties ...string) {
	t := w.task(id)
	t.State = "consulting"
	w.with(id, ann, func(p *softphone.Participant) { p.ConsultState = "consulting" })
	for _, who := range parties {
		w.with(id, who, func(p *softphone.Participant) { p.Joined, p.ConsultState, p.JoinedAt = true, "consulting", w.now })
	}
}

// consultDown takes the second leg down. Bob's copy still has him, as one who
// left; Ann's has him no more.
func (w *world) consultDown(id string, told ...softphone.TaskEvent) {
	t := w.task(id)
	t.Media = maps.Clone(t.Media)
	delete(t.Media, "c-"+id)
	t.ConsultQueued = false
	t.State = "connected"
	if t.Media[id].Held {
		t.State = "hold"
	}
	w.with(id, ann, func(p *softphone.Participant) { p.ConsultState = "consultCompleted" })
	if slices.Contains(t.Media[id].Participants, bob) {
		return
	}
	w.with(id, bob, func(p *softphone.Participant) { p.Left = true })
	for _, name := range told {
		w.tell(bob, name, id, "")
	}
	w.strike(id, bob)
}

// agentsIn are the agents on the main leg.
func (w *world) agentsIn(id string) []string {
	var in []string
	for _, who := range []string{ann, bob, cho} {
		if p, ok := w.task(id).Participants[who]; ok && p.Joined && !p.Left && slices.Contains(w.task(id).Media[id].Participants, who) {
			in = append(in, who)
		}
	}
	return in
}

// leaves takes somebody out of a conference. The owner wraps up and hands the
// call on.
func (w *world) leaves(id, who string) {
	t := w.task(id)
	if !slices.Contains(w.agentsIn(id), who) {
		return
	}
	owner := t.Owner == who || t.Owner == "" && who == ann
	w.with(id, who, func(p *softphone.Participant) { p.Left, p.WrapUp = true, owner })
	w.onLeg(id, id, func(m *softphone.Media) {
		m.Participants = slices.DeleteFunc(slices.Clone(m.Participants), func(p string) bool { return p == who })
	})
	rest := w.agentsIn(id)
	if owner && len(rest) > 0 {
		t.Owner = rest[0]
	}
	if len(rest) < 2 {
		t.State = "connected"
		for _, other := range rest {
			w.with(id, other, func(p *softphone.Participant) { p.ConsultState, p.Consulted = "", false })
		}
	}
	left := func(e *softphone.Notified) { e.Party = who }
	for _, a := range append([]string{who}, rest...) {
		w.tell(a, softphone.ParticipantLeft, id, "", left)
	}
	if owner {
		w.tell(who, softphone.WrapUpStarted, id, "")
		for _, a := range rest {
			w.tell(a, softphone.ContactOwnerChanged, id, "")
		}
	}
}

// over ends the call for everybody: who owned it wraps up, guests do not.
func (w *world) over(id string) {
	t := w.task(id)
	in := w.agentsIn(id)
	delete(t.Media, "c-"+id)
	t.Terminated, t.State = true, "wrapUp"
	t.PendingWrapUp = []string{cmpOr(t.Owner, ann)}
	for _, a := range []string{ann, bob} {
		if _, part := t.Participants[a]; !part {
			continue
		}
		if a == t.PendingWrapUp[0] {
			if slices.Contains(in, a) {
				w.tell(a, softphone.WrapUpStarted, id, "")
				w.tell(a, softphone.ContactEnded, id, "")
			}
			continue
		}
		w.tell(a, softphone.ConsultConferenceEnded, id, "")
		w.tell(a, softphone.ContactEnded, id, "")
	}
}

func cmpOr(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// handOver takes Ann off a call that goes on.
func (w *world) handOver(id string, told ...softphone.TaskEvent) {
	t := w.task(id)
	w.with(id, ann, func(p *softphone.Participant) { p.Left, p.ConsultState = true, "" })
	w.onLeg(id, id, func(m *softphone.Media) {
		m.Held = false
		m.Participants = slices.DeleteFunc(slices.Clone(m.Participants), func(p string) bool { return p == ann })
	})
	t.State = "wrapUp"
	for _, name := range told {
		w.with(id, ann, func(p *softphone.Participant) { p.WrapUp = p.WrapUp || name == softphone.WrapUpStarted })
		w.tell(ann, name, id, "")
	}
}

// offerBob lets Bob's phone ring for a call that was Ann's.
func (w *world) offerBob(id string) {
	t := w.task(id)
	t.State = "new"
	w.with(id, bob, func(p *softphone.Participant) {
		*p = softphone.Participant{ID: bob, Kind: softphone.AgentParty, Name: names[bob]}
	})
	w.tell(bob, softphone.ContactReserved, id, "")
	w.tell(bob, softphone.OfferContact, id, "")
}

func (w *world) assignBob(id string, told ...softphone.TaskEvent) {
	t := w.task(id)
	t.State, t.Owner = "connected", bob
	w.with(id, bob, func(p *softphone.Participant) {
		p.Joined, p.Left, p.Consulted, p.ConsultState, p.JoinedAt = true, false, false, "", w.now
	})
	w.enlist(id, bob)
	for _, name := range told {
		w.tell(bob, name, id, "")
	}
}

// together makes what the service does for one verb, and tells both.
func (w *world) together(verb, id, arg string) error {
	t := w.task(id)
	if !w.makesSense(verb, id) {
		return nil
	}
	switch verb {
	case "vanishes": // Webex knows it no more, and says so when asked.
		delete(w.tasks, id)
		for _, p := range []*phone{w.ann, w.bob} {
			if p.on {
				p.gen++
				_ = w.as(p, func() error { w.synced(true, w.records()...); return nil })
			}
		}
	case "owned": // From here on the copies name the owner.
		t.Owner = ann
	case "variables":
		t.Variables = []softphone.Variable{
			{Name: "tier", Label: "Tier", Value: cmpOr(arg, "gold"), Editable: true}, {Name: "pin", Label: "PIN", Value: "1234", Secure: true},
		}
		w.tell(ann, softphone.ContactUpdated, id, "")
	case "consult-bob":
		w.with(id, bob, func(p *softphone.Participant) {
			*p = softphone.Participant{ID: bob, Kind: softphone.AgentParty, Name: names[bob], Consulted: true, ConsultState: "consultReserved"}
		})
		w.consultLeg(id, bob)
		w.tell(ann, softphone.ConsultCreated, id, "")
		w.tell(bob, softphone.ContactReserved, id, "")
		w.tell(bob, softphone.OfferConsult, id, "")
	case "consult-queued": // Nothing is told until somebody is found.
		t.ConsultQueued = true
	case "bob-answers":
		w.consultUp(id, bob)
		w.tell(ann, softphone.Consulting, id, "")
		w.tell(bob, softphone.Consulting, id, "")
	case "bob-assigned-to-consult": // Tolerated instead of Consulting.
		w.consultUp(id, bob)
		w.tell(ann, softphone.Consulting, id, "")
		w.tell(bob, softphone.ContactAssigned, id, "")
	case "consult-failed":
		w.tell(ann, softphone.ConsultFailed, id, arg)
		w.tell(bob, softphone.OfferRona, id, arg)
		w.consultDown(id, softphone.ConsultEnded)
		w.tell(ann, softphone.ConsultEnded, id, "")
	case "consult-failed-for-both": // The newer form.
		w.tell(ann, softphone.ConsultFailed, id, arg)
		w.tell(bob, softphone.ConsultFailed, id, arg)
		w.consultDown(id)
		w.tell(ann, softphone.ConsultEnded, id, "")
	case "consult-over":
		w.consultDown(id, softphone.ConsultEnded)
		w.tell(ann, softphone.ConsultEnded, id, "")
	case "ctq-failed", "ctq-cancelled":
		t.ConsultQueued = false
		w.tell(ann, map[string]softphone.TaskEvent{"ctq-failed": softphone.CtqFailed, "ctq-cancelled": softphone.CtqCancelled}[verb], id, arg)
	case "to-customer", "to-consulted":
		customers := verb == "to-customer"
		w.onLeg(id, id, func(m *softphone.Media) { m.Held = !customers })
		w.onLeg(id, "c-"+id, func(m *softphone.Media) { m.Held = customers })
		w.tell(ann, map[bool]softphone.TaskEvent{true: softphone.ContactUnheld, false: softphone.ContactHeld}[customers], id, "")
	case "merged":
		w.merged(id, bob)
		w.tell(ann, softphone.ConsultConferenced, id, "")
		w.tell(bob, softphone.ConsultConferenced, id, "")
	case "joins":
		w.with(id, arg, func(p *softphone.Participant) { p.Joined, p.Left, p.JoinedAt = true, false, w.now })
		w.enlist(id, arg)
		t.State = "conference"
		for _, a := range w.agentsIn(id) {
			w.tell(a, softphone.ParticipantJoined, id, "")
		}
	case "leaves":
		w.leaves(id, arg)
	case "consult-transferred":
		w.handOver(id)
		t.Media = maps.Clone(t.Media)
		delete(t.Media, "c-"+id)
		w.assignBob(id)
		t.State = "connected"
		w.with(id, ann, func(p *softphone.Participant) { p.WrapUp = true })
		w.tell(ann, softphone.ConsultTransferred, id, "")
		w.tell(ann, softphone.WrapUpStarted, id, "")
		w.tell(bob, softphone.ConsultTransferred, id, "")
		w.tell(bob, softphone.ContactAssigned, id, "")
	case "blind":
		w.handOver(id, softphone.BlindTransferred, softphone.WrapUpStarted)
		w.offerBob(id)
	case "blind-unassigned":
		w.handOver(id, softphone.BlindTransferred, softphone.ContactUnassigned)
		w.offerBob(id)
	case "blind-unconfirmed": // The confirmation is lost, the wrap-up is not.
		w.handOver(id, softphone.WrapUpStarted)
		w.offerBob(id)
	case "to-queue":
		w.handOver(id, softphone.VteamTransferred, softphone.WrapUpStarted)
		w.offerBob(id)
	case "bob-assigned":
		w.assignBob(id, softphone.ContactAssigned)
	case "customer-leaves":
		w.customerLeaves(id)
	case "hangs-up":
		w.over(id)
	case "bob-wrapped-up":
		w.with(id, bob, func(p *softphone.Participant) { p.WrapUp, p.WrappedUp = false, true })
		w.tell(bob, softphone.WrappedUp, id, "")
	default:
		return w.phones(verb, id, arg)
	}
	return nil
}

// makesSense keeps Webex from answering a consult that is not there.
func (w *world) makesSense(verb, id string) bool {
	t := w.task(id)
	leg, open := t.Media["c-"+id]
	asked := open && slices.Contains(leg.Participants, bob)
	number, dialled := t.Participants["dn-1"]
	switch verb {
	case "bob-answers", "bob-assigned-to-consult", "consult-failed", "consult-failed-for-both":
		return asked && !t.Participants[bob].Joined
	case "merged", "consult-transferred":
		return asked && t.Participants[bob].Joined
	case "consult-over":
		return asked
	case "to-customer", "to-consulted":
		return open
	case "number-answers", "number-hangs-up":
		return open && dialled && !number.Left
	case "number-merged":
		return open && number.Joined
	case "number-leaves":
		return dialled
	}
	return true
}

// merged moves a consulted party to the main leg.
func (w *world) merged(id, party string) {
	t := w.task(id)
	w.hold(id, false)
	t.Media = maps.Clone(t.Media)
	delete(t.Media, "c-"+id)
	w.enlist(id, party)
	t.State = "conference"
	for _, who := range []string{ann, party} {
		w.with(id, who, func(p *softphone.Participant) { p.ConsultState = "conferencing" })
	}
}

func (w *world) customerLeaves(id string) {
	t := w.task(id)
	for key, p := range t.Participants {
		if p.Kind == softphone.Customer {
			w.with(id, key, func(p *softphone.Participant) { p.Left = true })
		}
	}
	for _, a := range []string{ann, bob} {
		if _, part := t.Participants[a]; part {
			w.tell(a, softphone.ContactUpdated, id, "")
		}
	}
}

// phones are the verbs of consults to numbers and entry points.
func (w *world) phones(verb, id, arg string) error {
	t := w.task(id)
	child := id + "-child"
	if _, there := w.tasks[child]; strings.HasPrefix(verb, "entry-") && !there {
		return nil // Nobody has called there.
	}
	switch verb {
	case "consult-number": // The leg lists the number, the participant has a key of its own.
		w.with(id, "dn-1", func(p *softphone.Participant) {
			*p = softphone.Participant{ID: "+15550177", Kind: softphone.DialNumber, Number: "+15550177", Consulted: true}
		})
		w.consultLeg(id, "+15550177")
		w.tell(ann, softphone.ConsultCreated, id, "")
	case "number-answers":
		w.consultUp(id, "dn-1")
		w.tell(ann, softphone.Consulting, id, "")
	case "number-merged":
		w.merged(id, "dn-1")
		w.tell(ann, softphone.ConsultConferenced, id, "")
	case "number-leaves":
		w.strike(id, "dn-1")
		w.onLeg(id, id, func(m *softphone.Media) {
			m.Participants = slices.DeleteFunc(slices.Clone(m.Participants), func(p string) bool { return p == "+15550177" })
		})
		t.State = "connected"
		w.tell(ann, softphone.ParticipantLeft, id, "", func(e *softphone.Notified) { e.Party = "dn-1" })
	case "number-hangs-up":
		w.strike(id, "dn-1")
		w.consultDown(id)
		w.tell(ann, softphone.ConsultEnded, id, "")
	case "consult-entry":
		w.with(id, "ep-1", func(p *softphone.Participant) {
			*p = softphone.Participant{ID: "ep-1", Kind: softphone.EntryPoint, Name: "Support line", Entry: "E1", Consulted: true}
		})
		w.consultLeg(id, "ep-1")
		w.tell(ann, softphone.ConsultCreated, id, "")
		c := w.task(child)
		c.MainID, c.Parent, c.Relationship, c.ANI = softphone.InteractionID(id), softphone.InteractionID(id), "consult", "1001"
		c.Participants = map[string]softphone.Participant{"1001": {ID: "1001", Kind: softphone.Customer, Joined: true, Name: names[ann]}, bob: {ID: bob, Kind: softphone.AgentParty, Name: names[bob]}}
		c.Media = map[string]softphone.Media{child: {ID: "m-" + child, Participants: []string{"1001", bob}}}
		w.tell(bob, softphone.ContactReserved, child, "")
		w.tell(bob, softphone.OfferContact, child, "")
	case "entry-answered":
		w.task(child).State = "connected"
		w.with(child, bob, func(p *softphone.Participant) { p.Joined = true })
		w.tell(bob, softphone.ContactAssigned, child, "")
		w.consultUp(id, "ep-1")
		w.tell(ann, softphone.Consulting, id, "")
	case "entry-merged":
		w.strike(id, "ep-1")
		w.with(id, bob, func(p *softphone.Participant) { p.Joined, p.JoinedAt = true, w.now })
		w.merged(id, bob)
		w.tell(ann, softphone.ConsultConferenced, id, "")
		w.tell(bob, softphone.ContactMerged, id, "", func(e *softphone.Notified) { e.Child = softphone.InteractionID(child) })
		delete(w.tasks, child)
	case "entry-merged-early": // Nobody has answered there yet.
		w.merged(id, "ep-1")
		w.tell(ann, softphone.ConsultConferenced, id, "")
	case "entry-joins":
		w.strike(id, "ep-1")
		w.with(id, bob, func(p *softphone.Participant) { p.Joined, p.JoinedAt = true, w.now })
		w.enlist(id, bob)
		w.tell(bob, softphone.ContactMerged, id, "", func(e *softphone.Notified) { e.Child = softphone.InteractionID(child) })
		w.tell(ann, softphone.ParticipantJoined, id, "")
		delete(w.tasks, child)
	case "entry-ended":
		w.strike(id, "ep-1")
		w.consultDown(id)
		w.task(child).Terminated = true
		w.tell(bob, softphone.ContactEnded, child, "")
		delete(w.tasks, child)
		w.tell(ann, softphone.ConsultEnded, id, "")
	case "tells": // webex tells ID WHO:EVENT: nothing changes, an event goes out
		who, name, _ := strings.Cut(arg, ":")
		w.tell(who, softphone.TaskEvent(name), id, "")
	default:
		return fmt.Errorf("unknown verb %q", verb)
	}
	return nil
}
