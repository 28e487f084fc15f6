package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/engine"
	"deskbridge/pkg/fetch"
	"deskbridge/pkg/softphone"
)

// exchanger answers POST /api/session.
type exchanger struct {
	mu     sync.Mutex
	asked  []backend.Exchange
	answer func(backend.Exchange) (int, string)
}

func (x *exchanger) Do(_ context.Context, r fetch.Request) (fetch.Response, error) {
	var e backend.Exchange
	if err := json.Unmarshal(r.Body, &e); err != nil {
		return fetch.Response{}, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.asked = append(x.asked, e)
	status, body := x.answer(e)
	if status == 0 {
		return fetch.Response{}, errors.New("no route")
	}
	return fetch.Response{Status: status, Body: []byte(body)}, nil
}

const aSession = `{"token":"t","expiresAt":9,"agent":{"agentId":"ann"}}`

// window is a sign-in window that a test speaks for.
type window struct {
	texts  chan string
	gone   chan struct{}
	closed chan struct{}
}

func newWindow() *window {
	return &window{make(chan string, 4), make(chan struct{}), make(chan struct{})}
}

func (w *window) Receive(ctx context.Context) ([]byte, error) {
	select {
	case t := <-w.texts:
		return []byte(t), nil
	case <-w.gone:
		return nil, errors.New("closed")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
func (w *window) Close() { close(w.closed) }

// signIn runs a popup sign-in and returns its outcome and what it told.
func signIn(ctx context.Context, x *exchanger, w *window) (session backend.Session, told []softphone.Event, err error) {
	p := engine.Popup{
		Backend: &backend.Client{BaseURL: "https://desk.example", Doer: x},
		Open: func(url string) (engine.Window, error) {
			if w == nil {
				return nil, errors.New("blocked")
			}
			return w, nil
		},
		Random: strings.NewReader(strings.Repeat("r", 64)), Hint: "ann",
	}
	session, err = p.SignIn(ctx, func(e softphone.Event) { told = append(told, e) })
	return session, told, err
}

func TestSignInByTheHandedOverCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := &exchanger{answer: func(e backend.Exchange) (int, string) {
			if e.Code == "once" && len(e.Verifier) == 43 {
				return 200, aSession
			}
			return 202, ""
		}}
		w := newWindow()
		w.texts <- `{"type":"something else","code":"x"}`
		w.texts <- `not json`
		w.texts <- `{"type":"deskbridge:signin","code":"once"}`

		session, told, err := signIn(t.Context(), x, w)

		require.NoError(t, err)
		require.Equal(t, "t", session.Token)
		require.Len(t, told, 1)
		require.Len(t, told[0].(softphone.SignInPending).Code, 4)
		<-w.closed
	})
}

func TestSignInGoesOnWhenTheWindowIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		x := &exchanger{answer: func(e backend.Exchange) (int, string) {
			switch since := time.Since(began); {
			case since < 3*time.Second:
				return 0, "" // The backend is away for a moment.
			case since < 9*time.Second:
				return 202, "" // Not confirmed yet.
			}
			return 200, aSession
		}}
		w := newWindow()
		close(w.gone)

		session, told, err := signIn(t.Context(), x, w)

		require.NoError(t, err)
		require.Equal(t, "ann", session.Agent.AgentID)
		require.Contains(t, told, softphone.SignInFailed{Code: softphone.PopupClosed})
	})
}

func TestSignInEndsWithTheReason(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		want   string
	}{
		{"other org", 403, `{"code":"not-linked","message":"m"}`, "not-linked"},
		{"refused", 401, `{"code":"sign-in-refused","message":"m"}`, "sign-in-refused"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := &exchanger{answer: func(backend.Exchange) (int, string) { return tt.status, tt.body }}

				_, _, err := signIn(t.Context(), x, newWindow())

				var refusal *backend.Error
				require.ErrorAs(t, err, &refusal)
				require.Equal(t, tt.want, refusal.Code)
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		_, _, err := signIn(t.Context(), &exchanger{}, nil)
		var known *engine.SignInError
		require.ErrorAs(t, err, &known)
		require.Equal(t, softphone.PopupBlocked, known.Code)
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		x := &exchanger{answer: func(backend.Exchange) (int, string) { return 202, "" }}
		_, _, err := signIn(ctx, x, newWindow())
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

// tokens hands out numbered access tokens that end after an hour.
type tokens struct{ given, refused int }

func (k *tokens) WebexToken(context.Context) (backend.Token, error) {
	k.given++
	return backend.Token{AccessToken: "given", ExpiresAt: time.Now().Add(time.Hour).UnixMilli()}, nil
}

func (k *tokens) RefusedToken(_ context.Context, stale string) (backend.Token, error) {
	k.refused++
	return backend.Token{AccessToken: "instead of " + stale}, nil
}

func TestWebexTokenIsRenewedAheadOfItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from := &tokens{}
		w := &engine.WebexToken{From: from}

		for range 3 {
			tok, err := w.Get(t.Context())
			require.NoError(t, err)
			require.Equal(t, "given", tok)
		}
		require.Equal(t, 1, from.given)
		time.Sleep(59*time.Minute + time.Second)
		_, err := w.Get(t.Context())
		require.NoError(t, err)
		require.Equal(t, 2, from.given)

		tok, err := w.Refresh(t.Context(), "given")
		require.NoError(t, err)
		require.Equal(t, "instead of given", tok)
		tok, err = w.Refresh(t.Context(), "given")
		require.NoError(t, err)
		require.Equal(t, "instead of given", tok, "somebody else was faster")
		require.Equal(t, 1, from.refused)
	})
}
