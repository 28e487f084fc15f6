package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/callingext"
	"deskbridge/pkg/engine"
	"deskbridge/pkg/softphone"
	"deskbridge/pkg/webexcc"
)

const (
	ann    = "a1b2c3d4-0000-4000-8000-00000000000a"
	widget = "https://widget.example"
	portal = "https://app.hubspot.com"
)

// centre is a contact centre that does nothing by itself: a test says what it
// notifies, and sees what it was asked.
type centre struct {
	mu     sync.Mutex
	asked  []string
	fail   map[string]error
	slow   map[string]chan struct{} // An operation that waits for its channel.
	out    chan webexcc.Notification
	opened int
	able   bool // It offers media: the agent's phone is the browser.
}

func newCentre() *centre {
	return &centre{fail: map[string]error{}, slow: map[string]chan struct{}{}, out: make(chan webexcc.Notification, 100)}
}

func (c *centre) ask(ctx context.Context, op string, args ...any) error {
	c.mu.Lock()
	wait, err := c.slow[op], c.fail[op]
	c.asked = append(c.asked, fmt.Sprint(append([]any{op}, args...)...))
	c.mu.Unlock()
	if wait != nil {
		select {
		case <-wait:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return err
}

func (c *centre) commands() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.asked)
}

func (c *centre) Open() engine.Notifications {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.opened++
	return socket{c}
}

type socket struct{ c *centre }

func (s socket) Next(ctx context.Context) (webexcc.Notification, error) {
	select {
	case n := <-s.c.out:
		return n, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
func (s socket) Close() error { return nil }

func (c *centre) LogIn(ctx context.Context, l webexcc.Login) error {
	return c.ask(ctx, "login", " ", l.DialNumber)
}
func (c *centre) LogOut(ctx context.Context, reason string) error { return c.ask(ctx, "logout") }
func (c *centre) SetState(ctx context.Context, s webexcc.StateChange) error {
	return c.ask(ctx, "state", " ", s.AuxCodeID)
}
func (c *centre) Reload(ctx context.Context) error { return c.ask(ctx, "reload") }
func (c *centre) Outdial(ctx context.Context, o webexcc.Outdial) error {
	return c.ask(ctx, "outdial", " ", o.Destination)
}
func (c *centre) Accept(ctx context.Context, id string) error { return c.ask(ctx, "accept") }
func (c *centre) Hold(ctx context.Context, id, media string) error {
	return c.ask(ctx, "hold", " ", media)
}
func (c *centre) Unhold(ctx context.Context, id, media string) error {
	return c.ask(ctx, "unhold", " ", media)
}
func (c *centre) PauseRecording(ctx context.Context, id string) error { return c.ask(ctx, "pause") }
func (c *centre) ResumeRecording(ctx context.Context, id string, auto bool) error {
	return c.ask(ctx, "resume")
}
func (c *centre) End(ctx context.Context, id string) error { return c.ask(ctx, "end", " ", id) }
func (c *centre) WrapUp(ctx context.Context, id string, w webexcc.WrapUp) error {
	return c.ask(ctx, "wrapup", " ", w.Reason)
}

func (c *centre) BuddyAgents(ctx context.Context, b webexcc.BuddyRequest) error {
	return c.ask(ctx, "buddies", " ", b.AgentProfileID, " ", b.MediaType, " ", b.State)
}
func (c *centre) Consult(ctx context.Context, id string, to webexcc.Consultation) error {
	return c.ask(ctx, "consult", " ", id, " ", to.Type, " ", to.To, " ", to.HoldParticipants)
}
func (c *centre) AcceptConsult(ctx context.Context, id string) error {
	return c.ask(ctx, "consult/accept", " ", id)
}
func (c *centre) EndConsult(ctx context.Context, id, queueID string) error {
	return c.ask(ctx, "consult/end", " ", id, " ", queueID)
}
func (c *centre) Transfer(ctx context.Context, id string, to webexcc.Destination) error {
	return c.ask(ctx, "transfer", " ", id, " ", to.Type, " ", to.To)
}
func (c *centre) ConsultTransfer(ctx context.Context, id string, to webexcc.Destination) error {
	return c.ask(ctx, "consult/transfer", " ", id, " ", to.Type, " ", to.To)
}
func (c *centre) Conference(ctx context.Context, id string, m webexcc.Merger) error {
	return c.ask(ctx, "consult/conference", " ", id, " ", m.AgentID, " ", m.Type, " ", m.To)
}
func (c *centre) ExitConference(ctx context.Context, id string) error {
	return c.ask(ctx, "conference/exit", " ", id)
}
func (c *centre) TransferConference(ctx context.Context, id string) error {
	return c.ask(ctx, "conference/transfer", " ", id)
}
func (c *centre) DropParticipant(ctx context.Context, id, party string) error {
	return c.ask(ctx, "conference/drop", " ", id, " ", party)
}

// up begins a socket of the next generation with the agent logged in and the
// given tasks.
func (c *centre) up(generation uint64, tasks ...webexcc.Task) {
	c.out <- webexcc.LinkUp{Generation: generation, AgentID: ann}
	device := webexcc.DeviceExtension
	if c.able {
		device = webexcc.DeviceBrowser
	}
	relogin := webexcc.Relogin{Type: webexcc.AgentReloginSuccess, Data: webexcc.Session{
		AgentID: ann, DeviceType: webexcc.Text(device), DialNumber: "1001", SubStatus: webexcc.Available, AuxCodeID: "0",
	}}
	for _, t := range tasks {
		relogin.Data.InteractionIDs = append(relogin.Data.InteractionIDs, t.InteractionID())
	}
	c.out <- relogin
	for _, t := range tasks {
		t.Type, t.Data.Type = webexcc.AgentContact, webexcc.AgentContact
		c.out <- t
	}
}

// call is a task notification of an inbound call as Webex would send it.
func call(name, id string, change func(*webexcc.Interaction, *webexcc.Participant)) webexcc.Task {
	own := webexcc.Participant{ID: ann, PType: webexcc.PTypeAgent, Type: "Agent"}
	i := webexcc.Interaction{
		InteractionID: id, MainInteractionID: id, MediaType: "telephony", State: webexcc.StateNew,
		ContactDirection: webexcc.Direction{Type: webexcc.Inbound},
		Participants: map[string]webexcc.Participant{
			"+14155550100": {ID: "+14155550100", PType: webexcc.PTypeCustomer, HasJoined: webexcc.True},
		},
		Media: map[string]webexcc.Media{id: {
			MediaResourceID: id, MType: webexcc.MainCall, Participants: webexcc.Texts{"+14155550100", ann},
		}},
		CallProcessingDetails: webexcc.CallProcessingDetails{"ani": "+14155550100", "dnis": "+18005550000", "virtualTeamName": "Billing"},
	}
	if change != nil {
		change(&i, &own)
	}
	i.Participants[ann] = own
	return webexcc.Task{Type: name, Data: webexcc.TaskData{Type: name, InteractionID: id, AgentID: ann, Interaction: i}}
}

func joined(i *webexcc.Interaction, own *webexcc.Participant) {
	i.State, own.HasJoined = webexcc.StateConnected, webexcc.True
}

func wrapping(i *webexcc.Interaction, own *webexcc.Participant) {
	i.State, own.HasJoined, own.IsWrapUp = webexcc.StateWrapUp, webexcc.True, webexcc.True
}

// store is a browser's localStorage.
type store struct {
	mu   sync.Mutex
	kv   map[string]string
	bad  bool
	room int // Bytes of values; 0 for no limit.
}

func newStore() *store { return &store{kv: map[string]string{}} }

func (s *store) Get(k string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.kv[k]
	return v, ok
}
func (s *store) Set(k, v string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	size := len(v)
	for other, text := range s.kv {
		if other != k {
			size += len(text)
		}
	}
	if s.bad || s.room > 0 && size > s.room {
		return fmt.Errorf("quota")
	}
	s.kv[k] = v
	return nil
}
func (s *store) Remove(k string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.kv, k)
}
func (s *store) Keys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.kv))
}

