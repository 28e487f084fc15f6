package ui

import (
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// slowAfter is when the skeleton says what it waits for.
const slowAfter = 2 * time.Second

// boot continues the static skeleton of the page shell (same classes), and
// lists the steps if it takes long.
func boot(v softphone.View, e Env) app.UI {
	slow := !e.Local.BootSince.IsZero() && e.Now.Sub(e.Local.BootSince) >= slowAfter
	if !slow {
		return app.Div().Class("sk").Aria("hidden", true).Body(
			app.Div().Class("sk-line", "sk-w60"), app.Div().Class("sk-field"),
			app.Div().Class("sk-pad").Body(skeletonKeys()...),
		)
	}
	return app.Div().Class("center").Body(
		app.Div().Class("mark").Body(icon("bridge")),
		app.H2().Class("title").Text(e.t("boot.title")),
		app.Ul().Class("steps").Body(
			step(v.Agent.AgentID != "", e.t("boot.session"), e),
			step(v.Profile != nil, e.t("boot.profile"), e),
			step(v.Link == softphone.LinkUp, e.t("boot.link"), e),
		),
		app.P().Class("note").Text(e.t("boot.wait")),
	)
}

func skeletonKeys() []app.UI {
	keys := make([]app.UI, 12)
	for n := range keys {
		keys[n] = app.Div().Class("sk-key")
	}
	return keys
}

func step(done bool, text string, e Env) app.UI {
	name, state := "state-connecting", e.t("boot.doing")
	if done {
		name, state = "check", e.t("boot.done")
	}
	li := app.Li().Class("step")
	if done {
		li = li.Class("step-done")
	}
	return li.Body(icon(name), app.Span().Text(text), sr(": "+state))
}
