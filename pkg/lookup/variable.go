package lookup

import (
	"context"
	"strings"
	"time"
	"unicode"

	"deskbridge/pkg/hubspot"
)

const (
	maxRules = 3   // Each costs one of the portal's few searches.
	maxValue = 100 // Characters. No id, number or name is longer.
	ruleHits = 10  // More records with the same value say nothing.

	// A match is worth that long a wait for the name of a ticket's contact.
	nameTime = 600 * time.Millisecond
)

// valued is a rule with what its variable holds.
type valued struct {
	Rule
	value string
}

// usable are the rules whose variables hold something to search for.
func (p Portal) usable(variables map[string]string) []valued {
	var rules []valued
	for _, r := range p.Rules {
		value := strings.TrimSpace(variables[r.Variable])
		if len(rules) == maxRules {
			break
		}
		if properties[r.ObjectType] != nil && searchable(value) && (r.Property != objectID || decimal(value)) {
			rules = append(rules, valued{r, value})
		}
	}
	return rules
}

// objectID is the property that every record has its id in.
const objectID = "hs_object_id"

// searchable says whether a value can be searched for. A star would stand for
// anything, and a caller may have typed it.
func searchable(value string) bool {
	return value != "" && len(value) <= maxValue && !strings.Contains(value, "*") && !strings.ContainsFunc(value, unicode.IsControl)
}

func decimal(text string) bool {
	return text != "" && len(text) <= 19 && strings.Trim(text, "0123456789") == ""
}

// byRule finds the records with the value. What cannot be found out is no
// match: the number says more than an error.
func (l *Lookup) byRule(ctx context.Context, p Portal, r valued) []Match {
	found, err := l.withValue(ctx, p, r)
	if err != nil {
		l.c.Logger.Warn("lookup by variable failed", "portal", p.ID, "variable", r.Variable, "error", err)
		return nil
	}
	matches := make([]Match, len(found)) // What came may be the cache's.
	for i, m := range found {
		m.Via, m.Property, m.Variable = ByVariable, r.Property, r.Variable
		matches[i] = m
	}
	return matches
}

func (l *Lookup) withValue(ctx context.Context, p Portal, r valued) ([]Match, error) {
	if r.Property == objectID {
		return l.record(ctx, p, r.ObjectType, r.value)
	}
	name := r.ObjectType + "/" + r.Property + "=" + r.value
	return l.answers.Get(ctx, p.ID, name, func(ctx context.Context) ([]Match, error) {
		answer, err := search(ctx, p, r.ObjectType, func() hubspot.SearchRequest {
			return hubspot.SearchRequest{
				Groups: anyOf(hubspot.Filter{Property: r.Property, Operator: hubspot.Equal, Value: r.value}),
				Limit:  ruleHits, Properties: append(p.properties(r.ObjectType), r.Property),
			}
		})
		if err != nil {
			return nil, err
		}
		var found []Match
		for _, o := range answer.Objects {
			if p.holds(o.Properties[r.Property], r.value) {
				found = append(found, p.match(r.ObjectType, o, o.ID))
			}
		}
		if len(found) == 1 && (r.ObjectType == hubspot.Deals || r.ObjectType == hubspot.Tickets) {
			reading, cancel := context.WithTimeout(ctx, nameTime)
			defer cancel()
			// It knows the contact; without an answer the record is one anyway.
			if full, err := l.record(reading, p, r.ObjectType, found[0].ObjectID); err == nil && len(full) == 1 {
				return full, nil
			}
		}
		return found, nil
	})
}

// holds says whether a stored value is the one that was searched for: the same
// text, or the same number however it is written.
func (p Portal) holds(stored, value string) bool {
	if strings.EqualFold(strings.TrimSpace(stored), value) {
		return true
	}
	a, ok := Parse(stored, p.Region)
	b, too := Parse(value, p.Region)
	return ok && too && a.E164 == b.E164
}
