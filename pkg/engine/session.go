package engine

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/softphone"
)

// sessionKey is where the session lives in the store. With partitioned storage
// it is shared by the frames of all HubSpot tabs and by nobody else.
const sessionKey = "deskbridge.session"

// A Session holds the agent's session with our backend. Its Token method is
// what backend.Client is given.
type Session struct {
	store Store
	mu    sync.Mutex
	now   backend.Session
}

// NewSession reads the stored session, if there is one.
func NewSession(store Store) *Session {
	s := &Session{store: store}
	if text, ok := store.Get(sessionKey); ok {
		_ = json.Unmarshal([]byte(text), &s.now) // Unreadable is the same as absent.
	}
	return s
}

// Token returns the session token, empty when signed out.
func (s *Session) Token() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now.Token
}

// Restored says whether a session was stored. Its end slides at the backend
// with every request, so only the backend can say whether it still stands.
func (s *Session) Restored() bool {
	_, ok := s.restored()
	return ok
}

func (s *Session) restored() (softphone.Identity, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now.Token == "" || s.now.Agent.AgentID == "" {
		return softphone.Identity{}, false
	}
	return identity(s.now.Agent), true
}

func (s *Session) set(session backend.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = session
	if text, err := json.Marshal(session); err == nil {
		_ = s.store.Set(sessionKey, string(text)) // Without storage it lives in memory.
	}
}

func (s *Session) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = backend.Session{}
	s.store.Remove(sessionKey)
}

func identity(a backend.Agent) softphone.Identity {
	return softphone.Identity{AgentID: a.AgentID, OrgID: a.OrgID, Name: a.Name, Email: a.Email}
}

// A Tokens source hands out Webex access tokens. *backend.Client is one.
type Tokens interface {
	WebexToken(ctx context.Context) (backend.Token, error)
	RefusedToken(ctx context.Context, stale string) (backend.Token, error)
}

// WebexToken keeps the agent's Webex access token in memory and renews it
// ahead of its end, so that expiry in mid-call is invisible.
type WebexToken struct {
	From Tokens           // Required.
	Now  func() time.Time // Defaults to time.Now.

	mu  sync.Mutex
	tok backend.Token
}

// renewAhead is how long before its end a token is not used any more.
const renewAhead = time.Minute

// Get returns a token that will not end within the next minute.
func (w *WebexToken) Get(ctx context.Context) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now
	if w.Now != nil {
		now = w.Now
	}
	if w.tok.AccessToken != "" && (w.tok.ExpiresAt == 0 || now().Add(renewAhead).UnixMilli() < w.tok.ExpiresAt) {
		return w.tok.AccessToken, nil
	}
	return w.keep(w.From.WebexToken(ctx))
}

// Refresh returns a token other than stale, which Webex refused.
func (w *WebexToken) Refresh(ctx context.Context, stale string) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.tok.AccessToken != "" && w.tok.AccessToken != stale {
		return w.tok.AccessToken, nil // Somebody else was faster.
	}
	return w.keep(w.From.RefusedToken(ctx, stale))
}

func (w *WebexToken) keep(tok backend.Token, err error) (string, error) {
	if err != nil {
		return "", err
	}
	w.tok = tok
	return tok.AccessToken, nil
}

// expired ends the session when the backend says that it is not valid.
func (e *Engine) expired(err error) bool {
	var refusal *backend.Error
	if !errors.As(err, &refusal) || refusal.Status != 401 {
		return false
	}
	e.cfg.Session.clear()
	e.Send(softphone.SessionMissing{Code: softphone.SessionExpired})
	return true
}

// signInWithin is how long a person may take over Webex's pages.
const signInWithin = 10 * time.Minute

// openSignIn begins a sign-in; one that was under way is given up for it.
func (e *Engine) openSignIn(ctx context.Context) {
	if e.stopSignIn != nil {
		e.stopSignIn()
	}
	ctx, cancel := context.WithTimeout(ctx, signInWithin)
	e.stopSignIn = cancel
	go func() {
		defer cancel()
		session, err := e.cfg.SignIn.SignIn(ctx, e.Send)
		switch {
		case errors.Is(ctx.Err(), context.Canceled) && err != nil:
		case err != nil:
			e.Send(softphone.SignInFailed{Code: signInProblem(err)})
		default:
			e.cfg.Session.set(session)
			e.Send(softphone.SignedIn{Agent: identity(session.Agent)})
		}
	}()
}

func signInProblem(err error) softphone.ProblemCode {
	var known *SignInError
	var refusal *backend.Error
	switch {
	case errors.As(err, &known):
		return known.Code
	case errors.As(err, &refusal) && refusal.Status == 403:
		return softphone.NotLinked
	case errors.As(err, &refusal) && refusal.Status == 426:
		return softphone.VersionMismatch
	case errors.As(err, &refusal):
		return softphone.SignInRefused
	case errors.Is(err, context.DeadlineExceeded):
		return softphone.PopupClosed
	default:
		return softphone.BackendDown
	}
}
