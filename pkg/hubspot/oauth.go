package hubspot

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/oauth2"
)

// DefaultAuthorizeURL is HubSpot's consent page. Accounts in the EU may be sent
// on to their own host.
const DefaultAuthorizeURL = "https://app.hubspot.com/oauth/authorize"

// An OAuth is our app at HubSpot's token service. Installing it in an account
// gives a refresh token that lives until the app is uninstalled.
//
// https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/oauth/working-with-oauth
type OAuth struct {
	BaseURL      string // Defaults to [DefaultBaseURL].
	AuthorizeURL string // Defaults to [DefaultAuthorizeURL].
	Version      string // Defaults to [Version].

	ClientID     string // Required.
	ClientSecret string // Required.
	RedirectURL  string // Must be one of the app's, exactly.

	Scopes         []string // The required ones; must contain the app's.
	OptionalScopes []string // Granted where the account has the feature.

	HTTP *http.Client // Defaults to one that gives up after 30 s.
}

// A Grant is what an account gave us.
type Grant struct {
	Token    *oauth2.Token
	PortalID string
	UserID   string // Of the installer.
	Scopes   []string
}

func (o *OAuth) tokenURL() string {
	base := strings.TrimRight(o.BaseURL, "/")
	if base == "" {
		base = DefaultBaseURL
	}
	return base + o.path("token")
}

func (o *OAuth) path(rest string) string { return "/oauth/" + orVersion(o.Version) + "/" + rest }

func (o *OAuth) config() *oauth2.Config {
	authorize := o.AuthorizeURL
	if authorize == "" {
		authorize = DefaultAuthorizeURL
	}
	return &oauth2.Config{
		ClientID: o.ClientID, ClientSecret: o.ClientSecret, RedirectURL: o.RedirectURL, Scopes: o.Scopes,
		// HubSpot wants the credentials in the body.
		Endpoint: oauth2.Endpoint{AuthURL: authorize, TokenURL: o.tokenURL(), AuthStyle: oauth2.AuthStyleInParams},
	}
}

func (o *OAuth) context(ctx context.Context) context.Context {
	client := o.HTTP
	if client == nil {
		client = fallbackHTTP
	}
	return context.WithValue(ctx, oauth2.HTTPClient, client)
}

// AuthCodeURL is where the installer's browser goes. Verifier is the PKCE
// secret; keep it with state until the redirect comes back.
func (o *OAuth) AuthCodeURL(state, verifier string) string {
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(verifier)}
	if len(o.OptionalScopes) > 0 {
		options = append(options, oauth2.SetAuthURLParam("optional_scope", strings.Join(o.OptionalScopes, " ")))
	}
	return o.config().AuthCodeURL(state, options...)
}

// Exchange redeems the code of a redirect; it works once. A refusal wraps an
// [*oauth2.RetrieveError], whose text quotes HubSpot's answer: do not log it.
func (o *OAuth) Exchange(ctx context.Context, code, verifier string) (Grant, error) {
	t, err := o.config().Exchange(o.context(ctx), code, oauth2.VerifierOption(verifier))
	if err != nil {
		return Grant{}, fmt.Errorf("hubspot: exchange code: %w", withoutURL(err))
	}
	return grantOf(t), nil
}

// Refresh gets a new access token, and perhaps a new refresh token. A refusal
// wraps an [*oauth2.RetrieveError]: with status 400 the refresh token is dead
// and an admin has to install the app again.
func (o *OAuth) Refresh(ctx context.Context, refreshToken string) (Grant, error) {
	t, err := o.config().TokenSource(o.context(ctx), &oauth2.Token{RefreshToken: refreshToken}).Token()
	if err != nil {
		return Grant{}, fmt.Errorf("hubspot: refresh: %w", withoutURL(err))
	}
	return grantOf(t), nil
}

func grantOf(t *oauth2.Token) Grant {
	g := Grant{Token: t, PortalID: number(t.Extra("hub_id")), UserID: number(t.Extra("user_id"))}
	list, _ := t.Extra("scopes").([]any)
	for _, s := range list {
		if scope, ok := s.(string); ok {
			g.Scopes = append(g.Scopes, scope)
		}
	}
	return g
}

// number writes an id that was decoded as any.
func number(v any) string {
	switch v := v.(type) {
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		return v
	}
	return ""
}

// Introspection is what HubSpot knows about a token.
type Introspection struct {
	Active   bool
	PortalID string
	Domain   string
	User     string // E-mail address.
	UserID   string
	AppID    string
	Scopes   []string
	Hublet   string // The region: na1, eu1, …
}

// Introspect asks about an access token.
func (o *OAuth) Introspect(ctx context.Context, token string) (Introspection, error) {
	var w struct {
		Active    bool     `json:"active"`
		AppID     id       `json:"app_id"`
		HubID     id       `json:"hub_id"`
		HubDomain string   `json:"hub_domain"`
		User      string   `json:"user"`
		UserID    id       `json:"user_id"`
		Scopes    []string `json:"scopes"`
		Signed    struct {
			Hublet string `json:"hublet"`
		} `json:"signed_access_token"`
	}
	err := o.post(ctx, "introspect token", "token/introspect", url.Values{
		"token": {token}, "token_type_hint": {"access_token"},
	}, &w)
	return Introspection{
		w.Active, string(w.HubID), w.HubDomain, w.User, string(w.UserID), string(w.AppID), w.Scopes, w.Signed.Hublet,
	}, err
}

// Revoke ends a refresh token. Access tokens made with it live on, and the app
// stays installed.
func (o *OAuth) Revoke(ctx context.Context, refreshToken string) error {
	return o.post(ctx, "revoke token", "token/revoke", url.Values{
		"token": {refreshToken}, "token_type_hint": {"refresh_token"},
	}, nil)
}

func (o *OAuth) post(ctx context.Context, op, path string, form url.Values, out any) error {
	form.Set("client_id", o.ClientID)
	form.Set("client_secret", o.ClientSecret)
	return transport{base: o.BaseURL, http: o.HTTP}.exchange(ctx,
		call{op: op, method: http.MethodPost, path: o.path(path)},
		http.Header{"Accept": {"application/json"}, "Content-Type": {"application/x-www-form-urlencoded"}},
		strings.NewReader(form.Encode()), out)
}
