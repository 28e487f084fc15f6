package ledger

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"deskbridge/pkg/hubspot"
)

// LiveStatuses are the values of hs_call_status of calls that go on.
var LiveStatuses = []string{
	hubspot.CallRinging, hubspot.CallInProgress, hubspot.CallQueued, hubspot.CallConnecting, hubspot.CallCallingCRMUser,
}

const (
	maxGhosts    = 200 // A sweep; one page of a search.
	ghostTimeout = 8 * time.Minute
	ghostAround  = 10 * time.Minute // A record of the same call began at most so much earlier or later.
)

// ghostText is added to a call that nobody knows anything of.
const ghostText = "This call was begun in HubSpot and never completed. Deskbridge has no record of it."

// ghostArgs name a sweep of a portal for ghosts: calls that HubSpot's page
// created for us, and that nobody completed.
type ghostArgs struct {
	PortalID string `json:"portal"`
}

// Kind is the job's name in the database.
func (ghostArgs) Kind() string { return "deskbridge_ghosts" }

// ghostOpts let one sweep of a portal run at a time, in whichever process.
func ghostOpts() *river.InsertOpts {
	return &river.InsertOpts{
		MaxAttempts: 3, Priority: priorityBacklog,
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
			rivertype.JobStateRunning, rivertype.JobStateScheduled,
		}},
	}
}

// haunt enqueues a sweep of each connected portal.
func (l *Ledger) haunt(ctx context.Context) error {
	places, err := l.c.Places(ctx)
	if err != nil {
		return err
	}
	return l.store.inTx(ctx, func(tx tx) error {
		for _, p := range places {
			if err := tx.enqueue(ctx, ghostArgs{p.PortalID}, ghostOpts()); err != nil {
				return err
			}
		}
		return nil
	})
}

// ghostWorker adapts a ledger to River.
type ghostWorker struct {
	river.WorkerDefaults[ghostArgs]
	l *Ledger
}

// Work sweeps one portal.
func (w *ghostWorker) Work(ctx context.Context, job *river.Job[ghostArgs]) error {
	w.l.gate.RLock()
	defer w.l.gate.RUnlock()
	defer w.l.atWork(job.ID)()
	done, err := w.l.sweepGhosts(ctx, job.Args.PortalID)
	if err != nil && ctx.Err() == nil {
		// The next sweep comes anyway; a portal that is not there now is not asked again.
		w.l.log.Warn("ghosts not swept", "portal", job.Args.PortalID, "error", err)
	}
	if done != (ghostCount{}) {
		w.l.log.Info("ghosts swept", "portal", job.Args.PortalID,
			"completed", done.completed, "archived", done.archived, "canceled", done.canceled, "left", done.left)
	}
	return nil
}

// Timeout is longer than that of a record.
func (w *ghostWorker) Timeout(*river.Job[ghostArgs]) time.Duration { return ghostTimeout }

// ghostCount is what became of ghosts.
type ghostCount struct{ completed, archived, canceled, left int }

// sweepGhosts looks after the calls in a portal that should be over and are
// not: those that a record is about are completed, second ones are archived,
// and those of which nobody knows anything are marked as canceled. Nothing that
// a person has changed is touched.
func (l *Ledger) sweepGhosts(ctx context.Context, portalID string) (done ghostCount, err error) {
	places, err := l.c.Places(ctx)
	if err != nil {
		return done, err
	}
	places = slices.DeleteFunc(slices.Clone(places), func(p Place) bool { return p.PortalID != portalID })
	if len(places) == 0 {
		return done, nil // It was unlinked meanwhile.
	}
	portal, err := l.c.Portal(ctx, places[0].OrgID, portalID)
	if err != nil || portal.CRM == nil || portal.AppID == "" {
		return done, err
	}
	now := l.c.Now()
	if l.portals.of(portal.ID).admit(now) > 0 {
		return done, nil // It has trouble enough.
	}
	ghosts, err := portal.CRM.Ghosts(ctx, portal.AppID, now.Add(-l.c.GhostAfter), maxGhosts)
	for _, ghost := range ghosts {
		if err != nil {
			break
		}
		var what *int
		if what, err = l.sweepGhost(ctx, places, portal.CRM, ghost, &done); err == nil {
			*what++
		}
	}
	h := healthy
	if err != nil {
		h = unknown
	}
	l.portals.of(portal.ID).report(l.c, l.c.Now(), h, pauseOf(err))
	return done, err
}

