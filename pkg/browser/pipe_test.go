//go:build js && wasm

package browser_test

import (
	"context"
	"testing"
	"time"

	"deskbridge/pkg/browser"

	"github.com/stretchr/testify/require"
)

// windows is a page around the test's, and window.send, which posts a message
// of that origin from that window, with a port that says something if it is to.
// Forged greetings come before the right one.
const windows = `
	const page = document.body.appendChild(document.createElement("iframe"));
	window.around = page.contentWindow; // Stands in for the page that frames ours.
	window.around.parent = window.around;
	window.parent = window.around;
	window.asked = [];
	window.around.addEventListener("message", (e) => asked.push(e.data.deskbridge));
	window.send = (data, origin, source, says) => {
		const ports = [];
		if (says) {
			const channel = new MessageChannel();
			channel.port1.postMessage(says);
			ports.push(channel.port2);
		}
		window.dispatchEvent(new MessageEvent("message", { data, origin, source, ports }));
	};`

// framed makes the test's page look framed until the test ends.
func framed(t *testing.T) {
	t.Helper()
	browser.Eval(windows)
	t.Cleanup(func() { browser.Eval(`window.parent = window; window.around.frameElement.remove()`) })
}

// untilAsked waits until the page around has heard that question.
func untilAsked(t *testing.T, word string) {
	t.Helper()
	require.Eventually(t, func() bool {
		return browser.Text(browser.Eval(`return asked.includes("`+word+`") ? "yes" : "no"`)) == "yes"
	}, 20*time.Second, 10*time.Millisecond)
}

// said is the first text of the pipe that ask returns.
func said(t *testing.T, ask func(ctx context.Context) (*browser.Pipe, error)) <-chan string {
	t.Helper()
	ctx := soon(t)
	got := make(chan string, 1)
	go func() {
		defer close(got)
		p, err := ask(ctx)
		if err != nil {
			got <- err.Error()
			return
		}
		defer p.Close()
		text, err := p.Receive(ctx)
		if err != nil {
			text = err.Error()
		}
		got <- text
	}()
	return got
}

func TestOnlyTheElementAroundIsHeard(t *testing.T) {
	framed(t)
	got := said(t, func(ctx context.Context) (*browser.Pipe, error) {
		return browser.ElementPipe(ctx, func(origin string) bool { return origin == "https://desktop.example" })
	})
	untilAsked(t, "port?")

	browser.Eval(`
		const ask = { deskbridge: "port", v: 1 };
		send(ask, "https://evil.example", around, "forged");
		send(ask, "https://desktop.example", document.getElementById("frame").contentWindow, "forged");
		send(ask, "https://desktop.example", window, "forged");
		send({ deskbridge: "host" }, "https://desktop.example", around, "forged");
		send(ask, "https://desktop.example", around);
		send(ask, "https://desktop.example", around, "right");`)

	require.Equal(t, "right", <-got)
}

func TestOnlyAPageOfOursAboveIsTheHosts(t *testing.T) {
	framed(t)
	var host string
	got := said(t, func(ctx context.Context) (p *browser.Pipe, err error) {
		p, host, err = browser.HostPipe(ctx)
		return p, err
	})
	untilAsked(t, "host?")

	browser.Eval(`
		const answer = { deskbridge: "host", v: 1, origin: "https://app.hubspot.com" }, ours = location.origin;
		send({ ...answer, origin: "https://evil.example" }, "https://evil.example", around, "forged");
		send(answer, ours, document.getElementById("frame").contentWindow, "forged");
		send({ ...answer, origin: undefined }, ours, around, "forged");
		send(answer, ours, around, "right");`)

	require.Equal(t, "right", <-got)
	require.Equal(t, "https://app.hubspot.com", host)
}

func TestOnlyPagesOfOursWithinTheFrameGetAPipe(t *testing.T) {
	framed(t)
	asked := 0
	remove, err := browser.WatchAskers("frame", func(func(string) (*browser.Pipe, error)) { asked++ })
	require.NoError(t, err)
	t.Cleanup(remove)

	browser.Eval(`
		const ask = { deskbridge: "host?" }, frame = document.getElementById("frame").contentWindow;
		send(ask, "https://evil.example", frame);
		send(ask, location.origin, window);
		send(ask, location.origin, around);
		send({ deskbridge: "port?" }, location.origin, frame);`)
	require.Zero(t, asked)

	// What asks from deep within the frame is within it.
	browser.Eval(`
		const inner = document.getElementById("frame").contentDocument.body.appendChild(document.createElement("iframe"));
		send({ deskbridge: "host?" }, location.origin, inner.contentWindow);
		inner.remove();`)
	require.Equal(t, 1, asked)
}
