package hubspottest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"deskbridge/pkg/hubspot"
)

// search serves POST …/search over the index. How text is cut into tokens is
// inferred: at everything that is neither letter, digit, dot nor underscore.
func (s *Server) search(q *ask) reply {
	t, refused := s.typed(q.PathValue("type"))
	if refused != nil {
		return *refused
	}
	if utf8.RuneCount(q.body) > hubspot.MaxSearchRequest {
		return s.invalid("The request is too large: a search may have %d characters.", hubspot.MaxSearchRequest)
	}
	req := hubspot.SearchRequest{Limit: 10}
	if err := q.decode(&req); err != nil {
		return s.badJSON(err)
	}
	offset, problem := bounds(t, req)
	if problem != "" {
		return s.invalid("%s", problem)
	}
	var hits []hit
	for _, r := range s.world.order {
		if r.t != t {
			continue
		}
		props, ok := r.indexed(q.now)
		if ok && s.matches(r, props, req) {
			hits = append(hits, hit{r, props})
		}
	}
	if len(req.Sorts) > 0 {
		by := req.Sorts[0]
		slices.SortStableFunc(hits, func(a, b hit) int {
			order := compare(t.property(by.Property), a.props[by.Property], b.props[by.Property])
			return orElse(by.Direction == "DESCENDING", -order, order)
		})
	}
	results := []any{}
	for _, h := range hits[min(offset, len(hits)):min(offset+req.Limit, len(hits))] {
		results = append(results, s.view(h.record, viewing{properties: req.Properties, from: h.props}))
	}
	body := map[string]any{"total": len(hits), "results": results}
	if end := offset + req.Limit; end < len(hits) {
		body["paging"] = map[string]any{"next": map[string]string{"after": strconv.Itoa(end)}}
	}
	return reply{status: http.StatusOK, body: body}
}

type hit struct {
	record *record
	props  map[string]string
}

// bounds says which of the limits a request breaks.
func bounds(t *objectType, r hubspot.SearchRequest) (offset int, problem string) {
	filters := 0
	if len(r.Groups) > hubspot.MaxFilterGroups {
		return 0, "A search may have at most 5 filter groups."
	}
	for _, g := range r.Groups {
		if filters += len(g.Filters); len(g.Filters) > hubspot.MaxGroupFilters || filters > hubspot.MaxFilters {
			return 0, "A search may have at most 6 filters in a group and 18 in all."
		}
		for _, f := range g.Filters {
			if problem := check(t, f); problem != "" {
				return 0, problem
			}
		}
	}
	if len(r.Sorts) > 1 {
		return 0, "A search may have one sort."
	}
	for _, by := range r.Sorts {
		if t.property(by.Property) == nil {
			return 0, "There was a problem with the request: property " + by.Property + " does not exist."
		}
	}
	if r.Limit < 1 || r.Limit > hubspot.MaxSearchLimit {
		return 0, "The limit must be between 1 and 200."
	}
	if r.After != "" {
		n, err := strconv.Atoi(r.After)
		if err != nil || n < 0 {
			return 0, "after must be an integer."
		}
		offset = n
	}
	if offset+r.Limit > hubspot.MaxSearchResults {
		return 0, "Only the first 10000 results of a search can be read."
	}
	return offset, ""
}

func check(t *objectType, f hubspot.Filter) string {
	if _, ok := strings.CutPrefix(f.Property, "associations."); !ok && t.property(f.Property) == nil {
		return "There was a problem with the request: property " + f.Property + " does not exist."
	}
	switch f.Operator {
	case hubspot.HasProperty, hubspot.NotHasProperty:
		return ""
	case hubspot.In, hubspot.NotIn:
		return orElse(len(f.Values) == 0, "operator "+string(f.Operator)+" needs values", "")
	case hubspot.Between:
		return orElse(f.Value == "" || f.HighValue == "", "operator BETWEEN needs value and highValue", "")
	case hubspot.Equal, hubspot.NotEqual, hubspot.Less, hubspot.LessOrEqual, hubspot.Greater, hubspot.GreaterOrEqual,
		hubspot.ContainsToken, hubspot.NotContainsToken:
		return orElse(f.Value == "", "operator "+string(f.Operator)+" needs a value", "")
	}
	return "operator " + string(f.Operator) + " is not supported"
}

