//go:build js && wasm

package main

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// The only place where the storybook touches the document and other windows.

func rootElement() app.Value { return app.Window().Get("document").Get("documentElement") }

// setTheme chooses the appearance; empty leaves it to the browser.
func setTheme(name string) {
	if name == "" {
		rootElement().Call("removeAttribute", "data-theme")
		return
	}
	rootElement().Call("setAttribute", "data-theme", name)
}

// setShown says what is on the screen.
func setShown(what string) { rootElement().Call("setAttribute", "data-shown", what) }

// tellParent hands a line to the page around the stage, if there is one.
func tellParent(line string) {
	if heard := app.Window().Get("parent").Get("heard"); heard.Truthy() {
		heard.Invoke(line)
	}
}

// showInFrame changes what the frame shows. False: it has not loaded yet.
func showInFrame(id string, l look) bool {
	frame := app.Window().GetElementByID(id)
	if !frame.Truthy() {
		return false
	}
	window := frame.Get("contentWindow")
	if !window.Truthy() || !window.Get("show").Truthy() {
		return false
	}
	window.Call("show", l.Story, l.Theme, l.Lang, l.Clock)
	return true
}

// remember puts the story's name into the address, so that a reload shows it
// again.
func remember(name string) {
	app.Window().Get("history").Call("replaceState", nil, "", "#"+name)
}

// focusOn moves the keyboard to an element, if it is there.
func focusOn(id string) {
	if el := app.Window().GetElementByID(id); el.Truthy() {
		el.Call("focus")
		el.Call("scrollIntoView", map[string]any{"block": "nearest"})
	}
}
