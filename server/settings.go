package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"

	"deskbridge/pkg/backend"
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
	portal, err := s.Tenants.Portal(c.Request().Context(), sessionOf(c).Agent.OrgID, "")
	if err != nil {
		return err
	}
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
	})
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

// accessToken is the agent's present access token. Where Webex takes no refresh
// any more, only a new sign-in helps, and the sessions end.
func (d deps) accessToken(ctx context.Context, agent backend.Agent) (oauth2.Token, error) {
	token, err := d.Tokens.Token(ctx, tokenID(agent))
	if errors.Is(err, tokens.ErrNone) || errors.Is(err, tokens.ErrRefused) || errors.Is(err, tokens.ErrSealed) {
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
