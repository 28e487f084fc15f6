package main

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/backend"
)

// The admin's own API: JSON, authenticated by the browser session that the
// install page began, as long as it has proved an administrator of a linked
// organisation. Everything it shows and changes is that organisation's.
const (
	adminSessionPath  = "/admin/api/session"
	adminPortalsPath  = "/admin/api/portals"
	adminDoctorPath   = "/admin/api/doctor"
	adminSessionsPath = "/admin/api/sessions"
	adminAgentsPath   = "/admin/api/agents"
)

var (
	errNoAdmin  = refuse(http.StatusUnauthorized, backend.CodeSessionExpired, "Your admin session has ended. Open the install page and connect Webex again.")
	errNotAdmin = refuse(http.StatusForbidden, backend.CodeForbidden, "You are not an administrator of a Webex organisation that is linked here. Open the install page to link it.")
)

// An admin is who administers an organisation in this browser.
type admin struct {
	OrgID    string    `json:"orgId"`
	PersonID string    `json:"personId"` // Webex CI user id.
	Name     string    `json:"name"`
	Email    string    `json:"email"`
	Expires  time.Time `json:"-"`
}

// title is how others are shown who did something.
func (a admin) title() string {
	if a.Name == "" || a.Email == "" {
		return a.Name + a.Email
	}
	return a.Name + " (" + a.Email + ")"
}

const adminKey = "admin"

// admin lets only requests of a linked organisation's administrator through;
// adminOf then says who it is. Routes that change something also need
// s.sameOrigin.
func (s *server) admin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		found, err := s.findAdmin(c)
		if err != nil {
			return err
		}
		c.Set(adminKey, found)
		return next(c)
	}
}

// findAdmin returns the administrator of the request's browser, errNoAdmin or
// errNotAdmin.
func (s *server) findAdmin(c echo.Context) (admin, error) {
	in, err := s.installOf(c)
	if errors.Is(err, fs.ErrNotExist) || err == nil && in.Org.ID == "" {
		return admin{}, errNoAdmin
	}
	if err != nil {
		return admin{}, err
	}
	until := in.Org.At.Add(s.cfg.Install.Session)
	if !s.Now().Before(until) {
		return admin{}, errNoAdmin
	}
	if !in.Org.Admin {
		return admin{}, errNotAdmin
	}
	portals, err := s.Tenants.Portals(c.Request().Context(), in.Org.ID)
	if err != nil {
		return admin{}, err
	}
	if len(portals) == 0 {
		return admin{}, errNotAdmin
	}
	return admin{OrgID: in.Org.ID, PersonID: in.Org.PersonID, Name: in.Org.Name, Email: in.Org.Email, Expires: until}, nil
}

// adminOf is the administrator that s.admin found.
func adminOf(c echo.Context) admin {
	found, _ := c.Get(adminKey).(admin)
	return found
}

func (s *server) registerAdmin(e *echo.Echo) {
	const quickly, slowly = 5 * time.Second, 25 * time.Second
	asAdmin := func(method, path string, h echo.HandlerFunc, d time.Duration) {
		e.Add(method, path, h, timeout(d), s.sameOrigin, s.admin)
	}
	asAdmin("GET", adminSessionPath, s.whichAdmin, quickly)
	asAdmin("GET", adminPortalsPath, s.adminPortals, slowly)
	asAdmin("GET", adminDoctorPath, s.adminDoctor, slowly)
	asAdmin("GET", adminSessionsPath, s.listSessions, quickly)
	asAdmin("DELETE", adminSessionsPath+"/:id", s.revokeSession, quickly)
	asAdmin("DELETE", adminAgentsPath+"/:id/sessions", s.revokeAgent, quickly)
	asAdmin("GET", adminOverviewPath, s.adminOverview, slowly)
	asAdmin("GET", adminRecordsPath, s.adminRecords, slowly)
	asAdmin("POST", adminRetryPath, s.adminRetryAll, slowly)
	asAdmin("POST", adminRecordsPath+"/:key/retry", s.adminRetryOne, quickly)
	asAdmin("GET", adminExportPath, s.adminExport, exportTime)
	asAdmin("GET", adminPortalSettingsPath, s.adminSettings, quickly)
	asAdmin("PUT", adminPortalSettingsPath, s.putAdminSettings, quickly)
	asAdmin("GET", adminHistoryPath, s.adminHistory, quickly)
	asAdmin("POST", adminRestorePath, s.restoreAdminSettings, quickly)
	s.registerAdminPages(e)
}

