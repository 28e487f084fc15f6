package softphone

import "time"

// A Problem is something the agent should know: a code with arguments. The
// sentence is written by the user interface in the agent's language.
type Problem struct {
	ID    int
	Code  ProblemCode
	Args  []string
	Key   CallKey   // The call it is about, else empty.
	Until time.Time // Goes away by itself then; zero stays.
}

// A ProblemCode names a kind of problem.
type ProblemCode string

// The problem codes.
const (
	SessionExpired     ProblemCode = "session-expired"
	PopupBlocked       ProblemCode = "popup-blocked"
	PopupClosed        ProblemCode = "popup-closed"
	SignInRefused      ProblemCode = "sign-in-refused"
	NotLinked          ProblemCode = "not-linked" // The agent's org is not linked here: 403.
	BackendDown        ProblemCode = "backend-down"
	WebexDown          ProblemCode = "webex-down"
	ConfigFailed       ProblemCode = "config-failed"
	LoginDuplicate     ProblemCode = "login-duplicate"      // DUPLICATE_LOCATION
	LoginInvalidNumber ProblemCode = "login-invalid-number" // INVALID_DIAL_NUMBER
	LoginFailed        ProblemCode = "login-failed"
	LogoutFailed       ProblemCode = "logout-failed"
	LogoutInCall       ProblemCode = "logout-in-call"
	StateFailed        ProblemCode = "state-failed"
	NoConfirmation     ProblemCode = "no-confirmation" // Args: the Op. A command was never confirmed.
	CommandRefused     ProblemCode = "command-refused" // Args: the Op, detail.
	DialInvalid        ProblemCode = "dial-invalid"
	DialNotReady       ProblemCode = "dial-not-ready" // Not signed in or no station.
	DialInCall         ProblemCode = "dial-in-call"
	DialNotAllowed     ProblemCode = "dial-not-allowed"
	DialFailed         ProblemCode = "dial-failed"      // Args: Webex's reason.
	DialLimit          ProblemCode = "dial-limit"       // Args: seconds to wait, if known. The tenant's limit of outdials is used up for now.
	DialANIRefused     ProblemCode = "dial-ani-refused" // Args: Webex's reason, the number that Settings.OutdialANI shows and the profile does not have.
	NavigateRefused    ProblemCode = "navigate-refused" // HubSpot would not open the record.
	TabBlocked         ProblemCode = "tab-blocked"      // The browser opened no tab for it.
	ContactNotCreated  ProblemCode = "contact-not-created"
	TakenElsewhere     ProblemCode = "taken-elsewhere"
	StorageUnusable    ProblemCode = "storage-unusable" // Nothing survives a reload of this frame.
	VersionMismatch    ProblemCode = "version-mismatch" // Widget and backend are of different releases.
	LoggedOutBy        ProblemCode = "logged-out-by"    // Args: who.
	LoggedOutIdle      ProblemCode = "logged-out-idle"  // The profile's inactivity time is over.
	TargetInvalid      ProblemCode = "target-invalid"   // Args: what was typed.
	TargetSelf         ProblemCode = "target-self"
	ConsultRefused     ProblemCode = "consult-refused"  // Args: whom, Webex's reason. Busy, not answered, declined.
	ConsultLeft        ProblemCode = "consult-left"     // Args: whom. The other side hung up.
	CustomerLeft       ProblemCode = "customer-left"    // In a consult or conference, while we go on.
	PartyLeft          ProblemCode = "party-left"       // Args: who left the conference.
	StateChangedBy     ProblemCode = "state-changed-by" // Args: who, the new state's name.
	HostNotAllowed     ProblemCode = "host-not-allowed" // The tenant's settings do not let this HubSpot address call.
)
