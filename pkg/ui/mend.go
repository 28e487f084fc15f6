package ui

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Mending: a record of the history that HubSpot refused is edited and sent
// again. What was typed is kept until it is sent or discarded, whatever else
// comes onto the screen.

// A Mend is a refused record as the agent has edited it so far.
type Mend struct {
	Notes    string
	CodeID   string
	Record   *softphone.RecordRef
	FollowUp *softphone.FollowUp
	Tried    bool // Send was pressed: what is missing is shown.
}

// mended is the record that the sheet is about, if it still needs the agent.
func mended(v softphone.View, l Local) (softphone.Record, bool) {
	n := slices.IndexFunc(v.History, func(r softphone.Record) bool {
		return r.Key == l.Mending && mendable(r)
	})
	if n < 0 || l.Mending == "" {
		return softphone.Record{}, false
	}
	return v.History[n], true
}

// mendable says whether a record waits for the agent.
func mendable(r softphone.Record) bool {
	return r.Receipt.State == softphone.NeedsYou && r.MayMend()
}

// mend is a record as edited so far.
func (l Local) mend(r softphone.Record) Mend {
	if m, ok := l.Mends[r.Key]; ok {
		return m
	}
	return Mend{Notes: r.Notes, CodeID: r.CodeID, Record: r.Record, FollowUp: r.FollowUp}
}

// mendCall is what the sheet that chooses a record needs to know of a record
// being mended.
func mendCall(r softphone.Record, m Mend) softphone.CallView {
	c := softphone.CallView{Key: r.Key, Number: r.Number}
	if r.Record != nil {
		c.Match.Matches = []softphone.Match{{Record: *r.Record}}
	}
	if m.Record != nil {
		c.Match.Chosen = m.Record
		if r.Record == nil || !same(*r.Record, *m.Record) {
			c.Match.Matches = append(c.Match.Matches, softphone.Match{Record: *m.Record})
		}
	}
	return c
}

// mendSheet is the sheet.
func mendSheet(r softphone.Record, v softphone.View, e Env) app.UI {
	m := e.Local.mend(r)
	return sheetFrame(e.t("receipt.edit"), e,
		elem("div", "class", "mend").Body(
			elem("div", "class", "callout tone-error", "id", "mend-problem").Body(
				icon("receipt-needs-you"),
				elem("div").Body(
					words("p", e.t("receipt.refused"), "class", "callout-title"),
					words("p", r.Receipt.Detail, "hidden", flag(r.Receipt.Detail == "")),
				),
			),
			elem("p", "class", "last-name").Body(words("strong", recordName(r, e)), app.Text(" "+recordDetail(r, e))),
			elem("div").Body(
				words("label", e.t("notes.label"), "class", "label", "for", string(fieldMendNotes)),
				elem("textarea", "class", "field notes-box", "id", string(fieldMendNotes), "rows", "4", "aria-describedby", "mend-problem", "spellcheck", "true", "value", m.Notes).
					OnInput(e.input(fieldMendNotes)),
			),
			mendReason(r, m, v, e),
			mendRecord(r, m, e),
			task{
				id: "mend-follow-up", what: fieldMendTask, when: fieldMendDue, toggle: toggleMendTask{},
				bad: m.Tried && m.FollowUp != nil && m.FollowUp.Subject == "",
			}.draw(m.FollowUp, e),
		),
		elem("div", "class", "mend-foot").Body(
			button{id: "mend-send", kind: "primary wide", label: e.t("receipt.send-again"), keys: keysSubmit, can: yes, do: sendMend{}}.draw(e),
			elem("div", "class", "sheet-foot").Body(
				button{id: "mend-discard", kind: "link", label: e.t("mend.discard"), can: yes, do: discardMend{}}.draw(e),
			),
		),
	)
}

// mendReason is the wrap-up reason: the profile's, and the record's own where
// the profile has it no more.
func mendReason(r softphone.Record, m Mend, v softphone.View, e Env) app.UI {
	var codes []softphone.Code
	if v.Profile != nil {
		codes = choosable(v.Profile.WrapUpCodes)
	}
	if r.CodeID != "" && !slices.ContainsFunc(codes, func(x softphone.Code) bool { return x.ID == r.CodeID }) {
		codes = append(codes, softphone.Code{ID: r.CodeID, Name: orElse(r.CodeName, r.CodeID)})
	}
	if len(codes) == 0 {
		return nothing()
	}
	options := make([]app.UI, 0, len(codes)+1)
	if r.CodeID == "" { // A reason can be given or changed, not taken back.
		options = append(options, words("option", e.t("mend.no-reason"), "value", "", "selected", flag(m.CodeID == "")))
	}
	for _, x := range codes {
		options = append(options, words("option", x.Name, "value", x.ID, "selected", flag(x.ID == m.CodeID)))
	}
	return elem("div").Body(
		words("label", e.t("wrap-up.reason"), "class", "label", "for", string(fieldMendReason)),
		dropDown(elem("select", "class", "field select", "id", string(fieldMendReason)).OnChange(e.input(fieldMendReason)).Body(options...)),
	)
}

// mendRecord is where it is logged to, with the way to change it.
func mendRecord(r softphone.Record, m Mend, e Env) app.UI {
	edit := button{
		id: "mend-record", kind: "icon-btn", icon: "edit", name: e.t("wrap-up.logging-edit"),
		can: yes, do: openMendRecords{}, describe: "mend-to",
	}.draw(e)
	if m.Record == nil {
		return elem("div", "class", "logging").Body(icon("person"), words("span", e.t("wrap-up.logging-none"), "class", "logging-text", "id", "mend-to"), edit)
	}
	name := e.name(orElse(m.Record.Name, e.t("match.unnamed")))
	return elem("div", "class", "logging").Body(
		icon(objectIcon(m.Record.ObjectTypeID)),
		elem("span", "class", "logging-text", "id", "mend-to", "title", name).Body(app.Text(e.t("wrap-up.logging-to")+" "), words("strong", name)),
		edit,
	)
}

