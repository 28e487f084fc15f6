package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/tenant"
	"deskbridge/pkg/webexcc"
)

// The kinds of lists.
const (
	kindQueue       = "queue"
	kindAddressBook = "address-book"
	kindEntryPoint  = "entry-point"
	kindContact     = "contact"
)

const (
	pageSize  = 25
	maxPage   = 399 // HubSpot shows 10 000 results of a search.
	maxSearch = 100 // Characters.

	directoryFresh = time.Minute
	directoryTime  = 8 * time.Second
	directoryPages = 2000 // Kept at most.
)

// webexLists are the lists of an organisation, as one agent may see them.
type webexLists interface {
	List(ctx context.Context, agent backend.Agent, addressBook string, s backend.Search) (backend.Page, error)
}

// A contactFinder searches the contacts of a portal by name, e-mail address,
// company or number.
type contactFinder interface {
	FindContacts(ctx context.Context, p tenant.Portal, typed string, page int) (backend.Page, error)
}

// search is POST /api/directory. What was typed is neither logged nor part of
// a URL of ours.
func (s *server) search(c echo.Context) error {
	ctx := c.Request().Context()
	var body backend.Search
	if err := readJSON(c, &body); err != nil {
		return err
	}
	body.Search = strings.TrimSpace(body.Search)
	switch {
	case body.Page < 0 || body.Page > maxPage:
		return invalid("Pages are counted from 0 to " + strconv.Itoa(maxPage) + ".")
	case !utf8.ValidString(body.Search) || utf8.RuneCountInString(body.Search) > maxSearch:
		return invalid("What is searched for has at most " + strconv.Itoa(maxSearch) + " characters.")
	}
	var page backend.Page
	var err error
	switch body.Kind {
	case kindQueue, kindEntryPoint, kindAddressBook:
		page, err = s.searchWebex(ctx, sessionOf(c).Agent, body)
	case kindContact:
		page, err = s.searchContacts(ctx, sessionOf(c).Agent, body)
	default:
		return invalid("The kind is queue, address-book, entry-point or contact.")
	}
	if gone := ctx.Err(); err != nil && gone != nil {
		return gone // Whoever types on does not wait for the answer.
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, page)
}

// searchWebex asks for what the profile lets its agents see: those of one
// profile share the answer.
func (s *server) searchWebex(ctx context.Context, agent backend.Agent, body backend.Search) (backend.Page, error) {
	found, err := s.configs.get(ctx, agent)
	if err != nil {
		return backend.Page{}, err
	}
	if body.Kind == kindAddressBook && found.addressBook == "" {
		return backend.Page{Entries: []backend.Entry{}}, nil
	}
	key := pageKey(agent.OrgID, found.AgentProfileID, body)
	return s.pages.get(ctx, key, func(ctx context.Context) (backend.Page, error) {
		return s.Lists.List(ctx, agent, found.addressBook, body)
	})
}

// searchContacts searches the portal. Nothing typed finds nobody: HubSpot's
// searches are too few for a list that nobody reads.
func (s *server) searchContacts(ctx context.Context, agent backend.Agent, body backend.Search) (backend.Page, error) {
	portal, err := s.Tenants.Portal(ctx, agent.OrgID, body.PortalID)
	if err != nil {
		return backend.Page{}, err
	}
	if body.Search == "" {
		return backend.Page{Entries: []backend.Entry{}}, nil
	}
	return s.pages.get(ctx, pageKey(agent.OrgID, portal.ID, body), func(ctx context.Context) (backend.Page, error) {
		return s.People.FindContacts(ctx, portal, body.Search, body.Page)
	})
}

// pageKey tells pages apart: by the organisation and, within it, by whose view
// of the list it is.
func pageKey(orgID, whose string, s backend.Search) string {
	return strings.Join([]string{orgID, whose, s.Kind, strconv.Itoa(s.Page), strings.ToLower(s.Search)}, "\x00")
}

