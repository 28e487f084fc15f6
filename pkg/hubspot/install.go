package hubspot

import (
	"context"
	"errors"
	"net/http"
)

// Uninstall takes the app away from the account whose token the client has.
// HubSpot tells the account's admins by e-mail.
//
// https://developers.hubspot.com/docs/api-reference/latest/app-management/app-uninstalls/guide
func (c *Client) Uninstall(ctx context.Context) error {
	return c.do(ctx, call{
		op: "uninstall", method: http.MethodDelete, path: "/appinstalls/" + join([]string{c.version()}) + "/external-install",
	}, nil)
}

// IsStatus says whether HubSpot refused with that status.
func IsStatus(err error, status int) bool {
	var refused *Error
	return errors.As(err, &refused) && refused.Status == status
}
