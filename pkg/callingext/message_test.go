package callingext_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/callingext"
)

var coordinates = callingext.ObjectCoordinates{PortalID: "42", ObjectID: "51", ObjectTypeID: callingext.Contact}

const coordinatesJSON = `{"portalId":42,"objectId":51,"objectTypeId":"0-1"}`

// What a widget says: every row of the protocol's table, as typed and as data
// on the wire ("" is none).
var widgetRows = []struct {
	typ  string
	m    callingext.WidgetMessage
	data string
}{
	{"INITIALIZED", callingext.Initialized{
		IsLoggedIn: true, IsAvailable: true, EngagementID: "7", SizeInfo: &callingext.SizeInfo{Width: 400, Height: 600},
		PortalID: "42", HostURL: hubspot, IframeLocation: callingext.InWindow, UsesCallingWindow: new(true),
	}, `{"isLoggedIn":true,"isAvailable":true,"engagementId":7,"sizeInfo":{"width":400,"height":600},
		"portalId":42,"hostUrl":"https://app.hubspot.com","iframeLocation":"window","usesCallingWindow":true}`},
	{"LOGGED_IN", callingext.LoggedIn{}, ""},
	{"LOGGED_OUT", callingext.LoggedOut{}, ""},
	{"USER_AVAILABLE", callingext.Available{}, ""},
	{"USER_UNAVAILABLE", callingext.Unavailable{}, ""},
	{"INCOMING_CALL", callingext.IncomingCall{
		ExternalCallID: "e1", FromNumber: "+1", ToNumber: "+2", CallStartTime: 1700000000000, CreateEngagement: true,
	}, `{"externalCallId":"e1","fromNumber":"+1","toNumber":"+2","callStartTime":1700000000000,"createEngagement":true}`},
	{"OUTGOING_CALL_STARTED", callingext.OutgoingCall{
		ExternalCallID: "e1", FromNumber: "+1", ToNumber: "+2", PhoneNumber: "+2", CallStartTime: 5, CreateEngagement: true,
	}, `{"externalCallId":"e1","fromNumber":"+1","toNumber":"+2","phoneNumber":"+2","callStartTime":5,"createEngagement":true}`},
	{"CALL_ANSWERED", callingext.CallAnswered{ExternalCallID: "e1"}, `{"externalCallId":"e1"}`},
	{"CALL_TRANSFERRED", callingext.CallTransferred{ExternalCallID: "e1"}, `{"externalCallId":"e1"}`},
	{"NAVIGATE_TO_RECORD", callingext.NavigateToRecord{
		ObjectCoordinates: coordinates, EngagementID: "7", OpenIn: callingext.NewTab,
	}, `{"objectCoordinates":` + coordinatesJSON + `,"engagementId":7,"openIn":"NEW_TAB"}`},
	{"CALL_ENDED", callingext.CallEnded{ExternalCallID: "e1", EngagementID: "7", CallEndStatus: callingext.NoAnswer},
		`{"externalCallId":"e1","engagementId":7,"callEndStatus":"NO_ANSWER"}`},
	{"CALL_COMPLETED", callingext.CallCompleted{
		ExternalCallID: "e1", EngagementID: "7", HideWidget: new(false), EngagementProperties: map[string]string{"hs_call_body": "Hi"},
	}, `{"externalCallId":"e1","engagementId":7,"hideWidget":false,"engagementProperties":{"hs_call_body":"Hi"}}`},
	{"FINALIZE_ENGAGEMENT", callingext.FinalizeEngagement{ExternalCallID: "e1", EngagementID: "7"}, `{"externalCallId":"e1","engagementId":7}`},
	{"PUBLISH_TO_CHANNEL", callingext.PublishToChannel{ExternalCallID: "e1", EngagementID: "7"}, `{"externalCallId":"e1","engagementId":7}`},
	{"ERROR", callingext.SendError{Message: "oops"}, `{"message":"oops"}`},
	{"ERROR", callingext.SendError{Code: callingext.UnknownMessageType, Original: json.RawMessage(`{"type":"X"}`)},
		`{"type":"UNKNOWN_MESSAGE_TYPE","data":{"originalMessage":{"type":"X"}}}`},
	{"RESIZE_WIDGET", callingext.ResizeWidget{Width: 400, Height: 600}, `{"width":400,"height":600}`},
	{"SET_WIDGET_URL", callingext.SetWidgetURL{IFrameURL: phone + "/x"}, `{"iFrameUrl":"https://phone.example/x"}`},
	{"CALL_DATA", callingext.CallData{Data: json.RawMessage(`{"any":[1]}`)}, `{"any":[1]}`},
	{"CUSTOM", callingext.Unknown{Type: "CUSTOM", Data: json.RawMessage(`{"any":1}`)}, `{"any":1}`},
}

