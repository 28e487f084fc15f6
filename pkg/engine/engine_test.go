package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/callingext"
	"deskbridge/pkg/softphone"
	"deskbridge/pkg/webexcc"
)

// started is a widget whose agent is available.
func started(t *testing.T) *desk {
	t.Helper()
	st := newStore()
	signedIn(st, ann)
	d := open(t, newCentre(), newServer(), st)
	d.cc.up(1)
	d.screen(softphone.ScreenIdle)
	return d
}

func TestInboundCallEndToEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)

		d.notify(call(webexcc.AgentContactReserved, "i1", nil), call(webexcc.AgentOfferContact, "i1", nil))
		key := d.screen(softphone.ScreenIncoming).Call.Key
		require.NoError(t, d.page.host.Send(callingext.CreateEngagementSucceeded{EngagementID: "9001"}))
		require.NoError(t, d.page.host.Send(callingext.CallerIDMatchSucceeded{CallerIDMatches: []callingext.CallerIDMatch{{
			CallerIDType: callingext.MatchContact, FirstName: "Maria", LastName: "Silva",
			ObjectCoordinates: callingext.ObjectCoordinates{PortalID: "77", ObjectID: "501", ObjectTypeID: "0-1"},
		}}}))
		synctest.Wait()
		d.notify(call(webexcc.AgentContactAssigned, "i1", joined))
		require.Equal(t, "Maria Silva", d.screen(softphone.ScreenInCall).Call.Name)
		time.Sleep(90 * time.Second) // Fake time: the talk.
		d.engine.Send(softphone.NotesEdited{Key: key, Text: "refund"})
		d.engine.Send(softphone.EndRequested{Key: key})
		d.notify(call(webexcc.AgentWrapup, "i1", wrapping))
		d.screen(softphone.ScreenWrapUp)
		d.engine.Send(softphone.WrapUpSubmitted{Key: key})
		d.notify(call(webexcc.AgentWrappedUp, "i1", func(i *webexcc.Interaction, own *webexcc.Participant) {
			wrapping(i, own)
			own.IsWrapUp, own.IsWrappedUp = webexcc.False, webexcc.True
		}))

		d.screen(softphone.ScreenIdle)
		require.Equal(t, []callingext.MessageType{
			callingext.TypeSyncAck, callingext.TypeInitialized, callingext.TypeUserAvailable, callingext.TypeIncomingCall, callingext.TypeNavigateToRecord,
			callingext.TypeCallAnswered, callingext.TypeCallEnded, callingext.TypeCallCompleted,
		}, d.page.types())
		require.Equal(t, []string{"end i1", "wrapup Sale"}, d.cc.commands())
		r := d.server.stored()[string(key)]
		require.True(t, r.Final)
		require.Equal(t, "9001", r.EngagementID)
		require.Equal(t, "refund", r.Notes)
		require.Equal(t, "501", r.Record.ObjectID)
		require.Equal(t, int64(90_000), r.EndedAt-r.AnsweredAt)
		require.Empty(t, outboxOf(d.store), "an acknowledged final record stays nowhere else")
	})
}

func outboxOf(s *store) []string {
	var keys []string
	for _, k := range s.Keys() {
		if strings.HasPrefix(k, "deskbridge.outbox.") {
			keys = append(keys, k)
		}
	}
	return keys
}

func TestSlowLookupAndSaveNeverDelayEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.server.slow = make(chan struct{})
		d.server.set(fmt.Errorf("%w: no route", backend.ErrUnreachable))
		d.notify(call(webexcc.AgentOfferContact, "i1", nil), call(webexcc.AgentContactAssigned, "i1", joined))
		key := d.screen(softphone.ScreenInCall).Call.Key

		d.engine.Send(softphone.EndRequested{Key: key})
		synctest.Wait()

		require.Equal(t, []string{"end i1"}, d.cc.commands())
		close(d.server.slow)
	})
}

func TestBackendDownLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.server.set(fmt.Errorf("%w: no route", backend.ErrUnreachable))
		d.notify(call(webexcc.AgentOfferContact, "i1", nil), call(webexcc.AgentContactAssigned, "i1", joined))
		d.notify(call(webexcc.AgentWrapup, "i1", wrapping))
		v := d.screen(softphone.ScreenWrapUp)
		require.True(t, v.Backend.Down)
		require.Equal(t, 1, v.Backend.Queued)
		require.Len(t, outboxOf(d.store), 1)
		require.Empty(t, d.server.stored())

		d.server.set(nil)
		time.Sleep(20 * time.Second) // Fake time: the longest pause between tries.

		require.Len(t, d.server.stored(), 1)
		require.False(t, d.screen(softphone.ScreenWrapUp).Backend.Down)
	})
}

func TestReloadInMidCallGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.notify(call(webexcc.AgentOfferContact, "i1", nil), call(webexcc.AgentContactAssigned, "i1", joined))
		key := d.screen(softphone.ScreenInCall).Call.Key
		d.engine.Send(softphone.NotesEdited{Key: key, Text: "kept"})
		synctest.Wait()
		d.stop()

		again := open(t, newCentre(), d.server, d.store)
		again.cc.up(1, call(webexcc.AgentContact, "i1", joined))

		v := again.screen(softphone.ScreenInCall)
		require.Equal(t, key, v.Call.Key)
		require.Equal(t, "kept", v.Call.Notes)
		require.NotContains(t, again.page.types(), callingext.TypeIncomingCall, "HubSpot was told before the reload")
	})
}

