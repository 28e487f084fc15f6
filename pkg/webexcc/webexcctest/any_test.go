package webexcctest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/native"
	"deskbridge/pkg/webexcc"
	"deskbridge/pkg/webexcc/webexcctest"
)

// agentIDs are the agents of these worlds.
var agentIDs = map[string]string{
	"ann": webexcctest.AnnID, "bob": webexcctest.BobID, "cho": webexcctest.ChoID, "dee": webexcctest.DeeID, "eve": webexcctest.EveID,
}

var agentNames = []string{"ann", "bob", "cho", "dee", "eve"}

// game is a world in which anything may happen.
type game struct {
	*webexcctest.Server
	t     *testing.T
	dice  *rand.Rand
	clock *clock
}

func (g *game) pick(all ...string) string { return all[g.dice.IntN(len(all))] }
func (g *game) agent() string             { return g.pick(agentNames...) }

func (g *game) send(agent, path, body string) {
	g.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+webexcctest.Token(agent))
	w := httptest.NewRecorder()
	g.Gateway().ServeHTTP(w, r)
	require.Contains(g.t, []int{202, 400, 404, 412}, w.Code, "%s %s", path, w.Body)
}

// step lets somebody do something, mostly what could make sense.
func (g *game) step() {
	agent, other := g.agent(), g.agent()
	var i webexcctest.InteractionInfo
	all := g.Interactions()
	if len(all) > 0 {
		i = all[g.dice.IntN(len(all))]
	}
	few := len(all) < 3 // Else there is nobody left to consult.
	id := i.ID
	if id == "" {
		id = "none"
	}
	if i.Agent != "" && g.dice.IntN(3) > 0 {
		agent = i.Agent
	}
	switch g.dice.IntN(14) {
	case 0:
		if !few {
			break
		}
		_, _ = g.Call(webexcctest.CallRequest{From: fmt.Sprint("+1555010", g.dice.IntN(10)), Queue: g.pick("Billing", "Sales", "x"), Agent: g.pick("", "", agent)})
	case 1:
		if few && g.dice.IntN(5) == 0 {
			_, _ = g.Chat(webexcctest.CallRequest{From: "pat@example.test"})
		}
	case 2:
		for _, name := range agentNames {
			_ = g.SetAgentState(name, webexcc.Available, "")
		}
		if g.dice.IntN(6) == 0 {
			_ = g.SetAgentState(agent, g.pick("Idle", "LoggedOut"), "")
		}
	case 3, 4:
		_ = g.Answer(id, g.pick(i.Agent, i.Consulted, agent))
	case 5:
		_ = g.Phone(id, g.pick(i.Consulted, i.Consulted, "+15550199", agent), g.pick("answer", "answer", "answer", "decline", "busy", "no-answer", "hangup"))
	case 6:
		_ = g.Customer(id, g.pick("answer", "answer", "answer", "answer", "answer", "message", "busy", "no-answer", "hangup"), "x")
	case 7:
		g.clock.pass(time.Duration(g.dice.IntN(5)) * time.Second)
	case 8:
		if !few {
			break
		}
		g.send(agent, "/v1/tasks/", `{"destination":"+15550177","entryPointId":"`+webexcctest.EntryPointID+`","direction":"OUTBOUND","mediaType":"telephony","outboundType":"OUTDIAL"}`)
	case 9:
		g.send(agent, g.pick("/v1/agents/reload", "/v1/agents/logout"), "{}")
		for _, name := range agentNames {
			g.send(name, "/v1/tasks/"+id+"/wrapup", `{"auxCodeId":"`+webexcctest.CodeSale+`","wrapUpReason":"Sale"}`)
		}
	default:
		op := g.pick("accept", "reject", "hold", "unhold", "record/pause", "record/resume", "consult", "consult", "consult", "consult", "consult/accept",
			"consult/end", "cancelCtq", "consult/transfer", "consult/conference", "consult/conference", "consult/conference", "conference/exit",
			"conference/transfer", "conference/participants/"+agentIDs[other]+"/drop", "transfer", "end", "wrapup", "wrapup", "wrapup", "dance")
		queue := ""
		if op == "cancelCtq" {
			queue = webexcctest.QueueBilling
		}
		if i.Consulted != "" && g.dice.IntN(2) == 0 {
			op = g.pick("consult/transfer", "consult/conference", "consult/conference", "conference/transfer")
		}
		switch { // The SDK forgets an offer, and a child, whose acceptance failed.
		case i.Parent != "" && (strings.HasSuffix(op, "accept") || op == "reject"):
			op = "consult/end"
		case op == "consult/accept" && i.Consulted == "":
			op = "accept"
		}
		to, kind := agentIDs[other], webexcc.ToAgent
		switch g.dice.IntN(6) {
		case 0:
			to, kind = g.pick(webexcctest.QueueBilling, webexcctest.QueueChat), webexcc.ToQueue
		case 1:
			to, kind = g.pick("+15550199", "x"), webexcc.ToDialNumber
		case 2:
			to, kind = webexcctest.EntryReturns, webexcc.ToEntryPoint
		}
		if strings.HasPrefix(op, "consult/") && i.Consulted != "" {
			to, kind = i.Consulted, webexcc.ToDialNumber // Who is consulted, as a client would.
			if agentID, ok := agentIDs[to]; ok {
				to, kind = agentID, webexcc.ToAgent
			} else if to == returnsNumber {
				to, kind = webexcctest.EntryReturns, webexcc.ToEntryPoint
			}
		}
		g.send(agent, "/v1/tasks/"+id+"/"+op, fmt.Sprintf(
			`{"mediaResourceId":%q,"to":%q,"destinationType":%q,"holdParticipants":%v,"auxCodeId":%q,"wrapUpReason":"x","agentId":"x","queueId":%q}`,
			id, to, kind, g.dice.IntN(2) == 0, webexcctest.CodeSale, queue))
	}
}

