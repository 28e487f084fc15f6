//go:build js && wasm

// Command studio is the layout studio at /desk/studio: pkg/studio in a browser.
// What is opened stays in the page.
package main

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"deskbridge/pkg/browser"
	"deskbridge/pkg/studio"
)

func main() {
	app.Route("/desk/studio", func() app.Composer {
		return &page{studio: studio.New(browser.Origin())}
	})
	app.RunWhenOnBrowser()
}
