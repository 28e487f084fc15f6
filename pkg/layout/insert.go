package layout

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Names of what is made for our widget, by which [Remove] knows it.
const (
	madeTabs       = "deskbridge-tabs"       // A panel that was not there.
	madePage       = "deskbridge-page"       // A page of the navigation.
	madeNavigation = "deskbridge-navigation" // The only page of a navigation that was not there.
	madeHeadless   = "deskbridge-headless"   // A headless area that was not there.
	widgetName     = "deskbridge"
)

// Insert places our widget in a layout, for each role and place of the options.
// Where it stands already it is brought up to date, as [Upgrade] does; inserting
// twice is inserting once. Nothing else of the file changes, and [Remove] leaves
// it as it was, byte for byte. A [Refusal] says what stands in the way.
func Insert(d *Document, o Options) (*Document, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	roles, err := d.rolesFor(o)
	if err != nil {
		return nil, err
	}
	var refusal Refusal
	for _, name := range roles {
		for _, place := range o.places() {
			if len(d.oursIn(name, place)) > 0 {
				continue
			}
			next, problem, err := d.insert(name, place, o)
			switch {
			case err != nil:
				return nil, err
			case problem != nil:
				refusal = append(refusal, *problem)
			default:
				d = next
			}
		}
	}
	if len(refusal) > 0 {
		return nil, refusal
	}
	return Upgrade(d, o)
}

// rolesFor are the roles to be edited.
func (d *Document) rolesFor(o Options) ([]RoleName, error) {
	refuse := func(n *node, what, fix string) error {
		return Refusal{d.problem(n.start, n.path(), Error, "refused", what, fix)}
	}
	if !d.root.is(objectKind) {
		return nil, refuse(d.root, fmt.Sprintf("The file is %s.", d.root.kind), "A layout is an object.")
	}
	var all []RoleName
	for _, name := range RoleNames {
		n := d.root.get(string(name))
		switch wanted := len(o.Roles) == 0 || slices.Contains(o.Roles, name); {
		case !wanted:
		case n.is(objectKind):
			all = append(all, name)
		case n != nil:
			return nil, refuse(n, fmt.Sprintf("The role %s is %s.", name, n.kind), "It must be an object.")
		case len(o.Roles) > 0:
			return nil, refuse(d.root, fmt.Sprintf("The layout has no role %s.", name), "Leave the role out, or work with a layout that has it.")
		}
	}
	if len(all) == 0 {
		if d.Layout().Flat {
			return nil, refuse(d.root, "This is a layout of before version 0.1.0: it has no roles.", "Work with the team's present layout from Control Hub.")
		}
		return nil, refuse(d.root, "The layout has no roles.", "Work with a layout from Control Hub.")
	}
	return all, nil
}

// oursIn are our widgets in a place.
func (d *Document) oursIn(role RoleName, place Place) []*node {
	area := d.root.find(string(role), "area")
	var all []*node
	for _, key := range map[Place][]string{
		Panel: {"panel"}, Navigation: {"navigation"}, Header: {"advancedHeader", "header"}, Headless: {"headless"},
	}[place] {
		all = append(all, components(area.get(key), Element)...)
	}
	return all
}

// components are the components of that name within a value.
func components(n *node, name string) []*node {
	var all []*node
	n.each(func(n *node) {
		if n.is(objectKind) && n.get("comp").str() == name {
			all = append(all, n)
		}
	})
	return all
}

// insert places one widget.
func (d *Document) insert(role RoleName, place Place, o Options) (*Document, *Problem, error) {
	n := d.root.get(string(role))
	refuse := func(at *node, what, fix string) (*Document, *Problem, error) {
		p := d.problem(at.start, at.path(), Error, "refused", what, fix)
		return nil, &p, nil
	}
	area := n.get("area")
	if area == nil {
		return refuse(n, fmt.Sprintf("The role %s has no area.", role), "There is nothing to insert into.")
	}
	if !area.is(objectKind) {
		return refuse(area, fmt.Sprintf("The area is %s.", area.kind), "It must be an object.")
	}
	var edits []edit
	var at *node
	var wrong string
	switch place {
	case Panel:
		edits, at, wrong = d.insertTab(area, o)
	case Navigation:
		edits, at, wrong = d.insertPage(area, o)
	case Header:
		edits, at, wrong = d.insertHeader(n, area, o)
	case Headless:
		edits, at, wrong = d.insertHeadless(area, o)
	}
	if wrong != "" {
		return refuse(at, fmt.Sprintf("The widget cannot be placed as %s: %s", place, wrong), "Mend that first, or choose other places.")
	}
	next, err := d.apply(edits...)
	return next, nil, err
}

