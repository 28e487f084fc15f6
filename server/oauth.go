package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/tenant"
)

// oauthConfig is our client at Webex' identity service. Origin is the one of
// ours that the window was opened at, so that its cookie comes back.
//
// https://developer.webex.com/docs/integrations
func (c Config) oauthConfig(origin string) *oauth2.Config {
	return &oauth2.Config{
		ClientID:     c.WebexClientID,
		ClientSecret: c.WebexClientSecret,
		Scopes:       c.WebexScopes,
		RedirectURL:  origin + backend.CallbackPath,
		Endpoint: oauth2.Endpoint{
			AuthURL:   c.WebexAuthorizeURL,
			TokenURL:  c.WebexTokenURL,
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}
}

// origin is which of our own origins the request came to.
func (c Config) origin(r *http.Request) string {
	for _, own := range c.AlsoURLs {
		if _, host, _ := strings.Cut(own, "://"); strings.EqualFold(host, r.Host) {
			return own
		}
	}
	return c.PublicURL
}

// login sends a new sign-in window to Webex: GET /auth/login. Its query has the
// panel's challenge and perhaps a hint who will sign in.
func (s *server) login(c echo.Context) error {
	challenge := c.QueryParam("challenge")
	if raw, err := base64.RawURLEncoding.DecodeString(challenge); err != nil || len(raw) != sha256.Size {
		return s.page(c, http.StatusBadRequest, signInPage{Problem: "This address is not complete. Close this window and press “Sign in with Webex” in the panel."})
	}
	state, binding, verifier := secret(), secret(), oauth2.GenerateVerifier()
	in := signIn{
		ID: digest(state), Challenge: challenge, Binding: digest(binding),
		WebexVerifier: verifier, Origin: s.cfg.origin(c.Request()),
	}
	if err := s.SignIns.begin(c.Request().Context(), in); err != nil {
		return err
	}
	c.SetCookie(s.cookie(in, binding, int(signInLife/time.Second)))
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(verifier)}
	if hint := c.QueryParam("agent"); hint != "" && len(hint) <= 256 {
		options = append(options, oauth2.SetAuthURLParam("login_hint", hint))
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Redirect(http.StatusFound, s.cfg.oauthConfig(in.Origin).AuthCodeURL(state, options...))
}

// callback is where Webex sends the window back to: GET /auth/callback.
func (s *server) callback(c echo.Context) error {
	ctx := c.Request().Context()
	in, err := s.SignIns.byState(ctx, c.QueryParam("state"))
	if errors.Is(err, fs.ErrNotExist) || err == nil && !s.boundTo(c.Request(), in) {
		// Somebody else's state, or a browser that did not begin this.
		return s.page(c, http.StatusBadRequest, signInPage{Problem: "This sign-in was not started in this browser, or it is too old. Close this window and press “Sign in with Webex” in the panel."})
	}
	if err != nil {
		return err
	}
	c.SetCookie(s.cookie(in, "", -1))
	first, err := s.SignIns.advance(ctx, in.ID, stageOpen, stageReturned)
	if err != nil {
		return err
	}
	if !first || !s.Now().Before(in.ExpiresAt) {
		return s.page(c, http.StatusGone, signInPage{Problem: "This sign-in took too long or was used already. Close this window and press “Sign in with Webex” in the panel."})
	}
	agent, err := s.identify(ctx, c, in)
	if err != nil {
		refusal := refusalOf(err)
		s.Log.Warn("sign-in refused", "request", requestID(c), "code", refusal.Code, "error", maskText(err.Error()))
		if err := s.SignIns.fail(ctx, in.ID, refusal); err != nil {
			return err
		}
		return s.page(c, refusal.Status, signInPage{Problem: refusal.Message})
	}
	code, confirm := secret(), secret()
	if err := s.SignIns.know(ctx, in.ID, agent, code, confirm); err != nil {
		return err
	}
	return s.page(c, http.StatusOK, signInPage{
		Name: agent.Name, Code: code, Confirm: confirm, ShortCode: backend.ShortCode(in.Challenge),
	})
}

// identify redeems Webex' answer, finds out who the agent is and whether their
// organisation is linked, and keeps the tokens.
func (s *server) identify(ctx context.Context, c echo.Context, in signIn) (backend.Agent, error) {
	if reason := c.QueryParam("error"); reason != "" {
		return backend.Agent{}, refuse(http.StatusForbidden, backend.CodeSignInRefused, "Webex did not sign you in. You may close this window and try again.")
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, s.HTTP)
	token, err := s.cfg.oauthConfig(in.Origin).Exchange(ctx, c.QueryParam("code"), oauth2.VerifierOption(in.WebexVerifier))
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.Response != nil && refused.Response.StatusCode < 500 {
		return backend.Agent{}, errors.Join(refuse(http.StatusForbidden, backend.CodeSignInRefused,
			"Webex did not accept the sign-in. Close this window and try again."), masked(err))
	}
	if err != nil {
		return backend.Agent{}, errors.Join(webexDown(), masked(err))
	}
	agent, err := s.people(ctx, token.AccessToken)
	if err != nil {
		return backend.Agent{}, err
	}
	if _, err := s.Tenants.Portal(ctx, agent.OrgID, ""); errors.Is(err, tenant.ErrNotLinked) {
		return backend.Agent{}, errOtherOrg
	} else if err != nil {
		return backend.Agent{}, err
	}
	if err := s.Tokens.Put(ctx, tokenID(agent), *token); err != nil {
		return backend.Agent{}, err
	}
	return agent, nil
}

func webexDown() *backend.Error {
	return refuse(http.StatusBadGateway, backend.CodeWebexDown, "Webex does not answer right now. Try again in a moment.")
}

// masked is an OAuth error without the vendor's answer, which may quote codes
// and tokens.
func masked(err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.Response != nil {
		return fmt.Errorf("token endpoint: %d %s", refused.Response.StatusCode, refused.ErrorCode)
	}
	return err
}

// tokenID is under which id an agent's Webex tokens are kept.
func tokenID(a backend.Agent) string { return "webex:" + a.OrgID + ":" + a.AgentID }

// people asks Webex whose access token it is.
func (s *server) people(ctx context.Context, accessToken string) (backend.Agent, error) {
	agent, _, err := s.whoIs(ctx, accessToken)
	return agent, err
}

// whoIs asks Webex whose access token it is, and which roles they have.
//
// https://developer.webex.com/docs/api/v1/people/get-my-own-details
func (s *server) whoIs(ctx context.Context, accessToken string) (who backend.Agent, roles []string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.cfg.WebexPeopleURL, nil)
	if err != nil {
		return backend.Agent{}, nil, fmt.Errorf("people/me: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+accessToken)
	resp, err := s.HTTP.Do(req)
	if err != nil {
		return backend.Agent{}, nil, errors.Join(webexDown(), err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if resp.StatusCode == http.StatusUnauthorized {
		return backend.Agent{}, nil, refuse(http.StatusUnauthorized, backend.CodeSignInRefused,
			"Webex does not accept this sign-in any more. Sign in again; calls in progress go on.")
	}
	if err != nil || resp.StatusCode != http.StatusOK {
		return backend.Agent{}, nil, errors.Join(webexDown(), fmt.Errorf("people/me: %d", resp.StatusCode), err)
	}
	var me struct {
		ID          string   `json:"id"`
		OrgID       string   `json:"orgId"`
		DisplayName string   `json:"displayName"`
		Emails      []string `json:"emails"`
		Roles       []string `json:"roles"`
	}
	if err := json.Unmarshal(body, &me); err != nil || me.ID == "" || me.OrgID == "" {
		return backend.Agent{}, nil, errors.Join(webexDown(), errors.New("people/me: an answer without ids"))
	}
	who = backend.Agent{AgentID: plainID(me.ID), OrgID: plainID(me.OrgID), Name: me.DisplayName}
	if len(me.Emails) > 0 {
		who.Email = me.Emails[0]
	}
	return who, me.Roles, nil
}

// plainID is the UUID in an id of Webex' public API, which is the base64 of
// ciscospark://us/PEOPLE/<uuid>. Anything else is taken as it is.
func plainID(id string) string {
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(id, "="))
	if err != nil {
		raw, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(id, "="))
	}
	if err != nil || !strings.HasPrefix(string(raw), "ciscospark://") {
		return id
	}
	return string(raw[strings.LastIndexByte(string(raw), '/')+1:])
}

// confirm is the button "My panel shows this code": POST /auth/confirm. The
// secret in the form was given to this window alone.
func (s *server) confirm(c echo.Context) error {
	ctx := c.Request().Context()
	in, err := s.SignIns.byConfirm(ctx, c.FormValue("confirm"))
	gone := signInPage{Problem: "This sign-in took too long or was used already. Close this window and press “Sign in with Webex” in the panel."}
	if errors.Is(err, fs.ErrNotExist) || err == nil && (c.FormValue("confirm") == "" || !s.Now().Before(in.ExpiresAt)) {
		return s.page(c, http.StatusGone, gone)
	}
	if err != nil {
		return err
	}
	first, err := s.SignIns.advance(ctx, in.ID, stageKnown, stageConfirmed)
	if err != nil {
		return err
	}
	if !first && in.Stage != stageConfirmed && in.Stage != stageExchanged {
		return s.page(c, http.StatusGone, gone)
	}
	return s.page(c, http.StatusOK, signInPage{Name: in.Agent.Name, Confirmed: true})
}

// cookie ties the window's browser to a sign-in: without it, somebody could
// let a victim finish a sign-in that they began. Several may run side by side.
func (s *server) cookie(in signIn, binding string, maxAge int) *http.Cookie {
	value := ""
	if binding != "" {
		value = binding + "." + s.sign(in.ID, binding)
	}
	return &http.Cookie{
		Name: "deskbridge-" + in.ID[:12], Value: value, Path: "/auth/", MaxAge: maxAge,
		HttpOnly: true, Secure: strings.HasPrefix(in.Origin, "https://"), SameSite: http.SameSiteLaxMode,
	}
}

func (s *server) boundTo(r *http.Request, in signIn) bool {
	cookie, err := r.Cookie("deskbridge-" + in.ID[:12])
	if err != nil {
		return false
	}
	binding, signature, _ := strings.Cut(cookie.Value, ".")
	return same(digest(binding), in.Binding) && same(signature, s.sign(in.ID, binding))
}

func (s *server) sign(id, binding string) string {
	mac := hmac.New(sha256.New, s.cfg.Key)
	mac.Write([]byte("sign-in\x00" + id + "\x00" + binding))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
