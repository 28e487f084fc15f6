package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

// openBrowser starts a Chromium as people have it, not as automation likes it:
// storage partitioned, popups blocked. Preferences are the JSON of a profile's
// file of that name, or empty.
func openBrowser(t testing.TB, preferences string) context.Context {
	t.Helper()
	profile := t.TempDir()
	if preferences != "" {
		require.NoError(t, os.MkdirAll(filepath.Join(profile, "Default"), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(profile, "Default", "Preferences"), []byte(preferences), 0o600))
	}
	ctx, cancel := chromedp.NewExecAllocator(t.Context(),
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.NoSandbox, chromedp.UserDataDir(profile),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("disable-background-networking", true))
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

func navigate(t testing.TB, ctx context.Context, url string) {
	t.Helper()
	_, err := chromedp.Run(ctx, chromedp.Navigate(url))
	require.NoError(t, err)
}

// eventually waits until the expression is true in the page. A navigation
// takes the page away from under the first try.
func eventually(t testing.TB, ctx context.Context, expression string) {
	t.Helper()
	var err error
	for range 3 {
		poll := chromedp.Poll[chromedp.Void]("!!("+expression+")", chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(30*time.Second))
		if _, err = chromedp.Run(ctx, poll); err == nil {
			return
		}
	}
	require.NoError(t, err, expression)
}

func evaluate[T any](t testing.TB, ctx context.Context, expression string) T {
	t.Helper()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	require.NoError(t, err, expression)
	return got
}

// emptyModule is the smallest WebAssembly module: a bundle that does nothing.
// What a test wants of "Go" stands in its runtime script.
const emptyModule = "\x00asm\x01\x00\x00\x00"

// shell serves the panel's page with a runtime script in the place of Go's, at
// 127.0.0.1 and, as another site, at localhost. host is the body of /host.
func shell(t *testing.T, runtime, host string) (widget, around string) {
	t.Helper()
	files := builtFiles(t)
	files["static/build/wasm_exec.js"].Data = []byte(runtime)
	assets, err := openAssets(files)
	require.NoError(t, err)
	module := assets.hashed["build/app.abc.wasm"]
	module.identity, module.gzip, module.br = []byte(emptyModule), nil, nil
	assets.hashed["build/app.abc.wasm"] = module
	page, err := newWidgetPage(assets, files, PageConfig{
		CallingHosts: []string{"http://localhost:*"}, ancestors: []string{"http://localhost:*"},
	}, "")
	require.NoError(t, err)
	e := echo.New()
	e.GET("/widget", page.serve)
	e.GET("/web/*", assets.serve)
	e.GET("/host", func(c echo.Context) error { return c.HTML(http.StatusOK, host) })
	srv := httptest.NewServer(e)
	t.Cleanup(srv.Close)
	u, err := url.Parse(srv.URL)
	require.NoError(t, err)
	return srv.URL + "/widget", fmt.Sprintf("http://localhost:%s/host", u.Port())
}
