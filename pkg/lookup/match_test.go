package lookup_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/lookup"
)

// slow is a CRM whose every answer takes a while, in a bubble's time.
type slow struct {
	takes  time.Duration
	free   int
	search func(objectType string, r hubspot.SearchRequest) ([]hubspot.Object, error)
	get    func(objectType, id string) (*hubspot.Object, error)

	mu    sync.Mutex
	asked []string
}

func (s *slow) FreeSearches() int { return s.free }

func (s *slow) wait(ctx context.Context, what string) error {
	s.mu.Lock()
	s.asked = append(s.asked, what)
	takes := s.takes
	s.mu.Unlock()
	select {
	case <-time.After(takes):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// slower says how long every answer takes from now on.
func (s *slow) slower(takes time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.takes = takes
}

// questions is what it has been asked so far.
func (s *slow) questions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(slices.Values(s.asked))
}

func (s *slow) SearchWith(ctx context.Context, objectType string, build func() hubspot.SearchRequest) (*hubspot.SearchResult, error) {
	r := build()
	if err := s.wait(ctx, "search "+objectType+" "+r.Groups[0].Filters[0].Property); err != nil {
		return nil, err
	}
	found, err := s.search(objectType, r)
	return &hubspot.SearchResult{Total: len(found), Objects: found}, err
}

func (s *slow) Get(ctx context.Context, objectType, id string, _ hubspot.GetOptions) (*hubspot.Object, error) {
	if err := s.wait(ctx, "get "+objectType+"/"+id); err != nil {
		return nil, err
	}
	return s.get(objectType, id)
}

func nobody(string, hubspot.SearchRequest) ([]hubspot.Object, error) { return nil, nil }

func gone(string, string) (*hubspot.Object, error) {
	return nil, &hubspot.Error{Status: http.StatusNotFound}
}

// only finds one object of a type.
func only(objectType string, o hubspot.Object) func(string, hubspot.SearchRequest) ([]hubspot.Object, error) {
	return func(asked string, _ hubspot.SearchRequest) ([]hubspot.Object, error) {
		if asked == objectType {
			return []hubspot.Object{o}, nil
		}
		return nil, nil
	}
}

var (
	maria = hubspot.Object{ID: "1", Properties: hubspot.Properties{"firstname": "Maria", "phone": number}}
	acme  = hubspot.Object{ID: "2", Properties: hubspot.Properties{"name": "Acme", "phone": number}}
)

func TestSearchesRunTogetherWhereThereAreTurns(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		free     int
		inbound  bool
		skip     bool
		own      bool // The admin has a property of his own.
		find     func(string, hubspot.SearchRequest) ([]hubspot.Object, error)
		want     []string
		took     time.Duration
		searches int
	}{
		{"a contact, idle", 4, true, false, false, only(hubspot.Contacts, maria), []string{"Maria"}, 200 * time.Millisecond, 2},
		{"a company, idle", 4, true, false, false, only(hubspot.Companies, acme), []string{"Acme"}, 200 * time.Millisecond, 2},
		{"all three at once", 4, true, false, true, only(hubspot.Companies, acme), []string{"Acme"}, 200 * time.Millisecond, 3},
		{"busy: one after the other", 1, true, false, false, only(hubspot.Companies, acme), []string{"Acme"}, 400 * time.Millisecond, 2},
		{"busy: no more than needed", 1, true, false, true, only(hubspot.Contacts, maria), []string{"Maria"}, 200 * time.Millisecond, 1},
		{"too few turns for all", 2, true, false, true, only(hubspot.Companies, acme), []string{"Acme"}, 600 * time.Millisecond, 3},
		{"typed: nobody waits", 4, false, false, false, only(hubspot.Contacts, maria), []string{"Maria"}, 200 * time.Millisecond, 1},
		{"no companies", 4, true, true, false, only(hubspot.Companies, acme), []string{}, 200 * time.Millisecond, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				crm := &slow{takes: 200 * time.Millisecond, free: tt.free, search: tt.find, get: gone}
				p := lookup.Portal{ID: "1", CRM: crm, SkipCompanies: tt.skip}
				if tt.own {
					p.Properties = []string{"hotline"}
				}
				began := time.Now()

				got, err := lookup.New(lookup.Config{}).Match(t.Context(), p, lookup.Query{Number: number, Inbound: tt.inbound})

				require.NoError(t, err)
				require.Equal(t, tt.want, names(got))
				require.Equal(t, tt.took, time.Since(began))
				require.Len(t, crm.questions(), tt.searches)
				time.Sleep(time.Second) // What was not waited for ends.
			})
		})
	}
}

