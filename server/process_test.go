package main

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot/hubspottest"
)

// soon is how long anything may take on a slow machine before a test gives up.
// It decides nothing else.
const soon = 30 * time.Second

// TestMain turns the binary into the server itself, if the environment says so.
func TestMain(m *testing.M) {
	if os.Getenv("DESKBRIDGE_TEST_MAIN") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// process is a server in a process of its own, with the clouds in this one.
type process struct {
	*world
	cmd   *exec.Cmd
	ended chan error
	crm   *hubspottest.Server
	calls *gate // Before HubSpot's activities.
}

// gate holds requests up while it is shut.
type gate struct {
	next    http.Handler
	path    *regexp.Regexp
	mu      sync.Mutex
	shut    chan struct{} // Nil while open.
	waiting int
}

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = make(chan struct{})
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut != nil {
		close(g.shut)
		g.shut = nil
	}
}

func (g *gate) held() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.waiting
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	shut := g.shut
	if shut != nil && g.path.MatchString(r.URL.Path) {
		g.waiting++
		g.mu.Unlock()
		<-shut
		g.mu.Lock()
		g.waiting--
	}
	g.mu.Unlock()
	g.next.ServeHTTP(w, r)
}

// startProcess runs `server serve` with changes to its environment. The same
// directory may be used again.
func startProcess(t *testing.T, dir string, changes map[string]string) *process {
	t.Helper()
	p := &process{ended: make(chan error, 1), crm: hubspottest.New(hubspottest.Config{IndexDelay: -1})}
	p.calls = &gate{next: p.crm.Handler(), path: regexp.MustCompile(`/0-48`)}
	front := httptest.NewServer(p.calls)
	t.Cleanup(front.Close)
	t.Cleanup(p.calls.open)
	webex := newFakeWebex(t)
	env := map[string]string{
		"DESKBRIDGE_TEST_MAIN": "1", "DESKBRIDGE_ADDR": "127.0.0.1:0", "DESKBRIDGE_DATA": dir,
		"WEBEX_CLIENT_ID": "client", "WEBEX_CLIENT_SECRET": "hush", "WEBEX_DATACENTER": "us1",
		"WEBEX_AUTHORIZE_URL": webex.url + "/v1/authorize", "WEBEX_TOKEN_URL": webex.url + "/v1/access_token",
		"WEBEX_PEOPLE_URL": webex.url + "/v1/people/me",
		"HUBSPOT_API_URL":  front.URL, "HUBSPOT_TOKEN": hubspottest.Token, "HUBSPOT_PORTAL_ID": hubspottest.PortalID,
		"DESKBRIDGE_ORG_ID": orgID,
	}
	for name, value := range changes {
		env[name] = value
	}
	p.cmd = exec.Command(os.Args[0], "serve")
	for name, value := range env {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	log := &safeBuffer{}
	p.cmd.Stderr = log
	out, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	address := make(chan string, 1)
	go func() { // Ends with the process.
		lines, at := bufio.NewScanner(out), regexp.MustCompile(`runs at (\S+)`)
		for lines.Scan() {
			if m := at.FindStringSubmatch(lines.Text()); m != nil {
				address <- m[1]
			}
		}
		p.ended <- p.cmd.Wait()
		close(address)
	}()
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); <-address })
	url, ok := <-address
	require.True(t, ok, "the server ended: %s", log)
	p.world = &world{t: t, url: url, webex: webex, log: log}
	return p
}

func (p *process) signal(s os.Signal) {
	p.t.Helper()
	require.NoError(p.t, p.cmd.Process.Signal(s))
}

// end waits for the process.
func (p *process) end() error {
	p.t.Helper()
	select {
	case err := <-p.ended:
		return err
	case <-time.After(soon):
		require.FailNow(p.t, "the server does not end", p.log)
		return nil
	}
}

