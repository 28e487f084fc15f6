package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/callingext"
	"deskbridge/pkg/softphone"
	"deskbridge/pkg/webexcc"
)

const (
	bob = "a1b2c3d4-0000-4000-8000-00000000000b"
	cho = "a1b2c3d4-0000-4000-8000-00000000000c"
)

type change = func(*webexcc.Interaction, *webexcc.Participant)

// all makes one change of several.
func all(changes ...change) change {
	return func(i *webexcc.Interaction, own *webexcc.Participant) {
		for _, c := range changes {
			c(i, own)
		}
	}
}

// owned makes Ann the owner of the call.
func owned(i *webexcc.Interaction, own *webexcc.Participant) {
	joined(i, own)
	i.Owner = ann
}

// consulting puts Ann on a consult leg with somebody who is there; the customer
// waits.
func consulting(p webexcc.Participant) change {
	return func(i *webexcc.Interaction, own *webexcc.Participant) {
		owned(i, own)
		i.State, own.ConsultState = webexcc.StateConsulting, webexcc.Consulting
		p.HasJoined, p.ConsultState, p.IsConsulted = webexcc.True, webexcc.Consulting, webexcc.True
		i.Participants[p.ID] = p
		main := i.Media[i.InteractionID]
		main.IsHold = webexcc.True
		i.Media[i.InteractionID] = main
		i.Media["c1"] = webexcc.Media{MediaResourceID: "c1", MType: webexcc.ConsultCall, Participants: webexcc.Texts{ann, p.ID}}
	}
}

func agent(id, name string) webexcc.Participant {
	return webexcc.Participant{ID: id, PType: webexcc.PTypeAgent, Type: "Agent", Name: webexcc.Text(name)}
}

// conferring puts Ann into a conference with others.
func conferring(others ...webexcc.Participant) change {
	return func(i *webexcc.Interaction, own *webexcc.Participant) {
		owned(i, own)
		i.State = webexcc.StateConference
		main := i.Media[i.InteractionID]
		for _, p := range others {
			p.HasJoined = webexcc.True
			i.Participants[p.ID] = p
			main.Participants = append(main.Participants, p.ID)
		}
		i.Media[i.InteractionID] = main
	}
}

// queued lets Ann's consult wait in a queue.
func queued(i *webexcc.Interaction, own *webexcc.Participant) {
	owned(i, own)
	own.ConsultState = webexcc.ConsultInitiated
	i.CallProcessingDetails[webexcc.DetailCtqInProgress] = "true"
}

// handed takes Ann off the call; she wraps up.
func handed(i *webexcc.Interaction, own *webexcc.Participant) {
	wrapping(i, own)
	own.HasLeft, i.Owner = webexcc.True, bob
}

var (
	bobby = agent(bob, "Bob Castle")
	entry = webexcc.Participant{
		ID: "+18005550111", PType: webexcc.PTypeEpDN, Type: webexcc.TypeEpDn, EpID: "ep1", DN: "+18005550111",
	}
	number = webexcc.Participant{ID: "+14155550111", PType: webexcc.PTypeDN, Type: "Agent", DN: "+14155550111"}
)

