package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/tenant"
	"deskbridge/pkg/webexcc/webexcctest"
	"deskbridge/web"
)

// fresh is the environment of a server that nobody has linked anything on, and
// the clouds beside it.
func freshEnvironment(t *testing.T) (*clouds, map[string]string) {
	t.Helper()
	w := newClouds(slog.New(slog.DiscardHandler), scales{})
	mux := http.NewServeMux()
	w.mount(mux, http.NotFoundHandler())
	front := httptest.NewServer(mux)
	t.Cleanup(front.Close)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	backend := "http://" + l.Addr().String()
	require.NoError(t, l.Close())
	env := map[string]string{"WEBEX_DATACENTER": "", "DESKBRIDGE_DATA": t.TempDir()}
	for _, line := range emulatedEnvironment(front.URL, backend) {
		name, value, _ := strings.Cut(line, "=")
		env[name] = strings.Trim(value, "'")
	}
	env["HUBSPOT_TOKEN"], env["HUBSPOT_PORTAL_ID"], env["DESKBRIDGE_ORG_ID"] = "", "", ""
	return w, env
}

// command runs a command of the server's to its end.
func command(t *testing.T, env map[string]string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), args, environ(env), &out)
	return out.String(), err
}

type findings struct {
	OK     bool
	Checks []finding
}

func examined(t *testing.T, env map[string]string) (findings, error) {
	t.Helper()
	text, err := command(t, env, "doctor", "--json")
	var got findings
	require.NoError(t, json.Unmarshal([]byte(text), &got), text)
	for _, f := range got.Checks {
		require.Equal(t, f.Status == healthOK, f.Fix == "", "a fix for what is wrong: %+v", f)
		require.NotContains(t, f.Says+f.Fix, "\n")
	}
	return got, err
}

// As a new administrator goes about it: register, serve, install, link, look.
func TestNewAdministratorGetsEverythingGreen(t *testing.T) {
	t.Parallel()
	if _, err := web.Files.Open("static/build/desk/" + elementFiles[0]); err != nil {
		t.Skip("not built: make js")
	}
	_, env := freshEnvironment(t)
	got, err := examined(t, env)
	require.ErrorIs(t, err, errUnwell)
	require.False(t, got.OK)
	failed := map[string]string{}
	for _, f := range got.Checks {
		failed[f.Check] = f.Status
	}
	require.Equal(t, healthFail, failed["public address"])
	require.Equal(t, healthFail, failed["calling app"])
	require.Equal(t, healthFail, failed["webhooks"])
	require.Equal(t, healthWarn, failed["links"])

	text, err := command(t, env, "hubspot", "register", "--dry-run")
	require.NoError(t, err)
	require.Contains(t, text, "would be created")
	got, _ = examined(t, env)
	require.False(t, got.OK, "a dry run changes nothing")
	text, err = command(t, env, "hubspot", "register")
	require.NoError(t, err, text)
	require.Contains(t, text, "no portal is linked yet")
	text, err = command(t, env, "hubspot", "register")
	require.NoError(t, err)
	require.NotContains(t, text, "created")
	require.NotContains(t, text, "added")

	address, stop := start(t, []string{"serve"}, env)
	b := browser(t)
	w := &world{t: t, url: address}
	consent := w.open(b, address+hubspotConnectPath)
	resp, err := b.PostForm(consent.address.String(), url.Values{"answer": {"connect"}})
	require.NoError(t, err)
	require.Contains(t, readPage(t, b, resp).body, sentences["hubspot"])
	people := w.open(b, address+webexConnectPath)
	require.Contains(t, people.body, "Continue as Ann")
	page := w.open(b, people.address.String()+"&agent=bob")
	require.Contains(t, page.body, "Not an administrator")
	people = w.open(b, address+webexConnectPath)
	page = w.open(b, people.address.String()+"&agent="+webexcctest.AdminName)
	require.Contains(t, page.body, `id="link"`)
	resp, err = b.PostForm(address+linkPath, url.Values{"org": {sandboxOrg}, "portal": {hubspottest.PortalID}})
	require.NoError(t, err)
	require.Contains(t, readPage(t, b, resp).body, sentences["linked"])

	got, err = examined(t, env)
	require.NoError(t, err)
	for _, f := range got.Checks {
		require.Equal(t, healthOK, f.Status, "%+v", f)
	}
	require.True(t, got.OK)

	text, err = command(t, env, "hubspot", "register", "--desktop")
	require.NoError(t, err)
	require.Contains(t, text, "changed: height url width\n")
	got, err = examined(t, env)
	require.NoError(t, err)
	require.True(t, containsFinding(got.Checks, "calling app", healthOK, address+"/desk/hubspot"), "%+v", got.Checks)
	text, err = command(t, env, "doctor")
	require.NoError(t, err)
	require.Len(t, strings.Split(strings.TrimSpace(text), "\n"), len(got.Checks), "a line each")
	require.Contains(t, text, "numbers")
	text, err = command(t, env, "hubspot", "register")
	require.NoError(t, err)
	require.Contains(t, text, "properties in "+hubspottest.PortalID+" as they should be")
	require.NoError(t, stop())
}

