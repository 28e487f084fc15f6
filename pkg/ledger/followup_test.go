package ledger_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/ledger"
)

func TestFollowUpBecomesOneTaskWhenTheRecordIsFinal(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c, tasks := newCRM(), newCRM()
		tasks.unique = true
		l := start(t, withTasks(config(url, c), tasks))
		r := inbound("i:ann:1")
		r.Phase, r.Final, r.FollowUp = "wrap-up", false, &backend.FollowUp{Subject: "Call", Due: t0}
		put(t, l, r)
		await(t, l, r.Key, "enriched")
		require.Empty(t, tasks.live(), "the agent may still change it")
		require.Zero(t, tasks.count("properties"))

		r.Revision, r.FollowUp = 2, &backend.FollowUp{Subject: " Call back <today> ", Due: t0 + 86_400_000}
		r.Phase, r.Final = "done", true
		put(t, l, r)
		await(t, l, r.Key, "enriched")
		r.Revision = 3
		put(t, l, r)
		await(t, l, r.Key, "enriched")

		task := only(t, tasks)
		require.Equal(t, map[string]string{
			"hs_timestamp": "1790086400000", "hs_task_subject": "Call back <today>", "hs_task_status": "NOT_STARTED",
			"hs_task_type": "CALL", "hs_task_body": "Call from Maria<br>+14155550100", "hubspot_owner_id": "4242",
			"deskbridge_key": "i:ann:1",
		}, task.Properties)
		require.Equal(t, map[string]bool{"0-1/30000000001": true}, task.Links)
		require.Len(t, c.live(), 1)
		require.Equal(t, 1, tasks.count("upsert"))
		require.Zero(t, tasks.count("update"))
	})
}

func TestFollowUpTakenBackBeforeTheEndIsNone(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c, tasks := newCRM(), newCRM()
		l := start(t, withTasks(config(url, c), tasks))
		r := inbound("i:ann:1")
		r.Phase, r.Final, r.FollowUp = "wrap-up", false, &backend.FollowUp{}
		put(t, l, r)
		r.Revision, r.Phase, r.Final, r.FollowUp = 2, "done", true, nil
		put(t, l, r)
		await(t, l, r.Key, "enriched")

		require.Empty(t, tasks.live())
	})
}

func TestFollowUpWithoutWordsOrDate(t *testing.T) {
	t.Parallel()
	c, tasks := newCRM(), newCRM()
	l := start(t, withTasks(config(sqlite(t), c), tasks))
	r := inbound("i:ann:1")
	r.FollowUp, r.Number = &backend.FollowUp{}, ""
	put(t, l, r)
	await(t, l, r.Key, "enriched")

	task := only(t, tasks)
	require.Equal(t, "Follow up: Call from Maria", task.Properties["hs_task_subject"])
	require.Equal(t, "1790086465000", task.Properties["hs_timestamp"], "a day after the end")
	require.Equal(t, "TODO", task.Properties["hs_task_type"])
}

// Whatever goes wrong while the task is made, there is one of it.
func TestAmbiguousFailuresOfTasks(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		for _, portal := range []string{"unique", "search", "closed"} {
			for _, op := range []string{"properties", "find", "create", "upsert", "link"} {
				for _, after := range []bool{false, true} {
					c, tasks := newCRM(), newCRM()
					tasks.unique, tasks.closed = portal == "unique", portal == "closed"
					if portal == "search" {
						tasks.extra = []ledger.Property{{Name: "deskbridge_key", Type: "string"}}
					}
					tasks.lag = 20 * time.Millisecond
					tasks.fail(once(op, after, errReset))
					cfg := withTasks(config(url, c), tasks)
					cfg.BreakAfter = 1000
					l, err := ledger.Open(t.Context(), cfg)
					require.NoError(t, err)
					require.NoError(t, l.Start(t.Context()))
					r := inbound(strings.Join([]string{portal, op, map[bool]string{true: "after"}[after]}, ":"))
					r.FollowUp = &backend.FollowUp{Subject: "Call", Due: t0}
					put(t, l, r)
					await(t, l, r.Key, "enriched")

					task := only(t, tasks)
					require.Equal(t, "Call", task.Properties["hs_task_subject"], r.Key)
					require.Len(t, task.Links, 1, r.Key)
					require.Equal(t, portal == "closed", strings.Contains(task.Properties["hs_task_body"], "Reference: dbk"), r.Key)
					require.Len(t, c.live(), 1, r.Key)
					require.NoError(t, l.Close(context.WithoutCancel(t.Context())))
				}
			}
		}
	})
}

