package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/native"
	"deskbridge/pkg/tenant"
	"deskbridge/pkg/webexcc"
	"deskbridge/pkg/webexcc/webexcctest"
)

func agentNamed(t *testing.T, w *clouds, name string) webexcctest.AgentInfo {
	t.Helper()
	for _, a := range w.webex.Agents() {
		if a.Name == name {
			return a
		}
	}
	require.Fail(t, "no agent "+name)
	return webexcctest.AgentInfo{}
}

func TestControlPlaysTheSupervisor(t *testing.T) {
	t.Parallel()
	w, do := play(t)

	status, body := do("POST", "/sandbox/agents/ann/state", `{"state":"Available","by":"supervisor"}`)
	require.Equal(t, 204, status, body)
	require.Equal(t, "Available", agentNamed(t, w, "ann").State)
	status, body = do("POST", "/sandbox/agents/"+webexcctest.AnnID+"/state", `{"auxCode":"Lunch"}`)
	require.Equal(t, 204, status, body)
	require.Equal(t, "Idle", agentNamed(t, w, "ann").State)
	require.Equal(t, "Lunch", agentNamed(t, w, "ann").AuxCode)
	status, body = do("POST", "/sandbox/agents/ann/takeover", ``)
	require.Equal(t, 204, status, body)
	status, body = do("POST", "/sandbox/agents/ann/logout", ``)
	require.Equal(t, 204, status, body)
	require.Equal(t, "LoggedOut", agentNamed(t, w, "ann").State)

	for _, tt := range []struct {
		path, body string
		want       int
	}{
		{"/sandbox/agents/zoe/state", `{"state":"Available"}`, 404},
		{"/sandbox/agents/ann/state", `{"state":"Dancing"}`, 400},
		{"/sandbox/agents/ann/state", `{}`, 400},
		{"/sandbox/agents/ann/state", `{"state":"LoggedOut"}`, 400},
		{"/sandbox/agents/ann/state", `{"auxCode":"Siesta"}`, 404},
		{"/sandbox/agents/ann/state", `{"state":"Available","by":"cho"}`, 400},
		{"/sandbox/agents/ann/logout", `{"by":"cho"}`, 400},
		{"/sandbox/agents/zoe/takeover", ``, 404},
		{"/sandbox/profile", `{"agent":"zoe"}`, 404},
		{"/sandbox/profile", `{"colour":"red"}`, 400},
		{"/sandbox/interactions/nope/phone", `{"phone":"ann","action":"busy"}`, 404},
		{"/sandbox/settings", `{}`, 400}, // Here the backend is another process.
	} {
		status, body := do("POST", tt.path, tt.body)
		require.Equal(t, tt.want, status, "%s %s: %s", tt.path, tt.body, body)
		require.Contains(t, body, `"error":`)
	}
}

