package hubspottest

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"deskbridge/pkg/hubspot"
)

// account guards the routes of an account: token, scope and limits, in this
// order.
func (s *Server) account(q *ask) *reply {
	g, refused := s.bearer(q)
	if refused != nil {
		return refused
	}
	if scope := lacking(q, g); scope != "" {
		a := s.refuse(http.StatusForbidden, "MISSING_SCOPES",
			"This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
			map[string]any{"errors": []map[string]any{{
				"message": "One or more of the following scopes are required.",
				"context": map[string][]string{"requiredGranularScopes": {scope}},
			}}})
		return &a
	}
	if isSearch(q) {
		s.world.searches = within(s.world.searches, q.now, time.Second)
		if s.cfg.Searches > 0 && len(s.world.searches) >= s.cfg.Searches {
			a := s.limited(hubspot.PolicySecondly)
			return &a
		}
		s.world.searches = append(s.world.searches, q.now)
		return nil
	}
	s.world.window = within(s.world.window, q.now, 10*time.Second)
	if s.cfg.Burst > 0 && len(s.world.window) >= s.cfg.Burst {
		a := s.limited(hubspot.PolicyTenSecondly)
		a.header = withHeader(a.header, s.limitHeader(q))
		return &a
	}
	s.world.window = append(s.world.window, q.now)
	return nil
}

// within drops the times that are a window old.
func within(times []time.Time, now time.Time, window time.Duration) []time.Time {
	for len(times) > 0 && now.Sub(times[0]) >= window {
		times = times[1:]
	}
	return times
}

func isSearch(q *ask) bool { return strings.HasSuffix(q.Pattern, "/search") }

// limitHeader is on every answer of the account's routes but searches.
func (s *Server) limitHeader(q *ask) http.Header {
	if isSearch(q) || s.cfg.Burst < 0 || strings.Contains(q.Pattern, "/oauth/") || q.PathValue("appID") != "" {
		return nil
	}
	h := http.Header{}
	h.Set("X-HubSpot-RateLimit-Max", strconv.Itoa(s.cfg.Burst))
	h.Set("X-HubSpot-RateLimit-Remaining", strconv.Itoa(max(s.cfg.Burst-len(s.world.window), 0)))
	h.Set("X-HubSpot-RateLimit-Interval-Milliseconds", "10000")
	return h
}

// lacking is a scope that a route needs and the token has not. That the other
// end of an association must be readable is inferred.
func lacking(q *ask, g *grant) string {
	if scope := scopeOf(q); scope != "" && !g.has(scope) {
		return scope
	}
	if other := typeNamed(q.PathValue("to")); other != "" {
		if scope := scopeOfType(other, "read"); !g.has(scope) {
			return scope
		}
	}
	return ""
}

// scopeOf is the scope that a route needs, empty if none is known.
func scopeOf(q *ask) string {
	if strings.HasPrefix(q.URL.Path, "/owners") {
		return "crm.objects.owners.read"
	}
	if strings.HasPrefix(q.URL.Path, "/calling/") {
		return "crm.objects.contacts.write"
	}
	name := q.PathValue("type")
	if name == "" {
		name = q.PathValue("from")
	}
	t := typeNamed(name)
	if t == "" {
		return ""
	}
	if strings.HasPrefix(q.URL.Path, "/properties") {
		return "" // crm.schemas.*, or the object's scope: either will do.
	}
	verb := "write"
	if q.Method == http.MethodGet || isSearch(q) || strings.HasSuffix(q.URL.Path, "/batch/read") {
		verb = "read"
	}
	return scopeOfType(t, verb)
}

func scopeOfType(typeID, verb string) string {
	switch typeID {
	case hubspot.Tickets:
		return "tickets"
	case hubspot.Companies:
		return "crm.objects.companies." + verb
	case hubspot.Deals:
		return "crm.objects.deals." + verb
	case hubspot.Users:
		return "crm.objects.users." + verb
	}
	return "crm.objects.contacts." + verb
}
