package main

import (
	"html"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/tenant"
	"deskbridge/pkg/ui"
)

const formOf111 = "/admin/portals/111/settings"

// inputs are the fields of a page's settings form as a browser would send them.
func inputs(page windowPage) url.Values {
	form := url.Values{}
	body := page.body[strings.Index(page.body, `id="settings-form"`):]
	value := func(tag, name string) (string, bool) {
		m := regexp.MustCompile(`\b` + name + `="([^"]*)"`).FindStringSubmatch(tag)
		if m == nil {
			return "", false
		}
		return html.UnescapeString(m[1]), true
	}
	for _, tag := range regexp.MustCompile(`(?s)<input[^>]*>|<textarea[^>]*>[^<]*|<select[^>]*>.*?</select>`).FindAllString(body, -1) {
		name, ok := value(tag[:strings.Index(tag, ">")+1], "name")
		if !ok {
			continue
		}
		switch {
		case strings.HasPrefix(tag, "<textarea"):
			_, text, _ := strings.Cut(tag, ">")
			form.Add(name, html.UnescapeString(text))
		case strings.HasPrefix(tag, "<select"):
			chosen := regexp.MustCompile(`value="([^"]*)" selected`).FindStringSubmatch(tag)
			if chosen == nil {
				chosen = []string{"", ""}
			}
			form.Add(name, html.UnescapeString(chosen[1]))
		case strings.Contains(tag, `type="checkbox"`):
			if strings.Contains(tag, " checked") {
				v, ok := value(tag, "value")
				if !ok {
					v = "on"
				}
				form.Add(name, v)
			}
		default:
			v, _ := value(tag, "value")
			form.Add(name, v)
		}
	}
	return form
}

func (h *house) saved(org, portal string) tenant.Portal {
	h.t.Helper()
	p, err := h.deps.Tenants.Portal(h.t.Context(), org, portal)
	require.NoError(h.t, err)
	return p
}

func TestAdminPagesNeedAnAdmin(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.linked(orgID, "111")
	agent := h.signIn()
	stranger := browser(t)
	pages := []string{adminPath, adminPath + "/", recordsPage, settingsPage, formOf111, "/admin/portals/111/history", accountsPage, doctorPage}
	for _, path := range pages {
		page := h.open(stranger, h.url+path)
		require.Equal(t, http.StatusUnauthorized, page.status, path)
		require.Contains(t, page.body, `href="/install/webex?to=admin"`, path)
		require.NotContains(t, page.body, "111", path)
	}
	forms := []string{retryForm, formOf111, formOf111 + "/merge", "/admin/portals/111/restore", endSessionForm, endAgentForm}
	for _, path := range forms {
		page := h.post(stranger, h.url+path, url.Values{"version": {"0"}, "restore": {"0"}, "id": {digest(agent.Token)}, "agent": {agent.Agent.AgentID}})
		require.Equal(t, http.StatusUnauthorized, page.status, path)
	}
	// Somebody else's portal.
	b := h.linked(otherOrg, "333")
	for _, path := range []string{formOf111, "/admin/portals/111/history"} {
		page := h.open(b, h.url+path)
		require.Equal(t, http.StatusForbidden, page.status, path)
		require.Contains(t, page.body, "not linked to your Webex organisation")
	}
	for _, path := range forms[1:4] {
		require.Equal(t, http.StatusForbidden, h.post(b, h.url+path, url.Values{"version": {"0"}, "restore": {"0"}}).status, path)
	}
	require.Contains(t, h.post(b, h.url+endSessionForm, url.Values{"id": {digest(agent.Token)}}).body, adminSentences["gone"])
	_, err := h.client(agent.Token).Who(t.Context())
	require.NoError(t, err)
	require.Zero(t, h.saved(orgID, "111").Version)

	// A form on another site's page.
	req, err := http.NewRequest(http.MethodPost, h.url+formOf111, strings.NewReader("version=0"))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := h.linked(orgID, "111").Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusForbidden, resp.StatusCode)
}

