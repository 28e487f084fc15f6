package softphone

import (
	"cmp"
	"slices"
	"strings"
)

// Outdials.

func (m *machine) dialRequested(e DialRequested) {
	last := m.s.LastDial
	if e.Host != "" && last.Number == e.Number && last.Started == e.Started && m.now.Sub(last.At) < sameDial {
		return // HubSpot's own double (SDK issue 210).
	}
	m.s.LastDial = Dial{Number: e.Number, Started: e.Started, At: m.now}

	number, ok := Dialable(e.Number)
	switch can := m.s.canDial(); {
	case m.s.Follower || m.s.Link == LinkTaken:
		m.refuseDial(e, TakenElsewhere, "")
		return
	case !ok:
		m.refuseDial(e, DialInvalid, e.Number)
		return
	case !can.OK:
		m.refuseDial(e, dialProblem(can.Why), "")
		return
	case e.Key == "" || m.known(e.Key):
		return
	}
	m.s.Missed, m.s.Shown = nil, ""
	c := Call{
		Key: e.Key, Ordinal: 1, Channel: Telephony, Direction: Outbound, Phase: Dialing,
		Number: number, Ours: e.ANI, StartedAt: m.now, Host: e.Host,
	}
	if c.Ours == "" {
		c.Ours = cmp.Or(m.s.Settings.OutdialANI, m.s.defaultANI())
	}
	if e.Callee != nil {
		// The page that HubSpot dialled from is the record's own.
		c.Matching.Chosen, c.Name, c.Popped = e.Callee, e.Callee.Name, e.Host != ""
	}
	m.await(&c, OpDial)
	m.s.Calls[e.Key] = c
	m.s.Order = append(m.s.Order, e.Key)

	m.do(PlaceCall{Key: e.Key, Destination: m.s.Settings.dialled(number), ANI: c.Ours})
	m.tellStarted(e.Key)
	m.lookUp(e.Key)
	m.save(e.Key)
	m.pop(e.Key)
	m.loadCard(e.Key)
}

func (m *machine) known(key CallKey) bool {
	if _, live := m.s.Calls[key]; live {
		return true
	}
	for _, r := range m.s.History {
		if r.Key == key {
			return true
		}
	}
	return false
}

// refuseDial says no to the agent, and to HubSpot when HubSpot asked.
func (m *machine) refuseDial(e DialRequested, code ProblemCode, arg string) {
	p := Problem{Code: code, Until: m.in(noticeFor)}
	if arg != "" {
		p.Args = []string{arg}
	}
	m.problem(p)
	if _, ok := m.s.Hosts[e.Host]; ok {
		m.do(TellProblem{Host: e.Host, Problem: p})
	}
}

func dialProblem(why Reason) ProblemCode {
	switch why {
	case InCall:
		return DialInCall
	case NotAllowed:
		return DialNotAllowed
	default:
		return DialNotReady
	}
}

func (s State) defaultANI() string {
	if s.Profile == nil {
		return ""
	}
	for _, ani := range s.Profile.OutdialANIs {
		if ani.Default {
			return ani.Number
		}
	}
	return ""
}

// dialled is what is dialled for a number, which is Dialable already: without
// the longest of the prefixes that leaves something to dial.
func (s Settings) dialled(number string) string {
	best := number
	for _, p := range s.StripOutdialPrefixes {
		prefix, ok := plainNumber(p)
		rest, found := strings.CutPrefix(number, prefix)
		if !ok || !found || len(rest) >= len(best) {
			continue
		}
		if _, ok := Dialable(rest); ok {
			best = rest
		}
	}
	return best
}

// dialFailed says that an outdial came to nothing. Where it showed a number
// that the profile does not have, that is the likely cause, and Webex does not
// say so.
func (m *machine) dialFailed(key CallKey, reason string) {
	p := Problem{Code: DialFailed, Args: []string{reason}, Key: key, Until: m.in(noticeFor)}
	c := m.s.Calls[key]
	if c.Outcome == Failed && c.Direction == Outbound && c.Ours != "" && c.Ours == m.s.Settings.OutdialANI && !m.s.hasANI(c.Ours) {
		p = Problem{Code: DialANIRefused, Args: []string{reason, c.Ours}, Until: m.in(adviceFor)}
	}
	m.problem(p)
}

// hasANI says whether the profile has a number for outdials to show.
func (s State) hasANI(number string) bool {
	return s.Profile != nil && slices.ContainsFunc(s.Profile.OutdialANIs, func(a ANI) bool { return a.Number == number })
}

// maxDestination is Webex's limit for an outdial's destination.
const maxDestination = 36

// Dialable cleans a number as people write it and says whether it could be
// dialled at all: an optional plus, then digits, star and hash. It knows no
// numbering plan; the server does.
func Dialable(s string) (string, bool) {
	out, ok := plainNumber(s)
	return out, ok && len(digits(out)) >= 2 && len(out) <= maxDestination
}

// plainNumber takes out what people group a number by. False when it has
// anything else that no telephone can dial.
func plainNumber(s string) (string, bool) {
	var b strings.Builder
	for i, r := range strings.TrimSpace(s) {
		switch {
		case r == '+' && i == 0, r == '*', r == '#', r >= '0' && r <= '9':
			b.WriteRune(r)
		case strings.ContainsRune(" ()-./\u00a0\u2011", r):
		default:
			return "", false
		}
	}
	return b.String(), true
}

