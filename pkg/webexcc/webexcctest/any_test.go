package webexcctest_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc/webexcctest"
)

// TestAnything throws commands and verbs at the server in any order. What must
// hold: no panic, no unexpected status, every contact can be brought to an end,
// and no timer outlives what it was for.
func TestAnything(t *testing.T) {
	t.Parallel()
	for seed := range uint64(15) {
		dice := rand.New(rand.NewPCG(seed, 7))
		pick := func(all ...string) string { return all[dice.IntN(len(all))] }
		c := newClock()
		s := webexcctest.New(webexcctest.Config{Now: c.Now, AfterFunc: c.AfterFunc})
		send := func(agent, path, body string) {
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
			r.Header.Set("Authorization", "Bearer "+webexcctest.Token(agent))
			w := httptest.NewRecorder()
			s.Gateway().ServeHTTP(w, r)
			require.Contains(t, []int{202, 400, 404, 412}, w.Code, "%s %s", path, w.Body)
		}
		ids := map[string]string{"ann": webexcctest.AnnID, "bob": webexcctest.BobID, "cho": webexcctest.ChoID}
		for range 300 {
			agent, other := pick("ann", "bob", "cho"), pick("ann", "bob", "cho")
			id := "none"
			if all := s.Interactions(); len(all) > 0 {
				id = all[dice.IntN(len(all))].ID
			}
			switch dice.IntN(12) {
			case 0:
				_, _ = s.Call(webexcctest.CallRequest{From: fmt.Sprint("+1555010", dice.IntN(10)), Queue: pick("Billing", "Sales", "x"), Agent: pick("", "", agent)})
			case 1:
				_, _ = s.Chat(webexcctest.CallRequest{From: "pat@example.test"})
			case 2:
				_ = s.SetAgentState(agent, pick("Available", "Available", "Available", "Idle", "LoggedOut"), "")
			case 3, 4:
				_ = s.Answer(id, pick(agent, "+15550199"))
			case 5:
				_ = s.Customer(id, pick("answer", "hangup", "busy", "no-answer", "message"), "x")
			case 6:
				c.pass(time.Duration(dice.IntN(20)) * time.Second)
			case 7:
				send(agent, "/v1/tasks/", `{"destination":"+15550177","entryPointId":"`+webexcctest.EntryPointID+`","direction":"OUTBOUND","mediaType":"telephony","outboundType":"OUTDIAL"}`)
			case 8:
				send(agent, pick("/v1/agents/reload", "/v1/agents/logout"), "{}")
			default:
				op := pick("accept", "reject", "hold", "unhold", "record/pause", "record/resume", "consult", "consult/accept", "consult/end",
					"consult/transfer", "consult/conference", "conference/exit", "conference/transfer", "conference/participants/"+ids[other]+"/drop",
					"transfer", "end", "wrapup", "wrapup", "dance")
				to, kind := ids[other], "agent"
				switch dice.IntN(4) {
				case 0:
					to, kind = pick(webexcctest.QueueBilling, webexcctest.QueueChat), "queue"
				case 1:
					to, kind = pick("+15550199", "x"), "dialNumber"
				}
				send(agent, "/v1/tasks/"+id+"/"+op, fmt.Sprintf(
					`{"mediaResourceId":%q,"to":%q,"destinationType":%q,"auxCodeId":%q,"wrapUpReason":"x","agentId":"x"}`, id, to, kind, webexcctest.CodeSale))
			}
			require.LessOrEqual(t, c.waiting(), len(s.Interactions()), "a timer without an offer")
		}
		for _, i := range s.Interactions() {
			_ = s.Customer(i.ID, "hangup", "")
		}
		for _, i := range s.Interactions() {
			for agent := range ids {
				send(agent, "/v1/tasks/"+i.ID+"/wrapup", `{"auxCodeId":"`+webexcctest.CodeSale+`","wrapUpReason":"Sale"}`)
			}
		}
		require.Empty(t, s.Interactions(), "seed %d", seed)
		require.Zero(t, c.waiting(), "seed %d", seed)
	}
}
