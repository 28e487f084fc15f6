package main

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"deskbridge/pkg/backend"
)

// How long things live.
const (
	signInLife  = 5 * time.Minute // From opening the window to the session.
	sessionLife = 12 * time.Hour  // Since it was last used.
	slideEvery  = 5 * time.Minute // How exactly "last used" is kept.
	maxAttempts = 5               // Wrong codes or verifiers before a sign-in dies.
	maxSignIns  = 10_000          // Begun and not yet forgotten: anybody may begin one.
)

// A signIn is one sign-in window, from its first request to the exchange.
// Secrets are kept as hashes.
type signIn struct {
	ID            string // Hash of the OAuth state.
	Challenge     string // The panel's S256 challenge.
	Binding       string // Hash of the cookie that ties the window's browser to it.
	WebexVerifier string // Our own PKCE secret towards Webex.
	Origin        string // Where the window was opened, ours.
	Stage         signInStage
	Refusal       string // Of a failed one: backend error code.
	Message       string // Of a failed one.
	Code          string // Hash of the one-time code.
	Confirm       string // Hash of the confirmation secret in the window.
	Attempts      int
	Agent         backend.Agent
	ExpiresAt     time.Time
}

// A signInStage says how far a sign-in has come. It only rises.
type signInStage int

const (
	stageOpen      signInStage = iota // At Webex.
	stageReturned                     // Back from Webex, code being redeemed.
	stageFailed                       // Dead.
	stageKnown                        // The agent is known; the code may be exchanged.
	stageConfirmed                    // A person saw the same code twice; polling succeeds.
	stageExchanged                    // A session came of it.
)

// A session is one signed-in browser.
type session struct {
	ID        string // Hash of the token.
	Agent     backend.Agent
	ExpiresAt time.Time
}

// signIns keeps sign-ins and sessions in the database.
type signIns struct {
	db    *sql.DB
	now   func() time.Time
	limit int
}

var signInSchema = []string{
	`CREATE TABLE IF NOT EXISTS server_signins (
		id TEXT PRIMARY KEY, challenge TEXT NOT NULL, binding TEXT NOT NULL, webex_verifier TEXT NOT NULL,
		origin TEXT NOT NULL, stage BIGINT NOT NULL, refusal TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '',
		code TEXT NOT NULL DEFAULT '', confirm TEXT NOT NULL DEFAULT '', attempts BIGINT NOT NULL DEFAULT 0,
		agent_id TEXT NOT NULL DEFAULT '', org_id TEXT NOT NULL DEFAULT '', name TEXT NOT NULL DEFAULT '',
		email TEXT NOT NULL DEFAULT '', expires_at BIGINT NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS server_signins_challenge ON server_signins (challenge)`,
	`CREATE TABLE IF NOT EXISTS server_sessions (
		id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, org_id TEXT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL,
		created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS server_sessions_agent ON server_sessions (org_id, agent_id)`,
}

func openSignIns(ctx context.Context, db *sql.DB, now func() time.Time) (*signIns, error) {
	for _, statement := range signInSchema {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return nil, fmt.Errorf("open sign-ins: %w", err)
		}
	}
	return &signIns{db: db, now: now, limit: maxSignIns}, nil
}

// digest is how a secret is kept.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// begin stores a new sign-in and forgets dead ones. It refuses when too many
// have been begun.
func (s *signIns) begin(ctx context.Context, in signIn) error {
	if err := s.sweep(ctx); err != nil {
		return err
	}
	var n int
	if err := s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM server_signins`).Scan(&n); err != nil {
		return fmt.Errorf("begin sign-in: %w", err)
	}
	if n >= s.limit {
		return errTooManySignIns
	}
	_, err := s.db.ExecContext(ctx, `INSERT INTO server_signins
		(id, challenge, binding, webex_verifier, origin, stage, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		in.ID, in.Challenge, in.Binding, in.WebexVerifier, in.Origin, stageOpen, s.now().Add(signInLife).UnixMilli())
	if err != nil {
		return fmt.Errorf("begin sign-in: %w", err)
	}
	return nil
}

