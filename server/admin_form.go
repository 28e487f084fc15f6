package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/tenant"
)

// formBody is the page of a portal's settings.
type formBody struct {
	Portal   tenant.Portal
	Version  int64 // That the form was made from.
	Groups   []groupView
	Problems []problemView
	Preview  []previewView
	Choices  choices
	Names    []string // That templates may hold.
}

type groupView struct {
	settingGroup
	Fields []fieldView
	Note   string
}

type problemView struct{ Key, Label, Says string }

// fieldView is a setting with what stands in it.
type fieldView struct {
	setting
	Error   string
	Value   string
	On      bool
	Checked []string  // Of a set.
	Rows    []rowView // Of maps, with empty ones to be filled in.
	List    string    // Id of the properties to choose from.
	More    bool      // More empty rows may be asked for.
}

// rowView is a line of a map.
type rowView struct {
	Name, Label string // A wrap-up reason that Webex knows has a label and is not typed.
	Value, Type string
	Options     []option // Empty where the value is typed.
	Note        string
}

// anySettingsPage is GET /admin/settings: the default portal's.
func (s *server) anySettingsPage(c echo.Context) error {
	portal, err := s.Tenants.Portal(c.Request().Context(), adminOf(c).OrgID, "")
	if err != nil {
		return err
	}
	return see(c, settingsPath(portal.ID), "")
}

func settingsPath(portalID string) string {
	return "/admin/portals/" + url.PathEscape(portalID) + "/settings"
}

// settingsPage is GET /admin/portals/{id}/settings.
func (s *server) settingsPage(c echo.Context) error {
	portal, err := s.portalOf(c)
	if err != nil {
		return err
	}
	return s.showForm(c, http.StatusOK, portal, portal.Version, toForm(portal.Settings), nil, nil)
}

// showForm shows a form as it was typed.
func (s *server) showForm(c echo.Context, status int, portal tenant.Portal, version int64, form url.Values, problems map[string]string, preview []previewView) error {
	found := s.choicesOf(c.Request().Context(), adminOf(c).OrgID, portal.ID)
	b := formBody{Portal: portal, Version: version, Preview: preview, Choices: found, Names: tenant.TemplateNames}
	if says := problems[""]; says != "" {
		b.Problems = append(b.Problems, problemView{Says: says})
	}
	for _, g := range settingGroups {
		view := groupView{settingGroup: g}
		for _, one := range g.Settings {
			field := s.view(one, form, found)
			if field.Error = problems[one.Key]; field.Error != "" {
				b.Problems = append(b.Problems, problemView{one.Key, one.Label, field.Error})
			}
			view.Fields = append(view.Fields, field)
		}
		b.Groups = append(b.Groups, view)
	}
	return s.show(c, status, "settings", "Settings", b)
}

// view is a field with what a form has of it.
func (s *server) view(one setting, form url.Values, c choices) fieldView {
	f := fieldView{setting: one, Value: form.Get(one.Key), On: form.Get(one.Key) != ""}
	switch one.Kind {
	case kindChoice:
		if labelOf(one.Options, f.Value) == f.Value && !slices.Contains(one.Options, option{f.Value, f.Value}) {
			f.Options = append(slices.Clone(one.Options), option{f.Value, f.Value}) // Configured by hand.
		}
	case kindSet:
		f.Checked = form[one.Key]
		if one.Key == "allowedOrigins" {
			for _, host := range s.cfg.CallingHosts {
				f.Options = append(f.Options, option{host, host})
			}
		}
		for _, v := range f.Checked {
			if !slices.ContainsFunc(f.Options, func(o option) bool { return o.Value == v }) {
				f.Options = append(slices.Clone(f.Options), option{v, v + " (no longer one of the server's)"})
			}
		}
	case kindCodes:
		f.Rows = codeRows(form[one.Key+".name"], form[one.Key+".value"], c)
	case kindPairs, kindFills:
		if one.Kind == kindPairs {
			f.List = "call-properties"
		}
		for i, name := range form[one.Key+".name"] {
			f.Rows = append(f.Rows, rowView{Name: name, Value: at(form[one.Key+".value"], i)})
		}
	case kindPops:
		for i, name := range form[one.Key+".variable"] {
			f.Rows = append(f.Rows, rowView{Name: name, Type: at(form[one.Key+".type"], i), Value: at(form[one.Key+".property"], i), Options: objectTypes})
		}
	}
	if one.Kind == kindPairs || one.Kind == kindFills || one.Kind == kindPops || one.Kind == kindCodes && len(c.Codes) == 0 {
		f.More = true
		f.Rows = slices.DeleteFunc(f.Rows, func(r rowView) bool { return r.Name == "" && r.Value == "" })
		empty := 1
		if form.Get("do") == "more."+one.Key {
			empty = 4
		}
		for range empty {
			row := rowView{Options: c.Outcomes}
			switch one.Kind {
			case kindPairs, kindFills:
				row.Options = nil
			case kindPops:
				row.Options, row.Type = objectTypes, "0-1"
			}
			f.Rows = append(f.Rows, row)
		}
	}
	return f
}

