//go:build js && wasm

package main

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"deskbridge/pkg/callingext"
)

// show opens or closes the calling panel and tells the widget.
func (c *crm) show(open bool) {
	if c.panel.Open == open && !c.panel.Minimized {
		return
	}
	c.panel.Open, c.panel.Minimized = open, false
	c.furniture()
}

func (c *crm) minimize(minimized bool) {
	c.panel.Minimized = minimized
	c.furniture()
}

// furniture keeps the panel's state and sends VISIBILITY_CHANGED.
func (c *crm) furniture() {
	save(c.ctx, panelKey, c.panel)
	c.switcher = false
	if c.conn != nil && c.conn.ready {
		c.say(callingext.VisibilityChanged{IsMinimized: c.panel.Minimized, IsHidden: !c.panel.Open})
	}
}

func (c *crm) size() (width, height int) {
	width, height = c.ext().Width, c.ext().Height
	if c.panel.Width > 0 {
		width = c.panel.Width
	}
	if c.panel.Height > 0 {
		height = c.panel.Height
	}
	return sized(width, height)
}

// choose switches to another calling app.
func (c *crm) choose(i int) {
	if i == c.chosen {
		c.switcher = false
		return
	}
	if c.conn != nil {
		c.conn.close()
		c.conn = nil
	}
	c.chosen, c.url, c.switcher = i, "", false
	c.panel.Width, c.panel.Height = 0, 0
	_ = c.ctx.LocalStorage().Set(providerKey, c.ext().Name)
	save(c.ctx, panelKey, c.panel)
	c.reloadFrame()
}

// callingPanel is the panel at the bottom of the page. Its iframe stays where
// it is in the tree, shown or not: another place would load it anew.
func (c *crm) callingPanel() app.UI {
	state := "closed"
	switch {
	case c.panel.Open && c.panel.Minimized:
		state = "minimized"
	case c.panel.Open:
		state = "open"
	}
	return app.Section().ID("calling-panel").Class("calling", "calling-"+state).Aria("label", "Calling").
		DataSet("location", string(c.ext().location())).Body(
		c.panelBar(),
		app.Div().Class("calling-body").Body(
			app.If(c.frameWanted(), func() app.UI {
				width, height := c.size()
				return &frame{
					URL: c.frameURL(), Width: width, Height: height, Title: c.ext().Name + " calling app",
					Gen: strconv.Itoa(c.frameGen), Loaded: func() { c.later(c.connect) },
				}
			}),
		),
		// Last, because go-app matches children by position.
		app.If(c.switcher, func() app.UI { return c.providers() }),
	)
}

func (c *crm) panelBar() app.UI {
	label, flipped := "Minimize", ""
	if c.panel.Minimized {
		label, flipped = "Restore", "flipped"
	}
	return app.Div().Class("calling-bar").
		On("pointerdown", c.grab).On("pointermove", c.drag).On("pointerup", c.drop).Body(
		app.Span().Class("grip").Aria("hidden", true),
		app.Button().ID("call-from").Type("button").Class("call-from").
			Aria("expanded", c.switcher).Disabled(len(c.extns) < 2).
			OnClick(func(app.Context, app.Event) { c.switcher = !c.switcher }).Body(
			app.Span().Class("call-from-label").Text("Call from "),
			app.Span().Class("call-from-name").Text(c.ext().Name),
			app.If(len(c.extns) > 1, func() app.UI { return icon("down") }),
		),
		app.Span().Class("calling-state").Text(c.connectionWord()),
		app.Button().ID("calling-reload").Type("button").Class("icon-button").Aria("label", "Reload panel").Title("Reload panel").
			OnClick(func(app.Context, app.Event) { c.reloadFrame() }).Body(icon("reload")),
		app.Button().ID("calling-minimize").Type("button").Class("icon-button").Aria("label", label).Title(label).
			OnClick(func(app.Context, app.Event) { c.minimize(!c.panel.Minimized) }).
			Body(app.Span().Class("i", "i-down", flipped).Aria("hidden", true)),
		app.Button().ID("calling-hide").Type("button").Class("icon-button").Aria("label", "Hide").Title("Hide").
			OnClick(func(app.Context, app.Event) { c.show(false) }).Body(icon("close")),
	)
}

func (c *crm) providers() app.UI {
	return app.Div().Class("menu", "providers").Role("group").Aria("label", "Calling apps").Body(
		app.Range(c.extns).Slice(func(i int) app.UI {
			e := c.extns[i]
			mark := app.Span().Class("menu-space")
			if i == c.chosen {
				mark = app.Span().Class("i", "i-check").Aria("hidden", true)
			}
			return app.Button().Type("button").Class("menu-item").Aria("pressed", i == c.chosen).
				OnClick(func(app.Context, app.Event) { c.choose(i) }, app.EventScope(i)).Body(
				mark,
				app.Span().Class("menu-text").Body(
					app.Span().Class("menu-name").Text(e.Name),
					app.Span().Class("menu-detail").Text(e.URL),
				),
			)
		}),
	)
}

// connectionWord is how far the handshake has come.
func (c *crm) connectionWord() string {
	switch {
	case c.conn == nil && !c.frameWanted():
		return ""
	case c.conn == nil:
		return "Loading"
	case c.conn.failed:
		return "Not responding"
	case !c.conn.ready:
		return "Connecting"
	case !c.conn.loggedIn:
		return "Logged out"
	case c.call != nil && c.call.Phase != "ended":
		return "On a call"
	case c.call != nil:
		return "Wrapping up"
	case c.conn.available:
		return "Available"
	}
	return "Logged in"
}

// dragStart is where the panel was when the pointer went down.
type dragStart struct{ x, right int }

func (c *crm) grab(ctx app.Context, e app.Event) {
	if e.Get("target").Call("closest", "button").Truthy() {
		return
	}
	c.dragFrom = &dragStart{e.Get("clientX").Int(), c.panel.Right}
	ctx.JSSrc().Call("setPointerCapture", e.Get("pointerId"))
}

func (c *crm) drag(ctx app.Context, e app.Event) {
	ctx.PreventUpdate()
	if c.dragFrom == nil {
		return
	}
	room := app.Window().Get("innerWidth").Int() - 120
	c.panel.Right = min(max(c.dragFrom.right+c.dragFrom.x-e.Get("clientX").Int(), 0), max(room, 0))
	placePanel("calling-panel", c.panel.Right)
}

func (c *crm) drop(app.Context, app.Event) {
	if c.dragFrom != nil {
		c.dragFrom = nil
		save(c.ctx, panelKey, c.panel)
	}
}