// probe asks one of the probes; 0 is no answer.
func (p *process) probe(path string) int {
	resp, err := http.Get(p.url + path)
	if err != nil {
		return 0
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// finished is a call that is over.
func finished(s backend.Session, n int) backend.Record {
	id := "i" + strconv.Itoa(n)
	start := time.Now().Add(-time.Minute).UnixMilli()
	return backend.Record{
		Key: id + ":" + s.Agent.AgentID + ":1", Revision: 1, InteractionID: id, Channel: "telephony", Direction: "INBOUND",
		Number: "+14155550100", Phase: "done", Outcome: "COMPLETED", StartedAt: start, AnsweredAt: start + 5000,
		EndedAt: start + 45_000, Notes: "A note.", Final: true,
	}
}

// slowPut begins a PUT and returns what sends the rest of it and reads the
// answer.
func (p *process) slowPut(s backend.Session, body string, key string) (finish func() *http.Response) {
	p.t.Helper()
	var d net.Dialer
	conn, err := d.DialContext(p.t.Context(), "tcp", p.url[len("http://"):])
	require.NoError(p.t, err)
	p.t.Cleanup(func() { _ = conn.Close() })
	_, err = conn.Write([]byte("PUT " + backend.InteractionsPath + "/" + key + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + s.Token +
		"\r\n" + backend.VersionHeader + ": " + backend.Version + "\r\nContent-Type: application/json\r\nContent-Length: " +
		strconv.Itoa(len(body)) + "\r\n\r\n" + body[:len(body)/2]))
	require.NoError(p.t, err)
	return func() *http.Response {
		p.t.Helper()
		_, err := conn.Write([]byte(body[len(body)/2:]))
		require.NoError(p.t, err)
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(p.t, err)
		p.t.Cleanup(func() { _ = resp.Body.Close() })
		return resp
	}
}

// Told to stop, a server says so at once, serves on for a while, answers what
// has begun, and ends the job that it is at. What is left is done at the next
// start.
func TestServerDrains(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := startProcess(t, dir, map[string]string{"DESKBRIDGE_DRAIN": "4s"})
	s := p.signIn()
	require.Equal(t, http.StatusOK, p.probe(readyPath))
	p.calls.close()
	written := finished(s, 1)
	_, err := p.client(s.Token).Put(t.Context(), written)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return p.calls.held() > 0 }, soon, 5*time.Millisecond, "the job is at HubSpot")
	begun := finished(s, 2)
	finish := p.slowPut(s, encode(t, begun), begun.Key)

	p.signal(syscall.SIGTERM)

	require.Eventually(t, func() bool { return p.probe(readyPath) == http.StatusServiceUnavailable }, soon, 5*time.Millisecond)
	require.Equal(t, http.StatusOK, p.probe(healthPath), "it lives")
	late := finished(s, 3)
	_, err = p.client(s.Token).Put(t.Context(), late)
	require.NoError(t, err, "who has not noticed yet is served")
	http.DefaultClient.CloseIdleConnections()
	require.Eventually(t, func() bool { return p.probe(healthPath) == 0 }, soon, 20*time.Millisecond)
	require.Equal(t, http.StatusOK, finish().StatusCode, "what has begun is answered")
	p.calls.open()
	require.NoError(t, p.end(), p.log)
	require.NotEmpty(t, p.crm.Engagements(), "the job in flight ended")

	again := startProcess(t, dir, nil)
	c := again.client(s.Token)
	for _, r := range []backend.Record{written, begun, late} {
		require.Eventually(t, func() bool {
			got, err := c.Interaction(t.Context(), r.Key)
			return err == nil && got.Receipt.State == "enriched"
		}, soon, 20*time.Millisecond, r.Key)
	}
	require.Len(t, append(p.crm.Engagements(), again.crm.Engagements()...), 3, "each is written once")
	again.signal(syscall.SIGTERM)
	require.NoError(t, again.end(), again.log)
}

// Whoever presses Ctrl+C twice means it.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	p := startProcess(t, t.TempDir(), map[string]string{"DESKBRIDGE_DRAIN": "1h"})
	require.Eventually(t, func() bool { return p.probe(readyPath) == http.StatusOK }, soon, 5*time.Millisecond)
	p.signal(syscall.SIGTERM)
	require.Eventually(t, func() bool { return p.probe(readyPath) == http.StatusServiceUnavailable }, soon, 5*time.Millisecond)

	p.signal(syscall.SIGTERM)

	var exit *exec.ExitError
	require.ErrorAs(t, p.end(), &exit)
	status, ok := exit.Sys().(syscall.WaitStatus)
	require.True(t, ok)
	require.Equal(t, syscall.SIGTERM, status.Signal())
}

// A start that is told to stop ends, and says that it has not begun.
func TestStopWhileStarting(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Error(t, run(ctx, []string{"serve"}, environ(map[string]string{
		"DESKBRIDGE_ADDR": "127.0.0.1:0", "DESKBRIDGE_DATA": t.TempDir(),
	}), &safeBuffer{}))
}
