package softphone_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"deskbridge/pkg/softphone"
)

// Whose call it is, and what becomes of its record: the backend's part of a
// transcript.

// matches reads matches written TYPE/ID[:VIA][@AGO], the latter being how long
// before everything somebody spoke there last.
func matches(list []string) []softphone.Match {
	var out []softphone.Match
	for _, word := range list {
		word, ago, spoken := strings.Cut(word, "@")
		word, via, _ := strings.Cut(word, ":")
		m := softphone.Match{Record: ref(word), Via: via}
		if d, err := time.ParseDuration(ago); spoken && err == nil {
			m.RecentAt = epoch.Add(-d)
		}
		out = append(out, m)
	}
	return out
}

// ref reads TYPE/ID.
func ref(word string) softphone.RecordRef {
	typeID, id, _ := strings.Cut(word, "/")
	return softphone.RecordRef{ObjectTypeID: typeID, ObjectID: id, Name: "N" + id}
}

// customers carries out one line about records and cards.
func (w *world) customers(f []string, arg func(int) string) error {
	key := w.key(arg(1))
	switch f[0] {
	case "settings": // settings POP-AT [POP-IN [POP-AT-OUTBOUND [recent]]]; - for the default
		value := func(n int) string { return strings.TrimPrefix(arg(n), "-") }
		w.step(softphone.SettingsLoaded{Settings: softphone.Settings{
			PopAt: value(1), PopIn: value(2), PopAtOutbound: value(3), PreferRecent: arg(4) == "recent",
		}})
	case "set": // set WORD…: more settings, beside those that stand
		return w.set(f[1:])
	case "card": // card ID RECORD [WHAT…]: its card, with what it says
		c := softphone.Card{Record: ref(arg(2)), NoCalls: slices.Contains(f, "no-calls")}
		w.step(softphone.CardLoaded{Key: key, Card: c})
	case "card-missed": // card-missed ID RECORD
		w.step(softphone.CardMissed{Key: key, Record: ref(arg(2))})
	case "created": // created ID RECORD: the contact that was asked for
		w.step(softphone.ContactCreated{Key: key, Match: softphone.Match{Record: ref(arg(2))}})
	case "dial-limit": // dial-limit SECONDS: the answer to the newest outdial
		w.step(softphone.CommandFailed{Command: softphone.PlaceCall{Key: w.dial}, Code: softphone.DialLimit, Detail: arg(1)})
	case "see": // see ID: what the view shows of the customer
		return w.see(key)
	case "history": // history ID REVISION STATE: the backend's list has the record so
		r := w.saved[key]
		r.Revision = int64(atoi(arg(2)))
		r.Notes = "as stored"
		r.Receipt = softphone.Receipt{Key: key, Revision: r.Revision, State: softphone.ReceiptState(arg(3))}
		w.step(softphone.HistoryLoaded{Records: []softphone.Record{r}})
	case "mend": // mend ID CODE RECORD NOTES…; - for no record
		e := softphone.RecordMended{Key: key, CodeID: arg(2), Notes: strings.Join(f[min(4, len(f)):], " ")}
		if arg(3) != "-" {
			record := ref(arg(3))
			e.Record = &record
		}
		w.step(e)
	case "may": // may ID: what the history offers for the record
		return w.may(key)
	case "flow": // flow ID NAME=VALUE…: what the flow has found out; NAME! is secure, NAME? not for agents
		t := w.task(arg(1))
		t.Variables = nil
		for _, word := range f[2:] {
			name, value, _ := strings.Cut(word, "=")
			bare := strings.TrimRight(name, "!?")
			t.Variables = append(t.Variables, softphone.Variable{
				Name: bare, Value: value, Secure: strings.HasSuffix(name, "!"), Hidden: strings.HasSuffix(name, "?"),
			})
		}
	case "stamped": // stamped ID CREATED QUEUED: how long ago, by Webex's clock
		created, err := time.ParseDuration(arg(2))
		if err != nil {
			return err
		}
		queued, err := time.ParseDuration(arg(3))
		if err != nil {
			return err
		}
		t := w.task(arg(1))
		t.CreatedAt, t.QueuedAt = w.now.Add(-created), w.now.Add(-queued)
	default:
		return fmt.Errorf("unknown line")
	}
	return nil
}

// set changes settings: NAME=VALUE, or NAME and no-NAME.
func (w *world) set(words []string) error {
	s := w.s.Settings
	for _, word := range words {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "ani":
			s.OutdialANI = value
		case "strip":
			s.StripOutdialPrefixes = strings.Split(value, ",")
		case "width":
			s.PanelWidth = atoi(value)
		case "portal":
			s.PortalID = value
		case "live-notes", "no-live-notes":
			s.NoLiveNotes = name != "live-notes"
		case "edit-title", "no-edit-title":
			s.EditTitle = name == "edit-title"
		case "ticket-button", "no-ticket-button":
			s.TicketButton = name == "ticket-button"
		case "sync", "no-sync":
			s.NoStateSync = name != "sync"
		default:
			return fmt.Errorf("unknown setting %q", word)
		}
	}
	w.step(softphone.SettingsLoaded{Settings: s})
	return nil
}

func (w *world) pressRecord(what string, key softphone.CallKey, arg string) (softphone.Event, bool) {
	switch what {
	case "card":
		return softphone.CardAsked{Key: key}, true
	case "record":
		return softphone.RecordShown{Key: key, Record: ref(arg)}, true
	case "title":
		return softphone.TitleEdited{Key: key, Text: arg}, true
	case "ticket":
		return softphone.TicketRequested{Key: key}, true
	case "mend":
		return softphone.RecordMended{Key: key, CodeID: "other", Notes: arg}, true
	}
	return nil, false
}

// see makes the log say what is known of a call's customer.
func (w *world) see(key softphone.CallKey) error {
	v := w.s.View()
	i := slices.IndexFunc(v.Calls, func(c softphone.CallView) bool { return c.Key == key })
	if i < 0 {
		return fmt.Errorf("no such call")
	}
	c := v.Calls[i]
	say := "see " + string(c.Match.State)
	for _, m := range c.Match.Matches {
		say += " " + text(m.Record)
		if m.Via != "" {
			say += ":" + m.Via
		}
	}
	if c.CardState != softphone.NoCard {
		say += ", card " + string(c.CardState)
	}
	if c.Card.Record.ObjectID != "" {
		say += " " + text(c.Card.Record)
	}
	if c.NoCalls {
		say += ", no calls"
	}
	w.say = append(w.say, say)
	w.log(w.phone, nil)
	return nil
}

func (w *world) may(key softphone.CallKey) error {
	i := slices.IndexFunc(w.s.History, func(r softphone.Record) bool { return r.Key == key })
	if i < 0 {
		return fmt.Errorf("no such record")
	}
	r := w.s.History[i]
	say := fmt.Sprintf("may %s r%d", cmpOr(string(r.Receipt.State), "unsent"), r.Revision)
	if r.MayRetry() {
		say += " retry"
	}
	if r.MayMend() {
		say += " mend"
	}
	w.say = append(w.say, say)
	w.log(w.phone, nil)
	return nil
}
