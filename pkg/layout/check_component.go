package layout

import (
	"fmt"
	"slices"
	"strings"
)

// component checks one component by itself.
func (c *checker) component(x *Component, place Place) {
	c.comp(x)
	c.script(x)
	c.visibility(x, place)
	c.values(x)
	if w := x.Wrapper; w != nil {
		if area := w.at.get("maximizeAreaName"); area.is(stringKind) && w.MaximizeAreaName != "app-maximize-area" {
			c.note(area, Warning, "maximize-area", fmt.Sprintf("There is no area %q to enlarge into.", short(w.MaximizeAreaName)), "Write app-maximize-area.")
		}
		c.unique(c.titles, w.at.get("id"), "wrapper-id", "wrapper id", "A widget that changes its title would change both.")
	}
	if x.Comp == "agentx-wc-iframe" {
		c.iframe(x, place)
	}
	if x.Comp == Element {
		c.ours(x, place)
	}
}

func (c *checker) comp(x *Component) {
	n := x.at.get("comp")
	switch name := x.Comp; {
	case n == nil:
		c.note(x.at, Error, "missing-comp", "This component has no comp.", "comp is the element's name, such as md-tabs.")
	case n.kind != stringKind || strings.HasPrefix(name, "#"):
	case name == "":
		c.note(n, Error, "missing-comp", "comp is empty.", "comp is the element's name, such as md-tabs.")
	case strings.ContainsAny(name, "<>"):
		c.note(n, Error, "comp-name", fmt.Sprintf("comp is %s.", short(n.raw)), "Write the element's name without angle brackets.")
	case slices.Contains(builtIn, name), slices.Contains(html, name):
	case !isElementName(name):
		c.note(n, Error, "comp-name", fmt.Sprintf("%q is no element's name.", short(name)),
			"It is neither HTML's nor can it be a custom element's: those are in small letters with a hyphen, such as my-widget."+c.maybe(name))
	case x.Script == "" && c.scripts[name] == nil && !strings.HasPrefix(name, "md-") && !strings.HasPrefix(name, "agentx-"):
		c.note(n, Warning, "unknown-comp", fmt.Sprintf("Nothing says where %s is defined.", short(name)),
			"It is none of the Desktop's own that are documented: give its script, or nothing is shown."+c.maybe(name))
	}
}

// maybe suggests a known component.
func (c *checker) maybe(name string) string {
	if near := c.nearest(name, builtIn); near != "" && near != name {
		return " Is it " + near + "?"
	}
	return ""
}

func isElementName(s string) bool {
	return s[0] >= 'a' && s[0] <= 'z' && strings.Contains(s, "-") && !strings.ContainsFunc(s, func(r rune) bool {
		return r < 0x80 && r != '-' && r != '.' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	})
}

func (c *checker) script(x *Component) {
	n := x.at.get("script")
	if !n.is(stringKind) {
		return
	}
	switch {
	case strings.HasPrefix(x.Script, "https://") && len(x.Script) > len("https://") && !strings.ContainsAny(x.Script, " <>\"\\"):
	case isLocal(x.Script):
		c.note(n, Warning, "script-local", "The script is on the agent's own machine.", "That is for development: agents need an https address.")
	case strings.HasPrefix(x.Script, "http://"):
		c.note(n, Error, "script-https", "The script has an http address.", "The Desktop is an https page, and browsers load no http scripts there: use https.")
	case x.Script == "":
		c.note(n, Error, "script-url", "The script is empty.", "Give its https address, or remove the key for a component of the Desktop's own.")
	default:
		c.note(n, Error, "script-url", fmt.Sprintf("%q is no address of a script.", short(x.Script)), "Give the whole https address: the Desktop is on another host.")
	}
	if slices.Contains(builtIn, x.Comp) || slices.Contains(html, x.Comp) {
		c.note(n, Warning, "script-built-in", x.Comp+" is the Desktop's own or HTML's.", "A script cannot define it again: remove the script, or name your component otherwise.")
		return
	}
	if first := c.scripts[x.Comp]; first != nil && first.Script != x.Script {
		c.note(n, Error, "script-differs", fmt.Sprintf("%s has another script in line %d.", x.Comp, c.line(first)),
			"An element is defined once in a page: which of the two scripts that does is chance. Use one.")
	} else if other := c.loaded[x.Comp]; first == nil && other != nil && other.Script != x.Script {
		c.note(n, Warning, "script-differs", fmt.Sprintf("%s has another script for another role, in line %d.", x.Comp, c.line(other)),
			"Probably one was forgotten at an upgrade: use the same.")
	}
	for _, seen := range []map[string]*Component{c.scripts, c.loaded} {
		if seen[x.Comp] == nil {
			seen[x.Comp] = x
		}
	}
}

