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

func TestLateInit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := scripted(t, desktop.Config{})
		b.says(uninited)
		s := b.Open()
		defer s.Close()
		began := time.Now()

		_, err := s.Next(t.Context())

		require.ErrorIs(t, err, desktop.ErrInitLate)
		require.Equal(t, 30*time.Second, time.Since(began))
		require.ErrorIs(t, b.Ready(t.Context()), desktop.ErrInitLate)
		require.ErrorIs(t, b.Hold(t.Context(), "i1", "i1"), desktop.ErrNotReady)
		require.ErrorIs(t, b.Reload(t.Context()), desktop.ErrNotReady)
		require.ErrorIs(t, b.Notify(desktop.Notice{Title: "Hello"}), desktop.ErrNotReady)
		require.Empty(t, b.messages(), "nothing is sent to a bridge that would drop it")

		again := b.Open()
		defer again.Close()
		b.says(event("agentContact.eAgentContact", `{`+contact+`}`))
		require.Empty(t, news(t, again), "nothing can be known before")
		b.says(up)
		require.NoError(t, b.Ready(t.Context()))
		b.holds(atDesk, "{}")
		require.Equal(t, []string{"LinkUp", webexcc.AgentReloginSuccess}, types(news(t, again)))
		require.Equal(t, desktop.Events(), b.messages()[0].Listen)
	})
}

func TestElementLeavesAndComesBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, s := ready(t, up, desktop.Config{})
		failed := make(chan error, 1)
		go func() { failed <- b.Hold(t.Context(), "i1", "i1") }()
		synctest.Wait()

		b.says(`{"bye":true}`)

		require.ErrorIs(t, <-failed, desktop.ErrGone)
		require.Equal(t, []webexcc.Notification{webexcc.LinkLost{Err: desktop.ErrGone}}, news(t, s))
		require.ErrorIs(t, b.End(t.Context(), "i1"), desktop.ErrNotReady)
		b.says(`{"bye":true}`)
		require.Empty(t, news(t, s))

		b.says(up)
		b.holds(atDesk, `{"i1":{`+contact+`}}`)
		list := news(t, s)
		require.Equal(t, []string{"LinkUp", webexcc.AgentReloginSuccess, webexcc.AgentContact}, types(list))
		require.Equal(t, webexcc.LinkUp{Generation: 2, AgentID: "a1"}, list[0])
		require.Equal(t, webexcc.Texts{"i1"}, list[1].(webexcc.Relogin).Data.InteractionIDs)

		b.says(up) // Without a bye, as after a reload.
		require.Equal(t, []string{"LinkLost", "LinkUp"}, types(news(t, s)))
	})
}

func TestHydration(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := scripted(t, desktop.Config{})
		b.says(`{"v":"1","hello":{"inited":"true","props":{"agentId":"a1","orgId":"o1","teamId":"t1","deviceType":"AGENT_DN","stateSince":1700000000000}}}`)
		s := b.Open()
		defer s.Close()
		b.answers("agentStateInfo.latestData", `"ok":`+atDesk)
		// What happens meanwhile keeps its place.
		b.says(event("agentContact.eAgentContactHeld", `{"type":"RoutingMessage","data":{`+contact+`}}`))
		b.answers("actions.getTaskMap", `"ok":{"i1":{`+contact+`},"i2":{"interactionId":"i2"},"i3":[]}`)

		list := news(t, s)

		require.Equal(t, []string{"LinkUp", webexcc.AgentContactHeld, webexcc.AgentReloginSuccess, webexcc.AgentContact}, types(list))
		session := list[2].(webexcc.Relogin).Data
		require.Equal(t, webexcc.Session{
			EventType: webexcc.AgentDesktopMessage, Type: webexcc.AgentReloginSuccess, AgentID: "a1", OrgID: "o1", TeamID: "t1",
			Status: "LoggedIn", SubStatus: "Idle", AuxCodeID: "c1", DeviceType: "AGENT_DN", DN: "1001", DialNumber: "1001",
			LastStateChangeTimestamp: 1700000000000, InteractionIDs: webexcc.Texts{"i1"},
		}, session)
		task := list[3].(webexcc.Task)
		require.Equal(t, "i1", task.InteractionID())
		require.True(t, task.Data.Interaction.Participants["a1"].HasJoined.Is(), "a boolean in quotes")
		require.Equal(t, []string{
			"desktop payloadofactions.getTaskMapproblemno interaction", "desktop payloadofactions.getTaskMapproblemwrong types",
		}, b.logged())
	})
}

func TestAgentWhoIsNotAtAPhone(t *testing.T) {
	t.Parallel()
	for name, latest := range map[string]string{
		"logged out": `{"status":"LoggedOut"}`, "nothing known": `{}`, "null": `null`, "wrong": `[1]`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := scripted(t, desktop.Config{})
				b.says(up)
				s := b.Open()
				defer s.Close()
				b.holds(latest, `null`)

				list := news(t, s)

				require.Equal(t, []string{"LinkUp", webexcc.AgentReloginFailed}, types(list))
				require.EqualValues(t, webexcc.ReasonAgentNotFound, list[1].(webexcc.Relogin).Data.Reason)
				require.ErrorIs(t, b.LogIn(t.Context(), webexcc.Login{}), desktop.ErrDesktopDoes)
				require.ErrorIs(t, desktop.ErrDesktopDoes, webexcc.ErrInvalid)

				b.says(event("agentStateInfo.updated", `[{"name":"status","value":"LoggedIn"},{"name":"subStatus","value":"Idle"}]`))
				b.holds(atDesk, `{}`)
				require.Equal(t, []string{webexcc.AgentReloginSuccess}, types(news(t, s)))
			})
		})
	}
}

func TestHydrationThatIsNeverAnswered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, s := ready(t, up, desktop.Config{})
		began := time.Now()

		require.ErrorIs(t, b.Reload(t.Context()), desktop.ErrTimeout)

		require.Equal(t, 20*time.Second, time.Since(began))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, b.Reload(ctx), context.DeadlineExceeded)
		require.Empty(t, news(t, s))
		done := make(chan error, 1)
		go func() { done <- b.Reload(t.Context()) }()
		synctest.Wait()
		b.holds(atDesk, "{}")
		require.NoError(t, <-done)
		require.Equal(t, []string{webexcc.AgentReloginSuccess}, types(news(t, s)))
	})
}

func TestPipeThatEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, s := ready(t, up, desktop.Config{})
		close(b.in)
		synctest.Wait()

		n, err := s.Next(t.Context())
		require.NoError(t, err)
		require.ErrorIs(t, n.(webexcc.LinkLost).Err, desktop.ErrPipe)
		_, err = s.Next(t.Context())
		require.ErrorIs(t, err, desktop.ErrPipe)
		later := b.Open()
		_, err = later.Next(t.Context())
		require.ErrorIs(t, err, desktop.ErrPipe)
		require.ErrorIs(t, b.Ready(t.Context()), desktop.ErrPipe)
	})
}

func TestBridgeOfAnotherVersion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := scripted(t, desktop.Config{})
		s := b.Open()
		defer s.Close()
		b.says(`{"v":2,"hello":{"inited":true}}`)

		_, err := s.Next(t.Context())

		require.ErrorIs(t, err, desktop.ErrVersion)
	})
}
