package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"testing"

	"context"

	"github.com/chromedp/chromedp"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"deskbridge/web"
)

// startUp is one start of a framed page, in ms since its iframe was created.
type startUp struct {
	Paint       float64 // First paint; the skeleton has no text, so it is not "contentful".
	Bundle      float64 // The wasm had arrived. This and the next four: the panel only.
	Compiled    float64
	Instance    float64
	Main        float64 // Go's main began.
	Drawn       float64 // The panel had taken the skeleton's place.
	Initialized float64
}

// columns are what is shown of each.
var columns = []struct {
	name string
	pick func(startUp) float64
}{
	{"first paint", func(s startUp) float64 { return s.Paint }},
	{"bundle there", func(s startUp) float64 { return s.Bundle }},
	{"compiled", func(s startUp) float64 { return s.Compiled }},
	{"instance", func(s startUp) float64 { return s.Instance }},
	{"Go's main", func(s startUp) float64 { return s.Main }},
	{"INITIALIZED", func(s startUp) float64 { return s.Initialized }},
	{"panel drawn", func(s startUp) float64 { return s.Drawn }},
}

// BenchmarkStartUp compares the panel with a page of ten lines on HubSpot's
// own SDK, both framed by that SDK's host class from another site, in the same
// browser in turns. Each pair of runs is one; b.N is not used.
func BenchmarkStartUp(b *testing.B) {
	const runs = 7
	host := measuredPages(b)
	cold, warm := map[string][]startUp{}, map[string][]startUp{}
	pages := []string{"/sdk", "/widget"}
	for range runs {
		for _, page := range pages {
			b.StopTimer()
			ctx := openBrowser(b, "")
			b.StartTimer()
			cold[page] = append(cold[page], measure(b, ctx, host, page))
		}
	}
	ctx := openBrowser(b, "")
	for _, page := range pages {
		measure(b, ctx, host, page) // Fills the caches.
	}
	for range 2 * runs {
		for _, page := range pages {
			warm[page] = append(warm[page], measure(b, ctx, host, page))
		}
	}
	fmt.Printf("\nms from creating the iframe, medians of %d cold and %d warm starts, min to max\n", runs, 2*runs)
	fmt.Printf("%-6s %-8s", "cache", "page")
	for _, c := range columns {
		fmt.Printf(" %16s", c.name)
	}
	for _, state := range []struct {
		name string
		got  map[string][]startUp
	}{{"cold", cold}, {"warm", warm}} {
		for _, page := range pages {
			fmt.Printf("\n%-6s %-8s", state.name, page)
			for _, c := range columns {
				fmt.Printf(" %16s", spread(state.got[page], c.pick))
			}
		}
	}
	later := func(got map[string][]startUp, pick func(startUp) float64) float64 {
		return median(got["/widget"], pick) - median(got["/sdk"], pick)
	}
	painted := later(cold, func(s startUp) float64 { return s.Paint })
	initialized := later(warm, func(s startUp) float64 { return s.Initialized })
	fmt.Printf("\nskeleton painted %.0f ms after the SDK page (cold; at most 50), INITIALIZED %.0f ms after it (warm; at most 200)\n\n", painted, initialized)
	b.ReportMetric(painted, "ms-paint-later")
	b.ReportMetric(initialized, "ms-initialized-later")
}

func spread[T any](runs []T, pick func(T) float64) string {
	if median(runs, pick) == 0 {
		return "-"
	}
	low, high := pick(runs[0]), pick(runs[0])
	for _, r := range runs {
		low, high = min(low, pick(r)), max(high, pick(r))
	}
	return fmt.Sprintf("%.0f (%.0f-%.0f)", median(runs, pick), low, high)
}

func median[T any](runs []T, pick func(T) float64) float64 {
	var all []float64
	for _, r := range runs {
		all = append(all, pick(r))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// measure frames page once, in a fresh document of the host.
func measure(b *testing.B, ctx context.Context, host, page string) startUp {
	b.Helper()
	navigate(b, ctx, host)
	u, err := url.Parse(host)
	require.NoError(b, err)
	src := "http://127.0.0.1:" + u.Port() + page
	got, err := chromedp.Run(ctx, chromedp.Evaluate[startUp](`frameOnce("`+src+`")`, chromedp.EvalAwaitPromise))
	require.NoError(b, err)
	return got
}

// paintReport tells the page around, in ms since 1970, when this one was first
// painted and how far it has come.
const paintReport = `const tell = () => {
	const at = (list, field = "startTime") => (list[0] ? performance.timeOrigin + list[0][field] : 0);
	const mark = (name) => at(performance.getEntriesByName("deskbridge:" + name));
	const started = {
		paint: at(performance.getEntriesByName("first-paint")),
		bundle: at(performance.getEntriesByType("resource").filter((e) => e.name.endsWith(".wasm")), "responseEnd"),
		compiled: mark("compiled"), instance: mark("go"), main: mark("main"), drawn: mark("ready"),
	};
	if (started.paint && (started.drawn || !window.__deskbridge)) parent.postMessage({ started }, "*");
};
setInterval(tell, 100);`

// measuredPages serves the panel as it is, plus a script that reports its
// first paint, and the two pages on HubSpot's SDK.
func measuredPages(b *testing.B) (host string) {
	b.Helper()
	assets, err := ownAssets()
	require.NoError(b, err)
	if assets.program("app") == "" {
		b.Skip("not built: make build")
	}
	widget, err := newWidgetPage(assets, web.Files, PageConfig{
		CallingHosts: []string{"http://localhost:*"}, ancestors: []string{"http://localhost:*"},
	}, "")
	require.NoError(b, err)
	report := []byte(`<script src="/paint.js"></script></body>`)
	widget.body = plainAsset(widget.body.contentType, bytes.Replace(widget.body.identity, []byte("</body>"), report, 1))

	e := echo.New()
	e.GET("/widget", widget.serve)
	e.GET("/web/*", assets.serve)
	e.GET("/sdk", func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-cache")
		return c.HTML(http.StatusOK, `<!doctype html><meta charset="utf-8"><title>Phone</title><body><h1>Phone</h1><script src="/dist/sdkwidget.js"></script>`+string(report))
	})
	e.GET("/host", func(c echo.Context) error {
		return c.HTML(http.StatusOK, `<!doctype html><meta charset="utf-8"><title>Host</title><div id="frame"></div><script src="/dist/sdkhost.js"></script>`)
	})
	e.GET("/paint.js", func(c echo.Context) error { return c.Blob(http.StatusOK, "text/javascript", []byte(paintReport)) })
	dist := os.DirFS("../web/js/dist")
	e.GET("/dist/*", func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		http.StripPrefix("/dist/", http.FileServerFS(dist)).ServeHTTP(c.Response(), c.Request())
		return nil
	})
	srv := httptest.NewServer(e)
	b.Cleanup(srv.Close)
	u, err := url.Parse(srv.URL)
	require.NoError(b, err)
	return "http://localhost:" + u.Port() + "/host"
}
