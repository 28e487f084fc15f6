package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"

	"deskbridge/pkg/hubspot"
)

// connect sends an admin's browser to a vendor: GET /install/{side}. A session
// begins with it.
func (s *server) connect(side string) echo.HandlerFunc {
	return func(c echo.Context) error {
		if from := c.Request().Header.Get("Sec-Fetch-Site"); from == "cross-site" || from == "same-site" {
			return c.Redirect(http.StatusSeeOther, installPath) // Nobody is sent there by another site.
		}
		if side == sideHubSpot && !s.cfg.installs() {
			return home(c, "problem", "refused")
		}
		origin := s.cfg.origin(c.Request())
		cookie, held := "", false
		if _, err := s.installOf(c); err == nil {
			found, _ := c.Request().Cookie(adminCookieName(origin))
			cookie, held = found.Value, true
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if !held {
			cookie = secret()
		}
		state, verifier := secret(), oauth2.GenerateVerifier()
		f := flow{Side: side, Verifier: verifier, Origin: origin}
		if err := s.Installs.begin(c.Request().Context(), state, cookie, f, s.cfg.Install.Session); err != nil {
			return err
		}
		c.SetCookie(s.adminCookie(origin, cookie, int(s.cfg.Install.Session.Seconds())))
		c.Response().Header().Set("Cache-Control", "no-store")
		if side == sideHubSpot {
			return c.Redirect(http.StatusFound, s.cfg.hubspotApp(origin).AuthCodeURL(state, verifier))
		}
		back := 0
		if c.QueryParam("to") == "admin" {
			back = int(flowLife.Seconds())
		}
		c.SetCookie(backCookie(origin, back))
		options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(verifier)}
		if agent := c.QueryParam("agent"); agent != "" && s.cfg.Sandbox {
			options = append(options, oauth2.SetAuthURLParam("login_hint", agent))
		}
		return c.Redirect(http.StatusFound, s.webexAdmin(origin).AuthCodeURL(state, options...))
	}
}

// backName is the cookie that says that the browser came from the admin's
// pages, and wants back there. It opens nothing.
const backName = "deskbridge-admin-back"

// backCookie sets or, with no seconds, deletes it.
func backCookie(origin string, seconds int) *http.Cookie {
	if seconds == 0 {
		seconds = -1
	}
	return &http.Cookie{
		Name: backName, Value: "1", Path: installPath, MaxAge: seconds,
		HttpOnly: true, Secure: strings.HasPrefix(origin, "https://"), SameSite: http.SameSiteLaxMode,
	}
}

// webexAdmin is our client at Webex' identity service with the install page's
// redirect.
func (s *server) webexAdmin(origin string) *oauth2.Config {
	config := s.cfg.oauthConfig(origin)
	config.RedirectURL = origin + webexCallbackPath
	return config
}

// installError is a failed connection: the page's sentence, and the cause for
// the log.
type installError struct {
	code  string
	cause error
}

func (e *installError) Error() string { return fmt.Sprintf("install: %s: %v", e.code, e.cause) }

func (e *installError) Unwrap() error { return e.cause }

// connected is where a vendor sends the browser back to. The state must be one
// that this browser began, and it works once.
func (s *server) connected(side string) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		f, err := s.Installs.take(ctx, c.QueryParam("state"))
		if errors.Is(err, fs.ErrNotExist) {
			return home(c, "problem", "foreign")
		}
		if err != nil {
			return err
		}
		in, err := s.installOf(c)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err != nil || !same(in.ID, f.Install) || f.Side != side || !s.Now().Before(f.Expires) {
			s.Log.Warn("foreign install state", "request", requestID(c), "side", side)
			return home(c, "problem", "foreign")
		}
		done := side
		if c.QueryParam("error") != "" || c.QueryParam("code") == "" {
			return home(c, "problem", "cancelled")
		}
		if side == sideHubSpot {
			done, err = s.connectHubSpot(ctx, &in, f, c.QueryParam("code"))
		} else {
			err = s.connectWebex(ctx, &in, f, c.QueryParam("code"))
		}
		var known *installError
		if errors.As(err, &known) {
			s.Log.Warn("not connected", "request", requestID(c), "side", side, "code", known.code, "error", maskText(masked(known.cause).Error()))
			return home(c, "problem", known.code)
		}
		if err != nil {
			return err
		}
		next := secret()
		if err := s.Installs.keep(ctx, in, next, s.cfg.Install.Session); errors.Is(err, fs.ErrNotExist) {
			return home(c, "problem", "changed")
		} else if err != nil {
			return err
		}
		c.SetCookie(s.adminCookie(f.Origin, next, int(s.cfg.Install.Session.Seconds())))
		if _, err := c.Cookie(backName); err == nil && side == sideWebex && in.Org.Admin {
			c.SetCookie(backCookie(f.Origin, 0))
			return see(c, adminPath, "")
		}
		return home(c, "done", done)
	}
}

