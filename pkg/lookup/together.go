package lookup

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"deskbridge/pkg/hubspot"
)

// maxForms is how many numbers one call may be from: with and without prefix.
const maxForms = 2

// maxCrowd bounds what is read for a crowd.
const maxCrowd = 5 * hubspot.MaxSearchLimit

// crowds are who waits for a turn: a portal's searches are few, and telephones
// ring together. Whoever has to wait shares the turn with all others who do.
type crowds struct {
	mu   sync.Mutex
	open map[string]*crowd // Those that wait, by what they ask.
}

// crowd is one search for the numbers of many calls.
type crowd struct {
	numbers []Number      // Of all; fixed when the turn has come.
	done    chan struct{} // Closed when the next two are known.
	objects []hubspot.Object
	err     error
}

// together does a step for a call's numbers, with others who wait for the same
// step. What it returns may be others'.
func (l *Lookup) together(ctx context.Context, p Portal, s step, numbers []Number) ([]hubspot.Object, error) {
	name := s.name(p)
	l.crowds.mu.Lock()
	c := l.crowds.open[name]
	if c == nil || !s.request(append(slices.Clone(c.numbers), numbers...)).Fits() {
		c = &crowd{done: make(chan struct{})}
		l.crowds.open[name] = c
		go l.search(context.WithoutCancel(ctx), p, s, c) // Ends with its timeout.
	}
	c.numbers = append(c.numbers, numbers...)
	l.crowds.mu.Unlock()
	select {
	case <-c.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return c.objects, c.err
}

// search does a step for whoever is in the crowd when the turn comes.
func (l *Lookup) search(ctx context.Context, p Portal, s step, c *crowd) {
	ctx, cancel := context.WithTimeout(ctx, l.c.Timeout)
	defer cancel()
	leave := func() []Number {
		l.crowds.mu.Lock()
		defer l.crowds.mu.Unlock()
		if name := s.name(p); l.crowds.open[name] == c {
			delete(l.crowds.open, name)
		}
		return c.numbers
	}
	defer close(c.done)
	defer leave()
	for after := ""; ; {
		r, err := search(ctx, p, s.objectType, func() hubspot.SearchRequest {
			request := s.request(leave())
			request.After = after
			return request
		})
		if err != nil {
			c.err = err
			return
		}
		c.objects = append(c.objects, r.Objects...)
		// A switchboard's many contacts must not hide the others.
		if after = r.After; after == "" || len(c.numbers) <= maxForms || len(c.objects) >= maxCrowd {
			return
		}
	}
}

// name tells apart what cannot be asked together.
func (s step) name(p Portal) string {
	name := p.ID + " " + s.objectType
	for _, g := range s.groups([]Number{{}}) {
		name += " " + g.Filters[0].Property
	}
	for _, property := range s.properties {
		name += "," + property
	}
	return name
}

// search asks once more where HubSpot says that a second is enough to wait:
// others use the same searches.
func search(ctx context.Context, p Portal, objectType string, build func() hubspot.SearchRequest) (*hubspot.SearchResult, error) {
	found, err := p.CRM.SearchWith(ctx, objectType, build)
	var refused *hubspot.Error
	if !errors.As(err, &refused) || refused.Wait() == 0 || refused.Wait() > time.Second {
		return found, err
	}
	timer := time.NewTimer(refused.Wait())
	defer timer.Stop()
	select {
	case <-timer.C:
		return p.CRM.SearchWith(ctx, objectType, build)
	case <-ctx.Done():
		return nil, err
	}
}
