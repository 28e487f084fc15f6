package callingext

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	relayKept = 64               // Messages of the host that wait for a widget.
	dialKept  = 20 * time.Second // How long a dial waits.
)

// A Relay is a calling app for HubSpot whose widget is somewhere else: in a
// page deep within the one that HubSpot frames, which comes late, is reloaded,
// and goes. Towards HubSpot it is a [Widget], towards the widget a [Host].
//
// HubSpot hears INITIALIZED at once and is told what the widget says as soon as
// there is one.
type Relay struct {
	widget *Widget
	origin string

	mu      sync.Mutex
	synced  *Synced
	arrived chan struct{} // Closed with synced.
	host    *Host         // The widget that is there; nil for none.
	stop    context.CancelFunc
	waiting []kept
	in      bool // HubSpot knows that somebody is logged in.
}

type kept struct {
	m  HostMessage
	at time.Time
}

// NewRelay returns a relay for a page of that origin. Port's peer is HubSpot's
// window, hosts are patterns of [OriginAllowed].
func NewRelay(port Port, origin string, hosts []string) *Relay {
	return &Relay{
		widget:  NewWidget(WidgetConfig{Port: port, Origin: origin, Hosts: hosts}),
		origin:  origin,
		arrived: make(chan struct{}),
	}
}

// Send sends a message of the page's own to HubSpot, as [Widget.Send] does.
func (r *Relay) Send(m WidgetMessage) error { return r.widget.Send(m) }

// Host waits for HubSpot's handshake and returns its origin.
func (r *Relay) Host(ctx context.Context) (string, error) {
	select {
	case <-r.arrived:
		return r.synced.HostURL, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Run hands on what HubSpot says until its port ends.
func (r *Relay) Run(ctx context.Context) error {
	tick := time.NewTicker(dialKept / 4)
	defer tick.Stop()
	said := make(chan HostMessage)
	ended := make(chan error, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // Ends with ctx.
		for {
			m, err := r.widget.Next(ctx)
			if err != nil {
				ended <- err
				return
			}
			select {
			case said <- m:
			case <-ctx.Done():
				ended <- ctx.Err()
				return
			}
		}
	}()
	for {
		select {
		case err := <-ended:
			return err
		case m := <-said:
			r.take(m)
		case <-tick.C:
			r.expire(time.Now())
		}
	}
}

func (r *Relay) take(m HostMessage) {
	if s, ok := m.(Synced); ok {
		r.mu.Lock()
		r.synced = &s
		r.mu.Unlock()
		close(r.arrived) // A widget takes one SYNC only.
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.host != nil && r.host.Send(m) == nil {
		return
	}
	if len(r.waiting) < relayKept {
		r.waiting = append(r.waiting, kept{m, time.Now()})
	}
}

// expire answers dials that nobody took: HubSpot is not left waiting.
func (r *Relay) expire(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rest := r.waiting[:0]
	for _, k := range r.waiting {
		_, dial := k.m.(DialNumber)
		if !dial || now.Sub(k.at) < dialKept {
			rest = append(rest, k)
			continue
		}
		_ = r.widget.Send(SendError{Code: DeskNotReady, Message: "The Agent Desktop is not ready. Sign in there, then dial again."}) // It is gone, or it is told.
	}
	r.waiting = rest
}

// DeskNotReady is the code of the ERROR for a dial while there is no widget.
const DeskNotReady = "AGENT_DESKTOP_NOT_READY"

// Attach serves a widget over its pipe until the pipe or ctx ends, or another
// widget is attached.
func (r *Relay) Attach(ctx context.Context, pipe TextPipe) error {
	if _, err := r.Host(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	port := NewPipePort()
	port.Attach(pipe, r.origin)
	r.mu.Lock()
	s := *r.synced
	host := NewHost(HostConfig{Port: port, WidgetOrigin: r.origin, Sync: SyncInfo{
		HostURL: s.HostURL, PortalID: s.PortalID, UserID: s.UserID, OwnerID: s.OwnerID, EngagementID: s.EngagementID,
		IframeLocation: s.IframeLocation,
	}})
	if r.stop != nil {
		r.stop() // The one before was reloaded, or is not the one to talk to any more.
	}
	r.host, r.stop = host, cancel
	r.mu.Unlock()
	defer r.detach(host)

	ended := make(chan error, 1)
	go func() { ended <- host.Run(ctx) }() // Ends with ctx.
	for {
		m, err := host.Next(ctx)
		if err != nil {
			cancel()
			return errors.Join(err, <-ended)
		}
		r.answer(host, m)
	}
}

func (r *Relay) detach(host *Host) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.host == host {
		r.host, r.stop = nil, nil
	}
}

// answer hands on what the widget says.
func (r *Relay) answer(host *Host, m WidgetMessage) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.host != host {
		return
	}
	switch said := m.(type) {
	case SyncAck:
		return
	case Initialized:
		// HubSpot has had its INITIALIZED.
		m = nil
		if said.IsLoggedIn && !r.in {
			r.in, m = true, LoggedIn{}
		}
		for _, k := range r.waiting {
			_ = host.Send(k.m) // What cannot be sent to this widget is of no use to the next.
		}
		r.waiting = nil
	case LoggedIn:
		if r.in {
			return // By a widget that was reloaded.
		}
		r.in = true
	case LoggedOut:
		r.in = false
	}
	if m != nil {
		_ = r.widget.Send(m) // HubSpot's page is gone: so are we.
	}
}
