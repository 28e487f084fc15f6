package engine

import (
	"context"
	"errors"
	"fmt"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/callingext"
	"deskbridge/pkg/softphone"
	"deskbridge/pkg/webexcc"
)

// keyAttribute is the outdial attribute that carries our key, so that Webex's
// interaction finds its call even when several are under way.
const keyAttribute = "deskbridgeKey"

// execute carries out one command. A nil error means that it was taken.
func (e *Engine) execute(ctx context.Context, c softphone.Command) error {
	cc := e.cfg.CC
	switch c := c.(type) {
	case softphone.ForgetSession:
		err := e.cfg.Backend.SignOut(ctx)
		e.cfg.Session.clear()
		if err != nil {
			e.cfg.Log("sign-out at the backend", "error", errorKind(err))
		}
		return nil
	case softphone.LogInStation:
		return cc.LogIn(ctx, login(c))
	case softphone.LogOutStation:
		return cc.LogOut(ctx, c.Reason)
	case softphone.SetState:
		return cc.SetState(ctx, e.stateChange(c))
	case softphone.Resync:
		return cc.Reload(ctx)
	case softphone.PlaceCall:
		return cc.Outdial(ctx, e.outdial(c))
	case softphone.AcceptTask:
		return cc.Accept(ctx, string(c.ID))
	case softphone.HoldTask:
		return cc.Hold(ctx, string(c.ID), c.MediaID)
	case softphone.UnholdTask:
		return cc.Unhold(ctx, string(c.ID), c.MediaID)
	case softphone.PauseRecording:
		return cc.PauseRecording(ctx, string(c.ID))
	case softphone.ResumeRecording:
		return cc.ResumeRecording(ctx, string(c.ID), false)
	case softphone.EndTask:
		return cc.End(ctx, string(c.ID))
	case softphone.WrapUpTask:
		return cc.WrapUp(ctx, string(c.ID), webexcc.WrapUp{AuxCodeID: c.CodeID, Reason: c.CodeName})
	case softphone.LookUp:
		return e.lookUp(ctx, c)
	case softphone.CreateContact:
		return e.createContact(ctx, c)
	default:
		return e.tell(c)
	}
}

func login(c softphone.LogInStation) webexcc.Login {
	return webexcc.Login{
		DialNumber: c.Number, DeviceID: c.Number, TeamID: c.TeamID, DeviceType: string(c.Option),
		IsExtension: c.Option == softphone.Extension, Roles: []string{"agent"},
	}
}

func (e *Engine) stateChange(c softphone.SetState) webexcc.StateChange {
	state := webexcc.Idle
	if c.Available {
		state = webexcc.Available
	}
	return webexcc.StateChange{State: state, AuxCodeID: c.AuxCodeID, Reason: c.Reason, AgentID: e.agentID()}
}

func (e *Engine) agentID() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.state.Agent.AgentID
}

func (e *Engine) outdial(c softphone.PlaceCall) webexcc.Outdial {
	entryPoint, _ := e.entryPoint.Load().(string)
	return webexcc.Outdial{
		Destination: c.Destination, Origin: c.ANI, EntryPointID: entryPoint,
		Direction: webexcc.Outbound, MediaType: "telephony", OutboundType: "OUTDIAL",
		Attributes: map[string]string{keyAttribute: string(c.Key)},
	}
}

func (e *Engine) lookUp(ctx context.Context, c softphone.LookUp) error {
	found, err := e.cfg.Backend.Lookup(ctx, backend.Lookup{
		Number: c.Number, Direction: string(c.Direction), PortalID: e.portal(),
	})
	if err != nil {
		return err
	}
	e.Send(softphone.LookedUp{Key: c.Key, Matches: matches(found.Matches)})
	return nil
}

func (e *Engine) createContact(ctx context.Context, c softphone.CreateContact) error {
	made, err := e.cfg.Backend.CreateContact(ctx, backend.NewContact{
		Number: c.Number, FirstName: c.FirstName, LastName: c.LastName, PortalID: e.portal(),
	})
	if err != nil {
		return err
	}
	e.Send(softphone.ContactCreated{Key: c.Key, Match: match(made)})
	return nil
}

// portal is the portal of this tab's HubSpot page, empty where there is none.
func (e *Engine) portal() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.state.Hosts[e.cfg.HostID].PortalID
}

// tell sends what is for HubSpot. Commands for another tab's page go nowhere:
// that tab is gone.
func (e *Engine) tell(c softphone.Command) error {
	if e.cfg.Host == nil {
		return nil
	}
	m := toHost(c, e.cfg.HostID)
	if m == nil {
		return nil
	}
	if err := e.cfg.Host.Send(m); err != nil {
		e.cfg.Log("message to HubSpot", "error", err.Error())
	}
	return nil
}

