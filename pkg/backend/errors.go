package backend

import (
	"encoding/json"
	"fmt"

	"deskbridge/pkg/fetch"
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
	CodeBackendDown     = "backend-down"        // 5xx: a fault of the server's.
	CodeInvalid         = "invalid"             // 400: the request breaks the contract.
	CodeTooLarge        = "too-large"           // 413
	CodeNotFound        = "not-found"           // 404
	CodeForbidden       = "forbidden"           // 403: not this agent's.
	CodeTooMany         = "too-many"            // 429
	CodeDialLimit       = "dial-limit"          // 429: the tenant's limit of outdials is used up for now.
)

// Retryable says whether the same request may succeed later without anybody
// changing anything.
func (e *Error) Retryable() bool {
	return e.Status == fetch.StatusRequestTimeout || e.Status == fetch.StatusTooManyRequests || e.Status >= 500
}

// refusal reads an error answer. One without our shape comes from something
// between us and the server (a proxy, a Wi-Fi's sign-in page): it says nothing
// about the session, and the server has not answered.
func refusal(method string, status int, body []byte) error {
	e := &Error{}
	if json.Unmarshal(body, e) == nil && e.Code != "" {
		e.Status = status
		return e
	}
	switch status {
	case fetch.StatusTooLarge:
		return &Error{Status: status, Code: CodeTooLarge, Message: "Too much at once."}
	case fetch.StatusTooManyRequests:
		return &Error{Status: status, Code: CodeTooMany, Message: "Too many requests."}
	}
	return foreign(method, status)
}

func foreign(method string, status int) error {
	return fmt.Errorf("%w: %s: somebody else's answer with status %d", ErrUnreachable, method, status)
}
