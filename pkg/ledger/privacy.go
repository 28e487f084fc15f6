package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"deskbridge/pkg/backend"
)

// A Place is a portal of an organisation.
type Place struct {
	OrgID, PortalID string
	Default         bool // Records that name no portal are in this one.
}

// holds says whether a row's activity is, or would be, in that portal.
func (at Place) holds(r row) bool {
	if r.Object.Portal != "" {
		return r.Object.Portal == at.PortalID
	}
	return r.Record.PortalID == at.PortalID || r.Record.PortalID == "" && at.Default
}

// batch is how many rows one transaction changes: others have to write, too.
const batch = 100

// Erase takes a person out of the records: what is stored of the calls with that
// contact keeps times, agent and outcome, and loses number, name, notes,
// variables and what was written to HubSpot. So do records with one of the
// contact's numbers that belong to nobody. What a widget still says of such a
// call is cut down in the same way. It returns how many records it changed;
// again, it changes none.
//
// The activities in HubSpot are HubSpot's to erase.
func (l *Ledger) Erase(ctx context.Context, at Place, objectTypeID, objectID string) (int, error) {
	if !typeID(objectTypeID) || !decimal(objectID) {
		return 0, &InvalidError{"record", "not a record's id"}
	}
	var numbers []string
	ref := objectTypeID + "/" + objectID
	n, err := l.amendAll(ctx, at, ofRef, ref, func(r *row) bool {
		if r.Object.Erased || !r.about(ref) {
			return false
		}
		if dialable(r.Record.Number) && !slices.Contains(numbers, r.Record.Number) {
			numbers = append(numbers, r.Record.Number)
		}
		r.erase()
		return true
	})
	for _, number := range numbers {
		if err != nil {
			break
		}
		var more int
		more, err = l.amendAll(ctx, at, ofNumber, number, func(r *row) bool {
			if r.Object.Erased || r.Record.Record != nil || len(r.links()) > 0 {
				return false
			}
			r.erase()
			return true
		})
		n += more
	}
	if err != nil {
		return n, fmt.Errorf("ledger: erase: %w", err)
	}
	return n, nil
}

// Repoint makes the records of one CRM record those of another one, which it
// was merged into. HubSpot moves the associations of what is written; what
// waits is written for the other one, and so is what needed an agent because
// the first one was gone. It returns how many records it changed; again, it
// changes none.
func (l *Ledger) Repoint(ctx context.Context, at Place, objectTypeID, from, to string) (int, error) {
	if !typeID(objectTypeID) || !decimal(from) || !decimal(to) || from == to {
		return 0, &InvalidError{"record", "not two records' ids"}
	}
	old, now := objectTypeID+"/"+from, objectTypeID+"/"+to
	n, err := l.amendAll(ctx, at, ofRef, old, func(r *row) bool {
		if !r.about(old) {
			return false
		}
		if r.Object.Moved == nil {
			r.Object.Moved = map[string]string{}
		}
		r.Object.Moved[old] = to
		for _, o := range []*object{&r.Object, &r.Task, &r.Ticket} {
			o.Links, o.Linking = replaced(o.Links, old, now), replaced(o.Linking, old, now)
		}
		if rules, ok := strings.CutPrefix(r.Object.Related, old+" "); ok {
			r.Object.Related = now + " " + rules
		}
		r.Record = r.Object.amend(r.Record)
		return true
	})
	if err != nil {
		return n, fmt.Errorf("ledger: repoint: %w", err)
	}
	return n, nil
}

// Expire blanks notes, variables and what was written of the records that began
// before notes, and forgets those that began before records. What has not been
// written completely, or needs somebody, is kept whatever its age. It returns
// how many of either.
func (l *Ledger) Expire(ctx context.Context, notes, records time.Time) (blanked, forgotten int, err error) {
	const done = `due_at > 0 AND written_seq = seq AND state <> 'needs-you' AND started_at < `
	for {
		var n int64
		err := l.store.inTx(ctx, func(tx tx) (err error) {
			n, err = tx.exec(ctx, `DELETE FROM deskbridge_record WHERE key IN (SELECT key FROM deskbridge_record
				WHERE `+done+`$1 LIMIT 500)`, records.UnixMilli())
			return err
		})
		if err != nil {
			return 0, forgotten, fmt.Errorf("ledger: expire: %w", err)
		}
		if forgotten += int(n); n == 0 {
			break
		}
	}
	for {
		n := 0
		err := l.store.inTx(ctx, func(tx tx) error {
			rows, err := l.store.rows(ctx, tx, `WHERE `+done+`$1 AND (record LIKE '%"notes":"%' OR record LIKE '%"variables":[%'
				OR record LIKE '%"title":"%' OR record LIKE '%"followUp":{%' OR object LIKE '%"written":{%' OR task LIKE '%"written":{%'
				OR ticket LIKE '%"written":{%')
				ORDER BY started_at LIMIT 100`+l.store.lock, notes.UnixMilli())
			if err != nil {
				return err
			}
			for _, r := range rows {
				r.Record.Notes, r.Record.Title, r.Record.Variables, r.Record.FollowUp = "", "", nil, nil
				r.Object.Written, r.Task.Written, r.Ticket.Written = nil, nil, nil
				if err := l.store.update(ctx, tx, r); err != nil {
					return err
				}
			}
			n = len(rows)
			return nil
		})
		if err != nil {
			return blanked, forgotten, fmt.Errorf("ledger: expire: %w", err)
		}
		if blanked += n; n == 0 {
			return blanked, forgotten, nil
		}
	}
}

