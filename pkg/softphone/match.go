package softphone

import (
	"cmp"
	"slices"
)

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

// lookUp asks the backend for the records that a call may belong to.
func (m *machine) lookUp(key CallKey) {
	c := m.s.Calls[key]
	variables := plain(c.Interaction.Variables, true)
	if c.Number == "" && len(variables) == 0 {
		return
	}
	if c.Legs.Child {
		return // The caller is a colleague; the customer comes with the merge.
	}
	wait := m.s.Settings.MatchDeadline
	if wait <= 0 {
		wait = matchWithin
	}
	m.edit(key, func(c *Call) { c.Matching.Backend, c.Matching.Until = Asked, m.in(wait) })
	m.do(LookUp{Key: key, Number: c.Number, Direction: c.Direction, Variables: variables})
}

// inherit takes over what an earlier offer of the same interaction to this
// agent has settled: the record stays, and one that has popped does not again.
func (m *machine) inherit(c *Call, i Interaction) {
	if r, ok := m.recordOf(i); ok {
		c.MenuTime = r.MenuTime
		c.Matching.Chosen, c.Matching.NotListed, c.Popped = r.Record, r.NotListed, r.Record != nil && r.Popped
	}
}

func (m *machine) lookedUp(key CallKey, matches []Match) {
	m.edit(key, func(c *Call) {
		c.Matching.Backend = Answered
		c.Matching.Matches = merge(c.Matching.Matches, matches)
	})
	for _, x := range matches {
		m.name(key, x.Record)
	}
	m.decide(key)
}

// name learns the name of a chosen record that was known by its id only.
func (m *machine) name(key CallKey, named RecordRef) {
	c := m.s.Calls[key]
	if ref := c.Matching.Chosen; ref != nil && ref.Name == "" && named.Name != "" && ref.same(named) {
		m.edit(key, func(c *Call) { c.Matching.Chosen = &named })
		m.save(key)
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
		at := slices.IndexFunc(out, func(o Match) bool { return o.Record.same(n.Record) })
		if at < 0 {
			out = append(out, n)
			continue
		}
		set(&out[at].Email, n.Email)
		set(&out[at].Company, n.Company)
		set(&out[at].Why, n.Why)
		if via := &out[at].Via; slices.Index(viaRanks, n.Via) > slices.Index(viaRanks, *via) {
			*via = n.Via
		}
		set(&out[at].Record.Name, n.Record.Name)
		out[at].NoCalls = out[at].NoCalls || n.NoCalls
		if out[at].RecentAt.IsZero() {
			out[at].RecentAt = n.RecentAt
		}
	}
	return out
}

// contactType is HubSpot's object type id of contacts.
const contactType = "0-1"

// How the backend found a match, the surest last. HubSpot's own matches are by
// number, too.
const (
	viaVariable = "variable"
	viaRecent   = "recent"
)

var viaRanks = []string{viaRecent, "", "number", viaVariable}

// byVariable says whether the admin's rules have found something.
func (g Matching) byVariable() bool {
	return slices.ContainsFunc(g.Matches, func(x Match) bool { return x.Via == viaVariable })
}

// candidates are the matches that the agent may choose from. What a variable
// names counts alone, whatever its type; a number says more than where somebody
// called from lately. Of the latter two, people come before companies, since a
// switchboard's number stands on both.
func (g Matching) candidates() []Match {
	if g.byVariable() {
		return only(g.Matches, func(x Match) bool { return x.Via == viaVariable })
	}
	found := g.Matches
	for _, better := range []func(Match) bool{
		func(x Match) bool { return x.Via != viaRecent },
		func(x Match) bool { return x.Record.ObjectTypeID == contactType },
	} {
		if some := only(found, better); len(some) > 0 {
			found = some
		}
	}
	return found
}

func only(in []Match, keep func(Match) bool) []Match {
	var out []Match
	for _, x := range in {
		if keep(x) {
			out = append(out, x)
		}
	}
	return out
}

// waits says whether an answer may still come that decides. Where a variable
// names the record, none does.
func (g Matching) waits() bool { return g.open() && !g.byVariable() }

// settled is the record that the answers leave no doubt about: the only
// candidate or, where the settings say so, the one spoken to last.
func (g Matching) settled(preferRecent bool) (RecordRef, bool) {
	found := g.candidates()
	if len(found) == 1 {
		return found[0].Record, true
	}
	var best Match
	tie := true // No time is no reason.
	for _, x := range found {
		switch x.RecentAt.Compare(best.RecentAt) {
		case 1:
			best, tie = x, false
		case 0:
			tie = true
		}
	}
	return best.Record, preferRecent && !tie
}

