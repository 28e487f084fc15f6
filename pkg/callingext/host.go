package callingext

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"time"
)

const (
	syncEvery   = 100 * time.Millisecond
	syncTimeout = 30 * time.Second
)

// HostConfig configures a [Host].
type HostConfig struct {
	Port         Port   // Required. Its peer is the iframe's window.
	WidgetOrigin string // Required. Origin of the iframe's URL; a redirect to another one breaks the handshake.
	Sync         SyncInfo
	Now          func() time.Time          // Defaults to time.Now.
	Warn         func(Warning)             // Told about steps out of order. Defaults to silence.
	Debug        func(what, detail string) // Told about drops and the handshake, without payloads; must not call back. Defaults to silence.
}

// SyncInfo is what SYNC tells the widget. HubSpot's SDK as host sends only
// HostURL, HubSpot itself all of it.
type SyncInfo struct {
	HostURL           string         `json:"hostUrl"` // Required: the origin of the host's page.
	PortalID          ID             `json:"portalId,omitempty"`
	UserID            ID             `json:"userId,omitempty"`
	OwnerID           ID             `json:"ownerId,omitempty"`
	EngagementID      ID             `json:"engagementId,omitempty"` // Of the call under way, after a navigation.
	IframeLocation    IframeLocation `json:"iframeLocation,omitempty"`
	UsesCallingWindow bool           `json:"usesCallingWindow"`
}

// A Host is HubSpot's side: the page that holds the widget's iframe. Run
// drives it; Next, Send and the others may be called from any goroutine.
//
// Like HubSpot's page, and unlike HubSpot's SDK class used as a host, it never
// answers with ERROR: two SDKs facing each other do that for ever.
type Host struct {
	cfg HostConfig
	drops
	in     *queue[WidgetMessage]
	reload chan struct{} // One slot.

	mu     sync.Mutex // Guards the following, and the order of posts.
	ids    messageIDs
	syncs  map[string]bool // Ids of SYNCs that may be acknowledged.
	ready  bool
	target string // Origin that messages go to.
}

// NewHost returns a host that does nothing until Run.
func NewHost(cfg HostConfig) *Host {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	h := &Host{cfg: cfg, in: newQueue[WidgetMessage](), reload: make(chan struct{}, 1), syncs: map[string]bool{}, target: cfg.WidgetOrigin}
	h.debug = cfg.Debug
	h.ids.instance = strconv.FormatInt(cfg.Now().UnixMilli(), 10)
	return h
}

// Run syncs with the widget and takes its messages until ctx ends or the
// widget has not acknowledged for 30 s ([ErrSyncFailed]). Call it at the
// iframe's load event, not earlier: a widget answers one SYNC only, and for
// the next load there is [Host.Reload]. It may be called again after it has
// returned.
func (h *Host) Run(ctx context.Context) (err error) {
	h.in.end(nil)
	defer func() { h.in.end(err) }()
	ctx, cancel := context.WithCancel(ctx)
	arrived, failed := make(chan Inbound), make(chan error, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		failed <- h.receive(ctx, arrived)
	}()
	defer func() { cancel(); <-done }()

	tick := time.NewTicker(syncEvery)
	defer tick.Stop()
	var steps order
	started := h.restart() // Earlier SYNCs may still be acknowledged: the document is the same.
	for {
		select {
		case in := <-arrived:
			h.take(in, &steps)
		case <-h.reload:
			h.forgetSyncs()
			steps, started = order{}, h.restart()
			tick.Reset(syncEvery)
		case <-tick.C:
			if h.Ready() {
				tick.Stop()
				continue
			}
			if h.cfg.Now().Sub(started) > syncTimeout {
				return ErrSyncFailed
			}
			h.sync()
		case err := <-failed:
			return err
		}
	}
}

