package webexcc

import "encoding/json"

// The values of [Interaction.State]. Webex may send others.
const (
	StateNew        = "new"
	StateConnected  = "connected"
	StateHold       = "hold"
	StateConsult    = "consult"
	StateConsulting = "consulting"
	StateConference = "conference"
	StateWrapUp     = "wrapUp"
	StatePostCall   = "post_call"
	StateTerminated = "terminated"
)

// The values of [Direction.Type].
const (
	Inbound  = "INBOUND"
	Outbound = "OUTBOUND"
)

// An Interaction is a contact as a task event carries it: whole, so that it
// replaces the one before.
type Interaction struct {
	InteractionID     string    `json:"interactionId"`
	MainInteractionID string    `json:"mainInteractionId,omitzero"` // Own id except on a child leg.
	OrgID             string    `json:"orgId,omitzero"`
	MediaType         string    `json:"mediaType"`             // telephony, chat, email, social, …
	MediaChannel      string    `json:"mediaChannel,omitzero"` // Finer: sms, whatsapp, …
	State             string    `json:"state"`                 // See StateNew and its neighbours.
	Owner             NullText  `json:"owner"`                 // Agent id.
	ContactDirection  Direction `json:"contactDirection"`      // INBOUND or OUTBOUND.
	OutboundType      NullText  `json:"outboundType"`          // OUTDIAL, campaign and callback kinds.
	IsTerminated      Bool      `json:"isTerminated,omitzero"`
	IsFcManaged       Bool      `json:"isFcManaged,omitzero"` // Flow control.
	IsMediaForked     Bool      `json:"isMediaForked,omitzero"`
	IsWrapUpAssist    Bool      `json:"isWrapUpAssist,omitzero"`

	CurrentVTeam     Text            `json:"currentVTeam,omitzero"` // Queue id.
	PreviousVTeams   json.RawMessage `json:"previousVTeams,omitempty"`
	CreatedTimestamp Millis          `json:"createdTimestamp,omitzero"`
	QueuedTimestamp  Millis          `json:"queuedTimestamp,omitzero"`

	Participants map[string]Participant `json:"participants"` // By id; the customer's is the ANI or address.
	Media        map[string]Media       `json:"media"`        // By key; the main entry's is InteractionID.

	CallProcessingDetails CallProcessingDetails  `json:"callProcessingDetails"`
	CallAssociatedData    map[string]CADVariable `json:"callAssociatedData"`
	CallAssociatedDetails TextMap                `json:"callAssociatedDetails,omitzero"` // Flat duplicate of the data.
	CallFlowParams        json.RawMessage        `json:"callFlowParams,omitempty"`       // name → {name, qualifier, description, valueDataType, value}.

	MediaProperties     json.RawMessage `json:"mediaProperties,omitempty"`
	FlowProperties      json.RawMessage `json:"flowProperties,omitempty"`
	WorkflowManager     json.RawMessage `json:"workflowManager,omitempty"`
	ParentInteractionID NullText        `json:"parentInteractionId,omitzero"`
}

// A Direction says who called whom.
type Direction struct {
	Type string `json:"type"`
}

// MainMedia returns the main call's media: the entry under the main
// interaction's id, else one of type mainCall.
func (i Interaction) MainMedia() (Media, bool) {
	for _, key := range []string{i.MainInteractionID, i.InteractionID} {
		if m, ok := i.Media[key]; ok && key != "" {
			return m, true
		}
	}
	return i.mediaOf(MainCall)
}

// ConsultMedia returns the consult leg, if there is one.
func (i Interaction) ConsultMedia() (Media, bool) { return i.mediaOf(ConsultCall) }

// Parent returns the id of the interaction that this one was made to consult
// for, and is empty for every other: consulting an entry point makes a child
// interaction for whoever answers there. [ContactMerged] joins the two.
func (i Interaction) Parent() string {
	d := i.CallProcessingDetails
	if parent := d[DetailParentInteractionID]; d[DetailRelationshipType] == RelationshipConsult && parent != i.InteractionID {
		return parent
	}
	return ""
}

// mediaOf picks the entry with the smallest key, so that the answer does not
// depend on the order of a map.
func (i Interaction) mediaOf(mType string) (Media, bool) {
	var found string
	for key, m := range i.Media {
		if m.MType == mType && (found == "" || key < found) {
			found = key
		}
	}
	m, ok := i.Media[found]
	return m, ok
}

// The values of [Media.MType].
const (
	MainCall    = "mainCall"
	ConsultCall = "consult"
)

