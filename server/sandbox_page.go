package main

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/webexcc/webexcctest"
)

// crmConfig is what the CRM's page is told.
type crmConfig struct {
	Bundle  string `json:"bundle"`
	Runtime string `json:"runtime"`

	PortalID  string       `json:"portalId"`
	UserID    string       `json:"userId"`
	OwnerID   string       `json:"ownerId"`
	UserName  string       `json:"userName"`
	Admin     string       `json:"admin"` // Where Deskbridge's admin pages are.
	Extension crmExtension `json:"extension"`
	Desktop   crmExtension `json:"desktop"` // The same with the Agent Desktop in it.
}

// crmExtension is a calling app as HubSpot has it registered.
type crmExtension struct {
	Name                   string `json:"name"`
	URL                    string `json:"url"`
	Width                  int    `json:"width"`
	Height                 int    `json:"height"`
	IsReady                bool   `json:"isReady"`
	SupportsInboundCalling bool   `json:"supportsInboundCalling"`
	UsesRemote             bool   `json:"usesRemote"`
}

// registerCRMPage serves the CRM's page under every path that is nobody
// else's, and its files under /web.
func registerCRMPage(e *echo.Echo, cfg Config, user hubspottest.Owner) error {
	assets, err := ownAssets()
	if err != nil {
		return err
	}
	page, policy, err := crmShell(assets, cfg, user)
	if err != nil {
		return err
	}
	book, bookPolicy, err := newStorybook(assets)
	if err != nil {
		return err
	}
	e.GET("/storybook", func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", bookPolicy)
		h.Set("Cache-Control", "no-cache")
		if c.QueryParam("story") != "" {
			return book.stage.serve(c)
		}
		return book.index.serve(c)
	})
	if err := registerDesktop(e, assets, cfg); err != nil {
		return err
	}
	e.GET("/web/*", assets.serve)
	e.GET("/*", func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Cache-Control", "no-cache")
		if strings.Contains(c.Param("*"), ".") { // A file that is not there, such as /favicon.ico.
			return c.NoContent(http.StatusNotFound)
		}
		return page.serve(c)
	})
	return nil
}

// storybook is the page with the list of stories, and the one that it frames.
type storybook struct{ index, stage asset }

func newStorybook(assets *assets) (storybook, string, error) {
	config := struct {
		Bundle  string `json:"bundle"`
		Runtime string `json:"runtime"`
	}{assets.program("storybook"), assets.url("build/wasm_exec.js")}
	var book storybook
	index, hash, err := programShell("storybook", config, assets.url("tokens.css"), assets.url("storybook.css"))
	if err != nil {
		return book, "", err
	}
	stage, _, err := programShell("storybook", config, assets.url(stylesName))
	if err != nil {
		return book, "", err
	}
	book.index, book.stage = index, stage
	policy := "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' '" + hash + "'; connect-src 'self'; " +
		"style-src 'self'; img-src 'self' data:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
	return book, policy, nil
}

func crmShell(assets *assets, cfg Config, user hubspottest.Owner) (asset, string, error) {
	config := crmConfig{
		Bundle: assets.program("pages"), Runtime: assets.url("build/wasm_exec.js"),
		PortalID: cfg.Portal, UserID: user.UserID, OwnerID: user.ID, UserName: user.FirstName + " " + user.LastName,
	}
	config.Admin = cfg.PublicURL + adminPath
	if len(cfg.AlsoURLs) > 0 { // This origin is ours, too: Ann is signed in on the way.
		config.Admin = webexConnectPath + "?" + url.Values{"to": {"admin"}, "agent": {webexcctest.AdminName}}.Encode()
	}
	config.Extension = crmExtension{"Deskbridge", cfg.PublicURL + "/widget", 400, 600, true, true, true}
	config.Desktop = crmExtension{"Deskbridge with the Agent Desktop", cfg.PublicURL + deskPath + "/hubspot", deskWidth, deskHeight, true, true, true}
	page, hash, err := programShell("crm", config, assets.url("crm.css"))
	if err != nil {
		return asset{}, "", err
	}
	// It frames whatever the override names, as HubSpot does.
	policy := "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' '" + hash + "'; connect-src 'self'; " +
		"style-src 'self'; img-src 'self' data:; frame-src http: https:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
	return page, policy, nil
}
