package lookup_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/lookup"
)

// portal is an emulated account behind a socket.
func portal(t testing.TB, cfg hubspottest.Config) (*hubspottest.Server, lookup.Portal) {
	t.Helper()
	server := hubspottest.New(cfg)
	front := httptest.NewServer(server.Handler())
	t.Cleanup(front.Close)
	return server, lookup.Portal{ID: hubspottest.PortalID, CRM: &hubspot.Client{
		BaseURL: front.URL, Token: func(context.Context) (string, error) { return hubspottest.Token, nil },
	}}
}

func names(matches []lookup.Match) []string {
	list := []string{}
	for _, m := range matches {
		list = append(list, m.Name)
	}
	return list
}

func TestWhoseNumberItIs(t *testing.T) {
	t.Parallel()
	server, portal := portal(t, hubspottest.Config{Searches: -1})
	look := lookup.New(lookup.Config{})
	for _, tt := range []struct {
		name, number string
		want         []string
		property     string
	}{
		{"one", "+14155550100", []string{"Maria Silva"}, "phone"},
		{"one, as people write it", "(415) 555-0100", []string{"Maria Silva"}, "phone"},
		{"several", "+14155550123", []string{"James Okafor", "Priya Raman"}, "phone"},
		{"none", "+14155550199", []string{}, ""},
		{"mobile", "+4915123456789", []string{"Lena Hoffmann"}, "mobilephone"},
		{"extension in the CRM", "+14155550142", []string{"Carlos Mendoza"}, "phone"},
		{"leading zero", "+390669884857", []string{"Sofia Rossi"}, "phone"},
		{"same national digits abroad", "+3484155550100", []string{}, ""},
		{"Turkey", "+902125550123", []string{"Yusuf Demir"}, "phone"},
		{"company", "+14155550190", []string{"Acme"}, "phone"},
		{"company in national form", "+12065550171", []string{"Northwind Traders"}, "phone"},
		{"company abroad", "+4930901820", []string{"Nordlicht Energie GmbH"}, "phone"},
		{"withheld", "anonymous", []string{}, ""},
		{"internal", "1001", []string{}, ""},
	} {
		got, err := look.Match(t.Context(), portal, lookup.Query{Number: tt.number})

		require.NoError(t, err, tt.name)
		require.Equal(t, tt.want, names(got), tt.name)
		if len(got) > 0 {
			require.Equal(t, tt.property, got[0].Property, tt.name)
		}
	}
	before := len(server.Requests())
	got, err := look.Match(t.Context(), portal, lookup.Query{Number: "+14155550100"})
	require.NoError(t, err)
	_, err = look.Match(t.Context(), portal, lookup.Query{Number: "Restricted"})
	require.NoError(t, err)
	require.Len(t, server.Requests(), before, "known, or nothing to search for")
	require.Equal(t, lookup.Match{
		ObjectTypeID: hubspot.Contacts, ObjectID: server.MatchCaller("+14155550100")[0].ObjectCoordinates.ObjectID.String(),
		Name: "Maria Silva", Email: "maria.silva@acme.example", Company: "Acme", Via: lookup.ByNumber, Property: "phone",
	}, got[0])
}

func TestOneSearchForAContact(t *testing.T) {
	t.Parallel()
	server, portal := portal(t, hubspottest.Config{})

	_, err := lookup.New(lookup.Config{}).Match(t.Context(), portal, lookup.Query{Number: "+14155550100"})

	require.NoError(t, err)
	require.Len(t, server.Requests(), 1)
}

func TestAdminsOwnProperties(t *testing.T) {
	t.Parallel()
	server, portal := portal(t, hubspottest.Config{})
	client := portal.CRM.(*hubspot.Client)
	_, err := client.CreateProperty(t.Context(), hubspot.Contacts, hubspot.Property{
		Name: "hotline", Label: "Hotline", Type: "string", FieldType: "phonenumber", Group: "contactinformation",
	})
	require.NoError(t, err)
	_, err = server.AddObject("contacts", map[string]string{"email": "rita@x.example", "hotline": "(415) 555-0188"})
	require.NoError(t, err)
	portal.Properties = []string{"hotline"}

	got, err := lookup.New(lookup.Config{}).Match(t.Context(), portal, lookup.Query{Number: "+14155550188"})

	require.NoError(t, err)
	require.Equal(t, []string{"rita@x.example"}, names(got))
	require.Equal(t, "hotline", got[0].Property)
}