// What HubSpot says.
var hostRows = []struct {
	typ  string
	m    callingext.HostMessage
	data string
}{
	{"DIAL_NUMBER", callingext.DialNumber{
		PhoneNumber: "+1", PhoneNumberDuplicate: "+1", OwnerID: "9", SubjectID: "4294967297", ObjectID: "51", ObjectType: "CONTACT",
		PortalID: "42", CountryCode: "US", CalleeInfo: &callingext.Callee{CalleeID: "52", CalleeObjectTypeID: "0-2"},
		StartTimestamp: 1700000000000, ToPhoneNumberSrc: "mobilephone", ThreadID: "88",
	}, `{"phoneNumber":"+1","phone_number":"+1","ownerId":9,"subjectId":4294967297,"objectId":51,"objectType":"CONTACT","portalId":42,
		"countryCode":"US","calleeInfo":{"calleeId":52,"calleeObjectTypeId":"0-2"},"startTimestamp":1700000000000,
		"toPhoneNumberSrc":"mobilephone","threadId":88}`},
	{"CREATE_ENGAGEMENT_SUCCEEDED", callingext.CreateEngagementSucceeded{EngagementID: "7"}, `{"engagementId":7}`},
	{"CREATE_ENGAGEMENT_FAILED", callingext.CreateEngagementFailed{Error: callingext.Failure{Message: "no"}}, `{"error":{"message":"no"}}`},
	{"ENGAGEMENT_CREATED", callingext.EngagementCreated{EngagementID: "7"}, `{"engagementId":7}`},
	{"UPDATE_ENGAGEMENT_SUCCEEDED", callingext.UpdateEngagementSucceeded{EngagementID: "7"}, `{"engagementId":7}`},
	{"UPDATE_ENGAGEMENT_FAILED", callingext.UpdateEngagementFailed{Error: callingext.Failure{Message: "no"}}, `{"error":{"message":"no"}}`},
	{"CALLER_ID_MATCH_SUCCEEDED", callingext.CallerIDMatchSucceeded{CallerIDMatches: []callingext.CallerIDMatch{
		{CallerIDType: callingext.MatchContact, ObjectCoordinates: coordinates, FirstName: "Ada", LastName: "L", Email: "a@example.com"},
		{CallerIDType: callingext.MatchCompany, ObjectCoordinates: callingext.ObjectCoordinates{PortalID: "42", ObjectID: "3", ObjectTypeID: callingext.Company}, Name: "Acme"},
	}}, `{"callerIdMatches":[
		{"callerIdType":"CONTACT","objectCoordinates":` + coordinatesJSON + `,"firstName":"Ada","lastName":"L","email":"a@example.com"},
		{"callerIdType":"COMPANY","objectCoordinates":{"portalId":42,"objectId":3,"objectTypeId":"0-2"},"name":"Acme"}]}`},
	{"CALLER_ID_MATCH_SUCCEEDED", callingext.CallerIDMatchSucceeded{}, `{"callerIdMatches":[]}`},
	{"CALLER_ID_MATCH_FAILED", callingext.CallerIDMatchFailed{Error: callingext.Failure{Message: "no"}}, `{"error":{"message":"no"}}`},
	{"NAVIGATE_TO_RECORD_FAILED", callingext.NavigateToRecordFailed{EngagementID: "7", ObjectCoordinates: coordinates},
		`{"engagementId":7,"objectCoordinates":` + coordinatesJSON + `}`},
	{"FINALIZE_ENGAGEMENT_SUCCEEDED", callingext.FinalizeEngagementSucceeded{EngagementID: "7", ExternalCallID: "e1"}, `{"engagementId":7,"externalCallId":"e1"}`},
	{"FINALIZE_ENGAGEMENT_FAILED", callingext.FinalizeEngagementFailed{EngagementID: "7", ExternalCallID: "e1"}, `{"engagementId":7,"externalCallId":"e1"}`},
	{"PUBLISH_TO_CHANNEL_SUCCEEDED", callingext.PublishToChannelSucceeded{EngagementID: "7", ExternalCallID: "e1"}, `{"engagementId":7,"externalCallId":"e1"}`},
	{"PUBLISH_TO_CHANNEL_FAILED", callingext.PublishToChannelFailed{EngagementID: "7", ExternalCallID: "e1"}, `{"engagementId":7,"externalCallId":"e1"}`},
	{"VISIBILITY_CHANGED", callingext.VisibilityChanged{IsMinimized: true}, `{"isMinimized":true,"isHidden":false}`},
	{"SET_CALL_STATE", callingext.SetCallState{Raw: json.RawMessage(`{"any":1}`)}, `{"any":1}`},
	{"END_CALL", callingext.EndCall{}, ""},
	{"END_CALL", callingext.EndCall{Raw: json.RawMessage(`{"any":1}`)}, `{"any":1}`},
	{"INITIATE_CALL_ID_SUCCEEDED", callingext.InitiateCallIDSucceeded{Raw: json.RawMessage(`[1]`)}, `[1]`},
	{"INITIATE_CALL_ID_FAILED", callingext.InitiateCallIDFailed{Raw: json.RawMessage(`"text"`)}, `"text"`},
	{"SET_WIDGET_URL_FAILED", callingext.SetWidgetURLFailed{Raw: json.RawMessage(`{"any":1}`)}, `{"any":1}`},
	{"NEW_IN_0_9_8", callingext.Unknown{Type: "NEW_IN_0_9_8", Data: json.RawMessage(`{"any":1}`)}, `{"any":1}`},
}

