package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/singleflight"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/tenant"
)

// deps are what the handlers work with.
type deps struct {
	Log      *slog.Logger     // Defaults to silence.
	Now      func() time.Time // Defaults to time.Now.
	HTTP     *http.Client     // Towards Webex' identity service. Defaults to one with a deadline.
	SignIns  *signIns         // Required.
	Tenants  *tenant.Store    // Required.
	layouts  *notices         // What layouts got wrong. Optional.
	Tokens   tokenStore       // Required.
	Ledger   ledgerStore      // Required.
	Lookup   matcher          // Required.
	Contacts contactMaker     // Required.
	People   contactFinder    // Required.
	Cards    cardReader       // Required.
	History  memory           // Without it nothing is remembered.
	Webex    webexConfig      // Required.
	Lists    webexLists       // Required.

	Installs *installs  // Required.
	Accounts *portals   // Required to install, and for HubSpot's webhooks.
	Books    bookkeeper // Required to install, and for HubSpot's webhooks.

	caches *caches    // Defaults to one's own.
	Ready  *readiness // Defaults to one that always is.

	Metrics *metrics // Defaults to measuring nothing.
}

// caches are what is kept of Webex and HubSpot for a while.
type caches struct {
	configs *configCache
	pages   *pageCache
}

func newCaches(source webexConfig, now func() time.Time) *caches {
	return &caches{newConfigCache(source, now), newPageCache(now)}
}

func (c *caches) forget() {
	c.configs.forget()
	c.pages.forget()
}

// server carries the handlers, one file per concern.
type server struct {
	cfg Config
	deps
	*caches
	gates    gates
	dialers  *dialers
	creating singleflight.Group // Contacts, by portal and number.
}

// newServer returns every route of the backend. It may be mounted beside other
// handlers; all its URLs come from cfg.
func newServer(cfg Config, d deps) *echo.Echo {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.HTTP == nil {
		d.HTTP = &http.Client{Timeout: 15 * time.Second}
	}
	if d.caches == nil {
		d.caches = newCaches(d.Webex, d.Now)
	}
	if d.Ready == nil {
		d.Ready = &readiness{}
	}
	s := &server{cfg: cfg, deps: d, caches: d.caches, gates: newGates(cfg.Limits), dialers: newDialers()}

	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = answerError(d.Log)
	e.Use(withRequestID, d.Metrics.middleware, accessLog(d.Log, d.Now), recoverPanics(d.Log), securityHeaders(cfg), limitBody(maxBody),
		s.limitClients)
	e.IPExtractor = realIP(cfg.Proxies)

	const quickly, slowly = 5 * time.Second, 20 * time.Second
	e.GET(healthPath, s.health, timeout(quickly))
	e.GET(readyPath, s.ready, timeout(2*time.Second))

	// In the sign-in window, at our own origin.
	e.GET(backend.LoginPath, s.login, timeout(quickly))
	e.GET(backend.CallbackPath, s.callback, timeout(slowly))
	e.POST(backend.ConfirmPath, s.confirm, timeout(quickly), s.sameOrigin)
	e.GET("/auth/signin.js", s.signInAsset("signin.js", "text/javascript; charset=utf-8"))
	e.GET("/auth/signin.css", s.signInAsset("signin.css", "text/css; charset=utf-8"))

	// The widget's contract.
	open := func(method, path string, h echo.HandlerFunc, d time.Duration) {
		e.Add(method, path, h, timeout(d), s.contractVersion, s.sameOrigin)
	}
	signedIn := func(method, path string, h echo.HandlerFunc, d time.Duration) {
		open(method, path, s.authenticated(h), d)
	}
	open("POST", backend.SessionPath, s.exchange, slowly) // It may ask Webex.
	signedIn("GET", backend.SessionPath, s.whoAmI, quickly)
	signedIn("DELETE", backend.SessionPath, s.signOut, quickly)
	signedIn("GET", backend.TokenPath, s.calmly(s.webexToken), slowly)
	signedIn("POST", backend.TokenPath, s.calmly(s.refusedToken), slowly)
	signedIn("GET", backend.SettingsPath, s.settings, quickly)
	signedIn("POST", backend.SettingsPath, s.settingsUnder, quickly)
	signedIn("GET", backend.ConfigPath, s.webexConfig, slowly)
	signedIn("GET", backend.InteractionsPath, s.listInteractions, quickly)
	signedIn("GET", interactionRoute, s.getInteraction, quickly)
	signedIn("PUT", interactionRoute, s.putInteraction, slowly)
	signedIn("POST", backend.LookupPath, s.lookUp, slowly)
	signedIn("POST", backend.ContactsPath, s.createContact, slowly)
	signedIn("POST", backend.DirectoryPath, s.search, slowly)
	signedIn("POST", backend.NumberPath, s.number, quickly)
	signedIn("POST", backend.DialPath, s.dial, quickly)
	signedIn("POST", backend.CardPath, s.card, quickly)

	s.registerInstall(e)
	registerStatic(e, cfg, pageConfig(cfg))
	return e
}

// interactionRoute is backend.InteractionPath as echo spells parameters.
const interactionRoute = backend.InteractionsPath + "/:key"

func (s *server) health(c echo.Context) error {
	return c.JSON(http.StatusOK, alive)
}

// timeout bounds what a handler waits for; it does not cut off its answer.
func timeout(d time.Duration) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			ctx, cancel := context.WithTimeout(c.Request().Context(), d)
			defer cancel()
			c.SetRequest(c.Request().WithContext(ctx))
			return next(c)
		}
	}
}
