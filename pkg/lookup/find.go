package lookup

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"deskbridge/pkg/hubspot"
)

// The properties of contacts that hold numbers, with the ones HubSpot derives
// from them for searching: national digits without leading zeros.
var standard = []struct{ name, searchable string }{
	{"phone", "hs_searchable_calculated_phone_number"},
	{"mobilephone", "hs_searchable_calculated_mobile_number"},
}

// page is enough for a switchboard's number that many contacts have.
const page = 50

// find searches contacts, then companies.
func find(ctx context.Context, p Portal, n Number) ([]Match, error) {
	for _, groups := range contactGroups(p, n) {
		r, err := p.CRM.Search(ctx, hubspot.Contacts, hubspot.SearchRequest{
			Groups: groups, Limit: page,
			Properties: slices.Concat([]string{
				"firstname", "lastname", "email", "company", "phone", "mobilephone", standard[0].searchable, standard[1].searchable,
			}, p.Properties, p.NoCalls),
		})
		if err != nil {
			return nil, err
		}
		if found := contacts(r.Objects, p, n); len(found) > 0 {
			return found, nil
		}
	}
	r, err := p.CRM.Search(ctx, hubspot.Companies, hubspot.SearchRequest{
		Groups: anyOf(
			hubspot.Filter{Property: "phone", Operator: hubspot.Equal, Value: n.E164},
			hubspot.Filter{Property: "phone", Operator: hubspot.Equal, Value: n.National},
			hubspot.Filter{Property: "phone", Operator: hubspot.Equal, Value: n.local},
			hubspot.Filter{Property: "phone", Operator: hubspot.Equal, Value: n.foreign},
			hubspot.Filter{Property: "phone", Operator: hubspot.ContainsToken, Value: "*" + n.National},
		),
		Limit: page, Properties: []string{"name", "domain", "phone"},
	})
	if err != nil {
		return nil, err
	}
	return companies(r.Objects, p, n), nil
}

// contactGroups is one request for the standard properties, and further ones
// for the admin's.
func contactGroups(p Portal, n Number) [][]hubspot.FilterGroup {
	all := [][]hubspot.FilterGroup{anyOf(
		hubspot.Filter{Property: standard[0].searchable, Operator: hubspot.Equal, Value: n.searchable()},
		hubspot.Filter{Property: standard[1].searchable, Operator: hubspot.Equal, Value: n.searchable()},
		hubspot.Filter{Property: standard[0].name, Operator: hubspot.Equal, Value: n.E164},
		hubspot.Filter{Property: standard[1].name, Operator: hubspot.Equal, Value: n.E164},
		hubspot.Filter{Property: standard[0].searchable, Operator: hubspot.ContainsToken, Value: "*" + n.searchable()},
	)}
	var own []hubspot.Filter
	for _, name := range p.Properties {
		own = append(own, hubspot.Filter{Property: name, Operator: hubspot.In, Values: []string{
			n.E164, n.National, strings.ToLower(n.local), strings.ToLower(n.foreign),
		}})
	}
	for some := range slices.Chunk(own, hubspot.MaxFilterGroups) {
		all = append(all, anyOf(some...))
	}
	return all
}

func anyOf(filters ...hubspot.Filter) []hubspot.FilterGroup {
	groups := make([]hubspot.FilterGroup, len(filters))
	for i, f := range filters {
		groups[i].Filters = []hubspot.Filter{f}
	}
	return groups
}

// contacts keeps those that really have the number: a search without country
// codes and leading zeros finds others, too.
func contacts(objects []hubspot.Object, p Portal, n Number) []Match {
	type ranked struct {
		Match
		rank int
	}
	var found []ranked
	for _, o := range objects {
		if slices.ContainsFunc(found, func(r ranked) bool { return r.ObjectID == o.ID }) {
			continue
		}
		property, rank := "", 0
		for i, s := range standard {
			if property == "" && same(o.Properties[s.name], o.Properties[s.searchable], p.Region, n) {
				property, rank = s.name, i
			}
		}
		for i, name := range p.Properties {
			if property == "" && same(o.Properties[name], "", p.Region, n) {
				property, rank = name, len(standard)+i
			}
		}
		if property == "" {
			continue
		}
		name := strings.TrimSpace(o.Properties["firstname"] + " " + o.Properties["lastname"])
		found = append(found, ranked{Match{
			ObjectTypeID: hubspot.Contacts, ObjectID: o.ID, Name: cmp.Or(name, o.Properties["email"], n.E164),
			Email: o.Properties["email"], Company: o.Properties["company"], Property: property,
			NoCalls: NoCalls(o.Properties, p.NoCalls),
		}, rank})
	}
	slices.SortStableFunc(found, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ObjectID, b.ObjectID))
	})
	matches := make([]Match, len(found))
	for i, r := range found {
		matches[i] = r.Match
	}
	return matches
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

func companies(objects []hubspot.Object, p Portal, n Number) []Match {
	var found []Match
	for _, o := range objects {
		if same(o.Properties["phone"], "", p.Region, n) {
			found = append(found, Match{
				ObjectTypeID: hubspot.Companies, ObjectID: o.ID, Name: cmp.Or(o.Properties["name"], o.Properties["domain"], n.E164),
				Property: "phone",
			})
		}
	}
	slices.SortStableFunc(found, func(a, b Match) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ObjectID, b.ObjectID))
	})
	return found
}

// same says whether a stored value is the number. HubSpot may mask the value
// for our token and still give the searchable one.
func same(value, searchable, region string, n Number) bool {
	if strings.ContainsAny(value, "*•") || value == "" && searchable != "" {
		return searchable == n.searchable()
	}
	stored, ok := Parse(value, region)
	return ok && stored.E164 == n.E164
}
