package e2e

import (
	"fmt"
	"net/url"
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

func TestDesktopInHubSpot(t *testing.T) {
	t.Parallel()
	for name, switches := range map[string]string{"as today": "", "isolated": "&shell=isolated", "strict": "&csp=strict"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Run("inbound", func(t *testing.T) {
				t.Parallel()
				w := sandbox(t)
				walkInbound(t, w, w.beginDesk("ann", switches))
			})
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
