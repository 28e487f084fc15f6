package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/webexcc"
)

// gatherWithin is how long the whole truth may take after a connect. What has
// not come by then is taken as absent from Webex's side, and from the backend
// as unknown.
const gatherWithin = 3 * time.Second

// link is the notification socket while the softphone wants one.
type link struct {
	e    *Engine
	stop context.CancelFunc // Nil while closed. Only the engine's goroutine touches it.
	done chan struct{}
}

// want opens or closes the socket.
func (l *link) want(ctx context.Context, open bool) {
	if open == (l.stop != nil) {
		return
	}
	if !open {
		l.close()
		return
	}
	ctx, l.stop = context.WithCancel(ctx)
	l.done = make(chan struct{})
	go func() {
		defer close(l.done)
		l.run(ctx)
	}()
}

func (l *link) close() {
	if l.stop != nil {
		l.stop()
		<-l.done
		l.stop = nil
	}
}

// run reads notifications until ctx ends, and begins anew when the socket was
// refused for good but the session still stands.
func (l *link) run(ctx context.Context) {
	for attempt := 0; ctx.Err() == nil; attempt++ {
		err := l.read(ctx)
		switch {
		case ctx.Err() != nil || errors.Is(err, webexcc.ErrTakenOver):
			return
		case l.e.expired(err):
			return
		}
		l.e.cfg.Log("notification socket", "error", errorKind(err))
		l.e.Send(softphone.ConfigureFailed{Code: softphone.WebexDown})
		if !pause(ctx, backoff(attempt, 15*time.Second), nil) {
			return
		}
	}
}

func (l *link) read(ctx context.Context) error {
	socket := l.e.cfg.CC.Open()
	defer socket.Close()
	type item struct {
		n   webexcc.Notification
		err error
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	items := make(chan item)
	go func() {
		for {
			n, err := socket.Next(ctx)
			select {
			case items <- item{n, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	g := gathering{e: l.e}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case it := <-items:
			if it.err != nil {
				return it.err
			}
			g.take(ctx, it.n)
		case records := <-g.records:
			g.gotRecords(records)
		case <-g.deadline:
			g.finish()
		}
	}
}

// gathering assembles Synced: the relogin's list of interactions, a snapshot
// of each, and what outbox and backend know. Everything else that arrives
// meanwhile waits, in order.
type gathering struct {
	e          *Engine
	generation uint64
	active     bool
	session    *webexcc.Relogin
	tasks      map[softphone.InteractionID]softphone.Interaction
	waiting    []softphone.Event
	deadline   <-chan time.Time
	records    chan []softphone.Record
	known      []softphone.Record
	haveKnown  bool
}

func (g *gathering) take(ctx context.Context, n webexcc.Notification) {
	switch n := n.(type) {
	case webexcc.LinkUp:
		g.generation = n.Generation
		g.begin(ctx)
	case webexcc.LinkLost:
		g.active, g.deadline, g.waiting = false, nil, nil
		if !g.e.expired(n.Err) {
			g.e.Send(softphone.LinkLost{})
		}
	case webexcc.Relogin:
		if !g.active {
			g.begin(ctx)
		}
		g.session = &n
		g.check()
	case webexcc.Task:
		g.task(n)
	default:
		if ev := agentEvent(n); ev != nil {
			g.send(ev)
		}
	}
}

// begin starts over: a new socket, or a reload that was asked for.
func (g *gathering) begin(ctx context.Context) {
	*g = gathering{
		e: g.e, generation: g.generation, active: true,
		tasks:   map[softphone.InteractionID]softphone.Interaction{},
		records: make(chan []softphone.Record, 1), deadline: time.After(gatherWithin),
	}
	go func(e *Engine, out chan<- []softphone.Record) {
		ctx, cancel := context.WithTimeout(ctx, gatherWithin)
		defer cancel()
		records, err := e.records(ctx)
		if err != nil {
			e.expired(err)
		}
		out <- records
	}(g.e, g.records)
}

func (g *gathering) gotRecords(records []softphone.Record) {
	g.known, g.haveKnown = records, true
	g.check()
}

func (g *gathering) task(n webexcc.Task) {
	ev := notified(n, g.generation)
	if !g.active {
		g.e.Send(ev)
		return
	}
	g.tasks[ev.Interaction.ID] = ev.Interaction
	if n.Type != webexcc.AgentContact {
		g.waiting = append(g.waiting, ev)
	}
	g.check()
}

func (g *gathering) send(ev softphone.Event) {
	if g.active {
		g.waiting = append(g.waiting, ev)
		return
	}
	g.e.Send(ev)
}

// check ends the gathering when nothing is missing.
func (g *gathering) check() {
	if !g.active || g.session == nil || !g.haveKnown {
		return
	}
	for _, id := range g.session.Data.InteractionIDs {
		if _, ok := g.tasks[softphone.InteractionID(id)]; !ok && !g.session.Failed() {
			return
		}
	}
	g.finish()
}

func (g *gathering) finish() {
	if !g.active {
		g.deadline = nil
		return
	}
	if g.session == nil {
		// No answer to the reload: nothing is known, so nothing may be
		// replaced. Ask again.
		g.deadline = time.After(gatherWithin)
		g.e.lanes.run(string(softphone.AgentLane), func() { g.e.reload() })
		return
	}
	ev := softphone.Synced{Generation: g.generation, Records: g.e.outbox.merge(g.known)}
	if !g.session.Failed() {
		st := station(g.session.Data)
		ev.Station = &st
		for _, id := range sortedIDs(g.tasks) {
			ev.Tasks = append(ev.Tasks, g.tasks[id])
		}
	} else if reason := string(g.session.Data.Reason); reason != webexcc.ReasonAgentNotFound {
		g.e.cfg.Log("reload refused", "reason", reason)
	}
	waiting := g.waiting
	g.active, g.deadline, g.waiting = false, nil, nil
	g.e.Send(ev)
	for _, w := range waiting {
		g.e.Send(w)
	}
	if reason := string(g.session.Data.LastStateChangeReason); !g.session.Failed() && reason == webexcc.ReasonSocketLost {
		// Webex made the agent idle because the socket was gone; being back
		// is being available again (the vendor's SDK does the same).
		g.e.Send(softphone.StateRequested{})
	}
}

func sortedIDs(tasks map[softphone.InteractionID]softphone.Interaction) []softphone.InteractionID {
	ids := make([]softphone.InteractionID, 0, len(tasks))
	for id := range tasks {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func (e *Engine) reload() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := e.cfg.CC.Reload(ctx); err != nil {
		e.cfg.Log("reload", "error", errorKind(err))
	}
}

// agentEvent translates what is about the agent; nil for what nobody needs.
func agentEvent(n webexcc.Notification) softphone.Event {
	switch n := n.(type) {
	case webexcc.StationLogin:
		if n.Failed() {
			return softphone.StationLoginFailed{Reason: string(n.Data.Reason)}
		}
		return softphone.StationLoggedIn{Station: station(n.Data)}
	case webexcc.Logout:
		if n.Failed() {
			return softphone.StationLogoutFailed{Reason: string(n.Data.Reason)}
		}
		return softphone.StationLoggedOut{By: string(n.Data.LoggedOutBy)}
	case webexcc.AgentStateChange:
		if n.Failed() {
			return softphone.StateChangeFailed{Reason: string(n.Data.Reason)}
		}
		return stateChanged(n.Data)
	case webexcc.Buddies:
		return buddies(n)
	case webexcc.MultiLogin:
		return softphone.TakenOver{}
	}
	return nil
}
