//go:build js && wasm

package main

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// The keys of what a tab keeps over page loads.
const (
	panelKey     = "deskbridge.crm.panel"
	callKey      = "deskbridge.crm.call"
	logKey       = "deskbridge.crm.log"
	providerKey  = "deskbridge.crm.provider"
	completedKey = "deskbridge.crm.completed"
)

// panelState is how the person has left the page's furniture.
type panelState struct {
	Open      bool   `json:"open"`
	Minimized bool   `json:"minimized"`
	Width     int    `json:"width"`  // Asked for by the app; 0 is its registered one.
	Height    int    `json:"height"` // Likewise.
	Right     int    `json:"right"`  // Distance from the window's edge, in pixels.
	Drawer    drawer `json:"drawer"`
}

// A drawer is what is open at the page's left edge.
type drawer string

// The drawers.
const (
	noDrawer      drawer = ""
	sandboxDrawer drawer = "sandbox"
	logDrawer     drawer = "log"
)

// callState is the call under way, from the first message to CALL_COMPLETED.
type callState struct {
	ExternalCallID string     `json:"externalCallId"`
	EngagementID   string     `json:"engagementId"`
	Direction      string     `json:"direction"`
	Record         *recordRef `json:"record,omitempty"`
	Phase          string     `json:"phase"` // ringing, answered or ended.
}

// load reads a value of this tab; what is not there or spoilt leaves v alone.
func load(ctx app.Context, key string, v any) { _ = ctx.SessionStorage().Get(key, v) }

// save keeps a value for this tab; without storage it lasts as long as the page.
func save(ctx app.Context, key string, v any) { _ = ctx.SessionStorage().Set(key, v) }

// loadCall returns the call under way. A new tab inherits its opener's, which
// may since have been completed there: completed calls are known to all tabs.
func loadCall(ctx app.Context) *callState {
	var call *callState
	load(ctx, callKey, &call)
	if call == nil || call.ExternalCallID == "" {
		return nil
	}
	var completed []string
	_ = ctx.LocalStorage().Get(completedKey, &completed)
	for _, id := range completed {
		if id == call.ExternalCallID {
			return nil
		}
	}
	return call
}

// forgetCall ends the call for this and all other tabs.
func forgetCall(ctx app.Context, externalCallID string) {
	ctx.SessionStorage().Del(callKey)
	var completed []string
	_ = ctx.LocalStorage().Get(completedKey, &completed)
	completed = append(completed, externalCallID)
	_ = ctx.LocalStorage().Set(completedKey, completed[max(0, len(completed)-20):])
}
