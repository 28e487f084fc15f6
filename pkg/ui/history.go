package ui

import (
	"strconv"
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// history is the agent's calls of the last days, by day, each with how far its
// record has come. Its "Needs you" filter is where refused records are mended.
func history(v softphone.View, e Env) app.UI {
	records := v.History
	need := 0
	for _, r := range records {
		if r.Receipt.State == softphone.NeedsYou {
			need++
		}
	}
	if e.Local.NeedsYou {
		records = nil
		for _, r := range v.History {
			if r.Receipt.State == softphone.NeedsYou {
				records = append(records, r)
			}
		}
	}
	return elem("div", "class", "history").Body(
		elem("div", "class", "filters", "role", "group", "aria-label", e.t("history.filter"), "hidden", flag(need == 0 && !e.Local.NeedsYou)).Body(
			filter(false, e.t("history.all"), e),
			filter(true, e.t("history.needs-you", strconv.Itoa(need)), e),
		),
		key("list "+strconv.FormatBool(e.Local.NeedsYou), func() app.UI {
			if len(records) == 0 {
				return emptyHistory(e)
			}
			return days(records, v, e)
		}),
	)
}

func filter(needs bool, label string, e Env) app.UI {
	return elem("button", "type", "button", "class", "filter", "aria-pressed", strconv.FormatBool(e.Local.NeedsYou == needs)).Text(label).
		OnClick(e.on(setFilter{needs}))
}

func emptyHistory(e Env) app.UI {
	id := "history.empty"
	if e.Local.NeedsYou {
		id = "history.none-need"
	}
	return elem("div", "class", "center").Body(
		elem("div", "class", "avatar tone-quiet").Body(icon("history")),
		words("h2", e.t(id), "class", "title"),
		words("p", e.t(id+"-lead"), "class", "lead"),
	)
}

// days groups the records, which are newest first.
func days(records []softphone.Record, v softphone.View, e Env) app.UI {
	records = records[:e.drawn(len(records))]
	var groups []app.UI
	for start := 0; start < len(records); {
		end := start
		for end < len(records) && sameDay(records[end].StartedAt, records[start].StartedAt) {
			end++
		}
		rows := make([]app.UI, 0, end-start)
		for _, r := range records[start:end] {
			rows = append(rows, key(string(r.Key), func() app.UI { return row(r, v, e) }))
		}
		id := "day-" + strconv.Itoa(len(groups))
		groups = append(groups, elem("div", "class", "day").Body(
			words("h2", dayName(records[start].StartedAt, e), "class", "day-name", "id", id),
			elem("ul", "class", "rows", "aria-labelledby", id).Body(rows...),
		))
		start = end
	}
	return elem("div", "class", "days").Body(groups...)
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}

func dayName(t time.Time, e Env) string {
	switch {
	case sameDay(t, e.Now):
		return e.t("history.today")
	case sameDay(t, e.Now.AddDate(0, 0, -1)):
		return e.t("history.yesterday")
	}
	return day(t, e)
}

func row(r softphone.Record, v softphone.View, e Env) app.UI {
	direction, way := "call-in", "call.inbound"
	switch {
	case lost(r) && r.Direction != softphone.Outbound:
		direction, way = "call-missed", "call.missed"
	case r.Direction == softphone.Outbound:
		direction, way = "call-out", "call.outbound"
	}
	name := recordName(r, e)
	callee := redial{Number: r.Number}
	if r.Record != nil {
		callee.Record = *r.Record
	}
	return elem("li", "class", "row").Body(
		elem("div", "class", "row-icon"+" "+map[bool]string{true: "row-lost"}[lost(r)]).Body(icon(direction), sr(e.t(way))),
		elem("div", "class", "row-text").Body(
			words("div", name, "class", "row-name", "title", orElse(e.exact(r.Number), name)),
			words("div", recordDetail(r, e), "class", "row-detail"),
			receiptLine(r, e),
		),
		button{
			kind: "icon-btn", icon: "call", label: "", name: e.t("history.redial", name),
			can: historyDial(r, v), do: callee,
		}.draw(e),
	)
}

func historyDial(r softphone.Record, v softphone.View) softphone.Can {
	if r.Number == "" {
		return softphone.Can{Why: softphone.NoNumber}
	}
	return v.CanDial
}

func recordName(r softphone.Record, e Env) string {
	name := r.Name
	if r.Record != nil && r.Record.Name != "" {
		name = r.Record.Name
	}
	return orElse(orElse(e.name(name), e.phone(r.Number)), e.t("call.unknown"))
}

// lost says that the two sides never talked.
func lost(r softphone.Record) bool { return r.AnsweredAt.IsZero() && !r.EndedAt.IsZero() }

// recordDetail is 10:42 · 3 min 12 s · Billing.
func recordDetail(r softphone.Record, e Env) string {
	s := clock(r.StartedAt)
	switch {
	case has("outcome." + string(r.Outcome)):
		s += " · " + e.t("outcome."+string(r.Outcome))
	case !r.AnsweredAt.IsZero() && !r.EndedAt.IsZero():
		s += " · " + Duration(e.Lang, r.EndedAt.Sub(r.AnsweredAt))
	}
	if r.Queue != "" {
		s += " · " + r.Queue
	}
	if how := handed(r, e); how != "" {
		s += " · " + how
	}
	if r.Ticket {
		s += " · " + e.t("history.ticket")
	}
	return s
}

// handed is what other agents had to do with a call: who has it now, or that
// it was a colleague's, or a conference.
func handed(r softphone.Record, e Env) string {
	to := heir(r.Left, e)
	switch {
	case r.Left.How == softphone.LeftConference:
		return e.t("history.left")
	case r.Left.How != "" && to != "":
		return e.t("history.handed-to", to)
	case r.Left.How != "":
		return e.t("history.handed")
	case r.Consulted:
		return e.t("history.consulted")
	case r.Conferred:
		return e.t("word.conference")
	}
	return ""
}

// heir is who has a call that this agent left, empty when unknown.
func heir(left softphone.Departure, e Env) string {
	if left.To.Name == "" && left.To.Kind == softphone.ToNumber {
		return e.phone(left.To.ID)
	}
	return e.name(left.To.Name)
}

// receiptLine is the record's state: a glyph with its word, since when it waits,
// and what can be done about it.
func receiptLine(r softphone.Record, e Env) app.UI {
	state := settled(r.Receipt.State)
	if state == softphone.NeedsYou {
		return refusedLine(r, e)
	}
	text := e.t("receipt." + string(state))
	if kept(r) {
		text = e.t("receipt.kept")
	}
	if old := age(r.EndedAt, e); old != "" && state == softphone.Queued {
		text = dotted(text, e.t("receipt.for", old))
	}
	return elem("div", "class", "receipt receipt-"+string(state)).Body(
		icon("receipt-"+string(state)),
		words("span", text, "class", "receipt-text"),
		app.If(state == softphone.Saved && r.Receipt.URL != "", func() app.UI {
			return elem("a", "class", "receipt-link", "href", r.Receipt.URL, "target", "_blank", "rel", "noopener").
				Body(app.Text(e.t("receipt.open")), sr(" "+e.t("receipt.new-tab")))
		}),
	)
}

// kept says that a record is stored and becomes no activity, by the
// administrator's rules: then its receipt says why.
func kept(r softphone.Record) bool {
	return r.Receipt.State == softphone.Saved && r.Receipt.Detail != ""
}

// refusedLine is a record that HubSpot refused: which field and why, what is
// safe, and what to do, by the agent or by an administrator.
func refusedLine(r softphone.Record, e Env) app.UI {
	word, do := "receipt.needs-you", "receipt.do-agent"
	act := button{id: mendID(r.Key), kind: "link", label: e.t("receipt.edit"), name: e.t("receipt.edit-name", recordName(r, e)), can: yes, do: openMend{r.Key}}
	if !mendable(r) {
		word, do = "receipt.needs-admin", "receipt.do-admin"
		act = button{kind: "link", label: e.t("receipt.send-again"), name: e.t("receipt.send-again-name", recordName(r, e)), can: yes, do: send{softphone.ReceiptRetried{Key: r.Key}}}
	}
	title := e.t(word)
	if old := age(r.EndedAt, e); old != "" {
		title = dotted(title, e.t("receipt.for", old))
	}
	return elem("div", "class", "receipt receipt-needs-you").Body(
		icon("receipt-needs-you"),
		elem("div", "class", "receipt-text").Body(
			words("div", title),
			words("div", orElse(r.Receipt.Detail, e.t("receipt.refused")), "class", "receipt-detail"),
			words("div", e.t(do), "class", "receipt-do"),
			act.draw(e),
		),
	)
}

// lastCall keeps the newest record in sight after a call: for two minutes, or
// until it is saved if it is not.
func lastCall(v softphone.View, e Env) app.UI {
	if len(v.History) == 0 {
		return nothing()
	}
	r := v.History[0]
	ended := e.Now.Sub(r.EndedAt)
	if r.EndedAt.IsZero() || ended > 2*time.Minute && (settled(r.Receipt.State) == softphone.Saved || ended > time.Hour) {
		return nothing()
	}
	return elem("div", "class", "card last-call").Body(
		elem("div", "class", "last-name").Body(
			words("strong", recordName(r, e)),
			app.Text(" "+recordDetail(r, e)),
		),
		receiptLine(r, e),
	)
}

// setFilter shows all records or those that need the agent.
type setFilter struct{ NeedsYou bool }

func (i setFilter) apply(p *Panel) { p.local.NeedsYou = i.NeedsYou }
