package softphone

import "slices"

// Whose call it is: two sources, one answer, one pop.

// open says whether a source has still to answer.
func (g Matching) open() bool { return g.Backend == Asked || g.HubSpot == Asked }

// close stops waiting; a late answer is still taken.
func (g *Matching) close() {
	if g.Backend == Asked {
		g.Backend = Answered
	}
	if g.HubSpot == Asked {
		g.HubSpot = Answered
	}
}

func (m *machine) lookUp(key CallKey) {
	c := m.s.Calls[key]
	if c.Number == "" || c.Matching.Chosen != nil && c.Matching.Chosen.Name != "" {
		return // A record that HubSpot dialled from has an id but no name yet.
	}
	if c.Legs.Child {
		return // The caller is a colleague; the customer comes with the merge.
	}
	wait := m.s.Settings.MatchDeadline
	if wait <= 0 {
		wait = matchWithin
	}
	m.edit(key, func(c *Call) { c.Matching.Backend, c.Matching.Until = Asked, m.in(wait) })
	m.do(LookUp{Key: key, Number: c.Number, Direction: c.Direction})
}

func (m *machine) lookedUp(key CallKey, matches []Match) {
	m.edit(key, func(c *Call) {
		c.Matching.Backend = Answered
		c.Matching.Matches = merge(c.Matching.Matches, matches)
	})
	m.nameChosen(key)
	m.decide(key)
}

// nameChosen learns the name of a record that was known by its id only.
func (m *machine) nameChosen(key CallKey) {
	c, ok := m.s.Calls[key]
	if !ok || c.Matching.Chosen == nil || c.Matching.Chosen.Name != "" {
		return
	}
	for _, x := range c.Matching.Matches {
		ref := *c.Matching.Chosen
		if x.Record.ObjectTypeID == ref.ObjectTypeID && x.Record.ObjectID == ref.ObjectID && x.Record.Name != "" {
			m.edit(key, func(c *Call) { c.Matching.Chosen = &x.Record })
			m.save(key)
			return
		}
	}
}

func (m *machine) callerMatched(host HostID, matches []Match) {
	key, ok := m.callOf(host, func(c Call) bool { return c.Direction == Inbound && c.Matching.HubSpot == Asked })
	if !ok {
		return
	}
	m.edit(key, func(c *Call) {
		c.Matching.HubSpot = Answered
		c.Matching.Matches = merge(c.Matching.Matches, matches)
	})
	m.decide(key)
}

// learnPortal takes the portal from HubSpot's own matches when its SYNC was
// silent about it, as the npm package's is.
func (m *machine) learnPortal(host HostID, portal string) {
	if h, ok := m.s.Hosts[host]; ok && h.PortalID == "" {
		h.PortalID = portal
		m.s.Hosts[host] = h
	}
}

// merge joins both sources: one row per record, the fuller one kept.
func merge(have, more []Match) []Match {
	out := slices.Clone(have)
	for _, n := range more {
		at := slices.IndexFunc(out, func(o Match) bool {
			return o.Record.ObjectTypeID == n.Record.ObjectTypeID && o.Record.ObjectID == n.Record.ObjectID
		})
		if at < 0 {
			out = append(out, n)
			continue
		}
		set(&out[at].Email, n.Email)
		set(&out[at].Company, n.Company)
		set(&out[at].Why, n.Why)
		set(&out[at].Record.Name, n.Record.Name)
	}
	return out
}

// contactType is HubSpot's object type id of contacts.
const contactType = "0-1"

// candidates are the matches that the agent may choose from: people before
// companies, since a switchboard's number stands on both.
func (g Matching) candidates() []Match {
	var people []Match
	for _, x := range g.Matches {
		if x.Record.ObjectTypeID == contactType {
			people = append(people, x)
		}
	}
	if len(people) > 0 {
		return people
	}
	return g.Matches
}

// decide chooses the record when there is but one, and pops it when it is time.
func (m *machine) decide(key CallKey) {
	c, ok := m.s.Calls[key]
	if !ok {
		return
	}
	if c.Matching.Chosen == nil && !c.Matching.NotListed && !c.Matching.open() {
		if found := c.Matching.candidates(); len(found) == 1 {
			ref := found[0].Record
			m.choose(key, &ref)
			return
		}
	}
	m.pop(key)
}

func (m *machine) choose(key CallKey, ref *RecordRef) {
	m.edit(key, func(c *Call) { c.Matching.Chosen = ref })
	m.pop(key)
	m.save(key)
}

// pop opens the record of an inbound call once, at the time the settings say.
func (m *machine) pop(key CallKey) {
	c := m.s.Calls[key]
	if c.Popped || c.Matching.Chosen == nil || c.Direction != Inbound {
		return
	}
	switch m.s.Settings.PopAt {
	case "off":
		return
	case "connect":
		if !c.answered() {
			return
		}
	}
	m.navigate(key)
}

func (m *machine) navigate(key CallKey) {
	c := m.s.Calls[key]
	host, ok := m.s.Hosts[c.Host]
	if !ok || c.Matching.Chosen == nil {
		return
	}
	m.edit(key, func(c *Call) { c.Popped = true })
	// During a call the agent may be typing into this page; and a frame that
	// forgets everything must not be reloaded while it rings.
	newTab := c.Phase != Ringing || m.s.Forgetful
	switch m.s.Settings.PopIn {
	case "current":
		newTab = false
	case "new":
		newTab = true
	}
	if !newTab {
		// The page, and this widget in it, are about to be replaced: what we
		// know goes to the outbox first.
		m.save(key)
	}
	m.do(Navigate{
		Host: host.ID, Key: key, Record: *c.Matching.Chosen,
		PortalID: host.PortalID, EngagementID: c.EngagementID, NewTab: newTab,
	})
}

func (m *machine) matchChosen(e MatchChosen) {
	c, ok := m.s.Calls[e.Key]
	switch {
	case !ok:
	case e.Record == nil:
		m.edit(e.Key, func(c *Call) { c.Matching.Chosen, c.Matching.NotListed = nil, true })
		m.save(e.Key)
	default:
		m.edit(e.Key, func(d *Call) {
			d.Matching.NotListed = false
			d.Popped = d.Popped && c.Matching.Chosen != nil && *c.Matching.Chosen == *e.Record
		})
		m.choose(e.Key, e.Record)
	}
}

func (m *machine) contactCreateRequested(e ContactCreateRequested) {
	if c, ok := m.s.Calls[e.Key]; ok && c.Number != "" {
		m.do(CreateContact{Key: e.Key, Number: c.Number, FirstName: e.FirstName, LastName: e.LastName})
	}
}

func (m *machine) contactCreated(e ContactCreated) {
	if _, ok := m.s.Calls[e.Key]; !ok {
		return
	}
	m.edit(e.Key, func(c *Call) { c.Matching.Matches = merge(c.Matching.Matches, []Match{e.Match}) })
	ref := e.Match.Record
	m.matchChosen(MatchChosen{Key: e.Key, Record: &ref})
}

func (m *machine) recordOpened(key CallKey) {
	if _, ok := m.allowed(key, func(v CallView) Can { return v.CanOpen }); ok {
		m.navigate(key)
	}
}
