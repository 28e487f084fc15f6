package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fakeRecords is a CRM of a few records, all of which hang together.
type fakeRecords struct {
	objects   []crmObject
	created   []crmCall
	completed map[string]map[string]string
	record    *crmRef
	broken    error
}

func (f *fakeRecords) Find(_ context.Context, objectType, query string, limit int) ([]crmObject, int, error) {
	var found []crmObject
	for _, o := range f.objects {
		if o.Type == objectType && strings.Contains(fmt.Sprint(o.Properties), query) {
			found = append(found, o)
		}
	}
	return found[:min(limit, len(found))], len(found), f.broken
}

func (f *fakeRecords) Get(_ context.Context, objectType, id string) (crmObject, error) {
	for _, o := range f.objects {
		if o.Type == objectType && o.ID == id {
			return o, nil
		}
	}
	return crmObject{}, fs.ErrNotExist
}

func (f *fakeRecords) Associated(_ context.Context, _, id, to string) ([]crmObject, error) {
	var found []crmObject
	for _, o := range f.objects {
		if o.Type == to && o.ID != id {
			found = append(found, o)
		}
	}
	return found, f.broken
}

func (f *fakeRecords) Owner(_ context.Context, id string) string {
	return map[string]string{"7": "Ann Berger"}[id]
}

func (f *fakeRecords) MatchCaller(_ context.Context, number string) ([]crmObject, error) {
	var found []crmObject
	for _, o := range f.objects {
		if o.Properties["phone"] == number {
			found = append(found, o)
		}
	}
	return found, f.broken
}

func (f *fakeRecords) CreateEngagement(_ context.Context, call crmCall) (string, error) {
	f.created = append(f.created, call)
	return "9001", f.broken
}

func (f *fakeRecords) CompleteCall(_ context.Context, id string, properties map[string]string, record *crmRef) error {
	if id != "9001" {
		return fs.ErrNotExist
	}
	f.completed, f.record = map[string]map[string]string{id: properties}, record
	return f.broken
}

func newFakeRecords() *fakeRecords {
	return &fakeRecords{objects: []crmObject{
		{"contacts", "51", map[string]string{"firstname": "Maria", "lastname": "Silva", "jobtitle": "Buyer", "company": "Acme",
			"email": "maria@acme.example", "phone": "+14155550100", "mobilephone": "+49 30 90182041", "hubspot_owner_id": "7"}},
		{"companies", "61", map[string]string{"name": "Acme", "domain": "acme.example", "phone": "+14155550100"}},
		{"calls", "71", map[string]string{"hs_timestamp": "2026-03-01T10:00:00Z", "hs_call_title": "Old", "hs_call_direction": "INBOUND",
			"hs_call_status": "NO_ANSWER", "hs_call_disposition": "73a0d17f-1163-4015-bdd5-ec830791da20"}},
		{"calls", "72", map[string]string{"hs_timestamp": "1772500000000", "hs_call_duration": "192400", "hs_call_from_number": "+14085550100",
			"hs_call_to_number": "+14155550100", "hs_call_body": "<p>Paid.</p>R&amp;D 1 &lt; 2<br>Bye", "hubspot_owner_id": "7",
			"hs_call_external_id": "i1:a1:1", "hs_call_disposition": "our own"}},
		{"notes", "73", map[string]string{"hs_timestamp": "2026-01-01T10:00:00Z", "hs_note_body": "Likes tea"}},
	}}
}

// askCRM sends a request to the page's API and decodes the answer.
func askCRM(t *testing.T, f crmWorld, method, path, body string, into any, middleware ...echo.MiddlewareFunc) int {
	t.Helper()
	e := echo.New()
	registerCRM(e.Group("/sandbox/crm"), f, middleware...)
	req := httptest.NewRequest(method, "/sandbox/crm"+path, strings.NewReader(body))
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, req)
	require.NoError(t, json.Unmarshal(rec.Body.Bytes(), into), rec.Body.String())
	return rec.Code
}

