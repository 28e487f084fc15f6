package webexcc

import (
	"context"
	"slices"
	"sync"
	"time"
)

// A Configuration is everything that decides what an agent may do.
type Configuration struct {
	User                User
	Organization        Organization
	OrganizationSetting OrganizationSetting
	TenantConfiguration TenantConfiguration
	URLs                []OrgURL
	AIFeature           AIFeature
	AgentProfile        AgentProfile
	Site                Site
	Teams               []Team
	DialPlans           []DialPlan // Those of the profile; none while dial plans are off.
	IdleCodes           []Entity   // What the agent may choose, Available last.
	WrapUpCodes         []Entity   // What the agent may choose.
	SystemCodes         []Entity   // Active system idle codes, to name states such as RONA.
	OutdialANIs         []OutdialANI
	MultimediaProfileID string // The user's, else the first team's, else the site's.
}

// An Entity is a code that the agent may choose.
type Entity struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	IsSystem  bool   `json:"isSystem"`
	IsDefault bool   `json:"isDefault"`
}

// DefaultWrapUp returns the default code, else the first; false when there are
// none.
func (c *Configuration) DefaultWrapUp() (Entity, bool) {
	if i := slices.IndexFunc(c.WrapUpCodes, func(e Entity) bool { return e.IsDefault }); i >= 0 {
		return c.WrapUpCodes[i], true
	}
	if len(c.WrapUpCodes) == 0 {
		return Entity{}, false
	}
	return c.WrapUpCodes[0], true
}

// AutoWrapUp returns how long after a contact the client wraps up by itself,
// and whether it does: a profile that does not say counts as on.
func (c *Configuration) AutoWrapUp() (time.Duration, bool) {
	if _, ok := c.DefaultWrapUp(); !ok || !c.AgentProfile.AutoWrapUp.Or(true) {
		return 0, false
	}
	return time.Duration(c.AgentProfile.AutoWrapAfterSeconds) * time.Millisecond, true
}

// Inactivity returns after how long the client logs an idle agent out, 0 for
// never.
func (c *Configuration) Inactivity() time.Duration {
	switch {
	case c.AgentProfile.InactivityCustomEnabled.Is():
		return time.Duration(c.AgentProfile.InactivityMins) * time.Minute
	case c.TenantConfiguration.TimeoutDesktopInactivityEnabled.Is():
		return time.Duration(c.TenantConfiguration.TimeoutDesktopInactivityMins) * time.Minute
	}
	return 0
}

// Configuration gathers the agent's configuration in the order of Cisco's SDK:
// the user, the organization, the profile. Everything must be there, except
// that a missing list of outdial ANIs is an empty one.
func (c *Client) Configuration(ctx context.Context, agentID string) (*Configuration, error) {
	out := new(Configuration)
	var err error
	if out.User, err = c.User(ctx, agentID); err != nil {
		return nil, err
	}
	var codes []AuxCode
	err = together(ctx,
		into(&out.Organization, c.Organization),
		into(&out.OrganizationSetting, c.OrganizationSetting),
		into(&out.TenantConfiguration, c.TenantConfiguration),
		into(&out.URLs, c.OrgURLs),
		into(&out.AIFeature, c.AIFeature),
		into(&codes, c.AuxCodes),
	)
	if err != nil {
		return nil, err
	}
	err = together(ctx,
		func(ctx context.Context) (err error) {
			out.AgentProfile, err = c.AgentProfile(ctx, string(out.User.AgentProfileID))
			return err
		},
		func(ctx context.Context) (err error) {
			out.Site, err = c.Site(ctx, string(out.User.SiteID))
			return err
		},
		func(ctx context.Context) (err error) {
			out.Teams, err = c.Teams(ctx, out.User.TeamIDs...)
			return err
		},
	)
	if err != nil {
		return nil, err
	}
	if out.AgentProfile.DialPlanEnabled.Is() {
		plans, err := c.DialPlans(ctx)
		if err != nil {
			return nil, err
		}
		out.DialPlans = slices.DeleteFunc(plans, func(p DialPlan) bool {
			return !slices.Contains(out.AgentProfile.DialPlans, p.ID)
		})
	}
	out.OutdialANIs = c.anis(ctx, out.AgentProfile)
	out.reduce(codes)
	return out, nil
}

// anis is forgiving: a call can be placed without choosing a caller id.
func (c *Client) anis(ctx context.Context, p AgentProfile) []OutdialANI {
	if !p.OutdialEnabled.Is() || p.OutdialANIID == "" {
		return nil
	}
	list, err := All(ctx, Query{}, func(ctx context.Context, q Query) (List[OutdialANI], error) {
		return c.OutdialANIs(ctx, string(p.OutdialANIID), q)
	})
	if err != nil {
		c.log("outdial ANIs are missing", "error", err.Error())
		return nil
	}
	return list
}

// reduce keeps of the codes what the profile lets the agent choose.
func (c *Configuration) reduce(codes []AuxCode) {
	p := c.AgentProfile
	c.IdleCodes = choose(codes, IdleCode, p.AccessIdleCode, p.IdleCodes)
	c.IdleCodes = append(c.IdleCodes, Entity{ID: AvailableCode, Name: Available})
	c.WrapUpCodes = choose(codes, WrapUpCode, p.AccessWrapUpCode, p.WrapUpCodes)
	c.SystemCodes = slices.DeleteFunc(choose(codes, IdleCode, AccessAll, nil), func(e Entity) bool { return !e.IsSystem })

	c.MultimediaProfileID = string(c.User.MultimediaProfileID)
	if c.MultimediaProfileID == "" && len(c.Teams) > 0 {
		c.MultimediaProfileID = string(c.Teams[0].MultimediaProfileID)
	}
	if c.MultimediaProfileID == "" {
		c.MultimediaProfileID = string(c.Site.MultimediaProfileID)
	}
}

// choose returns the active codes of a type that are in allowed. An empty list
// of specific codes allows all, as at Cisco.
func choose(codes []AuxCode, workType string, access Text, allowed []string) []Entity {
	specific := access == AccessSpecific && len(allowed) > 0
	var chosen []Entity
	for _, code := range codes {
		if code.WorkTypeCode == workType && code.Active.Is() && (!specific || slices.Contains(allowed, code.ID)) {
			chosen = append(chosen, Entity{code.ID, string(code.Name), code.IsSystemCode.Is(), code.DefaultCode.Is()})
		}
	}
	return chosen
}

// into adapts a getter to together.
func into[T any](dst *T, get func(context.Context) (T, error)) func(context.Context) error {
	return func(ctx context.Context) (err error) {
		*dst, err = get(ctx)
		return err
	}
}

// together runs all of them at once and waits for all. The first error stops
// the others and is returned.
func together(ctx context.Context, all ...func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	for _, f := range all {
		group.Go(func() {
			if err := f(ctx); err != nil {
				cancel(err)
			}
		})
	}
	group.Wait()
	return context.Cause(ctx)
}
