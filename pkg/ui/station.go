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
	if v.Desktop != nil {
		return elem("div", "class", "center").Body(
			elem("div", "class", "mark").Body(icon("bridge")),
			words("h2", e.t("station.title", firstName(v.Agent.Name)), "class", "title"),
			words("p", e.t("station.desktop"), "class", "lead"),
		)
	}
	f := stationForm(v.Profile, e.Local)
	cards := make([]app.UI, 0, len(v.Profile.LoginOptions))
	for _, o := range v.Profile.LoginOptions {
		cards = append(cards, stationCard(o, f, v, e))
	}
	return elem("div", "class", "form").Body(
		elem("div").Body(
			words("h2", e.t("station.title", firstName(v.Agent.Name)), "class", "title"),
			words("p", e.t("station.lead"), "class", "lead"),
		),
		elem("fieldset", "class", "cards").Body(append([]app.UI{words("legend", e.t("station.how"), "class", "sr")}, cards...)...),
		teamSelect(v.Profile.Teams, f, e),
		elem("label", "class", "check").Body(
			input("type", "checkbox", "id", "remember", "checked", flag(f.Remember)).OnChange(e.on(toggleRemember{})),
			words("span", e.t("station.remember")),
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
	radio := input("type", "radio", "name", "option", "id", id, "value", string(o), "checked", flag(chosen), "aria-describedby", id+"-about").OnChange(e.on(chooseOption{o}))
	if later {
		radio = radio.Attr("disabled", true)
	}
	about := e.t("station.about-" + string(o))
	if later {
		about = e.t("why.comes-later")
	}
	class := "card option"
	if chosen {
		class += " chosen"
	}
	return elem("div", "class", class).Body(
		elem("label", "class", "option-head", "for", id).Body(
			radio,
			elem("span", "class", "option-text").Body(
				words("span", e.t("station.option-"+string(o)), "class", "option-name"),
				words("span", about, "class", "option-about", "id", id+"-about"),
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
	in := input("class", "field", "id", "number", "type", "tel", "inputmode", "tel", "autocomplete", "off", "value", f.Number, "aria-describedby", "number-note", "aria-required", "true").
		OnInput(e.input(fieldStation))
	note := e.t("station.note-" + string(o))
	if o == softphone.AgentDN && v.Profile.ForceDefault {
		in, note = in.Attr("readonly", true), e.t("station.forced")
	}
	class := "field-note"
	if problem != "" {
		in, note, class = in.Attr("aria-invalid", "true"), e.t(problem), "field-error"
	}
	return elem("div", "class", "option-body").Body(
		words("label", e.t("station.label-"+string(o)), "class", "label", "for", "number"),
		in,
		elem("p", "class", class, "id", "number-note").Body(
			icon("notice-error"),
			words("span", note),
		),
	)
}

func teamSelect(teams []softphone.Named, f StationForm, e Env) app.UI {
	if len(teams) == 0 {
		return nothing()
	}
	if len(teams) == 1 {
		return words("p", e.t("station.one-team", teams[0].Name), "class", "note")
	}
	options := make([]app.UI, 0, len(teams))
	for _, t := range teams {
		options = append(options, words("option", t.Name, "value", t.ID, "selected", flag(t.ID == f.TeamID)))
	}
	return elem("div", "class", "row-field").Body(
		words("label", e.t("station.team"), "class", "label", "for", "team"),
		dropDown(elem("select", "class", "field select", "id", "team").OnChange(e.input(fieldTeam)).Body(options...)),
	)
}

func stationDock(v softphone.View, e Env) app.UI {
	label := e.t("station.start")
	if v.Busy == softphone.LoggingIn {
		label = e.t("station.starting")
	}
	return elem("div", "class", "dock-stack").Body(
		button{
			id: "start", kind: "primary wide", label: label, keys: keysSubmit,
			can: v.CanStart, do: startShift{}, busy: v.Busy == softphone.LoggingIn, describe: "start-why",
		}.draw(e),
		words("p", why(v.CanStart, e), "class", "dock-note", "id", "start-why"),
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
