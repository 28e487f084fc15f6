package ui

import (
	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// taken says that not a tab of this browser but another session holds the
// connection.
func taken(v softphone.View) bool { return v.Link == softphone.LinkTaken }

func follower(v softphone.View, e Env) app.UI {
	title, lead := "follower.title", "follower.lead"
	if taken(v) {
		title, lead = "follower.taken", "follower.taken-lead"
	}
	return elem("div", "class", "center").Body(
		elem("div", "class", "avatar tone-quiet").Body(icon("tabs")),
		words("h2", e.t(title), "class", "title"),
		words("p", e.t(lead), "class", "lead"),
		mirrored(v, e),
	)
}

// mirrored is the call in the other tab.
func mirrored(v softphone.View, e Env) app.UI {
	if v.Call == nil {
		return nothing()
	}
	c := *v.Call
	return elem("div", "class", "card mirror").Body(
		icon(channelIcon(c.Channel)),
		elem("div", "class", "mirror-text").Body(
			words("div", who(c, e), "class", "mirror-name"),
			words("div", e.t("phase."+string(c.Phase)), "class", "note"),
		),
		timer("mirror-time", Elapsed(since(c.StartedAt, e))),
	)
}

func followerDock(v softphone.View, e Env) app.UI {
	ask := e.Local.Confirm == confirmBring
	label, kind := e.t("follower.bring"), "primary wide"
	if ask {
		label = e.t("follower.sure")
	}
	return elem("div", "class", "dock-stack").Body(
		words("p", e.t("follower.live"), "class", "dock-note", "id", "bring-note", "role", "status", "hidden", flag(!ask)),
		button{id: "bring", kind: kind, label: label, can: yes, do: bringHere{}, describe: describedBy("bring-note", map[bool]string{true: "x"}[ask])}.draw(e),
	)
}

// confirmBring waits for a second press of "Bring here".
const confirmBring = "bring"

// bringHere takes the lead; with a call going on only when asked twice.
type bringHere struct{}

func (bringHere) apply(p *Panel) {
	if p.view.Call != nil && p.local.Confirm != confirmBring {
		p.local.Confirm = confirmBring
		return
	}
	p.local.Confirm = ""
	p.send(softphone.LeadRequested{})
}
