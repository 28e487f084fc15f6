package layout

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// page checks a page and its grids.
func (c *checker) page(p *Page, place Place) {
	if p.at.get("id") == nil {
		c.note(p.at, Error, "page-id", "This page has no id.", "Every page needs one that no other page of the role has.")
	}
	c.unique(c.ids, p.at.get("id"), "page-id", "page id", "The Desktop tells pages apart by it: give each its own.")
	switch {
	case p.at.get("widgets") == nil:
		c.note(p.at, Error, "page-widgets", "This page has no widgets.", "Name what stands on it.")
	case p.UseFlexLayout:
		c.flow(p)
	case p.at.get("layout") == nil:
		if len(p.Widgets) > 0 {
			c.note(p.at, Error, "page-layout", "This page says nowhere how its widgets stand.", "Add layout with areas and size, or useFlexLayout.")
		}
	default:
		c.grids(p)
	}
	if p.UseFlexLayout && p.at.get("layout") != nil {
		c.note(p.at.get("layout"), Warning, "flex-and-grid", "This page has useFlexLayout and a layout.", "Widgets flow, and the grid is ignored: keep one.")
	}
}

// flow checks the sizes of widgets that stand one after the other.
func (c *checker) flow(p *Page) {
	for _, w := range p.Widgets {
		for _, size := range []struct {
			key   string
			value float64
			most  float64
		}{{"width", w.Component.Width, 12}, {"height", w.Component.Height, 1000}} {
			n := w.Component.at.get(size.key)
			switch {
			case n == nil:
				c.note(w.Component.at, Warning, "flex-size", fmt.Sprintf("The widget %q has no %s.", short(w.Name), size.key), "On a page with useFlexLayout it needs one: the width in twelfths of the page, the height in steps of 40 pixels.")
			case size.value <= 0 || size.value > size.most:
				c.note(n, Warning, "flex-size", fmt.Sprintf("The %s is %s.", size.key, short(n.raw)), fmt.Sprintf("It is from 1 to %g.", size.most))
			}
		}
	}
}

// grids checks that widgets and cells name each other.
func (c *checker) grids(p *Page) {
	widgets := map[string]bool{}
	for _, w := range p.Widgets {
		widgets[w.Name] = true
	}
	named := map[string]bool{}
	for _, g := range p.Grids {
		if g.Name != "" {
			named[g.Name] = true
		}
	}
	shown := map[string]int{}
	for _, g := range p.Grids {
		c.shape(g)
		inGrid := map[string]bool{}
		for i, row := range g.Areas {
			for _, name := range row {
				if inGrid[name] {
					continue
				}
				inGrid[name] = true
				shown[name]++
				at := g.areas.items[i]
				switch {
				case name == ".":
				case name == "ROOT":
					c.note(at, Error, "grid-root", fmt.Sprintf("The grid %q holds ROOT.", g.Name), "ROOT is what holds the others: the Desktop would never end drawing it.")
				case !widgets[name] && !named[name]:
					c.note(at, Error, "grid-unknown", fmt.Sprintf("There is no widget %q.", short(name)), "The cell stays empty: add the widget, or take the name out of areas.")
				case named[name] && shown[name] == 2:
					c.note(at, Note, "grid-twice", fmt.Sprintf("The grid %q is shown twice.", short(name)), "When somebody changes the size of one, the other changes, too.")
				case widgets[name] && shown[name] == 2:
					c.note(at, Error, "grid-twice", fmt.Sprintf("The widget %q has its place in two grids.", short(name)), "A widget stands in one place: add another one of another name.")
				}
			}
		}
	}
	c.circles(p.Grids)
	for _, w := range p.Widgets {
		if shown[w.Name] == 0 {
			c.note(w.Component.at, Warning, "grid-missing", fmt.Sprintf("The widget %q stands in no cell.", short(w.Name)), "It is not shown: put its name into areas.")
		}
	}
}

