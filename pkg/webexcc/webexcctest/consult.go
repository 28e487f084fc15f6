package webexcctest

import (
	"slices"

	"deskbridge/pkg/webexcc"
)

// consult is the second leg of a call. There is one at a time, whoever began
// it; in a conference everybody but its two sides goes on with the customer.
type consult struct {
	media    string
	by, to   *agent // to is nil for numbers and entry points, and while a queue looks for somebody.
	party    string // Participant on the other end, empty while a queue looks.
	queue    webexcc.Queue
	entry    string       // Id of an entry point.
	child    *interaction // What the agent behind an entry point has.
	hold     bool         // The main leg waits.
	answered bool
}

// names reports whether a command that merges or hands over means this consult:
// an entry point is named by its id, everybody else by the participant's.
func (c *consult) names(to string) bool {
	if c.entry != "" {
		return to == c.entry
	}
	return to == c.party
}

// sides reports whether the agent is one of the two who talk.
func (c *consult) sides(a *agent) bool { return a == c.by || a == c.to }

// startConsult calls somebody while the customer waits. The owner of a call may,
// and in a conference everybody.
func (s *Server) startConsult(i *interaction, a *agent, in args) string {
	switch {
	case i.medium() != telephony || i.parent != nil || i.consult != nil || !i.reached(),
		!i.owned(a) && !(i.conferencing() && i.in(a) && !i.over):
		return reasonState
	case len(i.parties()) >= maxConference:
		return reasonFull
	}
	c := &consult{media: newID(), by: a, hold: in.HoldParticipants == nil || *in.HoldParticipants}
	switch in.DestinationType {
	case webexcc.ToAgent:
		to := s.findAgent(in.To)
		switch {
		case to == nil:
			return reasonUnknown
		case to == a || !s.ready(to, telephony) || s.concerns(i, to):
			return reasonUnavailable
		}
		i.consult = c
		s.consultAgent(i, to)
	case webexcc.ToQueue:
		q, ok := s.fix.queueNamed(in.To)
		if !ok || q.ChannelType != "TELEPHONY" {
			return reasonUnknown
		}
		c.queue, i.consult = q, c
		i.detail(webexcc.DetailCtqInProgress, "true")
		s.dispatch() // Nothing is told until somebody is found.
	case webexcc.ToDialNumber:
		switch {
		case !destination.MatchString(in.To) || in.To == i.customer:
			return reasonUnknown
		case i.has(in.To):
			return reasonUnavailable
		}
		i.consult = c
		s.consultParty(i, webexcc.Participant{
			ID: in.To, PType: webexcc.PTypeDN, Type: webexcc.PTypeAgent, DN: webexcc.Text(in.To), HasJoined: no,
		})
	case webexcc.ToEntryPoint:
		l, ok := s.fix.lineNamed(in.To)
		switch {
		case !ok:
			return reasonUnknown
		case i.has(l.number):
			return reasonUnavailable
		}
		i.consult = c
		s.consultLine(i, l)
	default:
		return reasonUnsupported
	}
	return ""
}

// consultAgent lets the consulted agent's phone ring.
func (s *Server) consultAgent(i *interaction, to *agent) {
	c := i.consult
	c.to, c.party = to, to.id
	i.detail(webexcc.DetailCtqInProgress, "false")
	s.enlist(i, to)
	i.with(to.id, func(p *webexcc.Participant) {
		p.IsConsulted, p.ConsultState, p.ConsultTimestamp = yes, webexcc.ConsultReserved, s.millis()
	})
	i.detail(webexcc.DetailConsultName, to.fullName())
	i.detail(webexcc.DetailConsultJoined, "false")
	s.ring(i, to, true)
	s.consultCreated(i)
	s.tell(i, to, webexcc.AgentContactReserved)
	s.tell(i, to, webexcc.AgentOfferConsult, s.ringing(i))
}

// consultParty calls who is not an agent. Nothing limits how long such a phone
// rings: see [Server.Phone].
func (s *Server) consultParty(i *interaction, p webexcc.Participant) {
	p.HasLeft, p.IsConsulted, p.ConsultState, p.ConsultTimestamp = no, yes, webexcc.ConsultReserved, s.millis()
	i.consult.party = p.ID
	i.w.Participants[p.ID] = p
	s.consultCreated(i)
}

func (s *Server) consultCreated(i *interaction) {
	c := i.consult
	i.w.State = webexcc.StateConsult
	if c.hold {
		s.park(i, i.id(), true)
	}
	i.w.Media[c.media] = webexcc.Media{
		MediaResourceID: c.media, MediaType: telephony, MediaMgr: "callmm", MType: webexcc.ConsultCall,
		Participants: webexcc.Texts{c.by.id, c.party}, IsHold: no,
	}
	i.with(c.by.id, func(p *webexcc.Participant) {
		p.ConsultState, p.ConsultTimestamp, p.IsConsulted = webexcc.ConsultInitiated, s.millis(), no
	})
	s.tell(i, c.by, webexcc.AgentConsultCreated)
	s.tellBystanders(i)
}

func (s *Server) acceptConsult(i *interaction, a *agent, _ args) string {
	if i.offer == nil || i.offer.to != a || !i.offer.consult {
		return reasonState
	}
	s.consultAnswered(i)
	return ""
}

