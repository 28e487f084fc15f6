package engine

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/softphone"
)

// backoff doubles from one second to a bound. Up to half of it is chance, so
// that all the panels of a company do not come back at once.
func backoff(attempt int, most time.Duration) time.Duration {
	d := min(time.Second<<min(attempt, 10), most)
	return d - rand.N(d/2)
}

// pause waits for d or for wake, whichever comes first; false when ctx ended.
func pause(ctx context.Context, d time.Duration, wake <-chan struct{}) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
	case <-wake:
	}
	return true
}

// configure loads settings and Webex configuration for each session that
// begins, and tries again until it has them.
func (e *Engine) configure(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.begun:
		}
		for attempt := 0; ; attempt++ {
			err := e.loadConfig(ctx)
			if err == nil || e.expired(err) || ctx.Err() != nil {
				break
			}
			code := softphone.BackendDown
			if refusal := (*backend.Error)(nil); errors.As(err, &refusal) && refusal.Code != backend.CodeBackendDown {
				code = softphone.ConfigFailed
				if refusal.Status == 426 {
					code = softphone.VersionMismatch
				}
			}
			e.Send(softphone.ConfigureFailed{Code: code})
			if !pause(ctx, backoff(attempt, 15*time.Second), e.begun) {
				return
			}
		}
	}
}

func (e *Engine) loadConfig(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	settings, err := e.askSettings(ctx)
	if err != nil {
		return err
	}
	e.gate.set(settings.AllowedOrigins)
	e.Send(softphone.SettingsLoaded{Settings: tenantSettings(settings)})
	config, err := e.cfg.Backend.Config(ctx)
	if err != nil {
		return err
	}
	e.entryPoint.Store(config.OutdialEntryPoint)
	e.profileID.Store(config.AgentProfileID)
	e.Send(softphone.Configured{Profile: profile(config)})
	return nil
}

// askSettings asks for the settings as the Desktop's layout changes them, where
// there is one.
func (e *Engine) askSettings(ctx context.Context) (backend.Settings, error) {
	q := backend.SettingsQuery{PortalID: e.layoutPortal(), Layout: e.layout()}
	if q.PortalID == "" && len(q.Layout) == 0 {
		return e.cfg.Backend.Settings(ctx)
	}
	return e.cfg.Backend.SettingsFor(ctx, q)
}

// layout is what the Desktop's layout sets, nil for nothing. One that the
// backend could not read is nothing, too: the portal's settings hold.
func (e *Engine) layout() backend.Layout {
	if e.cfg.Layout == nil {
		return nil
	}
	l := e.cfg.Layout()
	if len(l) == 0 {
		return nil
	}
	if len(l) > backend.MaxLayout || !json.Valid(l) {
		e.cfg.Log("the layout cannot be used", "bytes", len(l))
		return nil
	}
	return l
}

// layoutPortal is the portal that the Desktop's layout names, if it does.
func (e *Engine) layoutPortal() string {
	if e.cfg.Portal == nil {
		return ""
	}
	return e.cfg.Portal()
}

// Reconfigure loads the settings anew, because the Desktop's layout is another
// one. Without a session it does nothing: the next one loads them anyway.
func (e *Engine) Reconfigure() {
	e.mu.Lock()
	in := e.state.Session == softphone.SignedInState
	e.mu.Unlock()
	if in {
		signal(e.begun)
	}
}

// pollsMost is how often receipts are asked for after the last record went out:
// about an hour.
const pollsMost = 70

// pollReceipts asks for receipts while any is on its way.
func (e *Engine) pollReceipts(ctx context.Context) {
	for attempt := 0; ; {
		if !e.awaitsReceipt() || attempt >= pollsMost {
			attempt = 0
			select {
			case <-ctx.Done():
				return
			case <-e.polls:
			}
			continue
		}
		if !pause(ctx, backoff(attempt, time.Minute), nil) {
			return
		}
		attempt++
		asked, cancel := context.WithTimeout(ctx, 10*time.Second)
		records, err := e.records(asked)
		cancel()
		if err == nil {
			e.Send(softphone.HistoryLoaded{Records: records})
		} else {
			e.expired(err)
		}
	}
}

// receiptsFor is how far back the server's list of records goes.
const receiptsFor = 48 * time.Hour

// awaitsReceipt says whether some past record is not where it should end. One
// that is saved with a reason stays so: it becomes no activity.
func (e *Engine) awaitsReceipt() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.state.Session != softphone.SignedInState {
		return false
	}
	return slices.ContainsFunc(e.view.History, func(r softphone.Record) bool {
		under := r.Receipt.State == softphone.Queued || r.Receipt.State == softphone.Saved && r.Receipt.Detail == ""
		return under && e.cfg.Now().Sub(r.StartedAt) < receiptsFor
	})
}

func (e *Engine) records(ctx context.Context) ([]softphone.Record, error) {
	stored, err := e.cfg.Backend.Interactions(ctx)
	if err != nil {
		return nil, err
	}
	records := make([]softphone.Record, 0, len(stored.Interactions))
	for _, s := range stored.Interactions {
		records = append(records, fromBackend(s))
	}
	return records, nil
}

// watchLead competes for the lead and says who has it.
func (e *Engine) watchLead(ctx context.Context) {
	if e.cfg.Leader == nil {
		e.Send(softphone.Leading{Lead: true})
		return
	}
	steal := false
	for ctx.Err() == nil {
		lost, err := e.acquire(ctx, steal)
		if err != nil {
			if !pause(ctx, 2*time.Second, e.steal) {
				return
			}
			continue
		}
		if lost == nil { // Asked to steal while waiting.
			steal = true
			continue
		}
		steal = false
		e.Send(softphone.Leading{Lead: true})
		if !e.lead(ctx, lost) {
			return
		}
		e.Send(softphone.Leading{Lead: false})
	}
}

// lead returns when the lead is lost; false when ctx ended. Asking for what
// one has is no news.
func (e *Engine) lead(ctx context.Context, lost <-chan struct{}) bool {
	for {
		select {
		case <-ctx.Done():
			return false
		case <-lost:
			return true
		case <-e.steal:
		}
	}
}

// acquire waits for the lead. It says that another tab leads when that takes
// longer than an uncontested lock would, and returns nil when the agent asks
// to take the lead meanwhile.
func (e *Engine) acquire(ctx context.Context, steal bool) (<-chan struct{}, error) {
	waiting, cancel := context.WithCancel(ctx)
	type result struct {
		lost <-chan struct{}
		err  error
	}
	got := make(chan result, 1)
	go func() {
		lost, err := e.cfg.Leader.Acquire(waiting, steal)
		got <- result{lost, err}
	}()
	slow := time.NewTimer(300 * time.Millisecond)
	defer slow.Stop()
	for {
		select {
		case r := <-got:
			if r.err != nil {
				cancel()
			}
			context.AfterFunc(ctx, cancel) // The lead is held until the engine ends.
			return r.lost, r.err
		case <-slow.C:
			e.Send(softphone.Leading{Lead: false})
		case <-e.steal:
			cancel()
			<-got
			return nil, nil
		}
	}
}
