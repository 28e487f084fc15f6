package softphone

import "time"

// A State is everything the phone knows. It is a value: Step returns a new one
// and never changes the one it was given.
type State struct {
	Session  SessionState
	Agent    Identity
	SignCode string // Shown beside the popup's.

	Lead     bool
	Follower bool    // Another tab leads; said by Leading, unknown before.
	Mirror   *Mirror // The leading tab's call; nil for none.
	Mirrored bool    // The leading tab has said so; before, our own last word stands.
	Link     LinkState
	Gen      uint64 // Newest socket generation.
	Synced   bool   // Webex's truth was had at least once.

	Profile    *Profile // Nil until configured.
	Settings   Settings
	Forgetful  bool          // Nothing of this frame survives a reload.
	Desktop    *Surroundings // Nil unless an Agent Desktop is around us.
	PopIn      string        // Of PopInChosen.
	Station    *Station      // Nil when not logged in at Webex.
	AgentBusy  AgentOp       // What the agent's own session waits for.
	AgentUntil time.Time
	Wanted     string // Idle code or "0" asked for while a call is up.
	Media      MediaAbilities
	Buddies    []Buddy
	BuddiesAt  time.Time
	AskedFor   time.Time // The buddies, last.
	Asking     bool      // The list is on its way.
	ActiveAt   time.Time // The agent was last seen doing something.
	LogoutAt   time.Time // Inactivity logs out then; zero while far.
	IdleOut    bool      // The logout on its way is inactivity's.

	Hosts    map[HostID]Host
	Calls    map[CallKey]Call
	Order    []CallKey                   // Of Calls, oldest first.
	Shown    CallKey                     // The agent put it on stage; empty leaves that to onStage.
	Offers   map[InteractionID]int       // Ordinal of the newest offer.
	Past     map[InteractionID]time.Time // eventTime of the last word about a call that is over.
	History  []Record                    // Newest first, at most historyLimit.
	Missed   *Missed
	LastDial Dial

	Problems  []Problem
	problemID int
	Backend   BackendState
}

// Surroundings are how the Agent Desktop around us looks.
type Surroundings struct {
	Theme    string // light or dark; empty where it does not say.
	Language string // Such as de-DE; empty where it does not say.
}

// A Mirror is the call of the leading tab, as far as others show it.
type Mirror struct {
	Key       CallKey
	Channel   Channel
	Phase     Phase
	Number    string
	Display   string
	Name      string
	StartedAt time.Time
}

// An Identity is who is signed in at our backend.
type Identity struct {
	AgentID string // Webex CI user id.
	OrgID   string
	Name    string
	Email   string
}

// A SessionState is how far the agent has come with our backend.
type SessionState string

// The states of the session.
const (
	SessionUnknown SessionState = ""
	SignedOut      SessionState = "signed-out"
	SigningIn      SessionState = "signing-in"
	SignedInState  SessionState = "signed-in"
)

// A LinkState is the state of the notification socket.
type LinkState string

// The states of the link. It starts as LinkNone, and LinkTaken means that
// another session holds it: no reconnect until the agent takes the lead.
const (
	LinkNone  LinkState = ""
	LinkUp    LinkState = "up"
	LinkDown  LinkState = "down"
	LinkTaken LinkState = "taken"
)

// A BackendState is what we know of our own server.
type BackendState struct {
	Down   bool
	Queued int
}

// An AgentOp is a command of the agent's own session that has no answer yet.
type AgentOp string

// The agent's operations.
const (
	NoAgentOp     AgentOp = ""
	LoggingIn     AgentOp = "login"
	LoggingOut    AgentOp = "logout"
	ChangingState AgentOp = "state"
)

// A LoginOption is how the agent's phone is reached, spelled as on the wire.
type LoginOption string

// The login options of Webex Contact Center.
const (
	Extension LoginOption = "EXTENSION"
	AgentDN   LoginOption = "AGENT_DN"
	Browser   LoginOption = "BROWSER"
)

// A Station is the agent's session at Webex.
type Station struct {
	Option    LoginOption
	Number    string
	TeamID    string
	Available bool
	AuxCodeID string
	Since     time.Time // Of the present state.
}

// A Profile is the agent's Webex configuration, reduced to what the phone uses.
type Profile struct {
	LoginOptions      []LoginOption
	DefaultNumber     string // The provisioned DN.
	ForceDefault      bool   // The agent must use it.
	DialNumberPattern []string
	Teams             []Named
	IdleCodes         []Code // Without Available.
	WrapUpCodes       []Code
	OutdialEnabled    bool
	OutdialANIs       []ANI
	EndCallEnabled    bool
	EndConsultEnabled bool // The consulted agent may end the consult.
	ConsultToQueue    bool
	AutoWrapUp        bool
	AutoWrapAfter     time.Duration
	AutoWrapExtend    bool          // The agent may put the automatic wrap-up off.
	MaskSensitive     bool          // Numbers are shown by their last digits only.
	PrivacyShield     bool          // The agent may pause the recording.
	HideVariables     bool          // Call variables are not shown.
	AddressBook       bool          // There is one.
	Inactivity        time.Duration // Idle and untouched for so long: logged out. Zero for never.
}

