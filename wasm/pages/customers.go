//go:build js && wasm

package main

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// callers are the fixtures worth a button.
var callers = []struct{ id, label, detail, number, queue string }{
	{"call-maria", "Maria Silva calls Billing", "one match", "+14155550100", "Billing"},
	{"call-unknown", "Unknown caller", "no match", "+14155550199", "Billing"},
	{"call-shared", "Shared number", "several matches", "+14155550123", "Billing"},
}

// sandboxDrawer is where a person is the caller, the desk phones and the other
// agents.
func (c *crm) sandboxDrawer() app.UI {
	return app.Div().Class("drawer-body").Body(
		c.drawerHead("Sandbox", "You are the customers, the desk phones and the other agents."),
		app.P().ID("sandbox-down").Class("banner").Hidden(!c.world.down).Text("The sandbox does not answer."),
		app.Section().Class("drawer-part").Body(
			app.H3().Text("A customer calls"),
			app.Div().Class("callers").Body(app.Range(callers).Slice(func(i int) app.UI {
				k := callers[i]
				return app.Button().ID(k.id).Type("button").Class("caller").
					OnClick(func(app.Context, app.Event) { c.customerCalls(k.number, k.queue) }, app.EventScope(k.id)).Body(
					icon("call-in"),
					app.Span().Class("caller-text").Body(
						app.Span().Class("strong").Text(k.label),
						app.Span().Class("quiet").Text(k.number+", "+k.detail),
					),
				)
			})),
			app.Form().Class("call-form").OnSubmit(func(_ app.Context, e app.Event) {
				e.PreventDefault()
				c.customerCalls(valueOf("call-number"), valueOf("call-queue"))
			}).Body(
				app.Label().Class("label").For("call-number").Text("Number"),
				app.Input().ID("call-number").Type("tel").Class("field").Placeholder("+14155550100").Required(true),
				app.Label().Class("label").For("call-queue").Text("Queue"),
				app.Select().ID("call-queue").Class("field").Body(
					app.Option().Value("Billing").Text("Billing"),
					app.Option().Value("Sales").Text("Sales"),
				),
				app.Button().ID("call-start").Type("submit").Class("button", "primary").Text("Call"),
			),
		),
		app.Section().Class("drawer-part").Body(
			app.H3().Text("Calls ("+strconv.Itoa(len(c.world.contacts))+")"),
			app.Range(c.world.contacts).Slice(func(i int) app.UI { return c.interactionCard(c.world.contacts[i]) }),
			app.If(len(c.world.contacts) == 0, func() app.UI { return app.P().Class("quiet").Text("Nobody is calling.") }),
		),
		app.Section().Class("drawer-part").Body(
			app.H3().Text("Agents"),
			app.Range(c.world.agents).Slice(func(i int) app.UI {
				a := c.world.agents[i]
				return app.Div().Class("agent").DataSet("agent", a.Name).Body(
					app.Span().Class("avatar", "avatar-small").Aria("hidden", true).Text(initials(a.Name)),
					app.Span().Class("agent-name").Text(a.Name),
					app.Span().Class("quiet").Text(extensionWord(a.Extension)),
					app.Span().Class("chip", chipTone(a.State)).Text(dash(a.State)),
				)
			}),
			app.If(len(c.world.agents) == 0, func() app.UI { return app.P().Class("quiet").Text("No agents.") }),
		),
	)
}

// interactionCard has a button for everything that others can do to a call.
func (c *crm) interactionCard(k contact) app.UI {
	customer := func(label, action, class string) app.UI {
		return app.Button().Type("button").Class("button", "small", class).DataSet("action", action).Text(label).
			OnClick(func(app.Context, app.Event) { c.act(k.ID, "customer", map[string]string{"action": action}) }, app.EventScope(k.ID, action))
	}
	holders := c.world.holders(k.ID)
	return app.Div().Class("interaction").DataSet("interaction", k.ID).Body(
		app.Div().Class("interaction-head").Body(
			app.Span().Class("strong").Text(callerName(k)),
			app.Span().Class("chip").Text(dash(interactionState(k, holders))),
		),
		app.P().Class("quiet").Text(k.Queue),
		app.Div().Class("interaction-buttons").Body(
			app.Range(holders).Slice(func(i int) app.UI {
				name := holders[i]
				return app.Button().Type("button").Class("button", "small", "answer").DataSet("answer", name).Text("Answer "+name+"’s phone").
					OnClick(func(app.Context, app.Event) { c.act(k.ID, "answer", map[string]string{"agent": name}) }, app.EventScope(k.ID, name))
			}),
			customer("Customer answers", "answer", ""),
			customer("Busy", "busy", ""),
			customer("No answer", "no-answer", ""),
			customer("Customer hangs up", "hangup", "end"),
		),
	)
}

// holders are the names of the agents who have an interaction.
func (s *sandbox) holders(id string) []string {
	var names []string
	for _, a := range s.agents {
		for _, raw := range a.Interactions {
			if readInteraction(raw).ID == id {
				names = append(names, a.Name)
				break
			}
		}
	}
	return names
}

func callerName(k contact) string {
	for _, known := range callers[:1] {
		if known.number == k.From {
			return "Maria Silva " + k.From
		}
	}
	if k.From == "" {
		return k.ID
	}
	return k.From
}

func interactionState(k contact, holders []string) string {
	switch {
	case k.State != "":
		return k.State
	case len(holders) == 0:
		return "waiting in queue"
	}
	return "with " + holders[0]
}

func extensionWord(extension string) string {
	if extension == "" {
		return ""
	}
	return "extension " + extension
}

func chipTone(state string) string {
	switch state {
	case "Available", "available":
		return "tone-ok"
	case "", "LoggedOut", "loggedOut", "logged-out", "Logged out":
		return "tone-quiet"
	case "Idle", "idle":
		return "tone-warn"
	}
	return "tone-info"
}
