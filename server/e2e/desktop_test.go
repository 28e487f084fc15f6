package e2e

import (
	"fmt"
	"net/url"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// desk is HubSpot's page with an Agent Desktop in its calling iframe, and the
// panel in an element of that Desktop.
type desk struct {
	*host
	around  *frame // Our page, in HubSpot's iframe.
	desktop *frame // The Desktop in it.
}

// desk opens the page; query is the Desktop's, see web/js/standin/main.js.
func (w *world) desk(query string) *desk {
	w.t.Helper()
	h := &host{base: w.pages(""), query: url.Values{"src": {w.widget + "/desk/hubspot"}}}
	h.tab = chrome.open(w.t, h.base+"/host?"+h.query.Encode())
	frame := func(prefix string) *frame {
		f := h.frame(prefix)
		f.deep = true
		return f
	}
	d := &desk{host: h, around: frame(w.widget + "/desk/hubspot"), desktop: frame(w.crm + "/desktop")}
	h.panel = &panel{frame: frame(w.widget + "/desk/widget?mode=page")}
	if query != "" {
		d.desktop.wait(`document.documentElement.dataset.state === "sign-in"`)
		d.in(fmt.Sprintf(`location.replace("/desktop?"+%q), true`, query))
	}
	return d
}

// in runs an expression in the Desktop.
func (d *desk) in(expression string) {
	d.t.Helper()
	_, err := inFrame[bool](d.desktop, expression)
	require.NoError(d.t, err)
}

// openTab brings our tab of the pane beside the contact forward.
func (d *desk) openTab() {
	d.t.Helper()
	d.desktop.wait(`(() => {
		const tab = standin.all("md-tab").find((el) => el.textContent.includes("HubSpot"));
		tab?.click();
		return tab;
	})()`)
}

// ourPage is the query for our page in the Desktop, with the agent at a phone.
const ourPage = "layout=page&page=deskbridge&station=auto&agent="

// beginDesk is a Desktop whose agent is available.
func (w *world) beginDesk(agent, more string) *host {
	w.t.Helper()
	d := w.desk(ourPage + agent + more)
	d.panel.screen("idle")
	d.panel.goAvailable()
	d.heard("USER_AVAILABLE")
	return d.host
}

// everyShell makes TestDesktopInHubSpot walk everything in every shell, which
// takes minutes of a processor: make nightly.
const everyShell = "DESKBRIDGE_EVERY_SHELL"

// Whole calls through the Desktop in HubSpot: as the Desktop is today, with each
// component in a frame of another origin, under a strict policy, and with both.
func TestDesktopInHubSpot(t *testing.T) {
	t.Parallel()
	for name, switches := range map[string]string{
		"as today": "", "isolated": "&shell=isolated", "strict": "&csp=strict", "isolated and strict": "&shell=isolated&csp=strict",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Run("inbound", func(t *testing.T) {
				t.Parallel()
				w := sandbox(t)
				walkInbound(t, w, w.beginDesk("ann", switches))
			})
			if name != "isolated and strict" && os.Getenv(everyShell) == "" {
				return
			}
			t.Run("outbound", func(t *testing.T) {
				t.Parallel()
				w := sandbox(t)
				walkOutbound(t, w, w.beginDesk("ann", switches))
			})
			t.Run("conference", func(t *testing.T) {
				t.Parallel()
				w := sandbox(t)
				walkConference(t, w, w.beginDesk("ann", switches), w.begin(t, "bob", "1002"), w.begin(t, "cho", "1003"))
			})
			t.Run("transfer", func(t *testing.T) {
				t.Parallel()
				w := sandbox(t)
				walkTransfer(t, w, w.beginDesk("ann", switches), w.begin(t, "bob", "1002"))
			})
		})
	}
}

// In the pane beside a contact the panel comes and goes; the headless element
// stays and has the engine. What is done in the panel is done, and neither
// opening another page nor reloading the Desktop in mid-call loses anything.
func TestDesktopPanelComesAndGoes(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	d := w.desk("layout=panel&station=auto&agent=ann")
	d.panel.prefix = w.widget + "/desk/widget?mode=panel"
	d.heard("LOGGED_IN")
	d.desktop.wait(`standin.find("[data-action='available']")`)
	d.in(`standin.find("[data-action='available']").click(), true`)
	d.heard("USER_AVAILABLE")

	id := w.call(fields{"from": "+14155550100"})
	first := d.heard("INCOMING_CALL")
	d.panel.screen("incoming")
	w.pickUp(id, "ann")
	d.panel.screen("in-call")
	d.openTab()
	d.panel.fill("#notes", "Typed in the pane.")
	d.panel.wait(`document.getElementById("notes-state").textContent.startsWith("Saved")`)
	d.panel.press("#hold")
	d.desktop.wait(`standin.find("[data-contact]").dataset.phase === "held"`)
	d.in(`location.reload(), true`)
	d.panel.screen("on-hold")
	d.openTab()
	d.panel.wait(`document.getElementById("notes").value === "Typed in the pane."`)
	d.panel.press("#resume")
	d.desktop.wait(`standin.find("[data-contact]").dataset.phase === "connected"`)
	w.customer(id, "hangup")
	d.panel.screen("wrap-up")
	d.panel.reason("Sale")
	d.panel.press("#submit")

	got := w.activity("the one call", linked("Typed in the pane.", "Sale"))
	require.Equal(t, first.Data["externalCallId"], got.Properties["hs_call_external_id"])
	require.Equal(t, w.contact("Maria Silva"), got.Associations[0].ID)
	d.heard("CALL_COMPLETED")
	d.told("INCOMING_CALL", "CALL_ANSWERED", "CALL_ENDED", "CALL_COMPLETED")
}

