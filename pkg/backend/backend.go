// Package backend is the contract between the widget and its own server:
// routes, versioned types and a client. It holds no logic of either side.
//
// Every request but the sign-in ones carries the session token as a bearer and
// the contract's version in the header Deskbridge-Contract. A server that
// cannot serve that version answers 426 with an [Error] that says so.
package backend

import "encoding/json"

// Version is the contract's version. It rises when an old widget would
// misunderstand a new server or the other way round.
const Version = "1"

// VersionHeader carries [Version] on every request and answer.
const VersionHeader = "Deskbridge-Contract"

// The routes. {key} is a record's key, path-escaped.
const (
	LoginPath        = "/auth/login"    // GET in the popup; query: challenge, agent (login hint)
	CallbackPath     = "/auth/callback" // GET, Webex's redirect
	ConfirmPath      = "/auth/confirm"  // POST from the popup when its opener was cut
	SessionPath      = "/api/session"   // POST exchange, GET who am I, DELETE sign out
	TokenPath        = "/api/token"     // GET a Webex access token, POST that Webex refused it
	SettingsPath     = "/api/settings"  // GET, POST with what a layout sets
	ConfigPath       = "/api/config"    // GET the agent's Webex configuration, cached
	InteractionsPath = "/api/interactions"
	InteractionPath  = "/api/interactions/{key}" // PUT, GET
	LookupPath       = "/api/lookup"             // POST: numbers stay out of URLs
	ContactsPath     = "/api/contacts"           // POST
	DirectoryPath    = "/api/directory"          // POST: what is typed stays out of URLs
	NumberPath       = "/api/number"             // POST
	CardPath         = "/api/card"               // POST
	DialPath         = "/api/dial"               // POST, before an outdial
)

// Exchange is the body of POST /api/session. Verifier is the secret whose
// S256 challenge opened the popup. With Code it redeems the one-time code that
// the popup handed over; without, it asks whether the popup has been confirmed
// (202 while it has not).
//
// Inside the Agent Desktop nobody signs in again: there WebexToken, the access
// token that the Desktop's SDK hands out, stands alone. The backend asks Webex
// whose it is.
type Exchange struct {
	Verifier   string `json:"verifier,omitempty"`
	Code       string `json:"code,omitempty"`
	WebexToken string `json:"webexToken,omitempty"`
}

// Session is the answer to an exchange and to GET /api/session (then without
// Token).
type Session struct {
	Token     string `json:"token,omitempty"`
	ExpiresAt int64  `json:"expiresAt"` // ms
	Agent     Agent  `json:"agent"`
}

// Agent is who is signed in.
type Agent struct {
	AgentID string `json:"agentId"` // Webex CI user id (UUID).
	OrgID   string `json:"orgId"`
	Name    string `json:"name"`
	Email   string `json:"email"`
}

// Token is a Webex access token for this agent. It lives in memory only.
type Token struct {
	AccessToken string `json:"accessToken"`
	ExpiresAt   int64  `json:"expiresAt"` // ms
}

// RefusedToken is the body of POST /api/token: the access token that Webex
// answered 401 to. The answer is another [Token].
type RefusedToken struct {
	Stale string `json:"stale"`
}

// SettingsQuery is the body of POST /api/settings: what the Desktop's layout
// sets, and the portal where it names one. Empty is the same as GET.
type SettingsQuery struct {
	PortalID string `json:"portalId,omitempty"`
	Layout   Layout `json:"layout,omitempty"`
}

// Layout is a JSON object: the properties of our element in an Agent Desktop's
// layout that stand in for settings of the portal, by name. At most
// [MaxLayout] bytes. What the admin has locked, or what is not valid, is left
// as the portal has it.
type Layout = json.RawMessage

// MaxLayout is the longest [Layout], in bytes.
const MaxLayout = 16 << 10

