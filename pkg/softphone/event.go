package softphone

import "time"

// An Event is a fact: something that happened at Webex, at HubSpot, at the
// backend, in this browser, or under the agent's hand. The set is closed.
type Event interface{ event() }

// ---- this browser

// SessionRestored says that a stored session token was found and is being
// used; the agent's identity is known from last time.
type SessionRestored struct{ Agent Identity }

// SessionMissing says that no usable session exists: the agent must sign in.
// Code is empty at a fresh start, else why it ended (session-expired, revoked).
type SessionMissing struct{ Code ProblemCode }

// SignInRequested is the agent pressing "Sign in with Webex".
type SignInRequested struct{}

// SignInFailed ends a sign-in without a session.
type SignInFailed struct{ Code ProblemCode }

// SignInPending shows the code that the popup shows too.
type SignInPending struct{ Code string }

// SignedIn says that the backend gave this frame a session.
type SignedIn struct{ Agent Identity }

// SignOutRequested is the agent leaving: station logout, then session end.
type SignOutRequested struct{}

// Leading says whether this tab decides and speaks to Webex, or follows
// another one.
type Leading struct{ Lead bool }

// LeadRequested is the agent pressing "Bring here" in a following tab.
type LeadRequested struct{}

// Tick is time passing; deadlines are looked at.
type Tick struct{}

// ---- Webex: agent

// Configured brings the agent's Webex configuration.
type Configured struct{ Profile Profile }

// ConfigureFailed says that the configuration could not be had.
type ConfigureFailed struct{ Code ProblemCode }

// Synced is the whole truth at Webex after a connect, reconnect or reload. It
// replaces what Webex owns; what only we know stays. Records are what outbox
// and backend still know of the agent's interactions.
type Synced struct {
	Generation uint64 // Of the notification socket; rises with each connect.
	Station    *Station
	Tasks      []Interaction
	Records    []Record
}

// LinkLost says that the notification socket is gone; it is being reopened.
type LinkLost struct{}

// StationRequested is the agent pressing "Start shift".
type StationRequested struct {
	Option LoginOption
	Number string
	TeamID string
}

// StationLoggedIn is AgentStationLoginSuccess.
type StationLoggedIn struct{ Station Station }

// StationLoginFailed is AgentStationLoginFailed; Reason is Webex's word.
type StationLoginFailed struct{ Reason string }

// StationLoggedOut is AgentLogoutSuccess, or a logout made by somebody else.
type StationLoggedOut struct{ By string }

// StationLogoutFailed is AgentLogoutFailed.
type StationLogoutFailed struct{ Reason string }

// StateRequested is the agent choosing Available (empty AuxCodeID) or an idle
// code.
type StateRequested struct{ AuxCodeID string }

// StateChanged is AgentStateChangeSuccess, whoever caused it.
type StateChanged struct {
	Available bool
	AuxCodeID string
	Since     time.Time
	Reason    string
	ChangedBy string
}

// StateChangeFailed is AgentStateChangeFailed.
type StateChangeFailed struct{ Reason string }

// TakenOver is AgentMultiLoginCloseSession: another session took the socket.
type TakenOver struct{}

// ---- Webex: tasks

// Notified is a task notification. Interaction is whole. A name that this
// package does not know is fine.
type Notified struct {
	Name        TaskEvent
	Generation  uint64
	At          time.Time // Webex's eventTime.
	Interaction Interaction
	Reason      string // RONA, failures.
}

// CommandFailed says that a command was refused or got no answer: an HTTP
// error, a refused connection, a time-out on the wire.
type CommandFailed struct {
	Command Command
	Code    ProblemCode
	Detail  string // For people: the service's own words, already masked.
}

// ---- the agent's hand

// DialRequested asks for an outdial. Key is fresh. A dial from a HubSpot
// record carries the host and the record; the keypad's has neither.
type DialRequested struct {
	Key     CallKey
	Host    HostID
	Number  string
	ANI     string // Empty: the profile's default.
	Callee  *RecordRef
	Started int64 // HubSpot's startTimestamp, ms; 0 from the keypad.
}

// AnswerRequested accepts an offer where the login lets us.
type AnswerRequested struct{ Key CallKey }

// DeclineRequested refuses an offer where the login lets us.
type DeclineRequested struct{ Key CallKey }

// HoldRequested puts the customer on hold.
type HoldRequested struct{ Key CallKey }

// ResumeRequested takes the customer off hold.
type ResumeRequested struct{ Key CallKey }

// EndRequested ends the call; on a held call it is resumed first.
type EndRequested struct{ Key CallKey }

// RecordingPauseRequested pauses Webex's recording.
type RecordingPauseRequested struct{ Key CallKey }

// RecordingResumeRequested resumes Webex's recording.
type RecordingResumeRequested struct{ Key CallKey }

// NotesEdited carries the whole text of the notes box.
type NotesEdited struct {
	Key  CallKey
	Text string
}

// WrapUpChosen selects a wrap-up reason without submitting it.
type WrapUpChosen struct {
	Key    CallKey
	CodeID string
}

// WrapUpSubmitted submits the wrap-up. An empty CodeID takes the chosen one.
type WrapUpSubmitted struct {
	Key    CallKey
	CodeID string
}

