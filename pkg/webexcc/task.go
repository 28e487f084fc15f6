package webexcc

import (
	"context"
	"unicode/utf8"

	"deskbridge/pkg/fetch"
)

// Limits of an [Outdial].
const (
	MaxDestination = 36 // Characters.
	MaxAttributes  = 30
)

// Accept connects the agent to an offered digital task. With a desk phone
// (DeviceExtension, DeviceAgentDN) a voice call is accepted by picking up the
// phone; do not count on Webex to take Accept for it. Answer:
// AgentContactAssigned or AgentContactAssignFailed.
func (c *Client) Accept(ctx context.Context, id string) error {
	return c.task(ctx, "accept", id, empty{}, "accept")
}

// Reject declines an offer. The documentation does not name the answer.
func (c *Client) Reject(ctx context.Context, id, mediaResourceID string) error {
	return c.onMedia(ctx, "reject", id, mediaResourceID, "reject")
}

// Assign takes a task out of a queue. The documentation does not name the
// answer.
func (c *Client) Assign(ctx context.Context, id string) error {
	return c.task(ctx, "assign", id, empty{}, "assign")
}

// Hold puts a leg on hold. Answer: AgentContactHeld or AgentContactHoldFailed.
func (c *Client) Hold(ctx context.Context, id, mediaResourceID string) error {
	return c.onMedia(ctx, "hold", id, mediaResourceID, "hold")
}

// Unhold takes a leg off hold. Answer: AgentContactUnheld or
// AgentContactUnHoldFailed.
func (c *Client) Unhold(ctx context.Context, id, mediaResourceID string) error {
	return c.onMedia(ctx, "unhold", id, mediaResourceID, "unhold")
}

// PauseRecording stops capturing for a while. Answer: ContactRecordingPaused or
// ContactRecordingPauseFailed.
func (c *Client) PauseRecording(ctx context.Context, id string) error {
	return c.task(ctx, "pause recording", id, empty{}, "record", "pause")
}

// ResumeRecording captures again; autoResumed says that a timer asked for it
// and not the agent. Answer: ContactRecordingResumed or
// ContactRecordingResumeFailed.
func (c *Client) ResumeRecording(ctx context.Context, id string, autoResumed bool) error {
	body := struct {
		AutoResumed bool `json:"autoResumed"`
	}{autoResumed}
	return c.task(ctx, "resume recording", id, body, "record", "resume")
}

// End ends a contact, or cancels an outdial that has not connected. Answer:
// AgentWrapup or ContactEnded, whichever comes; or AgentContactEndFailed.
func (c *Client) End(ctx context.Context, id string) error {
	return c.task(ctx, "end", id, empty{}, "end")
}

// WrapUp closes a contact that has ended. Answer: AgentWrappedUp or
// AgentWrapupFailed.
func (c *Client) WrapUp(ctx context.Context, id string, w WrapUp) error {
	if w.AuxCodeID == "" || w.Reason == "" {
		return invalid("wrap up", "code and reason are required")
	}
	return c.task(ctx, "wrap up", id, w, "wrapup")
}

// Outdial places a call. Its interaction id is new: AgentContactReserved and
// AgentOfferContact bring it, with the attributes; AgentOutboundFailed tells of
// a failure.
func (c *Client) Outdial(ctx context.Context, o Outdial) error {
	const op = "outdial"
	switch {
	case o.Destination == "":
		return invalid(op, "the destination is missing")
	case utf8.RuneCountInString(o.Destination) > MaxDestination:
		return invalid(op, "the destination is longer than 36 characters")
	case o.EntryPointID == "":
		return invalid(op, "the entry point is missing")
	case len(o.Attributes) > MaxAttributes:
		return invalid(op, "there are more than 30 attributes")
	}
	if o.Attributes == nil {
		o.Attributes = map[string]string{}
	}
	if o.Direction == "" {
		o.Direction = Outbound
	}
	if o.MediaType == "" {
		o.MediaType = "telephony"
	}
	if o.OutboundType == "" {
		o.OutboundType = OutboundOutdial
	}
	// The slash at the end is Cisco's.
	return c.command(ctx, op, fetch.POST, "/v1/tasks/", o)
}

// task sends a command about one interaction.
func (c *Client) task(ctx context.Context, op, id string, body any, path ...string) error {
	if err := checkIDs(op, append(path, id)...); err != nil {
		return err
	}
	return c.command(ctx, op, fetch.POST, joinPath(append([]string{"v1", "tasks", id}, path...)...), body)
}

// onMedia sends a command about one leg, which must be named.
func (c *Client) onMedia(ctx context.Context, op, id, mediaResourceID, path string) error {
	if mediaResourceID == "" {
		return invalid(op, "the media resource is missing")
	}
	body := struct {
		MediaResourceID string `json:"mediaResourceId"`
	}{mediaResourceID}
	return c.task(ctx, op, id, body, path)
}
