package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// These tests run the custom element with Cisco's own SDK in Chromium. The page
// around it has what the SDK needs of an Agent Desktop, the frame within is a
// page of another origin that keeps what it is told.

const deskPage = `<!doctype html><body><script>
	const signal = () => {
		const all = new Set();
		return {
			listen: (f) => { all.add(f); return { stopListen: () => all.delete(f) }; },
			listenOnce: () => ({ stopListenOnce() {} }),
			send: (data) => all.forEach((f) => f(data)),
		};
	};
	const signals = (...names) => Object.fromEntries(names.map((name) => [name, signal()]));
	const answers = { getToken: "secret", getTaskMap: new Map([["i1", { interactionId: "i1" }]]) };
	const channels = {};
	const metrics = [];
	window.asked = [];
	var AGENTX_SERVICE = {
		isInited: false,
		aqm: {
			contact: {
				...signals("eAgentOfferContact", "eAgentContactHeld"),
				hold: (p) => { asked.push(p); return Promise.reject({ id: "Service.aqm.contact.hold", details: { msg: { trackingId: "t1", data: { reason: "BUSY" } } } }); },
			},
			agent: {
				reload: async () => ({}),
				...signals("eAgentReloginSuccess", "eAgentStationLoginSuccess", "eAgentStateChangeSuccess", "eAgentDNRegistered",
					"eAgentChannelReloginSuccess", "eAgentChannelStateChanged", "eAgentLogoutSuccess"),
			},
			dialer: signals("eOutdialFailed", "eContactUpdated"), supervisor: {}, screenpop: {}, aiAssistant: {}, scheduleCallback: {},
		},
		dataNotifs: { aiAssistant: {} },
		conf: { isReloginSuccess: true, profile: {
			agentName: "Ann", agentProfileID: "p1", teams: [], defaultDn: "1001", agentStatus: "LoggedIn", agentSubStatus: "Idle",
			idleCodes: [], wrapupCodes: [], dialPlan: { dialPlanEntity: [] },
		} },
		actionsChannels: {
			createSource: (name) => ({ send: (...args) => setTimeout(() => {
				const [what] = name.split("/");
				(channels[what + "/Res"] ?? []).forEach((f) => f({ args: [answers[what], args.at(-1)], meta: {} }));
			}) }),
			createDestination: (name) => ({ addListener: (f) => (channels[name] ??= []).push(f), removeListener() {} }),
		},
		webexMetrics: { trackBehavioralEvent: (name) => metrics.push(name) },
		shortcut: { event: {} }, i18n: { DEFAULT_INIT_OPTIONS: {} }, abs: {}, qmw: {},
	};
	window.got = [];
	addEventListener("message", (e) => {
		if (e.data.got) got.push(JSON.parse(e.data.got));
		if (e.data.strange) window.strange = true;
	});
	window.ports = 0;
	window.MessageChannel = class extends MessageChannel { constructor() { super(); ports++; } };
	const element = document.createElement("deskbridge-widget");
	element.agentId = "a1"; // Before anybody knows the element.
	element.darkMode = false;
	element.setAttribute("src", "ORIGIN/frame");
	document.body.append(element);
	const tell = (text) => element.querySelector("iframe").contentWindow.postMessage({ tell: text }, "*");
	const find = (f) => got.find(f);
</script><script src="ORIGIN/deskbridge-widget.js"></script>`

const framePage = `<!doctype html><script>
	let port;
	addEventListener("message", (e) => {
		if (e.data.deskbridge === "port") {
			port = e.ports[0];
			port.onmessage = (m) => parent.postMessage({ got: m.data }, "*");
		}
		if (e.data.tell) port.postMessage(e.data.tell);
		if (e.data.go) location = e.data.go;
	});
	parent.postMessage({ deskbridge: "port?" }, "*");
</script>`

// elementIn serves the element and a page that has it.
func elementIn(t *testing.T, page string) (around string) {
	t.Helper()
	const dist = "../web/static/build/desk/"
	if _, err := os.Stat(dist + "deskbridge-widget.js"); err != nil {
		t.Skip("not built: make js")
	}
	ours := http.NewServeMux()
	ours.HandleFunc("GET /frame", serveHTML(framePage))
	files := http.FileServer(http.Dir(dist))
	ours.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		files.ServeHTTP(w, r)
	})
	origin := httptest.NewServer(ours)
	t.Cleanup(origin.Close)
	srv := httptest.NewServer(serveHTML(strings.ReplaceAll(page, "ORIGIN", origin.URL)))
	t.Cleanup(srv.Close)
	return srv.URL
}

