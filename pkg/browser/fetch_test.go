//go:build js && wasm

package browser_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"deskbridge/pkg/browser"

	"github.com/stretchr/testify/require"
)

func TestFetchSendsAndReads(t *testing.T) {
	body := bytes.Repeat([]byte{0, 1, 0xff, 'x'}, 5000)
	req, err := http.NewRequestWithContext(soon(t), http.MethodPut, "/echo?a=b", bytes.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer t")

	resp, err := browser.Fetch{}.Do(req)
	require.NoError(t, err)
	got, err := io.ReadAll(resp.Body)

	require.NoError(t, err)
	require.Equal(t, 200, resp.StatusCode)
	require.Equal(t, "PUT", resp.Header.Get("X-Method"))
	require.Equal(t, "Bearer t", resp.Header.Get("X-Token"))
	require.True(t, bytes.Equal(body, got))
	require.EqualValues(t, len(body), resp.ContentLength)
}

func TestFetchReturnsRefusals(t *testing.T) {
	req, err := http.NewRequestWithContext(soon(t), http.MethodGet, "/status/404", nil)
	require.NoError(t, err)

	resp, err := browser.Fetch{}.Do(req)

	require.NoError(t, err)
	require.Equal(t, 404, resp.StatusCode)
}

func TestFetchEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "/slow", nil)
	require.NoError(t, err)

	_, err = browser.Fetch{}.Do(req)

	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestFetchFailsWithAnError(t *testing.T) {
	for _, u := range []url.URL{
		{Scheme: "http", Host: "127.0.0.1:1", Path: "/nobody"}, {Scheme: "http", Host: "[::1"}, {Scheme: "unknown", Host: "x"},
	} {
		req, err := http.NewRequestWithContext(soon(t), http.MethodGet, "/", nil)
		require.NoError(t, err)
		req.URL = &u

		_, err = browser.Fetch{}.Do(req)

		require.Error(t, err, u.String())
	}
	req, err := http.NewRequestWithContext(soon(t), http.MethodGet, "/echo", strings.NewReader("a GET has no body"))
	require.NoError(t, err)
	_, err = browser.Fetch{}.Do(req)
	require.Error(t, err)
}
