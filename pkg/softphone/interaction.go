package softphone

import "time"

// An InteractionID names a contact at Webex Contact Center. One interaction
// may be offered to the same agent several times.
type InteractionID string

// A CallKey names one offer of one interaction to one agent, or one outdial.
// It is the externalCallId towards HubSpot and the key of the record.
//
// An inbound key is "<interaction>:<agent>:<ordinal>". An outdial has its key
// before Webex has given it an interaction, so a fresh id stands in the
// interaction's place.
type CallKey string

// A Channel is the kind of an interaction's main media, spelled as Webex does.
type Channel string

// The channels of Webex Contact Center that Deskbridge knows by name.
const (
	Telephony Channel = "telephony"
	Chat      Channel = "chat"
	Email     Channel = "email"
	Social    Channel = "social"
)

// An Interaction is what Webex says about a contact, whole, with the wire's
// oddities (string booleans, several spellings) already gone. Every task
// notification carries one; it replaces the previous one.
type Interaction struct {
	ID     InteractionID
	MainID InteractionID // Equals ID except on the child leg of a consult.

	Channel Channel
	State   string // Webex's word: new, connected, hold, consult, consulting, conference, wrapUp, post_call.
	Owner   string // Agent id.

	Outbound     bool
	OutdialAgent string  // The agent who dialled out, if one did.
	CallID       CallKey // What we put into the outdial's attributes.

	Terminated    bool
	PendingWrapUp []string // agentsPendingWrapUp; nil when the event did not say.

	QueueName    string
	ANI          string // The customer's number, E.164 where the carrier gave that.
	DNIS         string // The number the customer called, or the origin of an outdial.
	CustomerName string

	ConsultQueued bool // A consult waits in a queue (ctqInProgress).

	Relationship string        // "consult" on the child leg of an entry-point or DN consult.
	Parent       InteractionID // The leg's parent, else empty.

	Recording   Recording
	RonaTimeout time.Duration // How long an offer rings; zero when not said.
	CreatedAt   time.Time
	QueuedAt    time.Time // Into the newest queue; zero for a call that has seen none.

	Participants map[string]Participant
	Media        map[string]Media
	Variables    []Variable // CAD, in the order of their labels.
}

// A Participant is one party of an interaction.
type Participant struct {
	ID           string
	Kind         PartyKind
	Name         string
	Number       string // Dial number of a phone leg, else empty.
	Entry        string // Entry point id of an EpDn leg, else empty.
	Joined       bool   // For a customer true unless Webex says false outright.
	Left         bool
	WrapUp       bool // Has wrap-up to do.
	WrappedUp    bool
	Consulted    bool
	ConsultState string // consultInitiated, consultReserved, consulting, conferencing, consultCompleted.
	JoinedAt     time.Time
}

// A PartyKind tells the sorts of participants apart.
type PartyKind string

// The kinds of parties. Everything that is not one of these is Other.
const (
	Customer   PartyKind = "customer"
	AgentParty PartyKind = "agent"
	Supervisor PartyKind = "supervisor"
	VirtualIVR PartyKind = "virtual-agent"
	DialNumber PartyKind = "dial-number"
	EntryPoint PartyKind = "entry-point"
	Other      PartyKind = "other"
)

// Media is one leg: the main call, or a consult.
type Media struct {
	ID           string // mediaResourceId, what hold and unhold send.
	Consult      bool   // Else the main call.
	Held         bool
	HeldAt       time.Time
	Participants []string
}

// Recording says what Webex records and whether the agent may pause it.
type Recording struct {
	Started    bool
	InProgress bool
	Paused     bool
	MayPause   bool
}

// A Variable is one piece of call-associated data (CAD).
type Variable struct {
	Name, Label, Value string
	Editable, Secure   bool
	Hidden             bool // Not for the agent's eyes.
}

// A TaskEvent is the name of a Webex task notification, spelled as on the wire.
type TaskEvent string

