package hubspot_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
)

func app(cloud cloud) *hubspot.OAuth {
	return &hubspot.OAuth{
		BaseURL: cloud.url, AuthorizeURL: cloud.url + "/oauth/authorize",
		ClientID: hubspottest.ClientID, ClientSecret: hubspottest.ClientSecret, RedirectURL: "http://localhost:8080/back?x=1",
		Scopes:         []string{"oauth", "crm.objects.contacts.read", "crm.objects.contacts.write"},
		OptionalScopes: []string{"tickets"},
	}
}

// consent presses a button of the consent page and returns the redirect's query.
func consent(t testing.TB, address, answer string) url.Values {
	t.Helper()
	page, err := http.Get(address)
	require.NoError(t, err)
	text, err := io.ReadAll(page.Body)
	require.NoError(t, err)
	require.NoError(t, page.Body.Close())
	require.Contains(t, string(text), "<li>tickets</li>")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(address, url.Values{"answer": {answer}})
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusFound, resp.StatusCode)
	back, err := resp.Location()
	require.NoError(t, err)
	require.Equal(t, "1", back.Query().Get("x"))
	return back.Query()
}

func TestInstallRefreshAndRevoke(t *testing.T) {
	t.Parallel()
	for _, version := range []string{hubspot.Version, hubspot.PreviousVersion, "v3"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, hubspottest.Config{})
			app, ctx := app(cloud), t.Context()
			app.Version = version
			verifier := oauth2.GenerateVerifier()

			back := consent(t, app.AuthCodeURL("state-1", verifier), "connect")
			require.Equal(t, "state-1", back.Get("state"))
			grant, err := app.Exchange(ctx, back.Get("code"), verifier)
			require.NoError(t, err)
			require.Equal(t, hubspottest.PortalID, grant.PortalID)
			require.Equal(t, "61234001", grant.UserID)
			require.Contains(t, grant.Scopes, "tickets")
			require.WithinDuration(t, time.Now().Add(30*time.Minute), grant.Token.Expiry, 2*time.Minute)

			_, err = app.Exchange(ctx, back.Get("code"), verifier)
			require.Error(t, err, "a code works once")

			access := grant.Token.AccessToken
			client := cloud.client()
			client.Token = func(context.Context) (string, error) { return access, nil }
			client.Refresh = func(ctx context.Context, _ string) (string, error) {
				g, err := app.Refresh(ctx, grant.Token.RefreshToken)
				if err != nil {
					return "", err
				}
				access = g.Token.AccessToken
				return access, nil
			}
			cloud.clock.Advance(31 * time.Minute)
			made, err := client.Create(ctx, hubspot.Calls, hubspot.ObjectInput{Properties: call("k")})
			require.NoError(t, err, "the expired token is replaced")
			require.NotEmpty(t, made.ID)
			require.NotEqual(t, grant.Token.AccessToken, access)
			_, err = client.Owners(ctx, "")
			require.Equal(t, "MISSING_SCOPES", refused(t, err).Category)

			about, err := app.Introspect(ctx, access)
			require.NoError(t, err)
			require.Equal(t, hubspot.Introspection{
				Active: true, PortalID: hubspottest.PortalID, Domain: "northwind.example.test", User: "ann@example.test",
				UserID: "61234001", AppID: hubspottest.AppID, Scopes: grant.Scopes, Hublet: "na1",
			}, about)

			require.NoError(t, app.Revoke(ctx, grant.Token.RefreshToken))
			_, err = app.Refresh(ctx, grant.Token.RefreshToken)
			var dead *oauth2.RetrieveError
			require.ErrorAs(t, err, &dead)
			require.Equal(t, http.StatusBadRequest, dead.Response.StatusCode)
			require.Contains(t, string(dead.Body), "BAD_REFRESH_TOKEN")
			_, err = client.Get(ctx, hubspot.Calls, made.ID, hubspot.GetOptions{})
			require.NoError(t, err, "access tokens outlive the refresh token")

			cloud.Uninstall()
			about, err = app.Introspect(ctx, access)
			require.NoError(t, err)
			require.False(t, about.Active)
			_, err = client.Get(ctx, hubspot.Calls, made.ID, hubspot.GetOptions{})
			require.Equal(t, http.StatusUnauthorized, refused(t, err).Status)
		})
	}
}

