package ui

import (
	"strconv"
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// recordSheet changes where a call is logged: the records that match its number
// first, then what a search in HubSpot finds.
func recordSheet(c softphone.CallView, e Env) app.UI {
	rows := recordRows(c, e)
	at := min(e.Local.Picker.At, len(rows)-1)
	active := ""
	if at >= 0 {
		active = recordRowID(at)
	}
	body := make([]app.UI, 0, len(rows))
	for n, r := range rows {
		body = append(body, recordRow(n, n == at, r, c, e))
	}
	f := e.Local.Found[SlotRecords]
	if f.State == Answered && len(f.Entries) == 0 && len(rows) > 0 && e.Local.Picker.Text == "" {
		f.State = NotSearched
	}
	return sheetFrame(e.t("records.title"), e,
		elem("div", "class", "find").Body(
			icon("search"),
			words("label", e.t("records.find"), "class", "sr", "for", string(fieldFind)),
			input("class", "field find-input", "id", string(fieldFind), "type", "text", "role", "combobox", "autocomplete", "off", "spellcheck", "false",
				"aria-expanded", "true", "aria-haspopup", "listbox", "aria-autocomplete", "list", "aria-controls", "records", "aria-activedescendant", active,
				"placeholder", e.t("records.find"), "value", e.Local.Picker.Text).OnInput(e.input(fieldFind)),
		),
		elem("div", "class", "pick-list").Body(
			elem("div", "class", "targets", "id", "records", "role", "listbox", "aria-label", e.t("find.results"), "hidden", flag(len(rows) == 0)).Body(body...),
			key("state", func() app.UI { return findState(f, again{SlotRecords}, nextPage{SlotRecords}, e) }),
			elem("div", "class", "sheet-foot").Body(
				button{id: "record-none", kind: "link", icon: "close", label: e.t("records.none"), can: yes, do: logTo{Key: c.Key}}.draw(e),
			),
		),
	)
}

// loggedCall is the call that is logged elsewhere: the one on stage, or what is
// known of a record being mended.
func loggedCall(v softphone.View, l Local) softphone.CallView {
	if r, ok := mended(v, l); ok {
		return mendCall(r, l.mend(r))
	}
	return *v.Call
}

// A recordRowData is a record that the call could be logged to.
type recordRowData struct {
	ref          softphone.RecordRef
	name, detail string
}

func recordRows(c softphone.CallView, e Env) []recordRowData {
	var rows []recordRowData
	known := map[softphone.RecordRef]bool{}
	add := func(ref softphone.RecordRef, detail string) {
		id := softphone.RecordRef{ObjectTypeID: ref.ObjectTypeID, ObjectID: ref.ObjectID}
		if ref.ObjectID == "" || known[id] || !contains(ref.Name+" "+detail, matchText(e, id, c)) {
			return
		}
		known[id] = true
		rows = append(rows, recordRowData{ref, orElse(ref.Name, e.t("match.unnamed")), detail})
	}
	for _, m := range c.Match.Matches {
		add(m.Record, matchDetail(m))
	}
	for _, x := range e.Local.Found[SlotRecords].Entries {
		if x.Record == nil {
			continue
		}
		ref := *x.Record
		ref.Name = orElse(ref.Name, x.Name)
		detail := x.Detail
		if x.Number != "" {
			detail = orElse(detail+" · ", "")
			if x.Detail == "" {
				detail = ""
			}
			detail += e.phone(x.Number)
		}
		add(ref, detail)
	}
	return rows
}

// matchText is what a row must contain: the call's own matches are filtered
// here, what the server found was filtered there, by more than the name.
func matchText(e Env, id softphone.RecordRef, c softphone.CallView) string {
	for _, m := range c.Match.Matches {
		if same(m.Record, id) {
			return e.Local.Picker.Text
		}
	}
	return ""
}

func recordRowID(n int) string { return "record-" + strconv.Itoa(n) }

func recordRow(n int, active bool, r recordRowData, c softphone.CallView, e Env) app.UI {
	class := "target record-row"
	if active {
		class = "target record-row target-at"
	}
	chosen := c.Match.Chosen != nil && same(r.ref, *c.Match.Chosen)
	return elem("div", "class", class, "role", "option", "id", recordRowID(n), "aria-selected", flag(chosen)).
		OnClick(e.on(logTo{c.Key, r.ref})).
		Body(
			icon(objectIcon(r.ref.ObjectTypeID)),
			elem("div", "class", "target-text").Body(
				words("div", r.name, "class", "target-name", "title", r.name),
				elem("div", "class", "target-detail", "hidden", flag(r.detail == "")).Body(words("span", r.detail, "title", r.detail)),
			),
			app.If(chosen, func() app.UI { return icon("check") }),
		)
}

// openRecords opens the sheet.
type openRecords struct{ From string }

func (i openRecords) apply(p *Panel) {
	p.dropSheet()
	p.openSheet(SheetRecords, i.From, string(fieldFind))
}

func (p *Panel) findRecords(wait time.Duration) {
	text := p.local.Picker.Text
	if text == "" {
		p.forget(SlotRecords)
		return
	}
	p.search(SlotRecords, softphone.DirectoryQuery{Kind: softphone.CRMContacts, Search: text}, wait)
}

// logTo logs the call to a record; the zero one is none.
type logTo struct {
	Key    softphone.CallKey
	Record softphone.RecordRef
}

func (i logTo) apply(p *Panel) {
	if p.local.Mending != "" {
		p.editMend(func(m *Mend) {
			m.Record = nil
			if i.Record.ObjectID != "" {
				m.Record = &i.Record
			}
		})
		p.backToMend()
		return
	}
	closeSheet{}.apply(p)
	chooseMatch(i).apply(p)
}

// pickRecord chooses a row while the field keeps the focus.
type pickRecord struct{ At int }

func (i pickRecord) apply(p *Panel) {
	p.local.Picker.At = i.At
	p.reveal = recordRowID(i.At)
}

func recordKey(v softphone.View, l Local, k Key) Intent {
	if k.Target != string(fieldFind) {
		return nil
	}
	c := loggedCall(v, l)
	rows := recordRows(c, Env{Local: l}.of(v))
	at := min(l.Picker.At, len(rows)-1)
	if to, moves := rowAfter(at, len(rows), k.Key); moves {
		return pickRecord{to}
	}
	if k.Key == "Enter" && at >= 0 && !k.Repeat {
		return logTo{c.Key, rows[at].ref}
	}
	return nil
}