// The sandbox with its own backend: what is changed shows at once.
func TestControlChangesProfileAndSettings(t *testing.T) {
	t.Parallel()
	log := sandboxLog(func(string) string { return "" })
	w, mux := newClouds(log, scales{}), http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	cfg := &Config{Version: "sandbox"}
	remove, err := sandboxConfig(cfg, func(string) string { return "" }, srv.URL[strings.LastIndex(srv.URL, ":")+1:])
	require.NoError(t, err)
	t.Cleanup(remove)
	cfg.Settings.DispositionByCode = map[string]string{"Sale": "1"}
	d, closeDeps, err := openDeps(t.Context(), cfg, log)
	require.NoError(t, err)
	t.Cleanup(closeDeps)
	w.connect(*cfg, d)
	mux.Handle("/api/", w.backend)
	mux.Handle("/auth/", w.backend)
	w.mount(mux, http.NotFoundHandler())
	do := caller(t, srv.URL)
	v := verifier(t)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Jar: jar}
	open := &backend.Client{BaseURL: cfg.PublicURL, Doer: native.Fetch{}}
	resp, err := browser.Get(open.LoginURL(backend.Challenge(v), "ann"))
	require.NoError(t, err)
	session, err := open.Exchange(t.Context(), backend.Exchange{Verifier: v, Code: readPage(t, browser, resp).code})
	require.NoError(t, err)
	ann := &backend.Client{BaseURL: cfg.PublicURL, Doer: native.Fetch{}, Token: func() string { return session.Token }}

	config, err := ann.Config(t.Context())
	require.NoError(t, err)
	require.Zero(t, config.InactivityMs)
	status, body := do("POST", "/sandbox/profile", `{"agent":"ann","inactivityMinutes":5,"maskSensitiveData":true}`)
	require.Equal(t, 204, status, body)
	config, err = ann.Config(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 300_000, config.InactivityMs)
	require.True(t, config.MaskSensitive)

	status, body = do("POST", "/sandbox/settings", `{"theme":"dark","language":"de","region":"DE",
		"dispositionByCode":{"Resolved":"2"},"variableProperties":{"tier":"customer_tier"}}`)
	require.Equal(t, 200, status, body)
	status, body = do("GET", "/sandbox/settings", "")
	require.Equal(t, 200, status, body)
	var got tenant.Settings
	require.NoError(t, json.Unmarshal([]byte(body), &got))
	require.Equal(t, tenant.Settings{
		PopAt: "ring", MatchDeadline: 3 * time.Second, Region: "DE", Theme: "dark", Language: "de",
		DispositionByCode: map[string]string{"Sale": "1", "Resolved": "2"}, VariableProperties: map[string]string{"tier": "customer_tier"},
	}.WithDefaults(), got)
	settings, err := ann.Settings(t.Context())
	require.NoError(t, err)
	require.Equal(t, "dark", settings.Theme)
	require.Equal(t, "de", settings.Language)
	number, err := ann.Number(t.Context(), backend.NumberQuery{Number: "030 90182041"})
	require.NoError(t, err)
	require.Equal(t, "+493090182041", number.Dial)
	for _, bad := range []string{`{"theme":"pink"}`, `{"colour":"red"}`, `[]`} {
		status, body = do("POST", "/sandbox/settings", bad)
		require.Equal(t, 400, status, body)
	}

	status, body = do("POST", "/sandbox/reset", `{}`)
	require.Equal(t, 204, status, body)
	settings, err = ann.Settings(t.Context())
	require.NoError(t, err)
	require.Empty(t, settings.Theme)
	config, err = ann.Config(t.Context())
	require.NoError(t, err)
	require.Zero(t, config.InactivityMs, "the profile is as at the start, and asked for anew")
}

// Who is consulted answers from the control, a colleague as well as somebody
// at a number.
func TestControlAnswersConsults(t *testing.T) {
	t.Parallel()
	w := newClouds(nil, scales{})
	mux := http.NewServeMux()
	w.mount(mux, http.NotFoundHandler())
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	do := caller(t, srv.URL)
	ann := &webexcc.Client{
		BaseURL: srv.URL + webexPath, OrgID: sandboxOrg, Doer: native.Fetch{},
		Token: func(context.Context) (string, error) { return webexcctest.Token("ann"), nil },
	}
	ok := func(path, body string) string {
		t.Helper()
		status, answer := do("POST", path, body)
		require.Less(t, status, 300, "%s: %s", path, answer)
		return answer
	}
	ok("/sandbox/agents/ann/state", `{"state":"Available"}`)
	ok("/sandbox/agents/bob/state", `{"state":"Available"}`)
	var made struct{ InteractionID string }
	require.NoError(t, json.Unmarshal([]byte(ok("/sandbox/calls", `{"from":"+14155550100","agent":"ann"}`)), &made))
	call := "/sandbox/interactions/" + made.InteractionID
	ok(call+"/answer", `{"agent":"ann"}`)
	for who, to := range map[string]webexcc.Destination{
		"bob":          {To: webexcctest.BobID, Type: webexcc.ToAgent},
		"+14155550123": {To: "+14155550123", Type: webexcc.ToDialNumber},
	} {
		require.NoError(t, ann.Consult(t.Context(), made.InteractionID, webexcc.Consultation{Destination: to}))
		status, answer := do("POST", call+"/answer", `{"agent":"cho"}`)
		require.Equal(t, 400, status, answer)
		ok(call+"/answer", `{"agent":"`+who+`"}`)
		status, answer = do("POST", call+"/phone", `{"phone":"`+who+`","action":"no-answer"}`)
		require.Equal(t, 400, status, "it was answered: %s", answer)
		ok(call+"/phone", `{"phone":"`+who+`","action":"hangup"}`)
	}
}
