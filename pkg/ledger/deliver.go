package ledger

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"time"

	"deskbridge/pkg/backend"
)

// writing is one attempt to bring one row to HubSpot. It works on a copy of the
// row; what it learns of the activity is stored at once by checkpoint, so that
// a crash at any point leaves a row that says what may have happened.
type writing struct {
	l     *Ledger
	row   row
	owner string

	settings Settings
	portal   Portal
	state    *portal
	able     *ability
	rec      backend.Record
	ownerOf  string // The agent whose owner the call gets.
	props    map[string]string
}

// checkpoint applies a change to the stored row and stores what this attempt
// knows of the activity, if the lease is still its own.
func (w *writing) checkpoint(ctx context.Context, change func(*row), done bool) error {
	return w.l.store.inTx(ctx, func(tx tx) error {
		r, err := w.l.store.get(ctx, tx, w.row.Key)
		if err != nil {
			return err
		}
		n, err := tx.exec(ctx, `UPDATE deskbridge_record SET lease_until = $3 WHERE key = $1 AND lease = $2`,
			w.row.Key, w.owner, w.l.c.Now().Add(leaseFor).UnixMilli())
		if err != nil {
			return err
		}
		if n == 0 {
			return errLeaseLost
		}
		erased, moved := r.Object.Erased, r.Object.Moved // Others' to say.
		r.Object, r.Task, r.URL = w.row.Object, w.row.Task, w.row.URL
		r.Object.Erased, r.Object.Moved = erased, moved
		change(&r)
		w.row.Object = r.Object
		if err := w.l.store.update(ctx, tx, r); err != nil {
			return err
		}
		if done {
			return releaseLease(ctx, tx, w.row.Key, w.owner)
		}
		return nil
	})
}

// note stores what is known of the activity.
func (w *writing) note(ctx context.Context) error { return w.checkpoint(ctx, func(*row) {}, false) }

// deliver writes the row. Every way out is a verdict.
func (w *writing) deliver(ctx context.Context) verdict {
	l := w.l
	w.rec = w.row.effective()
	if w.rec.Channel != "" && w.rec.Channel != "telephony" {
		return verdict{state: stateSaved, detail: "kept here: only calls become activities"}
	}
	var err error
	portalID := w.rec.PortalID
	if w.row.Object.ID != "" {
		portalID = w.row.Object.Portal // An activity does not move to another portal.
	}
	w.settings, err = l.c.Settings(ctx, w.row.Agent.OrgID, portalID)
	if err != nil {
		return w.judgePortal(err)
	}
	if w.unwanted() && w.row.Object.ID == "" && w.rec.EngagementID == "" {
		return w.judge(errUnwanted)
	}
	if err := w.takeOver(ctx); err != nil {
		return verdict{again: l.c.RetryDelay, why: err}
	}
	w.portal, err = l.c.Portal(ctx, w.row.Agent.OrgID, portalID)
	if err == nil && w.portal.CRM == nil {
		err = errors.New("ledger: a portal without access")
	}
	if err != nil {
		return w.judgePortal(err)
	}
	w.state = l.portals.of(w.portal.ID)
	if wait := w.state.admit(l.c.Now()); wait > 0 {
		return verdict{again: wait + w.spread(wait)}
	}
	err = w.write(ctx)
	v := w.judge(err)
	w.state.report(l.c, l.c.Now(), healthOf(err, v), pauseOf(err))
	return v
}

// unwanted says whether the record is one that the admin does not want in
// HubSpot.
func (w *writing) unwanted() bool { return unanswered(w.rec) && w.settings.SkipMissed }

// discard archives an engagement that HubSpot made when the phone rang.
func (w *writing) discard(ctx context.Context) error {
	err := w.portal.CRM.Archive(ctx, w.row.Object.ID)
	if err != nil && !isStatus(err, http.StatusNotFound) {
		return err
	}
	w.row.URL = ""
	return errUnwanted
}

