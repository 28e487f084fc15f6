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
		Profile: s.Profile, Station: s.Station, Settings: s.Settings,
		Missed: s.Missed, History: s.History, Problems: s.Problems, Link: s.Link, Backend: s.Backend,
	}
	for _, key := range s.Order {
		v.Calls = append(v.Calls, s.callView(s.Calls[key]))
	}
	if c, ok := s.onStage(); ok {
		cv := s.callView(c)
		v.Call = &cv
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
	return v
}

func when(ok bool, why Reason) Can {
	if ok {
		return Can{OK: true}
	}
	return Can{Why: why}
}

// onStage is the call that the stage shows: a call in progress before one in
// wrap-up, the newest first.
func (s State) onStage() (Call, bool) {
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
	ConsultRinging: ScreenConsult, ConsultingP: ScreenConsult, Conference: ScreenInCall, WrapUp: ScreenWrapUp,
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
	default:
		return c.AnsweredAt
	}
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

// autoWrapAt is when the profile's timer submits the wrap-up, zero for never.
func (s State) autoWrapAt(c Call) time.Time {
	if c.Phase != WrapUp || c.Submitted || s.Profile == nil || !s.Profile.AutoWrapUp || s.Profile.AutoWrapAfter <= 0 {
		return time.Time{}
	}
	return c.EndedAt.Add(s.Profile.AutoWrapAfter)
}

func (s State) callView(c Call) CallView {
	v := CallView{
		Key: c.Key, Channel: c.Channel, Direction: c.Direction, Phase: c.Phase,
		Number: c.Number, Ours: c.Ours, Name: c.bestName(), Queue: c.Queue,
		Variables: c.Interaction.Variables, Legs: c.Legs, Recording: c.Interaction.Recording,
		StartedAt: c.StartedAt, AnsweredAt: c.AnsweredAt, HeldAt: c.HeldAt, EndedAt: c.EndedAt,
		HoldTotal: c.HoldTotal, RingUntil: c.RingUntil, Match: c.Matching.view(),
		Notes: c.Notes, NotesSaved: c.Receipt.State != NoReceipt && c.Receipt.Revision >= c.Revision,
		CodeID: c.CodeID, Outcome: c.Outcome, Receipt: c.Receipt, AutoWrapAt: s.autoWrapAt(c),
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
	_, v.HasPortal = s.Hosts[c.Host]
	s.controls(c, &v)
	return v
}

// controls is the matrix of commands and phases (webexcc-agent-api §6.2), each
// refusal with its reason.
func (s State) controls(c Call, v *CallView) {
	absent := Can{Why: NotHere}
	free := when(c.Pending == nil && !c.Ending, Waiting)
	voice := c.Channel == Telephony
	up := c.Phase == Talking || c.Phase == Held || c.Phase == Conference

	v.CanAnswer, v.CanDecline = absent, absent
	if c.Phase == Ringing {
		v.CanAnswer, v.CanDecline = free, absent
		if voice {
			v.CanAnswer, v.CanDecline = Can{Why: OnYourPhone}, Can{Why: OnYourPhone}
		}
	}
	v.CanMute, v.CanKeypad = absent, absent
	if voice && talking(c.Phase) {
		v.CanMute, v.CanKeypad = Can{Why: OnYourPhone}, Can{Why: OnYourPhone}
	}
	v.CanHold, v.CanResume = absent, absent
	if voice && c.Phase == Talking {
		v.CanHold = free
	}
	if voice && c.Phase == Held {
		v.CanResume = free
	}
	v.CanPause, v.CanContinue = s.recordingControls(c, free)
	v.CanEnd = s.canEnd(c)
	v.CanConsult, v.CanTransfer, v.CanMerge, v.CanSwap = absent, absent, absent, absent
	if up && c.Phase != Conference {
		v.CanConsult, v.CanTransfer = Can{Why: ComesLater}, Can{Why: ComesLater}
	}
	v.CanWrapUp = absent
	if c.Phase == WrapUp {
		v.CanWrapUp = free
		if free.OK && (s.Profile == nil || nameOf(s.Profile.WrapUpCodes, c.CodeID) == "") {
			v.CanWrapUp = Can{Why: NoReasonChosen}
		}
	}
	switch {
	case c.Matching.Chosen == nil:
		v.CanOpen = Can{Why: NoRecord}
	case !v.HasPortal:
		v.CanOpen = Can{Why: NoHost}
	default:
		v.CanOpen = Can{OK: true}
	}
}

func (s State) recordingControls(c Call, free Can) (pause, resume Can) {
	rec := c.Interaction.Recording
	switch {
	case c.Channel != Telephony || c.Phase != Talking && c.Phase != Held:
		return Can{Why: NotHere}, Can{Why: NotHere}
	case !rec.MayPause:
		return Can{Why: NotAllowed}, Can{Why: NotHere}
	case rec.Paused:
		return Can{Why: NotHere}, free
	case !rec.InProgress:
		return Can{Why: NotRecording}, Can{Why: NotHere}
	}
	return free, Can{Why: NotHere}
}

// canEnd is as generous as Webex allows: nothing but an End already on its way
// takes the button away from a call that is up.
func (s State) canEnd(c Call) Can {
	if c.Ending || c.Pending != nil && c.Pending.What == OpEnd {
		return Can{Why: Waiting}
	}
	allowed := s.Profile == nil || s.Profile.EndCallEnabled || c.Channel != Telephony
	switch c.Phase {
	case Dialing:
		return Can{OK: true}
	case Talking, Held, Conference:
		return when(allowed, NotAllowed)
	case ConsultRinging, ConsultingP:
		return Can{Why: ComesLater}
	}
	return Can{Why: NotHere}
}

func (g Matching) view() MatchView {
	v := MatchView{Matches: g.candidates(), Chosen: g.Chosen}
	switch {
	case g.Chosen != nil:
		v.State = MatchOne
	case g.open():
		v.State = MatchLooking
	case g.NotListed || len(v.Matches) == 0:
		v.State = MatchNone
	default:
		v.State = MatchSeveral
	}
	return v
}
