package layout

import (
	"slices"
	"strings"
)

// Table is the README's chapter on properties, in Markdown: ours with the
// connectors' names, and the names that have no counterpart.
func Table() string {
	var out strings.Builder
	out.WriteString("| Property | Type | Default | Setting of the portal | What it does | Cisco's names |\n|---|---|---|---|---|---|\n")
	for _, p := range Properties {
		kind := string(p.Type)
		if len(p.Choices) > 0 {
			kind = "`" + strings.Join(p.Choices, "` `") + "`"
		}
		byDefault := p.Default
		if p.Live != "" {
			byDefault = strings.TrimPrefix(p.Default+" (`"+p.Live+"`)", " ")
		}
		setting := ""
		if p.Setting != "" {
			setting = "`" + p.Setting + "`"
		}
		row(&out, "`"+p.Name+"`", kind, byDefault, setting, p.What, byConnector(p.Old))
	}
	out.WriteString("\nCisco's names marked * are not in a layout but in Salesforce's call-center file. Spelling and case need not be exact: names that Cisco's documents or layouts misspell are accepted both ways.\n")
	out.WriteString("\n| Cisco's name | Why it has no counterpart |\n|---|---|\n")
	for i := 0; i < len(Without); {
		n := i + 1
		for n < len(Without) && Without[n].Why == Without[i].Why {
			n++
		}
		var olds []Old
		for _, g := range Without[i:n] {
			olds = append(olds, g.Old)
		}
		row(&out, byConnector(olds), Without[i].Why)
		i = n
	}
	return out.String()
}

func row(out *strings.Builder, cells ...string) {
	for i, cell := range cells {
		cells[i] = strings.ReplaceAll(cell, "|", "\\|")
	}
	out.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// byConnector are names by connector: Zendesk `a`, `b`; Salesforce `c`*.
func byConnector(olds []Old) string {
	var by []Connector
	names := map[Connector][]string{}
	for _, o := range olds {
		if !slices.Contains(by, o.Connector) {
			by = append(by, o.Connector)
		}
		name := "`" + o.Name + "`"
		if o.Elsewhere {
			name += "*"
		}
		names[o.Connector] = append(names[o.Connector], name)
	}
	parts := make([]string, len(by))
	for i, c := range by {
		parts[i] = string(c) + " " + strings.Join(names[c], ", ")
	}
	return strings.Join(parts, "; ")
}
