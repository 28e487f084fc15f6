package ledger

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	probeFor     = time.Hour
	ownerFor     = time.Hour
	ownerMissFor = time.Minute
)

// portals is what this process knows of each portal: what it can do, who its
// owners are, and whether it answers.
type portals struct {
	c  Config
	mu sync.Mutex
	m  map[string]*portal
}

type portal struct {
	calls, tasks, tickets probe

	mu      sync.Mutex
	noticed map[string]time.Time // What is in the log, and since when.
	closed  map[string]stages    // By object type.

	owners map[string]owner
	fails  int       // In a row.
	trips  int       // Times the breaker opened in a row.
	until  time.Time // Nothing is asked before.
	trying time.Time // One record is tried after a break, until then.
}

type owner struct {
	id string
	at time.Time
}

// stages are those in which deals or tickets are over.
type stages struct {
	closed map[string]bool
	at     time.Time
}

// probe finds out what a type of activity can hold, every now and then.
type probe struct {
	mu   sync.Mutex // Held while it asks: one probe at a time.
	able *ability
	at   time.Time
}

// ability is what a portal's calls, or tasks, can hold.
type ability struct {
	names  map[string]Property
	unique bool // keyProperty works for upserts.

	missed       string   // How the option is spelled, if there is one.
	dispositions []string // Empty if not known.
}

func newPortals(c Config) *portals { return &portals{c: c, m: map[string]*portal{}} }

func (ps *portals) of(id string) *portal {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	p, ok := ps.m[id]
	if !ok {
		p = &portal{owners: map[string]owner{}, noticed: map[string]time.Time{}, closed: map[string]stages{}}
		ps.m[id] = p
	}
	return p
}

func (ps *portals) clear() {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	clear(ps.m)
}

// admit says how long a record has to wait until the portal may be asked.
func (p *portal) admit(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Before(p.until) {
		return p.until.Sub(now)
	}
	if p.trips == 0 {
		return 0
	}
	if now.Before(p.trying) {
		return time.Second
	}
	p.trying = now.Add(jobTimeout)
	return 0
}

// report says how asking the portal went. pause is the vendor's wish, if any.
func (p *portal) report(c Config, now time.Time, h health, pause time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if pause > 0 {
		p.until, p.trying = now.Add(pause), time.Time{}
		return
	}
	switch {
	case now.Before(p.until):
		return // The last of those that were under way when it opened.
	case h == unknown:
		p.trying = time.Time{}
		return
	case h == healthy:
		p.fails, p.trips, p.trying = 0, 0, time.Time{}
		return
	}
	p.trying = time.Time{}
	p.fails++
	if p.fails >= c.BreakAfter || p.trips > 0 {
		p.until = now.Add(c.BreakFor << min(p.trips, 4))
		p.trips++
		p.fails = 0
	}
}

// has says whether there is a property of that name.
func (a *ability) has(name string) bool {
	_, ok := a.names[name]
	return ok
}

// of probes the properties and adds ours where they are missing and may be
// added.
func (p *probe) of(ctx context.Context, crm CRM, now time.Time, ours ...Property) (*ability, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.able != nil && now.Sub(p.at) < probeFor {
		return p.able, nil
	}
	properties, err := crm.Properties(ctx)
	if err != nil {
		if p.able != nil {
			return p.able, nil // It has not changed overnight.
		}
		return nil, err
	}
	able, group := abilityOf(properties)
	for _, add := range ours {
		if able.has(add.Name) {
			continue
		}
		add.Group = group
		err := crm.AddProperty(ctx, add)
		var refusal *Refusal
		switch {
		case err == nil:
			able.names[add.Name] = add
			able.unique = able.unique || add.Unique
		case isStatus(err, http.StatusConflict): // Another replica was faster.
			if properties, err = crm.Properties(ctx); err != nil {
				return nil, err
			}
			able, _ = abilityOf(properties)
		case !errors.As(err, &refusal):
			return nil, err
		case refusal.RetryAfter > 0 || refusal.Status >= 500:
			return nil, err // Not now. What is found today holds for an hour.
		}
		// Otherwise it is not allowed here: the search finds what was written.
	}
	p.able, p.at = able, now
	return able, nil
}

