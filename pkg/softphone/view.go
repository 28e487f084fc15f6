package softphone

import "time"

// A View is what the panel draws: a function of State alone. Slices may be
// shared between views and must not be changed.
type View struct {
	Screen   Screen
	Status   Status
	Agent    Identity
	SignCode string
	Busy     AgentOp

	Desktop  *Surroundings // Nil unless an Agent Desktop is around us.
	Profile  *Profile
	Station  *Station
	Settings Settings

	Call    *CallView  // The one on stage; nil on screens without a call.
	Calls   []CallView // All live ones, oldest first.
	Missed  *Missed
	History []Record

	Wanted    string // Name of the state that is taken when the call is over; empty for none.
	Buddies   []Buddy
	BuddiesAt time.Time
	LogoutAt  time.Time // Inactivity logs out then unless something is done; zero while far.

	Problems []Problem
	Link     LinkState
	Backend  BackendState

	CanDial        Can
	CanGoAvailable Can
	CanSetIdle     Can
	CanSignOut     Can
	CanStart       Can // "Start shift".
}

// A CallView is one call as the panel draws it.
type CallView struct {
	Key             CallKey
	Channel         Channel
	Direction       Direction
	Phase           Phase
	Number          string
	Ours            string
	Name            string // Best name: record, HubSpot, Webex; empty when unknown.
	Queue           string
	Variables       []Variable
	Legs            Legs
	Recording       Recording
	Option          LoginOption
	Pending         Op // Empty when nothing is waited for.
	StartedAt       time.Time
	AnsweredAt      time.Time
	HeldAt          time.Time
	EndedAt         time.Time
	HoldTotal       time.Duration
	RingUntil       time.Time
	Match           MatchView
	Card            Card
	CardState       CardState
	Notes           string
	NotesSaved      bool // The outbox has notes and title as they stand.
	Title           string
	Ticket          bool // The agent asked for one.
	CodeID          string
	Codes           []Code
	Outcome         Outcome
	Receipt         Receipt
	HasPortal       bool // A HubSpot page is there to navigate.
	AutoWrapAt      time.Time
	Display         string // Number as the tenant's region writes it; empty when unknown.
	NoCalls         bool   // The matched person must not be called.
	Muted           bool
	DigitsOnly      bool // The keypad has neither * nor #.
	Parties         []PartyView
	Target          Target    // Whom the consult or transfer under way goes to.
	Left            Departure // How this agent left a call that went on.
	ConsultAt       time.Time // The consult was answered.
	FollowUp        *FollowUp
	Ending          bool // End was pressed and goes on by itself.
	CanComplete     Can  // Complete the transfer to the consulted party.
	CanEndConsult   Can
	CanLeave        Can // The conference.
	CanHandOver     Can // The conference, ownership included.
	CanExtend       Can // The automatic wrap-up.
	CanEditVariable Can // Those that are Editable.
	CanAnswer       Can
	CanDecline      Can
	CanMute         Can
	CanKeypad       Can
	CanHold         Can
	CanResume       Can
	CanEnd          Can // On a held call one press resumes, then ends.
	CanPause        Can // Recording.
	CanContinue     Can // Recording.
	CanConsult      Can
	CanTransfer     Can
	CanMerge        Can
	CanSwap         Can
	CanWrapUp       Can
	CanOpen         Can // The record.
	CanTitle        Can // Write the title.
	CanTicket       Can // Ask for a ticket, or take that back.
}

// A PartyView is somebody on the line with what may be done about them.
type PartyView struct {
	Party
	CanDrop Can
}

// A MatchView is what is known about whose call it is.
type MatchView struct {
	State   MatchState
	Matches []Match
	Chosen  *RecordRef
}

// A MatchState says what the panel shows for the record.
type MatchState string

// The match states.
const (
	MatchLooking MatchState = "looking"
	MatchOne     MatchState = "one"
	MatchSeveral MatchState = "several" // The agent chooses.
	MatchNone    MatchState = "none"    // The agent may create a contact.
)

// Can says whether a control works now, and if not, why.
type Can struct {
	OK  bool
	Why Reason
}

// A Reason says why a control does not work. NotHere means that the control
// makes no sense on this screen and should be absent rather than disabled.
type Reason string

// The reasons.
const (
	NotHere        Reason = "not-here"
	OnYourPhone    Reason = "on-your-phone" // EXTENSION and AGENT_DN: the desk phone does it.
	DesktopDoes    Reason = "desktop-does"  // The Agent Desktop around us does it.
	Waiting        Reason = "waiting"       // Something else is pending.
	Offline        Reason = "offline"       // The socket is down.
	NotAllowed     Reason = "not-allowed"   // Profile or tenant says no.
	InCall         Reason = "in-call"
	NoStation      Reason = "no-station"
	CustomerGone   Reason = "customer-gone"
	NotRecording   Reason = "not-recording"
	NoReasonChosen Reason = "no-reason-chosen" // Wrap-up needs a code.
	NoNumber       Reason = "no-number"
	NoHost         Reason = "no-host" // No HubSpot page to navigate.
	NoRecord       Reason = "no-record"
	NotAnswered    Reason = "not-answered"   // The consulted party has not answered.
	OtherLeg       Reason = "other-leg"      // Only while talking to the consulted party.
	ConsultOpen    Reason = "consult-open"   // A consult is under way; end it first.
	TooMany        Reason = "too-many"       // A conference has at most seven agents.
	NotOwner       Reason = "not-owner"      // Another agent owns the call.
	Consulted      Reason = "consulted"      // Only the agent who consulted us may.
	NotInDesktop   Reason = "not-in-desktop" // The Agent Desktop offers it to nobody but itself.
	ComesLater     Reason = "comes-later"
)

// A Screen is one of the panel's screens.
type Screen string

// The screens.
const (
	ScreenBoot       Screen = "boot"
	ScreenSignIn     Screen = "sign-in"
	ScreenStation    Screen = "station"
	ScreenIdle       Screen = "idle"
	ScreenDialing    Screen = "dialing"
	ScreenIncoming   Screen = "incoming"
	ScreenInCall     Screen = "in-call"
	ScreenOnHold     Screen = "on-hold"
	ScreenConsult    Screen = "consulting"
	ScreenConference Screen = "conference"
	ScreenWrapUp     Screen = "wrap-up"
	ScreenMissed     Screen = "missed"
	ScreenFollower   Screen = "follower"
)

// A Status is the agent's state in one word, with when it began. Every word
// has one colour, one dot and one sentence in the user interface.
type Status struct {
	Word  StatusWord
	Since time.Time
	Idle  string // Name of the idle code, for idle and rona.
}

// A StatusWord is one of the states of agent-panel-ui §6.
type StatusWord string

// The status words.
const (
	WordSignedOut  StatusWord = "signed-out"
	WordStation    StatusWord = "station-needed"
	WordConnecting StatusWord = "connecting"
	WordAvailable  StatusWord = "available"
	WordIdle       StatusWord = "idle"
	WordRinging    StatusWord = "ringing"
	WordDialing    StatusWord = "dialing"
	WordConnected  StatusWord = "connected"
	WordHeld       StatusWord = "held"
	WordConsulting StatusWord = "consulting"
	WordConference StatusWord = "conference"
	WordWrapUp     StatusWord = "wrap-up"
	WordRona       StatusWord = "rona"
	WordOffline    StatusWord = "offline"
	WordFollower   StatusWord = "follower"
)
