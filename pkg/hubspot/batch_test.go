package hubspot_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
)

// keyed adds the unique property that upserts go by.
func keyed(t testing.TB, client *hubspot.Client) {
	t.Helper()
	_, err := client.CreateProperty(t.Context(), hubspot.Calls, hubspot.Property{
		Name: "deskbridge_key", Label: "Deskbridge key", Type: "string", FieldType: "text", Group: "call", Unique: true,
	})
	require.NoError(t, err)
}

func TestUpsertIsIdempotent(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	client := cloud.client()
	keyed(t, client)

	first, err := client.Upsert(t.Context(), hubspot.Calls, "deskbridge_key", "i1:ann:1", call("i1:ann:1"))
	require.NoError(t, err)
	again := call("i1:ann:1")
	again["hs_call_title"] = "Second"
	second, err := client.Upsert(t.Context(), hubspot.Calls, "deskbridge_key", "i1:ann:1", again)

	require.NoError(t, err)
	require.True(t, first.New)
	require.False(t, second.New)
	require.Equal(t, first.ID, second.ID)
	require.Len(t, cloud.Engagements(), 1)
	require.Equal(t, "Second", cloud.Engagements()[0].Properties["hs_call_title"])
	require.Equal(t, "i1:ann:1", cloud.Engagements()[0].Properties["deskbridge_key"])
}

func TestBatchReportsEachItem(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	client := cloud.client()
	keyed(t, client)
	bad := call("b")
	bad["hs_call_status"] = "LOST"

	got, err := client.BatchUpsert(t.Context(), hubspot.Calls, "deskbridge_key", []hubspot.UpsertInput{
		{ID: "a", Properties: call("a")}, {ID: "b", Properties: bad}, {ID: "c", Properties: call("c"), TraceID: "mine"},
	})

	require.NoError(t, err)
	a, err := got.Of("0")
	require.NoError(t, err)
	require.True(t, a.New)
	_, err = got.Of("1")
	require.Equal(t, []string{"hs_call_status"}, refused(t, err).Fields())
	require.Equal(t, http.StatusBadRequest, refused(t, err).Status)
	c, err := got.Of("mine")
	require.NoError(t, err)
	require.NotEqual(t, a.ID, c.ID)
	_, err = got.Of("unheard of")
	notRefused(t, err)
	require.Len(t, cloud.Engagements(), 2)

	_, err = client.Upsert(t.Context(), hubspot.Calls, "deskbridge_key", "b", bad)
	require.Equal(t, []string{"hs_call_status"}, refused(t, err).Fields(), "one item's error is the error")
}

func TestUpsertNeedsAUniqueProperty(t *testing.T) {
	t.Parallel()
	client := newCloud(t, hubspottest.Config{}).client()

	_, err := client.Upsert(t.Context(), hubspot.Calls, "hs_call_external_id", "k", call("k"))

	require.Equal(t, http.StatusBadRequest, refused(t, err).Status)
}

func TestLargeBatchesAreSplit(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	client := cloud.client()
	keyed(t, client)
	var inputs []hubspot.UpsertInput
	for i := range 230 {
		key := fmt.Sprint("k", i)
		inputs = append(inputs, hubspot.UpsertInput{ID: key, Properties: call(key)})
	}

	made, err := client.BatchUpsert(t.Context(), hubspot.Calls, "deskbridge_key", inputs)
	require.NoError(t, err)
	last, err := made.Of("229")
	require.NoError(t, err)
	ids := []string{"12"}
	for _, o := range made.Objects {
		ids = append(ids, o.ID)
	}
	read, err := client.BatchRead(t.Context(), hubspot.Calls, ids, hubspot.BatchReadOptions{Properties: []string{"hs_call_external_id"}})

	require.NoError(t, err)
	require.Len(t, read.Objects, 230)
	require.Equal(t, last.ID, read.Objects[229].ID)
	require.Equal(t, "k229", read.Objects[229].Properties["hs_call_external_id"])
	require.Len(t, read.Errors, 1)
	require.Equal(t, []string{"12"}, read.Errors[0].Context["ids"])
	require.Equal(t, http.StatusNotFound, read.Errors[0].Status)

	cloud.AddFault(hubspottest.Fault{Match: "POST /crm/objects", Status: 500})
	cloud.clock.Advance(time.Minute)
	_, err = client.BatchRead(t.Context(), hubspot.Calls, ids, hubspot.BatchReadOptions{IDProperty: "deskbridge_key"})
	require.Equal(t, 500, refused(t, err).Status)
}

func TestSearchPagesAndSorts(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	client := cloud.client()
	req := hubspot.SearchRequest{
		Groups: []hubspot.FilterGroup{{Filters: []hubspot.Filter{
			{Property: "company", Operator: hubspot.Equal, Value: "Acme"}, {Property: "phone", Operator: hubspot.HasProperty},
		}}},
		Sorts:      []hubspot.Sort{{Property: "lastname", Direction: "DESCENDING"}},
		Properties: []string{"lastname"}, Limit: 2,
	}
	var names []string
	for {
		got, err := client.Search(t.Context(), hubspot.Contacts, req)
		require.NoError(t, err)
		require.Equal(t, 5, got.Total)
		for _, o := range got.Objects {
			names = append(names, o.Properties["lastname"])
		}
		if req.After = got.After; req.After == "" {
			break
		}
	}

	require.Equal(t, []string{"Silva", "Reyes", "Okafor", "Nwosu", "Mendoza"}, names)
}

