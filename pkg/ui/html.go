package ui

import (
	"fmt"
	"strconv"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// keyed remounts what it draws when its ID changes, instead of bending the old
// elements (and the focus in them) into new ones.
type keyed struct {
	app.Compo
	ID   string
	Draw func() app.UI
}

// CompoID is what go-app compares before updating in place.
func (k *keyed) CompoID() string { return k.ID }

// Render draws the content.
func (k *keyed) Render() app.UI { return k.Draw() }

func key(id string, draw func() app.UI) app.UI { return &keyed{ID: id, Draw: draw} }

// on attaches an intent. The scope makes go-app replace the handler when the
// intent differs.
func (e Env) on(i Intent) (app.EventHandler, app.EventOption) {
	h := func(ctx app.Context, ev app.Event) {
		if e.Do != nil {
			e.Do(ctx, i)
		}
	}
	return h, app.EventScope(scope(i))
}

// scope tells intents apart, the type of a sent event included: hold and
// resume carry the same key.
func scope(i Intent) string { return fmt.Sprintf("%#v", i) }

// input attaches an intent that takes the element's value.
func (e Env) input(field field) (app.EventHandler, app.EventOption) {
	h := func(ctx app.Context, ev app.Event) {
		if e.Do != nil {
			e.Do(ctx, typed{field, ctx.JSSrc().Get("value").String()})
		}
	}
	return h, app.EventScope(string(field))
}

// icon is a picture from web/static/icons, drawn by a CSS mask in the colour
// of the text around it.
func icon(name string) app.UI {
	return elem("span", "class", "i i-"+name, "aria-hidden", "true")
}

// elem is an element with its attributes as names and values; empty values are
// left out. All elements are of go-app's one generic type, and attributes come
// in one call: its types for single elements, with a hundred methods each, and
// a call for every attribute would add a tenth to the bundle.
func elem(tag string, attrs ...string) app.HTMLElem {
	el := app.Elem(tag)
	for i := 0; i+1 < len(attrs); i += 2 {
		el.Attr(attrs[i], attrs[i+1])
	}
	return el
}

// words is an element that holds a text.
func words(tag, text string, attrs ...string) app.UI { return elem(tag, attrs...).Text(text) }

func input(attrs ...string) app.HTMLElemSelfClosing {
	el := app.ElemSelfClosing("input")
	for i := 0; i+1 < len(attrs); i += 2 {
		el.Attr(attrs[i], attrs[i+1])
	}
	return el
}

// flag is a boolean attribute's value.
func flag(on bool) string { return strconv.FormatBool(on) }

// nothing holds a position in the tree: go-app matches children by position.
func nothing() app.UI { return elem("div", "hidden", "true") }

// sr is text for screen readers only.
func sr(text string) app.UI { return words("span", text, "class", "sr") }

// timer is a running time; it is never announced.
func timer(class, text string) app.UI {
	return words("span", text, "class", "time"+" "+class, "role", "timer", "aria-live", "off", "aria-hidden", "true")
}

// chip is a small label.
func chip(tone, iconName, text string) app.UI {
	return elem("span", "class", "chip tone-"+tone).Body(
		app.If(iconName != "", func() app.UI { return icon(iconName) }),
		words("span", text, "class", "chip-text"),
	)
}

// dropDown is a select with our own arrow.
func dropDown(sel app.UI) app.UI {
	return elem("div", "class", "select-box").Body(sel, icon("down"))
}

// A button describes one button; most of its fields are optional.
type button struct {
	id, kind string // kind is a class: primary, end, quiet, …
	icon     string
	label    string // Visible text.
	name     string // Accessible name, if it differs.
	keys     string // aria-keyshortcuts
	can      softphone.Can
	do       Intent
	busy     bool
	describe string // An element's id; a refused button adds its reason.
}

// draw is the button. A refused one stays in the tab order, and pressing it
// says why it does nothing.
func (b button) draw(e Env) app.HTMLElem {
	do := b.do
	if !b.can.OK {
		do = explain{b.can.Why}
	}
	el := elem("button", "type", "button", "id", b.id, "class", "btn"+" "+b.kind, "aria-label", b.name, "aria-keyshortcuts", e.shortcut(b.keys), "aria-describedby", b.describe).
		OnClick(e.on(do)).
		Body(
			app.If(b.icon != "", func() app.UI { return icon(b.icon) }),
			words("span", b.label, "class", "btn-text"),
		)
	if !b.can.OK {
		el = el.Aria("disabled", true)
	}
	if b.busy {
		el = el.Aria("busy", true)
	}
	return el
}

// yes is the Can of a control that always works.
var yes = softphone.Can{OK: true}

// why is the sentence for a refusal.
func why(can softphone.Can, e Env) string {
	if can.OK || can.Why == "" || can.Why == softphone.NotHere {
		return ""
	}
	return e.t("why." + string(can.Why))
}

// explain tells the person why a control does nothing now.
type explain struct{ Why softphone.Reason }

func (i explain) apply(p *Panel) {
	if i.Why == "" || i.Why == softphone.NotHere {
		return
	}
	p.local.Hint = T(p.Lang, "why."+string(i.Why))
	p.say(p.local.Hint)
}
