package desktop_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/desktop"
	"deskbridge/pkg/webexcc"
)

func TestContactEvents(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, s := ready(t, up, desktop.Config{})
		n := 0
		for _, name := range desktop.Events() {
			typ := desktop.ContactEvent(name)
			if typ == "" {
				continue
			}
			n++
			// The event's name counts, not a type that nobody documents.
			b.says(event(name, `{"type":"RoutingMessage","data":{"type":"Whatever","eventTime":"1700000000000",`+contact+`}}`))
			list := news(t, s)
			require.Equal(t, []string{typ}, types(list), name)
			task := list[0].(webexcc.Task)
			require.Equal(t, typ, task.Data.Type)
			require.Equal(t, "i1", task.InteractionID())
			require.EqualValues(t, 1700000000000, task.Data.EventTime)
		}
		require.Greater(t, n, 45)
		require.Empty(t, b.logged())
		b.says(event("agentContact.eAgentOfferContact", `{`+contact+`}`)) // Without its envelope.
		require.Equal(t, []string{webexcc.AgentOfferContact}, types(news(t, s)))
	})
}

func TestStateOfTheAgent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, s := ready(t, up, desktop.Config{Now: func() time.Time { return time.UnixMilli(1700000000000) }})
		updated := func(changes string) []webexcc.Notification {
			b.says(event("agentStateInfo.updated", changes))
			return news(t, s)
		}

		list := updated(`[{"name":"subStatus","value":"Available","oldValue":"Idle"}]`)
		require.Equal(t, []string{webexcc.AgentStateChangeSuccess}, types(list))
		change := list[0].(webexcc.AgentStateChange).Data
		require.Equal(t, []string{"Available", "0"}, []string{change.SubStatus, string(change.AuxCodeID)})
		require.EqualValues(t, 1700000000000, change.LastStateChangeTimestamp)
		require.Empty(t, updated(`[{"name":"teamName","value":"Blue"}]`))
		list = updated(`[{"name":"subStatus","value":"Idle"},{"name":"idleCode","value":{"id":"c2","name":"RONA"}}]`)
		require.EqualValues(t, "c2", list[0].(webexcc.AgentStateChange).Data.AuxCodeID)

		b.says(event("agentStateInfo.eAgentChannelStateChanged", `{}`))
		b.answers("agentStateInfo.latestData", `"ok":{"status":"LoggedIn","subStatus":"Available"}`)
		require.Equal(t, []string{webexcc.AgentStateChangeSuccess}, types(news(t, s)))
		b.says(event("agentStateInfo.updated", `"?"`))
		b.answers("agentStateInfo.latestData", `"ok":{"status":"LoggedIn","subStatus":"Idle","idleCode":{"id":"c1"}}`)
		require.Equal(t, []string{webexcc.AgentStateChangeSuccess}, types(news(t, s)))

		b.says(event("logout.eAgentLogoutSuccess", `{"data":{"loggedOutBy":"Sue","type":"AgentLogoutSuccess"}}`))
		list = news(t, s)
		require.EqualValues(t, "Sue", list[0].(webexcc.Logout).Data.LoggedOutBy)
		require.Empty(t, updated(`[{"name":"status","value":"LoggedOut","oldValue":"LoggedIn"}]`), "that is known")
		b.says(event("agentStateInfo.eAgentChannelReloginSuccess", `{}`))
		b.holds(atDesk, "{}")
		require.Equal(t, []string{webexcc.AgentReloginSuccess}, types(news(t, s)))
		require.Equal(t, []string{webexcc.AgentLogoutSuccess}, types(updated(`[{"name":"status","value":"LoggedOut"}]`)))
	})
}

const number = "+14155550199"

