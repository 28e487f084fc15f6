package soak

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
)

const portalID = "45678901" // The emulator's.

// scales are by what the run is faster than life.
type scales struct {
	hubspotRate    float64       // By which HubSpot's limits are multiplied, ours and the emulator's.
	indexDelay     time.Duration // Of HubSpot's search.
	indexWait      time.Duration // That the ledger grants it.
	engagementWait time.Duration // For the page's engagement.
	finalizeAfter  time.Duration // Without a sign of life.
	noUnique       bool          // HubSpot refuses unique properties of calls.
}

// world is the clouds, the replicas and what stands before them.
type world struct {
	ctx     context.Context
	web     *http.Client
	clouds  *process
	base    string // Of the clouds.
	front   *proxy
	url     string // Of the proxy.
	widgets []*widget
	owners  []string // HubSpot's, by agent.
	people  contacts
	spoilt  float64 // Requests to HubSpot, per cent.

	mu       sync.Mutex
	replicas []*replica
	kills    int
}

type replica struct {
	addr string
	env  []string
	*process
}

// newWorld starts everything and signs the agents in. database is empty for
// SQLite.
func newWorld(t testing.TB, ctx context.Context, seed uint64, agents, replicas int, database string, by scales) *world {
	t.Helper()
	w := &world{ctx: ctx, web: &http.Client{
		Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 256},
	}}
	var addrs []string
	for range replicas {
		addrs = append(addrs, "127.0.0.1:"+freePort(t))
	}
	w.front = newProxy(seed, addrs...)
	srv := httptest.NewUnstartedServer(w.front)
	srv.Config.ErrorLog = nil
	srv.Start()
	t.Cleanup(srv.Close)
	w.url = srv.URL

	args := []string{"emulators", "-agents", fmt.Sprint(agents + 5), "-hubspot-rate", fmt.Sprint(by.hubspotRate), "-index-delay", by.indexDelay.String()}
	if by.noUnique {
		args = append(args, "-no-unique-calls")
	}
	var err error
	w.clouds, err = start([]string{"PORT=0", "DESKBRIDGE_PUBLIC_URL=" + w.url}, args...)
	require.NoError(t, err)
	t.Cleanup(w.clouds.kill)
	printed := regexp.MustCompile(`(?s)clouds are at (http://localhost:\d+).*go run ./server serve`)
	require.NoError(t, until(ctx, "the clouds are there", func() (bool, error) {
		if found := printed.FindSubmatch(w.clouds.out.bytes()); found != nil {
			w.base = string(found[1])
		}
		return w.base != "", w.clouds.dead()
	}))
	env := []string{
		"DESKBRIDGE_DATA=" + t.TempDir(), "DATABASE_URL=" + database,
		"DESKBRIDGE_KEY=" + base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef")),
		"DESKBRIDGE_FINALIZE_AFTER=" + by.finalizeAfter.String(),
		"HUBSPOT_RATE_SCALE=" + fmt.Sprint(by.hubspotRate/float64(replicas)),
		"HUBSPOT_INDEX_WAIT=" + by.indexWait.String(), "HUBSPOT_ENGAGEMENT_WAIT=" + by.engagementWait.String(),
	}
	// What it prints is what a person would paste.
	for _, m := range regexp.MustCompile(`(?m)^ +([A-Z_]+)=(.*) \\$`).FindAllSubmatch(w.clouds.out.bytes(), -1) {
		if name := string(m[1]); name != "DESKBRIDGE_ADDR" {
			env = append(env, name+"="+strings.Trim(string(m[2]), "'"))
		}
	}
	for _, addr := range addrs {
		r := &replica{addr: addr, env: append([]string{"DESKBRIDGE_ADDR=" + addr}, env...)}
		w.replicas = append(w.replicas, r)
		require.NoError(t, w.serve(r))
		t.Cleanup(func() { r.kill() })
	}
	for n := range agents {
		name := fmt.Sprintf("agent%d", n+6)
		w.widgets = append(w.widgets, signIn(t, w.web, w.url, name))
		w.owners = append(w.owners, fmt.Sprint(118725000+n+6))
	}
	for n := range 40 {
		id, err := w.make("contacts", map[string]any{"properties": map[string]string{"lastname": fmt.Sprintf("Customer %d", n), "email": fmt.Sprintf("c%d@soak.example", n)}})
		require.NoError(t, err)
		w.people = append(w.people, id)
	}
	return w
}

