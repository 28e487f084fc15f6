package webexcctest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"deskbridge/pkg/webexcc"
)

// Reasons of AgentOutboundFailed. The vendor documents none: invented.
const (
	reasonBusy     = "CUSTOMER_BUSY"
	reasonNoAnswer = "NO_ANSWER"
)

// destination is what can be dialled: digits, perhaps with punctuation, and
// what is to be keyed in afterwards.
var destination = regexp.MustCompile(`^\+?[0-9*#][0-9*#().\- ]*(,+[0-9*#]+)?$`)

func (s *Server) outdial(a *agent, body []byte, forced string) *refusal {
	var o webexcc.Outdial
	if json.Unmarshal(body, &o) != nil {
		return badRequest("the body is not an outdial")
	}
	if message := s.outdialProblem(o); message != "" {
		return badRequest(message)
	}
	if !a.loggedIn() {
		// The vendor's "agent pre-condition failed".
		return &refusal{http.StatusPreconditionFailed, "Precondition Failed", "the agent is not logged in"}
	}
	if forced == "" && !s.room(a, telephony) {
		forced = reasonAgentBusy
	}
	i := s.newOutdial(a, o)
	if forced != "" {
		i.over, i.w.IsTerminated = true, yes
		s.tell(i, a, webexcc.AgentOutboundFailed, because(forced))
		s.sweep(i)
		return nil
	}
	s.propose(i, a)
	return nil
}

// outdialProblem returns why an outdial is refused with 400, empty for none.
func (s *Server) outdialProblem(o webexcc.Outdial) string {
	switch {
	case utf8.RuneCountInString(o.Destination) > webexcc.MaxDestination || !destination.MatchString(o.Destination):
		return "destination is not a number"
	case o.EntryPointID != EntryPointID:
		return "entryPointId is not an outdial entry point"
	case o.Origin != "" && !slices.ContainsFunc(s.fix.anis, func(e webexcc.OutdialANI) bool { return string(e.Number) == o.Origin }):
		return "origin is not an outdial ANI"
	case len(o.Attributes) > webexcc.MaxAttributes:
		return "there are too many attributes"
	case o.Direction != webexcc.Outbound || !strings.EqualFold(o.MediaType, telephony):
		return "direction must be OUTBOUND and mediaType telephony"
	case o.OutboundType != webexcc.OutboundOutdial:
		return "outboundType is not supported"
	}
	return ""
}

func (s *Server) newOutdial(a *agent, o webexcc.Outdial) *interaction {
	origin := o.Origin
	if origin == "" {
		origin = DefaultANI
	}
	i := s.newInteraction(telephony, o.Destination, origin, webexcc.Queue{ID: EntryPointID, Name: "Outdial"}, o.Attributes)
	i.dialler = a
	i.w.ContactDirection.Type, i.w.OutboundType = webexcc.Outbound, webexcc.OutboundOutdial
	i.w.Owner, i.w.QueuedTimestamp = webexcc.NullText(a.id), 0
	i.detail(webexcc.DetailOutdialAgentID, a.id)
	i.detail(webexcc.DetailEntryPointID, EntryPointID)
	// For an outdial the caller id is the organization's number.
	i.detail(webexcc.DetailANI, origin)
	i.detail(webexcc.DetailDisplayANI, origin)
	i.detail(webexcc.DetailDNIS, o.Destination)
	i.with(i.customer, func(p *webexcc.Participant) { p.HasJoined, p.JoinTimestamp = no, 0 })
	return i
}

// reached reports whether the customer is on the line.
func (i *interaction) reached() bool { return i.w.Participants[i.customer].HasJoined.Is() }

// customerAnswers tells that an outdialled customer picked up. How Webex says
// so after AgentContactAssigned is not documented: ContactUpdated is invented,
// and so is hasJoined false before it.
func (s *Server) customerAnswers(i *interaction) {
	now := s.millis()
	i.with(i.customer, func(p *webexcc.Participant) { p.HasJoined, p.JoinTimestamp, p.LastUpdated = yes, now, now })
	s.tellAll(i, webexcc.ContactUpdated)
}

// outdialFails ends an outdial that did not reach the customer. Only an agent
// whose phone was answered has to wrap up.
func (s *Server) outdialFails(i *interaction, reason string) {
	a := i.dialler
	connected := i.in(a)
	s.stopOffer(i)
	s.tell(i, a, webexcc.AgentOutboundFailed, because(reason))
	i.with(i.customer, func(p *webexcc.Participant) { p.HasLeft = yes })
	if connected {
		s.finish(i, false)
		return
	}
	s.shut(i)
}

// cancelOutdial ends an outdial before the agent's own phone was answered.
func (s *Server) cancelOutdial(i *interaction) {
	s.stopOffer(i)
	s.shut(i)
}

// shut ends an outdial without wrap-up.
func (s *Server) shut(i *interaction) {
	i.w.IsTerminated = yes
	s.tell(i, i.dialler, webexcc.ContactEnded, func(d *webexcc.TaskData) { d.AgentsPendingWrapUp = webexcc.Texts{} })
	i.over = true
	s.sweep(i)
	s.freeAgain(i.dialler)
	s.dispatch()
}
