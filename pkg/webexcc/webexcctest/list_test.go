package webexcctest_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
	"deskbridge/pkg/webexcc/webexcctest"
)

func TestLists(t *testing.T) {
	w := newWorld(t)
	all := []string{"Billing", "Sales", "Support chat", "Support e-mail", "Returns", "Technical support"}
	backwards := slices.Sorted(slices.Values(all))
	slices.Reverse(backwards)
	tests := []struct {
		name, query string
		want        []string
		total       int
	}{
		{"plain", "", all, 6},
		{"a page", "page=1&pageSize=4", all[4:], 6},
		{"beyond the last", "page=9&pageSize=3", []string{}, 6},
		{"search", "search=SUPPORT", []string{"Support chat", "Support e-mail", "Technical support"}, 3},
		{"found nothing", "search=x-ray", []string{}, 0},
		{"filter not encoded", "filter=id=in=(" + webexcctest.QueueSales + "," + webexcctest.QueueChat + ")", []string{"Sales", "Support chat"}, 2},
		{"names with spaces", `filter=` + url.QueryEscape(`name=in=("Support chat", "Technical support")`), []string{"Support chat", "Technical support"}, 2},
		{"a name", `filter=` + url.QueryEscape(`name=="Technical support"`), []string{"Technical support"}, 1},
		{"a name with what joins terms", `filter=` + url.QueryEscape(`name=="a;b,c"`), []string{}, 0},
		{"two terms", "filter=channelType==TELEPHONY;name!=Sales", []string{"Billing", "Returns", "Technical support"}, 3},
		{"a boolean", "filter=active==true", all, 6},
		{"not understood", "filter=userId==7", all, 6},
		{"sorted", "sort=name,DESC", backwards, 6},
		{"sorted otherwise", "sortBy=channelType&sortOrder=asc", []string{"Support chat", "Support e-mail", "Billing", "Sales", "Returns", "Technical support"}, 6},
		{"attributes", "attributes=id,name&pageSize=1", []string{"Billing"}, 6},
	}
	get := func(query string) (int, []byte) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
			w.base+"/webexcc/organization/"+webexcctest.OrgID+"/v2/contact-service-queue?"+query, nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+webexcctest.Token("ann"))
		res, err := w.http.Do(req)
		require.NoError(t, err)
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return res.StatusCode, body
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, body := get(tt.query)

			require.Equal(t, http.StatusOK, status)
			var list struct {
				Meta struct{ TotalRecords, TotalPages int }
				Data []object
			}
			require.NoError(t, json.Unmarshal(body, &list))
			names := []string{}
			for _, q := range list.Data {
				names = append(names, q["name"].(string))
			}
			require.Equal(t, tt.want, names)
			require.Equal(t, tt.total, list.Meta.TotalRecords)
			require.Positive(t, list.Meta.TotalPages)
			if tt.name == "attributes" {
				require.Equal(t, object{"id": webexcctest.QueueBilling, "name": "Billing"}, list.Data[0])
			}
		})
	}
	for _, query := range []string{"page=-1", "pageSize=0", "pageSize=5000", "page=x"} {
		status, _ := get(query)
		require.Equal(t, http.StatusBadRequest, status, query)
	}
}

// The address book is as long as a real one, and found in by name and number.
func TestAddressBook(t *testing.T) {
	w := newWorld(t)
	ann := w.client(webexcctest.Token("ann"))
	page := func(q webexcc.Query) webexcc.List[webexcc.AddressBookEntry] {
		t.Helper()
		list, err := ann.AddressBook(t.Context(), webexcctest.AddressBookID, q)
		require.NoError(t, err)
		return list
	}

	first := page(webexcc.Query{PageSize: 25})
	require.Len(t, first.Data, 25)
	require.EqualValues(t, webexcctest.AddressBookSize, first.Meta.TotalRecords)
	require.EqualValues(t, 200, first.Meta.TotalPages)
	require.Equal(t, "Legal department", string(first.Data[0].Name))
	require.Equal(t, first.Data, page(webexcc.Query{PageSize: 25}).Data, "the same each time")
	last := page(webexcc.Query{Page: 199, PageSize: 25})
	require.Len(t, last.Data, 25)
	require.Equal(t, "addr-5000", last.Data[24].ID)

	numbers := map[webexcc.Text]bool{}
	everything, err := webexcc.All(t.Context(), webexcc.Query{PageSize: 1000}, func(ctx context.Context, q webexcc.Query) (webexcc.List[webexcc.AddressBookEntry], error) {
		return ann.AddressBook(ctx, webexcctest.AddressBookID, q)
	})
	require.NoError(t, err)
	for _, e := range everything {
		require.Regexp(t, `^\+1[0-9]{3}55501[0-9]{2}$`, string(e.Number))
		numbers[e.Number] = true
	}
	require.Len(t, numbers, webexcctest.AddressBookSize, "no number twice")

	for _, search := range []string{"MÜLLER", "müller"} {
		found := page(webexcc.Query{Search: search, PageSize: 25})
		require.NotEmpty(t, found.Data)
		for _, e := range found.Data {
			require.Contains(t, string(e.Name), "Müller")
		}
	}
	found := page(webexcc.Query{Search: "50155501", SortBy: "number", SortOrder: "desc"})
	require.EqualValues(t, 100, found.Meta.TotalRecords)
	require.Equal(t, "+15015550199", string(found.Data[0].Number))
	require.EqualValues(t, 1, page(webexcc.Query{Filter: `name=="Night desk"`}).Meta.TotalRecords)
	require.Empty(t, page(webexcc.Query{Search: "department\t+1"}).Data)

	_, err = ann.AddressBook(t.Context(), "another", webexcc.Query{})
	var refused *webexcc.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, http.StatusNotFound, refused.Status)
}

func TestEntryPointsAndANIs(t *testing.T) {
	w := newWorld(t)
	ann := w.client(webexcctest.Token("ann"))

	entries, err := ann.EntryPoints(t.Context(), webexcc.Query{Search: "LINE", SortBy: "name", PageSize: 2})
	require.NoError(t, err)
	require.EqualValues(t, 3, entries.Meta.TotalRecords)
	require.Equal(t, []string{webexcctest.EntryMain, webexcctest.EntryReturns}, []string{entries.Data[0].ID, entries.Data[1].ID})
	anis, err := ann.OutdialANIs(t.Context(), webexcctest.OutdialANIID, webexcc.Query{Search: "0101"})
	require.NoError(t, err)
	require.Len(t, anis.Data, 1)
	require.Equal(t, webexcctest.OtherANI, string(anis.Data[0].Number))
}
