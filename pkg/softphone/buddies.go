package softphone

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// The agents whom one may consult or transfer to.

// askBuddies is how often Webex is asked for them at most.
const askBuddies = 5 * time.Second

func (m *machine) buddiesRequested() {
	since := m.now.Sub(m.s.AskedFor)
	early := !m.s.AskedFor.IsZero() && (since < askBuddies || m.s.Asking && since < confirmWithin)
	if m.s.Session != SignedInState || m.s.Station == nil || early {
		return
	}
	m.s.Asking, m.s.AskedFor = true, m.now
	m.do(ListBuddies{})
}

func (m *machine) buddiesListed(agents []Buddy) {
	self := m.s.Agent.AgentID
	list := slices.DeleteFunc(slices.Clone(agents), func(b Buddy) bool { return b.ID == self || b.ID == "" })
	slices.SortStableFunc(list, func(a, b Buddy) int {
		free := func(x Buddy) int {
			if x.Available {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(free(a), free(b)), cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	m.s.Buddies, m.s.BuddiesAt, m.s.Asking = list, m.now, false
}
