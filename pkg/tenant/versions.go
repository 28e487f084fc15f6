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

// A Version is a portal's settings as an admin saved them. Settings are an
// organisation's own: another one that is linked to the same portal has others.
type Version struct {
	Number   int64 // From 1; 0 is the configuration, which counts until somebody saves.
	Settings Settings
	By       string    // Who saved it, as admins are shown it.
	At       time.Time // Zero for the configuration.
	Note     string    // A sentence; empty for an ordinary change.
}

// A ConflictError says that a change was made to settings that are not the
// newest any more: nothing was changed.
type ConflictError struct {
	Have   int64   // What the change was made to.
	Newest Version // What somebody saved meanwhile.
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("tenant: settings are at version %d, not %d", e.Newest.Number, e.Have)
}

// maxHistory is how many versions History returns.
const maxHistory = 50

// Change stores an organisation's settings for a linked portal as a new version
// and returns its number. From then on they count, here and in every other
// process that shares the database, and the configuration does not. have is the
// version that the change was made to. Errors: what Validate says,
// [*ConflictError] if have is not the newest, [ErrNotLinked].
func (s *Store) Change(ctx context.Context, orgID, portalID string, have int64, settings Settings, by string) (version int64, err error) {
	return s.change(ctx, orgID, portalID, have, Version{Settings: settings, By: by})
}

// Restore makes an older version's content the newest one: a change like any
// other. Version 0 brings back what is configured. Errors are those of Change,
// and ErrNoVersion.
func (s *Store) Restore(ctx context.Context, orgID, portalID string, have, version int64, by string) (int64, error) {
	old, err := s.Version(ctx, orgID, portalID, version)
	if err != nil {
		return 0, err
	}
	note := fmt.Sprintf("Version %d restored", version)
	if version == 0 {
		note = "Server's configuration restored"
	}
	return s.change(ctx, orgID, portalID, have, Version{Settings: old.Settings, By: by, Note: note})
}

func (s *Store) change(ctx context.Context, orgID, portalID string, have int64, v Version) (int64, error) {
	if err := v.Settings.Validate(); err != nil {
		return 0, err
	}
	if portalID == "" {
		return 0, ErrNotLinked // Nobody changes a default that may be another portal by now.
	}
	text, err := json.Marshal(v.Settings)
	if err != nil {
		return 0, fmt.Errorf("tenant: change: %w", err)
	}
	// Whoever has seen the newest version and is first makes the next one: the
	// primary key lets nobody else have its number.
	done, err := s.db.ExecContext(ctx, `INSERT INTO tenant_settings (org_id, portal_id, version, settings, changed_by, changed_at, note)
		SELECT l.org_id, l.portal_id, CAST($3 AS BIGINT) + 1, CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS BIGINT), CAST($7 AS TEXT)
		FROM tenant_links l WHERE l.org_id = $1 AND l.portal_id = $2
			AND (SELECT COALESCE(MAX(version), 0) FROM tenant_settings WHERE org_id = $1 AND portal_id = $2) = CAST($3 AS BIGINT)
		ON CONFLICT (org_id, portal_id, version) DO NOTHING`,
		orgID, portalID, have, string(text), v.By, time.Now().UnixMilli(), v.Note)
	if err != nil {
		return 0, fmt.Errorf("tenant: change: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil {
		return 0, fmt.Errorf("tenant: change: %w", err)
	} else if n == 1 {
		return have + 1, nil
	}
	now, err := s.Portal(ctx, orgID, portalID)
	if err != nil {
		return 0, err
	}
	return 0, &ConflictError{Have: have, Newest: Version{
		Number: now.Version, Settings: now.Settings, By: now.ChangedBy, At: now.ChangedAt, Note: now.Note,
	}}
}

// ErrNoVersion says that a portal's settings never had that version. It is an
// fs.ErrNotExist.
var ErrNoVersion = fmt.Errorf("tenant: no such version: %w", fs.ErrNotExist)

// History returns what an organisation saved for a linked portal, the newest
// first, at most 50. The configuration is not in it.
func (s *Store) History(ctx context.Context, orgID, portalID string) ([]Version, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT v.version, v.settings, v.changed_by, v.changed_at, v.note FROM tenant_settings v
		JOIN tenant_links l ON l.org_id = v.org_id AND l.portal_id = v.portal_id
		WHERE v.org_id = $1 AND v.portal_id = $2 ORDER BY v.version DESC LIMIT $3`, orgID, portalID, maxHistory)
	if err != nil {
		return nil, fmt.Errorf("tenant: history: %w", err)
	}
	defer rows.Close()
	var all []Version
	for rows.Next() {
		v, err := scanVersion(rows.Scan)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("tenant: history: %w", err)
	}
	return all, nil
}

// Version returns one version of an organisation's settings for a portal; 0 is
// what is configured. It returns ErrNoVersion or ErrNotLinked.
func (s *Store) Version(ctx context.Context, orgID, portalID string, number int64) (Version, error) {
	if number == 0 {
		return s.Configured(ctx, orgID, portalID)
	}
	v, err := scanVersion(s.db.QueryRowContext(ctx, `SELECT version, settings, changed_by, changed_at, note FROM tenant_settings
		WHERE org_id = $1 AND portal_id = $2 AND version = $3`, orgID, portalID, number).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Version{}, ErrNoVersion
	}
	return v, err
}

// Configured is what counts for a linked portal until somebody saves: what
// [Store.Link] was given. It returns ErrNotLinked like Portal.
func (s *Store) Configured(ctx context.Context, orgID, portalID string) (Version, error) {
	v, err := scanVersion(s.db.QueryRowContext(ctx, `SELECT 0, p.settings, '', 0, '' FROM tenant_links l
		JOIN tenant_portals p ON p.id = l.portal_id WHERE l.org_id = $1 AND l.portal_id = $2`, orgID, portalID).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Version{}, ErrNotLinked
	}
	return v, err
}

func scanVersion(scan func(...any) error) (Version, error) {
	var v Version
	var text string
	var at int64
	if err := scan(&v.Number, &text, &v.By, &at, &v.Note); err != nil {
		return Version{}, fmt.Errorf("tenant: version: %w", err)
	}
	if err := json.Unmarshal([]byte(text), &v.Settings); err != nil {
		return Version{}, fmt.Errorf("tenant: version %d: %w", v.Number, err)
	}
	v.Settings, v.At = v.Settings.WithDefaults(), moment(at)
	return v, nil
}

// Changes returns by portal how often its settings have been saved, by whatever
// organisation: whoever keeps what depends on them sees when to let go of it.
func (s *Store) Changes(ctx context.Context) (map[string]int, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT portal_id, COUNT(*) FROM tenant_settings GROUP BY portal_id`)
	if err != nil {
		return nil, fmt.Errorf("tenant: changes: %w", err)
	}
	defer rows.Close()
	changes := map[string]int{}
	for rows.Next() {
		var portal string
		var n int
		if err := rows.Scan(&portal, &n); err != nil {
			return nil, fmt.Errorf("tenant: changes: %w", err)
		}
		changes[portal] = n
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("tenant: changes: %w", err)
	}
	return changes, nil
}

// Discard forgets what an organisation saved for a portal: the configuration
// counts again. It is for the sandbox; admins restore version 0, which keeps
// the history.
func (s *Store) Discard(ctx context.Context, orgID, portalID string) error {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM tenant_settings WHERE org_id = $1 AND portal_id = $2`, orgID, portalID); err != nil {
		return fmt.Errorf("tenant: discard: %w", err)
	}
	return nil
}

// moment is a stored time; 0 is none.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
