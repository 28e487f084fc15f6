package main

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// maxKept is how many requests a wire remembers.
const maxKept = 1000

// fault makes the next matching requests fail: POST /sandbox/faults.
type fault struct {
	Target    string `json:"target"` // webexcc, hubspot or backend
	Match     string `json:"match"`  // An operation for webexcc, else "METHOD /path/prefix".
	Status    int    `json:"status"`
	ErrorType string `json:"errorType"`
	DelayMs   int    `json:"delayMs"`
	Drop      bool   `json:"drop"`
	After     bool   `json:"after"`   // hubspot: drop when the request has had its effect.
	Partial   bool   `json:"partial"` // hubspot: half of the answer arrives before that.
	OneIn     int    `json:"oneIn"`   // hubspot: chance decides, one in so many.
	Seed      uint64 `json:"seed"`    // hubspot: of that chance.
	Silent    bool   `json:"silent"`  // webexcc with status 202: taken, and then nothing is heard.
	Times     int    `json:"times"`
}

// arrived is a request that a target received: GET /sandbox/requests.
type arrived struct {
	Target string    `json:"target"`
	Method string    `json:"method"`
	Path   string    `json:"path"`
	Status int       `json:"status"`
	Body   string    `json:"body,omitempty"`
	Time   time.Time `json:"time"`
}

// wire stands before our backend: it can fail, delay or cut, and remembers.
type wire struct {
	next   http.Handler
	mu     sync.Mutex
	faults []fault
	seen   []arrived
}

func newWire(next http.Handler) *wire { return &wire{next: next} }

func (w *wire) add(f fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = append(w.faults, f)
}

func (w *wire) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults, w.seen = nil, nil
}

func (w *wire) requests() []arrived {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]arrived{}, w.seen...)
}

// take uses up one turn of the first fault that matches.
func (w *wire) take(r *http.Request) (fault, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for n, f := range w.faults {
		method, prefix, _ := strings.Cut(f.Match, " ")
		if method != r.Method && method != "*" || !strings.HasPrefix(r.URL.Path, prefix) {
			continue
		}
		if w.faults[n].Times--; w.faults[n].Times <= 0 {
			w.faults = append(w.faults[:n:n], w.faults[n+1:]...)
		}
		return f, true
	}
	return fault{}, false
}

func (w *wire) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	entry := arrived{Target: "backend", Method: r.Method, Path: r.URL.Path, Time: time.Now()}
	if r.Body != nil && strings.HasPrefix(r.URL.Path, "/api/") {
		body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
		if err == nil {
			entry.Body = string(body)
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
	}
	out := &statusWriter{ResponseWriter: rw, status: http.StatusOK}
	defer func() {
		entry.Status = out.status
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.seen = append(w.seen, entry); len(w.seen) > maxKept {
			w.seen = w.seen[1:]
		}
	}()
	if f, ok := w.take(r); ok {
		if f.DelayMs > 0 {
			select {
			case <-time.After(time.Duration(f.DelayMs) * time.Millisecond):
			case <-r.Context().Done():
			}
		}
		if f.Drop {
			out.status = 0
			panic(http.ErrAbortHandler)
		}
		if f.Status != 0 {
			out.Header().Set("Content-Type", "application/json")
			out.WriteHeader(f.Status)
			_, _ = io.WriteString(out, `{"code":"backend-down","message":"The sandbox made this request fail."}`)
			return
		}
	}
	w.next.ServeHTTP(out, r)
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (s *statusWriter) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}
