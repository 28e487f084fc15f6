package hubspottest

import (
	"encoding/json"
	"net/http"
	"strings"
)

// maxInputs is HubSpot's limit of inputs a batch.
const maxInputs = 100

// inputs reads a batch.
func (s *Server) inputs(q *ask) (*objectType, []input, *reply) {
	t, refused := s.typed(q.PathValue("type"))
	if refused != nil {
		return nil, nil, refused
	}
	var body struct {
		Inputs []input `json:"inputs"`
	}
	if err := q.decode(&body); err != nil {
		a := s.badJSON(err)
		return nil, nil, &a
	}
	return t, body.Inputs, s.count(len(body.Inputs))
}

func (s *Server) count(n int) *reply {
	if n >= 1 && n <= maxInputs {
		return nil
	}
	a := s.invalid("A batch must have between 1 and %d inputs.", maxInputs)
	return &a
}

// tally collects what became of a batch.
type tally struct {
	results []any
	errors  []any
}

// reply is the envelope: status if all went well, else 207.
func (t tally) reply(s *Server, status int) reply {
	now := stamp(s.cfg.Now())
	if t.results == nil {
		t.results = []any{}
	}
	body := map[string]any{"status": "COMPLETE", "results": t.results, "startedAt": now, "completedAt": now}
	if len(t.errors) > 0 {
		body["numErrors"], body["errors"] = len(t.errors), t.errors
		status = http.StatusMultiStatus
	}
	return reply{status: status, body: body}
}

// refused turns an answer into an item of the errors.
func (t *tally) refused(a reply, context map[string][]string) {
	item, ok := a.body.(map[string]any)
	if !ok {
		return
	}
	delete(item, "correlationId")
	all, _ := item["context"].(map[string][]string)
	if all == nil {
		all = map[string][]string{}
	}
	for k, v := range context {
		all[k] = v
	}
	item["context"] = all
	t.errors = append(t.errors, item)
}

// each does every input. With trace ids the bad ones are reported one by one;
// without, the first bad one fails the batch as a whole.
func (s *Server) each(inputs []input, status int, do func(input) (map[string]any, *reply)) reply {
	for _, in := range inputs {
		if in.TraceID != "" {
			continue
		}
		// All or nothing: what was done is undone. A single input does nothing
		// when it is refused.
		undo := func() {}
		if len(inputs) > 1 {
			undo = s.save()
		}
		var t tally
		for _, in := range inputs {
			body, refused := do(in)
			if refused != nil {
				undo()
				return *refused
			}
			t.results = append(t.results, body)
		}
		return t.reply(s, status)
	}
	var t tally
	for _, in := range inputs {
		body, refused := do(in)
		if refused != nil {
			t.refused(*refused, map[string][]string{"objectWriteTraceId": {in.TraceID}})
			continue
		}
		body["objectWriteTraceId"] = in.TraceID
		t.results = append(t.results, body)
	}
	return t.reply(s, status)
}

// save returns a function that puts the records back as they are now.
func (s *Server) save() func() {
	order, revision := s.world.order, s.revision
	kept := make(map[*record]record, len(order))
	for _, r := range order {
		copied := *r
		copied.props, copied.history = clone(r.props), clone(r.history)
		kept[r] = copied
	}
	links := clone(s.world.links)
	return func() {
		s.world.order, s.revision, s.world.links = order, revision, links
		s.world.records = map[string]*record{}
		for _, r := range order {
			*r = kept[r]
			s.world.records[r.id] = r
		}
		s.world.unique = nil
		for _, r := range order {
			s.remember(r)
		}
	}
}

func clone[K comparable, V any](m map[K]V) map[K]V {
	out := make(map[K]V, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

func (s *Server) batchCreate(q *ask) reply {
	t, inputs, refused := s.inputs(q)
	if refused != nil {
		return *refused
	}
	return s.each(inputs, http.StatusCreated, func(in input) (map[string]any, *reply) {
		r, refused := s.make(t, in)
		if refused != nil {
			return nil, refused
		}
		return s.view(r, viewAll), nil
	})
}

func (s *Server) batchUpdate(q *ask) reply {
	t, inputs, refused := s.inputs(q)
	if refused != nil {
		return *refused
	}
	return s.each(inputs, http.StatusOK, func(in input) (map[string]any, *reply) {
		r, refused := s.change(t, in)
		if refused != nil {
			return nil, refused
		}
		return s.view(r, viewAll), nil
	})
}

func (s *Server) batchUpsert(q *ask) reply {
	t, inputs, refused := s.inputs(q)
	if refused != nil {
		return *refused
	}
	for _, in := range inputs {
		if in.IDProperty == "" && t.id != "0-1" {
			return s.invalid("idProperty is required")
		}
	}
	return s.each(inputs, http.StatusOK, func(in input) (map[string]any, *reply) {
		if in.IDProperty == "" {
			in.IDProperty = "email"
		}
		if in.ID == "" {
			a := s.invalid("id is required")
			return nil, &a
		}
		if refused := s.namedBy(t, in.IDProperty); refused != nil {
			return nil, refused
		}
		r := s.find(t, in.ID, in.IDProperty)
		made := r == nil
		if made {
			if _, ok := in.Properties[in.IDProperty]; !ok {
				props := clone(in.Properties)
				props[in.IDProperty], _ = json.Marshal(in.ID) // A string.
				in.Properties = props
			}
			r, refused = s.make(t, in)
		} else {
			r, refused = s.change(t, in)
		}
		if refused != nil {
			return nil, refused
		}
		body := s.view(r, viewAll)
		body["new"] = made
		return body, nil
	})
}

func (s *Server) batchRead(q *ask) reply {
	t, refused := s.typed(q.PathValue("type"))
	if refused != nil {
		return *refused
	}
	var body struct {
		Inputs     []input  `json:"inputs"`
		IDProperty string   `json:"idProperty"`
		Properties []string `json:"properties"`
		History    []string `json:"propertiesWithHistory"`
	}
	if err := q.decode(&body); err != nil {
		return s.badJSON(err)
	}
	if refused := s.count(len(body.Inputs)); refused != nil {
		return *refused
	}
	if refused := s.namedBy(t, body.IDProperty); refused != nil {
		return *refused
	}
	var all tally
	var absent []string
	for _, in := range body.Inputs {
		r := s.find(t, in.ID, body.IDProperty)
		if r == nil {
			absent = append(absent, in.ID)
			continue
		}
		all.results = append(all.results, s.view(r, viewing{properties: body.Properties, history: body.History}))
	}
	if len(absent) > 0 {
		all.refused(s.refuse(http.StatusNotFound, "OBJECT_NOT_FOUND",
			"Could not get some "+strings.ToUpper(t.singular)+" objects, they may be deleted or not exist. Check that ids are valid."),
			map[string][]string{"ids": absent})
	}
	return all.reply(s, http.StatusOK)
}

func (s *Server) batchArchive(q *ask) reply {
	t, inputs, refused := s.inputs(q)
	if refused != nil {
		return *refused
	}
	for _, in := range inputs {
		if r := s.find(t, in.ID, ""); r != nil {
			s.bin(r)
		}
	}
	return reply{status: http.StatusNoContent}
}
