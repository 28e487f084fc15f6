package main

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/lookup"
	"deskbridge/pkg/tenant"
)

// cardTypes are the types that have cards, with what is read of them.
var cardTypes = map[string][]string{
	hubspot.Contacts:  {"firstname", "lastname", "email", "phone", "mobilephone", "jobtitle", "lifecyclestage", "hubspot_owner_id"},
	hubspot.Companies: {"name", "domain", "phone", "lifecyclestage", "hubspot_owner_id"},
	hubspot.Deals:     {"dealname", "dealstage", "hubspot_owner_id"},
	hubspot.Tickets:   {"subject", "hs_pipeline_stage", "hubspot_owner_id"},
}

// stageProperties are where records of a type have their stage.
var stageProperties = map[string]string{
	hubspot.Contacts: "lifecyclestage", hubspot.Companies: "lifecyclestage",
	hubspot.Deals: "dealstage", hubspot.Tickets: "hs_pipeline_stage",
}

// stages are labels by what records hold; names of owners are kept in the same
// way, by their id.
type stages map[string]stage

type stage struct {
	label  string
	closed bool
}

// reading is a card in the making.
type reading struct {
	client *hubspot.Client
	names  *lookup.Answers[stages]
	portal tenant.Portal
	record backend.Ref
	app    string // Where people see records.
	log    *slog.Logger
}

// parts are what is around a record, in the order of [backend.Card.Missing].
var parts = []struct {
	name, objectType string
	fill             func(reading, context.Context, *backend.Card) error
}{
	{"company", hubspot.Companies, reading.company},
	{"deals", hubspot.Deals, reading.deals},
	{"tickets", hubspot.Tickets, reading.tickets},
}

// card reads everything at the same time. A record that does not exist is nil;
// of one that was merged into another one it is the other one's card. What
// cannot be had in time, or must not be seen, is missing.
func (r reading) card(ctx context.Context) (*backend.Card, error) {
	card := &backend.Card{Record: r.record}
	missing := make([]bool, len(parts))
	var around sync.WaitGroup
	soon, cancel := context.WithTimeout(ctx, partTime)
	defer cancel() // Whoever is still asking gives up.
	for i, part := range parts {
		if part.objectType == r.record.ObjectTypeID {
			continue // A company's company is another thing.
		}
		around.Go(func() { // Ends with its deadline.
			if err := part.fill(r, soon, card); err != nil {
				missing[i] = true
				r.log.Warn("card in part only", "portal", r.portal.ID, "part", part.name, "error", err)
			}
		})
	}
	o, err := r.client.Get(ctx, r.record.ObjectTypeID, r.record.ObjectID, hubspot.GetOptions{
		Properties: slices.Concat(cardTypes[r.record.ObjectTypeID], r.portal.Settings.NoCalls()),
	})
	if err != nil || o.ID != r.record.ObjectID {
		cancel()
		around.Wait()
		switch {
		case hubspot.IsStatus(err, http.StatusNotFound):
			return nil, nil
		case err != nil:
			return nil, err
		}
		r.record.ObjectID = o.ID
		return r.card(ctx)
	}
	head := r.head(soon, o.Properties)
	around.Wait()
	head.Company, head.Deals, head.Tickets = card.Company, card.Deals, card.Tickets
	for i, part := range parts {
		if missing[i] {
			head.Missing = append(head.Missing, part.name)
		}
	}
	return &head, nil
}

// head is what the record itself says. Without the label of a stage or the name
// of an owner there is none on the card.
func (r reading) head(ctx context.Context, p hubspot.Properties) backend.Card {
	card := backend.Card{
		Record: r.record, Email: p["email"], JobTitle: p["jobtitle"], Phone: lookup.Shown(p["phone"], p["mobilephone"]),
	}
	card.Record.Name = cmp.Or(lookup.Name(r.record.ObjectTypeID, p), r.record.ObjectID)
	if r.record.ObjectTypeID == hubspot.Contacts {
		card.NoCalls = lookup.NoCalls(p, r.portal.Settings.NoCalls())
	}
	var asking sync.WaitGroup
	asking.Go(func() { card.Owner = r.owner(ctx, p["hubspot_owner_id"]) })
	if value := p[stageProperties[r.record.ObjectTypeID]]; value != "" {
		known, err := r.stages(ctx, r.record.ObjectTypeID)
		if err != nil {
			r.log.Warn("card without stage", "portal", r.portal.ID, "error", err)
		}
		card.Stage = known[value].label
	}
	asking.Wait()
	return card
}

func (r reading) owner(ctx context.Context, id string) string {
	if id == "" {
		return ""
	}
	known, err := r.names.Get(ctx, r.portal.ID, "owner "+id, func(ctx context.Context) (stages, error) {
		o, err := r.client.Owner(ctx, id)
		if hubspot.IsStatus(err, http.StatusNotFound) {
			return stages{}, nil // Not with the company any more.
		}
		return stages{id: {label: cmp.Or(strings.TrimSpace(o.FirstName+" "+o.LastName), o.Email)}}, err
	})
	if err != nil {
		r.log.Warn("card without owner", "portal", r.portal.ID, "error", err)
	}
	return known[id].label
}

