package hubspot_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
)

func TestRecordsLiveInEveryVersion(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"", hubspot.Version, hubspot.PreviousVersion} {
		t.Run("version "+version, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, hubspottest.Config{})
			client, ctx := cloud.client(), t.Context()
			client.Version = version
			maria := cloud.MatchCaller("+14155550100")[0].ObjectCoordinates.ObjectID.String()

			made, err := client.Create(ctx, hubspot.Calls, hubspot.ObjectInput{
				Properties:   call("i1:ann:1"),
				Associations: []hubspot.Link{{ToID: maria, TypeID: hubspot.CallToContact}},
			})
			require.NoError(t, err)
			require.Equal(t, "2026-11-18T11:06:40Z", made.Properties["hs_timestamp"])

			cloud.clock.Advance(time.Second)
			_, err = client.Update(ctx, "calls", made.ID, hubspot.Properties{"hs_call_title": "Renamed"})
			require.NoError(t, err)
			require.NoError(t, cloud.EditObject("calls", made.ID, map[string]string{"hs_call_title": "By hand"}))
			got, err := client.Get(ctx, "calls", made.ID, hubspot.GetOptions{
				Properties:            []string{"hs_call_title", "hs_call_disposition", "no_such_property"},
				PropertiesWithHistory: []string{"hs_call_title"},
				Associations:          []string{"contacts"},
			})

			require.NoError(t, err)
			require.Equal(t, "By hand", got.Properties["hs_call_title"])
			require.Contains(t, got.Properties, "hs_call_disposition")
			require.NotContains(t, got.Properties, "no_such_property")
			require.Len(t, got.History["hs_call_title"], 3)
			require.Equal(t, "CRM_UI", got.History["hs_call_title"][0].SourceType)
			require.Equal(t, "Call from Maria", got.History["hs_call_title"][2].Value)
			require.Equal(t, cloud.clock.Now(), got.History["hs_call_title"][1].At)
			require.Equal(t, []hubspot.Associate{{ID: maria, Type: "call_to_contact"}}, got.Associations["contacts"])
			require.Equal(t, cloud.clock.Now(), got.UpdatedAt)

			require.NoError(t, client.Archive(ctx, hubspot.Calls, made.ID))
			require.NoError(t, client.Archive(ctx, hubspot.Calls, made.ID), "again")
			_, err = client.Get(ctx, hubspot.Calls, made.ID, hubspot.GetOptions{})
			require.Equal(t, http.StatusNotFound, refused(t, err).Status)
			bin, err := client.Get(ctx, hubspot.Calls, made.ID, hubspot.GetOptions{Archived: true})
			require.NoError(t, err)
			require.True(t, bin.Archived)
		})
	}
}

func TestGetByUniqueProperty(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	client := cloud.client()

	got, err := client.Get(t.Context(), hubspot.Contacts, "maria.silva@acme.example", hubspot.GetOptions{IDProperty: "email"})

	require.NoError(t, err)
	require.Equal(t, "Maria", got.Properties["firstname"])
	_, err = client.Get(t.Context(), hubspot.Contacts, "Maria", hubspot.GetOptions{IDProperty: "firstname"})
	require.Equal(t, http.StatusBadRequest, refused(t, err).Status)
}

func TestSecondContactWithAnAddressConflicts(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	maria := cloud.MatchCaller("+14155550100")[0].ObjectCoordinates.ObjectID.String()

	_, err := cloud.client().Create(t.Context(), hubspot.Contacts, hubspot.ObjectInput{
		Properties: hubspot.Properties{"email": "Maria.Silva@acme.example"},
	})

	e := refused(t, err)
	require.Equal(t, http.StatusConflict, e.Status)
	require.Equal(t, maria, e.ExistingID())
	require.False(t, e.Permanent())
	require.False(t, e.Retryable())
}

