package lookup

import (
	"cmp"
	"slices"
	"strings"

	"deskbridge/pkg/hubspot"
)

// properties are what is read of each type of records that a call may belong
// to.
var properties = map[string][]string{
	hubspot.Contacts:  {"firstname", "lastname", "email", "company", "phone", "mobilephone"},
	hubspot.Companies: {"name", "domain", "phone"},
	hubspot.Deals:     {"dealname"},
	hubspot.Tickets:   {"subject"},
}

// properties are what is read of a record of that type in the portal.
func (p Portal) properties(objectType string) []string {
	if objectType == hubspot.Contacts {
		return slices.Concat(properties[objectType], p.NoCalls)
	}
	return slices.Clone(properties[objectType])
}

// match is a record that was found; fallback names one without a name.
func (p Portal) match(objectType string, o hubspot.Object, fallback string) Match {
	m := Match{ObjectTypeID: objectType, ObjectID: o.ID, Name: cmp.Or(Name(objectType, o.Properties), fallback)}
	if objectType == hubspot.Contacts {
		m.Email, m.Company, m.NoCalls = o.Properties["email"], o.Properties["company"], NoCalls(o.Properties, p.NoCalls)
	}
	return m
}

// Name is what people call a record: the first thing that it has of a name,
// an e-mail address or domain, and a number that is not hidden from us.
func Name(objectType string, p hubspot.Properties) string {
	switch objectType {
	case hubspot.Contacts:
		name := strings.TrimSpace(p["firstname"] + " " + p["lastname"])
		return cmp.Or(name, p["email"], Shown(p["phone"], p["mobilephone"]))
	case hubspot.Companies:
		return cmp.Or(p["name"], p["domain"])
	case hubspot.Deals:
		return p["dealname"]
	case hubspot.Tickets:
		return p["subject"]
	}
	return ""
}

// NoCalls says whether one of the properties tells not to call: it has a value
// that is not empty, false, no, off or 0. So a date of an objection counts, too.
func NoCalls(values hubspot.Properties, properties []string) bool {
	return slices.ContainsFunc(properties, func(name string) bool {
		switch strings.ToLower(strings.TrimSpace(values[name])) {
		case "", "false", "no", "off", "0":
			return false
		}
		return true
	})
}
