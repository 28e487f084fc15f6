package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/ledger"
	"deskbridge/pkg/tenant"
	"deskbridge/pkg/tokens"
)

// The install page's addresses.
const (
	installPath         = "/install"
	hubspotConnectPath  = "/install/hubspot"
	hubspotCallbackPath = "/install/hubspot/callback"
	webexConnectPath    = "/install/webex"
	webexCallbackPath   = "/install/webex/callback"
	linkPath            = "/install/link"
	unlinkPath          = "/install/unlink"
	leavePath           = "/install/leave"
)

// A bookkeeper is the ledger as admins, the janitor and HubSpot's webhooks need
// it.
type bookkeeper interface {
	Resume(ctx context.Context, orgID string) (int, error)
	Erase(ctx context.Context, at ledger.Place, objectTypeID, objectID string) (int, error)
	Repoint(ctx context.Context, at ledger.Place, objectTypeID, from, to string) (int, error)
	Expire(ctx context.Context, notes, records time.Time) (blanked, forgotten int, err error)
	operator
}

// registerInstall adds what admins and HubSpot's own servers call.
func (s *server) registerInstall(e *echo.Echo) {
	s.cfg.Install = s.cfg.Install.withDefaults()
	const quickly, slowly = 5 * time.Second, 25 * time.Second
	e.GET(installPath, s.installPage, timeout(quickly))
	e.GET("/install/install.css", s.signInAsset("install.css", "text/css; charset=utf-8"))
	e.GET(hubspotConnectPath, s.connect(sideHubSpot), timeout(quickly))
	e.GET(hubspotCallbackPath, s.connected(sideHubSpot), timeout(slowly))
	e.GET(webexConnectPath, s.connect(sideWebex), timeout(quickly))
	e.GET(webexCallbackPath, s.connected(sideWebex), timeout(slowly))
	e.POST(linkPath, s.link, timeout(slowly), s.sameOrigin)
	e.POST(unlinkPath, s.unlink, timeout(slowly), s.sameOrigin)
	e.POST(leavePath, s.leave, timeout(quickly), s.sameOrigin)
	s.registerAdmin(e)
	e.POST(webhookPath, s.webhook, timeout(quickly))
}

var installTemplate = template.Must(template.ParseFS(signInFiles, "pages/install.html"))

// installPolicy lets the page post its forms and show its style. Nobody frames
// it: who links has to see what.
const installPolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// installView is what the page shows.
type installView struct {
	Problem, Done string // Sentences.

	Install  install
	HubSpot  bool // The HubSpot side is proved, not too long ago.
	Webex    bool
	NotAdmin bool // The Webex side is proved, but of nobody who may link.
	Closed   bool // This organisation may not link itself here.
	CanLink  bool
	Installs bool // Portals can be connected here at all.
	Accounts []accountView
}

// accountView is a linked portal.
type accountView struct {
	ID, Name, Why  string
	Connected      bool
	Default, Fixed bool // Fixed is linked by configuration.
}

// sentences are what the page says after a redirect, by the code in its query.
var sentences = map[string]string{
	"foreign":    "This connection was not started in this browser, was used already, or is too old. Press the button again.",
	"cancelled":  "You have not given access. Nothing was changed; press the button to try again.",
	"refused":    "The sign-in was not accepted. Nothing was changed; press the button to try again.",
	"down":       "The other side does not answer right now. Nothing was changed; try again in a moment.",
	"scopes":     "HubSpot has not granted everything that Deskbridge needs. Connect again and leave every required permission ticked.",
	"otherapp":   "HubSpot's answer is for another app. Check HUBSPOT_APP_ID and HUBSPOT_CLIENT_ID.",
	"old":        "One of the two sides was connected more than an hour ago. Connect it again, then link.",
	"notadmin":   "You are not an administrator of this Webex organisation. Ask one to connect it, or have your address put into DESKBRIDGE_ADMINS.",
	"closed":     "This Webex organisation may not be linked on this server. Whoever runs it can allow it with DESKBRIDGE_ORGS.",
	"changed":    "What is connected has changed in another window. Look again at what you are about to link.",
	"session":    "Your session has ended. Connect again.",
	"configured": "This account is linked by this server, whose configuration alone can unlink it.",
	"notlinked":  "This account is not linked to your organisation.",

	"hubspot":     "HubSpot is connected.",
	"webex":       "Webex is connected.",
	"linked":      "Linked. Calls are logged from now on, and those that waited are being logged.",
	"reconnected": "HubSpot is connected again. Calls that waited are being logged.",
	"unlinked":    "Unlinked. Records that are not logged yet are kept and wait.",
	"uninstalled": "Unlinked, and Deskbridge is taken out of HubSpot.",
	"left":        "You have left. Your links stay.",
}

// home sends the browser to the install page with a sentence.
func home(c echo.Context, kind, code string) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Redirect(http.StatusSeeOther, installPath+"?"+url.Values{kind: {code}}.Encode())
}

