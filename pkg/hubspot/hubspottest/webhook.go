package hubspottest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"deskbridge/pkg/hubspot"
)

// subscription is what an app wants to be told of.
type subscription struct {
	id, kind, property string
	active             bool
	created            time.Time
}

func (s *subscription) view() map[string]any {
	body := map[string]any{
		"id": s.id, "eventType": s.kind, "active": s.active, "createdAt": stamp(s.created), "updatedAt": stamp(s.created),
	}
	if s.property != "" {
		body["propertyName"] = s.property
	}
	return body
}

// maxBatch is how many events one request of HubSpot's has at most.
const maxBatch = 100

// webhookRoutes are the management of an app's webhooks.
func (s *Server) webhookRoutes(developer func(pattern string, handle func(*ask) reply)) {
	developer("GET /app-webhooks/{appID}/settings", s.webhookSettings)
	developer("PUT /app-webhooks/{appID}/settings", s.webhookSettings)
	developer("DELETE /app-webhooks/{appID}/settings", s.webhookSettings)
	developer("GET /app-webhooks/{appID}/subscriptions", s.subscriptions)
	developer("POST /app-webhooks/{appID}/subscriptions", s.subscribe)
	developer("PATCH /app-webhooks/{appID}/subscriptions/{id}", s.resubscribe)
	developer("DELETE /app-webhooks/{appID}/subscriptions/{id}", s.resubscribe)
}

func (s *Server) webhookSettings(q *ask) reply {
	app := s.app(q)
	switch q.Method {
	case http.MethodPut:
		var in hubspot.WebhookSettings
		if err := q.decode(&in); err != nil {
			return s.badJSON(err)
		}
		if !secureOrLocal(in.TargetURL) {
			return s.invalid("targetUrl must be an https URL")
		}
		app.webhooks = &in
	case http.MethodDelete:
		app.webhooks = nil
		return reply{status: http.StatusNoContent}
	}
	if app.webhooks == nil {
		return s.missing()
	}
	return reply{status: http.StatusOK, body: app.webhooks}
}

func (s *Server) subscriptions(q *ask) reply {
	results := []any{}
	for _, sub := range s.app(q).subscriptions {
		results = append(results, sub.view())
	}
	return reply{status: http.StatusOK, body: map[string]any{"results": results}}
}

// subscribe refuses what HubSpot does not know, and what is there already; that
// it does the latter with 409 is invented.
func (s *Server) subscribe(q *ask) reply {
	var in struct {
		EventType, PropertyName string
		Active                  bool
	}
	if err := q.decode(&in); err != nil {
		return s.badJSON(err)
	}
	if !slices.Contains(subscribable, in.EventType) {
		return s.invalid("%s is no event type", in.EventType)
	}
	if (in.EventType == hubspot.ContactPropertyChange) != (in.PropertyName != "") {
		return s.invalid("propertyName belongs to property changes")
	}
	app := s.app(q)
	if slices.ContainsFunc(app.subscriptions, func(o *subscription) bool { return o.kind == in.EventType && o.property == in.PropertyName }) {
		return s.refuse(http.StatusConflict, "CONFLICT", "The subscription exists.")
	}
	sub := &subscription{id: strconv.Itoa(len(app.subscriptions) + 25), kind: in.EventType, property: in.PropertyName, active: in.Active, created: q.now}
	app.subscriptions = append(app.subscriptions, sub)
	return reply{status: http.StatusCreated, body: sub.view()}
}

// subscribable are some of the types that HubSpot documents. An uninstallation
// is not among them.
var subscribable = []string{
	hubspot.ContactPropertyChange, hubspot.ContactMerge, hubspot.ContactDeletion, hubspot.ContactPrivacyDeletion,
	hubspot.ContactAssociationChange, hubspot.CompanyMerge, "contact.creation", "contact.restore", "company.deletion",
	"company.associationChange",
}

func (s *Server) resubscribe(q *ask) reply {
	app := s.app(q)
	i := slices.IndexFunc(app.subscriptions, func(o *subscription) bool { return o.id == q.PathValue("id") })
	if i < 0 {
		return s.missing()
	}
	if q.Method == http.MethodDelete {
		app.subscriptions = slices.Delete(app.subscriptions, i, i+1)
		return reply{status: http.StatusNoContent}
	}
	in := struct{ Active bool }{app.subscriptions[i].active}
	if err := q.decode(&in); err != nil {
		return s.badJSON(err)
	}
	app.subscriptions[i].active = in.Active
	return reply{status: http.StatusOK, body: app.subscriptions[i].view()}
}

// Announce queues an event for every app that has subscribed to its type, and
// an uninstallation for every app. Fields are HubSpot's; those that every event
// has are filled in.
func (s *Server) Announce(kind string, fields map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.announce(kind, fields)
}