func TestCRMListsAndSearches(t *testing.T) {
	t.Parallel()
	f := newFakeRecords()
	var all, some, none crmList

	require.Equal(t, http.StatusOK, askCRM(t, f, "GET", "/objects/contacts", "", &all))
	require.Equal(t, http.StatusOK, askCRM(t, f, "GET", "/objects/0-2?q=Acme&limit=5", "", &some))
	require.Equal(t, http.StatusOK, askCRM(t, f, "GET", "/objects/contacts?q=nobody", "", &none))

	require.Equal(t, 1, all.Total)
	maria := all.Results[0]
	assert.Equal(t, "Maria Silva", maria.Name)
	assert.Equal(t, "Buyer at Acme", maria.Detail)
	assert.Equal(t, "Ann Berger", maria.Owner)
	assert.Equal(t, "0-1", maria.TypeID)
	assert.Equal(t, []crmPhone{
		{"phone", "Phone number", "+14155550100", "US"},
		{"mobilephone", "Mobile phone number", "+49 30 90182041", "DE"},
	}, maria.Phones)
	assert.Equal(t, "61", some.Results[0].ID)
	assert.Equal(t, crmList{Results: []crmRecord{}}, none, "a list is never null")
}

func TestCRMRecordHasItsSurroundings(t *testing.T) {
	t.Parallel()
	var page crmPage

	status := askCRM(t, newFakeRecords(), "GET", "/objects/contacts/51", "", &page)

	require.Equal(t, http.StatusOK, status)
	assert.Equal(t, "Acme", page.Associations["companies"][0].Name)
	assert.Equal(t, []crmRecord{}, page.Associations["deals"])
	assert.NotContains(t, page.Associations, "contacts")
	require.Len(t, page.Timeline, 3)
	newest, older, oldest := page.Timeline[0], page.Timeline[1], page.Timeline[2]
	assert.Equal(t, crmActivity{ID: "72", Kind: "call", From: "+14085550100", To: "+14155550100", Duration: "3m 12s", Outcome: "our own",
		Body: "Paid.\nR&D 1 < 2\nBye", Owner: "Ann Berger", At: time.UnixMilli(1772500000000).UTC(), ExternalID: "i1:a1:1"}, newest)
	assert.Equal(t, "No answer", older.Outcome)
	assert.Equal(t, "No answer", older.Status)
	assert.Equal(t, "Likes tea", oldest.Body)
}

func TestCRMCreatesAndCompletesCalls(t *testing.T) {
	t.Parallel()
	f := newFakeRecords()
	var made, done map[string]string

	created := askCRM(t, f, "POST", "/engagements",
		`{"externalCallId":"c1","direction":"OUTBOUND","fromNumber":"+1","toNumber":"+2","ownerId":"7","record":{"type":"contacts","id":"51"}}`, &made)
	completed := askCRM(t, f, "POST", "/engagements/9001/complete",
		`{"properties":{"hs_call_title":"Hello"},"record":{"type":"contacts","id":"51"}}`, &done)

	require.Equal(t, http.StatusCreated, created)
	assert.Equal(t, "9001", made["id"])
	require.Len(t, f.created, 1)
	assert.WithinDuration(t, time.Now(), f.created[0].StartedAt, time.Minute, "now, where the panel does not say")
	assert.Equal(t, "7", f.created[0].OwnerID)
	require.Equal(t, http.StatusOK, completed)
	assert.Equal(t, "Hello", f.completed["9001"]["hs_call_title"])
	assert.Equal(t, &crmRef{"contacts", "51"}, f.record)
}

func TestCRMMatchesCallers(t *testing.T) {
	t.Parallel()
	var found, none map[string][]crmMatch

	require.Equal(t, http.StatusOK, askCRM(t, newFakeRecords(), "POST", "/match", `{"number":"+14155550100"}`, &found))
	require.Equal(t, http.StatusOK, askCRM(t, newFakeRecords(), "POST", "/match", `{"number":"+14155550199"}`, &none))

	assert.Equal(t, []crmMatch{
		{CallerIDType: "CONTACT", ObjectTypeID: "0-1", ObjectID: "51", FirstName: "Maria", LastName: "Silva", Email: "maria@acme.example"},
		{CallerIDType: "COMPANY", ObjectTypeID: "0-2", ObjectID: "61", Name: "Acme"},
	}, found["callerIdMatches"])
	assert.Equal(t, []crmMatch{}, none["callerIdMatches"])
}

