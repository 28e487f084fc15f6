package webexcctest

import (
	"fmt"
	"slices"

	"deskbridge/pkg/webexcc"
)

// A CallRequest is a customer who calls or writes.
type CallRequest struct {
	From        string            `json:"from"`            // Required: number or address.
	To          string            `json:"to,omitempty"`    // What was called; defaults to the organization's.
	Queue       string            `json:"queue,omitempty"` // Id or name; defaults to the first of the medium.
	Agent       string            `json:"agent,omitempty"` // The next offer is for this agent only.
	CAD         map[string]string `json:"cad,omitempty"`
	RonaTimeout int               `json:"ronaTimeout,omitempty"` // Seconds of the next offer; defaults to 18.
	Subject     string            `json:"subject,omitempty"`     // Chats and e-mails.
	Text        string            `json:"text,omitempty"`        // Chats and e-mails.
}

// AgentInfo is an agent as the sandbox shows one.
type AgentInfo struct {
	Name         string   `json:"name"`
	AgentID      string   `json:"agentId"`
	Extension    string   `json:"extension"` // The phone logged in with, else the agent's own.
	Token        string   `json:"token"`     // Always good.
	TeamID       string   `json:"teamId"`
	State        string   `json:"state"`             // LoggedOut, Available or Idle.
	AuxCode      string   `json:"auxCode,omitempty"` // The idle code's name.
	Interactions []string `json:"interactions"`
}

// InteractionInfo is a contact as the sandbox shows one.
type InteractionInfo struct {
	ID        string `json:"id"`
	MediaType string `json:"mediaType"`
	From      string `json:"from"`
	To        string `json:"to"`
	Queue     string `json:"queue"`
	State     string `json:"state"` // queued, else the wire's: new while it rings, connected, …
	Agent     string `json:"agent"` // Name of the owner or of whom it is offered to.
	Direction string `json:"direction"`
	Consulted string `json:"consulted,omitempty"` // Name or number of who is consulted, whether answered or not.
	Parent    string `json:"parent,omitempty"`    // What the agent behind an entry point is consulted about.
}

// Call lets a customer call in and returns the interaction id. The call waits
// until an agent is free.
func (s *Server) Call(r CallRequest) (string, error) { return s.arrive(telephony, QueueBilling, r) }

// Chat lets a customer open a chat.
func (s *Server) Chat(r CallRequest) (string, error) { return s.arrive("chat", QueueChat, r) }

// Email lets a customer send an e-mail.
func (s *Server) Email(r CallRequest) (string, error) { return s.arrive("email", QueueEmail, r) }

func (s *Server) arrive(medium, usual string, r CallRequest) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Queue == "" {
		r.Queue = usual
	}
	q, ok := s.fix.queueNamed(r.Queue)
	if !ok {
		return "", fmt.Errorf("%w: queue %q", ErrUnknown, r.Queue)
	}
	if r.From == "" || !foldEqual(string(q.ChannelType), medium) || r.RonaTimeout < 0 {
		return "", fmt.Errorf("%w: from and a queue of the medium are required", ErrInvalid)
	}
	var target *agent
	if r.Agent != "" {
		if target = s.findAgent(r.Agent); target == nil {
			return "", fmt.Errorf("%w: agent %q", ErrUnknown, r.Agent)
		}
	}
	if r.To == "" {
		r.To = DefaultANI
		if medium != telephony {
			r.To = "support@example.test"
		}
	}
	i := s.newInteraction(medium, r.From, r.To, q, r.CAD)
	i.target, i.ringFor = target, r.RonaTimeout
	if medium != telephony {
		i.detail("subject", r.Subject) // The texts of digital media travel elsewhere at Webex: invented.
		i.detail("text", r.Text)
	}
	s.enqueue(i)
	return i.id(), nil
}

// Answer picks up what rings at an agent's desk: an offer, a consult, the
// agent's own leg of an outdial. A dial number that is being consulted answers
// under its number. It returns ErrState when nothing rings there. See [Server.Phone]
// for what else a phone does.
func (s *Server) Answer(interactionID, agent string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.tasks[interactionID]
	if !ok {
		return fmt.Errorf("%w: interaction %q", ErrUnknown, interactionID)
	}
	if i.inMain(agent) || i.consult != nil && i.consult.party == agent {
		if s.findAgent(agent) == nil {
			return s.outsider(i, agent, "answer")
		}
	}
	a := s.findAgent(agent)
	switch {
	case a == nil:
		return fmt.Errorf("%w: agent %q", ErrUnknown, agent)
	case i.offer == nil || i.offer.to != a:
		return fmt.Errorf("%w: nothing rings at %s", ErrState, a.name)
	}
	s.pickUp(i)
	return nil
}

// Customer does what the customer does: answer, busy or no-answer to an
// outdial, hangup at any time, message (with text) in a chat or e-mail.
func (s *Server) Customer(interactionID, action, text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.tasks[interactionID]
	if !ok {
		return fmt.Errorf("%w: interaction %q", ErrUnknown, interactionID)
	}
	outdial := i.dialler != nil && !i.reached()
	gone := fmt.Errorf("%w: %s", ErrState, action)
	if i.over || i.parent != nil { // The caller of a child is an agent.
		return gone
	}
	switch action {
	case "answer":
		if !outdial || !i.in(i.dialler) {
			return gone
		}
		s.customerAnswers(i)
	case "busy", "no-answer":
		if !outdial {
			return gone
		}
		reason := reasonBusy
		if action == "no-answer" {
			reason = reasonNoAnswer
		}
		s.outdialFails(i, reason)
	case "hangup":
		s.hangUp(i, outdial)
	case "message":
		if i.medium() == telephony {
			return gone
		}
		i.detail("text", text)
		s.tellAll(i, webexcc.ContactUpdated) // Invented, see arrive.
	default:
		return fmt.Errorf("%w: action %q", ErrInvalid, action)
	}
	return nil
}

