package hubspot

import (
	"context"
	"encoding/json"
	"net/http"
)

// AssociateDefault links two records by the default, unlabelled type. Linking
// them again is no error.
func (c *Client) AssociateDefault(ctx context.Context, from, fromID, to, toID string) error {
	return c.do(ctx, call{
		op: "associate " + from + " with " + to, method: http.MethodPut,
		path: c.objectPath(from, fromID, "associations", "default", to, toID),
	}, nil)
}

// Associate links two records by the given types, default or labelled. The
// ToID of the links is not used.
func (c *Client) Associate(ctx context.Context, from, fromID, to, toID string, types ...Link) error {
	body := make([]linkType, len(types))
	for i, t := range types {
		body[i] = t.linkType()
	}
	return c.do(ctx, call{
		op: "associate " + from + " with " + to, method: http.MethodPut,
		path: c.objectPath(from, fromID, "associations", to, toID), body: body,
	}, nil)
}

// Dissociate removes every association between two records.
func (c *Client) Dissociate(ctx context.Context, from, fromID, to, toID string) error {
	return c.do(ctx, call{
		op: "dissociate " + from + " from " + to, method: http.MethodDelete,
		path: c.objectPath(from, fromID, "associations", to, toID),
	}, nil)
}

// An Association is a record that another one is associated with.
type Association struct {
	ToID  string
	Types []AssociationType
}

// An AssociationType says how two records are associated.
type AssociationType struct {
	Category string `json:"category"`
	TypeID   int    `json:"typeId"`
	Label    string `json:"label"` // Empty for default types.
}

// Associations lists the records of type to that a record is associated with,
// all pages of them. It uses the batch endpoint: the one for a single record is
// not in every version.
func (c *Client) Associations(ctx context.Context, from, fromID, to string) ([]Association, error) {
	type input struct {
		ID    string `json:"id"`
		After string `json:"after,omitempty"`
	}
	var all []Association
	for after := ""; ; {
		var answer struct {
			Results []struct {
				To []struct {
					ToObjectID id                `json:"toObjectId"`
					Types      []AssociationType `json:"associationTypes"`
				} `json:"to"`
				Paging paging `json:"paging"`
			} `json:"results"`
			Errors []json.RawMessage `json:"errors"`
		}
		err := c.do(ctx, call{
			op: "associations of " + from + " with " + to, method: http.MethodPost,
			path: "/crm/associations/" + join([]string{c.version(), from, to, "batch", "read"}),
			body: map[string][]input{"inputs": {{fromID, after}}},
		}, &answer)
		if err != nil {
			return nil, err
		}
		for _, raw := range answer.Errors {
			// A record without associations is reported as not found.
			if e := itemError("associations of "+from+" with "+to, raw); e.Status != http.StatusNotFound {
				return nil, e
			}
		}
		before := after
		after = ""
		for _, r := range answer.Results {
			for _, t := range r.To {
				all = append(all, Association{string(t.ToObjectID), t.Types})
			}
			after = r.Paging.after()
		}
		if after == "" || after == before {
			return all, nil
		}
	}
}
