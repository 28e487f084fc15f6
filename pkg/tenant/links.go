package tenant

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Join links a portal to an organisation as an admin does who has just installed
// Deskbridge: unlike [Store.Link] it leaves the settings of a portal that is
// known alone, and an organisation's default portal, if it has one. Joining
// again changes at most the name.
func (s *Store) Join(ctx context.Context, orgID, portalID, name string) error {
	if orgID == "" || portalID == "" {
		return errors.New("tenant: join: organisation and portal are required")
	}
	now := time.Now().UnixMilli()
	steps := []struct {
		query string
		args  []any
	}{
		{`INSERT INTO tenant_orgs (id, created_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`, []any{orgID, now}},
		{`INSERT INTO tenant_portals (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE
			SET name = CASE WHEN excluded.name = '' THEN tenant_portals.name ELSE excluded.name END`, []any{portalID, name, now}},
		{`INSERT INTO tenant_links (org_id, portal_id, is_default, created_at)
			SELECT $1, $2, CASE WHEN EXISTS (SELECT 1 FROM tenant_links WHERE org_id = $1 AND is_default = 1) THEN 0 ELSE 1 END,
				CAST($3 AS BIGINT) WHERE 1 = 1 ON CONFLICT (org_id, portal_id) DO NOTHING`, []any{orgID, portalID, now}},
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("tenant: join: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // A no-op after Commit.
	for _, step := range steps {
		if _, err := tx.ExecContext(ctx, step.query, step.args...); err != nil {
			return fmt.Errorf("tenant: join: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("tenant: join: %w", err)
	}
	return nil
}

// A Connection is a link between an organisation and a portal.
type Connection struct {
	OrgID, PortalID string
	Default         bool // An empty portal id of the organisation's means this one.
}

// Connections returns the links of a portal, or with an empty id all of them,
// by organisation with the default portal first.
func (s *Store) Connections(ctx context.Context, portalID string) ([]Connection, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT org_id, portal_id FROM tenant_links
		ORDER BY org_id, is_default DESC, created_at, portal_id`)
	if err != nil {
		return nil, fmt.Errorf("tenant: connections: %w", err)
	}
	defer rows.Close()
	var all []Connection
	org := ""
	for rows.Next() {
		var c Connection
		if err := rows.Scan(&c.OrgID, &c.PortalID); err != nil {
			return nil, fmt.Errorf("tenant: connections: %w", err)
		}
		c.Default, org = c.OrgID != org, c.OrgID // The first one, as Portals orders them.
		if portalID == "" || c.PortalID == portalID {
			all = append(all, c)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("tenant: connections: %w", err)
	}
	return all, nil
}
