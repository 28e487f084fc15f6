package layout

import (
	"fmt"
	"slices"
	"strings"
)

// A Conversion is what became of one property of a connector.
type Conversion struct {
	Role      RoleName  `json:"role"`
	Line      int       `json:"line"` // In the old layout.
	Connector Connector `json:"connector"`
	Old       string    `json:"old"`
	New       string    `json:"new,omitempty"`  // Our property; empty if there is none.
	Note      string    `json:"note,omitempty"` // Why there is none, or what to look at.
}

// String is the conversion in one line.
func (c Conversion) String() string {
	s := fmt.Sprintf("%d: %s, %s: %s ", c.Line, c.Role, c.Connector, c.Old)
	if c.New == "" {
		return s + "is left out. " + c.Note
	}
	return strings.TrimSpace(s + "becomes " + c.New + ". " + c.Note)
}

// connectorElements are the elements of Cisco's connectors.
var connectorElements = []string{"agentx-custom-desktop", "agentx-msdynamics-desktop"}

// Convert puts our widget where one of Cisco's legacy connectors was, with its
// properties as ours, and says what became of each. Places, wrappers and all
// else stay. The connector's settings of a role hold for all our widgets of that
// role. A [Refusal] says that there is no connector.
func Convert(d *Document, o Options) (*Document, []Conversion, error) {
	if err := o.Validate(); err != nil {
		return nil, nil, err
	}
	roles, err := d.rolesFor(o)
	if err != nil {
		return nil, nil, err
	}
	var edits []edit
	var told []Conversion
	for _, role := range roles {
		all := d.connectors(d.root.get(string(role)))
		if len(all) == 0 {
			continue
		}
		if err := d.few(all); err != nil {
			return nil, nil, err
		}
		old := &olds{d: d, role: role}
		for _, n := range all {
			old.read(n)
		}
		settings := old.convert()
		told = append(told, old.told...)
		for _, n := range all {
			for _, e := range d.convertOne(n, o, settings) {
				if !slices.Contains(edits, e) { // Two in one tab have one title.
					edits = append(edits, e)
				}
			}
		}
	}
	if len(edits) == 0 {
		return nil, nil, Refusal{d.problem(d.root.start, "", Error, "refused", "There is no connector of Cisco's in the layout.",
			"Those are "+strings.Join(connectorElements, " and ")+". To place the widget anew, insert it.")}
	}
	next, err := d.apply(edits...)
	return next, told, err
}

// connectors are the components of Cisco's connectors within a value. Those
// within others are left to these.
func (d *Document) connectors(n *node) []*node {
	var all []*node
	n.each(func(n *node) {
		if isConnector(n) && (len(all) == 0 || all[len(all)-1].end < n.start) {
			all = append(all, n)
		}
	})
	return all
}

func isConnector(n *node) bool {
	return n.is(objectKind) && n.get("comp").is(stringKind) &&
		(slices.Contains(connectorElements, n.get("comp").text) || strings.Contains(n.get("script").str(), "crmconnector.ciscoccservice.com/"))
}

// connector says whose a component is: by its script's address, else by the
// names of its properties.
func connector(n *node) Connector {
	script := strings.ToLower(n.get("script").str())
	for _, c := range []struct {
		part string
		is   Connector
	}{{"salesforce", Salesforce}, {"servicenow", ServiceNow}, {"dynamics", Dynamics}, {"zendesk", Zendesk}, {"freshdesk", Freshdesk}} {
		if strings.Contains(script, c.part) || strings.Contains(n.get("comp").str(), c.part) {
			return c.is
		}
	}
	votes := map[Connector]int{}
	best := Connector("")
	for _, m := range append(slices.Clone(n.get("attributes").members()), n.get("properties").members()...) {
		for _, o := range oldNames {
			if o.spelled(m.name()) {
				if votes[o.Connector]++; votes[o.Connector] > votes[best] {
					best = o.Connector
				}
			}
		}
	}
	return best
}

// oldNames are all names of the connectors.
var oldNames = allOld()

func allOld() []Old {
	var all []Old
	for _, p := range Properties {
		all = append(all, p.Old...)
	}
	for _, g := range Without {
		all = append(all, g.Old)
	}
	return all
}

