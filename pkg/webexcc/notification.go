package webexcc

import "encoding/json"

// A Notification is one message of the stream, or one fact about the stream
// itself ([LinkUp], [LinkLost]). The set is closed: [Welcome], [StationLogin],
// [Logout], [AgentStateChange], [Relogin], [Buddies], [Task], [MultiLogin],
// [DNRegistered], [Keepalive], [Unknown], [LinkUp], [LinkLost].
//
// Raw, where there is one, is the message as it came, with what this package
// does not know.
type Notification interface{ notification() }

// Welcome greets a new socket and says who the agent is.
type Welcome struct {
	AgentID string
	Raw     json.RawMessage
}

// StationLogin answers [Client.LogIn].
type StationLogin struct {
	Type string // AgentStationLoginSuccess or AgentStationLoginFailed.
	Data Session
	Raw  json.RawMessage
}

// Logout answers [Client.LogOut]; a supervisor may cause one too.
type Logout struct {
	Type string // AgentLogoutSuccess or AgentLogoutFailed.
	Data Session
	Raw  json.RawMessage
}

// AgentStateChange answers [Client.SetState]; the platform sends it of its own
// accord too, after an unanswered offer for example.
type AgentStateChange struct {
	Type string // AgentStateChangeSuccess or AgentStateChangeFailed.
	Data Session
	Raw  json.RawMessage
}

// Relogin answers [Client.Reload]. A success is followed by one [Task] of type
// AgentContact for each id in Data.InteractionIDs.
type Relogin struct {
	Type string // AgentReloginSuccess or AgentReloginFailed.
	Data Session
	Raw  json.RawMessage
}

// Buddies answers [Client.BuddyAgents].
type Buddies struct {
	Type string // BuddyAgentsListed or BuddyAgentsRetrieveFailed.
	Data BuddyList
	Raw  json.RawMessage
}

// Task is an event of one interaction.
type Task struct {
	Type string // AgentContactReserved and so on; may be one without a constant.
	Data TaskData
	Raw  json.RawMessage
}

// MultiLogin says that the agent signed in elsewhere. It is the last message.
type MultiLogin struct {
	AgentID string
	Reason  string
	Raw     json.RawMessage
}

// DNRegistered says that the agent's phone is ready.
type DNRegistered struct {
	AgentID string
	DN      string
	Raw     json.RawMessage
}

// Keepalive is the echo of a keepalive. A [Stream] swallows it.
type Keepalive struct{}

// Unknown is a message that this package cannot name or read.
type Unknown struct {
	Outer string // The envelope's type, if it had one.
	Type  string // data.type, if it had one.
	Err   error  // Why it could not be read; nil when it is only unknown.
	Raw   json.RawMessage
}

// LinkUp says that a new socket has been welcomed. A reload follows by itself.
type LinkUp struct {
	Generation uint64 // 1 for the first socket, growing by one with each.
	AgentID    string
}

// LinkLost says that the socket is gone, or that a new one could not be had. The
// stream tries again by itself.
type LinkLost struct {
	Err error
}

func (Welcome) notification()          {}
func (StationLogin) notification()     {}
func (Logout) notification()           {}
func (AgentStateChange) notification() {}
func (Relogin) notification()          {}
func (Buddies) notification()          {}
func (Task) notification()             {}
func (MultiLogin) notification()       {}
func (DNRegistered) notification()     {}
func (Keepalive) notification()        {}
func (Unknown) notification()          {}
func (LinkUp) notification()           {}
func (LinkLost) notification()         {}

// Failed reports whether the login was refused; Data.Reason says why.
func (n StationLogin) Failed() bool { return n.Type != AgentStationLoginSuccess }

// Failed reports whether the logout was refused.
func (n Logout) Failed() bool { return n.Type != AgentLogoutSuccess }

// Failed reports whether the change was refused.
func (n AgentStateChange) Failed() bool { return n.Type != AgentStateChangeSuccess }

// Failed reports whether there was no session to come back to, which is
// normal (ReasonAgentNotFound) before the first login.
func (n Relogin) Failed() bool { return n.Type != AgentReloginSuccess }

// Failed reports whether there is no list.
func (n Buddies) Failed() bool { return n.Type != BuddyAgentsListed }

// InteractionID returns the interaction that the event belongs to: every task
// event has one, except failures of a few kinds.
func (n Task) InteractionID() string { return n.Data.ID() }

// An Envelope is a message of the socket.
type Envelope struct {
	Type       string          `json:"type"` // OuterWelcome and its neighbours.
	OrgID      string          `json:"orgId,omitzero"`
	TrackingID string          `json:"trackingId,omitzero"` // notifs_<uuid>.
	Data       json.RawMessage `json:"data,omitempty"`
	Keepalive  NullText        `json:"keepalive,omitzero"` // The string "true", alone.
}

