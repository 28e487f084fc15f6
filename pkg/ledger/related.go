package ledger

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"
)

// The types of records that calls are associated with.
const (
	contactType = "0-1"
	companyType = "0-2"
	dealType    = "0-3"
	ticketType  = "0-5"
	callType    = "0-48"
)

// maxAssociates is how many deals or tickets of one record are looked at, and
// maxRelated how many are linked at most: the newest.
const (
	maxAssociates = 100
	maxRelated    = 20
)

// Records is what the ledger reads of contacts, companies, deals and tickets.
// Errors are as those of [CRM]. HubSpotRecords makes one.
type Records interface {
	// Associated lists the records of one type that a record is associated with.
	Associated(ctx context.Context, objectTypeID, objectID, toTypeID string) ([]Associate, error)
	// Items reads deals or tickets; those that are gone are left out.
	Items(ctx context.Context, objectTypeID string, ids []string) ([]Item, error)
	// ClosedStages are the ids of the stages in which deals, or tickets, are over.
	ClosedStages(ctx context.Context, objectTypeID string) (map[string]bool, error)
	// FirstStage is where new tickets, or deals, begin: the default pipeline and
	// its first stage that is open.
	FirstStage(ctx context.Context, objectTypeID string) (pipeline, stage string, err error)
}

// An Associate is a record that another one is associated with.
type Associate struct {
	ID      string
	Primary bool // Of companies: the record's own.
}

// An Item is a deal or a ticket.
type Item struct {
	ID     string
	Stage  string
	Closed bool // HubSpot says so, whatever the stage.
	At     time.Time
}

// notRead is what is noticed of a portal that lacks a scope: it is not asked
// again for a while.
const notRead = "associates not read"

// related are all records that the call is to be associated with, its own
// included, and by which record and rules they were chosen. They are chosen
// once: a deal that is closed later does not take the call away. Until the
// record is final it may still change hands.
func (w *writing) related(ctx context.Context, own string) (want []string, by string, err error) {
	s, o := w.settings, &w.row.Object
	if own == "" {
		return nil, "", nil
	}
	by = own + " " + s.Companies + " " + s.Deals + " " + s.Tickets
	if o.Related == by {
		return union([]string{own}, o.Links, o.Linking), by, nil
	}
	want = []string{own}
	if !w.rec.Final || w.portal.Records == nil {
		return want, "", nil
	}
	for _, kind := range kindsBeside(own, s) {
		if w.state.refuses(notRead+" "+kind.typeID, w.l.c.Now()) {
			continue
		}
		ids, err := w.choose(ctx, own, kind.typeID, kind.rule)
		if isStatus(err, http.StatusForbidden) {
			w.notice(notRead, kind.typeID, err)
			continue
		}
		if refused(err) {
			continue
		}
		if err != nil {
			return nil, "", err
		}
		refs, err := w.notOthers(ctx, kind.typeID, ids)
		if err != nil {
			return nil, "", err
		}
		want = append(want, refs...)
	}
	return union(want), by, nil
}

// beside is a type of records to choose from, and how.
type beside struct{ typeID, rule string }

// kindsBeside says what is associated beside a record of that type. Who a deal
// or ticket is about counts if there is one only: of several nobody knows who
// was on the phone.
func kindsBeside(own string, s Settings) []beside {
	companies, deals, tickets := beside{companyType, s.Companies}, beside{dealType, s.Deals}, beside{ticketType, s.Tickets}
	contact := beside{contactType, "one"}
	var all []beside
	switch typeID, _, _ := cutRef(own); typeID {
	case contactType:
		all = []beside{companies, deals, tickets}
	case companyType:
		all = []beside{deals, tickets}
	case dealType, ticketType:
		all = []beside{contact, companies}
	}
	return slices.DeleteFunc(all, func(b beside) bool { return b.rule == "" || b.rule == "off" })
}

// choose reads what the record is associated with and applies the rule.
func (w *writing) choose(ctx context.Context, own, typeID, rule string) ([]string, error) {
	from, id, _ := cutRef(own)
	found, err := w.portal.Records.Associated(ctx, from, id, typeID)
	if isStatus(err, http.StatusNotFound) {
		return nil, nil // The record is gone meanwhile.
	}
	if typeID == ticketType {
		// A ticket that we have made for this call is not what it is about.
		found = slices.DeleteFunc(slices.Clone(found), func(a Associate) bool {
			return slices.ContainsFunc(slices.Concat(w.peers, []row{w.row}), func(r row) bool { return r.Ticket.Ours && r.Ticket.ID == a.ID })
		})
	}
	if err != nil || len(found) == 0 {
		return nil, err
	}
	switch rule {
	case "primary":
		primary := slices.DeleteFunc(slices.Clone(found), func(a Associate) bool { return !a.Primary })
		if len(primary) > 0 {
			return ids(primary[:1]), nil
		}
		return onlyOne(ids(found)), nil
	case "one":
		return onlyOne(ids(found)), nil
	}
	if typeID == companyType {
		return newest(ids(found), maxRelated), nil
	}
	open, err := w.open(ctx, typeID, newest(ids(found), maxAssociates))
	if err != nil || len(open) == 0 {
		return nil, err
	}
	switch rule {
	case "newest":
		return open[:1], nil
	case "all":
		return open[:min(len(open), maxRelated)], nil
	}
	return onlyOne(open), nil
}

// open are those of the deals or tickets that are open, newest first.
func (w *writing) open(ctx context.Context, typeID string, ids []string) ([]string, error) {
	items, err := w.portal.Records.Items(ctx, typeID, ids)
	if err != nil {
		return nil, err
	}
	closed, err := w.state.closedStages(ctx, w.portal.Records, typeID, w.l.c.Now())
	if err != nil {
		return nil, err
	}
	items = slices.DeleteFunc(items, func(i Item) bool { return i.Closed || closed[i.Stage] })
	slices.SortFunc(items, func(a, b Item) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = item.ID
	}
	return out, nil
}

// notOthers are the records' links without those that somebody else has made:
// what is not ours we must not take back one day. A call that we have just made
// has none.
func (w *writing) notOthers(ctx context.Context, typeID string, ids []string) ([]string, error) {
	o := &w.row.Object
	refs := make([]string, len(ids))
	news := false
	for i, id := range ids {
		refs[i] = typeID + "/" + id
		news = news || !slices.Contains(o.Links, refs[i]) && !slices.Contains(o.Linking, refs[i])
	}
	if !news || w.fresh {
		return refs, nil
	}
	there, err := w.portal.CRM.Links(ctx, o.ID, typeID)
	if refused(err) {
		return refs, nil
	}
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(refs, func(ref string) bool {
		_, id, _ := cutRef(ref)
		return slices.Contains(there, id) && !slices.Contains(o.Links, ref) && !slices.Contains(o.Linking, ref)
	}), nil
}

func ids(found []Associate) []string {
	out := make([]string, len(found))
	for i, a := range found {
		out[i] = a.ID
	}
	return out
}

// onlyOne is the list if it has one entry.
func onlyOne(ids []string) []string {
	if len(ids) == 1 {
		return ids
	}
	return nil
}

// newest are the last ids, in HubSpot's order: they rise.
func newest(ids []string, n int) []string {
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(b, a)) })
	return ids[:min(len(ids), n)]
}
