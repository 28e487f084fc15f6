package ui

import (
	"strconv"
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// A Picker is the sheet to consult and transfer as the person has it.
type Picker struct {
	Tab   PickerTab
	TabAt int // The tab with the focus; activation is manual (APG tabs).
	Text  string
	At    int       // The chosen row.
	Pages int       // Of agents, less one.
	Asked time.Time // The agents were last asked for.
}

// A PickerTab is one of its lists.
type PickerTab string

// The lists. The zero value is the agents.
const (
	TabAgents      PickerTab = ""
	TabQueues      PickerTab = "queues"
	TabNumbers     PickerTab = "numbers"
	TabEntryPoints PickerTab = "entry-points"
	TabRecent      PickerTab = "recent"
)

// pickerTabs are the lists in their order, each with its directory.
var pickerTabs = []struct {
	tab  PickerTab
	id   string
	kind softphone.DirectoryKind
}{
	{TabAgents, "agents", ""},
	{TabQueues, "queues", softphone.Queues},
	{TabNumbers, "numbers", softphone.AddressBook},
	{TabEntryPoints, "entry-points", softphone.EntryPoints},
	{TabRecent, "recent", ""},
}

func kindOf(t PickerTab) softphone.DirectoryKind {
	for _, x := range pickerTabs {
		if x.tab == t {
			return x.kind
		}
	}
	return ""
}

const (
	buddiesEvery  = 15 * time.Second // Agents are asked for again while the sheet is open.
	buddiesWithin = 10 * time.Second // No answer by then is an error.
)

// targetSheet is the sheet: whom to consult, or to transfer the call to.
func targetSheet(c softphone.CallView, v softphone.View, e Env) app.UI {
	title := e.t("target.title")
	if c.Phase == softphone.Conference {
		title = e.t("target.title-add")
	}
	rows := targets(v, e)
	active := ""
	if len(rows) > 0 {
		active = rowID(min(e.Local.Picker.At, len(rows)-1))
	}
	tabs := make([]app.UI, 0, len(pickerTabs))
	for n, t := range pickerTabs {
		tabs = append(tabs, pickerTab(n, t.tab, t.id, e))
	}
	return sheetFrame(title, e,
		elem("div", "class", "find").Body(
			icon("search"),
			words("label", e.t("target.find"), "class", "sr", "for", string(fieldFind)),
			input("class", "field find-input", "id", string(fieldFind), "type", "text", "role", "combobox", "autocomplete", "off", "spellcheck", "false",
				"aria-expanded", "true", "aria-haspopup", "grid", "aria-autocomplete", "list", "aria-controls", "targets", "aria-activedescendant", active,
				"aria-describedby", "target-keys", "placeholder", e.t("target.find"), "value", e.Local.Picker.Text).OnInput(e.input(fieldFind)),
			words("span", e.t("target.keys"), "class", "sr", "id", "target-keys"),
		),
		elem("div", "class", "pick-tabs", "role", "tablist", "aria-label", e.t("target.lists")).Body(tabs...),
		elem("div", "class", "pick-list", "id", "pick-panel", "role", "tabpanel", "aria-labelledby", pickerTabID(tabIndex(e.Local.Picker.Tab))).Body(
			targetGrid(rows, c, v, e),
			targetState(v, e),
		),
	)
}

func pickerTabID(n int) string { return "pick-tab-" + strconv.Itoa(n) }

func tabIndex(t PickerTab) int {
	for n, x := range pickerTabs {
		if x.tab == t {
			return n
		}
	}
	return 0
}

func pickerTab(n int, t PickerTab, id string, e Env) app.UI {
	stop := "-1"
	if n == e.Local.Picker.TabAt {
		stop = "0"
	}
	return elem("button", "type", "button", "class", "pick-tab", "role", "tab", "id", pickerTabID(n), "tabindex", stop,
		"aria-selected", flag(e.Local.Picker.Tab == t), "aria-controls", "pick-panel").
		OnClick(e.on(pickTab{n})).Text(e.t("target." + id))
}

// targetGrid has a row for each target with its two buttons. The search field
// keeps the focus and names the chosen row; of all rows only the chosen one's
// buttons are in the tab order.
func targetGrid(rows []target, c softphone.CallView, v softphone.View, e Env) app.UI {
	body := make([]app.UI, 0, len(rows))
	at := min(e.Local.Picker.At, len(rows)-1)
	for n, r := range rows[:e.drawn(len(rows))] {
		body = append(body, targetRow(n, n == at, r, c, e))
	}
	return elem("div", "class", "targets", "id", "targets", "role", "grid", "aria-label", e.t("target.list"), "hidden", flag(len(rows) == 0)).Body(body...)
}

func rowID(n int) string { return "to-" + strconv.Itoa(n) }

func targetRow(n int, active bool, r target, c softphone.CallView, e Env) app.UI {
	class, stop := "target", "-1"
	if active {
		class, stop = "target target-at", "0"
	}
	label := e.t("control.transfer")
	if e.Local.Confirm == transferMark(r.to) {
		label = e.t("target.sure")
	}
	return elem("div", "class", class, "role", "row", "id", rowID(n), "aria-selected", flag(active)).Body(
		elem("div", "class", "target-who", "role", "gridcell").Body(
			icon(r.icon),
			elem("div", "class", "target-text").Body(
				words("div", r.name, "class", "target-name", "title", r.name),
				elem("div", "class", "target-detail", "hidden", flag(r.detail == "" && r.dot == "")).Body(
					app.If(r.dot != "", func() app.UI { return icon("state-" + r.dot) }),
					words("span", r.detail, "title", r.detail),
				),
			),
		),
		elem("div", "class", "target-do", "role", "gridcell").Body(
			targetButton("consult-"+strconv.Itoa(n), "plain small", "consult", e.t("control.consult"), e.t("target.consult", r.name), stop, r.consult, consult{c.Key, r.to}, e),
			targetButton("transfer-"+strconv.Itoa(n), "plain small", "transfer", label, orElse(sureName(label, r, e), e.t("target.transfer", r.name)), stop, r.transfer, transferTo(c.Key, r), e),
		),
	)
}

// sureName is the name of a button that asks for its second press.
func sureName(label string, r target, e Env) string {
	if e.Local.Confirm != transferMark(r.to) {
		return ""
	}
	return label + ": " + r.name
}

func targetButton(id, kind, iconName, label, name, stop string, can softphone.Can, do Intent, e Env) app.UI {
	reason := why(can, e)
	return elem("div", "class", "target-slot", "hidden", flag(can.Why == softphone.NotHere)).Body(
		button{id: id, kind: kind, icon: iconName, label: label, name: name, can: can, do: do, describe: describedBy(id+"-why", reason)}.draw(e).
			Attr("tabindex", stop),
		app.If(reason != "", func() app.UI { return words("span", reason, "class", "sr", "id", id+"-why") }),
	)
}

// targetState is the line below the rows.
func targetState(v softphone.View, e Env) app.UI {
	l := e.Local
	if _, number := typedNumber(l.Picker.Text); number && kindOf(l.Picker.Tab) == "" {
		return nothing() // The number's own row says enough.
	}
	switch l.Picker.Tab {
	case TabAgents:
		list := buddies(v, l.Picker.Text)
		f := Found{State: Answered, Total: len(list), Entries: make([]softphone.DirectoryEntry, min(len(list), buddyPage(l.Picker)))}
		f.More = len(list) > len(f.Entries)
		if v.BuddiesAt.IsZero() && len(list) == 0 {
			f.State = Searching
			if !l.Picker.Asked.IsZero() && e.Now.Sub(l.Picker.Asked) > buddiesWithin {
				f.State = FindFailed
			}
		}
		return key("state agents", func() app.UI { return findState(f, askBuddies{}, moreBuddies{}, e) })
	case TabRecent:
		f := Found{State: Answered, Entries: make([]softphone.DirectoryEntry, len(recents(v, l)))}
		return key("state recent", func() app.UI { return findState(f, nil, nil, e) })
	}
	f := l.Found[SlotTargets]
	return key("state "+string(l.Picker.Tab), func() app.UI {
		return findState(f, again{SlotTargets}, nextPage{SlotTargets}, e)
	})
}

// ---- opening, typing, tabs

// openTargets opens the sheet from a control.
type openTargets struct{ From string }

func (i openTargets) apply(p *Panel) {
	if p.local.Sheet == SheetTargets {
		closeSheet{}.apply(p)
		return
	}
	p.dropSheet()
	p.openSheet(SheetTargets, i.From, string(fieldFind))
	askBuddies{}.apply(p)
}

// askBuddies asks Webex for the agents.
type askBuddies struct{}

func (askBuddies) apply(p *Panel) {
	p.local.Picker.Asked = p.now()
	p.send(softphone.BuddiesRequested{})
}

// refreshBuddies keeps the agents' states fresh while somebody looks at them.
func (p *Panel) refreshBuddies() {
	l := p.local
	if l.Sheet == SheetTargets && l.Picker.Tab == TabAgents && p.now().Sub(l.Picker.Asked) >= buddiesEvery {
		askBuddies{}.apply(p)
	}
}

// moreBuddies shows another page of agents.
type moreBuddies struct{}

func (moreBuddies) apply(p *Panel) { p.local.Picker.Pages++ }

func buddyPage(k Picker) int { return (k.Pages + 1) * softphone.DirectoryPageSize }

// pickTab shows a list.
type pickTab struct{ N int }

func (i pickTab) apply(p *Panel) {
	k := &p.local.Picker
	k.Tab, k.TabAt, k.At, k.Pages = pickerTabs[i.N].tab, i.N, 0, 0
	p.local.Confirm = ""
	p.findTargets(0)
}

// focusTab moves the focus among the tabs.
type focusTab struct{ N int }

func (i focusTab) apply(p *Panel) {
	p.local.Picker.TabAt = i.N
	p.focus = pickerTabID(i.N)
}

// editFind is typing in the search field.
func (p *Panel) editFind(text string) {
	switch p.local.Sheet {
	case SheetTargets:
		k := &p.local.Picker
		k.Text, k.At, k.Pages = text, 0, 0
		p.local.Confirm = ""
		p.findTargets(findAfter)
	case SheetRecords:
		p.local.Picker.Text, p.local.Picker.At = text, 0
		p.findRecords(findAfter)
	}
}

// findTargets asks the list on screen for what was typed. Agents and recent
// targets are here already; only their number is said.
func (p *Panel) findTargets(wait time.Duration) {
	k := p.local.Picker
	kind := kindOf(k.Tab)
	if kind == "" {
		p.forget(SlotTargets)
		if wait > 0 {
			p.sayCount()
		}
		return
	}
	p.search(SlotTargets, softphone.DirectoryQuery{Kind: kind, Search: k.Text}, wait)
}

// sayCount says how many rows are left when typing pauses.
func (p *Panel) sayCount() { p.countAt = p.now().Add(findAfter) }

// countDue says it; tick asks.
func (p *Panel) countDue() {
	if p.countAt.IsZero() || p.now().Before(p.countAt) {
		return
	}
	p.countAt = time.Time{}
	if p.local.Sheet == SheetTargets {
		n := len(targets(p.view, p.env()))
		p.say(countOf(n, n, false, p.env()))
	}
}

// ---- keys

func targetKey(v softphone.View, l Local, k Key) Intent {
	rows := targets(v, Env{Local: l}.of(v))
	at := min(l.Picker.At, len(rows)-1)
	if n := index(k.Target, "pick-tab-"); n >= 0 {
		return tabKey(n, k)
	}
	for _, column := range []string{"consult-", "transfer-"} {
		if n := index(k.Target, column); n >= 0 {
			if to, moves := rowAfter(n, len(rows), k.Key); moves {
				return pickRow{At: to, Column: column}
			}
			switch {
			case k.Key == "ArrowLeft":
				return focusOn{"consult-" + strconv.Itoa(n)}
			case k.Key == "ArrowRight":
				return focusOn{"transfer-" + strconv.Itoa(n)}
			case k.Key == "Enter" && k.Shift && n < len(rows):
				return rowTransfer(v, rows[n])
			}
			return nil
		}
	}
	if k.Target != string(fieldFind) {
		return nil
	}
	if to, moves := rowAfter(at, len(rows), k.Key); moves {
		return pickRow{At: to}
	}
	if k.Key == "Enter" && at >= 0 && !k.Repeat {
		if k.Shift {
			return rowTransfer(v, rows[at])
		}
		return allowed(rows[at].consult, consult{keyOf(v), rows[at].to})
	}
	return nil
}

func rowTransfer(v softphone.View, r target) Intent {
	return allowed(r.transfer, transferTo(keyOf(v), r))
}

func tabKey(n int, k Key) Intent {
	last := len(pickerTabs) - 1
	switch k.Key {
	case "ArrowRight":
		return focusTab{(n + 1) % (last + 1)}
	case "ArrowLeft":
		return focusTab{(n + last) % (last + 1)}
	case "Home":
		return focusTab{0}
	case "End":
		return focusTab{last}
	}
	return nil
}

// pickRow chooses a row; with a column the focus is on its button.
type pickRow struct {
	At     int
	Column string
}

func (i pickRow) apply(p *Panel) {
	p.local.Picker.At = i.At
	p.reveal = rowID(i.At)
	if i.Column != "" {
		p.focus = i.Column + strconv.Itoa(i.At)
	}
}

// ---- what the buttons do

// consult asks the target while the customer waits.
type consult struct {
	Key softphone.CallKey
	To  softphone.Target
}

func (i consult) apply(p *Panel) {
	p.remember(i.To)
	closeSheet{}.apply(p)
	p.send(softphone.ConsultRequested{Key: i.Key, To: i.To})
}

// transfer hands the call over without asking.
type transfer struct {
	Key softphone.CallKey
	To  softphone.Target
}

func (i transfer) apply(p *Panel) {
	p.remember(i.To)
	closeSheet{}.apply(p)
	p.send(softphone.TransferRequested{Key: i.Key, To: i.To})
}

// transferTo is the transfer behind its question.
func transferTo(key softphone.CallKey, r target) Intent {
	return sure{Mark: transferMark(r.to), Ask: "target.ask", Arg: r.name, Do: transfer{key, r.to}}
}

func transferMark(t softphone.Target) string {
	return "transfer " + string(t.Kind) + " " + t.ID
}

// recentLimit is how many targets of this session are offered again.
const recentLimit = 10

func (p *Panel) remember(t softphone.Target) {
	recent := []softphone.Target{t}
	for _, old := range p.local.Recent {
		if (old.Kind != t.Kind || old.ID != t.ID) && len(recent) < recentLimit {
			recent = append(recent, old)
		}
	}
	p.local.Recent = recent
}
