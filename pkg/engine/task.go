package engine

import (
	"context"
	"errors"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/webexcc"
)

// errNoMedia refuses what only a contact centre with [Media] can do. The panel
// does not offer it anywhere else.
var errNoMedia = errors.New("engine: the phone itself does this")

// task carries out a command about one interaction; any other is for HubSpot.
func (e *Engine) task(ctx context.Context, c softphone.Command) error {
	cc := e.cfg.CC
	switch c := c.(type) {
	case softphone.AcceptTask:
		if e.media != nil && e.voice(c.ID) {
			return e.media.Answer(ctx, string(c.ID))
		}
		return cc.Accept(ctx, string(c.ID))
	case softphone.AcceptConsult:
		if e.media != nil && e.voice(c.ID) {
			return e.media.Answer(ctx, string(c.ID))
		}
		return cc.AcceptConsult(ctx, string(c.ID))
	case softphone.HoldTask:
		return cc.Hold(ctx, string(c.ID), c.MediaID)
	case softphone.UnholdTask:
		return cc.Unhold(ctx, string(c.ID), c.MediaID)
	case softphone.PauseRecording:
		return cc.PauseRecording(ctx, string(c.ID))
	case softphone.ResumeRecording:
		return cc.ResumeRecording(ctx, string(c.ID), false)
	case softphone.EndTask:
		return cc.End(ctx, string(c.ID))
	case softphone.WrapUpTask:
		return cc.WrapUp(ctx, string(c.ID), webexcc.WrapUp{AuxCodeID: c.CodeID, Reason: c.CodeName})
	case softphone.ConsultTask:
		return cc.Consult(ctx, string(c.ID), webexcc.Consultation{Destination: destination(c.To), HoldParticipants: true})
	case softphone.EndConsultTask:
		return cc.EndConsult(ctx, string(c.ID), c.QueueID)
	case softphone.TransferTask:
		return cc.Transfer(ctx, string(c.ID), transferTo(c.To))
	case softphone.ConsultTransferTask:
		return cc.ConsultTransfer(ctx, string(c.ID), destination(c.To))
	case softphone.ConferenceTask:
		return cc.Conference(ctx, string(c.ID), webexcc.Merger{AgentID: e.agentID(), Destination: destination(c.To)})
	case softphone.ExitConference:
		return cc.ExitConference(ctx, string(c.ID))
	case softphone.TransferConference:
		return cc.TransferConference(ctx, string(c.ID))
	case softphone.DropParticipant:
		return cc.DropParticipant(ctx, string(c.ID), c.Party)
	case softphone.DeclineTask:
		return e.withMedia(func(m Media) error { return m.Decline(ctx, string(c.ID)) })
	case softphone.MuteTask:
		return e.withMedia(func(m Media) error { return e.mute(ctx, m, c) })
	case softphone.SendDigits:
		return e.withMedia(func(m Media) error { return m.SendDigits(ctx, string(c.ID), c.Digits) })
	case softphone.UpdateVariable:
		return e.withMedia(func(m Media) error { return m.UpdateVariable(ctx, string(c.ID), c.Name, c.Value) })
	default:
		return e.tell(c)
	}
}

func (e *Engine) withMedia(do func(Media) error) error {
	if e.media == nil {
		return errNoMedia
	}
	return do(e.media)
}

func (e *Engine) mute(ctx context.Context, m Media, c softphone.MuteTask) error {
	err := m.Mute(ctx, string(c.ID), c.On)
	if err == nil {
		e.Send(softphone.MuteChanged(c))
	}
	return err
}

// voice says whether an interaction is a telephone call.
func (e *Engine) voice(id softphone.InteractionID) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, c := range e.state.Calls {
		if c.Interaction.ID == id {
			return c.Channel == softphone.Telephony
		}
	}
	return false
}

// destination is a target on the wire; the kinds are spelled alike.
func destination(to softphone.Target) webexcc.Destination {
	return webexcc.Destination{To: to.ID, Type: string(to.Kind)}
}

// transferTo is the target of a blind transfer. Only there an entry point has
// another name: Cisco's published description of the REST call lists agent,
// queue, dialNumber and entrypointDialNumber, the last with the entry point's
// id, and newer versions of its SDK send that. "entryPoint" is what the older
// SDK passed on unchanged although its own comment allows it for a consult only.
//
// https://github.com/webex/webex-openapi-specs (POST /v1/tasks/{taskId}/transfer)
func transferTo(to softphone.Target) webexcc.Destination {
	d := destination(to)
	if to.Kind == softphone.ToEntryPoint {
		d.Type = webexcc.ToEntryPointNumber
	}
	return d
}
