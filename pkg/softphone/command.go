package softphone

import "time"

// A Command is an order to the outside. The set is closed. Its Lane says what
// it must stay in order with.
type Command interface{ Lane() Lane }

// A Lane is a destination. Commands of one lane are carried out in order, one
// at a time; lanes do not wait for each other.
type Lane string

// The lanes that are not per interaction or per host.
const (
	AgentLane   Lane = "webex/agent"
	BackendLane Lane = "backend"
	LookUpLane  Lane = "lookup"
	CardLane    Lane = "card"
	BrowserLane Lane = "browser"
)

func taskLane(id InteractionID) Lane { return Lane("webex/task/" + string(id)) }
func hostLane(id HostID) Lane        { return Lane("host/" + string(id)) }

// ---- this browser

// OpenSignIn opens the Webex sign-in popup.
type OpenSignIn struct{}

// ForgetSession ends the session at the backend and in this browser.
type ForgetSession struct{}

// TakeLead takes the lead from another tab.
type TakeLead struct{}

// ---- Webex: agent

// LogInStation logs the agent in with a phone.
type LogInStation struct {
	Option LoginOption
	Number string
	TeamID string
}

// LogOutStation logs the agent out.
type LogOutStation struct{ Reason string }

// SetState sets Available (AuxCodeID "0") or Idle.
type SetState struct {
	Available bool
	AuxCodeID string
	Reason    string // The code's name.
}

// Resync asks Webex for the whole truth: reload, then Synced.
type Resync struct{}

// ---- Webex: tasks

// PlaceCall dials out. Key goes into the outdial's attributes.
type PlaceCall struct {
	Key         CallKey
	Destination string
	ANI         string
}

// AcceptTask accepts an offered digital task.
type AcceptTask struct{ ID InteractionID }

// HoldTask holds a leg.
type HoldTask struct {
	ID      InteractionID
	MediaID string
}

// UnholdTask resumes a leg.
type UnholdTask struct {
	ID      InteractionID
	MediaID string
}

// PauseRecording pauses the recording.
type PauseRecording struct{ ID InteractionID }

// ResumeRecording resumes the recording.
type ResumeRecording struct{ ID InteractionID }

// EndTask ends the contact, or withdraws an outdial.
type EndTask struct{ ID InteractionID }

// AcceptConsult joins a consult that was offered, where the login lets us.
type AcceptConsult struct{ ID InteractionID }

// DeclineTask refuses an offer, where the login lets us.
type DeclineTask struct{ ID InteractionID }

// ConsultTask asks somebody while the customer waits.
type ConsultTask struct {
	ID InteractionID
	To Target
}

// EndConsultTask ends the consult; QueueID is that of a consult to a queue
// which nobody has answered, else empty.
type EndConsultTask struct {
	ID      InteractionID
	QueueID string
}

// TransferTask hands the interaction over without asking.
type TransferTask struct {
	ID InteractionID
	To Target
}

// ConsultTransferTask hands the interaction over to the consulted party, who
// comes from the interaction (webexcc-agent-api §4.5).
type ConsultTransferTask struct {
	ID InteractionID
	To Target
}

// ConferenceTask joins consult and main call. To comes from the interaction.
type ConferenceTask struct {
	ID InteractionID
	To Target
}

// ExitConference leaves the others talking.
type ExitConference struct{ ID InteractionID }

// TransferConference leaves and hands the ownership over.
type TransferConference struct{ ID InteractionID }

// DropParticipant removes somebody from the conference.
type DropParticipant struct {
	ID    InteractionID
	Party string
}

// MuteTask mutes or unmutes the agent.
type MuteTask struct {
	ID InteractionID
	On bool
}

// SendDigits sends DTMF digits.
type SendDigits struct {
	ID     InteractionID
	Digits string
}

// UpdateVariable changes a call variable.
type UpdateVariable struct {
	ID          InteractionID
	Name, Value string
}

// ListBuddies asks for the agents to consult or transfer to.
type ListBuddies struct{}

// WrapUpTask submits the wrap-up reason.
type WrapUpTask struct {
	ID       InteractionID
	CodeID   string
	CodeName string
}

// ---- HubSpot

// TellLoggedIn sends LOGGED_IN.
type TellLoggedIn struct{ Host HostID }

// TellLoggedOut sends LOGGED_OUT.
type TellLoggedOut struct{ Host HostID }

// TellAvailable sends USER_AVAILABLE.
type TellAvailable struct{ Host HostID }

// TellUnavailable sends USER_UNAVAILABLE.
type TellUnavailable struct{ Host HostID }

// TellIncoming sends INCOMING_CALL.
type TellIncoming struct {
	Host             HostID
	Key              CallKey
	From, To         string
	Started          time.Time
	CreateEngagement bool
}

// TellOutgoing sends OUTGOING_CALL_STARTED.
type TellOutgoing struct {
	Host             HostID
	Key              CallKey
	From, To         string
	Started          time.Time
	CreateEngagement bool
}

// TellAnswered sends CALL_ANSWERED.
type TellAnswered struct {
	Host HostID
	Key  CallKey
}

