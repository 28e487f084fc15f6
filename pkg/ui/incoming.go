package ui

import (
	"strconv"
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

func incoming(c softphone.CallView, v softphone.View, e Env) app.UI {
	return app.Div().Class("center", "incoming").Role("alertdialog").Attr("aria-modal", "false").
		Attr("aria-labelledby", "incoming-kind").Attr("aria-describedby", "call-name").
		Body(
			app.Div().Class("avatar", "tone-ok", "ringing").Body(icon(channelIcon(c.Channel))),
			app.P().Class("call-kind").Attr("id", "incoming-kind").Text(incomingKind(c, e)),
			identity(c, e),
			key("match "+string(c.Match.State), func() app.UI { return match(c, e) }),
			variables(c.Variables, v.Profile, e),
		)
}

func incomingKind(c softphone.CallView, e Env) string {
	id := "incoming." + channelIcon(c.Channel)
	if c.Queue == "" {
		return e.t(id)
	}
	return e.t(id) + " · " + c.Queue
}

// variables is the call-associated data (CAD) as chips of label and value.
// Secure values are masked where the profile says so.
func variables(list []softphone.Variable, p *softphone.Profile, e Env) app.UI {
	if len(list) == 0 {
		return nothing()
	}
	rows := make([]app.UI, 0, len(list))
	for _, x := range list {
		label, value := x.Label, x.Value
		if label == "" {
			label = x.Name
		}
		if x.Secure && p != nil && p.MaskSensitive {
			value = masked(value)
		}
		if value == "" {
			continue
		}
		rows = append(rows, app.Div().Class("cad").Body(
			app.Dt().Text(label),
			app.Dd().Attr("title", value).Text(value),
		))
	}
	return app.Dl().Class("cads").Attr("aria-label", e.t("call.variables")).Body(rows...)
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
	return app.Div().Class(class).Aria("hidden", true).Body(
		app.Progress().Class("bar-left").Max(strconv.Itoa(int(whole/time.Second))).Value(strconv.Itoa(seconds)),
		timer("", e.t("incoming.left", strconv.Itoa(seconds))),
	)
}

// incomingDock has the countdown too, because the stage may scroll.
func incomingDock(c softphone.CallView, v softphone.View, e Env) app.UI {
	return app.Div().Class("dock-stack").Body(countdown(c, e), answerOrPhone(c, v, e))
}

// answerOrPhone is the two buttons, or where the phone rings.
func answerOrPhone(c softphone.CallView, v softphone.View, e Env) app.UI {
	if c.CanAnswer.Why == softphone.OnYourPhone {
		where := ""
		if v.Station != nil && v.Station.Number != "" {
			where = e.t("incoming.phone-"+string(v.Station.Option), Phone(v.Station.Number))
		}
		return app.Div().Class("phone-rings").Body(
			icon("desk-phone"),
			app.Div().Body(
				app.P().Class("phone-title").Text(e.t("incoming.on-phone")),
				app.P().Class("note").Text(e.t("incoming.on-phone-do")+" "+where),
			),
		)
	}
	answering := c.Pending == softphone.OpAccept
	label := e.t("incoming.answer")
	if answering {
		label = e.t("incoming.answering")
	}
	return app.Div().Class("dock-pair").Body(
		button{
			id: focusAnswer, kind: "answer", icon: "call", label: label, keys: keysAnswer,
			can: c.CanAnswer, do: answer{c.Key}, busy: answering, describe: describedBy("answer-why", why(c.CanAnswer, e)),
		}.draw(e),
		app.Div().Class("slot-wide").Hidden(c.CanDecline.Why == softphone.NotHere).Body(
			button{
				id: "decline", kind: "end-outline wide", icon: "end", label: e.t("incoming.decline"), keys: keysEnd,
				can: c.CanDecline, do: send{softphone.DeclineRequested{Key: c.Key}}, busy: c.Pending == softphone.OpDecline,
				describe: describedBy("answer-why", why(c.CanDecline, e)),
			}.draw(e),
		),
		app.P().Class("sr").Attr("id", "answer-why").Text(orElse(why(c.CanAnswer, e), why(c.CanDecline, e))),
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
