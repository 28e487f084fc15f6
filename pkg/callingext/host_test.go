package callingext_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/callingext"
)

func TestHostAndWidgetMeet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // One clock: both sides have the same instance id at first.
		ours, theirs := callingext.Pipe(hubspot, phone)
		h := callingext.NewHost(callingext.HostConfig{Port: ours, WidgetOrigin: phone, Sync: callingext.SyncInfo{
			HostURL: hubspot, PortalID: "42", UserID: "7", OwnerID: "9", EngagementID: "88", IframeLocation: callingext.InWindow, UsesCallingWindow: true,
		}})
		require.ErrorIs(t, h.Send(callingext.EndCall{}), callingext.ErrNotReady)
		run(t, h)
		w := newWidget(theirs)
		require.NoError(t, w.Send(callingext.LoggedIn{}))

		synced, err := w.Next(t.Context())
		require.NoError(t, err)
		var types []callingext.MessageType
		for range 3 {
			m, err := h.Next(t.Context())
			require.NoError(t, err)
			types = append(types, m.Kind())
		}
		require.True(t, h.Ready())
		require.NoError(t, h.Send(callingext.DialNumber{PhoneNumber: "+1"}))
		dialled, err := w.Next(t.Context())
		require.NoError(t, err)

		synced = withRaw(synced, "-")
		assert.Equal(t, callingext.Synced{PortalID: "42", UserID: "7", OwnerID: "9", EngagementID: "88",
			IframeLocation: callingext.InWindow, UsesCallingWindow: true, HostURL: hubspot, Raw: []byte("-")}, synced)
		assert.Equal(t, []callingext.MessageType{"SYNC_ACK", "INITIALIZED", "LOGGED_IN"}, types)
		assert.Equal(t, "+1", dialled.(callingext.DialNumber).PhoneNumber)
		assert.Empty(t, h.Dropped())
		assert.Empty(t, w.Dropped())
	})
}

func TestHostSyncsEvery100msAndGivesUpAfter30s(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := callingext.Pipe(hubspot, phone)
		h := callingext.NewHost(callingext.HostConfig{Port: ours, WidgetOrigin: phone, Sync: callingext.SyncInfo{HostURL: hubspot}})
		start := time.Now()

		err := h.Run(t.Context())

		require.ErrorIs(t, err, callingext.ErrSyncFailed)
		assert.Equal(t, 30100*time.Millisecond, time.Since(start), "the first tick past 30 s")
		_, err = h.Next(t.Context())
		require.ErrorIs(t, err, callingext.ErrSyncFailed)
		ids := map[string]bool{}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		for {
			in, err := theirs.Receive(ctx)
			if err != nil {
				break
			}
			m := decode(t, string(in.Data))
			assert.Equal(t, "SYNC", m["type"])
			ids[m["messageId"].(string)] = true
		}
		assert.Len(t, ids, 301)
	})
}

func TestHostRunsAgainAfterGivingUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := callingext.Pipe(hubspot, phone)
		h := callingext.NewHost(callingext.HostConfig{Port: ours, WidgetOrigin: phone, Sync: callingext.SyncInfo{HostURL: hubspot}})
		require.ErrorIs(t, h.Run(t.Context()), callingext.ErrSyncFailed)

		run(t, h)
		w := newWidget(theirs)
		_, err := w.Next(t.Context())
		require.NoError(t, err)
		synctest.Wait()

		// It answered the oldest SYNC, of the first run, as a boot script that
		// kept the early messages would make it do.
		assert.True(t, h.Ready())
	})
}

func TestHostStopsSyncingWhenAcknowledgedAndSyncsAnewOnReload(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, widget := runningHost(t, callingext.HostConfig{})
		oldAck := acknowledge(t, h, widget)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		_, err := widget.Receive(ctx)
		require.ErrorIs(t, err, context.Canceled, "silence for a minute")

		h.Reload()
		synctest.Wait()
		require.NoError(t, widget.Post(hubspot, []byte(oldAck)))
		synctest.Wait()

		require.False(t, h.Ready())
		require.ErrorIs(t, h.Send(callingext.EndCall{}), callingext.ErrNotReady)
		acknowledge(t, h, widget)
		require.True(t, h.Ready())
	})
}