// Settings are the tenant's settings and where Webex is reached.
type Settings struct {
	WebexBase string `json:"webexBase"` // Gateway base URL without trailing slash.

	PopAt           string `json:"popAt"`           // ring, connect, off
	PopIn           string `json:"popIn"`           // "", current, new
	MatchDeadlineMs int64  `json:"matchDeadlineMs"` //
	LogMissed       bool   `json:"logMissed"`
	Region          string `json:"region"`             // ISO 3166-1 alpha-2
	Language        string `json:"language,omitempty"` // BCP 47; empty leaves it to agent and browser.
	Theme           string `json:"theme,omitempty"`    // light, dark, contrast; empty leaves it to agent and browser.

	PopAtOutbound  string   `json:"popAtOutbound,omitempty"`  // dial, connect, off
	PreferRecent   bool     `json:"preferRecent,omitempty"`   // Of several matches, the one spoken to last is taken.
	Locked         []string `json:"locked,omitempty"`         // Settings that the agent may not change.
	AllowedOrigins []string `json:"allowedOrigins,omitempty"` // Calling hosts; empty for all that the page knows.

	PortalID string `json:"portalId,omitempty"` // Whose settings these are.
	AppURL   string `json:"appUrl,omitempty"`   // HubSpot's own origin, under which records have their pages.

	OutdialANI           string   `json:"outdialAni,omitempty"`           // Shown to who is called; empty: the profile's.
	StripOutdialPrefixes []string `json:"stripOutdialPrefixes,omitempty"` // Taken off before dialling; the longest counts.
	NoLiveNotes          bool     `json:"noLiveNotes,omitempty"`          // Notes are typed in the wrap-up only.
	EditTitle            bool     `json:"editTitle,omitempty"`            // The title is edited with the notes.
	TicketButton         bool     `json:"ticketButton,omitempty"`         // A ticket can be asked for during the call.
	PanelWidth           int      `json:"panelWidth,omitempty"`           // px; 0 leaves it to HubSpot.
	NoStateSync          bool     `json:"noStateSync,omitempty"`          // HubSpot is not told available and unavailable.
}

// Config is the agent's Webex configuration as the widget needs it: the same
// meaning as softphone.Profile, gathered by the server from the configuration
// GETs and cached per org and profile.
type Config struct {
	LoginOptions      []string `json:"loginOptions"`
	DefaultNumber     string   `json:"defaultNumber,omitempty"`
	ForceDefault      bool     `json:"forceDefault,omitempty"`
	DialNumberPattern []string `json:"dialNumberPattern,omitempty"`
	Teams             []Named  `json:"teams"`
	IdleCodes         []Code   `json:"idleCodes"`
	WrapUpCodes       []Code   `json:"wrapUpCodes"`
	OutdialEnabled    bool     `json:"outdialEnabled"`
	OutdialEntryPoint string   `json:"outdialEntryPoint,omitempty"`
	OutdialANIs       []ANI    `json:"outdialANIs,omitempty"`
	EndCallEnabled    bool     `json:"endCallEnabled"`
	EndConsultEnabled bool     `json:"endConsultEnabled,omitempty"`
	ConsultToQueue    bool     `json:"consultToQueue,omitempty"`
	AutoWrapUp        bool     `json:"autoWrapUp,omitempty"`
	AutoWrapAfterMs   int64    `json:"autoWrapAfterMs,omitempty"`
	AutoWrapExtend    bool     `json:"autoWrapExtend,omitempty"`
	MaskSensitive     bool     `json:"maskSensitive,omitempty"`
	PrivacyShield     bool     `json:"privacyShield,omitempty"`
	HideVariables     bool     `json:"hideVariables,omitempty"`
	AddressBook       bool     `json:"addressBook,omitempty"`
	InactivityMs      int64    `json:"inactivityMs,omitempty"`   // 0 for never.
	AgentProfileID    string   `json:"agentProfileId,omitempty"` // What the buddy list asks for.
}

