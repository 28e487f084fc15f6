package hubspottest_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot/hubspottest"
)

// Every step of a call's life, by the paths of each generation. What is
// answered must not depend on the generation.
func TestEveryGenerationAnswersTheSame(t *testing.T) {
	t.Parallel()
	type paths struct{ objects, associations, owners, properties, calling string }
	life := func(t *testing.T, p paths) []string {
		cloud := newCloud(t, hubspottest.Config{IndexDelay: -1})
		maria := cloud.contact(t, "Silva")
		var id string
		var got []string
		for _, step := range []struct{ method, path, body string }{
			{"POST", p.objects + "/contacts/search", `{"filterGroups":[{"filters":[{"propertyName":"phone","operator":"EQ","value":"+14155550100"}]}],"properties":["email"]}`},
			{"POST", p.properties + "/calls", `{"name":"key","label":"Key","type":"string","fieldType":"text","groupName":"call","hasUniqueValue":true}`},
			{"POST", p.objects + "/calls", `{"properties":{"hs_timestamp":"1795000000000","hs_call_duration":61000},"associations":[]}`},
			{"GET", p.objects + "/0-48/{id}?properties=hs_call_duration,hs_call_title", ``},
			{"PATCH", p.objects + "/call/{id}", `{"properties":{"hs_call_title":"x","key":"k1"}}`},
			{"POST", p.objects + "/calls/batch/upsert", `{"inputs":[{"id":"k1","idProperty":"key","properties":{"hs_call_title":"y"}}]}`},
			{"POST", p.objects + "/calls/batch/read", `{"inputs":[{"id":"k1"}],"idProperty":"key","properties":["hs_call_title"]}`},
			{"POST", p.objects + "/calls/batch/update", `{"inputs":[{"id":"{id}","properties":{"hs_call_body":"z"}}]}`},
			{"PUT", p.objects + "/calls/{id}/associations/default/contacts/{maria}", ``},
			{"PUT", p.objects + "/calls/{id}/associations/contacts/{maria}", `[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":194}]`},
			{"POST", p.associations + "/calls/contacts/batch/read", `{"inputs":[{"id":"{id}"}]}`},
			{"POST", p.associations + "/calls/contacts/batch/associate/default", `{"inputs":[{"from":{"id":"{id}"},"to":{"id":"{maria}"}}]}`},
			{"POST", p.associations + "/calls/contacts/batch/create", `{"inputs":[{"from":{"id":"{id}"},"to":{"id":"{maria}"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":194}]}]}`},
			{"GET", p.associations + "/calls/contacts/labels", ``},
			{"GET", p.owners + "?email=ann@example.test", ``},
			{"GET", p.properties + "/calls/hs_call_status", ``},
			{"POST", p.calling + "/77/settings?hapikey=sandbox-hapikey", `{"name":"D","url":"https://d.example/w","width":400,"height":600,"isReady":false}`},
			{"PATCH", p.calling + "/77/settings?hapikey=sandbox-hapikey", `{"usesRemote":true}`},
			{"POST", p.calling + "/77/settings/channel-connection?hapikey=sandbox-hapikey", `{"url":"https://d.example/n","isReady":true}`},
			{"POST", p.calling + "/recordings/ready", `{"engagementId":{id}}`},
			{"DELETE", p.objects + "/calls/{id}/associations/contacts/{maria}", ``},
			{"GET", p.objects + "/calls?limit=1", ``},
			{"DELETE", p.objects + "/calls/{id}", ``},
			{"GET", p.objects + "/calls/{id}", ``},
			{"POST", p.objects + "/contacts/gdpr-delete", `{"objectId":"maria.silva@acme.example","idProperty":"email"}`},
			{"POST", p.objects + "/nonsense", `{}`},
			{"POST", p.objects + "/calls", `{"properties":`},
		} {
			fill := strings.NewReplacer("{id}", id, "{maria}", maria)
			a := cloud.ask(t, step.method, fill.Replace(step.path), fill.Replace(step.body))
			if a.status == http.StatusCreated && id == "" && strings.HasSuffix(step.path, "objects/calls") || strings.Contains(a.text, "61000") && id == "" {
				id = a.data(t)["id"].(string)
			}
			got = append(got, fmt.Sprint(step.method, " ", a.status, " ", strings.ReplaceAll(a.text, p.objects, "")))
		}
		return got
	}
	dated := func(v string) paths {
		return paths{"/crm/objects/" + v, "/crm/associations/" + v, "/crm/owners/" + v, "/crm/properties/" + v, "/crm/extensions/calling/" + v}
	}

	want := life(t, dated("2026-09"))

	require.Contains(t, want[0], `"total":1`)
	for i, status := range []int{200, 201, 201, 200, 200, 200, 200, 200, 200, 201, 200, 200, 201, 200, 200, 200, 200, 200, 200, 204, 204, 200, 204, 404, 204, 400, 400} {
		require.Contains(t, want[i], fmt.Sprint(" ", status, " "), want[i])
	}
	require.Equal(t, want, life(t, dated("2026-03")))
	require.Equal(t, want, life(t, paths{"/crm/v3/objects", "/crm/v4/associations", "/crm/v3/owners", "/crm/v3/properties", "/crm/v3/extensions/calling"}))
}

