package hubspottest

import (
	"net/http"
	"strconv"
)

// SelectProvider lets a user select a calling app, or with an empty id HubSpot's
// own calling. Until then everybody has selected the emulator's app.
func (s *Server) SelectProvider(userID, appID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.world.providers == nil {
		s.world.providers = map[string]string{}
	}
	s.world.providers[userID] = appID
}

// provider answers which calling provider a user has selected.
func (s *Server) provider(q *ask) reply {
	id := q.URL.Query().Get("userId")
	known := false
	for _, o := range s.world.owners {
		known = known || !o.archived && strconv.FormatInt(o.userID, 10) == id
	}
	if !known {
		return s.missing()
	}
	app, chosen := s.world.providers[id]
	if !chosen {
		app = AppID
	}
	user, _ := strconv.ParseInt(id, 10, 64) // An owner's.
	body := map[string]any{"userId": user, "connected": true, "provider": map[string]any{"type": "HUBSPOT"}}
	if app != "" {
		n, _ := strconv.ParseInt(app, 10, 64)
		body["provider"] = map[string]any{"type": "THIRD_PARTY", "appId": n, "appName": "Deskbridge"}
	}
	return reply{status: http.StatusOK, body: body}
}
