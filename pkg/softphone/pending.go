package softphone

// What a call waits for, and the agent's commands that make it wait.

func (m *machine) await(c *Call, op Op) {
	c.Pending = &Pending{What: op, Until: m.in(confirmWithin)}
}

// clearPending clears what the notification answers and says whether that
// answer is a refusal. A refusal counts for its own interaction only.
func (m *machine) clearPending(c *Call, e Notified) (refused bool) {
	a, ok := answers[e.Name]
	if !ok || c.Pending == nil || c.Pending.What != a.op {
		return false
	}
	c.Pending = nil
	return a.failed
}

// settle drops a wait that the truth has already answered, whichever
// notification brought it.
func settle(c *Call) {
	if c.Pending == nil {
		return
	}
	done := false
	switch c.Pending.What {
	case OpHold:
		done = c.Legs.MainHeld
	case OpAccept:
		done = talking(c.Phase)
	case OpResume:
		done = c.Legs.MainID != "" && !c.Legs.MainHeld && c.Phase == Talking
	case OpEnd:
		done = c.Phase == WrapUp
	case OpRecordingPause:
		done = c.Interaction.Recording.Paused
	case OpRecordingResume:
		done = c.Interaction.Recording.InProgress && !c.Interaction.Recording.Paused
	case OpDial:
		done = c.Interaction.ID != ""
	}
	if done {
		c.Pending = nil
	}
}