func TestElementSpeaksCiscosSDK(t *testing.T) {
	t.Parallel()
	around := elementIn(t, deskPage)
	ctx := openBrowser(t, "")
	say := func(message map[string]any) {
		t.Helper()
		text, err := json.Marshal(message)
		require.NoError(t, err)
		quoted, err := json.Marshal(string(text))
		require.NoError(t, err)
		evaluate[bool](t, ctx, `tell(`+string(quoted)+`), true`)
	}
	navigate(t, ctx, around)

	// The SDK's init waits for the Desktop; so does nothing else.
	eventually(t, ctx, `find((m) => m.hello)`)
	require.JSONEq(t, `{"sdk":"2.0.15","inited":false,"framed":false,"mode":"panel","props":{"agentId":"a1","darkMode":false}}`,
		evaluate[string](t, ctx, `JSON.stringify(got[0].hello)`))
	evaluate[bool](t, ctx, `AGENTX_SERVICE.isInited = true`)
	eventually(t, ctx, `find((m) => m.hello?.inited && m.hello.props.clientLocale)`)

	say(map[string]any{"listen": []string{"agentContact.eAgentOfferContact", "logout.eAgentLogoutSuccess"}})
	say(map[string]any{"id": 1, "call": "agentContact.hold", "args": []any{map[string]any{"interactionId": "i1"}}})
	eventually(t, ctx, `find((m) => m.id === 1)`)
	require.Equal(t, "BUSY t1", evaluate[string](t, ctx, `((e) => e.reason + " " + e.trackingId)(find((m) => m.id === 1).error)`))
	require.Equal(t, "i1", evaluate[string](t, ctx, `asked[0].interactionId`))
	for id, call := range map[int]string{2: "agentStateInfo.latestData", 3: "actions.getToken", 4: "actions.getTaskMap", 5: "logger.createLogger"} {
		say(map[string]any{"id": id, "call": call})
	}
	eventually(t, ctx, `[2, 3, 4, 5].every((id) => find((m) => m.id === id))`)
	require.Equal(t, "Idle", evaluate[string](t, ctx, `find((m) => m.id === 2).ok.subStatus`))
	require.Equal(t, "secret", evaluate[string](t, ctx, `find((m) => m.id === 3).ok`))
	require.Equal(t, "i1", evaluate[string](t, ctx, `find((m) => m.id === 4).ok.i1.interactionId`))
	require.Equal(t, "deskbridge.notAllowed", evaluate[string](t, ctx, `find((m) => m.id === 5).error.id`))

	evaluate[bool](t, ctx, `AGENTX_SERVICE.aqm.contact.eAgentOfferContact.send({ data: { interactionId: "i2" } }), true`)
	eventually(t, ctx, `find((m) => m.event === "agentContact.eAgentOfferContact" && m.data.data.interactionId === "i2")`)
	evaluate[bool](t, ctx, `element.darkMode = true`)
	eventually(t, ctx, `find((m) => m.props?.darkMode === true)`)

	// Out of the page and in again: a new frame, and listeners that are gone.
	evaluate[bool](t, ctx, `got.length = 0, document.body.append(element), true`)
	eventually(t, ctx, `find((m) => m.hello?.inited && m.hello.props.darkMode === true)`)
	evaluate[bool](t, ctx, `AGENTX_SERVICE.aqm.contact.eAgentOfferContact.send({ data: {} }), true`)
	say(map[string]any{"id": 6, "call": "actions.getToken"})
	eventually(t, ctx, `find((m) => m.id === 6)`)
	require.False(t, evaluate[bool](t, ctx, `got.some((m) => m.event)`))

	// Nobody but the element's own frame gets a port.
	evaluate[bool](t, ctx, `got.length = 0, postMessage({ deskbridge: "port?" }, "*"), true`)
	say(map[string]any{"id": 7, "call": "actions.getToken"})
	eventually(t, ctx, `find((m) => m.id === 7)`)
	require.False(t, evaluate[bool](t, ctx, `got.some((m) => m.hello)`))

	// Nor does a page of another origin that has taken the frame's place.
	strange := httptest.NewServer(serveHTML(`<!doctype html><script>
		parent.postMessage({ deskbridge: "port?" }, "*");
		parent.postMessage({ strange: true }, "*");
	</script>`))
	t.Cleanup(strange.Close)
	require.Equal(t, 2, evaluate[int](t, ctx, `ports`))
	evaluate[bool](t, ctx, `element.querySelector("iframe").contentWindow.postMessage({ go: "`+strange.URL+`" }, "*"), true`)
	eventually(t, ctx, `window.strange`)
	require.Equal(t, 2, evaluate[int](t, ctx, `ports`))
}

func serveHTML(page string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, page)
	}
}