// shape checks that a grid is one.
func (c *checker) shape(g Grid) {
	if g.areas == nil {
		if g.at.is(objectKind) {
			c.note(g.at, Error, "grid-shape", "This layout has no areas.", "areas are rows of widgets' names.")
		}
		return
	}
	if len(g.Areas) == 0 {
		return
	}
	width := len(g.Areas[0])
	even := true
	for i, row := range g.Areas {
		if len(row) != width {
			even = false
			c.note(g.areas.items[i], Error, "grid-shape", fmt.Sprintf("This row has %d cells, the first one %d.", len(row), width), "All rows have as many: repeat a name to make its cell wider.")
		}
	}
	if even {
		c.rectangles(g)
	}
	size := g.at.get("size")
	if size == nil {
		c.note(g.at, Warning, "grid-size", "This layout has no size.", "Give the shares of columns and rows, such as {\"cols\": [1], \"rows\": [1]}.")
		return
	}
	for _, s := range []struct {
		key    string
		shares []float64
		want   int
		what   string
	}{{"cols", g.Cols, width, "columns"}, {"rows", g.Rows, len(g.Areas), "rows"}} {
		n := size.get(s.key)
		switch {
		case n == nil:
			c.note(size, Error, "grid-size", fmt.Sprintf("size has no %s.", s.key), fmt.Sprintf("Give a share for each of the %d %s.", s.want, s.what))
		case n.is(arrayKind) && even && len(s.shares) != s.want:
			c.note(n, Error, "grid-size", fmt.Sprintf("%s has %d shares for %d %s.", s.key, len(s.shares), s.want, s.what), "Give one for each.")
		}
		for i, share := range s.shares {
			if item := n.items[i]; item.is(numberKind) && (share <= 0 || math.IsInf(share, 0)) {
				c.note(item, Error, "grid-size", fmt.Sprintf("A share of %s is %s.", s.key, short(item.raw)), "Shares are greater than 0.")
			}
		}
	}
}

// rectangles checks that the cells of a name make one rectangle: browsers
// ignore the whole grid otherwise.
func (c *checker) rectangles(g Grid) {
	type box struct{ top, left, bottom, right, cells int }
	boxes := map[string]*box{}
	var names []string
	for i, row := range g.Areas {
		for j, name := range row {
			b := boxes[name]
			if b == nil {
				b = &box{i, j, i, j, 0}
				boxes[name] = b
				names = append(names, name)
			}
			b.bottom, b.left, b.right = i, min(b.left, j), max(b.right, j)
			b.cells++
		}
	}
	for _, name := range names {
		if b := boxes[name]; name != "." && b.cells != (b.bottom-b.top+1)*(b.right-b.left+1) {
			c.note(g.areas, Error, "grid-rectangle", fmt.Sprintf("The cells of %q are no rectangle.", short(name)), "Browsers ignore the whole grid then.")
		}
	}
}

// circles finds grids that hold themselves through others.
func (c *checker) circles(grids []Grid) {
	byName := map[string]Grid{}
	for _, g := range grids {
		byName[g.Name] = g
	}
	state := map[string]int{} // 1 while it is looked into, 2 afterwards.
	var look func(name string)
	look = func(name string) {
		g, ok := byName[name]
		if !ok || name == "" || name == "ROOT" && state[name] > 0 {
			return // The latter is reported where it stands.
		}
		if state[name] = 1; g.areas == nil {
			return
		}
		for _, row := range g.Areas {
			for _, other := range row {
				switch {
				case state[other] == 1 && other != "ROOT":
					c.note(g.areas, Error, "grid-root", fmt.Sprintf("The grid %q holds %q, which holds it.", short(g.Name), short(other)), "The Desktop would never end drawing it.")
				case state[other] == 0:
					look(other)
				}
			}
		}
		state[name] = 2
	}
	for _, g := range grids {
		if state[g.Name] == 0 {
			look(g.Name)
		}
	}
}

// navigation checks the buttons on the left.
func (c *checker) navigation(a *Area) {
	var landing *node
	for _, e := range a.entries() {
		if e != a.Homepage {
			c.condition(e.at.get("visibility"))
		}
		if e.at.get("page") == nil {
			c.note(e.at, Error, "nav-page", "This entry has no page.", "Its button leads nowhere.")
		}
		n := e.Nav
		if n.at == nil {
			if e.at.get("nav") == nil {
				c.note(e.at, Error, "nav-missing", "This entry has no nav.", "Nobody can open its page: give label, icon and navigateTo.")
			}
			continue
		}
		c.button(n)
		if !n.IsDefaultLandingPage {
			continue
		}
		at := n.at.get("isDefaultLandingPage")
		if landing != nil {
			c.note(at, Warning, "landing-page", "Two pages are the one to begin with.", "The first one wins: set the other to false.")
		}
		landing = at
		if e.Page != nil && slices.ContainsFunc(e.Page.Widgets, func(w Widget) bool { return w.Component.Comp == "analyzer-widget" }) {
			c.note(at, Warning, "landing-page", "A page of Analyzer cannot be the one to begin with.", "Choose another one.")
		}
	}
}

