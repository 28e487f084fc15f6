package main

import (
	"cmp"
	"context"
	"html"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"
)

// crmList answers a list or a search.
type crmList struct {
	Results []crmRecord `json:"results"`
	Total   int         `json:"total"`
}

// crmRecord is a record as the page draws it.
type crmRecord struct {
	Type       string            `json:"type"`   // Such as contacts.
	TypeID     string            `json:"typeId"` // Such as 0-1.
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	Detail     string            `json:"detail"` // The line under the name.
	Owner      string            `json:"owner"`
	Phones     []crmPhone        `json:"phones"`
	Properties map[string]string `json:"properties"`
}

// crmPhone is a number that can be clicked.
type crmPhone struct {
	Property string `json:"property"`
	Label    string `json:"label"`
	Number   string `json:"number"`
	Country  string `json:"country"` // ISO code, empty if it cannot be told.
}

// crmPage is one record with everything around it.
type crmPage struct {
	crmRecord
	Associations map[string][]crmRecord `json:"associations"`
	Timeline     []crmActivity          `json:"timeline"` // Newest first.
}

// crmActivity is a card of the timeline.
type crmActivity struct {
	ID         string    `json:"id"`
	Kind       string    `json:"kind"` // call, email, note, task or message.
	Title      string    `json:"title"`
	Direction  string    `json:"direction,omitempty"` // INBOUND or OUTBOUND.
	From       string    `json:"from,omitempty"`
	To         string    `json:"to,omitempty"`
	Duration   string    `json:"duration,omitempty"` // Such as "3m 12s".
	Outcome    string    `json:"outcome,omitempty"`
	Status     string    `json:"status,omitempty"`
	Body       string    `json:"body,omitempty"` // Plain text.
	Owner      string    `json:"owner,omitempty"`
	At         time.Time `json:"at"`
	ExternalID string    `json:"externalId,omitempty"`
}

// crmMatch is an entry of CALLER_ID_MATCH_SUCCEEDED, but for the portal, which
// the page knows.
type crmMatch struct {
	CallerIDType string `json:"callerIdType"`
	ObjectTypeID string `json:"objectTypeId"`
	ObjectID     string `json:"objectId"`
	FirstName    string `json:"firstName,omitempty"`
	LastName     string `json:"lastName,omitempty"`
	Email        string `json:"email,omitempty"`
	Name         string `json:"name,omitempty"`
}

// crmKind describes a type of records.
type crmKind struct {
	objectType, typeID string
	phones             []crmPhone // Property and label.
}

// crmKinds are the types that have pages, by each name that an address may use.
var crmKinds = map[string]crmKind{
	"contacts": crmContacts, "0-1": crmContacts,
	"companies": crmCompanies, "0-2": crmCompanies,
	"deals": {objectType: "deals", typeID: "0-3"}, "0-3": {objectType: "deals", typeID: "0-3"},
	"tickets": {objectType: "tickets", typeID: "0-5"}, "0-5": {objectType: "tickets", typeID: "0-5"},
}

var (
	crmContacts = crmKind{"contacts", "0-1", []crmPhone{
		{Property: "phone", Label: "Phone number"}, {Property: "mobilephone", Label: "Mobile phone number"},
	}}
	crmCompanies = crmKind{"companies", "0-2", []crmPhone{{Property: "phone", Label: "Phone number"}}}
)

// crmRecordTypes are the same, in the order of the page's right column.
var crmRecordTypes = []string{"contacts", "companies", "deals", "tickets"}

func (c *crmBrain) present(ctx context.Context, o crmObject) crmRecord {
	kind := crmKinds[o.Type]
	r := crmRecord{Type: o.Type, TypeID: kind.typeID, ID: o.ID, Properties: o.Properties, Phones: []crmPhone{}}
	r.Name, r.Detail = crmTitle(o)
	r.Owner = c.world.Owner(ctx, o.Properties["hubspot_owner_id"])
	for _, p := range kind.phones {
		if p.Number = o.Properties[p.Property]; p.Number != "" {
			p.Country = crmCountry(p.Number)
			r.Phones = append(r.Phones, p)
		}
	}
	return r
}

// crmTitle is how HubSpot names a record, and the line under it.
func crmTitle(o crmObject) (name, detail string) {
	p := o.Properties
	switch o.Type {
	case "contacts":
		name = strings.TrimSpace(p["firstname"] + " " + p["lastname"])
		if detail = p["jobtitle"]; detail != "" && p["company"] != "" {
			detail += " at "
		}
		name, detail = cmp.Or(name, p["email"], p["phone"], p["mobilephone"]), detail+p["company"]
	case "companies":
		name, detail = cmp.Or(p["name"], p["domain"]), p["domain"]
	case "deals":
		name, detail = p["dealname"], p["amount"]
	case "tickets":
		name, detail = p["subject"], p["content"]
	}
	return cmp.Or(name, "--"), detail
}

// crmCountry is the country of a number; one without a code is of the
// emulated account's.
func crmCountry(number string) string {
	n, err := phonenumbers.Parse(number, "US")
	if err != nil {
		return ""
	}
	return phonenumbers.GetRegionCodeForNumber(n)
}

