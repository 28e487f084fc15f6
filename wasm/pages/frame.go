//go:build js && wasm

package main

import (
	"context"
	"errors"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"deskbridge/pkg/browser"
	"deskbridge/pkg/callingext"
)

// frameID is the id that HubSpot's SDK gives the iframe.
const frameID = "hubspot-calling-extension-iframe"

// frame is the calling iframe. Another Gen is another element, so that the
// widget loads anew.
type frame struct {
	app.Compo
	URL           string
	Width, Height int
	Title         string
	Gen           string
	Loaded        func()
}

// CompoID is what go-app compares before updating in place.
func (f *frame) CompoID() string { return "frame " + f.Gen + f.URL }

// Render draws the iframe as HubSpot's SDK creates it.
func (f *frame) Render() app.UI {
	return app.IFrame().ID(frameID).Title(f.Title).Src(f.URL).Allow("microphone; autoplay").
		Width(f.Width).Height(f.Height).
		OnLoad(func(app.Context, app.Event) { f.Loaded() })
}

// connection is one document in the iframe. Each load of it gets a host of its
// own, because SYNC must say what is so at that moment (engagementId).
type connection struct {
	host  *callingext.Host
	close func()

	ready     bool // INITIALIZED has come.
	failed    bool
	loggedIn  bool
	available bool
	version   string // Of the widget's SDK.
}

// connect runs at the iframe's load event.
func (c *crm) connect() {
	if c.conn != nil {
		c.conn.close()
	}
	c.conn = &connection{close: func() {}}
	port, err := browser.FramePort(frameID)
	if err != nil {
		c.fail(c.conn)
		return
	}
	conn := c.conn
	tell := func(e logEntry) { c.later(func() { c.log(e) }) }
	note := func(w way, kind, text string) {
		tell(logEntry{At: time.Now(), Way: w, Type: kind, Text: text})
	}
	sync := callingext.SyncInfo{
		HostURL:  browser.Origin(),
		PortalID: callingext.ID(c.cfg.PortalID), UserID: callingext.ID(c.cfg.UserID), OwnerID: callingext.ID(c.cfg.OwnerID),
		IframeLocation: c.ext().location(), UsesCallingWindow: c.ext().UsesCallingWindow,
	}
	if c.call != nil {
		sync.EngagementID = callingext.ID(c.call.EngagementID)
	}
	conn.host = callingext.NewHost(callingext.HostConfig{
		Port: tap{port, tell}, WidgetOrigin: originOf(c.frameURL()), Sync: sync,
		Warn:  func(w callingext.Warning) { note(wrongOrder, string(w.Type), w.Problem) },
		Debug: func(what, detail string) { note(noteLine, what, detail) },
	})
	running, cancel := context.WithCancel(context.Background())
	conn.close = func() { cancel(); port.Close() }
	go func() { _ = conn.host.Run(running) }() // Its error comes from Next.
	go func() {
		for {
			m, err := conn.host.Next(running)
			if err != nil {
				if errors.Is(err, callingext.ErrSyncFailed) {
					c.later(func() { c.fail(conn) })
				}
				return
			}
			c.later(func() {
				if c.conn == conn {
					c.take(conn, m)
				}
			})
		}
	}()
}

// fail is what HubSpot shows when the app does not answer SYNC.
func (c *crm) fail(conn *connection) {
	if c.conn != conn {
		return
	}
	conn.failed = true
	c.pendingDial = nil
	c.toast(bad, "There was an issue connecting with "+c.ext().Name+". Check that it is running, then reload the panel.")
}

// say sends to the widget, if it is there to hear.
func (c *crm) say(m callingext.HostMessage) {
	if c.conn == nil || c.conn.host == nil {
		return
	}
	c.sayTo(c.conn, m)
}

func (c *crm) sayTo(conn *connection, m callingext.HostMessage) {
	if err := conn.host.Send(m); err != nil {
		c.log(logEntry{At: time.Now(), Way: noteLine, Type: string(m.Kind()), Text: "not sent: " + err.Error()})
	}
}

// reloadFrame loads the widget again.
func (c *crm) reloadFrame() { c.frameGen++ }
