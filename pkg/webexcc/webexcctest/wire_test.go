package webexcctest_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc/webexcctest"
)

// These tests read and write the wire as it is documented, field by field,
// without package webexcc: a misspelling there must not cancel out here.

type object = map[string]any

// raw is an agent without a client.
type raw struct {
	t    *testing.T
	base string
	auth string
	conn *websocket.Conn
}

func (r *raw) do(method, path, body string) (*http.Response, object) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.base+path, strings.NewReader(body))
	require.NoError(r.t, err)
	req.Header.Set("Authorization", "Bearer "+r.auth)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("trackingid", "webex-js-sdk_7_1")
	res, err := http.DefaultClient.Do(req)
	require.NoError(r.t, err)
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	require.NoError(r.t, err)
	var answer object
	if len(data) > 0 && data[0] == '{' {
		require.NoError(r.t, json.Unmarshal(data, &answer))
	}
	require.Equal(r.t, "webex-js-sdk_7_1", res.Header.Get("trackingid"))
	return res, answer
}

// taken sends a command that must be answered with 202.
func (r *raw) taken(method, path, body string) {
	r.t.Helper()
	res, answer := r.do(method, path, body)
	require.Equal(r.t, http.StatusAccepted, res.StatusCode, "%s: %v", path, answer)
}

func (r *raw) open() {
	r.t.Helper()
	res, answer := r.do("POST", "/v1/notification/subscribe", `{"force":true,"isKeepAliveEnabled":false,"clientType":"WebexCCSDK","allowMultiLogin":false}`)
	require.Equal(r.t, http.StatusOK, res.StatusCode)
	require.NotEmpty(r.t, answer["subscriptionId"])
	url, _ := answer["webSocketUrl"].(string)
	require.True(r.t, strings.HasPrefix(url, "ws"+strings.TrimPrefix(r.base, "http")+"/"), "%s: as the client reaches the gateway", url)
	conn, _, err := websocket.Dial(r.t.Context(), url, nil) // No header, no protocol, no token.
	require.NoError(r.t, err)
	conn.SetReadLimit(1 << 20)
	r.conn = conn
	r.t.Cleanup(func() { _ = conn.CloseNow() })
	_, _, err = websocket.Dial(r.t.Context(), url, nil)
	require.Error(r.t, err, "a URL opens one socket")
}

func (r *raw) next() object {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	_, message, err := r.conn.Read(ctx)
	require.NoError(r.t, err)
	var frame object
	require.NoError(r.t, json.Unmarshal(message, &frame))
	return frame
}

func (r *raw) keepalive() {
	r.t.Helper()
	require.NoError(r.t, r.conn.Write(r.t.Context(), websocket.MessageText, []byte(`{"keepalive":"true"}`)))
}

// event reads the next notification, which must be of these types, and returns
// its data.
func (r *raw) event(outer, inner string) object {
	r.t.Helper()
	frame := r.next()
	data, _ := frame["data"].(object)
	require.Equal(r.t, outer, frame["type"], "%v", data["type"])
	require.Equal(r.t, webexcctest.OrgID, frame["orgId"])
	require.NotEmpty(r.t, frame["trackingId"])
	require.NotNil(r.t, data, "the SDK reads data.type without looking")
	require.Equal(r.t, inner, data["type"])
	return data
}

// task reads the next task event and checks what all of them must have.
func (r *raw) task(inner string) (data, interaction object) {
	r.t.Helper()
	data = r.event("RoutingMessage", inner)
	interaction, _ = data["interaction"].(object)
	require.NotNil(r.t, interaction, inner)
	require.Equal(r.t, "RoutingMessage", data["eventType"])
	require.Equal(r.t, webexcctest.AnnID, data["agentId"], "the recipient")
	require.Equal(r.t, webexcctest.OrgID, data["orgId"])
	require.Equal(r.t, "aqm", data["queueMgr"])
	require.IsType(r.t, float64(0), data["eventTime"])
	require.Equal(r.t, data["interactionId"], interaction["interactionId"])
	require.Equal(r.t, data["interactionId"], interaction["mainInteractionId"])
	require.NotEmpty(r.t, interaction["mediaType"])
	require.NotEmpty(r.t, interaction["state"])
	require.IsType(r.t, []any{}, interaction["previousVTeams"])
	main, _ := interaction["media"].(object)[data["interactionId"].(string)].(object)
	require.Equal(r.t, "mainCall", main["mType"])
	require.Equal(r.t, data["interactionId"], main["mediaResourceId"])
	require.IsType(r.t, false, main["isHold"])
	for id, p := range interaction["participants"].(object) {
		require.Equal(r.t, id, p.(object)["id"])
		require.IsType(r.t, false, p.(object)["hasLeft"])
	}
	for name, value := range interaction["callProcessingDetails"].(object) {
		require.IsType(r.t, "", value, name)
	}
	return data, interaction
}

