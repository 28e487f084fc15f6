//go:build js && wasm

package main

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

func (c *crm) timeline() app.UI {
	all := c.page.Timeline
	return app.Div().Class("timeline").Body(
		app.Div().Class("timeline-head").Body(
			app.H2().Text("Activities"),
			app.Button().ID("timeline-refresh").Type("button").Class("button", "small").Text("Refresh").
				OnClick(func(app.Context, app.Event) { c.fetch() }),
		),
		app.If(len(all) == 0, func() app.UI {
			return app.P().Class("empty").Text("No activities yet. Calls that are made or taken for this record appear here.")
		}),
		app.Range(all).Slice(func(i int) app.UI {
			a := all[i]
			month := a.At.Local().Format("January 2006")
			return app.Div().Class("month-group").Body(
				app.If(i == 0 || all[i-1].At.Local().Format("January 2006") != month, func() app.UI {
					return app.H3().Class("month").Text(month)
				}),
				card(a),
			)
		}),
	)
}

// card is one activity.
func card(a activity) app.UI {
	iconName, kind := kindOfActivity(a)
	return app.Article().Class("activity").DataSet("id", a.ID).DataSet("kind", a.Kind).Body(
		app.Div().Class("activity-head").Body(
			app.Span().Class("activity-icon", "kind-"+a.Kind).Body(icon(iconName)),
			app.Div().Class("activity-title").Body(
				app.Span().Class("strong").Text(kind),
				app.Span().Class("quiet").Text(byline(a)),
			),
			app.Time().Class("quiet").DateTime(a.At.Format(time.RFC3339)).Text(moment(a.At)),
		),
		app.If(a.Title != "", func() app.UI { return app.P().Class("activity-subject").Text(a.Title) }),
		app.If(a.Body != "", func() app.UI { return app.P().Class("activity-body").Text(a.Body) }),
		app.If(a.Kind == "call", func() app.UI {
			return app.Dl().Class("facts").Body(
				fact("Outcome", a.Outcome),
				fact("Status", a.Status),
				fact("Direction", directionWord(a.Direction)),
				fact("Duration", a.Duration),
				fact("From", a.From),
				fact("To", a.To),
				fact("Owner", a.Owner),
				fact("External ID", a.ExternalID),
			)
		}),
	)
}

func fact(label, value string) app.UI {
	return app.Div().Class("fact", "fact-"+factName(label)).Body(app.Dt().Text(label), app.Dd().Text(dash(value)))
}

func factName(label string) string {
	if label == "External ID" {
		return "external"
	}
	return lowered(label)
}

func kindOfActivity(a activity) (iconName, title string) {
	switch a.Kind {
	case "call":
		switch {
		case a.Direction == "INBOUND" && missedStatus(a.Status):
			return "call-missed", "Missed call"
		case a.Direction == "INBOUND":
			return "call-in", "Inbound call"
		}
		return "call-out", "Outbound call"
	case "email":
		return "mail", "Email"
	case "task":
		return "task", "Task"
	case "message":
		return "chat", "Message"
	}
	return "note", "Note"
}

func missedStatus(status string) bool { return status == "No answer" || status == "Missed" }

func directionWord(direction string) string {
	switch direction {
	case "INBOUND":
		return "Inbound"
	case "OUTBOUND":
		return "Outbound"
	}
	return ""
}

func byline(a activity) string {
	if a.Owner == "" {
		return ""
	}
	return "by " + a.Owner
}

// moment is a time as HubSpot writes it.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("Jan 2, 2006 at 3:04 PM")
}
