//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hack-pad/safejs"

	"deskbridge/pkg/fetch"
)

// maxAnswer is the largest answer that is copied into Go, in bytes.
const maxAnswer = 16 << 20

// ErrTooLarge is returned for an answer of more than 16 MiB.
var ErrTooLarge = errors.New("browser: answer too large")

// Fetch sends HTTP requests by the browser's fetch. It implements [fetch.Doer]
// without net/http, which would cost the bundle a fifth of its size.
//
// A relative URL is one of the page's own origin. Answers are read whole
// before Do returns, redirects are followed, nothing is taken from or put into
// the browser's cache, and cookies go to the page's own origin only. Headers
// that a page may not set are silently left out by the browser.
type Fetch struct{}

// Do sends a request and returns any answer, whatever its status. It ends with
// ctx.
func (Fetch) Do(ctx context.Context, r fetch.Request) (fetch.Response, error) {
	if err := ctx.Err(); err != nil {
		return fetch.Response{}, err
	}
	aborter, err := global("AbortController").New()
	if err != nil {
		return fetch.Response{}, fmt.Errorf("browser: fetch: %w", err)
	}
	init, err := fetchInit(r, get(aborter, "signal"))
	if err != nil {
		return fetch.Response{}, fmt.Errorf("browser: fetch: %w", err)
	}
	promise, err := safejs.Global().Call("fetch", r.URL, init)
	if err != nil {
		return fetch.Response{}, fmt.Errorf("browser: fetch: %w", err)
	}
	resp, err := answer(ctx, promise)
	if err != nil {
		_, _ = aborter.Call("abort")
		if ctx.Err() != nil {
			return fetch.Response{}, ctx.Err()
		}
		return fetch.Response{}, fmt.Errorf("browser: fetch: %w", err)
	}
	return resp, nil
}

func fetchInit(r fetch.Request, signal safejs.Value) (map[string]any, error) {
	headers, err := global("Headers").New()
	if err != nil {
		return nil, err
	}
	for name, v := range r.Header {
		if _, err := headers.Call("set", name, v); err != nil {
			return nil, err
		}
	}
	init := map[string]any{
		"method": r.Method, "headers": headers, "signal": signal,
		"cache": "no-store", "credentials": "same-origin", "redirect": "follow",
	}
	if r.Method == "" {
		init["method"] = fetch.GET
	}
	if r.Body == nil {
		return init, nil
	}
	init["body"], err = toBytes(r.Body)
	return init, err
}

// answer waits for head and body.
func answer(ctx context.Context, promise safejs.Value) (fetch.Response, error) {
	got, err := await(ctx, promise)
	if err != nil {
		return fetch.Response{}, err
	}
	reading, err := got.Call("arrayBuffer")
	if err != nil {
		return fetch.Response{}, err
	}
	buffer, err := await(ctx, reading)
	if err != nil {
		return fetch.Response{}, err
	}
	body, err := fromBuffer(buffer)
	if err != nil {
		return fetch.Response{}, err
	}
	status, _ := number(get(got, "status"))
	header, err := readHeaders(get(got, "headers"))
	return fetch.Response{Status: status, Header: header, Body: body}, err
}

func readHeaders(headers safejs.Value) (map[string]string, error) {
	out := map[string]string{}
	each, err := callback(func(args []safejs.Value) {
		if len(args) < 2 {
			return
		}
		value, okValue := text(args[0])
		name, okName := text(args[1])
		if okValue && okName {
			out[strings.ToLower(name)] = value
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
