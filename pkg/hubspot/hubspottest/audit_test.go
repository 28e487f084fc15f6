package hubspottest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot/hubspottest"
)

// Whether what a person wrote was lost depends on what the API had shown.
func TestAuditTellsWhatOfAPersonWasOverwritten(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	made := cloud.ask(t, "POST", "/crm/objects/2026-09/0-48", `{"properties":{"hs_timestamp":"1790000000000","hs_call_title":"A","hs_call_body":"a"}}`)
	id := made.data(t)["id"].(string)
	path := "/crm/objects/2026-09/0-48/" + id
	edit := func(name, value string) {
		require.NoError(t, cloud.EditObject("calls", id, map[string]string{name: value}))
	}
	patch := func(name, value string) {
		require.Equal(t, http.StatusOK, cloud.ask(t, "PATCH", path, `{"properties":{"`+name+`":"`+value+`"}}`).status)
	}

	cloud.ask(t, "GET", path+"?propertiesWithHistory=hs_call_title", "")
	edit("hs_call_title", "B")
	patch("hs_call_title", "C") // Nobody has looked since.
	edit("hs_call_body", "b")
	cloud.ask(t, "GET", path+"?propertiesWithHistory=hs_call_body", "")
	patch("hs_call_body", "b") // No change.
	patch("hs_call_title", "D")
	patch("hs_call_body", "c")
	cloud.ask(t, "DELETE", path, "")

	all := cloud.Audit()
	require.Len(t, all, 1)
	require.True(t, all[0].Archived)
	require.Equal(t, []string{"hs_call_title"}, all[0].Blind)
	require.Equal(t, []string{"hs_call_body"}, all[0].Overwritten)
}

func TestFaultByChance(t *testing.T) {
	t.Parallel()
	spoilt := func(seed uint64) (turns []int) {
		cloud := newCloud(t, hubspottest.Config{Burst: -1})
		cloud.AddFault(hubspottest.Fault{Match: "/crm/", Status: 503, Times: 1000, OneIn: 4, Seed: seed})
		for i := range 100 {
			if cloud.ask(t, "GET", "/crm/objects/2026-09/contacts", "").status == 503 {
				turns = append(turns, i)
			}
		}
		return turns
	}

	first := spoilt(1)
	require.InDelta(t, 25, len(first), 15)
	require.Equal(t, first, spoilt(1))
	require.NotEqual(t, first, spoilt(2))
}

func TestFaultThatLosesHalfOfTheAnswer(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{IndexDelay: -1})
	cloud.AddFault(hubspottest.Fault{Match: "POST /crm/", Drop: true, After: true, Partial: true})

	req, err := http.NewRequestWithContext(t.Context(), "POST", cloud.url+"/crm/objects/2026-09/0-48",
		strings.NewReader(`{"properties":{"hs_timestamp":"1790000000000"}}`))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+hubspottest.Token)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	half := make([]byte, 1<<16)
	n := 0
	for err == nil && n < len(half) {
		var more int
		more, err = resp.Body.Read(half[n:])
		n += more
	}

	require.ErrorContains(t, err, "unexpected EOF")
	require.NotZero(t, n)
	require.Len(t, cloud.Audit(), 1, "it had its effect")
}

// What has a unique value is found whoever had it before.
func TestUniqueValuesChangeHands(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	created := cloud.ask(t, "POST", "/crm/properties/2026-09/0-48",
		`{"name":"key","label":"Key","groupName":"call","type":"string","fieldType":"text","hasUniqueValue":true}`)
	require.Equal(t, http.StatusCreated, created.status, created.text)
	upsert := func(key, title string) string {
		a := cloud.ask(t, "POST", "/crm/objects/2026-09/0-48/batch/upsert",
			`{"inputs":[{"idProperty":"key","id":"`+key+`","properties":{"hs_timestamp":"1790000000000","hs_call_title":"`+title+`"}}]}`)
		require.Equal(t, http.StatusOK, a.status, a.text)
		return a.data(t)["results"].([]any)[0].(map[string]any)["id"].(string)
	}

	first := upsert("One", "a")
	require.Equal(t, first, upsert("one", "b"))
	cloud.ask(t, "DELETE", "/crm/objects/2026-09/0-48/"+first, "")
	second := upsert("one", "c")
	require.NotEqual(t, first, second)
	require.NoError(t, cloud.EditObject("calls", second, map[string]string{"key": "two"}))
	third := upsert("one", "d")
	require.NotEqual(t, second, third)
	require.Equal(t, second, upsert("two", "e"))

	batch := cloud.ask(t, "POST", "/crm/objects/2026-09/0-48/batch/upsert", `{"inputs":[
		{"idProperty":"key","id":"four","properties":{"hs_timestamp":"1790000000000"}},
		{"idProperty":"key","id":"one","properties":{"hs_timestamp":"never"}}]}`)
	require.Equal(t, http.StatusBadRequest, batch.status, "all or nothing")
	require.Len(t, cloud.Objects("calls", ""), 2)
	require.Equal(t, third, upsert("one", "f"))
	cloud.clock.Advance(time.Minute)
	upsert("four", "g")
	require.Len(t, cloud.Objects("calls", ""), 3)
}
