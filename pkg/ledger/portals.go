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

// The properties that Deskbridge adds to calls where it may.
const (
	keyProperty         = "deskbridge_key"            // Unique: the upsert's.
	interactionProperty = "deskbridge_interaction_id" // Ties the calls of one contact together.
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
	probing sync.Mutex // One probe at a time.

	mu     sync.Mutex
	able   *ability
	ableAt time.Time
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

// ability is what a portal's calls can hold.
type ability struct {
	names  map[string]bool
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
		p = &portal{owners: map[string]owner{}}
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

// ability probes the portal's call properties and adds ours where they are
// missing and may be added.
func (p *portal) ability(ctx context.Context, crm CRM, now time.Time) (*ability, error) {
	p.probing.Lock()
	defer p.probing.Unlock()
	p.mu.Lock()
	able, at := p.able, p.ableAt
	p.mu.Unlock()
	if able != nil && now.Sub(at) < probeFor {
		return able, nil
	}
	properties, err := crm.Properties(ctx)
	if err != nil {
		if able != nil {
			return able, nil // It has not changed overnight.
		}
		return nil, err
	}
	able, group := abilityOf(properties)
	for _, add := range []Property{
		{Name: keyProperty, Label: "Deskbridge key", Group: group, Unique: true},
		{Name: interactionProperty, Label: "Webex interaction id", Group: group},
	} {
		if able.names[add.Name] {
			continue
		}
		err := crm.AddProperty(ctx, add)
		var refusal *Refusal
		switch {
		case err == nil:
			able.names[add.Name] = true
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
	p.mu.Lock()
	p.able, p.ableAt = able, now
	p.mu.Unlock()
	return able, nil
}

// abilityOf reads a portal's list of properties. The group is the one that
// properties like ours are in.
func abilityOf(properties []Property) (able *ability, group string) {
	able = &ability{names: make(map[string]bool, len(properties))}
	for _, property := range properties {
		able.names[property.Name] = true
		switch property.Name {
		case "hs_call_title":
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
