package hubspottest_test

import (
	"encoding/json"
	"io/fs"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot/hubspottest"
)

func TestFixtures(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})

	one := cloud.MatchCaller("(415) 555-0100")
	require.Len(t, one, 1)
	require.Equal(t, "Silva", one[0].LastName)
	require.Len(t, cloud.MatchCaller("+14155550123"), 2)
	require.Empty(t, cloud.MatchCaller("+14155550199"))
	require.Empty(t, cloud.MatchCaller("anonymous"))
	company := cloud.MatchCaller("+14155550190")
	require.Equal(t, "COMPANY", company[0].CallerIDType)
	require.Equal(t, "Acme", company[0].Name)
	require.Len(t, cloud.MatchCaller("+14155550142"), 1, "extensions do not matter")

	require.Len(t, cloud.Objects("contacts", ""), 26)
	require.Len(t, cloud.Associated("companies", company[0].ObjectCoordinates.ObjectID.String(), "contacts"), 5)
	var emails []string
	for _, o := range cloud.Owners() {
		emails = append(emails, o.Email)
	}
	require.Equal(t, []string{"ann@example.test", "bob@example.test", "cho@example.test"}, emails)
	seen := map[string]bool{}
	for _, kind := range []string{"contacts", "companies", "deals", "tickets"} {
		for _, o := range cloud.Objects(kind, "") {
			id, err := strconv.ParseInt(o.ID, 10, 64)
			require.NoError(t, err)
			require.Greater(t, id, int64(1)<<31)
			require.False(t, seen[o.ID])
			seen[o.ID] = true
		}
	}
	require.Empty(t, newCloud(t, hubspottest.Config{Empty: true}).Objects("contacts", ""))
}

func TestCallerMatchesAreNumbersOnTheWire(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})

	text, err := json.Marshal(cloud.MatchCaller("+14155550100"))

	require.NoError(t, err)
	require.JSONEq(t, `[{"callerIdType":"CONTACT","firstName":"Maria","lastName":"Silva","email":"maria.silva@acme.example",
		"objectCoordinates":{"portalId":45678901,"objectTypeId":"0-1","objectId":`+cloud.contact(t, "Silva")+`}}]`, string(text))
}

func TestCallFromThePage(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	maria := cloud.contact(t, "Silva")
	ann := cloud.Owners()[0].ID

	id, err := cloud.CreateEngagement(hubspottest.EngagementRequest{
		Direction: "INBOUND", From: "+14155550100", To: "+14085551212", ExternalCallID: "i1:ann:1", OwnerID: ann,
	})
	require.NoError(t, err)
	require.Equal(t, 1, cloud.GhostCalls())
	require.Empty(t, cloud.Timeline("contacts", maria), "nobody sees it yet")
	require.True(t, cloud.Engagements()[0].Ghost)
	require.NotContains(t, cloud.Engagements()[0].Properties, "hs_call_external_id")

	require.ErrorIs(t, cloud.CompleteCall("12", nil), fs.ErrNotExist)
	require.ErrorIs(t, cloud.CompleteCall(id, nil, hubspottest.Ref{ObjectType: "companies", ID: maria}), fs.ErrNotExist)
	require.Error(t, cloud.CompleteCall(id, map[string]string{"hs_call_status": "LOST"}))
	require.Equal(t, 1, cloud.GhostCalls())
	require.NoError(t, cloud.CompleteCall(id, map[string]string{"hs_call_status": "COMPLETED"}, hubspottest.Ref{ObjectType: "0-1", ID: maria}))

	require.Zero(t, cloud.GhostCalls())
	timeline := cloud.Timeline("contacts", maria)
	require.Len(t, timeline, 1)
	require.Equal(t, []hubspottest.Ref{{ObjectType: "contacts", ID: maria}}, timeline[0].Associations)
	props := timeline[0].Properties
	require.Equal(t, "COMPLETED", props["hs_call_status"])
	require.Equal(t, ann, props["hubspot_owner_id"])
	require.Equal(t, "+14155550100", props["hs_call_from_number"])
	require.Equal(t, "calls", timeline[0].ObjectType)

	copying := newCloud(t, hubspottest.Config{CopyExternalID: true})
	_, err = copying.CreateEngagement(hubspottest.EngagementRequest{Direction: "OUTBOUND", ExternalCallID: "x"})
	require.NoError(t, err)
	require.Equal(t, "x", copying.Engagements()[0].Properties["hs_call_external_id"])
	_, err = copying.CreateEngagement(hubspottest.EngagementRequest{Direction: "SIDEWAYS"})
	require.Error(t, err)
}