// Named is an id with its name.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Code is an auxiliary code.
type Code struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	System  bool   `json:"system,omitempty"`
	Default bool   `json:"default,omitempty"`
}

// ANI is a number an outdial may show.
type ANI struct {
	Name    string `json:"name"`
	Number  string `json:"number"`
	Default bool   `json:"default,omitempty"`
}

// Record is one offer of an interaction, or one outdial, as the widget knows
// it: write-ahead, hydration and log in one. Times are ms since 1970, 0 when
// unknown. The higher revision wins; the same revision again only says that
// the widget is alive.
type Record struct {
	Key           string `json:"key"`
	Revision      int64  `json:"revision"`
	InteractionID string `json:"interactionId,omitempty"`
	Channel       string `json:"channel"`   // telephony, chat, email, social
	Direction     string `json:"direction"` // INBOUND, OUTBOUND
	Number        string `json:"number"`    // The customer's.
	Ours          string `json:"ours,omitempty"`
	Queue         string `json:"queue,omitempty"`
	Name          string `json:"name,omitempty"`
	Phase         string `json:"phase"`             // softphone.Phase
	Outcome       string `json:"outcome,omitempty"` // COMPLETED FAILED CANCELED BUSY NO_ANSWER REJECTED MISSED
	StartedAt     int64  `json:"startedAt"`
	AnsweredAt    int64  `json:"answeredAt,omitempty"`
	EndedAt       int64  `json:"endedAt,omitempty"`
	HoldMs        int64  `json:"holdMs,omitempty"`
	Notes         string `json:"notes,omitempty"`
	CodeID        string `json:"codeId,omitempty"`
	CodeName      string `json:"codeName,omitempty"`
	Record        *Ref   `json:"record,omitempty"`    // The CRM record it belongs to.
	NotListed     bool   `json:"notListed,omitempty"` // The agent said that there is none.

	MenuMs       int64 `json:"menuMs,omitempty"`       // Before it was queued.
	QueueMs      int64 `json:"queueMs,omitempty"`      // Queued, until this offer.
	ConferenceMs int64 `json:"conferenceMs,omitempty"` // In conferences.
	WrappedAt    int64 `json:"wrappedAt,omitempty"`    // The wrap-up was over.

	ConsultMs int64      `json:"consultMs,omitempty"` // In consults of this agent's.
	Consulted bool       `json:"consulted,omitempty"` // This agent was consulted.
	Conferred bool       `json:"conferred,omitempty"` // It was a conference for a while.
	Left      *Departure `json:"left,omitempty"`      // The call went on without this agent.
	Parties   []string   `json:"parties,omitempty"`   // Names of the others on our side.
	Variables []Variable `json:"variables,omitempty"` // Call variables, without secure ones.
	FollowUp  *FollowUp  `json:"followUp,omitempty"`

	Title  string `json:"title,omitempty"`  // The agent's; empty: the portal's template.
	Ticket bool   `json:"ticket,omitempty"` // The agent asked for a ticket.
	Layout Layout `json:"layout,omitempty"` // Of the Desktop that it was handled in.

	PortalID     string `json:"portalId,omitempty"`
	HostCreates  bool   `json:"hostCreates,omitempty"` // HubSpot was asked to create the engagement.
	EngagementID string `json:"engagementId,omitempty"`
	Stage        int    `json:"stage,omitempty"`  // softphone.Stage: what HubSpot's page was told.
	Popped       bool   `json:"popped,omitempty"` //
	Final        bool   `json:"final,omitempty"`  // Nothing more will come from the widget.
}

// Departure says how an agent left a call that went on, and to whom.
type Departure struct {
	How  string `json:"how"`            // blind, consult, conference, handover
	Kind string `json:"kind,omitempty"` // agent, queue, dialNumber, entryPoint
	ID   string `json:"id,omitempty"`   //
	Name string `json:"name,omitempty"` //
}

