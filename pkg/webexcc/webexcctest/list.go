package webexcctest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"deskbridge/pkg/webexcc"
)

const maxPageSize = 1000

// row is a record of a list, as its JSON fields.
type row map[string]any

func (r row) text(field string) string {
	switch v := r[field].(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// rows serves a list that does not change.
func rows[T any](s *Server, all []T) finder {
	records := table(s, all)
	return s.page(func() []row { return records })
}

func table[T any](s *Server, all []T) []row {
	var records []row
	for _, record := range all {
		var r row
		if data, err := json.Marshal(record); err != nil || json.Unmarshal(data, &r) != nil {
			s.log.Error("record not encoded", "error", err)
			continue
		}
		records = append(records, r)
	}
	return records
}

// page serves a list by page and pageSize (from page 0), search, filter,
// attributes and sort (or sortBy and sortOrder). Other parameters are ignored.
func (s *Server) page(all func() []row) finder {
	return func(r *http.Request, _ *agent) (any, *refusal) {
		q := r.URL.Query()
		if strings.Contains(r.URL.RawQuery, ";") { // net/url drops what a filter may contain.
			q, _ = url.ParseQuery(strings.ReplaceAll(r.URL.RawQuery, ";", "%3B"))
		}
		page, ok := number(q.Get("page"), 0)
		size, fine := number(q.Get("pageSize"), 100)
		if !ok || !fine || size < 1 || size > maxPageSize {
			return nil, badRequest("page or pageSize is out of range")
		}
		found := []row{}
		terms, search := conditions(q.Get("filter")), strings.ToLower(q.Get("search"))
		for _, r := range all() {
			if r.found(search) && r.selected(terms) {
				found = append(found, r)
			}
		}
		order(found, q)
		for n := range found {
			found[n] = found[n].only(q.Get("attributes"))
		}
		total := len(found)
		pages := max((total+size-1)/size, 1)
		from := min(page, pages) * size
		return webexcc.List[row]{
			Meta: webexcc.Meta{
				OrgID: s.cfg.OrgID, Page: webexcc.Number(page), PageSize: webexcc.Number(size),
				TotalPages: webexcc.Number(pages), TotalRecords: webexcc.Number(total),
				Links: webexcc.TextMap{"self": r.URL.Path},
			},
			Data: found[min(from, total):min(from+size, total)],
		}, nil
	}
}

func number(text string, absent int) (int, bool) {
	if text == "" {
		return absent, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0
}

// found reports whether name or number contains what is searched for, which is
// in lower case.
func (r row) found(search string) bool {
	return search == "" || strings.Contains(strings.ToLower(r.text("name")), search) || strings.Contains(r.text("number"), search)
}

// condition is a term of a filter: a field has one of some values, or none.
type condition struct {
	field  string
	values []string
	not    bool
}

// conditions understands as much of RSQL as Cisco's clients use: field==value,
// field!=value, field=in=(a,b), joined by ; for "and". Values may be quoted.
// Terms of other kinds are ignored.
func conditions(filter string) []condition {
	var all []condition
	for _, term := range splitUnquoted(filter, ';') {
		at := strings.IndexAny(term, "=!")
		if at < 0 {
			continue
		}
		c, rest := condition{field: strings.TrimSpace(term[:at])}, term[at:]
		if list, ok := strings.CutPrefix(rest, "=in="); ok {
			c.values = splitUnquoted(strings.Trim(list, "() "), ',')
		} else if value, ok := strings.CutPrefix(rest, "=="); ok {
			c.values = []string{value}
		} else if value, ok := strings.CutPrefix(rest, "!="); ok {
			c.values, c.not = []string{value}, true
		} else {
			continue
		}
		for n, value := range c.values {
			c.values[n] = strings.Trim(value, `"' `)
		}
		all = append(all, c)
	}
	return all
}

// splitUnquoted cuts text at each sep outside quotation marks.
func splitUnquoted(text string, sep rune) []string {
	var quote rune
	return strings.FieldsFunc(text, func(c rune) bool {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
			return false
		case c == '"':
			quote = c
		}
		return c == sep
	})
}

// selected reports whether all conditions hold. One about a field that the
// record does not have does.
func (r row) selected(all []condition) bool {
	for _, c := range all {
		if _, ok := r[c.field]; ok && slices.Contains(c.values, r.text(c.field)) == c.not {
			return false
		}
	}
	return true
}

// only keeps the attributes that are asked for; none means all.
func (r row) only(attributes string) row {
	if attributes == "" {
		return r
	}
	kept := row{}
	for name := range strings.SplitSeq(attributes, ",") {
		if v, ok := r[strings.TrimSpace(name)]; ok {
			kept[strings.TrimSpace(name)] = v
		}
	}
	return kept
}

// order sorts by sort=field,ASC or by sortBy and sortOrder. Without either the
// records are as in the fixture.
func order(list []row, q url.Values) {
	field, direction, _ := strings.Cut(q.Get("sort"), ",")
	if by := q.Get("sortBy"); by != "" {
		field, direction = by, q.Get("sortOrder")
	}
	if field == "" {
		return
	}
	slices.SortStableFunc(list, func(a, b row) int {
		if strings.EqualFold(direction, "desc") {
			a, b = b, a
		}
		return cmp.Compare(strings.ToLower(a.text(field)), strings.ToLower(b.text(field)))
	})
}
