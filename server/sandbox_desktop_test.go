package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc/webexcctest"
	"deskbridge/web"
)

// These tests run the sandbox's Desktop in Chromium with Cisco's own SDK in an
// element of their own, over the emulated Webex.

// probe is that element. It tells the page, in whatever frame it is, what it
// hears, and calls the SDK for it.
const probe = `
const base = new URL(".", document.currentScript.src);
const tell = (message) => parent.postMessage({ probe: message }, "*");
tell({ early: typeof AGENTX_SERVICE === "object", again: window.probed === true });
window.probed = true;
class Probe extends HTMLElement {
	static count = 0;
	async connectedCallback() {
		for (const name of ["subStatus", "taskMap"]) { // Set before the class was known: they shadow its setters.
			if (!Object.hasOwn(this, name)) continue;
			const value = this[name];
			delete this[name];
			this[name] = value;
		}
		tell({ mounted: ++Probe.count, origin: location.origin, agentId: this.agentId ?? null, state: this.getAttribute("state"),
			inside: this.getRootNode() instanceof ShadowRoot });
		this.textContent = "probe";
		if (Probe.count > 1) return;
		const { Desktop } = await import(new URL("desktop-sdk.js", base).href);
		await Desktop.config.init({ widgetName: "probe", widgetProvider: "test" });
		for (const name of ["eAgentContact", "eAgentContactReserved", "eAgentOfferContact", "eAgentContactAssigned", "eAgentContactHeld",
			"eAgentContactUnHeld", "eAgentContactEnded", "eAgentWrapup", "eAgentContactWrappedUp", "eAgentConsultCreated", "eAgentConsulting",
			"eAgentConsultEnded", "eAgentOfferConsult"]) {
			Desktop.agentContact.addEventListener(name, (m) => tell({ event: name, id: m.data.interactionId, type: m.data.type }));
		}
		Desktop.dialer.addEventListener("eOutdialFailed", (m) => tell({ event: "eOutdialFailed", type: m.data.type }));
		addEventListener("message", async ({ data }) => {
			if (!data.ask) return;
			const [module, member] = data.ask.split(".");
			try {
				const value = Desktop[module][member];
				const ok = typeof value === "function" ? await value.apply(Desktop[module], data.args) : value;
				tell({ answer: data.id, ok: ok instanceof Map ? { map: [...ok.keys()] } : (ok ?? null) });
			} catch (error) {
				tell({ answer: data.id, error: { id: error.id ?? error.name, reason: error.details?.msg?.data?.reason ?? "" } });
			}
		});
		tell({ inited: true });
	}
	set subStatus(value) { tell({ subStatus: value ?? null }); }
	set taskMap(value) { tell({ tasks: value ? [...value].length : null }); }
}
if (!customElements.get("test-probe")) customElements.define("test-probe", Probe);
`

// layoutOf puts the probe into a place.
func layoutOf(t *testing.T, script string) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"agent": map[string]any{"version": "0.1.0", "appTitle": "Test", "area": map[string]any{
		"advancedHeader": []any{map[string]any{"comp": "agentx-state-selector"}, map[string]any{"comp": "agentx-notification"}},
		"headless": map[string]any{
			"id": "h", "layout": map[string]any{"areas": [][]string{{"one"}}, "size": map[string]any{"cols": []int{1}, "rows": []int{1}}},
			"widgets": map[string]any{"one": map[string]any{
				"comp": "test-probe", "script": script, "attributes": map[string]any{"state": "$STORE.agent.orgId"},
				"properties": map[string]any{"agentId": "$STORE.agent.agentId", "subStatus": "$STORE.agent.subStatus", "taskMap": "$STORE.agentContact.taskMap"},
			}},
		},
		"navigation": []any{map[string]any{"nav": map[string]any{"label": "Broken", "navigateTo": "broken"}}},
	}}})
	require.NoError(t, err)
	return string(text)
}

// standIn is a Desktop in a browser.
type standIn struct {
	t     *testing.T
	ctx   context.Context
	url   string
	webex *webexcctest.Server
	calls int
}

