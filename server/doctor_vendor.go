package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/lookup"
	"deskbridge/pkg/native"
	"deskbridge/pkg/tenant"
	"deskbridge/pkg/tokens"
	"deskbridge/pkg/webexcc"
)

// webex looks at scopes, at the data centre, and at each organisation's wrap-up
// codes.
func (d *doctor) webex(ctx context.Context) []finding {
	var all []finding
	var missing []string
	for _, scope := range defaultScopes {
		if !slices.Contains(d.cfg.WebexScopes, scope) {
			missing = append(missing, scope)
		}
	}
	if len(missing) > 0 {
		all = append(all, fail("webex scopes", "WEBEX_SCOPES lacks "+strings.Join(missing, " "), "add them there and in the integration at developer.webex.com"))
	} else {
		all = append(all, ok("webex scopes", "%s", strings.Join(d.cfg.WebexScopes, " ")))
	}
	links, err := d.links(ctx)
	if err != nil {
		return append(all, fail("data centre", "the database does not answer", "see the line about the database"))
	}
	orgs := map[string]bool{}
	for _, l := range links {
		if !orgs[l.OrgID] {
			orgs[l.OrgID] = true
			all = append(all, d.organisation(ctx, l.OrgID)...)
		}
	}
	if len(links) == 0 {
		if _, _, err := d.get(ctx, d.cfg.WebexAPI); err != nil {
			return append(all, fail("data centre", d.cfg.WebexAPI+" does not answer", "set WEBEX_DATACENTER to the one of your organisation"))
		}
		all = append(all, ok("data centre", "%s answers", d.cfg.WebexAPI))
	}
	return all
}

// organisation asks Webex with the admin's token.
func (d *doctor) organisation(ctx context.Context, orgID string) []finding {
	const check = "data centre"
	token, err := d.deps.Tokens.Token(ctx, webexAdminID(orgID))
	if err != nil {
		if _, _, err := d.get(ctx, d.cfg.WebexAPI); err != nil {
			return []finding{fail(check, d.cfg.WebexAPI+" does not answer", "set WEBEX_DATACENTER to the one of your organisation")}
		}
		return []finding{warn(check, d.cfg.WebexAPI+" answers, but nobody has connected organisation "+orgID+" to look further",
			"connect Webex at "+d.cfg.PublicURL+installPath+" as an administrator")}
	}
	client := &webexcc.Client{
		BaseURL: d.cfg.WebexAPI, OrgID: orgID, Doer: native.Fetch{Client: d.deps.HTTP},
		Token: func(context.Context) (string, error) { return token.AccessToken, nil },
	}
	_, err = client.Organization(ctx)
	var refused *webexcc.Error
	switch {
	case errors.As(err, &refused) && refused.Status < 500:
		return []finding{fail(check, fmt.Sprintf("%s does not know organisation %s (%d)", d.cfg.WebexAPI, orgID, refused.Status), "set WEBEX_DATACENTER to the one of your organisation")}
	case err != nil:
		return []finding{fail(check, d.cfg.WebexAPI+" does not answer", "set WEBEX_DATACENTER to the one of your organisation, and let this machine reach it")}
	}
	all := []finding{ok(check, "%s knows organisation %s", d.cfg.WebexAPI, orgID)}
	codes, err := client.AuxCodes(ctx)
	if err != nil {
		return append(all, warn("wrap-up codes", "Webex does not show them", "give the administrator who connected Webex the right to read the configuration"))
	}
	names := map[string]string{}
	for _, c := range codes {
		if c.WorkTypeCode == webexcc.WrapUpCode && c.Active.Is() && !c.IsSystemCode.Is() {
			names[c.ID] = string(c.Name)
		}
	}
	portals, err := d.deps.Tenants.Portals(ctx, orgID)
	if err != nil {
		return append(all, fail("wrap-up codes", "the database does not answer", "see the line about the database"))
	}
	for _, p := range portals {
		all = append(all, d.outcomes(ctx, p, names))
	}
	return all
}

