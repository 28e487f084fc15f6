package tokens

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/oauth2"
)

// poll is how often one waits for another process's refresh.
const poll = 100 * time.Millisecond

// renew refreshes the token of id, or waits for whoever does. Everybody who
// asks meanwhile gets the same answer. The refresh does not end with the
// caller who happened to be first.
func (s *Store) renew(ctx context.Context, id string) (oauth2.Token, error) {
	done := s.flight.DoChan(id, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*s.timeout)
		defer cancel()
		return s.renewOnce(ctx, id)
	})
	select {
	case r := <-done:
		t, _ := r.Val.(oauth2.Token)
		return t, r.Err
	case <-ctx.Done():
		return oauth2.Token{}, fmt.Errorf("tokens: refresh %s: %w", id, ctx.Err())
	}
}

func (s *Store) renewOnce(ctx context.Context, id string) (oauth2.Token, error) {
	owner := rand.Text()
	for {
		// Read anew: a refresh may have ended between the caller's look and now.
		r, t, err := s.read(ctx, id)
		if err != nil {
			return oauth2.Token{}, err
		}
		if !s.due(r, s.now()) {
			return t, nil
		}
		if r.refused {
			return oauth2.Token{}, fmt.Errorf("tokens: refresh %s: %w", id, ErrRefused)
		}
		if s.refresh == nil || t.RefreshToken == "" {
			return oauth2.Token{}, fmt.Errorf("tokens: refresh %s: nothing to refresh with: %w", id, ErrRefused)
		}
		mine, err := s.lease(ctx, id, owner, r.version)
		if err != nil {
			return oauth2.Token{}, err
		}
		if mine {
			return s.exchange(ctx, r, t, owner)
		}
		if s.works(r, s.now()) {
			return t, nil // Whoever has the lease does it; nobody has to wait.
		}
		select {
		case <-ctx.Done():
			return oauth2.Token{}, fmt.Errorf("tokens: refresh %s: waiting for another process: %w", id, ctx.Err())
		case <-time.After(poll):
		}
	}
}

// exchange asks the vendor. The caller holds the lease.
func (s *Store) exchange(ctx context.Context, r row, old oauth2.Token, owner string) (oauth2.Token, error) {
	asking, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	t, err := s.refresh(asking, r.id, old.RefreshToken)
	if err == nil && (t == nil || t.AccessToken == "") {
		err = errors.New("tokens: an answer without an access token")
	}
	if err != nil {
		refused := isRefusal(err)
		if !refused {
			s.blame(r.id)
		}
		if releaseErr := s.release(ctx, r.id, owner, refused); releaseErr != nil {
			s.log.Error("token lease not released", "token", r.id, "error", releaseErr)
		}
		if refused && !errors.Is(err, ErrRefused) {
			return oauth2.Token{}, fmt.Errorf("tokens: refresh %s: %w: %w", r.id, ErrRefused, err)
		}
		return oauth2.Token{}, fmt.Errorf("tokens: refresh %s: %w", r.id, err)
	}
	s.forgive(r.id)
	fresh := *t
	if fresh.RefreshToken == "" {
		fresh.RefreshToken = old.RefreshToken
	}
	sealed, err := s.seal(r.id, fresh)
	if err != nil {
		return oauth2.Token{}, err
	}
	kept, err := s.keep(ctx, row{id: r.id, sealed: sealed, obtained: s.now(), expires: fresh.Expiry, version: r.version}, owner)
	if err != nil {
		// It works, and is all that is left of a vendor that has made the old
		// refresh token void.
		s.log.Error("refreshed token not stored", "token", r.id, "error", err)
		return fresh, nil
	}
	if !kept {
		s.log.Info("refreshed token dropped, a newer one was stored meanwhile", "token", r.id)
		_, newer, err := s.read(ctx, r.id)
		return newer, err
	}
	s.log.Info("token refreshed", "token", r.id, "expires", fresh.Expiry)
	return fresh, nil
}

// keep stores a refreshed token. A database that is away, as at a restart of its
// own, is waited for: the vendor may give out the next token only for this one.
func (s *Store) keep(ctx context.Context, r row, owner string) (bool, error) {
	for {
		kept, err := s.replace(ctx, r, owner)
		if err == nil || ctx.Err() != nil {
			return kept, err
		}
		select {
		case <-ctx.Done():
			return false, err
		case <-time.After(poll):
		}
	}
}

// isRefusal tells "never again" from "not now".
func isRefusal(err error) bool {
	if errors.Is(err, ErrRefused) {
		return true
	}
	var refusal *oauth2.RetrieveError
	if !errors.As(err, &refusal) || refusal.Response == nil {
		return false
	}
	switch refusal.Response.StatusCode {
	case http.StatusBadRequest, http.StatusUnauthorized:
		return true
	}
	return false
}
