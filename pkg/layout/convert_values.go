package layout

import (
	"slices"
	"strconv"
	"strings"
)

// An entry is a property of a connector: a member, or one within it.
type entry struct {
	n         *node
	name      string // Of one within another, outer.inner.
	connector Connector
	outer     bool // Its members are entries by themselves.
}

// olds are the properties of a role's connectors while they become ours.
type olds struct {
	d       *Document
	role    RoleName
	entries []entry
	told    []Conversion
	to      map[*node]int     // The index of the property of ours that asked for one.
	why     map[*node]string  // One says nothing.
	made    map[string]bool   // Properties of ours.
	notes   map[string]string // To those.
}

// read takes a connector's attributes and properties. Of several instances, the
// first one that has a name counts.
func (o *olds) read(n *node) {
	c := connector(n)
	for _, m := range append(slices.Clone(n.get("attributes").members()), n.get("properties").members()...) {
		if m.parent.name() == "attributes" && slices.Contains([]string{"class", "style", "slot", "id", "name"}, m.name()) {
			continue
		}
		o.entries = append(o.entries, entry{n: m, name: m.name(), connector: c})
	}
}

// flatten makes the members of an entry entries, where they have a counterpart.
func (o *olds) flatten() {
	var all []entry
	for _, e := range o.entries {
		e.outer = slices.ContainsFunc(oldNames, func(old Old) bool {
			outer, _, ok := strings.Cut(old.Name, ".")
			return ok && strings.EqualFold(outer, e.name)
		})
		all = append(all, e)
		if e.outer {
			for _, m := range e.n.members() {
				all = append(all, entry{n: m, name: e.name + "." + m.name(), connector: e.connector})
			}
		}
	}
	o.entries = all
}

// convert is what of ours the entries become.
func (o *olds) convert() []wanted {
	o.to, o.why, o.made, o.notes = map[*node]int{}, map[*node]string{}, map[string]bool{}, map[string]string{}
	o.flatten()
	var out []wanted
	for i, p := range Properties {
		if len(p.Old) == 0 || p.Name == "mode" {
			continue
		}
		t := &taking{olds: o, index: i}
		value := t.convert()
		if value != nil {
			out = append(out, wanted{p.Name, value, true})
			o.made[p.Name] = true
		}
		if t.note != "" {
			o.notes[p.Name] = t.note
		}
	}
	o.tell()
	return out
}

// tell says what became of each entry.
func (o *olds) tell() {
	for _, e := range o.entries {
		if e.outer {
			continue
		}
		line, _ := o.d.position(e.n.begin())
		c := Conversion{Role: o.role, Line: line, Connector: e.connector, Old: e.name}
		i, used := o.to[e.n]
		switch gone := o.gone(e); {
		case used && i >= 0 && o.made[Properties[i].Name]:
			c.New, c.Note = Properties[i].Name, o.notes[Properties[i].Name]
		case used && i >= 0:
			c.Note = o.notes[Properties[i].Name]
		case slices.ContainsFunc(Properties[0].Old, func(old Old) bool { return old.spelled(e.name) }):
			c.New, c.Note = "mode", "The place says it."
		case gone != "":
			c.Note = gone
		case isPlaceholder(e.n, e.name):
			c.Note = "It was never filled in."
		case o.why[e.n] != "":
			c.Note = o.why[e.n]
		case used, slices.ContainsFunc(oldNames, func(old Old) bool { return old.Connector == e.connector && old.spelled(e.name) }):
			c.Note = "It says nothing, or nothing by itself."
		default:
			c.Note = "It is no property of this connector that is documented."
		}
		o.told = append(o.told, c)
	}
}

func (o *olds) gone(e entry) string {
	for _, g := range Without {
		if g.spelled(e.name) && (g.Connector == e.connector || e.connector == "" || g.Elsewhere) {
			return g.Why
		}
	}
	return ""
}

// isPlaceholder says whether a text is what Cisco's layouts ask to be replaced.
func isPlaceholder(n *node, name string) bool {
	return n.is(stringKind) && (strings.Contains(n.text, "<") && strings.Contains(n.text, ">") || n.text == name)
}

// taking is how one property of ours takes from the old ones.
type taking struct {
	*olds
	index int // Of ours.
	note  string
}

// get is an old property, if it is there and was filled in.
func (t *taking) get(name string) *node {
	for _, e := range t.entries {
		for _, old := range Properties[t.index].Old {
			if old.Name == name && old.spelled(e.name) && (e.connector == "" || e.connector == old.Connector) && !isPlaceholder(e.n, e.name) {
				if _, ok := t.to[e.n]; !ok {
					t.to[e.n] = -1
				}
				return e.n
			}
		}
	}
	return nil
}

