//go:build js && wasm

package browser_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"deskbridge/pkg/browser"
	"deskbridge/pkg/fetch"

	"github.com/stretchr/testify/require"
)

func TestFetchSendsAndReads(t *testing.T) {
	body := bytes.Repeat([]byte{0, 1, 0xff, 'x'}, 5000)

	resp, err := browser.Fetch{}.Do(soon(t), fetch.Request{
		Method: fetch.PUT, URL: "/echo?a=b", Body: body, Header: map[string]string{"Authorization": "Bearer t"},
	})

	require.NoError(t, err)
	require.Equal(t, 200, resp.Status)
	require.Equal(t, "PUT", resp.Get("X-Method"))
	require.Equal(t, "Bearer t", resp.Get("X-Token"))
	require.True(t, bytes.Equal(body, resp.Body))
}

func TestFetchReturnsRefusals(t *testing.T) {
	resp, err := browser.Fetch{}.Do(soon(t), fetch.Request{Method: fetch.GET, URL: "/status/404"})

	require.NoError(t, err)
	require.Equal(t, 404, resp.Status)
}

func TestFetchEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()

	_, err := browser.Fetch{}.Do(ctx, fetch.Request{Method: fetch.GET, URL: "/slow"})

	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestFetchFailsWithAnError(t *testing.T) {
	for _, r := range []fetch.Request{
		{Method: fetch.GET, URL: "http://127.0.0.1:1/nobody"},
		{Method: fetch.GET, URL: "http://[::1"},
		{Method: fetch.GET, URL: "unknown://x"},
		{Method: fetch.GET, URL: "/echo", Body: []byte("a GET has no body")},
	} {
		_, err := browser.Fetch{}.Do(soon(t), r)

		require.Error(t, err, r.URL)
	}
}
