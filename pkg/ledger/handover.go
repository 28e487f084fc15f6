package ledger

import (
	"bytes"
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
	last, ok := lastAnswered(append(slices.Clone(w.peers), w.row))
	if !ok || last.AgentID == w.row.Agent.AgentID {
		return own, nil
	}
	w.ownerOf = last.AgentID
	theirs, err := w.state.owner(ctx, w.portal.CRM, last.Email, now)
	return cmp.Or(theirs, own), err
}

// lastAnswered is who answered an interaction last. Somebody who was only
// consulted does not count: the call must have been left to them, or to nobody
// in particular.
func lastAnswered(rows []row) (Agent, bool) {
	given := func(agentID string) bool {
		return slices.ContainsFunc(rows, func(r row) bool {
			left := r.Record.Left
			return r.handedOn() && r.Agent.AgentID != agentID && (left.ID == agentID || left.ID == "")
		})
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(r row) bool {
		return r.Record.AnsweredAt == 0 || r.Record.Consulted && !given(r.Agent.AgentID)
	})
	if len(rows) == 0 {
		return Agent{}, false
	}
	last := slices.MaxFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.Record.AnsweredAt, b.Record.AnsweredAt), cmp.Compare(a.Key, b.Key))
	})
	return last.Agent, true
}

// wentOn is for how long a call went on after the record's agent had left it to
// others, in ms; 0 while that is not known. Others are all records of the
// interaction.
func (r row) wentOn(others []row) int64 {
	rec := r.effective()
	if !r.handedOn() || rec.EndedAt == 0 {
		return 0
	}
	end := int64(0)
	for _, o := range others {
		if other := o.effective(); o.Agent.AgentID != r.Agent.AgentID && other.AnsweredAt != 0 {
			end = max(end, other.EndedAt)
		}
	}
	return max(end-rec.EndedAt, 0)
}

// meet reads the records that others have of the row's interaction.
func (w *writing) meet(ctx context.Context) error {
	w.peers = nil
	if w.rec.InteractionID == "" {
		return nil
	}
	rows, err := w.l.interaction(ctx, w.row)
	if err != nil {
		return fmt.Errorf("ledger: the interaction's other records: %w", err)
	}
	for _, r := range rows {
		if r.Agent.AgentID != w.row.Agent.AgentID {
			w.peers = append(w.peers, r)
		}
	}
	return nil
}

// ofInteraction says twice that there is one: SQLite uses an index of some rows
// only where a condition repeats which.
const ofInteraction = `WHERE org_id = $1 AND interaction_id = $2 AND interaction_id <> ''`

// interaction reads the records of the row's interaction, its own included.
func (l *Ledger) interaction(ctx context.Context, of row) (rows []row, err error) {
	err = l.store.inTx(ctx, func(tx tx) error {
		rows, err = l.store.rows(ctx, tx, ofInteraction+` ORDER BY key LIMIT 200`,
			of.Agent.OrgID, of.Record.InteractionID)
		return err
	})
	return rows, err
}

// followers are the others' records whose owner follows a transfer: they may
// have been handled under another layout.
func (w *writing) followers(ctx context.Context) (map[string]bool, error) {
	follows := make(map[string]bool, len(w.peers))
	for _, p := range w.peers {
		s := w.settings
		if !bytes.Equal(p.Record.Layout, w.rec.Layout) && p.handedOn() {
			var err error
			if s, err = w.l.settingsOf(ctx, p); err != nil {
				return nil, err
			}
		}
		follows[p.Key] = s.OwnerFollowsTransfer
	}
	return follows, nil
}

// settingsOf are those that a record is written by. Its activity does not move
// to another portal.
func (l *Ledger) settingsOf(ctx context.Context, r row) (Settings, error) {
	portalID := r.Record.PortalID
	if r.Object.ID != "" {
		portalID = r.Object.Portal
	}
	return l.c.Settings(ctx, r.Agent.OrgID, portalID, r.Record.Layout)
}

// tellOthers makes the activities of those who had to do with this call before
// be written again, where this record changes them: who owns them, for how long
// the call went on, or whether there is to be one at all. It is repeated with
// each attempt to write this record, so a crash does not lose it; once they are
// written it does nothing. What is being written at this moment is written once
// more.
func (w *writing) tellOthers(ctx context.Context) error {
	l := w.l
	if w.rec.AnsweredAt == 0 || len(w.peers) == 0 {
		return nil
	}
	all := append(slices.Clone(w.peers), w.row)
	last, _ := lastAnswered(all)
	follows, err := w.followers(ctx)
	if err != nil {
		return err
	}
	stale := func(r row) bool {
		switch {
		case r.DueAt == 0 || r.State == stateNeedsYou || r.State == stateSaved && r.WrittenSeq == r.Seq:
			return false
		case w.settings.DropAnsweredElsewhere && elsewhere(all, r.effective()):
			return r.Object.Dropped == ""
		case !r.handedOn():
			return false
		}
		owned := follows[r.Key] && last.AgentID == w.row.Agent.AgentID && r.Object.OwnerOf != last.AgentID
		return owned || r.wentOn(all) != r.Object.After
	}
	if !slices.ContainsFunc(w.peers, stale) {
		return nil
	}
	return l.store.inTx(ctx, func(tx tx) error {
		for _, p := range w.peers {
			if !stale(p) {
				continue
			}
			r, err := l.store.get(ctx, tx, p.Key)
			if err != nil {
				return err
			}
			if !stale(r) {
				continue
			}
			if r.WrittenSeq < r.Seq {
				// It has a job. If that is at work and has not seen this record, it
				// begins anew; another job each time would breed in an outage.
				r.Seq++
				err = l.store.update(ctx, tx, r)
			} else {
				err = l.requeue(ctx, tx, &r, priorityBacklog)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}
