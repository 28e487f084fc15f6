package e2e

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A page of another origin in HubSpot's page tries to be HubSpot.
func TestForgedSyncIsIgnored(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.host(chrome, "ann", func(q url.Values) { q.Set("late", "2500") })
	h.panel.wait(`performance.getEntriesByName("deskbridge:ready").length === 1`)
	// Its origin is on the list; it is just not the page around us.
	evil := strings.Replace(w.pages(`<script>
		window.answers = [];
		window.tried = 0;
		addEventListener("message", (e) => answers.push(JSON.stringify(e.data)));
		setInterval(() => {
			const target = parent.frames[0];
			target.postMessage({ type: "SYNC", messageId: "1_1", hostUrl: location.origin }, "*");
			target.postMessage({ type: "SYNC", messageId: "1_2", hostUrl: "`+h.base+`" }, "*");
			target.postMessage({ type: "DIAL_NUMBER", messageId: "1_3", data: { phoneNumber: "+14155550100" } }, "*");
			tried++;
		}, 20);
	</script>`), "localhost", "127.0.0.1", 1) + "/stranger"
	eval[bool](h.tab, fmt.Sprintf(`(() => {
		const f = document.createElement("iframe");
		f.src = %q;
		document.getElementById("others").append(f);
		return true;
	})()`, evil))
	stranger := h.frame(evil)
	stranger.wait(`window.tried > 20`)
	require.NotContains(t, h.order(), "SYNC_ACK", "the host's own SYNC was early: a slow machine")

	h.heard("INITIALIZED")
	h.panel.screen("station")
	h.panel.startShift("1001")
	tried, err := inFrame[float64](stranger, `tried`)
	require.NoError(t, err)
	stranger.wait(fmt.Sprintf(`tried > %f + 20`, tried))

	require.Equal(t, h.base, h.heard("SYNC_ACK").Top["hostUrl"])
	require.Equal(t, 1, count(h.order(), "SYNC_ACK"))
	answers, err := inFrame[[]string](stranger, `answers`)
	require.NoError(t, err)
	require.Empty(t, answers, "a stranger was answered")
	require.Empty(t, w.agent("ann").Interactions, "a stranger's dial request was placed")
	require.Zero(t, w.count("webexcc", "POST", "/v1/tasks", 0))
}

func TestMessagesThatMakeNoSense(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.begin(t, "ann", "1001")
	before := len(h.order())

	eval[bool](h.tab, `(() => {
		const to = host.manager.iFrame.contentWindow;
		const post = (m) => to.postMessage(m, "*");
		const cycle = { type: "DIAL_NUMBER", messageId: "9_0" };
		cycle.data = cycle;
		for (const m of [null, undefined, 0, "", "DIAL_NUMBER", [], [1, 2], {}, { type: 7 }, { type: "DIAL_NUMBER" },
			{ type: "DIAL_NUMBER", messageId: "9_1", data: null }, { type: "DIAL_NUMBER", messageId: "9_2", data: "+14155550100" },
			{ type: "DIAL_NUMBER", messageId: "9_3", data: { phoneNumber: {} } },
			JSON.parse('{"__proto__": {"type": "DIAL_NUMBER"}, "constructor": 1, "messageId": "9_4"}'),
			{ type: "__proto__", messageId: "9_5" }, { type: "constructor", messageId: "9_6", data: { prototype: 1 } },
			{ type: "DIAL_NUMBER", messageId: "9_7", data: { phoneNumber: "1".repeat(1 << 20) } },
			{ type: "SYNC", messageId: "9_8", hostUrl: location.origin }, { type: "SYNC_ACK", messageId: "9_9" },
			{ type: "ERROR", messageId: "9_10", data: { type: "UNKNOWN_MESSAGE_TYPE" } },
			new Map([["type", "DIAL_NUMBER"]]), new Date(0), 1n, new Uint8Array(8), cycle,
			{ type: "CREATE_ENGAGEMENT_SUCCEEDED", messageId: "9_11", data: { engagementId: "12345678901234567890" } },
			{ type: "CALLER_ID_MATCH_SUCCEEDED", messageId: "9_12", data: { callerIdMatches: [null, 1, {}] } },
			{ type: "END_CALL", messageId: "9_13" }, { type: "UPSIDE_DOWN", messageId: "9_14", data: {} },
		]) post(m);
		return true;
	})()`)
	h.wait(`host.said.some((m) => m.type === "ERROR")`)

	// The one unknown type of a sane message is answered as the SDK does, and
	// the panel goes on.
	h.dial("+14155550100", w.contact("Maria Silva"))
	h.panel.screen("dialing")
	eventually(t, "one call", func() bool { return len(w.agent("ann").Interactions) == 1 })
	after := h.order()[before:]
	require.NotContains(t, after, "SYNC_ACK")
	require.LessOrEqual(t, count(after, "ERROR"), 8, after)
	require.Empty(t, h.console.exceptions(), "thrown in a page")
}

func TestLateSync(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.host(chrome, "ann", func(q url.Values) { q.Set("late", "20000") })

	h.panel.screen("station") // Works meanwhile.
	h.panel.startShift("1001")
	h.panel.goAvailable()
	require.NotContains(t, h.order(), "SYNC_ACK")
	h.heard("USER_AVAILABLE")

	require.Equal(t, []string{"SYNC_ACK", "INITIALIZED", "USER_AVAILABLE"}, h.order())
	require.Equal(t, true, h.heard("INITIALIZED").Data["isLoggedIn"])
}

// No site may keep anything: every access to storage throws.
func TestStorageThatThrows(t *testing.T) {
	t.Parallel()
	w := sandbox(t)
	h := w.host(ownBrowser(t, `{"profile": {"default_content_setting_values": {"cookies": 2}}}`), "ann")

	h.panel.screen("station")
	h.panel.shows("The browser does not let Deskbridge remember anything.")
	h.panel.startShift("1001")
	h.panel.goAvailable()
	id := w.call(fields{"from": "+14155550100"})
	h.panel.screen("incoming")
	w.pickUp(id, "ann")
	h.panel.screen("in-call")
	w.customer(id, "hangup")
	h.panel.wrapUp("Sale", "Nothing is remembered here.")

	got := w.activity("the call with its notes", noted("Nothing is remembered here."))
	require.Equal(t, "COMPLETED", got.Properties["hs_call_status"])
}
