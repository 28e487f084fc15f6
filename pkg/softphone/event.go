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

// InsideDesktop says that an Agent Desktop is around us, and how it looks: it
// signs in for us, and the agent's station is its matter. It comes before
// anything else, and again when something has changed.
type InsideDesktop struct{ Desktop Surroundings }

// SignOutRequested is the agent leaving: station logout, then session end.
type SignOutRequested struct{}

// Leading says whether this tab decides and speaks to Webex, or follows
// another one.
type Leading struct{ Lead bool }

// Mirrored says what call the leading tab has on its stage; nil for none. Only
// a tab that follows cares.
type Mirrored struct{ Call *Mirror }

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

// BuddiesListed answers ListBuddies.
type BuddiesListed struct{ Agents []Buddy }

// MediaOffered says what the contact centre lets the panel do with the call's
// media. Never sent over REST: there the desk phone does it.
type MediaOffered struct{ Media MediaAbilities }

// MuteChanged says that the agent's microphone was muted or unmuted.
type MuteChanged struct {
	ID InteractionID
	On bool
}

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
	Child       InteractionID // ContactMerged: the leg that became part of Interaction.
	Party       string        // ParticipantLeftConference and its like: who.
	Reason      string        // RONA, failures.
}

// CommandFailed says that a command was refused or got no answer: an HTTP
// error, a refused connection, a time-out on the wire.
type CommandFailed struct {
	Command Command
	Code    ProblemCode
	Detail  string // For people: the service's own words, already masked. With DialLimit the seconds to wait.
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

// TitleEdited carries the whole text of the title field; empty leaves the
// title to the portal's template. Longer than [MaxTitle], it is cut.
type TitleEdited struct {
	Key  CallKey
	Text string
}

// TicketRequested asks for a ticket about the call, or takes that back.
type TicketRequested struct{ Key CallKey }

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

// CallShown puts one of several calls on stage. A new call takes the stage.
type CallShown struct{ Key CallKey }

// RecordOpened is the agent pressing the link to the call's record.
type RecordOpened struct{ Key CallKey }

// MissedDismissed puts away the missed-call screen.
type MissedDismissed struct{}

// ProblemDismissed puts away one problem.
type ProblemDismissed struct{ ID int }

// ReceiptRetried sends a refused or waiting record again.
type ReceiptRetried struct{ Key CallKey }

// RecordMended is the agent's edit of a record of the history that HubSpot
// refused: it gets its next revision and is sent again. Record nil means "not
// listed". Where the history has no such record, or it is written already,
// nothing happens.
type RecordMended struct {
	Key      CallKey
	Notes    string
	CodeID   string // Of the profile's wrap-up codes, or the record's own.
	Record   *RecordRef
	FollowUp *FollowUp
}

// CardAsked asks again for a card that failed.
type CardAsked struct{ Key CallKey }

// RecordShown is the agent opening a record of the call's card, or one of
// several others, in HubSpot.
type RecordShown struct {
	Key    CallKey
	Record RecordRef
}

// ConsultRequested asks somebody while the customer waits.
type ConsultRequested struct {
	Key CallKey
	To  Target
}

// ConsultEndRequested ends the consult, or withdraws one that waits in a queue
// or is not answered.
type ConsultEndRequested struct{ Key CallKey }

// SwapRequested goes to the other leg of a consult: the one held now is
// resumed, the other held.
type SwapRequested struct{ Key CallKey }

// MergeRequested joins consult and main call into a conference.
type MergeRequested struct{ Key CallKey }

// TransferRequested hands the call over without asking (blind transfer).
type TransferRequested struct {
	Key CallKey
	To  Target
}

// ConsultTransferRequested hands the call over to the one who is consulted. In
// a consult begun from a conference it hands the conference over.
type ConsultTransferRequested struct{ Key CallKey }

// LeaveRequested leaves a conference; the others go on talking.
type LeaveRequested struct{ Key CallKey }

// HandOverRequested leaves a conference and makes another agent its owner.
type HandOverRequested struct{ Key CallKey }

// DropRequested removes somebody from the conference.
type DropRequested struct {
	Key   CallKey
	Party string // Participant id.
}

// MuteRequested mutes or unmutes the agent, where the login lets us.
type MuteRequested struct {
	Key CallKey
	On  bool
}

// DigitsRequested sends DTMF digits, where the login lets us.
type DigitsRequested struct {
	Key    CallKey
	Digits string
}

// VariableEdited changes a call variable (CAD), where the contact centre
// offers that.
type VariableEdited struct {
	Key         CallKey
	Name, Value string
}

// WrapUpExtended puts the automatic wrap-up off by that much; zero stops it.
type WrapUpExtended struct {
	Key CallKey
	By  time.Duration
}

// FollowUpChosen asks for a follow-up task with the activity; nil for none.
type FollowUpChosen struct {
	Key      CallKey
	FollowUp *FollowUp
}

// BuddiesRequested asks Webex for the agents to consult or transfer to.
type BuddiesRequested struct{}

// ActivitySeen is the agent doing something in the panel: the profile's
// inactivity time starts anew. The panel sends it at most every few seconds.
type ActivitySeen struct{}

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

// NavigateFailed is NAVIGATE_TO_RECORD_FAILED; with Tab, the browser did not
// open a tab of ours.
type NavigateFailed struct {
	Host HostID
	Tab  bool
}

// HostEndRequested is END_CALL: HubSpot's own button.
type HostEndRequested struct{ Host HostID }

// ---- backend

// SettingsLoaded brings the tenant's settings.
type SettingsLoaded struct{ Settings Settings }

// LookedUp is the backend's answer to LookUp.
type LookedUp struct {
	Key     CallKey
	Matches []Match
	Display string // The number as people of the tenant's region write it; may be empty.
}

// LookUpFailed says that the backend could not say who it is.
type LookUpFailed struct{ Key CallKey }

// CardLoaded is the backend's answer to LoadCard.
type CardLoaded struct {
	Key  CallKey
	Card Card
}

// CardMissed says that the card of that record could not be had.
type CardMissed struct {
	Key    CallKey
	Record RecordRef
}

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