// write does everything at HubSpot in an order in which each step can be
// repeated.
func (w *writing) write(ctx context.Context) error {
	l, crm := w.l, w.portal.CRM
	var err error
	w.able, err = w.state.callAbility(ctx, crm, l.c.Now())
	if err != nil {
		return err
	}
	// A call without its owner is better than no call.
	ownerID, ownerErr := w.callOwner(ctx)
	if refused(ownerErr) {
		l.log.Warn("owners cannot be read", "portal", w.portal.ID, "error", ownerErr)
		ownerErr = nil
	}
	w.props = properties(w.rec, w.portal, w.row.Agent.OrgID, ownerID, w.settings, w.able)

	if err := w.adoptNamed(ctx); err != nil {
		return err
	}
	if w.row.Object.ID != "" && w.unwanted() && len(w.row.Object.Written) == 0 {
		return w.discard(ctx)
	}
	if w.row.Object.ID != "" {
		err = patch(ctx, crm, &w.row.Object, w.props)
		if isStatus(err, http.StatusNotFound) && w.row.Object.Ours {
			// Ours was deleted, and the record has changed since: write it anew.
			w.row.Object = object{Spare: w.row.Object.Spare, Fails: w.row.Object.Fails}
			w.row.URL = ""
			if err = w.note(ctx); err == nil {
				err = w.create(ctx)
			}
		}
	} else {
		err = w.create(ctx)
	}
	if err != nil {
		return err
	}
	w.row.Object.OwnerOf = w.ownerOf
	if err := w.saved(ctx); err != nil {
		return err
	}
	if err := w.link(ctx, crm, &w.row.Object); err != nil {
		return err
	}
	if err := w.followUp(ctx); err != nil {
		return err
	}
	return ownerErr
}

// adoptNamed takes the engagement that the record names. If we had made one of
// our own because its id did not come in time, ours goes to the recycle bin.
func (w *writing) adoptNamed(ctx context.Context) error {
	o := &w.row.Object
	if named := w.rec.EngagementID; named != "" && named != o.ID {
		spare := ""
		if o.Ours {
			spare = o.ID
		}
		*o = object{ID: named, Portal: w.portal.ID, Spare: spare, Fails: o.Fails}
		w.row.URL = w.url(named)
		if err := w.note(ctx); err != nil {
			return err
		}
	}
	if o.Spare == "" {
		return nil
	}
	if err := w.portal.CRM.Archive(ctx, o.Spare); err != nil && !isStatus(err, http.StatusNotFound) {
		return err
	}
	o.Spare = ""
	return w.note(ctx)
}

// create makes the activity, unless it is HubSpot's turn or one exists.
func (w *writing) create(ctx context.Context) error {
	l, o, crm := w.l, &w.row.Object, w.portal.CRM
	now := l.c.Now()
	if w.rec.HostCreates {
		if wait := time.UnixMilli(w.row.DueAt).Add(l.c.EngagementWait).Sub(now); wait > 0 {
			return &patience{wait}
		}
	}
	if o.CreatingAt != 0 {
		// We may have created it: only a search after the index has caught up knows.
		if wait := time.UnixMilli(o.CreatingAt).Add(l.c.IndexWait).Sub(now); wait > 0 && !o.Keyed {
			return &patience{wait}
		}
	}
	found, err := w.find(ctx)
	if err != nil {
		return err
	}
	if found != "" {
		*o = object{ID: found, Portal: w.portal.ID, Ours: o.CreatingAt != 0, Fails: o.Fails}
		w.row.URL = w.url(found)
		if err := w.note(ctx); err != nil {
			return err
		}
		return patch(ctx, crm, o, w.props)
	}
	o.CreatingAt, o.Keyed = now.UnixMilli(), w.able.unique
	if err := w.note(ctx); err != nil {
		return err
	}
	var id string
	if w.able.unique {
		id, err = crm.Upsert(ctx, keyProperty, w.props)
	} else {
		id, err = crm.Create(ctx, w.props)
	}
	if err == nil && id == "" {
		err = errors.New("ledger: HubSpot named no id")
	}
	if err != nil {
		if certain(err) {
			o.CreatingAt, o.Keyed = 0, false
			if noteErr := w.note(ctx); noteErr != nil {
				return noteErr
			}
		}
		return err
	}
	*o = object{ID: id, Portal: w.portal.ID, Ours: true, Written: maps.Clone(w.props), Fails: o.Fails}
	return nil
}

