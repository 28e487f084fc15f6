package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/labstack/echo/v4"
	"github.com/maxence-charriere/go-app/v10/pkg/app"
	"github.com/stretchr/testify/require"

	"deskbridge/web"
)

// builtFiles are the repository's files with a build that is not there.
func builtFiles(t *testing.T) fstest.MapFS {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write([]byte("raw wasm"))
	require.NoError(t, err)
	require.NoError(t, w.Close())

	files := fstest.MapFS{
		"static/build/manifest.json":   {Data: []byte(`{"app":{"file":"app.abc.wasm"}}`)},
		"static/build/app.abc.wasm.br": {Data: []byte("brotli wasm")},
		"static/build/app.abc.wasm.gz": {Data: packed.Bytes()},
		"static/build/wasm_exec.js":    {Data: []byte("class Go {}")},
	}
	names := []string{"static/widget.html", "static/ticker.js", "static/skeleton.css", "static/boot.css", "static/icons/bridge.svg", "js/boot.js"}
	for _, sheet := range styleSheets {
		names = append(names, "static/"+sheet)
	}
	for _, name := range names {
		body, err := web.Files.ReadFile(name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: body}
	}
	return files
}

func fetchStatic(t *testing.T, files fstest.MapFS, path string, header ...string) *http.Response {
	t.Helper()
	assets, err := openAssets(files)
	require.NoError(t, err)
	page, err := newWidgetPage(assets, files, PageConfig{
		CallingHosts: []string{"https://app.hubspot.com"}, Contract: "1", ancestors: []string{"https://app.hubspot.com"},
	}, "https://api.wxcc-us1.cisco.com")
	require.NoError(t, err)
	e := echo.New()
	e.GET("/widget", page.serve)
	e.GET("/web/*", assets.serve)
	req := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, req)
	return rec.Result()
}

func bodyOf(t *testing.T, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return string(b)
}

func TestPanelPageRunsOnlyWhatItsPolicyNames(t *testing.T) {
	t.Parallel()
	resp := fetchStatic(t, builtFiles(t), "/widget")
	body, policy := bodyOf(t, resp), resp.Header.Get("Content-Security-Policy")

	scripts := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindAllStringSubmatch(body, -1)
	styles := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindAllStringSubmatch(body, -1)

	require.Len(t, scripts, 1)
	require.Len(t, styles, 1)
	require.Contains(t, policy, "script-src 'self' 'wasm-unsafe-eval' '"+inlineHash(scripts[0][1])+"'")
	require.Contains(t, policy, "style-src 'self' '"+inlineHash(styles[0][1])+"'")
	require.NotContains(t, policy, "unsafe-inline")
	require.NotRegexp(t, ` on[a-z]+=| style=`, body)
	require.Equal(t, "no-cache", resp.Header.Get("Cache-Control"))
}

func TestPanelPageTellsItsScriptsWhatTheyNeed(t *testing.T) {
	t.Parallel()
	body := bodyOf(t, fetchStatic(t, builtFiles(t), "/widget"))
	found := regexp.MustCompile(`(?s)id="deskbridge-config">(.*?)</script>`).FindStringSubmatch(body)
	require.Len(t, found, 2)
	var got shellConfig

	require.NoError(t, json.Unmarshal([]byte(found[1]), &got))

	require.Equal(t, "/web/build/app.abc.wasm", got.Bundle)
	require.Contains(t, body, `<link rel="preload" as="fetch" type="application/wasm" crossorigin href="/web/build/app.abc.wasm">`)
	require.Regexp(t, `^/web/build/wasm_exec\.[0-9a-f]+\.js$`, got.Runtime)
	require.Regexp(t, `^/web/ticker\.[0-9a-f]+\.js$`, got.Ticker)
	require.Equal(t, []string{"https://app.hubspot.com"}, got.CallingHosts)
	require.Equal(t, "https://api.wxcc-us1.cisco.com", got.WebexBase)
	require.Equal(t, "1", got.Contract)
	// go-app draws over the body's first element, which has to be a div.
	require.Regexp(t, `<body>\s*<div id="boot">`, body)
}

