package softphone

import (
	"slices"
	"time"
)

// View draws the state: everything the panel shows and every control it
// offers. It depends on the state alone.
func (s State) View() View {
	v := View{
		Screen: s.screen(), Status: s.status(), Agent: s.Agent, SignCode: s.SignCode, Busy: s.AgentBusy,
		Desktop: s.Desktop, Profile: s.Profile, Station: s.Station, Settings: s.Settings,
		Missed: s.Missed, History: s.History, Problems: s.Problems, Link: s.Link, Backend: s.Backend,
	}
	for _, key := range s.Order {
		v.Calls = append(v.Calls, s.callView(s.Calls[key]))
	}
	if c, ok := s.onStage(); ok {
		cv := s.callView(c)
		v.Call = &cv
	}
	if s.Follower && s.Mirrored {
		v.Call, v.Calls = s.Mirror.view(), nil
	}
	v.Buddies, v.BuddiesAt, v.LogoutAt = s.Buddies, s.BuddiesAt, s.LogoutAt
	switch {
	case s.Wanted == availableCode:
		v.Wanted = "Available"
	case s.Wanted != "" && s.Profile != nil:
		v.Wanted = nameOf(s.Profile.IdleCodes, s.Wanted)
	}
	v.CanDial = s.canDial()
	v.CanStart = s.canStart()
	v.CanGoAvailable, v.CanSetIdle = s.canSetState(), s.canSetState()
	if s.Station != nil && s.Station.Available {
		v.CanGoAvailable = Can{Why: NotHere}
	}
	v.CanSignOut = when(s.Session == SignedInState && s.AgentBusy == NoAgentOp, Waiting)
	if s.Live() {
		v.CanSignOut = Can{Why: InCall}
	}
	if s.Desktop != nil {
		v.CanSignOut, v.CanStart = Can{Why: DesktopDoes}, Can{Why: DesktopDoes}
	}
	return v
}

// view is the call as a tab draws it that only follows: nothing can be done.
func (c *Mirror) view() *CallView {
	if c == nil {
		return nil
	}
	return &CallView{
		Key: c.Key, Channel: c.Channel, Phase: c.Phase, Number: c.Number, Display: c.Display, Name: c.Name, StartedAt: c.StartedAt,
	}
}

func when(ok bool, why Reason) Can {
	if ok {
		return Can{OK: true}
	}
	return Can{Why: why}
}

// onStage is the call that the stage shows: the agent's choice, else a call in
// progress before one in wrap-up, the newest first.
func (s State) onStage() (Call, bool) {
	if c, live := s.Calls[s.Shown]; live {
		return c, true
	}
	var best Call
	for _, key := range slices.Backward(s.Order) {
		c := s.Calls[key]
		if best.Key == "" || best.Phase == WrapUp && c.Phase != WrapUp {
			best = c
		}
	}
	return best, best.Key != ""
}

var screens = map[Phase]Screen{
	Dialing: ScreenDialing, Ringing: ScreenIncoming, Talking: ScreenInCall, Held: ScreenOnHold,
	ConsultRinging: ScreenConsult, ConsultingP: ScreenConsult, Conference: ScreenConference, WrapUp: ScreenWrapUp,
}

var words = map[Phase]StatusWord{
	Dialing: WordDialing, Ringing: WordRinging, Talking: WordConnected, Held: WordHeld,
	ConsultRinging: WordConsulting, ConsultingP: WordConsulting, Conference: WordConference, WrapUp: WordWrapUp,
}

func (s State) screen() Screen {
	c, live := s.onStage()
	switch {
	case s.Session == SessionUnknown:
		return ScreenBoot
	case s.Session != SignedInState:
		return ScreenSignIn
	case s.Follower || s.Link == LinkTaken:
		return ScreenFollower
	case live:
		return screens[c.Phase]
	case !s.Synced || s.Profile == nil:
		return ScreenBoot
	case s.Station == nil:
		return ScreenStation
	case s.Missed != nil:
		return ScreenMissed
	default:
		return ScreenIdle
	}
}

func (s State) status() Status {
	c, live := s.onStage()
	switch {
	case s.Session == SignedOut || s.Session == SigningIn:
		return Status{Word: WordSignedOut}
	case s.Follower || s.Link == LinkTaken:
		return Status{Word: WordFollower}
	case live:
		return Status{Word: words[c.Phase], Since: c.since()}
	case s.Session == SessionUnknown || !s.Synced || s.Profile == nil:
		return Status{Word: WordConnecting}
	case s.Link == LinkDown:
		return Status{Word: WordOffline}
	case s.Station == nil:
		return Status{Word: WordStation}
	case s.Station.Available:
		return Status{Word: WordAvailable, Since: s.Station.Since}
	}
	st := Status{Word: WordIdle, Since: s.Station.Since, Idle: nameOf(s.Profile.IdleCodes, s.Station.AuxCodeID)}
	if st.Idle == ronaCode {
		st.Word = WordRona
	}
	return st
}

