package lookup

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// Answers keeps what portals have answered: answers are believed for a while,
// whoever asks the same at the same time shares one question, and an old answer
// is better than a late one. Fill in the fields before use and do not change
// them afterwards; it may be used from several goroutines.
type Answers[V any] struct {
	Fresh    func(V) time.Duration // How long an answer is believed. Required.
	Serves   func(V) bool          // Whether an old answer is better than none. Defaults to always.
	Stale    time.Duration         // How old an answer may be that serves while the source is slow.
	Patience time.Duration         // How long to wait while there is an old answer.
	Timeout  time.Duration         // Of a question. Required.
	Entries  int                   // How many answers are kept. Required.
	Now      func() time.Time      // Required.

	// Observe is told how each question was answered and how long that took:
	// hit (from what is kept), miss (by the source), stale (by an old answer, as
	// the source was slow or away) or late (not at all). Optional.
	Observe func(result string, took time.Duration)

	flight singleflight.Group

	mu         sync.Mutex
	m          map[key]entry[V]
	generation int64 // Rises with every Set and Forget.
	cleared    int64 // The generation of the last Forget.
}

type key struct{ portal, name string }

type entry[V any] struct {
	value      V
	at         time.Time
	generation int64
}

// Get returns the answer to a question of a portal's, which ask finds out. Ask
// is given up after Timeout, not when ctx ends: its answer is for others, too.
//
// An error is ask's, or ctx's; it is returned only where no old answer serves.
func (a *Answers[V]) Get(ctx context.Context, portalID, name string, ask func(context.Context) (V, error)) (V, error) {
	began := time.Now()
	value, how, err := a.answer(ctx, key{portalID, name}, ask)
	if a.Observe != nil {
		a.Observe(how, time.Since(began))
	}
	return value, err
}

func (a *Answers[V]) answer(ctx context.Context, k key, ask func(context.Context) (V, error)) (value V, how string, err error) {
	old, age, known := a.get(k)
	if known && age < a.Fresh(old) {
		return old, "hit", nil
	}
	known = known && age < a.Stale && (a.Serves == nil || a.Serves(old))
	done := a.flight.DoChan(k.portal+" "+k.name, func() (any, error) {
		asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.Timeout)
		defer cancel()
		generation := a.now()
		found, err := ask(asking)
		if err != nil {
			return nil, err
		}
		return a.put(k, found, generation), nil
	})
	var late <-chan time.Time
	if known {
		timer := time.NewTimer(a.Patience)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case r := <-done:
		if r.Err == nil {
			value, _ = r.Val.(V)
			return value, "miss", nil
		}
		err = r.Err
	case <-late:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if known {
		return old, "stale", nil
	}
	return value, "late", err
}

// Change replaces an answer by what change makes of the one that is still
// believed. It becomes the newest answer, and questions under way do not
// replace it.
func (a *Answers[V]) Change(portalID, name string, change func(V) V) {
	k := key{portalID, name}
	old, age, known := a.get(k)
	if !known || age >= a.Fresh(old) {
		var none V
		old = none
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.generation++
	a.keep(k, entry[V]{change(old), a.Now(), a.generation})
}

// Forget forgets a portal's answers, or with an empty id all.
func (a *Answers[V]) Forget(portalID string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.generation++
	a.cleared = a.generation
	for k := range a.m {
		if portalID == "" || k.portal == portalID {
			delete(a.m, k)
		}
	}
}

// get returns an answer of any age.
func (a *Answers[V]) get(k key) (value V, age time.Duration, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e, ok := a.m[k]
	return e.value, a.Now().Sub(e.at), ok
}

// now is what a question notes when it begins, for put.
func (a *Answers[V]) now() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.generation
}

// put keeps an answer unless something better has been learnt since the
// question began; it returns what holds now.
func (a *Answers[V]) put(k key, value V, began int64) V {
	a.mu.Lock()
	defer a.mu.Unlock()
	if e, ok := a.m[k]; ok && e.generation > began {
		return e.value
	}
	if a.cleared > began {
		return value
	}
	a.keep(k, entry[V]{value, a.Now(), began})
	return value
}

// keep makes room by dropping any other entries: the cache is large enough for
// this to be rare.
func (a *Answers[V]) keep(k key, e entry[V]) {
	if a.m == nil {
		a.m = map[key]entry[V]{}
	}
	if _, ok := a.m[k]; !ok && len(a.m) >= a.Entries {
		drop := max(a.Entries/10, 1)
		for other := range a.m {
			delete(a.m, other)
			if drop--; drop == 0 {
				break
			}
		}
	}
	a.m[k] = e
}