// MatchChosen says which record the call belongs to; nil means "not listed".
type MatchChosen struct {
	Key    CallKey
	Record *RecordRef
}

// ContactCreateRequested asks for a new contact with the call's number.
type ContactCreateRequested struct {
	Key                 CallKey
	FirstName, LastName string
}

// RecordOpened is the agent pressing the link to the call's record.
type RecordOpened struct{ Key CallKey }

// MissedDismissed puts away the missed-call screen.
type MissedDismissed struct{}

// ProblemDismissed puts away one problem.
type ProblemDismissed struct{ ID int }

// ReceiptRetried sends a refused or waiting record again.
type ReceiptRetried struct{ Key CallKey }

// ---- HubSpot

// HostSynced says that a HubSpot page speaks the protocol with a tab of ours.
type HostSynced struct {
	Host         HostID
	PortalID     string
	UserID       string
	OwnerID      string
	EngagementID string
	Location     string // widget, remote or window
	LoggedIn     bool   // What INITIALIZED told it.
}

// HostLost says that a tab of ours is gone, and its HubSpot page with it.
type HostLost struct{ Host HostID }

// EngagementCreated is CREATE_ENGAGEMENT_SUCCEEDED.
type EngagementCreated struct {
	Host         HostID
	EngagementID string
}

// EngagementFailed is CREATE_ENGAGEMENT_FAILED.
type EngagementFailed struct{ Host HostID }

// CallerMatched is CALLER_ID_MATCH_SUCCEEDED; it may be empty.
type CallerMatched struct {
	Host     HostID
	PortalID string // Of the matches, where HubSpot's SYNC did not name the portal.
	Matches  []Match
}

// CallerMatchFailed is CALLER_ID_MATCH_FAILED.
type CallerMatchFailed struct{ Host HostID }

// NavigateFailed is NAVIGATE_TO_RECORD_FAILED.
type NavigateFailed struct{ Host HostID }

// HostEndRequested is END_CALL: HubSpot's own button.
type HostEndRequested struct{ Host HostID }

// ---- backend

// SettingsLoaded brings the tenant's settings.
type SettingsLoaded struct{ Settings Settings }

// LookedUp is the backend's answer to LookUp.
type LookedUp struct {
	Key     CallKey
	Matches []Match
}

// LookUpFailed says that the backend could not say who it is.
type LookUpFailed struct{ Key CallKey }

// ContactCreated is the backend's answer to CreateContact.
type ContactCreated struct {
	Key   CallKey
	Match Match
}

// RecordAcknowledged is a receipt for a record.
type RecordAcknowledged struct{ Receipt Receipt }

// HistoryLoaded brings the records of the last days, newest first.
type HistoryLoaded struct{ Records []Record }

// BackendReachable says whether our own server answers.
type BackendReachable struct {
	OK     bool
	Queued int // Records waiting in the outbox.
}

func (SessionRestored) event()          {}
func (SessionMissing) event()           {}
func (SignInRequested) event()          {}
func (SignInFailed) event()             {}
func (SignInPending) event()            {}
func (SignedIn) event()                 {}
func (SignOutRequested) event()         {}
func (Leading) event()                  {}
func (LeadRequested) event()            {}
func (Tick) event()                     {}
func (Configured) event()               {}
func (ConfigureFailed) event()          {}
func (Synced) event()                   {}
func (LinkLost) event()                 {}
func (StationRequested) event()         {}
func (StationLoggedIn) event()          {}
func (StationLoginFailed) event()       {}
func (StationLoggedOut) event()         {}
func (StationLogoutFailed) event()      {}
func (StateRequested) event()           {}
func (StateChanged) event()             {}
func (StateChangeFailed) event()        {}
func (TakenOver) event()                {}
func (Notified) event()                 {}
func (CommandFailed) event()            {}
func (DialRequested) event()            {}
func (AnswerRequested) event()          {}
func (DeclineRequested) event()         {}
func (HoldRequested) event()            {}
func (ResumeRequested) event()          {}
func (EndRequested) event()             {}
func (RecordingPauseRequested) event()  {}
func (RecordingResumeRequested) event() {}
func (NotesEdited) event()              {}
func (WrapUpChosen) event()             {}
func (WrapUpSubmitted) event()          {}
func (MatchChosen) event()              {}
func (ContactCreateRequested) event()   {}
func (RecordOpened) event()             {}
func (MissedDismissed) event()          {}
func (ProblemDismissed) event()         {}
func (ReceiptRetried) event()           {}
func (HostSynced) event()               {}
func (HostLost) event()                 {}
func (EngagementCreated) event()        {}
func (EngagementFailed) event()         {}
func (CallerMatched) event()            {}
func (CallerMatchFailed) event()        {}
func (NavigateFailed) event()           {}
func (HostEndRequested) event()         {}
func (SettingsLoaded) event()           {}
func (LookedUp) event()                 {}
func (LookUpFailed) event()             {}
func (ContactCreated) event()           {}
func (RecordAcknowledged) event()       {}
func (HistoryLoaded) event()            {}
func (BackendReachable) event()         {}