func TestInstallThatIsRefused(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	app, verifier := app(cloud), oauth2.GenerateVerifier()

	require.Equal(t, "access_denied", consent(t, app.AuthCodeURL("s", verifier), "cancel").Get("error"))

	code := consent(t, app.AuthCodeURL("s", verifier), "connect").Get("code")
	_, err := app.Exchange(t.Context(), code, oauth2.GenerateVerifier())
	require.ErrorContains(t, err, "invalid_grant", "another verifier")

	app.ClientSecret = "wrong"
	_, err = app.Introspect(t.Context(), "x")
	require.Equal(t, "invalid_client", refused(t, err).Category)

	for name, change := range map[string]func(*hubspot.OAuth){
		"client":   func(o *hubspot.OAuth) { o.ClientID = "other" },
		"redirect": func(o *hubspot.OAuth) { o.RedirectURL = "http://evil.example/back" },
		"scope":    func(o *hubspot.OAuth) { o.Scopes = []string{"tickets"} },
	} {
		wrong := *app
		change(&wrong)
		resp, err := http.Get(wrong.AuthCodeURL("s", verifier))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusBadRequest, resp.StatusCode, name)
	}
}

func TestCallingSettingsAreEnsured(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	for name, developer := range map[string]*hubspot.Developer{
		"key":   {BaseURL: cloud.url, AppID: "77", APIKey: hubspottest.DeveloperKey},
		"token": {BaseURL: cloud.url, AppID: "78", Token: fixed(hubspottest.Token)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			want := hubspot.CallingSettings{
				Name: "Deskbridge", URL: "https://deskbridge.example/widget", Width: 400, Height: 600, SupportsInboundCalling: true,
			}
			_, err := developer.Settings(ctx)
			require.Equal(t, http.StatusNotFound, refused(t, err).Status)

			changed, err := developer.EnsureSettings(ctx, want)
			require.NoError(t, err)
			require.True(t, changed)
			changed, err = developer.EnsureSettings(ctx, want)
			require.NoError(t, err)
			require.False(t, changed, "nothing differs")
			want.IsReady, want.Width = true, 420
			changed, err = developer.EnsureSettings(ctx, want)
			require.NoError(t, err)
			require.True(t, changed)
			got, err := developer.Settings(ctx)
			require.NoError(t, err)
			require.Equal(t, cloud.clock.Now(), got.UpdatedAt)
			got.CreatedAt, got.UpdatedAt = time.Time{}, time.Time{}
			require.Equal(t, want, got)

			_, err = developer.CreateSettings(ctx, want)
			require.Equal(t, "CallingSettingError.SETTINGS_ALREADY_EXISTS", refused(t, err).SubCategory)

			recording := "https://deskbridge.example/recordings/%s"
			for range 2 {
				require.NoError(t, developer.SetRecordingURL(ctx, recording))
			}
			back, err := developer.RecordingURL(ctx)
			require.NoError(t, err)
			require.Equal(t, recording, back)
			err = developer.SetRecordingURL(ctx, "https://deskbridge.example/recordings")
			require.Equal(t, http.StatusBadRequest, refused(t, err).Status)

			require.NoError(t, developer.DeleteSettings(ctx))
			_, err = developer.ChangeSettings(ctx, hubspot.CallingChange{Name: new("x")})
			require.Equal(t, http.StatusNotFound, refused(t, err).Status)
		})
	}
}

func TestCallingSettingsNeedTheKey(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	_, err := (&hubspot.Developer{BaseURL: cloud.url, AppID: "77", APIKey: "wrong"}).Settings(t.Context())
	require.Equal(t, http.StatusUnauthorized, refused(t, err).Status)
	require.False(t, strings.Contains(err.Error(), "wrong"))
	_, err = (&hubspot.Developer{BaseURL: cloud.url, AppID: "77"}).Settings(t.Context())
	notRefused(t, err)
	_, err = (&hubspot.Developer{BaseURL: cloud.url, APIKey: "k"}).Settings(t.Context())
	notRefused(t, err)
}
