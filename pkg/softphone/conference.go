package softphone

import (
	"slices"
	"strings"
)

// Conference: more than one of us with the customer.

// maxAgents is how many agents a conference has room for.
const maxAgents = 7

func (m *machine) mergeRequested(key CallKey) {
	c, ok := m.allowed(key, func(v CallView) Can { return v.CanMerge })
	if !ok {
		return
	}
	if to, ok := c.Interaction.consulted(m.s.Agent.AgentID); ok {
		m.ask(key, OpMerge, ConferenceTask{ID: c.Interaction.ID, To: to})
	}
}

func (m *machine) leaveRequested(key CallKey) {
	if c, ok := m.allowed(key, func(v CallView) Can { return v.CanLeave }); ok {
		m.ask(key, OpLeave, ExitConference{ID: c.Interaction.ID})
	}
}

func (m *machine) handOverRequested(key CallKey) {
	if c, ok := m.allowed(key, func(v CallView) Can { return v.CanHandOver }); ok {
		m.ask(key, OpHandOver, TransferConference{ID: c.Interaction.ID})
	}
}

func (m *machine) dropRequested(e DropRequested) {
	c, ok := m.allowed(e.Key, func(v CallView) Can {
		at := slices.IndexFunc(v.Parties, func(p PartyView) bool { return p.ID == e.Party })
		if at < 0 {
			return Can{Why: NotHere}
		}
		return v.Parties[at].CanDrop
	})
	if ok {
		m.ask(e.Key, OpDrop, DropParticipant{ID: c.Interaction.ID, Party: e.Party})
		m.edit(e.Key, func(c *Call) { c.Pending.Party = e.Party })
	}
}

// partyNews says who has gone while we go on: the one we asked, the customer,
// somebody in the conference.
func (m *machine) partyNews(before Call, e Notified) {
	c, ok := m.s.Calls[before.Key]
	if !ok || !talking(before.Phase) || !talking(c.Phase) {
		return
	}
	m.consultNews(before, c, e)
	if before.Legs.Customer && !c.Legs.Customer && (consulting(c.Phase) || before.Phase == Conference) {
		m.notice(Problem{Code: CustomerLeft, Key: c.Key})
	}
	var gone []string
	for _, p := range before.Legs.Parties {
		dropped := before.waits(OpDrop) && before.Pending.Party == p.ID
		if before.Legs.Agents < 2 || !p.Main || !p.Joined || p.Self || p.Kind == Customer || dropped {
			continue
		}
		if !slices.ContainsFunc(c.Legs.Parties, func(q Party) bool { return q.ID == p.ID && q.Main }) {
			gone = append(gone, m.partyName(p))
		}
	}
	// An entry point gives way to the agent who answers there: nobody left.
	if len(gone) > 0 && c.Legs.Agents < before.Legs.Agents {
		m.notice(Problem{Code: PartyLeft, Args: []string{strings.Join(gone, ", ")}, Key: c.Key})
	}
}

// consultNews says how our consult came to nothing, unless we wanted that.
func (m *machine) consultNews(before, c Call, e Notified) {
	asked := before.waits(OpConsult) || consulting(before.Phase) && !before.Legs.Consulted
	over := asked && !consulting(c.Phase) && c.Phase != Conference
	switch e.Name {
	case ConsultFailed, CtqFailed, CtqCancelled, ConsultEnded:
		over = asked
	case ConsultConferenced, ConsultConferencing, ParticipantJoined, ContactMerged:
		return
	}
	wanted := before.waits(OpConsultEnd) || before.Ending
	if !over || wanted || before.waits(OpConsult) && !queueSettled(e.Name) {
		return
	}
	if before.Legs.ConsultJoined {
		m.notice(Problem{Code: ConsultLeft, Args: []string{m.whom(before)}, Key: c.Key})
		return
	}
	m.notice(Problem{Code: ConsultRefused, Args: []string{m.whom(before), e.Reason}, Key: c.Key})
}

// notice is a problem that goes away by itself.
func (m *machine) notice(p Problem) {
	p.Until = m.in(noticeFor)
	m.problem(p)
}
