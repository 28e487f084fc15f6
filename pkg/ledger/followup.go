package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"html"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"deskbridge/pkg/backend"
)

// taskError is what went wrong with the follow-up of a call that is written.
type taskError struct{ err error }

func (e *taskError) Error() string { return "follow-up task: " + e.err.Error() }

func (e *taskError) Unwrap() error { return e.err }

// followUp makes the task that the agent asked for, once the record is final:
// until then the agent may change it or want none. A task that exists is kept
// up to date like a call; one that a person deleted stays deleted, and one that
// is no longer asked for stays, as somebody may rely on it.
func (w *writing) followUp(ctx context.Context) error {
	if w.rec.FollowUp == nil || !w.rec.Final {
		return nil
	}
	if err := w.task(ctx); err != nil {
		var wait *patience
		if errors.As(err, &wait) || errors.Is(err, errLeaseLost) {
			return err
		}
		return &taskError{err}
	}
	return nil
}

func (w *writing) task(ctx context.Context) error {
	l, o, crm := w.l, &w.row.Task, w.portal.Tasks
	if crm == nil {
		return errors.New("ledger: a portal without tasks")
	}
	able, err := w.state.taskAbility(ctx, crm, l.c.Now())
	if err != nil {
		return err
	}
	ownerID, err := w.state.owner(ctx, w.portal.CRM, w.row.Agent.Email, l.c.Now())
	if err != nil && !refused(err) {
		return err
	}
	props := taskProperties(w.rec, ownerID, able)
	if o.ID == "" {
		if err := w.createOnce(ctx, crm, o, able, taskQuery(w.rec.Key, able), props); err != nil {
			return err
		}
	} else if !maps.Equal(props, o.Written) {
		err := patch(ctx, crm, o, props)
		if isStatus(err, http.StatusNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	if err := w.note(ctx); err != nil {
		return err
	}
	var want []string
	if ref := linkOf(w.rec); ref != "" {
		want = []string{ref}
	}
	err = w.link(ctx, crm, o, want)
	if isStatus(err, http.StatusNotFound) && slices.Contains(w.row.Object.Links, linkOf(w.rec)) {
		return nil // The call has the same contact: it is the task that is gone.
	}
	return err
}

// createOnce makes a task, or a ticket, unless an earlier attempt has: by upsert
// where the portal allows a unique property, else by search, then create.
func (w *writing) createOnce(ctx context.Context, crm CRM, o *object, able *ability, known Query, props map[string]string) error {
	l := w.l
	now := l.c.Now()
	unsure := o.CreatingAt != 0 && !o.Keyed
	if wait := time.UnixMilli(o.CreatingAt).Add(l.c.IndexWait).Sub(now); unsure && wait > 0 {
		return &patience{wait}
	}
	if unsure || !able.unique {
		found, err := crm.Find(ctx, known)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			*o = object{ID: found[0].ID, Portal: w.portal.ID, Ours: true}
			if err := w.note(ctx); err != nil {
				return err
			}
			return patch(ctx, crm, o, props)
		}
	}
	o.CreatingAt, o.Keyed = now.UnixMilli(), able.unique
	if err := w.note(ctx); err != nil {
		return err
	}
	var id string
	var err error
	if able.unique {
		id, err = crm.Upsert(ctx, keyProperty, props)
	} else {
		id, err = crm.Create(ctx, props)
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
	*o = object{ID: id, Portal: w.portal.ID, Ours: true, Written: maps.Clone(props)}
	return nil
}

// taskQuery finds the task of a record: by our property, else by the mark in
// its text.
func taskQuery(key string, able *ability) Query {
	if able.has(keyProperty) {
		return Query{Equal: map[string]string{keyProperty: key}}
	}
	return Query{Word: map[string]string{"hs_task_body": mark(key)}}
}

// mark is one word that no other record has.
func mark(key string) string {
	sum := sha256.Sum256([]byte(key))
	return "dbk" + hex.EncodeToString(sum[:12])
}

// taskProperties are the task that a record asks for (hubspot.md §3.4). able
// may be empty: then only what every portal has is used.
func taskProperties(r backend.Record, ownerID string, able *ability) map[string]string {
	subject, due := strings.TrimSpace(r.FollowUp.Subject), r.FollowUp.Due
	if subject == "" {
		subject = "Follow up: " + title(r)
	}
	if due == 0 {
		due = max(r.EndedAt, r.StartedAt) + (24 * time.Hour).Milliseconds()
	}
	lines := []string{html.EscapeString(title(r))}
	if r.Number != "" {
		lines = append(lines, html.EscapeString(r.Number))
	}
	if !able.has(keyProperty) {
		lines = append(lines, "Reference: "+mark(r.Key))
	}
	kind := "TODO"
	if r.Number != "" {
		kind = "CALL"
	}
	props := map[string]string{
		"hs_timestamp":    strconv.FormatInt(due, 10), // A task's is when it is due.
		"hs_task_subject": subject,
		"hs_task_body":    strings.Join(lines, "<br>"),
		"hs_task_status":  "NOT_STARTED",
	}
	if options := able.names["hs_task_type"].Options; len(options) == 0 || slices.Contains(options, kind) {
		props["hs_task_type"] = kind
	}
	if ownerID != "" {
		props["hubspot_owner_id"] = ownerID
	}
	if able.has(keyProperty) {
		props[keyProperty] = r.Key
	}
	return props
}
