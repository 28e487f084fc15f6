package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// host is a page with HubSpot's IFrameManager around the panel (web/js/pages/host.js).
type host struct {
	*tab
	panel *panel
	query url.Values
	base  string
}

// pages serves the test pages at http://localhost, and the sandbox's CRM below
// the same origin. A page named stranger is anything that extra holds.
func (w *world) pages(extra string) (base string) {
	w.t.Helper()
	to, err := url.Parse(w.crm)
	require.NoError(w.t, err)
	page := func(name, body string) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = fmt.Fprintf(rw, `<!doctype html><html lang="en"><meta charset="utf-8"><title>%s</title><body style="margin:20px">%s`, name, body)
		}
	}
	mux := http.NewServeMux()
	mux.Handle("/sandbox/", httputil.NewSingleHostReverseProxy(to))
	mux.Handle("/dist/", http.StripPrefix("/dist/", http.FileServer(http.Dir(filepath.Join(root, "web/js/dist")))))
	mux.HandleFunc("/host", page("Host", `<div id="slot"></div><div id="others"></div><script src="/dist/host.js"></script>`))
	mux.HandleFunc("/widget", page("Phone", `<h1>Phone</h1><script src="/dist/widget.js"></script>`))
	mux.HandleFunc("/stranger", page("Stranger", extra))
	mux.HandleFunc("/blank", page("Blank", ""))
	srv := httptest.NewServer(mux)
	w.t.Cleanup(srv.Close)
	u, err := url.Parse(srv.URL)
	require.NoError(w.t, err)
	return "http://localhost:" + u.Port()
}

// host opens the page with the widget in it; change may alter its query.
func (w *world) host(b *browser, agent string, change ...func(url.Values)) *host {
	w.t.Helper()
	src := w.widget + "/widget"
	if agent != "" {
		src += "?agent=" + agent
	}
	q := url.Values{"src": {src}}
	for _, f := range change {
		f(q)
	}
	h := &host{base: w.pages(""), query: q}
	h.tab = b.open(w.t, h.base+"/host?"+q.Encode())
	h.panel = &panel{frame: h.frame(w.widget + "/widget")}
	return h
}

// said is one message between page and widget.
type said struct {
	From, Type, Origin string
	Data, Top          map[string]any
}

func (h *host) said() []said {
	h.t.Helper()
	var all []said
	require.NoError(h.t, json.Unmarshal([]byte(eval[string](h.tab, `JSON.stringify(host.said)`)), &all))
	return all
}

// order is what the widget said, repeats included, without the payloads.
func (h *host) order() []string {
	h.t.Helper()
	var types []string
	for _, m := range h.said() {
		if m.From == "widget" {
			types = append(types, m.Type)
		}
	}
	return types
}

// heard waits for the widget to say something and returns it.
func (h *host) heard(kind string) said {
	h.t.Helper()
	h.wait(fmt.Sprintf(`host.said.some((m) => m.from === "widget" && m.type === %q)`, kind))
	all := h.said()
	return all[slices.IndexFunc(all, func(m said) bool { return m.From == "widget" && m.Type == kind })]
}

func (h *host) dial(number, contact string) {
	h.t.Helper()
	eval[bool](h.tab, fmt.Sprintf(`host.dial(%q, %q), true`, number, contact))
}

// call is the message sequence of one call: from the start on what the widget
// and the page said, without repeated states of the agent.
func (h *host) call() []string {
	h.t.Helper()
	var out []string
	for _, m := range h.said() {
		switch m.Type {
		case "SYNC_ACK", "INITIALIZED", "LOGGED_IN", "USER_AVAILABLE", "USER_UNAVAILABLE", "NAVIGATE_TO_RECORD", "RESIZE_WIDGET":
		default:
			out = append(out, m.From+" "+m.Type)
		}
	}
	return out
}

// number is a field of a message as a decimal, whatever its type.
func number(v any) string {
	switch v := v.(type) {
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		return v
	}
	return ""
}

// panel is the widget in its frame.
type panel struct{ *frame }

// screen waits for a screen.
func (p *panel) screen(name string) {
	p.tab.t.Helper()
	p.wait(fmt.Sprintf(`document.getElementById("panel")?.dataset.screen === %q`, name))
}

// shows waits for a text.
func (p *panel) shows(text string) {
	p.tab.t.Helper()
	p.wait(fmt.Sprintf(`document.body.innerText.includes(%q)`, text))
}

// hides waits for a text to be gone.
func (p *panel) hides(text string) {
	p.tab.t.Helper()
	p.wait(fmt.Sprintf(`!document.body.innerText.includes(%q)`, text))
}

// startShift fills in the station form, from the sign-in on.
func (p *panel) startShift(extension string) {
	p.tab.t.Helper()
	p.screen("station")
	p.fill("#number", extension)
	p.press("#start")
	p.screen("idle")
}

// goAvailable chooses it in the state menu.
func (p *panel) goAvailable() {
	p.tab.t.Helper()
	p.press("#states")
	p.press("#menu-0")
	p.word("Available")
}

// word waits for the state bar to say something.
func (p *panel) word(word string) {
	p.tab.t.Helper()
	p.wait(fmt.Sprintf(`document.querySelector("#states .bar-word")?.textContent === %q`, word))
}

// pick chooses one of several records.
func (p *panel) pick(name string) {
	p.tab.t.Helper()
	p.mark(".choice", name)
	p.press("[data-picked]")
}

// mark finds the element of a kind with a text and gives it a name for press.
func (p *panel) mark(kind, text string) {
	p.tab.t.Helper()
	p.wait(fmt.Sprintf(`(() => {
		const el = [...document.querySelectorAll(%q)].find((e) => e.textContent.includes(%q));
		document.querySelectorAll("[data-picked]").forEach((e) => e.removeAttribute("data-picked"));
		el?.setAttribute("data-picked", "");
		return el;
	})()`, kind, text))
}

// wrapUp chooses a reason, writes notes and submits.
func (p *panel) wrapUp(reason, notes string) {
	p.tab.t.Helper()
	p.screen("wrap-up")
	if notes != "" {
		p.fill("#notes", notes)
	}
	p.reason(reason)
	p.press("#submit")
	p.screen("idle")
}

// reason picks a wrap-up reason, a radio button or an option.
func (p *panel) reason(name string) {
	p.tab.t.Helper()
	if p.deep { // Nothing here is pressed where it stands, so it may be drawn anew meanwhile.
		p.wait(fmt.Sprintf(`(() => {
			const row = [...document.querySelectorAll(".choice-reason")].find((e) => e.textContent.includes(%q));
			const radio = row?.querySelector("input");
			if (radio && !radio.checked) row.click();
			return radio?.checked;
		})()`, name))
		return
	}
	p.wait(`document.querySelector(".choice-reason, #reason")`)
	radio, err := inFrame[bool](p.frame, `!!document.querySelector(".choice-reason")`)
	require.NoError(p.tab.t, err)
	if !radio {
		p.choose("#reason", name)
		return
	}
	p.mark(".choice-reason", name)
	p.press("[data-picked]")
	p.wait(`document.querySelector("[data-picked] input").checked`)
}

// begin is a host whose agent is on shift and available.
func (w *world) begin(t testing.TB, agent, extension string) *host {
	t.Helper()
	h := w.host(chrome, agent)
	h.panel.startShift(extension)
	h.panel.goAvailable()
	return h
}

// pretty is a value for messages of failed tests.
func pretty(v any) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetIndent("", "  ")
	_ = e.Encode(v)
	return strings.TrimSpace(out.String())
}
