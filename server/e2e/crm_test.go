package e2e

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/stretchr/testify/require"
)

// The keys under which HubSpot keeps a developer's calling app.
const (
	overrideKey    = "LocalSettings:Calling:CallingExtensions"
	oldOverrideKey = "LocalSettings:Sales:CallingExtensions"
)

// crm is the sandbox's CRM page, callingext.Host in it, around a calling app.
type crm struct {
	*tab
	w     *world
	panel *panel
}

// openCRM opens a page of it with a developer's override.
func (w *world) openCRM(b *browser, path, key string, app fields) *crm {
	w.t.Helper()
	c := &crm{tab: b.open(w.t, w.crm+path), w: w}
	c.panel = &panel{frame: c.frame(w.widget + "/widget")}
	text, err := json.Marshal(app)
	require.NoError(w.t, err)
	eval[bool](c.tab, fmt.Sprintf(`localStorage.setItem(%q, %q), true`, key, text))
	c.reload()
	return c
}

// asAnn opens it with the panel signed in without a press.
func (w *world) asAnn(b *browser, path string) *crm {
	w.t.Helper()
	c := w.openCRM(b, path, overrideKey, fields{"name": "Deskbridge", "url": w.widget + "/widget?agent=ann"})
	c.show()
	return c
}

func (c *crm) reload() {
	c.t.Helper()
	eval[bool](c.tab, `window.stale = true`)
	command(c.tab, page.Reload, page.ReloadParams{})
	c.wait(`!window.stale && document.readyState === "complete"`)
}

// show opens the calling panel.
func (c *crm) show() {
	c.t.Helper()
	c.wait(`document.getElementById("calling-panel")`)
	if !eval[bool](c.tab, `document.getElementById("calling-panel").classList.contains("calling-open")`) {
		c.press("#calling-button")
	}
	c.wait(`document.getElementById("calling-panel").classList.contains("calling-open")`)
}

func TestInboundCallInTheCRM(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	c := w.asAnn(chrome, "/contacts")
	maria := w.contact("Maria Silva")
	c.panel.startShift("1001")
	c.panel.goAvailable()

	id := w.call(fields{"from": "+14155550100"})
	c.wait(fmt.Sprintf(`location.pathname === "/contacts/%s"`, maria))
	c.panel.screen("incoming") // The frame in the new page: the same call.
	c.panel.shows("Maria Silva")
	require.Equal(t, id, w.agent("ann").Interactions[0])
	w.pickUp(id, "ann")
	c.panel.screen("in-call")
	c.panel.fill("#notes", "Written before the reload.")
	c.panel.wait(`document.getElementById("notes-state").textContent.startsWith("Saved")`)
	c.reload()
	c.panel.screen("in-call")
	c.panel.wait(`document.getElementById("notes").value === "Written before the reload."`)
	w.customer(id, "hangup")
	c.panel.wrapUp("Sale", "Written after it, too.")

	got := w.activity("Maria's call with its notes", linked("Written after it, too."))
	require.Equal(t, "COMPLETED", got.Properties["hs_call_status"])
	require.Equal(t, maria, got.Associations[0].ID)
	c.wait(`document.getElementById("timeline-refresh")`)
	c.press("#timeline-refresh")
	c.wait(`document.querySelectorAll('.activity[data-kind="call"]').length === 1`)
	c.wait(`document.querySelector('.activity[data-kind="call"]').innerText.includes("Written after it, too.")`)
	c.shoot("crm record")
}

func TestClickToDialInTheCRM(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	amara := w.contact("Amara Nwosu")
	c := w.asAnn(chrome, "/contacts/"+amara)
	c.panel.startShift("1001")

	c.press(".phone-link") // Not available: an outdial does not need it.
	c.panel.screen("dialing")
	c.panel.shows("Amara Nwosu")
	id := w.interaction("ann")
	w.pickUp(id, "ann")
	w.customer(id, "answer")
	c.panel.screen("in-call")
	c.panel.press("#end")
	c.panel.wrapUp("Follow-up needed", "Asked about the invoice.")

	got := w.activity("the outbound call with its notes", linked("Asked about the invoice."))
	require.Equal(t, "OUTBOUND", got.Properties["hs_call_direction"])
	require.Equal(t, amara, got.Associations[0].ID)
	c.press("#timeline-refresh")
	c.wait(`document.querySelector('.activity[data-kind="call"]')?.innerText.includes("Outbound call")`)
}
