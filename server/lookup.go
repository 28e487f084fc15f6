package main

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/backend"
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

// contactType is HubSpot's object type id of contacts.
const contactType = "0-1"

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
	return c.JSON(http.StatusOK, backend.Matches{Matches: found})
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
	found, err := s.Lookup.Match(ctx, portal, backend.Lookup{Number: body.Number, Direction: "INBOUND", PortalID: portal.ID})
	if err != nil {
		return err
	}
	for _, match := range found {
		if match.Record.ObjectTypeID == contactType {
			return c.JSON(http.StatusOK, match)
		}
	}
	made, err := s.Contacts.CreateContact(ctx, portal, body)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, made)
}
