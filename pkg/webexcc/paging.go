package webexcc

import (
	"context"
	"net/url"
	"strconv"
)

const (
	pageSize = 100
	maxPages = 1000 // A server that never ends a list is wrong.
)

// A Query selects a page of a list. Its zero value is the first 100 rows.
type Query struct {
	Page       int
	PageSize   int // Defaults to 100.
	Search     string
	Filter     string // Webex's filter language, such as id=in=(a,b).
	Attributes string // Comma-separated.
	SortBy     string
	SortOrder  string // asc or desc.

	// Queues only.
	DesktopProfileFilter bool // Only what the agent's profile allows.
	ProvisioningView     bool
	SingleObjectResponse bool
}

func (q Query) paging() string {
	return "page=" + strconv.Itoa(q.Page) + "&pageSize=" + strconv.Itoa(q.size())
}

func (q Query) size() int {
	if q.PageSize <= 0 {
		return pageSize
	}
	return q.PageSize
}

// encode returns the query of a list, pages first.
func (q Query) encode() string {
	values := url.Values{}
	set := func(name, value string) {
		if value != "" {
			values.Set(name, value)
		}
	}
	set("search", q.Search)
	set("filter", q.Filter)
	set("attributes", q.Attributes)
	set("sortBy", q.SortBy)
	set("sortOrder", q.SortOrder)
	flag := func(name string, on bool) {
		if on {
			values.Set(name, "true")
		}
	}
	flag("desktopProfileFilter", q.DesktopProfileFilter)
	flag("provisioningView", q.ProvisioningView)
	flag("singleObjectResponse", q.SingleObjectResponse)
	if len(values) == 0 {
		return q.paging()
	}
	return q.paging() + "&" + values.Encode()
}

// All reads a list to its end, from q.Page on.
//
//	queues, err := webexcc.All(ctx, webexcc.Query{}, client.Queues)
func All[T any](ctx context.Context, q Query, page func(context.Context, Query) (List[T], error)) ([]T, error) {
	var all []T
	for range maxPages {
		list, err := page(ctx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, list.Data...)
		q.Page++
		if len(list.Data) == 0 || int64(q.Page) >= int64(list.Meta.TotalPages) {
			break
		}
	}
	return all, nil
}

// Queues returns a page of queues.
func (c *Client) Queues(ctx context.Context, q Query) (List[Queue], error) {
	return get[List[Queue]](ctx, c, "list queues", q.encode(), "v2", "contact-service-queue")
}

// EntryPoints returns a page of entry points.
func (c *Client) EntryPoints(ctx context.Context, q Query) (List[EntryPoint], error) {
	if q.SortOrder == "" {
		q.SortOrder = "asc"
	}
	return get[List[EntryPoint]](ctx, c, "list entry points", q.encode(), "v2", "entry-point")
}

// AddressBook returns a page of an address book's entries.
func (c *Client) AddressBook(ctx context.Context, bookID string, q Query) (List[AddressBookEntry], error) {
	return get[List[AddressBookEntry]](ctx, c, "list address book", q.encode(), "v2", "address-book", bookID, "entry")
}

// OutdialANIs returns the caller ids that an outdial may show. The zero Query
// asks without paging, as Cisco's SDK does.
func (c *Client) OutdialANIs(ctx context.Context, id string, q Query) (List[OutdialANI], error) {
	query := ""
	if q != (Query{}) {
		query = q.encode()
	}
	return get[List[OutdialANI]](ctx, c, "list outdial ANIs", query, "v2", "outdial-ani", id, "entry")
}
