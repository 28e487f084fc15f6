package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"deskbridge/pkg/tenant"
)

// The kinds of fields on the settings' page.
const (
	kindChoice  = "choice"
	kindCheck   = "check"
	kindText    = "text"
	kindLong    = "long" // Several lines that belong together.
	kindNumber  = "number"
	kindSeconds = "seconds"
	kindLines   = "lines" // A list, one a line.
	kindSet     = "set"   // Some of a few.
	kindCodes   = "codes" // Wrap-up codes to outcomes.
	kindPairs   = "pairs" // Variables to properties.
	kindFills   = "fills" // Properties to templates.
	kindPops    = "pops"  // tenant.PopVariable
)

// A setting is a field of tenant.Settings as the page shows it, by its name in
// JSON.
type setting struct {
	Key, Label, Help, Kind string
	Options                []option
}

type option struct{ Value, Label string }

type settingGroup struct {
	ID, Title, Intro string
	Settings         []setting
}

var objectTypes = []option{{"0-1", "Contact"}, {"0-2", "Company"}, {"0-3", "Deal"}, {"0-5", "Ticket"}}

var associations = func(what string) []option {
	return []option{
		{"only", "The open " + what + ", if there is only one"}, {"newest", "The newest open " + what},
		{"all", "Every open " + what}, {"off", "None"},
	}
}