// serve starts a replica, again if need be.
func (w *world) serve(r *replica) (err error) {
	if r.process, err = start(r.env, "serve"); err != nil {
		return err
	}
	return r.ready(w.ctx, "http://"+r.addr)
}

// kill ends one of the replicas as the kernel does, and starts it anew at once.
func (w *world) kill(n int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := w.replicas[n%len(w.replicas)]
	if err := r.dead(); err != nil {
		return err
	}
	r.process.kill()
	w.kills++
	return w.serve(r)
}

// post asks the clouds' control and decodes the answer.
func (w *world) post(path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return w.ask(http.MethodPost, path, text, into)
}

func (w *world) ask(method, path string, body []byte, into any) error {
	req, err := http.NewRequestWithContext(w.ctx, method, w.base+"/sandbox/"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := w.web.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %d %s", method, path, resp.StatusCode, text)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}

func (w *world) make(objects string, body map[string]any) (id string, err error) {
	var made struct{ ID string }
	err = w.post(objects, body, &made)
	return made.ID, err
}

// engage is HubSpot's page creating the engagement of a call that rings.
func (w *world) engage(r backend.Record) (id string, err error) {
	from, to := r.Number, r.Ours
	if r.Direction == "OUTBOUND" {
		from, to = to, from
	}
	return w.make("crm/engagements", map[string]any{
		"externalCallId": r.Key, "direction": r.Direction, "fromNumber": from, "toNumber": to,
		"startedAt": time.UnixMilli(r.StartedAt).UTC(),
	})
}

// spoil lets some of the requests to HubSpot fail, in every way there is.
func (w *world) spoil(seed uint64) error {
	type fault struct {
		Target    string `json:"target"`
		Match     string `json:"match"`
		Status    int    `json:"status,omitempty"`
		ErrorType string `json:"errorType,omitempty"`
		DelayMs   int    `json:"delayMs,omitempty"`
		Drop      bool   `json:"drop,omitempty"`
		After     bool   `json:"after,omitempty"`
		Partial   bool   `json:"partial,omitempty"`
		OneIn     int    `json:"oneIn"`
		Seed      uint64 `json:"seed"`
		Times     int    `json:"times"`
	}
	w.spoilt = 0
	for i, f := range []fault{
		{Status: 429, ErrorType: "SECONDLY", OneIn: 1000},
		{Status: 423, OneIn: 400},
		{Status: 500, OneIn: 200},
		{Status: 502, OneIn: 200},
		{Status: 503, OneIn: 200},
		{Status: 504, OneIn: 200},
		{Drop: true, OneIn: 100},
		{Drop: true, After: true, OneIn: 70},
		{Drop: true, After: true, Partial: true, OneIn: 100},
		{DelayMs: 300, OneIn: 100},
		{DelayMs: 2000, OneIn: 400},
	} {
		w.spoilt += 100 / float64(f.OneIn)
		f.Target, f.Match, f.Seed, f.Times = "hubspot", "/crm/objects/", seed+uint64(i), 1<<30
		if err := w.post("faults", f, nil); err != nil {
			return err
		}
	}
	return nil
}

// activities are all there are in HubSpot.
func (w *world) activities() (all []activity, err error) {
	err = w.ask(http.MethodGet, "activities", nil, &all)
	return all, err
}

// schema makes a schema in the server that the environment names.
func schema(t testing.TB) string {
	t.Helper()
	server := os.Getenv("DESKBRIDGE_TEST_POSTGRES")
	if server == "" {
		t.Skip("DESKBRIDGE_TEST_POSTGRES names no PostgreSQL server")
	}
	u, err := url.Parse(server)
	require.NoError(t, err)
	name := "soak_" + strings.ToLower(rand.Text()[:12])
	admin := func(sql string) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		conn, err := pgx.Connect(ctx, server)
		require.NoError(t, err)
		defer func() { _ = conn.Close(ctx) }()
		_, err = conn.Exec(ctx, sql)
		require.NoError(t, err)
	}
	admin("CREATE SCHEMA " + name)
	t.Cleanup(func() { admin("DROP SCHEMA " + name + " CASCADE") })
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// progress counts what has come about.
type progress struct{ offers, revisions, edits, races, engagements atomic.Int64 }
