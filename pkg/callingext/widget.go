package callingext

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	maxQueued  = 1024 // Messages that wait for a host.
	maxReplies = 64   // Unknown types that are answered, in a widget's life.
)

// WidgetConfig configures a [Widget].
type WidgetConfig struct {
	Port   Port   // Required. Its peer is the parent window.
	Origin string // Required. Our own origin; HubSpot addresses messages to it.
	// Hosts are the calling hosts: the origins that may speak to us, as
	// patterns of [OriginAllowed]. Empty: nobody.
	Hosts []string
	// Initialized says what is known at the moment of the handshake. It must
	// return at once: the user sees nothing before INITIALIZED is sent.
	// Defaults to an empty message.
	Initialized func(Synced) Initialized
	DebugMode   bool                      // Asks the host to log the traffic on its console.
	Now         func() time.Time          // Defaults to time.Now.
	Debug       func(what, detail string) // Told about drops and the handshake, without payloads; must not call back. Defaults to silence.
}

// A Widget is the calling app's side. One goroutine calls Next in a loop;
// Send and Dropped may be called from any.
type Widget struct {
	cfg WidgetConfig
	drops

	mu       sync.Mutex // Guards the following, and the order of posts.
	ids      messageIDs
	host     string // Adopted origin; empty until SYNC.
	ready    bool   // INITIALIZED is out; Send posts instead of queueing.
	queue    []WidgetMessage
	answered []MessageType // Unknown types that had their ERROR.
}

// NewWidget returns a widget that waits for its host.
func NewWidget(cfg WidgetConfig) *Widget {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	w := &Widget{cfg: cfg}
	w.debug = cfg.Debug
	w.ids.instance = strconv.FormatInt(cfg.Now().UnixMilli(), 10)
	return w
}

// Send sends a message to HubSpot. Before the handshake it is queued; then it
// follows INITIALIZED in order. A message that lacks something is refused with
// an [*InvalidError] and not sent.
func (w *Widget) Send(m WidgetMessage) error {
	if err := m.Validate(); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ready {
		if len(w.queue) >= maxQueued {
			return ErrQueueFull
		}
		w.queue = append(w.queue, m)
		return nil
	}
	return w.post(m)
}

// post needs the lock, so that messages leave in the order of their ids.
func (w *Widget) post(m WidgetMessage) error {
	b, err := encode(m, w.ids.next(w.cfg.Now()))
	if err != nil {
		return err
	}
	return w.cfg.Port.Post(w.host, b)
}

// Next returns the next message of the host, [Synced] first, and does the
// handshake on the way. There is no time limit: a host may sync late. Its
// error is the port's, such as the context's end.
func (w *Widget) Next(ctx context.Context) (HostMessage, error) {
	for {
		in, err := w.cfg.Port.Receive(ctx)
		if err != nil {
			return nil, err
		}
		if m := w.take(in); m != nil {
			return m, nil
		}
	}
}

// Dropped returns how many messages were dropped, by reason.
func (w *Widget) Dropped() map[DropReason]int { return w.dropped() }

// take returns what a message means for the app, nil for nothing.
func (w *Widget) take(in Inbound) HostMessage {
	w.mu.Lock()
	host, ids := w.host, w.ids
	w.mu.Unlock()
	switch {
	case !in.FromPeer:
		w.drop(DropForeignFrame, in.Origin)
		return nil
	case !OriginAllowed(w.cfg.Hosts, in.Origin), host != "" && in.Origin != host:
		w.drop(DropForeignOrigin, in.Origin)
		return nil
	case len(in.Data) > MaxMessageSize:
		w.drop(DropTooLarge, strconv.Itoa(len(in.Data)))
		return nil
	}
	r, ok := parse(in.Data)
	switch {
	case !ok:
		w.drop(DropMalformed, in.Origin)
	case r.typ == TypeSync:
		if host != "" {
			w.drop(DropSecondSync, in.Origin)
			return nil
		}
		return w.sync(r, in.Origin)
	case host == "":
		w.drop(DropNotReady, shown(r.typ))
	case r.typ == TypeSyncAck:
		w.drop(DropUnexpected, shown(r.typ))
	case ids.own(r.messageID):
		w.drop(DropReply, shown(r.typ))
	default:
		m := decodeHostMessage(r)
		if u, ok := m.(Unknown); ok {
			w.answerUnknown(u)
		}
		return m
	}
	return nil
}

// sync answers the first SYNC. HubSpot's SDK believes hostUrl; here it only
// has to agree with the browser, which names the true origin.
func (w *Widget) sync(r received, origin string) HostMessage {
	if url, said := r.all["hostUrl"]; said && string(url) != "null" && r.all.text("hostUrl") != origin {
		w.drop(DropForgedHost, origin)
		return nil
	}
	s := decodeSynced(r)
	s.HostURL = origin
	if err := w.acknowledge(r, origin); err != nil {
		w.drop(DropPostFailed, err.Error())
		return nil // The host repeats its SYNC.
	}

	var first Initialized
	if w.cfg.Initialized != nil {
		first = w.cfg.Initialized(s) // Without the lock: it may Send, which queues.
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range append([]WidgetMessage{first}, w.queue...) {
		if err := w.post(m); err != nil {
			w.drop(DropPostFailed, string(m.Kind())+": "+err.Error())
		}
	}
	w.queue, w.ready = nil, true
	w.note("synced", origin)
	return s
}

func (w *Widget) acknowledge(r received, origin string) error {
	ack := withoutPrototype(r.all)
	ack["type"] = quoted(string(TypeSyncAck))
	ack["debugMode"] = json.RawMessage(strconv.FormatBool(w.cfg.DebugMode))
	ack["version"] = quoted(Version)
	ack["iFrameUrl"] = quoted(w.cfg.Origin)

	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids.avoid(r.messageID)
	if r.messageID == "" {
		ack["messageId"] = quoted(w.ids.next(w.cfg.Now()))
	}
	b, err := json.Marshal(ack)
	if err != nil {
		return err
	}
	if err := w.cfg.Port.Post(origin, b); err != nil {
		return err
	}
	w.host = origin
	return nil
}

// answerUnknown sends the SDK's ERROR, once for each type: a host that does
// the same would otherwise be answered for ever. READY, SET_WIDGET_URL and
// FAILED are not unknown to the SDK, although a host has no reason to send
// them; unlike the SDK we never let SET_WIDGET_URL move our target origin.
func (w *Widget) answerUnknown(u Unknown) {
	switch u.Type {
	case TypeError, TypeReady, TypeSetWidgetURL, TypeFailed:
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if slices.Contains(w.answered, u.Type) || len(w.answered) >= maxReplies {
		return
	}
	w.answered = append(w.answered, u.Type)
	if err := w.post(SendError{Code: UnknownMessageType, Original: u.Raw}); err != nil {
		w.drop(DropPostFailed, string(TypeError)+": "+err.Error())
	}
}
