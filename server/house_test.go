package main

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/ledger"
)

const fullAdmin = "id_full_admin"

// house is a world whose portals link themselves: an emulated HubSpot, a
// ledger, and admins with browsers.
type house struct {
	*world
	crm      *hubspottest.Server
	crmURL   string
	books    *ledger.Ledger
	accounts *portals
}

func newHouse(t *testing.T, change ...func(*Config)) *house {
	t.Helper()
	var clock atomic.Pointer[clock] // The world makes it.
	h := &house{crm: hubspottest.New(hubspottest.Config{IndexDelay: -1, Now: func() time.Time {
		if c := clock.Load(); c != nil {
			return c.now()
		}
		return time.Now()
	}})}
	front := httptest.NewServer(h.crm.Handler())
	t.Cleanup(front.Close)
	h.crmURL = front.URL
	changes := append([]func(*Config){func(c *Config) {
		c.OrgID, c.Portal = "", ""
		c.HubSpotAPI, c.HubSpotAppID = front.URL, hubspottest.AppID
		c.HubSpotClientID, c.HubSpotClientSecret = hubspottest.ClientID, hubspottest.ClientSecret
		c.Install = Install{AuthorizeURL: front.URL + "/oauth/authorize", DeveloperKey: hubspottest.DeveloperKey, Orgs: []string{"*"}}.withDefaults()
	}}, change...)
	h.world = newWorld(t, changes...)
	clock.Store(h.clock)
	h.accounts = newPortals(h.cfg, &h.deps)
	books, err := ledger.Open(t.Context(), ledger.Config{
		Portal: h.accounts.portal, Settings: h.accounts.settings, Now: h.clock.now, RetryDelay: 20 * time.Millisecond,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, books.Close(context.Background())) })
	require.NoError(t, books.Start(t.Context()))
	h.books = books
	h.use(func(d *deps) {
		d.Accounts, d.Books, d.Lookup, d.Contacts = h.accounts, books, h.accounts, h.accounts
		d.Cards, d.History = h.accounts, books
		d.Ledger = recordBook{books, d.Now}
	})
	h.admin(orgID, fullAdmin)
	return h
}

// admin says who signs in at Webex from now on.
func (h *house) admin(org string, roles ...string) {
	wrap := func(kind, id string) string {
		return base64.RawStdEncoding.EncodeToString([]byte("ciscospark://us/" + kind + "/" + id))
	}
	var wrapped []string
	for _, r := range roles {
		wrapped = append(wrapped, wrap("ROLE", r))
	}
	h.webex.set(func() {
		h.webex.people = map[string]any{
			"id": wrap("PEOPLE", "person-of-"+org), "orgId": wrap("ORGANIZATION", org), "displayName": "Ada Admin",
			"emails": []string{"ada@" + org + ".example"}, "roles": wrapped,
		}
	})
}

// browser is one that keeps cookies.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &http.Client{Jar: jar}
}

// consent opens HubSpot's page through ours and returns its address, where the
// form goes, too.
func (h *house) consent(b *http.Client) string {
	h.t.Helper()
	page := h.open(b, h.url+hubspotConnectPath)
	require.Equal(h.t, http.StatusOK, page.status, page.body)
	require.Contains(h.t, page.body, "Connect app", page.address.String())
	return page.address.String()
}

// answer presses a button of HubSpot's page and follows the browser back.
func (h *house) answer(b *http.Client, consent, button string) windowPage {
	h.t.Helper()
	return h.post(b, consent, url.Values{"answer": {button}})
}

func (h *house) post(b *http.Client, address string, form url.Values) windowPage {
	h.t.Helper()
	resp, err := b.PostForm(address, form)
	require.NoError(h.t, err)
	return readPage(h.t, b, resp)
}

// connectHubSpot installs the app in an account.
func (h *house) connectHubSpot(b *http.Client, portalID string) windowPage {
	h.t.Helper()
	h.crm.InstallAs("ann@example.test", portalID)
	return h.answer(b, h.consent(b), "connect")
}

func (h *house) connectWebex(b *http.Client) windowPage {
	h.t.Helper()
	return h.open(b, h.url+webexConnectPath)
}

func (h *house) link(b *http.Client, org, portal string) windowPage {
	h.t.Helper()
	return h.post(b, h.url+linkPath, url.Values{"org": {org}, "portal": {portal}})
}

// linked is a browser of an admin who has linked a portal to an organisation.
func (h *house) linked(org, portal string) *http.Client {
	h.t.Helper()
	h.admin(org, fullAdmin)
	b := browser(h.t)
	h.connectHubSpot(b, portal)
	h.connectWebex(b)
	page := h.link(b, org, portal)
	require.Contains(h.t, page.body, sentences["linked"])
	return b
}

// call is a record that ended, of a contact.
func call(key, portal, contact string) backend.Record {
	return backend.Record{
		Key: key, Revision: 1, InteractionID: "i-" + key, Channel: "telephony", Direction: "INBOUND", Number: "+14155550100",
		Phase: "done", Outcome: "COMPLETED", StartedAt: 1_790_000_000_000, AnsweredAt: 1_790_000_001_000, EndedAt: 1_790_000_009_000,
		Notes: "Wants a refund", PortalID: portal, Final: true, Record: &backend.Ref{ObjectTypeID: "0-1", ObjectID: contact},
	}
}

// put stores a record of an organisation's agent.
func (h *house) put(org string, r backend.Record) {
	h.t.Helper()
	_, err := h.books.Put(h.t.Context(), ledger.Agent{OrgID: org, AgentID: agentID, Email: "ann@example.test"}, r)
	require.NoError(h.t, err)
}

func (h *house) record(org, key string) backend.Interaction {
	h.t.Helper()
	got, err := h.books.Get(h.t.Context(), ledger.Agent{OrgID: org, AgentID: agentID}, key)
	require.NoError(h.t, err)
	return got
}

// eventually waits until the record has a receipt of that state.
func (h *house) eventually(org, key, state string) backend.Interaction {
	h.t.Helper()
	require.Eventually(h.t, func() bool { return h.record(org, key).Receipt.State == state }, 30*time.Second, 10*time.Millisecond, "%s: %s", key, state)
	return h.record(org, key)
}

// contact is the id of the emulator's contact with that last name.
func (h *house) contact(last string) string {
	h.t.Helper()
	found := h.crm.Objects("contacts", last)
	require.Len(h.t, found, 1)
	return found[0].ID
}

// cookie is the value of the admin's cookie.
func (h *house) cookie(b *http.Client) string {
	h.t.Helper()
	u, err := url.Parse(h.url)
	require.NoError(h.t, err)
	for _, c := range b.Jar.Cookies(u) {
		if strings.HasSuffix(c.Name, "deskbridge-admin") {
			return c.Value
		}
	}
	return ""
}
