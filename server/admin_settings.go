package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/tenant"
)

// The settings' part of the admin's API.
const (
	adminPortalSettingsPath = "/admin/api/portals/:id/settings"
	adminHistoryPath        = "/admin/api/portals/:id/settings/history"
	adminRestorePath        = "/admin/api/portals/:id/settings/restore"
)

// codeConflict: 409, somebody else has saved meanwhile.
const codeConflict = "conflict"

// settingsVersion is a version of a portal's settings in the admin's API.
// Settings are a tenant.Settings as JSON; its matchDeadline is in nanoseconds.
type settingsVersion struct {
	Version   int64           `json:"version"` // 0 is the server's configuration.
	ChangedBy string          `json:"changedBy,omitempty"`
	ChangedAt int64           `json:"changedAt,omitempty"` // ms
	Note      string          `json:"note,omitempty"`
	Settings  tenant.Settings `json:"settings"`
}

func ofVersion(v tenant.Version) settingsVersion {
	return settingsVersion{v.Number, v.By, stored(v.At), v.Note, v.Settings}
}

func ofPortal(p tenant.Portal) settingsVersion {
	return settingsVersion{p.Version, p.ChangedBy, stored(p.ChangedAt), p.Note, p.Settings}
}

// portalOf is the portal that a path names, of the admin's organisation only.
func (s *server) portalOf(c echo.Context) (tenant.Portal, error) {
	return s.Tenants.Portal(c.Request().Context(), adminOf(c).OrgID, c.Param("id"))
}

// adminSettings is GET /admin/api/portals/{id}/settings.
func (s *server) adminSettings(c echo.Context) error {
	portal, err := s.portalOf(c)
	if err != nil {
		return err
	}
	return s.answerSettings(c, ofPortal(portal))
}

func (s *server) answerSettings(c echo.Context, v settingsVersion) error {
	c.Response().Header().Set("ETag", `"`+strconv.FormatInt(v.Version, 10)+`"`)
	return c.JSON(http.StatusOK, v)
}

// putAdminSettings is PUT /admin/api/portals/{id}/settings: the whole of them,
// with the version that they were made from, or If-Match.
func (s *server) putAdminSettings(c echo.Context) error {
	portal, err := s.portalOf(c)
	if err != nil {
		return err
	}
	var body struct {
		Version  *int64          `json:"version"`
		Settings tenant.Settings `json:"settings"`
	}
	if err := readStrictly(c, &body); err != nil {
		return err
	}
	have, err := haveOf(c, body.Version)
	if err != nil {
		return err
	}
	if err := s.validate(body.Settings); err != nil {
		return err
	}
	version, err := s.change(c, portal.ID, have, body.Settings)
	if err != nil {
		return s.conflict(c, err)
	}
	return s.savedSettings(c, version)
}

// readStrictly refuses what it does not know: a setting that is misspelled
// would seem to be saved.
func readStrictly(c echo.Context, v any) error {
	decoder := json.NewDecoder(c.Request().Body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(v)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	if err != nil {
		return invalid("The request is not the JSON that this address takes: " + strings.TrimPrefix(err.Error(), "json: ") + ".")
	}
	return nil
}

// haveOf is the version that a change was made to.
func haveOf(c echo.Context, inBody *int64) (int64, error) {
	if inBody != nil {
		return *inBody, nil
	}
	text := strings.Trim(strings.TrimPrefix(c.Request().Header.Get("If-Match"), "W/"), `"`)
	have, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, refuse(http.StatusPreconditionRequired, backend.CodeInvalid, "Say which version the change was made to: version, or If-Match.")
	}
	return have, nil
}

// validate says what is wrong with settings, as a person is told.
func (s *server) validate(settings tenant.Settings) error {
	err := settings.Validate()
	if err == nil {
		err = s.validateOrigins(settings)
	}
	if err != nil {
		return refuse(http.StatusUnprocessableEntity, backend.CodeInvalid, "Nothing was saved: "+plainError(err)+".")
	}
	return nil
}

// plainError is what is wrong with settings, without whose error it is.
func plainError(err error) string { return strings.TrimPrefix(err.Error(), "tenant: ") }

// validateOrigins lets a portal choose among the server's calling hosts only.
func (s *server) validateOrigins(settings tenant.Settings) error {
	for _, origin := range settings.AllowedOrigins {
		if !slices.Contains(s.cfg.CallingHosts, origin) {
			return errors.New("origin " + strconv.Quote(origin) + ": want one of the server's calling hosts")
		}
	}
	return nil
}