func TestExpiredTokenIsRefreshedOnce(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	var stale []string
	client := cloud.client()
	client.Token = fixed("expired")
	client.Refresh = func(_ context.Context, old string) (string, error) {
		stale = append(stale, old)
		return hubspottest.Token, nil
	}

	made, err := client.Create(t.Context(), hubspot.Calls, hubspot.ObjectInput{Properties: call("k")})

	require.NoError(t, err)
	require.NotEmpty(t, made.ID)
	require.Equal(t, []string{"expired"}, stale)
	require.Len(t, cloud.Engagements(), 1)

	cloud.AddFault(hubspottest.Fault{Match: "/", Status: http.StatusUnauthorized, Times: 2})
	_, err = client.Get(t.Context(), hubspot.Calls, made.ID, hubspot.GetOptions{})
	require.True(t, refused(t, err).Permanent(), "the second 401 is final")
	require.Len(t, stale, 2)

	client.Refresh = func(context.Context, string) (string, error) { return "", io.ErrUnexpectedEOF }
	client.Token = fixed("expired")
	_, err = client.Get(t.Context(), hubspot.Calls, made.ID, hubspot.GetOptions{})
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Equal(t, http.StatusUnauthorized, refused(t, err).Status)
}

func TestLostAnswerIsNoRefusal(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	cloud.AddFault(hubspottest.Fault{Match: "POST /crm/objects", Drop: true, After: true})

	_, err := cloud.client().Create(t.Context(), hubspot.Calls, hubspot.ObjectInput{Properties: call("k")})

	notRefused(t, err)
	require.Len(t, cloud.Engagements(), 1, "the request had its effect")
}

func TestDeadlineEndsASlowRequest(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	cloud.AddFault(hubspottest.Fault{Match: "GET /", DelayMs: 600_000})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()

	_, err := cloud.client().Owners(ctx, "")

	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestNothingSecretInErrorsAndLogs(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	client := &hubspot.Client{
		BaseURL: "http://127.0.0.1:1", Token: fixed("pat-na1-secret"),
		Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	_, err := client.Owners(t.Context(), "maria@acme.example")
	notRefused(t, err)
	text := err.Error() + log.String()

	developer := hubspot.Developer{BaseURL: "http://127.0.0.1:1", AppID: "7", APIKey: "hapi-secret", Logger: client.Logger}
	_, err = developer.Settings(t.Context())
	notRefused(t, err)
	text += err.Error() + log.String()

	require.Contains(t, log.String(), "hubspot did not answer")
	for _, secret := range []string{"secret", "maria"} {
		require.NotContains(t, text, secret)
	}
}

func TestIDsAreExactWhateverTheirType(t *testing.T) {
	t.Parallel()
	client := answering(func(*http.Request) *http.Response {
		return respond(200, `{"id":9007199254740993,"properties":{"a":null,"n":17591596434,"b":true,"s":"x"},
			"associations":{"contacts":{"results":[{"id":9007199254740995,"type":"t"}]}}}`)
	})

	got, err := client.Get(t.Context(), "calls", "a/b?c", hubspot.GetOptions{})

	require.NoError(t, err)
	require.Equal(t, "9007199254740993", got.ID)
	require.Equal(t, hubspot.Properties{"a": "", "n": "17591596434", "b": "true", "s": "x"}, got.Properties)
	require.Equal(t, "9007199254740995", got.Associations["contacts"][0].ID)
}

func TestAnswerThatIsNoJSONIsNoRefusal(t *testing.T) {
	t.Parallel()
	client := answering(func(*http.Request) *http.Response { return respond(200, "<html>") })

	_, err := client.Get(t.Context(), "calls", "1", hubspot.GetOptions{})

	notRefused(t, err)
}

func respond(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

func TestLimiterKeepsBelowHubSpotsLimits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		limit  int
		window time.Duration
		send   func(*hubspot.Client, context.Context) error
	}{
		{"requests", 110, 10 * time.Second, func(c *hubspot.Client, ctx context.Context) error {
			_, err := c.Get(ctx, "calls", "1", hubspot.GetOptions{})
			return err
		}},
		{"searches", 4, time.Second, func(c *hubspot.Client, ctx context.Context) error {
			_, err := c.Search(ctx, "calls", hubspot.SearchRequest{})
			return err
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var times []time.Time
				client := answering(func(*http.Request) *http.Response {
					times = append(times, time.Now())
					return respond(200, `{}`)
				})
				client.Limiter = hubspot.NewLimiter()

				for range 3 * tt.limit {
					require.NoError(t, tt.send(client, t.Context()))
				}

				for i := range times[tt.limit:] {
					require.GreaterOrEqual(t, times[i+tt.limit].Sub(times[i]), tt.window-time.Microsecond)
				}
				require.Less(t, times[len(times)-1].Sub(times[0]), 5*tt.window, "no slower than needed")
			})
		})
	}
}