// Signing in from the admin's pages leads back there.
func TestAdminComesBackFromWebex(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.linked(orgID, "111")
	b := browser(t)
	h.open(b, h.url+adminPath)

	page := h.open(b, h.url+webexConnectPath+"?to=admin")
	require.Equal(t, adminPath, page.address.Path)
	require.Contains(t, page.body, "Ada Admin")
	require.Equal(t, installPath, h.open(b, h.url+webexConnectPath).address.Path, "the next time is another matter")

	h.admin(orgID) // Not an administrator: the install page says so.
	page = h.open(browser(t), h.url+webexConnectPath+"?to=admin")
	require.Equal(t, installPath, page.address.Path)
	require.Contains(t, page.body, "Not an administrator")
}

func TestAdminPagesKeepTheirPolicy(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, "111")
	h.refused(orgID, call("bad", "111", h.contact("Silva")))
	h.signIn()
	for _, path := range []string{adminPath, recordsPage, formOf111, "/admin/portals/111/history", accountsPage, doctorPage} {
		page := h.open(b, h.url+path)
		require.Equal(t, http.StatusOK, page.status, path)
		require.Equal(t, adminPagesPolicy, page.header.Get("Content-Security-Policy"), path)
		require.Equal(t, "no-store", page.header.Get("Cache-Control"), path)
		require.NotRegexp(t, `<style|style="|<script>| on[a-z]+="`, page.body, path)
		require.NotContains(t, page.body, "14155550100", path)
		require.NotContains(t, page.body, "Wants a refund", path)
	}
	for _, path := range []string{adminStylePath, adminScriptPath} {
		require.Equal(t, http.StatusOK, h.open(b, h.url+path).status)
	}
}

func TestAdminRetriesOnThePage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, "111")
	for _, key := range []string{"one", "two"} {
		h.refused(orgID, call(key, "111", h.contact("Silva")))
	}
	page := h.open(b, h.url+adminPath)
	require.Contains(t, page.body, "2 calls wait for an agent")
	require.Contains(t, page.body, "hs_call_title")
	page = h.open(b, h.url+recordsPage+"?state=agent")
	require.Equal(t, 2, strings.Count(page.body, "Needs the agent</span>"))

	page = h.post(b, h.url+retryForm, url.Values{"state": {"agent"}, "key": {"one"}})
	require.Equal(t, recordsPage, page.address.Path)
	require.Equal(t, "agent", page.address.Query().Get("state"), "back where it came from")
	require.Contains(t, page.body, "One record is being written again.")
	h.eventually(orgID, "one", "enriched")
	page = h.post(b, h.url+retryForm, url.Values{"back": {"overview"}})
	require.Equal(t, adminPath, page.address.Path)
	require.Contains(t, page.body, "One record is being written again.")
	h.eventually(orgID, "two", "enriched")
	require.Contains(t, h.post(b, h.url+retryForm, url.Values{}).body, "Nothing was there to write again.")
	page = h.open(b, h.url+recordsPage)
	require.Equal(t, 2, strings.Count(page.body, "In HubSpot</span>"))
	require.Contains(t, page.body, "https://app.hubspot.com/contacts/111/record/0-48/", "a link into HubSpot")
}

