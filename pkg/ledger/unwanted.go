package ledger

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"

	"deskbridge/pkg/backend"
)

// unwantedError says why the admin does not want the record in HubSpot.
type unwantedError struct{ why string }

func (e *unwantedError) Error() string { return "ledger: " + e.why }

// The reasons.
var (
	errMissed    = &unwantedError{"missed calls are not logged"}
	errExcluded  = &unwantedError{"this number is not logged"}
	errElsewhere = &unwantedError{"another agent answered"}
	errInbound   = &unwantedError{"incoming calls are not logged"}
	errOutbound  = &unwantedError{"outgoing calls are not logged"}
)

// unwanted is why the record shall have no activity, nil if it shall have one.
func (w *writing) unwanted() *unwantedError {
	s := w.settings
	switch {
	case excluded(w.rec.Number, s.ExcludedNumbers, s.Region):
		return errExcluded
	case s.LogCalls != "" && !covers(s.LogCalls, w.rec.Direction):
		if w.rec.Direction == "OUTBOUND" {
			return errOutbound
		}
		return errInbound
	case s.SkipMissed && unanswered(w.rec):
		return errMissed
	case s.DropAnsweredElsewhere && elsewhere(w.peers, w.rec):
		return errElsewhere
	}
	return nil
}

// covers says whether a choice of all, inbound, outbound or off is for calls in
// that direction.
func covers(choice, direction string) bool {
	return choice == "all" || strings.EqualFold(choice, direction)
}

// elsewhere says whether somebody else answered the interaction after an offer
// began that its agent did not take. Nobody but the agent who was asked can
// take a consult.
func elsewhere(peers []row, r backend.Record) bool {
	if !unanswered(r) || r.Consulted {
		return false
	}
	return slices.ContainsFunc(peers, func(p row) bool {
		return p.Record.Direction == "INBOUND" && !p.Record.Consulted && p.Record.AnsweredAt >= max(r.StartedAt, 1)
	})
}

// excluded says whether a number is one of those that are not logged, in
// whichever way both are written.
func excluded(number string, list []string, region string) bool {
	if number == "" || len(list) == 0 {
		return false
	}
	plain, e164 := compact(number), international(number, region)
	return slices.ContainsFunc(list, func(entry string) bool {
		beginning, many := strings.CutSuffix(entry, "*")
		beginning = compact(beginning)
		if beginning == "" {
			return false
		}
		if many {
			return strings.HasPrefix(plain, beginning) || strings.HasPrefix(e164, beginning)
		}
		full := international(entry, region)
		return beginning == plain || e164 != "" && (e164 == beginning || e164 == full)
	})
}

// compact is a number without what people write between its digits.
func compact(number string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		if strings.ContainsRune("-(). ", r) {
			return -1
		}
		return r
	}, number)
}

// international is a number in E.164, empty for what is none, such as an
// extension.
func international(number, region string) string {
	parsed, err := phonenumbers.Parse(number, region)
	if err != nil || !phonenumbers.IsPossibleNumber(parsed) {
		return ""
	}
	return phonenumbers.Format(parsed, phonenumbers.E164)
}

// withdraw takes back the activity that a record has, or may have. One that we
// have completed stays, unless somebody else turned out to have answered; and
// stays if a person has changed it: kept is then true.
func (w *writing) withdraw(ctx context.Context, why *unwantedError) (kept bool, err error) {
	o, crm := &w.row.Object, w.portal.CRM
	if o.ID == "" && o.CreatingAt != 0 {
		if wait := time.UnixMilli(o.CreatingAt).Add(w.l.c.IndexWait).Sub(w.l.c.Now()); wait > 0 {
			return false, &patience{wait}
		}
		found, err := crm.Find(ctx, Query{Equal: map[string]string{"hs_call_external_id": w.rec.Key}})
		if err != nil {
			return false, err
		}
		if len(found) > 0 {
			o.ID, o.Portal, o.Ours = found[0].ID, w.portal.ID, true
		}
		o.CreatingAt, o.Keyed = 0, false
		if err := w.note(ctx); err != nil {
			return false, err
		}
	}
	if o.ID == "" || o.ID == o.Dropped {
		return false, why
	}
	if len(o.Written) > 0 {
		if why != errElsewhere {
			return true, nil
		}
		touched, err := touchedByPerson(ctx, crm, o.ID, slices.Sorted(maps.Keys(o.Written)))
		if isStatus(err, http.StatusNotFound) {
			err = nil
		}
		if err != nil || touched {
			return touched, err
		}
	}
	if err := crm.Archive(ctx, o.ID); err != nil && !isStatus(err, http.StatusNotFound) {
		return false, err
	}
	o.Dropped, w.row.URL = o.ID, ""
	return false, why
}

// touchedByPerson says whether a person has set one of the properties.
func touchedByPerson(ctx context.Context, crm CRM, id string, names []string) (bool, error) {
	now, err := crm.Call(ctx, id, names)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(names, func(name string) bool { return human(now.Changes[name], "", "", false) }), nil
}
