package webexcctest

import (
	"maps"

	"deskbridge/pkg/webexcc"
)

// Who consults an entry point calls in there like a customer: the agent behind
// it gets an interaction of its own, the child, whose caller is the colleague.
// The call that it is about, its parent, has the entry point as a participant.
// Merging the two makes the child's agent a party of the parent, and the child
// is no more. If nobody has answered yet, the entry point is the party until
// somebody does.
//
// The relation and its notification are documented, the order of things around
// them is inferred.

// line is an entry point that can be called.
type line struct {
	id, name, number string
	queue            webexcc.Queue
}

// consultLine calls an entry point.
func (s *Server) consultLine(i *interaction, l line) {
	c := i.consult
	c.entry, c.queue = l.id, webexcc.Queue{}
	c.child = s.newChild(i, l)
	i.detail(webexcc.DetailChildInteractionID, c.child.id())
	i.detail(webexcc.DetailConsultName, l.name)
	i.detail(webexcc.DetailConsultJoined, "false")
	s.consultParty(i, webexcc.Participant{
		ID: l.number, PType: webexcc.PTypeEpDN, Type: webexcc.TypeEpDn, Name: webexcc.Text(l.name),
		EpID: webexcc.Text(l.id), DN: webexcc.Text(l.number), HasJoined: yes, // The flow behind it answers at once.
	})
	s.enqueue(c.child)
}

func (s *Server) newChild(i *interaction, l line) *interaction {
	by := i.consult.by
	child := s.newInteraction(telephony, by.number, l.number, l.queue, nil)
	child.parent, child.entry = i, l.number
	i.children = append(i.children, child)
	child.w.MainInteractionID, child.w.ParentInteractionID = i.id(), webexcc.NullText(i.id())
	child.w.CallAssociatedData, child.w.CallAssociatedDetails = maps.Clone(i.w.CallAssociatedData), maps.Clone(i.w.CallAssociatedDetails)
	child.with(by.number, func(p *webexcc.Participant) { p.Name = webexcc.Text(by.fullName()) })
	for name, value := range map[string]string{
		webexcc.DetailRelationshipType: webexcc.RelationshipConsult, webexcc.DetailParentInteractionID: i.id(),
		webexcc.DetailEntryPointID:  l.id,
		webexcc.DetailParentANI:     i.w.CallProcessingDetails[webexcc.DetailANI],
		webexcc.DetailParentDNIS:    i.w.CallProcessingDetails[webexcc.DetailDNIS],
		webexcc.DetailParentAgentDN: by.number, webexcc.DetailParentAgentName: by.fullName(),
		webexcc.DetailParentAgentTeam: teamName,
	} {
		child.detail(name, value)
	}
	return child
}

// childAt returns the child of an entry point that is a participant, nil for
// none.
func (i *interaction) childAt(party string) *interaction {
	for _, child := range i.children {
		if child.entry == party {
			return child
		}
	}
	return nil
}

// childAnswered is called when an agent has taken a child.
func (s *Server) childAnswered(child *interaction) {
	i := child.parent
	if i.consult != nil && i.consult.child == child {
		s.consultAnswered(i)
		return
	}
	// The call has been waiting for this agent.
	holder := s.absorb(i, child)
	alone := !i.conferencing()
	if i.w.Owner == "" {
		i.w.Owner = webexcc.NullText(holder.id)
	}
	if !alone {
		i.with(holder.id, func(p *webexcc.Participant) { p.ConsultState = webexcc.Conferencing })
	}
	i.settle()
	s.tellMerged(i, holder, child)
	if alone {
		s.tell(i, holder, webexcc.AgentContactAssigned)
		return
	}
	for _, a := range s.agentsOf(i) {
		if i.in(a) {
			s.tell(i, a, webexcc.ParticipantJoinedConference, participant(holder.id))
		}
	}
}

// absorb puts the agent of a child in the place of the entry point, and forgets
// the child without a word.
func (s *Server) absorb(i, child *interaction) *agent {
	holder := s.findAgent(string(child.w.Owner))
	i.strike(child.entry)
	s.enlist(i, holder)
	s.joined(i, holder, i.id())
	i.detail(webexcc.DetailConsultName, holder.fullName())
	s.forgetChild(child)
	return holder
}

// tellMerged tells the agent of a child, if there was one, what became of it.
func (s *Server) tellMerged(i *interaction, holder *agent, child *interaction) {
	if child != nil {
		s.tell(i, holder, webexcc.ContactMerged, func(d *webexcc.TaskData) { d.ChildInteractionID = webexcc.Text(child.id()) })
	}
}

func (s *Server) forgetChild(child *interaction) {
	i := child.parent
	i.children = without(i.children, child)
	delete(i.w.CallProcessingDetails, webexcc.DetailChildInteractionID)
	child.over = true
	s.sweep(child)
}

// endChild ends a child whose caller has hung up: whoever has it, or whose phone
// rings for it, has nothing to wrap up.
func (s *Server) endChild(child *interaction) {
	told := s.agentsOf(child)
	s.stopOffer(child)
	child.w.IsTerminated = yes
	child.with(child.customer, func(p *webexcc.Participant) { p.HasLeft = yes })
	for _, a := range told {
		child.with(a.id, func(p *webexcc.Participant) { p.HasLeft = yes })
		s.tell(child, a, webexcc.ContactEnded, func(d *webexcc.TaskData) { d.AgentsPendingWrapUp = webexcc.Texts{} })
	}
	s.forgetChild(child)
	for _, a := range told {
		s.freeAgain(a)
	}
}

// endChildren ends what a call's entry points have.
func (s *Server) endChildren(i *interaction) {
	for _, child := range i.children {
		s.endChild(child)
	}
}

// endFromChild ends the consult from the other side.
func (s *Server) endFromChild(child *interaction, a *agent) string {
	c := child.parent.consult
	switch {
	case c == nil || c.child != child || !child.in(a):
		return reasonState
	case !a.tenant.EndConsultEnabled.Is():
		return reasonNotAllowed
	}
	s.consultOver(child.parent)
	return ""
}
