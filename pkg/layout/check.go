package layout

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Check says what is wrong with a layout, in the order of the file. A layout
// without an [Error] loads, as far as that can be said without the Desktop:
// what is checked is what Cisco documents and what its own layouts do.
func Check(d *Document) []Problem {
	c := checker{reader: reader{d: d}}
	c.duplicateKeys()
	l := c.layout()
	switch {
	case l.Flat:
		c.flat()
	case d.root.kind == objectKind:
		c.roles(l)
		for i := range l.Roles {
			c.role(&l.Roles[i])
		}
	}
	out := append(slices.Clone(d.problems), c.problems...)
	slices.SortStableFunc(out, func(a, b Problem) int { return cmp.Or(a.Line-b.Line, a.Col-b.Col) })
	if left := c.total - len(c.problems); left > 0 {
		out = append(out, d.problem(len(d.src), "", Note, "more", fmt.Sprintf("There are %d problems more.", left), "Mend these first."))
	}
	return out
}

// Broken says whether one of the problems is an [Error].
func Broken(problems []Problem) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Severity == Error })
}

// A checker goes through a layout role by role.
type checker struct {
	reader

	// Of the role at hand.
	name    RoleName
	ids     map[string]*node
	routes  map[string]*node
	titles  map[string]*node
	scripts map[string]*Component
	loaded  map[string]*Component // Of all roles.
}

func (c *checker) duplicateKeys() {
	c.d.root.each(func(n *node) {
		if n.kind != objectKind || len(n.items) < 2 {
			return
		}
		seen := make(map[string]*node, len(n.items))
		for _, m := range n.items {
			if first := seen[m.key.text]; first != nil {
				line, _ := c.d.position(first.key.start)
				c.note(m, Error, "duplicate-key", fmt.Sprintf("The key %q stands here a second time; the first is in line %d.", short(m.key.text), line),
					"Browsers take the last one and lose the first: keep one.")
			}
			seen[m.key.text] = m
		}
	})
}

func (c *checker) flat() {
	version := c.d.root.get("version").str()
	if version == "" {
		version = "0.0.x"
	}
	c.note(c.d.root, Error, "flat-layout", fmt.Sprintf("This is a layout of version %s: it has no roles.", short(version)),
		"It is not converted, since nobody can know what supervisors are to see: download the team's present layout (or the default one) in Control Hub and work with that.")
}

func (c *checker) roles(l Layout) {
	c.loaded = map[string]*Component{}
	for _, name := range RoleNames {
		if c.d.root.get(string(name)) == nil {
			c.note(c.d.root, Error, "missing-role", fmt.Sprintf("The role %s is missing.", name),
				"A layout has agent, supervisor and supervisorAgent: who signs in as the missing one sees nothing of it.")
		}
	}
}

func (c *checker) role(r *Role) {
	c.name = r.Name
	c.ids, c.routes, c.titles, c.scripts = map[string]*node{}, map[string]*node{}, map[string]*node{}, map[string]*Component{}
	c.top(r)
	if r.Area == nil {
		if r.at.get("area") == nil {
			c.note(r.at, Error, "missing-area", "There is no area.", "It is what says where everything stands: without it this role's Desktop is empty.")
		}
		return
	}
	c.areas(r)
	c.header(r)
	r.each(c.component)
	r.pages(c.page)
	c.navigation(r.Area)
	if r.Area.Panel != nil {
		c.tabs(r.Area.Panel.Children)
		if r.Area.Panel.Comp != "md-tabs" {
			c.note(r.Area.Panel.at, Warning, "panel-tabs", fmt.Sprintf("The panel is %q, not md-tabs.", r.Area.Panel.Comp), "The Desktop's own tabs, such as the contact's history, have their place in md-tabs.")
		}
	}
	c.tabs(r.Area.Persistent)
	c.connectors(r)
}

// top checks what stands beside the area.
func (c *checker) top(r *Role) {
	switch n := r.at.get("version"); {
	case n == nil:
		c.note(r.at, Warning, "version", "There is no version.", "Write \"version\": \"0.1.0\": all of Cisco's layouts have one.")
	case r.Version != Version && n.kind == stringKind:
		c.note(n, Warning, "version", fmt.Sprintf("The version is %s.", short(r.Version)), "Layouts with roles have version 0.1.0.")
	}
	for _, t := range []struct {
		key          string
		value        float64
		least, most  float64
		what, beyond string
	}{
		{"notificationTimer", r.NotificationTimer, 1, 10, "seconds", "The Desktop takes 1 to 10."},
		{"maximumNotificationCount", r.MaximumNotificationCount, 1, 10, "notifications", "The Desktop takes 1 to 10."},
		{"browserNotificationTimer", r.BrowserNotificationTimer, 5, 15, "seconds", "Cisco recommends 5 to 15."},
	} {
		if n := r.at.get(t.key); n.is(numberKind) && (t.value < t.least || t.value > t.most) {
			c.note(n, Warning, "range", fmt.Sprintf("%s is %s %s.", t.key, short(n.raw), t.what), t.beyond)
		}
	}
	for _, picture := range []struct{ key, value, other string }{
		{"appTitle", r.AppTitle, ""}, {"logo", r.Logo, "no-logo"}, {"taskPageIllustration", r.TaskPageIllustration, ""},
	} {
		n := r.at.get(picture.key)
		switch {
		case strings.HasPrefix(picture.value, "http://") && !isLocal(picture.value):
			c.note(n, Error, "picture", fmt.Sprintf("%s is an address with http.", picture.key), "The Desktop is an https page, and browsers show no http pictures in those: use https.")
		case picture.key != "appTitle" && picture.value != "" && picture.value != picture.other && !isPicture(picture.value):
			c.note(n, Warning, "picture", fmt.Sprintf("%s is %q, which is no address of a picture.", picture.key, short(picture.value)),
				"Give an https address or a data: URL; the logo may also be empty (Cisco's) or no-logo.")
		}
	}
	if r.WebexConfigured && r.Area != nil && len(r.Area.AdvancedHeader) > 0 && !has(r.Area.AdvancedHeader, "agentx-webex") {
		c.note(r.at.get("desktopChatApp"), Warning, "webex-without-icon", "The Webex client is on, but the header has no agentx-webex.", "Nobody can open it: add {\"comp\": \"agentx-webex\"} to advancedHeader.")
	}
}

