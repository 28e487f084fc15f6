package hubspot

import (
	"context"
	"net/http"
	"net/url"
)

// A Provider is the calling provider that a user has selected.
type Provider struct {
	Connected bool
	AppID     string // Of a third party's app; empty for HubSpot's own calling.
	AppName   string
}

// CallingProvider reads which provider the user with that user id (not owner
// id) has selected. It exists in v3 only (hubspot.md §2.6); the scope is
// crm.objects.owners.read.
func (c *Client) CallingProvider(ctx context.Context, userID string) (Provider, error) {
	var answer struct {
		Connected bool `json:"connected"`
		Provider  struct {
			AppID   id     `json:"appId"`
			AppName string `json:"appName"`
		} `json:"provider"`
	}
	err := c.do(ctx, call{
		op: "calling provider", method: http.MethodGet, path: "/crm/extensions/calling/v3/connection-statuses",
		query: url.Values{"userId": {userID}},
	}, &answer)
	return Provider{answer.Connected, string(answer.Provider.AppID), answer.Provider.AppName}, err
}
