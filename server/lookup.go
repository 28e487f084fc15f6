package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/ledger"
	"deskbridge/pkg/lookup"
	"deskbridge/pkg/tenant"
)

// A matcher says whose number it may be in a portal. No match is no error.
type matcher interface {
	Match(ctx context.Context, orgID string, p tenant.Portal, l backend.Lookup) ([]backend.Match, error)
}

// A contactMaker makes a contact in a portal.
type contactMaker interface {
	CreateContact(ctx context.Context, p tenant.Portal, n backend.NewContact) (backend.Match, error)
}

// A memory remembers an organisation's interactions.
type memory interface {
	Recent(ctx context.Context, at ledger.Place, numbers ...string) ([]ledger.Contacted, error)
	Interactions(ctx context.Context, at ledger.Place, record backend.Ref, n int) ([]backend.CardRecent, error)
}

// maxNumber is longer than any number with its extension.
const maxNumber = 64

// lookUp is POST /api/lookup. It answers within the portal's match deadline: by
// then a screen pop is of no use. Where HubSpot is too slow for it, the answer
// is an old one, or empty; a refusal of HubSpot's is an error.
func (s *server) lookUp(c echo.Context) error {
	ctx := c.Request().Context()
	var body backend.Lookup
	if err := readJSON(c, &body); err != nil {
		return err
	}
	// A caller may be withheld and known by a call variable.
	if body.Number = strings.TrimSpace(body.Number); body.Number == "" && len(body.Variables) == 0 || len(body.Number) > maxNumber {
		return invalid("A number of at most 64 characters is required.")
	}
	orgID := sessionOf(c).Agent.OrgID
	portal, err := s.Tenants.Portal(ctx, orgID, body.PortalID)
	if err != nil {
		return err
	}
	portal = s.under(portal, body.Layout)
	deadline := portal.Settings.MatchDeadline
	matching, cancel := context.WithTimeout(ctx, deadline-deadline/20) // The rest is for the way back.
	defer cancel()
	found, err := s.Lookup.Match(matching, orgID, portal, body)
	if err != nil && (ctx.Err() != nil || matching.Err() == nil) {
		return err
	}
	if found == nil {
		found = []backend.Match{}
	}
	answer := backend.Matches{Matches: found}
	number := body.Number
	if body.Direction != outbound {
		number = lookup.WithoutPrefix(number, portal.Settings.StripPrefixes, portal.Settings.Region)
	}
	if n, ok := lookup.Parse(number, portal.Settings.Region); ok {
		answer.Display = n.Display(portal.Settings.Region)
	}
	return c.JSON(http.StatusOK, answer)
}

// createContact is POST /api/contacts. Whoever has the number already is
// returned instead: two agents, or one impatient one, make one contact.
func (s *server) createContact(c echo.Context) error {
	ctx := c.Request().Context()
	var body backend.NewContact
	if err := readJSON(c, &body); err != nil {
		return err
	}
	if body.Number = strings.TrimSpace(body.Number); body.Number == "" || len(body.Number) > maxNumber {
		return invalid("A number of at most 64 characters is required.")
	}
	if len(body.FirstName) > 200 || len(body.LastName) > 200 {
		return invalid("Names are of at most 200 characters.")
	}
	orgID := sessionOf(c).Agent.OrgID
	portal, err := s.Tenants.Portal(ctx, orgID, body.PortalID)
	if err != nil {
		return err
	}
	portal = s.under(portal, body.Layout)
	// One at a time for a number: a second press finds what the first one made.
	made, err, _ := s.creating.Do(portal.ID+" "+body.Number, func() (any, error) {
		finishing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
		defer cancel()
		return s.findOrCreate(finishing, orgID, portal, body)
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, made)
}

// findOrCreate takes nobody for having the number because calls with it were
// logged there: whoever asks has seen those.
func (s *server) findOrCreate(ctx context.Context, orgID string, p tenant.Portal, n backend.NewContact) (backend.Match, error) {
	found, err := s.Lookup.Match(ctx, orgID, p, backend.Lookup{Number: n.Number, Direction: "INBOUND", PortalID: p.ID})
	if err != nil {
		return backend.Match{}, err
	}
	for _, match := range found {
		if match.Record.ObjectTypeID == hubspot.Contacts && match.Via != lookup.ByRecent {
			return match, nil
		}
	}
	return s.Contacts.CreateContact(ctx, p, n)
}
