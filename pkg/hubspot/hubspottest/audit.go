package hubspottest

import (
	"slices"
	"strings"
)

// An Activity is all there is to know of an engagement, for those who check
// what an app has done to the account.
type Activity struct {
	Engagement
	Archived bool   `json:"archived,omitempty"`
	External string `json:"external,omitempty"` // The calling app's id, if a calling page created it.

	// Overwritten are the properties that a person had changed, whose history
	// the API then showed, and that the API changed nevertheless.
	Overwritten []string `json:"overwritten,omitempty"`
	// Blind are those that were changed without having been looked at.
	Blind []string `json:"blind,omitempty"`
}

// suspect notes that the API changes what a person has set.
func (r *record) suspect(name, source string) {
	past := r.history[name]
	if source != fromAPI || len(past) == 0 || past[0].source != fromPage {
		return
	}
	if r.shown {
		r.overwritten = append(r.overwritten, name)
	} else {
		r.blind = append(r.blind, name)
	}
}

// Audit lists every engagement there has ever been, oldest first, without what
// was deleted for privacy.
func (s *Server) Audit() []Activity {
	s.mu.Lock()
	defer s.mu.Unlock()
	bonds := map[string][]Ref{}
	for p := range s.world.links {
		if other := s.world.records[p.to]; other != nil && other.archived.IsZero() {
			bonds[p.from] = append(bonds[p.from], Ref{other.t.plural, other.id})
		}
	}
	all := []Activity{}
	for _, r := range s.world.order {
		if !r.t.engagement() {
			continue
		}
		a := Activity{
			Engagement: Engagement{Object: r.object(), Associations: bonds[r.id], Ghost: r.dangling},
			Archived:   !r.archived.IsZero(), External: r.external,
			Overwritten: slices.Clone(r.overwritten), Blind: slices.Clone(r.blind),
		}
		slices.SortFunc(a.Associations, func(x, y Ref) int { return strings.Compare(x.ObjectType+x.ID, y.ObjectType+y.ID) })
		all = append(all, a)
	}
	return all
}
