package layout

import (
	"slices"
	"strings"
)

// A Type is what a property's value is.
type Type string

// The types of properties.
const (
	Text    Type = "text"
	Boolean Type = "boolean"
	Number  Type = "number"
	Choice  Type = "choice"
	List    Type = "list" // Of texts.
	Map     Type = "map"  // From text to text.
	Rules   Type = "rules"
)

// A Property is one of our element's. Set in a layout, it holds for the teams
// that have the layout, in place of the portal's setting of the same meaning.
type Property struct {
	Name    string
	Type    Type
	Choices []string // Of a choice.
	Default string   // In words, or as JSON.
	Live    string   // What of the Desktop's store it is given unless it is set. Not for people to set, unless Open.
	Open    bool
	Setting string // The portal's setting (tenant.Settings, as JSON names it) that it stands in for; empty if there is none.
	What    string
	Old     []Old
}

// An Old is what one of Cisco's connectors called a property.
type Old struct {
	Connector Connector
	Name      string   // As Cisco spells it, misspellings included.
	Also      []string // Other spellings: Cisco's documents and layouts differ, and people correct them.
	Elsewhere bool     // Not in the layout, but in the call-center file of Salesforce.
}

// A Connector is one of Cisco's legacy CRM connectors.
type Connector string

// The connectors.
const (
	Salesforce Connector = "Salesforce"
	ServiceNow Connector = "ServiceNow"
	Dynamics   Connector = "Dynamics 365"
	Zendesk    Connector = "Zendesk"
	Freshdesk  Connector = "Freshdesk"
)

func old(c Connector, name string, also ...string) Old { return Old{c, name, also, false} }

// elsewhere is an item of Salesforce's call-center file.
func elsewhere(name string) Old { return Old{Salesforce, name, nil, true} }

