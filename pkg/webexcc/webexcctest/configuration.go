package webexcctest

import (
	"net/http"

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
	get("/v2/organization-setting", rows(s, []webexcc.OrganizationSetting{f.setting}))
	get("/v2/tenant-configuration", rows(s, []webexcc.TenantConfiguration{f.tenant}))
	get("/v2/org-url-mapping", rows(s, f.urls))
	get("/v2/ai-feature", rows(s, []webexcc.AIFeature{f.ai}))
	get("/v2/auxiliary-code", rows(s, f.codes))
	get("/v2/team", rows(s, []webexcc.Team{f.team}))
	get("/v2/contact-service-queue", rows(s, f.queues))
	get("/v2/entry-point", rows(s, f.entryPoints))
	get("/v2/address-book/{id}/entry", within(AddressBookID, rows(s, f.addresses)))
	get("/v2/outdial-ani/{id}/entry", within(OutdialANIID, rows(s, f.anis)))
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