// Two processes that share a portal keep below its limits together.
func TestLimiterOfAPart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests, searches := 0, 0
		client := answering(func(r *http.Request) *http.Response {
			if strings.HasSuffix(r.URL.Path, "/search") {
				searches++
			} else {
				requests++
			}
			return respond(200, `{}`)
		})
		client.Limiter = hubspot.NewLimiterOf(0.5)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		search := func() error { _, err := client.Search(ctx, "calls", hubspot.SearchRequest{}); return err }
		get := func() error { _, err := client.Get(ctx, "calls", "1", hubspot.GetOptions{}); return err }

		var both sync.WaitGroup
		for _, ask := range []func() error{search, get} {
			both.Go(func() {
				for ask() == nil {
				}
			})
		}
		both.Wait()

		require.InDelta(t, 110/2, requests, 1)
		require.InDelta(t, 4*10/2.2, searches, 4)
	})
}

func TestLimiterGivesUpAtTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := answering(func(*http.Request) *http.Response { return respond(200, `{}`) })
		client.Limiter = hubspot.NewLimiter()
		began := time.Now()
		var err error
		for range 5 {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			require.NoError(t, err)
			_, err = client.Search(ctx, "calls", hubspot.SearchRequest{})
			cancel()
		}

		notRefused(t, err)
		require.Zero(t, time.Since(began), "it need not be waited for")

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = client.Search(ctx, "calls", hubspot.SearchRequest{})
		require.True(t, errors.Is(err, context.Canceled))
	})
}

// Who gives up gives the turn back, and whoever comes has to wait behind those
// who wait already.
func TestSearchesWaitInARow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var times []time.Time
		var mu sync.Mutex
		client := answering(func(*http.Request) *http.Response {
			mu.Lock()
			defer mu.Unlock()
			times = append(times, time.Now())
			return respond(200, `{}`)
		})
		client.Limiter = hubspot.NewLimiter()
		require.Equal(t, 4, client.FreeSearches())
		search := func(ctx context.Context) error {
			_, err := client.Search(ctx, "calls", hubspot.SearchRequest{})
			return err
		}
		began := time.Now()
		impatient, leave := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 4 {
			require.NoError(t, search(t.Context()))
		}
		require.Zero(t, client.FreeSearches())
		wg.Go(func() { notRefused(t, search(impatient)) })
		synctest.Wait()
		for range 5 {
			wg.Go(func() { require.NoError(t, search(t.Context())) })
		}
		synctest.Wait()
		late, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		notRefused(t, search(late))
		require.Zero(t, time.Since(began), "the eleventh has its turn after 2.2 s")

		leave()
		wg.Wait()

		require.Len(t, times, 9)
		require.Equal(t, 1100*time.Millisecond, times[7].Sub(began))
		require.Equal(t, 2200*time.Millisecond, times[8].Sub(began))
		time.Sleep(2 * time.Second)
		require.Equal(t, 4, client.FreeSearches())
	})
}