// A person signs in at the Desktop, in HubSpot's iframe, and nowhere else;
// HubSpot has been answered long before.
func TestDesktopSignInByHand(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	d := w.desk("")
	require.Equal(t, false, d.heard("INITIALIZED").Data["isLoggedIn"])
	d.desktop.wait(`standin.find("[data-agent='ann']")`)
	require.NotContains(t, d.order(), "LOGGED_IN")

	d.in(`standin.find("[data-agent='ann']").click(), true`)
	d.desktop.wait(`standin.find("[data-action='station']")`)
	d.in(`standin.find("[data-action='station']").click(), true`)
	d.heard("LOGGED_IN")
	d.desktop.wait(`standin.find("[data-action='available']")`)
	d.in(`standin.find("[data-action='available']").click(), true`)
	d.heard("USER_AVAILABLE")
	d.shoot("desktop in hubspot")
}

// A session of ours that has ended begins anew with the Desktop's token: nobody
// is asked anything in mid-call.
func TestDesktopSessionEndsInMidCall(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.beginDesk("ann", "")
	id := w.call(fields{"from": "+14155550100"})
	w.pickUp(id, "ann")
	h.panel.screen("in-call")
	w.fault(fields{"target": "backend", "match": "PUT /api/interactions", "status": 401, "times": 1})
	h.panel.fill("#notes", "Before and after.")
	h.panel.screen("in-call")
	w.customer(id, "hangup")
	h.panel.wrapUp("Sale", "")

	got := w.activity("the call", linked("Before and after.", "Sale"))
	requireCall(t, h, got, "INBOUND", "+14155550100", w.contact("Maria Silva"))
}

// Outside HubSpot the Desktop is enough: records open in tabs, and the backend
// writes the activity.
func TestDesktopAlone(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	page := chrome.open(t, w.crm+"/desktop?"+ourPage+"ann")
	p := &panel{frame: page.frame(w.widget + "/desk/widget?mode=page")}
	p.deep = true
	p.screen("idle")
	p.goAvailable()
	id := w.call(fields{"from": "+14155550100"})
	p.screen("incoming")
	p.shows("Maria Silva")
	w.pickUp(id, "ann")
	p.screen("in-call")
	p.wait(`[...document.querySelectorAll("button")].some((b) => b.textContent.includes("Open record") && b.ariaDisabled !== "true")`)
	w.customer(id, "hangup")
	p.wrapUp("Sale", "Without HubSpot around.")

	got := w.activity("the call", linked("Without HubSpot around.", "Sale"))
	require.Equal(t, w.contact("Maria Silva"), got.Associations[0].ID)
	require.Equal(t, annOwner, got.Properties["hubspot_owner_id"])
	require.Equal(t, "COMPLETED", got.Properties["hs_call_status"])
	page.shoot("desktop alone")
}

// A record that opens leaves the Desktop alone, which would be reloaded with
// HubSpot's page; and when HubSpot reloads its frame all the same, the Desktop
// comes back to the same call.
func TestDesktopSurvivesHubSpot(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	d := w.desk("")
	d.panel.prefix = w.widget + "/desk/widget?mode=panel"
	d.desktop.wait(`standin.find("[data-agent='ann']")`)
	d.in(`standin.find("[data-agent='ann']").click(), true`)
	d.desktop.wait(`standin.find("[data-action='station']")`)
	d.in(`standin.find("[data-action='station']").click(), true`)
	d.desktop.wait(`standin.find("[data-action='available']")`)
	d.in(`standin.find("[data-action='available']").click(), true`)
	d.heard("USER_AVAILABLE")
	id := w.call(fields{"from": "+14155550100"})
	require.Equal(t, "NEW_TAB", d.heard("NAVIGATE_TO_RECORD").Data["openIn"])
	d.panel.screen("incoming")
	w.pickUp(id, "ann")
	d.panel.screen("in-call")

	eval[bool](d.tab, `host.said.length = 0, host.manager.iFrame.src = host.manager.iFrame.src, true`)
	d.heard("INITIALIZED")
	d.heard("LOGGED_IN")
	d.panel.screen("in-call")
	d.openTab()
	w.customer(id, "hangup")
	d.panel.screen("wrap-up")
	d.panel.fill("#notes", "HubSpot reloaded.")
	d.panel.reason("Sale")
	d.panel.press("#submit")

	got := w.activity("the one call", linked("HubSpot reloaded.", "Sale"))
	require.Equal(t, w.contact("Maria Silva"), got.Associations[0].ID)
}

// A second tab of HubSpot does not take the Desktop away from the first; it gets
// it when that one is closed.
func TestDesktopIsInOneTab(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	d := w.desk("")
	d.desktop.wait(`standin.find("[data-agent='ann']")`)

	eval[bool](d.tab, `(() => {
		const second = document.createElement("iframe");
		second.id = "second";
		second.src = host.manager.iFrame.src + "?second";
		document.getElementById("others").append(second);
		return true;
	})()`)
	second := d.frame(w.widget + "/desk/hubspot?second")
	second.wait(`document.body.innerText.includes("Your Agent Desktop is in another tab.") && !document.getElementById("desktop")`)
	d.desktop.wait(`standin.find("[data-agent='ann']")`)
	eval[bool](d.tab, `host.manager.iFrame.remove(), true`)
	second.wait(`document.getElementById("desktop") && !document.querySelector(".boot-error")`)
}
