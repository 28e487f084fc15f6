package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/engine"
	"deskbridge/pkg/softphone"
	"deskbridge/pkg/webexcc"
)

var errNoRoute = fmt.Errorf("%w: no route", backend.ErrUnreachable)

// leave puts records of ended calls into a browser's store as an earlier
// panel has left them, the first of them the oldest.
func leave(st *store, agent string, n int) {
	for i := range n {
		at := time.Now().Add(time.Duration(i-n) * time.Minute).UnixMilli()
		r := backend.Record{
			Key: fmt.Sprintf("c%03d:%s:1", i, agent), Revision: 7, InteractionID: fmt.Sprintf("c%03d", i), Channel: "telephony",
			Direction: "INBOUND", Number: "+14155550100", Phase: "done", Outcome: "COMPLETED", StartedAt: at, AnsweredAt: at + 5000,
			EndedAt: at + 20_000, Notes: strings.Repeat("What was said. ", 40), Final: true,
		}
		text, _ := json.Marshal(map[string]any{"record": r, "acked": 3})
		st.kv["deskbridge.outbox."+agent+"."+r.Key] = string(text)
	}
}

// slowly lets the engine look at its clock once a minute, which may be off.
func slowly(off *atomic.Int64) func(*engine.Config) {
	return func(c *engine.Config) {
		c.Now = func() time.Time { return time.Now().Add(time.Duration(off.Load())).Round(0) }
		c.Ticker = func(time.Duration) (<-chan time.Time, func()) {
			t := time.NewTicker(time.Minute)
			return t.C, t.Stop
		}
	}
}

func TestOutageOfADay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const calls = 300
		st, srv, off := newStore(), newServer(), new(atomic.Int64)
		clock := slowly(off)
		leave(st, ann, calls)
		leave(st, "bob", 2)
		signedIn(st, ann)
		srv.set(errNoRoute)
		srv.takes = 50 * time.Millisecond

		d := open(t, newCentre(), srv, st, clock)
		d.cc.up(1)
		time.Sleep(3 * time.Hour)
		v := d.engine.View()
		require.True(t, v.Backend.Down)
		require.Equal(t, calls, v.Backend.Queued)
		newest := v.History[0].Key
		d.engine.Send(softphone.RecordMended{Key: newest, Notes: "mended meanwhile"})
		off.Store(int64(25 * time.Hour))
		time.Sleep(3 * time.Hour)
		d.stop()

		d = open(t, newCentre(), srv, st, clock) // A reload.
		d.cc.up(1)
		off.Store(-int64(30 * time.Hour))
		time.Sleep(3 * time.Hour)
		d.stop()

		signedIn(st, "bob") // Another agent at the same browser.
		d = open(t, newCentre(), srv, st, clock)
		time.Sleep(time.Hour)
		require.Equal(t, 2, d.engine.View().Backend.Queued)
		d.stop()

		signedIn(st, ann)
		d = open(t, newCentre(), srv, st, clock)
		d.cc.up(1)
		time.Sleep(14 * time.Hour)
		require.Empty(t, srv.stored())
		require.Less(t, srv.count(), 24*60*3, "a storm of requests")
		srv.set(nil)
		time.Sleep(5 * time.Minute)

		var want []string
		for i := range calls - 1 {
			want = append(want, fmt.Sprintf("c%03d:%s:1 r7", i, ann))
		}
		want = append(want, fmt.Sprintf("c%03d:%s:1 r8", calls-1, ann))
		took, most := srv.arrived()
		require.Equal(t, want, took, "everything once, the oldest first, the newest revision")
		require.Equal(t, "mended meanwhile", srv.stored()[string(newest)].Notes)
		require.Equal(t, 1, most, "one at a time")
		v = d.engine.View()
		require.Equal(t, softphone.BackendState{}, v.Backend)
		require.Len(t, outboxOf(st), 2, "Bob's wait for Bob")

		off.Store(int64(90 * time.Hour)) // Signs of life do not depend on the clock.
		d.notify(call(webexcc.AgentOfferContact, "i1", nil))
		time.Sleep(5 * time.Second)
		before := srv.count()
		off.Store(-int64(90 * time.Hour))
		time.Sleep(5 * time.Minute)
		require.InDelta(t, 10, srv.count()-before, 2)
	})
}

