package hubspot_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
)

// The vector is hubspot.md's, computed apart from this code.
func TestSignature(t *testing.T) {
	t.Parallel()
	const stamp, uri, body = "1795000000000", "https://app.example.test/hs/numbers?portal=42", `{"appId":1,"portalId":42,"userId":7}`
	now := time.UnixMilli(1795000000000)
	header := http.Header{}
	header.Set(hubspot.TimestampHeader, stamp)
	header.Set(hubspot.SignatureHeader, "xQWXvnST6e7HV3TRYCvIQ8+F/rdMF0VJ4zOkfGptX84=")

	require.NoError(t, hubspot.Verify("test-secret", "POST", uri, []byte(body), header, now.Add(hubspot.SignatureLife)))

	verify := func(secret, method, uri, body string, now time.Time) error {
		return hubspot.Verify(secret, method, uri, []byte(body), header, now)
	}
	for name, err := range map[string]error{
		"too old":    verify("test-secret", "POST", uri, body, now.Add(hubspot.SignatureLife+time.Millisecond)),
		"too new":    verify("test-secret", "POST", uri, body, now.Add(-hubspot.SignatureLife-time.Millisecond)),
		"secret":     verify("other", "POST", uri, body, now),
		"no secret":  verify("", "POST", uri, body, now),
		"method":     verify("test-secret", "PUT", uri, body, now),
		"address":    verify("test-secret", "POST", uri+"3", body, now),
		"body":       verify("test-secret", "POST", uri, body+" ", now),
		"no headers": hubspot.Verify("test-secret", "POST", uri, []byte(body), http.Header{}, now),
	} {
		require.ErrorIs(t, err, hubspot.ErrSignature, name)
	}
}

func TestSignatureWritesEscapesOut(t *testing.T) {
	t.Parallel()
	sign := func(uri string) string { return hubspot.Sign("s", "GET", uri, nil, "1") }

	require.Equal(t, sign("https://a.test/x?to=a:b/c?d@e!f$g'h(i)j*k,l;m"),
		sign("https://a.test/x?to=a%3Ab%2Fc%3Fd%40e%21f%24g%27h%28i%29j%2Ak%2Cl%3Bm"))
	require.NotEqual(t, sign("https://a.test/x?to=a b"), sign("https://a.test/x?to=a%20b"), "others stay")
	require.NotEqual(t, sign("https://a.test/x?to=+1"), sign("https://a.test/x?to=%2B1"))
}

func TestEventsOfEveryShape(t *testing.T) {
	t.Parallel()

	got, err := hubspot.Events([]byte(`[
		{"eventId":"7","subscriptionId":25,"portalId":62515,"appId":1160452,"occurredAt":1564113600000,
		 "subscriptionType":"contact.merge","attemptNumber":2,"objectId":17591596434,"primaryObjectId":17591596434,"mergedObjectIds":[8,9],"newObjectId":10},
		{"eventId":8,"portalId":1,"eventType":"contact.associationChange","occurredAt":0,"fromObjectId":"5","toObjectId":6,
		 "associationType":"CONTACT_TO_COMPANY","associationRemoved":true},
		{"eventId":9,"portalId":1,"subscriptionType":"contact.propertyChange","propertyName":"phone","propertyValue":"1"}]`))

	require.NoError(t, err)
	require.Equal(t, hubspot.Event{
		ID: "7", Type: hubspot.ContactMerge, PortalID: "62515", AppID: "1160452", Subscribed: "25", ObjectID: "17591596434",
		OccurredAt: time.UnixMilli(1564113600000), Attempt: 2, Primary: "17591596434", Merged: []string{"8", "9"}, New: "10",
	}, got[0])
	require.Equal(t, []any{"5", "6", "CONTACT_TO_COMPANY", true}, []any{got[1].From, got[1].To, got[1].Association, got[1].Removed})
	require.Equal(t, hubspot.ContactAssociationChange, got[1].Type)
	require.Equal(t, []string{"phone", "1"}, []string{got[2].Property, got[2].Value})
	_, err = hubspot.Events([]byte(`{}`))
	require.Error(t, err)
}

func FuzzEvents(f *testing.F) {
	f.Add([]byte(`[{"eventId":1}]`))
	f.Add([]byte(`[{"occurredAt":"x","mergedObjectIds":7}]`))
	f.Fuzz(func(t *testing.T, body []byte) { _, _ = hubspot.Events(body) })
}

func TestWebhooksAreManaged(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	dev := &hubspot.Developer{BaseURL: cloud.url, AppID: hubspottest.AppID, APIKey: hubspottest.DeveloperKey}
	_, err := dev.Webhooks(t.Context())
	require.True(t, hubspot.IsStatus(err, http.StatusNotFound), "%v", err)

	want := hubspot.WebhookSettings{TargetURL: "https://desk.example/hubspot/webhooks", Throttling: hubspot.Throttling{MaxConcurrentRequests: 10}}
	require.NoError(t, dev.SetWebhooks(t.Context(), want))
	require.Error(t, dev.SetWebhooks(t.Context(), hubspot.WebhookSettings{TargetURL: "http://desk.example"}))
	require.NoError(t, dev.Subscribe(t.Context(), hubspot.Subscription{Type: hubspot.ContactMerge}))
	require.NoError(t, dev.Subscribe(t.Context(), hubspot.Subscription{Type: hubspot.ContactPropertyChange, Property: "phone", Active: true}))
	require.True(t, hubspot.IsStatus(dev.Subscribe(t.Context(), hubspot.Subscription{Type: hubspot.ContactMerge}), http.StatusConflict))
	require.Error(t, dev.Subscribe(t.Context(), hubspot.Subscription{Type: "contact.sneeze"}))

	got, err := dev.Webhooks(t.Context())
	require.NoError(t, err)
	require.Equal(t, want, got)
	subs, err := dev.Subscriptions(t.Context())
	require.NoError(t, err)
	require.Len(t, subs, 2)
	require.False(t, subs[0].Active)
	require.NoError(t, dev.Activate(t.Context(), subs[0].ID))
	subs, err = dev.Subscriptions(t.Context())
	require.NoError(t, err)
	require.Equal(t, []bool{true, true}, []bool{subs[0].Active, subs[1].Active})
	require.Equal(t, "phone", subs[1].Property)

	_, err = dev.Channel(t.Context())
	require.True(t, hubspot.IsStatus(err, http.StatusNotFound))
	for range 2 {
		require.NoError(t, dev.SetChannel(t.Context(), hubspot.Channel{URL: "https://desk.example/numbers", Ready: true}))
	}
	channel, err := dev.Channel(t.Context())
	require.NoError(t, err)
	require.Equal(t, hubspot.Channel{URL: "https://desk.example/numbers", Ready: true}, channel)
}

func TestUninstall(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	app := &hubspot.OAuth{BaseURL: cloud.url, ClientID: hubspottest.ClientID, ClientSecret: hubspottest.ClientSecret}
	grant, err := app.Refresh(t.Context(), cloud.Grant("oauth", "crm.objects.contacts.read"))
	require.NoError(t, err)
	client := &hubspot.Client{BaseURL: cloud.url, Token: fixed(grant.Token.AccessToken)}

	require.NoError(t, client.Uninstall(t.Context()))

	require.True(t, hubspot.IsStatus(client.Uninstall(t.Context()), http.StatusUnauthorized))
	_, err = app.Refresh(t.Context(), grant.Token.RefreshToken)
	require.Error(t, err)
}
