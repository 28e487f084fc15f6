package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/lookup"
	"deskbridge/pkg/tenant"
)

// A matcher says whose number it may be in a portal. No match is no error.
type matcher interface {
	Match(ctx context.Context, p tenant.Portal, l backend.Lookup) ([]backend.Match, error)
}

// A contactMaker makes a contact in a portal.
type contactMaker interface {
	CreateContact(ctx context.Context, p tenant.Portal, n backend.NewContact) (backend.Match, error)
}

// maxNumber is longer than any number with its extension.
const maxNumber = 64

// lookUp is POST /api/lookup.
func (s *server) lookUp(c echo.Context) error {
	ctx := c.Request().Context()
	var body backend.Lookup
	if err := readJSON(c, &body); err != nil {
		return err
	}
	if body.Number = strings.TrimSpace(body.Number); body.Number == "" || len(body.Number) > maxNumber {
		return invalid("A number of at most 64 characters is required.")
	}
	portal, err := s.Tenants.Portal(ctx, sessionOf(c).Agent.OrgID, body.PortalID)
	if err != nil {
		return err
	}
	found, err := s.Lookup.Match(ctx, portal, body)
	if err != nil {
		return err
	}
	if found == nil {
		found = []backend.Match{}
	}
	answer := backend.Matches{Matches: found}
	if n, ok := lookup.Parse(body.Number, portal.Settings.Region); ok {
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
	portal, err := s.Tenants.Portal(ctx, sessionOf(c).Agent.OrgID, body.PortalID)
	if err != nil {
		return err
	}
	// One at a time for a number: a second press finds what the first one made.
	made, err, _ := s.creating.Do(portal.ID+" "+body.Number, func() (any, error) {
		finishing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
		defer cancel()
		return s.findOrCreate(finishing, portal, body)
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, made)
}

func (s *server) findOrCreate(ctx context.Context, p tenant.Portal, n backend.NewContact) (backend.Match, error) {
	found, err := s.Lookup.Match(ctx, p, backend.Lookup{Number: n.Number, Direction: "INBOUND", PortalID: p.ID})
	if err != nil {
		return backend.Match{}, err
	}
	for _, match := range found {
		if match.Record.ObjectTypeID == hubspot.Contacts {
			return match, nil
		}
	}
	return s.Contacts.CreateContact(ctx, p, n)
}
