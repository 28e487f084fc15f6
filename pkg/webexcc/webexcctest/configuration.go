package webexcctest

import (
	"net/http"
	"sync"

	"deskbridge/pkg/webexcc"
)

// configRoutes serves what decides what an agent may do, in the older
// generation (a resource each) and the newer (desktop-login).
func (s *Server) configRoutes(mux *http.ServeMux) {
	get := func(path string, find finder) {
		mux.HandleFunc("GET /organization/{org}"+path, s.query(func(r *http.Request, a *agent) (any, *refusal) {
			if r.PathValue("org") != s.cfg.OrgID {
				return nil, &refusal{http.StatusForbidden, "Forbidden", "the token belongs to another organization"}
			}
			return find(r, a)
		}))
	}
	f := &s.fix
	fixed := func(v any) finder {
		return func(*http.Request, *agent) (any, *refusal) { return v, nil }
	}
	get("", fixed(f.org))
	get("/user/by-ci-user-id/{id}", s.user)
	get("/v2/user/by-ci-user-id/{id}", s.user)
	get("/v2/user/by-ci-user-id/{id}/desktop-login", func(r *http.Request, a *agent) (any, *refusal) {
		u, no := s.user(r, a)
		if no != nil {
			return nil, no
		}
		return map[string]any{"user": u, "agentProfile": a.profile}, nil
	})
	get("/desktop-login", func(_ *http.Request, a *agent) (any, *refusal) {
		return webexcc.OrgLogin{
			Organization: f.org, OrganizationSetting: a.setting, TenantConfiguration: a.tenant, URLMappings: webexcc.TextMap{}, AIFeature: f.ai,
		}, nil
	})
	get("/v2/organization-setting", func(r *http.Request, a *agent) (any, *refusal) {
		return rows(s, []webexcc.OrganizationSetting{a.setting})(r, a)
	})
	get("/v2/tenant-configuration", func(r *http.Request, a *agent) (any, *refusal) {
		return rows(s, []webexcc.TenantConfiguration{a.tenant})(r, a)
	})
	get("/v2/org-url-mapping", rows(s, f.urls))
	get("/v2/ai-feature", rows(s, []webexcc.AIFeature{f.ai}))
	get("/v2/auxiliary-code", rows(s, f.codes))
	get("/v2/team", rows(s, []webexcc.Team{f.team}))
	get("/v2/contact-service-queue", rows(s, f.queues))
	get("/v2/entry-point", rows(s, f.entryPoints))
	get("/v2/address-book/{id}/entry", within(AddressBookID, s.page(sync.OnceValue(func() []row { return table(s, addressBook(s.cfg.OrgID)) }))))
	get("/v2/outdial-ani/{id}/entry", within(OutdialANIID, rows(s, f.anis)))
	get("/agent-profile/{id}", within(ProfileID, func(_ *http.Request, a *agent) (any, *refusal) { return a.profile, nil }))
	get("/site/{id}", within(SiteID, fixed(f.site)))
	get("/multimedia-profile/{id}", within(MultimediaID, fixed(map[string]any{
		"id": MultimediaID, "name": "Blended", "blendingMode": "BLENDED", "telephony": 1, "chat": 2, "email": 2, "social": 1,
	})))
	get("/dial-plan", fixed([]webexcc.DialPlan{
		{ID: DialPlanID, Name: "US", RegularExpression: `1[0-9]{3}[2-9][0-9]{6}([,]{1,10}[0-9]+){0,1}`, StrippedChars: "( )-", Active: yes},
	}))
}

// finder answers a GET of an agent.
type finder func(*http.Request, *agent) (any, *refusal)

func (s *Server) user(r *http.Request, _ *agent) (any, *refusal) {
	for _, p := range s.fix.people {
		if p.id == r.PathValue("id") {
			return p.user(), nil
		}
	}
	return nil, notFound("no such user")
}

// within serves one record of a resource.
func within(id string, find finder) finder {
	return func(r *http.Request, a *agent) (any, *refusal) {
		if r.PathValue("id") != id {
			return nil, notFound("no such record")
		}
		return find(r, a)
	}
}
