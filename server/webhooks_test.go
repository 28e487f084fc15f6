package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
)

// subscribed lets the emulated HubSpot tell us of everything.
func (h *house) subscribed() {
	h.t.Helper()
	dev, err := h.cfg.developer()
	require.NoError(h.t, err)
	var out bytes.Buffer
	require.NoError(h.t, registration{cfg: h.cfg, dev: dev, out: &out}.webhooks(h.t.Context()))
}

// told delivers what HubSpot has to tell and works on it.
func (h *house) told() {
	h.t.Helper()
	statuses, err := h.crm.DeliverWebhooks(h.t.Context())
	require.NoError(h.t, err)
	for _, status := range statuses {
		require.Equal(h.t, http.StatusOK, status)
	}
	h.worked()
}

func (h *house) worked() {
	h.t.Helper()
	for more := true; more; {
		var err error
		more, err = h.deps.workSome(h.t.Context(), h.cfg)
		require.NoError(h.t, err)
	}
}

// sent posts a body with a signature that change may spoil.
func (h *house) sent(body string, change func(*http.Request)) int {
	h.t.Helper()
	req, err := h.crm.SignedRequest(h.t.Context(), http.MethodPost, h.url+webhookPath, []byte(body))
	require.NoError(h.t, err)
	if change != nil {
		change(req)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(h.t, err)
	require.NoError(h.t, resp.Body.Close())
	return resp.StatusCode
}

func TestForgedWebhooksAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	body := `[{"eventId":1,"subscriptionType":"contact.deletion","portalId":111,"objectId":5,"occurredAt":1}]`
	at := func(d time.Duration) func(*http.Request) {
		return func(r *http.Request) {
			stamp := strconv.FormatInt(h.clock.now().Add(d).UnixMilli(), 10)
			r.Header.Set(hubspot.TimestampHeader, stamp)
			r.Header.Set(hubspot.SignatureHeader, hubspot.Sign(hubspottest.ClientSecret, "POST", h.url+webhookPath, []byte(body), stamp))
		}
	}
	tests := []struct {
		name   string
		want   int
		change func(*http.Request)
	}{
		{"as it is", 200, nil},
		{"four minutes old", 200, at(-4 * time.Minute)},
		{"six minutes old", 401, at(-6 * time.Minute)},
		{"from the future", 401, at(6 * time.Minute)},
		{"no signature", 401, func(r *http.Request) { r.Header.Del(hubspot.SignatureHeader) }},
		{"no time", 401, func(r *http.Request) { r.Header.Del(hubspot.TimestampHeader) }},
		{"another secret", 401, func(r *http.Request) {
			r.Header.Set(hubspot.SignatureHeader, hubspot.Sign("guess", "POST", h.url+webhookPath, []byte(body), r.Header.Get(hubspot.TimestampHeader)))
		}},
		{"signed for another address", 401, func(r *http.Request) {
			r.Header.Set(hubspot.SignatureHeader, hubspot.Sign(hubspottest.ClientSecret, "POST", h.url+"/other", []byte(body), r.Header.Get(hubspot.TimestampHeader)))
		}},
		{"another query", 401, func(r *http.Request) { r.URL.RawQuery = "portal=666" }},
	}
	for _, tt := range tests {
		require.Equal(t, tt.want, h.sent(body, tt.change), tt.name)
	}
	require.Equal(t, http.StatusUnauthorized, h.sent(body, func(r *http.Request) { r.Body = http.NoBody; r.ContentLength = 0 }), "another body")
	for _, bad := range []string{`{`, `{"eventId":1}`, `[{"eventId":1}]`, `[1]`, `null x`} {
		require.Equal(t, http.StatusBadRequest, h.sent(bad, nil), bad)
	}
	require.Equal(t, http.StatusOK, h.sent(`[]`, nil))
}

