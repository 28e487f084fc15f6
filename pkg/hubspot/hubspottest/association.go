package hubspottest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"deskbridge/pkg/hubspot"
)

// pair is an association's direction: record ids.
type pair struct{ from, to string }

// linkKind is one way in which two records are associated.
type linkKind struct {
	category string
	typeID   int
	label    string
	inverse  int // The type id seen from the other end.
	name     string
}

// defaultKinds are HubSpot's unlabelled types, by object type ids.
var defaultKinds = map[[2]string]int{
	{hubspot.Calls, hubspot.Contacts}: 194, {hubspot.Calls, hubspot.Companies}: 182, {hubspot.Calls, hubspot.Deals}: 206, {hubspot.Calls, hubspot.Tickets}: 220,
	{hubspot.Contacts, hubspot.Calls}: 193, {hubspot.Companies, hubspot.Calls}: 181, {hubspot.Deals, hubspot.Calls}: 205, {hubspot.Tickets, hubspot.Calls}: 219,
	{hubspot.Emails, hubspot.Contacts}: 198, {hubspot.Emails, hubspot.Companies}: 186, {hubspot.Emails, hubspot.Deals}: 210, {hubspot.Emails, hubspot.Tickets}: 224,
	{hubspot.Communications, hubspot.Contacts}: 81, {hubspot.Communications, hubspot.Companies}: 87, {hubspot.Communications, hubspot.Deals}: 85, {hubspot.Communications, hubspot.Tickets}: 83,
	{hubspot.Notes, hubspot.Contacts}: 202, {hubspot.Notes, hubspot.Companies}: 190, {hubspot.Notes, hubspot.Deals}: 214, {hubspot.Notes, hubspot.Tickets}: 228,
	{hubspot.Tasks, hubspot.Contacts}: 204, {hubspot.Tasks, hubspot.Companies}: 192, {hubspot.Tasks, hubspot.Deals}: 216, {hubspot.Tasks, hubspot.Tickets}: 230,
	{hubspot.Meetings, hubspot.Contacts}: 200, {hubspot.Meetings, hubspot.Companies}: 188, {hubspot.Meetings, hubspot.Deals}: 212, {hubspot.Meetings, hubspot.Tickets}: 226,
	{hubspot.Contacts, hubspot.Companies}: 279, {hubspot.Companies, hubspot.Contacts}: 280,
	{hubspot.Deals, hubspot.Contacts}: 3, {hubspot.Contacts, hubspot.Deals}: 4,
	{hubspot.Contacts, hubspot.Tickets}: 15, {hubspot.Tickets, hubspot.Contacts}: 16,
	{hubspot.Deals, hubspot.Tickets}: 27, {hubspot.Tickets, hubspot.Deals}: 28,
}

// defaultID is the unlabelled type's id; where none is known it is invented.
func defaultID(from, to string) int {
	if id := defaultKinds[[2]string{from, to}]; id != 0 {
		return id
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(from + " " + to)) // Never fails.
	return 10_000 + int(h.Sum32()%10_000)
}

func defaultKind(from, to string) linkKind {
	return linkKind{
		category: hubspot.HubSpotDefined, typeID: defaultID(from, to), inverse: defaultID(to, from),
		name: typeNames[from][1] + "_to_" + typeNames[to][1],
	}
}

// kind finds a type for a direction. Contact and company have a labelled one,
// too: primary.
func (s *Server) kind(from, to string, w wireKind) (linkKind, bool) {
	kinds := append([]linkKind{defaultKind(from, to)}, s.world.labels[[2]string{from, to}]...)
	switch {
	case from == hubspot.Contacts && to == hubspot.Companies:
		kinds = append(kinds, linkKind{hubspot.HubSpotDefined, 1, "Primary", 2, "contact_to_company"})
	case from == hubspot.Companies && to == hubspot.Contacts:
		kinds = append(kinds, linkKind{hubspot.HubSpotDefined, 2, "Primary", 1, "company_to_contact"})
	}
	i := slices.IndexFunc(kinds, func(k linkKind) bool { return k.category == w.Category && k.typeID == w.TypeID })
	if i < 0 {
		return linkKind{}, false
	}
	return kinds[i], true
}

