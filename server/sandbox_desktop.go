package main

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/layout"
	"deskbridge/web"
)

// The stand-in for Cisco's Agent Desktop: web/js/standin says what it does and
// what its query means.
const (
	desktopPath      = "/desktop"
	desktopShellPath = desktopPath + "/shell" // The frame around one component; on another of this server's names.
)

// localOrigins are the names of this machine: who may frame the Desktop and its
// shells.
const localOrigins = "http://localhost:* http://127.0.0.1:* http://*.localhost:*"

// desktopConfig is what the Desktop's page is told.
type desktopConfig struct {
	OrgID   string   `json:"orgId"`
	Webex   string   `json:"webex"`   // Path of the emulated gateway.
	Layouts []string `json:"layouts"` // Names of our samples.
	Styles  string   `json:"styles"`
}

// registerDesktop serves the Desktop's page, its shell and our layouts.
func registerDesktop(e *echo.Echo, assets *assets, cfg Config) error {
	widgets, err := url.Parse(cfg.PublicURL)
	if err != nil {
		return fmt.Errorf("desktop: %w", err)
	}
	origin := widgets.Scheme + "://" + widgets.Host
	config := desktopConfig{OrgID: sandboxOrg, Webex: webexPath, Styles: assets.url("standin.css")}
	samples := map[string][]byte{}
	for _, sample := range layout.Samples() {
		options := sample.Options
		options.Script = layout.ScriptURL(cfg.PublicURL)
		d, err := layout.Generate(options)
		if err != nil {
			return fmt.Errorf("desktop: %s: %w", sample.Name, err)
		}
		samples[sample.Name] = d.Bytes()
		config.Layouts = append(config.Layouts, strings.TrimSuffix(sample.Name, path.Ext(sample.Name)))
	}
	for address, file := range map[string]string{desktopPath: "standin", desktopShellPath: "standin-shell"} {
		page, err := desktopPage(assets, config, file)
		if err != nil {
			return err
		}
		e.GET(address, func(c echo.Context) error {
			if page.identity == nil {
				return echo.NewHTTPError(http.StatusServiceUnavailable, "the Desktop has not been built: run make dev")
			}
			h := c.Response().Header()
			h.Set("Content-Security-Policy", desktopPolicy(c, origin))
			h.Set("Cache-Control", "no-cache")
			return page.serve(c)
		})
	}
	e.GET(desktopPath+"/layouts/:name", func(c echo.Context) error {
		text, ok := samples[c.Param("name")]
		if !ok {
			return echo.ErrNotFound
		}
		c.Response().Header().Set("Cache-Control", "no-cache")
		return c.Blob(http.StatusOK, "application/json", text)
	})
	return nil
}

// desktopPolicy is what a page of the Desktop may do. What Cisco's sends is not
// known, but that scripts of any server run, evaluation included. With csp=strict
// it is as strict as it might become: scripts of this server and of the one that
// has the widget, its frames, and nothing inline.
func desktopPolicy(c echo.Context, widgets string) string {
	const framed = "; base-uri 'none'; form-action 'none'; frame-ancestors 'self' " + localOrigins
	if c.QueryParam("csp") != "strict" {
		return "default-src http: https: ws: wss: data: blob: 'unsafe-inline' 'unsafe-eval'" + framed
	}
	frames, connect := widgets, "'self' ws://"+c.Request().Host
	if c.QueryParam("shell") == "isolated" { // Our shells are at a third name of this server.
		frames += " http://*.localhost:*"
	}
	if c.Path() == desktopShellPath {
		connect = "'none'"
	}
	return "default-src 'none'; script-src 'self' " + widgets + "; connect-src " + connect + "; style-src 'self'; " +
		"img-src 'self' data:; font-src 'self'; frame-src " + frames + framed
}

// desktopPage is a page around a script that the build has made; without a
// build it is empty.
func desktopPage(assets *assets, config desktopConfig, name string) (asset, error) {
	script := assets.url("build/" + name + ".js")
	if script == "" {
		return asset{}, nil
	}
	shell, err := template.ParseFS(web.Files, "static/"+name+".html")
	if err != nil {
		return asset{}, fmt.Errorf("page %s: %w", name, err)
	}
	var out bytes.Buffer
	err = shell.Execute(&out, struct {
		Config         desktopConfig
		Tokens, Script string
	}{config, assets.url("tokens.css"), script})
	if err != nil {
		return asset{}, fmt.Errorf("page %s: %w", name, err)
	}
	return plainAsset("text/html; charset=utf-8", out.Bytes()), nil
}