// outcomes compares wrap-up codes, by id, with the outcomes that HubSpot's calls
// get for them.
func (d *doctor) outcomes(ctx context.Context, p tenant.Portal, codes map[string]string) finding {
	const check = "wrap-up codes"
	settings := p.Settings.DispositionByCode
	if len(settings) == 0 {
		return ok(check, "%d codes; none is mapped in portal %s, so a call's outcome in HubSpot follows how it ended", len(codes), p.ID)
	}
	var options []string
	if properties, err := d.deps.Accounts.client(p.ID).Properties(ctx, hubspot.Calls); err == nil {
		for _, property := range properties {
			if property.Name != "hs_call_disposition" {
				continue
			}
			for _, o := range property.Options {
				options = append(options, o.Value)
			}
		}
	}
	var unknown, unmapped, wrong []string
	for code, outcome := range settings {
		if options != nil && !slices.Contains(options, outcome) {
			wrong = append(wrong, code)
		}
		known := codes[code] != ""
		for _, name := range codes {
			known = known || name == code
		}
		if !known {
			unknown = append(unknown, code)
		}
	}
	for id, name := range codes {
		if settings[id] == "" && settings[name] == "" {
			unmapped = append(unmapped, name)
		}
	}
	switch {
	case len(wrong) > 0:
		return fail(check, "portal "+p.ID+" does not have the outcome of "+some(wrong), "choose one of the portal's outcomes in the settings")
	case len(unmapped) > 0:
		return warn(check, "without an outcome in portal "+p.ID+": "+some(unmapped), "give each code an outcome in the settings")
	case len(unknown) > 0:
		return warn(check, "portal "+p.ID+" maps codes that Webex does not have: "+some(unknown), "take them out of the settings")
	}
	return ok(check, "all %d have an outcome in portal %s", len(codes), p.ID)
}

// some are the first few of names.
func some(names []string) string {
	slices.Sort(names)
	if len(names) > 5 {
		return strings.Join(names[:5], ", ") + fmt.Sprintf(" and %d more", len(names)-5)
	}
	return strings.Join(names, ", ")
}

// accounts looks at each linked portal: access, scopes, properties, numbers.
func (d *doctor) accounts(ctx context.Context) []finding {
	links, err := d.links(ctx)
	if err != nil {
		return []finding{fail("hubspot access", "the database does not answer", "see the line about the database")}
	}
	var ids []string
	if d.cfg.static(d.cfg.Portal) && (d.org == "" || d.org == d.cfg.OrgID) {
		ids = append(ids, d.cfg.Portal)
	}
	for _, l := range links {
		if !slices.Contains(ids, l.PortalID) {
			ids = append(ids, l.PortalID)
		}
	}
	var all []finding
	for _, id := range ids {
		found := d.access(ctx, id)
		all = append(all, found)
		if found.Status == healthFail {
			continue
		}
		all = append(all, d.properties(ctx, id), d.numbers(ctx, id))
		for _, l := range links {
			if l.PortalID == id && l.Default {
				all = append(all, d.selected(ctx, l)...)
			}
		}
	}
	return all
}

// asked is how many agents are looked up in HubSpot.
const asked = 20

// selected looks whether the agents who signed in lately have selected the app
// in their organisation's default portal: otherwise HubSpot opens another one.
func (d *doctor) selected(ctx context.Context, l tenant.Connection) []finding {
	const check = "calling provider"
	sessions, err := d.deps.SignIns.list(ctx, l.OrgID)
	if err != nil || len(sessions) == 0 || d.cfg.HubSpotAppID == "" {
		return nil // The database has its own line; nobody has signed in yet.
	}
	client := d.deps.Accounts.client(l.PortalID)
	var strangers, others []string
	seen := map[string]bool{}
	for _, s := range sessions {
		if seen[s.AgentID] || len(seen) == asked {
			continue
		}
		seen[s.AgentID] = true
		owner, known, err := client.OwnerByEmail(ctx, s.Email)
		if err == nil && known {
			var p hubspot.Provider
			if p, err = client.CallingProvider(ctx, owner.UserID); err == nil && p.AppID != d.cfg.HubSpotAppID {
				others = append(others, s.Name)
			}
		}
		if err != nil {
			return []finding{warn(check, "portal "+l.PortalID+" does not show what agents have selected", "grant crm.objects.owners.read")}
		}
		if !known {
			strangers = append(strangers, s.Name)
		}
	}
	switch {
	case len(others) > 0:
		return []finding{warn(check, "in portal "+l.PortalID+" another one is selected by "+some(others), "they select "+d.cfg.callingSettings().Name+" in HubSpot under Settings > General > Calling")}
	case len(strangers) > 0:
		return []finding{warn(check, "portal "+l.PortalID+" has no user with the address of "+some(strangers), "their calls have no owner: invite them with the address that they have in Webex")}
	}
	return []finding{ok(check, "selected in portal %s by all %d agents who are signed in", l.PortalID, len(seen))}
}

