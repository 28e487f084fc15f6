package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/tenant"
	"deskbridge/pkg/webexcc/webexcctest"
)

func below(path, part string) bool { return strings.Contains(path, part) }

func names(p backend.Page) []string {
	out := []string{}
	for _, e := range p.Entries {
		out = append(out, e.Name)
	}
	return out
}

func TestDirectory(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{})
	for _, tt := range []struct {
		search backend.Search
		want   []string
	}{
		{backend.Search{Kind: "queue"}, []string{"Billing", "Returns", "Sales", "Technical support"}},
		{backend.Search{Kind: "queue", Search: " bill "}, []string{"Billing"}},
		{backend.Search{Kind: "queue", Search: "chat"}, []string{}},
		{backend.Search{Kind: "queue", Page: 1}, []string{}},
		{backend.Search{Kind: "entry-point"}, []string{"Main line", "Returns line", "Technical line"}},
		{backend.Search{Kind: "entry-point", Search: "outdial"}, []string{}},
		{backend.Search{Kind: "address-book", Search: "DEPARTMENT"}, []string{"Legal department"}},
		{backend.Search{Kind: "address-book", Search: "+14085550191"}, []string{"Night desk"}},
		{backend.Search{Kind: "contact"}, []string{}},
		{backend.Search{Kind: "contact", Search: "noel"}, []string{"Noel Frost"}},
		{backend.Search{Kind: "contact", Search: "Maria Sil"}, []string{"Maria Silva"}},
		{backend.Search{Kind: "contact", Search: "noel.frost@juniper.example"}, []string{"Noel Frost"}},
		{backend.Search{Kind: "contact", Search: "(415) 555-0177"}, []string{"Noel Frost"}},
		{backend.Search{Kind: "contact", Search: "+1415 555 0177"}, []string{"Noel Frost"}},
		{backend.Search{Kind: "contact", Search: "5550177"}, []string{"Noel Frost"}},
		{backend.Search{Kind: "contact", Search: "+49 30 90182042"}, []string{"Oliver Brandt"}},
		{backend.Search{Kind: "contact", Search: "nobody of that name"}, []string{}},
	} {
		got, err := e.ann.Search(t.Context(), tt.search)

		require.NoError(t, err, "%+v", tt.search)
		require.Equal(t, tt.want, names(got), "%+v", tt.search)
		require.NotNil(t, got.Entries)
		require.False(t, got.More)
	}

	got, err := e.ann.Search(t.Context(), backend.Search{Kind: "contact", Search: "noel"})
	require.NoError(t, err)
	require.Equal(t, 1, got.Total)
	noel := got.Entries[0]
	require.Equal(t, &backend.Ref{ObjectTypeID: hubspot.Contacts, ObjectID: noel.ID, Name: "Noel Frost"}, noel.Record)
	noel.ID, noel.Record = "", nil
	require.Equal(t, backend.Entry{Name: "Noel Frost", Number: "+14155550177", Detail: "Juniper & Sons", NoCalls: true}, noel)
	got, err = e.ann.Search(t.Context(), backend.Search{Kind: "queue"})
	require.NoError(t, err)
	require.NotEmpty(t, got.Entries[0].ID)
	require.Nil(t, got.Entries[0].Record)

	require.NotContains(t, e.log.String(), "noel", "what was typed is not logged")
	require.NotContains(t, e.log.String(), "5550177")
}

func TestDirectoryPages(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{})
	for n := range 60 {
		_, err := e.crm.AddObject("contacts", map[string]string{"firstname": fmt.Sprintf("Twin%02d", n), "lastname": "Zwilling"})
		require.NoError(t, err)
	}
	seen := map[string]bool{}
	for page, size := range []int{25, 25, 10, 0} {
		got, err := e.ann.Search(t.Context(), backend.Search{Kind: "contact", Search: "zwilling", Page: page})
		require.NoError(t, err)
		require.Len(t, got.Entries, size)
		require.Equal(t, 60, got.Total)
		require.Equal(t, page < 2, got.More)
		for _, entry := range got.Entries {
			seen[entry.ID] = true
		}
	}
	require.Len(t, seen, 60)

	first, err := e.ann.Search(t.Context(), backend.Search{Kind: "address-book"})
	require.NoError(t, err)
	require.Len(t, first.Entries, 25)
	require.Equal(t, "Legal department", first.Entries[0].Name)
	require.Equal(t, "+14085550190", first.Entries[0].Number)
	require.Equal(t, webexcctest.AddressBookSize, first.Total)
	require.True(t, first.More)
	last, err := e.ann.Search(t.Context(), backend.Search{Kind: "address-book", Page: 199})
	require.NoError(t, err)
	require.Len(t, last.Entries, 25)
	require.False(t, last.More)
}

func TestNoAddressBookIsAnEmptyOne(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{})
	without := false
	require.NoError(t, e.webex.ChangeProfile(webexcctest.ProfileChange{Agent: "ann", AddressBook: &without}))

	config, err := e.ann.Config(t.Context())
	require.NoError(t, err)
	require.False(t, config.AddressBook)
	page, err := e.ann.Search(t.Context(), backend.Search{Kind: "address-book"})
	require.NoError(t, err)
	require.Empty(t, page.Entries)
	require.Zero(t, e.asked("/address-book/"))
}

