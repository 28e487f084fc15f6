//go:build js && wasm

package main

import (
	"errors"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// A tone is how a toast looks.
type tone string

// The tones.
const (
	good tone = "ok"
	bad  tone = "error"
	info tone = "info"
)

// A toast is a message that goes away by itself, unless it is an error.
type toast struct {
	ID   int64
	Tone tone
	Text string
}

const toastFor = 6 * time.Second

func (c *crm) toast(t tone, text string) {
	id := time.Now().UnixNano()
	c.toasts = append(c.toasts, toast{id, t, text})
	if t == bad {
		return
	}
	time.AfterFunc(toastFor, func() { c.later(func() { c.dismiss(id) }) })
}

func (c *crm) dismiss(id int64) {
	var left []toast
	for _, t := range c.toasts {
		if t.ID != id {
			left = append(left, t)
		}
	}
	c.toasts = left
}

// log adds a line to the protocol log, which outlives the page.
func (c *crm) log(e logEntry) {
	c.entries = addEntry(c.entries, e)
	save(c.ctx, logKey, c.entries)
	if c.panel.Drawer == logDrawer {
		c.ctx.Defer(func(app.Context) { toEnd("log-lines") })
	}
}

func (c *crm) note(kind, text string) {
	c.log(logEntry{At: time.Now(), Way: noteLine, Type: kind, Text: text})
}

func asRefusal(err error, to **refusal) bool { return errors.As(err, to) }

// notices are the toasts, the banner of a blocked tab and HubSpot's alert.
func (c *crm) notices() app.UI {
	return app.Div().Class("notices").Body(
		app.Div().Class("toasts").Role("status").Aria("live", "polite").Body(
			app.Range(c.toasts).Slice(func(i int) app.UI {
				t := c.toasts[i]
				return app.Div().Class("toast", "tone-"+string(t.Tone)).Body(
					icon(toneIcon(t.Tone)),
					app.P().Class("toast-text").Text(t.Text),
					app.Button().Type("button").Class("icon-button").Aria("label", "Dismiss").
						OnClick(func(app.Context, app.Event) { c.dismiss(t.ID) }, app.EventScope(t.ID)).
						Body(icon("close")),
				)
			}),
		),
		app.If(c.blocked != "", func() app.UI {
			return app.Div().ID("blocked-tab").Class("banner").Role("alert").Body(
				icon("notice-warn"),
				app.P().Text("Your browser blocked a new tab that the calling app asked for."),
				app.A().Class("banner-link").Href(c.blocked).Target("_blank").Text("Open the record"),
				app.Button().Type("button").Class("icon-button").Aria("label", "Dismiss").
					OnClick(func(app.Context, app.Event) { c.blocked = "" }).Body(icon("close")),
			)
		}),
		app.If(c.alert != "", func() app.UI {
			return app.Div().Class("modal-layer").Body(
				app.Div().ID("hubspot-alert").Class("modal").Role("alertdialog").Aria("modal", true).
					Aria("labelledby", "alert-title").Aria("describedby", "alert-text").
					OnKeyDown(func(_ app.Context, e app.Event) {
						switch e.Get("key").String() {
						case "Escape":
							c.alert = ""
						case "Tab":
							e.PreventDefault() // There is only one thing to press.
						}
					}).Body(
					app.H2().ID("alert-title").Text("Calling"),
					app.P().ID("alert-text").Text(c.alert),
					app.Button().ID("alert-ok").Type("button").Class("button", "primary").Text("OK").
						OnClick(func(app.Context, app.Event) { c.alert = "" }),
				),
			)
		}),
	)
}

// warnPerson shows the alert that HubSpot shows.
func (c *crm) warnPerson(text string) {
	c.alert = text
	c.ctx.Defer(func(app.Context) { focusOn("alert-ok") })
}

func toneIcon(t tone) string {
	switch t {
	case bad:
		return "notice-error"
	case good:
		return "check"
	}
	return "notice-info"
}

// icon is a picture from web/static/icons in the colour of the text around it.
func icon(name string) app.UI {
	return app.Span().Class("i", "i-"+name).Aria("hidden", true)
}
