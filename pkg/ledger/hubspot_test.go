package ledger_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/ledger"
)

// wire answers HubSpot's paths with what is written here and keeps the
// requests.
type wire struct {
	answers map[string]string // "METHOD /path" to a body, or "400 body".

	mu   sync.Mutex
	seen []string
	body map[string]map[string]any
}

func (w *wire) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body)
	var body map[string]any
	_ = json.Unmarshal(text, &body)
	op := r.Method + " " + r.URL.Path
	w.mu.Lock()
	w.seen = append(w.seen, op)
	w.body[op] = body
	w.mu.Unlock()
	answer, ok := w.answers[op]
	if !ok {
		out.WriteHeader(http.StatusNotFound)
		return
	}
	if status, rest, ok := strings.Cut(answer, " "); ok && len(status) == 3 {
		var code int
		_, _ = fmt.Sscan(status, &code)
		out.WriteHeader(code)
		answer = rest
	}
	_, _ = io.WriteString(out, answer)
}

func (w *wire) requests() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.seen...)
}

func throughClient(t *testing.T, answers map[string]string) (*wire, ledger.CRM) {
	t.Helper()
	w := &wire{answers: answers, body: map[string]map[string]any{}}
	web := httptest.NewServer(w)
	t.Cleanup(web.Close)
	return w, ledger.HubSpot(&hubspot.Client{
		BaseURL: web.URL, Token: func(context.Context) (string, error) { return "token", nil },
	})
}

const callsPath = "/crm/objects/2026-09/0-48"

func TestThroughTheClient(t *testing.T) {
	t.Parallel()
	w, crm := throughClient(t, map[string]string{
		"GET /crm/properties/2026-09/0-48": `{"results":[
			{"name":"hs_call_title","groupName":"call"},
			{"name":"hs_call_status","options":[{"value":"COMPLETED"},{"value":"missed"}]}]}`,
		"POST /crm/properties/2026-09/0-48": `201 {"name":"made"}`,
		"GET /crm/owners/2026-09":           `{"results":[{"id":"4242","email":"ann@example.com","type":"PERSON"}]}`,
		"POST " + callsPath + "/batch/upsert": `{"status":"COMPLETE","results":[
			{"id":"17591596434","properties":{},"new":true,"objectWriteTraceId":"0"}]}`,
		"PUT " + callsPath + "/17591596434/associations/default/0-1/30000000001": `{"status":"COMPLETE","results":[]}`,
		"GET " + callsPath + "/17591596434": `{"id":"17591596434","properties":{"hs_call_body":"a person's"},
			"propertiesWithHistory":{"hs_call_body":[{"value":"a person's","timestamp":"2026-10-01T10:00:00Z","sourceType":"CRM_UI"}]}}`,
		"PATCH " + callsPath + "/17591596434": `{"id":"17591596434","properties":{}}`,
	})
	l := start(t, config(sqlite(t), crm))
	r := inbound("i:ann:1")
	put(t, l, r)
	await(t, l, "i:ann:1", "enriched")

	r.Revision, r.Notes, r.Outcome = 2, "changed", "CANCELED"
	put(t, l, r)
	got := await(t, l, "i:ann:1", "enriched")

	require.Contains(t, got.Receipt.URL, "17591596434")
	require.Equal(t, []string{
		"GET /crm/properties/2026-09/0-48", "POST /crm/properties/2026-09/0-48", "POST /crm/properties/2026-09/0-48",
		"GET /crm/owners/2026-09", "POST " + callsPath + "/batch/upsert",
		"PUT " + callsPath + "/17591596434/associations/default/0-1/30000000001",
		"GET " + callsPath + "/17591596434", "PATCH " + callsPath + "/17591596434",
	}, w.requests())
	require.Equal(t, "call", w.body["POST /crm/properties/2026-09/0-48"]["groupName"])
	input := w.body["POST "+callsPath+"/batch/upsert"]["inputs"].([]any)[0].(map[string]any)
	require.Equal(t, "i:ann:1", input["id"])
	require.Equal(t, "deskbridge_key", input["idProperty"])
	require.Equal(t, "4242", input["properties"].(map[string]any)["hubspot_owner_id"])
	require.Equal(t, map[string]any{"hs_call_status": "CANCELED"}, w.body["PATCH "+callsPath+"/17591596434"]["properties"])
}

func TestSearchThenCreateThroughTheClient(t *testing.T) {
	t.Parallel()
	w, crm := throughClient(t, map[string]string{
		"GET /crm/properties/2026-09/0-48":  `{"results":[]}`,
		"POST /crm/properties/2026-09/0-48": `403 {"category":"MISSING_SCOPES","message":"no"}`,
		"GET /crm/owners/2026-09":           `403 {"category":"MISSING_SCOPES","message":"no"}`,
		"POST " + callsPath + "/search":     `{"total":0,"results":[]}`,
		"POST " + callsPath: `400 {"category":"VALIDATION_ERROR","message":"Property values were not valid",
			"errors":[{"message":"not an allowed option","context":{"propertyName":["hs_call_disposition"]}}]}`,
	})
	l := start(t, config(sqlite(t), crm))

	put(t, l, inbound("i:ann:1"))
	got := await(t, l, "i:ann:1", "needs-you")

	require.Equal(t, "Call outcome: not an allowed option", got.Receipt.Detail)
	filter := w.body["POST "+callsPath+"/search"]["filterGroups"].([]any)[0].(map[string]any)["filters"].([]any)[0]
	require.Equal(t, map[string]any{"propertyName": "hs_call_external_id", "operator": "EQ", "value": "i:ann:1"}, filter)
}
