package hubspot

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// An Owner is a person or queue that records can be assigned to. Its id goes
// into hubspot_owner_id; it is not the user id.
type Owner struct {
	ID        string
	Email     string
	FirstName string
	LastName  string
	UserID    string // Empty for archived owners.
	Archived  bool
}

// ownerWire is HubSpot's form of an owner.
type ownerWire struct {
	ID        id     `json:"id"`
	Email     string `json:"email"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	UserID    id     `json:"userId"`
	Archived  bool   `json:"archived"`
}

func (o ownerWire) owner() Owner {
	return Owner{string(o.ID), o.Email, o.FirstName, o.LastName, string(o.UserID), o.Archived}
}

// Owner reads the owner with that id; one who is archived is a 404.
func (c *Client) Owner(ctx context.Context, id string) (Owner, error) {
	var found ownerWire
	err := c.do(ctx, call{
		op: "owner", method: http.MethodGet, path: "/crm/owners/" + join([]string{c.version(), id}),
	}, &found)
	return found.owner(), err
}

// Owners lists the owners, or with an email the one who has it. The scope is
// crm.objects.owners.read.
func (c *Client) Owners(ctx context.Context, email string) ([]Owner, error) {
	var all []Owner
	for after := ""; ; {
		q := url.Values{"limit": {"100"}}
		if email != "" {
			q.Set("email", email)
		}
		if after != "" {
			q.Set("after", after)
		}
		var answer struct {
			Results []ownerWire `json:"results"`
			Paging  paging      `json:"paging"`
		}
		err := c.do(ctx, call{
			op: "owners", method: http.MethodGet, path: "/crm/owners/" + join([]string{c.version()}), query: q,
		}, &answer)
		if err != nil {
			return nil, err
		}
		for _, o := range answer.Results {
			all = append(all, o.owner())
		}
		before := after
		if after = answer.Paging.after(); after == "" || after == before {
			return all, nil
		}
	}
}

// OwnerByEmail finds the owner with that e-mail address; ok is false if there
// is none.
func (c *Client) OwnerByEmail(ctx context.Context, email string) (owner Owner, ok bool, err error) {
	if email == "" {
		return Owner{}, false, nil
	}
	owners, err := c.Owners(ctx, email)
	if err != nil {
		return Owner{}, false, err
	}
	for _, o := range owners {
		if strings.EqualFold(o.Email, email) {
			return o, true, nil
		}
	}
	return Owner{}, false, nil
}