// A portal without companies' scope, or with a property that was deleted, has
// contacts anyway.
func TestOneRefusedSearchIsNoReasonToFail(t *testing.T) {
	t.Parallel()
	for _, free := range []int{0, 4} {
		crm := &slow{free: free, get: gone, search: func(objectType string, r hubspot.SearchRequest) ([]hubspot.Object, error) {
			if objectType == hubspot.Companies {
				return nil, &hubspot.Error{Status: http.StatusForbidden}
			}
			if r.Groups[0].Filters[0].Property == "gone" {
				return nil, &hubspot.Error{Status: http.StatusBadRequest}
			}
			return nil, nil
		}}
		p := lookup.Portal{CRM: crm, Properties: []string{"gone"}}

		got, err := lookup.New(lookup.Config{}).Match(t.Context(), p, lookup.Query{Number: number, Inbound: true})

		require.NoError(t, err)
		require.Empty(t, got)
		require.Len(t, crm.questions(), 3)
	}
	refusing := &slow{search: func(string, hubspot.SearchRequest) ([]hubspot.Object, error) {
		return nil, &hubspot.Error{Status: http.StatusForbidden}
	}}
	_, err := lookup.New(lookup.Config{}).Match(t.Context(), lookup.Portal{CRM: refusing}, lookup.Query{Number: number})
	require.Error(t, err, "without contacts nothing is known")
}

func TestSearchThatCameTooSoonIsRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		crm := &slow{get: gone, search: func(string, hubspot.SearchRequest) ([]hubspot.Object, error) {
			if tries++; tries == 1 {
				return nil, &hubspot.Error{Status: http.StatusTooManyRequests, PolicyName: hubspot.PolicySecondly}
			}
			return []hubspot.Object{maria}, nil
		}}
		began := time.Now()

		got, err := lookup.New(lookup.Config{}).Match(t.Context(), lookup.Portal{CRM: crm}, lookup.Query{Number: number})

		require.NoError(t, err)
		require.Len(t, got, 1)
		require.Equal(t, time.Second, time.Since(began))
	})
}

func TestPrefixesAreTakenOff(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		number, region string
		prefixes       []string
		want           string
	}{
		{"94155550100", "US", []string{"9"}, "4155550100"},
		{"9 (415) 555-0100", "US", []string{"9"}, "4155550100"},
		{"9914155550100", "US", []string{"9", "99"}, "14155550100"},
		{"00303090182041", "DE", []string{"00", "0"}, "303090182041"},
		{"4155550100", "US", []string{"9", ""}, "4155550100"},
		{"+14155550100", "US", []string{"9", "1"}, "+14155550100"},
		{"9175550100", "US", []string{"9"}, "9175550100"}, // New York: nothing that is a number would be left.
		{"sip:94155550100@pbx.example", "US", []string{"9"}, "4155550100"},
		{"anonymous", "US", []string{"9"}, "anonymous"},
		{"91001", "US", []string{"9"}, "91001"},
	} {
		require.Equal(t, tt.want, lookup.WithoutPrefix(tt.number, tt.prefixes, tt.region), tt.number)
	}
}

