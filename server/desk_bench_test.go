package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// deskStart is one start of the widget in an Agent Desktop, in ms since the
// Desktop put its element into the page.
type deskStart struct {
	Script  float64 // How long the element's script took to load, before that.
	Paint   float64 // The frame's skeleton was painted.
	Bundle  float64 // The wasm had arrived.
	Main    float64 // Go's main began.
	Desktop float64 // The Desktop's SDK had arrived.
	Ready   float64 // The panel had taken the skeleton's place.
}

var deskColumns = []struct {
	name string
	pick func(deskStart) float64
}{
	{"script", func(s deskStart) float64 { return s.Script }},
	{"first paint", func(s deskStart) float64 { return s.Paint }},
	{"bundle there", func(s deskStart) float64 { return s.Bundle }},
	{"Go's main", func(s deskStart) float64 { return s.Main }},
	{"SDK there", func(s deskStart) float64 { return s.Desktop }},
	{"ready", func(s deskStart) float64 { return s.Ready }},
}

// BenchmarkDeskStartUp measures the widget in the sandbox's Agent Desktop, as an
// agent who is signed in opens its page. b.N is not used.
func BenchmarkDeskStartUp(b *testing.B) {
	const runs = 7
	desk := measuredDesktop(b)
	var cold, warm []deskStart
	for range runs {
		b.StopTimer()
		ctx := openBrowser(b, "")
		b.StartTimer()
		cold = append(cold, measureDesk(b, ctx, desk))
	}
	ctx := openBrowser(b, "")
	measureDesk(b, ctx, desk) // Fills the caches.
	for range 2 * runs {
		warm = append(warm, measureDesk(b, ctx, desk))
	}
	fmt.Printf("\nms from the element in the Agent Desktop, medians of %d cold and %d warm starts, min to max\n%-6s", runs, 2*runs, "cache")
	for _, c := range deskColumns {
		fmt.Printf(" %16s", c.name)
	}
	for _, state := range []struct {
		name string
		got  []deskStart
	}{{"cold", cold}, {"warm", warm}} {
		fmt.Printf("\n%-6s", state.name)
		for _, c := range deskColumns {
			fmt.Printf(" %16s", spread(state.got, c.pick))
		}
	}
	fmt.Print("\n\n")
	b.ReportMetric(median(warm, deskColumns[1].pick), "ms-warm-paint")
	b.ReportMetric(median(warm, deskColumns[5].pick), "ms-warm-ready")
}

// measureDesk opens the Desktop once.
func measureDesk(b *testing.B, ctx context.Context, desk string) deskStart {
	b.Helper()
	navigate(b, ctx, desk)
	got, err := chromedp.Run(ctx, chromedp.Evaluate[deskStart](`measured`, chromedp.EvalAwaitPromise))
	require.NoError(b, err)
	return got
}

// deskReport notes in the Desktop's page when elements come into it, and waits
// for what paintReport says of the frame of one that shows something.
const deskReport = `const now = () => performance.timeOrigin + performance.now();
const frames = [];
const define = customElements.define;
customElements.define = function (name, element, ...more) {
	if (name === "deskbridge-widget") {
		const original = element.prototype.connectedCallback;
		element.prototype.connectedCallback = function () {
			const at = now();
			original.call(this);
			frames.push({ at, window: this.querySelector("iframe").contentWindow });
		};
	}
	return define.call(this, name, element, ...more);
};
window.measured = new Promise((resolve) => addEventListener("message", ({ data, source }) => {
	const connected = frames.find(({ window }) => window === source)?.at;
	if (!data.started || !connected) return;
	const file = (name) => performance.getEntriesByType("resource").find((e) => e.name.endsWith(name));
	const script = file("/deskbridge-widget.js"), sdk = file("/desktop-sdk.js");
	if (!sdk) return;
	resolve({
		Script: script.responseEnd - script.startTime, Paint: data.started.paint - connected, Bundle: data.started.bundle - connected,
		Main: data.started.main - connected, Desktop: performance.timeOrigin + sdk.responseEnd - connected, Ready: data.started.drawn - connected,
	});
}));`

// measuredDesktop serves the sandbox, with scripts that report, and returns the
// address of its Agent Desktop.
func measuredDesktop(b *testing.B) string {
	b.Helper()
	assets, err := ownAssets()
	require.NoError(b, err)
	if _, built := assets.plain["build/desk/deskbridge-widget.js"]; !built || assets.program("app") == "" || assets.url("build/standin.js") == "" {
		b.Skip("not built: make build js")
	}
	srv := httptest.NewUnstartedServer(nil)
	u, err := url.Parse("http://" + srv.Listener.Addr().String())
	require.NoError(b, err)
	log := slog.New(slog.DiscardHandler)
	cfg := &Config{Version: "sandbox"}
	remove, err := sandboxConfig(cfg, environ(map[string]string{"DESKBRIDGE_DATA": b.TempDir()}), u.Port())
	require.NoError(b, err)
	b.Cleanup(remove)
	d, closeDeps, err := openDeps(context.Background(), cfg, log)
	require.NoError(b, err)
	b.Cleanup(closeDeps)
	sandbox, err := sandboxHandler(*cfg, d, log)
	require.NoError(b, err)
	srv.Config.Handler = reporting(sandbox)
	srv.Start()
	b.Cleanup(srv.Close)
	return "http://localhost:" + u.Port() + desktopPath + "?agent=ann&station=auto&layout=page&page=deskbridge"
}

// reporting puts the scripts that report into the two pages.
func reporting(next http.Handler) http.Handler {
	scripts := map[string]string{"/desk-report.js": deskReport, "/paint.js": paintReport}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if script, ok := scripts[r.URL.Path]; ok {
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = w.Write([]byte(script))
			return
		}
		before, script := "", ""
		switch r.URL.Path {
		case desktopPath:
			before, script = "</head>", "/desk-report.js"
		case deskPath + "/widget":
			before, script = "</body>", "/paint.js"
		default:
			next.ServeHTTP(w, r)
			return
		}
		r = r.Clone(r.Context())
		for _, name := range []string{"Accept-Encoding", "If-None-Match"} {
			r.Header.Del(name)
		}
		page := httptest.NewRecorder()
		next.ServeHTTP(page, r)
		for name, values := range page.Header() {
			if name != "Content-Length" && name != "Etag" {
				w.Header()[name] = values
			}
		}
		body := bytes.Replace(page.Body.Bytes(), []byte(before), []byte(`<script src="`+script+`"></script>`+before), 1)
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(page.Code)
		_, _ = w.Write(body)
	})
}