// ronaCode is the name of Webex's system idle code after an unanswered offer.
const ronaCode = "RONA"

// since is when the present phase of the call began.
func (c Call) since() time.Time {
	switch c.Phase {
	case Held:
		return c.HeldAt
	case WrapUp:
		return c.EndedAt
	case Ringing, Dialing:
		return c.StartedAt
	case ConsultingP:
		if !c.ConsultAt.IsZero() {
			return c.ConsultAt
		}
	}
	return c.AnsweredAt
}

// ---- what may be done

func (s State) canDial() Can {
	switch {
	case s.Session != SignedInState || s.Station == nil || s.Profile == nil:
		return Can{Why: NoStation}
	case !s.Profile.OutdialEnabled:
		return Can{Why: NotAllowed}
	case s.voiceLive():
		return Can{Why: InCall}
	case s.Link != LinkUp:
		return Can{Why: Offline}
	}
	return Can{OK: true}
}

func (s State) voiceLive() bool {
	for _, c := range s.Calls {
		if c.Channel == Telephony {
			return true
		}
	}
	return false
}

func (s State) canStart() Can {
	switch {
	case s.Session != SignedInState || s.Profile == nil || !s.Synced:
		return Can{Why: NotHere}
	case s.Station != nil:
		return Can{Why: NotHere}
	case s.AgentBusy != NoAgentOp:
		return Can{Why: Waiting}
	case s.Link != LinkUp:
		return Can{Why: Offline}
	}
	return Can{OK: true}
}

func (s State) canSetState() Can {
	switch {
	case s.Station == nil:
		return Can{Why: NoStation}
	case s.AgentBusy != NoAgentOp:
		return Can{Why: Waiting}
	}
	return Can{OK: true}
}

func (s State) callView(c Call) CallView {
	v := CallView{
		Key: c.Key, Channel: c.Channel, Direction: c.Direction, Phase: c.Phase,
		Number: c.Number, Ours: c.Ours, Name: c.bestName(), Queue: c.Queue,
		Variables: s.variables(c), Legs: c.Legs, Recording: c.Interaction.Recording,
		StartedAt: c.StartedAt, AnsweredAt: c.AnsweredAt, HeldAt: c.HeldAt, EndedAt: c.EndedAt,
		HoldTotal: c.HoldTotal, RingUntil: c.RingUntil, Match: c.Matching.view(),
		Notes: c.Notes, NotesSaved: c.Receipt.State != NoReceipt && c.Receipt.Revision >= c.Revision,
		CodeID: c.CodeID, Outcome: c.Outcome, Receipt: c.Receipt, AutoWrapAt: s.autoWrapAt(c),
		Card: c.Card, CardState: c.CardState, Display: c.Display, NoCalls: c.Matching.noCalls() || c.Card.NoCalls, Muted: c.Muted, Target: c.Target, ConsultAt: c.ConsultAt,
		FollowUp: c.FollowUp, Ending: c.Ending, Left: c.Left,
	}
	switch {
	case c.Ending:
		v.Pending = OpEnd
	case c.Pending != nil:
		v.Pending = c.Pending.What
	}
	if s.Station != nil {
		v.Option = s.Station.Option
	}
	if s.Profile != nil {
		v.Codes = s.Profile.WrapUpCodes
	}
	_, v.HasPortal = s.pages(c)
	s.controls(c, &v)
	return v
}

// bullets stand for the value of a secure variable.
const bullets = "••••"

// variables are the call's as they may be shown.
func (s State) variables(c Call) []Variable {
	if s.Profile != nil && s.Profile.HideVariables {
		return nil
	}
	var out []Variable
	for _, x := range c.Interaction.Variables {
		if x.Hidden {
			continue
		}
		if x.Secure {
			x.Value = bullets
		}
		out = append(out, x)
	}
	return out
}

// noCalls says whether the record that the call belongs to asks not to be
// called: the chosen one, or the only one there is.
func (g Matching) noCalls() bool {
	found := g.candidates()
	if g.Chosen == nil {
		return len(found) == 1 && found[0].NoCalls && !g.NotListed
	}
	return slices.ContainsFunc(g.Matches, func(x Match) bool {
		return x.NoCalls && x.Record.ObjectTypeID == g.Chosen.ObjectTypeID && x.Record.ObjectID == g.Chosen.ObjectID
	})
}

func (g Matching) view() MatchView {
	v := MatchView{Matches: g.candidates(), Chosen: g.Chosen}
	switch {
	case g.Chosen != nil:
		v.State = MatchOne
	case g.waits():
		v.State = MatchLooking
	case g.NotListed || len(v.Matches) == 0:
		v.State = MatchNone
	default:
		v.State = MatchSeveral
	}
	return v
}
