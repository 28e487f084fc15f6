package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/ledger"
)

// webhookPath is where HubSpot tells of changes.
const webhookPath = "/hubspot/webhooks"

const (
	eventMemory = 72 * time.Hour   // HubSpot repeats an event for a day.
	eventEvery  = 30 * time.Second // How often what was not woken for is looked for.
	eventBatch  = 50
)

var errUnsigned = refuse(http.StatusUnauthorized, backend.CodeForbidden, "This request is not signed by HubSpot, or is too old.")

// webhook takes what HubSpot tells of: POST /hubspot/webhooks. It is on disk
// when it is answered; the work comes afterwards, as HubSpot waits five seconds
// only. An event that has come before is not stored again.
func (s *server) webhook(c echo.Context) error {
	r := c.Request()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("read webhook: %w", err)
	}
	address := s.cfg.origin(r) + r.URL.RequestURI()
	if err := hubspot.Verify(s.cfg.HubSpotClientSecret, r.Method, address, body, r.Header, s.Now()); err != nil {
		return errors.Join(errUnsigned, err)
	}
	events, err := decodeEvents(body)
	if err != nil {
		return invalid("The request is no list of HubSpot's events.")
	}
	fresh, err := s.Installs.store(r.Context(), events)
	if err != nil {
		return err
	}
	s.Log.Info("hubspot events", "request", requestID(c), "events", len(events), "new", fresh)
	s.Installs.wake()
	return c.NoContent(http.StatusOK)
}

// storedEvent is an event with its name, and as it is stored.
type storedEvent struct {
	id, body string
	hubspot.Event
}

// decodeEvents reads a webhook's body. Values of properties are left out: they
// may be anybody's number.
func decodeEvents(body []byte) ([]storedEvent, error) {
	var raw []map[string]json.RawMessage
	if err := json.Unmarshal(body, &raw); err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	all := make([]storedEvent, 0, len(raw))
	for _, fields := range raw {
		delete(fields, "propertyValue")
		text, err := json.Marshal(fields)
		if err != nil {
			return nil, fmt.Errorf("events: %w", err)
		}
		e := storedEvent{body: string(text)}
		if err := json.Unmarshal(text, &e.Event); err != nil {
			return nil, fmt.Errorf("events: %w", err)
		}
		if e.PortalID == "" || e.Type == "" {
			return nil, errors.New("events: one without account or type")
		}
		// An event's id alone is not unique.
		e.id = digest(strings.Join([]string{
			e.PortalID, e.Type, e.ID, e.Subscribed, e.ObjectID, e.Property, e.OccurredAt.UTC().Format(time.RFC3339Nano),
		}, "\x00"))
		all = append(all, e)
	}
	return all, nil
}

