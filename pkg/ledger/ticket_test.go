package ledger_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/ledger"
)

// withTickets is a configuration whose portal has tickets, too.
func withTickets(c ledger.Config, tickets ledger.CRM, b ledger.Records, s ledger.Settings) ledger.Config {
	calls := c.Portal
	c.Portal = func(ctx context.Context, orgID, portalID string) (ledger.Portal, error) {
		p, err := calls(ctx, orgID, portalID)
		p.Tickets, p.Records = tickets, b
		return p, err
	}
	return with(c, s)
}

// ticketing makes tickets for all calls that were answered.
var ticketing = ledger.Settings{
	TicketFor: "all", TicketSubject: "{direction} call, {name} {date}", DateFormat: "dd.MM.yyyy",
	TicketProperties: map[string]string{"order_id": "{cad.order}", "hs_ticket_priority": "{cad.priority}", "no_such": "x"},
}

// newTickets are a portal's tickets with some properties.
func newTickets() *crm {
	c := newCRM()
	c.next = 990
	c.extra = []ledger.Property{
		{Name: "subject", Type: "string"}, {Name: "order_id", Type: "string", Label: "Order"},
		{Name: "hs_ticket_priority", Type: "enumeration", Options: []string{"LOW", "HIGH"}},
	}
	return c
}

func TestOneTicketForAnInteraction(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		for _, unique := range []bool{true, false} {
			c, tickets := newCRM(), newTickets()
			c.owners = map[string]string{"ann@example.com": annsOwner, "bob@example.com": bobsOwner}
			tickets.unique, tickets.lag = unique, 20*time.Millisecond
			l := start(t, withTickets(config(fresh(t, url), c), tickets, &book{}, ticketing))
			first, second := leave(leg(ann, 0), "blind", "agent", "bob"), leg(bob, 10)
			first.Variables = []backend.Variable{{Name: "order", Value: "A-17"}, {Name: "priority", Value: "high"}}
			by(t, l, ann, first)
			by(t, l, bob, second)
			written(t, l, ann, first)
			written(t, l, bob, second)
			first.Revision = 2
			by(t, l, ann, first)
			written(t, l, ann, first)

			ticket := only(t, tickets)
			require.Equal(t, "Inbound call, Maria 21.09.2026", ticket.Properties["subject"])
			require.Equal(t, "0 1", ticket.Properties["hs_pipeline"]+" "+ticket.Properties["hs_pipeline_stage"])
			require.NotContains(t, ticket.Properties, "no_such")
			require.Equal(t, unique, ticket.Properties["deskbridge_key"] == "interaction-1")
			require.Equal(t, !unique, strings.Contains(ticket.Properties["content"], "Reference: dbk"))
			if ticket.Properties["hubspot_owner_id"] == annsOwner {
				require.Equal(t, "A-17 HIGH", ticket.Properties["order_id"]+" "+ticket.Properties["hs_ticket_priority"])
			} else {
				require.Equal(t, bobsOwner, ticket.Properties["hubspot_owner_id"])
			}
			want := map[string]bool{"0-1/" + maria: true}
			for _, call := range c.live() {
				want["0-48/"+call.ID] = true
			}
			require.Len(t, want, 3)
			require.Equal(t, want, ticket.Links)
			require.Equal(t, 1, tickets.count("create")+tickets.count("upsert"))
			got, err := l.Get(t.Context(), ann, first.Key)
			require.NoError(t, err)
			require.Equal(t, "https://app.hubspot.com/contacts/4567/record/0-5/"+ticket.ID, got.Receipt.TicketURL)
		}
	})
}

func TestWhichCallsGetATicket(t *testing.T) {
	t.Parallel()
	outbound := func(r *backend.Record) { r.Direction = "OUTBOUND" }
	missed := func(r *backend.Record) { r.AnsweredAt, r.Outcome = 0, "MISSED" }
	asked := func(r *backend.Record) { r.Ticket = true }
	for _, tt := range []struct {
		name, rule string
		change     func(*backend.Record)
		want       int
	}{
		{"off", "off", func(*backend.Record) {}, 0},
		{"not set", "", func(*backend.Record) {}, 0},
		{"inbound", "inbound", func(*backend.Record) {}, 1},
		{"another direction", "inbound", outbound, 0},
		{"outbound", "outbound", outbound, 1},
		{"missed", "all", missed, 0},
		{"the agent asked", "off", asked, 1},
		{"not over yet", "all", func(r *backend.Record) { r.Phase, r.Final = "wrap-up", false }, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, tickets := newCRM(), newTickets()
			l := start(t, withTickets(config(sqlite(t), c), tickets, &book{}, ledger.Settings{TicketFor: tt.rule}))
			r := inbound("call")
			tt.change(&r)
			put(t, l, r)
			await(t, l, "call", "enriched")

			require.Len(t, tickets.live(), tt.want)
			require.Len(t, c.live(), 1)
		})
	}
}

