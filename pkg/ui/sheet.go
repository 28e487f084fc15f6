package ui

import (
	"strconv"
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// A Sheet covers the stage until it is closed. The dock under it stays, so that
// a call can be ended from any of them.
type Sheet string

// The sheets.
const (
	NoSheet      Sheet = ""
	SheetTargets Sheet = "targets" // Whom to consult or to transfer to.
	SheetDigits  Sheet = "digits"  // DTMF.
	SheetRecords Sheet = "records" // Where the call is logged.
	SheetMend    Sheet = "mend"    // A refused record of the history.
)

// sheetOf is the sheet on screen: one that makes no sense for the view is none.
func sheetOf(v softphone.View, l Local) Sheet {
	if onPage(v, l) || l.Sheet == NoSheet {
		return NoSheet
	}
	if onHistory(v, l) {
		if _, ok := mended(v, l); ok {
			return l.Sheet
		}
		return NoSheet
	}
	c := v.Call
	if c == nil || l.Mending != "" {
		return NoSheet
	}
	fits := false
	switch l.Sheet {
	case SheetTargets:
		fits = handsOn(*c).Why != softphone.NotHere
	case SheetDigits:
		fits = c.CanKeypad.OK
	case SheetRecords:
		fits = hasNotes(v)
	}
	if !fits {
		return NoSheet
	}
	return l.Sheet
}

// sheet is what covers the stage.
func sheet(v softphone.View, e Env) app.UI {
	switch sheetOf(v, e.Local) {
	case SheetTargets:
		return targetSheet(*v.Call, v, e)
	case SheetDigits:
		return digitSheet(*v.Call, e)
	case SheetRecords:
		return recordSheet(loggedCall(v, e.Local), e)
	case SheetMend:
		r, _ := mended(v, e.Local)
		return mendSheet(r, v, e)
	}
	return nothing()
}

// sheetFrame is a sheet's title with the button that closes it over its
// content. The rest of the panel stays reachable, so it is not modal.
func sheetFrame(title string, e Env, content ...app.UI) app.UI {
	return elem("div", "class", "sheet", "role", "dialog", "aria-modal", "false", "aria-labelledby", "sheet-title").Body(
		append([]app.UI{elem("div", "class", "sheet-head").Body(
			words("h2", title, "class", "sheet-title", "id", "sheet-title"),
			button{id: "sheet-close", kind: "icon-btn", icon: "close", name: e.t("sheet.close"), can: yes, do: closeSheet{}}.draw(e),
		)}, content...)...,
	)
}

// openSheet opens a sheet from a control and puts the focus into it. A sheet
// that was opened by a shortcut gives the focus back to where that was pressed.
func (p *Panel) openSheet(s Sheet, from, focus string) {
	if p.keyAt != "" && p.keyAt != "panel" {
		from = p.keyAt
	}
	p.local.Tab = TabPhone // Its controls are under the other pages too.
	p.local.Sheet, p.local.SheetFrom, p.local.Confirm = s, from, ""
	p.focus = focus
}

// closeSheet closes the sheet and gives the focus back to where it was opened.
type closeSheet struct{}

func (closeSheet) apply(p *Panel) {
	if p.local.Sheet == NoSheet {
		return
	}
	if p.local.Sheet == SheetRecords && p.local.Mending != "" {
		p.backToMend()
		return
	}
	p.focus = p.local.SheetFrom
	p.dropSheet()
}

// dropSheet closes the sheet without a word about the focus.
func (p *Panel) dropSheet() {
	l := &p.local
	l.Sheet, l.SheetFrom, l.Confirm, l.Picker, l.Digits, l.Mending = NoSheet, "", "", Picker{}, "", ""
	p.forget(SlotTargets)
	p.forget(SlotRecords)
}

// checkSheet closes a sheet that the view no longer allows.
func (p *Panel) checkSheet() {
	switch {
	case p.local.Sheet == NoSheet || sheetOf(p.view, p.local) != NoSheet:
	case p.local.Tab != TabPhone || p.local.Mending != "":
		p.dropSheet() // Another page has the focus, or the record is mended.
	default:
		closeSheet{}.apply(p)
	}
}

// sheetKey is a key while a sheet is open: nil leaves it to the rest.
func sheetKey(v softphone.View, l Local, k Key) Intent {
	if k.Key == "Escape" {
		if l.Confirm != "" {
			return calmDown{}
		}
		return closeSheet{}
	}
	switch sheetOf(v, l) {
	case SheetTargets:
		return targetKey(v, l, k)
	case SheetDigits:
		return digitKey(*v.Call, k)
	case SheetRecords:
		return recordKey(v, l, k)
	}
	return nil
}

// rowAfter is the row that an arrow key goes to.
func rowAfter(at, rows int, key string) (int, bool) {
	switch key {
	case "ArrowDown":
		return min(at+1, max(rows-1, 0)), true
	case "ArrowUp":
		return max(at-1, 0), true
	}
	return at, false
}

// sure asks for a second press before it does what cannot be taken back.
type sure struct {
	Mark string // Names the question.
	Ask  string // The message that asks.
	Arg  string // Its argument.
	Do   Intent
}

func (i sure) apply(p *Panel) {
	if p.local.Confirm != i.Mark {
		p.local.Confirm, p.local.Hint, p.askedAt = i.Mark, T(p.Lang, i.Ask, i.Arg), p.now()
		p.say(p.local.Hint)
		return
	}
	p.local.Confirm = ""
	i.Do.apply(p)
}

// sureFor is how long a question stands. After that the next press asks again.
const sureFor = 5 * time.Second

// forgetQuestion withdraws a question that nobody answered.
func (p *Panel) forgetQuestion() {
	if p.local.Confirm != "" && !p.askedAt.IsZero() && p.now().Sub(p.askedAt) >= sureFor {
		p.local.Confirm, p.local.Hint, p.askedAt = "", "", time.Time{}
	}
}

// index is the number at the end of an element's id, -1 for none.
func index(id, prefix string) int {
	if len(id) <= len(prefix) || id[:len(prefix)] != prefix {
		return -1
	}
	n, err := strconv.Atoi(id[len(prefix):])
	if err != nil {
		return -1
	}
	return n
}
