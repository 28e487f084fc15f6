package desktop

import (
	"encoding/json"
	"slices"
	"strings"

	"deskbridge/pkg/webexcc"
)

// envelope reads the outer message of an event: {type, orgId, trackingId, data}.
// A contact that comes without one is taken as its data.
func envelope(raw json.RawMessage) (env webexcc.Envelope, data json.RawMessage, ok bool) {
	var outer struct {
		Type          webexcc.Text    `json:"type"`
		TrackingID    webexcc.Text    `json:"trackingId"`
		InteractionID webexcc.Text    `json:"interactionId"`
		Data          json.RawMessage `json:"data"`
	}
	if json.Unmarshal(raw, &outer) != nil {
		return env, nil, false
	}
	env.Type, env.TrackingID, env.Data = string(outer.Type), string(outer.TrackingID), outer.Data
	if !present(env.Data) && outer.InteractionID != "" {
		env.Data = raw
	}
	return env, env.Data, present(env.Data)
}

// identity is what two copies of a message have in common.
func identity(env webexcc.Envelope) message {
	var inner struct {
		Type       webexcc.Text `json:"type"`
		TrackingID webexcc.Text `json:"trackingId"`
	}
	_ = json.Unmarshal(env.Data, &inner) // Without either it is like no other.
	return message{string(inner.Type), env.TrackingID, string(inner.TrackingID)}
}

func (d *Desktop) remember(m message) {
	if m.tracking == "" && m.inner == "" {
		return
	}
	if len(d.recent) >= tracked {
		d.recent = d.recent[1:]
	}
	d.recent = append(d.recent, m)
}

// delivered says whether this very message has been delivered.
func (d *Desktop) delivered(m message) bool {
	return (m.tracking != "" || m.inner != "") && slices.Contains(d.recent, m)
}

// heardOf says whether a failure with this tracking id has been delivered.
func (d *Desktop) heardOf(tracking string) bool {
	return tracking != "" && slices.ContainsFunc(d.recent, func(m message) bool {
		return failed(m.typ) && (m.tracking == tracking || m.inner == tracking)
	})
}

// failed says whether a notification is a refusal: those need no contact.
func failed(typ string) bool { return strings.HasSuffix(typ, "Failed") }

// event takes an event. It returns what is to be called without the lock.
func (d *Desktop) event(name string, data json.RawMessage) []func() {
	switch name {
	case eventStateUpdated:
		d.stateUpdated(data)
	case eventChannelState:
		d.refresh()
	case eventChannelRelogin:
		d.hydrate(func(error) {})
	case eventLoggedOut:
		d.loggedOut(data)
	case eventKeyPress, eventKeyConflict, eventConflictResolved:
		return d.shortcutEvent(name, data)
	default:
		typ := contactEvents[name]
		if typ == "" {
			d.report("event", "unknown")
			return nil
		}
		d.contact(name, typ, data)
	}
	return nil
}

// contact delivers an event about a contact under its name.
func (d *Desktop) contact(name, typ string, raw json.RawMessage) {
	env, data, ok := envelope(raw)
	if !ok {
		d.report(name, "no data")
		d.lost(typ)
		return
	}
	var t webexcc.TaskData
	if json.Unmarshal(data, &t) != nil {
		d.report(name, "wrong types")
		d.lost(typ)
		return
	}
	m := identity(env)
	t.Type = typ
	d.task(name, env, webexcc.Task{Type: typ, Data: t, Raw: raw})
	m.typ = typ
	d.remember(m)
}

// task delivers a notification about a contact. One without the contact itself
// would be read as one that everybody has left.
func (d *Desktop) task(source string, env webexcc.Envelope, t webexcc.Task) {
	if !failed(t.Type) && len(t.Data.Interaction.Participants) == 0 && len(t.Data.Interaction.Media) == 0 {
		d.report(source, "no interaction")
		d.lost(t.Type)
		return
	}
	var mute struct {
		On webexcc.Bool `json:"isWebCallMute"`
	}
	if id := t.Data.ID(); json.Unmarshal(env.Data, &mute) == nil && mute.On != webexcc.Absent {
		d.muted[id] = mute.On.Is()
	} else if t.Type == webexcc.AgentWrappedUp || t.Type == webexcc.ContactEnded {
		delete(d.muted, id)
	}
	d.push(t)
}

// lost makes good for an event that could not be read: the Desktop is asked for
// what it has. A refusal changes nothing.
func (d *Desktop) lost(typ string) {
	if !failed(typ) {
		d.hydrate(func(error) {})
	}
}

func (d *Desktop) loggedOut(raw json.RawMessage) {
	n := webexcc.Logout{Type: webexcc.AgentLogoutSuccess, Raw: raw}
	if _, data, ok := envelope(raw); !ok || json.Unmarshal(data, &n.Data) != nil {
		d.report(eventLoggedOut, "unreadable")
	}
	n.Data.Type = n.Type
	if d.latest != nil {
		d.latest["status"] = json.RawMessage(`"` + webexcc.LoggedOut + `"`)
	}
	d.push(n)
}
