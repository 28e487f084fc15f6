package engine

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/softphone"
)

const (
	outboxPrefix = "deskbridge.outbox."
	refusedKept  = 14 * 24 * time.Hour // How long a refused record waits for a person.
)

// outbox keeps each record's newest revision in the store until the backend
// has it and nothing more will come. It is bound to an agent: what another
// agent left unsent stays where it is until that agent is back. Of several tabs
// the leading one has what is in the store; any other only what it made itself.
// The other half, which sends, is in sender.go.
type outbox struct {
	e    *Engine
	mu   sync.Mutex
	bent bool // The store refuses, and that was said.
	who  string
	box  map[string]item
	wake chan struct{}

	works bool // The backend took the last record. Only run touches it.
}

// item is a record with the revision that the backend has acknowledged.
type item struct {
	Record  backend.Record   `json:"record"`
	Acked   int64            `json:"acked"`
	Refused *backend.Receipt `json:"refused,omitempty"` // The backend will not take this revision: a person must change it.

	who    string
	stored bool      // The store has it as it is.
	next   time.Time // Not to be sent before then; of what is acknowledged, the next sign of life.
	fails  int       // How often the backend failed on this record although it took others.
	tried  bool      // In this outage.
}

func (it item) unsent() bool { return it.Acked < it.Record.Revision }

// done says that nobody needs the item any more.
func (it item) done() bool { return it.Record.Final && !it.unsent() && it.Refused == nil }

func newOutbox(e *Engine) *outbox {
	return &outbox{e: e, box: map[string]item{}, wake: make(chan struct{}, 1)}
}

// bind makes the outbox the agent's. What only this tab has is kept, whoever it
// belongs to; the leading tab also takes what is in the store.
func (o *outbox) bind(agentID string, lead bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.who = agentID
	for key, it := range o.box {
		if it.stored || !it.unsent() {
			delete(o.box, key)
		}
	}
	if lead {
		o.load()
	}
	signal(o.wake)
}

func (o *outbox) load() {
	for _, key := range o.e.cfg.Store.Keys() {
		if !strings.HasPrefix(key, outboxPrefix+o.who+".") {
			continue
		}
		it := item{who: o.who, stored: true}
		text, ok := o.e.cfg.Store.Get(key)
		if !ok || json.Unmarshal([]byte(text), &it) != nil || it.Record.Key == "" {
			continue
		}
		old := it.Refused != nil && o.e.cfg.Now().Sub(moment(it.Record.StartedAt)) > refusedKept
		switch {
		case old || it.done():
			o.e.cfg.Store.Remove(key)
		case it.Record.Revision > o.box[it.Record.Key].Record.Revision:
			o.box[it.Record.Key] = it
		}
	}
}

// add writes a revision down, then lets the sender know.
func (o *outbox) add(r backend.Record) {
	o.mu.Lock()
	it, known := o.box[r.Key]
	if !known {
		it.who = o.who
	}
	if r.Revision >= it.Record.Revision {
		it.Record, it.Refused = r, nil
		it.next, it.fails, it.tried = time.Time{}, 0, false
		o.put(it)
	}
	o.mu.Unlock()
	signal(o.wake)
}

func storeKey(it item) string { return outboxPrefix + it.who + "." + it.Record.Key }

// put keeps an item in memory and in the store.
func (o *outbox) put(it item) {
	if it.done() {
		delete(o.box, it.Record.Key)
		o.e.cfg.Store.Remove(storeKey(it))
		o.rewrite()
		return
	}
	it.stored = o.write(it)
	o.box[it.Record.Key] = it
	if !it.stored {
		o.complain()
	}
}

// write puts an item into the store, in the place of what the backend has if
// there is no room otherwise.
func (o *outbox) write(it item) bool {
	text, err := json.Marshal(it)
	for err == nil {
		if o.e.cfg.Store.Set(storeKey(it), string(text)) == nil {
			return true
		}
		if !o.makeRoom(it.Record.Key) {
			break
		}
	}
	return false
}

// makeRoom takes the oldest record out of the store that the backend has; in
// memory it stays. False when there is none.
func (o *outbox) makeRoom(but string) bool {
	for _, key := range o.oldestFirst() {
		it := o.box[key]
		if it.stored && !it.unsent() && it.Refused == nil && key != but {
			o.e.cfg.Store.Remove(storeKey(it))
			it.stored = false
			o.box[key] = it
			return true
		}
	}
	return false
}

// rewrite tries again to store what had no room: some has been made.
func (o *outbox) rewrite() {
	for _, key := range o.oldestFirst() {
		it := o.box[key]
		if it.stored || !it.unsent() {
			continue
		}
		if it.stored = o.write(it); !it.stored {
			return
		}
		o.box[key] = it
	}
}

// oldestFirst are the keys of all items in the order in which they began.
func (o *outbox) oldestFirst() []string {
	keys := slices.Collect(maps.Keys(o.box))
	began := make(map[string]int64, len(keys))
	for key, it := range o.box {
		began[key] = it.Record.StartedAt
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(began[a], began[b]), cmp.Compare(a, b)) })
	return keys
}

// complain says once that not everything survives a reload of this frame.
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
		if it.who != o.who {
			continue
		}
		stored := backend.Interaction{Record: it.Record}
		if it.Refused != nil {
			stored.Receipt = *it.Refused
		}
		r := fromBackend(stored)
		at := slices.IndexFunc(out, func(k softphone.Record) bool { return k.Key == r.Key })
		switch {
		case at < 0:
			out = append(out, r)
		case r.Revision > out[at].Revision:
			out[at] = r
		}
	}
	slices.SortFunc(out, func(a, b softphone.Record) int {
		return cmp.Or(b.StartedAt.Compare(a.StartedAt), cmp.Compare(a.Key, b.Key))
	})
	return out
}
