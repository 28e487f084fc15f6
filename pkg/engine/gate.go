package engine

import (
	"sync"

	"deskbridge/pkg/callingext"
	"deskbridge/pkg/softphone"
)

// A gate keeps out HubSpot pages that the tenant's settings do not allow. The
// page was answered before anybody knew the tenant; from here on it hears and
// says nothing.
type gate struct {
	send func(softphone.Event)

	mu      sync.Mutex
	allowed []string // Origins, as callingext's patterns; empty for all.
	origin  string   // Of the page around us; empty before it spoke.
	page    softphone.HostSynced
}

// open says whether the page may take part.
func (g *gate) open() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.lets()
}

// host is the page's origin, empty before it spoke.
func (g *gate) host() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.origin
}

func (g *gate) lets() bool {
	return len(g.allowed) == 0 || g.origin == "" || callingext.OriginAllowed(g.allowed, g.origin)
}

// arrived is the page's handshake.
func (g *gate) arrived(origin string, page softphone.HostSynced) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.origin, g.page = origin, page
	if g.lets() {
		g.send(page)
	} else {
		g.send(notAllowed)
	}
}

// set takes the tenant's list.
func (g *gate) set(allowed []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	was := g.lets()
	g.allowed = allowed
	switch now := g.lets(); {
	case was && !now:
		g.send(softphone.HostLost{Host: g.page.Host})
		g.send(notAllowed)
	case now && !was:
		g.page.LoggedIn = false // What it was told is long ago.
		g.send(g.page)
	}
}

var notAllowed = softphone.ConfigureFailed{Code: softphone.HostNotAllowed}