func TestHostHearsOnlyItsWidget(t *testing.T) {
	t.Parallel()
	h, widget := runningHost(t, callingext.HostConfig{})
	tell := func(s string) { require.NoError(t, widget.Post(hubspot, []byte(s))) }
	in, err := widget.Receive(t.Context())
	require.NoError(t, err)
	sync := decode(t, string(in.Data))["messageId"].(string)

	tell(`{"type":"INITIALIZED","messageId":"5_1"}`)
	tell(`{"type":"SYNC_ACK","messageId":"5_1"}`)
	tell(`{"type":"SYNC_ACK","messageId":"` + sync + `","foreign":true}`)
	tell(`{"type":"SYNC_ACK","messageId":"` + sync + `","as":"https://evil.example"}`)
	tell(`{"type":"SYNC_ACK","messageId":"` + sync + `","iFrameUrl":"https://evil.example"}`)
	tell(`{"type":"SYNC_ACK","messageId":"` + sync + `"}`)
	tell(`{"type":"SYNC","messageId":"5_1"}`)
	tell(`{"type":"LOGGED_IN","messageId":"` + sync + `"}`)
	tell(`{"type":"LOGGED_IN"}`)
	tell(`nonsense`)
	tell(`{"type":"CALL_DATA","messageId":"5_1","data":"` + string(make([]byte, 1<<20)) + `"}`)
	tell(`{"type":"LOGGED_IN","messageId":"5_1","as":"https://evil.example"}`)
	tell(`{"type":"LOGGED_OUT","messageId":"5_1"}`)
	ack, err := h.Next(t.Context())
	require.NoError(t, err)
	m, err := h.Next(t.Context())
	require.NoError(t, err)
	require.NoError(t, h.Send(callingext.EndCall{}))

	assert.Equal(t, callingext.TypeSyncAck, ack.Kind())
	assert.Equal(t, callingext.LoggedOut{}, m)
	assert.Equal(t, map[callingext.DropReason]int{
		callingext.DropNotReady: 1, callingext.DropReply: 2, callingext.DropForeignFrame: 1, callingext.DropForeignOrigin: 2,
		callingext.DropSecondSync: 1, callingext.DropUnexpected: 1, callingext.DropMalformed: 2, callingext.DropTooLarge: 1,
	}, h.Dropped())
	for {
		in, err := widget.Receive(t.Context()) // Pipe delivers to phone.example only.
		require.NoError(t, err)
		if decode(t, string(in.Data))["type"] == "END_CALL" {
			break
		}
	}
}

func TestHostNeverAnswersErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, widget := runningHost(t, callingext.HostConfig{})
		acknowledge(t, h, widget)
		for range 5 {
			require.NoError(t, widget.Post(hubspot, []byte(`{"type":"ERROR","messageId":"5_1","data":{"message":"x"}}`)))
			require.NoError(t, widget.Post(hubspot, []byte(`{"type":"NEVER_HEARD_OF","messageId":"5_1"}`)))
		}
		for range 10 {
			_, err := h.Next(t.Context())
			require.NoError(t, err)
		}

		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		_, err := widget.Receive(ctx)

		require.ErrorIs(t, err, context.Canceled, "nothing is said")
	})
}

func TestWidgetAndHostFallSilentAfterUnknownMessages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := callingext.Pipe(hubspot, phone)
		h := callingext.NewHost(callingext.HostConfig{Port: ours, WidgetOrigin: phone, Sync: callingext.SyncInfo{HostURL: hubspot}})
		run(t, h)
		w := newWidget(theirs)
		_, err := w.Next(t.Context())
		require.NoError(t, err)
		for range 2 {
			_, err = h.Next(t.Context())
			require.NoError(t, err)
		}
		for range 3 {
			require.NoError(t, h.Send(callingext.Unknown{Type: "NEW"}))
			m, err := w.Next(t.Context())
			require.NoError(t, err)
			require.IsType(t, callingext.Unknown{}, m)
		}

		m, err := h.Next(t.Context())
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		_, err = h.Next(ctx)

		assert.Equal(t, callingext.UnknownMessageType, m.(callingext.SendError).Code)
		assert.ErrorIs(t, err, context.Canceled, "only one ERROR")
	})
}

