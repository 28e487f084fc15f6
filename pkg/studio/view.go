package studio

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"deskbridge/pkg/layout"
)

// A View is what there is to draw.
type View struct {
	Says    string // What has happened, for who does not see it. Each is another text.
	Trouble *Trouble

	File      string // Its name; empty: nothing is open, a new layout is being written.
	Facts     string // In a few words: its size and roles.
	Standings []layout.Standing
	Problems  []Finding
	Counts    string // How many problems of which kind.

	Actions    []Choice[Action]
	Roles      []Choice[layout.RoleName] // Nil: does not matter for the action.
	Places     []Choice[layout.Place]    // Likewise.
	Widget     bool                      // Whether Server and the fields matter.
	Server     Field
	Datacenter Field
	Label      Field
	Fields     []Field

	Conversions []layout.Conversion // What each property of a connector becomes.
	Wrong       string              // Why there is no result: what to choose or to mend in a field.
	Refused     []Finding           // Why there is no result: what stands in the way in the layout.
	Unchanged   bool                // The result is the file as it is.
	Change      []layout.Hunk
	Summary     string // How much changes.
	Hidden      int    // Lines of the change that are not shown.
	Left        string // What is still wrong with the result.
	Result      []byte // Nil: there is none, or nothing changes.
	Save        string // The result's name.
}

// A Finding is a problem with the text of its line.
type Finding struct {
	layout.Problem
	Excerpt string
}

// maxLines is how many lines of a change are shown at first, context how many
// there are around each.
const (
	maxLines = 300
	context  = 3
)

// View is what there is to draw now.
func (s *Studio) View() View {
	v := View{
		Trouble:    s.trouble,
		Widget:     s.action != Remove,
		Server:     Field{Name: "server", Label: "Server address", Typed: s.server, What: "Where agents’ browsers reach Deskbridge."},
		Datacenter: Field{Name: "datacenter", Label: "Data centre", Typed: s.datacenter, What: "Of the Webex organisation, such as us1 or eu2.", Default: "If empty, the Desktop says it."},
		Label:      Field{Name: "label", Label: "Label", Typed: s.label, What: "What tab and button say.", Default: "If empty: HubSpot."},
	}
	var old []byte
	if s.doc != nil {
		old = s.doc.Bytes()
		v.File, v.Standings, v.Problems, v.Counts, v.Facts = s.name, s.known.standings, s.known.problems, s.known.counts, s.known.facts
	}
	v.Actions = s.actions(v.Standings)
	if s.action != Remove {
		v.Roles = s.roleChoices()
	}
	if s.action == Insert || s.action == Generate {
		v.Places = s.placeChoices(v.Standings)
	}
	s.outcome(&v, old)
	v.Says = s.says(v)
	return v
}

// outcome does what is to be done.
func (s *Studio) outcome(v *View, old []byte) {
	o, fine := s.options(v)
	if !fine {
		return
	}
	d, err := s.run(v, o)
	if err != nil {
		var refusal layout.Refusal
		if errors.As(err, &refusal) && s.doc != nil {
			v.Refused = findings(s.doc, refusal)
		} else {
			v.Wrong = strings.TrimPrefix(err.Error(), "layout: ")
		}
		return
	}
	v.Change = layout.Diff(old, d.Bytes(), context)
	if v.Unchanged = len(v.Change) == 0; v.Unchanged {
		return
	}
	added, removed := 0, 0
	for _, h := range v.Change {
		for _, l := range h {
			switch l.Mark {
			case '+':
				added++
			case '-':
				removed++
			}
		}
	}
	v.Summary = fmt.Sprintf("%s added, %s removed", plural(added, "line"), plural(removed, "line"))
	if s.doc == nil {
		v.Summary = plural(added, "line")
	}
	if !s.all {
		v.Change, v.Hidden = first(v.Change, maxLines)
	}
	v.Result, v.Save = d.Bytes(), saveAs(s.name)
	if after := layout.Check(d); layout.Broken(after) {
		v.Left = "The result still has " + counts(after) + ". Mend the errors before you upload it."
	}
}

// run is the action's result.
func (s *Studio) run(v *View, o layout.Options) (*layout.Document, error) {
	switch s.action {
	case Upgrade:
		return layout.Upgrade(s.doc, o)
	case Convert:
		d, told, err := layout.Convert(s.doc, o)
		v.Conversions = told
		return d, err
	case Remove:
		return layout.Remove(s.doc)
	case Generate:
		return layout.Generate(o)
	}
	return layout.Insert(s.doc, o)
}

