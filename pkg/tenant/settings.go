package tenant

import "time"

// Settings are what an admin may change for a portal. The zero value means the
// defaults.
type Settings struct {
	PopAt         string        `json:"popAt,omitempty"` // ring, connect or off. Defaults to ring.
	PopIn         string        `json:"popIn,omitempty"` // current or new; empty lets the panel choose.
	MatchDeadline time.Duration `json:"matchDeadline,omitempty"`
	SkipMissed    bool          `json:"skipMissed,omitempty"` // Unanswered offers are not logged.
	Region        string        `json:"region,omitempty"`     // ISO 3166-1 alpha-2. Defaults to US.

	Language string `json:"language,omitempty"` // BCP 47, such as de or pt-BR; empty leaves it to agent and browser.
	Theme    string `json:"theme,omitempty"`    // light, dark or contrast; empty leaves it to agent and browser.

	// OwnerFollowsTransfer makes the agent who has the call at last the owner of
	// the activities of those who transferred it.
	OwnerFollowsTransfer bool `json:"ownerFollowsTransfer,omitempty"`

	// VariableProperties maps names of call variables (CAD) to properties of
	// HubSpot's calls. A property that the portal does not have is left out.
	VariableProperties map[string]string `json:"variableProperties,omitempty"`

	// DispositionByCode maps ids or names of wrap-up codes to ids of HubSpot's
	// call dispositions.
	DispositionByCode map[string]string `json:"dispositionByCode,omitempty"`

	// PhoneProperties are more properties of contacts that hold numbers.
	PhoneProperties []string `json:"phoneProperties,omitempty"`

	// NoCallsProperty is the property of contacts that says not to call: any
	// value but empty, false, no, off and 0 does. HubSpot documents no such
	// property of its own (its opt-outs are about e-mail), so the default is
	// whichever the portal has of the names in [NoCallsProperties].
	NoCallsProperty string `json:"noCallsProperty,omitempty"`

	// PopAtOutbound is when the record of an outdial opens: dial, connect or
	// off. Defaults to off: most are dialled from their record.
	PopAtOutbound string `json:"popAtOutbound,omitempty"`

	// PopVariables are searched, in this order, before the number is: an
	// "advanced" pop by what the flow has found out.
	PopVariables []PopVariable `json:"popVariables,omitempty"`

	// StripPrefixes are taken off the caller's number before it is looked up,
	// such as the 9 or 0 that a telephone system adds. The longest one counts.
	StripPrefixes []string `json:"stripPrefixes,omitempty"`

	SkipCompanies bool `json:"skipCompanies,omitempty"` // A number that no contact has is not looked for at companies.
	PreferRecent  bool `json:"preferRecent,omitempty"`  // Of several matches, the one spoken to last is taken.

	// TitleTemplate and BodyTemplate replace the activity's title, and stand in
	// its body before what happened; see [TemplateNames] for what {…} may hold.
	TitleTemplate string `json:"titleTemplate,omitempty"`
	BodyTemplate  string `json:"bodyTemplate,omitempty"`

	// What an activity is associated with beside its record.
	Companies string `json:"companies,omitempty"` // primary, all or off. Defaults to primary.
	Deals     string `json:"deals,omitempty"`     // only (the one open deal, if there is one only), newest (open one), all (open ones) or off. Defaults to only.
	Tickets   string `json:"tickets,omitempty"`   // Likewise.

	// ExcludedNumbers are not logged: E.164 numbers or extensions, or the
	// beginning of some followed by *.
	ExcludedNumbers []string `json:"excludedNumbers,omitempty"`

	// DropAnsweredElsewhere archives, or does not write, the activity of an
	// offer that another agent answered in the end.
	DropAnsweredElsewhere bool `json:"dropAnsweredElsewhere,omitempty"`

	// Outdials of one agent beyond which no more are let through.
	DialsPerMinute int `json:"dialsPerMinute,omitempty"` // Defaults to 20.
	DialsPerHour   int `json:"dialsPerHour,omitempty"`   // Defaults to 240.

	// OutdialANI is the number that people see who are called; empty leaves it to
	// the agent's profile.
	OutdialANI string `json:"outdialAni,omitempty"`

	// StripOutdialPrefixes are taken off a number before it is dialled. The
	// longest one counts.
	StripOutdialPrefixes []string `json:"stripOutdialPrefixes,omitempty"`

	// NewContactProperties are what a contact made for an unknown caller is
	// filled with, beside the number and the name: property to template.
	NewContactProperties map[string]string `json:"newContactProperties,omitempty"`

	// DateFormat is how {date} is written in templates, in UTC; see
	// [FormatDate]. Defaults to yyyy-MM-dd.
	DateFormat string `json:"dateFormat,omitempty"`

	LogCalls  string `json:"logCalls,omitempty"`  // all, inbound, outbound or off. Defaults to all.
	LiveNotes *bool  `json:"liveNotes,omitempty"` // Notes are typed during the call. Defaults to true.
	EditTitle bool   `json:"editTitle,omitempty"` // The call's title is edited with the notes.

	// TicketFor says for which answered calls a ticket is made: off, inbound,
	// outbound or all. Defaults to off. A call that is about one ticket already
	// gets no other.
	TicketFor    string `json:"ticketFor,omitempty"`
	TicketButton bool   `json:"ticketButton,omitempty"` // A ticket can be asked for during the call.

	// TicketSubject is a template, and so are the values of TicketProperties, by
	// property. A property that the portal does not have is left out.
	TicketSubject    string            `json:"ticketSubject,omitempty"` // Defaults to {direction} call, {name}.
	TicketProperties map[string]string `json:"ticketProperties,omitempty"`

	// UpdateTicket writes TicketProperties also to the ticket that the call is
	// about.
	UpdateTicket bool `json:"updateTicket,omitempty"`

	PanelWidth int   `json:"panelWidth,omitempty"` // px, 300 to 1000; 0 leaves it to HubSpot.
	SyncState  *bool `json:"syncState,omitempty"`  // HubSpot is told available and unavailable. Defaults to true.

	// Locked are the settings that agents may not change for themselves:
	// language, theme, popIn, sounds, shortcuts. With layout, the layouts of
	// Desktops change no setting either; see [Settings.Under].
	Locked []string `json:"locked,omitempty"`

	// AllowedOrigins are those of the server's calling hosts that this portal's
	// agents may use; empty means all of them.
	AllowedOrigins []string `json:"allowedOrigins,omitempty"`
}

