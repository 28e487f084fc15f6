package hubspottest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Handler returns the API, to be mounted at the root of a base URL. It sees
// paths such as /crm/objects/2026-09/contacts and /oauth/authorize.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// ask is a request on its way to a handler.
type ask struct {
	*http.Request
	body []byte
	gen  string // The path's generation: 2026-09, v3, …
	now  time.Time
}

// reply is an answer.
type reply struct {
	status int
	header http.Header
	body   any // JSON, or a page.
}

// page is a body of HTML.
type page string

const maxBody = 8 << 20

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return
	}
	fault := s.fault(r)
	if fault.DelayMs > 0 {
		timer := time.NewTimer(time.Duration(fault.DelayMs) * time.Millisecond)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			s.record(r, body, 0)
			return
		}
	}
	if fault.Drop && !fault.After {
		s.record(r, body, 0)
		panic(http.ErrAbortHandler)
	}
	var a reply
	switch {
	case fault.Status != 0:
		a = s.spoiled(fault)
	case len(body) > maxBody:
		a = reply{status: http.StatusRequestEntityTooLarge, body: page("<html><body>413 Request Entity Too Large</body></html>")}
	default:
		a = s.dispatch(r, body)
	}
	if fault.Drop {
		s.record(r, body, 0)
		if fault.Partial {
			a.write(halved{w})
		}
		panic(http.ErrAbortHandler)
	}
	s.record(r, body, a.status)
	a.write(w)
}

// halved lets only half of an answer through.
type halved struct{ http.ResponseWriter }

func (h halved) Write(b []byte) (int, error) {
	_, err := h.ResponseWriter.Write(b[:len(b)/2])
	if err == nil {
		err = http.NewResponseController(h.ResponseWriter).Flush()
	}
	return len(b), err
}

func (a reply) write(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	switch body := a.body.(type) {
	case nil:
		w.WriteHeader(a.status)
	case page:
		w.Header().Set("Content-Type", "text/html;charset=utf-8")
		w.WriteHeader(a.status)
		_, _ = io.WriteString(w, string(body)) // The client may be gone.
	default:
		b, err := json.Marshal(body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json;charset=utf-8")
		w.WriteHeader(a.status)
		_, _ = w.Write(b)
	}
}

// record keeps a line of the log.
func (s *Server) record(r *http.Request, body []byte, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	line := Request{Time: s.cfg.Now(), Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Status: status}
	if !strings.HasPrefix(r.URL.Path, "/oauth/") {
		line.Body = string(body)
	}
	if len(s.requests) == maxLog {
		s.requests = s.requests[1:]
	}
	s.requests = append(s.requests, line)
	s.log.Debug("hubspot emulator", "method", r.Method, "path", r.URL.Path, "status", status)
}

// fault takes the first fault that matches.
func (s *Server) fault(r *http.Request) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		method, prefix, ok := strings.Cut(f.Match, " ")
		if !ok {
			method, prefix = r.Method, f.Match
		}
		if method != r.Method || !strings.HasPrefix(r.URL.Path, prefix) || f.dice.IntN(f.OneIn) > 0 {
			continue
		}
		if f.Times--; f.Times == 0 {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
		}
		return *f
	}
	return Fault{}
}

type askKey struct{}
type replyKey struct{}

// dispatch finds the handler: the path's generation is taken out, then both
// generations have the same routes.
func (s *Server) dispatch(r *http.Request, body []byte) reply {
	path, gen, ok := canonical(r.URL.EscapedPath())
	if !ok {
		return notFoundPage()
	}
	var a reply
	ctx := context.WithValue(r.Context(), replyKey{}, &a)
	ctx = context.WithValue(ctx, askKey{}, &ask{body: body, gen: gen, now: s.cfg.Now()})
	inner := r.Clone(ctx)
	inner.URL.RawPath = path
	plain, err := url.PathUnescape(path)
	if err != nil {
		return notFoundPage()
	}
	inner.URL.Path = plain
	inner.Body = io.NopCloser(bytes.NewReader(body))
	var out discard
	s.mux.ServeHTTP(&out, inner)
	switch {
	case a.status != 0:
		return a
	case out.status == http.StatusMethodNotAllowed:
		return reply{status: out.status, body: page("<html><body><h2>HTTP ERROR 405</h2></body></html>")}
	}
	return notFoundPage()
}