// consultAnswered connects the two sides of the consult.
func (s *Server) consultAnswered(i *interaction) {
	c := i.consult
	s.stopOffer(i)
	c.answered = true
	now := s.millis()
	i.w.State = webexcc.StateConsulting
	i.detail(webexcc.DetailConsultJoined, "true")
	i.with(c.by.id, func(p *webexcc.Participant) { p.ConsultState = webexcc.Consulting })
	i.with(c.party, func(p *webexcc.Participant) {
		p.HasJoined, p.IsOffered, p.ConsultState, p.JoinTimestamp, p.LastUpdated = yes, no, webexcc.Consulting, now, now
	})
	for _, a := range s.agentsOf(i) {
		if c.sides(a) {
			s.tell(i, a, webexcc.AgentConsulting)
		}
	}
	s.tellBystanders(i)
}

// tellBystanders lets those who are in the call, but not in its consult, have
// the contact as it is. How Webex does is not documented: invented.
func (s *Server) tellBystanders(i *interaction) {
	for _, a := range s.agentsOf(i) {
		if i.in(a) && (i.consult == nil || !i.consult.sides(a)) {
			s.tell(i, a, webexcc.ContactUpdated)
		}
	}
}

// consultNotTaken tells both sides that nobody answered. The customer stays on
// hold.
func (s *Server) consultNotTaken(i *interaction, reason string) {
	c := i.consult
	s.stopOffer(i)
	s.tell(i, c.by, webexcc.AgentConsultFailed, because(reason))
	if c.to != nil {
		s.tell(i, c.to, webexcc.AgentOfferContactRona, because(reason))
		s.toSystemCode(c.to, reason)
	}
	s.consultOver(i)
}

func (s *Server) endConsult(i *interaction, a *agent, in args) string {
	if i.parent != nil {
		return s.endFromChild(i, a)
	}
	c := i.consult
	switch {
	case c == nil || !c.sides(a) || a == c.to && !c.answered, in.QueueID != "" && in.QueueID != c.queue.ID:
		return reasonState
	case a == c.to && !a.tenant.EndConsultEnabled.Is():
		return reasonNotAllowed
	case c.party == "": // A queue that has found nobody.
		s.giveUpQueue(i)
	default:
		s.stopOffer(i)
		if in.QueueID != "" && !c.answered {
			s.tell(i, a, webexcc.AgentCtqCancelled) // What whoever names the queue waits for.
		}
		s.consultOver(i)
	}
	return ""
}

// giveUpQueue stops the search for somebody to consult.
func (s *Server) giveUpQueue(i *interaction) {
	by := i.consult.by
	i.consult = nil
	i.detail(webexcc.DetailCtqInProgress, "false")
	s.tell(i, by, webexcc.AgentCtqCancelled)
}

// consultOver takes the consult leg down and tells both sides. The main leg
// stays as it is, on hold unless the agent had switched to it.
func (s *Server) consultOver(i *interaction) {
	c := i.consult
	by, to := c.by, c.to
	delete(i.w.CallProcessingDetails, webexcc.DetailChildInteractionID)
	i.with(c.party, func(p *webexcc.Participant) { p.HasLeft = yes })
	delete(i.w.Media, c.media)
	i.with(by.id, func(p *webexcc.Participant) {
		p.ConsultState = webexcc.ConsultCompleted
		if i.conferencing() {
			p.ConsultState = webexcc.Conferencing
		}
	})
	i.w.State = i.stateWithoutConsult()
	if to != nil {
		s.tell(i, to, webexcc.AgentConsultEnded, func(d *webexcc.TaskData) { d.IsConsulted = yes })
	}
	// The initiator's copy no longer has the other one.
	i.strike(c.party)
	i.consult = nil
	s.tell(i, by, webexcc.AgentConsultEnded)
	for _, a := range s.agentsOf(i) {
		if a != by && i.in(a) {
			s.tell(i, a, webexcc.ContactUpdated) // See tellBystanders.
		}
	}
	if c.child != nil {
		s.endChild(c.child)
	}
	if to != nil {
		s.freeAgain(to)
	}
	s.dispatch()
}

// dropConsult takes the consult down without a word.
func (s *Server) dropConsult(i *interaction) {
	if c := i.consult; c != nil {
		delete(i.w.Media, c.media)
		i.strike(c.party)
		i.consult = nil
	}
}

// switchLegs keeps exactly one of the two legs off hold. Cisco's widgets have
// named either leg in an unhold that means "back to the customer".
func (s *Server) switchLegs(i *interaction, a *agent, leg string, held bool) string {
	c := i.consult
	if a != c.by || !c.answered || leg != i.id() && leg != c.media {
		return reasonState
	}
	toCustomer := held == (leg == c.media)
	if leg == c.media && !held && !i.w.Media[c.media].IsHold.Is() {
		toCustomer = true
	}
	s.park(i, i.id(), !toCustomer)
	s.park(i, c.media, toCustomer)
	s.afterHold(i, a, leg, held)
	return ""
}

// admit puts a party into the main leg.
func (i *interaction) admit(party string) {
	i.leg(i.id(), func(m *webexcc.Media) {
		if !slices.Contains(m.Participants, party) {
			m.Participants = append(slices.Clone(m.Participants), party)
		}
	})
}