// orders are the commands that take more than one party: where they are
// pressed, what Webex is asked, and what confirms them.
var orders = []struct {
	name    string
	before  change
	press   func(softphone.CallKey) softphone.Event
	op      softphone.Op // As problems name it.
	fault   string       // As the fake names it.
	want    string
	confirm string
	after   change
	screen  softphone.Screen
	patient bool // Nobody knows how long it takes.
}{
	{
		"consult agent", owned, consultTo(softphone.ToAgent, bob), softphone.OpConsult, "consult",
		"consult i1 agent " + bob + " true", webexcc.AgentConsulting, consulting(bobby), softphone.ScreenConsult, false,
	},
	{
		"consult number", owned, consultTo(softphone.ToNumber, "+1 (415) 555-0111"), softphone.OpConsult, "consult",
		"consult i1 dialNumber +14155550111 true", webexcc.AgentConsulting, consulting(number), softphone.ScreenConsult, false,
	},
	{
		"consult entry point", owned, consultTo(softphone.ToEntryPoint, "ep1"), softphone.OpConsult, "consult",
		"consult i1 entryPoint ep1 true", webexcc.AgentConsultCreated, consulting(entry), softphone.ScreenConsult, false,
	},
	{
		"consult queue", owned, consultTo(softphone.ToQueue, "q1"), softphone.OpConsult, "consult",
		"consult i1 queue q1 true", webexcc.AgentConsulting, consulting(bobby), softphone.ScreenConsult, true,
	},
	{
		"end consult", consulting(bobby), press[softphone.ConsultEndRequested], softphone.OpConsultEnd, "consult/end",
		"consult/end i1 ", webexcc.AgentConsultEnded, held, softphone.ScreenOnHold, false,
	},
	{
		"merge with agent", consulting(bobby), press[softphone.MergeRequested], softphone.OpMerge, "consult/conference",
		"consult/conference i1 " + ann + " agent " + bob, webexcc.AgentConsultConferenced, conferring(bobby), softphone.ScreenConference, false,
	},
	{
		"merge with number", consulting(number), press[softphone.MergeRequested], softphone.OpMerge, "consult/conference",
		"consult/conference i1 " + ann + " dialNumber +14155550111", webexcc.AgentConsultConferenced, conferring(number), softphone.ScreenConference, false,
	},
	{
		"merge with entry point", consulting(entry), press[softphone.MergeRequested], softphone.OpMerge, "consult/conference",
		"consult/conference i1 " + ann + " entryPoint ep1", webexcc.AgentConsultConferenced, conferring(entry), softphone.ScreenConference, false,
	},
	{
		"consult transfer", consulting(bobby), press[softphone.ConsultTransferRequested], softphone.OpConsultTransfer, "consult/transfer",
		"consult/transfer i1 agent " + bob, webexcc.AgentConsultTransferred, handed, softphone.ScreenWrapUp, false,
	},
	{
		"transfer to agent", owned, transferTo(softphone.ToAgent, bob), softphone.OpTransfer, "transfer",
		"transfer i1 agent " + bob, webexcc.AgentBlindTransferred, handed, softphone.ScreenWrapUp, false,
	},
	{
		"transfer to queue", owned, transferTo(softphone.ToQueue, "q1"), softphone.OpTransfer, "transfer",
		"transfer i1 queue q1", webexcc.AgentVteamTransferred, handed, softphone.ScreenWrapUp, false,
	},
	{
		"transfer to number", owned, transferTo(softphone.ToNumber, "+14155550111"), softphone.OpTransfer, "transfer",
		"transfer i1 dialNumber +14155550111", webexcc.AgentBlindTransferred, handed, softphone.ScreenWrapUp, false,
	},
	{
		"transfer to entry point", owned, transferTo(softphone.ToEntryPoint, "ep1"), softphone.OpTransfer, "transfer",
		"transfer i1 entrypointDialNumber ep1", webexcc.AgentBlindTransferred, handed, softphone.ScreenWrapUp, false,
	},
	{
		"leave conference", conferring(bobby), press[softphone.LeaveRequested], softphone.OpLeave, "conference/exit",
		"conference/exit i1", webexcc.ParticipantLeftConference, handed, softphone.ScreenWrapUp, false,
	},
	{
		"hand conference over", conferring(bobby), press[softphone.HandOverRequested], softphone.OpHandOver, "conference/transfer",
		"conference/transfer i1", webexcc.ParticipantLeftConference, handed, softphone.ScreenWrapUp, false,
	},
	{
		"drop participant", conferring(bobby), func(k softphone.CallKey) softphone.Event {
			return softphone.DropRequested{Key: k, Party: bob}
		}, softphone.OpDrop, "conference/drop",
		"conference/drop i1 " + bob, webexcc.ParticipantLeftConference, owned, softphone.ScreenInCall, false,
	},
}

func held(i *webexcc.Interaction, own *webexcc.Participant) {
	owned(i, own)
	i.State, own.ConsultState = webexcc.StateHold, webexcc.ConsultCompleted
	main := i.Media[i.InteractionID]
	main.IsHold = webexcc.True
	i.Media[i.InteractionID] = main
}

// press is an event that has nothing but the call's key.
func press[E interface {
	~struct{ Key softphone.CallKey }
	softphone.Event
}](key softphone.CallKey) softphone.Event {
	return E(struct{ Key softphone.CallKey }{key})
}

func consultTo(kind softphone.TargetKind, id string) func(softphone.CallKey) softphone.Event {
	return func(k softphone.CallKey) softphone.Event {
		return softphone.ConsultRequested{Key: k, To: softphone.Target{Kind: kind, ID: id}}
	}
}

func transferTo(kind softphone.TargetKind, id string) func(softphone.CallKey) softphone.Event {
	return func(k softphone.CallKey) softphone.Event {
		return softphone.TransferRequested{Key: k, To: softphone.Target{Kind: kind, ID: id}}
	}
}

