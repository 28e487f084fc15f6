package lookup_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/lookup"
)

// Telephones that ring together share the portal's few searches, and each gets
// its own answer.
func TestACrowdSharesSearches(t *testing.T) {
	t.Parallel()
	server, p := portal(t, hubspottest.Config{Searches: -1}) // A busy machine sends in bursts.
	p.CRM.(*hubspot.Client).Limiter = hubspot.NewLimiter()
	_, err := p.CRM.(*hubspot.Client).CreateProperty(t.Context(), hubspot.Contacts, hubspot.Property{
		Name: "hotline", Label: "Hotline", Type: "string", FieldType: "phonenumber", Group: "contactinformation",
	})
	require.NoError(t, err)
	p.Properties = []string{"hotline"}
	const each = 20
	for i := range each {
		for _, record := range []struct {
			objectType string
			properties map[string]string
		}{
			{"contacts", map[string]string{"firstname": fmt.Sprint("contact", i), "phone": fmt.Sprintf("(415) 556-%04d", i)}},
			{"contacts", map[string]string{"firstname": fmt.Sprint("hotline", i), "hotline": fmt.Sprintf("+1415557%04d", i)}},
			{"companies", map[string]string{"name": fmt.Sprint("company", i), "phone": fmt.Sprintf("+1 415-558-%04d", i)}},
		} {
			_, err := server.AddObject(record.objectType, record.properties)
			require.NoError(t, err)
		}
	}
	look := lookup.New(lookup.Config{Timeout: time.Minute})
	var wg sync.WaitGroup
	for i := range each {
		for kind, exchange := range map[string]int{"contact": 556, "hotline": 557, "company": 558, "": 559} {
			wg.Go(func() {
				got, err := look.Match(t.Context(), p, lookup.Query{Number: fmt.Sprintf("+1415%d%04d", exchange, i), Inbound: true})
				if err != nil || len(got) > 1 || len(got) == 0 != (kind == "") || len(got) == 1 && got[0].Name != fmt.Sprint(kind, i) {
					t.Errorf("%s %d: %v %v", kind, i, got, err)
				}
			})
		}
	}
	wg.Wait()

	searches := 0
	for _, r := range server.Requests() {
		if !strings.HasSuffix(r.Path, "/search") {
			continue
		}
		searches++
		require.Equal(t, 200, r.Status, r.Body)
		require.LessOrEqual(t, utf8.RuneCountInString(r.Body), hubspot.MaxSearchRequest)
	}
	require.Less(t, searches, 30, "for 80 calls that would have cost 200")
}

// More results than one answer holds are asked for, too.
func TestACrowdWithASwitchboard(t *testing.T) {
	t.Parallel()
	server, p := portal(t, hubspottest.Config{Searches: -1}) // A busy machine sends in bursts.
	p.CRM.(*hubspot.Client).Limiter = hubspot.NewLimiter()
	p.SkipCompanies = true
	for i := range 250 {
		_, err := server.AddObject("contacts", map[string]string{"firstname": fmt.Sprint("Clerk ", i), "phone": "+14155560000"})
		require.NoError(t, err)
	}
	for i := range 10 {
		_, err := server.AddObject("contacts", map[string]string{"firstname": "Caller", "phone": fmt.Sprintf("+1415556%04d", 100+i)})
		require.NoError(t, err)
	}
	look := lookup.New(lookup.Config{Timeout: time.Minute})
	for range 4 { // No turn is left: the next ones wait together.
		_, err := p.CRM.(*hubspot.Client).Search(t.Context(), hubspot.Companies, hubspot.SearchRequest{})
		require.NoError(t, err)
	}
	var wg sync.WaitGroup
	for i := range 11 {
		number := "+14155560000"
		if i > 0 {
			number = fmt.Sprintf("+1415556%04d", 100+i-1)
		}
		wg.Go(func() {
			got, err := look.Match(t.Context(), p, lookup.Query{Number: number})
			if err != nil || len(got) == 0 {
				t.Errorf("%s: %d %v", number, len(got), err)
			}
		})
	}
	wg.Wait()
}

func TestFits(t *testing.T) {
	t.Parallel()
	r := hubspot.SearchRequest{Groups: []hubspot.FilterGroup{{Filters: []hubspot.Filter{{Property: "phone", Operator: hubspot.In}}}}}
	for r.Fits() {
		r.Groups[0].Filters[0].Values = append(r.Groups[0].Filters[0].Values, "+14155550100")
	}
	body, err := json.Marshal(r)
	require.NoError(t, err)
	require.InDelta(t, hubspot.MaxSearchRequest, len(body), 40)
}
