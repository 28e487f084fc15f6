package studio

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"deskbridge/pkg/layout"
)

// An Action is what is to happen to a layout.
type Action string

// The actions.
const (
	Insert   Action = "insert"   // Place the widget; where it stands, bring it up to date.
	Upgrade  Action = "upgrade"  // Bring the widget up to date where it stands.
	Convert  Action = "convert"  // Put it where one of Cisco's connectors is.
	Remove   Action = "remove"   // Take it out.
	Generate Action = "generate" // Write a new layout.
)

// Studio is the page's state. Its zero value is not usable: see [New].
type Studio struct {
	server, datacenter, label string
	roles                     []layout.RoleName // Chosen, whether or not the layout has them.
	places                    []layout.Place
	values                    map[string]string // Properties as they were typed.
	action                    Action
	all                       bool // The whole difference is shown.

	name    string           // The open file's; empty for a new layout.
	doc     *layout.Document // Nil: nothing is open.
	known   known            // About doc.
	trouble *Trouble         // With the file that was tried last.
	heard   int              // How many things were done: each is announced.
}

// A known is what is found out about a file once.
type known struct {
	standings     []layout.Standing
	problems      []Finding
	counts, facts string
}

// A Trouble is why a file could not be opened.
type Trouble struct {
	Name      string
	What, Fix string
	Line, Col int // From 1; 0 where it is about the whole file.
	Excerpt   string
	Kept      string // The name of the file that stays open instead; empty if there is none.
}

// New is the state at the beginning, with the server's own address filled in.
func New(origin string) *Studio {
	return &Studio{
		server: origin, roles: slices.Clone(layout.RoleNames), places: []layout.Place{layout.Panel, layout.Headless},
		values: map[string]string{}, action: Generate,
	}
}

// Open takes a file. What cannot be read changes nothing but the message: a
// layout that was open stays, and so does all that was chosen.
func (s *Studio) Open(name string, text []byte) {
	s.heard++
	d, err := layout.Parse(text)
	if err != nil {
		s.trouble = s.troubleWith(name, text, err)
		return
	}
	s.name, s.doc, s.trouble, s.all = name, d, nil, false
	problems := layout.Check(d)
	s.known = known{layout.Standings(d), findings(d, problems), counts(problems), facts(d)}
	s.action = Insert
	for _, at := range s.known.standings {
		if !at.Ours {
			s.action = Convert
			break
		}
		s.action = Upgrade
	}
}

// Fail says that a file could not even be read.
func (s *Studio) Fail(name, what string) {
	s.heard++
	s.trouble = &Trouble{Name: name, What: what, Kept: s.name}
}

func (s *Studio) troubleWith(name string, text []byte, err error) *Trouble {
	t := &Trouble{Name: name, Kept: s.name}
	var wrong *layout.SyntaxError
	switch {
	case errors.As(err, &wrong):
		t.What, t.Fix, t.Line, t.Col = wrong.What, wrong.Fix, wrong.Line, wrong.Col
		t.Excerpt = excerpt(text, wrong.Line, wrong.Col)
	case len(text) > layout.MaxSize:
		t.What = fmt.Sprintf("The file has %s, and at most %s are read.", size(len(text)), size(layout.MaxSize))
		t.Fix = "Cisco’s own layouts have 43 kB. Is it the right file?"
	default:
		t.What = strings.TrimPrefix(err.Error(), "layout: ")
	}
	return t
}

// Close puts the file away. What was chosen stays.
func (s *Studio) Close() {
	s.heard++
	s.name, s.doc, s.known, s.trouble, s.action, s.all = "", nil, known{}, nil, Generate, false
}

// Choose says what is to happen.
func (s *Studio) Choose(a Action) {
	s.heard++
	s.action, s.all = a, false
}

// Role chooses a role, or no longer.
func (s *Studio) Role(r layout.RoleName, on bool) {
	s.heard++
	s.roles = toggled(layout.RoleNames, s.roles, r, on)
}

// Place chooses a place, or no longer.
func (s *Studio) Place(p layout.Place, on bool) {
	s.heard++
	s.places = toggled(layout.Places, s.places, p, on)
}

// toggled are those of all that are in have, with one or without it.
func toggled[T comparable](all, have []T, one T, on bool) []T {
	var out []T
	for _, t := range all {
		if t == one && on || t != one && slices.Contains(have, t) {
			out = append(out, t)
		}
	}
	return out
}

// Server is where the widget's script is: an origin such as
// https://phone.example.
func (s *Studio) Server(url string) { s.heard++; s.server = strings.TrimSpace(url) }

// Datacenter is the Webex organisation's, such as eu1; empty leaves it to the
// Desktop.
func (s *Studio) Datacenter(name string) { s.heard++; s.datacenter = strings.TrimSpace(name) }

// Label is what tab and button say.
func (s *Studio) Label(text string) { s.heard++; s.label = strings.TrimSpace(text) }

// Set gives a property a value as it is typed; empty leaves it unset.
func (s *Studio) Set(name, typed string) {
	s.heard++
	if typed = strings.TrimSpace(typed); typed == "" {
		delete(s.values, name)
		return
	}
	s.values[name] = typed
}

// ShowAll shows the whole difference.
func (s *Studio) ShowAll() { s.heard++; s.all = true }

// size is a number of bytes in words.
func size(n int) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1e6:
		return fmt.Sprintf("%d kB", n/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