func (s *Server) matches(r *record, props map[string]string, req hubspot.SearchRequest) bool {
	if !fullText(r.t, props, req.Query) {
		return false
	}
	if len(req.Groups) == 0 {
		return true
	}
	return slices.ContainsFunc(req.Groups, func(g hubspot.FilterGroup) bool {
		for _, f := range g.Filters {
			if !s.holds(r, props, f) {
				return false
			}
		}
		return true
	})
}

// fullText looks for every word of the query. Numbers are found however they
// are written.
func fullText(t *objectType, props map[string]string, query string) bool {
	for word := range strings.FieldsSeq(strings.ToLower(query)) {
		found := slices.ContainsFunc(t.fullText, func(name string) bool {
			value := strings.ToLower(props[name])
			if strings.Contains(value, word) {
				return true
			}
			p := t.property(name)
			n := digits(word)
			return p != nil && p.FieldType == "phonenumber" && len(n) > 3 && strings.Contains(digits(value), n)
		})
		if !found {
			return false
		}
	}
	return true
}

func (s *Server) holds(r *record, props map[string]string, f hubspot.Filter) bool {
	if to, ok := strings.CutPrefix(f.Property, "associations."); ok {
		return s.linked(r, typeNamed(to), f)
	}
	p, value := r.t.property(f.Property), props[f.Property]
	against := func(with string) int { return compare(p, value, with) }
	switch f.Operator {
	case hubspot.HasProperty:
		return value != ""
	case hubspot.NotHasProperty:
		return value == ""
	case hubspot.NotEqual:
		return value == "" || against(f.Value) != 0
	case hubspot.NotIn:
		return !in(p, value, f.Values)
	case hubspot.NotContainsToken:
		return !contains(value, f.Value)
	}
	if value == "" {
		return false
	}
	switch f.Operator {
	case hubspot.Equal:
		return against(f.Value) == 0
	case hubspot.Less:
		return against(f.Value) < 0
	case hubspot.LessOrEqual:
		return against(f.Value) <= 0
	case hubspot.Greater:
		return against(f.Value) > 0
	case hubspot.GreaterOrEqual:
		return against(f.Value) >= 0
	case hubspot.Between:
		return against(f.Value) >= 0 && against(f.HighValue) <= 0
	case hubspot.In:
		return in(p, value, f.Values)
	case hubspot.ContainsToken:
		return contains(value, f.Value)
	}
	return false
}

// linked is the pseudo-property of associations.
func (s *Server) linked(r *record, to string, f hubspot.Filter) bool {
	for p := range s.world.links {
		other := s.world.records[p.to]
		if p.from != r.id || other == nil || other.t.id != to {
			continue
		}
		switch f.Operator {
		case hubspot.Equal:
			if p.to == f.Value {
				return true
			}
		case hubspot.In:
			if slices.Contains(f.Values, p.to) {
				return true
			}
		case hubspot.HasProperty:
			return true
		}
	}
	return f.Operator == hubspot.NotHasProperty
}

// in compares strings with lower-case values, as HubSpot does.
func in(p *property, value string, values []string) bool {
	if p.Type == "string" {
		value = strings.ToLower(value)
	}
	return slices.Contains(values, value)
}

// compare orders values by the property's type; text without regard to case.
func compare(p *property, a, b string) int {
	if p == nil {
		return cmp.Compare(a, b)
	}
	switch p.Type {
	case "number":
		x, errX := strconv.ParseFloat(a, 64)
		y, errY := strconv.ParseFloat(b, 64)
		if errX == nil && errY == nil {
			return cmp.Compare(x, y)
		}
	case "datetime", "date":
		x, okX := moment(a)
		y, okY := moment(b)
		if okX && okY {
			return x.Compare(y)
		}
	}
	return cmp.Compare(strings.ToLower(a), strings.ToLower(b))
}

// contains says whether the value has every token of the pattern, where "*"
// stands for anything within a token.
func contains(value, pattern string) bool {
	have := tokens(value, false)
	for _, want := range tokens(pattern, true) {
		if !slices.ContainsFunc(have, func(token string) bool { return wild(token, want) }) {
			return false
		}
	}
	return true
}

func tokens(text string, stars bool) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != '_' && (r != '*' || !stars)
	})
}

// wild matches a token with a pattern of stars.
func wild(token, pattern string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return token == pattern
	}
	last := len(parts) - 1
	if !strings.HasPrefix(token, parts[0]) {
		return false
	}
	token = token[len(parts[0]):]
	for _, part := range parts[1:last] {
		_, after, ok := strings.Cut(token, part)
		if !ok {
			return false
		}
		token = after
	}
	return strings.HasSuffix(token, parts[last])
}
