//go:build js && wasm

package main

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"deskbridge/pkg/browser"
	"deskbridge/pkg/layout"
	"deskbridge/pkg/studio"
)

// page draws the studio's view anew after everything that is done.
type page struct {
	app.Compo

	studio *studio.Studio
	view   studio.View
	over   bool   // A file is held above the page.
	note   string // About saving.
	remove func()
}

// OnInit makes the first view.
func (p *page) OnInit() { p.view = p.studio.View() }

// OnMount listens for files.
func (p *page) OnMount(ctx app.Context) {
	remove, err := browser.WatchFiles(layout.MaxSize,
		func(over bool) { ctx.Dispatch(func(app.Context) { p.over = over }) },
		func(f browser.File) {
			ctx.Dispatch(func(app.Context) {
				p.do(func(s *studio.Studio) {
					if f.Problem != "" {
						s.Fail(f.Name, f.Problem)
						return
					}
					s.Open(f.Name, f.Text)
				})
			})
		})
	if err != nil {
		p.studio.Fail("", "This browser does not let the page read files.")
		p.view = p.studio.View()
	}
	p.remove = remove
	ctx.Defer(func(app.Context) { browser.Ready() })
}

// OnDismount stops listening.
func (p *page) OnDismount() {
	if p.remove != nil {
		p.remove()
	}
}

// do changes the state.
func (p *page) do(change func(*studio.Studio)) {
	change(p.studio)
	p.note = ""
	p.view = p.studio.View()
}

func (p *page) save(app.Context, app.Event) {
	p.note = "Saved as " + p.view.Save + ". Upload it in Control Hub: Contact Center, Desktop Layouts."
	if err := browser.Download(p.view.Save, "application/json", p.view.Result); err != nil {
		p.note = "The browser refused to save the file. The change below can be made by hand."
	}
}

// Render draws the page.
func (p *page) Render() app.UI {
	class := "studio"
	if p.over {
		class += " is-over"
	}
	return app.Div().Class(class).Body(
		app.A().Class("skip").Href("#result").Text("Skip to the result"),
		app.Header().Class("st-head").Body(
			app.H1().Text("Layout studio"),
			app.P().Text("Puts Deskbridge into a desktop layout of Webex Contact Center. The file stays in this browser: nothing is uploaded."),
		),
		app.P().ID("says").Class("sr").Role("status").Text(p.view.Says),
		app.Main().Class("st-main").Body(
			app.Div().Class("st-form").Body(slot(p.file()), slot(p.what()), slot(p.where()), slot(p.widget())),
			app.Div().Class("st-out").ID("result").TabIndex(-1).Body(slot(p.problems()), slot(p.conversions()), slot(p.change())),
		),
	)
}

func section(id, title string, body ...app.UI) app.UI {
	return app.Section().ID(id).Class("card").Aria("labelledby", id+"-title").
		Body(append([]app.UI{app.H2().ID(id + "-title").Text(title)}, body...)...)
}

// slot keeps a section's place: go-app would turn the elements of one section
// into those of another that takes its turn.
func slot(section app.UI) app.UI { return app.Div().Class("slot").Body(section) }

// none draws nothing.
func none() app.UI { return app.If(false, func() app.UI { return nil }) }
