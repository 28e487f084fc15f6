package ledger_test

import (
	"context"
	"net/http/httptest"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/ledger"
)

// emulated is a ledger that writes to HubSpot's emulator.
func emulated(t *testing.T, url string, crm *hubspottest.Server, s ledger.Settings, change func(*ledger.Config)) *ledger.Ledger {
	t.Helper()
	client := clientOf(t, crm)
	cfg := with(config(url, nil), s)
	cfg.Portal = func(context.Context, string, string) (ledger.Portal, error) {
		return ledger.Portal{
			ID: hubspottest.PortalID, AppID: hubspottest.AppID, CRM: ledger.HubSpot(client),
			Tasks: ledger.HubSpotTasks(client), Tickets: ledger.HubSpotTickets(client), Records: ledger.HubSpotRecords(client),
		}, nil
	}
	if change != nil {
		change(&cfg)
	}
	return start(t, cfg)
}

func clientOf(t *testing.T, crm *hubspottest.Server) *hubspot.Client {
	t.Helper()
	web := httptest.NewServer(crm.Handler())
	t.Cleanup(web.Close)
	return &hubspot.Client{BaseURL: web.URL, Token: func(context.Context) (string, error) { return hubspottest.Token, nil }}
}

func newEmulator() *hubspottest.Server {
	return hubspottest.New(hubspottest.Config{IndexDelay: -1, Searches: -1, Burst: -1})
}

// calls are the emulator's.
func calls(crm *hubspottest.Server) []hubspottest.Engagement {
	return slices.DeleteFunc(crm.Engagements(), func(e hubspottest.Engagement) bool { return e.TypeID != hubspot.Calls })
}

func object(t *testing.T, crm *hubspottest.Server, kind, name string) string {
	t.Helper()
	found := crm.Objects(kind, name)
	require.NotEmpty(t, found, name)
	return found[0].ID
}

// HubSpot enforces what an admin demands of a property. The agent is told which
// and why, in words that people know, edits, sends again, and there is one
// activity.
func TestRefusedNotesAreEditedAndSentAgain(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		for _, byHost := range []bool{false, true} {
			crm := newEmulator()
			crm.SetRules(hubspottest.Rule{
				ObjectType: "calls", Property: "hs_call_body", Pattern: regexp.MustCompile(`A-\d+`), Message: "Name the order, such as A-17.",
			})
			l := emulated(t, fresh(t, url), crm, ledger.Settings{}, nil)
			r := inbound("call")
			r.Record = &backend.Ref{ObjectTypeID: hubspot.Contacts, ObjectID: object(t, crm, "contacts", "Maria Silva")}
			if byHost {
				id, err := crm.CreateEngagement(hubspottest.EngagementRequest{Direction: "INBOUND", From: r.Number, To: r.Ours})
				require.NoError(t, err)
				r.HostCreates, r.EngagementID = true, id
			}
			put(t, l, r)
			got := await(t, l, "call", "needs-you")
			require.Equal(t, "agent", got.Receipt.Need)
			require.Equal(t, "Call notes: Name the order, such as A-17.", got.Receipt.Detail)
			put(t, l, r) // A sign of life changes nothing.
			r.Revision, r.Notes = 2, "Order 17"
			put(t, l, r)
			got = await(t, l, "call", "needs-you")
			require.EqualValues(t, 2, got.Receipt.Revision)

			r.Revision, r.Notes = 3, "Order A-17"
			receipt := put(t, l, r)
			require.Equal(t, "queued", receipt.State)
			got = await(t, l, "call", "enriched")

			require.Empty(t, got.Receipt.Need+got.Receipt.Detail)
			all := calls(crm)
			require.Len(t, all, 1)
			require.Contains(t, all[0].Properties["hs_call_body"], "Order A-17")
			require.Contains(t, got.Receipt.URL, all[0].ID)
			if byHost {
				require.Equal(t, r.EngagementID, all[0].ID)
			}
		}
	})
}

