package ui

import (
	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

func missedName(m softphone.Missed, e Env) string {
	return orElse(orElse(e.name(m.Name), e.phone(m.Number)), e.t("call.unknown"))
}

func missed(v softphone.View, e Env) app.UI {
	if v.Missed == nil {
		return nothing()
	}
	m := *v.Missed
	number := ""
	if m.Name != "" {
		number = e.phone(m.Number)
	}
	at := clock(m.At)
	if m.Queue != "" {
		at = m.Queue + " · " + at
	}
	state := e.t("missed.state", word(v.Status, e))
	if v.Status.Word == softphone.WordAvailable {
		state = e.t("missed.available")
	}
	return elem("div", "class", "center").Body(
		elem("div", "class", "avatar tone-error").Body(icon("call-missed")),
		words("p", e.t("missed.kind"), "class", "call-kind"),
		elem("div", "class", "identity").Body(
			words("div", missedName(m, e), "class", "identity-name", "title", missedName(m, e)),
			words("div", number, "class", "identity-number", "title", e.exact(m.Number), "hidden", flag(number == "")),
		),
		words("p", at, "class", "note"),
		elem("div", "class", "callout tone-error").Body(
			icon("state-rona"),
			elem("div").Body(
				words("p", state, "class", "callout-title"),
				words("p", e.t(missedReason(v))),
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
	return elem("div", "class", "dock-stack").Body(
		elem("div", "class", "dock-pair").Body(
			elem("div", "class", "slot-wide", "hidden", flag(v.CanGoAvailable.Why == softphone.NotHere)).Body(
				button{id: "go-available", kind: "primary wide", label: e.t("missed.available-button"), can: v.CanGoAvailable, do: send{softphone.StateRequested{}}}.draw(e),
			),
			elem("div", "class", "slot-wide", "hidden", flag(v.Missed.Number == "")).Body(
				button{id: "call-back", kind: "plain wide", icon: "call", label: e.t("missed.call-back"), can: v.CanDial, do: redial{Number: v.Missed.Number}}.draw(e),
			),
		),
		button{id: "dismiss-missed", kind: "link", label: e.t("missed.dismiss"), can: yes, do: send{softphone.MissedDismissed{}}}.draw(e),
	)
}
