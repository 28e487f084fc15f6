package main

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/backend"
)

//go:embed pages
var signInFiles embed.FS

var signInTemplate = template.Must(template.ParseFS(signInFiles, "pages/signin.html"))

// signInPage is the sign-in window after Webex: a problem, a code to hand to
// the panel, or the good news that the panel has been told.
type signInPage struct {
	Problem   string // A sentence; then nothing else.
	Name      string
	Code      string // One-time code for the opener.
	Confirm   string // Secret of the confirmation form.
	ShortCode string // What the panel shows, too.
	Confirmed bool
	Message   string // backend.SignInMessage
}

// signInPolicy lets the page do nothing but run its own script and post its
// form. Nobody frames it: who signs in has to see where.
const signInPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func (s *server) page(c echo.Context, status int, p signInPage) error {
	p.Message = backend.SignInMessage
	var out bytes.Buffer
	if err := signInTemplate.Execute(&out, p); err != nil {
		return fmt.Errorf("sign-in page: %w", err)
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", signInPolicy)
	h.Set("Cache-Control", "no-store")
	// The panel's frame and this window need each other: no cutting.
	h.Set("Cross-Origin-Opener-Policy", "unsafe-none")
	return c.HTMLBlob(status, out.Bytes())
}

func (s *server) signInAsset(name, contentType string) echo.HandlerFunc {
	return func(c echo.Context) error {
		body, err := signInFiles.ReadFile("pages/" + name)
		if err != nil {
			return fmt.Errorf("sign-in page: %w", err)
		}
		c.Response().Header().Set("Cache-Control", "no-cache")
		return c.Blob(http.StatusOK, contentType, body)
	}
}
