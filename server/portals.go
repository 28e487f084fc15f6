package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/ledger"
	"deskbridge/pkg/lookup"
	"deskbridge/pkg/tenant"
	"deskbridge/pkg/tokens"
)

// portals are HubSpot as ledger, lookup and contacts use it: one client, and
// with it one limiter, per portal.
type portals struct {
	cfg Config
	*deps

	numbers *lookup.Lookup
	cards   *cards

	mu      sync.Mutex
	clients map[string]*hubspot.Client
}

func newPortals(cfg Config, d *deps) *portals {
	return &portals{
		cfg: cfg, deps: d, clients: map[string]*hubspot.Client{},
		numbers: lookup.New(lookup.Config{Now: d.Now, Logger: d.Log, Observe: d.Metrics.lookedUp}),
		cards:   newCards(d.Now),
	}
}

// hubspotID is under which id a portal's tokens are kept.
func hubspotID(portalID string) string { return "hubspot:" + portalID }

// client returns the client of a linked portal.
func (p *portals) client(portalID string) *hubspot.Client {
	p.mu.Lock()
	defer p.mu.Unlock()
	if client, ok := p.clients[portalID]; ok {
		return client
	}
	client := &hubspot.Client{
		BaseURL: p.cfg.HubSpotAPI,
		HTTP:    p.Metrics.hubspotHTTP(),
		Logger:  p.Log,
		Limiter: p.limiter(),
		Token:   func(context.Context) (string, error) { return p.cfg.HubSpotToken, nil },
	}
	if p.cfg.HubSpotToken == "" || portalID != p.cfg.Portal { // The configured token is the configured portal's.
		id := hubspotID(portalID)
		client.Token = func(ctx context.Context) (string, error) { return p.hubspotToken(ctx, id) }
		client.Refresh = func(ctx context.Context, stale string) (string, error) {
			if err := p.Tokens.Invalidate(ctx, id, stale); err != nil {
				return "", masked(err)
			}
			return p.hubspotToken(ctx, id)
		}
	}
	client.Limiter.Observe = p.Metrics.waited
	p.clients[portalID] = client
	return client
}

func (p *portals) limiter() *hubspot.Limiter {
	if p.cfg.HubSpotRate == 0 {
		return hubspot.NewLimiter()
	}
	return hubspot.NewLimiterOf(p.cfg.HubSpotRate)
}

// hubspotToken says in the ledger's words when only an admin can help.
func (p *portals) hubspotToken(ctx context.Context, id string) (string, error) {
	token, err := p.Tokens.Token(ctx, id)
	if errors.Is(err, tokens.ErrNone) || errors.Is(err, tokens.ErrRefused) || errors.Is(err, tokens.ErrSealed) {
		return "", fmt.Errorf("%w: %w", ledger.ErrNoPortal, masked(err))
	}
	return token.AccessToken, masked(err)
}

// seed stores the configured refresh token where none is stored or the stored
// one is dead.
func (p *portals) seed(ctx context.Context) error {
	if p.cfg.HubSpotToken != "" || p.cfg.HubSpotRefreshToken == "" {
		return nil
	}
	id := hubspotID(p.cfg.Portal)
	asking, cancel := context.WithTimeout(ctx, 5*time.Second) // A start does not wait for HubSpot.
	defer cancel()
	_, err := p.Tokens.Token(asking, id)
	if err == nil || !errors.Is(err, tokens.ErrNone) && !errors.Is(err, tokens.ErrRefused) && !errors.Is(err, tokens.ErrSealed) {
		return nil // It works, or HubSpot does not answer just now.
	}
	return p.Tokens.Put(ctx, id, oauth2.Token{
		AccessToken: "none yet", RefreshToken: p.cfg.HubSpotRefreshToken, Expiry: p.Now().Add(-time.Minute),
	})
}

// portal opens a portal for the ledger.
func (p *portals) portal(ctx context.Context, orgID, portalID string) (ledger.Portal, error) {
	found, err := p.Tenants.Portal(ctx, orgID, portalID)
	if errors.Is(err, tenant.ErrNotLinked) {
		return ledger.Portal{}, fmt.Errorf("%w: %w", ledger.ErrNoPortal, err)
	}
	if err != nil {
		return ledger.Portal{}, err
	}
	return ledger.Portal{
		ID: found.ID, AppID: p.cfg.HubSpotAppID, URL: p.cfg.HubSpotApp,
		CRM: ledger.HubSpot(p.client(found.ID)), Tasks: ledger.HubSpotTasks(p.client(found.ID)),
		Tickets: ledger.HubSpotTickets(p.client(found.ID)),
		Records: ledger.HubSpotRecords(p.client(found.ID)),
	}, nil
}

