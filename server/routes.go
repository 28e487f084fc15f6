package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

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
	Tokens   tokenStore       // Required.
	Ledger   ledgerStore      // Required.
	Lookup   matcher          // Required.
	Contacts contactMaker     // Required.
	Webex    webexConfig      // Required.
}

// server carries the handlers, one file per concern.
type server struct {
	cfg Config
	deps
	configs *configCache
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
	s := &server{cfg: cfg, deps: d, configs: newConfigCache(d.Webex, d.Now)}

	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = answerError(d.Log)
	e.Use(withRequestID, accessLog(d.Log, d.Now), recoverPanics(d.Log), securityHeaders, limitBody(maxBody))

	quick, slow := timeout(5*time.Second), timeout(20*time.Second)
	e.GET("/healthz", s.health, quick)

	// In the sign-in window, at our own origin.
	e.GET(backend.LoginPath, s.login, quick)
	e.GET(backend.CallbackPath, s.callback, slow)
	e.POST(backend.ConfirmPath, s.confirm, quick, s.sameOrigin)
	e.GET("/auth/signin.js", s.signInAsset("signin.js", "text/javascript; charset=utf-8"))
	e.GET("/auth/signin.css", s.signInAsset("signin.css", "text/css; charset=utf-8"))

	// The widget's contract.
	api := e.Group("", s.contractVersion, s.sameOrigin)
	api.POST(backend.SessionPath, s.exchange, quick)
	signedIn := api.Group("", s.authenticated)
	signedIn.GET(backend.SessionPath, s.whoAmI, quick)
	signedIn.DELETE(backend.SessionPath, s.signOut, quick)
	signedIn.GET(backend.TokenPath, s.webexToken, slow)
	signedIn.GET(backend.SettingsPath, s.settings, quick)
	signedIn.GET(backend.ConfigPath, s.webexConfig, slow)
	signedIn.GET(backend.InteractionsPath, s.listInteractions, quick)
	signedIn.GET(interactionRoute, s.getInteraction, quick)
	signedIn.PUT(interactionRoute, s.putInteraction, slow)
	signedIn.POST(backend.LookupPath, s.lookUp, slow)
	signedIn.POST(backend.ContactsPath, s.createContact, slow)

	registerStatic(e, cfg, pageConfig(cfg))
	return e
}

// interactionRoute is backend.InteractionPath as echo spells parameters.
const interactionRoute = backend.InteractionsPath + "/:key"

func (s *server) health(c echo.Context) error {
	return c.JSON(http.StatusOK, map[string]string{"status": "ok", "contract": backend.Version})
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