func TestStepsOutOfOrderAreReported(t *testing.T) {
	t.Parallel()
	in := callingext.Initialized{IsLoggedIn: true, IsAvailable: true}
	incoming := callingext.IncomingCall{ExternalCallID: "a", FromNumber: "+1", ToNumber: "+2"}
	outgoing := callingext.OutgoingCall{ExternalCallID: "a", ToNumber: "+2"}
	answered := callingext.CallAnswered{ExternalCallID: "a"}
	ended := callingext.CallEnded{ExternalCallID: "a"}
	completed := callingext.CallCompleted{ExternalCallID: "a"}
	transferred := callingext.CallTransferred{ExternalCallID: "a"}
	tests := []struct {
		name string
		say  []callingext.WidgetMessage
		want string // Of the last message; the others are in order.
	}{
		{"inbound", []callingext.WidgetMessage{in, incoming, answered, ended, completed, incoming}, ""},
		{"outbound", []callingext.WidgetMessage{callingext.Initialized{}, callingext.LoggedIn{}, outgoing, ended, completed}, ""},
		{"transferred", []callingext.WidgetMessage{in, outgoing, answered, transferred, outgoing, transferred, ended, completed}, ""},
		{"resumed after a reload", []callingext.WidgetMessage{callingext.Initialized{IsLoggedIn: true, EngagementID: "7"}, ended, completed}, ""},
		{"next call while wrapping up", []callingext.WidgetMessage{in, outgoing, ended, callingext.OutgoingCall{ExternalCallID: "b", ToNumber: "+2"}}, ""},
		{"error at any time", []callingext.WidgetMessage{callingext.SendError{Message: "x"}}, ""},
		{"before", []callingext.WidgetMessage{callingext.LoggedIn{}}, "before INITIALIZED"},
		{"twice", []callingext.WidgetMessage{in, in}, "INITIALIZED was already sent"},
		{"available", []callingext.WidgetMessage{callingext.Initialized{}, callingext.Available{}}, "available before login"},
		{"not available", []callingext.WidgetMessage{in, callingext.Unavailable{}, incoming}, "incoming call while not available"},
		{"not logged in", []callingext.WidgetMessage{in, callingext.LoggedOut{}, outgoing}, "call before login"},
		{"second call", []callingext.WidgetMessage{in, outgoing, callingext.OutgoingCall{ExternalCallID: "b", ToNumber: "+2"}}, "a second call before the first has ended"},
		{"answered nothing", []callingext.WidgetMessage{in, answered}, "answered before it started, or twice"},
		{"answered twice", []callingext.WidgetMessage{in, incoming, answered, answered}, "answered before it started, or twice"},
		{"ended nothing", []callingext.WidgetMessage{in, ended}, "ended while not under way"},
		{"transferred nothing", []callingext.WidgetMessage{in, transferred}, "transferred while not under way"},
		{"completed early", []callingext.WidgetMessage{in, outgoing, completed}, "completed before it ended"},
		{"another id", []callingext.WidgetMessage{in, outgoing, callingext.CallEnded{ExternalCallID: "b"}}, "another externalCallId than at the start"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var warned []callingext.Warning
			h, widget := runningHost(t, callingext.HostConfig{Warn: func(w callingext.Warning) {
				mu.Lock()
				defer mu.Unlock()
				warned = append(warned, w)
			}})
			acknowledge(t, h, widget)
			w, sent := readyWidget(t)
			for _, m := range tt.say {
				require.NoError(t, w.Send(m))
			}
			for _, p := range sent.posts {
				require.NoError(t, widget.Post(hubspot, []byte(p.Data)))
				_, err := h.Next(t.Context())
				require.NoError(t, err)
			}

			mu.Lock()
			defer mu.Unlock()
			if tt.want == "" {
				assert.Empty(t, warned)
				return
			}
			require.Len(t, warned, 1)
			assert.Equal(t, tt.want, warned[0].Problem)
			assert.Equal(t, tt.say[len(tt.say)-1].Kind(), warned[0].Type)
		})
	}
}
