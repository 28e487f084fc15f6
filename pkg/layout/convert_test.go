package layout_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/layout"
)

// with is a layout with a connector's widget as the agent's headless one.
func with(t testing.TB, connector, settings string) string {
	t.Helper()
	comp := "agentx-custom-desktop"
	if connector == "msdynamics" {
		comp = "agentx-msdynamics-desktop"
	}
	kind := "properties"
	if connector == "salesforce" {
		kind = "attributes"
	}
	headless := fmt.Sprintf(`"headless": {"id": "dw-headless", "widgets": {"comp1": {"comp": %q, "script":"https://cx-crmconnector.ciscoccservice.com/%s/v1/dist/index.js", %q: %s}}, "layout": {"areas": [["comp1"]], "size": {"cols": [1], "rows": [1]}}}, `,
		comp, connector, kind, settings)
	return strings.Replace(blank(t), `"navigation": []`, headless+`"navigation": []`, 1)
}

// converted are the properties that a connector's become, and what is told.
func converted(t testing.TB, text string) (map[string]any, map[string]layout.Conversion) {
	t.Helper()
	d, told, err := layout.Convert(parse(t, text), options)
	require.NoError(t, err)
	require.False(t, layout.Broken(layout.Check(d)), layout.Check(d))
	c := *d.Layout().Roles[0].Area.Headless.Widgets[0].Component
	require.Equal(t, layout.Element, c.Comp)
	require.Equal(t, options.Script, c.Script)
	require.Empty(t, c.Attributes)
	got := properties(t, c)
	for _, p := range layout.Properties {
		if p.Live != "" && got[p.Name] == p.Live {
			delete(got, p.Name)
		}
	}
	require.Equal(t, "headless", got["mode"])
	delete(got, "mode")
	by := map[string]layout.Conversion{}
	for _, c := range told {
		require.NotEmpty(t, c.New+c.Note, c.Old)
		by[c.Old] = c
	}
	return got, by
}