func TestFormSavesWhatItShows(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, "111")
	page := h.open(b, h.url+settingsPage)
	require.Equal(t, formOf111, page.address.Path)
	form := inputs(page)

	require.Contains(t, h.post(b, h.url+formOf111, form).body, adminSentences["same"])
	require.Zero(t, h.saved(orgID, "111").Version)

	form.Set("popAt", "connect")
	form.Set("skipMissed", "on")
	form.Set("matchDeadline", "1,5")
	form.Set("stripPrefixes", "9\r\n0")
	form.Set("bodyTemplate", "{queue}\r\n{cad.tier}")
	form["locked"] = []string{"theme", "sounds"}
	form["dispositionByCode.name"] = []string{"Sale", "Wrong number"}
	form["dispositionByCode.value"] = []string{hubspot.DispositionConnected, ""}
	form["variableProperties.name"], form["variableProperties.value"] = []string{"tier", ""}, []string{"customer_tier", ""}
	form["popVariables.variable"], form["popVariables.type"], form["popVariables.property"] = []string{"account", ""}, []string{"0-2", "0-1"}, []string{"account_id", ""}
	page = h.post(b, h.url+formOf111, form)
	require.Equal(t, http.StatusOK, page.status)
	require.Contains(t, page.body, adminSentences["saved"])
	require.Contains(t, page.body, "Version 1, saved by Ada Admin")

	got := h.saved(orgID, "111").Settings
	want := tenant.Settings{
		PopAt: "connect", SkipMissed: true, MatchDeadline: 1500 * time.Millisecond, StripPrefixes: []string{"9", "0"},
		BodyTemplate: "{queue}\n{cad.tier}", Locked: []string{"theme", "sounds"},
		DispositionByCode:  map[string]string{"Sale": hubspot.DispositionConnected},
		VariableProperties: map[string]string{"tier": "customer_tier"},
		PopVariables:       []tenant.PopVariable{{Variable: "account", ObjectType: "0-2", Property: "account_id"}},
	}.WithDefaults()
	require.Equal(t, want, got)
	// And again, from what is shown now.
	again := inputs(page)
	require.Equal(t, "1", again.Get("version"))
	require.Contains(t, h.post(b, h.url+formOf111, again).body, adminSentences["same"])
}

func TestFormKeepsWhatIsWrong(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, "111")
	form := inputs(h.open(b, h.url+formOf111))
	form.Set("region", "Germany")
	form.Set("dialsPerMinute", "many")
	form.Set("titleTemplate", `Call {nmae} <b>`)
	form["variableProperties.name"], form["variableProperties.value"] = []string{"tier", "lost", "tier"}, []string{"customer_tier", "", "other"}
	form.Set("noCallsProperty", "kept_as_typed")
	form.Set("allowedOrigins", "https://evil.example")

	page := h.post(b, h.url+formOf111, form)

	require.Equal(t, http.StatusUnprocessableEntity, page.status)
	require.Contains(t, page.body, "Nothing was saved.")
	for _, key := range []string{"region", "dialsPerMinute", "titleTemplate", "variableProperties", "allowedOrigins"} {
		require.Contains(t, page.body, `href="#field-`+key+`"`)
		require.Contains(t, page.body, `id="`+key+`-error"`)
	}
	require.Equal(t, 5, strings.Count(page.body, `href="#field-`))
	typed := inputs(page)
	require.Equal(t, "Germany", typed.Get("region"))
	require.Equal(t, "many", typed.Get("dialsPerMinute"))
	require.Equal(t, `Call {nmae} <b>`, typed.Get("titleTemplate"))
	require.Equal(t, "kept_as_typed", typed.Get("noCallsProperty"))
	require.Equal(t, []string{"tier", "lost", "tier", ""}, typed["variableProperties.name"])
	require.Zero(t, h.saved(orgID, "111").Version)

	// What only two fields together tell.
	form = inputs(h.open(b, h.url+formOf111))
	form.Set("dialsPerMinute", "50")
	form.Set("dialsPerHour", "20")
	page = h.post(b, h.url+formOf111, form)
	require.Equal(t, http.StatusUnprocessableEntity, page.status)
	require.Contains(t, page.body, "Dials per hour 20")

	for _, version := range []string{"", "one"} {
		require.Equal(t, http.StatusBadRequest, h.post(b, h.url+formOf111, url.Values{"version": {version}}).status)
	}
}