func (m *machine) refused(key CallKey, e Notified) {
	op := string(answers[e.Name].op)
	m.problem(Problem{Code: CommandRefused, Args: []string{op, e.Reason}, Key: key, Until: m.in(noticeFor)})
	if e.Name == ContactUnholdFailed {
		m.edit(key, func(c *Call) { c.Ending = false })
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
	if c.Pending != nil && !m.now.Before(c.Pending.Until) {
		op := c.Pending.What
		m.edit(key, func(c *Call) { c.Pending, c.Ending = nil, false })
		m.problem(Problem{Code: NoConfirmation, Args: []string{string(op)}, Key: key})
		m.do(Resync{})
	}
	if at := m.s.autoWrapAt(c); !at.IsZero() && !m.now.Before(at) && c.Pending == nil {
		m.wrapUpSubmitted(key, "")
	}
}

// ---- the agent's commands

// allowed returns the call when the view offers the control.
func (m *machine) allowed(key CallKey, control func(CallView) Can) (Call, bool) {
	c, ok := m.s.Calls[key]
	if !ok || !control(m.s.callView(c)).OK {
		return Call{}, false
	}
	return c, true
}

func (m *machine) answerRequested(key CallKey) {
	if c, ok := m.allowed(key, func(v CallView) Can { return v.CanAnswer }); ok {
		m.edit(key, func(c *Call) { m.await(c, OpAccept) })
		m.do(AcceptTask{ID: c.Interaction.ID})
	}
}

func (m *machine) holdRequested(key CallKey) {
	if c, ok := m.allowed(key, func(v CallView) Can { return v.CanHold }); ok {
		m.edit(key, func(c *Call) { m.await(c, OpHold) })
		m.do(HoldTask{ID: c.Interaction.ID, MediaID: c.Legs.MainID})
	}
}

func (m *machine) resumeRequested(key CallKey) {
	if c, ok := m.allowed(key, func(v CallView) Can { return v.CanResume }); ok {
		m.edit(key, func(c *Call) { m.await(c, OpResume) })
		m.do(UnholdTask{ID: c.Interaction.ID, MediaID: c.Legs.MainID})
	}
}

// endRequested ends a call by one press. Webex refuses to end a held call, so
// that is resumed first; a hold or resume on its way is waited for.
func (m *machine) endRequested(key CallKey) {
	c, ok := m.allowed(key, func(v CallView) Can { return v.CanEnd })
	if !ok {
		return
	}
	switch {
	case c.Interaction.ID == "": // Webex has not named the outdial yet.
		m.edit(key, func(c *Call) { c.Ending = true })
	case c.Pending != nil && (c.Pending.What == OpHold || c.Pending.What == OpResume):
		m.edit(key, func(c *Call) { c.Ending = true })
	case c.Phase == Held:
		m.edit(key, func(c *Call) { c.Ending = true; m.await(c, OpResume) })
		m.do(UnholdTask{ID: c.Interaction.ID, MediaID: c.Legs.MainID})
	default:
		m.end(key)
	}
}

func (m *machine) end(key CallKey) {
	m.edit(key, func(c *Call) { c.Ending = false; m.await(c, OpEnd) })
	m.do(EndTask{ID: m.s.Calls[key].Interaction.ID})
}

// resumeEnding goes on with an End that had to wait.
func (m *machine) resumeEnding(key CallKey) {
	c, ok := m.s.Calls[key]
	if !ok || !c.Ending || c.Pending != nil || c.Interaction.ID == "" {
		return
	}
	switch c.Phase {
	case WrapUp:
		m.edit(key, func(c *Call) { c.Ending = false })
	case Held:
		m.edit(key, func(c *Call) { m.await(c, OpResume) })
		m.do(UnholdTask{ID: c.Interaction.ID, MediaID: c.Legs.MainID})
	default:
		m.end(key)
	}
}

func (m *machine) hostEndRequested(host HostID) {
	for _, key := range m.s.Order {
		if c := m.s.Calls[key]; c.Host == host && c.Channel == Telephony {
			m.endRequested(key)
		}
	}
}

func (m *machine) recordingRequested(key CallKey, pause bool) {
	control, op := func(v CallView) Can { return v.CanContinue }, OpRecordingResume
	if pause {
		control, op = func(v CallView) Can { return v.CanPause }, OpRecordingPause
	}
	c, ok := m.allowed(key, control)
	if !ok {
		return
	}
	m.edit(key, func(c *Call) { m.await(c, op) })
	if pause {
		m.do(PauseRecording{ID: c.Interaction.ID})
	} else {
		m.do(ResumeRecording{ID: c.Interaction.ID})
	}
}

// ---- wrap-up

func (m *machine) notesEdited(e NotesEdited) {
	c, ok := m.s.Calls[e.Key]
	if !ok || c.Notes == e.Text {
		return
	}
	m.edit(e.Key, func(c *Call) { c.Notes = e.Text })
	m.save(e.Key)
}

// prechoose selects the profile's default reason when wrap-up begins.
func (m *machine) prechoose(key CallKey) {
	c := m.s.Calls[key]
	if c.CodeID != "" || m.s.Profile == nil {
		return
	}
	for _, code := range m.s.Profile.WrapUpCodes {
		if code.Default {
			m.edit(key, func(c *Call) { c.CodeID = code.ID })
		}
	}
}

func (m *machine) wrapUpChosen(key CallKey, id string) {
	if m.setCode(key, id) {
		m.save(key)
	}
}

// setCode takes a wrap-up reason that the profile has.
func (m *machine) setCode(key CallKey, id string) bool {
	c, ok := m.s.Calls[key]
	if !ok || c.Submitted || c.CodeID == id || m.s.Profile == nil || nameOf(m.s.Profile.WrapUpCodes, id) == "" {
		return false
	}
	m.edit(key, func(c *Call) { c.CodeID = id })
	return true
}

func (m *machine) wrapUpSubmitted(key CallKey, id string) {
	if id != "" {
		m.setCode(key, id)
	}
	c, ok := m.allowed(key, func(v CallView) Can { return v.CanWrapUp })
	if !ok {
		return
	}
	m.edit(key, func(c *Call) { c.Submitted = true; m.await(c, OpWrapUp) })
	m.save(key)
	m.do(WrapUpTask{ID: c.Interaction.ID, CodeID: c.CodeID, CodeName: nameOf(m.s.Profile.WrapUpCodes, c.CodeID)})
}
