//go:build js && wasm

package browser_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"deskbridge/pkg/browser"
	"deskbridge/pkg/callingext"

	"github.com/stretchr/testify/require"
)

// These tests share one page, so none is parallel.

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// say dispatches a message event as if frame had posted it.
func say(data string) {
	browser.Eval(`window.dispatchEvent(new MessageEvent("message", {
		data: ` + data + `, origin: "https://app.hubspot.com", source: document.getElementById("frame").contentWindow,
	}))`)
}

func framePort(t *testing.T) *browser.Port {
	t.Helper()
	p, err := browser.FramePort("frame")
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

func TestPortKeepsOrder(t *testing.T) {
	p := framePort(t)
	for _, data := range []string{`{n: 1}`, `{n: 2}`, `"three"`} {
		say(data)
	}

	for _, want := range []string{`{"n":1}`, `{"n":2}`, `"three"`} {
		got, err := p.Receive(soon(t))

		require.NoError(t, err)
		require.Equal(t, callingext.Inbound{Data: []byte(want), Origin: "https://app.hubspot.com", FromPeer: true}, got)
	}
}

func TestPortDropsWhatCannotBeRead(t *testing.T) {
	p := framePort(t)
	bad := []string{
		`(() => { const a = {}; a.a = a; return a; })()`,
		`({ get x() { throw new Error("no"); } })`,
		`Symbol("s")`,
		`"x".repeat(300 * 1024)`,
		`10n`,
	}
	for _, data := range bad {
		say(data)
	}
	say(`{"last": true}`)

	got, err := p.Receive(soon(t))

	require.NoError(t, err)
	require.JSONEq(t, `{"last": true}`, string(got.Data))
	require.EqualValues(t, len(bad), p.Dropped())
}

func TestPortDoesNotReadStrangers(t *testing.T) {
	p := framePort(t)
	browser.Eval(`window.dispatchEvent(new MessageEvent("message", {data: {type: "SYNC"}, origin: "https://evil.example", source: window}))`)

	got, err := p.Receive(soon(t))

	require.NoError(t, err)
	require.Equal(t, callingext.Inbound{Origin: "https://evil.example"}, got)
}

func TestPortPostsToTheFrame(t *testing.T) {
	p := framePort(t)
	require.NoError(t, p.Post(browser.Origin(), []byte(`{"type":"PING","big":"`+strings.Repeat("x", 1000)+`"}`)))
	got, err := p.Receive(soon(t))

	require.NoError(t, err)
	require.True(t, got.FromPeer)
	require.Contains(t, string(got.Data), `{"heard":{"type":"PING","big":"xxx`)
	require.Equal(t, browser.Origin(), got.Origin)
}

func TestPortRefusesBadPosts(t *testing.T) {
	p := framePort(t)
	nobody, err := browser.FramePort("no-such-frame")
	require.NoError(t, err)
	defer nobody.Close()
	parent, err := browser.ParentPort()
	require.NoError(t, err)
	defer parent.Close()

	require.Error(t, p.Post("not an origin", []byte(`{}`)))
	require.Error(t, p.Post("*", []byte(`{`)))
	require.ErrorIs(t, nobody.Post("*", []byte(`{}`)), browser.ErrNoPeer)
	require.ErrorIs(t, parent.Post("*", []byte(`{}`)), browser.ErrNoPeer, "the test page is not framed")
}

func TestPortTakesOverWhatTheBootScriptKept(t *testing.T) {
	browser.Eval(`window.__deskbridge = { dropped: 3, storage: "kept", take: () => ['{"n":1}', "https://a.example", '{"n":2}', "https://a.example", 7, "x"] }`)
	defer browser.Eval(`delete window.__deskbridge`)
	p := framePort(t)
	say(`{n: 3}`)

	for _, want := range []string{`{"n":1}`, `{"n":2}`, `{"n":3}`} {
		got, err := p.Receive(soon(t))

		require.NoError(t, err)
		require.True(t, got.FromPeer)
		require.JSONEq(t, want, string(got.Data))
	}
	require.EqualValues(t, 3, p.Dropped())
}

func TestPortEnds(t *testing.T) {
	p := framePort(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := p.Receive(ctx)
	require.ErrorIs(t, err, context.Canceled)

	say(`{"kept": true}`)
	p.Close()
	p.Close()
	say(`{"late": true}`)

	got, err := p.Receive(soon(t))
	require.NoError(t, err)
	require.JSONEq(t, `{"kept": true}`, string(got.Data))
	for range 2 {
		_, err = p.Receive(soon(t))
		require.ErrorIs(t, err, browser.ErrClosed)
	}
}
