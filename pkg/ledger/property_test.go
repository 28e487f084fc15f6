package ledger_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

// Any interleaving of revisions, signs of life and failures, with HubSpot
// creating the engagement or us, leaves exactly one call, and it says what the
// last revision says; so does the follow-up task, if one was asked for.
func TestAnyHistoryLeavesOneCall(t *testing.T) {
	t.Parallel()
	c, tasks := newCRM(), newCRM()
	c.lag, tasks.lag = 10*time.Millisecond, 10*time.Millisecond
	l := start(t, withTasks(config(sqlite(t), c), tasks))
	var mu sync.Mutex
	var faults []error // Taken one by one by whatever asks next; nil lets pass.
	fail := func(op string, after bool) error {
		if op == "properties" || op == "add-property" {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		if len(faults) == 0 {
			return nil
		}
		err := faults[0]
		if after && err != nil && err != errReset {
			return nil // A refusal comes before the effect.
		}
		faults = faults[1:]
		return err
	}
	c.fail(fail)
	tasks.fail(fail)
	histories := 0

	rapid.Check(t, func(rt *rapid.T) {
		histories++
		key, number := fmt.Sprintf("history-%d", histories), fmt.Sprintf("+1415555%04d", histories)
		host := rapid.Bool().Draw(rt, "host creates")
		base := inbound(key)
		base.Number, base.HostCreates = number, host
		engagement := ""
		if host && rapid.Bool().Draw(rt, "host really creates") {
			engagement = c.hostMakes(map[string]string{
				"hs_timestamp": fmt.Sprint(t0), "hs_call_from_number": number, "hs_call_title": "HubSpot's",
			})
		}
		mu.Lock()
		faults = rapid.SliceOfN(rapid.SampledFrom([]error{
			nil, nil, nil, errReset, refusal(429), refusal(423), refusal(502),
		}), 0, 12).Draw(rt, "faults")
		mu.Unlock()

		revision := func(n int64) backend.Record {
			r := base
			r.Revision, r.Notes = n, fmt.Sprint("notes ", n)
			r.Record = &backend.Ref{ObjectTypeID: "0-1", ObjectID: fmt.Sprint(1000 + n%3)}
			if rapid.Bool().Draw(rt, "follow up") {
				r.FollowUp = &backend.FollowUp{Subject: fmt.Sprintf("%s, %d", key, n), Due: t0 + n}
			}
			return r
		}
		for range rapid.IntRange(0, 8).Draw(rt, "steps") {
			r := revision(rapid.Int64Range(1, 9).Draw(rt, "revision"))
			if rapid.Bool().Draw(rt, "live") {
				r.Phase, r.EndedAt, r.Outcome, r.Final = "talking", 0, "", false
			}
			if engagement != "" && rapid.Bool().Draw(rt, "id known") {
				r.EngagementID = engagement
			}
			_, err := l.Put(context.WithoutCancel(t.Context()), ann, r)
			require.NoError(rt, err)
			if rapid.Bool().Draw(rt, "wait") {
				awaitWritten(rt, l, key)
			}
		}
		last := revision(10)
		if engagement != "" && rapid.Bool().Draw(rt, "id known in the end") {
			last.EngagementID = engagement
		}
		_, err := l.Put(context.WithoutCancel(t.Context()), ann, last)
		require.NoError(rt, err)
		await(rt, l, key, "enriched")

		var mine []call
		for _, found := range c.live() {
			if found.Properties["hs_call_from_number"] == number {
				mine = append(mine, found)
			}
		}
		require.Len(rt, mine, 1)
		able := ledger.NewAbility(false, "", nil, "hs_call_callee_object_type", "deskbridge_interaction_id")
		want := ledger.MapProperties(last, ledger.Portal{ID: "4567", AppID: "99"}, "org", "4242", ledger.Settings{}, able)
		require.Equal(rt, want, mine[0].Properties)
		require.Equal(rt, map[string]bool{"0-1/1001": true}, mine[0].Links)
		var todo []call
		for _, found := range tasks.live() {
			if strings.HasPrefix(found.Properties["hs_task_subject"], key+", ") {
				todo = append(todo, found)
			}
		}
		require.LessOrEqual(rt, len(todo), 1)
		if last.FollowUp != nil {
			require.Len(rt, todo, 1)
			require.Equal(rt, last.FollowUp.Subject, todo[0].Properties["hs_task_subject"])
			require.Equal(rt, map[string]bool{"0-1/1001": true}, todo[0].Links)
		}
	})
}

// awaitWritten waits until the stored revision is written, if it has ended.
func awaitWritten(t waiter, l *ledger.Ledger, key string) {
	t.Helper()
	eventually(t, func() (string, bool) {
		got, err := l.Get(context.Background(), ann, key)
		return fmt.Sprintf("%+v %v", got, err), err == nil && (got.Record.EndedAt == 0 || got.Receipt.State == "enriched")
	})
}
