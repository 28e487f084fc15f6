package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"deskbridge/web"
)

// These tests run web/js/boot.js in Chromium.

// blockedStorage is a profile in which no site may keep anything: storage
// throws.
const blockedStorage = `{"profile": {"default_content_setting_values": {"cookies": 2}}}`

func TestBootScriptKeepsMessagesInOrder(t *testing.T) {
	t.Parallel()
	// Go takes over after half a second and tells what it got, then goes on as
	// a listener of its own.
	widget, host := shell(t, `class Go { importObject = {}; async run() {
		await new Promise((r) => setTimeout(r, 500));
		const later = [];
		addEventListener("message", (e) => { if (e.source === parent) later.push(JSON.stringify(e.data)); });
		const kept = __deskbridge.take();
		setTimeout(() => parent.postMessage({ kept, later, dropped: __deskbridge.dropped, again: __deskbridge.take().length }, "*"), 300);
		return new Promise(() => {});
	} }`, `<!doctype html><div id="slot"></div><script>
		let n = 0, got, frame;
		addEventListener("message", (e) => { if (e.source === frame.contentWindow && e.data.kept) got = e.data; });
		function begin(src) {
			frame = document.createElement("iframe");
			frame.src = src;
			frame.onload = () => {
				frame.contentWindow.postMessage("x".repeat(300 * 1024), "*");
				// A stranger in the same page.
				const other = document.createElement("iframe");
				other.srcdoc = "<script>parent.frames[0].postMessage({ forged: true }, '*')<\/script>";
				document.body.append(other);
			};
			setInterval(() => frame.contentWindow.postMessage({ n: n++ }, "*"), 5);
			document.getElementById("slot").append(frame);
		}
	</script>`)
	ctx := openBrowser(t, "")
	navigate(t, ctx, host)

	evaluate[bool](t, ctx, `begin("`+widget+`"), true`)
	eventually(t, ctx, `got`)

	type result struct {
		Kept, Later    []string
		Dropped, Again int
	}
	got := evaluate[result](t, ctx, `got`)
	require.Equal(t, 1, got.Dropped, "the huge one")
	require.Zero(t, got.Again)
	require.Greater(t, len(got.Kept), 40)
	var all []string
	for i := 0; i < len(got.Kept); i += 2 {
		all = append(all, got.Kept[i])
		require.Regexp(t, `^http://localhost:\d+$`, got.Kept[i+1])
	}
	require.NotEmpty(t, got.Later)
	all = append(all, got.Later...)
	require.Equal(t, numbered(t, all[0], len(all)), all)
}

// numbered are n messages as the host posts them, beginning with first.
func numbered(t *testing.T, first string, n int) []string {
	t.Helper()
	var start int
	_, err := fmt.Sscanf(first, `{"n":%d}`, &start)
	require.NoError(t, err)
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf(`{"n":%d}`, start+i)
	}
	return out
}

func TestBootScriptGuardsStorageThatThrows(t *testing.T) {
	t.Parallel()
	widget, _ := shell(t, `class Go { importObject = {}; async run() {
		const all = [];
		for (const s of [localStorage, sessionStorage]) {
			s.setItem("a", 1); s.setItem("b", 2); s.removeItem("b");
			all.push(s.getItem("a"), s.getItem("b"), s.length, s.key(0), s.key(7));
			s.clear();
			all.push(s.length);
		}
		document.title = JSON.stringify(all) + __deskbridge.storage;
		return new Promise(() => {});
	} }`, "")
	const works = `["1",null,1,"a",null,0,"1",null,1,"a",null,0]`
	for name, tt := range map[string]struct{ preferences, storage string }{
		"allowed": {"", "kept"},
		"blocked": {blockedStorage, "memory"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := openBrowser(t, tt.preferences)

			navigate(t, ctx, widget)
			eventually(t, ctx, `document.title.startsWith("[")`)

			require.Equal(t, works+tt.storage, evaluate[string](t, ctx, `document.title`))
		})
	}
}

// The real panel dies without the guard: go-app reads localStorage.
func TestPanelStartsWhereStorageIsBlocked(t *testing.T) {
	t.Parallel()
	if _, err := web.Files.ReadFile("static/build/manifest.json"); err != nil {
		t.Skip("not built: make build")
	}
	w := newWorld(t)
	ctx := openBrowser(t, blockedStorage)

	navigate(t, ctx, w.url+"/widget")
	eventually(t, ctx, `performance.getEntriesByName("deskbridge:ready").length === 1`)

	require.False(t, evaluate[bool](t, ctx, `document.body.classList.contains("boot-failed")`))
	require.True(t, evaluate[bool](t, ctx, `document.querySelector(".sk-frame") === null && document.getElementById("panel") !== null`))
}

func TestBootScriptSaysWhatFailed(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ runtime, says string }{
		"Go ends":         {`class Go { importObject = {}; async run() {} }`, "Deskbridge has stopped."},
		"Go throws":       {`class Go { importObject = {}; async run() { throw new Error("no") } }`, "Deskbridge could not be loaded."},
		"no Go":           {`"use strict"`, "Deskbridge could not be loaded."},
		"ends when ready": {`class Go { importObject = {}; async run() { document.body.firstElementChild.replaceWith("panel"); __deskbridge.ready() } }`, "Deskbridge has stopped."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			widget, _ := shell(t, tt.runtime, "")
			ctx := openBrowser(t, "")

			navigate(t, ctx, widget)
			eventually(t, ctx, `document.querySelector("[role=alert] h1")`)

			require.Equal(t, tt.says, evaluate[string](t, ctx, `document.querySelector("[role=alert] h1").textContent`))
			require.Equal(t, "Try again", evaluate[string](t, ctx, `document.activeElement.textContent`))
			require.True(t, evaluate[bool](t, ctx, `[...document.body.children].every((e) => e.matches(".boot-error") || getComputedStyle(e).display === "none")`))
			// The way on works by keyboard.
			evaluate[bool](t, ctx, `window.old = true`)
			_, err := chromedp.Run(ctx, chromedp.KeyEvent(kb.Enter))
			require.NoError(t, err)
			eventually(t, ctx, `!window.old && document.querySelector("[role=alert] h1")`)
		})
	}
}

func TestPanelThatIsOnlyLateIsShown(t *testing.T) {
	t.Parallel()
	widget, _ := shell(t, `class Go { importObject = {}; async run() { window.late = __deskbridge.ready; return new Promise(() => {}) } }`, "")
	ctx := openBrowser(t, "")
	navigate(t, ctx, widget)
	eventually(t, ctx, `window.late`)
	// As after the time limit.
	evaluate[bool](t, ctx, `document.body.classList.add("boot-failed"), true`)

	evaluate[bool](t, ctx, `late(), true`)

	require.False(t, evaluate[bool](t, ctx, `document.body.classList.contains("boot-failed")`))
}