// Who presses the button has the ticket while the call goes on.
func TestTicketAskedForIsThereAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c, tickets := newCRM(), newTickets()
		tickets.unique = true
		l := start(t, withTickets(config(url, c), tickets, &book{}, ticketing))
		r := inbound("call")
		r.Phase, r.Final, r.EndedAt, r.Outcome = "connected", false, 0, ""
		put(t, l, r)
		r.Revision, r.Ticket = 2, true
		put(t, l, r)
		eventually(t, func() (string, bool) {
			got, err := l.Get(t.Context(), ann, "call")
			return got.Receipt.State, err == nil && got.Receipt.TicketURL != ""
		})
		require.Empty(t, c.live(), "the call goes on")
		eventually(t, func() (string, bool) { return "not linked", only(t, tickets).Links["0-1/"+maria] })
		tickets.edit(only(t, tickets).ID, "hs_pipeline_stage", "3")

		end := inbound("call")
		end.Revision, end.Ticket, end.Variables = 3, true, []backend.Variable{{Name: "order", Value: "A-17"}}
		put(t, l, end)
		await(t, l, "call", "enriched")

		ticket := only(t, tickets)
		require.Equal(t, "A-17", ticket.Properties["order_id"], "what came later is written, too")
		require.Equal(t, "3", ticket.Properties["hs_pipeline_stage"])
		require.True(t, ticket.Links["0-48/"+only(t, c).ID])
	})
}

// Whatever goes wrong while the ticket is made, there is one of it, and one
// call.
func TestAmbiguousFailuresOfTickets(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		for _, portal := range []string{"unique", "search", "closed"} {
			for i, op := range []string{"properties", "find", "create", "upsert", "link", "link 0-48"} {
				for _, after := range []bool{false, true} {
					live := after == (i%2 == 0) // Asked for during the call, every other time.
					c, tickets := newCRM(), newTickets()
					tickets.unique, tickets.closed = portal == "unique", portal == "closed"
					tickets.lag = 20 * time.Millisecond
					tickets.fail(once(op, after, errReset))
					cfg := withTickets(config(url, c), tickets, &book{}, ticketing)
					cfg.BreakAfter = 1000
					l, err := ledger.Open(t.Context(), cfg)
					require.NoError(t, err)
					require.NoError(t, l.Start(t.Context()))
					key := strings.Join([]string{portal, op, map[bool]string{true: "after"}[after], map[bool]string{true: "live"}[live]}, ":")
					r := inbound(key)
					r.InteractionID = key
					if live {
						begun := r
						begun.Phase, begun.Final, begun.EndedAt, begun.Ticket = "connected", false, 0, true
						put(t, l, begun)
						r.Revision, r.Ticket = 2, true
					}
					put(t, l, r)
					await(t, l, key, "enriched")

					ticket := only(t, tickets)
					require.Equal(t, map[string]bool{"0-1/" + maria: true, "0-48/" + only(t, c).ID: true}, ticket.Links, key)
					require.NoError(t, l.Close(context.WithoutCancel(t.Context())))
				}
			}
		}
	})
}

func TestRefusedTicketNeedsAnAdminAndKeepsTheCall(t *testing.T) {
	t.Parallel()
	c, tickets := newCRM(), newTickets()
	tickets.fail(once("create", false, &ledger.Refusal{Status: 400, Fields: []ledger.FieldError{{Field: "order_id", Why: "must be a number"}}}))
	l := start(t, withTickets(config(sqlite(t), c), tickets, &book{}, ticketing))
	r := inbound("call")
	r.Variables = []backend.Variable{{Name: "order", Value: "A-17"}}
	put(t, l, r)
	got := await(t, l, "call", "needs-you")

	require.Equal(t, "admin", got.Receipt.Need)
	require.Equal(t, "An admin must change this: Ticket: Order: must be a number", got.Receipt.Detail)
	require.Len(t, c.live(), 1, "the call is written")
	require.NotEmpty(t, got.Receipt.URL)
	_, err := l.Resume(t.Context(), "org")
	require.NoError(t, err)
	await(t, l, "call", "enriched")
	require.Len(t, tickets.live(), 1)
	require.Len(t, c.live(), 1)
}

