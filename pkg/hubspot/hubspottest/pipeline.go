package hubspottest

import (
	"net/http"
	"strings"
	"time"

	"deskbridge/pkg/hubspot"
)

// pipelines are those that every account begins with: id, label, and the
// stages with id, label, probability (of deals), and whether they are closed.
var pipelines = map[string]struct {
	id, label string
	stages    [][4]string
}{
	hubspot.Deals: {"default", "Sales Pipeline", [][4]string{
		{"appointmentscheduled", "Appointment Scheduled", "0.2", "false"},
		{"qualifiedtobuy", "Qualified To Buy", "0.4", "false"},
		{"presentationscheduled", "Presentation Scheduled", "0.6", "false"},
		{"decisionmakerboughtin", "Decision Maker Bought-In", "0.8", "false"},
		{"contractsent", "Contract Sent", "0.9", "false"},
		{"closedwon", "Closed Won", "1.0", "true"},
		{"closedlost", "Closed Lost", "0.0", "true"},
	}},
	hubspot.Tickets: {"0", "Support Pipeline", [][4]string{
		{"1", "New", "", "false"},
		{"2", "Waiting on contact", "", "false"},
		{"3", "Waiting on us", "", "false"},
		{"4", "Closed", "", "true"},
	}},
}

// listPipelines serves GET /crm/pipelines/{version}/{type}. Types without
// pipelines have none.
func (s *Server) listPipelines(q *ask) reply {
	t, refused := s.typed(q.PathValue("type"))
	if refused != nil {
		return *refused
	}
	results := []any{}
	if p, ok := pipelines[t.id]; ok {
		born := stamp(time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC))
		stages := []any{}
		for i, stage := range p.stages {
			metadata := map[string]string{"isClosed": stage[3]}
			if stage[2] != "" {
				metadata["probability"] = stage[2]
			} else {
				metadata["ticketState"] = orElse(stage[3] == "true", "CLOSED", "OPEN")
			}
			stages = append(stages, map[string]any{
				"id": stage[0], "label": stage[1], "displayOrder": i, "metadata": metadata,
				"createdAt": born, "updatedAt": born, "archived": false, "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
			})
		}
		results = append(results, map[string]any{
			"id": p.id, "label": p.label, "displayOrder": 0, "stages": stages, "createdAt": born, "updatedAt": born, "archived": false,
		})
	}
	return reply{status: http.StatusOK, body: map[string]any{"results": results}}
}

// closedStage says, as properties do, whether what is in that stage is over.
func closedStage(typeID, id string) string {
	for _, stage := range pipelines[typeID].stages {
		if stage[0] == id {
			return stage[3]
		}
	}
	return "false"
}

// stageOptions are the stages as the options of the property that holds them.
func stageOptions(typeID string) []string {
	var options []string
	for _, stage := range pipelines[typeID].stages {
		options = append(options, stage[0]+"="+stage[1])
	}
	return options
}

// follow returns the record that the one with that id was merged into. That a
// read by the old id answers with the other record is what people observe; it
// is not documented.
func (s *Server) follow(t *objectType, id string) *record {
	for range len(s.world.merged) {
		to, ok := s.world.merged[id]
		if !ok {
			return nil
		}
		if r := s.find(t, to, ""); r != nil {
			return r
		}
		id = to
	}
	return nil
}

// noteMerge notes that gone went into keep.
func (s *Server) noteMerge(keep, gone *record) {
	s.world.merged[gone.id] = keep.id
	ids := strings.FieldsFunc(keep.props["hs_merged_object_ids"], func(r rune) bool { return r == ';' })
	s.write(keep, map[string]string{"hs_merged_object_ids": strings.Join(append(ids, gone.id), ";")}, derived)
	s.indexNow(keep)
}

// makePrimary makes a contact's first company its primary one, as HubSpot does.
func (s *Server) makePrimary(a, b *record) {
	contact, company := a, b
	if a.t.id == hubspot.Companies {
		contact, company = b, a
	}
	if contact.t.id != hubspot.Contacts || company.t.id != hubspot.Companies {
		return
	}
	primary := wireKind{hubspot.HubSpotDefined, primaryCompany}
	for p, kinds := range s.world.links {
		for _, k := range kinds {
			if p.from == contact.id && k.category == primary.Category && k.typeID == primary.TypeID && s.world.records[p.to].t == company.t {
				return
			}
		}
	}
	if k, ok := s.kind(hubspot.Contacts, hubspot.Companies, primary); ok {
		s.setLink(contact, company, k)
	}
}

// primaryCompany is the type of a contact's primary company.
const primaryCompany = 1
