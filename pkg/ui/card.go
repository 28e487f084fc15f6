package ui

import (
	"strconv"
	"strings"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// The customer card: what there is to know of the other side, below their
// name. Its body has one height while it loads and when it is there, so that
// nothing moves under the agent's hands, and it scrolls by itself.

// card is the card in a call: a heading that folds it away, and its body.
func card(c softphone.CallView, v softphone.View, e Env) app.UI {
	if !hasCard(c) {
		return nothing()
	}
	closed := e.Local.Prefs.CardClosed
	counts := strings.Join(cardCounts(c.Card, e), " · ")
	return elem("div", "class", "customer-card").Body(
		elem("h3", "class", "card-head").Body(
			elem("button", "type", "button", "class", "card-toggle", "id", "card-toggle", "aria-expanded", flag(!closed), "aria-controls", "card-body").
				OnClick(e.on(toggleCard{})).Body(
				words("span", e.t("card.title"), "class", "card-title"),
				words("span", counts, "class", "card-counts", "title", counts),
				icon("down"),
			),
		),
		elem("div", "class", "card-body", "id", "card-body", "hidden", flag(closed), "aria-busy", flag(c.CardState == softphone.CardLoading)).Body(
			key("card "+string(c.CardState), func() app.UI {
				switch c.CardState {
				case softphone.CardLoading:
					return cardSkeleton(e)
				case softphone.CardFailed:
					return cardFailed(c, e)
				}
				return cardContent(c, v, e)
			}),
		),
	)
}

// hasCard says whether there is anything to show, or will be.
func hasCard(c softphone.CallView) bool {
	x := c.Card
	switch c.CardState {
	case softphone.CardLoading, softphone.CardFailed:
		return true
	case softphone.CardShown:
		return x.Company != nil || x.NoCalls || x.Email != "" || x.JobTitle != "" || x.Stage != "" || x.Owner != "" ||
			len(x.Deals)+len(x.Tickets)+len(x.Recent)+len(x.Missing) > 0
	}
	return false
}

// cardLine is the card while it rings: one line under the company's.
func cardLine(c softphone.CallView, e Env) app.UI {
	counts := strings.Join(cardCounts(c.Card, e), " · ")
	switch {
	case c.CardState == softphone.CardLoading:
		return elem("p", "class", "card-line").Body(elem("span", "class", "card-bar"), sr(e.t("card.loading")))
	case c.CardState == softphone.CardShown && counts != "":
		return words("p", counts, "class", "card-line")
	}
	return nothing()
}

// cardCounts are what is open, as words.
func cardCounts(x softphone.Card, e Env) []string {
	var out []string
	for _, n := range []struct {
		id    string
		count int
	}{{"deal", len(x.Deals)}, {"ticket", len(x.Tickets)}} {
		switch {
		case n.count == 1:
			out = append(out, e.t("card.one-"+n.id))
		case n.count > 1:
			out = append(out, e.t("card.n-"+n.id, strconv.Itoa(n.count)))
		}
	}
	return out
}

func cardSkeleton(e Env) app.UI {
	return elem("div", "class", "card-sk").Body(
		sr(e.t("card.loading")),
		elem("span", "class", "card-bar"), elem("span", "class", "card-bar"), elem("span", "class", "card-bar"),
	)
}

func cardFailed(c softphone.CallView, e Env) app.UI {
	return elem("div", "class", "find-state").Body(
		icon("notice-info"), words("span", e.t("card.failed")),
		button{id: "card-retry", kind: "link", label: e.t("find.retry"), can: yes, do: send{softphone.CardAsked{Key: c.Key}}}.draw(e),
	)
}

func cardContent(c softphone.CallView, v softphone.View, e Env) app.UI {
	x := c.Card
	can := yes
	if !c.HasPortal {
		can = softphone.Can{Why: softphone.NoHost}
	}
	facts := cardFacts(c, e)
	return elem("div", "class", "card-content").Body(
		app.If(x.NoCalls && !warnsNoCalls(c), func() app.UI {
			return elem("div", "class", "chips").Body(chip("warn", "notice-warn", e.t("no-calls.title")))
		}),
		words("p", facts, "class", "card-facts", "hidden", flag(facts == "")),
		words("p", why(can, e), "class", "sr", "id", "card-why", "hidden", flag(can.OK)),
		cardGroup("company", companies(x), func(i softphone.CardItem) string { return i.Detail }, c.Key, can, e),
		cardGroup("deals", x.Deals, func(i softphone.CardItem) string { return dealDetail(i, e) }, c.Key, can, e),
		cardGroup("tickets", x.Tickets, func(i softphone.CardItem) string { return ticketDetail(i, e) }, c.Key, can, e),
		cardRecent(x.Recent, v, e),
		cardMissing(x, e),
	)
}

// cardFacts are who somebody is. What the match says already is not repeated.
func cardFacts(c softphone.CallView, e Env) string {
	x := c.Card
	var facts []string
	if x.JobTitle != "" {
		facts = append(facts, x.JobTitle)
	}
	if x.Email != "" && (c.Phase == softphone.WrapUp || x.Email != chosenMatch(c).Email) {
		facts = append(facts, x.Email)
	}
	if x.Stage != "" {
		facts = append(facts, e.t("card.stage", x.Stage))
	}
	if x.Owner != "" {
		facts = append(facts, e.t("card.owner", x.Owner))
	}
	return strings.Join(facts, " · ")
}

func companies(x softphone.Card) []softphone.CardItem {
	if x.Company == nil {
		return nil
	}
	return []softphone.CardItem{*x.Company}
}

// cardGroup is a list of records, each of which opens in HubSpot. Its
// title is for those who do not see the rows' pictures.
func cardGroup(id string, items []softphone.CardItem, detail func(softphone.CardItem) string, k softphone.CallKey, can softphone.Can, e Env) app.UI {
	if len(items) == 0 {
		return nothing()
	}
	rows := make([]app.UI, 0, len(items))
	for _, x := range items {
		rows = append(rows, elem("li").Body(cardRow(x, detail(x), k, can, e)))
	}
	return elem("div", "class", "card-group").Body(
		words("h4", e.t("card."+id), "class", "sr", "id", "card-"+id),
		elem("ul", "aria-labelledby", "card-"+id).Body(rows...),
	)
}

func cardRow(x softphone.CardItem, detail string, k softphone.CallKey, can softphone.Can, e Env) app.UI {
	name := orElse(e.name(x.Record.Name), e.t("match.unnamed"))
	body := []app.UI{
		icon(objectIcon(x.Record.ObjectTypeID)),
		words("span", name, "class", "card-name", "title", name),
		words("span", detail, "class", "card-detail", "hidden", flag(detail == "")),
	}
	if x.URL != "" {
		return newTab(x.URL, body, e)
	}
	var do Intent = send{softphone.RecordShown{Key: k, Record: x.Record}}
	if !can.OK {
		do = explain{can.Why}
	}
	el := elem("button", "type", "button", "class", "card-row", "aria-describedby", describedBy("card-why", why(can, e))).OnClick(e.on(do)).Body(body...)
	if !can.OK {
		el = el.Aria("disabled", true)
	}
	return el
}

// dealDetail is Negotiation · 12,000 EUR · closes 30 November.
func dealDetail(x softphone.CardItem, e Env) string {
	closes := ""
	switch {
	case x.At.IsZero():
	case x.At.Before(e.Now) && !sameDay(x.At, e.Now):
		closes = e.t("card.overdue", date(x.At, e))
	default:
		closes = e.t("card.closes", date(x.At, e))
	}
	return dotted(x.Stage, amount(e.Lang, x.Amount), closes)
}

// ticketDetail is Waiting on us · high priority · open for 3 days.
func ticketDetail(x softphone.CardItem, e Env) string {
	priority := x.Detail
	if id := "card.priority-" + strings.ToUpper(priority); has(id) {
		priority = e.t(id)
	}
	open := ""
	if old := age(x.At, e); old != "" {
		open = e.t("card.open-for", old)
	}
	return dotted(x.Stage, priority, open)
}

// cardRecent are the last interactions, with anybody of ours.
func cardRecent(all []softphone.CardRecent, v softphone.View, e Env) app.UI {
	if len(all) == 0 {
		return nothing()
	}
	rows := make([]app.UI, 0, len(all))
	for _, x := range all {
		rows = append(rows, elem("li").Body(interaction(x, v, e)))
	}
	return elem("div", "class", "card-group").Body(
		words("h4", e.t("card.recent"), "class", "sr", "id", "card-recent"),
		elem("ul", "aria-labelledby", "card-recent").Body(rows...),
	)
}

func interaction(x softphone.CardRecent, v softphone.View, e Env) app.UI {
	with := x.Agent
	if with != "" && with == v.Agent.Name {
		with = e.t("conference.you")
	}
	picture, way := "call-in", "call.inbound"
	switch {
	case x.Direction == softphone.Outbound:
		picture, way = "call-out", "call.outbound"
	case x.Outcome == softphone.MissedOut:
		picture, way = "call-missed", "call.missed"
	}
	if other := channelIcon(x.Channel); other != "call" {
		picture = other
	}
	ended := ""
	if id := "outcome." + string(x.Outcome); has(id) && x.Outcome != softphone.MissedOut {
		ended = e.t(id)
	}
	at := date(x.At, e) + ", " + clock(x.At)
	body := []app.UI{
		icon(picture),
		words("span", at, "class", "card-name", "title", at),
		words("span", dotted(e.t(way), ended, with, x.Queue, x.Reason), "class", "card-detail"),
	}
	if x.URL == "" {
		return elem("div", "class", "card-row").Body(body...)
	}
	return newTab(x.URL, body, e)
}

// newTab is a row that is a link: HubSpot's calling frame goes to contacts and
// companies only, and a new tab leaves alone what is being typed.
func newTab(url string, body []app.UI, e Env) app.UI {
	return elem("a", "class", "card-row", "href", url, "target", "_blank", "rel", "noopener").Body(append(body, sr(" "+e.t("receipt.new-tab")))...)
}

// cardMissing is one quiet line about what could not be had.
func cardMissing(x softphone.Card, e Env) app.UI {
	if len(x.Missing) == 0 {
		return nothing()
	}
	names := make([]string, 0, len(x.Missing))
	for _, part := range x.Missing {
		names = append(names, e.t("card.part-"+part))
	}
	return words("p", e.t("card.missing", strings.Join(names, ", ")), "class", "note")
}

// dotted joins what there is: Billing · Inbound.
func dotted(parts ...string) string {
	s := ""
	for _, part := range parts {
		switch {
		case part == "":
		case s == "":
			s = part
		default:
			s += " · " + part
		}
	}
	return s
}

// amount puts a whole amount's thousands apart: 12,000 EUR. Another one stays
// as it came.
func amount(lang, text string) string {
	sum, currency, _ := strings.Cut(text, " ")
	whole, cents, _ := strings.Cut(sum, ".")
	n, err := strconv.Atoi(whole)
	if err != nil || strings.Trim(cents, "0") != "" {
		return text
	}
	return strings.TrimSpace(Number(lang, n) + " " + currency)
}

// toggleCard folds the card away, or out again; it is remembered.
type toggleCard struct{}

func (toggleCard) apply(p *Panel) { p.setPrefs(func(s *Prefs) { s.CardClosed = !s.CardClosed }) }
