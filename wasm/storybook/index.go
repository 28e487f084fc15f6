//go:build js && wasm

package main

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"deskbridge/pkg/browser"
	"deskbridge/pkg/stories"
)

// frameID is the stage's element.
const frameID = "stage-frame"

// An option is one choice of a setting.
type option struct{ value, label string }

// The settings. The first of each is where the page starts, but for the width.
var (
	themes = []option{
		{"", "As the browser"}, {"hubspot-light", "Light"}, {"webex-light", "Light (Webex)"}, {"webex-dark", "Dark"}, {"contrast", "High contrast"},
	}
	languages = []option{
		{"en", "English"}, {"de", "Deutsch"}, {"es", "Español"}, {"fr", "Français"}, {"pt", "Português"}, {"ja", "日本語"},
		{"en-XA", "Pseudo (+35 %)"},
	}
	widths = []option{{"300", "300 px"}, {"400", "400 px"}, {"640", "640 px"}, {"840", "840 px"}}
	zooms  = []option{{"1", "100 %"}, {"2", "200 %"}}
	clocks = []option{{"", "Running"}, {"still", "Still"}}
)

// index is the list of stories with the stage beside it.
type index struct {
	app.Compo

	all    []stories.Story
	filter string
	look   look
	width  string
	zoom   string
	first  string // The address the frame was loaded with.
	heard  []string
}

func newIndex() *index {
	x := &index{all: stories.All(), width: "400", zoom: "1", look: look{Lang: "en"}}
	x.look.Story = x.all[0].Name
	if name := app.Window().URL().Fragment; find(name).Name != "" {
		x.look.Story = name
	}
	x.first = "/storybook?story=" + url.QueryEscape(x.look.Story) + "&lang=en"
	return x
}

// OnMount listens to what the stage says.
func (x *index) OnMount(ctx app.Context) {
	app.Window().Set("heard", app.FuncOf(func(_ app.Value, args []app.Value) any {
		line := args[0].String()
		ctx.Dispatch(func(app.Context) { x.hear(line) })
		return nil
	}))
	ctx.Defer(func(app.Context) { browser.Ready() })
}

// most is how many events are listed.
const most = 50

func (x *index) hear(line string) {
	x.heard = append([]string{line}, x.heard...)
	if len(x.heard) > most {
		x.heard = x.heard[:most]
	}
}

// listed are the stories that the filter lets through.
func (x *index) listed() []stories.Story {
	var out []stories.Story
	typed := strings.ToLower(strings.TrimSpace(x.filter))
	for _, s := range x.all {
		if strings.Contains(strings.ToLower(s.Name+" "+s.Screen+" "+s.Note), typed) {
			out = append(out, s)
		}
	}
	return out
}

func (x *index) choose(name string) {
	x.look.Story, x.heard = name, nil
	remember(name)
	x.show()
}

// show tells the frame. While it loads there is nobody to tell; then its load
// event does.
func (x *index) show() { showInFrame(frameID, x.look) }

// Render draws the page.
func (x *index) Render() app.UI {
	s := find(x.look.Story)
	return app.Div().Class("book").Body(
		app.Header().Class("book-head").Body(
			app.H1().Text("Storybook"),
			app.P().Text("The panel’s screens with canned views. Nothing here reaches Webex or HubSpot."),
			app.A().Href("/contacts").Text("To the sandbox"),
		),
		app.Nav().Class("book-list").Aria("label", "Stories").Body(
			app.Div().Class("book-filter").Body(
				app.Label().For("filter").Text("Find a story"),
				app.Input().ID("filter").Type("search").AutoComplete(false).Value(x.filter).
					OnInput(func(ctx app.Context, _ app.Event) { x.filter = ctx.JSSrc().Get("value").String() }),
			),
			x.list(),
		),
		app.Main().Class("book-main").Body(
			app.Div().Class("book-tools").Role("group").Aria("label", "Settings").Body(
				x.setting("theme", "Theme", themes, x.look.Theme, func(v string) { x.look.Theme = v }),
				x.setting("language", "Language", languages, x.look.Lang, func(v string) { x.look.Lang = v }),
				x.setting("width", "Width", widths, x.width, func(v string) { x.width = v }),
				x.setting("zoom", "Zoom", zooms, x.zoom, func(v string) { x.zoom = v }),
				x.setting("clock", "Clock", clocks, x.look.Clock, func(v string) { x.look.Clock = v }),
			),
			app.Section().Class("book-stage").Aria("label", "Stage").TabIndex(0).Body(x.frame()),
			app.Section().Class("book-about").Aria("label", "About this story").Body(
				app.H2().Text(s.Screen+" · "+s.Name),
				app.P().Class("book-note").Text(s.Note),
				app.P().Body(app.A().Href(x.address()).Target("_blank").Text("Open alone")),
				app.H3().Text("Events sent"),
				app.If(len(x.heard) == 0, func() app.UI { return app.P().Class("book-note").Text("None yet. Press something.") }),
				app.Ol().Class("book-events").Aria("label", "Events sent").Body(
					app.Range(x.heard).Slice(func(n int) app.UI { return app.Li().Text(x.heard[n]) }),
				),
			),
		),
	)
}

