package softphone

import "time"

// How long each part of a call took.

// waited keeps how long the customer was in the menu and in the queue before
// this offer, at the time at, by Webex's clock. Both are known only of offers
// that came from the queue: an agent who was connected before has taken the
// customer out of it, and what a consult waits for is nobody's queue.
func (c *Call) waited(self string, at time.Time) {
	i := c.Interaction
	if i.QueuedAt.IsZero() || i.QueueName == "" || c.Direction != Inbound || c.Legs.Consulted {
		return
	}
	first, last := c.Ordinal == 1, true
	for id, p := range i.Participants {
		if id == self || p.Kind != AgentParty || !p.Joined && p.JoinedAt.IsZero() {
			continue
		}
		first = false
		last = last && p.JoinedAt.Before(i.QueuedAt) && !p.JoinedAt.IsZero()
	}
	if first && !i.CreatedAt.IsZero() {
		c.MenuTime = max(i.QueuedAt.Sub(i.CreatedAt), 0)
	}
	if last {
		c.QueueTime = max(at.Sub(i.QueuedAt), 0)
	}
}

// clock keeps the times of hold, consult, conference and wrap-up as the phase
// changes.
func (c *Call) clock(was Phase, now time.Time) {
	if c.Phase == Held && was != Held {
		c.HeldAt = now
		if !consulting(was) { // Else the time before the consult is counted already.
			c.HeldAt = heldSince(*c, now)
		}
	}
	if c.Phase != Held && was == Held && !c.HeldAt.IsZero() {
		c.HoldTotal += spent(c.HeldAt, now)
		c.HeldAt = time.Time{}
	}
	if c.Phase == ConsultingP && c.ConsultAt.IsZero() {
		c.ConsultAt = now
		if was == ConsultingP { // Met again after a reload.
			c.ConsultAt = consultSince(*c, now)
		}
	}
	if c.Phase != ConsultingP && !c.ConsultAt.IsZero() {
		c.Consulting += spent(c.ConsultAt, now)
		c.ConsultAt = time.Time{}
	}
	if c.Phase == Done && was == WrapUp && c.WrappedAt.IsZero() {
		c.WrappedAt = later(now, c.EndedAt)
	}
	if c.Phase == Conference && c.ConferAt.IsZero() {
		c.ConferAt = now
		if was == Conference { // Met again after a reload.
			c.ConferAt = conferSince(*c, now)
		}
	}
	if c.Phase != Conference && !c.ConferAt.IsZero() {
		c.Conferring += spent(c.ConferAt, now)
		c.ConferAt = time.Time{}
	}
}

// spent is the time from then to now, none where the clock was set back.
func spent(then, now time.Time) time.Duration { return max(now.Sub(then), 0) }

// later is the later of two times: a clock that was set back puts no end before
// its beginning.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// consultSince is when the later of the two sides joined.
func consultSince(c Call, now time.Time) time.Time {
	since := time.Time{}
	for _, p := range c.Legs.Parties {
		at := c.Interaction.Participants[p.ID].JoinedAt
		if (p.Self || p.ID == c.Legs.ConsultPeer) && at.After(since) && at.Before(now) {
			since = at
		}
	}
	return sinceOr(since, now)
}

func heldSince(c Call, now time.Time) time.Time {
	if t := c.Legs.MainHeldAt; !t.IsZero() && t.Before(now) && c.AnsweredAt.Before(t) {
		return t
	}
	return now
}

// conferSince is when a conference began that is met again after a reload: all
// time since two of us were on the line was spent in consults or conferences,
// and what of them was over is known.
func conferSince(c Call, now time.Time) time.Time {
	var own, first time.Time
	for _, p := range c.Legs.Parties {
		at := c.Interaction.Participants[p.ID].JoinedAt
		switch {
		case !p.Main || p.Kind == Customer || at.IsZero():
		case p.Self:
			own = at
		case first.IsZero() || at.Before(first):
			first = at
		}
	}
	if first.IsZero() && !c.Legs.Consulted {
		return now
	}
	first = later(first, later(own, c.AnsweredAt))
	if since := first.Add(c.Consulting + c.Conferring); since.Before(now) {
		return since
	}
	return now
}
