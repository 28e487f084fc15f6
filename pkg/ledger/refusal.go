package ledger

import (
	"errors"
	"net/http"
	"slices"
	"strings"
)

// maxDetail is how much of a refusal a receipt tells, in characters.
const maxDetail = 500

// labels are what people call the properties that HubSpot may refuse, where the
// portal does not say.
var labels = map[string]string{
	"hs_timestamp": "Activity date", "hs_call_title": "Call title", "hs_call_body": "Call notes",
	"hs_call_direction": "Call direction", "hs_call_duration": "Call duration", "hs_call_status": "Call status",
	"hs_call_disposition": "Call outcome", "hs_call_from_number": "From number", "hs_call_to_number": "To number",
	"hubspot_owner_id": "Activity assigned to", "hs_task_subject": "Task title", "hs_task_body": "Task notes",
	"subject": "Ticket name", "content": "Ticket description", "hs_pipeline": "Pipeline", "hs_pipeline_stage": "Ticket status",
}

// agents are the properties that an agent changes by editing notes, wrap-up
// reason, record or follow-up of a call.
var agents = []string{
	"hs_call_title", "hs_call_body", "hs_call_disposition", "hs_call_callee_object_id", "hs_task_subject", "hs_task_body",
}

// detail says which field HubSpot refused, in words that people know, and why.
func (w *writing) detail(err error, refusal *Refusal) string {
	var ofTask *taskError
	isTask := errors.As(err, &ofTask)
	able := w.able
	if isTask {
		able = w.state.tasks.known()
	}
	var ofTicket *ticketError
	isTicket := errors.As(err, &ofTicket)
	if isTicket {
		able = w.state.tickets.known()
	}
	var parts []string
	for _, f := range refusal.Fields {
		switch {
		case f.Field != "" && f.Why != "":
			parts = append(parts, label(able, f.Field)+": "+f.Why)
		case f.Field != "":
			parts = append(parts, label(able, f.Field)+" was refused")
		case f.Why != "":
			parts = append(parts, f.Why)
		}
	}
	if len(parts) == 0 && refusal.Message != "" {
		parts = append(parts, refusal.Message)
	}
	if len(parts) == 0 {
		parts = append(parts, "HubSpot gave no reason")
	}
	text := strings.Join(parts, "; ")
	if isTask {
		text = "Follow-up task: " + text
	}
	if isTicket {
		text = "Ticket: " + text
	}
	return clipText(text, maxDetail)
}

// label is what people call a property.
func label(able *ability, name string) string {
	if able != nil {
		if text := strings.TrimSpace(able.names[name].Label); text != "" {
			return text
		}
	}
	if text := labels[name]; text != "" {
		return text
	}
	return name
}

// beyondAgent says whether HubSpot refused nothing that an agent could change:
// what is mapped, and what the portal demands of every call.
func beyondAgent(refusal *Refusal) bool {
	named := slices.DeleteFunc(slices.Clone(refusal.Fields), func(f FieldError) bool { return f.Field == "" })
	return len(named) > 0 && !slices.ContainsFunc(named, func(f FieldError) bool { return slices.Contains(agents, f.Field) })
}

// extras are the properties beside the call itself to which HubSpot objects, if
// it objects to nothing else.
func (w *writing) extras(err error) []string {
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Status != http.StatusBadRequest || len(refusal.Fields) == 0 {
		return nil
	}
	var names []string
	for _, f := range refusal.Fields {
		if _, written := w.props[f.Field]; !written || !w.isExtra(f.Field) {
			return nil
		}
		names = append(names, f.Field)
	}
	return names
}

// isExtra says whether a call says what it has to say without that property.
func (w *writing) isExtra(name string) bool {
	if name == keyProperty {
		return false
	}
	for _, mapped := range w.settings.VariableProperties {
		if mapped == name {
			return true
		}
	}
	return slices.ContainsFunc(CallProperties, func(p Property) bool { return p.Name == name }) ||
		slices.Contains([]string{"hs_call_callee_object_type", "hs_call_callee_object_type_id", "hubspot_owner_id"}, name)
}