// The task notifications whose name matters: they clear what is pending or
// must be told to HubSpot. Any other name only brings its interaction.
// https://developer.webex.com/webex-contact-center (task events)
const (
	ContactReserved        TaskEvent = "AgentContactReserved"
	OfferContact           TaskEvent = "AgentOfferContact"
	OfferConsult           TaskEvent = "AgentOfferConsult"
	ContactAssigned        TaskEvent = "AgentContactAssigned"
	ContactAssignFailed    TaskEvent = "AgentContactAssignFailed"
	ContactSnapshot        TaskEvent = "AgentContact"
	OfferRona              TaskEvent = "AgentOfferContactRona"
	InviteFailed           TaskEvent = "AgentInviteFailed"
	ContactHeld            TaskEvent = "AgentContactHeld"
	ContactHoldFailed      TaskEvent = "AgentContactHoldFailed"
	ContactUnheld          TaskEvent = "AgentContactUnheld"
	ContactUnholdFailed    TaskEvent = "AgentContactUnHoldFailed" // The wire's capital H.
	RecordingPaused        TaskEvent = "ContactRecordingPaused"
	RecordingPauseFailed   TaskEvent = "ContactRecordingPauseFailed"
	RecordingResumed       TaskEvent = "ContactRecordingResumed"
	RecordingResumeFailed  TaskEvent = "ContactRecordingResumeFailed"
	ContactEndFailed       TaskEvent = "AgentContactEndFailed"
	ContactUnassigned      TaskEvent = "AgentContactUnassigned"
	ContactEnded           TaskEvent = "ContactEnded"
	WrapUpStarted          TaskEvent = "AgentWrapup"
	WrappedUp              TaskEvent = "AgentWrappedUp"
	WrapUpFailed           TaskEvent = "AgentWrapupFailed"
	OutboundFailed         TaskEvent = "AgentOutboundFailed"
	BlindTransferred       TaskEvent = "AgentBlindTransferred"
	VteamTransferred       TaskEvent = "AgentVteamTransferred"
	ConsultTransferred     TaskEvent = "AgentConsultTransferred"
	ConsultCreated         TaskEvent = "AgentConsultCreated"
	Consulting             TaskEvent = "AgentConsulting"
	ConsultEnded           TaskEvent = "AgentConsultEnded"
	ConsultFailed          TaskEvent = "AgentConsultFailed"
	ConsultConferenced     TaskEvent = "AgentConsultConferenced"
	ParticipantLeft        TaskEvent = "ParticipantLeftConference"
	ContactMerged          TaskEvent = "ContactMerged"
	ContactOwnerChanged    TaskEvent = "ContactOwnerChanged"
	ContactUpdated         TaskEvent = "ContactUpdated"
	ContactRecordingBegan  TaskEvent = "ContactRecordingStarted"
	ParticipantPostCall    TaskEvent = "ParticipantPostCallActivity"
	ConsultConferenceEnded TaskEvent = "AgentConsultConferenceEnded"

	BlindTransferFailed     TaskEvent = "AgentBlindTransferFailed"
	VteamTransferFailed     TaskEvent = "AgentVteamTransferFailed"
	ConsultTransferring     TaskEvent = "AgentConsultTransferring"
	ConsultTransferFailed   TaskEvent = "AgentConsultTransferFailed"
	ConsultEndFailed        TaskEvent = "AgentConsultEndFailed"
	CtqFailed               TaskEvent = "AgentCtqFailed"
	CtqCancelled            TaskEvent = "AgentCtqCancelled"
	CtqCancelFailed         TaskEvent = "AgentCtqCancelFailed"
	ConsultConferencing     TaskEvent = "AgentConsultConferencing"
	ConsultConferenceFailed TaskEvent = "AgentConsultConferenceFailed"
	ParticipantJoined       TaskEvent = "ParticipantJoinedConference"
	ParticipantLeaveFailed  TaskEvent = "ParticipantLeftConferenceFailed"
	ParticipantDropFailed   TaskEvent = "ParticipantDropConferenceFailed"
	ConferenceTransferred   TaskEvent = "AgentConferenceTransferred"
	ConferenceTransferError TaskEvent = "AgentConferenceTransferFailed"
)
