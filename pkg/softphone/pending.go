package softphone

import "slices"

// What a call waits for. Webex answers a command by a later notification, so
// waiting is nothing but a note of it with a deadline.

// An answer says which operations a notification confirms or refuses.
type answer struct {
	failed bool
	ops    []Op
}

func confirms(ops ...Op) answer { return answer{ops: ops} }
func refuses(ops ...Op) answer  { return answer{failed: true, ops: ops} }

// answers has what only the name of a notification says. Most confirmations
// are seen in the interaction, see settle.
var answers = map[TaskEvent]answer{
	ContactAssigned:         confirms(OpAccept),
	Consulting:              confirms(OpAccept, OpConsult),
	ContactAssignFailed:     refuses(OpAccept),
	ContactHeld:             confirms(OpHold),
	ContactHoldFailed:       refuses(OpHold, OpSwap),
	ContactUnheld:           confirms(OpResume),
	ContactUnholdFailed:     refuses(OpResume, OpSwap),
	RecordingPaused:         confirms(OpRecordingPause),
	RecordingPauseFailed:    refuses(OpRecordingPause),
	RecordingResumed:        confirms(OpRecordingResume),
	RecordingResumeFailed:   refuses(OpRecordingResume),
	WrapUpStarted:           confirms(OpEnd),
	ContactEnded:            confirms(OpEnd),
	ContactUnassigned:       confirms(OpEnd),
	ContactEndFailed:        refuses(OpEnd),
	WrappedUp:               confirms(OpWrapUp),
	WrapUpFailed:            refuses(OpWrapUp),
	ContactReserved:         confirms(OpDial),
	OfferContact:            confirms(OpDial),
	ConsultCreated:          confirms(OpConsult),
	ConsultFailed:           confirms(OpConsult, OpConsultEnd, OpSwap, OpMerge, OpConsultTransfer),
	CtqFailed:               confirms(OpConsult, OpConsultEnd),
	CtqCancelled:            confirms(OpConsult, OpConsultEnd),
	ConsultEnded:            confirms(OpConsult, OpConsultEnd, OpSwap, OpMerge, OpConsultTransfer),
	ConsultEndFailed:        refuses(OpConsultEnd),
	CtqCancelFailed:         refuses(OpConsultEnd),
	ConsultConferenced:      confirms(OpMerge),
	ParticipantJoined:       confirms(OpMerge),
	ConsultConferenceFailed: refuses(OpMerge),
	ConsultTransferred:      confirms(OpConsultTransfer),
	ConsultTransferFailed:   refuses(OpConsultTransfer),
	BlindTransferred:        confirms(OpTransfer),
	VteamTransferred:        confirms(OpTransfer),
	BlindTransferFailed:     refuses(OpTransfer),
	VteamTransferFailed:     refuses(OpTransfer),
	ParticipantLeaveFailed:  refuses(OpLeave, OpHandOver),
	ParticipantDropFailed:   refuses(OpDrop),
	ConferenceTransferred:   confirms(OpHandOver, OpConsultTransfer),
	ConferenceTransferError: refuses(OpHandOver, OpConsultTransfer),
}

func (m *machine) await(c *Call, op Op) {
	c.Pending = &Pending{What: op, Until: m.in(confirmWithin)}
}

// waits says whether the call waits for one of the operations.
func (c Call) waits(ops ...Op) bool {
	return c.Pending != nil && slices.Contains(ops, c.Pending.What)
}

// clearPending clears what the notification answers and says whether that
// answer is a refusal. A refusal counts for its own interaction only.
func clearPending(c *Call, e Notified) (refused bool) {
	a, ok := answers[e.Name]
	if !ok || !c.waits(a.ops...) {
		return false
	}
	c.Pending = nil
	return a.failed
}

// renew gives a command that Webex says it is carrying out its time anew.
func (m *machine) renew(c *Call, name TaskEvent) {
	if name == ConsultTransferring && c.waits(OpConsultTransfer) || name == ConsultConferencing && c.waits(OpMerge) {
		c.Pending = &Pending{What: c.Pending.What, Until: m.in(confirmWithin)}
	}
}

// settle drops a wait that the truth has already answered, whichever
// notification brought it, or that has lost its object.
func settle(c *Call) {
	if c.Pending == nil {
		return
	}
	done := c.Phase == WrapUp && c.Pending.What != OpWrapUp
	switch c.Pending.What {
	case OpHold:
		done = done || c.Legs.MainHeld
	case OpAccept, OpDecline:
		done = done || talking(c.Phase)
	case OpResume:
		done = done || c.Legs.MainID != "" && !c.Legs.MainHeld && (c.Phase == Talking || c.Phase == Conference)
	case OpRecordingPause:
		done = done || c.Interaction.Recording.Paused
	case OpRecordingResume:
		done = done || c.Interaction.Recording.InProgress && !c.Interaction.Recording.Paused
	case OpDial:
		done = done || c.Interaction.ID != ""
	case OpConsult:
		done = done || c.Legs.ConsultID != "" && consulting(c.Phase) || c.Pending.Until.IsZero() && !c.InQueue
	case OpConsultEnd, OpMerge, OpConsultTransfer:
		done = done || !consulting(c.Phase)
	case OpSwap:
		done = done || !consulting(c.Phase) || c.Legs.MainHeld != c.Pending.Main
	case OpLeave, OpHandOver:
		done = done || c.Phase != Conference
	case OpDrop:
		done = done || c.Phase != Conference || !slices.ContainsFunc(c.Legs.Parties, func(p Party) bool { return p.ID == c.Pending.Party })
	}
	if done {
		c.Pending = nil
	}
}

// refused says which command Webex would not carry out. A chain that ends the
// call stops when a step of its own is refused.
func (m *machine) refused(key CallKey, before Call, e Notified) {
	op := before.Pending.What
	m.problem(Problem{Code: CommandRefused, Args: []string{string(op), e.Reason}, Key: key, Until: m.in(noticeFor)})
	m.edit(key, func(c *Call) { c.fail(op) })
}

// fail takes back what the panel did in advance of a command's success.
func (c *Call) fail(op Op) {
	switch op {
	case OpResume, OpConsultEnd, OpEnd:
		c.Ending = false
	case OpConsult:
		c.InQueue, c.Target = false, Target{}
	case OpTransfer:
		c.Target = Target{}
	case OpWrapUp:
		c.Submitted, c.NoAutoWrap = false, true // From here on it is the agent's decision.
	}
}

// edit changes a call in place, if it is still there.
func (m *machine) edit(key CallKey, f func(*Call)) {
	if c, ok := m.s.Calls[key]; ok {
		f(&c)
		m.s.Calls[key] = c
	}
}

// tickCall looks at the deadlines of one call.
func (m *machine) tickCall(key CallKey) {
	c := m.s.Calls[key]
	if c.Matching.open() && !m.now.Before(c.Matching.Until) {
		m.edit(key, func(c *Call) { c.Matching.close() })
		m.decide(key)
	}
	if p := c.Pending; p != nil && !p.Until.IsZero() && !m.now.Before(p.Until) {
		m.edit(key, func(c *Call) { c.Pending, c.Ending = nil, false; c.fail(p.What) })
		m.problem(Problem{Code: NoConfirmation, Args: []string{string(p.What)}, Key: key})
		m.do(Resync{})
	}
	m.autoWrapUp(key)
}
