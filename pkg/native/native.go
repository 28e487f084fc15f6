// Package native gives the portable packages outside a browser what package
// browser gives them inside: HTTP by net/http and WebSockets.
package native

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"

	"deskbridge/pkg/fetch"
)

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 16 << 20

// Fetch carries out requests by net/http.
type Fetch struct {
	Client *http.Client // Defaults to http.DefaultClient.
}

// Do implements [fetch.Doer].
func (f Fetch) Do(ctx context.Context, r fetch.Request) (fetch.Response, error) {
	var body io.Reader
	if r.Body != nil {
		body = bytes.NewReader(r.Body)
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, body)
	if err != nil {
		return fetch.Response{}, err
	}
	for name, value := range r.Header {
		req.Header.Set(name, value)
	}
	client := f.Client
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
	if err != nil {
		return fetch.Response{}, err
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fetch.Response{}, err
	}
	header := make(map[string]string, len(resp.Header))
	for name := range resp.Header {
		header[strings.ToLower(name)] = resp.Header.Get(name)
	}
	return fetch.Response{Status: resp.StatusCode, Header: header, Body: content}, nil
}
