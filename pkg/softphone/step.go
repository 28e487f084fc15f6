package softphone

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// How long things may take before the phone stops waiting for them.
const (
	confirmWithin = 20 * time.Second // Webex's own limit for a command's notification.
	matchWithin   = 3 * time.Second
	sameDial      = 2 * time.Second // HubSpot is known to send DIAL_NUMBER twice.
	noticeFor     = 12 * time.Second
	adviceFor     = time.Minute // What takes a while to read and to follow.
	historyLimit  = 50
	keepPast      = time.Hour
	problemLimit  = 5
)

// Step takes one event and returns the state after it and what must now be
// done. It never changes s. It panics only for an Event that this package does
// not declare, which cannot come from input.
func Step(s State, now time.Time, e Event) (State, []Command) {
	m := &machine{s: s.clone(), now: now, unsaved: map[CallKey]bool{}}
	m.touch(e)
	switch e := e.(type) {
	case SessionRestored:
		m.signedIn(e.Agent)
	case SessionMissing:
		m.sessionMissing(e.Code)
	case SignInRequested:
		m.signInRequested()
	case SignInFailed:
		m.signInFailed(e.Code)
	case SignInPending:
		m.s.SignCode = e.Code
	case SignedIn:
		m.signedIn(e.Agent)
	case InsideDesktop:
		m.s.Desktop = &e.Desktop
	case SignOutRequested:
		m.signOutRequested()
	case Leading:
		m.leading(e.Lead)
	case Mirrored:
		m.mirrored(e.Call)
	case LeadRequested:
		m.leadRequested()
	case Tick:
		m.tick()
	case Configured:
		m.s.Profile = &e.Profile
		m.drop(ConfigFailed, BackendDown)
	case ConfigureFailed:
		m.problem(Problem{Code: e.Code})
		m.s.Forgetful = m.s.Forgetful || e.Code == StorageUnusable
	case Synced:
		m.synced(e)
	case LinkLost:
		m.linkLost()
	case StationRequested:
		m.stationRequested(e)
	case StationLoggedIn:
		m.stationLoggedIn(e.Station)
	case StationLoginFailed:
		m.stationLoginFailed(e.Reason)
	case StationLoggedOut:
		m.stationLoggedOut(e.By)
	case StationLogoutFailed:
		m.agentDone(LoggingOut)
		m.problem(Problem{Code: LogoutFailed, Args: []string{e.Reason}})
	case StateRequested:
		m.stateRequested(e.AuxCodeID)
	case StateChanged:
		m.stateChanged(e)
	case StateChangeFailed:
		m.agentDone(ChangingState)
		m.s.Wanted = ""
		m.problem(Problem{Code: StateFailed, Args: []string{e.Reason}, Until: m.in(noticeFor)})
	case TakenOver:
		m.takenOver()
	case Notified:
		m.notified(e)
	case CommandFailed:
		m.commandFailed(e)
	case DialRequested:
		m.dialRequested(e)
	case AnswerRequested:
		m.answerRequested(e.Key)
	case DeclineRequested:
		m.declineRequested(e.Key)
	case HoldRequested:
		m.holdRequested(e.Key)
	case ResumeRequested:
		m.resumeRequested(e.Key)
	case EndRequested:
		m.endRequested(e.Key)
	case RecordingPauseRequested:
		m.recordingRequested(e.Key, true)
	case RecordingResumeRequested:
		m.recordingRequested(e.Key, false)
	case NotesEdited:
		m.notesEdited(e)
	case TitleEdited:
		m.titleEdited(e)
	case TicketRequested:
		m.ticketRequested(e.Key)
	case WrapUpChosen:
		m.wrapUpChosen(e.Key, e.CodeID)
	case WrapUpSubmitted:
		m.wrapUpSubmitted(e.Key, e.CodeID)
	case MatchChosen:
		m.matchChosen(e)
	case ContactCreateRequested:
		m.contactCreateRequested(e)
	case CallShown:
		if _, live := m.s.Calls[e.Key]; live {
			m.s.Shown = e.Key
		}
	case RecordOpened:
		m.recordOpened(e.Key)
	case MissedDismissed:
		m.s.Missed = nil
	case ProblemDismissed:
		m.s.Problems = slices.DeleteFunc(m.s.Problems, func(p Problem) bool { return p.ID == e.ID })
	case ReceiptRetried:
		m.receiptRetried(e.Key)
	case RecordMended:
		m.recordMended(e)
	case PopInChosen:
		m.s.PopIn = e.PopIn
	case CardAsked:
		m.cardAsked(e.Key)
	case RecordShown:
		m.recordShown(e)
	case CardLoaded:
		m.cardLoaded(e)
	case CardMissed:
		m.cardMissed(e)
	case HostSynced:
		m.drop(HostNotAllowed)
		m.hostSynced(e)
	case HostLost:
		delete(m.s.Hosts, e.Host)
	case EngagementCreated:
		m.engagementCreated(e)
	case EngagementFailed:
		m.engagementFailed(e.Host)
	case CallerMatched:
		m.learnPortal(e.Host, e.PortalID)
		m.callerMatched(e.Host, e.Matches)
	case CallerMatchFailed:
		m.callerMatched(e.Host, nil)
	case NavigateFailed:
		code := NavigateRefused
		if e.Tab {
			code = TabBlocked
		}
		m.problem(Problem{Code: code, Until: m.in(noticeFor)})
	case HostEndRequested:
		m.hostEndRequested(e.Host)
	case SettingsLoaded:
		m.s.Settings = e.Settings
	case LookedUp:
		m.edit(e.Key, func(c *Call) { c.Display = cmp.Or(e.Display, c.Display) })
		m.lookedUp(e.Key, e.Matches)
	case LookUpFailed:
		m.lookedUp(e.Key, nil)
	case ContactCreated:
		m.contactCreated(e)
	case RecordAcknowledged:
		m.acknowledged(e.Receipt)
	case HistoryLoaded:
		m.remember(e.Records...)
	case ConsultRequested:
		m.consultRequested(e)
	case ConsultEndRequested:
		m.consultEndRequested(e.Key)
	case SwapRequested:
		m.swapRequested(e.Key)
	case MergeRequested:
		m.mergeRequested(e.Key)
	case TransferRequested:
		m.transferRequested(e)
	case ConsultTransferRequested:
		m.consultTransferRequested(e.Key)
	case LeaveRequested:
		m.leaveRequested(e.Key)
	case HandOverRequested:
		m.handOverRequested(e.Key)
	case DropRequested:
		m.dropRequested(e)
	case MuteRequested:
		m.muteRequested(e)
	case MuteChanged:
		m.muteChanged(e)
	case DigitsRequested:
		m.digitsRequested(e)
	case VariableEdited:
		m.variableEdited(e)
	case WrapUpExtended:
		m.wrapUpExtended(e)
	case FollowUpChosen:
		m.followUpChosen(e)
	case BuddiesRequested:
		m.buddiesRequested()
	case BuddiesListed:
		m.buddiesListed(e.Agents)
	case MediaOffered:
		m.s.Media = e.Media
	case ActivitySeen: // See touch.
	case BackendReachable:
		m.s.Backend = BackendState{Down: !e.OK, Queued: e.Queued}
	default:
		panic(fmt.Sprintf("softphone: unlisted event %T", e))
	}
	m.tellHosts()
	m.tellWidths()
	for _, key := range m.s.Order {
		if m.unsaved[key] {
			m.save(key)
		}
	}
	return m.s, m.out
}

