package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The other agents as owners in the emulated HubSpot.
const (
	bobOwner = "118724002"
	choOwner = "118724003"
)

// act presses a control as soon as it may be pressed.
func (p *panel) act(selector string) {
	p.tab.t.Helper()
	p.wait(fmt.Sprintf(`(() => {
		const b = document.querySelector(%q);
		return b && !b.disabled && b.ariaDisabled !== "true" && b.ariaBusy !== "true";
	})()`, selector))
	p.press(selector)
}

// target opens the sheet to consult and transfer at one of its lists, and
// names the button of a row: consult or transfer.
func (p *panel) target(list, name, button string) (selector string) {
	p.tab.t.Helper()
	p.act("#transfer")
	p.mark(".pick-tab", list)
	p.press("[data-picked]")
	p.mark(".target", name)
	return fmt.Sprintf("[data-picked] [id^=%s-]", button)
}

// talksTo waits for the side of a consult that is heard.
func (p *panel) talksTo(name string) {
	p.tab.t.Helper()
	p.wait(fmt.Sprintf(`document.querySelector(".leg-active .leg-name")?.textContent === %q`, name))
}

// onTheLine waits for a conference of so many.
func (p *panel) onTheLine(parties string) {
	p.tab.t.Helper()
	p.screen("conference")
	p.wait(fmt.Sprintf(`document.getElementById("parties-title")?.textContent === "On the line (%s)"`, parties))
}

// consults asks another agent, who picks up.
func (h *host) consults(w *world, id, name string, other *host, agent string) {
	h.t.Helper()
	h.panel.press(h.panel.target("Agents", name, "consult"))
	h.panel.screen("consulting")
	other.panel.screen("incoming")
	other.panel.shows("Maria Silva")
	w.pickUp(id, agent)
	other.panel.screen("consulting")
	h.panel.talksTo(name)
}

// told is all that the agent's HubSpot heard of calls, in order, once it heard
// of the end.
func (h *host) told(want ...string) {
	h.t.Helper()
	h.heard("CALL_COMPLETED")
	var got []string
	external := map[any]bool{}
	for _, m := range h.said() {
		if m.From == "widget" && strings.Contains(m.Type, "CALL") {
			got = append(got, m.Type)
			external[m.Data["externalCallId"]] = true
		}
	}
	require.Equal(h.t, want, got, "%v", h.query)
	require.Len(h.t, external, 1, "one call has one id")
}

// leg is what one agent's activity of an interaction must say.
type leg struct {
	owner  string
	lines  []string // In its text.
	missed bool
}

// handled waits until each agent has one activity that is as it must be, then
// looks at all that they must have in common: they are Maria's, of one
// interaction, each under its own agent's key.
func (w *world) handled(t *testing.T, id string, want map[*host]leg) map[*host]engagement {
	t.Helper()
	maria := w.contact("Maria Silva")
	got := map[*host]engagement{}
	var all []engagement
	complete := func() bool {
		all = w.engagements()
		for h, l := range want {
			key := h.heard("INCOMING_CALL").Data["externalCallId"]
			at := slices.IndexFunc(all, func(e engagement) bool { return e.Properties["hs_call_external_id"] == key })
			if at < 0 || !noted(l.lines...)(all[at]) || all[at].Properties["hubspot_owner_id"] != l.owner {
				return false
			}
			got[h] = all[at]
		}
		return true
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("activities:\n%s", pretty(all))
		}
	})
	eventually(t, "each agent's activity", complete)
	ids := map[string]bool{}
	for h, l := range want {
		e := got[h]
		p := e.Properties
		ids[e.ID] = true
		require.Equal(t, id, p["deskbridge_interaction_id"], pretty(e))
		require.Equal(t, "INBOUND", p["hs_call_direction"], pretty(e))
		require.Equal(t, "+14155550100", p["hs_call_from_number"], pretty(e))
		require.Equal(t, e.ID, number(h.heard("CALL_COMPLETED").Data["engagementId"]))
		if l.missed {
			require.Contains(t, []string{"MISSED", "NO_ANSWER"}, p["hs_call_status"], pretty(e))
		} else {
			require.Equal(t, "COMPLETED", p["hs_call_status"], pretty(e))
			require.NotContains(t, []string{"", "0"}, p["hs_call_duration"], pretty(e))
		}
		var with []string
		for _, a := range e.Associations {
			if a.ObjectType == "contacts" {
				with = append(with, a.ID)
			}
		}
		require.Equal(t, []string{maria}, with, pretty(e))
	}
	require.Len(t, ids, len(want), "one activity for each agent")
	require.Len(t, all, len(want), "and no other")
	return got
}
