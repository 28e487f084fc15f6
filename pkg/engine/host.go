package engine

import (
	"context"
	"fmt"
	"strings"

	"deskbridge/pkg/callingext"
	"deskbridge/pkg/softphone"
)

// watchHost turns what HubSpot says into events.
func (e *Engine) watchHost(ctx context.Context) {
	if e.cfg.Host == nil {
		return
	}
	for {
		m, err := e.cfg.Host.Next(ctx)
		if err != nil {
			return
		}
		if ev := e.hostEvent(m); ev != nil {
			e.Send(ev)
		}
	}
}

func (e *Engine) hostEvent(m callingext.HostMessage) softphone.Event {
	host := e.cfg.HostID
	if s, ok := m.(callingext.Synced); ok {
		e.gate.arrived(s.HostURL, softphone.HostSynced{
			Host: host, PortalID: string(s.PortalID), UserID: string(s.UserID), OwnerID: string(s.OwnerID),
			EngagementID: string(s.EngagementID), Location: string(s.IframeLocation),
			LoggedIn: e.cfg.Session.Restored(),
		})
		return nil
	}
	if !e.gate.open() {
		return nil
	}
	switch m := m.(type) {
	case callingext.DialNumber:
		return e.dialed(m)
	case callingext.CreateEngagementSucceeded:
		return softphone.EngagementCreated{Host: host, EngagementID: string(m.EngagementID)}
	case callingext.EngagementCreated: // Deprecated, and still sent beside the other.
		return softphone.EngagementCreated{Host: host, EngagementID: string(m.EngagementID)}
	case callingext.CreateEngagementFailed:
		return softphone.EngagementFailed{Host: host}
	case callingext.CallerIDMatchSucceeded:
		return softphone.CallerMatched{Host: host, PortalID: portalOf(m), Matches: callerMatches(m)}
	case callingext.CallerIDMatchFailed:
		return softphone.CallerMatchFailed{Host: host}
	case callingext.NavigateToRecordFailed:
		return softphone.NavigateFailed{Host: host}
	case callingext.EndCall:
		return softphone.HostEndRequested{Host: host}
	}
	return nil // Receipts, visibility and unknown types need no decision.
}

// dialed takes the record from calleeInfo alone: objectId is at times the
// record on the screen rather than the one that is called (SDK issue 207), so
// without calleeInfo the number is looked up.
func (e *Engine) dialed(m callingext.DialNumber) softphone.Event {
	ev := softphone.DialRequested{
		Key: e.NewKey(), Host: e.cfg.HostID, Number: m.PhoneNumber, Started: m.StartTimestamp,
	}
	m.ObjectID = ""
	if ref, ok := m.Record(); ok {
		ev.Callee = &softphone.RecordRef{ObjectTypeID: ref.ObjectTypeID, ObjectID: string(ref.ObjectID)}
	}
	return ev
}

func callerMatches(m callingext.CallerIDMatchSucceeded) []softphone.Match {
	out := make([]softphone.Match, 0, len(m.CallerIDMatches))
	for _, x := range m.CallerIDMatches {
		name := x.Name
		if name == "" {
			name = strings.TrimSpace(x.FirstName + " " + x.LastName)
		}
		out = append(out, softphone.Match{
			Record: softphone.RecordRef{
				ObjectTypeID: x.ObjectCoordinates.ObjectTypeID, ObjectID: string(x.ObjectCoordinates.ObjectID), Name: name,
			},
			Email: x.Email,
		})
	}
	return out
}

func portalOf(m callingext.CallerIDMatchSucceeded) string {
	for _, x := range m.CallerIDMatches {
		if x.ObjectCoordinates.PortalID != "" {
			return string(x.ObjectCoordinates.PortalID)
		}
	}
	return ""
}

// tell sends what is for HubSpot. Commands for another tab's page go nowhere:
// that tab is gone.
func (e *Engine) tell(c softphone.Command) error {
	if n, ok := c.(softphone.Navigate); ok && n.Host == "" {
		e.openPage(n, e.appURL())
		return nil
	}
	if e.cfg.Host == nil || !e.gate.open() {
		return nil
	}
	if n, ok := c.(softphone.Navigate); ok && n.Record.ObjectTypeID != callingext.Contact && n.Record.ObjectTypeID != callingext.Company {
		e.openPage(n, e.gate.host())
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

// openPage opens a record by its address: one that HubSpot's protocol cannot
// name, a deal or a ticket, and any where no HubSpot page is around. Browsers
// allow that after a press, else only where the person has said so.
func (e *Engine) openPage(n softphone.Navigate, origin string) {
	if e.cfg.OpenTab == nil || origin == "" || n.PortalID == "" ||
		e.cfg.OpenTab(origin+"/contacts/"+n.PortalID+"/record/"+n.Record.ObjectTypeID+"/"+n.Record.ObjectID) != nil {
		e.Send(softphone.NavigateFailed{Host: n.Host, Tab: true})
	}
}

func (e *Engine) appURL() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.state.Settings.AppURL
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
	case softphone.TellTransferred:
		return callingext.CallTransferred{ExternalCallID: string(c.Key)}
	case softphone.TellEnded:
		return callingext.CallEnded{
			ExternalCallID: string(c.Key), EngagementID: callingext.ID(c.EngagementID),
			CallEndStatus: callingext.CallEndStatus(c.Outcome),
		}
	case softphone.TellCompleted:
		return callingext.CallCompleted{
			ExternalCallID: string(c.Key), EngagementID: callingext.ID(c.EngagementID), HideWidget: new(false),
		}
	case softphone.TellWidth:
		return callingext.ResizeWidget{Width: c.Width, Height: registeredHeight}
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

// registeredHeight is the panel's height that the app is registered with, px:
// HubSpot wants one with every width.
const registeredHeight = 600

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