// Variable is a call variable (CAD).
type Variable struct {
	Name  string `json:"name"`
	Label string `json:"label,omitempty"`
	Value string `json:"value"`
}

// FollowUp asks for a task with the activity.
type FollowUp struct {
	Subject string `json:"subject"`
	Due     int64  `json:"due"` // ms
}

// Ref names a CRM record. Ids are decimal strings beyond 32 bits.
type Ref struct {
	ObjectTypeID string `json:"objectTypeId"` // 0-1 contact, 0-2 company, …
	ObjectID     string `json:"objectId"`
	Name         string `json:"name,omitempty"`
}

// Receipt is what the ledger says of a record: the answer to PUT.
type Receipt struct {
	Key       string `json:"key"`
	Revision  int64  `json:"revision"`            // The one that is stored.
	State     string `json:"state"`               // queued, saved, enriched, needs-you
	URL       string `json:"url,omitempty"`       // Of the activity in HubSpot.
	TicketURL string `json:"ticketUrl,omitempty"` // Of the ticket that was made for the call, or that it is about.
	Need      string `json:"need,omitempty"`      // For needs-you: whose turn it is, agent or admin.
	Detail    string `json:"detail,omitempty"`    // Which field, why; for needs-you.
}

// Interaction is a stored record with its receipt.
type Interaction struct {
	Record  Record  `json:"record"`
	Receipt Receipt `json:"receipt"`
}

// Interactions is the answer to GET /api/interactions: the signed-in agent's,
// newest first, of the last two days. It is the source of hydration.
type Interactions struct {
	Interactions []Interaction `json:"interactions"`
}

// Lookup is the body of POST /api/lookup.
type Lookup struct {
	Number    string `json:"number"`
	Direction string `json:"direction"`
	PortalID  string `json:"portalId,omitempty"`

	Variables []Variable `json:"variables,omitempty"` // Call variables, for the admin's rules.
	Layout    Layout     `json:"layout,omitempty"`
}

// Matches is the answer to a lookup.
type Matches struct {
	Matches []Match `json:"matches"`
	Display string  `json:"display,omitempty"` // The number as the portal's region writes it.
}

// Match is a record that a number may belong to.
type Match struct {
	Record  Ref    `json:"record"`
	Email   string `json:"email,omitempty"`
	Company string `json:"company,omitempty"`
	Why     string `json:"why,omitempty"`     // The property that matched.
	NoCalls bool   `json:"noCalls,omitempty"` // The record says not to call.

	// How it was found: variable (Why is then the variable's name), number, or
	// recent (an agent logged a call with this number there). The first kind
	// that finds something counts: variable, then number, then recent.
	Via      string `json:"via,omitempty"`
	RecentAt int64  `json:"recentAt,omitempty"` // Last interaction there, ms; 0 for none known.
}

// CardQuery is the body of POST /api/card.
type CardQuery struct {
	Record   Ref    `json:"record"`
	PortalID string `json:"portalId,omitempty"`
}

// Card is what the panel shows of a customer. What could not be had in time is
// left out and named in Missing.
type Card struct {
	Record   Ref          `json:"record"`
	Email    string       `json:"email,omitempty"`
	Phone    string       `json:"phone,omitempty"`
	JobTitle string       `json:"jobTitle,omitempty"`
	Stage    string       `json:"stage,omitempty"` // Lifecycle stage's label.
	Owner    string       `json:"owner,omitempty"` // Name of the record's owner.
	NoCalls  bool         `json:"noCalls,omitempty"`
	Company  *CardItem    `json:"company,omitempty"`
	Deals    []CardItem   `json:"deals,omitempty"`   // Open ones, newest first, at most 5.
	Tickets  []CardItem   `json:"tickets,omitempty"` // Likewise.
	Recent   []CardRecent `json:"recent,omitempty"`  // Interactions of any agent of ours, newest first, at most 5.
	Missing  []string     `json:"missing,omitempty"` // company, deals, tickets, recent
}

