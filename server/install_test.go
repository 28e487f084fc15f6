package main

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
)

const otherOrg = "2fb65fdf-0000-417f-9974-ad72cae0e10f"

func TestAdminLinksWhatOneBrowserProved(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := browser(t)
	empty := h.open(b, h.url+installPath)
	require.NotContains(t, empty.body, `id="link"`)
	require.Contains(t, empty.header.Get("Content-Security-Policy"), "frame-ancestors 'none'")

	page := h.connectHubSpot(b, "111")
	require.Contains(t, page.body, sentences["hubspot"])
	require.Contains(t, page.body, "Account 111")
	require.NotContains(t, page.body, `id="link"`, "one side is not enough")
	_, err := h.deps.Tokens.Token(t.Context(), hubspotID("111"))
	require.Error(t, err, "tokens wait for the link")
	page = h.connectWebex(b)
	require.Contains(t, page.body, `id="link"`)
	page = h.link(b, orgID, "111")

	require.Contains(t, page.body, sentences["linked"])
	require.Contains(t, page.body, "Connected")
	portal, err := h.deps.Tenants.Portal(t.Context(), orgID, "")
	require.NoError(t, err)
	require.Equal(t, "111", portal.ID)
	token, err := h.deps.Tokens.Token(t.Context(), hubspotID("111"))
	require.NoError(t, err)
	require.NotContains(t, h.log.String(), token.AccessToken)
	require.NotContains(t, h.log.String(), "ada@")
	properties, err := h.accounts.client("111").Properties(t.Context(), "0-48")
	require.NoError(t, err)
	names := map[string]bool{}
	for _, p := range properties {
		names[p.Name] = p.Unique
	}
	require.True(t, names["deskbridge_key"], "made unique")
	require.Contains(t, names, "deskbridge_consult_ms")
	ofTickets, err := h.accounts.client("111").Properties(t.Context(), "0-5")
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(ofTickets, func(p hubspot.Property) bool { return p.Name == "deskbridge_key" && p.Unique }))

	h.put(orgID, call("k", "111", h.contact("Silva")))
	h.eventually(orgID, "k", "enriched")
	require.Len(t, h.crm.Engagements(), 1)

	// Again is harmless, and keeps the default.
	require.Contains(t, h.link(b, orgID, "111").body, sentences["linked"])
}

func TestLinkingIsRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*Config)
		roles  []string
		do     func(h *house, b *http.Client) windowPage
		says   string
	}{
		{"not an administrator", nil, []string{"id_readonly_admin"}, nil, "notadmin"},
		{"without roles", nil, nil, nil, "notadmin"},
		{"organisation not allowed", func(c *Config) { c.Install.Orgs = []string{otherOrg} }, []string{fullAdmin}, nil, "closed"},
		{"an hour later", nil, []string{fullAdmin}, func(h *house, b *http.Client) windowPage {
			h.clock.pass(proofLife)
			return h.link(b, orgID, "111")
		}, "old"},
		{"another portal than shown", nil, []string{fullAdmin}, func(h *house, b *http.Client) windowPage { return h.link(b, orgID, "222") }, "changed"},
		{"another organisation than shown", nil, []string{fullAdmin}, func(h *house, b *http.Client) windowPage { return h.link(b, otherOrg, "111") }, "changed"},
		{"another browser", nil, []string{fullAdmin}, func(h *house, _ *http.Client) windowPage { return h.link(browser(h.t), orgID, "111") }, "session"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var changes []func(*Config)
			if tt.change != nil {
				changes = append(changes, tt.change)
			}
			h := newHouse(t, changes...)
			h.admin(orgID, tt.roles...)
			b := browser(t)
			h.connectHubSpot(b, "111")
			h.connectWebex(b)
			if tt.do == nil {
				tt.do = func(h *house, b *http.Client) windowPage { return h.link(b, orgID, "111") }
			}

			page := tt.do(h, b)

			require.Contains(t, page.body, sentences[tt.says])
			links, err := h.deps.Tenants.Connections(t.Context(), "")
			require.NoError(t, err)
			require.Empty(t, links)
			_, err = h.deps.Tokens.Token(t.Context(), hubspotID("111"))
			require.Error(t, err)
		})
	}
}

func TestListedAddressIsAnAdministrator(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *Config) { c.Install.Admins = []string{"Ada@" + orgID + ".example"} })
	h.admin(orgID)
	b := browser(t)
	h.connectHubSpot(b, "111")

	require.Contains(t, h.connectWebex(b).body, `id="link"`)
}

// Two browsers with one side each are two people, perhaps.
func TestSidesOfTwoBrowsersDoNotLink(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	one, other := browser(t), browser(t)
	h.connectHubSpot(one, "111")
	h.connectWebex(other)

	require.Contains(t, h.link(one, orgID, "111").body, sentences["old"])
	require.Contains(t, h.link(other, orgID, "111").body, sentences["old"])
}