// Named is an id with its name.
type Named struct{ ID, Name string }

// A Code is an auxiliary code: an idle reason or a wrap-up reason.
type Code struct {
	ID, Name string
	System   bool
	Default  bool
}

// An ANI is a number an outdial may show.
type ANI struct {
	Name, Number string
	Default      bool
}

// A HostID names one tab of ours with its HubSpot page.
type HostID string

// A Dial is the newest dial request, kept to see HubSpot's duplicates.
type Dial struct {
	Number  string
	Started int64
	At      time.Time
}

// A Host is a HubSpot page that speaks the protocol with one of our tabs.
type Host struct {
	ID           HostID
	PortalID     string
	EngagementID string
	Location     string
	LoggedIn     bool // What we told it.
	Available    bool // What we told it.
	Width        int  // px, what we asked it for; 0 for nothing.
}

// A Direction is seen from the agent, spelled as HubSpot does.
type Direction string

// The directions.
const (
	Inbound  Direction = "INBOUND"
	Outbound Direction = "OUTBOUND"
)

// A Phase is where one call stands for this agent.
type Phase string

// The phases of a call. Done calls leave State.Calls.
const (
	Dialing        Phase = "dialing"         // Outdial: not yet talking to the customer.
	Ringing        Phase = "ringing"         // Offered to this agent.
	Talking        Phase = "talking"         //
	Held           Phase = "held"            // The customer is on hold.
	ConsultRinging Phase = "consult-ringing" // Our consult is not answered yet.
	ConsultingP    Phase = "consulting"      // A consult leg is up.
	Conference     Phase = "conference"      //
	WrapUp         Phase = "wrap-up"         //
	Done           Phase = "done"            //
)

// An Outcome is how a call ended, spelled as HubSpot's callEndStatus.
type Outcome string

// The outcomes.
const (
	Completed Outcome = "COMPLETED"
	Failed    Outcome = "FAILED"
	Canceled  Outcome = "CANCELED"
	Busy      Outcome = "BUSY"
	NoAnswer  Outcome = "NO_ANSWER"
	Rejected  Outcome = "REJECTED"
	MissedOut Outcome = "MISSED"
)

// An Op is a command of a call that has no answer yet.
type Op string

// The operations of a call.
const (
	OpDial            Op = "dial"
	OpAccept          Op = "accept"
	OpDecline         Op = "decline"
	OpHold            Op = "hold"
	OpResume          Op = "resume"
	OpEnd             Op = "end"
	OpRecordingPause  Op = "record/pause"
	OpRecordingResume Op = "record/resume"
	OpWrapUp          Op = "wrapup"
	OpConsult         Op = "consult"
	OpConsultEnd      Op = "consult/end"
	OpSwap            Op = "swap"
	OpMerge           Op = "consult/conference"
	OpTransfer        Op = "transfer"
	OpConsultTransfer Op = "consult/transfer"
	OpLeave           Op = "conference/exit"
	OpHandOver        Op = "conference/transfer"
	OpDrop            Op = "conference/drop"
)

// Pending is what a call waits for. Webex answers a command by a later
// notification, so waiting is nothing but this.
type Pending struct {
	What  Op
	Until time.Time // Zero for a consult that waits in a queue: no limit.
	Party string    // OpDrop: who.
	Main  bool      // OpSwap: towards the customer.
}

// A Stage is how much of a call its HubSpot page was told. It only rises.
type Stage int

// The stages.
const (
	ToldNothing Stage = iota
	ToldStarted
	ToldAnswered
	ToldEnded
	ToldCompleted
)

// A Call is one offer of an interaction to this agent, or one outdial.
type Call struct {
	Key         CallKey
	Ordinal     int
	Interaction Interaction // Newest; zero for an outdial that Webex has not bound yet.
	At          time.Time   // eventTime of Interaction.
	Channel     Channel
	Direction   Direction
	Number      string // The other side's.
	Ours        string // DNIS or ANI.
	Queue       string
	Name        string // What Webex or HubSpot calls the customer.

	Phase   Phase
	Legs    Legs
	Pending *Pending
	Target  Target // Whom the consult or transfer under way goes to.
	InQueue bool   // Our consult was sent to a queue, which has found nobody yet.
	Left    Departure
	Others  []Party // Everybody who was on our side so far, in order of appearance.
	Muted   bool
	Ending  bool // End was pressed; what is in its way is being cleared away.

	StartedAt  time.Time // Ringing or dialing since.
	AnsweredAt time.Time
	HeldAt     time.Time
	HoldTotal  time.Duration
	ConsultAt  time.Time     // The consult under way was answered; zero before.
	Consulting time.Duration // Spent in consults that are over.
	Conferred  bool          // It was a conference for a while.
	ConferAt   time.Time     // The conference under way began; zero outside one.
	Conferring time.Duration // Spent in conferences that are over.
	MenuTime   time.Duration // Before it was queued; zero when unknown.
	QueueTime  time.Duration // Queued, until this offer; zero when unknown.
	WrappedAt  time.Time     // The wrap-up was over.
	EndedAt    time.Time
	RingUntil  time.Time // When the offer is withdrawn; zero when unknown.
	WrapUntil  time.Time // The automatic wrap-up, put off by the agent.
	NoAutoWrap bool      // The agent stopped it.
	Outcome    Outcome

	Host         HostID
	Stage        Stage
	HostCreates  bool // HubSpot was asked to create the engagement and has not refused.
	EngagementID string

	Matching  Matching
	Popped    bool
	Card      Card // Of Matching.Chosen, as far as CardState says.
	CardState CardState

	Notes     string
	Title     string // The agent's; empty: the portal's template.
	Ticket    bool   // The agent asked for one.
	Layout    string // Of the Desktop that it was begun in, as its record has it; the backend's own words.
	CodeID    string // Chosen wrap-up reason.
	FollowUp  *FollowUp
	Display   string // Number as the tenant's region writes it.
	Submitted bool
	Revision  int64
	Receipt   Receipt
}

