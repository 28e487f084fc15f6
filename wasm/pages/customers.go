//go:build js && wasm

package main

import (
	"slices"
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
					app.Span().Class("avatar", "avatar-small").Aria("hidden", true).Text(initials(titled(a.Name))),
					app.Span().Class("agent-name").Text(titled(a.Name)),
					app.Span().Class("quiet").Text(extensionWord(a.Extension)),
					app.Span().Class("chip", chipTone(a.State)).Text(agentState(a)),
				)
			}),
			app.If(len(c.world.agents) == 0, func() app.UI { return app.P().Class("quiet").Text("No agents.") }),
		),
		app.Section().Class("drawer-part").Body(
			app.H3().Text("Administration"),
			app.P().Class("quiet").Text("Ann is an administrator, too: records, settings and sessions."),
			app.A().ID("administer").Class("link").Href(c.cfg.Admin).Target("_blank").Text("Open Deskbridge’s admin pages"),
		),
	)
}

// interactionCard has a button for everything that others can do to a call.
func (c *crm) interactionCard(k contact) app.UI {
	customer := func(label, action, class string) app.UI {
		return app.Button().Type("button").Class("button", "small", class).DataSet("action", action).Text(label).
			OnClick(func(app.Context, app.Event) { c.act(k.ID, "customer", map[string]string{"action": action}) }, app.EventScope(k.ID, action))
	}
	ringing := k.State == "new" || k.State == "consult"
	dialled := k.Direction == "OUTBOUND" && k.State == "connected" &&
		!slices.Contains(c.world.reached, interactionPath(k.ID, "customer"))
	holders := c.world.holders(k.ID)
	who, line := k.From, k.Queue
	if k.Direction == "OUTBOUND" {
		who, line = k.To, "called by "+titled(k.Agent)
	}
	return app.Div().Class("interaction").DataSet("interaction", k.ID).Body(
		app.Div().Class("interaction-head").Body(
			app.Span().Class("strong").Text(callerName(who)),
			app.Span().Class("chip", chipTone(k.State)).Text(interactionState(k)),
		),
		app.P().Class("quiet").Text(line),
		app.Div().Class("interaction-buttons").Body(
			app.If(ringing, func() app.UI {
				return app.Range(holders).Slice(func(i int) app.UI {
					name := holders[i]
					return app.Button().Type("button").Class("button", "small", "answer").DataSet("answer", name).
						Text("Pick up "+titled(name)+"’s phone").
						OnClick(func(app.Context, app.Event) { c.act(k.ID, "answer", map[string]string{"agent": name}) }, app.EventScope(k.ID, name))
				})
			}),
			app.If(dialled, func() app.UI {
				return app.Div().Class("interaction-buttons").Body(
					customer("Customer answers", "answer", "answer"),
					customer("Busy", "busy", ""),
					customer("No answer", "no-answer", ""),
				)
			}),
			app.If(k.State != "wrapUp", func() app.UI { return customer("Customer hangs up", "hangup", "end") }),
		),
	)
}

// holders are the names of the agents who have an interaction.
func (s *sandbox) holders(id string) []string {
	var names []string
	for _, a := range s.agents {
		if slices.Contains(a.Interactions, id) {
			names = append(names, a.Name)
		}
	}
	return names
}

func callerName(number string) string {
	if number == callers[0].number {
		return "Maria Silva, " + number
	}
	return dash(number)
}

func interactionState(k contact) string {
	switch {
	case k.State == "queued":
		return "Waiting in queue"
	case k.State == "new" && k.Agent != "":
		return "Ringing at " + titled(k.Agent)
	case k.State == "wrapUp":
		return "Wrapping up"
	case k.Agent != "":
		return titled(k.State) + " with " + titled(k.Agent)
	}
	return titled(k.State)
}

// titled makes a name of the fixtures, or a state, begin with a capital.
func titled(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-0x20) + s[1:]
}

func extensionWord(extension string) string {
	if extension == "" {
		return ""
	}
	return "extension " + extension
}

func agentState(a agent) string {
	switch {
	case a.State == "LoggedOut":
		return "Signed out"
	case a.State == "Idle" && a.AuxCode != "":
		return a.AuxCode
	}
	return a.State
}

func chipTone(state string) string {
	switch state {
	case "Available", "connected":
		return "tone-ok"
	case "LoggedOut", "queued":
		return "tone-quiet"
	case "Idle", "hold":
		return "tone-warn"
	}
	return "tone-info"
}
