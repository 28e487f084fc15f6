package layout

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Layout is what the document means.
func (d *Document) Layout() Layout {
	r := reader{d: d}
	return r.layout()
}

// A reader fills the model and notes what does not fit into it.
type reader struct {
	d        *Document
	problems []Problem
	total    int // Of problems.
}

// maxProblems are as many as a person reads. The rest is counted.
const maxProblems = 500

func (r *reader) note(n *node, severity Severity, rule, what, fix string) {
	if r.total++; len(r.problems) < maxProblems {
		r.problems = append(r.problems, r.d.problem(n.start, n.path(), severity, rule, what, fix))
	}
}

// fields reads the members of an object.
type fields struct {
	r    *reader
	at   *node
	what string // Names the object in a sentence.
	seen []string
}

// object is nil where there is no object.
func (r *reader) object(n *node, what string) *fields {
	if n == nil || !r.fits(n, objectKind, what) {
		return nil
	}
	return &fields{r: r, at: n, what: what}
}

// fits says whether a value is of a kind, and reports it if not.
func (r *reader) fits(n *node, want kind, what string) bool {
	if n.kind == want {
		return true
	}
	fix := fmt.Sprintf("The Desktop expects %s here.", want)
	if n.kind == stringKind && (want == boolKind && (n.text == "true" || n.text == "false") || want == numberKind && isNumber(n.text)) {
		r.note(n, Warning, "string-"+map[kind]string{boolKind: "boolean", numberKind: "number"}[want],
			fmt.Sprintf("%s is the text %s, not %s.", what, n.raw, want), "Write "+n.text+" without quotation marks: a text counts as true whatever it says.")
		return false
	}
	r.note(n, Error, "wrong-type", fmt.Sprintf("%s is %s.", what, n.kind), fix)
	return false
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

func (f *fields) take(name string) *node {
	f.seen = append(f.seen, name)
	return f.at.get(name)
}

// a takes a member of a kind.
func (f *fields) a(want kind, name string) *node {
	if n := f.take(name); n != nil && f.r.fits(n, want, name) {
		return n
	}
	return nil
}

func (f *fields) text(name string, into *string) { *into = f.a(stringKind, name).str() }

// flag reads a truth value; the text "true" counts, since the Desktop's own
// components take it.
func (f *fields) flag(name string, into *bool) {
	n := f.take(name)
	if n != nil && (f.r.fits(n, boolKind, name) || n.text == "true" || n.text == "false") {
		*into = n.raw == "true" || n.text == "true"
	}
}

func (f *fields) number(name string, into *float64) {
	n := f.take(name)
	if n == nil {
		return
	}
	text := n.raw
	if !f.r.fits(n, numberKind, name) {
		text = n.str()
	}
	if v, err := strconv.ParseFloat(text, 64); err == nil {
		*into = v
	}
}

// done reports the keys that were not taken.
func (f *fields) done() {
	for _, n := range f.at.items {
		key := n.key.text
		if slices.Contains(f.seen, key) {
			continue
		}
		fix := "The Desktop ignores it, as far as is documented. It is kept."
		severity := Note
		if near := f.r.nearest(key, f.seen); near != "" {
			fix = fmt.Sprintf("Is it %q? Keys are case-sensitive, and the Desktop ignores those it does not know.", near)
			severity = Warning
		}
		f.r.note(n, severity, "unknown-key", fmt.Sprintf("%s has no key %q.", f.what, short(key)), fix)
	}
}

func (r *reader) layout() Layout {
	var l Layout
	f := r.object(r.d.root, "A layout")
	if f == nil {
		return l
	}
	var roles []*node
	for _, name := range RoleNames {
		if n := f.take(string(name)); n != nil {
			roles = append(roles, n)
		}
	}
	if len(roles) == 0 && (f.at.get("area") != nil || f.at.get("appTitle") != nil || f.at.get("version") != nil) {
		l.Flat = true
		return l
	}
	f.done()
	for _, n := range roles {
		if role := r.role(n); role != nil {
			l.Roles = append(l.Roles, *role)
		}
	}
	return l
}

func (r *reader) role(n *node) *Role {
	f := r.object(n, "The role "+n.name())
	if f == nil {
		return nil
	}
	role := &Role{Name: RoleName(n.name()), at: n}
	f.text("version", &role.Version)
	f.text("appTitle", &role.AppTitle)
	f.text("logo", &role.Logo)
	f.text("taskPageIllustration", &role.TaskPageIllustration)
	f.flag("stopNavigateOnAcceptTask", &role.StopNavigateOnAcceptTask)
	f.flag("dragDropEnabled", &role.DragDropEnabled)
	f.number("notificationTimer", &role.NotificationTimer)
	f.number("maximumNotificationCount", &role.MaximumNotificationCount)
	f.number("browserNotificationTimer", &role.BrowserNotificationTimer)
	f.flag("wxmConfigured", &role.WXMConfigured)
	if chat := r.object(f.take("desktopChatApp"), "desktopChatApp"); chat != nil {
		chat.flag("webexConfigured", &role.WebexConfigured)
		chat.flag("msTeamConfigured", &role.MSTeamsConfigured)
		chat.done()
	}
	for _, item := range f.a(arrayKind, "headerActions").list() {
		if r.fits(item, stringKind, "A header action") {
			role.HeaderActions = append(role.HeaderActions, item.text)
		}
	}
	f.text("layoutName", &role.LayoutName)
	f.take("isRoleBasedLayout") // Of these two, only the names are known.
	f.take("collapseVoiceIntPane")
	role.Area = r.area(f.take("area"))
	f.done()
	return role
}

func (r *reader) area(n *node) *Area {
	f := r.object(n, "area")
	if f == nil {
		return nil
	}
	a := &Area{at: n}
	a.AdvancedHeader = r.components(f.a(arrayKind, "advancedHeader"))
	a.Header = r.page(f.take("header"), "header")
	a.Headless = r.page(f.take("headless"), "headless")
	a.Panel = r.component(f.take("panel"))
	a.Persistent = r.components(f.a(arrayKind, "persistent"))
	if home := f.take("homepage"); home != nil {
		a.Homepage = r.entry(home)
	}
	for _, item := range f.a(arrayKind, "navigation").list() {
		if e := r.entry(item); e != nil {
			a.Navigation = append(a.Navigation, *e)
		}
	}
	f.take("widgetExplorer") // Only its name is known.
	f.done()
	return a
}

func (r *reader) entry(n *node) *Entry {
	f := r.object(n, "An entry of the navigation")
	if f == nil {
		return nil
	}
	e := &Entry{at: n}
	if nav := r.object(f.take("nav"), "nav"); nav != nil {
		e.Nav.at = nav.at
		nav.text("label", &e.Nav.Label)
		nav.text("icon", &e.Nav.Icon)
		nav.text("iconType", &e.Nav.IconType)
		nav.text("navigateTo", &e.Nav.NavigateTo)
		nav.text("align", &e.Nav.Align)
		nav.flag("isDefaultLandingPage", &e.Nav.IsDefaultLandingPage)
		nav.take("iconSize") // Of these two, only the names are known.
		nav.take("isResponsive")
		nav.done()
	}
	e.Page = r.page(f.take("page"), "page")
	f.text("visibility", &e.Visibility)
	f.done()
	return e
}

func (r *reader) page(n *node, what string) *Page {
	f := r.object(n, what)
	if f == nil {
		return nil
	}
	p := &Page{at: n}
	f.text("id", &p.ID)
	f.flag("useFlexLayout", &p.UseFlexLayout)
	p.PageHeader = r.component(f.take("pageHeader"))
	p.PageSubHeader = r.component(f.take("pageSubHeader"))
	for _, w := range f.a(objectKind, "widgets").members() {
		if c := r.component(w); c != nil {
			p.Widgets = append(p.Widgets, Widget{w.name(), c})
		}
	}
	if layout := f.a(objectKind, "layout"); layout != nil {
		if layout.get("ROOT") == nil {
			p.Grids = append(p.Grids, r.grid("", layout))
		} else {
			for _, m := range layout.items {
				p.Grids = append(p.Grids, r.grid(m.name(), m))
			}
		}
	}
	f.done()
	return p
}

func (r *reader) grid(name string, n *node) Grid {
	g := Grid{Name: name, at: n}
	f := r.object(n, "layout")
	if f == nil {
		return g
	}
	g.areas = f.a(arrayKind, "areas")
	for _, row := range g.areas.list() {
		names := []string{}
		if r.fits(row, arrayKind, "A row of areas") {
			for _, cell := range row.items {
				if r.fits(cell, stringKind, "A cell of areas") {
					names = append(names, cell.text)
				}
			}
		}
		g.Areas = append(g.Areas, names)
	}
	if size := r.object(f.take("size"), "size"); size != nil {
		g.Cols, g.Rows = r.shares(size, "cols"), r.shares(size, "rows")
		size.done()
	}
	f.done()
	return g
}

func (r *reader) shares(f *fields, name string) []float64 {
	var out []float64
	for _, item := range f.a(arrayKind, name).list() {
		v := 0.0
		if r.fits(item, numberKind, "An item of "+name) {
			v, _ = strconv.ParseFloat(item.raw, 64) // It is one; too large is infinite.
		}
		out = append(out, v)
	}
	return out
}

func (r *reader) components(n *node) []Component {
	var all []Component
	for _, item := range n.list() {
		if c := r.component(item); c != nil {
			all = append(all, *c)
		}
	}
	return all
}

func (r *reader) component(n *node) *Component {
	f := r.object(n, "A component")
	if f == nil {
		return nil
	}
	c := &Component{at: n}
	f.text("comp", &c.Comp)
	f.text("script", &c.Script)
	f.text("slot", &c.Slot)
	f.text("textContent", &c.TextContent)
	f.text("visibility", &c.Visibility)
	visible := true
	f.flag("responsive", &visible)
	c.Hidden = !visible
	f.number("width", &c.Width)
	f.number("height", &c.Height)
	c.Attributes = values(f.a(objectKind, "attributes"))
	c.Properties = values(f.a(objectKind, "properties"))
	c.Style = values(f.a(objectKind, "style"))
	if w := r.object(f.take("wrapper"), "wrapper"); w != nil {
		c.Wrapper = &Wrapper{at: w.at}
		w.text("title", &c.Wrapper.Title)
		w.text("id", &c.Wrapper.ID)
		w.text("maximizeAreaName", &c.Wrapper.MaximizeAreaName)
		w.done()
	}
	c.Children = r.components(f.a(arrayKind, "children"))
	if c.Comp == "dynamic-area" {
		if area := n.find("properties", "area"); area.is(objectKind) {
			c.Area = r.page(area, "area")
		}
	}
	f.done()
	return c
}

func values(n *node) []Value {
	var all []Value
	for _, m := range n.members() {
		all = append(all, Value{m.name(), m.raw, m})
	}
	return all
}

// nearest is the known name that another one is probably a slip of; empty if
// none is. It looks as long as somebody would read it.
func (r *reader) nearest(name string, known []string) string {
	if len(name) > 100 || r.total >= maxProblems {
		return ""
	}
	best, distance := "", 1+min(2, len(name)/4)
	for _, k := range known {
		if strings.EqualFold(k, name) {
			return k
		}
		if d := slips(strings.ToLower(name), strings.ToLower(k)); d < distance {
			best, distance = k, d
		}
	}
	return best
}

// slips counts the letters to add, drop or change to make b of a.
func slips(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, before+1)
		}
	}
	return row[len(b)]
}
