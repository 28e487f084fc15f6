package soak

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
)

// size reads a number from the environment.
func size(t *testing.T, name string, fallback int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return fallback
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, name)
	return n
}

const (
	small    = 150
	atATime  = 48
	killGap  = 20 * time.Second // The least; jobs of the dead are released at the start.
	soakLong = 2 * time.Hour
)

// Whatever fails, in the end HubSpot has what the agents did, each once.
func TestSoak(t *testing.T) {
	n, seed := size(t, "DESKBRIDGE_SOAK", small), uint64(size(t, "DESKBRIDGE_SOAK_SEED", 1))
	by := scales{
		hubspotRate: 20, indexDelay: 300 * time.Millisecond, indexWait: 1500 * time.Millisecond,
		engagementWait: 2 * time.Second, finalizeAfter: 8 * time.Second,
	}
	searching := by
	searching.noUnique = true
	each := func(name string, do func(t *testing.T)) {
		t.Run(name, func(t *testing.T) {
			if n <= small { // Large ones have the machine for themselves.
				t.Parallel()
			}
			do(t)
		})
	}
	each("sqlite", func(t *testing.T) { soak(t, n, seed, 1, "", by) })
	each("postgres", func(t *testing.T) { soak(t, n, seed, 2, schema(t), by) })
	each("without unique properties", func(t *testing.T) { soak(t, max(n/10, small), seed+1, 1, "", searching) })
}

// run is a soak under way.
type run struct {
	*world
	progress
	t       *testing.T
	seed    uint64
	started time.Time

	mu      sync.Mutex
	intents []intent
	open    map[string]*widget // Records that are not known to be written.
	ended   chan struct{}      // One for each interaction that the widgets are done with.
}

func soak(t *testing.T, n int, seed uint64, replicas int, database string, by scales) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), soakLong)
	defer cancel()
	agents := min(40, max(6, n/100))
	s := &run{
		world: newWorld(t, ctx, seed, agents, replicas, database, by), t: t, seed: seed, started: time.Now(),
		open: map[string]*widget{}, ended: make(chan struct{}, n),
	}
	t.Cleanup(func() {
		if t.Failed() {
			for _, r := range s.replicas {
				t.Logf("the end of %s's log:\n%s", r.addr, r.out.bytes())
			}
		}
	})
	require.NoError(t, s.spoil(seed))
	failed := make(chan error, n+agents+2)
	sending, stop := context.WithCancel(ctx)
	var senders sync.WaitGroup
	for _, w := range s.widgets {
		senders.Go(func() {
			if err := w.run(sending); err != nil {
				failed <- err
				cancel()
			}
		})
	}
	killing, peace := context.WithCancel(ctx)
	var killer sync.WaitGroup
	killer.Go(func() {
		if err := s.trouble(killing, n); err != nil {
			failed <- err
			cancel()
		}
	})

	played := s.play(n, failed)
	s.logf("the widgets have sent everything")
	s.front.flush()
	waited := s.settled()
	peace()
	killer.Wait()
	if waited == nil {
		waited = s.settled() // What the last kill has stopped.
	}
	stop()
	senders.Wait()
	close(failed)
	for err := range failed {
		t.Error(err)
	}
	require.NoError(t, errors.Join(played, waited))

	all, err := s.activities()
	require.NoError(t, err)
	f := compare(s.intents, all)
	s.report(n, by, f)
	for what, list := range map[string][]string{
		"lost": f.lost, "duplicate": f.duplicate, "human edits overwritten": f.overwritten, "not as intended": f.wrong,
	} {
		if len(list) > 0 {
			t.Errorf("%d %s:\n%s", len(list), what, strings.Join(list[:min(len(list), 50)], "\n"))
		}
	}
}

func (s *run) logf(format string, args ...any) {
	s.t.Logf("%7.1fs  %s", time.Since(s.started).Seconds(), fmt.Sprintf(format, args...))
}

// play lets the agents have all interactions, some at a time.
func (s *run) play(n int, failed chan<- error) error {
	slots := make(chan struct{}, atATime)
	began := s.started.UnixMilli()
	var all sync.WaitGroup
	for i := range n {
		select {
		case slots <- struct{}{}:
		case <-s.ctx.Done():
			return s.ctx.Err()
		}
		p := makePlan(s.seed, i, len(s.widgets), s.people, began)
		all.Go(func() {
			var once sync.Once
			next := func() { once.Do(func() { <-slots; s.ended <- struct{}{} }) }
			defer next()
			for _, o := range p.offers {
				if err := s.offer(o, next); err != nil {
					failed <- fmt.Errorf("interaction %d, %s: %w", i, p.kind, err)
				}
			}
		})
		if every := max(n/20, 500); i%every == every-1 {
			s.logf("%d interactions begun", i+1)
		}
	}
	all.Wait()
	return s.ctx.Err()
}

