package studio

import (
	"encoding/json"
	"slices"
	"strings"

	"deskbridge/pkg/layout"
)

// A Field is one thing that can be filled in.
type Field struct {
	Name    string
	Label   string
	Type    layout.Type
	Choices []string // Besides empty; of a choice and a truth value.
	Typed   string
	What    string // What it is for.
	Default string // What holds without it: a sentence.
	Problem string // What is wrong with what was typed.
}

// settable are the properties that have fields: those that people set.
func settable() []layout.Property {
	var all []layout.Property
	for _, p := range layout.Properties {
		if p.Name != "mode" && p.Name != "datacenter" && (p.Live == "" || p.Open) {
			all = append(all, p)
		}
	}
	return all
}

// fields are those of the properties, with the values of those that are right.
func (s *Studio) fields() ([]Field, map[string]any, bool) {
	var all []Field
	values := map[string]any{}
	fine := true
	for _, p := range settable() {
		f := Field{Name: p.Name, Label: p.Name, Type: p.Type, Choices: p.Choices, Typed: s.values[p.Name], What: p.What}
		if p.Type == layout.Boolean {
			f.Choices = []string{"true", "false"}
		}
		switch {
		case p.Setting != "":
			f.Default = "If empty, the portal’s setting holds."
		case p.Default == "[]" || p.Default == "{}":
			f.Default = "If empty: none."
		case p.Default != "":
			f.Default = "If empty: " + p.Default + "."
		}
		if f.Typed != "" {
			value, problem := parsed(p, f.Typed)
			if problem == "" {
				values[p.Name] = value
			}
			f.Problem, fine = problem, fine && problem == ""
		}
		all = append(all, f)
	}
	return all, values, fine
}

// parsed is the value that was typed, or what is wrong with it.
func parsed(p layout.Property, typed string) (value any, problem string) {
	switch p.Type {
	case layout.Text, layout.Choice:
		value = typed
	case layout.List:
		if !strings.HasPrefix(typed, "[") {
			list := []any{}
			for _, one := range strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == '\n' }) {
				if one = strings.TrimSpace(one); one != "" {
					list = append(list, one)
				}
			}
			value = list
			break
		}
		fallthrough
	default:
		if err := json.Unmarshal([]byte(typed), &value); err != nil {
			return nil, "This is no " + kinds[p.Type] + "."
		}
	}
	// Any address will do: it is the property that is asked about.
	err := layout.Options{Script: layout.ScriptURL(layout.SampleServer), Settings: map[string]any{p.Name: value}}.Validate()
	if err == nil {
		return value, ""
	}
	_, want, found := strings.Cut(err.Error(), ": want ")
	if !found {
		return nil, err.Error()
	}
	return nil, "It has to be " + want + "."
}

// kinds are types in words, of what is written as JSON.
var kinds = map[layout.Type]string{
	layout.Boolean: "truth value: write true or false",
	layout.Number:  "number",
	layout.List:    "list: write +49, +1 or, as JSON, [\"+49\", \"+1\"]",
	layout.Map:     "JSON object: write {\"name\": \"value\"}, with quotation marks",
	layout.Rules:   "JSON list of objects: look at the example, with all its quotation marks",
}

// A Choice is a box to tick or a button to press.
type Choice[T ~string] struct {
	Value   T
	Label   string
	What    string
	Chosen  bool
	WhyNot  string // Why it cannot be chosen; empty if it can.
	Present bool   // The widget stands there already.
}

var roleLabels = map[layout.RoleName]string{
	layout.Agent: "Agents", layout.Supervisor: "Supervisors", layout.SupervisorAgent: "Supervisors who are agents, too",
}

var placeLabels = map[layout.Place][2]string{
	layout.Panel:      {"Panel", "A tab beside the contact."},
	layout.Navigation: {"Page", "A page of its own, with a button on the left."},
	layout.Header:     {"Header", "A line among the icons at the top."},
	layout.Headless:   {"Unseen", "Shows nothing: opens records and logs calls, also where no other place is on the screen."},
}

var actionLabels = map[Action][2]string{
	Insert:   {"Place the widget", "Where it stands already it is brought up to date."},
	Upgrade:  {"Bring the widget up to date", "Its script’s address and what you fill in below. All else of it stays."},
	Convert:  {"Replace Cisco’s connector", "The widget takes its place, with its properties as ours."},
	Remove:   {"Take the widget out", "With all that was made for it."},
	Generate: {"Write a new layout", "The Desktop’s own parts for all three roles, with the widget."},
}

// actions are what can be done now.
func (s *Studio) actions(standings []layout.Standing) []Choice[Action] {
	ours := slices.ContainsFunc(standings, func(at layout.Standing) bool { return at.Ours })
	theirs := slices.ContainsFunc(standings, func(at layout.Standing) bool { return !at.Ours })
	all := []Action{Insert, Upgrade, Convert, Remove}
	if s.doc == nil {
		all = []Action{Generate}
	}
	var out []Choice[Action]
	for _, a := range all {
		c := Choice[Action]{Value: a, Label: actionLabels[a][0], What: actionLabels[a][1], Chosen: a == s.action}
		switch {
		case (a == Upgrade || a == Remove) && !ours:
			c.WhyNot = "The widget is not in this layout."
		case a == Convert && !theirs:
			c.WhyNot = "There is no connector of Cisco’s in this layout."
		}
		out = append(out, c)
	}
	return out
}

func (s *Studio) roleChoices() []Choice[layout.RoleName] {
	has := s.has()
	var out []Choice[layout.RoleName]
	for _, r := range layout.RoleNames {
		c := Choice[layout.RoleName]{Value: r, Label: roleLabels[r], What: string(r)}
		if !slices.Contains(has, r) {
			c.WhyNot = "This layout does not have the role."
		}
		c.Chosen = c.WhyNot == "" && slices.Contains(s.roles, r)
		out = append(out, c)
	}
	return out
}

// has are the roles that there are.
func (s *Studio) has() []layout.RoleName {
	if s.doc == nil {
		return layout.RoleNames
	}
	var all []layout.RoleName
	for _, r := range s.doc.Layout().Roles {
		all = append(all, r.Name)
	}
	return all
}

func (s *Studio) placeChoices(standings []layout.Standing) []Choice[layout.Place] {
	var out []Choice[layout.Place]
	for _, p := range layout.Places {
		out = append(out, Choice[layout.Place]{
			Value: p, Label: placeLabels[p][0], What: placeLabels[p][1], Chosen: slices.Contains(s.places, p),
			Present: slices.ContainsFunc(standings, func(at layout.Standing) bool { return at.Ours && at.Place == p }),
		})
	}
	return out
}