func TestEveryWidgetMessageRoundTrips(t *testing.T) {
	t.Parallel()
	for _, row := range widgetRows {
		t.Run(row.typ, func(t *testing.T) {
			t.Parallel()
			w, sent := readyWidget(t)
			h, widgetEnd := runningHost(t, callingext.HostConfig{})
			acknowledge(t, h, widgetEnd)

			require.NoError(t, w.Send(row.m))
			require.Len(t, sent.posts, 1)
			wire := sent.posts[0]
			require.NoError(t, widgetEnd.Post(hubspot, []byte(wire.Data)))
			got, err := h.Next(t.Context())
			require.NoError(t, err)

			assert.Equal(t, hubspot, wire.Target)
			assertWire(t, row.typ, row.data, wire.Data)
			assert.Equal(t, callingext.MessageType(row.typ), row.m.Kind())
			assert.Equal(t, received(t, row.m, wire.Data), got)
		})
	}
}

func TestEveryHostMessageRoundTrips(t *testing.T) {
	t.Parallel()
	for _, row := range hostRows {
		t.Run(row.typ, func(t *testing.T) {
			t.Parallel()
			w, script := readyWidget(t)
			h, widgetEnd := runningHost(t, callingext.HostConfig{})
			acknowledge(t, h, widgetEnd)

			require.NoError(t, h.Send(row.m))
			in, err := widgetEnd.Receive(t.Context())
			require.NoError(t, err)
			script.from(hubspot, string(in.Data))
			got, err := w.Next(t.Context())
			require.NoError(t, err)

			assertWire(t, row.typ, row.data, string(in.Data))
			assert.Equal(t, callingext.MessageType(row.typ), row.m.Kind())
			assert.Equal(t, received(t, row.m, string(in.Data)), got)
		})
	}
}

func assertWire(t *testing.T, typ, want, wire string) {
	t.Helper()
	got := decode(t, wire)
	assert.Equal(t, typ, got["type"])
	assert.NotEmpty(t, got["messageId"])
	if want == "" {
		assert.NotContains(t, got, "data")
		return
	}
	assert.JSONEq(t, want, data(t, wire))
}

// received is what the other side makes of m: the same with its raw payload.
func received[M callingext.Message](t *testing.T, m M, wire string) M {
	if u, ok := any(m).(callingext.Unknown); ok {
		u.Raw = json.RawMessage(wire)
		return any(u).(M)
	}
	return withRaw(m, data(t, wire))
}

// The captures were made with HubSpot's npm package: every method of
// CallingExtensions in one go, and an IFrameManager as host.
func TestMessagesOfHubSpotsOwnSDKAreUnderstood(t *testing.T) {
	t.Parallel()
	t.Run("as widget", func(t *testing.T) {
		t.Parallel()
		h, widget := runningHost(t, callingext.HostConfig{})
		acknowledge(t, h, widget)
		for _, line := range lines(t, "testdata/sdk-0.9.7-widget.jsonl")[1:] { // [0] is its SYNC_ACK.
			require.NoError(t, widget.Post(hubspot, []byte(line)))

			m, err := h.Next(t.Context())

			require.NoError(t, err)
			assert.Equal(t, decode(t, line)["type"], string(m.Kind()))
			if m.Kind() == "CUSTOM" {
				continue
			}
			_, unknown := m.(callingext.Unknown)
			assert.False(t, unknown, line)
		}
		assert.Empty(t, h.Dropped())
	})
	t.Run("as host", func(t *testing.T) {
		t.Parallel()
		port := &scriptedPort{}
		for _, line := range lines(t, "testdata/sdk-0.9.7-host.jsonl") {
			port.from(hubspot, line)
		}
		w := newWidget(port)

		got := drain(t, w)

		require.Len(t, got, 5)
		assert.Equal(t, hubspot, got[0].(callingext.Synced).HostURL)
		assert.Equal(t, "+1555", got[1].(callingext.DialNumber).PhoneNumber)
		assert.IsType(t, callingext.Unknown{}, got[2])
		assert.IsType(t, callingext.Unknown{}, got[3])
		assert.IsType(t, callingext.EndCall{}, got[4])
		assert.Empty(t, w.Dropped())
	})
}