func TestRegisterChangesOnlyWhatDiffers(t *testing.T) {
	t.Parallel()
	w, env := freshEnvironment(t)
	env["HUBSPOT_RECORDING_URL"], env["HUBSPOT_CHANNEL_URL"] = "https://desk.example/recordings/%s", "https://desk.example/numbers"
	_, err := command(t, env, "hubspot", "register", "--not-ready")
	require.NoError(t, err)
	before := len(w.hubspot.Requests())

	text, err := command(t, env, "hubspot", "register", "--custom-objects")

	require.NoError(t, err)
	require.Contains(t, text, "changed: isReady supportsCustomObjects\n")
	var bodies []string
	for _, r := range w.hubspot.Requests()[before:] {
		if r.Method != http.MethodGet {
			bodies = append(bodies, r.Method+" "+r.Body)
		}
	}
	require.Equal(t, []string{`PATCH {"isReady":true,"supportsCustomObjects":true}`}, bodies)

	dev := &hubspot.Developer{BaseURL: env["HUBSPOT_API_URL"], AppID: hubspottest.AppID, APIKey: hubspottest.DeveloperKey}
	have, err := dev.RecordingURL(t.Context())
	require.NoError(t, err)
	require.Equal(t, env["HUBSPOT_RECORDING_URL"], have)
	channel, err := dev.Channel(t.Context())
	require.NoError(t, err)
	require.True(t, channel.Ready)
	subs, err := dev.Subscriptions(t.Context())
	require.NoError(t, err)
	require.Len(t, subs, len(subscriptions))
}

func TestRegisterSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	_, env := freshEnvironment(t)
	env["HUBSPOT_DEVELOPER_KEY"], env["HUBSPOT_APP_ID"] = "", ""

	_, err := command(t, env, "hubspot", "register")

	require.ErrorContains(t, err, "HUBSPOT_DEVELOPER_KEY")
	require.ErrorContains(t, err, "HUBSPOT_APP_ID")
	env["HUBSPOT_DEVELOPER_KEY"], env["HUBSPOT_APP_ID"] = "wrong", hubspottest.AppID
	_, err = command(t, env, "hubspot", "register")
	require.True(t, hubspot.IsStatus(err, http.StatusUnauthorized), "%v", err)
	_, err = command(t, env, "hubspot", "dance")
	require.Error(t, err)
}

func TestProjectFiles(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "project")
	env := map[string]string{"DESKBRIDGE_PUBLIC_URL": "https://desk.example"}
	text, err := command(t, env, "hubspot", "project", dir)
	require.NoError(t, err)
	require.Equal(t, 3, strings.Count(text, "written"))
	read := func(name string) (m map[string]any) {
		b, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(b, &m))
		return m
	}
	require.Equal(t, "src", read("hsproject.json")["srcDir"])
	app := read("src/app/app-hsmeta.json")["config"].(map[string]any)
	require.Equal(t, []any{"https://desk.example" + hubspotCallbackPath}, app["auth"].(map[string]any)["redirectUrls"])
	require.Equal(t, []any{"https://desk.example"}, app["permittedUrls"].(map[string]any)["iframe"])
	hooks := read("src/app/webhooks/webhooks-hsmeta.json")["config"].(map[string]any)
	require.Equal(t, "https://desk.example"+webhookPath, hooks["settings"].(map[string]any)["targetUrl"])
	require.Len(t, hooks["subscriptions"].(map[string]any)["hubEvents"], 1)

	text, err = command(t, env, "hubspot", "project", dir)
	require.NoError(t, err)
	require.Equal(t, 3, strings.Count(text, "unchanged"))
	env["DESKBRIDGE_PUBLIC_URL"] = "https://other.example"
	text, err = command(t, env, "hubspot", "project", dir)
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(text, "\nchanged")+strings.Count(text[:7], "changed"))
	_, err = command(t, map[string]string{}, "hubspot", "project", dir)
	require.ErrorContains(t, err, "DESKBRIDGE_PUBLIC_URL")
	_, err = command(t, env, "hubspot", "project")
	require.Error(t, err)
}

func TestDoctorNamesEveryProblemOfTheConfiguration(t *testing.T) {
	t.Parallel()

	got, err := examined(t, map[string]string{"WEBEX_CLIENT_ID": "", "DESKBRIDGE_ORG_ID": "", "DATABASE_URL": "mysql://x"})

	require.ErrorIs(t, err, errUnwell)
	require.Len(t, got.Checks, 3)
	for _, f := range got.Checks {
		require.Equal(t, healthFail, f.Status)
	}
}

