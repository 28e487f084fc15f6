package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/backend"
)

// maxBody is the largest request that is read, in bytes.
const maxBody = 1 << 20

// The keys under which the middleware keeps things in an echo.Context.
const (
	requestKey = "request"
	sessionKey = "session"
)

// withRequestID gives every request an id of our own. One that a client sends
// is ignored: it would be written into the log.
func withRequestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := rand.Text()[:16]
		c.Set(requestKey, id)
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		return next(c)
	}
}

func requestID(c echo.Context) string {
	id, _ := c.Get(requestKey).(string)
	return id
}

// accessLog writes one line per request. The route stands for the path, and
// the query is left out: codes, states, keys and numbers are in those.
func accessLog(log *slog.Logger, now func() time.Time) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start := now()
			err := next(c)
			if err != nil {
				c.Error(err) // Writes the answer, so that the status is known here.
			}
			attrs := []any{
				"request", requestID(c), "method", c.Request().Method, "route", c.Path(),
				"status", c.Response().Status, "bytes", c.Response().Size, "after", now().Sub(start),
			}
			if s, ok := c.Get(sessionKey).(session); ok {
				attrs = append(attrs, "agent", s.Agent.AgentID)
			}
			log.Info("request", attrs...)
			return nil
		}
	}
}

// recoverPanics turns a panic of a handler into a 500 with the stack in the
// log. http.ErrAbortHandler goes on: it is how a handler hangs up.
func recoverPanics(log *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) (err error) {
			defer func() {
				switch r := recover(); r {
				case nil:
				case http.ErrAbortHandler:
					panic(r)
				default:
					log.Error("handler panicked", "request", requestID(c), "route", c.Path(), "stack", string(debug.Stack()))
					err = fmt.Errorf("panic: %s", panicText(r))
				}
			}()
			return next(c)
		}
	}
}

// panicText is what the log may know of a panic: the runtime's own words, else
// only the value's type, for a value may be anybody's number.
func panicText(r any) string {
	if fault, ok := r.(runtime.Error); ok {
		return fault.Error()
	}
	return fmt.Sprintf("a %T", r)
}

// securityHeaders are for every answer; pages replace the policy by theirs.
// There is no X-Frame-Options: HubSpot frames the panel, and the policy says
// who else may.
func securityHeaders(cfg Config) echo.MiddlewareFunc {
	secure := strings.HasPrefix(cfg.PublicURL, "https://") && !isLocal(cfg.PublicURL)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			h := c.Response().Header()
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("Referrer-Policy", "no-referrer")
			h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
			h.Set("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()")
			// Other sites' windows have nothing to do with an admin's pages. The
			// sign-in window and the panel that opened it need each other.
			if path := c.Request().URL.Path; strings.HasPrefix(path, installPath) || strings.HasPrefix(path, "/admin") {
				h.Set("Cross-Origin-Opener-Policy", "same-origin")
			}
			if secure {
				h.Set("Strict-Transport-Security", "max-age=31536000")
			}
			return next(c)
		}
	}
}

// limitBody refuses bodies over limit bytes: at once when they are announced,
// else while they are read.
func limitBody(limit int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if r.ContentLength > limit {
				return &http.MaxBytesError{Limit: limit}
			}
			r.Body = http.MaxBytesReader(c.Response(), r.Body, limit)
			return next(c)
		}
	}
}

// contractVersion refuses widgets of another contract and tells ours.
func (s *server) contractVersion(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set(backend.VersionHeader, backend.Version)
		h.Set("Cache-Control", "no-store")
		if c.Request().Header.Get(backend.VersionHeader) != backend.Version {
			return refuse(http.StatusUpgradeRequired, backend.CodeVersionMismatch,
				"This panel and the Deskbridge server are of different releases. Calls in progress go on; reload the page.")
		}
		return next(c)
	}
}

// sameOrigin refuses what a browser says comes from another site's page. The
// widget's frame is of our own origin, whoever frames it.
func (s *server) sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		if err := protection.Check(c.Request()); err != nil {
			return refuse(http.StatusForbidden, backend.CodeForbidden, "This request came from another site's page.")
		}
		return next(c)
	}
}

// readJSON decodes the body into v. Fields it does not know are left out: a
// newer widget of the same contract may send more.
func readJSON(c echo.Context, v any) error {
	body, err := io.ReadAll(c.Request().Body)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	if err != nil {
		return errors.Join(invalid("The request was cut off on its way. Send it again."), err)
	}
	if err := json.Unmarshal(body, v); err != nil {
		return invalid("The request is not the JSON that this address takes.")
	}
	return nil
}
