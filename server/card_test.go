package main

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/ledger"
	"deskbridge/pkg/tenant"
)

// remembered is a memory of things that a test makes up.
type remembered struct {
	mu      sync.Mutex
	records []ledger.Contacted
	calls   []backend.CardRecent
	err     error
	asked   []string
}

func (r *remembered) Recent(_ context.Context, at ledger.Place, numbers ...string) ([]ledger.Contacted, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, at.OrgID+" "+at.PortalID+" "+strings.Join(numbers, " "))
	return r.records, r.err
}

func (r *remembered) Interactions(_ context.Context, at ledger.Place, record backend.Ref, n int) ([]backend.CardRecent, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, at.OrgID+" "+at.PortalID+" "+record.ObjectTypeID+"/"+record.ObjectID)
	return r.calls[:min(n, len(r.calls))], r.err
}

func (e *emulated) remembers(m *remembered) {
	e.use(func(d *deps) { d.History = m })
}

func (e *emulated) id(objectType, query string) string {
	e.t.Helper()
	found := e.crm.Objects(objectType, query)
	require.Len(e.t, found, 1, query)
	return found[0].ID
}

func (e *emulated) card(objectType, id string) (backend.Card, error) {
	return e.ann.Card(e.t.Context(), backend.CardQuery{Record: backend.Ref{ObjectTypeID: objectType, ObjectID: id, Name: "whatever"}})
}

func items(in []backend.CardItem) []string {
	out := []string{}
	for _, i := range in {
		out = append(out, strings.Join([]string{i.Record.Name, i.Stage, i.Amount, i.Detail}, "|"))
	}
	return out
}

func TestCardOfAContact(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{})
	calls := []backend.CardRecent{{At: 1, Channel: "telephony", Direction: "INBOUND", Agent: "Bob"}}
	memory := &remembered{calls: calls}
	e.remembers(memory)
	maria := e.id("contacts", "Silva")
	for n, stage := range []string{"1", "2", "3", "4", "1", "2", "3"} { // Five open ones besides the first.
		id, err := e.crm.AddObject("tickets", map[string]string{"subject": "T" + stage + string(rune('a'+n)), "hs_pipeline_stage": stage})
		require.NoError(t, err)
		require.NoError(t, e.crm.Associate(hubspottest.Ref{ObjectType: "contacts", ID: maria}, hubspottest.Ref{ObjectType: "tickets", ID: id}))
	}
	second := e.id("companies", "Northwind")
	require.NoError(t, e.crm.Associate(hubspottest.Ref{ObjectType: "contacts", ID: maria}, hubspottest.Ref{ObjectType: "companies", ID: second}))

	got, err := e.card(hubspot.Contacts, maria)

	require.NoError(t, err)
	require.Equal(t, []string{"Acme: conveyor spare parts|Presentation Scheduled|18400 USD|"}, items(got.Deals), "the pilot order is won")
	require.Equal(t, []string{"T3g|Waiting on us||", "T2f|Waiting on contact||", "T1e|New||", "T3c|Waiting on us||", "T2b|Waiting on contact||"}, items(got.Tickets))
	require.NotZero(t, got.Deals[0].At)
	require.NotZero(t, got.Tickets[0].At)
	require.Equal(t, "Acme", got.Company.Record.Name, "the primary one")
	require.Equal(t, "acme.example", got.Company.Detail)
	require.Equal(t, hubspot.Companies, got.Company.Record.ObjectTypeID)
	require.Equal(t, e.id("deals", "conveyor"), got.Deals[0].Record.ObjectID)
	require.Equal(t, "https://app.hubspot.com/contacts/4567/record/0-3/"+got.Deals[0].Record.ObjectID, got.Deals[0].URL)
	require.Empty(t, got.Company.URL, "HubSpot's calling frame goes there itself")
	got.Company, got.Deals, got.Tickets = nil, nil, nil
	require.Equal(t, backend.Card{
		Record: backend.Ref{ObjectTypeID: hubspot.Contacts, ObjectID: maria, Name: "Maria Silva"}, Email: "maria.silva@acme.example",
		Phone: "+14155550100", JobTitle: "Head of Purchasing", Stage: "Customer", Owner: "Ann Berger", Recent: calls,
	}, got)
	require.Equal(t, []string{e.orgID() + " 4567 0-1/" + maria}, memory.asked)

	before := e.asked("/crm/")
	got, err = e.card(hubspot.Contacts, maria)
	require.NoError(t, err)
	require.Equal(t, calls, got.Recent)
	require.Equal(t, before, e.asked("/crm/"), "from the cache")
	require.Len(t, memory.asked, 2, "what is our own is asked anew")
	noel, err := e.card(hubspot.Contacts, e.id("contacts", "Frost"))
	require.NoError(t, err)
	require.True(t, noel.NoCalls)
	require.Equal(t, 1, e.asked("/crm/pipelines/2026-09/0-3"), "labels are kept")
	require.Equal(t, 1, e.asked("/crm/owners/"))
	require.Zero(t, e.asked("/search"), "searches are for calls")
	require.NotContains(t, e.log.String(), "maria.silva")
}