// inCall is a widget whose agent is in a call that has come to where a command
// can be pressed.
func inCall(t *testing.T, before change) (*desk, softphone.CallKey) {
	t.Helper()
	d := started(t)
	d.notify(call(webexcc.AgentOfferContact, "i1", nil), call(webexcc.AgentContactAssigned, "i1", owned))
	d.notify(call(webexcc.ContactUpdated, "i1", before))
	time.Sleep(5 * time.Second) // Past the search for the record.
	synctest.Wait()
	v := d.engine.View()
	require.NotNil(t, v.Call)
	require.Empty(t, v.Problems)
	require.Empty(t, d.cc.commands())
	return d, v.Call.Key
}

func TestCommandsOfMoreThanOneAreCarriedOut(t *testing.T) {
	t.Parallel()
	for _, o := range orders {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d, key := inCall(t, o.before)

				d.engine.Send(o.press(key))
				synctest.Wait()

				require.Equal(t, []string{o.want}, d.cc.commands())
				require.Equal(t, o.op, d.engine.View().Call.Pending)
				d.engine.Send(o.press(key)) // A double press is one command.
				synctest.Wait()
				require.Len(t, d.cc.commands(), 1)

				done := call(o.confirm, "i1", o.after)
				if o.op == softphone.OpDrop {
					done.Data.ParticipantID = bob
				} else {
					done.Data.ParticipantID = ann
				}
				d.notify(done)
				v := d.screen(o.screen)
				require.Empty(t, v.Call.Pending)
				require.Empty(t, v.Problems)
			})
		})
	}
}

func TestCommandsOfMoreThanOneThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, o := range orders {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d, key := inCall(t, o.before)
				screen := d.engine.View().Screen
				d.cc.fail[o.fault] = &webexcc.Error{Op: o.fault, Status: 409, Reason: "BUSY"}

				d.engine.Send(o.press(key))

				v := d.screen(screen)
				require.Equal(t, []string{o.want, "reload"}, d.cc.commands())
				require.Equal(t, softphone.CommandRefused, v.Problems[0].Code)
				require.Equal(t, []string{string(o.op), "BUSY"}, v.Problems[0].Args)
				require.Empty(t, v.Call.Pending)
			})
		})
	}
}

func TestCommandsOfMoreThanOneThatNothingIsHeardOf(t *testing.T) {
	t.Parallel()
	for _, o := range orders {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d, key := inCall(t, o.before)

				d.engine.Send(o.press(key))
				time.Sleep(30 * time.Second) // Fake time: past every confirmation.
				synctest.Wait()

				v := d.engine.View()
				if o.patient {
					require.Equal(t, []string{o.want}, d.cc.commands())
					require.Empty(t, v.Problems)
					require.True(t, v.Call.CanEndConsult.OK)
					return
				}
				require.Equal(t, []string{o.want, "reload"}, d.cc.commands())
				require.Equal(t, softphone.NoConfirmation, v.Problems[0].Code)
				require.Equal(t, []string{string(o.op)}, v.Problems[0].Args)
				require.Empty(t, v.Call.Pending)
			})
		})
	}
}

func TestCommandsOfMoreThanOneThatHangOnTheWire(t *testing.T) {
	t.Parallel()
	for _, o := range orders {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d, key := inCall(t, o.before)
				d.cc.slow[o.fault] = make(chan struct{}) // For ever.

				d.engine.Send(o.press(key))
				time.Sleep(9 * time.Second)
				synctest.Wait()
				require.Empty(t, d.engine.View().Problems)
				time.Sleep(2 * time.Second)
				synctest.Wait()

				v := d.engine.View()
				require.Equal(t, softphone.WebexDown, v.Problems[0].Code)
				require.Equal(t, []string{o.want, "reload"}, d.cc.commands())
				require.Empty(t, v.Call.Pending)
			})
		})
	}
}

func TestSwapNamesTheMainLeg(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, key := inCall(t, consulting(bobby))

		d.engine.Send(softphone.SwapRequested{Key: key})
		synctest.Wait()
		require.Equal(t, []string{"unhold i1"}, d.cc.commands())
		d.notify(call(webexcc.AgentContactUnheld, "i1", all(consulting(bobby), func(i *webexcc.Interaction, _ *webexcc.Participant) {
			main, consult := i.Media["i1"], i.Media["c1"]
			main.IsHold, consult.IsHold = webexcc.False, webexcc.True
			i.Media["i1"], i.Media["c1"] = main, consult
		})))
		require.False(t, d.screen(softphone.ScreenConsult).Call.Legs.MainHeld)
		d.engine.Send(softphone.SwapRequested{Key: key})
		synctest.Wait()

		require.Equal(t, []string{"unhold i1", "hold i1"}, d.cc.commands())
	})
}

