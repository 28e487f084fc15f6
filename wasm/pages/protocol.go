//go:build js && wasm

package main

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// drawer is what is open at the page's left edge: one element, maybe hidden.
func (c *crm) drawer() app.UI {
	return app.Aside().ID("drawer").Class("drawer").Hidden(c.panel.Drawer == noDrawer).
		Aria("label", map[drawer]string{sandboxDrawer: "Sandbox", logDrawer: "Protocol"}[c.panel.Drawer]).Body(
		app.If(c.panel.Drawer == sandboxDrawer, c.sandboxDrawer),
		app.If(c.panel.Drawer == logDrawer, c.logDrawer),
	)
}

func (c *crm) drawerHead(title, detail string) app.UI {
	return app.Div().Class("drawer-head").Body(
		app.Div().Body(
			app.H2().Text(title),
			app.P().Class("quiet").Text(detail),
		),
		app.Button().ID("drawer-close").Type("button").Class("icon-button").Aria("label", "Close").
			OnClick(func(app.Context, app.Event) { c.toggle(c.panel.Drawer) }).Body(icon("close")),
	)
}

func (c *crm) logDrawer() app.UI {
	shown := c.shownEntries()
	return app.Div().Class("drawer-body").Body(
		c.drawerHead("Calling protocol", "What this page and the calling app say to each other. The log survives page loads."),
		app.Div().Class("log-tools").Body(
			app.Input().ID("log-filter").Type("search").Class("field").Placeholder("Filter, such as CALL").Aria("label", "Filter messages").
				OnInput(func(ctx app.Context, _ app.Event) { c.filter = ctx.JSSrc().Get("value").String() }),
			app.Button().ID("log-copy").Type("button").Class("button", "small").Text("Copy").
				OnClick(func(app.Context, app.Event) {
					copyText(asText(c.shownEntries()))
					c.toast(good, "The log is on the clipboard.")
				}),
			app.Button().ID("log-clear").Type("button").Class("button", "small").Text("Clear").
				OnClick(func(app.Context, app.Event) {
					c.entries = nil
					save(c.ctx, logKey, c.entries)
				}),
		),
		app.Div().ID("log-lines").Class("log-lines").Role("log").Aria("label", "Messages").TabIndex(0).Body(
			app.Range(shown).Slice(func(i int) app.UI { return c.logLine(shown[i]) }),
			app.If(len(shown) == 0, func() app.UI { return app.P().Class("quiet").Text("Nothing has been said yet.") }),
		),
	)
}

// shownEntries are those whose type, text or body contain the filter.
func (c *crm) shownEntries() []logEntry {
	wanted := strings.ToLower(c.filter)
	if wanted == "" {
		return c.entries
	}
	var out []logEntry
	for _, e := range c.entries {
		if strings.Contains(strings.ToLower(e.Type+" "+e.Text+" "+string(e.Body)), wanted) {
			out = append(out, e)
		}
	}
	return out
}

func (c *crm) logLine(e logEntry) app.UI {
	open := !c.opened.IsZero() && c.opened.Equal(e.At)
	return app.Div().Class("log-line", "way-"+string(e.Way)).Body(
		app.Button().Type("button").Class("log-head").Aria("expanded", open).Disabled(len(e.Body) == 0).
			OnClick(func(app.Context, app.Event) {
				if c.opened = e.At; open {
					c.opened = e.At.AddDate(-100, 0, 0)
				}
			}, app.EventScope(e.At.UnixNano(), open)).Body(
			app.Span().Class("log-time").Text(e.At.Local().Format("15:04:05.000")),
			app.Span().Class("log-way").Title(wayWord(e.Way)).Text(wayMark(e.Way)),
			app.Span().Class("log-type").Text(e.Type),
			app.Span().Class("log-text").Text(entryText(e)),
		),
		app.If(open, func() app.UI { return app.Pre().Class("log-body").Text(indented(e.Body)) }),
	)
}

func wayMark(w way) string {
	switch w {
	case toWidget:
		return "→ app"
	case fromWidget:
		return "← app"
	case wrongOrder:
		return "order"
	}
	return "note"
}

func wayWord(w way) string {
	switch w {
	case toWidget:
		return "From this page to the calling app"
	case fromWidget:
		return "From the calling app to this page"
	case wrongOrder:
		return "A step out of the documented order"
	}
	return "What this page did"
}

func entryText(e logEntry) string {
	text := e.Text
	if len(e.Body) > 0 {
		text = summary(e.Body)
	}
	if e.Times > 1 {
		text = strings.TrimSpace(strconv.Itoa(e.Times) + " times " + text)
	}
	return text
}

// summary is the payload in one line.
func summary(body json.RawMessage) string {
	var m struct {
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(body, &m) != nil || len(m.Data) == 0 {
		return ""
	}
	if s := string(m.Data); len(s) < 120 {
		return s
	}
	return string([]rune(string(m.Data))[:110]) + "…"
}

func indented(body json.RawMessage) string {
	var out bytes.Buffer
	if json.Indent(&out, body, "", "  ") != nil {
		return string(body)
	}
	return out.String()
}

// asText is the log for the clipboard: one line per message.
func asText(entries []logEntry) string {
	var out strings.Builder
	for _, e := range entries {
		out.WriteString(e.At.UTC().Format("2006-01-02T15:04:05.000Z ") + wayMark(e.Way) + " " + e.Type)
		if e.Text != "" {
			out.WriteString(" " + e.Text)
		}
		if e.Times > 1 {
			out.WriteString(" x" + strconv.Itoa(e.Times))
		}
		if len(e.Body) > 0 {
			out.WriteString(" " + string(e.Body))
		}
		out.WriteByte('\n')
	}
	return out.String()
}
