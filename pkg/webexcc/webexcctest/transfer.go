package webexcctest

import "deskbridge/pkg/webexcc"

// transfer hands the contact over without asking.
func (s *Server) transfer(i *interaction, a *agent, in args) string {
	if !i.owned(a) || i.parent != nil || i.consult != nil || !i.reached() || i.conferencing() {
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
		s.handOver(i, a, webexcc.AgentVteamTransferred)
		s.waitIn(i, q)
	case webexcc.ToEntryPoint, webexcc.ToEntryPointNumber:
		l, ok := s.fix.lineNamed(in.To)
		if !ok || i.medium() != telephony {
			return reasonUnknown
		}
		s.handOver(i, a, webexcc.AgentBlindTransferred)
		i.detail(webexcc.DetailEntryPointID, l.id)
		s.waitIn(i, l.queue)
	case webexcc.ToDialNumber:
		if i.medium() != telephony || !destination.MatchString(in.To) || in.To == i.customer {
			return reasonUnknown
		}
		s.handOver(i, a, webexcc.AgentBlindTransferred)
		i.w.Participants[in.To] = webexcc.Participant{
			ID: in.To, PType: webexcc.PTypeDN, Type: webexcc.PTypeAgent, DN: webexcc.Text(in.To), HasJoined: yes, HasLeft: no,
		}
		i.admit(in.To)
		i.settle()
	default:
		return reasonUnsupported
	}
	return ""
}

// waitIn lets a contact wait in another queue than it came by.
func (s *Server) waitIn(i *interaction, q webexcc.Queue) {
	i.queue, i.w.CurrentVTeam = q, webexcc.Text(q.ID)
	i.detail(webexcc.DetailQueueID, q.ID)
	i.detail(webexcc.DetailVirtualTeamName, string(q.Name))
	s.enqueue(i)
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

// consultTransfer hands the call to the consulted party. In a conference the
// others stay: it is what conference/transfer does, under another name.
func (s *Server) consultTransfer(i *interaction, a *agent, in args) string {
	c := i.consult
	switch {
	case c == nil || a != c.by || !c.movable():
		return reasonState
	case !c.names(in.To):
		return reasonUnknown
	case i.conferencing():
		s.tell(i, a, webexcc.AgentConsultTransferred)
		s.handConference(i, a)
		return ""
	}
	merged := s.joinConsult(i)
	s.leaveTo(i, a, c)
	s.tell(i, a, webexcc.AgentConsultTransferred)
	s.tell(i, a, webexcc.AgentWrapup)
	s.tellMerged(i, c.to, merged)
	if c.to != nil {
		if merged == nil {
			s.tell(i, c.to, webexcc.AgentConsultTransferred)
		}
		s.tell(i, c.to, webexcc.AgentContactAssigned)
	}
	s.dispatch()
	return ""
}

// leaveTo takes an agent out of the main leg, who then has to wrap up, and
// leaves the call to the consulted party.
func (s *Server) leaveTo(i *interaction, a *agent, c *consult) {
	i.with(a.id, func(p *webexcc.Participant) { p.HasLeft, p.ConsultState = yes, "" })
	i.with(c.party, func(p *webexcc.Participant) { p.IsConsulted, p.ConsultState = no, "" })
	i.leg(i.id(), func(m *webexcc.Media) { m.Participants = without(m.Participants, a.id) })
	i.w.Owner, i.dialler = "", nil
	if c.to != nil {
		i.w.Owner = webexcc.NullText(c.to.id)
	}
	i.settle()
	s.mustWrapUp(i, a)
}
