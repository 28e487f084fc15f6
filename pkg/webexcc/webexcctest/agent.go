package webexcctest

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"deskbridge/pkg/webexcc"
)

// agent is a person and the session he or she has.
type agent struct {
	person

	session string // Empty while logged out.
	device  string // webexcc.DeviceExtension, …
	number  string // The dial number of the desk phone.
	status  string // webexcc.Available or webexcc.Idle.
	aux     string
	since   webexcc.Millis // Of status.
	idle    webexcc.Millis // Of aux.
	reason  string
	freed   uint64       // Turn at which the agent last became free: the lowest is next.
	wanted  *stateChange // To be made when the work is done.

	sockets []*socket
	holds   int      // Commands whose answer has not been written yet.
	outbox  [][]byte // What waits for them.

	profile webexcc.AgentProfile
	setting webexcc.OrganizationSetting
	tenant  webexcc.TenantConfiguration
}

// stateChange is a change of state; forced says that the supervisor made it.
type stateChange struct {
	status, aux, reason string
	forced              bool
}

func (a *agent) loggedIn() bool { return a.session != "" }

// hold keeps back what is told to the agent until release, so that a command's
// outcome never overtakes its 202.
func (a *agent) hold() { a.holds++ }

func (a *agent) release() {
	if a.holds--; a.holds > 0 {
		return
	}
	for _, message := range a.outbox {
		a.deliver(message)
	}
	a.outbox = nil
}

func (a *agent) deliver(message []byte) {
	for _, c := range a.sockets {
		c.send(message)
	}
}

// push tells the agent something, on every socket there is.
func (s *Server) push(a *agent, outer string, data any) {
	message := s.envelope(outer, data)
	if a.holds > 0 {
		a.outbox = append(a.outbox, message)
		return
	}
	a.deliver(message)
}

// sessionEvent is the data of an agent event.
func (s *Server) sessionEvent(a *agent, typ string) webexcc.Session {
	return webexcc.Session{
		EventType: webexcc.AgentDesktopMessage, Type: typ, AgentID: a.id, AgentSessionID: webexcc.Text(a.session), OrgID: s.cfg.OrgID,
		TrackingID: newID(), EventTime: s.millis(),
	}
}

func (s *Server) sessionFailed(a *agent, outer, typ, reason string) {
	data := s.sessionEvent(a, typ)
	data.Reason, data.ReasonCode = webexcc.Text(reason), "1001"
	s.push(a, outer, data)
}

// fullSession adds what login and reload tell.
func (s *Server) fullSession(a *agent, typ string) webexcc.Session {
	channels := map[string][]string{}
	for medium, n := range s.fix.channels {
		for range n {
			channels[medium] = append(channels[medium], newID())
		}
	}
	channelsMap, _ := json.Marshal(channels) // Strings always encode.
	d := s.stateEvent(a, typ)
	d.TeamID, d.SiteID, d.ChannelsMap, d.ProfileType = TeamID, SiteID, channelsMap, "BLENDED"
	d.DialNumber, d.DN, d.DeviceType, d.DeviceID = webexcc.Text(a.number), webexcc.Text(a.number), webexcc.Text(a.device), webexcc.Text(a.number)
	d.IsExtension, d.Roles = webexcc.BoolOf(a.device == webexcc.DeviceExtension), webexcc.Texts{"agent"}
	d.EmergencyModalShown = no
	d.InteractionIDs = webexcc.Texts{}
	for _, i := range s.involved(a) {
		d.InteractionIDs = append(d.InteractionIDs, i.w.InteractionID)
	}
	return d
}

func (s *Server) stateEvent(a *agent, typ string) webexcc.Session {
	d := s.sessionEvent(a, typ)
	d.AuxCodeID, d.Status, d.SubStatus = webexcc.Text(a.aux), webexcc.LoggedIn, a.status
	d.LastStateChangeTimestamp, d.LastIdleCodeChangeTimestamp = a.since, a.idle
	d.LastStateChangeReason = webexcc.Text(a.reason)
	return d
}

// extensionNumber and dialNumber are what a desk phone may be called.
var (
	extensionNumber = regexp.MustCompile(`^[0-9]{2,10}$`)
	dialNumber      = regexp.MustCompile(`^\+?[0-9]{6,15}(,+[0-9]+)?$`)
)