func newStandIn(t *testing.T) *standIn {
	t.Helper()
	const dist = "../web/static/build/desk/"
	if _, err := os.Stat(dist + "desktop-sdk.js"); err != nil {
		t.Skip("not built: make js")
	}
	if _, err := web.Files.Open("static/build/standin.js"); err != nil {
		t.Skip("not built: make dev")
	}
	w := newClouds(sandboxLog(func(string) string { return "" }), scales{})
	mux, pages := http.NewServeMux(), echo.New()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	require.NoError(t, registerCRMPage(pages, Config{PublicURL: srv.URL, Version: "sandbox"}, w.user()))
	files := http.FileServer(http.Dir(dist))
	mux.HandleFunc("GET /desk/{file}", func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Access-Control-Allow-Origin", "*")
		if r.PathValue("file") == "probe.js" {
			rw.Header().Set("Content-Type", "text/javascript")
			_, _ = rw.Write([]byte(probe))
			return
		}
		http.StripPrefix("/desk/", files).ServeHTTP(rw, r)
	})
	text := layoutOf(t, srv.URL+"/desk/probe.js")
	gone := layoutOf(t, srv.URL+"/desk/gone.js")
	mux.HandleFunc("GET /layout.json", func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte(text)) })
	mux.HandleFunc("GET /gone.json", func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte(gone)) })
	w.mount(mux, pages)
	ctx := openBrowser(t, "")
	navigate(t, ctx, "about:blank")
	_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: overhear})
	require.NoError(t, err)
	return &standIn{t: t, ctx: ctx, webex: w.webex, url: strings.Replace(srv.URL, "127.0.0.1", "localhost", 1)}
}

// open loads the page and waits until the SDK is initialised in the probe.
func (s *standIn) open(query string) {
	s.t.Helper()
	navigate(s.t, s.ctx, s.url+"/desktop?"+query)
	s.wait(`document.documentElement.dataset.state === "ready" && got.find((m) => m.inited)`)
}

// overhear runs in every document before its own scripts: it keeps what the probe
// tells, and asks it.
const overhear = `
window.got = [];
addEventListener("message", ({ data }) => data.probe && got.push(data.probe));
window.ask = (id, name, args) => {
	const frame = standin.find("iframe[data-shell]");
	(frame ? frame.contentWindow : window).postMessage({ id, ask: name, args }, "*");
};`

func (s *standIn) wait(expression string) {
	s.t.Helper()
	eventually(s.t, s.ctx, expression)
}

// begin calls the SDK and does not wait.
func (s *standIn) begin(name string, args ...any) int {
	s.t.Helper()
	s.calls++
	text, err := json.Marshal(args)
	require.NoError(s.t, err)
	evaluate[bool](s.t, s.ctx, fmt.Sprintf(`ask(%d, %q, %s), true`, s.calls, name, text))
	return s.calls
}

// answer is what a call's promise settles with.
func (s *standIn) answer(id int) string {
	s.t.Helper()
	find := fmt.Sprintf(`got.find((m) => m.answer === %d)`, id)
	s.wait(find)
	return evaluate[string](s.t, s.ctx, `JSON.stringify(((m) => m.error ?? m.ok?.data?.type ?? m.ok)(`+find+`))`)
}

func (s *standIn) call(name string, args ...any) string {
	s.t.Helper()
	return s.answer(s.begin(name, args...))
}

// before says that an event was heard before a promise was settled.
func (s *standIn) before(event string, id int) bool {
	s.t.Helper()
	return evaluate[bool](s.t, s.ctx, fmt.Sprintf(`((e, a) => e >= 0 && e < a)(got.findIndex((m) => m.event === %q), got.findIndex((m) => m.answer === %d))`, event, id))
}

func (s *standIn) heard(event string) {
	s.t.Helper()
	s.wait(fmt.Sprintf(`got.find((m) => m.event === %q)`, event))
}

// offered lets a customer call Ann and returns the interaction.
func (s *standIn) offered() string {
	s.t.Helper()
	require.NoError(s.t, s.webex.SetAgentState("ann", "Available", ""))
	s.wait(`got.find((m) => m.subStatus === "Available")`)
	id, err := s.webex.Call(webexcctest.CallRequest{From: "+14155550101", Agent: "ann"})
	require.NoError(s.t, err)
	s.heard("eAgentOfferContact")
	return id
}

func about(id string) map[string]any { return map[string]any{"interactionId": id} }

func leg(id string) map[string]any {
	return map[string]any{"interactionId": id, "isPostCallConsult": false, "data": map[string]any{"mediaResourceId": id}}
}

// inbound is a whole call over the SDK.
func (s *standIn) inbound() {
	s.t.Helper()
	id := s.offered()
	require.NoError(s.t, s.webex.Answer(id, "ann"))
	s.heard("eAgentContactAssigned")
	require.JSONEq(s.t, `{"map":["`+id+`"]}`, s.call("actions.getTaskMap"))

	held := s.begin("agentContact.hold", leg(id))
	require.Equal(s.t, `{}`, s.answer(held))
	require.True(s.t, s.before("eAgentContactHeld", held))
	require.JSONEq(s.t, `{"id":"Service.aqm.contact.hold","reason":"INVALID_STATE"}`, s.call("agentContact.hold", leg(id)))
	require.Equal(s.t, `{}`, s.call("agentContact.unHold", leg(id)))
	s.heard("eAgentContactUnHeld")

	ended := s.begin("agentContact.endV2", about(id))
	require.Contains(s.t, []string{`"AgentWrapup"`, `"ContactEnded"`}, s.answer(ended))
	s.heard("eAgentWrapup")
	wrapped := s.begin("agentContact.wrapupV2", map[string]any{"interactionId": id, "data": map[string]any{"auxCodeId": webexcctest.CodeSale, "wrapUpReason": "Sale"}})
	require.Equal(s.t, `"AgentWrappedUp"`, s.answer(wrapped))
	require.True(s.t, s.before("eAgentContactWrappedUp", wrapped))
	require.JSONEq(s.t, `{"map":[]}`, s.call("actions.getTaskMap"))
}

