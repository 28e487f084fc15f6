package ledger

import (
	"strconv"
	"strings"
	"time"

	"deskbridge/pkg/backend"
)

// variables are the call variables that the admin maps to properties of calls,
// as far as the portal can hold them: one that does not fit must not keep the
// call out of HubSpot.
func variables(r backend.Record, s Settings, able *ability) map[string]string {
	out := map[string]string{}
	for _, v := range r.Variables {
		property, known := able.names[s.VariableProperties[v.Name]]
		if !known || property.ReadOnly || property.Unique {
			continue
		}
		if value, ok := fit(strings.TrimSpace(v.Value), property); ok {
			out[property.Name] = value
		}
	}
	return out
}

// fit is a value as the property's type takes it.
func fit(value string, p Property) (string, bool) {
	switch p.Type {
	case "enumeration":
		for _, option := range p.Options {
			if strings.EqualFold(option, value) {
				return option, true
			}
		}
		return "", false
	case "number":
		_, err := strconv.ParseFloat(value, 64)
		return value, err == nil
	case "bool":
		switch strings.ToLower(value) {
		case "true", "yes", "1":
			return "true", true
		case "false", "no", "0":
			return "false", true
		}
		return "", false
	case "datetime", "date":
		if _, err := strconv.ParseInt(value, 10, 64); err == nil {
			return value, true
		}
		for _, layout := range []string{time.RFC3339, time.DateOnly} {
			if at, err := time.Parse(layout, value); err == nil {
				return strconv.FormatInt(at.UnixMilli(), 10), true
			}
		}
		return "", false
	}
	return clipText(value, maxNotes), true
}
