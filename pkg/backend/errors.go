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
	return e.Status == http.StatusRequestTimeout || e.Status == http.StatusTooManyRequests || e.Status >= 500
}

// refusal reads an error answer. Proxies answer in HTML, so the status decides
// the code when the body does not.
func refusal(status int, body []byte) *Error {
	e := &Error{}
	if json.Unmarshal(body, e) != nil || e.Code == "" {
		e = &Error{Code: codeOf(status), Message: http.StatusText(status)}
	}
	e.Status = status
	return e
}

func codeOf(status int) string {
	switch {
	case status == http.StatusUnauthorized:
		return CodeSessionExpired
	case status == http.StatusUpgradeRequired:
		return CodeVersionMismatch
	case status == http.StatusRequestEntityTooLarge:
		return CodeTooLarge
	case status == http.StatusTooManyRequests:
		return CodeTooMany
	case status == http.StatusNotFound:
		return CodeNotFound
	case status >= 500:
		return CodeBackendDown
	default:
		return CodeInvalid
	}
}
