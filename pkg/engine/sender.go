package engine

import (
	"context"
	"errors"
	"time"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/fetch"
	"deskbridge/pkg/softphone"
)

const (
	signOfLife = 30 * time.Second // How often a live record is sent again, so that the server knows the widget is alive.
	unsentMost = 15 * time.Second // Longest pause between tries …
	outageMost = time.Minute      // … and after some minutes of them.
	outageFrom = 24               // The try from which on it is an outage.
	failedMost = 5 * time.Minute  // Longest pause for a record that the backend fails on.
	askedMost  = 10 * time.Minute // Longest pause that a server may ask for.
)

// run sends until ctx ends, one record at a time: what is unsent first, the
// oldest of it before the rest, and signs of life when due.
func (o *outbox) run(ctx context.Context) {
	for attempt := 0; ctx.Err() == nil; {
		it, wait := o.pick()
		if it.Record.Key == "" {
			pause(ctx, wait, o.wake)
			continue
		}
		err := o.send(ctx, it)
		switch {
		case err == nil:
			attempt = 0
			o.e.Send(softphone.BackendReachable{OK: true, Queued: o.queued()})
		case o.e.expired(err): // Nothing is lost: it goes out after the next sign-in.
			pause(ctx, unsentMost, o.wake)
		case o.setAside(it, err): // Another one may fare better.
		default:
			o.e.Send(softphone.BackendReachable{OK: false, Queued: o.queued()})
			pause(ctx, delay(attempt, err), nil)
			attempt++
		}
	}
}

// delay is how long to wait after so many failures in a row: what the server
// asks for, else longer and longer.
func delay(attempt int, err error) time.Duration {
	if refusal := (*backend.Error)(nil); errors.As(err, &refusal) && refusal.RetryAfterMs > 0 {
		return min(duration(refusal.RetryAfterMs), askedMost)
	}
	if attempt >= outageFrom {
		return backoff(attempt, outageMost)
	}
	return backoff(attempt, unsentMost)
}

// due says whether it is time. Times further off than any pause are due, too:
// the clock was set back meanwhile.
func due(next, now time.Time) bool {
	d := next.Sub(now)
	return d <= 0 || d > failedMost
}

// pick chooses what to send now, or says how long there is nothing to do.
func (o *outbox) pick() (item, time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if agent, in := o.e.cfg.Session.restored(); !in || agent.AgentID != o.who {
		return item{}, time.Hour // Nobody is signed in, or another agent not yet bound.
	}
	now, wait := o.e.cfg.Now(), time.Hour
	var tried, life item
	for _, key := range o.oldestFirst() {
		switch it := o.box[key]; {
		case it.who != o.who || !it.unsent() && it.Record.Final:
		case !due(it.next, now):
			wait = min(wait, it.next.Sub(now))
		case it.unsent() && !it.tried:
			return it, 0
		case it.unsent() && tried.Record.Key == "":
			tried = it
		case !it.unsent() && life.Record.Key == "":
			life = it
		}
	}
	if tried.Record.Key != "" { // Every one was: begin again with the oldest.
		o.retryAll()
		return tried, 0
	}
	return life, wait
}

func (o *outbox) retryAll() {
	for key, it := range o.box {
		it.tried = false
		o.box[key] = it
	}
}

// setAside notes which record the backend failed on. Where it has a fault (500)
// and has just taken another one, the fault is this record's: it waits on its
// own, and true says that the others need not. Anything else that is 5xx says
// that the backend, or what stands before it, is down.
func (o *outbox) setAside(it item, err error) bool {
	refusal := (*backend.Error)(nil)
	answered := errors.As(err, &refusal) && refusal.Status == fetch.StatusInternal && refusal.RetryAfterMs == 0
	own := answered && (o.works || it.fails > 0)
	o.works = false
	o.mu.Lock()
	defer o.mu.Unlock()
	now, ok := o.box[it.Record.Key]
	if !ok || now.Record.Revision != it.Record.Revision {
		return own
	}
	now.tried = answered
	if own {
		now.fails++
		now.next = o.e.cfg.Now().Add(backoff(now.fails+2, failedMost))
	}
	o.box[it.Record.Key] = now
	return own
}

func (o *outbox) queued() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for _, it := range o.box {
		if it.unsent() && it.who == o.who {
			n++
		}
	}
	return n
}

// send puts one record. A refusal that no retry can change is a receipt of its
// own: the record needs a person, and stays here until that person has changed
// it.
func (o *outbox) send(ctx context.Context, it item) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	got, err := o.e.cfg.Backend.Put(ctx, it.Record)
	var refusal *backend.Error
	refused := errors.As(err, &refusal) && !refusal.Retryable() && refusal.Status != 401 && refusal.Status != 426
	if refused {
		got = backend.Receipt{
			Key: it.Record.Key, Revision: it.Record.Revision, State: string(softphone.NeedsYou),
			Need: softphone.NeedsAgent, Detail: refusal.Message,
		}
	} else if err != nil {
		return err
	}
	o.works = true
	o.mu.Lock()
	if now, ok := o.box[it.Record.Key]; ok {
		now.Acked = max(now.Acked, min(got.Revision, it.Record.Revision))
		now.fails = 0
		if !now.unsent() { // What came meanwhile goes out at once.
			now.next = o.e.cfg.Now().Add(signOfLife)
			if refused {
				now.Refused = &got
			}
		}
		o.put(now)
	}
	o.retryAll()
	o.mu.Unlock()
	o.e.Send(softphone.RecordAcknowledged{Receipt: receipt(got)})
	return nil
}