// CardItem is a record on a card.
type CardItem struct {
	Record Ref    `json:"record"`
	Stage  string `json:"stage,omitempty"`  // The stage's label.
	Amount string `json:"amount,omitempty"` // Of a deal: "1200 EUR"
	Detail string `json:"detail,omitempty"` // Of a company its domain, of a ticket its priority.
	At     int64  `json:"at,omitempty"`     // A deal's closing date, a ticket's creation; ms.
	URL    string `json:"url,omitempty"`    // Of its page, where HubSpot's calling frame cannot go there: deals, tickets.
}

// CardRecent is an interaction on a card.
type CardRecent struct {
	At        int64  `json:"at"` // ms
	Channel   string `json:"channel"`
	Direction string `json:"direction"`
	Agent     string `json:"agent,omitempty"`
	Queue     string `json:"queue,omitempty"`
	Outcome   string `json:"outcome,omitempty"`
	Reason    string `json:"reason,omitempty"` // The wrap-up reason's name.
	URL       string `json:"url,omitempty"`    // Of the activity.
}

// Dial is the body of POST /api/dial: may this agent dial out now? The answer
// is 204, or 429 with code dial-limit and when to try again.
type Dial struct {
	Number   string `json:"number"`
	PortalID string `json:"portalId,omitempty"`
}

// NewContact is the body of POST /api/contacts; the answer is a [Match].
type NewContact struct {
	Number    string `json:"number"`
	FirstName string `json:"firstName,omitempty"`
	LastName  string `json:"lastName,omitempty"`
	PortalID  string `json:"portalId,omitempty"`

	Direction string     `json:"direction,omitempty"` // INBOUND, OUTBOUND
	Queue     string     `json:"queue,omitempty"`
	Variables []Variable `json:"variables,omitempty"` // Call variables, for what a new contact is filled with.
	Layout    Layout     `json:"layout,omitempty"`
}

// Search is the body of POST /api/directory. Pages have 25 entries.
type Search struct {
	Kind     string `json:"kind"`             // queue, address-book, entry-point, contact
	Search   string `json:"search,omitempty"` // What was typed; the filtering is done at the source.
	Page     int    `json:"page,omitempty"`   // From 0.
	PortalID string `json:"portalId,omitempty"`
}

// Page is the answer to a search.
type Page struct {
	Entries []Entry `json:"entries"`
	Total   int     `json:"total"` // -1 when the source does not say.
	More    bool    `json:"more,omitempty"`
}

// Entry is one row of a list.
type Entry struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Number  string `json:"number,omitempty"`
	Detail  string `json:"detail,omitempty"` // Company, e-mail, …
	Record  *Ref   `json:"record,omitempty"`
	NoCalls bool   `json:"noCalls,omitempty"`
}

// NumberQuery is the body of POST /api/number: a number as a person typed it.
type NumberQuery struct {
	Number   string `json:"number"`
	PortalID string `json:"portalId,omitempty"`
}

// Number is what is known of it.
type Number struct {
	Valid   bool    `json:"valid"`
	Dial    string  `json:"dial,omitempty"`    // What is dialled: E.164, or as the dial plan rewrote it.
	Display string  `json:"display,omitempty"` // As the portal's region writes it.
	Country string  `json:"country,omitempty"` // Two letters; empty for an extension.
	Allowed bool    `json:"allowed"`           // The dial plan lets it through.
	Matches []Match `json:"matches,omitempty"`
}

// Error is every refusal's body. Code is one of softphone's problem codes
// where the panel has a sentence for it.
type Error struct {
	Status  int    `json:"-"`
	Code    string `json:"code"`
	Message string `json:"message"` // What happened, what still works, what to do.

	RetryAfterMs int64 `json:"retryAfterMs,omitempty"` // For 429 and 503: when it makes sense to try again.
}

func (e *Error) Error() string { return "backend: " + e.Code + ": " + e.Message }