func newRaw(t *testing.T) (*world, *raw) {
	w := newWorld(t)
	return w, &raw{t: t, base: w.base + "/webexcc", auth: webexcctest.Token("ann")}
}

func TestWireSession(t *testing.T) {
	_, ann := newRaw(t)
	ann.open()
	ann.keepalive()
	welcome := ann.next()
	require.Equal(t, "Welcome", welcome["type"], "before the first echo")
	require.Equal(t, webexcctest.AnnID, welcome["data"].(object)["agentId"])
	require.Equal(t, object{"keepalive": "true"}, ann.next(), "a word, not a boolean")

	ann.taken("POST", "/v1/agents/reload", `{}`)
	require.Equal(t, "AGENT_NOT_FOUND", ann.event("AgentReloginFailed", "AgentReloginFailed")["reason"])
	// As the public sample logs in: no device type, a capital role, a slash.
	ann.taken("POST", "/v1/agents/login/", `{"dialNumber":"1001","teamId":"`+webexcctest.TeamID+`","isExtension":true,"roles":["Agent"]}`)
	login := ann.event("StationLogin", "AgentStationLoginSuccess")
	require.Equal(t, "AgentDesktopMessage", login["eventType"])
	require.Equal(t, "EXTENSION", login["deviceType"])
	require.Equal(t, "BLENDED", login["profileType"])
	require.Equal(t, "LoggedIn", login["status"])
	require.Equal(t, "Idle", login["subStatus"])
	require.Equal(t, []any{}, login["interactionIds"])
	require.Len(t, login["channelsMap"].(object)["telephony"], 1)
	registered := ann.event("RoutingMessage", "AgentDNRegistered")
	require.Equal(t, "1001", registered["dn"])

	ann.taken("PUT", "/v1/agents/session/state", `{"state":"Available","auxCodeId":"0","agentId":"`+webexcctest.AnnID+`","lastStateChangeReason":"Available"}`)
	state := ann.event("AgentStateChange", "AgentStateChangeSuccess")
	require.Equal(t, "Available", state["subStatus"])
	require.Equal(t, "0", state["auxCodeId"])
	require.Equal(t, login["agentSessionId"], state["agentSessionId"])
	require.Contains(t, state, "changedByName")
	require.Nil(t, state["changedByName"])
	ann.taken("POST", "/v1/agents/buddyList", `{"agentProfileId":"`+webexcctest.ProfileID+`","mediaType":"telephony"}`)
	require.Equal(t, []any{}, ann.event("BuddyAgents", "BuddyAgents")["agentList"])
	ann.taken("POST", "/v1/agents/reload", `{}`)
	relogin := ann.event("AgentReloginSuccess", "AgentReloginSuccess")
	require.Equal(t, "EXTENSION", relogin["deviceType"])
	require.IsType(t, object{}, relogin["channelsMap"])
	ann.taken("POST", "/v1/agents/logout", `{"logoutReason":"User requested logout"}`)
	require.Equal(t, "LoggedOut", ann.event("Logout", "AgentLogoutSuccess")["status"])
}