// replaced is a sorted list of links in which one has become another.
func replaced(links []string, old, now string) []string {
	if !slices.Contains(links, old) {
		return links
	}
	links = slices.Clone(links)
	links[slices.Index(links, old)] = now
	slices.Sort(links)
	return slices.Compact(links)
}

// How rows are found, each by an index of its own; $3 is what is looked for.
const (
	ofRef = `key IN (SELECT key FROM deskbridge_record WHERE contact = $3 AND contact <> ''
		UNION SELECT key FROM deskbridge_link WHERE ref = $3) AND org_id = $1`
	ofNumber = `org_id = $1 AND number = $3 AND number <> ''`
)

// amendAll changes the rows of a place that are found by value, a few at a
// time. Whoever writes a row to HubSpot meanwhile has to begin anew.
func (l *Ledger) amendAll(ctx context.Context, at Place, found, value string, change func(*row) bool) (int, error) {
	query := `WHERE ` + found + ` AND key > $2 ORDER BY key LIMIT ` + fmt.Sprint(batch)
	args := []any{at.OrgID, "", value}
	changed := 0
	for {
		var last string
		var rows []row
		err := l.store.inTx(ctx, func(tx tx) (err error) {
			if rows, err = l.store.rows(ctx, tx, query+l.store.lock, args...); err != nil {
				return err
			}
			n := 0
			for _, r := range rows {
				last = r.Key
				if !at.holds(r) || !change(&r) {
					continue
				}
				n++
				if _, err := tx.exec(ctx, `UPDATE deskbridge_record SET lease = '', lease_until = 0 WHERE key = $1`, r.Key); err != nil {
					return err
				}
				if r.State == stateNeedsYou && r.Need == needAgent {
					err = l.requeue(ctx, tx, &r, priorityBacklog)
				} else {
					err = l.store.update(ctx, tx, r)
				}
				if err = errors.Join(err, l.store.saveLinks(ctx, tx, r)); err != nil {
					return err
				}
			}
			changed += n
			return nil
		})
		if err != nil {
			return changed, err
		}
		if len(rows) < batch {
			return changed, nil
		}
		args[1] = last
	}
}

// about says whether a row belongs to a CRM record, or is associated with it.
func (r row) about(ref string) bool {
	return linkOf(r.Record) == ref || slices.Contains(r.links(), ref)
}

// erase takes the customer out of a row, and out of what will come for it.
func (r *row) erase() {
	for _, o := range []*object{&r.Object, &r.Task, &r.Ticket} {
		o.Kept, o.Written, o.Links, o.Linking, o.Related = nil, nil, nil, nil, ""
	}
	r.Object.Erased = true
	r.Record, r.Detail = r.Object.amend(r.Record), ""
}

// amend applies to a record what became of its customer in the CRM.
func (o object) amend(r backend.Record) backend.Record {
	if ref := r.Record; ref != nil {
		for range len(o.Moved) { // Merged more than once.
			to, ok := o.Moved[ref.ObjectTypeID+"/"+ref.ObjectID]
			if !ok {
				break
			}
			ref = &backend.Ref{ObjectTypeID: ref.ObjectTypeID, ObjectID: to, Name: ref.Name}
		}
		r.Record = ref
	}
	if o.Erased {
		r.Number, r.Name, r.Notes, r.Title = "", "", "", ""
		r.Record, r.Variables, r.FollowUp = nil, nil, nil
	}
	return r
}

// dialable says whether text is a number that belongs to somebody, and not an
// extension or a word such as "anonymous".
func dialable(text string) bool {
	digits := 0
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case !strings.ContainsRune("+-(). ", c):
			return false
		}
	}
	return digits >= 7
}
