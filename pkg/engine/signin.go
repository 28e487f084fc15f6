package engine

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/softphone"
)

// A Window is the sign-in window.
type Window interface {
	// Receive returns the JSON of the next message that a page of our own
	// origin posted from the window. It fails once the window is gone, or cut
	// off from us.
	Receive(ctx context.Context) ([]byte, error)
	Close()
}

// Popup signs an agent in by a window of the browser: the window goes through
// Webex and hands a one-time code back. Where a page on the way cuts the
// window off from its opener, the backend is asked until the person has
// confirmed, in the window, the short code that both show.
type Popup struct {
	Backend *backend.Client                  // Required.
	Open    func(url string) (Window, error) // Required. An error means that the browser blocked it.
	Random  io.Reader                        // Required.
	Hint    string                           // Login hint, usually empty.
}

// askEvery is how often the backend is asked whether a sign-in was confirmed.
const askEvery = 2 * time.Second

// SignIn implements [SignIn].
func (p Popup) SignIn(ctx context.Context, tell func(softphone.Event)) (backend.Session, error) {
	verifier, err := backend.NewVerifier(p.Random)
	if err != nil {
		return backend.Session{}, err
	}
	challenge := backend.Challenge(verifier)
	window, err := p.Open(p.Backend.LoginURL(challenge, p.Hint))
	if err != nil {
		return backend.Session{}, &SignInError{Code: softphone.PopupBlocked}
	}
	defer window.Close()
	tell(softphone.SignInPending{Code: backend.ShortCode(challenge)})

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	codes, gone := make(chan string, 1), make(chan struct{})
	go read(ctx, window, codes, gone)
	ask := time.NewTicker(askEvery)
	defer ask.Stop()
	for {
		select {
		case <-ctx.Done():
			return backend.Session{}, ctx.Err()
		case code := <-codes:
			return p.Backend.Exchange(ctx, backend.Exchange{Verifier: verifier, Code: code})
		case <-gone:
			gone = nil
			// Closed, or only cut off: the person may still finish in it.
			tell(softphone.SignInFailed{Code: softphone.PopupClosed})
		case <-ask.C:
			session, err := p.Backend.Exchange(ctx, backend.Exchange{Verifier: verifier})
			if err == nil || !errors.Is(err, backend.ErrPending) && !errors.Is(err, backend.ErrUnreachable) {
				return session, err
			}
		}
	}
}

// read passes on the code that the window hands over.
func read(ctx context.Context, window Window, codes chan<- string, gone chan<- struct{}) {
	for {
		text, err := window.Receive(ctx)
		if err != nil {
			close(gone)
			return
		}
		var m struct{ Type, Code string }
		if json.Unmarshal(text, &m) == nil && m.Type == backend.SignInMessage && m.Code != "" {
			codes <- m.Code
			return
		}
	}
}
