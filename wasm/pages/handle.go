//go:build js && wasm

package main

import (
	"time"

	"deskbridge/pkg/callingext"
)

// take does what HubSpot does with a message of the widget (hubspot.md, 1.4).
func (c *crm) take(conn *connection, m callingext.WidgetMessage) {
	switch m := m.(type) {
	case callingext.SyncAck:
		conn.version = m.Version
	case callingext.Initialized:
		conn.ready, conn.loggedIn, conn.available = true, m.IsLoggedIn, m.IsAvailable
		if m.SizeInfo != nil {
			c.resize(m.SizeInfo.Width, m.SizeInfo.Height)
		}
		if d := c.pendingDial; d != nil {
			c.send(*d)
		}
	case callingext.LoggedIn:
		conn.loggedIn = true
	case callingext.LoggedOut:
		conn.loggedIn, conn.available = false, false
	case callingext.Available:
		conn.available = true
	case callingext.Unavailable:
		conn.available = false
	case callingext.IncomingCall:
		c.incoming(conn, m)
	case callingext.OutgoingCall:
		c.outgoing(conn, m)
	case callingext.CallAnswered:
		c.phase(m.ExternalCallID, "answered")
	case callingext.CallEnded:
		c.phase(m.ExternalCallID, "ended")
	case callingext.CallCompleted:
		c.completed(conn, m)
	case callingext.NavigateToRecord:
		c.navigate(conn, m)
	case callingext.FinalizeEngagement:
		c.say(callingext.FinalizeEngagementSucceeded{EngagementID: m.EngagementID, ExternalCallID: m.ExternalCallID})
	case callingext.PublishToChannel:
		c.say(callingext.PublishToChannelSucceeded{EngagementID: m.EngagementID, ExternalCallID: m.ExternalCallID})
	case callingext.SendError:
		if m.Message != "" { // Without, it is the SDK's answer to an unknown type.
			c.toast(bad, c.ext().Name+": "+m.Message)
		}
	case callingext.ResizeWidget:
		c.resize(m.Width, m.Height)
	case callingext.SetWidgetURL:
		if originOf(m.IFrameURL) == "" {
			c.say(callingext.SetWidgetURLFailed{Raw: []byte(`{"error":{"message":"not an absolute URL"}}`)})
			return
		}
		c.url = m.IFrameURL
		c.reloadFrame()
	}
}

func (c *crm) incoming(conn *connection, m callingext.IncomingCall) {
	if !c.ext().SupportsInboundCalling {
		c.note(string(m.Kind()), "ignored: the app is not registered for inbound calls")
		return
	}
	c.begin(&callState{ExternalCallID: m.ExternalCallID, Direction: "INBOUND"})
	if !c.panel.Minimized { // A minimised widget still rings.
		c.show(true)
	}
	if m.CreateEngagement {
		c.create(conn, newCall{ExternalCallID: m.ExternalCallID, OwnerID: c.cfg.OwnerID, Direction: "INBOUND",
			FromNumber: m.FromNumber, ToNumber: m.ToNumber, StartedAt: started(m.CallStartTime)})
	}
	c.lane.do(func() {
		found, err := matchCaller(m.FromNumber)
		c.later(func() {
			if err != nil {
				c.sayTo(conn, callingext.CallerIDMatchFailed{Error: callingext.Failure{Message: err.Error()}})
				return
			}
			if len(found) == 1 {
				c.concerns(m.ExternalCallID, recordRef{typeName(found[0].ObjectTypeID), found[0].ObjectID})
			}
			c.sayTo(conn, callingext.CallerIDMatchSucceeded{CallerIDMatches: c.matches(found)})
		})
	})
}

func (c *crm) outgoing(conn *connection, m callingext.OutgoingCall) {
	to := m.ToNumber
	if to == "" {
		to = m.PhoneNumber
	}
	from := c.dialledFrom(to)
	c.begin(&callState{ExternalCallID: m.ExternalCallID, Direction: "OUTBOUND", Record: from})
	c.show(true)
	if m.CreateEngagement {
		c.create(conn, newCall{ExternalCallID: m.ExternalCallID, OwnerID: c.cfg.OwnerID, Direction: "OUTBOUND",
			FromNumber: m.FromNumber, ToNumber: to, StartedAt: started(m.CallStartTime), Record: from})
	}
}

// create makes the engagement and tells the widget, once more under the
// deprecated name, as HubSpot does.
func (c *crm) create(conn *connection, call newCall) {
	c.lane.do(func() {
		id, err := createEngagement(call)
		c.later(func() {
			if err != nil {
				c.sayTo(conn, callingext.CreateEngagementFailed{Error: callingext.Failure{Message: err.Error()}})
				return
			}
			if c.call != nil && c.call.ExternalCallID == call.ExternalCallID {
				c.call.EngagementID = id
				save(c.ctx, callKey, c.call)
			}
			c.sayTo(conn, callingext.CreateEngagementSucceeded{EngagementID: callingext.ID(id)})
			c.sayTo(conn, callingext.EngagementCreated{EngagementID: callingext.ID(id)})
		})
	})
}

