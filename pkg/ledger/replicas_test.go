package ledger_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/ledger"
)

// Two processes on one database write each record once, whichever of them it
// was given to.
func TestTwoReplicas(t *testing.T) {
	t.Parallel()
	url := postgres(t)
	c := newCRM()
	tickets := newTickets()
	tickets.lag = 20 * time.Millisecond // And no unique property: a search alone would find nothing.
	cfg := withTickets(config(url, c), tickets, &book{}, ticketing)
	replicas := []*ledger.Ledger{start(t, cfg), start(t, cfg)}
	const n = 40

	var wg sync.WaitGroup
	for i := range n {
		for r, l := range replicas {
			wg.Go(func() {
				record := inbound(fmt.Sprint("call-", i))
				record.Revision, record.InteractionID = int64(1+r), fmt.Sprint("interaction-", i/4)
				_, err := l.Put(context.Background(), ann, record)
				require.NoError(t, err)
			})
		}
	}
	wg.Wait()
	for i := range n {
		await(t, replicas[i%2], fmt.Sprint("call-", i), "enriched")
	}

	require.Len(t, c.live(), n)
	require.Len(t, tickets.live(), n/4, "one for each interaction")
}

// What a killed process was writing is taken over by the one that lives, well
// before its lease and River's own rescue run out.
func TestSurvivorTakesOver(t *testing.T) {
	t.Parallel()
	url := postgres(t)
	c := newCRM()
	tasks := newCRM()
	portal := &server{c: c}
	web := httptest.NewServer(both(portal, &server{c: tasks}, &server{c: newTickets()}))
	defer web.Close()
	created, killed := make(chan struct{}), make(chan struct{})
	var once sync.Once
	c.fail(func(op string, after bool) error {
		if op == "create" && after {
			once.Do(func() { close(created) })
			<-killed
		}
		return nil
	})
	cfg := withTasks(config(url, c), tasks)
	cfg.IndexWait = crashIndexWait
	survivor := open(t, cfg) // It lives, but works only after the other has died.
	keys := runAndKill(t, url, web.URL, 0, created)
	close(killed)
	portal.settle()
	c.fail(nil)

	require.NoError(t, survivor.Start(t.Context()))
	for _, key := range keys {
		await(t, survivor, key, "enriched")
	}

	seen := map[string]int{}
	for _, call := range c.live() {
		seen[call.Properties["hs_call_external_id"]]++
	}
	for _, key := range keys {
		require.Equal(t, 1, seen[key], key)
	}
}