// find looks for the activity that an earlier attempt, or HubSpot's own page,
// has made.
func (w *writing) find(ctx context.Context) (string, error) {
	crm := w.portal.CRM
	maybe := w.row.Object.CreatingAt != 0 && !w.row.Object.Keyed
	if !w.able.unique || w.rec.HostCreates || maybe {
		calls, err := crm.Find(ctx, Query{Equal: map[string]string{"hs_call_external_id": w.rec.Key}})
		if err != nil {
			return "", err
		}
		if len(calls) > 0 {
			return calls[0].ID, nil
		}
	}
	if !w.rec.HostCreates || w.rec.Number == "" {
		return "", nil
	}
	// HubSpot's page may have made one without telling us, or the widget died
	// before it could pass the id on.
	number := "hs_call_from_number"
	if w.rec.Direction == "OUTBOUND" {
		number = "hs_call_to_number"
	}
	start := time.UnixMilli(w.rec.StartedAt)
	calls, err := crm.Find(ctx, Query{
		Equal: map[string]string{number: w.rec.Number},
		From:  start.Add(-time.Minute), To: start.Add(time.Minute),
	})
	if err != nil {
		return "", err
	}
	for _, c := range calls {
		if c.Properties["hs_call_external_id"] == "" {
			return c.ID, nil
		}
	}
	return "", nil
}

// patch brings an existing activity up to date without touching what a person
// has changed.
func patch(ctx context.Context, crm CRM, o *object, props map[string]string) error {
	names := slices.Sorted(maps.Keys(props))
	now, err := crm.Call(ctx, o.ID, names)
	if err != nil {
		return err
	}
	change := map[string]string{}
	written := maps.Clone(o.Written)
	if written == nil {
		written = map[string]string{}
	}
	for _, name := range names {
		value := props[name]
		if old, ok := o.Written[name]; ok && old == value {
			continue // If it is not there any more, somebody wanted it so.
		}
		if now.Properties[name] == value {
			written[name] = value
			continue
		}
		if human(now.Changes[name], now.Properties[name], o.Written[name], len(o.Written) > 0) {
			continue
		}
		change[name], written[name] = value, value
	}
	if len(change) > 0 {
		if err := crm.Update(ctx, o.ID, change); err != nil {
			return err
		}
	}
	o.Written = written
	return nil
}

// saved stores that the activity is written, so that the agent sees it while
// the rest is done.
func (w *writing) saved(ctx context.Context) error {
	w.row.URL = w.url(w.row.Object.ID)
	return w.checkpoint(ctx, func(r *row) {
		if r.Seq == w.row.Seq {
			r.State = stateSaved
		}
	}, false)
}

// link associates the activity with the record it belongs to now, and takes
// back an association of ours with another one.
func (w *writing) link(ctx context.Context, crm CRM, o *object) error {
	want := linkOf(w.rec)
	if want == o.Linked {
		return nil
	}
	if want != "" {
		if err := crm.Link(ctx, o.ID, w.rec.Record.ObjectTypeID, w.rec.Record.ObjectID); err != nil {
			return err
		}
	}
	if typeID, id, ok := cutRef(o.Linked); ok {
		if err := crm.Unlink(ctx, o.ID, typeID, id); err != nil && !isStatus(err, http.StatusNotFound) {
			return err
		}
	}
	o.Linked = want
	return w.note(ctx)
}

// linkOf is the record that an activity is to be associated with, as
// object.Linked has it.
func linkOf(r backend.Record) string {
	if r.Record == nil {
		return ""
	}
	return r.Record.ObjectTypeID + "/" + r.Record.ObjectID
}

func (w *writing) url(id string) string {
	base := w.portal.URL
	if base == "" {
		base = "https://app.hubspot.com"
	}
	return base + "/contacts/" + w.portal.ID + "/record/0-48/" + id
}
