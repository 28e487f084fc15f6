package stories

import (
	"time"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"
)

func item(typeID, id, name string) softphone.CardItem {
	return softphone.CardItem{Record: softphone.RecordRef{ObjectTypeID: typeID, ObjectID: id, Name: name}}
}

// card is what there is to know of Maria.
func card() softphone.Card {
	page := "https://app.hubspot.com/contacts/1/record/"
	company := item("0-2", "201", "Acme GmbH")
	company.Detail = "acme.example"
	deal := item("0-3", "301", "Conveyor belt, second line")
	deal.Stage, deal.Amount, deal.At = "Negotiation", "12000 EUR", Now.AddDate(0, 0, 9)
	late := item("0-3", "302", "Maintenance 2027")
	late.Stage, late.Amount, late.At = "Contract sent", "1800.50 EUR", Now.AddDate(0, 0, -3)
	urgent := item("0-5", "401", "Invoice 4711 is wrong")
	urgent.Stage, urgent.Detail, urgent.At = "Waiting on us", "HIGH", ago(75*time.Hour)
	fresh := item("0-5", "402", "New address")
	fresh.Stage, fresh.Detail, fresh.At = "New", "LOW", ago(50*time.Minute)
	for _, x := range []*softphone.CardItem{&deal, &late, &urgent, &fresh} {
		x.URL = page + x.Record.ObjectTypeID + "/" + x.Record.ObjectID
	}
	return softphone.Card{
		Record: *ref("101", "Maria Silva"), Email: "maria@acme.example", JobTitle: "Head of purchasing", Stage: "Customer", Owner: "Bob Meyer",
		Company: &company, Deals: []softphone.CardItem{deal, late}, Tickets: []softphone.CardItem{urgent, fresh},
		Recent: []softphone.CardRecent{
			{At: ago(9 * 24 * time.Hour), Channel: softphone.Telephony, Direction: softphone.Inbound, Agent: "Ann Silva", Queue: "Billing", Outcome: softphone.Completed, Reason: "Question answered", URL: page + "0-48/9"},
			{At: ago(11 * 24 * time.Hour), Channel: softphone.Telephony, Direction: softphone.Inbound, Outcome: softphone.MissedOut},
			{At: ago(400 * 24 * time.Hour), Channel: softphone.Email, Direction: softphone.Outbound, Agent: "Bob Meyer", Outcome: softphone.Completed},
		},
	}
}

// carded is Maria's call with her card, changed.
func carded(change ...func(*softphone.Card)) func(*softphone.CallView) {
	return func(c *softphone.CallView) {
		c.Card, c.CardState = card(), softphone.CardShown
		for _, f := range change {
			f(&c.Card)
		}
	}
}

// cardIs is Maria's call while her card is not there.
func cardIs(st softphone.CardState) func(*softphone.CallView) {
	return func(c *softphone.CallView) {
		c.CardState, c.Card = st, softphone.Card{Record: *ref("101", "Maria Silva")}
	}
}

func longNames(x *softphone.Card) {
	long := "Rahmenvertrag Förderbandinstandhaltungsdienstleistungen Niederlassung Mönchengladbach"
	x.Company.Record.Name, x.JobTitle = "Companhia Brasileira de Distribuição e Participações S.A.", "Leitende Einkaufsdirektorin für Instandhaltungsdienstleistungen"
	x.Deals[0].Record.Name, x.Tickets[0].Record.Name, x.Email = long, long, "a.very.long.address.indeed@subsidiary.distribution.example"
	x.Owner, x.Deals[0].Stage = "Daniela Fernández de la Vega y Montenegro", "Waiting for the customer’s signature"
	x.Recent[0].Reason = "Question answered after a very long explanation"
}

// only leaves who she is, and nothing open.
func only(x *softphone.Card) { x.Deals, x.Tickets, x.Recent = nil, nil, nil }

// partly is a card that HubSpot was too slow for.
func partly(x *softphone.Card) {
	x.Company, x.Deals, x.Missing = nil, nil, []string{"company", "deals"}
}

