package ledger

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// handedOn says whether somebody else in the organisation may have the call
// after this record's agent.
func (r row) handedOn() bool { return r.Record.Left != nil && r.Record.Left.Kind != "dialNumber" }

// callOwner is the HubSpot owner that the call gets: the agent's own, or, where
// the admin wants it and the agent left the call to others, that of the agent
// who answered the interaction last. An agent without an owner leaves it with
// the first.
func (w *writing) callOwner(ctx context.Context) (string, error) {
	w.ownerOf = w.row.Agent.AgentID
	now := w.l.c.Now()
	own, err := w.state.owner(ctx, w.portal.CRM, w.row.Agent.Email, now)
	if err != nil || !w.settings.OwnerFollowsTransfer || !w.row.handedOn() {
		return own, err
	}
	last, ok, err := w.l.lastAnswered(ctx, w.row)
	if err != nil {
		return "", fmt.Errorf("ledger: who has the call: %w", err)
	}
	if !ok || last.AgentID == w.row.Agent.AgentID {
		return own, nil
	}
	w.ownerOf = last.AgentID
	theirs, err := w.state.owner(ctx, w.portal.CRM, last.Email, now)
	return cmp.Or(theirs, own), err
}

// lastAnswered is who answered the row's interaction last. Somebody who was
// only consulted does not count: the call must have been left to them, or to
// nobody in particular.
func (l *Ledger) lastAnswered(ctx context.Context, of row) (Agent, bool, error) {
	rows, err := l.interaction(ctx, of)
	if err != nil {
		return Agent{}, false, err
	}
	given := func(agentID string) bool {
		return slices.ContainsFunc(rows, func(r row) bool {
			left := r.Record.Left
			return r.handedOn() && r.Agent.AgentID != agentID && (left.ID == agentID || left.ID == "")
		})
	}
	rows = slices.DeleteFunc(rows, func(r row) bool {
		return r.Record.AnsweredAt == 0 || r.Record.Consulted && !given(r.Agent.AgentID)
	})
	if len(rows) == 0 {
		return Agent{}, false, nil
	}
	last := slices.MaxFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.Record.AnsweredAt, b.Record.AnsweredAt), cmp.Compare(a.Key, b.Key))
	})
	return last.Agent, true, nil
}

// interaction reads the records of the row's interaction, its own included.
func (l *Ledger) interaction(ctx context.Context, of row) (rows []row, err error) {
	if of.Record.InteractionID == "" {
		return []row{of}, nil
	}
	err = l.store.inTx(ctx, func(tx tx) error {
		rows, err = l.store.rows(ctx, tx, `WHERE org_id = $1 AND interaction_id = $2 ORDER BY key LIMIT 200`,
			of.Agent.OrgID, of.Record.InteractionID)
		return err
	})
	return rows, err
}

// takeOver makes the activities of those who left this call to others be
// written again, if their owner is still somebody else. It is repeated with
// each attempt to write this record, so a crash does not lose it; once they are
// written it does nothing.
func (w *writing) takeOver(ctx context.Context) error {
	l := w.l
	if !w.settings.OwnerFollowsTransfer || w.rec.AnsweredAt == 0 || w.rec.InteractionID == "" {
		return nil
	}
	last, ok, err := l.lastAnswered(ctx, w.row)
	if err != nil || !ok || last.AgentID != w.row.Agent.AgentID {
		return err
	}
	return l.store.inTx(ctx, func(tx tx) error {
		rows, err := l.store.rows(ctx, tx, `WHERE org_id = $1 AND interaction_id = $2 AND key <> $3 AND agent_id <> $4
			AND due_at > 0 AND state <> 'needs-you' ORDER BY key`+l.store.lock,
			w.row.Agent.OrgID, w.rec.InteractionID, w.row.Key, w.row.Agent.AgentID)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if !r.handedOn() || r.Object.ID == "" || r.Object.OwnerOf == last.AgentID {
				continue
			}
			if err := l.requeue(ctx, tx, &r, priorityBacklog); err != nil {
				return err
			}
		}
		return nil
	})
}