// insertTab adds a tab with its panel. What it returns besides, as all of these
// functions do, is where something stands in the way and what.
func (d *Document) insertTab(area *node, o Options) ([]edit, *node, string) {
	tab := object{
		{"comp", "md-tab"},
		{"attributes", object{{"slot", "tab"}, {"class", "widget-pane-tab"}}},
		{"children", []any{object{{"comp", "span"}, {"textContent", o.label()}}}},
	}
	pane := object{
		{"comp", "md-tab-panel"},
		{"attributes", object{{"slot", "panel"}, {"class", "widget-pane"}}},
		{"children", []any{o.component(Panel)}},
	}
	panel := area.get("panel")
	children := panel.get("children")
	switch {
	case panel == nil:
		return []edit{d.add(area, member{"panel", object{
			{"comp", "md-tabs"},
			{"attributes", object{{"class", "widget-tabs"}, {"comp-unique-id", madeTabs}, {"persist-selection", true}, {"tabs-id", "panel"}}},
			{"children", []any{tab, pane}},
		}})}, nil, ""
	case !panel.is(objectKind) || panel.get("comp").str() != "md-tabs":
		return nil, panel, "the panel is not md-tabs."
	case !children.is(arrayKind):
		return nil, panel, "the panel has no list of children."
	}
	return []edit{d.add(children, tab, pane)}, nil, ""
}

func (d *Document) insertPage(area *node, o Options) ([]edit, *node, string) {
	navigation := area.get("navigation")
	if navigation != nil && !navigation.is(arrayKind) {
		return nil, navigation, "the navigation is " + navigation.kind.String() + "."
	}
	id := madePage
	if navigation == nil {
		id = madeNavigation
	}
	taken := map[string]bool{}
	for _, e := range navigation.list() {
		taken[strings.Trim(e.find("nav", "navigateTo").str(), "/")] = true
		taken[e.find("page", "id").str()] = true
	}
	entry := object{
		{"nav", object{
			{"label", o.label()}, {"icon", "team"}, {"iconType", "momentum"}, {"navigateTo", free(taken, widgetName)}, {"align", "top"},
		}},
		{"page", object{
			{"id", free(taken, id)},
			{"widgets", object{{widgetName, o.component(Navigation)}}},
			{"layout", cell(widgetName)},
		}},
	}
	if navigation == nil {
		return []edit{d.add(area, member{"navigation", []any{entry}})}, nil, ""
	}
	return []edit{d.add(navigation, entry)}, nil, ""
}

// cell is a grid of one cell.
func cell(name string) object {
	one := inline{[]any{1}}
	return object{{"areas", inline{[]any{[]any{name}}}}, {"size", inline{object{{"cols", one}, {"rows", one}}}}}
}

// free is the name, with a number if it is taken.
func free(taken map[string]bool, name string) string {
	if !taken[name] {
		return name
	}
	for i := 2; ; i++ {
		if numbered := name + "-" + strconv.Itoa(i); !taken[numbered] {
			return numbered
		}
	}
}

func (d *Document) insertHeader(role, area *node, o Options) ([]edit, *node, string) {
	advanced, page := area.get("advancedHeader"), area.get("header")
	switch {
	case advanced.is(arrayKind):
		return []edit{d.addFirst(advanced, o.component(Header))}, nil, ""
	case advanced != nil:
		return nil, advanced, "advancedHeader is " + advanced.kind.String() + "."
	case page == nil:
		return nil, area, "there is no advancedHeader, and to add one would take away the Desktop's own icons."
	}
	return d.insertWidget(page, o.component(Header), false)
}

func (d *Document) insertHeadless(area *node, o Options) ([]edit, *node, string) {
	page := area.get("headless")
	if page == nil {
		return []edit{d.add(area, member{"headless", object{
			{"id", madeHeadless},
			{"widgets", object{{widgetName, o.component(Headless)}}},
			{"layout", cell(widgetName)},
		}})}, nil, ""
	}
	return d.insertWidget(page, o.component(Headless), true)
}

