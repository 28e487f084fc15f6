package webexcc_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/coder/websocket"

	"deskbridge/pkg/native"
	"deskbridge/pkg/webexcc"
)

// An agent comes back to a call that is still going on, and holds it. The
// server stands in for Webex.
func Example() {
	gateway := exampleGateway()
	defer gateway.Close()
	client := &webexcc.Client{
		BaseURL: gateway.URL,
		OrgID:   "1eb65fdf-9643-417f-9974-ad72cae0e10f",
		Doer:    native.Fetch{Client: gateway.Client()},
		Token:   func(context.Context) (string, error) { return "access token", nil },
	}
	stream := webexcc.NewStream(webexcc.StreamConfig{Client: client, Dial: native.Dial})
	defer stream.Close()

	ctx := context.Background()
	for {
		n, err := stream.Next(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		switch n := n.(type) {
		case webexcc.LinkUp:
			fmt.Println("connected as", n.AgentID)
		case webexcc.Relogin:
			fmt.Println("logged in at", n.Data.DialNumber, "with", len(n.Data.InteractionIDs), "call")
		case webexcc.Task:
			fmt.Println(n.Type, n.InteractionID(), n.Data.Interaction.State)
			if n.Type == webexcc.AgentContactHeld {
				return
			}
			// Nil says that Webex took the request. The next event says whether it worked.
			if err := client.Hold(ctx, n.InteractionID(), string(n.Data.MediaResourceID)); err != nil {
				fmt.Println(err)
				return
			}
		}
	}
	// Output:
	// connected as ann
	// logged in at 1001 with 1 call
	// AgentContact i1 connected
	// AgentContactHeld i1 hold
}

func exampleGateway() *httptest.Server {
	events := make(chan string, 10)
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	mux.HandleFunc("POST /v1/notification/subscribe", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"webSocketUrl":"ws%s/socket"}`, strings.TrimPrefix(server.URL, "http"))
	})
	mux.HandleFunc("GET /socket", func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		ctx, cancel := context.WithCancel(r.Context())
		go func() {
			defer cancel()
			for {
				if _, _, err := conn.Read(ctx); err != nil {
					return
				}
			}
		}()
		events <- `{"type":"Welcome","data":{"agentId":"ann"}}`
		for {
			select {
			case e := <-events:
				_ = conn.Write(ctx, websocket.MessageText, []byte(e))
			case <-ctx.Done():
				return
			}
		}
	})
	task := func(event, state string) string {
		return `{"type":"RoutingMessage","data":{"type":"` + event + `","interactionId":"i1","mediaResourceId":"i1","interaction":{"interactionId":"i1","state":"` + state + `"}}}`
	}
	mux.HandleFunc("POST /v1/agents/reload", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		events <- `{"type":"AgentReloginSuccess","data":{"type":"AgentReloginSuccess","dialNumber":"1001","interactionIds":["i1"]}}`
		events <- task(webexcc.AgentContact, webexcc.StateConnected)
	})
	mux.HandleFunc("POST /v1/tasks/i1/hold", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		events <- task(webexcc.AgentContactHeld, webexcc.StateHold)
	})
	return server
}
