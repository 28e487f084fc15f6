//go:build js && wasm

package main

import (
	"fmt"
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"deskbridge/pkg/layout"
	"deskbridge/pkg/studio"
)

// problems are what is wrong with the file.
func (p *page) problems() app.UI {
	v := p.view
	if v.File == "" {
		return none()
	}
	if len(v.Problems) == 0 {
		return section("problems", "Problems", app.P().Class("quiet").Text("None were found. What is checked is what Cisco documents and what its own layouts do."))
	}
	return section("problems", "Problems", app.P().Class("quiet").Text(v.Counts+" in "+v.File), findings(v.Problems))
}

func findings(all []studio.Finding) app.UI {
	return app.Ol().Class("findings").Body(app.Range(all).Slice(func(i int) app.UI {
		f := all[i]
		return app.Li().Class("finding "+string(f.Severity)).Body(
			app.P().Body(
				app.Span().Class("chip").Text(string(f.Severity)),
				app.Text(" "),
				app.Strong().Text(f.What),
				app.Text(" "+f.Fix),
			),
			app.P().Class("quiet").Body(
				app.Text(fmt.Sprintf("Line %d, column %d", f.Line, f.Col)),
				app.If(f.Path != "", func() app.UI { return app.Span().Body(app.Text(" · "), app.Code().Text(f.Path)) }),
			),
			excerpt(f.Excerpt),
		)
	}))
}

// conversions are what a connector's properties become.
func (p *page) conversions() app.UI {
	told := p.view.Conversions
	if len(told) == 0 {
		return none()
	}
	return section("conversions", "What the connector’s properties become",
		app.Div().Class("wide").TabIndex(0).Role("region").Aria("label", "Properties").Body(app.Table().Body(
			app.THead().Body(app.Tr().Body(
				app.Th().Scope("col").Text("Line"), app.Th().Scope("col").Text("Role"), app.Th().Scope("col").Text("Cisco’s"),
				app.Th().Scope("col").Text("Ours"), app.Th().Scope("col").Text("Note"),
			)),
			app.TBody().Body(app.Range(told).Slice(func(i int) app.UI {
				c := told[i]
				ours := app.UI(app.Code().Text(c.New))
				if c.New == "" {
					ours = app.Span().Class("gone").Text("left out")
				}
				return app.Tr().Body(
					app.Td().Text(strconv.Itoa(c.Line)), app.Td().Text(string(c.Role)),
					app.Td().Body(app.Span().Class("quiet").Text(string(c.Connector)+" "), app.Code().Text(c.Old)),
					app.Td().Body(ours), app.Td().Text(c.Note),
				)
			})),
		)),
	)
}

// change is what would be different, and where it is saved.
func (p *page) change() app.UI {
	v := p.view
	title := "Change"
	if v.File == "" {
		title = "New layout"
	}
	switch {
	case v.Wrong != "":
		return section("change", title, app.P().Class("note warn").Text(v.Wrong))
	case len(v.Refused) > 0:
		return section("change", title,
			app.P().Class("note error").Text("The layout cannot be edited so, and nothing of it was. This stands in the way:"), findings(v.Refused))
	case v.Unchanged:
		return section("change", title, app.P().ID("unchanged").Class("note ok").Text("Nothing would change: the layout is as you want it."))
	}
	return section("change", title,
		app.If(v.Left != "", func() app.UI { return app.P().Class("note warn").Text(v.Left) }),
		app.Div().Class("drop").Body(
			app.Button().ID("save").Class("btn main").Type("button").Text("Download "+v.Save).OnClick(p.save, app.EventScope("save")),
			app.Span().ID("summary").Class("quiet").Text(v.Summary),
		),
		app.P().ID("saved").Class("quiet").Role("status").Text(p.note),
		app.Div().Class("wide diff").TabIndex(0).Role("region").Aria("label", "Change, line by line").Body(
			app.Range(v.Change).Slice(func(i int) app.UI { return hunk(v.Change[i]) }),
		),
		app.If(v.Hidden > 0, func() app.UI {
			return app.Button().ID("all").Class("btn").Type("button").Text(fmt.Sprintf("Show %d lines more", v.Hidden)).
				OnClick(func(app.Context, app.Event) { p.do((*studio.Studio).ShowAll) }, app.EventScope("all"))
		}),
	)
}

// hunk is lines that follow each other, each with its number in the old file
// or, if it is new, in the new one.
func hunk(h layout.Hunk) app.UI {
	lines := studio.Shown(h)
	return app.Table().Class("hunk").Body(app.TBody().Body(app.Range(lines).Slice(func(i int) app.UI {
		l := lines[i]
		class, mark, spoken := "", "", ""
		switch l.Mark {
		case '+':
			class, mark, spoken = "plus", "+", "added: "
		case '-':
			class, mark, spoken = "minus", "−", "removed: "
		}
		return app.Tr().Class(class).Body(
			app.Td().Class("num").Text(numbered(l.Old)), app.Td().Class("num").Text(numbered(l.New)),
			app.Td().Class("mark").Body(app.Span().Aria("hidden", "true").Text(mark), app.Span().Class("sr").Text(spoken)),
			app.Td().Class("code").Text(l.Text),
		)
	})))
}

func numbered(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
