package e2e

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// apart is the emulated clouds in one process and the backend in another, which
// can die and come back.
type apart struct {
	*world
	env  []string
	data string
}

func startApart(t *testing.T, env ...string) *apart {
	t.Helper()
	backend := "http://127.0.0.1:" + freePort(t)
	clouds := start(t, []string{"PORT=0", "DESKBRIDGE_PUBLIC_URL=" + backend}, "emulators")
	base := clouds.wait(t, `clouds are at (http://localhost:\d+)`)[1]
	clouds.wait(t, `go run ./server serve`)
	a := &apart{world: &world{t: t, crm: base, widget: backend, process: clouds}, data: t.TempDir()}
	// What it prints is what a person would paste.
	for _, m := range regexp.MustCompile(`(?m)^ +([A-Z_]+)=(.*) \\$`).FindAllStringSubmatch(clouds.text(), -1) {
		a.env = append(a.env, m[1]+"="+strings.Trim(m[2], "'"))
	}
	require.NotEmpty(t, a.env)
	a.env = append(a.env, "DESKBRIDGE_DATA="+a.data)
	a.env = append(a.env, env...)
	return a
}

// serve starts the backend, again if need be.
func (a *apart) serve(t *testing.T) *process {
	t.Helper()
	p := start(t, a.env, "serve")
	healthy(t, a.widget)
	return p
}

// begin is an agent on shift, signed in as in real life.
func (a *apart) begin(t *testing.T, b *browser) *host {
	t.Helper()
	h := a.host(b, "")
	h.panel.screen("sign-in")
	h.panel.press("#sign-in")
	h.popup().pressText("Continue as Ann")
	h.panel.startShift("1001")
	h.panel.goAvailable()
	return h
}

func TestBackendKilledInMidCall(t *testing.T) {
	t.Parallel()
	a := startApart(t)
	backend := a.serve(t)
	h := a.begin(t, chrome)

	// One call is over and HubSpot refuses it: its job is queued.
	a.fault(fields{"target": "hubspot", "match": "/crm/objects/2026-09/0-48", "status": 503, "times": 3})
	first := h.talk(a.world)
	a.customer(first, "hangup")
	h.panel.wrapUp("Sale", "The first call.")
	eventually(t, "the first call's job has been refused", func() bool {
		for _, r := range a.requests("hubspot") {
			if r.Status == 503 {
				return true
			}
		}
		return false
	})
	// Another is going on, with something written.
	second := h.talk(a.world)
	h.panel.fill("#notes", "Begun before the crash. ")
	h.panel.wait(`document.getElementById("notes-state").textContent.startsWith("Saved")`)

	backend.kill()
	h.panel.act("#hold") // Webex is not our backend.
	h.panel.screen("on-hold")
	h.panel.act("#resume")
	h.panel.screen("in-call")
	h.panel.act("#end")
	h.panel.screen("wrap-up")
	h.panel.shows("Deskbridge's server does not answer.")
	h.panel.wrapUp("Follow-up needed", "Begun before the crash, ended during it.")
	require.NotContains(t, a.agent("ann").Interactions, second)
	a.serve(t)

	t.Cleanup(func() {
		if t.Failed() {
			t.Log(pretty(a.engagements()))
		}
	})
	eventually(t, "both calls are logged", func() bool {
		all := a.engagements()
		return len(all) == 2 && linked("The first call.", "Sale")(all[1]) && linked("ended during it.", "Follow-up")(all[0]) // Newest first.
	})
	h.panel.hides("Deskbridge's server does not answer.")
	h.panel.press("#tab-history")
	h.panel.wait(`document.querySelectorAll(".row .receipt-saved").length === 2`)
	all := a.engagements()
	require.Len(t, all, 2, pretty(all))
	require.NotEqual(t, all[0].Properties["hs_call_external_id"], all[1].Properties["hs_call_external_id"])
	for _, e := range all {
		require.Equal(t, "COMPLETED", e.Properties["hs_call_status"])
		require.Equal(t, annOwner, e.Properties["hubspot_owner_id"])
		require.Equal(t, a.contact("Maria Silva"), e.Associations[0].ID)
	}
}

// The browser is gone before the call is over, and nothing is heard of it: the
// server finalises what was written ahead.
func TestBrowserKilledInMidCall(t *testing.T) {
	t.Parallel()
	a := startApart(t, "DESKBRIDGE_FINALIZE_AFTER=3s")
	a.serve(t)
	b := ownBrowser(t, "")
	h := a.begin(t, b)
	id := h.talk(a.world)
	h.panel.fill("#notes", "Said before the browser died.")
	h.panel.wait(`document.getElementById("notes-state").textContent.startsWith("Saved")`)
	key, _ := h.heard("INCOMING_CALL").Data["externalCallId"].(string)

	require.NoError(t, chromedp.FromContext(b.ctx).Browser.Process().Signal(os.Kill))
	a.customer(id, "hangup")

	got := a.activity("the call that nobody wrapped up", linked("Said before the browser died."))
	t.Log(pretty(got))
	require.Equal(t, key, got.Properties["hs_call_external_id"])
	require.Equal(t, "COMPLETED", got.Properties["hs_call_status"])
	require.Equal(t, "INBOUND", got.Properties["hs_call_direction"])
	require.Equal(t, annOwner, got.Properties["hubspot_owner_id"])
	require.Equal(t, a.contact("Maria Silva"), got.Associations[0].ID)
}