// convertOne replaces one connector by our widget.
func (d *Document) convertOne(n *node, o Options, settings []wanted) []edit {
	place := placeOf(n)
	properties := object{{"mode", string(place)}}
	for _, w := range append(o.properties(), settings...) {
		i := slices.IndexFunc(properties, func(m member) bool { return m.name == w.name })
		switch {
		case i < 0:
			properties = append(properties, member{w.name, w.value})
		case w.force && o.Settings[w.name] == nil:
			properties[i].value = w.value
		}
	}
	edits := []edit{d.replace(n.get("comp"), Element)}
	var missing []any
	if script := n.get("script"); script != nil {
		edits = append(edits, d.replace(script, o.Script))
	} else {
		missing = append(missing, member{"script", o.Script})
	}
	var gone []*node
	attributes := n.get("attributes")
	for _, a := range attributes.members() {
		if slices.ContainsFunc(oldNames, func(o Old) bool { return o.spelled(a.name()) }) {
			gone = append(gone, a)
		}
	}
	have := n.get("properties")
	whole := len(gone) > 0 && len(gone) == len(attributes.items)
	switch {
	case have != nil:
		edits = append(edits, d.replace(have, properties))
		if whole {
			edits = append(edits, d.drop(attributes))
		}
	case whole:
		lead, _ := d.lead(attributes.begin())
		edits = append(edits, edit{attributes.begin(), attributes.end, d.print(member{"properties", properties}, lead)})
	default:
		missing = append(missing, member{"properties", properties})
	}
	if len(gone) > 0 && !whole {
		edits = append(edits, d.dropAll(gone...)...)
	}
	if len(missing) > 0 {
		edits = append(edits, d.add(n, missing...))
	}
	return append(edits, d.retitle(n, o)...)
}

// placeOf says in which place a component stands.
func placeOf(n *node) Place {
	for ; n != nil; n = n.parent {
		if n.parent.is(objectKind) && n.parent.name() == "area" {
			switch n.name() {
			case "headless":
				return Headless
			case "header", "advancedHeader":
				return Header
			case "navigation", "homepage":
				return Navigation
			}
		}
	}
	return Panel
}

// retitle replaces titles that name the other CRM: of the wrapper and the tab.
func (d *Document) retitle(n *node, o Options) []edit {
	titles := []*node{n.find("wrapper", "title")}
	if children := n.parent; children.is(arrayKind) && children.parent.get("comp").str() == "md-tab-panel" && children.parent.parent.is(arrayKind) {
		for i, tab := range children.parent.parent.items {
			if i+1 == children.parent.index && tab.get("comp").str() == "md-tab" {
				titles = append(titles, tab.get("textContent"))
				for _, c := range tab.get("children").list() {
					titles = append(titles, c.get("textContent"))
				}
			}
		}
	}
	var edits []edit
	for _, t := range titles {
		text := strings.ToLower(t.str())
		if slices.ContainsFunc([]string{"salesforce", "sfdc", "servicenow", "snow", "dynamics", "zendesk", "freshdesk"}, func(name string) bool { return strings.Contains(text, name) }) {
			edits = append(edits, d.replace(t, o.label()))
		}
	}
	return edits
}

// modernize gives properties of our widget that have a connector's name ours.
func (d *Document) modernize(n *node) (*Document, error) {
	properties := n.get("properties")
	old := &olds{d: d}
	for _, m := range properties.members() {
		if _, known := property(m.name()); !known && renamed(m.name()) != "" {
			old.entries = append(old.entries, entry{n: m, name: m.name()})
		}
	}
	if len(old.entries) == 0 {
		return d, nil
	}
	var gone []*node
	for _, e := range old.entries {
		gone = append(gone, e.n)
	}
	var added object
	for _, w := range old.convert() {
		if properties.get(w.name) == nil {
			added = append(added, member{w.name, w.value})
		}
	}
	if len(gone) == len(properties.items) {
		return d.apply(d.replace(properties, added))
	}
	edits := d.dropAll(gone...)
	if len(added) > 0 {
		edits = append(edits, d.add(properties, items(added)...))
	}
	return d.apply(edits...)
}

// connectors reports what does not go together in a role.
func (c *checker) connectors(r *Role) {
	var theirs []*Component
	ours := 0
	r.each(func(x *Component, _ Place) {
		switch {
		case x.Comp == Element:
			ours++
		case isConnector(x.at):
			theirs = append(theirs, x)
		}
	})
	if len(theirs) == 0 {
		return
	}
	if ours > 0 {
		c.note(theirs[0].at, Warning, "two-connectors", fmt.Sprintf("%s is here beside %s.", theirs[0].Comp, Element),
			"Both would open records and log each call: remove one, or convert the layout.")
	}
	for _, x := range theirs[1:] {
		if a, b := connector(theirs[0].at), connector(x.at); a != b && a != "" && b != "" {
			c.note(x.at, Warning, "two-connectors", fmt.Sprintf("The connectors of %s and %s are both here.", a, b), "Both would open records and log each call: remove one.")
		}
	}
}
