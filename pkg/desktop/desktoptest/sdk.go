package desktoptest

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"deskbridge/pkg/desktop"
	"deskbridge/pkg/webexcc"
)

// argument is everything that a method's argument may hold.
type argument struct {
	InteractionID string `json:"interactionId"`
	QueueID       string `json:"queueId"`
	State         string `json:"state"`
	AuxCode       string `json:"auxCodeIdArray"`
	Data          struct {
		MediaResourceID  string `json:"mediaResourceId"`
		AutoResumed      bool   `json:"autoResumed"`
		To               string `json:"to"`
		DestinationType  string `json:"destinationType"`
		HoldParticipants bool   `json:"holdParticipants"`
		AgentID          string `json:"agentId"`
		ParticipantID    string `json:"participantId"`
		LogoutReason     string `json:"logoutReason"`
		AgentProfileID   string `json:"agentProfileId"`
		State            string `json:"state"`

		webexcc.WrapUp
		webexcc.Outdial
	} `json:"data"`
}

func (a argument) destination() webexcc.Destination {
	return webexcc.Destination{To: a.Data.To, Type: a.Data.DestinationType}
}

// method is a call as a command: what is sent, and which notifications settle
// it.
type method struct {
	send     func(context.Context, *webexcc.Client, argument) error
	resolve  []string
	refuse   []string
	anywhere bool // They are not about the interaction that the argument names.
}

var methods = map[string]method{
	"agentContact.acceptV2": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.Accept(ctx, a.InteractionID)
	}, []string{webexcc.AgentContactAssigned}, []string{webexcc.AgentContactAssignFailed}, false},
	"agentContact.consultAccept": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.AcceptConsult(ctx, a.InteractionID)
	}, []string{webexcc.AgentConsulting}, []string{webexcc.AgentContactAssignFailed}, false},
	"agentContact.endV2": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.End(ctx, a.InteractionID)
	}, []string{webexcc.AgentWrapup, webexcc.ContactEnded}, []string{webexcc.AgentContactEndFailed}, false},
	"agentContact.wrapupV2": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.WrapUp(ctx, a.InteractionID, a.Data.WrapUp)
	}, []string{webexcc.AgentWrappedUp}, []string{webexcc.AgentWrapupFailed}, false},
	"agentContact.hold": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.Hold(ctx, a.InteractionID, a.Data.MediaResourceID)
	}, []string{webexcc.AgentContactHeld}, []string{webexcc.AgentContactHoldFailed}, false},
	"agentContact.unHold": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.Unhold(ctx, a.InteractionID, a.Data.MediaResourceID)
	}, []string{webexcc.AgentContactUnheld}, []string{webexcc.AgentContactUnHoldFailed}, false},
	"agentContact.pauseRecordingV2": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.PauseRecording(ctx, a.InteractionID)
	}, []string{webexcc.ContactRecordingPaused}, []string{webexcc.ContactRecordingPauseFailed}, false},
	"agentContact.resumeRecordingV2": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.ResumeRecording(ctx, a.InteractionID, a.Data.AutoResumed)
	}, []string{webexcc.ContactRecordingResumed}, []string{webexcc.ContactRecordingResumeFailed}, false},
	"agentContact.consultV2": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.Consult(ctx, a.InteractionID, webexcc.Consultation{Destination: a.destination(), HoldParticipants: a.Data.HoldParticipants})
	}, []string{webexcc.AgentConsultCreated}, []string{webexcc.AgentConsultFailed, webexcc.AgentCtqFailed}, false},
	"agentContact.consultEndV2": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.EndConsult(ctx, a.InteractionID, a.QueueID)
	}, []string{webexcc.AgentConsultEnded, webexcc.AgentConsultConferenceEnded, webexcc.ContactEnded, webexcc.AgentCtqCancelled},
		[]string{webexcc.AgentConsultEndFailed, webexcc.AgentCtqCancelFailed}, false},
	"agentContact.consultConferenceV2": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.Conference(ctx, a.InteractionID, webexcc.Merger{AgentID: a.Data.AgentID, Destination: a.destination()})
	}, []string{webexcc.AgentConsultConferenced, webexcc.AgentConsultConferencing}, []string{webexcc.AgentConsultConferenceFailed}, false},
	"agentContact.exitConference": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.ExitConference(ctx, a.InteractionID)
	}, []string{webexcc.ParticipantLeftConference}, []string{webexcc.ParticipantLeftConferenceFailed}, false},
	"agentContact.dropConferenceParticipant": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.DropParticipant(ctx, a.InteractionID, a.Data.ParticipantID)
	}, []string{webexcc.ParticipantLeftConference}, []string{webexcc.ParticipantDropConferenceFailed}, false},
	"agentContact.consultTransferV2": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.ConsultTransfer(ctx, a.InteractionID, a.destination())
	}, []string{webexcc.AgentConsultTransferred, webexcc.AgentConsultTransferring, webexcc.AgentWrapup},
		[]string{webexcc.AgentConsultTransferFailed}, false},
	"agentContact.blindTransferV2": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.Transfer(ctx, a.InteractionID, a.destination())
	}, []string{webexcc.AgentBlindTransferred}, []string{webexcc.AgentBlindTransferFailed}, false},
	"agentContact.vteamTransferV2": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.Transfer(ctx, a.InteractionID, a.destination())
	}, []string{webexcc.AgentVteamTransferred}, []string{webexcc.AgentVteamTransferFailed}, false},
	"agentContact.buddyAgentsV2": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.BuddyAgents(ctx, webexcc.BuddyRequest{AgentProfileID: a.Data.AgentProfileID, MediaType: a.Data.MediaType, State: a.Data.State})
	}, []string{webexcc.BuddyAgentsListed}, []string{webexcc.BuddyAgentsRetrieveFailed}, true},
	"dialer.startOutdial": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.Outdial(ctx, a.Data.Outdial)
	}, []string{webexcc.AgentOfferContact}, []string{webexcc.AgentOutboundFailed}, true},
	"agentStateInfo.stateChange": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.SetState(ctx, webexcc.StateChange{State: a.State, AuxCodeID: a.AuxCode})
	}, []string{webexcc.AgentStateChangeSuccess}, []string{webexcc.AgentStateChangeFailed}, true},
	"logout.desktopLogout": {func(ctx context.Context, c *webexcc.Client, a argument) error {
		return c.LogOut(ctx, a.Data.LogoutReason)
	}, []string{webexcc.AgentLogoutSuccess}, []string{webexcc.AgentLogoutFailed}, true},
}

