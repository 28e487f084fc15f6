//go:build js && wasm

package main

import (
	"fmt"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"deskbridge/pkg/layout"
	"deskbridge/pkg/studio"
)

// file is where a layout is opened.
func (p *page) file() app.UI {
	v := p.view
	name := app.UI(app.P().Class("quiet").Text("Nothing is open, so a new layout is written. Download yours from Control Hub (Contact Center, Desktop Layouts) to edit it."))
	if v.File != "" {
		name = app.P().Body(app.Strong().ID("file-name").Text(v.File), app.Br(), app.Span().Class("quiet").Text(v.Facts))
	}
	return section("open", "Layout",
		name,
		app.Div().Class("drop").Body(
			app.Input().ID("file").Class("sr").Type("file").Accept(".json,application/json"),
			app.Label().Class("btn").For("file").Text("Choose a file…"),
			app.Span().Class("quiet").Text("or drop it anywhere on this page"),
			app.If(v.File != "", func() app.UI {
				return app.Button().ID("close").Class("btn").Type("button").Text("Start from nothing").
					OnClick(func(app.Context, app.Event) { p.do((*studio.Studio).Close) }, app.EventScope("close"))
			}),
		),
		p.trouble(),
		app.If(v.Summary != "", func() app.UI { return app.A().Class("jump").Href("#change").Text("See the change: " + v.Summary) }),
		app.If(len(v.Standings) > 0, func() app.UI {
			return app.Ul().Class("found").Aria("label", "What is in it").Body(app.Range(v.Standings).Slice(func(i int) app.UI {
				return app.Li().Text(standing(v.Standings[i]))
			}))
		}),
	)
}

func standing(s layout.Standing) string {
	whose := "Deskbridge"
	if !s.Ours {
		whose = "Cisco’s connector"
		if s.Connector != "" {
			whose += " for " + string(s.Connector)
		}
	}
	return fmt.Sprintf("%s: %s, %s, line %d", whose, s.Role, s.Place, s.Line)
}

// trouble says why a file was not opened.
func (p *page) trouble() app.UI {
	t := p.view.Trouble
	if t == nil {
		return none()
	}
	where := ""
	if t.Line > 0 {
		where = fmt.Sprintf("Line %d, column %d: ", t.Line, t.Col)
	}
	title := "The file could not be opened"
	if t.Name != "" {
		title = t.Name + " could not be opened"
	}
	return app.Div().ID("trouble").Class("note error").Body(
		app.P().Body(app.Strong().Text(title+".")),
		app.P().Text(where+t.What+" "+t.Fix),
		excerpt(t.Excerpt),
		app.If(t.Kept != "", func() app.UI { return app.P().Text(t.Kept + " stays open, and so does all you have chosen.") }),
	)
}

func excerpt(text string) app.UI {
	if text == "" {
		return none()
	}
	return app.Code().Class("excerpt").Text(text)
}

// what is to be done.
func (p *page) what() app.UI {
	if p.view.File == "" {
		return none()
	}
	return section("action", "What to do", app.FieldSet().Body(
		app.Legend().Class("sr").Text("What to do"),
		app.Range(p.view.Actions).Slice(func(i int) app.UI {
			c := p.view.Actions[i]
			return box("radio", "action", string(c.Value), c.Label, c.What, c.WhyNot, c.Chosen, func(bool) {
				p.do(func(s *studio.Studio) { s.Choose(c.Value) })
			})
		}),
	))
}

// box is a radio button or a check box with what there is to say to it.
func box(kind, group, value, label, what, whyNot string, chosen bool, set func(on bool)) app.UI {
	id := group + "-" + value
	if whyNot != "" {
		what = whyNot
	}
	return app.Div().Class("choice").Body(
		app.Input().ID(id).Type(kind).Name(group).Value(value).Checked(chosen).Disabled(whyNot != "").Aria("describedby", id+"-what").
			OnChange(func(ctx app.Context, _ app.Event) { set(ctx.JSSrc().Get("checked").Bool()) }, app.EventScope(id)),
		app.Label().For(id).Text(label),
		app.P().ID(id+"-what").Class("quiet").Text(what),
	)
}