func TestBothFormsInOneSearch(t *testing.T) {
	t.Parallel()
	server, p := portal(t, hubspottest.Config{Region: "DE", Searches: -1})
	for name, phone := range map[string]string{"With": "+49 9 3090182041", "Without": "+49 30 90182041 "} {
		_, err := server.AddObject("contacts", map[string]string{"firstname": name, "phone": phone})
		require.NoError(t, err)
	}
	p.Region, p.Prefixes, p.SkipCompanies = "DE", []string{"9"}, true
	look := lookup.New(lookup.Config{})

	got, err := look.Match(t.Context(), p, lookup.Query{Number: "93090182041", Inbound: true})

	require.NoError(t, err)
	require.Equal(t, []string{"Lena Hoffmann", "Without", "With"}, names(got), "the likelier form first")
	require.Len(t, server.Requests(), 1)
	require.Contains(t, server.Requests()[0].Body, `"values":["3090182041","93090182041"]`)
	got, err = look.Match(t.Context(), p, lookup.Query{Number: "93090182041"})
	require.NoError(t, err)
	require.Equal(t, []string{"With"}, names(got), "what somebody dials has no prefix")

	look.Learn(p, lookup.Query{Number: "93090182041", Inbound: true}, lookup.Match{ObjectTypeID: hubspot.Contacts, ObjectID: "7", Name: "New"})
	for _, q := range []lookup.Query{{Number: "93090182041", Inbound: true}, {Number: "03090182041"}, {Number: "93090182041"}} {
		got, err = look.Match(t.Context(), p, q)
		require.NoError(t, err)
		require.Equal(t, "New", got[0].Name, q)
	}
}

func TestVariablesComeFirst(t *testing.T) {
	t.Parallel()
	server, p := portal(t, hubspottest.Config{Searches: -1})
	p.NoCalls = []string{"do_not_call"}
	id := func(objectType, query string) string {
		found := server.Objects(objectType, query)
		require.Len(t, found, 1, query)
		return found[0].ID
	}
	noel, ticket, deal := id("contacts", "Frost"), id("tickets", "20481"), id("deals", "conveyor")
	p.Rules = []lookup.Rule{
		{Variable: "ticket", ObjectType: hubspot.Tickets, Property: "hs_object_id"},
		{Variable: "subject", ObjectType: hubspot.Tickets, Property: "subject"},
		{Variable: "deal", ObjectType: hubspot.Deals, Property: "dealname"},
		{Variable: "mail", ObjectType: hubspot.Contacts, Property: "email"},
		{Variable: "domain", ObjectType: hubspot.Companies, Property: "domain"},
		{Variable: "mobile", ObjectType: hubspot.Contacts, Property: "mobilephone"},
		{Variable: "wrong", ObjectType: hubspot.Contacts, Property: "no_such_property"},
	}
	maria := lookup.Match{ObjectTypeID: hubspot.Contacts, Name: "Maria Silva", Via: lookup.ByNumber, Property: "phone"}
	for _, tt := range []struct {
		name      string
		variables map[string]string
		want      lookup.Match
	}{
		{"none", nil, maria},
		{"a ticket by its id", map[string]string{"ticket": ticket}, lookup.Match{
			ObjectTypeID: hubspot.Tickets, Name: "Invoice 20481 charged twice", Company: "Maria Silva", Via: lookup.ByVariable, Property: "hs_object_id", Variable: "ticket"}},
		{"a ticket by its subject", map[string]string{"subject": " invoice 20481 CHARGED twice "}, lookup.Match{
			ObjectTypeID: hubspot.Tickets, Name: "Invoice 20481 charged twice", Company: "Maria Silva", Via: lookup.ByVariable, Property: "subject", Variable: "subject"}},
		{"a deal", map[string]string{"deal": "Acme: conveyor spare parts"}, lookup.Match{
			ObjectTypeID: hubspot.Deals, Name: "Acme: conveyor spare parts", Company: "Maria Silva", Via: lookup.ByVariable, Property: "dealname", Variable: "deal"}},
		{"the first rule wins", map[string]string{"domain": "acme.example", "mail": "noel.frost@juniper.example"}, lookup.Match{
			ObjectTypeID: hubspot.Contacts, Name: "Noel Frost", Via: lookup.ByVariable, Property: "email", Variable: "mail", NoCalls: true}},
		{"the first that finds something", map[string]string{"domain": "acme.example", "mail": "nobody@juniper.example"}, lookup.Match{
			ObjectTypeID: hubspot.Companies, Name: "Acme", Via: lookup.ByVariable, Property: "domain", Variable: "domain"}},
		{"a number in another form", map[string]string{"mobile": "+49 151 23456789"}, lookup.Match{
			ObjectTypeID: hubspot.Contacts, Name: "Lena Hoffmann", Via: lookup.ByVariable, Property: "mobilephone", Variable: "mobile"}},
		{"a record that is not there", map[string]string{"ticket": "404404"}, maria},
		{"another type's id", map[string]string{"ticket": noel}, maria},
		{"no id at all", map[string]string{"ticket": "../contacts/" + noel}, maria},
		{"a star", map[string]string{"mail": "*@juniper.example"}, maria},
		{"empty", map[string]string{"mail": "  "}, maria},
		{"too long", map[string]string{"mail": strings.Repeat("x", 101)}, maria},
		{"not printable", map[string]string{"mail": "noel\x00"}, maria},
		{"a property that is not there", map[string]string{"wrong": "x"}, maria},
		{"without a rule", map[string]string{"other": ticket}, maria},
	} {
		got, err := lookup.New(lookup.Config{}).Match(t.Context(), p, lookup.Query{Number: "+14155550100", Inbound: true, Variables: tt.variables})

		require.NoError(t, err, tt.name)
		require.Len(t, got, 1, tt.name)
		require.NotEmpty(t, got[0].ObjectID)
		if tt.want.Company == "" {
			got[0].Company = ""
		}
		got[0].ObjectID, got[0].Email = "", ""
		require.Equal(t, tt.want, got[0], tt.name)
	}

	got, err := lookup.New(lookup.Config{}).Match(t.Context(), p, lookup.Query{Number: "anonymous", Variables: map[string]string{"ticket": ticket}})
	require.NoError(t, err)
	require.Len(t, got, 1, "known although withheld")
	require.Equal(t, ticket, got[0].ObjectID)
	_, err = server.Object("deals", deal)
	require.NoError(t, err)
}