// Each prerequisite that is broken is found by its own check.
func TestDoctorFindsWhatIsBroken(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, check, status, says string
		spoil                     func(h *house, c *Config)
	}{
		{"key of the developer", "calling app", healthFail, "refuses", func(_ *house, c *Config) { c.Install.DeveloperKey = "wrong" }},
		{"no key of the developer", "calling app", healthWarn, "HUBSPOT_DEVELOPER_KEY", func(_ *house, c *Config) { c.Install.DeveloperKey = "" }},
		{"registered elsewhere", "calling app", healthFail, "registered at", func(h *house, c *Config) { c.PublicURL = h.crmURL }},
		{"not our server", "public address", healthFail, "not Deskbridge", func(h *house, c *Config) { c.PublicURL = h.crmURL }},
		{"nobody may frame", "framing", healthFail, "frame-ancestors lacks https://app-eu2", func(_ *house, c *Config) { c.CallingHosts = []string{"https://app-eu2.hubspot.com"} }},
		{"no desktop", "agent desktop", healthWarn, "not known", func(_ *house, c *Config) { c.DesktopURL = "" }},
		{"desktop is not heard", "agent desktop", healthFail, "does not listen to https://other.example", func(_ *house, c *Config) { c.DesktopURL = "https://other.example/desk" }},
		{"desktop may not frame", "agent desktop", healthFail, "may not frame", func(_ *house, c *Config) { c.FrameAncestors = nil }},
		{"no element", "widget's script", healthFail, "is not there", func(h *house, c *Config) { c.PublicURL = h.crmURL }},
		{"webex scopes", "webex scopes", healthFail, "cjp:config_read", func(_ *house, c *Config) { c.WebexScopes = []string{"cjp:user", "spark:people_read"} }},
		{"redirect", "redirect URIs", healthFail, "HubSpot refuses", func(_ *house, c *Config) { c.HubSpotClientID = "other" }},
		{"no vendor", "clock", healthFail, "neither", func(_ *house, c *Config) { c.HubSpotAPI, c.WebexPeopleURL = "http://127.0.0.1:1", "http://127.0.0.1:1" }},
		{"data centre", "data centre", healthFail, "does not know", func(h *house, c *Config) { c.WebexAPI = h.crmURL }},
		{"access", "hubspot access", healthFail, "not connected", func(h *house, _ *Config) {
			require.NoError(h.t, h.deps.Tokens.Delete(h.t.Context(), hubspotID("111")))
		}},
		{"scopes", "hubspot access", healthFail, "crm.objects.quotes.read", func(_ *house, c *Config) {
			c.Install.Scopes = append([]string{"crm.objects.quotes.read"}, c.Install.Scopes...)
		}},
		{"secret", "webhooks", healthWarn, "HUBSPOT_CLIENT_SECRET", func(_ *house, c *Config) { c.HubSpotClientSecret = "" }},
		{"not subscribed", "webhooks", healthFail, "contact.merge", func(h *house, _ *Config) { h.crm.Reset() }},
		{"numbers", "numbers", healthWarn, "no contacts", func(h *house, _ *Config) {
			for _, o := range h.crm.Objects("contacts", "") {
				require.NoError(h.t, h.crm.DeleteObject("contacts", o.ID))
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, func(c *Config) {
				c.DesktopURL, c.DesktopHosts = "https://desktop.wxcc-us1.cisco.com", []string{"https://*.wxcc-us1.cisco.com"}
			})
			h.linked(orgID, "111")
			h.subscribed()
			dev, err := h.cfg.developer()
			require.NoError(t, err)
			_, err = dev.EnsureSettings(t.Context(), h.cfg.callingSettings())
			require.NoError(t, err)
			cfg := h.cfg
			tt.spoil(h, &cfg)
			if tt.name == "not subscribed" { // The settings are there, the subscriptions are not.
				require.NoError(t, dev.SetWebhooks(t.Context(), hubspot.WebhookSettings{TargetURL: cfg.PublicURL + webhookPath}))
			}
			found := newDoctor(cfg, h.deps).examine(t.Context())

			require.True(t, containsFinding(found, tt.check, tt.status, tt.says), "%+v", found)
		})
	}
}

func containsFinding(all []finding, check, status, says string) bool {
	for _, f := range all {
		if f.Check == check && f.Status == status && strings.Contains(f.Says, says) {
			return true
		}
	}
	return false
}

