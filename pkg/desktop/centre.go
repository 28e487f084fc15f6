package desktop

import (
	"context"
	"encoding/json"
	"fmt"

	"deskbridge/pkg/webexcc"
)

// What the engine asks of a contact centre. A nil error means that the command
// was taken; a notification tells what became of it.

// about is the argument of a method about one contact.
type about struct {
	ID        string `json:"interactionId"`
	IsConsult *bool  `json:"isConsult,omitempty"`
	PostCall  *bool  `json:"isPostCallConsult,omitempty"`
	QueueID   string `json:"queueId,omitempty"`
	Data      any    `json:"data,omitempty"`
}

// wrapped is the argument of a method that takes nothing but data.
type wrapped struct {
	Data any `json:"data"`
}

type onMedia struct {
	MediaResourceID string `json:"mediaResourceId"`
}

// LogIn is refused with [ErrDesktopDoes]: the Desktop asks for the phone
// itself, and a Relogin tells when the agent is there.
func (d *Desktop) LogIn(context.Context, webexcc.Login) error { return ErrDesktopDoes }

// LogOut ends the agent's session and the Desktop's. The SDK rejects it while
// there are contacts.
func (d *Desktop) LogOut(ctx context.Context, reason string) error {
	if reason != webexcc.LogoutInactive {
		reason = webexcc.LogoutByUser // The SDK knows these two.
	}
	return d.command(ctx, callLogout, wrapped{webexcc.LogoutRequest{LogoutReason: reason}})
}

// SetState makes the agent available or idle on all channels. The SDK's
// stateChangeV2 is not a newer form of this: it is about single channels and
// needs a tenant with the second-generation agent API.
func (d *Desktop) SetState(ctx context.Context, s webexcc.StateChange) error {
	if s.State == "" || s.AuxCodeID == "" {
		return invalid("set state", "state and code are required")
	}
	refused := func(err *webexcc.Error) {
		n := webexcc.AgentStateChange{Type: webexcc.AgentStateChangeFailed}
		n.Data.Type, n.Data.Reason, n.Data.ReasonCode = n.Type, webexcc.Text(err.Reason), webexcc.Code(err.ReasonCode)
		d.push(n)
	}
	return d.patient(ctx, refused, callStateChange, struct {
		State string `json:"state"`
		Code  string `json:"auxCodeIdArray"` // One code, in spite of its name.
	}{s.State, s.AuxCodeID})
}

// Reload asks the Desktop for what it holds: a Relogin and a snapshot of each
// contact. A nil error means that they have been delivered.
func (d *Desktop) Reload(ctx context.Context) error {
	told := make(chan error, 1)
	d.mu.Lock()
	d.hydrate(func(err error) { told <- err })
	d.mu.Unlock()
	select {
	case err := <-told:
		return err
	case <-ctx.Done():
		return fmt.Errorf("desktop: reload: %w", ctx.Err())
	}
}

// BuddyAgents asks for colleagues; they arrive as Buddies. Without a profile in
// the request it is the one the SDK knows.
func (d *Desktop) BuddyAgents(ctx context.Context, b webexcc.BuddyRequest) error {
	if b.AgentProfileID == "" {
		d.mu.Lock()
		b.AgentProfileID = d.latest.text("agentProfileID")
		d.mu.Unlock()
	}
	return d.command(ctx, callBuddies, wrapped{b})
}

// Outdial places a call. See [webexcc.Client.Outdial]; the entry point may be
// left to the outdialEntryPoint property.
func (d *Desktop) Outdial(ctx context.Context, o webexcc.Outdial) error {
	if o.EntryPointID == "" {
		d.mu.Lock()
		o.EntryPointID = d.props.text(PropEntryPoint)
		d.mu.Unlock()
	}
	if o.Destination == "" || o.EntryPointID == "" {
		return invalid("outdial", "destination and entry point are required")
	}
	if o.Attributes == nil {
		o.Attributes = map[string]string{}
	}
	o.Direction = either(o.Direction, webexcc.Outbound)
	o.MediaType = either(o.MediaType, "telephony")
	o.OutboundType = either(o.OutboundType, webexcc.OutboundOutdial)
	return d.command(ctx, callOutdial, wrapped{o})
}

// Accept connects the agent to an offered digital contact. A voice call is
// answered at the desk phone, or by [Desktop.Answer].
func (d *Desktop) Accept(ctx context.Context, id string) error {
	return d.command(ctx, callAccept, about{ID: id})
}

// Hold puts a leg on hold.
func (d *Desktop) Hold(ctx context.Context, id, mediaResourceID string) error {
	return d.command(ctx, callHold, about{ID: id, PostCall: new(false), Data: onMedia{mediaResourceID}})
}

// Unhold takes a leg off hold.
func (d *Desktop) Unhold(ctx context.Context, id, mediaResourceID string) error {
	return d.command(ctx, callUnhold, about{ID: id, PostCall: new(false), Data: onMedia{mediaResourceID}})
}