// decide chooses the record when there is no doubt, and pops it when it is
// time.
func (m *machine) decide(key CallKey) {
	c, ok := m.s.Calls[key]
	if !ok {
		return
	}
	if g := c.Matching; g.Chosen == nil && !g.NotListed && !g.waits() {
		if ref, ok := g.settled(m.s.Settings.PreferRecent); ok {
			m.choose(key, &ref)
			return
		}
	}
	m.pop(key)
}

func (m *machine) choose(key CallKey, ref *RecordRef) {
	m.edit(key, func(c *Call) {
		if c.Matching.Chosen == nil || !c.Matching.Chosen.same(*ref) {
			c.Card, c.CardState = Card{}, NoCard
		}
		c.Matching.Chosen = ref
	})
	m.pop(key)
	m.save(key)
	m.loadCard(key)
}

// pop opens the record of a call once, at the time the settings say.
func (m *machine) pop(key CallKey) {
	c := m.s.Calls[key]
	if c.Popped || c.Matching.Chosen == nil {
		return
	}
	at := m.s.Settings.PopAt
	if c.Direction == Outbound {
		at = cmp.Or(m.s.Settings.PopAtOutbound, "off")
	}
	if at == "off" || at == "connect" && !c.answered() {
		return
	}
	m.openChosen(key)
}

// openChosen opens the record that the call belongs to.
func (m *machine) openChosen(key CallKey) {
	c := m.s.Calls[key]
	if _, ok := m.s.pages(c); ok && c.Matching.Chosen != nil {
		m.unsaved[key] = m.unsaved[key] || !c.Popped // A reload must not open it again.
		m.edit(key, func(c *Call) { c.Popped = true })
		m.navigate(key, *c.Matching.Chosen)
	}
}

// pages is where records of a call open: the HubSpot page it was told to, or,
// in an Agent Desktop outside HubSpot, tabs of their own, for which the host has
// no id.
func (s State) pages(c Call) (Host, bool) {
	if h, ok := s.Hosts[c.Host]; ok {
		return h, true
	}
	alone := s.Desktop != nil && s.Settings.AppURL != "" && s.Settings.PortalID != ""
	return Host{PortalID: s.Settings.PortalID}, alone
}

// navigate lets the call's HubSpot page, if there is one, open a record.
func (m *machine) navigate(key CallKey, record RecordRef) {
	c := m.s.Calls[key]
	host, ok := m.s.pages(c)
	if !ok {
		return
	}
	// During a call the agent may be typing into this page; and a frame that
	// forgets everything must not be reloaded while it rings.
	newTab := c.Phase != Ringing || m.s.Forgetful
	// With this page a whole Agent Desktop would be reloaded. HubSpot's calling
	// window outlives it.
	desktop := m.s.Desktop != nil && host.Location != "window"
	switch in := m.s.popIn(); {
	case host.ID == "" || desktop || in == "new":
		newTab = true
	case in == "current":
		newTab = false
	}
	if !newTab {
		// The page, and this widget in it, are about to be replaced: what we
		// know goes to the outbox first.
		m.save(key)
	}
	m.do(Navigate{
		Host: host.ID, Key: key, Record: record,
		PortalID: host.PortalID, EngagementID: c.EngagementID, NewTab: newTab,
	})
}

func (m *machine) matchChosen(e MatchChosen) {
	c, ok := m.s.Calls[e.Key]
	switch {
	case !ok:
	case e.Record == nil:
		m.edit(e.Key, func(c *Call) {
			c.Matching.Chosen, c.Matching.NotListed = nil, true
			c.Card, c.CardState = Card{}, NoCard
		})
		m.save(e.Key)
	default:
		m.edit(e.Key, func(d *Call) {
			d.Matching.NotListed = false
			d.Popped = d.Popped && c.Matching.Chosen != nil && c.Matching.Chosen.same(*e.Record)
		})
		m.choose(e.Key, e.Record)
	}
}

func (m *machine) contactCreateRequested(e ContactCreateRequested) {
	if c, ok := m.s.Calls[e.Key]; ok && c.Number != "" {
		m.do(CreateContact{Key: e.Key, Number: c.Number, FirstName: e.FirstName, LastName: e.LastName,
			Direction: c.Direction, Queue: c.Queue, Variables: plain(c.Interaction.Variables, true)})
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
		m.openChosen(key)
	}
}