// settings are a portal's for the ledger, under the layout that a record came
// with. A portal that is not linked has the defaults: its records wait for it.
func (p *portals) settings(ctx context.Context, orgID, portalID string, layout backend.Layout) (ledger.Settings, error) {
	found, err := p.Tenants.Portal(ctx, orgID, portalID)
	if errors.Is(err, tenant.ErrNotLinked) {
		return ledger.Settings{}, nil
	}
	if err != nil {
		return ledger.Settings{}, err
	}
	return loggingOf(p.under(found, layout).Settings), nil
}

// loggingOf is the part of a portal's settings that the ledger knows.
func loggingOf(s tenant.Settings) ledger.Settings {
	return ledger.Settings{
		SkipMissed: s.SkipMissed, DropAnsweredElsewhere: s.DropAnsweredElsewhere, ExcludedNumbers: s.ExcludedNumbers,
		DispositionByCode: s.DispositionByCode, VariableProperties: s.VariableProperties,
		OwnerFollowsTransfer: s.OwnerFollowsTransfer,
		TitleTemplate:        s.TitleTemplate, BodyTemplate: s.BodyTemplate,
		Companies: s.Companies, Deals: s.Deals, Tickets: s.Tickets, Region: s.Region,
		DateFormat: s.DateFormat, LogCalls: s.LogCalls,
		TicketFor: s.TicketFor, TicketSubject: s.TicketSubject, TicketProperties: s.TicketProperties, UpdateTicket: s.UpdateTicket,
	}
}

// lookIn is a portal as package lookup needs it. Only an organisation's own
// calls are remembered for it.
func (p *portals) lookIn(orgID string, in tenant.Portal) lookup.Portal {
	to := lookup.Portal{
		ID: in.ID, CRM: p.client(in.ID), Region: in.Settings.Region,
		Properties: in.Settings.PhoneProperties, NoCalls: in.Settings.NoCalls(),
		Prefixes: in.Settings.StripPrefixes, SkipCompanies: in.Settings.SkipCompanies,
	}
	for _, r := range in.Settings.PopVariables {
		to.Rules = append(to.Rules, lookup.Rule{Variable: r.Variable, ObjectType: r.ObjectType, Property: r.Property})
	}
	if p.History != nil {
		to.Recent = func(ctx context.Context, numbers []string) ([]lookup.Past, error) {
			return p.recent(ctx, orgID, in.ID, numbers)
		}
	}
	return to
}

// recent are the records that an organisation's calls with these numbers were
// logged to.
func (p *portals) recent(ctx context.Context, orgID, portalID string, numbers []string) ([]lookup.Past, error) {
	at, err := p.place(ctx, orgID, portalID)
	if err != nil {
		return nil, err
	}
	found, err := p.History.Recent(ctx, at, numbers...)
	past := make([]lookup.Past, len(found))
	for i, f := range found {
		past[i] = lookup.Past{ObjectTypeID: f.Record.ObjectTypeID, ObjectID: f.Record.ObjectID, At: f.At}
	}
	return past, err
}

// place is a portal of an organisation's as the ledger finds its records.
func (p *portals) place(ctx context.Context, orgID, portalID string) (ledger.Place, error) {
	standard, err := p.Tenants.Portal(ctx, orgID, "")
	return ledger.Place{OrgID: orgID, PortalID: portalID, Default: standard.ID == portalID}, err
}

// outbound is the direction of a lookup for a number that somebody dials; any
// other one is a caller's.
const outbound = "OUTBOUND"

// Match implements matcher.
func (p *portals) Match(ctx context.Context, orgID string, in tenant.Portal, l backend.Lookup) ([]backend.Match, error) {
	q := lookup.Query{Number: l.Number, Inbound: l.Direction != outbound, Variables: map[string]string{}}
	for _, v := range l.Variables {
		q.Variables[v.Name] = v.Value
	}
	found, err := p.numbers.Match(ctx, p.lookIn(orgID, in), q)
	if err != nil {
		return nil, hubspotError(err)
	}
	matches := make([]backend.Match, 0, len(found))
	for _, m := range found {
		match := backend.Match{
			Record: backend.Ref{ObjectTypeID: m.ObjectTypeID, ObjectID: m.ObjectID, Name: m.Name},
			Email:  m.Email, Company: m.Company, Why: cmp.Or(m.Variable, m.Property), NoCalls: m.NoCalls, Via: m.Via,
		}
		if !m.RecentAt.IsZero() {
			match.RecentAt = m.RecentAt.UnixMilli()
		}
		matches = append(matches, match)
	}
	return matches, nil
}

