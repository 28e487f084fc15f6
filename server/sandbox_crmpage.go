package main

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"strings"

	"github.com/labstack/echo/v4"
)

// crmPageConfig is what the CRM page is made from.
type crmPageConfig struct {
	PortalID  string       // Required. Of the emulated account.
	UserID    string       // Of the person who looks at the page.
	OwnerID   string       // The same person as an owner.
	UserName  string       // Shown in the corner.
	Extension crmExtension // The installed calling app.
}

// crmExtension is a calling app with the settings that HubSpot keeps of it.
//
// https://developers.hubspot.com/docs/guides/api/crm/extensions/calling-sdk
type crmExtension struct {
	Name                   string `json:"name"`
	URL                    string `json:"url"` // Absolute.
	Width                  int    `json:"width"`
	Height                 int    `json:"height"`
	IsReady                bool   `json:"isReady"`
	SupportsCustomObjects  bool   `json:"supportsCustomObjects"`
	SupportsInboundCalling bool   `json:"supportsInboundCalling"`
	UsesCallingWindow      bool   `json:"usesCallingWindow"`
	UsesRemote             bool   `json:"usesRemote"`
}

// deskbridgeExtension is our own panel as the sandbox installs it; widgetURL
// is such as http://127.0.0.1:8080/widget.
func deskbridgeExtension(widgetURL string) crmExtension {
	return crmExtension{Name: "Deskbridge", URL: widgetURL, Width: 400, Height: 600, IsReady: true,
		SupportsInboundCalling: true, UsesRemote: true}
}

// crmShell is the page's HTML. It depends on configuration only.
type crmShell struct {
	body   asset
	policy string
}

// crmShellConfig is what the page tells its own scripts; see wasm/pages.
type crmShellConfig struct {
	Bundle    string       `json:"bundle"`
	Runtime   string       `json:"runtime"`
	PortalID  string       `json:"portalId"`
	UserID    string       `json:"userId"`
	OwnerID   string       `json:"ownerId"`
	UserName  string       `json:"userName"`
	Extension crmExtension `json:"extension"`
}

// newCRMPage makes the page from static/crm.html, the boot script and the
// program called pages. It serves every address that nothing else has.
func newCRMPage(assets *assets, files fs.FS, cfg crmPageConfig) (*crmShell, error) {
	html, err := fs.ReadFile(files, "static/crm.html")
	if err != nil {
		return nil, fmt.Errorf("crm page: %w", err)
	}
	boot, err := fs.ReadFile(files, "js/boot.js")
	if err != nil {
		return nil, fmt.Errorf("crm page: %w", err)
	}
	shell, err := template.New("crm").Parse(string(html))
	if err != nil {
		return nil, fmt.Errorf("crm page: %w", err)
	}
	var styles []string
	for _, name := range []string{"boot.css", "tokens.css", "icons.css", "crm.css"} {
		styles = append(styles, assets.url(name))
	}
	var out bytes.Buffer
	err = shell.Execute(&out, struct {
		Config crmShellConfig
		Boot   template.JS
		Styles []string
	}{
		Config: crmShellConfig{
			Bundle: assets.program("pages"), Runtime: assets.url("build/wasm_exec.js"),
			PortalID: cfg.PortalID, UserID: cfg.UserID, OwnerID: cfg.OwnerID, UserName: cfg.UserName, Extension: cfg.Extension,
		},
		Boot: template.JS(boot), Styles: styles,
	})
	if err != nil {
		return nil, fmt.Errorf("crm page: %w", err)
	}
	return &crmShell{body: plainAsset("text/html; charset=utf-8", out.Bytes()), policy: crmPolicy(inlineHash(string(boot)))}, nil
}

// crmPolicy lets the page frame any calling app: developers bring their own.
func crmPolicy(boot string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self' 'wasm-unsafe-eval' '" + boot + "'",
		"connect-src 'self'",
		"style-src 'self'",
		"img-src 'self' data:",
		"frame-src http: https:",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	}, "; ")
}

func (s *crmShell) serve(c echo.Context) error {
	h := c.Response().Header()
	h.Set("Content-Security-Policy", s.policy)
	h.Set("Cache-Control", "no-cache")
	return s.body.serve(c)
}