// exchangeError says whether a vendor refused a code or did not answer.
func exchangeError(err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.Response != nil && refused.Response.StatusCode < 500 {
		return &installError{"refused", err}
	}
	return &installError{"down", err}
}

// connectHubSpot redeems a code, asks HubSpot what it is for, and keeps the
// tokens: at once in the place of those of a portal that is linked already,
// else until somebody links it. That who installs is an administrator is for
// HubSpot to see to: it lets nobody else install (hubspot.md §5.1).
func (s *server) connectHubSpot(ctx context.Context, in *install, f flow, code string) (done string, err error) {
	app := s.cfg.hubspotApp(f.Origin)
	app.HTTP = s.HTTP
	grant, err := app.Exchange(ctx, code, f.Verifier)
	if err != nil {
		return "", exchangeError(err)
	}
	info, err := app.Introspect(ctx, grant.Token.AccessToken)
	var refused *hubspot.Error
	if errors.As(err, &refused) && !refused.Retryable() {
		return "", &installError{"refused", err}
	}
	if err != nil {
		return "", &installError{"down", err}
	}
	switch {
	case !info.Active || info.PortalID == "" || grant.PortalID != "" && grant.PortalID != info.PortalID:
		return "", &installError{"refused", errors.New("the token is of another account")}
	case s.cfg.HubSpotAppID != "" && info.AppID != "" && info.AppID != s.cfg.HubSpotAppID:
		return "", &installError{"otherapp", errors.New("app " + info.AppID)}
	}
	for _, scope := range s.cfg.Install.Scopes {
		if !slices.Contains(info.Scopes, scope) {
			return "", &installError{"scopes", errors.New("missing " + scope)}
		}
	}
	if old := in.Portal.Pending; old != "" {
		if err := s.Tokens.Delete(ctx, old); err != nil {
			return "", err
		}
	}
	in.Portal = portalSide{ID: info.PortalID, Domain: info.Domain, Email: info.User, At: s.Now()}
	linked, err := s.Tenants.Connections(ctx, info.PortalID)
	if err != nil {
		return "", err
	}
	if len(linked) == 0 {
		in.Portal.Pending = hubspotID("pending:" + secret())
		return sideHubSpot, s.Tokens.Put(ctx, in.Portal.Pending, *grant.Token)
	}
	if err := s.Tokens.Put(ctx, hubspotID(info.PortalID), *grant.Token); err != nil {
		return "", err
	}
	err = s.Installs.setAccount(ctx, account{PortalID: info.PortalID, State: accountConnected, Email: info.User, Scopes: info.Scopes})
	if err != nil {
		return "", err
	}
	s.prepare(ctx, info.PortalID)
	for _, l := range linked {
		n, err := s.Books.Resume(ctx, l.OrgID)
		if err != nil {
			return "", err
		}
		s.Log.Info("portal authorised again", "portal", info.PortalID, "org", l.OrgID, "resumed", n)
	}
	return "reconnected", nil
}

// connectWebex redeems a code and asks Webex who it is and what they are.
func (s *server) connectWebex(ctx context.Context, in *install, f flow, code string) error {
	asking := context.WithValue(ctx, oauth2.HTTPClient, s.HTTP)
	token, err := s.webexAdmin(f.Origin).Exchange(asking, code, oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return exchangeError(err)
	}
	who, roles, err := s.whoIs(ctx, token.AccessToken)
	if err != nil {
		return &installError{"down", err}
	}
	in.Org = orgSide{
		ID: who.OrgID, PersonID: who.AgentID, Name: who.Name, Email: who.Email,
		Admin: s.cfg.Install.isAdmin(roles, who.Email), At: s.Now(),
	}
	if !in.Org.Admin || !s.cfg.Install.mayLink(who.OrgID) {
		return nil // The page says so.
	}
	return s.Tokens.Put(ctx, webexAdminID(who.OrgID), *token)
}

// webexAdminID is under which id the Webex tokens of an organisation's admin
// are kept, who connected it last: doctor and the admin's pages ask Webex with
// them.
func webexAdminID(orgID string) string { return "webexadmin:" + orgID }
