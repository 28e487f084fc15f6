//go:build js && wasm

package browser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/hack-pad/safejs"
)

// maxAnswer is the largest answer that is copied into Go, in bytes.
const maxAnswer = 16 << 20

// ErrTooLarge is returned for an answer of more than 16 MiB.
var ErrTooLarge = errors.New("browser: answer too large")

// Fetch sends HTTP requests by the browser's fetch. It implements the Doer
// that backend, webexcc and others declare, without net/http's client, which
// would cost the bundle 800 kB.
//
// A relative URL is one of the page's own origin. Answers are read whole
// before Do returns, redirects are followed, nothing is taken from or put into
// the browser's cache, and cookies go to the page's own origin only. Headers
// that a page may not set are silently left out by the browser.
type Fetch struct{}

// Do sends a request and returns any answer, whatever its status. It ends with
// the request's context.
func (Fetch) Do(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	aborter, err := global("AbortController").New()
	if err != nil {
		return nil, fmt.Errorf("browser: fetch: %w", err)
	}
	init, err := fetchInit(req, get(aborter, "signal"))
	if err != nil {
		return nil, fmt.Errorf("browser: fetch: %w", err)
	}
	promise, err := safejs.Global().Call("fetch", req.URL.String(), init)
	if err != nil {
		return nil, fmt.Errorf("browser: fetch: %w", err)
	}
	resp, err := answer(ctx, req, promise)
	if err != nil {
		_, _ = aborter.Call("abort")
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("browser: fetch: %w", err)
	}
	return resp, nil
}

func fetchInit(req *http.Request, signal safejs.Value) (map[string]any, error) {
	headers, err := global("Headers").New()
	if err != nil {
		return nil, err
	}
	for name, values := range req.Header {
		for _, v := range values {
			if _, err := headers.Call("append", name, v); err != nil {
				return nil, err
			}
		}
	}
	init := map[string]any{
		"method": req.Method, "headers": headers, "signal": signal,
		"cache": "no-store", "credentials": "same-origin", "redirect": "follow",
	}
	if req.Method == "" {
		init["method"] = http.MethodGet
	}
	if req.Body == nil || req.Body == http.NoBody {
		return init, nil
	}
	body, err := io.ReadAll(req.Body)
	_ = req.Body.Close()
	if err != nil {
		return nil, err
	}
	if init["body"], err = toBytes(body); err != nil {
		return nil, err
	}
	return init, nil
}

// answer waits for head and body.
func answer(ctx context.Context, req *http.Request, promise safejs.Value) (*http.Response, error) {
	got, err := await(ctx, promise)
	if err != nil {
		return nil, err
	}
	reading, err := got.Call("arrayBuffer")
	if err != nil {
		return nil, err
	}
	buffer, err := await(ctx, reading)
	if err != nil {
		return nil, err
	}
	body, err := fromBuffer(buffer)
	if err != nil {
		return nil, err
	}
	status, _ := number(get(got, "status"))
	header, err := readHeaders(get(got, "headers"))
	if err != nil {
		return nil, err
	}
	return &http.Response{
		Status: http.StatusText(status), StatusCode: status, Header: header, Request: req,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}, nil
}

func readHeaders(headers safejs.Value) (http.Header, error) {
	out := http.Header{}
	each, err := callback(func(args []safejs.Value) {
		if len(args) < 2 {
			return
		}
		value, okValue := text(args[0])
		name, okName := text(args[1])
		if okValue && okName {
			out.Add(name, value)
		}
	})
	if err != nil {
		return nil, err
	}
	defer each.Release()
	_, err = headers.Call("forEach", each)
	return out, err
}

func toBytes(b []byte) (safejs.Value, error) {
	array, err := global("Uint8Array").New(len(b))
	if err != nil {
		return safejs.Undefined(), err
	}
	_, err = safejs.CopyBytesToJS(array, b)
	return array, err
}

func fromBuffer(buffer safejs.Value) ([]byte, error) {
	array, err := global("Uint8Array").New(buffer)
	if err != nil {
		return nil, err
	}
	n, err := array.Length()
	if err != nil {
		return nil, err
	}
	if n > maxAnswer {
		return nil, ErrTooLarge
	}
	out := make([]byte, n)
	_, err = safejs.CopyBytesToGo(out, array)
	return out, err
}
