package ui

import (
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// onCall is the stage of talking, hold, consult and wrap-up: a head that
// changes with the screen over notes that stay, so that typing goes on.
func onCall(c softphone.CallView, v softphone.View, e Env) app.UI {
	return elem("div", "class", "oncall").Body(
		key("head "+string(v.Screen), func() app.UI {
			if v.Screen == softphone.ScreenWrapUp {
				return wrapUp(c, e)
			}
			return callHead(c, v, e)
		}),
		notes(c, v, e),
	)
}

// callHead is who, how long, and what holds of the call.
func callHead(c softphone.CallView, v softphone.View, e Env) app.UI {
	return elem("div", "class", "head").Body(
		elem("div", "class", "who").Body(
			elem("div", "class", "who-text").Body(
				words("h2", who(c, e), "class", "who-name", "title", who(c, e)),
				words("p", Phone(c.Number), "class", "who-number", "title", c.Number, "hidden", flag(c.Name == "")),
			),
			timer("who-time", Elapsed(since(c.AnsweredAt, e))),
		),
		holdBand(c, v, e),
		consultLegs(c, v, e),
		chips(c, e),
		key("match "+string(c.Match.State), func() app.UI { return match(c, e) }),
	)
}

// holdBand says in amber that the customer waits, and since when.
func holdBand(c softphone.CallView, v softphone.View, e Env) app.UI {
	if v.Screen != softphone.ScreenOnHold {
		return nothing()
	}
	return elem("div", "class", "band tone-warn").Body(
		icon("state-held"),
		words("span", e.t("hold.band"), "class", "band-text"),
		timer("band-time", Elapsed(since(c.HeldAt, e))),
		button{
			id: "resume", kind: "band-btn", label: e.t("hold.resume"), can: c.CanResume,
			do: send{softphone.ResumeRequested{Key: c.Key}}, busy: c.Pending == softphone.OpResume,
		}.draw(e),
	)
}

// consultLegs are the two legs of a consult. Its controls come with transfers.
func consultLegs(c softphone.CallView, v softphone.View, e Env) app.UI {
	if v.Screen != softphone.ScreenConsult {
		return nothing()
	}
	return elem("div", "class", "legs").Body(
		leg(who(c, e), c.Legs.MainHeld, e),
		leg(orElse(c.Legs.ConsultPeerName, e.t("consult.peer")), c.Legs.ConsultHeld, e),
	)
}

func leg(name string, held bool, e Env) app.UI {
	class, state := "leg leg-active", e.t("consult.talking")
	if held {
		class, state = "leg", e.t("word.held")
	}
	return elem("div", "class", class).Body(
		words("span", name, "class", "leg-name"),
		words("span", state, "class", "leg-state"),
	)
}

func chips(c softphone.CallView, e Env) app.UI {
	direction, way := "call-in", "call.inbound"
	if c.Direction == softphone.Outbound {
		direction, way = "call-out", "call.outbound"
	}
	return elem("div", "class", "chips").Body(
		chip("quiet", direction, e.t(way)),
		app.If(c.Queue != "", func() app.UI { return chip("quiet", "queue", c.Queue) }),
		app.If(c.Recording.Paused, func() app.UI { return chip("warn", "record-paused", e.t("recording.paused")) }).
			ElseIf(c.Recording.InProgress, func() app.UI { return chip("error", "record", e.t("recording.on")) }),
		app.If(c.Phase == softphone.Conference, func() app.UI { return chip("info", "state-conference", e.t("word.conference")) }),
		app.If(!c.Legs.Customer && c.Phase != softphone.Dialing && c.Legs.MainID != "", func() app.UI {
			return chip("warn", "notice-warn", e.t("call.customer-gone"))
		}),
	)
}

// onCallDock is the row of controls over the End button. Each control keeps its
// position; those that make no sense now are hidden.
func onCallDock(c softphone.CallView, e Env) app.UI {
	held := c.CanHold.Why == softphone.NotHere && c.CanResume.Why != softphone.NotHere
	hold := control{
		id: "hold", icon: "hold", label: "control.hold", keys: keysHold, toggle: true, on: held,
		can: c.CanHold, do: send{softphone.HoldRequested{Key: c.Key}}, busy: c.Pending == softphone.OpHold || c.Pending == softphone.OpResume,
	}
	if held {
		hold.icon, hold.can, hold.do = "resume", c.CanResume, send{softphone.ResumeRequested{Key: c.Key}}
	}
	paused := c.CanPause.Why == softphone.NotHere && c.CanContinue.Why != softphone.NotHere
	record := control{
		id: "record", icon: "record", label: "control.record", keys: keysRecord, toggle: true, on: c.Recording.InProgress && !c.Recording.Paused,
		can: c.CanPause, do: send{softphone.RecordingPauseRequested{Key: c.Key}},
		busy: c.Pending == softphone.OpRecordingPause || c.Pending == softphone.OpRecordingResume,
	}
	if paused {
		record.icon, record.can, record.do = "record-paused", c.CanContinue, send{softphone.RecordingResumeRequested{Key: c.Key}}
	}
	end, ending := e.t("call.end"), c.Pending == softphone.OpEnd
	if ending {
		end = e.t("call.ending")
	} else if e.Local.Confirm == confirmEnd {
		end = e.t("call.end-sure")
	}
	return elem("div", "class", "dock-stack").Body(
		elem("div", "class", "controls").Body(
			control{id: "mute", icon: "mute", label: "control.mute", can: c.CanMute}.draw(e),
			hold.draw(e),
			control{id: "keypad", icon: "keypad", label: "control.keypad", can: c.CanKeypad}.draw(e),
			record.draw(e),
			control{id: "consult", icon: "consult", label: "control.consult", can: c.CanConsult}.draw(e),
			control{id: "transfer", icon: "transfer", label: "control.transfer", can: c.CanTransfer}.draw(e),
		),
		elem("div", "class", "end-slot", "hidden", flag(c.CanEnd.Why == softphone.NotHere)).Body(
			button{
				id: "end", kind: "end wide", icon: "end", label: end, keys: keysEnd,
				can: c.CanEnd, do: send{softphone.EndRequested{Key: c.Key}}, busy: ending, describe: describedBy("end-why", why(c.CanEnd, e)),
			}.draw(e),
			words("p", why(c.CanEnd, e), "class", "sr", "id", "end-why"),
		),
	)
}

// A control is one of the small buttons of a call, with a picture over a label.
type control struct {
	id, icon string
	label    string // Message id.
	keys     string
	toggle   bool // Has a pressed state; the name never changes.
	on       bool
	can      softphone.Can
	do       Intent
	busy     bool
}

func (ct control) draw(e Env) app.UI {
	reason := why(ct.can, e)
	tip := ct.id + "-why"
	b := button{
		id: ct.id, kind: "control", icon: ct.icon, label: e.t(ct.label), keys: ct.keys,
		can: ct.can, do: ct.do, busy: ct.busy, describe: describedBy(tip, reason),
	}.draw(e)
	if ct.toggle {
		b = b.Attr("aria-pressed", map[bool]string{true: "true", false: "false"}[ct.on])
	}
	return elem("div", "class", "slot", "hidden", flag(ct.can.Why == softphone.NotHere)).Body(
		b,
		words("span", reason, "class", "tip", "id", tip, "role", "tooltip", "hidden", flag(reason == "")),
	)
}

// confirmEnd waits for a second press of the End shortcut.
const confirmEnd = "end"

// endCall is the shortcut: in a call's first two seconds it asks once, because
// the hand may still be on its way to the call before.
type endCall struct{ Key softphone.CallKey }

func (i endCall) apply(p *Panel) {
	c := p.view.Call
	if c != nil && !c.AnsweredAt.IsZero() && p.now().Sub(c.AnsweredAt) < 2*time.Second && p.local.Confirm != confirmEnd {
		p.local.Confirm = confirmEnd
		p.local.Hint = T(p.Lang, "call.end-again")
		p.say(p.local.Hint)
		return
	}
	p.local.Confirm = ""
	p.send(softphone.EndRequested{Key: i.Key})
}
