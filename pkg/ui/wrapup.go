package ui

import (
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

func wrapUp(c softphone.CallView, v softphone.View, e Env) app.UI {
	return elem("div", "class", "head").Body(
		elem("div", "class", "who").Body(
			elem("div", "class", "who-text").Body(
				words("h2", who(c, e), "class", "who-name", "title", who(c, e)),
				words("p", summary(c, e), "class", "who-number"),
			),
		),
		reasons(c, v, e),
		key("match "+string(c.Match.State), func() app.UI {
			if c.Match.State == softphone.MatchOne {
				return nothing()
			}
			return match(c, e)
		}),
		loggingTo(c, e),
	)
}

// summary is the call in one line: 6 min 12 s · Billing · Inbound · Transferred
// to Bob Meyer.
func summary(c softphone.CallView, e Env) string {
	s := e.t("wrap-up.not-connected")
	if !c.AnsweredAt.IsZero() {
		s = Duration(e.Lang, c.EndedAt.Sub(c.AnsweredAt))
	}
	if c.Queue != "" {
		s += " · " + c.Queue
	}
	way := "call.inbound"
	if c.Direction == softphone.Outbound {
		way = "call.outbound"
	}
	s += " · " + e.t(way)
	if to := heir(c.Left, e); to != "" && c.Left.How != softphone.LeftConference {
		s += " · " + e.t("wrap-up.transferred", to)
	}
	return s
}

// loggingTo says where the record of the call goes, with the way to change it.
func loggingTo(c softphone.CallView, e Env) app.UI {
	edit := button{
		id: "logging-edit", kind: "icon-btn", icon: "edit", name: e.t("wrap-up.logging-edit"),
		can: free(c), do: openRecords{"logging-edit"}, describe: "logging-to",
	}.draw(e)
	if c.Match.Chosen == nil {
		text := e.t("wrap-up.logging-none")
		if c.Match.State == softphone.MatchLooking {
			text = e.t("match.looking")
		}
		return elem("div", "class", "logging").Body(icon("person"), words("span", text, "class", "logging-text", "id", "logging-to"), edit)
	}
	name := orElse(c.Match.Chosen.Name, who(c, e))
	if company := chosenMatch(c).Company; company != "" {
		name += " · " + company
	}
	return elem("div", "class", "logging").Body(
		icon(objectIcon(c.Match.Chosen.ObjectTypeID)),
		elem("span", "class", "logging-text", "id", "logging-to", "title", name).Body(app.Text(e.t("wrap-up.logging-to")+" "), words("strong", name)),
		edit,
		app.If(c.CanOpen.OK, func() app.UI {
			return button{kind: "link", icon: "open", label: e.t("match.open"), can: c.CanOpen, do: send{softphone.RecordOpened{Key: c.Key}}}.draw(e)
		}),
	)
}

// free is whether the wrap-up can still be changed.
func free(c softphone.CallView) softphone.Can {
	if c.Pending == softphone.OpWrapUp {
		return softphone.Can{Why: softphone.Waiting}
	}
	return yes
}

func wrapUpDock(c softphone.CallView, e Env) app.UI {
	busy := c.Pending == softphone.OpWrapUp
	label := e.t("wrap-up.submit")
	if busy {
		label = e.t("wrap-up.submitting")
	}
	reason := why(c.CanWrapUp, e)
	return elem("div", "class", "dock-stack").Body(
		autoWrap(c, e),
		button{
			id: "submit", kind: "primary wide", label: label, keys: keysSubmit,
			can: softphone.Can{OK: c.CanWrapUp.OK || c.CanWrapUp.Why == softphone.NoReasonChosen, Why: c.CanWrapUp.Why},
			do:  submitWrapUp{c.Key}, busy: busy, describe: describedBy("submit-why", reason),
		}.draw(e),
		words("p", reason, "class", "dock-note", "id", "submit-why", "hidden", flag(reason == "" || e.Local.Tried)),
	)
}

// extendBy is what one press puts the automatic wrap-up off by.
const extendBy = 30 * time.Second

// autoWrap is how long until the wrap-up submits itself, with the ways to put
// that off or to stop it where the profile lets the agent.
func autoWrap(c softphone.CallView, e Env) app.UI {
	if c.AutoWrapAt.IsZero() {
		return nothing()
	}
	left := max(c.AutoWrapAt.Sub(e.Now), 0)
	class := "auto-wrap"
	if left <= 10*time.Second {
		class = "auto-wrap auto-wrap-last"
	}
	return elem("div", "class", class).Body(
		elem("p", "class", "dock-note", "role", "timer", "aria-live", "off").Body(app.Text(e.t("wrap-up.auto", Elapsed(left+time.Second-1)))),
		elem("div", "class", "auto-wrap-do", "hidden", flag(c.CanExtend.Why == softphone.NotHere)).Body(
			button{
				id: "wrap-more", kind: "plain small", label: e.t("wrap-up.extend"), name: e.t("wrap-up.extend-name"), can: c.CanExtend,
				do: send{softphone.WrapUpExtended{Key: c.Key, By: extendBy}}, describe: describedBy("wrap-more-why", why(c.CanExtend, e)),
			}.draw(e),
			button{
				id: "wrap-stop", kind: "plain small", label: e.t("wrap-up.stop"), name: e.t("wrap-up.stop-name"), can: c.CanExtend,
				do: send{softphone.WrapUpExtended{Key: c.Key}}, describe: describedBy("wrap-more-why", why(c.CanExtend, e)),
			}.draw(e),
			words("span", why(c.CanExtend, e), "class", "sr", "id", "wrap-more-why"),
		),
	)
}

// submitWrapUp submits, or shows what is missing and goes there.
type submitWrapUp struct{ Key softphone.CallKey }

func (i submitWrapUp) apply(p *Panel) {
	c := p.view.Call
	if c == nil || c.Key != i.Key {
		return
	}
	p.flushNotes()
	p.flushFollowUp()
	if c.CanWrapUp.OK {
		p.send(softphone.WrapUpSubmitted{Key: i.Key})
		return
	}
	if c.CanWrapUp.Why == softphone.NoReasonChosen {
		p.local.Tried = true
		p.focus = firstReason(*c)
		p.say(T(p.Lang, "why.no-reason-chosen"))
		return
	}
	explain{c.CanWrapUp.Why}.apply(p)
}
