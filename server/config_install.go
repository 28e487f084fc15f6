package main

import (
	"slices"
	"strings"
	"time"

	"deskbridge/pkg/hubspot"
)

// Install is what the install page, HubSpot's webhooks, the admin's API and the
// janitor need of the configuration. README.md has the table.
type Install struct {
	AuthorizeURL   string   // HubSpot's consent page.
	Scopes         []string // Without one of these an installation is refused.
	OptionalScopes []string

	DeveloperKey   string // Of the HubSpot developer account: for `hubspot register` and doctor.
	DeveloperToken string // Instead of it; HubSpot's documents name both ways.
	RecordingURL   string // Where HubSpot asks for recordings, with %s; empty leaves that alone.
	ChannelURL     string // Where its help desk asks for numbers; empty leaves that alone.

	Admins     []string // E-mail addresses that count as administrators whatever Webex says.
	AdminRoles []string // Webex roles that do, as in people/me without their wrapping.
	Orgs       []string // Organisations that may link themselves; "*" is any.

	Session     time.Duration // How long an admin's browser session lasts.
	KeepNotes   time.Duration // How long notes and variables of written records are kept.
	KeepRecords time.Duration // How long written records are kept.
	SweepEvery  time.Duration // How often the janitor looks.
}

// The defaults of a real installation.
const (
	defaultAdminSession = 8 * time.Hour
	defaultKeepNotes    = 30 * 24 * time.Hour
	defaultKeepRecords  = 365 * 24 * time.Hour
	defaultSweep        = 15 * time.Minute
)

// What a calling app needs of HubSpot, and what it uses where the account
// grants it.
var (
	defaultHubSpotScopes = []string{
		"oauth", "crm.objects.contacts.read", "crm.objects.contacts.write", "crm.objects.owners.read",
	}
	defaultOptionalScopes = []string{
		"crm.objects.companies.read", "crm.objects.deals.read", "tickets", "crm.schemas.contacts.read", "crm.schemas.contacts.write",
	}
)

// defaultAdminRoles are who may link an organisation. That people/me lists
// roles is documented, that this one's id is "id_full_admin" is taken from
// public examples; WEBEX_ADMIN_ROLES adds others.
var defaultAdminRoles = []string{"id_full_admin"}

// withDefaults fills in what is not set.
func (i Install) withDefaults() Install {
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{{&i.Session, defaultAdminSession}, {&i.KeepNotes, defaultKeepNotes}, {&i.KeepRecords, defaultKeepRecords}, {&i.SweepEvery, defaultSweep}} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	for _, d := range []struct {
		field *[]string
		value []string
	}{{&i.Scopes, defaultHubSpotScopes}, {&i.OptionalScopes, defaultOptionalScopes}, {&i.AdminRoles, defaultAdminRoles}} {
		if *d.field == nil {
			*d.field = d.value
		}
	}
	if i.AuthorizeURL == "" {
		i.AuthorizeURL = hubspot.DefaultAuthorizeURL
	}
	return i
}

// install reads the variables of installation. It comes after those of HubSpot
// and of the organisation.
func (e *environment) install(c *Config) {
	i := &c.Install
	e.url("HUBSPOT_AUTHORIZE_URL", &i.AuthorizeURL, "")
	e.list("HUBSPOT_SCOPES", &i.Scopes, nil)
	e.list("HUBSPOT_OPTIONAL_SCOPES", &i.OptionalScopes, nil)
	e.text("HUBSPOT_DEVELOPER_KEY", &i.DeveloperKey, "")
	e.text("HUBSPOT_DEVELOPER_TOKEN", &i.DeveloperToken, "")
	e.text("HUBSPOT_RECORDING_URL", &i.RecordingURL, "")
	if i.RecordingURL != "" && (!strings.HasPrefix(i.RecordingURL, "https://") || strings.Count(i.RecordingURL, "%s") != 1) {
		e.problem("HUBSPOT_RECORDING_URL", "%q: write https://… with one %%s in the place of the call's id", i.RecordingURL)
	}
	e.url("HUBSPOT_CHANNEL_URL", &i.ChannelURL, "")
	e.list("DESKBRIDGE_ADMINS", &i.Admins, nil)
	for _, address := range i.Admins {
		if !strings.Contains(address, "@") {
			e.problem("DESKBRIDGE_ADMINS", "%q is no e-mail address: write several separated by commas", address)
		}
	}
	e.list("WEBEX_ADMIN_ROLES", &i.AdminRoles, nil)
	own := []string{"*"}
	if c.OrgID != "" {
		own = []string{c.OrgID}
	}
	e.list("DESKBRIDGE_ORGS", &i.Orgs, own)
	e.duration("DESKBRIDGE_ADMIN_SESSION", &i.Session, "8h")
	e.duration("DESKBRIDGE_KEEP_NOTES", &i.KeepNotes, "720h")
	e.duration("DESKBRIDGE_KEEP_RECORDS", &i.KeepRecords, "8760h")
	*i = i.withDefaults()
	if i.KeepRecords < i.KeepNotes {
		e.problem("DESKBRIDGE_KEEP_RECORDS", "shorter than DESKBRIDGE_KEEP_NOTES: notes cannot outlive their record")
	}
}

// installs says whether portals link themselves through the install page.
func (c Config) installs() bool { return c.HubSpotClientID != "" && c.HubSpotClientSecret != "" }

// mayLink says whether an organisation may link itself.
func (i Install) mayLink(orgID string) bool {
	return slices.Contains(i.Orgs, "*") || slices.Contains(i.Orgs, orgID)
}

// isAdmin says whether somebody with these roles and this address may link
// their organisation.
func (i Install) isAdmin(roles []string, email string) bool {
	if slices.ContainsFunc(i.Admins, func(a string) bool { return email != "" && strings.EqualFold(a, email) }) {
		return true
	}
	return slices.ContainsFunc(roles, func(role string) bool { return slices.Contains(i.AdminRoles, plainID(role)) })
}

// hubspotApp is our app at HubSpot's token service. Origin is the one of ours
// that the browser is at.
func (c Config) hubspotApp(origin string) *hubspot.OAuth {
	i := c.Install.withDefaults()
	return &hubspot.OAuth{
		BaseURL: c.HubSpotAPI, AuthorizeURL: i.AuthorizeURL, ClientID: c.HubSpotClientID, ClientSecret: c.HubSpotClientSecret,
		RedirectURL: origin + hubspotCallbackPath, Scopes: i.Scopes, OptionalScopes: i.OptionalScopes,
	}
}
