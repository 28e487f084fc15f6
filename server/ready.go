package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

// What supervisors and load balancers ask: whether the process lives, and
// whether it can do its work.
const (
	healthPath = "/healthz"
	readyPath  = "/readyz"
)

// readiness is whether requests should be sent here.
type readiness struct {
	health   func(context.Context) ledger.Health // Nil where there is nothing to ask.
	draining atomic.Bool
}

// readyAnswer is the answer of /readyz: 200 with status ready, else 503.
type readyAnswer struct {
	Status   string   `json:"status"`            // ready, starting, draining, not-ready
	Missing  []string `json:"missing,omitempty"` // database, migrations, ledger
	Contract string   `json:"contract"`
}

// look says how things stand.
func (r *readiness) look(ctx context.Context) readyAnswer {
	answer := readyAnswer{Status: "ready", Contract: backend.Version}
	if r.health != nil {
		h := r.health(ctx)
		switch {
		case h.Database != nil:
			answer.Missing = append(answer.Missing, "database")
		case !h.Migrated:
			answer.Missing = append(answer.Missing, "migrations")
		}
		if !h.Running {
			answer.Missing = append(answer.Missing, "ledger")
		}
	}
	switch {
	case r.draining.Load():
		answer.Status = "draining"
	case len(answer.Missing) > 0:
		answer.Status = "not-ready"
	}
	return answer
}

func (a readyAnswer) code() int {
	if a.Status == "ready" {
		return http.StatusOK
	}
	return http.StatusServiceUnavailable
}

// ready is GET /readyz.
func (s *server) ready(c echo.Context) error {
	answer := s.Ready.look(c.Request().Context())
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(answer.code(), answer)
}

// drain tells whoever asks that no more requests should be sent here, and goes
// on serving those that come until they have noticed.
func (r *readiness) drain(d time.Duration) {
	r.draining.Store(true)
	time.Sleep(d)
}

// front stands before a server that is still being made: bringing a large
// database up to date takes a while, and a supervisor that hears nothing would
// end it in the middle. Whatever else is asked meanwhile waits.
type front struct {
	made  chan struct{} // Closed when there is a server, or there will be none.
	next  *echo.Echo    // Then; nil for none.
	ready *readiness    // The server's.
}

// frontPatience is how long a request waits for a server.
const frontPatience = 20 * time.Second

func newFront() *front { return &front{made: make(chan struct{})} }

// open lets requests through to next, or with nil refuses them.
func (f *front) open(next *echo.Echo, ready *readiness) {
	f.next, f.ready = next, ready
	close(f.made)
}

// drain ends a server that has been opened; nobody was told to come to another.
func (f *front) drain(d time.Duration) {
	select {
	case <-f.made:
		if f.next != nil {
			f.ready.drain(d)
		}
	default:
	}
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case <-f.made:
	default:
		switch r.URL.Path {
		case healthPath:
			answerJSON(w, http.StatusOK, alive)
			return
		case readyPath:
			answerJSON(w, http.StatusServiceUnavailable, readyAnswer{Status: "starting", Missing: []string{"migrations"}, Contract: backend.Version})
			return
		}
		late := time.NewTimer(frontPatience)
		defer late.Stop()
		select {
		case <-f.made:
		case <-r.Context().Done():
			return
		case <-late.C:
			answerJSON(w, errStarting.Status, errStarting)
			return
		}
	}
	if f.next == nil {
		answerJSON(w, errStarting.Status, errStarting)
		return
	}
	f.next.ServeHTTP(w, r)
}

// answerJSON answers without echo.
func answerJSON(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", echo.MIMEApplicationJSON)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // A client that hung up is no error of ours.
}

// alive is the answer of /healthz.
var alive = map[string]string{"status": "ok", "contract": backend.Version}

var errStarting = &backend.Error{
	Status: http.StatusServiceUnavailable, Code: backend.CodeBackendDown,
	Message: "The Deskbridge server is starting. Nothing is lost; try again.", RetryAfterMs: 2000,
}

// runProbe asks the server on this machine whether it lives: what a container
// without a shell calls.
func runProbe(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	flags := flag.NewFlagSet("probe", flag.ContinueOnError)
	flags.SetOutput(stdout)
	path := flags.String("path", healthPath, "what to ask for; "+readyPath+" says whether it can do its work")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	addr := getenv("DESKBRIDGE_ADDR")
	if addr == "" {
		addr = defaultAddr
	}
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, localURL(addr, false)+*path, nil)
	if err != nil {
		return fmt.Errorf("probe: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("probe: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	if err != nil {
		return fmt.Errorf("probe: %w", err)
	}
	fmt.Fprintf(stdout, "%d %s\n", resp.StatusCode, bytes.TrimSpace(body))
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("probe: %s answers %d", *path, resp.StatusCode)
	}
	return nil
}