// A call that is about one ticket gets no other; that one is updated, and what
// people change there afterwards stays.
func TestTicketThatTheCallIsAbout(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c, tickets, b := newCRM(), newTickets(), mariasBook()
		tickets.make(map[string]string{"subject": "Old", "order_id": "by hand"}, "CRM_UI")
		open := only(t, tickets)
		require.Equal(t, "991", open.ID)
		contact := "0-1/" + maria + " 0-5"
		b.of[contact] = []ledger.Associate{{ID: "991"}, {ID: "502"}}
		b.items["0-5/991"] = ledger.Item{Stage: "1", At: day(2)}
		s := ticketing
		s.Tickets, s.UpdateTicket = "only", true
		l := start(t, withTickets(config(url, c), tickets, b, s))
		r := inbound("call")
		r.Variables = []backend.Variable{{Name: "order", Value: "A-17"}, {Name: "priority", Value: "LOW"}}
		put(t, l, r)
		got := await(t, l, "call", "enriched")

		ticket := only(t, tickets)
		require.Equal(t, "Old A-17 LOW", ticket.Properties["subject"]+" "+ticket.Properties["order_id"]+" "+ticket.Properties["hs_ticket_priority"])
		require.True(t, only(t, c).Links["0-5/991"])
		require.Contains(t, got.Receipt.TicketURL, "/0-5/991")

		tickets.edit("991", "order_id", "B-1")
		r.Revision, r.Variables[0].Value, r.Variables[1].Value = 2, "A-18", "HIGH"
		put(t, l, r)
		await(t, l, "call", "enriched")
		ticket = only(t, tickets)
		require.Equal(t, "B-1 HIGH", ticket.Properties["order_id"]+" "+ticket.Properties["hs_ticket_priority"])

		r.Revision, r.Ticket = 3, true // Who asks for one of its own gets it.
		put(t, l, r)
		await(t, l, "call", "enriched")
		require.Len(t, tickets.live(), 2)
		require.Equal(t, "Old", tickets.live()[0].Properties["subject"])

		closed := inbound("closed")
		closed.InteractionID, closed.Record = "other", &backend.Ref{ObjectTypeID: "0-5", ObjectID: "991"}
		put(t, l, closed)
		await(t, l, "closed", "enriched")
		require.Len(t, tickets.live(), 2, "its record is a ticket")
	})
}

// What is not logged may have a ticket; a number that is never logged has none.
func TestLogCalls(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule, direction string
		excluded        []string
		detail          string
		tickets         int
	}{
		{"all", "INBOUND", nil, "", 1},
		{"", "OUTBOUND", nil, "", 1},
		{"inbound", "INBOUND", nil, "", 1},
		{"outbound", "OUTBOUND", nil, "", 1},
		{"outbound", "INBOUND", nil, "kept here: incoming calls are not logged", 1},
		{"inbound", "OUTBOUND", nil, "kept here: outgoing calls are not logged", 1},
		{"off", "INBOUND", nil, "kept here: incoming calls are not logged", 1},
		{"off", "INBOUND", []string{"+1415*"}, "kept here: this number is not logged", 0},
	} {
		c, tickets := newCRM(), newTickets()
		s := ticketing
		s.LogCalls, s.ExcludedNumbers = tt.rule, tt.excluded
		l := start(t, withTickets(config(sqlite(t), c), tickets, &book{}, s))
		r := inbound("call")
		r.Direction = tt.direction
		put(t, l, r)
		state := "enriched"
		if tt.detail != "" {
			state = "saved"
		}
		eventually(t, func() (string, bool) {
			got, err := l.Get(t.Context(), ann, "call")
			return got.Receipt.Detail, err == nil && got.Receipt.State == state && got.Receipt.Detail == tt.detail
		})
		require.Equal(t, tt.detail == "", len(c.live()) == 1, tt)
		require.Len(t, tickets.live(), tt.tickets, tt)
	}
}

func TestTheAgentsTitleWins(t *testing.T) {
	t.Parallel()
	c := newCRM()
	l := start(t, with(config(sqlite(t), c), ledger.Settings{TitleTemplate: "{queue} {date}", DateFormat: "MM/dd/yy"}))
	r := inbound("call")
	put(t, l, r)
	await(t, l, "call", "enriched")
	require.Equal(t, "Billing 09/21/26", only(t, c).Properties["hs_call_title"])
	r.Revision, r.Title = 2, " Order \n {queue} "
	put(t, l, r)
	await(t, l, "call", "enriched")
	require.Equal(t, "Order {queue}", only(t, c).Properties["hs_call_title"])
	c.edit(only(t, c).ID, "hs_call_title", "Mine")
	r.Revision, r.Title = 3, "Another"
	put(t, l, r)
	await(t, l, "call", "enriched")
	require.Equal(t, "Mine", only(t, c).Properties["hs_call_title"])
}