// whichAdmin is GET /admin/api/session.
func (s *server) whichAdmin(c echo.Context) error {
	a := adminOf(c)
	return c.JSON(http.StatusOK, struct {
		admin
		ExpiresAt int64 `json:"expiresAt"` // ms
	}{a, a.Expires.UnixMilli()})
}

// adminPortal is a portal in GET /admin/api/portals.
type adminPortal struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Default    bool   `json:"default"`
	Connected  bool   `json:"connected"`
	Why        string `json:"why,omitempty"` // Of one that is not connected.
	Configured bool   `json:"configured"`    // Linked by the server's configuration.
}

// adminPortals is GET /admin/api/portals.
func (s *server) adminPortals(c echo.Context) error {
	views, err := s.accountsOf(c.Request().Context(), adminOf(c).OrgID)
	if err != nil {
		return err
	}
	list := make([]adminPortal, 0, len(views))
	for _, v := range views {
		list = append(list, adminPortal{v.ID, v.Name, v.Default, v.Connected, v.Why, v.Fixed})
	}
	return c.JSON(http.StatusOK, map[string]any{"portals": list})
}

// agentSession is a signed-in browser of an agent's in GET /admin/api/sessions.
type agentSession struct {
	ID        string `json:"id"` // Names the session, does not open it.
	AgentID   string `json:"agentId"`
	Name      string `json:"name"`
	Email     string `json:"email"`
	CreatedAt int64  `json:"createdAt"` // ms
	UsedAt    int64  `json:"usedAt"`    // ms; to five minutes.
	ExpiresAt int64  `json:"expiresAt"` // ms
}

// listSessions is GET /admin/api/sessions: the organisation's, the one used last
// first.
func (s *server) listSessions(c echo.Context) error {
	list, err := s.SignIns.list(c.Request().Context(), adminOf(c).OrgID)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"sessions": list})
}

// revokeSession is DELETE /admin/api/sessions/{id}.
func (s *server) revokeSession(c echo.Context) error {
	if err := s.endOne(c, c.Param("id")); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// endOne ends a session of the admin's organisation, or is fs.ErrNotExist.
func (s *server) endOne(c echo.Context, id string) error {
	ctx, a := c.Request().Context(), adminOf(c)
	ended, err := s.SignIns.endByID(ctx, a.OrgID, id)
	if err != nil {
		return err
	}
	s.Log.Info("session revoked", "request", requestID(c), "agent", ended.AgentID, "org", a.OrgID, "by", a.PersonID)
	return s.forgetTokens(ctx, ended)
}

// revokeAgent ends all sessions of an agent: DELETE
// /admin/api/agents/{id}/sessions. Without any it does nothing.
func (s *server) revokeAgent(c echo.Context) error {
	if err := s.endAll(c, c.Param("id")); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// endAll ends all sessions of an agent of the admin's organisation.
func (s *server) endAll(c echo.Context, agentID string) error {
	ctx, a := c.Request().Context(), adminOf(c)
	agent := backend.Agent{OrgID: a.OrgID, AgentID: agentID}
	if err := s.SignIns.revoke(ctx, agent.OrgID, agent.AgentID); err != nil {
		return err
	}
	s.Log.Info("agent revoked", "request", requestID(c), "agent", agent.AgentID, "org", a.OrgID, "by", a.PersonID)
	return s.forgetTokens(ctx, agent)
}

// forgetTokens deletes the Webex tokens of an agent who has no session left.
func (s *server) forgetTokens(ctx context.Context, agent backend.Agent) error {
	others, err := s.SignIns.signedIn(ctx, agent)
	if err != nil || others {
		return err
	}
	return s.Tokens.Delete(ctx, tokenID(agent))
}

// dismiss ends what an organisation without portals has left here: agents'
// sessions, and Webex tokens.
func (s *server) dismiss(ctx context.Context, orgID string) error {
	list, err := s.SignIns.list(ctx, orgID)
	if err != nil {
		return err
	}
	for _, one := range list {
		agent := backend.Agent{OrgID: orgID, AgentID: one.AgentID}
		if err := s.SignIns.revoke(ctx, orgID, one.AgentID); err != nil {
			return err
		}
		if err := s.Tokens.Delete(ctx, tokenID(agent)); err != nil {
			return err
		}
	}
	return s.Tokens.Delete(ctx, webexAdminID(orgID))
}