const signInColumns = `id, challenge, binding, webex_verifier, origin, stage, refusal, message, code, confirm,
	attempts, agent_id, org_id, name, email, expires_at`

func (s *signIns) find(ctx context.Context, column, value string) (signIn, error) {
	var in signIn
	var expires int64
	// Several have one challenge where the window was opened twice: the one that
	// has come furthest, then one on its way, then one that has ended.
	err := s.db.QueryRowContext(ctx, `SELECT `+signInColumns+` FROM server_signins WHERE `+column+` = $1
		ORDER BY CASE stage WHEN 4 THEN 0 WHEN 3 THEN 1 WHEN 1 THEN 2 WHEN 0 THEN 2 WHEN 5 THEN 3 ELSE 4 END,
			expires_at DESC LIMIT 1`, value).
		Scan(&in.ID, &in.Challenge, &in.Binding, &in.WebexVerifier, &in.Origin, &in.Stage, &in.Refusal, &in.Message,
			&in.Code, &in.Confirm, &in.Attempts, &in.Agent.AgentID, &in.Agent.OrgID, &in.Agent.Name, &in.Agent.Email, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return signIn{}, fs.ErrNotExist
	}
	if err != nil {
		return signIn{}, fmt.Errorf("find sign-in: %w", err)
	}
	in.ExpiresAt = time.UnixMilli(expires)
	return in, nil
}

// byState finds a sign-in by its OAuth state.
func (s *signIns) byState(ctx context.Context, state string) (signIn, error) {
	return s.find(ctx, "id", digest(state))
}

// byChallenge finds the sign-in of a panel.
func (s *signIns) byChallenge(ctx context.Context, challenge string) (signIn, error) {
	return s.find(ctx, "challenge", challenge)
}

// byCode finds a sign-in by its one-time code.
func (s *signIns) byCode(ctx context.Context, code string) (signIn, error) {
	return s.find(ctx, "code", digest(code))
}

// byConfirm finds a sign-in by the secret in its window.
func (s *signIns) byConfirm(ctx context.Context, secret string) (signIn, error) {
	return s.find(ctx, "confirm", digest(secret))
}

// advance moves a sign-in from one stage to the next. It is false when another
// request was faster.
func (s *signIns) advance(ctx context.Context, id string, from, to signInStage) (bool, error) {
	r, err := s.db.ExecContext(ctx, `UPDATE server_signins SET stage = $1 WHERE id = $2 AND stage = $3`, to, id, from)
	if err != nil {
		return false, fmt.Errorf("advance sign-in: %w", err)
	}
	n, err := r.RowsAffected()
	if err != nil {
		return false, fmt.Errorf("advance sign-in: %w", err)
	}
	return n == 1, nil
}

// fail ends a sign-in; the panel that polls is told why.
func (s *signIns) fail(ctx context.Context, id string, why *backend.Error) error {
	_, err := s.db.ExecContext(ctx, `UPDATE server_signins SET stage = $1, refusal = $2, message = $3 WHERE id = $4`,
		stageFailed, why.Code, why.Message, id)
	if err != nil {
		return fmt.Errorf("fail sign-in: %w", err)
	}
	return nil
}

// know says who the agent is and gives out the one-time code and the
// confirmation secret.
func (s *signIns) know(ctx context.Context, id string, agent backend.Agent, code, confirm string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE server_signins SET stage = $1, agent_id = $2, org_id = $3, name = $4,
		email = $5, code = $6, confirm = $7 WHERE id = $8`,
		stageKnown, agent.AgentID, agent.OrgID, agent.Name, agent.Email, digest(code), digest(confirm), id)
	if err != nil {
		return fmt.Errorf("finish sign-in: %w", err)
	}
	return nil
}

// blame counts a wrong code or verifier; a sign-in with too many of them dies.
func (s *signIns) blame(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE server_signins SET attempts = attempts + 1,
		stage = CASE WHEN attempts + 1 >= $1 AND stage <> $2 THEN $3 ELSE stage END WHERE id = $4`,
		maxAttempts, stageExchanged, stageFailed, id)
	if err != nil {
		return fmt.Errorf("count attempt: %w", err)
	}
	return nil
}

