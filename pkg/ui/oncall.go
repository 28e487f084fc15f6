package ui

import (
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// onCall is the stage of talking, hold, consult, conference and wrap-up: a head
// that changes with the screen over notes that stay, so that typing goes on.
// In a wide window the customer and the notes stand beside the head.
func onCall(c softphone.CallView, v softphone.View, e Env) app.UI {
	return elem("div", "class", "oncall").Body(
		key("head "+string(v.Screen), func() app.UI {
			if v.Screen == softphone.ScreenWrapUp {
				return wrapUp(c, v, e)
			}
			return callHead(c, v, e)
		}),
		elem("div", "class", "side").Body(
			key("card "+flag(v.Screen == softphone.ScreenWrapUp), func() app.UI {
				if v.Screen == softphone.ScreenWrapUp {
					return nothing()
				}
				return customer(c, v, e)
			}),
			key("notes "+flag(writesNotes(v)), func() app.UI { return notes(c, v, e) }),
			app.If(ticketShown(c), func() app.UI { return ticket(c, e) }),
			key("more "+flag(v.Screen == softphone.ScreenWrapUp), func() app.UI {
				if v.Screen == softphone.ScreenWrapUp {
					return elem("div", "class", "customer").Body(followUp(c, e), card(c, v, e))
				}
				return variables(c, v, e)
			}),
		),
	)
}

// callHead is who, how long, and what holds of the call.
func callHead(c softphone.CallView, v softphone.View, e Env) app.UI {
	return elem("div", "class", "head").Body(
		elem("div", "class", "who").Body(
			elem("div", "class", "who-text").Body(
				words("h2", who(c, e), "class", "who-name", "title", who(c, e)),
				words("p", callNumber(c, e), "class", "who-number", "title", e.exact(c.Number), "hidden", flag(c.Name == "")),
			),
			timer("who-time", Elapsed(since(c.AnsweredAt, e))),
		),
		noCalls(c, e),
		holdBand(c, v, e),
		consultLegs(c, e),
		participants(c, e),
		chips(c, e),
	)
}

// customer is what is known of the other side.
func customer(c softphone.CallView, v softphone.View, e Env) app.UI {
	return elem("div", "class", "customer").Body(
		key("match "+string(c.Match.State), func() app.UI { return match(c, e) }),
		words("p", lastTalk(c, v, e), "class", "note last-talk", "hidden", flag(lastTalk(c, v, e) == "")),
		key("card "+flag(hasCard(c)), func() app.UI { return card(c, v, e) }),
	)
}

// warnsNoCalls says whether we called somebody who wants no calls.
func warnsNoCalls(c softphone.CallView) bool {
	return c.NoCalls && c.Direction == softphone.Outbound
}

// noCalls warns on a call that we placed to somebody who wants none.
func noCalls(c softphone.CallView, e Env) app.UI {
	if !warnsNoCalls(c) {
		return nothing()
	}
	return elem("div", "class", "callout tone-warn no-calls", "role", "note").Body(
		icon("notice-warn"),
		elem("div").Body(
			words("p", e.t("no-calls.title"), "class", "callout-title"),
			words("p", e.t("no-calls.what")),
		),
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
			do: send{softphone.ResumeRequested{Key: c.Key}}, busy: c.Pending == softphone.OpResume, describe: describedBy("hold-why", why(c.CanResume, e)),
		}.draw(e),
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
		app.If(c.Muted, func() app.UI { return chip("error", "mute", e.t("call.muted")) }),
		app.If(!c.Legs.Customer && c.Phase != softphone.Dialing && c.Legs.MainID != "", func() app.UI {
			return chip("warn", "notice-warn", e.t("call.customer-gone"))
		}),
	)
}

// onCallDock is the row of controls over the buttons that end things. Each
// control keeps its position; those that make no sense now are hidden. Under
// an open sheet only the way to end the call is left.
func onCallDock(c softphone.CallView, v softphone.View, e Env) app.UI {
	controls := []app.UI{mute(c, e), hold(c, e), pad(c, e), handOn(c, e), record(c, e)}
	controls = append(controls, consultControls(c, e)...)
	controls = append(controls, handOver(c, e))
	return elem("div", "class", "dock-stack").Body(
		elem("div", "class", "controls", "hidden", flag(sheetOf(v, e.Local) != NoSheet)).Body(controls...),
		elem("div", "class", "ends").Body(endConsult(c, e), leave(c, e), end(c, e)),
	)
}

// mute is the agent's microphone where the panel has it.
func mute(c softphone.CallView, e Env) app.UI {
	can := c.CanMute
	if consultOpen(c) && can.Why == softphone.OnYourPhone {
		can.Why = softphone.NotHere // The row is for the consult; the phone has its own key.
	}
	return control{
		id: "mute", icon: "mute", label: "control.mute", keys: keysMute, toggle: can.OK, on: c.Muted,
		can: can, do: send{softphone.MuteRequested{Key: c.Key, On: !c.Muted}},
	}.draw(e)
}