func TestFormPreviewsAndGrows(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, "111")
	empty := h.open(b, h.url+formOf111)
	for _, name := range tenant.TemplateNames {
		require.Contains(t, empty.body, "{"+name+"} ")
	}
	form := inputs(empty)
	form.Set("titleTemplate", "{direction}: {name}")
	form.Set("bodyTemplate", "Reason {reason}\nAccount {cad.account}")
	form.Set("do", "preview")

	page := h.post(b, h.url+formOf111, form)
	require.Equal(t, http.StatusOK, page.status)
	require.Contains(t, page.body, "Inbound: Maria Silva")
	require.Contains(t, page.body, "Reason Sale\nAccount ‹account›")
	require.Zero(t, h.saved(orgID, "111").Version)

	before := len(inputs(page)["popVariables.variable"])
	form.Set("do", "more.popVariables")
	page = h.post(b, h.url+formOf111, form)
	require.Equal(t, before+3, len(inputs(page)["popVariables.variable"]))
	require.Equal(t, "{direction}: {name}", inputs(page).Get("titleTemplate"))
}

// What the account and the organisation have is offered; what is chosen stays,
// whether they still have it or not.
func TestFormOffersWhatThereIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, "111")
	_, err := h.deps.Tenants.Change(t.Context(), orgID, "111", 0, tenant.Settings{
		DispositionByCode: map[string]string{"Sale": "of-another-account"}, Language: "pt-BR",
	}, "Ada")
	require.NoError(t, err)

	page := h.open(b, h.url+formOf111)

	require.Contains(t, page.body, `value="`+hubspot.DispositionConnected+`"`)
	require.Contains(t, page.body, "of-another-account (not in this account)")
	require.Contains(t, page.body, `value="pt-BR" selected`)
	require.Contains(t, page.body, "Webex does not show its wrap-up reasons just now", "this Webex has no configuration")
	require.Equal(t, "Sale", inputs(page).Get("dispositionByCode.name"))
	form := inputs(page)
	form.Set("popAt", "off")
	h.post(b, h.url+formOf111, form)
	require.Equal(t, map[string]string{"Sale": "of-another-account"}, h.saved(orgID, "111").Settings.DispositionByCode)
	require.Equal(t, "pt-BR", h.saved(orgID, "111").Settings.Language)
}

func TestCodeRows(t *testing.T) {
	t.Parallel()
	c := choices{Codes: []option{{"id-1", "Sale"}, {"id-2", "Wrong number"}}, Outcomes: []option{{"o-1", "Connected"}}}

	rows := codeRows([]string{"Sale", "gone"}, []string{"o-1", "o-9"}, c)

	require.Len(t, rows, 3)
	require.Equal(t, rowView{Name: "Sale", Label: "Sale", Value: "o-1", Options: c.Outcomes}, rows[0], "mapped by name stays by name")
	require.Equal(t, rowView{Name: "id-2", Label: "Wrong number", Options: c.Outcomes}, rows[1])
	require.Equal(t, "gone", rows[2].Name)
	require.NotEmpty(t, rows[2].Note)
	require.Contains(t, rows[2].Options, option{"o-9", "o-9 (not in this account)"})
}

