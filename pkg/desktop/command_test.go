package desktop_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/desktop"
	"deskbridge/pkg/webexcc"
)

var commands = []struct {
	name string
	do   func(context.Context, *desktop.Desktop) error
	call string
	args string
}{
	{"log out", func(ctx context.Context, d *desktop.Desktop) error { return d.LogOut(ctx, "whatever") },
		"logout.desktopLogout", `[{"data":{"logoutReason":"User requested logout"}}]`},
	{"log out idle", func(ctx context.Context, d *desktop.Desktop) error { return d.LogOut(ctx, webexcc.LogoutInactive) },
		"logout.desktopLogout", `[{"data":{"logoutReason":"Inactivity Logout"}}]`},
	{"state", func(ctx context.Context, d *desktop.Desktop) error {
		return d.SetState(ctx, webexcc.StateChange{State: "Idle", AuxCodeID: "c1", AgentID: "a1", Reason: "Lunch"})
	}, "agentStateInfo.stateChange", `[{"state":"Idle","auxCodeIdArray":"c1"}]`},
	{"buddies", func(ctx context.Context, d *desktop.Desktop) error {
		return d.BuddyAgents(ctx, webexcc.BuddyRequest{MediaType: "telephony"})
	}, "agentContact.buddyAgentsV2", `[{"data":{"agentProfileId":"p1","mediaType":"telephony"}}]`},
	{"outdial", func(ctx context.Context, d *desktop.Desktop) error {
		return d.Outdial(ctx, webexcc.Outdial{Destination: "+14155550100", EntryPointID: "e1", Origin: "+18005550000",
			Attributes: map[string]string{"deskbridgeKey": "k1"}})
	}, "dialer.startOutdial", `[{"data":{"destination":"+14155550100","origin":"+18005550000","entryPointId":"e1","direction":"OUTBOUND",` +
		`"attributes":{"deskbridgeKey":"k1"},"mediaType":"telephony","outboundType":"OUTDIAL"}}]`},
	{"accept", func(ctx context.Context, d *desktop.Desktop) error { return d.Accept(ctx, "i1") },
		"agentContact.acceptV2", `[{"interactionId":"i1"}]`},
	{"hold", func(ctx context.Context, d *desktop.Desktop) error { return d.Hold(ctx, "i1", "m1") },
		"agentContact.hold", `[{"interactionId":"i1","isPostCallConsult":false,"data":{"mediaResourceId":"m1"}}]`},
	{"unhold", func(ctx context.Context, d *desktop.Desktop) error { return d.Unhold(ctx, "i1", "m1") },
		"agentContact.unHold", `[{"interactionId":"i1","isPostCallConsult":false,"data":{"mediaResourceId":"m1"}}]`},
	{"pause", func(ctx context.Context, d *desktop.Desktop) error { return d.PauseRecording(ctx, "i1") },
		"agentContact.pauseRecordingV2", `[{"interactionId":"i1"}]`},
	{"resume", func(ctx context.Context, d *desktop.Desktop) error { return d.ResumeRecording(ctx, "i1", true) },
		"agentContact.resumeRecordingV2", `[{"interactionId":"i1","data":{"autoResumed":true}}]`},
	{"end", func(ctx context.Context, d *desktop.Desktop) error { return d.End(ctx, "i1") },
		"agentContact.endV2", `[{"interactionId":"i1"}]`},
	{"wrap up", func(ctx context.Context, d *desktop.Desktop) error {
		return d.WrapUp(ctx, "i1", webexcc.WrapUp{AuxCodeID: "w1", Reason: "Sold"})
	}, "agentContact.wrapupV2", `[{"interactionId":"i1","data":{"auxCodeId":"w1","wrapUpReason":"Sold"}}]`},
	{"consult", func(ctx context.Context, d *desktop.Desktop) error {
		return d.Consult(ctx, "i1", webexcc.Consultation{Destination: webexcc.Destination{To: "a2", Type: "agent"}, HoldParticipants: true})
	}, "agentContact.consultV2", `[{"interactionId":"i1","data":{"to":"a2","destinationType":"agent","holdParticipants":true}}]`},
	{"consult a queue", func(ctx context.Context, d *desktop.Desktop) error {
		return d.Consult(ctx, "i1", webexcc.Consultation{Destination: webexcc.Destination{To: "q1", Type: "queue"}})
	}, "agentContact.consultV2", `[{"interactionId":"i1","data":{"to":"q1","destinationType":"queue","holdParticipants":false}}]`},
	{"accept consult", func(ctx context.Context, d *desktop.Desktop) error { return d.AcceptConsult(ctx, "i1") },
		"agentContact.consultAccept", `[{"interactionId":"i1"}]`},
	{"end consult", func(ctx context.Context, d *desktop.Desktop) error { return d.EndConsult(ctx, "i1", "") },
		"agentContact.consultEndV2", `[{"interactionId":"i1","isConsult":true}]`},
	{"end consult in queue", func(ctx context.Context, d *desktop.Desktop) error { return d.EndConsult(ctx, "i1", "q1") },
		"agentContact.consultEndV2", `[{"interactionId":"i1","isConsult":true,"queueId":"q1"}]`},
	{"transfer", func(ctx context.Context, d *desktop.Desktop) error {
		return d.Transfer(ctx, "i1", webexcc.Destination{To: "a2", Type: "agent"})
	}, "agentContact.blindTransferV2", `[{"interactionId":"i1","data":{"to":"a2","destinationType":"agent"}}]`},
	{"transfer to queue", func(ctx context.Context, d *desktop.Desktop) error {
		return d.Transfer(ctx, "i1", webexcc.Destination{To: "q1", Type: "queue"})
	}, "agentContact.vteamTransferV2", `[{"interactionId":"i1","data":{"to":"q1","destinationType":"queue"}}]`},
	{"consult transfer", func(ctx context.Context, d *desktop.Desktop) error {
		return d.ConsultTransfer(ctx, "i1", webexcc.Destination{To: "a2", Type: "agent"})
	}, "agentContact.consultTransferV2", `[{"interactionId":"i1","data":{"to":"a2","destinationType":"agent"}}]`},
	{"conference", func(ctx context.Context, d *desktop.Desktop) error {
		return d.Conference(ctx, "i1", webexcc.Merger{AgentID: "a1", Destination: webexcc.Destination{To: "a2", Type: "agent"}})
	}, "agentContact.consultConferenceV2", `[{"interactionId":"i1","data":{"agentId":"a1","to":"a2","destinationType":"agent"}}]`},
	{"exit conference", func(ctx context.Context, d *desktop.Desktop) error { return d.ExitConference(ctx, "i1") },
		"agentContact.exitConference", `[{"interactionId":"i1"}]`},
	{"drop", func(ctx context.Context, d *desktop.Desktop) error { return d.DropParticipant(ctx, "i1", "a2") },
		"agentContact.dropConferenceParticipant", `[{"interactionId":"i1","data":{"participantId":"a2"}}]`},
	{"variable", func(ctx context.Context, d *desktop.Desktop) error {
		return d.UpdateVariable(ctx, "i1", "colour", "red")
	},
		"dialer.updateCadVariables", `[{"interactionId":"i1","data":{"attributes":{"colour":"red"}},"secureCad":[],"keyId":null,"keyVersion":null}]`},
	{"accept preview", func(ctx context.Context, d *desktop.Desktop) error { return d.AcceptPreview(ctx, "camp", "i1") },
		"dialer.previewCampaignAccept", `[{"data":{"interactionId":"i1","campaignId":"camp"}}]`},
	{"skip preview", func(ctx context.Context, d *desktop.Desktop) error { return d.SkipPreview(ctx, "camp", "i1") },
		"dialer.previewCampaignSkip", `[{"data":{"interactionId":"i1","campaignId":"camp"}}]`},
	{"remove preview", func(ctx context.Context, d *desktop.Desktop) error { return d.RemovePreview(ctx, "camp", "i1") },
		"dialer.removePreviewContact", `[{"data":{"interactionId":"i1","campaignId":"camp"}}]`},
	{"answer", func(ctx context.Context, d *desktop.Desktop) error { return d.Answer(ctx, "i1") }, "actions.acceptWebRtcCall", `null`},
	{"decline", func(ctx context.Context, d *desktop.Desktop) error { return d.Decline(ctx, "i1") }, "actions.declineWebRtcCall", `null`},
	{"mute", func(ctx context.Context, d *desktop.Desktop) error { return d.Mute(ctx, "i1", true) },
		"actions.toggleMuteUnmuteWebRtcCall", `null`},
	{"digit", func(ctx context.Context, d *desktop.Desktop) error { return d.SendDigits(ctx, "i1", "7") }, "agentContact.sendDtmf", `["7"]`},
}