func (c *checker) button(n Nav) {
	if n.Label == "" && !n.at.get("label").is(stringKind) {
		c.note(n.at, Warning, "nav-label", "This button has no label.", "Screen readers have nothing to say: give it one.")
	}
	route := n.at.get("navigateTo")
	switch {
	case route == nil:
		c.note(n.at, Error, "nav-route", "This button leads nowhere.", "Give navigateTo: the page's name in the address bar.")
	case route.is(stringKind) && strings.Trim(n.NavigateTo, "/") == "":
		c.note(route, Error, "nav-route", "navigateTo is empty.", "Give the page's name in the address bar.")
	}
	for segment := range strings.SplitSeq(strings.ToLower(n.NavigateTo), "/") {
		if slices.Contains(reserved, segment) {
			c.note(route, Error, "nav-reserved", fmt.Sprintf("The Desktop's own files are at %q.", segment), "Choose another name for navigateTo.")
		}
	}
	c.unique(c.routes, route, "nav-route", "route", "Only one of the two pages can be opened: give each its own.")
	picture := strings.Contains(n.Icon, "/") || strings.HasPrefix(n.Icon, "data:")
	switch kind := n.at.get("iconType"); {
	case n.Icon == "":
		if icon := n.at.get("icon"); icon == nil || icon.kind == stringKind {
			c.note(n.at, Warning, "nav-icon", "This button has no icon.", "Give the name of a Momentum icon, or an address with iconType other.")
		}
	case kind == nil:
		c.note(n.at, Warning, "nav-icon", "This button has no iconType.", "Write momentum for an icon's name, other for an address.")
	case kind.is(stringKind) && !slices.Contains([]string{"momentum", "momentumDesign", "other"}, n.IconType):
		c.note(kind, Warning, "nav-icon", fmt.Sprintf("There is no iconType %q.", short(n.IconType)), "There are momentum, momentumDesign and other.")
	case n.IconType == "other" && !picture:
		c.note(n.at.get("icon"), Warning, "nav-icon", fmt.Sprintf("%q is no address of a picture.", short(n.Icon)), "With iconType other the icon is an address; a Momentum icon's name needs iconType momentum.")
	case strings.HasPrefix(n.IconType, "momentum") && picture:
		c.note(n.at.get("icon"), Warning, "nav-icon", "The icon is an address, but its iconType says it is a name.", "Write iconType other.")
	case strings.HasPrefix(n.Icon, "http://") && !isLocal(n.Icon):
		c.note(n.at.get("icon"), Error, "nav-icon", "The icon has an http address.", "Browsers show no http pictures in https pages: use https.")
	}
	if align := n.at.get("align"); align.is(stringKind) && n.Align != "top" {
		c.note(align, Warning, "nav-align", fmt.Sprintf("align is %q.", short(n.Align)), "Only top works.")
	}
}

// tabs checks that tabs and what they show are pairs.
func (c *checker) tabs(children []Component) {
	var tabs, panels []*node
	for i := range children {
		x := &children[i]
		slot := x.at.find("attributes", "slot")
		want := ""
		switch x.Comp {
		case "md-tab":
			tabs, want = append(tabs, x.at), "tab"
		case "md-tab-panel":
			panels, want = append(panels, x.at), "panel"
		}
		if want != "" && slot.str() != want {
			c.note(x.at, Error, "tab-slot", fmt.Sprintf("This %s is not in the slot %s.", x.Comp, want), fmt.Sprintf(`Write "attributes": {"slot": %q}: it is not shown otherwise.`, want))
		}
	}
	if len(tabs) != len(panels) {
		more := append(tabs, panels...)
		c.note(more[len(more)-1], Error, "tab-pairs", fmt.Sprintf("There are %d tabs for %d panels.", len(tabs), len(panels)), "The first tab shows the first panel, the second the second, and so on: each needs its own.")
	}
}