// TellTransferred sends CALL_TRANSFERRED: the call goes on without this agent.
type TellTransferred struct {
	Host HostID
	Key  CallKey
}

// TellEnded sends CALL_ENDED.
type TellEnded struct {
	Host         HostID
	Key          CallKey
	EngagementID string
	Outcome      Outcome
}

// TellCompleted sends CALL_COMPLETED with hideWidget false.
type TellCompleted struct {
	Host         HostID
	Key          CallKey
	EngagementID string
}

// TellWidth sends RESIZE_WIDGET.
type TellWidth struct {
	Host  HostID
	Width int // px
}

// TellProblem sends ERROR, so that HubSpot is never left waiting.
type TellProblem struct {
	Host    HostID
	Problem Problem
}

// Navigate sends NAVIGATE_TO_RECORD.
type Navigate struct {
	Host         HostID
	Key          CallKey
	Record       RecordRef
	PortalID     string
	EngagementID string
	NewTab       bool
}

// ---- backend

// LookUp asks whose number it is.
type LookUp struct {
	Key       CallKey
	Number    string
	Direction Direction
	Variables []Variable // Without secure ones.
}

// LoadCard asks for the customer's card.
type LoadCard struct {
	Key    CallKey
	Record RecordRef
}

// CreateContact makes a contact with the call's number.
type CreateContact struct {
	Key                 CallKey
	Number              string
	FirstName, LastName string

	Direction Direction // These three: for what the contact is filled with.
	Queue     string
	Variables []Variable // Without secure ones.
}

// SaveRecord puts a revision of a record into the outbox and sends it.
type SaveRecord struct{ Record Record }

// Lane implementations.

func (OpenSignIn) Lane() Lane            { return BrowserLane }
func (ForgetSession) Lane() Lane         { return BrowserLane }
func (TakeLead) Lane() Lane              { return BrowserLane }
func (LogInStation) Lane() Lane          { return AgentLane }
func (LogOutStation) Lane() Lane         { return AgentLane }
func (SetState) Lane() Lane              { return AgentLane }
func (Resync) Lane() Lane                { return AgentLane }
func (c PlaceCall) Lane() Lane           { return Lane("webex/dial/" + string(c.Key)) }
func (c AcceptTask) Lane() Lane          { return taskLane(c.ID) }
func (c HoldTask) Lane() Lane            { return taskLane(c.ID) }
func (c UnholdTask) Lane() Lane          { return taskLane(c.ID) }
func (c PauseRecording) Lane() Lane      { return taskLane(c.ID) }
func (c ResumeRecording) Lane() Lane     { return taskLane(c.ID) }
func (c EndTask) Lane() Lane             { return taskLane(c.ID) }
func (c WrapUpTask) Lane() Lane          { return taskLane(c.ID) }
func (c TellLoggedIn) Lane() Lane        { return hostLane(c.Host) }
func (c TellLoggedOut) Lane() Lane       { return hostLane(c.Host) }
func (c TellAvailable) Lane() Lane       { return hostLane(c.Host) }
func (c TellUnavailable) Lane() Lane     { return hostLane(c.Host) }
func (c TellIncoming) Lane() Lane        { return hostLane(c.Host) }
func (c TellOutgoing) Lane() Lane        { return hostLane(c.Host) }
func (c TellAnswered) Lane() Lane        { return hostLane(c.Host) }
func (c TellEnded) Lane() Lane           { return hostLane(c.Host) }
func (c TellCompleted) Lane() Lane       { return hostLane(c.Host) }
func (c TellProblem) Lane() Lane         { return hostLane(c.Host) }
func (c TellWidth) Lane() Lane           { return hostLane(c.Host) }
func (c Navigate) Lane() Lane            { return hostLane(c.Host) }
func (LookUp) Lane() Lane                { return LookUpLane }
func (CreateContact) Lane() Lane         { return LookUpLane }
func (LoadCard) Lane() Lane              { return CardLane }
func (SaveRecord) Lane() Lane            { return BackendLane }
func (c AcceptConsult) Lane() Lane       { return taskLane(c.ID) }
func (c DeclineTask) Lane() Lane         { return taskLane(c.ID) }
func (c ConsultTask) Lane() Lane         { return taskLane(c.ID) }
func (c EndConsultTask) Lane() Lane      { return taskLane(c.ID) }
func (c TransferTask) Lane() Lane        { return taskLane(c.ID) }
func (c ConsultTransferTask) Lane() Lane { return taskLane(c.ID) }
func (c ConferenceTask) Lane() Lane      { return taskLane(c.ID) }
func (c ExitConference) Lane() Lane      { return taskLane(c.ID) }
func (c TransferConference) Lane() Lane  { return taskLane(c.ID) }
func (c DropParticipant) Lane() Lane     { return taskLane(c.ID) }
func (c MuteTask) Lane() Lane            { return taskLane(c.ID) }
func (c SendDigits) Lane() Lane          { return taskLane(c.ID) }
func (c UpdateVariable) Lane() Lane      { return taskLane(c.ID) }
func (ListBuddies) Lane() Lane           { return AgentLane }
func (c TellTransferred) Lane() Lane     { return hostLane(c.Host) }
