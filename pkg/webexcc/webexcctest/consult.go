package webexcctest

import (
	"slices"

	"deskbridge/pkg/webexcc"
)

// startConsult calls somebody while the customer waits.
func (s *Server) startConsult(i *interaction, a *agent, in args) string {
	if i.medium() != telephony || !i.owned(a) || !i.reached() || i.consult != nil {
		return reasonState
	}
	c := &consult{media: newID(), by: a, kind: in.DestinationType}
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
		if !destination.MatchString(in.To) || in.To == i.customer {
			return reasonUnknown
		}
		i.consult = c
		c.party = in.To
		i.w.Participants[in.To] = webexcc.Participant{
			ID: in.To, PType: webexcc.PTypeDN, Type: webexcc.PTypeAgent, DN: webexcc.Text(in.To),
			HasJoined: no, HasLeft: no, IsConsulted: yes, ConsultState: webexcc.ConsultReserved, ConsultTimestamp: s.millis(),
		}
		s.consultCreated(i)
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

func (s *Server) consultCreated(i *interaction) {
	c := i.consult
	i.w.State = webexcc.StateConsult
	s.park(i, i.id(), true)
	i.w.Media[c.media] = webexcc.Media{
		MediaResourceID: c.media, MediaType: telephony, MediaMgr: "callmm", MType: webexcc.ConsultCall,
		Participants: webexcc.Texts{c.by.id, c.party}, IsHold: no,
	}
	i.with(c.by.id, func(p *webexcc.Participant) {
		p.ConsultState, p.ConsultTimestamp, p.IsConsulted = webexcc.ConsultInitiated, s.millis(), no
	})
	s.tell(i, c.by, webexcc.AgentConsultCreated)
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
	s.tellAll(i, webexcc.AgentConsulting)
}

// consultNotTaken tells both sides that nobody answered. The customer stays on
// hold.
func (s *Server) consultNotTaken(i *interaction, reason string) {
	c := i.consult
	s.stopOffer(i)
	s.tell(i, c.by, webexcc.AgentConsultFailed, because(reason))
	s.tell(i, c.to, webexcc.AgentOfferContactRona, because(reason))
	if reason == webexcc.ReasonRonaExpired {
		s.toSystemCode(c.to, CodeRona, webexcc.CodeRona)
	} else {
		s.toSystemCode(c.to, CodeDeclined, webexcc.CodeAgentDeclined)
	}
	s.consultOver(i)
}

func (s *Server) endConsult(i *interaction, a *agent, in args) string {
	c := i.consult
	switch {
	case c == nil || a != c.by && a != c.to || a == c.to && !c.answered:
		return reasonState
	case c.party == "": // A queue that has found nobody.
		i.consult = nil
		i.detail(webexcc.DetailCtqInProgress, "false")
		s.tell(i, a, webexcc.AgentCtqCancelled)
	case in.QueueID != "" && c.queue.ID == "":
		return reasonState
	default:
		s.stopOffer(i)
		s.consultOver(i)
	}
	return ""
}

// consultOver takes the consult leg down and tells both sides. The main leg
// stays as it is, on hold unless the agent had switched to it.
func (s *Server) consultOver(i *interaction) {
	c := i.consult
	by, to := c.by, c.to
	i.with(c.party, func(p *webexcc.Participant) { p.HasLeft = yes })
	delete(i.w.Media, c.media)
	i.with(by.id, func(p *webexcc.Participant) { p.ConsultState = webexcc.ConsultCompleted })
	i.w.State = webexcc.StateConnected
	if i.main().IsHold.Is() {
		i.w.State = webexcc.StateHold
	}
	if to != nil {
		s.tell(i, to, webexcc.AgentConsultEnded, func(d *webexcc.TaskData) { d.IsConsulted = yes })
	}
	// The initiator's copy no longer has the other one.
	i.strike(c.party)
	i.consult = nil
	s.tell(i, by, webexcc.AgentConsultEnded)
	if to != nil {
		s.freeAgain(to)
		s.dispatch()
	}
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

// consultTransfer hands the call to the consulted party.
func (s *Server) consultTransfer(i *interaction, a *agent, in args) string {
	c := i.consult
	if c == nil || a != c.by || !c.answered || in.To != c.party {
		return reasonState
	}
	delete(i.w.Media, c.media)
	s.park(i, i.id(), false)
	i.w.State, i.consult = webexcc.StateConnected, nil
	s.leaveTo(i, a, c)
	s.tell(i, a, webexcc.AgentConsultTransferred)
	s.tell(i, a, webexcc.AgentWrapup)
	if c.to != nil {
		s.tell(i, c.to, webexcc.AgentConsultTransferred)
		s.tell(i, c.to, webexcc.AgentContactAssigned)
	}
	s.dispatch()
	return ""
}

// leaveTo takes an agent out of the main leg, who then has to wrap up, and puts
// the consulted party in as owner.
func (s *Server) leaveTo(i *interaction, a *agent, c *consult) {
	i.with(a.id, func(p *webexcc.Participant) { p.HasLeft, p.ConsultState = yes, "" })
	i.with(c.party, func(p *webexcc.Participant) { p.IsConsulted, p.ConsultState = no, "" })
	i.leg(i.id(), func(m *webexcc.Media) {
		m.Participants = without(m.Participants, a.id)
		if !slices.Contains(m.Participants, c.party) {
			m.Participants = append(m.Participants, c.party)
		}
	})
	i.w.Owner = webexcc.NullText(c.party)
	if c.to == nil {
		i.w.Owner = ""
	}
	i.dialler = nil
	s.mustWrapUp(i, a)
}

// conference joins the consult with the main call.
func (s *Server) conference(i *interaction, a *agent, in args) string {
	c := i.consult
	if c == nil || a != c.by || !c.answered || in.To != c.party {
		return reasonState
	}
	delete(i.w.Media, c.media)
	s.park(i, i.id(), false)
	i.leg(i.id(), func(m *webexcc.Media) { m.Participants = append(slices.Clone(m.Participants), c.party) })
	for _, id := range []string{a.id, c.party} {
		i.with(id, func(p *webexcc.Participant) { p.ConsultState = webexcc.Conferencing })
	}
	i.w.State, i.consult = webexcc.StateConference, nil
	i.detail(webexcc.DetailIsConferencing, "true")
	s.tellAll(i, webexcc.AgentConsultConferenced)
	return ""
}

// exitConference leaves the others talking. The owner wraps up and the first
// of the others owns the call from then on.
func (s *Server) exitConference(i *interaction, a *agent, _ args) string {
	if i.w.State != webexcc.StateConference || !i.in(a) {
		return reasonState
	}
	s.leave(i, a.id)
	return ""
}

func (s *Server) dropParty(i *interaction, a *agent, party string) string {
	if i.w.State != webexcc.StateConference || !i.owned(a) || party == a.id || party == i.customer || !slices.Contains(i.main().Participants, party) {
		return reasonState
	}
	s.leave(i, party)
	return ""
}

// leave takes a party out of a conference.
func (s *Server) leave(i *interaction, party string) {
	left := func(d *webexcc.TaskData) { d.ParticipantID = webexcc.Text(party) }
	leaver := s.findAgent(party)
	wasOwner := string(i.w.Owner) == party
	i.with(party, func(p *webexcc.Participant) { p.HasLeft = yes })
	if leaver != nil && wasOwner {
		s.mustWrapUp(i, leaver)
	}
	if leaver != nil && wasOwner {
		// The owner's own copy still shows the main leg as it was: Cisco's SDK
		// would forget the task before its wrap-up.
		s.tell(i, leaver, webexcc.ParticipantLeftConference, left)
	}
	i.leg(i.id(), func(m *webexcc.Media) { m.Participants = without(m.Participants, party) })
	if leaver != nil && !wasOwner {
		// A guest's copy does not, and there is no wrap-up: the SDK forgets the
		// task now or never.
		s.tell(i, leaver, webexcc.ParticipantLeftConference, left)
	}
	var rest []string
	for _, id := range i.main().Participants {
		if id != i.customer {
			rest = append(rest, id)
		}
	}
	if wasOwner {
		i.w.Owner, i.dialler = "", nil
		for _, id := range rest {
			if s.findAgent(id) != nil {
				i.w.Owner = webexcc.NullText(id)
				break
			}
		}
	}
	if len(rest) < 2 {
		i.w.State = webexcc.StateConnected
		i.detail(webexcc.DetailIsConferencing, "false")
		for _, id := range rest {
			i.with(id, func(p *webexcc.Participant) { p.ConsultState, p.IsConsulted = "", no })
		}
	}
	if leaver != nil && wasOwner {
		s.tell(i, leaver, webexcc.AgentWrapup)
	}
	for _, a := range s.agentsOf(i) {
		if a == leaver {
			continue
		}
		s.tell(i, a, webexcc.ParticipantLeftConference, left)
		if wasOwner {
			s.tell(i, a, webexcc.ContactOwnerChanged)
		}
	}
	if leaver != nil && !wasOwner {
		s.freeAgain(leaver)
	}
	s.dispatch()
}

// transfer hands the contact over without asking.
func (s *Server) transfer(i *interaction, a *agent, in args) string {
	if !i.owned(a) || i.consult != nil || !i.reached() || i.w.State == webexcc.StateConference {
		return reasonState
	}
	switch in.DestinationType {
	case webexcc.ToAgent:
		to := s.findAgent(in.To)
		switch {
		case to == nil:
			return reasonUnknown
		case to == a || !s.ready(to, i.medium()) || s.concerns(i, to):
			return reasonUnavailable
		}
		s.handOver(i, a, webexcc.AgentBlindTransferred)
		s.propose(i, to)
	case webexcc.ToQueue:
		q, ok := s.fix.queueNamed(in.To)
		if !ok || !foldEqual(string(q.ChannelType), i.medium()) {
			return reasonUnknown
		}
		i.queue, i.w.CurrentVTeam = q, webexcc.Text(q.ID)
		s.handOver(i, a, webexcc.AgentVteamTransferred)
		i.detail(webexcc.DetailQueueID, q.ID)
		i.detail(webexcc.DetailVirtualTeamName, string(q.Name))
		s.enqueue(i)
	case webexcc.ToDialNumber:
		if i.medium() != telephony || !destination.MatchString(in.To) || in.To == i.customer {
			return reasonUnknown
		}
		s.handOver(i, a, webexcc.AgentBlindTransferred)
		i.w.State = webexcc.StateConnected
		i.w.Participants[in.To] = webexcc.Participant{
			ID: in.To, PType: webexcc.PTypeDN, Type: webexcc.PTypeAgent, DN: webexcc.Text(in.To), HasJoined: yes, HasLeft: no,
		}
		i.leg(i.id(), func(m *webexcc.Media) { m.Participants = append(slices.Clone(m.Participants), in.To) })
	default:
		return reasonUnsupported
	}
	return ""
}

// handOver takes the agent off the contact and lets him or her wrap up.
func (s *Server) handOver(i *interaction, a *agent, typ string) {
	s.park(i, i.id(), false)
	i.with(a.id, func(p *webexcc.Participant) { p.HasLeft = yes })
	i.leg(i.id(), func(m *webexcc.Media) { m.Participants = without(m.Participants, a.id) })
	i.w.State, i.w.Owner, i.dialler = webexcc.StateNew, "", nil
	s.mustWrapUp(i, a)
	s.tell(i, a, typ)
	s.tell(i, a, webexcc.AgentWrapup)
}
