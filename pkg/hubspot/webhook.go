package hubspot

import (
	"context"
	"net/http"
)

// WebhookSettings say where an app's events go.
type WebhookSettings struct {
	TargetURL  string     `json:"targetUrl"` // https.
	Throttling Throttling `json:"throttling"`
}

// Throttling bounds how many requests HubSpot has in flight per account.
type Throttling struct {
	MaxConcurrentRequests int `json:"maxConcurrentRequests"` // HubSpot's default is 10.
}

// A Subscription asks for the events of a type.
type Subscription struct {
	ID       string
	Type     string // Such as [ContactMerge].
	Property string // Of property changes only.
	Active   bool
}

type wireSubscription struct {
	ID       id     `json:"id,omitempty"`
	Type     string `json:"eventType,omitempty"`
	Property string `json:"propertyName,omitempty"`
	Active   bool   `json:"active"`
}

func (w wireSubscription) plain() Subscription {
	return Subscription{string(w.ID), w.Type, w.Property, w.Active}
}

// Webhooks reads where the app's events go; a 404 means nowhere. Apps of the
// project platform declare it in their project instead.
//
// https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide
func (d *Developer) Webhooks(ctx context.Context) (WebhookSettings, error) {
	var s WebhookSettings
	return s, d.webhook(ctx, "webhook settings", http.MethodGet, "settings", nil, &s)
}

// SetWebhooks says where the app's events go. It may be repeated.
func (d *Developer) SetWebhooks(ctx context.Context, s WebhookSettings) error {
	return d.webhook(ctx, "change webhook settings", http.MethodPut, "settings", s, nil)
}

// Subscriptions lists what the app is told of.
func (d *Developer) Subscriptions(ctx context.Context) ([]Subscription, error) {
	var answer struct {
		Results []wireSubscription `json:"results"`
	}
	if err := d.webhook(ctx, "subscriptions", http.MethodGet, "subscriptions", nil, &answer); err != nil {
		return nil, err
	}
	all := make([]Subscription, 0, len(answer.Results))
	for _, w := range answer.Results {
		all = append(all, w.plain())
	}
	return all, nil
}

// Subscribe adds a subscription.
func (d *Developer) Subscribe(ctx context.Context, s Subscription) error {
	return d.webhook(ctx, "subscribe to "+s.Type, http.MethodPost, "subscriptions",
		wireSubscription{Type: s.Type, Property: s.Property, Active: s.Active}, nil)
}

// Activate makes a paused subscription active.
func (d *Developer) Activate(ctx context.Context, subscriptionID string) error {
	return d.webhook(ctx, "activate subscription", http.MethodPatch, "subscriptions/"+join([]string{subscriptionID}),
		wireSubscription{Active: true}, nil)
}

func (d *Developer) webhook(ctx context.Context, op, method, path string, body, out any) error {
	return d.send(ctx, op, method, "/app-webhooks/"+join([]string{orVersion(d.Version), d.AppID})+"/"+path, body, out)
}

// A Channel is where HubSpot's help desk asks which numbers it may connect.
type Channel struct {
	URL   string `json:"url"` // https.
	Ready bool   `json:"isReady"`
}

// Channel reads the channel connection; a 404 means that there is none.
func (d *Developer) Channel(ctx context.Context) (Channel, error) {
	var c Channel
	return c, d.do(ctx, "channel connection", http.MethodGet, "settings/channel-connection", nil, &c)
}

// SetChannel creates or changes the channel connection. It may be repeated.
func (d *Developer) SetChannel(ctx context.Context, c Channel) error {
	err := d.do(ctx, "change channel connection", http.MethodPatch, "settings/channel-connection", c, nil)
	if IsStatus(err, http.StatusNotFound) {
		err = d.do(ctx, "create channel connection", http.MethodPost, "settings/channel-connection", c, nil)
	}
	return err
}