// settingGroups are all settings, in the order of the page. The texts are for
// people who know their contact centre, and not what we are made of.
var settingGroups = []settingGroup{
	{"pop", "Screen pop", "When the customer's record opens in HubSpot, and where.", []setting{
		{"popAt", "Incoming calls: open the record", "", kindChoice, []option{{"ring", "When the call rings"}, {"connect", "When the agent has answered"}, {"off", "Never"}}},
		{"popAtOutbound", "Outgoing calls: open the record", "Most outgoing calls are dialled from their record, which is open already.", kindChoice, []option{{"off", "Never"}, {"dial", "When the agent dials"}, {"connect", "When the customer has answered"}}},
		{"popIn", "Open it", "The same tab is left alone where it holds changes that are not saved.", kindChoice, []option{{"", "Where it disturbs least"}, {"current", "In the same tab"}, {"new", "In a new tab"}}},
		{"preferRecent", "Of several matches, take the one that was spoken to last, without asking", "", kindCheck, nil},
		{"matchDeadline", "Seconds until the panel stops waiting for a match", "The call rings at once in any case. At most 60; empty means 3.", kindSeconds, nil},
	}},
	{"find", "Finding the customer", "How a call becomes a record.", []setting{
		{"region", "Country of numbers without a country code", "Two capital letters, such as US or DE.", kindText, nil},
		{"stripPrefixes", "Prefixes that your telephone system adds", "One a line, such as 9 or 0. The longest that fits is taken off before a number is looked up.", kindLines, nil},
		{"phoneProperties", "More properties of contacts that hold numbers", "Internal names, one a line, at most ten. Phone and mobile phone are always looked at.", kindLines, nil},
		{"skipCompanies", "Do not look for companies when no contact has the number", "", kindCheck, nil},
		{"noCallsProperty", "Property of contacts that says not to call", "Its internal name. Empty looks for do_not_call, donotcall and donotphone.", kindText, nil},
		{"newContactProperties", "What a new contact is filled with", "Beside the number and the name. {cad.NAME} is the call variable NAME. What the account does not have, or refuses, is left out.", kindFills, nil},
		{"popVariables", "Find by call variable first", "In this order, before the number is looked up: the record whose property has the variable's value. hs_object_id is the record's id.", kindPops, nil},
	}},
	{"dial", "Calling out", "", []setting{
		{"outdialAni", "Number that people see who are called", "Empty takes the agent profile's.", kindText, nil},
		{"stripOutdialPrefixes", "Prefixes that are taken off before dialling", "One a line. The longest that fits is taken off.", kindLines, nil},
	}},
	{"log", "What is logged", "Which calls become activities in HubSpot. All are kept here.", []setting{
		{"logCalls", "Calls that are logged", "", kindChoice, []option{{"all", "All"}, {"inbound", "Incoming ones"}, {"outbound", "Outgoing ones"}, {"off", "None"}}},
		{"skipMissed", "Leave calls out that nobody answered", "", kindCheck, nil},
		{"dropAnsweredElsewhere", "Leave a missed offer out when another agent answered in the end", "", kindCheck, nil},
		{"excludedNumbers", "Numbers that are never logged", "One a line: a number with country code, an extension, or the beginning of some followed by *, such as +4989555*.", kindLines, nil},
	}},
	{"text", "Title and text", "What an activity says. {name} stands for what the call has of it; where it has nothing, nothing is written.", []setting{
		{"titleTemplate", "Title", "Empty takes Deskbridge's own.", kindText, nil},
		{"bodyTemplate", "Text before what happened", "Empty writes none.", kindLong, nil},
		{"dateFormat", "How {date} is written", "Such as dd.MM.yyyy HH:mm or MM/dd/yyyy hh:mm a, in UTC. Empty means yyyy-MM-dd.", kindText, nil},
		{"liveNotes", "Notes can be typed during the call", "Otherwise they can in the wrap-up.", kindCheck, nil},
		{"editTitle", "The title can be edited with the notes", "What the agent writes counts; {…} has no meaning there.", kindCheck, nil},
	}},
	{"tickets-made", "Tickets", "One for each call, however many agents had it.", []setting{
		{"ticketFor", "Make a ticket for", "Only for calls that were answered. A call that is about one open ticket already gets no other.", kindChoice, []option{{"off", "No call"}, {"inbound", "Incoming calls"}, {"outbound", "Outgoing calls"}, {"all", "All calls"}}},
		{"ticketButton", "Agents can ask for a ticket during the call", "", kindCheck, nil},
		{"ticketSubject", "Subject", "Takes the same names as the title. Empty means {direction} call, {name}.", kindText, nil},
		{"ticketProperties", "What a ticket is filled with", "{cad.NAME} is the call variable NAME. A property that the account does not have is left out.", kindFills, nil},
		{"updateTicket", "Also write these properties to the ticket that a call is about", "", kindCheck, nil},
	}},
	{"links", "Associations and owner", "What an activity belongs to, beside the record of the call.", []setting{
		{"companies", "Companies of the contact", "", kindChoice, []option{{"primary", "The primary one"}, {"all", "All"}, {"off", "None"}}},
		{"deals", "Deals of the contact", "", kindChoice, associations("deal")},
		{"tickets", "Tickets of the contact", "", kindChoice, associations("ticket")},
		{"ownerFollowsTransfer", "After a transfer, the agent who has the call at last owns the earlier activities, too", "", kindCheck, nil},
	}},
	{"maps", "Outcomes and properties", "What HubSpot is told in its own words.", []setting{
		{"dispositionByCode", "Outcome of a call, by its wrap-up reason", "Without one, the outcome follows how the call ended.", kindCodes, nil},
		{"variableProperties", "Call variables that become properties of the activity", "A property that the account does not have is left out.", kindPairs, nil},
	}},
	{"limits", "Limits", "What goes beyond is refused, and the agent is told when to try again.", []setting{
		{"dialsPerMinute", "Calls one agent may dial in a minute", "Empty means 20.", kindNumber, nil},
		{"dialsPerHour", "Calls one agent may dial in an hour", "Empty means 240.", kindNumber, nil},
	}},
	{"panel", "The agents' panel", "How the panel looks, and where it runs.", []setting{
		{"language", "Language", "", kindChoice, []option{{"", "The agent's choice, else the browser's"}, {"en", "English"}, {"de", "Deutsch"}, {"es", "Español"}, {"fr", "Français"}, {"pt", "Português"}, {"ja", "日本語"}}},
		{"theme", "Appearance", "", kindChoice, []option{{"", "The agent's choice, else the browser's"}, {"light", "Light"}, {"dark", "Dark"}, {"contrast", "High contrast"}}},
		{"syncState", "HubSpot shows agents as available as Webex does", "", kindCheck, nil},
		{"panelWidth", "Width of the panel in HubSpot", "300 to 1000 pixels. Empty leaves it to HubSpot.", kindNumber, nil},
		{"locked", "Agents may not change", "What is locked is set here, for all of them.", kindSet, []option{{"language", "Language"}, {"theme", "Appearance"}, {"popIn", "Where records open"}, {"sounds", "Sounds"}, {"shortcuts", "Keys"}, {"layout", "Any of these settings, by a Desktop layout"}}},
		{"allowedOrigins", "Only in these of HubSpot's addresses", "None ticked: in all of them.", kindSet, nil},
	}},
}

