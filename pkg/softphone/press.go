package softphone

import (
	"slices"
	"strings"
)

// The agent's commands to a call that make it wait.

// allowed returns the call when the view offers the control.
func (m *machine) allowed(key CallKey, control func(CallView) Can) (Call, bool) {
	c, ok := m.s.Calls[key]
	if !ok || !control(m.s.callView(c)).OK {
		return Call{}, false
	}
	return c, true
}

// ask sends a command to Webex and waits for its confirmation.
func (m *machine) ask(key CallKey, op Op, command Command) {
	m.edit(key, func(c *Call) { m.await(c, op) })
	m.do(command)
}

func (m *machine) answerRequested(key CallKey) {
	c, ok := m.allowed(key, func(v CallView) Can { return v.CanAnswer })
	switch {
	case !ok:
	case c.Legs.Consulted:
		m.ask(key, OpAccept, AcceptConsult{ID: c.Interaction.ID})
	default:
		m.ask(key, OpAccept, AcceptTask{ID: c.Interaction.ID})
	}
}

func (m *machine) declineRequested(key CallKey) {
	if c, ok := m.allowed(key, func(v CallView) Can { return v.CanDecline }); ok {
		m.ask(key, OpDecline, DeclineTask{ID: c.Interaction.ID})
	}
}

func (m *machine) muteRequested(e MuteRequested) {
	if c, ok := m.allowed(e.Key, func(v CallView) Can { return v.CanMute }); ok {
		m.do(MuteTask{ID: c.Interaction.ID, On: e.On})
	}
}

func (m *machine) muteChanged(e MuteChanged) {
	if key, ok := m.find(Interaction{ID: e.ID}); ok {
		m.edit(key, func(c *Call) { c.Muted = e.On })
	}
}

// digitsRequested sends what a telephone keypad has; anything else is nobody's
// tone.
func (m *machine) digitsRequested(e DigitsRequested) {
	c, ok := m.allowed(e.Key, func(v CallView) Can { return v.CanKeypad })
	tones := "0123456789*#"
	if m.s.Media.DigitsOnly {
		tones = "0123456789"
	}
	if ok && e.Digits != "" && strings.Trim(e.Digits, tones) == "" {
		m.do(SendDigits{ID: c.Interaction.ID, Digits: e.Digits})
	}
}

func (m *machine) variableEdited(e VariableEdited) {
	c, ok := m.allowed(e.Key, func(v CallView) Can { return v.CanEditVariable })
	if !ok {
		return
	}
	for _, x := range c.Interaction.Variables {
		if x.Name == e.Name && x.Editable && !x.Hidden && x.Value != e.Value {
			m.do(UpdateVariable{ID: c.Interaction.ID, Name: e.Name, Value: e.Value})
		}
	}
}

func (m *machine) holdRequested(key CallKey) {
	if c, ok := m.allowed(key, func(v CallView) Can { return v.CanHold }); ok {
		m.ask(key, OpHold, HoldTask{ID: c.Interaction.ID, MediaID: c.Legs.MainID})
	}
}

func (m *machine) resumeRequested(key CallKey) {
	if c, ok := m.allowed(key, func(v CallView) Can { return v.CanResume }); ok {
		m.resume(key, c)
	}
}

func (m *machine) resume(key CallKey, c Call) {
	m.ask(key, OpResume, UnholdTask{ID: c.Interaction.ID, MediaID: c.Legs.MainID})
}

// endRequested ends a call by one press. Webex refuses to end a held call and
// one with a consult open, so the consult is ended and the call resumed first;
// what is on its way is waited for.
func (m *machine) endRequested(key CallKey) {
	c, ok := m.allowed(key, func(v CallView) Can { return v.CanEnd })
	if !ok {
		return
	}
	m.edit(key, func(c *Call) { c.Ending = true })
	switch {
	case c.Interaction.ID == "": // Webex has not named the outdial yet.
	case c.Pending == nil, c.InQueue && c.waits(OpConsult), c.waits(OpRecordingPause, OpRecordingResume, OpDial):
		m.goOnEnding(key)
	}
}

// resumeEnding goes on with an End that had to wait.
func (m *machine) resumeEnding(key CallKey) {
	if c, ok := m.s.Calls[key]; ok && c.Ending && c.Pending == nil && c.Interaction.ID != "" {
		m.goOnEnding(key)
	}
}

// goOnEnding takes the next step towards the end of the call.
func (m *machine) goOnEnding(key CallKey) {
	c := m.s.Calls[key]
	switch {
	case c.Phase == WrapUp:
		m.edit(key, func(c *Call) { c.Ending = false })
	case consulting(c.Phase):
		m.endConsult(key, c)
	case c.Phase == Held, c.Phase == Conference && c.Legs.MainHeld:
		m.resume(key, c)
	default:
		m.edit(key, func(c *Call) { c.Ending = false })
		m.ask(key, OpEnd, EndTask{ID: c.Interaction.ID})
	}
}

// hostEndRequested is HubSpot's own button. Where ending the whole call is not
// ours to do, we leave it.
func (m *machine) hostEndRequested(host HostID) {
	for _, key := range slices.Clone(m.s.Order) {
		c := m.s.Calls[key]
		if c.Host != host || c.Channel != Telephony {
			continue
		}
		switch v := m.s.callView(c); {
		case v.CanEnd.OK:
			m.endRequested(key)
		case v.CanLeave.OK:
			m.leaveRequested(key)
		case v.CanEndConsult.OK:
			m.consultEndRequested(key)
		case v.CanDecline.OK:
			m.declineRequested(key)
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
	if pause {
		m.ask(key, op, PauseRecording{ID: c.Interaction.ID})
	} else {
		m.ask(key, op, ResumeRecording{ID: c.Interaction.ID})
	}
}