// Without a secret nothing can be verified: not even what is signed with none.
func TestNoSecretNoWebhooks(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *Config) { c.HubSpotClientSecret = "" })

	status := h.sent(`[]`, func(r *http.Request) {
		stamp := r.Header.Get(hubspot.TimestampHeader)
		r.Header.Set(hubspot.SignatureHeader, hubspot.Sign("", "POST", h.url+webhookPath, []byte(`[]`), stamp))
	})

	require.Equal(t, http.StatusUnauthorized, status)
}

func TestWebhooksComeInBatchesAndAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var events []map[string]any
	for i := range 100 {
		events = append(events, map[string]any{
			"eventId": i, "subscriptionType": hubspot.ContactPropertyChange, "portalId": 111, "objectId": 17591596434 + i,
			"occurredAt": 1795000000000, "propertyName": "phone", "propertyValue": "+14155550100", "attemptNumber": 0,
		})
	}
	body, err := json.Marshal(events)
	require.NoError(t, err)
	began := time.Now()
	require.Equal(t, http.StatusOK, h.sent(string(body), nil))
	require.Less(t, time.Since(began), 5*time.Second)
	for i := range events {
		events[i]["attemptNumber"] = 1
	}
	again, err := json.Marshal(events)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, h.sent(string(again), nil))

	var n int
	var stored string
	require.NoError(t, h.deps.Installs.db.QueryRow(`SELECT COUNT(*), MAX(body) FROM server_hubspot_events`).Scan(&n, &stored))
	require.Equal(t, 100, n)
	require.NotContains(t, stored, "4155550100", "values are not kept")
	h.worked()
	require.NoError(t, h.deps.Installs.db.QueryRow(`SELECT COUNT(*) FROM server_hubspot_events WHERE done_at = 0`).Scan(&n))
	require.Zero(t, n)
}

func TestPrivacyDeletionEmptiesOurCopies(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.linked(orgID, hubspottest.PortalID)
	h.linked(otherOrg, "333")
	h.subscribed()
	maria := h.contact("Silva")
	h.put(orgID, call("k", hubspottest.PortalID, maria))
	h.put(otherOrg, call("other", "333", maria)) // The same id in another portal.
	h.eventually(orgID, "k", "enriched")
	h.eventually(otherOrg, "other", "enriched")
	portal, err := h.deps.Tenants.Portal(t.Context(), orgID, "")
	require.NoError(t, err)
	found, err := h.accounts.Match(t.Context(), orgID, portal, backend.Lookup{Number: "+14155550100"})
	require.NoError(t, err)
	require.Len(t, found, 1)

	require.NoError(t, h.crm.PurgeContact(maria))
	h.told()

	got := h.record(orgID, "k").Record
	require.Empty(t, got.Number+got.Notes)
	require.Nil(t, got.Record)
	require.NotEmpty(t, h.record(otherOrg, "other").Record.Notes, "somebody else's customer")
	found, err = h.accounts.Match(t.Context(), orgID, portal, backend.Lookup{Number: "+14155550100"})
	require.NoError(t, err)
	require.Empty(t, found, "not even in the cache")
	require.NotContains(t, h.log.String(), "4155550100")
}

func TestMergedContactKeepsItsCalls(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, hubspottest.PortalID)
	h.subscribed()
	keep, gone := h.contact("Silva"), h.contact("Okafor")
	h.crm.Uninstall() // So that the record waits.
	h.clock.pass(time.Hour)
	h.put(orgID, call("k", hubspottest.PortalID, gone))
	h.eventually(orgID, "k", "needs-you")

	require.NoError(t, h.crm.MergeContacts(keep, gone))
	h.told()

	require.Equal(t, keep, h.record(orgID, "k").Record.Record.ObjectID)
	h.connectWebex(b)
	h.connectHubSpot(b, hubspottest.PortalID)
	h.eventually(orgID, "k", "enriched")
	require.Len(t, h.crm.Timeline("contacts", keep), 1)
}

