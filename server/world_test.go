package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crypto/rand"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/native"
	"deskbridge/pkg/tenant"
)

const (
	orgID   = "1eb65fdf-9643-417f-9974-ad72cae0e10f"
	agentID = "4b2a4a49-1c5e-4d62-8f1e-0a4f0f7c9a01"
)

// world is a server on a real socket with a small Webex identity service.
type world struct {
	t       *testing.T
	url     string
	webex   *fakeWebex
	clock   *clock
	log     *safeBuffer
	cfg     Config
	deps    deps
	handler http.Handler
	ledger  *fakeLedger
	crm     *fakeCRM
	config  *fakeConfig
}

func newWorld(t *testing.T, change ...func(*Config)) *world {
	t.Helper()
	w := &world{
		t: t, clock: &clock{at: time.Now()}, log: &safeBuffer{},
		ledger: &fakeLedger{kept: map[string]backend.Interaction{}}, crm: &fakeCRM{}, config: &fakeConfig{},
	}
	w.webex = newFakeWebex(t)
	srv := httptest.NewUnstartedServer(nil)
	w.url = "http://" + srv.Listener.Addr().String()
	cfg := Config{
		PublicURL: w.url, DataDir: t.TempDir(), Key: bytes.Repeat([]byte{7}, keySize),
		WebexClientID: "client", WebexClientSecret: "hush", WebexAPI: "https://api.wxcc-us1.cisco.com",
		WebexAuthorizeURL: w.webex.url + "/v1/authorize", WebexTokenURL: w.webex.url + "/v1/access_token",
		WebexPeopleURL: w.webex.url + "/v1/people/me", WebexScopes: defaultScopes,
		OrgID: orgID, Portal: "4567",
		CallingHosts: defaultCallingHosts, FrameAncestors: []string{"https://app.hubspot.com", "https://desktop.wxcc-us1.cisco.com"},
	}
	for _, f := range change {
		f(&cfg)
	}
	db, err := sql.Open("sqlite", cfg.database())
	require.NoError(t, err)
	db.SetMaxOpenConns(1) // As the ledger opens it.
	t.Cleanup(func() { _ = db.Close() })
	w.deps = deps{
		Log: slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Now: w.clock.now, HTTP: http.DefaultClient,
		Ledger: w.ledger, Lookup: w.crm, Contacts: w.crm, People: w.crm, Webex: w.config, Lists: w.config,
	}
	require.NoError(t, w.deps.open(t.Context(), cfg, db))
	w.cfg = cfg
	srv.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.handler.ServeHTTP(rw, r) })
	w.use(func(*deps) {})
	srv.Start()
	t.Cleanup(srv.Close)
	return w
}

// use builds the server anew with other dependencies. Call it before requests.
func (w *world) use(change func(*deps)) {
	change(&w.deps)
	w.handler = newServer(w.cfg, w.deps)
}

// client is the widget's client, signed in with token.
func (w *world) client(token string) *backend.Client {
	return &backend.Client{BaseURL: w.url, Doer: native.Fetch{}, Token: func() string { return token }}
}

// window opens a sign-in window in a browser of its own and returns the page
// where it ends.
func (w *world) window(challenge, hint string) windowPage {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(w.t, err)
	browser := &http.Client{Jar: jar}
	return w.open(browser, w.client("").LoginURL(challenge, hint))
}

func (w *world) open(browser *http.Client, address string) windowPage {
	w.t.Helper()
	resp, err := browser.Get(address)
	require.NoError(w.t, err)
	return readPage(w.t, browser, resp)
}

type windowPage struct {
	browser             *http.Client
	status              int
	header              http.Header
	address             *url.URL
	body, code, confirm string
}

var (
	codePattern    = regexp.MustCompile(`data-code="([^"]+)"`)
	confirmPattern = regexp.MustCompile(`name="confirm" value="([^"]+)"`)
)

func readPage(t *testing.T, browser *http.Client, resp *http.Response) windowPage {
	t.Helper()
	defer resp.Body.Close()
	var body bytes.Buffer
	_, err := body.ReadFrom(resp.Body)
	require.NoError(t, err)
	p := windowPage{browser: browser, status: resp.StatusCode, header: resp.Header, address: resp.Request.URL, body: body.String()}
	if m := codePattern.FindStringSubmatch(p.body); m != nil {
		p.code = m[1]
	}
	if m := confirmPattern.FindStringSubmatch(p.body); m != nil {
		p.confirm = m[1]
	}
	return p
}

func verifier(t *testing.T) string {
	t.Helper()
	v, err := backend.NewVerifier(rand.Reader)
	require.NoError(t, err)
	return v
}

// signIn runs a whole sign-in and returns the session.
func (w *world) signIn() backend.Session {
	w.t.Helper()
	v := verifier(w.t)
	page := w.window(backend.Challenge(v), "")
	require.Equal(w.t, http.StatusOK, page.status, page.body)
	s, err := w.client("").Exchange(w.t.Context(), backend.Exchange{Verifier: v, Code: page.code})
	require.NoError(w.t, err)
	return s
}

// fakeWebex is the part of Webex' identity service that a sign-in meets. It
// insists on PKCE.
type fakeWebex struct {
	url    string
	mu     sync.Mutex
	asked  url.Values            // The last authorize request.
	codes  map[string]url.Values // By code.
	deny   bool
	fail   int // Status of the token endpoint.
	people map[string]any
	life   int
	issued atomic.Int64
	forms  []url.Values
}