// openMend opens the sheet, from the history or from the card of the last call.
type openMend struct{ Key softphone.CallKey }

func (i openMend) apply(p *Panel) {
	p.dropSheet()
	l := &p.local
	l.Tab, l.Sheet, l.SheetFrom, l.Mending = TabHistory, SheetMend, mendID(i.Key), i.Key
	p.focus = string(fieldMendNotes)
}

// mendID is the id of the button that opens the sheet.
func mendID(k softphone.CallKey) string { return "mend-" + string(k) }

// openMendRecords chooses where it is logged to.
type openMendRecords struct{}

func (openMendRecords) apply(p *Panel) {
	p.local.Sheet, p.local.Picker = SheetRecords, Picker{}
	p.focus = string(fieldFind)
}

// backToMend is the end of that choice.
func (p *Panel) backToMend() {
	p.forget(SlotRecords)
	p.local.Sheet, p.local.Picker = SheetMend, Picker{}
	p.focus = "mend-record"
}

// editMend keeps an edit of the record on the sheet.
func (p *Panel) editMend(change func(*Mend)) {
	r, ok := mended(p.view, p.local)
	if !ok {
		return
	}
	m := p.local.mend(r)
	change(&m)
	next := maps.Clone(p.local.Mends)
	if next == nil {
		next = map[softphone.CallKey]Mend{}
	}
	next[r.Key] = m
	p.local.Mends = next
	p.keepMends()
}

// editMendTask changes the follow-up task, if there is one.
func (p *Panel) editMendTask(change func(*softphone.FollowUp)) {
	p.editMend(func(m *Mend) {
		if m.FollowUp != nil {
			f := *m.FollowUp
			change(&f)
			m.FollowUp = &f
		}
	})
}

func (p *Panel) setMendDue(text string) {
	day, err := time.ParseInLocation(time.DateOnly, text, p.now().Location())
	if err != nil {
		return // An emptied date field: the last good day stays.
	}
	p.editMendTask(func(f *softphone.FollowUp) { f.Due = nineOn(day) })
}

// toggleMendTask asks for a follow-up task, or takes it back.
type toggleMendTask struct{}

func (toggleMendTask) apply(p *Panel) {
	r, ok := mended(p.view, p.local)
	if !ok {
		return
	}
	e := p.env()
	p.editMend(func(m *Mend) {
		if m.FollowUp != nil {
			m.FollowUp = nil
			return
		}
		m.FollowUp = &softphone.FollowUp{Subject: e.t("follow-up.default", recordName(r, e)), Due: nineOn(p.now().AddDate(0, 0, 1))}
		p.focus = string(fieldMendTask)
	})
}

// sendMend sends the record again, or shows what is missing and goes there.
type sendMend struct{}

func (sendMend) apply(p *Panel) {
	r, ok := mended(p.view, p.local)
	if !ok {
		return
	}
	m := p.local.mend(r)
	if m.FollowUp != nil && m.FollowUp.Subject == "" {
		p.editMend(func(m *Mend) { m.Tried = true })
		p.focus = string(fieldMendTask)
		p.say(T(p.Lang, "follow-up.missing"))
		return
	}
	p.send(softphone.RecordMended{Key: r.Key, Notes: m.Notes, CodeID: m.CodeID, Record: m.Record, FollowUp: m.FollowUp})
	discardMend{}.apply(p)
	p.say(T(p.Lang, "say.sent-again"))
}

// discardMend forgets what was typed and closes the sheet.
type discardMend struct{}

func (discardMend) apply(p *Panel) {
	p.dropMend(p.local.Mending)
	closeSheet{}.apply(p)
}

func (p *Panel) dropMend(k softphone.CallKey) {
	next := maps.Clone(p.local.Mends)
	delete(next, k)
	p.local.Mends = next
	p.keepMends()
}

// mendsKey is where the edits are kept, as JSON: HubSpot reloads this frame
// whenever the agent goes to another page, to look the field up for one.
const mendsKey = "mends"

type keptMends struct {
	Agent string // Whose they are.
	Mends map[softphone.CallKey]Mend
}

func (p *Panel) keepMends() {
	if p.Memory == nil {
		return
	}
	text := ""
	if len(p.local.Mends) > 0 {
		if kept, err := json.Marshal(keptMends{p.mender, p.local.Mends}); err == nil {
			text = string(kept)
		}
	}
	p.Memory.Save(mendsKey, text)
}

// loadMends takes up what the agent had typed before a reload. What another
// agent typed is forgotten.
func (p *Panel) loadMends() {
	agent := p.view.Agent.AgentID
	if p.Memory == nil || agent == "" || agent == p.mender {
		return
	}
	p.mender = agent
	var kept keptMends
	if json.Unmarshal([]byte(p.Memory.Load(mendsKey)), &kept) != nil || kept.Agent != agent {
		kept.Mends = nil
	}
	p.local.Mends = kept.Mends
	p.keepMends()
}

// forgetMends drops what was typed for records that were saved all the same.
func (p *Panel) forgetMends() {
	for _, r := range p.view.History {
		if _, ok := p.local.Mends[r.Key]; ok && settled(r.Receipt.State) == softphone.Saved {
			p.dropMend(r.Key)
		}
	}
}
