//go:build js && wasm

// Command wasm is the panel: in HubSpot's iframe, in the custom element of an
// Agent Desktop, and the page that surrounds such a Desktop in HubSpot. Wiring
// only.
package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/browser"
	"deskbridge/pkg/callingext"
	"deskbridge/pkg/engine"
	"deskbridge/pkg/fetch"
	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"
	"deskbridge/pkg/webexcc"
)

// pageConfig is what the server puts into the page.
type pageConfig struct {
	CallingHosts []string `json:"callingHosts"`
	WebexBase    string   `json:"webexBase"`
	Sandbox      bool     `json:"sandbox"`
	Ticker       string   `json:"ticker"`
	Bundle       string   `json:"bundle"`

	Mode         string   `json:"mode"` // desktop: in the Agent Desktop's element; hubspot: around the Desktop; empty: in HubSpot's iframe.
	DesktopHosts []string `json:"desktopHosts"`
	Desktop      string   `json:"desktop"` // The Agent Desktop's address.
}

// leadLock names the lock that the leading tab of an agent holds.
const leadLock = "deskbridge.lead"

// tabsName is the channel between the tabs of this browser.
const tabsName = "deskbridge.tabs"

func main() {
	browser.Mark("main")
	var cfg pageConfig
	if err := browser.ReadConfig(&cfg); err != nil {
		panic(err) // The boot script shows that we stopped.
	}
	switch cfg.Mode {
	case "desktop":
		inDesktop(cfg)
	case "hubspot":
		aroundDesktop(cfg)
	default:
		inHubSpot(cfg)
	}
}

// inHubSpot is the panel in HubSpot's iframe, which speaks to Webex itself.
func inHubSpot(cfg pageConfig) {
	port, err := browser.ParentPort()
	if err != nil {
		panic(err)
	}
	store := browser.OpenStorage()
	session := engine.NewSession(store)
	widget := callingext.NewWidget(callingext.WidgetConfig{
		Port: port, Origin: browser.Origin(), Hosts: cfg.CallingHosts,
		Initialized: func(s callingext.Synced) callingext.Initialized {
			return callingext.Initialized{IsLoggedIn: session.Restored(), EngagementID: s.EngagementID}
		},
	})
	server := &backend.Client{BaseURL: browser.Origin(), Doer: browser.Fetch{}, Token: session.Token}
	hint := ""
	if cfg.Sandbox {
		hint = browser.Query("agent")
	}
	ticker := browser.Ticker(cfg.Ticker)
	parts := engine.Config{
		CC: webex(cfg, server, ticker), Backend: server, Session: session, Store: store, Host: widget,
		SignIn: engine.Popup{Backend: server, Open: window(hint), Random: rand.Reader, Hint: hint},
		Leader: browser.Leader{Name: leadLock}, Ticker: ticker, NewID: newID,
		OpenTab: browser.OpenTab,
	}
	if tabs, err := browser.OpenChannel(tabsName); err == nil { // Without it, tabs do not know of each other's calls.
		parts.Tabs = tabs
	}
	phone := engine.New(parts)
	go phone.Run(context.Background()) // Ends with the page.
	if hint != "" && !session.Restored() {
		phone.Send(softphone.SignInRequested{})
	}
	browser.Yield() // HubSpot is answered first: drawing takes longer.

	draw(ui.Panel{
		Source: phone, Find: phone, NewKey: phone.NewKey, Memory: memory{store}, Lang: ui.Preferred(browser.Languages()),
		Alerts: newAlerts(), About: about(cfg), Page: browser.Dress,
	})
}

// draw mounts the panel for as long as the page lives.
func draw(p ui.Panel) {
	app.Route(browser.Path(), func() app.Composer { return &panel{Panel: p} })
	app.RunWhenOnBrowser()
}

// webex is the contact centre over REST from this page; access tokens live in
// memory only.
func webex(cfg pageConfig, server *backend.Client, ticker func(time.Duration) (<-chan time.Time, func())) engine.Webex {
	token := &engine.WebexToken{From: server}
	client := &webexcc.Client{BaseURL: cfg.WebexBase, Doer: browser.Fetch{}, Token: token.Get, Refresh: token.Refresh}
	return engine.Webex{Client: client, Stream: webexcc.StreamConfig{Ticker: ticker, Dial: browser.Dial}}
}

// window opens the sign-in window. With a login hint, which only the sandbox
// takes, no person is there to press anything: the sandbox walks through the
// same pages by itself and this page asks the backend for the outcome.
func window(hint string) func(url string) (engine.Window, error) {
	if hint != "" {
		return walk
	}
	return func(url string) (engine.Window, error) { return browser.OpenPopup(url, "popup,width=480,height=720") }
}

func walk(url string) (engine.Window, error) {
	body, err := json.Marshal(map[string]string{"url": url})
	if err != nil {
		return nil, err
	}
	_, err = browser.Fetch{}.Do(context.Background(), fetch.Request{
		Method: fetch.POST, URL: browser.Origin() + "/sandbox/signin", Body: body,
		Header: map[string]string{"Content-Type": "application/json"},
	})
	return walked{}, err
}

// walked is the window that nobody sees.
type walked struct{}

func (walked) Receive(ctx context.Context) ([]byte, error) { <-ctx.Done(); return nil, ctx.Err() }
func (walked) Close()                                      {}

// about names the bundle by the hash in its file's name.
func about(cfg pageConfig) ui.About {
	build := cfg.Bundle[strings.LastIndexByte(cfg.Bundle, '/')+1:]
	return ui.About{
		Build: strings.TrimSuffix(build, ".wasm"), Contract: backend.Version, Protocol: callingext.Version, Browser: browser.UserAgent(),
	}
}

func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // Never fails.
	return hex.EncodeToString(b[:])
}

// memory keeps the panel's small remembered choices in the page's storage.
type memory struct{ store *browser.Storage }

func (m memory) Load(key string) string {
	v, _ := m.store.Get("deskbridge.ui." + key)
	return v
}

func (m memory) Save(key, value string) { _ = m.store.Set("deskbridge.ui."+key, value) }

// panel tells the boot script that the skeleton has been replaced.
type panel struct{ ui.Panel }

// OnMount mounts the panel.
func (p *panel) OnMount(ctx app.Context) {
	p.Panel.OnMount(ctx)
	ctx.Defer(func(app.Context) { browser.Ready() })
}