func cards() []Story {
	closed := saved()
	closed.Prefs.CardClosed = true
	return []Story{
		{Name: "card", Note: "Company, open deals and tickets, last interactions.", View: Talking(noted, carded()), Local: saved()},
		{Name: "card-closed", Note: "Folded away; it is remembered.", View: Talking(noted, carded()), Local: closed},
		{Name: "card-loading", View: Talking(noted, cardIs(softphone.CardLoading)), Local: saved()},
		{Name: "card-failed", View: Talking(noted, cardIs(softphone.CardFailed)), Local: saved()},
		{Name: "card-partly", Note: "HubSpot was slow: company and deals are missing.", View: Talking(noted, carded(partly)), Local: saved()},
		{Name: "card-long", Note: "Long names.", View: Talking(noted, carded(longNames)), Local: saved()},
		{Name: "card-only", Note: "Nothing is open.", View: Talking(noted, carded(only, func(x *softphone.Card) { x.NoCalls = true })), Local: saved()},
		{Name: "card-no-host", Note: "No HubSpot page to open records in.", View: Talking(noted, carded(), func(c *softphone.CallView) {
			c.HasPortal, c.CanOpen = false, no(softphone.NoHost)
		}), Local: saved()},
		{Name: "card-on-hold", View: Held(noted, carded()), Local: saved()},
		{Name: "card-consulting", View: consult(noted, carded()), Local: saved()},
		{Name: "card-wrap-up", View: Wrapping(noted, carded(), func(c *softphone.CallView) { c.CodeID, c.CanWrapUp = "w1", ok() }), Local: saved()},
		{Name: "card-incoming", Note: "Two lines while it rings.", View: Ringing(live, carded())},
		{Name: "card-incoming-loading", View: Ringing(live, cardIs(softphone.CardLoading))},
	}
}

// mending is the sheet over the refused record of the history.
func mending(name, note string, change func(*softphone.View, *ui.Local)) Story {
	s := Story{Name: name, Note: note, View: Idle(), Local: ui.Local{Tab: ui.TabHistory, Sheet: ui.SheetMend, SheetFrom: "mend-3", Mending: "3"}}
	s.View.History = records()
	change(&s.View, &s.Local)
	return s
}

func mends() []Story {
	edited := func(change func(*ui.Mend)) map[softphone.CallKey]ui.Mend {
		m := ui.Mend{Notes: "Wants the invoice of October once more.", CodeID: "w1", Record: ref("101", "Maria Silva")}
		change(&m)
		return map[softphone.CallKey]ui.Mend{"3": m}
	}
	return []Story{
		mending("mend", "A refused record is edited.", func(v *softphone.View, _ *ui.Local) {
			v.History[2].Notes, v.History[2].CodeID, v.History[2].Record = "Wants the invoice of October once more.", "w3", ref("101", "Maria Silva")
		}),
		mending("mend-error", "The follow-up does not say what is to be done.", func(_ *softphone.View, l *ui.Local) {
			l.Mends = edited(func(m *ui.Mend) {
				m.Tried, m.FollowUp = true, &softphone.FollowUp{Due: Now.AddDate(0, 0, 2)}
			})
		}),
		mending("mend-nobody", "It is not logged to anybody; its reason is no longer in use.", func(v *softphone.View, _ *ui.Local) {
			v.History[2].CodeID, v.History[2].CodeName = "old", "Spring campaign"
		}),
		mending("mend-record", "Choosing another record for it.", func(_ *softphone.View, l *ui.Local) {
			l.Sheet, l.Picker = ui.SheetRecords, ui.Picker{Text: "mar", At: 1}
			l.Mends, l.Found = edited(func(*ui.Mend) {}), map[ui.Slot]ui.Found{ui.SlotRecords: contacts()}
		}),
		mending("mend-in-call", "During a call its dock stays.", func(v *softphone.View, _ *ui.Local) {
			past := v.History
			*v = Talking(noted)
			v.History = past
		}),
	}
}