func matchOf(o crmObject) (crmMatch, bool) {
	p := o.Properties
	switch o.Type {
	case "contacts":
		return crmMatch{CallerIDType: "CONTACT", ObjectTypeID: "0-1", ObjectID: o.ID,
			FirstName: p["firstname"], LastName: p["lastname"], Email: p["email"]}, true
	case "companies":
		return crmMatch{CallerIDType: "COMPANY", ObjectTypeID: "0-2", ObjectID: o.ID, Name: p["name"]}, true
	}
	return crmMatch{}, false
}

// crmActivityTypes are what a timeline shows.
var crmActivityTypes = []string{"calls", "emails", "notes", "tasks", "communications"}

func (c *crmBrain) timeline(ctx context.Context, of crmObject) ([]crmActivity, error) {
	all := []crmActivity{}
	for _, t := range crmActivityTypes {
		found, err := c.world.Associated(ctx, of.Type, of.ID, t)
		if err != nil {
			return nil, err
		}
		for _, o := range found {
			a := activityOf(o)
			a.Owner = c.world.Owner(ctx, o.Properties["hubspot_owner_id"])
			all = append(all, a)
		}
	}
	slices.SortStableFunc(all, func(a, b crmActivity) int { return b.At.Compare(a.At) })
	return all, nil
}

// activityOf reads what an activity's properties say.
func activityOf(o crmObject) crmActivity {
	p := o.Properties
	a := crmActivity{ID: o.ID, At: crmTime(p["hs_timestamp"])}
	switch o.Type {
	case "calls":
		a.Kind, a.Title, a.Body = "call", p["hs_call_title"], plainText(p["hs_call_body"])
		a.Direction, a.From, a.To = p["hs_call_direction"], p["hs_call_from_number"], p["hs_call_to_number"]
		a.Duration, a.Status = crmDuration(p["hs_call_duration"]), crmWords(p["hs_call_status"])
		a.Outcome = cmp.Or(crmOutcomes[p["hs_call_disposition"]], p["hs_call_disposition"])
		a.ExternalID = p["hs_call_external_id"]
	case "emails":
		a.Kind, a.Title = "email", p["hs_email_subject"]
		a.Body = cmp.Or(p["hs_email_text"], plainText(p["hs_email_html"]))
		a.Status = crmWords(p["hs_email_status"])
		a.From, a.To = p["hs_email_from_email"], p["hs_email_to_email"]
		if a.Direction = "OUTBOUND"; p["hs_email_direction"] == "INCOMING_EMAIL" {
			a.Direction = "INBOUND"
		}
	case "notes":
		a.Kind, a.Body = "note", plainText(p["hs_note_body"])
	case "tasks":
		a.Kind, a.Title, a.Body, a.Status = "task", p["hs_task_subject"], plainText(p["hs_task_body"]), crmWords(p["hs_task_status"])
	case "communications":
		a.Kind, a.Title, a.Body = "message", crmWords(p["hs_communication_channel_type"]), plainText(p["hs_communication_body"])
	}
	return a
}

// crmOutcomes are HubSpot's default dispositions of calls.
var crmOutcomes = map[string]string{
	"9d9162e7-6cf3-4944-bf63-4dff82258764": "Busy",
	"f240bbac-87c9-4f6e-bf70-924b57d47db7": "Connected",
	"a4c4c377-d246-4b32-a13b-75a56a4cd0ff": "Left live message",
	"b2cf5968-551e-4856-9783-52b3da59a7d0": "Left voicemail",
	"73a0d17f-1163-4015-bdd5-ec830791da20": "No answer",
	"17b47fee-58de-441e-a44c-c6300d46f273": "Wrong number",
}

// crmTime reads HubSpot's two ways to write a time: milliseconds and ISO 8601.
func crmTime(s string) time.Time {
	if ms, err := strconv.ParseInt(s, 10, 64); err == nil {
		return time.UnixMilli(ms).UTC()
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// crmDuration writes milliseconds for people.
func crmDuration(ms string) string {
	n, err := strconv.ParseInt(ms, 10, 64)
	if err != nil || n < 0 || n > int64(1000*time.Hour/time.Millisecond) {
		return ""
	}
	d := (time.Duration(n) * time.Millisecond).Round(time.Second)
	s := d.String() // Such as 1h2m3s.
	s = strings.ReplaceAll(s, "h", "h ")
	return strings.ReplaceAll(s, "m", "m ")
}

// crmWords makes IN_PROGRESS read "In progress".
func crmWords(constant string) string {
	if constant == "" {
		return ""
	}
	s := strings.ToLower(strings.ReplaceAll(constant, "_", " "))
	return strings.ToUpper(s[:1]) + s[1:]
}

// plainText is what a person reads of HubSpot's HTML. The page shows it as
// text, so nothing has to be made harmless here.
func plainText(source string) string {
	var out strings.Builder
	for source != "" {
		text, rest, tagged := strings.Cut(source, "<")
		out.WriteString(text)
		if !tagged {
			break
		}
		tag, after, closed := strings.Cut(rest, ">")
		if !closed || rest == "" || !strings.ContainsAny(rest[:1], "/!abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			out.WriteString("<") // No tag, just less.
			source = rest
			continue
		}
		name, _, _ := strings.Cut(strings.ToLower(tag), " ")
		switch strings.TrimSuffix(name, "/") {
		case "br", "/p", "/div", "/li", "/tr":
			out.WriteString("\n")
		}
		source = after
	}
	return strings.TrimSpace(html.UnescapeString(out.String()))
}
