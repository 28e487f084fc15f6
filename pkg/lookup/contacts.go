package lookup

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"deskbridge/pkg/hubspot"
)

// A Contact is a person that a search of names found.
type Contact struct {
	ID      string
	Name    string
	Email   string
	Company string
	Number  string // As HubSpot has it, the mobile one where there is no other; empty if it is hidden from us.
	NoCalls bool   // The record says not to call.
}

// Search finds the contacts whose name, e-mail address, company or number has
// what was typed, a page of size from 0 on, and how many there are in all.
// Nothing is cached. HubSpot shows the first 10 000 only.
func Search(ctx context.Context, p Portal, typed string, page, size int) ([]Contact, int, error) {
	request := hubspot.SearchRequest{
		Limit:      size,
		Properties: p.properties(hubspot.Contacts),
	}
	if page > 0 {
		request.After = strconv.Itoa(page * size)
	}
	if digits, ok := typedNumber(typed, p.Region); ok {
		request.Groups = numberGroups(typed, digits)
	} else {
		request.Query = typed
	}
	r, err := p.CRM.SearchWith(ctx, hubspot.Contacts, func() hubspot.SearchRequest { return request })
	if err != nil {
		return nil, 0, err
	}
	found := make([]Contact, 0, len(r.Objects))
	for _, o := range r.Objects {
		c := Contact{
			ID: o.ID, Email: o.Properties["email"], Company: o.Properties["company"],
			Number:  Shown(o.Properties["phone"], o.Properties["mobilephone"]),
			NoCalls: NoCalls(o.Properties, p.NoCalls),
		}
		c.Name = cmp.Or(Name(hubspot.Contacts, o.Properties), c.ID)
		found = append(found, c)
	}
	return found, r.Total, nil
}

// Shown is the first number that HubSpot does not mask for our token.
func Shown(numbers ...string) string {
	for _, n := range numbers {
		if n != "" && !strings.ContainsAny(n, "*•") {
			return n
		}
	}
	return ""
}

// typedNumber says whether somebody is typing a number, and what of it must be
// in HubSpot's searchable form: the national digits without leading zeros.
func typedNumber(typed, region string) (digits string, ok bool) {
	if strings.Trim(typed, "+0123456789 ()-./") != "" {
		return "", false
	}
	if n, ok := Parse(typed, region); ok {
		return n.searchable(), true
	}
	for _, r := range typed {
		if r >= '0' && r <= '9' {
			digits += string(r)
		}
	}
	digits = strings.TrimLeft(digits, "0")
	return digits, len(digits) >= 3
}

// numberGroups looks into what HubSpot derives from numbers and, for one that
// begins with a country code, into the numbers themselves.
func numberGroups(typed, digits string) []hubspot.FilterGroup {
	pattern := "*" + digits + "*"
	filters := []hubspot.Filter{
		{Property: standard[0].searchable, Operator: hubspot.ContainsToken, Value: pattern},
		{Property: standard[1].searchable, Operator: hubspot.ContainsToken, Value: pattern},
	}
	if strings.HasPrefix(strings.TrimSpace(typed), "+") {
		filters = append(filters,
			hubspot.Filter{Property: standard[0].name, Operator: hubspot.ContainsToken, Value: pattern},
			hubspot.Filter{Property: standard[1].name, Operator: hubspot.ContainsToken, Value: pattern})
	}
	return anyOf(filters...)
}
