package hubspottest

import (
	"net/http"
	"slices"
	"strconv"

	"deskbridge/pkg/hubspot"
)

func (s *Server) labelTypes(q *ask) (from, to *objectType, refused *reply) {
	if from, refused = s.typed(q.PathValue("from")); refused != nil {
		return nil, nil, refused
	}
	to, refused = s.typed(q.PathValue("to"))
	return from, to, refused
}

func (s *Server) labels(q *ask) reply {
	from, to, refused := s.labelTypes(q)
	if refused != nil {
		return *refused
	}
	results := []any{map[string]any{"category": hubspot.HubSpotDefined, "typeId": defaultID(from.id, to.id), "label": nil}}
	for _, k := range s.world.labels[[2]string{from.id, to.id}] {
		results = append(results, map[string]any{"category": k.category, "typeId": k.typeID, "label": k.label})
	}
	return reply{status: http.StatusOK, body: map[string]any{"results": results}}
}

func (s *Server) addLabel(q *ask) reply {
	from, to, refused := s.labelTypes(q)
	if refused != nil {
		return *refused
	}
	var in struct{ Label, Name, InverseLabel string }
	if err := q.decode(&in); err != nil {
		return s.badJSON(err)
	}
	if in.Label == "" || in.Name == "" {
		return s.invalid("label and name are required")
	}
	s.world.nextType += 2
	there, back := s.world.nextType, s.world.nextType+1
	kind := linkKind{"USER_DEFINED", there, in.Label, back, in.Name}
	inverse := linkKind{"USER_DEFINED", back, orElse(in.InverseLabel == "", in.Label, in.InverseLabel), there, in.Name}
	a, b := [2]string{from.id, to.id}, [2]string{to.id, from.id}
	s.world.labels[a] = append(s.world.labels[a], kind)
	s.world.labels[b] = append(s.world.labels[b], inverse)
	return reply{status: http.StatusOK, body: map[string]any{"results": []any{
		map[string]any{"category": kind.category, "typeId": there, "label": kind.label},
		map[string]any{"category": kind.category, "typeId": back, "label": inverse.label},
	}}}
}

func (s *Server) removeLabel(q *ask) reply {
	from, to, refused := s.labelTypes(q)
	if refused != nil {
		return *refused
	}
	id, _ := strconv.Atoi(q.PathValue("typeID")) // 0 is nobody's.
	for _, key := range [][2]string{{from.id, to.id}, {to.id, from.id}} {
		s.world.labels[key] = slices.DeleteFunc(s.world.labels[key], func(k linkKind) bool { return k.typeID == id || k.inverse == id })
	}
	return reply{status: http.StatusNoContent}
}
