package softphone

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// Calls: from Webex's notifications to phases, and from phases to what HubSpot
// and the ledger are told.

// opens are the notifications that may bring an interaction the phone has not
// seen. Any other for an unknown interaction is noted by nobody.
var opens = []TaskEvent{ContactReserved, OfferContact, OfferConsult, ContactAssigned, ContactSnapshot, ContactMerged, WrapUpStarted}

func (m *machine) notified(e Notified) {
	if m.s.Session != SignedInState || !m.s.Synced || e.Generation < m.s.Gen {
		return // Before the first Synced nothing is known to compare it with.
	}
	if e.Name == ContactMerged {
		m.mergeChild(e)
	}
	self := m.s.Agent.AgentID
	key, ok := m.find(e.Interaction)
	if !ok && m.over(e) {
		return
	}
	before := m.s.Calls[key]
	if e.before(before.At) {
		return // Overtaken by something newer.
	}
	i := e.Interaction
	if ok && len(i.Participants) == 0 && len(i.Media) == 0 {
		i = before.Interaction // Some failures name the interaction and no more.
	}
	i = byName(self, e, before, i)
	phase, _ := derive(self, i)
	if !ok {
		if !slices.Contains(opens, e.Name) || phase == Done {
			return
		}
		key = m.open(i, phase)
		before = m.s.Calls[key]
	}
	c := before
	refused := clearPending(&c, e)
	m.renew(&c, e.Name)
	bound := c.Phase == Dialing && c.Interaction.ID == ""
	m.absorb(&c, i, e.At)
	if !ok && phase == Ringing {
		c.waited(m.s.Agent.AgentID, sinceOr(e.At, m.now))
	}
	c.InQueue = c.InQueue && c.Legs.ConsultID == "" && !queueSettled(e.Name)
	c.Outcome = outcomeBy(e.Name, e.Reason, before)
	m.s.Calls[key] = c

	if lost(e.Name, before) && phase != WrapUp && (e.Name != OutboundFailed || !i.Participants[self].Joined) {
		m.missedBy(key, e)
		m.finish(key)
		return
	}
	if e.Name == OutboundFailed {
		m.dialFailed(key, e.Reason)
		m.tellEnded(key)
	}
	if bound {
		m.save(key) // A reload must find the interaction again.
	}
	m.departed(before, e, i)
	m.enter(key, phase)
	if c, ok := m.s.Calls[key]; ok && c.Matching.Backend == NotAsked && c.Channel == Telephony && e.Name == ContactMerged {
		m.lookUp(key)
		m.loadCard(key)
	}
	if refused {
		m.refused(key, before, e)
	}
	m.partyNews(before, e)
	m.resumeEnding(key)
}

// over says that a notification is of a call that is no more: older than its
// last word, or as old and not what may follow that.
func (m *machine) over(e Notified) bool {
	last, ok := m.s.Past[e.Interaction.ID]
	if !ok || e.At.IsZero() {
		return false
	}
	switch e.Name {
	case ContactReserved, OfferContact, OfferConsult, WrapUpStarted:
		return e.At.Before(last)
	}
	return !e.At.After(last)
}

// before says whether the notification is older than t. One without a time is
// taken as new.
func (e Notified) before(t time.Time) bool { return !e.At.IsZero() && e.At.Before(t) }

// lost names the notifications that take an offer away for good.
func lost(name TaskEvent, c Call) bool {
	switch name {
	case OfferRona, ContactAssignFailed, InviteFailed, OutboundFailed:
		return true
	case ConsultFailed: // For the one who was asked; the other goes on.
		return c.Phase == Ringing
	}
	return false
}

// find returns the open call of an interaction. An outdial is bound by our own
// key in its attributes, else by agent and destination: never by "the next
// offer".
func (m *machine) find(i Interaction) (CallKey, bool) {
	for _, key := range slices.Backward(m.s.Order) {
		if m.s.Calls[key].Interaction.ID == i.ID {
			return key, true
		}
	}
	if !i.Outbound || i.OutdialAgent != m.s.Agent.AgentID {
		return "", false
	}
	for _, key := range m.s.Order {
		c := m.s.Calls[key]
		if c.Direction != Outbound || c.Interaction.ID != "" {
			continue
		}
		if i.CallID == key || i.CallID == "" && (digits(c.Number) == digits(i.ANI) || digits(m.s.Settings.dialled(c.Number)) == digits(i.ANI)) {
			return key, true
		}
	}
	return "", false
}

// open makes a call for an interaction: the one we know from its record when
// it was ours before, else a new offer.
func (m *machine) open(i Interaction, phase Phase) CallKey {
	// An outdial that a colleague asks us about, or hands to us, rings here
	// like any other call.
	outdial := i.Outbound && (i.OutdialAgent == m.s.Agent.AgentID || i.OutdialAgent == "")
	if phase != Ringing && phase != Dialing || outdial {
		if r, ok := m.recordOf(i); ok {
			return m.hydrate(r)
		}
	}
	var n int
	var key CallKey
	for key == "" || m.known(key) {
		m.s.Offers[i.ID]++
		n = m.s.Offers[i.ID]
		key = CallKey(string(i.ID) + ":" + m.s.Agent.AgentID + ":" + strconv.Itoa(n))
	}
	c := Call{Key: key, Ordinal: n, Channel: i.Channel, Direction: Inbound, StartedAt: m.now}
	if outdial {
		c.Direction = Outbound
	}
	m.inherit(&c, i)
	m.s.Calls[key] = c
	m.s.Order = append(m.s.Order, key)
	return key
}

