package hubspottest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// problem is one complaint about a property's value.
type problem struct {
	property, code, message string
}

// refuse is HubSpot's error body.
func (s *Server) refuse(status int, category, message string, more ...map[string]any) reply {
	trace := s.trace()
	body := map[string]any{"status": "error", "message": message, "category": category, "correlationId": trace}
	for _, m := range more {
		for k, v := range m {
			body[k] = v
		}
	}
	return reply{status: status, header: http.Header{"X-Hubspot-Correlation-Id": {trace}}, body: body}
}

func (s *Server) invalid(format string, args ...any) reply {
	return s.refuse(http.StatusBadRequest, "VALIDATION_ERROR", fmt.Sprintf(format, args...))
}

func (s *Server) badJSON(err error) reply {
	return s.invalid("Invalid input JSON: %v", err)
}

func (s *Server) missing() reply {
	return s.refuse(http.StatusNotFound, "OBJECT_NOT_FOUND", "Object not found.  objectId are usually numeric.")
}

// invalidProperties lists the complaints twice, as HubSpot does: as JSON inside
// the sentence and as errors.
func (s *Server) invalidProperties(problems []problem) reply {
	message, errors := s.complaints(problems)
	return s.refuse(http.StatusBadRequest, "VALIDATION_ERROR", message, map[string]any{"errors": errors})
}

func (s *Server) complaints(problems []problem) (string, []map[string]any) {
	var embedded, errors []map[string]any
	for _, p := range problems {
		embedded = append(embedded, map[string]any{
			"isValid": false, "message": p.message, "error": p.code, "name": p.property, "localizedErrorMessage": p.message,
		})
		errors = append(errors, map[string]any{
			"message": p.message, "code": p.code, "context": map[string][]string{"propertyName": {p.property}},
		})
	}
	text, _ := json.Marshal(embedded) // Maps of strings.
	return "Property values were not valid: " + string(text), errors
}

// missingProperties is the answer to a create without required values.
func (s *Server) missingProperties(t *objectType, names []string) reply {
	return s.refuse(http.StatusBadRequest, "VALIDATION_ERROR",
		"Error creating "+strings.ToUpper(t.singular)+". Some required properties were not set.",
		map[string]any{"context": map[string][]string{"properties": names}})
}

// limited is the answer beyond a limit.
func (s *Server) limited(policy string) reply {
	a := s.refuse(http.StatusTooManyRequests, "RATE_LIMITS", "You have reached your "+strings.ToLower(policy)+" limit.",
		map[string]any{"errorType": "RATE_LIMIT", "policyName": policy})
	body := a.body.(map[string]any)
	body["requestId"] = body["correlationId"]
	return a
}

// spoiled is the answer of a fault.
func (s *Server) spoiled(f Fault) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := func(fallback string) string { return orElse(f.ErrorType == "", fallback, f.ErrorType) }
	switch f.Status {
	case http.StatusBadRequest:
		if f.Property != "" || f.ErrorType != "" && f.ErrorType != "VALIDATION_ERROR" {
			property := orElse(f.Property == "", "hs_call_title", f.Property)
			code := orElse(f.ErrorType == "VALIDATION_ERROR", "", f.ErrorType)
			return s.invalidProperties([]problem{{property, orElse(code == "", "INVALID_VALUE", code), property + " was refused"}})
		}
		return s.invalid("Invalid input")
	case http.StatusUnauthorized:
		return s.refuse(f.Status, kind("EXPIRED_AUTHENTICATION"), "The OAuth token used to make this call expired.")
	case http.StatusForbidden:
		return s.refuse(f.Status, kind("MISSING_SCOPES"), "This app hasn't been granted all required scopes to make this call.")
	case http.StatusNotFound:
		return s.missing()
	case http.StatusConflict:
		return s.refuse(f.Status, kind("CONFLICT"), "The resource was changed by another request.")
	case http.StatusLocked:
		return s.refuse(f.Status, kind("LOCKED"), "The resource is locked.")
	case http.StatusTooManyRequests:
		return s.limited(kind("TEN_SECONDLY_ROLLING"))
	case 477:
		a := s.refuse(f.Status, kind("MIGRATION_IN_PROGRESS"), "The account is being moved to another data center.")
		a.header.Set("Retry-After", "3600")
		return a
	}
	if f.Status >= 502 { // What a gateway answers has no JSON.
		return reply{status: f.Status, body: page(fmt.Sprintf("<html><head><title>%d</title></head><body><center><h1>%[1]d</h1></center><hr><center>cloudflare</center></body></html>", f.Status))}
	}
	return s.refuse(f.Status, kind("INTERNAL_ERROR"), "internal error")
}
