package ui

import (
	"strconv"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// stateBar is zone A: the agent's state, since when, and the menu to change it.
func stateBar(v softphone.View, e Env) app.UI {
	lk, ok := looks[v.Status.Word]
	if !ok {
		lk = looks[softphone.WordConnecting]
	}
	since := ""
	if !v.Status.Since.IsZero() {
		since = Elapsed(e.Now.Sub(v.Status.Since))
	}
	return elem("header", "class", "bar tone-"+lk.tone, "id", "zone-status", "data-zone", "true", "tabindex", "-1", "aria-label", e.t("zone.status")).
		Body(
			key("state "+strconv.FormatBool(hasMenu(v)), func() app.UI { return stateButton(v, lk, e) }),
			elem("div", "class", "bar-end").Body(timer("bar-time", since), gear(v, e)),
			key("menu "+strconv.FormatBool(e.Local.MenuOpen), func() app.UI { return stateMenu(v, e) }),
		)
}

// gear opens the settings, on every screen but the first.
func gear(v softphone.View, e Env) app.UI {
	if !canOpenPage(v).OK {
		return nothing()
	}
	return elem("div", "class", "slot gear-slot").Body(
		elem("button", "type", "button", "class", "btn icon-btn gear", "id", "settings", "aria-label", e.t("act.settings"),
			"aria-pressed", flag(e.Local.Tab == TabSettings), "aria-keyshortcuts", e.shortcut(keysSettings)).
			OnClick(e.on(openPage{TabSettings})).Body(icon("settings")),
		words("span", e.t("act.settings"), "class", "tip", "aria-hidden", "true"), // A title would be read as well.
	)
}

func stateButton(v softphone.View, lk look, e Env) app.UI {
	label := word(v.Status, e)
	if v.Status.Word == "" {
		label = e.t("word.connecting")
	}
	if v.Busy == softphone.ChangingState || v.Busy == softphone.LoggingOut {
		label = e.t("busy." + string(v.Busy))
	}
	wanted := ""
	if v.Wanted != "" {
		wanted = e.t("state.wanted", wantedName(v, e))
	}
	content := []app.UI{
		elem("span", "class", "dot i i-state-"+lk.dot, "aria-hidden", "true"),
		elem("span", "class", "bar-words").Body(
			words("span", label, "class", "bar-word"),
			words("span", wanted, "class", "bar-wanted", "title", wanted, "hidden", flag(wanted == "")),
		),
	}
	if !hasMenu(v) {
		return elem("p", "class", "bar-state", "id", "states").Body(content...)
	}
	name, change := label+", "+e.t("menu.change"), ""
	if wanted != "" { // Its two lines make the name themselves.
		name, change = "", ", "+e.t("menu.change")
	}
	return elem("button", "type", "button", "class", "bar-state", "id", "states", "aria-label", name, "aria-haspopup", "menu", "aria-expanded", strconv.FormatBool(e.Local.MenuOpen), "aria-keyshortcuts", e.shortcut(keysStates), "aria-busy", strconv.FormatBool(v.Busy == softphone.ChangingState)).
		OnClick(e.on(toggleMenu{})).
		Body(append(content, words("span", change, "class", "sr", "hidden", flag(change == "")), icon("down"))...)
}

// wantedName is the state that is taken when the call is over.
func wantedName(v softphone.View, e Env) string {
	if v.Wanted == "Available" || v.Wanted == "0" {
		return e.t("word.available")
	}
	return v.Wanted
}

// hasMenu says whether there is anything to choose.
func hasMenu(v softphone.View) bool {
	switch v.Screen {
	case softphone.ScreenBoot, softphone.ScreenSignIn, softphone.ScreenFollower:
		return false
	}
	return true
}

// A menuItem is one line of the state menu.
type menuItem struct {
	label   string
	dot     string
	radio   bool
	checked bool
	later   bool // It is taken when the call is over.
	can     softphone.Can
	do      Intent
}

// menuItems are Available, the idle codes people may choose, and Log out.
func menuItems(v softphone.View) []menuItem {
	var items []menuItem
	if v.Station != nil && v.Profile != nil {
		goes := v.CanGoAvailable
		if v.Station.Available {
			goes = yes
		}
		items = append(items, menuItem{
			dot: "available", radio: true, checked: v.Station.Available, can: goes, do: chooseState{},
		})
		for _, code := range v.Profile.IdleCodes {
			if code.System {
				continue
			}
			items = append(items, menuItem{
				label: code.Name, dot: "idle", radio: true, can: v.CanSetIdle,
				checked: !v.Station.Available && v.Station.AuxCodeID == code.ID, do: chooseState{code.ID},
			})
		}
	}
	return append(items, menuItem{dot: "", can: v.CanSignOut, do: signOut{}})
}

func stateMenu(v softphone.View, e Env) app.UI {
	if !e.Local.MenuOpen || !hasMenu(v) {
		return nothing()
	}
	items := menuItems(v)
	states := make([]app.UI, 0, len(items))
	for n, it := range items[:len(items)-1] {
		if it.label == "" {
			it.label = e.t("word.available")
		}
		it.later = v.Wanted != "" && it.label == wantedName(v, e)
		states = append(states, menuButton(n, it, e))
	}
	out := items[len(items)-1]
	out.label = e.t("menu.sign-out")
	return elem("div", "class", "menu-layer").Body(
		elem("div", "class", "scrim").OnClick(e.on(closeMenu{Focus: true})),
		elem("div", "class", "menu").Body(
			elem("div", "class", "menu-who").Body(
				words("div", v.Agent.Name, "class", "menu-name"),
				words("div", stationLine(v, e), "class", "menu-detail"),
			),
			elem("div", "class", "menu-list", "role", "menu", "aria-label", e.t("menu.label")).Body(
				elem("div", "role", "group", "aria-label", e.t("menu.states"), "hidden", flag(len(states) == 0)).Body(states...),
				elem("div", "class", "menu-rule", "role", "separator", "hidden", flag(len(states) == 0)),
				menuButton(len(items)-1, out, e),
			),
		),
	)
}

func menuButton(n int, it menuItem, e Env) app.UI {
	do := it.do
	if !it.can.OK {
		do = explain{it.can.Why}
	}
	el := elem("button", "type", "button", "class", "menu-item", "id", "menu-"+strconv.Itoa(n), "tabindex", "-1").OnClick(e.on(do))
	mark := "state-" + it.dot
	if it.radio {
		el = el.Role("menuitemradio").Attr("aria-checked", strconv.FormatBool(it.checked))
	} else {
		el, mark = el.Role("menuitem"), "sign-out"
	}
	reason := why(it.can, e)
	if it.later && reason == "" {
		reason = e.t("menu.later")
	}
	if !it.can.OK {
		el = el.Aria("disabled", true)
	}
	return el.Body(
		icon(mark),
		elem("span", "class", "menu-text").Body(
			words("span", it.label),
			words("span", reason, "class", "menu-why", "hidden", flag(reason == "")),
		),
		app.If(it.checked, func() app.UI { return icon("check") }),
	)
}

// stationLine says where the agent's calls ring.
func stationLine(v softphone.View, e Env) string {
	if v.Station == nil {
		return v.Agent.Email
	}
	return e.t("station.line-"+string(v.Station.Option), Phone(v.Station.Number))
}

// openMenu opens the state menu on the state that holds, or on the last item.
type openMenu struct{ Last bool }

func (i openMenu) apply(p *Panel) {
	items := menuItems(p.view)
	p.local.MenuOpen, p.local.MenuAt = true, 0
	for n, it := range items {
		if it.checked {
			p.local.MenuAt = n
		}
	}
	if i.Last {
		p.local.MenuAt = len(items) - 1
	}
	p.focusMenu()
}

func (p *Panel) focusMenu() { p.focus = "menu-" + strconv.Itoa(p.local.MenuAt) }

// toggleMenu is the button.
type toggleMenu struct{}

func (toggleMenu) apply(p *Panel) {
	if p.local.MenuOpen {
		closeMenu{Focus: true}.apply(p)
		return
	}
	openMenu{}.apply(p)
}

// closeMenu closes it, and gives the focus back to the button.
type closeMenu struct{ Focus bool }

func (i closeMenu) apply(p *Panel) {
	p.local.MenuOpen = false
	if i.Focus {
		p.focus = "states"
	}
}

// moveMenu puts the focus on an item.
type moveMenu struct{ At int }

func (i moveMenu) apply(p *Panel) {
	p.local.MenuAt = i.At
	p.focusMenu()
}

// typeMenu goes to the next item that begins with a letter.
type typeMenu struct{ Letter string }

func (i typeMenu) apply(p *Panel) {
	items := menuItems(p.view)
	for step := 1; step <= len(items); step++ {
		n := (p.local.MenuAt + step) % len(items)
		label := items[n].label
		if label == "" {
			label = T(p.Lang, map[bool]string{true: "word.available", false: "menu.sign-out"}[items[n].radio])
		}
		if len(label) > 0 && (label[0]|0x20) == (i.Letter[0]|0x20) {
			moveMenu{n}.apply(p)
			return
		}
	}
}

// chooseState is an item of the menu; empty is Available.
type chooseState struct{ AuxCodeID string }

func (i chooseState) apply(p *Panel) {
	closeMenu{Focus: true}.apply(p)
	if i.AuxCodeID == "" && p.view.Station != nil && p.view.Station.Available {
		return
	}
	p.send(softphone.StateRequested{AuxCodeID: i.AuxCodeID})
}

// signOut leaves: station first, then the session.
type signOut struct{}

func (signOut) apply(p *Panel) {
	closeMenu{Focus: true}.apply(p)
	p.flushNotes()
	p.flushFollowUp()
	p.send(softphone.SignOutRequested{})
}