// discard is a ResponseWriter for handlers that leave a reply; of the mux's own
// answers it keeps the status.
type discard struct{ status int }

func (*discard) Header() http.Header         { return http.Header{} }
func (*discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(status int)    { d.status = status }

func notFoundPage() reply {
	return reply{status: http.StatusNotFound, body: page("<html><head><title>Error 404 Not Found</title></head><body><h2>HTTP ERROR 404</h2></body></html>")}
}

// generations are the versions that a path may have, by area.
var generations = map[string][]string{
	"objects":      {"2026-03", "2026-09", "2026-09-beta", "v3", "v4"},
	"associations": {"2026-03", "2026-09", "v3", "v4"},
	"owners":       {"2026-03", "2026-09", "v3"},
	"properties":   {"2026-03", "2026-09", "v3"},
	"pipelines":    {"2026-03", "2026-09", "v3"},
	"calling":      {"2026-03", "2026-09", "v3"},
	"app-webhooks": {"2026-03", "2026-09"},
	"appinstalls":  {"2026-03", "2026-09", "v3"},
	"oauth":        {"2026-03", "2026-09", "v1", "v3"},
}

// canonical takes the version out of a path: /crm/objects/2026-09/contacts and
// /crm/v3/objects/contacts are /objects/contacts.
func canonical(path string) (canonical, gen string, ok bool) {
	p := strings.Split(strings.TrimPrefix(path, "/"), "/")
	area, rest := "", []string(nil)
	dated := func(s string) bool { return strings.HasPrefix(s, "20") }
	switch {
	case len(p) >= 2 && p[0] == "oauth" && (p[1] == "authorize" || len(p) == 3 && p[2] == "authorize"):
		return "/oauth/authorize", "", true
	case len(p) >= 3 && (p[0] == "app-webhooks" || p[0] == "appinstalls"):
		area, gen, rest = p[0], p[1], p[2:]
	case len(p) >= 3 && p[0] == "oauth":
		area, gen, rest = "oauth", p[1], p[2:]
	case len(p) == 3 && p[0] == "calling" && p[1] == "v1" && p[2] == "dispositions":
		return "/dispositions", "v1", true
	case len(p) >= 4 && p[0] == "crm" && p[1] == "extensions" && p[2] == "calling":
		area, gen, rest = "calling", p[3], p[4:]
	case len(p) >= 4 && p[0] == "crm" && p[2] == "extensions" && p[3] == "calling":
		area, gen, rest = "calling", p[1], p[4:]
	case len(p) >= 3 && p[0] == "crm" && dated(p[2]):
		area, gen, rest = p[1], p[2], p[3:]
	case len(p) >= 3 && p[0] == "crm" && !dated(p[1]):
		area, gen, rest = p[2], p[1], p[3:]
	}
	for _, known := range generations[area] {
		if known == gen {
			return "/" + strings.Join(append([]string{area}, rest...), "/"), gen, true
		}
	}
	return "", "", false
}

// routes are the paths without their generation.
func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	// Handlers run with the lock held.
	route := func(pattern string, guard func(*ask) *reply, handle func(*ask) reply) {
		mux.HandleFunc(pattern, func(_ http.ResponseWriter, r *http.Request) {
			q := r.Context().Value(askKey{}).(*ask)
			q.Request = r
			s.mu.Lock()
			defer s.mu.Unlock()
			a := r.Context().Value(replyKey{}).(*reply)
			if refused := guard(q); refused != nil {
				*a = *refused
				return
			}
			*a = handle(q)
			if limits := s.limitHeader(q); limits != nil {
				a.header = withHeader(a.header, limits)
			}
		})
	}
	account := func(pattern string, handle func(*ask) reply) { route(pattern, s.account, handle) }
	account("POST /objects/{type}", s.create)
	account("GET /objects/{type}", s.list)
	account("GET /objects/{type}/{id}", s.get)
	account("PATCH /objects/{type}/{id}", s.update)
	account("DELETE /objects/{type}/{id}", s.archive)
	account("POST /objects/{type}/batch/create", s.batchCreate)
	account("POST /objects/{type}/batch/read", s.batchRead)
	account("POST /objects/{type}/batch/update", s.batchUpdate)
	account("POST /objects/{type}/batch/upsert", s.batchUpsert)
	account("POST /objects/{type}/batch/archive", s.batchArchive)
	account("POST /objects/{type}/gdpr-delete", s.purge)
	account("POST /objects/{type}/search", s.search)
	account("PUT /objects/{type}/{id}/associations/default/{to}/{toID}", s.linkDefault)
	account("PUT /objects/{type}/{id}/associations/{to}/{toID}", s.linkLabelled)
	account("DELETE /objects/{type}/{id}/associations/{to}/{toID}", s.unlink)
	account("GET /objects/{type}/{id}/associations/{to}", s.links)
	account("POST /associations/{from}/{to}/batch/create", s.batchLink)
	account("POST /associations/{from}/{to}/batch/associate/default", s.batchLinkDefault)
	account("POST /associations/{from}/{to}/batch/read", s.batchLinks)
	account("POST /associations/{from}/{to}/batch/archive", s.batchUnlink)
	account("POST /associations/{from}/{to}/batch/labels/archive", s.batchUnlabel)
	account("GET /associations/{from}/{to}/labels", s.labels)
	account("POST /associations/{from}/{to}/labels", s.addLabel)
	account("DELETE /associations/{from}/{to}/labels/{typeID}", s.removeLabel)
	account("GET /owners", s.listOwners)
	account("GET /owners/{id}", s.getOwner)
	account("GET /pipelines/{type}", s.listPipelines)
	account("GET /properties/{type}", s.listProperties)
	account("GET /properties/{type}/{name}", s.getProperty)
	account("POST /properties/{type}", s.addProperty)
	account("DELETE /properties/{type}/{name}", s.removeProperty)
	account("GET /dispositions", s.dispositions)
	account("POST /calling/inbound-call", s.inboundCall)
	account("POST /calling/recordings/ready", s.recordingReady)
	account("GET /calling/connection-statuses", s.provider)

	open := func(*ask) *reply { return nil }
	developer := func(pattern string, handle func(*ask) reply) { route(pattern, s.developer, handle) }
	for part, handle := range map[string]func(*ask) reply{
		"settings": s.callingSettings, "settings/recording": s.recordingSettings, "settings/channel-connection": s.channelSettings,
	} {
		for _, method := range []string{"GET", "POST", "PATCH", "DELETE"} {
			developer(method+" /calling/{appID}/"+part, handle)
		}
	}

	s.webhookRoutes(developer)
	route("DELETE /appinstalls/external-install", open, s.uninstall)

	route("GET /oauth/authorize", open, s.consentPage)
	route("POST /oauth/authorize", open, s.consent)
	route("POST /oauth/token", open, s.token)
	route("POST /oauth/token/introspect", open, s.introspect)
	route("POST /oauth/token/revoke", open, s.revoke)
	route("GET /oauth/access-tokens/{token}", open, s.introspectV1)
	route("GET /oauth/refresh-tokens/{token}", open, s.introspectV1)
	route("DELETE /oauth/refresh-tokens/{token}", open, s.revokeV1)
	return mux
}

// withHeader adds more to h.
func withHeader(h, more http.Header) http.Header {
	if h == nil {
		h = http.Header{}
	}
	maps.Copy(h, more)
	return h
}

// decode reads a JSON body.
func (q *ask) decode(into any) error { return json.Unmarshal(q.body, into) }
