package softphone

import (
	"slices"
	"strings"
	"time"
)

// The agent's own session: sign-in, lead, link, station, state.

func (m *machine) signedIn(agent Identity) {
	if m.s.Agent.AgentID != "" && m.s.Agent.AgentID != agent.AgentID {
		// Another agent on the same browser starts from nothing; unsent
		// records stay in the outbox, bound to theirs.
		m.forgetAgent()
	}
	m.s.Agent, m.s.Session, m.s.SignCode = agent, SignedInState, ""
	m.drop(SessionExpired, PopupBlocked, PopupClosed, SignInRefused, NotLinked, BackendDown)
}

func (m *machine) forgetAgent() {
	m.s.Profile, m.s.Station, m.s.Synced = nil, nil, false
	m.s.Calls, m.s.Order = map[CallKey]Call{}, nil
	m.s.Offers, m.s.History, m.s.Missed = map[InteractionID]int{}, nil, nil
	m.s.Past, m.s.Buddies, m.s.Asking = map[InteractionID]time.Time{}, nil, false
	m.s.AgentBusy, m.s.Wanted, m.s.Problems = NoAgentOp, "", nil
	m.s.IdleOut, m.s.ActiveAt, m.s.LogoutAt = false, time.Time{}, time.Time{}
}

func (m *machine) sessionMissing(code ProblemCode) {
	if m.s.Desktop != nil {
		m.signedOut("")
		m.signInRequested() // The Desktop has signed in already; nobody has to press anything.
		return
	}
	m.signedOut(code)
}

func (m *machine) signedOut(code ProblemCode) {
	m.s.Session, m.s.SignCode = SignedOut, ""
	if m.s.Link != LinkTaken {
		m.s.Link = LinkNone
	}
	if code != "" {
		m.problem(Problem{Code: code})
	}
}

// signInFailed keeps the code on show when the window merely looks closed: a
// page on the way may have cut it off from us, and the person is still in it.
func (m *machine) signInFailed(code ProblemCode) {
	if m.s.Session == SignedInState {
		return
	}
	shown := m.s.SignCode
	m.signedOut(code)
	if code == PopupClosed {
		m.s.SignCode = shown
	}
}

func (m *machine) signInRequested() {
	if m.s.Session == SignedInState {
		return
	}
	m.s.Session = SigningIn
	m.drop(SessionExpired, PopupBlocked, PopupClosed, SignInRefused, NotLinked, BackendDown)
	m.do(OpenSignIn{})
}

func (m *machine) signOutRequested() {
	switch {
	case m.s.Session != SignedInState, m.s.Desktop != nil:
	case m.s.Live():
		m.problem(Problem{Code: LogoutInCall, Until: m.in(noticeFor)})
	case m.s.Station != nil:
		m.busy(LoggingOut)
		m.do(LogOutStation{Reason: "User requested logout"})
	default:
		m.signOut()
	}
	m.s.IdleOut = false
}

func (m *machine) signOut() {
	m.forgetAgent()
	m.s.Session, m.s.Agent, m.s.Link = SignedOut, Identity{}, LinkNone
	m.do(ForgetSession{})
}

func (m *machine) leading(lead bool) {
	m.s.Lead, m.s.Follower = lead, !lead
	m.s.Mirror, m.s.Mirrored = nil, false
	if !lead && m.s.Link != LinkTaken {
		m.s.Link = LinkNone
	}
}

func (m *machine) mirrored(c *Mirror) {
	if m.s.Follower {
		m.s.Mirror, m.s.Mirrored = c, true
	}
}

func (m *machine) leadRequested() {
	if m.s.Link == LinkTaken {
		m.s.Link = LinkNone
		m.drop(TakenElsewhere)
	}
	m.do(TakeLead{})
}

func (m *machine) linkLost() {
	if m.s.Link == LinkUp {
		m.s.Link = LinkDown
	}
}

func (m *machine) takenOver() {
	m.s.Link = LinkTaken
	m.problem(Problem{Code: TakenElsewhere})
}

// ---- station

func (m *machine) busy(op AgentOp) {
	m.s.AgentBusy, m.s.AgentUntil = op, m.in(confirmWithin)
}