// orgID is the organisation that Ann is signed in for.
func (e *emulated) orgID() string {
	e.t.Helper()
	who, err := e.ann.Who(e.t.Context())
	require.NoError(e.t, err)
	return who.Agent.OrgID
}

func TestCardsOfOtherRecords(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{})

	acme, err := e.card(hubspot.Companies, e.id("companies", "Acme"))
	require.NoError(t, err)
	require.Equal(t, "Acme", acme.Record.Name)
	require.Equal(t, "+1 415-555-0190", acme.Phone)
	require.Equal(t, "Ann Berger", acme.Owner)
	require.Nil(t, acme.Company)
	require.Empty(t, acme.Missing)
	require.Equal(t, []string{"Acme: maintenance contract 2027|Qualified To Buy|52000 USD|", "Acme: conveyor spare parts|Presentation Scheduled|18400 USD|"}, items(acme.Deals))
	require.Equal(t, []string{"Invoice 20481 charged twice|New||HIGH"}, items(acme.Tickets))

	deal, err := e.card(hubspot.Deals, e.id("deals", "substation"))
	require.NoError(t, err)
	require.Equal(t, "Nordlicht: substation meters", deal.Record.Name)
	require.Equal(t, "Contract Sent", deal.Stage)
	require.Equal(t, "Nordlicht Energie GmbH", deal.Company.Record.Name)
	require.Empty(t, deal.Deals)
	require.Empty(t, deal.Missing)

	ticket, err := e.card(hubspot.Tickets, e.id("tickets", "20481"))
	require.NoError(t, err)
	require.Equal(t, "New", ticket.Stage)
	require.Equal(t, "Bob Castle", ticket.Owner)
	require.Equal(t, "Acme", ticket.Company.Record.Name)
	require.Empty(t, ticket.Missing)
}

func TestCardQueriesThatBreakTheContract(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{})
	for _, ref := range []backend.Ref{
		{}, {ObjectTypeID: "0-1"}, {ObjectTypeID: "0-1", ObjectID: "x"}, {ObjectTypeID: "0-1", ObjectID: "1/../2"},
		{ObjectTypeID: "0-48", ObjectID: "1"}, {ObjectTypeID: "contacts", ObjectID: "1"}, {ObjectID: "1"},
		{ObjectTypeID: "0-1", ObjectID: "-1"}, {ObjectTypeID: "0-1", ObjectID: strings.Repeat("1", 20)},
	} {
		_, err := e.ann.Card(t.Context(), backend.CardQuery{Record: ref})
		requireRefusal(t, err, http.StatusBadRequest, backend.CodeInvalid)
	}
	maria := backend.Ref{ObjectTypeID: hubspot.Contacts, ObjectID: e.id("contacts", "Silva")}
	_, err := e.ann.Card(t.Context(), backend.CardQuery{Record: maria, PortalID: "666"})
	requireRefusal(t, err, http.StatusForbidden, backend.CodeNotLinked)
	_, err = e.client("").Card(t.Context(), backend.CardQuery{Record: maria})
	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSessionExpired)
	require.Zero(t, e.asked("/crm/"))
}

func TestCardOfARecordThatIsGone(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{})
	maria := e.id("contacts", "Silva")
	found, err := e.ann.Lookup(t.Context(), backend.Lookup{Number: "+14155550100", Direction: "INBOUND"})
	require.NoError(t, err)
	require.Equal(t, maria, found.Matches[0].Record.ObjectID)
	_, err = e.card(hubspot.Contacts, maria)
	require.NoError(t, err)
	require.NoError(t, e.crm.DeleteObject("contacts", maria))
	e.clock.pass(2 * time.Minute)

	_, err = e.card(hubspot.Contacts, maria)

	requireRefusal(t, err, http.StatusNotFound, backend.CodeNotFound)
	_, err = e.card(hubspot.Contacts, e.id("tickets", "20481"))
	requireRefusal(t, err, http.StatusNotFound, backend.CodeNotFound)
}

