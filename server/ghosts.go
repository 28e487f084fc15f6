package main

import (
	"context"

	"deskbridge/pkg/ledger"
)

// places are the portals that are linked, for the ledger to look after calls
// that nobody completed.
func (p *portals) places(ctx context.Context) ([]ledger.Place, error) {
	links, err := p.Tenants.Connections(ctx, "")
	if err != nil {
		return nil, err
	}
	out := make([]ledger.Place, len(links))
	for i, l := range links {
		out[i] = ledger.Place{OrgID: l.OrgID, PortalID: l.PortalID, Default: l.Default}
	}
	return out, nil
}