// insertWidget adds a widget to a page with a row, or else a column, of its own.
func (d *Document) insertWidget(page *node, component object, row bool) ([]edit, *node, string) {
	widgets, layout := page.get("widgets"), page.get("layout")
	if !page.is(objectKind) || !widgets.is(objectKind) {
		return nil, page, "it has no object of widgets."
	}
	taken := map[string]bool{}
	for _, w := range widgets.items {
		taken[w.name()] = true
	}
	if layout.get("ROOT") != nil {
		for _, g := range layout.items {
			taken[g.name()] = true
		}
		layout = layout.get("ROOT")
	}
	name := free(taken, widgetName)
	edits := []edit{d.add(widgets, member{name, component})}
	if layout == nil && page.get("useFlexLayout").is(boolKind) && page.get("useFlexLayout").raw == "true" {
		return edits, nil, ""
	}
	areas, size := layout.get("areas"), layout.get("size")
	shares := size.get("cols")
	if row {
		shares = size.get("rows")
	}
	if !areas.is(arrayKind) || !shares.is(arrayKind) || slices.ContainsFunc(areas.items, func(n *node) bool { return !n.is(arrayKind) }) {
		return nil, page, "its layout has no areas with rows and columns."
	}
	edits = append(edits, d.add(shares, 1))
	if row {
		width := len(size.get("cols").list())
		if len(areas.items) > 0 {
			width = len(areas.items[0].items)
		}
		width = max(1, width)
		return append(edits, d.add(areas, inline{slices.Repeat([]any{name}, width)})), nil, ""
	}
	if len(areas.items) != 1 {
		return nil, areas, fmt.Sprintf("the header has %d rows, and one is possible.", len(areas.items))
	}
	return append(edits, d.add(areas.items[0], name)), nil, ""
}

// Upgrade brings our widgets in a layout up to date: the script's address, and
// the properties that the options name. Names of Cisco's connectors become ours.
// What else is in the widgets stays, and so does the rest of the file.
func Upgrade(d *Document, o Options) (*Document, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if err := d.few(components(d.root, Element)); err != nil {
		return nil, err
	}
	d, err := d.eachOurs(o, (*Document).modernize)
	if err != nil {
		return nil, err
	}
	return d.eachOurs(o, func(d *Document, n *node) (*Document, error) { return d.upgrade(n, o) })
}

// eachOurs edits our widgets of the options' roles one after the other.
func (d *Document) eachOurs(o Options, change func(*Document, *node) (*Document, error)) (*Document, error) {
	for _, role := range RoleNames {
		if len(o.Roles) > 0 && !slices.Contains(o.Roles, role) {
			continue
		}
		for i := 0; ; i++ {
			all := components(d.root.get(string(role)), Element)
			if i >= len(all) {
				break
			}
			next, err := change(d, all[i])
			if err != nil {
				return nil, err
			}
			d = next
		}
	}
	return d, nil
}

// few refuses to edit more widgets than anybody has.
func (d *Document) few(all []*node) error {
	if len(all) > 100 {
		return Refusal{d.problem(all[100].start, all[100].path(), Error, "refused", fmt.Sprintf("The layout has %d such widgets.", len(all)), "More than 100 are not edited. Is it the right file?")}
	}
	return nil
}

func (d *Document) upgrade(n *node, o Options) (*Document, error) {
	var edits []edit
	var missing []any
	if script := n.get("script"); script == nil {
		missing = append(missing, member{"script", o.Script})
	} else if !d.same(script, o.Script) {
		edits = append(edits, d.replace(script, o.Script))
	}
	properties := n.get("properties")
	var added object
	for _, w := range o.properties() {
		switch have := properties.get(w.name); {
		case have == nil:
			added = append(added, member{w.name, w.value})
		case w.force && !d.same(have, w.value):
			edits = append(edits, d.replace(have, w.value))
		}
	}
	switch {
	case len(added) == 0:
	case properties.is(objectKind):
		edits = append(edits, d.add(properties, items(added)...))
	case properties == nil:
		missing = append(missing, member{"properties", added})
	default:
		edits = append(edits, d.replace(properties, added))
	}
	if len(missing) > 0 {
		edits = append(edits, d.add(n, missing...))
	}
	return d.apply(edits...)
}

// items are an object's members as items of a container.
func items(o object) []any {
	all := make([]any, len(o))
	for i, m := range o {
		all[i] = m
	}
	return all
}
