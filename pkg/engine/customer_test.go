package engine_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/callingext"
	"deskbridge/pkg/engine"
	"deskbridge/pkg/softphone"
	"deskbridge/pkg/webexcc"
)

func TestLookupCarriesVariablesAndBringsReasons(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		at := time.Now().Add(-time.Hour).Truncate(time.Millisecond)
		d.server.matches = backend.Matches{Matches: []backend.Match{
			{Record: backend.Ref{ObjectTypeID: "0-3", ObjectID: "77", Name: "Renewal"}, Why: "order", Via: "variable", RecentAt: at.UnixMilli()},
		}}

		d.notify(call(webexcc.AgentOfferContact, "i1", func(i *webexcc.Interaction, _ *webexcc.Participant) {
			i.CallAssociatedData = map[string]webexcc.CADVariable{
				"order": {Name: "order", Value: "4711", AgentViewable: webexcc.True, DisplayName: "Order"},
				"score": {Name: "score", Value: "7", AgentViewable: webexcc.False},
				"card":  {Name: "card", Value: "4111", AgentViewable: webexcc.True, IsSecure: webexcc.True},
			}
		}))

		v := d.screen(softphone.ScreenIncoming)
		require.Equal(t, []backend.Lookup{{
			Number: "+14155550100", Direction: "INBOUND", PortalID: "77",
			Variables: []backend.Variable{{Name: "order", Label: "Order", Value: "4711"}, {Name: "score", Label: "score", Value: "7"}},
		}}, d.server.lookups)
		require.Equal(t, "Renewal", v.Call.Match.Chosen.Name)
		require.Equal(t, "variable", v.Call.Match.Matches[0].Via)
		require.True(t, at.Equal(v.Call.Match.Matches[0].RecentAt))
		require.Len(t, v.Call.Variables, 2, "the agent does not see the score")
		require.Equal(t, []backend.Variable{{Name: "order", Label: "Order", Value: "4711"}}, d.server.stored()[string(v.Call.Key)].Variables)
	})
}

// matched is a call whose record is known at once.
func matched(t *testing.T, set func(*server)) *desk {
	t.Helper()
	d := started(t)
	d.server.matches = backend.Matches{Matches: []backend.Match{
		{Record: backend.Ref{ObjectTypeID: "0-1", ObjectID: "501", Name: "Maria Silva"}, Via: "variable"},
	}}
	set(d.server)
	d.notify(call(webexcc.AgentOfferContact, "i1", nil))
	return d
}

func TestCardReachesThePanelWhole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const at = 1_760_000_000_000
		d := matched(t, func(s *server) {
			s.card = backend.Card{
				Record: backend.Ref{ObjectTypeID: "0-1", ObjectID: "999", Name: "Maria Silva"}, // Merged into another one.
				Email:  "m@example.com", Phone: "+14155550100", JobTitle: "CTO", Stage: "Customer", Owner: "Ann", NoCalls: true,
				Company: &backend.CardItem{Record: backend.Ref{ObjectTypeID: "0-2", ObjectID: "9", Name: "Acme"}, Detail: "acme.example"},
				Deals:   []backend.CardItem{{Record: backend.Ref{ObjectTypeID: "0-3", ObjectID: "77"}, Stage: "Won", Amount: "12 EUR", At: at}},
				Tickets: []backend.CardItem{{Record: backend.Ref{ObjectTypeID: "0-5", ObjectID: "5"}, Stage: "New", Detail: "HIGH", At: at}},
				Recent: []backend.CardRecent{{
					At: at, Channel: "telephony", Direction: "INBOUND", Agent: "Bob", Queue: "Billing", Outcome: "COMPLETED", Reason: "Sale", URL: "u",
				}},
				Missing: []string{"deals"},
			}
		})

		v := d.screen(softphone.ScreenIncoming)
		then := time.UnixMilli(at)
		require.Equal(t, softphone.CardShown, v.Call.CardState)
		require.True(t, v.Call.NoCalls)
		require.Equal(t, softphone.Card{
			Record: softphone.RecordRef{ObjectTypeID: "0-1", ObjectID: "501", Name: "Maria Silva"},
			Email:  "m@example.com", Phone: "+14155550100", JobTitle: "CTO", Stage: "Customer", Owner: "Ann", NoCalls: true,
			Company: &softphone.CardItem{Record: softphone.RecordRef{ObjectTypeID: "0-2", ObjectID: "9", Name: "Acme"}, Detail: "acme.example"},
			Deals:   []softphone.CardItem{{Record: softphone.RecordRef{ObjectTypeID: "0-3", ObjectID: "77"}, Stage: "Won", Amount: "12 EUR", At: then}},
			Tickets: []softphone.CardItem{{Record: softphone.RecordRef{ObjectTypeID: "0-5", ObjectID: "5"}, Stage: "New", Detail: "HIGH", At: then}},
			Recent: []softphone.CardRecent{{
				At: then, Channel: softphone.Telephony, Direction: softphone.Inbound, Agent: "Bob", Queue: "Billing",
				Outcome: softphone.Completed, Reason: "Sale", URL: "u",
			}},
			Missing: []string{"deals"},
		}, v.Call.Card)
		require.Equal(t, []string{"card 0-1/501 77"}, d.server.asked)

		d.engine.Send(softphone.RecordShown{Key: v.Call.Key, Record: v.Call.Card.Company.Record})
		synctest.Wait()
		last := d.page.got[len(d.page.got)-1].(callingext.NavigateToRecord)
		require.EqualValues(t, "9", last.ObjectCoordinates.ObjectID)
	})
}

func TestDealsOpenByTheirAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, srv := newStore(), newServer()
		signedIn(st, ann)
		srv.matches = backend.Matches{Matches: []backend.Match{
			{Record: backend.Ref{ObjectTypeID: "0-3", ObjectID: "77", Name: "Renewal"}, Via: "variable"},
		}}
		var opened []string
		var blocked error
		d := open(t, newCentre(), srv, st, func(c *engine.Config) {
			c.OpenTab = func(url string) error { opened = append(opened, url); return blocked }
		})
		d.cc.up(1)
		d.screen(softphone.ScreenIdle)
		blocked = errors.New("no press")
		d.notify(call(webexcc.AgentOfferContact, "i1", nil))
		v := d.screen(softphone.ScreenIncoming)
		require.Equal(t, softphone.TabBlocked, v.Problems[0].Code)
		require.NotContains(t, d.page.types(), callingext.TypeNavigateToRecord)

		blocked = nil
		d.engine.Send(softphone.ProblemDismissed{ID: v.Problems[0].ID})
		d.engine.Send(softphone.RecordOpened{Key: v.Call.Key})
		synctest.Wait()
		require.Empty(t, d.engine.View().Problems)
		require.Equal(t, []string{portal + "/contacts/77/record/0-3/77", portal + "/contacts/77/record/0-3/77"}, opened)
	})
}

func TestMissedCardIsQuietAndHoldsNothingUp(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*server){
		"older server": func(s *server) { s.noCard = &backend.Error{Status: 404, Code: backend.CodeNotFound} },
		"foreign 404":  func(s *server) { s.noCard = errNoRoute },
		"slow":         func(s *server) { s.slowCard = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := matched(t, set)
				require.Equal(t, softphone.ScreenIncoming, d.engine.View().Screen)
				d.notify(call(webexcc.AgentContactAssigned, "i1", joined))
				d.engine.Send(softphone.EndRequested{Key: d.engine.View().Call.Key})
				synctest.Wait()
				require.Equal(t, []string{"end i1"}, d.cc.commands())

				time.Sleep(4 * time.Second)
				synctest.Wait()
				v := d.engine.View()
				require.Equal(t, softphone.CardFailed, v.Call.CardState)
				require.Empty(t, v.Problems)

				d.server.mu.Lock()
				d.server.noCard, d.server.slowCard = nil, false
				d.server.card = backend.Card{Email: "m@example.com"}
				d.server.mu.Unlock()
				d.engine.Send(softphone.CardAsked{Key: v.Call.Key})
				synctest.Wait()
				require.Equal(t, "m@example.com", d.engine.View().Call.Card.Email)
			})
		})
	}
}

func TestDialLimitEndsTheOutdial(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.server.noDial = &backend.Error{Status: 429, Code: backend.CodeDialLimit, RetryAfterMs: 41_200}

		require.NoError(t, d.page.host.Send(callingext.DialNumber{PhoneNumber: "+14155550100", StartTimestamp: 1}))
		v := d.screen(softphone.ScreenIdle)

		require.Equal(t, softphone.DialLimit, v.Problems[0].Code)
		require.Equal(t, []string{"42"}, v.Problems[0].Args)
		require.Equal(t, softphone.Failed, v.History[0].Outcome)
		require.Empty(t, d.cc.commands())
		require.Contains(t, d.server.asked, "dial +14155550100 77")
		require.Equal(t, []callingext.MessageType{
			callingext.TypeOutgoingCall, callingext.TypeCallEnded, callingext.TypeCallCompleted,
		}, d.page.ofCalls())
	})
}