func TestCRMRefuses(t *testing.T) {
	t.Parallel()
	broken := newFakeRecords()
	broken.broken = errors.New("index is down")
	tests := []struct {
		name, method, path, body string
		world                    *fakeRecords
		want                     int
	}{
		{"unknown type", "GET", "/objects/ghosts", "", newFakeRecords(), 404},
		{"unknown type of a record", "GET", "/objects/ghosts/1", "", newFakeRecords(), 404},
		{"unknown record", "GET", "/objects/contacts/99", "", newFakeRecords(), 404},
		{"no JSON", "POST", "/engagements", "{", newFakeRecords(), 400},
		{"no direction", "POST", "/engagements", `{"externalCallId":"c1"}`, newFakeRecords(), 400},
		{"unknown engagement", "POST", "/engagements/1/complete", `{}`, newFakeRecords(), 404},
		{"properties that are none", "POST", "/engagements/9001/complete", `{"properties":[]}`, newFakeRecords(), 400},
		{"number that is none", "POST", "/match", `{"number":{}}`, newFakeRecords(), 400},
		{"broken search", "GET", "/objects/contacts", "", broken, 502},
		{"broken creation", "POST", "/engagements", `{"direction":"INBOUND"}`, broken, 502},
		{"broken match", "POST", "/match", `{"number":"+1"}`, broken, 502},
		{"broken associations", "GET", "/objects/contacts/51", "", broken, 502},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var said map[string]string

			status := askCRM(t, tt.world, tt.method, tt.path, tt.body, &said)

			require.Equal(t, tt.want, status)
			assert.NotEmpty(t, said["error"])
		})
	}
}

func TestCRMFailsOnPurpose(t *testing.T) {
	t.Parallel()
	f := newFakeRecords()
	fail := func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if c.Request().URL.Path == "/sandbox/crm/match" {
				return crmRefuse(c, http.StatusTooManyRequests, "on purpose")
			}
			return next(c)
		}
	}
	var said, made map[string]string

	require.Equal(t, http.StatusTooManyRequests, askCRM(t, f, "POST", "/match", `{"number":"+1"}`, &said, fail))
	require.Equal(t, http.StatusCreated, askCRM(t, f, "POST", "/engagements", `{"direction":"INBOUND"}`, &made, fail))

	assert.Equal(t, "on purpose", said["error"])
}

func TestCRMReadsProperties(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"plain": "plain", "a<br/>b": "a\nb", "<b>bold</b> 1 < 2 & 3": "bold 1 < 2 & 3", "<script>x</script>": "x",
		"open <b": "open <b", "&lt;b&gt;": "<b>", "<p>a</p><p>b</p>": "a\nb", "": "",
	} {
		assert.Equal(t, want, plainText(source), source)
	}
	for ms, want := range map[string]string{"0": "0s", "3723000": "1h 2m 3s", "60000": "1m 0s", "": "", "-1": "", "9e9": ""} {
		assert.Equal(t, want, crmDuration(ms), ms)
	}
	assert.True(t, crmTime("yesterday").IsZero())
	name, _ := crmTitle(crmObject{Type: "contacts", Properties: map[string]string{"phone": "+1"}})
	assert.Equal(t, "+1", name, "a contact without a name is called by what there is")
	name, _ = crmTitle(crmObject{Type: "deals"})
	assert.Equal(t, "--", name)
	mail := activityOf(crmObject{Type: "emails", Properties: map[string]string{"hs_email_direction": "INCOMING_EMAIL", "hs_email_status": "SENT"}})
	assert.Equal(t, "INBOUND", mail.Direction)
	assert.Equal(t, "Sent", mail.Status)
}
