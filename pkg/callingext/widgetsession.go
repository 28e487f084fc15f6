package callingext

import (
	"encoding/json"
	"strings"
)

// SyncAck is the widget's half of the handshake. [Widget] sends it by itself;
// [Host.Next] returns it once per handshake.
type SyncAck struct {
	DebugMode bool
	Version   string // Of the widget's SDK.
	IFrameURL string // The widget's origin, in spite of the name.

	Raw json.RawMessage // The whole message; SYNC has no data member.
}

// Initialized is the first message after the handshake. If the user is not
// logged in, HubSpot shows an alert instead of sending [DialNumber].
type Initialized struct {
	IsLoggedIn   bool      `json:"isLoggedIn"`
	IsAvailable  bool      `json:"isAvailable"`
	EngagementID ID        `json:"engagementId,omitempty"` // Of the call that is being continued after a reload.
	SizeInfo     *SizeInfo `json:"sizeInfo,omitempty"`

	// Echoes of SYNC, as HubSpot's demos send them. Optional.
	PortalID          ID             `json:"portalId,omitempty"`
	HostURL           string         `json:"hostUrl,omitempty"`
	IframeLocation    IframeLocation `json:"iframeLocation,omitempty"`
	UsesCallingWindow *bool          `json:"usesCallingWindow,omitempty"`

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// SizeInfo is a size in CSS pixels.
type SizeInfo struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

// LoggedIn says that the user has logged in since [Initialized].
type LoggedIn struct{}

// LoggedOut says that the user has logged out.
type LoggedOut struct{}

// Available (USER_AVAILABLE) enables inbound calls for the user.
type Available struct{}

// Unavailable (USER_UNAVAILABLE) disables inbound calls for the user.
type Unavailable struct{}

// NavigateToRecord asks HubSpot to show a record, normally one of
// [CallerIDMatchSucceeded]. The page with the iframe may be replaced by it.
type NavigateToRecord struct {
	ObjectCoordinates ObjectCoordinates `json:"objectCoordinates"` // Required.
	EngagementID      ID                `json:"engagementId,omitempty"`
	OpenIn            OpenIn            `json:"openIn,omitempty"`

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// SendError (ERROR) makes HubSpot show an alert with the message. With a Code
// it is the SDK's own answer to a message of unknown type.
type SendError struct {
	Message  string
	Code     string          // [UnknownMessageType], or empty.
	Original json.RawMessage // The message that was not known.

	Raw json.RawMessage // The payload as received.
}

// ResizeWidget asks for another size in CSS pixels.
type ResizeWidget struct {
	Width  int `json:"width"`  // Required.
	Height int `json:"height"` // Required.

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// SetWidgetURL asks HubSpot to load the iframe from another URL; a refusal
// comes back as [SetWidgetURLFailed].
type SetWidgetURL struct {
	IFrameURL string `json:"iFrameUrl"` // Required: absolute, http or https.

	Raw json.RawMessage `json:"-"` // The payload as received.
}

// Kind returns SYNC_ACK.
func (SyncAck) Kind() MessageType { return TypeSyncAck }

// Kind returns INITIALIZED.
func (Initialized) Kind() MessageType { return TypeInitialized }

// Kind returns LOGGED_IN.
func (LoggedIn) Kind() MessageType { return TypeLoggedIn }

// Kind returns LOGGED_OUT.
func (LoggedOut) Kind() MessageType { return TypeLoggedOut }

// Kind returns USER_AVAILABLE.
func (Available) Kind() MessageType { return TypeUserAvailable }

// Kind returns USER_UNAVAILABLE.
func (Unavailable) Kind() MessageType { return TypeUserUnavailable }

// Kind returns NAVIGATE_TO_RECORD.
func (NavigateToRecord) Kind() MessageType { return TypeNavigateToRecord }

// Kind returns ERROR.
func (SendError) Kind() MessageType { return TypeError }

// Kind returns RESIZE_WIDGET.
func (ResizeWidget) Kind() MessageType { return TypeResizeWidget }

// Kind returns SET_WIDGET_URL.
func (SetWidgetURL) Kind() MessageType { return TypeSetWidgetURL }

// Validate refuses: only the handshake itself sends a SYNC_ACK.
func (m SyncAck) Validate() error {
	return &InvalidError{Type: m.Kind(), Field: "type", Problem: "belongs to the handshake"}
}

// Validate wants a real size, if any.
func (m Initialized) Validate() error {
	c := check{typ: m.Kind()}
	c.that(m.SizeInfo == nil || (m.SizeInfo.Width > 0 && m.SizeInfo.Height > 0), "sizeInfo", "not positive")
	return c.err
}

// Validate returns nil.
func (LoggedIn) Validate() error { return nil }

// Validate returns nil.
func (LoggedOut) Validate() error { return nil }

// Validate returns nil.
func (Available) Validate() error { return nil }

// Validate returns nil.
func (Unavailable) Validate() error { return nil }

// Validate wants complete coordinates of a contact or a company: HubSpot
// navigates to nothing else.
func (m NavigateToRecord) Validate() error {
	c := check{typ: m.Kind()}
	c.required(string(m.ObjectCoordinates.PortalID), "objectCoordinates.portalId")
	c.required(string(m.ObjectCoordinates.ObjectID), "objectCoordinates.objectId")
	t := m.ObjectCoordinates.ObjectTypeID
	c.that(t == Contact || t == Company, "objectCoordinates.objectTypeId", `not "0-1" or "0-2"`)
	c.that(m.OpenIn == "" || m.OpenIn == CurrentTab || m.OpenIn == NewTab, "openIn", "not a place of HubSpot")
	return c.err
}

// Validate wants a message or a code.
func (m SendError) Validate() error {
	c := check{typ: m.Kind()}
	c.required(m.Message+m.Code, "message")
	c.that(len(m.Original) == 0 || json.Valid(m.Original), "originalMessage", "not JSON")
	return c.err
}

// Validate wants a real size.
func (m ResizeWidget) Validate() error {
	c := check{typ: m.Kind()}
	c.that(m.Width > 0, "width", "not positive")
	c.that(m.Height > 0, "height", "not positive")
	return c.err
}

// Validate wants an absolute URL.
func (m SetWidgetURL) Validate() error {
	c := check{typ: m.Kind()}
	scheme, rest, _ := strings.Cut(m.IFrameURL, "://")
	ok := (scheme == "https" || scheme == "http") && rest != "" && rest[0] != '/'
	c.that(ok, "iFrameUrl", "not an absolute http or https URL")
	return c.err
}

func (m SyncAck) payload() any          { return nil }
func (m Initialized) payload() any      { return m }
func (LoggedIn) payload() any           { return nil }
func (LoggedOut) payload() any          { return nil }
func (Available) payload() any          { return nil }
func (Unavailable) payload() any        { return nil }
func (m NavigateToRecord) payload() any { return m }
func (m ResizeWidget) payload() any     { return m }
func (m SetWidgetURL) payload() any     { return m }

func (m SendError) payload() any {
	p := map[string]any{}
	if m.Message != "" {
		p["message"] = m.Message
	}
	if m.Code != "" {
		p["type"] = m.Code
		p["data"] = map[string]any{"originalMessage": m.Original}
	}
	return p
}

func (SyncAck) widgetMessage()          {}
func (Initialized) widgetMessage()      {}
func (LoggedIn) widgetMessage()         {}
func (LoggedOut) widgetMessage()        {}
func (Available) widgetMessage()        {}
func (Unavailable) widgetMessage()      {}
func (NavigateToRecord) widgetMessage() {}
func (SendError) widgetMessage()        {}
func (ResizeWidget) widgetMessage()     {}
func (SetWidgetURL) widgetMessage()     {}
