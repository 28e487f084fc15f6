package layout

import (
	"slices"
	"strings"
)

// objectTypes are HubSpot's, by the names of other CRMs.
var objectTypes = map[string]string{
	"contact": "0-1", "contacts": "0-1", "user": "0-1", "users": "0-1", "lead": "0-1", "sys_user": "0-1",
	"account": "0-2", "accounts": "0-2", "company": "0-2", "organization": "0-2", "organizations": "0-2",
	"opportunity": "0-3", "deal": "0-3",
	"ticket": "0-5", "tickets": "0-5", "case": "0-5", "incident": "0-5",
}

// fieldNames are HubSpot's names for other CRMs' fields.
var fieldNames = map[string]string{
	"telephone1": "phone", "mobile": "mobilephone", "emailaddress1": "email", "first_name": "firstname", "last_name": "lastname",
	"id": "hs_object_id", "contactid": "hs_object_id", "sys_id": "hs_object_id", "incidentid": "hs_object_id",
	"address1_city": "city",
}

// ticketNames are HubSpot's names for the fields of other CRMs' cases.
var ticketNames = map[string]string{"title": "subject", "description": "content", "priority": "hs_ticket_priority"}

// field is HubSpot's name for a field, or one that it could have.
func field(name string) string {
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return '_'
	}, strings.ToLower(strings.TrimSpace(name)))
	if known, ok := fieldNames[name]; ok {
		return known
	}
	if name == "" || name[0] >= 'a' && name[0] <= 'z' {
		return name
	}
	return "field_" + strings.TrimLeft(name, "_")
}

const lookAtNames = "Look at the names: they were another CRM's fields and must be properties that HubSpot has."

func (t *taking) popVariables() any {
	on, said := t.flag("isAdvancedScreenpopEnabled")
	if !said {
		on, said = t.flag("reqIsAdvancedScreenpopEnabled")
	}
	if said && !on {
		t.used("cadVariableName", "crmEntityName", "crmEntityFieldName", "screenpopSearchParamCadName")
		t.note = "The search by a variable is off."
		return nil
	}
	variable := t.text("screenpopCadName", "cadVariableName", "adavanceSearchCadVariableName", "screenpopSearchParamCadName")
	if variable == "" {
		return nil
	}
	kind, property := t.text("crmEntityName"), t.text("crmEntityFieldName")
	if words := strings.FieldsFunc(t.text("adavanceSearchCrmObjectName"), func(r rune) bool { return strings.ContainsRune(" .:,", r) }); len(words) > 0 {
		kind, property = words[0], strings.Join(words[1:], "_")
	}
	t.note = lookAtNames
	objectType := objectTypes[strings.ToLower(kind)]
	if objectType == "" {
		objectType = "0-1"
		t.note += " The type of record is a contact's, 0-1."
	}
	if property = field(property); property == "" {
		property = "phone"
		t.note += " Which property holds the variable's value was not said: here it is phone."
	}
	return []any{inline{object{{"variable", variable}, {"objectType", objectType}, {"property", property}}}}
}

// own are variables that the connectors made themselves: what they held is
// written to HubSpot anyway.
var own = []string{"callnotes", "directioncodevalue", "phonenumber", "contactid", "activitydatetime", "direction", "subject"}

// A mapping is an item of a connector's list of fields.
type mapping struct{ variable, value, property string }