func (s *Server) wrongKind(from, to *objectType, w wireKind) reply {
	return s.invalid("Association type %d (%s) is not valid from %s to %s", w.TypeID, w.Category, from.plural, to.plural)
}

// link associates two records, seen from both ends.
func (s *Server) link(from, to *record, k linkKind) {
	s.setLink(from, to, k)
	s.makePrimary(from, to)
}

func (s *Server) setLink(from, to *record, k linkKind) {
	set := func(p pair, k linkKind) {
		if !slices.ContainsFunc(s.world.links[p], func(have linkKind) bool { return have.category == k.category && have.typeID == k.typeID }) {
			s.world.links[p] = append(slices.Clone(s.world.links[p]), k)
		}
	}
	back := k
	back.typeID, back.inverse = k.inverse, k.typeID
	back.name = typeNames[to.t.id][1] + "_to_" + typeNames[from.t.id][1]
	set(pair{from.id, to.id}, k)
	set(pair{to.id, from.id}, back)
	s.revision++
}

func (s *Server) cut(from, to string) {
	delete(s.world.links, pair{from, to})
	delete(s.world.links, pair{to, from})
	s.revision++
}

// others are the live records of a type that r is associated with, by id.
func (s *Server) others(r *record, to *objectType) []*record {
	var found []*record
	for p := range s.world.links {
		if other := s.world.records[p.to]; p.from == r.id && other != nil && other.t == to && other.archived.IsZero() {
			found = append(found, other)
		}
	}
	slices.SortFunc(found, func(a, b *record) int { return cmp.Compare(number(a.id), number(b.id)) })
	return found
}

func number(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64) // Ids of ours are numbers.
	return n
}

// associates is what a read with associations shows.
func (s *Server) associates(r *record, types []*objectType) map[string]any {
	found := map[string]any{}
	for _, t := range types {
		var results []any
		for _, other := range s.others(r, t) {
			for _, k := range s.world.links[pair{r.id, other.id}] {
				results = append(results, map[string]string{"id": other.id, "type": k.name})
			}
		}
		if results != nil {
			found[t.plural] = map[string]any{"results": results}
		}
	}
	return found
}

// ends finds both records of a path or a batch's input.
func (s *Server) ends(fromType, fromID, toType, toID string) (from, to *record, refused *reply) {
	a, refused := s.typed(fromType)
	if refused != nil {
		return nil, nil, refused
	}
	b, refused := s.typed(toType)
	if refused != nil {
		return nil, nil, refused
	}
	from, to = s.find(a, fromID, ""), s.find(b, toID, "")
	if from == nil || to == nil {
		r := s.missing()
		return nil, nil, &r
	}
	return from, to, nil
}

func (s *Server) pathEnds(q *ask) (from, to *record, refused *reply) {
	return s.ends(q.PathValue("type"), q.PathValue("id"), q.PathValue("to"), q.PathValue("toID"))
}

// linkedItem is an item of a batch's results.
func linkedItem(from, to *record, k linkKind) map[string]any {
	return map[string]any{
		"from": map[string]string{"id": from.id}, "to": map[string]string{"id": to.id},
		"associationSpec": map[string]any{"associationCategory": k.category, "associationTypeId": k.typeID},
	}
}

func (s *Server) linkDefault(q *ask) reply {
	from, to, refused := s.pathEnds(q)
	if refused != nil {
		return *refused
	}
	k := defaultKind(from.t.id, to.t.id)
	s.link(from, to, k)
	back := defaultKind(to.t.id, from.t.id)
	return tally{results: []any{linkedItem(from, to, k), linkedItem(to, from, back)}}.reply(s, http.StatusOK)
}