func TestCommandsAreCalls(t *testing.T) {
	t.Parallel()
	for _, c := range commands {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b, s := ready(t, upOnWeb, desktop.Config{})
				done := make(chan error, 1)
				do := func() {
					go func() { done <- c.do(t.Context(), b.Desktop) }()
					synctest.Wait()
				}

				do()
				m := b.last(c.call)
				args, err := json.Marshal(m.Args)
				require.NoError(t, err)
				require.JSONEq(t, c.args, string(args))
				require.Contains(t, desktop.Calls(), c.call)
				b.answers(c.call, `"ok":null`)
				require.NoError(t, <-done)
				require.Empty(t, news(t, s))
				if c.call == "actions.toggleMuteUnmuteWebRtcCall" {
					return // It is muted now.
				}

				do()
				b.answers(c.call, `"error":{"id":"Service.aqm","reason":"BUSY","reasonCode":1001,"trackingId":"t1"}`)
				var refusal *webexcc.Error
				require.ErrorAs(t, <-done, &refusal)
				require.Equal(t, webexcc.Error{Op: c.call, Type: "Service.aqm", Reason: "BUSY", ReasonCode: "1001", TrackingID: "t1"}, *refusal)
			})
		})
	}
}

func TestCallsThatNeverSettle(t *testing.T) {
	t.Parallel()
	for _, c := range commands {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b, s := ready(t, upOnWeb, desktop.Config{})
				began := time.Now()

				err := c.do(t.Context(), b.Desktop)

				switch c.name {
				case "state", "consult a queue": // Taken, and settled some time.
					require.NoError(t, err)
					require.Equal(t, 3*time.Second, time.Since(began))
					time.Sleep(time.Hour)
					b.answers(c.call, `"error":{"reason":"BUSY"}`)
					want := webexcc.AgentStateChangeFailed
					if c.name != "state" {
						want = webexcc.AgentCtqFailed
					}
					require.Equal(t, []string{want}, types(news(t, s)))
				case "accept preview", "skip preview", "remove preview":
					require.ErrorIs(t, err, desktop.ErrTimeout)
					require.Equal(t, 80*time.Second, time.Since(began))
				default:
					require.ErrorIs(t, err, desktop.ErrTimeout)
					require.Equal(t, 20*time.Second, time.Since(began))
					b.answers(c.call, `"ok":null`) // Nobody waits any more.
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				require.ErrorIs(t, c.do(ctx, b.Desktop), context.DeadlineExceeded)
			})
		})
	}
}