func TestTimelineIsNewestFirst(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	maria := hubspottest.Ref{ObjectType: "contacts", ID: cloud.contact(t, "Silva")}
	for _, at := range []string{"2026-11-03T10:00:00Z", "2026-11-03T10:00:00.500Z", "2026-11-01T10:00:00Z"} {
		id, err := cloud.AddObject("calls", map[string]string{"hs_timestamp": at, "hs_call_title": at})
		require.NoError(t, err)
		require.NoError(t, cloud.Associate(hubspottest.Ref{ObjectType: "calls", ID: id}, maria))
	}
	note, err := cloud.AddObject("notes", map[string]string{"hs_note_body": "now"})
	require.NoError(t, err)
	require.NoError(t, cloud.Associate(hubspottest.Ref{ObjectType: "note", ID: note}, maria))

	var got []string
	for _, e := range cloud.Timeline("contacts", maria.ID) {
		got = append(got, e.Properties["hs_timestamp"])
	}

	require.Equal(t, []string{"2026-11-20T09:30:00Z", "2026-11-03T10:00:00.500Z", "2026-11-03T10:00:00Z", "2026-11-01T10:00:00Z"}, got)
	require.Empty(t, cloud.Timeline("contacts", "12"))
}

func TestVerbsRefuseWhatThePageWould(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})

	_, err := cloud.AddObject("dogs", nil)
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = cloud.AddObject("contacts", map[string]string{"email": "maria.silva@acme.example"})
	require.Error(t, err)
	_, err = cloud.AddObject("contacts", map[string]string{"colour": "red"})
	require.Error(t, err)
	_, err = cloud.AddObject("tickets", map[string]string{"subject": "x"})
	require.NoError(t, err, "the page fills in the stage")
	require.ErrorIs(t, cloud.EditObject("contacts", "12", nil), fs.ErrNotExist)
	require.ErrorIs(t, cloud.DeleteObject("companies", cloud.contact(t, "Silva")), fs.ErrNotExist)

	before := cloud.Revision()
	maria := cloud.contact(t, "Silva")
	require.NoError(t, cloud.EditObject("contacts", maria, map[string]string{"phone": "+14155550111"}))
	require.Greater(t, cloud.Revision(), before)
	require.Len(t, cloud.MatchCaller("+14155550111"), 1)
	require.Empty(t, cloud.MatchCaller("+14155550100"))
	got, err := cloud.Object("contacts", maria)
	require.NoError(t, err)
	require.Equal(t, "4155550111", got.Properties["hs_searchable_calculated_phone_number"])
}

