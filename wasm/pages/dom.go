//go:build js && wasm

package main

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"deskbridge/pkg/browser"
)

// The only place where these pages touch elements and the window. Nothing here
// decides anything.

// warn writes to the browser's console, as HubSpot does for developers.
func warn(message string) { app.Window().Get("console").Call("warn", message) }

// loadLinks makes every link load its page: HubSpot's pages are pages, and
// with each the calling iframe is a new one. go-app would swap components.
// It must run after go-app has shown its first page.
func loadLinks(setenv func(key, value string) error) {
	_ = setenv("GOAPP_INTERNAL_URLS", `["`+browser.Origin()+`/"]`)
}

// goTo loads another page.
func goTo(path string) { app.Window().Get("location").Call("assign", path) }

// openTab opens a page in a new tab. False: the browser has blocked it.
func openTab(path string) bool {
	_, err := browser.OpenPopup(browser.Origin()+path, "")
	return err == nil
}

// copyText puts text on the clipboard. It needs a press of the person.
func copyText(text string) {
	if board := app.Window().Get("navigator").Get("clipboard"); board.Truthy() {
		board.Call("writeText", text)
	}
}

// focusOn moves the keyboard to an element, if it is there.
func focusOn(id string) {
	if el := app.Window().GetElementByID(id); el.Truthy() {
		el.Call("focus")
	}
}

// toEnd scrolls an element to its last line.
func toEnd(id string) {
	if el := app.Window().GetElementByID(id); el.Truthy() {
		el.Set("scrollTop", el.Get("scrollHeight"))
	}
}

// placePanel moves the panel; a style attribute would break the page's policy, a
// property of the element does not.
func placePanel(id string, right int) {
	if el := app.Window().GetElementByID(id); el.Truthy() {
		el.Get("style").Call("setProperty", "--panel-right", strconv.Itoa(right)+"px")
	}
}

// valueOf is what stands in a field.
func valueOf(id string) string {
	el := app.Window().GetElementByID(id)
	if !el.Truthy() {
		return ""
	}
	return el.Get("value").String()
}

// setValue replaces what stands in a field: go-app does not do so where a
// person has typed.
func setValue(id, value string) {
	if el := app.Window().GetElementByID(id); el.Truthy() {
		el.Set("value", value)
	}
}