// WantsLink says whether the notification socket should be open.
func (s State) WantsLink() bool {
	return s.Lead && s.Session == SignedInState && s.Link != LinkTaken
}

// Live says whether any interaction is with this agent.
func (s State) Live() bool { return len(s.Calls) > 0 }

// machine is one step being taken: a state of its own and what came out.
type machine struct {
	s       State
	now     time.Time
	out     []Command
	unsaved map[CallKey]bool // Calls whose page was told or shown something that no record has yet.
}

func (m *machine) do(c ...Command)              { m.out = append(m.out, c...) }
func (m *machine) in(d time.Duration) time.Time { return m.now.Add(d) }

// clone copies what a step may change in place. Pointers and inner slices are
// replaced, never written through.
func (s State) clone() State {
	s.Hosts = maps.Clone(s.Hosts)
	s.Calls = maps.Clone(s.Calls)
	s.Offers = maps.Clone(s.Offers)
	s.Past = maps.Clone(s.Past)
	s.Order = slices.Clone(s.Order)
	s.History = slices.Clone(s.History)
	s.Problems = slices.Clone(s.Problems)
	if s.Hosts == nil {
		s.Hosts = map[HostID]Host{}
	}
	if s.Calls == nil {
		s.Calls = map[CallKey]Call{}
	}
	if s.Offers == nil {
		s.Offers = map[InteractionID]int{}
	}
	if s.Past == nil {
		s.Past = map[InteractionID]time.Time{}
	}
	return s
}

// problem shows p; the same problem of the same call again only renews it.
func (m *machine) problem(p Problem) {
	m.s.Problems = slices.DeleteFunc(m.s.Problems, func(q Problem) bool {
		return q.Code == p.Code && q.Key == p.Key
	})
	m.s.problemID++
	p.ID = m.s.problemID
	m.s.Problems = append(m.s.Problems, p)
	if n := len(m.s.Problems); n > problemLimit {
		m.s.Problems = m.s.Problems[n-problemLimit:]
	}
}

func (m *machine) drop(codes ...ProblemCode) {
	m.s.Problems = slices.DeleteFunc(m.s.Problems, func(p Problem) bool {
		return slices.Contains(codes, p.Code)
	})
}

// tick looks at every deadline.
func (m *machine) tick() {
	m.s.Problems = slices.DeleteFunc(m.s.Problems, func(p Problem) bool {
		return !p.Until.IsZero() && !m.now.Before(p.Until)
	})
	if m.s.AgentBusy != NoAgentOp && !m.now.Before(m.s.AgentUntil) {
		what := m.s.AgentBusy
		m.s.AgentBusy = NoAgentOp
		m.problem(Problem{Code: NoConfirmation, Args: []string{string(what)}})
		m.do(Resync{})
	}
	for _, key := range slices.Clone(m.s.Order) {
		m.tickCall(key)
	}
	m.tickInactivity()
}