// stopped is the browser without following redirects.
func stopped(b *http.Client) *http.Client {
	return &http.Client{Jar: b.Jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func TestStatesAreBoundAndWorkOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	mine, theirs := browser(t), browser(t)
	h.connectWebex(theirs)
	back := func(b *http.Client) string {
		h.crm.InstallAs("ann@example.test", "111")
		resp, err := stopped(b).PostForm(h.consent(b), url.Values{"answer": {"connect"}})
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		return resp.Header.Get("Location")
	}

	address := back(mine)
	require.Contains(t, h.open(theirs, address).body, sentences["foreign"], "begun in another browser")
	require.Contains(t, h.open(mine, address).body, sentences["foreign"], "and used up by that")

	address = back(mine)
	require.Contains(t, h.open(mine, address).body, sentences["hubspot"])
	require.Contains(t, h.open(mine, address).body, sentences["foreign"], "a second time")

	address = back(mine)
	require.Contains(t, h.open(mine, strings.Replace(address, hubspotCallbackPath, webexCallbackPath, 1)).body, sentences["foreign"], "at the other side")

	address = back(mine)
	h.clock.pass(flowLife)
	require.Contains(t, h.open(mine, address).body, sentences["foreign"], "too late")

	address = back(mine)
	forged, err := url.Parse(address)
	require.NoError(t, err)
	q := forged.Query()
	q.Set("code", "stolen")
	forged.RawQuery = q.Encode()
	require.Contains(t, h.open(mine, forged.String()).body, sentences["refused"], "a code that HubSpot does not know")
	require.Contains(t, h.open(mine, h.url+hubspotCallbackPath+"?state=guess&code=x").body, sentences["foreign"])
	require.Contains(t, h.answer(mine, h.consent(mine), "cancel").body, sentences["cancelled"])
	require.NotContains(t, h.log.String(), "stolen")
}

// A code of somebody else's flow does not pass PKCE.
func TestCodeOfAnotherFlowIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	mine, theirs := browser(t), browser(t)
	location := func(b *http.Client) *url.URL {
		resp, err := stopped(b).PostForm(h.consent(b), url.Values{"answer": {"connect"}})
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		u, err := resp.Location()
		require.NoError(t, err)
		return u
	}
	own, foreign := location(mine), location(theirs)
	q := own.Query()
	q.Set("code", foreign.Query().Get("code"))
	own.RawQuery = q.Encode()

	require.Contains(t, h.open(mine, own.String()).body, sentences["refused"])
}

func TestInstallationWithoutAScopeIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := browser(t)
	consent, err := url.Parse(h.consent(b))
	require.NoError(t, err)
	q := consent.Query()
	q.Set("scope", "oauth crm.objects.contacts.read")
	q.Del("optional_scope")
	consent.RawQuery = q.Encode()

	require.Contains(t, h.answer(b, consent.String(), "connect").body, sentences["scopes"])
}

func TestAdminCookie(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := browser(t)
	h.connectWebex(b)
	before := h.cookie(b)
	require.NotEmpty(t, before)
	h.connectHubSpot(b, "111")
	require.NotEqual(t, before, h.cookie(b), "what was proved is not in the hands of who knew the old secret")
	_, err := h.deps.Installs.find(t.Context(), before)
	require.Error(t, err)

	s := &server{cfg: h.cfg}
	plain, secure := s.adminCookie("http://127.0.0.1:1", "v", 1), s.adminCookie("https://desk.example", "v", 1)
	for _, c := range []*http.Cookie{plain, secure} {
		require.True(t, c.HttpOnly)
		require.Equal(t, http.SameSiteLaxMode, c.SameSite)
		require.Equal(t, "/", c.Path)
		require.NoError(t, c.Valid())
	}
	require.False(t, plain.Secure)
	require.True(t, secure.Secure)
	require.True(t, strings.HasPrefix(secure.Name, "__Host-"))
}

func TestOtherSitesCannotLink(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := browser(t)
	h.connectHubSpot(b, "111")
	h.connectWebex(b)
	for _, path := range []string{linkPath, unlinkPath, leavePath} {
		req, err := http.NewRequest(http.MethodPost, h.url+path, strings.NewReader(url.Values{"org": {orgID}, "portal": {"111"}}.Encode()))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", "https://evil.example")
		req.Header.Set("Sec-Fetch-Site", "cross-site")

		resp, err := b.Do(req)

		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusForbidden, resp.StatusCode, path)
	}
	req, err := http.NewRequest(http.MethodGet, h.url+hubspotConnectPath, nil)
	require.NoError(t, err)
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := stopped(b).Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, installPath, resp.Header.Get("Location"), "nobody is sent to HubSpot by another site")
}

