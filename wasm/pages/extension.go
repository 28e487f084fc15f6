//go:build js && wasm

package main

import (
	"encoding/json"
	"net/url"

	"deskbridge/pkg/callingext"
)

// An extension is a calling app, with the settings that HubSpot keeps of it.
type extension struct {
	Name                   string `json:"name"`
	URL                    string `json:"url"`
	Width                  int    `json:"width"`
	Height                 int    `json:"height"`
	IsReady                bool   `json:"isReady"`
	SupportsCustomObjects  bool   `json:"supportsCustomObjects"`
	SupportsInboundCalling bool   `json:"supportsInboundCalling"`
	UsesCallingWindow      bool   `json:"usesCallingWindow"`
	UsesRemote             bool   `json:"usesRemote"`
}

// The keys under which a developer puts an extension into HubSpot's
// localStorage; the second is the old one, a fallback.
var overrideKeys = []string{
	"LocalSettings:Calling:CallingExtensions",
	"LocalSettings:Sales:CallingExtensions",
}

// extensions returns the installed app as overridden, or followed by another.
// What cannot be used is told to warn and left out.
func extensions(installed extension, get func(key string) (string, bool), warn func(string)) []extension {
	all := []extension{installed}
	for _, key := range overrideKeys {
		text, ok := get(key)
		if !ok || text == "" {
			continue
		}
		over, problem := overridden(installed, text)
		switch {
		case problem != "":
			warn(key + ": " + problem)
		case over.Name == installed.Name:
			all[0] = over
		default:
			all = append([]extension{over}, all...)
		}
		break
	}
	return all
}

// overridden lays the fields of a JSON object over the installed app, or, when
// they name another, over HubSpot's defaults.
func overridden(installed extension, text string) (extension, string) {
	var named struct {
		Name string `json:"name"`
	}
	if err := json.Unmarshal([]byte(text), &named); err != nil {
		return extension{}, "is not an object in JSON: " + err.Error()
	}
	over := installed
	if named.Name != "" && named.Name != installed.Name {
		over = extension{Width: 400, Height: 600, IsReady: true, UsesCallingWindow: true}
	}
	if err := json.Unmarshal([]byte(text), &over); err != nil {
		return extension{}, "is not a calling extension: " + err.Error()
	}
	switch {
	case originOf(over.URL) == "":
		return extension{}, "url is not an absolute http or https URL"
	case !over.IsReady:
		return extension{}, "isReady is false, so nobody sees it"
	}
	over.Width, over.Height = sized(over.Width, over.Height)
	return over, ""
}

// originOf is the origin of an absolute http or https URL, else empty.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// sized keeps a size that fits a window. HubSpot's own limits are not known.
func sized(width, height int) (int, int) {
	if width <= 0 {
		width = 400
	}
	if height <= 0 {
		height = 600
	}
	return min(max(width, 240), 1200), min(max(height, 200), 1000)
}

// location is where HubSpot shows the app.
func (e extension) location() callingext.IframeLocation {
	if e.SupportsInboundCalling {
		return callingext.InRemote
	}
	return callingext.InWidget
}