func (s *Server) linkLabelled(q *ask) reply {
	from, to, refused := s.pathEnds(q)
	if refused != nil {
		return *refused
	}
	var types []wireKind
	if err := q.decode(&types); err != nil {
		return s.badJSON(err)
	}
	if len(types) == 0 {
		return s.invalid("At least one association type is required")
	}
	kinds := make([]linkKind, len(types))
	for i, w := range types {
		var ok bool
		if kinds[i], ok = s.kind(from.t.id, to.t.id, w); !ok {
			return s.wrongKind(from.t, to.t, w)
		}
	}
	labels := []string{}
	for _, k := range kinds {
		s.link(from, to, k)
		if k.label != "" {
			labels = append(labels, k.label)
		}
	}
	return reply{status: http.StatusCreated, body: map[string]any{
		"fromObjectTypeId": from.t.id, "fromObjectId": json.Number(from.id),
		"toObjectTypeId": to.t.id, "toObjectId": json.Number(to.id), "labels": labels,
	}}
}

func (s *Server) unlink(q *ask) reply {
	from, to, refused := s.pathEnds(q)
	if refused != nil {
		return *refused
	}
	s.cut(from.id, to.id)
	return reply{status: http.StatusNoContent}
}

// associations is the list of one record's associations, in the form of v4 and
// the dated versions.
func (s *Server) associations(r *record, to *objectType) []any {
	found := []any{}
	for _, other := range s.others(r, to) {
		var types []any
		for _, k := range s.world.links[pair{r.id, other.id}] {
			var label any
			if k.label != "" {
				label = k.label
			}
			types = append(types, map[string]any{"category": k.category, "typeId": k.typeID, "label": label})
		}
		found = append(found, map[string]any{"toObjectId": json.Number(other.id), "associationTypes": types})
	}
	return found
}

// links lists one record's associations. The final 2026-09 does not have it.
func (s *Server) links(q *ask) reply {
	if q.gen == hubspot.Version {
		return notFoundPage()
	}
	t, refused := s.typed(q.PathValue("type"))
	if refused != nil {
		return *refused
	}
	to, refused := s.typed(q.PathValue("to"))
	if refused != nil {
		return *refused
	}
	r := s.find(t, q.PathValue("id"), "")
	if r == nil {
		return s.missing()
	}
	results := s.associations(r, to)
	if q.gen == "v3" {
		results = []any{}
		for _, other := range s.others(r, to) {
			for _, k := range s.world.links[pair{r.id, other.id}] {
				results = append(results, map[string]string{"id": other.id, "type": k.name})
			}
		}
	}
	return reply{status: http.StatusOK, body: map[string]any{"results": results}}
}

// bonds reads a batch of pairs.
type bond struct {
	From, To struct{ ID string }
	Types    []wireKind
}

func (s *Server) bonds(q *ask) ([]bond, *reply) {
	var body struct{ Inputs []bond }
	if err := q.decode(&body); err != nil {
		a := s.badJSON(err)
		return nil, &a
	}
	return body.Inputs, s.count(len(body.Inputs))
}

// eachBond does every pair; those that fail are reported.
func (s *Server) eachBond(q *ask, status int, do func(from, to *record, b bond) ([]any, *reply)) reply {
	inputs, refused := s.bonds(q)
	if refused != nil {
		return *refused
	}
	var all tally
	for _, b := range inputs {
		from, to, refused := s.ends(q.PathValue("from"), b.From.ID, q.PathValue("to"), b.To.ID)
		var done []any
		if refused == nil {
			done, refused = do(from, to, b)
		}
		if refused != nil {
			all.refused(*refused, map[string][]string{"fromObjectId": {b.From.ID}, "toObjectId": {b.To.ID}})
			continue
		}
		all.results = append(all.results, done...)
	}
	if status == http.StatusNoContent && all.errors == nil {
		return reply{status: status}
	}
	return all.reply(s, status)
}

