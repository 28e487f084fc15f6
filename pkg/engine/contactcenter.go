package engine

import (
	"context"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/webexcc"
)

// A ContactCenter is Webex as the engine uses it. A nil error means that the
// command was taken; what became of it is a notification. [Webex] implements
// it over REST. One that can do more implements [Media] too.
type ContactCenter interface {
	Open() Notifications

	LogIn(ctx context.Context, login webexcc.Login) error
	LogOut(ctx context.Context, reason string) error
	SetState(ctx context.Context, change webexcc.StateChange) error
	Reload(ctx context.Context) error
	BuddyAgents(ctx context.Context, which webexcc.BuddyRequest) error

	Outdial(ctx context.Context, call webexcc.Outdial) error
	Accept(ctx context.Context, id string) error
	Hold(ctx context.Context, id, mediaResourceID string) error
	Unhold(ctx context.Context, id, mediaResourceID string) error
	PauseRecording(ctx context.Context, id string) error
	ResumeRecording(ctx context.Context, id string, autoResumed bool) error
	End(ctx context.Context, id string) error
	WrapUp(ctx context.Context, id string, reason webexcc.WrapUp) error

	Consult(ctx context.Context, id string, to webexcc.Consultation) error
	AcceptConsult(ctx context.Context, id string) error
	EndConsult(ctx context.Context, id, queueID string) error
	Transfer(ctx context.Context, id string, to webexcc.Destination) error
	ConsultTransfer(ctx context.Context, id string, to webexcc.Destination) error
	Conference(ctx context.Context, id string, merge webexcc.Merger) error
	ExitConference(ctx context.Context, id string) error
	TransferConference(ctx context.Context, id string) error
	DropParticipant(ctx context.Context, id, participantID string) error
}

// Media is what a ContactCenter may offer beside: the things that a desk phone
// does itself where Webex is reached over REST. All of them name the
// interaction. A nil error means that it is done.
type Media interface {
	// Abilities says which of the methods work. It is asked once, at start.
	Abilities() softphone.MediaAbilities
	Answer(ctx context.Context, id string) error // A call or a consult.
	Decline(ctx context.Context, id string) error
	Mute(ctx context.Context, id string, on bool) error
	SendDigits(ctx context.Context, id, digits string) error
	// UpdateVariable changes a call variable; a notification brings the new
	// interaction.
	UpdateVariable(ctx context.Context, id, name, value string) error
}

// Notifications is an open notification socket that reopens itself.
type Notifications interface {
	Next(ctx context.Context) (webexcc.Notification, error)
	Close() error
}

// Webex is the contact centre over REST and the notification socket. It offers
// no [Media]: that is the desk phone's.
type Webex struct {
	*webexcc.Client
	Stream webexcc.StreamConfig // Its Client field is filled in.
}

// Open begins a new notification socket.
func (w Webex) Open() Notifications {
	cfg := w.Stream
	cfg.Client = w.Client
	return webexcc.NewStream(cfg)
}

var _ ContactCenter = Webex{}
