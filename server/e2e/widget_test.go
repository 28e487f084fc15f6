package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// HubSpot's own SDK as the calling app in the sandbox's CRM page, so that
// callingext.Host speaks with what it was made for.
func TestHubSpotsOwnWidgetInTheCRM(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]string{"new key": overrideKey, "old key": oldOverrideKey} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := sandbox(t)
			at := strings.Replace(w.pages(""), "localhost", "127.0.0.1", 1) + "/widget"
			maria := w.contact("Maria Silva")
			c := w.openCRM(chrome, "/contacts/"+maria, key, fields{
				"name": "Test app", "url": at, "width": 320, "height": 420, "supportsInboundCalling": true, "usesRemote": true,
			})
			app := &sdkApp{c.frame(at)}
			c.show()

			ready := app.heard("onReady")
			c.wait(`document.querySelector(".calling-state").textContent === "Available"`)
			require.Equal(t, w.crm, ready["hostUrl"])
			require.Equal(t, "remote", ready["iframeLocation"])
			require.NotEmpty(t, number(ready["portalId"]))
			require.NotEmpty(t, number(ready["ownerId"]))

			c.press(".phone-link")
			dial := app.heard("onDialNumber")
			require.Equal(t, "+14155550100", dial["phoneNumber"])
			require.Equal(t, maria, number(dial["calleeInfo"].(map[string]any)["calleeId"]))
			require.Equal(t, "0-1", dial["calleeInfo"].(map[string]any)["calleeObjectTypeId"])

			app.do(`outgoingCall({ externalCallId: "sdk-1", fromNumber: "+14085550100", toNumber: "+14155550100", createEngagement: true })`)
			made := number(app.heard("onCreateEngagementSucceeded")["engagementId"])
			require.Equal(t, made, number(app.heard("onEngagementCreated")["engagementId"]))
			app.do(`callAnswered({ externalCallId: "sdk-1" })`)
			app.do(`callEnded({ externalCallId: "sdk-1", engagementId: ` + made + `, callEndStatus: "COMPLETED" })`)
			app.do(`callCompleted({ externalCallId: "sdk-1", engagementId: ` + made + `, hideWidget: false,
				engagementProperties: { hs_call_body: "From the SDK", hs_call_duration: "1234" } })`)
			require.Equal(t, made, number(app.heard("onUpdateEngagementSucceeded")["engagementId"]))
			got := w.activity("the SDK's call", noted("From the SDK"))
			require.Equal(t, made, got.ID)
			require.Equal(t, "1234", got.Properties["hs_call_duration"])
			require.Equal(t, maria, got.Associations[0].ID)

			app.do(`finalizeEngagement({ externalCallId: "sdk-1", engagementId: ` + made + ` })`)
			require.Equal(t, "sdk-1", app.heard("onFinalizeEngagementSucceeded")["externalCallId"])
			app.do(`publishToChannel({ externalCallId: "sdk-1", engagementId: ` + made + ` })`)
			app.heard("onPublishToChannelSucceeded")

			app.do(`incomingCall({ externalCallId: "sdk-2", fromNumber: "+14155550123", toNumber: "+14085550100", createEngagement: false })`)
			require.Len(t, app.heard("onCallerIdMatchSucceeded")["callerIdMatches"], 2)
			app.do(`resizeWidget({ width: 360, height: 500 })`)
			c.wait(`document.querySelector("iframe").height === "500"`)
			app.do(`navigateToRecord({ objectCoordinates: { portalId: 1, objectId: 4242424242, objectTypeId: "0-1" } })`)
			app.heard("onNavigateToRecordFailed")
			c.press("#calling-minimize")
			app.wait(`widget.heard.some((h) => h.name === "onVisibilityChanged" && h.data.isMinimized === true)`)
			require.NotContains(t, app.names(), "default", "a message that the SDK does not know")
			require.Equal(t, 1, count(app.names(), "onReady"))
		})
	}
}

func count(all []string, one string) (n int) {
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}

// sdkApp is web/js/pages/widget.js in its frame.
type sdkApp struct{ *frame }

// do uses the SDK as a calling app does.
func (a *sdkApp) do(call string) {
	a.tab.t.Helper()
	_, err := inFrame[bool](a.frame, "widget.app."+call+", true")
	require.NoError(a.tab.t, err, call)
}

// heard waits until a handler of the SDK was called and returns the payload of
// the first call.
func (a *sdkApp) heard(name string) map[string]any {
	a.tab.t.Helper()
	a.wait(fmt.Sprintf(`window.widget?.heard.some((h) => h.name === %q)`, name))
	all := a.all()
	return all[slices.IndexFunc(all, func(h heardBySDK) bool { return h.Name == name })].Data
}

type heardBySDK struct {
	Name string
	Data map[string]any
}

func (a *sdkApp) all() []heardBySDK {
	a.tab.t.Helper()
	text, err := inFrame[string](a.frame, `JSON.stringify(widget.heard)`)
	require.NoError(a.tab.t, err)
	var all []heardBySDK
	require.NoError(a.tab.t, json.Unmarshal([]byte(text), &all))
	return all
}

func (a *sdkApp) names() []string {
	a.tab.t.Helper()
	var names []string
	for _, h := range a.all() {
		names = append(names, h.Name)
	}
	return names
}
