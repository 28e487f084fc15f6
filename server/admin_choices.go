package main

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/native"
	"deskbridge/pkg/tenant"
	"deskbridge/pkg/webexcc"
)

// choices are what the vendors offer for the maps of settings. What cannot be
// read is empty, with the reason in a sentence; it is typed then.
type choices struct {
	Outcomes   []option // HubSpot's call outcomes.
	Properties []option // Properties of calls that may be written.
	NoHubSpot  string

	Codes   []option // Webex' wrap-up codes.
	NoWebex string
}

// choicesTime is how long the page waits for them.
const choicesTime = 4 * time.Second

func (s *server) choicesOf(ctx context.Context, orgID, portalID string) choices {
	ctx, cancel := context.WithTimeout(ctx, choicesTime)
	defer cancel()
	var c choices
	var wg sync.WaitGroup
	wg.Go(func() { c.Outcomes, c.Properties, c.NoHubSpot = s.callChoices(ctx, portalID) })
	wg.Go(func() { c.Codes, c.NoWebex = s.codeChoices(ctx, orgID) })
	wg.Wait()
	return c
}

func (s *server) callChoices(ctx context.Context, portalID string) (outcomes, properties []option, why string) {
	found, err := s.Accounts.client(portalID).Properties(ctx, hubspot.Calls)
	if err != nil {
		return nil, nil, "HubSpot does not show what this account has just now: type the ids and internal names."
	}
	for _, p := range found {
		if p.Name == "hs_call_disposition" {
			for _, o := range p.Options {
				if !o.Hidden {
					outcomes = append(outcomes, option{o.Value, o.Label})
				}
			}
		}
		mapped := tenant.Settings{VariableProperties: map[string]string{"any": p.Name}}
		if !p.Calculated && !p.Hidden && !p.Modification.ReadOnlyValue && mapped.Validate() == nil {
			properties = append(properties, option{p.Name, p.Label})
		}
	}
	return outcomes, byLabel(properties), ""
}

// codeChoices asks with the tokens of the admin who connected Webex last.
func (s *server) codeChoices(ctx context.Context, orgID string) (codes []option, why string) {
	token, err := s.Tokens.Token(ctx, webexAdminID(orgID))
	if err != nil {
		return nil, "Webex shows its wrap-up reasons once an administrator has connected it on the install page: until then type their names."
	}
	client := &webexcc.Client{
		BaseURL: s.cfg.WebexAPI, OrgID: orgID, Doer: native.Fetch{Client: s.HTTP},
		Token: func(context.Context) (string, error) { return token.AccessToken, nil },
	}
	found, err := client.AuxCodes(ctx)
	if err != nil {
		return nil, "Webex does not show its wrap-up reasons just now: type their names."
	}
	for _, code := range found {
		if code.WorkTypeCode == webexcc.WrapUpCode && code.Active.Is() && !code.IsSystemCode.Is() {
			codes = append(codes, option{code.ID, string(code.Name)})
		}
	}
	return byLabel(codes), ""
}

func byLabel(all []option) []option {
	slices.SortFunc(all, func(a, b option) int { return strings.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)) })
	return all
}
