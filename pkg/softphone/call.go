package softphone

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Calls: from Webex's notifications to phases, and from phases to what HubSpot
// and the ledger are told.

// answers says which notification confirms or refuses which operation.
var answers = map[TaskEvent]struct {
	op     Op
	failed bool
}{
	ContactAssigned:       {OpAccept, false},
	ContactAssignFailed:   {OpAccept, true},
	ContactHeld:           {OpHold, false},
	ContactHoldFailed:     {OpHold, true},
	ContactUnheld:         {OpResume, false},
	ContactUnholdFailed:   {OpResume, true},
	RecordingPaused:       {OpRecordingPause, false},
	RecordingPauseFailed:  {OpRecordingPause, true},
	RecordingResumed:      {OpRecordingResume, false},
	RecordingResumeFailed: {OpRecordingResume, true},
	WrapUpStarted:         {OpEnd, false},
	ContactEnded:          {OpEnd, false},
	ContactUnassigned:     {OpEnd, false},
	ContactEndFailed:      {OpEnd, true},
	WrappedUp:             {OpWrapUp, false},
	WrapUpFailed:          {OpWrapUp, true},
	ContactReserved:       {OpDial, false},
	OfferContact:          {OpDial, false},
}

// opens are the notifications that may bring an interaction the phone has not
// seen. Any other for an unknown interaction is noted by nobody.
var opens = []TaskEvent{ContactReserved, OfferContact, OfferConsult, ContactAssigned, ContactSnapshot, ContactMerged, WrapUpStarted}

func (m *machine) notified(e Notified) {
	if m.s.Session != SignedInState || !m.s.Synced || e.Generation < m.s.Gen {
		return // Before the first Synced nothing is known to compare it with.
	}
	i := wrapUpBy(e.Name, m.s.Agent.AgentID, e.Interaction)
	phase, _ := derive(m.s.Agent.AgentID, i)

	key, ok := m.find(i)
	if !ok {
		if !slices.Contains(opens, e.Name) || phase == Done {
			return
		}
		key = m.open(i, phase)
	}
	c := m.s.Calls[key]
	if !e.At.IsZero() && e.At.Before(c.At) {
		return // Overtaken by something newer.
	}
	refused := m.clearPending(&c, e)
	bound := c.Phase == Dialing && c.Interaction.ID == ""
	m.absorb(&c, i, e.At)
	c.Outcome = outcomeBy(e.Name, e.Reason, c)
	m.s.Calls[key] = c

	if lost(e.Name) && phase != WrapUp && (e.Name != OutboundFailed || !i.Participants[m.s.Agent.AgentID].Joined) {
		m.missedBy(key, e)
		m.finish(key)
		return
	}
	if e.Name == OutboundFailed {
		m.problem(Problem{Code: DialFailed, Args: []string{e.Reason}, Key: key, Until: m.in(noticeFor)})
		m.tellEnded(key)
	}
	if bound {
		m.save(key) // A reload must find the interaction again.
	}
	m.enter(key, phase)
	if refused {
		m.refused(key, e)
	}
	m.resumeEnding(key)
}

// wrapUpBy puts what only the event's name says about wrap-up into the
// interaction, so that derive needs nothing else.
func wrapUpBy(name TaskEvent, self string, i Interaction) Interaction {
	own, ok := i.Participants[self]
	switch name {
	case WrapUpStarted, ContactUnassigned, VteamTransferred:
		own.WrapUp = !own.WrappedUp
	case WrappedUp:
		own.WrapUp, own.WrappedUp = false, true
	case ContactAssigned:
		own.Joined = true
	default:
		return i
	}
	if !ok {
		own.ID, own.Kind = self, AgentParty
	}
	parties := make(map[string]Participant, len(i.Participants)+1)
	for id, p := range i.Participants {
		parties[id] = p
	}
	parties[self] = own
	i.Participants = parties
	return i
}

// lost names the notifications that take an offer away for good.
func lost(name TaskEvent) bool {
	switch name {
	case OfferRona, ContactAssignFailed, InviteFailed, OutboundFailed:
		return true
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
		if i.CallID == key || i.CallID == "" && digits(c.Number) == digits(i.ANI) {
			return key, true
		}
	}
	return "", false
}

