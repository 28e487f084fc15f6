package webexcctest

import (
	"fmt"
	"slices"

	"deskbridge/pkg/webexcc"
)

// Phone does what somebody at a phone does who is not the customer. phone is an
// agent (name, id) for the desk phone, or a number that was dialled. action is
//
//   - answer what rings;
//   - decline, busy or no-answer, instead: an agent is made idle for it, like
//     one who lets it ring until the RONA timer;
//   - hangup, at any time.
//
// A dialled number rings until it is told otherwise. It returns ErrState when
// the phone is not in the call, or in no state for the action.
func (s *Server) Phone(interactionID, phone, action string) error {
	if action == "answer" {
		return s.Answer(interactionID, phone)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.tasks[interactionID]
	if !ok {
		return fmt.Errorf("%w: interaction %q", ErrUnknown, interactionID)
	}
	a := s.findAgent(phone)
	if a == nil {
		return s.outsider(i, phone, action)
	}
	if i.offer != nil && i.offer.to == a {
		reason, ok := map[string]string{
			"decline": reasonDeclined, "hangup": reasonDeclined, "busy": reasonAgentBusy, "no-answer": webexcc.ReasonRonaExpired,
		}[action]
		if !ok {
			return fmt.Errorf("%w: action %q", ErrInvalid, action)
		}
		s.notTaken(i, reason)
		return nil
	}
	switch {
	case !slices.Contains([]string{"decline", "busy", "no-answer", "hangup"}, action):
		return fmt.Errorf("%w: action %q", ErrInvalid, action)
	case action != "hangup" || !s.concerns(i, a) || i.pends(a) || i.medium() != telephony:
		return fmt.Errorf("%w: %s: %s", ErrState, a.name, action)
	}
	s.agentHangsUp(i, a)
	return nil
}

// agentHangsUp ends what the agent's phone is connected to.
func (s *Server) agentHangsUp(i *interaction, a *agent) {
	c := i.consult
	switch {
	case i.parent != nil:
		// A merge would have forgotten the child: the consult is still on.
		s.consultOver(i.parent)
		return
	case c != nil && c.to == a:
		s.consultOver(i)
		return
	case c != nil && c.by == a && c.party == "":
		s.giveUpQueue(i)
	case c != nil && c.by == a:
		s.stopOffer(i)
		s.consultOver(i)
	}
	if i.conferencing() {
		s.leave(i, a.id, nil)
		return
	}
	s.finish(i, false)
}

// inMain reports whether this party is in the main leg.
func (i *interaction) inMain(party string) bool { return slices.Contains(i.parties(), party) }

// outsider does what happens at the other end of a number.
func (s *Server) outsider(i *interaction, number, action string) error {
	p, known := i.w.Participants[number]
	c := i.consult
	consulted := c != nil && c.party == number
	if !known || p.PType != webexcc.PTypeDN || p.HasLeft.Is() || !consulted && !i.inMain(number) {
		return fmt.Errorf("%w: number %q", ErrUnknown, number)
	}
	ringing := !p.HasJoined.Is()
	reason := ""
	switch action {
	case "answer":
	case "decline", "busy":
		reason = reasonBusy
	case "no-answer":
		reason = reasonNoAnswer
	case "hangup":
		if ringing {
			return fmt.Errorf("%w: the number only rings", ErrState)
		}
	default:
		return fmt.Errorf("%w: action %q", ErrInvalid, action)
	}
	switch {
	case !ringing && action != "hangup":
		return fmt.Errorf("%w: nothing rings there", ErrState)
	case action == "answer" && consulted:
		s.consultAnswered(i)
	case action == "answer":
		now := s.millis()
		i.with(number, func(p *webexcc.Participant) { p.HasJoined, p.JoinTimestamp, p.LastUpdated = yes, now, now })
		s.tellAll(i, webexcc.ContactUpdated) // Invented.
	case consulted && reason != "":
		s.consultNotTaken(i, reason)
	case consulted:
		s.consultOver(i)
	default:
		s.leave(i, number, nil)
	}
	return nil
}
