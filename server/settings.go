package main

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/tenant"
	"deskbridge/pkg/tokens"
)

// A tokenStore keeps agents' Webex tokens and refreshes them ahead.
type tokenStore interface {
	Put(ctx context.Context, id string, t oauth2.Token) error
	Token(ctx context.Context, id string) (oauth2.Token, error)
	Invalidate(ctx context.Context, id, stale string) error
	Delete(ctx context.Context, id string) error
}

// settings are where Webex is and how the agent's default portal wants the
// panel to behave: GET /api/settings.
func (s *server) settings(c echo.Context) error {
	return s.giveSettings(c, backend.SettingsQuery{})
}

// settingsUnder are the same for one of the organisation's portals and under a
// Desktop's layout: POST /api/settings.
func (s *server) settingsUnder(c echo.Context) error {
	var query backend.SettingsQuery
	if err := readJSON(c, &query); err != nil {
		return err
	}
	return s.giveSettings(c, query)
}

func (s *server) giveSettings(c echo.Context, query backend.SettingsQuery) error {
	portal, err := s.Tenants.Portal(c.Request().Context(), sessionOf(c).Agent.OrgID, query.PortalID)
	if err != nil {
		return err
	}
	portal = s.under(portal, query.Layout)
	return c.JSON(http.StatusOK, backend.Settings{
		WebexBase:       s.cfg.WebexAPI,
		PopAt:           portal.Settings.PopAt,
		PopIn:           portal.Settings.PopIn,
		MatchDeadlineMs: portal.Settings.MatchDeadline.Milliseconds(),
		LogMissed:       !portal.Settings.SkipMissed,
		Region:          portal.Settings.Region,
		Language:        portal.Settings.Language,
		Theme:           portal.Settings.Theme,
		PopAtOutbound:   portal.Settings.PopAtOutbound,
		PreferRecent:    portal.Settings.PreferRecent,
		Locked:          portal.Settings.Locked,
		AllowedOrigins:  portal.Settings.AllowedOrigins,

		PortalID: portal.ID,
		AppURL:   s.cfg.hubspotPages(),

		OutdialANI:           portal.Settings.OutdialANI,
		StripOutdialPrefixes: portal.Settings.StripOutdialPrefixes,
		NoLiveNotes:          !*portal.Settings.LiveNotes,
		EditTitle:            portal.Settings.EditTitle,
		TicketButton:         portal.Settings.TicketButton,
		PanelWidth:           portal.Settings.PanelWidth,
		NoStateSync:          !*portal.Settings.SyncState,
	})
}

// hubspotPages is HubSpot's own origin, under which records have their pages.
// HubSpot leads on from the default one to the account's data centre.
func (c Config) hubspotPages() string { return cmp.Or(c.HubSpotApp, "https://app.hubspot.com") }

// under is a portal with its settings under a Desktop's layout. What a layout
// gets wrong is logged once, by name: its admin cannot see our answers.
func (d deps) under(portal tenant.Portal, layout backend.Layout) tenant.Portal {
	settings, refused := portal.Settings.WithDefaults().Under(layout)
	if names := strings.Join(refused, " "); names != "" && d.layouts.first(portal.ID+" "+names) {
		d.Log.Warn("settings of a Desktop's layout left out: not valid", "portal", portal.ID, "settings", names)
	}
	portal.Settings = settings
	return portal
}

// notices are what has been logged and is not logged again. A nil one forgets.
type notices struct {
	mu   sync.Mutex
	seen map[string]bool
}

// maxNotices is how many are remembered: what a layout says, agents could make
// up.
const maxNotices = 1000

// first says whether something is news.
func (n *notices) first(what string) bool {
	if n == nil {
		return true
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.seen[what] || len(n.seen) >= maxNotices {
		return false
	}
	if n.seen == nil {
		n.seen = map[string]bool{}
	}
	n.seen[what] = true
	return true
}

// webexToken hands out the agent's access token: GET /api/token. The refresh
// token stays here.
func (s *server) webexToken(c echo.Context) error {
	return s.giveToken(c)
}

// refusedToken is POST /api/token: Webex answered 401 to a token of ours.
func (s *server) refusedToken(c echo.Context) error {
	var body backend.RefusedToken
	if err := readJSON(c, &body); err != nil {
		return err
	}
	if body.Stale == "" {
		return invalid("The token that Webex refused is required.")
	}
	err := s.Tokens.Invalidate(c.Request().Context(), tokenID(sessionOf(c).Agent), body.Stale)
	if err != nil && !errors.Is(err, tokens.ErrNone) && !errors.Is(err, tokens.ErrSealed) {
		return err
	}
	return s.giveToken(c)
}

func (s *server) giveToken(c echo.Context) error {
	token, err := s.accessToken(c.Request().Context(), sessionOf(c).Agent)
	if err != nil {
		return err
	}
	answer := backend.Token{AccessToken: token.AccessToken}
	if !token.Expiry.IsZero() {
		answer.ExpiresAt = token.Expiry.UnixMilli()
	}
	return c.JSON(http.StatusOK, answer)
}

// useless says of an error of the token store that only a new sign-in helps.
func useless(err error) bool {
	return errors.Is(err, tokens.ErrNone) || errors.Is(err, tokens.ErrRefused) || errors.Is(err, tokens.ErrSealed)
}

// accessToken is the agent's present access token. Where Webex takes no refresh
// any more, only a new sign-in helps, and the sessions end.
func (d deps) accessToken(ctx context.Context, agent backend.Agent) (oauth2.Token, error) {
	token, err := d.Tokens.Token(ctx, tokenID(agent))
	if useless(err) {
		if err := d.SignIns.revoke(ctx, agent.OrgID, agent.AgentID); err != nil {
			return oauth2.Token{}, err
		}
		return oauth2.Token{}, errors.Join(errSignedOut, masked(err))
	}
	if err != nil {
		return oauth2.Token{}, errors.Join(webexDown(), masked(err))
	}
	return token, nil
}
