package ui

import (
	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

func signIn(v softphone.View, e Env) app.UI {
	return app.Div().Class("center").Body(
		app.Div().Class("mark").Body(icon("bridge")),
		app.H2().Class("title").Text(e.t("sign-in.title")),
		app.P().Class("lead").Text(e.t("sign-in.lead")),
		app.Div().Class("card", "code-card").Hidden(v.SignCode == "").Body(
			app.P().Class("note").Text(e.t("sign-in.code")),
			app.P().Class("code").Text(v.SignCode),
			app.P().Class("note").Text(e.t("sign-in.code-why")),
		),
	)
}

func signInDock(v softphone.View, e Env) app.UI {
	label, note, kind := e.t("sign-in.button"), e.t("sign-in.popup"), "primary"
	if v.SignCode != "" {
		label, note, kind = e.t("sign-in.again"), e.t("sign-in.waiting"), "plain"
	}
	return app.Div().Class("dock-stack").Body(
		button{id: "sign-in", kind: kind + " wide", label: label, can: yes, do: send{softphone.SignInRequested{}}}.draw(e),
		app.P().Class("dock-note").Text(note),
	)
}