func TestWireCall(t *testing.T) {
	w, ann := newRaw(t)
	require.NoError(t, w.SetAgentState("ann", "Available", ""))
	ann.open()
	require.Equal(t, "Welcome", ann.next()["type"])
	id, err := w.Call(webexcctest.CallRequest{From: "+15550100", CAD: map[string]string{"tier": "gold"}})
	require.NoError(t, err)
	_, interaction := ann.task("AgentContactReserved")
	require.Equal(t, "new", interaction["state"])
	require.Equal(t, object{"type": "INBOUND"}, interaction["contactDirection"])
	offer, interaction := ann.task("AgentOfferContact")
	require.EqualValues(t, 18, offer["ronaTimeout"])
	require.Equal(t, "STRING", interaction["callAssociatedData"].(object)["tier"].(object)["type"])
	mine := interaction["participants"].(object)[webexcctest.AnnID].(object)
	require.Equal(t, "true", mine["isOffered"], "some booleans are words")
	require.Equal(t, false, mine["hasJoined"])

	task := "/v1/tasks/" + id
	res, refused := ann.do("POST", task+"/hold", `{}`)
	require.Equal(t, http.StatusBadRequest, res.StatusCode)
	require.Equal(t, "Bad Request", refused["errorType"])
	require.EqualValues(t, 400, refused["reasonCode"])
	require.NotEmpty(t, refused["errorMessage"])
	res, _ = ann.do("POST", "/v1/tasks/no-such-task/end", `{}`)
	require.Equal(t, http.StatusNotFound, res.StatusCode)
	ann.taken("POST", task+"/end", `{}`)
	failed, _ := ann.task("AgentContactEndFailed")
	require.NotEmpty(t, failed["reason"])
	require.IsType(t, float64(0), failed["reasonCode"])

	require.NoError(t, w.Answer(id, "ann"))
	assigned, interaction := ann.task("AgentContactAssigned")
	require.Equal(t, "connected", interaction["state"])
	require.Equal(t, webexcctest.AnnID, assigned["owner"])
	require.Equal(t, "ACD", assigned["contactAssignmentType"])
	customer := interaction["participants"].(object)["+15550100"].(object)
	require.Equal(t, "Customer", customer["pType"])
	require.Equal(t, "false", customer["isInPredial"])
	details := interaction["callProcessingDetails"].(object)
	require.Equal(t, "true", details["recordInProgress"])
	require.Equal(t, "+15550100", details["ani"])

	ann.taken("POST", task+"/record/pause/", `{}`)
	_, interaction = ann.task("ContactRecordingPaused")
	require.Equal(t, "true", interaction["callProcessingDetails"].(object)["isPaused"])
	ann.taken("POST", task+"/record/resume", `{"autoResumed":true}`)
	resumed, _ := ann.task("ContactRecordingResumed")
	require.Equal(t, true, resumed["autoResumed"])
	ann.taken("POST", task+"/hold", `{"mediaResourceId":"`+id+`"}`)
	_, interaction = ann.task("AgentContactHeld")
	require.Equal(t, true, interaction["media"].(object)[id].(object)["isHold"])
	ann.taken("POST", task+"/unhold", `{"mediaResourceId":"other"}`)
	ann.task("AgentContactUnHoldFailed") // A capital H, unlike the success.
	ann.taken("POST", task+"/unhold", `{"mediaResourceId":"`+id+`"}`)
	ann.task("AgentContactUnheld")
	ann.taken("POST", task+"/end", `{}`)
	_, interaction = ann.task("AgentWrapup")
	require.Equal(t, "wrapUp", interaction["state"])
	require.Equal(t, true, interaction["participants"].(object)[webexcctest.AnnID].(object)["isWrapUp"])
	ended, _ := ann.task("ContactEnded")
	require.Equal(t, []any{webexcctest.AnnID}, ended["agentsPendingWrapUp"], "else the SDK would forget the wrap-up")
	res, _ = ann.do("POST", task+"/wrapup", `{"auxCodeId":"`+webexcctest.CodeSale+`","wrapUpReason":""}`)
	require.Equal(t, http.StatusBadRequest, res.StatusCode)
	ann.taken("POST", task+"/wrapup", `{"auxCodeId":"`+webexcctest.CodeSale+`","wrapUpReason":"Sale"}`)
	ann.task("AgentWrappedUp")
}

func TestWireConsult(t *testing.T) {
	w, ann := newRaw(t)
	for _, name := range []string{"ann", "bob"} {
		require.NoError(t, w.SetAgentState(name, "Available", ""))
	}
	ann.open()
	ann.next() // Welcome.
	id, err := w.Call(webexcctest.CallRequest{From: "+15550100", Agent: "ann"})
	require.NoError(t, err)
	require.NoError(t, w.Answer(id, "ann"))
	ann.task("AgentContactReserved")
	ann.task("AgentOfferContact")
	ann.task("AgentContactAssigned")
	ann.taken("POST", "/v1/tasks/"+id+"/consult", `{"to":"`+webexcctest.BobID+`","destinationType":"agent","holdParticipants":true}`)
	ann.task("AgentConsultCreated")
	require.NoError(t, w.Answer(id, "bob"))
	data, interaction := ann.task("AgentConsulting")
	require.Equal(t, webexcctest.BobID, data["destAgentId"])
	require.Equal(t, webexcctest.AnnID, data["consultingAgentId"])
	require.Equal(t, "Agent", data["destinationType"])
	require.Equal(t, "consulting", interaction["state"])
	media := interaction["media"].(object)
	require.Len(t, media, 2)
	leg := media[data["consultMediaResourceId"].(string)].(object)
	require.Equal(t, "consult", leg["mType"])
	require.Equal(t, []any{webexcctest.AnnID, webexcctest.BobID}, leg["participants"])
	require.Equal(t, true, media[id].(object)["isHold"])
	bob := interaction["participants"].(object)[webexcctest.BobID].(object)
	require.Equal(t, "consulting", bob["consultState"])
	require.Equal(t, true, bob["isConsulted"])

	ann.taken("POST", "/v1/tasks/"+id+"/record/pause", `{}`)
	ann.task("ContactRecordingPauseFailed")
}