func TestListingAssociationsIsNotInEveryVersion(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	maria := cloud.contact(t, "Silva")

	for version, status := range map[string]int{
		"/crm/objects/2026-09": 404, "/crm/objects/2026-09-beta": 200, "/crm/objects/2026-03": 200, "/crm/v4/objects": 200, "/crm/v3/objects": 200,
	} {
		require.Equal(t, status, cloud.ask(t, "GET", version+"/contacts/"+maria+"/associations/companies", "").status, version)
	}
}

func TestUnknownPathsAreHTML(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	for _, path := range []string{
		"/", "/crm", "/crm/objects/2024-01/contacts", "/crm/v5/objects/contacts", "/crm/objects/2026-09//contacts",
		"/crm/objects/2026-09/contacts/%zz", "/crm/objects/2026-09/contacts/../x", "/oauth", "/oauth/v2/token",
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, cloud.url, nil)
		require.NoError(t, err)
		req.URL.Opaque = path
		req.Header.Set("Authorization", "Bearer "+hubspottest.Token)
		resp, err := http.DefaultTransport.RoundTrip(req)
		require.NoError(t, err, path)
		require.NoError(t, resp.Body.Close())
		require.GreaterOrEqual(t, resp.StatusCode, 400, path)
		require.Less(t, resp.StatusCode, 500, path)
	}
	require.Equal(t, http.StatusMethodNotAllowed, cloud.ask(t, "PUT", "/crm/owners/2026-09", "").status)
}

func TestATokenIsRequired(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	for _, header := range []string{"", "Bearer ", "Bearer wrong", "Basic x"} {
		a := cloud.as(t, header, "GET", "/crm/owners/2026-09", "")
		require.Equal(t, http.StatusUnauthorized, a.status, header)
		require.Equal(t, "INVALID_AUTHENTICATION", a.data(t)["category"])
	}
}

func TestBurstLimitHasHeaders(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{Burst: 3})
	get := func() answer { return cloud.ask(t, "GET", "/crm/owners/2026-09", "") }

	first := get()
	require.Equal(t, "3", first.header.Get("X-HubSpot-RateLimit-Max"))
	require.Equal(t, "2", first.header.Get("X-HubSpot-RateLimit-Remaining"))
	require.Equal(t, "10000", first.header.Get("X-HubSpot-RateLimit-Interval-Milliseconds"))
	cloud.clock.Advance(4 * time.Second)
	get()
	get()
	over := get()
	require.Equal(t, http.StatusTooManyRequests, over.status)
	require.Equal(t, "TEN_SECONDLY_ROLLING", over.data(t)["policyName"])
	require.Equal(t, "0", over.header.Get("X-HubSpot-RateLimit-Remaining"))
	cloud.clock.Advance(6 * time.Second)
	require.Equal(t, http.StatusOK, get().status, "the first has left the window")
	require.Equal(t, http.StatusTooManyRequests, get().status)
}

func TestSearchLimitHasNone(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{Burst: 1})
	var last answer
	for range 6 {
		require.NotEqual(t, http.StatusTooManyRequests, last.status)
		last = cloud.ask(t, "POST", "/crm/v3/objects/contacts/search", `{}`)
		for name := range last.header {
			require.NotContains(t, name, "Ratelimit")
		}
	}

	require.Equal(t, http.StatusTooManyRequests, last.status)
	require.Equal(t, "SECONDLY", last.data(t)["policyName"])
	require.Equal(t, "You have reached your secondly limit.", last.data(t)["message"])
	cloud.clock.Advance(time.Second)
	require.Equal(t, http.StatusOK, cloud.ask(t, "POST", "/crm/v3/objects/contacts/search", `{}`).status)
}

func TestFaultsAndLog(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	cloud.AddFault(hubspottest.Fault{Match: "GET /crm/owners", Status: 477, Times: 2})
	cloud.AddFault(hubspottest.Fault{Match: "POST /crm/objects", Status: 400, Property: "hs_call_title", ErrorType: "INVALID_OPTION"})

	for range 2 {
		a := cloud.ask(t, "GET", "/crm/owners/2026-09", "")
		require.Equal(t, 477, a.status)
		require.Equal(t, "3600", a.header.Get("Retry-After"))
	}
	require.Equal(t, 200, cloud.ask(t, "GET", "/crm/owners/2026-09", "").status)
	require.Contains(t, cloud.ask(t, "POST", "/crm/objects/2026-09/calls", `{"a":1}`).text, "INVALID_OPTION")

	log := cloud.Requests()
	require.Len(t, log, 4)
	require.Equal(t, hubspottest.Request{
		Time: cloud.clock.Now(), Method: "POST", Path: "/crm/objects/2026-09/calls", Status: 400, Body: `{"a":1}`,
	}, log[3])
	require.Equal(t, 477, log[0].Status)
}

