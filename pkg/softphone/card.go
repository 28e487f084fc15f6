package softphone

import "time"

// The customer's card: what the backend knows of the record that a call belongs
// to. It comes after the match, and never holds anything up.

// A Card is what there is to know of a customer. It may come late, and in
// part.
type Card struct {
	Record   RecordRef
	Email    string
	Phone    string
	JobTitle string
	Stage    string // Lifecycle stage.
	Owner    string
	NoCalls  bool
	Company  *CardItem
	Deals    []CardItem // Open ones, newest first.
	Tickets  []CardItem // Likewise.
	Recent   []CardRecent
	Missing  []string // What could not be had: company, deals, tickets, recent.
}

// A CardItem is a record on a card.
type CardItem struct {
	Record RecordRef
	Stage  string
	Amount string    // Of a deal, with its currency.
	Detail string    // Of a company its domain, of a ticket its priority.
	At     time.Time // A deal's closing date, a ticket's creation; zero when unknown.
	URL    string    // Of its page in HubSpot. Empty for one that a [RecordShown] opens.
}

// A CardRecent is an interaction on a card.
type CardRecent struct {
	At        time.Time
	Channel   Channel
	Direction Direction
	Agent     string
	Queue     string
	Outcome   Outcome
	Reason    string // Of the wrap-up.
	URL       string // Of the activity.
}

// A CardState says how far a card has come.
type CardState string

// The card states. NoCard: there is no record to show one of.
const (
	NoCard      CardState = ""
	CardLoading CardState = "loading"
	CardShown   CardState = "shown"
	CardFailed  CardState = "failed" // The agent may ask again.
)

// same says whether two references name one record.
func (r RecordRef) same(o RecordRef) bool {
	return r.ObjectTypeID == o.ObjectTypeID && r.ObjectID == o.ObjectID
}

// loadCard asks for the card of the chosen record, once for each record.
func (m *machine) loadCard(key CallKey) {
	c, ok := m.s.Calls[key]
	if !ok || c.Matching.Chosen == nil || c.CardState != NoCard {
		return
	}
	m.edit(key, func(c *Call) { c.CardState = CardLoading })
	m.do(LoadCard{Key: key, Record: *c.Matching.Chosen})
}

// cardAsked tries again.
func (m *machine) cardAsked(key CallKey) {
	if m.s.Calls[key].CardState == CardFailed {
		m.edit(key, func(c *Call) { c.CardState = NoCard })
	}
	m.loadCard(key)
}

func (m *machine) cardLoaded(e CardLoaded) {
	if !m.awaitsCard(e.Key, e.Card.Record) {
		return
	}
	m.edit(e.Key, func(c *Call) { c.Card, c.CardState = e.Card, CardShown })
	m.name(e.Key, e.Card.Record)
}

func (m *machine) cardMissed(e CardMissed) {
	if m.awaitsCard(e.Key, e.Record) {
		m.edit(e.Key, func(c *Call) { c.CardState = CardFailed })
	}
}

// awaitsCard says whether an answer is about the record that is chosen now.
func (m *machine) awaitsCard(key CallKey, of RecordRef) bool {
	c, ok := m.s.Calls[key]
	return ok && c.CardState == CardLoading && c.Matching.Chosen != nil && c.Matching.Chosen.same(of)
}

// recordShown opens a record beside the call's own. It is no pop: that of the
// call may still come.
func (m *machine) recordShown(e RecordShown) {
	if _, ok := m.s.Calls[e.Key]; ok && e.Record.ObjectTypeID != "" && e.Record.ObjectID != "" {
		m.navigate(e.Key, e.Record)
	}
}
