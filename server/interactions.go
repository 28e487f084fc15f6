package main

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

// A ledgerStore keeps records until they stand in HubSpot.
type ledgerStore interface {
	Put(ctx context.Context, a backend.Agent, r backend.Record) (backend.Receipt, error)
	List(ctx context.Context, a backend.Agent) ([]backend.Interaction, error)
	Get(ctx context.Context, a backend.Agent, key string) (backend.Interaction, error)
	dialCounter
}

// history is how far back GET /api/interactions goes.
const history = 48 * time.Hour

// recordBook is the ledger as a ledgerStore.
type recordBook struct {
	ledger *ledger.Ledger
	now    func() time.Time
}

func writer(a backend.Agent) ledger.Agent {
	return ledger.Agent{OrgID: a.OrgID, AgentID: a.AgentID, Email: a.Email, Name: a.Name}
}

// Put implements ledgerStore.
func (b recordBook) Put(ctx context.Context, a backend.Agent, r backend.Record) (backend.Receipt, error) {
	return b.ledger.Put(ctx, writer(a), r)
}

// List implements ledgerStore.
func (b recordBook) List(ctx context.Context, a backend.Agent) ([]backend.Interaction, error) {
	return b.ledger.List(ctx, writer(a), b.now().Add(-history))
}

// Get implements ledgerStore.
func (b recordBook) Get(ctx context.Context, a backend.Agent, key string) (backend.Interaction, error) {
	return b.ledger.Get(ctx, writer(a), key)
}

// putInteraction stores a revision of a record: PUT /api/interactions/{key}.
// One for a portal that is not linked is stored too, so that it is not lost;
// the ledger then says that it needs somebody.
func (s *server) putInteraction(c echo.Context) error {
	var record backend.Record
	if err := readJSON(c, &record); err != nil {
		return err
	}
	key, err := recordKey(c)
	if err != nil {
		return err
	}
	if record.Key != key {
		return invalid("The record's key is not the one in the address.")
	}
	receipt, err := s.Ledger.Put(c.Request().Context(), sessionOf(c).Agent, record)
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