func TestRejectionsThatAreNoObjects(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`"nope"`, `7`, `[]`, `{"id":{},"reason":["x"]}`, `true`, `{}`} {
		synctest.Test(t, func(t *testing.T) {
			b, _ := ready(t, up, desktop.Config{})
			done := make(chan error, 1)
			go func() { done <- b.End(t.Context(), "i1") }()
			synctest.Wait()
			b.answers("agentContact.endV2", `"error":`+text)
			var refusal *webexcc.Error
			require.ErrorAs(t, <-done, &refusal, text)
		})
	}
}

func TestAnswersAreNews(t *testing.T) {
	t.Parallel()
	const held = `{"type":"RoutingMessage","trackingId":"t1","data":{"type":"ContactRecordingPaused",` + contact + `}}`
	synctest.Test(t, func(t *testing.T) {
		b, s := ready(t, up, desktop.Config{})
		pause := func(before ...string) {
			done := make(chan error, 1)
			go func() { done <- b.PauseRecording(t.Context(), "i1") }()
			synctest.Wait()
			b.says(before...)
			b.answers("agentContact.pauseRecordingV2", `"ok":`+held)
			require.NoError(t, <-done)
		}

		pause()
		require.Equal(t, []string{webexcc.ContactRecordingPaused}, types(news(t, s)))
		paused := event("agentContact.ePauseRecording", held)
		pause(paused, paused)
		require.Equal(t, []string{webexcc.ContactRecordingPaused, webexcc.ContactRecordingPaused}, types(news(t, s)), "not once more")

		done := make(chan error, 1)
		go func() {
			done <- b.BuddyAgents(t.Context(), webexcc.BuddyRequest{AgentProfileID: "p", MediaType: "telephony"})
		}()
		synctest.Wait()
		b.answers("agentContact.buddyAgentsV2", `"ok":{"type":"BuddyAgents","data":{"type":"BuddyAgents","agentList":[{"agentId":"a2"}]}}`)
		require.NoError(t, <-done)
		require.Equal(t, "a2", news(t, s)[0].(webexcc.Buddies).Data.AgentList[0].AgentID)
	})
}