func isPicture(s string) bool {
	return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "data:") || strings.HasPrefix(s, "/") || strings.HasPrefix(s, "$STORE.") || isLocal(s)
}

// isLocal says whether an address is on this machine, for development.
func isLocal(s string) bool {
	for _, host := range []string{"http://localhost", "http://127.0.0.1"} {
		if rest, ok := strings.CutPrefix(s, host); ok && (rest == "" || rest[0] == ':' || rest[0] == '/') {
			return true
		}
	}
	return false
}

func has(all []Component, comp string) bool {
	return slices.ContainsFunc(all, func(c Component) bool { return c.Comp == comp })
}

// areas checks that a role has what its people need.
func (c *checker) areas(r *Role) {
	at := r.Area.at
	missing := func(key, what string, severity Severity) {
		if at.get(key) == nil {
			c.note(at, severity, "missing-area", fmt.Sprintf("area has no %s.", key), what)
		}
	}
	missing("panel", "The pane with the contact's history and the other tabs stays away.", Warning)
	missing("navigation", "There are no pages beside the first one. If that is meant, write \"navigation\": [].", Warning)
	if r.Name != Agent {
		missing("homepage", "Supervisors have no page to begin with.", Warning)
	} else if at.get("homepage") != nil {
		c.note(at.get("homepage"), Note, "homepage-agent", "Agents have a homepage here.", "Cisco's layouts have one for supervisors only.")
	}
	if at.get("advancedHeader") == nil && at.get("header") == nil {
		c.note(at, Warning, "missing-area", "area has neither advancedHeader nor header.", "The Desktop then shows its own, and no widget can stand there.")
	}
	if r.Name == Supervisor && r.Area.Headless != nil {
		c.note(r.Area.Headless.at, Note, "headless-supervisor", "Supervisors have headless widgets here.", "Cisco's layouts have none: who supervises only has no contacts.")
	}
}

// header checks the icons at the top.
func (c *checker) header(r *Role) {
	at := r.Area.at
	if advanced := at.get("advancedHeader"); advanced != nil {
		for _, other := range []*node{at.get("header"), r.at.get("headerActions")} {
			if other != nil {
				c.note(other, Error, "header-conflict", fmt.Sprintf("%s and advancedHeader exclude each other.", other.name()), "Move what you need into advancedHeader and remove this.")
			}
		}
		seen := map[string]bool{}
		for i := range r.Area.AdvancedHeader {
			item := &r.Area.AdvancedHeader[i]
			if seen[item.Comp] && slices.Contains(headerParts, item.Comp) {
				c.note(item.at, Warning, "header-twice", item.Comp+" stands in the header twice.", "Remove one.")
			}
			seen[item.Comp] = true
			if r.Name == Supervisor && (item.Comp == "agentx-outdial" || item.Comp == "agentx-state-selector") {
				c.note(item.at, Warning, "header-role", item.Comp+" is for people who handle contacts.", "Who supervises only has no state and does not dial: remove it for this role.")
			}
		}
		if r.Name != Supervisor && !seen["agentx-state-selector"] {
			c.note(advanced, Warning, "header-state", "The header has no agentx-state-selector.", "Agents can then not become available here: add it.")
		}
	}
	for _, action := range r.at.get("headerActions").list() {
		if action.kind == stringKind && !slices.Contains([]string{"webex", "outdial", "notification"}, action.text) {
			c.note(action, Warning, "header-action", fmt.Sprintf("There is no header action %q.", short(action.text)), "There are webex, outdial and notification; [] shows none.")
		}
	}
	if page := r.Area.Header; page != nil {
		for _, g := range page.Grids {
			if len(g.Areas) > 1 {
				c.note(g.areas, Error, "header-rows", fmt.Sprintf("The header has %d rows.", len(g.Areas)), "It is 64 pixels high and has one row: put the widgets side by side.")
			}
		}
	}
}
