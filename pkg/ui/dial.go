package ui

import (
	"context"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// A Check is what the server says of the number in the dial field.
type Check struct {
	Typed string // What was asked about; an answer to anything else is old.
	State FindState
	Info  softphone.NumberInfo
}

// DialPlan is why a number cannot be called that the tenant's dial plan stops.
const DialPlan softphone.Reason = "dial-plan"

// info is what is known of a number: nothing while the check is of another.
func (l Local) info(number string) (softphone.NumberInfo, bool) {
	if l.Check.State != Answered || l.Check.Typed != number || number == "" {
		return softphone.NumberInfo{}, false
	}
	return l.Check.Info, true
}

// canDial adds the typed number, and what the dial plan says of it, to what the
// view says.
func canDial(v softphone.View, l Local) softphone.Can {
	switch info, known := l.info(l.Number); {
	case !v.CanDial.OK:
		return v.CanDial
	case trimPlus(l.Number) == "":
		return softphone.Can{Why: softphone.NoNumber}
	case known && info.Valid && !info.Allowed:
		return softphone.Can{Why: DialPlan}
	}
	return v.CanDial
}

// dialNote is the line below the field: the number as people write it, whose
// it is, and what is wrong with it.
func dialNote(v softphone.View, e Env) (note string, bad bool) {
	l := e.Local
	if l.Search != "" || l.Number == "" {
		return "", false
	}
	info, known := l.info(l.Number)
	switch {
	case !known:
		if grouped := Phone(l.Number); grouped != l.Number {
			return grouped, false
		}
		return "", false
	case !info.Valid:
		return e.t("dial.not-valid"), true
	case !info.Allowed:
		return orElse(info.Display, Phone(info.Dial)) + " · " + e.t("dial.not-allowed"), true
	}
	note = orElse(info.Display, Phone(info.Dial))
	if info.Country != "" {
		note += " · " + info.Country
	}
	if len(info.Matches) > 0 && info.Matches[0].Record.Name != "" {
		note = info.Matches[0].Record.Name + " · " + note
	}
	return note, false
}

// dialWarning says that the person behind the number must not be called.
func dialWarning(v softphone.View, e Env) app.UI {
	info, known := e.Local.info(e.Local.Number)
	if !known || !noneWanted(info.Matches) {
		return nothing()
	}
	return elem("div", "class", "callout tone-warn", "role", "status", "id", "dial-warning").Body(
		icon("notice-warn"),
		elem("div").Body(
			words("p", e.t("no-calls.title"), "class", "callout-title"),
			words("p", e.t("no-calls.before")),
		),
	)
}

func noneWanted(matches []softphone.Match) bool {
	for _, m := range matches {
		if m.NoCalls {
			return true
		}
	}
	return false
}

// ---- typing

// editDial takes what is in the dial field: letters are a name to look for,
// anything else is a number.
func (p *Panel) editDial(text string) {
	number, letters := dialable(text)
	if letters {
		p.searchName(text)
		return
	}
	p.setNumber(number)
	if number != text {
		p.put(fieldDial, number)
	}
}

// setNumber puts a number into the field and has it checked.
func (p *Panel) setNumber(number string) {
	l := &p.local
	if l.Search != "" {
		p.forget(SlotContacts)
		p.forget(SlotBook)
	}
	l.Number, l.Search, l.RowAt, l.Confirm = number, "", 0, ""
	if l.Check.Typed == number {
		return
	}
	l.Check = Check{Typed: number}
	if len(trimPlus(number)) < 3 {
		p.cancel("number")
		return
	}
	l.Check.State = Searching
	p.background("number", findAfter, func(ctx context.Context) func() {
		info, err := p.Find.Number(ctx, number)
		return func() { p.checked(number, info, err) }
	})
}

// checked takes the server's answer, if it is about what stands there now. A
// check that failed stops nobody from calling.
func (p *Panel) checked(number string, info softphone.NumberInfo, err error) {
	if p.local.Check.Typed != number {
		return
	}
	p.local.Check.State, p.local.Check.Info = Answered, info
	if err != nil {
		p.local.Check.State = FindFailed
		return
	}
	if noneWanted(info.Matches) {
		p.say(T(p.Lang, "no-calls.title") + ".")
	}
}

// searchName looks for a name in HubSpot and in the address book. Recent calls
// are here already.
func (p *Panel) searchName(text string) {
	l := &p.local
	l.Number, l.Check, l.Search, l.RowAt, l.Confirm = "", Check{}, text, 0, ""
	p.cancel("number")
	p.search(SlotContacts, softphone.DirectoryQuery{Kind: softphone.CRMContacts, Search: text}, findAfter)
	if p.view.Profile != nil && p.view.Profile.AddressBook {
		p.search(SlotBook, softphone.DirectoryQuery{Kind: softphone.AddressBook, Search: text}, findAfter)
	}
}

// ---- calling

// callMark names the question before calling somebody who wants no calls.
func callMark(number string) string { return "call " + number }

// dialNow calls the number in the field, or the chosen row of what was found.
type dialNow struct{}

func (dialNow) apply(p *Panel) {
	if p.local.Search != "" {
		if rows := dialRows(p.view, p.env()); len(rows) > 0 {
			rows[min(p.local.RowAt, len(rows)-1)].call().apply(p)
			return
		}
	}
	if can := canDial(p.view, p.local); !can.OK {
		if can.Why == softphone.NoNumber {
			p.focus = "dial"
		}
		explain{can.Why}.apply(p)
		return
	}
	number := p.local.Number
	info, known := p.local.info(number)
	var do Intent = placeCall{Number: number}
	if known && info.Valid && info.Dial != "" {
		do = placeCall{Number: info.Dial}
	}
	if known && noneWanted(info.Matches) {
		do = sure{Mark: callMark(number), Ask: "no-calls.sure", Do: do}
	}
	do.apply(p)
}

// placeCall calls without another question.
type placeCall struct {
	Number string
	Record softphone.RecordRef // Zero for none.
}

func (i placeCall) apply(p *Panel) {
	var to *softphone.RecordRef
	if i.Record.ObjectID != "" {
		to = &i.Record
	}
	p.local.Tab = TabPhone
	p.dial(i.Number, to)
}

// redial calls a number that is on the screen. Somebody who wants no calls is
// called by a second press only.
type redial struct {
	Number  string
	Record  softphone.RecordRef // Zero for none.
	NoCalls bool
}

func (i redial) apply(p *Panel) {
	if !p.view.CanDial.OK {
		explain{p.view.CanDial.Why}.apply(p)
		return
	}
	call := placeCall{i.Number, i.Record}
	if i.NoCalls {
		sure{Mark: callMark(i.Number), Ask: "no-calls.sure", Do: call}.apply(p)
		return
	}
	call.apply(p)
}

func (p *Panel) dial(number string, to *softphone.RecordRef) {
	if p.NewKey == nil {
		return
	}
	from := ""
	if p.view.Profile != nil {
		from = ani(p.view, p.local)
	}
	p.send(softphone.DialRequested{Key: p.NewKey(), Number: number, ANI: from, Callee: to})
}
