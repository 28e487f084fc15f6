// Package tenant knows which Webex organisations are linked to which HubSpot
// portals and how each portal wants Deskbridge to behave. It is the only
// answer to "may this agent use this portal"; a portal id that comes from a
// browser selects among the linked ones and grants nothing.
package tenant

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// A Portal is a HubSpot account that Deskbridge is installed in.
type Portal struct {
	ID       string // HubSpot's portal id (hub id), decimal.
	Name     string
	Settings Settings

	// Which version the settings are, who saved it, when, and why: see [Version].
	// [Store.Link] ignores them.
	Version   int64
	ChangedBy string
	ChangedAt time.Time
	Note      string
}

// ErrNotLinked says that the organisation has no such portal. It is an
// fs.ErrNotExist, so that callers need to know no database.
var ErrNotLinked = fmt.Errorf("tenant: not linked: %w", fs.ErrNotExist)

// A Store keeps organisations, portals and their links in a database. It may
// be used from several goroutines and several processes.
type Store struct{ db *sql.DB }

// The statements run on SQLite and PostgreSQL alike.
var schema = []string{
	`CREATE TABLE IF NOT EXISTS tenant_orgs (
		id TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '', created_at BIGINT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS tenant_portals (
		id TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '', settings TEXT NOT NULL DEFAULT '{}', created_at BIGINT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS tenant_links (
		org_id TEXT NOT NULL REFERENCES tenant_orgs (id),
		portal_id TEXT NOT NULL REFERENCES tenant_portals (id),
		is_default BIGINT NOT NULL DEFAULT 0, created_at BIGINT NOT NULL,
		PRIMARY KEY (org_id, portal_id))`,
	// What admins saved. The newest version counts; without one, the portal's.
	`CREATE TABLE IF NOT EXISTS tenant_settings (
		org_id TEXT NOT NULL, portal_id TEXT NOT NULL, version BIGINT NOT NULL, settings TEXT NOT NULL,
		changed_by TEXT NOT NULL DEFAULT '', changed_at BIGINT NOT NULL, note TEXT NOT NULL DEFAULT '',
		PRIMARY KEY (org_id, portal_id, version))`,
}

// Open prepares the tables in db, an SQLite or PostgreSQL database that stays
// the caller's to close.
func Open(ctx context.Context, db *sql.DB) (*Store, error) {
	for _, statement := range schema {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return nil, fmt.Errorf("tenant: open: %w", err)
		}
	}
	return &Store{db: db}, nil
}

// Link links a portal to an organisation and makes it the organisation's
// default portal, creating both where needed. Linking again replaces the
// portal's name and its configured settings, which count only as long as no
// admin has saved any with [Store.Change].
func (s *Store) Link(ctx context.Context, orgID string, p Portal) error {
	if orgID == "" || p.ID == "" {
		return errors.New("tenant: link: organisation and portal are required")
	}
	if err := p.Settings.Validate(); err != nil {
		return err
	}
	settings, err := json.Marshal(p.Settings)
	if err != nil {
		return fmt.Errorf("tenant: link: %w", err)
	}
	now := time.Now().UnixMilli()
	steps := []struct {
		query string
		args  []any
	}{
		{`INSERT INTO tenant_orgs (id, created_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`, []any{orgID, now}},
		{`INSERT INTO tenant_portals (id, name, settings, created_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, settings = excluded.settings`,
			[]any{p.ID, p.Name, string(settings), now}},
		{`UPDATE tenant_links SET is_default = 0 WHERE org_id = $1`, []any{orgID}},
		{`INSERT INTO tenant_links (org_id, portal_id, is_default, created_at) VALUES ($1, $2, 1, $3)
			ON CONFLICT (org_id, portal_id) DO UPDATE SET is_default = 1`, []any{orgID, p.ID, now}},
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("tenant: link: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // A no-op after Commit.
	for _, step := range steps {
		if _, err := tx.ExecContext(ctx, step.query, step.args...); err != nil {
			return fmt.Errorf("tenant: link: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("tenant: link: %w", err)
	}
	return nil
}

// Unlink takes a portal away from an organisation. What is stored for the
// portal stays.
func (s *Store) Unlink(ctx context.Context, orgID, portalID string) error {
	if _, err := s.db.ExecContext(ctx,
		`DELETE FROM tenant_links WHERE org_id = $1 AND portal_id = $2`, orgID, portalID); err != nil {
		return fmt.Errorf("tenant: unlink: %w", err)
	}
	return nil
}

// Portals returns the organisation's portals, the default one first. An
// organisation that is not linked has none.
func (s *Store) Portals(ctx context.Context, orgID string) ([]Portal, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT p.id, p.name, COALESCE(v.settings, p.settings),
			COALESCE(v.version, 0), COALESCE(v.changed_by, ''), COALESCE(v.changed_at, 0), COALESCE(v.note, '')
		FROM tenant_links l JOIN tenant_portals p ON p.id = l.portal_id
		LEFT JOIN tenant_settings v ON v.org_id = l.org_id AND v.portal_id = l.portal_id AND v.version =
			(SELECT MAX(version) FROM tenant_settings WHERE org_id = l.org_id AND portal_id = l.portal_id)
		WHERE l.org_id = $1 ORDER BY l.is_default DESC, l.created_at, p.id`, orgID)
	if err != nil {
		return nil, fmt.Errorf("tenant: portals: %w", err)
	}
	defer rows.Close()
	var portals []Portal
	for rows.Next() {
		var p Portal
		var settings string
		var changed int64
		if err := rows.Scan(&p.ID, &p.Name, &settings, &p.Version, &p.ChangedBy, &changed, &p.Note); err != nil {
			return nil, fmt.Errorf("tenant: portals: %w", err)
		}
		if err := json.Unmarshal([]byte(settings), &p.Settings); err != nil {
			return nil, fmt.Errorf("tenant: settings of portal %s: %w", p.ID, err)
		}
		p.Settings, p.ChangedAt = p.Settings.WithDefaults(), moment(changed)
		portals = append(portals, p)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("tenant: portals: %w", err)
	}
	return portals, nil
}

// Portal returns the linked portal with that id, or the default one for an
// empty id, its settings filled in. It returns [ErrNotLinked] when the
// organisation has no such portal.
func (s *Store) Portal(ctx context.Context, orgID, portalID string) (Portal, error) {
	portals, err := s.Portals(ctx, orgID)
	if err != nil {
		return Portal{}, err
	}
	for _, p := range portals {
		if portalID == "" || p.ID == portalID {
			return p, nil
		}
	}
	return Portal{}, ErrNotLinked
}
