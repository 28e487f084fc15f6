package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/ledger"
)

func encode(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

// readiness asks a server whether it is ready.
func (w *world) readiness() (int, readyAnswer) {
	w.t.Helper()
	resp, err := http.Get(w.url + readyPath)
	require.NoError(w.t, err)
	defer resp.Body.Close()
	var answer readyAnswer
	require.NoError(w.t, json.NewDecoder(resp.Body).Decode(&answer))
	return resp.StatusCode, answer
}

func TestReadyNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	w, _ := realWorld(t)
	books, ok := w.deps.Books.(*ledger.Ledger)
	require.True(t, ok)
	status, answer := w.readiness()
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "ready", answer.Status)
	require.Empty(t, answer.Missing)

	_, err := books.DB().Exec(`UPDATE deskbridge_migration SET version = -version`)
	require.NoError(t, err)
	status, answer = w.readiness()
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Equal(t, []string{"migrations"}, answer.Missing, "an old copy of the database was put in its place")
	_, err = books.DB().Exec(`UPDATE deskbridge_migration SET version = -version`)
	require.NoError(t, err)

	w.deps.Ready.draining.Store(true)
	status, answer = w.readiness()
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Equal(t, "draining", answer.Status)
	w.deps.Ready.draining.Store(false)
	status, _ = w.readiness()
	require.Equal(t, http.StatusOK, status)

	require.NoError(t, books.Close(t.Context()))
	status, answer = w.readiness()
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Equal(t, "not-ready", answer.Status)
	require.Equal(t, []string{"database", "ledger"}, answer.Missing)
	resp, err := http.Get(w.url + healthPath)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusOK, resp.StatusCode, "a restart would not help")
}

// Before there is a server, probes are answered and everybody else waits for
// it, or is told to come again where there will be none.
func TestProbesAreAnsweredWhileStarting(t *testing.T) {
	t.Parallel()
	ask := func(address string) (int, string) {
		resp, err := http.Get(address)
		require.NoError(t, err)
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp.StatusCode, string(body)
	}
	w := newWorld(t)
	for name, next := range map[string]*echo.Echo{"made": newServer(w.cfg, w.deps), "not made": nil} {
		f := newFront()
		srv := httptest.NewServer(f)
		t.Cleanup(srv.Close)
		status, body := ask(srv.URL + healthPath)
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, body, `"ok"`)
		status, body = ask(srv.URL + readyPath)
		require.Equal(t, http.StatusServiceUnavailable, status)
		require.Contains(t, body, `"starting"`)
		f.drain(time.Hour) // Nobody was told to come.
		waiting := make(chan int, 1)
		asked := make(chan struct{})
		go func() { // Ends with open.
			close(asked)
			status, _ := ask(srv.URL + "/widget")
			waiting <- status
		}()
		<-asked
		require.Empty(t, waiting)

		f.open(next, &readiness{})

		want := map[string]int{"made": http.StatusOK, "not made": http.StatusServiceUnavailable}[name]
		require.Equal(t, want, <-waiting)
		status, body = ask(srv.URL + readyPath)
		require.Equal(t, want, status)
		require.True(t, json.Valid([]byte(body)))
	}
}

// breaker is a wire to PostgreSQL that can be cut.
type breaker struct {
	listener net.Listener
	mu       sync.Mutex
	cut      bool
	live     []net.Conn
}

func newBreaker(t *testing.T, target string) *breaker {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	b := &breaker{listener: l}
	t.Cleanup(func() { _ = l.Close(); b.set(true) })
	go func() { // Ends with the listener.
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			b.mu.Lock()
			cut := b.cut
			var far net.Conn
			if !cut {
				far, err = net.Dial("tcp", target)
			}
			if cut || err != nil {
				_ = near.Close()
				b.mu.Unlock()
				continue
			}
			b.live = append(b.live, near, far)
			b.mu.Unlock()
			go func() { _, _ = io.Copy(far, near); _ = far.Close() }()  // Both end with
			go func() { _, _ = io.Copy(near, far); _ = near.Close() }() // the connection.
		}
	}()
	return b
}

func (b *breaker) set(cut bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cut = cut
	for _, c := range b.live {
		_ = c.Close()
	}
	b.live = nil
}

// schemaURL is a PostgreSQL database of the test's own, through a wire that can
// be cut.
func schemaURL(t *testing.T) (address string, wire *breaker) {
	t.Helper()
	db := postgresql(t)
	var schema string
	require.NoError(t, db.QueryRow(`SELECT current_schema()`).Scan(&schema))
	u, err := url.Parse(os.Getenv("DESKBRIDGE_TEST_POSTGRES"))
	require.NoError(t, err)
	target := u.Host
	if !strings.Contains(target, ":") {
		target += ":5432"
	}
	wire = newBreaker(t, target)
	u.Host = wire.listener.Addr().String()
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String(), wire
}

// PostgreSQL goes away and comes back: the server says so, refuses clearly, and
// recovers by itself.
func TestDatabaseGoesAway(t *testing.T) {
	address, wire := schemaURL(t)
	t.Parallel()
	p := startProcess(t, t.TempDir(), map[string]string{"DATABASE_URL": address})
	s := p.signIn()
	_, err := p.client(s.Token).Put(t.Context(), finished(s, 1))
	require.NoError(t, err)

	wire.set(true)
	require.Eventually(t, func() bool {
		status, answer := p.readiness()
		return status == http.StatusServiceUnavailable && slices.Contains(answer.Missing, "database")
	}, soon, 20*time.Millisecond)
	_, err = p.client(s.Token).Put(t.Context(), finished(s, 2))
	requireRefusal(t, err, http.StatusServiceUnavailable, "backend-down")

	wire.set(false)
	require.Eventually(t, func() bool { return p.probe(readyPath) == http.StatusOK }, soon, 20*time.Millisecond)
	require.Eventually(t, func() bool {
		_, err := p.client(s.Token).Put(t.Context(), finished(s, 2))
		return err == nil
	}, soon, 20*time.Millisecond)
	for n := 1; n <= 2; n++ {
		require.Eventually(t, func() bool {
			got, err := p.client(s.Token).Interaction(t.Context(), finished(s, n).Key)
			return err == nil && got.Receipt.State == "enriched"
		}, soon, 20*time.Millisecond)
	}
	require.Len(t, p.crm.Engagements(), 2)
}