// KeepaliveFrame is what the client sends and the server echoes. The value is a
// string: Cisco's client does not take a boolean for a keepalive.
const KeepaliveFrame = `{"keepalive":"true"}`

// TaskData is the data of a [Task].
type TaskData struct {
	EventType     string      `json:"eventType,omitzero"` // RoutingMessage.
	Type          string      `json:"type"`
	EventTime     Millis      `json:"eventTime,omitzero"`
	AgentID       string      `json:"agentId,omitzero"` // Who gets the event.
	OrgID         string      `json:"orgId,omitzero"`
	TrackingID    string      `json:"trackingId,omitzero"`
	InteractionID string      `json:"interactionId,omitzero"`
	Interaction   Interaction `json:"interaction,omitzero"`

	MediaResourceID        NullText `json:"mediaResourceId"` // This agent's active leg: what hold sends.
	ConsultMediaResourceID NullText `json:"consultMediaResourceId"`
	Owner                  NullText `json:"owner"` // Agent id.
	DestAgentID            NullText `json:"destAgentId"`
	DestinationType        NullText `json:"destinationType,omitzero"` // See DestAgent and its neighbours.
	ConsultingAgentID      NullText `json:"consultingAgentId,omitzero"`
	QueueMgr               Text     `json:"queueMgr,omitzero"` // aqm.
	QueueName              Text     `json:"queueName,omitzero"`
	ParticipantID          Text     `json:"participantId,omitzero"` // Who joined or left a conference.
	UpdatedBy              Text     `json:"updatedBy,omitzero"`
	TaskID                 Text     `json:"taskId,omitzero"`
	MessageID              Text     `json:"id,omitzero"`
	FromOwner              Text     `json:"fromOwner,omitzero"` // A boolean to the SDK, a string to the Desktop.
	ToOwner                Text     `json:"toOwner,omitzero"`
	RonaTimeout            Number   `json:"ronaTimeout,omitzero"` // Seconds; on offers.

	IsConsulted    Bool `json:"isConsulted,omitzero"`
	IsConferencing Bool `json:"isConferencing,omitzero"`
	AutoResumed    Bool `json:"autoResumed,omitzero"`

	ChildInteractionID       Text `json:"childInteractionId,omitzero"` // ContactMerged: the leg that is no more.
	ReservationInteractionID Text `json:"reservationInteractionId,omitzero"`
	ReservedAgentChannelID   Text `json:"reservedAgentChannelId,omitzero"`
	CampaignID               Text `json:"campaignId,omitzero"`

	Reason              Text  `json:"reason,omitzero"`
	ReasonCode          Code  `json:"reasonCode,omitzero"`
	AgentsPendingWrapUp Texts `json:"agentsPendingWrapUp,omitzero"` // nil when the event did not say.

	TerminatingParty Text            `json:"terminatingParty,omitzero"`
	ParticipantType  Text            `json:"participantType,omitzero"`
	CallLegType      json.RawMessage `json:"callLegType,omitempty"` // {type}.
	DroppedByID      Text            `json:"droppedById,omitzero"`
	DroppedByName    Text            `json:"droppedByName,omitzero"`
	DroppedByRole    Text            `json:"droppedByRole,omitzero"`

	SupervisorID    Text            `json:"supervisorId,omitzero"`
	SupervisorName  Text            `json:"supervisorName,omitzero"`
	SupervisorDN    Text            `json:"supervisorDN,omitzero"`
	MonitorType     Text            `json:"monitorType,omitzero"`
	MonitoringState json.RawMessage `json:"monitoringState,omitempty"` // {type}.

	ContactAssignmentType Text            `json:"contactAssignmentType,omitzero"` // ACD.
	AgentEmailID          Text            `json:"agentEmailId,omitzero"`
	Detail                json.RawMessage `json:"data,omitempty"` // AI events: see [Transcript].
}

// ID returns the interaction id wherever the event put it.
func (d TaskData) ID() string {
	if d.InteractionID != "" {
		return d.InteractionID
	}
	if d.Interaction.InteractionID != "" {
		return d.Interaction.InteractionID
	}
	var t Transcript
	if len(d.Detail) > 0 && json.Unmarshal(d.Detail, &t) == nil {
		return string(t.ConversationID)
	}
	return ""
}

// A Transcript is the detail of a REAL_TIME_TRANSCRIPTION event.
type Transcript struct {
	Role             Text   `json:"role"` // AGENT or CALLER.
	UtteranceID      Text   `json:"utteranceId"`
	ConversationID   Text   `json:"conversationId"` // The interaction.
	PublishTimestamp Millis `json:"publishTimestamp"`
	MessageID        Text   `json:"messageId"`
	IsFinal          Bool   `json:"isFinal"`
	LanguageCode     Text   `json:"languageCode"`
	OrgID            Text   `json:"orgId"`
	Content          Text   `json:"content"`
}
