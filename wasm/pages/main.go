//go:build js && wasm

// Command pages is what the sandbox shows besides the panel: a CRM that looks
// and behaves like HubSpot, with the panel in its calling iframe. It plays
// HubSpot's side of the calling protocol through callingext.Host; what it
// knows of records it asks the server.
package main

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"deskbridge/pkg/browser"
)

// pageConfig is what the server puts into the page.
type pageConfig struct {
	PortalID  string    `json:"portalId"`
	UserID    string    `json:"userId"`
	OwnerID   string    `json:"ownerId"`
	Admin     string    `json:"admin"` // Address of our admin pages.
	UserName  string    `json:"userName"`
	Extension extension `json:"extension"` // The installed calling app.
	Desktop   extension `json:"desktop"`   // The one with the Agent Desktop in it.
}

func main() {
	var cfg pageConfig
	if err := browser.ReadConfig(&cfg); err != nil {
		panic(err) // The boot script shows that we stopped.
	}
	app.RouteWithRegexp("^/.*$", func() app.Composer { return newCRM(cfg) })
	app.RunWhenOnBrowser()
}
