package desktop

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"deskbridge/pkg/webexcc"
)

// Of the agent's state the SDK has a copy, latestData, and says when it
// changes. Who the agent is and at which phone are properties of the element.

// session is what a relogin would say, from latestData and properties.
func (d *Desktop) session() webexcc.Session {
	s := webexcc.Session{
		EventType: webexcc.AgentDesktopMessage, AgentID: d.props.text(PropAgentID), OrgID: d.props.text(PropOrgID),
		AgentSessionID: webexcc.Text(d.latest.text("agentSessionId")),
		TeamID:         webexcc.Text(either(d.latest.text("teamId"), d.props.text(PropTeamID))),
		Status:         d.latest.text("status"), SubStatus: either(d.latest.text("subStatus"), d.props.text(PropState)),
		DeviceType:               webexcc.Text(d.props.text(PropDeviceType)),
		DN:                       webexcc.Text(either(d.latest.text("dn"), d.props.text(PropNumber))),
		LastStateChangeTimestamp: d.props.millis(PropSince),
		LastStateChangeReason:    "",
	}
	s.DialNumber = s.DN
	var code struct {
		ID webexcc.Text `json:"id"`
	}
	if json.Unmarshal(d.latest["idleCode"], &code) == nil {
		s.AuxCodeID = code.ID
	}
	if strings.EqualFold(s.SubStatus, webexcc.Available) {
		s.SubStatus, s.AuxCodeID = webexcc.Available, webexcc.AvailableCode
	}
	return s
}

// loggedIn says whether the agent is at a phone. A Desktop that does not say
// so has at least a state for one who is.
func loggedIn(s webexcc.Session) bool {
	if s.Status == "" {
		return s.SubStatus != ""
	}
	return strings.EqualFold(s.Status, webexcc.LoggedIn)
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// hydrate asks for everything and tells it like an answer to a reload: a
// Relogin, then each contact. done is called with the lock held.
func (d *Desktop) hydrate(done func(error)) {
	d.ask(callLatestData, nil, func(ok json.RawMessage, err error) {
		if err != nil {
			done(err)
			return
		}
		d.latest = properties{}
		if json.Unmarshal(ok, &d.latest) != nil || d.latest == nil {
			d.report(callLatestData, "not an object")
			d.latest = properties{}
		}
		d.ask(callTaskMap, nil, func(ok json.RawMessage, err error) {
			if err == nil {
				d.tell(d.tasks(ok))
			}
			done(err)
		})
	})
}

func (d *Desktop) tell(tasks []webexcc.Task) {
	s := d.session()
	if !loggedIn(s) {
		s.Type, s.Reason = webexcc.AgentReloginFailed, webexcc.ReasonAgentNotFound
		d.push(webexcc.Relogin{Type: s.Type, Data: s})
		return
	}
	s.Type, s.InteractionIDs = webexcc.AgentReloginSuccess, webexcc.Texts{}
	for _, t := range tasks {
		s.InteractionIDs = append(s.InteractionIDs, t.InteractionID())
	}
	d.push(webexcc.Relogin{Type: s.Type, Data: s})
	for _, t := range tasks {
		d.push(t)
	}
}

// tasks reads the task map: interaction id to contact. Those that cannot be
// read are left out.
func (d *Desktop) tasks(raw json.RawMessage) []webexcc.Task {
	var byID map[string]json.RawMessage
	if json.Unmarshal(raw, &byID) != nil {
		d.report(callTaskMap, "not an object")
		return nil
	}
	var out []webexcc.Task
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		var t webexcc.TaskData
		switch err := json.Unmarshal(byID[id], &t); {
		case err != nil:
			d.report(callTaskMap, "wrong types")
			continue
		case len(t.Interaction.Participants) == 0 && len(t.Interaction.Media) == 0:
			d.report(callTaskMap, "no interaction")
			continue
		}
		if t.ID() == "" {
			t.InteractionID = id
		}
		t.Type = webexcc.AgentContact
		out = append(out, webexcc.Task{Type: t.Type, Data: t, Raw: byID[id]})
	}
	return out
}

// refresh asks for the agent's state alone.
func (d *Desktop) refresh() {
	d.ask(callLatestData, nil, func(ok json.RawMessage, err error) {
		var p properties
		if err == nil && json.Unmarshal(ok, &p) == nil && p != nil {
			d.changeState(func(latest properties) { clear(latest); maps.Copy(latest, p) })
		}
	})
}

// stateUpdated takes [{name, value, oldValue}].
func (d *Desktop) stateUpdated(raw json.RawMessage) {
	var changes []struct {
		Name  webexcc.Text    `json:"name"`
		Value json.RawMessage `json:"value"`
	}
	if json.Unmarshal(raw, &changes) != nil {
		d.report(eventStateUpdated, "not a list of changes")
		d.refresh()
		return
	}
	d.changeState(func(latest properties) {
		for _, c := range changes {
			if present(c.Value) {
				latest[string(c.Name)] = c.Value
			} else {
				delete(latest, string(c.Name))
			}
		}
	})
}

// changeProps takes properties that have changed. The phone is known from them
// alone, and may come after the agent's state.
func (d *Desktop) changeProps(p properties) {
	before := d.session()
	d.merge(p)
	now := d.session()
	same := before.DeviceType == now.DeviceType && before.DN == now.DN && before.TeamID == now.TeamID
	if d.latest == nil || same || !loggedIn(before) || !loggedIn(now) {
		return
	}
	now.Type = webexcc.AgentStationLoginSuccess
	d.push(webexcc.StationLogin{Type: now.Type, Data: now})
}

// changeState changes the copy of the agent's state and tells what that means.
func (d *Desktop) changeState(edit func(latest properties)) {
	if d.latest == nil {
		return // Everything has been asked for and is on its way.
	}
	before := d.session()
	edit(d.latest)
	now := d.session()
	switch {
	case loggedIn(before) != loggedIn(now) && loggedIn(now):
		d.hydrate(func(error) {})
	case loggedIn(before) != loggedIn(now):
		now.Type = webexcc.AgentLogoutSuccess
		d.push(webexcc.Logout{Type: now.Type, Data: now})
	case loggedIn(now) && (before.SubStatus != now.SubStatus || before.AuxCodeID != now.AuxCodeID):
		now.Type, now.LastStateChangeTimestamp = webexcc.AgentStateChangeSuccess, webexcc.MillisOf(d.cfg.Now())
		d.push(webexcc.AgentStateChange{Type: now.Type, Data: now})
	}
}