// close brings everything to an end.
func (g *game) close() {
	for _, i := range g.Interactions() {
		_ = g.Customer(i.ID, "hangup", "")
	}
	for _, i := range g.Interactions() {
		for _, agent := range agentNames {
			g.send(agent, "/v1/tasks/"+i.ID+"/wrapup", `{"auxCodeId":"`+webexcctest.CodeSale+`","wrapUpReason":"Sale"}`)
		}
	}
}

// TestAnything throws commands and verbs at the server in any order. What must
// hold: no panic, no unexpected status, nothing that makes Cisco's SDK throw,
// every contact can be brought to an end, and no timer outlives what it was for.
func TestAnything(t *testing.T) {
	t.Parallel()
	heard := map[string]int{}
	for seed := range uint64(12) {
		c := newClock()
		g := &game{
			Server: webexcctest.New(webexcctest.Config{Now: c.Now, AfterFunc: c.AfterFunc, Agents: len(agentNames)}),
			t:      t, dice: rand.New(rand.NewPCG(seed, 7)), clock: c,
		}
		server := httptest.NewServer(g.Gateway())
		ears := map[string]*ear{}
		for _, agent := range agentNames {
			ears[agent] = listen(t, server.URL, agent)
		}
		for range 500 {
			g.step()
			require.LessOrEqual(t, c.waiting(), len(g.Interactions()), "a timer without an offer")
		}
		g.close()
		require.Empty(t, g.Interactions(), "seed %d", seed)
		require.Zero(t, c.waiting(), "seed %d", seed)
		for _, agent := range agentNames {
			sdk := newSDK(t, agentIDs[agent])
			for _, any := range ears[agent].all() {
				n, ok := any.(webexcc.Task)
				if !ok {
					clear(sdk.tasks) // Logged out: what was to be wrapped up is forgotten.
					continue
				}
				heard[n.Type]++
				wellFormed(t, n)
				sdk.hear(n)
			}
			for id := range sdk.tasks {
				require.Fail(t, "a task that is kept for ever", "seed %d, %s: %s", seed, agent, sdk.past[id])
			}
		}
		g.Reset()
		server.Close()
	}

	for _, typ := range []string{
		webexcc.AgentConsulting, webexcc.AgentConsultFailed, webexcc.AgentConsultTransferred, webexcc.AgentConsultConferenced, webexcc.AgentOfferConsult,
		webexcc.ParticipantJoinedConference, webexcc.ParticipantLeftConference, webexcc.ContactOwnerChanged, webexcc.ContactMerged,
		webexcc.AgentBlindTransferred, webexcc.AgentVteamTransferred,
	} {
		require.NotZero(t, heard[typ], "%s was never reached", typ)
	}
}

