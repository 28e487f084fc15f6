package softphone

import (
	"strings"
	"time"
)

// Settings are the tenant's settings that the phone obeys.
type Settings struct {
	PopAt         string        // "ring" (default), "connect" or "off".
	PopIn         string        // "" picks: this tab while ringing, a new one during a call. "current" or "new" force it.
	MatchDeadline time.Duration // How long to wait for both sources; defaults to 3 s.
	LogMissed     bool          // Unanswered offers are logged.
	Region        string        // Two letters, for showing numbers.
	Language      string        // The admin's choice; empty leaves it to agent and browser.
	Theme         string        // Likewise.

	PopAtOutbound string   // "dial", "connect" or "off" (default).
	PreferRecent  bool     // Of several matches, the one spoken to last is taken.
	Locked        []string // Settings that the agent may not change: language, theme, popIn, sounds, shortcuts.

	PortalID string // Whose settings these are; empty when unknown.
	AppURL   string // HubSpot's own origin, under which records have their pages.

	OutdialANI           string   // Shown to who is called unless the agent chooses; empty: the profile's.
	StripOutdialPrefixes []string // Taken off a number before it is dialled; the longest counts.
	NoLiveNotes          bool     // Notes are typed in the wrap-up only.
	EditTitle            bool     // The agent may write the call's title.
	TicketButton         bool     // The agent may ask for a ticket.
	PanelWidth           int      // px, of HubSpot's calling panel; 0 leaves it to HubSpot.
	NoStateSync          bool     // HubSpot is not told available and unavailable.
}

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