func TestAssociationsComeAndGo(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	client, ctx := cloud.client(), t.Context()
	maria := cloud.MatchCaller("+14155550100")[0].ObjectCoordinates.ObjectID.String()
	made, err := client.Create(ctx, hubspot.Calls, hubspot.ObjectInput{Properties: call("k")})
	require.NoError(t, err)

	none, err := client.Associations(ctx, hubspot.Calls, made.ID, hubspot.Contacts)
	require.NoError(t, err)
	require.Empty(t, none)
	for range 2 {
		require.NoError(t, client.AssociateDefault(ctx, hubspot.Calls, made.ID, hubspot.Contacts, maria))
	}
	got, err := client.Associations(ctx, hubspot.Calls, made.ID, hubspot.Contacts)
	require.NoError(t, err)
	require.Equal(t, []hubspot.Association{{ToID: maria, Types: []hubspot.AssociationType{
		{Category: hubspot.HubSpotDefined, TypeID: hubspot.CallToContact},
	}}}, got)
	back, err := client.Associations(ctx, hubspot.Contacts, maria, hubspot.Calls)
	require.NoError(t, err)
	require.Equal(t, hubspot.ContactToCall, back[0].Types[0].TypeID)
	require.Len(t, cloud.Timeline("contacts", maria), 1)

	err = client.Associate(ctx, hubspot.Calls, made.ID, hubspot.Contacts, maria, hubspot.Link{TypeID: hubspot.ContactToCall})
	require.Equal(t, http.StatusBadRequest, refused(t, err).Status, "type ids are directional")
	require.NoError(t, client.Associate(ctx, hubspot.Calls, made.ID, hubspot.Contacts, maria, hubspot.Link{TypeID: hubspot.CallToContact}))

	require.NoError(t, client.Dissociate(ctx, hubspot.Calls, made.ID, hubspot.Contacts, maria))
	require.Empty(t, cloud.Timeline("contacts", maria))
	err = client.AssociateDefault(ctx, hubspot.Calls, made.ID, hubspot.Contacts, "12")
	require.Equal(t, http.StatusNotFound, refused(t, err).Status)
}

func TestAssociationsReadAllPages(t *testing.T) {
	t.Parallel()
	pages := []string{
		`{"results":[{"to":[{"toObjectId":9007199254740993,"associationTypes":[]}],"paging":{"next":{"after":"1"}}}]}`,
		`{"results":[{"to":[{"toObjectId":"2"}]}],"errors":[{"category":"OBJECT_NOT_FOUND"}]}`,
		`{"errors":[{"category":"MISSING_SCOPES"}]}`,
	}
	client := answering(func(*http.Request) *http.Response {
		page := pages[0]
		pages = pages[1:]
		return respond(207, page)
	})

	got, err := client.Associations(t.Context(), "calls", "1", "contacts")

	require.NoError(t, err)
	require.Equal(t, "9007199254740993", got[0].ToID)
	require.Equal(t, "2", got[1].ToID)
	_, err = client.Associations(t.Context(), "calls", "1", "contacts")
	require.Equal(t, http.StatusForbidden, refused(t, err).Status)
}

func TestOwnerOfAnAgent(t *testing.T) {
	t.Parallel()
	client := newCloud(t, hubspottest.Config{}).client()

	ann, ok, err := client.OwnerByEmail(t.Context(), "Ann@Example.test")
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "Ann", ann.FirstName)
	require.NotEqual(t, ann.ID, ann.UserID)

	_, ok, err = client.OwnerByEmail(t.Context(), "nobody@example.test")
	require.NoError(t, err)
	require.False(t, ok)
	all, err := client.Owners(t.Context(), "")
	require.NoError(t, err)
	require.Len(t, all, 3, "archived owners are left out")
}

func TestPropertiesTellWhatAPortalCan(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})
	client := cloud.client()
	keyed(t, client)

	all, err := client.Properties(t.Context(), hubspot.Calls)

	require.NoError(t, err)
	byName := map[string]hubspot.Property{}
	for _, p := range all {
		byName[p.Name] = p
	}
	require.True(t, byName["deskbridge_key"].Unique)
	require.Equal(t, "call", byName["hs_call_title"].Group)
	require.True(t, byName["hs_call_unique_external_id"].Modification.ReadOnlyValue)
	require.Contains(t, byName["hs_call_disposition"].Options, hubspot.Option{Label: "Connected", Value: hubspot.DispositionConnected})

	_, err = client.CreateProperty(t.Context(), hubspot.Calls, hubspot.Property{Name: "deskbridge_key"})
	require.Equal(t, http.StatusConflict, refused(t, err).Status)
	_, err = client.CreateProperty(t.Context(), hubspot.Calls, hubspot.Property{
		Name: "other", Label: "x", Type: "string", FieldType: "text", Group: "no such group",
	})
	require.Equal(t, http.StatusBadRequest, refused(t, err).Status)
}

func TestPortalWithoutUniqueCallProperties(t *testing.T) {
	t.Parallel()
	client := newCloud(t, hubspottest.Config{NoUniqueCalls: true}).client()

	_, err := client.CreateProperty(t.Context(), hubspot.Calls, hubspot.Property{
		Name: "deskbridge_key", Label: "x", Type: "string", FieldType: "text", Group: "call", Unique: true,
	})

	require.True(t, refused(t, err).Permanent())
}

func TestSearchTooLarge(t *testing.T) {
	t.Parallel()
	client := newCloud(t, hubspottest.Config{}).client()

	_, err := client.Search(t.Context(), hubspot.Contacts, hubspot.SearchRequest{Query: strings.Repeat("x", 3000)})

	require.Equal(t, http.StatusBadRequest, refused(t, err).Status)
}