// offer plays one agent's part. next is called when only HubSpot is waited for.
func (s *run) offer(o offer, next func()) error {
	w := s.widgets[o.agent]
	in := intent{owner: s.owners[o.agent], edited: map[string]string{}, racing: map[string]bool{}, dies: o.dies}
	engagement, told := "", ""
	for i, st := range o.steps {
		id, err := s.await(w, o.steps, i, next)
		if err != nil {
			return err
		}
		if st.page {
			if engagement, err = s.engage(st.record); err != nil {
				return err
			}
			s.engagements.Add(1)
		}
		if st.edit != nil {
			if err := s.post("objects/calls/"+id, map[string]any{"properties": st.edit}, nil); err != nil {
				return err
			}
			if st.after == isEnriched {
				s.edits.Add(1)
				maps.Copy(in.edited, st.edit)
			} else {
				s.races.Add(1)
				for name := range st.edit {
					delete(in.edited, name)
					in.racing[name] = true
				}
			}
		}
		if st.tell {
			told = engagement
		}
		in.record = st.record
		in.record.EngagementID = told
		w.add(in.record)
		s.revisions.Add(1)
	}
	if err := w.acked(s.ctx, in.record.Key, in.record.Revision); err != nil {
		return err
	}
	s.offers.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.intents = append(s.intents, in)
	s.open[in.record.Key] = w
	return nil
}

// await waits until the revision before the i-th has come far enough, and
// returns the activity's id once there must be one.
func (s *run) await(w *widget, steps []step, i int, next func()) (id string, err error) {
	if i == 0 || steps[i].after == atOnce {
		return "", nil
	}
	key, before := steps[i].record.Key, steps[i-1].record.Revision
	if err := w.acked(s.ctx, key, before); err != nil {
		return "", err
	}
	switch steps[i].after {
	case isVisible:
		next()
		return w.until(s.ctx, key, before, visible)
	case isEnriched:
		next()
		return w.until(s.ctx, key, before, enriched)
	}
	return "", nil
}

// trouble kills replicas until ctx ends: in a small run once, else again and
// again.
func (s *run) trouble(ctx context.Context, n int) error {
	r := rand.New(rand.NewPCG(s.seed, 1<<63))
	gap := func() *time.Timer { return time.NewTimer(killGap + time.Duration(r.Int64N(int64(killGap/2)))) }
	timer := gap()
	defer timer.Stop()
	ended := 0
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.ended:
			if ended++; n <= small && ended == n/2 {
				if err := s.kill(r.IntN(2)); err != nil {
					return err
				}
			}
		case <-timer.C:
			timer = gap()
			if n > small {
				if err := s.kill(r.IntN(2)); err != nil {
					return err
				}
			}
		}
	}
}

// settled waits until every record is written.
func (s *run) settled() error {
	var all sync.WaitGroup
	var errs []error
	for _, w := range s.widgets {
		var keys []string
		s.mu.Lock()
		for key, of := range s.open {
			if of == w {
				keys = append(keys, key)
			}
		}
		s.mu.Unlock()
		slices.Sort(keys)
		all.Go(func() {
			for i, key := range keys {
				_, err := w.until(s.ctx, key, 0, func(r backend.Receipt) bool { return enriched(r) || r.State == "needs-you" })
				if err != nil {
					s.mu.Lock()
					errs = append(errs, fmt.Errorf("%w, and %d more of %s", err, len(keys)-i-1, w.agent.Name))
					s.mu.Unlock()
					return
				}
			}
		})
	}
	all.Wait()
	s.logf("every record is written")
	return errors.Join(errs...)
}

func (s *run) report(n int, by scales, f findings) {
	took := time.Since(s.started)
	s.logf("%d interactions, seed %d, %d agents, %d replicas, %.0f s (%.1f interactions/s)",
		n, s.seed, len(s.widgets), len(s.replicas), took.Seconds(), float64(n)/took.Seconds())
	s.logf("scales: HubSpot's limits ×%g (%g requests and %g searches a second), index %v late, ledger waits %v for it and %v for engagements, silent after %v, kills at least %v apart",
		by.hubspotRate, 11*by.hubspotRate, 4*by.hubspotRate, by.indexDelay, by.indexWait, by.engagementWait, by.finalizeAfter, killGap)
	s.logf("%d kills, %d records, %d revisions, %d engagements by the page, %d edits by people seen before we wrote, %d while we wrote",
		s.kills, s.offers.Load(), s.revisions.Load(), s.engagements.Load(), s.edits.Load(), s.races.Load())
	s.logf("between widget and server: %s", counts(s.front.done))
	s.logf("at HubSpot: %.0f %% of the requests spoilt by 423, 429, 5xx, resets before and after the effect, half an answer, or late by up to 2 s", s.spoilt)
	s.logf("in HubSpot: %d calls, %d tasks, %d put away; %d edits overwritten that came after our read",
		f.calls, f.tasks, f.archived, f.blind)
	s.logf("lost %d, duplicate %d, human edits overwritten %d, not as intended %d",
		len(f.lost), len(f.duplicate), len(f.overwritten), len(f.wrong))
}

func counts(m map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s %d", name, m[name]))
	}
	return strings.Join(parts, ", ")
}