func TestFullStoreKeepsWhatNobodyElseHas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		chat := func(id string) webexcc.Task {
			return call(webexcc.AgentContactAssigned, id, func(i *webexcc.Interaction, own *webexcc.Participant) {
				joined(i, own)
				i.MediaType = "chat"
			})
		}
		notes := func(id string) {
			d.engine.Send(softphone.NotesEdited{Key: softphone.CallKey(id + ":" + ann + ":1"), Text: strings.Repeat(id, 500)})
			synctest.Wait()
		}
		inStore := func(id string) bool {
			text, ok := d.store.Get("deskbridge.outbox." + ann + "." + id + ":" + ann + ":1")
			return ok && strings.Contains(text, strings.Repeat(id, 500))
		}
		d.notify(chat("i1"))
		notes("i1")
		require.True(t, inStore("i1"))
		d.notify(chat("i2"), chat("i3"))
		d.server.set(errNoRoute)
		d.store.mu.Lock()
		for _, text := range d.store.kv {
			d.store.room += len(text)
		}
		d.store.room += 200 // For no more notes.
		d.store.mu.Unlock()

		notes("i2")
		require.True(t, inStore("i2"), "room is made")
		require.False(t, inStore("i1"), "by what the backend has")
		require.Empty(t, d.engine.View().Problems)

		notes("i3")
		require.False(t, inStore("i3"))
		require.Len(t, d.engine.View().Problems, 1)
		require.Equal(t, softphone.StorageUnusable, d.engine.View().Problems[0].Code)
		said := d.engine.View().Problems[0].ID
		d.engine.Send(softphone.FollowUpChosen{Key: "i3:" + ann + ":1", FollowUp: &softphone.FollowUp{Subject: "again"}})
		synctest.Wait()
		require.Equal(t, said, d.engine.View().Problems[0].ID, "said once")

		d.server.mu.Lock()
		d.server.down, d.server.failing = nil, map[string]error{"i3:" + ann + ":1": &backend.Error{Status: 500, Code: backend.CodeBackendDown}}
		d.server.mu.Unlock()
		d.notify(call(webexcc.AgentWrappedUp, "i2", func(i *webexcc.Interaction, own *webexcc.Participant) {
			i.MediaType, own.IsWrappedUp = "chat", webexcc.True
		}))
		time.Sleep(time.Minute)
		require.True(t, d.server.stored()["i2:"+ann+":1"].Final)
		require.True(t, inStore("i3"), "the room of a finished record is used")
		d.stop()

		d.server.mu.Lock()
		d.server.failing = nil
		d.server.mu.Unlock()
		again := open(t, newCentre(), d.server, d.store)
		time.Sleep(time.Minute)
		require.Equal(t, strings.Repeat("i3", 500), d.server.stored()["i3:"+ann+":1"].Notes)
		again.stop()
	})
}

func TestOneRecordThatTheBackendFailsOnHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, srv := newStore(), newServer()
		leave(st, ann, 20)
		signedIn(st, ann)
		bad := "c000:" + ann + ":1"
		srv.failing = map[string]error{bad: &backend.Error{Status: 500, Code: backend.CodeBackendDown}}
		d := open(t, newCentre(), srv, st)
		time.Sleep(10 * time.Second)
		require.Len(t, srv.stored(), 19)

		time.Sleep(time.Hour)
		require.Less(t, srv.count(), 60, "it is tried now and then")
		srv.mu.Lock()
		srv.failing = nil
		srv.mu.Unlock()
		time.Sleep(5 * time.Minute)
		require.Contains(t, srv.stored(), bad)
		require.Empty(t, outboxOf(st))
		require.False(t, d.engine.View().Backend.Down)
	})
}

func TestServerSaysWhenToComeBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, srv := newStore(), newServer()
		leave(st, ann, 3)
		signedIn(st, ann)
		srv.set(&backend.Error{Status: 503, Code: backend.CodeBackendDown, RetryAfterMs: 120_000})
		open(t, newCentre(), srv, st)

		time.Sleep(119 * time.Second)
		require.Equal(t, 1, srv.count())
		srv.set(nil)
		time.Sleep(2 * time.Second)
		require.Len(t, srv.stored(), 3)
	})
}

func TestRefusedRecordSurvivesAndIsMended(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, srv := newStore(), newServer()
		leave(st, ann, 1)
		signedIn(st, ann)
		key := "c000:" + ann + ":1"
		srv.failing = map[string]error{key: &backend.Error{Status: 400, Code: backend.CodeInvalid, Message: "notes: too long"}}
		first := open(t, newCentre(), srv, st)
		time.Sleep(time.Minute)
		require.Equal(t, 1, srv.count(), "nobody asks again by himself")
		first.stop()

		d := open(t, newCentre(), srv, st)
		d.cc.up(1)
		v := d.screen(softphone.ScreenIdle)
		require.Equal(t, softphone.Receipt{
			Key: softphone.CallKey(key), Revision: 7, State: softphone.NeedsYou, Need: softphone.NeedsAgent, Detail: "notes: too long",
		}, v.History[0].Receipt)
		require.True(t, v.History[0].MayMend())
		srv.mu.Lock()
		srv.failing = nil
		srv.mu.Unlock()
		d.engine.Send(softphone.RecordMended{
			Key: softphone.CallKey(key), Notes: "short", CodeID: "w1", Record: &softphone.RecordRef{ObjectTypeID: "0-1", ObjectID: "502", Name: "Jo Lee"},
		})
		synctest.Wait()

		got := srv.stored()[key]
		require.Equal(t, int64(8), got.Revision)
		require.Equal(t, "short", got.Notes)
		require.Equal(t, "Sale", got.CodeName)
		require.Equal(t, "502", got.Record.ObjectID)
		require.Empty(t, outboxOf(st))

		// The outbox has let go of it; HubSpot refuses it now, and it goes again.
		srv.mu.Lock()
		srv.state, srv.need = string(softphone.NeedsYou), softphone.NeedsAgent
		srv.mu.Unlock()
		time.Sleep(time.Minute)
		require.True(t, d.engine.View().History[0].MayMend())
		d.engine.Send(softphone.RecordMended{Key: softphone.CallKey(key), Notes: "shorter"})
		synctest.Wait()
		require.Equal(t, int64(9), srv.stored()[key].Revision)
		require.Nil(t, srv.stored()[key].Record)
		require.True(t, srv.stored()[key].NotListed)
	})
}