func TestTenantsStayApart(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.linked(orgID, "111")
	h.connectHubSpot(first, "222")
	require.Contains(t, h.link(first, orgID, "222").body, sentences["linked"])
	second := h.linked(otherOrg, "333")

	portal, err := h.deps.Tenants.Portal(t.Context(), orgID, "")
	require.NoError(t, err)
	require.Equal(t, "111", portal.ID, "the first one is the default")
	_, err = h.deps.Tenants.Portal(t.Context(), orgID, "333")
	require.Error(t, err)
	page := h.open(second, h.url+installPath)
	require.NotContains(t, page.body, "111")

	// An admin of neither side unlinks nothing.
	for _, form := range []url.Values{{"org": {orgID}, "portal": {"111"}}, {"org": {otherOrg}, "portal": {"111"}}} {
		h.post(second, h.url+unlinkPath, form)
	}
	links, err := h.deps.Tenants.Connections(t.Context(), "")
	require.NoError(t, err)
	require.Len(t, links, 3)
	a, err := h.accounts.client("111").Token(t.Context())
	require.NoError(t, err)
	b, err := h.accounts.client("333").Token(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, a, b)
	_, err = h.accounts.portal(t.Context(), orgID, "333")
	require.Error(t, err)
}

func TestUnlinkingGivesAccessBack(t *testing.T) {
	t.Parallel()
	for _, uninstall := range []bool{false, true} {
		h := newHouse(t)
		b := h.linked(orgID, "111")
		session := h.signIn()
		client := h.accounts.client("111")
		form := url.Values{"org": {orgID}, "portal": {"111"}}
		says := "unlinked"
		if uninstall {
			form.Set("uninstall", "1")
			says = "uninstalled"
		}

		page := h.post(b, h.url+unlinkPath, form)

		require.Contains(t, page.body, sentences[says])
		_, err := h.deps.Tenants.Portal(t.Context(), orgID, "111")
		require.Error(t, err)
		_, err = client.Token(t.Context())
		require.Error(t, err)
		_, err = h.deps.Tokens.Token(t.Context(), webexAdminID(orgID))
		require.Error(t, err)
		_, err = h.client(session.Token).Who(t.Context())
		requireRefusal(t, err, http.StatusUnauthorized, "session-expired")
		revoked := false
		for _, r := range h.crm.Requests() {
			revoked = revoked || strings.HasSuffix(r.Path, "/token/revoke") && r.Status == http.StatusOK
		}
		require.True(t, revoked || uninstall, "the refresh token is given back")

		// And back again.
		h.connectHubSpot(b, "111")
		require.Contains(t, h.link(b, orgID, "111").body, sentences["linked"])
	}
}

// A portal's own admin may unlink it, too, whoever's organisation that was.
func TestPortalsAdminUnlinks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.linked(orgID, "111")
	b := browser(t)
	h.connectHubSpot(b, "111")

	page := h.post(b, h.url+unlinkPath, url.Values{"org": {orgID}, "portal": {"111"}})

	require.Contains(t, page.body, sentences["unlinked"])
}

func TestAuthorisingAgainLogsWhatWaited(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, "111")
	h.crm.Uninstall() // HubSpot tells nobody.
	h.clock.pass(time.Hour)
	h.put(orgID, call("k", "111", h.contact("Silva")))
	h.eventually(orgID, "k", "needs-you")
	h.connectWebex(b)
	require.Contains(t, h.open(b, h.url+installPath).body, "takes our access no more")

	page := h.connectHubSpot(b, "111") // The link is there: nothing more to press.

	require.Contains(t, page.body, sentences["reconnected"])
	h.eventually(orgID, "k", "enriched")
	require.Len(t, h.crm.Engagements(), 1)
}

func TestConfiguredPortalKeepsItsToken(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *Config) { c.OrgID, c.Portal, c.HubSpotToken = orgID, hubspottest.PortalID, hubspottest.Token })
	b := h.linked(orgID, "111")

	configured, err := h.accounts.client(hubspottest.PortalID).Token(t.Context())
	require.NoError(t, err)
	require.Equal(t, hubspottest.Token, configured)
	linked, err := h.accounts.client("111").Token(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, hubspottest.Token, linked)

	page := h.post(b, h.url+unlinkPath, url.Values{"org": {orgID}, "portal": {hubspottest.PortalID}})
	require.Contains(t, page.body, sentences["configured"])
}

func TestLeavingEndsTheSession(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := browser(t)
	h.connectHubSpot(b, "111")
	cookie := h.cookie(b)
	in, err := h.deps.Installs.find(t.Context(), cookie)
	require.NoError(t, err)

	page := h.post(b, h.url+leavePath, nil)

	require.Contains(t, page.body, sentences["left"])
	_, err = h.deps.Installs.find(t.Context(), cookie)
	require.Error(t, err)
	_, err = h.deps.Tokens.Token(t.Context(), in.Portal.Pending)
	require.Error(t, err)
}
