package webexcctest

import (
	"slices"

	"deskbridge/pkg/webexcc"
)

// maxConference is how many may talk with a customer at once.
const maxConference = 7

// parties returns who is in the main leg besides the customer: agents, numbers,
// entry points.
func (i *interaction) parties() []string { return without([]string(i.main().Participants), i.customer) }

// conferencing reports whether more than one talks with the customer.
func (i *interaction) conferencing() bool { return len(i.parties()) > 1 }

// has reports whether there is such a participant who has not left.
func (i *interaction) has(id string) bool {
	p, ok := i.w.Participants[id]
	return ok && !p.HasLeft.Is()
}

// stateWithoutConsult is the state that a connected call has by its main leg.
func (i *interaction) stateWithoutConsult() string {
	switch {
	case i.conferencing():
		return webexcc.StateConference
	case i.main().IsHold.Is():
		return webexcc.StateHold
	}
	return webexcc.StateConnected
}

// settle gives a connected call the state that its legs imply.
func (i *interaction) settle() {
	switch c := i.consult; {
	case c == nil || c.party == "":
		i.w.State = i.stateWithoutConsult()
	case c.answered:
		i.w.State = webexcc.StateConsulting
	default:
		i.w.State = webexcc.StateConsult
	}
	i.detail(webexcc.DetailIsConferencing, "false")
	if i.conferencing() {
		i.detail(webexcc.DetailIsConferencing, "true")
	}
}

// conference joins the consult with the main call. That an entry point may be
// joined before somebody answers there is documented.
func (s *Server) conference(i *interaction, a *agent, in args) string {
	c := i.consult
	switch {
	case c == nil || a != c.by || !c.answered && c.child == nil:
		return reasonState
	case !c.names(in.To):
		return reasonUnknown
	case len(i.parties()) >= maxConference:
		return reasonFull
	}
	merged := s.joinConsult(i)
	for _, id := range []string{a.id, c.party} {
		i.with(id, func(p *webexcc.Participant) { p.ConsultState = webexcc.Conferencing })
	}
	i.settle()
	s.tellMerged(i, c.to, merged)
	for _, each := range s.agentsOf(i) {
		switch {
		case c.sides(each):
			s.tell(i, each, webexcc.AgentConsultConferenced)
		case i.in(each):
			s.tell(i, each, webexcc.ParticipantJoinedConference, participant(c.party))
		}
	}
	return ""
}

// joinConsult makes one leg of two and the consulted party a party of it. It
// returns the child that the call absorbed, nil for none.
func (s *Server) joinConsult(i *interaction) (merged *interaction) {
	c := i.consult
	if c.child != nil && c.answered {
		merged = c.child
		c.to = s.absorb(i, merged)
		c.party = c.to.id
	}
	delete(i.w.Media, c.media)
	s.park(i, i.id(), false)
	i.admit(c.party)
	i.consult = nil
	return merged
}

// participant names whom an event of a conference is about.
func participant(id string) func(*webexcc.TaskData) {
	return func(d *webexcc.TaskData) { d.ParticipantID = webexcc.Text(id) }
}

// exitConference leaves the others talking. The owner wraps up, and the first
// of the others owns the call from then on.
func (s *Server) exitConference(i *interaction, a *agent, _ args) string {
	if !i.conferencing() || !i.in(a) || i.over || i.consult != nil && i.consult.by == a {
		return reasonState
	}
	s.leave(i, a.id, nil)
	return ""
}

// transferConference leaves in favour of the agent whom one consults, else of
// another one who is there already.
func (s *Server) transferConference(i *interaction, a *agent, _ args) string {
	c := i.consult
	switch {
	case !i.conferencing() || !i.in(a) || i.over:
		return reasonState
	case c != nil && c.by == a:
		if !c.movable() {
			return reasonState
		}
		s.handConference(i, a)
	case !slices.ContainsFunc(s.agents, func(other *agent) bool { return other != a && i.in(other) }):
		return reasonState // A number cannot own a call.
	default:
		s.leave(i, a.id, nil)
	}
	return ""
}

// movable reports whether the call can be handed to the consulted party: an
// agent must have answered, a number or an entry point may still ring.
func (c *consult) movable() bool { return c.party != "" && (c.answered || c.to == nil) }

// handConference puts the consulted party in the place of who consults.
func (s *Server) handConference(i *interaction, a *agent) {
	c := i.consult
	merged := s.joinConsult(i)
	i.with(c.party, func(p *webexcc.Participant) { p.ConsultState = webexcc.Conferencing })
	i.settle()
	s.tellMerged(i, c.to, merged)
	for _, other := range s.agentsOf(i) {
		if other != a && i.in(other) {
			s.tell(i, other, webexcc.ParticipantJoinedConference, participant(c.party))
		}
	}
	s.leave(i, a.id, c.to)
}

// dropParty removes somebody from a conference, which its owner may.
func (s *Server) dropParty(i *interaction, a *agent, party string) string {
	if !i.conferencing() || !i.owned(a) || i.consult != nil || party == a.id || !slices.Contains(i.parties(), party) {
		return reasonState
	}
	s.leave(i, party, nil)
	return ""
}

// leave takes a party out of the main leg. If it owned the call, heir does now,
// or the first agent who is left. Only an owner wraps up.
func (s *Server) leave(i *interaction, party string, heir *agent) {
	left := participant(party)
	leaver := s.findAgent(party)
	wasOwner := string(i.w.Owner) == party
	i.with(party, func(p *webexcc.Participant) { p.HasLeft = yes })
	if child := i.childAt(party); child != nil {
		s.endChild(child)
	}
	if leaver != nil && wasOwner {
		s.mustWrapUp(i, leaver)
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
	if wasOwner {
		s.inherit(i, heir)
	}
	rest := i.parties()
	if len(rest) == 1 {
		i.with(rest[0], func(p *webexcc.Participant) {
			p.IsConsulted = no
			if i.consult == nil {
				p.ConsultState = ""
			}
		})
	}
	i.settle()
	if leaver != nil && wasOwner {
		s.tell(i, leaver, webexcc.AgentWrapup)
	}
	for _, a := range s.agentsOf(i) {
		if a == leaver || i.pends(a) {
			continue
		}
		s.tell(i, a, webexcc.ParticipantLeftConference, left)
		if wasOwner {
			s.tell(i, a, webexcc.ContactOwnerChanged)
		}
	}
	if len(rest) == 0 {
		s.finish(i, false)
	}
	if leaver != nil && !wasOwner {
		s.freeAgain(leaver)
	}
	s.dispatch()
}

// inherit gives a call a new owner: heir if there is one, else the first agent
// in it; none if there are only numbers.
func (s *Server) inherit(i *interaction, heir *agent) {
	i.w.Owner, i.dialler = "", nil
	for _, id := range i.parties() {
		if a := s.findAgent(id); heir == nil && a != nil {
			heir = a
		}
	}
	if heir == nil {
		return
	}
	i.w.Owner = webexcc.NullText(heir.id)
	i.with(heir.id, func(p *webexcc.Participant) { p.IsConsulted = no })
}
