package hubspottest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
)

// listener is an app that takes webhooks.
type listener struct {
	url string

	mu     sync.Mutex
	status int
	got    [][]hubspot.Event
}

func newListener(t *testing.T, cloud cloud) *listener {
	l := &listener{status: http.StatusOK}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		defer l.mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		events, err := hubspot.Events(body)
		if hubspot.Verify(hubspottest.ClientSecret, r.Method, l.url+r.URL.RequestURI(), body, r.Header, cloud.clock.Now()) != nil || err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		l.got = append(l.got, events)
		w.WriteHeader(l.status)
	}))
	t.Cleanup(srv.Close)
	l.url = srv.URL
	return l
}

func (c cloud) subscribe(t *testing.T, target string, kinds ...string) {
	t.Helper()
	dev := &hubspot.Developer{BaseURL: c.url, AppID: hubspottest.AppID, APIKey: hubspottest.DeveloperKey}
	require.NoError(t, dev.SetWebhooks(t.Context(), hubspot.WebhookSettings{TargetURL: target}))
	for _, kind := range kinds {
		require.NoError(t, dev.Subscribe(t.Context(), hubspot.Subscription{Type: kind, Active: true}))
	}
}

func TestWhatIsSubscribedIsTold(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	app := newListener(t, cloud)
	cloud.subscribe(t, app.url+"/hook", hubspot.ContactMerge)
	keep, gone := cloud.contact(t, "Silva"), cloud.contact(t, "Okafor")

	require.NoError(t, cloud.MergeContacts(keep, gone))
	require.NoError(t, cloud.PurgeContact(keep)) // Not subscribed.
	statuses, err := cloud.DeliverWebhooks(t.Context())

	require.NoError(t, err)
	require.Equal(t, []int{200}, statuses)
	require.Len(t, app.got, 1)
	require.Len(t, app.got[0], 1)
	require.Equal(t, []string{gone}, app.got[0][0].Merged)
	require.Equal(t, keep, app.got[0][0].Primary)
	require.Equal(t, hubspottest.PortalID, app.got[0][0].PortalID)
	require.Error(t, cloud.MergeContacts(keep, gone), "both are gone")
}

func TestUndeliveredEventsComeAgainInBatches(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	app := newListener(t, cloud)
	cloud.subscribe(t, app.url+"/hook", hubspot.ContactDeletion)
	for range 130 {
		cloud.Announce(hubspot.ContactDeletion, map[string]any{"objectId": json.Number("17591596434")})
	}
	app.status = http.StatusInternalServerError
	statuses, err := cloud.DeliverWebhooks(t.Context())
	require.NoError(t, err)
	require.Equal(t, []int{500}, statuses)

	app.status = http.StatusOK
	statuses, err = cloud.DeliverWebhooks(t.Context())

	require.NoError(t, err)
	require.Equal(t, []int{200, 200}, statuses)
	require.Equal(t, []int{100, 100, 30}, []int{len(app.got[0]), len(app.got[1]), len(app.got[2])})
	require.Equal(t, app.got[0][0].ID, app.got[1][0].ID)
	require.Equal(t, []int{0, 1, 0}, []int{app.got[0][0].Attempt, app.got[1][0].Attempt, app.got[2][0].Attempt})
}

func TestAccountsOfOneAppStayApart(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	app := &hubspot.OAuth{BaseURL: cloud.url, ClientID: hubspottest.ClientID, ClientSecret: hubspottest.ClientSecret, RedirectURL: "http://localhost/back", Scopes: []string{"oauth"}, AuthorizeURL: cloud.url + "/oauth/authorize"}
	install := func(email, portal string) hubspot.Grant {
		cloud.InstallAs(email, portal)
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		resp, err := client.PostForm(app.AuthCodeURL("s", "a-verifier-that-is-long-enough-for-the-standard"), map[string][]string{"answer": {"connect"}})
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		back, err := resp.Location()
		require.NoError(t, err)
		grant, err := app.Exchange(t.Context(), back.Query().Get("code"), "a-verifier-that-is-long-enough-for-the-standard")
		require.NoError(t, err)
		return grant
	}
	one, two := install("bob@example.test", "111"), install("eve@elsewhere.test", "222")
	info, err := app.Introspect(t.Context(), two.Token.AccessToken)
	require.NoError(t, err)
	require.Equal(t, []string{"222", "eve@elsewhere.test", "222"}, []string{info.PortalID, info.User, two.PortalID})

	cloud.UninstallFrom("111")

	_, err = app.Refresh(t.Context(), one.Token.RefreshToken)
	require.Error(t, err)
	_, err = app.Refresh(t.Context(), two.Token.RefreshToken)
	require.NoError(t, err)
}
