package ledger

import (
	"strings"
	"time"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/tenant"
)

// Fill is an admin's template with a record's values, empty if there is none.
func Fill(template string, a Agent, r backend.Record, s Settings) string {
	return mapping{rec: r, agent: a, settings: s, able: &ability{}}.fill(template)
}

// fill is an admin's template with the record's values, empty if there is none.
func (m mapping) fill(template string) string {
	if template == "" {
		return ""
	}
	parsed, err := tenant.ParseTemplate(template)
	if err != nil {
		return "" // It was valid when it was saved: an older program knew other names.
	}
	return parsed.Render(m.value)
}

// value is what a name of tenant.TemplateNames stands for.
func (m mapping) value(name string) string {
	r := m.rec
	if variable, ok := tenant.Variable(name); ok {
		for _, v := range r.Variables {
			if v.Name == variable {
				return v.Value
			}
		}
		return ""
	}
	began := time.UnixMilli(r.StartedAt).UTC()
	switch name {
	case "direction":
		return word(r.Direction)
	case "name":
		return who(r)
	case "number":
		return r.Number
	case "ours":
		return r.Ours
	case "queue":
		return r.Queue
	case "agent":
		return m.agent.Name
	case "reason":
		return r.CodeName
	case "outcome":
		if r.Outcome == "" {
			return word(outcome(r))
		}
		return word(r.Outcome)
	case "date":
		if text, err := tenant.FormatDate(began, m.settings.DateFormat); err == nil && text != "" {
			return text
		}
		return began.Format(time.DateOnly)
	case "time":
		return began.Format("15:04 UTC")
	case "duration":
		return clock(talk(r).Milliseconds())
	case "hold":
		return clock(r.HoldMs)
	case "interaction":
		return r.InteractionID
	}
	return ""
}

// word writes NO_ANSWER as "No answer".
func word(value string) string {
	if value == "" {
		return ""
	}
	if value == "REJECTED" {
		return "Declined"
	}
	return value[:1] + strings.ToLower(strings.ReplaceAll(value[1:], "_", " "))
}