// absorb takes the newest interaction into the call.
func (m *machine) absorb(c *Call, i Interaction, at time.Time) {
	c.Interaction = i
	if !at.IsZero() {
		c.At = at
	}
	if i.Channel != "" {
		c.Channel = i.Channel
	}
	set(&c.Number, i.ANI)
	set(&c.Ours, i.DNIS)
	set(&c.Queue, i.QueueName)
	if c.Name == "" {
		c.Name = i.CustomerName
	}
	was := c.Legs
	_, c.Legs = derive(m.s.Agent.AgentID, i)
	if !c.Legs.Joined {
		c.Legs.Consulted = c.Legs.Consulted || was.Consulted // Who has left was what he was.
	}
	if was.Consulted && c.Legs.ConsultID == "" && c.Legs.Agents >= 2 && !c.Legs.Owner {
		c.Legs.Consulted = true // A guest stays one until he owns the call.
	}
	if c.Legs.Joined && c.Phase != WrapUp {
		c.meet()
	}
}

// meet adds to those who were on our side.
func (c *Call) meet() {
	for _, p := range c.Legs.Parties {
		if p.Self || !p.Joined || p.Kind == Customer || slices.ContainsFunc(c.Others, func(o Party) bool {
			return o.ID == p.ID || o.ID == "" && o.Name == p.called()
		}) {
			continue
		}
		c.Others = append(slices.Clone(c.Others), p)
	}
}

// called is what a party is called where it has no name.
func (p Party) called() string { return cmp.Or(p.Name, p.Number, p.ID) }

// set fills a field once: what was dialled or first said stays.
func set(dst *string, v string) {
	if *dst == "" {
		*dst = v
	}
}

// enter moves a call into a phase and says what follows from that.
func (m *machine) enter(key CallKey, next Phase) {
	c := m.s.Calls[key]
	was := c.Phase
	if c.InQueue && (next == Talking || next == Held || next == Conference) {
		next, c.Legs.Queued = ConsultRinging, true // Webex says nothing until somebody is found.
	}
	if was == WrapUp && next != Done || c.answered() && (next == Ringing || next == Dialing) {
		next = was // A call does not come back to life.
	}
	c.Phase = next
	if c.RingUntil.IsZero() && next == Ringing && c.Interaction.RonaTimeout > 0 {
		c.RingUntil = c.StartedAt.Add(c.Interaction.RonaTimeout)
	}
	if talking(next) && !c.answered() {
		c.AnsweredAt = later(m.now, c.StartedAt)
	}
	c.clock(was, m.now)
	c.Conferred = c.Conferred || next == Conference
	if next == WrapUp && c.EndedAt.IsZero() {
		c.EndedAt = later(m.now, later(c.AnsweredAt, c.StartedAt))
	}
	settle(&c)
	if !consulting(next) && c.Pending == nil {
		c.Target = Target{}
	}
	if !talking(next) {
		c.InQueue = false
	}
	m.s.Calls[key] = c

	if was == "" {
		m.begin(key)
	}
	if talking(next) {
		m.tellAnswered(key)
	}
	switch next {
	case WrapUp:
		m.tellEnded(key)
		m.prechoose(key)
	case Done:
		m.finish(key)
		return
	}
	if was != next {
		m.save(key)
		m.decide(key)
	}
}

func (c Call) answered() bool { return !c.AnsweredAt.IsZero() }

// talking says whether the agent and the customer (or a consulted party) are
// connected, on hold or not.
func talking(p Phase) bool {
	switch p {
	case Talking, Held, ConsultRinging, ConsultingP, Conference:
		return true
	}
	return false
}

// consulting says whether a consult of this call is open.
func consulting(p Phase) bool { return p == ConsultRinging || p == ConsultingP }

// begin tells everybody about a call that is new to this phone.
func (m *machine) begin(key CallKey) {
	m.s.Missed, m.s.Shown = nil, ""
	if m.s.Calls[key].Channel != Telephony {
		return // HubSpot's calling extension knows voice only.
	}
	m.tellStarted(key)
	m.lookUp(key)
	m.loadCard(key)
}

// finish ends a call for good: HubSpot is told what it was not told yet, the
// record gets its last revision, the call becomes history.
func (m *machine) finish(key CallKey) {
	c, ok := m.s.Calls[key]
	if !ok {
		return
	}
	was := c.Phase
	c.Phase, c.Pending, c.Ending, c.InQueue = Done, nil, false, false
	c.clock(was, m.now)
	if c.EndedAt.IsZero() {
		c.EndedAt = later(m.now, later(c.AnsweredAt, c.StartedAt))
	}
	if c.Outcome == "" {
		c.Outcome = outcomeOf(c)
	}
	m.s.Calls[key] = c
	m.tellEnded(key)
	m.tellCompleted(key)
	m.save(key)

	last := m.record(m.s.Calls[key])
	m.past(m.s.Calls[key])
	m.seen()
	delete(m.s.Calls, key)
	m.remember(last)
	m.s.Order = slices.DeleteFunc(m.s.Order, func(k CallKey) bool { return k == key })
	m.s.Problems = slices.DeleteFunc(m.s.Problems, func(p Problem) bool {
		switch p.Code {
		case ConsultRefused, ConsultLeft, CustomerLeft, PartyLeft:
			return p.Key == key
		}
		return p.Key == key && p.Until.IsZero()
	})
}

// past notes when the last word about a call was spoken, so that a copy of an
// old notification does not make it ring again.
func (m *machine) past(c Call) {
	if c.Interaction.ID == "" || c.At.IsZero() {
		return
	}
	for id, at := range m.s.Past {
		if c.At.Sub(at) > keepPast {
			delete(m.s.Past, id)
		}
	}
	m.s.Past[c.Interaction.ID] = c.At
}

func (m *machine) finishAll() {
	for _, key := range slices.Clone(m.s.Order) {
		m.finish(key)
	}
}