func TestPeoplesChangesOfTasksStay(t *testing.T) {
	t.Parallel()
	c, tasks := newCRM(), newCRM()
	l := start(t, withTasks(config(sqlite(t), c), tasks))
	r := inbound("i:ann:1")
	r.FollowUp = &backend.FollowUp{Subject: "Call", Due: t0}
	put(t, l, r)
	await(t, l, r.Key, "enriched")
	tasks.edit(only(t, tasks).ID, "hs_task_status", "COMPLETED")
	tasks.edit(only(t, tasks).ID, "hs_timestamp", "5")

	r.Revision, r.FollowUp = 2, &backend.FollowUp{Subject: "Call again", Due: t0 + 1}
	put(t, l, r)
	await(t, l, r.Key, "enriched")

	task := only(t, tasks)
	require.Equal(t, "Call again", task.Properties["hs_task_subject"])
	require.Equal(t, "COMPLETED", task.Properties["hs_task_status"])
	require.Equal(t, "5", task.Properties["hs_timestamp"], "a person has moved it")

	require.NoError(t, tasks.Archive(t.Context(), task.ID))
	r.Revision, r.FollowUp = 3, &backend.FollowUp{Subject: "Once more", Due: t0 + 1}
	put(t, l, r)
	await(t, l, r.Key, "enriched")
	require.Empty(t, tasks.live(), "who deletes a task does not want it")
}

func TestTaskMovesWithItsCall(t *testing.T) {
	t.Parallel()
	c, tasks := newCRM(), newCRM()
	l := start(t, withTasks(config(sqlite(t), c), tasks))
	r := inbound("i:ann:1")
	r.FollowUp = &backend.FollowUp{Subject: "Call", Due: t0}
	put(t, l, r)
	await(t, l, r.Key, "enriched")

	r.Revision, r.Record = 2, &backend.Ref{ObjectTypeID: "0-2", ObjectID: "7", Name: "Acme"}
	put(t, l, r)
	await(t, l, r.Key, "enriched")

	require.Equal(t, map[string]bool{"0-2/7": true}, only(t, tasks).Links)
}

func TestRefusedTaskNeedsTheAgentAndKeepsTheCall(t *testing.T) {
	t.Parallel()
	c, tasks := newCRM(), newCRM()
	tasks.fail(once("create", false, &ledger.Refusal{Status: 400, Fields: []ledger.FieldError{{Field: "hs_task_subject", Why: "too rude"}}}))
	l := start(t, withTasks(config(sqlite(t), c), tasks))
	r := inbound("i:ann:1")
	r.FollowUp = &backend.FollowUp{Subject: "Call", Due: t0}
	put(t, l, r)
	got := await(t, l, r.Key, "needs-you")

	require.Equal(t, "Follow-up task: Task title: too rude", got.Receipt.Detail)
	require.Len(t, c.live(), 1, "the call is written")
	_, err := l.Retry(t.Context(), ann, r.Key)
	require.NoError(t, err)
	await(t, l, r.Key, "enriched")
	require.Len(t, tasks.live(), 1)
	require.Len(t, c.live(), 1)
}

// The same through the client, against the emulated HubSpot.
func TestCallTaskAndVariablesInTheEmulatedHubSpot(t *testing.T) {
	t.Parallel()
	for _, noUnique := range []bool{false, true} {
		crm := hubspottest.New(hubspottest.Config{NoUniqueCalls: noUnique, IndexDelay: -1, Searches: -1})
		web := httptest.NewServer(crm.Handler())
		t.Cleanup(web.Close)
		client := &hubspot.Client{BaseURL: web.URL, Token: func(context.Context) (string, error) { return hubspottest.Token, nil }}
		_, err := client.CreateProperty(t.Context(), hubspot.Calls, hubspot.Property{
			Name: "customer_tier", Label: "Tier", Type: "enumeration", FieldType: "select", Group: "call",
			Options: []hubspot.Option{{Label: "Gold", Value: "gold"}},
		})
		require.NoError(t, err)
		cfg := withTasks(config(sqlite(t), ledger.HubSpot(client)), ledger.HubSpotTasks(client))
		cfg.Settings = func(context.Context, string, string, backend.Layout) (ledger.Settings, error) {
			return ledger.Settings{VariableProperties: map[string]string{
				"tier": "customer_tier", "unknown": "no_such_property", "number": "hs_object_id",
			}}, nil
		}
		l := start(t, cfg)
		maria := crm.Objects("contacts", "Maria Silva")[0]
		r := inbound("i:ann:1")
		r.Record = &backend.Ref{ObjectTypeID: hubspot.Contacts, ObjectID: maria.ID, Name: "Maria Silva"}
		r.FollowUp = &backend.FollowUp{Subject: "Call back", Due: t0}
		r.Variables = []backend.Variable{{Name: "tier", Value: "Gold"}, {Name: "unknown", Value: "x"}, {Name: "number", Value: "7"}, {Name: "else", Value: "y"}}
		put(t, l, r)
		await(t, l, r.Key, "enriched")
		r.Revision = 2
		put(t, l, r)
		await(t, l, r.Key, "enriched")

		timeline := crm.Timeline("contacts", maria.ID)
		require.Len(t, timeline, 2)
		for _, e := range timeline {
			switch e.ObjectType {
			case "tasks":
				require.Equal(t, "Call back", e.Properties["hs_task_subject"])
				require.Equal(t, "NOT_STARTED", e.Properties["hs_task_status"])
				require.Equal(t, "2026-09-21T14:13:20Z", e.Properties["hs_timestamp"])
			case "calls":
				require.Equal(t, "gold", e.Properties["customer_tier"])
			default:
				require.Fail(t, e.ObjectType)
			}
		}
	}
}