func (s *Server) hangUp(i *interaction, outdial bool) {
	connected := slices.ContainsFunc(s.agents, i.in) || len(i.pending) > 0 || i.w.State == webexcc.StateConnected
	switch {
	case outdial: // The customer declines.
		s.outdialFails(i, reasonNoAnswer)
	case connected && i.offer != nil && !i.offer.consult, connected && slices.Contains(s.queue, i):
		s.abandon(i) // Handed over by somebody who wraps up, and not taken yet.
	case connected:
		s.finish(i, true)
	default:
		s.abandon(i)
	}
}

// Agents returns the agents in the fixture's order.
func (s *Server) Agents() []AgentInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []AgentInfo
	for _, a := range s.agents {
		info := AgentInfo{
			Name: a.name, AgentID: a.id, Extension: a.extension, Token: fixedToken(a.name, s.cfg.OrgID), TeamID: TeamID,
			State: webexcc.LoggedOut, Interactions: []string{},
		}
		if a.loggedIn() {
			info.State, info.Extension = a.status, a.number
			if code, ok := s.fix.code(webexcc.IdleCode, a.aux); ok {
				info.AuxCode = string(code.Name)
			}
		}
		for _, i := range s.involved(a) {
			info.Interactions = append(info.Interactions, i.id())
		}
		list = append(list, info)
	}
	return list
}

// Interactions returns what goes on, oldest first.
func (s *Server) Interactions() []InteractionInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []InteractionInfo{}
	for _, id := range s.order {
		i := s.tasks[id]
		info := InteractionInfo{
			ID: id, MediaType: i.medium(), From: i.customer, To: i.w.CallProcessingDetails[webexcc.DetailDNIS], Queue: string(i.queue.Name),
			State: i.w.State, Direction: i.w.ContactDirection.Type, Parent: string(i.w.ParentInteractionID),
		}
		if c := i.consult; c != nil {
			info.Consulted = c.party
			if c.to != nil {
				info.Consulted = c.to.name
			}
		}
		if i.dialler != nil || i.w.ContactDirection.Type == webexcc.Outbound {
			info.From, info.To = i.w.CallProcessingDetails[webexcc.DetailANI], i.customer
		}
		if a := s.findAgent(string(i.w.Owner)); a != nil {
			info.Agent = a.name
		}
		if slices.Contains(s.queue, i) {
			info.State = "queued"
		}
		list = append(list, info)
	}
	return list
}

// SetAgentState does what a supervisor may: state is Available, Idle (with the
// id or name of an idle code, Meeting when empty) or LoggedOut. An agent who is
// not logged in is logged in at the desk phone first.
func (s *Server) SetAgentState(agent, state, auxCodeID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.findAgent(agent)
	if a == nil {
		return fmt.Errorf("%w: agent %q", ErrUnknown, agent)
	}
	change := stateChange{forced: true}
	switch {
	case foldEqual(state, webexcc.LoggedOut):
		if !a.loggedIn() {
			return nil
		}
		if s.talking(a) {
			return fmt.Errorf("%w: %s has contacts", ErrState, a.name)
		}
		s.logOut(a, SupervisorName)
		return nil
	case foldEqual(state, webexcc.Available):
		change.status, change.aux, change.reason = webexcc.Available, webexcc.AvailableCode, webexcc.Available
	case foldEqual(state, webexcc.Idle):
		if auxCodeID == "" {
			auxCodeID = CodeMeeting
		}
		code, ok := s.fix.code(webexcc.IdleCode, auxCodeID)
		if !ok {
			return fmt.Errorf("%w: idle code %q", ErrUnknown, auxCodeID)
		}
		change.status, change.aux, change.reason = webexcc.Idle, code.ID, string(code.Name)
	default:
		return fmt.Errorf("%w: state %q", ErrInvalid, state)
	}
	if !a.loggedIn() {
		for _, other := range s.agents {
			if other.number == a.extension {
				return fmt.Errorf("%w: extension %s is in use", ErrState, a.extension)
			}
		}
		s.logIn(a, webexcc.DeviceExtension, a.extension, "")
	}
	s.change(a, change)
	return nil
}

// MultiLogin takes an agent's notifications over, as a sign-in elsewhere does:
// the open sockets are told and closed.
func (s *Server) MultiLogin(agent string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.findAgent(agent)
	if a == nil {
		return fmt.Errorf("%w: agent %q", ErrUnknown, agent)
	}
	s.takeOver(a)
	return nil
}

// DropSockets cuts an agent's notification sockets without a close frame, or,
// if silent, leaves them open and mute. An empty name means everybody. The
// agent stays logged in.
func (s *Server) DropSockets(name string, silent bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.agents
	if name != "" {
		a := s.findAgent(name)
		if a == nil {
			return fmt.Errorf("%w: agent %q", ErrUnknown, name)
		}
		list = []*agent{a}
	}
	for _, a := range list {
		for _, c := range a.sockets {
			if silent {
				c.mute()
			} else {
				c.cut()
			}
		}
	}
	return nil
}
