// Package lookup finds out whom a call may be with in a portal's CRM, quickly
// and without using up the portal's few searches: answers are cached, identical
// questions share one search, and an old answer is better than a late one.
package lookup

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"deskbridge/pkg/hubspot"
)

// Config configures a [Lookup].
type Config struct {
	Fresh    time.Duration // How long matches are believed. Defaults to 3 min.
	Missing  time.Duration // How long "nobody" is believed. Defaults to 20 s: an index lags.
	Stale    time.Duration // How long an old answer serves while HubSpot is slow. Defaults to 12 h.
	Patience time.Duration // How long to wait while there is an old answer. Defaults to 700 ms.
	Timeout  time.Duration // Of a question to HubSpot. Defaults to 8 s.
	Entries  int           // Of the cache. Defaults to 20000.

	// Observe is told how each question was answered and how long that took:
	// hit (from the cache), miss (by HubSpot), stale (by an old answer, as
	// HubSpot was slow or away) or late (not at all). Optional.
	Observe func(result string, took time.Duration)

	Now    func() time.Time // Defaults to time.Now.
	Logger *slog.Logger     // Defaults to silence.
}

// A CRM is a portal's; a [*hubspot.Client] is one.
type CRM interface {
	// SearchWith makes the request when it has a turn.
	SearchWith(ctx context.Context, objectType string, build func() hubspot.SearchRequest) (*hubspot.SearchResult, error)
	Get(ctx context.Context, objectType, id string, o hubspot.GetOptions) (*hubspot.Object, error)
	FreeSearches() int // How many could be made without waiting.
}

// A Portal is where to look, and how its admin wants it.
type Portal struct {
	ID     string // Required: it separates the portals in the cache.
	CRM    CRM
	Region string // Of numbers without a country code. Defaults to US.

	// Properties are more properties of contacts that hold numbers, such as the
	// admin's own. HubSpot keeps no searchable form of them, so numbers there
	// are found only where they are written in E.164 or one of the usual forms.
	Properties []string

	// NoCalls are properties of contacts that say not to call, whichever of
	// them the portal has; see [NoCalls].
	NoCalls []string

	Prefixes      []string // Taken off a caller's number; see [WithoutPrefix].
	SkipCompanies bool     // A number that no contact has is nobody's.
	Rules         []Rule   // In the order in which they count.

	// Recent returns the records that calls with one of those numbers were
	// logged to, newest first. Optional.
	Recent func(ctx context.Context, numbers []string) ([]Past, error)
}

// A Rule finds a record by a call variable: the record of that type whose
// property has the variable's value.
type Rule struct {
	Variable   string
	ObjectType string // Object type id.
	Property   string // hs_object_id finds by the record's id.
}

// A Past is a record that a call was logged to.
type Past struct {
	ObjectTypeID, ObjectID string
	At                     time.Time
}

// A Query is a call to find the other side of.
type Query struct {
	Number    string
	Inbound   bool              // It is a caller's number, and a telephone rings.
	Variables map[string]string // Call variables by name.
}

// How a match was found.
const (
	ByVariable = "variable"
	ByNumber   = "number"
	ByRecent   = "recent"
)

// A Match is a record that the call may belong to.
type Match struct {
	ObjectTypeID string
	ObjectID     string
	Name         string
	Email        string
	Company      string // Of a deal or ticket: the name of its contact.
	NoCalls      bool   // The record, or its contact, says not to call.

	Via      string    // How it was found: ByVariable, ByNumber or ByRecent.
	Property string    // The property that has the number or value.
	Variable string    // The variable that had the value.
	RecentAt time.Time // When a call was logged there last; zero for none known.
}

// A Lookup answers for any number of portals. It may be used from several
// goroutines.
type Lookup struct {
	c       Config
	answers Answers[[]Match]
	crowds  crowds
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
	return &Lookup{c: c, crowds: crowds{open: map[string]*crowd{}}, answers: Answers[[]Match]{
		Fresh: func(matches []Match) time.Duration {
			if len(matches) == 0 {
				return c.Missing
			}
			return c.Fresh
		},
		Serves: func(matches []Match) bool { return len(matches) > 0 },
		Stale:  c.Stale, Patience: c.Patience, Timeout: c.Timeout, Entries: c.Entries, Now: c.Now, Observe: c.Observe,
	}}
}

