package main

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/singleflight"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/lookup"
	"deskbridge/pkg/native"
	"deskbridge/pkg/webexcc"
)

// A webexConfig gathers an agent's configuration at Webex. It takes some ten
// requests of the 300 a minute that Webex allows per client id.
type webexConfig interface {
	Configuration(ctx context.Context, agent backend.Agent) (profile, error)
}

// A profile is what the panel is told of an agent's configuration, and what
// only the server works with.
type profile struct {
	backend.Config

	addressBook string            // Its id; empty if the agent has none.
	dialPlan    bool              // Numbers must pass one of the dial plans.
	dialPlans   []lookup.DialPlan // Those of the profile.
}

// How long a configuration is taken as it is, and how long Webex is left alone
// after a failure while an old one can be served.
const (
	configFresh = 10 * time.Minute
	configRetry = 30 * time.Second
	configTime  = 18 * time.Second
)

// A configCache keeps configurations in memory, asks Webex once for however
// many frames want the same one, and serves an old one when Webex fails.
type configCache struct {
	source webexConfig
	now    func() time.Time
	flight singleflight.Group

	mu   sync.Mutex
	kept map[string]keptConfig
}

type keptConfig struct {
	profile profile
	until   time.Time
}

func newConfigCache(source webexConfig, now func() time.Time) *configCache {
	return &configCache{source: source, now: now, kept: map[string]keptConfig{}}
}

// get returns the agent's configuration. The question to Webex does not end
// with the request that happened to be first.
func (cc *configCache) get(ctx context.Context, agent backend.Agent) (profile, error) {
	id := agent.OrgID + "/" + agent.AgentID
	if kept, ok := cc.look(id); ok && cc.now().Before(kept.until) {
		return kept.profile, nil
	}
	answer := cc.flight.DoChan(id, func() (any, error) {
		asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), configTime)
		defer cancel()
		found, err := cc.source.Configuration(asking, agent)
		if err == nil {
			cc.keep(id, keptConfig{found, cc.now().Add(configFresh)})
		}
		return found, err
	})
	var err error
	select {
	case r := <-answer:
		if r.Err == nil {
			found, _ := r.Val.(profile)
			return found, nil
		}
		err = r.Err
	case <-ctx.Done():
		err = ctx.Err()
	}
	kept, ok := cc.look(id)
	if !ok {
		return profile{}, err
	}
	kept.until = cc.now().Add(configRetry)
	cc.keep(id, kept)
	return kept.profile, nil
}

func (cc *configCache) look(id string) (keptConfig, bool) {
	cc.mu.Lock()
	defer cc.mu.Unlock()
	kept, ok := cc.kept[id]
	return kept, ok
}

// forget empties the cache.
func (cc *configCache) forget() {
	cc.mu.Lock()
	defer cc.mu.Unlock()
	clear(cc.kept)
}

func (cc *configCache) keep(id string, kept keptConfig) {
	cc.mu.Lock()
	defer cc.mu.Unlock()
	cc.kept[id] = kept
}

// webexConfig is GET /api/config.
func (s *server) webexConfig(c echo.Context) error {
	found, err := s.configs.get(c.Request().Context(), sessionOf(c).Agent)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, found.Config)
}

// webexSource asks Webex, with the agent's own token.
type webexSource struct {
	cfg Config
	deps
}

// client sends requests with the agent's own token.
func (w webexSource) client(agent backend.Agent) *webexcc.Client {
	return &webexcc.Client{
		BaseURL: w.cfg.WebexAPI,
		OrgID:   agent.OrgID,
		Doer:    native.Fetch{Client: w.HTTP},
		Token: func(ctx context.Context) (string, error) {
			token, err := w.accessToken(ctx, agent)
			return token.AccessToken, err
		},
		Refresh: func(ctx context.Context, stale string) (string, error) {
			if err := w.Tokens.Invalidate(ctx, tokenID(agent), stale); err != nil {
				return "", err
			}
			token, err := w.accessToken(ctx, agent)
			return token.AccessToken, err
		},
		Log: w.Log.Warn,
	}
}

// Configuration implements webexConfig.
func (w webexSource) Configuration(ctx context.Context, agent backend.Agent) (profile, error) {
	got, err := w.client(agent).Configuration(ctx, agent.AgentID)
	if err != nil {
		return profile{}, webexRefusal(err,
			"Webex does not show your settings. Ask your administrator whether you are an agent with a desktop profile.")
	}
	return profileOf(got), nil
}