// Matching is the search for the record that a call belongs to.
type Matching struct {
	Backend, HubSpot Answer // Whether the sources have answered.
	Until            time.Time
	Matches          []Match
	Chosen           *RecordRef
	NotListed        bool // The agent said so.
}

// An Answer says whether a source has answered.
type Answer int

// The answers of a source. NotAsked sources are not waited for.
const (
	NotAsked Answer = iota
	Asked
	Answered
)

// A RecordRef names a CRM record. Ids are decimal strings beyond 32 bits.
type RecordRef struct {
	ObjectTypeID string // "0-1" contact, "0-2" company, …
	ObjectID     string
	Name         string
}

// A Match is a record that a number may belong to.
type Match struct {
	Record  RecordRef
	Email   string
	Company string
	Why     string // Which property matched, such as "mobilephone".
	NoCalls bool   // The record says that this person must not be called.

	Via      string    // How the backend found it: variable, number or recent; empty for HubSpot's own match.
	RecentAt time.Time // Last interaction there; zero for none known.
}

// A Missed is the offer that the agent did not take.
type Missed struct {
	Key     CallKey
	Number  string
	Name    string
	Queue   string
	Reason  string // Webex's word: RONA_TIMER_EXPIRED, …
	Outcome Outcome
	At      time.Time
}

// Legs are the parts of an interaction from this agent's side.
type Legs struct {
	MainID, ConsultID     string // mediaResourceIds; empty when there is no such leg.
	MainHeld, ConsultHeld bool
	MainHeldAt            time.Time
	Joined                bool // We are on the line ourselves: on an outdial, our phone has been picked up.
	Customer              bool // The customer is still there.
	Agents                int  // Agents in the main call, ourselves included.
	ConsultPeer           string
	ConsultPeerName       string
	ConsultJoined         bool
	Consulted             bool // We are the consulted side.
	ConsultHeldAt         time.Time
	Queued                bool // Our consult waits in a queue (ctqInProgress).
	Child                 bool // This is the leg of an entry-point or number consult.
	Owner                 bool // The interaction is ours.
	OtherConsult          bool // Another agent's consult is open.
	Parties               []Party
}

// A Party is somebody on the line, ourselves included.
type Party struct {
	ID     string
	Kind   PartyKind
	Name   string
	Number string
	Self   bool
	Owner  bool
	Joined bool
	Main   bool // In the main call; else in the consult only.
}

// A Target is whom a consult or a transfer goes to.
type Target struct {
	Kind TargetKind
	ID   string // Agent id, queue id, entry point id, or the number.
	Name string
}

// A TargetKind is the sort of a target, spelled as Webex's destinationType.
type TargetKind string

// The kinds of targets.
const (
	ToAgent      TargetKind = "agent"
	ToQueue      TargetKind = "queue"
	ToNumber     TargetKind = "dialNumber"
	ToEntryPoint TargetKind = "entryPoint"
)

// A Departure says how this agent left a call that went on: "" (did not),
// blind, consult, conference (left it) or handover, and to whom where known.
type Departure struct {
	How DepartureKind
	To  Target
}

// A DepartureKind is a way to leave a call that goes on.
type DepartureKind string

// The ways to leave.
const (
	LeftBlind      DepartureKind = "blind"
	LeftConsult    DepartureKind = "consult"
	LeftConference DepartureKind = "conference"
	LeftHandOver   DepartureKind = "handover"
)

// A FollowUp is a task to be made with the activity.
type FollowUp struct {
	Subject string
	Due     time.Time
}

// A Buddy is an agent whom one may consult or transfer to.
type Buddy struct {
	ID, Name  string
	Team      string // Id.
	State     string // Webex's word: Available, Idle, …
	Number    string
	Available bool
}

// MediaAbilities are the things that the contact centre lets the panel do with
// a call's media, and those it does not let it do with the call. The zero value
// is REST's with a desk phone: no media, every command.
type MediaAbilities struct {
	Answer, Decline, Mute, Digits bool
	Variables                     bool // Call variables may be changed.
	DigitsOnly                    bool // Of the tones, * and # cannot be sent.
	NoHandOver                    bool // A conference cannot be handed over.
}
