package webexcctest

import (
	"slices"

	"deskbridge/pkg/webexcc"
)

// enqueue lets a contact wait for an agent.
func (s *Server) enqueue(i *interaction) {
	i.w.State, i.w.Owner, i.w.QueuedTimestamp = webexcc.StateNew, "", s.millis()
	if !slices.Contains(s.queue, i) {
		s.queue = append(s.queue, i)
	}
	s.dispatch()
}

// dispatch offers what waits to whom is free, oldest contact and longest
// available agent first.
func (s *Server) dispatch() {
	for _, i := range slices.Clone(s.queue) {
		if a := s.free(i.medium(), i.target, i); a != nil {
			s.queue = without(s.queue, i)
			s.propose(i, a)
		}
	}
	for _, id := range slices.Clone(s.order) {
		if i := s.tasks[id]; i != nil && i.consult != nil && i.consult.party == "" {
			if a := s.free(telephony, nil, i); a != nil {
				s.consultAgent(i, a)
			}
		}
	}
}

// free returns the agent to get the next contact of a medium, nil for none. An
// agent who is not done with this very contact does not get it.
func (s *Server) free(medium string, only *agent, i *interaction) *agent {
	var next *agent
	for _, a := range s.agents {
		if only != nil && a != only || !s.ready(a, medium) || s.concerns(i, a) {
			continue
		}
		if next == nil || a.freed < next.freed {
			next = a
		}
	}
	return next
}

// ready reports whether the agent can take a contact of a medium now.
func (s *Server) ready(a *agent, medium string) bool {
	return a.loggedIn() && a.status == webexcc.Available && s.room(a, medium)
}

// room reports whether the agent has fewer contacts of a medium than allowed.
func (s *Server) room(a *agent, medium string) bool {
	n := 0
	for _, i := range s.involved(a) {
		if i.medium() == medium {
			n++
		}
	}
	return n < s.fix.channels[medium]
}

// propose reserves the agent and lets the phone ring.
func (s *Server) propose(i *interaction, a *agent) {
	s.enlist(i, a)
	i.w.Owner = webexcc.NullText(a.id)
	i.target = nil
	s.ring(i, a, false)
	s.tell(i, a, webexcc.AgentContactReserved)
	s.tell(i, a, webexcc.AgentOfferContact, s.ringing(i))
	i.ringFor = 0
}

// ring starts an offer and its timer.
func (s *Server) ring(i *interaction, a *agent, consult bool) {
	o := &offer{to: a, consult: consult}
	i.offer = o
	o.stop = s.after(ringTime(i), func() {
		if i.offer == o {
			s.notTaken(i, webexcc.ReasonRonaExpired)
		}
	})
}

func (s *Server) ringing(i *interaction) func(*webexcc.TaskData) {
	return func(d *webexcc.TaskData) { d.RonaTimeout = webexcc.Number(ringTime(i).Seconds()) }
}

func (s *Server) stopOffer(i *interaction) {
	if i.offer != nil {
		i.offer.stop()
		i.offer = nil
	}
}

// notTaken ends an offer that the agent let go or declined.
func (s *Server) notTaken(i *interaction, reason string) {
	o := i.offer
	a := o.to
	if o.consult {
		s.consultNotTaken(i, reason)
		return
	}
	if i.dialler == a && !i.reached() {
		s.outdialFails(i, reason)
		return
	}
	s.stopOffer(i)
	// The state stays new: Cisco's SDK would keep the task otherwise.
	s.tell(i, a, webexcc.AgentOfferContactRona, because(reason))
	i.strike(a.id)
	s.toSystemCode(a, reason)
	s.freeAgain(a)
	s.enqueue(i)
}

// assign connects the agent to whom the contact is offered.
func (s *Server) assign(i *interaction) {
	a := i.offer.to
	s.stopOffer(i)
	s.joined(i, a, i.id())
	i.w.State, i.w.Owner = webexcc.StateConnected, webexcc.NullText(a.id)
	if i.medium() == telephony {
		i.detail(webexcc.DetailPauseResumeEnabled, "true")
		i.detail(webexcc.DetailPauseDuration, "10")
		i.detail(webexcc.DetailRecordingStarted, "true")
		i.detail(webexcc.DetailRecordInProgress, "true")
		i.detail(webexcc.DetailIsPaused, "false")
	}
	s.tell(i, a, webexcc.AgentContactAssigned)
	if i.parent != nil {
		s.childAnswered(i)
	}
}