// take is the bridge: it carries out what the app asks.
func (d *Desk) take(text string) error {
	var m struct {
		ID     uint64            `json:"id"`
		Call   string            `json:"call"`
		Args   []json.RawMessage `json:"args"`
		Listen []string          `json:"listen"`
	}
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.present {
		return nil // A port whose other end is gone.
	}
	d.listened = append(d.listened, m.Listen...)
	if m.Call == "" {
		return nil
	}
	d.made = append(d.made, m.Call)
	if i := slices.Index(d.hangs, m.Call); i >= 0 {
		d.hangs = slices.Delete(d.hangs, i, i+1)
		return nil
	}
	if reason, ok := d.rejects[m.Call]; ok {
		delete(d.rejects, m.Call)
		d.reject(m.ID, m.Call, reason)
		return nil
	}
	var arg argument
	if len(m.Args) > 0 {
		_ = json.Unmarshal(m.Args[0], &arg) // The methods that are not here take other things.
	}
	d.carryOut(m.ID, m.Call, arg)
	return nil
}

func (d *Desk) reject(id uint64, call, reason string) {
	if id > 0 {
		d.say(map[string]any{"id": id, "error": map[string]any{"id": "Service.aqm." + call, "reason": reason, "trackingId": "none"}})
	}
}

func (d *Desk) carryOut(id uint64, call string, arg argument) {
	switch call {
	case "agentStateInfo.latestData":
		d.say(map[string]any{"id": id, "ok": d.latest})
		return
	case "actions.getToken":
		d.say(map[string]any{"id": id, "ok": d.cfg.Token})
		return
	case "actions.getTaskMap":
		d.maps = append(d.maps, id)
		d.background(func(ctx context.Context) error { return d.client.Reload(ctx) }, func(string) {
			d.found, d.wanted = nil, nil
			d.answerMaps()
		})
		return
	}
	m, ok := methods[call]
	switch {
	case !ok && slices.Contains(desktop.Calls(), call):
		if id > 0 {
			d.say(map[string]any{"id": id, "ok": nil}) // It has no counterpart at Webex.
		}
		return
	case !ok:
		d.reject(id, call, "not on the list")
		return
	}
	d.promises = append(d.promises, &promise{id, call, func(typ, interaction string, n webexcc.Notification) verdict {
		resolve := m.resolve
		if call == "agentContact.consultV2" && strings.EqualFold(arg.Data.DestinationType, webexcc.ToQueue) {
			resolve = []string{webexcc.AgentConsulting}
		}
		t, isTask := n.(webexcc.Task)
		switch {
		case !m.anywhere && interaction != arg.InteractionID:
		case slices.Contains(m.refuse, typ):
			return refuses
		case call == "dialer.startOutdial" && isTask && t.Data.Interaction.ContactDirection.Type != webexcc.Outbound:
		case slices.Contains(resolve, typ):
			return resolves
		}
		return waits
	}})
	d.background(func(ctx context.Context) error { return m.send(ctx, d.client, arg) }, func(reason string) {
		d.promises = slices.DeleteFunc(d.promises, func(p *promise) bool { return p.id == id })
		d.reject(id, call, reason)
	})
}

// background sends a command; refused is called, with the lock held, if it was.
func (d *Desk) background(send func(context.Context) error, refused func(reason string)) {
	ctx := d.ctx
	d.running.Go(func() {
		err := send(ctx)
		if err == nil {
			return
		}
		reason := "Service.reqs.generic.failure"
		if no := (*webexcc.Error)(nil); errors.As(err, &no) && no.Type != "" {
			reason = no.Type
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		refused(reason)
	})
}
