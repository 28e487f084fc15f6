//go:build js && wasm

package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"deskbridge/pkg/browser"
	"deskbridge/pkg/softphone"
	"deskbridge/pkg/stories"
	"deskbridge/pkg/ui"
)

// A look is which story is shown and how. Its fields are parameters of the
// page's address, and arguments of the window's function show.
type look struct {
	Story string
	Theme string // A data-theme of tokens.css; empty follows the browser.
	Lang  string // A language of the catalogue; empty is English.
	Clock string // "still" stops the clock at the story's time.
}

// stage is one panel with a canned view. The page around it, or a test, calls
// show(story, theme, lang, clock) on its window; what is on the screen by then
// stands in the root element's data-shown.
type stage struct {
	app.Compo

	book  *stories.Book
	look  look
	since time.Time // When the running clock was at the stories' time.

	story  stories.Story
	source *stories.Source
	shows  int
}

// OnInit sets the stage before it is first drawn.
func (s *stage) OnInit() { s.set() }

// OnMount offers show.
func (s *stage) OnMount(ctx app.Context) {
	app.Window().Set("show", app.FuncOf(func(_ app.Value, args []app.Value) any {
		var l look
		for n, field := range []*string{&l.Story, &l.Theme, &l.Lang, &l.Clock} {
			if n < len(args) && args[n].Truthy() {
				*field = args[n].String()
			}
		}
		ctx.Dispatch(func(app.Context) {
			s.look = l
			s.set()
		})
		return nil
	}))
	browser.Ready()
}

// set puts the story of the look on stage: a panel of its own each time.
func (s *stage) set() {
	s.shows++
	s.story = find(s.look.Story)
	s.source = stories.NewSource(s.story.View, func(e softphone.Event) { tellParent(describe(e)) })
	setTheme(s.look.Theme)
	browser.SetTitle(s.story.Name + " · Storybook")
}

// Render draws the panel.
func (s *stage) Render() app.UI {
	if s.story.Name == "" {
		return app.P().Role("alert").Text("There is no story called " + s.look.Story + ".")
	}
	l := s.look
	// In an element of its own: go-app cannot replace a component that is all
	// of another.
	return app.Div().Body(&live{
		id:    strconv.Itoa(s.shows),
		shown: func() { setShown(strings.Join([]string{l.Story, l.Theme, l.Lang, l.Clock}, " ")) },
		panel: &ui.Panel{
			Source: s.source, Find: s.book, Lang: s.look.Lang, Start: s.story.Local, Now: s.now,
			NewKey: func() softphone.CallKey { return "new" },
		},
	})
}

func (s *stage) now() time.Time {
	if s.look.Clock == "still" {
		return stories.Now
	}
	return stories.Now.Add(time.Since(s.since))
}

// live is a panel that says when it is on the screen. Another id is another
// panel, with nothing left of the last one. Its fields are not exported because
// go-app would copy them, the panel's own state included, when the stage is
// drawn again.
type live struct {
	app.Compo

	id    string
	panel *ui.Panel
	shown func()
}

// CompoID is what go-app compares before updating in place.
func (l *live) CompoID() string { return l.id }

// OnMount waits for the first drawing.
func (l *live) OnMount(ctx app.Context) { ctx.Defer(func(app.Context) { l.shown() }) }

// Render draws the panel.
func (l *live) Render() app.UI { return l.panel }

// find is a story by its name; a zero one if there is none.
func find(name string) stories.Story {
	for _, s := range stories.All() {
		if s.Name == name {
			return s
		}
	}
	return stories.Story{}
}

// describe is an event in one line.
func describe(e softphone.Event) string {
	return strings.ReplaceAll(fmt.Sprintf("%#v", e), "softphone.", "")
}
