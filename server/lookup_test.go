package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/ledger"
	"deskbridge/pkg/tenant"
)

func TestLookupObeysTheAdminsRules(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{
		StripPrefixes: []string{"9"}, SkipCompanies: true,
		PopVariables: []tenant.PopVariable{{Variable: "case", ObjectType: hubspot.Tickets, Property: "subject"}},
	})
	memory := &remembered{}
	e.remembers(memory)
	maria := e.id("contacts", "Silva")
	at := time.UnixMilli(1_790_000_000_000)
	memory.records = []ledger.Contacted{{Record: backend.Ref{ObjectTypeID: hubspot.Contacts, ObjectID: maria, Name: "Old name"}, At: at}}

	got, err := e.ann.Lookup(t.Context(), backend.Lookup{Number: "94155550100", Direction: "INBOUND"})
	require.NoError(t, err)
	require.Equal(t, "(415) 555-0100", got.Display)
	require.Equal(t, []backend.Match{{
		Record: backend.Ref{ObjectTypeID: hubspot.Contacts, ObjectID: maria, Name: "Maria Silva"}, Email: "maria.silva@acme.example",
		Company: "Acme", Why: "phone", Via: "number", RecentAt: at.UnixMilli(),
	}}, got.Matches)
	require.Equal(t, []string{e.orgID() + " 4567 94155550100 +14155550100"}, memory.asked)

	case1 := []backend.Variable{{Name: "other", Value: "x"}, {Name: "case", Value: "Invoice 20481 charged twice"}}
	for _, number := range []string{"94155550100", "anonymous", ""} {
		got, err = e.ann.Lookup(t.Context(), backend.Lookup{Number: number, Direction: "INBOUND", Variables: case1})
		require.NoError(t, err, number)
		require.Len(t, got.Matches, 1)
		require.Equal(t, "Invoice 20481 charged twice", got.Matches[0].Record.Name)
		require.Equal(t, hubspot.Tickets, got.Matches[0].Record.ObjectTypeID)
		require.Equal(t, "variable case", got.Matches[0].Via+" "+got.Matches[0].Why)
	}

	// Nobody has the number, but there was a call with it.
	got, err = e.ann.Lookup(t.Context(), backend.Lookup{Number: "+14155550199", Direction: "INBOUND"})
	require.NoError(t, err)
	require.Len(t, got.Matches, 1)
	require.Equal(t, "recent", got.Matches[0].Via)
	require.Equal(t, "Maria Silva", got.Matches[0].Record.Name)
	require.Equal(t, at.UnixMilli(), got.Matches[0].RecentAt)
	made, err := e.ann.CreateContact(t.Context(), backend.NewContact{Number: "9 415 555 0199", FirstName: "Zoe"})
	require.NoError(t, err)
	require.NotEqual(t, maria, made.Record.ObjectID, "whoever asks for a new contact has seen the other one")
	o, err := e.crm.Object("contacts", made.Record.ObjectID)
	require.NoError(t, err)
	require.Equal(t, "+14155550199", o.Properties["phone"])
	for _, number := range []string{"+14155550199", "94155550199"} {
		got, err = e.ann.Lookup(t.Context(), backend.Lookup{Number: number, Direction: "INBOUND"})
		require.NoError(t, err)
		require.Equal(t, "Zoe", got.Matches[0].Record.Name)
	}
	require.Zero(t, e.asked("/0-2/search"), "no companies")
	require.NotContains(t, e.log.String(), "20481")
	require.NotContains(t, e.log.String(), "4155550")
}

// Whoever waits for a screen pop gets an answer while HubSpot hangs: nothing,
// or what was known before.
func TestLookupKeepsItsDeadline(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{MatchDeadline: 300 * time.Millisecond})
	hang := hubspottest.Fault{Match: "POST /crm", DelayMs: 2500, Times: 2}
	e.crm.AddFault(hang)

	got, err := e.ann.Lookup(t.Context(), backend.Lookup{Number: "+14155550100", Direction: "INBOUND"})

	require.NoError(t, err)
	require.NotNil(t, got.Matches)
	require.Empty(t, got.Matches)
	require.Equal(t, "(415) 555-0100", got.Display)
	require.Zero(t, e.asked("/search"), "HubSpot has not answered yet")
	require.Eventually(t, func() bool { // Its answer is for the next one.
		got, err := e.ann.Lookup(t.Context(), backend.Lookup{Number: "+14155550100", Direction: "INBOUND"})
		return err == nil && len(got.Matches) == 1
	}, 30*time.Second, 50*time.Millisecond)

	e.clock.pass(time.Hour)
	hang.Times = 10
	e.crm.AddFault(hang)
	got, err = e.ann.Lookup(t.Context(), backend.Lookup{Number: "+14155550100", Direction: "INBOUND"})
	require.NoError(t, err)
	require.Len(t, got.Matches, 1, "an old answer")
}

// A refusal is no "nobody": a contact that is made now could be the second one.
func TestLookupSaysWhenHubSpotRefuses(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{})
	for _, fault := range []hubspottest.Fault{
		{Status: 403, ErrorType: "MISSING_SCOPES"}, {Status: 429, ErrorType: "DAILY"}, {Status: 503}, {Status: 477}, {Drop: true},
	} {
		fault.Match, fault.Times = "POST /crm/objects/2026-09/0-1/search", 1
		e.crm.AddFault(fault)
		_, err := e.ann.Lookup(t.Context(), backend.Lookup{Number: "+14155550123", Direction: "OUTBOUND"})
		requireRefusal(t, err, http.StatusBadGateway, backend.CodeHubSpotDown)
	}
	got, err := e.ann.Lookup(t.Context(), backend.Lookup{Number: "+14155550123", Direction: "OUTBOUND"})
	require.NoError(t, err)
	require.Len(t, got.Matches, 2, "duplicates are the panel's to choose from")

	for _, l := range []backend.Lookup{{}, {Number: " "}, {Number: strings.Repeat("1", 65)}} {
		_, err := e.ann.Lookup(t.Context(), l)
		requireRefusal(t, err, http.StatusBadRequest, backend.CodeInvalid)
	}
	_, err = e.ann.Lookup(t.Context(), backend.Lookup{Number: "1", PortalID: "666"})
	requireRefusal(t, err, http.StatusForbidden, backend.CodeNotLinked)
}

// What one organisation talked about in a portal is not another one's to know.
func TestOrganisationsOfOnePortalRememberApart(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.linked(orgID, hubspottest.PortalID)
	h.linked(otherOrg, hubspottest.PortalID)
	r := call("k", hubspottest.PortalID, h.contact("Silva"))
	r.Number, r.StartedAt = "+14155550199", h.clock.now().UnixMilli()
	r.AnsweredAt, r.EndedAt = r.StartedAt, r.StartedAt
	h.put(orgID, r)
	for org, want := range map[string]int{orgID: 1, otherOrg: 0} {
		portal, err := h.deps.Tenants.Portal(t.Context(), org, "")
		require.NoError(t, err)

		got, err := h.accounts.Match(t.Context(), org, portal, backend.Lookup{Number: "+14155550199", Direction: "INBOUND"})

		require.NoError(t, err)
		require.Len(t, got, want)
	}
}