const working = "agent=ann&station=auto&layout=/layout.json"

func TestDesktopRunsCiscosSDK(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.open(working)
	require.True(t, evaluate[bool](t, s.ctx, `standin.find("test-probe").agentId === "`+webexcctest.AnnID+`"`))
	require.Equal(t, orgID, evaluate[string](t, s.ctx, `standin.find("test-probe").getAttribute("state")`))
	require.True(t, evaluate[bool](t, s.ctx, `standin.find("test-probe").getRootNode().host.getRootNode() instanceof ShadowRoot`))
	require.True(t, evaluate[bool](t, s.ctx, `document.querySelectorAll("script[data-widget-script]").length === 1`))
	require.Equal(t, []string{"agent.area.navigation[0]"}, evaluate[[]string](t, s.ctx, `standin.problems.map((p) => p.path)`))
	require.True(t, evaluate[bool](t, s.ctx, `!!standin.find('[data-problem="agent.area.navigation[0]"]') && standin.find('[data-part="problems"]').checkVisibility()`))
	require.Contains(t, s.call("agentStateInfo.latestData"), `"agentName":"Ann Berger"`)
	require.Equal(t, `"ann_PF84_`+orgID+`"`, s.call("actions.getToken"))
	s.inbound()
	s.wait(`got.find((m) => m.tasks === 1) && got.at(-1)`)

	// Notifications show in the page.
	s.begin("actions.fireGeneralSilentNotification", map[string]any{"data": map[string]any{"type": "info", "mode": "silent", "title": "Hello", "data": "there"}})
	s.wait(`standin.desk.notes.some((n) => n.title === "Hello") && standin.find('[data-notification="silent"]')`)
	require.Equal(t, `"AgentLogoutSuccess"`, s.call("logout.desktopLogout", map[string]any{"data": map[string]any{"logoutReason": "User requested logout"}}))
	s.wait(`document.documentElement.dataset.state === "notice"`)
}

func TestDesktopCallsOutAndConsults(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.open(working)
	dialled := s.begin("dialer.startOutdial", map[string]any{"data": map[string]any{
		"entryPointId": webexcctest.EntryPointID, "destination": "+14155550199", "direction": "OUTBOUND", "origin": webexcctest.DefaultANI,
		"attributes": map[string]any{}, "mediaType": "telephony", "outboundType": "OUTDIAL",
	}})
	require.Equal(t, `"AgentOfferContact"`, s.answer(dialled))
	id := s.webex.Interactions()[0].ID
	require.NoError(t, s.webex.Answer(id, "ann"))
	s.heard("eAgentContactAssigned")
	require.NoError(t, s.webex.Customer(id, "answer", ""))
	s.wait(`standin.find('[data-contact][data-phase="connected"]')`)

	require.NoError(t, s.webex.SetAgentState("bob", "Available", ""))
	bob := map[string]any{"interactionId": id, "data": map[string]any{"to": webexcctest.BobID, "destinationType": "agent"}}
	require.Equal(t, `"AgentConsultCreated"`, s.call("agentContact.consultV2", bob))
	require.NoError(t, s.webex.Answer(id, "bob"))
	s.heard("eAgentConsulting")
	require.Equal(t, `"AgentConsultEnded"`, s.call("agentContact.consultEndV2", map[string]any{"interactionId": id, "isConsult": true}))

	// A consult to a queue settles when somebody answers.
	toQueue := s.begin("agentContact.consultV2", map[string]any{"interactionId": id, "data": map[string]any{"to": webexcctest.QueueSales, "destinationType": "queue"}})
	s.wait(`got.filter((m) => m.event === "eAgentConsultCreated").length === 2`)
	require.False(t, evaluate[bool](t, s.ctx, fmt.Sprintf(`got.some((m) => m.answer === %d)`, toQueue)))
	require.Eventually(t, func() bool { return s.webex.Answer(id, "bob") == nil }, 10*time.Second, 20*time.Millisecond)
	require.Equal(t, `"AgentConsulting"`, s.answer(toQueue))
	require.Equal(t, `"Available"`, s.stateOf("bob"))
	require.JSONEq(t, `{"id":"Service.aqm.contact.wrapupV2","reason":"INVALID_STATE"}`,
		s.call("agentContact.wrapupV2", map[string]any{"interactionId": id, "data": map[string]any{"auxCodeId": webexcctest.CodeSale, "wrapUpReason": "Sale"}}))
}

