package lookup

import (
	"cmp"
	"context"
	"errors"
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

// step is one search of several, the more likely ones first.
type step struct {
	objectType string
	properties []string
	groups     func([]Number) []hubspot.FilterGroup
	read       func([]hubspot.Object, []Number) []Match
	optional   bool // Whoever may not see it, or does not have it, does without.
}

// request looks for one number or, with more results, for several.
func (s step) request(numbers []Number) hubspot.SearchRequest {
	r := hubspot.SearchRequest{Groups: s.groups(numbers), Limit: page, Properties: s.properties}
	if len(numbers) > 1 {
		r.Limit = hubspot.MaxSearchLimit
	}
	return r
}

// find searches contacts, then companies: at once, or each only if those before
// it found nobody. Contacts come before companies either way.
func (l *Lookup) find(ctx context.Context, p Portal, numbers []Number, atOnce bool) ([]Match, error) {
	steps := p.steps()
	type answer struct {
		matches []Match
		err     error
	}
	do := func(s step) answer {
		found, err := l.together(ctx, p, s, numbers)
		if s.optional && permanent(err) {
			l.c.Logger.Warn("lookup does without", "portal", p.ID, "type", s.objectType, "error", err)
			return answer{}
		}
		return answer{s.read(found, numbers), err}
	}
	wait := make([]func() answer, len(steps))
	for i, s := range steps {
		wait[i] = func() answer { return do(s) }
	}
	if atOnce {
		for i, s := range steps {
			wait[i] = later(func() answer { return do(s) })
		}
	}
	for _, next := range wait {
		if a := next(); a.err != nil || len(a.matches) > 0 {
			return a.matches, a.err
		}
	}
	return nil, nil
}

func (p Portal) steps() []step {
	ofContacts := slices.Concat(p.properties(hubspot.Contacts), []string{standard[0].searchable, standard[1].searchable}, p.Properties)
	read := func(objects []hubspot.Object, numbers []Number) []Match { return contacts(objects, p, numbers) }
	steps := []step{{hubspot.Contacts, ofContacts, contactGroups, read, false}}
	for own := range slices.Chunk(p.Properties, hubspot.MaxFilterGroups) {
		groups := func(numbers []Number) []hubspot.FilterGroup { return ownGroups(own, numbers) }
		steps = append(steps, step{hubspot.Contacts, ofContacts, groups, read, true})
	}
	if p.SkipCompanies {
		return steps
	}
	return append(steps, step{
		hubspot.Companies, p.properties(hubspot.Companies), companyGroups,
		func(objects []hubspot.Object, numbers []Number) []Match { return companies(objects, p, numbers) }, true,
	})
}

// permanent says whether HubSpot refused what it would refuse again.
func permanent(err error) bool {
	var refused *hubspot.Error
	return errors.As(err, &refused) && refused.Permanent() && refused.Status != 401
}

// equal compares a property with one value or several.
func equal(property string, numbers []Number, form func(Number) string) hubspot.Filter {
	values := make([]string, len(numbers))
	for i, n := range numbers {
		values[i] = strings.ToLower(form(n))
	}
	if len(values) == 1 {
		return hubspot.Filter{Property: property, Operator: hubspot.Equal, Value: form(numbers[0])}
	}
	return hubspot.Filter{Property: property, Operator: hubspot.In, Values: values}
}

func e164(n Number) string { return n.E164 }

// contactGroups are for the standard properties. The last one finds forms that
// HubSpot has not understood; it takes one number only.
func contactGroups(numbers []Number) []hubspot.FilterGroup {
	groups := anyOf(
		equal(standard[0].searchable, numbers, Number.searchable),
		equal(standard[1].searchable, numbers, Number.searchable),
		equal(standard[0].name, numbers, e164),
		equal(standard[1].name, numbers, e164),
	)
	return withToken(groups, numbers, standard[0].searchable, Number.searchable)
}

// ownGroups are for the admin's properties.
func ownGroups(properties []string, numbers []Number) []hubspot.FilterGroup {
	var filters []hubspot.Filter
	for _, name := range properties {
		f := hubspot.Filter{Property: name, Operator: hubspot.In}
		for _, n := range numbers {
			f.Values = append(f.Values, n.E164, n.National, strings.ToLower(n.local), strings.ToLower(n.foreign))
		}
		filters = append(filters, f)
	}
	return anyOf(filters...)
}

func companyGroups(numbers []Number) []hubspot.FilterGroup {
	national := func(n Number) string { return n.National }
	groups := anyOf(
		equal("phone", numbers, e164),
		equal("phone", numbers, national),
		equal("phone", numbers, func(n Number) string { return n.local }),
		equal("phone", numbers, func(n Number) string { return n.foreign }),
	)
	return withToken(groups, numbers, "phone", national)
}

// withToken looks for what ends with the likeliest form of a call's number. A
// search for several calls has no room for it.
func withToken(groups []hubspot.FilterGroup, numbers []Number, property string, form func(Number) string) []hubspot.FilterGroup {
	if len(numbers) > maxForms {
		return groups
	}
	return append(groups, anyOf(hubspot.Filter{Property: property, Operator: hubspot.ContainsToken, Value: "*" + form(numbers[0])})...)
}

func anyOf(filters ...hubspot.Filter) []hubspot.FilterGroup {
	groups := make([]hubspot.FilterGroup, len(filters))
	for i, f := range filters {
		groups[i].Filters = []hubspot.Filter{f}
	}
	return groups
}

// contacts keeps those that really have a number: a search without country
// codes and leading zeros finds others, too.
func contacts(objects []hubspot.Object, p Portal, numbers []Number) []Match {
	type ranked struct {
		Match
		rank int
	}
	var found []ranked
	for _, o := range objects {
		if slices.ContainsFunc(found, func(r ranked) bool { return r.ObjectID == o.ID }) {
			continue
		}
		m, rank := p.match(hubspot.Contacts, o, numbers[0].E164), 0
		for _, n := range numbers {
			for _, s := range standard {
				if rank++; m.Property == "" && same(o.Properties[s.name], o.Properties[s.searchable], p.Region, n) {
					m.Property = s.name
					found = append(found, ranked{m, rank})
				}
			}
			for _, name := range p.Properties {
				if rank++; m.Property == "" && same(o.Properties[name], "", p.Region, n) {
					m.Property = name
					found = append(found, ranked{m, rank})
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), byName(a.Match, b.Match))
	})
	matches := make([]Match, len(found))
	for i, r := range found {
		matches[i] = r.Match
		matches[i].Via = ByNumber
	}
	return matches
}

func byName(a, b Match) int {
	return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ObjectID, b.ObjectID))
}

func companies(objects []hubspot.Object, p Portal, numbers []Number) []Match {
	var found []Match
	for _, o := range objects {
		if slices.ContainsFunc(numbers, func(n Number) bool { return same(o.Properties["phone"], "", p.Region, n) }) {
			m := p.match(hubspot.Companies, o, numbers[0].E164)
			m.Via, m.Property = ByNumber, "phone"
			found = append(found, m)
		}
	}
	slices.SortStableFunc(found, byName)
	return found
}

// same says whether a stored value is the number. HubSpot may mask the value
// for our token and still give the searchable one.
func same(value, searchable, region string, n Number) bool {
	if strings.ContainsAny(value, "*•") || value == "" && searchable != "" {
		return searchable == n.searchable()
	}
	if !mayBe(value, n) {
		return false
	}
	stored, ok := Parse(value, region)
	return ok && stored.E164 == n.E164
}

// mayBe says cheaply whether a value can be the number: in a crowd there are
// many of either. Letters may stand for digits.
func mayBe(value string, n Number) bool {
	var digits strings.Builder
	for _, r := range value {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case r > '~' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z':
			return true
		}
	}
	return strings.Contains(digits.String(), n.National[max(0, len(n.National)-4):])
}
