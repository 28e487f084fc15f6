package ui

import (
	"strings"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// stationForm is the form as it stands: what the agent chose, else what was
// remembered, else the profile's defaults.
func stationForm(p *softphone.Profile, l Local) StationForm {
	f := l.Station
	if p == nil {
		return f
	}
	if !offers(p, f.Option) {
		f.Option = ""
		for _, o := range p.LoginOptions {
			if o != softphone.Browser {
				f.Option = o
				break
			}
		}
	}
	if f.Option == softphone.AgentDN && (p.ForceDefault || !f.Touched && f.Number == "") && p.DefaultNumber != "" {
		f.Number = p.DefaultNumber
	}
	found := false
	for _, t := range p.Teams {
		found = found || t.ID == f.TeamID
	}
	if !found {
		f.TeamID = ""
		if len(p.Teams) > 0 {
			f.TeamID = p.Teams[0].ID
		}
	}
	return f
}

func offers(p *softphone.Profile, o softphone.LoginOption) bool {
	for _, have := range p.LoginOptions {
		if have == o && o != softphone.Browser {
			return true
		}
	}
	return false
}

// stationProblem is the message id of what is wrong with the form, or empty.
// It is about shape only; whether a number exists is Webex's to say.
func stationProblem(f StationForm) string {
	switch digits := strings.TrimPrefix(f.Number, "+"); {
	case f.Option == "":
		return "station.no-option"
	case f.Number == "" && f.Option == softphone.Extension:
		return "station.no-extension"
	case f.Number == "":
		return "station.no-number"
	case !allDigits(digits) || digits == "":
		return "station.digits"
	case f.Option == softphone.Extension && (len(digits) > 10 || digits != f.Number):
		return "station.bad-extension"
	case f.Option == softphone.AgentDN && (len(digits) < 7 || len(digits) > 15):
		return "station.bad-number"
	}
	return ""
}

func station(v softphone.View, e Env) app.UI {
	if v.Profile == nil {
		return boot(v, e)
	}
	f := stationForm(v.Profile, e.Local)
	cards := make([]app.UI, 0, len(v.Profile.LoginOptions))
	for _, o := range v.Profile.LoginOptions {
		cards = append(cards, stationCard(o, f, v, e))
	}
	return app.Div().Class("form").Body(
		app.Div().Body(
			app.H2().Class("title").Text(e.t("station.title", firstName(v.Agent.Name))),
			app.P().Class("lead").Text(e.t("station.lead")),
		),
		app.FieldSet().Class("cards").Body(append([]app.UI{app.Legend().Class("sr").Text(e.t("station.how"))}, cards...)...),
		teamSelect(v.Profile.Teams, f, e),
		app.Label().Class("check").Body(
			app.Input().Type("checkbox").Attr("id", "remember").Checked(f.Remember).OnChange(e.on(toggleRemember{})),
			app.Span().Text(e.t("station.remember")),
		),
	)
}

func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

// stationCard is one way to be reached, with its field when it is chosen.
func stationCard(o softphone.LoginOption, f StationForm, v softphone.View, e Env) app.UI {
	id := "option-" + string(o)
	chosen := o == f.Option
	later := o == softphone.Browser // Calls in the browser come later.
	radio := app.Input().Type("radio").Name("option").Attr("id", id).Value(string(o)).
		Checked(chosen).Attr("aria-describedby", id+"-about").OnChange(e.on(chooseOption{o}))
	if later {
		radio = radio.Disabled(true)
	}
	about := e.t("station.about-" + string(o))
	if later {
		about = e.t("why.comes-later")
	}
	class := "card option"
	if chosen {
		class += " chosen"
	}
	return app.Div().Class(class).Body(
		app.Label().Class("option-head").Attr("for", id).Body(
			radio,
			app.Span().Class("option-text").Body(
				app.Span().Class("option-name").Text(e.t("station.option-"+string(o))),
				app.Span().Class("option-about").Attr("id", id+"-about").Text(about),
			),
			icon("option-"+strings.ToLower(string(o))),
		),
		key(id+map[bool]string{true: " open", false: " shut"}[chosen], func() app.UI {
			if !chosen {
				return nothing()
			}
			return stationNumber(o, f, v, e)
		}),
	)
}

func stationNumber(o softphone.LoginOption, f StationForm, v softphone.View, e Env) app.UI {
	problem := ""
	if f.Tried {
		problem = stationProblem(f)
	}
	in := app.Input().Class("field").Attr("id", "number").Type("tel").Attr("inputmode", "tel").
		AutoComplete(false).Value(f.Number).
		Attr("aria-describedby", "number-note").Attr("aria-required", "true").
		OnInput(e.input(fieldStation))
	note := e.t("station.note-" + string(o))
	if o == softphone.AgentDN && v.Profile.ForceDefault {
		in, note = in.ReadOnly(true), e.t("station.forced")
	}
	class := "field-note"
	if problem != "" {
		in, note, class = in.Attr("aria-invalid", "true"), e.t(problem), "field-error"
	}
	return app.Div().Class("option-body").Body(
		app.Label().Class("label").Attr("for", "number").Text(e.t("station.label-"+string(o))),
		in,
		app.P().Class(class).Attr("id", "number-note").Body(
			icon("notice-error"),
			app.Span().Text(note),
		),
	)
}

func teamSelect(teams []softphone.Named, f StationForm, e Env) app.UI {
	if len(teams) == 0 {
		return nothing()
	}
	if len(teams) == 1 {
		return app.P().Class("note").Text(e.t("station.one-team", teams[0].Name))
	}
	options := make([]app.UI, 0, len(teams))
	for _, t := range teams {
		options = append(options, app.Option().Value(t.ID).Selected(t.ID == f.TeamID).Text(t.Name))
	}
	return app.Div().Class("row-field").Body(
		app.Label().Class("label").Attr("for", "team").Text(e.t("station.team")),
		dropDown(app.Select().Class("field", "select").Attr("id", "team").OnChange(e.input(fieldTeam)).Body(options...)),
	)
}

func stationDock(v softphone.View, e Env) app.UI {
	label := e.t("station.start")
	if v.Busy == softphone.LoggingIn {
		label = e.t("station.starting")
	}
	return app.Div().Class("dock-stack").Body(
		button{
			id: "start", kind: "primary wide", label: label, keys: keysSubmit,
			can: v.CanStart, do: startShift{}, busy: v.Busy == softphone.LoggingIn, describe: "start-why",
		}.draw(e),
		app.P().Class("dock-note").Attr("id", "start-why").Text(why(v.CanStart, e)),
	)
}

// chooseOption picks a way to be reached.
type chooseOption struct{ Option softphone.LoginOption }

func (i chooseOption) apply(p *Panel) {
	f := stationForm(p.view.Profile, p.local)
	if f.Option != i.Option {
		f.Number = ""
	}
	f.Option, f.Tried, f.Touched = i.Option, false, false
	p.local.Station = f
	p.local.Station = stationForm(p.view.Profile, p.local)
}

// toggleRemember is the check box.
type toggleRemember struct{}

func (toggleRemember) apply(p *Panel) { p.local.Station.Remember = !p.local.Station.Remember }

// startShift checks the form and asks for the station.
type startShift struct{}

func (startShift) apply(p *Panel) {
	if !p.view.CanStart.OK {
		explain{p.view.CanStart.Why}.apply(p)
		return
	}
	f := stationForm(p.view.Profile, p.local)
	f.Tried = true
	p.local.Station = f
	if problem := stationProblem(f); problem != "" {
		p.focus = "number"
		p.say(T(p.Lang, problem))
		return
	}
	if p.Memory != nil {
		kept := ""
		if f.Remember {
			kept = strings.Join([]string{string(f.Option), f.Number, f.TeamID}, "|")
		}
		p.Memory.Save(memoryKey, kept)
	}
	p.send(softphone.StationRequested{Option: f.Option, Number: f.Number, TeamID: f.TeamID})
}

// memoryKey is where the last station is kept, as option|number|team.
const memoryKey = "station"

// rememberStation fills the form from last time, once.
func (p *Panel) rememberStation() {
	if p.Memory == nil {
		return
	}
	parts := strings.Split(p.Memory.Load(memoryKey), "|")
	if len(parts) != 3 {
		return
	}
	p.local.Station.Option = softphone.LoginOption(parts[0])
	p.local.Station.Number, p.local.Station.TeamID = parts[1], parts[2]
	p.local.Station.Remember = true
}
