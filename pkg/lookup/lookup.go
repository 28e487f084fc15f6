// Package lookup finds out whom a telephone number may belong to in a portal's
// CRM, quickly and without using up the portal's few searches: answers are
// cached, identical questions share one search, and an old answer is better
// than a late one.
package lookup

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"golang.org/x/sync/singleflight"

	"deskbridge/pkg/hubspot"
)

// Config configures a [Lookup].
type Config struct {
	Fresh    time.Duration // How long matches are believed. Defaults to 3 min.
	Missing  time.Duration // How long "nobody" is believed. Defaults to 20 s: an index lags.
	Stale    time.Duration // How long an old answer serves while HubSpot is slow. Defaults to 12 h.
	Patience time.Duration // How long to wait while there is an old answer. Defaults to 700 ms.
	Timeout  time.Duration // Of a search. Defaults to 8 s.
	Entries  int           // Of the cache. Defaults to 20000.

	Now    func() time.Time // Defaults to time.Now.
	Logger *slog.Logger     // Defaults to silence.
}

// A Searcher searches a portal; a [*hubspot.Client] is one.
type Searcher interface {
	Search(ctx context.Context, objectType string, r hubspot.SearchRequest) (*hubspot.SearchResult, error)
}

// A Portal is where to look.
type Portal struct {
	ID     string // Required: it separates the portals in the cache.
	CRM    Searcher
	Region string // Of numbers without a country code. Defaults to US.

	// Properties are more properties of contacts that hold numbers, such as the
	// admin's own. HubSpot keeps no searchable form of them, so numbers there
	// are found only where they are written in E.164 or one of the usual forms.
	Properties []string

	// NoCalls are properties of contacts that say not to call, whichever of
	// them the portal has; see [NoCalls].
	NoCalls []string
}

// A Match is a record that has the number.
type Match struct {
	ObjectTypeID string // hubspot.Contacts or hubspot.Companies
	ObjectID     string
	Name         string
	Email        string
	Company      string
	Property     string // The property that has the number.
	NoCalls      bool   // The record says not to call.
}

// A Lookup answers for any number of portals. It may be used from several
// goroutines.
type Lookup struct {
	c      Config
	cache  cache
	flight singleflight.Group
}

// New returns a Lookup with an empty cache.
func New(c Config) *Lookup {
	for _, d := range []struct {
		value    *time.Duration
		fallback time.Duration
	}{
		{&c.Fresh, 3 * time.Minute}, {&c.Missing, 20 * time.Second}, {&c.Stale, 12 * time.Hour},
		{&c.Patience, 700 * time.Millisecond}, {&c.Timeout, 8 * time.Second},
	} {
		if *d.value <= 0 {
			*d.value = d.fallback
		}
	}
	if c.Entries <= 0 {
		c.Entries = 20_000
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Lookup{c: c, cache: cache{limit: c.Entries, m: map[key]entry{}}}
}

// Match finds the contacts with that number or, where there are none, the
// companies; the likeliest first. A withheld or internal number matches nobody
// and costs nothing. The matches of one number are the caller's to choose from:
// nobody is preferred for having been edited last.
//
// An error is ctx's, a time-out, or one of HubSpot's ([*hubspot.Error]); it is
// returned only where no old answer can serve.
func (l *Lookup) Match(ctx context.Context, p Portal, number string) ([]Match, error) {
	n, ok := Parse(number, p.Region)
	if !ok {
		return nil, nil
	}
	k := key{p.ID, n.E164}
	old, age, known := l.cache.get(k, l.c.Now())
	if known && age < l.life(old) {
		return slices.Clone(old), nil
	}
	known = known && age < l.c.Stale && len(old) > 0
	// The search outlives the caller who happened to be first and ends by its
	// own timeout; its answer is for the cache, too.
	done := l.flight.DoChan(k.portal+" "+k.e164, func() (any, error) {
		searching, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.c.Timeout)
		defer cancel()
		generation := l.cache.now()
		found, err := find(searching, p, n)
		if err != nil {
			l.c.Logger.Warn("lookup failed", "portal", p.ID, "number", masked(n.E164), "error", err)
			return nil, err
		}
		return l.cache.put(k, found, l.c.Now(), generation), nil
	})
	var late <-chan time.Time
	if known {
		timer := time.NewTimer(l.c.Patience)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case r := <-done:
		if r.Err == nil {
			found, _ := r.Val.([]Match)
			return slices.Clone(found), nil
		}
		if known {
			return slices.Clone(old), nil
		}
		return nil, fmt.Errorf("lookup: %w", r.Err)
	case <-late:
		return slices.Clone(old), nil
	case <-ctx.Done():
		if known {
			return slices.Clone(old), nil
		}
		return nil, fmt.Errorf("lookup: %w", ctx.Err())
	}
}

func (l *Lookup) life(matches []Match) time.Duration {
	if len(matches) == 0 {
		return l.c.Missing
	}
	return l.c.Fresh
}

// Learn adds a record that was just created for the number, which HubSpot's
// index does not know yet.
func (l *Lookup) Learn(p Portal, number string, m Match) {
	n, ok := Parse(number, p.Region)
	if !ok {
		return
	}
	k, now := key{p.ID, n.E164}, l.c.Now()
	old, age, known := l.cache.get(k, now)
	if !known || age >= l.life(old) {
		old = nil
	}
	old = slices.DeleteFunc(slices.Clone(old), func(o Match) bool { return o.ObjectID == m.ObjectID })
	// It becomes the newest answer, and searches under way do not replace it.
	l.cache.set(k, append([]Match{m}, old...), now)
}

// Forget empties the cache of a portal, or with an empty id of all.
func (l *Lookup) Forget(portalID string) { l.cache.clear(portalID) }

// masked keeps all but the last four digits out of the logs.
func masked(e164 string) string { return "..." + e164[max(0, len(e164)-4):] }