// another is a tab that has the lead until it gives it away.
type another struct{ given, lost chan struct{} }

func (a another) Acquire(ctx context.Context, steal bool) (<-chan struct{}, error) {
	select {
	case <-a.given:
		return a.lost, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func TestOnlyTheLeadingTabSends(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, srv := newStore(), newServer()
		leave(st, ann, 3)
		signedIn(st, ann)
		lead := another{given: make(chan struct{}, 1), lost: make(chan struct{})}
		d := open(t, newCentre(), srv, st, func(c *engine.Config) { c.Leader = lead })
		time.Sleep(time.Minute)
		require.Zero(t, srv.count())

		lead.given <- struct{}{}
		synctest.Wait()
		require.Len(t, srv.stored(), 3)

		d.cc.up(1)
		d.notify(call(webexcc.AgentOfferContact, "i1", nil))
		time.Sleep(5 * time.Second)
		require.Contains(t, srv.stored(), "i1:"+ann+":1")
		close(lead.lost)
		synctest.Wait()
		before := srv.count()
		time.Sleep(5 * time.Minute)
		require.Equal(t, before, srv.count(), "the signs of life are the other tab's now")
		require.Len(t, outboxOf(st), 1, "and so is the record")
	})
}

// signIns hands out one session after the other.
type signIns struct{ agents chan string }

func (s signIns) SignIn(context.Context, func(softphone.Event)) (backend.Session, error) {
	id := <-s.agents
	return backend.Session{Token: "t-" + id, Agent: backend.Agent{AgentID: id, OrgID: "o1"}}, nil
}

func TestWhatIsOnlyInMemoryWaitsForItsAgent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, srv := newStore(), newServer()
		signedIn(st, ann)
		people := signIns{make(chan string, 2)}
		d := open(t, newCentre(), srv, st, func(c *engine.Config) { c.SignIn = people })
		d.cc.up(1)
		d.screen(softphone.ScreenIdle)
		st.mu.Lock()
		st.bad = true
		st.mu.Unlock()
		srv.set(errNoRoute)
		d.notify(call(webexcc.AgentOfferContact, "i1", nil))
		srv.set(&backend.Error{Status: 401, Code: backend.CodeSessionExpired})
		time.Sleep(time.Minute)
		require.NotEqual(t, softphone.ScreenIncoming, d.engine.View().Screen)
		srv.set(nil)

		people.agents <- "bob"
		d.engine.Send(softphone.SignInRequested{})
		time.Sleep(10 * time.Minute)
		require.Equal(t, "bob", d.engine.View().Agent.AgentID)
		require.Empty(t, srv.stored())

		d.engine.Send(softphone.SessionMissing{Code: softphone.SessionExpired})
		people.agents <- ann
		d.engine.Send(softphone.SignInRequested{})
		time.Sleep(time.Minute)
		require.Len(t, srv.stored(), 1)
	})
}

func TestPanelsDoNotComeBackAllAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var tries []int
		for range 8 {
			st, srv := newStore(), newServer()
			leave(st, ann, 1)
			signedIn(st, ann)
			srv.set(errNoRoute)
			d := open(t, newCentre(), srv, st)
			time.Sleep(10 * time.Minute)
			tries = append(tries, srv.count())
			d.stop()
		}
		slices.Sort(tries)
		require.Greater(t, len(slices.Compact(tries)), 1)
	})
}

// TestWhatComesWhileARevisionIsOnItsWayGoesOutNext, not with the next sign of
// life.
func TestWhatComesWhileARevisionIsOnItsWayGoesOutNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, srv := newStore(), newServer()
		signedIn(st, ann)
		srv.takes = 3 * time.Second
		d := open(t, newCentre(), srv, st)
		d.cc.up(1)
		time.Sleep(10 * time.Second)

		d.notify(call(webexcc.AgentOfferContact, "i1", nil))
		time.Sleep(time.Second)
		d.notify(call(webexcc.AgentContactAssigned, "i1", nil))
		time.Sleep(10 * time.Second)

		require.Equal(t, "talking", srv.stored()["i1:"+ann+":1"].Phase)
	})
}