func TestConsultInAQueueIsWithdrawnByItsQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, key := inCall(t, owned)
		d.engine.Send(consultTo(softphone.ToQueue, "q1")(key))
		synctest.Wait()
		d.notify(call(webexcc.ContactUpdated, "i1", queued))
		require.True(t, d.screen(softphone.ScreenConsult).Call.Legs.Queued)

		d.engine.Send(softphone.ConsultEndRequested{Key: key})
		synctest.Wait()

		require.Equal(t, "consult/end i1 q1", d.cc.commands()[1])
		d.notify(call(webexcc.AgentCtqCancelled, "i1", owned))
		require.Empty(t, d.screen(softphone.ScreenInCall).Problems)
	})
}

func TestReloadWhileAConsultWaitsInItsQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, key := inCall(t, owned)
		d.engine.Send(consultTo(softphone.ToQueue, "q1")(key))
		synctest.Wait()
		d.stop()

		again := open(t, newCentre(), d.server, d.store)
		again.cc.up(1, call(webexcc.AgentContact, "i1", queued))

		v := again.screen(softphone.ScreenConsult)
		require.Equal(t, softphone.ConsultRinging, v.Call.Phase)
		require.True(t, v.Call.CanEndConsult.OK)
	})
}

// The owner's own copy may still look like a conference: who left is said by
// participantId alone.
func TestOwnDepartureIsKnownByItsParticipant(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, _ := inCall(t, conferring(bobby))
		left := call(webexcc.ParticipantLeftConference, "i1", conferring(bobby))
		left.Data.ParticipantID = ann

		d.notify(left)

		d.screen(softphone.ScreenWrapUp)
	})
}

func TestHubSpotHearsOfATransferBeforeTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, key := inCall(t, owned)
		d.engine.Send(transferTo(softphone.ToAgent, bob)(key))
		synctest.Wait()
		d.notify(call(webexcc.AgentBlindTransferred, "i1", handed), call(webexcc.AgentWrapup, "i1", handed))
		d.screen(softphone.ScreenWrapUp)

		require.Equal(t, []callingext.MessageType{
			callingext.TypeIncomingCall, callingext.TypeCallAnswered, callingext.TypeCallTransferred, callingext.TypeCallEnded,
		}, d.page.ofCalls())
		r := d.server.stored()[string(key)]
		require.NotNil(t, r.Left)
		require.Equal(t, "blind", r.Left.How)
		require.Equal(t, bob, r.Left.ID)
		require.Equal(t, "agent", r.Left.Kind)
	})
}

func TestChildOfAnEntryPointGoesOnAsItsParent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		child := all(joined, func(i *webexcc.Interaction, _ *webexcc.Participant) {
			i.CallProcessingDetails[webexcc.DetailRelationshipType] = webexcc.RelationshipConsult
			i.CallProcessingDetails[webexcc.DetailParentInteractionID] = "i1"
			i.MainInteractionID = "i1"
		})
		d.notify(call(webexcc.AgentOfferContact, "i9", nil), call(webexcc.AgentContactAssigned, "i9", child))
		v := d.screen(softphone.ScreenConsult)
		require.True(t, v.Call.Legs.Child)

		merged := call(webexcc.ContactMerged, "i1", conferring(bobby))
		merged.Data.ChildInteractionID = "i9"
		d.notify(merged)

		after := d.screen(softphone.ScreenConference)
		require.Len(t, after.Calls, 1)
		require.Equal(t, v.Call.Key, after.Call.Key)
		require.Equal(t, "i1", d.server.stored()[string(v.Call.Key)].InteractionID)
	})
}

func TestWhoLeftAConferenceIsSaidByName(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, _ := inCall(t, conferring(bobby, agent(cho, "Cho Park")))
		left := call(webexcc.ParticipantLeftConference, "i1", conferring(bobby))
		left.Data.ParticipantID = cho

		d.notify(left)

		v := d.screen(softphone.ScreenConference)
		require.Equal(t, softphone.PartyLeft, v.Problems[0].Code)
		require.Equal(t, []string{"Cho Park"}, v.Problems[0].Args)
	})
}
