package ledger

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"deskbridge/pkg/backend"
)

// ticketError is what went wrong with the ticket of a call that is written.
type ticketError struct{ err error }

func (e *ticketError) Error() string { return "ticket: " + e.err.Error() }

func (e *ticketError) Unwrap() error { return e.err }

// stageProperties say where a ticket is. They are written when it is made, and
// never again: then it is people's and workflows' to move.
var stageProperties = []string{"hs_pipeline", "hs_pipeline_stage"}

// asksTicket says whether the agent has asked for a ticket that there is not
// yet.
func (r row) asksTicket() bool { return r.Record.Ticket && r.Ticket.ID == "" && !r.Object.Erased }

// ticketDue says whether the admin wants a ticket for the call.
func (w *writing) ticketDue() bool {
	return w.rec.Final && answered(w.rec) && covers(w.settings.TicketFor, w.rec.Direction)
}

// wantsTicket says whether a call that is not logged has a ticket all the same:
// where it is its direction that is not logged, and not its number or the offer.
func (w *writing) wantsTicket(why *unwantedError) bool {
	return (why == errInbound || why == errOutbound) && (w.rec.Ticket || w.ticketDue() || w.row.Ticket.ID != "")
}

// ticketed makes the ticket of the call's interaction, keeps it up to date, or
// updates the one that the call is about. What HubSpot refuses of it never
// keeps the call from being written: it is the last that is done.
func (w *writing) ticketed(ctx context.Context) error {
	if err := w.ticket(ctx); err != nil {
		var wait *patience
		if errors.As(err, &wait) || errors.Is(err, errLeaseLost) {
			return err
		}
		return &ticketError{err}
	}
	return nil
}

// ticket decides. An interaction has one ticket of ours, however many agents
// and offers it had: the first of its records that wants one makes it, the
// others' calls are associated with it. Where the admin wants tickets, a call
// that is about one already gets no other: one whose record is a ticket, or to
// whose record the rule for tickets gave exactly one. Who asks with the button
// gets one in any case.
func (w *writing) ticket(ctx context.Context) error {
	o := &w.row.Ticket
	if w.row.Object.Erased {
		return nil
	}
	if o.Ours && o.ID != "" || o.CreatingAt != 0 {
		return w.makeTicket(ctx)
	}
	about := w.aboutTicket()
	if !w.rec.Ticket && !w.ticketDue() {
		return w.updateTicket(ctx, about)
	}
	wants := w.rec.Ticket || about == ""
	maker, err := w.claimTicket(ctx, wants)
	switch {
	case err != nil:
		return err
	case maker.Key != "" && maker.Key != w.row.Key:
		return w.shareTicket(ctx, maker)
	case !wants:
		return w.updateTicket(ctx, about)
	}
	if o.ID != "" {
		*o = object{} // The one that it was about; now there is to be one of its own.
	}
	return w.makeTicket(ctx)
}

