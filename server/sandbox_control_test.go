package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc/webexcctest"
)

// play is the emulated world with a backend that only says hello.
func play(t *testing.T) (*clouds, func(method, path, body string) (int, string)) {
	t.Helper()
	w := newClouds(nil, scales{})
	hello := http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, "hello") })
	w.backend = newWire(hello)
	resets := 0
	w.reset = func(context.Context) error { resets++; return nil }
	t.Cleanup(func() { require.LessOrEqual(t, resets, 1) })
	mux := http.NewServeMux()
	mux.Handle("/api/", w.backend)
	w.mount(mux, http.NotFoundHandler())
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return w, caller(t, srv.URL)
}

// caller sends requests and returns status and body, 0 and the error if the
// connection was cut.
func caller(t *testing.T, url string) func(method, path, body string) (int, string) {
	return func(method, path, body string) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, url+path, strings.NewReader(body))
		require.NoError(t, err)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, err.Error()
		}
		defer resp.Body.Close()
		answer, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp.StatusCode, string(answer)
	}
}

func TestControlPlaysCustomersAndAgents(t *testing.T) {
	t.Parallel()
	w, do := play(t)

	status, body := do("GET", "/sandbox/agents", "")
	require.Equal(t, 200, status)
	var agents []map[string]any
	require.NoError(t, json.Unmarshal([]byte(body), &agents))
	require.Len(t, agents, 3)
	for _, field := range []string{"name", "agentId", "extension", "token", "teamId", "state", "interactions"} {
		require.Contains(t, agents[0], field)
	}
	require.Equal(t, "ann_PF84_1eb65fdf-9643-417f-9974-ad72cae0e10f", agents[0]["token"])

	require.NoError(t, w.webex.SetAgentState("ann", "Available", ""))
	status, body = do("POST", "/sandbox/calls", `{"from":"+14155550100","queue":"Billing","cad":{"tier":"gold"},"ronaTimeout":30}`)
	require.Equal(t, 201, status, body)
	var made struct{ InteractionID string }
	require.NoError(t, json.Unmarshal([]byte(body), &made))
	require.NotEmpty(t, made.InteractionID)
	status, body = do("POST", "/sandbox/interactions/"+made.InteractionID+"/answer", `{"agent":"ann"}`)
	require.Equal(t, 204, status, body)
	status, body = do("POST", "/sandbox/interactions/"+made.InteractionID+"/phone", `{"phone":"ann","action":"busy"}`)
	require.Equal(t, 400, status, "it does not ring any more: %s", body)
	status, _ = do("POST", "/sandbox/interactions/"+made.InteractionID+"/customer", `{"action":"hangup"}`)
	require.Equal(t, 204, status)
	status, _ = do("POST", "/sandbox/sockets/drop", `{"agent":"ann","silent":true}`)
	require.Equal(t, 204, status)
	for _, path := range []string{"/sandbox/chats", "/sandbox/emails"} {
		status, body = do("POST", path, `{"from":"pat@example.test","subject":"Hello","text":"Where is my order?"}`)
		require.Equal(t, 201, status, body)
	}
}

func TestControlRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	_, do := play(t)
	tests := []struct {
		name, path, body string
		want             int
	}{
		{"no such interaction", "/sandbox/interactions/nope/answer", `{"agent":"ann"}`, 404},
		{"no such agent", "/sandbox/sockets/drop", `{"agent":"zoe"}`, 404},
		{"misspelt field", "/sandbox/calls", `{"form":"+1"}`, 400},
		{"no JSON", "/sandbox/calls", `hello`, 400},
		{"fault without a target", "/sandbox/faults", `{"match":"hold"}`, 400},
		{"fault of no operation", "/sandbox/faults", `{"target":"webexcc","match":"fly","status":500}`, 400},
		{"fault of no path", "/sandbox/faults", `{"target":"backend","match":"hold","status":500}`, 400},
	}
	for _, tt := range tests {
		status, body := do("POST", tt.path, tt.body)
		require.Equal(t, tt.want, status, "%s: %s", tt.name, body)
		require.Contains(t, body, `"error":`, tt.name)
	}
}

func TestFaultsReachTheirTarget(t *testing.T) {
	t.Parallel()
	_, do := play(t)
	for _, fault := range []string{
		`{"target":"backend","match":"GET /api/settings","status":503,"times":2}`,
		`{"target":"backend","match":"POST /api/token","drop":true,"times":1}`,
		`{"target":"hubspot","match":"POST /sandbox/crm/match","status":500,"times":1}`,
		`{"target":"webexcc","match":"login","status":412,"times":1}`,
	} {
		status, body := do("POST", "/sandbox/faults", fault)
		require.Equal(t, 204, status, body)
	}

	for _, want := range []int{503, 503, 200} {
		status, _ := do("GET", "/api/settings", "")
		require.Equal(t, want, status)
	}
	status, _ := do("POST", "/api/token", "{}")
	require.Equal(t, 0, status, "cut")
	status, _ = do("POST", "/sandbox/crm/match", `{"number":"+14155550100"}`)
	require.Equal(t, 500, status)
	status, body := do("POST", "/sandbox/crm/match", `{"number":"+14155550100"}`)
	require.Equal(t, 200, status, body)

	status, body = do("GET", "/sandbox/requests?target=backend", "")
	require.Equal(t, 200, status)
	var seen []arrived
	require.NoError(t, json.Unmarshal([]byte(body), &seen))
	require.Len(t, seen, 4)
	require.Equal(t, 503, seen[0].Status)
	require.Equal(t, "/api/settings", seen[0].Path)
}

func TestResetForgetsTheWorld(t *testing.T) {
	t.Parallel()
	w, do := play(t)
	require.NoError(t, w.webex.SetAgentState("ann", "Available", ""))
	_, err := w.webex.Call(webexcctest.CallRequest{From: "+14155550100", Queue: "Billing"})
	require.NoError(t, err)
	status, body := do("POST", "/sandbox/contacts", `{"properties":{"firstname":"Nobody","phone":"+14155550111"}}`)
	require.Equal(t, 201, status, body)
	status, _ = do("POST", "/sandbox/faults", `{"target":"backend","match":"GET /api/","status":503,"times":9}`)
	require.Equal(t, 204, status)

	status, _ = do("POST", "/sandbox/reset", `{}`)

	require.Equal(t, 204, status)
	status, _ = do("GET", "/api/settings", "")
	require.Equal(t, 200, status)
	require.Empty(t, w.webex.Interactions())
	for _, a := range w.webex.Agents() {
		require.Equal(t, "LoggedOut", a.State)
	}
	_, body = do("GET", "/sandbox/crm/objects/contacts?q=Nobody", "")
	require.NotContains(t, body, "Nobody")
	_, body = do("GET", "/sandbox/engagements", "")
	require.JSONEq(t, "[]", body)
}
