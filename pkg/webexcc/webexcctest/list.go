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
	if v, ok := r[field]; ok && v != nil {
		return fmt.Sprint(v)
	}
	return ""
}

// rows serves a list by page and pageSize (from page 0), search, filter,
// attributes and sort (or sortBy and sortOrder). Other parameters are ignored.
func rows[T any](s *Server, all []T) func(*http.Request) (any, *refusal) {
	var table []row
	for _, record := range all {
		var r row
		if data, err := json.Marshal(record); err != nil || json.Unmarshal(data, &r) != nil {
			s.log.Error("record not encoded", "error", err)
			continue
		}
		table = append(table, r)
	}
	return func(r *http.Request) (any, *refusal) {
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
		for _, r := range table {
			if r.found(q.Get("search")) && r.selected(q.Get("filter")) {
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

// found reports whether name or number contains what is searched for.
func (r row) found(search string) bool {
	return strings.Contains(strings.ToLower(r.text("name")+" "+r.text("number")), strings.ToLower(search))
}

// selected understands as much of RSQL as Cisco's clients use: field==value,
// field!=value, field=in=(a,b), joined by ; for "and". What names no field of
// the record is ignored.
func (r row) selected(filter string) bool {
	for term := range strings.SplitSeq(strings.ReplaceAll(filter, `"`, ""), ";") {
		at := strings.IndexAny(term, "=!")
		if at < 0 {
			continue
		}
		field, rest := strings.TrimSpace(term[:at]), term[at:]
		if _, ok := r[field]; !ok {
			continue
		}
		holds := true
		if list, ok := strings.CutPrefix(rest, "=in="); ok {
			holds = slices.Contains(strings.FieldsFunc(list, func(c rune) bool { return strings.ContainsRune("(), ", c) }), r.text(field))
		} else if value, ok := strings.CutPrefix(rest, "=="); ok {
			holds = r.text(field) == strings.TrimSpace(value)
		} else if value, ok := strings.CutPrefix(rest, "!="); ok {
			holds = r.text(field) != strings.TrimSpace(value)
		}
		if !holds {
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
