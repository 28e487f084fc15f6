package softphone

import "time"

// Notes and wrap-up.

func (m *machine) notesEdited(e NotesEdited) {
	c, ok := m.s.Calls[e.Key]
	if !ok || c.Notes == e.Text {
		return
	}
	m.edit(e.Key, func(c *Call) { c.Notes = e.Text })
	m.save(e.Key)
}

func (m *machine) followUpChosen(e FollowUpChosen) {
	if _, ok := m.s.Calls[e.Key]; ok {
		m.edit(e.Key, func(c *Call) { c.FollowUp = e.FollowUp })
		m.save(e.Key)
	}
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

// autoWrapAt is when the profile's timer submits the wrap-up, zero for never.
// Webex leaves that timer to the client (webexcc-agent-api §7.3).
func (s State) autoWrapAt(c Call) time.Time {
	if c.Phase != WrapUp || c.Submitted || c.NoAutoWrap || s.Profile == nil || !s.Profile.AutoWrapUp || s.Profile.AutoWrapAfter <= 0 {
		return time.Time{}
	}
	if !c.WrapUntil.IsZero() {
		return c.WrapUntil
	}
	return c.EndedAt.Add(s.Profile.AutoWrapAfter)
}

// autoWrapUp submits the wrap-up when its time has come: with the reason that
// stands, which is the chosen or the default one, else with the first.
func (m *machine) autoWrapUp(key CallKey) {
	c := m.s.Calls[key]
	at := m.s.autoWrapAt(c)
	if at.IsZero() || m.now.Before(at) || c.Pending != nil {
		return
	}
	code := ""
	if codes := m.s.Profile.WrapUpCodes; nameOf(codes, c.CodeID) == "" && len(codes) > 0 {
		code = codes[0].ID
	}
	m.wrapUpSubmitted(key, code)
}

// wrapUpExtended puts the automatic wrap-up off, or stops it.
func (m *machine) wrapUpExtended(e WrapUpExtended) {
	c, ok := m.allowed(e.Key, func(v CallView) Can { return v.CanExtend })
	switch {
	case !ok || e.By < 0:
	case e.By == 0:
		m.edit(e.Key, func(c *Call) { c.NoAutoWrap = true })
	default:
		until := m.s.autoWrapAt(c).Add(e.By)
		m.edit(e.Key, func(c *Call) { c.WrapUntil = until })
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
	m.save(key) // The notes are safe before Webex forgets the call.
	m.do(WrapUpTask{ID: c.Interaction.ID, CodeID: c.CodeID, CodeName: nameOf(m.s.Profile.WrapUpCodes, c.CodeID)})
}
