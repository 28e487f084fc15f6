package engine

import (
	"context"
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
	switch m := m.(type) {
	case callingext.Synced:
		return softphone.HostSynced{
			Host: host, PortalID: string(m.PortalID), UserID: string(m.UserID), OwnerID: string(m.OwnerID),
			EngagementID: string(m.EngagementID), Location: string(m.IframeLocation),
			LoggedIn: e.cfg.Session.Restored(),
		}
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
