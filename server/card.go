package main

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/lookup"
	"deskbridge/pkg/tenant"
)

// A cardReader gathers what there is to know of a record.
type cardReader interface {
	Card(ctx context.Context, orgID string, p tenant.Portal, record backend.Ref) (backend.Card, error)
}

const (
	cardTime   = 3 * time.Second        // For a card.
	partTime   = 2 * time.Second        // For what is around the record.
	recentTime = time.Second            // For our own database.
	cardWait   = 700 * time.Millisecond // While there is an old card.
	cardFresh  = time.Minute
	cardRetry  = 5 * time.Second  // A card with something missing, or of no record, is believed that long.
	cardStale  = 10 * time.Minute // While HubSpot is slow.
	nameFresh  = time.Hour        // Labels of stages and names of owners.
	cardItems  = 5
)

var (
	errNoRecord = refuse(http.StatusNotFound, backend.CodeNotFound,
		"This record is no longer in HubSpot. The call goes on; search for the customer or create a contact.")
	errNoScope = refuse(http.StatusForbidden, backend.CodeForbidden,
		"Deskbridge may not read these records in HubSpot. Calls still work; ask your administrator to connect HubSpot again.")
)

// card is POST /api/card.
func (s *server) card(c echo.Context) error {
	ctx := c.Request().Context()
	var body backend.CardQuery
	if err := readJSON(c, &body); err != nil {
		return err
	}
	id := body.Record.ObjectID
	if _, ok := cardTypes[body.Record.ObjectTypeID]; !ok || id == "" || len(id) > 19 || strings.Trim(id, "0123456789") != "" {
		return invalid("A contact, company, deal or ticket with its id is required.")
	}
	orgID := sessionOf(c).Agent.OrgID
	portal, err := s.Tenants.Portal(ctx, orgID, body.PortalID)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, cardTime)
	defer cancel()
	card, err := s.Cards.Card(ctx, orgID, portal, body.Record)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, card)
}

// cards are what is known of portals' records. Organisations that share a
// portal share what is HubSpot's, not what they have talked about.
type cards struct {
	found lookup.Answers[*backend.Card] // By record; nil for one that does not exist.
	names lookup.Answers[stages]
}

func newCards(now func() time.Time) *cards {
	return &cards{
		found: lookup.Answers[*backend.Card]{
			Fresh: func(c *backend.Card) time.Duration {
				if c == nil || len(c.Missing) > 0 {
					return cardRetry
				}
				return cardFresh
			},
			Serves: func(c *backend.Card) bool { return c != nil },
			Stale:  cardStale, Patience: cardWait, Timeout: cardTime, Entries: 5000, Now: now,
		},
		names: lookup.Answers[stages]{
			Fresh: func(stages) time.Duration { return nameFresh },
			Stale: 24 * nameFresh, Patience: cardWait, Timeout: partTime, Entries: 5000, Now: now,
		},
	}
}

// Card implements cardReader.
func (p *portals) Card(ctx context.Context, orgID string, in tenant.Portal, record backend.Ref) (backend.Card, error) {
	record.Name = ""
	var recent []backend.CardRecent
	var missed error
	var asking sync.WaitGroup
	asking.Go(func() { recent, missed = p.interactions(ctx, orgID, in.ID, record) }) // Ends with its deadline.
	name := record.ObjectTypeID + "/" + record.ObjectID
	found, err := p.cards.found.Get(ctx, in.ID, name, func(ctx context.Context) (*backend.Card, error) {
		r := reading{client: p.client(in.ID), names: &p.cards.names, portal: in, record: record, app: p.cfg.hubspotPages(), log: p.Log}
		return r.card(ctx)
	})
	asking.Wait()
	switch {
	case hubspot.IsStatus(err, http.StatusForbidden):
		return backend.Card{}, errors.Join(errNoScope, err)
	case err != nil:
		return backend.Card{}, hubspotError(err)
	case found == nil:
		return backend.Card{}, errNoRecord
	}
	card := *found
	card.Missing = append([]string(nil), found.Missing...)
	if card.Record.ObjectID != record.ObjectID { // It was merged into another one.
		recent, missed = p.interactions(ctx, orgID, in.ID, card.Record)
	}
	if card.Recent = recent; missed != nil {
		p.Log.Warn("card without interactions", "portal", in.ID, "org", orgID, "error", maskText(missed.Error()))
		card.Missing = append(card.Missing, "recent")
	}
	return card, nil
}

// interactions are the last ones that the organisation's agents had there.
func (p *portals) interactions(ctx context.Context, orgID, portalID string, record backend.Ref) ([]backend.CardRecent, error) {
	if p.History == nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, recentTime)
	defer cancel()
	at, err := p.place(ctx, orgID, portalID)
	if err != nil {
		return nil, err
	}
	return p.History.Interactions(ctx, at, record, cardItems)
}
