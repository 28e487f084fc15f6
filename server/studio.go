package main

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"

	"github.com/labstack/echo/v4"

	"deskbridge/web"
)

// studioPath is where administrators edit desktop layouts. The page works in
// their browser alone: it needs no sign-in, and nothing is uploaded.
const studioPath = "/desk/studio"

func registerStudio(e *echo.Echo, assets *assets) error {
	config := struct {
		Bundle  string `json:"bundle"`
		Runtime string `json:"runtime"`
	}{assets.program("studio"), assets.url("build/wasm_exec.js")}
	page, hash, err := programShell("studio", config, assets.url("tokens.css"), assets.url("studio.css"))
	if err != nil {
		return err
	}
	policy := "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' '" + hash + "'; connect-src 'self'; " +
		"style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	e.GET(studioPath, func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Cache-Control", "no-cache")
		return page.serve(c)
	})
	return nil
}

// programShell is a page of its own around a program, and the hash of its boot
// script for its policy.
func programShell(name string, config any, styles ...string) (asset, string, error) {
	html, err := fs.ReadFile(web.Files, "static/"+name+".html")
	if err != nil {
		return asset{}, "", fmt.Errorf("page %s: %w", name, err)
	}
	boot, err := fs.ReadFile(web.Files, "js/boot.js")
	if err != nil {
		return asset{}, "", fmt.Errorf("page %s: %w", name, err)
	}
	shell, err := template.New(name).Parse(string(html))
	if err != nil {
		return asset{}, "", fmt.Errorf("page %s: %w", name, err)
	}
	var out bytes.Buffer
	err = shell.Execute(&out, struct {
		Config any
		Boot   template.JS
		Styles []string
	}{config, template.JS(boot), styles})
	if err != nil {
		return asset{}, "", fmt.Errorf("page %s: %w", name, err)
	}
	return plainAsset("text/html; charset=utf-8", out.Bytes()), inlineHash(string(boot)), nil
}