func TestConflictShowsBothAndMerges(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, "111")
	form := inputs(h.open(b, h.url+formOf111))
	_, err := h.deps.Tenants.Change(t.Context(), orgID, "111", 0, tenant.Settings{Region: "FR", PopAt: "off", SkipMissed: true}.WithDefaults(), "Zoe")
	require.NoError(t, err)
	form.Set("region", "DE")
	form.Set("popIn", "new")

	page := h.post(b, h.url+formOf111, form)

	require.Equal(t, http.StatusConflict, page.status)
	require.Contains(t, page.body, "Zoe saved version 1")
	require.Contains(t, page.body, `name="keep.region" value="mine" checked`)
	require.Contains(t, page.body, `name="keep.popIn" value="mine" checked`)
	require.Contains(t, page.body, `name="keep.popAt" value="theirs" checked`, "I have not touched it")
	require.Contains(t, page.body, `name="keep.skipMissed" value="theirs" checked`)
	require.NotContains(t, page.body, `name="keep.tickets"`)
	require.EqualValues(t, 1, h.saved(orgID, "111").Version)

	mine := regexp.MustCompile(`name="mine" value="([^"]*)"`).FindStringSubmatch(page.body)
	require.NotNil(t, mine)
	merge := url.Values{"version": {"1"}, "mine": {html.UnescapeString(mine[1])},
		"keep.region": {"mine"}, "keep.popIn": {"mine"}, "keep.popAt": {"theirs"}, "keep.skipMissed": {"theirs"}}
	page = h.post(b, h.url+formOf111+"/merge", merge)
	require.Contains(t, page.body, adminSentences["saved"])
	got := h.saved(orgID, "111")
	require.EqualValues(t, 2, got.Version)
	require.Equal(t, tenant.Settings{Region: "DE", PopIn: "new", PopAt: "off", SkipMissed: true}.WithDefaults(), got.Settings)

	// Faster again.
	require.Equal(t, http.StatusConflict, h.post(b, h.url+formOf111+"/merge", merge).status)
	merge.Set("mine", "{")
	require.Equal(t, http.StatusBadRequest, h.post(b, h.url+formOf111+"/merge", merge).status)
	merge.Set("mine", `{"region":"Germany"}`)
	merge.Set("version", "2")
	require.Equal(t, http.StatusUnprocessableEntity, h.post(b, h.url+formOf111+"/merge", merge).status)
	merge.Set("version", "9")
	require.Equal(t, http.StatusNotFound, h.post(b, h.url+formOf111+"/merge", merge).status)
}

func TestHistoryPageAndRestore(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, "111")
	for have, region := range []string{"AT", "CH"} {
		_, err := h.deps.Tenants.Change(t.Context(), orgID, "111", int64(have), tenant.Settings{Region: region}.WithDefaults(), "Zoe")
		require.NoError(t, err)
	}
	page := h.open(b, h.url+"/admin/portals/111/history")
	require.Contains(t, page.body, "Version 2")
	require.Regexp(t, `(?s)AT</span>.{0,120}CH`, page.body)
	require.Regexp(t, `(?s)US</span>.{0,120}AT`, page.body, "against the configuration")

	page = h.post(b, h.url+"/admin/portals/111/restore", url.Values{"version": {"2"}, "restore": {"1"}})
	require.Contains(t, page.body, adminSentences["restored"])
	require.Equal(t, "AT", h.saved(orgID, "111").Settings.Region)
	require.Contains(t, h.open(b, h.url+"/admin/portals/111/history").body, "Version 1 restored")

	page = h.post(b, h.url+"/admin/portals/111/restore", url.Values{"version": {"2"}, "restore": {"0"}})
	require.Equal(t, http.StatusConflict, page.status)
	require.Equal(t, http.StatusNotFound, h.post(b, h.url+"/admin/portals/111/restore", url.Values{"version": {"3"}, "restore": {"8"}}).status)
	require.Equal(t, http.StatusBadRequest, h.post(b, h.url+"/admin/portals/111/restore", url.Values{}).status)
}

func TestAdminEndsSessionsOnThePage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, "111")
	one, two := h.signIn(), h.signIn()
	page := h.open(b, h.url+accountsPage)
	require.Contains(t, page.body, "End all of")
	require.Contains(t, page.body, digest(one.Token))

	page = h.post(b, h.url+endSessionForm, url.Values{"id": {digest(one.Token)}})
	require.Contains(t, page.body, adminSentences["ended"])
	_, err := h.client(one.Token).Who(t.Context())
	require.Error(t, err)
	_, err = h.client(two.Token).Who(t.Context())
	require.NoError(t, err)
	page = h.post(b, h.url+endAgentForm, url.Values{"agent": {two.Agent.AgentID}})
	require.Contains(t, page.body, adminSentences["endedAll"])
	require.Contains(t, page.body, "No agent is signed in.")
	_, err = h.client(two.Token).Who(t.Context())
	require.Error(t, err)
}

