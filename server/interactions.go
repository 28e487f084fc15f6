package main

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/backend"
)

// An owner is whose record it is, and in which portal it is logged.
type owner struct {
	Agent    backend.Agent
	PortalID string
}

// A ledgerStore keeps records until they stand in HubSpot. A key that another
// agent has is fs.ErrNotExist, like an unknown one.
type ledgerStore interface {
	Put(ctx context.Context, o owner, r backend.Record) (backend.Receipt, error)
	List(ctx context.Context, a backend.Agent) ([]backend.Interaction, error)
	Get(ctx context.Context, a backend.Agent, key string) (backend.Interaction, error)
}

// putInteraction stores a revision of a record: PUT /api/interactions/{key}.
func (s *server) putInteraction(c echo.Context) error {
	ctx := c.Request().Context()
	agent := sessionOf(c).Agent
	var record backend.Record
	if err := readJSON(c, &record); err != nil {
		return err
	}
	key, err := recordKey(c)
	if err != nil {
		return err
	}
	if err := checkRecord(key, record); err != nil {
		return err
	}
	portal, err := s.Tenants.Portal(ctx, agent.OrgID, record.PortalID)
	if err != nil {
		return err
	}
	record.PortalID = portal.ID
	receipt, err := s.Ledger.Put(ctx, owner{agent, portal.ID}, record)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, receipt)
}

// listInteractions is GET /api/interactions.
func (s *server) listInteractions(c echo.Context) error {
	list, err := s.Ledger.List(c.Request().Context(), sessionOf(c).Agent)
	if err != nil {
		return err
	}
	if list == nil {
		list = []backend.Interaction{}
	}
	return c.JSON(http.StatusOK, backend.Interactions{Interactions: list})
}

// getInteraction is GET /api/interactions/{key}.
func (s *server) getInteraction(c echo.Context) error {
	key, err := recordKey(c)
	if err != nil {
		return err
	}
	found, err := s.Ledger.Get(c.Request().Context(), sessionOf(c).Agent, key)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, found)
}

// recordKey is the key in the path. Echo matches the escaped path where there
// is one and leaves the parameter as it found it.
func recordKey(c echo.Context) (string, error) {
	key := c.Param("key")
	if c.Request().URL.RawPath == "" {
		return key, nil
	}
	key, err := url.PathUnescape(key)
	if err != nil {
		return "", invalid("The key in the address cannot be read.")
	}
	return key, nil
}

const maxKey = 256

// checkRecord refuses what the ledger could not make sense of. What HubSpot
// makes of the rest is the ledger's business.
func checkRecord(key string, r backend.Record) error {
	switch {
	case key == "" || len(key) > maxKey || !utf8.ValidString(key) || strings.ContainsFunc(key, isControl):
		return invalid("The key must be of 1 to 256 printable characters.")
	case r.Key != key:
		return invalid("The record's key is not the one in the address.")
	case r.Revision < 1:
		return invalid("The revision must be 1 or more.")
	case r.Direction != "INBOUND" && r.Direction != "OUTBOUND":
		return invalid("The direction must be INBOUND or OUTBOUND.")
	case r.Channel == "" || r.Phase == "":
		return invalid("Channel and phase are required.")
	case r.StartedAt < 0 || r.AnsweredAt < 0 || r.EndedAt < 0 || r.HoldMs < 0:
		return invalid("Times are milliseconds since 1970 and never negative.")
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }
