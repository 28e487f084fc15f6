package layout

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Element is the name of our custom element.
const Element = "deskbridge-widget"

// ScriptPath is where a Deskbridge server has the element's script. The address
// stays the same for all versions: the Desktop caches it.
const ScriptPath = "/desk/deskbridge-widget.js"

// A Place is where in a layout a widget stands. Its name is the value of the
// element's property mode there.
type Place string

// The places.
const (
	Panel      Place = "panel"    // A tab beside a contact.
	Navigation Place = "page"     // A page with a button on the left.
	Header     Place = "header"   // Among the icons at the top.
	Headless   Place = "headless" // Unseen.
)

// Places are all places.
var Places = []Place{Panel, Navigation, Header, Headless}

// Options say how our widget is to stand in a layout.
type Options struct {
	// Script is the address of the element's script: the server's public URL
	// with [ScriptPath]. Required.
	Script     string
	Datacenter string         // Such as eu1. Defaults to the one the Desktop names.
	Label      string         // Of tab and button. Defaults to HubSpot.
	Roles      []RoleName     // Defaults to all that the layout has.
	Places     []Place        // Defaults to panel and headless.
	Settings   map[string]any // [Properties] by name, as encoding/json has their values.
}

// ScriptURL is the address of the script at a server.
func ScriptURL(publicURL string) string { return strings.TrimRight(publicURL, "/") + ScriptPath }

// Validate says what is wrong with the options, or nil.
func (o Options) Validate() error {
	u, err := url.Parse(o.Script)
	if err != nil || u.Host == "" || u.Scheme != "https" && !isLocal(o.Script) || strings.ContainsAny(o.Script, " <>\"\\") {
		return fmt.Errorf("layout: the script's address %q: want https://host%s", short(o.Script), ScriptPath)
	}
	for _, r := range o.Roles {
		if !slices.Contains(RoleNames, r) {
			return fmt.Errorf("layout: role %q: want agent, supervisor or supervisorAgent", short(string(r)))
		}
	}
	for _, p := range o.Places {
		if !slices.Contains(Places, p) {
			return fmt.Errorf("layout: place %q: want panel, page, header or headless", short(string(p)))
		}
	}
	if o.Datacenter != "" && strings.ContainsFunc(o.Datacenter, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		return fmt.Errorf("layout: data centre %q: want a name such as us1 or eu2", short(o.Datacenter))
	}
	for name, value := range o.Settings {
		p, ok := property(name)
		switch {
		case !ok:
			return fmt.Errorf("layout: there is no property %q", short(name))
		case name == "mode" || p.Live != "" && !p.Open:
			return fmt.Errorf("layout: property %s is set by itself", name)
		}
		raw, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("layout: property %s: %w", name, err)
		}
		d, err := Parse(raw)
		if err != nil {
			return fmt.Errorf("layout: property %s: %w", name, err)
		}
		if want := p.refuses(d.root); want != "" {
			return fmt.Errorf("layout: property %s: want %s", name, want)
		}
	}
	return nil
}

func (o Options) label() string {
	if o.Label == "" {
		return "HubSpot"
	}
	return o.Label
}

func (o Options) places() []Place {
	if len(o.Places) == 0 {
		return []Place{Panel, Headless}
	}
	return slices.DeleteFunc(slices.Clone(Places), func(p Place) bool { return !slices.Contains(o.Places, p) })
}

// A wanted is a property that the widget is to have. Unless it is forced, a
// value that is there stays.
type wanted struct {
	name  string
	value any
	force bool
}

// properties are what the widget is to have beside its mode.
func (o Options) properties() []wanted {
	var all []wanted
	for _, p := range Properties {
		value, set := o.Settings[p.Name]
		switch {
		case p.Name == "datacenter" && o.Datacenter != "":
			all = append(all, wanted{p.Name, o.Datacenter, true})
		case set:
			raw, _ := json.Marshal(value) // Validate has.
			all = append(all, wanted{p.Name, fromJSON(raw), true})
		case p.Live != "":
			all = append(all, wanted{p.Name, p.Live, false})
		}
	}
	return all
}

// fromJSON is a value to write, with objects' keys sorted.
func fromJSON(raw []byte) any {
	d, err := Parse(raw)
	if err != nil {
		return "" // It is JSON.
	}
	return d.root.value()
}

