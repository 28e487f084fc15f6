package callingext_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/callingext"
)

func dial(t *testing.T, payload string) callingext.DialNumber {
	t.Helper()
	w, port := readyWidget(t)
	port.from(hubspot, `{"type":"DIAL_NUMBER","messageId":"1_2"`+payload+`}`)
	m, err := w.Next(t.Context())
	require.NoError(t, err)
	return m.(callingext.DialNumber)
}

func TestDialNumberKeepsWhatCanBeRead(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, payload string
		want          callingext.DialNumber
	}{
		{"no data", ``, callingext.DialNumber{}},
		{"null", `,"data":null`, callingext.DialNumber{}},
		{"list", `,"data":[1]`, callingext.DialNumber{}},
		{"empty", `,"data":{}`, callingext.DialNumber{}},
		{"wrong types around", `,"data":{"phoneNumber":"+1","ownerId":{},"objectId":[],"objectType":7,"calleeInfo":"x","startTimestamp":"soon","countryCode":false}`,
			callingext.DialNumber{PhoneNumber: "+1", ObjectType: "7"}},
		{"only the duplicate", `,"data":{"phone_number":"+1"}`, callingext.DialNumber{PhoneNumber: "+1", PhoneNumberDuplicate: "+1"}},
		{"number as number", `,"data":{"phoneNumber":15551234}`, callingext.DialNumber{PhoneNumber: "15551234"}},
		{"ids as strings", `,"data":{"phoneNumber":"+1","ownerId":"9","objectId":"51"}`, callingext.DialNumber{PhoneNumber: "+1", OwnerID: "9", ObjectID: "51"}},
		{"time with fraction", `,"data":{"phoneNumber":"+1","startTimestamp":1700000000000.5}`, callingext.DialNumber{PhoneNumber: "+1", StartTimestamp: 1700000000000}},
		{"time as text", `,"data":{"phoneNumber":"+1","startTimestamp":"1700000000000"}`, callingext.DialNumber{PhoneNumber: "+1", StartTimestamp: 1700000000000}},
		{"keys of another case are other keys", `,"data":{"PhoneNumber":"+666","PHONENUMBER":"+666"}`, callingext.DialNumber{}},
		{"prototype keys", `,"data":{"__proto__":{"phoneNumber":"+666"},"constructor":1,"phoneNumber":"+1"}`, callingext.DialNumber{PhoneNumber: "+1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			got := dial(t, tt.payload)

			if tt.payload != "" {
				assert.JSONEq(t, tt.payload[len(`,"data":`):], string(got.Raw))
			}
			got.Raw = nil
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestRecordIsTheCalleeElseAPlausibleObject(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, payload string
		want          callingext.RecordRef
		ok            bool
	}{
		{"callee", `{"calleeInfo":{"calleeId":52,"calleeObjectTypeId":"0-1"},"objectId":51,"objectType":"COMPANY"}`, callingext.RecordRef{ObjectTypeID: "0-1", ObjectID: "52"}, true},
		{"callee of a custom object", `{"calleeInfo":{"calleeId":52,"calleeObjectTypeId":"2-1234567"}}`, callingext.RecordRef{ObjectTypeID: "2-1234567", ObjectID: "52"}, true},
		{"callee by name", `{"calleeInfo":{"calleeId":"52","calleeObjectTypeId":"COMPANY"}}`, callingext.RecordRef{ObjectTypeID: "0-2", ObjectID: "52"}, true},
		{"empty callee", `{"calleeInfo":{"calleeId":0,"calleeObjectTypeId":"0-1"},"objectId":51,"objectType":"CONTACT"}`, callingext.RecordRef{ObjectTypeID: "0-1", ObjectID: "51"}, true},
		{"callee without type", `{"calleeInfo":{"calleeId":52}}`, callingext.RecordRef{}, false},
		{"object", `{"objectId":51,"objectType":"COMPANY"}`, callingext.RecordRef{ObjectTypeID: "0-2", ObjectID: "51"}, true},
		{"ticket", `{"objectId":51,"objectType":"TICKET"}`, callingext.RecordRef{ObjectTypeID: "0-5", ObjectID: "51"}, true},
		{"object 0", `{"objectId":0,"objectType":"CONTACT"}`, callingext.RecordRef{}, false},
		{"no type", `{"objectId":51}`, callingext.RecordRef{}, false},
		{"strange type", `{"objectId":51,"objectType":"0-"}`, callingext.RecordRef{}, false},
		{"strange id", `{"objectId":"../1","objectType":"CONTACT"}`, callingext.RecordRef{}, false},
		{"nothing", `{}`, callingext.RecordRef{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			got, ok := dial(t, `,"data":`+tt.payload).Record()

			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.ok, ok)
		})
	}
}

func TestMalformedPayloadsOfOtherMessagesAreNotLost(t *testing.T) {
	t.Parallel()
	w, port := readyWidget(t)
	for _, payload := range []string{``, `,"data":null`, `,"data":"x"`, `,"data":{"callerIdMatches":{}}`, `,"data":{"callerIdMatches":[1,null,{"objectCoordinates":7,"firstName":"Ada"}]}`} {
		port.from(hubspot, `{"type":"CALLER_ID_MATCH_SUCCEEDED","messageId":"1_2"`+payload+`}`)
	}
	port.from(hubspot, `{"type":"CREATE_ENGAGEMENT_FAILED","messageId":"1_2","data":{"error":"text"}}`)
	port.from(hubspot, `{"type":"UPDATE_ENGAGEMENT_FAILED","messageId":"1_2","data":{"message":"text"}}`)
	port.from(hubspot, `{"type":"CREATE_ENGAGEMENT_SUCCEEDED","messageId":1,"data":{"engagementId":"9223372036854775807"}}`)

	got := drain(t, w)

	require.Len(t, got, 8)
	for _, m := range got[:4] {
		assert.Empty(t, m.(callingext.CallerIDMatchSucceeded).CallerIDMatches)
	}
	assert.Equal(t, []callingext.CallerIDMatch{{}, {FirstName: "Ada"}}[1:], got[4].(callingext.CallerIDMatchSucceeded).CallerIDMatches)
	assert.Equal(t, "text", got[5].(callingext.CreateEngagementFailed).Error.Message)
	assert.Equal(t, "text", got[6].(callingext.UpdateEngagementFailed).Error.Message)
	assert.Equal(t, callingext.ID("9223372036854775807"), got[7].(callingext.CreateEngagementSucceeded).EngagementID)
}

func TestHostToleratesWhatWidgetsSend(t *testing.T) {
	t.Parallel()
	h, widget := runningHost(t, callingext.HostConfig{})
	acknowledge(t, h, widget)
	send := func(s string) callingext.WidgetMessage {
		t.Helper()
		require.NoError(t, widget.Post(hubspot, []byte(s)))
		m, err := h.Next(t.Context())
		require.NoError(t, err)
		return m
	}

	ended := send(`{"type":"CALL_ENDED","messageId":"5_1"}`)
	completed := send(`{"type":"CALL_COMPLETED","messageId":"5_1","data":{"externalCallId":17,"engagementId":"7","engagementProperties":{"hs_timestamp":1700000000000,"a":null,"b":true,"c":{"d":1}}}}`)
	resized := send(`{"type":"RESIZE_WIDGET","messageId":"5_1","data":{"width":"400px","height":600.4}}`)
	moved := send(`{"type":"SET_WIDGET_URL","messageId":"5_1","iFrameUrl":"https://b.example"}`)

	assert.Equal(t, callingext.CallEnded{}, ended)
	assert.Equal(t, "17", completed.(callingext.CallCompleted).ExternalCallID)
	assert.Nil(t, completed.(callingext.CallCompleted).HideWidget)
	assert.Equal(t, map[string]string{"hs_timestamp": "1700000000000", "a": "", "b": "true", "c": `{"d":1}`}, completed.(callingext.CallCompleted).EngagementProperties)
	assert.Equal(t, 400, resized.(callingext.ResizeWidget).Width)
	assert.Equal(t, 600, resized.(callingext.ResizeWidget).Height)
	assert.Equal(t, "https://b.example", moved.(callingext.SetWidgetURL).IFrameURL)
}

func TestIDs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		wire string
		want callingext.ID
		back string // Encoded again.
	}{
		{`7`, "7", `7`},
		{`"7"`, "7", `7`},
		{`4294967297`, "4294967297", `4294967297`},
		{`9007199254740991`, "9007199254740991", `9007199254740991`},
		{`9007199254740993`, "9007199254740993", `"9007199254740993"`}, // A page would round the number.
		{`9223372036854775807`, "9223372036854775807", `"9223372036854775807"`},
		{`"owner-a"`, "owner-a", `"owner-a"`},
		{`"007"`, "007", `"007"`},
		{`0`, "", `null`},
		{`"0"`, "", `null`},
		{`""`, "", `null`},
		{`null`, "", `null`},
	}
	for _, tt := range tests {
		t.Run(tt.wire, func(t *testing.T) {
			t.Parallel()
			var got callingext.ID

			require.NoError(t, json.Unmarshal([]byte(tt.wire), &got))
			back, err := json.Marshal(got)

			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.back, string(back))
		})
	}
	for _, bad := range []string{`1.5`, `-1`, `1e3`, `true`, `{}`, `[]`} {
		var got callingext.ID
		assert.Error(t, json.Unmarshal([]byte(bad), &got), bad)
	}
	n, ok := callingext.ID("9223372036854775807").Int64()
	assert.True(t, ok)
	assert.Equal(t, int64(9223372036854775807), n)
	_, ok = callingext.ID("x").Int64()
	assert.False(t, ok)
}
