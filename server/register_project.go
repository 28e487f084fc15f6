package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"deskbridge/pkg/hubspot"
)

// platformVersion is HubSpot's app platform that the project is for.
const platformVersion = "2026.09"

// runProject writes the files of a project for HubSpot's app platform: `server
// hubspot project DIR`. Its form is that of HubSpot's own templates. They have
// none for calling apps: those are registered with `server hubspot register`,
// and the widget has to be among the permitted frames (hubspot.md §2.7).
//
// https://developers.hubspot.com/docs/apps/developer-platform/build-apps/app-configuration
func runProject(args []string, getenv func(string) string, stdout io.Writer) error {
	if len(args) != 1 || args[0] == "" || args[0][0] == '-' {
		return errors.New("want one directory: server hubspot project DIR")
	}
	e := &environment{getenv: getenv}
	var c Config
	e.url("DESKBRIDGE_PUBLIC_URL", &c.PublicURL, "")
	e.required("DESKBRIDGE_PUBLIC_URL", &c.PublicURL, "the origin under which HubSpot reaches this server")
	e.install(&c)
	if len(e.problems) > 0 {
		return e
	}
	for _, f := range projectFiles(c) {
		path := filepath.Join(args[0], filepath.FromSlash(f.path))
		did, err := writeFile(path, f.content)
		if err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%-10s %s\n", did, path)
	}
	fmt.Fprintf(stdout, "\nNext: look at the files, then `hs project upload` in %s.\n", args[0])
	return nil
}

type projectFile struct {
	path    string
	content any
}

func projectFiles(c Config) []projectFile {
	host := ""
	if u, err := url.Parse(c.PublicURL); err == nil {
		host = u.Hostname()
	}
	type object = map[string]any
	var legacy, hub []object
	for _, s := range subscriptions {
		entry := object{"subscriptionType": s.Type, "active": true}
		if s.Property != "" {
			entry["propertyName"] = s.Property
		}
		if s.Type == hubspot.ContactPrivacyDeletion {
			hub = append(hub, entry)
		} else {
			legacy = append(legacy, entry)
		}
	}
	return []projectFile{
		{"hsproject.json", object{"name": "deskbridge", "srcDir": "src", "platformVersion": platformVersion}},
		{"src/app/app-hsmeta.json", object{
			"uid": "deskbridge", "type": "app",
			"config": object{
				"name": "Deskbridge", "description": "Webex Contact Center inside HubSpot: calls ring, open the right record and are logged.",
				"distribution": "marketplace",
				"auth": object{
					"type": "oauth", "redirectUrls": []string{c.PublicURL + hubspotCallbackPath},
					"requiredScopes": c.Install.Scopes, "optionalScopes": c.Install.OptionalScopes, "conditionallyRequiredScopes": []string{},
				},
				"permittedUrls": object{"fetch": []string{}, "iframe": []string{c.PublicURL}, "img": []string{}},
				"support":       object{"supportEmail": "support@" + host, "supportUrl": c.PublicURL, "documentationUrl": c.PublicURL},
			},
		}},
		{"src/app/webhooks/webhooks-hsmeta.json", object{
			"uid": "deskbridge_webhooks", "type": "webhooks",
			"config": object{
				"settings":      object{"targetUrl": c.PublicURL + webhookPath, "maxConcurrentRequests": 10},
				"subscriptions": object{"crmObjects": []object{}, "legacyCrmObjects": legacy, "hubEvents": hub},
			},
		}},
	}
}

// writeFile writes JSON unless it is there already, and says which.
func writeFile(path string, content any) (did string, err error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(content); err != nil {
		return "", fmt.Errorf("write %s: %w", path, err)
	}
	old, err := os.ReadFile(path)
	switch {
	case err == nil && slices.Equal(old, out.Bytes()):
		return "unchanged", nil
	case err == nil:
		did = "changed"
	case errors.Is(err, fs.ErrNotExist):
		did = "written"
	default:
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	return did, os.WriteFile(path, out.Bytes(), 0o644)
}
