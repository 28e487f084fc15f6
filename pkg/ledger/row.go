package ledger

import (
	"context"
	"encoding/json"

	"deskbridge/pkg/backend"
)

// The states of a receipt.
const (
	stateQueued   = "queued"
	stateSaved    = "saved"
	stateEnriched = "enriched"
	stateNeedsYou = "needs-you"
)

// The kinds of needs-you: whose turn it is.
const (
	needAgent = "agent" // Edit and resend.
	needAdmin = "admin" // Link or authorise again; Resume then retries all.
)

// row is a record as it is stored. Times are ms since 1970.
type row struct {
	Key        string
	Agent      Agent
	Record     backend.Record
	Seq        int64 // Rises with each change that HubSpot is to see; the job carries it.
	WrittenSeq int64
	StartedAt  int64
	SeenAt     int64 // The widget's last sign of life.
	DueAt      int64 // When there was first something to write; 0 while the call is live.
	Finalised  int64 // When the server ended it; 0 if it has not.

	State  string
	Need   string
	Detail string
	URL    string

	Object   object
	Task     object // The follow-up.
	Ticket   object // That we make, if it is ours, or that the call is about.
	UpdateAt int64
}

// object is what the ledger knows of an activity in HubSpot.
type object struct {
	ID         string            `json:"id,omitempty"`
	Portal     string            `json:"portal,omitempty"`
	Ours       bool              `json:"ours,omitempty"`     // Created by us, not by HubSpot's page.
	CreatingAt int64             `json:"creating,omitempty"` // A create whose outcome is unknown began then.
	Keyed      bool              `json:"keyed,omitempty"`    // That create was an upsert, which may be repeated.
	Spare      string            `json:"spare,omitempty"`    // Our own, to be archived: HubSpot made one too.
	Kept       map[string]string `json:"kept,omitempty"`     // What people wrote into the spare; it is not ours to change.
	Written    map[string]string `json:"written,omitempty"`
	Links      []string          `json:"links,omitempty"`   // "<object type id>/<id>" that we associated, sorted.
	Linking    []string          `json:"linking,omitempty"` // That we began to associate.
	Related    string            `json:"related,omitempty"` // By which record and rules Links beside the record were chosen.
	Fails      int               `json:"fails,omitempty"`   // Transient failures in a row.
	OwnerOf    string            `json:"owner,omitempty"`   // The agent whose owner it was given last.
	After      int64             `json:"after,omitempty"`   // For how long the call went on without its agent, as written last; ms.
	URL        string            `json:"url,omitempty"`     // Of a ticket's page.
	Dropped    string            `json:"dropped,omitempty"` // The one that we archived as unwanted.
	Erased     bool              `json:"erased,omitempty"`  // The customer wants to be forgotten.
	Moved      map[string]string `json:"moved,omitempty"`   // By "<object type id>/<id>": the id it was merged into.
}

// UnmarshalJSON reads what older programs have written, too: they knew one link.
func (o *object) UnmarshalJSON(b []byte) error {
	type plain object
	w := struct {
		*plain
		Linked string `json:"linked"`
	}{plain: (*plain)(o)}
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	if w.Linked != "" && len(o.Links) == 0 {
		o.Links = []string{w.Linked}
	}
	return nil
}