// What an event has told is no refusal on top.
func TestRejectionThatAnEventHasTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, s := ready(t, up, desktop.Config{})
		done := make(chan error, 1)
		go func() {
			done <- b.Consult(t.Context(), "i1", webexcc.Consultation{Destination: webexcc.Destination{To: "a2", Type: "agent"}})
		}()
		synctest.Wait()
		b.says(event("agentContact.eAgentConsultFailed", `{"trackingId":"t9","data":{"interactionId":"i1","reason":"BUSY"}}`))
		b.answers("agentContact.consultV2", `"error":{"reason":"BUSY","trackingId":"t9"}`)

		require.NoError(t, <-done)
		require.Equal(t, []string{webexcc.AgentConsultFailed}, types(news(t, s)))
	})
}

func TestWhatTheDesktopCannotDo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, _ := ready(t, up, desktop.Config{})
		before := len(b.messages())
		ctx := t.Context()
		require.Equal(t, desktop.Abilities{Variables: true, DigitsOnly: true, NoHandOver: true}, b.Abilities())
		for _, err := range []error{
			b.TransferConference(ctx, "i1"), b.Answer(ctx, "i1"), b.Decline(ctx, "i1"), b.Mute(ctx, "i1", true), b.SendDigits(ctx, "i1", "1"),
			b.LogIn(ctx, webexcc.Login{}), b.Outdial(ctx, webexcc.Outdial{Destination: "1"}), b.WrapUp(ctx, "i1", webexcc.WrapUp{}),
			b.SetState(ctx, webexcc.StateChange{}), b.UpdateVariable(ctx, "i1", "", "x"),
		} {
			require.ErrorIs(t, err, webexcc.ErrInvalid)
		}
		require.NoError(t, b.Mute(ctx, "i1", false), "it is not muted")
		require.Len(t, b.messages(), before)
	})
}

func TestMedia(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, _ := ready(t, upOnWeb, desktop.Config{})
		ctx := t.Context()
		require.Equal(t, desktop.Abilities{Answer: true, Decline: true, Mute: true, Digits: true, Variables: true, DigitsOnly: true, NoHandOver: true}, b.Abilities())
		mute := func(on bool) {
			done := make(chan error, 1)
			go func() { done <- b.Mute(ctx, "i1", on) }()
			synctest.Wait()
			select {
			case err := <-done:
				require.NoError(t, err)
			default:
				b.answers("actions.toggleMuteUnmuteWebRtcCall", `"ok":null`)
				require.NoError(t, <-done)
			}
		}
		count := func() int { return b.count("actions.toggleMuteUnmuteWebRtcCall") }

		mute(true)
		mute(true)
		require.Equal(t, 1, count(), "it can only be changed over")
		mute(false)
		require.Equal(t, 2, count())
		b.says(event("agentContact.eAgentContactHeld", `{"data":{"isWebCallMute":"true",`+contact+`}}`))
		mute(true)
		require.Equal(t, 2, count(), "the Desktop said so")

		require.ErrorIs(t, b.SendDigits(ctx, "i1", "12#"), desktop.ErrNotOffered)
		require.Zero(t, b.count("agentContact.sendDtmf"))
	})
}

func TestListsOfNames(t *testing.T) {
	t.Parallel()
	for _, list := range [][]string{desktop.Calls(), desktop.Events()} {
		require.True(t, slices.IsSorted(list))
		require.Len(t, slices.Compact(slices.Clone(list)), len(list))
	}
	for _, c := range commands {
		require.Contains(t, desktop.Calls(), c.call)
	}
}
