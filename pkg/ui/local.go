package ui

import (
	"time"

	"deskbridge/pkg/softphone"
)

// A Tab is one of the panel's pages.
type Tab string

// The tabs. The zero value is the phone.
const (
	TabPhone   Tab = ""
	TabHistory Tab = "history"
)

// Local is what only this panel knows: nothing in it is about the state of a
// call. The zero value is a fresh panel.
type Local struct {
	Tab      Tab
	MenuOpen bool
	MenuAt   int // The menu item with the focus.

	Number    string // Typed into the dial field.
	NumberBad bool   // Letters were left out of it just now.
	ANI       string // Chosen in "Call from"; empty is the profile's default.
	KeyAt     int    // The keypad key in the tab order.

	Station StationForm
	Contact ContactForm

	Drafts  map[softphone.CallKey]string    // Notes that were not seen in a view yet.
	SavedAt map[softphone.CallKey]time.Time // When the notes were last seen saved.

	Tried     bool   // Wrap-up was submitted without a reason.
	Confirm   string // What the next press of the same control confirms.
	Hint      string // Why the control last pressed does nothing, or what to do.
	NeedsYou  bool   // History shows only what needs the agent.
	BootSince time.Time

	Polite, Assertive string // The live regions' texts.
}

// A StationForm is the station screen as filled in so far.
type StationForm struct {
	Touched  bool // Else the fields follow the profile.
	Option   softphone.LoginOption
	Number   string
	TeamID   string
	Remember bool
	Tried    bool // Start shift was pressed: problems are shown.
}

// A ContactForm is the small form that creates a contact.
type ContactForm struct {
	Open        bool
	First, Last string
	Sent        bool
}

// draft is the notes text as the agent left it.
func (l Local) draft(c softphone.CallView) string {
	if text, ok := l.Drafts[c.Key]; ok {
		return text
	}
	return c.Notes
}