func TestInboundCallOutsideTheBrowser(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	body := `{"externalCallId":"x1","createEngagement":true,"engagementProperties":{"hs_call_title":"Missed"},"finalCallStatus":"MISSED",
		"fromNumber":{"e164Number":"+14155550100","phoneNumberType":"MOBILE"},"toNumber":{"e164Number":"+14085551212","phoneNumberType":"VOIP"},
		"potentialRecipientUserIds":[61234001],"callStartedTimestamp":"2026-11-20T09:00:00Z","durationSeconds":7}`

	first := cloud.ask(t, "POST", "/crm/extensions/calling/2026-09/inbound-call", body)
	second := cloud.ask(t, "POST", "/crm/v3/extensions/calling/inbound-call", body)

	require.Equal(t, 200, first.status, first.text)
	require.Equal(t, first.text, second.text)
	require.Len(t, first.data(t)["callerIdMatches"], 1)
	calls := cloud.Timeline("contacts", cloud.contact(t, "Silva"))
	require.Len(t, calls, 1)
	require.Equal(t, "7000", calls[0].Properties["hs_call_duration"])
	require.Equal(t, "NO_ANSWER", calls[0].Properties["hs_call_status"])
	require.Equal(t, "2026-11-20T09:00:00Z", calls[0].Properties["hs_timestamp"])
	require.Equal(t, 400, cloud.ask(t, "POST", "/crm/v3/extensions/calling/inbound-call", `{"externalCallId":"x"}`).status)
}

func TestSettingsAnswerWithTheirFields(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	path := "/crm/extensions/calling/2026-09/77/settings"
	require.Equal(t, 401, cloud.as(t, "", "GET", path+"?hapikey=wrong", "").status)
	require.Equal(t, 400, cloud.ask(t, "POST", path, `{"name":"D","url":"http://d.example"}`).status)

	a := cloud.ask(t, "POST", path, `{"name":"D","url":"http://localhost:8080/widget","width":400,"height":600,"isReady":true}`)

	require.JSONEq(t, `{"name":"D","url":"http://localhost:8080/widget","width":400,"height":600,"isReady":true,"supportsCustomObjects":false,
		"supportsInboundCalling":false,"usesCallingWindow":true,"usesRemote":false,
		"createdAt":"2026-11-20T09:30:00Z","updatedAt":"2026-11-20T09:30:00Z"}`, a.text)
	require.Equal(t, 404, cloud.ask(t, "GET", "/crm/extensions/calling/2026-09/78/settings", "").status)
	require.Equal(t, 405, cloud.ask(t, "DELETE", path+"/recording", "").status)
	cloud.clock.Advance(time.Minute)
	require.Equal(t, "2026-11-20T09:31:00Z", cloud.ask(t, "PATCH", path, `{"height":700}`).data(t)["updatedAt"])
	require.Equal(t, 204, cloud.ask(t, "DELETE", path, "").status)
}

func TestUserDefinedLabels(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	labels := "/crm/associations/2026-09/contacts/companies/labels"
	made := cloud.ask(t, "POST", labels, `{"label":"Billing contact","name":"billing"}`)
	require.Equal(t, 200, made.status, made.text)
	id := made.data(t)["results"].([]any)[0].(map[string]any)["typeId"].(float64)
	types := `[{"associationCategory":"USER_DEFINED","associationTypeId":` + strconv.Itoa(int(id)) + `}]`
	path := "/crm/objects/2026-09/contacts/" + cloud.contact(t, "Silva") + "/associations/companies/" + cloud.Objects("companies", "granite")[0].ID

	a := cloud.ask(t, "PUT", path, types)

	require.Equal(t, 201, a.status, a.text)
	require.Equal(t, []any{"Billing contact"}, a.data(t)["labels"])
	require.Equal(t, 204, cloud.ask(t, "DELETE", labels+"/"+strconv.Itoa(int(id)), "").status)
	require.Equal(t, 400, cloud.ask(t, "PUT", path, types).status)
}

func TestEarlierOAuthPaths(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	refresh := cloud.Grant("oauth", "crm.objects.owners.read")

	require.Equal(t, 200, cloud.ask(t, "GET", "/oauth/v1/refresh-tokens/"+refresh, "").status)
	require.Equal(t, 204, cloud.ask(t, "DELETE", "/oauth/v1/refresh-tokens/"+refresh, "").status)
	require.Equal(t, 404, cloud.ask(t, "GET", "/oauth/v1/refresh-tokens/"+refresh, "").status)
	require.Equal(t, 404, cloud.ask(t, "GET", "/oauth/v3/refresh-tokens/"+refresh, "").status)
}
