package ui

import (
	"strconv"
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// radioLimit is how many reasons are shown as radio buttons; more become a
// select, which has type-ahead of its own.
const radioLimit = 7

func wrapUp(c softphone.CallView, e Env) app.UI {
	return elem("div", "class", "head").Body(
		elem("div", "class", "who").Body(
			elem("div", "class", "who-text").Body(
				words("h2", who(c, e), "class", "who-name", "title", who(c, e)),
				words("p", summary(c, e), "class", "who-number"),
			),
		),
		reasons(c, e),
		loggingTo(c, e),
		key("match "+string(c.Match.State), func() app.UI {
			if c.Match.State == softphone.MatchOne {
				return nothing()
			}
			return match(c, e)
		}),
	)
}

// summary is the call in one line: 6 min 12 s · Billing · Inbound.
func summary(c softphone.CallView, e Env) string {
	s := e.t("wrap-up.not-connected")
	if !c.AnsweredAt.IsZero() {
		s = Duration(e.Lang, c.EndedAt.Sub(c.AnsweredAt))
	}
	if c.Queue != "" {
		s += " · " + c.Queue
	}
	if c.Direction == softphone.Outbound {
		return s + " · " + e.t("call.outbound")
	}
	return s + " · " + e.t("call.inbound")
}

// choosable are the codes that people may choose.
func choosable(codes []softphone.Code) []softphone.Code {
	out := make([]softphone.Code, 0, len(codes))
	for _, code := range codes {
		if !code.System {
			out = append(out, code)
		}
	}
	return out
}

// firstReason is the element that Ctrl+Alt+W goes to: the chosen reason, else
// the first.
func firstReason(c softphone.CallView) string {
	codes := choosable(c.Codes)
	if len(codes) > radioLimit {
		return string(fieldReason)
	}
	for n, code := range codes {
		if code.ID == c.CodeID {
			return reasonID(n)
		}
	}
	return reasonID(0)
}

func reasonID(n int) string { return "reason-" + strconv.Itoa(n) }

func reasons(c softphone.CallView, e Env) app.UI {
	codes := choosable(c.Codes)
	if len(codes) == 0 {
		return words("p", e.t("wrap-up.no-codes"), "class", "note")
	}
	missing := e.Local.Tried && c.CanWrapUp.Why == softphone.NoReasonChosen
	note := elem("p", "class", "field-error", "id", "reason-note", "hidden", flag(!missing)).Body(
		icon("notice-error"), words("span", e.t("why.no-reason-chosen")))
	describe := ""
	if missing {
		describe = "reason-note"
	}
	if len(codes) > radioLimit {
		return reasonSelect(c, codes, describe, note, e)
	}
	rows := make([]app.UI, 0, len(codes)+2)
	rows = append(rows, words("legend", e.t("wrap-up.reason"), "class", "label"))
	for n, code := range codes {
		rows = append(rows, elem("label", "class", "choice choice-reason").Body(
			input("type", "radio", "name", "reason", "id", reasonID(n), "value", code.ID, "checked", flag(code.ID == c.CodeID)).OnChange(e.on(send{softphone.WrapUpChosen{Key: c.Key, CodeID: code.ID}})),
			words("span", code.Name, "class", "choice-name"),
		))
	}
	set := elem("fieldset", "class", "choices reasons", "role", "radiogroup", "aria-required", "true", "aria-describedby", describe)
	if missing {
		set = set.Attr("aria-invalid", "true")
	}
	return set.Body(append(rows, note)...)
}

func reasonSelect(c softphone.CallView, codes []softphone.Code, describe string, note app.UI, e Env) app.UI {
	options := make([]app.UI, 0, len(codes)+1)
	options = append(options, words("option", e.t("wrap-up.choose"), "value", "", "selected", flag(c.CodeID == "")))
	for _, code := range codes {
		options = append(options, words("option", code.Name, "value", code.ID, "selected", flag(code.ID == c.CodeID)))
	}
	sel := elem("select", "class", "field select", "id", string(fieldReason), "aria-required", "true", "aria-describedby", describe).OnChange(e.input(fieldReason))
	if describe != "" {
		sel = sel.Attr("aria-invalid", "true")
	}
	return elem("div", "class", "reason-select").Body(
		words("label", e.t("wrap-up.reason"), "class", "label", "for", string(fieldReason)),
		dropDown(sel.Body(options...)),
		note,
	)
}

// loggingTo says where the record of the call goes.
func loggingTo(c softphone.CallView, e Env) app.UI {
	if c.Match.Chosen == nil {
		return words("p", e.t("match.looking"), "class", "logging", "hidden", flag(c.Match.State != softphone.MatchLooking))
	}
	name := orElse(c.Match.Chosen.Name, who(c, e))
	if company := chosenMatch(c).Company; company != "" {
		name += " · " + company
	}
	return elem("p", "class", "logging").Body(
		icon(objectIcon(c.Match.Chosen.ObjectTypeID)),
		elem("span", "class", "logging-text").Body(app.Text(e.t("wrap-up.logging-to")+" "), words("strong", name)),
		app.If(c.CanOpen.OK, func() app.UI {
			return button{kind: "link", icon: "open", label: e.t("match.open"), can: c.CanOpen, do: send{softphone.RecordOpened{Key: c.Key}}}.draw(e)
		}),
	)
}

func wrapUpDock(c softphone.CallView, e Env) app.UI {
	busy := c.Pending == softphone.OpWrapUp
	label := e.t("wrap-up.submit")
	if busy {
		label = e.t("wrap-up.submitting")
	}
	auto := ""
	if left := c.AutoWrapAt.Sub(e.Now); !c.AutoWrapAt.IsZero() {
		auto = e.t("wrap-up.auto", Elapsed(left+time.Second-1))
	}
	reason := why(c.CanWrapUp, e)
	return elem("div", "class", "dock-stack").Body(
		words("p", auto, "class", "dock-note auto-wrap", "role", "timer", "aria-live", "off", "hidden", flag(auto == "")),
		button{
			id: "submit", kind: "primary wide", label: label, keys: keysSubmit,
			can: softphone.Can{OK: c.CanWrapUp.OK || c.CanWrapUp.Why == softphone.NoReasonChosen, Why: c.CanWrapUp.Why},
			do:  submitWrapUp{c.Key}, busy: busy, describe: describedBy("submit-why", reason),
		}.draw(e),
		words("p", reason, "class", "dock-note", "id", "submit-why", "hidden", flag(reason == "" || e.Local.Tried)),
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

func (p *Panel) chooseReason(id string) {
	if c := p.view.Call; c != nil {
		p.send(softphone.WrapUpChosen{Key: c.Key, CodeID: id})
	}
}
