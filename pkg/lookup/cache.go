package lookup

import (
	"sync"
	"time"
)

type key struct{ portal, e164 string }

type entry struct {
	matches    []Match
	at         time.Time
	generation int64
}

// cache keeps answers until newer ones come or it is full.
type cache struct {
	limit int

	mu         sync.Mutex
	m          map[key]entry
	generation int64 // Rises with every set and clear.
	cleared    int64 // The generation of the last clear.
}

// get returns an answer of any age.
func (c *cache) get(k key, now time.Time) (matches []Match, age time.Duration, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.m[k]
	return e.matches, now.Sub(e.at), ok
}

// now is what a search notes when it begins, for put.
func (c *cache) now() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.generation
}

// put keeps a search's answer unless the cache has learnt better since the
// search began; it returns what holds now.
func (c *cache) put(k key, matches []Match, now time.Time, began int64) []Match {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.m[k]; ok && e.generation > began {
		return e.matches
	}
	if c.cleared > began {
		return matches
	}
	c.keep(k, entry{matches, now, began})
	return matches
}

// set keeps an answer that no search may replace that is under way.
func (c *cache) set(k key, matches []Match, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	c.keep(k, entry{matches, now, c.generation})
}

// keep makes room by dropping any other entries: the cache is large enough for
// this to be rare.
func (c *cache) keep(k key, e entry) {
	if _, ok := c.m[k]; !ok && len(c.m) >= c.limit {
		drop := max(c.limit/10, 1)
		for other := range c.m {
			delete(c.m, other)
			if drop--; drop == 0 {
				break
			}
		}
	}
	c.m[k] = e
}

func (c *cache) clear(portalID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	c.cleared = c.generation
	for k := range c.m {
		if portalID == "" || k.portal == portalID {
			delete(c.m, k)
		}
	}
}