// start stores a session for token.
func (s *signIns) start(ctx context.Context, token string, agent backend.Agent) (session, error) {
	now := s.now()
	started := session{ID: digest(token), Agent: agent, ExpiresAt: now.Add(sessionLife)}
	_, err := s.db.ExecContext(ctx, `INSERT INTO server_sessions
		(id, agent_id, org_id, name, email, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		started.ID, agent.AgentID, agent.OrgID, agent.Name, agent.Email, now.UnixMilli(), started.ExpiresAt.UnixMilli())
	if err != nil {
		return session{}, fmt.Errorf("start session: %w", err)
	}
	return started, nil
}

// session finds the live session of token and lengthens its life. It returns
// fs.ErrNotExist for an unknown, ended or expired one.
func (s *signIns) session(ctx context.Context, token string) (session, error) {
	found := session{ID: digest(token)}
	var expires int64
	err := s.db.QueryRowContext(ctx, `SELECT agent_id, org_id, name, email, expires_at FROM server_sessions WHERE id = $1`, found.ID).
		Scan(&found.Agent.AgentID, &found.Agent.OrgID, &found.Agent.Name, &found.Agent.Email, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return session{}, fs.ErrNotExist
	}
	if err != nil {
		return session{}, fmt.Errorf("find session: %w", err)
	}
	now := s.now()
	if found.ExpiresAt = time.UnixMilli(expires); !now.Before(found.ExpiresAt) {
		return session{}, fs.ErrNotExist
	}
	if found.ExpiresAt.Sub(now) < sessionLife-slideEvery {
		found.ExpiresAt = now.Add(sessionLife)
		if _, err := s.db.ExecContext(ctx, `UPDATE server_sessions SET expires_at = $1 WHERE id = $2`,
			found.ExpiresAt.UnixMilli(), found.ID); err != nil {
			return session{}, fmt.Errorf("lengthen session: %w", err)
		}
	}
	return found, nil
}

// end ends one session and says whether the agent has another one.
func (s *signIns) end(ctx context.Context, ended session) (others bool, err error) {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM server_sessions WHERE id = $1`, ended.ID); err != nil {
		return false, fmt.Errorf("end session: %w", err)
	}
	var n int
	err = s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM server_sessions WHERE org_id = $1 AND agent_id = $2 AND expires_at > $3`,
		ended.Agent.OrgID, ended.Agent.AgentID, s.now().UnixMilli()).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("end session: %w", err)
	}
	return n > 0, nil
}

// revoke ends all sessions of an agent.
func (s *signIns) revoke(ctx context.Context, orgID, agentID string) error {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM server_sessions WHERE org_id = $1 AND agent_id = $2`, orgID, agentID); err != nil {
		return fmt.Errorf("revoke sessions: %w", err)
	}
	return nil
}

// sweep forgets what has expired; sign-ins stay a while longer, so that a late
// panel is told what happened.
func (s *signIns) sweep(ctx context.Context) error {
	now := s.now()
	_, err := s.db.ExecContext(ctx, `DELETE FROM server_signins WHERE expires_at < $1`, now.Add(-signInLife).UnixMilli())
	if err == nil {
		_, err = s.db.ExecContext(ctx, `DELETE FROM server_sessions WHERE expires_at < $1`, now.UnixMilli())
	}
	if err != nil {
		return fmt.Errorf("forget expired sign-ins: %w", err)
	}
	return nil
}
