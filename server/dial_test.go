package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
	"deskbridge/pkg/native"
)

// Dials implements dialCounter.
func (f *fakeLedger) Dials(_ context.Context, a backend.Agent, since time.Time) ([]ledger.Dial, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []ledger.Dial
	for key, i := range f.kept {
		at := time.UnixMilli(i.Record.StartedAt)
		if strings.HasPrefix(key, a.AgentID+"/") && i.Record.Direction == "OUTBOUND" && !at.Before(since) {
			out = append(out, ledger.Dial{At: at, Number: i.Record.Number})
		}
	}
	return out, nil
}

// dialDesk is an agent whose tenant allows 3 dials a minute and 5 an hour.
type dialDesk struct {
	*house
	session backend.Session
	dialled int
}

func newDialDesk(t *testing.T) *dialDesk {
	t.Helper()
	d := &dialDesk{house: newHouse(t)}
	d.linked(orgID, "111")
	portal, err := d.deps.Tenants.Portal(t.Context(), orgID, "111")
	require.NoError(t, err)
	portal.Settings.DialsPerMinute, portal.Settings.DialsPerHour = 3, 5
	require.NoError(t, d.deps.Tenants.Link(t.Context(), orgID, portal))
	d.session = d.signIn()
	return d
}

// record stores what a panel stores when it dials.
func (d *dialDesk) record(number string) {
	d.t.Helper()
	d.dialled++
	id := "dial-" + strconv.Itoa(d.dialled)
	_, err := d.client(d.session.Token).Put(d.t.Context(), backend.Record{
		Key: id + ":" + d.session.Agent.AgentID + ":1", Revision: 1, InteractionID: id, Channel: "telephony",
		Direction: "OUTBOUND", Number: number, Phase: "dialing", StartedAt: d.clock.now().UnixMilli(),
	})
	require.NoError(d.t, err)
}

func (d *dialDesk) ask(number string) *backend.Error {
	d.t.Helper()
	return askAt(d.t, d.client(d.session.Token), number)
}

func askAt(t *testing.T, c *backend.Client, number string) *backend.Error {
	t.Helper()
	err := c.Dial(t.Context(), backend.Dial{Number: number})
	if err == nil {
		return nil
	}
	var refusal *backend.Error
	require.ErrorAs(t, err, &refusal)
	return refusal
}

func number(n int) string { return fmt.Sprintf("+1415555%04d", n) }

func TestDialLimits(t *testing.T) {
	t.Parallel()
	d := newDialDesk(t)
	for n := range 3 {
		require.Nil(t, d.ask(number(n)))
		d.record(number(n))
		d.clock.pass(6 * time.Second)
	}

	refusal := d.ask(number(9))
	require.NotNil(t, refusal)
	require.Equal(t, http.StatusTooManyRequests, refusal.Status)
	require.Equal(t, backend.CodeDialLimit, refusal.Code)
	require.InDelta(t, 42_000, refusal.RetryAfterMs, 10, "when the first one is a minute old")
	require.Contains(t, refusal.Message, "Incoming calls go on")
	require.NotContains(t, refusal.Message, "555")
	d.clock.pass(time.Duration(refusal.RetryAfterMs) * time.Millisecond)
	require.Nil(t, d.ask(number(3)))
	d.record(number(3))
	d.clock.pass(61 * time.Second)
	require.Nil(t, d.ask(number(4)))
	d.record(number(4))
	d.clock.pass(61 * time.Second)

	refusal = d.ask(number(5))
	require.NotNil(t, refusal, "the hour is used up")
	require.Greater(t, refusal.RetryAfterMs, (50 * time.Minute).Milliseconds())
	require.Contains(t, refusal.Message, "minutes")
	require.NotNil(t, d.ask(number(5)))
	d.clock.pass(time.Duration(refusal.RetryAfterMs) * time.Millisecond)
	require.Nil(t, d.ask(number(5)))
}

// A panel stores the record while it asks, or a moment later; what Webex
// refused has none. Each dial counts once.
func TestEachDialCountsOnce(t *testing.T) {
	t.Parallel()
	d := newDialDesk(t)
	d.record(number(1)) // First stored, then asked.
	require.Nil(t, d.ask(number(1)))
	d.clock.pass(time.Second)
	require.Nil(t, d.ask(number(1))) // The same number again; asked, then stored.
	d.record(number(1))
	d.clock.pass(time.Second)
	d.record(number(2))
	require.Nil(t, d.ask(number(2)))
	d.clock.pass(time.Second)
	require.NotNil(t, d.ask(number(3)))

	d.clock.pass(2 * time.Minute)
	require.Nil(t, d.ask(number(4))) // Two asks before either has a record.
	d.clock.pass(time.Second)
	require.Nil(t, d.ask(number(5)))
	d.clock.pass(30 * time.Second) // Nothing came of them.
	require.Nil(t, d.ask(number(6)), "a dial that did not come about is not held against anybody")
}

