package softphone

import "strings"

// How calls end.

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
		return missedOr(r, c)
	case ConsultFailed:
		if c.Phase == Ringing {
			return missedOr(r, c)
		}
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

// missedOr tells an offer that was refused from one that nobody took.
func missedOr(reason string, c Call) Outcome {
	declined := c.Pending != nil && c.Pending.What == OpDecline
	if declined || strings.Contains(reason, "DECLIN") || strings.Contains(reason, "REJECT") {
		return Rejected
	}
	return MissedOut
}

// missedBy shows the missed-call screen for an offer that this agent let go.
func (m *machine) missedBy(key CallKey, e Notified) {
	c := m.s.Calls[key]
	if e.Name == OutboundFailed {
		m.dialFailed(key, e.Reason)
		return
	}
	m.s.Missed = &Missed{
		Key: key, Number: c.Number, Name: m.callName(c), Queue: c.Queue,
		Reason: e.Reason, Outcome: c.Outcome, At: m.now,
	}
}
