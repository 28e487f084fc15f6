package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// The only place where the panel touches elements: focus and the values that
// go-app cannot set. Natively all of it does nothing.

// focusAnswer is the Answer button's id.
const focusAnswer = "answer"

// guardFor is how long Space and Enter do not answer after the focus was moved
// to the Answer button: they were meant for something else.
const guardFor = 400 * time.Millisecond

// settle runs after a drawing: it sets input values and moves the focus.
func (p *Panel) settle(app.Context) {
	defer p.drawRest()
	for id, value := range p.force {
		if el := app.Window().GetElementByID(id); el.Truthy() {
			el.Set("value", value)
		}
	}
	p.force = nil
	if p.reveal != "" {
		if el := app.Window().GetElementByID(p.reveal); el.Truthy() {
			el.Call("scrollIntoView", map[string]any{"block": "nearest"})
		}
		p.reveal = ""
	}

	target := p.focus
	p.focus = ""
	active := activeElement()
	if target == focusAnswer && (p.typing || typing(active)) {
		target = "" // Typing must never answer a call; it is announced.
	}
	p.typing = false
	if target != "" {
		if el := app.Window().GetElementByID(target); el.Truthy() {
			el.Call("focus")
			if target == focusAnswer {
				p.guard = p.now().Add(guardFor)
			}
		}
		active = activeElement()
	}
	held := p.held || target != ""
	p.held = false
	if held && active.Truthy() && !holds(active) && focused() {
		// The focused control went away with its screen, or the one that was to
		// get the focus is hidden. Keep the keyboard. A panel that never had it
		// leaves it where it is.
		if el := app.Window().GetElementByID("stage"); el.Truthy() {
			el.Call("focus")
		}
	}
}

// focused says whether the frame has the keyboard.
func focused() bool {
	has := app.Window().Get("document").Call("hasFocus")
	return has.Truthy()
}

func activeElement() app.Value { return app.Window().Get("document").Get("activeElement") }

// holds says whether an element is in the panel: without a focus, the body is
// the active one.
func holds(active app.Value) bool { return active.Truthy() && lower(active.Get("tagName")) != "body" }

// typing says whether an element takes text.
func typing(el app.Value) bool {
	if !el.Truthy() {
		return false
	}
	switch lower(el.Get("tagName")) {
	case "textarea", "select":
		return true
	case "input":
		kind := lower(el.Get("type"))
		return kind != "radio" && kind != "checkbox"
	}
	return false
}

// text is a value as a string; undefined and null are empty.
func text(v app.Value) string {
	if !v.Truthy() {
		return ""
	}
	return v.String()
}

func lower(v app.Value) string {
	b := []byte(text(v))
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// passes says that a key goes on its way in the browser after its intent: Tab
// out of what it closes.
func passes(i Intent, k Key) bool {
	switch i.(type) {
	case closeMenu, stopAsking:
		return k.Key == "Tab"
	}
	return false
}

// copyFrom puts an element's text on the clipboard, the old way: a frame of
// another site may not use the new one.
func copyFrom(id string) bool {
	el := app.Window().GetElementByID(id)
	if !el.Truthy() {
		return false
	}
	el.Call("select")
	return app.Window().Get("document").Call("execCommand", "copy").Truthy()
}

// zoneOf is the frame zone that has the focus, empty for none.
func zoneOf(el app.Value) string {
	if !el.Truthy() {
		return ""
	}
	zone := el.Call("closest", "[data-zone]")
	if !zone.Truthy() {
		return ""
	}
	return text(zone.Get("id"))
}

// onKey is every key pressed in the panel.
func (p *Panel) onKey(ctx app.Context, ev app.Event) {
	if ev.Get("isComposing").Truthy() {
		return // Enter chooses a character, in Japanese for one.
	}
	target := ev.Get("target")
	k := Key{
		Key: text(ev.Get("key")), Code: text(ev.Get("code")),
		Ctrl: ev.Get("ctrlKey").Truthy(), Alt: ev.Get("altKey").Truthy(),
		Shift: ev.Get("shiftKey").Truthy(), Meta: ev.Get("metaKey").Truthy(),
		Repeat: ev.Get("repeat").Truthy(),
		Target: text(target.Get("id")), Zone: zoneOf(target), Typing: typing(target),
	}
	if graph := ev.Call("getModifierState", "AltGraph"); graph.Truthy() {
		return // A character of the layout, not a shortcut.
	}
	i := route(p.view, p.local, k)
	if i == nil {
		ctx.PreventUpdate()
		return
	}
	if !passes(i, k) {
		ev.PreventDefault()
	}
	if !p.local.Palette.Open {
		p.keyAt = k.Target
	}
	p.do(ctx, i)
	p.keyAt = ""
}
