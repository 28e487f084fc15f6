package soak

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	crand "crypto/rand"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/native"
)

// widget is one agent's panel as the server sees it: a signed-in client with an
// outbox that keeps the promises of package engine's. The newest revision of a
// record is sent until it is acknowledged, one at a time, the oldest first.
type widget struct {
	agent  backend.Agent
	client *backend.Client
	wake   chan struct{}

	mu    sync.Mutex
	box   map[string]*item
	order []string // Keys with something unsent, oldest first.
}

type item struct {
	record  backend.Record
	acked   int64
	changed chan struct{} // Closed at each acknowledgement.
}

// signIn goes through the sign-in pages as a browser does.
func signIn(t testing.TB, web *http.Client, base, agent string) *widget {
	t.Helper()
	verifier, err := backend.NewVerifier(crand.Reader)
	require.NoError(t, err)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	client := &backend.Client{BaseURL: base, Doer: native.Fetch{Client: web}}
	browser := &http.Client{Jar: jar, Timeout: 30 * time.Second}
	resp, err := browser.Get(client.LoginURL(backend.Challenge(verifier), agent))
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	page, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	code := regexp.MustCompile(`data-code="([^"]+)"`).FindSubmatch(page)
	require.NotNil(t, code, "%s", page)
	session, err := client.Exchange(t.Context(), backend.Exchange{Verifier: verifier, Code: string(code[1])})
	require.NoError(t, err)
	client.Token = func() string { return session.Token }
	return &widget{agent: session.Agent, client: client, wake: make(chan struct{}, 1), box: map[string]*item{}}
}

// add puts a revision into the outbox.
func (w *widget) add(r backend.Record) {
	w.mu.Lock()
	it := w.box[r.Key]
	if it == nil {
		it = &item{changed: make(chan struct{})}
		w.box[r.Key] = it
	}
	if it.acked >= it.record.Revision {
		w.order = append(w.order, r.Key)
	}
	it.record = r
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// acked waits until the server has acknowledged a revision.
func (w *widget) acked(ctx context.Context, key string, revision int64) error {
	for {
		w.mu.Lock()
		it := w.box[key]
		done, changed := it.acked >= revision, it.changed
		w.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// run sends until ctx ends.
func (w *widget) run(ctx context.Context) error {
	attempt := 0
	for {
		w.mu.Lock()
		var next backend.Record
		if len(w.order) > 0 {
			next = w.box[w.order[0]].record
		}
		w.mu.Unlock()
		if next.Key == "" {
			select {
			case <-w.wake:
				continue
			case <-ctx.Done():
				return nil
			}
		}
		receipt, err := w.put(ctx, next)
		var refusal *backend.Error
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.As(err, &refusal) && !refusal.Retryable():
			return errors.Join(errors.New(next.Key), err)
		case err != nil:
			// As the widget does it, but faster.
			pause := time.NewTimer(min(20*time.Millisecond<<min(attempt, 6), time.Second) + rand.N(20*time.Millisecond))
			attempt++
			select {
			case <-pause.C:
			case <-ctx.Done():
				pause.Stop()
			}
			continue
		}
		attempt = 0
		w.acknowledge(next.Key, min(receipt.Revision, next.Revision))
	}
}

func (w *widget) put(ctx context.Context, r backend.Record) (backend.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return w.client.Put(ctx, r)
}

func (w *widget) acknowledge(key string, revision int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	it := w.box[key]
	it.acked = max(it.acked, revision)
	close(it.changed)
	it.changed = make(chan struct{})
	w.order = w.order[1:] // It was the first.
	if it.acked < it.record.Revision {
		w.order = append(w.order, key) // It has changed meanwhile.
	}
}

// receipt asks how far a record is.
func (w *widget) receipt(ctx context.Context, key string) (backend.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	got, err := w.client.Interaction(ctx, key)
	return got.Receipt, err
}

// until polls a record until it has come that far, and returns its activity's
// id. What is no answer is asked again.
func (w *widget) until(ctx context.Context, key string, revision int64, far func(backend.Receipt) bool) (id string, err error) {
	err = until(ctx, key+" has come far enough", func() (bool, error) {
		receipt, err := w.receipt(ctx, key)
		if err != nil || receipt.Revision < revision || !far(receipt) {
			return false, nil
		}
		id = receipt.URL[strings.LastIndex(receipt.URL, "/")+1:]
		return true, nil
	})
	return id, err
}

func enriched(r backend.Receipt) bool { return r.State == "enriched" }
func visible(r backend.Receipt) bool  { return r.URL != "" }
