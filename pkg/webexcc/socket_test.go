package webexcc_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/native"
	"deskbridge/pkg/webexcc"
)

// overWire starts a stream that uses real sockets; each is handed to talk.
func overWire(t *testing.T, talk func(context.Context, *websocket.Conn)) *webexcc.Stream {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.HandleFunc("POST /v1/notification/subscribe", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"webSocketUrl":"ws` + strings.TrimPrefix(server.URL, "http") + `/socket?credential=secret"}`))
	})
	mux.HandleFunc("POST /v1/agents/reload", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) })
	mux.HandleFunc("GET /socket", func(w http.ResponseWriter, r *http.Request) {
		if talk == nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		if r.URL.Query().Get("credential") == "secret" {
			talk(r.Context(), conn)
		}
	})
	s := webexcc.NewStream(webexcc.StreamConfig{
		Client: &webexcc.Client{BaseURL: server.URL, OrgID: orgID, Token: token("secret"), Doer: native.Fetch{Client: server.Client()}},
		Dial:   native.Dial,
	})
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func write(ctx context.Context, conn *websocket.Conn, message string) {
	_ = conn.Write(ctx, websocket.MessageText, []byte(message))
}

func TestRealSockets(t *testing.T) {
	t.Parallel()
	keepalives := make(chan string, 1)
	left := make(chan error, 1)
	huge := strings.Repeat("x", 1<<20)
	s := overWire(t, func(ctx context.Context, conn *websocket.Conn) {
		write(ctx, conn, welcome)
		kind, message, _ := conn.Read(ctx)
		keepalives <- kind.String() + " " + string(message)
		write(ctx, conn, `{"type":"RoutingMessage","data":{"type":"ContactUpdated","interactionId":"i","interaction":{"state":"`+huge+`"}}}`)
		_, _, err := conn.Read(ctx)
		for err == nil {
			_, _, err = conn.Read(ctx)
		}
		left <- err
	})

	require.Equal(t, up(1), next(t, s))
	require.Equal(t, `MessageText {"keepalive":"true"}`, <-keepalives)
	n, ok := next(t, s).(webexcc.Task)
	require.True(t, ok)
	require.Len(t, n.Data.Interaction.State, 1<<20, "a message of a megabyte")

	require.NoError(t, s.Close())
	require.Error(t, <-left, "the server sees the end")
}

func TestRealSocketClosedByTheServer(t *testing.T) {
	t.Parallel()
	s := overWire(t, func(ctx context.Context, conn *websocket.Conn) {
		write(ctx, conn, welcome)
		_, _, _ = conn.Read(ctx)
		_ = conn.Close(websocket.StatusNoStatusRcvd, "")
	})

	require.Equal(t, up(1), next(t, s))
	require.Error(t, lost(t, s))
	require.Equal(t, up(2), next(t, s))
}

func TestRefusedSocketKeepsItsSecret(t *testing.T) {
	t.Parallel()
	s := overWire(t, nil)

	err := lost(t, s)

	require.ErrorContains(t, err, "open socket")
	require.NotContains(t, err.Error(), "secret")
}