func newFakeWebex(t *testing.T) *fakeWebex {
	f := &fakeWebex{codes: map[string]url.Values{}, life: 3600, people: map[string]any{
		"id":          base64.RawStdEncoding.EncodeToString([]byte("ciscospark://us/PEOPLE/" + agentID)),
		"orgId":       base64.RawStdEncoding.EncodeToString([]byte("ciscospark://us/ORGANIZATION/" + orgID)),
		"displayName": "Ann Agent", "emails": []string{"ann@example.com"},
	}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/authorize", f.authorize)
	mux.HandleFunc("POST /v1/access_token", f.token)
	mux.HandleFunc("GET /v1/people/me", f.me)
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	f.url = srv.URL
	return f
}

func (f *fakeWebex) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

func (f *fakeWebex) authorize(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = r.URL.Query()
	answer := url.Values{"state": {f.asked.Get("state")}}
	if f.deny {
		answer.Set("error", "access_denied")
	} else {
		code := rand.Text()
		f.codes[code] = f.asked
		answer.Set("code", code)
	}
	http.Redirect(w, r, f.asked.Get("redirect_uri")+"?"+answer.Encode(), http.StatusFound)
}

func (f *fakeWebex) token(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_ = r.ParseForm()
	f.forms = append(f.forms, r.Form)
	asked, ok := f.codes[r.Form.Get("code")]
	delete(f.codes, r.Form.Get("code"))
	refresh := r.Form.Get("grant_type") == "refresh_token" && r.Form.Get("refresh_token") == "refresh-me"
	good := refresh || ok && asked.Get("code_challenge") == oauth2.S256ChallengeFromVerifier(r.Form.Get("code_verifier"))
	w.Header().Set("Content-Type", "application/json")
	if f.fail != 0 || !good || r.Form.Get("client_secret") != "hush" {
		status := http.StatusBadRequest
		if f.fail != 0 {
			status = f.fail
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"error":"invalid_grant","error_description":"code ` + r.Form.Get("code") + ` refused"}`))
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{
		"access_token": "access-" + string(rune('0'+f.issued.Add(1))), "token_type": "Bearer",
		"expires_in": f.life, "refresh_token": "refresh-me", "refresh_token_expires_in": 7776000,
	})
}

func (f *fakeWebex) me(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(r.Header.Get("Authorization")) < len("Bearer access-1") {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	_ = json.NewEncoder(w).Encode(f.people)
}

type fakeLedger struct {
	mu   sync.Mutex
	kept map[string]backend.Interaction
	last backend.Agent
}

func (f *fakeLedger) Put(_ context.Context, a backend.Agent, r backend.Record) (backend.Receipt, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last = a
	receipt := backend.Receipt{Key: r.Key, Revision: r.Revision, State: "queued"}
	f.kept[a.AgentID+"/"+r.Key] = backend.Interaction{Record: r, Receipt: receipt}
	return receipt, nil
}

func (f *fakeLedger) List(_ context.Context, a backend.Agent) ([]backend.Interaction, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []backend.Interaction
	for _, i := range f.kept {
		list = append(list, i)
	}
	return list, nil
}

func (f *fakeLedger) Get(_ context.Context, a backend.Agent, key string) (backend.Interaction, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i, ok := f.kept[a.AgentID+"/"+key]; ok {
		return i, nil
	}
	return backend.Interaction{}, fs.ErrNotExist
}

type fakeCRM struct {
	mu      sync.Mutex
	matches []backend.Match
	made    []backend.NewContact
	err     error
	panics  bool
}

func (f *fakeCRM) Match(context.Context, string, tenant.Portal, backend.Lookup) ([]backend.Match, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.panics {
		panic("a fault of ours with +14085550100 in it")
	}
	return f.matches, f.err
}

func (f *fakeCRM) CreateContact(_ context.Context, _ tenant.Portal, n backend.NewContact) (backend.Match, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.made = append(f.made, n)
	m := backend.Match{Record: backend.Ref{ObjectTypeID: hubspot.Contacts, ObjectID: "99", Name: n.FirstName}}
	f.matches = append(f.matches, m)
	return m, f.err
}

func (f *fakeCRM) FindContacts(context.Context, tenant.Portal, string, int) (backend.Page, error) {
	return backend.Page{Entries: []backend.Entry{}}, nil
}

type fakeConfig struct {
	calls atomic.Int64
	mu    sync.Mutex
	err   error
	wait  chan struct{}
}

func (f *fakeConfig) Configuration(ctx context.Context, a backend.Agent) (profile, error) {
	n := f.calls.Add(1)
	f.mu.Lock()
	err, wait := f.err, f.wait
	f.mu.Unlock()
	if wait != nil {
		<-wait
	}
	return profile{Config: backend.Config{DefaultNumber: "100" + string(rune('0'+n)), LoginOptions: []string{"EXTENSION"}}}, err
}

func (f *fakeConfig) List(context.Context, backend.Agent, string, backend.Search) (backend.Page, error) {
	return backend.Page{Entries: []backend.Entry{}}, nil
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// environ is a working environment with changes.
func environ(changes map[string]string) func(string) string {
	env := map[string]string{
		"WEBEX_CLIENT_ID": "client", "WEBEX_CLIENT_SECRET": "hush", "WEBEX_DATACENTER": "eu1",
		"HUBSPOT_TOKEN": "pat-na1-x", "HUBSPOT_PORTAL_ID": "4567", "DESKBRIDGE_ORG_ID": orgID,
	}
	for k, v := range changes {
		env[k] = v
	}
	return func(name string) string { return env[name] }
}
