package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbridge/web"
)

// registerStatic serves the widget's page and everything under /web.
func registerStatic(e *echo.Echo, cfg Config, page PageConfig) {
	assets, err := ownAssets()
	if err != nil {
		panic(err) // Files of our own, embedded at build time.
	}
	for path, page := range map[string]PageConfig{"/widget": page, deskPath + "/widget": page.inDesktop(cfg), deskPath + "/hubspot": page.aroundDesktop(cfg)} {
		widget, err := newWidgetPage(assets, web.Files, page, cfg.WebexAPI)
		if err != nil {
			panic(err)
		}
		e.GET(path, widget.serve)
	}
	registerElement(e, assets)
	if err := registerStudio(e, assets); err != nil {
		panic(err)
	}
	e.GET("/web/*", assets.serve)
	e.HEAD("/web/*", assets.serve)
}

// widgetPage is the shell around the panel. It depends on configuration only,
// so it is made once.
type widgetPage struct {
	body        asset
	policy      string
	permissions string // Permissions-Policy; empty: that of every answer.
}

// shellConfig is what the page tells its own scripts: boot.js and the panel.
type shellConfig struct {
	Bundle       string   `json:"bundle"`  // URL of app.wasm; empty when it has not been built.
	Runtime      string   `json:"runtime"` // URL of Go's wasm_exec.js.
	Ticker       string   `json:"ticker"`  // URL of the Worker's script.
	CallingHosts []string `json:"callingHosts"`
	WebexBase    string   `json:"webexBase"` // Gateway, without trailing slash.
	Contract     string   `json:"contract"`
	Sandbox      bool     `json:"sandbox"`

	Mode         string   `json:"mode,omitempty"`         // desktop: in the Agent Desktop's element; hubspot: around the Desktop; empty: in HubSpot's iframe.
	DesktopHosts []string `json:"desktopHosts,omitempty"` // Origins whose page may be the element's.
	Desktop      string   `json:"desktop,omitempty"`      // The Agent Desktop's address, for the page around it.
}

func newWidgetPage(assets *assets, files fs.FS, page PageConfig, webexBase string) (*widgetPage, error) {
	source := func(names ...string) (string, error) {
		var all []string
		for _, name := range names {
			b, err := fs.ReadFile(files, name)
			if err != nil {
				return "", fmt.Errorf("widget page: %w", err)
			}
			all = append(all, string(b))
		}
		return strings.Join(all, "\n"), nil
	}
	html, err := source("static/widget.html")
	if err != nil {
		return nil, err
	}
	boot, err := source("js/boot.js")
	if err != nil {
		return nil, err
	}
	style, err := source("static/skeleton.css", "static/boot.css")
	if err != nil {
		return nil, err
	}
	shell, err := template.New("widget").Parse(html)
	if err != nil {
		return nil, fmt.Errorf("widget page: %w", err)
	}
	var out bytes.Buffer
	err = shell.Execute(&out, struct {
		Config shellConfig
		Style  template.CSS
		Boot   template.JS
		Styles string
	}{
		Config: shellConfig{
			Bundle: assets.program("app"), Runtime: assets.url("build/wasm_exec.js"), Ticker: assets.url("ticker.js"),
			CallingHosts: page.CallingHosts, WebexBase: webexBase, Contract: page.Contract, Sandbox: page.Sandbox,
			Mode: page.mode, DesktopHosts: page.desktopHosts, Desktop: page.desktop,
		},
		Style: template.CSS(style), Boot: template.JS(boot),
		Styles: assets.url(stylesName),
	})
	if err != nil {
		return nil, fmt.Errorf("widget page: %w", err)
	}
	// The policy knows nothing of styles: the shell's are inline because a
	// skeleton that waits for a file is not painted first.
	policy := strings.Replace(page.Policy(inlineHash(boot)),
		"style-src 'self'", "style-src 'self' '"+inlineHash(style)+"'", 1)
	return &widgetPage{body: plainAsset("text/html; charset=utf-8", out.Bytes()), policy: policy, permissions: page.permissions}, nil
}

// inlineHash is an inline element's source expression in a policy.
func inlineHash(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func (w *widgetPage) serve(c echo.Context) error {
	h := c.Response().Header()
	h.Set("Content-Security-Policy", w.policy)
	h.Set("Cache-Control", "no-cache")
	if w.permissions != "" {
		h.Set("Permissions-Policy", w.permissions)
	}
	return w.body.serve(c)
}

// serve answers /web/*: forever under a name with a hash, else to be asked
// again each time.
func (a *assets) serve(c echo.Context) error {
	name := c.Param("*")
	found, ok := a.hashed[name]
	cache := "public, max-age=31536000, immutable"
	if !ok {
		if found, ok = a.plain[name]; !ok {
			return echo.NewHTTPError(http.StatusNotFound)
		}
		cache = "no-cache"
	}
	c.Response().Header().Set("Cache-Control", cache)
	return found.serve(c)
}