// What no agent can change is the admin's: it is written when the rule is gone.
func TestRefusalBeyondTheAgentWaitsForAnAdmin(t *testing.T) {
	t.Parallel()
	crm := newEmulator()
	crm.SetRules(hubspottest.Rule{ObjectType: "calls", Property: "hs_call_from_number", MaxLength: 5, Message: "Too long."})
	l := emulated(t, sqlite(t), crm, ledger.Settings{}, nil)
	r := inbound("call")
	r.Record = nil
	put(t, l, r)

	got := await(t, l, "call", "needs-you")
	require.Equal(t, "admin", got.Receipt.Need)
	require.Equal(t, "An admin must change this: Call from number: Too long.", got.Receipt.Detail)
	crm.SetRules()
	n, err := l.Resume(t.Context(), "org")
	require.NoError(t, err)
	require.Equal(t, 1, n)
	await(t, l, "call", "enriched")
	require.Len(t, calls(crm), 1)
}

// A mapped variable, or a number of ours, that the portal refuses does not keep
// the call out.
func TestRefusedExtrasAreLeftOut(t *testing.T) {
	t.Parallel()
	crm := newEmulator()
	web := httptest.NewServer(crm.Handler())
	t.Cleanup(web.Close)
	client := &hubspot.Client{BaseURL: web.URL, Token: func(context.Context) (string, error) { return hubspottest.Token, nil }}
	for _, p := range []hubspot.Property{
		{Name: "order_no", Label: "Order", Type: "string", FieldType: "text", Group: "call"},
		{Name: "deskbridge_hold_ms", Label: "Hold", Type: "number", FieldType: "number", Group: "call"},
	} {
		_, err := client.CreateProperty(t.Context(), hubspot.Calls, p)
		require.NoError(t, err)
	}
	crm.SetRules(
		hubspottest.Rule{ObjectType: "calls", Property: "order_no", Pattern: regexp.MustCompile(`^\d+$`)},
		hubspottest.Rule{ObjectType: "calls", Property: "deskbridge_hold_ms", MaxLength: 3},
	)
	l := emulated(t, sqlite(t), crm, ledger.Settings{VariableProperties: map[string]string{"order": "order_no"}}, nil)
	r := inbound("call")
	r.Record, r.Variables = nil, []backend.Variable{{Name: "order", Value: "A-17"}}

	put(t, l, r)
	got := await(t, l, "call", "enriched")
	require.Empty(t, got.Receipt.Detail)
	made := calls(crm)[0]
	require.NotContains(t, made.Properties, "order_no")
	require.NotContains(t, made.Properties, "deskbridge_hold_ms")
	require.Contains(t, made.Properties["hs_call_body"], "On hold: 0:10")

	r.Revision, r.Variables = 2, []backend.Variable{{Name: "order", Value: "17"}}
	put(t, l, r)
	await(t, l, "call", "enriched")
	require.Equal(t, "17", calls(crm)[0].Properties["order_no"])
}