// Properties are all that our element takes.
var Properties = []Property{
	{Name: "mode", Type: Choice, Choices: []string{"panel", "page", "header", "headless"}, Default: "panel",
		What: "How it shows: a pane, a page, a button in the header that opens it, or nothing (it pops and logs only).",
		Old: []Old{
			old(ServiceNow, "isWidgetDisplayEnabled"), old(Dynamics, "isWidgetDisplayEnabled"),
			old(Salesforce, "isSFDCWidgetEnabled"),
		}},
	{Name: "datacenter", Type: Text, Default: "the Desktop's own", Live: "$STORE.app.datacenter", Open: true,
		What: "The data centre of the Webex organisation, such as us1 or eu2. It changes nothing: which one is used is the server's configuration."},
	{Name: "portal", Type: Text, Default: "the portal it runs in, or the only one linked",
		What: "The id of the HubSpot portal, for a Desktop that runs outside HubSpot where several portals are linked."},
	{Name: "agentId", Type: Text, Live: "$STORE.agent.agentId", What: "The agent."},
	{Name: "agentName", Type: Text, Live: "$STORE.agent.agentName", What: "The agent's name."},
	{Name: "agentEmail", Type: Text, Live: "$STORE.agent.agentEmailId", What: "The agent's e-mail address."},
	{Name: "orgId", Type: Text, Live: "$STORE.agent.orgId", What: "The agent's organisation."},
	{Name: "teamId", Type: Text, Live: "$STORE.agent.teamId", What: "The id of the agent's team."},
	{Name: "teamName", Type: Text, Live: "$STORE.agent.teamName", What: "The agent's team.",
		Old: []Old{old(Salesforce, "agentTeamName")}},
	{Name: "dialNumber", Type: Text, Live: "$STORE.agent.dnNumber", What: "The number or extension that the agent signed in with."},
	{Name: "deviceType", Type: Text, Live: "$STORE.agent.deviceType", What: "What the agent talks on: AGENT_DN, EXTENSION or BROWSER."},
	{Name: "agentState", Type: Text, Live: "$STORE.agent.subStatus", What: "The agent's state.",
		Old: []Old{old(Zendesk, "agentStatus")}},
	{Name: "stateSince", Type: Number, Live: "$STORE.agent.subStatusChangeTimestamp", What: "Since when, in milliseconds since 1970."},
	{Name: "darkMode", Type: Boolean, Live: "$STORE.app.darkMode", What: "Whether the Desktop is dark."},
	{Name: "language", Type: Text, Live: "$STORE.app.language", What: "The Desktop's language, such as en-US."},
	{Name: "outdialEntryPoint", Type: Text, Default: "the agent profile's", Live: "$STORE.agent.outDialEp", Open: true,
		What: "The entry point that calls out go through.",
		Old:  []Old{old(Dynamics, "outDialEp", "outdialEp")}},
	{Name: "outdialAni", Type: Text, Default: "the agent profile's", Setting: "outdialAni",
		What: "The number that people see who are called, unless the agent chooses another one.",
		Old: []Old{
			old(Salesforce, "outDialAni", "outdialAni"), old(ServiceNow, "outDialAni", "outdialAni"), old(Dynamics, "outDialAni", "outdialAni"),
			old(Zendesk, "outDialAni", "outdialAni"), old(Freshdesk, "outDialAni", "outdialAni"),
		}},
	{Name: "stripOutdialPrefixes", Type: List, Default: "[]", Setting: "stripOutdialPrefixes",
		What: "Beginnings that are taken off a number before it is dialled. The longest one counts.",
		Old:  []Old{elsewhere("reqPrefixStringTobeRemoved")}},
	{Name: "stripPrefixes", Type: List, Default: "[]", Setting: "stripPrefixes",
		What: "Beginnings that are taken off the caller's number before it is looked up. The longest one counts.",
		Old: []Old{
			old(Dynamics, "inboundANIPrefix"), old(Dynamics, "inboundANIPrefixToBeRemoved"), elsewhere("prefixStringTobeRemoved"),
		}},
	{Name: "popAt", Type: Choice, Choices: []string{"ring", "connect", "off"}, Default: "ring", Setting: "popAt",
		What: "When the caller's record opens.",
		Old:  []Old{old(ServiceNow, "screenpopOnConnected", "screenPopOnConnected")}},
	{Name: "popVariables", Type: Rules, Default: "[]", Setting: "popVariables",
		What: "Call variables (CAD) that find a record before the number does: [{\"variable\": \"orderId\", \"objectType\": \"0-3\", \"property\": \"order_id\"}].",
		Old: []Old{
			old(ServiceNow, "screenpopCadName", "screenPopCadName"), old(Dynamics, "isAdvancedScreenpopEnabled", "isAdvancedScreenPopEnabled"),
			old(Dynamics, "cadVariableName"), old(Dynamics, "crmEntityName"), old(Dynamics, "crmEntityFieldName"),
			old(Zendesk, "adavanceSearchCadVariableName", "advanceSearchCadVariableName", "advancedSearchCadVariableName"),
			old(Zendesk, "adavanceSearchCrmObjectName", "advanceSearchCrmObjectName", "advancedSearchCrmObjectName"),
			elsewhere("reqIsAdvancedScreenpopEnabled"), elsewhere("screenpopSearchParamCadName"),
		}},
	{Name: "newContactProperties", Type: Map, Default: "{}", Setting: "newContactProperties",
		What: "What a contact made for an unknown caller is filled with, beside number and name: {\"city\": \"{cad.City}\"}.",
		Old:  []Old{old(Dynamics, "openContactFormWithPrefilledDataConfig"), elsewhere("sfdcObjetFieldCadVariableMappings1")}},
	{Name: "variableProperties", Type: Map, Default: "{}", Setting: "variableProperties",
		What: "Call variables (CAD) and the properties of HubSpot's calls that they are written to: {\"tier\": \"customer_tier\"}.",
		Old: []Old{
			old(ServiceNow, "cadToCrmFieldMapping"), old(ServiceNow, "createActivityRecordConfig"), old(Dynamics, "createActivityRecordConfig"),
			elsewhere("CadSalesforceFieldMapping1"),
		}},
	{Name: "titleTemplate", Type: Text, Default: "the direction and the name", Setting: "titleTemplate",
		What: "The title of the call in HubSpot: {direction} call, {queue}.",
		Old:  []Old{elsewhere("ActivitySubjectTemplate")}},
	{Name: "dateFormat", Type: Text, Default: "yyyy-MM-dd", Setting: "dateFormat",
		What: "How {date} is written in titles, subjects and properties, in UTC, such as MM.dd.yyyy hh:mm a.",
		Old:  []Old{old(Zendesk, "dateTimeFormat"), elsewhere("SubjectDateFormat")}},
	{Name: "logCalls", Type: Choice, Choices: []string{"all", "inbound", "outbound", "off"}, Default: "all", Setting: "logCalls",
		What: "Which calls are logged in HubSpot.",
		Old: []Old{
			old(Dynamics, "phoneCallActivityRecordConfig.createActivityRecordForInboundCall"),
			old(Dynamics, "phoneCallActivityRecordConfig.createActivityRecordForOutboundCall"),
		}},
	{Name: "liveNotes", Type: Boolean, Default: "true", Setting: "liveNotes",
		What: "Whether notes can be typed during the call; else in the wrap-up only.",
		Old: []Old{
			old(Dynamics, "actionsWidgetConfig.isLiveNotesEnabled"), old(ServiceNow, "liveNotesConfig"), elsewhere("isCallNotesEnabled"),
		}},
	{Name: "editTitle", Type: Boolean, Default: "false", Setting: "editTitle",
		What: "Whether the call's title can be edited with the notes.",
		Old:  []Old{old(Salesforce, "customSubjectEnabledForCallNotes")}},
	{Name: "ownerFollowsTransfer", Type: Boolean, Default: "false", Setting: "ownerFollowsTransfer",
		What: "Whether a transferred call belongs to who has it at last.",
		Old:  []Old{elsewhere("isActivityRecordOwnershiptobeChangedForTransferredCalls")}},
	{Name: "ticketFor", Type: Choice, Choices: []string{"off", "inbound", "outbound", "all"}, Default: "off", Setting: "ticketFor",
		What: "For which answered calls a ticket is made; a call that is about one ticket already gets no other.",
		Old: []Old{
			old(Zendesk, "isCaseCreationForAllInboundCallsEnabled"), elsewhere("isCaseCreationEnabledForInboundCalls"), elsewhere("isCaseCreationEnabledForOutboundCalls"),
		}},
	{Name: "ticketButton", Type: Boolean, Default: "false", Setting: "ticketButton",
		What: "Whether the agent can ask for a ticket with a button, during the call and in the wrap-up.",
		Old:  []Old{old(Dynamics, "actionsWidgetConfig.isCreateCaseEnabled"), old(ServiceNow, "typeOfRecord")}},
	{Name: "ticketSubject", Type: Text, Default: "{direction} call, {name}", Setting: "ticketSubject",
		What: "The ticket's subject, with the names that titleTemplate takes.",
		Old:  []Old{old(Zendesk, "ticketDynamicSubject")}},
	{Name: "ticketProperties", Type: Map, Default: "{}", Setting: "ticketProperties",
		What: "What a ticket is filled with, as far as the account has the properties: {\"order_id\": \"{cad.orderId}\", \"hs_ticket_priority\": \"HIGH\"}.",
		Old: []Old{
			old(Zendesk, "ticketDynamicField"), old(Zendesk, "ticketDynamicFieldValue"),
			old(Zendesk, "ticketCustomFieldsMapping"), old(Dynamics, "createCaseRecordConfig"),
			elsewhere("sfdcCaseFieldCadVariableMappings1"), elsewhere("sfdcCaseFieldCadVariableMappings2"),
		}},
	{Name: "updateTicket", Type: Boolean, Default: "false", Setting: "updateTicket",
		What: "Whether ticketProperties are also written to the ticket that the call was about, once it is over. Pipeline and stage are not.",
		Old:  []Old{old(Zendesk, "customFieldsToBeUpdatedForExistingTickets")}},
	{Name: "panelWidth", Type: Number, Default: "HubSpot's", Setting: "panelWidth",
		What: "The width that HubSpot is asked for with its calling panel, 300 to 1000 pixels.",
		Old:  []Old{old(Dynamics, "desktopWidth")}},
	{Name: "syncState", Type: Boolean, Default: "true", Setting: "syncState",
		What: "Whether HubSpot shows the agent as available and unavailable as Webex does.",
		Old:  []Old{elsewhere("isOmniStateSyncEnabled")}},
}