func (s *Server) login(a *agent, body []byte, forced string) *refusal {
	var l webexcc.Login
	if json.Unmarshal(body, &l) != nil || l.DialNumber == "" || l.TeamID == "" {
		return badRequest("dialNumber and teamId are required")
	}
	if l.DeviceType == "" { // The public sample leaves it out.
		l.DeviceType = webexcc.DeviceAgentDN
		if l.IsExtension {
			l.DeviceType = webexcc.DeviceExtension
		}
	}
	if forced == "" {
		forced = s.loginProblem(a, l)
	}
	if forced != "" {
		s.sessionFailed(a, webexcc.OuterStationLogin, webexcc.AgentStationLoginFailed, forced)
		return nil
	}
	s.logIn(a, l.DeviceType, l.DialNumber, l.AuxCodeID)
	return nil
}

// loginProblem returns the reason to refuse a login, empty for none. The
// reasons other than the two of package webexcc are invented.
func (s *Server) loginProblem(a *agent, l webexcc.Login) string {
	pattern := dialNumber
	switch l.DeviceType {
	case webexcc.DeviceExtension:
		pattern = extensionNumber
	case webexcc.DeviceAgentDN:
	default:
		return "DEVICE_TYPE_NOT_ALLOWED"
	}
	switch {
	case l.TeamID != TeamID:
		return "TEAM_NOT_FOUND"
	case !pattern.MatchString(l.DialNumber):
		return webexcc.ReasonInvalidDialNumber
	}
	for _, other := range s.agents {
		if other != a && other.loggedIn() && other.number == l.DialNumber {
			return webexcc.ReasonDuplicateLocation
		}
	}
	return ""
}

func (s *Server) logIn(a *agent, device, number, aux string) {
	if _, ok := s.fix.code(webexcc.IdleCode, aux); !ok || aux == "" {
		aux = CodeMeeting
	}
	a.session, a.device, a.number = newID(), device, number
	a.status, a.aux, a.reason, a.wanted = webexcc.Idle, aux, "", nil
	a.since = s.millis()
	a.idle = a.since
	s.push(a, webexcc.OuterStationLogin, s.fullSession(a, webexcc.AgentStationLoginSuccess))
	s.push(a, webexcc.OuterRoutingMessage, map[string]any{
		"type": webexcc.AgentDNRegistered, "agentId": a.id, "dn": a.number, "orgId": s.cfg.OrgID,
	})
}

func (s *Server) logout(a *agent, body []byte, forced string) *refusal {
	var req webexcc.LogoutRequest
	if json.Unmarshal(body, &req) != nil {
		return badRequest("the body is not a logout")
	}
	switch {
	case forced != "":
	case !a.loggedIn():
		forced = webexcc.ReasonAgentNotFound
	case s.talking(a):
		forced = "AGENT_HAS_ACTIVE_INTERACTION" // Invented.
	}
	if forced != "" {
		s.sessionFailed(a, webexcc.OuterLogout, webexcc.AgentLogoutFailed, forced)
		return nil
	}
	s.logOut(a, "")
	return nil
}

// talking reports whether the agent has more than wrap-ups to do.
func (s *Server) talking(a *agent) bool {
	return slices.ContainsFunc(s.involved(a), func(i *interaction) bool { return !i.pends(a) })
}

// logOut ends the session; what was to be wrapped up is forgotten.
func (s *Server) logOut(a *agent, by string) {
	for _, i := range s.involved(a) {
		i.pending = without(i.pending, a)
		s.sweep(i)
	}
	d := s.sessionEvent(a, webexcc.AgentLogoutSuccess)
	d.Status, d.SubStatus, d.LoggedOutBy, d.Roles = webexcc.LoggedOut, webexcc.Idle, webexcc.Text(by), webexcc.Texts{"agent"}
	a.session, a.device, a.number, a.status, a.aux, a.wanted = "", "", "", "", "", nil
	s.push(a, webexcc.OuterLogout, d)
}

func (s *Server) reload(a *agent, _ []byte, _ string) *refusal {
	if !a.loggedIn() {
		s.sessionFailed(a, webexcc.OuterReloginFailed, webexcc.AgentReloginFailed, webexcc.ReasonAgentNotFound)
		return nil
	}
	s.push(a, webexcc.OuterReloginSuccess, s.fullSession(a, webexcc.AgentReloginSuccess))
	for _, i := range s.involved(a) {
		s.tell(i, a, webexcc.AgentContact)
	}
	return nil
}