func TestResetForgetsAllButTokens(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	maria := cloud.contact(t, "Silva")
	require.NoError(t, cloud.DeleteObject("contacts", maria))
	_, err := cloud.AddObject("tickets", map[string]string{"subject": "zebra"})
	require.NoError(t, err)
	cloud.ask(t, "POST", "/crm/properties/2026-09/calls", `{"name":"key","label":"Key","type":"string","fieldType":"text","groupName":"call"}`)
	cloud.AddFault(hubspottest.Fault{Match: "/", Status: 500, Times: 100})
	before := cloud.Revision()

	cloud.Reset()

	require.Greater(t, cloud.Revision(), before)
	require.Empty(t, cloud.Requests())
	require.Equal(t, maria, cloud.contact(t, "Silva"), "fixtures keep their ids")
	require.Empty(t, cloud.Objects("tickets", "zebra"))
	require.Equal(t, 404, cloud.ask(t, "GET", "/crm/properties/2026-09/calls/key", "").status)
}

func TestAdminsRules(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	cloud.SetRules(
		hubspottest.Rule{ObjectType: "contacts", Property: "jobtitle", Required: true},
		hubspottest.Rule{ObjectType: "contacts", Property: "zip", Pattern: regexp.MustCompile(`^\d{5}$`), Message: "Five digits"},
		hubspottest.Rule{ObjectType: "contacts", Property: "city", MinLength: 2, MaxLength: 5},
	)
	create := func(props string) answer {
		return cloud.ask(t, "POST", "/crm/objects/2026-09/contacts", `{"properties":{`+props+`}}`)
	}

	require.Equal(t, 400, create(``).status)
	require.Equal(t, 201, create(`"jobtitle":"x","zip":"12345","city":"Ulm"`).status)
	require.Contains(t, create(`"jobtitle":"x","zip":"1234"`).text, "Five digits")
	require.Equal(t, 400, create(`"jobtitle":"x","city":"U"`).status)
	require.Equal(t, 400, create(`"jobtitle":"x","city":"Berlin"`).status)
}

func TestBatchWithoutTraceIDsIsAllOrNothing(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{IndexDelay: -1})
	before := len(cloud.Objects("contacts", ""))

	a := cloud.ask(t, "POST", "/crm/objects/2026-09/contacts/batch/create",
		`{"inputs":[{"properties":{"email":"one@x.example"}},{"properties":{"email":"nonsense"}}]}`)

	require.Equal(t, 400, a.status)
	require.Len(t, cloud.Objects("contacts", ""), before)
	a = cloud.ask(t, "POST", "/crm/objects/2026-09/contacts/batch/create",
		`{"inputs":[{"objectWriteTraceId":"a","properties":{"email":"one@x.example"}},{"objectWriteTraceId":"b","properties":{"email":"nonsense"}}]}`)
	require.Equal(t, 207, a.status)
	require.EqualValues(t, 1, a.data(t)["numErrors"])
	require.Len(t, cloud.Objects("contacts", ""), before+1)
	require.Equal(t, 400, cloud.ask(t, "POST", "/crm/objects/2026-09/contacts/batch/create", `{"inputs":[]}`).status)
}

func FuzzHandler(f *testing.F) {
	f.Add("POST", "/crm/objects/2026-09/contacts/search", `{"filterGroups":[{"filters":[{"propertyName":"phone","operator":"CONTAINS_TOKEN","value":"*1*"}]}]}`)
	f.Add("POST", "/crm/objects/2026-09/calls/batch/upsert", `{"inputs":[{"id":"1","idProperty":"email","properties":{"a":null}}]}`)
	f.Add("PATCH", "/crm/v3/objects/contacts/1?idProperty=email", `{"properties":{"phone":"+"}}`)
	f.Add("POST", "/crm/extensions/calling/2026-09/inbound-call", `{"externalCallId":"x","createEngagement":true,"engagementProperties":{},"finalCallStatus":"MISSED","fromNumber":{"e164Number":"+14155550100"},"toNumber":{},"potentialRecipientUserIds":[]}`)
	f.Add("POST", "/crm/associations/2026-09/0-48/0-1/batch/read", `{"inputs":[{"id":"1","after":"-1"}]}`)
	f.Add("POST", "/oauth/2026-09/token", `grant_type=refresh_token`)
	server := hubspottest.New(hubspottest.Config{Burst: -1, Searches: -1})
	f.Fuzz(func(t *testing.T, method, path, body string) {
		req, err := http.NewRequest(method, "http://x", strings.NewReader(body))
		if err != nil {
			t.Skip()
		}
		if req.URL, err = req.URL.Parse(path); err != nil || req.URL.Host != "x" {
			t.Skip()
		}
		req.Header.Set("Authorization", "Bearer "+hubspottest.Token)
		w := recorder{header: http.Header{}}
		server.Handler().ServeHTTP(&w, req)
		require.GreaterOrEqual(t, w.status, 200)
		require.NotEqual(t, 500, w.status)
	})
}

type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return len(b), nil }
