package ui

import (
	"strconv"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// A dialRow is somebody who can be called: a contact, an entry of the address
// book, or the other side of an earlier call.
type dialRow struct {
	group        string // Message id of its heading.
	name, detail string
	number       string
	record       softphone.RecordRef
	noCalls      bool
}

func (r dialRow) call() Intent { return redial{r.number, r.record, r.noCalls} }

// recentRows is how many recent calls are offered.
const recentRows = 5

// dialRows are the rows for the name in the field, in the order of the screen.
func dialRows(v softphone.View, e Env) []dialRow {
	l := e.Local
	if l.Search == "" {
		return nil
	}
	rows := recentDials(v, l.Search, e)
	for _, slot := range []Slot{SlotContacts, SlotBook} {
		for _, x := range l.Found[slot].Entries {
			if x.Number == "" {
				continue // A contact without a phone cannot be called.
			}
			r := dialRow{
				group: "dial.group-" + string(slot), name: orElse(x.Name, e.phone(x.Number)), number: x.Number,
				detail: e.phone(x.Number), noCalls: x.NoCalls,
			}
			if x.Detail != "" {
				r.detail += " · " + x.Detail
			}
			if x.Record != nil {
				r.record = *x.Record
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// recentDials are the people of the latest calls, each number once.
func recentDials(v softphone.View, text string, e Env) []dialRow {
	var rows []dialRow
	seen := map[string]bool{}
	for _, r := range v.History {
		if len(rows) == recentRows {
			break
		}
		name := recordName(r, e)
		if r.Number == "" || seen[r.Number] || r.Channel != softphone.Telephony || !contains(name, text) {
			continue
		}
		seen[r.Number] = true
		row := dialRow{group: "dial.group-recent", name: name, detail: e.phone(r.Number) + " · " + recordDetail(r, e), number: r.Number}
		if r.Record != nil {
			row.record = *r.Record
		}
		rows = append(rows, row)
	}
	return rows
}

func dialRowID(n int) string { return "dial-row-" + strconv.Itoa(n) }

// dialResults is what was found for a name, by where it was found.
func dialResults(v softphone.View, e Env) app.UI {
	rows := dialRows(v, e)
	at := min(e.Local.RowAt, len(rows)-1)
	var body []app.UI
	for n, r := range rows {
		if n == 0 || rows[n-1].group != r.group {
			body = append(body, elem("div", "class", "day-name", "role", "row").Body(words("span", e.t(r.group), "role", "columnheader")))
		}
		body = append(body, dialRowUI(n, n == at, r, v, e, "row", "gridcell"))
	}
	return elem("div", "class", "found").Body(
		elem("div", "class", "found-rows", "id", "dial-found", "role", "grid", "aria-label", e.t("find.results"), "hidden", flag(len(rows) == 0)).Body(body...),
		key("state", func() app.UI { return dialState(len(rows), v, e) }),
	)
}

// dialState is one line for both searches.
func dialState(rows int, v softphone.View, e Env) app.UI {
	contacts, book := e.Local.Found[SlotContacts], e.Local.Found[SlotBook]
	switch {
	case contacts.State == Searching || book.State == Searching:
		return findState(Found{State: Searching}, nil, nil, e)
	case contacts.State == FindFailed:
		return findState(contacts, again{SlotContacts}, nil, e)
	case book.State == FindFailed:
		return findState(book, again{SlotBook}, nil, e)
	case rows == 0:
		return findState(Found{State: Answered}, nil, nil, e)
	case contacts.More:
		return findState(contacts, nil, nextPage{SlotContacts}, e)
	case book.More:
		return findState(book, nil, nextPage{SlotBook}, e)
	}
	return nothing()
}

// dialRowUI is a row with the button that calls. In the grid under the field it
// has a grid's roles, in the list of recent calls it is an item.
func dialRowUI(n int, active bool, r dialRow, v softphone.View, e Env, role, cell string) app.UI {
	class := "found-row"
	if active {
		class = "found-row found-at"
	}
	name := e.t("history.redial", r.name)
	if e.Local.Confirm == callMark(r.number) {
		name = e.t("dial.call-anyway") + ": " + r.name
	}
	row := elem("div", "class", class, "id", dialRowID(n), "role", role)
	if role == "row" {
		row = row.Attr("aria-selected", flag(active))
	}
	return row.Body(
		elem("div", "class", "row-text", "role", cell).Body(
			words("div", r.name, "class", "row-name", "title", r.name),
			words("div", r.detail, "class", "row-detail", "title", r.detail),
			app.If(r.noCalls, func() app.UI { return chip("warn", "notice-warn", e.t("no-calls.title")) }),
		),
		elem("div", "role", cell).Body(
			button{kind: "icon-btn", icon: "call", name: name, can: v.CanDial, do: r.call()}.draw(e),
		),
	)
}

// recentCalls are the latest people under the keypad.
func recentCalls(v softphone.View, e Env) app.UI {
	rows := recentDials(v, "", e)
	if len(rows) == 0 {
		return nothing()
	}
	items := make([]app.UI, 0, len(rows))
	for n, r := range rows {
		items = append(items, dialRowUI(n, false, r, v, e, "listitem", ""))
	}
	return elem("div", "class", "found-group recent-calls").Body(
		words("h2", e.t("dial.group-recent"), "class", "day-name", "id", "recent-title"),
		elem("div", "class", "found-rows", "role", "list", "aria-labelledby", "recent-title").Body(items...),
	)
}

// pickDial chooses a row of what was found while the field keeps the focus.
type pickDial struct{ At int }

func (i pickDial) apply(p *Panel) {
	p.local.RowAt = i.At
	p.reveal = dialRowID(i.At)
	p.local.Confirm = ""
}

// dialKey is a key in the dial field while it holds a name.
func dialKey(v softphone.View, l Local, k Key) Intent {
	if l.Search == "" {
		return nil
	}
	if to, moves := rowAfter(l.RowAt, len(dialRows(v, Env{Local: l}.of(v))), k.Key); moves {
		return pickDial{to}
	}
	return nil
}