func TestConnectorsPropertiesBecomeOurs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, connector, old, want string }{
		{"caller id", "freshdesk", `{"outDialAni": "+4930123"}`, `{"outdialAni": "+4930123"}`},
		{"caller id as the documents spell it", "zendesk", `{"outdialAni": "+4930123"}`, `{"outdialAni": "+4930123"}`},
		{"caller id as an attribute", "salesforce", `{"outDialAni": "+4930123"}`, `{"outdialAni": "+4930123"}`},
		{"placeholders", "freshdesk", `{"outDialAni": "<OutDialAniValue>"}`, `{}`},
		{"an entry point of one's own", "msdynamics", `{"outDialEp": "ep-1"}`, `{"outdialEntryPoint": "ep-1"}`},
		{"a title that can be edited", "salesforce", `{"customSubjectEnabledForCallNotes": true}`, `{"editTitle": true}`},
		{"pop at connect", "servicenow", `{"screenpopOnConnected": "true"}`, `{"popAt": "connect"}`},
		{"pop at ring", "servicenow", `{"screenPopOnConnected": false}`, `{"popAt": "ring"}`},
		{"search by a variable", "servicenow", `{"screenpopCadName": "CustomerId"}`, `{"popVariables": [{"variable": "CustomerId", "objectType": "0-1", "property": "phone"}]}`},
		{"search by a variable, none", "servicenow", `{"screenpopCadName": ""}`, `{}`},
		{"fields", "servicenow", `{"cadToCrmFieldMapping": "Customer Name:Customer Name, tier:tier , callNotes:notes,broken"}`, `{"variableProperties": {"Customer Name": "customer_name", "tier": "tier"}}`},
		{"record button", "servicenow", `{"typeOfRecord": "Create Incident"}`, `{"ticketButton": true}`},
		{"search in an entity", "msdynamics", `{"isAdvancedScreenpopEnabled": "true", "cadVariableName": "Mail", "crmEntityName": "account", "crmEntityFieldName": "emailaddress1"}`,
			`{"popVariables": [{"variable": "Mail", "objectType": "0-2", "property": "email"}]}`},
		{"search in an entity, off", "msdynamics", `{"isAdvancedScreenpopEnabled": "false", "cadVariableName": "Mail", "crmEntityName": "account", "crmEntityFieldName": "emailaddress1"}`, `{}`},
		{"prefix", "msdynamics", `{"inboundANIPrefixToBeRemoved": "true", "inboundANIPrefix": "+1, 9"}`, `{"stripPrefixes": ["+1", "9"]}`},
		{"prefix, off", "msdynamics", `{"inboundANIPrefixToBeRemoved": false, "inboundANIPrefix": "9"}`, `{}`},
		{"prefix that is only a plus", "msdynamics", `{"inboundANIPrefixToBeRemoved": true, "inboundANIPrefix": "+"}`, `{}`},
		{"width", "msdynamics", `{"desktopWidth": "500"}`, `{"panelWidth": 500}`},
		{"width as a number", "msdynamics", `{"desktopWidth": 550}`, `{"panelWidth": 550}`},
		{"width as nonsense", "msdynamics", `{"desktopWidth": "wide"}`, `{}`},
		{"inbound only", "msdynamics", `{"phoneCallActivityRecordConfig": {"createActivityRecordForInboundCall": true, "createActivityRecordForOutboundCall": false}}`, `{"logCalls": "inbound"}`},
		{"outbound only", "msdynamics", `{"phoneCallActivityRecordConfig": {"createActivityRecordForInboundCall": "false"}}`, `{"logCalls": "outbound"}`},
		{"no calls", "msdynamics", `{"phoneCallActivityRecordConfig": {"createActivityRecordForInboundCall": false, "createActivityRecordForOutboundCall": false}}`, `{"logCalls": "off"}`},
		{"actions", "msdynamics", `{"actionsWidgetConfig": {"isLiveNotesEnabled": false, "isCreateCaseEnabled": true}}`, `{"liveNotes": false, "ticketButton": true}`},
		{"activity fields", "msdynamics", `{"createActivityRecordConfig": [{"CadFieldName": "callNotes", "msDynamicsFieldName": "description", "isDefaultValueEnabled": false, "defaultFieldValue": ""}, {"CadFieldName": "Tier", "msDynamicsFieldName": "new_Tier", "isDefaultValueEnabled": false, "defaultFieldValue": ""}]}`,
			`{"variableProperties": {"Tier": "new_tier"}}`},
		{"contact fields", "msdynamics", `{"openContactFormWithPrefilledDataConfig": [{"CadFieldName": "City", "msDynamicsFieldName": "address1_city", "isDefaultValueEnabled": false, "defaultFieldValue": ""}, {"CadFieldName": "x", "msDynamicsFieldName": "lastname", "isDefaultValueEnabled": true, "defaultFieldValue": "Unknown"}]}`,
			`{"newContactProperties": {"city": "{cad.City}", "lastname": "Unknown"}}`},
		{"case fields", "msdynamics", `{"createCaseRecordConfig": [{"CadFieldName": "x", "msDynamicsFieldName": "title", "isDefaultValueEnabled": true, "defaultFieldValue": "A call"}, {"CadFieldName": "Why", "msDynamicsFieldName": "description"}]}`,
			`{"ticketProperties": {"subject": "A call", "content": "{cad.Why}"}}`},
		{"search, misspelled as Cisco does", "zendesk", `{"adavanceSearchCadVariableName": "Mail", "adavanceSearchCrmObjectName": "user email :"}`,
			`{"popVariables": [{"variable": "Mail", "objectType": "0-1", "property": "email"}]}`},
		{"search, spelled right", "zendesk", `{"advanceSearchCadVariableName": "No", "advanceSearchCrmObjectName": "ticket.order_no"}`,
			`{"popVariables": [{"variable": "No", "objectType": "0-5", "property": "order_no"}]}`},
		{"tickets for inbound calls", "zendesk", `{"isCaseCreationForAllInboundCallsEnabled": "true"}`, `{"ticketFor": "inbound"}`},
		{"tickets for none", "zendesk", `{"isCaseCreationForAllInboundCallsEnabled": false}`, `{"ticketFor": "off"}`},
		{"subject", "zendesk", `{"ticketDynamicSubject": "{direction} Call {activityDateTime} {ANI} {DNIS} {queueName} {Tier}{ x"}`, `{"ticketSubject": "{direction} Call {date} {time} {number} {ours} {queue} {cad.Tier}{{ x"}`},
		{"date", "zendesk", `{"dateTimeFormat": "MM.dd.yyyy hh:mm a"}`, `{"dateFormat": "MM.dd.yyyy hh:mm a"}`},
		{"ticket field", "zendesk", `{"ticketDynamicField": "360001", "ticketDynamicFieldValue": "phone"}`, `{"ticketProperties": {"field_360001": "phone"}}`},
		{"ticket field, placeholders", "zendesk", `{"ticketDynamicField": "ticketDynamicField", "ticketDynamicFieldValue": "ticketDynamicFieldValue"}`, `{}`},
		{"custom fields, misspelled as Cisco does", "zendesk", `{"ticketCustomFieldsMapping": [{"wxccFieldName": "Tier", "zendeskTicketFileldID": "tier", "isDefaultValueEnabled": false}], "customFieldsToBeUpdatedForExistingTickets": "true"}`,
			`{"ticketProperties": {"tier": "{cad.Tier}"}, "updateTicket": true}`},
		{"custom fields, spelled right", "zendesk", `{"ticketCustomFieldsMapping": [{"wxccFieldName": "gold", "zendeskTicketFieldID": "tier", "isDefaultValueEnabled": true}]}`, `{"ticketProperties": {"tier": "gold"}}`},
		{"items of the call-center file", "salesforce", `{"prefixStringTobeRemoved": "+1,+91", "reqPrefixStringTobeRemoved": "+1", "screenpopSearchParamCadName": "Id", "ActivitySubjectTemplate": "{direction} Call {activityDatetime}", "SubjectDateFormat": "MM-DD-YYYY hh:mm a", "isCallNotesEnabled": "true", "isOmniStateSyncEnabled": false, "isCaseCreationEnabledForOutboundCalls": "true", "CadSalesforceFieldMapping1": "[{\"wxccFieldName\":\"Tier\",\"sfdcFieldName\":\"Tier__c\",\"isDefaultValueEnabled\":false}]"}`,
			`{"stripPrefixes": ["+1", "+91"], "stripOutdialPrefixes": ["+1"], "popVariables": [{"variable": "Id", "objectType": "0-1", "property": "phone"}], "titleTemplate": "{direction} Call {date} {time}", "dateFormat": "MM-dd-yyyy hh:mm a", "liveNotes": true, "syncState": false, "ticketFor": "outbound", "variableProperties": {"Tier": "tier__c"}}`},
		{"wrong types", "zendesk", `{"outDialAni": 1, "ticketDynamicSubject": [], "isCaseCreationForAllInboundCallsEnabled": {}, "ticketCustomFieldsMapping": "x", "dateTimeFormat": null}`, `{}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var want map[string]any
			require.NoError(t, json.Unmarshal([]byte(tt.want), &want))

			got, told := converted(t, with(t, tt.connector, tt.old))

			require.Equal(t, want, got)
			for name := range want {
				found := false
				for _, c := range told {
					found = found || c.New == name
				}
				require.True(t, found, "%s: %v", name, told)
			}
		})
	}
}

// Whatever a connector's property is called in a document of Cisco's: it becomes
// something of ours, or there is a reason why not.
func TestEveryNameOfCiscosIsKnown(t *testing.T) {
	t.Parallel()
	folders := map[layout.Connector]string{layout.Salesforce: "salesforce", layout.ServiceNow: "servicenow", layout.Dynamics: "msdynamics", layout.Zendesk: "zendesk", layout.Freshdesk: "freshdesk"}
	check := func(o layout.Old, why string) {
		for _, name := range append([]string{o.Name, strings.ToUpper(o.Name)}, o.Also...) {
			value := `"x"`
			if outer, inner, ok := strings.Cut(name, "."); ok {
				name, value = outer, fmt.Sprintf(`{%q: 1}`, inner)
			}
			_, told := converted(t, with(t, folders[o.Connector], fmt.Sprintf(`{%q: %s}`, name, value)))

			require.Len(t, told, 1, name)
			for _, c := range told {
				require.NotContains(t, c.Note, "no property of this connector", name)
				if why != "" {
					require.Equal(t, why, c.Note)
					require.Empty(t, c.New)
				}
			}
		}
	}
	for _, p := range layout.Properties {
		for _, o := range p.Old {
			check(o, "")
		}
	}
	for _, g := range layout.Without {
		check(g.Old, g.Why)
	}
}

func TestWhatIsLostIsSaid(t *testing.T) {
	t.Parallel()
	_, told := converted(t, with(t, "msdynamics", `{"hostName": "https://x.example", "mine": 1, "inboundANIPrefixToBeRemoved": false, "inboundANIPrefix": "9", "outDialAni": "<OutDialAniValue>",
		"isWidgetDisplayEnabled": false, "createCaseRecordConfig": [{"CadFieldName": "contactId", "msDynamicsFieldName": "customerid"}], "outDialEp": ""}`))

	require.Contains(t, told["hostName"].Note, "configured at the server")
	require.Contains(t, told["mine"].Note, "no property of this connector")
	require.Equal(t, "Nothing is taken off.", told["inboundANIPrefix"].Note)
	require.Empty(t, told["inboundANIPrefix"].New)
	require.Equal(t, "It was never filled in.", told["outDialAni"].Note)
	require.Equal(t, "mode", told["isWidgetDisplayEnabled"].New)
	require.Contains(t, told["createCaseRecordConfig"].Note, "only placeholders")
	require.Equal(t, "It says nothing, or nothing by itself.", told["outDialEp"].Note)
	require.Equal(t, layout.Agent, told["mine"].Role)
	require.Regexp(t, `^\d+: agent, Dynamics 365: mine is left out\. It is`, told["mine"].String())
}

func TestCiscosLayoutsConvert(t *testing.T) {
	t.Parallel()
	for name, text := range real(t) {
		d, told, err := layout.Convert(parse(t, string(text)), options)
		require.NoError(t, err, name)

		require.NotEmpty(t, told)
		require.Empty(t, layout.Check(d), name)
		require.NotContains(t, string(d.Bytes()), "cx-crmconnector")
		require.NotContains(t, string(d.Bytes()), "Actions\"")
		instances := strings.Count(string(text), `-desktop"`)
		require.Equal(t, instances, strings.Count(string(d.Bytes()), `"deskbridge-widget"`), name)
		_, removed := lines(text, d.Bytes())
		require.LessOrEqual(t, removed, 60, name)

		_, _, err = layout.Convert(d, options)
		require.ErrorContains(t, err, "no connector of Cisco's")
		more := insert(t, d, options)
		require.False(t, layout.Broken(layout.Check(more)))
		require.NotContains(t, string(remove(t, more).Bytes()), layout.Element)
	}
}

