package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/tenant"
)

var (
	errSignedOut  = refuse(http.StatusUnauthorized, backend.CodeSessionExpired, "Your session has ended. Sign in again; calls in progress go on.")
	errSignInDead = refuse(http.StatusUnauthorized, backend.CodeSignInRefused, "This sign-in cannot be used any more. Press “Sign in with Webex” again.")
	errOtherOrg   = refuse(http.StatusForbidden, backend.CodeNotLinked, "Your Webex organisation is not linked to this HubSpot account. Ask your administrator to link it.")
	errGuessed    = refuse(http.StatusTooManyRequests, backend.CodeTooMany, "Too many wrong codes. Press “Sign in with Webex” again.")

	errTooManySignIns = refuse(http.StatusTooManyRequests, backend.CodeTooMany, "Too many people are signing in. Try again in ten minutes.")
)

// secret returns 256 random bits for a URL or a header.
func secret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // Never fails.
	return base64.RawURLEncoding.EncodeToString(b)
}

// exchange turns a finished sign-in into a session: POST /api/session.
func (s *server) exchange(c echo.Context) error {
	ctx := c.Request().Context()
	var body backend.Exchange
	if err := readJSON(c, &body); err != nil {
		return err
	}
	if body.WebexToken != "" {
		return s.exchangeWebexToken(c, body)
	}
	if len(body.Verifier) < 43 || len(body.Verifier) > 128 || len(body.Code) > 128 {
		return invalid("The verifier must be of 43 to 128 characters.")
	}
	in, err := s.waiting(ctx, backend.Challenge(body.Verifier), body.Code)
	if errors.Is(err, fs.ErrNotExist) && body.Code == "" {
		return c.NoContent(http.StatusAccepted) // The window has not come to us yet.
	}
	if errors.Is(err, fs.ErrNotExist) {
		return errSignInDead
	}
	if err != nil {
		return err
	}
	switch {
	case in.Stage == stageFailed && in.Refusal != "":
		return failed(in)
	case in.Attempts >= maxAttempts:
		return errGuessed
	case in.Stage == stageFailed, in.Stage == stageExchanged, !s.Now().Before(in.ExpiresAt):
		return errSignInDead
	case body.Code == "" && in.Stage != stageConfirmed:
		return c.NoContent(http.StatusAccepted)
	}
	first, err := s.SignIns.advance(ctx, in.ID, in.Stage, stageExchanged)
	if err != nil {
		return err
	}
	if !first {
		return errSignInDead
	}
	return s.startSession(c, in.Agent)
}

func (s *server) startSession(c echo.Context, agent backend.Agent) error {
	token := secret()
	started, err := s.SignIns.start(c.Request().Context(), token, agent)
	if err != nil {
		return err
	}
	s.Log.Info("agent signed in", "request", requestID(c), "agent", agent.AgentID, "org", agent.OrgID)
	return c.JSON(http.StatusOK, backend.Session{Token: token, ExpiresAt: started.ExpiresAt.UnixMilli(), Agent: started.Agent})
}

// desktopTokenLife is how long the Desktop's access token is used by the
// backend. Nobody says when it ends; the Desktop renews it, and after this the
// panel is told to bring the one of then.
const desktopTokenLife = 2 * time.Hour

// exchangeWebexToken turns the access token of an Agent Desktop into a session.
// Webex says whose it is; what the page claims counts for nothing.
func (s *server) exchangeWebexToken(c echo.Context, body backend.Exchange) error {
	ctx := c.Request().Context()
	unprintable := func(r rune) bool { return r <= ' ' || r > '~' }
	if body.Verifier != "" || body.Code != "" || len(body.WebexToken) > 8<<10 || strings.ContainsFunc(body.WebexToken, unprintable) {
		return invalid("An access token of the Agent Desktop stands alone and has at most 8,192 printable characters.")
	}
	agent, err := s.people(ctx, body.WebexToken)
	if err != nil {
		return err
	}
	if _, err := s.Tenants.Portal(ctx, agent.OrgID, ""); errors.Is(err, tenant.ErrNotLinked) {
		return errOtherOrg
	} else if err != nil {
		return err
	}
	// Who has signed in with Webex elsewhere has a token that renews itself, and
	// keeps it also while Webex is too busy to renew it.
	kept, err := s.Tokens.Token(ctx, tokenID(agent))
	if useless(err) || err == nil && kept.RefreshToken == "" {
		fresh := oauth2.Token{AccessToken: body.WebexToken, TokenType: "Bearer", Expiry: s.Now().Add(desktopTokenLife)}
		if err := s.Tokens.Put(ctx, tokenID(agent), fresh); err != nil {
			return err
		}
	}
	return s.startSession(c, agent)
}

// waiting finds the sign-in that an exchange is about. With a code it is the
// one that the code was given to, and the challenge must be its own; a wrong
// code or a wrong challenge counts against the sign-in and is fs.ErrNotExist.
func (s *server) waiting(ctx context.Context, challenge, code string) (signIn, error) {
	if code == "" {
		return s.SignIns.byChallenge(ctx, challenge)
	}
	in, err := s.SignIns.byCode(ctx, code)
	if err == nil && same(in.Challenge, challenge) {
		return in, nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		in, err = s.SignIns.byChallenge(ctx, challenge)
	}
	if err != nil {
		return signIn{}, err
	}
	if err := s.SignIns.blame(ctx, in.ID); err != nil {
		return signIn{}, err
	}
	return signIn{}, fs.ErrNotExist
}

func failed(in signIn) *backend.Error {
	status := http.StatusUnauthorized
	if in.Refusal == backend.CodeNotLinked {
		status = http.StatusForbidden
	}
	return refuse(status, in.Refusal, in.Message)
}

// authenticated lets only requests with a live session through.
func (s *server) authenticated(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		token, ok := bearer(c.Request())
		if !ok {
			return errSignedOut
		}
		found, err := s.SignIns.session(c.Request().Context(), token)
		if errors.Is(err, fs.ErrNotExist) {
			return errSignedOut
		}
		if err != nil {
			return err
		}
		c.Set(sessionKey, found)
		return next(c)
	}
}

func bearer(r *http.Request) (string, bool) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return token, ok && strings.EqualFold(scheme, "Bearer") && token != ""
}

// sessionOf is the session that authenticated found.
func sessionOf(c echo.Context) session {
	found, _ := c.Get(sessionKey).(session)
	return found
}

func (s *server) whoAmI(c echo.Context) error {
	found := sessionOf(c)
	return c.JSON(http.StatusOK, backend.Session{ExpiresAt: found.ExpiresAt.UnixMilli(), Agent: found.Agent})
}

// signOut ends the session. With the agent's last one go the Webex tokens.
func (s *server) signOut(c echo.Context) error {
	ctx := c.Request().Context()
	found := sessionOf(c)
	others, err := s.SignIns.end(ctx, found)
	if err != nil {
		return err
	}
	if !others {
		if err := s.Tokens.Delete(ctx, tokenID(found.Agent)); err != nil {
			return err
		}
	}
	s.Log.Info("agent signed out", "request", requestID(c), "agent", found.Agent.AgentID)
	return c.NoContent(http.StatusNoContent)
}
