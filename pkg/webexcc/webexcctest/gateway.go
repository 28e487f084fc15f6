package webexcctest

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	maxBody     = 1 << 20
	maxRequests = 2000 // Remembered; the oldest go first.
)

// Request is one request that arrived, at the gateway or at sign-in.
type Request struct {
	Method string    `json:"method"`
	Path   string    `json:"path"`   // Escaped, with the query, without the prefix.
	Status int       `json:"status"` // 0 when the connection was cut.
	Body   string    `json:"body"`
	Time   time.Time `json:"time"`
}

// Requests returns what arrived, oldest first.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// refusal is an answer of 4xx or 5xx.
type refusal struct {
	status       int
	typ, message string
}

func badRequest(message string) *refusal {
	return &refusal{http.StatusBadRequest, "Bad Request", message}
}

func notFound(message string) *refusal {
	return &refusal{http.StatusNotFound, "Not Found", message}
}

var unauthorized = &refusal{http.StatusUnauthorized, "Unauthorized", "the access token is not valid"}

// command is an operation of an agent that is answered with 202. forced is a
// reason to let it fail all the same, by notification.
type command func(a *agent, body []byte, forced string) *refusal

func (s *Server) gatewayRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/agents/login", s.command("login", s.login))
	mux.HandleFunc("POST /v1/agents/logout", s.command("logout", s.logout))
	mux.HandleFunc("POST /v1/agents/reload", s.command("reload", s.reload))
	mux.HandleFunc("PUT /v1/agents/session/state", s.command("state", s.setState))
	mux.HandleFunc("POST /v1/agents/buddyList", s.command("buddyList", s.buddies))
	mux.HandleFunc("POST /v1/notification/subscribe", s.query(func(r *http.Request, a *agent) (any, *refusal) {
		return s.subscribe(r, a, bodyOf(r))
	}))
	mux.HandleFunc("GET /v1/notification/socket/{ticket}", s.serveSocket)
	mux.HandleFunc("POST /v1/tasks", s.command("outdial", s.outdial))
	mux.HandleFunc("POST /v1/tasks/{id}/{op...}", func(w http.ResponseWriter, r *http.Request) {
		id, op := r.PathValue("id"), r.PathValue("op")
		s.command(op, func(a *agent, body []byte, forced string) *refusal {
			return s.task(a, id, op, body, forced)
		})(w, r)
	})
	s.configRoutes(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.refuse(w, r, notFound("no such resource")) })
	return mux
}

// command answers 202 and lets the notifications follow the answer.
func (s *Server) command(op string, do command) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body := bodyOf(r)
		fault, epoch := s.faultFor(op)
		if !s.suffer(w, r, fault) {
			return
		}
		s.mu.Lock()
		if s.epoch != epoch { // It was delayed, and the world is another one now.
			s.mu.Unlock()
			s.refuse(w, r, &refusal{http.StatusServiceUnavailable, "Service Unavailable", "the service was reset"})
			return
		}
		a := s.bearer(r)
		if a == nil {
			s.mu.Unlock()
			s.refuse(w, r, unauthorized)
			return
		}
		a.hold()
		defer func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			a.release()
		}()
		var no *refusal
		if fault == nil || !fault.Silent {
			forced := ""
			if fault != nil && fault.Status == http.StatusAccepted {
				forced = fault.reason()
			}
			no = do(a, body, forced)
		}
		s.mu.Unlock()
		if no != nil {
			s.refuse(w, r, no)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "2")
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "{}")
		_ = http.NewResponseController(w).Flush()
	}
}

// query answers 200 at once.
func (s *Server) query(find func(*http.Request, *agent) (any, *refusal)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		a := s.bearer(r)
		if a == nil {
			s.mu.Unlock()
			s.refuse(w, r, unauthorized)
			return
		}
		answer, no := find(r, a)
		s.mu.Unlock()
		if no != nil {
			s.refuse(w, r, no)
			return
		}
		s.answer(w, http.StatusOK, answer)
	}
}

func (s *Server) answer(w http.ResponseWriter, status int, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		s.log.Error("answer not encoded", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(data)
}

func (s *Server) refuse(w http.ResponseWriter, _ *http.Request, r *refusal) {
	s.answer(w, r.status, map[string]any{
		"errorType": r.typ, "errorMessage": r.message, "errorData": "", "reasonCode": r.status,
		"trackingId": w.Header().Get("trackingid"),
	})
}

// bearer returns the agent whose token the request carries, nil for none.
func (s *Server) bearer(r *http.Request) *agent {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil
	}
	for _, a := range s.agents {
		if token == fixedToken(a.name, s.cfg.OrgID) {
			return a
		}
	}
	if t, ok := s.tokens[token]; ok && s.now().Before(t.expires) {
		return t.agent
	}
	return nil
}

// crossOrigin lets every page read every answer, echoes the tracking id and
// remembers the request.
func (s *Server) crossOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, arrived := w.Header(), r.URL.RequestURI()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Allow-Headers", "authorization,content-type,accept,trackingid,spark-user-agent")
		h.Set("Access-Control-Allow-Methods", "GET,POST,PUT,PATCH,DELETE,OPTIONS")
		h.Set("Access-Control-Expose-Headers", "trackingid,Retry-After")
		h.Set("Access-Control-Max-Age", "600")
		id := r.Header.Get("trackingid")
		if id == "" {
			id = "webexcctest_" + newID()
		}
		h.Set("trackingid", id)
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		if path, ok := strings.CutSuffix(r.URL.Path, "/"); ok && path != "" {
			r = r.Clone(r.Context()) // Clients differ in their slashes; the log keeps what arrived.
			r.URL.Path, r.URL.RawPath = path, strings.TrimSuffix(r.URL.RawPath, "/")
		}
		if strings.HasPrefix(r.URL.Path, "/v1/notification/socket/") {
			next.ServeHTTP(w, r) // Its path is a credential, and it outlives any answer.
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			s.refuse(w, r, &refusal{http.StatusRequestEntityTooLarge, "Request Entity Too Large", "the body is too long"})
			return
		}
		r.Body = &read{body}
		next.ServeHTTP(&witness{ResponseWriter: w, s: s, request: Request{
			Method: r.Method, Path: arrived, Body: string(body), Time: s.now(),
		}}, r)
	})
}

// read is a body that has been read already.
type read struct{ data []byte }

func (b *read) Read(p []byte) (int, error) {
	if len(b.data) == 0 {
		return 0, io.EOF
	}
	n := copy(p, b.data)
	b.data = b.data[n:]
	return n, nil
}

func (b *read) Close() error { return nil }

func bodyOf(r *http.Request) []byte {
	data, _ := io.ReadAll(r.Body) // In memory: see crossOrigin.
	if len(data) == 0 {
		return []byte("{}")
	}
	return data
}

// witness remembers a request before its answer is out, so that whoever has
// the answer finds the request.
type witness struct {
	http.ResponseWriter
	s       *Server
	request Request
	told    bool
}

func (w *witness) WriteHeader(status int) {
	w.tell(status)
	w.ResponseWriter.WriteHeader(status)
}

func (w *witness) Write(p []byte) (int, error) {
	w.tell(http.StatusOK)
	return w.ResponseWriter.Write(p)
}

// Unwrap lets a response controller find what is below.
func (w *witness) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *witness) tell(status int) {
	if w.told {
		return
	}
	w.told = true
	w.request.Status = status
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	w.s.requests = append(w.s.requests, w.request)
	if extra := len(w.s.requests) - maxRequests; extra > 0 {
		w.s.requests = w.s.requests[extra:]
	}
}
