package ui

import (
	"time"

	"deskbridge/pkg/softphone"
)

// What the tests in ui_test need to see of the inside.

// Route is the shortcut table.
func Route(v softphone.View, l Local, k Key) Intent { return route(v, l, k) }

// ApplyTo carries out an intent without a browser.
func ApplyTo(p *Panel, i Intent) { p.local.Hint = ""; i.apply(p) }

// Press handles a key without a browser and says whether it was used.
func Press(p *Panel, k Key) bool {
	i := route(p.view, p.local, k)
	if i != nil {
		ApplyTo(p, i)
	}
	return i != nil
}

// Type types into an input.
func Type(p *Panel, id, text string) { ApplyTo(p, typed{field(id), text}) }

// Show hands the panel a view, as the subscription does.
func Show(p *Panel, v softphone.View) { p.setView(v) }

// TickPanel is a second passing.
func TickPanel(p *Panel) { p.tick() }

// LocalOf is the panel's own state.
func LocalOf(p *Panel) Local { return p.local }

// TakeFocus is where the focus goes next, once.
func TakeFocus(p *Panel) string {
	id := p.focus
	p.focus = ""
	return id
}

// Guard makes Answer deaf until then.
func Guard(p *Panel, until time.Time) { p.guard = until }

// Forced are the values that go into inputs after drawing.
func Forced(p *Panel) map[string]string { return p.force }

// The intents that tests use.
var (
	PressKey   = func(k string) Intent { return press{k} }
	KeyDown    = func() Intent { return keyDown{} }
	Backspace  = func() Intent { return backspace{} }
	DialNow    = func() Intent { return dialNow{} }
	Redial     = func(number string) Intent { return redial{Number: number} }
	Answer     = func(k softphone.CallKey) Intent { return answer{k} }
	Submit     = func(k softphone.CallKey) Intent { return submitWrapUp{k} }
	Choose     = func(k softphone.CallKey, r softphone.RecordRef) Intent { return chooseMatch{k, r} }
	Create     = func(k softphone.CallKey) Intent { return createContact{k} }
	OpenForm   = func() Intent { return openContact{} }
	Bring      = func() Intent { return bringHere{} }
	Start      = func() Intent { return startShift{} }
	Option     = func(o softphone.LoginOption) Intent { return chooseOption{o} }
	Remember   = func() Intent { return toggleRemember{} }
	OpenMenu   = func() Intent { return openMenu{} }
	State      = func(id string) Intent { return chooseState{id} }
	OpenTab    = func(t Tab) Intent { return openTab{t} }
	LeaveNotes = func() Intent { return leaveNotes{} }
	Explain    = func(r softphone.Reason) Intent { return explain{r} }
)

// Dialable is what is left of a typed number.
func Dialable(text string) (string, bool) { return dialable(text) }

// English is the first catalogue.
func English() map[string]string { return english.all() }

// Texts are the catalogues that are written, by language; the others are made
// from English.
func Texts() map[string]string {
	out := map[string]string{}
	for _, c := range catalogues {
		if c.text != nil {
			out[c.tag] = *c.text
		}
	}
	return out
}

// Messages is the catalogue of a language.
func Messages(lang string) map[string]string { return lookUp(lang).all() }

// Looks are the status words that have a look, with their dot.
func Looks() map[softphone.StatusWord]string {
	out := map[softphone.StatusWord]string{}
	for w, lk := range looks {
		out[w] = lk.dot
	}
	return out
}

// Scope is what tells event handlers apart.
func Scope(i Intent) string { return scope(i) }

// Sending is the intent that passes an event through.
func Sending(e softphone.Event) Intent { return send{e} }
