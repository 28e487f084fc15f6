package webexcctest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc/webexcctest"
)

func TestLists(t *testing.T) {
	w := newWorld(t)
	tests := []struct {
		name, query string
		want        []string
		total       int
	}{
		{"plain", "", []string{"Billing", "Sales", "Support chat", "Support e-mail"}, 4},
		{"a page", "page=1&pageSize=3", []string{"Support e-mail"}, 4},
		{"beyond the last", "page=9&pageSize=3", []string{}, 4},
		{"search", "search=SUPPORT", []string{"Support chat", "Support e-mail"}, 2},
		{"found nothing", "search=x-ray", []string{}, 0},
		{"filter not encoded", "filter=id=in=(" + webexcctest.QueueSales + "," + webexcctest.QueueChat + ")", []string{"Sales", "Support chat"}, 2},
		{"two terms", "filter=channelType==TELEPHONY;name!=Sales", []string{"Billing"}, 1},
		{"a boolean", "filter=active==true", []string{"Billing", "Sales", "Support chat", "Support e-mail"}, 4},
		{"not understood", "filter=userId==7", []string{"Billing", "Sales", "Support chat", "Support e-mail"}, 4},
		{"sorted", "sort=name,DESC", []string{"Support e-mail", "Support chat", "Sales", "Billing"}, 4},
		{"sorted otherwise", "sortBy=channelType&sortOrder=asc", []string{"Support chat", "Support e-mail", "Billing", "Sales"}, 4},
		{"attributes", "attributes=id,name&pageSize=1", []string{"Billing"}, 4},
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