// store keeps events that have not come before and says how many those are.
func (s *installs) store(ctx context.Context, events []storedEvent) (fresh int, err error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, fmt.Errorf("store events: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // A no-op after Commit.
	for _, e := range events {
		done, err := tx.ExecContext(ctx, `INSERT INTO server_hubspot_events (id, body, received_at) VALUES ($1, $2, $3)
			ON CONFLICT (id) DO NOTHING`, e.id, e.body, s.now().UnixMilli())
		if err != nil {
			return 0, fmt.Errorf("store events: %w", err)
		}
		n, _ := done.RowsAffected()
		fresh += int(n)
	}
	if err := tx.Commit(); err != nil {
		return 0, fmt.Errorf("store events: %w", err)
	}
	return fresh, nil
}

// wake lets the work on events begin.
func (s *installs) wake() {
	select {
	case s.woken <- struct{}{}:
	default: // It has been woken already.
	}
}

// pending returns some of the events that are not done, those that have failed
// least first.
func (s *installs) pending(ctx context.Context) ([]storedEvent, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT id, body FROM server_hubspot_events WHERE done_at = 0
		ORDER BY tries, received_at, id LIMIT $1`, eventBatch)
	if err != nil {
		return nil, fmt.Errorf("pending events: %w", err)
	}
	defer rows.Close()
	var all []storedEvent
	for rows.Next() {
		var e storedEvent
		if err := rows.Scan(&e.id, &e.body); err != nil {
			return nil, fmt.Errorf("pending events: %w", err)
		}
		if err := json.Unmarshal([]byte(e.body), &e.Event); err != nil {
			return nil, fmt.Errorf("pending events: %w", err)
		}
		all = append(all, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("pending events: %w", err)
	}
	return all, nil
}

// finish says how the work on an event ended.
func (s *installs) finish(ctx context.Context, id string, failed bool) error {
	query, args := `UPDATE server_hubspot_events SET done_at = $2 WHERE id = $1`, []any{id, s.now().UnixMilli()}
	if failed {
		query, args = `UPDATE server_hubspot_events SET tries = tries + 1 WHERE id = $1`, []any{id}
	}
	if _, err := s.db.ExecContext(ctx, query, args...); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("finish event: %w", err)
	}
	return nil
}

// workEvents works on what HubSpot has told of until ctx ends. What was left by
// a process that died is found at the next start; each step may be repeated.
func (d deps) workEvents(ctx context.Context, cfg Config) {
	tick := time.NewTicker(eventEvery)
	defer tick.Stop()
	for {
		for {
			more, err := d.workSome(ctx, cfg)
			if err != nil && ctx.Err() == nil {
				d.Log.Error("hubspot's events not worked on", "error", maskText(err.Error()))
			}
			if err != nil || !more {
				break
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-d.Installs.woken:
		case <-tick.C:
		}
	}
}

// workSome works on a batch and says whether there may be another one.
func (d deps) workSome(ctx context.Context, cfg Config) (more bool, err error) {
	events, err := d.Installs.pending(ctx)
	if err != nil {
		return false, err
	}
	failures := 0
	for _, e := range events {
		err := d.react(ctx, cfg, e.Event)
		if err != nil {
			if ctx.Err() != nil {
				return false, ctx.Err()
			}
			failures++
			d.Log.Warn("hubspot's event waits", "type", e.Type, "portal", e.PortalID, "error", maskText(err.Error()))
		}
		if err := d.Installs.finish(ctx, e.id, err != nil); err != nil {
			return false, err
		}
	}
	return len(events) == eventBatch && failures == 0, nil
}

// react does what an event asks for.
func (d deps) react(ctx context.Context, cfg Config, e hubspot.Event) error {
	if e.Type == hubspot.Uninstalled {
		return d.uninstalled(ctx, cfg, e)
	}
	links, err := d.Tenants.Connections(ctx, e.PortalID)
	if err != nil || len(links) == 0 {
		return err
	}
	for _, l := range links {
		at := ledger.Place{OrgID: l.OrgID, PortalID: l.PortalID, Default: l.Default}
		if err := d.amend(ctx, at, e); err != nil {
			return err
		}
	}
	// Whatever it was: names, numbers and companies are no longer certain.
	d.Accounts.forget(e.PortalID)
	if d.caches != nil {
		d.caches.pages.forget()
	}
	return nil
}

// amend brings the ledger up to date with an event.
func (d deps) amend(ctx context.Context, at ledger.Place, e hubspot.Event) error {
	objectType := hubspot.Contacts
	switch e.Type {
	case hubspot.ContactPrivacyDeletion:
		n, err := d.Books.Erase(ctx, at, hubspot.Contacts, e.ObjectID)
		if err == nil {
			d.Log.Info("person erased", "portal", at.PortalID, "org", at.OrgID, "records", n)
		}
		return ignoreInvalid(err)
	case hubspot.CompanyMerge:
		objectType = hubspot.Companies
	case hubspot.ContactMerge:
	default:
		return nil
	}
	// Newer merges make a third record; then even the winner is gone.
	to, gone := e.Primary, e.Merged
	if to == "" {
		to = e.ObjectID
	}
	if e.New != "" {
		gone, to = append(gone, to), e.New
	}
	for _, from := range gone {
		if from == to {
			continue
		}
		n, err := d.Books.Repoint(ctx, at, objectType, from, to)
		if ignoreInvalid(err) != nil {
			return err
		}
		d.Log.Info("records follow a merge", "portal", at.PortalID, "org", at.OrgID, "records", n)
	}
	return nil
}

// ignoreInvalid passes over ids that are none: nothing could ever come of them.
func ignoreInvalid(err error) error {
	var invalid *ledger.InvalidError
	if errors.As(err, &invalid) {
		return nil
	}
	return err
}

// uninstalled forgets the access to an account that has taken the app out; its
// records wait for the next installation. One that was older than the present
// installation is out of date.
func (d deps) uninstalled(ctx context.Context, cfg Config, e hubspot.Event) error {
	if cfg.static(e.PortalID) {
		return nil // Not ours to lose.
	}
	known, err := d.Installs.account(ctx, e.PortalID)
	if err != nil || known.State == accountConnected && e.OccurredAt.Before(known.At) {
		return err
	}
	if err := d.Tokens.Delete(ctx, hubspotID(e.PortalID)); err != nil {
		return err
	}
	d.Accounts.forget(e.PortalID)
	d.Log.Warn("hubspot app uninstalled", "portal", e.PortalID)
	return d.Installs.setAccount(ctx, account{PortalID: e.PortalID, State: accountDisconnected, Why: whyUninstalled})
}
