// Package fetch is one HTTP request and its answer in plain types.
//
// It stands where net/http's types would, for code that also runs in the
// browser: importing net/http alone keeps TLS and HTTP/2 in a WebAssembly
// bundle, a fifth of its size, although the browser does all of that. Package
// native carries requests out by net/http, package browser by the browser.
package fetch

import (
	"context"
	"strings"
)

// A Request is one HTTP request.
type Request struct {
	Method string
	URL    string
	Header map[string]string
	Body   []byte // Nil for none.
}

// A Response is any answer, whatever its status, read whole.
type Response struct {
	Status int
	Header map[string]string // Names in lower case.
	Body   []byte
}

// Get returns a header's value; names are not case sensitive.
func (r Response) Get(name string) string { return r.Header[strings.ToLower(name)] }

// A Doer carries out one request. An error means that there was no answer.
type Doer interface {
	Do(ctx context.Context, r Request) (Response, error)
}

// The methods in use.
const (
	GET    = "GET"
	POST   = "POST"
	PUT    = "PUT"
	DELETE = "DELETE"
)

// The statuses that code acts on.
const (
	StatusOK              = 200
	StatusAccepted        = 202
	StatusNoContent       = 204
	StatusUnauthorized    = 401
	StatusForbidden       = 403
	StatusNotFound        = 404
	StatusRequestTimeout  = 408
	StatusTooLarge        = 413
	StatusUpgradeRequired = 426
	StatusTooManyRequests = 429
	StatusInternal        = 500
)
