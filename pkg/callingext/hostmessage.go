package callingext

import "encoding/json"

// Synced is the host's half of the handshake: [Widget.Next] returns it once.
// Every field may be empty, and none is authenticated. HubSpot's own SDK as
// host sends only HostURL; HubSpot has been seen sending a user id of 0.
type Synced struct {
	PortalID          ID
	UserID            ID
	OwnerID           ID
	EngagementID      ID // Of the call under way, after a navigation.
	IframeLocation    IframeLocation
	UsesCallingWindow bool   // False also when HubSpot does not say.
	HostURL           string // The origin of the page around us: verified by the browser.

	Raw json.RawMessage // The whole message; SYNC has no data member.
}

// CreateEngagementSucceeded names the call object that HubSpot created for
// the call started with CreateEngagement.
type CreateEngagementSucceeded struct {
	EngagementID ID `json:"engagementId"` // Required.

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// CreateEngagementFailed says that there is no engagement.
type CreateEngagementFailed struct {
	Error Failure `json:"error"`

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// EngagementCreated comes in addition to [CreateEngagementSucceeded].
//
// Deprecated: HubSpot still sends it, beside CreateEngagementSucceeded.
type EngagementCreated struct {
	EngagementID ID `json:"engagementId"` // Required.

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// UpdateEngagementSucceeded answers the properties of [CallCompleted].
type UpdateEngagementSucceeded struct {
	EngagementID ID `json:"engagementId"` // Required.

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// UpdateEngagementFailed answers the properties of [CallCompleted].
type UpdateEngagementFailed struct {
	Error Failure `json:"error"`

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// Failure is what HubSpot says about something that did not work.
type Failure struct {
	Message string `json:"message"`
}

// NavigateToRecordFailed answers [NavigateToRecord].
type NavigateToRecordFailed struct {
	EngagementID      ID                `json:"engagementId,omitempty"`
	ObjectCoordinates ObjectCoordinates `json:"objectCoordinates"`

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// FinalizeEngagementSucceeded answers [FinalizeEngagement].
type FinalizeEngagementSucceeded struct {
	EngagementID   ID     `json:"engagementId,omitempty"`
	ExternalCallID string `json:"externalCallId"`

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// FinalizeEngagementFailed answers [FinalizeEngagement].
type FinalizeEngagementFailed struct {
	EngagementID   ID     `json:"engagementId,omitempty"`
	ExternalCallID string `json:"externalCallId"`

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// PublishToChannelSucceeded answers [PublishToChannel].
//
// Deprecated: see FinalizeEngagementSucceeded.
type PublishToChannelSucceeded struct {
	EngagementID   ID     `json:"engagementId,omitempty"`
	ExternalCallID string `json:"externalCallId"`

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// PublishToChannelFailed answers [PublishToChannel].
//
// Deprecated: see FinalizeEngagementFailed.
type PublishToChannelFailed struct {
	EngagementID   ID     `json:"engagementId,omitempty"`
	ExternalCallID string `json:"externalCallId"`

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// VisibilityChanged says that the user minimised or hid the widget.
type VisibilityChanged struct {
	IsMinimized bool `json:"isMinimized"`
	IsHidden    bool `json:"isHidden"`

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// The payloads of the following are not documented: Raw is the data member,
// both as received and as sent; empty means none.
type (
	// SetCallState is undocumented.
	SetCallState struct{ Raw json.RawMessage }
	// EndCall asks to hang up; answer with [CallEnded].
	EndCall struct{ Raw json.RawMessage }
	// InitiateCallIDSucceeded is undocumented.
	InitiateCallIDSucceeded struct{ Raw json.RawMessage }
	// InitiateCallIDFailed is mentioned for an invalid phone number.
	InitiateCallIDFailed struct{ Raw json.RawMessage }
	// SetWidgetURLFailed answers [SetWidgetURL].
	SetWidgetURLFailed struct{ Raw json.RawMessage }
)

// Kind returns SYNC.
func (Synced) Kind() MessageType { return TypeSync }

// Kind returns CREATE_ENGAGEMENT_SUCCEEDED.
func (CreateEngagementSucceeded) Kind() MessageType { return TypeCreateEngagementSucceeded }

// Kind returns CREATE_ENGAGEMENT_FAILED.
func (CreateEngagementFailed) Kind() MessageType { return TypeCreateEngagementFailed }

// Kind returns ENGAGEMENT_CREATED.
func (EngagementCreated) Kind() MessageType { return TypeEngagementCreated }

// Kind returns UPDATE_ENGAGEMENT_SUCCEEDED.
func (UpdateEngagementSucceeded) Kind() MessageType { return TypeUpdateEngagementSucceeded }

// Kind returns UPDATE_ENGAGEMENT_FAILED.
func (UpdateEngagementFailed) Kind() MessageType { return TypeUpdateEngagementFailed }

// Kind returns NAVIGATE_TO_RECORD_FAILED.
func (NavigateToRecordFailed) Kind() MessageType { return TypeNavigateToRecordFailed }

// Kind returns FINALIZE_ENGAGEMENT_SUCCEEDED.
func (FinalizeEngagementSucceeded) Kind() MessageType { return TypeFinalizeEngagementSucceeded }

// Kind returns FINALIZE_ENGAGEMENT_FAILED.
func (FinalizeEngagementFailed) Kind() MessageType { return TypeFinalizeEngagementFailed }

// Kind returns PUBLISH_TO_CHANNEL_SUCCEEDED.
func (PublishToChannelSucceeded) Kind() MessageType { return TypePublishToChannelSucceeded }

// Kind returns PUBLISH_TO_CHANNEL_FAILED.
func (PublishToChannelFailed) Kind() MessageType { return TypePublishToChannelFailed }

// Kind returns VISIBILITY_CHANGED.
func (VisibilityChanged) Kind() MessageType { return TypeVisibilityChanged }

// Kind returns SET_CALL_STATE.
func (SetCallState) Kind() MessageType { return TypeSetCallState }

// Kind returns END_CALL.
func (EndCall) Kind() MessageType { return TypeEndCall }

// Kind returns INITIATE_CALL_ID_SUCCEEDED.
func (InitiateCallIDSucceeded) Kind() MessageType { return TypeInitiateCallIDSucceeded }

// Kind returns INITIATE_CALL_ID_FAILED.
func (InitiateCallIDFailed) Kind() MessageType { return TypeInitiateCallIDFailed }

// Kind returns SET_WIDGET_URL_FAILED.
func (SetWidgetURLFailed) Kind() MessageType { return TypeSetWidgetURLFailed }

// Validate refuses: only the handshake itself sends a SYNC.
func (m Synced) Validate() error {
	return &InvalidError{Type: m.Kind(), Field: "type", Problem: "belongs to the handshake"}
}

// Validate wants the engagement id.
func (m CreateEngagementSucceeded) Validate() error { return needEngagement(m.Kind(), m.EngagementID) }

// Validate returns nil.
func (CreateEngagementFailed) Validate() error { return nil }

// Validate wants the engagement id.
func (m EngagementCreated) Validate() error { return needEngagement(m.Kind(), m.EngagementID) }

// Validate wants the engagement id.
func (m UpdateEngagementSucceeded) Validate() error { return needEngagement(m.Kind(), m.EngagementID) }

// Validate returns nil.
func (UpdateEngagementFailed) Validate() error { return nil }

// Validate returns nil.
func (NavigateToRecordFailed) Validate() error { return nil }

// Validate returns nil.
func (FinalizeEngagementSucceeded) Validate() error { return nil }

// Validate returns nil.
func (FinalizeEngagementFailed) Validate() error { return nil }

// Validate returns nil.
func (PublishToChannelSucceeded) Validate() error { return nil }

// Validate returns nil.
func (PublishToChannelFailed) Validate() error { return nil }

// Validate returns nil.
func (VisibilityChanged) Validate() error { return nil }

// Validate wants JSON.
func (m SetCallState) Validate() error { return needJSON(m.Kind(), m.Raw) }

// Validate wants JSON.
func (m EndCall) Validate() error { return needJSON(m.Kind(), m.Raw) }

// Validate wants JSON.
func (m InitiateCallIDSucceeded) Validate() error { return needJSON(m.Kind(), m.Raw) }

// Validate wants JSON.
func (m InitiateCallIDFailed) Validate() error { return needJSON(m.Kind(), m.Raw) }

// Validate wants JSON.
func (m SetWidgetURLFailed) Validate() error { return needJSON(m.Kind(), m.Raw) }

func needEngagement(typ MessageType, id ID) error {
	c := check{typ: typ}
	c.required(string(id), "engagementId")
	return c.err
}

func needJSON(typ MessageType, raw json.RawMessage) error {
	c := check{typ: typ}
	c.that(len(raw) == 0 || json.Valid(raw), "data", "not JSON")
	return c.err
}

func (m Synced) payload() any                      { return nil }
func (m CreateEngagementSucceeded) payload() any   { return m }
func (m CreateEngagementFailed) payload() any      { return m }
func (m EngagementCreated) payload() any           { return m }
func (m UpdateEngagementSucceeded) payload() any   { return m }
func (m UpdateEngagementFailed) payload() any      { return m }
func (m NavigateToRecordFailed) payload() any      { return m }
func (m FinalizeEngagementSucceeded) payload() any { return m }
func (m FinalizeEngagementFailed) payload() any    { return m }
func (m PublishToChannelSucceeded) payload() any   { return m }
func (m PublishToChannelFailed) payload() any      { return m }
func (m VisibilityChanged) payload() any           { return m }
func (m SetCallState) payload() any                { return rawPayload(m.Raw) }
func (m EndCall) payload() any                     { return rawPayload(m.Raw) }
func (m InitiateCallIDSucceeded) payload() any     { return rawPayload(m.Raw) }
func (m InitiateCallIDFailed) payload() any        { return rawPayload(m.Raw) }
func (m SetWidgetURLFailed) payload() any          { return rawPayload(m.Raw) }

func (Synced) hostMessage()                      {}
func (CreateEngagementSucceeded) hostMessage()   {}
func (CreateEngagementFailed) hostMessage()      {}
func (EngagementCreated) hostMessage()           {}
func (UpdateEngagementSucceeded) hostMessage()   {}
func (UpdateEngagementFailed) hostMessage()      {}
func (NavigateToRecordFailed) hostMessage()      {}
func (FinalizeEngagementSucceeded) hostMessage() {}
func (FinalizeEngagementFailed) hostMessage()    {}
func (PublishToChannelSucceeded) hostMessage()   {}
func (PublishToChannelFailed) hostMessage()      {}
func (VisibilityChanged) hostMessage()           {}
func (SetCallState) hostMessage()                {}
func (EndCall) hostMessage()                     {}
func (InitiateCallIDSucceeded) hostMessage()     {}
func (InitiateCallIDFailed) hostMessage()        {}
func (SetWidgetURLFailed) hostMessage()          {}
