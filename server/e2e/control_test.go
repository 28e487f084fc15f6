package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// world is the sandbox, or the emulators with a backend beside them.
type world struct {
	t       testing.TB
	crm     string // Where the CRM page, the emulated clouds and their control are.
	widget  string // Where the widget and the backend are.
	process *process
}

// ask uses the control API.
func (w *world) ask(method, path string, body, into any) {
	w.t.Helper()
	var in io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		require.NoError(w.t, err)
		in = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(context.WithoutCancel(w.t.Context()), method, w.crm+"/sandbox"+path, in)
	require.NoError(w.t, err)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(w.t, err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	require.NoError(w.t, err)
	require.Equal(w.t, 2, resp.StatusCode/100, "%s %s: %s", method, path, text)
	if into != nil {
		require.NoError(w.t, json.Unmarshal(text, into), string(text))
	}
}

type fields map[string]any

// call lets a customer call in.
func (w *world) call(body fields) (interactionID string) {
	w.t.Helper()
	var made struct{ InteractionID string }
	w.ask("POST", "/calls", body, &made)
	return made.InteractionID
}

// pickUp answers what rings at an agent's desk phone.
func (w *world) pickUp(interactionID, agent string) {
	w.t.Helper()
	w.ask("POST", "/interactions/"+interactionID+"/answer", fields{"agent": agent}, nil)
}

func (w *world) customer(interactionID, action string) {
	w.t.Helper()
	w.ask("POST", "/interactions/"+interactionID+"/customer", fields{"action": action}, nil)
}

func (w *world) fault(body fields) {
	w.t.Helper()
	w.ask("POST", "/faults", body, nil)
}

type agentInfo struct {
	Name, AgentID, State string
	Interactions         []string
}

func (w *world) agent(name string) agentInfo {
	w.t.Helper()
	var all []agentInfo
	w.ask("GET", "/agents", nil, &all)
	at := slices.IndexFunc(all, func(a agentInfo) bool { return a.Name == name })
	require.GreaterOrEqual(w.t, at, 0, name)
	return all[at]
}

// interaction waits until the agent has one and returns it.
func (w *world) interaction(agent string) (id string) {
	w.t.Helper()
	eventually(w.t, agent+" has an interaction", func() bool {
		if all := w.agent(agent).Interactions; len(all) > 0 {
			id = all[len(all)-1]
		}
		return id != ""
	})
	return id
}

type engagement struct {
	ObjectType, ID string
	Properties     map[string]string
	Associations   []struct{ ObjectType, ObjectTypeID, ToObjectType, ID string }
}

func (w *world) engagements() []engagement {
	w.t.Helper()
	var all []engagement
	w.ask("GET", "/engagements", nil, &all)
	return all
}

// activity waits until there is exactly one and it is as wanted, then makes
// sure that it stays so while the ledger finishes.
func (w *world) activity(what string, wanted func(engagement) bool) engagement {
	w.t.Helper()
	var all []engagement
	ok := func() bool {
		all = w.engagements()
		return len(all) == 1 && wanted(all[0])
	}
	ctx := context.WithoutCancel(w.t.Context())
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for limit := time.Now().Add(soon); !ok(); {
		if time.Now().After(limit) {
			text, _ := json.MarshalIndent(all, "", "  ")
			require.FailNow(w.t, "no such activity: "+what, "there are %d:\n%s", len(all), text)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
	return all[0]
}

// contact is the id of a fixture, by name.
func (w *world) contact(name string) string {
	w.t.Helper()
	var found struct{ Results []struct{ ID, Name string } }
	w.ask("GET", "/crm/objects/contacts?q="+url.QueryEscape(name), nil, &found)
	for _, c := range found.Results {
		if c.Name == name {
			return c.ID
		}
	}
	require.FailNow(w.t, "no contact "+name)
	return ""
}

type request struct {
	Method, Path, Body string
	Status             int
}

func (w *world) requests(target string) []request {
	w.t.Helper()
	var all []request
	w.ask("GET", "/requests?target="+target, nil, &all)
	return all
}

// count is how many requests there were with that method and path.
func (w *world) count(target, method, path string, status int) int {
	w.t.Helper()
	n := 0
	for _, r := range w.requests(target) {
		if r.Method == method && strings.Contains(r.Path, path) && (status == 0 || r.Status == status) {
			n++
		}
	}
	return n
}
