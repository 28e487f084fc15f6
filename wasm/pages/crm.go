//go:build js && wasm

package main

import (
	"os"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"deskbridge/pkg/browser"
)

// crm is one page of the CRM. Everything in it belongs to go-app's goroutine;
// others come in through later.
type crm struct {
	app.Compo
	cfg  pageConfig
	ctx  app.Context // The mounted page's: go-app's way back in from outside.
	lane *lane

	at     place       // What the address names.
	extns  []extension // Selectable apps; never empty.
	chosen int
	url    string // What SET_WIDGET_URL asked for, else empty.

	frameGen    int
	conn        *connection // Nil before the first load of the iframe.
	pendingDial *dial       // Waits for the widget to say that it is logged in.
	dialled     *dial       // The last one sent.
	call        *callState  // The call under way.
	panel       panelState
	switcher    bool // The list of apps is open.
	dragFrom    *dragStart

	entries   []logEntry
	filter    string
	opened    time.Time // The log line that is unfolded.
	toasts    []toast
	alert     string   // HubSpot's alert that has to be dismissed.
	blocked   string   // Path of a record that the browser kept from opening.
	rows      list     // Of a list page.
	rowsState fetching // Of rows or of page.
	page      page
	asked     int      // Counts requests, so that a late answer does not win.
	found     []record // By the global search.
	searched  int      // Counts its questions.
	query     string   // Of the list page.

	world sandbox
}

// fetching is how far a request is.
type fetching int

const (
	underWay fetching = iota
	arrived
	missing
	broken
)

func newCRM(cfg pageConfig) *crm { return &crm{cfg: cfg} }

// OnMount reads what the tab has kept and asks for what the page shows.
func (c *crm) OnMount(ctx app.Context) {
	c.ctx, c.lane = ctx, newLane()
	c.at = whereIs(ctx.Page().URL().Path)
	browser.SetTitle(c.at.title())

	store := browser.OpenStorage()
	c.extns = append(extensions(c.cfg.Extension, store.Get, warn), c.cfg.Desktop)
	var name string
	if _ = ctx.LocalStorage().Get(providerKey, &name); name != "" {
		for i, e := range c.extns {
			if e.Name == name {
				c.chosen = i
			}
		}
	}
	c.panel = panelState{Right: 24}
	load(ctx, panelKey, &c.panel)
	load(ctx, logKey, &c.entries)
	c.call = loadCall(ctx)
	c.note("page", ctx.Page().URL().Path)
	c.fetch()
	if c.panel.Drawer == sandboxDrawer {
		c.watch()
	}
	ctx.Defer(func(app.Context) {
		browser.Ready()
		loadLinks(os.Setenv)
		placePanel("calling-panel", c.panel.Right)
	})
}

// later does f on go-app's goroutine and draws again.
func (c *crm) later(f func()) { c.ctx.Dispatch(func(app.Context) { f() }) }

// ext is the selected calling app.
func (c *crm) ext() extension { return c.extns[c.chosen] }

func (c *crm) frameURL() string {
	if c.url != "" {
		return c.url
	}
	return c.ext().URL
}

// frameWanted says whether there is an iframe: in the navigation bar always,
// as a panel only when opened.
func (c *crm) frameWanted() bool {
	return c.ext().location() == "remote" || c.panel.Open
}

// fetch asks for what the page shows.
func (c *crm) fetch() {
	c.asked++
	mine, at, query := c.asked, c.at, c.query
	go func() {
		var rows list
		var p page
		var err error
		if at.ID == "" {
			rows, err = findRecords(at.Type, query, 100)
		} else {
			p, err = getRecord(at.Type, at.ID)
		}
		c.later(func() {
			if mine != c.asked {
				return
			}
			var said *refusal
			switch {
			case err == nil:
				c.rows, c.page, c.rowsState = rows, p, arrived
				if at.ID != "" {
					browser.SetTitle(p.Name)
				}
			case asRefusal(err, &said) && said.Status == 404:
				c.rowsState = missing
			default:
				c.rowsState = broken
			}
		})
	}()
}

// A place is what an address names.
type place struct{ Type, ID string }

// whereIs reads /contacts, /contacts/51 and HubSpot's own
// /contacts/{portal}/record/0-1/51.
func whereIs(path string) place {
	parts := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	for i, p := range parts {
		if p == "record" && i+2 < len(parts) {
			return place{typeName(parts[i+1]), parts[i+2]}
		}
	}
	if len(parts) == 0 {
		return place{Type: "contacts"}
	}
	at := place{Type: typeName(parts[0])}
	if len(parts) > 1 {
		at.ID = parts[1]
	}
	return at
}

// typeName is the name of an object type by name or id.
func typeName(t string) string {
	switch t {
	case "0-1":
		return "contacts"
	case "0-2":
		return "companies"
	case "0-3":
		return "deals"
	case "0-5":
		return "tickets"
	}
	return t
}

func pathOf(objectType, id string) string { return "/" + typeName(objectType) + "/" + id }

// kinds are the object types in the order of the navigation bar.
var kinds = []struct{ Type, One, Many, Icon string }{
	{"contacts", "Contact", "Contacts", "person"},
	{"companies", "Company", "Companies", "company"},
	{"deals", "Deal", "Deals", "deal"},
	{"tickets", "Ticket", "Tickets", "ticket"},
}

func kindOf(objectType string) (one, many, icon string) {
	for _, k := range kinds {
		if k.Type == objectType {
			return k.One, k.Many, k.Icon
		}
	}
	return "Record", "Records", "record"
}

func (p place) title() string {
	_, many, _ := kindOf(p.Type)
	return many
}
