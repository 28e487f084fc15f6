package hubspot

import (
	"context"
	"encoding/json"
	"net/http"
)

// The search's limits.
//
// https://developers.hubspot.com/docs/api-reference/search/guide
const (
	MaxFilterGroups   = 5
	MaxGroupFilters   = 6
	MaxFilters        = 18
	MaxSearchLimit    = 200
	MaxSearchRequest  = 3000   // Characters of the request.
	MaxSearchResults  = 10_000 // Reachable by paging.
	MaxSearchesSecond = 5
)

// An Operator compares a property with a filter's value.
type Operator string

// The operators.
const (
	Equal            Operator = "EQ"
	NotEqual         Operator = "NEQ"
	Less             Operator = "LT"
	LessOrEqual      Operator = "LTE"
	Greater          Operator = "GT"
	GreaterOrEqual   Operator = "GTE"
	Between          Operator = "BETWEEN" // Value to HighValue, both included.
	In               Operator = "IN"      // One of Values, lower case for strings.
	NotIn            Operator = "NOT_IN"
	HasProperty      Operator = "HAS_PROPERTY"
	NotHasProperty   Operator = "NOT_HAS_PROPERTY"
	ContainsToken    Operator = "CONTAINS_TOKEN" // Value may have "*" at its ends.
	NotContainsToken Operator = "NOT_CONTAINS_TOKEN"
)

// A Filter compares one property. The pseudo-property "associations.contact"
// stands for the ids of associated records.
type Filter struct {
	Property  string   `json:"propertyName"`
	Operator  Operator `json:"operator"`
	Value     string   `json:"value,omitempty"`
	Values    []string `json:"values,omitempty"`
	HighValue string   `json:"highValue,omitempty"`
}

// A FilterGroup holds if all of its filters do.
type FilterGroup struct {
	Filters []Filter `json:"filters"`
}

// A Sort orders results. HubSpot takes one.
type Sort struct {
	Property  string `json:"propertyName"`
	Direction string `json:"direction"` // ASCENDING or DESCENDING
}

// A SearchRequest asks for the records for which any of the groups holds.
type SearchRequest struct {
	Groups     []FilterGroup `json:"filterGroups"`
	Sorts      []Sort        `json:"sorts"`
	Query      string        `json:"query,omitempty"` // Full text over the type's default properties.
	Properties []string      `json:"properties"`
	Limit      int           `json:"limit"`           // Defaults to 10.
	After      string        `json:"after,omitempty"` // From the page before.
}

// A SearchResult is a page of records.
type SearchResult struct {
	Total   int
	Objects []Object
	After   string // Empty on the last page.
}

// Search finds records. Its index lags behind writes by seconds, archived
// records are not in it, and its limit of 5 a second is the tightest of all:
// share a [Limiter].
func (c *Client) Search(ctx context.Context, objectType string, r SearchRequest) (*SearchResult, error) {
	return c.SearchWith(ctx, objectType, func() SearchRequest { return r })
}

// SearchWith is [Client.Search] with a request that is made when the limiter
// has given it a turn, so that more can be asked for meanwhile. Build may be
// called again: the request is repeated with a new token.
func (c *Client) SearchWith(ctx context.Context, objectType string, build func() SearchRequest) (*SearchResult, error) {
	var answer struct {
		Total   int      `json:"total"`
		Results []Object `json:"results"`
		Paging  paging   `json:"paging"`
	}
	err := c.do(ctx, call{
		op: "search " + objectType, method: http.MethodPost, path: c.objectPath(objectType, "search"), search: true,
		build: func() any { return build().complete() },
	}, &answer)
	if err != nil {
		return nil, err
	}
	return &SearchResult{answer.Total, answer.Results, answer.Paging.after()}, nil
}

// complete fills in what HubSpot's schema says is required.
func (r SearchRequest) complete() SearchRequest {
	if r.Groups == nil {
		r.Groups = []FilterGroup{}
	}
	if r.Sorts == nil {
		r.Sorts = []Sort{}
	}
	r.Properties = notNil(r.Properties)
	if r.Limit == 0 {
		r.Limit = 10
	}
	return r
}

// Fits says whether a request keeps HubSpot's limit of characters.
func (r SearchRequest) Fits() bool {
	body, err := json.Marshal(r.complete())
	return err == nil && len(body) <= MaxSearchRequest
}

type paging struct {
	Next struct {
		After json.RawMessage `json:"after"`
	} `json:"next"`
}

func (p paging) after() string {
	if len(p.Next.After) == 0 {
		return ""
	}
	return text(p.Next.After)
}