// A PopVariable finds a record by a call variable: the record of that type
// whose property has the variable's value.
type PopVariable struct {
	Variable   string `json:"variable"`
	ObjectType string `json:"objectType"` // Object type id: 0-1, 0-2, 0-3, 0-5.
	Property   string `json:"property"`   // hs_object_id finds by the record's id.
}

// NoCallsProperties are what contacts are asked for while NoCallsProperty is
// not set: the usual name of an admin's own property, and what HubSpot's syncs
// with Salesforce (DoNotCall) and Dynamics (donotphone) bring.
var NoCallsProperties = []string{"do_not_call", "donotcall", "donotphone"}

// NoCalls are the properties of contacts that say not to call.
func (s Settings) NoCalls() []string {
	if s.NoCallsProperty != "" {
		return []string{s.NoCallsProperty}
	}
	return NoCallsProperties
}

// WithDefaults fills in what is not set.
func (s Settings) WithDefaults() Settings {
	if s.PopAt == "" {
		s.PopAt = "ring"
	}
	if s.MatchDeadline <= 0 {
		s.MatchDeadline = 3 * time.Second
	}
	if s.Region == "" {
		s.Region = "US"
	}
	for _, d := range []struct {
		field *string
		value string
	}{{&s.PopAtOutbound, "off"}, {&s.Companies, "primary"}, {&s.Deals, "only"}, {&s.Tickets, "only"},
		{&s.DateFormat, defaultDateFormat}, {&s.LogCalls, "all"}, {&s.TicketFor, "off"}, {&s.TicketSubject, "{direction} call, {name}"}} {
		if *d.field == "" {
			*d.field = d.value
		}
	}
	for _, flag := range []**bool{&s.LiveNotes, &s.SyncState} {
		if *flag == nil {
			*flag = new(true)
		}
	}
	if s.DialsPerMinute == 0 {
		s.DialsPerMinute = 20
	}
	if s.DialsPerHour == 0 {
		s.DialsPerHour = 240
	}
	return s
}