// bad are payloads of an event that cannot be used.
var bad = []string{
	`null`, `7`, `"` + number + `"`, `[]`, `{}`, `{"data":null}`, `{"data":"` + number + `"}`, `{"data":{"interactionId":"i1"}}`,
	`{"data":{"interactionId":"i1","interaction":null}}`, `{"data":{"interactionId":"i1","interaction":{"participants":{"` + number + `":7}}}}`,
	`{"data":{"interaction":{"participants":[],"media":"x"}}}`, `{"data":{"interaction":"` + number + `"}}`,
	`{"data":{"interactionId":"i1","interaction":{"participants":null,"media":null}}}`,
}

func TestWrongPayloads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, s := ready(t, up, desktop.Config{})
		for range 3 {
			for _, payload := range bad {
				asked := b.count("agentStateInfo.latestData")
				b.says(event("agentContact.eAgentContactAssigned", payload))
				require.Empty(t, news(t, s), payload)
				require.Equal(t, asked+1, b.count("agentStateInfo.latestData"), "the truth is asked for instead: %s", payload)
				b.holds(atDesk, `{"i1":{`+contact+`}}`)
				require.Equal(t, []string{webexcc.AgentReloginSuccess, webexcc.AgentContact}, types(news(t, s)))
			}
		}
		for _, text := range []string{
			``, `x`, `7`, `[]`, `null`, `{}`, `{"hello":7,"v":1}`, `{"props":7}`, `{"id":-1}`, `{"id":99,"ok":1}`, `{"event":{}}`,
			event("agentContact.eNobodyKnows", `{}`), `{"bye":"no"}`,
		} {
			b.says(text)
		}
		require.Empty(t, news(t, s))
		logs := b.logged()
		seen := map[string]bool{}
		for _, line := range logs {
			require.False(t, seen[line], "reported twice: %s", line)
			seen[line] = true
			require.NotContains(t, line, "4155550199")
		}
		require.NotEmpty(t, logs)
		require.Less(t, len(logs), 10)
	})
}

func TestRefusalsNeedNoContact(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, s := ready(t, up, desktop.Config{})

		b.says(event("dialer.eOutdialFailed", `{"data":{"interactionId":"i1","reason":"CUSTOMER_BUSY","reasonCode":1}}`))

		list := news(t, s)
		require.Equal(t, []string{webexcc.AgentOutboundFailed}, types(list))
		require.EqualValues(t, "CUSTOMER_BUSY", list[0].(webexcc.Task).Data.Reason)
		require.Equal(t, 1, b.count("agentStateInfo.latestData"))
	})
}

// Whatever a bridge says, nothing panics and the next true word is understood.
func FuzzMessages(f *testing.F) {
	for _, payload := range bad {
		f.Add(event("agentContact.eAgentContactAssigned", payload))
	}
	for _, text := range []string{
		up, uninited, `{"bye":true}`, `{"props":{"deviceType":"BROWSER"}}`, `{"id":1,"ok":` + atDesk + `}`, `{"id":2,"ok":{"i1":{` + contact + `}}}`,
		`{"id":1,"error":{"id":7}}`, event("agentStateInfo.updated", `[{"name":"status"}]`), event("shortcutKey.listenKeyConflict", `{"data":7}`),
		event("logout.eAgentLogoutSuccess", `[]`), event("agentContact.eAgentContact", `{`+contact+`}`),
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b := &bridge{t: t, in: make(chan string, 10)}
		b.Desktop = desktop.New(desktop.Config{Pipe: b})
		b.in <- up
		b.in <- text
		b.in <- `{"v":1,"hello":{"inited":true,"props":{"agentId":"last"}}}`
		ended := make(chan error, 1)
		s := b.Open()
		defer s.Close()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() { ended <- b.Run(ctx) }()
		for {
			n, err := s.Next(ctx)
			if err != nil {
				require.ErrorIs(t, err, desktop.ErrVersion)
				break
			}
			if l, ok := n.(webexcc.LinkUp); ok && l.AgentID == "last" {
				require.Equal(t, "last", b.Property(desktop.PropAgentID))
				break
			}
		}
		cancel()
		<-ended
	})
}
