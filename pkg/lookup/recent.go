package lookup

import (
	"context"
	"slices"
	"time"

	"deskbridge/pkg/hubspot"
)

const (
	pastTime = 500 * time.Millisecond // Our own database may be busy; a ringing phone does not wait for it.
	maxPast  = 5
)

// past are the records that calls with these numbers were logged to, newest
// first. What cannot be found out in time is left out.
func (l *Lookup) past(ctx context.Context, p Portal, q Query, numbers []Number) []Past {
	if p.Recent == nil || len(numbers) == 0 {
		return nil
	}
	texts := []string{q.Number} // As it was logged.
	for _, n := range numbers {
		if !slices.Contains(texts, n.E164) {
			texts = append(texts, n.E164)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, pastTime)
	defer cancel()
	found, err := p.Recent(ctx, texts)
	if err != nil {
		l.c.Logger.Warn("recent calls not known", "portal", p.ID, "number", masked(numbers[0].E164), "error", err)
	}
	return found[:min(len(found), maxPast)]
}

// withPast says when calls were logged to matches last. The matches may be the
// cache's.
func withPast(matches []Match, past []Past) []Match {
	matches = slices.Clone(matches)
	for i, m := range matches {
		for _, p := range past {
			if p.ObjectTypeID == m.ObjectTypeID && p.ObjectID == m.ObjectID && p.At.After(matches[i].RecentAt) {
				matches[i].RecentAt = p.At
			}
		}
	}
	return matches
}

// recent are those of the records that still exist. One that was merged into
// another one is that one.
func (l *Lookup) recent(ctx context.Context, p Portal, past []Past) []Match {
	reads := make([]func() []Match, len(past))
	for i, one := range past {
		reads[i] = later(func() []Match {
			found, err := l.record(ctx, p, one.ObjectTypeID, one.ObjectID)
			if err != nil {
				return nil
			}
			return found
		})
	}
	var found []Match
	for i, read := range reads {
		for _, m := range read() {
			if slices.ContainsFunc(found, func(o Match) bool { return o.ObjectTypeID == m.ObjectTypeID && o.ObjectID == m.ObjectID }) {
				continue
			}
			m.Via, m.RecentAt = ByRecent, past[i].At
			found = append(found, m)
		}
	}
	return found
}

// record reads a record by its id. One that does not exist, or that we may not
// see, is an empty answer.
func (l *Lookup) record(ctx context.Context, p Portal, objectType, id string) ([]Match, error) {
	if properties[objectType] == nil {
		return nil, nil
	}
	return l.answers.Get(ctx, p.ID, objectType+"/"+id, func(ctx context.Context) ([]Match, error) {
		options := hubspot.GetOptions{Properties: p.properties(objectType)}
		ofContact := objectType == hubspot.Deals || objectType == hubspot.Tickets
		if ofContact {
			options.Associations = []string{"contacts"}
		}
		o, err := p.CRM.Get(ctx, objectType, id, options)
		if permanent(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		m := p.match(objectType, *o, o.ID)
		if contacts := o.Associations["contacts"]; ofContact && len(contacts) > 0 {
			found, err := l.record(ctx, p, hubspot.Contacts, contacts[0].ID)
			if err == nil && len(found) > 0 {
				m.Company, m.Email, m.NoCalls = found[0].Name, found[0].Email, found[0].NoCalls
			}
		}
		return []Match{m}, nil
	})
}