// sweepGhost looks after one call and returns what it counts as.
func (l *Ledger) sweepGhost(ctx context.Context, places []Place, crm CRM, ghost Call, done *ghostCount) (*int, error) {
	// What the search says may be old.
	now, err := crm.Call(ctx, ghost.ID, []string{
		"hs_call_status", "hs_call_body", "hs_call_title", "hs_call_disposition", "hs_call_external_id",
		"hs_call_from_number", "hs_call_to_number",
	})
	if isStatus(err, http.StatusNotFound) {
		return &done.left, nil
	}
	if err != nil {
		return nil, err
	}
	status := now.Properties["hs_call_status"]
	if status != "" && !slices.Contains(LiveStatuses, status) || byPerson(now, "hs_call_status") {
		return &done.left, nil
	}
	r, own, err := l.rowOfGhost(ctx, places, Call{ID: ghost.ID, Properties: now.Properties, At: ghost.At})
	switch {
	case errors.Is(err, ErrNotFound):
		return &done.canceled, crm.Update(ctx, ghost.ID, canceled(now))
	case err != nil:
		return nil, err
	case own:
		queued, err := l.completeGhost(ctx, r.Key, ghost.ID)
		if !queued {
			return &done.left, err
		}
		return &done.completed, err
	case byPerson(now, "hs_call_body", "hs_call_title", "hs_call_disposition"):
		return &done.left, nil
	}
	return &done.archived, crm.Archive(ctx, ghost.ID)
}

// byPerson says whether a person has set one of the properties to what it is.
func byPerson(c Call, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return human(c.Changes[name], "", "", false) })
}

// canceled is what is written to a call that nobody knows anything of. What a
// person has written about it stays as it is.
func canceled(now Call) map[string]string {
	props := map[string]string{"hs_call_status": hubspot.CallCanceled}
	body := strings.TrimSpace(now.Properties["hs_call_body"])
	if body != "" {
		body += "<br>"
	}
	body += ghostText
	if !byPerson(now, "hs_call_body") && utf8.RuneCountInString(body) <= maxNotes {
		props["hs_call_body"] = body
	}
	return props
}

// rowOfGhost finds the record that a call in HubSpot is about. own says whether
// it is the record's activity, or may become it; otherwise the record has
// another one. Errors: ErrNotFound, or the database's.
func (l *Ledger) rowOfGhost(ctx context.Context, places []Place, ghost Call) (found row, own bool, err error) {
	var byID, byKey, byNumber []row
	err = l.store.inTx(ctx, func(tx tx) error {
		for _, at := range places {
			rows, err := l.store.rows(ctx, tx, `WHERE org_id = $1 AND (key = $2 OR started_at BETWEEN $3 AND $4) ORDER BY key LIMIT 5000`,
				at.OrgID, ghost.Properties["hs_call_external_id"], ghost.At.Add(-ghostAround).UnixMilli(), ghost.At.Add(ghostAround).UnixMilli())
			if err != nil {
				return err
			}
			for _, r := range rows {
				switch {
				case !at.holds(r):
				case r.Object.ID == ghost.ID || r.Record.EngagementID == ghost.ID:
					byID = append(byID, r)
				case r.Key == ghost.Properties["hs_call_external_id"]:
					byKey = append(byKey, r)
				case r.begins(ghost):
					byNumber = append(byNumber, r)
				}
			}
		}
		return nil
	})
	if err != nil {
		return row{}, false, err
	}
	for _, rows := range [][]row{byID, byKey, byNumber} {
		if len(rows) == 0 {
			continue
		}
		r := rows[0]
		return r, r.Object.ID == "" || r.Object.ID == ghost.ID || r.Record.EngagementID == ghost.ID, nil
	}
	return row{}, false, ErrNotFound
}

// begins says whether HubSpot's page was asked for a call like this one when
// the record began.
func (r row) begins(ghost Call) bool {
	number := ghost.Properties["hs_call_from_number"]
	if r.Record.Direction == "OUTBOUND" {
		number = ghost.Properties["hs_call_to_number"]
	}
	began := time.UnixMilli(r.StartedAt)
	return r.Record.HostCreates && ghost.Properties["hs_call_external_id"] == "" && number != "" && number == r.Record.Number &&
		began.Sub(ghost.At).Abs() <= time.Minute
}

// completeGhost makes a record's activity, which looks as if the call went on,
// be written again. It says whether it did: what waits to be written, or for
// somebody, is left to that.
func (l *Ledger) completeGhost(ctx context.Context, key, id string) (queued bool, err error) {
	err = l.store.inTx(ctx, func(tx tx) error {
		r, err := l.store.get(ctx, tx, key)
		if err != nil {
			return err
		}
		if r.DueAt == 0 || r.WrittenSeq != r.Seq || r.State == stateNeedsYou || r.Object.Dropped == id {
			return nil
		}
		if r.Object.ID == "" {
			r.Record.EngagementID = id
		}
		delete(r.Object.Written, "hs_call_status")
		delete(r.Object.Written, "hs_call_duration")
		queued = true
		return l.requeue(ctx, tx, &r, priorityBacklog)
	})
	if err != nil {
		return false, fmt.Errorf("complete %s: %w", key, err)
	}
	return queued, nil
}
