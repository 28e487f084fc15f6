package engine

import (
	"context"
	"errors"
	"time"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/softphone"
)

// DesktopSignIn signs in with the access token that the Agent Desktop around us
// has: nobody sees a window. While the Desktop or the backend is not there it
// goes on trying.
type DesktopSignIn struct {
	Backend *backend.Client                           // Required.
	Token   func(ctx context.Context) (string, error) // Required. The Desktop's.
}

// SignIn implements [SignIn].
func (d DesktopSignIn) SignIn(ctx context.Context, tell func(softphone.Event)) (backend.Session, error) {
	for attempt := 0; ; attempt++ {
		session, err := d.exchange(ctx)
		if err == nil || ctx.Err() != nil || !passing(err) {
			return session, err
		}
		if attempt == 1 {
			tell(softphone.ConfigureFailed{Code: softphone.BackendDown})
		}
		pause(ctx, backoff(attempt, 15*time.Second), nil)
	}
}

func (d DesktopSignIn) exchange(ctx context.Context) (backend.Session, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	token, err := d.Token(ctx)
	if err != nil {
		return backend.Session{}, err
	}
	return d.Backend.Exchange(ctx, backend.Exchange{WebexToken: token})
}

// passing says whether trying again may help: everything but a clear no. A
// token that Webex does not take any more is renewed by the Desktop.
func passing(err error) bool {
	var refusal *backend.Error
	return !errors.As(err, &refusal) || refusal.Status >= 500 || refusal.Status == 401 || refusal.Status == 429
}
