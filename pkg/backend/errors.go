package backend

import (
	"encoding/json"
	"net/http"
)

// The codes of [Error] that both sides act on. Those the panel has a sentence
// for are spelled as softphone's problem codes.
const (
	CodeSessionExpired  = "session-expired"     // 401: sign in again.
	CodeSignInRefused   = "sign-in-refused"     // 401: this sign-in is dead, start a new one.
	CodeNotLinked       = "not-linked"          // 403: the agent's org, or the portal, is not linked here.
	CodeVersionMismatch = "version-mismatch"    // 426: reload the page.
	CodeWebexDown       = "webex-down"          // 502, 504: Webex did not do its part.
	CodeConfigFailed    = "config-failed"       // 502: Webex refused the configuration.
	CodeContactRefused  = "contact-not-created" // 422, 502: HubSpot refused the contact.
	CodeHubSpotDown     = "hubspot-down"        // 502, 504: HubSpot did not do its part.
	CodeBackendDown     = "backend-down"        // 5xx, or an answer that is not ours.
	CodeInvalid         = "invalid"             // 400: the request breaks the contract.
	CodeTooLarge        = "too-large"           // 413
	CodeNotFound        = "not-found"           // 404
	CodeForbidden       = "forbidden"           // 403: not this agent's.
	CodeTooMany         = "too-many"            // 429
)

// Retryable says whether the same request may succeed later without anybody
// changing anything.
func (e *Error) Retryable() bool {
	return e.Status == http.StatusRequestTimeout || e.Status == http.StatusTooManyRequests || e.Status >= 500 ||
		e.Code == CodeBackendDown
}

// refusal reads an error answer. One without our shape comes from something
// between us and the server (a proxy, a Wi-Fi's sign-in page) and says nothing
// about the session or the request.
func refusal(status int, body []byte) *Error {
	e := &Error{}
	if json.Unmarshal(body, e) == nil && e.Code != "" {
		e.Status = status
		return e
	}
	e = &Error{Status: status, Code: CodeBackendDown, Message: http.StatusText(status)}
	switch status {
	case http.StatusRequestEntityTooLarge:
		e.Code = CodeTooLarge
	case http.StatusTooManyRequests:
		e.Code = CodeTooMany
	}
	if e.Message == "" {
		e.Message = "An answer that is not the Deskbridge server's."
	}
	return e
}