func (m *machine) agentDone(op AgentOp) {
	if m.s.AgentBusy == op {
		m.s.AgentBusy = NoAgentOp
	}
	if op == LoggingOut {
		m.s.IdleOut = false
	}
}

func (m *machine) stationRequested(e StationRequested) {
	if !m.s.View().CanStart.OK {
		return
	}
	m.drop(LoginDuplicate, LoginInvalidNumber, LoginFailed, LoggedOutBy, LoggedOutIdle, NoConfirmation)
	m.busy(LoggingIn)
	m.do(LogInStation(e))
}

func (m *machine) stationLoggedIn(st Station) {
	m.agentDone(LoggingIn)
	m.s.Station = &st
	m.drop(LoginDuplicate, LoginInvalidNumber, LoginFailed, LoggedOutBy, LoggedOutIdle)
}

func (m *machine) stationLoginFailed(reason string) {
	m.agentDone(LoggingIn)
	code := LoginFailed
	switch reason {
	case "DUPLICATE_LOCATION":
		code = LoginDuplicate
	case "INVALID_DIAL_NUMBER":
		code = LoginInvalidNumber
	}
	m.problem(Problem{Code: code, Args: []string{reason}})
}

func (m *machine) stationLoggedOut(by string) {
	ours, idle := m.s.AgentBusy == LoggingOut, m.s.IdleOut
	m.agentDone(LoggingOut)
	m.s.Station, m.s.Wanted, m.s.LogoutAt = nil, "", time.Time{}
	m.finishAll()
	switch {
	case idle:
		m.problem(Problem{Code: LoggedOutIdle})
	case ours:
		m.signOut()
	default:
		m.problem(Problem{Code: LoggedOutBy, Args: []string{by}})
	}
}

// ---- state

func (m *machine) stateRequested(aux string) {
	if m.s.Station == nil {
		return
	}
	if aux == "" {
		aux = availableCode
	}
	name := "Available"
	if aux != availableCode {
		name = m.codeName(aux)
		if name == "" {
			return
		}
	}
	m.s.Missed = nil
	m.drop(StateFailed)
	if m.s.Live() {
		// Webex takes the wish and confirms it only when the call is over.
		m.s.Wanted = aux
	} else {
		m.busy(ChangingState)
	}
	m.do(SetState{Available: aux == availableCode, AuxCodeID: aux, Reason: name})
}

// availableCode is the auxiliary code id that Webex uses for Available.
const availableCode = "0"

func (m *machine) codeName(id string) string {
	if m.s.Profile == nil {
		return ""
	}
	return nameOf(m.s.Profile.IdleCodes, id)
}

func nameOf(codes []Code, id string) string {
	for _, c := range codes {
		if c.ID == id {
			return c.Name
		}
	}
	return ""
}

func (m *machine) stateChanged(e StateChanged) {
	if m.s.Station == nil {
		return
	}
	m.agentDone(ChangingState)
	if e.AuxCodeID == m.s.Wanted || e.Available && m.s.Wanted == availableCode {
		m.s.Wanted = ""
	}
	st := *m.s.Station
	st.Available, st.AuxCodeID, st.Since = e.Available, e.AuxCodeID, sinceOr(e.Since, m.now)
	m.s.Station = &st
	if e.Available {
		m.s.Missed = nil
	}
	m.changedBy(e)
}

// changedBy says that somebody else changed the agent's state. What Webex does
// by itself, as after an unanswered offer, has a screen of its own.
func (m *machine) changedBy(e StateChanged) {
	self := m.s.Agent
	if e.ChangedBy == "" || e.ChangedBy == self.AgentID || strings.EqualFold(e.ChangedBy, self.Name) || strings.EqualFold(e.ChangedBy, self.Email) {
		return
	}
	name := "Available"
	if !e.Available {
		name = m.codeName(e.AuxCodeID)
	}
	if m.s.Profile != nil && slices.ContainsFunc(m.s.Profile.IdleCodes, func(c Code) bool { return c.System && c.ID == e.AuxCodeID }) {
		return
	}
	m.notice(Problem{Code: StateChangedBy, Args: []string{e.ChangedBy, name}})
}

// sinceOr guards against a state without a time stamp.
func sinceOr(t, now time.Time) time.Time {
	if t.IsZero() {
		return now
	}
	return t
}