// known is what it has found out, nil if it has not asked.
func (p *probe) known() *ability {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.able
}

// callAbility is what the portal's calls can hold.
func (p *portal) callAbility(ctx context.Context, crm CRM, now time.Time) (*ability, error) {
	return p.calls.of(ctx, crm, now,
		Property{Name: keyProperty, Label: "Deskbridge key", Unique: true},
		Property{Name: interactionProperty, Label: "Webex interaction id"})
}

// taskAbility is what the portal's tasks can hold. Who may not read their
// properties can still make tasks.
func (p *portal) taskAbility(ctx context.Context, crm CRM, now time.Time) (*ability, error) {
	able, err := p.tasks.of(ctx, crm, now, Property{Name: keyProperty, Label: "Deskbridge key", Unique: true})
	if refused(err) {
		return &ability{}, nil
	}
	return able, err
}

// ticketAbility is what the portal's tickets can hold, likewise.
func (p *portal) ticketAbility(ctx context.Context, crm CRM, now time.Time) (*ability, error) {
	able, err := p.tickets.of(ctx, crm, now, Property{Name: keyProperty, Label: "Deskbridge key", Unique: true})
	if refused(err) {
		return &ability{}, nil
	}
	return able, err
}

// abilityOf reads a type's list of properties. The group is the one that
// properties like ours are in.
func abilityOf(properties []Property) (able *ability, group string) {
	able = &ability{names: make(map[string]Property, len(properties))}
	for _, property := range properties {
		able.names[property.Name] = property
		switch property.Name {
		case "hs_call_title", "hs_task_subject", "subject":
			group = property.Group
		case keyProperty:
			able.unique = property.Unique
		case "hs_call_status":
			i := slices.IndexFunc(property.Options, func(o string) bool { return strings.EqualFold(o, "missed") })
			if i >= 0 {
				able.missed = property.Options[i]
			}
		case "hs_call_disposition":
			able.dispositions = property.Options
		}
	}
	return able, group
}

// owner finds the HubSpot owner of an agent. None is no error.
func (p *portal) owner(ctx context.Context, crm CRM, email string, now time.Time) (string, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	if email == "" {
		return "", nil
	}
	p.mu.Lock()
	known, ok := p.owners[email]
	p.mu.Unlock()
	life := ownerFor
	if known.id == "" {
		life = ownerMissFor
	}
	if ok && now.Sub(known.at) < life {
		return known.id, nil
	}
	id, err := crm.Owner(ctx, email)
	if err != nil {
		return known.id, err
	}
	p.mu.Lock()
	p.owners[email] = owner{id, now}
	p.mu.Unlock()
	return id, nil
}

// closedStages are those in which deals, or tickets, are over.
func (p *portal) closedStages(ctx context.Context, records Records, typeID string, now time.Time) (map[string]bool, error) {
	p.mu.Lock()
	known, ok := p.closed[typeID]
	p.mu.Unlock()
	if ok && now.Sub(known.at) < probeFor {
		return known.closed, nil
	}
	closed, err := records.ClosedStages(ctx, typeID)
	if err != nil {
		return known.closed, err
	}
	p.mu.Lock()
	p.closed[typeID] = stages{closed, now}
	p.mu.Unlock()
	return closed, nil
}

// first notes something that a portal refuses and says whether that is news.
func (p *portal) first(what string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, was := p.noticed[what]
	if was && now.Sub(at) < probeFor {
		return false
	}
	p.noticed[what] = now
	return true
}

// refuses says whether the portal has refused that within the hour.
func (p *portal) refuses(what string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, was := p.noticed[what]
	return was && now.Sub(at) < probeFor
}