func toHost(c softphone.Command, own softphone.HostID) callingext.WidgetMessage {
	switch c := c.(type) {
	case softphone.TellLoggedIn:
		return callingext.LoggedIn{}
	case softphone.TellLoggedOut:
		return callingext.LoggedOut{}
	case softphone.TellAvailable:
		return callingext.Available{}
	case softphone.TellUnavailable:
		return callingext.Unavailable{}
	case softphone.TellIncoming:
		return callingext.IncomingCall{
			ExternalCallID: string(c.Key), FromNumber: orUnknown(c.From), ToNumber: orUnknown(c.To),
			CallStartTime: c.Started.UnixMilli(), CreateEngagement: c.CreateEngagement,
		}
	case softphone.TellOutgoing:
		return callingext.OutgoingCall{
			ExternalCallID: string(c.Key), FromNumber: c.From, ToNumber: c.To,
			CallStartTime: c.Started.UnixMilli(), CreateEngagement: c.CreateEngagement,
		}
	case softphone.TellAnswered:
		return callingext.CallAnswered{ExternalCallID: string(c.Key)}
	case softphone.TellEnded:
		return callingext.CallEnded{
			ExternalCallID: string(c.Key), EngagementID: callingext.ID(c.EngagementID),
			CallEndStatus: callingext.CallEndStatus(c.Outcome),
		}
	case softphone.TellCompleted:
		return callingext.CallCompleted{
			ExternalCallID: string(c.Key), EngagementID: callingext.ID(c.EngagementID), HideWidget: new(false),
		}
	case softphone.TellProblem:
		return callingext.SendError{Message: hostSentence(c.Problem)}
	case softphone.Navigate:
		in := callingext.CurrentTab
		if c.NewTab {
			in = callingext.NewTab
		}
		return callingext.NavigateToRecord{
			ObjectCoordinates: callingext.ObjectCoordinates{
				PortalID: callingext.ID(c.PortalID), ObjectID: callingext.ID(c.Record.ObjectID), ObjectTypeID: c.Record.ObjectTypeID,
			},
			EngagementID: callingext.ID(c.EngagementID), OpenIn: in,
		}
	}
	panic(fmt.Sprintf("engine: unlisted command %T", c))
}

// orUnknown fills a number that HubSpot requires and the carrier withheld.
func orUnknown(number string) string {
	if number == "" {
		return "anonymous"
	}
	return number
}

// hostSentence is what HubSpot's alert says; the panel says it in the agent's
// own language.
func hostSentence(p softphone.Problem) string {
	switch p.Code {
	case softphone.DialInvalid:
		return "This number cannot be dialled. Check it on the record and try again."
	case softphone.DialInCall:
		return "You are already in a call. Finish it, then dial again."
	case softphone.TakenElsewhere:
		return "Your calls are handled in another tab. Dial there, or press “Bring here” in the panel of this one."
	case softphone.DialNotAllowed:
		return "Your Webex profile does not allow outbound calls. Ask your administrator."
	default:
		return "Deskbridge is not ready to dial. Open the panel, sign in and start your shift, then dial again."
	}
}

// failed turns an error into the event the softphone understands.
func failed(c softphone.Command, err error) softphone.Event {
	if l, ok := c.(softphone.LookUp); ok {
		return softphone.LookUpFailed{Key: l.Key}
	}
	ev := softphone.CommandFailed{Command: c, Code: softphone.WebexDown}
	var webex *webexcc.Error
	var refusal *backend.Error
	switch {
	case errors.As(err, &webex):
		ev.Code, ev.Detail = softphone.CommandRefused, detail(webex)
		if webex.Status == 401 {
			ev.Code = softphone.SessionExpired
		}
	case errors.As(err, &refusal):
		ev.Code, ev.Detail = softphone.ProblemCode(refusal.Code), refusal.Message
	case isLocal(err):
		ev.Code, ev.Detail = softphone.CommandRefused, err.Error()
	}
	return ev
}

// isLocal says whether the client itself refused, before anything was sent.
func isLocal(err error) bool { return errors.Is(err, webexcc.ErrInvalid) }

// detail is the service's own word for a refusal, never its free text, which
// may quote numbers.
func detail(err *webexcc.Error) string {
	if err.Reason != "" {
		return err.Reason
	}
	if err.Type != "" {
		return err.Type
	}
	return fmt.Sprintf("HTTP %d", err.Status)
}

// errorKind is an error for the log: its kind, not its text.
func errorKind(err error) string {
	var webex *webexcc.Error
	var refusal *backend.Error
	switch {
	case errors.As(err, &webex):
		return fmt.Sprintf("webex %d", webex.Status)
	case errors.As(err, &refusal):
		return "backend " + refusal.Code
	case errors.Is(err, context.DeadlineExceeded):
		return "deadline"
	default:
		return "no answer"
	}
}