// codeRows are Webex' wrap-up reasons, each with its outcome, and the names
// that are mapped and unknown there.
func codeRows(names, values []string, c choices) (rows []rowView) {
	used := map[int]bool{}
	for _, code := range c.Codes {
		row := rowView{Name: code.Value, Label: code.Label}
		for i, name := range names {
			if name == code.Value || name == code.Label {
				row.Name, row.Value = name, at(values, i)
				used[i] = true
			}
		}
		row.Options = outcomeOptions(row.Value, c.Outcomes)
		rows = append(rows, row)
	}
	for i, name := range names {
		if used[i] || name == "" {
			continue
		}
		row := rowView{Name: name, Value: at(values, i), Options: outcomeOptions(at(values, i), c.Outcomes)}
		if len(c.Codes) > 0 {
			row.Note = "Webex has no such wrap-up reason."
		}
		rows = append(rows, row)
	}
	return rows
}

// outcomeOptions always has the chosen one.
func outcomeOptions(chosen string, all []option) []option {
	if len(all) == 0 || chosen == "" || slices.ContainsFunc(all, func(o option) bool { return o.Value == chosen }) {
		return all
	}
	return append(slices.Clone(all), option{chosen, chosen + " (not in this account)"})
}

// saveSettings is POST /admin/portals/{id}/settings: saves, or with "do" only
// shows the form again, with a preview or more empty rows.
func (s *server) saveSettings(c echo.Context) error {
	portal, err := s.portalOf(c)
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return invalid("The form cannot be read.")
	}
	have, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil {
		return invalid("The form does not say which version it was made from.")
	}
	settings, problems := s.fromForm(form)
	if len(problems) > 0 && form.Get("do") == "" {
		return s.showForm(c, http.StatusUnprocessableEntity, portal, have, form, problems, nil)
	}
	switch form.Get("do") {
	case "":
	case "preview":
		return s.showForm(c, http.StatusOK, portal, have, form, problems, previews(settings))
	default:
		return s.showForm(c, http.StatusOK, portal, have, form, problems, nil)
	}
	if have == portal.Version && len(settingChanges(portal.Settings, settings, choices{})) == 0 {
		return see(c, settingsPath(portal.ID), "same")
	}
	_, err = s.change(c, portal.ID, have, settings)
	var conflict *tenant.ConflictError
	if errors.As(err, &conflict) {
		return s.showConflict(c, portal, have, settings, conflict.Newest)
	}
	if err != nil {
		return err
	}
	return see(c, settingsPath(portal.ID), "saved")
}

// conflictBody shows what two admins have made of the same settings.
type conflictBody struct {
	Portal  tenant.Portal
	Newest  tenant.Version
	Changes []conflictView
	Mine    string // As JSON.
}

type conflictView struct {
	settingChange      // Before is theirs, After is mine.
	Changed       bool // By me; else I only have not seen theirs.
}

// showConflict lets the admin choose, setting by setting. What only one of the
// two has changed is chosen already.
func (s *server) showConflict(c echo.Context, portal tenant.Portal, have int64, mine tenant.Settings, newest tenant.Version) error {
	ctx, org := c.Request().Context(), adminOf(c).OrgID
	base, err := s.Tenants.Version(ctx, org, portal.ID, have)
	if err != nil && !errors.Is(err, tenant.ErrNoVersion) {
		return err
	}
	text, err := json.Marshal(mine)
	if err != nil {
		return err
	}
	b := conflictBody{Portal: portal, Newest: newest, Mine: string(text)}
	own := settingChanges(base.Settings, mine, choices{})
	for _, d := range settingChanges(newest.Settings, mine, s.choicesOf(ctx, org, portal.ID)) {
		changed := slices.ContainsFunc(own, func(o settingChange) bool { return o.Key == d.Key })
		b.Changes = append(b.Changes, conflictView{d, changed})
	}
	return s.show(c, http.StatusConflict, "conflict", "Somebody else has saved", b)
}

// mergeSettings is POST /admin/portals/{id}/settings/merge: the newest version
// with those of mine that were chosen.
func (s *server) mergeSettings(c echo.Context) error {
	portal, err := s.portalOf(c)
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return invalid("The form cannot be read.")
	}
	have, err := strconv.ParseInt(form.Get("version"), 10, 64)
	var mine tenant.Settings
	if err != nil || json.Unmarshal([]byte(form.Get("mine")), &mine) != nil {
		return invalid("The form does not say what to save.")
	}
	newest, err := s.Tenants.Version(c.Request().Context(), adminOf(c).OrgID, portal.ID, have)
	if err != nil {
		return err
	}
	merged, chosen := byName(newest.Settings), byName(mine)
	for key := range form {
		name, ok := strings.CutPrefix(key, "keep.")
		if _, known := settingOf(name); !ok || !known || form.Get(key) != "mine" {
			continue
		}
		if delete(merged, name); chosen[name] != nil {
			merged[name] = chosen[name]
		}
	}
	settings, err := ofNames(merged)
	if err != nil {
		return invalid("The form does not say what to save.")
	}
	if err := s.validate(settings); err != nil {
		return err
	}
	if have == portal.Version && len(settingChanges(portal.Settings, settings, choices{})) == 0 {
		return see(c, settingsPath(portal.ID), "same")
	}
	_, err = s.change(c, portal.ID, have, settings)
	var conflict *tenant.ConflictError
	if errors.As(err, &conflict) {
		return s.showConflict(c, portal, have, settings, conflict.Newest)
	}
	if err != nil {
		return err
	}
	return see(c, settingsPath(portal.ID), "saved")
}

