package hubspot

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// StatusMoving is HubSpot's answer while an account moves to another data
// centre; Retry-After says for how long, up to a day.
const StatusMoving = 477

// The values of [Error.PolicyName] that are known.
const (
	PolicySecondly    = "SECONDLY"             // Search: 5 a second.
	PolicyTenSecondly = "TEN_SECONDLY_ROLLING" // The burst limit.
	PolicyDaily       = "DAILY"                // Until midnight in the account's time zone.
)

// An Error is a refusal: the request arrived and HubSpot said no. Every field
// but Op and Status may be empty; a gateway's HTML leaves only those.
//
// https://developers.hubspot.com/docs/api-reference/error-handling
type Error struct {
	Op            string // What was asked, such as "update 0-48".
	Status        int
	Category      string // VALIDATION_ERROR, MISSING_SCOPES, RATE_LIMITS, CONFLICT, …
	SubCategory   string
	Message       string // HubSpot's sentence. It may quote what was sent.
	CorrelationID string // HubSpot's support asks for it.
	PolicyName    string // Which limit, for 429.
	RetryAfter    time.Duration
	Errors        []FieldError
	Context       map[string][]string
}

// A FieldError is one complaint of several.
type FieldError struct {
	Message     string              `json:"message"`
	In          string              `json:"in"`
	Code        string              `json:"code"`
	SubCategory string              `json:"subCategory"`
	Context     map[string][]string `json:"-"`
}

// Property returns the property that the complaint is about, empty if HubSpot
// did not say.
func (f FieldError) Property() string {
	for _, key := range propertyKeys {
		if names := f.Context[key]; len(names) > 0 {
			return names[0]
		}
	}
	return f.In
}

// propertyKeys are the names under which contexts name properties.
var propertyKeys = []string{"propertyName", "properties", "name"}

// Error leaves out HubSpot's sentence, which may quote personal data.
func (e *Error) Error() string {
	b := fmt.Appendf(nil, "hubspot: %s: %d", e.Op, e.Status)
	for _, s := range []string{e.Category, e.SubCategory, e.PolicyName} {
		if s != "" {
			b = append(append(b, ' '), s...)
		}
	}
	if names := e.Fields(); len(names) > 0 {
		b = fmt.Appendf(b, " [%s]", strings.Join(names, " "))
	}
	if e.CorrelationID != "" {
		b = fmt.Appendf(b, " (correlation %s)", e.CorrelationID)
	}
	return string(b)
}

// Retryable says whether the same request may succeed later, not before
// [Error.Wait]. A write that was answered with 5xx may have had its effect.
func (e *Error) Retryable() bool {
	switch e.Status {
	case http.StatusRequestTimeout, http.StatusLocked, http.StatusTooManyRequests, StatusMoving:
		return true
	}
	return e.Status >= 500
}

// Permanent says that repeating the request is useless: a person has to change
// the data, the permissions or the settings. A conflict (409) is neither
// permanent nor retryable: look at what is there first.
func (e *Error) Permanent() bool { return !e.Retryable() && e.Status != http.StatusConflict }

// Wait is the shortest pause before a retry, by HubSpot's rules; 0 if the error
// is not retryable. It is without jitter and does not grow: the caller does
// that.
func (e *Error) Wait() time.Duration {
	if !e.Retryable() {
		return 0
	}
	switch e.Status {
	case http.StatusLocked: // A lock lasts two seconds.
		return max(e.RetryAfter, 2*time.Second)
	case http.StatusTooManyRequests:
		return orElse(e.RetryAfter, policyWait(e.PolicyName))
	case StatusMoving:
		return orElse(e.RetryAfter, 5*time.Minute)
	}
	return orElse(e.RetryAfter, 2*time.Second)
}

func policyWait(name string) time.Duration {
	switch name {
	case PolicySecondly:
		return time.Second
	case PolicyDaily:
		return time.Hour // The account's midnight is not known here.
	}
	return 10 * time.Second
}

func orElse(d, fallback time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return fallback
}