// digits keeps what tells two spellings of one number apart.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

func (m *machine) commandFailed(e CommandFailed) {
	switch c := e.Command.(type) {
	case LogInStation:
		m.agentDone(LoggingIn)
		m.problem(Problem{Code: agentProblem(e.Code, LoginFailed), Args: []string{e.Detail}})
	case LogOutStation:
		m.agentDone(LoggingOut)
		m.problem(Problem{Code: agentProblem(e.Code, LogoutFailed), Args: []string{e.Detail}})
	case SetState:
		m.agentDone(ChangingState)
		m.s.Wanted = ""
		m.problem(Problem{Code: agentProblem(e.Code, StateFailed), Args: []string{e.Detail}, Until: m.in(noticeFor)})
	case PlaceCall:
		m.placeFailed(c, e)
	case ListBuddies:
		m.s.Asking = false
	case LookUp:
		m.lookedUp(c.Key, nil)
	case LoadCard:
		m.cardMissed(CardMissed(c))
	case CreateContact:
		m.problem(Problem{Code: ContactNotCreated, Args: []string{e.Detail}, Key: c.Key, Until: m.in(noticeFor)})
	default:
		if id, ops := taskOf(e.Command); len(ops) > 0 {
			m.taskFailed(id, ops, e)
		}
	}
}

// taskOf says which call a command is about and which operation it may be.
func taskOf(c Command) (InteractionID, []Op) {
	switch c := c.(type) {
	case AcceptTask:
		return c.ID, []Op{OpAccept}
	case AcceptConsult:
		return c.ID, []Op{OpAccept}
	case DeclineTask:
		return c.ID, []Op{OpDecline}
	case HoldTask:
		return c.ID, []Op{OpHold, OpSwap}
	case UnholdTask:
		return c.ID, []Op{OpResume, OpSwap}
	case PauseRecording:
		return c.ID, []Op{OpRecordingPause}
	case ResumeRecording:
		return c.ID, []Op{OpRecordingResume}
	case EndTask:
		return c.ID, []Op{OpEnd}
	case WrapUpTask:
		return c.ID, []Op{OpWrapUp}
	case ConsultTask:
		return c.ID, []Op{OpConsult}
	case EndConsultTask:
		return c.ID, []Op{OpConsultEnd}
	case TransferTask:
		return c.ID, []Op{OpTransfer}
	case ConsultTransferTask:
		return c.ID, []Op{OpConsultTransfer}
	case ConferenceTask:
		return c.ID, []Op{OpMerge}
	case ExitConference:
		return c.ID, []Op{OpLeave}
	case TransferConference:
		return c.ID, []Op{OpHandOver, OpConsultTransfer}
	case DropParticipant:
		return c.ID, []Op{OpDrop}
	case MuteTask:
		return c.ID, []Op{"mute"}
	case SendDigits:
		return c.ID, []Op{"dtmf"}
	case UpdateVariable:
		return c.ID, []Op{"variable"}
	}
	return "", nil
}

// agentProblem prefers the general cause over the operation's own code.
func agentProblem(code, otherwise ProblemCode) ProblemCode {
	if code == WebexDown || code == SessionExpired {
		return code
	}
	return otherwise
}

// placeFailed ends an outdial that Webex refused. When nobody knows whether
// the order arrived, the wait goes on: a notification or Resync decides.
func (m *machine) placeFailed(p PlaceCall, e CommandFailed) {
	c, ok := m.s.Calls[p.Key]
	if !ok || c.Interaction.ID != "" || e.Code == WebexDown {
		return
	}
	m.edit(p.Key, func(c *Call) { c.Outcome = Failed })
	if e.Code == DialLimit {
		m.problem(Problem{Code: DialLimit, Args: []string{e.Detail}, Key: p.Key, Until: m.in(noticeFor)})
	} else {
		m.dialFailed(p.Key, e.Detail)
	}
	m.finish(p.Key)
}

// taskFailed takes back what waited for a command. ops are what the command may
// have been, the likeliest first.
func (m *machine) taskFailed(id InteractionID, ops []Op, e CommandFailed) {
	key, ok := m.find(Interaction{ID: id})
	if !ok {
		return
	}
	op := ops[0]
	m.edit(key, func(c *Call) {
		if c.waits(ops...) {
			op, c.Pending = c.Pending.What, nil
		}
		c.Ending = false
		if op != OpConsult || e.Code != WebexDown { // Else it may wait in its queue: Resync tells.
			c.fail(op)
		}
	})
	if op == OpConsult {
		m.enter(key, m.phase(key))
	}
	code := CommandRefused
	if e.Code == WebexDown || e.Code == SessionExpired {
		code = e.Code
	}
	m.problem(Problem{Code: code, Args: []string{string(op), e.Detail}, Key: key, Until: m.in(noticeFor)})
	m.do(Resync{})
}

// phase is what the newest interaction of a call says, whatever we expect.
func (m *machine) phase(key CallKey) Phase {
	phase, _ := derive(m.s.Agent.AgentID, m.s.Calls[key].Interaction)
	return phase
}
