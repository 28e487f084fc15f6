package callingext

// Version is the protocol version that the widget names in SYNC_ACK.
const Version = "0.9.7"

// A MessageType is the type of a message, spelled as on the wire.
type MessageType string

// Handshake, either direction.
const (
	TypeSync          MessageType = "SYNC"
	TypeSyncAck       MessageType = "SYNC_ACK"
	TypeSyncAckFailed MessageType = "SYNC_ACK_FAILED" // Local to the host, never sent.
	TypeReady         MessageType = "READY"           // Local to the SDK; accepted on the wire.
	TypeUnloading     MessageType = "UNLOADING"       // Declared by the SDK, never used.
	TypeFailed        MessageType = "FAILED"          // Declared by the SDK; its key for onFailed.
)

// From the widget to HubSpot.
const (
	TypeInitialized        MessageType = "INITIALIZED"
	TypeLoggedIn           MessageType = "LOGGED_IN"
	TypeLoggedOut          MessageType = "LOGGED_OUT"
	TypeUserAvailable      MessageType = "USER_AVAILABLE"
	TypeUserUnavailable    MessageType = "USER_UNAVAILABLE"
	TypeIncomingCall       MessageType = "INCOMING_CALL"
	TypeOutgoingCall       MessageType = "OUTGOING_CALL_STARTED"
	TypeCallAnswered       MessageType = "CALL_ANSWERED"
	TypeCallTransferred    MessageType = "CALL_TRANSFERRED"
	TypeNavigateToRecord   MessageType = "NAVIGATE_TO_RECORD"
	TypeCallData           MessageType = "CALL_DATA"
	TypeCallEnded          MessageType = "CALL_ENDED"
	TypeCallCompleted      MessageType = "CALL_COMPLETED"
	TypeFinalizeEngagement MessageType = "FINALIZE_ENGAGEMENT"
	TypePublishToChannel   MessageType = "PUBLISH_TO_CHANNEL" // Deprecated: FINALIZE_ENGAGEMENT.
	TypeError              MessageType = "ERROR"
	TypeResizeWidget       MessageType = "RESIZE_WIDGET"
	TypeSetWidgetURL       MessageType = "SET_WIDGET_URL"
)

// From HubSpot to the widget.
const (
	TypeDialNumber                  MessageType = "DIAL_NUMBER"
	TypeCreateEngagementSucceeded   MessageType = "CREATE_ENGAGEMENT_SUCCEEDED"
	TypeCreateEngagementFailed      MessageType = "CREATE_ENGAGEMENT_FAILED"
	TypeEngagementCreated           MessageType = "ENGAGEMENT_CREATED" // Deprecated: CREATE_ENGAGEMENT_SUCCEEDED.
	TypeUpdateEngagementSucceeded   MessageType = "UPDATE_ENGAGEMENT_SUCCEEDED"
	TypeUpdateEngagementFailed      MessageType = "UPDATE_ENGAGEMENT_FAILED"
	TypeCallerIDMatchSucceeded      MessageType = "CALLER_ID_MATCH_SUCCEEDED"
	TypeCallerIDMatchFailed         MessageType = "CALLER_ID_MATCH_FAILED"
	TypeNavigateToRecordFailed      MessageType = "NAVIGATE_TO_RECORD_FAILED"
	TypeFinalizeEngagementSucceeded MessageType = "FINALIZE_ENGAGEMENT_SUCCEEDED"
	TypeFinalizeEngagementFailed    MessageType = "FINALIZE_ENGAGEMENT_FAILED"
	TypePublishToChannelSucceeded   MessageType = "PUBLISH_TO_CHANNEL_SUCCEEDED" // Deprecated: FINALIZE_ENGAGEMENT_SUCCEEDED.
	TypePublishToChannelFailed      MessageType = "PUBLISH_TO_CHANNEL_FAILED"    // Deprecated: FINALIZE_ENGAGEMENT_FAILED.
	TypeVisibilityChanged           MessageType = "VISIBILITY_CHANGED"
	TypeSetCallState                MessageType = "SET_CALL_STATE"
	TypeEndCall                     MessageType = "END_CALL"
	TypeInitiateCallIDSucceeded     MessageType = "INITIATE_CALL_ID_SUCCEEDED"
	TypeInitiateCallIDFailed        MessageType = "INITIATE_CALL_ID_FAILED"
	TypeSetWidgetURLFailed          MessageType = "SET_WIDGET_URL_FAILED"
)

// UnknownMessageType is the code in the ERROR that answers a message of a
// type which the receiver does not know.
const UnknownMessageType = "UNKNOWN_MESSAGE_TYPE"

// A CallEndStatus says how a call ended, in CALL_ENDED.
type CallEndStatus string

// The values on the wire; HubSpot's SDK exports the first five under names
// that begin with INTERNAL_.
const (
	Completed CallEndStatus = "COMPLETED"
	Failed    CallEndStatus = "FAILED"
	Canceled  CallEndStatus = "CANCELED"
	Busy      CallEndStatus = "BUSY"
	NoAnswer  CallEndStatus = "NO_ANSWER"
	Rejected  CallEndStatus = "REJECTED"
	Missed    CallEndStatus = "MISSED"
)

func (s CallEndStatus) known() bool {
	switch s {
	case Completed, Failed, Canceled, Busy, NoAnswer, Rejected, Missed:
		return true
	}
	return false
}

// An IframeLocation says where HubSpot shows the widget.
type IframeLocation string

// The three frames of HubSpot.
const (
	InWidget IframeLocation = "widget" // Panel on a record page: apps without inbound calls.
	InRemote IframeLocation = "remote" // Navigation bar, one per HubSpot tab.
	InWindow IframeLocation = "window" // HubSpot's calling window; survives navigation.
)

// OpenIn says where NAVIGATE_TO_RECORD opens the record. Empty leaves the
// choice to HubSpot. New in 0.9.7.
type OpenIn string

// The two places.
const (
	CurrentTab OpenIn = "CURRENT_TAB"
	NewTab     OpenIn = "NEW_TAB"
)

// Object type ids of HubSpot's CRM.
const (
	Contact = "0-1"
	Company = "0-2"
	Deal    = "0-3"
	Ticket  = "0-5"
)
