package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/tenant"
)

// realWorld is a world whose dependencies are those of main, with HubSpot's
// emulator behind them.
func realWorld(t *testing.T) (*world, *hubspottest.Server) {
	t.Helper()
	crm := hubspottest.New(hubspottest.Config{IndexDelay: -1})
	srv := httptest.NewServer(crm.Handler())
	t.Cleanup(srv.Close)
	w := newWorld(t, func(c *Config) {
		c.HubSpotAPI, c.HubSpotToken, c.Portal = srv.URL, hubspottest.Token, hubspottest.PortalID
		c.DataDir = t.TempDir()
	})
	cfg := w.cfg
	cfg.DataDir = t.TempDir()
	d, closeDeps, err := openDeps(t.Context(), &cfg, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(closeDeps)
	w.use(func(own *deps) { *own = d })
	return w, crm
}

func TestACallBecomesOneActivity(t *testing.T) {
	t.Parallel()
	w, crm := realWorld(t)
	session := w.signIn()
	c := w.client(session.Token)

	found, err := c.Lookup(t.Context(), backend.Lookup{Number: "+14155550100", Direction: "INBOUND"})
	require.NoError(t, err)
	require.Len(t, found.Matches, 1)
	maria := found.Matches[0]
	require.Equal(t, "Maria Silva", maria.Record.Name)

	start := time.Now().Add(-time.Minute).UnixMilli()
	record := backend.Record{
		Key: "i1:" + session.Agent.AgentID + ":1", Revision: 1, InteractionID: "i1", Channel: "telephony",
		Direction: "INBOUND", Number: "+14155550100", Phase: "ringing", StartedAt: start,
	}
	receipt, err := c.Put(t.Context(), record)
	require.NoError(t, err)
	require.Equal(t, "queued", receipt.State)
	record.Revision, record.Phase, record.Outcome, record.Final = 2, "done", "COMPLETED", true
	record.AnsweredAt, record.EndedAt, record.Notes, record.Record = start+5_000, start+45_000, "Wants a new invoice.", &maria.Record
	_, err = c.Put(t.Context(), record)
	require.NoError(t, err)

	require.Eventually(t, func() bool {
		got, err := c.Interaction(t.Context(), record.Key)
		return err == nil && got.Receipt.State == "enriched" && len(crm.Engagements()) == 1
	}, 30*time.Second, 20*time.Millisecond)
	call := crm.Engagements()[0]
	require.Equal(t, "40000", call.Properties["hs_call_duration"])
	require.Equal(t, "INBOUND", call.Properties["hs_call_direction"])
	require.Equal(t, record.Key, call.Properties["hs_call_external_id"])
	require.Equal(t, maria.Record.ObjectID, call.Associations[0].ID)
	var kinds []string
	for _, a := range call.Associations {
		kinds = append(kinds, a.ObjectType)
	}
	require.Equal(t, []string{"contacts", "companies", "deals", "tickets"}, kinds, "her company, her one open deal and ticket")

	require.NoError(t, w.deps.reset(t.Context(), w.cfg))
	list, err := c.Interactions(t.Context())
	require.NoError(t, err)
	require.Empty(t, list.Interactions)
}

// What an agent asks for and what the admin maps, through main's own wiring.
func TestFollowUpVariablesAndDisposition(t *testing.T) {
	t.Parallel()
	w, crm := realWorld(t)
	require.NoError(t, w.deps.Tenants.Link(t.Context(), orgID, tenant.Portal{ID: hubspottest.PortalID, Settings: tenant.Settings{
		VariableProperties: map[string]string{"summary": "hs_activity_type", "lost": "no_such_property"},
		DispositionByCode:  map[string]string{"Wrong number": hubspot.DispositionWrongNumber},
	}}))
	session := w.signIn()
	c := w.client(session.Token)
	found, err := c.Lookup(t.Context(), backend.Lookup{Number: "+14155550100", Direction: "INBOUND"})
	require.NoError(t, err)
	start := time.Now().Add(-time.Minute).UnixMilli()
	record := backend.Record{
		Key: "i2:" + session.Agent.AgentID + ":1", Revision: 1, InteractionID: "i2", Channel: "telephony", Direction: "INBOUND",
		Number: "+14155550100", Phase: "done", Outcome: "COMPLETED", Final: true, Record: &found.Matches[0].Record,
		StartedAt: start, AnsweredAt: start + 1000, EndedAt: start + 31_000, CodeName: "Wrong number",
		Left:      &backend.Departure{How: "blind", Kind: "queue", ID: "q", Name: "Billing"},
		Variables: []backend.Variable{{Name: "summary", Value: "Complaint"}, {Name: "lost", Value: "x"}},
		FollowUp:  &backend.FollowUp{Subject: "Send the invoice", Due: start + 86_400_000},
	}
	_, err = c.Put(t.Context(), record)
	require.NoError(t, err)

	require.Eventually(t, func() bool {
		got, err := c.Interaction(t.Context(), record.Key)
		return err == nil && got.Receipt.State == "enriched"
	}, 30*time.Second, 20*time.Millisecond)
	timeline := crm.Timeline("contacts", found.Matches[0].Record.ObjectID)
	require.Len(t, timeline, 2)
	for _, e := range timeline {
		if e.ObjectType == "tasks" {
			require.Equal(t, "Send the invoice", e.Properties["hs_task_subject"])
			continue
		}
		require.Equal(t, "Complaint", e.Properties["hs_activity_type"])
		require.Equal(t, hubspot.DispositionWrongNumber, e.Properties["hs_call_disposition"])
		require.Contains(t, e.Properties["hs_call_body"], "Transferred to Billing (queue)")
	}
}

func TestNewCallersBecomeOneContact(t *testing.T) {
	t.Parallel()
	w, crm := realWorld(t)
	c := w.client(w.signIn().Token)
	before := len(crm.Objects("contacts", ""))
	type answer struct {
		match backend.Match
		err   error
	}
	answers := make(chan answer, 4)
	for range 4 {
		go func() { // Ends with its request.
			m, err := c.CreateContact(t.Context(), backend.NewContact{Number: "(415) 555-0199", FirstName: "Zoe"})
			answers <- answer{m, err}
		}()
	}
	first := <-answers
	require.NoError(t, first.err)
	for range 3 {
		next := <-answers
		require.NoError(t, next.err)
		require.Equal(t, first.match.Record.ObjectID, next.match.Record.ObjectID)
	}

	require.Len(t, crm.Objects("contacts", ""), before+1)
	made, err := crm.Object("contacts", first.match.Record.ObjectID)
	require.NoError(t, err)
	require.Equal(t, "+14155550199", made.Properties["phone"])

	found, err := c.Lookup(t.Context(), backend.Lookup{Number: "+14155550199", Direction: "INBOUND"})
	require.NoError(t, err)
	require.Len(t, found.Matches, 1)
}

func TestLookupWithoutHubSpot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *Config) { c.HubSpotAPI, c.HubSpotToken = "http://127.0.0.1:1", "x" })
	accounts := newPortals(w.cfg, &w.deps)
	w.use(func(d *deps) { d.Lookup = accounts })

	_, err := w.client(w.signIn().Token).Lookup(t.Context(), backend.Lookup{Number: "+14155550100", Direction: "INBOUND"})

	requireRefusal(t, err, http.StatusBadGateway, backend.CodeHubSpotDown)
}