// webexRefusal turns what went wrong at Webex into an answer: sentence says
// what a no of Webex' means, anything else passes.
func webexRefusal(err error, sentence string) error {
	var known *backend.Error
	var refused *webexcc.Error
	switch {
	case errors.As(err, &known): // The token's.
		return err
	case errors.As(err, &refused) && refused.Status < 500 && refused.Status != http.StatusTooManyRequests:
		return errors.Join(refuse(http.StatusBadGateway, backend.CodeConfigFailed, sentence), err)
	default:
		return errors.Join(webexDown(), err)
	}
}

func profileOf(w *webexcc.Configuration) profile {
	out := profile{
		Config:      configOf(w),
		addressBook: string(w.AgentProfile.AddressBookID),
		dialPlan:    w.AgentProfile.DialPlanEnabled.Is(),
	}
	for _, p := range w.DialPlans {
		out.dialPlans = append(out.dialPlans, lookup.DialPlan{
			Expression: string(p.RegularExpression), Prefix: string(p.Prefix), Strip: string(p.StrippedChars),
		})
	}
	return out
}

// configOf is what the panel needs of a configuration. System codes are for
// naming states; an agent does not choose them.
func configOf(w *webexcc.Configuration) backend.Config {
	profile, rules := w.AgentProfile, w.TenantConfiguration // See webexcc-agent-api.md, 3.3, 3.4 and 7.4.
	after, auto := w.AutoWrapUp()
	out := backend.Config{
		LoginOptions:      profile.LoginVoiceOptions,
		DefaultNumber:     w.User.DefaultNumber(),
		ForceDefault:      rules.ForceDefaultDN.Is() || profile.AgentDNValidation == webexcc.ProvisionedValue,
		Teams:             []backend.Named{},
		IdleCodes:         []backend.Code{},
		WrapUpCodes:       []backend.Code{},
		OutdialEnabled:    rules.OutdialEnabled.Is() && profile.OutdialEnabled.Is(),
		OutdialEntryPoint: string(profile.OutdialEntryPointID),
		EndCallEnabled:    rules.EndCallEnabled.Is(),
		EndConsultEnabled: rules.EndConsultEnabled.Is(),
		ConsultToQueue:    profile.ConsultToQueue.Is(),
		AutoWrapUp:        auto,
		AutoWrapAfterMs:   after.Milliseconds(),
		AutoWrapExtend:    profile.AllowAutoWrapUpExtension.Is(),
		MaskSensitive:     w.OrganizationSetting.MaskSensitiveData.Is(),
		PrivacyShield:     rules.PrivacyShieldVisible.Is(),
		HideVariables:     rules.CallVariablesSuppressed.Is(),
		AddressBook:       profile.AddressBookID != "",
		InactivityMs:      w.Inactivity().Milliseconds(),
		AgentProfileID:    string(w.User.AgentProfileID),
	}
	for _, pattern := range []webexcc.Text{rules.DNDefaultRegex, rules.DNOtherRegex} {
		if pattern != "" {
			out.DialNumberPattern = append(out.DialNumberPattern, string(pattern))
		}
	}
	for _, t := range w.Teams {
		out.Teams = append(out.Teams, backend.Named{ID: t.ID, Name: string(t.Name)})
	}
	seen := map[string]bool{webexcc.AvailableCode: true}
	for _, e := range slices.Concat(w.IdleCodes, w.SystemCodes) {
		if !seen[e.ID] {
			seen[e.ID] = true
			out.IdleCodes = append(out.IdleCodes, backend.Code{ID: e.ID, Name: e.Name, System: e.IsSystem, Default: e.IsDefault})
		}
	}
	for _, e := range w.WrapUpCodes {
		out.WrapUpCodes = append(out.WrapUpCodes, backend.Code{ID: e.ID, Name: e.Name, System: e.IsSystem, Default: e.IsDefault})
	}
	for _, ani := range w.OutdialANIs {
		out.OutdialANIs = append(out.OutdialANIs, backend.ANI{Name: string(ani.Name), Number: string(ani.Number), Default: ani.DefaultANIEntry.Is()})
	}
	return out
}
