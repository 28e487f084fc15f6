// Package hubspot is a client of HubSpot's CRM API: objects, search,
// associations, owners, properties, OAuth and the settings of calling apps.
//
// It speaks the dated API versions only and knows no vendor types beyond what a
// calling app needs. Ids are decimal strings: they exceed 32 bits. A refusal is
// an [*Error]; any other error leaves open whether the request had an effect.
//
// https://developers.hubspot.com/docs/api-reference/overview
package hubspot

// The API versions. They are supported for 18 months each.
const (
	Version         = "2026-09" // Used unless a [Client] says otherwise.
	PreviousVersion = "2026-03"
)

// DefaultBaseURL is where the API lives, in every region.
const DefaultBaseURL = "https://api.hubapi.com"

// The object types. HubSpot accepts these ids and, for most types, names such
// as "contacts".
const (
	Contacts       = "0-1"
	Companies      = "0-2"
	Deals          = "0-3"
	Tickets        = "0-5"
	Communications = "0-18"
	Tasks          = "0-27"
	Notes          = "0-46"
	Meetings       = "0-47"
	Calls          = "0-48"
	Emails         = "0-49"
	Users          = "0-115"
	Leads          = "0-136"
	Appointments   = "0-421"
)

// HubSpotDefined is the category of the association types below.
const HubSpotDefined = "HUBSPOT_DEFINED"

// Association type ids. They are directional: ContactToCall for a call's
// contact is refused.
//
// https://developers.hubspot.com/docs/api-reference/crm-associations-v4/guide
const (
	CallToContact = 194
	CallToCompany = 182
	CallToDeal    = 206
	CallToTicket  = 220

	ContactToCall = 193
	CompanyToCall = 181
	DealToCall    = 205
	TicketToCall  = 219

	EmailToContact         = 198
	EmailToCompany         = 186
	EmailToDeal            = 210
	EmailToTicket          = 224
	CommunicationToContact = 81
	CommunicationToCompany = 87
	CommunicationToDeal    = 85
	CommunicationToTicket  = 83
	NoteToContact          = 202
	NoteToCompany          = 190
	NoteToDeal             = 214
	NoteToTicket           = 228
	TaskToContact          = 204
	TaskToCompany          = 192
	TaskToDeal             = 216
	TaskToTicket           = 230

	ContactToCompany = 279
	CompanyToContact = 280
	DealToContact    = 3
	ContactToDeal    = 4
	ContactToTicket  = 15
	TicketToContact  = 16
	DealToTicket     = 27
	TicketToDeal     = 28
)

// The default values of hs_call_disposition. Accounts may add to and remove
// from them: [Client.Properties] lists the options of the property.
const (
	DispositionBusy            = "9d9162e7-6cf3-4944-bf63-4dff82258764"
	DispositionConnected       = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
	DispositionLeftLiveMessage = "a4c4c377-d246-4b32-a13b-75a56a4cd0ff"
	DispositionLeftVoicemail   = "b2cf5968-551e-4856-9783-52b3da59a7d0"
	DispositionNoAnswer        = "73a0d17f-1163-4015-bdd5-ec830791da20"
	DispositionWrongNumber     = "17b47fee-58de-441e-a44c-c6300d46f273"
)

// The values of hs_call_status.
const (
	CallBusy           = "BUSY"
	CallCallingCRMUser = "CALLING_CRM_USER"
	CallCanceled       = "CANCELED"
	CallCompleted      = "COMPLETED"
	CallConnecting     = "CONNECTING"
	CallFailed         = "FAILED"
	CallInProgress     = "IN_PROGRESS"
	CallNoAnswer       = "NO_ANSWER"
	CallQueued         = "QUEUED"
	CallRinging        = "RINGING"
)

// The values of hs_call_direction, as the agent sees it.
const (
	Inbound  = "INBOUND"
	Outbound = "OUTBOUND"
)

// CallSource is the only value that hs_call_source may have. Recordings and
// transcripts need it.
const CallSource = "INTEGRATIONS_PLATFORM"