func TestCardFollowsAMerge(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{})
	memory := &remembered{}
	e.remembers(memory)
	maria, james := e.id("contacts", "Silva"), e.id("contacts", "Okafor")
	require.NoError(t, e.crm.MergeContacts(james, maria))

	got, err := e.card(hubspot.Contacts, maria)

	require.NoError(t, err)
	require.Equal(t, backend.Ref{ObjectTypeID: hubspot.Contacts, ObjectID: james, Name: "James Okafor"}, got.Record)
	require.Len(t, got.Deals, 2, "those of both")
	require.True(t, strings.HasSuffix(memory.asked[len(memory.asked)-1], "0-1/"+james))
}

// What is not allowed or does not come is named; the rest is shown.
func TestCardInPart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		fault   hubspottest.Fault
		missing []string
	}{
		{"no scope for tickets", hubspottest.Fault{Match: "POST /crm/objects/2026-09/0-5/batch", Status: 403, ErrorType: "MISSING_SCOPES"}, []string{"tickets"}},
		{"no scope for companies", hubspottest.Fault{Match: "POST /crm/associations/2026-09/0-1/0-2/", Status: 403, ErrorType: "MISSING_SCOPES"}, []string{"company"}},
		{"no pipelines", hubspottest.Fault{Match: "GET /crm/pipelines/2026-09/0-3", Status: 500}, []string{"deals"}},
		{"too many requests", hubspottest.Fault{Match: "POST /crm/objects", Status: 429, ErrorType: "TEN_SECONDLY_ROLLING", Times: 3}, []string{"company", "deals", "tickets"}},
		{"a part hangs", hubspottest.Fault{Match: "POST /crm/objects/2026-09/0-3/batch", DelayMs: 5000}, []string{"deals"}},
		{"cut off", hubspottest.Fault{Match: "POST /crm/objects/2026-09/0-2/batch", Drop: true}, []string{"company"}},
		{"no owner", hubspottest.Fault{Match: "GET /crm/owners", Status: 403, ErrorType: "MISSING_SCOPES"}, nil},
		{"no labels", hubspottest.Fault{Match: "GET /crm/properties", Status: 403, ErrorType: "MISSING_SCOPES"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := newEmulated(t, tenant.Settings{})
			maria := e.id("contacts", "Silva")
			e.crm.AddFault(tt.fault)

			got, err := e.card(hubspot.Contacts, maria)

			require.NoError(t, err)
			require.Equal(t, tt.missing, got.Missing)
			require.Equal(t, "Maria Silva", got.Record.Name)
			require.Equal(t, slices.Contains(tt.missing, "company"), got.Company == nil)
			require.Equal(t, slices.Contains(tt.missing, "deals"), got.Deals == nil)
			require.Equal(t, slices.Contains(tt.missing, "tickets"), got.Tickets == nil)
			require.Equal(t, tt.name == "no owner", got.Owner == "")
			require.Equal(t, tt.name == "no labels", got.Stage == "")

			e.clock.pass(10 * time.Second) // Much less than a card is kept.
			got, err = e.card(hubspot.Contacts, maria)
			require.NoError(t, err)
			require.Empty(t, got.Missing, "it is asked for again soon")
		})
	}
}

func TestCardWithoutOurDatabase(t *testing.T) {
	t.Parallel()
	e := newEmulated(t, tenant.Settings{})
	memory := &remembered{err: errors.New("locked: +14155550100")}
	e.remembers(memory)

	got, err := e.card(hubspot.Contacts, e.id("contacts", "Silva"))

	require.NoError(t, err)
	require.Equal(t, []string{"recent"}, got.Missing)
	require.NotContains(t, e.log.String(), "4155550100")
	memory.mu.Lock()
	memory.err = nil
	memory.mu.Unlock()
	got, err = e.card(hubspot.Contacts, got.Record.ObjectID)
	require.NoError(t, err)
	require.Empty(t, got.Missing)
}