func TestRecordsOfAnotherAgentStayUnsent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.server.set(fmt.Errorf("%w: no route", backend.ErrUnreachable))
		d.notify(call(webexcc.AgentOfferContact, "i1", nil))
		d.screen(softphone.ScreenIncoming)
		d.stop()
		d.server.set(nil)

		signedIn(d.store, "bob")
		bob := open(t, newCentre(), d.server, d.store)
		bob.cc.up(1)
		bob.screen(softphone.ScreenIdle)
		time.Sleep(time.Minute)
		require.Empty(t, d.server.stored())
		bob.stop()

		signedIn(d.store, ann)
		back := open(t, newCentre(), d.server, d.store)
		synctest.Wait()
		require.Len(t, d.server.stored(), 1)
		back.stop()
	})
}

func TestLiveRecordsShowSignsOfLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.notify(call(webexcc.AgentOfferContact, "i1", nil), call(webexcc.AgentContactAssigned, "i1", joined))
		time.Sleep(5 * time.Second) // Past the search for the record.
		d.screen(softphone.ScreenInCall)
		before := d.server.count()

		time.Sleep(65 * time.Second)

		synctest.Wait()
		require.Equal(t, before+2, d.server.count())
	})
}

func TestExpiredSessionAsksForSignInAndKeepsTheRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.notify(call(webexcc.AgentOfferContact, "i1", nil))
		d.server.set(&backend.Error{Status: 401, Code: backend.CodeSessionExpired})
		d.notify(call(webexcc.AgentContactAssigned, "i1", joined))

		v := d.screen(softphone.ScreenSignIn)

		require.Equal(t, softphone.SessionExpired, v.Problems[0].Code)
		require.Len(t, outboxOf(d.store), 1)
	})
}

func TestRefusedRecordNeedsAPerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.server.set(&backend.Error{Status: 400, Code: backend.CodeInvalid, Message: "notes: too long"})
		d.notify(call(webexcc.AgentOfferContact, "i1", nil))

		v := d.screen(softphone.ScreenIncoming)

		require.Equal(t, softphone.NeedsYou, v.Call.Receipt.State)
		require.Equal(t, "notes: too long", v.Call.Receipt.Detail)
	})
}

func TestCommandsFailingOnTheWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.notify(call(webexcc.AgentOfferContact, "i1", nil), call(webexcc.AgentContactAssigned, "i1", joined))
		key := d.screen(softphone.ScreenInCall).Call.Key
		d.cc.fail["hold"] = &webexcc.Error{Op: "hold", Status: 500, Reason: "PLATFORM"}

		d.engine.Send(softphone.HoldRequested{Key: key})
		v := d.screen(softphone.ScreenInCall)

		require.Equal(t, softphone.CommandRefused, v.Problems[0].Code)
		require.Equal(t, []string{"hold", "PLATFORM"}, v.Problems[0].Args)
		require.True(t, v.Call.CanHold.OK)
	})
}

func TestSocketLossIsRecovered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.notify(call(webexcc.AgentOfferContact, "i1", nil))
		d.cc.out <- webexcc.LinkLost{}
		require.Equal(t, softphone.LinkDown, d.screen(softphone.ScreenIncoming).Link)

		d.cc.up(2, call(webexcc.AgentContact, "i1", joined))

		require.Equal(t, softphone.LinkUp, d.screen(softphone.ScreenInCall).Link)
	})
}

func TestSnapshotThatNeverComesIsNotWaitedForForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.cc.out <- webexcc.LinkUp{Generation: 2, AgentID: ann}
		d.cc.out <- webexcc.Relogin{Type: webexcc.AgentReloginSuccess, Data: webexcc.Session{
			DeviceType: "EXTENSION", SubStatus: webexcc.Idle, InteractionIDs: webexcc.Texts{"ghost"},
		}}
		time.Sleep(4 * time.Second)

		v := d.screen(softphone.ScreenIdle)

		require.Equal(t, softphone.WordIdle, v.Status.Word)
	})
}

func TestTakenOverElsewhereFollows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)

		d.cc.out <- webexcc.MultiLogin{AgentID: ann}
		d.screen(softphone.ScreenFollower)
		d.engine.Send(softphone.LeadRequested{})
		synctest.Wait()

		require.Equal(t, 2, d.cc.opened)
	})
}

func TestDialFromHubSpotThatCannotBeIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)

		require.NoError(t, d.page.host.Send(callingext.DialNumber{PhoneNumber: "not a number", StartTimestamp: 1}))
		synctest.Wait()

		require.Contains(t, d.page.types(), callingext.TypeError)
		require.Empty(t, d.cc.commands())
	})
}

func TestBlockedPopupIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, newCentre(), newServer(), newStore())
		d.screen(softphone.ScreenSignIn)

		d.engine.Send(softphone.SignInRequested{})

		require.Equal(t, softphone.PopupBlocked, d.screen(softphone.ScreenSignIn).Problems[0].Code)
	})
}

func TestStorageThatRefusesIsSaidOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.store.mu.Lock()
		d.store.bad = true
		d.store.mu.Unlock()

		d.notify(call(webexcc.AgentOfferContact, "i1", nil), call(webexcc.AgentContactAssigned, "i1", joined))

		v := d.screen(softphone.ScreenInCall)
		require.Equal(t, softphone.StorageUnusable, v.Problems[0].Code)
		require.Len(t, d.server.stored(), 1, "the record still reaches the backend")
	})
}