// mappings reads such a list. The keys differ by connector, misspelled ones
// among them: CadFieldName or wxccFieldName, and msDynamicsFieldName,
// sfdcFieldName or zendeskTicketFileldID.
func (t *taking) mappings(name string) []mapping {
	n := t.get(name)
	if strings.HasPrefix(strings.TrimSpace(n.str()), "[") { // Call-center files have it as a text.
		if d, err := Parse([]byte(n.str())); err == nil {
			n = d.root
		}
	}
	var all []mapping
	for _, item := range n.list() {
		var m mapping
		byDefault, fallback := false, ""
		for _, f := range item.members() {
			key := strings.ToLower(f.name())
			if strings.Contains(f.str(), "<") {
				continue
			}
			switch {
			case strings.Contains(key, "isdefault"):
				byDefault = f.raw == "true" || strings.EqualFold(f.str(), "true")
			case strings.Contains(key, "default"):
				fallback = f.str()
			case strings.HasPrefix(key, "cad"), strings.HasPrefix(key, "wxcc"):
				m.variable = f.str()
			case strings.Contains(key, "fieldname"), strings.Contains(key, "fieldid"), strings.Contains(key, "fileldid"):
				m.property = field(f.str())
			}
		}
		if byDefault {
			if m.value = fallback; m.value == "" {
				m.value = m.variable // Where there is no other key, this one has it.
			}
		} else if m.variable != "" && !slices.Contains(own, strings.ToLower(m.variable)) {
			m.value = "{cad." + m.variable + "}"
		}
		if m.property != "" && m.value != "" {
			all = append(all, m)
		}
	}
	if len(all) > 0 {
		t.used(name)
		t.note = lookAtNames
	} else if len(n.list()) > 0 {
		t.why[t.get(name)] = "It holds only placeholders, and what is written to HubSpot anyway."
	}
	return all
}

// fill is a map from properties to what they are filled with.
func (t *taking) fill(names ...string) any {
	var out object
	for _, name := range names {
		for _, m := range t.mappings(name) {
			out = set(out, m.property, m.value)
		}
	}
	if out == nil {
		return nil
	}
	return out
}

// set adds a member unless there is one of that name.
func set(o object, name string, value any) object {
	if slices.ContainsFunc(o, func(m member) bool { return m.name == name }) {
		return o
	}
	return append(o, member{name, value})
}

func (t *taking) variableProperties() any {
	var out object
	add := func(variable, property string) {
		taken := slices.ContainsFunc(out, func(m member) bool { return m.value == property })
		if variable != "" && property != "" && !taken && !slices.Contains(own, strings.ToLower(variable)) {
			out = set(out, variable, property)
		}
	}
	for pair := range strings.SplitSeq(t.get("cadToCrmFieldMapping").str(), ",") {
		if variable, property, ok := strings.Cut(pair, ":"); ok {
			add(strings.TrimSpace(variable), field(property))
		}
	}
	if out != nil {
		t.used("cadToCrmFieldMapping")
		t.note = lookAtNames
	}
	for _, name := range []string{"createActivityRecordConfig", "CadSalesforceFieldMapping1"} {
		for _, m := range t.mappings(name) {
			if strings.HasPrefix(m.value, "{cad.") {
				add(m.variable, m.property)
			}
		}
	}
	if out == nil {
		return nil
	}
	return out
}

// template is a text whose names become ours.
func (t *taking) template(name string) any {
	text := t.text(name)
	if text == "" {
		return nil
	}
	var out strings.Builder
	for {
		before, rest, open := strings.Cut(text, "{")
		inner, after, closed := strings.Cut(rest, "}")
		out.WriteString(before)
		if !open {
			return out.String()
		}
		if !closed {
			out.WriteString("{{" + rest)
			return out.String()
		}
		switch key := strings.ToLower(strings.TrimSpace(inner)); key {
		case "activitydatetime":
			out.WriteString("{date} {time}")
		case "ani":
			out.WriteString("{number}")
		case "dnis":
			out.WriteString("{ours}")
		case "queuename", "agentname":
			out.WriteString("{" + strings.TrimSuffix(key, "name") + "}")
		case "direction", "name", "number", "queue", "agent", "reason", "outcome", "date", "time", "duration":
			out.WriteString("{" + key + "}")
		default:
			out.WriteString("{cad." + strings.TrimSpace(inner) + "}")
		}
		text = after
	}
}

func (t *taking) ticketProperties() any {
	var out object
	if name, value := t.get("ticketDynamicField").str(), t.get("ticketDynamicFieldValue").str(); name != "" && value != "" {
		out = set(out, field(name), value)
		t.used("ticketDynamicField", "ticketDynamicFieldValue")
		t.note = lookAtNames
	}
	for _, name := range []string{"ticketCustomFieldsMapping", "createCaseRecordConfig", "sfdcCaseFieldCadVariableMappings1", "sfdcCaseFieldCadVariableMappings2"} {
		for _, m := range t.mappings(name) {
			if known, ok := ticketNames[m.property]; ok {
				m.property = known
			}
			out = set(out, m.property, m.value)
		}
	}
	if out == nil {
		return nil
	}
	return out
}
