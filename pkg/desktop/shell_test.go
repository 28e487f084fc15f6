package desktop_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/desktop"
	"deskbridge/pkg/webexcc"
)

func TestProperties(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		changed := 0
		b := scripted(t, desktop.Config{Changed: func() { changed++ }})
		require.Equal(t, webexcc.Absent, b.Dark())
		b.says(`{"v":1,"hello":{"inited":true,"mode":"headless","framed":"true","props":{"agentId":"a1","agentName":"Ann","orgId":"o1",
			"agentEmail":"ann@example.test","teamId":12,"darkMode":"true","clientLocale":"de-DE","own":["x"],"teamName":null}}}`)

		require.Equal(t, []string{"a1", "Ann", "12"}, []string{b.Property(desktop.PropAgentID), b.Property(desktop.PropAgentName), b.Property(desktop.PropTeamID)})
		require.Equal(t, webexcc.True, b.Dark())
		require.Equal(t, "de-DE", b.Locale())
		require.Equal(t, `["x"]`, b.Property("own"))
		require.True(t, b.Headless())
		require.True(t, b.Framed())
		b.says(`{"props":{"darkMode":false,"language":"fr-FR","agentName":null}}`)
		require.Equal(t, webexcc.False, b.Dark())
		require.Equal(t, "fr-FR", b.Locale())
		require.Empty(t, b.Property(desktop.PropAgentName))
		require.Equal(t, "a1", b.Property(desktop.PropAgentID))
		require.Equal(t, 2, changed)
	})
}

// The panel may have to be seen before the SDK is there.
func TestShow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := scripted(t, desktop.Config{})
		b.says(uninited)
		b.Show(true)
		b.Show(false)
		require.Equal(t, []said{{Show: new(true)}, {Show: new(false)}}, b.messages())
	})
}

func TestCRMConnectorIsRegisteredWhenFramed(t *testing.T) {
	t.Parallel()
	for framed, want := range map[string]int{"true": 1, "false": 0} {
		synctest.Test(t, func(t *testing.T) {
			b := scripted(t, desktop.Config{})
			b.says(`{"v":1,"hello":{"inited":true,"framed":` + framed + `}}`)
			require.Equal(t, want, b.count("config.registerCrmConnector"))
			if want == 1 {
				m := b.last("config.registerCrmConnector")
				require.Zero(t, m.ID)
				require.JSONEq(t, `{"crmPlatform":"HubSpot","crmConnectorProvider":"Deskbridge"}`, string(m.Args[0]))
			}
		})
	}
}

func TestNotificationsAreNotAwaited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, _ := ready(t, up, desktop.Config{})
		for call, n := range map[string]desktop.Notice{
			"actions.fireGeneralAutoDismissNotification": {Title: "Saved", Text: "The call is logged."},
			"actions.fireGeneralSilentNotification":      {Title: "Saved", Silent: true, Kind: desktop.Success},
			"actions.fireGeneralAcknowledgeNotification": {Title: "Not saved", Stays: true, Kind: desktop.Failure},
		} {
			require.NoError(t, b.Notify(n))
			m := b.last(call)
			require.Zero(t, m.ID, "nobody waits for an answer")
			require.Contains(t, desktop.Calls(), call)
		}
		require.JSONEq(t, `{"data":{"type":"info","mode":"autodismiss","title":"Saved","data":"The call is logged."}}`,
			string(b.last("actions.fireGeneralAutoDismissNotification").Args[0]))
	})
}

func TestShortcuts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var heard []string
		b := scripted(t, desktop.Config{
			Element: "deskbridge-widget",
			Pressed: func(action string) { heard = append(heard, "pressed "+action) },
			Conflict: func(action string, exists bool) {
				text, _ := json.Marshal([]any{action, exists})
				heard = append(heard, string(text))
			},
		})
		b.SetShortcuts([]desktop.Shortcut{{Group: "Calls", Action: "Hold", Modifiers: "ctrl+alt", Key: "h"}})
		require.Empty(t, b.messages())
		b.says(up)

		m := b.last("shortcutKey.register")
		require.JSONEq(t, `[{"widgetElement":"deskbridge-widget","group":"Calls","action":"Hold","modifierKeys":"ctrl+alt","key":"h","role":"agent"}]`,
			string(m.Args[0]))
		for _, e := range []string{
			event("shortcutKey.listenKeyPress", `{"type":"execute","data":{"widgetElement":"deskbridge-widget","action":"Hold"}}`),
			event("shortcutKey.listenKeyPress", `{"type":"execute","data":{"widgetElement":"another","action":"Dial"}}`),
			event("shortcutKey.listenKeyConflict", `{"data":{"widgetElement":"deskbridge-widget","action":"Hold","isConflict":"true"}}`),
			event("shortcutKey.listenKeyConflict", `{"data":"?"}`),
			event("shortcutKey.listenConflictResolved", `null`),
		} {
			b.says(e)
		}
		require.Equal(t, []string{"pressed Hold", `["Hold",true]`, `["",false]`}, heard)

		b.says(`{"bye":true}`, up)
		require.Equal(t, 2, b.count("shortcutKey.register"))
		b.SetShortcuts(nil)
		require.JSONEq(t, `"deskbridge-widget"`, string(b.last("shortcutKey.unregisterKeys").Args[0]))
	})
}

func TestToken(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{`"abc"`: "abc", `""`: "", `null`: "", `{"token":"abc"}`: ""} {
		synctest.Test(t, func(t *testing.T) {
			b, _ := ready(t, up, desktop.Config{})
			type result struct {
				token string
				err   error
			}
			got := make(chan result, 1)
			go func() {
				token, err := b.Token(t.Context())
				got <- result{token, err}
			}()
			synctest.Wait()
			b.answers("actions.getToken", `"ok":`+answer)
			r := <-got
			require.Equal(t, want, r.token)
			require.Equal(t, want == "", r.err != nil)
			require.NotContains(t, b.logged(), "abc")
		})
	}
}

// At which phone the agent is may be known later than that they are at one, and
// may change.
func TestPhoneIsKnownLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, s := ready(t, up, desktop.Config{})
		news(t, s)

		b.says(`{"props":{"deviceType":"BROWSER","dialNumber":"1009"}}`, `{"props":{"darkMode":true}}`)

		got := news(t, s)
		require.Equal(t, []string{"StationLogin"}, types(got))
		require.EqualValues(t, "BROWSER", got[0].(webexcc.StationLogin).Data.DeviceType)
		require.True(t, b.Abilities().Answer)
	})
}
