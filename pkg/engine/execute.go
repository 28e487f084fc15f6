package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"deskbridge/pkg/backend"
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
		return e.placeCall(ctx, c)
	case softphone.ListBuddies:
		return cc.BuddyAgents(ctx, e.whichBuddies())
	case softphone.LookUp:
		return e.lookUp(ctx, c)
	case softphone.CreateContact:
		return e.createContact(ctx, c)
	case softphone.LoadCard:
		return e.loadCard(ctx, c)
	default:
		return e.task(ctx, c)
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

// mayDialWithin is how long an outdial waits for the server's leave.
const mayDialWithin = 1500 * time.Millisecond

// placeCall dials out unless the server says that this agent's limit is used
// up. A limit of our own must not stop calls, so anything but that refusal is a
// yes: a server that is down, slow, or older than the question.
func (e *Engine) placeCall(ctx context.Context, c softphone.PlaceCall) error {
	asking, cancel := context.WithTimeout(ctx, mayDialWithin)
	err := e.cfg.Backend.Dial(asking, backend.Dial{Number: c.Destination, PortalID: e.portal()})
	cancel()
	var refusal *backend.Error
	if errors.As(err, &refusal) && refusal.Code == backend.CodeDialLimit {
		return err
	}
	return e.cfg.CC.Outdial(ctx, e.outdial(c))
}

func (e *Engine) outdial(c softphone.PlaceCall) webexcc.Outdial {
	entryPoint, _ := e.entryPoint.Load().(string)
	return webexcc.Outdial{
		Destination: c.Destination, Origin: c.ANI, EntryPointID: entryPoint,
		Direction: webexcc.Outbound, MediaType: "telephony", OutboundType: "OUTDIAL",
		Attributes: map[string]string{keyAttribute: string(c.Key)},
	}
}

// whichBuddies asks for those whom a call can go to, in whatever state they are.
func (e *Engine) whichBuddies() webexcc.BuddyRequest {
	profile, _ := e.profileID.Load().(string)
	return webexcc.BuddyRequest{AgentProfileID: profile, MediaType: "telephony"}
}

// portal is the portal of this tab's HubSpot page, else the one that the layout
// names or whose settings hold; empty when none is known.
func (e *Engine) portal() string {
	named := e.layoutPortal()
	e.mu.Lock()
	defer e.mu.Unlock()
	return cmp.Or(e.state.Hosts[e.cfg.HostID].PortalID, named, e.state.Settings.PortalID)
}

// failed turns an error into the event the softphone understands.
func failed(c softphone.Command, err error) softphone.Event {
	switch c := c.(type) {
	case softphone.LookUp:
		return softphone.LookUpFailed{Key: c.Key}
	case softphone.LoadCard:
		return softphone.CardMissed(c)
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
		if refusal.Code == backend.CodeDialLimit {
			ev.Detail = seconds(refusal.RetryAfterMs)
		}
	case isLocal(err):
		ev.Code, ev.Detail = softphone.CommandRefused, err.Error()
	}
	return ev
}

// seconds is a waiting time, rounded up; empty when it is not known.
func seconds(ms int64) string {
	if ms <= 0 {
		return ""
	}
	return strconv.FormatInt((ms+999)/1000, 10)
}

// isLocal says whether the client itself refused, before anything was sent.
func isLocal(err error) bool { return errors.Is(err, webexcc.ErrInvalid) || errors.Is(err, errNoMedia) }

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
