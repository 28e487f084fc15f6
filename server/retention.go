package main

import (
	"context"
	"errors"
	"sync"
	"time"
)

// keepHouse starts what runs beside the requests: the janitor, the work on
// HubSpot's events, and the look at others' changes of settings. The returned
// function ends them and then calls next.
func (d deps) keepHouse(ctx context.Context, cfg Config, next func()) func() {
	ctx, stop := context.WithCancel(ctx)
	cfg.Install = cfg.Install.withDefaults()
	var wg sync.WaitGroup
	wg.Go(func() { d.tidy(ctx, cfg.Install) }) // Ends with stop.
	wg.Go(func() { d.workEvents(ctx, cfg) })   // Ends with stop.
	wg.Go(func() { d.followSettings(ctx) })    // Ends with stop.
	return func() {
		stop()
		wg.Wait()
		next()
	}
}

// tidy sweeps now and then until ctx ends. Before that it seals anew what an
// older key has sealed, so that the key can be taken away.
func (d deps) tidy(ctx context.Context, i Install) {
	if store, ok := d.Tokens.(interface {
		Reseal(ctx context.Context) (int, error)
	}); ok {
		if n, err := store.Reseal(ctx); err != nil && ctx.Err() == nil {
			d.Log.Warn("not every token is sealed with the newest key", "error", maskText(err.Error()))
		} else if n > 0 {
			d.Log.Info("tokens sealed with the newest key", "tokens", n)
		}
	}
	tick := time.NewTicker(i.SweepEvery)
	defer tick.Stop()
	for {
		if err := d.sweep(ctx, i); err != nil && ctx.Err() == nil {
			d.Log.Error("not everything old was deleted", "error", maskText(err.Error()))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// sweep deletes what is over: sign-ins and sessions, install sessions and the
// tokens that waited for them, HubSpot's events that are done, and notes and
// records that are older than they may be. Replicas may do so at the same time.
func (d deps) sweep(ctx context.Context, i Install) error {
	err := d.SignIns.sweep(ctx)
	over, sweepErr := d.Installs.sweep(ctx)
	err = errors.Join(err, sweepErr)
	for _, in := range over {
		if in.Portal.Pending != "" {
			err = errors.Join(err, d.Tokens.Delete(ctx, in.Portal.Pending))
		}
		if in.Org.ID == "" {
			continue
		}
		// Whoever connected Webex and then linked nothing leaves nothing behind.
		portals, findErr := d.Tenants.Portals(ctx, in.Org.ID)
		if err = errors.Join(err, findErr); findErr == nil && len(portals) == 0 {
			err = errors.Join(err, d.Tokens.Delete(ctx, webexAdminID(in.Org.ID)))
		}
	}
	now := d.Now()
	blanked, forgotten, expireErr := d.Books.Expire(ctx, now.Add(-i.KeepNotes), now.Add(-i.KeepRecords))
	if blanked+forgotten > 0 {
		d.Log.Info("old records expired", "blanked", blanked, "forgotten", forgotten)
	}
	return errors.Join(err, expireErr)
}
