package webexcc

import "encoding/json"

// The ways to log in (deviceType).
const (
	DeviceExtension = "EXTENSION"
	DeviceAgentDN   = "AGENT_DN"
	DeviceBrowser   = "BROWSER"
)

// The states of an agent: status, and within it subStatus.
const (
	LoggedIn  = "LoggedIn"
	LoggedOut = "LoggedOut"
	Available = "Available"
	Idle      = "Idle"
)

// AvailableCode is the auxiliary code of an available agent.
const AvailableCode = "0"

// Reasons that failure events carry.
const (
	ReasonDuplicateLocation = "DUPLICATE_LOCATION" // Number or extension in use.
	ReasonInvalidDialNumber = "INVALID_DIAL_NUMBER"
	ReasonAgentNotFound     = "AGENT_NOT_FOUND"      // Reload of an agent who is not logged in.
	ReasonSocketLost        = "agent-wss-disconnect" // lastStateChangeReason after a lost socket.
	ReasonRonaExpired       = "RONA_TIMER_EXPIRED"
)

// Why an agent logs out.
const (
	LogoutByUser       = "User requested logout"
	LogoutInactive     = "Inactivity Logout"
	LogoutProfileMoved = "User requested agent profile update"
)

// A Session is the data of an agent event: login, relogin, state change and
// logout. Which fields are filled depends on the event; a failure has little
// more than Reason and ReasonCode.
type Session struct {
	EventType      string `json:"eventType,omitzero"` // AgentDesktopMessage.
	Type           string `json:"type"`
	AgentID        string `json:"agentId,omitzero"`
	AgentSessionID Text   `json:"agentSessionId,omitzero"` // New with each login.
	OrgID          string `json:"orgId,omitzero"`
	TrackingID     string `json:"trackingId,omitzero"`
	EventTime      Millis `json:"eventTime,omitzero"`

	TeamID    Text   `json:"teamId,omitzero"`
	SiteID    Text   `json:"siteId,omitzero"`
	AuxCodeID Text   `json:"auxCodeId,omitzero"` // Empty means AvailableCode to Cisco's widgets.
	Status    string `json:"status,omitzero"`    // LoggedIn or LoggedOut.
	SubStatus string `json:"subStatus,omitzero"` // Available or Idle.

	LastStateChangeTimestamp    Millis          `json:"lastStateChangeTimestamp,omitzero"`
	LastIdleCodeChangeTimestamp Millis          `json:"lastIdleCodeChangeTimestamp,omitzero"`
	LastStateChangeReason       Text            `json:"lastStateChangeReason,omitzero"`
	ChangedBy                   NullText        `json:"changedBy,omitzero"`
	ChangedByID                 NullText        `json:"changedById,omitzero"`
	ChangedByName               NullText        `json:"changedByName,omitzero"`
	LoggedOutBy                 Text            `json:"loggedOutBy,omitzero"`
	InteractionIDs              Texts           `json:"interactionIds,omitzero"`
	ChannelsMap                 json.RawMessage `json:"channelsMap,omitempty"` // medium → channel ids.
	ProfileType                 Text            `json:"profileType,omitzero"`  // BLENDED.

	DialNumber          Text  `json:"dialNumber,omitzero"`
	DN                  Text  `json:"dn,omitzero"`
	DeviceType          Text  `json:"deviceType,omitzero"`
	DeviceID            Text  `json:"deviceId,omitzero"`
	IsExtension         Bool  `json:"isExtension,omitzero"`
	Roles               Texts `json:"roles,omitzero"`
	SupervisorSessionID Text  `json:"supervisorSessionId,omitzero"`
	EmergencyModalShown Bool  `json:"isEmergencyModalAlreadyDisplayed,omitzero"`

	Reason     Text `json:"reason,omitzero"`
	ReasonCode Code `json:"reasonCode,omitzero"`
}

// A SubscribeRequest asks for a notification socket. Its zero value is sent as
// Cisco's SDK does: force true, clientType "WebexCCSDK".
type SubscribeRequest struct {
	Force              bool   `json:"force"` // Take over an existing subscription.
	IsKeepAliveEnabled bool   `json:"isKeepAliveEnabled"`
	ClientType         string `json:"clientType"`
	AllowMultiLogin    bool   `json:"allowMultiLogin"` // Else a newer subscription closes this one.
}

// A Subscription is a socket waiting to be opened. The URL carries the
// credential: do not log it.
type Subscription struct {
	WebSocketURL   string `json:"webSocketUrl"`
	SubscriptionID Text   `json:"subscriptionId,omitzero"`
}

// A Login logs an agent in at a phone. Only DialNumber, TeamID and DeviceType
// need to be given: LogIn fills DeviceID, IsExtension and Roles.
type Login struct {
	DialNumber  string   `json:"dialNumber"` // Extension, E.164 number or dial string.
	TeamID      string   `json:"teamId"`
	DeviceType  string   `json:"deviceType"` // DeviceExtension, DeviceAgentDN or DeviceBrowser.
	IsExtension bool     `json:"isExtension"`
	DeviceID    string   `json:"deviceId"`
	Roles       []string `json:"roles"` // agent.
	TeamName    string   `json:"teamName"`
	SiteID      string   `json:"siteId"`
	UsesOtherDN bool     `json:"usesOtherDN"`
	AuxCodeID   string   `json:"auxCodeId"`
}

// LogoutRequest is the body of a logout.
type LogoutRequest struct {
	LogoutReason string `json:"logoutReason"`
}

// A StateChange makes an agent available or idle.
type StateChange struct {
	State     string `json:"state"`     // Available or Idle.
	AuxCodeID string `json:"auxCodeId"` // AvailableCode, or the idle code's id.
	AgentID   string `json:"agentId"`
	Reason    string `json:"lastStateChangeReason"` // Cisco's widgets send the code's name.
}

// A BuddyRequest asks for agents to consult or transfer to.
type BuddyRequest struct {
	AgentProfileID string `json:"agentProfileId"`
	MediaType      string `json:"mediaType"`       // telephony, …
	State          string `json:"state,omitempty"` // Available, or empty for all.
}

// BuddyList is the data of a [Buddies] notification.
type BuddyList struct {
	EventType      string  `json:"eventType,omitzero"`
	Type           string  `json:"type"`
	AgentID        string  `json:"agentId,omitzero"`
	AgentSessionID Text    `json:"agentSessionId,omitzero"`
	OrgID          string  `json:"orgId,omitzero"`
	TrackingID     string  `json:"trackingId,omitzero"`
	AgentList      []Buddy `json:"agentList"`
	Reason         Text    `json:"reason,omitzero"`
	ReasonCode     Code    `json:"reasonCode,omitzero"`
}

// A Buddy is a colleague.
type Buddy struct {
	AgentID   string `json:"agentId"`
	AgentName Text   `json:"agentName"`
	State     Text   `json:"state"`
	TeamID    Text   `json:"teamId"`
	DN        Text   `json:"dn"`
	SiteID    Text   `json:"siteId"`
}
