//go:build js && wasm

package main

import (
	"context"

	"deskbridge/pkg/browser"
	"deskbridge/pkg/callingext"
)

// deskFrame is the id of the iframe that holds the Agent Desktop.
const deskFrame = "desktop"

// deskLeast is the least width and height that the Agent Desktop works at, px.
// Source: help.webex.com, "Sign in to the Agent Desktop".
const deskLeast = 500

// aroundDesktop is the page in HubSpot's calling iframe that frames the agent's
// own Desktop. HubSpot is answered at once; what it says goes to the widget
// inside the Desktop, as soon as there is one.
func aroundDesktop(cfg pageConfig) {
	port, err := browser.ParentPort()
	if err != nil {
		panic(err) // The boot script shows that we stopped.
	}
	if cfg.Desktop == "" {
		browser.Fail("This server does not know your Agent Desktop.", "Its administrator has to set WEBEX_DATACENTER or WEBEX_DESKTOP_URL.")
		select {}
	}
	ctx := context.Background() // Ends with the page.
	relay := callingext.NewRelay(port, browser.Origin(), cfg.CallingHosts)
	go func() { _ = relay.Run(ctx) }()
	browser.Yield() // HubSpot is answered first.

	_, err = browser.WatchAskers(deskFrame, func(answer func(host string) (*browser.Pipe, error)) {
		go func() {
			host, err := relay.Host(ctx)
			if err != nil {
				return
			}
			pipe, err := answer(host)
			if err != nil {
				browser.Warn(err.Error())
				return
			}
			_ = relay.Attach(ctx, pipe) // It was reloaded, or another one came.
			pipe.Close()
		}()
	})
	if err != nil {
		panic(err)
	}
	if err := browser.Embed(deskFrame, "Webex Agent Desktop", cfg.Desktop, delegated, deskLeast); err != nil {
		panic(err)
	}
	browser.Ready()
	if browser.Narrow(deskLeast) {
		_ = relay.Send(callingext.ResizeWidget{Width: deskLeast, Height: deskHeight}) // HubSpot may not; then it is drawn smaller.
	}
	select {}
}

// deskHeight is the height that HubSpot is asked for with a width, px.
const deskHeight = 650

// delegated is what HubSpot's iframe allows us and the Desktop needs: the
// microphone and the loudspeakers are for calls whose sound is in the Desktop.
const delegated = "microphone; autoplay; speaker-selection; clipboard-read; clipboard-write"
