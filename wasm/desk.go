//go:build js && wasm

package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/browser"
	"deskbridge/pkg/callingext"
	"deskbridge/pkg/desktop"
	"deskbridge/pkg/engine"
	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"
	"deskbridge/pkg/webexcc"
)

// deskName is the lock of the frame that leads in a Desktop, and the channel
// between its frames.
const deskName = "deskbridge.desk"

// settleFor is how long a frame that shows something leaves the lead to one
// that leads already, or that is there for good.
const settleFor = 700 * time.Millisecond

// inDesktop is the app in the custom element's frame. The Desktop is the
// contact centre; HubSpot, where it is around the Desktop, is reached through
// the page of ours between the two.
func inDesktop(cfg pageConfig) {
	ctx := context.Background() // Ends with the page.
	pipe, err := browser.ElementPipe(ctx, func(origin string) bool { return callingext.OriginAllowed(cfg.DesktopHosts, origin) })
	if err != nil {
		browser.Fail("This page belongs into the Webex Agent Desktop.", "Your administrator puts it there with a desktop layout.")
		select {}
	}
	a := &desk{cfg: cfg, store: browser.OpenStorage()}
	a.desk = desktop.New(desktop.Config{Pipe: pipe, Changed: a.changed, Pressed: a.pressed, Conflict: a.conflict, Log: warn})
	go func() { _ = a.desk.Run(ctx) }()
	a.waitForDesktop(ctx)

	a.share = engine.NewShare(engine.ShareConfig{
		Leader: browser.Leader{Name: deskName, Waits: true}, Channel: channel(), Version: cfg.Bundle, Wait: settleFor, NewID: newID, OpenTab: browser.OpenTab,
		New: func() *engine.Engine { return a.newEngine(ctx) },
	})
	go func() { _ = a.share.Run(ctx) }()
	if a.desk.Headless() {
		browser.Ready()
		select {}
	}
	a.share.Subscribe(a.beckon())
	_ = browser.OnEscape(func() { a.desk.Show(false) })
	draw(ui.Panel{
		Source: a.share, Find: a.share, NewKey: a.share.NewKey, Memory: memory{a.store},
		Lang: ui.Preferred(browser.Languages()), About: about(cfg), Page: browser.Dress,
	})
}

// desk is one element of an Agent Desktop.
type desk struct {
	cfg   pageConfig
	store *browser.Storage
	desk  *desktop.Desktop
	share *engine.Share

	mu     sync.Mutex
	engine *engine.Engine // This frame's; nil while another one leads.
	around softphone.InsideDesktop
	layout string // Of the Desktop, as the engine knows it.
}

// waitForDesktop waits for as long as it takes, and says so.
func (a *desk) waitForDesktop(ctx context.Context) {
	for {
		err := a.desk.Ready(ctx)
		switch {
		case err == nil:
			return
		case errors.Is(err, desktop.ErrInitLate):
			browser.Fail("The Agent Desktop does not answer yet.", "Sign in there. If you have, reload it; calls go on meanwhile.")
		case errors.Is(err, desktop.ErrVersion):
			browser.Fail("The Agent Desktop has kept an older part of Deskbridge.", "Reload the Agent Desktop; clear the browser's cache if this stays.")
			select {}
		default:
			browser.Fail("The connection to the Agent Desktop is gone.", "Reload the Agent Desktop; calls go on meanwhile.")
			select {}
		}
	}
}

// newEngine is the engine of the frame that leads.
func (a *desk) newEngine(ctx context.Context) *engine.Engine {
	session := engine.NewSession(&memoryOnly{}) // Who works here is the Desktop's to say, each time.
	server := &backend.Client{BaseURL: browser.Origin(), Doer: browser.Fetch{}, Token: session.Token}
	port := callingext.NewPipePort()
	go func() {
		pipe, host, err := browser.HostPipe(ctx) // Waits for ever where no HubSpot is around.
		if err == nil {
			port.Attach(pipe, host)
		}
	}()
	e := engine.New(engine.Config{
		CC: engine.Desktop{Desktop: a.desk}, Backend: server, Session: session, Store: a.store,
		SignIn: engine.DesktopSignIn{Backend: server, Token: a.desk.Token},
		Host: callingext.NewWidget(callingext.WidgetConfig{
			Port: port, Origin: browser.Origin(), Hosts: a.cfg.CallingHosts,
			Initialized: func(s callingext.Synced) callingext.Initialized {
				return callingext.Initialized{IsLoggedIn: session.Restored(), EngagementID: s.EngagementID}
			},
		}),
		Ticker: browser.Ticker(a.cfg.Ticker), NewID: newID, OpenTab: a.share.OpenTab, Log: warn,
		Layout: a.desk.Layout, Portal: func() string { return a.desk.Property(desktop.PropPortal) },
	})
	a.mu.Lock()
	a.engine, a.around, a.layout = e, a.surroundings(), a.settings()
	e.Send(a.around)
	a.mu.Unlock()
	a.desk.SetShortcuts(shortcuts)
	e.Subscribe(a.announce())
	return e
}