func TestNumbersWithoutCountryCodeBelongToTheRegion(t *testing.T) {
	t.Parallel()
	server, portal := portal(t, hubspottest.Config{Region: "DE"})
	_, err := server.AddObject("contacts", map[string]string{"firstname": "Uwe", "phone": "0170 / 765 43 21"})
	require.NoError(t, err)
	look := lookup.New(lookup.Config{})

	portal.Region = "DE"
	got, err := look.Match(t.Context(), portal, lookup.Query{Number: "+491707654321"})
	require.NoError(t, err)
	require.Equal(t, []string{"Uwe"}, names(got))
	look.Forget("")
	portal.Region = "US"
	got, err = look.Match(t.Context(), portal, lookup.Query{Number: "+491707654321"})
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestRefusalIsReported(t *testing.T) {
	t.Parallel()
	server, portal := portal(t, hubspottest.Config{})
	server.AddFault(hubspottest.Fault{Match: "POST /crm", Status: http.StatusTooManyRequests, ErrorType: "TEN_SECONDLY_ROLLING"})
	look := lookup.New(lookup.Config{})

	_, err := look.Match(t.Context(), portal, lookup.Query{Number: "+14155550100"})

	var refused *hubspot.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, 10*time.Second, refused.Wait())
	got, err := look.Match(t.Context(), portal, lookup.Query{Number: "+14155550100"})
	require.NoError(t, err, "errors are not cached")
	require.Len(t, got, 1)
}

// searcher answers from functions, for tests of time.
type searcher struct {
	searches
	mu     sync.Mutex
	asked  int
	answer func(ctx context.Context, n int) (*hubspot.SearchResult, error)
}

func (s *searcher) SearchWith(ctx context.Context, objectType string, build func() hubspot.SearchRequest) (*hubspot.SearchResult, error) {
	build()
	if objectType != hubspot.Contacts {
		return &hubspot.SearchResult{}, nil
	}
	s.mu.Lock()
	s.asked++
	n := s.asked
	s.mu.Unlock()
	return s.answer(ctx, n)
}

const number = "+14155550100"

func found(id string) *hubspot.SearchResult {
	return &hubspot.SearchResult{Objects: []hubspot.Object{{ID: id, Properties: hubspot.Properties{"phone": number, "firstname": id}}}}
}

func TestIdenticalLookupsShareOneSearch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		crm := &searcher{answer: func(context.Context, int) (*hubspot.SearchResult, error) {
			time.Sleep(time.Second) // The bubble's.
			return found("1"), nil
		}}
		look := lookup.New(lookup.Config{})
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				got, err := look.Match(t.Context(), lookup.Portal{ID: "1", CRM: crm}, lookup.Query{Number: number})
				if err != nil || len(got) != 1 {
					t.Errorf("got %v, %v", got, err)
				}
			})
		}
		wg.Wait()

		require.Equal(t, 1, crm.asked)
		_, err := look.Match(t.Context(), lookup.Portal{ID: "2", CRM: crm}, lookup.Query{Number: number})
		require.NoError(t, err)
		require.Equal(t, 2, crm.asked, "portals do not share answers")
	})
}

func TestAnswersAge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		nobody := false
		crm := &searcher{answer: func(context.Context, int) (*hubspot.SearchResult, error) {
			if nobody {
				return &hubspot.SearchResult{}, nil
			}
			return found("1"), nil
		}}
		look := lookup.New(lookup.Config{Fresh: 3 * time.Minute, Missing: 20 * time.Second})
		p := lookup.Portal{ID: "1", CRM: crm}
		asked := func() int {
			_, err := look.Match(t.Context(), p, lookup.Query{Number: number})
			require.NoError(t, err)
			return crm.asked
		}

		require.Equal(t, 1, asked())
		time.Sleep(3*time.Minute - 1)
		require.Equal(t, 1, asked())
		time.Sleep(time.Nanosecond)
		nobody = true
		require.Equal(t, 2, asked())
		time.Sleep(20*time.Second - 1)
		require.Equal(t, 2, asked())
		time.Sleep(time.Nanosecond)
		require.Equal(t, 3, asked(), "nobody is believed for a short time only")
	})
}

func TestAnOldAnswerIsBetterThanALateOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		crm := &searcher{answer: func(ctx context.Context, n int) (*hubspot.SearchResult, error) {
			switch n {
			case 1:
				return found("old"), nil
			case 2:
				time.Sleep(5 * time.Second)
				return found("new"), nil
			case 3:
				return nil, errors.New("down")
			}
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		look := lookup.New(lookup.Config{Fresh: time.Minute, Stale: time.Hour, Patience: time.Second, Timeout: 8 * time.Second})
		p := lookup.Portal{ID: "1", CRM: crm}
		match := func(ctx context.Context) (string, time.Duration, error) {
			began := time.Now()
			got, err := look.Match(ctx, p, lookup.Query{Number: number})
			if err != nil {
				return "", time.Since(began), err
			}
			return got[0].Name, time.Since(began), nil
		}
		_, _, err := match(t.Context())
		require.NoError(t, err)

		time.Sleep(2 * time.Minute)
		name, took, err := match(t.Context())
		require.NoError(t, err)
		require.Equal(t, "old", name)
		require.Equal(t, time.Second, took)
		time.Sleep(10 * time.Second)
		name, _, err = match(t.Context())
		require.NoError(t, err)
		require.Equal(t, "new", name, "the late answer is kept")

		time.Sleep(2 * time.Minute)
		name, _, err = match(t.Context())
		require.NoError(t, err)
		require.Equal(t, "new", name, "HubSpot is down")

		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		name, took, err = match(ctx)
		require.NoError(t, err)
		require.Equal(t, "new", name)
		require.Equal(t, 100*time.Millisecond, took)

		time.Sleep(2 * time.Hour)
		_, took, err = match(t.Context())
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 8*time.Second, took, "too old to serve")
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, took, err = match(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Second, took)
		time.Sleep(time.Minute) // The searches under way end.
	})
}

func TestSearchOutlivesItsFirstCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		crm := &searcher{answer: func(ctx context.Context, _ int) (*hubspot.SearchResult, error) {
			select {
			case <-time.After(2 * time.Second):
				return found("1"), nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}}
		look := lookup.New(lookup.Config{})
		p := lookup.Portal{ID: "1", CRM: crm}
		ctx, cancel := context.WithCancel(t.Context())
		go func() { time.Sleep(time.Second); cancel() }()
		_, err := look.Match(ctx, p, lookup.Query{Number: number})
		require.ErrorIs(t, err, context.Canceled)
		got, err := look.Match(t.Context(), p, lookup.Query{Number: number})

		require.NoError(t, err)
		require.Len(t, got, 1)
		require.Equal(t, 1, crm.asked)
	})
}

func TestLearntBeforeTheIndexKnows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		crm := &searcher{answer: func(context.Context, int) (*hubspot.SearchResult, error) {
			time.Sleep(time.Second)
			return &hubspot.SearchResult{}, nil
		}}
		look := lookup.New(lookup.Config{})
		p := lookup.Portal{ID: "1", CRM: crm}
		made := lookup.Match{ObjectTypeID: hubspot.Contacts, ObjectID: "7", Name: "New", Via: lookup.ByNumber}
		go func() {
			time.Sleep(500 * time.Millisecond)
			look.Learn(p, lookup.Query{Number: "(415) 555-0100"}, made)
		}()

		got, err := look.Match(t.Context(), p, lookup.Query{Number: number})
		require.NoError(t, err)
		require.Equal(t, []lookup.Match{made}, got, "learnt while the search was under way")
		look.Learn(p, lookup.Query{Number: number}, made)
		got, err = look.Match(t.Context(), p, lookup.Query{Number: number})
		require.NoError(t, err)
		require.Equal(t, []lookup.Match{made}, got)
		require.Equal(t, 1, crm.asked)

		look.Forget("2")
		_, err = look.Match(t.Context(), p, lookup.Query{Number: number})
		require.NoError(t, err)
		require.Equal(t, 1, crm.asked, "another portal's was forgotten")
		look.Forget("1")
		got, err = look.Match(t.Context(), p, lookup.Query{Number: number})
		require.NoError(t, err)
		require.Empty(t, got)
		look.Learn(p, lookup.Query{Number: "anonymous"}, made)
	})
}

func TestMaskedNumbersMatchBySearchableForm(t *testing.T) {
	t.Parallel()
	crm := &searcher{answer: func(context.Context, int) (*hubspot.SearchResult, error) {
		return &hubspot.SearchResult{Objects: []hubspot.Object{
			{ID: "1", Properties: hubspot.Properties{"phone": "*** *** 0100", "hs_searchable_calculated_phone_number": "4155550100"}},
			{ID: "2", Properties: hubspot.Properties{"phone": "*** *** 0100", "hs_searchable_calculated_phone_number": "94155550100"}},
			{ID: "3", Properties: hubspot.Properties{"phone": "+34 4155550100", "hs_searchable_calculated_phone_number": "4155550100"}},
			{ID: "1", Properties: hubspot.Properties{"phone": number}},
		}}, nil
	}}

	got, err := lookup.New(lookup.Config{}).Match(t.Context(), lookup.Portal{CRM: crm}, lookup.Query{Number: number})

	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, "1", got[0].ObjectID)
	require.Equal(t, number, got[0].Name, "nothing else to call it")
}

func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	crm := &searcher{answer: func(context.Context, int) (*hubspot.SearchResult, error) { return found("1"), nil }}
	look := lookup.New(lookup.Config{Entries: 1})
	for range 2 {
		for _, n := range []string{number, "+14155550101"} {
			_, err := look.Match(t.Context(), lookup.Portal{CRM: crm}, lookup.Query{Number: n})
			require.NoError(t, err)
		}
	}

	require.Equal(t, 4, crm.asked)
}
