package main

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/singleflight"

	"deskbridge/pkg/backend"
)

// A webexConfig gathers an agent's configuration at Webex. It takes some ten
// requests of the 300 a minute that Webex allows per client id.
type webexConfig interface {
	Configuration(ctx context.Context, agent backend.Agent) (backend.Config, error)
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
	config backend.Config
	until  time.Time
}

func newConfigCache(source webexConfig, now func() time.Time) *configCache {
	return &configCache{source: source, now: now, kept: map[string]keptConfig{}}
}

// get returns the agent's configuration. The question to Webex does not end
// with the request that happened to be first.
func (cc *configCache) get(ctx context.Context, agent backend.Agent) (backend.Config, error) {
	id := agent.OrgID + "/" + agent.AgentID
	if kept, ok := cc.look(id); ok && cc.now().Before(kept.until) {
		return kept.config, nil
	}
	answer := cc.flight.DoChan(id, func() (any, error) {
		asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), configTime)
		defer cancel()
		config, err := cc.source.Configuration(asking, agent)
		if err == nil {
			cc.keep(id, keptConfig{config, cc.now().Add(configFresh)})
		}
		return config, err
	})
	var err error
	select {
	case r := <-answer:
		if r.Err == nil {
			config, _ := r.Val.(backend.Config)
			return config, nil
		}
		err = r.Err
	case <-ctx.Done():
		err = ctx.Err()
	}
	kept, ok := cc.look(id)
	if !ok {
		return backend.Config{}, err
	}
	kept.until = cc.now().Add(configRetry)
	cc.keep(id, kept)
	return kept.config, nil
}

func (cc *configCache) look(id string) (keptConfig, bool) {
	cc.mu.Lock()
	defer cc.mu.Unlock()
	kept, ok := cc.kept[id]
	return kept, ok
}

func (cc *configCache) keep(id string, kept keptConfig) {
	cc.mu.Lock()
	defer cc.mu.Unlock()
	cc.kept[id] = kept
}

// webexConfig is GET /api/config.
func (s *server) webexConfig(c echo.Context) error {
	config, err := s.configs.get(c.Request().Context(), sessionOf(c).Agent)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, config)
}