func (s *Server) batchLink(q *ask) reply {
	return s.eachBond(q, http.StatusCreated, func(from, to *record, b bond) ([]any, *reply) {
		var done []any
		for _, w := range b.Types {
			k, ok := s.kind(from.t.id, to.t.id, w)
			if !ok {
				a := s.wrongKind(from.t, to.t, w)
				return nil, &a
			}
			s.link(from, to, k)
			done = append(done, linkedItem(from, to, k))
		}
		return done, nil
	})
}

func (s *Server) batchLinkDefault(q *ask) reply {
	return s.eachBond(q, http.StatusOK, func(from, to *record, _ bond) ([]any, *reply) {
		k := defaultKind(from.t.id, to.t.id)
		s.link(from, to, k)
		return []any{linkedItem(from, to, k)}, nil
	})
}

// gone is the success of a removal: 204 in v4, an envelope in dated versions.
func gone(q *ask) int {
	return orElse(strings.HasPrefix(q.gen, "v"), http.StatusNoContent, http.StatusOK)
}

func (s *Server) batchUnlink(q *ask) reply {
	var body struct {
		Inputs []struct {
			From struct{ ID string }
			To   []struct{ ID string }
		}
	}
	if err := q.decode(&body); err != nil {
		return s.badJSON(err)
	}
	if refused := s.count(len(body.Inputs)); refused != nil {
		return *refused
	}
	for _, in := range body.Inputs {
		for _, to := range in.To {
			s.cut(in.From.ID, to.ID)
		}
	}
	if gone(q) == http.StatusNoContent {
		return reply{status: http.StatusNoContent}
	}
	return tally{}.reply(s, http.StatusOK)
}

func (s *Server) batchUnlabel(q *ask) reply {
	return s.eachBond(q, gone(q), func(from, to *record, b bond) ([]any, *reply) {
		for _, w := range b.Types {
			k, ok := s.kind(from.t.id, to.t.id, w)
			if !ok {
				a := s.wrongKind(from.t, to.t, w)
				return nil, &a
			}
			for p, typeID := range map[pair]int{{from.id, to.id}: k.typeID, {to.id, from.id}: k.inverse} {
				left := slices.DeleteFunc(slices.Clone(s.world.links[p]), func(have linkKind) bool {
					return have.category == k.category && have.typeID == typeID
				})
				if s.world.links[p] = left; len(left) == 0 {
					delete(s.world.links, p)
				}
			}
		}
		s.revision++
		return nil, nil
	})
}

func (s *Server) batchLinks(q *ask) reply {
	from, refused := s.typed(q.PathValue("from"))
	if refused != nil {
		return *refused
	}
	to, refused := s.typed(q.PathValue("to"))
	if refused != nil {
		return *refused
	}
	var body struct{ Inputs []struct{ ID, After string } }
	if err := q.decode(&body); err != nil {
		return s.badJSON(err)
	}
	if refused := s.count(len(body.Inputs)); refused != nil {
		return *refused
	}
	var all tally
	for _, in := range body.Inputs {
		r := s.find(from, in.ID, "")
		var found []any
		if r != nil {
			found = s.associations(r, to)
		}
		if len(found) == 0 {
			all.refused(s.refuse(http.StatusNotFound, "OBJECT_NOT_FOUND",
				fmt.Sprintf("No %s is associated with %s %s.", to.singular, from.singular, in.ID),
				map[string]any{"subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND"}), map[string][]string{"fromObjectId": {in.ID}})
			continue
		}
		start, _ := strconv.Atoi(in.After) // Anything else is the first page.
		start = min(max(start, 0), len(found))
		end := min(start+pageSize, len(found))
		item := map[string]any{"from": map[string]string{"id": in.ID}, "to": found[start:end]}
		if end < len(found) {
			item["paging"] = map[string]any{"next": map[string]string{"after": strconv.Itoa(end)}}
		}
		all.results = append(all.results, item)
	}
	return all.reply(s, http.StatusOK)
}

// pageSize is how many associations a page has; HubSpot's is 1000.
const pageSize = 1000
