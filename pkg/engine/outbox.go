package engine

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/softphone"
)

const (
	outboxPrefix = "deskbridge.outbox."
	signOfLife   = 30 * time.Second // How often a live record is sent again, so that the server knows the widget is alive.
	unsentMost   = 15 * time.Second // Longest pause between tries.
)

// outbox keeps each record's newest revision in the store until the backend
// has it and nothing more will come. It is bound to an agent: what another
// agent left unsent stays where it is until that agent is back.
type outbox struct {
	e    *Engine
	mu   sync.Mutex
	bent bool // The store refuses: nothing survives a reload.
	who  string
	box  map[string]item
	wake chan struct{}
}

// item is a record with the revision that the backend has acknowledged.
type item struct {
	Record backend.Record `json:"record"`
	Acked  int64          `json:"acked"`
	Next   time.Time      `json:"-"` // When to send again although acknowledged.
}

func newOutbox(e *Engine) *outbox {
	return &outbox{e: e, box: map[string]item{}, wake: make(chan struct{}, 1)}
}

// bind loads what the agent left unsent in this browser.
func (o *outbox) bind(agentID string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.who, o.box = agentID, map[string]item{}
	for _, key := range o.e.cfg.Store.Keys() {
		if !strings.HasPrefix(key, o.prefix()) {
			continue
		}
		var it item
		if text, ok := o.e.cfg.Store.Get(key); ok && json.Unmarshal([]byte(text), &it) == nil && it.Record.Key != "" {
			o.box[it.Record.Key] = it
		}
	}
	signal(o.wake)
}

func (o *outbox) prefix() string { return outboxPrefix + o.who + "." }

// add writes a revision down, then lets the sender know.
func (o *outbox) add(r backend.Record) {
	o.mu.Lock()
	it := o.box[r.Key]
	if r.Revision >= it.Record.Revision {
		it.Record = r
		o.put(it)
	}
	o.mu.Unlock()
	signal(o.wake)
}

func (o *outbox) put(it item) {
	key := o.prefix() + it.Record.Key
	if it.Record.Final && it.Acked >= it.Record.Revision {
		delete(o.box, it.Record.Key)
		o.e.cfg.Store.Remove(key)
		return
	}
	o.box[it.Record.Key] = it
	text, err := json.Marshal(it)
	if err == nil {
		err = o.e.cfg.Store.Set(key, string(text))
	}
	if err != nil {
		o.complain()
	}
}

// complain says once that nothing survives a reload of this frame.
func (o *outbox) complain() {
	if !o.bent {
		o.bent = true
		o.e.Send(softphone.ConfigureFailed{Code: softphone.StorageUnusable})
	}
}

// merge adds what only this browser knows to what the backend answered.
func (o *outbox) merge(known []softphone.Record) []softphone.Record {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := slices.Clone(known)
	for _, it := range o.box {
		r := fromBackend(backend.Interaction{Record: it.Record})
		at := slices.IndexFunc(out, func(k softphone.Record) bool { return k.Key == r.Key })
		switch {
		case at < 0:
			out = append(out, r)
		case r.Revision > out[at].Revision:
			out[at] = r
		}
	}
	slices.SortFunc(out, func(a, b softphone.Record) int {
		if c := b.StartedAt.Compare(a.StartedAt); c != 0 {
			return c
		}
		return strings.Compare(string(a.Key), string(b.Key))
	})
	return out
}

// run sends until ctx ends: what is unsent first, signs of life when due.
func (o *outbox) run(ctx context.Context) {
	down, attempt := false, 0
	for ctx.Err() == nil {
		it, wait := o.next()
		if it.Record.Key == "" {
			if !pause(ctx, wait, o.wake) {
				return
			}
			continue
		}
		err := o.send(ctx, it)
		if err == nil {
			attempt = 0
			if down || o.queued() == 0 {
				down = false
				o.e.Send(softphone.BackendReachable{OK: true})
			}
			continue
		}
		if o.e.expired(err) {
			// Nothing is lost: it goes out after the next sign-in.
			if !pause(ctx, unsentMost, o.wake) {
				return
			}
			continue
		}
		down = true
		o.e.Send(softphone.BackendReachable{OK: false, Queued: o.queued()})
		if !pause(ctx, backoff(attempt, unsentMost), nil) {
			return
		}
		attempt++
	}
}

// next picks what to send now, or says how long there is nothing to do.
func (o *outbox) next() (item, time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now, wait := o.e.cfg.Now(), time.Hour
	var due item
	for _, it := range o.box {
		switch {
		case it.Acked < it.Record.Revision:
			if due.Record.Key == "" || it.Record.StartedAt < due.Record.StartedAt || due.Acked >= due.Record.Revision {
				due = it
			}
		case due.Record.Key == "" && !now.Before(it.Next):
			due = it
		default:
			wait = min(wait, max(it.Next.Sub(now), 0))
		}
	}
	if o.who == "" || o.e.cfg.Session.Token() == "" {
		return item{}, time.Hour
	}
	return due, wait
}

func (o *outbox) queued() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for _, it := range o.box {
		if it.Acked < it.Record.Revision {
			n++
		}
	}
	return n
}

// send puts one record. A refusal that no retry can change is a receipt of its
// own: the record needs a person.
func (o *outbox) send(ctx context.Context, it item) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	got, err := o.e.cfg.Backend.Put(ctx, it.Record)
	var refusal *backend.Error
	if errors.As(err, &refusal) && !refusal.Retryable() && refusal.Status != 401 && refusal.Status != 426 {
		got = backend.Receipt{Key: it.Record.Key, Revision: it.Record.Revision, State: string(softphone.NeedsYou), Detail: refusal.Message}
		err = nil
	}
	if err != nil {
		return err
	}
	o.mu.Lock()
	if now, ok := o.box[it.Record.Key]; ok {
		now.Acked = max(now.Acked, min(got.Revision, it.Record.Revision))
		now.Next = o.e.cfg.Now().Add(signOfLife)
		o.put(now)
	}
	o.mu.Unlock()
	o.e.Send(softphone.RecordAcknowledged{Receipt: receipt(got)})
	signal(o.e.polls)
	return nil
}