func TestVisibleInstanceKeepsItsPlaceAndGetsTheSettings(t *testing.T) {
	t.Parallel()
	tab := `{"comp": "md-tab", "attributes": {"slot": "tab"}, "children": [{"comp": "span", "textContent": "Salesforce Actions"}]},
	{"comp": "md-tab-panel", "attributes": {"slot": "panel"}, "children": [{"comp": "agentx-custom-desktop", "script": "https://cx-crmconnector.ciscoccservice.com/salesforce/v1/dist/index.js",
	  "attributes": {"class": "wide", "isSFDCWidgetEnabled": "true"}, "wrapper": {"title": "Salesforce Actions", "maximizeAreaName": "app-maximize-area"}, "responsive": false}]},`
	text := with(t, "salesforce", `{"outDialAni": "+4930123", "isSFDCWidgetEnabled": "false"}`)
	text = strings.Replace(text, `"children": [`, `"children": [`+tab, 1)

	d, _, err := layout.Convert(parse(t, text), layout.Options{Script: options.Script, Label: "CRM", Datacenter: "eu1", Settings: map[string]any{"liveNotes": false}})
	require.NoError(t, err)

	tabs := d.Layout().Roles[0].Area.Panel.Children
	require.Equal(t, "CRM", tabs[0].Children[0].TextContent)
	widget := tabs[1].Children[0]
	require.Equal(t, "CRM", widget.Wrapper.Title)
	require.True(t, widget.Hidden)
	require.Len(t, widget.Attributes, 1)
	require.Equal(t, "class", widget.Attributes[0].Name)
	got := properties(t, widget)
	require.Equal(t, "panel", got["mode"])
	require.Equal(t, "+4930123", got["outdialAni"])
	require.Equal(t, "eu1", got["datacenter"])
	require.Equal(t, false, got["liveNotes"])
}

func TestConnectorOnAnotherServerIsKnownByItsProperties(t *testing.T) {
	t.Parallel()
	text := strings.ReplaceAll(with(t, "zendesk", `{"ticketDynamicSubject": "x", "isCaseCreationForAllInboundCallsEnabled": "true", "outDialAni": "1"}`),
		"https://cx-crmconnector.ciscoccservice.com/zendesk/v1/dist/index.js", "https://cdn.example/index.js")

	got, told := converted(t, text)

	require.Equal(t, "inbound", got["ticketFor"])
	require.Equal(t, layout.Zendesk, told["ticketDynamicSubject"].Connector)
}
