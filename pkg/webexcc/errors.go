package webexcc

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"deskbridge/pkg/fetch"
)

// An Error is a refusal: the request arrived and Webex, or something in front
// of it, said no. The status is kept even when the body is not JSON.
type Error struct {
	Op         string        // What was tried, such as "hold".
	Status     int           // HTTP status.
	Type       string        // errorType, such as "Bad Request".
	Message    string        // errorMessage.
	Reason     string        // reason or errorData, whichever is given.
	ReasonCode string        // reasonCode.
	TrackingID string        // What Webex's support asks for.
	RetryAfter time.Duration // 0 when Webex did not say.
}

// Error leaves out what may be a whole page of text.
func (e *Error) Error() string {
	s := fmt.Sprintf("webexcc: %s: %d", e.Op, e.Status)
	for _, part := range []string{e.Type, e.Message, e.Reason} {
		if part != "" {
			s += ": " + clip(part)
		}
	}
	return s
}

// Retryable reports whether the same request may succeed later.
func (e *Error) Retryable() bool {
	return e.Status == fetch.StatusTooManyRequests || e.Status == fetch.StatusRequestTimeout || e.Status >= 500
}

// Denied reports whether the token, its scopes or the agent's roles are not
// enough.
func (e *Error) Denied() bool {
	return e.Status == fetch.StatusUnauthorized || e.Status == fetch.StatusForbidden
}

// refused turns an answer into an Error.
func refused(op, tracking string, res fetch.Response) *Error {
	e := &Error{Op: op, Status: res.Status, TrackingID: tracking, RetryAfter: retryAfter(res)}
	if id := res.Get("trackingid"); id != "" {
		e.TrackingID = id
	}
	var body struct {
		ErrorType    Text       `json:"errorType"`
		ErrorMessage Text       `json:"errorMessage"`
		ErrorData    Text       `json:"errorData"`
		Reason       Text       `json:"reason"`
		ReasonCode   Code       `json:"reasonCode"`
		Message      Text       `json:"message"`
		Error        *errorBody `json:"error"`
	}
	if json.Unmarshal(res.Body[:min(len(res.Body), maxRefusal)], &body) != nil {
		return e
	}
	e.Type, e.Message = string(body.ErrorType), string(body.ErrorMessage)
	e.Reason, e.ReasonCode = string(body.Reason), string(body.ReasonCode)
	if e.Reason == "" {
		e.Reason = string(body.ErrorData)
	}
	if e.Message == "" {
		e.Message = string(body.Message)
	}
	if body.Error != nil && e.Message == "" {
		e.Message = body.Error.text()
	}
	return e
}

// errorBody is how the public REST documentation shows errors:
// {"error": {"key": "…", "message": [{"description": "…"}]}}.
type errorBody struct {
	Message []struct {
		Description Text `json:"description"`
	}
}

// UnmarshalJSON takes what it understands.
func (b *errorBody) UnmarshalJSON(data []byte) error {
	type plain errorBody
	var p plain
	if json.Unmarshal(data, &p) == nil {
		*b = errorBody(p)
	}
	return nil
}

func (b *errorBody) text() string {
	for _, m := range b.Message {
		if m.Description != "" {
			return string(m.Description)
		}
	}
	return ""
}

// httpTime is how HTTP writes dates (RFC 9110).
const httpTime = "Mon, 02 Jan 2006 15:04:05 GMT"

// retryAfter reads seconds or a date, which it measures against the server's
// own clock.
func retryAfter(res fetch.Response) time.Duration {
	value := res.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(min(max(seconds, 0), 24*60*60)) * time.Second
	}
	at, err := time.Parse(httpTime, value)
	if err != nil {
		return 0
	}
	now, err := time.Parse(httpTime, res.Get("Date"))
	if err != nil {
		return 0
	}
	return max(at.Sub(now), 0)
}

func clip(s string) string {
	const most = 200
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