// Fields returns the names of the properties at fault, each once, in HubSpot's
// order. It is empty where HubSpot did not say.
func (e *Error) Fields() []string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, f := range e.Errors {
		add(f.Property())
	}
	for _, key := range propertyKeys {
		for _, name := range e.Context[key] {
			add(name)
		}
	}
	return names
}

// HasCode says whether one of the complaints has that code, such as
// PROPERTY_DOESNT_EXIST.
func (e *Error) HasCode(code string) bool {
	return slices.ContainsFunc(e.Errors, func(f FieldError) bool { return f.Code == code })
}

// ExistingID is the id of the record that a create conflicts with (409), empty
// if HubSpot did not name it.
func (e *Error) ExistingID() string {
	_, after, ok := strings.Cut(e.Message, "Existing ID:")
	if e.Status != http.StatusConflict || !ok {
		return ""
	}
	after = strings.TrimSpace(after)
	end := strings.IndexFunc(after, func(r rune) bool { return r < '0' || r > '9' })
	if end >= 0 {
		after = after[:end]
	}
	return after
}

// refusal makes an Error of an answer, whatever its body is.
func refusal(op string, status int, header http.Header, body []byte) *Error {
	e := &Error{Op: op, Status: status, RetryAfter: retryAfter(header)}
	e.decode(body)
	if e.CorrelationID == "" {
		e.CorrelationID = header.Get("X-HubSpot-Correlation-Id")
	}
	return e
}

// decode fills in what an error body says; what does not fit is left out.
func (e *Error) decode(body json.RawMessage) {
	var m map[string]json.RawMessage
	if json.Unmarshal(body, &m) != nil {
		return
	}
	str := func(name string) (s string) {
		_ = json.Unmarshal(m[name], &s) // Another type is as good as absent.
		return s
	}
	e.Category = str("category")
	if e.Category == "" {
		e.Category = str("errorType")
	}
	if e.Category == "" {
		e.Category = str("error") // OAuth
	}
	e.SubCategory, e.Message = str("subCategory"), str("message")
	if e.Message == "" {
		e.Message = str("error_description")
	}
	e.CorrelationID, e.PolicyName = str("correlationId"), str("policyName")
	e.Context = contextOf(m["context"])
	var list []json.RawMessage
	_ = json.Unmarshal(m["errors"], &list)
	for _, raw := range list {
		var f FieldError
		var c struct {
			Context json.RawMessage `json:"context"`
		}
		if json.Unmarshal(raw, &f) != nil || json.Unmarshal(raw, &c) != nil {
			continue
		}
		f.Context = contextOf(c.Context)
		e.Errors = append(e.Errors, f)
	}
	e.Errors = append(e.Errors, embedded(e)...)
}

// embedded are the complaints that HubSpot puts as JSON into its sentence:
// "Property values were not valid: [{…}]". They repeat or replace the list.
func embedded(e *Error) []FieldError {
	_, text, ok := strings.Cut(e.Message, "not valid: ")
	var list []struct {
		Message, Error, Name string
	}
	if !ok || json.Unmarshal([]byte(text), &list) != nil {
		return nil
	}
	known := e.Fields()
	var found []FieldError
	for _, c := range list {
		if slices.Contains(known, c.Name) {
			continue
		}
		found = append(found, FieldError{
			Message: c.Message, Code: c.Error, Context: map[string][]string{"propertyName": {c.Name}},
		})
	}
	return found
}

// contextOf reads lists of strings and, as some errors have them, strings.
func contextOf(raw json.RawMessage) map[string][]string {
	var m map[string]json.RawMessage
	if json.Unmarshal(raw, &m) != nil || len(m) == 0 {
		return nil
	}
	out := make(map[string][]string, len(m))
	for k, v := range m {
		var list []string
		var one string
		if json.Unmarshal(v, &list) == nil {
			out[k] = list
		} else if json.Unmarshal(v, &one) == nil {
			out[k] = []string{one}
		}
	}
	return out
}

// retryAfter reads seconds or a date.
func retryAfter(header http.Header) time.Duration {
	text := header.Get("Retry-After")
	if s, err := strconv.Atoi(text); err == nil {
		return time.Duration(min(max(s, 0), 24*3600)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(time.Until(at), 0), 24*time.Hour)
	}
	return 0
}