// List implements webexLists. Webex does the filtering; what it lets through
// all the same is dropped here, so that a page may be shorter than 25.
func (w webexSource) List(ctx context.Context, agent backend.Agent, addressBook string, s backend.Search) (backend.Page, error) {
	client := w.client(agent)
	client.Log = nil // Its errors may quote what was typed.
	q := webexcc.Query{Page: s.Page, PageSize: pageSize, Search: s.Search}
	var page backend.Page
	var err error
	switch s.Kind {
	case kindQueue:
		q.Filter, q.SortBy, q.SortOrder = "channelType==TELEPHONY;active==true", "name", "asc"
		q.DesktopProfileFilter = true
		page, err = listOf(ctx, q, client.Queues, func(queue webexcc.Queue) (backend.Entry, bool) {
			fits := strings.EqualFold(string(queue.ChannelType), "TELEPHONY") && queue.Active.Is() &&
				!strings.EqualFold(string(queue.QueueType), "OUTBOUND")
			return backend.Entry{ID: queue.ID, Name: string(queue.Name), Detail: string(queue.Description)}, fits
		})
	case kindEntryPoint:
		q.Filter, q.SortBy = "channelType==TELEPHONY;entryPointType==INBOUND;active==true", "name"
		page, err = listOf(ctx, q, client.EntryPoints, func(e webexcc.EntryPoint) (backend.Entry, bool) {
			kind := string(e.EntryPointType) + string(e.Type) // One generation has the one, another the other.
			fits := !strings.EqualFold(kind, "OUTBOUND") && (e.Active.Is() || e.IsActive.Is()) &&
				(e.ChannelType == "" || strings.EqualFold(string(e.ChannelType), "TELEPHONY"))
			return backend.Entry{ID: e.ID, Name: string(e.Name), Detail: string(e.Description)}, fits
		})
	default:
		book := func(ctx context.Context, q webexcc.Query) (webexcc.List[webexcc.AddressBookEntry], error) {
			return client.AddressBook(ctx, addressBook, q)
		}
		page, err = listOf(ctx, q, book, func(a webexcc.AddressBookEntry) (backend.Entry, bool) {
			return backend.Entry{ID: a.ID, Name: string(a.Name), Number: string(a.Number)}, a.Number != ""
		})
	}
	if err != nil {
		return backend.Page{}, webexRefusal(withoutQuery(err),
			"Webex does not show this list. Other lists and dialling still work; ask your administrator for access to it.")
	}
	return page, nil
}

// listOf reads one page of a list at Webex.
func listOf[T any](ctx context.Context, q webexcc.Query,
	read func(context.Context, webexcc.Query) (webexcc.List[T], error), entry func(T) (backend.Entry, bool),
) (backend.Page, error) {
	list, err := read(ctx, q)
	if err != nil {
		return backend.Page{}, err
	}
	page := backend.Page{
		Entries: []backend.Entry{},
		Total:   int(list.Meta.TotalRecords),
		More:    q.Page+1 < int(list.Meta.TotalPages),
	}
	if list.Meta.TotalPages == 0 { // It does not say.
		page.Total, page.More = -1, len(list.Data) == q.PageSize
	}
	for _, row := range list.Data {
		if e, ok := entry(row); ok {
			page.Entries = append(page.Entries, e)
		}
	}
	return page, nil
}

// withoutQuery keeps out of an error what the request said: Webex takes
// searches in the URL and may quote them.
func withoutQuery(err error) error {
	var known *backend.Error
	var refused *webexcc.Error
	var u *url.Error
	switch {
	case errors.As(err, &known):
		return err
	case errors.As(err, &refused):
		return &webexcc.Error{Op: refused.Op, Status: refused.Status, TrackingID: refused.TrackingID, RetryAfter: refused.RetryAfter}
	case errors.As(err, &u):
		return u.Err
	}
	return err
}
