package main

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/ledger"
)

// refused puts a record that HubSpot refuses.
func (h *house) refused(org string, r backend.Record) {
	h.t.Helper()
	h.crm.AddFault(hubspottest.Fault{Match: "POST /crm/objects/2026-09/0-48", Status: 400, ErrorType: "VALIDATION_ERROR", Property: "hs_call_title"})
	h.put(org, r)
	h.eventually(org, r.Key, "needs-you")
}

type recordList struct {
	Records []ledger.Row
	Next    string
}

func TestAdminSeesAndRetriesRecords(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, "111")
	fine := call("fine", "111", h.contact("Silva"))
	h.put(orgID, fine)
	h.eventually(orgID, "fine", "enriched")
	for _, key := range []string{"bad:1", "bad:2"} {
		h.refused(orgID, call(key, "111", h.contact("Silva")))
	}

	var overview ledger.Overview
	require.Equal(t, http.StatusOK, h.ask(b, "GET", adminOverviewPath, &overview))
	require.Equal(t, []int{1, 2}, []int{overview.Logged, overview.NeedAgent})
	require.Len(t, overview.Failures, 1)
	require.Contains(t, overview.Failures[0].Detail, "hs_call_title")

	var list recordList
	require.Equal(t, http.StatusOK, h.ask(b, "GET", adminRecordsPath+"?limit=2", &list))
	require.Len(t, list.Records, 2)
	var rest recordList
	require.Equal(t, http.StatusOK, h.ask(b, "GET", adminRecordsPath+"?limit=2&after="+url.QueryEscape(list.Next), &rest))
	require.Len(t, rest.Records, 1)
	require.Empty(t, rest.Next)
	var one recordList
	require.Equal(t, http.StatusOK, h.ask(b, "GET", adminRecordsPath+"?text="+url.QueryEscape("+14155550100")+"&state=agent&portal=111&from=2026-01-01&to=2099-01-01", &one))
	require.Len(t, one.Records, 2)
	require.Equal(t, "•••0100", one.Records[0].Number)
	require.Equal(t, http.StatusOK, h.ask(b, "GET", adminRecordsPath+"?to=2020-01-01", &one))
	require.Empty(t, one.Records)

	var row ledger.Row
	require.Equal(t, http.StatusOK, h.ask(b, "POST", adminRecordsPath+"/"+url.PathEscape("bad:1")+"/retry", &row))
	require.Equal(t, "bad:1", row.Key)
	h.eventually(orgID, "bad:1", "enriched")
	var n struct{ Retried int }
	require.Equal(t, http.StatusOK, h.ask(b, "POST", adminRetryPath+"?state=admin", &n))
	require.Zero(t, n.Retried)
	require.Equal(t, http.StatusOK, h.ask(b, "POST", adminRetryPath+"?detail="+url.QueryEscape(overview.Failures[0].Detail), &n))
	require.Equal(t, 1, n.Retried)
	h.eventually(orgID, "bad:2", "enriched")
	require.Len(t, h.crm.Engagements(), 3)
}

func TestAdminExportsRecords(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, "111")
	r := call("k", "111", h.contact("Silva"))
	r.Record.Name, r.Notes = `=HYPERLINK("http://evil.example","Maria")`, "+1 \"quoted\",\nsecond line"
	h.put(orgID, r)
	h.eventually(orgID, "k", "enriched")

	page := h.open(b, h.url+adminExportPath)

	require.Equal(t, http.StatusOK, page.status)
	require.Contains(t, page.header.Get("Content-Type"), "text/csv")
	require.Contains(t, page.header.Get("Content-Disposition"), "attachment")
	require.Equal(t, "no-store", page.header.Get("Cache-Control"))
	rows, err := csv.NewReader(strings.NewReader(page.body)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 2)
	got := map[string]string{}
	for i, name := range rows[0] {
		got[name] = rows[1][i]
	}
	require.Equal(t, "+14155550100", got["number"], "whole: it is the admin's own")
	require.Equal(t, `'=HYPERLINK("http://evil.example","Maria")`, got["name"], "no formula")
	require.Equal(t, "'+1 \"quoted\",\nsecond line", got["notes"])
	require.Equal(t, "logged", got["state"])
	require.Equal(t, time.UnixMilli(r.StartedAt).UTC().Format(time.DateTime), got["started (UTC)"])
	require.Contains(t, h.log.String(), `"msg":"records exported"`)
	require.Contains(t, h.log.String(), `"records":1`)
	require.Contains(t, h.log.String(), `"by":"person-of-`+orgID)
	require.NotContains(t, h.log.String(), "14155550100")

	empty := h.open(b, h.url+adminExportPath+"?state=waiting")
	rows, err = csv.NewReader(strings.NewReader(empty.body)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1, "the names alone")
}

func TestHarmless(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "Maria": "Maria", "+14155550100": "+14155550100", "1001": "1001", "a=b": "a=b",
		"=1+1": "'=1+1", "+1+1": "'+1+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", " =1": "' =1", "\r=1": "'\r=1", "+": "+",
	} {
		require.Equal(t, want, harmless(text), "%q", text)
	}
}

func TestAdminRecordsAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.linked(orgID, "111")
	h.refused(orgID, call("theirs", "111", h.contact("Silva")))
	b := h.linked(otherOrg, "333")

	for _, query := range []string{"?state=lost", "?from=yesterday", "?to=2026-13-01", "?limit=0", "?limit=501", "?limit=x", "?after=x"} {
		var refusal backend.Error
		require.Equal(t, http.StatusBadRequest, h.ask(b, "GET", adminRecordsPath+query, &refusal), query)
		require.NotEmpty(t, refusal.Message)
		require.Equal(t, http.StatusBadRequest, h.open(b, h.url+recordsPage+query).status, query)
	}
	require.Equal(t, http.StatusBadRequest, h.ask(b, "GET", adminExportPath+"?state=lost", nil))

	var list recordList
	require.Equal(t, http.StatusOK, h.ask(b, "GET", adminRecordsPath+"?text=theirs&portal=111", &list))
	require.Empty(t, list.Records)
	require.Equal(t, http.StatusNotFound, h.ask(b, "POST", adminRecordsPath+"/theirs/retry", nil))
	require.Equal(t, http.StatusNotFound, h.post(b, h.url+retryForm, url.Values{"key": {"theirs"}}).status)
	var n struct{ Retried int }
	require.Equal(t, http.StatusOK, h.ask(b, "POST", adminRetryPath, &n))
	require.Zero(t, n.Retried)
	require.Equal(t, "needs-you", h.record(orgID, "theirs").Receipt.State)
	var overview ledger.Overview
	require.Equal(t, http.StatusOK, h.ask(b, "GET", adminOverviewPath, &overview))
	require.Zero(t, overview.NeedAgent)
	require.NotContains(t, h.open(b, h.url+adminExportPath).body, "theirs")
}
