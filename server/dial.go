package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

// A dialCounter knows an agent's outdials, newest first.
type dialCounter interface {
	Dials(ctx context.Context, a backend.Agent, since time.Time) ([]ledger.Dial, error)
}

// Dials implements dialCounter.
func (b recordBook) Dials(ctx context.Context, a backend.Agent, since time.Time) ([]ledger.Dial, error) {
	return b.ledger.Dials(ctx, writer(a), since)
}

const (
	// A grant counts that long without a record: the panel stores one as soon
	// as it dials, and what Webex refused shall not count.
	grantFor = 10 * time.Second
	// A record of the same number that is younger may be that of the dial that
	// is asked for: the panel stores it while it asks.
	ownFor = 5 * time.Second
	// Beyond so many times the limit of refused asks in a minute it is no
	// person any more who asks.
	stormAt    = 3
	maxDialers = 10_000
)

// dialers are the agents who dial through this process.
type dialers struct {
	mu sync.Mutex
	m  map[string]*dialer
}

// dialer is what this process remembers of an agent. The records, which all
// replicas share, say the rest.
type dialer struct {
	granted []time.Time
	refused []time.Time // The newest; never more than make a storm.
	limit   int         // A minute.
	told    bool        // The log knows of the storm.
}

func newDialers() *dialers { return &dialers{m: map[string]*dialer{}} }

// of returns an agent's dialer with what is over forgotten. The caller holds
// mu.
func (ds *dialers) of(id string, now time.Time) *dialer {
	if len(ds.m) >= maxDialers {
		for other, d := range ds.m {
			if d.forget(now); len(d.granted)+len(d.refused) == 0 {
				delete(ds.m, other)
			}
		}
	}
	d, ok := ds.m[id]
	if !ok {
		d = &dialer{}
		ds.m[id] = d
	}
	d.forget(now)
	return d
}

func (d *dialer) forget(now time.Time) {
	over := func(after time.Duration) func(time.Time) bool {
		return func(at time.Time) bool { return now.Sub(at) >= after || at.After(now) }
	}
	d.granted = slices.DeleteFunc(d.granted, over(grantFor))
	d.refused = slices.DeleteFunc(d.refused, over(time.Minute))
}

// calm is how long until the storm is over; 0 is none.
func (d *dialer) calm(now time.Time) time.Duration {
	most := stormAt * d.limit
	if most == 0 || len(d.refused) <= most {
		d.told = false
		return 0
	}
	return max(d.refused[len(d.refused)-1-most].Add(time.Minute).Sub(now), time.Millisecond)
}

// ask grants a dial, or says how long to wait. Storm is true for the ask that
// makes a storm of it.
func (ds *dialers) ask(id string, records []ledger.Dial, number string, perMinute, perHour int, now time.Time) (wait time.Duration, storm bool) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	d := ds.of(id, now)
	d.limit = perMinute
	starts := counted(records, d.granted, number, now)
	for _, limit := range []struct {
		dials  int
		window time.Duration
	}{{perMinute, time.Minute}, {perHour, time.Hour}} {
		if len(starts) >= limit.dials {
			wait = max(wait, starts[limit.dials-1].Add(limit.window).Sub(now))
		}
	}
	if wait <= 0 {
		d.granted = append(d.granted, now)
		return 0, false
	}
	if d.refused = append(d.refused, now); len(d.refused) > stormAt*perMinute+1 {
		d.refused = d.refused[1:]
	}
	if d.calm(now) > 0 && !d.told {
		d.told = true
		return wait, true
	}
	return wait, false
}

// counted are the dials there have been, newest first: the records but the one
// that this is about, and the grants that have no record yet.
func counted(records []ledger.Dial, granted []time.Time, number string, now time.Time) []time.Time {
	var starts []time.Time
	own, recent := false, 0
	for _, r := range records {
		if !own && r.Number == number && now.Sub(r.At).Abs() < ownFor {
			own = true
			continue
		}
		if now.Sub(r.At) < grantFor {
			recent++
		}
		starts = append(starts, r.At)
	}
	starts = append(starts, granted[min(recent, len(granted)):]...)
	slices.SortFunc(starts, func(a, b time.Time) int { return b.Compare(a) })
	return starts
}

// storming is how long an agent gets no token of Webex' because something
// dials by itself; 0 is not at all.
func (ds *dialers) storming(id string, now time.Time) time.Duration {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if _, ok := ds.m[id]; !ok {
		return 0
	}
	return ds.of(id, now).calm(now)
}

// dial is POST /api/dial: may this agent dial out now? It is asked before a
// dial and not told of its end: what has been dialled stands in the records.
func (s *server) dial(c echo.Context) error {
	ctx := c.Request().Context()
	var body backend.Dial
	if err := readJSON(c, &body); err != nil {
		return err
	}
	if body.Number = strings.TrimSpace(body.Number); body.Number == "" || len(body.Number) > maxNumber {
		return invalid("A number of at most 64 characters is required.")
	}
	agent := sessionOf(c).Agent
	portal, err := s.Tenants.Portal(ctx, agent.OrgID, body.PortalID)
	if err != nil {
		return err
	}
	settings, now := portal.Settings.WithDefaults(), s.Now()
	records, err := s.Ledger.Dials(ctx, agent, now.Add(-time.Hour))
	if err != nil {
		return err
	}
	wait, storm := s.dialers.ask(dialerID(agent), records, body.Number, settings.DialsPerMinute, settings.DialsPerHour, now)
	if storm {
		s.Metrics.dialled("storm")
		s.Log.Warn("something dials by itself; no tokens until it is calm", "request", requestID(c), "agent", agent.AgentID, "org", agent.OrgID)
	}
	if wait > 0 {
		s.Metrics.dialled("refused")
		refusal := refuse(http.StatusTooManyRequests, backend.CodeDialLimit, fmt.Sprintf(
			"You have dialled as often as your administrator allows: %d times in a minute, %d in an hour. Incoming calls go on; dial again in %s.",
			settings.DialsPerMinute, settings.DialsPerHour, roughly(wait)))
		refusal.RetryAfterMs = wait.Milliseconds() + 1
		return refusal
	}
	s.Metrics.dialled("granted")
	return c.NoContent(http.StatusNoContent)
}

func dialerID(a backend.Agent) string { return a.OrgID + " " + a.AgentID }

// roughly is a waiting time for people.
func roughly(d time.Duration) string {
	if d > time.Minute {
		return fmt.Sprintf("%d minutes", int((d+time.Minute-1)/time.Minute))
	}
	return fmt.Sprintf("%d seconds", int((d+time.Second-1)/time.Second))
}

// calmly gives no token to an agent for whom something dials by itself.
func (s *server) calmly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		wait := s.dialers.storming(dialerID(sessionOf(c).Agent), s.Now())
		if wait <= 0 {
			return next(c)
		}
		refusal := refuse(http.StatusTooManyRequests, backend.CodeTooMany,
			"Something dials by itself in your name. Calls in progress go on; stop what dials, or close its tab, and wait a minute.")
		refusal.RetryAfterMs = wait.Milliseconds() + 1
		return refusal
	}
}