func TestPanelPageWithoutABuild(t *testing.T) {
	t.Parallel()
	files := builtFiles(t)
	for name := range files {
		if strings.HasPrefix(name, "static/build/") {
			delete(files, name)
		}
	}

	resp := fetchStatic(t, files, "/widget")

	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Contains(t, bodyOf(t, resp), `"bundle":""`)
}

func TestBundleIsSentAsTheBrowserTakesIt(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, accept, encoding, body string }{
		{"best", "gzip, deflate, br, zstd", "br", "brotli wasm"},
		{"no brotli", "gzip, deflate", "gzip", ""},
		{"brotli refused", "br;q=0, gzip;q=0.5", "gzip", ""},
		{"nothing", "", "", "raw wasm"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			resp := fetchStatic(t, builtFiles(t), "/web/build/app.abc.wasm", "Accept-Encoding", tt.accept)

			require.Equal(t, tt.encoding, resp.Header.Get("Content-Encoding"))
			require.Equal(t, "application/wasm", resp.Header.Get("Content-Type"))
			require.Equal(t, "public, max-age=31536000, immutable", resp.Header.Get("Cache-Control"))
			require.Equal(t, "Accept-Encoding", resp.Header.Get("Vary"))
			if tt.body != "" {
				require.Equal(t, tt.body, bodyOf(t, resp))
			}
		})
	}
}

func TestStylesAreOneFileWithTheirPictures(t *testing.T) {
	t.Parallel()
	files := builtFiles(t)
	page := bodyOf(t, fetchStatic(t, files, "/widget"))
	link := regexp.MustCompile(`href="(/web/styles\.[0-9a-f]+\.css)"`).FindStringSubmatch(page)
	require.Len(t, link, 2)

	resp := fetchStatic(t, files, link[1])

	require.Equal(t, "text/css; charset=utf-8", resp.Header.Get("Content-Type"))
	require.Contains(t, bodyOf(t, resp), `.i-bridge { mask-image: url("data:image/svg+xml,%3Csvg`)
}

func TestUnhashedFilesAreAskedForAgain(t *testing.T) {
	t.Parallel()
	files := builtFiles(t)
	resp := fetchStatic(t, files, "/web/icons/bridge.svg")
	require.Equal(t, "no-cache", resp.Header.Get("Cache-Control"))
	require.Equal(t, "image/svg+xml", resp.Header.Get("Content-Type"))

	again := fetchStatic(t, files, "/web/icons/bridge.svg", "If-None-Match", resp.Header.Get("ETag"))

	require.Equal(t, http.StatusNotModified, again.StatusCode)
	require.Empty(t, bodyOf(t, again))
}

func TestOnlyAssetsAreServed(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/web/widget.html", "/web/build/manifest.json", "/web/../go.mod", "/web/", "/web/build/app.abc.wasm.br"} {
		require.Equal(t, http.StatusNotFound, fetchStatic(t, builtFiles(t), path).StatusCode, path)
	}
}

func TestEveryEmbeddedStyleSheetIsUsed(t *testing.T) {
	t.Parallel()
	entries, err := web.Files.ReadDir("static")
	require.NoError(t, err)
	used := append([]string{"skeleton.css", "boot.css", "crm.css", "storybook.css", "studio.css", "standin.css"}, styleSheets...) // Pages of their own link their own.
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".css") {
			require.Contains(t, used, e.Name(), "add it to styleSheets")
		}
	}
}

// The build compares Go's own wasm_exec.js with this one.
func TestBuiltRuntimeIsTheOneOfGoApp(t *testing.T) {
	t.Parallel()
	built, err := web.Files.ReadFile("static/build/wasm_exec.js")
	if err != nil {
		t.Skip("not built: make build")
	}
	rec := httptest.NewRecorder()

	(&app.Handler{Version: "1"}).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/wasm_exec.js", nil))

	require.Equal(t, rec.Body.String(), string(built))
}
