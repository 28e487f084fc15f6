package main

import (
	"encoding/json"
	"strings"
)

// overrideKey is where a HubSpot page looks for a calling app under
// development, in its own localStorage.
const overrideKey = "LocalSettings:Calling:CallingExtensions"

// overrideLine is the line that a developer pastes into the console of a
// HubSpot page, so that HubSpot frames the widget of the server at url.
func overrideLine(url string) string {
	extension := struct {
		Name              string `json:"name"`
		URL               string `json:"url"`
		Width             int    `json:"width"`
		Height            int    `json:"height"`
		IsReady           bool   `json:"isReady"`
		SupportsInbound   bool   `json:"supportsInboundCalling"`
		UsesCallingWindow bool   `json:"usesCallingWindow"`
		UsesRemote        bool   `json:"usesRemote"`
	}{"Deskbridge", strings.TrimRight(url, "/") + "/widget", 400, 600, true, true, false, true}
	value, err := json.Marshal(extension)
	if err != nil {
		panic(err) // Strings, numbers and booleans always encode.
	}
	// In a single-quoted JavaScript string only these two would end it.
	quoted := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(string(value))
	return `localStorage.setItem("` + overrideKey + `", '` + quoted + `')`
}
