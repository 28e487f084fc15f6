package ui

import (
	"strconv"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// variables is the call-associated data (CAD) as chips of label and value.
// Secure values are masked; the profile may hide all of them.
func variables(c softphone.CallView, v softphone.View, e Env) app.UI {
	if v.Profile != nil && v.Profile.HideVariables {
		return nothing()
	}
	rows := make([]app.UI, 0, len(c.Variables))
	for n, x := range c.Variables {
		edits := c.CanEditVariable.OK && x.Editable && !x.Secure
		if x.Value == "" && !edits {
			continue
		}
		rows = append(rows, variable(n, c, x, edits, e))
	}
	if len(rows) == 0 {
		return nothing()
	}
	return elem("dl", "class", "cads", "aria-label", e.t("call.variables")).Body(rows...)
}

func variable(n int, c softphone.CallView, x softphone.Variable, edits bool, e Env) app.UI {
	label, value := orElse(x.Label, x.Name), x.Value
	if x.Secure {
		value = masked(value)
	}
	if edits && e.Local.Variable.Name == x.Name {
		return elem("div", "class", "cad cad-edit").Body(
			elem("dt").Body(words("label", label, "for", string(fieldVariable))),
			elem("dd", "class", "cad-form").Body(
				input("class", "field", "id", string(fieldVariable), "type", "text", "autocomplete", "off", "value", x.Value).OnInput(e.input(fieldVariable)),
				button{id: "variable-save", kind: "primary small", label: e.t("variable.save"), can: yes, do: saveVariable{c.Key}}.draw(e),
				button{id: "variable-cancel", kind: "plain small", label: e.t("variable.cancel"), can: yes, do: closeVariable{}}.draw(e),
			),
		)
	}
	return elem("div", "class", "cad").Body(
		words("dt", label, "title", label),
		elem("dd").Body(
			words("span", orElse(e.name(value), e.t("variable.empty")), "class", "cad-value", "title", e.name(value)),
			app.If(edits, func() app.UI {
				return button{
					id: variableID(n), kind: "icon-btn cad-btn", icon: "edit", name: e.t("variable.edit", label),
					can: yes, do: editVariable{x.Name},
				}.draw(e)
			}),
		),
	)
}

func variableID(n int) string { return "variable-edit-" + strconv.Itoa(n) }

// editVariable turns a chip into a field.
type editVariable struct{ Name string }

func (i editVariable) apply(p *Panel) {
	if p.view.Call == nil {
		return
	}
	for _, x := range p.view.Call.Variables {
		if x.Name == i.Name {
			p.local.Variable = VariableForm{Name: x.Name, Text: x.Value}
			p.focus = string(fieldVariable)
		}
	}
}

// closeVariable puts the field away and the focus back on its chip.
type closeVariable struct{}

func (closeVariable) apply(p *Panel) {
	if p.view.Call != nil {
		for n, x := range p.view.Call.Variables {
			if x.Name == p.local.Variable.Name {
				p.focus = variableID(n)
			}
		}
	}
	p.local.Variable = VariableForm{}
}

// saveVariable sends the new value. The chip shows it when Webex has it.
type saveVariable struct{ Key softphone.CallKey }

func (i saveVariable) apply(p *Panel) {
	f := p.local.Variable
	if f.Name == "" {
		return
	}
	p.send(softphone.VariableEdited{Key: i.Key, Name: f.Name, Value: f.Text})
	closeVariable{}.apply(p)
}