func TestAtMostThreeRulesAreSearched(t *testing.T) {
	t.Parallel()
	crm := &slow{search: nobody, get: gone}
	p := lookup.Portal{ID: "1", CRM: crm}
	variables := map[string]string{}
	for i := range 6 {
		name := fmt.Sprint("v", i)
		p.Rules = append(p.Rules, lookup.Rule{Variable: name, ObjectType: hubspot.Tickets, Property: name})
		variables[name] = "x"
	}
	variables["v0"] = ""
	look := lookup.New(lookup.Config{})

	for range 2 {
		_, err := look.Match(t.Context(), p, lookup.Query{Number: "anonymous", Variables: variables})
		require.NoError(t, err)
	}

	require.Equal(t, []string{"search 0-5 v1", "search 0-5 v2", "search 0-5 v3"}, crm.questions(), "and once: the answers are kept")
}

// The whole way has one deadline: what is known by then counts.
func TestDeadlineOfTheWholeMatch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hanging := &slow{takes: time.Hour, free: 4, search: only(hubspot.Contacts, maria), get: gone}
		look := lookup.New(lookup.Config{})
		p := lookup.Portal{ID: "1", CRM: hanging, Rules: []lookup.Rule{{Variable: "t", ObjectType: hubspot.Tickets, Property: "subject"}}}
		match := func(q lookup.Query) ([]lookup.Match, time.Duration, error) {
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			began := time.Now()
			got, err := look.Match(ctx, p, q)
			return got, time.Since(began), err
		}
		q := lookup.Query{Number: number, Inbound: true, Variables: map[string]string{"t": "x"}}

		_, took, err := match(q)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 3*time.Second, took)
		time.Sleep(time.Minute)

		hanging.slower(0)
		_, _, err = match(lookup.Query{Number: number})
		require.NoError(t, err)
		time.Sleep(time.Hour) // The answer is an old one.
		hanging.slower(24 * time.Hour)
		got, took, err := match(q)
		require.NoError(t, err)
		require.Equal(t, []string{"Maria"}, names(got), "the rule hangs, and the number is known of old")
		require.Equal(t, 3*time.Second, took)
		time.Sleep(time.Minute)
	})
}

func TestFailedRuleLeavesTheNumber(t *testing.T) {
	t.Parallel()
	crm := &slow{get: gone, search: func(objectType string, r hubspot.SearchRequest) ([]hubspot.Object, error) {
		if objectType == hubspot.Tickets {
			return nil, errors.New("down")
		}
		return []hubspot.Object{maria}, nil
	}}
	p := lookup.Portal{CRM: crm, Rules: []lookup.Rule{{Variable: "t", ObjectType: hubspot.Tickets, Property: "subject"}}}

	got, err := lookup.New(lookup.Config{}).Match(t.Context(), p, lookup.Query{Number: number, Variables: map[string]string{"t": "x"}})

	require.NoError(t, err)
	require.Equal(t, []string{"Maria"}, names(got))
}

