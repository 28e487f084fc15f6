package layout

import (
	"fmt"
	"slices"
	"strings"
)

// Remove takes our widgets out of a layout, with what was made for them. What
// [Insert] changed is as it was, byte for byte. A [Refusal] says which widget
// somebody has placed so that it cannot be taken out of its grid.
func Remove(d *Document) (*Document, error) {
	if err := d.few(components(d.root, Element)); err != nil {
		return nil, err
	}
	for {
		all := components(d.root, Element)
		if len(all) == 0 {
			return d, nil
		}
		edits, wrong := d.remove(all[0])
		if wrong != "" {
			return nil, Refusal{d.problem(all[0].start, all[0].path(), Error, "refused", wrong, "Take this one out by hand.")}
		}
		next, err := d.apply(edits...)
		if err != nil {
			return nil, err
		}
		d = next
	}
}

// remove takes out one widget, or says why that cannot be.
func (d *Document) remove(n *node) ([]edit, string) {
	holder := n.parent
	switch {
	case holder == nil:
		return nil, "The whole file is a widget, not a layout."
	case holder.is(arrayKind) && holder.name() == "children" && len(holder.items) == 1 && holder.parent.get("comp").str() == "md-tab-panel" && holder.parent.parent != nil:
		return d.removeTab(holder.parent), ""
	case holder.name() == "widgets" && holder.is(objectKind) && holder.parent != nil:
		return d.removeWidget(n)
	}
	return []edit{d.drop(n)}, ""
}

// removeTab takes out a panel with its tab: the one of the same number.
func (d *Document) removeTab(pane *node) []edit {
	children := pane.parent
	if !children.is(arrayKind) {
		return []edit{d.drop(pane)}
	}
	var tabs, panes []*node
	for _, c := range children.items {
		switch c.get("comp").str() {
		case "md-tab":
			tabs = append(tabs, c)
		case "md-tab-panel":
			panes = append(panes, c)
		}
	}
	var tab *node
	if i := slices.Index(panes, pane); len(tabs) == len(panes) {
		tab = tabs[i]
	} else if pane.index > 0 && children.items[pane.index-1].get("comp").str() == "md-tab" {
		tab = children.items[pane.index-1]
	}
	if tab == nil {
		return []edit{d.drop(pane)}
	}
	if panel := children.parent; len(children.items) == 2 && panel.name() == "panel" && panel.find("attributes", "comp-unique-id").str() == madeTabs {
		return []edit{d.drop(panel)}
	}
	return d.dropAll(tab, pane)
}

// dropAll takes several items out of one container.
func (d *Document) dropAll(all ...*node) []edit {
	container := all[0].parent
	gone := make(map[*node]bool, len(all))
	for _, n := range all {
		gone[n] = true
	}
	kept := slices.DeleteFunc(slices.Clone(container.items), func(n *node) bool { return gone[n] })
	if len(kept) == 0 {
		return []edit{{container.items[0].begin(), container.items[len(container.items)-1].end, ""}}
	}
	var edits []edit
	for _, n := range all {
		if n.index < kept[0].index { // The comma after it goes.
			edits = append(edits, edit{n.begin(), container.items[n.index+1].begin(), ""})
		} else {
			edits = append(edits, edit{container.items[n.index-1].end, n.end, ""})
		}
	}
	return edits
}

// removeWidget takes a widget out of a page and its grid.
func (d *Document) removeWidget(n *node) ([]edit, string) {
	widgets, page, name := n.parent, n.parent.parent, n.name()
	if len(widgets.items) == 1 {
		id, entry := page.get("id").str(), page.parent
		switch {
		case page.name() == "headless" && id == madeHeadless:
			return []edit{d.drop(page)}, ""
		case page.name() == "page" && strings.HasPrefix(id, madeNavigation) && entry.parent.name() == "navigation" && len(entry.parent.items) == 1:
			return []edit{d.drop(entry.parent)}, ""
		case page.name() == "page" && (strings.HasPrefix(id, madePage) || strings.HasPrefix(id, madeNavigation)) && entry.parent.is(arrayKind):
			return []edit{d.drop(entry)}, ""
		}
	}
	edits := []edit{d.drop(n)}
	grids := []*node{page.get("layout")}
	if page.find("layout", "ROOT") != nil {
		grids = page.get("layout").items
	}
	for _, g := range grids {
		more, wrong := d.removeCells(g, name)
		if wrong != "" {
			return nil, wrong
		}
		edits = append(edits, more...)
	}
	return edits, ""
}

// removeCells takes a name out of a grid: the rows, or else the columns, that
// are all its own.
func (d *Document) removeCells(grid *node, name string) ([]edit, string) {
	areas := grid.get("areas").list()
	named := func(n *node) bool { return n.str() == name }
	var rows []*node
	columns := map[int]bool{}
	mixed := false
	for _, row := range areas {
		all := row.list()
		switch {
		case !slices.ContainsFunc(all, named):
		case !slices.ContainsFunc(all, func(n *node) bool { return !named(n) }):
			rows = append(rows, row)
		default:
			mixed = true
			for i, c := range all {
				if named(c) {
					columns[i] = true
				}
			}
		}
	}
	if !mixed {
		if len(rows) == 0 {
			return nil, ""
		}
		return append(d.dropAll(rows...), d.dropShares(grid.find("size", "rows"), rows, len(areas))...), ""
	}
	var edits []edit
	var lost []*node
	for i, row := range areas {
		var cells []*node
		for j, c := range row.list() {
			if columns[j] != named(c) {
				return nil, fmt.Sprintf("The cells of %q are neither rows nor columns of their own.", short(name))
			}
			if columns[j] {
				cells = append(cells, c)
			}
		}
		if len(cells) > 0 {
			edits = append(edits, d.dropAll(cells...)...)
		}
		if i == 0 {
			lost = cells
		}
	}
	return append(edits, d.dropShares(grid.find("size", "cols"), lost, len(areas[0].list()))...), ""
}

// dropShares takes out the shares of rows or columns that are gone. Where there
// are more or fewer than there should be, the last ones belong together.
func (d *Document) dropShares(shares *node, gone []*node, of int) []edit {
	var out []*node
	seen := map[int]bool{}
	for _, n := range gone {
		i := n.index
		if n.index >= of-len(gone) {
			i += len(shares.list()) - of
		}
		if all := shares.list(); i >= 0 && i < len(all) && !seen[i] {
			seen[i] = true
			out = append(out, all[i])
		}
	}
	if len(out) == 0 {
		return nil
	}
	return d.dropAll(out...)
}
