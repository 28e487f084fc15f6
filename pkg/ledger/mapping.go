package ledger

import (
	"html"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"deskbridge/pkg/backend"
)

// HubSpot's default dispositions (hubspot.md §3.1).
const (
	dispositionBusy      = "9d9162e7-6cf3-4944-bf63-4dff82258764"
	dispositionConnected = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
	dispositionNoAnswer  = "73a0d17f-1163-4015-bdd5-ec830791da20"
)

// A mapping is a record with all that decides what becomes of it in HubSpot.
type mapping struct {
	rec      backend.Record
	agent    Agent
	portal   Portal
	settings Settings
	able     *ability
	ownerID  string
	after    int64 // How long the call went on after this agent had left it, ms; 0 if not known.
}

// properties is the call that the record becomes. able may be nil: then only
// what every portal has is used.
func (m mapping) properties() map[string]string {
	if m.able == nil {
		m.able = &ability{}
	}
	r, p, able := m.rec, m.portal, m.able
	from, to := r.Number, r.Ours
	if r.Direction == "OUTBOUND" {
		from, to = r.Ours, r.Number
	}
	account := p.ID
	if account == "" {
		account = m.agent.OrgID
	}
	props := map[string]string{
		"hs_timestamp":                strconv.FormatInt(r.StartedAt, 10),
		"hs_call_title":               m.title(),
		"hs_call_body":                m.body(),
		"hs_call_direction":           r.Direction,
		"hs_call_duration":            strconv.FormatInt(talk(r).Milliseconds(), 10),
		"hs_call_status":              status(r, able),
		"hs_call_source":              "INTEGRATIONS_PLATFORM",
		"hs_call_external_id":         r.Key,
		"hs_call_external_account_id": account,
	}
	set := func(name, value string) {
		if value != "" {
			props[name] = value
		}
	}
	set("hs_call_from_number", from)
	set("hs_call_to_number", to)
	set("hs_call_disposition", disposition(r, m.settings, able))
	set("hs_call_app_id", p.AppID)
	set("hubspot_owner_id", m.ownerID)
	if ref := r.Record; ref != nil {
		set("hs_call_callee_object_id", ref.ObjectID)
		// Two pages of the documentation give it two names.
		if able.has("hs_call_callee_object_type_id") {
			set("hs_call_callee_object_type_id", ref.ObjectTypeID)
		}
		if able.has("hs_call_callee_object_type") {
			set("hs_call_callee_object_type", typeName(ref.ObjectTypeID))
		}
	}
	for name, value := range m.ours() {
		if able.has(name) {
			set(name, value)
		}
	}
	for name, value := range variables(r, m.settings, able) {
		set(name, value)
	}
	return props
}

func typeName(id string) string {
	switch id {
	case "0-1":
		return "CONTACT"
	case "0-2":
		return "COMPANY"
	}
	return ""
}

func answered(r backend.Record) bool { return r.AnsweredAt != 0 }

// unanswered says whether a record is an offer that the agent did not take.
func unanswered(r backend.Record) bool { return r.Direction == "INBOUND" && !answered(r) }

// outcome is the outcome of a record that has none: the server ended it.
func outcome(r backend.Record) string {
	switch {
	case answered(r):
		return "COMPLETED"
	case r.Direction == "INBOUND":
		return "MISSED"
	}
	return "NO_ANSWER"
}

// status is hs_call_status. The mapping is inferred (hubspot.md §3.1): HubSpot
// knows no rejection, and "missed" only in some portals.
func status(r backend.Record, able *ability) string {
	o := r.Outcome
	if o == "" {
		o = outcome(r)
	}
	switch o {
	case "MISSED", "REJECTED", "NO_ANSWER":
		if unanswered(r) && able.missed != "" {
			return able.missed
		}
		return "NO_ANSWER"
	}
	return o
}

// disposition is hs_call_disposition: by the wrap-up reason if the admin
// mapped it, else by the outcome. A portal may have removed the default ones.
func disposition(r backend.Record, s Settings, able *ability) string {
	id := s.DispositionByCode[r.CodeID]
	if id == "" {
		id = s.DispositionByCode[r.CodeName]
	}
	if id == "" {
		switch st := status(r, able); {
		case answered(r) && (st == "COMPLETED" || st == "CANCELED"):
			id = dispositionConnected
		case st == "BUSY":
			id = dispositionBusy
		case st == "FAILED":
			return ""
		case !answered(r) && st != "COMPLETED":
			id = dispositionNoAnswer
		case st == "COMPLETED":
			id = dispositionConnected
		}
	}
	if len(able.dispositions) > 0 && !slices.Contains(able.dispositions, id) {
		return ""
	}
	return id
}

// talk is how long agent and customer were connected, hold included.
func talk(r backend.Record) time.Duration {
	if !answered(r) || r.EndedAt <= r.AnsweredAt {
		return 0
	}
	return time.Duration(r.EndedAt-r.AnsweredAt) * time.Millisecond
}

// maxTitle is how long a title may become: longer ones are cut by pages.
const maxTitle = 250

// title is the agent's, else the admin's, or says what the call was to this
// agent.
func (m mapping) title() string {
	if text := strings.Join(strings.Fields(m.rec.Title), " "); text != "" {
		return clipText(text, maxTitle)
	}
	if text := m.fill(m.settings.TitleTemplate); text != "" {
		return clipText(strings.Join(strings.Fields(text), " "), maxTitle)
	}
	return title(m.rec)
}

func title(r backend.Record) string {
	who := who(r)
	if who == "" {
		who = r.Number
	}
	if who == "" {
		who = "unknown number"
	}
	switch {
	case r.Consulted && unanswered(r):
		return "Missed consult about " + who
	case r.Consulted && !r.Conferred:
		return "Consult about " + who
	case unanswered(r):
		return "Missed call from " + who
	case r.Direction == "INBOUND":
		return "Call from " + who
	}
	return "Call to " + who
}

// who is the customer's name, as far as it is known.
func who(r backend.Record) string {
	if r.Record != nil && r.Record.Name != "" {
		return r.Record.Name
	}
	return r.Name
}

// body is the notes, then the admin's text, then what happened in one line each.
// It is HTML: HubSpot shows rich text. Where not all of it fits, the notes are
// what counts.
func (m mapping) body() string {
	var b strings.Builder
	size := 0
	add := func(text string, cut bool) bool {
		text = html.EscapeString(text)
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "<br>")
		if size > 0 {
			text = "<br>" + text
		}
		n := utf8.RuneCountInString(text)
		if size+n > maxNotes && !cut {
			return false
		}
		text = clip(text, maxNotes)
		size += min(n, maxNotes)
		b.WriteString(text)
		return true
	}
	if notes := strings.TrimSpace(m.rec.Notes); notes != "" {
		add(notes, true)
	}
	if text := m.fill(m.settings.BodyTemplate); text != "" && !add(text, false) {
		return b.String()
	}
	for _, line := range m.legs() {
		if !add(line, false) {
			break
		}
	}
	return b.String()
}

// clip cuts HTML of our own making to n characters, never inside an entity or
// a tag.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	cut := 0
	for i := range n {
		_, size := utf8.DecodeRuneInString(s[cut:])
		cut += size
		_ = i
	}
	s = s[:cut]
	for _, open := range []struct{ begin, end string }{{"&", ";"}, {"<", ">"}} {
		if at := strings.LastIndex(s, open.begin); at >= 0 && !strings.Contains(s[at:], open.end) {
			s = s[:at]
		}
	}
	return s
}
