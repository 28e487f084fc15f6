package engine_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/softphone"
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
