package webexcc

import (
	"context"
	"net/url"
	"strings"

	"deskbridge/pkg/fetch"
)

// User returns the agent's own record.
func (c *Client) User(ctx context.Context, agentID string) (User, error) {
	return get[User](ctx, c, "get user", "", "user", "by-ci-user-id", agentID)
}

// UserV2 is [Client.User] by the address that newer clients use.
func (c *Client) UserV2(ctx context.Context, agentID string) (User, error) {
	return get[User](ctx, c, "get user", "", "v2", "user", "by-ci-user-id", agentID)
}

// UserLogin returns user and profile at once, as the newest SDK asks for them.
func (c *Client) UserLogin(ctx context.Context, agentID string) (UserLogin, error) {
	return get[UserLogin](ctx, c, "get user login", "", "v2", "user", "by-ci-user-id", agentID, "desktop-login")
}

// OrgLogin returns the organization's settings at once, as the newest SDK asks
// for them.
func (c *Client) OrgLogin(ctx context.Context) (OrgLogin, error) {
	return get[OrgLogin](ctx, c, "get organization login", "", "desktop-login")
}

// Organization returns the tenant.
func (c *Client) Organization(ctx context.Context) (Organization, error) {
	return get[Organization](ctx, c, "get organization", "")
}

// OrganizationSetting returns the organization's switches, all off when there
// are none.
func (c *Client) OrganizationSetting(ctx context.Context) (OrganizationSetting, error) {
	return first[OrganizationSetting](ctx, c, "get organization setting", "agentView=true", "v2", "organization-setting")
}

// TenantConfiguration returns the tenant's rules, all off when there are none.
func (c *Client) TenantConfiguration(ctx context.Context) (TenantConfiguration, error) {
	return first[TenantConfiguration](ctx, c, "get tenant configuration", "agentView=true", "v2", "tenant-configuration")
}

// OrgURLs returns the addresses of integrations.
func (c *Client) OrgURLs(ctx context.Context) ([]OrgURL, error) {
	list, err := get[List[OrgURL]](ctx, c, "list organization URLs", "sort=name,ASC", "v2", "org-url-mapping")
	return list.Data, err
}

// AIFeature returns which assistants are on. Without a row they are off; note
// that Cisco's SDK takes that for on.
func (c *Client) AIFeature(ctx context.Context) (AIFeature, error) {
	return first[AIFeature](ctx, c, "get AI features", "page=0&pageSize=100", "v2", "ai-feature")
}

// AuxCodes returns all idle and wrap-up codes of the organization.
func (c *Client) AuxCodes(ctx context.Context) ([]AuxCode, error) {
	return All(ctx, Query{}, func(ctx context.Context, q Query) (List[AuxCode], error) {
		query := q.paging() + "&attributes=id,isSystemCode,name,defaultCode,workTypeCode,active"
		return get[List[AuxCode]](ctx, c, "list auxiliary codes", query, "v2", "auxiliary-code")
	})
}

// AgentProfile returns a desktop profile.
func (c *Client) AgentProfile(ctx context.Context, id string) (AgentProfile, error) {
	return get[AgentProfile](ctx, c, "get agent profile", "", "agent-profile", id)
}

// Site returns a site.
func (c *Client) Site(ctx context.Context, id string) (Site, error) {
	return get[Site](ctx, c, "get site", "", "site", id)
}

// Teams returns the teams with these ids.
func (c *Client) Teams(ctx context.Context, ids ...string) ([]Team, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	escaped := make([]string, len(ids))
	for i, id := range ids {
		escaped[i] = url.QueryEscape(id)
	}
	// Webex wants the filter's own signs unescaped.
	return c.teams(ctx, "&filter=id=in=("+strings.Join(escaped, ",")+")")
}

// TeamsOf returns the teams of a user, named by User.DBID, as the newest SDK
// asks for them.
func (c *Client) TeamsOf(ctx context.Context, userDBID string) ([]Team, error) {
	if err := checkIDs("list teams", userDBID); err != nil {
		return nil, err
	}
	return c.teams(ctx, "&agentView=true&filter=userId=="+url.QueryEscape(userDBID))
}

func (c *Client) teams(ctx context.Context, filter string) ([]Team, error) {
	return All(ctx, Query{}, func(ctx context.Context, q Query) (List[Team], error) {
		return get[List[Team]](ctx, c, "list teams", q.paging()+filter, "v2", "team")
	})
}

// DialPlans returns all dial plans, in a bare array unlike every other list.
func (c *Client) DialPlans(ctx context.Context) ([]DialPlan, error) {
	return get[[]DialPlan](ctx, c, "list dial plans", "agentView=true", "dial-plan")
}

// MultimediaProfile returns how many contacts of each medium an agent takes.
func (c *Client) MultimediaProfile(ctx context.Context, id string) (MultimediaProfile, error) {
	return get[MultimediaProfile](ctx, c, "get multimedia profile", "", "multimedia-profile", id)
}

// get reads a resource of the organization. The query is sent as it is.
func get[T any](ctx context.Context, c *Client, op, query string, path ...string) (T, error) {
	var out T
	if err := checkIDs(op, append(path, c.OrgID)...); err != nil {
		return out, err
	}
	target := joinPath(append([]string{"organization", c.OrgID}, path...)...)
	if query != "" {
		target += "?" + query
	}
	err := c.do(ctx, request{op: op, method: fetch.GET, path: target, out: &out})
	return out, err
}

// first reads a list that has one row.
func first[T any](ctx context.Context, c *Client, op, query string, path ...string) (T, error) {
	list, err := get[List[T]](ctx, c, op, query, path...)
	if err != nil || len(list.Data) == 0 {
		var none T
		return none, err
	}
	return list.Data[0], nil
}