func (a *desk) surroundings() softphone.InsideDesktop {
	s := softphone.Surroundings{Language: a.desk.Locale()}
	switch a.desk.Dark() {
	case webexcc.True:
		s.Theme = "dark"
	case webexcc.False:
		s.Theme = "light"
	}
	return softphone.InsideDesktop{Desktop: s}
}

// settings are what the layout sets, and for which portal.
func (a *desk) settings() string {
	return a.desk.Property(desktop.PropPortal) + " " + string(a.desk.Layout())
}

// changed runs when properties of the element have changed: most often the
// agent's state, which the engine learns in another way.
func (a *desk) changed() {
	around, layout := a.surroundings(), a.settings()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.engine == nil {
		return
	}
	if around != a.around {
		a.around = around
		a.engine.Send(around)
	}
	if layout != a.layout {
		a.layout = layout
		a.engine.Reconfigure()
	}
	a.engine.Send(softphone.MediaOffered{Media: engine.Desktop{Desktop: a.desk}.Abilities()}) // The agent may be at another phone.
}

// shortcuts are keys of the whole Desktop, wherever the focus is in it.
var shortcuts = []desktop.Shortcut{
	{Group: "Deskbridge", Action: openRecord, Modifiers: "ctrl+alt", Key: "O"},
}

// openRecord is the action that opens the record of the call on stage.
const openRecord = "Open the HubSpot record"

func (a *desk) pressed(action string) {
	a.mu.Lock()
	e := a.engine
	a.mu.Unlock()
	if e == nil || action != openRecord {
		return
	}
	if call := e.View().Call; call != nil {
		e.Send(softphone.RecordOpened{Key: call.Key})
	}
}

// conflict says that another widget listens to our key, too: then nobody knows
// what it does.
func (a *desk) conflict(action string, exists bool) {
	if exists && action == openRecord {
		_ = a.desk.Notify(desktop.Notice{Kind: desktop.Warn, Title: "Deskbridge", Text: ui.ShortcutNotice(a.desk.Locale())})
	}
}

// announce tells the Desktop's notification centre what only we know: a record
// that HubSpot refused, since nobody may be looking at the panel.
func (a *desk) announce() func(softphone.View) {
	told := map[softphone.CallKey]bool{}
	return func(v softphone.View) {
		for _, r := range v.History {
			if r.Receipt.State == softphone.NeedsYou && !told[r.Key] {
				told[r.Key] = true
				_ = a.desk.Notify(desktop.Notice{
					Kind: desktop.Warn, Title: "Deskbridge", Stays: false,
					Text: ui.RefusedNotice(a.desk.Locale()),
				})
			}
		}
	}
}

// beckon shows the panel, where it can be out of sight, when a call begins to
// ring or to dial: once per call, since the agent may put it away.
func (a *desk) beckon() func(softphone.View) {
	shown := map[softphone.CallKey]bool{}
	return func(v softphone.View) {
		for _, c := range v.Calls {
			if begins := c.Phase == softphone.Ringing || c.Phase == softphone.Dialing; begins && !shown[c.Key] {
				shown[c.Key] = true
				a.desk.Show(true)
			}
		}
	}
}

// channel connects the frames; where the browser forbids one, each frame is on
// its own.
func channel() engine.Tabs {
	c, err := browser.OpenChannel(deskName)
	if err != nil {
		return nobody{}
	}
	return c
}

// nobody is a channel without anybody else.
type nobody struct{}

func (nobody) Post([]byte) error { return nil }

func (nobody) Receive(ctx context.Context) ([]byte, error) { <-ctx.Done(); return nil, ctx.Err() }

// memoryOnly forgets with the page.
type memoryOnly struct {
	mu     sync.Mutex
	values map[string]string
}

func (m *memoryOnly) Get(key string) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.values[key]
	return v, ok
}

func (m *memoryOnly) Set(key, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.values == nil {
		m.values = map[string]string{}
	}
	m.values[key] = value
	return nil
}

func (m *memoryOnly) Remove(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.values, key)
}

func (m *memoryOnly) Keys() []string { return nil }

// warn writes what the engine and the Desktop's link notice to the console; it
// holds no tokens, numbers or names.
func warn(msg string, args ...any) {
	for _, x := range args {
		if s, ok := x.(string); ok {
			msg += " " + s
		}
	}
	browser.Warn(msg)
}