func (c *checker) line(x *Component) int {
	line, _ := c.d.position(x.at.start)
	return line
}

func (c *checker) visibility(x *Component, place Place) {
	n := x.at.get("visibility")
	c.condition(n)
	if place == Headless && x.Wrapper != nil {
		c.note(x.Wrapper.at, Note, "headless-wrapper", "A headless widget is never seen.", "The wrapper is of no use here.")
	}
	if place == Headless && x.Hidden {
		c.note(x.at.get("responsive"), Warning, "headless-responsive", "A headless widget is hidden in small windows.", "It would stop working there: remove responsive.")
	}
}

// condition checks a visibility.
func (c *checker) condition(n *node) {
	switch v := n.str(); {
	case !n.is(stringKind), slices.Contains(visibilities, v):
	case v == "NOT_RESPONSIVE":
		c.note(n, Warning, "not-responsive", "NOT_RESPONSIVE is deprecated.", `Write "responsive": false instead.`)
	default:
		c.note(n, Warning, "visibility", fmt.Sprintf("There is no visibility %q.", short(v)), "It is set by Cisco's own components: "+strings.Join(visibilities, ", ")+".")
	}
}

// values checks attributes and properties.
func (c *checker) values(x *Component) {
	for _, a := range x.Attributes {
		switch a.at.kind {
		case objectKind, arrayKind:
			c.note(a.at, Error, "attribute-object", fmt.Sprintf("The attribute %s is %s.", short(a.Name), a.at.kind),
				"An attribute is a text, and this becomes [object Object]: put it into properties.")
		case nullKind:
			c.note(a.at, Warning, "attribute-null", fmt.Sprintf("The attribute %s is null.", short(a.Name)), "It becomes the text null: leave it out.")
		}
	}
	both := map[string]bool{}
	for _, a := range x.Attributes {
		both[a.Name] = true
	}
	for _, p := range x.Properties {
		if x.Comp != Element && (p.at.str() == "true" || p.at.str() == "false") {
			c.note(p.at, Note, "string-boolean", fmt.Sprintf("%s is the text %s, not a truth value.", short(p.Name), p.JSON), "Cisco's connectors take that; a component that only asks whether it is set takes both for true.")
		}
		if both[p.Name] {
			c.note(p.at, Warning, "attribute-and-property", fmt.Sprintf("%s is both an attribute and a property.", short(p.Name)), "Which of them counts depends on the component: keep one.")
		}
	}
	foreign := x.Script != "" && !strings.Contains(x.Script, ".cisco.com/") && !strings.Contains(x.Script, ".ciscoccservice.com/")
	for _, v := range append(append([]Value{}, x.Attributes...), x.Properties...) {
		if x.Area != nil && v.Name == "area" {
			continue // Its components are checked by themselves.
		}
		v.at.each(func(n *node) {
			if n.kind == stringKind {
				c.reference(n)
				if foreign && n.text == "$STORE.auth.accessToken" {
					c.note(n, Note, "access-token", "This widget is given the agent's access token.", "Whoever serves its script can act as the agent: the SDK's getToken is the usual way.")
				}
			}
		})
	}
	if n := x.at.get("textContent"); n.is(stringKind) {
		c.reference(n)
	}
}

