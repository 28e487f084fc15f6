package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// How long things live. How long an admin's session lives is configured.
const (
	flowLife  = 10 * time.Minute // From pressing "Connect" to coming back.
	proofLife = time.Hour        // How long a completed flow counts for linking.
	maxFlows  = 10_000           // Begun and not yet forgotten: anybody may begin one.
)

// The two sides that an admin connects.
const (
	sideHubSpot = "hubspot"
	sideWebex   = "webex"
)

// An install is an admin's browser session: what it has proved of either side.
// Its secret is in a cookie and kept as a hash only.
type install struct {
	ID      string
	Portal  portalSide
	Org     orgSide
	Expires time.Time
}

// portalSide is what the HubSpot flow proved.
type portalSide struct {
	ID      string // Empty while there is none.
	Domain  string
	Email   string // Of who installed.
	Pending string // Where the tokens wait for the link; empty if they are in use.
	At      time.Time
}

// orgSide is what the Webex flow proved.
type orgSide struct {
	ID       string // Empty while there is none.
	PersonID string
	Name     string
	Email    string
	Admin    bool
	At       time.Time
}

// fresh says whether a flow that was completed at that time still counts.
func fresh(at, now time.Time) bool { return !at.IsZero() && now.Sub(at) < proofLife && !now.Before(at) }

// A flow is one way to a vendor and back.
type flow struct {
	Install  string
	Side     string
	Verifier string
	Origin   string
	Expires  time.Time
}

// An account is what is known of a portal's installation.
type account struct {
	PortalID string
	State    string // connected or disconnected; empty for a configured portal.
	Why      string // Of a disconnected one.
	Email    string // Of who installed.
	Scopes   []string
	At       time.Time
}

// The states of an account.
const (
	accountConnected    = "connected"
	accountDisconnected = "disconnected"
)

// installs keeps admins' sessions, their flows, accounts and HubSpot's events
// in the database.
type installs struct {
	db    *sql.DB
	now   func() time.Time
	limit int
	woken chan struct{} // HubSpot has told of something.
}

var installSchema = []string{
	`CREATE TABLE IF NOT EXISTS server_installs (
		id TEXT PRIMARY KEY, expires_at BIGINT NOT NULL,
		portal_id TEXT NOT NULL DEFAULT '', portal_domain TEXT NOT NULL DEFAULT '', portal_email TEXT NOT NULL DEFAULT '',
		portal_pending TEXT NOT NULL DEFAULT '', portal_at BIGINT NOT NULL DEFAULT 0,
		org_id TEXT NOT NULL DEFAULT '', person_id TEXT NOT NULL DEFAULT '', person_name TEXT NOT NULL DEFAULT '',
		person_email TEXT NOT NULL DEFAULT '', person_admin BIGINT NOT NULL DEFAULT 0, org_at BIGINT NOT NULL DEFAULT 0)`,
	`CREATE TABLE IF NOT EXISTS server_install_flows (
		id TEXT PRIMARY KEY, install_id TEXT NOT NULL, side TEXT NOT NULL, verifier TEXT NOT NULL, origin TEXT NOT NULL,
		expires_at BIGINT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS server_accounts (
		portal_id TEXT PRIMARY KEY, state TEXT NOT NULL, why TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '',
		scopes TEXT NOT NULL DEFAULT '', changed_at BIGINT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS server_hubspot_events (
		id TEXT PRIMARY KEY, body TEXT NOT NULL, received_at BIGINT NOT NULL, done_at BIGINT NOT NULL DEFAULT 0,
		tries BIGINT NOT NULL DEFAULT 0)`,
	`CREATE INDEX IF NOT EXISTS server_hubspot_events_open ON server_hubspot_events (received_at) WHERE done_at = 0`,
}

func openInstalls(ctx context.Context, db *sql.DB, now func() time.Time) (*installs, error) {
	for _, statement := range installSchema {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return nil, fmt.Errorf("open installs: %w", err)
		}
	}
	return &installs{db: db, now: now, limit: maxFlows, woken: make(chan struct{}, 1)}, nil
}