// change saves and lets the change hold at once, here; see followSettings for
// other processes.
func (s *server) change(c echo.Context, portalID string, have int64, settings tenant.Settings) (int64, error) {
	a := adminOf(c)
	version, err := s.Tenants.Change(c.Request().Context(), a.OrgID, portalID, have, settings, a.title())
	if err != nil {
		return 0, err
	}
	s.Log.Info("settings changed", "request", requestID(c), "portal", portalID, "org", a.OrgID, "version", version, "by", a.PersonID)
	s.settingsChanged(portalID)
	return version, nil
}

func (s *server) restore(c echo.Context, portalID string, have, version int64) (int64, error) {
	a := adminOf(c)
	made, err := s.Tenants.Restore(c.Request().Context(), a.OrgID, portalID, have, version, a.title())
	if err != nil {
		return 0, err
	}
	s.Log.Info("settings restored", "request", requestID(c), "portal", portalID, "org", a.OrgID, "version", made, "from", version, "by", a.PersonID)
	s.settingsChanged(portalID)
	return made, nil
}

// settingsChanged forgets what was found out by the old settings. The settings
// themselves are read each time.
func (d deps) settingsChanged(portalID string) {
	d.Accounts.forget(portalID)
	if d.caches != nil {
		d.caches.pages.forget()
	}
}

// settingsEvery is how often a process looks for what others have saved.
const settingsEvery = 30 * time.Second

// followSettings does the same for what other processes have saved, until ctx
// ends.
func (d deps) followSettings(ctx context.Context) {
	tick := time.NewTicker(settingsEvery)
	defer tick.Stop()
	known, err := d.Tenants.Changes(ctx)
	for {
		if err != nil && ctx.Err() == nil {
			d.Log.Warn("changes of settings not seen", "error", maskText(err.Error()))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		known, err = d.followChanges(ctx, known)
	}
}

// followChanges compares what is saved with what was known and returns what is
// known now.
func (d deps) followChanges(ctx context.Context, known map[string]int) (map[string]int, error) {
	now, err := d.Tenants.Changes(ctx)
	if err != nil {
		return known, err
	}
	for portalID, n := range now {
		if known[portalID] != n {
			d.settingsChanged(portalID)
		}
	}
	return now, nil
}

// savedSettings answers with what counts now.
func (s *server) savedSettings(c echo.Context, version int64) error {
	portal, err := s.portalOf(c)
	if err != nil {
		return err
	}
	v := ofPortal(portal)
	v.Version = version
	return s.answerSettings(c, v)
}

// conflict answers 409 with what somebody else has saved; any other error is
// passed on.
func (s *server) conflict(c echo.Context, err error) error {
	var conflict *tenant.ConflictError
	if !errors.As(err, &conflict) {
		return err
	}
	return c.JSON(http.StatusConflict, struct {
		Code    string          `json:"code"`
		Message string          `json:"message"`
		Newest  settingsVersion `json:"newest"`
	}{codeConflict, "Somebody else has saved these settings meanwhile. Nothing of yours was saved; read them again, then change them.", ofVersion(conflict.Newest)})
}

// adminHistory is GET /admin/api/portals/{id}/settings/history: the newest 50,
// and what the server is configured with.
func (s *server) adminHistory(c echo.Context) error {
	portal, err := s.portalOf(c)
	if err != nil {
		return err
	}
	ctx, org := c.Request().Context(), adminOf(c).OrgID
	found, err := s.Tenants.History(ctx, org, portal.ID)
	if err != nil {
		return err
	}
	configured, err := s.Tenants.Configured(ctx, org, portal.ID)
	if err != nil {
		return err
	}
	all := make([]settingsVersion, 0, len(found))
	for _, v := range found {
		all = append(all, ofVersion(v))
	}
	return c.JSON(http.StatusOK, map[string]any{"versions": all, "configured": ofVersion(configured)})
}

// restoreAdminSettings is POST /admin/api/portals/{id}/settings/restore.
func (s *server) restoreAdminSettings(c echo.Context) error {
	portal, err := s.portalOf(c)
	if err != nil {
		return err
	}
	var body struct {
		Restore *int64 `json:"restore"` // 0 is the server's configuration.
		Version *int64 `json:"version"` // The newest one, which If-Match may say, too.
	}
	if err := readStrictly(c, &body); err != nil {
		return err
	}
	if body.Restore == nil {
		return invalid("Say which version to restore.")
	}
	have, err := haveOf(c, body.Version)
	if err != nil {
		return err
	}
	version, err := s.restore(c, portal.ID, have, *body.Restore)
	if err != nil {
		return s.conflict(c, err)
	}
	return s.savedSettings(c, version)
}