// open makes a call for an interaction: the one we know from its record when
// it was ours before, else a new offer.
func (m *machine) open(i Interaction, phase Phase) CallKey {
	if phase != Ringing && phase != Dialing || i.Outbound {
		if r, ok := m.recordOf(i); ok {
			return m.hydrate(r)
		}
	}
	m.s.Offers[i.ID]++
	n := m.s.Offers[i.ID]
	key := CallKey(string(i.ID) + ":" + m.s.Agent.AgentID + ":" + strconv.Itoa(n))
	c := Call{Key: key, Ordinal: n, Channel: i.Channel, Direction: Inbound, StartedAt: m.now}
	if i.Outbound {
		c.Direction = Outbound
	}
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
	_, c.Legs = derive(m.s.Agent.AgentID, i)
}

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
	if was == WrapUp && next != Done || c.answered() && (next == Ringing || next == Dialing) {
		next = was // A call does not come back to life.
	}
	c.Phase = next
	if c.RingUntil.IsZero() && next == Ringing && c.Interaction.RonaTimeout > 0 {
		c.RingUntil = c.StartedAt.Add(c.Interaction.RonaTimeout)
	}
	if talking(next) && !c.answered() {
		c.AnsweredAt = m.now
	}
	if next == Held && was != Held {
		c.HeldAt = heldSince(c, m.now)
	}
	if was == Held && next != Held && !c.HeldAt.IsZero() {
		c.HoldTotal += m.now.Sub(c.HeldAt)
		c.HeldAt = time.Time{}
	}
	if next == WrapUp && c.EndedAt.IsZero() {
		c.EndedAt = m.now
	}
	settle(&c)
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

func heldSince(c Call, now time.Time) time.Time {
	if t := c.Legs.MainHeldAt; !t.IsZero() && t.Before(now) && c.AnsweredAt.Before(t) {
		return t
	}
	return now
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

// begin tells everybody about a call that is new to this phone.
func (m *machine) begin(key CallKey) {
	m.s.Missed = nil
	if m.s.Calls[key].Channel != Telephony {
		return // HubSpot's calling extension knows voice only.
	}
	m.tellStarted(key)
	m.lookUp(key)
}

// finish ends a call for good: HubSpot is told what it was not told yet, the
// record gets its last revision, the call becomes history.
func (m *machine) finish(key CallKey) {
	c, ok := m.s.Calls[key]
	if !ok {
		return
	}
	if c.Phase == Held && !c.HeldAt.IsZero() {
		c.HoldTotal += m.now.Sub(c.HeldAt)
		c.HeldAt = time.Time{}
	}
	if c.EndedAt.IsZero() {
		c.EndedAt = m.now
	}
	c.Phase, c.Pending = Done, nil
	if c.Outcome == "" {
		c.Outcome = outcomeOf(c)
	}
	m.s.Calls[key] = c
	m.tellEnded(key)
	m.tellCompleted(key)
	m.save(key)

	last := m.record(m.s.Calls[key])
	delete(m.s.Calls, key)
	m.remember(last)
	m.s.Order = slices.DeleteFunc(m.s.Order, func(k CallKey) bool { return k == key })
	m.s.Problems = slices.DeleteFunc(m.s.Problems, func(p Problem) bool {
		return p.Key == key && p.Until.IsZero()
	})
}

func (m *machine) finishAll() {
	for _, key := range slices.Clone(m.s.Order) {
		m.finish(key)
	}
}

// outcomeOf is the outcome that the call's own course implies.
func outcomeOf(c Call) Outcome {
	switch {
	case c.answered():
		return Completed
	default:
		return Canceled // Whoever called gave up before anybody answered.
	}
}

// outcomeBy is the outcome that a notification names, else the known one.
func outcomeBy(name TaskEvent, reason string, c Call) Outcome {
	if c.Outcome != "" || c.answered() && name != OutboundFailed {
		return c.Outcome
	}
	r := strings.ToUpper(reason)
	switch name {
	case OfferRona:
		if strings.Contains(r, "DECLIN") || strings.Contains(r, "REJECT") {
			return Rejected
		}
		return MissedOut
	case ContactAssignFailed, InviteFailed:
		return MissedOut
	case OutboundFailed:
		switch {
		case strings.Contains(r, "BUSY"):
			return Busy
		case strings.Contains(r, "ANSWER"):
			return NoAnswer
		default:
			return Failed
		}
	}
	return c.Outcome
}

// missedBy shows the missed-call screen for an offer that this agent let go.
func (m *machine) missedBy(key CallKey, e Notified) {
	c := m.s.Calls[key]
	if e.Name == OutboundFailed {
		m.problem(Problem{Code: DialFailed, Args: []string{e.Reason}, Key: key, Until: m.in(noticeFor)})
		return
	}
	m.s.Missed = &Missed{
		Key: key, Number: c.Number, Name: m.callName(c), Queue: c.Queue,
		Reason: e.Reason, Outcome: c.Outcome, At: m.now,
	}
}