// FindContacts implements contactFinder.
func (p *portals) FindContacts(ctx context.Context, in tenant.Portal, typed string, page int) (backend.Page, error) {
	found, total, err := lookup.Search(ctx, p.lookIn("", in), typed, page, pageSize)
	if err != nil {
		return backend.Page{}, hubspotError(err)
	}
	out := backend.Page{Entries: []backend.Entry{}, Total: total, More: (page+1)*pageSize < total}
	for _, c := range found {
		detail := c.Company
		if detail == "" {
			detail = c.Email
		}
		out.Entries = append(out.Entries, backend.Entry{
			ID: c.ID, Name: c.Name, Number: c.Number, Detail: detail, NoCalls: c.NoCalls,
			Record: &backend.Ref{ObjectTypeID: hubspot.Contacts, ObjectID: c.ID, Name: c.Name},
		})
	}
	return out, nil
}

// CreateContact implements contactMaker. The number is stored in E.164 if it is
// one, else as it came. The admin's properties are filled in as far as HubSpot
// takes them. Neither a lifecycle stage nor the marketing status is set unless
// the admin says so of the former: the portal's own defaults apply, which make
// no marketing contact of a caller.
func (p *portals) CreateContact(ctx context.Context, in tenant.Portal, n backend.NewContact) (backend.Match, error) {
	number := lookup.WithoutPrefix(n.Number, in.Settings.StripPrefixes, in.Settings.Region)
	if e164, ok := lookup.Valid(number, in.Settings.Region); ok {
		number = e164
	}
	properties := p.filled(in.Settings, n)
	properties["phone"] = number
	if n.FirstName != "" {
		properties["firstname"] = n.FirstName
	}
	if n.LastName != "" {
		properties["lastname"] = n.LastName
	}
	made, err := p.createWithout(ctx, in.ID, properties)
	if err != nil {
		return backend.Match{}, contactError(err)
	}
	name := strings.TrimSpace(n.FirstName + " " + n.LastName)
	p.numbers.Learn(p.lookIn("", in), lookup.Query{Number: n.Number, Inbound: true}, lookup.Match{
		ObjectTypeID: hubspot.Contacts, ObjectID: made.ID, Name: name, Property: "phone",
	})
	return backend.Match{
		Record: backend.Ref{ObjectTypeID: hubspot.Contacts, ObjectID: made.ID, Name: name}, Why: "phone", Via: lookup.ByNumber,
	}, nil
}

// filled are the admin's properties of a new contact.
func (p *portals) filled(s tenant.Settings, n backend.NewContact) hubspot.Properties {
	properties := hubspot.Properties{}
	call := backend.Record{
		Direction: n.Direction, Number: n.Number, Queue: n.Queue, Name: strings.TrimSpace(n.FirstName + " " + n.LastName),
		Variables: n.Variables, StartedAt: p.Now().UnixMilli(),
	}
	for name, template := range s.NewContactProperties {
		if value := ledger.Fill(template, ledger.Agent{}, call, ledger.Settings{DateFormat: s.DateFormat}); value != "" {
			properties[name] = value
		}
	}
	return properties
}

// ownNames are the properties of a new contact that are not the admin's.
var ownNames = []string{"phone", "firstname", "lastname"}

// createWithout makes a contact without what HubSpot refuses of the admin's
// properties: a contact with its number is better than none.
func (p *portals) createWithout(ctx context.Context, portalID string, properties hubspot.Properties) (*hubspot.Object, error) {
	for {
		made, err := p.client(portalID).Create(ctx, hubspot.Contacts, hubspot.ObjectInput{Properties: properties})
		var refused *hubspot.Error
		if err == nil || !errors.As(err, &refused) || refused.Status != http.StatusBadRequest {
			return made, err
		}
		drop := slices.DeleteFunc(refused.Fields(), func(name string) bool { _, sent := properties[name]; return !sent })
		if len(drop) == 0 { // HubSpot does not say which: all that may be left out.
			drop = slices.Collect(maps.Keys(properties))
		}
		drop = slices.DeleteFunc(drop, func(name string) bool { return slices.Contains(ownNames, name) })
		if len(drop) == 0 {
			return nil, err
		}
		for _, name := range drop {
			delete(properties, name)
		}
		slices.Sort(drop)
		p.Log.Warn("contact made without properties that HubSpot refused", "portal", portalID, "properties", drop)
	}
}

func contactError(err error) error {
	var refused *hubspot.Error
	if errors.As(err, &refused) && !refused.Retryable() {
		sentence := "HubSpot did not create the contact."
		if fields := refused.Fields(); len(fields) > 0 {
			sentence += " It does not accept: " + strings.Join(fields, ", ") + "."
		}
		if refused.Status == http.StatusForbidden {
			sentence += " Deskbridge may not create contacts there; ask your administrator."
		}
		return errors.Join(refuse(http.StatusUnprocessableEntity, backend.CodeContactRefused, sentence), err)
	}
	return hubspotError(err)
}

// hubspotError is any other failure at HubSpot.
func hubspotError(err error) error {
	return errors.Join(refuse(http.StatusBadGateway, backend.CodeHubSpotDown,
		"HubSpot does not answer right now. Calls and their records are safe; try again in a moment."), err)
}