// installPage shows what is connected and what is linked: GET /install.
func (s *server) installPage(c echo.Context) error {
	ctx := c.Request().Context()
	v := installView{Problem: sentences[c.QueryParam("problem")], Done: sentences[c.QueryParam("done")], Installs: s.cfg.installs()}
	in, err := s.installOf(c)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	now := s.Now()
	v.Install, v.HubSpot, v.Webex = in, fresh(in.Portal.At, now), fresh(in.Org.At, now)
	v.NotAdmin = v.Webex && !in.Org.Admin
	v.Closed = v.Webex && in.Org.Admin && !s.cfg.Install.mayLink(in.Org.ID)
	v.CanLink = v.HubSpot && v.Webex && !v.NotAdmin && !v.Closed
	if v.Webex && in.Org.Admin {
		if v.Accounts, err = s.accountsOf(ctx, in.Org.ID); err != nil {
			return err
		}
		linked := slices.ContainsFunc(v.Accounts, func(a accountView) bool { return a.ID == in.Portal.ID })
		v.CanLink = v.CanLink && !linked
	}
	var out bytes.Buffer
	if err := installTemplate.Execute(&out, v); err != nil {
		return fmt.Errorf("install page: %w", err)
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", installPolicy)
	h.Set("Cache-Control", "no-store")
	return c.HTMLBlob(http.StatusOK, out.Bytes())
}

// accountsOf are the portals of an organisation, the default one first.
func (s *server) accountsOf(ctx context.Context, orgID string) ([]accountView, error) {
	portals, err := s.Tenants.Portals(ctx, orgID)
	if err != nil {
		return nil, err
	}
	views := make([]accountView, 0, len(portals))
	for i, p := range portals {
		v := accountView{ID: p.ID, Name: p.Name, Default: i == 0, Connected: true, Fixed: s.fixed(orgID, p.ID)}
		if !s.static(p.ID) {
			found, err := s.Installs.account(ctx, p.ID)
			if err != nil {
				return nil, err
			}
			if v.Connected = found.State != accountDisconnected; !v.Connected {
				v.Why = found.Why
			} else if s.revoked(ctx, p.ID) {
				v.Connected, v.Why = false, whyRevoked
			}
		}
		views = append(views, v)
	}
	return views, nil
}

// revoked says whether a portal's tokens are of no more use. While HubSpot does
// not answer nobody knows, and they count as good.
func (s *server) revoked(ctx context.Context, portalID string) bool {
	asking, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, err := s.Tokens.Token(asking, hubspotID(portalID))
	return errors.Is(err, tokens.ErrNone) || errors.Is(err, tokens.ErrRefused) || errors.Is(err, tokens.ErrSealed)
}

// Why an account is disconnected.
const (
	whyUninstalled = "Deskbridge was taken out of this account. Connect HubSpot again; records wait until then."
	whyRevoked     = "HubSpot takes our access no more. Connect HubSpot again; records wait until then."
)

// fixed says whether a link is the configuration's.
func (s *server) fixed(orgID, portalID string) bool {
	return orgID == s.cfg.OrgID && portalID == s.cfg.Portal && portalID != ""
}

// static says whether a portal is reached with the configured token.
func (c Config) static(portalID string) bool { return c.HubSpotToken != "" && portalID == c.Portal }

func (s *server) static(portalID string) bool { return s.cfg.static(portalID) }

// link links the two sides that this browser has proved: POST /install/link.
// The form says what the page showed, so that nobody links what they have not
// seen.
func (s *server) link(c echo.Context) error {
	ctx := c.Request().Context()
	in, err := s.installOf(c)
	if errors.Is(err, fs.ErrNotExist) {
		return home(c, "problem", "session")
	}
	if err != nil {
		return err
	}
	now := s.Now()
	switch {
	case !fresh(in.Portal.At, now) || !fresh(in.Org.At, now):
		return home(c, "problem", "old")
	case !in.Org.Admin:
		return home(c, "problem", "notadmin")
	case !s.cfg.Install.mayLink(in.Org.ID):
		return home(c, "problem", "closed")
	case c.FormValue("portal") != in.Portal.ID || c.FormValue("org") != in.Org.ID:
		return home(c, "problem", "changed")
	}
	if in.Portal.Pending != "" {
		if err := s.settle(ctx, in.Portal); err != nil {
			return err
		}
		if err := s.Installs.settled(ctx, in.ID); err != nil {
			return err
		}
	}
	if err := s.Tenants.Join(ctx, in.Org.ID, in.Portal.ID, in.Portal.Domain); err != nil {
		return err
	}
	s.Log.Info("portal linked", "request", requestID(c), "portal", in.Portal.ID, "org", in.Org.ID, "by", in.Org.PersonID)
	s.prepare(ctx, in.Portal.ID)
	if _, err := s.Books.Resume(ctx, in.Org.ID); err != nil {
		return err
	}
	return home(c, "done", "linked")
}

// settle takes the tokens of a portal that waited for the link into use.
func (s *server) settle(ctx context.Context, p portalSide) error {
	token, err := s.Tokens.Token(ctx, p.Pending)
	if errors.Is(err, tokens.ErrNone) {
		return nil // Another window has done it.
	}
	if err != nil {
		return masked(err)
	}
	if err := s.Tokens.Put(ctx, hubspotID(p.ID), token); err != nil {
		return err
	}
	if err := s.Tokens.Delete(ctx, p.Pending); err != nil {
		return err
	}
	return s.Installs.setAccount(ctx, account{PortalID: p.ID, State: accountConnected, Email: p.Email})
}

// prepare adds the properties that calls get, as far as the portal allows it,
// and forgets what was known of the portal. A failure is no reason not to link:
// doctor says what is missing.
func (s *server) prepare(ctx context.Context, portalID string) {
	s.Accounts.forget(portalID)
	if s.caches != nil {
		s.caches.pages.forget()
	}
	asking, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if _, err := addProperties(asking, s.Accounts.client(portalID), false); err != nil {
		s.Log.Warn("properties not added", "portal", portalID, "error", err)
	}
}

// unlink takes a portal away from an organisation: POST /install/unlink. An
// admin of either side may; with "uninstall" the app leaves HubSpot, too.
func (s *server) unlink(c echo.Context) error {
	ctx := c.Request().Context()
	in, err := s.installOf(c)
	if errors.Is(err, fs.ErrNotExist) {
		return home(c, "problem", "session")
	}
	if err != nil {
		return err
	}
	now, orgID, portalID := s.Now(), c.FormValue("org"), c.FormValue("portal")
	ofOrg := fresh(in.Org.At, now) && in.Org.Admin && orgID == in.Org.ID
	ofPortal := fresh(in.Portal.At, now) && portalID == in.Portal.ID
	if !ofOrg && !ofPortal {
		return home(c, "problem", "old")
	}
	if s.fixed(orgID, portalID) {
		return home(c, "problem", "configured")
	}
	if _, err := s.Tenants.Portal(ctx, orgID, portalID); errors.Is(err, tenant.ErrNotLinked) || portalID == "" {
		return home(c, "problem", "notlinked")
	} else if err != nil {
		return err
	}
	if err := s.Tenants.Unlink(ctx, orgID, portalID); err != nil {
		return err
	}
	s.Log.Info("portal unlinked", "request", requestID(c), "portal", portalID, "org", orgID)
	done := "unlinked"
	others, err := s.Tenants.Connections(ctx, portalID)
	if err != nil {
		return err
	}
	if len(others) == 0 && !s.static(portalID) {
		uninstall := c.FormValue("uninstall") != ""
		if err := s.disconnect(ctx, portalID, uninstall); err != nil {
			return err
		}
		if uninstall {
			done = "uninstalled"
		}
	}
	if portals, err := s.Tenants.Portals(ctx, orgID); err != nil {
		return err
	} else if len(portals) == 0 {
		if err := s.dismiss(ctx, orgID); err != nil {
			return err
		}
	}
	return home(c, "done", done)
}

// disconnect gives up the access to a portal that nobody has linked any more.
// That HubSpot is told is a courtesy.
func (s *server) disconnect(ctx context.Context, portalID string, uninstall bool) error {
	token, err := s.Tokens.Token(ctx, hubspotID(portalID))
	if err == nil && uninstall {
		err = s.Accounts.client(portalID).Uninstall(ctx)
	}
	if err == nil && token.RefreshToken != "" {
		app := s.cfg.hubspotApp(s.cfg.PublicURL)
		app.HTTP = s.HTTP
		err = app.Revoke(ctx, token.RefreshToken)
	}
	if err != nil {
		s.Log.Warn("access not given back to HubSpot", "portal", portalID, "error", masked(err))
	}
	if err := s.Tokens.Delete(ctx, hubspotID(portalID)); err != nil {
		return err
	}
	s.Accounts.forget(portalID)
	return s.Installs.setAccount(ctx, account{PortalID: portalID, State: accountDisconnected, Why: whyUninstalled})
}

// leave ends the admin's session: POST /install/leave.
func (s *server) leave(c echo.Context) error {
	in, err := s.installOf(c)
	if err == nil {
		err = s.Installs.leave(c.Request().Context(), in.ID)
		if err == nil && in.Portal.Pending != "" {
			err = s.Tokens.Delete(c.Request().Context(), in.Portal.Pending)
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	c.SetCookie(s.adminCookie(s.cfg.origin(c.Request()), "", -1))
	return home(c, "done", "left")
}

// adminCookie holds an admin's session. Only the browser that was given it can
// finish what it began.
func (s *server) adminCookie(origin, value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: adminCookieName(origin), Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: strings.HasPrefix(origin, "https://"), SameSite: http.SameSiteLaxMode,
	}
}

// adminCookieName has the prefix that keeps sister domains from setting it,
// where browsers know that: with https.
func adminCookieName(origin string) string {
	if strings.HasPrefix(origin, "https://") {
		return "__Host-deskbridge-admin"
	}
	return "deskbridge-admin"
}

// installOf is the session of the request's browser, or fs.ErrNotExist.
func (s *server) installOf(c echo.Context) (install, error) {
	cookie, err := c.Request().Cookie(adminCookieName(s.cfg.origin(c.Request())))
	if err != nil || cookie.Value == "" {
		return install{}, fs.ErrNotExist
	}
	return s.Installs.find(c.Request().Context(), cookie.Value)
}