// Media is one leg of an interaction.
type Media struct {
	MediaResourceID string `json:"mediaResourceId"` // What hold and unhold send.
	MediaType       string `json:"mediaType"`
	MediaMgr        Text   `json:"mediaMgr,omitzero"` // callmm for voice.
	MType           string `json:"mType"`             // MainCall or ConsultCall.
	Participants    Texts  `json:"participants"`      // Ids of those on this leg.
	IsHold          Bool   `json:"isHold"`
	HoldTimestamp   Millis `json:"holdTimestamp"`
}

// The values of [Participant.PType].
const (
	PTypeCustomer     = "Customer"
	PTypeAgent        = "Agent"
	PTypeSupervisor   = "Supervisor"
	PTypeVirtualAgent = "VVA"
	PTypeDN           = "DN" // "dn" has been seen.
	PTypeEpDN         = "EP-DN"
)

// TypeEpDn is the [Participant.Type] of an entry point that is being consulted:
// commands name it by its EpID, not by its ID.
const TypeEpDn = "EpDn"

// The values of [Participant.ConsultState].
const (
	ConsultInitiated = "consultInitiated"
	ConsultReserved  = "consultReserved"
	Consulting       = "consulting"
	Conferencing     = "conferencing"
	ConsultCompleted = "consultCompleted"
)

// A Participant is a party of an interaction.
type Participant struct {
	ID    string `json:"id"`    // Equals its key, except for the DN of a capacity-based team.
	PType string `json:"pType"` // See PTypeCustomer and its neighbours.
	Type  string `json:"type"`  // Customer, CUSTOMER, Agent, EpDn, …
	Name  Text   `json:"name,omitzero"`

	HasJoined         Bool `json:"hasJoined,omitzero"`
	HasLeft           Bool `json:"hasLeft,omitzero"`
	IsInPredial       Bool `json:"isInPredial,omitzero"`
	IsOffered         Bool `json:"isOffered,omitzero"`
	IsConsulted       Bool `json:"isConsulted,omitzero"`
	IsWrapUp          Bool `json:"isWrapUp,omitzero"` // On one's own: wrap-up is due.
	IsWrappedUp       Bool `json:"isWrappedUp,omitzero"`
	AutoAnswerEnabled Bool `json:"autoAnswerEnabled,omitzero"`

	ConsultState          NullText `json:"consultState"`
	CurrentState          NullText `json:"currentState"`
	ConsultTimestamp      Millis   `json:"consultTimestamp,omitzero"`
	CurrentStateTimestamp Millis   `json:"currentStateTimestamp,omitzero"`
	JoinTimestamp         Millis   `json:"joinTimestamp,omitzero"`
	LastUpdated           Millis   `json:"lastUpdated,omitzero"`
	WrapUpTimestamp       Millis   `json:"wrapUpTimestamp,omitzero"`

	DN           Text `json:"dn,omitzero"`
	EpID         Text `json:"epId,omitzero"`
	DeviceID     Text `json:"deviceId,omitzero"`
	DeviceType   Text `json:"deviceType,omitzero"`
	DeviceCallID Text `json:"deviceCallId,omitzero"`
	ChannelID    Text `json:"channelId,omitzero"`
	SessionID    Text `json:"sessionId,omitzero"`
	CallerID     Text `json:"callerId,omitzero"`

	TeamID     Text            `json:"teamId,omitzero"`
	TeamName   Text            `json:"teamName,omitzero"`
	SiteID     Text            `json:"siteId,omitzero"`
	QueueID    Text            `json:"queueId,omitzero"`
	QueueMgrID Text            `json:"queueMgrId,omitzero"`
	SkillID    Text            `json:"skillId,omitzero"`
	SkillName  Text            `json:"skillName,omitzero"`
	Skills     json.RawMessage `json:"skills,omitempty"`
	BnrDetails json.RawMessage `json:"bnrDetails,omitempty"`
}

// A CADVariable is one piece of call-associated data.
type CADVariable struct {
	Name             Text   `json:"name"`
	DisplayName      Text   `json:"displayName,omitzero"`
	Value            Text   `json:"value"`
	Type             Text   `json:"type,omitzero"` // STRING, INTEGER, DECIMAL, BOOLEAN, DATE.
	AgentEditable    Bool   `json:"agentEditable,omitzero"`
	AgentViewable    Bool   `json:"agentViewable,omitzero"`
	IsSecure         Bool   `json:"isSecure,omitzero"`
	SecureKeyID      Text   `json:"secureKeyId"`
	SecureKeyVersion Number `json:"secureKeyVersion"`
	Global           Bool   `json:"global,omitzero"`
	Reportable       Bool   `json:"reportable,omitzero"`
}

// UnmarshalJSON accepts a bare value in place of the object.
func (v *CADVariable) UnmarshalJSON(data []byte) error {
	type plain CADVariable
	var p plain
	if json.Unmarshal(data, &p) != nil {
		p = plain{Value: Text(scalar(data))}
	}
	*v = CADVariable(p)
	return nil
}