func lines(t *testing.T, name string) []string {
	t.Helper()
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	var all []string
	for s := bufio.NewScanner(f); s.Scan(); {
		all = append(all, s.Text())
	}
	require.NotEmpty(t, all)
	return all
}

func TestIncompleteMessagesAreNotSent(t *testing.T) {
	t.Parallel()
	tests := []struct {
		m     callingext.Message
		field string
	}{
		{callingext.Initialized{SizeInfo: &callingext.SizeInfo{Width: 400}}, "sizeInfo"},
		{callingext.IncomingCall{FromNumber: "+1", ToNumber: "+2"}, "externalCallId"},
		{callingext.IncomingCall{ExternalCallID: "e", ToNumber: "+2"}, "fromNumber"},
		{callingext.IncomingCall{ExternalCallID: "e", FromNumber: "+1"}, "toNumber"},
		{callingext.OutgoingCall{ToNumber: "+2"}, "externalCallId"},
		{callingext.OutgoingCall{ExternalCallID: "e"}, "toNumber"},
		{callingext.CallAnswered{}, "externalCallId"},
		{callingext.CallTransferred{}, "externalCallId"},
		{callingext.CallEnded{}, "externalCallId"},
		{callingext.CallEnded{ExternalCallID: "e", CallEndStatus: "INTERNAL_COMPLETED"}, "callEndStatus"},
		{callingext.CallCompleted{}, "externalCallId"},
		{callingext.FinalizeEngagement{EngagementID: "7"}, "externalCallId"},
		{callingext.FinalizeEngagement{ExternalCallID: "e"}, "engagementId"},
		{callingext.PublishToChannel{ExternalCallID: "e"}, "engagementId"},
		{callingext.NavigateToRecord{}, "objectCoordinates.portalId"},
		{callingext.NavigateToRecord{ObjectCoordinates: callingext.ObjectCoordinates{PortalID: "1"}}, "objectCoordinates.objectId"},
		{callingext.NavigateToRecord{ObjectCoordinates: callingext.ObjectCoordinates{PortalID: "1", ObjectID: "2", ObjectTypeID: "CONTACT"}}, "objectCoordinates.objectTypeId"},
		{callingext.NavigateToRecord{ObjectCoordinates: coordinates, OpenIn: "_blank"}, "openIn"},
		{callingext.SendError{}, "message"},
		{callingext.SendError{Code: "X", Original: json.RawMessage("{")}, "originalMessage"},
		{callingext.ResizeWidget{Height: 1}, "width"},
		{callingext.ResizeWidget{Width: 1, Height: -1}, "height"},
		{callingext.SetWidgetURL{IFrameURL: "/relative"}, "iFrameUrl"},
		{callingext.SetWidgetURL{IFrameURL: "javascript://x"}, "iFrameUrl"},
		{callingext.CallData{Data: json.RawMessage("{")}, "data"},
		{callingext.Unknown{}, "type"},
		{callingext.Unknown{Type: "SYNC_ACK"}, "type"},
		{callingext.Unknown{Type: "X", Data: json.RawMessage("{")}, "data"},
		{callingext.SyncAck{}, "type"},
		{callingext.Synced{}, "type"},
		{callingext.DialNumber{}, "phoneNumber"},
		{callingext.CreateEngagementSucceeded{}, "engagementId"},
		{callingext.EngagementCreated{}, "engagementId"},
		{callingext.UpdateEngagementSucceeded{}, "engagementId"},
		{callingext.CallerIDMatchSucceeded{CallerIDMatches: make([]callingext.CallerIDMatch, 1)}, "objectCoordinates.objectId"},
		{callingext.SetCallState{Raw: json.RawMessage("{")}, "data"},
		{callingext.Unknown{Type: "UNLOADING"}, "type"},
	}
	for _, tt := range tests {
		t.Run(string(tt.m.Kind())+" "+tt.field, func(t *testing.T) {
			t.Parallel()
			w, port := readyWidget(t)
			host := callingext.NewHost(callingext.HostConfig{Port: port, WidgetOrigin: phone})

			var err error
			if m, ok := tt.m.(callingext.WidgetMessage); ok && m.Kind() != "UNLOADING" {
				err = w.Send(m)
			} else {
				err = host.Send(tt.m.(callingext.HostMessage))
			}

			var invalid *callingext.InvalidError
			require.True(t, errors.As(err, &invalid), "%v", err)
			assert.Equal(t, tt.field, invalid.Field)
			assert.Equal(t, tt.m.Kind(), invalid.Type)
			assert.Contains(t, err.Error(), tt.field)
			assert.Empty(t, port.posts)
		})
	}
}
