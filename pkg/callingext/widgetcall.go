package callingext

import "encoding/json"

// IncomingCall says that a call rings at the agent. HubSpot ignores it when
// the app is not registered as supporting inbound calls. It answers with
// [CreateEngagementSucceeded] or [CreateEngagementFailed] where asked to
// create, and with [CallerIDMatchSucceeded] or [CallerIDMatchFailed], in
// either order.
type IncomingCall struct {
	ExternalCallID   string `json:"externalCallId"` // Required: our id of the call.
	FromNumber       string `json:"fromNumber"`     // Required; say "anonymous" for a withheld number.
	ToNumber         string `json:"toNumber"`       // Required.
	CallStartTime    int64  `json:"callStartTime,omitempty"`
	CreateEngagement bool   `json:"createEngagement"`

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// OutgoingCall says that the app has placed a call.
type OutgoingCall struct {
	ExternalCallID   string `json:"externalCallId"`          // Required.
	FromNumber       string `json:"fromNumber,omitempty"`    // Optional in the SDK's types, required in HubSpot's text.
	ToNumber         string `json:"toNumber,omitempty"`      // Required, unless PhoneNumber is given.
	PhoneNumber      string `json:"phoneNumber,omitempty"`   // Deprecated: ToNumber.
	CallStartTime    int64  `json:"callStartTime,omitempty"` // Milliseconds since 1970.
	CreateEngagement bool   `json:"createEngagement"`

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// CallAnswered says that the far end (outbound) or the agent (inbound)
// answered.
type CallAnswered struct {
	ExternalCallID string `json:"externalCallId"` // Required.

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// CallTransferred says that the call went to somebody else. HubSpot does not
// document what it does with it.
type CallTransferred struct {
	ExternalCallID string `json:"externalCallId"` // Required.

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// CallEnded says that the media is down: the user may navigate or close.
type CallEnded struct {
	ExternalCallID string `json:"externalCallId"` // Required.
	// EngagementID is required by the SDK's types; it may be empty here,
	// because a call ends whether or not HubSpot has created its engagement.
	EngagementID  ID            `json:"engagementId,omitempty"`
	CallEndStatus CallEndStatus `json:"callEndStatus,omitempty"`

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// CallCompleted says that the wrap-up is done. HubSpot puts the engagement on
// the timeline, applies the properties (answered with
// [UpdateEngagementSucceeded]) and hides the widget.
type CallCompleted struct {
	ExternalCallID string `json:"externalCallId"` // Required.
	EngagementID   ID     `json:"engagementId,omitempty"`
	// HideWidget nil means true. HubSpot ignores it while the user works
	// through a queue of call tasks.
	HideWidget *bool `json:"hideWidget,omitempty"`
	// EngagementProperties are properties of the call object, such as
	// hs_call_body or hs_call_duration (ms).
	EngagementProperties map[string]string `json:"engagementProperties,omitempty"`

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// FinalizeEngagement asks to finalise the call's engagement (help desk). Since
// 0.9.4; [CallCompleted] suffices in the ordinary flow.
type FinalizeEngagement struct {
	ExternalCallID string `json:"externalCallId"` // Required.
	EngagementID   ID     `json:"engagementId"`   // Required.

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// PublishToChannel is the old name of [FinalizeEngagement].
//
// Deprecated: use FinalizeEngagement.
type PublishToChannel struct {
	ExternalCallID string `json:"externalCallId"` // Required.
	EngagementID   ID     `json:"engagementId"`   // Required.

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// CallData carries anything; HubSpot does not document it.
type CallData struct {
	Data json.RawMessage // JSON, sent as it is; empty: no payload.
}

// Kind returns INCOMING_CALL.
func (IncomingCall) Kind() MessageType { return TypeIncomingCall }

// Kind returns OUTGOING_CALL_STARTED.
func (OutgoingCall) Kind() MessageType { return TypeOutgoingCall }

// Kind returns CALL_ANSWERED.
func (CallAnswered) Kind() MessageType { return TypeCallAnswered }

// Kind returns CALL_TRANSFERRED.
func (CallTransferred) Kind() MessageType { return TypeCallTransferred }

// Kind returns CALL_ENDED.
func (CallEnded) Kind() MessageType { return TypeCallEnded }

// Kind returns CALL_COMPLETED.
func (CallCompleted) Kind() MessageType { return TypeCallCompleted }

// Kind returns FINALIZE_ENGAGEMENT.
func (FinalizeEngagement) Kind() MessageType { return TypeFinalizeEngagement }

// Kind returns PUBLISH_TO_CHANNEL.
func (PublishToChannel) Kind() MessageType { return TypePublishToChannel }

// Kind returns CALL_DATA.
func (CallData) Kind() MessageType { return TypeCallData }

// Validate wants the call id and both numbers.
func (m IncomingCall) Validate() error {
	c := check{typ: m.Kind()}
	c.required(m.ExternalCallID, "externalCallId")
	c.required(m.FromNumber, "fromNumber")
	c.required(m.ToNumber, "toNumber")
	return c.err
}

// Validate wants the call id and the number called.
func (m OutgoingCall) Validate() error {
	c := check{typ: m.Kind()}
	c.required(m.ExternalCallID, "externalCallId")
	c.required(m.ToNumber+m.PhoneNumber, "toNumber")
	return c.err
}

// Validate wants the call id.
func (m CallAnswered) Validate() error { return needCall(m.Kind(), m.ExternalCallID) }

// Validate wants the call id.
func (m CallTransferred) Validate() error { return needCall(m.Kind(), m.ExternalCallID) }

// Validate wants the call id and a known status, if any.
func (m CallEnded) Validate() error {
	c := check{typ: m.Kind()}
	c.required(m.ExternalCallID, "externalCallId")
	c.that(m.CallEndStatus == "" || m.CallEndStatus.known(), "callEndStatus", "not a status of HubSpot")
	return c.err
}

// Validate wants the call id.
func (m CallCompleted) Validate() error { return needCall(m.Kind(), m.ExternalCallID) }

// Validate wants both ids.
func (m FinalizeEngagement) Validate() error {
	return needBoth(m.Kind(), m.ExternalCallID, m.EngagementID)
}

// Validate wants both ids.
func (m PublishToChannel) Validate() error {
	return needBoth(m.Kind(), m.ExternalCallID, m.EngagementID)
}

// Validate wants JSON.
func (m CallData) Validate() error {
	c := check{typ: m.Kind()}
	c.that(len(m.Data) == 0 || json.Valid(m.Data), "data", "not JSON")
	return c.err
}

func needCall(typ MessageType, externalCallID string) error {
	c := check{typ: typ}
	c.required(externalCallID, "externalCallId")
	return c.err
}

func needBoth(typ MessageType, externalCallID string, engagementID ID) error {
	c := check{typ: typ}
	c.required(externalCallID, "externalCallId")
	c.required(string(engagementID), "engagementId")
	return c.err
}

func (m IncomingCall) payload() any       { return m }
func (m OutgoingCall) payload() any       { return m }
func (m CallAnswered) payload() any       { return m }
func (m CallTransferred) payload() any    { return m }
func (m CallEnded) payload() any          { return m }
func (m CallCompleted) payload() any      { return m }
func (m FinalizeEngagement) payload() any { return m }
func (m PublishToChannel) payload() any   { return m }
func (m CallData) payload() any           { return rawPayload(m.Data) }

func (IncomingCall) widgetMessage()       {}
func (OutgoingCall) widgetMessage()       {}
func (CallAnswered) widgetMessage()       {}
func (CallTransferred) widgetMessage()    {}
func (CallEnded) widgetMessage()          {}
func (CallCompleted) widgetMessage()      {}
func (FinalizeEngagement) widgetMessage() {}
func (PublishToChannel) widgetMessage()   {}
func (CallData) widgetMessage()           {}