func TestOurOwnLimitStopsNoCallWhenItCannotBeAsked(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*server){
		"down":         func(s *server) { s.noDial = errNoRoute },
		"broken":       func(s *server) { s.noDial = &backend.Error{Status: 500, Code: backend.CodeBackendDown} },
		"older server": func(s *server) { s.noDial = &backend.Error{Status: 404, Code: backend.CodeNotFound} },
		"busy":         func(s *server) { s.noDial = &backend.Error{Status: 429, Code: backend.CodeTooMany, RetryAfterMs: 1000} },
		"slow":         func(s *server) { s.slowDial = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := started(t)
				set(d.server)

				d.engine.Send(softphone.DialRequested{Key: d.engine.NewKey(), Number: "+14155550100"})
				time.Sleep(1500 * time.Millisecond)
				synctest.Wait()

				require.Equal(t, []string{"outdial +14155550100"}, d.cc.commands())
				require.Equal(t, softphone.ScreenDialing, d.engine.View().Screen)
				require.Empty(t, d.engine.View().Problems)
			})
		})
	}
}

func TestMenuAndQueueComeFromWebexsClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		theirs := time.Now().Add(-3 * time.Hour) // Our clock is wrong.
		offer := call(webexcc.AgentOfferContact, "i1", func(i *webexcc.Interaction, _ *webexcc.Participant) {
			i.CreatedTimestamp = webexcc.Millis(theirs.Add(-80 * time.Second).UnixMilli())
			i.QueuedTimestamp = webexcc.Millis(theirs.Add(-60 * time.Second).UnixMilli())
		})
		offer.Data.EventTime = webexcc.Millis(theirs.UnixMilli())
		d.notify(offer)

		r := d.server.stored()[string(d.screen(softphone.ScreenIncoming).Call.Key)]
		require.Equal(t, int64(20_000), r.MenuMs)
		require.Equal(t, int64(60_000), r.QueueMs)
	})
}

func TestClockSetBackPutsNoEndBeforeItsBeginning(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, srv, off := newStore(), newServer(), new(atomic.Int64)
		signedIn(st, ann)
		d := open(t, newCentre(), srv, st, slowly(off))
		d.cc.up(1)
		back := func() { off.Add(-int64(time.Hour)) }
		d.notify(call(webexcc.AgentOfferContact, "i1", nil))
		back()
		d.notify(call(webexcc.AgentContactAssigned, "i1", joined))
		held := func(i *webexcc.Interaction, own *webexcc.Participant) {
			joined(i, own)
			m := i.Media["i1"]
			m.IsHold = webexcc.True
			i.Media["i1"] = m
		}
		d.notify(call(webexcc.AgentContactHeld, "i1", held))
		back()
		d.notify(call(webexcc.AgentContactUnheld, "i1", joined))
		back()
		d.notify(call(webexcc.AgentWrapup, "i1", wrapping))
		back()
		d.notify(call(webexcc.AgentWrappedUp, "i1", func(i *webexcc.Interaction, own *webexcc.Participant) {
			own.IsWrappedUp = webexcc.True
		}))
		d.screen(softphone.ScreenIdle)

		r := srv.stored()["i1:"+ann+":1"]
		require.True(t, r.Final)
		require.LessOrEqual(t, r.StartedAt, r.AnsweredAt)
		require.LessOrEqual(t, r.AnsweredAt, r.EndedAt)
		require.LessOrEqual(t, r.EndedAt, r.WrappedAt)
		require.Zero(t, r.HoldMs)
	})
}

func TestPageThatTheTenantDoesNotAllowTakesNoPart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, srv := newStore(), newServer()
		srv.settings = &backend.Settings{PopAt: "ring", AllowedOrigins: []string{"https://app-eu1.hubspot.com"}}
		signedIn(st, ann)
		people := signIns{make(chan string, 1)}
		d := open(t, newCentre(), srv, st, func(c *engine.Config) { c.SignIn = people })
		d.cc.up(1)
		v := d.screen(softphone.ScreenIdle)
		require.Equal(t, softphone.HostNotAllowed, v.Problems[0].Code)

		require.NoError(t, d.page.host.Send(callingext.DialNumber{PhoneNumber: "+14155550100", StartTimestamp: 1}))
		d.notify(call(webexcc.AgentOfferContact, "i1", nil))
		v = d.screen(softphone.ScreenIncoming)
		require.False(t, v.Call.HasPortal)
		require.Empty(t, d.cc.commands())
		require.Empty(t, d.page.ofCalls(), "the call is here all the same")

		// Another agent, of a tenant that allows it.
		srv.mu.Lock()
		srv.settings = &backend.Settings{PopAt: "ring", AllowedOrigins: []string{"https://*.hubspot.com"}}
		srv.mu.Unlock()
		d.engine.Send(softphone.SessionMissing{Code: softphone.SessionExpired})
		people.agents <- "bob"
		d.engine.Send(softphone.SignInRequested{})
		synctest.Wait()
		require.Empty(t, d.engine.View().Problems)
		require.Contains(t, d.page.types(), callingext.TypeLoggedIn)
	})
}