// access looks whether a portal lets us in, and to what.
func (d *doctor) access(ctx context.Context, portalID string) finding {
	const check = "hubspot access"
	again := "connect HubSpot at " + d.cfg.PublicURL + installPath + " as an administrator of account " + portalID
	if d.cfg.static(portalID) {
		again = "give HUBSPOT_TOKEN the scopes " + strings.Join(defaultHubSpotScopes[1:], " ")
		client := d.deps.Accounts.client(portalID)
		_, err := client.Search(ctx, hubspot.Contacts, hubspot.SearchRequest{Limit: 1})
		if err == nil {
			_, err = client.Owners(ctx, "nobody@example.invalid")
		}
		if err != nil {
			return fail(check, "portal "+portalID+" refuses contacts or owners", again)
		}
		return ok(check, "portal %s shows contacts and owners", portalID)
	}
	token, err := d.deps.Tokens.Token(ctx, hubspotID(portalID))
	switch {
	case errors.Is(err, tokens.ErrSealed):
		return fail(check, "the tokens of portal "+portalID+" are sealed with another key", "put the old key into DESKBRIDGE_KEY behind the new one, or "+again)
	case errors.Is(err, tokens.ErrNone), errors.Is(err, tokens.ErrRefused):
		return fail(check, "portal "+portalID+" is not connected; its records wait", again)
	case err != nil:
		return fail(check, "HubSpot does not answer", "let this machine reach "+d.cfg.HubSpotAPI)
	}
	info, err := d.cfg.hubspotApp(d.cfg.PublicURL).Introspect(ctx, token.AccessToken)
	if err != nil || !info.Active {
		return fail(check, "HubSpot does not know the token of portal "+portalID, again)
	}
	var missing []string
	for _, scope := range d.cfg.Install.Scopes {
		if !slices.Contains(info.Scopes, scope) {
			missing = append(missing, scope)
		}
	}
	if len(missing) > 0 {
		return fail(check, "portal "+portalID+" has not granted "+strings.Join(missing, " "), again)
	}
	return ok(check, "portal %s has granted %d scopes", portalID, len(info.Scopes))
}

func (d *doctor) properties(ctx context.Context, portalID string) finding {
	const check = "call properties"
	missing, err := addProperties(ctx, d.deps.Accounts.client(portalID), true)
	if err != nil {
		return warn(check, "portal "+portalID+" does not show them", "grant crm.schemas.contacts.read; until then calls are found by search")
	}
	if len(missing) > 0 {
		return warn(check, "portal "+portalID+" lacks "+some(missing), "run: server hubspot register")
	}
	return ok(check, "portal %s has all %d", portalID, len(callProperties)+len(ticketProperties))
}

// sample is how many contacts are looked at, share how many of a hundred should
// have a number that a caller can be found by.
const (
	sample = 100
	share  = 80
)

