package webexcctest

import (
	"encoding/json"
	"slices"
	"strings"

	"deskbridge/pkg/webexcc"
)

// Reasons of failures. The vendor documents none; these are invented.
const (
	reasonState       = "INVALID_STATE"
	reasonUnavailable = "AGENT_UNAVAILABLE"
	reasonUnsupported = "NOT_SUPPORTED"
	reasonUnknown     = "UNKNOWN_DESTINATION"
	reasonFull        = "CONFERENCE_IS_FULL"
	reasonNotAllowed  = "NOT_ALLOWED" // By the tenant.
	reasonDeclined    = "AGENT_DECLINED"
	reasonAgentBusy   = "AGENT_BUSY"
)

// args is everything that a task command's body may hold.
type args struct {
	MediaResourceID string `json:"mediaResourceId"`
	AutoResumed     bool   `json:"autoResumed"`
	To              string `json:"to"`
	DestinationType string `json:"destinationType"`

	HoldParticipants *bool `json:"holdParticipants"` // Absent: yes.

	QueueID      string `json:"queueId"`
	AuxCodeID    string `json:"auxCodeId"`
	WrapUpReason string `json:"wrapUpReason"`
}

// task carries out a command about one contact. A command that makes no sense
// now is accepted and its failure notified, with the contact as it is.
func (s *Server) task(a *agent, id, op string, body []byte, forced string) *refusal {
	i, ok := s.tasks[id]
	if !ok || !s.concerns(i, a) {
		return notFound("no such task")
	}
	var in args
	if json.Unmarshal(body, &in) != nil {
		return badRequest("the body is not JSON")
	}
	do := s.operation(op)
	if do == nil {
		return notFound("no such operation")
	}
	if message := missing(op, in); message != "" {
		return badRequest(message)
	}
	reason := forced
	if reason == "" {
		reason = do(i, a, in)
	}
	if reason != "" {
		toQueue := in.DestinationType == webexcc.ToQueue || op == "consult/end" && in.QueueID != ""
		s.tell(i, a, failureOf(op, toQueue), because(reason))
	}
	return nil
}

// operation returns what carries out op: a function that returns the reason
// why not, empty when done. It is nil for an unknown op.
func (s *Server) operation(op string) func(*interaction, *agent, args) string {
	switch op {
	case "accept", "assign": // What assign is answered with is inferred.
		return s.accept
	case "reject":
		return s.reject
	case "hold":
		return func(i *interaction, a *agent, in args) string { return s.holding(i, a, in.MediaResourceID, true) }
	case "unhold":
		return func(i *interaction, a *agent, in args) string { return s.holding(i, a, in.MediaResourceID, false) }
	case "record/pause":
		return func(i *interaction, a *agent, in args) string { return s.recording(i, a, true, in) }
	case "record/resume":
		return func(i *interaction, a *agent, in args) string { return s.recording(i, a, false, in) }
	case "end":
		return s.end
	case "wrapup":
		return s.wrapUp
	case "transfer":
		return s.transfer
	case "consult":
		return s.startConsult
	case "consult/accept", "consultAccept":
		return s.acceptConsult
	case "consult/end", "cancelCtq":
		return s.endConsult
	case "consult/transfer":
		return s.consultTransfer
	case "consult/conference":
		return s.conference
	case "conference/exit":
		return s.exitConference
	case "conference/transfer":
		return s.transferConference
	}
	if rest, ok := strings.CutPrefix(op, "conference/participants/"); ok {
		if party, ok := strings.CutSuffix(rest, "/drop"); ok {
			return func(i *interaction, a *agent, _ args) string { return s.dropParty(i, a, party) }
		}
	}
	return nil
}

// missing returns what a body lacks, in which case the gateway answers 400.
func missing(op string, in args) string {
	switch op {
	case "hold", "unhold":
		if in.MediaResourceID == "" {
			return "Required request body is missing: mediaResourceId"
		}
	case "wrapup":
		if in.AuxCodeID == "" || in.WrapUpReason == "" {
			return "auxCodeId and wrapUpReason are required"
		}
	case "transfer", "consult", "consult/transfer", "consult/conference":
		kinds := []string{webexcc.ToAgent, webexcc.ToQueue, webexcc.ToDialNumber, webexcc.ToEntryPoint, webexcc.ToEntryPointNumber}
		if in.To == "" || !slices.Contains(kinds, in.DestinationType) {
			return "to and a known destinationType are required"
		}
	}
	return ""
}