// A merge that makes a third record of the two.
func TestMergeIntoANewRecord(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.linked(orgID, hubspottest.PortalID)
	first, second, third := h.contact("Silva"), h.contact("Okafor"), h.contact("Raman")
	h.put(orgID, call("a", "", first))
	h.put(orgID, call("b", "", second))
	h.eventually(orgID, "a", "enriched")
	h.eventually(orgID, "b", "enriched")

	h.sent(fmt.Sprintf(`[{"eventId":9,"subscriptionType":"contact.merge","portalId":%s,"occurredAt":5,"objectId":%s,
		"primaryObjectId":%s,"mergedObjectIds":[%s],"newObjectId":%s}]`, hubspottest.PortalID, first, first, second, third), nil)
	h.worked()

	for _, key := range []string{"a", "b"} {
		require.Equal(t, third, h.record(orgID, key).Record.Record.ObjectID)
	}
}

func TestUninstalledPortalWaits(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, hubspottest.PortalID)
	h.subscribed()
	client := h.accounts.client(hubspottest.PortalID)
	h.clock.pass(time.Minute)

	h.crm.UninstallFrom(hubspottest.PortalID)
	h.told()

	_, err := h.deps.Tokens.Token(t.Context(), hubspotID(hubspottest.PortalID))
	require.Error(t, err)
	_, err = client.Token(t.Context())
	require.Error(t, err)
	h.put(orgID, call("k", "", h.contact("Silva")))
	h.eventually(orgID, "k", "needs-you")
	h.connectWebex(b)
	require.Contains(t, h.open(b, h.url+installPath).body, "taken out of this account")
	_, err = h.deps.Tenants.Portal(t.Context(), orgID, "")
	require.NoError(t, err, "agents go on working")

	h.clock.pass(time.Minute)
	h.connectHubSpot(b, hubspottest.PortalID)
	h.eventually(orgID, "k", "enriched")

	// The old event again, under another id: out of date.
	h.sent(fmt.Sprintf(`[{"eventId":77,"subscriptionType":"app.uninstall","portalId":%s,"occurredAt":%d}]`,
		hubspottest.PortalID, h.clock.now().Add(-time.Minute).UnixMilli()), nil)
	h.worked()
	_, err = h.deps.Tokens.Token(t.Context(), hubspotID(hubspottest.PortalID))
	require.NoError(t, err)
}

// What one portal's events say of another one's tokens counts for nothing, and
// what cannot be worked on waits without keeping others from it.
func TestEventsThatFailWait(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.linked(orgID, hubspottest.PortalID)
	h.put(orgID, call("k", "", h.contact("Silva")))
	h.eventually(orgID, "k", "enriched")
	h.sent(fmt.Sprintf(`[{"eventId":1,"subscriptionType":"contact.privacyDeletion","portalId":%s,"occurredAt":1,"objectId":%s},
		{"eventId":2,"subscriptionType":"contact.privacyDeletion","portalId":%[1]s,"occurredAt":1,"objectId":"../x"},
		{"eventId":3,"subscriptionType":"contact.restored","portalId":%[1]s,"occurredAt":1},
		{"eventId":4,"subscriptionType":"contact.merge","portalId":999,"occurredAt":1}]`, hubspottest.PortalID, h.contact("Silva")), nil)

	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := h.deps.workSome(cancelled, h.cfg)
	require.Error(t, err)
	require.NotEmpty(t, h.record(orgID, "k").Record.Notes)

	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { h.deps.workEvents(ctx, h.cfg); close(ended) }() // Ends with stop.
	require.Eventually(t, func() bool { return h.record(orgID, "k").Record.Notes == "" }, 30*time.Second, 10*time.Millisecond)
	require.Eventually(t, func() bool {
		var n int
		return h.deps.Installs.db.QueryRow(`SELECT COUNT(*) FROM server_hubspot_events WHERE done_at = 0`).Scan(&n) == nil && n == 0
	}, 30*time.Second, 10*time.Millisecond)
	stop()
	<-ended
}