// numbers looks at how many contacts a caller can be found among.
func (d *doctor) numbers(ctx context.Context, portalID string) finding {
	const check = "numbers"
	region := tenant.Settings{}.WithDefaults().Region
	properties := []string{"phone", "mobilephone"}
	links, err := d.deps.Tenants.Connections(ctx, portalID)
	if err == nil && len(links) > 0 {
		if p, err := d.deps.Tenants.Portal(ctx, links[0].OrgID, portalID); err == nil {
			region, properties = p.Settings.Region, append(properties, p.Settings.PhoneProperties...)
		}
	}
	page, err := d.deps.Accounts.client(portalID).Search(ctx, hubspot.Contacts, hubspot.SearchRequest{
		Properties: properties, Limit: sample, Sorts: []hubspot.Sort{{Property: "createdate", Direction: "DESCENDING"}},
	})
	if err != nil {
		return warn(check, "portal "+portalID+" does not show its contacts", "grant crm.objects.contacts.read")
	}
	matchable := 0
	for _, o := range page.Objects {
		if slices.ContainsFunc(properties, func(name string) bool { _, ok := lookup.Parse(o.Properties[name], region); return ok }) {
			matchable++
		}
	}
	if len(page.Objects) == 0 {
		return warn(check, "portal "+portalID+" has no contacts", "import some, or callers are always unknown")
	}
	percent := matchable * 100 / len(page.Objects)
	says := fmt.Sprintf("%d %% of %d contacts in portal %s have a number that a caller can be found by", percent, len(page.Objects), portalID)
	if percent < share {
		return warn(check, says, "write numbers with their country code, set DESKBRIDGE_REGION, or name more properties in DESKBRIDGE_PHONE_PROPERTIES")
	}
	return ok(check, "%s", says)
}

// provider looks whether HubSpot knows the app as a calling app.
func (d *doctor) provider(ctx context.Context) []finding {
	const check, fix = "calling app", "run: server hubspot register"
	dev, err := d.cfg.developer()
	if err != nil {
		return []finding{warn(check, "it cannot be looked at: "+err.Error(), "set them, then run: server hubspot register")}
	}
	have, err := dev.Settings(ctx)
	switch {
	case hubspot.IsStatus(err, http.StatusNotFound):
		return []finding{fail(check, "app "+d.cfg.HubSpotAppID+" is not registered as a calling app", fix)}
	case hubspot.IsStatus(err, http.StatusUnauthorized), hubspot.IsStatus(err, http.StatusForbidden):
		return []finding{fail(check, "HubSpot refuses the developer key", "copy it again from Development > Keys into HUBSPOT_DEVELOPER_KEY")}
	case err != nil:
		return []finding{fail(check, "HubSpot does not answer", "let this machine reach "+d.cfg.HubSpotAPI)}
	}
	panel, desktop := d.cfg.callingSettings().URL, d.cfg.desktopSettings().URL
	switch {
	case have.URL != panel && have.URL != desktop:
		return []finding{fail(check, "it is registered at "+have.URL, fix)}
	case !have.SupportsInboundCalling:
		return []finding{fail(check, "inbound calls are not switched on", fix)}
	case !have.IsReady:
		return []finding{warn(check, "it is not shown to users yet", fix)}
	}
	return []finding{ok(check, "registered at %s; each agent selects it under Settings > General > Calling", have.URL)}
}

// events looks whether HubSpot tells us of what it should.
func (d *doctor) events(ctx context.Context) []finding {
	const check, fix = "webhooks", "run: server hubspot register"
	if d.cfg.HubSpotClientSecret == "" {
		return []finding{warn(check, "without HUBSPOT_CLIENT_SECRET none can be verified", "set it: privacy deletions and merges are told there")}
	}
	dev, err := d.cfg.developer()
	if err != nil {
		return nil // The line above has said so.
	}
	have, err := dev.Webhooks(ctx)
	if hubspot.IsStatus(err, http.StatusNotFound) || err == nil && have.TargetURL != d.cfg.PublicURL+webhookPath {
		return []finding{fail(check, "HubSpot does not send them to "+d.cfg.PublicURL+webhookPath, fix)}
	}
	var exist []hubspot.Subscription
	if err == nil {
		exist, err = dev.Subscriptions(ctx)
	}
	if err != nil {
		return []finding{fail(check, "HubSpot does not show them", "copy the developer key again into HUBSPOT_DEVELOPER_KEY")}
	}
	var missing []string
	for _, s := range subscriptions {
		if !slices.ContainsFunc(exist, func(o hubspot.Subscription) bool { return o.Active && o.Type == s.Type && o.Property == s.Property }) {
			missing = append(missing, s.Type)
		}
	}
	if len(missing) > 0 {
		return []finding{fail(check, "not subscribed: "+some(slices.Compact(missing)), fix)}
	}
	return []finding{ok(check, "%d subscriptions", len(exist))}
}
