//go:build js && wasm

package main

import (
	"context"
	"time"

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
	waitForTab(ctx)
	if err := browser.Embed(deskFrame, "Webex Agent Desktop", cfg.Desktop, delegated, deskLeast); err != nil {
		panic(err)
	}
	browser.Ready()
	if browser.Narrow(deskLeast) {
		_ = relay.Send(callingext.ResizeWidget{Width: deskLeast, Height: deskHeight}) // HubSpot may not; then it is drawn smaller.
	}
	select {}
}

// tabLock is held by the one tab of HubSpot that frames the Desktop.
const tabLock = "deskbridge.around"

// waitForTab returns when this tab is the one to frame the Desktop. Webex lets
// an agent work in one: a second Desktop, in the tab in which a record has just
// opened, would take the calls away from the first. A tab competes only while it
// is looked at, so that the one in use keeps the Desktop when HubSpot reloads it.
func waitForTab(ctx context.Context) {
	leader, told := browser.Leader{Name: tabLock, Waits: true}, false
	for {
		if browser.Visible() {
			held, giveUp := context.WithCancel(ctx)
			late := time.AfterFunc(tabPatience, giveUp)
			if _, err := leader.Acquire(held, false); err == nil && late.Stop() {
				return // The lock is given back with the page.
			}
			giveUp()
			if !told {
				told = true
				browser.Fail("Your Agent Desktop is in another tab.", "Go on there. It comes here when that tab is closed.")
			}
		}
		time.Sleep(tabPatience)
	}
}

// tabPatience is how long a lock may take that nobody holds.
const tabPatience = 500 * time.Millisecond

// deskHeight is the height that HubSpot is asked for with a width, px.
const deskHeight = 650

// delegated is what HubSpot's iframe allows us and the Desktop needs: the
// microphone and the loudspeakers are for calls whose sound is in the Desktop.
const delegated = "microphone; autoplay; speaker-selection; clipboard-read; clipboard-write"