func TestDirectoryRefusesNonsense(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client(w.signIn().Token)
	for name, s := range map[string]backend.Search{
		"no kind": {}, "unknown kind": {Kind: "agent"}, "page": {Kind: "queue", Page: -1},
		"beyond HubSpot's results": {Kind: "contact", Search: "x", Page: 400},
		"too long":                 {Kind: "queue", Search: strings.Repeat("ü", 101)},
	} {
		_, err := c.Search(t.Context(), s)
		var refused *backend.Error
		require.ErrorAs(t, err, &refused, name)
		require.Equal(t, http.StatusBadRequest, refused.Status, name)
	}
	_, err := c.Search(t.Context(), backend.Search{Kind: "contact", Search: "x", PortalID: "666"})
	requireRefusal(t, err, http.StatusForbidden, backend.CodeNotLinked)
	_, err = w.client("").Search(t.Context(), backend.Search{Kind: "queue"})
	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSessionExpired)
}

// Typing must not cost Webex' 300 requests a minute.
func TestDirectoryAsksOncePerMinute(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{})
	ask := func(s backend.Search) {
		t.Helper()
		_, err := e.ann.Search(t.Context(), s)
		require.NoError(t, err)
	}
	const queues, search = "/v2/contact-service-queue", "/search"
	for range 3 {
		ask(backend.Search{Kind: "queue", Search: "bill"})
		ask(backend.Search{Kind: "queue", Search: "BILL "})
		ask(backend.Search{Kind: "contact", Search: "noel"})
	}
	require.Equal(t, 1, e.asked(queues))
	require.Equal(t, 1, e.asked(search))
	ask(backend.Search{Kind: "queue", Search: "sal"})
	ask(backend.Search{Kind: "queue", Search: "bill", Page: 1})
	require.Equal(t, 3, e.asked(queues))

	e.clock.pass(61 * time.Second)
	ask(backend.Search{Kind: "queue", Search: "bill"})
	require.Equal(t, 4, e.asked(queues))
}

func TestDirectorySourcesFail(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{})
	e.crm.AddFault(hubspottest.Fault{Match: "POST /crm", Status: http.StatusInternalServerError})
	_, err := e.ann.Search(t.Context(), backend.Search{Kind: "contact", Search: "secretname"})
	requireRefusal(t, err, http.StatusBadGateway, backend.CodeHubSpotDown)
	got, err := e.ann.Search(t.Context(), backend.Search{Kind: "contact", Search: "secretname"})
	require.NoError(t, err, "failures are not kept")
	require.Empty(t, got.Entries)

	for status, code := range map[int]string{403: backend.CodeConfigFailed, 503: backend.CodeWebexDown, 429: backend.CodeWebexDown} {
		base, _ := gateway(t, status, "")
		w := newWorld(t, func(c *Config) { c.WebexAPI = base })
		w.use(func(d *deps) { d.Lists = webexSource{w.cfg, *d} })
		_, err := w.client(w.signIn().Token).Search(t.Context(), backend.Search{Kind: "queue", Search: "secretname"})
		requireRefusal(t, err, http.StatusBadGateway, code)
		require.NotContains(t, w.log.String(), "secretname")
	}
	w := newWorld(t, func(c *Config) { c.WebexAPI = "http://127.0.0.1:1" })
	w.use(func(d *deps) { d.Lists = webexSource{w.cfg, *d} })
	_, err = w.client(w.signIn().Token).Search(t.Context(), backend.Search{Kind: "queue", Search: "secretname"})
	requireRefusal(t, err, http.StatusBadGateway, backend.CodeWebexDown)
	require.NotContains(t, w.log.String(), "secretname", "Webex takes searches in the URL")
	require.NotContains(t, e.log.String(), "secretname")
}

func TestPagesAreAskedForOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pages := newPageCache(time.Now)
		asked := 0
		slow := func(ctx context.Context) (backend.Page, error) {
			asked++
			select {
			case <-time.After(time.Second):
				return backend.Page{Total: asked}, nil
			case <-ctx.Done():
				return backend.Page{}, fmt.Errorf("asking: %w", ctx.Err())
			}
		}
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				page, err := pages.get(t.Context(), "k", slow)
				if err != nil || page.Total != 1 {
					t.Errorf("%v %v", page, err)
				}
			})
		}
		wg.Wait()
		require.Equal(t, 1, asked)

		gone, cancel := context.WithCancel(t.Context())
		wg.Go(func() {
			_, err := pages.get(gone, "j", slow)
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			page, err := pages.get(t.Context(), "j", slow)
			if err != nil || page.Total != 3 {
				t.Errorf("whoever stays gets an answer: %v %v", page, err)
			}
		})
		synctest.Wait()
		cancel()
		wg.Wait()
		require.Equal(t, 3, asked)

		for n := range 2 * directoryPages {
			_, err := pages.get(t.Context(), fmt.Sprint(n), func(context.Context) (backend.Page, error) { return backend.Page{}, nil })
			require.NoError(t, err)
		}
		require.LessOrEqual(t, len(pages.kept), directoryPages)
	})
}