func (s *Server) announce(kind string, fields map[string]any) {
	for _, appID := range slices.Sorted(maps.Keys(s.world.settings)) {
		app, sub := s.world.settings[appID], "0"
		if kind != hubspot.Uninstalled {
			i := slices.IndexFunc(app.subscriptions, func(o *subscription) bool {
				return o.kind == kind && o.active && (o.property == "" || o.property == fields["propertyName"])
			})
			if i < 0 {
				continue
			}
			sub = app.subscriptions[i].id
		}
		s.world.traces++
		event := map[string]any{
			"eventId": 100 + s.world.traces, "subscriptionId": json.Number(sub), "portalId": json.Number(s.cfg.PortalID),
			"appId": json.Number(appID), "occurredAt": s.cfg.Now().UnixMilli(), "subscriptionType": kind,
			"attemptNumber": 0, "changeSource": "CRM_UI",
		}
		maps.Copy(event, fields)
		app.events = append(app.events, event)
	}
}

// MergeContacts does what a person does who merges gone into keep: its
// associations move, and it leaves for the recycle bin. A read by its id finds
// the one that was kept.
func (s *Server) MergeContacts(keep, gone string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	winner, err := s.named(hubspot.Contacts, keep)
	if err != nil {
		return err
	}
	loser, err := s.named(hubspot.Contacts, gone)
	if err != nil {
		return err
	}
	for p, kinds := range s.world.links {
		if p.from == gone && p.to != keep {
			for _, kind := range kinds {
				s.link(winner, s.world.records[p.to], kind)
			}
		}
	}
	s.bin(loser)
	s.indexNow(loser)
	s.noteMerge(winner, loser)
	s.announce(hubspot.ContactMerge, map[string]any{
		"objectId": json.Number(keep), "primaryObjectId": json.Number(keep), "mergedObjectIds": []json.Number{json.Number(gone)},
		"numberOfPropertiesMoved": 0,
	})
	return nil
}

// PurgeContact does what a person does who deletes a contact for good.
func (s *Server) PurgeContact(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.named(hubspot.Contacts, id)
	if err != nil {
		return err
	}
	s.bin(r)
	s.indexNow(r)
	s.forget(r)
	s.announce(hubspot.ContactPrivacyDeletion, map[string]any{"objectId": json.Number(id)})
	return nil
}

// forget deletes a record for good.
func (s *Server) forget(r *record) {
	delete(s.world.records, r.id)
	s.world.order = slices.DeleteFunc(s.world.order, func(other *record) bool { return other == r })
	for p := range s.world.links {
		if p.from == r.id || p.to == r.id {
			delete(s.world.links, p)
		}
	}
}

// DeliverWebhooks sends what is queued to the apps that have said where, signed
// and in batches. What is not answered with 2xx stays queued with one attempt
// more. It returns the answers' statuses.
func (s *Server) DeliverWebhooks(ctx context.Context) ([]int, error) {
	var statuses []int
	for {
		app, target, batch := s.takeEvents()
		if len(batch) == 0 {
			return statuses, nil
		}
		status, err := s.deliver(ctx, target, batch)
		if err != nil || status < 200 || status > 299 {
			s.requeueEvents(app, batch)
		}
		if err != nil {
			return statuses, err
		}
		statuses = append(statuses, status)
		if status < 200 || status > 299 {
			return statuses, nil
		}
	}
}

func (s *Server) takeEvents() (app *appSettings, target string, batch []map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(s.world.settings)) {
		app = s.world.settings[id]
		if app.webhooks == nil || len(app.events) == 0 {
			continue
		}
		n := min(len(app.events), maxBatch)
		batch, app.events = app.events[:n:n], app.events[n:]
		return app, app.webhooks.TargetURL, batch
	}
	return nil, "", nil
}

func (s *Server) requeueEvents(app *appSettings, batch []map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, event := range batch {
		attempt, _ := event["attemptNumber"].(int)
		event["attemptNumber"] = attempt + 1
	}
	app.events = append(batch, app.events...)
}

func (s *Server) deliver(ctx context.Context, target string, batch []map[string]any) (int, error) {
	body, err := json.Marshal(batch)
	if err != nil {
		return 0, fmt.Errorf("hubspottest: deliver: %w", err)
	}
	req, err := s.SignedRequest(ctx, http.MethodPost, target, body)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, fmt.Errorf("hubspottest: deliver: %w", err)
	}
	defer resp.Body.Close()
	return resp.StatusCode, nil
}

// SignedRequest is a request as HubSpot sends it to apps.
func (s *Server) SignedRequest(ctx context.Context, method, address string, body []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("hubspottest: request: %w", err)
	}
	now := strconv.FormatInt(s.cfg.Now().UnixMilli(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(hubspot.TimestampHeader, now)
	req.Header.Set(hubspot.SignatureHeader, hubspot.Sign(s.cfg.ClientSecret, method, address, body, now))
	return req, nil
}