// wellFormed holds for every event, whatever happened.
func wellFormed(t *testing.T, n webexcc.Task) {
	t.Helper()
	i := n.Data.Interaction
	for key, m := range i.Media {
		require.Equal(t, key, m.MediaResourceID)
		for _, party := range m.Participants {
			require.Contains(t, i.Participants, party, "%s: %s", n.Type, m.MType)
		}
	}
	main, ok := i.MainMedia()
	require.True(t, ok, n.Type)
	talking := 0
	for id, p := range i.Participants {
		require.Equal(t, id, p.ID)
		if slices.Contains(main.Participants, id) && p.PType != webexcc.PTypeCustomer && !p.HasLeft.Is() {
			talking++
		}
	}
	if i.State == webexcc.StateConference && n.Type != webexcc.ParticipantLeftConference {
		require.GreaterOrEqual(t, talking, 2, n.Type)
	}
	require.LessOrEqual(t, talking, 7, n.Type)
	if consult, ok := i.ConsultMedia(); ok {
		require.Len(t, consult.Participants, 2, n.Type)
	}
}

// ear keeps what an agent's socket says.
type ear struct {
	t    *testing.T
	conn *websocket.Conn
	done chan []webexcc.Notification // Tasks and logouts. All of it, when the socket is gone or a keepalive comes back.
}

func listen(t *testing.T, base, agent string) *ear {
	t.Helper()
	client := &webexcc.Client{BaseURL: base, OrgID: webexcctest.OrgID, Doer: native.Fetch{}, Token: func(context.Context) (string, error) {
		return webexcctest.Token(agent), nil
	}}
	sub, err := client.Subscribe(t.Context(), webexcc.SubscribeRequest{})
	require.NoError(t, err)
	conn, _, err := websocket.Dial(t.Context(), sub.WebSocketURL, nil)
	require.NoError(t, err)
	conn.SetReadLimit(1 << 20)
	_, _, err = conn.Read(t.Context()) // Welcome: from now on nothing is lost.
	require.NoError(t, err)
	e := &ear{t, conn, make(chan []webexcc.Notification, 1)}
	ctx := context.WithoutCancel(t.Context())
	go func() {
		var heard []webexcc.Notification
		for {
			_, message, err := conn.Read(ctx)
			if err != nil {
				break
			}
			switch n := webexcc.Decode(message).(type) {
			case webexcc.Task:
				heard = append(heard, n)
			case webexcc.Logout:
				if !n.Failed() {
					heard = append(heard, n)
				}
			case webexcc.Keepalive:
				_ = conn.CloseNow()
			}
		}
		e.done <- heard
	}()
	t.Cleanup(func() { _ = conn.CloseNow() })
	return e
}

// all returns everything that was said before now.
func (e *ear) all() []webexcc.Notification {
	e.t.Helper()
	require.NoError(e.t, e.conn.Write(e.t.Context(), websocket.MessageText, []byte(webexcc.KeepaliveFrame)))
	select {
	case heard := <-e.done:
		return heard
	case <-time.After(patience):
		require.FailNow(e.t, "the socket is silent")
		return nil
	}
}
