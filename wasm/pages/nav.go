//go:build js && wasm

package main

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Render draws the page. Each part is always exactly one element, because
// go-app matches children by position and the iframe must stay.
func (c *crm) Render() app.UI {
	if c.ctx.Context == nil {
		return app.Div().Class("crm")
	}
	return app.Div().Class("crm", "drawer-"+string(c.panel.Drawer)).Body(
		app.A().Class("skip").Href("#main").Text("Skip to content"),
		c.bar(),
		c.callingPanel(),
		app.Main().ID("main").Class("main").TabIndex(-1).Body(c.content()),
		c.drawer(),
		c.notices(),
	)
}

func (c *crm) content() app.UI {
	switch {
	case c.at.ID != "":
		return c.recordPage()
	}
	return c.listPage()
}

// bar is the dark bar across the page.
func (c *crm) bar() app.UI {
	return app.Header().Class("bar").Body(
		app.A().Class("brand").Href("/").Aria("label", "Home").Body(icon("bridge")),
		app.Nav().Class("bar-menu").Aria("label", "CRM").Body(
			app.Range(kinds).Slice(func(i int) app.UI {
				k := kinds[i]
				link := app.A().Class("bar-link").Href("/" + k.Type).Text(k.Many)
				if k.Type == c.at.Type {
					link = link.Aria("current", "page")
				}
				return link
			}),
		),
		c.search(),
		app.Div().Class("bar-tools").Body(
			c.remote(),
			c.toolButton(sandboxDrawer, "desk-phone", "Sandbox"),
			c.toolButton(logDrawer, "protocol", "Protocol"),
			app.Div().Class("account").Body(
				app.Span().Class("avatar").Aria("hidden", true).Text(initials(c.cfg.UserName)),
				app.Span().Class("account-text").Body(
					app.Span().Class("account-name").Text(c.cfg.UserName),
					app.Span().Class("account-portal").Text("Account "+c.cfg.PortalID),
				),
			),
		),
	)
}

// remote is the calling button of the navigation bar.
func (c *crm) remote() app.UI {
	word := c.connectionWord()
	dot := "idle"
	switch word {
	case "Available":
		dot = "ok"
	case "On a call":
		dot = "busy"
	case "Not responding":
		dot = "error"
	}
	return app.Button().ID("calling-button").Type("button").Class("tool").
		Aria("label", "Calling").Aria("pressed", c.panel.Open && !c.panel.Minimized).Title("Calling: "+word).
		OnClick(func(app.Context, app.Event) { c.show(!c.panel.Open || c.panel.Minimized) }).
		Body(icon("call"), app.Span().Class("tool-dot", "dot-"+dot).Aria("hidden", true))
}

func (c *crm) toolButton(d drawer, iconName, label string) app.UI {
	return app.Button().ID("open-"+string(d)).Type("button").Class("tool", "tool-wide").Aria("label", label).
		Aria("expanded", c.panel.Drawer == d).Aria("controls", "drawer").
		OnClick(func(app.Context, app.Event) { c.toggle(d) }, app.EventScope(d)).
		Body(icon(iconName), app.Span().Text(label))
}

// toggle opens a drawer or closes it.
func (c *crm) toggle(d drawer) {
	if c.panel.Drawer == d {
		d = noDrawer
	}
	c.panel.Drawer = d
	save(c.ctx, panelKey, c.panel)
	switch d {
	case sandboxDrawer:
		c.watch()
	case logDrawer:
		c.ctx.Defer(func(app.Context) { toEnd("log-lines") })
	}
}

// search is the search over all contacts and companies.
func (c *crm) search() app.UI {
	return app.Div().Class("search").Role("search").Body(
		icon("search"),
		app.Input().ID("global-search").Type("search").Class("search-field").Placeholder("Search contacts and companies").
			Aria("label", "Search contacts and companies").AutoComplete(false).
			OnInput(func(ctx app.Context, _ app.Event) { c.searchFor(ctx.JSSrc().Get("value").String()) }).
			OnKeyDown(func(_ app.Context, e app.Event) {
				if e.Get("key").String() == "Escape" {
					setValue("global-search", "")
					c.searchFor("")
				}
			}),
		app.If(len(c.found) > 0, func() app.UI {
			return app.Ul().Class("menu", "search-results").Body(
				app.Range(c.found).Slice(func(i int) app.UI {
					r := c.found[i]
					one, _, iconName := kindOf(r.Type)
					return app.Li().Body(app.A().Class("menu-item").Href(pathOf(r.Type, r.ID)).Body(
						icon(iconName),
						app.Span().Class("menu-text").Body(
							app.Span().Class("menu-name").Text(r.Name),
							app.Span().Class("menu-detail").Text(one+detailOf(r)),
						),
					))
				}),
			)
		}),
	)
}

func detailOf(r record) string {
	for _, s := range []string{r.Properties["email"], r.Properties["domain"], r.Detail} {
		if s != "" {
			return " · " + s
		}
	}
	return ""
}

// searchFor asks for both types; only the answer to the last question counts.
func (c *crm) searchFor(query string) {
	c.searched++
	mine := c.searched
	if len(query) < 2 {
		c.found = nil
		return
	}
	go func() {
		var found []record
		for _, t := range []string{"contacts", "companies"} {
			if l, err := findRecords(t, query, 5); err == nil {
				found = append(found, l.Results...)
			}
		}
		c.later(func() {
			if mine == c.searched {
				c.found = found
			}
		})
	}()
}

// initials are the first letters of up to two words.
func initials(name string) string {
	var out []rune
	start := true
	for _, r := range name {
		if start && r != ' ' && len(out) < 2 {
			out = append(out, r)
		}
		start = r == ' '
	}
	return string(out)
}
