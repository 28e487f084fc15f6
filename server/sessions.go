package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"deskbridge/pkg/backend"
)

// list returns the live sessions of an organisation, the one used last first.
func (s *signIns) list(ctx context.Context, orgID string) ([]agentSession, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT id, agent_id, name, email, created_at, expires_at FROM server_sessions
		WHERE org_id = $1 AND expires_at > $2 ORDER BY expires_at DESC, id`, orgID, s.now().UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	defer rows.Close()
	list := []agentSession{}
	for rows.Next() {
		var one agentSession
		if err := rows.Scan(&one.ID, &one.AgentID, &one.Name, &one.Email, &one.CreatedAt, &one.ExpiresAt); err != nil {
			return nil, fmt.Errorf("list sessions: %w", err)
		}
		one.UsedAt = one.ExpiresAt - sessionLife.Milliseconds()
		list = append(list, one)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return list, nil
}

// endByID ends one session of an organisation and says whose it was. Another
// organisation's is fs.ErrNotExist.
func (s *signIns) endByID(ctx context.Context, orgID, id string) (backend.Agent, error) {
	agent := backend.Agent{OrgID: orgID}
	err := s.db.QueryRowContext(ctx, `DELETE FROM server_sessions WHERE org_id = $1 AND id = $2 RETURNING agent_id`, orgID, id).Scan(&agent.AgentID)
	if errors.Is(err, sql.ErrNoRows) {
		return backend.Agent{}, fs.ErrNotExist
	}
	if err != nil {
		return backend.Agent{}, fmt.Errorf("end session: %w", err)
	}
	return agent, nil
}

// signedIn says whether an agent has a live session.
func (s *signIns) signedIn(ctx context.Context, agent backend.Agent) (bool, error) {
	var n int
	err := s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM server_sessions WHERE org_id = $1 AND agent_id = $2 AND expires_at > $3`,
		agent.OrgID, agent.AgentID, s.now().UnixMilli()).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("find sessions: %w", err)
	}
	return n > 0, nil
}

// count is how many live sessions there are.
func (s *signIns) count(ctx context.Context) (n int, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM server_sessions WHERE expires_at > $1`, s.now().UnixMilli()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count sessions: %w", err)
	}
	return n, nil
}
