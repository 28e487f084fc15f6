package ledger

import (
	"cmp"
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
	peers    []row // Of the same interaction, by other agents.
	portal   Portal
	state    *portal
	able     *ability
	rec      backend.Record
	ownerOf  string // The agent whose owner the call gets.
	props    map[string]string
	fresh    bool // The call was made by this attempt, and by none before it.
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
		before := r.links()
		erased, moved := r.Object.Erased, r.Object.Moved // Others' to say.
		r.Object, r.Task, r.Ticket, r.URL = w.row.Object, w.row.Task, w.row.Ticket, w.row.URL
		r.Object.Erased, r.Object.Moved = erased, moved
		change(&r)
		w.row.Object = r.Object
		if err := w.l.store.update(ctx, tx, r); err != nil {
			return err
		}
		if !slices.Equal(before, r.links()) {
			if err := w.l.store.saveLinks(ctx, tx, r); err != nil {
				return err
			}
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
	w.settings, err = l.settingsOf(ctx, w.row)
	if err != nil {
		return w.judgePortal(err)
	}
	if err := w.meet(ctx); err != nil {
		return verdict{again: l.c.RetryDelay, why: err}
	}
	why := w.unwanted()
	if why != nil && w.row.Object.ID == "" && w.row.Object.CreatingAt == 0 && w.rec.EngagementID == "" && !w.wantsTicket(why) {
		return w.judge(why)
	}
	if w.row.DueAt != 0 {
		if err := w.tellOthers(ctx); err != nil {
			return verdict{again: l.c.RetryDelay, why: err}
		}
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
	if w.row.DueAt == 0 {
		err = w.ticketed(ctx) // All that is written while the call is live.
	} else {
		err = w.write(ctx, why)
	}
	v := w.judge(err)
	w.state.report(l.c, l.c.Now(), healthOf(err, v), pauseOf(err))
	return v
}

// write does everything at HubSpot in an order in which each step can be
// repeated. unwanted is why there shall be no activity, if so.
func (w *writing) write(ctx context.Context, unwanted *unwantedError) error {
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
	after := w.row.wentOn(w.peers)
	w.props = mapping{
		rec: w.rec, agent: w.row.Agent, portal: w.portal, settings: w.settings, able: w.able, ownerID: ownerID, after: after,
	}.properties()

	if err := w.adoptNamed(ctx); err != nil {
		return err
	}
	maps.Copy(w.props, w.row.Object.Kept)
	if unwanted != nil {
		if kept, err := w.withdraw(ctx, unwanted); !kept {
			if error(unwanted) == err && w.wantsTicket(unwanted) {
				err = cmp.Or(w.ticketed(ctx), err)
			}
			return err
		}
	} else if o := &w.row.Object; o.Dropped != "" && o.ID == o.Dropped {
		*o = object{Dropped: o.Dropped, Fails: o.Fails} // It is wanted after all.
	}
	if err := w.writeCall(ctx); err != nil {
		return err
	}
	w.row.Object.OwnerOf, w.row.Object.After = w.ownerOf, after
	if ref := linkOf(w.rec); ref != "" {
		w.row.Object.begin([]string{ref}) // Stored by saved.
	}
	if err := w.saved(ctx); err != nil {
		return err
	}
	if err := w.linkCall(ctx); err != nil {
		return err
	}
	// Neither keeps the other from being made.
	ticketErr := w.ticketed(ctx)
	if err := w.followUp(ctx); err != nil {
		return err
	}
	return cmp.Or(ticketErr, ownerErr)
}

// writeCall makes the activity say what the record says. Where only what is
// beside the call is refused, the call is written without it: better than none.
func (w *writing) writeCall(ctx context.Context) error {
	err := w.writeProps(ctx)
	extra := w.extras(err)
	if len(extra) == 0 {
		return err
	}
	for _, name := range extra {
		delete(w.props, name)
		w.notice("property refused, left out", name, err)
	}
	return w.writeProps(ctx)
}

func (w *writing) writeProps(ctx context.Context) error {
	o := &w.row.Object
	if o.ID == "" {
		return w.create(ctx)
	}
	err := patch(ctx, w.portal.CRM, o, w.props)
	if !isStatus(err, http.StatusNotFound) || !o.Ours {
		return err
	}
	// Ours was deleted, and the record has changed since: write it anew.
	*o = object{Spare: o.Spare, Fails: o.Fails, Dropped: o.Dropped}
	w.row.URL = ""
	if err := w.note(ctx); err != nil {
		return err
	}
	return w.create(ctx)
}

// adoptNamed takes the engagement that the record names. If we had made one of
// our own because its id did not come in time, ours goes to the recycle bin;
// what a person has written into it does not.
func (w *writing) adoptNamed(ctx context.Context) error {
	o := &w.row.Object
	if named := w.rec.EngagementID; named != "" && named != o.ID && named != o.Dropped {
		spare := ""
		var kept map[string]string
		if o.Ours {
			var err error
			if kept, err = w.personal(ctx); err != nil {
				return err
			}
			spare = o.ID
		}
		*o = object{ID: named, Portal: w.portal.ID, Spare: spare, Kept: kept, Fails: o.Fails, Dropped: o.Dropped}
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
		*o = object{ID: found, Portal: w.portal.ID, Ours: o.CreatingAt != 0, Fails: o.Fails, Dropped: o.Dropped}
		w.row.URL = w.url(found)
		if err := w.note(ctx); err != nil {
			return err
		}
		return patch(ctx, crm, o, w.props)
	}
	w.fresh = o.CreatingAt == 0
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
	*o = object{ID: id, Portal: w.portal.ID, Ours: true, Written: maps.Clone(w.props), Fails: o.Fails, Dropped: o.Dropped}
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

// personal is what people have changed of what we wrote into the activity. It
// is nil where that has been deleted.
func (w *writing) personal(ctx context.Context) (map[string]string, error) {
	o := w.row.Object
	now, err := w.portal.CRM.Call(ctx, o.ID, slices.Sorted(maps.Keys(w.props)))
	if isStatus(err, http.StatusNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	kept := maps.Clone(o.Kept)
	for name := range w.props {
		value := now.Properties[name]
		if human(now.Changes[name], value, o.Written[name], len(o.Written) > 0) {
			if kept == nil {
				kept = map[string]string{}
			}
			kept[name] = value
		}
	}
	return kept, nil
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

func (w *writing) url(id string) string { return w.page(callType, id) }

// page is where people see a record.
func (w *writing) page(typeID, id string) string {
	base := w.portal.URL
	if base == "" {
		base = "https://app.hubspot.com"
	}
	return base + "/contacts/" + w.portal.ID + "/record/" + typeID + "/" + id
}
