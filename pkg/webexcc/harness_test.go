package webexcc_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/fetch"
	"deskbridge/pkg/native"
	"deskbridge/pkg/webexcc"
)

const (
	orgID   = "7b0c2f4e-0000-4000-8000-000000000001"
	agentID = "a1b2c3d4-0000-4000-8000-00000000000a"
	taskID  = "c0ffee00-0000-4000-8000-000000000042"
)

// doer answers requests without a network.
// doer plays Webex as an HTTP round trip.
func doer(f func(*http.Request) (*http.Response, error)) fetch.Doer {
	return native.Fetch{Client: &http.Client{Transport: roundTrip(f)}}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// answer makes a response. Headers come as name and value in turn.
func answer(status int, body string, headers ...string) *http.Response {
	h := http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

// wire is what arrived at a server.
type wire struct {
	Method, Path, Body string // Path as it was escaped, with the query.
	Header             http.Header
}

// recorder keeps what arrived.
type recorder struct {
	mu   sync.Mutex
	seen []wire
}

func (r *recorder) add(req *http.Request) wire {
	body, _ := io.ReadAll(req.Body)
	w := wire{req.Method, req.RequestURI, string(body), req.Header}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = append(r.seen, w)
	return w
}

func (r *recorder) all() []wire {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]wire(nil), r.seen...)
}

func (r *recorder) last(t testing.TB) wire {
	t.Helper()
	seen := r.all()
	require.NotEmpty(t, seen, "nothing arrived")
	return seen[len(seen)-1]
}

// serve starts a gateway under a base path, as in the sandbox.
func serve(t testing.TB, h func(http.ResponseWriter, wire)) (*webexcc.Client, *recorder) {
	t.Helper()
	rec := new(recorder)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		h(w, rec.add(req))
	}))
	t.Cleanup(server.Close)
	return &webexcc.Client{BaseURL: server.URL + "/webexcc", OrgID: orgID, Doer: native.Fetch{Client: server.Client()}, Token: token("secret")}, rec
}

func token(s string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return s, nil }
}

func accepted(w http.ResponseWriter, _ wire) { w.WriteHeader(http.StatusAccepted) }

// list is the envelope of a v2 list.
func list(page, pages int, rows ...any) string {
	data, _ := json.Marshal(map[string]any{
		"meta": map[string]any{"orgid": orgID, "page": page, "pageSize": 100, "totalPages": pages, "totalRecords": pages},
		"data": append([]any{}, rows...),
	})
	return string(data)
}