func TestCardWhileHubSpotIsAway(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		fault  hubspottest.Fault
		status int
		code   string
	}{
		{"slow", hubspottest.Fault{Match: "GET /crm/objects", DelayMs: 5000}, 502, backend.CodeHubSpotDown},
		{"down", hubspottest.Fault{Match: "GET /crm/objects", Status: 503}, 502, backend.CodeHubSpotDown},
		{"over the limit", hubspottest.Fault{Match: "GET /crm/objects", Status: 429, ErrorType: "DAILY"}, 502, backend.CodeHubSpotDown},
		{"without the scope", hubspottest.Fault{Match: "GET /crm/objects", Status: 403, ErrorType: "MISSING_SCOPES"}, 403, backend.CodeForbidden},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := newEmulated(t, tenant.Settings{})
			maria := e.id("contacts", "Silva")
			tt.fault.Times = 1
			e.crm.AddFault(tt.fault)
			_, err := e.card(hubspot.Contacts, maria)
			requireRefusal(t, err, tt.status, tt.code)

			require.Eventually(t, func() bool {
				_, err := e.card(hubspot.Contacts, maria)
				return err == nil
			}, soon, 20*time.Millisecond, "errors are not kept") // At once, but on a busy machine the emulator may be late.
			e.clock.pass(5 * time.Minute)
			tt.fault.Times = 10
			e.crm.AddFault(tt.fault)
			got, err := e.card(hubspot.Contacts, maria)
			require.NoError(t, err, "an old card is better than none")
			require.Equal(t, "Maria Silva", got.Record.Name)
			require.Empty(t, got.Missing)
			e.crm.Reset()
		})
	}
}

func TestErasedPersonHasNoCard(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.linked(orgID, hubspottest.PortalID)
	h.subscribed()
	maria := h.contact("Silva")
	h.put(orgID, call("k", hubspottest.PortalID, maria))
	h.eventually(orgID, "k", "enriched")
	portal, err := h.deps.Tenants.Portal(t.Context(), orgID, "")
	require.NoError(t, err)
	card := func(org, id string) (backend.Card, error) {
		return h.accounts.Card(t.Context(), org, portal, backend.Ref{ObjectTypeID: hubspot.Contacts, ObjectID: id})
	}
	got, err := card(orgID, maria)
	require.NoError(t, err)
	require.Len(t, got.Recent, 1)
	require.NotEmpty(t, got.Recent[0].URL)
	other, err := card(otherOrg, maria)
	require.NoError(t, err)
	require.Empty(t, other.Recent, "somebody else's calls")

	require.NoError(t, h.crm.PurgeContact(maria))
	h.told()

	_, err = card(orgID, maria)
	requireRefusal(t, err, http.StatusNotFound, backend.CodeNotFound)

	james, priya := h.contact("Okafor"), h.contact("Raman")
	_, err = card(orgID, james)
	require.NoError(t, err)
	require.NoError(t, h.crm.MergeContacts(priya, james))
	h.told()
	got, err = card(orgID, james)
	require.NoError(t, err)
	require.Equal(t, priya, got.Record.ObjectID, "the cache has forgotten who it was")
}

// The whole way, through main's own wiring: what was talked about is on the
// card, and the number is remembered.
func TestCardAfterACall(t *testing.T) {
	t.Parallel()
	w, crm := realWorld(t)
	session := w.signIn()
	c := w.client(session.Token)
	maria := backend.Ref{ObjectTypeID: hubspot.Contacts, ObjectID: crm.Objects("contacts", "Silva")[0].ID}
	start := time.Now().Add(-time.Minute).UnixMilli()
	_, err := c.Put(t.Context(), backend.Record{
		Key: "i9:" + session.Agent.AgentID + ":1", Revision: 1, InteractionID: "i9", Channel: "telephony", Direction: "INBOUND",
		Number: "+14155550199", Phase: "done", Outcome: "COMPLETED", Final: true, Record: &maria, Queue: "Billing", CodeName: "Sale",
		StartedAt: start, AnsweredAt: start + 1000, EndedAt: start + 31_000,
	})
	require.NoError(t, err)

	card, err := c.Card(t.Context(), backend.CardQuery{Record: maria})
	require.NoError(t, err)
	found, err := c.Lookup(t.Context(), backend.Lookup{Number: "+14155550199", Direction: "INBOUND"})
	require.NoError(t, err)

	require.Equal(t, "Acme", card.Company.Record.Name)
	require.Len(t, card.Recent, 1)
	card.Recent[0].URL = ""
	require.Equal(t, backend.CardRecent{
		At: start, Channel: "telephony", Direction: "INBOUND", Agent: session.Agent.Name, Queue: "Billing", Outcome: "COMPLETED", Reason: "Sale",
	}, card.Recent[0])
	require.Len(t, found.Matches, 1)
	require.Equal(t, maria.ObjectID, found.Matches[0].Record.ObjectID)
	require.Equal(t, "recent", found.Matches[0].Via)
	require.Equal(t, start, found.Matches[0].RecentAt)
}
