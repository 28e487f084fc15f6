package webexcctest

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"deskbridge/pkg/webexcc"
)

// configRoutes serves what decides what an agent may do, in the older
// generation (a resource each) and the newer (desktop-login).
func (s *Server) configRoutes(mux *http.ServeMux) {
	get := func(path string, find func(r *http.Request) (any, *refusal)) {
		mux.HandleFunc("GET /organization/{org}"+path, s.query(func(r *http.Request, _ *agent) (any, *refusal) {
			if r.PathValue("org") != s.cfg.OrgID {
				return nil, &refusal{http.StatusForbidden, "Forbidden", "the token belongs to another organization"}
			}
			return find(r)
		}))
	}
	f := &s.fix
	fixed := func(v any) func(*http.Request) (any, *refusal) {
		return func(*http.Request) (any, *refusal) { return v, nil }
	}
	get("", fixed(f.org))
	get("/{$}", fixed(f.org))
	get("/user/by-ci-user-id/{id}", s.user)
	get("/v2/user/by-ci-user-id/{id}", s.user)
	get("/v2/user/by-ci-user-id/{id}/desktop-login", func(r *http.Request) (any, *refusal) {
		u, no := s.user(r)
		if no != nil {
			return nil, no
		}
		return map[string]any{"user": u, "agentProfile": f.profile}, nil
	})
	get("/desktop-login", fixed(webexcc.OrgLogin{
		Organization: f.org, OrganizationSetting: f.setting, TenantConfiguration: f.tenant, URLMappings: webexcc.TextMap{}, AIFeature: f.ai,
	}))
	get("/v2/organization-setting", rows(s, []webexcc.OrganizationSetting{f.setting}, nil))
	get("/v2/tenant-configuration", rows(s, []webexcc.TenantConfiguration{f.tenant}, nil))
	get("/v2/org-url-mapping", rows(s, f.urls, nil))
	get("/v2/ai-feature", rows(s, []webexcc.AIFeature{f.ai}, nil))
	get("/v2/auxiliary-code", rows(s, f.codes, func(c webexcc.AuxCode) record { return record{c.ID, string(c.Name), ""} }))
	get("/v2/team", rows(s, []webexcc.Team{f.team}, func(t webexcc.Team) record { return record{t.ID, string(t.Name), ""} }))
	get("/v2/contact-service-queue", rows(s, f.queues, func(q webexcc.Queue) record { return record{q.ID, string(q.Name), ""} }))
	get("/v2/entry-point", rows(s, f.entryPoints, func(e webexcc.EntryPoint) record { return record{e.ID, string(e.Name), ""} }))
	get("/v2/address-book/{id}/entry", within(AddressBookID, rows(s, f.addresses, func(e webexcc.AddressBookEntry) record {
		return record{e.ID, string(e.Name), string(e.Number)}
	})))
	get("/v2/outdial-ani/{id}/entry", within(OutdialANIID, rows(s, f.anis, func(e webexcc.OutdialANI) record {
		return record{e.ID, string(e.Name), string(e.Number)}
	})))
	get("/agent-profile/{id}", within(ProfileID, fixed(f.profile)))
	get("/site/{id}", within(SiteID, fixed(f.site)))
	get("/multimedia-profile/{id}", within(MultimediaID, fixed(map[string]any{
		"id": MultimediaID, "name": "Blended", "blendingMode": "BLENDED", "telephony": 1, "chat": 2, "email": 2, "social": 1,
	})))
	get("/dial-plan", fixed([]webexcc.DialPlan{
		{ID: "plan-us", Name: "US", RegularExpression: `1[0-9]{3}[2-9][0-9]{6}([,]{1,10}[0-9]+){0,1}`, StrippedChars: "( )-", Active: yes},
	}))
}

func (s *Server) user(r *http.Request) (any, *refusal) {
	for _, p := range s.fix.people {
		if p.id == r.PathValue("id") {
			return p.user(), nil
		}
	}
	return nil, notFound("no such user")
}

// within serves one record of a resource.
func within(id string, find func(*http.Request) (any, *refusal)) func(*http.Request) (any, *refusal) {
	return func(r *http.Request) (any, *refusal) {
		if r.PathValue("id") != id {
			return nil, notFound("no such record")
		}
		return find(r)
	}
}

// record is what a list is searched and filtered by.
type record struct{ id, name, number string }

const maxPageSize = 1000

// rows serves a list: page, pageSize, search, and filters id=in=(…), id==….
// Other filters and attributes are not understood and ignored, as is sorting:
// the fixture is in order.
func rows[T any](s *Server, all []T, key func(T) record) func(*http.Request) (any, *refusal) {
	return func(r *http.Request) (any, *refusal) {
		q := r.URL.Query()
		if strings.Contains(r.URL.RawQuery, ";") { // net/url drops what a filter may contain.
			q, _ = url.ParseQuery(strings.ReplaceAll(r.URL.RawQuery, ";", "%3B"))
		}
		page, ok := number(q.Get("page"), 0)
		size, fine := number(q.Get("pageSize"), 100)
		if !ok || !fine || size < 1 || size > maxPageSize {
			return nil, badRequest("page or pageSize is out of range")
		}
		found := []T{}
		for _, row := range all {
			if key == nil || selected(key(row), q.Get("search"), q.Get("filter")) {
				found = append(found, row)
			}
		}
		total := len(found)
		pages := max((total+size-1)/size, 1)
		from := min(page, pages) * size
		return webexcc.List[T]{
			Meta: webexcc.Meta{
				OrgID: s.cfg.OrgID, Page: webexcc.Number(page), PageSize: webexcc.Number(size),
				TotalPages: webexcc.Number(pages), TotalRecords: webexcc.Number(total),
				Links: webexcc.TextMap{"self": r.URL.Path},
			},
			Data: found[min(from, total):min(from+size, total)],
		}, nil
	}
}

func number(text string, absent int) (int, bool) {
	if text == "" {
		return absent, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0
}

func selected(r record, search, filter string) bool {
	if search != "" && !strings.Contains(strings.ToLower(r.name+" "+r.number), strings.ToLower(search)) {
		return false
	}
	filter = strings.ReplaceAll(filter, `"`, "")
	if list, ok := strings.CutPrefix(filter, "id=in="); ok {
		for _, id := range strings.FieldsFunc(list, func(c rune) bool { return strings.ContainsRune("(), ", c) }) {
			if id == r.id {
				return true
			}
		}
		return false
	}
	if id, ok := strings.CutPrefix(filter, "id=="); ok {
		return id == r.id
	}
	return true
}
