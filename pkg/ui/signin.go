package ui

import (
	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

func signIn(v softphone.View, e Env) app.UI {
	lead := e.t("sign-in.lead")
	if v.Desktop != nil {
		lead = e.t("sign-in.desktop")
	}
	return elem("div", "class", "center").Body(
		elem("div", "class", "mark").Body(icon("bridge")),
		words("h2", e.t("sign-in.title"), "class", "title"),
		words("p", lead, "class", "lead"),
		elem("div", "class", "card code-card", "hidden", flag(v.SignCode == "")).Body(
			words("p", e.t("sign-in.code"), "class", "note"),
			words("p", v.SignCode, "class", "code"),
			words("p", e.t("sign-in.code-why"), "class", "note"),
		),
	)
}

func signInDock(v softphone.View, e Env) app.UI {
	label, note, kind := e.t("sign-in.button"), e.t("sign-in.popup"), "primary"
	if v.Desktop != nil {
		label, note = e.t("sign-in.retry"), ""
	}
	if v.SignCode != "" {
		label, note, kind = e.t("sign-in.again"), e.t("sign-in.waiting"), "plain"
	}
	return elem("div", "class", "dock-stack").Body(
		button{id: "sign-in", kind: kind + " wide", label: label, can: yes, do: send{softphone.SignInRequested{}}}.draw(e),
		words("p", note, "class", "dock-note"),
	)
}
