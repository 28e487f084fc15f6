package ui

import (
	"slices"
	"strconv"
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

func incoming(c softphone.CallView, v softphone.View, e Env) app.UI {
	return elem("div", "class", "center incoming", "role", "alertdialog", "aria-modal", "false", "aria-labelledby", "incoming-kind", "aria-describedby", "call-name call-why").
		Body(
			elem("div", "class", "avatar tone-ok ringing").Body(icon(incomingIcon(c))),
			words("p", incomingKind(c, e), "class", "call-kind", "id", "incoming-kind"),
			identity(c, e),
			words("p", incomingWhy(c, v, e), "class", "call-why", "id", "call-why", "hidden", flag(incomingWhy(c, v, e) == "")),
			key("match "+string(c.Match.State), func() app.UI { return match(c, e) }),
			cardLine(c, e),
			variables(c, v, e),
		)
}

func incomingIcon(c softphone.CallView) string {
	if c.Legs.Consulted {
		return "state-consulting"
	}
	return channelIcon(c.Channel)
}

func incomingKind(c softphone.CallView, e Env) string {
	id := "incoming." + channelIcon(c.Channel)
	if c.Legs.Consulted {
		id = "incoming.consult"
	}
	if c.Queue == "" {
		return e.t(id)
	}
	return e.t(id) + " · " + c.Queue
}

// incomingWhy is what it is about, as far as it is known: which colleague asks
// about whom, else when the two last talked.
func incomingWhy(c softphone.CallView, v softphone.View, e Env) string {
	if c.Legs.Consulted {
		return e.t("consult.asks-you", consultPeer(c, e), who(c, e))
	}
	return lastTalk(c, v, e)
}

// lastTalk says when the agent last talked to the other side, and how that
// ended: from the history of the last days.
func lastTalk(c softphone.CallView, v softphone.View, e Env) string {
	n := slices.IndexFunc(v.History, func(r softphone.Record) bool {
		known := c.Match.Chosen != nil && r.Record != nil && same(*r.Record, *c.Match.Chosen)
		return r.Key != c.Key && !r.AnsweredAt.IsZero() && (known || r.Number != "" && r.Number == c.Number)
	})
	if n < 0 {
		return ""
	}
	r := v.History[n]
	day := dayName(r.StartedAt, e)
	if r.CodeName != "" {
		return e.t("call.last-talk-code", day, clock(r.StartedAt), r.CodeName)
	}
	return e.t("call.last-talk", day, clock(r.StartedAt))
}

// countdown is how long the offer still rings, as a bar and in seconds. Without
// a known end there is none.
func countdown(c softphone.CallView, e Env) app.UI {
	whole := c.RingUntil.Sub(c.StartedAt)
	if c.RingUntil.IsZero() || whole <= 0 {
		return nothing()
	}
	left := min(max(c.RingUntil.Sub(e.Now), 0), whole)
	seconds := int((left + time.Second - 1) / time.Second)
	class := "countdown"
	if seconds <= 5 {
		class += " countdown-last"
	}
	return elem("div", "class", class, "aria-hidden", "true").Body(
		elem("progress", "class", "bar-left", "max", strconv.Itoa(int(whole/time.Second)), "value", strconv.Itoa(seconds)),
		timer("", e.t("incoming.left", strconv.Itoa(seconds))),
	)
}

// incomingDock has the countdown too, because the stage may scroll.
func incomingDock(c softphone.CallView, v softphone.View, e Env) app.UI {
	return elem("div", "class", "dock-stack").Body(countdown(c, e), answerOrPhone(c, v, e))
}

// answerOrPhone is the two buttons, or where the phone rings.
func answerOrPhone(c softphone.CallView, v softphone.View, e Env) app.UI {
	if c.CanAnswer.Why == softphone.OnYourPhone {
		where := ""
		if v.Station != nil && v.Station.Number != "" {
			where = e.t("incoming.phone-"+string(v.Station.Option), Phone(v.Station.Number))
		}
		return elem("div", "class", "phone-rings").Body(
			icon("desk-phone"),
			elem("div").Body(
				words("p", e.t("incoming.on-phone"), "class", "phone-title"),
				words("p", e.t("incoming.on-phone-do")+" "+where, "class", "note"),
			),
		)
	}
	answering := c.Pending == softphone.OpAccept
	label := e.t("incoming.answer")
	if answering {
		label = e.t("incoming.answering")
	}
	return elem("div", "class", "dock-pair").Body(
		button{
			id: focusAnswer, kind: "answer", icon: "call", label: label, keys: keysAnswer,
			can: c.CanAnswer, do: answer{c.Key}, busy: answering, describe: describedBy("answer-why", why(c.CanAnswer, e)),
		}.draw(e),
		elem("div", "class", "slot-wide", "hidden", flag(c.CanDecline.Why == softphone.NotHere)).Body(
			button{
				id: "decline", kind: "end-outline wide", icon: "end", label: e.t("incoming.decline"), keys: keysEnd,
				can: c.CanDecline, do: send{softphone.DeclineRequested{Key: c.Key}}, busy: c.Pending == softphone.OpDecline,
				describe: describedBy("answer-why", why(c.CanDecline, e)),
			}.draw(e),
		),
		words("p", orElse(why(c.CanAnswer, e), why(c.CanDecline, e)), "class", "sr", "id", "answer-why"),
	)
}

// answer is the Answer button. Right after the focus was moved there it does
// nothing: the key was meant for what had the focus before.
type answer struct{ Key softphone.CallKey }

func (i answer) apply(p *Panel) {
	if p.now().Before(p.guard) {
		return
	}
	p.send(softphone.AnswerRequested{Key: i.Key})
}
