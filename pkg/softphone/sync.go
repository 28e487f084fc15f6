package softphone

import (
	"slices"
	"strings"
	"time"
)

// Synced: Webex's whole truth after a connect, reconnect or reload.

// synced replaces what Webex owns and keeps what only we know. Calls that
// Webex no longer has are finished from what was known; calls it has and we do
// not are hydrated from their record, or begun.
func (m *machine) synced(e Synced) {
	if m.s.Session != SignedInState || e.Generation < m.s.Gen {
		return
	}
	m.s.Gen, m.s.Link, m.s.Synced = e.Generation, LinkUp, true
	m.s.AgentBusy, m.s.Wanted = NoAgentOp, ""
	m.drop(WebexDown, NoConfirmation, TakenElsewhere)
	m.s.Station = nil
	if e.Station != nil {
		st := *e.Station
		st.Since = sinceOr(st.Since, m.now)
		m.s.Station = &st
	}
	if m.s.ActiveAt.IsZero() {
		m.s.ActiveAt = m.now
	}
	m.remember(e.Records...)
	m.reopen(e.Records)

	bound := map[CallKey]bool{}
	self := m.s.Agent.AgentID
	for _, i := range e.Tasks {
		phase, _ := derive(self, i)
		key, ok := m.find(i)
		if !ok {
			key, ok = m.childOf(i, e.Tasks)
		}
		if !ok && phase == Done {
			continue
		}
		if !ok {
			key = m.open(i, phase)
		}
		bound[key] = true
		c := m.s.Calls[key]
		before := c
		c.InQueue = c.InQueue && i.ConsultQueued
		c.At = time.Time{} // A snapshot of a newer socket overrules any event of an older one.
		m.absorb(&c, i, c.At)
		m.s.Calls[key] = c
		m.departed(before, Notified{Name: ContactSnapshot}, i) // Webex's own word for it may come later.
		if c.Phase != "" && phase == Done {
			m.finish(key)
			continue
		}
		m.enter(key, phase)
		m.resumeEnding(key)
	}
	for _, key := range slices.Clone(m.s.Order) {
		c := m.s.Calls[key]
		dialing := c.Interaction.ID == "" && c.Pending != nil && c.Pending.What == OpDial
		if bound[key] || dialing {
			continue // An outdial on its way may not have reached Webex's list.
		}
		if c.Direction == Outbound && !c.answered() && c.Outcome == "" {
			m.edit(key, func(c *Call) { c.Outcome = Failed })
		}
		m.departed(c, Notified{Name: ContactUnassigned}, c.Interaction) // What it waited for was done, or it would be here.
		m.finish(key)
	}
	for _, key := range m.s.Order {
		c := m.s.Calls[key]
		if c.Channel != Telephony {
			continue
		}
		if c.Stage == ToldNothing && len(m.s.Hosts) > 0 {
			m.catchUp(key)
		}
		if c.Matching.Backend == NotAsked {
			m.lookUp(key) // What else it might be is in no record.
		}
		m.loadCard(key)
	}
}

// childOf finds the call that was a consult's leg of its own and has become
// part of i while nobody listened.
func (m *machine) childOf(i Interaction, tasks []Interaction) (CallKey, bool) {
	for _, key := range m.s.Order {
		own := m.s.Calls[key].Interaction
		if own.Relationship == "consult" && own.Parent == i.ID && !slices.ContainsFunc(tasks, func(t Interaction) bool { return t.ID == own.ID }) {
			m.rebind(key, i.ID)
			return key, true
		}
	}
	return "", false
}

// reopen brings back the calls whose records are not final: this browser was
// reloaded or died while they lived. What Webex says next decides their fate.
func (m *machine) reopen(records []Record) {
	for _, r := range slices.Backward(records) {
		if _, live := m.s.Calls[r.Key]; !live && !r.Final {
			m.hydrate(r)
		}
	}
}

// recordOf finds the record of an interaction's newest offer.
func (m *machine) recordOf(i Interaction) (Record, bool) {
	var best Record
	for _, r := range m.s.History {
		if r.InteractionID != i.ID && (i.CallID == "" || r.Key != i.CallID) {
			continue
		}
		if order := r.StartedAt.Compare(best.StartedAt); best.Key == "" || order > 0 || order == 0 && ordinal(r.Key) > ordinal(best.Key) {
			best = r
		}
	}
	return best, best.Key != ""
}

// hydrate makes a live call of a record.
func (m *machine) hydrate(r Record) CallKey {
	c := Call{
		Key: r.Key, Ordinal: ordinal(r.Key), Channel: r.Channel, Direction: r.Direction,
		Number: r.Number, Ours: r.Ours, Queue: r.Queue, Name: r.Name, Phase: r.Phase,
		StartedAt: r.StartedAt, AnsweredAt: r.AnsweredAt, EndedAt: r.EndedAt, HoldTotal: r.HoldTotal,
		Outcome: r.Outcome, Stage: r.Stage, HostCreates: r.HostCreates, EngagementID: r.EngagementID,
		Popped: r.Popped, Notes: r.Notes, CodeID: r.CodeID, Revision: r.Revision, Receipt: r.Receipt,
		Conferring: r.Conferring, MenuTime: r.MenuTime, QueueTime: r.QueueTime, WrappedAt: r.WrappedAt,
		Consulting: r.Consulting, Conferred: r.Conferred, Left: r.Left, FollowUp: r.FollowUp,
		Title: r.Title, Ticket: r.Ticket, Layout: r.Layout,
	}
	c.Interaction.ID, c.Interaction.Variables = r.InteractionID, r.Variables
	c.Legs.Consulted = r.Consulted
	for _, name := range r.Parties {
		c.Others = append(c.Others, Party{Name: name})
	}
	c.Matching.Chosen, c.Matching.NotListed = r.Record, r.NotListed
	if c.Phase == Done {
		c.Phase, c.WrappedAt = WrapUp, time.Time{} // It was over; whatever brings it back is its wrap-up.
	}
	if c.Phase == Held {
		c.HeldAt = m.now // How long it was held meanwhile, only Webex knows.
	}
	c.Host, _ = m.hostFor(c)
	m.s.Calls[r.Key] = c
	m.s.Order = append(m.s.Order, r.Key)
	m.s.History = slices.DeleteFunc(m.s.History, func(h Record) bool { return h.Key == r.Key })
	return r.Key
}

// remember puts records into the history: the higher revision of a key wins,
// the newest stand first; live calls have no place in it. It also learns the
// ordinals of past offers.
func (m *machine) remember(records ...Record) {
	for _, r := range records {
		// The key of a merged consult still names the leg it began as.
		leg, _, _ := strings.Cut(string(r.Key), ":")
		for _, id := range []InteractionID{r.InteractionID, InteractionID(leg)} {
			if n := ordinal(r.Key); id != "" && n > m.s.Offers[id] {
				m.s.Offers[id] = n
			}
		}
		if _, live := m.s.Calls[r.Key]; live {
			continue
		}
		at := slices.IndexFunc(m.s.History, func(h Record) bool { return h.Key == r.Key })
		switch {
		case at < 0:
			m.s.History = append(m.s.History, r)
		case r.Revision >= m.s.History[at].Revision:
			m.s.History[at] = r
		}
	}
	slices.SortStableFunc(m.s.History, func(a, b Record) int { return b.StartedAt.Compare(a.StartedAt) })
	if len(m.s.History) > historyLimit {
		m.s.History = m.s.History[:historyLimit]
	}
}