// An entry point that is consulted, and the child of whoever answers there.
func TestWireEntryPoint(t *testing.T) {
	w, ann := newRaw(t)
	require.NoError(t, w.SetAgentState("ann", "Available", ""))
	ann.open()
	ann.next() // Welcome.
	id, err := w.Call(webexcctest.CallRequest{From: "+15550100"})
	require.NoError(t, err)
	require.NoError(t, w.Answer(id, "ann"))
	ann.task("AgentContactReserved")
	ann.task("AgentOfferContact")
	ann.task("AgentContactAssigned")
	ann.taken("POST", "/v1/tasks/"+id+"/consult", `{"to":"`+webexcctest.EntryReturns+`","destinationType":"entryPoint"}`)
	data, interaction := ann.task("AgentConsultCreated")
	require.Equal(t, "EPDN", data["destinationType"])
	media := interaction["media"].(object)
	require.Equal(t, true, media[id].(object)["isHold"], "not said: the customer waits")
	// 4.5: what a merge sends is found in this way.
	party := media[data["consultMediaResourceId"].(string)].(object)["participants"].([]any)[1].(string)
	entry := interaction["participants"].(object)[party].(object)
	require.Equal(t, "EpDn", entry["type"])
	require.Equal(t, "EP-DN", entry["pType"])
	require.Equal(t, webexcctest.EntryReturns, entry["epId"])

	require.NoError(t, w.SetAgentState("bob", "Available", ""))
	bob := &raw{t: t, base: ann.base, auth: webexcctest.Token("bob")}
	bob.open()
	bob.next() // Welcome. What was said before is lost: reload.
	bob.taken("POST", "/v1/agents/reload", `{}`)
	bob.next()
	child := bob.event("RoutingMessage", "AgentContact")["interaction"].(object)
	require.NotEqual(t, id, child["interactionId"])
	require.Equal(t, id, child["mainInteractionId"])
	require.Equal(t, id, child["parentInteractionId"])
	details := child["callProcessingDetails"].(object)
	require.Equal(t, "consult", details["relationshipType"])
	require.Equal(t, id, details["parentInteractionId"])
	main := child["media"].(object)[child["interactionId"].(string)].(object)
	require.Equal(t, "mainCall", main["mType"])
	require.NoError(t, w.Answer(child["interactionId"].(string), "bob"))
	bob.event("RoutingMessage", "AgentContactAssigned")
	ann.task("AgentConsulting")

	ann.taken("POST", "/v1/tasks/"+id+"/consult/conference",
		`{"agentId":"`+webexcctest.AnnID+`","to":"`+webexcctest.EntryReturns+`","destinationType":"entryPoint"}`)
	_, interaction = ann.task("AgentConsultConferenced")
	require.Equal(t, "conference", interaction["state"])
	require.Contains(t, interaction["participants"], webexcctest.BobID)
	merged := bob.event("RoutingMessage", "ContactMerged")
	require.Equal(t, id, merged["interactionId"])
	require.Equal(t, child["interactionId"], merged["childInteractionId"])
	ann.taken("POST", "/v1/tasks/"+id+"/conference/exit", `{}`)
	left, _ := ann.task("ParticipantLeftConference")
	require.Equal(t, webexcctest.AnnID, left["participantId"])
}

// TestAnswerComesBeforeItsOutcome keeps the answer back, and looks at what the
// socket says meanwhile.
func TestAnswerComesBeforeItsOutcome(t *testing.T) {
	t.Parallel()
	s := webexcctest.New(webexcctest.Config{})
	answering, goOn := make(chan struct{}), make(chan struct{})
	release := sync.OnceFunc(func() { close(goOn) })
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/login") {
			w = &slow{w, answering, goOn}
		}
		s.Gateway().ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		release() // Also when the test has failed.
		s.Reset()
		server.Close()
	})
	ann := &raw{t: t, base: server.URL, auth: webexcctest.Token("ann")}
	ann.open()
	require.Equal(t, "Welcome", ann.next()["type"])
	status := make(chan int, 1)
	go func() {
		req, _ := http.NewRequestWithContext(context.WithoutCancel(t.Context()), "POST", server.URL+"/v1/agents/login",
			strings.NewReader(`{"dialNumber":"1001","teamId":"`+webexcctest.TeamID+`","deviceType":"EXTENSION"}`))
		req.Header.Set("Authorization", "Bearer "+ann.auth)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			status <- 0
			return
		}
		res.Body.Close()
		status <- res.StatusCode
	}()

	<-answering
	ann.keepalive()
	require.Contains(t, ann.next(), "keepalive", "nothing but the echo")
	release()
	require.Equal(t, http.StatusAccepted, <-status)
	ann.event("StationLogin", "AgentStationLoginSuccess")
}

// slow tells when an answer begins and waits.
type slow struct {
	http.ResponseWriter
	answering, goOn chan struct{}
}

func (s *slow) WriteHeader(status int) {
	close(s.answering)
	<-s.goOn
	s.ResponseWriter.WriteHeader(status)
}

func (s *slow) Unwrap() http.ResponseWriter { return s.ResponseWriter }