// A Gone is a property of a connector that has no counterpart, and why.
type Gone struct {
	Old
	Why string
}

// Without are the connectors' properties that have no counterpart.
var Without = without()

func without() []Gone {
	const (
		code    = "Deskbridge's script brings its own code and loads none by name."
		details = "Where the CRM is and how it is reached is configured at the server, where agents do not see it."
		atOnce  = "The call is written to HubSpot from the first ring on, and what changes is shown at once."
	)
	var all []Gone
	add := func(why string, olds ...Old) {
		for _, o := range olds {
			all = append(all, Gone{o, why})
		}
	}
	add(code, old(Salesforce, "crmLibPath"), old(ServiceNow, "crmLibPath"), old(Dynamics, "crmLibPath"), old(Freshdesk, "crmLibPath"),
		old(Salesforce, "openctiLibPath", "openCtiLibPath"), old(Salesforce, "nameOfOpenCtiFileName"),
		old(ServiceNow, "openCtiLibPath", "openctiLibPath"), old(ServiceNow, "aesPath"),
		old(Zendesk, "customDesktopLibraryPath"), old(Zendesk, "crmlibraryPath"), old(Zendesk, "crmlibraryFileName"))
	add(details, old(Dynamics, "hostName"), old(ServiceNow, "screenPopURL"), old(ServiceNow, "restAPI"))
	add("It is a password in a file that many can read. Change it, and remove it from the old layout.", old(ServiceNow, "authBase64"))
	add("HubSpot has one kind of workspace.", old(Dynamics, "channelIntegrationFrameWorkVersion2Enabled"))
	add("A call has no page of its own in HubSpot: it stands on the timeline of the record, which opens.",
		old(Dynamics, "phoneCallActivityRecordConfig.openActivityRecordAutomatically"))
	add("Cisco's layouts have only placeholders in it. Tickets are what ticketButton and ticketProperties are for.", old(ServiceNow, "createCrmRecordConfig"))
	add(atOnce, elsewhere("reqIsActivityAutoRefreshEnabled"), elsewhere("isActivityRecordCreationAtConnected"),
		elsewhere("activityRecordOpenedInEditmodeConnectedState"), elsewhere("activityRecordOpenedInEditmodeCallDisConnectedState"))
	add("Deskbridge knows the call by Webex's own id and needs no variable that holds another.", elsewhere("nameOfTheCadvariableHoldingActivityRecordId"))
	add("Notes stand in the body of the call in HubSpot.", elsewhere("sfdcFieldForcallNotes"))
	add("HubSpot opens a record as it is; whether it can be edited is the user's permission.",
		elsewhere("isCreatedCaseObjectToBeOpenInEditMode"), elsewhere("isOpenCaseObjectAlwaysInViewMode"))
	add("There is no choice: a contact is what HubSpot logs calls to.", elsewhere("isNoRecordMatchScenarioEnabled"), elsewhere("nameOfCrmRecordObject"))
	add("A template has no conditions. HubSpot's workflows do, on the properties that are written.",
		elsewhere("sfdcObjectFieldConditionalMappings1"), elsewhere("sfdcCaseFieldConditionalMappings1"))
	add("That outdialAni is set is enough.", elsewhere("reqIsOutDialAniToBeSet"))
	add("That variableProperties has entries is enough.", elsewhere("reqIsCadVariableUpdatedToActivity"))
	add("HubSpot knows only available and unavailable; which idle codes an agent has is Webex's matter.",
		elsewhere("defaultOmniStateForCall"), elsewhere("defaultOmniStateForOmniChannel"))
	add("It is about Salesforce's page.", elsewhere("reqInternalName"), elsewhere("reqDisplayName"), elsewhere("reqAdapterUrl"), elsewhere("reqUseApi"),
		elsewhere("reqSoftphoneHeight"), elsewhere("reqSoftphoneWidth"), elsewhere("reqSalesforceCompatibilityMode"), elsewhere("reqSalesforceNamespace"))
	return all
}

// spelled says whether a name is one of the old one's spellings, in whatever
// case.
func (o Old) spelled(name string) bool {
	return strings.EqualFold(o.Name, name) || slices.ContainsFunc(o.Also, func(s string) bool { return strings.EqualFold(s, name) })
}

// property is one of ours by its name.
func property(name string) (Property, bool) {
	i := slices.IndexFunc(Properties, func(p Property) bool { return p.Name == name })
	if i < 0 {
		return Property{}, false
	}
	return Properties[i], true
}
