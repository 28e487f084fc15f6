package softphone

import "time"

// Inactivity: logging an idle agent out is the client's duty.

// warnBefore is how long before an inactivity logout the panel says so.
const warnBefore = time.Minute

// touch notes that the agent, or what concerns the agent's state, did
// something.
func (m *machine) touch(e Event) {
	switch e.(type) {
	case ActivitySeen, SignInRequested, SignedIn, LeadRequested, StationRequested, StationLoggedIn, StateRequested, StateChanged,
		DialRequested, AnswerRequested, DeclineRequested, HoldRequested, ResumeRequested, EndRequested,
		RecordingPauseRequested, RecordingResumeRequested, NotesEdited, WrapUpChosen, WrapUpSubmitted, MatchChosen,
		ContactCreateRequested, RecordOpened, CallShown, MissedDismissed, ProblemDismissed, ReceiptRetried, RecordMended, CardAsked, RecordShown,
		ConsultRequested, ConsultEndRequested, SwapRequested, MergeRequested, TransferRequested, ConsultTransferRequested,
		LeaveRequested, HandOverRequested, DropRequested, MuteRequested, DigitsRequested, VariableEdited, WrapUpExtended,
		FollowUpChosen, BuddiesRequested, HostEndRequested:
		m.seen()
	}
}

// seen starts the inactivity time anew.
func (m *machine) seen() { m.s.ActiveAt, m.s.LogoutAt = m.now, time.Time{} }

// tickInactivity logs an agent out who is idle and has left the panel alone
// for as long as the profile allows, and warns a minute before.
func (m *machine) tickInactivity() {
	s := &m.s
	idle := s.Session == SignedInState && s.Lead && s.Link == LinkUp && s.AgentBusy == NoAgentOp &&
		s.Station != nil && !s.Station.Available && !s.Live() && s.Desktop == nil // Which has an inactivity of its own.
	if !idle || s.Profile == nil || s.Profile.Inactivity <= 0 {
		s.LogoutAt = time.Time{}
		return
	}
	if s.ActiveAt.IsZero() {
		s.ActiveAt = m.now
	}
	at := s.ActiveAt.Add(s.Profile.Inactivity)
	switch {
	case !m.now.Before(at):
		m.seen() // One that fails is tried again only after the same time.
		m.busy(LoggingOut)
		s.IdleOut = true
		m.do(LogOutStation{Reason: "Inactivity Logout"})
	case !m.now.Before(at.Add(-warnBefore)):
		s.LogoutAt = at
	default:
		s.LogoutAt = time.Time{}
	}
}
