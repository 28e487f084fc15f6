package ui

import (
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

func dialing(c softphone.CallView, e Env) app.UI {
	note := ""
	switch {
	case c.Legs.Joined:
		note = e.t("dialing.rings")
	case deskPhone(c.Option):
		note = e.t("dialing.desk-phone")
	}
	return elem("div", "class", "center").Body(
		elem("div", "class", "avatar tone-info ringing").Body(icon("call-out")),
		elem("p", "class", "call-kind").Body(
			app.Text(e.t("dialing.kind")+" "),
			timer("", Elapsed(since(c.StartedAt, e))),
		),
		identity(c, e),
		noCalls(c, e),
		words("p", e.t("dialing.from", Phone(c.Ours)), "class", "note", "hidden", flag(c.Ours == "")),
		words("p", note, "class", "note phone-note", "hidden", flag(note == "")),
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
		number = callNumber(c, e)
	}
	return elem("div", "class", "identity").Body(
		words("div", who(c, e), "class", "identity-name", "id", "call-name", "title", who(c, e)),
		words("div", number, "class", "identity-number", "title", e.exact(c.Number), "hidden", flag(number == "")),
	)
}

func dialingDock(c softphone.CallView, e Env) app.UI {
	label := e.t("dialing.cancel")
	if c.Pending == softphone.OpEnd {
		label = e.t("call.ending")
	}
	return elem("div", "class", "dock-stack").Body(
		button{
			id: "end", kind: "end wide", icon: "end", label: label, keys: keysEnd,
			can: c.CanEnd, do: send{softphone.EndRequested{Key: c.Key}}, busy: c.Pending == softphone.OpEnd,
		}.draw(e),
	)
}
