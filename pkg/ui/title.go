package ui

import (
	"strconv"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// title is the one line that the call is called by in HubSpot. It saves itself
// with the notes.
func title(c softphone.CallView, e Env) app.UI {
	return elem("div", "class", "title-field").Body(
		words("label", e.t("title.label"), "class", "label", "for", string(fieldTitle)),
		input("class", "field", "id", string(fieldTitle), "type", "text", "autocomplete", "off", "spellcheck", "true", "maxlength", strconv.Itoa(softphone.MaxTitle),
			"placeholder", e.t("title.placeholder"), "value", e.Local.title(c)).
			OnInput(e.input(fieldTitle)).OnBlur(e.on(leaveNotes{})),
	)
}

// title is the title as the agent left it.
func (l Local) title(c softphone.CallView) string {
	if text, ok := l.Titles[c.Key]; ok {
		return text
	}
	return c.Title
}

// editTitle keeps the text and sends it, at most once a second.
func (p *Panel) editTitle(text string) {
	c := p.view.Call
	if c == nil {
		return
	}
	if p.local.Titles == nil {
		p.local.Titles = map[softphone.CallKey]string{}
	}
	p.local.Titles[c.Key] = text
	if p.now().Sub(p.sentAt) >= notesEvery {
		p.flushNotes()
	}
}

func (p *Panel) flushTitles() {
	for _, c := range p.calls() {
		text, ok := p.local.Titles[c.Key]
		if !ok || text == c.Title || text == p.titled[c.Key] {
			continue
		}
		if p.titled == nil {
			p.titled = map[softphone.CallKey]string{}
		}
		p.titled[c.Key], p.sentAt = text, p.now()
		p.send(softphone.TitleEdited{Key: c.Key, Text: text})
	}
}

// ticketShown says whether a ticket can be asked for, or was.
func ticketShown(c softphone.CallView) bool {
	return c.CanTicket.OK || c.CanTicket.Why == softphone.Waiting
}

// ticket asks for a ticket about the call; pressed again, it takes that back.
func ticket(c softphone.CallView, e Env) app.UI {
	b := button{id: "ticket", kind: "plain small", icon: "ticket", label: e.t("ticket.create"), can: c.CanTicket, do: askTicket{c.Key}}
	if c.Ticket {
		b.icon, b.label, b.name, b.describe = "close", e.t("ticket.undo"), e.t("ticket.undo-name"), "ticket-note"
	}
	return elem("div", "class", "ticket").Body(
		elem("p", "class", "ticket-note", "id", "ticket-note", "hidden", flag(!c.Ticket)).Body(icon("ticket"), words("span", e.t("ticket.asked"))),
		b.draw(e),
	)
}

// askTicket asks for a ticket or takes that back, and says which.
type askTicket struct{ Key softphone.CallKey }

func (i askTicket) apply(p *Panel) {
	c := p.view.Call
	if c == nil || c.Key != i.Key {
		return
	}
	said := "ticket.asked"
	if c.Ticket {
		said = "ticket.undone"
	}
	p.send(softphone.TicketRequested{Key: i.Key})
	p.say(T(p.Lang, said))
}