func TestAssociationsInTheEmulatedHubSpot(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		crm := newEmulator()
		maria, acme := object(t, crm, "contacts", "Maria Silva"), object(t, crm, "companies", "Acme")
		deal, ticket := object(t, crm, "deals", "Acme: conveyor spare parts"), object(t, crm, "tickets", "Invoice 20481 charged twice")
		closed, err := crm.AddObject("deals", map[string]string{"dealname": "Old", "dealstage": "closedlost"})
		require.NoError(t, err)
		require.NoError(t, crm.Associate(hubspottest.Ref{ObjectType: "deals", ID: closed}, hubspottest.Ref{ObjectType: "contacts", ID: maria}))
		over, err := crm.AddObject("tickets", map[string]string{"subject": "Old", "hs_pipeline_stage": "4"})
		require.NoError(t, err)
		require.NoError(t, crm.Associate(hubspottest.Ref{ObjectType: "tickets", ID: over}, hubspottest.Ref{ObjectType: "contacts", ID: maria}))
		rules := ledger.Settings{Companies: "primary", Deals: "only", Tickets: "only"}
		l := emulated(t, url, crm, rules, nil)
		refs := func(key string) (out []string) {
			for _, e := range calls(crm) {
				if e.Properties["hs_call_external_id"] == key {
					for _, a := range e.Associations {
						out = append(out, a.ObjectType+" "+a.ID)
					}
				}
			}
			return out
		}
		log := func(key, typeID, id string) {
			r := inbound(key)
			r.Record = &backend.Ref{ObjectTypeID: typeID, ObjectID: id}
			put(t, l, r)
			await(t, l, key, "enriched")
		}

		log("contact", hubspot.Contacts, maria)
		require.Equal(t, []string{"contacts " + maria, "companies " + acme, "deals " + deal, "tickets " + ticket}, refs("contact"))
		log("deal", hubspot.Deals, deal)
		require.Equal(t, []string{"contacts " + maria, "companies " + acme, "deals " + deal}, refs("deal"))
		log("ticket", hubspot.Tickets, ticket)
		require.Equal(t, []string{"contacts " + maria, "companies " + acme, "tickets " + ticket}, refs("ticket"))
		log("company", hubspot.Companies, acme)
		require.Equal(t, []string{"companies " + acme, "tickets " + ticket}, refs("company"), "of two open deals neither")

		for _, path := range []string{
			"POST /crm/associations/2026-09/0-1/0-3/", "GET /crm/pipelines/2026-09/0-5", "POST /crm/associations/2026-09/0-1/0-5/",
		} {
			crm.AddFault(hubspottest.Fault{Match: path, Status: 403, Times: 100})
		}
		log("without scopes", hubspot.Contacts, maria)
		require.Equal(t, []string{"contacts " + maria, "companies " + acme}, refs("without scopes"))
	})
}

// What HubSpot's page has begun and nobody completed, in the emulator.
func TestGhostsInTheEmulatedHubSpot(t *testing.T) {
	t.Parallel()
	crm := newEmulator()
	began := time.Now().Add(-3 * time.Hour)
	begin := func(from string, at time.Time) string {
		id, err := crm.CreateEngagement(hubspottest.EngagementRequest{Direction: "INBOUND", From: from, To: "+18005550199", StartedAt: at})
		require.NoError(t, err)
		return id
	}
	nobodys, known := begin("+14155550111", began), begin("+14155550100", began.Add(time.Minute))
	live := begin("+14155550112", time.Now())
	connected := make(chan struct{})
	l := emulated(t, sqlite(t), crm, ledger.Settings{}, func(c *ledger.Config) {
		c.Places = func(context.Context) ([]ledger.Place, error) {
			select {
			case <-connected:
				return []ledger.Place{{OrgID: "org", PortalID: hubspottest.PortalID, Default: true}}, nil
			default:
				return nil, nil
			}
		}
		c.GhostEvery, c.FinalizeAfter = 50*time.Millisecond, 8*time.Second
	})
	r := inbound("call")
	r.PortalID, r.Record = hubspottest.PortalID, nil
	r.StartedAt = began.UnixMilli()
	r.AnsweredAt, r.EndedAt = r.StartedAt+5000, r.StartedAt+65_000
	put(t, l, r)
	await(t, l, "call", "enriched")
	r.Revision, r.EngagementID = 2, known
	put(t, l, r) // HubSpot's becomes the record's own.
	await(t, l, "call", "enriched")
	close(connected)

	eventually(t, func() (string, bool) {
		status := map[string]string{}
		for _, e := range calls(crm) {
			status[e.ID] = e.Properties["hs_call_status"]
		}
		return "", len(status) == 3 && status[nobodys] == "CANCELED" && status[known] == "COMPLETED" && status[live] == ""
	})
}