// put merges a record into what is stored and enqueues its job. It runs in a
// transaction.
func (l *Ledger) put(ctx context.Context, tx tx, a Agent, r backend.Record) (row, error) {
	now := l.c.Now().UnixMilli()
	fresh := row{
		Key: r.Key, Agent: a, Record: r, Seq: 1, State: stateQueued,
		StartedAt: r.StartedAt, SeenAt: now, UpdateAt: now,
	}
	if fresh.StartedAt == 0 {
		fresh.StartedAt = now
	}
	if ended(r) {
		fresh.DueAt = now
	}
	isNew, err := l.store.insert(ctx, tx, fresh)
	if err != nil {
		return row{}, err
	}
	if isNew {
		priority := priorityFresh
		if r.EndedAt != 0 && now-r.EndedAt > freshFor.Milliseconds() {
			priority = priorityBacklog // The widget could not reach us for long.
		}
		return fresh, l.enqueueDue(ctx, tx, fresh, priority)
	}
	old, err := l.own(ctx, tx, a, r.Key)
	if err != nil {
		return row{}, err
	}
	switch {
	case r.Revision < old.Record.Revision:
		return old, nil
	case r.Revision == old.Record.Revision:
		old.SeenAt = now
		if old.Finalised != 0 && !ended(old.Record) {
			// The widget lives after all: the call goes on, and the activity, if
			// one was written, waits for the end.
			old.Finalised, old.DueAt = 0, 0
		} else {
			old.Finalised = 0
		}
		return old, l.store.update(ctx, tx, old)
	}
	r = old.Object.amend(r)
	if r.EngagementID == "" {
		r.EngagementID = old.Record.EngagementID // An id does not become unknown.
	}
	old.Record, old.Agent.Email, old.Agent.Name = r, a.Email, a.Name
	old.SeenAt, old.UpdateAt, old.Finalised = now, now, 0
	if r.StartedAt != 0 {
		old.StartedAt = r.StartedAt
	}
	if !ended(r) {
		old.DueAt = 0
	} else if old.DueAt == 0 {
		old.DueAt = now
	}
	return old, l.requeue(ctx, tx, &old, priorityFresh)
}

// own reads and locks the agent's row.
func (l *Ledger) own(ctx context.Context, tx tx, a Agent, key string) (row, error) {
	r, err := l.store.get(ctx, tx, key)
	if err != nil {
		return row{}, err
	}
	if r.Agent.OrgID != a.OrgID || r.Agent.AgentID != a.AgentID {
		return row{}, ErrForeign
	}
	return r, nil
}

// requeue makes the row's present content the newest to be written.
func (l *Ledger) requeue(ctx context.Context, tx tx, r *row, priority int) error {
	r.Seq++
	r.State, r.Need, r.Detail = stateQueued, "", ""
	r.UpdateAt = l.c.Now().UnixMilli()
	if err := l.store.update(ctx, tx, *r); err != nil {
		return err
	}
	return l.enqueueDue(ctx, tx, *r, priority)
}

// enqueueDue enqueues the row's job, if there is something to write: nothing is
// written while a call is live, but a ticket that the agent asks for.
func (l *Ledger) enqueueDue(ctx context.Context, tx tx, r row, priority int) error {
	if r.DueAt == 0 && !r.asksTicket() {
		return nil
	}
	return tx.enqueue(ctx, writeArgs{Key: r.Key, Seq: r.Seq}, insertOpts(priority))
}

// ended says whether a record has something for HubSpot.
func ended(r backend.Record) bool {
	return r.Final || r.EndedAt != 0 || r.Phase == "wrap-up" || r.Phase == "done"
}

// effective is the record as it is to be shown and written: with the end that
// the server gave it, if it did.
func (r row) effective() backend.Record {
	rec := r.Record
	if rec.StartedAt == 0 {
		rec.StartedAt = r.StartedAt
	}
	if r.Finalised == 0 {
		return rec
	}
	if rec.EndedAt == 0 {
		rec.EndedAt = max(r.SeenAt, rec.StartedAt, rec.AnsweredAt)
	}
	if rec.Outcome == "" {
		rec.Outcome = outcome(rec)
	}
	rec.Phase, rec.Final = "done", true
	return rec
}

func (r row) receipt() backend.Receipt {
	return backend.Receipt{
		Key: r.Key, Revision: r.Record.Revision, State: r.State, URL: r.URL, TicketURL: r.Ticket.URL, Need: r.Need, Detail: r.Detail,
	}
}
