package desktop

import (
	"encoding/json"
	"errors"
	"fmt"

	"deskbridge/pkg/webexcc"
)

// Why something is not done. What the SDK rejects is a [*webexcc.Error].
var (
	// ErrNotReady refuses a call before the SDK is initialised and while the
	// element is out of the page. The SDK itself would do nothing and say so
	// to nobody.
	ErrNotReady = errors.New("desktop: the SDK is not initialised")
	// ErrInitLate says that the SDK was not initialised in time. It may still
	// be: open again.
	ErrInitLate = errors.New("desktop: the SDK is not initialised in time")
	// ErrGone ends calls under way, and the link, when the element leaves.
	ErrGone = errors.New("desktop: the element left the page")
	// ErrTimeout says that a call has not settled in time: nobody knows
	// whether it took place.
	ErrTimeout = errors.New("desktop: the call has not settled in time")
	// ErrVersion says that the bridge speaks another version.
	ErrVersion = errors.New("desktop: the bridge speaks another version")
	// ErrPipe wraps why the pipe ended.
	ErrPipe = errors.New("desktop: the pipe has ended")

	// ErrDesktopDoes refuses what the agent does in the Desktop: logging in at
	// a phone. It wraps webexcc.ErrInvalid, like every refusal before sending.
	ErrDesktopDoes = fmt.Errorf("%w: the Agent Desktop does this itself", webexcc.ErrInvalid)
	// ErrNotOffered refuses what the SDK has no way to do.
	ErrNotOffered = fmt.Errorf("%w: the Agent Desktop does not offer this", webexcc.ErrInvalid)
)

// rejected makes the error that REST would have given.
func rejected(call string, data []byte) *webexcc.Error {
	e := &webexcc.Error{Op: call}
	var body struct {
		ID         webexcc.Text `json:"id"`
		Message    webexcc.Text `json:"message"`
		Reason     webexcc.Text `json:"reason"`
		ReasonCode webexcc.Code `json:"reasonCode"`
		TrackingID webexcc.Text `json:"trackingId"`
	}
	if json.Unmarshal(data, &body) != nil {
		e.Type = "unreadable rejection"
		return e
	}
	e.Type, e.Message, e.TrackingID = string(body.ID), string(body.Message), string(body.TrackingID)
	e.Reason, e.ReasonCode = string(body.Reason), string(body.ReasonCode)
	return e
}
