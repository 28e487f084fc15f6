package engine

import (
	"context"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/softphone"
)

// Whose call it is: what the backend is asked about the customer.

func (e *Engine) lookUp(ctx context.Context, c softphone.LookUp) error {
	found, err := e.cfg.Backend.Lookup(ctx, backend.Lookup{
		Number: c.Number, Direction: string(c.Direction), PortalID: e.portal(), Variables: toVariables(c.Variables),
		Layout: e.layout(),
	})
	if err != nil {
		return err
	}
	e.Send(softphone.LookedUp{Key: c.Key, Matches: matches(found.Matches), Display: found.Display})
	return nil
}

func (e *Engine) createContact(ctx context.Context, c softphone.CreateContact) error {
	made, err := e.cfg.Backend.CreateContact(ctx, backend.NewContact{
		Number: c.Number, FirstName: c.FirstName, LastName: c.LastName, PortalID: e.portal(),
		Direction: string(c.Direction), Queue: c.Queue, Variables: toVariables(c.Variables), Layout: e.layout(),
	})
	if err != nil {
		return err
	}
	e.Send(softphone.ContactCreated{Key: c.Key, Match: match(made)})
	return nil
}

func (e *Engine) loadCard(ctx context.Context, c softphone.LoadCard) error {
	got, err := e.cfg.Backend.Card(ctx, backend.CardQuery{Record: backend.Ref(c.Record), PortalID: e.portal()})
	if err != nil {
		return err
	}
	// A merged record answers under its new id: it is still the one asked for.
	got.Record.ObjectTypeID, got.Record.ObjectID = c.Record.ObjectTypeID, c.Record.ObjectID
	e.Send(softphone.CardLoaded{Key: c.Key, Card: card(got)})
	return nil
}

func card(c backend.Card) softphone.Card {
	out := softphone.Card{
		Record: softphone.RecordRef(c.Record), Email: c.Email, Phone: c.Phone, JobTitle: c.JobTitle, Stage: c.Stage, Owner: c.Owner,
		NoCalls: c.NoCalls, Deals: cardItems(c.Deals), Tickets: cardItems(c.Tickets), Missing: c.Missing,
	}
	if c.Company != nil {
		company := cardItem(*c.Company)
		out.Company = &company
	}
	for _, r := range c.Recent {
		out.Recent = append(out.Recent, softphone.CardRecent{
			At: moment(r.At), Channel: softphone.Channel(r.Channel), Direction: softphone.Direction(r.Direction), Agent: r.Agent,
			Queue: r.Queue, Outcome: softphone.Outcome(r.Outcome), Reason: r.Reason, URL: r.URL,
		})
	}
	return out
}

func cardItems(in []backend.CardItem) []softphone.CardItem {
	var out []softphone.CardItem
	for _, x := range in {
		out = append(out, cardItem(x))
	}
	return out
}

func cardItem(x backend.CardItem) softphone.CardItem {
	return softphone.CardItem{
		Record: softphone.RecordRef(x.Record), Stage: x.Stage, Amount: x.Amount, Detail: x.Detail, At: moment(x.At), URL: x.URL,
	}
}

func matches(in []backend.Match) []softphone.Match {
	out := make([]softphone.Match, 0, len(in))
	for _, m := range in {
		out = append(out, match(m))
	}
	return out
}

func match(m backend.Match) softphone.Match {
	return softphone.Match{
		Record: softphone.RecordRef(m.Record), Email: m.Email, Company: m.Company, Why: m.Why, NoCalls: m.NoCalls,
		Via: m.Via, RecentAt: moment(m.RecentAt),
	}
}