// Match finds the records that a call may belong to, the likeliest first. The
// first of these that finds something counts: the portal's rules in their
// order; the contacts with that number; the companies; the records that calls
// with that number were logged to. They are asked at the same time as far as
// the portal's few searches allow.
//
// A withheld or internal number matches nobody and costs nothing. The matches
// are the caller's to choose from: nobody is preferred for having been edited
// last.
//
// When ctx ends, what has been found by then counts. An error is ctx's, a
// time-out, or one of HubSpot's ([*hubspot.Error]); it says that nobody knows
// whose number it is, and is returned only where no old answer can serve.
func (l *Lookup) Match(ctx context.Context, p Portal, q Query) ([]Match, error) {
	rules := p.usable(q.Variables)
	numbers := p.numbers(q)
	past := later(func() []Past { return l.past(ctx, p, q, numbers) })
	byRule := make([]func() []Match, len(rules))
	for i, r := range rules {
		byRule[i] = later(func() []Match { return l.byRule(ctx, p, r) })
	}
	type answer struct {
		matches []Match
		err     error
	}
	byNumber := later(func() answer {
		found, err := l.byNumber(ctx, p, numbers, q.Inbound && p.atOnce(len(rules)))
		return answer{found, err}
	})
	for _, found := range byRule {
		if matches := found(); len(matches) > 0 {
			return withPast(matches, past()), nil
		}
	}
	found := byNumber()
	if found.err != nil {
		return nil, fmt.Errorf("lookup: %w", found.err)
	}
	if len(found.matches) > 0 {
		return withPast(found.matches, past()), nil
	}
	return l.recent(ctx, p, past()), nil
}

// later does something in a goroutine, which ends with it, and returns how to
// wait for what came of it.
func later[T any](do func() T) (wait func() T) {
	done := make(chan T, 1)
	go func() { done <- do() }()
	return func() T { return <-done }
}

// atOnce says whether to ask for everything that may be needed, beside so many
// rules. With turns to spare that is faster; with none left whoever waits does
// so together with others, and that costs the same. In between, a turn may be
// somebody else's.
func (p Portal) atOnce(rules int) bool {
	free := p.CRM.FreeSearches()
	return free == 0 || free >= rules+len(p.steps())
}

// byNumber finds contacts, or companies, with one of the numbers.
func (l *Lookup) byNumber(ctx context.Context, p Portal, numbers []Number, atOnce bool) ([]Match, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	return l.answers.Get(ctx, p.ID, nameOf(numbers), func(ctx context.Context) ([]Match, error) {
		found, err := l.find(ctx, p, numbers, atOnce)
		if err != nil {
			l.c.Logger.Warn("lookup failed", "portal", p.ID, "number", masked(numbers[0].E164), "error", err)
		}
		return found, err
	})
}

// nameOf is how the answer for numbers is called in the cache.
func nameOf(numbers []Number) string {
	all := make([]string, len(numbers))
	for i, n := range numbers {
		all[i] = n.E164
	}
	return strings.Join(all, " ")
}

// numbers are what the number may be, the likeliest first: without the prefix
// that a telephone system has added, and as it came. None if it is no number.
func (p Portal) numbers(q Query) []Number {
	var found []Number
	texts := []string{q.Number}
	if q.Inbound {
		texts = []string{WithoutPrefix(q.Number, p.Prefixes, p.Region), q.Number}
	}
	for _, text := range texts {
		n, ok := Parse(text, p.Region)
		if ok && !slices.ContainsFunc(found, func(o Number) bool { return o.E164 == n.E164 }) {
			found = append(found, n)
		}
	}
	return found
}

// Learn adds a record that was just created for the number, which HubSpot's
// index does not know yet.
func (l *Lookup) Learn(p Portal, q Query, m Match) {
	m.Via = ByNumber
	numbers := p.numbers(q)
	for i := range numbers {
		// The same number is looked up with and without its prefix.
		for _, name := range []string{nameOf(numbers), numbers[i].E164} {
			l.answers.Change(p.ID, name, func(old []Match) []Match {
				old = slices.DeleteFunc(slices.Clone(old), func(o Match) bool { return o.ObjectID == m.ObjectID })
				return append([]Match{m}, old...)
			})
		}
	}
}

// Forget empties the cache of a portal, or with an empty id of all.
func (l *Lookup) Forget(portalID string) { l.answers.Forget(portalID) }

// masked keeps all but the last four digits out of the logs.
func masked(e164 string) string { return "..." + e164[max(0, len(e164)-4):] }