// accept takes an offer by REST. The real service may refuse it for a desk
// phone; Cisco's sample lists it for telephony all the same.
func (s *Server) accept(i *interaction, a *agent, _ args) string {
	if i.offer == nil || i.offer.to != a || i.offer.consult {
		return reasonState
	}
	s.pickUp(i)
	return ""
}

// reject is documented without its answer: this one is inferred.
func (s *Server) reject(i *interaction, a *agent, _ args) string {
	if i.offer == nil || i.offer.to != a {
		return reasonState
	}
	s.notTaken(i, reasonDeclined)
	return ""
}

// pickUp answers what rings.
func (s *Server) pickUp(i *interaction) {
	if i.offer.consult {
		s.consultAnswered(i)
		return
	}
	s.assign(i)
}

func (s *Server) holding(i *interaction, a *agent, leg string, held bool) string {
	if i.medium() != telephony || i.over || i.parent != nil || !i.reached() {
		return reasonState
	}
	if c := i.consult; c != nil {
		return s.switchLegs(i, a, leg, held)
	}
	if leg != i.id() || !i.in(a) || i.main().IsHold.Is() == held {
		return reasonState
	}
	s.park(i, leg, held)
	s.afterHold(i, a, leg, held)
	return ""
}

// afterHold gives the contact the state that its legs imply and tells.
func (s *Server) afterHold(i *interaction, a *agent, leg string, held bool) {
	i.settle()
	typ := webexcc.AgentContactUnheld
	if held {
		typ = webexcc.AgentContactHeld
	}
	s.tellAll(i, typ, func(d *webexcc.TaskData) {
		if d.AgentID == a.id {
			d.MediaResourceID = webexcc.NullText(leg)
		}
	})
}

func (s *Server) recording(i *interaction, a *agent, pause bool, in args) string {
	going := i.w.CallProcessingDetails[webexcc.DetailRecordInProgress] == "true"
	if i.over || i.parent != nil || i.consult != nil || !i.in(a) || !i.reached() || i.w.CallProcessingDetails[webexcc.DetailRecordingStarted] != "true" || going != pause {
		return reasonState
	}
	typ := webexcc.ContactRecordingResumed
	i.detail(webexcc.DetailRecordInProgress, "true")
	i.detail(webexcc.DetailIsPaused, "false")
	if pause {
		typ = webexcc.ContactRecordingPaused
		i.detail(webexcc.DetailRecordInProgress, "false")
		i.detail(webexcc.DetailIsPaused, "true")
	}
	s.tellAll(i, typ, func(d *webexcc.TaskData) { d.AutoResumed = webexcc.BoolOf(in.AutoResumed) })
	return ""
}

func (s *Server) end(i *interaction, a *agent, _ args) string {
	switch {
	case i.over || i.pends(a):
		return reasonState
	case i.offer != nil && i.offer.to == a && i.dialler == a && !i.in(a):
		s.cancelOutdial(i)
		return ""
	case !i.owned(a) || i.parent != nil:
		return reasonState
	case !a.tenant.EndCallEnabled.Is() && i.medium() == telephony:
		return reasonNotAllowed
	case i.consult != nil:
		// The main leg may end only while the consult leg waits, and a
		// conference not even then.
		if m := i.w.Media[i.consult.media]; !m.IsHold.Is() || i.conferencing() {
			return reasonState
		}
	case i.main().IsHold.Is():
		return "CONTACT_ON_HOLD" // Invented.
	}
	s.finish(i, false)
	return ""
}

func (s *Server) wrapUp(i *interaction, a *agent, in args) string {
	if !i.pends(a) {
		return reasonState
	}
	if _, ok := s.fix.code(webexcc.WrapUpCode, in.AuxCodeID); !ok {
		return "INVALID_AUX_CODE" // Invented.
	}
	i.pending = without(i.pending, a)
	i.with(a.id, func(p *webexcc.Participant) {
		p.IsWrapUp, p.IsWrappedUp, p.HasLeft, p.LastUpdated = no, yes, yes, s.millis()
	})
	s.tell(i, a, webexcc.AgentWrappedUp)
	s.sweep(i)
	s.freeAgain(a)
	s.dispatch()
	return ""
}
