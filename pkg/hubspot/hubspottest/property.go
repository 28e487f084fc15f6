package hubspottest

import (
	"net/http"
	"regexp"
	"slices"

	"deskbridge/pkg/hubspot"
)

// maxUnique is HubSpot's limit of unique properties a type.
const maxUnique = 10

var propertyName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,99}$`)

func (s *Server) listProperties(q *ask) reply {
	t, refused := s.typed(q.PathValue("type"))
	if refused != nil {
		return *refused
	}
	results := []any{}
	for _, p := range t.properties {
		if p.archived == (q.URL.Query().Get("archived") == "true") {
			results = append(results, s.definition(p))
		}
	}
	return reply{status: http.StatusOK, body: map[string]any{"results": results}}
}

// definition is how the API shows a property.
func (s *Server) definition(p *property) map[string]any {
	options := []any{}
	for i, o := range p.Options {
		options = append(options, map[string]any{"label": o.Label, "value": o.Value, "displayOrder": i, "hidden": o.Hidden})
	}
	if p.takesOwner() {
		for i, o := range s.world.owners {
			options = append(options, map[string]any{"label": o.first + " " + o.last, "value": o.id, "displayOrder": i, "hidden": o.archived})
		}
	}
	return map[string]any{
		"name": p.Name, "label": p.Label, "type": p.Type, "fieldType": p.FieldType, "groupName": p.Group,
		"description": p.Description, "options": options, "hasUniqueValue": p.Unique, "calculated": p.Calculated,
		"hidden": p.Hidden, "archived": p.archived, "externalOptions": p.takesOwner(), "displayOrder": -1,
		"hubspotDefined": p.Description != custom, "formField": false,
		"modificationMetadata": map[string]bool{
			"archivable": p.Description == custom, "readOnlyDefinition": p.Description != custom, "readOnlyValue": p.readOnly,
		},
	}
}

// custom marks properties that the account has added.
const custom = "Added by this account"

func (s *Server) getProperty(q *ask) reply {
	t, refused := s.typed(q.PathValue("type"))
	if refused != nil {
		return *refused
	}
	p := t.property(q.PathValue("name"))
	if p == nil {
		return s.missing()
	}
	return reply{status: http.StatusOK, body: s.definition(p)}
}

func (s *Server) addProperty(q *ask) reply {
	t, refused := s.typed(q.PathValue("type"))
	if refused != nil {
		return *refused
	}
	var in hubspot.Property
	if err := q.decode(&in); err != nil {
		return s.badJSON(err)
	}
	unique := 0
	for _, p := range t.properties {
		if p.Unique && p.Description == custom {
			unique++
		}
	}
	switch {
	case t.property(in.Name) != nil:
		return s.refuse(http.StatusConflict, "OBJECT_ALREADY_EXISTS", "A property named '"+in.Name+"' already exists.",
			map[string]any{"subCategory": "Properties.PROPERTY_EXISTS"})
	case !propertyName.MatchString(in.Name):
		return s.invalid("Property names are lower case letters, digits and underscores.")
	case in.Label == "":
		return s.invalid("label is required")
	case !slices.Contains([]string{"string", "number", "bool", "enumeration", "date", "datetime"}, in.Type):
		return s.invalid("type %q is not valid", in.Type)
	case in.FieldType == "":
		return s.invalid("fieldType is required")
	case !slices.ContainsFunc(t.properties, func(p *property) bool { return p.Group == in.Group }):
		return s.invalid("Property group %q does not exist", in.Group)
	case in.Unique && s.cfg.NoUniqueCalls && t.id == hubspot.Calls:
		return s.invalid("Unique properties are not supported for this object type.")
	case in.Unique && unique >= maxUnique:
		return s.refuse(http.StatusBadRequest, "VALIDATION_ERROR", "An object type may have 10 unique properties.",
			map[string]any{"subCategory": "Properties.UNIQUE_PROPERTY_LIMIT_EXCEEDED"})
	}
	in.Calculated, in.Modification, in.Description = false, hubspot.Modification{}, custom
	p := &property{Property: in}
	t.properties = append(t.properties, p)
	s.revision++
	return reply{status: http.StatusCreated, body: s.definition(p)}
}

func (s *Server) removeProperty(q *ask) reply {
	t, refused := s.typed(q.PathValue("type"))
	if refused != nil {
		return *refused
	}
	p := t.property(q.PathValue("name"))
	if p == nil {
		return s.missing()
	}
	if p.Description != custom {
		return s.invalid("HubSpot's own properties cannot be archived.")
	}
	p.archived = true
	s.revision++
	return reply{status: http.StatusNoContent}
}

// dispositions is the v1 list of call outcomes.
func (s *Server) dispositions(*ask) reply {
	results := []any{}
	for _, o := range s.world.types[hubspot.Calls].property("hs_call_disposition").Options {
		results = append(results, map[string]any{"id": o.Value, "label": o.Label, "deleted": o.Hidden})
	}
	return reply{status: http.StatusOK, body: results}
}
