package hubspottest

import (
	"slices"
	"strings"

	"deskbridge/pkg/hubspot"
)

// objectType is a kind of record.
type objectType struct {
	id, plural, singular string
	properties           []*property
	defaults             []string // Read when none are asked for.
	required             []string
	fullText             []string // What a search's query looks at.
}

type property struct {
	hubspot.Property
	readOnly bool
	archived bool
}

func (t *objectType) property(name string) *property {
	i := slices.IndexFunc(t.properties, func(p *property) bool { return p.Name == name && !p.archived })
	if i < 0 {
		return nil
	}
	return t.properties[i]
}

// unique says whether records can be named by a property's value.
func (t *objectType) unique(name string) bool {
	p := t.property(name)
	return p != nil && p.Unique
}

// engagement says whether records of the type stand on timelines.
func (t *objectType) engagement() bool {
	return slices.Contains([]string{
		hubspot.Calls, hubspot.Communications, hubspot.Emails, hubspot.Notes, hubspot.Tasks, hubspot.Meetings,
	}, t.id)
}

// typeNames are the names of types in paths.
var typeNames = map[string][2]string{
	hubspot.Contacts: {"contacts", "contact"}, hubspot.Companies: {"companies", "company"},
	hubspot.Deals: {"deals", "deal"}, hubspot.Tickets: {"tickets", "ticket"},
	hubspot.Communications: {"communications", "communication"}, hubspot.Tasks: {"tasks", "task"},
	hubspot.Notes: {"notes", "note"}, hubspot.Meetings: {"meetings", "meeting"},
	hubspot.Calls: {"calls", "call"}, hubspot.Emails: {"emails", "email"}, hubspot.Users: {"users", "user"},
}

// typeNamed returns the id of the type with that id or name, in the singular or
// plural, empty if there is none.
func typeNamed(name string) string {
	name = strings.ToLower(name)
	for id, names := range typeNames {
		if name == id || name == names[0] || name == names[1] {
			return id
		}
	}
	return ""
}

// schema returns the account's types, which may be added to.
func schema() map[string]*objectType {
	types := map[string]*objectType{}
	for id, names := range typeNames {
		t := &objectType{id: id, plural: names[0], singular: names[1]}
		modified := "hs_lastmodifieddate"
		created := "createdate"
		if id == hubspot.Contacts {
			modified = "lastmodifieddate"
		}
		if t.engagement() {
			created = "hs_createdate"
		}
		group := groups[id]
		t.add(group, "string number ro", "hs_object_id")
		t.add(group, "datetime date ro", created, modified)
		t.add(group, "enumeration select", "hubspot_owner_id")
		t.defaults = []string{created, "hs_object_id", modified}
		if t.engagement() {
			t.add(group, "datetime date", "hs_timestamp")
			t.add(group, "string text", "hs_attachment_ids")
			t.add(group, "string text ro", "hs_unique_id", "hs_unique_creation_key", "hs_engagement_source", "hs_engagement_source_id")
			t.required = []string{"hs_timestamp"}
		}
		define[id](t, group)
		types[id] = t
	}
	return types
}

var groups = map[string]string{
	hubspot.Contacts: "contactinformation", hubspot.Companies: "companyinformation", hubspot.Deals: "dealinformation",
	hubspot.Tickets: "ticketinformation", hubspot.Communications: "communication", hubspot.Tasks: "task",
	hubspot.Notes: "note", hubspot.Meetings: "meeting", hubspot.Calls: "call", hubspot.Emails: "email", hubspot.Users: "userinformation",
}

// add defines properties of a kind: type, field type, "ro" for read only.
func (t *objectType) add(group, kind string, names ...string) {
	k := strings.Fields(kind)
	for _, name := range names {
		readOnly := len(k) > 2
		t.properties = append(t.properties, &property{
			Property: hubspot.Property{
				Name: name, Label: label(name), Type: k[0], FieldType: k[1], Group: group,
				Calculated: readOnly, Modification: hubspot.Modification{ReadOnlyValue: readOnly},
			},
			readOnly: readOnly,
		})
	}
}