func TestDialsAtOnce(t *testing.T) {
	t.Parallel()
	d := newDialDesk(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	granted := 0
	for n := range 8 {
		wg.Go(func() {
			if err := d.client(d.session.Token).Dial(context.Background(), backend.Dial{Number: number(n)}); err == nil {
				mu.Lock()
				granted++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Equal(t, 3, granted)
	require.NotNil(t, d.ask(number(9)))
}

// The limit is the agent's, whichever replica is asked.
func TestDialLimitsAcrossReplicas(t *testing.T) {
	t.Parallel()
	d := newDialDesk(t)
	other := httptest.NewServer(newServer(d.cfg, d.deps)) // With a memory of its own.
	t.Cleanup(other.Close)
	token := d.session.Token
	there := &backend.Client{BaseURL: other.URL, Doer: native.Fetch{}, Token: func() string { return token }}

	require.Nil(t, d.ask(number(1)))
	d.record(number(1))
	require.Nil(t, askAt(t, there, number(2)))
	d.record(number(2))
	require.Nil(t, d.ask(number(3)))
	d.record(number(3))

	require.NotNil(t, d.ask(number(4)))
	require.NotNil(t, askAt(t, there, number(4)))
}

func TestDialStormGetsNoTokens(t *testing.T) {
	t.Parallel()
	d := newDialDesk(t)
	c := d.client(d.session.Token)
	for n := range 3 {
		require.Nil(t, d.ask(number(n)))
		d.record(number(n))
	}
	for range 9 {
		require.NotNil(t, d.ask(number(9)))
	}
	_, err := c.WebexToken(t.Context())
	require.NoError(t, err, "an impatient person is no storm")

	for range 20 {
		d.clock.pass(time.Second)
		require.NotNil(t, d.ask(number(9)))
	}
	_, err = c.WebexToken(t.Context())
	requireRefusal(t, err, http.StatusTooManyRequests, backend.CodeTooMany)
	var refusal *backend.Error
	require.ErrorAs(t, err, &refusal)
	require.Positive(t, refusal.RetryAfterMs)
	_, err = c.RefusedToken(t.Context(), "access-1")
	requireRefusal(t, err, http.StatusTooManyRequests, backend.CodeTooMany)
	require.Equal(t, 1, strings.Count(d.log.String(), "something dials by itself"), "the log is told once")
	_, err = c.Settings(t.Context())
	require.NoError(t, err, "everything else works")
	d.record(number(10))

	d.clock.pass(time.Duration(refusal.RetryAfterMs) * time.Millisecond)
	_, err = c.WebexToken(t.Context())
	require.NoError(t, err, "calm again")
	require.NotContains(t, d.log.String(), "+1415555")
}

// A clock that is set back neither frees nor locks out anybody for long, and
// agents who do not dial any more are forgotten.
func TestDialersForget(t *testing.T) {
	t.Parallel()
	ds, now := newDialers(), time.Unix(1_790_000_000, 0)
	for n := range 2 * maxDialers {
		ds.ask(strconv.Itoa(n), nil, "1", 20, 240, now)
		now = now.Add(time.Second)
	}
	require.LessOrEqual(t, len(ds.m), maxDialers+1)
	for range 5 {
		wait, _ := ds.ask("ann", nil, "1", 5, 240, now)
		require.Zero(t, wait)
	}
	wait, _ := ds.ask("ann", nil, "1", 5, 240, now)
	require.Positive(t, wait)
	wait, _ = ds.ask("ann", nil, "1", 5, 240, now.Add(-time.Hour))
	require.Zero(t, wait)
}

func TestDialNeedsANumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client(w.signIn().Token)
	for _, bad := range []string{"", " ", strings.Repeat("1", 65)} {
		requireRefusal(t, c.Dial(t.Context(), backend.Dial{Number: bad}), http.StatusBadRequest, backend.CodeInvalid)
	}
	requireRefusal(t, c.Dial(t.Context(), backend.Dial{Number: "1", PortalID: "999"}), http.StatusForbidden, backend.CodeNotLinked)
}
