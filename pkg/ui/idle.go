package ui

import (
	"slices"
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

// idle is the search-or-dial field over the keypad and the latest calls, or,
// while there is a name in the field, over what was found.
func idle(v softphone.View, e Env) app.UI {
	searching := e.Local.Search != ""
	return elem("div", "class", "idle").Body(
		key("last "+flag(searching), func() app.UI {
			if searching {
				return nothing()
			}
			return lastCall(v, e)
		}),
		dialField(v, e),
		key("found "+flag(searching), func() app.UI {
			if searching {
				return dialResults(v, e)
			}
			return elem("div", "class", "dial-pad").Body(
				dialWarning(v, e),
				keypadGrid(e, func(k string) Intent { return press{k} }),
				callFrom(v, e),
				recentCalls(v, e),
			)
		}),
	)
}

func dialField(v softphone.View, e Env) app.UI {
	l := e.Local
	note, bad := dialNote(v, e)
	class := "field-note"
	if bad {
		class = "field-note field-bad"
	}
	text := orElse(l.Search, l.Number)
	field := input("class", "dial-input", "id", "dial", "type", "text", "autocomplete", "off", "spellcheck", "false",
		"role", "combobox", "aria-expanded", flag(l.Search != ""), "aria-haspopup", "grid", "aria-autocomplete", "list",
		"placeholder", e.t("dial.placeholder"), "value", text, "aria-describedby", "dial-note")
	if rows := dialRows(v, e); len(rows) > 0 && l.Search != "" {
		field = field.Attr("aria-activedescendant", dialRowID(min(l.RowAt, len(rows)-1)))
	}
	if l.Search != "" {
		field = field.Attr("aria-controls", "dial-found")
	}
	return elem("div", "class", "dial").Body(
		words("label", e.t("dial.label"), "class", "sr", "for", "dial"),
		elem("div", "class", "dial-box").Body(
			field.OnInput(e.input(fieldDial)),
			elem("button", "type", "button", "class", "btn icon-btn", "id", "dial-back", "aria-label", e.t("dial.backspace"), "hidden", flag(text == "")).
				OnClick(e.on(backspace{})).Body(icon("backspace")),
		),
		words("p", note, "class", class, "id", "dial-note", "role", "status"),
	)
}

// keypadGrid is the dial pad: one tab stop, arrows move inside. Keys that cannot
// be sent stay and say so.
func keypadGrid(e Env, do func(key string) Intent, without ...string) app.UI {
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
		press := do(k.key)
		el := elem("button", "type", "button", "class", "key", "id", "key-"+strconv.Itoa(n), "tabindex", strconv.Itoa(tab), "aria-label", name)
		if slices.Contains(without, k.key) {
			press = explain{softphone.NotInDesktop}
			el = el.Aria("disabled", true).Attr("aria-describedby", "digits-note")
		}
		keys = append(keys, el.On("pointerdown", quiet(e, keyDown{})).OnClick(e.on(press)).
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
	chosen, known := ani(v, e.Local), v.Profile.OutdialANIs
	if own := v.Settings.OutdialANI; own != "" && !hasANI(known, own) {
		known = append([]softphone.ANI{{Number: own}}, known...)
	}
	options := make([]app.UI, 0, len(known))
	for _, a := range known {
		label := Phone(a.Number)
		if a.Name != "" && a.Name != a.Number {
			label = a.Name + " · " + label
		}
		options = append(options, words("option", label, "value", a.Number, "selected", flag(a.Number == chosen)))
	}
	return elem("div", "class", "row-field").Body(
		words("label", e.t("dial.from"), "class", "label", "for", "ani"),
		dropDown(elem("select", "class", "field select", "id", "ani").OnChange(e.input(fieldANI)).Body(options...)),
	)
}

// ani is the number to call from: the chosen one, that of the settings, the
// profile's default, its first.
func ani(v softphone.View, l Local) string {
	switch known := v.Profile.OutdialANIs; {
	case l.ANI != "" && (l.ANI == v.Settings.OutdialANI || hasANI(known, l.ANI)):
		return l.ANI
	case v.Settings.OutdialANI != "" || len(known) == 0:
		return v.Settings.OutdialANI
	default:
		n := max(slices.IndexFunc(known, func(a softphone.ANI) bool { return a.Default }), 0)
		return known[n].Number
	}
}

func hasANI(all []softphone.ANI, number string) bool {
	return slices.ContainsFunc(all, func(a softphone.ANI) bool { return a.Number == number })
}

func idleDock(v softphone.View, e Env) app.UI {
	can := canDial(v, e.Local)
	reason := why(can, e)
	if can.Why == softphone.NoNumber {
		reason = "" // The empty field says it; pressing the button says it in words.
	}
	label, name := e.t("dial.call"), ""
	if rows := dialRows(v, e); len(rows) > 0 {
		r := rows[min(e.Local.RowAt, len(rows)-1)]
		can, reason, name = v.CanDial, why(v.CanDial, e), e.t("history.redial", r.name)
		if e.Local.Confirm == callMark(r.number) {
			label = e.t("dial.call-anyway")
			name = label + ": " + r.name
		}
	}
	if e.Local.Confirm != "" && e.Local.Confirm == callMark(e.Local.Number) {
		label = e.t("dial.call-anyway")
	}
	return elem("div", "class", "dock-stack").Body(
		words("p", reason, "class", "dock-note dock-why", "id", "call-why", "hidden", flag(reason == "")),
		button{
			id: "call", kind: "answer wide", icon: "call", label: label, name: name,
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

// backspace takes the last digit away, or a whole name.
type backspace struct{}

func (backspace) apply(p *Panel) {
	if n := len(p.local.Number); n > 0 && p.local.Search == "" {
		p.setNumber(p.local.Number[:n-1])
	} else {
		p.setNumber("")
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

// keypadMove is where an arrow leads in the keypad, a grid of three columns.
func keypadMove(at int, key string) Intent {
	switch key {
	case "ArrowRight":
		return moveKeypad{min(at+1, len(keypad)-1)}
	case "ArrowLeft":
		return moveKeypad{max(at-1, 0)}
	case "ArrowDown":
		if at+3 < len(keypad) {
			return moveKeypad{at + 3}
		}
		return moveKeypad{at}
	case "ArrowUp":
		if at >= 3 {
			return moveKeypad{at - 3}
		}
		return moveKeypad{at}
	case "Home":
		return moveKeypad{0}
	case "End":
		return moveKeypad{len(keypad) - 1}
	}
	return nil
}
