//go:build js && wasm

package main

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// recordPage is a record in three columns.
func (c *crm) recordPage() app.UI {
	one, many, _ := kindOf(c.at.Type)
	switch c.rowsState {
	case underWay:
		return app.P().Class("empty").Text("Loading")
	case missing:
		return app.Div().Class("empty").Body(
			app.H1().Text("This record does not exist"),
			app.P().Text("It may have been deleted or merged."),
			app.A().Class("link").Href("/"+c.at.Type).Text("Back to "+many),
		)
	case broken:
		return app.P().Class("empty").Text("The CRM does not answer. Reload the page to try again.")
	}
	return app.Div().Class("record-page").Body(
		app.Aside().Class("left").Aria("label", "About this "+one).Body(
			app.A().Class("link", "back").Href("/"+c.at.Type).Body(app.Span().Class("i", "i-down", "turned").Aria("hidden", true), app.Span().Text(many)),
			c.highlights(),
			c.about(one),
			c.tests(),
		),
		app.Section().Class("centre").Aria("label", "Activities").Body(c.timeline()),
		app.Aside().Class("right").Aria("label", "Associated records").Body(
			app.Range(kinds).Slice(func(i int) app.UI { return c.associated(kinds[i].Type, kinds[i].Many, kinds[i].Icon) }),
		),
	)
}

// highlights are the record's name and what can be done with it.
func (c *crm) highlights() app.UI {
	_, _, iconName := kindOf(c.at.Type)
	mark := app.Span().Class("avatar", "avatar-large").Aria("hidden", true)
	if c.at.Type == "contacts" {
		mark = mark.Text(initials(c.page.Name))
	} else {
		mark = mark.Body(icon(iconName))
	}
	return app.Div().Class("highlights").Body(
		app.Div().Class("who").Body(
			mark,
			app.Div().Class("who-text").Body(
				app.H1().Text(c.page.Name),
				app.P().Class("quiet").Text(c.page.Detail),
				app.P().Class("quiet").Text(c.page.Properties["email"]),
			),
		),
		app.Div().Class("actions").Body(
			c.action("note", "Note", "note", nil),
			c.action("email", "Email", "mail", nil),
			c.action("call", "Call", "call", c.page.Phones),
			c.action("task", "Task", "task", nil),
		),
	)
}

// action is one of the round buttons; only Call does something here.
func (c *crm) action(id, label, iconName string, phones []phone) app.UI {
	b := app.Button().ID("action-" + id).Type("button").Class("action").Disabled(len(phones) == 0)
	if len(phones) > 0 {
		d := dial{Record: c.page.record, Phone: phones[0]}
		b = b.OnClick(func(app.Context, app.Event) { c.press(d) }, app.EventScope(d.Phone.Number))
	}
	return b.Body(app.Span().Class("action-circle").Body(icon(iconName)), app.Span().Class("action-label").Text(label))
}

// shownProperties are those of the left column, by type: name and label.
var shownProperties = map[string][][2]string{
	"contacts": {{"email", "Email"}, {"phone", ""}, {"mobilephone", ""}, {"jobtitle", "Job title"}, {"company", "Company name"},
		{"lifecyclestage", "Lifecycle stage"}, {"hs_lead_status", "Lead status"}, {"city", "City"}, {"country", "Country"}},
	"companies": {{"domain", "Company domain name"}, {"phone", ""}, {"industry", "Industry"}, {"city", "City"}, {"country", "Country"}, {"description", "Description"}},
	"deals":     {{"amount", "Amount"}, {"dealstage", "Deal stage"}, {"pipeline", "Pipeline"}, {"closedate", "Close date"}},
	"tickets":   {{"subject", "Ticket name"}, {"content", "Ticket description"}, {"hs_pipeline_stage", "Ticket status"}, {"hs_ticket_priority", "Priority"}},
}

func (c *crm) about(one string) app.UI {
	shown := shownProperties[c.at.Type]
	return app.Section().Class("card").Body(
		app.H2().Class("card-title").Text("About this "+lowered(one)),
		app.Dl().Class("properties").Body(
			app.Range(shown).Slice(func(i int) app.UI { return c.property(shown[i][0], shown[i][1]) }),
			c.plainProperty("Owner", c.page.Owner),
			c.plainProperty("Record ID", c.page.ID),
		),
	)
}

func (c *crm) property(name, label string) app.UI {
	for _, p := range c.page.Phones {
		if p.Property == name {
			return app.Div().Class("property").Body(app.Dt().Text(p.Label), app.Dd().Body(c.phoneLink(c.page.record, p)))
		}
	}
	if label == "" { // A number that the record has not got.
		label = map[string]string{"phone": "Phone number", "mobilephone": "Mobile phone number"}[name]
	}
	return c.plainProperty(label, shownValue(name, c.page.Properties[name]))
}

func (c *crm) plainProperty(label, value string) app.UI {
	return app.Div().Class("property").Body(app.Dt().Text(label), app.Dd().Text(dash(value)))
}

// associated is a card of the right column.
func (c *crm) associated(objectType, title, iconName string) app.UI {
	records := c.page.Associations[objectType]
	return app.Section().Class("card").Hidden(objectType == c.at.Type).Body(
		app.H2().Class("card-title").Text(title+" ("+strconv.Itoa(len(records))+")"),
		app.Range(records).Slice(func(i int) app.UI {
			r := records[i]
			return app.Div().Class("associated").Body(
				app.Span().Class("avatar", "avatar-small").Aria("hidden", true).Body(icon(iconName)),
				app.Div().Class("associated-text").Body(
					app.A().Class("link", "strong").Href(pathOf(r.Type, r.ID)).Text(r.Name),
					app.Span().Class("quiet").Text(r.Detail),
					app.Range(r.Phones).Slice(func(j int) app.UI { return c.phoneLink(r, r.Phones[j]) }),
				),
			)
		}),
		app.If(len(records) == 0, func() app.UI {
			return app.P().Class("quiet").Text("No associated " + lowered(title) + ".")
		}),
	)
}

// tests are the ways in which HubSpot has been seen misbehaving.
func (c *crm) tests() app.UI {
	if len(c.page.Phones) == 0 {
		return app.Div().Hidden(true)
	}
	plain := dial{Record: c.page.record, Phone: c.page.Phones[0]}
	faulty, twice := plain, plain
	faulty.Faulty, twice.Twice = true, true
	button := func(id, text string, press func()) app.UI {
		return app.Button().ID(id).Type("button").Class("button", "small").Text(text).
			OnClick(func(app.Context, app.Event) { press() }, app.EventScope(id, c.page.ID, plain.Phone.Number))
	}
	return app.Section().Class("card").Body(
		app.H2().Class("card-title").Text("Test the calling app"),
		app.Div().Class("test-buttons").Body(
			button("test-faulty", "Dial with faulty objectId", func() { c.press(faulty) }),
			button("test-twice", "Duplicate DIAL_NUMBER", func() { c.press(twice) }),
			button("test-end", "END_CALL", c.endCall),
			button("test-reload", "Reload page", reloadPage),
		),
	)
}

func lowered(s string) string {
	if s == "" {
		return ""
	}
	return string(s[0]|0x20) + s[1:] // Labels begin with an ASCII letter.
}
