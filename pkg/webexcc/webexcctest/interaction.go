package webexcctest

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"deskbridge/pkg/webexcc"
)

// interaction is a contact. w is what agents are told, kept up to date; the
// rest is what only the platform knows.
type interaction struct {
	w        webexcc.Interaction
	customer string // Key of the customer's participant.
	queue    webexcc.Queue

	target  *agent // Whom the next offer is for, if anybody in particular.
	ringFor int    // Seconds of the next offer; 0 for the usual.
	offer   *offer
	consult *consult
	pending []*agent // Who has to wrap up.
	dialler *agent   // Who dialled out.
	over    bool     // The customer is gone, or the contact was ended.

	parent   *interaction   // Of a child, which is what an entry point's agent has.
	entry    string         // Of a child: the entry point's participant in its parent.
	children []*interaction // Those whose entry point is a participant.
}

// offer is a phone, or a desktop, that rings.
type offer struct {
	to      *agent
	consult bool
	stop    func() bool // Of the timer.
}

// newInteraction returns a contact that nobody has been offered.
func (s *Server) newInteraction(medium, from, to string, q webexcc.Queue, cad map[string]string) *interaction {
	now, id := s.millis(), newID()
	i := &interaction{customer: from, queue: q}
	i.w = webexcc.Interaction{
		InteractionID: id, MainInteractionID: id, OrgID: s.cfg.OrgID, MediaType: medium, MediaChannel: medium, State: webexcc.StateNew,
		ContactDirection: webexcc.Direction{Type: webexcc.Inbound},
		IsTerminated:     no, IsFcManaged: yes, IsMediaForked: no, IsWrapUpAssist: no,
		CurrentVTeam: webexcc.Text(q.ID), PreviousVTeams: json.RawMessage(`[]`), CreatedTimestamp: now, QueuedTimestamp: now,
		Participants: map[string]webexcc.Participant{from: {
			ID: from, PType: webexcc.PTypeCustomer, Type: webexcc.PTypeCustomer, CallerID: webexcc.Text(from),
			HasJoined: yes, HasLeft: no, IsInPredial: no, JoinTimestamp: now, LastUpdated: now,
		}},
		Media: map[string]webexcc.Media{id: {
			MediaResourceID: id, MediaType: medium, MediaMgr: mediaMgr(medium), MType: webexcc.MainCall,
			Participants: webexcc.Texts{from}, IsHold: no,
		}},
		CallProcessingDetails: webexcc.CallProcessingDetails{
			webexcc.DetailQMgrName: "aqm", webexcc.DetailQueueID: q.ID, webexcc.DetailVirtualTeamName: string(q.Name),
			webexcc.DetailTenantID: "1001", webexcc.DetailANI: from, webexcc.DetailDisplayANI: from, webexcc.DetailDNIS: to,
			webexcc.DetailCustomerNumber: from, webexcc.DetailRonaTimeout: strconv.Itoa(defaultRonaSec),
			webexcc.DetailSelfServiced: "false", webexcc.DetailCtqInProgress: "false", webexcc.DetailIsConferencing: "false",
		},
		CallAssociatedData: map[string]webexcc.CADVariable{}, CallAssociatedDetails: webexcc.TextMap{},
		CallFlowParams: json.RawMessage(`{}`),
	}
	for name, value := range cad {
		i.w.CallAssociatedData[name] = webexcc.CADVariable{
			Name: webexcc.Text(name), DisplayName: webexcc.Text(name), Value: webexcc.Text(value), Type: "STRING",
			AgentEditable: yes, AgentViewable: yes, IsSecure: no, Global: no, Reportable: yes,
		}
		i.w.CallAssociatedDetails[name] = value
	}
	s.tasks[id] = i
	s.order = append(s.order, id)
	return i
}

func mediaMgr(medium string) webexcc.Text {
	if medium == telephony {
		return "callmm"
	}
	return webexcc.Text(medium + "mm")
}

const telephony = "telephony"

func (i *interaction) id() string     { return i.w.InteractionID }
func (i *interaction) medium() string { return i.w.MediaType }

func (i *interaction) pends(a *agent) bool { return slices.Contains(i.pending, a) }

// owned reports whether the agent is connected as the owner.
func (i *interaction) owned(a *agent) bool {
	return string(i.w.Owner) == a.id && i.in(a) && !i.over
}

// in reports whether the agent is connected to the main leg.
func (i *interaction) in(a *agent) bool {
	p, ok := i.w.Participants[a.id]
	return ok && p.HasJoined.Is() && !p.HasLeft.Is() && slices.Contains(i.main().Participants, a.id)
}

func (i *interaction) main() webexcc.Media { return i.w.Media[i.id()] }

// with changes a participant; it does nothing for one who is not there.
func (i *interaction) with(id string, change func(*webexcc.Participant)) {
	p, ok := i.w.Participants[id]
	if !ok {
		return
	}
	change(&p)
	i.w.Participants[id] = p
}

// leg changes a medium; it does nothing for one that is not there.
func (i *interaction) leg(key string, change func(*webexcc.Media)) {
	m, ok := i.w.Media[key]
	if !ok {
		return
	}
	change(&m)
	i.w.Media[key] = m
}

// park puts a leg on hold or takes it off.
func (s *Server) park(i *interaction, key string, held bool) {
	i.leg(key, func(m *webexcc.Media) {
		m.IsHold, m.HoldTimestamp = webexcc.BoolOf(held), 0
		if held {
			m.HoldTimestamp = s.millis()
		}
	})
}