// aboutTicket is the ticket that the call is about, empty if there is none, or
// several.
func (w *writing) aboutTicket() string {
	if typeID, id, _ := cutRef(linkOf(w.rec)); typeID == ticketType {
		return id
	}
	var found []string
	for _, ref := range w.row.Object.Links {
		if typeID, id, _ := cutRef(ref); typeID == ticketType {
			found = append(found, id)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// ticketKey is what an interaction's ticket is called: by the interaction's id,
// or by the record's key where it has none.
func ticketKey(r backend.Record) string { return cmp.Or(r.InteractionID, r.Key) }

// claimTicket returns the record that makes the interaction's ticket: this one
// from now on, if it wants to and there is no other. None has an empty key.
func (w *writing) claimTicket(ctx context.Context, wants bool) (maker row, err error) {
	org, name := w.row.Agent.OrgID, ticketKey(w.rec)
	err = w.l.store.inTx(ctx, func(tx tx) error {
		if wants {
			_, err := tx.exec(ctx, `INSERT INTO deskbridge_ticket (org_id, interaction, key) VALUES ($1, $2, $3)
				ON CONFLICT (org_id, interaction) DO UPDATE SET key = excluded.key
				WHERE NOT EXISTS (SELECT 1 FROM deskbridge_record r WHERE r.key = deskbridge_ticket.key)`, org, name, w.row.Key)
			if err != nil {
				return err
			}
		}
		rows, err := w.l.store.rows(ctx, tx, `WHERE key = (SELECT key FROM deskbridge_ticket WHERE org_id = $1 AND interaction = $2)`, org, name)
		if err == nil && len(rows) > 0 {
			maker = rows[0]
		}
		return err
	})
	return maker, err
}

// makeTicket makes the ticket, or brings it up to date, and associates it with
// the customer and the interaction's calls. One that a person deleted stays
// deleted.
func (w *writing) makeTicket(ctx context.Context) error {
	o, crm := &w.row.Ticket, w.portal.Tickets
	if crm == nil || w.portal.Records == nil {
		return errors.New("ledger: a portal without tickets")
	}
	able, err := w.state.ticketAbility(ctx, crm, w.l.c.Now())
	if err != nil {
		return err
	}
	ownerID, err := w.state.owner(ctx, w.portal.CRM, w.row.Agent.Email, w.l.c.Now())
	if err != nil && !refused(err) {
		return err
	}
	props := w.ticketProperties(able, ownerID)
	if o.ID == "" {
		if err := w.addStage(ctx, props); err != nil {
			return err
		}
		if err := w.createOnce(ctx, crm, o, able, ticketQuery(ticketKey(w.rec), able), props); err != nil {
			return err
		}
	} else {
		for _, name := range stageProperties {
			delete(props, name)
		}
		if err := patchKnown(ctx, crm, o, props); err != nil {
			return gone(err)
		}
	}
	o.URL = w.ticketURL(o.ID)
	if err := w.note(ctx); err != nil {
		return err
	}
	// Those of the others that came meanwhile, too: whoever is later sees the
	// other; see shareTicket.
	if err := w.meet(ctx); err != nil {
		return err
	}
	return gone(w.link(ctx, crm, o, w.ticketLinks()))
}

// addStage adds where a new ticket begins; HubSpot requires it.
func (w *writing) addStage(ctx context.Context, props map[string]string) error {
	if props["hs_pipeline_stage"] != "" {
		return nil // The admin says so.
	}
	pipeline, stage, err := w.portal.Records.FirstStage(ctx, ticketType)
	if err != nil {
		return err
	}
	props["hs_pipeline"], props["hs_pipeline_stage"] = pipeline, stage
	return nil
}

// patchKnown writes what differs from what was written last.
func patchKnown(ctx context.Context, crm CRM, o *object, props map[string]string) error {
	for name, value := range props {
		if old, ok := o.Written[name]; !ok || old != value {
			return patch(ctx, crm, o, props)
		}
	}
	return nil
}

// gone is an error, unless it says that something was deleted.
func gone(err error) error {
	if isStatus(err, http.StatusNotFound) {
		return nil
	}
	return err
}

// ticketLinks are what the ticket is associated with: the customer, and all
// calls of the interaction that are written.
func (w *writing) ticketLinks() []string {
	var want []string
	for _, ref := range append([]string{linkOf(w.rec)}, w.row.Object.Links...) {
		if typeID, _, _ := cutRef(ref); typeID == contactType || typeID == companyType {
			want = append(want, ref)
		}
	}
	for _, r := range slices.Concat(w.peers, []row{w.row}) {
		if r.Object.ID != "" && r.Object.ID != r.Object.Dropped && r.Object.Portal == w.portal.ID {
			want = append(want, callType+"/"+r.Object.ID)
		}
	}
	for _, ref := range w.row.Ticket.Links {
		if typeID, _, _ := cutRef(ref); typeID == callType {
			want = append(want, ref)
		}
	}
	return union(want)
}

// shareTicket associates the call with the ticket that another record of the
// interaction has made. Where that is still to be made, its maker does so.
func (w *writing) shareTicket(ctx context.Context, maker row) error {
	o := &w.row.Ticket
	if o.ID != "" || maker.Ticket.ID == "" || w.row.Object.ID == "" || maker.Ticket.Portal != w.portal.ID || w.portal.Tickets == nil {
		return nil
	}
	if err := gone(w.portal.Tickets.Link(ctx, maker.Ticket.ID, callType, w.row.Object.ID)); err != nil {
		return err
	}
	*o = object{ID: maker.Ticket.ID, Portal: w.portal.ID, URL: maker.Ticket.URL}
	return w.note(ctx)
}

// updateTicket writes the admin's properties to the ticket that the call is
// about, once for the call; afterwards what people change there stays.
func (w *writing) updateTicket(ctx context.Context, id string) error {
	o, crm := &w.row.Ticket, w.portal.Tickets
	if id == "" || !w.settings.UpdateTicket || !w.rec.Final || len(w.settings.TicketProperties) == 0 {
		return nil
	}
	if crm == nil {
		return errors.New("ledger: a portal without tickets")
	}
	able, err := w.state.ticketAbility(ctx, crm, w.l.c.Now())
	if err != nil {
		return err
	}
	props := w.filled(able)
	for _, name := range stageProperties {
		delete(props, name)
	}
	if len(props) == 0 {
		return nil
	}
	if o.ID != id {
		*o = object{ID: id, Portal: w.portal.ID, URL: w.ticketURL(id)}
	}
	if o.Written != nil {
		err = patchKnown(ctx, crm, o, props)
	} else if err = crm.Update(ctx, id, props); err == nil {
		o.Written = maps.Clone(props)
	}
	if err != nil {
		return gone(err)
	}
	return w.note(ctx)
}

// ticketProperties are the ticket of the record.
func (w *writing) ticketProperties(able *ability, ownerID string) map[string]string {
	m := w.mapping()
	subject := strings.Join(strings.Fields(m.fill(w.settings.TicketSubject)), " ")
	props := w.filled(able)
	props["subject"] = clipText(cmp.Or(subject, title(w.rec)), maxTitle)
	lines := []string{props["content"]}
	if lines[0] == "" {
		lines = []string{title(w.rec), w.rec.Number}
	}
	name := ticketKey(w.rec)
	if able.has(keyProperty) {
		props[keyProperty] = name
	} else {
		lines = append(lines, "Reference: "+mark(name))
	}
	props["content"] = strings.TrimSpace(strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), "\n"))
	if ownerID != "" {
		props["hubspot_owner_id"] = ownerID
	}
	return props
}

// ticketQuery finds the ticket of an interaction: by our property, else by the
// mark in its text.
func ticketQuery(name string, able *ability) Query {
	if able.has(keyProperty) {
		return Query{Equal: map[string]string{keyProperty: name}}
	}
	return Query{Word: map[string]string{"content": mark(name)}}
}

// filled are the admin's properties of tickets, as far as the portal can hold
// them. Where its properties cannot be read, all of them are tried.
func (w *writing) filled(able *ability) map[string]string {
	m, out := w.mapping(), map[string]string{}
	for name, template := range w.settings.TicketProperties {
		value := m.fill(template)
		property, known := able.names[name]
		if value == "" || !known && len(able.names) > 0 || property.ReadOnly || property.Unique {
			continue
		}
		if value, ok := fit(value, property); ok {
			out[name] = value
		}
	}
	return out
}

// mapping is the record with what templates need.
func (w *writing) mapping() mapping {
	return mapping{rec: w.rec, agent: w.row.Agent, portal: w.portal, settings: w.settings, able: &ability{}}
}

func (w *writing) ticketURL(id string) string { return w.page(ticketType, id) }