func (s *standIn) stateOf(name string) string {
	i := slices.IndexFunc(s.webex.Agents(), func(a webexcctest.AgentInfo) bool { return a.Name == name })
	return `"` + s.webex.Agents()[i].State + `"`
}

func TestDesktopKeepsCallsOverAReload(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.open(working)
	id := s.offered()
	require.NoError(t, s.webex.Answer(id, "ann"))
	s.heard("eAgentContactAssigned")
	s.open(working)
	s.heard("eAgentContact")
	require.JSONEq(t, `{"map":["`+id+`"]}`, s.call("actions.getTaskMap"))
	require.True(t, evaluate[bool](t, s.ctx, `!!standin.find('[data-contact="`+id+`"][data-phase="connected"]')`))
	require.Equal(t, `{}`, s.call("agentContact.hold", leg(id)))

	// The page's own buttons do the same.
	for _, step := range [][2]string{{"resume", "connected"}, {"hangup", "wrap-up"}} {
		evaluate[bool](t, s.ctx, `standin.find('[data-action="`+step[0]+`"]').click(), true`)
		s.wait(`standin.find('[data-contact][data-phase="` + step[1] + `"]')`)
	}
	evaluate[bool](t, s.ctx, `standin.find('[data-action="wrapup"]').click(), true`)
	s.heard("eAgentContactWrappedUp")
	s.wait(`!standin.find("[data-contact]")`)
}

func TestDesktopIsolatesWidgets(t *testing.T) {
	t.Parallel()
	for _, strict := range []string{"", "&csp=strict"} {
		t.Run("policy "+strict, func(t *testing.T) {
			t.Parallel()
			s := newStandIn(t)
			s.open(working + "&shell=isolated" + strict)
			origin := strings.Replace(s.url, "localhost", "shell.localhost", 1)
			require.Equal(t, origin, evaluate[string](t, s.ctx, `got.find((m) => m.mounted).origin`))
			require.Equal(t, webexcctest.AnnID, evaluate[string](t, s.ctx, `got.find((m) => m.mounted).agentId`))
			require.Contains(t, s.call("agentStateInfo.latestData"), `"agentName":"Ann Berger"`)
			s.inbound()
			require.Empty(t, evaluate[string](t, s.ctx, `standin.all("test-probe").join()`))
		})
	}
}

func TestDesktopUnderAStrictPolicy(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.open(working + "&csp=strict")
	evaluate[bool](t, s.ctx, `fetch(location.href).then((r) => (window.policy = r.headers.get("Content-Security-Policy"))), true`)
	s.wait(`window.policy`)
	policy := evaluate[string](t, s.ctx, `window.policy`)
	require.Contains(t, policy, "default-src 'none'; script-src 'self' http://127.0.0.1:")
	require.NotContains(t, policy, "unsafe")
	s.inbound()
}

func TestDesktopWaitsToBeInitialised(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	navigate(t, s.ctx, s.url+"/desktop?"+working+"&inited=late")
	s.wait(`document.documentElement.dataset.state === "ready"`)
	require.False(t, evaluate[bool](t, s.ctx, `AGENTX_SERVICE.isInited || got.some((m) => m.inited)`))
	evaluate[bool](t, s.ctx, `standin.find('[data-action="init"]').click(), true`)
	s.wait(`got.find((m) => m.inited)`)
	evaluate[bool](t, s.ctx, `standin.desk.remount(), true`)
	s.wait(`got.find((m) => m.mounted === 2)`)
}

func TestDesktopSaysWhatIsWrongWithALayout(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	for address, what := range map[string]string{"/gone.json": "could not be loaded", "/nothing.json": "no layout at /nothing.json"} {
		navigate(t, s.ctx, s.url+"/desktop?agent=bob&station=auto&layout="+address)
		s.wait(`document.documentElement.dataset.state === "ready" && standin.problems.some((p) => p.what.includes("` + what + `"))`)
	}
}

func TestDesktopScripts(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	require.NoError(t, err, "this repository is built and tested with Node.js: make setup says how to get it")
	cmd := exec.CommandContext(t.Context(), node, "--test", "standin/")
	cmd.Dir = "../web/js"

	output, err := cmd.CombinedOutput()

	require.NoError(t, err, string(output))
}
