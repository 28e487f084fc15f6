package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/layout"
	"deskbridge/pkg/tenant"
)

func TestSettingsUnderALayout(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *Config) {
		c.Settings.OutdialANI, c.Settings.EditTitle, c.Settings.LiveNotes = "+14155550100", true, new(false)
		c.HubSpotApp = "https://app-eu1.hubspot.com"
	})
	require.NoError(t, w.deps.Tenants.Join(t.Context(), orgID, "999", ""))
	require.NoError(t, w.deps.Tenants.Join(t.Context(), otherOrg, "666", ""))
	ann := w.client(w.signIn().Token)
	portals, err := ann.Settings(t.Context())
	require.NoError(t, err)
	require.Equal(t, "4567 https://app-eu1.hubspot.com +14155550100", portals.PortalID+" "+portals.AppURL+" "+portals.OutdialANI)
	require.True(t, portals.EditTitle && portals.NoLiveNotes)
	require.False(t, portals.NoStateSync || portals.TicketButton)
	got, err := ann.SettingsFor(t.Context(), backend.SettingsQuery{})
	require.NoError(t, err)
	require.Equal(t, portals, got, "the same as GET")

	desk := backend.Layout(`{"popAt":"off","outdialAni":"+4930555","stripOutdialPrefixes":"00, 9","liveNotes":"true","editTitle":"false",
		"ticketButton":"true","panelWidth":"520","syncState":"false","region":"FR"}`)
	got, err = ann.SettingsFor(t.Context(), backend.SettingsQuery{Layout: desk})
	require.NoError(t, err)
	want := portals
	want.PopAt, want.OutdialANI, want.StripOutdialPrefixes, want.PanelWidth = "off", "+4930555", []string{"00", "9"}, 520
	want.NoLiveNotes, want.EditTitle, want.TicketButton, want.NoStateSync = false, false, true, true
	require.Equal(t, want, got)

	got, err = ann.SettingsFor(t.Context(), backend.SettingsQuery{PortalID: "999"})
	require.NoError(t, err)
	require.Equal(t, "999 ", got.PortalID+" "+got.OutdialANI, "another portal of the organisation")
	for _, foreign := range []string{"666", "none"} {
		_, err = ann.SettingsFor(t.Context(), backend.SettingsQuery{PortalID: foreign})
		requireRefusal(t, err, http.StatusForbidden, backend.CodeNotLinked)
	}

	w.use(func(d *deps) { d.layouts = &notices{} })
	for range 3 {
		got, err = ann.SettingsFor(t.Context(), backend.SettingsQuery{Layout: backend.Layout(`{"popAt":"+4915112345678","editTitle":"false"}`)})
		require.NoError(t, err)
		require.Equal(t, "ring", got.PopAt)
		require.False(t, got.EditTitle, "the rest counts")
	}
	require.Equal(t, 1, strings.Count(w.log.String(), `"settings":"popAt"`), "logged once")
	require.NotContains(t, w.log.String(), "15112345678")

	locked := tenant.Settings{Locked: []string{"layout"}}
	_, err = w.deps.Tenants.Change(t.Context(), orgID, "4567", 0, locked, "Ada")
	require.NoError(t, err)
	got, err = ann.SettingsFor(t.Context(), backend.SettingsQuery{Layout: desk})
	require.NoError(t, err)
	require.Equal(t, "ring", got.PopAt)
	require.False(t, got.TicketButton)
}

// What a layout may set has one name on both sides.
func TestLayoutSettingsAreTheElementsProperties(t *testing.T) {
	t.Parallel()
	names := map[string]layout.Property{}
	for _, p := range layout.Properties {
		names[p.Name] = p
	}
	for _, name := range tenant.LayoutSettings() {
		require.Contains(t, names, name)
	}
	longest := backend.Layout(`{"popAt":"off","x":"` + strings.Repeat("x", backend.MaxLayout-len(`{"popAt":"off","x":""}`)) + `"}`)
	got, refused := tenant.Settings{}.Under(longest)
	require.Empty(t, refused)
	require.Equal(t, "off", got.PopAt)
	_, refused = tenant.Settings{}.Under(append(longest, ' '))
	require.Equal(t, []string{"layout"}, refused, "the longest is the same on both sides")
}

func TestLookupUnderALayout(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{})
	got, err := e.ann.Lookup(t.Context(), backend.Lookup{
		Number: "94155550100", Direction: "INBOUND", Layout: backend.Layout(`{"stripPrefixes":"9"}`),
	})
	require.NoError(t, err)
	require.Equal(t, "(415) 555-0100", got.Display)
	require.Len(t, got.Matches, 1)

	got, err = e.ann.Lookup(t.Context(), backend.Lookup{
		Number: "anonymous", Direction: "INBOUND", Variables: []backend.Variable{{Name: "case", Value: "Invoice 20481 charged twice"}},
		Layout: backend.Layout(`{"popVariables":"[{\"variable\":\"case\",\"objectType\":\"0-5\",\"property\":\"subject\"}]"}`),
	})
	require.NoError(t, err)
	require.Len(t, got.Matches, 1)
	require.Equal(t, hubspot.Tickets, got.Matches[0].Record.ObjectTypeID)
}

func TestNewContactIsFilledIn(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{NewContactProperties: map[string]string{"city": "{cad.City}", "no_such_property": "x", "company": "{queue} {direction}"}})
	e.crm.SetRules(hubspottest.Rule{ObjectType: "contacts", Property: "company", MaxLength: 3, Message: "Too long."})
	call := backend.NewContact{
		Number: "+14085550101", FirstName: "Zoe", LastName: "Zimt", Direction: "INBOUND", Queue: "Billing",
		Variables: []backend.Variable{{Name: "City", Value: "Bonn"}, {Name: "Plan", Value: "Gold"}},
	}
	properties := func(c backend.NewContact) map[string]string {
		made, err := e.ann.CreateContact(t.Context(), c)
		require.NoError(t, err)
		o, err := e.crm.Object("contacts", made.Record.ObjectID)
		require.NoError(t, err)
		return o.Properties
	}

	got := properties(call)
	require.Equal(t, "+14085550101 Zoe Zimt Bonn", strings.Join([]string{got["phone"], got["firstname"], got["lastname"], got["city"]}, " "))
	require.NotContains(t, got, "no_such_property")
	require.NotContains(t, got, "company", "HubSpot refused it")
	require.NotContains(t, got, "hs_marketable_status")
	require.Contains(t, e.log.String(), "no_such_property")
	require.NotContains(t, e.log.String(), "Bonn")

	call.Number, call.Layout = "+14085550102", backend.Layout(`{"newContactProperties":"{\"jobtitle\":\"{cad.Plan}\",\"firstname\":\"Somebody\",\"hs_marketable_status\":\"true\"}"}`)
	got = properties(call)
	require.Equal(t, "Bonn", got["city"], "no layout makes marketing contacts: the portal's settings count")
	call.Number, call.Layout = "+14085550103", backend.Layout(`{"newContactProperties":"{\"jobtitle\":\"{cad.Plan}\",\"firstname\":\"Somebody\"}"}`)
	got = properties(call)
	require.Equal(t, "Gold Zoe", got["jobtitle"]+" "+got["firstname"], "what was typed wins")
	require.NotContains(t, got, "city")
}