func (t *objectType) choice(group, name string, values ...string) {
	t.add(group, "enumeration select", name)
	p := t.properties[len(t.properties)-1]
	for _, v := range values {
		value, text, ok := strings.Cut(v, "=")
		if !ok {
			text = label(strings.ToLower(v))
		}
		p.Options = append(p.Options, hubspot.Option{Label: text, Value: value})
	}
}

// known are the labels that do not follow from the name.
var known = map[string]string{
	"hs_call_body": "Call notes", "hs_call_disposition": "Call outcome", "hs_timestamp": "Activity date",
	"hubspot_owner_id": "Owner",
}

// label makes "Call title" of hs_call_title.
func label(name string) string {
	if text := known[name]; text != "" {
		return text
	}
	name = strings.ReplaceAll(strings.TrimPrefix(name, "hs_"), "_", " ")
	if name == "" {
		return name
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// lifecycle are the stages of contacts and companies.
var lifecycle = []string{
	"subscriber", "lead", "marketingqualifiedlead=Marketing qualified lead", "salesqualifiedlead=Sales qualified lead",
	"opportunity", "customer", "evangelist", "other",
}

// define adds what a type has of its own. The lists are what a calling app may
// meet, not all that HubSpot has.
var define = map[string]func(t *objectType, group string){
	hubspot.Contacts: func(t *objectType, group string) {
		t.add(group, "string text", "firstname", "lastname", "email", "jobtitle", "company", "address", "city", "zip", "country", "website", "hs_language", "salutation")
		t.add(group, "string phonenumber", "phone", "mobilephone", "fax")
		t.add(group, "bool booleancheckbox", "do_not_call") // An admin's own: HubSpot has none.
		t.choice(group, "lifecyclestage", lifecycle...)
		t.add(group, "string text ro", "hs_merged_object_ids")
		t.choice(group, "hs_lead_status", "NEW", "OPEN", "IN_PROGRESS", "OPEN_DEAL", "UNQUALIFIED", "CONNECTED", "BAD_TIMING")
		for _, kind := range []string{"phone", "mobile"} {
			t.add(group, "string text ro",
				"hs_searchable_calculated_"+kind+"_number", "hs_searchable_calculated_international_"+kind+"_number",
				"hs_calculated_"+kind+"_number", "hs_calculated_"+kind+"_number_country_code",
				"hs_calculated_"+kind+"_number_area_code", "hs_calculated_"+kind+"_number_region_code")
		}
		t.property("email").Unique = true
		t.defaults = []string{"createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"}
		t.fullText = []string{"firstname", "lastname", "email", "phone", "mobilephone", "fax", "company"}
	},
	hubspot.Companies: func(t *objectType, group string) {
		t.add(group, "string text", "name", "domain", "website", "industry", "address", "city", "zip", "country", "description")
		t.add(group, "string phonenumber", "phone")
		t.add(group, "number number", "numberofemployees", "annualrevenue")
		t.choice(group, "lifecyclestage", lifecycle...)
		t.defaults = append(t.defaults, "name", "domain")
		t.fullText = []string{"phone", "website", "name", "domain"}
	},
	hubspot.Deals: func(t *objectType, group string) {
		t.add(group, "string text", "dealname", "description", "pipeline")
		t.add(group, "number number", "amount")
		t.add(group, "datetime date", "closedate")
		t.choice(group, "dealstage", stageOptions(hubspot.Deals)...)
		t.add(group, "bool booleancheckbox ro", "hs_is_closed")
		t.choice(group, "deal_currency_code", "USD=US Dollar", "EUR=Euro", "GBP=Pound")
		t.defaults = append(t.defaults, "dealname", "amount", "dealstage", "closedate", "pipeline")
		t.fullText = []string{"dealname", "pipeline", "dealstage", "description"}
	},
	hubspot.Tickets: func(t *objectType, group string) {
		t.add(group, "string text", "subject", "content", "hs_pipeline")
		t.choice(group, "hs_pipeline_stage", stageOptions(hubspot.Tickets)...)
		t.choice(group, "hs_ticket_priority", "LOW", "MEDIUM", "HIGH", "URGENT")
		t.choice(group, "hs_ticket_category", "PRODUCT_ISSUE", "BILLING_ISSUE", "FEATURE_REQUEST", "GENERAL_INQUIRY")
		t.required = []string{"hs_pipeline_stage"}
		t.defaults = append(t.defaults, "subject", "content", "hs_pipeline", "hs_pipeline_stage", "hs_ticket_priority", "hs_ticket_category")
		t.fullText = []string{"subject", "content", "hs_pipeline_stage"}
	},
	hubspot.Calls: func(t *objectType, group string) {
		t.add(group, "string text", "hs_call_title", "hs_call_from_number", "hs_call_to_number", "hs_call_app_id", "hs_call_external_id",
			"hs_call_external_account_id", "hs_call_callee_object_id", "hs_call_callee_object_type_id", "hs_call_recording_url", "hs_activity_type",
			"hs_call_summary", "hs_call_from_number_nickname", "hs_call_to_number_nickname", "hs_call_location", "hs_call_phone_number_source")
		t.add(group, "string textarea", "hs_call_body")
		t.add(group, "number number", "hs_call_duration")
		t.add(group, "string text ro", "hs_call_unique_external_id", "hs_body_preview", "hs_call_transcription_id")
		t.add(group, "bool booleancheckbox ro", "hs_call_has_transcript", "hs_call_has_voicemail")
		t.choice(group, "hs_call_callee_object_type", "CONTACT", "COMPANY", "DEAL", "TICKET", "UNKNOWN")
		t.choice(group, "hs_call_direction", hubspot.Inbound, hubspot.Outbound)
		t.choice(group, "hs_call_source", hubspot.CallSource)
		t.choice(group, "hs_call_status", hubspot.CallBusy, hubspot.CallCallingCRMUser, hubspot.CallCanceled, hubspot.CallCompleted,
			hubspot.CallConnecting, hubspot.CallFailed, hubspot.CallInProgress, hubspot.CallNoAnswer, hubspot.CallQueued, hubspot.CallRinging)
		t.choice(group, "hs_call_disposition",
			hubspot.DispositionBusy+"=Busy", hubspot.DispositionConnected+"=Connected", hubspot.DispositionLeftLiveMessage+"=Left live message",
			hubspot.DispositionLeftVoicemail+"=Left voicemail", hubspot.DispositionNoAnswer+"=No answer", hubspot.DispositionWrongNumber+"=Wrong number")
		t.fullText = []string{"hs_call_title", "hs_call_body"}
	},
	hubspot.Communications: func(t *objectType, group string) {
		t.choice(group, "hs_communication_channel_type", "WHATS_APP", "LINKEDIN_MESSAGE", "SMS")
		t.choice(group, "hs_communication_logged_from", "CRM")
		t.add(group, "string textarea", "hs_communication_body")
	},
	hubspot.Emails: func(t *objectType, group string) {
		t.choice(group, "hs_email_direction", "EMAIL", "INCOMING_EMAIL", "FORWARDED_EMAIL")
		t.choice(group, "hs_email_status", "BOUNCED", "FAILED", "SCHEDULED", "SENDING", "SENT")
		t.add(group, "string text", "hs_email_subject", "hs_email_text", "hs_email_html", "hs_email_headers")
	},
	hubspot.Notes: func(t *objectType, group string) { t.add(group, "string textarea", "hs_note_body") },
	hubspot.Meetings: func(t *objectType, group string) {
		t.add(group, "string text", "hs_meeting_title", "hs_meeting_body")
	},
	hubspot.Tasks: func(t *objectType, group string) {
		t.add(group, "string text", "hs_task_subject", "hs_task_body", "hs_task_reminders")
		t.choice(group, "hs_task_status", "NOT_STARTED", "IN_PROGRESS", "WAITING", "COMPLETED", "DEFERRED")
		t.choice(group, "hs_task_priority", "NONE", "LOW", "MEDIUM", "HIGH")
		t.choice(group, "hs_task_type", "EMAIL", "CALL", "TODO")
	},
	hubspot.Users: func(t *objectType, group string) {
		t.add(group, "string text", "hs_email", "hs_given_name", "hs_family_name", "hs_internal_user_id", "hs_working_hours")
		t.choice(group, "hs_availability_status", "available", "away")
	},
}
