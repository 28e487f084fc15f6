package main

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// registerStatic serves the widget's page and everything under /web.
func registerStatic(e *echo.Echo, cfg Config, page PageConfig) {
	e.GET("/widget", func(c echo.Context) error {
		c.Response().Header().Set("Content-Security-Policy", page.Policy())
		return c.HTML(http.StatusOK, "<!doctype html><title>Deskbridge</title>")
	})
}