func (c *crm) matches(found []match) []callingext.CallerIDMatch {
	var out []callingext.CallerIDMatch
	for _, f := range found {
		out = append(out, callingext.CallerIDMatch{
			CallerIDType: callingext.CallerIDType(f.CallerIDType),
			ObjectCoordinates: callingext.ObjectCoordinates{
				PortalID: callingext.ID(c.cfg.PortalID), ObjectID: callingext.ID(f.ObjectID), ObjectTypeID: f.ObjectTypeID,
			},
			FirstName: f.FirstName, LastName: f.LastName, Email: f.Email, Name: f.Name,
		})
	}
	return out
}

// completed puts the call on the timeline and closes the panel. It waits for
// the engagement if that is still being made.
func (c *crm) completed(conn *connection, m callingext.CallCompleted) {
	call := c.call
	if call != nil && call.ExternalCallID != m.ExternalCallID {
		call = nil
	}
	if m.HideWidget == nil || *m.HideWidget {
		c.show(false)
	}
	c.lane.do(func() {
		known := make(chan callState, 1)
		c.later(func() { known <- factsOf(m, call) })
		k := <-known
		var err error = &refusal{Message: "There is no engagement for this call."}
		if k.EngagementID != "" {
			err = completeEngagement(k.EngagementID, m.EngagementProperties, k.Record)
		}
		c.later(func() { c.closed(conn, m, k.EngagementID, err) })
	})
}

// factsOf is what is known of a completed call by now: of an engagement that
// somebody else has made, the widget's id.
func factsOf(m callingext.CallCompleted, call *callState) callState {
	var k callState
	if call != nil {
		k = *call
	}
	if m.EngagementID != "" {
		k.EngagementID = string(m.EngagementID)
	}
	return k
}

// closed answers CALL_COMPLETED, which HubSpot does only when it carried
// properties.
func (c *crm) closed(conn *connection, m callingext.CallCompleted, id string, err error) {
	if len(m.EngagementProperties) > 0 {
		if err != nil {
			c.sayTo(conn, callingext.UpdateEngagementFailed{Error: callingext.Failure{Message: err.Error()}})
		} else {
			c.sayTo(conn, callingext.UpdateEngagementSucceeded{EngagementID: callingext.ID(id)})
		}
	}
	forgetCall(c.ctx, m.ExternalCallID)
	if c.call != nil && c.call.ExternalCallID == m.ExternalCallID {
		c.call = nil
	}
	c.fetch() // The timeline has a new card, and the backend enriches it.
	for _, d := range []time.Duration{2 * time.Second, 6 * time.Second} {
		time.AfterFunc(d, func() { c.later(c.fetch) })
	}
}

// navigate shows a record, once what was asked about the call is answered: a
// page that is left forgets its questions.
func (c *crm) navigate(conn *connection, m callingext.NavigateToRecord) {
	to := m.ObjectCoordinates
	c.lane.do(func() {
		_, err := getRecord(to.ObjectTypeID, string(to.ObjectID))
		c.later(func() {
			path := pathOf(to.ObjectTypeID, string(to.ObjectID))
			if err == nil && c.call != nil {
				c.concerns(c.call.ExternalCallID, recordRef{typeName(to.ObjectTypeID), string(to.ObjectID)})
			}
			switch {
			case err != nil:
				c.sayTo(conn, callingext.NavigateToRecordFailed{EngagementID: m.EngagementID, ObjectCoordinates: to})
				c.toast(bad, "The record that the calling app asked for cannot be shown.")
			case c.at == (place{typeName(to.ObjectTypeID), string(to.ObjectID)}) && m.OpenIn != callingext.NewTab:
				c.note(string(m.Kind()), "already here")
			case m.OpenIn == callingext.NewTab:
				if !openTab(path) {
					c.blocked = path
				}
			default:
				goTo(path)
			}
		})
	})
}

func (c *crm) begin(call *callState) {
	call.Phase = "ringing"
	c.call = call
	save(c.ctx, callKey, call)
}

// concerns names the record on whose timeline the call will be, unless it was
// dialled from another.
func (c *crm) concerns(externalCallID string, r recordRef) {
	if c.call == nil || c.call.ExternalCallID != externalCallID || c.call.Direction != "INBOUND" {
		return
	}
	c.call.Record = &r
	save(c.ctx, callKey, c.call)
}

func (c *crm) phase(externalCallID, phase string) {
	if c.call != nil && (externalCallID == "" || c.call.ExternalCallID == externalCallID) {
		c.call.Phase = phase
		save(c.ctx, callKey, c.call)
	}
}

func (c *crm) resize(width, height int) {
	c.panel.Width, c.panel.Height = sized(width, height)
	save(c.ctx, panelKey, c.panel)
}

func started(ms int64) time.Time {
	if ms <= 0 {
		return time.Now()
	}
	return time.UnixMilli(ms)
}
