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
	"deskbridge/pkg/lookup"
	"deskbridge/pkg/tenant"
)

// numberTime is how long an answer about a number may wait for Webex and
// HubSpot: without matches rather than late.
const numberTime = time.Second

// number is POST /api/number.
func (s *server) number(c echo.Context) error {
	ctx := c.Request().Context()
	var body backend.NumberQuery
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
	ctx, cancel := context.WithTimeout(ctx, numberTime)
	defer cancel()
	out := understood(body.Number, portal.Settings.Region)
	var matches []backend.Match
	var asking sync.WaitGroup
	if strings.HasPrefix(out.Dial, "+") {
		asking.Go(func() { matches = s.matchesOf(ctx, agent.OrgID, portal, body.Number) }) // Ends with ctx.
	}
	s.allow(ctx, agent, body.Number, &out)
	asking.Wait()
	out.Matches = matches
	return c.JSON(http.StatusOK, out)
}

// understood is what a number says by itself. An extension is as short as
// extensions are. Star codes are no numbers: what is dialled must be what was
// typed, and Webex decides which caller id is shown.
func understood(text, region string) backend.Number {
	if strings.ContainsAny(text, "*#") {
		return backend.Number{Display: text}
	}
	if extension, ok := lookup.Internal(text, region); ok {
		return backend.Number{Valid: true, Dial: extension, Display: extension}
	}
	n, ok := lookup.Parse(text, region)
	if !ok {
		return backend.Number{Display: text}
	}
	return backend.Number{Valid: true, Dial: n.E164, Display: n.Display(region), Country: n.Country}
}

// allow asks the dial plans of the agent's profile. Where they are not known
// in time, or cannot be read, Webex has the last word, as it has anyway.
func (s *server) allow(ctx context.Context, agent backend.Agent, text string, n *backend.Number) {
	found, err := s.configs.get(ctx, agent)
	if err != nil || !found.dialPlan || len(found.dialPlans) == 0 {
		n.Allowed = n.Valid
		return
	}
	forms := []string{text}
	if n.Valid && n.Dial != text {
		forms = append(forms, n.Dial)
	}
	dial, err := lookup.Dial(found.dialPlans, forms...)
	switch {
	case err == nil:
		// A plan may know numbers that no country does.
		n.Valid, n.Allowed, n.Dial = true, true, dial
	case errors.Is(err, lookup.ErrNotAllowed):
		n.Allowed = false
	default:
		s.Log.Warn("dial plan not understood", "agent", agent.AgentID, "error", err)
		n.Allowed = n.Valid
	}
}

// matchesOf are the records with that number, if HubSpot says so in time.
func (s *server) matchesOf(ctx context.Context, orgID string, portal tenant.Portal, text string) []backend.Match {
	found, err := s.Lookup.Match(ctx, orgID, portal, backend.Lookup{Number: text, Direction: outbound, PortalID: portal.ID})
	if err != nil {
		return nil
	}
	return found
}