// address is the page that shows the story alone.
func (x *index) address() string {
	q := url.Values{"story": {x.look.Story}}
	for name, value := range map[string]string{"theme": x.look.Theme, "lang": x.look.Lang, "clock": x.look.Clock} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "/storybook?" + q.Encode()
}

// frame is the stage. Zoom is as in the browser: the same space on the screen
// has half as many CSS pixels.
func (x *index) frame() app.UI {
	width, _ := strconv.Atoi(x.width)
	zoom, _ := strconv.Atoi(x.zoom)
	return app.IFrame().ID(frameID).Class("zoom-" + x.zoom).Title("The panel").Src(x.first).
		Width(width / zoom).Height(600 / zoom).
		OnLoad(func(app.Context, app.Event) { x.show() })
}

func (x *index) setting(id, label string, options []option, chosen string, set func(string)) app.UI {
	return app.Div().Class("book-setting").Body(
		app.Label().For(id).Text(label),
		app.Select().ID(id).OnChange(func(ctx app.Context, _ app.Event) {
			set(ctx.JSSrc().Get("value").String())
			x.show()
		}).Body(app.Range(options).Slice(func(n int) app.UI {
			o := options[n]
			return app.Option().Value(o.value).Selected(o.value == chosen).Text(o.label)
		})),
	)
}

// list is the stories under their screens. The arrow keys move in it.
func (x *index) list() app.UI {
	listed := x.listed()
	var groups []app.UI
	for from := 0; from < len(listed); {
		to := from + 1
		for to < len(listed) && listed[to].Screen == listed[from].Screen {
			to++
		}
		groups = append(groups, x.group(listed[from:to]))
		from = to
	}
	if len(groups) == 0 {
		groups = append(groups, app.P().Class("book-note").Text("No story is called that."))
	}
	return app.Div().Class("book-groups").On("keydown", x.keys).Body(groups...)
}

func (x *index) group(all []stories.Story) app.UI {
	return app.Section().Body(
		app.H2().Text(all[0].Screen),
		app.Ul().Body(app.Range(all).Slice(func(n int) app.UI {
			name := all[n].Name
			b := app.Button().ID("story-"+name).Type("button").Text(name).
				OnClick(func(app.Context, app.Event) { x.choose(name) }, app.EventScope(name))
			if name == x.look.Story {
				b = b.Aria("current", "true")
			}
			return app.Li().Body(b)
		})),
	)
}

// keys goes to the next or previous story.
func (x *index) keys(ctx app.Context, e app.Event) {
	step := map[string]int{"ArrowDown": 1, "ArrowUp": -1}[e.Get("key").String()]
	if step == 0 {
		return
	}
	listed := x.listed()
	for n, s := range listed {
		if s.Name == x.look.Story && n+step >= 0 && n+step < len(listed) {
			e.PreventDefault()
			next := listed[n+step].Name
			x.choose(next)
			ctx.Defer(func(app.Context) { focusOn("story-" + next) })
			return
		}
	}
}