func signedIn(s *store, agentID string) {
	text, _ := json.Marshal(backend.Session{Token: "t-" + agentID, ExpiresAt: time.Now().Add(time.Hour).UnixMilli(),
		Agent: backend.Agent{AgentID: agentID, OrgID: "o1", Name: "Ann Agent"}})
	s.kv["deskbridge.session"] = string(text)
}

type noSignIn struct{ err error }

func (n noSignIn) SignIn(context.Context, func(softphone.Event)) (backend.Session, error) {
	return backend.Session{}, n.err
}

// desk is one running widget with a HubSpot page around it.
type desk struct {
	t      *testing.T
	engine *engine.Engine
	cc     *centre
	server *server
	store  *store
	page   *page
	stop   func()
}

// page is HubSpot's side: it keeps what it was told.
type page struct {
	host *callingext.Host
	mu   sync.Mutex
	got  []callingext.WidgetMessage
}

func (p *page) listen(ctx context.Context) {
	for {
		m, err := p.host.Next(ctx)
		if err != nil {
			return
		}
		p.mu.Lock()
		p.got = append(p.got, m)
		p.mu.Unlock()
	}
}

func (p *page) types() []callingext.MessageType {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []callingext.MessageType
	for _, m := range p.got {
		out = append(out, m.Kind())
	}
	return out
}

// open starts a widget on what store, centre and server hold. Call it inside
// synctest.Test.
func open(t *testing.T, cc *centre, srv *server, st *store, change ...func(*engine.Config)) *desk {
	t.Helper()
	near, far := callingext.Pipe(widget, portal)
	d := &desk{t: t, cc: cc, server: srv, store: st, page: &page{}}
	d.page.host = callingext.NewHost(callingext.HostConfig{
		Port: far, WidgetOrigin: widget, Sync: callingext.SyncInfo{HostURL: portal, PortalID: "77", IframeLocation: callingext.InRemote},
	})
	session := engine.NewSession(st)
	w := callingext.NewWidget(callingext.WidgetConfig{
		Port: near, Origin: widget, Hosts: []string{portal},
		Initialized: func(callingext.Synced) callingext.Initialized {
			return callingext.Initialized{IsLoggedIn: session.Restored()}
		},
	})
	n := 0
	var contact engine.ContactCenter = cc
	if cc.able {
		contact = offering{cc}
	}
	cfg := engine.Config{
		CC: contact, Backend: srv, Session: session, Store: st, Host: w,
		SignIn: noSignIn{&engine.SignInError{Code: softphone.PopupBlocked}},
		NewID:  func() string { n++; return fmt.Sprint("id", n) },
	}
	for _, f := range change {
		f(&cfg)
	}
	d.engine = engine.New(cfg)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = d.engine.Run(ctx) })
	running.Go(func() { _ = d.page.host.Run(ctx) })
	running.Go(func() { d.page.listen(ctx) })
	d.stop = func() { cancel(); running.Wait() }
	t.Cleanup(d.stop)
	synctest.Wait()
	return d
}

func (d *desk) screen(want softphone.Screen) softphone.View {
	d.t.Helper()
	synctest.Wait()
	v := d.engine.View()
	require.Equal(d.t, want, v.Screen)
	return v
}

func (d *desk) notify(tasks ...webexcc.Task) {
	for _, t := range tasks {
		d.cc.out <- t
	}
	synctest.Wait()
}
