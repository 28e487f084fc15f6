package ui

import (
	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

func missedName(m softphone.Missed, e Env) string {
	return orElse(orElse(m.Name, Phone(m.Number)), e.t("call.unknown"))
}

func missed(v softphone.View, e Env) app.UI {
	if v.Missed == nil {
		return nothing()
	}
	m := *v.Missed
	number := ""
	if m.Name != "" {
		number = Phone(m.Number)
	}
	at := clock(m.At)
	if m.Queue != "" {
		at = m.Queue + " · " + at
	}
	state := e.t("missed.state", word(v.Status, e))
	if v.Status.Word == softphone.WordAvailable {
		state = e.t("missed.available")
	}
	return app.Div().Class("center").Body(
		app.Div().Class("avatar", "tone-error").Body(icon("call-missed")),
		app.P().Class("call-kind").Text(e.t("missed.kind")),
		app.Div().Class("identity").Body(
			app.Div().Class("identity-name").Attr("title", missedName(m, e)).Text(missedName(m, e)),
			app.Div().Class("identity-number").Attr("title", m.Number).Hidden(number == "").Text(number),
		),
		app.P().Class("note").Text(at),
		app.Div().Class("callout", "tone-error").Body(
			icon("state-rona"),
			app.Div().Body(
				app.P().Class("callout-title").Text(state),
				app.P().Text(e.t(missedReason(v))),
			),
		),
	)
}

// missedReason is the message that says why, and what follows from it.
func missedReason(v softphone.View) string {
	if v.Status.Word == softphone.WordAvailable {
		return "missed.why-available"
	}
	if id := "missed.why-" + string(v.Missed.Outcome); has(id) {
		return id
	}
	return "missed.why"
}

func missedDock(v softphone.View, e Env) app.UI {
	if v.Missed == nil {
		return nothing()
	}
	return app.Div().Class("dock-stack").Body(
		app.Div().Class("dock-pair").Body(
			app.Div().Class("slot-wide").Hidden(v.CanGoAvailable.Why == softphone.NotHere).Body(
				button{id: "go-available", kind: "primary wide", label: e.t("missed.available-button"), can: v.CanGoAvailable, do: send{softphone.StateRequested{}}}.draw(e),
			),
			app.Div().Class("slot-wide").Hidden(v.Missed.Number == "").Body(
				button{id: "call-back", kind: "plain wide", icon: "call", label: e.t("missed.call-back"), can: v.CanDial, do: redial{Number: v.Missed.Number}}.draw(e),
			),
		),
		button{id: "dismiss-missed", kind: "link", label: e.t("missed.dismiss"), can: yes, do: send{softphone.MissedDismissed{}}}.draw(e),
	)
}