// historyBody is the page of what was saved.
type historyBody struct {
	Portal   tenant.Portal
	Versions []versionView
}

type versionView struct {
	tenant.Version
	Now     bool
	Changes []settingChange // Against the one before.
	Unknown bool            // The one before is not shown any more.
}

// historyPage is GET /admin/portals/{id}/history.
func (s *server) historyPage(c echo.Context) error {
	portal, err := s.portalOf(c)
	if err != nil {
		return err
	}
	ctx, org := c.Request().Context(), adminOf(c).OrgID
	all, err := s.Tenants.History(ctx, org, portal.ID)
	if err != nil {
		return err
	}
	configured, err := s.Tenants.Configured(ctx, org, portal.ID)
	if err != nil {
		return err
	}
	names := s.choicesOf(ctx, org, portal.ID)
	b := historyBody{Portal: portal}
	all = append(all, configured)
	for i, v := range all {
		view := versionView{Version: v, Now: v.Number == portal.Version}
		switch {
		case v.Number == 0:
		case i+1 < len(all) && all[i+1].Number == v.Number-1:
			view.Changes = settingChanges(all[i+1].Settings, v.Settings, names)
		default:
			view.Unknown = true
		}
		b.Versions = append(b.Versions, view)
	}
	return s.show(c, http.StatusOK, "history", "History of settings", b)
}

// restoreSettings is POST /admin/portals/{id}/restore.
func (s *server) restoreSettings(c echo.Context) error {
	portal, err := s.portalOf(c)
	if err != nil {
		return err
	}
	have, err := strconv.ParseInt(c.FormValue("version"), 10, 64)
	restore, err2 := strconv.ParseInt(c.FormValue("restore"), 10, 64)
	if err != nil || err2 != nil {
		return invalid("The form does not say which version to restore.")
	}
	_, err = s.restore(c, portal.ID, have, restore)
	var conflict *tenant.ConflictError
	if errors.As(err, &conflict) {
		old, err := s.Tenants.Version(c.Request().Context(), adminOf(c).OrgID, portal.ID, restore)
		if err != nil {
			return err
		}
		return s.showConflict(c, portal, have, old.Settings, conflict.Newest)
	}
	if err != nil {
		return err
	}
	return see(c, settingsPath(portal.ID), "restored")
}

// previewView is what a made-up call would say.
type previewView struct{ Call, Title, Body string }

// sampleTime is when the first of the samples began.
var sampleTime = time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC)

// samples are made-up calls, by tenant.TemplateNames.
var samples = []struct {
	call   string
	values map[string]string
}{
	{"An incoming call that was answered", map[string]string{
		"direction": "Inbound", "name": "Maria Silva", "number": "+14155550100", "ours": "+18005550199", "queue": "Billing",
		"agent": "Ann Andersen", "reason": "Sale", "outcome": "Completed", "date": "2026-11-21", "time": "14:05 UTC",
		"duration": "2:03", "hold": "0:12", "interaction": "7f9c2ba4-e88f-4d6e-bc6b-2f6b0f8c9f11",
	}},
	{"A missed call from a number nobody knows", map[string]string{
		"direction": "Inbound", "number": "+14155550199", "ours": "+18005550199", "queue": "Billing",
		"agent": "Ann Andersen", "outcome": "Missed", "date": "2026-11-21", "time": "14:09 UTC",
		"interaction": "0a4f0f7c-1c5e-4d62-8f1e-9c4b2a4a4911",
	}},
}

// previews fills settings' templates in with the samples. What is wrong with a
// template is said at its field.
func previews(settings tenant.Settings) (all []previewView) {
	title, err := tenant.ParseTemplate(settings.TitleTemplate)
	if err != nil {
		return nil
	}
	body, err := tenant.ParseTemplate(settings.BodyTemplate)
	if err != nil {
		return nil
	}
	settings = settings.WithDefaults()
	for i, sample := range samples {
		value := func(name string) string {
			if variable, ok := tenant.Variable(name); ok && i == 0 {
				return "‹" + variable + "›"
			}
			if name == "date" {
				if date, err := tenant.FormatDate(sampleTime, settings.DateFormat); err == nil {
					return date
				}
			}
			return sample.values[name]
		}
		all = append(all, previewView{sample.call, title.Render(value), body.Render(value)})
	}
	return all
}
