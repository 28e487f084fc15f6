package e2e

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/stretchr/testify/require"
)

// adminPage is a tab with the admin's pages.
type adminPage struct {
	*tab
	axe string
}

// fill replaces what stands in a field, as typing would.
func (p *adminPage) fill(selector, text string) {
	p.t.Helper()
	p.wait(fmt.Sprintf("document.querySelector(%q)", selector))
	eval[bool](p.tab, fmt.Sprintf(`(() => {
		const el = document.querySelector(%q);
		el.focus();
		el.select?.();
		return document.execCommand(%q === "" ? "delete" : "insertText", false, %q);
	})()`, selector, text, text))
}

// go leaves the page by a press and waits for another one.
func (p *adminPage) leave(selector string) {
	p.t.Helper()
	eval[bool](p.tab, `window.stale = true`)
	p.press(selector)
	p.wait(`!window.stale && document.readyState === "complete"`)
}

func (p *adminPage) shows(text string) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`document.body.innerText.includes(%q)`, text))
}

// looks runs axe-core over the page in light and dark, wide and narrow, and
// keeps pictures. Nothing may stick out to the side.
func (p *adminPage) looks(name string) {
	p.t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1280, 400} {
			look := fmt.Sprintf("admin %s %s %d", name, scheme, width)
			command(p.tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
				{Name: "prefers-reduced-motion", Value: "reduce"}, {Name: "prefers-color-scheme", Value: scheme},
			}})
			command(p.tab, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 900, DeviceScaleFactor: 1})
			p.wait(fmt.Sprintf(`innerWidth === %d`, width))
			require.LessOrEqual(p.t, eval[int](p.tab, `document.documentElement.scrollWidth`), int(width), look)
			found := eval[string](p.tab, p.axe+`; axe.run(document, { resultTypes: ["violations"] }).then((r) =>
				r.violations.map((v) => v.id + " " + v.nodes.map((n) => n.target + " " + n.failureSummary).join(", ")).join("; "))`)
			require.Empty(p.t, found, look)
			// The whole page, up to what an image may be.
			high := min(eval[int64](p.tab, `document.documentElement.scrollHeight`), 8000)
			command(p.tab, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: high, DeviceScaleFactor: 1})
			p.wait(fmt.Sprintf(`innerHeight === %d`, high))
			p.shoot(look)
		}
	}
	command(p.tab, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 1280, Height: 900, DeviceScaleFactor: 1})
}

// TestAdminChangesASettingAndRetries: from the sandbox's front door to a refused
// call that is written after all.
func TestAdminChangesASettingAndRetries(t *testing.T) {
	t.Parallel()
	axe, err := os.ReadFile("../../web/js/node_modules/axe-core/axe.min.js")
	require.NoError(t, err, "run make setup")
	w := sandbox(t)
	h := w.begin(t, "ann", "1001")
	id := h.talk(w)
	w.fault(fields{"target": "hubspot", "match": "/crm/objects/2026-09/0-48", "status": 400, "errorType": "VALIDATION_ERROR", "times": 8})
	w.customer(id, "hangup")
	h.panel.wrapUp("Sale", "Refused at first.")

	p := &adminPage{chrome.open(t, w.crm+"/admin"), string(axe)}
	p.shows("How to get in")
	p.looks("sign-in")

	// The sandbox has a shorter way.
	front := chrome.open(t, w.crm+"/contacts")
	front.press("#open-sandbox")
	front.wait(`document.querySelector("#administer")`)
	admin := w.crm + eval[string](front, `document.querySelector("#administer").getAttribute("href")`)
	eventually(t, "HubSpot has refused the call", func() bool {
		p.navigate(admin)
		return eval[bool](p.tab, `document.body.innerText.includes("waits for an agent")`)
	})
	p.looks("overview")

	p.leave(`nav a[href="/admin/records"]`)
	p.shows("Needs the agent")
	p.shows("•••0100")
	p.looks("records")
	// HubSpot goes on refusing for a while.
	state := func() string { return eval[string](p.tab, `document.querySelector("td .state").innerText`) }
	eventually(t, "the record is in HubSpot", func() bool {
		if state() == "Needs the agent" {
			p.leave(`td button`)
			p.shows("One record is being written again.")
		} else {
			p.navigate(w.crm + "/admin/records")
		}
		return state() == "In HubSpot"
	})
	w.activity("the call after all", noted("Refused at first."))

	p.leave(`nav a[href="/admin/settings"]`)
	p.shows("Nobody has saved yet")
	p.looks("settings")
	p.fill("#region", "Germany")
	p.fill("#bodyTemplate", "Queue {queue}\n{cad.account}")
	p.leave("#save")
	p.shows("Nothing was saved.")
	p.shows("want two capital letters such as US")
	p.wait(`document.querySelector("#bodyTemplate").value.includes("{cad.account}")`)
	p.wait(`document.activeElement.id === "problems"`)
	p.looks("settings wrong")
	p.fill("#region", "DE")
	p.leave("#preview")
	p.shows("Queue Billing")
	p.looks("settings preview")
	eval[bool](p.tab, `document.querySelector("#popAt").value = "connect", true`)

	// Somebody else is faster.
	other := &adminPage{chrome.open(t, w.crm+"/admin"), string(axe)}
	other.leave("#admin-sign-in")
	other.leave(`nav a[href="/admin/settings"]`)
	other.fill("#dialsPerHour", "100")
	other.leave("#save")
	other.shows("Saved.")
	p.leave("#save")
	p.shows("Nothing of yours was saved yet.")
	p.looks("conflict")
	p.leave("#merge")
	p.shows("Saved.")
	p.shows("Version 2, saved by Ann")
	p.wait(`document.querySelector("#dialsPerHour").value === "100" && document.querySelector("#popAt").value === "connect"`)
	var settings struct{ PopAt, Region string }
	w.ask("GET", "/settings", nil, &settings)
	require.Equal(t, "connect", settings.PopAt)
	require.Equal(t, "DE", settings.Region)

	p.leave(`a[href$="/history"]`)
	p.shows("Incoming calls: open the record")
	p.looks("history")
	p.leave(`nav a[href="/admin/accounts"]`)
	p.shows("Who is signed in")
	p.looks("accounts")
	p.leave(`nav a[href="/admin/doctor"]`)
	p.wait(`document.querySelectorAll(".findings li").length > 5`)
	p.looks("doctor")
}
