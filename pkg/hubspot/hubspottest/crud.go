package hubspottest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// input is a record as a request gives it.
type input struct {
	ID           string                     `json:"id"`
	IDProperty   string                     `json:"idProperty"`
	Properties   map[string]json.RawMessage `json:"properties"`
	TraceID      string                     `json:"objectWriteTraceId"`
	Associations []struct {
		To struct {
			ID json.RawMessage `json:"id"`
		} `json:"to"`
		Types []wireKind `json:"types"`
	} `json:"associations"`
}

// wireKind is an association type in a request.
type wireKind struct {
	Category string `json:"associationCategory"`
	TypeID   int    `json:"associationTypeId"`
}

// values are the properties as strings; HubSpot takes numbers and truth values
// too.
func (in input) values() map[string]string {
	props := make(map[string]string, len(in.Properties))
	for name, raw := range in.Properties {
		props[name] = plain(raw)
	}
	return props
}

func plain(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

// typed finds the type of a path.
func (s *Server) typed(name string) (*objectType, *reply) {
	t := s.world.types[typeNamed(name)]
	if t == nil {
		a := s.invalid("Unable to infer object type from: %s", name)
		return nil, &a
	}
	return t, nil
}

func (s *Server) create(q *ask) reply {
	t, refused := s.typed(q.PathValue("type"))
	if refused != nil {
		return *refused
	}
	var in input
	if err := q.decode(&in); err != nil {
		return s.badJSON(err)
	}
	r, refused := s.make(t, in)
	if refused != nil {
		return *refused
	}
	// HubSpot answers with everything that is set.
	return reply{status: http.StatusCreated, body: s.view(r, viewAll)}
}

// make creates a record and its associations.
func (s *Server) make(t *objectType, in input) (*record, *reply) {
	props := in.values()
	if problems := s.validate(t, nil, props); len(problems) > 0 {
		a := s.invalidProperties(problems)
		return nil, &a
	}
	if names := t.lacking(props); len(names) > 0 {
		a := s.missingProperties(t, names)
		return nil, &a
	}
	if refused := s.taken(t, nil, props); refused != nil {
		return nil, refused
	}
	type bond struct {
		to   *record
		kind linkKind
	}
	var bonds []bond
	for _, as := range in.Associations {
		to := s.world.records[plain(as.To.ID)]
		if to == nil || !to.archived.IsZero() {
			a := s.invalid("Object with ID %s does not exist", plain(as.To.ID))
			return nil, &a
		}
		for _, w := range as.Types {
			kind, ok := s.kind(t.id, to.t.id, w)
			if !ok {
				a := s.wrongKind(t, to.t, w)
				return nil, &a
			}
			bonds = append(bonds, bond{to, kind})
		}
	}
	r := s.add(t, props, fromAPI)
	for _, b := range bonds {
		s.link(r, b.to, b.kind)
	}
	return r, nil
}

// taken refuses a contact's e-mail address that another one has.
func (s *Server) taken(t *objectType, r *record, props map[string]string) *reply {
	email := props["email"]
	p := t.property("email")
	if p == nil || !p.Unique || email == "" {
		return nil
	}
	if other := s.find(t, strings.TrimSpace(email), "email"); other != nil && other != r {
		a := s.refuse(http.StatusConflict, "CONFLICT", "Contact already exists. Existing ID: "+other.id)
		return &a
	}
	return nil
}

func (s *Server) get(q *ask) reply {
	t, refused := s.typed(q.PathValue("type"))
	if refused != nil {
		return *refused
	}
	query := q.URL.Query()
	id, by := q.PathValue("id"), query.Get("idProperty")
	if refused := s.namedBy(t, by); refused != nil {
		return *refused
	}
	r := s.find(t, id, by)
	if r == nil && by == "" {
		r = s.follow(t, id)
	}
	if query.Get("archived") == "true" {
		if r = s.world.records[id]; r != nil && (r.t != t || r.archived.IsZero()) {
			r = nil
		}
	}
	if r == nil {
		return s.missing()
	}
	what := viewing{properties: list(query["properties"]), history: list(query["propertiesWithHistory"])}
	for _, name := range list(query["associations"]) {
		to, refused := s.typed(name)
		if refused != nil {
			return *refused
		}
		what.associations = append(what.associations, to)
	}
	return reply{status: http.StatusOK, body: s.view(r, what)}
}

// namedBy refuses to name records by a property that is not unique.
func (s *Server) namedBy(t *objectType, name string) *reply {
	if name == "" || name == "hs_object_id" || t.unique(name) {
		return nil
	}
	a := s.invalid("Property '%s' is not a unique property of %s", name, t.plural)
	return &a
}

// list splits comma lists, which may also come as repeated parameters.
func list(values []string) []string {
	var names []string
	for _, v := range values {
		for name := range strings.SplitSeq(v, ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

func (s *Server) update(q *ask) reply {
	t, refused := s.typed(q.PathValue("type"))
	if refused != nil {
		return *refused
	}
	var in input
	if err := q.decode(&in); err != nil {
		return s.badJSON(err)
	}
	in.ID, in.IDProperty = q.PathValue("id"), q.URL.Query().Get("idProperty")
	r, refused := s.change(t, in)
	if refused != nil {
		return *refused
	}
	what := viewing{}
	for name := range in.Properties {
		what.properties = append(what.properties, name)
	}
	return reply{status: http.StatusOK, body: s.view(r, what)}
}

func (s *Server) change(t *objectType, in input) (*record, *reply) {
	if refused := s.namedBy(t, in.IDProperty); refused != nil {
		return nil, refused
	}
	r := s.find(t, in.ID, in.IDProperty)
	if r == nil {
		a := s.missing()
		return nil, &a
	}
	props := in.values()
	if problems := s.validate(t, r, props); len(problems) > 0 {
		a := s.invalidProperties(problems)
		return nil, &a
	}
	if refused := s.taken(t, r, props); refused != nil {
		return nil, refused
	}
	s.write(r, props, fromAPI)
	return r, nil
}

// archive answers 204 for what is not there, too.
func (s *Server) archive(q *ask) reply {
	t, refused := s.typed(q.PathValue("type"))
	if refused != nil {
		return *refused
	}
	if r := s.find(t, q.PathValue("id"), ""); r != nil {
		s.bin(r)
	}
	return reply{status: http.StatusNoContent}
}

func (s *Server) list(q *ask) reply {
	t, refused := s.typed(q.PathValue("type"))
	if refused != nil {
		return *refused
	}
	query := q.URL.Query()
	limit, err := strconv.Atoi(orElse(query.Get("limit") == "", "10", query.Get("limit")))
	if err != nil || limit < 1 || limit > 100 {
		return s.invalid("The limit must be between 1 and 100.")
	}
	what := viewing{properties: list(query["properties"])}
	results, next, skipping := []any{}, "", query.Get("after") != ""
	for _, r := range s.world.order {
		if r.t != t || r.archived.IsZero() == (query.Get("archived") == "true") {
			continue
		}
		if skipping {
			skipping = r.id != query.Get("after")
			if skipping {
				continue
			}
		}
		if len(results) == limit {
			next = r.id
			break
		}
		results = append(results, s.view(r, what))
	}
	body := map[string]any{"results": results}
	if next != "" {
		body["paging"] = map[string]any{"next": map[string]string{"after": next, "link": q.URL.Path + "?after=" + next}}
	}
	return reply{status: http.StatusOK, body: body}
}

func (s *Server) purge(q *ask) reply {
	t, refused := s.typed(q.PathValue("type"))
	if refused != nil {
		return *refused
	}
	var in struct {
		ObjectID   json.RawMessage `json:"objectId"`
		IDProperty string          `json:"idProperty"`
	}
	if err := q.decode(&in); err != nil {
		return s.badJSON(err)
	}
	if r := s.find(t, plain(in.ObjectID), in.IDProperty); r != nil {
		s.bin(r)
		s.forget(r)
	}
	return reply{status: http.StatusNoContent}
}

// viewing is what a reader asks for.
type viewing struct {
	all                 bool
	properties, history []string
	associations        []*objectType
	from                map[string]string // Values to show; nil is what the record has.
}

var viewAll = viewing{all: true}

// view is a record as the API shows it. Unknown properties are left out, those
// without a value are null.
func (s *Server) view(r *record, what viewing) map[string]any {
	values := what.from
	if values == nil {
		values = r.props
	}
	props := map[string]any{}
	show := func(name string) {
		if r.t.property(name) == nil {
			return
		}
		props[name] = nil
		if value := values[name]; value != "" {
			props[name] = value
		}
	}
	for _, name := range slices.Concat(r.t.defaults, what.properties) {
		if len(what.properties) > 0 && !slices.Contains(what.properties, name) && !always(name) {
			continue
		}
		show(name)
	}
	if what.all {
		for name := range values {
			show(name)
		}
	}
	body := map[string]any{
		"id": r.id, "properties": props, "createdAt": stamp(r.created), "updatedAt": stamp(r.updated),
		"archived": !r.archived.IsZero(), "url": s.url(r),
	}
	if !r.archived.IsZero() {
		body["archivedAt"] = stamp(r.archived)
	}
	if len(what.history) > 0 {
		r.shown = true
		body["propertiesWithHistory"] = r.past(what.history)
		for _, name := range what.history {
			show(name)
		}
	}
	if found := s.associates(r, what.associations); len(found) > 0 {
		body["associations"] = found
	}
	return body
}

// always says whether a property is in every answer.
func always(name string) bool {
	switch name {
	case "hs_object_id", "createdate", "hs_createdate", "lastmodifieddate", "hs_lastmodifieddate":
		return true
	}
	return false
}

func (s *Server) url(r *record) string {
	return fmt.Sprintf("https://app.hubspot.com/contacts/%s/record/%s/%s", s.cfg.PortalID, r.t.id, r.id)
}

func (r *record) past(names []string) map[string][]map[string]any {
	past := map[string][]map[string]any{}
	for _, name := range names {
		if r.t.property(name) == nil {
			continue
		}
		past[name] = []map[string]any{}
		for _, c := range r.history[name] {
			past[name] = append(past[name], map[string]any{
				"value": c.value, "timestamp": stamp(c.at), "sourceType": c.source, "sourceId": AppID,
			})
		}
	}
	return past
}
