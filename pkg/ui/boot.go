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
		return elem("div", "class", "sk", "aria-hidden", "true").Body(
			elem("div", "class", "sk-line sk-w60"), elem("div", "class", "sk-field"),
			elem("div", "class", "sk-pad").Body(skeletonKeys()...),
		)
	}
	return elem("div", "class", "center").Body(
		elem("div", "class", "mark").Body(icon("bridge")),
		words("h2", e.t("boot.title"), "class", "title"),
		elem("ul", "class", "steps").Body(
			step(v.Agent.AgentID != "", e.t("boot.session"), e),
			step(v.Profile != nil, e.t("boot.profile"), e),
			step(v.Link == softphone.LinkUp, e.t("boot.link"), e),
		),
		words("p", e.t("boot.wait"), "class", "note"),
	)
}

func skeletonKeys() []app.UI {
	keys := make([]app.UI, 12)
	for n := range keys {
		keys[n] = elem("div", "class", "sk-key")
	}
	return keys
}

func step(done bool, text string, e Env) app.UI {
	name, state := "state-connecting", e.t("boot.doing")
	if done {
		name, state = "check", e.t("boot.done")
	}
	li := elem("li", "class", "step")
	if done {
		li = li.Class("step-done")
	}
	return li.Body(icon(name), words("span", text), sr(": "+state))
}
