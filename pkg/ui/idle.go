package ui

import (
	"strconv"
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// keypad are the twelve keys with their letters, spaced so that screen readers
// spell them; the style sheet closes the gaps.
var keypad = []struct{ key, letters string }{
	{"1", ""}, {"2", "A B C"}, {"3", "D E F"},
	{"4", "G H I"}, {"5", "J K L"}, {"6", "M N O"},
	{"7", "P Q R S"}, {"8", "T U V"}, {"9", "W X Y Z"},
	{"*", ""}, {"0", "+"}, {"#", ""},
}

func idle(v softphone.View, e Env) app.UI {
	return elem("div", "class", "idle").Body(
		lastCall(v, e),
		dialField(e),
		keypadGrid(e),
		callFrom(v, e),
	)
}

func dialField(e Env) app.UI {
	l := e.Local
	note, class := "", "field-note"
	if l.NumberBad {
		note = e.t("dial.letters")
	} else if grouped := Phone(l.Number); grouped != l.Number {
		note = grouped
	}
	return elem("div", "class", "dial").Body(
		words("label", e.t("dial.label"), "class", "sr", "for", "dial"),
		elem("div", "class", "dial-box").Body(
			input("class", "dial-input", "id", "dial", "type", "tel", "inputmode", "tel", "autocomplete", "off", "placeholder", e.t("dial.placeholder"), "value", l.Number, "aria-describedby", "dial-note").OnInput(e.input(fieldDial)),
			elem("button", "type", "button", "class", "btn icon-btn", "id", "dial-back", "aria-label", e.t("dial.backspace"), "hidden", flag(l.Number == "")).
				OnClick(e.on(backspace{})).Body(icon("backspace")),
		),
		words("p", note, "class", class, "id", "dial-note", "role", "status"),
	)
}

func keypadGrid(e Env) app.UI {
	keys := make([]app.UI, 0, len(keypad))
	for n, k := range keypad {
		name := "" // What is on it: 2 A B C.
		switch k.key {
		case "*":
			name = e.t("key.star")
		case "#":
			name = e.t("key.hash")
		case "0":
			name = e.t("key.zero")
		}
		tab := -1
		if n == e.Local.KeyAt {
			tab = 0
		}
		keys = append(keys, elem("button", "type", "button", "class", "key", "id", "key-"+strconv.Itoa(n), "tabindex", strconv.Itoa(tab), "aria-label", name).
			On("pointerdown", quiet(e, keyDown{})).OnClick(e.on(press{k.key})).
			Body(
				words("span", k.key, "class", "key-digit"),
				words("span", k.letters, "class", "key-letters"),
			))
	}
	return elem("div", "class", "keypad", "role", "group", "aria-label", e.t("dial.pad")).Body(keys...)
}

// quiet is an intent that changes nothing on the screen.
func quiet(e Env, i Intent) app.EventHandler {
	return func(ctx app.Context, ev app.Event) {
		if e.Do != nil {
			e.Do(ctx, i)
		}
	}
}

// callFrom chooses the number that the other side sees.
func callFrom(v softphone.View, e Env) app.UI {
	if v.Profile == nil || len(v.Profile.OutdialANIs) == 0 || !v.Profile.OutdialEnabled {
		return nothing()
	}
	options := make([]app.UI, 0, len(v.Profile.OutdialANIs))
	for _, a := range v.Profile.OutdialANIs {
		label := Phone(a.Number)
		if a.Name != "" && a.Name != a.Number {
			label = a.Name + " · " + label
		}
		options = append(options, words("option", label, "value", a.Number, "selected", flag(a.Number == ani(v.Profile, e.Local))))
	}
	return elem("div", "class", "row-field").Body(
		words("label", e.t("dial.from"), "class", "label", "for", "ani"),
		dropDown(elem("select", "class", "field select", "id", "ani").OnChange(e.input(fieldANI)).Body(options...)),
	)
}

// ani is the number to call from: the chosen one, the default, the first.
func ani(p *softphone.Profile, l Local) string {
	first := ""
	for n, a := range p.OutdialANIs {
		if a.Number == l.ANI {
			return a.Number
		}
		if n == 0 || a.Default {
			first = a.Number
		}
	}
	return first
}

// canDial adds the typed number to what the view says.
func canDial(v softphone.View, number string) softphone.Can {
	if v.CanDial.OK && trimPlus(number) == "" {
		return softphone.Can{Why: softphone.NoNumber}
	}
	return v.CanDial
}

func idleDock(v softphone.View, e Env) app.UI {
	can := canDial(v, e.Local.Number)
	reason := why(can, e)
	if can.Why == softphone.NoNumber {
		reason = "" // The empty field says it; pressing the button says it in words.
	}
	return elem("div", "class", "dock-stack").Body(
		words("p", reason, "class", "dock-note dock-why", "id", "call-why", "hidden", flag(reason == "")),
		button{
			id: "call", kind: "answer wide", icon: "call", label: e.t("dial.call"),
			can: can, do: dialNow{}, describe: describedBy("call-why", reason),
		}.draw(e),
	)
}

func describedBy(id, text string) string {
	if text == "" {
		return ""
	}
	return id
}

func (p *Panel) setNumber(number string) { p.local.Number, p.local.NumberBad = number, false }

// keyDown notes when a key went down: holding 0 makes a plus.
type keyDown struct{}

func (keyDown) apply(p *Panel) { p.downAt = p.now() }

// holdFor is how long 0 is held for a plus.
const holdFor = 500 * time.Millisecond

// press is a keypad key.
type press struct{ Key string }

func (i press) apply(p *Panel) {
	k := i.Key
	if k == "0" && p.local.Number == "" && !p.downAt.IsZero() && p.now().Sub(p.downAt) >= holdFor {
		k = "+"
	}
	p.downAt = time.Time{}
	number, _ := dialable(p.local.Number + k)
	p.setNumber(number)
	p.put(fieldDial, number)
	for n, have := range keypad {
		if have.key == i.Key {
			p.local.KeyAt = n
		}
	}
}

// backspace takes the last digit away.
type backspace struct{}

func (backspace) apply(p *Panel) {
	if n := len(p.local.Number); n > 0 {
		p.setNumber(p.local.Number[:n-1])
	}
	p.put(fieldDial, p.local.Number)
	if p.local.Number == "" {
		p.focus = "dial"
	}
}

// moveKeypad moves the focus within the keypad.
type moveKeypad struct{ At int }

func (i moveKeypad) apply(p *Panel) {
	p.local.KeyAt = i.At
	p.focus = "key-" + strconv.Itoa(i.At)
}

// dialNow calls the number in the field.
type dialNow struct{}

func (dialNow) apply(p *Panel) {
	if can := canDial(p.view, p.local.Number); !can.OK {
		if can.Why == softphone.NoNumber {
			p.focus = "dial"
		}
		explain{can.Why}.apply(p)
		return
	}
	p.dial(p.local.Number, nil)
}

// redial calls a number that is on the screen.
type redial struct {
	Number string
	Record softphone.RecordRef // Zero for none.
}

func (i redial) apply(p *Panel) {
	if !p.view.CanDial.OK {
		explain{p.view.CanDial.Why}.apply(p)
		return
	}
	var to *softphone.RecordRef
	if i.Record.ObjectID != "" {
		to = &i.Record
	}
	p.local.Tab = TabPhone
	p.dial(i.Number, to)
}

func (p *Panel) dial(number string, to *softphone.RecordRef) {
	if p.NewKey == nil {
		return
	}
	from := ""
	if p.view.Profile != nil {
		from = ani(p.view.Profile, p.local)
	}
	p.send(softphone.DialRequested{Key: p.NewKey(), Number: number, ANI: from, Callee: to})
}
