package softphone

import (
	"slices"
	"strings"
	"time"
)

// Consult: asking somebody while the customer waits.

// target cleans whom the agent has named and says whether that can be called
// at all. What cannot is said.
func (m *machine) target(key CallKey, to Target) (Target, bool) {
	to.ID = strings.TrimSpace(to.ID)
	typed := to.ID
	fit := to.ID != ""
	self := to.Kind == ToAgent && to.ID == m.s.Agent.AgentID
	switch to.Kind {
	case ToAgent, ToQueue, ToEntryPoint:
	case ToNumber:
		if number, ok := Dialable(to.ID); ok {
			to.ID = number
			self = m.s.Station != nil && digits(number) == digits(m.s.Station.Number)
		} else {
			fit = false
		}
	default:
		fit = false
	}
	switch {
	case self:
		m.problem(Problem{Code: TargetSelf, Key: key, Until: m.in(noticeFor)})
	case !fit:
		m.problem(Problem{Code: TargetInvalid, Args: []string{typed}, Key: key, Until: m.in(noticeFor)})
	}
	return to, fit && !self
}

func (m *machine) consultRequested(e ConsultRequested) {
	c, ok := m.allowed(e.Key, func(v CallView) Can { return v.CanConsult })
	if !ok {
		return
	}
	to, ok := m.target(e.Key, e.To)
	if !ok {
		return
	}
	queue := to.Kind == ToQueue
	if queue && (m.s.Profile == nil || !m.s.Profile.ConsultToQueue) {
		m.problem(Problem{Code: CommandRefused, Args: []string{string(OpConsult), string(NotAllowed)}, Key: e.Key, Until: m.in(noticeFor)})
		return
	}
	m.ask(e.Key, OpConsult, ConsultTask{ID: c.Interaction.ID, To: to})
	m.edit(e.Key, func(c *Call) {
		c.Target, c.InQueue = to, queue
		if queue {
			c.Pending.Until = time.Time{} // Who knows when somebody is free.
		}
	})
	if queue {
		m.enter(e.Key, c.Phase)
	}
}

func (m *machine) consultEndRequested(key CallKey) {
	if c, ok := m.allowed(key, func(v CallView) Can { return v.CanEndConsult }); ok {
		m.endConsult(key, c)
	}
}

// endConsult ends the consult. One that waits in a queue is withdrawn from it.
func (m *machine) endConsult(key CallKey, c Call) {
	end := EndConsultTask{ID: c.Interaction.ID}
	if c.Target.Kind == ToQueue && !c.Legs.ConsultJoined {
		end.QueueID = c.Target.ID
	}
	m.ask(key, OpConsultEnd, end)
}

// swapRequested goes to the other leg. The main leg is what Webex is told of;
// it holds or resumes the other by itself (webexcc-agent-api §4.8).
func (m *machine) swapRequested(key CallKey) {
	c, ok := m.allowed(key, func(v CallView) Can { return v.CanSwap })
	if !ok {
		return
	}
	toCustomer := c.Legs.MainHeld
	if toCustomer {
		m.ask(key, OpSwap, UnholdTask{ID: c.Interaction.ID, MediaID: c.Legs.MainID})
	} else {
		m.ask(key, OpSwap, HoldTask{ID: c.Interaction.ID, MediaID: c.Legs.MainID})
	}
	m.edit(key, func(c *Call) { c.Pending.Main = toCustomer })
}

// whom is what the consulted side is called for people.
func (m *machine) whom(c Call) string {
	switch {
	case c.Target.Name != "":
		return c.Target.Name
	case c.Legs.ConsultPeerName != "":
		return c.Legs.ConsultPeerName
	case c.Target.Kind == ToNumber:
		return m.shown(c.Target.ID)
	case c.Target.ID != "":
		return c.Target.ID
	}
	at := slices.IndexFunc(c.Legs.Parties, func(p Party) bool { return p.ID == c.Legs.ConsultPeer })
	if at < 0 {
		return c.Legs.ConsultPeer
	}
	return m.partyName(c.Legs.Parties[at])
}

func (m *machine) partyName(p Party) string {
	if p.Name == "" && p.Number != "" {
		return m.shown(p.Number)
	}
	return p.called()
}

// shown hides all but the end of a number where the profile wants that.
func (m *machine) shown(number string) string {
	if m.s.Profile == nil || !m.s.Profile.MaskSensitive || len(number) <= 4 {
		return number
	}
	return "…" + number[len(number)-4:]
}
