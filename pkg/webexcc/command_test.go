package webexcc_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
)

// Every command, as it must stand on the wire.
func TestCommandsOnTheWire(t *testing.T) {
	t.Parallel()
	const media = "m-1"
	queue := webexcc.Destination{To: "q-1", Type: webexcc.ToQueue}
	agent := webexcc.Destination{To: "b0b", Type: webexcc.ToAgent}
	tests := []struct {
		name               string
		call               func(context.Context, *webexcc.Client) error
		method, path, body string
	}{
		{"log in with an extension", func(ctx context.Context, c *webexcc.Client) error {
			return c.LogIn(ctx, webexcc.Login{DialNumber: "1001", TeamID: "team-1", DeviceType: webexcc.DeviceExtension})
		}, "POST", "/v1/agents/login", `{"dialNumber":"1001","teamId":"team-1","deviceType":"EXTENSION","isExtension":true,"deviceId":"1001",
			"roles":["agent"],"teamName":"","siteId":"","usesOtherDN":false,"auxCodeId":""}`},
		{"log in with a number", func(ctx context.Context, c *webexcc.Client) error {
			return c.LogIn(ctx, webexcc.Login{DialNumber: "+14085551212", TeamID: "team-1", DeviceType: webexcc.DeviceAgentDN, IsExtension: true})
		}, "POST", "/v1/agents/login", `{"dialNumber":"+14085551212","teamId":"team-1","deviceType":"AGENT_DN","isExtension":false,
			"deviceId":"+14085551212","roles":["agent"],"teamName":"","siteId":"","usesOtherDN":false,"auxCodeId":""}`},
		{"log out", func(ctx context.Context, c *webexcc.Client) error { return c.LogOut(ctx, "") },
			"POST", "/v1/agents/logout", `{"logoutReason":"User requested logout"}`},
		{"log out for inactivity", func(ctx context.Context, c *webexcc.Client) error { return c.LogOut(ctx, webexcc.LogoutInactive) },
			"POST", "/v1/agents/logout", `{"logoutReason":"Inactivity Logout"}`},
		{"reload", func(ctx context.Context, c *webexcc.Client) error { return c.Reload(ctx) },
			"POST", "/v1/agents/reload", `{}`},
		{"set state", func(ctx context.Context, c *webexcc.Client) error {
			return c.SetState(ctx, webexcc.StateChange{State: webexcc.Available, AuxCodeID: webexcc.AvailableCode, AgentID: agentID, Reason: "Available"})
		}, "PUT", "/v1/agents/session/state", `{"state":"Available","auxCodeId":"0","agentId":"` + agentID + `","lastStateChangeReason":"Available"}`},
		{"buddies", func(ctx context.Context, c *webexcc.Client) error {
			return c.BuddyAgents(ctx, webexcc.BuddyRequest{AgentProfileID: "p-1", MediaType: "telephony", State: webexcc.Available})
		}, "POST", "/v1/agents/buddyList", `{"agentProfileId":"p-1","mediaType":"telephony","state":"Available"}`},
		{"buddies in any state", func(ctx context.Context, c *webexcc.Client) error {
			return c.BuddyAgents(ctx, webexcc.BuddyRequest{AgentProfileID: "p-1", MediaType: "telephony"})
		}, "POST", "/v1/agents/buddyList", `{"agentProfileId":"p-1","mediaType":"telephony"}`},

		{"accept", func(ctx context.Context, c *webexcc.Client) error { return c.Accept(ctx, taskID) },
			"POST", "T/accept", `{}`},
		{"reject", func(ctx context.Context, c *webexcc.Client) error { return c.Reject(ctx, taskID, media) },
			"POST", "T/reject", `{"mediaResourceId":"m-1"}`},
		{"assign", func(ctx context.Context, c *webexcc.Client) error { return c.Assign(ctx, taskID) },
			"POST", "T/assign", `{}`},
		{"hold", func(ctx context.Context, c *webexcc.Client) error { return c.Hold(ctx, taskID, media) },
			"POST", "T/hold", `{"mediaResourceId":"m-1"}`},
		{"unhold", func(ctx context.Context, c *webexcc.Client) error { return c.Unhold(ctx, taskID, media) },
			"POST", "T/unhold", `{"mediaResourceId":"m-1"}`},
		{"pause recording", func(ctx context.Context, c *webexcc.Client) error { return c.PauseRecording(ctx, taskID) },
			"POST", "T/record/pause", `{}`},
		{"resume recording", func(ctx context.Context, c *webexcc.Client) error { return c.ResumeRecording(ctx, taskID, false) },
			"POST", "T/record/resume", `{"autoResumed":false}`},
		{"resume recording by timer", func(ctx context.Context, c *webexcc.Client) error { return c.ResumeRecording(ctx, taskID, true) },
			"POST", "T/record/resume", `{"autoResumed":true}`},
		{"end", func(ctx context.Context, c *webexcc.Client) error { return c.End(ctx, taskID) },
			"POST", "T/end", `{}`},
		{"wrap up", func(ctx context.Context, c *webexcc.Client) error {
			return c.WrapUp(ctx, taskID, webexcc.WrapUp{AuxCodeID: "w-1", Reason: "Sale"})
		}, "POST", "T/wrapup", `{"auxCodeId":"w-1","wrapUpReason":"Sale"}`},
		{"outdial, with the slash", func(ctx context.Context, c *webexcc.Client) error {
			return c.Outdial(ctx, webexcc.Outdial{Destination: "+15550100", Origin: "+15559999", EntryPointID: "ep-1"})
		}, "POST", "/v1/tasks/", `{"destination":"+15550100","origin":"+15559999","entryPointId":"ep-1","direction":"OUTBOUND",
			"attributes":{},"mediaType":"telephony","outboundType":"OUTDIAL"}`},
		{"outdial without origin", func(ctx context.Context, c *webexcc.Client) error {
			return c.Outdial(ctx, webexcc.Outdial{Destination: "+15550100", EntryPointID: "ep-1", Attributes: map[string]string{"key": "k"}})
		}, "POST", "/v1/tasks/", `{"destination":"+15550100","entryPointId":"ep-1","direction":"OUTBOUND",
			"attributes":{"key":"k"},"mediaType":"telephony","outboundType":"OUTDIAL"}`},

		{"consult", func(ctx context.Context, c *webexcc.Client) error {
			return c.Consult(ctx, taskID, webexcc.Consultation{Destination: agent, HoldParticipants: true})
		}, "POST", "T/consult", `{"to":"b0b","destinationType":"agent","holdParticipants":true}`},
		{"accept consult", func(ctx context.Context, c *webexcc.Client) error { return c.AcceptConsult(ctx, taskID) },
			"POST", "T/consult/accept", `{}`},
		{"end consult", func(ctx context.Context, c *webexcc.Client) error { return c.EndConsult(ctx, taskID, "") },
			"POST", "T/consult/end", `{}`},
		{"end consult to queue", func(ctx context.Context, c *webexcc.Client) error { return c.EndConsult(ctx, taskID, "q-1") },
			"POST", "T/consult/end", `{"queueId":"q-1"}`},
		{"cancel consult to queue", func(ctx context.Context, c *webexcc.Client) error {
			return c.CancelConsultToQueue(ctx, taskID, agentID, "q-1")
		}, "POST", "T/cancelCtq", `{"agentId":"` + agentID + `","queueId":"q-1"}`},
		{"transfer", func(ctx context.Context, c *webexcc.Client) error { return c.Transfer(ctx, taskID, queue) },
			"POST", "T/transfer", `{"to":"q-1","destinationType":"queue"}`},
		{"consult transfer", func(ctx context.Context, c *webexcc.Client) error { return c.ConsultTransfer(ctx, taskID, agent) },
			"POST", "T/consult/transfer", `{"to":"b0b","destinationType":"agent"}`},
		{"conference", func(ctx context.Context, c *webexcc.Client) error {
			return c.Conference(ctx, taskID, webexcc.Merger{AgentID: agentID, Destination: agent})
		}, "POST", "T/consult/conference", `{"agentId":"` + agentID + `","to":"b0b","destinationType":"agent"}`},
		{"exit conference", func(ctx context.Context, c *webexcc.Client) error { return c.ExitConference(ctx, taskID) },
			"POST", "T/conference/exit", `{}`},
		{"transfer conference", func(ctx context.Context, c *webexcc.Client) error { return c.TransferConference(ctx, taskID) },
			"POST", "T/conference/transfer", `{}`},
		{"drop participant, escaped", func(ctx context.Context, c *webexcc.Client) error {
			return c.DropParticipant(ctx, taskID, "a/b c?d")
		}, "POST", "T/conference/participants/a%2Fb%20c%3Fd/drop", `{}`},
		{"transfer to an entry point", func(ctx context.Context, c *webexcc.Client) error {
			return c.Transfer(ctx, taskID, webexcc.Destination{To: "ep-1", Type: webexcc.ToEntryPointNumber})
		}, "POST", "T/transfer", `{"to":"ep-1","destinationType":"entrypointDialNumber"}`},

		{"accept a preview, by the campaign's name", func(ctx context.Context, c *webexcc.Client) error {
			return c.AcceptPreview(ctx, "Spring / north", taskID)
		}, "POST", "/v1/dialer/campaign/Spring%20%2F%20north/preview-task/" + taskID + "/accept", `{}`},
		{"skip a preview", func(ctx context.Context, c *webexcc.Client) error { return c.SkipPreview(ctx, "spring", taskID) },
			"POST", "/v1/dialer/campaign/spring/preview-task/" + taskID + "/skip", `{}`},
		{"remove a preview", func(ctx context.Context, c *webexcc.Client) error { return c.RemovePreview(ctx, "spring", taskID) },
			"POST", "/v1/dialer/campaign/spring/preview-task/" + taskID + "/remove", `{}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client, rec := serve(t, accepted)

			require.NoError(t, tt.call(t.Context(), client))

			got := rec.last(t)
			require.Len(t, rec.all(), 1)
			require.Equal(t, tt.method, got.Method)
			require.Equal(t, "/webexcc"+strings.Replace(tt.path, "T/", "/v1/tasks/"+taskID+"/", 1), got.Path)
			require.JSONEq(t, tt.body, got.Body)
			require.Equal(t, "Bearer secret", got.Header.Get("Authorization"))
			require.Equal(t, "application/json", got.Header.Get("Content-Type"))
			require.Regexp(t, `^deskbridge_[0-9a-f]+$`, got.Header.Get("trackingid"))
		})
	}
}

// What Webex could only refuse is not sent.
func TestLocalChecks(t *testing.T) {
	t.Parallel()
	client := &webexcc.Client{BaseURL: "http://webex.invalid", OrgID: orgID, Token: token("secret"), Doer: nil}
	attributes := map[string]string{}
	for i := range webexcc.MaxAttributes + 1 {
		attributes[strings.Repeat("a", i+1)] = ""
	}
	tests := map[string]func(context.Context) error{
		"accept nothing":     func(ctx context.Context) error { return client.Accept(ctx, "") },
		"end the parent":     func(ctx context.Context) error { return client.End(ctx, "..") },
		"hold no media":      func(ctx context.Context) error { return client.Hold(ctx, taskID, "") },
		"unhold no media":    func(ctx context.Context) error { return client.Unhold(ctx, taskID, "") },
		"wrap up, no code":   func(ctx context.Context) error { return client.WrapUp(ctx, taskID, webexcc.WrapUp{Reason: "Sale"}) },
		"wrap up, no reason": func(ctx context.Context) error { return client.WrapUp(ctx, taskID, webexcc.WrapUp{AuxCodeID: "w-1"}) },
		"log in, no number": func(ctx context.Context) error {
			return client.LogIn(ctx, webexcc.Login{TeamID: "t", DeviceType: "EXTENSION"})
		},
		"set no state":    func(ctx context.Context) error { return client.SetState(ctx, webexcc.StateChange{AuxCodeID: "0"}) },
		"consult nobody":  func(ctx context.Context) error { return client.Consult(ctx, taskID, webexcc.Consultation{}) },
		"drop nobody":     func(ctx context.Context) error { return client.DropParticipant(ctx, taskID, "") },
		"cancel no queue": func(ctx context.Context) error { return client.CancelConsultToQueue(ctx, taskID, agentID, "") },
		"skip of nobody":  func(ctx context.Context) error { return client.SkipPreview(ctx, "", taskID) },
		"user without id": func(ctx context.Context) error { _, err := client.User(ctx, ""); return err },
		"outdial nowhere": func(ctx context.Context) error { return client.Outdial(ctx, webexcc.Outdial{EntryPointID: "ep"}) },
		"outdial from nowhere": func(ctx context.Context) error {
			return client.Outdial(ctx, webexcc.Outdial{Destination: "+15550100"})
		},
		"outdial too far": func(ctx context.Context) error {
			return client.Outdial(ctx, webexcc.Outdial{Destination: strings.Repeat("1", webexcc.MaxDestination+1), EntryPointID: "ep"})
		},
		"outdial with too much": func(ctx context.Context) error {
			return client.Outdial(ctx, webexcc.Outdial{Destination: "1", EntryPointID: "ep", Attributes: attributes})
		},
	}
	for name, call := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ErrorIs(t, call(t.Context()), webexcc.ErrInvalid)
		})
	}
}

// The limits themselves are allowed, and count characters, not bytes.
func TestOutdialLimits(t *testing.T) {
	t.Parallel()
	client, rec := serve(t, accepted)

	err := client.Outdial(t.Context(), webexcc.Outdial{Destination: strings.Repeat("é", webexcc.MaxDestination), EntryPointID: "ep"})

	require.NoError(t, err)
	require.Len(t, rec.all(), 1)
}

func TestSubscribe(t *testing.T) {
	t.Parallel()
	client, rec := serve(t, reply(`{"webSocketUrl":"wss://n.example/s?t=1","subscriptionId":7}`))

	got, err := client.Subscribe(t.Context(), webexcc.SubscribeRequest{})

	require.NoError(t, err)
	require.Equal(t, &webexcc.Subscription{WebSocketURL: "wss://n.example/s?t=1", SubscriptionID: "7"}, got)
	require.Equal(t, "/webexcc/v1/notification/subscribe", rec.last(t).Path)
	require.JSONEq(t, `{"force":true,"isKeepAliveEnabled":false,"clientType":"WebexCCSDK","allowMultiLogin":false}`, rec.last(t).Body)

	_, err = client.Subscribe(t.Context(), webexcc.SubscribeRequest{ClientType: "AgentDesktopMessage", AllowMultiLogin: true})

	require.NoError(t, err)
	require.JSONEq(t, `{"force":false,"isKeepAliveEnabled":false,"clientType":"AgentDesktopMessage","allowMultiLogin":true}`, rec.last(t).Body)
}
