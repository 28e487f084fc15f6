package engine_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/softphone"
	"deskbridge/pkg/webexcc"
)

func TestSearchAsksForThePageOfThisPortal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.server.page = backend.Page{Total: 27, More: true, Entries: []backend.Entry{
			{ID: "501", Name: "Maria Silva", Number: "+14155550100", Detail: "ACME", NoCalls: true,
				Record: &backend.Ref{ObjectTypeID: "0-1", ObjectID: "501", Name: "Maria Silva"}},
			{ID: "502", Name: "Mario Rossi"},
		}}

		got, err := d.engine.Search(t.Context(), softphone.DirectoryQuery{Kind: softphone.CRMContacts, Search: "mar", Page: 1})

		require.NoError(t, err)
		require.Equal(t, []string{"search contact mar 1 77"}, d.server.asked)
		require.Equal(t, softphone.DirectoryPage{Total: 27, More: true, Entries: []softphone.DirectoryEntry{
			{Kind: softphone.CRMContacts, ID: "501", Name: "Maria Silva", Number: "+14155550100", Detail: "ACME", NoCalls: true,
				Record: &softphone.RecordRef{ObjectTypeID: "0-1", ObjectID: "501", Name: "Maria Silva"}},
			{Kind: softphone.CRMContacts, ID: "502", Name: "Mario Rossi"},
		}}, got)
	})
}

func TestNumberSaysWhatTheServerKnows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.server.number = backend.Number{
			Valid: true, Dial: "+14155550100", Display: "(415) 555-0100", Country: "US", Allowed: true,
			Matches: []backend.Match{{Record: backend.Ref{ObjectTypeID: "0-1", ObjectID: "501", Name: "Maria Silva"}, NoCalls: true}},
		}

		got, err := d.engine.Number(t.Context(), "415 555 0100")

		require.NoError(t, err)
		require.Equal(t, []string{"number 415 555 0100 77"}, d.server.asked)
		require.Equal(t, softphone.NumberInfo{
			Valid: true, Dial: "+14155550100", Display: "(415) 555-0100", Country: "US", Allowed: true,
			Matches: []softphone.Match{{Record: softphone.RecordRef{ObjectTypeID: "0-1", ObjectID: "501", Name: "Maria Silva"}, NoCalls: true}},
		}, got)
	})
}

// questions are the two, to be put by their errors.
var questions = []struct {
	name  string
	limit time.Duration
	put   func(*desk, context.Context) error
}{
	{"search", 5 * time.Second, func(d *desk, ctx context.Context) error {
		_, err := d.engine.Search(ctx, softphone.DirectoryQuery{Kind: softphone.Queues})
		return err
	}},
	{"number", 3 * time.Second, func(d *desk, ctx context.Context) error {
		_, err := d.engine.Number(ctx, "1")
		return err
	}},
}

func TestQuestionsHaveADeadline(t *testing.T) {
	t.Parallel()
	for _, q := range questions {
		t.Run(q.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := started(t)
				d.server.slow = make(chan struct{})
				began := time.Now()

				err := q.put(d, t.Context())

				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.Equal(t, q.limit, time.Since(began))
			})
		})
	}
}

func TestQuestionsThatFind(t *testing.T) {
	t.Parallel()
	for _, q := range questions {
		t.Run(q.name+" the session over", func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := started(t)
				d.server.set(&backend.Error{Status: 401, Code: backend.CodeSessionExpired})

				err := q.put(d, t.Context())

				require.Error(t, err)
				require.Equal(t, softphone.SessionExpired, d.screen(softphone.ScreenSignIn).Problems[0].Code)
			})
		})
		t.Run(q.name+" the server down", func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := started(t)
				d.server.set(backend.ErrUnreachable)

				err := q.put(d, t.Context())

				require.ErrorIs(t, err, backend.ErrUnreachable)
				d.screen(softphone.ScreenIdle)
			})
		})
	}
}

func TestBuddiesAreListedWithTheirStates(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := started(t)

		d.engine.Send(softphone.BuddiesRequested{})
		synctest.Wait()
		require.Equal(t, []string{"buddies profile telephony "}, d.cc.commands())
		d.cc.out <- webexcc.Buddies{Type: webexcc.BuddyAgentsListed, Data: webexcc.BuddyList{AgentList: []webexcc.Buddy{
			{AgentID: cho, AgentName: "Cho Park", State: webexcc.Idle, TeamID: "t1", DN: "1003"},
			{AgentID: bob, AgentName: "Bob Castle", State: webexcc.Available, TeamID: "t1", DN: "1002"},
		}}}

		require.Equal(t, []softphone.Buddy{
			{ID: bob, Name: "Bob Castle", Team: "t1", State: "Available", Number: "1002", Available: true},
			{ID: cho, Name: "Cho Park", Team: "t1", State: "Idle", Number: "1003"},
		}, d.screen(softphone.ScreenIdle).Buddies)
	})
}

func TestListOfBuddiesThatFailsMayBeAskedForAgain(t *testing.T) {
	t.Parallel()
	failures := map[string]func(*desk){
		"notified": func(d *desk) {
			d.cc.out <- webexcc.Buddies{Type: webexcc.BuddyAgentsRetrieveFailed, Data: webexcc.BuddyList{Reason: "PLATFORM"}}
		},
		"refused": func(d *desk) {}, // By cc.fail.
	}
	for name, fail := range failures {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := started(t)
				if name == "refused" {
					d.cc.fail["buddies"] = fmt.Errorf("no route")
				}
				d.engine.Send(softphone.BuddiesRequested{})
				synctest.Wait()
				fail(d)
				synctest.Wait()
				require.Empty(t, d.engine.View().Problems)

				time.Sleep(6 * time.Second)
				d.engine.Send(softphone.BuddiesRequested{})
				synctest.Wait()

				require.Len(t, d.cc.commands(), 2)
			})
		})
	}
}
