package hubspottest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot/hubspottest"
)

func TestPipelinesSayWhatIsOver(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	for _, path := range []string{"/crm/pipelines/2026-09/0-5", "/crm/pipelines/2026-03/tickets", "/crm/v3/pipelines/ticket"} {
		got := cloud.ask(t, "GET", path, "")

		require.Equal(t, http.StatusOK, got.status)
		pipeline := got.data(t)["results"].([]any)[0].(map[string]any)
		require.Equal(t, "0", pipeline["id"])
		last := pipeline["stages"].([]any)[3].(map[string]any)
		require.Equal(t, "Closed", last["label"])
		require.Equal(t, map[string]any{"ticketState": "CLOSED", "isClosed": "true"}, last["metadata"])
	}
	deals := cloud.ask(t, "GET", "/crm/pipelines/2026-09/deals", "").data(t)["results"].([]any)[0].(map[string]any)
	require.Equal(t, map[string]any{"probability": "0.2", "isClosed": "false"}, deals["stages"].([]any)[0].(map[string]any)["metadata"])
	require.Empty(t, cloud.ask(t, "GET", "/crm/pipelines/2026-09/contacts", "").data(t)["results"])
	require.Equal(t, http.StatusBadRequest, cloud.ask(t, "GET", "/crm/pipelines/2026-09/unicorns", "").status)
}

func TestMergedContactIsFoundByItsOldID(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	first, second, third := cloud.contact(t, "Silva"), cloud.contact(t, "Okafor"), cloud.contact(t, "Raman")
	require.NoError(t, cloud.MergeContacts(second, first))
	require.NoError(t, cloud.MergeContacts(third, second))

	got := cloud.ask(t, "GET", "/crm/objects/2026-09/contacts/"+first+"?properties=lastname,hs_merged_object_ids", "")

	require.Equal(t, http.StatusOK, got.status)
	require.Equal(t, third, got.data(t)["id"])
	require.Equal(t, second, got.data(t)["properties"].(map[string]any)["hs_merged_object_ids"])
	require.NoError(t, cloud.DeleteObject("contacts", third))
	require.Equal(t, http.StatusNotFound, cloud.ask(t, "GET", "/crm/objects/2026-09/contacts/"+first, "").status)
}

func TestFirstCompanyIsThePrimaryOne(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	maria := cloud.contact(t, "Silva")
	second := cloud.Objects("companies", "northwind")[0].ID
	require.NoError(t, cloud.Associate(hubspottest.Ref{ObjectType: "contacts", ID: maria}, hubspottest.Ref{ObjectType: "companies", ID: second}))

	got := cloud.ask(t, "POST", "/crm/associations/2026-09/contacts/companies/batch/read", `{"inputs":[{"id":"`+maria+`"}]}`)

	companies := got.data(t)["results"].([]any)[0].(map[string]any)["to"].([]any)
	require.Len(t, companies, 2)
	require.Equal(t, []any{
		map[string]any{"category": "HUBSPOT_DEFINED", "typeId": 279.0, "label": nil},
		map[string]any{"category": "HUBSPOT_DEFINED", "typeId": 1.0, "label": "Primary"},
	}, companies[0].(map[string]any)["associationTypes"])
	require.Len(t, companies[1].(map[string]any)["associationTypes"], 1)
}
