//go:build js && wasm

// Command storybook shows the panel's stories in the sandbox. At /storybook it
// is the list with its settings; at /storybook?story=NAME it is the panel of
// that story alone, which the list frames and the tests look at.
package main

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"deskbridge/pkg/browser"
	"deskbridge/pkg/stories"
)

func main() {
	book := stories.NewBook()
	app.Route("/storybook", func() app.Composer {
		if name := browser.Query("story"); name != "" {
			return &stage{book: book, since: time.Now(), look: look{
				Story: name, Theme: browser.Query("theme"), Lang: browser.Query("lang"), Clock: browser.Query("clock"),
			}}
		}
		return newIndex()
	})
	app.RunWhenOnBrowser()
}
