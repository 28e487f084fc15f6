package softphone

import (
	"strings"
)

// What the settings let the agent write and ask for beside the notes, and what
// they let HubSpot's page be told.

// MaxTitle is the longest title of a call, in characters.
const MaxTitle = 255

func (m *machine) titleEdited(e TitleEdited) {
	c, ok := m.s.Calls[e.Key]
	text := oneLine(e.Text)
	if !ok || !m.s.Settings.EditTitle || c.Title == text {
		return
	}
	m.edit(e.Key, func(c *Call) { c.Title = text })
	m.save(e.Key)
}

// oneLine is a text as a title can be.
func oneLine(text string) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, text))
	return string(runes[:min(len(runes), MaxTitle)])
}

func (m *machine) ticketRequested(key CallKey) {
	if _, ok := m.allowed(key, func(v CallView) Can { return v.CanTicket }); ok {
		m.edit(key, func(c *Call) { c.Ticket = !c.Ticket })
		m.save(key)
	}
}

// title is offered where the notes are.
func (d desk) title() Can {
	live := talking(d.c.Phase) && !d.s.Settings.NoLiveNotes
	return when(d.s.Settings.EditTitle && (live || d.c.Phase == WrapUp), NotHere)
}

// ticket can be asked for until the wrap-up is submitted. What was asked for
// can be taken back even where the button has gone since.
func (d desk) ticket() Can {
	switch {
	case !d.s.Settings.TicketButton && !d.c.Ticket, !talking(d.c.Phase) && d.c.Phase != WrapUp:
		return absent
	}
	return when(!d.c.Submitted, Waiting)
}

// tellWidths asks every HubSpot page once for the width that the settings want.
func (m *machine) tellWidths() {
	want := m.s.Settings.PanelWidth
	if want <= 0 || m.s.Session != SignedInState {
		return
	}
	for _, id := range sortedHosts(m.s.Hosts) {
		h := m.s.Hosts[id]
		if h.Width == want {
			continue
		}
		h.Width = want
		m.s.Hosts[id] = h
		m.do(TellWidth{Host: id, Width: want})
	}
}