// settingOf finds a setting by its name in JSON.
func settingOf(key string) (setting, bool) {
	for _, g := range settingGroups {
		if i := slices.IndexFunc(g.Settings, func(s setting) bool { return s.Key == key }); i >= 0 {
			return g.Settings[i], true
		}
	}
	return setting{}, false
}

// byName are settings as JSON by name. What is not set is missing.
func byName(s tenant.Settings) map[string]json.RawMessage {
	text, err := json.Marshal(s)
	fields := map[string]json.RawMessage{}
	if err == nil {
		err = json.Unmarshal(text, &fields)
	}
	if err != nil {
		panic(err) // A struct of texts, numbers, lists and maps.
	}
	return fields
}

// ofNames is the reverse.
func ofNames(fields map[string]json.RawMessage) (s tenant.Settings, err error) {
	text, err := json.Marshal(fields)
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	return s, err
}

// read decodes one setting; what is missing is the zero value.
func read[T any](raw json.RawMessage) (v T) {
	if raw != nil {
		_ = json.Unmarshal(raw, &v) // Only ever what was encoded from the same field.
	}
	return v
}

// toForm is how a form shows settings.
func toForm(s tenant.Settings) url.Values {
	form := url.Values{}
	fields := byName(s)
	for _, g := range settingGroups {
		for _, one := range g.Settings {
			one.put(form, fields[one.Key])
		}
	}
	return form
}

func (s setting) put(form url.Values, raw json.RawMessage) {
	switch s.Kind {
	case kindCheck:
		if read[bool](raw) {
			form.Set(s.Key, "on")
		}
	case kindNumber:
		form.Set(s.Key, strconv.Itoa(read[int](raw)))
	case kindSeconds:
		form.Set(s.Key, strconv.FormatFloat(read[time.Duration](raw).Seconds(), 'f', -1, 64))
	case kindLines:
		form.Set(s.Key, strings.Join(read[[]string](raw), "\n"))
	case kindSet:
		form[s.Key] = read[[]string](raw)
	case kindCodes, kindPairs, kindFills:
		pairs := read[map[string]string](raw)
		for _, name := range sortedKeys(pairs) {
			form.Add(s.Key+".name", name)
			form.Add(s.Key+".value", pairs[name])
		}
	case kindPops:
		for _, p := range read[[]tenant.PopVariable](raw) {
			form.Add(s.Key+".variable", p.Variable)
			form.Add(s.Key+".type", p.ObjectType)
			form.Add(s.Key+".property", p.Property)
		}
	default:
		form.Set(s.Key, read[string](raw))
	}
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return keys
}

// fromForm reads a form, and says by key what is wrong with which field.
func (s *server) fromForm(form url.Values) (tenant.Settings, map[string]string) {
	fields, problems := map[string]json.RawMessage{}, map[string]string{}
	for _, g := range settingGroups {
		for _, one := range g.Settings {
			value, problem := one.parse(form)
			if problem == "" {
				problem = s.check(one.Key, value, fields)
			}
			if problem != "" {
				problems[one.Key] = problem
			}
		}
	}
	settings, err := ofNames(fields)
	if err == nil && len(problems) == 0 {
		err = settings.Validate() // What only several fields together tell.
	}
	if err != nil {
		problems[""] = sentence(plainError(err))
	}
	return settings, problems
}

// check looks at one setting alone and adds it to fields.
func (s *server) check(key string, value any, fields map[string]json.RawMessage) (problem string) {
	raw, err := json.Marshal(value)
	var alone tenant.Settings
	if err == nil {
		alone, err = ofNames(map[string]json.RawMessage{key: raw})
	}
	if err == nil {
		err = alone.Validate()
	}
	if err == nil {
		err = s.validateOrigins(alone)
	}
	if err != nil {
		return sentence(plainError(err))
	}
	fields[key] = raw
	return ""
}

// sentence makes one of an error's text.
func sentence(text string) string { return capital(text) + "." }

