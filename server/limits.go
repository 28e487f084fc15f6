package main

import (
	"math"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/backend"
)

// Limits are how much one client may ask. They are far above what panels do,
// in a site where everybody comes from one address, too: they are against
// loops and floods. The zero value of each is no limit.
type Limits struct {
	Open    Limit // Per address: signing in and installing.
	Address Limit // Per address: everything under /api.
	Session Limit // Per session: everything but records.
	Records Limit // Per session: PUT /api/interactions/{key}.
}

// A Limit is a bucket that holds Burst requests and is filled again with
// PerSecond of them.
type Limit struct {
	PerSecond float64
	Burst     int
}

// defaultLimits are for an office with some hundred agents behind one address
// who begin their shift together, or whose outboxes have waited for a server.
var defaultLimits = Limits{
	Open:    Limit{50, 1000},
	Address: Limit{400, 4000},
	Session: Limit{20, 200},
	Records: Limit{50, 500},
}

// maxClients is how many clients a limiter remembers. A flood from more of
// them makes it forget some, and with that be generous.
const maxClients = 50_000

// limiter is a bucket per client. Of each it keeps only when its bucket will be
// full again; who is not kept has a full one.
type limiter struct {
	per   time.Duration // Of one request.
	burst int

	mu   sync.Mutex
	full map[string]time.Time
}

// newLimiter returns nil, which limits nothing, for a limit of zero.
func newLimiter(l Limit) *limiter {
	if l.PerSecond <= 0 || l.Burst <= 0 {
		return nil
	}
	return &limiter{per: time.Duration(float64(time.Second) / l.PerSecond), burst: l.Burst, full: map[string]time.Time{}}
}

// take uses up one request of a client's, or says how long to wait for the
// next.
func (l *limiter) take(client string, now time.Time) (wait time.Duration) {
	if l == nil {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	full, known := l.full[client]
	if !known && len(l.full) >= maxClients {
		l.makeRoom(now)
	}
	most := l.per * time.Duration(l.burst)
	if full.Before(now) || full.Sub(now) > most+l.per { // The second is a clock that was set back.
		full = now
	}
	if missing := full.Add(l.per).Sub(now) - most; missing > 0 {
		return missing
	}
	l.full[client] = full.Add(l.per)
	return 0
}

// makeRoom forgets who has been quiet, or a tenth of all if nobody has.
func (l *limiter) makeRoom(now time.Time) {
	drop := maxClients / 10
	for client, full := range l.full {
		if full.Before(now) {
			delete(l.full, client)
			drop--
		}
	}
	for client := range l.full {
		if drop <= 0 {
			return
		}
		delete(l.full, client)
		drop--
	}
}

// gates are the limiters of a server.
type gates struct {
	open, address, session, records *limiter
}

func newGates(l Limits) gates {
	return gates{newLimiter(l.Open), newLimiter(l.Address), newLimiter(l.Session), newLimiter(l.Records)}
}

// limitClients refuses who asks too much, before anything is looked up.
// HubSpot's webhooks are not limited: they are signed, and what is refused
// comes again.
func (s *server) limitClients(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		path, now := c.Path(), s.Now()
		if s.entered(path) {
			if wait := s.gates.open.take(clientAddress(c), now); wait > 0 {
				return s.tooMany("open", wait)
			}
		}
		if !strings.HasPrefix(path, "/api/") {
			return next(c)
		}
		if wait := s.gates.address.take(clientAddress(c), now); wait > 0 {
			return s.tooMany("address", wait)
		}
		token, ok := bearer(c.Request())
		if !ok {
			return next(c)
		}
		name, gate := "session", s.gates.session
		if path == interactionRoute && c.Request().Method == http.MethodPut {
			name, gate = "records", s.gates.records
		}
		if wait := gate.take(digest(token), now); wait > 0 {
			return s.tooMany(name, wait)
		}
		return next(c)
	}
}

// entered says whether a route is open to people who are not signed in yet.
func (s *server) entered(route string) bool {
	return strings.HasPrefix(route, "/auth/") || strings.HasPrefix(route, installPath) || strings.HasPrefix(route, "/admin") ||
		route == backend.SessionPath
}

// tooMany refuses; wait is when there will be room again.
func (s *server) tooMany(limit string, wait time.Duration) *backend.Error {
	s.Metrics.tooMany(limit)
	refusal := refuse(http.StatusTooManyRequests, backend.CodeTooMany,
		"Too many requests at once. Nothing is lost: the panel tries again by itself in a moment.")
	refusal.RetryAfterMs = int64(math.Ceil(float64(wait) / float64(time.Millisecond)))
	return refusal
}

// clientAddress is who asks. Of an IPv6 address the first half counts: the
// second is the client's to choose.
func clientAddress(c echo.Context) string {
	address, err := netip.ParseAddr(c.RealIP())
	if err != nil {
		return "unknown"
	}
	address = address.Unmap()
	if address.Is6() {
		half, err := address.Prefix(64)
		if err == nil {
			address = half.Addr()
		}
	}
	return address.String()
}

// realIP reads a client's address: the peer's, unless that is a proxy of ours,
// which says in X-Forwarded-For for whom it asks. Whatever stands in that header
// left of the first stranger is hearsay.
func realIP(proxies []*net.IPNet) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, network := range proxies {
		options = append(options, echo.TrustIPRange(network))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}
