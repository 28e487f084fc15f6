package main

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// deskPath is where everything is that an Agent Desktop loads from us, and what
// surrounds one in HubSpot.
const deskPath = "/desk"

// inDesktop is the panel's page inside the custom element. Between the Desktop
// and HubSpot there may be a page of our own, see aroundDesktop.
func (p PageConfig) inDesktop(cfg Config) PageConfig {
	p.mode = "desktop"
	p.ancestors = append([]string{"'self'"}, p.ancestors...)
	p.desktopHosts = cfg.DesktopHosts
	return p
}

// aroundDesktop is the page in HubSpot's calling iframe that frames the agent's
// Desktop. It hands the microphone on, which is for calls whose sound is in the
// Desktop: HubSpot's iframe allows it.
func (p PageConfig) aroundDesktop(cfg Config) PageConfig {
	p.mode, p.desktop = "hubspot", cfg.DesktopURL
	if cfg.DesktopURL == "" {
		return p
	}
	origin := originOf(cfg.DesktopURL)
	p.frames = []string{origin}
	p.permissions = `microphone=(self "` + origin + `"), autoplay=(self "` + origin + `"), camera=(), geolocation=(), payment=(), usb=()`
	return p
}

// elementFiles are the scripts of the custom element, by the name under which
// layouts and each other know them. Their names never change: an Agent Desktop
// keeps what it loaded under one until its agents clear their cache.
var elementFiles = []string{"deskbridge-widget.js", "desktop-sdk.js"}

// registerElement serves the custom element to pages of any origin: it holds
// nothing of anybody's.
func registerElement(e *echo.Echo, assets *assets) {
	for _, name := range elementFiles {
		file, ok := assets.plain["build/desk/"+name]
		serve := func(c echo.Context) error {
			if !ok {
				return c.String(http.StatusNotFound, "This server has no element: its administrator has to build it, with make build.")
			}
			h := c.Response().Header()
			h.Set("Cache-Control", "no-cache")
			h.Set("Access-Control-Allow-Origin", "*")
			h.Set("Cross-Origin-Resource-Policy", "cross-origin")
			return file.serve(c)
		}
		e.GET(deskPath+"/"+name, serve)
		e.HEAD(deskPath+"/"+name, serve)
	}
}