// where the widget goes, and for whom.
func (p *page) where() app.UI {
	v := p.view
	if v.Roles == nil {
		return none()
	}
	return section("where", "Where and for whom",
		app.If(v.Places != nil, func() app.UI {
			return app.FieldSet().Body(
				app.Legend().Text("Places"),
				app.Range(v.Places).Slice(func(i int) app.UI {
					c := v.Places[i]
					label := c.Label
					if c.Present {
						label += " (there already)"
					}
					return box("checkbox", "place", string(c.Value), label, c.What, c.WhyNot, c.Chosen, func(on bool) {
						p.do(func(s *studio.Studio) { s.Place(c.Value, on) })
					})
				}),
			)
		}),
		app.FieldSet().Body(
			app.Legend().Text("Roles"),
			app.Range(v.Roles).Slice(func(i int) app.UI {
				c := v.Roles[i]
				return box("checkbox", "role", string(c.Value), c.Label, c.What, c.WhyNot, c.Chosen, func(on bool) {
					p.do(func(s *studio.Studio) { s.Role(c.Value, on) })
				})
			}),
		),
	)
}

// widget is what the widget is told.
func (p *page) widget() app.UI {
	v := p.view
	if !v.Widget {
		return none()
	}
	return section("widget", "The widget",
		field(v.Server, func(text string) { p.do(func(s *studio.Studio) { s.Server(text) }) }),
		field(v.Datacenter, func(text string) { p.do(func(s *studio.Studio) { s.Datacenter(text) }) }),
		field(v.Label, func(text string) { p.do(func(s *studio.Studio) { s.Label(text) }) }),
		app.Details().Body(
			app.Summary().Text("Properties"),
			app.P().Class("quiet").Text("They hold for the teams that have this layout. What is empty is not written; on a widget that is there already it stays as it is."),
			app.Range(v.Fields).Slice(func(i int) app.UI {
				f := v.Fields[i]
				return field(f, func(text string) { p.do(func(s *studio.Studio) { s.Set(f.Name, text) }) })
			}),
		),
	)
}

// field is one to fill in, with what it is for and what is wrong with it.
func field(f studio.Field, set func(string)) app.UI {
	id := "field-" + f.Name
	changed := func(ctx app.Context, _ app.Event) { set(ctx.JSSrc().Get("value").String()) }
	invalid := fmt.Sprint(f.Problem != "")
	described := id + "-what " + id + "-problem"
	var control app.UI
	switch {
	case len(f.Choices) > 0:
		options := append([]string{""}, f.Choices...)
		control = app.Select().ID(id).Aria("describedby", described).OnChange(changed, app.EventScope(id)).Body(
			app.Range(options).Slice(func(i int) app.UI {
				text := options[i]
				if text == "" {
					text = "(empty)"
				}
				return app.Option().Value(options[i]).Selected(options[i] == f.Typed).Text(text)
			}))
	case f.Type == layout.Map || f.Type == layout.Rules:
		control = app.Textarea().ID(id).Rows(3).Spellcheck(false).Aria("describedby", described).Aria("invalid", invalid).OnChange(changed, app.EventScope(id)).Text(f.Typed)
	default:
		control = app.Input().ID(id).Type("text").Spellcheck(false).AutoComplete(false).Value(f.Typed).
			Aria("describedby", described).Aria("invalid", invalid).OnChange(changed, app.EventScope(id))
	}
	return app.Div().Class("field").Body(
		app.Label().For(id).Text(f.Label),
		control,
		app.P().ID(id+"-problem").Class("wrong").Text(f.Problem),
		app.P().ID(id+"-what").Class("quiet").Text(f.What+" "+f.Default),
	)
}
