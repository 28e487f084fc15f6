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

	TabSettings Tab = "settings" // These two are opened from anywhere.
	TabHelp     Tab = "help"
)

// Local is what only this panel knows: nothing in it is about the state of a
// call. The zero value is a fresh panel.
type Local struct {
	Tab      Tab
	Back     Tab // Where settings and help were opened.
	MenuOpen bool
	MenuAt   int // The menu item with the focus.

	Number string // Typed into the dial field.
	Search string // Letters typed into the dial field: a name to look for.
	Check  Check  // What the server says of Number.
	ANI    string // Chosen in "Call from"; empty is the settings' or the profile's default.
	KeyAt  int    // The keypad key in the tab order.
	RowAt  int    // The chosen row of what was found.

	Sheet     Sheet
	SheetFrom string            // The control that opened the sheet; it gets the focus back.
	Mending   softphone.CallKey // The record of the history that the sheet is about.
	Mends     map[softphone.CallKey]Mend
	Picker    Picker
	Digits    string // Sent as DTMF since the sheet was opened.
	Found     map[Slot]Found
	Recent    []softphone.Target // Consulted or transferred to in this session, newest first.

	Station StationForm
	Contact ContactForm

	Drafts  map[softphone.CallKey]string    // Notes that were not seen in a view yet.
	Titles  map[softphone.CallKey]string    // Titles, likewise.
	SavedAt map[softphone.CallKey]time.Time // When the notes were last seen saved.

	Variable  VariableForm
	Reason    string                                   // Typed to find a wrap-up reason.
	FollowUps map[softphone.CallKey]softphone.FollowUp // Follow-up tasks that were not seen in a view yet.
	ConsultAt time.Time                                // The consult on stage began to ring.

	Tried     bool   // Wrap-up was submitted without a reason.
	Confirm   string // What the next press of the same control confirms.
	Hint      string // Why the control last pressed does nothing, or what to do.
	NeedsYou  bool   // History shows only what needs the agent.
	BootSince time.Time
	Few       bool // Of long lists only the first rows are drawn, for one frame.

	Prefs        Prefs
	Palette      Palette
	Binding      Action // The action that waits for its new keys.
	BindingNote  string // What speaks against the keys just pressed.
	SoundBlocked bool   // It rings, and nobody hears it.
	Notify       Permission
	About        About

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

// A VariableForm is the call variable that is being edited.
type VariableForm struct {
	Name, Text string
}

// draft is the notes text as the agent left it.
func (l Local) draft(c softphone.CallView) string {
	if text, ok := l.Drafts[c.Key]; ok {
		return text
	}
	return c.Notes
}
