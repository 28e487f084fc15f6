//go:build js && wasm

package main

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// A column of a list page.
type column struct {
	title string
	cell  func(c *crm, r record) app.UI
}

func (c *crm) columns() []column {
	property := func(title, name string) column {
		return column{title, func(_ *crm, r record) app.UI { return app.Span().Text(shownValue(name, r.Properties[name])) }}
	}
	name := column{"Name", func(_ *crm, r record) app.UI {
		_, _, iconName := kindOf(r.Type)
		mark := app.Span().Class("avatar", "avatar-small").Aria("hidden", true)
		if r.Type == "contacts" {
			mark = mark.Text(initials(r.Name))
		} else {
			mark = mark.Body(icon(iconName))
		}
		return app.Span().Class("name-cell").Body(mark, app.A().Class("link", "strong").Href(pathOf(r.Type, r.ID)).Text(r.Name))
	}}
	number := column{"Phone number", func(c *crm, r record) app.UI {
		if len(r.Phones) == 0 {
			return app.Span().Text("--")
		}
		return c.phoneLink(r, r.Phones[0])
	}}
	owner := column{"Owner", func(_ *crm, r record) app.UI { return app.Span().Text(dash(r.Owner)) }}
	switch c.at.Type {
	case "companies":
		return []column{name, number, property("Domain", "domain"), property("City", "city"), owner}
	case "deals":
		return []column{name, property("Stage", "dealstage"), property("Amount", "amount"), owner}
	case "tickets":
		return []column{name, property("Status", "hs_pipeline_stage"), property("Priority", "hs_ticket_priority"), owner}
	}
	return []column{name, property("Email", "email"), number, property("Company", "company"), owner}
}

func (c *crm) listPage() app.UI {
	_, many, _ := kindOf(c.at.Type)
	columns := c.columns()
	return app.Div().Class("list-page").Body(
		app.Div().Class("list-head").Body(
			app.H1().Text(many),
			app.P().Class("quiet").Aria("live", "polite").Text(c.countWord()),
		),
		app.Div().Class("list-tools").Body(
			app.Div().Class("field-box").Body(
				icon("search"),
				app.Input().ID("list-search").Type("search").Class("field").Placeholder("Search "+many).Aria("label", "Search "+many).
					OnInput(func(ctx app.Context, _ app.Event) {
						c.query = ctx.JSSrc().Get("value").String()
						c.fetch()
					}),
			),
		),
		app.Div().Class("table-box").Body(
			app.Table().Class("table").Body(
				app.Caption().Class("sr").Text(many),
				app.THead().Body(app.Tr().Body(app.Range(columns).Slice(func(i int) app.UI {
					return app.Th().Scope("col").Text(columns[i].title)
				}))),
				app.TBody().Body(app.Range(c.rows.Results).Slice(func(i int) app.UI {
					r := c.rows.Results[i]
					return app.Tr().Body(app.Range(columns).Slice(func(j int) app.UI {
						return app.Td().Body(columns[j].cell(c, r))
					}))
				})),
			),
			app.If(c.emptyWord() != "", func() app.UI { return app.P().Class("empty").Text(c.emptyWord()) }),
		),
	)
}

func (c *crm) countWord() string {
	if c.rowsState != arrived {
		return "Loading"
	}
	if c.rows.Total == 1 {
		return "1 record"
	}
	return strconv.Itoa(c.rows.Total) + " records"
}

func (c *crm) emptyWord() string {
	switch {
	case c.rowsState == underWay:
		return "Loading"
	case c.rowsState == missing:
		return "There is no such page."
	case c.rowsState == broken:
		return "The CRM does not answer. Reload the page to try again."
	case len(c.rows.Results) == 0 && c.query != "":
		return "No record matches “" + c.query + "”."
	case len(c.rows.Results) == 0:
		return "There are no records yet."
	}
	return ""
}

// phoneLink is a number to click.
func (c *crm) phoneLink(r record, p phone) app.UI {
	d := dial{Record: r, Phone: p}
	return app.Button().Type("button").Class("link", "phone-link").DataSet("number", p.Number).
		Aria("label", "Call "+r.Name+", "+p.Number).Title("Call with "+c.ext().Name).
		OnClick(func(app.Context, app.Event) { c.press(d) }, app.EventScope(r.ID+p.Property+p.Number)).
		Body(icon("call"), app.Span().Text(p.Number))
}

// shownValue is a property as HubSpot shows it: options have labels.
func shownValue(name, value string) string {
	switch name {
	case "hs_pipeline_stage":
		if label, ok := ticketStages[value]; ok {
			return label
		}
	case "dealstage":
		if label, ok := dealStages[value]; ok {
			return label
		}
	case "hs_ticket_priority", "hs_lead_status", "lifecyclestage", "industry":
		return dash(words(value))
	case "closedate":
		if day, _, found := strings.Cut(value, "T"); found {
			return day
		}
	}
	return dash(value)
}

// The stages of HubSpot's default pipelines.
var (
	ticketStages = map[string]string{"1": "New", "2": "Waiting on contact", "3": "Waiting on us", "4": "Closed"}
	dealStages   = map[string]string{
		"appointmentscheduled": "Appointment scheduled", "qualifiedtobuy": "Qualified to buy",
		"presentationscheduled": "Presentation scheduled", "decisionmakerboughtin": "Decision maker bought-in",
		"contractsent": "Contract sent", "closedwon": "Closed won", "closedlost": "Closed lost",
	}
)

// words makes IN_PROGRESS read "In progress".
func words(constant string) string {
	s := strings.ToLower(strings.ReplaceAll(constant, "_", " "))
	return titled(s)
}

func dash(s string) string {
	if s == "" {
		return "--"
	}
	return s
}