// begin stores a flow of the session whose cookie has that secret, making the
// session if there is none. It refuses when too many have been begun.
func (s *installs) begin(ctx context.Context, state, secret string, f flow, life time.Duration) error {
	now := s.now()
	var n int
	if err := s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM server_install_flows WHERE expires_at > $1`, now.UnixMilli()).Scan(&n); err != nil {
		return fmt.Errorf("begin install: %w", err)
	}
	if n >= s.limit {
		return errTooManySignIns
	}
	_, err := s.db.ExecContext(ctx, `INSERT INTO server_installs (id, expires_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`,
		digest(secret), now.Add(life).UnixMilli())
	if err == nil {
		_, err = s.db.ExecContext(ctx, `INSERT INTO server_install_flows (id, install_id, side, verifier, origin, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6)`, digest(state), digest(secret), f.Side, f.Verifier, f.Origin, now.Add(flowLife).UnixMilli())
	}
	if err != nil {
		return fmt.Errorf("begin install: %w", err)
	}
	return nil
}

// take uses up the flow of a state. A second time there is none: fs.ErrNotExist.
func (s *installs) take(ctx context.Context, state string) (flow, error) {
	var f flow
	var expires int64
	err := s.db.QueryRowContext(ctx, `DELETE FROM server_install_flows WHERE id = $1
		RETURNING install_id, side, verifier, origin, expires_at`, digest(state)).
		Scan(&f.Install, &f.Side, &f.Verifier, &f.Origin, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return flow{}, fs.ErrNotExist
	}
	if err != nil {
		return flow{}, fmt.Errorf("take install flow: %w", err)
	}
	f.Expires = time.UnixMilli(expires)
	return f, nil
}

const installColumns = `id, expires_at, portal_id, portal_domain, portal_email, portal_pending, portal_at,
	org_id, person_id, person_name, person_email, person_admin, org_at`

func scanInstall(scan func(...any) error) (install, error) {
	var in install
	var expires, portalAt, orgAt, admin int64
	err := scan(&in.ID, &expires, &in.Portal.ID, &in.Portal.Domain, &in.Portal.Email, &in.Portal.Pending, &portalAt,
		&in.Org.ID, &in.Org.PersonID, &in.Org.Name, &in.Org.Email, &admin, &orgAt)
	in.Expires, in.Portal.At, in.Org.At, in.Org.Admin = time.UnixMilli(expires), moment(portalAt), moment(orgAt), admin == 1
	return in, err
}

// moment is a stored time; 0 is none.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// find returns the live session of a cookie's secret, or fs.ErrNotExist.
func (s *installs) find(ctx context.Context, secret string) (install, error) {
	in, err := scanInstall(s.db.QueryRowContext(ctx, `SELECT `+installColumns+` FROM server_installs WHERE id = $1 AND expires_at > $2`,
		digest(secret), s.now().UnixMilli()).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return install{}, fs.ErrNotExist
	}
	if err != nil {
		return install{}, fmt.Errorf("find install: %w", err)
	}
	return in, nil
}

// keep stores what a session has proved now, under a new secret: whoever knew
// the old one does not have what was proved since. Flows under way go on.
func (s *installs) keep(ctx context.Context, in install, secret string, life time.Duration) error {
	admin := 0
	if in.Org.Admin {
		admin = 1
	}
	id := digest(secret)
	done, err := s.db.ExecContext(ctx, `UPDATE server_installs SET id = $1, expires_at = $2, portal_id = $3, portal_domain = $4,
		portal_email = $5, portal_pending = $6, portal_at = $7, org_id = $8, person_id = $9, person_name = $10,
		person_email = $11, person_admin = $12, org_at = $13 WHERE id = $14`,
		id, s.now().Add(life).UnixMilli(), in.Portal.ID, in.Portal.Domain, in.Portal.Email, in.Portal.Pending, stored(in.Portal.At),
		in.Org.ID, in.Org.PersonID, in.Org.Name, in.Org.Email, admin, stored(in.Org.At), in.ID)
	if err == nil {
		if n, _ := done.RowsAffected(); n == 0 {
			return fs.ErrNotExist // Another window of this browser was faster.
		}
		_, err = s.db.ExecContext(ctx, `UPDATE server_install_flows SET install_id = $1 WHERE install_id = $2`, id, in.ID)
	}
	if err != nil {
		return fmt.Errorf("keep install: %w", err)
	}
	return nil
}

func stored(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// settled says that the tokens of a session are in use now.
func (s *installs) settled(ctx context.Context, id string) error {
	if _, err := s.db.ExecContext(ctx, `UPDATE server_installs SET portal_pending = '' WHERE id = $1`, id); err != nil {
		return fmt.Errorf("settle install: %w", err)
	}
	return nil
}

// leave ends a session.
func (s *installs) leave(ctx context.Context, id string) error {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM server_installs WHERE id = $1`, id); err != nil {
		return fmt.Errorf("leave install: %w", err)
	}
	return nil
}

// sweep forgets flows, sessions and events that are over. It returns the
// sessions: tokens that nobody will link any more are still kept for them.
func (s *installs) sweep(ctx context.Context) (over []install, err error) {
	now := s.now()
	rows, err := s.db.QueryContext(ctx, `DELETE FROM server_installs WHERE expires_at <= $1 RETURNING `+installColumns, now.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("forget installs: %w", err)
	}
	for rows.Next() {
		var in install
		if in, err = scanInstall(rows.Scan); err != nil {
			break
		}
		over = append(over, in)
	}
	if err = errors.Join(err, rows.Err(), rows.Close()); err == nil {
		_, err = s.db.ExecContext(ctx, `DELETE FROM server_install_flows WHERE expires_at <= $1`, now.UnixMilli())
	}
	if err == nil {
		_, err = s.db.ExecContext(ctx, `DELETE FROM server_hubspot_events WHERE done_at > 0 AND received_at <= $1`, now.Add(-eventMemory).UnixMilli())
	}
	if err != nil {
		return over, fmt.Errorf("forget installs: %w", err)
	}
	return over, nil
}

// account returns what is known of a portal's installation; nothing is no error.
func (s *installs) account(ctx context.Context, portalID string) (account, error) {
	a := account{PortalID: portalID}
	var scopes string
	var at int64
	err := s.db.QueryRowContext(ctx, `SELECT state, why, email, scopes, changed_at FROM server_accounts WHERE portal_id = $1`, portalID).
		Scan(&a.State, &a.Why, &a.Email, &scopes, &at)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return account{}, fmt.Errorf("account: %w", err)
	}
	a.Scopes, a.At = strings.Fields(scopes), moment(at)
	return a, nil
}

// setAccount stores what is known of a portal's installation now.
func (s *installs) setAccount(ctx context.Context, a account) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO server_accounts (portal_id, state, why, email, scopes, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (portal_id) DO UPDATE
		SET state = $2, why = $3, email = CASE WHEN $4 = '' THEN server_accounts.email ELSE $4 END,
			scopes = CASE WHEN $5 = '' THEN server_accounts.scopes ELSE $5 END, changed_at = $6`,
		a.PortalID, a.State, a.Why, a.Email, strings.Join(a.Scopes, " "), s.now().UnixMilli())
	if err != nil {
		return fmt.Errorf("account: %w", err)
	}
	return nil
}