// Every setting there is has its place on the page, and goes through the form
// unchanged.
func TestEverySettingIsOnThePage(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for field := range reflect.TypeFor[tenant.Settings]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names[name] = true
		_, ok := settingOf(name)
		require.True(t, ok, "%s has no field on the page", name)
	}
	for _, g := range settingGroups {
		for _, s := range g.Settings {
			require.True(t, names[s.Key], "%s is no setting", s.Key)
		}
	}
	full := tenant.Settings{
		PopAt: "off", PopIn: "new", MatchDeadline: 2500 * time.Millisecond, SkipMissed: true, Region: "DE", Language: "de", Theme: "dark",
		OwnerFollowsTransfer: true, VariableProperties: map[string]string{"a": "b"}, DispositionByCode: map[string]string{"c": "d"},
		PhoneProperties: []string{"hotline"}, NoCallsProperty: "no_calls", PopAtOutbound: "dial",
		PopVariables: []tenant.PopVariable{{Variable: "v", ObjectType: "0-5", Property: "p"}}, StripPrefixes: []string{"9"},
		SkipCompanies: true, PreferRecent: true, TitleTemplate: "{name}", BodyTemplate: "a\nb", Companies: "all", Deals: "newest",
		Tickets: "off", ExcludedNumbers: []string{"+1*"}, DropAnsweredElsewhere: true, DialsPerMinute: 3, DialsPerHour: 30,
		Locked: []string{"theme"}, AllowedOrigins: []string{"https://app.hubspot.com"},
		OutdialANI: "+14155550100", StripOutdialPrefixes: []string{"00"}, NewContactProperties: map[string]string{"city": "{cad.City}"},
		DateFormat: "dd.MM.yyyy", LogCalls: "inbound", LiveNotes: new(false), EditTitle: true, TicketFor: "all", TicketButton: true,
		TicketSubject: "{queue}", TicketProperties: map[string]string{"hs_ticket_priority": "HIGH"}, UpdateTicket: true, PanelWidth: 500,
		SyncState: new(false),
	}
	for field, value := range reflect.ValueOf(full).Fields() {
		require.False(t, value.IsZero(), "%s is not tried", field.Name)
	}
	s := &server{cfg: Config{CallingHosts: defaultCallingHosts}}

	got, problems := s.fromForm(toForm(full))

	require.Empty(t, problems)
	require.Equal(t, full, got)
	require.Len(t, settingChanges(tenant.Settings{}, full, choices{}), len(names))
	language, _ := settingOf("language")
	for _, o := range language.Options[1:] {
		require.Equal(t, o.Value, ui.Language(o.Value), "the panel speaks it")
	}
	locked, _ := settingOf("locked")
	require.Len(t, locked.Options, len(tenant.LockableSettings))
}

func TestDoctorPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.linked(orgID, "111")

	page := h.open(b, h.url+doctorPage)

	require.Equal(t, http.StatusOK, page.status)
	require.Contains(t, page.body, "What to do:")
	require.Less(t, strings.Index(page.body, ">Wrong<"), strings.Index(page.body, ">OK<"), "what has to be done comes first")
}

func TestAge(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		-time.Second: "0 seconds", time.Second: "1 second", 59 * time.Second: "59 seconds", time.Minute: "1 minute",
		90 * time.Minute: "90 minutes", time.Hour: "1 hour", 25 * time.Hour: "25 hours", 24 * time.Hour: "1 day", 50 * time.Hour: "2 days",
	} {
		require.Equal(t, want, age(d))
	}
}
