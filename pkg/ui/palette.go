package ui

import (
	"slices"
	"strconv"
	"strings"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// A Palette is the list of everything that can be done now, found by typing
// (APG combobox with a list box; the focus stays in the field).
type Palette struct {
	Open bool
	Text string
	At   int    // The chosen one of those that match.
	From string // What had the focus; it gets it back.
}

// A command is one line of the palette.
type command struct {
	label string
	keys  string // Its chord, empty for none.
	can   softphone.Can
	do    Intent
}

// commands are all that make sense now: those of the call first, then calls,
// states and pages. Those that are refused stay, with their reason.
func commands(v softphone.View, e Env) []command {
	var out []command
	add := func(label, keys string, can softphone.Can, do Intent) {
		if do != nil && (can.OK || can.Why != softphone.NotHere && can.Why != "") {
			out = append(out, command{label, keys, can, do})
		}
	}
	for _, d := range defaultKeys {
		if d.action != keysPalette && d.action != keysSettings && d.action != keysHelp {
			i, can := act(d.action, v)
			if end, is := i.(endCall); is && v.Call.Phase != softphone.Conference {
				i = send{softphone.EndRequested{Key: end.Key}} // Found and chosen is asked for twice already.
			}
			add(actionName(d.action, v, e), e.shortcut(string(d.action)), can, i)
		}
	}
	if v.Call != nil && v.Screen == softphone.ScreenWrapUp {
		for _, code := range choosable(v.Call.Codes) {
			add(e.t("palette.reason", code.Name), "", yes, send{softphone.WrapUpChosen{Key: v.Call.Key, CodeID: code.ID}})
		}
	}
	if hasNotes(v) {
		label := e.t("ticket.create")
		if v.Call.Ticket {
			label = e.t("ticket.undo-name")
		}
		add(e.t("palette.title"), "", v.Call.CanTitle, focusOn{string(fieldTitle)})
		add(label, "", v.Call.CanTicket, askTicket{v.Call.Key})
	}
	if len(v.Calls) > 1 {
		for n, c := range v.Calls[:min(len(v.Calls), 9)] {
			add(e.t("palette.call", who(c, e)), "Control+Alt+"+strconv.Itoa(n+1), yes, showCall(v, n+1))
		}
	}
	if hasMenu(v) {
		for _, it := range menuItems(v) {
			label := e.t("menu.sign-out")
			if it.radio {
				label = e.t("palette.state", orElse(it.label, e.t("word.available")))
			}
			add(label, "", it.can, it.do)
		}
	}
	if hasTabs(v) {
		add(e.t("tab.phone"), "", yes, openTab{TabPhone})
		add(e.t("tab.history"), "", yes, openTab{TabHistory})
	}
	for _, a := range []Action{keysSettings, keysHelp} {
		i, can := act(a, v)
		add(e.t("act."+string(a)), e.shortcut(string(a)), can, i)
	}
	return out
}

// actionName is what an action is called now: what ends a call declines it
// while it rings, and what holds it takes it off hold.
func actionName(a Action, v softphone.View, e Env) string {
	id := "act." + string(a)
	if c := v.Call; c != nil {
		switch {
		case a == keysEnd && v.Screen == softphone.ScreenIncoming:
			id = "incoming.decline"
		case a == keysHold && c.CanResume.Why != softphone.NotHere:
			id = "hold.resume"
		case a == keysRecord && c.CanContinue.Why != softphone.NotHere:
			id = "act.record-on"
		case a == keysMute && c.Muted:
			id = "act.mute-off"
		}
	}
	return e.t(id)
}

// matching are the commands that have every word that was typed: those that
// begin with the text first.
func matching(all []command, text string) []command {
	text = strings.TrimSpace(text)
	var out []command
	for _, c := range all {
		fits := true
		for word := range strings.FieldsSeq(text) {
			fits = fits && contains(c.label, word)
		}
		if fits {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b command) int { return begins(b.label, text) - begins(a.label, text) })
	return out
}

// begins is 1 for a label that begins with the text, 0 for others.
func begins(label, text string) int {
	if text != "" && indexFold(label, text) == 0 {
		return 1
	}
	return 0
}

func palette(v softphone.View, e Env) app.UI {
	found := matching(commands(v, e), e.Local.Palette.Text)
	at := min(e.Local.Palette.At, len(found)-1)
	rows := make([]app.UI, 0, len(found))
	for n, c := range found {
		rows = append(rows, paletteRow(n, n == at, c, e))
	}
	field := input("class", "field palette-field", "id", "palette", "type", "text", "autocomplete", "off", "spellcheck", "false",
		"role", "combobox", "aria-expanded", "true", "aria-controls", "palette-list", "aria-autocomplete", "list",
		"aria-label", e.t("palette.label"), "placeholder", e.t("palette.placeholder"), "value", e.Local.Palette.Text)
	if at >= 0 {
		field = field.Attr("aria-activedescendant", "palette-"+strconv.Itoa(at))
	}
	return elem("div", "class", "palette-layer", "role", "dialog", "aria-modal", "true", "aria-label", e.t("act.palette")).Body(
		elem("div", "class", "scrim").OnClick(e.on(closePalette{})),
		elem("div", "class", "palette").Body(
			field.OnInput(e.input(fieldPalette)),
			elem("ul", "class", "palette-list", "id", "palette-list", "role", "listbox", "aria-label", e.t("act.palette"), "hidden", flag(len(rows) == 0)).Body(rows...),
			words("p", e.t("palette.none"), "class", "note palette-none", "role", "status", "hidden", flag(len(rows) > 0)),
		),
	)
}

func paletteRow(n int, chosen bool, c command, e Env) app.UI {
	reason := why(c.can, e)
	li := elem("li", "class", "palette-row", "id", "palette-"+strconv.Itoa(n), "role", "option", "aria-selected", flag(chosen)).
		OnClick(e.on(run{c.can, c.do}))
	if !c.can.OK {
		li = li.Aria("disabled", true)
	}
	return li.Body(
		elem("span", "class", "palette-text").Body(
			words("span", c.label),
			words("span", reason, "class", "palette-why", "hidden", flag(reason == "")),
		),
		words("kbd", keyWords(c.keys, e), "class", "keys", "hidden", flag(c.keys == "")),
	)
}

// paletteKey is a key while the palette is open.
func paletteKey(l Local, k Key) Intent {
	switch {
	case k.Key == "Escape" || k.Key == "Tab":
		return closePalette{}
	case k.Ctrl || k.Alt || k.Meta:
		return nil
	}
	switch k.Key {
	case "ArrowDown":
		return movePalette{1}
	case "ArrowUp":
		return movePalette{-1}
	case "PageDown":
		return movePalette{8}
	case "PageUp":
		return movePalette{-8}
	case "Enter":
		return runChosen{}
	}
	return nil
}

// openPalette opens the palette, or closes it where it is open.
type openPalette struct{ From string }

func (i openPalette) apply(p *Panel) {
	if p.local.Palette.Open {
		closePalette{}.apply(p)
		return
	}
	p.local.MenuOpen = false
	p.local.Palette = Palette{Open: true, From: i.From}
	p.focus = "palette"
	p.put(fieldPalette, "")
}

// closePalette closes it and gives the focus back.
type closePalette struct{}

func (closePalette) apply(p *Panel) {
	p.focus = orElse(p.local.Palette.From, "stage")
	p.local.Palette = Palette{}
}

// leavePalette does what a shortcut means and closes the palette, if it is
// open, on the way.
func leavePalette(l Local, i Intent) Intent {
	if !l.Palette.Open || i == nil {
		return i
	}
	return run{yes, i}
}

// movePalette goes up or down the list, from one end to the other at steps of
// one.
type movePalette struct{ By int }

func (i movePalette) apply(p *Panel) {
	n := len(matching(commands(p.view, p.env()), p.local.Palette.Text))
	if n == 0 {
		return
	}
	at := min(p.local.Palette.At, n-1) + i.By
	if i.By == 1 || i.By == -1 {
		at = (at + n) % n
	}
	p.local.Palette.At = min(max(at, 0), n-1)
	p.reveal = "palette-" + strconv.Itoa(p.local.Palette.At)
}

// runChosen is Enter.
type runChosen struct{}

func (runChosen) apply(p *Panel) {
	found := matching(commands(p.view, p.env()), p.local.Palette.Text)
	if len(found) == 0 {
		return
	}
	c := found[min(p.local.Palette.At, len(found)-1)]
	run{c.can, c.do}.apply(p)
}

// run closes the palette and does a command. A refused one says why and leaves
// the palette open.
type run struct {
	Can softphone.Can
	Do  Intent
}

func (i run) apply(p *Panel) {
	if !i.Can.OK {
		explain{i.Can.Why}.apply(p)
		return
	}
	closePalette{}.apply(p)
	i.Do.apply(p)
}
