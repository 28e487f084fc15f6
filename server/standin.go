package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
	"deskbridge/pkg/tenant"
)

// crm is HubSpot, as lookup, contacts and ledger use it.
type crm struct {
	tenants **tenant.Store
}

var errNotBuilt = refuse(http.StatusNotImplemented, backend.CodeHubSpotDown, "Not built yet.")

// Match implements matcher.
func (crm) Match(context.Context, tenant.Portal, backend.Lookup) ([]backend.Match, error) {
	return nil, nil
}

// CreateContact implements contactMaker.
func (crm) CreateContact(context.Context, tenant.Portal, backend.NewContact) (backend.Match, error) {
	return backend.Match{}, errNotBuilt
}

// portal opens a portal for the ledger.
func (c crm) portal(ctx context.Context, orgID, portalID string) (ledger.Portal, error) {
	p, err := (*c.tenants).Portal(ctx, orgID, portalID)
	if errors.Is(err, tenant.ErrNotLinked) {
		return ledger.Portal{}, fmt.Errorf("%w: %w", ledger.ErrNoPortal, err)
	}
	if err != nil {
		return ledger.Portal{}, err
	}
	return ledger.Portal{ID: p.ID}, errNotBuilt
}

// settings are the portal's for the ledger.
func (c crm) settings(ctx context.Context, orgID, portalID string) (ledger.Settings, error) {
	p, err := (*c.tenants).Portal(ctx, orgID, portalID)
	if err != nil {
		return ledger.Settings{}, err
	}
	return ledger.Settings{SkipMissed: p.Settings.SkipMissed}, nil
}