// stages are the stages that records of a type may be in.
func (r reading) stages(ctx context.Context, objectType string) (stages, error) {
	return r.names.Get(ctx, r.portal.ID, "stages "+objectType, func(ctx context.Context) (stages, error) {
		known := stages{}
		if objectType == hubspot.Contacts || objectType == hubspot.Companies {
			found, err := r.client.Property(ctx, objectType, stageProperties[objectType])
			if err != nil {
				return nil, err
			}
			for _, o := range found.Options {
				known[o.Value] = stage{label: o.Label}
			}
			return known, nil
		}
		pipelines, err := r.client.Pipelines(ctx, objectType)
		for _, p := range pipelines {
			for _, s := range p.Stages {
				known[s.ID] = stage{s.Label, s.Closed()}
			}
		}
		return known, err
	})
}

// around reads the records of a type that the record is associated with: the
// primary one first, then the newest, at most 100.
func (r reading) around(ctx context.Context, objectType string, properties ...string) ([]hubspot.Object, error) {
	links, err := r.client.Associations(ctx, r.record.ObjectTypeID, r.record.ObjectID, objectType)
	if err != nil || len(links) == 0 {
		return nil, err
	}
	primary := func(a hubspot.Association) int {
		if slices.ContainsFunc(a.Types, func(t hubspot.AssociationType) bool { return strings.EqualFold(t.Label, "primary") }) {
			return 0
		}
		return 1
	}
	slices.SortFunc(links, func(a, b hubspot.Association) int {
		// Ids rise; the longer one is the larger one.
		return cmp.Or(cmp.Compare(primary(a), primary(b)), cmp.Compare(len(b.ToID), len(a.ToID)), cmp.Compare(b.ToID, a.ToID))
	})
	ids := make([]string, min(len(links), 100))
	for i := range ids {
		ids[i] = links[i].ToID
	}
	found, err := r.client.BatchRead(ctx, objectType, ids, hubspot.BatchReadOptions{Properties: properties})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found.Objects, func(a, b hubspot.Object) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return found.Objects, nil
}

func (r reading) company(ctx context.Context, card *backend.Card) error {
	found, err := r.around(ctx, hubspot.Companies, "name", "domain")
	if len(found) > 0 {
		p := found[0].Properties
		card.Company = &backend.CardItem{Record: refOf(hubspot.Companies, found[0]), Detail: p["domain"]}
	}
	return err
}

func (r reading) deals(ctx context.Context, card *backend.Card) (err error) {
	card.Deals, err = r.open(ctx, hubspot.Deals, func(item *backend.CardItem, p hubspot.Properties) {
		item.Amount, item.At = strings.TrimSpace(p["amount"]+" "+p["deal_currency_code"]), momentOf(p["closedate"])
		if p["amount"] == "" {
			item.Amount = ""
		}
	}, "dealname", "amount", "deal_currency_code", "closedate")
	return err
}

func (r reading) tickets(ctx context.Context, card *backend.Card) (err error) {
	card.Tickets, err = r.open(ctx, hubspot.Tickets, func(item *backend.CardItem, p hubspot.Properties) {
		item.Detail, item.At = p["hs_ticket_priority"], momentOf(p["createdate"])
	}, "subject", "hs_ticket_priority")
	return err
}

// open are the newest of those around the record that are not over. A stage
// that no pipeline knows any more is not taken for the end.
func (r reading) open(ctx context.Context, objectType string, fill func(*backend.CardItem, hubspot.Properties), properties ...string) ([]backend.CardItem, error) {
	var known stages
	var unknown error
	var asking sync.WaitGroup
	asking.Go(func() { known, unknown = r.stages(ctx, objectType) }) // Ends with ctx.
	in := stageProperties[objectType]
	found, err := r.around(ctx, objectType, append(properties, in, "createdate")...)
	asking.Wait()
	if err = cmp.Or(err, unknown); err != nil {
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b hubspot.Object) int {
		return cmp.Compare(momentOf(b.Properties["createdate"]), momentOf(a.Properties["createdate"]))
	})
	var items []backend.CardItem
	for _, o := range found {
		s := known[o.Properties[in]]
		if s.closed || len(items) == cardItems {
			continue
		}
		item := backend.CardItem{
			Record: refOf(objectType, o), Stage: s.label,
			URL: r.app + "/contacts/" + r.portal.ID + "/record/" + objectType + "/" + o.ID,
		}
		fill(&item, o.Properties)
		items = append(items, item)
	}
	return items, nil
}

func refOf(objectType string, o hubspot.Object) backend.Ref {
	return backend.Ref{ObjectTypeID: objectType, ObjectID: o.ID, Name: cmp.Or(lookup.Name(objectType, o.Properties), o.ID)}
}

// momentOf reads HubSpot's forms of a time: ISO 8601, a date, or ms. Anything
// else is 0.
func momentOf(text string) int64 {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UnixMilli()
		}
	}
	ms, _ := strconv.ParseInt(text, 10, 64)
	return ms
}