// enlist makes the agent a participant who has not joined.
func (s *Server) enlist(i *interaction, a *agent) {
	now := s.millis()
	i.w.Participants[a.id] = webexcc.Participant{
		ID: a.id, PType: webexcc.PTypeAgent, Type: webexcc.PTypeAgent, Name: webexcc.Text(a.fullName()),
		HasJoined: no, HasLeft: no, IsInPredial: no, IsOffered: yes, IsConsulted: no, IsWrapUp: no, IsWrappedUp: no, AutoAnswerEnabled: no,
		DN: webexcc.Text(a.number), DeviceID: webexcc.Text(a.number), DeviceType: webexcc.Text(a.device), SessionID: webexcc.Text(a.session),
		ChannelID: webexcc.Text("channel-" + a.name), TeamID: TeamID, TeamName: teamName, SiteID: SiteID,
		QueueID: webexcc.Text(i.queue.ID), QueueMgrID: "aqm", LastUpdated: now, CurrentStateTimestamp: now,
	}
}

// strike removes the agent from participants and legs.
func (i *interaction) strike(id string) {
	delete(i.w.Participants, id)
	for key := range i.w.Media {
		i.leg(key, func(m *webexcc.Media) { m.Participants = without(m.Participants, id) })
	}
}

// joined marks the agent as connected to a leg.
func (s *Server) joined(i *interaction, a *agent, key string) {
	now := s.millis()
	i.with(a.id, func(p *webexcc.Participant) {
		p.HasJoined, p.IsOffered, p.JoinTimestamp, p.LastUpdated = yes, no, now, now
		p.CurrentState, p.CurrentStateTimestamp = webexcc.StateConnected, now
	})
	i.leg(key, func(m *webexcc.Media) {
		if !slices.Contains(m.Participants, a.id) {
			m.Participants = append(slices.Clone(m.Participants), a.id)
		}
	})
}

// agentsOf returns who is to be told about the contact, in the fixture's order.
func (s *Server) agentsOf(i *interaction) []*agent {
	return slices.DeleteFunc(slices.Clone(s.agents), func(a *agent) bool { return !s.concerns(i, a) })
}

func (s *Server) concerns(i *interaction, a *agent) bool {
	if i.pends(a) || i.offer != nil && i.offer.to == a {
		return true
	}
	p, ok := i.w.Participants[a.id]
	return ok && !p.HasLeft.Is() && !i.over
}

// involved returns the agent's contacts, oldest first.
func (s *Server) involved(a *agent) []*interaction {
	var list []*interaction
	for _, id := range s.order {
		if i := s.tasks[id]; s.concerns(i, a) {
			list = append(list, i)
		}
	}
	return list
}

// sweep forgets a contact that concerns nobody any more.
func (s *Server) sweep(i *interaction) {
	if !i.over || len(i.pending) > 0 {
		return
	}
	s.stopOffer(i)
	s.queue = without(s.queue, i)
	delete(s.tasks, i.id())
	s.order = without(s.order, i.id())
}

// tell sends an event of the contact to an agent; change completes its data.
func (s *Server) tell(i *interaction, a *agent, typ string, change ...func(*webexcc.TaskData)) {
	w := i.w
	own := w.Participants[a.id]
	if i.pends(a) || own.IsWrappedUp.Is() {
		w.State = webexcc.StateWrapUp // Whatever the others are doing.
	} else if i.consult != nil && !i.consult.sides(a) && i.conferencing() {
		w.State = webexcc.StateConference // Somebody else consults.
	}
	d := webexcc.TaskData{
		EventType: webexcc.RoutingMessage, Type: typ, EventTime: s.millis(), AgentID: a.id, OrgID: s.cfg.OrgID, TrackingID: newID(),
		InteractionID: i.id(), Interaction: w, MediaResourceID: webexcc.NullText(i.id()), Owner: w.Owner,
		QueueMgr: "aqm", QueueName: i.queue.Name, IsConsulted: webexcc.BoolOf(own.IsConsulted.Is()),
		IsConferencing: webexcc.BoolOf(w.State == webexcc.StateConference), ContactAssignmentType: "ACD",
	}
	if c := i.consult; c != nil && c.party != "" {
		d.ConsultMediaResourceID, d.ConsultingAgentID = webexcc.NullText(c.media), webexcc.NullText(c.by.id)
		d.DestAgentID, d.DestinationType = webexcc.NullText(c.party), webexcc.DestDN
		switch {
		case c.child != nil:
			d.DestinationType = webexcc.DestEPDN
		case c.to != nil:
			d.DestinationType = webexcc.DestAgent
		}
		if a == c.to || a == c.by && !i.w.Media[c.media].IsHold.Is() {
			d.MediaResourceID = webexcc.NullText(c.media)
		}
	}
	for _, f := range change {
		f(&d)
	}
	s.push(a, webexcc.OuterRoutingMessage, taskOnWire(d))
}

// tellAll tells everybody who is not done with the contact but for a wrap-up.
func (s *Server) tellAll(i *interaction, typ string, change ...func(*webexcc.TaskData)) {
	for _, a := range s.agentsOf(i) {
		if !i.pends(a) {
			s.tell(i, a, typ, change...)
		}
	}
}

// because gives an event its reason.
func because(reason string) func(*webexcc.TaskData) {
	return func(d *webexcc.TaskData) { d.Reason, d.ReasonCode = webexcc.Text(reason), "1001" }
}

func (i *interaction) detail(name, value string) { i.w.CallProcessingDetails[name] = value }

func ringTime(i *interaction) time.Duration {
	seconds := i.ringFor
	if seconds <= 0 {
		seconds = defaultRonaSec
	}
	return time.Duration(seconds) * time.Second
}

// names lists the keys of a map in order.
func names[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