// abandon ends a contact whose customer has gone before any agent answered.
func (s *Server) abandon(i *interaction) {
	i.with(i.customer, func(p *webexcc.Participant) { p.HasLeft = yes })
	s.queue = without(s.queue, i)
	o := i.offer
	s.stopOffer(i)
	i.over, i.w.IsTerminated = true, yes
	s.endChildren(i)
	if o != nil {
		s.tell(i, o.to, webexcc.ContactEnded, func(d *webexcc.TaskData) { d.AgentsPendingWrapUp = webexcc.Texts{} })
		s.freeAgain(o.to)
	}
	s.sweep(i)
	s.dispatch()
}

// finish ends a contact that was connected. Its owner gets wrap-up; guests of a
// conference and those who were only consulted do not. That guests do not is
// inferred.
func (s *Server) finish(i *interaction, customerFirst bool) {
	s.stopOffer(i)
	var guests, owners []*agent
	for _, a := range s.agents {
		p, ok := i.w.Participants[a.id]
		switch {
		case !ok || p.HasLeft.Is() || i.pends(a):
		case string(i.w.Owner) == a.id && p.HasJoined.Is():
			owners = append(owners, a)
		default:
			guests = append(guests, a)
		}
	}
	if customerFirst {
		i.with(i.customer, func(p *webexcc.Participant) { p.HasLeft = yes })
		i.detail(webexcc.DetailHasCustomerLeft, "true")
	}
	i.w.State, i.w.IsTerminated = webexcc.StateWrapUp, yes
	s.quiet(i)
	for _, a := range owners {
		s.mustWrapUp(i, a)
	}
	waiting := webexcc.Texts{}
	for _, a := range i.pending {
		waiting = append(waiting, a.id)
	}
	ended := func(d *webexcc.TaskData) { d.AgentsPendingWrapUp = waiting }
	for _, a := range owners {
		if customerFirst {
			s.tell(i, a, webexcc.ContactEnded, ended)
		}
		s.tell(i, a, webexcc.AgentWrapup)
		if !customerFirst {
			s.tell(i, a, webexcc.ContactEnded, ended)
		}
	}
	for _, a := range guests {
		talking := i.in(a)
		i.with(a.id, func(p *webexcc.Participant) { p.HasLeft = yes })
		i.leg(i.id(), func(m *webexcc.Media) { m.Participants = without(m.Participants, a.id) })
		switch {
		case i.consult != nil && i.consult.to == a:
			s.tell(i, a, webexcc.AgentConsultEnded, func(d *webexcc.TaskData) { d.IsConsulted = yes })
		case talking:
			// Without it Cisco's SDK would keep the guest's task for ever.
			s.tell(i, a, webexcc.AgentConsultConferenceEnded)
		}
		s.tell(i, a, webexcc.ContactEnded, ended)
	}
	s.dropConsult(i)
	i.over = true
	s.endChildren(i)
	for _, a := range guests {
		s.freeAgain(a)
	}
	s.sweep(i)
	s.dispatch()
}

// quiet takes everything off hold: there is nobody left to wait.
func (s *Server) quiet(i *interaction) {
	for _, key := range names(i.w.Media) {
		s.park(i, key, false)
	}
	if i.w.CallProcessingDetails[webexcc.DetailRecordInProgress] != "" {
		i.detail(webexcc.DetailRecordInProgress, "false")
	}
}

// mustWrapUp makes the agent owe a wrap-up.
func (s *Server) mustWrapUp(i *interaction, a *agent) {
	if i.pends(a) {
		return
	}
	i.pending = append(i.pending, a)
	now := s.millis()
	i.with(a.id, func(p *webexcc.Participant) {
		p.IsWrapUp, p.IsWrappedUp, p.WrapUpTimestamp, p.LastUpdated = yes, no, now, now
		p.CurrentState, p.CurrentStateTimestamp = webexcc.StateWrapUp, now
	})
}