func TestDoctorComparesWrapUpCodes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.linked(orgID, "111")
	codes := map[string]string{"1": "Sale", "2": "Resolved"}
	tests := []struct {
		mapped map[string]string
		status string
		says   string
	}{
		{nil, healthOK, "follows how it ended"},
		{map[string]string{"Sale": hubspot.DispositionConnected, "2": hubspot.DispositionConnected}, healthOK, "all 2"},
		{map[string]string{"Sale": hubspot.DispositionConnected}, healthWarn, "Resolved"},
		{map[string]string{"Sale": "gone", "2": hubspot.DispositionConnected}, healthFail, "Sale"},
		{map[string]string{"1": hubspot.DispositionBusy, "2": hubspot.DispositionBusy, "old": hubspot.DispositionBusy}, healthWarn, "old"},
	}
	for _, tt := range tests {
		portal, err := h.deps.Tenants.Portal(t.Context(), orgID, "111")
		require.NoError(t, err)
		portal.Settings.DispositionByCode = tt.mapped

		got := newDoctor(h.cfg, h.deps).outcomes(t.Context(), portal, codes)

		require.Equal(t, tt.status, got.Status, "%+v", got)
		require.Contains(t, got.Says, tt.says)
	}
}

func TestDoctorSeesWhatAgentsHaveSelected(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.linked(orgID, "111")
	link := tenant.Connection{OrgID: orgID, PortalID: "111", Default: true}
	selected := func() []finding { return newDoctor(h.cfg, h.deps).selected(t.Context(), link) }
	require.Empty(t, selected(), "nobody has signed in")

	h.signIn()
	got := selected()
	require.Len(t, got, 1)
	require.Equal(t, healthWarn, got[0].Status)
	require.Contains(t, got[0].Says, "no user with the address of Ada Admin")

	user := h.crm.Owners()[0]
	h.webex.set(func() { h.webex.people["emails"] = []string{user.Email} })
	_, err := h.deps.SignIns.db.ExecContext(t.Context(), `DELETE FROM server_sessions`)
	require.NoError(t, err)
	h.signIn()
	h.signIn()
	require.Equal(t, healthOK, selected()[0].Status, "%+v", selected())
	require.Contains(t, selected()[0].Says, "all 1 agents")

	h.crm.SelectProvider(user.UserID, "")
	require.Equal(t, healthWarn, selected()[0].Status)
	require.Contains(t, selected()[0].Says, "another one is selected by Ada Admin")
	h.crm.SelectProvider(user.UserID, "4711")
	require.Equal(t, healthWarn, selected()[0].Status)
	h.crm.SelectProvider(user.UserID, hubspottest.AppID)
	require.Equal(t, healthOK, selected()[0].Status)
}

// A proxy that redirects the panel, or frames its answer differently.
func TestDoctorSeesWhatAProxyDoes(t *testing.T) {
	t.Parallel()
	answer := func(header map[string]string, status int) *doctor {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for k, v := range header {
				w.Header().Add(k, v)
			}
			w.WriteHeader(status)
		}))
		t.Cleanup(srv.Close)
		return newDoctor(Config{PublicURL: srv.URL, CallingHosts: []string{"https://app.hubspot.com"}}, deps{})
	}
	policy := "default-src 'none'; frame-ancestors https://app.hubspot.com"
	for _, tt := range []struct {
		header map[string]string
		status int
		want   string
	}{
		{map[string]string{"Location": "https://elsewhere.example/"}, 302, "redirects"},
		{nil, 502, "502"},
		{map[string]string{"X-Frame-Options": "SAMEORIGIN", "Content-Security-Policy": policy}, 200, "X-Frame-Options"},
		{nil, 200, "frame-ancestors lacks"},
		{map[string]string{"Content-Security-Policy": policy}, 200, "may frame"},
	} {
		got := answer(tt.header, tt.status).frame(context.Background())
		require.Len(t, got, 1)
		require.Contains(t, got[0].Says, tt.want)
		require.Equal(t, tt.want == "may frame", got[0].Status == healthOK)
	}
	require.Equal(t, []string{"b"}, directive([]string{"frame-ancestors a b", "frame-ancestors b c"}, "frame-ancestors"))
	require.True(t, errors.Is(report(&bytes.Buffer{}, false, []finding{fail("a", "b", "c")}), errUnwell))
}

func TestAdminSeesTheDoctorOfTheirOrganisation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.linked(orgID, "111")
	h.linked(otherOrg, "333")

	var got findings
	require.Equal(t, http.StatusOK, h.ask(first, "GET", adminDoctorPath, &got))

	require.False(t, got.OK, "nothing is registered")
	require.True(t, containsFinding(got.Checks, "hubspot access", healthOK, "portal 111"))
	for _, f := range got.Checks {
		require.NotContains(t, f.Says+f.Fix, "333")
		require.NotContains(t, f.Says+f.Fix, otherOrg)
	}
}