// Each record is written as the layout wants that it was handled in.
func TestARecordsLayoutDecides(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		cfg := config(url, c)
		cfg.Settings = func(_ context.Context, _, _ string, layout backend.Layout) (ledger.Settings, error) {
			if len(layout) == 0 {
				return ledger.Settings{TitleTemplate: "portal"}, nil
			}
			if string(layout) != `{"titleTemplate":"layout"}` {
				return ledger.Settings{}, errors.New(string(layout))
			}
			return ledger.Settings{TitleTemplate: "layout"}, nil
		}
		l := start(t, cfg)
		big := `{"titleTemplate":"` + strings.Repeat("x", backend.MaxLayout) + `"}`
		for key, layout := range map[string]string{"portal": "", "layout": `{"titleTemplate":"layout"}`, "big": big, "list": `["titleTemplate"]`} {
			r := inbound(key)
			r.InteractionID, r.Layout = key, backend.Layout(layout)
			put(t, l, r)
			await(t, l, key, "enriched")
		}
		titles := map[string]string{}
		for _, call := range c.live() {
			titles[call.Properties["hs_call_external_id"]] = call.Properties["hs_call_title"]
		}
		require.Equal(t, map[string]string{"portal": "portal", "layout": "layout", "big": "portal", "list": "portal"}, titles)
	})
}

// The same through the client, against the emulated HubSpot.
func TestTicketsInTheEmulatedHubSpot(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		crm := newEmulator()
		s := ledger.Settings{
			TicketFor: "inbound", TicketSubject: "Queue {queue}", Companies: "primary", Tickets: "only",
			TicketProperties: map[string]string{"hs_ticket_priority": "{cad.priority}"},
		}
		l := emulated(t, url, crm, s, nil)
		id, err := crm.AddObject("contacts", map[string]string{"firstname": "New", "lastname": "Caller", "email": "new@example.com"})
		require.NoError(t, err)
		before := len(crm.Objects("tickets", ""))
		r := inbound("call")
		r.Record = &backend.Ref{ObjectTypeID: hubspot.Contacts, ObjectID: id}
		r.Variables = []backend.Variable{{Name: "priority", Value: "HIGH"}}
		put(t, l, r)
		await(t, l, "call", "enriched")
		r.Revision = 2
		put(t, l, r)
		await(t, l, "call", "enriched")

		require.Len(t, crm.Objects("tickets", ""), before+1)
		ticket := crm.Objects("tickets", "Queue")
		require.Len(t, ticket, 1)
		require.Equal(t, "Queue Billing", ticket[0].Properties["subject"])
		require.Equal(t, "1", ticket[0].Properties["hs_pipeline_stage"])
		require.Equal(t, "HIGH", ticket[0].Properties["hs_ticket_priority"])
		require.Equal(t, "interaction-1", ticket[0].Properties["deskbridge_key"])
		client := clientOf(t, crm)
		for kind, want := range map[string]string{hubspot.Contacts: id, hubspot.Calls: calls(crm)[0].ID} {
			linked, err := client.Associations(t.Context(), hubspot.Tickets, ticket[0].ID, kind)
			require.NoError(t, err)
			require.Len(t, linked, 1, kind)
			require.Equal(t, want, linked[0].ToID)
		}

		known := inbound("known") // Maria has an open ticket.
		known.InteractionID = "interaction-2"
		known.Record = &backend.Ref{ObjectTypeID: hubspot.Contacts, ObjectID: object(t, crm, "contacts", "Maria Silva")}
		put(t, l, known)
		await(t, l, "known", "enriched")
		require.Len(t, crm.Objects("tickets", ""), before+1)

		crm.AddFault(hubspottest.Fault{Match: "POST /crm/objects/2026-09/0-5", Status: 403, ErrorType: "MISSING_SCOPES", Times: 100})
		refused := inbound("refused")
		refused.InteractionID, refused.Record = "interaction-3", nil
		put(t, l, refused)
		got := await(t, l, "refused", "needs-you")
		require.Equal(t, "admin", got.Receipt.Need)
		require.Contains(t, got.Receipt.Detail, "Ticket: ")
		require.NotEmpty(t, got.Receipt.URL)
	})
}
