package ui

import (
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

func dialing(c softphone.CallView, e Env) app.UI {
	note := ""
	if deskPhone(c.Option) {
		note = e.t("dialing.desk-phone")
	}
	return app.Div().Class("center").Body(
		app.Div().Class("avatar", "tone-info", "ringing").Body(icon("call-out")),
		app.P().Class("call-kind").Body(
			app.Text(e.t("dialing.kind")+" "),
			timer("", Elapsed(since(c.StartedAt, e))),
		),
		identity(c, e),
		app.P().Class("note").Hidden(c.Ours == "").Text(e.t("dialing.from", Phone(c.Ours))),
		app.P().Class("note", "phone-note").Hidden(note == "").Text(note),
	)
}

// deskPhone says whether the agent's audio is on a phone of their own.
func deskPhone(o softphone.LoginOption) bool {
	return o == softphone.Extension || o == softphone.AgentDN
}

// since is a running time, zero before it began.
func since(t time.Time, e Env) time.Duration {
	if t.IsZero() {
		return 0
	}
	return e.Now.Sub(t)
}

// identity is the name over the number, centred.
func identity(c softphone.CallView, e Env) app.UI {
	number := ""
	if c.Name != "" {
		number = Phone(c.Number)
	}
	return app.Div().Class("identity").Body(
		app.Div().Class("identity-name").Attr("id", "call-name").Attr("title", who(c, e)).Text(who(c, e)),
		app.Div().Class("identity-number").Attr("title", c.Number).Hidden(number == "").Text(number),
	)
}

func dialingDock(c softphone.CallView, e Env) app.UI {
	label := e.t("dialing.cancel")
	if c.Pending == softphone.OpEnd {
		label = e.t("call.ending")
	}
	return app.Div().Class("dock-stack").Body(
		button{
			id: "end", kind: "end wide", icon: "end", label: label, keys: keysEnd,
			can: c.CanEnd, do: send{softphone.EndRequested{Key: c.Key}}, busy: c.Pending == softphone.OpEnd,
		}.draw(e),
	)
}