// PauseRecording stops capturing for a while.
func (d *Desktop) PauseRecording(ctx context.Context, id string) error {
	return d.command(ctx, callPauseRecording, about{ID: id})
}

// ResumeRecording captures again.
func (d *Desktop) ResumeRecording(ctx context.Context, id string, autoResumed bool) error {
	return d.command(ctx, callResumeRecording, about{ID: id, Data: struct {
		AutoResumed bool `json:"autoResumed"`
	}{autoResumed}})
}

// End ends a contact, or cancels an outdial that has not connected.
func (d *Desktop) End(ctx context.Context, id string) error {
	return d.command(ctx, callEnd, about{ID: id})
}

// WrapUp closes a contact that has ended.
func (d *Desktop) WrapUp(ctx context.Context, id string, w webexcc.WrapUp) error {
	if w.AuxCodeID == "" || w.Reason == "" {
		return invalid("wrap up", "code and reason are required")
	}
	return d.command(ctx, callWrapUp, about{ID: id, Data: w})
}

// Consult asks somebody while the customer waits. For a queue the SDK settles
// only when somebody there has answered, so that waiting is a success.
func (d *Desktop) Consult(ctx context.Context, id string, to webexcc.Consultation) error {
	arg := about{ID: id, Data: to}
	if to.Type != webexcc.ToQueue {
		return d.command(ctx, callConsult, arg)
	}
	refused := func(err *webexcc.Error) {
		n := webexcc.Task{Type: webexcc.AgentCtqFailed}
		n.Data.Type, n.Data.InteractionID, n.Data.Reason = n.Type, id, webexcc.Text(err.Reason)
		d.push(n)
	}
	return d.patient(ctx, refused, callConsult, arg)
}

// AcceptConsult joins a consult that was offered.
func (d *Desktop) AcceptConsult(ctx context.Context, id string) error {
	return d.command(ctx, callConsultAccept, about{ID: id})
}

// EndConsult ends a consult; queueID is that of a consult nobody in the queue
// has answered yet, else empty.
func (d *Desktop) EndConsult(ctx context.Context, id, queueID string) error {
	return d.command(ctx, callConsultEnd, about{ID: id, IsConsult: new(true), QueueID: queueID})
}

// Transfer hands the contact over without asking.
func (d *Desktop) Transfer(ctx context.Context, id string, to webexcc.Destination) error {
	call := callBlindTransfer
	if to.Type == webexcc.ToQueue {
		call = callQueueTransfer
	}
	return d.command(ctx, call, about{ID: id, Data: to})
}

// ConsultTransfer hands the contact over to the one who was consulted.
func (d *Desktop) ConsultTransfer(ctx context.Context, id string, to webexcc.Destination) error {
	return d.command(ctx, callConsultTransfer, about{ID: id, Data: to})
}

// Conference joins consult and main call.
func (d *Desktop) Conference(ctx context.Context, id string, m webexcc.Merger) error {
	return d.command(ctx, callConference, about{ID: id, Data: m})
}

// ExitConference leaves the others talking.
func (d *Desktop) ExitConference(ctx context.Context, id string) error {
	return d.command(ctx, callExitConference, about{ID: id})
}

// TransferConference is refused with [ErrNotOffered]: the SDK has no method for
// handing a conference over.
func (d *Desktop) TransferConference(context.Context, string) error { return ErrNotOffered }

// DropParticipant removes somebody from the conference.
func (d *Desktop) DropParticipant(ctx context.Context, id, participantID string) error {
	return d.command(ctx, callDropParticipant, about{ID: id, Data: struct {
		ParticipantID string `json:"participantId"`
	}{participantID}})
}

// preview is the argument of a method about a campaign's contact.
type preview struct {
	ID         string `json:"interactionId"`
	CampaignID string `json:"campaignId"`
}

// AcceptPreview dials the contact of a preview campaign.
func (d *Desktop) AcceptPreview(ctx context.Context, campaign, id string) error {
	return d.command(ctx, callPreviewAccept, wrapped{preview{id, campaign}})
}

// SkipPreview passes the contact of a preview campaign on.
func (d *Desktop) SkipPreview(ctx context.Context, campaign, id string) error {
	return d.command(ctx, callPreviewSkip, wrapped{preview{id, campaign}})
}

// RemovePreview takes the contact out of the campaign.
func (d *Desktop) RemovePreview(ctx context.Context, campaign, id string) error {
	return d.command(ctx, callPreviewRemove, wrapped{preview{id, campaign}})
}

// Token returns the agent's Webex access token, which the backend exchanges for
// a session of ours.
func (d *Desktop) Token(ctx context.Context) (string, error) {
	raw, err := d.call(ctx, callToken)
	if err != nil {
		return "", err
	}
	var token string
	if json.Unmarshal(raw, &token) != nil || token == "" {
		return "", fmt.Errorf("%w: no access token", ErrNotReady)
	}
	return token, nil
}

func invalid(op, why string) error { return fmt.Errorf("%w: %s: %s", webexcc.ErrInvalid, op, why) }