// value is what a node says, to be written elsewhere.
func (n *node) value() any {
	switch n.kind {
	case objectKind:
		out := object{}
		for _, m := range n.items {
			out = append(out, member{m.name(), m.value()})
		}
		return out
	case arrayKind:
		out := []any{}
		for _, item := range n.items {
			out = append(out, item.value())
		}
		return out
	case stringKind:
		return n.text
	}
	return source(n.raw)
}

// component is the element in a place.
func (o Options) component(place Place) object {
	properties := object{{"mode", string(place)}}
	for _, w := range o.properties() {
		properties = append(properties, member{w.name, w.value})
	}
	c := object{{"comp", Element}, {"script", o.Script}, {"properties", properties}}
	if place == Panel || place == Navigation {
		c = append(c, member{"wrapper", object{{"title", o.label()}, {"maximizeAreaName", "app-maximize-area"}}})
	}
	return c
}

// refuses says what a value has to be; nothing if it is that, or a reference to
// the Desktop's store.
func (p Property) refuses(n *node) string {
	if n.is(stringKind) && strings.HasPrefix(n.text, "$STORE.") {
		return ""
	}
	texts := func(all []*node) bool {
		return !slices.ContainsFunc(all, func(item *node) bool { return item.kind != stringKind })
	}
	switch p.Type {
	case Text:
		if !n.is(stringKind) {
			return "a text"
		}
	case Boolean:
		if !n.is(boolKind) {
			return "true or false, without quotation marks"
		}
	case Number:
		if !n.is(numberKind) || strings.HasPrefix(n.raw, "-") {
			return "a number that is not negative, without quotation marks"
		}
	case Choice:
		if !n.is(stringKind) || !slices.Contains(p.Choices, n.text) {
			return "one of " + strings.Join(p.Choices, ", ")
		}
	case List:
		if !n.is(arrayKind) || !texts(n.items) {
			return "a list of texts"
		}
	case Map:
		if !n.is(objectKind) || !texts(n.items) {
			return "an object of texts"
		}
	case Rules:
		if !n.is(arrayKind) || slices.ContainsFunc(n.items, func(rule *node) bool {
			return !rule.is(objectKind) || len(rule.items) != 3 || !texts(rule.items) ||
				rule.get("variable").str() == "" || rule.get("objectType").str() == "" || rule.get("property").str() == ""
		}) {
			return `a list of objects with variable, objectType and property`
		}
	}
	return ""
}

// ours checks our own widget.
func (c *checker) ours(x *Component, place Place) {
	if x.Script == "" && c.scripts[Element] == nil {
		c.note(x.at, Error, "our-script", "The widget has no script.", "Give the address of your Deskbridge server with "+ScriptPath+".")
	}
	names := make([]string, len(Properties))
	for i, p := range Properties {
		names[i] = p.Name
	}
	for _, v := range x.Attributes {
		if v.Name != "mode" && slices.Contains(names, v.Name) {
			c.note(v.at, Warning, "our-attribute", fmt.Sprintf("%s is an attribute here.", v.Name), "Deskbridge reads it as a property: move it into properties.")
		}
	}
	for _, v := range x.Properties {
		p, known := property(v.Name)
		if known {
			if want := p.refuses(v.at); want != "" {
				c.note(v.at, Error, "our-property", fmt.Sprintf("%s is %s.", v.Name, short(v.JSON)), "Deskbridge takes "+want+".")
			}
			continue
		}
		if now := renamed(v.Name); now != "" {
			c.note(v.at, Warning, "our-old-name", fmt.Sprintf("%s is the name in a connector of Cisco's.", short(v.Name)), "Here it is "+now+": `server layout insert` writes it so.")
			continue
		}
		fix := "Deskbridge ignores it."
		if near := c.nearest(v.Name, names); near != "" {
			fix = "Is it " + near + "? " + fix
		}
		c.note(v.at, Warning, "our-property", fmt.Sprintf("%s is no property of Deskbridge's.", short(v.Name)), fix)
	}
	mode := x.at.find("properties", "mode").str()
	if mode != "" && (mode == string(Headless)) != (place == Headless) && slices.Contains(Places, Place(mode)) {
		c.note(x.at.find("properties", "mode"), Error, "our-mode", fmt.Sprintf("The mode is %s, but this is the place %s.", mode, place), "The widget is not seen, or cannot be: write "+string(place)+".")
	}
}

// renamed is our name for a connector's.
func renamed(name string) string {
	for _, p := range Properties {
		for _, o := range p.Old {
			top, _, _ := strings.Cut(o.Name, ".")
			if o.spelled(name) || strings.EqualFold(top, name) {
				return p.Name
			}
		}
	}
	return ""
}