// reference checks a text that may name a value of the Desktop's store, or that
// somebody was to fill in.
func (c *checker) reference(n *node) {
	text := n.text
	if inner, ok := strings.CutPrefix(text, "<"); ok && strings.HasSuffix(inner, ">") && len(inner) > 1 && !strings.ContainsAny(inner[:len(inner)-1], "<>/\"") {
		c.note(n, Warning, "placeholder", fmt.Sprintf("%s was never filled in.", short(text)), "Write the value, or leave the property out.")
		return
	}
	whole := strings.HasPrefix(text, "$")
	for rest := text; ; {
		before, after, found := strings.Cut(rest, "$")
		if !found {
			return
		}
		inBraces := strings.HasSuffix(before, "{")
		name := after
		if end := strings.IndexFunc(after, func(r rune) bool {
			return r != '.' && r != '_' && r != '[' && r != ']' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
		}); end >= 0 {
			name = after[:end]
		}
		rest = after[len(name):]
		root, path, _ := strings.Cut(name, ".")
		switch {
		case root == "STORE" && path == "":
			c.note(n, Error, "store-path", "$STORE is followed by no path.", "Name a value, such as $STORE.agent.agentId.")
		case root == "STORE" && !inBraces && (!whole || rest != ""):
			c.note(n, Warning, "store-text", fmt.Sprintf("%s stands within a text.", short("$"+name)), "Only in the titles of pages are such filled in, written {$STORE.…}: elsewhere the text must be the reference alone.")
		case root == "STORE" && !knownStore(path):
			c.unknownStore(n, path)
		case whole && before == "" && root != "STORE" && strings.EqualFold(root, "STORE"):
			c.note(n, Warning, "store-path", fmt.Sprintf("%s is not understood.", short("$"+name)), "Write $STORE in capital letters.")
		}
	}
}

func (c *checker) unknownStore(n *node, path string) {
	root, _, _ := strings.Cut(path, ".")
	severity, fix := Warning, "The widget would get nothing."
	if slices.Contains(storeRoots, root) {
		severity, fix = Note, "The Desktop may have it, but Cisco does not document it."
	}
	if near := c.nearest(path, storeNames); near != "" {
		severity, fix = Warning, fmt.Sprintf("Is it $STORE.%s? The widget would get nothing.", near)
	}
	c.note(n, severity, "store-path", fmt.Sprintf("$STORE.%s is no value that is documented.", short(path)), fix)
}

func (c *checker) iframe(x *Component, place Place) {
	src := x.at.find("attributes", "src")
	if src == nil {
		src = x.at.find("properties", "src")
	}
	switch text := src.str(); {
	case src == nil:
		c.note(x.at, Error, "iframe-src", "This frame has no src.", "Give the page's https address in attributes.")
	case strings.HasPrefix(text, "http://") && !isLocal(text):
		c.note(src, Error, "iframe-src", "The frame's page has an http address.", "Browsers show no http pages within https ones: use https.")
	}
	if style := x.at.get("style"); place == Header && (style.get("height").str() != "64px" || style.get("display").str() != "flex") {
		c.note(x.at, Warning, "iframe-header", "A frame in the header needs its size.", `Write "style": {"height": "64px", "display": "flex"}.`)
	}
}

// unique reports a name that stood in the same role before.
func (c *checker) unique(seen map[string]*node, n *node, rule, what, fix string) {
	text := n.str()
	if text == "" {
		return
	}
	if first := seen[text]; first != nil {
		line, _ := c.d.position(first.start)
		c.note(n, Error, rule, fmt.Sprintf("The %s %q stands in line %d, too.", what, short(text), line), fix)
		return
	}
	seen[text] = n
}