func (s *Server) setState(a *agent, body []byte, forced string) *refusal {
	var c webexcc.StateChange
	if json.Unmarshal(body, &c) != nil || c.State != webexcc.Available && c.State != webexcc.Idle {
		return badRequest("state must be Available or Idle")
	}
	if c.State == webexcc.Available {
		c.AuxCodeID = webexcc.AvailableCode
	}
	code, known := s.fix.code(webexcc.IdleCode, c.AuxCodeID)
	switch {
	case forced != "":
	case !a.loggedIn():
		forced = webexcc.ReasonAgentNotFound
	case c.State == webexcc.Idle && (!known || code.IsSystemCode.Is()):
		forced = "INVALID_AUX_CODE" // Invented.
	}
	if forced != "" {
		s.sessionFailed(a, webexcc.OuterAgentStateChange, webexcc.AgentStateChangeFailed, forced)
		return nil
	}
	s.change(a, stateChange{c.State, c.AuxCodeID, c.Reason, false})
	return nil
}

// change makes the change now, or after the contacts that the agent has.
func (s *Server) change(a *agent, c stateChange) {
	if len(s.involved(a)) > 0 {
		a.wanted = &c
		return
	}
	s.changeNow(a, c)
	s.dispatch()
}

func (s *Server) changeNow(a *agent, c stateChange) {
	a.wanted = nil
	now := s.millis()
	if c.status != a.status {
		a.since = now
		s.turn++
		a.freed = s.turn
	}
	if c.status == webexcc.Idle || a.status == webexcc.Idle {
		a.idle = now
	}
	a.status, a.aux, a.reason = c.status, c.aux, c.reason
	d := s.stateEvent(a, webexcc.AgentStateChangeSuccess)
	if c.forced {
		d.ChangedBy, d.ChangedByID, d.ChangedByName = "Supervisor", SupervisorID, SupervisorName
	}
	s.push(a, webexcc.OuterAgentStateChange, stateOnWire(d))
}

// freeAgain is called when an agent is done with a contact.
func (s *Server) freeAgain(a *agent) {
	s.turn++
	a.freed = s.turn
	if a.wanted != nil && a.loggedIn() && len(s.involved(a)) == 0 {
		s.changeNow(a, *a.wanted)
	}
}

// toSystemCode makes an agent idle who did not take an offer, for this reason.
func (s *Server) toSystemCode(a *agent, reason string) {
	name := webexcc.CodeAgentDeclined
	switch reason {
	case webexcc.ReasonRonaExpired:
		name = webexcc.CodeRona
	case reasonAgentBusy:
		name = webexcc.CodeAgentBusy
	}
	if code, ok := s.fix.code(webexcc.IdleCode, name); ok && a.loggedIn() && a.status == webexcc.Available {
		s.changeNow(a, stateChange{webexcc.Idle, code.ID, name, false})
	}
}

// buddies lists the colleagues who are logged in and take contacts of the
// medium. Who is Available but talks already is left out only if Available is
// what is asked for.
func (s *Server) buddies(a *agent, body []byte, forced string) *refusal {
	var req webexcc.BuddyRequest
	if json.Unmarshal(body, &req) != nil || req.MediaType == "" {
		return badRequest("mediaType is required")
	}
	list := webexcc.BuddyList{
		EventType: webexcc.AgentDesktopMessage, Type: webexcc.BuddyAgentsListed, AgentID: a.id, AgentSessionID: webexcc.Text(a.session),
		OrgID: s.cfg.OrgID, TrackingID: newID(), AgentList: []webexcc.Buddy{},
	}
	if forced == "" && !a.loggedIn() {
		forced = webexcc.ReasonAgentNotFound
	}
	if forced != "" {
		list.Type, list.Reason, list.ReasonCode = webexcc.BuddyAgentsRetrieveFailed, webexcc.Text(forced), "1001"
		s.push(a, webexcc.OuterBuddyAgents, list)
		return nil
	}
	for _, b := range s.agents {
		switch {
		case b == a, !b.loggedIn(), s.fix.channels[req.MediaType] == 0, req.State != "" && !foldEqual(b.status, req.State),
			foldEqual(req.State, webexcc.Available) && !s.room(b, req.MediaType):
			continue
		}
		list.AgentList = append(list.AgentList, webexcc.Buddy{
			AgentID: b.id, AgentName: webexcc.Text(b.fullName()), State: webexcc.Text(b.status), TeamID: TeamID,
			DN: webexcc.Text(b.number), SiteID: SiteID,
		})
	}
	s.push(a, webexcc.OuterBuddyAgents, list)
	return nil
}

// without returns list without v.
func without[T comparable](list []T, v T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(x T) bool { return x == v })
}

func foldEqual(a, b string) bool { return strings.EqualFold(a, b) }
