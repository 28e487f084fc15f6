package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
	"deskbridge/pkg/tenant"
)

// refuse makes the refusal of a request: what happened, what still works, what
// to do. Message is read by people.
func refuse(status int, code, message string) *backend.Error {
	return &backend.Error{Status: status, Code: code, Message: message}
}

// invalid refuses a request that breaks the contract.
func invalid(message string) *backend.Error {
	return refuse(http.StatusBadRequest, backend.CodeInvalid, message)
}

// refusalOf is the only place where errors become HTTP answers. What it does
// not know is a fault of ours: 500, with nothing of its text.
func refusalOf(err error) *backend.Error {
	var known *backend.Error
	var tooLarge *http.MaxBytesError
	var invalidRecord *ledger.InvalidError
	var fromEcho *echo.HTTPError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &tooLarge):
		return refuse(http.StatusRequestEntityTooLarge, backend.CodeTooLarge, "The request is larger than 1 MiB. Nothing was stored; shorten the notes.")
	case errors.Is(err, tenant.ErrNotLinked):
		return refuse(http.StatusForbidden, backend.CodeNotLinked,
			"This HubSpot account is not linked to your Webex organisation. Calls still work; ask your administrator to link it.")
	case errors.As(err, &invalidRecord):
		return invalid("The record cannot be stored: " + invalidRecord.Field + ": " + invalidRecord.Why + ".")
	case errors.Is(err, ledger.ErrForeign):
		return refuse(http.StatusForbidden, backend.CodeForbidden, "This record belongs to another agent.")
	case errors.Is(err, ledger.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return refuse(http.StatusNotFound, backend.CodeNotFound, "There is no such thing here.")
	case errors.Is(err, context.DeadlineExceeded):
		return refuse(http.StatusGatewayTimeout, backend.CodeBackendDown, "The server took too long. Nothing is lost; try again.")
	case errors.Is(err, context.Canceled):
		return refuse(statusClientGone, backend.CodeBackendDown, "The request was cancelled.")
	case errors.As(err, &fromEcho):
		return ofEcho(fromEcho)
	case isStorage(err):
		return errStorage
	default:
		return refuse(http.StatusInternalServerError, backend.CodeBackendDown, "The Deskbridge server has a problem. Nothing is lost; try again.")
	}
}

// statusClientGone is what access logs say when nobody waits for the answer.
const statusClientGone = 499

func ofEcho(e *echo.HTTPError) *backend.Error {
	switch e.Code {
	case http.StatusNotFound:
		return refuse(e.Code, backend.CodeNotFound, "There is nothing at this address.")
	case http.StatusMethodNotAllowed:
		return refuse(e.Code, backend.CodeInvalid, "This address does not take this method.")
	default:
		return refuse(e.Code, backend.CodeInvalid, http.StatusText(e.Code))
	}
}

// numberPattern and addressPattern are what vendors like to quote in their
// refusals.
var (
	numberPattern  = regexp.MustCompile(`\+?\d[\d ().-]{5,}\d`)
	addressPattern = regexp.MustCompile(`[^\s"'<>@]+@[^\s"'<>@]+`)
)

// maskText takes numbers, but for their last four digits, and e-mail addresses
// out of a text for the log.
func maskText(text string) string {
	text = addressPattern.ReplaceAllString(text, "...@...")
	return numberPattern.ReplaceAllStringFunc(text, func(n string) string { return "..." + n[len(n)-4:] })
}

// answerError is echo's error handler: every refusal is a backend.Error in
// JSON. The cause of a 5xx goes into the log, not into the answer.
func answerError(log *slog.Logger) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		refusal := refusalOf(err)
		if refusal.Status >= 500 {
			log.Error("request failed", "request", requestID(c), "route", c.Path(), "status", refusal.Status, "error", maskText(err.Error()))
		}
		if c.Response().Committed {
			return
		}
		if refusal.RetryAfterMs > 0 {
			c.Response().Header().Set(echo.HeaderRetryAfter, strconv.FormatInt((refusal.RetryAfterMs+999)/1000, 10))
		}
		if c.Request().Method == http.MethodHead {
			_ = c.NoContent(refusal.Status)
			return
		}
		_ = c.JSON(refusal.Status, refusal)
	}
}
