package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"deskbridge/pkg/backend"
)

// A pageCache keeps pages of lists for a minute, asks once for however many
// want the same one, and forgets some when it is full.
type pageCache struct {
	now    func() time.Time
	flight singleflight.Group

	mu   sync.Mutex
	kept map[string]keptPage
}

type keptPage struct {
	page  backend.Page
	until time.Time
}

func newPageCache(now func() time.Time) *pageCache {
	return &pageCache{now: now, kept: map[string]keptPage{}}
}

// get returns a page. Unlike a configuration it is given up when whoever asked
// first is gone: typing leaves many questions behind that nobody wants
// answered. Others who wait for the same page then ask for themselves.
func (pc *pageCache) get(ctx context.Context, key string, ask func(context.Context) (backend.Page, error)) (backend.Page, error) {
	const tries = 3
	for try := 1; ; try++ {
		if page, ok := pc.look(key); ok {
			return page, nil
		}
		answer := pc.flight.DoChan(key, func() (any, error) {
			asking, cancel := context.WithTimeout(ctx, directoryTime)
			defer cancel()
			page, err := ask(asking)
			if err == nil {
				pc.keep(key, page)
			}
			return page, err
		})
		select {
		case <-ctx.Done():
			return backend.Page{}, ctx.Err()
		case r := <-answer:
			if try < tries && ctx.Err() == nil && errors.Is(r.Err, context.Canceled) {
				continue // It was somebody else's.
			}
			page, _ := r.Val.(backend.Page)
			return page, r.Err
		}
	}
}

func (pc *pageCache) look(key string) (backend.Page, bool) {
	pc.mu.Lock()
	defer pc.mu.Unlock()
	kept, ok := pc.kept[key]
	return kept.page, ok && pc.now().Before(kept.until)
}

func (pc *pageCache) keep(key string, page backend.Page) {
	pc.mu.Lock()
	defer pc.mu.Unlock()
	now := pc.now()
	if len(pc.kept) >= directoryPages {
		for old, kept := range pc.kept {
			if !now.Before(kept.until) || len(pc.kept) > directoryPages*9/10 {
				delete(pc.kept, old)
			}
		}
	}
	pc.kept[key] = keptPage{page, now.Add(directoryFresh)}
}

// forget empties the cache.
func (pc *pageCache) forget() {
	pc.mu.Lock()
	defer pc.mu.Unlock()
	clear(pc.kept)
}