func hold(c softphone.CallView, e Env) app.UI {
	held := c.CanHold.Why == softphone.NotHere && c.CanResume.Why != softphone.NotHere
	ct := control{
		id: "hold", icon: "hold", label: "control.hold", keys: keysHold, toggle: true, on: held,
		can: c.CanHold, do: send{softphone.HoldRequested{Key: c.Key}}, busy: c.Pending == softphone.OpHold || c.Pending == softphone.OpResume,
	}
	if held {
		ct.icon, ct.can, ct.do = "resume", c.CanResume, send{softphone.ResumeRequested{Key: c.Key}}
	}
	return ct.draw(e)
}

// pad opens the DTMF sheet.
func pad(c softphone.CallView, e Env) app.UI {
	can := c.CanKeypad
	if consultOpen(c) && can.Why == softphone.OnYourPhone {
		can.Why = softphone.NotHere
	}
	return control{id: "keypad", icon: "keypad", label: "control.keypad", keys: keysKeypad, can: can, do: openDigits{}}.draw(e)
}

// handOn opens the sheet to consult and transfer; in a conference it brings in
// another one.
func handOn(c softphone.CallView, e Env) app.UI {
	ct := control{
		id: "transfer", icon: "transfer", label: "control.transfer", keys: keysTransfer, can: handsOn(c), do: openTargets{"transfer"},
		busy: c.Pending == softphone.OpConsult || c.Pending == softphone.OpTransfer,
	}
	if c.Phase == softphone.Conference {
		ct.icon, ct.label = "add-person", "control.add"
	}
	return ct.draw(e)
}

// handsOn is whether the sheet makes sense: as soon as one of its two buttons
// works. During a consult the consult's own controls take its place.
func handsOn(c softphone.CallView) softphone.Can {
	switch {
	case consultOpen(c):
		return softphone.Can{Why: softphone.NotHere}
	case c.CanConsult.OK || c.CanTransfer.Why == softphone.NotHere:
		return c.CanConsult
	}
	return c.CanTransfer
}

func record(c softphone.CallView, e Env) app.UI {
	paused := c.CanPause.Why == softphone.NotHere && c.CanContinue.Why != softphone.NotHere
	ct := control{
		id: "record", icon: "record", label: "control.record", keys: keysRecord, toggle: true, on: c.Recording.InProgress && !c.Recording.Paused,
		can: c.CanPause, do: send{softphone.RecordingPauseRequested{Key: c.Key}},
		busy: c.Pending == softphone.OpRecordingPause || c.Pending == softphone.OpRecordingResume,
	}
	if paused {
		ct.icon, ct.can, ct.do = "record-paused", c.CanContinue, send{softphone.RecordingResumeRequested{Key: c.Key}}
	}
	return ct.draw(e)
}

// end is the red button. In a conference it ends the call for everybody and is
// pressed twice.
func end(c softphone.CallView, e Env) app.UI {
	b := button{
		id: "end", kind: "end wide", icon: "end", label: e.t("call.end"), keys: keysEnd, can: c.CanEnd,
		do: send{softphone.EndRequested{Key: c.Key}}, busy: c.Pending == softphone.OpEnd || c.Ending,
	}
	if c.Phase == softphone.Conference {
		b.label, b.do = e.t("conference.end-all"), endForAll(c.Key)
	}
	switch {
	case b.busy:
		b.label = e.t("call.ending")
	case e.Local.Confirm == confirmEnd:
		b.label = e.t("call.end-sure")
	}
	return endSlot(b, e)
}

// endSlot is one of the buttons that end something, with its reason for not
// doing so.
func endSlot(b button, e Env) app.UI {
	reason := why(b.can, e)
	id := b.id + "-why"
	b.describe = describedBy(id, reason)
	return elem("div", "class", "end-slot", "hidden", flag(b.can.Why == softphone.NotHere)).Body(
		b.draw(e),
		words("p", reason, "class", "sr", "id", id),
	)
}

func endForAll(k softphone.CallKey) Intent {
	return sure{Mark: confirmEnd, Ask: "conference.end-sure", Do: send{softphone.EndRequested{Key: k}}}
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

// confirmEnd waits for a second press of what ends the call.
const confirmEnd = "end"

// endCall is the shortcut: in a call's first two seconds it asks once, because
// the hand may still be on its way to the call before; in a conference always.
type endCall struct{ Key softphone.CallKey }

func (i endCall) apply(p *Panel) {
	c := p.view.Call
	ev := send{softphone.EndRequested{Key: i.Key}}
	switch {
	case c != nil && c.Phase == softphone.Conference:
		endForAll(i.Key).apply(p)
	case c != nil && !c.AnsweredAt.IsZero() && p.now().Sub(c.AnsweredAt) < 2*time.Second:
		sure{Mark: confirmEnd, Ask: "call.end-again", Do: ev}.apply(p)
	default:
		p.local.Confirm = ""
		ev.apply(p)
	}
}
