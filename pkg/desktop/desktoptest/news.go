package desktoptest

import (
	"encoding/json"
	"maps"
	"slices"

	"deskbridge/pkg/desktop"
	"deskbridge/pkg/webexcc"
)

// From Webex's notifications to the SDK's events and settled promises. The
// caller holds the lock.

func (d *Desk) notified(n webexcc.Notification) {
	switch n := n.(type) {
	case webexcc.Relogin:
		d.relogged(n)
	case webexcc.StationLogin:
		select {
		case d.logins <- n:
		default: // Nobody waits for it: a supervisor's.
		}
		if !n.Failed() {
			d.atPhone(n.Data)
		}
	case webexcc.AgentStateChange:
		if !n.Failed() {
			d.inState(n.Data)
		}
		d.settle(n.Type, "", n.Raw, n)
	case webexcc.Logout:
		if !n.Failed() {
			d.emitTwice("logout.eAgentLogoutSuccess", n.Raw)
			d.setProps(map[string]any{desktop.PropNumber: nil, desktop.PropDeviceType: nil, desktop.PropState: nil})
			d.update(map[string]any{"status": webexcc.LoggedOut, "subStatus": nil, "dn": nil, "idleCode": nil})
		}
		d.settle(n.Type, "", n.Raw, n)
	case webexcc.Buddies:
		d.settle(n.Type, "", n.Raw, n)
	case webexcc.Task:
		d.task(n)
	}
}

func (d *Desk) relogged(n webexcc.Relogin) {
	d.wanted = nil
	if !n.Failed() {
		d.wanted = slices.Clone([]string(n.Data.InteractionIDs))
		d.atPhone(n.Data)
	}
	d.found = map[string]json.RawMessage{}
	if !d.synced {
		d.synced = true
		d.hello()
	}
	d.answerMaps()
}

// answerMaps answers getTaskMap when every snapshot is there.
func (d *Desk) answerMaps() {
	if len(d.wanted) > 0 {
		return
	}
	for _, id := range d.maps {
		d.say(map[string]any{"id": id, "ok": d.found})
	}
	d.maps = nil
}

func (d *Desk) task(n webexcc.Task) {
	id := n.InteractionID()
	if n.Type == webexcc.AgentContact {
		if i := slices.Index(d.wanted, id); i >= 0 {
			d.wanted = slices.Delete(d.wanted, i, i+1)
			var env webexcc.Envelope
			_ = json.Unmarshal(n.Raw, &env) // It was one when it was decoded.
			d.found[id] = env.Data
			if len(d.maps) > 0 {
				d.answerMaps()
				return
			}
		}
	}
	if event := eventOf(n.Type); event != "" {
		d.emitTwice(event, n.Raw)
	}
	d.settle(n.Type, id, n.Raw, n)
}

// eventOf names the SDK's event of a notification, empty for none.
func eventOf(typ string) string {
	for _, event := range desktop.Events() {
		if desktop.ContactEvent(event) == typ {
			return event
		}
	}
	return ""
}

func (d *Desk) emitTwice(event string, raw json.RawMessage) {
	if change, ok := d.spoils[event]; ok {
		delete(d.spoils, event)
		var message map[string]any
		_ = json.Unmarshal(raw, &message) // It was one when it was decoded.
		if data, ok := message["data"].(map[string]any); ok {
			change(data)
		}
		d.emit(event, message)
		return
	}
	d.emit(event, raw)
	d.emit(event, raw)
}

// settle settles the promises that wait for this.
func (d *Desk) settle(typ, interaction string, raw json.RawMessage, n webexcc.Notification) {
	d.promises = slices.DeleteFunc(d.promises, func(p *promise) bool {
		switch p.test(typ, interaction, n) {
		case resolves:
			if p.call == "agentContact.hold" || p.call == "agentContact.unHold" {
				d.say(map[string]any{"id": p.id, "ok": map[string]any{}})
			} else {
				d.say(map[string]any{"id": p.id, "ok": raw})
			}
			return true
		case refuses:
			var env struct {
				TrackingID string `json:"trackingId"`
				Data       struct {
					Reason     webexcc.Text `json:"reason"`
					ReasonCode webexcc.Code `json:"reasonCode"`
				} `json:"data"`
			}
			_ = json.Unmarshal(raw, &env) // It was one when it was decoded.
			d.say(map[string]any{"id": p.id, "error": map[string]any{
				"id": "Service.aqm." + p.call, "reason": env.Data.Reason, "reasonCode": env.Data.ReasonCode, "trackingId": env.TrackingID,
			}})
			return true
		}
		return false
	})
}

func (d *Desk) atPhone(s webexcc.Session) {
	d.setProps(map[string]any{
		desktop.PropNumber: s.DialNumber, desktop.PropDeviceType: s.DeviceType, desktop.PropTeamID: s.TeamID,
		desktop.PropState: s.SubStatus, desktop.PropSince: s.LastStateChangeTimestamp,
	})
	d.update(map[string]any{
		"dn": s.DN, "status": webexcc.LoggedIn, "subStatus": s.SubStatus, "idleCode": map[string]any{"id": s.AuxCodeID, "name": ""},
	})
}

func (d *Desk) inState(s webexcc.Session) {
	d.setProps(map[string]any{desktop.PropState: s.SubStatus, desktop.PropSince: s.LastStateChangeTimestamp})
	d.update(map[string]any{"subStatus": s.SubStatus, "idleCode": map[string]any{"id": s.AuxCodeID, "name": ""}})
}

// update changes latestData and says what is different.
func (d *Desk) update(values map[string]any) {
	changes := []map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		before, _ := json.Marshal(d.latest[name])
		now, _ := json.Marshal(values[name])
		if string(before) == string(now) {
			continue
		}
		changes = append(changes, map[string]any{"name": name, "value": values[name], "oldValue": d.latest[name]})
		d.latest[name] = values[name]
	}
	if len(changes) > 0 {
		d.emit("agentStateInfo.updated", changes)
	}
}