// options are what was chosen, unless something of it is wrong, which is then
// said at its place.
func (s *Studio) options(v *View) (layout.Options, bool) {
	fields, values, fine := s.fields()
	v.Fields = fields
	if s.action == Remove {
		return layout.Options{}, true
	}
	o := layout.Options{Script: layout.ScriptURL(s.server), Label: s.label, Settings: values}
	if err := o.Validate(); !isOrigin(s.server) || err != nil {
		v.Server.Problem = "Write an address such as https://phone.example.com. Only on this machine may it be http."
		fine = false
	}
	with := o
	with.Datacenter = s.datacenter
	if with.Script = layout.ScriptURL(layout.SampleServer); with.Validate() != nil {
		v.Datacenter.Problem = "It is a short name such as us1 or eu2, in small letters."
		fine = false
	}
	o.Datacenter = s.datacenter
	if !fine {
		v.Wrong = "Mend what is marked in the form, then the change is shown here: " + strings.Join(marked(v), ", ") + "."
		return o, false
	}
	if has := s.has(); len(has) > 0 { // Else it is refused, and why is said.
		for _, r := range has {
			if slices.Contains(s.roles, r) {
				o.Roles = append(o.Roles, r)
			}
		}
		if len(o.Roles) == 0 {
			v.Wrong = "Choose at least one role."
			return o, false
		}
	}
	if v.Places != nil {
		if o.Places = s.places; len(o.Places) == 0 {
			v.Wrong = "Choose at least one place."
			return o, false
		}
	}
	return o, true
}

// marked are the names of the fields that something is wrong with.
func marked(v *View) []string {
	var all []string
	for _, f := range append([]Field{v.Server, v.Datacenter}, v.Fields...) {
		if f.Problem != "" {
			all = append(all, f.Label)
		}
	}
	return all
}

// isOrigin says whether an address has nothing after its host: with a query or
// a fragment the script's path would become part of that.
func isOrigin(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.RawQuery == "" && !u.ForceQuery && !strings.Contains(address, "#") && u.User == nil
}

// facts are a file's size and roles in a few words.
func facts(d *layout.Document) string {
	text := string(d.Bytes())
	lines := strings.Count(text, "\n") + 1
	if strings.HasSuffix(text, "\n") {
		lines--
	}
	facts := size(len(text)) + ", " + plural(lines, "line")
	l := d.Layout()
	var roles []string
	for _, r := range l.Roles {
		roles = append(roles, string(r.Name))
	}
	switch {
	case l.Flat:
		return facts + ", of before version 0.1.0"
	case len(roles) == 0:
		return facts + ", no roles"
	}
	return facts + ", for " + strings.Join(roles, ", ")
}

// says is a sentence on what the last thing that was done has brought.
func (s *Studio) says(v View) string {
	if s.heard == 0 {
		return ""
	}
	var out string
	switch {
	case v.Trouble != nil:
		out = v.Trouble.Name + " could not be opened. " + v.Trouble.What
	case v.Wrong != "":
		out = v.Wrong
	case len(v.Refused) > 0:
		out = "This layout cannot be edited so. " + v.Refused[0].What
	case v.Unchanged:
		out = "Nothing would change."
	default:
		out = v.Summary + "."
	}
	if v.File != "" && v.Trouble == nil {
		out = v.File + ": " + v.Counts + ". " + out
	}
	if s.heard%2 == 0 { // What is the same text again would not be read out.
		out += "\u00a0"
	}
	return out
}

func findings(d *layout.Document, problems []layout.Problem) []Finding {
	lines := strings.Split(string(d.Bytes()), "\n")
	all := make([]Finding, len(problems))
	for i, p := range problems {
		all[i].Problem = p
		if p.Line > 0 && p.Line <= len(lines) && p.Path != "" {
			all[i].Excerpt = crop(lines[p.Line-1], p.Col)
		}
	}
	return all
}

func counts(problems []layout.Problem) string {
	count := map[layout.Severity]int{}
	for _, p := range problems {
		count[p.Severity]++
	}
	var parts []string
	for _, severity := range []layout.Severity{layout.Error, layout.Warning, layout.Note} {
		if n := count[severity]; n > 0 {
			parts = append(parts, plural(n, string(severity)))
		}
	}
	switch n := len(parts); n {
	case 0:
		return "no problems"
	case 1:
		return parts[0]
	default:
		return strings.Join(parts[:n-1], ", ") + " and " + parts[n-1]
	}
}

func plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// first are the first lines of a change, and how many there are more.
func first(hunks []layout.Hunk, most int) (shown []layout.Hunk, hidden int) {
	for _, h := range hunks {
		n := min(len(h), most)
		if n > 0 {
			shown = append(shown, h[:n])
		}
		most, hidden = most-n, hidden+len(h)-n
	}
	return shown, hidden
}

// saveAs is the name of a result: another one than the file's, so that saving
// does not write over what there was.
func saveAs(name string) string {
	if name == "" {
		return "deskbridge-layout.json"
	}
	base := strings.TrimSuffix(name, ".json")
	return strings.TrimSuffix(base, ".deskbridge") + ".deskbridge.json"
}
