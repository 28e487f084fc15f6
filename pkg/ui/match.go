package ui

import (
	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// match is whose call it is: being looked up, one record, several to choose
// from, or none with the way to create one.
func match(c softphone.CallView, e Env) app.UI {
	switch c.Match.State {
	case softphone.MatchLooking:
		return elem("p", "class", "match-line").Body(icon("search"), words("span", e.t("match.looking")))
	case softphone.MatchOne:
		return matched(c, e)
	case softphone.MatchSeveral:
		return matchPicker(c, e)
	case softphone.MatchNone:
		return noMatch(c, e)
	}
	return nothing()
}

// matched is the record: company, e-mail, and the link to it.
func matched(c softphone.CallView, e Env) app.UI {
	if c.Match.Chosen == nil {
		return nothing()
	}
	m := chosenMatch(c)
	if c.CardState == softphone.CardShown && m.Company == "" && c.Card.Company != nil {
		m.Company = c.Card.Company.Record.Name
	}
	detail := matchDetail(m)
	return elem("div", "class", "match-line").Body(
		icon(objectIcon(c.Match.Chosen.ObjectTypeID)),
		words("span", orElse(detail, e.t("match.in-hubspot")), "class", "match-detail", "title", detail),
		app.If(c.CanOpen.Why != softphone.NotHere && c.CanOpen.Why != softphone.NoRecord, func() app.UI {
			return button{
				kind: "link", icon: "open", label: e.t("match.open"), can: c.CanOpen,
				do: send{softphone.RecordOpened{Key: c.Key}}, describe: describedBy("open-why", why(c.CanOpen, e)),
			}.draw(e)
		}),
		words("span", why(c.CanOpen, e), "class", "sr", "id", "open-why", "hidden", flag(why(c.CanOpen, e) == "")),
	)
}

func chosenMatch(c softphone.CallView) softphone.Match {
	for _, m := range c.Match.Matches {
		if c.Match.Chosen != nil && same(m.Record, *c.Match.Chosen) {
			return m
		}
	}
	return softphone.Match{}
}

func same(a, b softphone.RecordRef) bool {
	return a.ObjectTypeID == b.ObjectTypeID && a.ObjectID == b.ObjectID
}

func matchDetail(m softphone.Match) string {
	switch {
	case m.Company != "" && m.Email != "":
		return m.Company + " · " + m.Email
	case m.Company != "":
		return m.Company
	}
	return m.Email
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func objectIcon(typeID string) string {
	switch typeID {
	case "0-2":
		return "company"
	case "0-3":
		return "deal"
	case "0-5":
		return "ticket"
	}
	return "person"
}

// matchPicker asks which of several records the call belongs to.
func matchPicker(c softphone.CallView, e Env) app.UI {
	rows := make([]app.UI, 0, len(c.Match.Matches)+2)
	rows = append(rows, words("legend", e.t("match.several"), "class", "label"))
	for _, m := range c.Match.Matches {
		rows = append(rows, matchRow(c, m.Record, orElse(m.Record.Name, e.t("match.unnamed")), matchDetail(m), matchWhy(m, c, e), e))
	}
	rows = append(rows, matchRow(c, softphone.RecordRef{}, e.t("match.not-listed"), "", "", e))
	return elem("fieldset", "class", "choices", "role", "radiogroup").Body(rows...)
}

// matchWhy says what a record was found by, and when there was last contact.
func matchWhy(m softphone.Match, c softphone.CallView, e Env) string {
	s := e.t("match.why-hubspot")
	switch {
	case m.Via == "variable":
		s = e.t("match.why-variable", variableLabel(m.Why, c))
	case m.Via == "recent":
		s = e.t("match.why-recent")
	case m.Why != "" && has("match.number-"+m.Why):
		s = e.t("match.number-" + m.Why)
	case m.Why != "":
		s = e.t("match.why-own", m.Why)
	}
	if m.RecentAt.IsZero() {
		return s
	}
	return s + " · " + e.t("match.spoken", date(m.RecentAt, e))
}

// variableLabel is what the agent knows a call variable as.
func variableLabel(name string, c softphone.CallView) string {
	for _, x := range c.Variables {
		if x.Name == name {
			return orElse(x.Label, name)
		}
	}
	return name
}

func matchRow(c softphone.CallView, ref softphone.RecordRef, name, detail, why string, e Env) app.UI {
	chosen := c.Match.Chosen != nil && same(ref, *c.Match.Chosen)
	return elem("label", "class", "choice").Body(
		input("type", "radio", "name", "match", "value", ref.ObjectTypeID+"/"+ref.ObjectID, "checked", flag(chosen)).OnChange(e.on(chooseMatch{c.Key, ref})),
		elem("span", "class", "choice-text").Body(
			words("span", name, "class", "choice-name"),
			words("span", detail, "class", "choice-detail", "hidden", flag(detail == "")),
			words("span", why, "class", "choice-detail choice-why", "hidden", flag(why == "")),
		),
	)
}

// noMatch offers to create a contact with the call's number.
func noMatch(c softphone.CallView, e Env) app.UI {
	f := e.Local.Contact
	if !f.Open {
		return elem("div", "class", "match-line").Body(
			icon("person"),
			words("span", e.t("match.none"), "class", "match-detail"),
			button{id: "create", kind: "link", icon: "plus", label: e.t("match.create"), can: yes, do: openContact{}}.draw(e),
		)
	}
	saving := e.t("match.save")
	if f.Sent {
		saving = e.t("match.saving")
	}
	return elem("fieldset", "class", "card contact").Body(
		words("legend", e.t("match.create"), "class", "sr"),
		contactField(fieldFirst, "match.first", f.First, e),
		contactField(fieldLast, "match.last", f.Last, e),
		words("p", e.t("match.with-number", callNumber(c, e)), "class", "field-note"),
		elem("div", "class", "contact-buttons").Body(
			button{id: "contact-save", kind: "primary small", label: saving, can: yes, busy: f.Sent, do: createContact{c.Key}}.draw(e),
			button{id: "contact-close", kind: "plain small", label: e.t("match.cancel"), can: yes, do: closeContact{}}.draw(e),
		),
	)
}

func contactField(f field, label, value string, e Env) app.UI {
	return elem("div", "class", "contact-field").Body(
		words("label", e.t(label), "class", "label", "for", string(f)),
		input("class", "field", "id", string(f), "type", "text", "autocomplete", "off", "value", value).OnInput(e.input(f)),
	)
}

// chooseMatch picks a record; the zero one is "not listed".
type chooseMatch struct {
	Key    softphone.CallKey
	Record softphone.RecordRef
}

func (i chooseMatch) apply(p *Panel) {
	ev := softphone.MatchChosen{Key: i.Key}
	if i.Record.ObjectID != "" {
		ev.Record = &i.Record
	}
	p.send(ev)
}

// openContact shows the form, with the name that Webex gave where it is one.
type openContact struct{}

func (openContact) apply(p *Panel) {
	p.local.Contact = ContactForm{Open: true}
	p.focus = string(fieldFirst)
}

// closeContact puts the form away.
type closeContact struct{}

func (closeContact) apply(p *Panel) {
	p.local.Contact = ContactForm{}
	p.focus = "create"
}

// createContact asks for the contact.
type createContact struct{ Key softphone.CallKey }

func (i createContact) apply(p *Panel) {
	f := &p.local.Contact
	if f.Sent {
		return
	}
	if f.First == "" && f.Last == "" {
		p.local.Hint = T(p.Lang, "match.name-needed")
		p.say(p.local.Hint)
		p.focus = string(fieldFirst)
		return
	}
	f.Sent = true
	p.send(softphone.ContactCreateRequested{Key: i.Key, FirstName: f.First, LastName: f.Last})
}
