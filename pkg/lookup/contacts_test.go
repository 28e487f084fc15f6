package lookup_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/lookup"
)

func TestNoCalls(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{
		"": false, "false": false, "No": false, " off ": false, "0": false,
		"true": true, "Yes": true, "2026-01-31": true, "no phone calls": true,
	} {
		require.Equal(t, want, lookup.NoCalls(hubspot.Properties{"b": value}, []string{"a", "b"}), value)
	}
	require.False(t, lookup.NoCalls(hubspot.Properties{"b": "true"}, []string{"a"}))
}

func TestMatchesSayNotToCall(t *testing.T) {
	t.Parallel()
	_, portal := portal(t, hubspottest.Config{})
	portal.NoCalls = []string{"no_such_property", "do_not_call"}
	look := lookup.New(lookup.Config{})

	for number, want := range map[string]bool{"+14155550177": true, "+14155550100": false} {
		got, err := look.Match(t.Context(), portal, lookup.Query{Number: number})
		require.NoError(t, err)
		require.Len(t, got, 1)
		require.Equal(t, want, got[0].NoCalls, number)
	}
}

// searches is a CRM that only tests of searches know.
type searches struct{}

func (searches) Get(context.Context, string, string, hubspot.GetOptions) (*hubspot.Object, error) {
	return nil, &hubspot.Error{Status: http.StatusNotFound}
}

func (searches) FreeSearches() int { return 0 }

// canned answers a search and keeps what was asked.
type canned struct {
	searches
	asked  hubspot.SearchRequest
	answer hubspot.SearchResult
}

func (c *canned) SearchWith(_ context.Context, _ string, build func() hubspot.SearchRequest) (*hubspot.SearchResult, error) {
	c.asked = build()
	return &c.answer, nil
}

func TestSearchAsksForPages(t *testing.T) {
	t.Parallel()
	crm := &canned{answer: hubspot.SearchResult{Total: 99, Objects: []hubspot.Object{
		{ID: "1", Properties: hubspot.Properties{"phone": "*** 0100", "mobilephone": "+14155550101"}},
		{ID: "2", Properties: hubspot.Properties{"email": "x@y.example", "phone": "*** 0100", "dnc": "true"}},
		{ID: "3"},
	}}}
	p := lookup.Portal{CRM: crm, NoCalls: []string{"dnc"}}

	got, total, err := lookup.Search(t.Context(), p, "smith", 2, 25)

	require.NoError(t, err)
	require.Equal(t, 99, total)
	require.Equal(t, []lookup.Contact{
		{ID: "1", Name: "+14155550101", Number: "+14155550101"},
		{ID: "2", Name: "x@y.example", Email: "x@y.example", NoCalls: true},
		{ID: "3", Name: "3"},
	}, got)
	require.Equal(t, "50", crm.asked.After)
	require.Equal(t, 25, crm.asked.Limit)
	require.Equal(t, "smith", crm.asked.Query)
	require.Contains(t, crm.asked.Properties, "dnc")
	for typed, numbers := range map[string]bool{"415 555": true, "+1 415": true, "41": false, "4ward": false, "+": false} {
		_, _, err := lookup.Search(t.Context(), p, typed, 0, 25)
		require.NoError(t, err)
		require.Equal(t, numbers, crm.asked.Query == "", typed)
	}
}