// used says that the old properties became ours: all of those names, of
// whichever instance.
func (t *taking) used(names ...string) {
	for _, e := range t.entries {
		for _, old := range Properties[t.index].Old {
			if slices.Contains(names, old.Name) && old.spelled(e.name) && (e.connector == "" || e.connector == old.Connector) && !isPlaceholder(e.n, e.name) {
				t.to[e.n] = t.index
			}
		}
	}
}

// text is the first of the names that has one.
func (t *taking) text(names ...string) string {
	for _, name := range names {
		if text := strings.TrimSpace(t.get(name).str()); text != "" {
			t.used(name)
			return text
		}
	}
	return ""
}

// flag is a truth value; a text that says one is one.
func (t *taking) flag(name string) (value, ok bool) {
	n := t.get(name)
	text := strings.ToLower(n.str())
	if n.is(boolKind) {
		text = n.raw
	}
	if text != "true" && text != "false" {
		return false, false
	}
	t.used(name)
	return text == "true", true
}

// convert is the property's new value, nil if it has none.
func (t *taking) convert() any {
	switch name := Properties[t.index].Name; name {
	case "teamName", "agentState", "outdialEntryPoint":
		if text := t.text(Properties[t.index].Old[0].Name); text != "" {
			return text
		}
	case "outdialAni":
		if text := t.text("outDialAni"); text != "" {
			return text
		}
	case "stripOutdialPrefixes":
		if prefixes := texts(strings.Split(t.text("reqPrefixStringTobeRemoved"), ",")); prefixes != nil {
			return prefixes
		}
	case "stripPrefixes":
		return t.prefixes()
	case "popAt":
		if connected, ok := t.flag("screenpopOnConnected"); ok {
			return map[bool]string{true: "connect", false: "ring"}[connected]
		}
	case "popVariables":
		return t.popVariables()
	case "newContactProperties":
		return t.fill("openContactFormWithPrefilledDataConfig", "sfdcObjetFieldCadVariableMappings1")
	case "variableProperties":
		return t.variableProperties()
	case "titleTemplate":
		return t.template("ActivitySubjectTemplate")
	case "ticketSubject":
		return t.template("ticketDynamicSubject")
	case "dateFormat":
		if text := t.text("dateTimeFormat", "SubjectDateFormat"); text != "" {
			return strings.NewReplacer("YYYY", "yyyy", "DD", "dd").Replace(text)
		}
	case "logCalls":
		return t.directions("phoneCallActivityRecordConfig.createActivityRecordForInboundCall", "phoneCallActivityRecordConfig.createActivityRecordForOutboundCall", true)
	case "ticketFor":
		if always, ok := t.flag("isCaseCreationForAllInboundCallsEnabled"); ok {
			return map[bool]string{true: "inbound", false: "off"}[always]
		}
		return t.directions("isCaseCreationEnabledForInboundCalls", "isCaseCreationEnabledForOutboundCalls", false)
	case "ticketProperties":
		return t.ticketProperties()
	case "ticketButton":
		if t.get("typeOfRecord") != nil {
			t.used("typeOfRecord")
			return true
		}
		return t.anyFlag()
	case "panelWidth":
		n := t.get("desktopWidth")
		text := strings.TrimSuffix(n.str(), "px")
		if n.is(numberKind) {
			text = n.raw
		}
		if width, err := strconv.Atoi(text); err == nil && width > 0 {
			t.used("desktopWidth")
			return width
		}
	default: // liveNotes, editTitle, ownerFollowsTransfer, updateTicket, syncState
		return t.anyFlag()
	}
	return nil
}

// anyFlag is the first old name that has a truth value.
func (t *taking) anyFlag() any {
	for _, old := range Properties[t.index].Old {
		if value, ok := t.flag(old.Name); ok {
			return value
		}
	}
	return nil
}

func (t *taking) prefixes() any {
	if remove, ok := t.flag("inboundANIPrefixToBeRemoved"); ok && !remove {
		t.used("inboundANIPrefix")
		t.note = "Nothing is taken off."
		return nil
	}
	prefixes := texts(strings.Split(t.text("inboundANIPrefix", "prefixStringTobeRemoved"), ","))
	if len(prefixes) == 1 && prefixes[0] == "+" {
		t.note = "A + needs no removal: numbers are compared in all their spellings."
		return nil
	}
	if prefixes == nil {
		return nil
	}
	return prefixes
}

// texts are those that are not empty; nil if none is.
func texts(all []string) []any {
	var out []any
	for _, s := range all {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// directions is a choice made of two truth values.
func (t *taking) directions(inbound, outbound string, unset bool) any {
	in, hasIn := t.flag(inbound)
	out, hasOut := t.flag(outbound)
	if !hasIn && !hasOut {
		return nil
	}
	if !hasIn {
		in = unset
	}
	if !hasOut {
		out = unset
	}
	switch {
	case in && out:
		return "all"
	case in:
		return "inbound"
	case out:
		return "outbound"
	}
	return "off"
}
