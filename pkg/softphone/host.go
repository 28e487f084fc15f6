package softphone

import "slices"

// HubSpot's side: what each page is told, in the vendor's order, each stage of
// a call once.

func (m *machine) hostSynced(e HostSynced) {
	m.s.Hosts[e.Host] = Host{
		ID: e.Host, PortalID: e.PortalID, EngagementID: e.EngagementID, Location: e.Location, LoggedIn: e.LoggedIn,
	}
	for _, key := range m.s.Order {
		c := m.s.Calls[key]
		if c.Channel != Telephony {
			continue
		}
		if _, there := m.s.Hosts[c.Host]; !there && c.Stage != ToldCompleted {
			// The page of this call is gone, most often because it navigated
			// and this is its successor.
			m.edit(key, func(c *Call) { c.Host = e.Host })
		}
		if c.Stage == ToldNothing {
			m.catchUp(key)
		}
	}
}

// catchUp tells a page that came late what has happened so far. The backend
// may have begun a record of its own, so HubSpot is not asked to create one.
func (m *machine) catchUp(key CallKey) {
	m.tellStartedAs(key, false)
	c := m.s.Calls[key]
	if c.answered() {
		m.tellAnswered(key)
	}
	if c.Left.How != "" {
		m.depart(key, c.Left)
	}
	if c.Phase == WrapUp {
		m.tellEnded(key)
	}
}

// tellHosts brings every page up to date about the agent: signed in or not,
// available or not.
func (m *machine) tellHosts() {
	in := m.s.Session == SignedInState
	available := in && m.s.Profile != nil && m.s.Station != nil && m.s.Station.Available // The settings come before the profile.
	for _, id := range sortedHosts(m.s.Hosts) {
		h, free := m.s.Hosts[id], available
		if in && !h.LoggedIn {
			m.do(TellLoggedIn{Host: id})
		}
		if m.s.Settings.NoStateSync {
			free = h.Available
		}
		if free && !h.Available {
			m.do(TellAvailable{Host: id})
		}
		if !free && h.Available {
			m.do(TellUnavailable{Host: id})
		}
		if !in && h.LoggedIn && m.s.Session == SignedOut {
			m.do(TellLoggedOut{Host: id})
			h.LoggedIn = false
		}
		h.LoggedIn, h.Available = h.LoggedIn || in, free
		m.s.Hosts[id] = h
	}
}

func sortedHosts(hosts map[HostID]Host) []HostID {
	ids := make([]HostID, 0, len(hosts))
	for id := range hosts {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// hostFor picks the page that is told about a new call: the calling window,
// else the navigation bar's frame, else any.
func (m *machine) hostFor(c Call) (HostID, bool) {
	if _, ok := m.s.Hosts[c.Host]; ok {
		return c.Host, true
	}
	best, found := HostID(""), false
	rank := map[string]int{"window": 2, "remote": 1}
	for _, id := range sortedHosts(m.s.Hosts) {
		if !found || rank[m.s.Hosts[id].Location] > rank[m.s.Hosts[best].Location] {
			best, found = id, true
		}
	}
	return best, found
}

func (m *machine) tellStarted(key CallKey) { m.tellStartedAs(key, true) }

func (m *machine) tellStartedAs(key CallKey, create bool) {
	c := m.s.Calls[key]
	host, ok := m.hostFor(c)
	if !ok || c.Stage != ToldNothing {
		return
	}
	m.unsaved[key] = true
	m.edit(key, func(c *Call) {
		c.Host, c.Stage = host, ToldStarted
		c.HostCreates = create
		if c.Direction == Inbound && c.Matching.Chosen == nil {
			c.Matching.HubSpot = Asked
		}
	})
	if c.Direction == Inbound {
		m.do(TellIncoming{Host: host, Key: key, From: c.Number, To: c.Ours, Started: c.StartedAt, CreateEngagement: create})
	} else {
		m.do(TellOutgoing{Host: host, Key: key, From: c.Ours, To: c.Number, Started: c.StartedAt, CreateEngagement: create})
	}
}

func (m *machine) tellAnswered(key CallKey) {
	c := m.s.Calls[key]
	if c.Stage != ToldStarted {
		return
	}
	m.told(key, ToldAnswered)
	m.do(TellAnswered{Host: c.Host, Key: key})
}

func (m *machine) tellEnded(key CallKey) {
	c := m.s.Calls[key]
	if c.Outcome == "" {
		c.Outcome = outcomeOf(c)
		m.edit(key, func(d *Call) { d.Outcome = c.Outcome })
	}
	if c.Stage == ToldNothing || c.Stage >= ToldEnded {
		return
	}
	m.told(key, ToldEnded)
	m.do(TellEnded{Host: c.Host, Key: key, EngagementID: c.EngagementID, Outcome: c.Outcome})
}

func (m *machine) tellCompleted(key CallKey) {
	c := m.s.Calls[key]
	if c.Stage != ToldEnded {
		return
	}
	m.told(key, ToldCompleted)
	m.do(TellCompleted{Host: c.Host, Key: key, EngagementID: c.EngagementID})
}

// told raises the stage; a reload must not tell it again.
func (m *machine) told(key CallKey, stage Stage) {
	m.unsaved[key] = true
	m.edit(key, func(c *Call) { c.Stage = stage })
}

// ---- what HubSpot says of a call

// callOf is the call that a page's answer is about: the newest one it was told
// of that still lacks the answer.
func (m *machine) callOf(host HostID, lacks func(Call) bool) (CallKey, bool) {
	for _, key := range slices.Backward(m.s.Order) {
		if c := m.s.Calls[key]; c.Host == host && c.Stage != ToldNothing && lacks(c) {
			return key, true
		}
	}
	return "", false
}

func (m *machine) engagementCreated(e EngagementCreated) {
	if e.EngagementID == "" || m.hasEngagement(e.EngagementID) {
		return // HubSpot says it twice: under the name of today and the deprecated one.
	}
	key, ok := m.callOf(e.Host, func(c Call) bool { return c.HostCreates && c.EngagementID == "" })
	if !ok {
		m.lateEngagement(e.EngagementID)
		return
	}
	m.edit(key, func(c *Call) { c.EngagementID = e.EngagementID })
	m.save(key)
}

func (m *machine) hasEngagement(id string) bool {
	for _, c := range m.s.Calls {
		if c.EngagementID == id {
			return true
		}
	}
	return slices.ContainsFunc(m.s.History, func(r Record) bool { return r.EngagementID == id })
}

// lateEngagement takes an id that came after the call was over.
func (m *machine) lateEngagement(id string) {
	for n, r := range m.s.History {
		if r.HostCreates && r.EngagementID == "" && r.Stage != ToldNothing {
			r.EngagementID = id
			r.Revision++
			m.s.History[n] = r
			m.do(SaveRecord{Record: r})
			return
		}
	}
}

func (m *machine) engagementFailed(host HostID) {
	key, ok := m.callOf(host, func(c Call) bool { return c.HostCreates && c.EngagementID == "" })
	if !ok {
		return
	}
	m.edit(key, func(c *Call) { c.HostCreates = false })
	m.save(key)
}