// capital begins a text with a capital letter, unless that would change an
// address or a scope.
func capital(text string) string {
	first, _, _ := strings.Cut(text, " ")
	if first == "" || strings.ContainsAny(first, ":/._") {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// parse reads a setting's part of a form.
func (s setting) parse(form url.Values) (value any, problem string) {
	text := strings.TrimSpace(form.Get(s.Key))
	switch s.Kind {
	case kindCheck:
		return text != "", ""
	case kindNumber:
		if text == "" {
			return 0, ""
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, "Write a whole number."
		}
		return n, ""
	case kindSeconds:
		if text == "" {
			return 0, ""
		}
		n, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
		if err != nil || n < 0 || n > 3600 {
			return nil, "Write a number of seconds, such as 3 or 1.5."
		}
		return time.Duration(n * float64(time.Second)), ""
	case kindLines:
		return lines(form.Get(s.Key)), ""
	case kindLong:
		return strings.TrimRight(strings.ReplaceAll(form.Get(s.Key), "\r\n", "\n"), " \n"), ""
	case kindSet:
		return form[s.Key], ""
	case kindCodes, kindPairs, kindFills:
		return s.pairs(form)
	case kindPops:
		return s.pops(form)
	}
	return text, ""
}

// lines are the entries of a list, once each.
func lines(text string) (all []string) {
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ',' || r == ';' }) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(all, line) {
			all = append(all, line)
		}
	}
	return all
}

func (s setting) pairs(form url.Values) (any, string) {
	pairs := map[string]string{}
	for i, name := range form[s.Key+".name"] {
		name, value := strings.TrimSpace(name), strings.TrimSpace(at(form[s.Key+".value"], i))
		switch {
		case name == "" && value == "", value == "" && s.Kind == kindCodes:
			continue
		case name == "" || value == "":
			return nil, "Fill in both sides of “" + name + value + "”, or neither."
		case pairs[name] != "":
			return nil, fmt.Sprintf("“%s” is there twice.", name)
		}
		pairs[name] = value
	}
	return pairs, ""
}

func (s setting) pops(form url.Values) (any, string) {
	var all []tenant.PopVariable
	for i, variable := range form[s.Key+".variable"] {
		p := tenant.PopVariable{
			Variable: strings.TrimSpace(variable), ObjectType: at(form[s.Key+".type"], i), Property: strings.TrimSpace(at(form[s.Key+".property"], i)),
		}
		if p.Variable == "" && p.Property == "" {
			continue
		}
		if p.Variable == "" || p.Property == "" {
			return nil, "Fill in both the variable and the property of “" + p.Variable + p.Property + "”, or neither."
		}
		all = append(all, p)
	}
	return all, ""
}

// at is an entry of a list, or empty.
func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// in is a value in words, for histories and conflicts. choices name outcomes
// and wrap-up codes.
func (s setting) in(raw json.RawMessage, c choices) string {
	var parts []string
	switch s.Kind {
	case kindCheck:
		if read[bool](raw) {
			return "Yes"
		}
		return "No"
	case kindNumber:
		return strconv.Itoa(read[int](raw))
	case kindSeconds:
		return read[time.Duration](raw).String()
	case kindLines:
		parts = read[[]string](raw)
	case kindSet:
		for _, v := range read[[]string](raw) {
			parts = append(parts, labelOf(s.Options, v))
		}
	case kindCodes, kindPairs, kindFills:
		pairs := read[map[string]string](raw)
		for _, name := range sortedKeys(pairs) {
			parts = append(parts, labelOf(c.Codes, name)+" → "+labelOf(c.Outcomes, pairs[name]))
		}
	case kindPops:
		for _, p := range read[[]tenant.PopVariable](raw) {
			parts = append(parts, p.Variable+" → "+labelOf(objectTypes, p.ObjectType)+"’s "+p.Property)
		}
	case kindChoice:
		return labelOf(s.Options, read[string](raw))
	default:
		if text := read[string](raw); text != "" {
			parts = []string{text}
		}
	}
	if len(parts) == 0 {
		return "—"
	}
	return strings.Join(parts, ", ")
}

// labelOf is an option's label, or the value where it is none.
func labelOf(options []option, value string) string {
	if i := slices.IndexFunc(options, func(o option) bool { return o.Value == value }); i >= 0 {
		return options[i].Label
	}
	return value
}

// A settingChange is a setting that two versions do not agree on.
type settingChange struct {
	Key, Label    string
	Before, After string
	before, after json.RawMessage
}

// settingChanges are in the order of the page.
func settingChanges(before, after tenant.Settings, c choices) []settingChange {
	a, b := byName(before.WithDefaults()), byName(after.WithDefaults())
	var all []settingChange
	for _, g := range settingGroups {
		for _, s := range g.Settings {
			if string(a[s.Key]) != string(b[s.Key]) {
				all = append(all, settingChange{s.Key, s.Label, s.in(a[s.Key], c), s.in(b[s.Key], c), a[s.Key], b[s.Key]})
			}
		}
	}
	return all
}