func past(list ...lookup.Past) func(context.Context, []string) ([]lookup.Past, error) {
	return func(context.Context, []string) ([]lookup.Past, error) { return list, nil }
}

func TestMatchesSayWhenTheyWereSpokenToLast(t *testing.T) {
	t.Parallel()
	server, p := portal(t, hubspottest.Config{Searches: -1})
	priya := server.Objects("contacts", "Raman")[0].ID
	var asked []string
	at := time.UnixMilli(1_790_000_000_000)
	p.Recent = func(_ context.Context, numbers []string) ([]lookup.Past, error) {
		asked = numbers
		return []lookup.Past{{hubspot.Contacts, priya, at}, {hubspot.Contacts, priya, at.Add(-time.Hour)}, {hubspot.Contacts, "404404", at}}, nil
	}
	look := lookup.New(lookup.Config{})

	for range 2 { // From HubSpot, and from the cache.
		got, err := look.Match(t.Context(), p, lookup.Query{Number: "(415) 555-0123", Inbound: true})
		require.NoError(t, err)
		require.Equal(t, []string{"James Okafor", "Priya Raman"}, names(got))
		require.True(t, got[0].RecentAt.IsZero())
		require.True(t, got[1].RecentAt.Equal(at))
		require.Equal(t, []string{"(415) 555-0123", "+14155550123"}, asked)
	}
	p.Recent = func(context.Context, []string) ([]lookup.Past, error) { return nil, errors.New("locked") }
	got, err := look.Match(t.Context(), p, lookup.Query{Number: "(415) 555-0123"})
	require.NoError(t, err)
	require.Len(t, got, 2)
	require.True(t, got[1].RecentAt.IsZero())
}

func TestNobodysNumberMayBeSomebodysCall(t *testing.T) {
	t.Parallel()
	server, p := portal(t, hubspottest.Config{Searches: -1})
	id := func(last string) string { return server.Objects("contacts", last)[0].ID }
	silva, okafor, raman := id("Silva"), id("Okafor"), id("Raman")
	ticket := server.Objects("tickets", "20481")[0].ID
	require.NoError(t, server.MergeContacts(raman, okafor))
	require.NoError(t, server.DeleteObject("contacts", id("Whitfield")))
	at := time.UnixMilli(1_790_000_000_000)
	p.Recent = past(
		lookup.Past{hubspot.Contacts, "404404", at}, lookup.Past{hubspot.Contacts, okafor, at.Add(-1)}, lookup.Past{hubspot.Contacts, raman, at.Add(-2)},
		lookup.Past{hubspot.Tickets, ticket, at.Add(-3)}, lookup.Past{"0-99", "1", at.Add(-4)}, lookup.Past{hubspot.Contacts, silva, at.Add(-5)},
	)

	got, err := lookup.New(lookup.Config{}).Match(t.Context(), p, lookup.Query{Number: "+14155550199", Inbound: true})

	require.NoError(t, err)
	require.Equal(t, []string{"Priya Raman", "Invoice 20481 charged twice"}, names(got), "five are looked at")
	require.Equal(t, raman, got[0].ObjectID)
	require.Equal(t, lookup.ByRecent, got[0].Via)
	require.True(t, got[0].RecentAt.Equal(at.Add(-1)))
	require.Empty(t, got[0].Property)
	for _, r := range server.Requests() {
		require.False(t, strings.HasSuffix(r.Path, "0-99/1"))
	}
}

// Our own database may be busy: a ringing phone does not wait for it.
func TestSlowMemoryIsDoneWithout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		crm := &slow{search: only(hubspot.Contacts, maria), get: gone}
		p := lookup.Portal{ID: "1", CRM: crm, Recent: func(ctx context.Context, _ []string) ([]lookup.Past, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		began := time.Now()

		got, err := lookup.New(lookup.Config{}).Match(t.Context(), p, lookup.Query{Number: number})

		require.NoError(t, err)
		require.Len(t, got, 1)
		require.Equal(t, 500*time.Millisecond, time.Since(began))
	})
}