func (h *Host) receive(ctx context.Context, to chan<- Inbound) error {
	for {
		in, err := h.cfg.Port.Receive(ctx)
		if err != nil {
			return err
		}
		select {
		case to <- in:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Reload tells a running host that the iframe has loaded again: it is no
// longer ready and syncs anew.
func (h *Host) Reload() {
	select {
	case h.reload <- struct{}{}:
	default:
	}
}

// Ready reports whether the widget has acknowledged.
func (h *Host) Ready() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.ready
}

// Next returns the next message of the widget, beginning with a [SyncAck] at
// each handshake. After Run has ended it returns the remaining messages and
// then Run's error.
func (h *Host) Next(ctx context.Context) (WidgetMessage, error) { return h.in.pop(ctx) }

// Send sends a message to the widget. Before the handshake it is discarded
// with [ErrNotReady]; one that lacks something is refused with an
// [*InvalidError]. To send something malformed on purpose, use [Unknown].
func (h *Host) Send(m HostMessage) error {
	if err := m.Validate(); err != nil {
		return err
	}
	switch m.Kind() {
	case TypeError, TypeUnloading:
		// A widget on HubSpot's SDK answers these with ERROR.
		return &InvalidError{Type: m.Kind(), Field: "type", Problem: "not for a widget"}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.ready {
		return ErrNotReady
	}
	b, err := encode(m, h.ids.next(h.cfg.Now()))
	if err != nil {
		return err
	}
	return h.cfg.Port.Post(h.target, b)
}

// Dropped returns how many messages were dropped, by reason.
func (h *Host) Dropped() map[DropReason]int { return h.dropped() }

// restart begins the handshake and returns when.
func (h *Host) restart() time.Time {
	h.mu.Lock()
	h.ready, h.target = false, h.cfg.WidgetOrigin
	h.mu.Unlock()
	h.sync()
	return h.cfg.Now()
}

// forgetSyncs makes acknowledgements from a document that is gone worthless.
func (h *Host) forgetSyncs() {
	h.mu.Lock()
	defer h.mu.Unlock()
	clear(h.syncs)
}

func (h *Host) sync() {
	h.mu.Lock()
	defer h.mu.Unlock()
	id := h.ids.next(h.cfg.Now())
	h.syncs[id] = true
	b, err := json.Marshal(struct {
		Type      MessageType `json:"type"`
		MessageID string      `json:"messageId"`
		SyncInfo
	}{TypeSync, id, h.cfg.Sync})
	if err == nil {
		err = h.cfg.Port.Post(h.target, b)
	}
	if err != nil {
		h.drop(DropPostFailed, fmt.Sprintf("%s: %v", TypeSync, err)) // The next tick tries again.
	}
}

func (h *Host) take(in Inbound, steps *order) {
	switch {
	case !in.FromPeer:
		h.drop(DropForeignFrame, in.Origin)
		return
	case !sameOrigin(in.Origin, h.cfg.WidgetOrigin):
		h.drop(DropForeignOrigin, in.Origin)
		return
	case len(in.Data) > MaxMessageSize:
		h.drop(DropTooLarge, strconv.Itoa(len(in.Data)))
		return
	}
	r, ok := parse(in.Data)
	switch {
	case !ok:
		h.drop(DropMalformed, in.Origin)
	case r.typ == TypeSync:
		h.drop(DropUnexpected, shown(r.typ))
	case r.typ == TypeSyncAck:
		h.acknowledged(r, in.Origin)
	case !h.Ready():
		h.drop(DropNotReady, shown(r.typ))
	case h.ids.own(r.messageID):
		h.drop(DropReply, shown(r.typ))
	default:
		m := decodeWidgetMessage(r)
		if w, wrong := steps.check(m); wrong && h.cfg.Warn != nil {
			h.cfg.Warn(w)
		}
		h.in.push(m)
	}
}

// acknowledged takes the first answer to any of our SYNCs. The widget's
// iFrameUrl is adopted only if it is the origin that the browser names.
func (h *Host) acknowledged(r received, origin string) {
	h.mu.Lock()
	known, ready := h.syncs[r.messageID], h.ready
	if known && !ready {
		h.ready, h.target = true, origin
	}
	h.mu.Unlock()
	switch {
	case ready:
		h.drop(DropSecondSync, shown(r.typ))
	case !known:
		h.drop(DropReply, shown(r.typ))
	default:
		h.note("synced", origin)
		h.in.push(decodeWidgetMessage(r))
	}
}
