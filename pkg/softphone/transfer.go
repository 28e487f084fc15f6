package softphone

import (
	"cmp"
	"slices"
)

// Transfer: handing the call over, without asking or after it.

func (m *machine) transferRequested(e TransferRequested) {
	c, ok := m.allowed(e.Key, func(v CallView) Can { return v.CanTransfer })
	if !ok {
		return
	}
	if to, ok := m.target(e.Key, e.To); ok {
		m.ask(e.Key, OpTransfer, TransferTask{ID: c.Interaction.ID, To: to})
		m.edit(e.Key, func(c *Call) { c.Target = to })
	}
}

// consultTransferRequested hands the call over to the one who is consulted.
// From within a conference that is handing the conference over.
func (m *machine) consultTransferRequested(key CallKey) {
	c, ok := m.allowed(key, func(v CallView) Can { return v.CanComplete })
	if !ok {
		return
	}
	if c.Legs.Agents >= 2 {
		m.ask(key, OpConsultTransfer, TransferConference{ID: c.Interaction.ID})
		return
	}
	if to, ok := c.Interaction.consulted(m.s.Agent.AgentID); ok {
		m.ask(key, OpConsultTransfer, ConsultTransferTask{ID: c.Interaction.ID, To: to})
	}
}

// departed notes that this agent leaves a call which goes on, and tells HubSpot
// so once. before is the call as it was, i the interaction as it is now.
func (m *machine) departed(before Call, e Notified, i Interaction) {
	how := departure(m.s.Agent.AgentID, before, e, i)
	if how == "" || before.Left.How != "" {
		return
	}
	m.depart(before.Key, Departure{How: how, To: m.heir(how, before, i)})
}

func (m *machine) depart(key CallKey, left Departure) {
	m.edit(key, func(c *Call) { c.Left = left })
	if c := m.s.Calls[key]; c.Stage == ToldStarted || c.Stage == ToldAnswered {
		m.unsaved[key] = true
		m.do(TellTransferred{Host: c.Host, Key: key})
	}
}

// departure says how a notification takes this agent out of a call that goes
// on; empty when it does not.
func departure(self string, before Call, e Notified, i Interaction) DepartureKind {
	if !talking(before.Phase) {
		return ""
	}
	after := LeftConsult
	if before.Legs.Agents >= 2 {
		after = LeftHandOver
	}
	switch e.Name {
	case BlindTransferred, VteamTransferred:
		return LeftBlind
	case ConsultTransferred:
		if consulting(before.Phase) && !before.Legs.Consulted {
			return after
		}
	case ParticipantLeft, ConferenceTransferred:
		switch {
		case !selfLeft(self, e, before, i) || !i.customerThere():
		case before.waits(OpHandOver, OpConsultTransfer) || e.Name == ConferenceTransferred:
			return LeftHandOver
		case before.Phase == Conference || before.Legs.Agents >= 2:
			return LeftConference
		}
	case WrapUpStarted, ContactUnassigned, ContactSnapshot:
		// The confirmation may have been lost, or is still on its way, and this
		// follows it.
		if phase, _ := derive(self, i); e.Name == ContactSnapshot && talking(phase) {
			return ""
		}
		if i.Terminated || !i.customerThere() || before.Pending == nil {
			return ""
		}
		return map[Op]DepartureKind{
			OpTransfer: LeftBlind, OpConsultTransfer: after, OpLeave: LeftConference, OpHandOver: LeftHandOver,
		}[before.Pending.What]
	}
	return ""
}

func (i Interaction) customerThere() bool {
	for _, p := range i.Participants {
		if p.Kind == Customer {
			return !p.Left
		}
	}
	return false
}

// heir is who has the call from now on, as far as known.
func (m *machine) heir(how DepartureKind, before Call, i Interaction) Target {
	self := m.s.Agent.AgentID
	switch {
	case how == LeftBlind:
		return before.Target
	case before.waits(OpConsultTransfer) || how == LeftConsult:
		to, _ := before.Interaction.consulted(self)
		if to.Name == "" && before.Target.ID == to.ID {
			to.Name = before.Target.Name
		}
		return to
	}
	if next := i.Owner; next != "" && next != self {
		return Target{Kind: ToAgent, ID: next, Name: i.Participants[next].Name}
	}
	at := slices.IndexFunc(before.Legs.Parties, func(p Party) bool {
		return p.Main && p.Joined && !p.Self && p.Kind != Customer && !i.Participants[p.ID].Left
	})
	if at < 0 {
		return Target{}
	}
	p := before.Legs.Parties[at]
	if phoneOnly(p.Kind) {
		return Target{Kind: ToNumber, ID: cmp.Or(p.Number, p.ID), Name: p.Name}
	}
	return Target{Kind: ToAgent, ID: p.ID, Name: p.Name}
}
